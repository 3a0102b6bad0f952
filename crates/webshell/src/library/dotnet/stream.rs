//! Streams, readers and writers, compression and ciphers: what is read out of them comes from what they were made of.

use std::rc::Rc;

use super::plain::{blurred, bytes, carrying, computed, field, index, known_text, mark, object, write_to};
use super::{files, network, process};
use crate::decode;
use crate::evidence::{Control, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Object, Value};

/// Streams and readers around something else.
const AROUND: &[&str] = &[
    "streamreader",
    "binaryreader",
    "stringreader",
    "bufferedstream",
    "textreader",
    "xmltextreader",
    "xmlreader",
    "xpathdocument",
    "gzipstream",
    "deflatestream",
    "zlibstream",
    "brotlistream",
    "cryptostream",
    "memorystream",
    "unmanagedmemorystream",
    "streamcontent",
    "bytearraycontent",
    "xmldocument",
    "xdocument",
    "xmlnodereader",
];

const WRITERS: &[&str] = &["streamwriter", "binarywriter", "textwriter", "stringwriter", "xmltextwriter", "xmlwriter"];

/// `XmlReader.Create` and its like.
pub(super) fn function(class: &str, name: &str, args: &Args) -> Option<Value> {
    match (class, name) {
        ("xmlreader" | "xmldictionaryreader" | "jsonreader", _) => Some(object("xmlreader", &[("inner", &args.at(0))])),
        ("textreader" | "textwriter" | "stream", "synchronized") => Some(args.at(0)),
        _ => None,
    }
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "memorystream" => {
            let data = match &first.known {
                Known::Int(_) | Known::Undefined => Value::bytes(b""),
                _ if args.len() == 0 => Value::bytes(b""),
                _ => first,
            };
            object(class, &[("inner", &data)])
        }
        "streamreader" if super::plain::may_be_text(&first) => files::opened(it, "StreamReader", &first, at),
        "gzipstream" | "deflatestream" | "zlibstream" | "brotlistream" | "cryptostream" => {
            let mode = match &args.at(if class == "cryptostream" { 2 } else { 1 }).known {
                Known::Type(mode) => Value::text(&mode.to_ascii_lowercase()),
                _ => Value::unknown(),
            };
            object(class, &[("inner", &first), ("mode", &mode)])
        }
        class if AROUND.contains(&class) => object(class, &[("inner", &first)]),
        "streamwriter" if super::plain::may_be_text(&first) => {
            object("streamwriter", &[("inner", &object("filestream", &[("path", &first)]))])
        }
        class if WRITERS.contains(&class) => object(class, &[("inner", &first)]),
        "arraysegment" => {
            let view = Rc::new(Object::new(class));
            view.set("array", first.clone());
            if let Some(Some(slot)) = args.slots.first() {
                it.view(&view, slot);
            }
            Known::Object(view).into()
        }
        _ => return None,
    })
}

/// What reading a stream gives.
pub(crate) fn content(it: &mut Interpreter<'_>, stream: &Value, at: u32) -> Value {
    let Known::Object(place) = &stream.known else {
        return match &stream.known {
            Known::Request(part) => super::request::source(it, part.kind(), "", at),
            Known::Array(_) | Known::Bytes(_) | Known::Partial(_) => stream.clone(),
            _ => Value { known: Known::Unknown, ..stream.clone() },
        };
    };
    let inner = |it: &mut Interpreter<'_>| match place.field("inner") {
        Some(inner) => content(it, &inner, at),
        None => Value::unknown().with_taint(place.taint.borrow().clone()),
    };
    match &*place.class {
        "gzipstream" | "deflatestream" | "zlibstream" | "brotlistream" => {
            let data = inner(it);
            computed([&data], Made::DECODED, || known_text(decode::inflate(&bytes(&data)?)?))
        }
        "cryptostream" => blurred([&inner(it)]).with(Made::DECODED),
        "stringbuilder" => super::text::built(it, place),
        "networkstream" | "socket" | "tcpclient" => network::received(it, at),
        "filestream" => match place.field("data") {
            Some(data) => data,
            None => super::request::source(it, SourceKind::Storage, "", at),
        },
        "arraysegment" => place.field("array").unwrap_or_default(),
        _ if place.field("inner").is_some() => inner(it),
        _ => blurred([stream]),
    }
}

