//! The answers to the three questions, in fixed words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Build, Evidence, Timestamp};

/// Can they get in?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExposureAnswer {
    /// No build was seen, or none that can be judged.
    CannotTell,
    /// The last build seen has the fix of every hole that this version checks.
    Fixed,
    /// The last build seen has the fix of every hole, but some of them work only under a condition that was not looked at.
    FixedIf,
    /// The last build seen is newer than our table.
    NewerThanTable,
    /// No hole is known to be open without a mitigation; a mitigation is no fix.
    Mitigated,
    /// Only part of the build was seen: a hole may be open.
    PossiblyOpen,
    /// At least one hole is open in the last build seen.
    Open,
}

/// Did they get in?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompromiseAnswer {
    /// Too little was readable.
    CannotTell,
    /// Nothing seen in what was readable (scans may have been).
    NothingSeen,
    /// Attempts, no success seen.
    Attempted,
    /// The server answered as the attack needs; no change of state was seen.
    Passed,
    /// State was changed.
    Compromised,
}

/// Are they still in?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FootholdAnswer {
    /// Too little was readable.
    CannotTell,
    /// No foothold seen in what was readable.
    NothingSeen,
    /// There was a foothold; it was removed as far as can be seen.
    Removed,
    /// A foothold is there, or nothing says that it has gone.
    InPlace,
    /// A foothold was used after the fix was installed.
    UsedAfterFix,
}

/// State of one CVE on one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExposureState {
    /// The build lacks the fix.
    Open,
    /// Only part of the build was seen: some builds of it lack the fix.
    PossiblyOpen,
    /// The build lacks the fix, and a mitigation is in force that stops what is known. It is not safe.
    Mitigated,
    /// The build has the fix.
    Fixed,
    /// The build has the fix, which works only under a condition.
    FixedIf,
    /// The product never had the hole.
    NotAffected,
    /// The build is newer than the table.
    NewerThanTable,
    /// Cannot be told.
    Unknown,
}

/// What is known of one CVE on one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CveExposure {
    /// CVE id.
    pub cve: String,
    /// State at the last build seen.
    pub state: ExposureState,
    /// The build the answer is for.
    pub build: Option<Build>,
    /// First time (UTC) from which on every build seen on this server has the fix.
    #[schemars(with = "Option<String>")]
    pub fixed_seen: Option<Timestamp>,
    /// The condition of [`ExposureState::FixedIf`].
    pub condition: Option<String>,
}

/// How long a server stood open to a hole that was known to be exploited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExposureWindow {
    /// The CVEs, all with this window.
    pub cves: Vec<String>,
    /// The attack's name (`ProxyLogon`), where it has one.
    pub name: Option<String>,
    /// The first exploitation known in the world, UTC.
    #[schemars(with = "String")]
    pub exploited_from: Timestamp,
    /// The first sighting of the fix on this server, UTC; `None` while it is open.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// The end of what is judged, UTC: the fix, or the last record of the server.
    #[schemars(with = "String")]
    pub seen_until: Timestamp,
    /// Days from the first to the last, both counted.
    pub days: u64,
    /// Of these, days of which at least one request is logged.
    pub days_covered: u64,
}

/// What is known of the life of a planted page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageLife {
    /// The page's file name in lower case.
    pub page: String,
    /// Its path on the server, as the best source has it.
    pub path: Option<String>,
    /// Written, UTC.
    #[schemars(with = "Option<String>")]
    pub written: Option<Timestamp>,
    /// First compiled, which is the first request, UTC.
    #[schemars(with = "Option<String>")]
    pub compiled: Option<Timestamp>,
    /// First request that was answered with 200, UTC.
    #[schemars(with = "Option<String>")]
    pub first_answered: Option<Timestamp>,
    /// Last request that was answered with 200, UTC.
    #[schemars(with = "Option<String>")]
    pub last_answered: Option<Timestamp>,
    /// First request after that which was not answered any more (302 to the log-on page, 404), UTC.
    #[schemars(with = "Option<String>")]
    pub gone: Option<Timestamp>,
    /// Number of answered requests.
    pub requests: u64,
    /// Addresses of visitors.
    pub visitors: Vec<String>,
    /// The file was found in the evidence, or an entry in use of the file table has it.
    pub file_present: bool,
    /// The file table has its entry as a deleted file's, which does not say when it was deleted.
    #[serde(default)]
    pub deleted: bool,
    /// Requests answered after the fix was installed.
    pub after_fix: u64,
}

/// The answers to the three questions for one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Can they get in?
    pub exposure: ExposureAnswer,
    /// Did they get in?
    pub compromise: CompromiseAnswer,
    /// Are they still in?
    pub foothold: FootholdAnswer,
    /// The deciding records, at most a handful.
    pub because: Vec<Evidence>,
}
