//! Remote PowerShell on an ordinary day: the server's own watcher, administrators at their desks, a script at night.

use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{cmdlet_infra::RemoteCall, http_proxy::Protocol},
    stage::{BackEnd, Command, Hit, Route, Stage},
    world::User,
};

const WINRM: &str = "Microsoft WinRM Client";

/// The watcher opens a shell and looks at one mailbox (rows seen in a real log).
pub(super) fn probe(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let mailbox = dice.pick(&stage.world.health_mailboxes.iter().collect::<Vec<_>>()).clone();
    let user = format!(r"{}\{mailbox}", stage.world.netbios);
    let own = stage.world.address.clone();
    for (position, (action, command)) in (0..).zip([("New-PSSession", ""), ("Receive", ""), ("Command", "Get-Mailbox")]) {
        call(stage, at + position * 34, &user, &own, ["ActiveMonitor", WINRM], [action, command]);
    }
    let sid = format!("{}-1142", stage.world.domain_sid);
    stage.probe_cmdlet(at + 110, "Get-Mailbox", "-ResultSize \"1\"", &mailbox, &sid);
    if dice.chance(30) {
        // The watcher of the back end calls it without the front end.
        let call = RemoteCall {
            user: &user,
            client: "::1",
            client_info: "Exchange BackEnd Probes",
            stem: "/powershell",
            query: "",
            status: 200,
            action: "",
            command: "",
        };
        stage.remote_call(at + 900, &call, None);
    }
}

/// Administrators and the help desk, and a report at night.
pub(super) fn play(stage: &mut Stage, dice: &mut Dice) {
    let admin = stage.world.admin.clone();
    let mut day = stage.world.start;
    while day < stage.world.end {
        for _ in 0..dice.between(1, 3) {
            let at = day + dice.between(7 * HOUR, 17 * HOUR);
            let user = stage.world.users[dice.index(stage.world.users.len())].name.clone();
            session(stage, at, &admin, "Get-MailboxStatistics", &[("Identity", &user)]);
        }
        session(stage, day + 2 * HOUR + 11 * MINUTE, &admin, "Get-MailboxDatabase", &[("Status", "True")]);
        day = day + DAY;
    }
}

/// A remote shell for one command.
pub(super) fn session(stage: &mut Stage, at: Moment, by: &User, name: &str, parameters: &[(&str, &str)]) {
    let account = stage.world.account(by);
    for (position, (action, command)) in (0..).zip([("New-PSSession", ""), ("Receive", ""), ("Command", name)]) {
        call(stage, at + position * SECOND, &account, &by.inside, ["ManagementShell", WINRM], [action, command]);
    }
    stage.command(at + 3 * SECOND, &Command::new(name, parameters, by, Route::Remote), None);
}

fn call(stage: &mut Stage, at: Moment, user: &str, client: &str, [application, agent]: [&str; 2], [action, command]: [&str; 2]) {
    let fqdn = stage.world.fqdn.to_ascii_lowercase();
    let query = format!("clientApplication={application};PSVersion=5.1.14393.5582");
    let told = if command.is_empty() { format!("New-PSSession:{action}") } else { format!("{command}:Command") };
    let cookie = format!("Server~{fqdn}~{}~{}", stage.world.build_at(at).as_number(), (at + 10 * MINUTE).iso_seconds());
    let build = stage.world.build_at(at).0;
    let anchor = format!("ServerVersion~Version {}.{} (Build {}.0)", build[0], build[1], build[2]);
    stage.hit(
        at,
        &Hit {
            host: &fqdn,
            query: &query,
            user,
            action: &told,
            protocol: Some(Protocol::PowerShell),
            authentication: "Kerberos",
            anchor: &anchor,
            hint: "ExchClientVer-ServerCookie",
            back_end_cookie: &cookie,
            taken: 24,
            back_end: Some(BackEnd { stem: "/powershell", query: &query, user, status: 200, mark: None }),
            ..Hit::new("POST", "/powershell", client, agent)
        },
    );
    let query = format!("?{query}");
    let row = RemoteCall { user, client, client_info: agent, stem: "/powershell", query: &query, status: 200, action, command };
    stage.remote_call(at + 9, &row, None);
}
