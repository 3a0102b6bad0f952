//! Functions that need no module and only compute.

use std::rc::Rc;

use super::list_of;
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let php = |it: &mut Interpreter<'_>, function: &str| super::super::php::compute(it, function, args, at);
    Some(match name {
        "sprintf" => return php(it, "sprintf"),
        "slice" => sliced(&first, args),
        "chr" | "unichr" => return php(it, "chr"),
        "ord" => return php(it, "ord"),
        "len" => match &first.known {
            Known::Bytes(bytes) => Value::int(bytes.len() as i64),
            Known::Array(array) if array.rest.is_none() => Value::int(array.entries.len() as i64),
            _ => Value::from_all([&first], Control::Mark),
        },
        "int" | "long" => match (args.text(0), args.int(1)) {
            (Some(text), Some(base @ 2..=36)) => {
                let digits = text.trim().trim_start_matches("0x").trim_start_matches("0b").trim_start_matches("0o");
                i64::from_str_radix(digits, base as u32).map_or_else(|_| Value::unknown(), Value::int)
            }
            _ => return php(it, "intval"),
        },
        "hex" => return php(it, "dechex").map(|value| it.join_all(vec![Value::text("0x"), value])),
        "str" | "unicode" | "bytes" | "bytearray" | "repr" | "memoryview" => match &first.known {
            Known::Array(array) if matches!(name, "bytes" | "bytearray") => {
                let known = array.to_bytes().map(|bytes| Known::Bytes(bytes.into())).unwrap_or_default();
                Value { known, ..Value::from_all([&first], Control::Whole) }.with(Made::BUILT)
            }
            Known::Int(_) | Known::Float(_) => Value { known: Known::Bytes(first.as_bytes()?), ..first },
            _ => first,
        },
        "list" | "tuple" | "iter" | "set" | "frozenset" | "sorted" | "reversed" => {
            let Some(mut all) = list_of(&first) else { return Some(first) };
            match name {
                "reversed" => all.reverse(),
                "sorted" => all.sort_by(|one, other| match (&one.known, &other.known) {
                    (Known::Int(one), Known::Int(other)) => one.cmp(other),
                    _ => one.as_bytes().cmp(&other.as_bytes()),
                }),
                _ => {}
            }
            Value::list(all)
        }
        "dict" => {
            let mut out = match &first.known {
                Known::Array(array) => (**array).clone(),
                Known::Request(_) => return Some(first),
                _ => Array::default(),
            };
            for (index, value) in args.values.iter().enumerate() {
                if let Some(Some(key)) = args.names.get(index) {
                    out.set(Key::text(key), value.clone());
                }
            }
            Known::Array(Rc::new(out)).into()
        }
        "range" | "xrange" => match (args.int(0), args.int(1), args.int(2).unwrap_or(1)) {
            (Some(from), to, step) if args.values.iter().all(Value::is_known) && step != 0 => {
                let (from, to) = to.map_or((0, from), |to| (from, to));
                let mut out = Vec::new();
                let mut now = from;
                while (step > 0 && now < to || step < 0 && now > to) && out.len() < 100_000 {
                    out.push(Value::int(now));
                    now = now.saturating_add(step);
                }
                Value::list(out)
            }
            _ => Value::unknown(),
        },
        "map" | "filter" => {
            let all = list_of(&args.at(1));
            match all {
                Some(all) => {
                    let others: Vec<Vec<Value>> = args.values.iter().skip(2).filter_map(list_of).collect();
                    let mut out = Vec::new();
                    for (index, element) in all.into_iter().enumerate() {
                        let mut values = vec![element.clone()];
                        values.extend(others.iter().map(|other| other.get(index).cloned().unwrap_or_default()));
                        let result = it.call_value(&first, Args::of(values), at);
                        match name {
                            "map" => out.push(result),
                            _ if result.truth() == Some(false) => {}
                            _ => out.push(element),
                        }
                    }
                    Value::list(out)
                }
                None => {
                    let element = it.index(&args.at(1), None, at);
                    let result = it.call_value(&first, Args::of(vec![element.clone()]), at);
                    Interpreter::array_of_unknown(if name == "map" { result } else { element })
                }
            }
        }
        "reduce" => reduced(it, args, at),
        "zip" => {
            let Some(lists) = args.values.iter().map(list_of).collect::<Option<Vec<_>>>() else {
                let element = Value::from_all(args.all(), Control::Whole);
                return Some(Interpreter::array_of_unknown(Value::list(vec![element.clone(), element])));
            };
            let shortest = lists.iter().map(Vec::len).min().unwrap_or_default();
            let row = |index: usize| Value::list(lists.iter().filter_map(|list| list.get(index).cloned()).collect());
            Value::list((0..shortest).map(row).collect())
        }
        "enumerate" => match list_of(&first) {
            Some(all) => {
                let pair = |(index, value): (usize, Value)| Value::list(vec![Value::int(index as i64), value]);
                Value::list(all.into_iter().enumerate().map(pair).collect())
            }
            None => {
                let element = it.index(&first, None, at);
                Interpreter::array_of_unknown(Value::list(vec![Value::unknown(), element]))
            }
        },
        "sum" | "min" | "max" | "abs" | "round" | "pow" | "divmod" | "hash" | "id" | "bool" | "float" | "isinstance"
        | "issubclass" | "hasattr" | "callable" | "any" | "all" | "type" => Value::from_all(args.all(), Control::Mark),
        "next" => list_of(&first).and_then(|all| all.into_iter().next()).unwrap_or_else(|| it.index(&first, None, at)),
        "getattr" => match args.text(1) {
            Some(member) => it.member(&first, &member, at).with(args.at(1).made),
            None => {
                if args.at(1).is_requested(Control::Whole) {
                    it.hit(Capability::Invoke, name, at, &args.at(1), Facts { name_tainted: true, ..Facts::default() });
                }
                Value::from_all(args.all(), Control::Weak)
            }
        },
        "setattr" => Value::unknown(),
        "globals" | "locals" | "vars" if args.len() == 0 => Known::Globals.into(),
        "super" => Interpreter::carrier("parent", &[]),
        "print" => {
            it.echoed(args);
            Value::unknown()
        }
        _ => return None,
    })
}

