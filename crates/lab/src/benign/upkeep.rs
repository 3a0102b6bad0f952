//! Upkeep: vendors' services and archives, the antivirus, accounts, scripts that speak of attacks, logs that grow old.

use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        events::{
            accounts::{Subject, account, member_added},
            defender::{setting, signatures},
            powershell::script_block,
            security, sysmon,
            sysmon::Process,
            system::service_installed,
        },
        http_err::Refused,
    },
    stage::Stage,
};

pub(super) fn play(stage: &mut Stage, dice: &mut Dice) {
    let mut day = stage.world.start;
    while day < stage.world.end {
        a_day(stage, dice, day);
        day = day + DAY;
    }
    let [services, people, checks, exclusion] =
        [110, 250, 560, 640].map(|share| stage.world.at_share(share) + dice.between(0, HOUR));
    vendor_services(stage, services);
    help_desk(stage, dice, people);
    checks_for_compromise(stage, dice, checks);
    if dice.chance(50) {
        // Microsoft asks for this: databases are not to be scanned.
        let event = setting(r"Exclusions\Paths\D:\Databases", "0x0");
        stage.event(exclusion, event, None);
    }
}

fn a_day(stage: &mut Stage, dice: &mut Dice, day: Moment) {
    stage.event(day + 5 * HOUR + dice.between(0, HOUR), signatures(&format!("1.{}.0", dice.between(300, 420))), None);
    let packed = day + 3 * HOUR + dice.between(0, HOUR);
    vendor_archive(stage, dice, packed);
    for _ in 0..dice.between(1, 3) {
        let text = dice.pick(&[
            "Get-ChildItem D:\\Backup -Recurse | Measure-Object -Property Length -Sum",
            "Get-Service MSExchange* | Where-Object Status -ne 'Running'",
            "Get-EventLog -LogName Application -EntryType Error -Newest 50",
        ]);
        let event = script_block(dice, text, r"C:\Scripts\daily.ps1");
        stage.event(day + dice.between(7 * HOUR, 17 * HOUR), event, None);
    }
    old_logs(stage, day + 2 * HOUR);
    for _ in 0..dice.between(6, 20) {
        let at = day + dice.between(0, DAY - 1);
        let client = format!("192.0.2.{}", dice.between(1, 99));
        let idle =
            Refused { client: &client, port: dice.between(20_000, 65_000), reason: "Timer_ConnectionIdle", ..Refused::default() };
        let strange = Refused { method: "GET", url: "/", status: "400", reason: "Hostname", ..idle };
        stage.refused(at, if dice.chance(85) { &idle } else { &strange }, None);
    }
}

/// Backups pack, monitoring dumps: archives in `ProgramData`, dumps of services.
fn vendor_archive(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let vendor = stage.world.vendor;
    let folder = format!(r"C:\ProgramData\{vendor}");
    let agent = format!(r"C:\Program Files\{vendor}\Backup\agent.exe");
    let agent = stage.process(&agent, &format!("\"{agent}\" -job nightly"));
    let tool = format!(r"C:\Program Files\{vendor}\Backup\7z.exe");
    let archive = format!(r"{folder}\logs-{}.{}", at.day_code(), dice.pick(&["7z", "zip"]));
    let packer = stage.process(&tool, &format!("\"{tool}\" a -t7z {archive} {folder}\\logs\\*.txt"));
    started(stage, dice, at, &packer, &agent);
    stage.event(at + SECOND, sysmon::file_created(at + 998, &packer, &archive), None);
    if dice.chance(30) {
        let watson = stage.process(r"C:\Windows\System32\WerFault.exe", r"C:\Windows\system32\WerFault.exe -u -p 4410 -s 1204");
        let dump = format!(r"C:\ProgramData\{vendor}\dumps\collector-{}.dmp", dice.between(1_000, 9_000));
        stage.event(at + 20 * MINUTE, sysmon::file_created(at + 20 * MINUTE, &watson, &dump), None);
    }
}

