//! Message tracking (`TransportRoles\Logs\MessageTracking`): mails that users send (rows after a real log of 15.1.2375 and one
//! of 15.0.1104).

use super::exchange_log::{Kind, Log};
use crate::{clock::Moment, dice::Dice, truth::Mark, world::World};

const SUBMISSION: Kind = Kind {
    path: r"TransportRoles\Logs\MessageTracking\MSGTRKMS",
    hourly: true,
    software: "Microsoft Exchange Server",
    version: None,
    log_type: "Message Tracking Log",
    columns: "date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,\
internal-message-id,message-id,network-message-id,recipient-address,recipient-status,total-bytes,recipient-count,\
related-recipient-address,reference,message-subject,sender-address,return-path,message-info,directionality,tenant-id,\
original-client-ip,original-server-ip,custom-data,transport-traffic-type,log-id,schema-version",
    not_in_2013: &["transport-traffic-type", "log-id", "schema-version"],
};

/// The log of the transport service itself.
const TRANSPORT: Kind = Kind { path: r"TransportRoles\Logs\MessageTracking\MSGTRK", ..SUBMISSION };

/// A mail.
pub(crate) struct Mail<'a> {
    pub(crate) sender: &'a str,
    pub(crate) recipient: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) bytes: i64,
    /// Address it came from over SMTP; empty when a user of this server sent it.
    pub(crate) client: &'a str,
}

/// The logs.
pub(crate) struct Tracking {
    submission: Log,
    transport: Log,
}

impl Tracking {
    pub(crate) fn new(world: &World) -> Self {
        Self { submission: Log::new(&SUBMISSION, world), transport: Log::new(&TRANSPORT, world) }
    }

    /// A mail from its sender's mailbox, or from outside, to its recipient's.
    pub(crate) fn push(&mut self, world: &World, dice: &mut Dice, at: Moment, it: &Mail<'_>, mark: Option<Mark>) {
        let message = format!("<{}@{}>", dice.hex(32), world.domain);
        let (network, log) = (dice.guid(), dice.guid());
        let (bytes, build) = (it.bytes.to_string(), world.build_at(at).long());
        let own = world.link_local.as_str();
        let origin = if it.client.is_empty() { own } else { it.client };
        let context = format!(
            "MDB:{}, Mailbox:{}, Event:{}, MessageClass:IPM.Note, CreationTime:{}, ClientType:MOMT, \
             SubmissionAssistant:MailboxTransportSubmissionEmailAssistant",
            world.database,
            dice.guid(),
            dice.between(1_000_000, 90_000_000),
            (at + -130).iso()
        );
        let mut row = |log_file: &mut Log, at: Moment, source: &str, event: &str, mark: Option<Mark>| {
            let (now, internal) = (at.iso(), dice.between(400, 9_000_000).to_string());
            let is_outside = source == "SMTP" && !it.client.is_empty();
            let values = [
                ("date-time", now.as_str()),
                ("client-ip", if is_outside { it.client } else { own }),
                ("client-hostname", &world.fqdn),
                ("server-ip", own),
                ("server-hostname", &world.name),
                ("source-context", if source == "STOREDRIVER" && event == "RECEIVE" { &context } else { "" }),
                ("source", source),
                ("event-id", event),
                ("internal-message-id", &internal),
                ("message-id", &message),
                ("network-message-id", &network),
                ("recipient-address", it.recipient),
                ("recipient-status", if event == "RECEIVE" { "To" } else { "" }),
                ("total-bytes", &bytes),
                ("recipient-count", "1"),
                ("message-subject", it.subject),
                ("sender-address", it.sender),
                ("return-path", it.sender),
                ("message-info", "04I: "),
                ("directionality", if it.client.is_empty() { "Originating" } else { "Incoming" }),
                ("original-client-ip", origin),
                ("original-server-ip", own),
                ("custom-data", "S:DeliveryPriority=Normal;S:AccountForest=AD"),
                ("transport-traffic-type", "Email"),
                ("log-id", &log),
                ("schema-version", &build),
            ];
            log_file.push(at, &values, mark);
        };
        if it.client.is_empty() {
            row(&mut self.submission, at, "STOREDRIVER", "RECEIVE", mark.clone());
        } else {
            row(&mut self.transport, at, "SMTP", "RECEIVE", mark.clone());
        }
        row(&mut self.transport, at + 700, "STOREDRIVER", "DELIVER", mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut crate::sheet::Shelf) {
        self.submission.shelve(world, shelf);
        self.transport.shelve(world, shelf);
    }
}
