//! Attributes of XML tags, from any text.

use std::borrow::Cow;

/// The insides of all start tags of that name (what stands between the name and `>`; a tag cut short runs to the end).
pub(super) fn tags<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    text.split('<').skip(1).filter_map(move |tag| {
        let inside = tag.get(..name.len()).filter(|own| own.eq_ignore_ascii_case(name)).and_then(|_| tag.get(name.len()..))?;
        let ends_name = |character: char| character.is_whitespace() || matches!(character, '/' | '>');
        inside.starts_with(ends_name).then(|| inside.split('>').next().unwrap_or_default())
    })
}

/// Names and values, entities resolved.
pub(super) fn attributes(inside: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        let (name, behind) = rest.split_once('=')?;
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let value = behind.get(1..)?;
        let (value, behind) = value.split_once(quote).unwrap_or((value, ""));
        rest = behind;
        Some((name.trim(), resolved(value)))
    })
}

/// A value with its entities resolved; what is no entity stays as it stands.
fn resolved(value: &str) -> Cow<'_, str> {
    if !value.contains('&') {
        return Cow::Borrowed(value);
    }
    let mut pieces = value.split('&');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once(';').and_then(|(entity, behind)| Some((character(entity)?, behind))) {
            Some((character, behind)) => {
                text.push(character);
                text.push_str(behind);
            }
            None => {
                text.push('&');
                text.push_str(piece);
            }
        }
    }
    Cow::Owned(text)
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}
