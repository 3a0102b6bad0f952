//! ProxyShell (CVE-2021-34473, 34523, 31207), as the logs tell it: requests through autodiscover, a remote shell in the name of
//! an administrator, and a mailbox or a certificate request written into the web root.

use super::{
    actor::Actor,
    autodiscover::{Autodiscover, Confused, inert_token},
    shell,
};
use crate::{
    clock::{MINUTE, Moment, SECOND},
    dice::Dice,
    sources::{
        cmdlet_infra::RemoteCall,
        events::{
            exchange::replication,
            security::{ShareUse, share_access},
            sysmon::{self, Process},
        },
        ews::MailboxCall,
        tracking::Mail,
        vdir_dump::inert_script,
    },
    stage::{Command, Route, Stage},
    truth::Mark,
    world::User,
};

/// By what the page is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// A mailbox export: the page is an Outlook data file with a script in a mail.
    Export,
    /// A certificate request: the page is one, with a script in its subject.
    Certificate,
}

/// Plays the chain; the page's first use is part of it.
pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment, way: Way) {
    let door = Autodiscover::by_chance(dice, "");
    let victim = stage.world.users[dice.index(stage.world.users.len())].clone();
    let admin = stage.world.admin.clone();
    look_around(stage, actor, &door, at);
    let at = at + 8 * SECOND;
    if way == Way::Export {
        draft(stage, dice, actor, &door, &victim, at);
    }
    let mut remote = Session { stage, actor, door: &door, admin: &admin };
    let at = at + 6 * SECOND;
    remote.call(at, "New-PSSession", "");
    remote.call(at + 2 * SECOND, "Receive", "");
    let written = at + 31 * SECOND;
    match way {
        Way::Export => export(&mut remote, dice, &victim, written),
        Way::Certificate => certificate(&mut remote, written),
    }
    shell::first_use(stage, actor, written + dice.between(20, 90) * SECOND);
}

/// The requests that find out who is there; nothing is changed.
fn look_around(stage: &mut Stage, actor: &Actor, door: &Autodiscover, at: Moment) {
    let steps = [("GET", "/mapi/nspi/"), ("POST", "/autodiscover/autodiscover.xml"), ("POST", "/mapi/emsmdb/")];
    for (position, (method, target)) in (0..).zip(steps) {
        let it = Confused { step: "forged_request", method, target, token: "", status: 200, back_tells: false };
        door.play(stage, actor, at + position * 1_900, &it);
    }
}

/// A mail with the page in it gets into the mailbox: as a draft over web services, or sent from outside.
fn draft(stage: &mut Stage, dice: &mut Dice, actor: &Actor, door: &Autodiscover, victim: &User, at: Moment) {
    let address = stage.world.address_of(&victim.name);
    if dice.chance(70) {
        let target = "/EWS/exchange.asmx";
        let it = Confused { step: "forged_request", method: "POST", target, token: "", status: 200, back_tells: false };
        door.play(stage, actor, at, &it);
        let own = stage.world.link_local.clone();
        let call = MailboxCall {
            user: &address,
            client: &own,
            agent: door.agent(),
            action: "CreateItem",
            status: 200,
            sent: 1_240,
            impersonated: "",
        };
        stage.mailbox_call(at + 150, &call, Some(Mark::beside("other")));
    } else {
        let sender = format!("{}@{}.example", dice.word(7), dice.word(8));
        let mail = Mail { sender: &sender, recipient: &address, subject: &dice.word(6), bytes: 9_421, client: &actor.address };
        stage.mail(at, &mail, Some(Mark::beside("other").by(&actor.address)));
    }
}

/// The remote shell while it is open.
struct Session<'a> {
    stage: &'a mut Stage,
    actor: &'a Actor,
    door: &'a Autodiscover,
    admin: &'a User,
}

impl Session<'_> {
    /// A call of the shell, in the front end's logs and in the shell's own.
    fn call(&mut self, at: Moment, action: &str, command: &str) {
        let Self { stage, actor, door, admin } = self;
        let account = stage.world.account(admin);
        let token = inert_token(admin, &account);
        let it = Confused {
            step: "session_opened",
            method: "POST",
            target: "/powershell/",
            token: &token,
            status: 200,
            back_tells: true,
        };
        door.play(stage, actor, at, &it);
        let query = format!("?{}", door.back_query(&token));
        // The front end's own address stands behind the client's.
        let client = format!("{} {}", actor.address, stage.world.link_local);
        let call = RemoteCall {
            user: &account,
            client: &client,
            client_info: door.agent(),
            stem: "/powershell",
            query: &query,
            status: 200,
            action,
            command,
        };
        stage.remote_call(at + 60, &call, Some(Mark::telling("session_opened").by(&actor.address)));
    }

    fn command(&mut self, at: Moment, name: &str, parameters: &[(&str, &str)], error: &str, mark: Mark) {
        self.call(at + -200, "Command", name);
        let command = Command { error, ..Command::new(name, parameters, self.admin, Route::Remote) };
        self.stage.command(at, &command, Some(mark));
    }
}

