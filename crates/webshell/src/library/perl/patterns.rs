//! Matches, substitutions and functions that take a block.

use ::regex::bytes::Captures;

use super::super::php::regex::built;
use crate::evidence::{Control, Taint};
use crate::interpret::{Args, Interpreter};
use crate::ir::{Expr, Item, Kind};
use crate::value::{Array, Known, Made, Value};

/// Matches of one substitution that are looked at.
const MAX_MATCHES: usize = 20_000;

pub(super) fn special_form(it: &mut Interpreter<'_>, name: &str, items: &[Item], at: u32) -> Option<Value> {
    match name {
        "match" => Some(matched(it, items)),
        "subst" => Some(substituted(it, items)),
        "tr" => Some(translated(it, items)),
        "split" => split(it, items),
        "map" | "grep" | "first" | "any" | "all" | "sort" if items.len() > 1 => Some(for_each(it, name, items, at)),
        _ => None,
    }
}

fn argument(it: &mut Interpreter<'_>, items: &[Item], index: usize) -> Value {
    items.get(index).map(|item| it.eval(&item.value)).unwrap_or_default()
}

fn modifiers(it: &mut Interpreter<'_>, items: &[Item], index: usize) -> String {
    argument(it, items, index).as_text().unwrap_or_default()
}

/// Sets `$1`, `$2`… and `$&`, and what stands before and behind.
fn set_groups(it: &mut Interpreter<'_>, found: &Captures<'_>, subject: &Value) {
    for (index, group) in found.iter().enumerate().take(20) {
        let name = if index == 0 { "&".to_owned() } else { index.to_string() };
        let bytes = group.map(|group| group.as_bytes()).unwrap_or_default();
        it.set_variable(&name, Value { known: Known::Bytes(bytes.into()), ..subject.clone() });
    }
    if let (Some(whole), Some(bytes)) = (found.get(0), subject.only_bytes()) {
        let around = [("`", bytes.get(..whole.start())), ("'", bytes.get(whole.end()..))];
        for (name, part) in around {
            let known = Known::Bytes(part.unwrap_or_default().into());
            it.set_variable(name, Value { known, ..subject.clone() });
        }
    }
}

/// What groups are if nobody knows what matches: parts of the subject.
fn set_unknown_groups(it: &mut Interpreter<'_>, subject: &Value) -> Value {
    let part = Value { known: Known::Unknown, taint: subject.deep_taint(), made: subject.made };
    for name in ["&", "`", "'", "1", "2", "3", "4", "5"] {
        it.set_variable(name, part.clone());
    }
    part
}

fn matched(it: &mut Interpreter<'_>, items: &[Item]) -> Value {
    let (subject, pattern) = (argument(it, items, 0), argument(it, items, 1));
    let flags = modifiers(it, items, 2);
    let regex = pattern.as_text().filter(|_| pattern.is_known()).and_then(|pattern| built(&pattern, &flags));
    if let (Some(regex), Some(bytes)) = (regex, subject.only_bytes().cloned()) {
        if flags.contains('g') {
            let whole = regex.captures_len() < 2;
            let mut all = Vec::new();
            for found in regex.captures_iter(&bytes).take(MAX_MATCHES) {
                if all.is_empty() {
                    set_groups(it, &found, &subject);
                }
                let groups = found.iter().skip(usize::from(!whole));
                all.extend(groups.map(|group| {
                    let bytes = group.map(|group| group.as_bytes()).unwrap_or_default();
                    Value { known: Known::Bytes(bytes.into()), ..subject.clone() }
                }));
            }
            return Value::list(all);
        }
        let Some(found) = regex.captures(&bytes) else { return Value::bool(false) };
        set_groups(it, &found, &subject);
        if found.len() < 2 {
            return Value::bool(true);
        }
        let groups = found.iter().skip(1).map(|group| {
            let bytes = group.map(|group| group.as_bytes()).unwrap_or_default();
            Value { known: Known::Bytes(bytes.into()), ..subject.clone() }
        });
        return Value::list(groups.collect());
    }
    let part = set_unknown_groups(it, &subject);
    it.checked(&subject);
    let has_groups = pattern.edges().prefix.contains(&b'(') || pattern.edges().suffix.contains(&b'(');
    if !has_groups && pattern.is_known() {
        return Value::unknown().with_taint(subject.taint.map(|taint| taint.at_most(Control::Mark)));
    }
    Interpreter::array_of_unknown(part)
}

