//! Lists, sets, maps and what walks over them.

use std::rc::Rc;

use super::{array_value, field, key_of, made_object};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Object, Value};

/// So many things a collection keeps apart.
const MAX_ITEMS: usize = 20_000;

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    let kind = match class {
        "arraylist"
        | "linkedlist"
        | "vector"
        | "stack"
        | "arraydeque"
        | "hashset"
        | "linkedhashset"
        | "treeset"
        | "copyonwritearraylist"
        | "priorityqueue"
        | "linkedblockingqueue"
        | "concurrentlinkedqueue" => "list",
        "hashmap" | "linkedhashmap" | "treemap" | "hashtable" | "properties" | "concurrenthashmap" | "weakhashmap"
        | "identityhashmap" | "simplebindings" => "map",
        "stringtokenizer" => {
            let by = args.bytes(1).unwrap_or_else(|| b" \t\n\r\x0c"[..].into());
            let pieces = super::streams::pieces(&super::as_string(&args.at(0)), &by);
            return Some(made_object("iterator", [("items", pieces), ("position", Value::int(0))]));
        }
        "simpleentry" => return Some(super::request::pair(args.at(0), args.at(1))),
        _ => return None,
    };
    // A copy of another one; a number is a size.
    let items = match args.get(0).map(items_of) {
        Some(Some(array)) => Known::Array(array).into(),
        _ => array_value(Array::default()),
    };
    let made = made_object(kind, [("items", items)]);
    if let (Known::Object(object), Some(first)) = (&made.known, args.get(0)) {
        object.take(first.deep_taint());
    }
    Some(made)
}

/// What a collection or an array holds.
fn items_of(value: &Value) -> Option<Rc<Array>> {
    match &value.known {
        Known::Array(array) => Some(array.clone()),
        Known::Object(object) => elements(object),
        _ => None,
    }
}

pub(super) fn elements(object: &Object) -> Option<Rc<Array>> {
    match object.field("items")?.known {
        Known::Array(array) => Some(array),
        _ => None,
    }
}

pub(super) fn element(object: &Object, key: Option<&Value>) -> Option<Value> {
    let array = elements(object)?;
    let value = match key.and_then(key_of) {
        Some(key) => array.get(&key).cloned().unwrap_or_else(Value::null),
        None => any_of(&array),
    };
    Some(value.with_taint(object.taint.borrow().clone()))
}

/// Some element.
fn any_of(array: &Array) -> Value {
    let mut some: Option<Value> = None;
    for value in array.entries.values().take(64).chain(array.rest.as_deref()) {
        some = Some(some.map_or_else(|| value.clone(), |some| Value::either(&some, value)));
    }
    some.unwrap_or_default()
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (&object.known, class) {
        (Known::Object(of), "list") => list(it, of, name, args),
        (Known::Object(of), "map") => map(of, name, args),
        (Known::Object(of), "iterator") => iterator(of, name),
        (Known::Object(_), "entry") => match name {
            "getkey" => super::request::of_pair(object, "key"),
            "getvalue" => super::request::of_pair(object, "value"),
            _ => None,
        },
        (Known::Array(array), _) => match name {
            "clone" | "stream" => Some(object.clone()),
            "length" if array.rest.is_none() => Some(Value::int(array.entries.len() as i64)),
            "get" => Some(it.index(object, args.get(0), at)),
            _ => None,
        },
        _ => None,
    }
}

