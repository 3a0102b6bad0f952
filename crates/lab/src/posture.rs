//! Servers whose doors stand in a known way: patched, unpatched, mitigated, with a mitigation that is gone or does not work, with the
//! settings that a fix needs and without. Nothing happens on them; the question is only whether somebody could get in.

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    Lab, LabBuild, LabFile, Product, Scenario, Variant, make,
    sources::{
        exsetup,
        hive::Key,
        web_config::{EEMS_POWERSHELL, EOMT_COOKIES, OWN_REDIRECT, Rule, of_exchange, with_outbound_mitigation, with_rules},
    },
};

/// How the doors stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Posture {
    /// 2016 CU19 without the update of March 2021.
    Unpatched,
    /// The same with it: ProxyLogon is closed, ProxyShell open.
    Patched,
    /// 2016 CU19 without the update; the script of March 2021 put its rules at the root of the site.
    Mitigated,
    /// The same, and an application further down clears what it inherits.
    MitigationOverridden,
    /// The script ran, then a cumulative update was installed that wiped its rules.
    MitigationWiped,
    /// 2019 CU12 before November 2022 with the rule against ProxyNotShell.
    RuleInForce,
    /// The same with the first version of that rule, which was got around.
    RuleWeak,
    /// The same with the rule switched off.
    RuleDisabled,
    /// SE before June 2026 with the mitigation of webmail.
    WebmailMitigated,
    /// 2016 CU19 without the update; unified messaging is switched off.
    MessagingOff,
    /// The newest SE; no directory asks for Extended Protection, and an override takes a fix back.
    SettingsWrong,
    /// The newest SE; every directory asks for Extended Protection, Windows is new.
    SettingsRight,
    /// As before, but the antivirus looks away from the web folders.
    Blinded,
}

/// Things and what is right to say of each.
pub type Pairs = &'static [(&'static str, &'static str)];

/// What is right to say of such a server, in the words of the check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostureTruth {
    /// The build on the disk.
    pub build: String,
    /// Can they get in?
    pub answer: &'static str,
    /// CVEs and their states.
    pub states: Pairs,
    /// Mitigations and whether they work.
    pub mitigations: Pairs,
    /// Conditions and whether they hold.
    pub conditions: Pairs,
    /// Weaknesses that must be told.
    pub weaknesses: &'static [&'static str],
}

