//! Administration, with the acts that an attack needs as well: a directory's URL set, a directory made anew, a mailbox exported.

use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        events::exchange::{front_end, panel_call},
        http_proxy::Protocol,
        vdir_dump::distinguished_name,
    },
    stage::{BackEnd, Command, Hit, Route, Stage},
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice) {
    daily(stage, dice);
    // All of this lies far (hours) from where attacks are played.
    let [reset, url, export, server_call] = [60, 150, 800, 450].map(|share| stage.world.at_share(share) + dice.between(0, HOUR));
    reset_directory(stage, reset);
    set_url(stage, dice, url);
    export_mailbox(stage, dice, export);
    other_server(stage, dice, server_call);
}

fn daily(stage: &mut Stage, dice: &mut Dice) {
    let mut day = stage.world.start;
    while day < stage.world.end {
        for _ in 0..dice.between(3, 9) {
            let at = day + dice.between(7 * HOUR, 17 * HOUR);
            let user = stage.world.users[dice.index(stage.world.users.len())].name.clone();
            let server = stage.world.name.clone();
            let identity = ("Identity", user.as_str());
            let (name, parameters): (&str, &[(&str, &str)]) = match dice.between(1, 5) {
                1 => ("Get-Mailbox", &[identity]),
                2 => ("Set-Mailbox", &[identity, ("IssueWarningQuota", "49 GB")]),
                3 => ("Get-OabVirtualDirectory", &[("Server", &server)]),
                4 => ("Add-DistributionGroupMember", &[("Identity", "Everybody"), ("Member", &user)]),
                _ => ("Get-MailboxStatistics", &[identity]),
            };
            administrate(stage, at, name, parameters);
        }
        for _ in 0..24 {
            let mailbox = dice.pick(&stage.world.health_mailboxes.iter().collect::<Vec<_>>()).clone();
            let identity = format!("{}/Microsoft Exchange System Objects/Monitoring Mailboxes/{mailbox}", stage.world.domain);
            let admin = stage.world.admin.clone();
            let parameters = [("Identity", identity.as_str()), ("Password", "****")];
            let command = Command::new("Set-Mailbox", &parameters, &admin, Route::Service);
            stage.command(day + dice.between(0, DAY - 1), &command, None);
        }
        day = day + DAY;
    }
}

/// A command in the management shell on the server.
pub(super) fn administrate(stage: &mut Stage, at: Moment, name: &str, parameters: &[(&str, &str)]) {
    let admin = stage.world.admin.clone();
    stage.command(at, &Command::new(name, parameters, &admin, Route::Local), None);
}

/// The address book does not load, so somebody makes its directory anew in the shell: the pair that an attack leaves, too.
fn reset_directory(stage: &mut Stage, at: Moment) {
    let (name, fqdn, path) =
        (stage.world.name.clone(), stage.world.fqdn.to_ascii_lowercase(), stage.world.below(r"FrontEnd\HttpProxy\OAB"));
    let identity = format!("{name}\\OAB (Default Web Site)");
    administrate(stage, at, "Remove-OabVirtualDirectory", &[("Identity", &identity), ("Confirm", "False")]);
    stage.event(at + 2 * SECOND, front_end(1002, "Oab"), None);
    let url = format!("https://{fqdn}/OAB");
    let parameters =
        [("WebSiteName", "Default Web Site"), ("Server", name.as_str()), ("InternalUrl", &url), ("Path", path.as_str())];
    administrate(stage, at + 41 * SECOND, "New-OabVirtualDirectory", &parameters);
    stage.event(at + 50 * SECOND, front_end(1001, "Oab"), None);
}

/// The directory's public address is set in the control panel.
fn set_url(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let world = &stage.world;
    let admin = world.admin.clone();
    let account = world.account(&admin);
    let url = format!("https://{}/OAB", world.mail_host);
    let (identity, fqdn) = (dice.guid(), world.fqdn.to_ascii_lowercase());
    let query = format!("schema=OABVirtualDirectory&msExchEcpCanary={}", dice.canary());
    let stem = "/ecp/DDI/DDIService.svc/SetObject";
    let anchor = format!("Sid~{}", admin.sid);
    let cookie = format!("Server~{fqdn}~{}~{}", world.build_at(at).as_number(), (at + 10 * MINUTE).iso_seconds());
    stage.event(at + -900, panel_call(47, &admin.sid, 61), None);
    stage.ecp(
        at + -600,
        &format!("Set-OabVirtualDirectory.ExternalUrl='{url}'.Identity='{identity}'"),
        &format!("{stem}?{query}"),
        "",
        None,
    );
    let parameters = [("ExternalUrl", url.as_str()), ("Identity", identity.as_str())];
    stage.command(at + -580, &Command::new("Set-OabVirtualDirectory", &parameters, &admin, Route::Panel), None);
    stage.event(at + -100, panel_call(48, &admin.sid, 61), None);
    stage.hit(
        at,
        &Hit {
            host: &fqdn,
            query: &query,
            user: &account,
            protocol: Some(Protocol::Ecp),
            authentication: "FBA",
            anchor: &anchor,
            hint: "WindowsIdentity-ServerCookie",
            back_end_cookie: &cookie,
            taken: 940,
            back_end: Some(BackEnd { stem, query: &query, user: &account, status: 200, mark: None }),
            ..Hit::new("POST", stem, &admin.inside, admin.browser)
        },
    );
}

/// Somebody left the company; the mailbox goes to a file share.
fn export_mailbox(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let user = stage.world.users[dice.index(stage.world.users.len())].name.clone();
    let share = format!(r"\\FS01.{}\leavers$\{user}.pst", stage.world.domain);
    administrate(stage, at, "New-MailboxExportRequest", &[("Mailbox", &user), ("FilePath", &share)]);
    let identity = format!(r"{user}\MailboxExport");
    administrate(stage, at + 3 * HOUR, "Remove-MailboxExportRequest", &[("Identity", &identity), ("Confirm", "False")]);
}

/// Another server of the organisation opens a session for its user here: the status 241 of every day. And a look at
/// the directory object, with its name in full.
fn other_server(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let other = format!(r"{}\EXCH77$", stage.world.netbios);
    let client =
        stage.world.address.rsplit_once('.').map_or_else(|| "10.0.0.31".to_owned(), |(subnet, _)| format!("{subnet}.31"));
    for call in 0..dice.between(2, 5) {
        stage.back_end_hit(at + call * 37 * MINUTE, "POST", "/ecp/proxyLogon.ecp", &other, &client, 241);
    }
    let identity = distinguished_name(&stage.world);
    let parameters = [("Identity", identity.as_str()), ("ADPropertiesOnly", "True")];
    administrate(stage, at + 5 * MINUTE, "Get-OabVirtualDirectory", &parameters);
}
