//! Streams, readers and writers. What wraps one is that one.

use super::{array_value, as_string, bytes_of, field, known_bytes, made_object, sliced, write_to};
use crate::decode;
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Object, Value};

/// A stream that gives data.
pub(super) fn input(data: Value) -> Value {
    made_object("instream", [("data", data), ("position", Value::int(0))])
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "bufferedreader"
        | "inputstreamreader"
        | "bufferedinputstream"
        | "datainputstream"
        | "linenumberreader"
        | "pushbackinputstream"
        | "pushbackreader"
        | "stringreader"
        | "stringbufferinputstream"
        | "bytearrayinputstream"
        | "chararrayreader"
        | "scanner"
        | "filterinputstream"
        | "inputsource"
        | "streamtokenizer"
        | "servletserverhttprequest" => opened(it, &first, at),
        "gzipinputstream" | "inflaterinputstream" | "zipinputstream" | "deflaterinputstream" => {
            let inner = opened(it, &first, at);
            input(inflated(it, &data_of(&inner)))
        }
        "cipherinputstream" | "base64inputstream" => {
            let inner = opened(it, &first, at);
            let data = data_of(&inner);
            input(Value { known: Known::Unknown, ..data }.with(Made::DECODED))
        }
        "bytearrayoutputstream" | "stringwriter" | "chararraywriter" => made_object("outmem", [("value", Value::text(""))]),
        "printwriter"
        | "printstream"
        | "bufferedwriter"
        | "outputstreamwriter"
        | "bufferedoutputstream"
        | "dataoutputstream"
        | "objectoutputstream"
        | "gzipoutputstream"
        | "zipoutputstream"
        | "jaroutputstream"
        | "deflateroutputstream"
        | "filteroutputstream"
        | "cipheroutputstream"
        | "writeroutputstream" => match &first.known {
            Known::Object(object) if &*object.class != "file" => first,
            Known::Unknown if first.taint.is_none() => first,
            // `new PrintWriter(path)`.
            _ => super::files::output(&first),
        },
        "inflater" | "deflater" => made_object("inflater", [("data", Value::unknown())]),
        _ => return None,
    })
}

/// What reads from a value: a stream as it is, the content of a file, or the value itself.
fn opened(it: &mut Interpreter<'_>, from: &Value, at: u32) -> Value {
    match &from.known {
        Known::Object(object) => match &*object.class {
            "file" => super::files::open(it, "Scanner", from, at),
            "outmem" | "stringbuilder" => input(as_string(from)),
            _ => from.clone(),
        },
        Known::Request(_) => input(Value::unknown().with_taint(from.taint.clone())),
        _ => input(Value { ..from.clone() }),
    }
}

/// All that a stream gives from where it stands.
pub(super) fn data_of(stream: &Value) -> Value {
    let Known::Object(object) = &stream.known else { return as_string(stream) };
    let Some(data) = object.field("data") else {
        return Value::unknown().with_taint(stream.deep_taint());
    };
    let data = as_string(&data).with_taint(stream.deep_taint());
    match (data.only_bytes(), position(object)) {
        (Some(bytes), Some(start)) => {
            Value { known: known_bytes(bytes.get(start.min(bytes.len())..).unwrap_or_default().to_vec()), ..data }
        }
        _ => data,
    }
}

fn position(stream: &Object) -> Option<usize> {
    usize::try_from(stream.field("position")?.as_int()?).ok()
}

fn inflated(it: &mut Interpreter<'_>, data: &Value) -> Value {
    let known = data.only_bytes().and_then(|bytes| decode::inflate(bytes)).filter(|bytes| it.may_make(bytes.len()));
    Value { known: known.map_or(Known::Unknown, known_bytes), ..data.clone() }.with(Made::DECODED)
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (&object.known, class) {
        (Known::Object(stream), "instream") => read(it, object, stream, name, args, at),
        (Known::Object(stream), "inflater") => Some(inflate(it, stream, name, args)),
        (Known::Object(_), "outmem" | "outfile" | "outprocess" | "outurl" | "outsocket" | "response" | "printstream") => {
            write(it, object, class, name, args, at)
        }
        // Nobody knows what it is, but what it carries is read into a buffer.
        (Known::Unknown, _) | (Known::Object(_), "") if name == "read" && args.len() > 0 => {
            let data = Value { known: Known::Unknown, taint: object.deep_taint(), made: object.made };
            if data.taint.is_some() {
                write_to(it, args, 0, data.clone());
            }
            Some(Value::from_all([&data], Control::Mark))
        }
        (Known::Unknown, _) if name == "getbytes" && args.len() > 1 => None,
        _ => None,
    }
}

