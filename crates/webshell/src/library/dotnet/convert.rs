//! Static functions that only compute: conversions, encodings, paths, mathematics.

use super::plain::{blurred, bytes, computed, index, int, known_text, lower, mark, replaced, text, through, weaker};
use super::{regex, text as strings};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::library::characters::Characters;
use crate::value::{Known, Made, Value};

pub(crate) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let value = match class {
        "convert" => convert(it, name, args),
        "encoding" | "utf8" | "ascii" | "unicode" | "default" | "bigendianunicode" | "latin1" | "utf7" | "utf32"
        | "utf8encoding" | "asciiencoding" | "unicodeencoding" => encoding(class, name, args),
        "httputility" | "webutility" | "uri" | "server" | "httpencoder" => url(name, args),
        "string" => string(it, name, args, at),
        "char" => character(name, args),
        "bitconverter" => bits(name, args),
        "path" => path(it, name, args),
        "regex" => regex::function(it, name, args, at),
        "int" | "int32" | "int64" | "long" | "short" | "int16" | "byte" | "double" | "float" | "decimal" | "bool" | "boolean"
        | "uint" | "uint32" | "guid" | "datetime" | "timespan" | "ipaddress" | "single" | "sbyte" | "uint64" | "ushort" => {
            number(it, class, name, args)
        }
        "math" => Some(mark(args.all(), math(name, args))),
        "environment" => environment(name),
        "jsonconvert" | "jsonserializer" | "json" | "jobject" | "jarray" | "jtoken" | "jsondocument" => json(it, name, args, at),
        "formsauthentication" | "machinekey" if name.starts_with("hash") => Some(mark(args.all(), None)),
        "formsauthentication" | "machinekey" | "antixssencoder" | "securityelement" => {
            Some(Value::from_all(args.all(), Control::Weak))
        }
        "protecteddata" => Some(blurred(args.all()).with(Made::DECODED)),
        "md5" | "sha1" | "sha256" | "sha512" | "sha384" if name.contains("hash") => Some(mark(args.all(), None)),
        "bytes" | "strings" => None,
        _ => None,
    }?;
    let is_decoder = matches!(class, "convert" | "encoding" | "httputility") && name.starts_with("from");
    Some(if is_decoder { through(it, value, at, "Convert.FromBase64String") } else { value })
}

fn convert(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "frombase64string" | "frombase64chararray" => {
            computed([&first], Made::DECODED, || known_text(decode::base64(&bytes(&first)?)))
        }
        "tobase64string" => computed([&first], Made::DECODED, || known_text(decode::to_base64(&bytes(&first)?))),
        "fromhexstring" => computed([&first], Made::DECODED, || known_text(decode::hex(&bytes(&first)?)?)),
        "tohexstring" => computed([&first], Made::DECODED, || known_text(decode::to_hex(&bytes(&first)?).to_ascii_uppercase())),
        "tostring" => match (&first.known, index(&args.at(1))) {
            (Known::Int(number), Some(16)) => computed([&first], Made::BUILT, || known_text(format!("{number:x}"))),
            (Known::Int(number), Some(2)) => computed([&first], Made::BUILT, || known_text(format!("{number:b}"))),
            _ => strings::method(it, &first, "tostring", &Args::default(), 0)?,
        },
        "tobyte" | "toint32" | "toint16" | "toint64" | "tosbyte" | "touint32" | "touint16" | "touint64" => {
            let base = args.get(1).and_then(int).and_then(|base| u32::try_from(base).ok()).filter(|base| (2..=36).contains(base));
            let known = match (&first.known, base) {
                (Known::Bytes(_), Some(base)) => text(&first)
                    .and_then(|text| {
                        i64::from_str_radix(text.trim().trim_start_matches("0x").trim_start_matches("0X"), base).ok()
                    })
                    .map(Known::Int),
                (Known::Bytes(_), None) if first.made.has(Made::CHARACTER) => first.code_of_character().map(Known::Int),
                _ => int(&first).map(Known::Int),
            };
            // Bytes that are read one by one from hex digits stay the visitor's.
            let control = if base.is_some() || name == "tobyte" { Control::Whole } else { Control::Mark };
            let value = Value::from_all([&first], control);
            Value { known: known.unwrap_or_default(), ..value }.with(if base.is_some() { Made::DECODED } else { Made::default() })
        }
        "tochar" => it.cast("char", first),
        "changetype" => first,
        "toboolean" | "todouble" | "tosingle" | "todecimal" | "todatetime" => mark([&first], first.as_float().map(Known::Float)),
        _ => return None,
    })
}

