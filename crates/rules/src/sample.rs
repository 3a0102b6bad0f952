//! Samples beside rules: what a rule must match, and what it must not.
//!
//! | beside a | `hit-*.json`, `miss-*.json` hold |
//! |---|---|
//! | Sigma rule | `{"source": {"product", "category", "service"}, "unified": "web_request", "fields": {...}}` |
//! | YARA rule | `{"path": "C:\\\\...\\\\x.aspx", "sealed": "..."}`: the content masked and in base64, so that no scanner trips over it |

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use afterpatch_model::{
    AccountChange, AntivirusFinding, Cmdlet, Fields, FileChange, FileEntry, HttpError, LogSource, Logon, MailPassed,
    MailboxAccess, OabGeneration, Place, ProcessStart, ProxyRequest, Record, RegistryValue, RemoteShell, ScheduledTask,
    ScriptBlock, ServiceInstalled, Setting, ShareAccess, Unified, WebRequest,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;

use crate::{FileScanner, FileToScan, RuleProblem, RuleSet, sealed::mask};

/// What a sample says must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The rule beside it matches.
    Hit,
    /// The rule beside it does not match.
    Miss,
}

/// A file beside a rule.
pub struct SampleFile {
    /// Its name (`hit-script.json`).
    pub name: String,
    /// What it says must be.
    pub expected: Expected,
    /// Its content, or what is wrong with it.
    pub sample: Result<Sample, String>,
}

/// A record or a file for a rule to look at.
pub enum Sample {
    /// A record.
    Record(RecordSample),
    /// A file.
    File(FileSample),
}

/// A record as a sample file tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordSample {
    source: Source,
    unified: String,
    fields: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    product: String,
    category: String,
    service: String,
}

/// A file as a sample file tells it.
pub struct FileSample {
    path: String,
    content: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    path: String,
    sealed: String,
}

/// What became of all samples that lie beside the rules of a set.
#[derive(Default)]
pub struct SampleCheck {
    /// Samples that are matched, as they must be.
    pub hits: u64,
    /// Samples that are not matched, as they must not be.
    pub misses: u64,
    /// Samples that are something else than they must be, or that cannot be read, and why.
    pub wrong: Vec<RuleProblem>,
}

impl SampleCheck {
    /// Shows every sample beside a rule to the rules: it must be (or not be) matched by a rule of its own folder.
    pub fn of(rules: &RuleSet) -> Self {
        let mut folders: BTreeMap<&Path, Vec<&str>> = BTreeMap::new();
        for rule in rules.rules() {
            let folder = Path::new(&rule.path).parent().unwrap_or(Path::new("."));
            folders.entry(folder).or_default().push(&rule.slug);
        }
        let mut check = Self::default();
        for (folder, slugs) in folders {
            for SampleFile { name, expected, sample } in SampleFile::beside(folder) {
                let told = sample.map(|sample| sample.told_by(rules));
                let reason = match (expected, told.as_deref()) {
                    (_, Err(error)) => error.clone(),
                    (Expected::Hit, Ok(told)) if slugs.iter().any(|slug| told.contains(slug)) => {
                        check.hits += 1;
                        continue;
                    }
                    (Expected::Miss, Ok(told)) if !slugs.iter().any(|slug| told.contains(slug)) => {
                        check.misses += 1;
                        continue;
                    }
                    (Expected::Hit, Ok(_)) => "no rule beside it matches".to_owned(),
                    (Expected::Miss, Ok(told)) => format!("is matched by {}", told.join(", ")),
                };
                check.wrong.push(RuleProblem::new(&folder.join(&name).display().to_string(), reason));
            }
        }
        check
    }
}

impl SampleFile {
    /// The samples in a folder, in order of their names. Where there are none, or no such folder, there is nothing.
    pub fn beside(folder: &Path) -> Vec<Self> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with(".json"))
            .collect();
        names.sort();
        let samples = names.into_iter().filter_map(|name| {
            let expected = match name.split_once('-') {
                Some(("hit", _)) => Expected::Hit,
                Some(("miss", _)) => Expected::Miss,
                _ => return None,
            };
            let text = fs::read_to_string(folder.join(&name)).map_err(|error| error.to_string());
            Some(Self { name, expected, sample: text.and_then(|text| Sample::parse(&text)) })
        });
        samples.collect()
    }
}

