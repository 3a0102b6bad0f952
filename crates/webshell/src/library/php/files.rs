//! Files and streams: what is written where, what is read from where.

use std::rc::Rc;

use crate::decode;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Key, Known, Made, Object, Partial, Value};

/// Endings that a server runs as PHP or another language of pages.
const SERVED: &[&str] = &[
    ".php",
    ".php3",
    ".php4",
    ".php5",
    ".php7",
    ".phtml",
    ".pht",
    ".phar",
    ".asp",
    ".aspx",
    ".ashx",
    ".asmx",
    ".jsp",
    ".jspx",
    ".cfm",
    ".cgi",
    ".pl",
    ".htaccess",
    ".user.ini",
    ".inc",
];

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "file_put_contents" => {
            written(it, name, &args.at(0), &args.at(1), at);
            Value::unknown()
        }
        "fopen" | "gzopen" | "bzopen" => open(it, name, args, at),
        "tmpfile" => {
            it.runtime.temporary += 1;
            let path = Value::text(&format!("/tmp/(temporary {})", it.runtime.temporary));
            open(it, name, &Args::of(vec![path, Value::text("w+")]), at)
        }
        "tempnam" => {
            it.runtime.temporary += 1;
            Value::text(&format!("/tmp/(temporary {})", it.runtime.temporary))
        }
        "error_log" => {
            if args.int(1) == Some(3) {
                written(it, name, &args.at(2), &args.at(0), at);
            }
            Value::unknown()
        }
        "fwrite" | "fputs" | "gzwrite" | "gzputs" | "bzwrite" | "fputcsv" => {
            let handle = args.at(0);
            let data = args.at(1);
            if let Known::Object(stream) = &handle.known {
                let path = stream.field("path").unwrap_or_default();
                if stream.class.as_ref() == "socket" {
                    it.hit(Capability::Tunnel, name, at, &data, Facts { also: true, ..Facts::default() });
                } else if stream.class.as_ref() == "process" {
                    it.hit(Capability::Command, name, at, &data, Facts::default());
                } else {
                    let start = path.edges().prefix;
                    let in_memory = start.starts_with(b"php://") && !start.starts_with(b"php://filter/");
                    if !in_memory {
                        written(it, name, &path, &data, at);
                    }
                    super::hooks::filtered(it, stream, &data, at);
                    stream.take(data.deep_taint());
                    let before = stream.field("data").unwrap_or_else(|| Value::bytes(b""));
                    let mut now = it.join(&before, &data);
                    // What was whole stays whole when it is only collected.
                    now.taint = Taint::stronger(before.taint, data.taint).or(now.taint);
                    if let Some(length) = now.only_bytes().map(|bytes| bytes.len()) {
                        stream.set("position", Value::int(length as i64));
                    }
                    stream.set("data", now);
                }
            } else if handle.taint.is_some() || data.is_requested(Control::Whole) {
                let path = Value { known: Known::Unknown, ..handle };
                written(it, name, &path, &data, at);
            }
            Value::unknown()
        }
        "move_uploaded_file" => moved(it, name, args, at),
        "copy" | "stream_copy_to_stream" => {
            let (from, to) = (args.at(0), args.at(1));
            let is_upload = from.taint.as_ref().is_some_and(|taint| matches!(taint.kind(), SourceKind::Upload));
            let target = match &to.known {
                Known::Object(stream) => stream.field("path").unwrap_or_default(),
                _ => to.clone(),
            };
            if is_upload {
                let facts = Facts { also: true, served: is_served(&target), ..Facts::default() };
                it.uploaded(name, &from, &target, facts, at);
                return Some(Value::unknown());
            }
            if from.is_visitors(Control::Part) {
                looked_at(it, name, &from, at);
            }
            let data = match &from.known {
                Known::Object(stream) => Value::unknown().with_taint(stream.taint.borrow().clone()),
                _ => opened_any(it, &from, at),
            };
            if data.taint.is_some() {
                written(it, name, &target, &data, at);
            }
            it.hit(Capability::Change, name, at, &to, Facts { also: from.is_requested(Control::Weak), ..Facts::default() });
            Value::unknown()
        }
        "file_get_contents"
        | "gzfile"
        | "file"
        | "stream_get_contents"
        | "fread"
        | "fgets"
        | "fgetss"
        | "gzread"
        | "fgetc"
        | "gzgets"
        | "stream_get_line"
        | "fpassthru"
        | "curl_exec"
        | "parse_ini_file"
        | "simplexml_load_file"
        | "yaml_parse_file"
        | "fscanf" => {
            return read(it, name, args, at);
        }
        "curl_init" => {
            let object = Interpreter::fresh_object("curl");
            object.set("url", args.at(0));
            Interpreter::object_value(object)
        }
        "curl_setopt" => {
            if let (Known::Object(curl), Some(10002)) = (&args.at(0).known, args.int(1)) {
                curl.set("url", args.at(2));
            } else if let Known::Object(curl) = &args.at(0).known {
                curl.take(args.at(2).deep_taint());
            }
            Value::unknown()
        }
        "curl_setopt_array" => {
            if let (Known::Object(curl), Known::Array(options)) = (&args.at(0).known, &args.at(1).known)
                && let Some(url) = options.get(&Key::Int(10002))
            {
                curl.set("url", url.clone());
            }
            Value::unknown()
        }
        "fsockopen" | "pfsockopen" | "stream_socket_client" | "socket_create" => {
            it.hit(
                Capability::Tunnel,
                name,
                at,
                &args.at(0),
                Facts { also: args.at(1).is_requested(Control::Part), ..Facts::default() },
            );
            stream("socket", &args.at(0))
        }
        "popen" => {
            it.hit(Capability::Command, name, at, &args.at(0), Facts::default());
            stream("process", &args.at(0))
        }
        "fclose" | "fflush" | "flock" | "gzclose" | "curl_close" => Value::unknown(),
        "fseek" | "rewind" => {
            if let Known::Object(stream) = &args.at(0).known {
                let position = if name == "rewind" { Value::int(0) } else { args.at(1) };
                stream.set("position", position);
            }
            Value::unknown()
        }
        "feof" => match &args.at(0).known {
            Known::Object(stream) => match (stream.field("data").and_then(|data| data.as_bytes()), position(stream)) {
                (Some(data), Some(position)) => Value::bool(position >= data.len()),
                _ => Value::unknown(),
            },
            _ => Value::unknown(),
        },
        "filesize" => match args.text(0).and_then(|path| opened(it, &path, at)).and_then(|data| data.as_bytes()) {
            Some(data) => Value::int(data.len() as i64),
            None => Value::unknown(),
        },
        "readdir" => Value::unknown(),
        "get_meta_tags" | "exif_read_data" | "read_exif_data" | "getimagesize" | "iptcparse" => {
            let remote = args.at(0).edges().prefix;
            let mut value = Value::unknown().with(Made::CARRIED);
            if is_remote(&remote) || args.at(0).is_requested(Control::Whole) {
                let spot = it.spot(at);
                value.taint = Some(Taint::source(SourceKind::Remote, "", spot));
            } else if name != "getimagesize" {
                let spot = it.spot(at);
                value.taint = Some(Taint::source(SourceKind::Storage, "", spot));
            }
            value
        }
        _ => return None,
    })
}

