//! Static methods that only compute: numbers, characters, arrays.

use super::text::{character, copied, joined, text_of};
use super::{as_string, bytes_of, computed, known_bytes, sliced};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Value};

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("string", "valueof" | "copyvalueof") => text_of(args),
        ("string", "format") => format(args),
        ("string", "join") | ("stringutils", "join") => {
            if class == "string" {
                joined(args)
            } else {
                joined(&Args::of(vec![args.at(1), first]))
            }
        }
        ("stringutils" | "strutil", "isempty" | "isblank" | "isnotempty" | "isnotblank" | "equals" | "hastext" | "contains") => {
            if name == "equals" {
                it.gate(&first, &args.at(1), 0);
            }
            Value::from_all(args.all(), Control::Mark)
        }
        ("stringutils" | "strutil", "reverse" | "trim" | "tostring" | "substringbefore" | "substringafter" | "defaultstring") => {
            Value { known: Known::Unknown, ..as_string(&first) }
        }
        ("integer" | "long" | "short" | "byte", "parseint" | "parselong" | "parseshort" | "parsebyte" | "valueof" | "decode") => {
            number(args)
        }
        ("integer" | "long", "parseunsignedint" | "tounsignedint") => number(args),
        ("integer" | "long" | "byte" | "short", "tohexstring" | "tooctalstring" | "tobinarystring" | "tostring") => {
            radix_text(name, args)
        }
        ("byte" | "short", "tounsignedint") => computed(args, Made::default(), || Some(Known::Int(first.as_int()? & 0xff))),
        ("double" | "float", _) => Value::from_all(args.all(), Control::Mark),
        ("boolean", _) => Value::from_all(args.all(), Control::Mark),
        ("character", "tochars" | "tostring" | "valueof") => character(it, args),
        ("character", "digit" | "getnumericvalue") => digit(args),
        ("character", "isdigit" | "isletter" | "isletterordigit" | "isuppercase" | "islowercase" | "iswhitespace") => {
            let known = bytes_of(&first).and_then(|bytes| bytes.first().copied()).filter(|_| first.is_known());
            let truth = known.map(|byte| match name {
                "isdigit" => byte.is_ascii_digit(),
                "isletter" => byte.is_ascii_alphabetic(),
                "isletterordigit" => byte.is_ascii_alphanumeric(),
                "isuppercase" => byte.is_ascii_uppercase(),
                "islowercase" => byte.is_ascii_lowercase(),
                _ => byte.is_ascii_whitespace(),
            });
            Value { known: truth.map_or(Known::Unknown, Known::Bool), ..Value::from_all([&first], Control::Mark) }
        }
        ("character", "touppercase") => it.call_method(&first, "toUpperCase", Args::default(), 0),
        ("character", "tolowercase") => it.call_method(&first, "toLowerCase", Args::default(), 0),
        ("arrays", "copyofrange") => {
            let length = args.int(1).zip(args.int(2)).map(|(start, end)| end.saturating_sub(start));
            array_part(&first, args.int(1), length)
        }
        ("arrays", "copyof") => array_part(&first, Some(0), args.int(1)),
        ("arrays", "tostring" | "stream") => as_string(&first),
        ("arrays", "equals") => {
            it.gate(&as_string(&first), &as_string(&args.at(1)), 0);
            Value::from_all(args.all(), Control::Mark)
        }
        ("system", "arraycopy") => {
            copied(it, args);
            Value::null()
        }
        ("system", "getproperty" | "getenv" | "getproperties" | "currenttimemillis" | "nanotime" | "lineseparator" | "gc")
        | ("system", "setproperty" | "exit" | "identityhashcode" | "getsecuritymanager" | "setsecuritymanager") => {
            Value::unknown()
        }
        ("math" | "strictmath", "random") => Value::unknown(),
        ("math" | "strictmath", _) => math(name, args),
        ("objects", "requirenonnull" | "requirenonnullelse") => first,
        ("objects", "equals") => {
            it.gate(&first, &args.at(1), 0);
            Value::from_all(args.all(), Control::Mark)
        }
        ("bytebuffer" | "charbuffer", "wrap") => as_string(&first),
        ("bytebuffer", "allocate" | "allocatedirect") => Value::unknown(),
        ("charset", "forname" | "defaultcharset") => first,
        _ => return None,
    })
}

fn array_part(array: &Value, start: Option<i64>, length: Option<i64>) -> Value {
    match &array.known {
        Known::Array(items) if bytes_of(array).is_none() => {
            let start = start.and_then(|start| usize::try_from(start).ok()).unwrap_or_default();
            let length = length.and_then(|length| usize::try_from(length).ok()).unwrap_or(usize::MAX);
            let values = items.entries.values().skip(start).take(length).cloned().collect();
            Value::list(values).with_taint(array.taint.clone())
        }
        _ => sliced(array, start, length),
    }
}

