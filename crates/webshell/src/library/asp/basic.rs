//! Functions of VBScript, which VB.NET has too. All of them compute only.

use crate::decode;
use crate::evidence::{Control, Taint};
use crate::interpret::{Args, Callable, Interpreter};
use crate::library::characters::Characters;
use crate::library::dotnet::plain::{blurred, bytes, computed, known_text, mark, may_be_text, replaced, split, text};
use crate::library::dotnet::{replaced_without_case, sequence};
use crate::value::{Known, Made, Value};
use std::rc::Rc;

/// A number as VB reads it: also `&H41` and `&O101`.
fn number(value: &Value) -> Option<i64> {
    let bytes = match &value.known {
        Known::Bytes(bytes) => bytes,
        Known::Int(_) | Known::Bool(_) => return value.as_int(),
        Known::Float(number) => return Some(rounded(*number)),
        Known::Null | Known::Undefined => return Some(0),
        _ => return None,
    };
    let text = std::str::from_utf8(bytes).ok()?.trim().to_ascii_lowercase();
    if let Some(hex) = text.strip_prefix("&h") {
        return i64::from_str_radix(hex.trim_end_matches('&'), 16).ok();
    }
    if let Some(octal) = text.strip_prefix("&o") {
        return i64::from_str_radix(octal.trim_end_matches('&'), 8).ok();
    }
    text.parse::<i64>().ok().or_else(|| text.parse::<f64>().ok().map(rounded))
}

/// Whether something is a number; none if nobody knows.
fn number_of_text(value: &Value) -> Option<bool> {
    match &value.known {
        Known::Bytes(_) => Some(number(value).is_some()),
        Known::Int(_) | Known::Float(_) => Some(true),
        _ => None,
    }
}

/// Half goes to the even neighbour, as in VB.
fn rounded(number: f64) -> i64 {
    number.round_ties_even() as i64
}

/// A number that a mark and a visitor's digits make is his: the mark is no part of it.
fn wholly(value: Value) -> Value {
    let raise = |taint: Taint| match taint.control {
        Control::Part => Taint { control: Control::Whole, ..taint },
        _ => taint,
    };
    Value { taint: value.taint.map(raise), ..value }
}

fn count(value: Option<&Value>) -> Option<usize> {
    usize::try_from(number(value?)?).ok()
}

fn number_value(args: &Args, known: Option<i64>) -> Value {
    mark(args.all(), known.map(Known::Int))
}

/// `Chr`: one byte, or the character that two bytes are in the code page of China, which most pages with such are in.
fn character(code: i64) -> Option<Vec<u8>> {
    let code = if code < 0 { code.checked_add(65536)? } else { code };
    match code {
        0..=255 => Some(vec![code as u8]),
        256..=65535 => {
            let bytes = [(code >> 8) as u8, code as u8];
            let text = encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(&bytes);
            Some(text.map_or_else(|| bytes.to_vec(), |text| text.into_owned().into_bytes()))
        }
        _ => None,
    }
}

/// `Asc`: the other way round. Numbers of two bytes are signed.
fn code_of(text: &Characters<'_>) -> Option<i64> {
    let code = text.first_code()?;
    let one = char::from_u32(code).filter(|_| code > 255)?;
    let mut buffer = [0; 4];
    match *encoding_rs::GBK.encode(one.encode_utf8(&mut buffer)).0 {
        [high, low] => Some(i64::from(i16::from_be_bytes([high, low]))),
        _ => None,
    }
}

