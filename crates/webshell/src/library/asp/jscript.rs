//! What JScript has of its own: global functions, methods of strings, arrays and functions.

use std::rc::Rc;

use super::basic::escaped;
use crate::decode;
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Callable, Interpreter};
use crate::ir::{Program, Stmt};
use crate::library::characters::Characters;
use crate::library::dotnet::plain::{
    MAX_PIECES, blurred, bytes, computed, field, index, int, known_text, mark, may_be_text, object, repeated, split, text,
};
use crate::library::dotnet::{regex, sequence};
use crate::value::{Array, Known, Made, Value};

/// Code whose last expression is what running it gives.
pub(crate) fn returning(mut program: Program) -> Program {
    if let Some(Stmt::Expr(_)) = program.body.last()
        && let Some(Stmt::Expr(value)) = program.body.pop()
    {
        program.body.push(Stmt::Return(Some(value)));
    }
    program
}

/// Runs a string as code.
fn evaluated(it: &mut Interpreter<'_>, callee: &str, code: &Value, at: u32) -> Value {
    if !may_be_text(code) && !matches!(code.known, Known::Request(_)) {
        return code.clone();
    }
    it.hit(Capability::Code, callee, at, code, Facts::default());
    it.run_code(code, callee, at)
}

/// `Function(parameters…, body)`.
fn made_function(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let body = args.at(args.len().saturating_sub(1));
    let all = blurred(args.all());
    let shown = if body.deep_taint().is_some() { body.clone() } else { Value { known: body.known.clone(), ..all } };
    it.hit(Capability::Code, "Function", at, &shown, Facts::default());
    let params: Option<Vec<String>> = args.values.iter().take(args.len().saturating_sub(1)).map(text).collect();
    let (Some(params), Some(code)) = (params, text(&body)) else {
        return Value::unknown().with_taint(body.deep_taint().map(|taint| taint.at_most(Control::Weak)));
    };
    let source = format!("(function({}){{{code}\n}})", params.join(","));
    let source = Value { known: Known::Bytes(source.into_bytes().into()), taint: None, made: body.made };
    it.run_code(&source, "Function", at)
}

pub(crate) fn global(name: &str) -> Option<Value> {
    match name {
        "this" | "globalThis" | "window" => Some(Value::object("global")),
        "undefined" | "NaN" => Some(Value::null()),
        _ => None,
    }
}

pub(crate) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let decoded = |decode: fn(&[u8]) -> Vec<u8>| computed([&first], Made::DECODED, || known_text(decode(&bytes(&first)?)));
    Some(match name {
        "eval" | "execscript" => evaluated(it, "eval", &first, at),
        "function" => made_function(it, args, at),
        "settimeout" | "setinterval" => match &first.known {
            Known::Function(_) => it.call_value(&first, Args::default(), at),
            _ => evaluated(it, "setTimeout", &first, at),
        },
        "unescape" | "decodeuricomponent" | "decodeuri" => decoded(|bytes| decode::url(bytes, false)),
        "escape" => decoded(escaped),
        "encodeuricomponent" | "encodeuri" => Value::from_all([&first], Control::Weak),
        "parseint" | "parsefloat" | "number" => {
            let radix =
                args.get(1).and_then(int).and_then(|radix| u32::try_from(radix).ok()).filter(|radix| (2..=36).contains(radix));
            let known = text(&first).and_then(|text| parsed(&text, radix.unwrap_or(10)));
            let known = if name == "parseint" { known } else { text(&first).and_then(|text| parsed(&text, 10)) };
            // Codes of characters that are written out stay the visitor's.
            let control = if radix.is_some_and(|radix| radix > 10) { Control::Whole } else { Control::Mark };
            Value { known: known.map(Known::Int).unwrap_or_default(), ..Value::from_all([&first], control) }
        }
        "string" => match &first.known {
            Known::Request(_) | Known::Object(_) => blurred([&first]),
            Known::Int(_) | Known::Float(_) => Value { known: Known::Bytes(first.as_bytes()?), ..first },
            _ => first,
        },
        "isnan" | "isfinite" => {
            let number = text(&first).filter(|_| first.taint.is_none()).map(|text| text.trim().parse::<f64>().is_ok());
            mark(args.all(), number.map(|number| Known::Bool(number == (name == "isfinite"))))
        }
        // Types of JScript.NET as functions.
        "char" => return static_method(it, "string", "fromcharcode", args, at),
        "int" => return function(it, "parseint", args, at),
        "boolean" => mark(args.all(), None),
        "array" => construct(it, "array", args, at)?,
        "object" => Known::Array(Rc::default()).into(),
        "regexp" => return construct(it, "regexp", args, at),
        "date" | "scriptengine" => Value::unknown(),
        _ => return None,
    })
}

