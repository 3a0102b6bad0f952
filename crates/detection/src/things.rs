//! Which things a record speaks of: the nodes by which incidents are joined.

use afterpatch_model::{FileShape, Record, Thing, ThingKind, Unified};

use crate::KnownGood;
use crate::web_place::{compiled_page_name, page_name};

/// Ports of the site Exchange Back End.
const BACK_END_PORTS: [u16; 2] = [444, 81];

/// The things that a record speaks of. A genuine page is not named as a page: everybody asks for `logon.aspx`, so it joins
/// nothing.
pub fn things_of(record: &Record<'_>, known_good: &KnownGood) -> Vec<Thing> {
    let mut things = Things(Vec::new());
    match &record.unified {
        Unified::WebRequest(it) => {
            // The back end's client is the front end of the same server, whoever the actor is.
            if !BACK_END_PORTS.contains(&it.port) {
                things.put(ThingKind::Address, if it.forwarded_for.is_empty() { &it.client } else { &it.forwarded_for });
            }
            things.put(ThingKind::Url, &it.stem);
            things.put(ThingKind::RequestId, &it.request_id);
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::UserAgent, &it.user_agent);
            things.page(page_name(&it.stem).filter(|_| !known_good.has_url(&it.stem)));
            things.canary(&it.query);
        }
        Unified::ProxyRequest(it) => {
            things.put(ThingKind::Address, &it.client);
            things.put(ThingKind::Url, &it.stem);
            things.put(ThingKind::RequestId, &it.request_id);
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::UserAgent, &it.user_agent);
            things.page(page_name(&it.stem).filter(|_| !known_good.has_url(&it.stem)));
            things.canary(&it.query);
            things.canary(&it.anchor_mailbox);
        }
        Unified::Cmdlet(it) => {
            things.put(ThingKind::Account, &it.user);
            things.canary(&it.url);
            if let Some((_, noun)) = it.name.split_once('-') {
                things.put(ThingKind::Object, noun);
            }
            if let Some(script) = script_in(&it.parameters) {
                things.put(ThingKind::Script, script);
            }
            for path in paths_in(&it.parameters) {
                if let Some(page) = page_name(path) {
                    things.put(ThingKind::File, path);
                    things.page(Some(page).filter(|_| !known_good.has_path(path)));
                }
            }
        }
        Unified::ProcessStart(it) => {
            things.put(ThingKind::Command, if it.command_line.is_empty() { &it.image } else { &it.command_line });
            things.put(ThingKind::Account, &it.user);
            things.process(&it.image, it.pid);
            things.process(&it.parent_image, it.parent_pid);
        }
        Unified::FileChange(it) => {
            things.put(ThingKind::File, &it.path);
            let compiled = compiled_page_name(&it.path).filter(|name| !known_good.has_name(name));
            things.page(compiled.or_else(|| page_name(&it.path).filter(|_| !known_good.has_path(&it.path))));
            things.process(&it.image, it.pid);
        }
        Unified::ShareAccess(it) => {
            let path = local_path(&it.local_path, &it.target);
            things.page(page_name(&path).filter(|_| !known_good.has_path(&path)));
            things.put(ThingKind::File, &path);
            things.put(ThingKind::Address, &it.client);
            things.put(ThingKind::Account, &it.user);
        }
        Unified::OabGeneration(it) => {
            things.put(ThingKind::File, &it.path);
            things.page(page_name(&it.path));
        }
        Unified::CompiledPage(it) => {
            things.put(ThingKind::Url, &it.virtual_path);
            things.page(page_name(&it.virtual_path).filter(|_| !known_good.has_url(&it.virtual_path)));
        }
        Unified::ServedFile(it) => {
            things.put(ThingKind::File, &it.path);
            things.put(ThingKind::Hash, &it.sha256);
            things.put(ThingKind::Script, &it.script);
            things.page(page_name(&it.path));
            for shape in &it.shapes {
                if let FileShape::DirectoryDump(dump) = shape {
                    things.put(
                        ThingKind::Object,
                        dump.name.split([' ', '(']).next().map(|name| format!("{name}VirtualDirectory")).unwrap_or_default(),
                    );
                }
            }
        }
        Unified::Logon(it) => {
            things.put(ThingKind::Account, &it.user);
            things.put(ThingKind::Address, &it.client);
        }
        _ => things.message(record),
    }
    things.0
}

