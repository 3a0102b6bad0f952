//! A report in every output format: the only room besides the door that formats anything.
//!
//! One module is one format: [`Format::Text`] for the terminal, [`Format::Html`] to read and hand on, [`Format::Json`] for the
//! report whole, [`Format::Ndjson`] for one line a finding; those of other tools stand in `trade/`. Which there are and what each is
//! for: `format.rs`. What text and HTML both say (answers, advice, story) is put into words once, in `words/`; every sentence stands
//! in `locales/`.
//!
//! Text from evidence is hostile. Each format has one door through which every string passes ([`hostile`]); no template or
//! line writer can forget it.

mod cells;
mod census;
mod check;
mod clean;
mod clock;
mod collected;
mod dashboard;
mod fleet;
mod format;
pub mod hostile;
mod html;
mod inspect;
mod json;
mod language;
mod ndjson;
mod notice;
mod read;
mod summary;
mod system_error;
mod text;
mod texts;
mod trade;
mod watch;
mod words;

use std::io::Write;

use afterpatch_model::Report;

pub use census::{
    CENSUS_SCHEMA, CensusCountry, CensusEstimate, CensusFormat, CensusList, CensusMerging, CensusMethod, CensusPackages,
    CensusQuiet, CensusState, CensusUniverse, CensusUnseen, FleetCensus, write as write_census,
};
pub use check::{CheckFormat, Detail, Rows as CheckRows, schema as check_schema, write as write_check};
pub use clean::{
    ChangeLine, ChangeState, Did, Touched, UndoLine, question as clean_question, settled as change_settled, write_clean_json,
    write_plan, write_result as write_clean_result, write_status as write_vault_status, write_undone,
};
pub use collected::{Collected, write_collected};
pub use dashboard::{
    DashboardCount, DashboardDay, DashboardFrame, DashboardGroup, DashboardIncident, DashboardLine, DashboardOverview,
    DashboardPackage, DashboardPage, DashboardRows, DashboardSelect, DashboardServer, DashboardServers,
    policy as dashboard_policy, write as write_dashboard,
};
pub use fleet::{
    FleetFailure, FleetNumbers, FleetResult, FleetServers, fleet_line, write_fleet, write_fleet_compacted, write_fleet_views,
};
pub use format::{About, Format, UnknownFormat};
pub use inspect::{
    INSPECT_SCHEMA, Inspected, Tally, write_object as write_inspected_object, write_tally as write_inspected_tally,
    write_text as write_inspected_text,
};
pub use language::Language;
pub use ndjson::FINDINGS_SCHEMA;
pub use notice::{Notice, NoticeServer, NoticeStep, NoticesWritten, Tlp, write_notice, write_notices_written, write_unassigned};
pub use read::{NoReport, read};
pub use system_error::advice as system_error_advice;
pub use trade::sarif::InspectSarif;
pub use watch::{
    alert_line, alert_schema, alert_sentence, left_by_policy, taken_by_policy, write_alert, write_watch_gap, write_watching,
};

/// How a report is to be shown. Only [`Format::Text`], [`Format::Html`] and [`Format::Summary`] heed it: machine output is the same in
/// every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Language of everything that is not evidence.
    pub language: Language,
    /// Whether terminal text is coloured.
    pub color: bool,
    /// Columns of the terminal; taken as at least 40 and at most 160.
    pub width: usize,
}

impl Default for Options {
    /// English, no colour, 80 columns.
    fn default() -> Self {
        Self { language: Language::English, color: false, width: 80 }
    }
}

/// A report could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The place it goes to does not take it (disk full, pipe closed).
    #[error("the report could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// A fault of ours in the texts of a language.
    #[error("the texts of this language are damaged: {0}")]
    Texts(String),
    /// A fault of ours in the page's template.
    #[error("the report page could not be made: {0}")]
    Page(#[from] askama::Error),
    /// The report cannot be put into JSON.
    #[error("the report could not be put into JSON: {0}")]
    Json(serde_json::Error),
}

/// Writes `report` in one format.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it; the other errors are faults of this crate.
pub fn write(report: &Report, format: Format, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    match format {
        Format::Html => html::write(report, options, out),
        Format::Json => json::write(report, out),
        Format::Ndjson => ndjson::write(report, out),
        Format::Text => text::write(report, options, out),
        Format::Csv => trade::csv::write(report, out),
        Format::Timesketch => trade::timesketch::write(report, out),
        Format::Ecs => trade::ecs::write(report, out),
        Format::Ocsf => trade::ocsf::write(report, out),
        Format::Stix => trade::stix::write(report, out),
        Format::Sarif => trade::sarif::write(report, out),
        Format::Misp => trade::misp::write(report, out),
        Format::Summary => summary::write(report, options, out),
    }
}

/// The content security policy of [`Format::Html`], which the page holds itself, too: for the header of whoever serves it.
pub fn html_policy() -> String {
    html::policy()
}

/// The JSON schema of [`Format::Json`].
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}
