//! What was observed, as objects whose ids everybody computes in the same way, and patterns that look for it.

use std::net::IpAddr;

use afterpatch_model::ThingKind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::ids;
use super::super::indicators::{Sought, is_sha256};
use super::super::told::{Told, account};
use crate::words::place;

/// The namespace that the standard gives for observed objects (section 2.9).
const OBSERVED: Uuid = Uuid::from_u128(0x00ab_edb4_aa42_466c_9c01_fed2_3315_a9b7);

/// The objects of one finding.
#[derive(Default)]
pub(super) struct Observables {
    /// With those that others need (the folder of a file).
    pub(super) objects: Vec<Value>,
    /// All ids, in the order of `objects`.
    pub(super) refs: Vec<String>,
}

impl Observables {
    pub(super) fn of(told: &Told<'_>) -> Self {
        let mut own = Self::default();
        let hash = told.hash_of_the_file();
        for thing in told.finding.things.iter().filter(|thing| !thing.value.is_empty()) {
            let value = thing.value.as_str();
            match thing.kind {
                ThingKind::Address => {
                    if let Ok(address) = value.parse::<IpAddr>() {
                        own.address(address.to_canonical());
                    }
                }
                ThingKind::File => own.file(value, hash),
                ThingKind::Hash if hash.is_none() && is_sha256(value) => {
                    own.add("file", json!({ "hashes": { "SHA-256": value.to_ascii_lowercase() } }));
                }
                ThingKind::Account => own.account(value),
                ThingKind::Command => own.process(value),
                _ => {}
            }
        }
        own
    }

    /// Adds an object, made of nothing but the properties that make its id, in the order of their names (RFC 8785).
    fn add(&mut self, kind: &str, contributing: Value) -> String {
        let id = format!("{kind}--{}", ids::version_5(OBSERVED, &contributing.to_string()));
        let mut object = json!({ "type": kind, "spec_version": "2.1", "id": id });
        if let (Value::Object(fields), Value::Object(contributing)) = (&mut object, contributing) {
            fields.extend(contributing);
        }
        if !self.refs.contains(&id) {
            self.objects.push(object);
            self.refs.push(id.clone());
        }
        id
    }

    fn address(&mut self, address: IpAddr) {
        let kind = if address.is_ipv4() { "ipv4-addr" } else { "ipv6-addr" };
        self.add(kind, json!({ "value": address.to_string() }));
    }

    fn file(&mut self, path: &str, hash: Option<&str>) {
        let name = place::file_name(path);
        let folder = path.strip_suffix(name).unwrap_or_default().trim_end_matches(['\\', '/']);
        if name.is_empty() {
            return;
        }
        let folder = (!folder.is_empty()).then(|| self.add("directory", json!({ "path": folder })));
        let mut fields = serde_json::Map::new();
        if let Some(hash) = hash {
            fields.insert("hashes".to_owned(), json!({ "SHA-256": hash.to_ascii_lowercase() }));
        }
        fields.insert("name".to_owned(), json!(name));
        if let Some(folder) = folder {
            fields.insert("parent_directory_ref".to_owned(), json!(folder));
        }
        self.add("file", Value::Object(fields));
    }

    fn account(&mut self, text: &str) {
        let (domain, name) = account(text);
        match domain {
            Some(_) => {
                let contributing = json!({ "account_login": name, "account_type": "windows-domain", "user_id": text });
                self.add("user-account", contributing)
            }
            None => self.add("user-account", json!({ "user_id": text })),
        };
    }

    /// A process has no properties that make its id, so the standard wants one that is drawn; ours is made of the command line.
    fn process(&mut self, command: &str) {
        let id = format!("process--{}", ids::own_version_4("process", &json!([command])));
        if !self.refs.contains(&id) {
            self.objects.push(json!({ "type": "process", "spec_version": "2.1", "id": id, "command_line": command }));
            self.refs.push(id);
        }
    }
}

/// A name for people and the pattern for machines.
pub(super) fn pattern(sought: &Sought) -> (String, String) {
    match sought {
        Sought::Address(address) => {
            let kind = if address.is_ipv4() { "ipv4-addr" } else { "ipv6-addr" };
            (address.to_string(), format!("[{kind}:value = '{address}']"))
        }
        Sought::Hash(hash) => (format!("File {hash}"), format!("[file:hashes.'SHA-256' = '{hash}']")),
        Sought::File(path) => {
            let name = place::file_name(path);
            let folder = path.strip_suffix(name).unwrap_or_default().trim_end_matches(['\\', '/']);
            let named = format!("file:name = {}", literal(name));
            let inside = (!folder.is_empty()).then(|| format!(" AND file:parent_directory_ref.path = {}", literal(folder)));
            (format!("File {path}"), format!("[{named}{}]", inside.unwrap_or_default()))
        }
    }
}

/// A text in a pattern: quotes and backslashes are the only signs that mean something inside.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// Computed with the OASIS library for Python: `stix2.IPv4Address(value="198.51.100.3").id` and so on.
    #[test]
    fn ids_are_those_that_everybody_computes() {
        let mut own = Observables::default();
        own.address("198.51.100.3".parse().unwrap());
        own.file(r"C:\x\Grüße.aspx", None);
        own.account(r"CORP\jdoe");
        assert_eq!(
            own.refs,
            [
                "ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4",
                "directory--2f375e92-c84d-5d93-a78f-1d979ae627e0",
                "file--75d15d96-ade0-5eac-9b09-07bb3ac7428a",
                "user-account--4b5845e4-c02f-55e0-9855-2baf36408f07",
            ]
        );
    }

    #[test]
    fn patterns_cannot_be_broken_out_of() {
        let (_, pattern) = pattern(&Sought::File(r"C:\a'] OR [b:c = 'd\x'.aspx".to_owned()));
        assert_eq!(pattern, r"[file:name = 'x\'.aspx' AND file:parent_directory_ref.path = 'C:\\a\'] OR [b:c = \'d']");
    }
}