/// The number at the start of a text.
fn parsed(text: &str, radix: u32) -> Option<i64> {
    let text = text.trim();
    let (text, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) if radix == 16 || radix == 10 => (hex, 16),
        _ => (text, radix),
    };
    let negative = text.starts_with('-');
    let digits: String = text.trim_start_matches(['-', '+']).chars().take_while(|digit| digit.is_digit(radix)).take(16).collect();
    let number = i64::from_str_radix(&digits, radix).ok()?;
    Some(if negative { -number } else { number })
}

pub(crate) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        "function" => made_function(it, args, at),
        "regexp" => object("regexp", &[("pattern", &args.at(0)), ("flags", &args.at(1))]),
        "array" => match (args.len(), args.get(0).and_then(index)) {
            (1, Some(length)) => {
                let array = Array { next: i64::try_from(length.min(1 << 20)).ok()?, ..Array::default() };
                Known::Array(Rc::new(array)).into()
            }
            _ => Value::list(args.values.clone()),
        },
        "object" => Known::Array(Rc::default()).into(),
        "string" | "vbarray" => args.at(0),
        "date" => Value::unknown(),
        "enumerator" => object("enumerator", &[("inner", &args.at(0))]),
        _ => {
            // A function of the page as a class.
            let constructor = it.own_function(class)?;
            let this = Value::object(class);
            it.call_own(&constructor, args.clone(), Some(this.clone()), at);
            this
        }
    })
}

pub(crate) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("string", "fromcharcode") => {
            let mut pieces = Vec::with_capacity(args.len());
            for value in &args.values {
                pieces.push(computed([value], Made::BUILT, || {
                    let code = u32::try_from(int(value)?).ok()?;
                    known_text(char::from_u32(code & 0xffff).unwrap_or('\u{fffd}').to_string())
                }));
            }
            if let Some(rest) = &args.rest {
                return Some(blurred(args.values.iter().chain([rest])).with(Made::BUILT));
            }
            let whole = pieces.iter().all(|piece| piece.taint.is_some()) || pieces.len() == 1;
            let taint = blurred(&pieces).taint;
            let joined = it.join_all(pieces).with(Made::BUILT);
            if whole { Value { taint, ..joined } } else { joined }
        }
        ("math", _) => {
            let known = match (name, args.get(0).and_then(Value::as_float), args.get(1).and_then(int)) {
                ("floor", Some(number), _) => Some(number.floor()),
                ("ceil", Some(number), _) => Some(number.ceil()),
                ("round", Some(number), _) => Some(number.round()),
                ("abs", Some(number), _) => Some(number.abs()),
                ("min", Some(number), Some(other)) => Some(number.min(other as f64)),
                ("max", Some(number), Some(other)) => Some(number.max(other as f64)),
                _ => None,
            };
            mark(args.all(), known.filter(|_| args.all().all(Value::is_known)).map(|number| Known::Int(number as i64)))
        }
        ("json", "parse" | "stringify") => blurred(args.all()),
        ("object", "keys" | "values" | "create") | ("array", "from" | "of") => blurred(args.all()),
        ("date", _) => Value::unknown(),
        (_, "constructor") => made_function(it, args, at),
        (_, "call") => return function(it, class, &args.skip(1), at),
        (_, "apply") => {
            let given = crate::library::dotnet::plain::spread(it, &args.at(1), at);
            return function(it, class, &given, at);
        }
        _ => return None,
    })
}

