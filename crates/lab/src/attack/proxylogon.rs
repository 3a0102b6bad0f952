//! The chain of March 2021 through the offline address book's directory, as the logs tell it: seven seconds from the first
//! request to the first command (times after the real run in OTRF's Security-Datasets, SDWIN-210314014019, and the log lines
//! of an incident published in helsecert/2021-march-exchange).

use super::{actor::Actor, shell};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::{
        events::{
            exchange::{auto_start_failed, front_end, panel_call, panel_error, topology},
            security::{ShareUse, share_access},
            sysmon::{self, Process},
        },
        vdir_dump::{dump, planted_url},
    },
    stage::{BackEnd, Command, Hit, Route, Stage},
    truth::Mark,
};

/// How far the attacker goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// A session, and a look at the configuration.
    Session,
    /// The directory is changed and reset, which writes the page.
    File,
}

/// Plays the chain; the page's first use is part of it.
pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment, reach: Reach) {
    let canary = dice.canary();
    let service = "/ecp/DDI/DDIService.svc/";
    let get = Forged::new(
        "configuration_read",
        &format!("{service}GetObject"),
        &format!("msExchEcpCanary={canary}&schema=OABVirtualDirectory"),
    );
    let set = Forged::new(
        "configuration_changed",
        &format!("{service}SetObject"),
        &format!("msExchEcpCanary={canary}&schema=OABVirtualDirectory"),
    );
    let reset = Forged::new(
        "directory_reset",
        &format!("{service}SetObject"),
        &format!("msExchEcpCanary={canary}&schema=ResetOABVirtualDirectory"),
    );

    // The times vary a little, never so much that steps change places.
    let mut slip = 0;
    let mut after = |milliseconds: i64| {
        slip += dice.between(0, 40);
        at + milliseconds + slip
    };
    Forged::new("forged_request", "/autodiscover/autodiscover.xml", "").play(stage, actor, after(0));
    about_page(stage, actor, after(550));
    Forged::new("forged_request", "/mapi/emsmdb/", "").play(stage, actor, after(1_150));
    session(stage, actor, after(1_700));
    let read_at = after(2_100);
    stage.ecp(
        read_at + -60,
        "Get-OabVirtualDirectory.ADPropertiesOnly=$true.Identity=$null",
        &get.url(),
        "",
        Some(Mark::beside("configuration_read")),
    );
    stage.ecp(
        read_at + -20,
        "Pipeline.1|Get-MailboxRegionalConfiguration",
        &get.url(),
        "",
        Some(Mark::beside("configuration_read")),
    );
    get.play(stage, actor, read_at);
    if reach == Reach::Session {
        return;
    }

    let directory = stage.dice.guid();
    let planted = planted_url(actor.planted_host, &actor.parameter);
    let changed_at = after(2_700);
    change(stage, actor, &set, changed_at, &directory, &planted);

    let written_at = after(3_400);
    write_page(stage, actor, written_at, &planted, &directory);
    let removed_at = after(4_500);
    let made_at = after(7_100);
    reset_directory(stage, actor, &reset, [removed_at, made_at]);
    shell::first_use(stage, actor, after(5_000));

    clean(stage, actor, &set, made_at + 1_900, &directory);
}

/// One forged request: the front end is asked for a static name and talks to its own back end instead.
struct Forged {
    step: &'static str,
    stem: String,
    query: String,
}

impl Forged {
    fn new(step: &'static str, stem: &str, query: &str) -> Self {
        Self { step, stem: stem.to_owned(), query: query.to_owned() }
    }

    fn url(&self) -> String {
        format!("{}?{}", self.stem, self.query)
    }

    fn play(&self, stage: &mut Stage, actor: &Actor, at: Moment) {
        self.answered(stage, actor, at, 200);
    }

