//! What a Windows system says of itself: its registry and the configuration of its web server, read as a scan reads them.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicU64;

use afterpatch_artifacts::{Flow, Input, Recognised, Sink, recognise};
use afterpatch_evidence::{Evidence, Limits, Place as Spot};
use afterpatch_model::{ArtifactKind, GapKind, Place, Record, Unified};

/// Folders that are kept at most: a server has some dozens.
const MOST_FOLDERS: usize = 2048;

/// What was read.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The computer's name.
    pub(crate) computer: String,
    /// Where Exchange is installed.
    pub(crate) exchange: Vec<String>,
    /// Folders whose files are served.
    pub(crate) served: Vec<String>,
    /// Folders of logs.
    pub(crate) logs: Vec<String>,
}

impl Settings {
    /// Reads these files. What cannot be read says nothing here; a scan will name it as a gap.
    pub(crate) fn read(files: &[Spot]) -> Self {
        let evidence = Evidence::of_places("", files, Vec::new(), Limits::of_running_system());
        let mut settings = Self::default();
        let done = AtomicU64::new(0);
        for entry in evidence.entries() {
            let Ok(input) = Input::open(entry, &done) else { continue };
            if let Recognised::Format(format) = recognise(&input)
                && matches!(format.kind(), ArtifactKind::RegistryHive | ArtifactKind::IisConfig)
            {
                // As in a scan: a fault in a reader costs what it reads.
                let _ = catch_unwind(AssertUnwindSafe(|| format.read(&input, &mut settings)));
            }
        }
        settings
    }

    /// Asks the registry of the running system, whose hives are closed.
    #[cfg(windows)]
    pub(crate) fn ask(&mut self) {
        use afterpatch_sys::registry::{Key, Root, Value};
        let mut text = |path: &str, name: &str| {
            let key = Key::open(Root::LocalMachine, path).ok().flatten();
            if let Some(Ok(Some(Value::Text(text)))) = key.map(|key| key.value(name)) {
                self.registry(&format!(r"HKLM\{path}"), name, &text);
            }
        };
        text(r"SOFTWARE\Microsoft\InetStp", "PathWWWRoot");
        let exchange = r"SOFTWARE\Microsoft\ExchangeServer";
        let versions = Key::open(Root::LocalMachine, exchange).ok().flatten().and_then(|key| key.keys().ok());
        for version in versions.unwrap_or_default() {
            text(&format!(r"{exchange}\{version}\Setup"), "MsiInstallPath");
        }
        self.computer = afterpatch_sys::computer::name().unwrap_or_default();
    }

    /// A value of the registry.
    pub(crate) fn registry(&mut self, key: &str, name: &str, data: &str) {
        let key = key.to_lowercase();
        if key.contains(r"\microsoft\exchangeserver\") && key.ends_with(r"\setup") && name.eq_ignore_ascii_case("MsiInstallPath")
        {
            keep(&mut self.exchange, data);
        } else if key.ends_with(r"\microsoft\inetstp") && name.eq_ignore_ascii_case("PathWWWRoot") {
            keep(&mut self.served, data);
        } else if key.ends_with(r"\control\computername\computername") && name.eq_ignore_ascii_case("ComputerName") {
            data.clone_into(&mut self.computer);
        }
    }
}

/// Where Exchange is installed whose pages lie here.
fn install_of(folder: &str) -> Option<&str> {
    let lower = folder.to_ascii_lowercase();
    [r"\frontend\httpproxy", r"\clientaccess\"].iter().find_map(|below| folder.get(..lower.find(below)?))
}

fn keep(folders: &mut Vec<String>, path: &str) {
    let path = expanded(path);
    if !path.is_empty() && !path.contains('*') && folders.len() < MOST_FOLDERS && !folders.contains(&path) {
        folders.push(path);
    }
}

/// With the variables that IIS and Exchange write into their configuration, where Windows itself puts what they name.
fn expanded(path: &str) -> String {
    let known: BTreeMap<&str, &str> = BTreeMap::from([
        ("systemdrive", "C:"),
        ("systemroot", r"C:\Windows"),
        ("windir", r"C:\Windows"),
        ("programfiles", r"C:\Program Files"),
        ("programdata", r"C:\ProgramData"),
    ]);
    let path = path.trim().trim_end_matches('\\');
    match path.strip_prefix('%').and_then(|rest| rest.split_once('%')) {
        Some((name, rest)) => match known.get(name.to_lowercase().as_str()) {
            Some(value) => format!("{value}{rest}"),
            None => String::new(),
        },
        None => path.to_owned(),
    }
}

impl Sink for Settings {
    fn record(&mut self, record: &Record<'_>) -> Flow {
        match &record.unified {
            Unified::RegistryValue(value) => self.registry(&value.key, &value.name, &value.data),
            Unified::Setting(setting) => {
                let of = |field| record.fields.get(field).unwrap_or_default();
                match setting.element.as_ref() {
                    "virtualDirectory" => {
                        let folder = of("physicalPath");
                        keep(&mut self.served, folder);
                        // The registry of a running system may be out of reach.
                        if let Some(install) = install_of(folder) {
                            keep(&mut self.exchange, install);
                        }
                    }
                    "logFile" | "centralW3CLogFile" | "centralBinaryLogFile" => keep(&mut self.logs, of("directory")),
                    _ => {}
                }
            }
            _ => {}
        }
        Flow::Continue
    }

    fn gap(&mut self, _: GapKind, _: Place, _: &str) {}

    fn clock_corrected(&mut self, _: i32, _: u64) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_exchange_tell_where_it_is_installed() {
        assert_eq!(install_of(r"D:\Exchange\FrontEnd\HttpProxy\owa"), Some(r"D:\Exchange"));
        assert_eq!(install_of(r"E:\V15\ClientAccess\Owa"), Some(r"E:\V15"));
        assert_eq!(install_of(r"C:\inetpub\wwwroot"), None);
    }

    #[test]
    fn variables_stand_for_what_windows_means_by_them() {
        for (path, expected) in [
            (r"%SystemDrive%\inetpub\logs\LogFiles", r"C:\inetpub\logs\LogFiles"),
            (r"%windir%\System32\LogFiles\", r"C:\Windows\System32\LogFiles"),
            (r" E:\Exchange\V15\ ", r"E:\Exchange\V15"),
            (r"%OWN%\logs", ""),
            ("", ""),
        ] {
            assert_eq!(expanded(path), expected, "{path}");
        }
    }
}
