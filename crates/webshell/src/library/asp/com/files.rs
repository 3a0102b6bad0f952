//! Files and folders, text streams and `ADODB.Stream`.

use super::Call;
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::Interpreter;
use crate::library::dotnet::plain::{blurred, bytes, mark, object};
use crate::library::dotnet::{read, uploaded, written};
use crate::value::{Known, Value};

/// Data that is written to a file: the body of the request is an uploaded file that the page takes apart itself.
fn saved(it: &mut Interpreter<'_>, call: &Call<'_>, callee: &str, path: &Value, data: &Value) {
    if data.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Body) {
        return uploaded(it, callee, data, path, call.at);
    }
    written(it, callee, path, data, call.at);
}

pub(super) fn files(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    let path = call.field("path");
    let textstream = |path: &Value| object("textstream", &[("path", path), ("progid", &call.field("progid"))]);
    Some(match (class, name) {
        ("scripting.filesystemobject" | "scripting.folder", "createtextfile") => {
            if first.is_requested(Control::Weak) {
                let facts = Facts { served: crate::library::dotnet::is_served(&first), ..call.facts() };
                it.hit(Capability::Write, "FileSystemObject.CreateTextFile", call.at, &first, facts);
            }
            textstream(&first)
        }
        ("scripting.filesystemobject", "opentextfile") => match call.args.get(1).and_then(crate::library::dotnet::plain::int) {
            Some(2 | 8) => textstream(&first),
            _ => {
                let data = read(it, "FileSystemObject.OpenTextFile", &first, call.at);
                object("textstream", &[("path", &first), ("data", &data)])
            }
        },
        ("scripting.filesystemobject", "getfile") => object("scripting.file", &[("path", &first)]),
        ("scripting.filesystemobject", "getfolder") => {
            call.hit(it, Capability::List, "FileSystemObject.GetFolder", &first);
            object("scripting.folder", &[("path", &first)])
        }
        ("scripting.filesystemobject", "drives") => {
            call.hit(it, Capability::List, "FileSystemObject.Drives", &Value::unknown());
            Value::unknown()
        }
        ("scripting.filesystemobject", "deletefile" | "deletefolder" | "movefile" | "movefolder" | "createfolder") => {
            let argument = if first.deep_taint().is_some() { first } else { first.with_taint(call.args.at(1).taint) };
            let callee = match name {
                "deletefile" => "FileSystemObject.DeleteFile",
                "deletefolder" => "FileSystemObject.DeleteFolder",
                "createfolder" => "FileSystemObject.CreateFolder",
                _ => "FileSystemObject.MoveFile",
            };
            call.hit(it, Capability::Change, callee, &argument);
            Value::unknown()
        }
        ("scripting.filesystemobject", "copyfile" | "copyfolder") => {
            let target = call.args.at(1);
            let argument = if target.deep_taint().is_some() { target.clone() } else { first.clone() };
            let served = crate::library::dotnet::is_served(&target);
            let facts = Facts { also: first.is_requested(Control::Weak), served, ..call.facts() };
            it.hit(Capability::Change, "FileSystemObject.CopyFile", call.at, &argument, facts);
            Value::unknown()
        }
        ("scripting.filesystemobject", "fileexists" | "folderexists" | "driveexists") => mark([&first], None),
        ("scripting.filesystemobject", "getbasename" | "getextensionname" | "getfilename" | "getparentfoldername") => {
            Value::from_all([&first], Control::Part)
        }
        ("scripting.filesystemobject", "getabsolutepathname") => first,
        ("scripting.filesystemobject", "buildpath") => it.join_all(vec![first, Value::bytes(b"\\"), call.args.at(1)]),
        ("scripting.filesystemobject", _) => Value::unknown(),
        ("textstream", "write" | "writeline") => {
            saved(it, call, "TextStream.Write", &path, &first);
            Value::unknown()
        }
        ("textstream", "readall") => call.field("data"),
        ("textstream", "readline" | "read") => Value { known: Known::Unknown, ..call.field("data") },
        ("textstream", _) => Value::unknown(),
        ("scripting.file" | "scripting.folder", "delete" | "move" | "copy") => {
            let argument = if path.deep_taint().is_some() { path } else { path.with_taint(first.taint) };
            call.hit(it, Capability::Change, if class == "scripting.file" { "File.Delete" } else { "Folder.Delete" }, &argument);
            Value::unknown()
        }
        ("scripting.file", "openastextstream") => match crate::library::dotnet::plain::int(&first) {
            Some(2 | 8) => textstream(&path),
            _ => {
                let data = read(it, "File.OpenAsTextStream", &path, call.at);
                object("textstream", &[("path", &path), ("data", &data)])
            }
        },
        _ => return None,
    })
}

pub(super) fn stream(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    let data = call.field("data");
    Some(match name {
        "write" | "writetext" => {
            let old = data.only_bytes().is_some_and(|bytes| !bytes.is_empty()) || data.deep_taint().is_some();
            let first = Value { known: bytes(&first).map_or(Known::Unknown, Known::Bytes), ..blurred([&first]) };
            let all = if old { it.join(&data, &first).with_taint(data.taint).with_taint(first.taint) } else { first };
            call.set("data", all);
            Value::unknown()
        }
        "loadfromfile" => {
            let data = read(it, "ADODB.Stream.LoadFromFile", &first, call.at);
            call.set("data", data);
            Value::unknown()
        }
        "savetofile" => {
            saved(it, call, "ADODB.Stream.SaveToFile", &first, &data);
            Value::unknown()
        }
        "read" | "readtext" => {
            let all = call.args.len() == 0 || crate::library::dotnet::plain::int(&first) == Some(-1);
            if all { data } else { Value { known: Known::Unknown, ..data } }
        }
        "copyto" => {
            if let Known::Object(target) = &first.known {
                target.set("data", Value { known: Known::Unknown, ..data });
            }
            Value::unknown()
        }
        "open" | "close" | "flush" | "seteos" | "skipline" | "cancel" => Value::unknown(),
        _ => return None,
    })
}
