//! The dump of a virtual directory object, as resetting the directory writes it: `Key : value` lines.
//!
//! The dump holds the identifiers of one server, so no two such files have the same hash; the structure is what they share
//! (facts of the 2021 attacks: five or more of these keys).

use std::collections::BTreeMap;

use afterpatch_model::DirectoryDump;

/// Properties of a virtual directory object (Microsoft Learn, `Get-OabVirtualDirectory` and its siblings).
const KEYS: &[&str] = &[
    "Name",
    "PollInterval",
    "OfflineAddressBooks",
    "RequireSSL",
    "BasicAuthentication",
    "WindowsAuthentication",
    "OAuthAuthentication",
    "MetabasePath",
    "Path",
    "ExtendedProtectionTokenChecking",
    "Server",
    "InternalUrl",
    "InternalAuthenticationMethods",
    "ExternalUrl",
    "ExternalAuthenticationMethods",
    "AdminDisplayName",
    "DistinguishedName",
    "Identity",
    "Guid",
    "ObjectCategory",
    "WhenCreated",
    "WhenChanged",
    "Id",
    "OriginatingServer",
    "IsValid",
];

const LEAST_KEYS: usize = 5;

/// The dump, if at least [`LEAST_KEYS`] different keys stand at the starts of lines. A key's first value counts.
pub(super) fn find(text: &str) -> Option<DirectoryDump<'_>> {
    let mut values = BTreeMap::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        // The dump begins its file, so the first line may carry what an encoding put before it.
        let key = key.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
        if KEYS.contains(&key) {
            values.entry(key).or_insert(value.trim());
        }
    }
    let value = |key: &str| values.get(key).copied().unwrap_or_default().into();
    (values.len() >= LEAST_KEYS).then(|| DirectoryDump {
        name: value("Name"),
        server: value("Server"),
        external_url: value("ExternalUrl"),
        internal_url: value("InternalUrl"),
        when_created: value("WhenCreated"),
    })
}
