//! Arrays and sequences: LINQ, `Array`, lists and dictionaries.

use std::rc::Rc;

use super::plain::{MAX_PIECES, array, blurred, bytes, index, int, key, known_text, mark, repeated, write_to};
use super::text::character;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::library::characters::Characters;
use crate::value::{Array, Key, Known, Made, Object, Value};

/// Classes that keep elements in their field `items`.
const COLLECTIONS: &[&str] = &[
    "list",
    "arraylist",
    "stack",
    "queue",
    "hashset",
    "linkedlist",
    "collection",
    "stringcollection",
    "concurrentqueue",
    "concurrentbag",
    "dictionary",
    "hashtable",
    "sortedlist",
    "sorteddictionary",
    "concurrentdictionary",
    "namevaluecollection",
    "stringdictionary",
    "specialized",
    "ordereddictionary",
    "listdictionary",
    "hybriddictionary",
    "idictionary",
    "ilist",
    "ienumerable",
    "webheadercollection",
    "scripting.dictionary",
    "session",
    "application",
    "cache",
    "viewstate",
    "tempdata",
    "context items",
    "collection of com",
    "environment variables",
];

pub(crate) fn is_collection(class: &str) -> bool {
    COLLECTIONS.contains(&class)
}

/// A new collection, filled from an argument that is one.
pub(crate) fn collection(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Value {
    let object = Object::new(class);
    let items = match args.get(0) {
        Some(first) if !matches!(first.known, Known::Int(_) | Known::Type(_)) => as_array(it, first, at),
        _ => Value::list(Vec::new()),
    };
    object.set("items", items);
    Known::Object(Rc::new(object)).into()
}

/// The elements of something in order, if all are known.
pub(crate) fn known_items(value: &Value) -> Option<Vec<Value>> {
    let inherit = |item: Value| item.with_taint(value.taint.clone()).with(value.made.without(Made::CHARACTER));
    match &value.known {
        Known::Array(list) => Some(list.all()?.cloned().map(inherit).collect()),
        Known::Bytes(bytes) if bytes.len() < MAX_PIECES => {
            Some(Characters::of(bytes).all().into_iter().map(|one| inherit(character(one))).collect())
        }
        Known::Object(object) => {
            let items = items(object)?;
            match &items.known {
                Known::Array(list) => Some(list.all()?.cloned().map(inherit).collect()),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Some element of something.
pub(crate) fn some_item(it: &mut Interpreter<'_>, value: &Value, at: u32) -> Value {
    match &value.known {
        Known::Object(object) => match items(object) {
            Some(items) => it.index(&items, None, at),
            None => blurred([value]),
        },
        _ => it.index(value, None, at),
    }
}

fn as_array(it: &mut Interpreter<'_>, value: &Value, at: u32) -> Value {
    match known_items(value) {
        Some(items) => Value { taint: value.taint.clone(), ..Value::list(items) },
        None => match &value.known {
            Known::Array(_) => value.clone(),
            Known::Object(object) => match items(object) {
                Some(items) => items,
                None => unknown_list(blurred([value])),
            },
            _ => unknown_list(some_item(it, value, at)),
        },
    }
}

pub(crate) fn unknown_list(element: Value) -> Value {
    let made = element.made.without(Made::CHARACTER);
    array(Array { rest: Some(Box::new(element)), ..Array::default() }).with(made)
}

/// A list that says of itself how its elements were made.
fn list_of(items: Vec<Value>) -> Value {
    let made = items.iter().fold(Made::default(), |made, item| made.and(item.made));
    Value::list(items).with(made.without(Made::CHARACTER))
}

/// What walking over a collection gives.
pub(crate) fn items(object: &Object) -> Option<Value> {
    is_collection(&object.class).then(|| object.field("items").unwrap_or_default())
}

pub(crate) fn is_keyed(class: &str) -> bool {
    class.contains("dictionary")
        || matches!(class, "hashtable" | "sortedlist" | "namevaluecollection" | "session" | "application" | "cache" | "viewstate")
        || matches!(class, "tempdata" | "context items" | "webheadercollection")
}

/// An element by its key.
pub(crate) fn element(object: &Object, wanted: Option<&Value>) -> Option<Value> {
    let items = items(object)?;
    let Known::Array(list) = &items.known else { return Some(blurred([&items])) };
    let Some(key) = wanted.and_then(key) else { return Some(blurred(list.entries.values().chain(list.rest.as_deref()))) };
    Some(match list.entries.get(&key) {
        Some(found) => found.clone(),
        None => match list.rest.as_deref() {
            Some(rest) => rest.clone(),
            None if is_keyed(&object.class) => match int(&key.value()).and_then(|at| usize::try_from(at).ok()) {
                Some(at) => list.entries.get_index(at).map(|(_, value)| value.clone()).unwrap_or_default(),
                None => Value::unknown(),
            },
            None => Value::unknown(),
        },
    })
}

pub(crate) fn put(object: &Object, wanted: Option<&Value>, value: &Value) {
    if let Some(Value { known: Known::Array(list), .. }) = object.fields.borrow_mut().get_mut("items") {
        let list = Rc::make_mut(list);
        match wanted.map(key) {
            None if list.entries.len() < MAX_PIECES => list.push(value.clone()),
            Some(Some(key)) if list.entries.len() < MAX_PIECES => list.set(key, value.clone()),
            _ => list.set_somewhere(value.clone()),
        }
    }
}

/// Methods of a collection; what it does not know is tried as a method of a sequence.
pub(crate) fn collection_method(
    it: &mut Interpreter<'_>,
    value: &Value,
    object: &Object,
    name: &str,
    args: &Args,
    at: u32,
) -> Option<Value> {
    if !is_collection(&object.class) {
        return None;
    }
    Some(match name {
        "add" | "insert" | "set" | "setvalue" | "tryadd" | "addorupdate" | "setstring" | "setitem"
            if is_keyed(&object.class) && args.len() >= 2 =>
        {
            put(object, args.get(0), &args.at(1));
            Value::unknown()
        }
        "add" | "push" | "enqueue" | "addlast" | "append" => {
            put(object, None, &args.at(0));
            Value::unknown()
        }
        "insert" => {
            put(object, None, &args.at(1));
            Value::unknown()
        }
        "addrange" => {
            match known_items(&args.at(0)) {
                Some(items) if it.may_make(items.len().saturating_mul(64)) => {
                    items.iter().for_each(|item| put(object, None, item));
                }
                _ => {
                    let some = some_item(it, &args.at(0), at);
                    put(object, Some(&Value::unknown()), &some);
                }
            }
            Value::unknown()
        }
        "get" | "item" | "getvalues" | "getvalue" | "get_item" | "getstring" | "getbyindex" | "peek" | "pop" | "dequeue"
        | "contents" => element(object, args.get(0))?,
        "trygetvalue" => {
            let found = element(object, args.get(0))?;
            write_to(it, args, 1, found);
            Value::unknown()
        }
        "clear" | "removeall" | "abandon" => {
            object.set("items", Value::list(Vec::new()));
            Value::unknown()
        }
        "remove" | "removeat" | "sort" | "lock" | "unlock" | "delete" | "tryremove" => Value::unknown(),
        "keys" | "getallkeys" | "allkeys" | "getkey" => match object.field("items").map(|items| items.known) {
            Some(Known::Array(list)) if list.rest.is_none() => Value::list(list.entries.keys().map(Key::value).collect()),
            _ => Value::unknown(),
        },
        "containskey" | "exists" | "containsvalue" => mark([value], None),
        "contains" if args.at(0).deep_taint().is_some() => {
            it.checked(&args.at(0));
            mark(args.all(), None)
        }
        "reverse" | "toarray" | "tolist" => {
            let changed = sequence_of(it, value, name, args, at)?;
            if name == "reverse" {
                object.set("items", changed.clone());
            }
            changed
        }
        _ => return sequence_of(it, value, name, args, at),
    })
}

pub(crate) fn collection_member(object: &Object, name: &str) -> Option<Value> {
    let items = items(object)?;
    Some(match name {
        "count" | "length" => match &items.known {
            Known::Array(list) if list.rest.is_none() => Value::int(list.entries.len() as i64),
            _ => mark([&items], None),
        },
        "keys" | "allkeys" => match &items.known {
            Known::Array(list) if list.rest.is_none() => Value::list(list.entries.keys().map(Key::value).collect()),
            _ => Value::unknown(),
        },
        "values" | "contents" | "staticobjects" => items,
        _ => return None,
    })
}

/// A method of LINQ on something that may be a sequence.
pub(crate) fn sequence_of(it: &mut Interpreter<'_>, value: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let Some(items) = known_items(value) else {
        let element = some_item(it, value, at);
        return of_unknown(it, &element, name, args, at);
    };
    let call = |it: &mut Interpreter<'_>, given: Vec<Value>| it.call_value(&args.at(0), Args::of(given), at);
    let list = list_of;
    Some(match name {
        "select" | "convertall" | "selectmany" | "map" => {
            let mut out = Vec::with_capacity(items.len());
            for (number, item) in items.into_iter().enumerate() {
                out.push(call(it, vec![item, Value::int(number as i64)]));
            }
            if name == "selectmany" {
                let mut flat = Vec::new();
                for inner in &out {
                    match known_items(inner) {
                        Some(items) => flat.extend(items),
                        None => return Some(unknown_list(blurred(&out))),
                    }
                }
                return Some(list(flat));
            }
            list(out)
        }
        "where" | "findall" | "takewhile" | "skipwhile" => {
            let mut out = Vec::new();
            for item in items {
                if call(it, vec![item.clone()]).truth() != Some(false) {
                    out.push(item);
                }
            }
            list(out)
        }
        "foreach" => {
            for item in items {
                call(it, vec![item]);
            }
            Value::unknown()
        }
        "aggregate" => {
            let (mut sum, function, rest) = match args.len() {
                0 | 1 => (items.first().cloned().unwrap_or_default(), args.at(0), items.get(1..).unwrap_or_default()),
                _ => (args.at(0), args.at(1), &items[..]),
            };
            for item in rest {
                sum = it.call_value(&function, Args::of(vec![sum, item.clone()]), at);
            }
            if args.len() > 2 { it.call_value(&args.at(2), Args::of(vec![sum]), at) } else { sum }
        }
        "reverse" => list(items.into_iter().rev().map(decoded).collect()),
        "toarray" | "tolist" | "cast" | "oftype" | "asenumerable" | "distinct" | "orderby" | "asqueryable" | "toenumerable"
        | "asparallel" | "asspan" | "clone" | "getenumerator" | "tostring" => {
            if matches!(value.known, Known::Bytes(_)) && name == "tostring" {
                return None;
            }
            list(items)
        }
        "concat" | "union" | "append" => match known_items(&args.at(0)) {
            Some(more) => list(items.into_iter().chain(more).collect()),
            None => unknown_list(blurred(items.iter().chain(args.all()))),
        },
        "skip" => list(items.into_iter().skip(index(&args.at(0))?).collect()),
        "take" => list(items.into_iter().take(index(&args.at(0))?).collect()),
        "first" | "firstordefault" | "single" | "find" => {
            let all = list(items.clone());
            match (items.into_iter().next(), args.len()) {
                (Some(first), 0) => first,
                _ => blurred([&all]),
            }
        }
        "last" | "lastordefault" => items.into_iter().next_back()?,
        "elementat" | "getvalue" | "get" => items.into_iter().nth(index(&args.at(0))?)?,
        "getlength" | "count" | "getupperbound" if args.len() <= 1 => {
            let length = items.len() as i64;
            Value::int(if name == "getupperbound" { length - 1 } else { length })
        }
        "contains" | "any" | "all" | "exists" | "sequenceequal" => {
            if args.at(0).deep_taint().is_some() {
                it.checked(&args.at(0));
            }
            mark([value], None)
        }
        "setvalue" | "copyto" => {
            if name == "copyto" {
                write_to(it, args, 0, value.clone());
            }
            Value::unknown()
        }
        "todictionary" | "tolookup" | "groupby" | "zip" => unknown_list(blurred(items.iter().chain([value]))),
        "sum" | "max" | "min" | "average" => mark([value], None),
        _ => return None,
    })
}

fn decoded(item: Value) -> Value {
    item.with(Made::DECODED)
}

/// The same on a sequence of which only some element is known.
pub(crate) fn of_unknown(it: &mut Interpreter<'_>, element: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let given = |index: usize| args.at(index);
    Some(match name {
        "select" | "convertall" | "selectmany" => {
            let result = it.call_value(&given(0), Args::of(vec![element.clone(), Value::unknown()]), at);
            unknown_list(result)
        }
        "where" | "findall" | "takewhile" | "skipwhile" | "foreach" => {
            it.call_value(&given(0), Args::of(vec![element.clone()]), at);
            unknown_list(element.clone())
        }
        "aggregate" => {
            let (seed, function) = if args.len() < 2 { (element.clone(), given(0)) } else { (given(0), given(1)) };
            let first = it.call_value(&function, Args::of(vec![seed, element.clone()]), at);
            let again = it.call_value(&function, Args::of(vec![first, element.clone()]), at);
            blurred([element, &again])
        }
        "reverse" => unknown_list(decoded(element.clone())),
        "toarray" | "tolist" | "cast" | "oftype" | "concat" | "skip" | "take" | "distinct" | "orderby" | "union"
        | "asenumerable" => unknown_list(element.clone().with_taint(blurred(args.all()).taint)),
        "first" | "firstordefault" | "last" | "lastordefault" | "elementat" | "single" | "singleordefault" | "find" => {
            element.clone()
        }
        "any" | "all" | "count" | "sum" | "sequenceequal" => mark([element], None),
        _ => return None,
    })
}

/// Static functions of `Array`, `Enumerable` and `Buffer`.
pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match class {
        "array" | "buffer" | "enumerable" => {}
        _ => return None,
    }
    let first = args.at(0);
    Some(match name {
        "reverse" if class == "array" => {
            let changed = match known_items(&first) {
                Some(items) => list_of(items.into_iter().rev().map(decoded).collect()).with_taint(first.taint.clone()),
                None => Value { known: Known::Unknown, ..first.clone() },
            };
            write_to(it, args, 0, changed.with(first.made));
            Value::unknown()
        }
        "copy" | "blockcopy" | "constrainedcopy" => {
            let target = if args.len() < 4 { 1 } else { 2 };
            let whole = int(&args.at(1)).filter(|_| args.len() > 3) == Some(0) || args.len() < 4;
            let copied = match (int(&args.at(if args.len() > 3 { 3 } else { 9 })), bytes(&first)) {
                (None | Some(0), Some(bytes)) if whole => Value { known: Known::Bytes(bytes), ..first.clone() },
                _ => blurred([&first, &args.at(target)]),
            };
            write_to(it, args, target, copied);
            Value::unknown()
        }
        "resize" | "sort" | "clear" | "fill" => Value::unknown(),
        "indexof" | "exists" | "binarysearch" | "lastindexof" => {
            it.checked(&args.at(1));
            mark(args.all(), None)
        }
        "range" => {
            let (from, count) = (int(&first)?, index(&args.at(1)).filter(|count| *count < 1 << 16)?);
            Value::list((0..count as i64).map(|step| Value::int(from.saturating_add(step))).collect())
        }
        "repeat" => {
            let count = index(&args.at(1)).filter(|count| *count < 1 << 16)?;
            Value::list(vec![first; count])
        }
        "empty" => Value::list(Vec::new()),
        "createinstance" => Value::unknown(),
        _ => return sequence_of(it, &first, name, &args.skip(1), at),
    })
}

/// `new byte[n]` and `new string(…)`.
pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    if class == "string" {
        let first = args.at(0);
        let value = super::plain::computed([&first], Made::BUILT, || {
            let count = args.get(1).and_then(index);
            match (args.len(), bytes(&first)?) {
                (2, one) => known_text(repeated(&one, count?)?),
                (3, all) => known_text(Characters::of(&all).cut(count?, index(&args.at(2))?)),
                (_, all) => Some(Known::Bytes(all)),
            }
        });
        return Some(value);
    }
    let of = class.strip_suffix("[]")?;
    Some(match (of, args.get(0).and_then(index)) {
        ("byte" | "sbyte" | "char", Some(length)) if length <= 1 << 16 && args.len() == 1 => Value::bytes(&vec![0; length]),
        ("byte" | "char" | "sbyte", _) => Value::unknown(),
        (_, Some(length)) if length <= 256 && args.len() == 1 => Value::list(vec![Value::null(); length]),
        _ => Value::from_all(args.all(), Control::Mark),
    })
}
