//! Functions that only compute: text, numbers, encodings.

use ::regex::bytes::Captures;

use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::library::java::text::compiled;
use crate::library::java::{computed, known_bytes};
use crate::value::{Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if let Some(value) = decoded(it, name, args) {
        return Some(it.through(value, at, name));
    }
    let first = args.at(0);
    let one = |change: fn(&[u8]) -> Vec<u8>| {
        computed(&Args::of(vec![args.at(0)]), Made::default(), || Some(known_bytes(change(&args.bytes(0)?))))
    };
    Some(match name {
        "mid" | "left" | "right" | "removechars" => cut(name, args),
        "lcase" | "lower" => one(|bytes| bytes.to_ascii_lowercase()),
        "ucase" | "upper" => one(|bytes| bytes.to_ascii_uppercase()),
        "trim" => one(|bytes| bytes.trim_ascii().to_vec()),
        "ltrim" => one(|bytes| bytes.trim_ascii_start().to_vec()),
        "rtrim" => one(|bytes| bytes.trim_ascii_end().to_vec()),
        "stripcr" => one(|bytes| bytes.iter().copied().filter(|byte| *byte != b'\r').collect()),
        "tostring" | "ljustify" | "rjustify" | "cjustify" | "nullvalue" | "wrap" | "paragraphformat" | "preservesinglequotes" => {
            one(<[u8]>::to_vec)
        }
        "concat" => it.join(&first, &args.at(1)),
        "insert" => computed(args, Made::BUILT, || {
            let (what, text) = (args.bytes(0)?, args.bytes(1)?);
            let place = usize::try_from(args.int(2)?).ok()?.min(text.len());
            let (before, after) = text.split_at(place);
            Some(known_bytes([before, &what, after].concat()))
        }),
        "repeatstring" => {
            let count = args.int(1).and_then(|count| usize::try_from(count).ok());
            match (args.bytes(0), count) {
                (Some(bytes), Some(count)) if it.may_make(bytes.len().saturating_mul(count)) => {
                    Value { known: known_bytes(bytes.repeat(count)), ..first }
                }
                _ => Value { known: Known::Unknown, ..first },
            }
        }
        "replace" | "replacenocase" => replaced(name, args),
        "rereplace" | "rereplacenocase" | "replacelist" => replaced_by_pattern(name, args),
        "rematch" | "rematchnocase" => matched(name, args),
        "chr" => computed(args, Made::BUILT, || Some(known_bytes(it.library.encode_char(args.int(0)?)))),
        "asc" => {
            let code = first.only_bytes().and_then(|bytes| {
                let text = String::from_utf8_lossy(bytes);
                text.chars().next().map(|first| i64::from(u32::from(first)))
            });
            Value { known: code.map_or(Known::Unknown, Known::Int), ..first }
        }
        "inputbasen" => computed(args, Made::DECODED, || {
            let text = String::from_utf8_lossy(&args.bytes(0)?).into_owned();
            let radix = u32::try_from(args.int(1)?).ok().filter(|radix| (2..=36).contains(radix))?;
            i64::from_str_radix(text.trim(), radix).ok().map(Known::Int)
        }),
        "formatbasen" => computed(args, Made::default(), || {
            let number = args.int(0)?;
            Some(known_bytes(match args.int(1)? {
                16 => format!("{number:x}").into_bytes(),
                8 => format!("{number:o}").into_bytes(),
                2 => format!("{number:b}").into_bytes(),
                10 => number.to_string().into_bytes(),
                _ => return None,
            }))
        }),
        "bitxor" | "bitand" | "bitor" | "bitshln" | "bitshrn" => computed(args, Made::default(), || {
            let (a, b) = (args.int(0)?, args.int(1)?);
            Some(Known::Int(match name {
                "bitxor" => a ^ b,
                "bitand" => a & b,
                "bitor" => a | b,
                "bitshln" => a.checked_shl(u32::try_from(b).ok()?)?,
                _ => a.checked_shr(u32::try_from(b).ok()?)?,
            }))
        }),
        "len" => measured(args, |bytes, _| bytes.len() as i64),
        "find" | "findnocase" => computed_mark(args, || {
            let (what, text) = (args.bytes(0)?, args.bytes(1)?);
            let (what, text) = match name {
                "find" => (what.to_vec(), text.to_vec()),
                _ => (what.to_ascii_lowercase(), text.to_ascii_lowercase()),
            };
            Some(Known::Int(memchr::memmem::find(&text, &what).map_or(0, |at| at as i64 + 1)))
        }),
        "val" | "int" | "fix" | "abs" | "max" | "min" | "round" | "numberformat" | "randrange" | "rand" | "now"
        | "dateformat" | "timeformat" | "datediff" | "refind" | "refindnocase" | "compare" | "comparenocase" | "isdefined"
        | "isnull" | "isnumeric" | "isvalid" | "isdate" | "isboolean" | "issimplevalue" | "isjson" | "isuserinrole" | "hash"
        | "hmac" | "hash40" | "createuuid" | "gettickcount" | "isquery" | "isobject" | "isimage" | "isxml"
        | "iscustomfunction" | "ceiling" | "sgn" | "sqr" | "generatesecretkey" => {
            let known = match (name, args.int(0)) {
                ("val" | "int" | "fix", Some(number)) => Known::Int(number),
                _ => Known::Unknown,
            };
            Value { known, ..Value::from_all(args.all(), Control::Mark) }
        }
        // What is left is harmless for most uses.
        "urlencodedformat"
        | "urlencode"
        | "htmleditformat"
        | "htmlcodeformat"
        | "encodeforhtml"
        | "encodeforurl"
        | "encodeforjavascript"
        | "encodeforhtmlattribute"
        | "xmlformat"
        | "jsstringformat"
        | "serializejson"
        | "toscript"
        | "encodeforxml" => Value { known: Known::Unknown, ..Value::from_all(args.all(), Control::Weak) },
        "deserializejson" | "xmlparse" | "xmlsearch" => Value { known: Known::Unknown, ..first },
        "setlocale" | "getlocale" | "sleep" | "setencoding" | "cfusion_encrypt_key" | "getmetadata" | "getfunctionlist" => {
            Value::unknown()
        }
        _ => return None,
    })
}