fn list(it: &mut Interpreter<'_>, of: &Object, name: &str, args: &Args) -> Option<Value> {
    if matches!(name, "add" | "addlast" | "addelement" | "offer" | "offerlast" | "push" | "append") && args.len() == 1 {
        change(of, |array| push(array, args.at(0)));
        return Some(Value::bool(true));
    }
    let items = elements(of)?;
    let taint = of.taint.borrow().clone();
    let store = |array: Array| of.set("items", array_value(array));
    let first = items.entries.keys().next().cloned();
    let last = items.entries.keys().next_back().cloned();
    Some(match name {
        "add" => {
            let value = args.values.last().cloned().unwrap_or_default();
            let mut array = (*items).clone();
            match (args.len(), args.int(0)) {
                (2, Some(0)) => {
                    let mut values = vec![value];
                    values.extend(array.entries.into_values());
                    array = listed(values, array.rest);
                }
                _ => push(&mut array, value),
            }
            store(array);
            Value::bool(true)
        }
        "addfirst" | "offerfirst" => {
            let mut values = vec![args.at(0)];
            values.extend(items.entries.values().cloned());
            store(listed(values, items.rest.clone()));
            Value::null()
        }
        "addall" => {
            let mut array = (*items).clone();
            let other = args.values.last().cloned().unwrap_or_default();
            match items_of(&other) {
                Some(other) => {
                    other.entries.values().for_each(|value| push(&mut array, value.clone()));
                    if let Some(rest) = &other.rest {
                        array.set_somewhere((**rest).clone());
                    }
                }
                None => array.set_somewhere(Value { known: Known::Unknown, ..other }),
            }
            store(array);
            Value::bool(true)
        }
        "set" => {
            let mut array = (*items).clone();
            match args.int(0) {
                Some(index) => array.set(Key::Int(index), args.at(1)),
                None => array.set_somewhere(args.at(1)),
            }
            store(array);
            Value::unknown()
        }
        "get" | "elementat" => match args.get(0).and_then(key_of) {
            Some(key) => items.get(&key).cloned().unwrap_or_default().with_taint(taint),
            None => any_of(&items).with_taint(taint),
        },
        "firstelement" | "getfirst" | "peekfirst" | "element" | "iteratorfirst" | "findfirst" => {
            at_key(&items, first).with_taint(taint)
        }
        "lastelement" | "getlast" | "peek" | "peeklast" if args.len() == 0 => at_key(&items, last).with_taint(taint),
        "pop" | "poll" | "pollfirst" | "removefirst" | "polllast" | "removelast" | "take" => {
            let key = if matches!(name, "pop" | "polllast" | "removelast") { last } else { first };
            let value = at_key(&items, key.clone()).with_taint(taint);
            if let Some(key) = key.filter(|_| items.rest.is_none()) {
                let mut array = (*items).clone();
                array.entries.shift_remove(&key);
                store(array);
            }
            value
        }
        "remove" => match args.get(0).and_then(key_of) {
            Some(key) => items.get(&key).cloned().unwrap_or_default(),
            None => Value::unknown(),
        },
        "toarray" => Value::from(Known::Array(items)).with_taint(taint),
        "iterator" | "listiterator" | "elements" | "enumeration" | "descendingiterator" => {
            made_object("iterator", [("items", Value::from(Known::Array(items)).with_taint(taint)), ("position", Value::int(0))])
        }
        "stream" | "sublist" | "collect" | "parallelstream" => Interpreter::object_value(copy_of(of)),
        // What is done with each, of a list, a stream or what there may be one of (`Optional`).
        "foreach" | "peek" | "ifpresent" | "ifpresentorelse" | "filter" | "map" | "flatmap" if args.len() > 0 => {
            let mut results = Vec::new();
            for value in items.entries.values().chain(items.rest.as_deref()) {
                results.push(it.call_value(&args.at(0), Args::of(vec![value.clone().with_taint(taint.clone())]), 0));
            }
            match name {
                "map" | "flatmap" => made_object("list", [("items", array_value(listed(results, None)))]),
                "filter" | "peek" => Interpreter::object_value(copy_of(of)),
                _ => Value::null(),
            }
        }
        "orelse" | "orelseget" | "orelsethrow" | "findany" => any_of(&items).with_taint(taint),
        "size" => match &items.rest {
            None => Value::int(items.entries.len() as i64),
            Some(_) => Value::unknown(),
        },
        "isempty" | "contains" | "indexof" | "empty" => Value::unknown(),
        "clear" => {
            store(Array::default());
            Value::null()
        }
        _ => return None,
    })
}

/// Changes what a collection holds, where it stands.
fn change(of: &Object, make: impl FnOnce(&mut Array)) {
    let Some(mut items) = of.field("items") else { return };
    of.set("items", Value::null());
    if let Known::Array(array) = &mut items.known {
        make(Rc::make_mut(array));
    }
    of.set("items", items);
}

/// What comes after so many is not kept apart.
fn push(array: &mut Array, value: Value) {
    if array.entries.len() < MAX_ITEMS { array.push(value) } else { array.set_somewhere(value) }
}

fn copy_of(of: &Object) -> Rc<Object> {
    let copy = Object::new(&of.class);
    *copy.fields.borrow_mut() = of.fields.borrow().clone();
    copy.take(of.taint.borrow().clone());
    Rc::new(copy)
}

fn listed(values: Vec<Value>, rest: Option<Box<Value>>) -> Array {
    let mut array = Array { rest, ..Array::default() };
    values.into_iter().for_each(|value| array.push(value));
    array
}

fn at_key(items: &Array, key: Option<Key>) -> Value {
    match key {
        Some(key) => items.get(&key).cloned().unwrap_or_default(),
        None => items.rest.as_deref().cloned().unwrap_or_default(),
    }
}

