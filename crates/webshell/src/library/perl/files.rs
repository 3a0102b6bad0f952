//! Files, pipes and folders.

use std::rc::Rc;

use super::handle_name;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::connection;
use crate::value::{Known, Made, Object, Partial, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "open" | "sysopen" => {
            let handle = doubled(it, args).unwrap_or_else(|| opened(it, name, &args.skip(1), at));
            let takes_place = handle_name(&args.at(0)).is_some_and(|name| matches!(&*name, "STDIN" | "STDOUT"));
            it.runtime.streams_are_connection |= takes_place && connection::is_connection(&handle);
            keep_handle(it, args, handle);
            Value::unknown()
        }
        "socket" | "accept" => {
            let handle = Interpreter::carrier("socket", &[]);
            keep_handle(it, args, handle);
            Value::unknown()
        }
        "print" | "printf" | "say" => {
            let (handle, from) = match (args.named("to"), handle_of(it, &first)) {
                (Some(to), _) => (Some(handle_of(it, to).unwrap_or_else(|| to.clone())), 1),
                (None, Some(handle)) => (Some(handle), 1),
                (None, None) => (None, 0),
            };
            let data: Vec<Value> = args.values.iter().skip(from).cloned().collect();
            match handle {
                Some(handle) => put(it, name, &handle, &data, at),
                None => it.echoed(&Args::of(data)),
            }
            Value::int(1)
        }
        "syswrite" | "write" | "send" => {
            let handle = handle_of(it, &first)?;
            put(it, name, &handle, &[args.at(1)], at);
            Value::unknown()
        }
        "readline" | "getc" => read(it, &first, at),
        "read" | "sysread" | "recv" => {
            let data = read(it, &first, at);
            if let Some(Some(slot)) = args.slots.get(1) {
                let slot = slot.clone();
                it.put(&slot, data);
            }
            Value::unknown()
        }
        "unlink" | "rmdir" | "chmod" | "chown" | "mkdir" | "utime" | "truncate" | "rmtree" | "remove_tree" | "mkpath" => {
            let all = Value::from_all(args.all(), Control::Whole);
            let target = if first.taint.is_some() || all.taint.is_none() { first } else { all };
            it.hit(Capability::Change, name, at, &target, Facts::default());
            Value::unknown()
        }
        "rename" | "link" | "symlink" | "copy" | "move" | "cp" | "mv" if args.len() > 1 => {
            let (from, to) = (first, args.at(1));
            let target = if to.taint.is_some() { to } else { from.clone() };
            let also = from.is_requested(Control::Weak);
            it.hit(Capability::Change, name, at, &target, Facts { also, ..Facts::default() });
            Value::unknown()
        }
        "opendir" => {
            it.hit(Capability::List, name, at, &args.at(1), Facts::default());
            keep_handle(it, args, Interpreter::carrier("folder", &[]));
            Value::unknown()
        }
        "glob" | "find" | "finddepth" => {
            it.hit(Capability::List, name, at, &first, Facts::default());
            Value::unknown()
        }
        "readdir" => Value::unknown(),
        "close" | "closedir" | "binmode" | "flock" | "seek" | "truncate_handle" | "select" | "autoflush" => Value::unknown(),
        _ => return None,
    })
}

/// Endings that a server runs.
fn is_served(path: &Value) -> bool {
    let suffix = String::from_utf8_lossy(&path.edges().suffix).to_ascii_lowercase();
    [".cgi", ".pl", ".pm", ".php", ".asp", ".aspx", ".jsp", ".py", ".htaccess", ".phtml"]
        .iter()
        .any(|ending| suffix.ends_with(ending))
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
    // What is fetched and kept where the visitor says comes from where he says.
    let fetched =
        path.is_requested(Control::Whole) && data.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Remote);
    let facts = Facts { also: data.is_requested(Control::Part) || fetched, served, ..Facts::default() };
    it.hit(Capability::Write, name, at, argument, facts);
}

