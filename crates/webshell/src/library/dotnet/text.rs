//! Methods of strings and characters, and `StringBuilder`.

use std::rc::Rc;

use super::plain::{
    MAX_PIECES, array, blurred, bytes, computed, field, index, int, known_text, mark, may_be_text, repeated, replaced, split,
    text,
};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::library::characters::Characters;
use crate::value::{Array, Known, Made, Object, Value};

/// A method of a string, or of something unknown that may be one.
pub(crate) fn method(it: &mut Interpreter<'_>, value: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    if !may_be_text(value) && !matches!(value.known, Known::Null | Known::Undefined) {
        return None;
    }
    let whole = value.only_bytes().cloned();
    let whole = whole.as_deref();
    let both = || [value].into_iter().chain(args.all());
    Some(match name {
        "tostring" | "clone" | "normalize" | "tochararray" | "intern" | "asspan" | "asmemory" | "touniversaltime"
            if args.len() == 0 =>
        {
            match (&value.known, name) {
                (Known::Int(number), "tostring") => Value { known: known_text(number.to_string())?, ..value.clone() },
                (Known::Bytes(bytes), "tochararray") if bytes.len() < MAX_PIECES => Value {
                    taint: value.taint.clone(),
                    ..Value::list(Characters::of(bytes).all().into_iter().map(character).collect())
                }
                .with(value.made),
                _ => Value { made: value.made.without(Made::CHARACTER), ..value.clone() },
            }
        }
        "tostring" => match (&value.known, text(&args.at(0)).as_deref()) {
            (Known::Int(number), Some("x" | "X")) => Value { known: known_text(format!("{number:x}"))?, ..value.clone() },
            (Known::Int(number), Some("x2" | "X2")) => Value { known: known_text(format!("{number:02x}"))?, ..value.clone() },
            (Known::Int(number), _) => Value { known: known_text(number.to_string())?, ..value.clone() },
            _ => value.clone(),
        },
        "substring" | "slice" => cut(value, args, Made::BUILT),
        "remove" => {
            let known = (|| {
                let bytes = whole?;
                let characters = Characters::of(bytes);
                let start = index(&args.at(0))?;
                let count = if args.len() > 1 { index(&args.at(1))? } else { bytes.len() };
                let (from, to) = (characters.offset(start), characters.offset(start.saturating_add(count)));
                known_text([bytes.get(..from)?, bytes.get(to..)?].concat())
            })();
            of_receiver(value, known)
        }
        "insert" => computed(both(), Made::BUILT, || {
            let bytes = whole?;
            let at = Characters::of(bytes).offset(index(&args.at(0))?);
            known_text([bytes.get(..at)?, &super::plain::bytes(&args.at(1))?, bytes.get(at..)?].concat())
        }),
        "replace" => replace(value, args),
        "split" => split_text(value, args),
        "trim" | "trimstart" | "trimend" => trimmed(value, name, args),
        "tolower" | "tolowerinvariant" => {
            let known = whole.and_then(|bytes| known_text(String::from_utf8_lossy(bytes).to_lowercase()));
            Value { known: known.unwrap_or_else(|| value.known.clone()), ..value.clone() }
        }
        "toupper" | "toupperinvariant" => {
            let known = whole.and_then(|bytes| known_text(String::from_utf8_lossy(bytes).to_uppercase()));
            Value { known: known.unwrap_or_else(|| value.known.clone()), ..value.clone() }
        }
        "padleft" | "padright" => {
            let known = (|| {
                let bytes = whole?;
                let width = index(&args.at(0)).filter(|width| *width < 100_000)?;
                let fill = if args.len() > 1 { super::plain::bytes(&args.at(1))? } else { Rc::from(&b" "[..]) };
                let fill = repeated(&fill, width.saturating_sub(Characters::of(bytes).len()))?;
                known_text(if name == "padleft" { [&fill, bytes].concat() } else { [bytes, &fill].concat() })
            })();
            of_receiver(value, known)
        }
        "concat" if matches!(args.get(0).map(|one| &one.known), Some(Known::Bytes(_) | Known::Partial(_))) => {
            it.join(value, &args.at(0))
        }
        "get_chars" | "chars" => it.index(value, args.get(0), at),
        "equals" => {
            it.gate(value, &args.at(0), at);
            mark(both(), None)
        }
        "indexof" | "lastindexof" | "indexofany" => {
            let known = (|| {
                let (bytes, part) = (whole?, super::plain::bytes(&args.at(0))?);
                let from = if name == "indexof" { args.get(1).map_or(Some(0), index).unwrap_or(0) } else { 0 };
                let found = if name == "indexof" {
                    let from = Characters::of(bytes).offset(from);
                    memchr::memmem::find(bytes.get(from..)?, &part).map(|at| at + from)
                } else {
                    memchr::memmem::rfind(bytes, &part)
                };
                Some(Known::Int(found.map_or(-1, |at| Characters::of(bytes).position(at) as i64)))
            })();
            mark(both(), known)
        }
        "contains" | "startswith" | "endswith" => {
            if value.deep_taint().is_some() {
                it.checked(value);
                it.gate(value, &args.at(0), at);
            }
            let known = (|| {
                let (bytes, part) = (whole?, super::plain::bytes(&args.at(0))?);
                Some(Known::Bool(match name {
                    "contains" => memchr::memmem::find(bytes, &part).is_some(),
                    "startswith" => bytes.starts_with(&part),
                    _ => bytes.ends_with(&part),
                }))
            })();
            mark(both(), known)
        }
        "compareto" | "gethashcode" | "gettypecode" => mark(both(), None),
        _ => return None,
    })
}

