//! Strings, builders of strings, arrays of bytes and characters.

use crate::library::pattern;
use ::regex::bytes::Regex;

use super::{array_value, as_string, bytes_of, computed, known_bytes, made_object, sliced};
use crate::evidence::{Control, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Known, Made, Object, Value};

/// Longer arrays are not kept element by element.
const MAX_ARRAY: i64 = 1 << 16;

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "string" => match args.len() {
            0 => Value::text(""),
            // A part of an array, and the old form with the high byte of all characters.
            3 | 4 if args.get(1).is_some_and(|start| !matches!(start.known, Known::Bytes(_))) => {
                sliced(&first, args.int(1), args.int(2))
            }
            _ => as_string(&first),
        },
        "stringbuilder" | "stringbuffer" => {
            let value = match &first.known {
                Known::Int(_) | Known::Unknown if first.taint.is_none() => Value::text(""),
                _ => as_string(&first),
            };
            made_object("stringbuilder", [("value", value)])
        }
        "byte[]" | "char[]" => match args.int(0) {
            Some(length @ 0..=MAX_ARRAY) if it.may_make(length as usize) => {
                Value::bytes(&vec![0; usize::try_from(length).unwrap_or_default()])
            }
            _ => Value::unknown(),
        },
        _ if class.ends_with("[]") && args.len() > 0 => array_of(&first),
        "character" | "integer" | "long" | "byte" | "boolean" | "double" | "short" => first,
        "stringjoiner" => made_object("stringbuilder", [("value", Value::text("")), ("by", first)]),
        _ => return None,
    })
}

/// An array of so many elements that are not set yet.
pub(super) fn array_of(length: &Value) -> Value {
    let mut array = Array::default();
    match length.as_int().filter(|_| length.is_known()) {
        Some(length @ 0..=MAX_ARRAY) => (0..length).for_each(|_| array.push(Value::null())),
        _ => array.rest = Some(Box::default()),
    }
    array_value(array)
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match &object.known {
        Known::Object(builder) if class == "stringbuilder" => build(it, object, builder, name, args, at),
        Known::Object(_) | Known::Array(_) if matches!(name, "equals" | "hashcode" | "isempty" | "size") && class.is_empty() => {
            Some(Value::from_all([object], Control::Mark))
        }
        Known::Object(_) | Known::Request(_) | Known::Function(_) | Known::Type(_) | Known::Globals => None,
        Known::Array(_) => match name {
            "tostring" => Some(as_string(object)),
            _ => None,
        },
        _ => of_string(it, object, name, args, at),
    }
}

