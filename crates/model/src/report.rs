//! Everything that one run says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ArtifactInfo, Build, Coverage, CveExposure, ExposureWindow, Finding, Gap, Incident, Note, Pointer, Timestamp, Verdict,
};

/// Name and version of the report's form. The number grows with every breaking change (see CHANGELOG.md).
pub const SCHEMA: &str = "afterpatch.report/1";

/// What made the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `afterpatch`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Number of detection rules loaded.
    pub rules: u32,
    /// Date of the table of builds and fixes (`YYYY-MM-DD`).
    pub facts_date: String,
}

/// A stretch of time in which a server was seen with one build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BuildPeriod {
    /// The build.
    pub build: Build,
    /// First seen, UTC.
    #[schemars(with = "String")]
    pub first: Timestamp,
    /// Last seen, UTC.
    #[schemars(with = "String")]
    pub last: Timestamp,
    /// Where it was first seen.
    pub seen_in: Pointer,
}

/// What is said of one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ServerReport {
    /// Name by which it goes here.
    pub name: String,
    /// Other names taken as the same server.
    pub aliases: Vec<String>,
    /// The answers.
    pub verdict: Verdict,
    /// Per CVE.
    pub exposure: Vec<CveExposure>,
    /// How long the server stood open to what was known to be exploited, and how much of that its logs cover.
    pub windows: Vec<ExposureWindow>,
    /// Builds in order of time: the server's patch history as far as its logs tell it.
    pub builds: Vec<BuildPeriod>,
    /// Incidents, gravest first.
    pub incidents: Vec<Incident>,
    /// All findings told (those of incidents and those that stand alone), in order of time.
    pub findings: Vec<Finding>,
    /// What could be seen.
    pub coverage: Coverage,
}

/// Everything that one run says. The JSON output is this, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// When, UTC; handed in, so that the same evidence can give the same bytes.
    #[schemars(with = "String")]
    pub generated: Timestamp,
    /// The evidence as named on the command line.
    pub inputs: Vec<String>,
    /// Lower bound of record times asked for, UTC.
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// Upper bound of record times asked for, UTC.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
    /// The run was interrupted: what follows is incomplete.
    pub interrupted: bool,
    /// One entry a server, gravest first.
    pub servers: Vec<ServerReport>,
    /// Every artifact read.
    pub artifacts: Vec<ArtifactInfo>,
    /// Everything that could not be read.
    pub gaps: Vec<Gap>,
    /// What was assumed or corrected.
    pub notes: Vec<Note>,
}