pub(crate) fn member(value: &Value, name: &str) -> Option<Value> {
    if !may_be_text(value) && !matches!(value.known, Known::Array(_)) {
        return None;
    }
    Some(match name {
        "length" | "longlength" | "count" => {
            let known = match &value.known {
                Known::Bytes(bytes) => Some(Known::Int(Characters::of(bytes).len() as i64)),
                Known::Array(array) if array.rest.is_none() => Some(Known::Int(array.entries.len() as i64)),
                _ => None,
            };
            mark([value], known)
        }
        _ => return None,
    })
}

pub(crate) fn character(bytes: &[u8]) -> Value {
    Value::bytes(bytes).with(Made::CHARACTER)
}

/// Something cut out of or done to one value.
pub(crate) fn of_receiver(value: &Value, known: Option<Known>) -> Value {
    let made = value.made.without(Made::CHARACTER).and(Made::BUILT);
    Value { known: known.unwrap_or_default(), taint: value.deep_taint(), made }
}

/// `Substring(start, count)`.
fn cut(value: &Value, args: &Args, made: Made) -> Value {
    let known = (|| {
        let whole = bytes(value)?;
        let count = if args.len() > 1 { index(&args.at(1))? } else { whole.len() };
        known_text(Characters::of(&whole).cut(index(&args.at(0))?, count))
    })();
    of_receiver(value, known).with(made)
}

fn replace(value: &Value, args: &Args) -> Value {
    let (what, with) = (args.at(0), args.at(1));
    let known = match (value.only_bytes(), bytes(&what), bytes(&with)) {
        (Some(whole), Some(what), Some(with)) => known_text(replaced(whole, &what, &with)),
        _ => None,
    };
    let taint = value.deep_taint();
    // What is put in decides a part, unless all that was there makes room for it.
    let all = value.only_bytes().is_some_and(|whole| bytes(&what).is_some_and(|what| what == *whole));
    let put = with.deep_taint().map(|taint| if all { taint } else { taint.at_most(Control::Part) });
    Value { known: known.unwrap_or_default(), taint, made: value.made.without(Made::CHARACTER) }.with_taint(put).with(Made::BUILT)
}