/// Something goes into a handle.
pub(super) fn put(it: &mut Interpreter<'_>, name: &str, handle: &Value, data: &[Value], at: u32) {
    let Known::Object(stream) = &handle.known else {
        it.echoed(&Args::of(data.to_vec()));
        return;
    };
    let data = it.join_all(data.to_vec());
    match &*stream.class {
        "process" => it.hit(Capability::Command, name, at, &data, Facts::default()),
        "socket" => it.hit(Capability::Tunnel, name, at, &data, Facts { also: true, ..Facts::default() }),
        _ if stream.field("writes").is_some() => {
            let path = stream.field("path").unwrap_or_default();
            written(it, name, &path, &data, at);
        }
        _ => {}
    }
}

/// The handle that `open(TO, ">&FROM")` doubles.
fn doubled(it: &mut Interpreter<'_>, args: &Args) -> Option<Value> {
    let sign = |byte: u8| matches!(byte, b'<' | b'>' | b'+' | b'&' | b'=') || byte.is_ascii_whitespace();
    let mode = args.at(1).edges().prefix;
    let length = mode.iter().take_while(|byte| sign(**byte)).count();
    let (signs, name) = mode.split_at(length);
    if !signs.contains(&b'&') {
        return None;
    }
    let from = match args.get(2) {
        Some(from) => from.clone(),
        None if args.at(1).is_known() => Value::bytes(name),
        None => Value::unknown(),
    };
    let handle = handle_of(it, &from);
    // One that nobody knows here, by its number: where no connection is, no shell is started on it.
    let is_open = from.as_text().is_none_or(|name| name.parse().is_ok_and(|number: u32| number > 2));
    Some(match handle {
        Some(handle) => handle,
        None if is_open => Interpreter::carrier("socket", &[]),
        None => Value::object("stream"),
    })
}

/// What `open` makes of its arguments behind the handle.
pub(super) fn opened(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let first = args.at(0);
    let second = args.get(1).cloned();
    let edges = first.edges();
    let start = edges.prefix.trim_ascii_start();
    let mode = start.iter().take_while(|byte| b"<>+|-".contains(byte)).count();
    let (mode, target) = match second.filter(|_| name != "sysopen") {
        // `open(F, '<', $name)`; the mode may name an encoding.
        Some(target) => {
            // `open(F, '-|', 'ls', $folder)`.
            let rest = Value::from_all(args.all().skip(2), Control::Part).taint;
            let target = if target.taint.is_none() { target.with_taint(rest) } else { target };
            (first.as_text().unwrap_or_default(), target)
        }
        None if name == "sysopen" => {
            (if args.int(1).is_some_and(|flags| flags & 3 != 0) { ">".into() } else { "<".into() }, first)
        }
        None => {
            let ends = edges.suffix.trim_ascii_end().ends_with(b"|");
            let mut sign = String::from_utf8_lossy(start.get(..mode).unwrap_or_default()).into_owned();
            if ends {
                sign = "-|".into();
            } else if sign.starts_with('|') {
                sign = "|-".into();
            } else if sign.is_empty() && first.is_requested(Control::Whole) && !first.is_known() {
                // The visitor may end it with a bar, which makes it a command.
                sign = "?|".into();
            }
            let target = match first.only_bytes() {
                Some(bytes) => {
                    let path = bytes.trim_ascii_start();
                    let path = path.get(mode.min(path.len())..).unwrap_or_default().trim_ascii();
                    Value { known: Known::Bytes(path.into()), ..first.clone() }
                }
                None if mode > 0 || ends => without_signs(&first, mode),
                None => first,
            };
            (sign, target)
        }
    };
    let object = Object::new(if mode.contains('|') { "process" } else { "stream" });
    object.set("path", target.clone());
    if mode == "?|" {
        // Mostly meant for files only.
        it.hit(Capability::Read, name, at, &target, Facts::default());
        it.hit(Capability::Command, name, at, &target, Facts { checked: true, ..Facts::default() });
        object.take(target.deep_taint().map(|taint| taint.at_most(Control::Weak)));
    } else if mode.contains('|') {
        it.hit(Capability::Command, name, at, &target, Facts::default());
        object.take(target.deep_taint().map(|taint| taint.at_most(Control::Weak)));
    } else if mode.contains('>') || mode.contains('+') {
        object.set("writes", Value::bool(true));
        if target.is_requested(Control::Weak) {
            it.hit(Capability::Write, name, at, &target, Facts { served: is_served(&target), ..Facts::default() });
        }
    } else {
        if target.is_requested(Control::Weak) {
            it.hit(Capability::Read, name, at, &target, Facts::default());
        }
        let data = content(it, &target, at);
        object.set("data", data);
    }
    Interpreter::object_value(Rc::new(object))
}

