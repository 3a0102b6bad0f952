//! Findings that belong together, told in order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Evidence, Grade, Step, Thing, Timestamp};

/// One step of an incident's story: findings that tell the same act, seen in one or more sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TimelineStep {
    /// What happened.
    pub step: Step,
    /// The kind (slug) of the leading finding: key of texts.
    pub kind: String,
    /// One line in English, from the leading finding.
    pub title: String,
    /// How far this act got.
    pub grade: Grade,
    /// When it began, UTC. Steps without a time stand at the end.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// When it was last seen, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// How many records tell it.
    pub count: u64,
    /// After the fix was installed on this server.
    pub after_fix: bool,
    /// Ids of the findings behind it.
    pub findings: Vec<String>,
    /// Things it speaks of.
    pub things: Vec<Thing>,
    /// The records, of all its findings; the earliest first.
    pub evidence: Vec<Evidence>,
}

/// The steps of one actor close in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Episode {
    /// First step, UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last step, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// Client addresses seen in it; empty when no source of it names one.
    pub addresses: Vec<String>,
    /// Highest grade of its steps.
    pub grade: Grade,
    /// Positions of its steps in [`Incident::timeline`].
    pub steps: Vec<u32>,
}

/// Why two findings were put together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Join {
    /// They speak of the same thing.
    SameThing(Thing),
    /// They are close in time on one server, and no source of one of them names a client.
    CloseInTime {
        /// The bound.
        seconds: i64,
    },
    /// They are attempts of the same attack, none of which got through.
    Attempts,
    /// The web server ran a command, and only this incident had planted anything on the server before.
    OnlyFoothold,
    /// The web server ran commands that no source ties to a page or a visitor.
    UntiedCommands,
    /// Rules that the user brought along hit records of which nothing else speaks.
    UserRules,
}

/// Something that left the server, or was laid open to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Taken {
    /// [`Step::MailTaken`], [`Step::CredentialsTaken`], [`Step::DataTaken`], or [`Step::PageRequested`] for the answers of a
    /// planted page.
    pub what: Step,
    /// The kind (slug) of the findings: key of texts.
    pub kind: String,
    /// One line in English.
    pub title: String,
    /// From what: mailboxes, files, pages; the server as a whole when empty.
    pub from: Vec<String>,
    /// By whom: addresses and accounts.
    pub who: Vec<String>,
    /// Bytes, where a log counts them.
    pub bytes: Option<u64>,
    /// How many records say so.
    pub count: u64,
    /// First time, UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last time, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// Ids of the findings behind it.
    pub findings: Vec<String>,
}

/// Episodes and findings that belong together, and their timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Incident {
    /// Its name in this report, `I1`, `I2` ... gravest first.
    pub id: String,
    /// The attack's slug (`proxylogon`), or `unknown`.
    pub campaign: String,
    /// Highest grade of its steps.
    pub grade: Grade,
    /// First step, UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last step, UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// Every step in order of time.
    pub timeline: Vec<TimelineStep>,
    /// Its episodes in order of time.
    pub episodes: Vec<Episode>,
    /// The time (UTC) from which the way in was closed: the fix of all CVEs that its findings name, or, where they name none, of
    /// the exploited holes that stood open when it began. `None` when that was not seen.
    #[schemars(with = "Option<String>")]
    pub closed: Option<Timestamp>,
    /// What was taken, as far as logs count it.
    pub taken: Vec<Taken>,
    /// Pages planted or used in it, with what is known of their life.
    pub pages: Vec<crate::verdict::PageLife>,
    /// All things of all steps, sorted.
    pub things: Vec<Thing>,
    /// Why these findings were put together.
    pub joined_by: Vec<Join>,
    /// ATT&CK technique ids of all its findings, sorted.
    pub attack: Vec<String>,
    /// CVE ids of all its findings, sorted.
    pub cves: Vec<String>,
}
