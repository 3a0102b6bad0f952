//! Functions that only compute.

use super::flat;
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Known, Made, Part, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let subject = it.global_value("_").filter(|_| args.len() == 0);
    let args = &match subject {
        Some(subject) => Args::of(vec![subject]),
        None => args.clone(),
    };
    let first = args.at(0);
    let same_as = |php: &str, it: &mut Interpreter<'_>| super::super::php::compute(it, php, args, at);
    let decoded = |decode: fn(&[u8]) -> Vec<u8>| {
        let known = first.only_bytes().map(|bytes| Known::Bytes(decode(bytes).into())).unwrap_or_default();
        Value { known, ..first.clone() }.with(Made::DECODED)
    };
    Some(match name {
        "lc" => return same_as("strtolower", it),
        "uc" => return same_as("strtoupper", it),
        "ucfirst" | "lcfirst" | "substr" | "chr" | "ord" | "pack" | "abs" | "sqrt" => return same_as(name, it),
        "sprintf" => {
            let all = Args::of(flat(args, 0).unwrap_or_else(|| args.values.clone()));
            return super::super::php::compute(it, "sprintf", &all, at);
        }
        "hex" => return same_as("hexdec", it),
        "oct" => {
            let text = args.text(0)?;
            let (php, digits) = match text.get(..2) {
                Some("0x" | "0X") => ("hexdec", text.get(2..)?),
                Some("0b" | "0B") => ("bindec", text.get(2..)?),
                _ => ("octdec", &*text),
            };
            return super::super::php::compute(it, php, &Args::of(vec![Value::text(digits)]), at);
        }
        "index" => match same_as("strpos", it) {
            Some(Value { known: Known::Bool(false), .. }) => Value::int(-1),
            other => return other,
        },
        "length" => return same_as("strlen", it),
        "int" => return same_as("intval", it),
        "unpack" => return unpacked(it, args, at),
        "reverse" => match (&first.known, flat(args, 0)) {
            (Known::Bytes(bytes), _) if args.len() == 1 => {
                Value { known: Known::Bytes(bytes.iter().rev().copied().collect()), ..first.clone() }.with(Made::DECODED)
            }
            (_, Some(mut all)) if args.len() > 1 || matches!(first.known, Known::Array(_)) => {
                all.reverse();
                Value::list(all)
            }
            _ => first,
        },
        "join" => {
            let Some(pieces) = flat(args, 1) else {
                return Some(Value { known: Known::Unknown, ..Value::from_all(args.all().skip(1), Control::Whole) });
            };
            let mut all = Vec::with_capacity(pieces.len() * 2);
            for (index, piece) in pieces.into_iter().enumerate() {
                if index > 0 {
                    all.push(first.clone());
                }
                all.push(piece);
            }
            it.join_all(all)
        }
        "decode_base64" | "decode_base64url" => decoded(decode::base64),
        "encode_base64" => decoded(decode::to_base64),
        "uri_unescape" | "unescape" | "url_decode" => decoded(|bytes| decode::url(bytes, false)),
        "decode_entities" => decoded(decode::entities),
        "decode_qp" => decoded(decode::quoted_printable),
        "inflate" | "uncompress" | "memgunzip" => decoded(|bytes| decode::inflate(bytes).unwrap_or_default()),
        "uri_escape" | "escapehtml" | "escape" | "quotemeta" | "encode_entities" => Value::from_all([&first], Control::Weak),
        "keys" | "values" | "each" => entries(name, &first),
        "push" | "unshift" => {
            let mut array = as_array(&first).map(|array| (**array).clone()).unwrap_or_default();
            match flat(args, 1) {
                Some(new) if name == "push" => new.into_iter().for_each(|value| array.push(value)),
                Some(mut new) => {
                    new.extend(array.entries.into_values());
                    array = Array::default();
                    new.into_iter().for_each(|value| array.push(value));
                }
                None => array.set_somewhere(Value::from_all(args.all().skip(1), Control::Whole)),
            }
            write_first(it, args, Known::Array(std::rc::Rc::new(array)).into());
            Value::unknown()
        }
        "shift" | "pop" => match as_array(&first) {
            Some(array) if array.rest.is_none() => {
                let mut values: Vec<Value> = array.entries.values().cloned().collect();
                if values.is_empty() {
                    return Some(Value::undefined());
                }
                let taken = if name == "pop" { values.pop().unwrap_or_default() } else { values.remove(0) };
                write_first(it, args, Value::list(values).with_taint(first.taint.clone()));
                taken.with_taint(first.taint)
            }
            _ => it.index(&first, None, at),
        },
        "splice" => return same_as("array_splice", it),
        "scalar" => match &first.known {
            Known::Array(array) if array.rest.is_none() => Value::int(array.entries.len() as i64),
            Known::Array(_) | Known::Request(_) => Value::unknown(),
            _ => first,
        },
        "defined" | "exists" => match first.known {
            Known::Unknown | Known::Undefined | Known::Partial(_) | Known::Request(_) => Value::unknown(),
            _ if first.taint.is_some() => Value::unknown(),
            Known::Null => Value::bool(false),
            _ => Value::bool(true),
        },
        "undef" => Value::null(),
        "bless" => super::object::blessed(&first, args.text(1).as_deref().unwrap_or_default()),
        "ref" | "no_strict" | "lock" => first,
        "range" => match (args.int(0), args.int(1)) {
            (Some(from), Some(to)) if to.saturating_sub(from) < 100_000 && from <= to => {
                Value::list((from..=to).map(Value::int).collect())
            }
            (Some(_), Some(_)) => return same_as("range", it),
            _ => Value::unknown(),
        },
        "chomp" | "chop" => {
            if let Some(bytes) = first.only_bytes() {
                let shorter = if name == "chop" {
                    bytes.get(..bytes.len().saturating_sub(1)).unwrap_or_default()
                } else {
                    bytes.strip_suffix(b"\n").unwrap_or(bytes)
                };
                write_first(it, args, Value { known: Known::Bytes(shorter.into()), ..first.clone() });
            }
            Value::unknown()
        }
        "md5_hex" | "md5_base64" | "md5" | "sha1_hex" | "sha1" | "sha256_hex" | "crypt" => {
            Value::from_all(args.all(), Control::Mark)
        }
        "time" | "localtime" | "gmtime" | "rand" | "srand" | "sleep" | "wantarray" | "caller" | "getpwuid" | "getppid"
        | "fork" | "wait" | "waitpid" | "kill" | "umask" | "stat" | "lstat" | "alarm" | "chdir" => {
            Value::from_all(args.all(), Control::Mark)
        }
        _ => return None,
    })
}

