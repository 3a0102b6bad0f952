//! Ids that are made of what they name, so that the same evidence gives the same bytes and a receiver knows again what it has.

use serde_json::Value;
use sha1::{Digest, Sha1};
use uuid::{Builder, Uuid};

/// Our own namespace, drawn once.
const OWN: Uuid = Uuid::from_u128(0x9f0d_2b5e_6c1a_4f7b_8d3e_51aa_c7e4_2b90);

/// The id of something of ours: of its kind and all that makes it itself.
pub(super) fn own(kind: &str, of: &Value) -> Uuid {
    version_5(OWN, &format!("{kind} {of}"))
}

/// The same where a standard wants the form of version 4, whose bits would be drawn: here they are of the digest, too.
pub(super) fn own_version_4(kind: &str, of: &Value) -> Uuid {
    Builder::from_random_bytes(digest(OWN, &format!("{kind} {of}"))).into_uuid()
}

/// UUID version 5 (RFC 9562): a name in a namespace.
pub(super) fn version_5(namespace: Uuid, name: &str) -> Uuid {
    Builder::from_sha1_bytes(digest(namespace, name)).into_uuid()
}

fn digest(namespace: Uuid, name: &str) -> [u8; 16] {
    let hash = Sha1::new().chain_update(namespace.as_bytes()).chain_update(name).finalize();
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that other implementations are tested with: `www.example.com` in the namespace of DNS.
    #[test]
    fn as_the_standard_says() {
        let dns = Uuid::from_u128(0x6ba7_b810_9dad_11d1_80b4_00c0_4fd4_30c8);
        assert_eq!(version_5(dns, "www.example.com").to_string(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
    }
}
