//! Files and folders.

use super::plain::{bytes, field, lower, object, spelled, weaker};
use super::{sequence, stream};
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

/// Endings that IIS or a program beside it runs, or reads as its configuration.
const SERVED: &[&str] = &[
    ".aspx", ".ashx", ".asmx", ".ascx", ".asax", ".master", ".svc", ".soap", ".rem", ".asp", ".asa", ".cer", ".cdx", ".cshtml",
    ".vbhtml", ".config", ".php", ".php5", ".phtml", ".jsp", ".jspx", ".cfm", ".shtml", ".stm", ".cgi", ".pl", ".htr", ".idc",
];

pub(crate) fn is_served(path: &Value) -> bool {
    let suffix = path.edges().suffix.to_ascii_lowercase();
    SERVED.iter().any(|ending| suffix.ends_with(ending.as_bytes()))
}

/// Something is written to a file.
pub(crate) fn written(it: &mut Interpreter<'_>, callee: &str, path: &Value, data: &Value, at: u32) {
    let served = is_served(path);
    if let Some(name) = super::plain::text(path).filter(|name| !name.is_empty()) {
        it.keep_written(&name, data);
    }
    if data.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        return uploaded(it, callee, data, path, at);
    }
    // What is fetched and kept where the visitor says comes from where he says.
    let fetched = path.is_requested(Control::Whole) && data.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Remote);
    let facts = Facts { also: data.is_requested(Control::Part) || fetched, served, ..Facts::default() };
    // The path decides first; if it is the page's own, the content does.
    let argument = match (path.is_requested(Control::Weak), data.deep_taint()) {
        (false, Some(taint)) => Value { taint: Some(taint), ..path.clone() },
        _ => path.clone(),
    };
    it.hit(Capability::Write, callee, at, &argument, facts);
    if served
        && let Some(content) = bytes(data)
        && data.taint.is_none()
    {
        it.dropped(content, path);
    }
}

/// An uploaded file is saved.
pub(crate) fn uploaded(it: &mut Interpreter<'_>, callee: &str, file: &Value, path: &Value, at: u32) {
    let facts = Facts { also: true, served: is_served(path), ..Facts::default() };
    it.uploaded(callee, file, path, facts, at);
}

fn is_remote(path: &Value) -> bool {
    let start = path.edges().prefix.to_ascii_lowercase();
    [&b"http://"[..], b"https://", b"ftp://"].iter().any(|scheme| start.starts_with(scheme))
}

/// A file is read: what stands in it.
pub(crate) fn read(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    if path.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Upload) {
        return Value { known: Known::Unknown, ..path.clone() };
    }
    if path.is_requested(Control::Weak) {
        let capability = if is_remote(path) { Capability::Fetch } else { Capability::Read };
        it.hit(capability, callee, at, path, Facts::default());
    }
    let name = super::plain::text(path);
    if let Some(name) = &name
        && let Some(value) = it.kept_written(name)
    {
        return value;
    }
    super::request::source(it, SourceKind::Storage, &name.unwrap_or_default(), at)
}

/// A stream on a file that is read.
pub(super) fn opened(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    let data = read(it, callee, path, at);
    object("filestream", &[("path", path), ("data", &data)])
}

#[derive(Clone, Copy)]
enum What {
    Write,
    Open,
    Create,
    Writer,
    Read,
    ReadStream,
    Copy,
    Change,
    List,
    Look,
}

const FILE: &[(&str, What)] = &[
    ("WriteAllText", What::Write),
    ("WriteAllBytes", What::Write),
    ("WriteAllLines", What::Write),
    ("AppendAllText", What::Write),
    ("AppendAllLines", What::Write),
    ("WriteAllTextAsync", What::Write),
    ("WriteAllBytesAsync", What::Write),
    ("AppendAllTextAsync", What::Write),
    ("Create", What::Create),
    ("OpenWrite", What::Create),
    ("CreateText", What::Writer),
    ("AppendText", What::Writer),
    ("Open", What::Open),
    ("ReadAllText", What::Read),
    ("ReadAllBytes", What::Read),
    ("ReadAllLines", What::Read),
    ("ReadLines", What::Read),
    ("ReadAllTextAsync", What::Read),
    ("ReadAllBytesAsync", What::Read),
    ("OpenRead", What::ReadStream),
    ("OpenText", What::ReadStream),
    ("Copy", What::Copy),
    ("Move", What::Change),
    ("Replace", What::Change),
    ("Delete", What::Change),
    ("SetAttributes", What::Change),
    ("SetCreationTime", What::Change),
    ("SetLastWriteTime", What::Change),
    ("SetLastAccessTime", What::Change),
    ("SetAccessControl", What::Change),
    ("Exists", What::Look),
    ("GetAttributes", What::Look),
    ("GetLastWriteTime", What::Look),
    ("GetCreationTime", What::Look),
];

