//! Methods of texts, lists and dictionaries.

use super::{computed, list_of};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let changed = |change: fn(&[u8]) -> Vec<u8>| computed(object, |bytes| Some(change(bytes)));
    let php = |it: &mut Interpreter<'_>, function: &str, values: Vec<Value>| {
        super::super::php::compute(it, function, &Args::of(values), at)
    };
    Some(match name {
        "join" => match list_of(&first) {
            Some(pieces) => {
                let mut all = Vec::with_capacity(pieces.len() * 2);
                for (index, piece) in pieces.into_iter().enumerate() {
                    if index > 0 {
                        all.push(object.clone());
                    }
                    all.push(piece);
                }
                if all.is_empty() { Value::text("") } else { it.join_all(all) }
            }
            None => Value { known: Known::Unknown, ..Value::from_all([&first], Control::Whole) },
        },
        "encode" | "decode" => {
            let codec = args.text(0).unwrap_or_default();
            recoded(object, name, &codec)
        }
        "upper" => changed(<[u8]>::to_ascii_uppercase),
        "lower" | "casefold" => changed(<[u8]>::to_ascii_lowercase),
        "hex" => changed(decode::to_hex),
        "strip" | "lstrip" | "rstrip" => {
            let function = match name {
                "strip" => "trim",
                "lstrip" => "ltrim",
                _ => "rtrim",
            };
            let mut values = vec![object.clone()];
            values.extend(args.values.iter().cloned());
            return php(it, function, values);
        }
        "replace" => return php(it, "str_replace", vec![first, args.at(1), object.clone()]),
        "split" | "rsplit" | "splitlines" => {
            let by = args.bytes(0).filter(|by| !by.is_empty());
            match (object.only_bytes(), by) {
                (Some(bytes), Some(by)) => {
                    let text = crate::value::text_of(bytes);
                    let by = crate::value::text_of(&by);
                    let limit = args.int(1).and_then(|limit| usize::try_from(limit).ok()).map_or(usize::MAX, |limit| limit + 1);
                    let pieces: Vec<&str> = if name == "rsplit" {
                        let mut pieces: Vec<&str> = text.rsplitn(limit, &*by).collect();
                        pieces.reverse();
                        pieces
                    } else {
                        text.splitn(limit, &*by).collect()
                    };
                    let piece =
                        |piece: &str| Value { known: Known::Bytes(piece.as_bytes().into()), ..object.clone() }.with(Made::BUILT);
                    Value::list(pieces.into_iter().map(piece).collect())
                }
                (Some(bytes), None) => {
                    let words = bytes.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty());
                    Value::list(words.map(|word| Value { known: Known::Bytes(word.into()), ..object.clone() }).collect())
                }
                _ => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..object.clone() }),
            }
        }
        "partition" => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..object.clone() }),
        "format" => formatted(it, object, args),
        "find" | "index" | "count" | "startswith" | "endswith" | "isdigit" | "isalnum" => {
            it.checked(object);
            match (name, object.only_bytes(), args.bytes(0)) {
                ("find" | "index", Some(bytes), Some(by)) => {
                    Value::int(memchr::memmem::find(bytes, &by).map_or(-1, |place| place as i64))
                }
                ("startswith", Some(bytes), Some(by)) => Value::bool(bytes.starts_with(&by)),
                ("endswith", Some(bytes), Some(by)) => Value::bool(bytes.ends_with(&by)),
                _ => Value::from_all([object, &first], Control::Mark),
            }
        }
        "get" | "setdefault" => match &object.known {
            Known::Array(array) => match Key::of(&first).and_then(|key| array.entries.get(&key).cloned()) {
                Some(found) => found,
                None if array.rest.is_none() && args.len() > 1 => args.at(1),
                None => it.index(object, Some(&first), at),
            },
            _ => return None,
        },
        "items" | "iteritems" | "keys" | "values" | "itervalues" | "iterkeys" => {
            let Known::Array(array) = &object.known else { return None };
            let mut out = Array::default();
            for (key, value) in &array.entries {
                out.push(match name {
                    "items" | "iteritems" => Value::list(vec![key.value(), value.clone()]),
                    "keys" | "iterkeys" => key.value(),
                    _ => value.clone(),
                });
            }
            if let Some(rest) = &array.rest {
                let rest = (**rest).clone();
                out.set_somewhere(if name.contains("items") { Value::list(vec![rest.clone(), rest]) } else { rest });
            }
            Known::Array(std::rc::Rc::new(out)).into()
        }
        "copy" | "tolist" | "tobytes" | "tostring" | "zfill" | "title" | "expandtabs" | "ljust" | "rjust" => object.clone(),
        "group" | "groups" | "read" | "readline" | "readlines" | "getvalue" => {
            Value { known: Known::Unknown, ..Value::from_all([object], Control::Whole) }
        }
        "save" if object.taint.as_ref().is_some_and(|taint| taint.kind() == crate::evidence::SourceKind::Upload) => {
            super::files::written(it, name, &first, object, at);
            Value::unknown()
        }
        "__getitem__" => it.index(object, Some(&first), at),
        "__getattribute__" | "__getattr__" => it.member(object, &args.text(0)?, at).with(first.made),
        "__call__" => it.call_value(object, args.clone(), at),
        _ => return None,
    })
}

/// `'…'.decode('hex')` and its like.
pub(super) fn recoded(value: &Value, name: &str, codec: &str) -> Value {
    let codec = codec.to_ascii_lowercase().replace(['-', '_'], "");
    let decodes = name == "decode";
    let known = value.only_bytes().and_then(|bytes| {
        Some(std::rc::Rc::from(match codec.as_str() {
            "hex" | "hexcodec" if decodes => decode::hex(bytes)?,
            "hex" | "hexcodec" => decode::to_hex(bytes),
            "base64" | "base64codec" if decodes => decode::base64(bytes),
            "base64" | "base64codec" => decode::to_base64(bytes),
            "rot13" => decode::rot13(bytes),
            "zlib" | "zip" | "zlibcodec" if decodes => decode::inflate(bytes)?,
            "uu" if decodes => decode::uu(bytes),
            "unicodeescape" | "stringescape" if decodes => decode::c_escapes(bytes),
            "zlib" | "zip" | "zlibcodec" | "uu" | "bz2" => return None,
            // An encoding of characters.
            _ => return Some(bytes.clone()),
        }))
    });
    let is_plain = matches!(codec.as_str(), "" | "utf8" | "ascii" | "latin1" | "utf16" | "gbk" | "iso88591");
    let made = if is_plain { Made::default() } else { Made::DECODED };
    Value { known: known.map(Known::Bytes).unwrap_or_default(), ..value.clone() }.with(made)
}

/// `'{} {0} {name}'.format(…)`.
fn formatted(it: &mut Interpreter<'_>, object: &Value, args: &Args) -> Value {
    let Some(bytes) = object.only_bytes() else { return Value::from_all(args.all().chain([object]), Control::Part) };
    let text = crate::value::text_of(bytes);
    let mut pieces = Vec::new();
    let mut rest = &*text;
    let mut next = 0;
    while let Some((before, after)) = rest.split_once('{') {
        pieces.push(Value::text(before));
        let Some((field, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        let field = field.split([':', '!', '.', '[']).next().unwrap_or_default();
        pieces.push(match (field.parse::<usize>(), field) {
            (Ok(index), _) => args.at(index),
            (_, "") => {
                next += 1;
                args.at(next - 1)
            }
            (_, name) => args.named(name).cloned().unwrap_or_default(),
        });
        rest = after;
    }
    pieces.push(Value::text(rest));
    it.join_all(pieces)
}
