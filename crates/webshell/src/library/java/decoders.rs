//! Encodings, ciphers, hashes.

use super::{as_string, field, known_bytes, made_object};
use crate::decode;
use crate::evidence::{Control, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Value};

/// Longer numbers are not turned into bytes.
const MAX_DIGITS: usize = 40_000;

/// Something decoded: known if it was, else the visitor's if it was.
fn decoded(it: &mut Interpreter<'_>, value: &Value, at: u32, name: &str, make: fn(&[u8]) -> Option<Vec<u8>>) -> Value {
    let whole = super::streams::data_of(value);
    let known = whole.only_bytes().and_then(|bytes| make(bytes)).filter(|bytes| it.may_make(bytes.len()));
    let value = Value { known: known.map_or(Known::Unknown, known_bytes), ..whole }.with(Made::DECODED);
    it.through(value, at, name)
}

fn base64(it: &mut Interpreter<'_>, value: &Value, at: u32) -> Value {
    decoded(it, value, at, "base64", |bytes| Some(decode::base64(bytes)))
}

fn hidden(it: &mut Interpreter<'_>, value: &Value, at: u32, name: &str) -> Value {
    decoded(it, value, at, name, |_| None)
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        (
            "base64decoder" | "base64" | "characterdecoder",
            "decode" | "decodebuffer" | "decodebase64" | "decodebuffertobytebuffer",
        ) => base64(it, &first, at),
        ("base64encoder" | "base64", "encode" | "encodetostring" | "encodebuffer" | "encodebase64string" | "encodeasstring") => {
            decoded(it, &first, at, "base64", |bytes| Some(decode::to_base64(bytes)))
        }
        ("base64decoder", "wrap") => {
            let data = base64(it, &first, at);
            super::streams::input(data)
        }
        ("base64encoder", _) => object.clone(),
        // Decoders of other libraries, of objects that nobody knows.
        (_, "decodebuffer" | "decodebase64" | "decodefast" | "parsebase64binary") => base64(it, &first, at),
        ("hex" | "hexformat", "decode" | "parsehex" | "decodehex") => decoded(it, &first, at, "hex", decode::hex),
        ("cipher", "dofinal" | "update") => {
            if args.len() == 0 {
                return Some(Value::unknown().with_taint(object.deep_taint()).with(Made::DECODED));
            }
            if let Known::Object(cipher) = &object.known {
                cipher.take(first.deep_taint());
            }
            hidden(it, &first, at, "Cipher")
        }
        ("cipher", _) => Value::unknown(),
        ("messagedigest" | "mac" | "crc32" | "signature", "update" | "reset" | "init") => {
            if let Known::Object(digest) = &object.known {
                digest.take(Value::from_all([&first], Control::Mark).taint);
            }
            Value::null()
        }
        ("messagedigest" | "mac" | "crc32" | "signature", _) => {
            let taint = Taint::stronger(object.deep_taint(), first.deep_taint());
            Value::unknown().with_taint(taint.map(|taint| taint.at_most(Control::Mark)))
        }
        ("biginteger", "tobytearray") => field(object, "bytes").unwrap_or_default(),
        ("biginteger", "tostring") => {
            let bytes = field(object, "bytes").unwrap_or_default();
            match (bytes.only_bytes(), args.int(0)) {
                (Some(known), Some(16)) => Value { known: known_bytes(decode::to_hex(known)), ..bytes },
                _ => Value { known: Known::Unknown, ..bytes },
            }
        }
        ("biginteger", _) => {
            Value { known: Known::Unknown, taint: object.deep_taint(), made: object.made }.with_taint(first.deep_taint())
        }
        _ => return None,
    })
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("base64", "getdecoder" | "geturldecoder" | "getmimedecoder") => Value::object("base64decoder"),
        ("base64", "getencoder" | "geturlencoder" | "getmimeencoder") => Value::object("base64encoder"),
        ("base64" | "base64decoder" | "base64utils" | "base64util" | "base64coder" | "codec", _)
            if name.starts_with("decode") =>
        {
            base64(it, &first, at)
        }
        ("base64" | "base64encoder" | "base64utils", _) if name.starts_with("encode") => {
            decoded(it, &first, at, "base64", |bytes| Some(decode::to_base64(bytes)))
        }
        ("datatypeconverter", "parsebase64binary") => base64(it, &first, at),
        ("datatypeconverter", "printbase64binary") => decoded(it, &first, at, "base64", |bytes| Some(decode::to_base64(bytes))),
        ("datatypeconverter", "parsehexbinary") | ("hex" | "hexutil" | "hexbin", "decode" | "decodehex" | "decodehexstr") => {
            decoded(it, &first, at, "hex", decode::hex)
        }
        ("hexformat", "of") => Value::object("hexformat"),
        ("hex" | "hexutil" | "datatypeconverter", "encode" | "encodehexstring" | "printhexbinary" | "encodehex") => {
            decoded(it, &first, at, "hex", |bytes| Some(decode::to_hex(bytes)))
        }
        ("urldecoder", "decode") => decoded(it, &first, at, "URLDecoder", |bytes| Some(decode::url(bytes, true))),
        ("urlencoder", "encode") | ("html" | "htmlutils" | "encode", _) => Value::from_all(args.all(), Control::Weak),
        ("stringescapeutils", _) => hidden(it, &first, at, "StringEscapeUtils"),
        ("cipher", "getinstance") => Value::object("cipher"),
        ("messagedigest" | "mac" | "signature", "getinstance") => Value::object(class),
        ("digestutils" | "md5util" | "secureutil", _) => Value::from_all(args.all(), Control::Mark),
        ("biginteger", "valueof") => first,
        ("utility", "decode") => hidden(it, &first, at, "bcel"),
        ("utility", "encode") => hidden(it, &first, at, "bcel"),
        _ => return None,
    })
}

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "base64decoder" | "base64encoder" | "base64" | "hex" | "crc32" => Value::object(class),
        "biginteger" => {
            // `(sign, bytes)`, `(bytes)` or `(digits, base)`.
            let is_bytes = args.len() == 2 && matches!(first.known, Known::Int(_));
            let digits = as_string(if is_bytes { args.values.get(1).unwrap_or(&first) } else { &first });
            let radix = args.int(1).and_then(|radix| u32::try_from(radix).ok()).unwrap_or(10);
            let known = match (is_bytes, digits.only_bytes()) {
                (true, Some(bytes)) => Some(bytes.to_vec()),
                (false, Some(bytes)) => number_bytes(bytes, radix),
                _ => None,
            };
            let made = if is_bytes { Made::default() } else { Made::DECODED };
            let bytes = Value { known: known.map_or(Known::Unknown, known_bytes), ..digits }.with(made);
            made_object("biginteger", [("bytes", bytes)])
        }
        _ => return None,
    })
}

/// The bytes of a number of any length, highest first.
fn number_bytes(digits: &[u8], radix: u32) -> Option<Vec<u8>> {
    if digits.len() > MAX_DIGITS || !(2..=36).contains(&radix) {
        return None;
    }
    // Four bytes each, lowest first.
    let mut words: Vec<u32> = Vec::new();
    for digit in digits {
        let mut carry = u64::from(char::from(*digit).to_digit(radix)?);
        for word in &mut words {
            let product = u64::from(*word) * u64::from(radix) + carry;
            *word = product as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            words.push(carry as u32);
        }
    }
    let bytes: Vec<u8> = words.iter().rev().flat_map(|word| word.to_be_bytes()).skip_while(|byte| *byte == 0).collect();
    Some(bytes)
}
