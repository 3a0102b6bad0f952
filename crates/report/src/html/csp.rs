//! The page's content security policy: nothing may load; one style block may be used and, on a report, one script may run, each
//! known by its hash. Where browsers know trusted types, even that script cannot make markup of text.

use sha2::{Digest, Sha256};

/// The policy for a page whose only style block is `style` and whose only script is `script`.
pub(super) fn policy(style: &str, script: &str) -> String {
    let script = format!("script-src '{}'; require-trusted-types-for 'script'; trusted-types 'none'", hash(script));
    policy_with(style, &format!("{script}; form-action 'none'"))
}

/// The policy for a page whose only style block is `style`, with what else is said.
pub(crate) fn policy_with(style: &str, rest: &str) -> String {
    format!("default-src 'none'; style-src '{}'; img-src data:; base-uri 'none'; {rest}", hash(style))
}

/// A block as a policy names it.
fn hash(block: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(block.as_bytes())))
}

/// RFC 4648 section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let index = (bits >> (18 - 6 * place)) & 63;
            let letter = ALPHABET.get(index as usize).copied().unwrap_or(b'=');
            out.push(if place <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (text, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn the_policy_names_the_hashes_of_style_and_script() {
        // printf '' | openssl dgst -sha256 -binary | base64
        let policy = policy("", "x");
        assert!(policy.contains("style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';"));
        // printf 'x' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("script-src 'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE=';"));
        assert!(policy.starts_with("default-src 'none'; "));
        assert!(!policy_with("", "form-action 'self'").contains("script-src"));
    }
}
