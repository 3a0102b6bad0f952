//! Configuration as it lies on the server: rules of URL Rewrite by administrators and by Microsoft's mitigations, the filter of
//! a mail antivirus, tasks of vendors.

use crate::{
    Product,
    clock::{DAY, HOUR, Moment},
    dice::Dice,
    sources::{
        tasks::Task,
        transport_agents::Agent,
        web_config::{EEMS_POWERSHELL, EOMT_COOKIES, OWN_REDIRECT, of_exchange, with_outbound_mitigation, with_rules},
    },
    stage::Stage,
};

pub(super) fn play(stage: &mut Stage, dice: &mut Dice) {
    web_configs(stage, dice);
    if dice.chance(50) {
        let vendor = stage.world.vendor;
        let agent = Agent {
            name: format!("{vendor} Mail Security Agent"),
            factory: format!("{}.MailSecurity.TransportAgentFactory", vendor.replace(' ', "")),
            assembly: format!(r"C:\Program Files\{vendor}\Mail Security\TransportAgent.dll"),
        };
        let long_ago = stage.world.start + -dice.between(60, 250) * DAY;
        stage.agents.add(long_ago, agent, None);
    }
    tasks(stage, dice);
}

/// No two sites have the same. Mitigations stay long after the update that made them needless.
fn web_configs(stage: &mut Stage, dice: &mut Dice) {
    let start = stage.world.start;
    let since = start + -dice.between(2, 20) * DAY;
    let [emergency, cookies] = [2022, 2021].map(|year| start.civil().year() >= year && dice.chance(50));
    let mut rules = Vec::new();
    if dice.chance(60) {
        rules.push(&OWN_REDIRECT);
    }
    // The script against ProxyLogon needs no mitigation service: it ran on any server.
    if cookies {
        rules.extend(&EOMT_COOKIES);
    }
    if emergency {
        rules.push(&EEMS_POWERSHELL);
    }
    let root = r"C:\inetpub\wwwroot\web.config".to_owned();
    stage.file(root, with_rules(&rules).into_bytes(), since, None);
    let installed = start + -100 * DAY;
    let is_new = stage.world.product == Product::ExchangeSe || start.civil().year() >= 2026;
    for folder in ["owa", "ecp", "oab"] {
        let path = stage.world.below(&format!(r"FrontEnd\HttpProxy\{folder}\web.config"));
        let text = if folder == "owa" && is_new { with_outbound_mitigation() } else { of_exchange() };
        stage.file(path, text.into_bytes(), installed, None);
    }
    if cookies {
        let text = format!(
            "Exchange On-premises Mitigation Tool\r\nServer: {}\r\nCVE-2021-26855 mitigation applied: X-AnonResource-Backend and \
             X-BEResource cookies are rejected.\r\nNo indications of compromise were found.\r\n",
            stage.world.name
        );
        stage.file(r"C:\EOMTSummary.txt".to_owned(), text.into_bytes(), since, None);
    }
}

fn tasks(stage: &mut Stage, dice: &mut Dice) {
    let vendor = stage.world.vendor;
    let author = stage.world.account(&stage.world.admin.clone());
    let registered = |dice: &mut Dice, stage: &Stage| -> Moment { stage.world.start + -dice.between(30, 300) * DAY + HOUR };
    let backup = format!(r"C:\Program Files\{vendor}\Backup\agent.exe");
    let all = [
        (format!(r"\{vendor} Backup"), vendor.to_owned(), backup.as_str(), "-job nightly"),
        (
            r"\IIS log clean-up".to_owned(),
            author,
            r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe",
            r"-NoProfile -File C:\Scripts\Remove-OldIisLogs.ps1 -Days 30",
        ),
        (
            r"\Microsoft\Windows\Defrag\ScheduledDefrag".to_owned(),
            "Microsoft Corporation".to_owned(),
            r"%windir%\system32\defrag.exe",
            "-c -h -o -$",
        ),
    ];
    for (name, author, command, arguments) in all {
        let registered = registered(dice, stage);
        let task = Task { name: &name, author: &author, user: "S-1-5-18", command, arguments, registered };
        stage.file(task.path(), task.bytes(), registered, None);
    }
}
