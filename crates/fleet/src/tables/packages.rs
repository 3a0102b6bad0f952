//! `packages`: one row a package, whether it could be read or not.

use serde::{Deserialize, Serialize};

use super::{At, Column, PACKAGE, Table, count, text, time};

const COLUMNS: &[Column] = &[
    PACKAGE,
    text("uri", "where it lies, as a URL"),
    text("name", "the last part of that"),
    text("identity", "what tells this content from another under the same URL: sizes and times of its files"),
    count("bytes", "its size as it lies there"),
    count("generation", "how often something was committed for this URL before: 0 is the first time"),
    text("state", "done or failed"),
    text("failure", "of a failed one: unreadable, no_evidence, panic, time_limit or killed"),
    text("reason", "of a failed one: why, in English"),
    time("started", "when its reading began"),
    time("finished", "when it was done"),
    count("servers", "servers in it"),
    count("findings", "findings told of them"),
    count("artifacts", "files of known kinds read"),
    count("records", "records read"),
    count("gaps", "kinds of gaps: what could not be read"),
    text("version", "version of afterpatch that read it"),
    count("rules", "detection rules it had"),
    text("facts_date", "date of its table of builds and fixes"),
    text("run", "the run that committed it"),
];

pub(super) const TABLE: Table = Table {
    name: "packages",
    about: "one row a package, whether it could be read or not",
    columns: COLUMNS,
    rows: |table, scanned| table.batch(&[scanned.package]),
};

/// What is kept of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PackageRow {
    pub package: String,
    pub uri: String,
    pub name: String,
    pub identity: String,
    pub bytes: u64,
    pub generation: u32,
    pub state: State,
    pub failure: Option<Failure>,
    pub reason: Option<String>,
    pub started: At,
    pub finished: At,
    pub servers: u64,
    pub findings: u64,
    pub artifacts: u64,
    pub records: u64,
    pub gaps: u64,
    pub version: &'static str,
    pub rules: u64,
    pub facts_date: Option<String>,
    pub run: String,
}

/// Whether a package was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was read, with whatever gaps.
    Done,
    /// Nothing of it is in the other tables but its gaps.
    Failed,
}

/// Why a package failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// It could not be opened or fetched.
    Unreadable,
    /// It was opened, and nothing in it was of a known kind.
    NoEvidence,
    /// A fault of ours stopped its reading.
    Panic,
    /// It took longer than allowed.
    TimeLimit,
    /// Its reading was begun again and again and never ended: it kills the process.
    Killed,
}
