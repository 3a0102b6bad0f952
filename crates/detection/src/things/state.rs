//! Things of what a server holds: settings, registry, antivirus, the file table.

use afterpatch_model::{AntivirusFinding, Fields, FileEntry, RegistryValue, Setting, ThingKind};

use super::Things;
use crate::KnownGood;
use crate::web_place::page_name;

/// Attributes of a setting that hold a path of a file or folder.
const PATHS: [&str; 5] = ["physicalPath", "image", "scriptProcessor", "assemblyPath", "stsSchemaFilePath"];

impl Things {
    /// Modules and transport agents start by themselves; a handler may name the page that it runs.
    pub(super) fn setting(&mut self, it: &Setting<'_>, attributes: &Fields<'_>, known_good: &KnownGood) {
        for name in PATHS {
            self.put(ThingKind::File, attributes.get(name).unwrap_or_default());
        }
        let section = it.section.to_ascii_lowercase();
        let starts = section.ends_with("modules") || it.element.eq_ignore_ascii_case("agent");
        if starts && let Some(name) = attributes.get("name") {
            self.put(ThingKind::Autostart, name);
        }
        if it.element.eq_ignore_ascii_case("virtualDirectory") {
            // Its path is one below its application's, whose own is `/`.
            let application = attributes.get("Application").unwrap_or_default().trim_end_matches('/');
            self.put(ThingKind::Url, format!("{application}{}", attributes.get("path").unwrap_or_default()));
        }
        let page = attributes.get("path").filter(|path| !known_good.has_url(path)).and_then(page_name);
        self.page(page);
    }

    /// What starts by itself is named by its key or value; other keys are objects that somebody set.
    pub(super) fn registry(&mut self, it: &RegistryValue<'_>) {
        let key = it.key.to_ascii_lowercase();
        if let Some(at) = key.find("\\services\\") {
            let service = it.key.get(at + "\\services\\".len()..).and_then(|rest| rest.split('\\').next());
            self.put(ThingKind::Autostart, service.unwrap_or_default());
            if it.name.eq_ignore_ascii_case("ImagePath") || it.name.eq_ignore_ascii_case("ServiceDll") {
                self.put(ThingKind::Command, &it.data);
            }
        } else if key.ends_with("\\currentversion\\run") || key.ends_with("\\currentversion\\runonce") {
            self.put(ThingKind::Autostart, &it.name);
            self.put(ThingKind::Command, &it.data);
        } else if key.contains("\\windows defender\\exclusions\\") {
            self.put(ThingKind::File, &it.name);
        } else {
            self.put(ThingKind::Object, &it.key);
        }
    }

    pub(super) fn antivirus(&mut self, it: &AntivirusFinding<'_>, known_good: &KnownGood) {
        for path in antivirus_paths(&it.path) {
            self.page(page_name(path).filter(|_| !known_good.has_path(path)));
            self.put(ThingKind::File, path);
        }
        self.put(ThingKind::Command, &it.process);
    }

    pub(super) fn file_entry(&mut self, it: &FileEntry<'_>, known_good: &KnownGood) {
        self.page(page_name(&it.path).filter(|_| !known_good.has_path(&it.path)));
        self.put(ThingKind::File, &it.path);
        if let Some(script) = &it.script {
            self.put(ThingKind::Hash, &script.sha256);
            self.put(ThingKind::Script, &script.script);
        }
    }
}

/// The paths of files that an antivirus names: Defender writes several behind one another, each behind its kind
/// (`containerfile:_C:\x.zip; file:_C:\x.zip->a.aspx; process:_pid:4`), source: its events 1116 and 1117.
pub fn antivirus_paths(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').filter_map(|part| match part.trim().split_once(":_") {
        Some((kind, path)) => kind.ends_with("file").then_some(path),
        None => Some(part.trim()),
    })
}