/// Names of methods that a value of JScript has, for taking them without calling.
const METHODS: &[&str] = &[
    "filter",
    "map",
    "join",
    "reverse",
    "push",
    "pop",
    "slice",
    "sort",
    "concat",
    "sub",
    "big",
    "bold",
    "link",
    "anchor",
    "at",
    "charat",
    "charcodeat",
    "split",
    "replace",
    "substr",
    "substring",
    "tostring",
    "find",
    "fill",
    "foreach",
    "some",
    "every",
    "indexof",
    "call",
    "apply",
    "bind",
    "valueof",
    "shift",
    "splice",
];

pub(crate) fn member(value: &Value, name: &str) -> Option<Value> {
    if let Known::Array(list) = &value.known
        && list.entries.contains_key(&crate::value::Key::text(name))
    {
        return None;
    }
    Some(match (name, &value.known) {
        ("length", Known::Array(list)) if list.rest.is_none() => Value::int(list.next),
        ("length", Known::Bytes(bytes)) => mark([value], Some(Known::Int(Characters::of(bytes).len() as i64))),
        ("length", _) if may_be_text(value) => mark([value], None),
        ("constructor", Known::Function(_)) => Known::Type("Function".into()).into(),
        ("constructor", Known::Bytes(_)) => Known::Type("String".into()).into(),
        ("constructor", Known::Array(_)) => Known::Type("Array".into()).into(),
        ("constructor", Known::Type(_)) => Known::Type("Function".into()).into(),
        ("prototype", Known::Type(_)) => value.clone(),
        (_, Known::Array(_) | Known::Bytes(_)) if METHODS.contains(&name) => {
            Known::Function(Rc::new(Callable::Bound(value.clone(), name.into()))).into()
        }
        _ => return None,
    })
}

pub(crate) fn method(it: &mut Interpreter<'_>, value: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    match &value.known {
        Known::Array(list) => return array_method(it, value, list, name, args, at),
        Known::Function(_) if name == "constructor" => return Some(made_function(it, args, at)),
        Known::Function(_) => return (name == "bind").then(|| value.clone()),
        _ if !may_be_text(value) => return None,
        _ => {}
    }
    let whole = value.only_bytes().cloned();
    let first = args.at(0);
    let of_receiver = |known: Option<Known>| crate::library::dotnet::text::of_receiver(value, known);
    Some(match name {
        "charat" | "at" => {
            let start = args.get(0).map_or(Some(0), index);
            of_receiver(whole.zip(start).and_then(|(all, start)| known_text(Characters::of(&all).cut(start, 1))))
        }
        "charcodeat" | "codepointat" => {
            let start = args.get(0).map_or(Some(0), index);
            let code = whole.zip(start).and_then(|(all, start)| {
                let one = Value::bytes(Characters::of(&all).cut(start, 1));
                one.code_of_character()
            });
            Value { known: code.map(Known::Int).unwrap_or_default(), ..blurred([value]) }
        }
        "split" => {
            let pieces = match (&whole, pattern(it, &first)) {
                (Some(all), Some(Some(regex))) => Some(regex.split(all).take(MAX_PIECES).map(<[u8]>::to_vec).collect::<Vec<_>>()),
                (Some(all), None) => bytes(&first).map(|by| match by.is_empty() {
                    true => Characters::of(all).all().into_iter().take(MAX_PIECES).map(<[u8]>::to_vec).collect(),
                    false => split(all, &by),
                }),
                _ => None,
            };
            match pieces {
                Some(pieces) => Value::list(pieces.iter().map(|piece| of_receiver(known_text(piece.as_slice()))).collect()),
                None => sequence::unknown_list(blurred([value])),
            }
        }
        "replace" | "replaceall" => match pattern(it, &first) {
            Some(compiled) => {
                let flags = text(&field(&first, "flags")).unwrap_or_default();
                regex::replace(it, value, compiled.as_ref(), &args.at(1), flags.contains('g'), at)
            }
            None => {
                let literal = text(&first).and_then(|what| regex::compiled(it, &Value::text(&::regex::escape(&what)), false));
                regex::replace(it, value, literal.as_ref(), &args.at(1), name == "replaceall", at)
            }
        },
        "substr" | "substring" | "slice" => of_receiver(whole.and_then(|all| {
            let characters = Characters::of(&all);
            let length = characters.len() as i64;
            let from = args.get(0).map_or(Some(0), int)?;
            let to = match args.get(1) {
                Some(to) => Some(int(to)?),
                None => None,
            };
            let (start, count) = range(name, length, from, to);
            known_text(characters.cut(start, count))
        })),
        "concat" => {
            let mut pieces = vec![value.clone()];
            pieces.extend(args.values.iter().cloned());
            it.join_all(pieces)
        }
        "indexof" | "lastindexof" | "search" => {
            let known = whole.zip(bytes(&first)).map(|(all, part)| {
                let at =
                    if name == "lastindexof" { memchr::memmem::rfind(&all, &part) } else { memchr::memmem::find(&all, &part) };
                Known::Int(at.map_or(-1, |at| Characters::of(&all).position(at) as i64))
            });
            mark([value].into_iter().chain(args.all()), known.filter(|_| name != "search"))
        }
        "tolowercase" => of_receiver(whole.and_then(|all| known_text(String::from_utf8_lossy(&all).to_lowercase()))),
        "touppercase" => of_receiver(whole.and_then(|all| known_text(String::from_utf8_lossy(&all).to_uppercase()))),
        "trim" => of_receiver(whole.and_then(|all| known_text(all.trim_ascii()))),
        "tostring" => match (&value.known, args.get(0).and_then(index)) {
            (Known::Int(number), Some(radix)) => of_receiver(in_radix(*number, radix).and_then(known_text)),
            (Known::Int(_) | Known::Float(_), _) => of_receiver(value.as_bytes().map(Known::Bytes)),
            _ => value.clone(),
        },
        "valueof" | "tolocalestring" | "normalize" => value.clone(),
        "match" | "exec" => match pattern(it, &first) {
            Some(Some(compiled)) => match regex::matches(value, Some(&compiled)).known {
                Known::Array(all) => Value::list(all.entries.values().map(|one| field(one, "value")).collect()),
                _ => blurred([value]),
            },
            _ => sequence::unknown_list(blurred([value])),
        },
        "repeat" => of_receiver(whole.zip(index(&first)).and_then(|(all, count)| known_text(repeated(&all, count)?))),
        _ => return None,
    })
}

