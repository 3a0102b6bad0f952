//! Files and folders.

use super::{as_string, field, made_object};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Value};

/// Endings that servers of Java run or load, and those of other servers beside.
const SERVED: &[&str] = &[
    ".jsp", ".jspx", ".jspf", ".jspa", ".jsw", ".jsv", ".jtml", ".tag", ".tagx", ".war", ".jar", ".class", ".cfm", ".cfml",
    ".cfc", ".php", ".phtml", ".asp", ".aspx", ".ashx", ".asmx",
];

/// The path that a value names: text, or a `File` or `Path`.
pub(in crate::library) fn path_of(value: &Value) -> Value {
    match &value.known {
        Known::Object(object) if &*object.class == "file" => {
            object.field("value").unwrap_or_default().with_taint(object.taint.borrow().clone())
        }
        _ => as_string(value),
    }
}

pub(in crate::library) fn is_served(path: &Value) -> bool {
    let suffix = String::from_utf8_lossy(&path.edges().suffix).to_ascii_lowercase();
    SERVED.iter().any(|ending| suffix.ends_with(ending))
}

fn file(path: Value) -> Value {
    made_object("file", [("value", path)])
}

/// A stream that writes to a file.
pub(super) fn output(path: &Value) -> Value {
    made_object("outfile", [("path", path_of(path))])
}

fn joined(it: &mut Interpreter<'_>, parts: &[Value]) -> Value {
    let mut path: Option<Value> = None;
    for part in parts.iter().filter(|part| !matches!(part.known, Known::Null)) {
        let part = path_of(part);
        path = Some(match path {
            Some(path) => {
                let path = it.join(&path, &Value::text("/"));
                it.join(&path, &part)
            }
            None => part,
        });
    }
    path.unwrap_or_default()
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "file" => file(joined(it, &args.values)),
        "fileoutputstream" | "filewriter" | "fileimageoutputstream" => output(&first),
        "fileinputstream" | "filereader" | "zipfile" | "jarfile" => open(it, "FileInputStream", &first, at),
        "randomaccessfile" => {
            let writes = args.text(1).is_none_or(|mode| mode.contains('w'));
            if writes { output(&first) } else { open(it, "RandomAccessFile", &first, at) }
        }
        "multipartrequest" => {
            let spot = it.spot(at);
            let source = Value::tainted(Taint::source(SourceKind::Upload, "", spot));
            it.uploaded("MultipartRequest", &source, &args.at(1), Facts { also: true, ..Facts::default() }, at);
            return super::request::construct(class, args);
        }
        _ => return super::request::construct(class, args),
    })
}

/// Something is written to a file.
pub(in crate::library) fn written(it: &mut Interpreter<'_>, callee: &str, path: &Value, data: &Value, at: u32) {
    let served = is_served(path);
    if let Some(path) = path.as_text().filter(|_| path.is_known()) {
        it.keep_written(&path, data);
    }
    let data_taint = data.deep_taint();
    if data_taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        it.uploaded(callee, data, path, Facts { also: true, served, ..Facts::default() }, at);
        return;
    }
    // What is fetched and kept where the visitor says comes from where he says.
    let fetched = path.is_requested(Control::Part) && data_taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Remote);
    let facts = Facts { also: data.is_requested(Control::Part) || fetched, served, ..Facts::default() };
    // The path decides first; if it is the page's own, the content does.
    let argument = if path.is_requested(Control::Weak) { path.clone() } else { data.clone() };
    let argument = if argument.taint.is_none() { Value { taint: data_taint, ..argument } } else { argument };
    it.hit(Capability::Write, callee, at, &argument, facts);
    if served
        && let Some(bytes) = data.only_bytes()
        && data.taint.is_none()
    {
        it.dropped(bytes.clone(), path);
    }
}

/// A stream of a file's content.
pub(super) fn open(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    super::streams::input(content(it, callee, path, at))
}

/// What stands in a file.
pub(in crate::library) fn content(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    let path = path_of(path);
    if path.is_requested(Control::Weak) {
        it.hit(Capability::Read, callee, at, &path, Facts::default());
    }
    let spot = it.spot(at);
    if let Some(text) = path.as_text().filter(|_| path.is_known()) {
        if let Some(value) = it.kept_written(&text) {
            return value;
        }
        if let Some(bytes) = it.open_file(&text) {
            return Value::from(Known::Bytes(bytes)).with(Made::CARRIED);
        }
    }
    Value::tainted(Taint::source(SourceKind::Storage, &path.as_text().unwrap_or_default(), spot))
}

