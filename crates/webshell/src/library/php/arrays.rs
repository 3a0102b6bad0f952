//! Functions on arrays.

use std::rc::Rc;

use super::{array_value, as_array, computed, text, write_to};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "array" => Value::list(args.values.clone()),
        "current" | "pos" | "reset" | "end" | "next" | "prev" | "array_first" | "array_last" => step(it, name, args, at),
        "key" | "array_key_first" | "array_key_last" => match as_array(&first) {
            Some(array) if array.rest.is_none() => {
                let key = if name == "array_key_last" {
                    array.entries.keys().last()
                } else {
                    array.entries.keys().nth(pointer(&first))
                };
                key.map_or_else(Value::null, Key::value)
            }
            _ => Value::unknown().with_taint(first.deep_taint()),
        },
        "each" => match as_array(&first) {
            Some(array) if array.rest.is_none() => {
                let slot = args.slots.first().cloned().flatten().map(|slot| Rc::as_ptr(&slot) as usize);
                let now = it.pointer(slot);
                it.set_pointer(slot, now.saturating_add(1));
                match array.entries.get_index(now) {
                    Some((key, value)) => {
                        let value = value.clone().with_taint(first.taint.clone());
                        Value::list(vec![key.value(), value])
                    }
                    None => Value::bool(false),
                }
            }
            _ => {
                let element = it.index(&first, None, at);
                let element = Interpreter::array_of_unknown(element);
                // At some time it is the last one.
                Value::either(&element, &Value::bool(false)).with(Made::MAYBE)
            }
        },
        "array_pop" | "array_shift" => match as_array(&first) {
            Some(array) if !array.entries.is_empty() => {
                let mut rest = (**array).clone();
                let taken = if name == "array_pop" { rest.entries.pop() } else { rest.entries.shift_remove_index(0) };
                let rest = if name == "array_shift" { renumbered(&rest) } else { rest };
                write_to(it, args, 0, array_value(rest).with_taint(first.taint.clone()));
                taken.map(|(_, value)| value.with_taint(first.taint.clone())).unwrap_or_default()
            }
            Some(array) if array.rest.is_none() => Value::null(),
            _ => it.index(&first, None, at),
        },
        "array_push" | "array_unshift" => {
            let mut array = as_array(&first).map(|array| (**array).clone()).unwrap_or_default();
            if name == "array_push" {
                args.values.iter().skip(1).for_each(|value| array.push(value.clone()));
            } else {
                let mut values: Vec<Value> = args.values.iter().skip(1).cloned().collect();
                values.extend(array.entries.into_values());
                array = list(values);
            }
            write_to(it, args, 0, array_value(array).with_taint(first.taint));
            Value::unknown()
        }
        "array_values" | "iterator_to_array" => mapped(&first, |array| list(array.entries.values().cloned().collect())),
        "array_keys" => mapped(&first, |array| list(Interpreter::keys(array))),
        "array_flip" => {
            let mut taint = None;
            let flipped = mapped(&first, |array| {
                let mut out = Array::default();
                for (key, value) in &array.entries {
                    match Key::of(value) {
                        Some(name) => out.set(name, key.value()),
                        None => {
                            taint = crate::evidence::Taint::stronger(taint.take(), value.taint.clone());
                            out.set_somewhere(key.value());
                        }
                    }
                }
                out
            });
            flipped.with_taint(taint)
        }
        "array_reverse" => mapped(&first, |array| {
            let mut out = Array::default();
            for (key, value) in array.entries.iter().rev() {
                match key {
                    Key::Int(_) => out.push(value.clone()),
                    Key::Bytes(_) => out.set(key.clone(), value.clone()),
                }
            }
            out
        }),
        "array_merge" | "array_merge_recursive" | "array_replace" => {
            let mut out = Array::default();
            let mut taint = None;
            for value in args.all() {
                taint = crate::evidence::Taint::stronger(taint, value.taint.clone());
                match &value.known {
                    Known::Array(array) => {
                        for (key, value) in &array.entries {
                            match key {
                                Key::Int(_) => out.push(value.clone()),
                                Key::Bytes(_) => out.set(key.clone(), value.clone()),
                            }
                        }
                        if let Some(rest) = &array.rest {
                            out.set_somewhere((**rest).clone());
                        }
                    }
                    Known::Request(_) => out.rest = Some(Box::new(value.clone())),
                    _ => out.set_somewhere(Value { known: Known::Unknown, ..value.clone() }),
                }
            }
            array_value(out).with_taint(taint)
        }
        "array_combine" => match (as_array(&first), as_array(&args.at(1))) {
            (Some(keys), Some(values)) if keys.rest.is_none() && values.rest.is_none() => {
                let mut out = Array::default();
                for (key, value) in keys.entries.values().zip(values.entries.values()) {
                    match Key::of(key) {
                        Some(key) => out.set(key, value.clone()),
                        None => out.set_somewhere(value.clone()),
                    }
                }
                array_value(out)
            }
            _ => Value::from_all(args.all(), Control::Whole),
        },
        "array_slice" => match (as_array(&first), args.int(1)) {
            (Some(array), Some(start)) if array.rest.is_none() => {
                let range = cut(array.entries.len(), start, args.get(2).and_then(Value::as_int));
                let values = array.entries.iter().skip(range.start).take(range.len());
                let mut out = Array::default();
                values.for_each(|(key, value)| match key {
                    Key::Int(_) => out.push(value.clone()),
                    Key::Bytes(_) => out.set(key.clone(), value.clone()),
                });
                array_value(out).with_taint(first.taint.clone())
            }
            _ => Value { known: Known::Unknown, ..first },
        },
        "range" => range(args),
        "array_fill" => match (args.int(0), args.int(1)) {
            (Some(start), Some(count @ 0..=100_000)) => {
                let mut out = Array::default();
                (0..count).for_each(|index| out.set(Key::Int(start + index), args.at(2)));
                array_value(out)
            }
            _ => args.at(2),
        },
        "compact" => {
            let mut out = Array::default();
            for value in args.all() {
                let names = match &value.known {
                    Known::Array(array) => array.entries.values().filter_map(Value::as_text).collect(),
                    _ => value.as_text().into_iter().collect::<Vec<_>>(),
                };
                for name in names {
                    if let Some(slot) = it.scope().find(&name) {
                        out.set(Key::text(&name), slot.borrow().clone());
                    }
                }
            }
            array_value(out)
        }
        "get_defined_vars" => {
            let mut out = Array::default();
            for name in ["_GET", "_POST", "_COOKIE", "_FILES", "_REQUEST", "_SERVER"] {
                if let Some(value) = it.library.global(it, name) {
                    out.set(Key::text(name), value);
                }
            }
            array_value(out)
        }
        "implode" | "join" => {
            let (glue, pieces) = match (&first.known, args.get(1)) {
                (Known::Array(_), Some(glue)) => (glue.clone(), first.clone()),
                (_, Some(pieces)) => (first.clone(), pieces.clone()),
                (_, None) => (Value::text(""), first.clone()),
            };
            let inherited = Value::from_all([&pieces], Control::Whole);
            let known = as_array(&pieces).filter(|array| array.rest.is_none()).and_then(|array| {
                let parts: Option<Vec<Rc<[u8]>>> =
                    array.entries.values().map(|value| value.as_bytes().filter(|_| value.is_known())).collect();
                Some(parts?.join(&glue.as_bytes()?[..]))
            });
            match known {
                Some(bytes) if it.may_make(bytes.len()) => {
                    Value { known: Known::Bytes(bytes.into()), ..inherited }.with(Made::BUILT)
                }
                _ => match as_array(&pieces) {
                    Some(array) if array.rest.is_none() && array.entries.len() < 64 => {
                        let mut sum: Option<Value> = None;
                        for value in array.entries.values() {
                            sum = Some(match sum {
                                Some(sum) => {
                                    let sum = it.join(&sum, &glue);
                                    it.join(&sum, value)
                                }
                                None => value.clone(),
                            });
                        }
                        sum.unwrap_or_default()
                    }
                    _ => inherited,
                },
            }
        }
        "explode" => match (args.bytes(0), args.bytes(1)) {
            (Some(by), Some(subject)) if !by.is_empty() => {
                let made = args.at(1).made.and(Made::BUILT);
                let pieces: Vec<Value> = split(&subject, &by).map(|piece| Value::bytes(piece).with(made)).collect();
                Value::list(pieces).with_taint(args.at(1).taint)
            }
            _ => Value::unknown().with_taint(args.at(1).taint),
        },
        "str_split" | "mb_str_split" => match args.bytes(0) {
            Some(bytes) => {
                let size = args.int(1).and_then(|size| usize::try_from(size).ok()).unwrap_or(1).max(1);
                Value::list(bytes.chunks(size).map(|chunk| Value::bytes(chunk).with(first.made.and(Made::BUILT))).collect())
                    .with_taint(first.taint)
            }
            None => Value::unknown().with_taint(first.taint),
        },
        "count" | "sizeof" => match as_array(&first) {
            Some(array) if array.rest.is_none() => Value::int(array.entries.len() as i64),
            _ => Value::from_all([&first], Control::Mark),
        },
        "array_search" => match as_array(&args.at(1)) {
            Some(array) if array.rest.is_none() && first.is_known() => {
                let found = array.entries.iter().find(|(_, value)| it.equal(value, &first) == Some(true));
                found.map_or_else(|| Value::bool(false), |(key, _)| key.value())
            }
            // The key of an element that is known without its place.
            Some(array) if first.is_known() && array.entries.is_empty() && array.rest.is_some() => first,
            _ => Value::from_all(args.all(), Control::Mark),
        },
        "in_array" | "array_key_exists" | "key_exists" => match as_array(&args.at(1)) {
            Some(array) if array.rest.is_none() && first.is_known() => Value::bool(if name == "in_array" {
                array.entries.values().any(|value| it.equal(value, &first) == Some(true))
            } else {
                Key::of(&first).is_some_and(|key| array.entries.contains_key(&key))
            }),
            _ => {
                if name == "in_array" {
                    it.checked(&first);
                }
                Value::from_all(args.all(), Control::Mark)
            }
        },
        "array_diff" | "array_intersect" | "array_diff_key" | "array_intersect_key" | "array_diff_assoc" => {
            match (as_array(&first), as_array(&args.at(1))) {
                (Some(one), Some(other)) if one.rest.is_none() && other.rest.is_none() => {
                    let mut out = Array::default();
                    for (key, value) in &one.entries {
                        let is_there = if name.contains("key") {
                            other.entries.contains_key(key)
                        } else {
                            other.entries.values().any(|other| other.as_bytes() == value.as_bytes())
                        };
                        if is_there == name.contains("intersect") {
                            out.set(key.clone(), value.clone());
                        }
                    }
                    array_value(out).with_taint(first.taint.clone())
                }
                _ => Value { known: Known::Unknown, ..Value::from_all(args.all(), Control::Whole) },
            }
        }
        "array_unique" => mapped(&first, |array| {
            let mut seen = Vec::new();
            let mut out = Array::default();
            for (key, value) in array.entries.iter().take(5000) {
                let bytes = value.as_bytes();
                if bytes.is_none() || !seen.contains(&bytes) {
                    seen.push(bytes);
                    out.set(key.clone(), value.clone());
                }
            }
            out
        }),
        // Names of functions that nobody here can list.
        "get_defined_functions" => {
            let names = || Interpreter::array_of_unknown(Value::unknown().with(Made::CARRIED));
            let mut array = Array::default();
            array.set(Key::text("internal"), names());
            array.set(Key::text("user"), names());
            array_value(array)
        }
        "array_sum" | "array_product" => Value::from_all(args.all(), Control::Mark),
        "array_rand"
        | "shuffle"
        | "array_change_key_case"
        | "array_chunk"
        | "array_column"
        | "array_pad"
        | "array_fill_keys"
        | "array_splice" => {
            if name == "array_rand" {
                // Any key will do; which one nobody can count on.
                match as_array(&first).and_then(|array| array.entries.keys().next()) {
                    Some(key) => key.value().with(Made::MAYBE),
                    None => Value::from_all(args.all(), Control::Mark),
                }
            } else {
                Value { known: first.known.clone(), ..Value::from_all(args.all(), Control::Whole) }
            }
        }
        "sort" | "rsort" | "ksort" | "krsort" | "asort" | "arsort" | "natsort" | "natcasesort" => {
            sort(it, name, args, &first);
            Value::bool(true)
        }
        "ord" => match args.bytes(0) {
            Some(bytes) => Value { known: Known::Int(bytes.first().map_or(0, |byte| i64::from(*byte))), ..first },
            None => Value { known: Known::Unknown, ..first },
        },
        "chr" => computed(args, Made::BUILT, || text(vec![args.int(0)? as u8])),
        _ => return None,
    })
}