struct Things(Vec<Thing>);

impl Things {
    fn put(&mut self, kind: ThingKind, value: impl AsRef<str>) {
        let value = value.as_ref();
        if !value.is_empty() && value != "-" {
            self.0.push(Thing::new(kind, value));
        }
    }

    fn page(&mut self, name: Option<String>) {
        if let Some(name) = name {
            self.put(ThingKind::Page, name);
        }
    }

    fn process(&mut self, image: &str, pid: Option<u64>) {
        if let Some(pid) = pid {
            let name = image.rsplit('\\').next().unwrap_or(image);
            self.put(ThingKind::Process, format!("{} ({pid})", name.to_lowercase()));
        }
    }

    /// The control panel's canary, from a URL or an anchor that holds one. The front end's row shows it as sent, the back
    /// end's row as sent or decoded, so the encoding of its base64 padding is undone.
    fn canary(&mut self, text: &str) {
        const KEY: &str = "msExchEcpCanary=";
        if let Some(at) = text.find(KEY) {
            let rest = text.get(at + KEY.len()..).unwrap_or_default();
            let end = rest.find(['&', ';', '#', '\'', ' ', '~']).unwrap_or(rest.len());
            let canary = rest.get(..end).unwrap_or_default();
            self.put(ThingKind::Canary, canary.replace("%3d", "=").replace("%3D", "="));
        }
    }

    /// An event that only has a message: the control panel's error names user and URL in it.
    fn message(&mut self, record: &Record<'_>) {
        let Some(message) = record.fields.get("Message") else { return };
        for (before, kind) in [("Request for URL '", ThingKind::Url), ("Current user: '", ThingKind::Mailbox)] {
            if let Some((_, rest)) = message.split_once(before)
                && let Some((value, _)) = rest.split_once('\'')
            {
                self.put(kind, value);
            }
        }
    }
}

/// The first server-side script in a parameter text.
fn script_in(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    for (open, close) in [("<script", "</script>"), ("<%", "%>")] {
        if let Some(start) = lower.find(open) {
            let end = lower.get(start..)?.find(close).map_or(text.len(), |at| start + at + close.len());
            return text.get(start..end);
        }
    }
    None
}

/// Windows paths inside a parameter text, as far as quotes bound them.
fn paths_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(['"', '\'']).map(str::trim).filter(|part| {
        let bytes = part.as_bytes();
        part.starts_with("\\\\") || matches!(bytes, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
    })
}

/// `\??\C:\` and `Program Files\x` are `C:\Program Files\x`.
fn local_path(folder: &str, target: &str) -> String {
    let folder = folder.trim_start_matches("\\??\\").trim_end_matches('\\');
    if folder.is_empty() { target.to_owned() } else { format!("{folder}\\{target}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_both_spellings_are_found() {
        assert_eq!(
            script_in("-ExternalUrl \"http://f/#<SCRIPT runat=server>x</Script>\""),
            Some("<SCRIPT runat=server>x</Script>")
        );
        assert_eq!(script_in("'http://f/<% x %>'"), Some("<% x %>"));
        assert_eq!(script_in("http://f/<% cut off"), Some("<% cut off"));
        assert_eq!(script_in("https://mail.example.org/OAB"), None);
    }

    #[test]
    fn paths_are_found_between_quotes() {
        let text = r#"-FilePath "\\127.0.0.1\c$\x.aspx" -A 'D:\y.aspx' -B "text""#;
        assert_eq!(paths_in(text).collect::<Vec<_>>(), [r"\\127.0.0.1\c$\x.aspx", r"D:\y.aspx"]);
    }
}