fn map(of: &Object, name: &str, args: &Args) -> Option<Value> {
    if matches!(name, "put" | "setproperty" | "putifabsent" | "replace" | "setattribute") {
        change(of, |array| match args.get(0).and_then(key_of) {
            Some(key) if array.entries.len() < MAX_ITEMS => array.set(key, args.at(1)),
            _ => array.set_somewhere(args.at(1)),
        });
        return Some(Value::null());
    }
    let items = elements(of)?;
    let taint = of.taint.borrow().clone();
    Some(match name {
        "putall" => {
            let mut array = (*items).clone();
            match items_of(&args.at(0)) {
                Some(other) => array.entries.extend(other.entries.clone()),
                None => array.set_somewhere(args.at(0)),
            }
            of.set("items", array_value(array));
            Value::null()
        }
        "get" | "getproperty" | "getordefault" | "remove" | "getattribute" => {
            let value = match args.get(0).and_then(key_of) {
                Some(key) => items.get(&key).cloned(),
                None => Some(any_of(&items)),
            };
            match (value, args.get(1)) {
                (Some(value), _) => value.with_taint(taint),
                (None, Some(default)) => default.clone().with_taint(taint),
                // What another part of the page put there nobody knows.
                (None, None) => Value::unknown().with_taint(taint),
            }
        }
        "keyset" | "keys" | "stringpropertynames" | "propertynames" => {
            let keys = listed(items.entries.keys().map(Key::value).collect(), items.rest.as_ref().map(|_| Box::default()));
            made_object("list", [("items", array_value(keys).with_taint(taint))])
        }
        "values" | "elements" => {
            let values = listed(items.entries.values().cloned().collect(), items.rest.clone());
            made_object("list", [("items", array_value(values).with_taint(taint))])
        }
        "entryset" => {
            let entries = items.entries.iter().map(|(key, value)| super::request::pair(key.value(), value.clone()));
            let rest = items.rest.as_ref().map(|rest| Box::new(super::request::pair(Value::unknown(), (**rest).clone())));
            made_object("list", [("items", array_value(listed(entries.collect(), rest)))])
        }
        "load" => {
            of.take(super::streams::data_of(&args.at(0)).deep_taint());
            Value::null()
        }
        "size" if items.rest.is_none() => Value::int(items.entries.len() as i64),
        "size" | "isempty" | "containskey" | "containsvalue" | "contains" => Value::unknown(),
        _ => return None,
    })
}

fn iterator(of: &Object, name: &str) -> Option<Value> {
    let items = elements(of)?;
    let taint = of.field("items").and_then(|items| items.taint);
    let position = of.field("position").and_then(|position| position.as_int()).unwrap_or_default();
    let index = usize::try_from(position).unwrap_or_default();
    Some(match name {
        "hasnext" | "hasmoreelements" | "hasmoretokens" => match items.rest {
            None => Value::bool(index < items.entries.len()),
            Some(_) => Value::unknown(),
        },
        "next" | "nextelement" | "nexttoken" => {
            of.set("position", Value::int(position.saturating_add(1)));
            match (items.entries.get_index(index), &items.rest) {
                (Some((_, value)), _) => value.clone().with_taint(taint),
                (None, _) => any_of(&items).with_taint(taint),
            }
        }
        "counttokens" => Value::from_all([&Value::from(Known::Array(items))], Control::Mark),
        "remove" => Value::null(),
        _ => return None,
    })
}

pub(super) fn static_method(class: &str, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    match (class, name) {
        (
            "arrays" | "list" | "set" | "stream" | "optional" | "lists" | "sets" | "immutablelist" | "enumset",
            "aslist" | "of" | "ofnullable" | "newarraylist" | "copyof",
        ) if !(class == "arrays" && name == "copyof") => {
            let items = match (args.len(), items_of(&first)) {
                (1, Some(array)) => Known::Array(array).into(),
                _ => {
                    let rest = args.rest.clone().map(Box::new);
                    array_value(listed(args.values.clone(), rest))
                }
            };
            Some(made_object("list", [("items", items.with_taint(first.taint))]))
        }
        ("map", "of") => {
            let mut array = Array::default();
            for pair in args.values.chunks(2) {
                if let [key, value] = pair {
                    match key_of(key) {
                        Some(key) => array.set(key, value.clone()),
                        None => array.set_somewhere(value.clone()),
                    }
                }
            }
            Some(made_object("map", [("items", array_value(array))]))
        }
        ("collections", "singletonlist" | "singleton" | "list") => {
            Some(made_object("list", [("items", super::reflect::array_with(first))]))
        }
        ("collections", "emptylist" | "emptyset") => Some(made_object("list", [("items", array_value(Array::default()))])),
        ("collections", "emptymap") => Some(made_object("map", [("items", array_value(Array::default()))])),
        ("collections", "unmodifiablelist" | "synchronizedlist" | "unmodifiablemap" | "synchronizedmap") => Some(first),
        ("collections", "reverse") => {
            if let Known::Object(list) = &first.known
                && let Some(items) = elements(list)
            {
                let values = items.entries.values().rev().cloned().collect();
                list.set("items", array_value(listed(values, items.rest.clone())));
            }
            Some(Value::null())
        }
        ("collections", "enumeration") => {
            field(&first, "items").map(|items| made_object("iterator", [("items", items), ("position", Value::int(0))]))
        }
        _ => None,
    }
}
