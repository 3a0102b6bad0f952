//! Events of an ordinary day, and traces of an ordinary installation.

use crate::{
    Product,
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        events::{
            exchange::{auto_start_failed, front_end, installed, panel_error, topology, unified_messaging},
            security::{self, NetworkLogon, ShareUse, share_access},
            sysmon,
            system::service_state,
        },
        oab_generator::failed_download,
    },
    stage::Stage,
};

/// Pages that ship with Exchange (CSS-Exchange baselines). Their content is not made: a genuine name over
/// other content would be an alarm.
const GENUINE: [(usize, &str); 5] = [
    (0, "/owa/auth/logon.aspx"),
    (0, "/owa/auth/errorFE.aspx"),
    (0, "/owa/auth/RedirSuiteServiceProxy.aspx"),
    (0, "/owa/auth/expiredpassword.aspx"),
    (1, "/ecp/auth/TimeoutLogout.aspx"),
];

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice) {
    let mut hour = stage.world.start;
    while hour < stage.world.end {
        an_hour(stage, dice, hour);
        hour = hour + HOUR;
    }
    let mut day = stage.world.start;
    while day < stage.world.end {
        let at = day + dice.between(4 * HOUR, 5 * HOUR);
        address_book(stage, dice, at);
        day = day + DAY;
    }
    genuine_pages(stage, dice);
    restarts(stage);
    if matches!(stage.world.product, Product::Exchange2013 | Product::Exchange2016) {
        voice_mail(stage, dice);
    }
    let update = stage.world.patch.map_or(stage.world.at_share(20), |patch| patch.from + 4 * MINUTE);
    installation(stage, dice, update);
    still_files(stage);
}

