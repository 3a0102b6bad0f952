//! What would be done to get an attacker out, what was done, and what only a person can do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Timestamp};

/// Name and version of the plan's form.
pub const PLAN_SCHEMA: &str = "afterpatch.plan/1";
/// Name and version of the form of what a run of a plan says.
pub const CLEAN_SCHEMA: &str = "afterpatch.clean/1";

/// What would be done on one server. A person reads it and may take things out before it is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// [`PLAN_SCHEMA`].
    pub schema: String,
    /// The plan's own name: actions are known by it in the journal.
    pub plan: String,
    /// The server.
    pub server: String,
    /// When it was made, UTC.
    #[schemars(with = "String")]
    pub made: Timestamp,
    /// When the report was made that it comes from, UTC.
    #[schemars(with = "String")]
    pub report: Timestamp,
    /// Nothing was planned from findings that are less sure than this.
    pub confidence: Confidence,
    /// The folder on this machine below which the server's disk lies.
    pub root: String,
    /// What would be done, in this order.
    pub actions: Vec<Action>,
    /// What a person must do, in this order.
    pub instructions: Vec<Instruction>,
    /// What was seen, and why nothing is planned for it. Told in the plan's comments only.
    #[serde(skip)]
    pub left_out: Vec<LeftOut>,
}

/// One thing that would be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Action {
    /// Its name in the plan, `A1`, `A2` ...
    pub id: String,
    /// The user does not want it.
    #[serde(default)]
    pub skip: bool,
    /// The findings it rests on, by their names in the report.
    #[serde(default)]
    pub because: Vec<String>,
    /// What.
    #[serde(flatten)]
    pub what: What,
    /// Why, in words. Told in the plan's comments only.
    #[serde(skip)]
    pub reasons: Vec<PlanReason>,
}

/// What would be done. One variant is one folder in `crates/remediation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
#[non_exhaustive]
pub enum What {
    /// Take a file away, into the vault.
    QuarantineFile {
        /// Which.
        file: PlannedFile,
    },
    /// Take away what the web server compiled from a planted page.
    RemoveLeftovers {
        /// The page's file name.
        page: String,
        /// The files.
        files: Vec<PlannedFile>,
    },
    /// Take elements out of a configuration file.
    RemoveConfiguration {
        /// The configuration file.
        file: PlannedFile,
        /// The elements, byte for byte as they stand there.
        elements: Vec<String>,
    },
    /// Take away a scheduled task's file.
    RemoveTask {
        /// The task's name.
        task: String,
        /// Its file below `System32\Tasks`.
        file: PlannedFile,
    },
    /// Switch off what starts by itself on a running Windows: it stays as it is, and does not start any more.
    SwitchOff {
        /// Of what kind it is.
        kind: Autostart,
        /// Its name; a task's begins with its folders (`\\Microsoft\\Windows\\name`).
        name: String,
        /// How it stood when the plan was made: when a service starts in the words of `sc.exe` (`auto`, `demand`, ...), of a task
        /// `enabled`. If it stands otherwise by then, it is left alone.
        position: String,
    },
    /// Put a genuine page in place of what lies there.
    RestorePage {
        /// The page.
        file: PlannedFile,
        /// Where the genuine one lies on this machine.
        from: String,
        /// SHA-256 of the genuine one.
        genuine: String,
    },
    /// Add documented mitigations to a configuration file.
    AddMitigation {
        /// Their slugs.
        mitigations: Vec<String>,
        /// The configuration file.
        file: PlannedFile,
    },
}

impl What {
    /// The one name of its kind.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::QuarantineFile { .. } => "quarantine_file",
            Self::RemoveLeftovers { .. } => "remove_leftovers",
            Self::RemoveConfiguration { .. } => "remove_configuration",
            Self::RemoveTask { .. } => "remove_task",
            Self::SwitchOff { .. } => "switch_off",
            Self::RestorePage { .. } => "restore_page",
            Self::AddMitigation { .. } => "add_mitigation",
        }
    }

    /// The files it changes.
    pub fn files(&self) -> &[PlannedFile] {
        match self {
            Self::RemoveLeftovers { files, .. } => files,
            Self::SwitchOff { .. } => &[],
            Self::QuarantineFile { file }
            | Self::RemoveConfiguration { file, .. }
            | Self::RemoveTask { file, .. }
            | Self::RestorePage { file, .. }
            | Self::AddMitigation { file, .. } => std::slice::from_ref(file),
        }
    }
}

/// What starts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Autostart {
    /// A service of Windows.
    Service,
    /// A scheduled task.
    Task,
}

/// A file as it was when the plan was made. If it is another one or has another content by then, it is left alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedFile {
    /// Its path on the server (`C:\...`).
    pub path: String,
    /// Where it lies below the plan's root, with `/` between the folders.
    pub lies_at: String,
    /// SHA-256 of its content.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
    /// The number of the volume it lies on, as this machine has it.
    pub volume: u64,
    /// Its own number there.
    pub number: u64,
}

/// Why something is planned: one finding of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanReason {
    /// The finding's name (`F54`).
    pub finding: String,
    /// Its kind: key of texts.
    pub kind: String,
    /// One line in English.
    pub title: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Its first record: path on the server or in the evidence.
    pub path: String,
    /// The place in it.
    pub place: crate::Place,
    /// When, UTC.
    pub time: Option<Timestamp>,
}

/// Something that was seen, and for which nothing is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// What it is: a path, or the name of a task, service, module.
    pub subject: String,
    /// Why.
    pub why: WhyNot,
    /// The findings.
    pub reasons: Vec<PlanReason>,
}

