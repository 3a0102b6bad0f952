//! Text of an XML document: character and entity references, CDATA sections, comments. JSP documents write code in it, and
//! every character of the code may be a reference or a section of its own.

use std::borrow::Cow;

/// Entities that the document declares stand for at most this much in one block of code.
const MAX_EXPANSION: usize = 1 << 20;
const MAX_ENTITIES: usize = 1000;
const MAX_EXPANSIONS: usize = 100_000;
/// Entities in entities.
const MAX_DEPTH: usize = 8;

/// `<!ENTITY name "value">` of a document, in order.
#[derive(Debug, Default)]
pub(crate) struct Entities(Vec<(Vec<u8>, Vec<u8>)>);

/// What a block of code looked like.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Seen {
    /// Letters or digits as character references, or entities of the document's own.
    pub hidden: bool,
    /// Sections; more than one splits code.
    pub sections: usize,
    expansions: usize,
}

impl Entities {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut entities = Vec::new();
        for at in memchr::memmem::find_iter(text, b"<!ENTITY").take(MAX_ENTITIES) {
            let rest = text.get(at + 8..).unwrap_or_default();
            let rest = rest.get(..4096).unwrap_or(rest).trim_ascii_start();
            let name_end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or_default();
            let (name, value) = rest.split_at_checked(name_end).unwrap_or_default();
            let value = value.trim_ascii_start();
            let Some((quote @ (b'"' | b'\''), value)) = value.split_first() else { continue };
            let Some(end) = memchr::memchr(*quote, value) else { continue };
            if !name.is_empty() && name != b"%" {
                entities.push((name.to_vec(), value.get(..end).unwrap_or_default().to_vec()));
            }
        }
        Self(entities)
    }

    fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }
}

/// The characters that the XML stands for.
pub(crate) fn decode<'t>(xml: &'t [u8], entities: &Entities) -> (Cow<'t, [u8]>, Seen) {
    let mut seen = Seen::default();
    if memchr::memchr2(b'&', b'<', xml).is_none() {
        return (Cow::Borrowed(xml), seen);
    }
    let mut out = Vec::with_capacity(xml.len());
    append(xml, entities, 0, &mut out, &mut seen);
    (Cow::Owned(out), seen)
}

fn append(xml: &[u8], entities: &Entities, depth: usize, out: &mut Vec<u8>, seen: &mut Seen) {
    let mut rest = xml;
    while let Some(at) = memchr::memchr2(b'&', b'<', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let used = if rest.starts_with(b"<![CDATA[") {
            seen.sections += 1;
            let inside = rest.get(9..).unwrap_or_default();
            let end = memchr::memmem::find(inside, b"]]>");
            out.extend_from_slice(end.and_then(|end| inside.get(..end)).unwrap_or(inside));
            end.map_or(rest.len(), |end| end + 12)
        } else if rest.starts_with(b"<!--") {
            memchr::memmem::find(rest, b"-->").map_or(rest.len(), |end| end + 3)
        } else if let Some(used) = reference(rest, entities, depth, out, seen) {
            used
        } else {
            out.extend_from_slice(rest.get(..1).unwrap_or_default());
            1
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

/// The length of the reference that begins here.
fn reference(text: &[u8], entities: &Entities, depth: usize, out: &mut Vec<u8>, seen: &mut Seen) -> Option<usize> {
    let inside = text.strip_prefix(b"&")?;
    let end = memchr::memchr(b';', inside.get(..64).unwrap_or(inside))?;
    let name = inside.get(..end)?;
    if let Some(number) = name.strip_prefix(b"#") {
        let number = std::str::from_utf8(number).ok()?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let character = char::from_u32(code.ok()?)?;
        seen.hidden |= character.is_ascii_alphanumeric();
        out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        match name {
            b"lt" => out.push(b'<'),
            b"gt" => out.push(b'>'),
            b"amp" => out.push(b'&'),
            b"quot" => out.push(b'"'),
            b"apos" => out.push(b'\''),
            _ => {
                let value = entities.get(name)?;
                if depth >= MAX_DEPTH || out.len() > MAX_EXPANSION || seen.expansions > MAX_EXPANSIONS {
                    return None;
                }
                seen.expansions += 1;
                seen.hidden = true;
                append(value, entities, depth + 1, out, seen);
            }
        }
    }
    Some(end + 2)
}