/// Something is written to a stream, a writer or whatever else takes data.
pub(crate) fn write(it: &mut Interpreter<'_>, callee: &str, target: &Value, data: &Value, at: u32) {
    let Known::Object(place) = &target.known else { return };
    match &*place.class {
        "filestream" => {
            let path = field(target, "path");
            files::written(it, callee, &path, data, at);
        }
        "networkstream" | "socket" => network::sent(it, callee, target, data, at),
        "requeststream" => {
            if let Known::Object(request) = field(target, "request").known {
                request.take(data.deep_taint());
                request.set("sent", data.clone());
            }
        }
        "processinput" => process::typed_in(it, data, at),
        "response" => {
            let args = Args::of(vec![data.clone()]);
            it.echoed(&args);
        }
        "memorystream" | "stringwriter" => {
            let old = place.field("inner").filter(|inner| !matches!(inner.known, Known::Object(_)));
            let data = match bytes(data) {
                Some(known) => Value { known: Known::Bytes(known), ..data.clone() },
                None => data.clone(),
            };
            let all = match old {
                Some(old) if old.only_bytes().is_none_or(|bytes| !bytes.is_empty()) => it.join(&old, &data),
                _ => data.clone(),
            };
            // What was whole stays whole when it is only collected.
            let all = if data.taint.is_some() { all.with_taint(data.taint.clone()) } else { all };
            place.set("inner", all);
        }
        "gzipstream" | "deflatestream" | "cryptostream" => {
            let changed = blurred([data]).with(Made::DECODED);
            let inner = field(target, "inner");
            write(it, callee, &inner, &changed, at);
        }
        _ => match place.field("inner") {
            Some(inner) if matches!(inner.known, Known::Object(_)) => write(it, callee, &inner, data, at),
            _ => place.take(data.deep_taint()),
        },
    }
}

fn is_stream(class: &str) -> bool {
    AROUND.contains(&class)
        || WRITERS.contains(&class)
        || matches!(
            class,
            "stream" | "filestream" | "networkstream" | "requeststream" | "processinput" | "reader" | "arraysegment"
        )
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    if !is_stream(class) {
        return None;
    }
    let callee = match class {
        "filestream" => "FileStream.Write",
        "streamwriter" => "StreamWriter.Write",
        "binarywriter" => "BinaryWriter.Write",
        _ => "Stream.Write",
    };
    Some(match name {
        "write" | "writeline" | "writeasync" | "writelineasync" | "writebyte" | "writechars" | "writeraw" | "writestring" => {
            let data = args.at(0);
            let whole = bytes(&data).filter(|all| {
                args.len() == 3 && index(&args.at(1)) == Some(0) && { index(&args.at(2)).is_none_or(|count| count == all.len()) }
            });
            let data = match (name, &data.known, whole) {
                ("writebyte", Known::Int(number), _) => Value { known: known_text(vec![*number as u8])?, ..data.clone() },
                (_, Known::Array(_), Some(all)) => Value { known: Known::Bytes(all), ..data.clone() },
                (_, Known::Bytes(format), _) if args.len() > 1 && memchr::memchr(b'{', format).is_some() => {
                    super::text::formatted(it, &data, &args.skip(1))
                }
                _ if args.len() == 3 && index(&args.at(1)).is_none_or(|start| start > 0) => blurred([&data]),
                _ => data,
            };
            write(it, callee, value, &data, at);
            Value::unknown()
        }
        "read" | "readasync" | "readblock" | "readexactly" | "beginread" | "readblockasync" if args.len() > 0 => {
            let data = content(it, value, at);
            let known = bytes(&data).filter(|_| index(&args.at(1)) == Some(0));
            let read = Value { known: known.clone().map_or(Known::Unknown, Known::Bytes), ..data.clone() };
            super::request::fill_segment(it, &args.at(0), &data);
            let Some(known) = known else {
                write_to(it, args, 0, read);
                return Some(mark([&data], None));
            };
            // All at once, and then nothing.
            let place = match &value.known {
                Known::Object(place) if place.field("consumed").is_none() => place,
                _ => return Some(Value::int(0)),
            };
            place.set("consumed", Value::bool(true));
            write_to(it, args, 0, read);
            Value::int(known.len() as i64)
        }
        "readtoend"
        | "readtoendasync"
        | "toarray"
        | "getbuffer"
        | "readbytes"
        | "readstring"
        | "readchars"
        | "tostring"
        | "readallbytes"
        | "getstringbuilder"
        | "readasstringasync"
        | "readasbytearrayasync" => {
            let data = content(it, value, at);
            let is_part =
                matches!(name, "readbytes" | "readchars") && bytes(&data).is_none_or(|all| index(&args.at(0)) != Some(all.len()));
            if is_part { Value { known: Known::Unknown, ..data } } else { data }
        }
        "readline" | "readlineasync" | "read" | "readbyte" | "readchar" | "readint32" | "readelementcontentasstring" => {
            let data = content(it, value, at);
            Value { known: Known::Unknown, ..data }
        }
        "copyto" | "copytoasync" | "writeto" => {
            let data = content(it, value, at);
            write(it, callee, &args.at(0), &data, at);
            Value::unknown()
        }
        "getstream" | "asstream" | "synchronized" => value.clone(),
        "loadxml" | "load" if class.starts_with('x') => {
            if let Known::Object(place) = &value.known {
                place.set("inner", args.at(0));
            }
            Value::unknown()
        }
        "peek" | "seek" | "close" | "dispose" | "flush" | "setlength" | "flushasync" | "flushfinalblock" | "endread" => {
            Value::unknown()
        }
        "getdecoder" | "createnavigator" => value.clone(),
        _ => return None,
    })
}

