//! The nouns of afterpatch as plain data: no behaviour beyond what a noun needs to be itself.
//!
//! Every other crate speaks in these words (see ARCHITECTURE.md, "Words"). This crate depends on none of ours
//! and knows nothing of files, formats, rules or output.
//!
//! All times are instants in UTC ([`Timestamp`]); formatting them is the business of `report` and `cli`.

mod alert;
mod artifact;
mod assessment;
mod build;
mod collection;
mod coverage;
mod filetime;
mod finding;
mod gap;
mod glance;
mod incident;
mod live;
mod note;
mod plan;
mod record;
mod report;
mod same_text;
mod thing;
mod unified;
mod verdict;

pub use alert::{ALERT_SCHEMA, Alert, Repeats, Sign};
pub use artifact::{ArtifactId, ArtifactInfo, ArtifactKind, Place, Pointer};
pub use assessment::{
    AssessedBuild, Assessment, Basis, CHECK_SCHEMA, CertificateState, Check, CheckTool, Condition, ConditionSeen, ConditionState,
    CveAssessment, MitigationSeen, MitigationState, NextStep, RemoteLook, RemoteOutcome, RemoteRequest, ShownIn, Weakness,
    WeaknessKind,
};
pub use build::{Build, BuildParseError, Product};
pub use collection::{COLLECTION_MANIFEST, COLLECTION_SCHEMA, CollectedFile, CollectionLine};
pub use coverage::{Coverage, Doubt, DoubtKind, SourceCoverage};
pub use filetime::filetime;
pub use finding::{Acknowledgement, Confidence, Evidence, Finding, Grade, Origin, Reason, Severity, Standing, Step};
pub use gap::{Gap, GapKind};
pub use glance::Glance;
pub use incident::{Episode, Incident, Join, Taken, TimelineStep};
pub use live::{LIVE_SCHEMA, LIVE_STATE, LiveLine, LiveValue};
pub use note::Note;
pub use plan::{
    Action, ActionResult, AskedPage, Autostart, CLEAN_SCHEMA, CleanResult, FileResult, Instruction, InstructionKind, Kept,
    LeftOut, Outcome, PLAN_SCHEMA, Plan, PlanReason, PlannedFile, SwitchResult, What, WhyNot,
};
pub use record::{Fields, LogSource, Record};
pub use report::{BuildPeriod, Report, SCHEMA, ServerReport, Tool};
pub use same_text::same_text;
pub use thing::{Thing, ThingKind};
pub use unified::{
    AccountChange, AntivirusFinding, BuildSeen, Cmdlet, CompiledPage, Content, DirectoryDump, FileAction, FileChange, FileEntry,
    FileShape, HttpError, Logon, MailPassed, MailboxAccess, OabGeneration, ProcessStart, ProxyRequest, RegistryValue,
    RemoteShell, ScheduledTask, ScriptBlock, ServedFile, ServiceInstalled, Setting, ShareAccess, Unified, WebRequest,
};
pub use verdict::{
    CompromiseAnswer, CveExposure, ExposureAnswer, ExposureState, ExposureWindow, FootholdAnswer, PageLife, Verdict,
};

/// An instant in UTC.
pub use jiff::Timestamp;