/// An uploaded file is kept.
pub(super) fn moved(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let target = args.at(1);
    let facts = Facts { also: true, served: is_served(&target), ..Facts::default() };
    let source = match &args.at(0).taint {
        Some(taint) if taint.kind() == SourceKind::Upload => args.at(0),
        _ => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Upload, "", spot))
        }
    };
    it.uploaded(name, &source, &target, facts, at);
    Value::unknown()
}

/// A file is read, or an address fetched. A wrapper in front of a path is a way around what the server forbids.
fn looked_at(it: &mut Interpreter<'_>, name: &str, path: &Value, at: u32) {
    let prefix = path.edges().prefix;
    if is_remote(&prefix) {
        if path.is_requested(Control::Weak) {
            it.hit(Capability::Fetch, name, at, path, Facts::default());
        }
        return;
    }
    it.hit(Capability::Read, name, at, path, Facts { also: is_file(&prefix), ..Facts::default() });
}

/// Whether a path that begins so may become that of a wrapper which reads what the visitor sends.
fn may_be_wrapper(start: &[u8]) -> bool {
    !start.is_empty()
        && [&b"php://input"[..], b"php://filter", b"data:", b"http://", b"ftp://"].iter().any(|one| one.starts_with(start))
}

/// Wrappers that read files of the server itself.
fn is_file(start: &[u8]) -> bool {
    [&b"file:"[..], b"compress.zlib:", b"compress.bzip2:", b"zip:", b"glob:"]
        .iter()
        .any(|scheme| start.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

fn stream(class: &str, path: &Value) -> Value {
    let object = Object::new(class);
    object.set("path", path.clone());
    object.take(path.deep_taint().map(|taint| taint.at_most(Control::Weak)));
    Interpreter::object_value(Rc::new(object))
}

fn is_remote(start: &[u8]) -> bool {
    [&b"http://"[..], b"https://", b"ftp://", b"//"]
        .iter()
        .any(|scheme| start.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

pub(super) fn is_served(path: &Value) -> bool {
    let suffix = path.edges().suffix;
    let suffix = String::from_utf8_lossy(&suffix).to_ascii_lowercase();
    SERVED.iter().any(|ending| suffix.ends_with(ending))
}

/// Something is written to a file.
pub(super) fn written(it: &mut Interpreter<'_>, name: &str, path: &Value, data: &Value, at: u32) {
    super::hooks::filtered_by_path(it, path, data, at);
    let path = &resource_of(path);
    let served = is_served(path);
    if let Some(path) = path.as_text().filter(|_| path.is_known()) {
        it.keep_written(&path, data);
    }
    if data.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        let facts = Facts { also: true, served, ..Facts::default() };
        it.uploaded(name, data, path, facts, at);
        return;
    }
    // What another machine sends, under a name that the visitor gives.
    let is_remote = data.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Remote);
    let names_it = path.is_requested(Control::Part) && path.edges().suffix.is_empty() && !path.edges().prefix.contains(&b'/');
    let facts = Facts { also: data.is_requested(Control::Part) || is_remote && names_it, served, ..Facts::default() };
    // The path decides first; if it is the page's own, the content does.
    let argument = if path.is_requested(Control::Weak) { path } else { data };
    let argument = match (&argument.taint, data.deep_taint()) {
        (None, taint @ Some(_)) => Value { taint, ..argument.clone() },
        _ => argument.clone(),
    };
    it.hit(Capability::Write, name, at, &argument, facts);
    if served
        && let Some(bytes) = data.only_bytes()
        && data.taint.is_none()
    {
        it.dropped(bytes.clone(), path);
    }
}

/// The file behind filters that a path names.
fn resource_of(path: &Value) -> Value {
    const MARK: &[u8] = b"resource=";
    let start = path.edges().prefix;
    let Some(end) = memchr::memmem::find(&start, MARK).filter(|_| start.starts_with(b"php://filter/")) else {
        return path.clone();
    };
    let prefix = start.get(end + MARK.len()..).unwrap_or_default();
    match &path.known {
        Known::Bytes(_) => Value { known: Known::Bytes(prefix.into()), ..path.clone() },
        _ if prefix.is_empty() => Value { known: Known::Unknown, taint: path.taint.as_ref().map(Taint::whole), made: path.made },
        _ => Value { known: Known::Partial(Rc::new(Partial { prefix: prefix.to_vec(), ..path.edges() })), ..path.clone() },
    }
}

fn open(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let path = args.at(0);
    let mode = args.text(1).unwrap_or_default();
    let writes = mode.contains(['w', 'a', 'x', 'c', '+']);
    let object = Object::new("stream");
    object.set("path", path.clone());
    if writes {
        object.set("writes", Value::bool(true));
        object.set("position", Value::int(0));
        // What stands there already can be read, too.
        if mode.contains(['r', 'a', 'c']) && !path.edges().prefix.starts_with(b"php://") {
            let data = opened_any(it, &path, at);
            if data.is_known() {
                object.set("data", data);
            }
        }
    } else {
        looked_at(it, name, &path, at);
        let data = opened_any(it, &path, at);
        object.take(data.taint.clone());
        object.set("data", data);
        object.set("position", Value::int(0));
    }
    Interpreter::object_value(Rc::new(object))
}

fn position(stream: &Object) -> Option<usize> {
    usize::try_from(stream.field("position")?.as_int()?).ok()
}

fn read(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let from = args.at(0);
    let is_handle = matches!(
        name,
        "stream_get_contents"
            | "fread"
            | "fgets"
            | "fgetss"
            | "gzread"
            | "fgetc"
            | "gzgets"
            | "stream_get_line"
            | "fpassthru"
            | "fscanf"
    );
    if name == "curl_exec" {
        let url = match &from.known {
            Known::Object(curl) => curl.field("url").unwrap_or_default(),
            _ => from.clone(),
        };
        if is_file(&url.edges().prefix) {
            looked_at(it, name, &url, at);
        } else {
            it.hit(Capability::Fetch, name, at, &url, Facts::default());
        }
        let spot = it.spot(at);
        return Some(Value::tainted(Taint::source(SourceKind::Remote, &url.as_text().unwrap_or_default(), spot)));
    }
    if is_handle {
        let Known::Object(stream) = &from.known else {
            return Some(Value { known: Known::Unknown, ..from });
        };
        if matches!(&*stream.class, "socket" | "process") {
            let spot = it.spot(at);
            return Some(Value::tainted(Taint::source(SourceKind::Remote, "", spot)));
        }
        let Some(data) = stream.field("data") else { return Some(Value::unknown().with_taint(stream.taint.borrow().clone())) };
        let (Some(bytes), Some(start)) = (data.as_bytes().filter(|_| data.is_known()), position(stream)) else {
            return Some(Value { known: Known::Unknown, ..data });
        };
        let rest = bytes.get(start.min(bytes.len())..).unwrap_or_default();
        let count = match name {
            "fgets" | "fgetss" | "gzgets" => rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1),
            "fgetc" => 1,
            "fread" | "gzread" => args.int(1).and_then(|count| usize::try_from(count).ok()).unwrap_or(rest.len()),
            _ => rest.len(),
        };
        let piece = rest.get(..count.min(rest.len())).unwrap_or_default();
        stream.set("position", Value::int((start + piece.len()) as i64));
        if piece.is_empty() {
            return Some(Value::bool(false));
        }
        return Some(Value { known: Known::Bytes(piece.into()), ..data });
    }
    looked_at(it, name, &from, at);
    let data = opened_any(it, &from, at);
    if matches!(name, "file" | "gzfile")
        && let Some(bytes) = data.only_bytes()
    {
        let flags = args.int(1).unwrap_or_default();
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
            let line = if flags & 2 != 0 { line.trim_ascii_end() } else { line };
            Value { known: Known::Bytes(line.into()), ..data.clone() }
        });
        return Some(Value { made: data.made, ..Value::list(lines.collect()) });
    }
    if name == "file_get_contents"
        && let (Some(bytes), Some(start)) = (data.only_bytes(), args.int(3))
        && let Ok(start) = usize::try_from(start)
    {
        let rest = bytes.get(start.min(bytes.len())..).unwrap_or_default();
        let count = args.int(4).and_then(|count| usize::try_from(count).ok()).unwrap_or(rest.len());
        let piece = rest.get(..count.min(rest.len())).unwrap_or_default();
        return Some(Value { known: Known::Bytes(piece.into()), ..data });
    }
    Some(data)
}