const DIRECTORY: &[(&str, What)] = &[
    ("GetFiles", What::List),
    ("GetDirectories", What::List),
    ("GetFileSystemEntries", What::List),
    ("EnumerateFiles", What::List),
    ("EnumerateDirectories", What::List),
    ("EnumerateFileSystemEntries", What::List),
    ("GetFileSystemInfos", What::List),
    ("EnumerateFileSystemInfos", What::List),
    ("Delete", What::Change),
    ("Move", What::Change),
    ("CreateDirectory", What::Change),
    ("SetLastWriteTime", What::Change),
    ("SetCreationTime", What::Change),
    ("Exists", What::Look),
];

/// Methods of `FileInfo` and `DirectoryInfo`, whose path is theirs.
const INFO: &[(&str, What)] = &[
    ("GetFiles", What::List),
    ("GetDirectories", What::List),
    ("GetFileSystemInfos", What::List),
    ("EnumerateFiles", What::List),
    ("EnumerateDirectories", What::List),
    ("EnumerateFileSystemInfos", What::List),
    ("Delete", What::Change),
    ("MoveTo", What::Change),
    ("CreateSubdirectory", What::Change),
    ("CopyTo", What::Copy),
    ("Create", What::Create),
    ("CreateText", What::Writer),
    ("AppendText", What::Writer),
    ("OpenWrite", What::Create),
    ("Open", What::Open),
    ("OpenText", What::ReadStream),
    ("OpenRead", What::ReadStream),
    ("Refresh", What::Look),
];

pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let (table, class) = match class {
        "file" => (FILE, "File"),
        "directory" => (DIRECTORY, "Directory"),
        "filesystem" => return visual_basic(it, name, args, at),
        "driveinfo" => {
            it.hit(Capability::List, "DriveInfo.GetDrives", at, &args.at(0), Facts::default());
            return Some(Value::unknown());
        }
        "zipfile" => {
            if name == "extracttodirectory" {
                written(it, "ZipFile.ExtractToDirectory", &args.at(1), &args.at(0), at);
            } else if name == "openread" || name == "open" {
                return Some(read(it, "ZipFile.OpenRead", &args.at(0), at));
            }
            return Some(Value::unknown());
        }
        _ => return None,
    };
    let (name, what) = spelled(table, name)?;
    Some(done(it, what, &format!("{class}.{name}"), &args.at(0), &args.skip(1), at))
}

/// Functions of VB: `FileSystem.Kill`, `My.Computer.FileSystem`.
pub(super) fn visual_basic(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let (callee, what) = match name {
        "kill" => ("FileSystem.Kill", What::Change),
        "mkdir" | "rmdir" | "filecopy" | "rename" | "setattr" => ("FileSystem", What::Change),
        "deletefile" | "deletedirectory" | "movefile" | "createdirectory" | "copydirectory" | "copyfile" => {
            ("FileSystem.DeleteFile", What::Change)
        }
        "writealltext" | "writeallbytes" => ("FileSystem.WriteAllText", What::Write),
        "readalltext" | "readallbytes" => ("FileSystem.ReadAllText", What::Read),
        "getfiles" | "getdirectories" => ("FileSystem.GetFiles", What::List),
        _ => return None,
    };
    Some(done(it, what, callee, &args.at(0), &args.skip(1), at))
}