/// Decoders. What was known comes out decoded.
fn decoded(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let one = |decode: fn(&[u8]) -> Option<Vec<u8>>| {
        computed(&Args::of(vec![args.at(0)]), Made::DECODED, || Some(known_bytes(decode(&args.bytes(0)?)?)))
    };
    let hidden = || Value { known: Known::Unknown, ..args.at(0) }.with(Made::DECODED);
    let value = match name {
        "tobinary" | "base64decode" => one(|bytes| Some(decode::base64(bytes))),
        "tobase64" => one(|bytes| Some(decode::to_base64(bytes))),
        "binarydecode" | "binaryencode" => {
            let encoding = args.text(1).unwrap_or_default().to_ascii_lowercase();
            match (name, encoding.as_str()) {
                ("binarydecode", "hex") => one(decode::hex),
                ("binarydecode", "base64" | "base64url") => one(|bytes| Some(decode::base64(bytes))),
                ("binarydecode", "uu") => one(|bytes| Some(decode::uu(bytes))),
                ("binaryencode", "hex") => one(|bytes| Some(decode::to_hex(bytes))),
                ("binaryencode", "base64") => one(|bytes| Some(decode::to_base64(bytes))),
                _ => hidden(),
            }
        }
        "charsetdecode" | "charsetencode" => args.at(0),
        "decrypt" | "encrypt" | "decryptbinary" | "encryptbinary" | "cfusion_decrypt" | "cfusion_encrypt" => hidden(),
        "urldecode" => one(|bytes| Some(decode::url(bytes, true))),
        "reverse" => one(|bytes| Some(bytes.iter().rev().copied().collect())),
        "canonicalize" | "decodeforhtml" => one(|bytes| Some(decode::entities(bytes))),
        "decodefromurl" => one(|bytes| Some(decode::url(bytes, true))),
        _ => return None,
    };
    if let Some(bytes) = value.only_bytes()
        && !it.may_make(bytes.len())
    {
        return Some(Value { known: Known::Unknown, ..value });
    }
    Some(value)
}

