//! Files and folders.

use std::rc::Rc;

use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Object, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    match name {
        "open" | "file" => Some(opened(it, name, args, at)),
        _ => None,
    }
}

pub(super) fn of_module(it: &mut Interpreter<'_>, module: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (module, name) {
        ("io" | "codecs" | "os" | "gzip" | "bz2", "open" | "fdopen") => opened(it, name, args, at),
        ("zipfile" | "tarfile", "zipfile" | "open") => {
            let object = Object::new("archive");
            object.take(first.deep_taint());
            Interpreter::object_value(Rc::new(object))
        }
        (
            "os",
            "remove" | "unlink" | "rmdir" | "removedirs" | "mkdir" | "makedirs" | "chmod" | "chown" | "utime" | "truncate"
            | "mkfifo",
        )
        | ("shutil", "rmtree" | "chown") => {
            it.hit(Capability::Change, name, at, &first, Facts::default());
            Value::unknown()
        }
        ("os", "rename" | "renames" | "replace" | "link" | "symlink")
        | ("shutil", "move" | "copy" | "copy2" | "copyfile" | "copytree" | "make_archive" | "unpack_archive") => {
            let to = args.at(1);
            let target = if to.taint.is_some() { to } else { first.clone() };
            it.hit(Capability::Change, name, at, &target, Facts { also: first.is_requested(Control::Weak), ..Facts::default() });
            Value::unknown()
        }
        ("shutil", "copyfileobj") => {
            let data = match &first.known {
                Known::Object(_) => Value::unknown().with_taint(first.deep_taint()),
                _ => first,
            };
            put(it, name, &args.at(1), &data, at);
            Value::unknown()
        }
        ("os", "listdir" | "walk" | "scandir") | ("glob", "glob" | "iglob") => {
            it.hit(Capability::List, name, at, &first, Facts::default());
            Value::unknown()
        }
        ("os", "write") => {
            put(it, name, &first, &args.at(1), at);
            Value::unknown()
        }
        ("os", "read") | ("linecache", "getlines" | "getline") => read(it, &first, at),
        ("pathlib", "path") => {
            let object = Object::new("path");
            object.set("path", first.clone());
            object.take(first.deep_taint());
            Interpreter::object_value(Rc::new(object))
        }
        ("stdin" | "buffer", "read" | "readline" | "readlines") => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Body, "", spot))
        }
        ("stdout" | "stderr", "write" | "flush" | "writelines") => {
            it.echoed(args);
            Value::unknown()
        }
        ("path", "join") => {
            let mut pieces = Vec::new();
            for value in &args.values {
                if !pieces.is_empty() {
                    pieces.push(Value::text("/"));
                }
                pieces.push(value.clone());
            }
            it.join_all(pieces)
        }
        ("path", "basename" | "dirname" | "abspath" | "realpath" | "normpath" | "expanduser" | "splitext") => {
            if matches!(name, "basename") {
                it.checked(&first);
            }
            Value { known: Known::Unknown, ..first }
        }
        ("path", _) => Value::from_all(args.all(), Control::Mark),
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let path = match &object.known {
        Known::Object(place) => place.field("path").unwrap_or_default(),
        _ => return None,
    };
    Some(match (class, name) {
        ("file", "write" | "writelines") => {
            put(it, name, object, &args.at(0), at);
            Value::unknown()
        }
        ("file", "read" | "readline" | "readlines" | "__next__") => read(it, object, at),
        ("file", "close" | "flush" | "seek" | "__enter__") => object.clone(),
        ("path", "read_text" | "read_bytes") => {
            let inner = opened(it, name, &Args::of(vec![path, Value::text("r")]), at);
            read(it, &inner, at)
        }
        ("path", "write_text" | "write_bytes") => {
            written(it, name, &path, &args.at(0), at);
            Value::unknown()
        }
        ("path", "open") => {
            let mut all = vec![path];
            all.extend(args.values.iter().cloned());
            opened(it, name, &Args::of(all), at)
        }
        ("path", "unlink" | "rmdir" | "rename" | "replace" | "chmod" | "mkdir" | "touch") => {
            it.hit(Capability::Change, name, at, &path, Facts::default());
            Value::unknown()
        }
        ("path", "iterdir" | "glob" | "rglob") => {
            it.hit(Capability::List, name, at, &path, Facts::default());
            Value::unknown()
        }
        ("archive", "extractall" | "extract") => {
            let target = if args.len() > 0 { args.at(0) } else { Value::unknown().with_taint(object.deep_taint()) };
            it.hit(Capability::Write, name, at, &target, Facts::default());
            Value::unknown()
        }
        _ => return None,
    })
}

/// Endings that a server runs.
fn is_served(path: &Value) -> bool {
    let suffix = String::from_utf8_lossy(&path.edges().suffix).to_ascii_lowercase();
    [".py", ".cgi", ".pl", ".php", ".asp", ".aspx", ".jsp", ".htaccess", ".phtml"].iter().any(|ending| suffix.ends_with(ending))
}

/// Something is written to a file.
pub(super) fn written(it: &mut Interpreter<'_>, name: &str, path: &Value, data: &Value, at: u32) {
    if let Some(path) = path.as_text().filter(|_| path.is_known()) {
        it.keep_written(&path, data);
    }
    let served = is_served(path);
    if data.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        it.uploaded(name, data, path, Facts { also: true, served, ..Facts::default() }, at);
        return;
    }
    let argument = if path.is_requested(Control::Weak) { path } else { data };
    let facts = Facts { also: data.is_requested(Control::Part), served, ..Facts::default() };
    it.hit(Capability::Write, name, at, argument, facts);
}

fn put(it: &mut Interpreter<'_>, name: &str, file: &Value, data: &Value, at: u32) {
    let Known::Object(stream) = &file.known else { return };
    if stream.field("writes").is_some() {
        let path = stream.field("path").unwrap_or_default();
        written(it, name, &path, data, at);
    }
}

fn opened(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let path = args.at(0);
    let mode = args.named("mode").cloned().or_else(|| args.get(1).cloned()).and_then(|mode| mode.as_text()).unwrap_or_default();
    let object = Object::new("file");
    object.set("path", path.clone());
    if mode.contains(['w', 'a', 'x', '+']) {
        object.set("writes", Value::bool(true));
        return Interpreter::object_value(Rc::new(object));
    }
    if path.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        object.set("data", Value { known: Known::Unknown, ..path });
        return Interpreter::object_value(Rc::new(object));
    }
    if path.is_requested(Control::Weak) {
        it.hit(Capability::Read, name, at, &path, Facts::default());
    }
    let data = content(it, &path, at);
    object.take(data.taint.clone());
    object.set("data", data);
    Interpreter::object_value(Rc::new(object))
}

fn content(it: &mut Interpreter<'_>, path: &Value, at: u32) -> Value {
    if let Some(name) = path.as_text().filter(|_| path.is_known()) {
        if let Some(kept) = it.kept_written(&name) {
            return kept.with(Made::CARRIED);
        }
        if let Some(bytes) = it.open_file(&name) {
            return Value::from(Known::Bytes(bytes)).with(Made::CARRIED);
        }
    }
    let spot = it.spot(at);
    Value::tainted(Taint::source(SourceKind::Storage, &path.as_text().unwrap_or_default(), spot))
}

fn read(it: &mut Interpreter<'_>, file: &Value, at: u32) -> Value {
    match &file.known {
        Known::Object(stream) => match stream.field("data") {
            Some(data) => data,
            None => content(it, &stream.field("path").unwrap_or_default(), at),
        },
        _ => Value { known: Known::Unknown, ..file.clone() },
    }
}