/// A path that is known in part, without the signs around it that say what `open` does.
fn without_signs(path: &Value, mode: usize) -> Value {
    let edges = path.edges();
    let suffix = edges.suffix.trim_ascii_end();
    let rest = Partial {
        prefix: edges.prefix.trim_ascii_start().get(mode..).unwrap_or_default().trim_ascii_start().to_vec(),
        suffix: suffix.strip_suffix(b"|").unwrap_or(suffix).to_vec(),
        inner: edges.inner,
        choices: Vec::new(),
    };
    let is_all = rest.is_nothing() && matches!(path.known, Known::Partial(_));
    let raise = |taint: Taint| match taint.control {
        Control::Part if is_all => Taint { control: Control::Whole, ..taint },
        _ => taint,
    };
    Value { known: Known::Partial(Rc::new(rest)), taint: path.taint.clone().map(raise), made: path.made }
}

fn content(it: &mut Interpreter<'_>, path: &Value, at: u32) -> Value {
    if path.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        return Value { known: Known::Unknown, ..path.clone() };
    }
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

/// What comes out of a handle.
fn read(it: &mut Interpreter<'_>, handle: &Value, at: u32) -> Value {
    let spot = it.spot(at);
    // `<>` and `<ARGV>` read what `<STDIN>` does, where no files were named.
    let of_stdin = || it.runtime.settings.get("handle STDIN").cloned();
    let handle = &match handle_name(handle).filter(|name| name == "ARGV").and_then(|_| of_stdin()) {
        Some(stdin) => stdin,
        None => handle.clone(),
    };
    let is_input = handle_name(handle).is_some_and(|name| matches!(name.to_ascii_uppercase().as_str(), "STDIN" | "ARGV"));
    if is_input && handle_of(it, handle).is_none_or(|handle| !matches!(handle.known, Known::Object(_))) {
        let control = if super::server::answers(it) { Control::Whole } else { Control::Mark };
        return Value::tainted(Taint::source(SourceKind::Body, "", spot).at_most(control));
    }
    let stream = handle_of(it, handle).unwrap_or_else(|| handle.clone());
    let Known::Object(object) = &stream.known else {
        // A handle of CGI.pm's own is the upload itself.
        return Value { known: Known::Unknown, ..stream };
    };
    match &*object.class {
        "socket" => Value::tainted(Taint::source(SourceKind::Remote, "", spot)),
        "stream" => object.field("data").unwrap_or_default(),
        _ => Value::unknown().with_taint(object.taint.borrow().clone()),
    }
}

/// The handle that a value is or names.
fn handle_of(it: &Interpreter<'_>, value: &Value) -> Option<Value> {
    match &value.known {
        Known::Object(object) if matches!(&*object.class, "stream" | "process" | "socket") => Some(value.clone()),
        Known::Type(name) => Some(match it.runtime.settings.get(&format!("handle {name}")) {
            Some(handle) => handle.clone(),
            // `STDERR`, or one that is opened elsewhere.
            None => Value::unknown(),
        }),
        Known::Bytes(_) => it.runtime.settings.get(&format!("handle {}", handle_name(value)?)).cloned(),
        _ => None,
    }
}

/// A handle from now on is another one.
pub(super) fn takes_over(it: &mut Interpreter<'_>, name: &str, other: Value) {
    it.runtime.settings.insert(format!("handle {name}"), other);
}

fn keep_handle(it: &mut Interpreter<'_>, args: &Args, handle: Value) {
    if let Some(Some(slot)) = args.slots.first() {
        let slot = slot.clone();
        it.put(&slot, handle);
        return;
    }
    if let Some(name) = handle_name(&args.at(0)) {
        takes_over(it, &name, handle);
    }
}