fn build(it: &mut Interpreter<'_>, object: &Value, builder: &Object, name: &str, args: &Args, at: u32) -> Option<Value> {
    let value = builder.field("value").unwrap_or_default();
    let new = match name {
        "append" | "appendcodepoint" => {
            let more = match (args.len(), &args.at(0).known) {
                // Of text the last number is an end, of an array a length: the same where it starts at 0.
                (3, _) => sliced(&args.at(0), args.int(1), args.int(2)),
                (_, Known::Int(number)) if name == "appendcodepoint" => {
                    let known = known_bytes(it.library.encode_char(*number));
                    Value { known, ..args.at(0) }
                }
                _ => as_string(&args.at(0)),
            };
            let mut joined = it.join(&value, &more);
            if more.only_bytes().is_some_and(|bytes| bytes.len() <= 2) {
                joined = joined.with(Made::LOOPED);
            }
            // What was whole stays whole when it is only collected.
            joined.taint = Taint::stronger(value.taint.clone(), more.taint.clone()).or(joined.taint);
            joined
        }
        // Of a joiner.
        "add" => {
            let by = builder.field("by").unwrap_or_default();
            match value.only_bytes().is_some_and(|bytes| bytes.is_empty()) {
                true => as_string(&args.at(0)),
                false => {
                    let joined = it.join(&value, &by);
                    it.join(&joined, &as_string(&args.at(0)))
                }
            }
        }
        "insert" => match (value.only_bytes(), args.int(0)) {
            (Some(bytes), Some(place)) => {
                let place = usize::try_from(place).unwrap_or_default().min(bytes.len());
                let (before, after) = bytes.split_at(place);
                let (before, after) = (Value::bytes(before), Value::bytes(after));
                let joined = it.join(&before, &as_string(&args.at(1)));
                it.join(&joined, &after).with(value.made)
            }
            _ => it.join(&as_string(&args.at(1)), &value),
        },
        "reverse" => match value.only_bytes() {
            Some(bytes) => {
                let text: String = String::from_utf8_lossy(bytes).chars().rev().collect();
                Value { known: known_bytes(text.into_bytes()), ..value }.with(Made::DECODED)
            }
            None => Value { known: Known::Unknown, ..value }.with(Made::DECODED),
        },
        "deletecharat" | "delete" | "setlength" => {
            let (start, end) = match name {
                "setlength" => (args.int(0), Some(i64::MAX)),
                "delete" => (args.int(0), args.int(1)),
                _ => (args.int(0), args.int(0).map(|at| at.saturating_add(1))),
            };
            match (value.only_bytes(), start, end) {
                (Some(bytes), Some(start), Some(end)) => {
                    let start = usize::try_from(start).unwrap_or_default().min(bytes.len());
                    let end = usize::try_from(end).unwrap_or_default().min(bytes.len()).max(start);
                    let (before, _) = bytes.split_at(start);
                    let (_, after) = bytes.split_at(end);
                    Value { known: known_bytes([before, after].concat()), ..value }
                }
                _ => Value { known: Known::Unknown, ..value },
            }
        }
        "setcharat" => {
            let mut bytes = value.only_bytes().map(|bytes| bytes.to_vec());
            let set = bytes.as_mut().and_then(|bytes| {
                let place = bytes.get_mut(usize::try_from(args.int(0)?).ok()?)?;
                *place = *bytes_of(&args.at(1))?.first()?;
                Some(())
            });
            match (bytes, set) {
                (Some(bytes), Some(())) => Value { known: known_bytes(bytes), ..value },
                _ => Value { known: Known::Unknown, ..value }.with_taint(args.at(1).taint),
            }
        }
        "replace" if args.len() == 3 => Value { known: Known::Unknown, ..value }.with_taint(args.at(2).taint),
        _ => return of_string(it, &value.with_taint(builder.taint.borrow().clone()), name, args, at),
    };
    builder.set("value", new);
    Some(object.clone())
}

