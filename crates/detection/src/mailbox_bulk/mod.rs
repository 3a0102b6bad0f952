//! Mailboxes read in bulk through web services: counts per hour of one account, client and program.
//!
//! Programs that read mail differ more than hours do, so an account is measured by what others read with the same program.
//! Backups and archives read much and many mailboxes, too; only a script library that does so is told by itself.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{
    Confidence, Evidence, MailboxAccess, Record, Severity, Standing, Step, Thing, ThingKind, Timestamp, Unified,
};

use crate::client::client_address;
use crate::collect::sum;
use crate::{Detector, Draft, Findings, Watch, Wish};

const BULK: (&str, &str) = ("mailbox-bulk-read", "Mail was read in bulk through web services");

/// Calls that bring mail to the client (`SoapAction` of the web services, Microsoft's EWS reference).
const READS: [&str; 8] = [
    "SyncFolderItems",
    "GetItem",
    "FindItem",
    "ExportItems",
    "GetAttachment",
    "GetConversationItems",
    "FindConversation",
    "SearchMailboxes",
];
/// Script libraries and command line programs: no mail program calls itself so.
const SCRIPTS: [&str; 9] = ["python", "go-http-client", "curl", "wget", "ruby", "libwww", "powershell", "okhttp", "exchangelib"];
/// The library that programs of other makers use, and attackers' tools, too.
const MANAGED_API: &str = "exchangeservicesclient";
/// Exchange's own probes and its calls to itself.
const OWN: [&str; 5] = ["amprobe", "am_probe", "monitor", "exchangeinternalewsclient", "asproxy"];

/// Reads in an hour from which on an odd program's are told.
const MANY_READS_ODD: u64 = 50;
/// Reads in an hour from which on any program's are told, if they are also [`TIMES_NORM`] times what others read with it.
const MANY_READS: u64 = 500;
const TIMES_NORM: u64 = 10;
/// So many mailboxes in an hour are many for one account.
const MANY_MAILBOXES: usize = 5;
/// Actors followed in one artifact.
const MAX_ACTORS: usize = 10_000;
const MAX_MAILBOXES: usize = 30;
const MAX_EVIDENCE: usize = 6;

/// Mailboxes read in bulk.
pub struct MailboxBulkDetector;

impl Detector for MailboxBulkDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        vec![(BULK.0.to_owned(), BULK.1.to_owned())]
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        Box::new(BulkWatch { actors: BTreeMap::new() })
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Actor {
    server: String,
    /// Hour since 1970, or -1 where the record has no time.
    hour: i64,
    user: String,
    client: String,
    agent: String,
}

/// What an actor read in an hour.
#[derive(Default)]
struct Reads {
    count: u64,
    bytes_out: Option<u64>,
    mailboxes: BTreeSet<String>,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    evidence: Vec<Evidence>,
}

struct BulkWatch {
    actors: BTreeMap<Actor, Reads>,
}

impl Watch for BulkWatch {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        let Unified::MailboxAccess(access) = &record.unified else { return };
        if !is_read(access) {
            return;
        }
        let actor = Actor {
            server: record.server.as_deref().unwrap_or_default().to_owned(),
            hour: record.time.map_or(-1, |time| time.as_second().div_euclid(3_600)),
            user: access.user.to_lowercase(),
            client: client_address(&access.client).to_owned(),
            agent: access.user_agent.to_string(),
        };
        if self.actors.len() >= MAX_ACTORS && !self.actors.contains_key(&actor) {
            findings.leave_out(1);
            return;
        }
        let reads = self.actors.entry(actor).or_default();
        reads.count += 1;
        reads.bytes_out = sum(reads.bytes_out, access.bytes_out);
        let mailbox = if access.mailbox.is_empty() { &access.user } else { &access.mailbox };
        if reads.mailboxes.len() < MAX_MAILBOXES && !mailbox.is_empty() {
            reads.mailboxes.insert(mailbox.to_lowercase());
        }
        reads.first = [reads.first, record.time].into_iter().flatten().min();
        reads.last = reads.last.max(record.time);
        reads.show(findings.evidence(record));
    }

    fn wants_like(&mut self, _: &Record<'_>) -> Wish {
        // No request.
        Wish::Nothing
    }

    fn untold(&mut self) -> Option<Box<dyn Any + Send>> {
        Some(Box::new(std::mem::take(&mut self.actors)))
    }

    fn follow(&mut self, untold: Box<dyn Any + Send>, findings: &mut Findings) {
        let Ok(later) = untold.downcast::<BTreeMap<Actor, Reads>>() else { return };
        for (actor, reads) in *later {
            if self.actors.len() >= MAX_ACTORS && !self.actors.contains_key(&actor) {
                findings.leave_out(reads.count);
                continue;
            }
            self.actors.entry(actor).or_default().go_on(reads);
        }
    }

    fn finish(&mut self, findings: &mut Findings) {
        let actors = std::mem::take(&mut self.actors);
        let mut of_agent: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (actor, reads) in &actors {
            of_agent.entry(actor.agent.clone()).or_default().push(reads.count);
        }
        for (actor, reads) in actors {
            let others = of_agent.get(&actor.agent).map_or(&[][..], Vec::as_slice);
            if let Some(draft) = judge(&actor, &reads, others) {
                findings.add_run(draft, actor.server, reads.first, reads.last, reads.count, reads.evidence);
            }
        }
    }
}

