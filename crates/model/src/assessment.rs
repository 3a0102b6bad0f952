//! What `afterpatch check` says of one server: can they get in, through which hole, since when, and what to do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ArtifactInfo, Build, BuildPeriod, ExposureAnswer, ExposureState, ExposureWindow, Gap, Note, Pointer, Product, Timestamp,
};

/// Name and version of the form in which a check is told to machines. The number grows with every breaking change.
pub const CHECK_SCHEMA: &str = "afterpatch.check/1";

/// Everything that one run of the check says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Check {
    /// [`CHECK_SCHEMA`].
    pub schema: String,
    /// What made it, and from which table.
    pub tool: CheckTool,
    /// When, UTC; handed in.
    #[schemars(with = "String")]
    pub generated: Timestamp,
    /// The run was interrupted: targets are missing.
    pub interrupted: bool,
    /// One entry a server or target, in the order in which they were named.
    pub targets: Vec<Assessment>,
    /// Every artifact that was read; pointers lead here.
    pub artifacts: Vec<ArtifactInfo>,
    /// Everything that could not be read.
    pub gaps: Vec<Gap>,
    /// What was assumed of the evidence.
    pub notes: Vec<Note>,
}

/// What made a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckTool {
    /// `afterpatch`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Day of the last release in the table of builds and fixes (`YYYY-MM-DD`).
    pub facts_date: String,
    /// Days from then to the run: what was published in that time is not known to it. Negative when the clock is wrong.
    pub facts_age_days: i64,
}

/// What is said of one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Assessment {
    /// What was asked about: a build, a server's name, an address.
    pub target: String,
    /// From what it was answered.
    pub basis: Basis,
    /// The builds that the answer is for. None when none was seen; several when several servers answer to one name, and then
    /// the worst of them decides.
    pub builds: Vec<AssessedBuild>,
    /// Can they get in?
    pub answer: ExposureAnswer,
    /// Per CVE, in order of id.
    pub cves: Vec<CveAssessment>,
    /// What a fix needs beside the build.
    pub conditions: Vec<ConditionSeen>,
    /// Mitigations that were seen, in force or not.
    pub mitigations: Vec<MitigationSeen>,
    /// What is wrong beside the holes.
    pub weaknesses: Vec<Weakness>,
    /// How long it stood open to what was known to be exploited.
    pub windows: Vec<ExposureWindow>,
    /// The builds it had, in order of time, as far as its logs tell.
    pub history: Vec<BuildPeriod>,
    /// What to do now, the most urgent first.
    pub next_steps: Vec<NextStep>,
    /// What was asked of it over the network.
    pub remote: Option<RemoteLook>,
    /// The rows of a list that said other things of the same server, or what kept a target from being answered (English).
    pub remarks: Vec<String>,
}

/// From what a question was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A build that the user named.
    Build,
    /// A row of a list of servers.
    List,
    /// Evidence of the server.
    Evidence,
    /// What the server shows every visitor.
    Remote,
}

/// A build that an answer is for, or the first three numbers of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AssessedBuild {
    /// As seen: four numbers, or the three of a cumulative update.
    pub shown: String,
    /// The build, when all of it was seen.
    pub build: Option<Build>,
    /// The product line, when it is one that we know.
    pub product: Option<Product>,
    /// Its cumulative update (`CU23`), by the table.
    pub update: Option<String>,
    /// Its own update (`Oct22SU`), by the table.
    pub label: Option<String>,
    /// Day or month of its release, by the table.
    pub released: Option<String>,
    /// It is newer than the table.
    pub newer_than_table: bool,
    /// The newest build of the same cumulative update that the table knows.
    pub newest: Option<Build>,
}

/// What is said of one CVE on one server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CveAssessment {
    /// CVE id.
    pub cve: String,
    /// The name it goes by.
    pub name: Option<String>,
    /// What kind of hole it is, in the table's words.
    pub kind: Option<String>,
    /// Base score (CVSS 3), as the table has it.
    pub cvss: Option<String>,
    /// Its state on this server.
    pub state: ExposureState,
    /// The update that fixes it (`Nov22SU`).
    pub fixed_by: Option<String>,
    /// Day or month on which the fix was released.
    pub fix_released: Option<String>,
    /// The first build with the fix in the same cumulative update, else in the newest of the product.
    pub fixed_in: Option<Build>,
    /// Since when it is exploited, in the table's words.
    pub exploited: Option<String>,
    /// The day of that, UTC.
    #[schemars(with = "Option<String>")]
    pub exploited_from: Option<Timestamp>,
    /// Open: the first sighting of a build without the fix since which none had it. Fixed: the first sighting from which on all
    /// had it. UTC; only from evidence.
    #[schemars(with = "Option<String>")]
    pub since: Option<Timestamp>,
    /// What the fix needs beside the build.
    pub condition: Option<Condition>,
    /// The same in the table's words.
    pub condition_words: Option<String>,
    /// Slugs of the mitigations in force for it.
    pub mitigated_by: Vec<String>,
}

/// What a fix needs beside the build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Extended Protection on the virtual directories.
    ExtendedProtection,
    /// Serialised data of the shell is signed.
    SerializedDataSigning,
    /// The module TokenCacheModule is gone, or Windows has its fix.
    TokenCacheModule,
    /// Downloads of webmail come from a host name of their own.
    DownloadDomains,
    /// The dedicated hybrid application.
    HybridApplication,
    /// The schema of the directory was extended.
    DirectorySchema,
    /// The domains were prepared.
    PrepareDomain,
    /// No setting override takes the fix back.
    SettingOverride,
    /// The loopback check is not switched off.
    LoopbackCheck,
    /// The filter's configuration leaves the Outside In module off.
    OutsideIn,
    /// Something else: see the table's words.
    Other,
}