impl Sample {
    /// Reads the text of a sample file.
    ///
    /// # Errors
    /// What is wrong with it, in English.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value: serde_json::Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if value.get("sealed").is_some() {
            let Sealed { path, sealed } = serde_json::from_value(value).map_err(|error| error.to_string())?;
            let masked = STANDARD.decode(sealed).map_err(|error| error.to_string())?;
            return Ok(Self::File(FileSample { path, content: mask(&masked) }));
        }
        let sample: RecordSample = serde_json::from_value(value).map_err(|error| error.to_string())?;
        sample.record()?;
        Ok(Self::Record(sample))
    }

    /// The slugs of the rules that it matches, in the order of the rules.
    pub fn told_by<'r>(&self, rules: &'r RuleSet) -> Vec<&'r str> {
        match self {
            Self::Record(sample) => {
                let mut hits = Vec::new();
                if let Ok(record) = sample.record() {
                    rules.sigma.matches(&record, &mut hits);
                }
                hits.into_iter().filter_map(|hit| rules.sigma.rules().get(hit)).map(|rule| rule.slug.as_str()).collect()
            }
            Self::File(file) => {
                let hits = rules.yara.scan(&FileToScan { path: &file.path, content: &file.content });
                hits.into_iter().filter_map(|hit| rules.yara.rules().get(hit.rule)).map(|rule| rule.slug.as_str()).collect()
            }
        }
    }
}