impl Posture {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Unpatched,
        Self::Patched,
        Self::Mitigated,
        Self::MitigationOverridden,
        Self::MitigationWiped,
        Self::RuleInForce,
        Self::RuleWeak,
        Self::RuleDisabled,
        Self::WebmailMitigated,
        Self::MessagingOff,
        Self::SettingsWrong,
        Self::SettingsRight,
        Self::Blinded,
    ];

    fn server(self) -> (Product, LabBuild, &'static str) {
        match self {
            Self::Unpatched | Self::Mitigated | Self::MitigationOverridden | Self::MitigationWiped | Self::MessagingOff => {
                (Product::Exchange2016, LabBuild([15, 1, 2176, 2]), "2021-03-08T00:00:00Z")
            }
            Self::Patched => (Product::Exchange2016, LabBuild([15, 1, 2176, 9]), "2021-03-08T00:00:00Z"),
            Self::RuleInForce | Self::RuleWeak | Self::RuleDisabled => {
                (Product::Exchange2019, LabBuild([15, 2, 1118, 12]), "2022-10-10T00:00:00Z")
            }
            Self::WebmailMitigated => (Product::ExchangeSe, LabBuild([15, 2, 2562, 37]), "2026-05-20T00:00:00Z"),
            Self::SettingsWrong | Self::SettingsRight | Self::Blinded => {
                (Product::ExchangeSe, LabBuild([15, 2, 2562, 53]), "2026-10-04T00:00:00Z")
            }
        }
    }

    /// What is right to say.
    pub fn truth(self) -> PostureTruth {
        let (_, build, _) = self.server();
        let none: Pairs = &[];
        let (answer, states, mitigations, conditions, weaknesses): (_, Pairs, Pairs, Pairs, &'static [&'static str]) = match self
        {
            Self::Unpatched => {
                ("open", &[("CVE-2021-26855", "open"), ("CVE-2021-26857", "open"), ("CVE-2021-34473", "open")], none, none, &[])
            }
            Self::Patched => ("open", &[("CVE-2021-26855", "fixed"), ("CVE-2021-34473", "open")], none, none, &[]),
            Self::Mitigated => (
                "open",
                &[("CVE-2021-26855", "mitigated"), ("CVE-2021-26857", "open"), ("CVE-2021-34473", "open")],
                &[("eomt-cookies", "in_force")],
                none,
                &[],
            ),
            Self::MitigationOverridden => ("open", &[("CVE-2021-26855", "open")], &[("eomt-cookies", "overridden")], none, &[]),
            Self::MitigationWiped => ("open", &[("CVE-2021-26855", "open")], &[("eomt-cookies", "gone")], none, &[]),
            Self::RuleInForce => (
                "open",
                &[("CVE-2022-41040", "mitigated"), ("CVE-2022-41080", "open"), ("CVE-2022-41082", "open")],
                &[("powershell-inbound", "in_force")],
                none,
                &[],
            ),
            Self::RuleWeak => ("open", &[("CVE-2022-41040", "open")], &[("powershell-inbound", "weak")], none, &[]),
            Self::RuleDisabled => ("open", &[("CVE-2022-41040", "open")], &[("powershell-inbound", "disabled")], none, &[]),
            Self::WebmailMitigated => {
                ("open", &[("CVE-2026-42897", "mitigated")], &[("owa-content-policy", "in_force")], none, &[])
            }
            Self::MessagingOff => (
                "open",
                &[("CVE-2021-26857", "mitigated"), ("CVE-2021-26855", "open")],
                &[("unified-messaging-off", "in_force")],
                none,
                &[],
            ),
            Self::SettingsWrong => (
                "open",
                &[
                    ("CVE-2024-21410", "open"),
                    ("CVE-2023-36434", "open"),
                    ("CVE-2025-25005", "open"),
                    ("CVE-2026-96940", "fixed"),
                ],
                none,
                &[("extended_protection", "fails"), ("token_cache_module", "fails"), ("setting_override", "fails")],
                &["mitigation_service_off"],
            ),
            Self::SettingsRight => (
                "fixed_if",
                &[("CVE-2024-21410", "fixed"), ("CVE-2023-36434", "fixed"), ("CVE-2025-53786", "fixed_if")],
                none,
                &[("extended_protection", "holds"), ("token_cache_module", "holds"), ("hybrid_application", "not_seen")],
                &[],
            ),
            Self::Blinded => ("fixed_if", &[("CVE-2026-96940", "fixed")], none, none, &["antivirus_exclusion"]),
        };
        PostureTruth { build: build.to_string(), answer, states, mitigations, conditions, weaknesses }
    }

    /// Whether the program that tells the build was collected: the server's logs name it as well, and one of them must do.
    fn has_program(self, seed: u64) -> bool {
        seed.is_multiple_of(2) || self == Self::SettingsRight
    }
}