/// A function of two that goes over a list.
pub(super) fn reduced(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let function = args.at(0);
    let Some(all) = list_of(&args.at(1)) else {
        let element = it.index(&args.at(1), None, at);
        return it.call_value(&function, Args::of(vec![args.at(2), element]), at);
    };
    let mut all = all.into_iter();
    let mut sum = args.get(2).cloned().or_else(|| all.next()).unwrap_or_default();
    for element in all {
        sum = it.call_value(&function, Args::of(vec![sum, element]), at);
    }
    sum
}

/// `a[start:end:step]`.
fn sliced(value: &Value, args: &Args) -> Value {
    let whole = Value { known: Known::Unknown, ..value.clone() }.with(Made::BUILT);
    let Some(all) = list_of(value) else { return whole };
    let bound = |index: usize| args.get(index).filter(|bound| !matches!(bound.known, Known::Null));
    if (1..4).any(|index| bound(index).is_some_and(|bound| bound.as_int().is_none())) {
        return whole;
    }
    let length = all.len() as i64;
    let step = bound(3).and_then(Value::as_int).unwrap_or(1);
    let place = |index: usize, default: i64| match bound(index).and_then(Value::as_int) {
        Some(place) if place < 0 => (place + length).max(if step < 0 { -1 } else { 0 }),
        Some(place) => place.min(if step < 0 { length - 1 } else { length }),
        None => default,
    };
    let (mut now, end) = if step < 0 { (place(1, length - 1), place(2, -1)) } else { (place(1, 0), place(2, length)) };
    let mut out = Vec::new();
    while step != 0 && (step > 0 && now < end || step < 0 && now > end) {
        let Some(element) = usize::try_from(now).ok().and_then(|now| all.get(now)) else { break };
        out.push(element.clone());
        now = now.saturating_add(step);
    }
    if matches!(value.known, Known::Array(_)) {
        return Value::list(out);
    }
    let bytes: Vec<u8> = out.iter().filter_map(|one| one.only_bytes()?.first().copied()).collect();
    let made = if step < 0 { Made::DECODED } else { Made::BUILT };
    Value { known: Known::Bytes(bytes.into()), ..value.clone() }.with(made)
}

/// Methods that change a list or a dictionary in place.
pub(super) fn changed(object: &Value, name: &str, args: &Args) -> Option<(Value, Value)> {
    let Known::Array(array) = &object.known else { return None };
    let mut now = (**array).clone();
    let first = args.at(0);
    let given = match name {
        "append" | "add" | "appendleft" => {
            now.push(first);
            Value::null()
        }
        "extend" => {
            match list_of(&first) {
                Some(all) => all.into_iter().for_each(|value| now.push(value)),
                None => now.set_somewhere(Value { known: Known::Unknown, ..Value::from_all([&first], Control::Whole) }),
            }
            Value::null()
        }
        "insert" | "reverse" | "sort" if array.rest.is_none() => {
            let mut values: Vec<Value> = now.entries.into_values().collect();
            match name {
                "insert" => {
                    let place = args.int(0).and_then(|place| usize::try_from(place).ok()).unwrap_or_default();
                    values.insert(place.min(values.len()), args.at(1));
                }
                "reverse" => values.reverse(),
                _ => values.sort_by_key(|one| one.as_bytes()),
            }
            return Some((Value { known: Value::list(values).known, ..object.clone() }, Value::null()));
        }
        "pop" | "popleft" if array.rest.is_none() => {
            let taken = match Key::of(&first).filter(|_| args.len() > 0) {
                Some(key) => now.entries.shift_remove(&key),
                None if name == "popleft" => now.entries.shift_remove_index(0).map(|(_, value)| value),
                None => now.entries.pop().map(|(_, value)| value),
            };
            if now.entries.keys().all(|key| matches!(key, Key::Int(_))) {
                now = match Value::list(now.entries.into_values().collect()).known {
                    Known::Array(list) => (*list).clone(),
                    _ => Array::default(),
                };
            }
            taken.unwrap_or_default().with_taint(object.taint.clone())
        }
        "update" => {
            match &first.known {
                Known::Array(other) => other.entries.iter().for_each(|(key, value)| now.set(key.clone(), value.clone())),
                _ => now.set_somewhere(first),
            }
            Value::null()
        }
        "clear" => {
            now = Array::default();
            Value::null()
        }
        _ => return None,
    };
    Some((Value { known: Known::Array(Rc::new(now)), ..object.clone() }, given))
}
