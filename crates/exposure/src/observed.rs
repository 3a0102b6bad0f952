//! What the evidence of a server says of its settings: gathered record by record, judged later.

use std::collections::BTreeMap;

use afterpatch_model::{ArtifactId, Pointer, Record, RegistryValue, Setting, Timestamp, Unified};

/// Settings kept of one server. The configuration of a server with a thousand sites has some ten thousand that matter.
const MAX_KEPT: usize = 50_000;
/// Letters kept of one text.
const LONGEST: usize = 1_024;

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Elements of IIS configuration, in the order in which they stand in their files.
    pub(crate) settings: Vec<SettingSeen>,
    /// Services: name in lower case, and how they are started (4 = switched off).
    pub(crate) services: BTreeMap<String, (String, Pointer)>,
    /// What the antivirus is told to leave out.
    pub(crate) exclusions: Vec<(String, Pointer)>,
    /// `CurrentBuildNumber` and `UBR` of Windows.
    pub(crate) windows_build: Option<u32>,
    pub(crate) windows_revision: Option<(u32, Pointer)>,
    /// `DisableLoopbackCheck`, and whether the key it would stand in was read.
    pub(crate) loopback_check_off: Option<(bool, Pointer)>,
    pub(crate) lsa_read: Option<Pointer>,
    /// Commands that change settings of the organisation, in no order.
    pub(crate) commands: Vec<CommandSeen>,
    /// What setup prepared: its word in lower case.
    pub(crate) prepared: Vec<(Option<Timestamp>, String, Pointer)>,
    /// Traces of Microsoft's mitigation script: path and last change.
    pub(crate) script_traces: Vec<(String, Option<Timestamp>)>,
    /// What was not kept, as there was too much.
    pub(crate) left_out: u64,
}

/// One element of IIS configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SettingSeen {
    /// The file, with backslashes.
    pub path: String,
    pub section: String,
    pub element: String,
    pub location: String,
    pub fields: Vec<(String, String)>,
    pub at: Pointer,
}

impl SettingSeen {
    /// A field by name, without regard to case; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    /// Whether it stands in the server's configuration that is in use, or in its `web.config` (and not in a copy).
    pub fn is_in_use(&self) -> bool {
        let path = self.path.to_ascii_lowercase();
        let is_old = [r"\inetpub\history\", r"\windows.old\", r"\winsxs\", "harddiskvolumeshadowcopy"]
            .iter()
            .any(|part| path.contains(part));
        !is_old && (self.is_of_server() || file_name(&path) == "web.config")
    }

    /// Whether it stands in `applicationHost.config` itself.
    pub fn is_of_server(&self) -> bool {
        let path = self.path.to_ascii_lowercase();
        path == "applicationhost.config" || path.ends_with(r"\inetsrv\config\applicationhost.config")
    }

    /// Folder of the file, in lower case.
    pub fn folder(&self) -> String {
        let path = self.path.to_ascii_lowercase();
        path.rsplit_once('\\').map(|(folder, _)| folder.to_owned()).unwrap_or_default()
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or(path)
}

/// A command that changes settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CommandSeen {
    pub time: Option<Timestamp>,
    /// In lower case.
    pub name: String,
    pub parameters: String,
    pub at: Pointer,
}

/// Elements that are kept, by the end of their section.
const KEPT: &[(&str, &[&str])] = &[
    ("rewrite/rules", &["rule", "remove", "clear"]),
    ("rewrite/globalRules", &["rule", "remove", "clear"]),
    ("rewrite/outboundRules", &["rule", "remove", "clear"]),
    ("outboundRules/preConditions", &["preCondition", "remove", "clear"]),
    ("windowsAuthentication", &["extendedProtection"]),
    ("system.webServer/globalModules", &["add"]),
    ("system.web", &["machineKey"]),
    ("sites/site/application", &["virtualDirectory"]),
    ("system.applicationHost/applicationPools", &["add"]),
];

const COMMANDS: &[&str] = &["new-settingoverride", "set-settingoverride", "remove-settingoverride", "set-organizationconfig"];

impl Observed {
    /// Takes a record, if it says something of a setting.
    pub fn record(&mut self, artifact: ArtifactId, record: &Record<'_>) {
        let at = Pointer { artifact, place: record.place };
        match &record.unified {
            Unified::Setting(setting) => self.setting(setting, record, at),
            Unified::RegistryValue(value) => self.registry(value, at),
            Unified::Cmdlet(cmdlet) if cmdlet.succeeded != Some(false) => {
                let name = cmdlet.name.to_ascii_lowercase();
                if COMMANDS.contains(&name.as_str()) && self.has_room(self.commands.len()) {
                    self.commands.push(CommandSeen { time: record.time, name, parameters: short(&cmdlet.parameters), at });
                }
            }
            Unified::Other if record.source.service == "defender-log" => {
                if record.fields.get("Event") == Some("Exclusion")
                    && let Some(path) = record.fields.get("Path")
                {
                    self.exclude(path, at);
                }
            }
            Unified::Other if record.source.service == "setup" => self.setup(record, at),
            _ => {}
        }
    }

    /// A file that Microsoft's mitigation script (EOMT) leaves behind.
    pub fn script_trace(&mut self, path: &str, modified: Option<Timestamp>) {
        if self.script_traces.len() < 20 {
            self.script_traces.push((short(path), modified));
        }
    }