/// Text by places that are counted from 1.
fn cut(name: &str, args: &Args) -> Value {
    let first = args.at(0);
    let count = |index: usize| args.int(index).and_then(|count| usize::try_from(count).ok());
    let known = args.bytes(0).and_then(|bytes| {
        let length = bytes.len();
        Some(match name {
            "left" => bytes.get(..count(1)?.min(length))?.to_vec(),
            "right" => bytes.get(length.saturating_sub(count(1)?)..)?.to_vec(),
            "mid" => {
                let start = count(1)?.checked_sub(1)?.min(length);
                let end = match args.get(2) {
                    Some(_) => start.saturating_add(count(2)?).min(length),
                    None => length,
                };
                bytes.get(start..end)?.to_vec()
            }
            _ => {
                let start = count(1)?.checked_sub(1)?.min(length);
                let end = start.saturating_add(count(2)?).min(length);
                [bytes.get(..start)?, bytes.get(end..)?].concat()
            }
        })
    });
    Value { known: known.map_or(Known::Unknown, known_bytes), ..first }.with(Made::BUILT)
}

fn measured(args: &Args, measure: fn(&[u8], &Args) -> i64) -> Value {
    computed_mark(args, || match &args.at(0).known {
        Known::Array(array) if array.rest.is_none() => Some(Known::Int(array.entries.len() as i64)),
        Known::Array(_) => None,
        _ => Some(Known::Int(measure(&args.bytes(0)?, args))),
    })
}

fn computed_mark(args: &Args, make: impl FnOnce() -> Option<Known>) -> Value {
    Value { known: make().unwrap_or_default(), ..Value::from_all(args.all(), Control::Mark) }
}

/// Whether all places are meant, or only the first.
fn is_all(args: &Args) -> bool {
    args.text(3).is_some_and(|scope| scope.eq_ignore_ascii_case("all"))
}

fn changed(args: &Args, known: Option<Vec<u8>>) -> Value {
    let (first, with) = (args.at(0), args.at(2));
    let taint = match (&first.taint, &with.taint) {
        (None, Some(taint)) => Some(taint.at_most(Control::Part)),
        (taint, _) => taint.clone(),
    };
    Value { known: known.map_or(Known::Unknown, known_bytes), taint, made: first.made.and(with.made).and(Made::BUILT) }
}

fn replaced(name: &str, args: &Args) -> Value {
    let known = args.bytes(0).zip(args.bytes(1)).zip(args.bytes(2)).and_then(|((text, from), to)| {
        if from.is_empty() {
            return None;
        }
        let (hay, needle) = match name {
            "replace" => (text.to_vec(), from.to_vec()),
            _ => (text.to_ascii_lowercase(), from.to_ascii_lowercase()),
        };
        let mut out = Vec::with_capacity(text.len());
        let mut last = 0;
        for at in memchr::memmem::find_iter(&hay, &needle).take(if is_all(args) { usize::MAX } else { 1 }) {
            out.extend_from_slice(text.get(last..at)?);
            out.extend_from_slice(&to);
            last = at + needle.len();
        }
        out.extend_from_slice(text.get(last..)?);
        Some(out)
    });
    changed(args, known)
}

fn pattern(name: &str, pattern: &[u8]) -> Option<::regex::bytes::Regex> {
    if name.ends_with("nocase") { compiled(&[b"(?i)", pattern].concat()) } else { compiled(pattern) }
}

fn replaced_by_pattern(name: &str, args: &Args) -> Value {
    let known = args.bytes(0).zip(args.bytes(1)).zip(args.bytes(2)).and_then(|((text, from), to)| {
        if name == "replacelist" {
            return None;
        }
        let regex = pattern(name, &from)?;
        let limit = usize::from(!is_all(args));
        let expand = |found: &Captures<'_>| {
            let mut out = Vec::new();
            let mut rest = to.iter();
            while let Some(byte) = rest.next() {
                match (byte, rest.as_slice().first()) {
                    (b'\\', Some(digit @ b'0'..=b'9')) => {
                        rest.next();
                        let group = found.get(usize::from(digit - b'0'));
                        out.extend_from_slice(group.map(|group| group.as_bytes()).unwrap_or_default());
                    }
                    _ => out.push(*byte),
                }
            }
            out
        };
        Some(regex.replacen(&text, limit, expand).into_owned())
    });
    changed(args, known)
}

fn matched(name: &str, args: &Args) -> Value {
    let text = args.at(1);
    let found = args.bytes(0).zip(args.bytes(1)).and_then(|(from, text)| {
        let regex = pattern(name, &from)?;
        Some(regex.find_iter(&text).take(20_000).map(|found| Value::bytes(found.as_bytes()).with(Made::BUILT)).collect())
    });
    match found {
        Some(found) => super::lists::array_from(found).with_taint(text.taint),
        None => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..text }),
    }
}
