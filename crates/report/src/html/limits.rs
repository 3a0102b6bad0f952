//! How much of a report one page can hold and still open on a phone.

use afterpatch_model::Report;

/// Steps and findings that a page shows in all: some twenty megabytes at worst. The JSON report has everything.
const STEPS_IN_ALL: usize = 10_000;
const FINDINGS_IN_ALL: usize = 2_000;

/// What is shown of one incident and of one server; what goes beyond is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Steps of one incident.
    pub(super) steps: usize,
    /// Findings of one server.
    pub(super) findings: usize,
}

impl Limits {
    /// A page of many servers shows less of each.
    pub(super) fn of(report: &Report) -> Self {
        let incidents: usize = report.servers.iter().map(|server| server.incidents.len()).sum();
        Self {
            steps: (STEPS_IN_ALL / incidents.max(1)).clamp(20, 1_000),
            findings: (FINDINGS_IN_ALL / report.servers.len().max(1)).clamp(20, 400),
        }
    }
}
