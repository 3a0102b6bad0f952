//! Functions that make arrays of arrays.

use std::cmp::Ordering;

use super::arrays::cut;
use super::{array_value, as_array, write_to};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Value};

/// Arrays that are longer are not sorted by a function of the page's own.
const MAX_SORTED: usize = 300;

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let whole = as_array(&first).filter(|array| array.rest.is_none()).cloned();
    let made = match (name, whole) {
        ("array_splice", Some(array)) => {
            let range = cut(array.entries.len(), args.int(1)?, args.get(2).and_then(Value::as_int));
            let with = args.get(3).map(|with| it.elements(with)).unwrap_or_default();
            let mut left = Array::default();
            let mut taken = Array::default();
            let mut with = with.entries.into_values();
            for (index, (key, value)) in array.entries.iter().enumerate() {
                if index == range.start {
                    with.by_ref().for_each(|value| left.push(value));
                }
                let into = if range.contains(&index) { &mut taken } else { &mut left };
                put(into, key, value);
            }
            with.for_each(|value| left.push(value));
            write_to(it, args, 0, array_value(left).with_taint(first.taint.clone()));
            taken
        }
        ("array_fill_keys", Some(array)) => {
            let mut out = Array::default();
            for key in array.entries.values() {
                match Key::of(key) {
                    Some(key) => out.set(key, args.at(1)),
                    None => out.set_somewhere(args.at(1)),
                }
            }
            out
        }
        ("array_column", Some(array)) => {
            let mut out = Array::default();
            for row in array.entries.values() {
                let value = match (&row.known, args.text(1)) {
                    (Known::Object(_), Some(member)) => it.member(row, &member, at),
                    (_, None) => row.clone(),
                    _ => it.index(row, args.get(1), at),
                };
                let key = args.get(2).map(|key| it.index(row, Some(key), at)).as_ref().and_then(Key::of);
                match key {
                    Some(key) => out.set(key, value),
                    None => out.push(value),
                }
            }
            out
        }
        ("array_chunk", Some(array)) => {
            let size = usize::try_from(args.int(1)?).ok().filter(|size| *size > 0)?;
            let keeps = args.get(2).and_then(Value::truth) == Some(true);
            let mut out = Array::default();
            let mut chunk = Array::default();
            for (key, value) in &array.entries {
                if keeps {
                    chunk.set(key.clone(), value.clone());
                } else {
                    chunk.push(value.clone());
                }
                if chunk.entries.len() == size {
                    out.push(array_value(std::mem::take(&mut chunk)));
                }
            }
            if !chunk.entries.is_empty() {
                out.push(array_value(chunk));
            }
            out
        }
        ("array_pad", Some(array)) => {
            let size = args.int(1)?;
            let missing = usize::try_from(size.abs()).ok()?.min(100_000).saturating_sub(array.entries.len());
            let mut out = Array::default();
            let fill = |out: &mut Array| (0..missing).for_each(|_| out.push(args.at(2)));
            if size < 0 {
                fill(&mut out);
            }
            array.entries.iter().for_each(|(key, value)| put(&mut out, key, value));
            if size > 0 {
                fill(&mut out);
            }
            out
        }
        ("array_replace" | "array_replace_recursive", Some(array)) => {
            let mut out = (*array).clone();
            for other in args.values.iter().skip(1) {
                for (key, value) in it.elements(other).entries {
                    out.set(key, value);
                }
            }
            out
        }
        ("array_change_key_case", Some(array)) => {
            let upper = args.int(1) == Some(1);
            let mut out = Array::default();
            for (key, value) in &array.entries {
                let key = match key {
                    Key::Bytes(bytes) if upper => Key::Bytes(bytes.to_ascii_uppercase().into()),
                    Key::Bytes(bytes) => Key::Bytes(bytes.to_ascii_lowercase().into()),
                    Key::Int(_) => key.clone(),
                };
                out.set(key, value.clone());
            }
            out
        }
        ("array_multisort", Some(array)) => return multisorted(it, args, &array),
        ("usort" | "uasort" | "uksort", Some(array)) => return sorted_by(it, name, args, &array, at),
        ("max" | "min", Some(array)) if args.len() == 1 => {
            // Which it is nobody knows if not all are known; what a visitor sent may be it.
            let mut some: Option<Value> = None;
            for value in array.entries.values() {
                some = Some(match some {
                    Some(some) if value.is_known() && some.is_known() => {
                        let order = order(&some, value);
                        if order == Ordering::Less && name == "max" || order == Ordering::Greater && name == "min" {
                            value.clone()
                        } else {
                            some
                        }
                    }
                    Some(some) => Value::either(&some, value),
                    None => value.clone(),
                });
            }
            return some;
        }
        _ => return None,
    };
    Some(array_value(made).with_taint(first.taint))
}

