//! The bag of typed values in `EventData`.
//!
//! ```text
//! bag   = pair *( ";" pair )
//! pair  = type ":" key "=" value         S:TIME=13   I32:ADS.C[DC]=1   F:ADS.AL[DC]=1.69   Dbl:WLM.TS=16
//! value = "'" *( any | "''" ) "'"        when it holds special characters
//!       / *any                           up to a ";" that begins a pair and stands outside quotes
//! ```
//!
//! Where a whole pair stands in quotes (`'S:CMD=…'`, met in published lines) it is unwrapped in the same way.

use std::borrow::Cow;

/// Type prefixes; only these make a `;` the end of a plain value, because values may hold `;` themselves.
const TYPES: &[&str] = &["S", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64", "F", "Dbl", "B", "Dt", "Ts", "G", "IP"];

/// A key, without its type, and its value.
pub(crate) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Keys (without type) and values (unwrapped) in the bag's order; and whether all quotes close. Text that is no pair is left
/// out; a value whose quote never closes takes the rest.
pub(super) fn parse(bag: &str) -> (Vec<Pair<'_>>, bool) {
    let mut pairs = Vec::new();
    let mut whole = true;
    let mut rest = bag;
    while !rest.is_empty() {
        let (pair, behind) = match wrapped(rest) {
            Some((text, behind)) if key(&text).is_some() => (inner(text), behind),
            _ => match key(rest) {
                Some((name, value)) => {
                    let (value, behind, closed) = value_of(value);
                    whole &= closed;
                    (Some((Cow::Borrowed(name), value)), behind)
                }
                // No pair begins here: go on behind the next separator.
                None => (None, plain(rest).1),
            },
        };
        pairs.extend(pair);
        rest = behind;
    }
    (pairs, whole)
}

/// The pair inside a wrapped pair.
fn inner(text: Cow<'_, str>) -> Option<Pair<'_>> {
    match text {
        Cow::Borrowed(text) => key(text).map(|(name, value)| (name.into(), value.into())),
        Cow::Owned(text) => key(&text).map(|(name, value)| (name.to_owned().into(), value.to_owned().into())),
    }
}

/// A value: what it says, what comes behind it, whether its quotes close.
fn value_of(text: &str) -> (Cow<'_, str>, &str, bool) {
    if let Some((value, behind)) = wrapped(text) {
        return (value, behind, true);
    }
    let (value, behind, closed) = plain(text);
    (Cow::Borrowed(value), behind, closed)
}

/// Text in quotes that ends at a lone quote before a separator or the end; `None` when it is not so wrapped.
fn wrapped(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let quoted = text.strip_prefix('\'')?;
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'\'', quoted.as_bytes().get(from..)?)?;
        let behind = quoted.get(at + 1..)?;
        if behind.starts_with('\'') {
            from = at + 2;
            continue;
        }
        let value = quoted.get(..at)?;
        let value = if value.contains('\'') { Cow::Owned(value.replace("''", "'")) } else { Cow::Borrowed(value) };
        return behind_separator(behind).map(|behind| (value, behind));
    }
}

/// Text up to a separator outside quotes; what comes behind it; whether the quotes close. When they do not, they are none:
/// a lone apostrophe must not swallow the pairs behind it.
fn plain(text: &str) -> (&str, &str, bool) {
    let mut quoted = false;
    let mut first_separator = None;
    for at in memchr::memchr2_iter(b'\'', b';', text.as_bytes()) {
        let (value, behind) = text.split_at_checked(at).unwrap_or((text, ""));
        if behind.starts_with('\'') {
            quoted = !quoted;
        } else if let (false, Some(rest)) = (behind.is_empty(), behind_separator(behind)) {
            if !quoted {
                return (value, rest, true);
            }
            first_separator.get_or_insert((value, rest));
        }
    }
    match (quoted, first_separator) {
        (true, Some((value, behind))) => (value, behind, false),
        _ => (text, "", !quoted),
    }
}

/// What comes behind a separator, if the text is at one: the end, or a `;` before the end or before a pair.
fn behind_separator(text: &str) -> Option<&str> {
    if text.is_empty() {
        return Some(text);
    }
    let behind = text.strip_prefix(';')?;
    let pair = behind.strip_prefix('\'').unwrap_or(behind);
    (behind.is_empty() || key(pair).is_some()).then_some(behind)
}

/// Key and value of the pair that begins here.
fn key(text: &str) -> Option<(&str, &str)> {
    // Types and keys are short: the search must not run through a script for each of its semicolons.
    let colon = text.bytes().take(4).position(|byte| byte == b':')?;
    let (kind, rest) = (text.get(..colon)?, text.get(colon + 1..)?);
    if !TYPES.contains(&kind) {
        return None;
    }
    let end = rest.bytes().take(512).position(|byte| matches!(byte, b'=' | b';' | b'\''))?;
    let (key, value) = (rest.get(..end)?, rest.get(end..)?.strip_prefix('=')?);
    (!key.is_empty()).then_some((key, value))
}
