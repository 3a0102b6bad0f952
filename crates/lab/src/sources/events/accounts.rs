//! The security log on accounts, groups, tasks and on itself: 4720, 4722, 4732, 4756, 4698, 1102.

use super::{Event, Provider, security::event};
use crate::world::World;

const EVENT_LOG: Provider = Provider {
    source: "Microsoft-Windows-Eventlog",
    guid: Some("{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}"),
    channel: "Security",
    keywords: "0x4020000000000000",
};

/// Who acts.
pub(crate) struct Subject<'a> {
    pub(crate) name: &'a str,
    pub(crate) sid: &'a str,
}

impl Subject<'_> {
    fn data(&self, world: &World) -> Vec<(&'static str, String)> {
        vec![
            ("SubjectUserSid", self.sid.to_owned()),
            ("SubjectUserName", self.name.to_owned()),
            ("SubjectDomainName", world.netbios.clone()),
            ("SubjectLogonId", if self.sid == "S-1-5-18" { "0x3e7" } else { "0x4f1c02a" }.to_owned()),
        ]
    }

    fn text(&self, world: &World) -> String {
        format!(
            "Subject:\r\n\tSecurity ID:\t\t{}\r\n\tAccount Name:\t\t{}\r\n\tAccount Domain:\t\t{}\r\n",
            self.sid, self.name, world.netbios
        )
    }
}

/// An account was created (4720) or enabled (4722).
pub(crate) fn account(world: &World, id: u32, by: &Subject<'_>, name: &str, sid: &str) -> Event {
    let title = if id == 4720 { "A user account was created." } else { "A user account was enabled." };
    let message = format!(
        "{title}\r\n\r\n{}\r\nTarget Account:\r\n\tSecurity ID:\t\t{sid}\r\n\tAccount Name:\t\t{name}\r\n\tAccount \
         Domain:\t\t{}\r\n",
        by.text(world),
        world.netbios
    );
    let mut data =
        vec![("TargetUserName", name.to_owned()), ("TargetDomainName", world.netbios.clone()), ("TargetSid", sid.to_owned())];
    data.extend(by.data(world));
    if id == 4720 {
        data.extend([("PrivilegeList", "-".to_owned()), ("SamAccountName", name.to_owned())]);
    }
    event(id, 13824, message, data)
}

/// An account was put into a group of the server (4732) or into a universal one (4756: Exchange's role groups are universal).
pub(crate) fn member_added(world: &World, id: u32, by: &Subject<'_>, member: &str, sid: &str, group: &str) -> Event {
    let kind = if id == 4732 { "local" } else { "universal" };
    let folder = if id == 4732 { "CN=Users" } else { "OU=Staff" };
    let path = format!("CN={member},{folder},{}", world.domain_path());
    let message = format!(
        "A member was added to a security-enabled {kind} group.\r\n\r\n{}\r\nMember:\r\n\tSecurity ID:\t\t{sid}\r\n\tAccount \
         Name:\t\t{path}\r\n\r\nGroup:\r\n\tGroup Name:\t\t{group}\r\n",
        by.text(world)
    );
    let domain = if id == 4732 { "Builtin" } else { world.netbios.as_str() };
    let group_sid = if id == 4732 { "S-1-5-32-544".to_owned() } else { format!("{}-1119", world.domain_sid) };
    let mut data = vec![
        ("MemberName", path),
        ("MemberSid", sid.to_owned()),
        ("TargetUserName", group.to_owned()),
        ("TargetDomainName", domain.to_owned()),
        ("TargetSid", group_sid),
    ];
    data.extend(by.data(world));
    data.push(("PrivilegeList", "-".to_owned()));
    event(id, 13826, message, data)
}

/// A scheduled task was made.
pub(crate) fn task_created(world: &World, by: &Subject<'_>, name: &str, xml: &str) -> Event {
    let message = format!(
        "A scheduled task was created.\r\n\r\n{}\r\nTask Information:\r\n\tTask Name: \t\t{name}\r\n\tTask Content: \t\t{xml}\r\n",
        by.text(world)
    );
    let mut data = by.data(world);
    data.extend([("TaskName", name.to_owned()), ("TaskContent", xml.to_owned())]);
    event(4698, 12804, message, data)
}

/// The security log was cleared.
pub(crate) fn log_cleared(world: &World, by: &Subject<'_>) -> Event {
    let message = format!("The audit log was cleared.\r\n{}", by.text(world));
    Event { provider: &EVENT_LOG, id: 1102, level: 4, task: 104, message, data: by.data(world) }
}