fn an_hour(stage: &mut Stage, dice: &mut Dice, hour: Moment) {
    let worker = stage.world.below(r"Bin\MSExchangeHMWorker.exe");
    let watcher = stage.process(&worker, &format!("\"{worker}\""));
    let net = stage.process(r"C:\Windows\System32\netsh.exe", "\"netsh\" interface tcp show global");
    let at = hour + dice.between(0, HOUR - 1);
    start(stage, dice, at, &net, &watcher, r"C:\Windows\system32\");
    for _ in 0..dice.between(2, 4) {
        let mailbox = dice.pick(&stage.world.health_mailboxes.iter().collect::<Vec<_>>()).clone();
        let (sid, own) = (format!("{}-1142", stage.world.domain_sid), stage.world.link_local.clone());
        let workstation = stage.world.name.clone();
        let it = NetworkLogon { account: &mailbox, sid: &sid, address: &own, package: "NTLM", workstation: &workstation };
        let event = security::logon(&stage.world, dice, &it);
        stage.event(hour + dice.between(0, HOUR - 1), event, None);
    }
    let user = stage.world.users[dice.index(stage.world.users.len())].clone();
    let it = NetworkLogon { account: &user.name, sid: &user.sid, address: &user.inside, package: "Kerberos", workstation: "-" };
    let event = security::logon(&stage.world, dice, &it);
    stage.event(hour + dice.between(0, HOUR - 1), event, None);
    let at = hour + dice.between(0, HOUR - MINUTE);
    stage.event(at, service_state("WMI Performance Adapter", "running"), None);
    stage.event(at + 2 * SECOND, service_state("WMI Performance Adapter", "stopped"), None);
    if dice.chance(40) {
        stage.event(hour + dice.between(0, HOUR - 1), topology(dice.between(900, 9_000), dice.between(5, 200)), None);
    }
    if dice.chance(15) {
        let url = format!("https://{}:444/ecp/default.aspx?exsvurl=1&p=Mailboxes", stage.world.fqdn.to_ascii_lowercase());
        let event = panel_error(
            &format!("{}/Users/{}", stage.world.domain, user.name),
            &url,
            "System.TimeoutException: The request timed out.",
        );
        stage.event(hour + dice.between(0, HOUR - 1), event, None);
    }
    if dice.chance(30) {
        let at = hour + dice.between(0, HOUR - 1);
        shares(stage, dice, at);
    }
}

/// Backup and administrators use the hidden shares; the server reads its own.
fn shares(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let admin = stage.world.admin.clone();
    let by_admin = ShareUse {
        user: Some((&admin.name, &admin.sid)),
        address: &admin.inside,
        share: r"\\*\C$",
        folder: r"\??\C:\",
        target: Some(r"inetpub\logs\LogFiles\W3SVC1"),
        write: false,
    };
    let event = share_access(&stage.world, dice, &by_admin);
    stage.event(at, event, None);
    let logging = stage.world.below(r"Logging\HttpProxy");
    let logging = logging.split_once(r":\").map_or(logging.as_str(), |(_, rest)| rest).to_owned();
    let folder = format!(r"\??\{}:\", stage.world.drive());
    let share = format!(r"\\*\{}$", stage.world.drive());
    let by_itself =
        ShareUse { user: None, address: "127.0.0.1", share: &share, folder: &folder, target: Some(&logging), write: false };
    let event = share_access(&stage.world, dice, &by_itself);
    stage.event(at + 40 * SECOND, event, None);
}

/// The address book is made every day; a failed download is cleaned up in its own folder, however that is spelt.
fn address_book(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let id = dice.guid();
    let folder = stage.world.below(&format!(r"ClientAccess\OAB\{id}"));
    let thread = dice.between(10, 90);
    stage.oab(
        at,
        thread,
        &format!("Generation of offline address book '\\Default Offline Address Book' started in '{folder}'."),
        None,
    );
    let temporary = stage.world.below(&format!(r"ClientAccess\OAB\Temp\{}.tmp", dice.guid()));
    let spelt = match dice.between(1, 4) {
        1 => temporary.to_ascii_uppercase(),
        2 => temporary.replace('\\', "/"),
        3 => temporary.to_ascii_lowercase(),
        _ => temporary,
    };
    stage.oab(at + 7 * SECOND, thread, &failed_download(&spelt), None);
    stage.oab(
        at + 19 * SECOND,
        thread,
        "Generation of offline address book '\\Default Offline Address Book' finished, 412 entries.",
        None,
    );
}

/// Genuine pages are compiled after a start: the worker runs the compiler, as it does for a shell.
fn genuine_pages(stage: &mut Stage, dice: &mut Dice) {
    let mut at = stage.world.start + dice.between(1, 50) * MINUTE;
    for (application, virtual_path) in GENUINE {
        let pool = if application == 0 { "MSExchangeOWAAppPool" } else { "MSExchangeECPAppPool" };
        let worker = stage.worker(pool);
        let framework = r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319";
        let csc = stage.process(
            &format!(r"{framework}\csc.exe"),
            &format!(
                "\"{framework}\\csc.exe\" /noconfig /fullpaths @\"{}\\{}.cmdline\"",
                stage.compiler[application],
                dice.word(8)
            ),
        );
        let mark = stage.world.mark_of_genuine(virtual_path);
        start(stage, dice, at, &csc, &worker, r"c:\windows\system32\inetsrv\");
        let cvtres = stage.process(
            &format!(r"{framework}\cvtres.exe"),
            &format!(
                "{framework}\\cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 \"/OUT:C:\\Windows\\TEMP\\RES{}.tmp\"",
                dice.hex(4).to_ascii_uppercase()
            ),
        );
        start(stage, dice, at + 140, &cvtres, &csc, r"c:\windows\system32\inetsrv\");
        let [path, assembly] = stage.compile(at + 260, application, virtual_path, mark.clone());
        let dll = format!(r"{}\{assembly}.dll", stage.compiler[application]);
        stage.event(at + 240, sysmon::file_created(at + 239, &worker, &dll), None);
        stage.event(at + 262, sysmon::file_created(at + 260, &worker, &path), mark);
        at = at + dice.between(2 * MINUTE, 3 * HOUR);
    }
}

/// What the front end says when the web server starts anew.
fn restarts(stage: &mut Stage) {
    for restart in stage.world.restarts.clone() {
        for application in ["Owa", "Ecp", "Ews", "Mapi", "Autodiscover", "Eas", "Oab"] {
            stage.event(restart + -30 * SECOND, front_end(1002, application), None);
            stage.event(restart + 5 * SECOND, front_end(1001, application), None);
        }
        stage.event(restart + 3 * SECOND, auto_start_failed("MSExchangeOABAppPool"), None);
    }
}

/// Voice mail works, warns, and sometimes its worker crashes and reports that.
fn voice_mail(stage: &mut Stage, dice: &mut Dice) {
    let at = stage.world.at_share(dice.between(100, 200));
    stage.event(
        at,
        unified_messaging(3, "The Unified Messaging server could not reach the configured IP gateway. It will try again."),
        None,
    );
    let text = "The Unified Messaging server was unable to play a prompt. More information: System.IO.FileNotFoundException.";
    stage.event(at + HOUR, unified_messaging(2, text), None);
    let image = stage.world.below(r"Bin\UMWorkerProcess.exe");
    let worker = stage.process(&image, &format!("\"{image}\" -startupMode:TLS"));
    let report = stage.process(r"C:\Windows\System32\wermgr.exe", r#""C:\Windows\System32\wermgr.exe" "-outproc" "0" "5120""#);
    start(stage, dice, at + HOUR + SECOND, &report, &worker, r"C:\Windows\System32\");
}

/// Setup writes pages into the very folders that shells are written to.
fn installation(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let setup = stage.world.below(r"Bin\ExSetup.exe");
    let writers =
        [stage.process(r"C:\Windows\System32\msiexec.exe", r"C:\Windows\system32\msiexec.exe /V"), stage.process(&setup, &setup)];
    let pages = [
        "owa\\auth\\logon.aspx",
        "owa\\auth\\errorFE.aspx",
        "owa\\auth\\RedirSuiteServiceProxy.aspx",
        "ecp\\auth\\TimeoutLogout.aspx",
    ];
    for (position, page) in pages.iter().enumerate() {
        let when = at + dice.between(1, 90) * SECOND;
        let path = stage.world.below(&format!(r"FrontEnd\HttpProxy\{page}"));
        let mark = stage.world.mark_of_genuine(page);
        stage.event(when + 2, sysmon::file_created(when, &writers[position % 2], &path), mark);
    }
    let product = match stage.world.patch {
        Some(_) => "Security Update for Exchange Server (KB5000871)",
        None => "Exchange Server language pack",
    };
    stage.event(at + 3 * MINUTE, installed(product), None);
}

/// Files that a visitor can fetch and that hold no script.
fn still_files(stage: &mut Stage) {
    let start = stage.world.start;
    let start_page = "<!DOCTYPE html>\r\n<html><head><title>IIS Windows Server</title></head><body></body></html>\r\n";
    let files = [
        (r"C:\inetpub\wwwroot\iisstart.htm".to_owned(), start_page),
        (r"C:\inetpub\wwwroot\robots.txt".to_owned(), "User-agent: *\r\nDisallow: /\r\n"),
        (stage.world.below(r"FrontEnd\HttpProxy\owa\auth\Current\themes\resources\logon.css"), ".signInBg { margin: 0; }\r\n"),
    ];
    for (path, text) in files {
        stage.file(path, text.as_bytes().to_vec(), start + -90 * DAY, None);
    }
}

/// A process start in both logs that tell of it.
fn start(stage: &mut Stage, dice: &mut Dice, at: Moment, process: &sysmon::Process, parent: &sysmon::Process, folder: &str) {
    let event = sysmon::process_start(dice, at, process, parent, folder);
    stage.event(at + 4, event, None);
    let event = security::process_start(&stage.world, process, parent);
    stage.event(at, event, None);
}
