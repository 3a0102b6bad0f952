//! Functions that call what they are given.

use super::as_array;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Key, Known, Value};

/// How a function hands values to its callback.
enum Hands {
    /// The rest of the arguments, as they are.
    Rest,
    /// The elements of an array, as arguments.
    Spread,
    /// One element of the array at this position.
    Element(usize),
    /// Two elements.
    Pair(usize),
    /// What was collected and the element.
    Reduce(usize),
    /// Element, key and an extra argument.
    Walk(usize),
    /// Nothing that the visitor decides directly.
    Nothing,
}

/// The function, where its callback stands, and what it hands on.
fn caller(name: &str, args: &Args) -> Option<(usize, Hands)> {
    let last = args.len().saturating_sub(1);
    Some(match name {
        "call_user_func" | "forward_static_call" | "register_tick_function" | "call_user_method" => (0, Hands::Rest),
        "call_user_func_array" | "forward_static_call_array" | "call_user_method_array" => (0, Hands::Spread),
        "array_map" => (0, Hands::Element(1)),
        "array_filter" | "array_find" | "array_any" | "array_all" => (1, Hands::Element(0)),
        "usort" | "uasort" | "uksort" => (1, Hands::Pair(0)),
        "array_reduce" => (1, Hands::Reduce(0)),
        "array_walk" | "array_walk_recursive" => (1, Hands::Walk(0)),
        "array_diff_uassoc"
        | "array_diff_ukey"
        | "array_udiff"
        | "array_udiff_assoc"
        | "array_udiff_uassoc"
        | "array_intersect_uassoc"
        | "array_intersect_ukey"
        | "array_uintersect"
        | "array_uintersect_assoc"
        | "array_uintersect_uassoc" => (last, Hands::Pair(0)),
        "header_register_callback" | "session_set_save_handler" | "libxml_set_external_entity_loader" => (0, Hands::Nothing),
        _ => return None,
    })
}

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if name == "register_shutdown_function" {
        it.call_later(args.at(0), args.skip(1));
        return Some(Value::unknown());
    }
    if name == "filter_var" {
        return Some(filtered(it, args.at(0), args.get(1), args.get(2), at));
    }
    if name == "filter_var_array" {
        return Some(Value { known: Known::Unknown, ..args.at(0) });
    }
    if name == "func_get_args" || name == "func_get_arg" {
        let all = it.arguments();
        return Some(match args.int(0).and_then(|index| usize::try_from(index).ok()) {
            Some(index) if name == "func_get_arg" => all.get(index).cloned().unwrap_or_default(),
            _ => Value::list(all),
        });
    }
    if name == "iterator_apply" {
        let list = it.elements(&args.at(2)).entries.into_values().collect();
        return Some(it.call_value(&args.at(1), Args::of(list), at));
    }
    let (position, hands) = caller(name, args)?;
    let callback = args.at(position);
    if name == "array_map" && matches!(callback.known, Known::Null) && args.len() > 2 {
        let mut out = Vec::new();
        let lists: Vec<crate::value::Array> = args.values.iter().skip(1).map(|list| it.elements(list)).collect();
        let longest = lists.iter().map(|list| list.entries.len()).max().unwrap_or_default();
        for index in 0..longest {
            let row = lists.iter().map(|list| list.entries.get_index(index).map(|(_, value)| value.clone()));
            out.push(Value::list(row.map(Option::unwrap_or_default).collect()));
        }
        return Some(Value::list(out));
    }
    if matches!(callback.known, Known::Null | Known::Undefined) {
        return Some(Value::from_all(args.all(), Control::Whole));
    }
    Some(match hands {
        Hands::Rest => it.call_value(&callback, args.skip(1), at),
        Hands::Spread => {
            let given = args.at(1);
            let inner = match as_array(&given) {
                Some(array) if array.rest.is_none() => Args {
                    slots: it.shared(array),
                    ..Args::of(array.entries.values().map(|value| value.clone().with_taint(given.taint.clone())).collect())
                },
                _ => Args { rest: Some(it.index(&given, None, at)), ..Args::default() },
            };
            it.call_value(&callback, inner, at)
        }
        Hands::Element(index) => {
            let given = args.at(index);
            match as_array(&given) {
                Some(array) if array.rest.is_none() => {
                    let mut out = crate::value::Array::default();
                    let others: Vec<Value> = args.values.iter().skip(2).filter(|_| name == "array_map").cloned().collect();
                    // `array_filter` may hand the keys.
                    let mode = args.int(2).filter(|_| name == "array_filter").unwrap_or_default();
                    for (key, value) in array.entries.clone() {
                        let mut values = match mode {
                            2 => vec![key.value().with_taint(given.taint.clone())],
                            1 => vec![value.clone(), key.value().with_taint(given.taint.clone())],
                            _ => vec![value.clone().with_taint(given.taint.clone())],
                        };
                        for other in &others {
                            values.push(it.index(other, Some(&key.value()), at));
                        }
                        let result = it.call_value(&callback, Args::of(values), at);
                        if name == "array_map" {
                            out.set(key, result);
                        } else if result.truth() != Some(false) {
                            out.set(key, value);
                        }
                    }
                    super::array_value(out)
                }
                _ => {
                    let element = it.index(&given, None, at);
                    let mut values = vec![element.clone()];
                    for other in args.values.iter().skip(2).filter(|_| name == "array_map") {
                        values.push(it.index(other, None, at));
                    }
                    let result = it.call_value(&callback, Args::of(values), at);
                    let result = if name == "array_map" { result } else { element };
                    super::array_value(crate::value::Array { rest: Some(Box::new(result)), ..Default::default() })
                }
            }
        }
        Hands::Pair(index) => {
            let given = args.at(index);
            let element = match as_array(&given) {
                Some(array) if array.rest.is_none() => {
                    let mut values: Vec<Value> = array.entries.values().cloned().collect();
                    values.extend(args.at(1).deep_taint().filter(|_| name.starts_with("array_")).map(Value::tainted));
                    let mut result = Value::unknown();
                    for pair in values.windows(2).take(8) {
                        let pair: Vec<Value> =
                            pair.iter().rev().map(|value| value.clone().with_taint(given.taint.clone())).collect();
                        result = it.call_value(&callback, Args::of(pair), at);
                    }
                    if let [only] = &values[..] {
                        it.call_value(&callback, Args::of(vec![only.clone(), only.clone()]), at);
                    }
                    return Some(result);
                }
                _ => it.index(&given, None, at),
            };
            it.call_value(&callback, Args::of(vec![element.clone(), element]), at)
        }
        Hands::Reduce(index) => {
            let given = args.at(index);
            let mut sum = args.get(2).cloned().unwrap_or_else(Value::null);
            match as_array(&given) {
                Some(array) if array.rest.is_none() => {
                    for value in array.entries.clone().into_values() {
                        sum = it.call_value(&callback, Args::of(vec![sum, value.with_taint(given.taint.clone())]), at);
                    }
                    sum
                }
                _ => {
                    let element = it.index(&given, None, at);
                    it.call_value(&callback, Args::of(vec![sum, element]), at)
                }
            }
        }
        Hands::Walk(index) => {
            let given = args.at(index);
            let extra: Vec<Value> = args.get(2).cloned().into_iter().collect();
            match as_array(&given) {
                Some(array) if array.rest.is_none() => {
                    let mut out = (**array).clone();
                    for (key, value) in array.entries.clone() {
                        let value = value.with_taint(given.taint.clone());
                        let now = if matches!(value.known, Known::Array(_)) && name == "array_walk_recursive" {
                            let slot = it.place_of(value);
                            let inner = Args {
                                slots: vec![Some(slot.clone())],
                                ..Args::of([vec![slot.borrow().clone(), callback.clone()], extra.clone()].concat())
                            };
                            function(it, name, &inner, at);
                            slot.borrow().clone()
                        } else {
                            let slot = it.place_of(value.clone());
                            let inner = Args {
                                slots: vec![Some(slot.clone())],
                                ..Args::of([vec![value, key.value()], extra.clone()].concat())
                            };
                            it.call_value(&callback, inner, at);
                            slot.borrow().clone()
                        };
                        out.set(key, now);
                    }
                    super::write_to(it, args, 0, super::array_value(out));
                    Value::bool(true)
                }
                _ => {
                    let element = it.index(&given, None, at);
                    // A key of the request's array, or one that is not known, is the visitor's like the element.
                    let key = Value::unknown().with_taint(element.taint.clone());
                    it.call_value(&callback, Args::of([vec![element, key], extra].concat()), at)
                }
            }
        }
        Hands::Nothing => it.call_in_passing(&callback, Args::unknown(2), at),
    })
}

/// `filter_var` and its like: validators leave nothing of the visitor's text, a callback gets it whole.
pub(super) fn filtered(
    it: &mut Interpreter<'_>,
    value: Value,
    filter: Option<&Value>,
    options: Option<&Value>,
    at: u32,
) -> Value {
    const CALLBACK: i64 = 1024;
    match filter.and_then(Value::as_int) {
        Some(CALLBACK) => {
            let callback = match options.map(|options| &options.known) {
                Some(Known::Array(array)) => array.get(&Key::text("options")).cloned(),
                _ => options.cloned(),
            };
            it.call_value(&callback.unwrap_or_default(), Args::of(vec![value]), at)
        }
        // Numbers, addresses, truth values.
        Some(257..=259 | 273..=275 | 277 | 519) => {
            Value { known: Known::Unknown, taint: value.taint.map(|taint| taint.at_most(Control::Mark)), made: value.made }
        }
        Some(513..=515 | 517..=518 | 520..=522) => {
            Value { taint: value.taint.map(|taint| taint.at_most(Control::Part)), ..value }
        }
        _ => value,
    }
}