pub(crate) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let one =
        |make: &dyn Fn(&[u8]) -> Option<Vec<u8>>, made: Made| computed([&first], made, || known_text(make(&bytes(&first)?)?));
    Some(match name {
        "chr" | "chrb" => computed([&first], Made::BUILT, || known_text(character(number(&first)?)?)),
        "chrw" => computed([&first], Made::BUILT, || {
            let code = number(&first)?;
            let code = if code < 0 { code.checked_add(65536)? } else { code };
            known_text(char::from_u32(u32::try_from(code).ok()?)?.to_string())
        }),
        "asc" | "ascw" | "ascb" => {
            let known = bytes(&first).and_then(|all| {
                let text = Characters::of(&all);
                let code = match name {
                    "ascb" => i64::from(*all.first()?),
                    "asc" => code_of(&text).map_or_else(|| text.first_code().map(i64::from), Some)?,
                    _ => i64::from(text.first_code()?),
                };
                Some(Known::Int(code))
            });
            Value { known: known.unwrap_or_default(), ..blurred([&first]) }
        }
        "mid" | "midb" | "left" | "leftb" | "right" | "rightb" => cut(name, args),
        "len" | "lenb" => {
            let known = match &first.known {
                Known::Bytes(all) if name == "lenb" => Some(all.len() as i64),
                _ => bytes(&first).filter(|_| may_be_text(&first)).map(|all| Characters::of(&all).len() as i64),
            };
            number_value(args, known)
        }
        "instr" | "instrb" => found(it, args),
        "instrrev" => {
            let known = bytes(&first).zip(bytes(&args.at(1))).map(|(whole, part)| {
                memchr::memmem::rfind(&whole, &part).map_or(0, |at| Characters::of(&whole).position(at) as i64 + 1)
            });
            number_value(args, known)
        }
        "replace" => replace(args),
        "split" => {
            let by = args.get(1).filter(|by| !matches!(by.known, Known::Null | Known::Undefined));
            let pieces = bytes(&first).zip(by.map_or(Some(Rc::from(&b" "[..])), bytes));
            match pieces {
                Some((whole, by)) if first.only_bytes().is_some() => {
                    let piece = |piece: &Vec<u8>| Value { known: Known::Bytes(piece.as_slice().into()), ..first.clone() };
                    Value::list(split(&whole, &by).iter().map(|one| piece(one).with(Made::BUILT)).collect())
                }
                _ => sequence::unknown_list(blurred([&first])),
            }
        }
        "join" => {
            let by = args.get(1).cloned().unwrap_or_else(|| Value::bytes(b" "));
            let Some(items) = sequence::known_items(&first) else { return Some(blurred([&first])) };
            let plain = bytes(&by).is_some_and(|by| by.is_empty());
            let mut pieces = Vec::new();
            for (index, item) in items.into_iter().enumerate() {
                if index > 0 && !plain {
                    pieces.push(by.clone());
                }
                pieces.push(item);
            }
            it.join_all(pieces)
        }
        "strreverse" => crate::library::dotnet::reversed(&first),
        "ucase" => one(&|all| Some(String::from_utf8_lossy(all).to_uppercase().into_bytes()), Made::default()),
        "lcase" => one(&|all| Some(String::from_utf8_lossy(all).to_lowercase().into_bytes()), Made::default()),
        "trim" | "ltrim" | "rtrim" => {
            let Some(all) = first.only_bytes() else { return Some(Value { known: Known::Unknown, ..blurred([&first]) }) };
            let text = String::from_utf8_lossy(all);
            let text = match name {
                "trim" => text.trim_matches(' '),
                "ltrim" => text.trim_start_matches(' '),
                _ => text.trim_end_matches(' '),
            };
            Value { known: known_text(text)?, ..first }
        }
        "hex" => computed([&first], Made::BUILT, || known_text(format!("{:X}", number(&first)?))),
        "oct" => computed([&first], Made::BUILT, || known_text(format!("{:o}", number(&first)?))),
        "clng" | "cint" | "cshort" | "csng" | "cdbl" | "val" | "ccur" | "cdec" | "culng" | "cuint" | "cbyte" => {
            // Hex digits that become characters again stay the visitor's.
            let start = first.edges().prefix.to_ascii_lowercase();
            let is_decoding = start.starts_with(b"&h") || name == "cbyte" || matches!(first.known, Known::Int(_));
            let known = match (name, &first.known) {
                ("cdbl" | "csng", Known::Float(_)) => Some(first.known.clone()),
                ("cdbl" | "csng" | "val", Known::Bytes(all)) if all.contains(&b'.') => first.as_float().map(Known::Float),
                _ => number(&first).map(Known::Int),
            };
            let value = match is_decoding {
                true => wholly(blurred([&first])),
                false => Value::from_all([&first], Control::Mark),
            };
            Value { known: known.unwrap_or_default(), ..value }
        }
        "cstr" | "cobj" | "str" | "cdate" => match &first.known {
            Known::Int(_) | Known::Float(_) => Value { known: Known::Bytes(first.as_bytes()?), ..first },
            Known::Request(_) | Known::Object(_) => blurred([&first]),
            _ => first,
        },
        "cchar" | "cbool" => mark([&first], first.truth().filter(|_| first.taint.is_none()).map(Known::Bool)),
        "int" | "fix" | "abs" | "sgn" | "sqr" | "round" | "atn" | "cos" | "sin" | "tan" | "exp" | "log" => {
            let known = first.as_float().filter(|_| first.is_known()).and_then(|number| match name {
                "int" => Some(number.floor()),
                "fix" => Some(number.trunc()),
                "abs" => Some(number.abs()),
                "sgn" => Some(if number == 0.0 { 0.0 } else { number.signum() }),
                "sqr" => Some(number.sqrt()),
                "round" if args.len() < 2 => Some(number.round_ties_even()),
                _ => None,
            });
            let whole = |number: f64| if number.fract() == 0.0 { Known::Int(number as i64) } else { Known::Float(number) };
            // Numbers that stand for characters keep their source.
            let control = if matches!(first.known, Known::Bytes(_)) { Control::Mark } else { Control::Whole };
            let value = Value::from_all([&first], if matches!(name, "int" | "fix" | "abs") { control } else { Control::Mark });
            Value { known: known.map(whole).unwrap_or_default(), ..value }
        }
        "isnumeric" => {
            let known = first.taint.is_none().then(|| number_of_text(&first)).flatten();
            mark([&first], known.map(Known::Bool))
        }
        "isempty" | "isnull" | "isarray" | "isobject" | "isdate" | "vartype" | "typename" | "isnothing" | "iserror"
        | "formatnumber" | "formatdatetime" | "formatpercent" | "formatcurrency" | "datediff" | "year" | "month" | "day"
        | "hour" | "minute" | "second" | "weekday" | "rgb" => mark(args.all(), None),
        "now"
        | "date"
        | "time"
        | "timer"
        | "rnd"
        | "randomize"
        | "msgbox"
        | "scriptengine"
        | "dateadd"
        | "monthname"
        | "scriptengineversion"
        | "scriptenginemajorversion"
        | "getlocale"
        | "setlocale"
        | "dateserial" => Value::unknown(),
        "strcomp" => {
            it.gate(&first, &args.at(1), at);
            mark(args.all(), None)
        }
        "array" => Value::list(args.values.clone()),
        "ubound" | "lbound" => {
            let known = match &first.known {
                Known::Array(list) if name == "ubound" && list.rest.is_none() => Some(list.next - 1),
                Known::Bytes(all) if name == "ubound" => Some(all.len() as i64 - 1),
                _ if name == "lbound" => Some(0),
                _ => None,
            };
            number_value(args, known)
        }
        "filter" => blurred([&first]),
        "string" | "strdup" => {
            let value = args.at(1);
            computed([&value], Made::BUILT, || {
                let one = match &value.known {
                    Known::Int(code) => character(*code)?,
                    _ => bytes(&value)?.first().map(|first| vec![*first])?,
                };
                known_text(one.repeat(count(args.get(0)).filter(|count| *count < 1 << 20)?))
            })
        }
        "space" => {
            computed([], Made::default(), || known_text(b" ".repeat(count(args.get(0)).filter(|count| *count < 1 << 20)?)))
        }
        "escape" => one(&|all| Some(escaped(all)), Made::DECODED),
        "unescape" => one(&|all| Some(decode::url(all, false)), Made::DECODED),
        "strconv" => first,
        "getref" => match text(&first) {
            Some(name) => Known::Function(Rc::new(Callable::Named(name.to_lowercase().as_str().into()))).into(),
            None => blurred([&first]),
        },
        "iif" | "if" if args.len() == 3 => match first.truth().filter(|_| first.is_known()) {
            Some(true) => args.at(1),
            Some(false) => args.at(2),
            None => Value::either(&args.at(1), &args.at(2)),
        },
        _ => return None,
    })
}

