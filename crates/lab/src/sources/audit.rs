//! The queue of administrators' acts (`Logging\LocalQueue\Exchange`): every cmdlet that changes something, a while after it ran
//! (row and delay after a real log of 15.1.2375, artefacts.help).

use serde_json::json;

use super::exchange_log::{Kind, Log};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    truth::Mark,
    world::World,
};

const AUDIT: Kind = Kind {
    path: r"Logging\LocalQueue\Exchange\audit",
    hourly: false,
    software: "Microsoft Exchange",
    version: None,
    log_type: "audit",
    columns: "Timestamp,Server,TenantId,RecordType,Data,UserKey,RecordId,Operation,Workload,ResultStatus,Version,Scope",
    not_in_2013: &[],
};

const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// A command that changed something.
pub(crate) struct Act<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: &'a [(&'a str, &'a str)],
    /// Who did it, as the directory or the system names the account.
    pub(crate) user: &'a str,
}

/// The log.
pub(crate) struct Audit(Log);

impl Audit {
    pub(crate) fn new(world: &World) -> Self {
        Self(Log::new(&AUDIT, world))
    }

    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, it: &Act<'_>, mark: Option<Mark>) {
        let Act { name, parameters, user } = *it;
        let queued = at + dice.between(2, 25) * SECOND;
        let id = dice.guid();
        let object = parameters.iter().find(|(name, _)| *name == "Identity").map_or("", |(_, value)| value);
        let parameters = parameters.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect::<Vec<_>>();
        // The record's own time is the server's local one.
        let created = (at + world.event_clock).iso_seconds();
        let data = json!({
            "CreationTime": created, "Id": id, "Operation": name, "OrganizationId": NOBODY, "RecordType": 1, "ResultStatus": "True",
            "UserKey": user, "UserType": 3, "Version": 1, "Workload": "Exchange", "ObjectId": object, "UserId": user,
            "ExternalAccess": false, "OrganizationName": "First Organization",
            "OriginatingServer": format!("{} ({})", world.name, world.build_at(at).long()), "Parameters": parameters,
        });
        let data = data.to_string().replace('/', "\\/");
        let now = queued.iso();
        let values = [
            ("Timestamp", now.as_str()),
            ("Server", &world.name),
            ("TenantId", NOBODY),
            ("RecordType", "ExchangeAdmin"),
            ("Data", &data),
            ("UserKey", user),
            ("RecordId", &id),
            ("Operation", name),
            ("Workload", "Exchange"),
            ("ResultStatus", "True"),
            ("Version", "1"),
            ("Scope", "Online"),
        ];
        self.0.push(queued, &values, mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut crate::sheet::Shelf) {
        self.0.shelve(world, shelf);
    }
}