fn read(it: &mut Interpreter<'_>, object: &Value, stream: &Object, name: &str, args: &Args, at: u32) -> Option<Value> {
    let rest = data_of(object);
    let known = rest.only_bytes().cloned();
    let advance = |by: usize| {
        let start = position(stream).unwrap_or_default();
        stream.set("position", Value::int(start.saturating_add(by) as i64));
    };
    let unknown = Value { known: Known::Unknown, ..rest.clone() };
    let taken = |count: usize| {
        let bytes = known.as_deref().unwrap_or_default();
        let piece = bytes.get(..count.min(bytes.len())).unwrap_or_default().to_vec();
        Value { known: known_bytes(piece), ..rest.clone() }
    };
    Some(match name {
        "read" | "readfully" if args.len() > 0 => match &known {
            Some(bytes) if bytes.is_empty() => Value::int(-1),
            Some(bytes) => {
                let wanted = if args.len() > 2 { args.int(2).and_then(|count| usize::try_from(count).ok()) } else { None };
                let count = wanted.unwrap_or(bytes.len()).min(bytes.len());
                write_to(it, args, 0, taken(count));
                advance(count);
                Value::int(count as i64)
            }
            None => {
                write_to(it, args, 0, unknown.clone());
                Value::from_all([&unknown], Control::Mark)
            }
        },
        "read" | "readbyte" | "readunsignedbyte" | "readchar" => match &known {
            Some(bytes) => match bytes.first() {
                Some(byte) => {
                    advance(1);
                    Value { known: Known::Int(i64::from(*byte)), ..rest }
                }
                None => Value::int(-1),
            },
            None => unknown,
        },
        "readallbytes" | "readnbytes" | "tobytearray" | "getchars" | "readutf" | "readobject" => {
            if let Some(bytes) = &known {
                advance(bytes.len());
            }
            rest
        }
        "readline" | "nextline" | "next" | "lines" => match &known {
            Some(bytes) if bytes.is_empty() => Value::null(),
            Some(bytes) if name == "lines" || stream.field("delimiter").is_some() => {
                advance(bytes.len());
                rest
            }
            Some(bytes) => {
                let end = bytes.iter().position(|byte| *byte == b'\n' || name == "next" && byte.is_ascii_whitespace());
                let count = end.unwrap_or(bytes.len());
                let line = taken(count);
                advance(count + 1);
                match line.only_bytes() {
                    Some(bytes) if bytes.ends_with(b"\r") => {
                        Value { known: known_bytes(bytes.get(..bytes.len() - 1).unwrap_or_default().to_vec()), ..line }
                    }
                    _ => line,
                }
            }
            None => unknown,
        },
        "hasnext" | "hasnextline" | "ready" => match &known {
            Some(bytes) => Value::bool(!bytes.is_empty()),
            None => Value::unknown(),
        },
        "available" => match &known {
            Some(bytes) => Value::int(bytes.len() as i64),
            None => Value::unknown(),
        },
        "usedelimiter" => {
            stream.set("delimiter", args.at(0));
            object.clone()
        }
        "nextint" | "nextlong" | "readint" | "readlong" | "readshort" => Value::from_all([&unknown], Control::Mark),
        "transferto" | "transferfrom" => {
            let target = args.at(0);
            let inner = Args::of(vec![rest]);
            it.call_method(&target, "write", inner, at)
        }
        "getchannel" | "getbody" => object.clone(),
        "close" | "mark" | "reset" | "skip" | "marksupported" => Value::unknown(),
        "getnextentry" => Value::object("zipentry").with_taint(unknown.taint.map(|taint| taint.at_most(Control::Part))),
        _ => return None,
    })
}

fn inflate(it: &mut Interpreter<'_>, inflater: &Object, name: &str, args: &Args) -> Value {
    match name {
        "setinput" => {
            inflater.set("data", as_string(&args.at(0)));
            inflater.set("done", Value::null());
            Value::null()
        }
        "inflate" | "deflate" => {
            if inflater.field("done").is_some_and(|done| done.truth() == Some(true)) {
                return Value::int(0);
            }
            let data = inflater.field("data").unwrap_or_default();
            let out = inflated(it, &data);
            let count = out.only_bytes().map(|bytes| bytes.len() as i64);
            write_to(it, args, 0, out);
            if count.is_some() {
                inflater.set("done", Value::bool(true));
            }
            count.map_or_else(Value::unknown, Value::int)
        }
        "finished" => match inflater.field("done").and_then(|done| done.truth()) {
            Some(true) => Value::bool(true),
            _ => Value::unknown(),
        },
        _ => Value::unknown(),
    }
}