pub(in crate::library) fn change(it: &mut Interpreter<'_>, callee: &str, path: &Value, other: Option<&Value>, at: u32) -> Value {
    let path = path_of(path);
    let other = other.map(path_of);
    let also = other.as_ref().is_some_and(|other| other.is_requested(Control::Weak));
    let argument = match &other {
        Some(other) if path.deep_taint().is_none() => other,
        _ => &path,
    };
    let facts = Facts { also, served: other.as_ref().is_some_and(is_served), ..Facts::default() };
    it.hit(Capability::Change, callee, at, argument, facts);
    Value::unknown()
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    if class == "instream" {
        // `ZipFile.getInputStream(entry)`.
        return (name == "getinputstream" || name == "entries").then(|| object.clone());
    }
    if matches!(name, "getresourceasstream") {
        return Some(open(it, "getResourceAsStream", &args.at(0), at));
    }
    if class == "zipentry" && name == "getname" {
        return Some(Value::unknown().with_taint(object.taint.clone()));
    }
    if class != "file" {
        return None;
    }
    let path = path_of(object);
    Some(match name {
        "getpath" | "getabsolutepath" | "getcanonicalpath" | "tostring" | "tourl" | "touri" => path,
        "topath" | "tofile" | "getabsolutefile" | "getcanonicalfile" | "normalize" | "toabsolutepath" | "torealpath" => {
            object.clone()
        }
        "getname" | "getfilename" => {
            let last = path.as_text().filter(|_| path.is_known());
            let last = last.map(|path| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned());
            match last {
                Some(last) => Value { known: Known::Bytes(last.as_bytes().into()), ..path },
                None => Value { known: Known::Unknown, ..path },
            }
        }
        "getparent" | "getparentfile" => Value { known: Known::Unknown, ..path },
        "resolve" | "resolvesibling" => file(joined(it, &[object.clone(), args.at(0)])),
        "list" | "listfiles" | "listroots" => {
            it.hit(Capability::List, "File.listFiles", at, &path, Facts::default());
            Interpreter::array_of_unknown(inside(&path))
        }
        "delete" | "deleteonexit" => change(it, "File.delete", object, None, at),
        "renameto" => change(it, "File.renameTo", object, args.get(0), at),
        "mkdir" | "mkdirs" | "createnewfile" | "setlastmodified" | "setexecutable" | "setwritable" | "setreadable"
        | "setreadonly" => change(it, "File", object, None, at),
        "exists" | "isfile" | "isdirectory" | "canread" | "canwrite" | "canexecute" | "length" | "lastmodified" | "ishidden"
        | "isabsolute" => Value::from_all([object], Control::Mark),
        "equals" | "startswith" | "endswith" | "compareto" | "hashcode" => Value::from_all([object], Control::Mark),
        _ => return None,
    })
}

/// A file in a folder.
fn inside(folder: &Value) -> Value {
    let taint = folder.deep_taint().map(|taint| taint.at_most(Control::Part));
    file(Value::unknown().with_taint(taint))
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    match (class, name) {
        ("paths" | "path" | "filesystems", "get" | "of" | "getpath") => return Some(file(joined(it, &args.values))),
        ("file", "createtempfile") => return Some(file(Value::text("/tmp/file"))),
        ("file", "listroots") => return Some(Interpreter::array_of_unknown(inside(&Value::unknown()))),
        ("files" | "fileutils" | "fileutil", _) => {}
        _ => return None,
    }
    let callee = if class == "files" { "Files" } else { "FileUtils" };
    let callee = |method: &str| format!("{callee}.{method}");
    Some(match name {
        "write"
        | "writestring"
        | "writestringtofile"
        | "writebytearraytofile"
        | "writelines"
        | "writebytes"
        | "writeutf8string"
        | "appendstring" => {
            let hutool = class == "fileutil";
            let (path, data) = if hutool { (args.at(1), first) } else { (first, args.at(1)) };
            written(it, &callee("write"), &path_of(&path), &as_string(&data), at);
            Value::null()
        }
        "newoutputstream" | "newbufferedwriter" | "newbytechannel" | "openoutputstream" => output(&first),
        "readallbytes"
        | "readalllines"
        | "readstring"
        | "lines"
        | "readfiletostring"
        | "readfiletobytearray"
        | "readlines"
        | "readbytes"
        | "readutf8string" => content(it, &callee("read"), &first, at),
        "newinputstream" | "newbufferedreader" | "openinputstream" => open(it, &callee("read"), &first, at),
        "copy" | "copyinputstreamtofile" | "copytofile" | "transferto" => copy(it, &callee("copy"), &first, &args.at(1), at),
        "copyurltofile" => {
            let url = super::network::url_of(&first);
            it.hit(Capability::Fetch, "FileUtils.copyURLToFile", at, &url, Facts::default());
            let spot = it.spot(at);
            let data = Value::tainted(Taint::source(SourceKind::Remote, "", spot));
            written(it, &callee("copy"), &path_of(&args.at(1)), &data, at);
            Value::null()
        }
        "copyfile" | "copydirectory" | "copyfiletodirectory" | "move" | "movefile" | "createsymboliclink" => {
            change(it, &callee("move"), &first, args.get(1), at)
        }
        "delete" | "deleteifexists" | "deletequietly" | "deletedirectory" | "forcedelete" | "cleandirectory" | "del" => {
            change(it, &callee("delete"), &first, None, at)
        }
        "createfile"
        | "createdirectory"
        | "createdirectories"
        | "setlastmodifiedtime"
        | "setposixfilepermissions"
        | "forcemkdir"
        | "setattribute"
        | "touch"
        | "mkdir" => change(it, &callee("create"), &first, None, at),
        "list" | "walk" | "newdirectorystream" | "walkfiletree" | "listfiles" | "iteratefiles" | "find" => {
            let path = path_of(&first);
            it.hit(Capability::List, &callee("list"), at, &path, Facts::default());
            Interpreter::array_of_unknown(inside(&path))
        }
        "exists" | "isdirectory" | "isregularfile" | "size" | "isreadable" | "notexists" => {
            Value::from_all([&first], Control::Mark)
        }
        "getfile" => file(joined(it, &args.values)),
        "createtempfile" | "createtempdirectory" => file(Value::text("/tmp/file")),
        _ => return None,
    })
}

/// `Files.copy` has three kinds: from a stream to a file, from a file to a stream, from a file to a file.
fn copy(it: &mut Interpreter<'_>, callee: &str, from: &Value, to: &Value, at: u32) -> Value {
    if from.class() == "file" && field(to, "value").is_none() && to.class().starts_with("out") {
        let data = content(it, callee, from, at);
        return it.call_method(to, "write", Args::of(vec![data]), at);
    }
    if from.class() == "file" {
        if to.class() == "response" {
            return content(it, callee, from, at);
        }
        return change(it, callee, from, Some(to), at);
    }
    let data = super::streams::data_of(from);
    written(it, callee, &path_of(to), &data, at);
    Value::null()
}
