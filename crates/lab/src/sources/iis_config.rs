//! The web server's configuration (`applicationHost.config`) and its history: IIS keeps a copy after each change.

use crate::{
    clock::{DAY, MINUTE, Moment},
    sheet::{Page, Shelf},
    truth::Mark,
    world::World,
};

/// The configuration, and what was changed in it while the evidence was made.
#[derive(Default)]
pub(crate) struct IisConfig(Vec<Change>);

/// Where an element stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// Native modules of the server.
    GlobalModules,
    /// Modules of the front end's site.
    Modules,
    /// Virtual directories of the front end's `/owa`.
    OwaDirectories,
    /// Settings of the front end's site.
    FrontEnd,
}

struct Change {
    at: Moment,
    section: Section,
    element: String,
    mark: Option<Mark>,
}

impl IisConfig {
    /// Adds an element at that time.
    pub(crate) fn add(&mut self, at: Moment, section: Section, element: String, mark: Option<Mark>) {
        self.0.push(Change { at, section, element, mark });
    }

    /// The configuration, and a copy from long ago and one after each change.
    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let long_ago = world.start + -40 * DAY;
        let mut moments = vec![long_ago];
        moments.extend(self.0.iter().map(|change| change.at + 2 * MINUTE));
        moments.sort();
        moments.dedup();
        for (number, at) in (31..).zip(&moments) {
            let path = format!(r"C:\inetpub\history\CFGHISTORY_{number:010}\applicationHost.config");
            self.page(world, path, *at, false, shelf);
        }
        let last = self.0.iter().map(|change| change.at).max().unwrap_or(long_ago);
        self.page(world, r"C:\Windows\System32\inetsrv\config\applicationHost.config".to_owned(), last, true, shelf);
    }

    /// The configuration as it was at that time. Only in the present one must a finder point to what was added: a copy says
    /// the same again.
    fn page(&self, world: &World, path: String, at: Moment, is_present: bool, shelf: &mut Shelf) {
        let mut page = Page::new(path, "\r\n", at);
        let added = |page: &mut Page, section: Section, indent: usize| {
            for change in self.0.iter().filter(|change| change.section == section && change.at <= at) {
                let mark = change.mark.clone().map(|mark| if is_present { mark } else { mark.repeated() });
                page.marked_line(&format!("{:indent$}{}", "", change.element), mark);
            }
        };
        for line in ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<configuration>", "    <system.applicationHost>"] {
            page.line(line);
        }
        page.line("        <applicationPools>");
        for pool in POOLS {
            page.line(&format!("            <add name=\"{pool}\" managedRuntimeVersion=\"v4.0\" autoStart=\"true\" />"));
        }
        page.line("        </applicationPools>");
        page.line("        <sites>");
        page.line("            <siteDefaults>");
        page.line(&format!(
            "                <logFile logFormat=\"W3C\" directory=\"{}\" />",
            world.iis_logs.trim_end_matches('\\').replace(r"C:\inetpub", r"%SystemDrive%\inetpub")
        ));
        page.line("            </siteDefaults>");
        page.line("            <site name=\"Default Web Site\" id=\"1\" serverAutoStart=\"true\">");
        for (path, pool, folder) in FRONT_END {
            let is_owa = path == "/owa";
            application(&mut page, world, path, pool, folder, |page| {
                if is_owa {
                    added(page, Section::OwaDirectories, 20);
                }
            });
        }
        bindings(&mut page, &["*:80:", "*:443:"]);
        page.line("            </site>");
        page.line("            <site name=\"Exchange Back End\" id=\"2\" serverAutoStart=\"true\">");
        for (path, pool, folder) in BACK_END {
            application(&mut page, world, path, pool, folder, |_| {});
        }
        bindings(&mut page, &["*:81:", "*:444:"]);
        for line in ["            </site>", "        </sites>", "    </system.applicationHost>", "    <system.webServer>"] {
            page.line(line);
        }
        page.line("        <globalModules>");
        for (name, image) in GLOBAL_MODULES {
            let image = image.replace("<X>", &world.install);
            page.line(&format!("            <add name=\"{name}\" image=\"{image}\" />"));
        }
        added(&mut page, Section::GlobalModules, 12);
        for line in ["        </globalModules>", "        <httpLogging dontLog=\"false\" />", "    </system.webServer>"] {
            page.line(line);
        }
        page.line("    <location path=\"Default Web Site\">");
        page.line("        <system.webServer>");
        added(&mut page, Section::FrontEnd, 12);
        page.line("            <modules>");
        for name in ["HttpLoggingModule", "StaticFileModule", "AnonymousAuthenticationModule", "RewriteModule", "RequestRouter"] {
            page.line(&format!("                <add name=\"{name}\" lockItem=\"true\" />"));
        }
        added(&mut page, Section::Modules, 16);
        for line in ["            </modules>", "        </system.webServer>", "    </location>", "</configuration>"] {
            page.line(line);
        }
        page.close_at(at, shelf);
    }
}