/// Methods of strings.
fn of_string(it: &mut Interpreter<'_>, object: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let whole = as_string(object);
    let known = whole.only_bytes().cloned();
    let unknown = Value { known: Known::Unknown, ..whole.clone() };
    let with = |bytes: Option<Vec<u8>>| match bytes {
        Some(bytes) => Value { known: known_bytes(bytes), ..whole.clone() },
        None => unknown.clone(),
    };
    let plain = |make: fn(&[u8]) -> Vec<u8>| with(known.as_deref().map(make));
    Some(match name {
        "tostring" | "intern" | "getbytes" | "tochararray" | "strip_indent" | "codepoints" | "chars" | "array" | "clone"
        | "stripindent" | "getchars" | "tobytes" | "stringvalue" | "bytevalue" | "get" | "getvalue" | "translateescapes"
            if args.len() == 0 || matches!(name, "getbytes") =>
        {
            match &object.known {
                Known::Unknown => object.clone(),
                _ => whole,
            }
        }
        "charat" | "codepointat" => {
            let one = it.index(&whole, Some(&args.at(0)), at);
            if name == "charat" { one } else { it.cast("int", one) }
        }
        "substring" | "subsequence" => {
            let cut = known.as_deref().zip(args.int(0)).and_then(|(bytes, start)| {
                let start = usize::try_from(start).ok()?;
                let end = match args.get(1) {
                    Some(end) => usize::try_from(end.as_int().filter(|_| end.is_known())?).ok()?,
                    None => bytes.len(),
                };
                Some(bytes.get(start..end)?.to_vec())
            });
            with(cut).with(Made::BUILT)
        }
        "concat" => it.join(&whole, &as_string(&args.at(0))),
        "trim" | "strip" => plain(|bytes| bytes.trim_ascii().to_vec()),
        "stripleading" => plain(|bytes| bytes.trim_ascii_start().to_vec()),
        "striptrailing" => plain(|bytes| bytes.trim_ascii_end().to_vec()),
        "tolowercase" => plain(|bytes| bytes.to_ascii_lowercase()),
        "touppercase" => plain(|bytes| bytes.to_ascii_uppercase()),
        "repeat" => {
            let count = args.int(0).and_then(|count| usize::try_from(count).ok());
            match (known.as_deref(), count) {
                (Some(bytes), Some(count)) if it.may_make(bytes.len().saturating_mul(count)) => with(Some(bytes.repeat(count))),
                _ => unknown,
            }
        }
        "replace" | "replaceall" | "replacefirst" => replaced(&whole, name, args),
        "split" | "tokenize" => split(&whole, args),
        "lines" => super::streams::pieces(&whole, b"\n"),
        "format" | "formatted" => super::compute::format(&Args::of([vec![whole], args.values.clone()].concat())),
        "equals"
        | "equalsignorecase"
        | "contentequals"
        | "compareto"
        | "comparetoignorecase"
        | "startswith"
        | "endswith"
        | "contains"
        | "matches" => asked(it, &whole, name, args, at),
        "length" | "isempty" | "isblank" | "indexof" | "lastindexof" | "hashcode" | "size" | "regionmatches" => {
            measured(&whole, name, args)
        }
        "intvalue" | "longvalue" => object.clone(),
        _ => return None,
    })
}

/// What is asked of a string: a truth value, of which what is compared is remembered.
fn asked(it: &mut Interpreter<'_>, whole: &Value, name: &str, args: &Args, at: u32) -> Value {
    let other = as_string(&args.at(0));
    let mark = Value::from_all([whole, &other], Control::Mark);
    if matches!(name, "equals" | "equalsignorecase" | "contentequals" | "compareto") {
        it.gate(whole, &other, at);
    } else if matches!(name, "endswith" | "contains" | "matches") {
        it.checked(whole);
    }
    let (Some(text), Some(asked)) = (whole.only_bytes(), other.only_bytes()) else {
        return Value { known: Known::Unknown, ..mark };
    };
    let truth = match name {
        "equals" | "contentequals" => text == asked,
        "equalsignorecase" => text.eq_ignore_ascii_case(asked),
        "startswith" => text.starts_with(asked),
        "endswith" => text.ends_with(asked),
        "contains" => memchr::memmem::find(text, asked).is_some(),
        "matches" => match compiled(asked) {
            Some(regex) => regex.find(text).is_some_and(|found| found.start() == 0 && found.end() == text.len()),
            None => return Value { known: Known::Unknown, ..mark },
        },
        _ => return Value { known: Known::Int(text.cmp(asked) as i64), ..mark },
    };
    Value { known: Known::Bool(truth), ..mark }
}