/// Keys that are numbers are counted anew.
fn put(out: &mut Array, key: &Key, value: &Value) {
    match key {
        Key::Int(_) => out.push(value.clone()),
        Key::Bytes(_) => out.set(key.clone(), value.clone()),
    }
}

fn order(one: &Value, other: &Value) -> Ordering {
    let number = |value: &Value| value.as_float().filter(|_| value.only_bytes().is_none());
    match (number(one), number(other)) {
        (Some(one), Some(other)) => one.partial_cmp(&other).unwrap_or(Ordering::Equal),
        _ => one.as_bytes().cmp(&other.as_bytes()),
    }
}

/// Sorts by a function of the page's own, if it gives numbers; else it is called as often as it would be, at least.
fn sorted_by(it: &mut Interpreter<'_>, name: &str, args: &Args, array: &Array, at: u32) -> Option<Value> {
    if array.entries.len() > MAX_SORTED || array.entries.len() < 2 {
        return None;
    }
    let callback = args.at(1);
    let mut sorted: Vec<(Key, Value)> = Vec::with_capacity(array.entries.len());
    for (key, value) in &array.entries {
        let mut place = sorted.len();
        while let Some((other_key, other)) = place.checked_sub(1).and_then(|before| sorted.get(before)) {
            let pair = match name {
                "uksort" => vec![other_key.value(), key.value()],
                _ => vec![other.clone(), value.clone()],
            };
            let pair: Vec<Value> = pair.into_iter().map(|value| value.with_taint(args.at(0).taint)).collect();
            let order = it.call_value(&callback, Args::of(pair.clone()), at);
            match order.as_int().filter(|_| order.is_known()) {
                Some(order) if order > 0 => place -= 1,
                Some(_) => break,
                None => {
                    // Which of the two comes first is the server's business.
                    it.call_value(&callback, Args::of(pair.into_iter().rev().collect()), at);
                    return Some(Value::bool(true));
                }
            }
        }
        sorted.insert(place, (key.clone(), value.clone()));
    }
    let mut out = Array::default();
    for (key, value) in sorted {
        if name == "usort" { out.push(value) } else { out.set(key, value) }
    }
    write_to(it, args, 0, array_value(out).with_taint(args.at(0).taint));
    Some(Value::bool(true))
}

/// Sorts the first array, and the others the same way.
fn multisorted(it: &mut Interpreter<'_>, args: &Args, first: &Array) -> Option<Value> {
    let mut places: Vec<usize> = (0..first.entries.len()).collect();
    let values: Vec<&Value> = first.entries.values().collect();
    places.sort_by(|one, other| match (values.get(*one), values.get(*other)) {
        (Some(one), Some(other)) => order(one, other),
        _ => Ordering::Equal,
    });
    for (index, value) in args.values.iter().enumerate() {
        let Some(array) = as_array(value).filter(|array| array.entries.len() == places.len()) else { continue };
        let mut out = Array::default();
        for place in &places {
            if let Some((key, value)) = array.entries.get_index(*place) {
                put(&mut out, key, value);
            }
        }
        write_to(it, args, index, array_value(out).with_taint(value.taint.clone()));
    }
    Some(Value::bool(true))
}