fn application(page: &mut Page, world: &World, path: &str, pool: &str, folder: &str, more: impl FnOnce(&mut Page)) {
    let folder = folder.replace("<X>", &world.install);
    page.line(&format!("                <application path=\"{path}\" applicationPool=\"{pool}\">"));
    page.line(&format!("                    <virtualDirectory path=\"/\" physicalPath=\"{folder}\" />"));
    more(page);
    page.line("                </application>");
}

fn bindings(page: &mut Page, all: &[&str]) {
    page.line("                <bindings>");
    for binding in all {
        let protocol = if binding.contains("4") { "https" } else { "http" };
        page.line(&format!("                    <binding protocol=\"{protocol}\" bindingInformation=\"{binding}\" />"));
    }
    page.line("                </bindings>");
}

const POOLS: [&str; 7] = [
    "DefaultAppPool",
    "MSExchangeOWAAppPool",
    "MSExchangeECPAppPool",
    "MSExchangeServicesAppPool",
    "MSExchangePowerShellFrontEndAppPool",
    "MSExchangePowerShellAppPool",
    "MSExchangeOABAppPool",
];

/// Path, pool and folder; `<X>` is the install folder.
const FRONT_END: [(&str, &str, &str); 7] = [
    ("/", "DefaultAppPool", r"%SystemDrive%\inetpub\wwwroot"),
    ("/owa", "MSExchangeOWAAppPool", r"<X>FrontEnd\HttpProxy\owa"),
    ("/ecp", "MSExchangeECPAppPool", r"<X>FrontEnd\HttpProxy\ecp"),
    ("/EWS", "MSExchangeServicesAppPool", r"<X>FrontEnd\HttpProxy\EWS"),
    ("/Autodiscover", "MSExchangeAutodiscoverAppPool", r"<X>FrontEnd\HttpProxy\Autodiscover"),
    ("/OAB", "MSExchangeOABAppPool", r"<X>FrontEnd\HttpProxy\OAB"),
    ("/PowerShell", "MSExchangePowerShellFrontEndAppPool", r"<X>FrontEnd\HttpProxy\PowerShell"),
];

const BACK_END: [(&str, &str, &str); 5] = [
    ("/", "DefaultAppPool", r"<X>ClientAccess"),
    ("/owa", "MSExchangeOWAAppPool", r"<X>ClientAccess\owa"),
    ("/ecp", "MSExchangeECPAppPool", r"<X>ClientAccess\ecp"),
    ("/EWS", "MSExchangeServicesAppPool", r"<X>ClientAccess\exchweb\EWS"),
    ("/PowerShell", "MSExchangePowerShellAppPool", r"<X>ClientAccess\PowerShell"),
];

/// What IIS, Exchange, URL Rewrite and Application Request Routing bring along.
const GLOBAL_MODULES: [(&str, &str); 12] = [
    ("HttpLoggingModule", r"%windir%\System32\inetsrv\loghttp.dll"),
    ("StaticFileModule", r"%windir%\System32\inetsrv\static.dll"),
    ("AnonymousAuthenticationModule", r"%windir%\System32\inetsrv\authanon.dll"),
    ("WindowsAuthenticationModule", r"%windir%\System32\inetsrv\authsspi.dll"),
    ("IsapiModule", r"%windir%\System32\inetsrv\isapi.dll"),
    ("ManagedEngineV4.0_64bit", r"%windir%\Microsoft.NET\Framework64\v4.0.30319\webengine4.dll"),
    ("WSMan", r"C:\Windows\system32\wsmsvc.dll"),
    ("kerbauth", r"<X>Bin\kerbauth.dll"),
    ("exppw", r"<X>ClientAccess\Owa\auth\exppw.dll"),
    ("cafe_exppw", r"<X>FrontEnd\HttpProxy\bin\exppw.dll"),
    ("RewriteModule", r"%SystemRoot%\system32\inetsrv\rewrite.dll"),
    ("RequestRouter", r"%ProgramFiles%\IIS\Application Request Routing\requestRouter.dll"),
];
