//! Exit codes: the worst answer of all servers as one number.

use std::process::ExitCode;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Report, ServerReport};

/// How the program ends. The numbers are documented in `--help` and README.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Nothing found in what was readable.
    Nothing = 0,
    /// Error.
    Error = 1,
    /// No evidence could be read.
    NoEvidence = 3,
    /// Nothing found, but too little was readable to say more.
    TooLittle = 4,
    /// A hole may be open, or is mitigated only.
    Perhaps = 9,
    /// Something was refused or not confirmed.
    NotAllDone = 5,
    /// Exposed only.
    Exposed = 10,
    /// Attempts seen.
    Attempted = 11,
    /// Compromised, or the attack got through.
    Compromised = 12,
    /// Foothold in place or used.
    Foothold = 13,
    /// Interrupted.
    Interrupted = 130,
}

impl Exit {
    /// The exit code of a report.
    pub fn of(report: &Report) -> Self {
        if report.interrupted {
            return Self::Interrupted;
        }
        report.servers.iter().map(Self::of_server).max().unwrap_or(Self::NoEvidence)
    }

    /// The exit code of one answer of the check.
    pub fn of_answer(answer: ExposureAnswer) -> Self {
        match answer {
            ExposureAnswer::Open => Self::Exposed,
            ExposureAnswer::PossiblyOpen | ExposureAnswer::Mitigated => Self::Perhaps,
            ExposureAnswer::CannotTell | ExposureAnswer::NewerThanTable | ExposureAnswer::FixedIf => Self::TooLittle,
            ExposureAnswer::Fixed => Self::Nothing,
        }
    }

    fn of_server(server: &ServerReport) -> Self {
        let verdict = &server.verdict;
        match (verdict.foothold, verdict.compromise, verdict.exposure) {
            (FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix, _, _) => Self::Foothold,
            (_, CompromiseAnswer::Compromised | CompromiseAnswer::Passed, _) => Self::Compromised,
            (_, CompromiseAnswer::Attempted, _) => Self::Attempted,
            (_, _, ExposureAnswer::Open) => Self::Exposed,
            (_, CompromiseAnswer::CannotTell, _) => Self::TooLittle,
            (_, CompromiseAnswer::NothingSeen, _) => Self::Nothing,
        }
    }

    /// For those who want to know only whether the program worked.
    pub fn or_zero(self, exit_zero: bool) -> Self {
        if exit_zero && !matches!(self, Self::Error | Self::Interrupted) { Self::Nothing } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