fn split_text(value: &Value, args: &Args) -> Value {
    let by: Option<Vec<Vec<u8>>> = match &args.at(0).known {
        Known::Array(array) => array.all().and_then(|all| all.map(|one| bytes(one).map(|one| one.to_vec())).collect()),
        Known::Null => Some(Vec::new()),
        _ => args.values.iter().filter(|one| one.only_bytes().is_some()).map(|one| bytes(one).map(|one| one.to_vec())).collect(),
    };
    let pieces = value.only_bytes().zip(by).map(|(whole, by)| {
        let mut pieces = vec![whole.to_vec()];
        let by = if by.is_empty() { vec![b" ".to_vec()] } else { by };
        for by in by.iter().filter(|by| !by.is_empty()) {
            pieces = pieces.iter().flat_map(|piece| split(piece, by)).take(MAX_PIECES).collect();
        }
        pieces
    });
    let inherit = |piece: Value| piece.with_taint(value.taint.clone()).with(value.made.without(Made::CHARACTER));
    match pieces {
        Some(pieces) => Value::list(pieces.iter().map(|piece| inherit(Value::bytes(piece)).with(Made::BUILT)).collect()),
        None => array(Array { rest: Some(Box::new(inherit(Value::unknown()))), ..Array::default() }),
    }
}

fn trimmed(value: &Value, name: &str, args: &Args) -> Value {
    let Some(whole) = value.only_bytes() else { return value.clone() };
    let set: Vec<u8> = match args.values.is_empty() {
        true => b" \t\r\n\x0b\x0c".to_vec(),
        false => args.values.iter().filter_map(bytes).flat_map(|one| one.to_vec()).collect(),
    };
    let is_in = |byte: &u8| set.contains(byte);
    let start = if name == "trimend" { 0 } else { whole.iter().position(|byte| !is_in(byte)).unwrap_or(whole.len()) };
    let end = if name == "trimstart" { whole.len() } else { whole.iter().rposition(|byte| !is_in(byte)).map_or(0, |at| at + 1) };
    Value { known: Known::Bytes(whole.get(start..end.max(start)).unwrap_or_default().into()), ..value.clone() }
}

/// `String.Format` and `AppendFormat`.
pub(super) fn formatted(it: &mut Interpreter<'_>, format: &Value, args: &Args) -> Value {
    let Some(pattern) = format.only_bytes().cloned() else { return blurred([format].into_iter().chain(args.all())) };
    let given: Vec<Value> = match args.get(0).map(|one| &one.known) {
        Some(Known::Array(list)) if args.len() == 1 => list.entries.values().cloned().collect(),
        _ => args.values.clone(),
    };
    let mut pieces = Vec::new();
    let mut literal = Vec::new();
    let mut rest = pattern.iter().copied().enumerate().peekable();
    while let Some((at, byte)) = rest.next() {
        match byte {
            b'{' | b'}' if rest.peek().is_some_and(|(_, next)| *next == byte) => {
                rest.next();
                literal.push(byte);
            }
            b'{' => {
                let inside = pattern.get(at + 1..).unwrap_or_default();
                let end = memchr::memchr(b'}', inside).unwrap_or(inside.len());
                let number: String =
                    inside.iter().take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
                pieces.push(Value::bytes(&std::mem::take(&mut literal)));
                let value = number.parse::<usize>().ok().and_then(|number| given.get(number).cloned());
                pieces.push(value.unwrap_or_default());
                for _ in 0..=end {
                    rest.next();
                }
            }
            _ => literal.push(byte),
        }
    }
    pieces.push(Value::bytes(&literal));
    pieces.retain(|piece| piece.only_bytes().is_none_or(|bytes| !bytes.is_empty()) || piece.taint.is_some());
    it.join_all(pieces).with(format.made)
}

