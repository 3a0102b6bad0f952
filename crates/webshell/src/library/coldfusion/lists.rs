//! Lists (text with separators), arrays and structures.

use std::rc::Rc;

use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::library::java::{array_value, bytes_of, write_to};
use crate::value::{Array, Key, Known, Made, Value};

/// An array whose first element has the number 1.
pub(super) fn array_from(values: Vec<Value>) -> Value {
    let mut array = Array { next: 1, ..Array::default() };
    values.into_iter().for_each(|value| array.push(value));
    array_value(array)
}

/// The pieces of a list, if it is known.
fn pieces(list: &Value, by: Option<&Value>) -> Option<Vec<Value>> {
    let text = list.as_bytes().filter(|_| list.is_known())?;
    let by = match by {
        Some(by) => by.as_bytes().filter(|_| by.is_known())?,
        None => b","[..].into(),
    };
    let made = list.made.and(Made::BUILT);
    let pieces = text.split(|byte| by.contains(byte)).filter(|piece| !piece.is_empty());
    Some(pieces.map(|piece| Value::bytes(piece).with(made).with_taint(list.taint.clone())).collect())
}

fn array_of(value: &Value) -> Option<Rc<Array>> {
    match &value.known {
        Known::Array(array) => Some(array.clone()),
        _ => None,
    }
}

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if name.starts_with("list") {
        return list(it, name, args);
    }
    let first = args.at(0);
    let unknown = Value { known: Known::Unknown, taint: first.deep_taint(), made: first.made };
    Some(match name {
        "arraynew" | "structnew" | "querynew" => array_from(Vec::new()),
        "arrayappend" | "arrayprepend" | "arraypush" => {
            let mut array = array_of(&first).map_or_else(Array::default, |array| (*array).clone());
            array.next = array.next.max(1);
            array.push(args.at(1));
            write_to(it, args, 0, array_value(array).with_taint(first.taint));
            Value::bool(true)
        }
        "structinsert" | "structupdate" | "arrayset" | "querysetcell" => {
            let mut array = array_of(&first).map_or_else(Array::default, |array| (*array).clone());
            let value = args.values.last().cloned().unwrap_or_default();
            match args.get(1).filter(|key| key.is_known()).and_then(lower_key) {
                Some(key) => array.set(key, value),
                None => array.set_somewhere(value),
            }
            write_to(it, args, 0, array_value(array).with_taint(first.taint));
            Value::bool(true)
        }
        "structget" | "structfind" | "arrayget" => it.index(&first, args.get(1), at),
        "structkeylist" | "structkeyarray" => match array_of(&first) {
            Some(array) if array.rest.is_none() => array_from(Interpreter::keys(&array)),
            _ => match &first.known {
                Known::Request(_) => it.index(&first, None, at),
                _ => unknown,
            },
        },
        "arraytolist" => {
            let by = args.bytes(1).unwrap_or_else(|| b","[..].into());
            let texts: Option<Vec<_>> = array_of(&first)
                .filter(|array| array.rest.is_none())
                .and_then(|array| array.entries.values().map(bytes_of).collect::<Option<Vec<_>>>());
            let inherited = Value::from_all([&first], Control::Whole).with(Made::BUILT);
            match texts {
                Some(texts) => Value { known: Known::Bytes(texts.join(&by[..]).into()), ..inherited },
                None => inherited,
            }
        }
        "arraylen" | "structcount" => match array_of(&first) {
            Some(array) if array.rest.is_none() => Value::int(array.entries.len() as i64),
            _ => Value::from_all([&first], Control::Mark),
        },
        "arrayfirst" | "arraylast" | "arraypop" | "arrayshift" => match array_of(&first) {
            Some(array) if array.rest.is_none() => {
                let entry =
                    if matches!(name, "arrayfirst" | "arrayshift") { array.entries.first() } else { array.entries.last() };
                entry.map(|(_, value)| value.clone()).unwrap_or_default().with_taint(first.taint)
            }
            _ => unknown,
        },
        "arrayslice" | "arraymerge" | "arraysort" | "structcopy" | "duplicate" | "structappend" | "arrayreverse" => {
            match &first.known {
                Known::Array(array) if name == "arrayreverse" => array_from(array.entries.values().rev().cloned().collect()),
                _ => first,
            }
        }
        "arrayeach" | "structeach" | "arraymap" | "arrayfilter" | "arrayreduce" => {
            let value = it.index(&first, None, at);
            it.call_value(&args.at(1), Args::of(vec![value]), at)
        }
        "structkeyexists" | "arrayfind" | "arraycontains" | "structisempty" | "arrayisempty" | "isstruct" | "isarray"
        | "arrayfindnocase" | "structdelete" | "arrayisdefined" | "structclear" | "arrayclear" | "keyexists" => {
            Value::from_all(args.all(), Control::Mark)
        }
        _ => return None,
    })
}

fn lower_key(value: &Value) -> Option<Key> {
    match Key::of(value)? {
        Key::Bytes(bytes) => Some(Key::Bytes(bytes.to_ascii_lowercase().into())),
        key => Some(key),
    }
}

fn list(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    let unknown = Value { known: Known::Unknown, ..first.clone() };
    let by = if matches!(name, "listgetat" | "listappend" | "listprepend" | "listfind" | "listfindnocase" | "listcontains") {
        args.get(2)
    } else {
        args.get(1)
    };
    let items = pieces(&first, by);
    let separator = by.and_then(Value::as_bytes).and_then(|by| by.first().copied()).unwrap_or(b',');
    Some(match name {
        "listtoarray" => match items {
            Some(items) => array_from(items).with_taint(first.taint),
            None => Interpreter::array_of_unknown(unknown.clone()).with_taint(first.taint),
        },
        "listgetat" | "listfirst" | "listlast" => {
            let index = match (name, args.int(1)) {
                ("listgetat", index) => index.and_then(|index| usize::try_from(index).ok()),
                ("listfirst", _) => Some(1),
                _ => items.as_ref().map(Vec::len),
            };
            let item = items.as_ref().zip(index).and_then(|(items, index)| items.get(index.checked_sub(1)?).cloned());
            item.unwrap_or_else(|| unknown.with(Made::BUILT))
        }
        "listrest" => match items {
            Some(items) => {
                let texts: Vec<_> = items.iter().skip(1).filter_map(bytes_of).collect();
                Value { known: Known::Bytes(texts.join(&separator).into()), ..first }
            }
            None => unknown,
        },
        "listlen" => match items {
            Some(items) => Value { known: Known::Int(items.len() as i64), ..Value::from_all([&first], Control::Mark) },
            None => Value::from_all([&first], Control::Mark),
        },
        "listappend" | "listprepend" => {
            let (one, other) = if name == "listappend" { (first, args.at(1)) } else { (args.at(1), first) };
            if one.only_bytes().is_some_and(|bytes| bytes.is_empty()) {
                return Some(other);
            }
            let start = it.join(&one, &Value::bytes(&[separator]));
            it.join(&start, &other)
        }
        "listfind" | "listfindnocase" | "listcontains" | "listcontainsnocase" => {
            it.checked(&args.at(1));
            Value::from_all(args.all(), Control::Mark)
        }
        "listsort" | "listdeleteat" | "listsetat" | "listchangedelims" | "listremoveduplicates" | "listinsertat" => unknown,
        _ => return None,
    })
}