/// `s/…/…/`: the replacement is walked for each match.
fn substituted(it: &mut Interpreter<'_>, items: &[Item]) -> Value {
    let (subject, pattern) = (argument(it, items, 0), argument(it, items, 1));
    let flags = modifiers(it, items, 3);
    let Some(replacement) = items.get(2).map(|item| &item.value) else { return Value::unknown() };
    let regex = pattern.as_text().filter(|_| pattern.is_known()).and_then(|pattern| built(&pattern, &flags));
    let (Some(regex), Some(bytes)) = (regex, subject.only_bytes().cloned()) else {
        set_unknown_groups(it, &subject);
        let with = it.eval(replacement);
        // Escapes that are resolved leave what the visitor sent; what is put in may be his, too.
        let taint = Taint::stronger(subject.taint.clone(), with.taint.map(|taint| taint.at_most(Control::Part)));
        let value = Value { known: Known::Unknown, taint, made: subject.made };
        return finish(it, items, &flags, value);
    };
    let limit = if flags.contains('g') { MAX_MATCHES } else { 1 };
    let mut out: Vec<Value> = Vec::new();
    let mut last = 0;
    for found in regex.captures_iter(&bytes).take(limit) {
        let Some(whole) = found.get(0) else { continue };
        out.push(Value { known: Known::Bytes(bytes.get(last..whole.start()).unwrap_or_default().into()), ..subject.clone() });
        last = whole.end();
        set_groups(it, &found, &subject);
        let with = it.eval(replacement);
        out.push(with);
    }
    out.push(Value { known: Known::Bytes(bytes.get(last..).unwrap_or_default().into()), ..subject.clone() });
    let decoded = if flags.contains('e') { Made::DECODED } else { Made::BUILT };
    let value = it.join_all(out).with(decoded);
    finish(it, items, &flags, value)
}

/// A changed text is put where it was, or given back if the `r` modifier says so.
fn finish(it: &mut Interpreter<'_>, items: &[Item], flags: &str, value: Value) -> Value {
    if flags.contains('r') {
        return value;
    }
    if let Some(target) = items.first().map(|item| target_of(&item.value)) {
        it.assign(target, value);
    }
    Value::unknown()
}

/// `($a = $b) =~ …` changes `$a`.
fn target_of(expr: &Expr) -> &Expr {
    match &expr.kind {
        Kind::Assign(target, _) => target,
        _ => expr,
    }
}

fn translated(it: &mut Interpreter<'_>, items: &[Item]) -> Value {
    let subject = argument(it, items, 0);
    let (from, to) = (argument(it, items, 1), argument(it, items, 2));
    let flags = modifiers(it, items, 3);
    let value = match (subject.only_bytes(), from.as_bytes(), to.as_bytes()) {
        (Some(bytes), Some(from), Some(to)) => {
            let (from, to) = (range(&from), range(&to));
            let negated = flags.contains('c');
            let deletes = flags.contains('d');
            let mut out = Vec::with_capacity(bytes.len());
            for byte in bytes.iter() {
                let place = from.iter().position(|one| one == byte);
                match (place, negated) {
                    (None, false) | (Some(_), true) => out.push(*byte),
                    (None, true) => out.extend(to.last().filter(|_| !deletes)),
                    (Some(place), false) => match to.get(place) {
                        Some(to) => out.push(*to),
                        None if deletes => {}
                        None => out.push(to.last().copied().unwrap_or(*byte)),
                    },
                }
            }
            Value { known: Known::Bytes(out.into()), ..subject.clone() }.with(Made::DECODED)
        }
        _ => Value { known: Known::Unknown, ..subject.clone() },
    };
    if to.as_bytes().is_some_and(|to| to.is_empty()) && !flags.contains('d') && !flags.contains('r') {
        // It only counts.
        return Value::unknown();
    }
    finish(it, items, &flags, value)
}

/// `a-z` as letters.
fn range(set: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut index = 0;
    while let Some(byte) = set.get(index) {
        match (set.get(index + 1), set.get(index + 2)) {
            (Some(b'-'), Some(end)) if end >= byte => {
                out.extend(*byte..=*end);
                index += 3;
            }
            _ => {
                out.push(*byte);
                index += 1;
            }
        }
    }
    out
}

