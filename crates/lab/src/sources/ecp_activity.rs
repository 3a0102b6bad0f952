//! The control panel's activity log (`Logging\ECP\Activity`; rows after a real log of 15.1.2375, artefacts.help).

use super::exchange_log::{Kind, Log};
use crate::{clock::Moment, dice::Dice, truth::Mark, world::World};

const ACTIVITY: Kind = Kind {
    // The number in the name is the worker's process; it stays while the pool lives.
    path: r"Logging\ECP\Activity\ECPActivity_11500_",
    hourly: false,
    software: "Microsoft Exchange Server",
    version: Some("15.0.0.0"),
    log_type: "ECP Activity Context Log",
    columns: "TimeStamp,ServerName,EventId,EventData",
    not_in_2013: &[],
};

/// The log.
pub(crate) struct EcpActivity(Log);

impl EcpActivity {
    pub(crate) fn new(world: &World) -> Self {
        Self(Log::new(&ACTIVITY, world))
    }

    /// A request of the panel's back end by `user` (an address; nobody when empty).
    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, user: &str, url: &str, mark: Option<Mark>) {
        let who = if user.is_empty() { String::new() } else { format!("S:PSA=<PII>{user}</PII>;") };
        let (build, activity) = (world.build_at(at), dice.guid());
        let (directory, time) = (dice.between(1, 9), dice.between(0, 60));
        let controller = world.controller.split('.').next().unwrap_or("DC01");
        let data = format!(
            "{who}S:URL=https://localhost:444{url};S:Bld={build};S:ActID={activity};I32:ADS.C[{controller}]={directory};\
             F:ADS.AL[{controller}]=1.692039;S:WLM.Bal=2.147484E+09;Dbl:WLM.TS={time}"
        );
        let now = at.iso();
        let values = [("TimeStamp", now.as_str()), ("ServerName", &world.name), ("EventId", "Request"), ("EventData", &data)];
        self.0.push(at, &values, mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut crate::sheet::Shelf) {
        self.0.shelve(world, shelf);
    }
}
