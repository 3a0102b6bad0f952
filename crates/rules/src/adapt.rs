//! What a rule means where the engine (rsigma 0.23) would understand something else, or nothing.
//!
//! - A wildcard reaches over the end of a line, and a value with a wildcard that must begin or end a text is anchored there.
//! - `null` in a list of values holds for a field that is not there.
//! - Keywords that must all be there may stand in different fields.
//! - `base64offset` leaves out the characters that the bytes around the text decide, on both sides.
//! - `cs-uri-query` of a published rule on web servers is path and query (see [`WHOLE_ADDRESS`]).
//! - `expand` needs values that only the user of the rule has; without them such a rule would mean something else.

use base64::{Engine, engine::general_purpose::STANDARD};
use rsigma_parser::{Detection, DetectionItem, FieldSpec, Modifier, SigmaRule, SigmaString, SigmaValue, SpecialChar, StringPart};

use crate::event::WHOLE_ADDRESS;

/// Puts the rule into words that the engine understands, all but its wildcards, which the prefilter still wants to see.
///
/// # Errors
///
/// A placeholder whose values nobody has given.
pub(crate) fn adapt(rule: &mut SigmaRule) -> Result<(), String> {
    let mut placeholder = None;
    let mut stem = false;
    for detection in rule.detection.named.values_mut() {
        each_item(detection, &mut |item| {
            stem |= item.field.name.as_deref() == Some("cs-uri-stem");
            if item.field.has_modifier(Modifier::Expand) && placeholder.is_none() {
                placeholder = item.values.first().map(text_of);
            }
        });
    }
    if let Some(placeholder) = placeholder {
        return Err(format!("it needs values for the placeholder `{placeholder}`, which only its user can know"));
    }
    let own = rule.tags.iter().any(|tag| tag.starts_with("afterpatch."));
    let web = rule.logsource.category.as_deref().is_some_and(|category| category.eq_ignore_ascii_case("webserver"));
    for detection in rule.detection.named.values_mut() {
        if web && !own && !stem {
            each_item(detection, &mut |item| {
                if item.field.name.as_deref() == Some("cs-uri-query") {
                    item.field.name = Some(WHOLE_ADDRESS.to_owned());
                }
            });
        }
        each_item(detection, &mut offsets);
        replace(detection, &nulls);
        replace(detection, &keywords);
    }
    Ok(())
}

/// Writes the values with wildcards as regular expressions.
pub(crate) fn without_wildcards(rule: &mut SigmaRule) {
    for detection in rule.detection.named.values_mut() {
        each_item(detection, &mut expressions);
        replace_keywords(detection);
    }
}

fn each_item(detection: &mut Detection, change: &mut dyn FnMut(&mut DetectionItem)) {
    match detection {
        Detection::AllOf(items) => items.iter_mut().for_each(change),
        Detection::AnyOf(parts) | Detection::And(parts) => parts.iter_mut().for_each(|part| each_item(part, change)),
        // No published rule on our records has members of arrays to look into.
        Detection::Keywords(_) | Detection::ArrayMatch { .. } | Detection::Conditional { .. } => {}
    }
}

/// Replaces the items for which `by` has something, keeping that all of them must hold.
fn replace(detection: &mut Detection, by: &dyn Fn(&DetectionItem) -> Option<Detection>) {
    match detection {
        Detection::AllOf(items) if items.iter().any(|item| by(item).is_some()) => {
            let one = |item: DetectionItem| by(&item).unwrap_or_else(|| Detection::AllOf(vec![item]));
            *detection = Detection::And(std::mem::take(items).into_iter().map(one).collect());
        }
        Detection::AnyOf(parts) | Detection::And(parts) => parts.iter_mut().for_each(|part| replace(part, by)),
        _ => {}
    }
}

/// `A: [x, null]` as `A: x` or `A: null`.
fn nulls(item: &DetectionItem) -> Option<Detection> {
    let (null, values): (Vec<_>, Vec<_>) = item.values.iter().cloned().partition(|value| matches!(value, SigmaValue::Null));
    let listed = !null.is_empty() && !values.is_empty();
    if !listed || item.field.has_modifier(Modifier::All) || item.field.has_modifier(Modifier::Neq) {
        return None;
    }
    let absent = FieldSpec::new(item.field.name.clone(), Vec::new());
    let with = |field: FieldSpec, values| Detection::AllOf(vec![DetectionItem { field, values }]);
    Some(Detection::AnyOf(vec![with(item.field.clone(), values), with(absent, vec![SigmaValue::Null])]))
}

/// `'|all': [x, y]` as the keyword `x` and the keyword `y`.
fn keywords(item: &DetectionItem) -> Option<Detection> {
    if item.field.name.is_some() || !item.field.has_modifier(Modifier::All) {
        return None;
    }
    let modifiers: Vec<Modifier> = item.field.modifiers.iter().copied().filter(|modifier| *modifier != Modifier::All).collect();
    let one = |value: &SigmaValue| match modifiers.as_slice() {
        [] | [Modifier::Contains] => Detection::Keywords(vec![value.clone()]),
        _ => {
            let field = FieldSpec::new(None, modifiers.clone());
            Detection::AllOf(vec![DetectionItem { field, values: vec![value.clone()] }])
        }
    };
    Some(Detection::And(item.values.iter().map(one).collect()))
}