pub(super) fn member(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
    if !is_stream(class) {
        return None;
    }
    Some(match name {
        "basestream" => field(value, "inner"),
        "length" | "position" | "canread" | "canseek" => {
            let data = content(it, value, at);
            let known = bytes(&data).filter(|_| name == "length").map(|all| Known::Int(all.len() as i64));
            mark([&data], known)
        }
        "endofstream" => mark([value], None),
        "array" => content(it, value, at),
        _ => return None,
    })
}

/// Ciphers and hashes.
pub(super) fn cipher(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let decoded = |data: &Value| blurred([data]).with(Made::DECODED);
    Some(match (class, name) {
        (_, "createdecryptor" | "createencryptor") => Value::object("cryptotransform"),
        (_, "transformfinalblock") => super::plain::through(it, decoded(&args.at(0)), at, name),
        (_, "transformblock") => {
            write_to(it, args, 3, decoded(&args.at(0)));
            Value::unknown()
        }
        ("cipher", "decrypt" | "encrypt" | "decryptcbc" | "decryptecb" | "encryptcbc") => {
            if args.len() > 3 {
                write_to(it, args, 2, decoded(&args.at(1)));
            }
            super::plain::through(it, decoded(&args.at(0)), at, name)
        }
        ("hash", "computehash" | "transformhash" | "hashdata") => mark(args.all(), None),
        ("hash" | "cipher" | "cryptotransform", _) => Value::from_all([value], Control::Mark),
        _ => return None,
    })
}

/// The class of a cipher or hash by its name: one for all.
pub(super) fn cipher_class(class: &str) -> Option<&'static str> {
    let class = class.trim_end_matches("managed").trim_end_matches("cryptoserviceprovider").trim_end_matches("cng");
    Some(match class {
        "rijndael" | "aes" | "des" | "tripledes" | "rc2" | "rsa" | "symmetricalgorithm" | "aesgcm" | "aesccm" => "cipher",
        "md5" | "sha1" | "sha256" | "sha384" | "sha512" | "hmacmd5" | "hmacsha1" | "hmacsha256" | "hmacsha512"
        | "hashalgorithm" | "keyedhashalgorithm" => "hash",
        "icryptotransform" | "cryptotransform" => "cryptotransform",
        _ => return None,
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    if let Some(class) = cipher_class(of) {
        return Some(Value::object(class).known);
    }
    let is_known = AROUND.contains(&of) || WRITERS.contains(&of) || matches!(of, "stream" | "filestream");
    is_known.then(|| carrying(of, &Value::unknown()).known)
}