fn done(it: &mut Interpreter<'_>, what: What, callee: &str, path: &Value, args: &Args, at: u32) -> Value {
    let handle = |path: &Value| object("filestream", &[("path", path)]);
    match what {
        What::Write => {
            written(it, callee, path, &args.at(0), at);
            Value::unknown()
        }
        What::Create | What::Writer => {
            if path.is_requested(Control::Weak) {
                it.hit(Capability::Write, callee, at, path, Facts { served: is_served(path), ..Facts::default() });
            }
            match what {
                What::Writer => object("streamwriter", &[("inner", &handle(path))]),
                _ => handle(path),
            }
        }
        What::Open => open(it, callee, path, args, at),
        What::Read => {
            let data = read(it, callee, path, at);
            match callee.contains("Lines") {
                true => sequence::unknown_list(Value { known: Known::Unknown, ..data }),
                false => data,
            }
        }
        What::ReadStream => opened(it, callee, path, at),
        What::Copy => {
            let from = path.deep_taint().filter(|taint| taint.kind() == SourceKind::Upload);
            if from.is_some() {
                uploaded(it, callee, path, &args.at(0), at);
                return Value::unknown();
            }
            let facts = Facts { also: path.is_requested(Control::Weak), served: is_served(&args.at(0)), ..Facts::default() };
            let argument = if args.at(0).deep_taint().is_some() { args.at(0) } else { path.clone() };
            it.hit(Capability::Change, callee, at, &argument, facts);
            Value::unknown()
        }
        What::Change => {
            let argument = if path.deep_taint().is_some() { path.clone() } else { args.at(0).with_taint(path.taint.clone()) };
            let argument = if args.len() == 0 { path.clone() } else { argument };
            let also = args.all().any(|value| value.is_requested(Control::Weak));
            it.hit(Capability::Change, callee, at, &argument, Facts { also, ..Facts::default() });
            Value::unknown()
        }
        What::List => {
            it.hit(Capability::List, callee, at, path, Facts::default());
            let inside = weaker(path, Control::Part);
            if callee.starts_with("Directory.") || callee.starts_with("FileSystem") {
                return sequence::unknown_list(inside);
            }
            sequence::unknown_list(object("fileinfo", &[("path", &inside)]))
        }
        What::Look => weaker(path, Control::Mark),
    }
}

/// A file is opened with a mode that is an argument.
fn open(it: &mut Interpreter<'_>, callee: &str, path: &Value, args: &Args, at: u32) -> Value {
    let mode = args
        .all()
        .map(|mode| match &mode.known {
            Known::Type(mode) => mode.to_ascii_lowercase(),
            _ => lower(mode),
        })
        .collect::<Vec<_>>()
        .join(" ");
    let writes = ["create", "append", "truncate", "write"].iter().any(|word| mode.contains(word));
    let reads = mode.contains("open") && !writes || mode.contains("access.read") && !mode.contains("readwrite");
    if reads {
        return opened(it, callee, path, at);
    }
    if path.is_requested(Control::Weak) && writes {
        it.hit(Capability::Write, callee, at, path, Facts { served: is_served(path), ..Facts::default() });
    }
    object("filestream", &[("path", path)])
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        "filestream" => open(it, "FileStream", &args.at(0), &args.skip(1), at),
        "fileinfo" | "directoryinfo" => object(class, &[("path", &args.at(0))]),
        "driveinfo" => Value::unknown(),
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        ("fileinfo" | "directoryinfo", _) => {
            let (name, what) = spelled(INFO, name)?;
            let class = if class == "fileinfo" { "FileInfo" } else { "DirectoryInfo" };
            Some(done(it, what, &format!("{class}.{name}"), &field(value, "path"), args, at))
        }
        ("filestream", "copyto" | "copytoasync") => {
            let data = stream::content(it, value, at);
            stream::write(it, "Stream.CopyTo", &args.at(0), &data, at);
            Some(Value::unknown())
        }
        _ => None,
    }
}

pub(super) fn member(value: &Value, class: &str, name: &str) -> Option<Value> {
    Some(match (class, name) {
        ("fileinfo" | "directoryinfo" | "filestream", "fullname" | "name" | "directoryname" | "extension") => {
            let path = field(value, "path");
            if name == "fullname" { path } else { weaker(&path, Control::Part) }
        }
        ("fileinfo" | "directoryinfo", "parent" | "directory" | "root") => {
            object("directoryinfo", &[("path", &weaker(&field(value, "path"), Control::Part))])
        }
        ("fileinfo" | "directoryinfo", "exists" | "length" | "lastwritetime" | "creationtime") => weaker(value, Control::Mark),
        _ => return None,
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    matches!(of, "fileinfo" | "directoryinfo").then(|| object(of, &[]).known)
}