fn encoding(class: &str, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    let wide = matches!(class, "unicode" | "unicodeencoding" | "bigendianunicode");
    Some(match name {
        "getstring" | "getchars" => {
            let range = index(&args.at(1)).zip(index(&args.at(2)));
            computed([&first], Made::default(), || {
                let all = bytes(&first)?;
                let part = match (args.len(), range) {
                    (3, Some((start, count))) => all.get(start..start.saturating_add(count).min(all.len()))?,
                    (3, None) => return None,
                    _ => &all[..],
                };
                if wide {
                    let low = usize::from(class == "bigendianunicode");
                    let units: Vec<u16> = part
                        .chunks_exact(2)
                        .map(|pair| {
                            let at = |index: usize| u16::from(pair.get(index).copied().unwrap_or_default());
                            at(low) | at(1 - low) << 8
                        })
                        .collect();
                    return known_text(String::from_utf16_lossy(&units));
                }
                known_text(part)
            })
        }
        "getbytes" => computed([&first], Made::default(), || {
            let all = bytes(&first)?;
            if wide {
                let units = String::from_utf8_lossy(&all).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
                return known_text(units);
            }
            Some(Known::Bytes(all))
        }),
        "convert" => args.at(2),
        "getencoding" => super::plain::object("encoding", &[("name", &first)]),
        "getbytecount" | "getcharcount" | "getmaxbytecount" => mark([&first], None),
        "getdecoder" | "getencoder" => Value::object("encoding"),
        _ => return None,
    })
}

fn url(name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    let decoded = |decode: fn(&[u8]) -> Vec<u8>| computed([&first], Made::DECODED, || known_text(decode(&bytes(&first)?)));
    Some(match name {
        "urldecode" | "urldecodetobytes" => decoded(|bytes| decode::url(bytes, true)),
        "unescapedatastring" => decoded(|bytes| decode::url(bytes, false)),
        "htmldecode" => decoded(decode::entities),
        "urltokendecode" => decoded(decode::base64),
        "htmlencode"
        | "htmlattributeencode"
        | "urlencode"
        | "urlpathencode"
        | "escapedatastring"
        | "javascriptstringencode"
        | "escapeuristring" => Value::from_all([&first], Control::Weak),
        "parsequerystring" => blurred([&first]),
        _ => return None,
    })
}

fn string(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "concat" => {
            let pieces = match &args.at(0).known {
                Known::Array(list) if args.len() == 1 && list.rest.is_none() => list.entries.values().cloned().collect(),
                _ => args.values.clone(),
            };
            it.join_all(pieces)
        }
        "join" => join(it, args),
        "format" => strings::formatted(it, &args.at(0), &args.skip(1)),
        "copy" | "intern" => args.at(0),
        "isnullorempty" | "isnullorwhitespace" => {
            let known = match &args.at(0).known {
                Known::Bytes(bytes) if args.at(0).taint.is_none() => Some(Known::Bool(bytes.is_empty())),
                Known::Null if args.at(0).taint.is_none() => Some(Known::Bool(true)),
                _ => None,
            };
            mark(args.all(), known)
        }
        "equals" | "compare" | "compareordinal" => {
            it.gate(&args.at(0), &args.at(1), at);
            mark(args.all(), None)
        }
        _ => return None,
    })
}