fn cut(name: &str, args: &Args) -> Value {
    let first = args.at(0);
    let known = (|| {
        let all = bytes(&first).filter(|_| first.is_known())?;
        let characters = if name.ends_with('b') { Characters::Bytes(&all) } else { Characters::of(&all) };
        let count = |index: usize| count(args.get(index));
        let part = match name {
            "mid" | "midb" => {
                let length = match args.get(2) {
                    Some(given) if !matches!(given.known, Known::Null) => count(2).filter(|_| given.is_known())?,
                    _ => all.len(),
                };
                characters.cut(count(1)?.checked_sub(1)?, length)
            }
            "left" | "leftb" => characters.cut(0, count(1)?),
            _ => characters.cut(characters.len().saturating_sub(count(1)?), all.len()),
        };
        known_text(part)
    })();
    let value = blurred([&first]);
    Value { known: known.unwrap_or_default(), ..value }.with(Made::BUILT)
}

fn found(it: &mut Interpreter<'_>, args: &Args) -> Value {
    // The start may come first.
    let skip = usize::from(args.len() > 2 && !matches!(args.at(0).known, Known::Bytes(_)) || args.len() > 3);
    let (whole, part) = (args.at(skip), args.at(skip + 1));
    if whole.deep_taint().is_some() || part.deep_taint().is_some() {
        it.checked(if whole.deep_taint().is_some() { &whole } else { &part });
    }
    let known = (|| {
        let (whole, part) = (bytes(&whole)?, bytes(&part)?);
        let ignore_case = number(&args.at(skip + 2)) == Some(1);
        let (whole, part) = match ignore_case {
            true => (whole.to_ascii_lowercase(), part.to_ascii_lowercase()),
            false => (whole.to_vec(), part.to_vec()),
        };
        let characters = Characters::of(&whole);
        let start = if skip == 1 { count(args.get(0))?.checked_sub(1)? } else { 0 };
        let from = characters.offset(start);
        let at = memchr::memmem::find(whole.get(from..)?, &part);
        Some(Known::Int(at.map_or(0, |at| characters.position(at + from) as i64 + 1)))
    })();
    mark(args.all(), known)
}

