//! A machine key without the key: whoever has it can make view state that the server trusts, so it must not be in a report.
//!
//! | field | what |
//! |---|---|
//! | `validationKey`, `decryptionKey` | `present`, or as it stands when it is made by the server (`AutoGenerate,IsolateApps`) |
//! | `ValidationKeySha256`, `DecryptionKeySha256` | SHA-256 of the key's hex digits in capitals, so that equal keys of two servers can be seen |
//! | `KnownStaticKey` | `true`: it is the key that every Exchange server had before the update for CVE-2020-0688 |
//!
//! The other attributes (`validation`, `decryption`, `compatibilityMode` …) are no secret.

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::hex::hex;
use crate::xml::Element;

/// SHA-256 of the capital hex digits of the validation key that public advisories on CVE-2020-0688 name (recalled there and in
/// our facts, not checked against a server of that time).
const STATIC_KEY: &str = "6d60845874ad370b4c0e1906237bb25eaf3490e22abd71b9c8423f81664e8fe3";

/// Attributes that hold a key, and the field for its hash.
const KEYS: [(&str, &str); 2] = [("validationKey", "ValidationKeySha256"), ("decryptionKey", "DecryptionKeySha256")];

/// The fields.
pub(super) fn fields(element: &Element) -> Vec<(Cow<'_, str>, Cow<'_, str>)> {
    let mut fields = Vec::new();
    for (name, value) in &element.attributes {
        let secret = KEYS.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        match (secret, key(value)) {
            (Some((own, hash_name)), Some(key)) => {
                let hash = hex(&Sha256::digest(key.to_ascii_uppercase()));
                let is_static = hash == STATIC_KEY;
                fields.push(((*own).into(), "present".into()));
                fields.push(((*hash_name).into(), hash.into()));
                if *own == "validationKey" {
                    fields.push(("KnownStaticKey".into(), if is_static { "true" } else { "false" }.into()));
                }
            }
            _ => fields.push((name.into(), value.into())),
        }
    }
    fields
}

/// The key in a value, without what may follow it (`,IsolateApps`); `None` when the server makes it.
fn key(value: &str) -> Option<&str> {
    let key = value.split(',').next().unwrap_or_default().trim();
    (!key.is_empty() && !key.eq_ignore_ascii_case("AutoGenerate")).then_some(key)
}
