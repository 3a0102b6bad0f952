//! The security log: processes (4688), log-ons (4624), shares (5140, 5145).

use super::{Event, Provider, sysmon::Process};
use crate::{dice::Dice, world::World};

const AUDIT: Provider = Provider {
    source: "Microsoft-Windows-Security-Auditing",
    guid: Some("{54849625-5478-4994-A5BA-3E3B0328C30D}"),
    channel: "Security",
    keywords: "0x8020000000000000",
};

pub(crate) fn process_start(world: &World, process: &Process, parent: &Process) -> Event {
    let [id, parent_id] = [process.pid, parent.pid].map(|pid| format!("{pid:#x}"));
    let message = format!(
        "A new process has been created.\r\n\r\nCreator Subject:\r\n\tSecurity ID:\t\tS-1-5-18\r\n\tAccount Name:\t\t{}$\r\n\t\
         Account Domain:\t\t{}\r\n\tLogon ID:\t\t0x3E7\r\n\r\nProcess Information:\r\n\tNew Process ID:\t\t{id}\r\n\t\
         New Process Name:\t{}\r\n\tToken Elevation Type:\t%%1936\r\n\tMandatory Label:\t\tS-1-16-16384\r\n\t\
         Creator Process ID:\t{parent_id}\r\n\tCreator Process Name:\t{}\r\n\tProcess Command Line:\t{}\r\n",
        world.name, world.netbios, process.image, parent.image, process.command_line
    );
    let mut data = subject(world);
    data.extend([
        ("NewProcessId", id),
        ("NewProcessName", process.image.clone()),
        ("TokenElevationType", "%%1936".to_owned()),
        ("ProcessId", parent_id),
        ("CommandLine", process.command_line.clone()),
        ("TargetUserSid", "S-1-0-0".to_owned()),
        ("TargetUserName", "-".to_owned()),
        ("TargetDomainName", "-".to_owned()),
        ("TargetLogonId", "0x0".to_owned()),
        ("ParentProcessName", parent.image.clone()),
        ("MandatoryLabel", "S-1-16-16384".to_owned()),
    ]);
    event(4688, 13312, message, data)
}

/// A log-on over the network. `workstation` is the client's own name.
pub(crate) fn logon(world: &World, dice: &mut Dice, it: &NetworkLogon<'_>) -> Event {
    let NetworkLogon { account, sid, address, package, workstation } = it;
    let port = dice.between(20_000, 65_000).to_string();
    let message = format!(
        "An account was successfully logged on.\r\n\r\nLogon Information:\r\n\tLogon Type:\t\t3\r\n\r\nNew Logon:\r\n\t\
         Security ID:\t\t{sid}\r\n\tAccount Name:\t\t{account}\r\n\tAccount Domain:\t\t{}\r\n\r\nNetwork Information:\r\n\t\
         Workstation Name:\t{}\r\n\tSource Network Address:\t{address}\r\n\tSource Port:\t\t{port}\r\n",
        world.netbios, workstation
    );
    let data = vec![
        ("SubjectUserSid", "S-1-0-0".to_owned()),
        ("SubjectUserName", "-".to_owned()),
        ("SubjectDomainName", "-".to_owned()),
        ("SubjectLogonId", "0x0".to_owned()),
        ("TargetUserSid", (*sid).to_owned()),
        ("TargetUserName", (*account).to_owned()),
        ("TargetDomainName", world.netbios.clone()),
        ("TargetLogonId", format!("{:#x}", dice.between(1 << 20, 1 << 28))),
        ("LogonType", "3".to_owned()),
        ("LogonProcessName", if *package == "NTLM" { "NtLmSsp " } else { "Kerberos" }.to_owned()),
        ("AuthenticationPackageName", (*package).to_owned()),
        ("WorkstationName", (*workstation).to_owned()),
        ("IpAddress", (*address).to_owned()),
        ("IpPort", port),
        ("ImpersonationLevel", "%%1833".to_owned()),
        ("ElevatedToken", "%%1843".to_owned()),
    ];
    event(4624, 12544, message, data)
}