/// Makes the evidence of such a server.
pub fn make_posture(seed: u64, posture: Posture) -> Lab {
    let (product, build, start) = posture.server();
    let mut scenario = Scenario::small(seed, Variant::Benign).sized(Scenario::MIN_DAYS, 10);
    scenario.server.product = product;
    scenario.server.build = build;
    scenario.start = start.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let mut lab = make(&scenario);
    let mut server = Server { install: scenario.server.install.clone(), modified: scenario.start, lab: &mut lab };
    server.put(r"C:\inetpub\wwwroot\web.config", with_rules(&root_rules(posture)).into_bytes());
    server.drop("EOMTSummary.txt");
    for folder in ["owa", "ecp", "oab"] {
        server.put(&format!(r"{}FrontEnd\HttpProxy\{folder}\web.config", server.install), of_exchange().into_bytes());
    }
    match posture {
        Posture::MitigationOverridden => {
            let text = of_exchange().replace("    <modules>", "    <rewrite><rules><clear /></rules></rewrite>\r\n    <modules>");
            server.put(&format!(r"{}FrontEnd\HttpProxy\ecp\web.config", server.install), text.into_bytes());
        }
        Posture::MitigationWiped => {
            server.put(r"C:\EOMTSummary.txt", b"EOMT mitigation summary\r\nCVE-2021-26855 mitigation applied\r\n".to_vec());
            server.put(r"C:\ExchangeSetupLogs\ExchangeSetup.log", setup_log(&scenario).into_bytes());
        }
        Posture::WebmailMitigated => {
            server.put(&format!(r"{}FrontEnd\HttpProxy\owa\web.config", server.install), with_outbound_mitigation().into_bytes());
        }
        _ => {}
    }
    if matches!(posture, Posture::SettingsRight | Posture::Blinded) {
        server.configure(|text| text.replace("</configuration>", &format!("{}</configuration>", protection())));
    }
    if matches!(posture, Posture::SettingsRight | Posture::SettingsWrong) {
        let module = "        <globalModules>\r\n            <add name=\"TokenCacheModule\" image=\"%windir%\\System32\\inetsrv\\cachtokn.dll\" />";
        server.configure(|text| text.replace("        <globalModules>", module));
    }
    if posture == Posture::SettingsWrong {
        server.put(r"C:\Collected\override.json", override_event(&scenario).into_bytes());
    }
    if posture.has_program(seed) {
        let path = format!(r"{}Bin\ExSetup.exe", server.install);
        server.put(&path, exsetup::program(build));
    }
    for (name, hive) in hives(posture, &scenario.server.name, &server.install) {
        server.put(&format!(r"C:\Windows\System32\config\{name}"), hive);
    }
    lab.files.sort_by(|one, other| one.windows_path.cmp(&other.windows_path));
    lab
}

struct Server<'l> {
    install: String,
    modified: Timestamp,
    lab: &'l mut Lab,
}

impl Server<'_> {
    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        match self.lab.files.iter_mut().find(|file| file.windows_path == path) {
            Some(file) => file.bytes = bytes,
            None => self.lab.files.push(LabFile { windows_path: path.to_owned(), bytes, modified: self.modified }),
        }
    }

    fn drop(&mut self, name: &str) {
        self.lab.files.retain(|file| !file.windows_path.ends_with(name));
    }

    /// Changes the web server's configuration that is in use.
    fn configure(&mut self, change: impl Fn(&str) -> String) {
        let in_use = |file: &&mut LabFile| file.windows_path.ends_with(r"\inetsrv\config\applicationHost.config");
        for file in self.lab.files.iter_mut().filter(|file| in_use(file)) {
            file.bytes = change(&String::from_utf8_lossy(&file.bytes)).into_bytes();
        }
    }
}

/// The first rule against ProxyNotShell that was published; it looks at the address as it was sent.
const FIRST_POWERSHELL: Rule = Rule {
    name: "PowerShell - inbound",
    input: "{REQUEST_URI}",
    pattern: r".*autodiscover\.json.*\@.*Powershell.*",
    action: "type=\"AbortRequest\"",
};
const DISABLED_POWERSHELL: Rule = Rule { name: "PowerShell - inbound\" enabled=\"false", ..EEMS_POWERSHELL };

fn root_rules(posture: Posture) -> Vec<&'static Rule> {
    let mut rules = vec![&OWN_REDIRECT];
    match posture {
        Posture::Mitigated | Posture::MitigationOverridden => rules.extend(&EOMT_COOKIES),
        Posture::RuleInForce => rules.push(&EEMS_POWERSHELL),
        Posture::RuleWeak => rules.push(&FIRST_POWERSHELL),
        Posture::RuleDisabled => rules.push(&DISABLED_POWERSHELL),
        _ => {}
    }
    rules
}