/// `new StringBuilder(…)`.
pub(super) fn builder(args: &Args) -> Value {
    let object = Object::new("stringbuilder");
    let mut pieces = Array::default();
    if let Some(first) = args.get(0).filter(|first| !matches!(first.known, Known::Int(_) | Known::Null)) {
        pieces.push(first.clone());
    }
    object.set("pieces", array(pieces));
    Known::Object(Rc::new(object)).into()
}

/// What a `StringBuilder` holds.
pub(super) fn built(it: &mut Interpreter<'_>, object: &Object) -> Value {
    let pieces = match object.field("pieces") {
        Some(Value { known: Known::Array(pieces), .. }) => pieces,
        _ => return Value::unknown().with_taint(object.taint.borrow().clone()),
    };
    let whole = match pieces.entries.len() {
        0 => return Value::bytes(b""),
        1 => pieces.entries.values().next().cloned().unwrap_or_default(),
        _ => {
            // What was whole stays whole when it is only collected.
            let values: Vec<Value> = pieces.entries.values().cloned().collect();
            let all = values.iter().fold(None, |taint, one| crate::evidence::Taint::stronger(taint, one.taint.clone()));
            let plain = values.iter().all(|one| one.taint.is_some() || one.only_bytes().is_some_and(|bytes| bytes.len() <= 1));
            let joined = it.join_all(values);
            if plain { Value { taint: all, ..joined } } else { joined }
        }
    };
    keep(object, whole.clone());
    Value { made: whole.made.without(Made::CHARACTER), ..whole }
}

fn keep(object: &Object, value: Value) {
    let mut pieces = Array::default();
    pieces.push(value);
    object.set("pieces", array(pieces));
}

fn append(object: &Object, value: Value) {
    if let Some(Value { known: Known::Array(pieces), .. }) = object.fields.borrow_mut().get_mut("pieces") {
        Rc::make_mut(pieces).push(value);
    }
}

pub(super) fn builder_method(
    it: &mut Interpreter<'_>,
    value: &Value,
    object: &Rc<Object>,
    name: &str,
    args: &Args,
    at: u32,
) -> Value {
    match name {
        "append" | "appendline" => {
            let mut piece = args.at(0);
            if args.len() == 0 {
                piece = Value::bytes(b"");
            } else if let (Some(count), true) = (index(&args.at(1)), args.len() == 2) {
                let known = bytes(&piece).and_then(|bytes| repeated(&bytes, count));
                piece = of_receiver(&piece, known.and_then(known_text));
            } else if args.len() == 3 {
                piece = cut(&piece, &args.skip(1), Made::BUILT);
            }
            if let Known::Object(inner) = &piece.known
                && &*inner.class == "stringbuilder"
            {
                piece = built(it, inner);
            }
            if let Known::Array(_) = &piece.known {
                piece = of_receiver(&piece, bytes(&piece).map(Known::Bytes));
            }
            append(object, piece);
            if name == "appendline" {
                append(object, Value::bytes(b"\r\n"));
            }
            value.clone()
        }
        "appendformat" => {
            let piece = formatted(it, &args.at(0), &args.skip(1));
            append(object, piece);
            value.clone()
        }
        "appendjoin" => {
            let piece = super::convert::join(it, args);
            append(object, piece);
            value.clone()
        }
        "tostring" if args.len() == 2 => {
            let whole = built(it, object);
            cut(&whole, args, Made::BUILT)
        }
        "tostring" => built(it, object),
        "clear" => {
            object.set("pieces", array(Array::default()));
            value.clone()
        }
        "insert" | "remove" | "replace" => {
            let whole = built(it, object);
            let changed = match name {
                "remove" if args.len() > 1 && int(&args.at(1)).is_none() => of_receiver(&whole, None),
                _ => method(it, &whole, name, args, at).unwrap_or_default(),
            };
            keep(object, changed);
            value.clone()
        }
        _ => mark([&field(value, "pieces")], None),
    }
}