/// Why nothing is planned for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The findings are less sure than asked for.
    NotSure(Confidence),
    /// Somebody vouches for it.
    Acknowledged,
    /// Only a rule that the user brought along says so.
    UserRule,
    /// It is not below the root.
    NotThere,
    /// Its hash is that of a genuine file.
    Genuine,
    /// Its content is not the one that the report speaks of.
    Changed,
    /// It is part of Windows, Exchange or their configuration: taking it away as a whole would break the server.
    Needed,
    /// It is switched off already.
    Off,
    /// It cannot be taken safely; why, in the program's words (English).
    Refused(String),
}

/// Something that only a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Instruction {
    /// Its name in the plan, `N1`, `N2` ...
    pub id: String,
    /// What: key of texts.
    pub what: InstructionKind,
    /// The names it is about.
    #[serde(default)]
    pub about: Vec<String>,
    /// Commands to run, in the Exchange Management Shell or PowerShell as administrator.
    #[serde(default)]
    pub commands: Vec<String>,
}

/// What only a person can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InstructionKind {
    /// Keep a copy of the disk and the logs before anything is changed.
    KeepEvidence,
    /// Close the holes that are open.
    InstallFix,
    /// Set a virtual directory's addresses back.
    ResetDirectoryValue,
    /// Take a task out of the task scheduler.
    RemoveTask,
    /// Take a service away.
    RemoveService,
    /// Take a transport agent away.
    RemoveTransportAgent,
    /// Let the antivirus look again where it was told not to.
    RemoveExclusion,
    /// Put genuine pages back.
    RestorePages,
    /// Let the web server forget what it has loaded.
    RestartWebServer,
    /// Make new machine keys.
    RotateKeys,
    /// Change passwords and revoke sessions.
    ResetAccounts,
    /// Look at accounts, groups and roles that were changed.
    CheckAccounts,
    /// Look at mailboxes that were read, exported, opened or redirected.
    CheckMailboxes,
    /// Look at what was not sure enough to be planned.
    LookAtTheRest,
    /// Install the server anew.
    Rebuild,
    /// Scan again.
    ScanAgain,
}

impl InstructionKind {
    /// The one name of its kind.
    pub fn slug(self) -> &'static str {
        match self {
            Self::KeepEvidence => "keep_evidence",
            Self::InstallFix => "install_fix",
            Self::ResetDirectoryValue => "reset_directory_value",
            Self::RemoveTask => "remove_task",
            Self::RemoveService => "remove_service",
            Self::RemoveTransportAgent => "remove_transport_agent",
            Self::RemoveExclusion => "remove_exclusion",
            Self::RestorePages => "restore_pages",
            Self::RestartWebServer => "restart_web_server",
            Self::RotateKeys => "rotate_keys",
            Self::ResetAccounts => "reset_accounts",
            Self::CheckAccounts => "check_accounts",
            Self::CheckMailboxes => "check_mailboxes",
            Self::LookAtTheRest => "look_at_the_rest",
            Self::Rebuild => "rebuild",
            Self::ScanAgain => "scan_again",
        }
    }
}

/// How one action ended, or would end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It would be done.
    WouldBeDone,
    /// It was done.
    Done,
    /// It was done by an earlier run.
    DoneBefore,
    /// The plan says to skip it.
    Skipped,
    /// It was not done, and nothing was changed for it.
    Refused,
}

/// What one action did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionResult {
    /// Its name in the plan.
    pub id: String,
    /// Its kind.
    pub what: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it was refused (English).
    pub why: Option<String>,
    /// The files it changes.
    pub files: Vec<FileResult>,
    /// What it switches off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub switch: Option<SwitchResult>,
}

/// What was done with something that starts by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SwitchResult {
    /// Of what kind it is.
    pub kind: Autostart,
    /// Its name.
    pub name: String,
    /// How it stood before: see [`What::SwitchOff`].
    pub from: String,
    /// How it stands after.
    pub to: String,
    /// The number of the change in the vault's journal.
    pub change: Option<u64>,
    /// It was looked at afterwards, and stands so.
    pub verified: bool,
    /// Why what it had started could not be ended (English); `None` when it was ended, or nothing was running.
    pub still_runs: Option<String>,
}

/// What was done with one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileResult {
    /// Its path on the server.
    pub path: String,
    /// SHA-256 before.
    pub sha256: String,
    /// SHA-256 after; `None` when it is taken away.
    pub after: Option<String>,
    /// The number of the change in the vault's journal.
    pub change: Option<u64>,
    /// It was looked at afterwards: it is gone, or has the new content.
    pub verified: bool,
    /// What was taken is in the vault: opened and compared, or sealed for somebody else.
    pub kept: Option<Kept>,
}

/// How well the vault's copy could be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// It was opened, and its content has the hash.
    Opened,
    /// It is byte for byte what was written; the key that opens it is elsewhere.
    Sealed,
}

/// What a run of a plan did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CleanResult {
    /// [`CLEAN_SCHEMA`].
    pub schema: String,
    /// The plan's own name.
    pub plan: String,
    /// The server.
    pub server: String,
    /// When, UTC.
    #[schemars(with = "String")]
    pub time: Timestamp,
    /// Nothing was changed: it only looked.
    pub dry_run: bool,
    /// The folder of the vault.
    pub vault: String,
    /// One entry an action.
    pub actions: Vec<ActionResult>,
    /// How many instructions are left to a person.
    pub instructions: u64,
    /// What pages of the server answered afterwards that the user named.
    #[serde(default)]
    pub asked: Vec<AskedPage>,
}

/// A page that was asked for after a plan was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AskedPage {
    /// Its address.
    pub url: String,
    /// The status it answered with; `None` when there was no answer.
    pub status: Option<u16>,
    /// Why there was none (English).
    pub error: Option<String>,
}

impl AskedPage {
    /// Whether a visitor still gets something for it: an answer of success.
    pub fn still_answers(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }
}