fn measured(whole: &Value, name: &str, args: &Args) -> Value {
    let mark = Value::from_all([whole], Control::Mark);
    let Some(text) = whole.only_bytes() else { return Value { known: Known::Unknown, ..mark } };
    let known = match name {
        "length" | "size" => Known::Int(text.len() as i64),
        "isempty" => Known::Bool(text.is_empty()),
        "isblank" => Known::Bool(text.trim_ascii().is_empty()),
        "hashcode" => {
            Known::Int(i64::from(text.iter().fold(0i32, |hash, byte| hash.wrapping_mul(31).wrapping_add(i32::from(*byte)))))
        }
        "indexof" | "lastindexof" => {
            let needle = match &args.at(0).known {
                Known::Int(number) => Some(vec![*number as u8].into()),
                _ => args.bytes(0),
            };
            let start = args.int(1).and_then(|start| usize::try_from(start).ok()).unwrap_or_default();
            match needle {
                Some(needle) if name == "indexof" => {
                    let rest = text.get(start.min(text.len())..).unwrap_or_default();
                    Known::Int(memchr::memmem::find(rest, &needle).map_or(-1, |at| (at + start.min(text.len())) as i64))
                }
                Some(needle) => Known::Int(memchr::memmem::rfind(text, &needle).map_or(-1, |at| at as i64)),
                None => Known::Unknown,
            }
        }
        _ => Known::Unknown,
    };
    Value { known, ..mark }
}

pub(in crate::library) fn compiled(expression: &[u8]) -> Option<Regex> {
    let text = std::str::from_utf8(expression).ok()?;
    pattern::compiled(text, pattern::Flags::default())
}

fn replaced(whole: &Value, name: &str, args: &Args) -> Value {
    let (from, to) = (as_string(&args.at(0)), as_string(&args.at(1)));
    let inherited = Value::from_all([whole, &to], Control::Whole);
    let taint = match (&whole.taint, &to.taint) {
        // Something in the middle of the page's own text.
        (None, Some(taint)) => Some(taint.at_most(Control::Part)),
        _ => whole.taint.clone().or(inherited.taint.clone()),
    };
    let made = inherited.made.and(Made::BUILT);
    let known = match (whole.only_bytes(), from.only_bytes(), to.only_bytes()) {
        (Some(text), Some(from), Some(to)) if name == "replace" => {
            if from.is_empty() {
                None
            } else {
                Some(swap(text, from, to))
            }
        }
        (Some(text), Some(from), Some(to)) => compiled(from).map(|regex| {
            let to = braced(to);
            let limit = usize::from(name == "replacefirst");
            regex.replacen(text, limit, &to[..]).into_owned()
        }),
        _ => None,
    };
    Value { known: known.map_or(Known::Unknown, known_bytes), taint, made }
}

/// Java's `$1` as this crate's `${1}`.
fn braced(to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(to.len());
    let mut index = 0;
    while let Some(byte) = to.get(index) {
        index += 1;
        match (byte, to.get(index)) {
            (b'\\', Some(next)) => {
                if *next == b'$' {
                    out.push(b'$');
                }
                out.push(*next);
                index += 1;
            }
            (b'$', Some(digit @ b'0'..=b'9')) => {
                out.extend_from_slice(&[b'$', b'{', *digit, b'}']);
                index += 1;
            }
            _ => out.push(*byte),
        }
    }
    out
}

fn swap(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memmem::find(rest, from) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        out.extend_from_slice(to);
        rest = rest.get(at + from.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

fn split(whole: &Value, args: &Args) -> Value {
    let made = whole.made.and(Made::BUILT);
    let pieces = whole.only_bytes().zip(args.bytes(0)).and_then(|(text, by)| {
        let regex = compiled(&by)?;
        let limit = args.int(1).and_then(|limit| usize::try_from(limit).ok()).filter(|limit| *limit > 0);
        let mut pieces: Vec<Value> = match limit {
            Some(limit) => regex.splitn(text, limit).map(|piece| Value::bytes(piece).with(made)).collect(),
            None => regex.split(text).map(|piece| Value::bytes(piece).with(made)).collect(),
        };
        // A match of nothing at the start gives nothing; what is empty at the end is dropped.
        if by.is_empty() && pieces.first().is_some_and(is_empty) {
            pieces.remove(0);
        }
        while limit.is_none() && pieces.last().is_some_and(is_empty) {
            pieces.pop();
        }
        Some(pieces)
    });
    match pieces {
        Some(pieces) => Value::list(pieces).with_taint(whole.taint.clone()),
        None => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..whole.clone() }).with_taint(whole.taint.clone()),
    }
}

