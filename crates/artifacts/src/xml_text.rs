//! Text of simple elements out of small pieces of XML: data of an event, the content of a task.
//!
//! No parser: these pieces come cut short, and what stands before the cut is still worth something.

use std::borrow::Cow;

/// The elements that begin with `open` (`<Data`): what stands in their tag, and their text as written. They hold no elements
/// themselves.
pub(crate) fn elements<'x>(xml: &'x str, open: &'static str) -> impl Iterator<Item = (&'x str, &'x str)> {
    xml.split(open).skip(1).filter_map(|element| {
        let (tag, rest) = element.split_once('>')?;
        // `<Data` is also the beginning of `<DataItem`.
        if !tag.is_empty() && !tag.starts_with([' ', '/']) {
            return None;
        }
        let content = if tag.ends_with('/') { "" } else { rest.split('<').next().unwrap_or_default() };
        Some((tag, content))
    })
}

/// A text with its entities resolved; an entity that is none stays as it is.
pub(crate) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let known = after.split_once(';').and_then(|(name, behind)| Some((entity(name)?, behind)));
        let (letter, behind) = known.unwrap_or(('&', after));
        plain.push(letter);
        rest = behind;
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code =
                number.strip_prefix(['x', 'X']).map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            char::from_u32(code?)
        }
    }
}