/// `String.Join`.
pub(crate) fn join(it: &mut Interpreter<'_>, args: &Args) -> Value {
    let by = args.at(0);
    let list = if args.len() == 2 { args.at(1) } else { Value::list(args.values.iter().skip(1).cloned().collect()) };
    let Some(items) = super::sequence::known_items(&list) else {
        return blurred([&list]);
    };
    let plain = bytes(&by).is_some_and(|by| by.is_empty());
    let mut pieces = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 && !plain {
            pieces.push(by.clone());
        }
        pieces.push(item);
    }
    let whole = pieces.len() == 1 || plain && pieces.iter().all(|piece| piece.taint.is_some());
    let taint = list.deep_taint();
    let joined = it.join_all(pieces);
    if whole { Value { taint, ..joined } } else { joined }
}

fn character(name: &str, args: &Args) -> Option<Value> {
    Some(match name {
        "convertfromutf32" | "parse" | "toupper" | "tolower" => {
            let first = args.at(0);
            computed([&first], Made::CHARACTER, || match (&first.known, name) {
                (Known::Int(number), _) => known_text(char::from_u32(u32::try_from(*number).ok()?)?.to_string()),
                (_, "toupper") => known_text(text(&first)?.to_uppercase()),
                (_, "tolower") => known_text(text(&first)?.to_lowercase()),
                _ => Some(first.known.clone()),
            })
        }
        "tostring" => args.at(0),
        _ => mark(args.all(), None),
    })
}

fn bits(name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "tostring" => computed([&first], Made::DECODED, || {
            let pairs: Vec<String> = bytes(&first)?.iter().map(|byte| format!("{byte:02X}")).collect();
            known_text(pairs.join("-"))
        }),
        "getbytes" => computed([&first], Made::BUILT, || match first.known {
            Known::Int(number) => known_text((number as i32).to_le_bytes().to_vec()),
            _ => None,
        }),
        _ => mark(args.all(), None),
    })
}

fn path(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    let last = |text: &str| text.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let part = |make: &dyn Fn(&str) -> String| {
        let value = Value::from_all([&first], Control::Part);
        let known = text(&first).filter(|_| first.is_known()).and_then(|text| known_text(make(&text)));
        // The end of a path is known more often than all of it.
        let known = known.unwrap_or_else(|| match &first.known {
            Known::Partial(_) if name != "getdirectoryname" => first.known.clone(),
            _ => Known::Unknown,
        });
        Value { known, ..value }
    };
    Some(match name {
        "combine" | "join" => {
            let mut pieces = Vec::new();
            for value in args.all() {
                let ends = value.edges().suffix.last().is_some_and(|last| b"/\\".contains(last));
                pieces.push(value.clone());
                if !ends {
                    pieces.push(Value::bytes(b"\\"));
                }
            }
            pieces.pop();
            let joined = it.join_all(pieces);
            // An absolute last part is the whole path.
            let absolute = args.values.last().and_then(|last| last.taint.clone());
            Value { taint: absolute.or(joined.taint), ..joined }
        }
        "getfilename" => part(&last),
        "getextension" => part(&|text| text.rfind('.').and_then(|dot| text.get(dot..)).unwrap_or_default().to_owned()),
        "getfilenamewithoutextension" => part(&|text| {
            let name = last(text);
            name.rfind('.').and_then(|dot| name.get(..dot)).map_or(name.clone(), str::to_owned)
        }),
        "getdirectoryname" => part(&|text| text.rfind(['/', '\\']).and_then(|at| text.get(..at)).unwrap_or_default().to_owned()),
        "getfullpath" | "trimendingdirectoryseparator" => first,
        "changeextension" => it.join_all(vec![weaker(&first, Control::Part), args.at(1)]),
        "gettemppath" | "gettempfilename" | "getrandomfilename" => Value::unknown(),
        "hasextension" | "ispathrooted" => mark(args.all(), None),
        _ => return None,
    })
}