fn list(values: Vec<Value>) -> Array {
    let mut array = Array::default();
    values.into_iter().for_each(|value| array.push(value));
    array
}

fn renumbered(array: &Array) -> Array {
    let mut out = Array { rest: array.rest.clone(), ..Array::default() };
    for (key, value) in &array.entries {
        match key {
            Key::Int(_) => out.push(value.clone()),
            Key::Bytes(_) => out.set(key.clone(), value.clone()),
        }
    }
    out
}

fn mapped(value: &Value, make: impl FnOnce(&Array) -> Array) -> Value {
    match as_array(value) {
        Some(array) => {
            let mut made = make(array);
            if let Some(rest) = &array.rest {
                made.set_somewhere((**rest).clone());
            }
            array_value(made).with_taint(value.taint.clone())
        }
        None => value.clone(),
    }
}

/// The internal pointer is kept as a field of nothing: arrays are values here, so it stands at the start unless `end` or `next`
/// moved it in the same place.
fn pointer(_value: &Value) -> usize {
    0
}

fn step(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let first = args.at(0);
    match as_array(&first) {
        Some(array) if array.rest.is_none() && !array.entries.is_empty() => {
            let slot = args.slots.first().cloned().flatten();
            let key = slot.as_ref().map(|slot| Rc::as_ptr(slot) as usize);
            let now = it.pointer(key);
            let index = match name {
                "reset" | "array_first" => 0,
                "end" | "array_last" => array.entries.len() - 1,
                "next" => now.saturating_add(1),
                "prev" => now.wrapping_sub(1),
                _ => now,
            };
            it.set_pointer(key, index);
            match array.entries.get_index(index) {
                Some((_, value)) => value.clone().with_taint(first.taint.clone()).with(first.made),
                None => Value::bool(false),
            }
        }
        _ => it.index(&first, None, at),
    }
}

