//! One file of a known kind in the evidence, and places inside it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of an artifact in a [`crate::Report`]: its position in [`crate::Report::artifacts`].
///
/// Numbers are given in the order of the sorted evidence listing, so the same evidence gives the same numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ArtifactId(pub u32);

/// A kind of artifact that afterpatch knows. One variant is one folder in `crates/artifacts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ArtifactKind {
    /// IIS W3C access log (`u_ex*.log`).
    IisW3c,
    /// Exchange front-end proxy log (`Logging\HttpProxy\<Protocol>\HttpProxy_*.LOG`).
    ExchangeHttpproxy,
    /// Exchange control panel server log (`Logging\ECP\Server\ECPServer*.LOG`).
    ExchangeEcp,
    /// Offline address book generator log (`Logging\OABGeneratorLog\*.log`).
    ExchangeOabGenerator,
    /// Windows event log file.
    Evtx,
    /// Windows events rendered as JSON, one object a line or one array.
    EventJson,
    /// Windows events as XML text, one after the other or below one root.
    EventXml,
    /// ASP.NET compiler result (`*.compiled`), left in the temporary folder when a page is first requested.
    AspnetCompiled,
    /// A script file that a web server would run for a visitor (`.aspx`, `.ashx`, ...).
    ServedScript,
    /// Exchange control panel activity log (`Logging\ECP\Activity\ECPActivity_*.LOG`).
    ExchangeEcpActivity,
    /// Remote PowerShell HTTP log (`Logging\CmdletInfra\Powershell-Proxy\Http\Rps_Http_*.LOG`).
    ExchangeRpsHttp,
    /// Cmdlet log (`Logging\CmdletInfra\*\Cmdlet\Rps_Cmdlet_*.LOG`).
    ExchangeRpsCmdlet,
    /// Admin audit queue (`Logging\LocalQueue\Exchange\audit*.LOG`).
    ExchangeAudit,
    /// Message tracking log (`TransportRoles\Logs\MessageTracking\MSGTRK*.LOG`).
    ExchangeMessageTracking,
    /// Exchange web services log (`Logging\Ews\Ews_*.LOG`).
    ExchangeEws,
    /// Exchange setup log (`C:\ExchangeSetupLogs\ExchangeSetup.log`).
    ExchangeSetup,
    /// Error log of HTTP.sys (`httperr*.log`).
    HttpErr,
    /// Access log of Apache, nginx or Tomcat (common, combined, or with its own pattern in the head).
    AccessLog,
    /// IIS configuration (`applicationHost.config`, its history copies, `web.config`).
    IisConfig,
    /// List of transport agents (`agents.config`).
    TransportAgents,
    /// Registry hive (SOFTWARE, SYSTEM).
    RegistryHive,
    /// Scheduled task (XML below `System32\Tasks`).
    ScheduledTask,
    /// Exchange's own program with the true build (`ExSetup.exe`).
    PeVersion,
    /// NTFS master file table (`$MFT`).
    NtfsMft,
    /// NTFS change journal (`$UsnJrnl:$J`).
    NtfsUsn,
    /// Microsoft Defender support log (`MPLog-*.log`).
    DefenderLog,
    /// Microsoft Defender detection history.
    DefenderHistory,
    /// Journal of a quarantine vault of afterpatch (`journal.jsonl`): what was taken away, and when.
    VaultJournal,
    /// Manifest of one of our own collections.
    CollectionManifest,
    /// What a running system said of itself when it was scanned or collected: registry, processes.
    LiveState,
    /// A log or file whose kind we recognise but this version does not read.
    KnownUnread,
}

impl ArtifactKind {
    /// The kind's one name: folder in code, word in machine output, key of texts.
    pub fn slug(self) -> &'static str {
        match self {
            Self::IisW3c => "iis_w3c",
            Self::ExchangeHttpproxy => "exchange_httpproxy",
            Self::ExchangeEcp => "exchange_ecp",
            Self::ExchangeOabGenerator => "exchange_oab_generator",
            Self::Evtx => "evtx",
            Self::EventJson => "event_json",
            Self::EventXml => "event_xml",
            Self::AspnetCompiled => "aspnet_compiled",
            Self::ServedScript => "served_script",
            Self::ExchangeEcpActivity => "exchange_ecp_activity",
            Self::ExchangeRpsHttp => "exchange_rps_http",
            Self::ExchangeRpsCmdlet => "exchange_rps_cmdlet",
            Self::ExchangeAudit => "exchange_audit",
            Self::ExchangeMessageTracking => "exchange_message_tracking",
            Self::ExchangeEws => "exchange_ews",
            Self::ExchangeSetup => "exchange_setup",
            Self::HttpErr => "http_err",
            Self::AccessLog => "access_log",
            Self::IisConfig => "iis_config",
            Self::TransportAgents => "transport_agents",
            Self::RegistryHive => "registry_hive",
            Self::ScheduledTask => "scheduled_task",
            Self::PeVersion => "pe_version",
            Self::NtfsMft => "ntfs_mft",
            Self::NtfsUsn => "ntfs_usn",
            Self::DefenderLog => "defender_log",
            Self::DefenderHistory => "defender_history",
            Self::VaultJournal => "vault_journal",
            Self::CollectionManifest => "collection_manifest",
            Self::LiveState => "live_state",
            Self::KnownUnread => "known_unread",
        }
    }
}

impl ArtifactKind {
    /// Whether it is written line by line as things happen, so that its first and last time say what it covers. The times of
    /// anything else (a configuration file, a registry key, a file table) say when something was last changed.
    pub fn is_log(self) -> bool {
        !matches!(
            self,
            Self::AspnetCompiled
                | Self::ServedScript
                | Self::IisConfig
                | Self::TransportAgents
                | Self::RegistryHive
                | Self::ScheduledTask
                | Self::PeVersion
                | Self::NtfsMft
                | Self::DefenderHistory
                | Self::VaultJournal
                | Self::CollectionManifest
                | Self::LiveState
                | Self::KnownUnread
        )
    }

    /// Whether its records are Windows events, in whatever form.
    pub fn holds_events(self) -> bool {
        matches!(self, Self::Evtx | Self::EventJson | Self::EventXml)
    }
}

/// What a report says of one artifact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArtifactInfo {
    /// Its number.
    pub id: ArtifactId,
    /// Which kind it was recognised as.
    pub kind: ArtifactKind,
    /// Where it lies in the evidence, as the evidence names it (decoded only to be readable, not yet escaped for display).
    pub path: String,
    /// The Windows path it had on the server, when the layout of the collection tells it (`C:\inetpub\...`).
    pub windows_path: Option<String>,
    /// Size of the artifact's bytes, expanded.
    pub bytes: u64,
    /// How many records were read.
    pub records: u64,
    /// Time of its first record.
    #[schemars(with = "Option<String>")]
    pub first: Option<jiff::Timestamp>,
    /// Time of its last record.
    #[schemars(with = "Option<String>")]
    pub last: Option<jiff::Timestamp>,
}

/// A place inside an artifact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The artifact as a whole.
    Whole,
    /// Line number, the first line is 1.
    Line(u64),
    /// Record number as the format itself counts (EventRecordID of an event log).
    Record(u64),
    /// Byte offset, the first byte is 0.
    Offset(u64),
}

/// Where something stands: artifact and place in it. Every statement of a report can be followed to one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Pointer {
    /// The artifact.
    pub artifact: ArtifactId,
    /// The place in it.
    pub place: Place,
}
