//! Files and folders, by tags and by functions.

use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::java::files::{change, content, is_served, written};
use crate::library::java::{field, made_object};
use crate::value::{Known, Value};

/// `<cffile>`.
pub(super) fn tag(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Option<Value> {
    let named = |key: &str| args.named(key).cloned().unwrap_or_default();
    let action = args.named("action").and_then(Value::as_text).unwrap_or_default().to_ascii_lowercase();
    let callee = format!("cffile {action}");
    Some(match action.as_str() {
        "write" | "append" => {
            written(it, &callee, &named("file"), &named("output"), at);
            Value::null()
        }
        "upload" | "uploadall" => uploaded(it, &callee, &named("destination"), at),
        "read" | "readbinary" => read(it, &callee, &named("file"), at),
        "delete" => change(it, &callee, &named("file"), None, at),
        "rename" | "move" | "copy" => change(it, &callee, &named("source"), Some(&named("destination")), at),
        // The visitor decides what is done.
        "" => {
            let argument = [named("file"), named("destination"), named("source")].into_iter().find(|one| one.taint.is_some());
            let argument = argument.unwrap_or_default();
            let data = named("output");
            if args.named("output").is_some() {
                written(it, "cffile", &argument, &data, at);
            } else {
                it.hit(Capability::Change, "cffile", at, &argument, Facts::default());
            }
            Value::unknown()
        }
        _ => return None,
    })
}

pub(super) fn read(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    content(it, callee, path, at)
}

/// Takes what the visitor sends, under his name for it.
fn uploaded(it: &mut Interpreter<'_>, callee: &str, target: &Value, at: u32) -> Value {
    let spot = it.spot(at);
    let source = Value::tainted(Taint::source(SourceKind::Upload, "", spot));
    let facts = Facts { also: true, served: is_served(target), ..Facts::default() };
    it.uploaded(callee, &source, target, facts, at);
    Value::object("cffile")
}

/// `<cfdirectory>`.
pub(super) fn directory(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Option<Value> {
    let folder = args.named("directory").cloned().unwrap_or_default();
    let action = args.named("action").and_then(Value::as_text).unwrap_or_else(|| "list".into()).to_ascii_lowercase();
    Some(match action.as_str() {
        "list" => listed(it, "cfdirectory", &folder, at),
        _ => change(it, &format!("cfdirectory {action}"), &folder, args.named("newdirectory"), at),
    })
}

/// `<cfzip>`.
pub(super) fn zip(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Option<Value> {
    let named = |key: &str| args.named(key).cloned().unwrap_or_default();
    let action = args.named("action").and_then(Value::as_text).unwrap_or_else(|| "zip".into()).to_ascii_lowercase();
    Some(match action.as_str() {
        "list" | "read" | "readbinary" => read(it, "cfzip", &named("file"), at),
        "unzip" => change(it, "cfzip unzip", &named("file"), args.named("destination"), at),
        _ => {
            let source = named("source");
            if source.is_requested(Control::Weak) {
                it.hit(Capability::Read, "cfzip", at, &source, Facts::default());
            }
            change(it, "cfzip", &named("file"), None, at)
        }
    })
}

fn listed(it: &mut Interpreter<'_>, callee: &str, folder: &Value, at: u32) -> Value {
    it.hit(Capability::List, callee, at, folder, Facts::default());
    let taint = folder.deep_taint().map(|taint| taint.at_most(Control::Part));
    Interpreter::array_of_unknown(Value::unknown().with_taint(taint))
}

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "filewrite" | "fileappend" | "filewriteline" => {
            let path = field(&first, "path").unwrap_or(first);
            written(it, name, &path, &args.at(1), at);
            Value::null()
        }
        "fileread" | "filereadbinary" | "filereadline" | "imageread" => match field(&first, "data") {
            Some(data) => data,
            None => read(it, name, &first, at),
        },
        "fileopen" => {
            let reads = args.text(1).is_none_or(|mode| mode.to_ascii_lowercase().starts_with("read"));
            let data = if reads { read(it, name, &first, at) } else { Value::unknown() };
            made_object("cfhandle", [("path", first), ("data", data)])
        }
        "fileclose" | "fileseek" | "filesetlastmodified" => Value::null(),
        "fileupload" | "fileuploadall" => uploaded(it, name, &first, at),
        "filedelete" | "directorydelete" | "directorycreate" | "filesetaccessmode" | "filesetattribute" => {
            change(it, name, &first, None, at)
        }
        "filemove" | "filecopy" | "directoryrename" | "directorycopy" => change(it, name, &first, args.get(1), at),
        "directorylist" => listed(it, name, &first, at),
        "extract" => change(it, name, &args.at(1), args.get(2), at),
        "fileexists"
        | "directoryexists"
        | "filegetmimetype"
        | "getfileinfo"
        | "filegetlastmodified"
        | "fileiseof"
        | "isimagefile" => Value::from_all([&first], Control::Mark),
        "expandpath" => match first.as_bytes().filter(|_| first.is_known()) {
            Some(bytes) => Value { known: Known::Bytes(bytes), ..first },
            None => first,
        },
        "getdirectoryfrompath" => {
            let path = first.only_bytes().cloned();
            let folder = path.map(|path| {
                let end = memchr::memrchr2(b'/', b'\\', &path).map_or(0, |last| last + 1);
                Known::Bytes(path.get(..end).unwrap_or_default().into())
            });
            Value { known: folder.unwrap_or_default(), ..first }
        }
        "getfilefrompath" => match first.as_text().filter(|_| first.is_known()) {
            Some(path) => {
                let last = path.rsplit(['/', '\\']).next().unwrap_or_default();
                Value { known: Known::Bytes(last.as_bytes().into()), ..first }
            }
            None => first,
        },
        "getcurrenttemplatepath" | "getbasetemplatepath" => Value::text(&it.own_path()),
        "gettempdirectory" | "gettempfile" => Value::text("/tmp/"),
        _ => return None,
    })
}