/// A number out of text. With a base it is a step of a decoder, and what is decoded stays the visitor's.
fn number(args: &Args) -> Value {
    let text = as_string(&args.at(0));
    let radix = match args.get(1) {
        Some(radix) => radix.as_int().filter(|_| radix.is_known()),
        None => Some(10),
    };
    let control = if args.len() > 1 { Control::Whole } else { Control::Mark };
    let known = text.only_bytes().and_then(|bytes| {
        let digits = std::str::from_utf8(bytes).ok()?;
        let radix = u32::try_from(radix?).ok().filter(|radix| (2..=36).contains(radix))?;
        let lower = digits.to_ascii_lowercase();
        let (digits, radix) = match lower.strip_prefix("0x").or_else(|| lower.strip_prefix('#')) {
            Some(hex) => (hex, 16),
            None => (lower.as_str(), radix),
        };
        i64::from_str_radix(digits, radix).ok()
    });
    let known = known.map_or(Known::Unknown, Known::Int);
    Value { known, ..Value::from_all([&text], control) }
}

fn radix_text(name: &str, args: &Args) -> Value {
    let first = args.at(0);
    let value = Value::from_all([&first], Control::Whole);
    let Some(number) = first.as_int().filter(|_| first.is_known()) else { return value };
    let text = match name {
        "tohexstring" => format!("{number:x}"),
        "tooctalstring" => format!("{number:o}"),
        "tobinarystring" => format!("{number:b}"),
        _ => match args.int(1) {
            Some(16) => format!("{number:x}"),
            Some(8) => format!("{number:o}"),
            Some(2) => format!("{number:b}"),
            None | Some(10) => number.to_string(),
            Some(_) => return value,
        },
    };
    Value { known: known_bytes(text.into_bytes()), ..value }
}

fn digit(args: &Args) -> Value {
    let first = args.at(0);
    let value = Value::from_all([&first], Control::Whole);
    let radix = args.int(1).and_then(|radix| u32::try_from(radix).ok()).filter(|radix| (2..=36).contains(radix)).unwrap_or(36);
    let known = bytes_of(&first).filter(|_| first.is_known()).and_then(|bytes| {
        let digit = char::from(*bytes.first()?).to_digit(radix);
        Some(Known::Int(digit.map_or(-1, i64::from)))
    });
    Value { known: known.unwrap_or_default(), ..value }
}

fn math(name: &str, args: &Args) -> Value {
    let value = Value::from_all(args.all(), Control::Mark);
    let whole = args.all().all(|value| matches!(value.known, Known::Int(_)));
    let known = match (name, args.int(0), args.int(1)) {
        ("min", Some(a), Some(b)) if whole => Known::Int(a.min(b)),
        ("max", Some(a), Some(b)) if whole => Known::Int(a.max(b)),
        ("abs", Some(a), _) if whole => Known::Int(a.saturating_abs()),
        ("floormod", Some(a), Some(b)) if whole && b != 0 => Known::Int(a.checked_rem_euclid(b).unwrap_or_default()),
        ("pow" | "sqrt" | "floor" | "ceil" | "round", Some(_), _) => {
            let a = args.at(0).as_float();
            let b = args.at(1).as_float();
            match (name, a, b) {
                ("pow", Some(a), Some(b)) => Known::Float(a.powf(b)),
                ("sqrt", Some(a), _) => Known::Float(a.sqrt()),
                ("floor", Some(a), _) => Known::Float(a.floor()),
                ("ceil", Some(a), _) => Known::Float(a.ceil()),
                ("round", Some(a), _) => Known::Int(a.round() as i64),
                _ => Known::Unknown,
            }
        }
        _ => Known::Unknown,
    };
    Value { known, ..value }
}

/// `String.format` for the patterns that put text together.
pub(super) fn format(args: &Args) -> Value {
    let inherited = Value::from_all(args.all(), Control::Part).with(Made::BUILT);
    let known = args.bytes(0).and_then(|pattern| {
        let pattern = String::from_utf8_lossy(&pattern).into_owned();
        let mut out = String::new();
        let mut next = 1;
        let mut rest = pattern.chars().peekable();
        while let Some(character) = rest.next() {
            if character != '%' {
                out.push(character);
                continue;
            }
            let mut digits = String::new();
            while let Some(digit) = rest.next_if(|next| next.is_ascii_digit() || *next == '$') {
                digits.push(digit);
            }
            let index = match digits.strip_suffix('$').and_then(|digits| digits.parse::<usize>().ok()) {
                Some(index) => index,
                None => {
                    next += 1;
                    next - 1
                }
            };
            match rest.next()? {
                's' | 'd' => out.push_str(&String::from_utf8_lossy(&bytes_of(args.get(index)?)?)),
                'c' => match &args.get(index)?.known {
                    Known::Int(number) => out.push(char::from_u32(u32::try_from(*number).ok()?)?),
                    Known::Bytes(bytes) => out.push_str(&String::from_utf8_lossy(bytes)),
                    _ => return None,
                },
                'x' => out.push_str(&match digits.as_str() {
                    "02" => format!("{:02x}", args.int(index)?),
                    _ => format!("{:x}", args.int(index)?),
                }),
                'n' | '%' => {
                    next -= 1;
                    out.push('\n');
                }
                _ => return None,
            }
        }
        Some(out.into_bytes())
    });
    match known {
        Some(bytes) => Value { known: known_bytes(bytes), ..inherited },
        None => inherited,
    }
}