fn number(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "parse" | "tryparse" | "parseexact" | "tryparseexact" => {
            let hex = lower(&args.at(1)).contains("hex") || matches!(&args.at(1).known, Known::Type(of) if of.contains("Hex"));
            let known = match (hex, text(&first)) {
                (true, Some(text)) => i64::from_str_radix(&text, 16).ok().map(Known::Int),
                (false, Some(text)) if !matches!(class, "guid" | "datetime" | "timespan" | "ipaddress") => {
                    text.trim().parse::<i64>().ok().map(Known::Int)
                }
                _ => None,
            };
            let control = if class == "byte" || class == "ipaddress" || hex { Control::Whole } else { Control::Mark };
            let value = Value { known: known.unwrap_or_default(), ..Value::from_all([&first], control) };
            if name.starts_with("try") {
                super::plain::write_to(it, args, args.len().saturating_sub(1), value.clone());
                return Some(mark([&value], None));
            }
            value
        }
        _ => mark(args.all(), None),
    })
}

fn math(name: &str, args: &Args) -> Option<Known> {
    let (a, b) = (args.get(0)?, args.get(1));
    Some(match name {
        "min" => Known::Int(int(a)?.min(int(b?)?)),
        "max" => Known::Int(int(a)?.max(int(b?)?)),
        "abs" => Known::Int(int(a)?.checked_abs()?),
        "floor" => Known::Float(a.as_float()?.floor()),
        "ceiling" => Known::Float(a.as_float()?.ceil()),
        "pow" => Known::Float(a.as_float()?.powf(b?.as_float()?)),
        "sqrt" => Known::Float(a.as_float()?.sqrt()),
        _ => return None,
    })
}

fn environment(name: &str) -> Option<Value> {
    Some(match name {
        "getenvironmentvariable"
        | "getenvironmentvariables"
        | "getlogicaldrives"
        | "getfolderpath"
        | "getcommandlineargs"
        | "expandenvironmentvariables" => Value::unknown(),
        _ => return None,
    })
}

fn json(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "deserializeobject" | "deserialize" | "populateobject" => {
            return Some(super::serial::json(it, args, at));
        }
        "parse" | "parseasync" | "load" | "deserializeasync" | "fromobject" => blurred(args.all()),
        "serialize" | "serializeobject" => blurred(args.all()),
        _ => return None,
    })
}

/// Constants of `String`, `Environment`, `Path` and `Encoding`.
pub(super) fn member(path: &str, name: &str) -> Option<Value> {
    let class = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    Some(match (class.as_str(), name) {
        ("string", "empty") => Value::bytes(b""),
        ("environment", "newline") => Value::bytes(b"\r\n"),
        ("environment", _) => Value::unknown(),
        ("path", "directoryseparatorchar" | "altdirectoryseparatorchar") => Value::bytes(b"\\"),
        ("path", "pathseparator") => Value::bytes(b";"),
        ("encoding", _) => super::plain::object("encoding", &[("name", &Value::text(name))]),
        ("int" | "int32", "maxvalue") => Value::int(i64::from(i32::MAX)),
        ("byte", "maxvalue") => Value::int(255),
        ("char", "maxvalue" | "minvalue") => Value::unknown(),
        _ => return None,
    })
}

/// `Replace` of VB and `Regex`: occurrences without regard to case are looked for in lower case.
pub(crate) fn replaced_without_case(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let (lower, wanted) = (bytes.to_ascii_lowercase(), what.to_ascii_lowercase());
    let is_long = bytes.len().saturating_mul(with.len()) > 1 << 22;
    if wanted.is_empty() || lower == bytes && wanted == what || is_long {
        return replaced(bytes, what, with);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(&lower, &wanted) {
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        out.extend_from_slice(with);
        from = at + wanted.len();
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

/// Text reversed by characters.
pub(crate) fn reversed(value: &Value) -> Value {
    computed([value], Made::DECODED, || known_text(Characters::of(&bytes(value)?).reversed()))
}