impl RecordSample {
    /// The record: its own fields as told, and a unified record filled from them as a reader would.
    fn record(&self) -> Result<Record<'_>, String> {
        let text = |name: &str| Cow::Borrowed(self.fields.get(name).map_or("", String::as_str));
        let number = |name: &str| text(name).parse().unwrap_or(0);
        let unified = match self.unified.as_str() {
            "web_request" => Unified::WebRequest(WebRequest {
                method: text("cs-method"),
                stem: text("cs-uri-stem"),
                query: text("cs-uri-query"),
                client: text("c-ip"),
                user: text("cs-username"),
                user_agent: text("cs-user-agent"),
                port: number("s-port"),
                status: number("sc-status"),
                ..WebRequest::default()
            }),
            "proxy_request" => Unified::ProxyRequest(ProxyRequest {
                protocol: text("Protocol"),
                method: text("Method"),
                stem: text("UrlStem"),
                query: text("UrlQuery"),
                client: text("ClientIpAddress"),
                user: text("AuthenticatedUser"),
                anchor_mailbox: text("AnchorMailbox"),
                routing_hint: text("RoutingHint"),
                back_end_cookie: text("BackEndCookie"),
                user_agent: text("UserAgent"),
                status: number("HttpStatus"),
                back_end_status: number("BackEndStatus"),
                errors: text("Errors"),
                ..ProxyRequest::default()
            }),
            "cmdlet" => Unified::Cmdlet(Cmdlet {
                name: text("Cmdlet"),
                parameters: text("Parameters"),
                user: text("CmdletUser"),
                host: text("CmdletHost"),
                url: text("CmdletUrl"),
                client: text("CmdletClient"),
                succeeded: self.fields.get("Succeeded").map(|word| word == "true"),
            }),
            "process_start" => Unified::ProcessStart(ProcessStart {
                image: text("Image"),
                command_line: text("CommandLine"),
                parent_image: text("ParentImage"),
                parent_command_line: text("ParentCommandLine"),
                user: text("User"),
                ..ProcessStart::default()
            }),
            "file_change" => {
                Unified::FileChange(FileChange { path: text("TargetFilename"), image: text("Image"), ..FileChange::default() })
            }
            "share_access" => Unified::ShareAccess(ShareAccess {
                share: text("ShareName"),
                target: text("RelativeTargetName"),
                client: text("IpAddress"),
                user: text("SubjectUserName"),
                write: text("Write") == "true",
                ..ShareAccess::default()
            }),
            "remote_shell" => Unified::RemoteShell(RemoteShell {
                user: text("AuthenticatedUser"),
                client: text("ClientIpAddress"),
                client_info: text("ClientInfo"),
                stem: text("UrlStem"),
                query: text("UrlQuery"),
                status: number("HttpStatus"),
                command: text("CommandName"),
            }),
            "mailbox_access" => Unified::MailboxAccess(MailboxAccess {
                action: text("SoapAction"),
                user: text("AuthenticatedUser"),
                mailbox: text("Mailbox"),
                client: text("ClientIpAddress"),
                user_agent: text("UserAgent"),
                status: number("HttpStatus"),
                ..MailboxAccess::default()
            }),
            "mail_passed" => Unified::MailPassed(MailPassed {
                event: text("EventId"),
                source: text("Source"),
                sender: text("Sender"),
                recipients: text("Recipients"),
                subject: text("Subject"),
                client: text("ClientIp"),
                ..MailPassed::default()
            }),
            "setting" => {
                Unified::Setting(Setting { section: text("Section"), element: text("Element"), location: text("Location") })
            }
            "registry_value" => {
                let target = text("TargetObject");
                let (key, name) = target.rsplit_once('\\').unwrap_or((&target, ""));
                Unified::RegistryValue(RegistryValue {
                    key: key.to_owned().into(),
                    name: name.to_owned().into(),
                    data: text("Details"),
                })
            }
            "scheduled_task" => Unified::ScheduledTask(ScheduledTask {
                name: text("TaskName"),
                command: text("Command"),
                arguments: text("Arguments"),
                author: text("Author"),
                user: text("UserId"),
            }),
            "service_installed" => Unified::ServiceInstalled(ServiceInstalled {
                name: text("ServiceName"),
                command: text("ImagePath"),
                account: text("AccountName"),
                ..ServiceInstalled::default()
            }),
            "account_change" => Unified::AccountChange(AccountChange {
                account: text("ChangedAccount"),
                group: text("ChangedGroup"),
                by: text("ChangedBy"),
            }),
            "script_block" => Unified::ScriptBlock(ScriptBlock { text: text("ScriptBlockText"), path: text("Path") }),
            "antivirus_finding" => Unified::AntivirusFinding(AntivirusFinding {
                threat: text("Signature"),
                path: text("Filename"),
                process: text("ProcessName"),
                action: text("Action"),
            }),
            "file_entry" => Unified::FileEntry(Box::new(FileEntry {
                path: text("TargetFilename"),
                deleted: text("Deleted") == "true",
                ..FileEntry::default()
            })),
            "http_error" => Unified::HttpError(HttpError {
                method: text("cs-method"),
                url: text("cs-uri"),
                client: text("c-ip"),
                status: number("sc-status"),
                reason: text("s-reason"),
                queue: text("s-queuename"),
            }),
            "logon" => Unified::Logon(Logon {
                user: text("TargetUserName"),
                client: text("IpAddress"),
                logon_type: u32::from(number("LogonType")),
                package: text("AuthenticationPackageName"),
                workstation: text("WorkstationName"),
            }),
            "oab_generation" => Unified::OabGeneration(OabGeneration { path: text("Path"), message: text("Message") }),
            "other" => Unified::Other,
            unknown => return Err(format!("`{unknown}` is no unified record that samples know")),
        };
        let fields =
            self.fields.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), Cow::Borrowed(value.as_str()))).collect();
        Ok(Record {
            place: Place::Line(1),
            time: None,
            server: None,
            source: LogSource {
                product: Cow::Borrowed(&self.source.product),
                category: Cow::Borrowed(&self.source.category),
                service: Cow::Borrowed(&self.source.service),
            },
            fields: Fields::Pairs(fields),
            unified,
        })
    }
}