fn export(remote: &mut Session<'_>, dice: &mut Dice, victim: &User, at: Moment) {
    let page = remote.actor.page.clone();
    let role = [("Role", "Mailbox Import Export"), ("User", &remote.admin.name)];
    remote.command(at + -21 * SECOND, "New-ManagementRoleAssignment", &role, "", Mark::telling("configuration_changed"));
    let share = over_own_share(dice, &page.path);
    let written = || Mark::telling("file_written").on(&page.name);
    let parameters = [
        ("Mailbox", victim.name.as_str()),
        ("IncludeFolders", "#Drafts#"),
        ("ExcludeDumpster", "True"),
        ("FilePath", share.as_str()),
    ];
    if dice.chance(40) {
        // Before the right has come through, the first try fails.
        let error = "You don't have access to create or change the mailbox export request.";
        remote.command(at + -11 * SECOND, "New-MailboxExportRequest", &parameters, error, written());
    }
    remote.command(at + -4 * SECOND, "New-MailboxExportRequest", &parameters, "", written());
    let request = format!(r"{}\MailboxExport", victim.name);
    remote.command(at + 7 * SECOND, "Get-MailboxExportRequest", &[], "", Mark::beside("other"));
    let removal = [("Identity", request.as_str()), ("Confirm", "False")];
    // In the words of every administrator who tidies up.
    remote.command(at + 5 * MINUTE, "Remove-MailboxExportRequest", &removal, "", Mark::beside("trace_removed"));

    let stage = &mut *remote.stage;
    let text = format!("The Microsoft Exchange Mailbox Replication service completed a request. Request: '{request}'.");
    stage.event(at + 900, replication(1106, &text), Some(Mark::beside("file_written")));
    let image = stage.world.below(r"Bin\MSExchangeMailboxReplication.exe");
    let writer = stage.process(&image, &format!("\"{image}\""));
    stage.event(at + 3, sysmon::file_created(at, &writer, &share), Some(written()));
    written_over_share(stage, &page.path, &page.name, at);
    let script = inert_script(&remote.actor.parameter);
    stage.file(page.path.clone(), data_file(&script), at, Some(Mark::telling("file_present").on(&page.name)));
}

fn certificate(remote: &mut Session<'_>, at: Moment) {
    let page = remote.actor.page.clone();
    let share = over_own_share(&mut remote.stage.dice, &page.path);
    let script = inert_script(&remote.actor.parameter);
    let subject = format!("CN={script}");
    let parameters = [
        ("GenerateRequest", "True"),
        ("BinaryEncoded", "True"),
        ("RequestFile", share.as_str()),
        ("SubjectName", subject.as_str()),
        ("PrivateKeyExportable", "True"),
    ];
    let mark = Mark::telling("file_written").on(&page.name);
    remote.command(at + -300, "New-ExchangeCertificate", &parameters, "", mark);
    let stage = &mut *remote.stage;
    written_over_share(stage, &page.path, &page.name, at);
    stage.file(page.path.clone(), request_file(&script), at, Some(Mark::telling("file_present").on(&page.name)));
}

/// The path as the server's own hidden share has it: the only kind that the command takes.
fn over_own_share(dice: &mut Dice, path: &str) -> String {
    let (drive, rest) = path.split_once(r":\").unwrap_or(("C", path));
    format!(r"\\{}\{}$\{rest}", dice.pick(&["127.0.0.1", "localhost"]), drive.to_ascii_lowercase())
}

/// What the server sees of a write over its own share: the access, and the kernel that creates the file.
pub(crate) fn written_over_share(stage: &mut Stage, path: &str, name: &str, at: Moment) {
    let (drive, target) = path.split_once(r":\").unwrap_or(("C", path));
    let (share, folder) = (format!(r"\\*\{drive}$"), format!(r"\??\{drive}:\"));
    let Stage { world, dice, .. } = stage;
    let access = |target, write| ShareUse { user: None, address: "127.0.0.1", share: &share, folder: &folder, target, write };
    let opened = share_access(world, dice, &access(None, false));
    let written = share_access(world, dice, &access(Some(target), true));
    stage.event(at + -1, opened, Some(Mark::beside("file_written")));
    stage.event(at, written, Some(Mark::telling("file_written").on(name)));
    let kernel = Process::kernel(&mut stage.dice);
    stage.event(at + 1, sysmon::file_created(at, &kernel, path), Some(Mark::telling("file_written").on(name)));
}

/// An Outlook data file as an export makes it: a head, pages of binary, and somewhere the text of the mail.
fn data_file(script: &str) -> Vec<u8> {
    let mut bytes = b"!BDN\x8a\x1c\x42\x91SM\x17\x00\x13\x00\x01\x01".to_vec();
    bytes.extend((0..180_000_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes.extend_from_slice(script.as_bytes());
    bytes.resize(271_360, 0);
    bytes
}

/// A certificate request: a sequence in DER with the script as the subject's name.
fn request_file(script: &str) -> Vec<u8> {
    let name = script.as_bytes();
    let length = u16::try_from(name.len() + 260).unwrap_or(u16::MAX);
    let mut bytes = vec![0x30, 0x82];
    bytes.extend(length.to_be_bytes());
    bytes.extend([0x02, 0x01, 0x00, 0x30, 0x82, 0x00, 0xf0, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c]);
    bytes.extend_from_slice(name);
    bytes.extend((0..243_u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 24) as u8));
    bytes
}