/// Who logged on from where.
pub(crate) struct NetworkLogon<'a> {
    pub(crate) account: &'a str,
    pub(crate) sid: &'a str,
    pub(crate) address: &'a str,
    /// `NTLM` or `Kerberos`.
    pub(crate) package: &'a str,
    /// The client's own name; Kerberos does not tell it.
    pub(crate) workstation: &'a str,
}

/// Somebody at an address opened something on a share.
pub(crate) struct ShareUse<'a> {
    /// `None`: the server's own account.
    pub(crate) user: Option<(&'a str, &'a str)>,
    pub(crate) address: &'a str,
    /// `\\*\C$`.
    pub(crate) share: &'a str,
    /// `\??\C:\`.
    pub(crate) folder: &'a str,
    /// Path below the share; `None` for the share itself (5140).
    pub(crate) target: Option<&'a str>,
    pub(crate) write: bool,
}

pub(crate) fn share_access(world: &World, dice: &mut Dice, it: &ShareUse<'_>) -> Event {
    let port = dice.between(20_000, 65_000).to_string();
    let (id, task, mask, title) = match it.target {
        None => (5140, 12808, "0x1", "A network share object was accessed."),
        Some(_) if it.write => (5145, 12811, "0x12019f", CHECKED),
        Some(_) => (5145, 12811, "0x120089", CHECKED),
    };
    let mut data = subject(world);
    if let Some((name, sid)) = it.user {
        data[0].1 = sid.to_owned();
        data[1].1 = name.to_owned();
        data[3].1 = format!("{:#x}", dice.between(1 << 20, 1 << 28));
    }
    let target = it.target.map(|target| format!("\r\n\tRelative Target Name:\t{target}")).unwrap_or_default();
    let message = format!(
        "{title}\r\n\t\r\nSubject:\r\n\tSecurity ID:\t\t{}\r\n\tAccount Name:\t\t{}\r\n\tAccount Domain:\t\t{}\r\n\r\nNetwork \
         Information:\t\r\n\tObject Type:\t\tFile\r\n\tSource Address:\t\t{}\r\n\tSource Port:\t\t{port}\r\n\t\r\nShare \
         Information:\r\n\tShare Name:\t\t{}\r\n\tShare Path:\t\t{}{target}\r\n\r\nAccess Request Information:\r\n\t\
         Access Mask:\t\t{mask}\r\n",
        data[0].1, data[1].1, world.netbios, it.address, it.share, it.folder
    );
    data.extend([
        ("ObjectType", "File".to_owned()),
        ("IpAddress", it.address.to_owned()),
        ("IpPort", port),
        ("ShareName", it.share.to_owned()),
        ("ShareLocalPath", it.folder.to_owned()),
    ]);
    if let Some(target) = it.target {
        data.push(("RelativeTargetName", target.to_owned()));
    }
    let list = if it.write {
        "%%1538\n\t\t\t\t%%1541\n\t\t\t\t%%4416\n\t\t\t\t%%4417\n\t\t\t\t%%4418\n\t\t\t\t"
    } else {
        "%%4416\n\t\t\t\t"
    };
    data.extend([("AccessMask", mask.to_owned()), ("AccessList", list.to_owned()), ("AccessReason", "-".to_owned())]);
    event(id, task, message, data)
}

const CHECKED: &str = "A network share object was checked to see whether client can be granted desired access.";

/// The server's own account as the one who acts.
fn subject(world: &World) -> Vec<(&'static str, String)> {
    vec![
        ("SubjectUserSid", "S-1-5-18".to_owned()),
        ("SubjectUserName", format!("{}$", world.name)),
        ("SubjectDomainName", world.netbios.clone()),
        ("SubjectLogonId", "0x3e7".to_owned()),
    ]
}

pub(super) fn event(id: u32, task: u32, message: String, data: Vec<(&'static str, String)>) -> Event {
    Event { provider: &AUDIT, id, level: 0, task, message, data }
}