fn replace(args: &Args) -> Value {
    let (whole, what, with) = (args.at(0), args.at(1), args.at(2));
    let ignore_case = args.get(5).and_then(number) == Some(1);
    let known = match (bytes(&whole).filter(|_| whole.is_known()), bytes(&what), bytes(&with)) {
        (Some(whole), Some(what), Some(with)) if args.len() < 4 || ignore_case || args.len() == 6 => {
            known_text(if ignore_case { replaced_without_case(&whole, &what, &with) } else { replaced(&whole, &what, &with) })
        }
        _ => None,
    };
    let all = bytes(&whole).is_some_and(|whole| bytes(&what).is_some_and(|what| what == whole));
    let put = with.deep_taint().map(|taint| if all { taint } else { taint.at_most(Control::Part) });
    let value = blurred([&whole]);
    Value { known: known.unwrap_or_default(), ..value }.with_taint(put).with(Made::BUILT)
}

/// `Escape` of VBScript and JScript.
pub(crate) fn escaped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for one in String::from_utf8_lossy(bytes).chars() {
        match u32::from(one) {
            _ if one.is_ascii_alphanumeric() || "@*_+-./".contains(one) => out.push(one as u8),
            code @ 0..=255 => out.extend_from_slice(format!("%{code:02X}").as_bytes()),
            code => out.extend_from_slice(format!("%u{code:04X}").as_bytes()),
        }
    }
    out
}

/// Constants of VB.
pub(crate) fn constant(name: &str) -> Option<Value> {
    Some(match name {
        "vbcrlf" | "vbnewline" => Value::bytes(b"\r\n"),
        "vblf" => Value::bytes(b"\n"),
        "vbcr" => Value::bytes(b"\r"),
        "vbtab" => Value::bytes(b"\t"),
        "vbnullstring" => Value::bytes(b""),
        "vbnullchar" => Value::bytes(b"\0"),
        "vbtextcompare" => Value::int(1),
        "vbbinarycompare" => Value::int(0),
        "empty" => Value::undefined(),
        "err" => Value::object("err"),
        _ => return None,
    })
}
