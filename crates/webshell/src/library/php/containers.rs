//! PHP's classes that hold things: arrays as objects, stacks, queues, sets.

use std::rc::Rc;

use super::{array_value, as_array};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Object, Value};

pub(super) fn is_container(class: &str) -> bool {
    matches!(
        class,
        "arrayobject"
            | "arrayiterator"
            | "recursivearrayiterator"
            | "iteratoriterator"
            | "recursiveiteratoriterator"
            | "splstack"
            | "splqueue"
            | "spldoublylinkedlist"
            | "splobjectstorage"
            | "splfixedarray"
            | "splpriorityqueue"
            | "splminheap"
            | "splmaxheap"
            | "weakmap"
    )
}

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    if !is_container(class) {
        return None;
    }
    let object = Object::new(class);
    let first = args.at(0);
    let inner = match &first.known {
        Known::Array(_) | Known::Request(_) => first,
        Known::Object(inner) => inner.field("value").unwrap_or(first),
        Known::Int(_) | Known::Null => Known::Array(Rc::default()).into(),
        _ if args.len() == 0 => Known::Array(Rc::default()).into(),
        _ => first,
    };
    object.take(inner.deep_taint());
    object.set("value", inner);
    object.set("position", Value::int(0));
    Some(Known::Object(Rc::new(object)).into())
}

pub(super) fn method(
    it: &mut Interpreter<'_>,
    place: &Rc<Object>,
    class: &str,
    name: &str,
    args: &Args,
    at: u32,
) -> Option<Value> {
    if !is_container(class) {
        return None;
    }
    let inner = place.field("value").unwrap_or_default();
    let array = as_array(&inner).filter(|array| array.rest.is_none()).cloned();
    let position = place.field("position").and_then(|at| at.as_int()).and_then(|at| usize::try_from(at).ok()).unwrap_or(0);
    let set = |array: Array| place.set("value", array_value(array).with_taint(inner.taint.clone()));
    let go = |position: usize| place.set("position", Value::int(position as i64));
    Some(match name {
        "push" | "enqueue" | "append" | "add" | "insert" | "attach" | "unshift" => {
            let value = args.at(if name == "add" && args.len() > 1 { 1 } else { 0 });
            place.take(value.deep_taint());
            let mut array = array.map(|array| (*array).clone()).unwrap_or_default();
            if name == "unshift" {
                let mut values = vec![value];
                values.extend(array.entries.into_values());
                array = Array::default();
                values.into_iter().for_each(|value| array.push(value));
            } else {
                array.push(value);
            }
            set(array);
            Value::null()
        }
        "pop" | "shift" | "dequeue" | "extract" => {
            let mut array = (*array?).clone();
            let taken = if name == "pop" { array.entries.pop() } else { array.entries.shift_remove_index(0) };
            set(array);
            taken.map(|(_, value)| value).unwrap_or_default()
        }
        "top" | "bottom" => {
            let array = array?;
            let entry = if name == "top" { array.entries.last() } else { array.entries.first() };
            entry.map(|(_, value)| value.clone()).unwrap_or_default()
        }
        "current" => match &array {
            Some(array) => array.entries.get_index(position).map(|(_, value)| value.clone()).unwrap_or_default(),
            None => it.index(&inner, None, at),
        },
        "key" => array?.entries.get_index(position).map(|(key, _)| key.value()).unwrap_or_default(),
        "next" => {
            go(position + 1);
            Value::null()
        }
        "rewind" => {
            go(0);
            Value::null()
        }
        "valid" => Value::bool(position < array?.entries.len()),
        "count" => Value::int(array?.entries.len() as i64),
        "getarraycopy" | "toarray" => inner,
        "offsetget" => it.index(&inner, args.get(0), at),
        "offsetset" => {
            put(place, args.get(0), &args.at(1));
            Value::null()
        }
        "offsetexists" | "contains" => return None,
        "uasort" | "uksort" => {
            let arguments = Args::of(vec![inner, args.at(0)]);
            it.call_named(name, arguments, at)
        }
        _ => return None,
    })
}

/// An element of a container.
pub(super) fn element(it: &mut Interpreter<'_>, place: &Rc<Object>, key: Option<&Value>, at: u32) -> Option<Value> {
    let inner = place.field("value")?;
    match (&inner.known, key.and_then(Key::of)) {
        (Known::Array(array), Some(key)) if array.get(&key).is_some() => array.get(&key).cloned(),
        (Known::Request(_), _) => Some(it.index(&inner, key, at)),
        _ => Some(Value::unknown().with_taint(inner.deep_taint()).with_taint(place.taint.borrow().clone())),
    }
}

/// Writes an element of a container.
pub(super) fn put(place: &Rc<Object>, key: Option<&Value>, value: &Value) {
    let Some(inner) = place.field("value") else { return };
    let mut array = match &inner.known {
        Known::Array(array) => (**array).clone(),
        _ => Array { rest: Some(Box::new(inner.clone())), ..Array::default() },
    };
    match key.filter(|key| !matches!(key.known, Known::Null)).map(Key::of) {
        None => array.push(value.clone()),
        Some(Some(key)) => array.set(key, value.clone()),
        Some(None) => array.set_somewhere(value.clone()),
    }
    place.take(value.deep_taint());
    place.set("value", array_value(array).with_taint(inner.taint));
}