    fn answered(&self, stage: &mut Stage, actor: &Actor, at: Moment, status: u16) {
        let anchor = format!("ServerInfo~a]@{}:444{}?{}#", stage.world.fqdn, self.stem, self.query);
        let account = stage.world.machine_account();
        // What the machine account asks of the back end is told by itself only where it changes something.
        let changes = self.stem.ends_with("/SetObject");
        let back = if changes { Mark::telling(self.step) } else { Mark::beside(self.step) };
        let first = self.stem.starts_with("/autodiscover");
        let mark = Mark::telling(self.step).by(&actor.address);
        let hit = Hit {
            status,
            taken: if changes { 450 } else { 180 },
            protocol: Some(actor.protocol),
            authentication: "FBA",
            anchor: &anchor,
            hint: "X-BEResource-Cookie",
            back_end: Some(BackEnd { stem: &self.stem, query: &self.query, user: &account, status, mark: Some(back) }),
            ..Hit::new("POST", &actor.resource, &actor.address, if first { actor.first_agent } else { actor.agent })
        };
        let mut hit = hit.marked(&mark);
        // IIS sees a POST to a static name, whatever the front end made of it.
        hit.front_mark = Some(Mark::telling("forged_request").by(&actor.address));
        stage.hit(at, &hit);
    }
}

/// A page that names the server's version; it breaks without a session, and the error shows the forged address.
fn about_page(stage: &mut Stage, actor: &Actor, at: Moment) {
    let name = stage.world.name.to_ascii_lowercase();
    let forged = format!("https://{name}:444/ecp/about.aspx?a=]:444{}", actor.resource);
    let url = format!("{forged}(https://localhost{})", actor.resource);
    let user = format!("{}/Users/{}", stage.world.domain, stage.world.admin.name);
    let pid = stage.dice.between(900, 9_000);
    stage.event(at + -390, topology(pid, 69), Some(Mark::beside("other")));
    let exception = "System.NullReferenceException: Object reference not set to an instance of an object.\r\n   at \
                     Microsoft.Exchange.Management.ControlPanel.RbacContext.get_MailboxServerVersion()\r\n   at \
                     Microsoft.Exchange.Management.ControlPanel.DiagnosticsPage.RenderGeneralInformation()";
    stage.event(at, panel_error(&user, &url, exception), Some(Mark::telling("forged_request")));
}

/// The control panel opens a session for the attacker: its answer is 241.
fn session(stage: &mut Stage, actor: &Actor, at: Moment) {
    Forged::new("session_opened", "/ecp/proxyLogon.ecp", "").answered(stage, actor, at, 241);
}

/// The directory's public address becomes a script.
fn change(stage: &mut Stage, actor: &Actor, set: &Forged, at: Moment, directory: &str, planted: &str) {
    let sid = format!("{}-500", stage.world.domain_sid);
    let step = "configuration_changed";
    let name = "OAB (Default Web Site)";
    stage.event(at + -60, panel_call(47, &sid, 176), Some(Mark::beside(step)));
    let command = format!("Set-OabVirtualDirectory.ExternalUrl='{planted}'.Identity='{directory}'");
    stage.ecp(at + -30, &command, &set.url(), "", Some(Mark::telling(step)));
    let parameters = [("ExternalUrl", planted), ("Identity", name)];
    by_panel(stage, at + -20, "Set-OabVirtualDirectory", &parameters, step);
    let command = format!("Get-OabVirtualDirectory.ADPropertiesOnly=$true.Identity='{directory}'");
    stage.ecp(at + -5, &command, &set.url(), "", Some(Mark::beside(step)));
    set.play(stage, actor, at);
}

/// A command of the control panel, in the name of the administrator whose session was made.
fn by_panel(stage: &mut Stage, at: Moment, name: &str, parameters: &[(&str, &str)], step: &'static str) {
    let admin = stage.world.admin.clone();
    stage.command(at, &Command::new(name, parameters, &admin, Route::Panel), Some(Mark::telling(step)));
}