fn range(args: &Args) -> Value {
    let letter = |index: usize| match &args.at(index).known {
        Known::Bytes(bytes) if bytes.first().is_some_and(|byte| !byte.is_ascii_digit()) => bytes.first().copied(),
        _ => None,
    };
    if let (Some(from), Some(to)) = (letter(0), letter(1)) {
        let step = args.int(2).unwrap_or(1).unsigned_abs().max(1) as usize;
        let make = |byte: u8| Value::bytes(&[byte]).with(Made::BUILT);
        return Value::list(if from <= to {
            (from..=to).step_by(step).map(make).collect()
        } else {
            (to..=from).rev().step_by(step).map(make).collect()
        });
    }
    match (args.int(0), args.int(1)) {
        (Some(from), Some(to)) if from.abs_diff(to) < 100_000 => {
            let step = args.int(2).unwrap_or(1).unsigned_abs().max(1) as usize;
            Value::list(if from <= to {
                (from..=to).step_by(step).map(Value::int).collect()
            } else {
                (to..=from).rev().step_by(step).map(Value::int).collect()
            })
        }
        _ => Value::unknown(),
    }
}

fn sort(it: &mut Interpreter<'_>, name: &str, args: &Args, first: &Value) {
    let Some(array) = as_array(first).filter(|array| array.rest.is_none()) else { return };
    let mut entries: Vec<(Key, Value)> = array.entries.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    let of_value = |value: &Value| (value.as_float().filter(|_| value.only_bytes().is_none()), value.as_bytes());
    let order = |one: &Value, other: &Value| {
        let (one, other) = (of_value(one), of_value(other));
        one.0.partial_cmp(&other.0).unwrap_or(std::cmp::Ordering::Equal).then_with(|| one.1.cmp(&other.1))
    };
    if name.contains('k') {
        entries.sort_by(|one, other| order(&one.0.value(), &other.0.value()));
    } else {
        entries.sort_by(|one, other| order(&one.1, &other.1));
    }
    if name.contains("rs") {
        entries.reverse();
    }
    let mut out = Array::default();
    for (key, value) in entries {
        if matches!(name, "sort" | "rsort") { out.push(value) } else { out.set(key, value) }
    }
    write_to(it, args, 0, array_value(out).with_taint(first.taint.clone()));
}

/// PHP's start and length, either of which may count from the end.
pub(super) fn cut(length: usize, start: i64, count: Option<i64>) -> std::ops::Range<usize> {
    let length = length as i64;
    let start = if start < 0 { (length + start).max(0) } else { start.min(length) };
    let end = match count {
        None => length,
        Some(count) if count < 0 => (length + count).max(start),
        Some(count) => start.saturating_add(count).min(length),
    };
    start as usize..end as usize
}

/// The pieces of a text between separators.
pub(super) fn split<'a>(text: &'a [u8], by: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest?;
        match memchr::memmem::find(here, by) {
            Some(at) => {
                rest = here.get(at + by.len()..);
                here.get(..at)
            }
            None => {
                rest = None;
                Some(here)
            }
        }
    })
}