impl Reads {
    /// Keeps the first ones and the latest: both ends of a long row can be followed.
    fn show(&mut self, evidence: Evidence) {
        if self.evidence.len() >= MAX_EVIDENCE {
            self.evidence.pop();
        }
        self.evidence.push(evidence);
    }

    fn go_on(&mut self, later: Self) {
        self.count += later.count;
        self.bytes_out = sum(self.bytes_out, later.bytes_out);
        for mailbox in later.mailboxes {
            if self.mailboxes.len() < MAX_MAILBOXES {
                self.mailboxes.insert(mailbox);
            }
        }
        self.first = [self.first, later.first].into_iter().flatten().min();
        self.last = self.last.max(later.last);
        later.evidence.into_iter().for_each(|evidence| self.show(evidence));
    }
}

fn is_read(access: &MailboxAccess<'_>) -> bool {
    let agent = access.user_agent.to_ascii_lowercase();
    let own = OWN.iter().any(|word| agent.contains(word)) || access.user.to_ascii_lowercase().contains("healthmailbox");
    // A log may write the action with its name space, and more than one.
    !own && (200..300).contains(&access.status.max(200)) && READS.iter().any(|read| access.action.contains(read))
}

/// `of_agent`: what every actor read with the same program, this one among them.
fn judge(actor: &Actor, reads: &Reads, of_agent: &[u64]) -> Option<Draft> {
    let agent = actor.agent.to_ascii_lowercase();
    let script = agent.is_empty() || SCRIPTS.iter().any(|word| agent.contains(word));
    let odd = script || agent.contains(MANAGED_API);
    let many_mailboxes = reads.mailboxes.len() >= MANY_MAILBOXES;
    let beyond_norm = reads.count >= MANY_READS && reads.count >= norm(of_agent).saturating_mul(TIMES_NORM);
    let much_for_odd = reads.count >= MANY_READS_ODD || many_mailboxes;
    if !(odd || beyond_norm) {
        return None;
    }
    let alone = script && many_mailboxes;
    // What such a program reads in the hour before and after is part of the same theft, little as it is. But a backup reads
    // little of somebody's mailbox, too, so that is told by who did it alone.
    let little = !(script || much_for_odd || beyond_norm);
    let named = [(ThingKind::Account, &actor.user), (ThingKind::Address, &actor.client), (ThingKind::UserAgent, &actor.agent)];
    let named = named.into_iter().filter(|(_, value)| !value.is_empty()).map(|(kind, value)| Thing::new(kind, value));
    let mailboxes = reads.mailboxes.iter().filter(|_| !little).map(|mailbox| Thing::new(ThingKind::Mailbox, mailbox));
    Some(Draft {
        severity: if alone { Severity::High } else { Severity::Medium },
        confidence: if alone { Confidence::Medium } else { Confidence::Low },
        standing: if alone { Standing::Alone } else { Standing::Beside },
        things: named.chain(mailboxes).collect(),
        bytes_out: reads.bytes_out,
        ..Draft::of(BULK, Step::MailTaken, "T1114.002")
    })
}

/// What is usual: the lower middle of all counts, so that of two the greater one is not its own norm. One alone has none.
fn norm(counts: &[u64]) -> u64 {
    let mut counts = counts.to_vec();
    counts.sort_unstable();
    if counts.len() < 2 { 0 } else { counts.get((counts.len() - 1) / 2).copied().unwrap_or_default() }
}
