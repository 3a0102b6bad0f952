//! Functions that decode, and forms that hold values: queries, JSON, packed bytes.

use super::{array_value, computed, text};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

/// Decoders. What was known comes out decoded.
pub(super) fn decoded(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let one = |decode: fn(&[u8]) -> Option<Vec<u8>>| {
        computed(&Args::of(vec![args.at(0)]), Made::DECODED, || text(decode(&args.bytes(0)?)?))
    };
    let value = match name {
        "base64_decode" => one(|bytes| Some(decode::base64(bytes))),
        "base64_encode" => one(|bytes| Some(decode::to_base64(bytes))),
        "hex2bin" => one(decode::hex),
        "bin2hex" => one(|bytes| Some(decode::to_hex(bytes))),
        "str_rot13" => one(|bytes| Some(decode::rot13(bytes))),
        "strrev" => one(|bytes| Some(bytes.iter().rev().copied().collect())),
        "urldecode" => one(|bytes| Some(decode::url(bytes, true))),
        "rawurldecode" => one(|bytes| Some(decode::url(bytes, false))),
        "gzinflate" | "gzuncompress" | "gzdecode" | "zlib_decode" => one(decode::inflate),
        "convert_uudecode" => one(|bytes| Some(decode::uu(bytes))),
        "quoted_printable_decode" => one(|bytes| Some(decode::quoted_printable(bytes))),
        "html_entity_decode" | "htmlspecialchars_decode" => one(|bytes| Some(decode::entities(bytes))),
        "stripcslashes" => one(|bytes| Some(decode::c_escapes(bytes))),
        "utf8_decode" => one(|bytes| {
            Some(String::from_utf8_lossy(bytes).chars().map(|one| u8::try_from(u32::from(one)).unwrap_or(b'?')).collect())
        }),
        "utf8_encode" => one(|bytes| Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())),
        "bzdecompress"
        | "bzcompress"
        | "gzdeflate"
        | "gzcompress"
        | "gzencode"
        | "lzf_decompress"
        | "openssl_decrypt"
        | "openssl_encrypt"
        | "mcrypt_decrypt"
        | "mcrypt_encrypt"
        | "mcrypt_cbc"
        | "mcrypt_ecb"
        | "mdecrypt_generic"
        | "sodium_crypto_secretbox_open"
        | "openssl_private_decrypt"
        | "openssl_public_decrypt"
        | "convert_uuencode" => {
            Value { known: Known::Unknown, ..Value::from_all(args.all(), Control::Whole) }.with(Made::DECODED)
        }
        "pack" => computed(args, Made::DECODED, || pack(args)),
        "unpack" => {
            let data = args.at(if args.len() > 1 { 1 } else { 0 });
            match (args.text(0), args.bytes(1)) {
                (Some(format), Some(bytes)) => unpack(&format, &bytes).with_taint(data.taint).with(Made::DECODED),
                _ => Value { known: Known::Unknown, ..data }.with(Made::DECODED),
            }
        }
        "iconv" | "mb_convert_encoding" => {
            let index = if name == "iconv" { 2 } else { 0 };
            let value = args.at(index);
            let named = [args.text(1), if name == "iconv" { args.text(0) } else { args.text(2) }];
            let encodings = named.map(Option::unwrap_or_default).join(" ").to_ascii_lowercase();
            match value.only_bytes() {
                Some(bytes) if encodings.contains("base64") => {
                    Value { known: Known::Bytes(decode::base64(bytes).into()), ..value.clone() }.with(Made::DECODED)
                }
                Some(bytes) if encodings.contains("html") => {
                    Value { known: Known::Bytes(decode::entities(bytes).into()), ..value.clone() }.with(Made::DECODED)
                }
                Some(bytes) if encodings.contains("utf-16") || encodings.contains("ucs-2") || encodings.contains("utf-32") => {
                    // Which of the two is the source hardly matters: zeros go, text stays.
                    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
                    Value { known: Known::Bytes(bytes.into()), ..value.clone() }.with(Made::DECODED)
                }
                _ => value,
            }
        }
        "json_decode" => match args.bytes(0).and_then(|bytes| json(&bytes, args.at(1).truth() == Some(true))) {
            Some(value) => value.with_taint(args.at(0).taint),
            None => Value { known: Known::Unknown, ..args.at(0) },
        },
        _ => return None,
    };
    if let Some(bytes) = value.only_bytes()
        && !it.may_make(bytes.len())
    {
        return Some(Value { known: Known::Unknown, ..value });
    }
    Some(value)
}

