//! How much of a report one page can hold and still open on a phone.

use afterpatch_model::Report;

/// Steps and findings that a page shows in all: some twenty megabytes at worst. The JSON report has everything.
const STEPS_IN_ALL: usize = 10_000;
const FINDINGS_IN_ALL: usize = 2_000;
/// Findings of which a page has a line at least, half a kilobyte each.
const LINES_IN_ALL: usize = 50_000;
const ACTORS_IN_ALL: usize = 2_000;
/// A page of more incidents than these has no enlarged pictures, which take a hundred kilobytes each at worst.
const MOST_ENLARGED: usize = 50;

/// What is shown of one incident and of one server; what goes beyond is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Steps of one incident.
    pub(super) steps: usize,
    /// Findings of one server with everything that is known of them: the gravest.
    pub(super) findings: usize,
    /// Findings of one server in all; those that are not shown whole have one line.
    pub(super) lines: usize,
    /// Addresses of one server.
    pub(super) actors: usize,
    /// Whether the pictures of incidents can be enlarged.
    pub(super) enlarged: bool,
}

impl Limits {
    /// A page of many servers shows less of each.
    pub(super) fn of(report: &Report) -> Self {
        let servers = report.servers.len().max(1);
        let incidents: usize = report.servers.iter().map(|server| server.incidents.len()).sum();
        Self {
            steps: (STEPS_IN_ALL / incidents.max(1)).clamp(20, 1_000),
            findings: (FINDINGS_IN_ALL / servers).max(20),
            lines: (LINES_IN_ALL / servers).max(20),
            actors: (ACTORS_IN_ALL / servers).clamp(20, 200),
            enlarged: incidents <= MOST_ENLARGED,
        }
    }
}