    /// Whether a file's name is that of such a trace (`EOMTSummary.txt`, `EOMT.log`; facts of CSS-Exchange).
    pub fn is_script_trace(file_name: &str) -> bool {
        ["EOMTSummary.txt", "EOMT.log"].iter().any(|own| own.eq_ignore_ascii_case(file_name))
    }

    /// Adds what another artifact of the same server says.
    pub fn merge(&mut self, other: Self) {
        self.left_out += other.left_out;
        self.left_out += add(&mut self.settings, other.settings);
        for (name, service) in other.services {
            self.services.entry(name).or_insert(service);
        }
        self.left_out += add(&mut self.exclusions, other.exclusions);
        self.windows_build = self.windows_build.or(other.windows_build);
        self.windows_revision = self.windows_revision.or(other.windows_revision);
        self.loopback_check_off = self.loopback_check_off.or(other.loopback_check_off);
        self.lsa_read = self.lsa_read.or(other.lsa_read);
        self.left_out += add(&mut self.commands, other.commands);
        self.left_out += add(&mut self.prepared, other.prepared);
        self.script_traces.extend(other.script_traces);
        self.script_traces.truncate(20);
    }

    /// How many settings were not kept, as there were too many: an answer that rests on the others is worth less.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Whether nothing was seen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether one more is kept; counts it when not.
    fn has_room(&mut self, kept: usize) -> bool {
        let has_room = kept < MAX_KEPT;
        self.left_out += u64::from(!has_room);
        has_room
    }

    fn setting(&mut self, setting: &Setting<'_>, record: &Record<'_>, at: Pointer) {
        let is_kept =
            KEPT.iter().any(|(section, elements)| setting.section.ends_with(section) && elements.contains(&&*setting.element));
        if !is_kept || !self.has_room(self.settings.len()) {
            return;
        }
        let path = record.fields.get("ConfigPath").unwrap_or_default();
        let fields = record.fields.iter().filter(|(name, _)| *name != "ConfigPath");
        let seen = SettingSeen {
            path: short(path),
            section: setting.section.clone().into_owned(),
            element: setting.element.clone().into_owned(),
            location: setting.location.clone().into_owned(),
            fields: fields.map(|(name, value)| (name.to_owned(), short(value))).collect(),
            at,
        };
        // Copies are worth nothing but the rules that stood in them.
        if seen.is_in_use() || seen.element == "rule" {
            self.settings.push(seen);
        }
    }

    fn registry(&mut self, value: &RegistryValue<'_>, at: Pointer) {
        let key = value.key.to_ascii_lowercase();
        if let Some(service) = key.strip_prefix(r"hklm\system\currentcontrolset\services\") {
            if value.name.eq_ignore_ascii_case("Start") && !service.contains('\\') && self.has_room(self.services.len()) {
                self.services.insert(service.to_owned(), (short(&value.data), at));
            }
        } else if key.contains(r"\windows defender\exclusions\") {
            self.exclude(&value.name, at);
        } else if key == r"hklm\software\microsoft\windows nt\currentversion" {
            match value.name.to_ascii_lowercase().as_str() {
                "currentbuildnumber" => self.windows_build = value.data.trim().parse().ok(),
                "ubr" => self.windows_revision = value.data.trim().parse().ok().map(|revision| (revision, at)),
                _ => {}
            }
        } else if key == r"hklm\system\currentcontrolset\control\lsa" {
            self.lsa_read.get_or_insert(at);
            if value.name.eq_ignore_ascii_case("DisableLoopbackCheck") {
                self.loopback_check_off = Some((value.data.trim() != "0", at));
            }
        }
    }

    fn setup(&mut self, record: &Record<'_>, at: Pointer) {
        let message = record.fields.get("Message").unwrap_or_default();
        let Some(rest) = message.strip_prefix("Command Line Parameter Name='") else { return };
        let word = rest.split('\'').next().unwrap_or_default().to_ascii_lowercase();
        if word.starts_with("prepare") && self.has_room(self.prepared.len()) {
            self.prepared.push((record.time, word, at));
        }
    }

    fn exclude(&mut self, what: &str, at: Pointer) {
        if !what.is_empty() && self.has_room(self.exclusions.len()) {
            self.exclusions.push((short(what), at));
        }
    }
}

/// Adds as many as there is room for; gives how many were left.
fn add<T>(own: &mut Vec<T>, others: Vec<T>) -> u64 {
    let room = MAX_KEPT.saturating_sub(own.len());
    let left = others.len().saturating_sub(room);
    own.extend(others.into_iter().take(room));
    u64::try_from(left).unwrap_or(u64::MAX)
}

fn short(text: &str) -> String {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use afterpatch_model::{LogSource, Place};

    use super::*;

    #[test]
    fn what_is_too_much_is_counted() {
        let record = |name: &str| Record {
            place: Place::Whole,
            time: None,
            server: None,
            source: LogSource::default(),
            fields: Default::default(),
            unified: Unified::RegistryValue(RegistryValue {
                key: r"HKLM\SOFTWARE\Microsoft\Windows Defender\Exclusions\Paths".into(),
                name: name.to_owned().into(),
                data: "0".into(),
            }),
        };
        let mut observed = Observed::default();
        (0..MAX_KEPT + 3).for_each(|number| observed.record(ArtifactId(0), &record(&format!(r"C:\{number}"))));
        assert_eq!((observed.exclusions.len(), observed.left_out()), (MAX_KEPT, 3));
        let mut other = Observed::default();
        other.record(ArtifactId(1), &record("C:"));
        observed.merge(other);
        assert_eq!((observed.exclusions.len(), observed.left_out()), (MAX_KEPT, 4));
    }
}