/// What is written by a call: a character, an array or a part of it, text.
fn written(args: &Args) -> Value {
    let first = args.at(0);
    if args.len() >= 3 {
        let (start, length) = (args.int(1), args.int(2));
        if matches!(first.known, Known::Bytes(_) | Known::Array(_)) {
            return sliced(&first, start, length);
        }
    }
    match &first.known {
        Known::Int(number) => Value { known: known_bytes(vec![*number as u8]), ..first },
        _ => as_string(&first),
    }
}

fn write(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match name {
        "write" | "print" | "println" | "append" | "writebytes" | "writeutf" | "writechars" | "printf" | "format"
        | "writeobject" | "newline" | "transferfrom" => {}
        "tobytearray" | "tostring" | "getbuffer" | "tochararray" if class == "outmem" => {
            return Some(field(object, "value").unwrap_or_default());
        }
        "size" if class == "outmem" => {
            return Some(match field(object, "value").as_ref().and_then(bytes_of) {
                Some(bytes) => Value::int(bytes.len() as i64),
                None => Value::unknown(),
            });
        }
        "reset" if class == "outmem" => {
            if let Known::Object(out) = &object.known {
                out.set("value", Value::text(""));
            }
            return Some(Value::null());
        }
        "writeto" => {
            let inner = Args::of(vec![field(object, "value").unwrap_or_default()]);
            return Some(it.call_method(&args.at(0), "write", inner, at));
        }
        "getchannel" | "getfd" => return Some(object.clone()),
        "flush" | "close" | "putnextentry" | "closeentry" | "finish" => return Some(Value::null()),
        "setvalue" => return None,
        _ => return None,
    }
    let data = match name {
        // Numbers are printed as text.
        "print" | "println" | "append" => as_string(&args.at(0)),
        "printf" | "format" | "writeobject" => Value::from_all(args.all(), Control::Part),
        "transferfrom" => data_of(&args.at(0)),
        _ => written(args),
    };
    match class {
        "outmem" => {
            if let Known::Object(out) = &object.known {
                let value = it.join(&out.field("value").unwrap_or_default(), &data);
                // Whoever joins all of it has all of it.
                let taint = data.taint.clone();
                out.set("value", value.with_taint(taint));
            }
        }
        "outfile" => {
            let path = field(object, "path").unwrap_or_default();
            super::files::written(it, "FileOutputStream.write", &path, &data, at);
        }
        "outprocess" => super::commands::fed(it, &data, at),
        "outurl" | "outsocket" => {
            let target = field(object, "target").unwrap_or_default();
            let facts = Facts { also: data.is_requested(Control::Part), ..Facts::default() };
            if target.is_requested(Control::Weak) {
                it.hit(Capability::Tunnel, if class == "outurl" { "URLConnection" } else { "Socket" }, at, &target, facts);
            }
        }
        "response" => it.echoed(args),
        _ => {}
    }
    Some(if matches!(name, "append" | "printf" | "format") { object.clone() } else { Value::null() })
}

/// Libraries that copy between streams (commons-io, Spring, Guava, Hutool).
pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    if !matches!(class, "ioutils" | "streams" | "filecopyutils" | "streamutils" | "bytestreams" | "charstreams" | "ioutil") {
        return None;
    }
    let first = args.at(0);
    Some(match name {
        "tobytearray" | "tostring" | "asstring" | "copytobytearray" | "copytostring" | "read" | "readbytes" | "readutf8"
        | "readlines" | "tochararray" => data_of(&first),
        "copy" | "copylarge" | "write" => {
            let inner = Args::of(vec![data_of(&first)]);
            let target = args.at(1);
            if field(&target, "value").is_some() && target.class() == "file" {
                let path = super::files::path_of(&target);
                super::files::written(it, "FileCopyUtils.copy", &path, &data_of(&first), at);
                return Some(Value::null());
            }
            it.call_method(&target, "write", inner, at)
        }
        "toinputstream" => input(as_string(&first)),
        _ => return None,
    })
}

/// Pieces of a text between separators, as a list.
pub(super) fn pieces(data: &Value, by: &[u8]) -> Value {
    match data.only_bytes() {
        Some(bytes) if !by.is_empty() => {
            let mut array = Array::default();
            for piece in bytes.split(|byte| by.contains(byte)).filter(|piece| !piece.is_empty()) {
                let index = array.next;
                array.set(Key::Int(index), Value::bytes(piece).with(data.made.and(Made::BUILT)));
            }
            array_value(array).with_taint(data.taint.clone())
        }
        _ => Interpreter::array_of_unknown(Value { known: Known::Unknown, ..data.clone() }),
    }
}