/// The three ways in which a text can stand in the base64 of a longer one, as literals.
fn offsets(item: &mut DetectionItem) {
    use Modifier::{Base64Offset, Contains, Wide};
    let known = item.field.modifiers.iter().all(|modifier| matches!(modifier, Base64Offset | Contains | Wide));
    let texts: Option<Vec<String>> = item.values.iter().map(plain_text).collect();
    let (true, true, Some(texts)) = (known, item.field.has_modifier(Base64Offset), texts) else {
        return;
    };
    let wide = item.field.has_modifier(Wide);
    item.field.modifiers = vec![Contains];
    item.values = texts
        .iter()
        .flat_map(|text| {
            let bytes = if wide { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.as_bytes().to_vec() };
            [0, 1, 2].map(|before| inner_base64(&bytes, before))
        })
        .filter(|inner| !inner.is_empty())
        .map(|inner| SigmaValue::from_raw_string(&inner))
        .collect();
}

/// The characters of base64 that these bytes alone decide when `before` bytes (of a group of three) stand before them.
fn inner_base64(bytes: &[u8], before: usize) -> String {
    let mut padded = vec![0; before];
    padded.extend_from_slice(bytes);
    let encoded = STANDARD.encode(&padded);
    // A character holds six bits: it is decided by bytes before the text up to the bit where the text begins.
    let first = (before * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_owned()
}

/// Values with wildcards as regular expressions, and with them the other values of the item.
fn expressions(item: &mut DetectionItem) {
    use Modifier::{All, Cased, Contains, EndsWith, StartsWith, WindAsh};
    let known = |modifier: &Modifier| matches!(modifier, All | Cased | Contains | EndsWith | StartsWith | WindAsh);
    if !item.field.modifiers.iter().all(known) || !item.values.iter().any(has_wildcard) {
        return;
    }
    let has = |modifier| item.field.has_modifier(modifier);
    let (open_start, open_end) = (has(Contains) || has(EndsWith), has(Contains) || has(StartsWith));
    let dash = if has(WindAsh) { "[-/\u{2013}\u{2014}\u{2015}]" } else { r"\-" };
    let expression = |value: &SigmaValue| {
        let SigmaValue::String(text) = value else { return None };
        let (start, end) = (if open_start { "" } else { r"\A" }, if open_end { "" } else { r"\z" });
        Some(SigmaValue::from_raw_string(&format!("{start}{}{end}", expression(text, dash))))
    };
    let Some(values) = item.values.iter().map(expression).collect::<Option<Vec<_>>>() else {
        return;
    };
    let mut modifiers = vec![Modifier::Re, Modifier::DotAll];
    modifiers.extend((!has(Cased)).then_some(Modifier::IgnoreCase));
    modifiers.extend(has(All).then_some(All));
    item.field.modifiers = modifiers;
    item.values = values;
}

fn replace_keywords(detection: &mut Detection) {
    match detection {
        Detection::AnyOf(parts) | Detection::And(parts) => parts.iter_mut().for_each(replace_keywords),
        Detection::Keywords(values) if values.iter().any(has_wildcard) => {
            let field = FieldSpec::new(None, vec![Modifier::Contains]);
            let mut item = DetectionItem { field, values: std::mem::take(values) };
            expressions(&mut item);
            *detection = match item.field.has_modifier(Modifier::Re) {
                true => Detection::AllOf(vec![item]),
                false => Detection::Keywords(item.values),
            };
        }
        _ => {}
    }
}

fn expression(text: &SigmaString, dash: &str) -> String {
    let mut expression = String::new();
    for part in &text.parts {
        match part {
            StringPart::Special(SpecialChar::WildcardMulti) => expression.push_str(".*"),
            StringPart::Special(SpecialChar::WildcardSingle) => expression.push('.'),
            StringPart::Plain(plain) => {
                for letter in plain.chars() {
                    match letter {
                        '-' => expression.push_str(dash),
                        // Any sign may be escaped but these two, which mean something when they are.
                        '<' | '>' => expression.push(letter),
                        _ if letter.is_ascii_punctuation() => expression.extend(['\\', letter]),
                        _ => expression.push(letter),
                    }
                }
            }
        }
    }
    expression
}

fn has_wildcard(value: &SigmaValue) -> bool {
    matches!(value, SigmaValue::String(text) if text.contains_wildcards())
}

fn plain_text(value: &SigmaValue) -> Option<String> {
    match value {
        SigmaValue::String(text) => text.as_plain(),
        _ => None,
    }
}

fn text_of(value: &SigmaValue) -> String {
    match value {
        SigmaValue::String(text) => text.original.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_place_of_a_text_in_base64_has_its_characters() {
        let inner: Vec<String> = [0, 1, 2].map(|before| inner_base64(b"whoami", before)).to_vec();
        assert_eq!(inner, ["d2hvYW1p", "dob2Fta", "3aG9hbW"].map(str::to_owned).to_vec());
        for before in 0..3 {
            for after in 0..3 {
                let long = [b"xyz".get(..before).unwrap(), b"whoami", b"uvw".get(..after).unwrap()].concat();
                let encoded = STANDARD.encode(&long);
                assert!(encoded.contains(&inner_base64(b"whoami", before)), "{encoded}");
            }
        }
        assert_eq!(inner_base64(b"", 2), "");
    }
}