/// `split /…/, $text`: the pattern is not a match of its own.
fn split(it: &mut Interpreter<'_>, items: &[Item]) -> Option<Value> {
    let pattern = items.first()?;
    let (pattern, flags) = match &pattern.value.kind {
        Kind::Call(callee, inner) if matches!(&callee.kind, Kind::Name(name) if &**name == "match") => {
            (argument(it, inner, 1), modifiers(it, inner, 2))
        }
        _ => (it.eval(&pattern.value), String::new()),
    };
    let subject = match items.get(1) {
        Some(item) => it.eval(&item.value),
        None => it.global_value("_").unwrap_or_default(),
    };
    let limit = argument(it, items, 2).as_int().and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
    let text = pattern.as_text().filter(|_| pattern.is_known());
    let text = text.map(|text| if text == " " { r"\s+".to_owned() } else { text });
    let (Some(regex), Some(bytes)) = (text.and_then(|text| built(&text, &flags)), subject.only_bytes()) else {
        let piece = Value { known: Known::Unknown, taint: subject.deep_taint(), made: subject.made };
        return Some(Interpreter::array_of_unknown(piece));
    };
    let piece = |piece: &[u8]| Value { known: Known::Bytes(piece.into()), ..subject.clone() }.with(Made::BUILT);
    let mut pieces: Vec<Value> = match limit {
        Some(limit) => regex.splitn(bytes, limit).map(piece).collect(),
        None => regex.split(bytes).map(piece).collect(),
    };
    let is_empty = |value: &Value| value.only_bytes().is_some_and(|bytes| bytes.is_empty());
    if regex.as_str().is_empty() {
        pieces.retain(|piece| !is_empty(piece));
    }
    while limit.is_none() && pieces.last().is_some_and(is_empty) {
        pieces.pop();
    }
    Some(Value::list(pieces))
}

/// `map`, `grep`, `sort`, `first`: a block or an expression for each element, which is `$_`.
fn for_each(it: &mut Interpreter<'_>, name: &str, items: &[Item], at: u32) -> Value {
    let Some((first, rest)) = items.split_first() else { return Value::unknown() };
    let values: Vec<Value> = rest.iter().map(|item| it.eval(&item.value)).collect();
    let all = super::flat(&Args::of(values.clone()), 0);
    let block = match &first.value.kind {
        Kind::Closure(_) => Some(it.eval(&first.value)),
        _ => None,
    };
    let before = it.global_value("_");
    let ask = |it: &mut Interpreter<'_>, element: &Value| {
        it.set_variable("_", element.clone());
        match &block {
            Some(block) => it.call_value(block, Args::of(vec![element.clone()]), at),
            None => it.eval(&first.value),
        }
    };
    let out = match all {
        Some(all) if name == "sort" => sorted(it, all, block.as_ref(), at),
        Some(all) => {
            let mut out = Vec::new();
            for element in all.into_iter().take(100_000) {
                let result = ask(it, &element);
                match (name, &result.known) {
                    ("map", Known::Array(array)) if array.rest.is_none() => out.extend(array.entries.values().cloned()),
                    ("map", _) => out.push(result),
                    _ if result.truth() == Some(false) => {}
                    _ => out.push(element),
                }
            }
            if name == "first" { out.into_iter().next().unwrap_or_default() } else { Value::list(out) }
        }
        None => {
            let mut element = Value::unknown();
            for value in &values {
                let one = it.index(value, None, at);
                element = Value::either(&element, &one).with_taint(value.deep_taint());
            }
            let result = ask(it, &element);
            let result = if name == "map" { result } else { element };
            Known::Array(std::rc::Rc::new(Array { rest: Some(Box::new(result)), ..Array::default() })).into()
        }
    };
    if let Some(before) = before {
        it.set_variable("_", before);
    }
    out
}

fn sorted(it: &mut Interpreter<'_>, all: Vec<Value>, block: Option<&Value>, at: u32) -> Value {
    let mut out: Vec<Value> = Vec::with_capacity(all.len());
    for element in all.into_iter().take(1000) {
        let mut place = out.len();
        while let Some(before) = place.checked_sub(1).and_then(|place| out.get(place)) {
            let is_after = match block {
                Some(block) => {
                    it.set_variable("a", before.clone());
                    it.set_variable("b", element.clone());
                    it.call_value(block, Args::default(), at).as_int().unwrap_or_default() > 0
                }
                None => before.as_bytes() > element.as_bytes(),
            };
            if !is_after {
                break;
            }
            place -= 1;
        }
        out.insert(place, element);
    }
    Value::list(out)
}