/// Exchange deletes its own logs when they are a month old.
fn old_logs(stage: &mut Stage, at: Moment) {
    let image = stage.world.below(r"Bin\Microsoft.Exchange.Diagnostics.Service.exe");
    let keeper = stage.process(&image, &format!("\"{image}\""));
    let old = at + -30 * DAY;
    for (folder, name) in [(r"HttpProxy\Owa", "HttpProxy"), (r"CmdletInfra\LocalPowerShell\Cmdlet", "LocalPowerShell_Cmdlet")] {
        let path = stage.world.below(&format!(r"Logging\{folder}\{name}_{}-1.LOG", old.hour_code()));
        let event = sysmon::file_deleted(&mut stage.dice, at, &keeper, &path);
        stage.event(at + 3, event, None);
    }
}

fn vendor_services(stage: &mut Stage, at: Moment) {
    let vendor = stage.world.vendor;
    let image = format!("\"C:\\Program Files\\{vendor}\\Monitoring\\agent.exe\" --service");
    stage.event(at, service_installed(&format!("{vendor} Monitoring Agent"), &image), None);
    let defender = r"C:\ProgramData\Microsoft\Windows Defender\Definition Updates\MpKslDrv.sys";
    stage.event(at + 4 * HOUR, service_installed("MpKslDrv", defender), None);
}

/// Somebody new came, and somebody else got another task.
fn help_desk(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let admin = stage.world.admin.clone();
    let by = Subject { name: &admin.name, sid: &admin.sid };
    let name = format!("{}.{}", dice.of_letters(1), dice.of_letters(6));
    let sid = format!("{}-{}", stage.world.domain_sid, dice.between(10_000, 10_900));
    for (position, id) in (0..).zip([4720, 4722]) {
        let event = account(&stage.world, id, &by, &name, &sid);
        stage.event(at + position * 30, event, None);
    }
    for (position, (id, group)) in (0..).zip([(4756, "Sales"), (4732, "Remote Desktop Users"), (4756, "Help Desk")]) {
        let event = member_added(&stage.world, id, &by, &name, &sid, group);
        stage.event(at + 2 * MINUTE + position * MINUTE, event, None);
    }
}

/// Tools that look for attacks carry the words of attacks.
fn checks_for_compromise(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let blocks = [
        (
            r"C:\Scripts\Test-ProxyLogon.ps1",
            "$rows | Where-Object { $_.AuthenticatedUser -eq '' -and $_.AnchorMailbox -like 'ServerInfo~*/*' }; \
             Select-String -Path $ecp -Pattern 'Set-.+VirtualDirectory'",
        ),
        (
            r"C:\Scripts\Find-ProxyShell.ps1",
            "Select-String -Path $iis -Pattern 'autodiscover\\.json.*(powershell|mapi|X-Rps-CAT)'; Get-ChildItem $owa -Filter *.aspx",
        ),
        (
            r"C:\Scripts\HealthChecker.ps1",
            "Get-ExchangeServer | ForEach-Object { & $appcmd list config $_.Name /section:system.webServer/modules }",
        ),
    ];
    for (position, (path, text)) in (0..).zip(blocks) {
        let event = script_block(dice, text, path);
        stage.event(at + position * 9 * MINUTE, event, None);
    }
    let shell = stage
        .process(r"C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe", r"powershell -File C:\Scripts\HealthChecker.ps1");
    let list = stage.process(r"C:\Windows\System32\inetsrv\appcmd.exe", "appcmd.exe list config /section:httpLogging");
    started(stage, dice, at + 19 * MINUTE, &list, &shell);
    let report = format!(
        "Exchange Health Checker\r\nServer: {}\r\nOWACalendar.Proxy: Inactive\r\nIIS modules: no unsigned modules found\r\n",
        stage.world.name
    );
    stage.file(r"C:\Scripts\HealthChecker-report.txt".to_owned(), report.into_bytes(), at + 20 * MINUTE, None);
}

/// A process start in both logs that tell of it.
fn started(stage: &mut Stage, dice: &mut Dice, at: Moment, process: &Process, parent: &Process) {
    let event = sysmon::process_start(dice, at, process, parent, r"C:\Windows\System32\");
    stage.event(at + 4, event, None);
    let event = security::process_start(&stage.world, process, parent);
    stage.event(at, event, None);
}
