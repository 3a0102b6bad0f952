//! Unified records: what a row means, whichever format it came in.
//!
//! Detectors see only these and the names of [`Unified::field`], which are the field names of the Sigma taxonomy where it
//! has one (`webserver` = the IIS W3C names, `process_creation` and `file_event` = Sysmon's names).

mod mail;
mod state;

use std::borrow::Cow;
use std::fmt;

pub use mail::{MailPassed, MailboxAccess, RemoteShell};
pub use state::{
    AccountChange, AntivirusFinding, FileEntry, HttpError, RegistryValue, ScheduledTask, ScriptBlock, ServiceInstalled, Setting,
};

use crate::{Build, Timestamp};

/// The meaning of one record. `Other` is a record that no detector but a rule on its own fields cares for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Unified<'a> {
    /// A request that a web server answered.
    WebRequest(WebRequest<'a>),
    /// A request that the Exchange front end routed to a back end.
    ProxyRequest(ProxyRequest<'a>),
    /// An Exchange management command.
    Cmdlet(Cmdlet<'a>),
    /// A process was started.
    ProcessStart(ProcessStart<'a>),
    /// A file was created, changed or deleted.
    FileChange(FileChange<'a>),
    /// A file on a share was accessed over the network.
    ShareAccess(ShareAccess<'a>),
    /// Somebody logged on.
    Logon(Logon<'a>),
    /// The offline address book generator handled a file.
    OabGeneration(OabGeneration<'a>),
    /// A compiled page left in the temporary ASP.NET folder.
    CompiledPage(CompiledPage<'a>),
    /// A script file that the web server would run.
    ServedFile(Box<ServedFile<'a>>),
    /// The server's build at the record's time.
    Build(BuildSeen),
    /// A call to remote PowerShell.
    RemoteShell(RemoteShell<'a>),
    /// Somebody worked in a mailbox through web services.
    MailboxAccess(MailboxAccess<'a>),
    /// A mail passed transport.
    MailPassed(MailPassed<'a>),
    /// An element of a configuration file.
    Setting(Setting<'a>),
    /// A value of an offline registry hive.
    RegistryValue(RegistryValue<'a>),
    /// A scheduled task.
    ScheduledTask(ScheduledTask<'a>),
    /// A service was installed.
    ServiceInstalled(ServiceInstalled<'a>),
    /// An account or a group was changed.
    AccountChange(AccountChange<'a>),
    /// A script block that PowerShell ran.
    ScriptBlock(ScriptBlock<'a>),
    /// The antivirus found or removed something.
    AntivirusFinding(AntivirusFinding<'a>),
    /// A file's entry in the master file table.
    FileEntry(Box<FileEntry<'a>>),
    /// A request that HTTP.sys refused or lost.
    HttpError(HttpError<'a>),
    /// Anything else.
    Other,
}

/// A request that a web server answered (IIS W3C).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WebRequest<'a> {
    /// HTTP method as sent.
    pub method: Cow<'a, str>,
    /// Path, as logged.
    pub stem: Cow<'a, str>,
    /// Query without `?`, as logged; empty when there was none.
    pub query: Cow<'a, str>,
    /// Client address as the web server saw it (a load balancer's, if one stands before).
    pub client: Cow<'a, str>,
    /// The real client where the log has `X-Forwarded-For`; empty otherwise.
    pub forwarded_for: Cow<'a, str>,
    /// Authenticated user; empty when none.
    pub user: Cow<'a, str>,
    /// User agent with the log's `+` turned back to blanks; empty when none.
    pub user_agent: Cow<'a, str>,
    /// Referer; empty when none.
    pub referer: Cow<'a, str>,
    /// Server port; 0 when not logged. 444 and 81 are the Exchange back end.
    pub port: u16,
    /// Status of the answer; 0 when not logged.
    pub status: u16,
    /// `cafeReqId` inside the query, which is HttpProxy's `RequestId`; empty when none.
    pub request_id: Cow<'a, str>,
    /// Bytes sent to the client, if logged.
    pub bytes_out: Option<u64>,
    /// Bytes received from the client, if logged.
    pub bytes_in: Option<u64>,
}

/// A request that the Exchange front end routed (HttpProxy).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProxyRequest<'a> {
    /// `RequestId`.
    pub request_id: Cow<'a, str>,
    /// Protocol (`Ecp`, `Owa`, `Autodiscover` ...).
    pub protocol: Cow<'a, str>,
    /// Method.
    pub method: Cow<'a, str>,
    /// `UrlStem`.
    pub stem: Cow<'a, str>,
    /// `UrlQuery`.
    pub query: Cow<'a, str>,
    /// Client address.
    pub client: Cow<'a, str>,
    /// `AuthenticatedUser`; empty when none.
    pub user: Cow<'a, str>,
    /// `AnchorMailbox`.
    pub anchor_mailbox: Cow<'a, str>,
    /// `RoutingHint`.
    pub routing_hint: Cow<'a, str>,
    /// `BackEndCookie`.
    pub back_end_cookie: Cow<'a, str>,
    /// User agent.
    pub user_agent: Cow<'a, str>,
    /// Status given to the client; 0 when none.
    pub status: u16,
    /// Status given by the back end; 0 when none.
    pub back_end_status: u16,
    /// `ErrorCode` and `GenericErrors`, joined by a blank.
    pub errors: Cow<'a, str>,
    /// `ResponseBytes`: bytes sent to the client, if logged.
    pub bytes_out: Option<u64>,
}

/// An Exchange management command (event log, control panel log).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cmdlet<'a> {
    /// `Set-OabVirtualDirectory`.
    pub name: Cow<'a, str>,
    /// Parameters as the source writes them.
    pub parameters: Cow<'a, str>,
    /// Who; empty when the source does not say.
    pub user: Cow<'a, str>,
    /// The process or host application that ran it (`w3wp#MSExchangeECPAppPool`); empty when the source does not say.
    pub host: Cow<'a, str>,
    /// URL of the control panel call that ran it; empty when the source does not say.
    pub url: Cow<'a, str>,
    /// Address of the client; empty when the source does not say.
    pub client: Cow<'a, str>,
    /// Whether it succeeded, if the source says.
    pub succeeded: Option<bool>,
}

/// A process was started.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProcessStart<'a> {
    /// Path of the program.
    pub image: Cow<'a, str>,
    /// Its command line; empty when not audited.
    pub command_line: Cow<'a, str>,
    /// Process number.
    pub pid: Option<u64>,
    /// Program of the parent.
    pub parent_image: Cow<'a, str>,
    /// Command line of the parent; empty when the source does not say.
    pub parent_command_line: Cow<'a, str>,
    /// Process number of the parent.
    pub parent_pid: Option<u64>,
    /// Account.
    pub user: Cow<'a, str>,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileAction {
    /// Created or overwritten.
    #[default]
    Created,
    /// Deleted.
    Deleted,
    /// Renamed; the path is the new one.
    Renamed,
}

/// A file was created or deleted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileChange<'a> {
    /// What happened.
    pub action: FileAction,
    /// Path of the file.
    pub path: Cow<'a, str>,
    /// Program that did it. `System` when the write came over a share.
    pub image: Cow<'a, str>,
    /// Process number.
    pub pid: Option<u64>,
}

/// A file on a share was accessed over the network (Security 5145).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShareAccess<'a> {
    /// Share (`\\*\C$`).
    pub share: Cow<'a, str>,
    /// The folder that the share leads to (`\??\C:\`).
    pub local_path: Cow<'a, str>,
    /// Path below the share.
    pub target: Cow<'a, str>,
    /// Address of the client.
    pub client: Cow<'a, str>,
    /// Account of the client.
    pub user: Cow<'a, str>,
    /// Whether the access asked for includes writing data.
    pub write: bool,
}

/// Somebody logged on (Security 4624).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logon<'a> {
    /// Account logged on to.
    pub user: Cow<'a, str>,
    /// Address it came from.
    pub client: Cow<'a, str>,
    /// Logon type number (3 is network, 10 is remote desktop).
    pub logon_type: u32,
    /// `AuthenticationPackageName` (`NTLM`, `Kerberos`); empty when the source does not say.
    pub package: Cow<'a, str>,
    /// The client's own name; empty when the source does not say.
    pub workstation: Cow<'a, str>,
}

/// The offline address book generator spoke of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OabGeneration<'a> {
    /// The path it names.
    pub path: Cow<'a, str>,
    /// The message.
    pub message: Cow<'a, str>,
}

/// A compiled page (`<page>.<hash>.compiled`, or the source that was made of it).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CompiledPage<'a> {
    /// `virtualPath` (`/owa/auth/x.aspx`); empty where only the file is named.
    pub virtual_path: Cow<'a, str>,
    /// The page's file on the server, where the compiler's source names it; else empty.
    pub source_path: Cow<'a, str>,
    /// `filedep` entries.
    pub depends_on: Vec<Cow<'a, str>>,
}

/// A structure that tells what a served file is, whatever its name.
#[derive(Clone, Debug, PartialEq)]
pub enum FileShape<'a> {
    /// The dump of a virtual directory object (see [`DirectoryDump`]).
    DirectoryDump(DirectoryDump<'a>),
    /// Begins as an Outlook data file (`!BDN`).
    OutlookData,
    /// Begins as a DER certificate request (`30 82`).
    CertificateRequest,
    /// Holds a server-side script block.
    ServerScript,
}

/// The dump of a virtual directory object, as a reset writes it: names the server and the time by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DirectoryDump<'a> {
    /// `Name` (`OAB (Default Web Site)`).
    pub name: Cow<'a, str>,
    /// `Server`.
    pub server: Cow<'a, str>,
    /// `ExternalUrl` (where a planted script stands).
    pub external_url: Cow<'a, str>,
    /// `InternalUrl`.
    pub internal_url: Cow<'a, str>,
    /// `WhenCreated` as written (the server's local time).
    pub when_created: Cow<'a, str>,
}

/// A script file that the web server would run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServedFile<'a> {
    /// Windows path where the collection's layout tells it, else the path in the evidence with backslashes.
    pub path: Cow<'a, str>,
    /// SHA-256 of the whole content, lower-case hex.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// Last change by the file system or archive, when its zone is known.
    pub modified: Option<Timestamp>,
    /// A web server runs a file of this name; any other needs a page that includes it, or a setting.
    pub runs_by_name: bool,
    /// Structures found in it.
    pub shapes: Vec<FileShape<'a>>,
    /// The first server-side script text found, shortened; empty when none.
    pub script: Cow<'a, str>,
    /// The content, or as much of its beginning as [`Content::MAX_BYTES`] allows.
    pub content: Content<'a>,
}

/// The bytes of a file, or of its beginning.
#[derive(Clone, Default, PartialEq)]
pub struct Content<'a>(pub Cow<'a, [u8]>);

impl Content<'_> {
    /// No more of a file is held in memory. Pages that people wrote are a hundred times smaller.
    pub const MAX_BYTES: usize = 16 << 20;
}

/// A record may be written down; a file's content never belongs there.
impl fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

/// The server's build at the record's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildSeen {
    /// The build.
    pub build: Build,
}

impl Unified<'_> {
    /// The script file whose content this record has: one that lies there, or one that stands in a file table itself.
    pub fn script(&self) -> Option<&ServedFile<'_>> {
        match self {
            Self::ServedFile(file) => Some(file),
            Self::FileEntry(entry) => entry.script.as_deref(),
            _ => None,
        }
    }

    /// A field by its Sigma taxonomy name (exact case), or `None` when this record has none such.
    /// A field that exists and is empty is given as empty.
    pub fn field(&self, name: &str) -> Option<Cow<'_, str>> {
        fn text(value: &str) -> Option<Cow<'_, str>> {
            Some(Cow::Borrowed(value))
        }
        fn number<'b>(value: u16) -> Option<Cow<'b, str>> {
            (value != 0).then(|| Cow::Owned(value.to_string()))
        }
        match self {
            Self::WebRequest(it) => match name {
                "cs-method" => text(&it.method),
                "cs-uri-stem" => text(&it.stem),
                "cs-uri-query" => text(&it.query),
                "c-ip" => text(&it.client),
                "X-Forwarded-For" => text(&it.forwarded_for),
                "cs-username" => text(&it.user),
                "cs-user-agent" => text(&it.user_agent),
                "cs-referer" => text(&it.referer),
                "s-port" => number(it.port),
                "sc-status" => number(it.status),
                _ => None,
            },
            Self::ProxyRequest(it) => match name {
                "cs-method" | "Method" => text(&it.method),
                "cs-uri-stem" | "UrlStem" => text(&it.stem),
                "cs-uri-query" | "UrlQuery" => text(&it.query),
                "c-ip" | "ClientIpAddress" => text(&it.client),
                "cs-username" | "AuthenticatedUser" => text(&it.user),
                "cs-user-agent" | "UserAgent" => text(&it.user_agent),
                "sc-status" | "HttpStatus" => number(it.status),
                "BackEndStatus" => number(it.back_end_status),
                "AnchorMailbox" => text(&it.anchor_mailbox),
                "RoutingHint" => text(&it.routing_hint),
                "BackEndCookie" => text(&it.back_end_cookie),
                "Protocol" => text(&it.protocol),
                "Errors" => text(&it.errors),
                _ => None,
            },
            Self::Cmdlet(it) => match name {
                "Cmdlet" => text(&it.name),
                "Parameters" => text(&it.parameters),
                "CmdletUser" => text(&it.user),
                "CmdletHost" => text(&it.host),
                "CmdletUrl" => text(&it.url),
                "CmdletClient" => text(&it.client),
                "Succeeded" => it.succeeded.map(|yes| Cow::Borrowed(if yes { "true" } else { "false" })),
                _ => None,
            },
            Self::ProcessStart(it) => match name {
                "Image" => text(&it.image),
                "CommandLine" => text(&it.command_line),
                "ParentImage" => text(&it.parent_image),
                "ParentCommandLine" => text(&it.parent_command_line),
                "User" => text(&it.user),
                _ => None,
            },
            Self::FileChange(it) => match name {
                "TargetFilename" => text(&it.path),
                "Image" => text(&it.image),
                _ => None,
            },
            Self::ShareAccess(it) => match name {
                "ShareName" => text(&it.share),
                "RelativeTargetName" => text(&it.target),
                "IpAddress" => text(&it.client),
                "SubjectUserName" => text(&it.user),
                "Write" => Some(Cow::Borrowed(if it.write { "true" } else { "false" })),
                _ => None,
            },
            Self::OabGeneration(it) => match name {
                "Path" => text(&it.path),
                "Message" => text(&it.message),
                _ => None,
            },
            Self::RemoteShell(it) => match name {
                "AuthenticatedUser" => text(&it.user),
                "ClientIpAddress" => text(&it.client),
                "ClientInfo" => text(&it.client_info),
                "UrlStem" => text(&it.stem),
                "UrlQuery" => text(&it.query),
                "HttpStatus" => number(it.status),
                "CommandName" => text(&it.command),
                _ => None,
            },
            Self::MailboxAccess(it) => match name {
                "SoapAction" => text(&it.action),
                "AuthenticatedUser" => text(&it.user),
                "Mailbox" => text(&it.mailbox),
                "ClientIpAddress" => text(&it.client),
                "UserAgent" => text(&it.user_agent),
                "HttpStatus" => number(it.status),
                _ => None,
            },
            Self::MailPassed(it) => match name {
                "EventId" => text(&it.event),
                "Source" => text(&it.source),
                "Sender" => text(&it.sender),
                "Recipients" => text(&it.recipients),
                "Subject" => text(&it.subject),
                "ClientIp" => text(&it.client),
                _ => None,
            },
            Self::Setting(it) => match name {
                "Section" => text(&it.section),
                "Element" => text(&it.element),
                "Location" => text(&it.location),
                _ => None,
            },
            Self::RegistryValue(it) => match name {
                "TargetObject" if it.name.is_empty() => text(&it.key),
                "TargetObject" => Some(Cow::Owned(format!(r"{}\{}", it.key, it.name))),
                "Details" => text(&it.data),
                _ => None,
            },
            Self::ScheduledTask(it) => match name {
                "TaskName" => text(&it.name),
                "Command" => text(&it.command),
                "Arguments" => text(&it.arguments),
                "Author" => text(&it.author),
                "UserId" => text(&it.user),
                _ => None,
            },
            Self::ServiceInstalled(it) => match name {
                "ServiceName" => text(&it.name),
                "ImagePath" | "ServiceFileName" => text(&it.command),
                "AccountName" => text(&it.account),
                _ => None,
            },
            Self::AccountChange(it) => match name {
                "ChangedAccount" => text(&it.account),
                "ChangedGroup" => text(&it.group),
                "ChangedBy" => text(&it.by),
                _ => None,
            },
            Self::ScriptBlock(it) => match name {
                "ScriptBlockText" => text(&it.text),
                "Path" => text(&it.path),
                _ => None,
            },
            Self::AntivirusFinding(it) => match name {
                // The names of Sigma's category `antivirus`.
                "Signature" => text(&it.threat),
                "Filename" => text(&it.path),
                "ProcessName" => text(&it.process),
                "Action" => text(&it.action),
                _ => None,
            },
            Self::FileEntry(it) => match name {
                "TargetFilename" => text(&it.path),
                "Deleted" => Some(Cow::Borrowed(if it.deleted { "true" } else { "false" })),
                _ => None,
            },
            Self::HttpError(it) => match name {
                "cs-method" => text(&it.method),
                "cs-uri" => text(&it.url),
                "c-ip" => text(&it.client),
                "sc-status" => number(it.status),
                "s-reason" => text(&it.reason),
                "s-queuename" => text(&it.queue),
                _ => None,
            },
            Self::Logon(it) => match name {
                "LogonType" => Some(Cow::Owned(it.logon_type.to_string())),
                "IpAddress" => text(&it.client),
                "WorkstationName" => text(&it.workstation),
                "AuthenticationPackageName" => text(&it.package),
                _ => None,
            },
            Self::CompiledPage(_) | Self::ServedFile(_) | Self::Build(_) | Self::Other => None,
        }
    }
}