/// Whether a condition holds, as far as was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConditionState {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// Not seen: somebody has to answer.
    NotSeen,
}

/// What was seen of a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConditionSeen {
    /// The condition.
    pub condition: Condition,
    /// Whether it holds.
    pub state: ConditionState,
    /// The CVEs whose fix needs it here.
    pub cves: Vec<String>,
    /// What decided, as the source writes it (`Default Web Site/owa: None`).
    pub details: Vec<String>,
    /// Where that stands.
    pub evidence: Vec<Pointer>,
}

/// Whether a mitigation works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MitigationState {
    /// It is in force. It stops what is known, and is no fix.
    InForce,
    /// Its rule has an older pattern, which was got around.
    Weak,
    /// Its rule is switched off.
    Disabled,
    /// A configuration further down takes it away.
    Overridden,
    /// Part of it is missing.
    Incomplete,
    /// Traces say that it was there; it is not any more.
    Gone,
}

/// A mitigation that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MitigationSeen {
    /// Its one name.
    pub slug: String,
    /// Whether it works.
    pub state: MitigationState,
    /// The CVEs it is against.
    pub cves: Vec<String>,
    /// Rule and place, as the configuration writes them.
    pub details: Vec<String>,
    /// Where that stands.
    pub evidence: Vec<Pointer>,
}

/// Kinds of weaknesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeaknessKind {
    /// The product is given no updates any more.
    ProductUnsupported,
    /// The product is given updates only to those who pay for them.
    ExtendedSupportOnly,
    /// The cumulative update is given no security updates any more.
    UpdateUnsupported,
    /// The antivirus is told to look away where web shells lie or run.
    AntivirusExclusion,
    /// The key that every Exchange server had before February 2020.
    MachineKeyKnown,
    /// The same key stands on several servers.
    MachineKeyShared,
    /// A key is written into a configuration file.
    MachineKeyFixed,
    /// Microsoft's mitigation service is switched off.
    MitigationServiceOff,
}

/// What is wrong beside the holes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Weakness {
    /// Its kind.
    pub kind: WeaknessKind,
    /// What exactly: a path, a date, other servers.
    pub details: Vec<String>,
    /// Where that stands.
    pub evidence: Vec<Pointer>,
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum NextStep {
    /// Install the newest security update of the cumulative update that is there.
    InstallUpdate {
        /// The update (`Sep26SUv2`).
        label: String,
        /// Its build.
        build: Build,
        /// Its article.
        kb: Option<String>,
    },
    /// Go to a newer cumulative update first.
    InstallCumulativeUpdate {
        /// Product and update (`2016 CU23`).
        update: String,
        /// The newest security update for it.
        label: String,
        /// Its build.
        build: Build,
    },
    /// Leave the product.
    ReplaceProduct {
        /// The product in use.
        product: Product,
    },
    /// Look whether somebody came in while it stood open.
    LookForBreakIn {
        /// The first exploitation known of what is open or was, UTC.
        #[schemars(with = "String")]
        since: Timestamp,
    },
    /// Bring a setting into order.
    MeetCondition {
        /// Which.
        condition: Condition,
    },
    /// Answer a question that the evidence leaves open.
    AnswerCondition {
        /// Which.
        condition: Condition,
    },
    /// Do not rest on a mitigation.
    ReplaceMitigation,
    /// Find out the build.
    FindBuild,
    /// Only three numbers are shown: ask for all four.
    AskInside,
    /// The table does not know the build.
    RenewTable,
    /// Mend what is wrong beside the holes.
    MendWeakness {
        /// Which.
        weakness: WeaknessKind,
    },
    /// Nothing but staying up to date.
    StayUpToDate,
}

/// What a server showed to a visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemoteLook {
    /// What came of it.
    pub outcome: RemoteOutcome,
    /// Why nothing came of it, in the words of the network (English).
    pub error: Option<String>,
    /// Addresses asked, in order, each with the status of its answer. At most three.
    pub requests: Vec<RemoteRequest>,
    /// What the certificate of the server that answered is worth.
    pub certificate: Option<CertificateState>,
    /// What the client program would say of the certificate (English).
    pub certificate_error: Option<String>,
    /// The name that the front end gives itself.
    pub front_end: Option<String>,
    /// Where each build was read.
    pub shown_in: Vec<ShownIn>,
}

/// One request over the network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RemoteRequest {
    /// The address.
    pub url: String,
    /// The status of the answer; `None` when there was none.
    pub status: Option<u16>,
}

/// What came of a look at a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RemoteOutcome {
    /// A build was shown.
    Shown,
    /// An Exchange front end that shows no build, which says nothing of whether it is open.
    Hidden,
    /// Something answered that does not look like Exchange.
    #[default]
    NotExchange,
    /// Nothing answered.
    Unreachable,
    /// It had been asked often enough already.
    NotAsked,
}

/// What a certificate is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CertificateState {
    /// A client would take it.
    Valid,
    /// A client would refuse it: somebody else may have answered.
    Invalid,
    /// No certificate: plain HTTP.
    None,
}

/// Where a build was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownIn {
    /// The header `X-OWA-Version`.
    Header,
    /// The manifest of the export tool.
    Manifest,
    /// The path of a resource of the log-on page: three numbers only.
    ResourcePath,
}