/// What stands in a file that a value names.
pub(super) fn opened_any(it: &mut Interpreter<'_>, path: &Value, at: u32) -> Value {
    let spot = it.spot(at);
    if let Some(taint) = &path.taint
        && taint.kind() == SourceKind::Upload
    {
        return Value { known: Known::Unknown, ..path.clone() };
    }
    let edges = path.edges();
    if is_remote(&edges.prefix) {
        let name = String::from_utf8_lossy(&edges.prefix).into_owned();
        return Value::tainted(Taint::source(SourceKind::Remote, &name, spot)).with(path.made);
    }
    if let Some(text) = path.as_text().filter(|_| path.is_known())
        && let Some(value) = opened(it, &text, at)
    {
        return value.with(path.made);
    }
    // What the visitor makes a path of another machine, or of the request itself.
    if path.is_requested(Control::Whole) || path.is_requested(Control::Part) && may_be_wrapper(&edges.prefix) {
        return Value::tainted(Taint::source(SourceKind::Remote, "", spot));
    }
    Value::tainted(Taint::source(SourceKind::Storage, &path.as_text().unwrap_or_default(), spot))
}

/// What stands under a path that is known: the request's body, data in the path, the page itself, a file beside it.
pub(super) fn opened(it: &mut Interpreter<'_>, path: &str, at: u32) -> Option<Value> {
    let spot = it.spot(at);
    let lower = path.to_ascii_lowercase();
    if lower.starts_with("php://input") || lower.starts_with("php://stdin") {
        return Some(Value::tainted(Taint::source(SourceKind::Body, "", spot)));
    }
    if lower.starts_with("php://filter") {
        let (filters, resource) = path.split_once("/resource=")?;
        let mut value = opened(it, resource, at)?;
        for filter in filters.to_ascii_lowercase().split(['/', '|']) {
            let known = value.only_bytes().map(|bytes| match filter.trim_start_matches("read=").trim_start_matches("write=") {
                "convert.base64-decode" => decode::base64(bytes),
                "convert.base64-encode" => decode::to_base64(bytes),
                "string.rot13" => decode::rot13(bytes),
                "zlib.inflate" => decode::inflate(bytes).unwrap_or_default(),
                "convert.quoted-printable-decode" => decode::quoted_printable(bytes),
                _ => bytes.to_vec(),
            });
            if let Some(bytes) = known {
                value.known = Known::Bytes(bytes.into());
                value.made = value.made.and(Made::DECODED);
            }
        }
        return Some(value);
    }
    if let Some(rest) = lower.starts_with("data:").then(|| path.get(5..)).flatten() {
        let (kind, data) = rest.split_once(',')?;
        let bytes = decode::url(data.as_bytes(), false);
        let bytes = if kind.contains("base64") { decode::base64(&bytes) } else { bytes };
        return Some(Value::bytes(&bytes).with(Made::DECODED));
    }
    if lower.starts_with("php://") {
        return Some(Value::unknown());
    }
    if let Some(value) = it.kept_written(path).or_else(|| super::hooks::wrapped(it, path, at)) {
        return Some(value);
    }
    let bytes = it.open_file(path)?;
    Some(Value::from(Known::Bytes(bytes)).with(Made::CARRIED))
}