/// What Microsoft's script sets for the directories that this lab's configuration has.
fn protection() -> String {
    let places = [
        ("Default Web Site/owa", "Require"),
        ("Default Web Site/ecp", "Require"),
        ("Default Web Site/EWS", "Allow"),
        ("Default Web Site/OAB", "Allow"),
        ("Default Web Site/Autodiscover", "None"),
        ("Exchange Back End/owa", "Require"),
        ("Exchange Back End/ecp", "Require"),
        ("Exchange Back End/EWS", "Require"),
        ("Exchange Back End/PowerShell", "Require"),
    ];
    let place = |(path, asks): (&str, &str)| {
        format!(
            "    <location path=\"{path}\">\r\n        <system.webServer><security><authentication>\r\n            \
             <windowsAuthentication enabled=\"true\"><extendedProtection tokenChecking=\"{asks}\" /></windowsAuthentication>\r\n        \
             </authentication></security></system.webServer>\r\n    </location>\r\n"
        )
    };
    places.into_iter().map(place).collect()
}

/// The cumulative update was installed on the evening before the evidence begins.
const UPDATED: &str = "03/07/2021 20:41:";

fn setup_log(scenario: &Scenario) -> String {
    let lines = [
        "**********************************************".to_owned(),
        "Starting Microsoft Exchange Server 2016 Setup".to_owned(),
        "**********************************************".to_owned(),
        format!("Setup version: {}.", scenario.server.build),
        "Command Line Parameter Name='mode', Value='Upgrade'.".to_owned(),
        format!("Server Name={}", scenario.server.fqdn()),
        "Validating options for the 7 requested roles".to_owned(),
        "The Exchange Server setup operation completed successfully.".to_owned(),
        "End of Setup".to_owned(),
    ];
    (10..).zip(lines).map(|(second, line)| format!("[{UPDATED}{second}.0123] [0] {line}\r\n")).collect()
}

/// The event of a command that takes the fix of CVE-2025-25005 back.
fn override_event(scenario: &Scenario) -> String {
    let parameters = "-Name \"legacy\" -Component \"OAuth\" -Section \"AppIdBasedAudienceValidation\" -Parameters (\"Enabled=false\") -Reason \"old client\"";
    let message = format!("Cmdlet suceeded. Cmdlet New-SettingOverride, parameters {parameters}.");
    let event = serde_json::json!({
        "Channel": "MSExchange Management",
        "EventID": 1,
        "Hostname": scenario.server.fqdn(),
        "SourceName": "MSExchange CmdletLogs",
        "@timestamp": scenario.start.to_string(),
        "Message": message,
    });
    format!("{event}\n")
}

/// `SYSTEM` and `SOFTWARE`.
fn hives(posture: Posture, name: &str, install: &str) -> [(&'static str, Vec<u8>); 2] {
    let mut system = Key::default();
    system.at("Select").number("Current", 1);
    let set = system.at("ControlSet001");
    set.at(r"Control\ComputerName\ComputerName").text("ComputerName", name);
    set.at(r"Control\Lsa").text("Security Packages", "kerberos");
    let off = |is_off: bool| if is_off { 4 } else { 2 };
    for service in ["MSExchangeUM", "MSExchangeUMCR"] {
        set.at(&format!(r"Services\{service}")).number("Start", off(posture == Posture::MessagingOff));
    }
    set.at(r"Services\W3SVC").number("Start", 2);
    set.at(r"Services\MSExchangeMitigation").number("Start", off(posture == Posture::SettingsWrong));
    let mut software = Key::default();
    let microsoft = software.at("Microsoft");
    microsoft.at(r"ExchangeServer\v15\Setup").text("MsiInstallPath", install);
    microsoft.at(r"Windows\CurrentVersion\Run").text("SecurityHealth", r"%windir%\system32\SecurityHealthSystray.exe");
    // Server 2019: its update of October 2023 brought revision 4974.
    let revision = if posture == Posture::SettingsWrong { 1_339 } else { 8_146 };
    microsoft.at(r"Windows NT\CurrentVersion").text("CurrentBuildNumber", "17763").number("UBR", revision);
    let exclusions = microsoft.at(r"Windows Defender\Exclusions\Paths");
    exclusions.number(&format!("{install}Mailbox"), 0);
    if posture == Posture::Blinded {
        exclusions.number(r"C:\inetpub\wwwroot\aspnet_client", 0);
        microsoft.at(r"Windows Defender\Exclusions\Processes").number("w3wp.exe", 0);
    }
    [("SYSTEM", system.hive()), ("SOFTWARE", software.hive())]
}