/// The expression of a `RegExp`: none if the value is no such object, and nothing in it if it is an unusual one.
#[expect(clippy::option_option, reason = "whether it is an expression, and whether it is understood")]
fn pattern(it: &mut Interpreter<'_>, value: &Value) -> Option<Option<::regex::bytes::Regex>> {
    if value.class() != "regexp" {
        return None;
    }
    let flags = text(&field(value, "flags")).unwrap_or_default();
    Some(regex::compiled(it, &field(value, "pattern"), flags.contains('i')))
}

/// Where a piece of a text begins and how long it is, as the three functions count.
fn range(name: &str, length: i64, from: i64, to: Option<i64>) -> (usize, usize) {
    let clamp = |at: i64| at.clamp(0, length);
    let (start, end) = match name {
        "substr" => {
            let start = if from < 0 { clamp(length.saturating_add(from)) } else { clamp(from) };
            (start, to.map_or(length, |count| clamp(start.saturating_add(count))))
        }
        "slice" => {
            let place = |at: i64| if at < 0 { clamp(length.saturating_add(at)) } else { clamp(at) };
            (place(from), to.map_or(length, place))
        }
        _ => {
            let (one, other) = (clamp(from), to.map_or(length, clamp));
            (one.min(other), one.max(other))
        }
    };
    (usize::try_from(start).unwrap_or_default(), usize::try_from(end.saturating_sub(start)).unwrap_or_default())
}

fn in_radix(number: i64, radix: usize) -> Option<String> {
    let radix = u32::try_from(radix).ok().filter(|radix| (2..=36).contains(radix))?;
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        digits.push(char::from_digit((rest % u64::from(radix)) as u32, radix)?);
        rest /= u64::from(radix);
    }
    let text: String = digits.into_iter().rev().collect();
    Some(if number < 0 { format!("-{text}") } else { text })
}