fn pack(args: &Args) -> Option<Known> {
    let format = args.text(0)?;
    let mut out = Vec::new();
    let mut next = 1;
    let mut rest = format.chars().peekable();
    while let Some(kind) = rest.next() {
        let mut count = String::new();
        while let Some(digit) = rest.next_if(|next| next.is_ascii_digit() || *next == '*') {
            count.push(digit);
        }
        match kind {
            'H' | 'h' => {
                let mut digits = args.bytes(next)?.to_vec();
                next += 1;
                if !digits.len().is_multiple_of(2) {
                    digits.push(b'0');
                }
                if kind == 'h' {
                    digits.chunks_exact_mut(2).for_each(|pair| pair.reverse());
                }
                out.extend(decode::hex(&digits)?);
            }
            'C' | 'c' => {
                let times = if count == "*" { args.len().saturating_sub(next) } else { count.parse().unwrap_or(1) };
                for _ in 0..times.min(1 << 16) {
                    out.push(args.int(next)? as u8);
                    next += 1;
                }
            }
            'a' | 'A' => {
                out.extend_from_slice(&args.bytes(next)?);
                next += 1;
            }
            'N' | 'n' | 'V' | 'v' => {
                let times = if count == "*" { args.len().saturating_sub(next) } else { count.parse().unwrap_or(1) };
                for _ in 0..times.min(1 << 16) {
                    let number = args.int(next)?;
                    next += 1;
                    match kind {
                        'N' => out.extend_from_slice(&(number as u32).to_be_bytes()),
                        'n' => out.extend_from_slice(&(number as u16).to_be_bytes()),
                        'V' => out.extend_from_slice(&(number as u32).to_le_bytes()),
                        _ => out.extend_from_slice(&(number as u16).to_le_bytes()),
                    }
                }
            }
            'x' => out.push(0),
            _ => return None,
        }
    }
    text(out)
}

fn unpack(format: &str, bytes: &[u8]) -> Value {
    let kind = format.chars().next().unwrap_or_default();
    let name = format
        .trim_start_matches(|c: char| !c.is_ascii_digit() && c != '*')
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '*');
    let mut out = Array::default();
    match kind {
        'C' | 'c' => {
            bytes.iter().enumerate().for_each(|(index, byte)| out.set(Key::Int(index as i64 + 1), Value::int(i64::from(*byte))))
        }
        'H' => out.set(if name.is_empty() { Key::Int(1) } else { Key::text(name) }, Value::bytes(&decode::to_hex(bytes))),
        'a' | 'A' => out.set(if name.is_empty() { Key::Int(1) } else { Key::text(name) }, Value::bytes(bytes)),
        _ => return Value::unknown(),
    }
    array_value(out)
}

/// `a=1&b[]=2`.
pub(super) fn parse_query(bytes: &[u8]) -> Value {
    let mut out = Array::default();
    for pair in bytes.split(|byte| *byte == b'&').take(10_000) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let key = decode::url(halves.next().unwrap_or_default(), true);
        let value = Value::bytes(&decode::url(halves.next().unwrap_or_default(), true)).with(Made::DECODED);
        let Some(open) = key.iter().position(|byte| *byte == b'[') else {
            if let Some(key) = Key::of(&Value::bytes(&key)) {
                out.set(key, value);
            }
            continue;
        };
        let base = Key::Bytes(key.get(..open).unwrap_or_default().into());
        let inner = key.get(open + 1..).unwrap_or_default();
        let inner = inner.get(..inner.len().saturating_sub(1)).unwrap_or_default();
        let mut array = match out.entries.get(&base) {
            Some(Value { known: Known::Array(array), .. }) => (**array).clone(),
            _ => Array::default(),
        };
        match Key::of(&Value::bytes(inner)) {
            Some(key) if !inner.is_empty() => array.set(key, value),
            _ => array.push(value),
        }
        out.set(base, array_value(array));
    }
    array_value(out)
}

fn json(bytes: &[u8], as_arrays: bool) -> Option<Value> {
    let parsed: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    Some(of_json(parsed, as_arrays))
}

fn of_json(value: serde_json::Value, as_arrays: bool) -> Value {
    match value {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(truth) => Value::bool(truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::int(number),
            None => Known::Float(number.as_f64().unwrap_or_default()).into(),
        },
        serde_json::Value::String(text) => Value::text(&text).with(Made::DECODED),
        serde_json::Value::Array(values) => Value::list(values.into_iter().map(|value| of_json(value, as_arrays)).collect()),
        serde_json::Value::Object(entries) if as_arrays => {
            let mut out = Array::default();
            entries.into_iter().for_each(|(key, value)| out.set(Key::text(&key), of_json(value, as_arrays)));
            array_value(out)
        }
        serde_json::Value::Object(entries) => {
            let object = Interpreter::fresh_object("stdclass");
            entries.into_iter().for_each(|(key, value)| object.set(&key, of_json(value, as_arrays)));
            Interpreter::object_value(object)
        }
    }
}
