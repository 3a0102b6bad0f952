//! What a package said, in numbers: for those who watch a run, wherever it is done.

use afterpatch_model::{CompromiseAnswer, FootholdAnswer, Report, ServerReport};
use afterpatch_report::FleetServers;
use serde::{Deserialize, Serialize};

/// Findings, and servers by the worst that is said of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Findings told of the servers.
    pub findings: u64,
    /// A back door is there, or was used after the fix.
    pub foothold: u64,
    /// Broken into, no back door seen now.
    pub compromised: u64,
    /// Attacked without a success that was seen.
    pub attempted: u64,
    /// Nothing seen in what could be read.
    pub nothing_seen: u64,
    /// Too little could be read.
    pub cannot_tell: u64,
}

impl Answers {
    /// What a report says.
    pub fn of(report: &Report) -> Self {
        let mut answers = Self::default();
        for server in &report.servers {
            answers.findings += server.findings.len() as u64;
            *answers.class(server) += 1;
        }
        answers
    }

    /// Adds what another package said.
    pub fn add(&mut self, other: &Self) {
        self.findings += other.findings;
        self.foothold += other.foothold;
        self.compromised += other.compromised;
        self.attempted += other.attempted;
        self.nothing_seen += other.nothing_seen;
        self.cannot_tell += other.cannot_tell;
    }

    /// The servers, as they are shown.
    pub fn servers(&self) -> FleetServers {
        FleetServers {
            foothold: self.foothold,
            compromised: self.compromised,
            attempted: self.attempted,
            nothing_seen: self.nothing_seen,
            cannot_tell: self.cannot_tell,
        }
    }

    /// The counter that a server belongs to: the worst that is said of it.
    fn class(&mut self, server: &ServerReport) -> &mut u64 {
        let verdict = &server.verdict;
        match (verdict.foothold, verdict.compromise) {
            (FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix, _) => &mut self.foothold,
            (_, CompromiseAnswer::Compromised | CompromiseAnswer::Passed) => &mut self.compromised,
            (_, CompromiseAnswer::Attempted) => &mut self.attempted,
            (_, CompromiseAnswer::CannotTell) => &mut self.cannot_tell,
            (_, CompromiseAnswer::NothingSeen) => &mut self.nothing_seen,
        }
    }
}