fn array_method(it: &mut Interpreter<'_>, value: &Value, list: &Rc<Array>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if let Some(own @ Value { known: Known::Function(_), .. }) = list.entries.get(&crate::value::Key::text(name)) {
        return Some(it.call_value(&own.clone(), args.clone(), at));
    }
    Some(match name {
        "join" | "tostring" => {
            let by = if name == "join" && args.len() > 0 { args.at(0) } else { Value::bytes(b",") };
            let Some(items) = sequence::known_items(value) else { return Some(blurred([value])) };
            let plain = bytes(&by).is_some_and(|by| by.is_empty());
            let whole = items.iter().all(|item| item.taint.is_some()) && plain || items.len() == 1;
            // `Array(4).join("x")` is a way to repeat.
            let gaps = usize::try_from(list.next).unwrap_or_default().saturating_sub(items.len());
            let mut pieces = Vec::new();
            for (index, item) in items.into_iter().chain(std::iter::repeat_n(Value::bytes(b""), gaps.min(1 << 16))).enumerate() {
                if index > 0 && !plain {
                    pieces.push(by.clone());
                }
                pieces.push(item);
            }
            let joined = it.join_all(pieces);
            if whole { Value { taint: value.deep_taint(), ..joined } } else { joined }
        }
        "slice" => {
            let items = sequence::known_items(value)?;
            let from = args.get(0).map_or(Some(0), int)?;
            let (start, count) = range("slice", items.len() as i64, from, args.get(1).and_then(int));
            Value::list(items.into_iter().skip(start).take(count).collect())
        }
        "concat" => {
            let mut items = sequence::known_items(value)?;
            for given in &args.values {
                match &given.known {
                    Known::Array(_) => items.extend(sequence::known_items(given)?),
                    _ => items.push(given.clone()),
                }
            }
            Value::list(items)
        }
        "map" => return sequence::sequence_of(it, value, "select", args, at),
        "filter" => return sequence::sequence_of(it, value, "where", args, at),
        "reduce" => {
            let given = if args.len() > 1 { Args::of(vec![args.at(1), args.at(0)]) } else { args.clone() };
            return sequence::sequence_of(it, value, "aggregate", &given, at);
        }
        "reverse" | "foreach" => return sequence::sequence_of(it, value, name, args, at),
        "item" | "getitem" => it.index(value, args.get(0), at),
        "toarray" | "sort" | "valueof" => value.clone(),
        "indexof" => mark(args.all(), None),
        "hasownproperty" => mark(args.all(), None),
        _ => return None,
    })
}

/// A method that changes the array that it is called on: what it gives.
pub(crate) fn changed(value: &mut Value, name: &str, args: &Args) -> Option<Value> {
    if matches!(name, "push" | "pop") {
        let Known::Array(list) = &mut value.known else { return None };
        let list = Rc::make_mut(list);
        if name == "pop" {
            let last = list.entries.pop().map(|(_, last)| last);
            list.next = list.next.saturating_sub(1).max(0);
            return Some(last.unwrap_or_else(Value::null));
        }
        for given in &args.values {
            if list.entries.len() < MAX_PIECES { list.push(given.clone()) } else { list.set_somewhere(given.clone()) }
        }
        return Some(Value::int(list.next));
    }
    if !matches!(name, "shift" | "unshift" | "splice" | "reverse" | "sort") {
        return None;
    }
    let mut items = sequence::known_items(value)?;
    let mut made = value.made;
    let result = match name {
        "shift" if items.is_empty() => Value::null(),
        "shift" => items.remove(0),
        "unshift" => {
            items = args.values.iter().cloned().chain(items).collect();
            Value::int(items.len() as i64)
        }
        "splice" => {
            let (start, count) = (index(&args.at(0))?, args.get(1).map_or(Some(items.len()), index)?);
            let start = start.min(items.len());
            let end = start.saturating_add(count).min(items.len());
            Value::list(items.splice(start..end, args.values.iter().skip(2).cloned()).collect())
        }
        _ => {
            if name == "reverse" {
                items.reverse();
                made = made.and(Made::DECODED);
            }
            Value::list(items.clone()).with(made)
        }
    };
    *value = Value { taint: value.taint.clone(), made, ..Value::list(items) };
    Some(result)
}