/// The reset saves the old directory as a file first, over the server's own hidden share: the kernel writes it.
fn write_page(stage: &mut Stage, actor: &Actor, at: Moment, planted: &str, directory: &str) {
    let page = &actor.page;
    let mark = |step| Mark::telling(step).on(&page.name);
    let (drive, target) = page.path.split_once(r":\").unwrap_or(("C", &page.path));
    let (share, folder) = (format!(r"\\*\{drive}$"), format!(r"\??\{drive}:\"));
    let at_share = |target, write| ShareUse { user: None, address: "127.0.0.1", share: &share, folder: &folder, target, write };
    let parent = target.rsplit_once('\\').map_or(target, |(parent, _)| parent);
    let Stage { world, dice, .. } = stage;
    let events = [
        (at + -1, share_access(world, dice, &at_share(None, false)), Mark::beside("file_written").on(&page.name)),
        (at, share_access(world, dice, &at_share(Some(parent), false)), Mark::beside("file_written").on(&page.name)),
        (at + 1, share_access(world, dice, &at_share(Some(target), true)), mark("file_written")),
    ];
    for (at, event, mark) in events {
        stage.event(at, event, Some(mark));
    }
    let kernel = Process::kernel(&mut stage.dice);
    stage.event(at + 1, sysmon::file_created(at, &kernel, &page.path), Some(mark("file_written")));
    let text = dump(&stage.world, &mut stage.dice, at, planted, directory);
    stage.file(page.path.clone(), text.into_bytes(), at, Some(mark("file_present")));
}

/// Reset is recorded as removed and made anew; the word itself stands in the panel's schema only.
fn reset_directory(stage: &mut Stage, actor: &Actor, reset: &Forged, [removed_at, made_at]: [Moment; 2]) {
    let step = "directory_reset";
    let world = &stage.world;
    let (name, fqdn, path) = (world.name.clone(), world.fqdn.to_ascii_lowercase(), world.below(r"FrontEnd\HttpProxy\OAB"));
    let url = reset.url();
    let remove = format!("Remove-OABVirtualDirectory.Force=$true.Identity='{name}\\OAB (Default Web Site)'");
    stage.ecp(removed_at + 3, &remove, &url, "", Some(Mark::telling(step)));
    let identity = format!(r"{name}\OAB (Default Web Site)");
    by_panel(stage, removed_at, "Remove-OabVirtualDirectory", &[("Force", "True"), ("Identity", &identity)], step);
    for burst in 0..7 {
        stage.event(removed_at + -60 + burst * 3, auto_start_failed("MSExchangeOABAppPool"), Some(Mark::beside(step)));
    }
    stage.event(removed_at + -45, front_end(1002, "Oab"), Some(Mark::beside(step)));

    let make = format!(
        "New-OABVirtualDirectory.WebSiteName='Default Web Site'.Server='{name}'.Role='ClientAccess'.InternalURL='https://{fqdn}/OAB'.\
         Path='{path}'"
    );
    stage.ecp(made_at + 4, &make, &url, "", Some(Mark::telling(step)));
    let internal = format!("https://{fqdn}/OAB");
    let parameters = [
        ("WebSiteName", "Default Web Site"),
        ("Server", &name),
        ("Role", "ClientAccess"),
        ("InternalUrl", &internal),
        ("Path", &path),
    ];
    by_panel(stage, made_at, "New-OabVirtualDirectory", &parameters, step);
    let sid = format!("{}-500", stage.world.domain_sid);
    stage.event(made_at + 47, panel_call(48, &sid, 176), Some(Mark::beside(step)));
    stage.event(made_at + 9 * SECOND, front_end(1001, "Oab"), Some(Mark::beside(step)));
    reset.play(stage, actor, made_at + 60);
}

/// The script is taken out of the directory again; the file stays.
fn clean(stage: &mut Stage, actor: &Actor, set: &Forged, at: Moment, directory: &str) {
    let command = format!("Set-OabVirtualDirectory.ExternalUrl=$null.Identity='{directory}'");
    stage.ecp(at + -40, &command, &set.url(), "", Some(Mark::telling("removed")));
    set.play(stage, actor, at);
}
