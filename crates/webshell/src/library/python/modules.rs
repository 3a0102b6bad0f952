//! Functions of modules that only compute, or say where data comes from.

use super::{computed, list_of};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Part, Value};

pub(super) fn function(it: &mut Interpreter<'_>, module: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    let decoded = |decode: fn(&[u8]) -> Option<Vec<u8>>| computed(&first, decode).with(Made::DECODED);
    Some(match (module, name) {
        ("cgi", "fieldstorage" | "svformcontentdict" | "parse") => Known::Request(Part::Parameters).into(),
        ("os", "getenv") => it.of_request(Part::Server, args.get(0), at),
        ("os", "getcwd" | "getuid" | "uname" | "getpid" | "getlogin") => Value::unknown(),
        ("parse" | "urlparse" | "cgi", "parse_qs" | "parse_qsl") => {
            let element = Value { known: Known::Unknown, ..first };
            Interpreter::array_of_unknown(element)
        }
        ("parse" | "urlparse", "urlparse" | "urlsplit") => {
            let object = Interpreter::fresh_object("address");
            for part in ["query", "path", "netloc", "scheme", "fragment"] {
                object.set(part, Value { known: Known::Unknown, ..first.clone() });
            }
            Interpreter::object_value(object)
        }
        ("parse" | "urllib" | "urllib2", "unquote" | "unquote_plus" | "unquote_to_bytes") => {
            let plus = name == "unquote_plus";
            computed(&first, |bytes| Some(decode::url(bytes, plus))).with(Made::DECODED)
        }
        ("parse" | "urllib", "quote" | "quote_plus" | "urlencode")
        | ("html" | "cgi" | "xml", "escape")
        | ("shlex" | "pipes", "quote") => {
            it.checked(&first);
            Value::from_all(args.all(), Control::Weak)
        }
        ("shlex", "split") => text_words(&first),
        ("html" | "htmlparser", "unescape") => decoded(|bytes| Some(decode::entities(bytes))),
        ("base64", "b64decode" | "decodestring" | "decodebytes" | "standard_b64decode" | "urlsafe_b64decode")
        | ("binascii", "a2b_base64") => decoded(|bytes| Some(decode::base64(bytes))),
        ("base64", "b64encode" | "encodestring" | "encodebytes" | "urlsafe_b64encode") | ("binascii", "b2a_base64") => {
            decoded(|bytes| Some(decode::to_base64(bytes)))
        }
        ("base64", "b16decode") | ("binascii", "unhexlify" | "a2b_hex") | ("bytes" | "bytearray", "fromhex") => {
            decoded(|bytes| decode::hex(&bytes.iter().copied().filter(|byte| *byte != b' ').collect::<Vec<_>>()))
        }
        ("base64", "b32decode") => decoded(base32),
        ("base64", "b16encode") | ("binascii", "hexlify" | "b2a_hex") => decoded(|bytes| Some(decode::to_hex(bytes))),
        ("binascii", "a2b_uu") => decoded(|bytes| Some(decode::uu(bytes))),
        ("binascii" | "quopri", "a2b_qp" | "decodestring") => decoded(|bytes| Some(decode::quoted_printable(bytes))),
        ("zlib" | "gzip", "decompress") => decoded(decode::inflate),
        ("zlib" | "gzip" | "bz2" | "lzma", _) => Value { known: Known::Unknown, ..first }.with(Made::DECODED),
        ("codecs", "decode" | "encode") => {
            let codec = args.text(1).unwrap_or_default();
            super::text::recoded(&first, name, &codec)
        }
        ("json", "loads" | "load") => Value { known: Known::Unknown, ..first },
        ("json", "dumps") => Value::from_all(args.all(), Control::Weak),
        ("re", "sub") => {
            let taint = Value::from_all([&args.at(1), &args.at(2)], Control::Whole).taint;
            let known = match (args.text(0), args.text(1), args.bytes(2)) {
                (Some(pattern), Some(with), Some(bytes)) => super::super::php::regex::built(&pattern, "").map(|regex| {
                    let with = with.replace("\\1", "${1}").replace("\\2", "${2}").replace("\\3", "${3}");
                    Known::Bytes(regex.replace_all(&bytes, with.as_bytes()).into_owned().into())
                }),
                _ => None,
            };
            let callback = args.at(1);
            if matches!(callback.known, Known::Function(_)) {
                let found = Interpreter::carrier("match", &[args.at(2)]);
                it.call_value(&callback, Args::of(vec![found]), at);
            }
            Value { known: known.unwrap_or_default(), taint, made: args.at(2).made.and(Made::BUILT) }
        }
        ("re", "findall" | "split") => {
            let subject = args.at(1);
            Interpreter::array_of_unknown(Value { known: Known::Unknown, ..subject })
        }
        ("re", "match" | "search" | "fullmatch") => Interpreter::carrier("match", &[args.at(1)]),
        ("functools", "reduce") => super::builtins::reduced(it, args, at),
        ("itertools", "chain" | "cycle") => {
            let all: Option<Vec<Vec<Value>>> = args.values.iter().map(list_of).collect();
            match all {
                Some(all) if name == "chain" => Value::list(all.concat()),
                _ => Interpreter::array_of_unknown(Value::from_all(args.all(), Control::Whole)),
            }
        }
        ("string", "join" | "replace" | "split" | "upper" | "lower" | "strip") => {
            let (object, rest) = if name == "join" {
                (args.get(1).cloned().unwrap_or_else(|| Value::text(" ")), Args::of(vec![first]))
            } else {
                (first, args.skip(1))
            };
            return super::text::method(it, &object, name, &rest, at);
        }
        ("hashlib" | "md5" | "sha" | "hmac", _) => Value::from_all(args.all(), Control::Mark),
        ("time" | "random" | "datetime" | "logging" | "cgitb" | "warnings" | "threading" | "signal", _) => Value::unknown(),
        ("types", "functiontype" | "lambdatype") | ("operator", "methodcaller" | "attrgetter") => {
            Value::from_all(args.all(), Control::Whole)
        }
        _ => return None,
    })
}

fn text_words(value: &Value) -> Value {
    match value.only_bytes() {
        Some(bytes) => {
            let words = bytes.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
            Value::list(words.map(|word| Value { known: Known::Bytes(word.into()), ..value.clone() }).collect())
        }
        None => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..value.clone() }),
    }
}

fn base32(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(bytes.len() / 8 * 5 + 5);
    let (mut bits, mut count) = (0u64, 0u32);
    for byte in bytes {
        let value = match byte.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            digit @ b'2'..=b'7' => digit - b'2' + 26,
            _ => continue,
        };
        bits = bits << 5 | u64::from(value);
        count += 5;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    Some(out)
}