fn is_empty(value: &Value) -> bool {
    value.only_bytes().is_some_and(|bytes| bytes.is_empty())
}

/// `String.join`, of a list or of arguments.
pub(super) fn joined(args: &Args) -> Value {
    let pieces: Vec<Value> = match (args.len(), args.get(1).map(|value| &value.known)) {
        (2, Some(Known::Array(array))) if array.rest.is_none() => array.entries.values().cloned().collect(),
        (2, Some(Known::Object(object))) => match super::collections::elements(object) {
            Some(array) if array.rest.is_none() => array.entries.values().cloned().collect(),
            _ => return Value::from_all(args.all(), Control::Whole),
        },
        _ => args.values.iter().skip(1).cloned().collect(),
    };
    let inherited = Value::from_all(&pieces, Control::Whole).with(Made::BUILT);
    let texts: Option<Vec<_>> = pieces.iter().map(bytes_of).collect();
    match texts.zip(args.bytes(0)) {
        Some((texts, by)) => Value { known: known_bytes(texts.join(&by[..])), ..inherited },
        None => inherited,
    }
}

/// `String.valueOf`, `Character.toString`: text of anything.
pub(super) fn text_of(args: &Args) -> Value {
    let first = args.at(0);
    match (&first.known, args.len()) {
        (Known::Unknown | Known::Undefined, _) => first,
        (_, 3) => sliced(&first, args.int(1), args.int(2)),
        (Known::Bool(truth), _) => Value { known: known_bytes(truth.to_string().into_bytes()), ..first },
        (Known::Null, _) => Value::text("null"),
        _ => as_string(&first),
    }
}

/// The character with a number.
pub(super) fn character(it: &Interpreter<'_>, args: &Args) -> Value {
    computed(args, Made::BUILT, || match &args.at(0).known {
        Known::Int(number) => Some(known_bytes(it.library.encode_char(*number))),
        Known::Bytes(bytes) => Some(Known::Bytes(bytes.clone())),
        _ => None,
    })
}

/// Copies a part of an array into another one.
pub(super) fn copied(it: &mut Interpreter<'_>, args: &Args) {
    let (from, to) = (args.at(0), args.at(2));
    let bytes = bytes_of(&from).zip(bytes_of(&to));
    let numbers = args.int(1).zip(args.int(3)).zip(args.int(4));
    let is_plain = matches!(to.known, Known::Bytes(_));
    let known = bytes.zip(numbers).filter(|_| is_plain).and_then(|((from, to), ((start, place), count))| {
        let (start, place, count) = (usize::try_from(start).ok()?, usize::try_from(place).ok()?, usize::try_from(count).ok()?);
        let mut out = to.to_vec();
        let piece = from.get(start..start.checked_add(count)?)?;
        out.get_mut(place..place.checked_add(count)?)?.copy_from_slice(piece);
        Some(out)
    });
    let taint = Taint::stronger(from.deep_taint(), to.deep_taint());
    let value = match (known, &to.known) {
        (Some(bytes), _) => Value { known: known_bytes(bytes), taint, made: from.made.and(to.made) },
        // Arrays of other things: an element for each.
        (None, Known::Array(array)) => {
            let mut array = (**array).clone();
            match (&from.known, args.int(1), args.int(3), args.int(4)) {
                (Known::Array(from), Some(start), Some(place), Some(count)) if count < MAX_ARRAY => {
                    for index in 0..count {
                        let value = from.get(&crate::value::Key::Int(start.saturating_add(index))).cloned().unwrap_or_default();
                        array.set(crate::value::Key::Int(place.saturating_add(index)), value);
                    }
                }
                _ => array.set_somewhere(Value::unknown().with_taint(taint.clone())),
            }
            array_value(array).with_taint(to.taint.clone())
        }
        _ => Value { known: Known::Unknown, taint, made: from.made.and(to.made) },
    };
    super::write_to(it, args, 2, value);
}