fn as_array(value: &Value) -> Option<&std::rc::Rc<Array>> {
    match &value.known {
        Known::Array(array) => Some(array),
        _ => None,
    }
}

fn write_first(it: &mut Interpreter<'_>, args: &Args, value: Value) {
    if let Some(Some(slot)) = args.slots.first() {
        let slot = slot.clone();
        it.put(&slot, value);
    }
}

fn entries(name: &str, value: &Value) -> Value {
    let Known::Array(array) = &value.known else {
        let element = Value { known: Known::Unknown, taint: value.deep_taint(), made: value.made };
        return match &value.known {
            // The names and values of the environment are mostly the system's own.
            Known::Request(Part::Server) => Value::unknown(),
            Known::Request(_) => value.clone(),
            _ => Interpreter::array_of_unknown(element),
        };
    };
    let mut out = Array::default();
    for (key, element) in &array.entries {
        if name != "values" {
            out.push(key.value());
        }
        if name != "keys" {
            out.push(element.clone());
        }
    }
    if let Some(rest) = &array.rest {
        out.set_somewhere((**rest).clone());
    }
    Known::Array(std::rc::Rc::new(out)).into()
}

fn unpacked(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Option<Value> {
    let data = args.at(1);
    match (args.text(0)?.as_str(), data.only_bytes()) {
        ("u", Some(bytes)) => Some(Value { known: Known::Bytes(decode::uu(bytes).into()), ..data.clone() }.with(Made::DECODED)),
        ("H*" | "C*" | "A*" | "a*", Some(_)) => {
            let value = super::super::php::compute(it, "unpack", args, at)?;
            let Known::Array(array) = &value.known else { return Some(value) };
            let values: Vec<Value> = array.entries.values().cloned().collect();
            Some(match &values[..] {
                [only] => only.clone(),
                _ => Value::list(values),
            })
        }
        _ => Some(Value { known: Known::Unknown, ..data }.with(Made::DECODED)),
    }
}
