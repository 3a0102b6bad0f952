//! What a detector says about records or a file.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{ArtifactId, Place, Thing, ThingKind, Timestamp, thing::shorten};

/// How far an act got. Ordered: a later grade is graver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Something that somebody must look at; it says nothing yet of an attack.
    Unclear,
    /// A touch, no sign of passing.
    Scan,
    /// Shaped like the attack, refused or unfinished.
    Attempt,
    /// The server answered as the attack needs.
    Success,
    /// State was changed: file, configuration, account, mail, command run.
    Compromise,
    /// What was planted was used after the fix was installed.
    PostPatchUse,
}

/// How bad it would be if true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
    /// Critical.
    Critical,
}

/// How sure the detector is that it is what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Could well be something harmless.
    Low,
    /// Probably.
    Medium,
    /// No harmless explanation is known.
    High,
}

/// Whether a finding may be told by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Means nothing by itself (an administrator may reset a directory); told only as part of an incident that something
    /// strong opened.
    Beside,
    /// Opens an incident.
    Alone,
}

/// What part of an attack's story a finding tells. The order is the order in which an attack usually goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Step {
    /// Looking for holes or for other people's shells.
    Scan,
    /// A request that makes the server speak for the attacker.
    ForgedRequest,
    /// A session was opened with it.
    SessionOpened,
    /// Configuration of the server was read with it.
    ConfigurationRead,
    /// A virtual directory or other configuration was changed.
    ConfigurationChanged,
    /// A file was written where the web server serves or runs it.
    FileWritten,
    /// A virtual directory was taken away and made anew (which writes the file).
    DirectoryReset,
    /// The web server compiled the page: somebody asked for it.
    PageCompiled,
    /// The page was requested and answered.
    PageRequested,
    /// The web server started a command.
    CommandRun,
    /// Passwords or keys were read (memory of lsass, registry hives, machine keys).
    CredentialsTaken,
    /// Mail was exported, synchronised in bulk, forwarded or opened to others.
    MailTaken,
    /// A packed or disguised file left the server, whatever was in it.
    DataTaken,
    /// An account, a group or a role was changed.
    AccountChanged,
    /// Something was set up that starts by itself: service, task, web server module, transport agent.
    PersistenceAdded,
    /// Logging, antivirus or other defences were switched off or told to look away.
    DefencesWeakened,
    /// Traces were removed or the file went away.
    Removed,
    /// Somebody asked for the page and got nothing.
    PageGone,
    /// A file lies there now.
    FilePresent,
    /// Anything else.
    Other,
}

impl Step {
    /// The step's one name.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::ForgedRequest => "forged_request",
            Self::SessionOpened => "session_opened",
            Self::ConfigurationRead => "configuration_read",
            Self::ConfigurationChanged => "configuration_changed",
            Self::FileWritten => "file_written",
            Self::DirectoryReset => "directory_reset",
            Self::PageCompiled => "page_compiled",
            Self::PageRequested => "page_requested",
            Self::CommandRun => "command_run",
            Self::CredentialsTaken => "credentials_taken",
            Self::MailTaken => "mail_taken",
            Self::DataTaken => "data_taken",
            Self::AccountChanged => "account_changed",
            Self::PersistenceAdded => "persistence_added",
            Self::DefencesWeakened => "defences_weakened",
            Self::Removed => "removed",
            Self::PageGone => "page_gone",
            Self::FilePresent => "file_present",
            Self::Other => "other",
        }
    }
}

/// Whose knowledge a finding rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A detector or rule of ours.
    #[default]
    BuiltIn,
    /// A rule that the user brought along: it decides by itself only as much as it says itself.
    User,
}

/// One record that a finding rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Artifact it stands in.
    pub artifact: ArtifactId,
    /// Place in it.
    pub place: Place,
    /// The record's time in UTC.
    #[schemars(with = "Option<String>")]
    pub time: Option<Timestamp>,
    /// The telling part of the record (hostile text, at most [`Evidence::MAX_BYTES`]).
    pub text: String,
}

impl Evidence {
    /// No excerpt is kept longer than this many bytes.
    pub const MAX_BYTES: usize = 4096;

    /// Evidence, its excerpt cut at [`Evidence::MAX_BYTES`].
    pub fn new(artifact: ArtifactId, place: Place, time: Option<Timestamp>, text: impl Into<String>) -> Self {
        Self { artifact, place, time, text: shorten(text.into(), Self::MAX_BYTES) }
    }
}

/// What a detector says about records or a file, with grade, severity, confidence, tags and evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Its name in this report, `F1`, `F2` ... in order of time. Empty until the report is put together.
    pub id: String,
    /// The detector's or rule's slug: the same in code, rules folder, docs and texts.
    pub kind: String,
    /// One line in English that says what it is, without evidence text. Other languages are keyed by `kind`.
    pub title: String,
    /// The attack it belongs to (`proxylogon`), when the detector knows.
    pub campaign: Option<String>,
    /// What part of the story it tells.
    pub step: Step,
    /// How far it got.
    pub grade: Grade,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Whether it may be told by itself.
    pub standing: Standing,
    /// The server it happened on.
    pub server: String,
    /// First time in UTC.
    #[schemars(with = "Option<String>")]
    pub first: Option<Timestamp>,
    /// Last time in UTC.
    #[schemars(with = "Option<String>")]
    pub last: Option<Timestamp>,
    /// How many records say the same.
    pub count: u64,
    /// Bytes that these records sent to the visitor or took out, where the log counts them.
    pub bytes_out: Option<u64>,
    /// ATT&CK technique ids (`T1190`).
    pub attack: Vec<String>,
    /// CVE ids.
    pub cves: Vec<String>,
    /// Things it speaks of, sorted, without repeats.
    pub things: Vec<Thing>,
    /// Records it rests on: at least one, the earliest first; long rows of the same are thinned out, `count` tells all.
    pub evidence: Vec<Evidence>,
    /// Why a detector that weighs signs told it: each sign and what it weighs; the sum is the score. Empty where one sign
    /// decides.
    pub why: Vec<Reason>,
    /// Author of the rule, when a rule found it.
    pub author: Option<String>,
    /// Whose knowledge it rests on.
    pub origin: Origin,
    /// Somebody looked at it and vouches for it: told, but not part of the verdict.
    pub acknowledged: Option<Acknowledgement>,
}

/// One sign that spoke for a finding or against it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// The sign's slug, which is the key of its text (`why-one-visitor`).
    pub sign: String,
    /// Points; below zero when it speaks against the finding.
    pub weight: i32,
}

/// Why a finding does not count: an entry of the user's acknowledgement file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Acknowledgement {
    /// Why it is harmless.
    pub why: String,
    /// Who says so.
    pub who: String,
    /// Until when (UTC) that holds; `None` for ever.
    #[schemars(with = "Option<String>")]
    pub until: Option<Timestamp>,
}

impl Finding {
    /// The values of all things of one kind.
    pub fn things_of(&self, kind: ThingKind) -> impl Iterator<Item = &str> {
        self.things.iter().filter(move |thing| thing.kind == kind).map(|thing| thing.value.as_str())
    }
}
