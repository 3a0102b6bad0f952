//! ColdFusion's `cfencode`: DES in single blocks with a key that all servers share, which stands in each of them.
//!
//! The format and the key are those of Matt Chapman's cfdecrypt (1999): the key is made of a text that looks like a message of an
//! error, the bytes of an unfinished last block are joined with their position.

use des::Des;
use des::cipher::{BlockDecrypt, KeyInit};

const HEADER: &[u8] = b"Allaire Cold Fusion Template\nHeader Size: ";
const KEY: [u8; 8] = [0x62, 0x31, 0xef, 0xba, 0x16, 0x31, 0xe0, 0x15];

/// Where templates of the new version begin, in which a second head stands encoded.
const NEW_HEADER: usize = 69;
const END_OF_HEAD: u8 = 0x1a;
const SHORTEST_HEADER: usize = 54;

pub(crate) fn is_encoded(bytes: &[u8]) -> bool {
    bytes.starts_with(HEADER)
}

/// The source of an encoded template; none if it is not one or does not hold together.
pub(crate) fn decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let rest = bytes.strip_prefix(HEADER)?;
    let is_new = rest.starts_with(b"New Version");
    let start = if is_new { NEW_HEADER } else { size(rest)?.max(SHORTEST_HEADER) };
    let body = bytes.get(start..)?;
    let cipher = Des::new(&KEY.into());
    let whole = body.len() / 8 * 8;
    let mut source = body.to_vec();
    for block in source.get_mut(..whole)?.chunks_exact_mut(8) {
        let mut plain = <[u8; 8]>::try_from(&*block).ok()?.into();
        cipher.decrypt_block(&mut plain);
        block.copy_from_slice(&plain);
    }
    for (at, byte) in source.iter_mut().enumerate().skip(whole) {
        *byte ^= at as u8;
    }
    if is_new {
        let head = memchr::memchr(END_OF_HEAD, source.get(..source.len().min(512))?)?;
        source.drain(..=head);
    }
    Some(source)
}

fn size(digits: &[u8]) -> Option<usize> {
    let end = digits.iter().take(6).take_while(|digit| digit.is_ascii_digit()).count();
    std::str::from_utf8(digits.get(..end)?).ok()?.parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use des::cipher::BlockEncrypt;

    use super::*;

    /// What `cfencode` makes of a template.
    pub(crate) fn encode(source: &[u8]) -> Vec<u8> {
        let mut out = [HEADER, b"New Version"].concat();
        out.resize(NEW_HEADER, b'.');
        let mut body = [b"Version\n", &[END_OF_HEAD][..], source].concat();
        let whole = body.len() / 8 * 8;
        let cipher = Des::new(&KEY.into());
        for block in body[..whole].chunks_exact_mut(8) {
            let mut hidden = <[u8; 8]>::try_from(&*block).unwrap().into();
            cipher.encrypt_block(&mut hidden);
            block.copy_from_slice(&hidden);
        }
        for (at, byte) in body.iter_mut().enumerate().skip(whole) {
            *byte ^= at as u8;
        }
        out.extend(body);
        out
    }

    #[test]
    fn what_was_encoded_is_read() {
        for source in ["<cfset a = 1>", "<cfoutput>#now()#</cfoutput> and more", ""] {
            assert_eq!(decode(&encode(source.as_bytes())).as_deref(), Some(source.as_bytes()));
        }
        assert_eq!(decode(b"<cfset a = 1>"), None);
        assert_eq!(decode(HEADER), None);
        assert_eq!(decode(&[HEADER, b"99999"].concat()), None);
    }
}
