//! Objects of COM that scripts make by a name: shells, files, streams, databases, connections, script engines.

use std::rc::Rc;

use crate::decode;
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::library::dotnet::plain::{blurred, bytes, carrying, computed, field, known_text, lower, mark, object, text, weaker};
use crate::library::dotnet::{exchanged, fetched, query, raised, read, regex, request, sequence, start, uploaded, written};
use crate::value::{Known, Made, Object, Value};

/// Class identifiers that stand for names (Windows' registry).
const CLASS_IDS: &[(&str, &str)] = &[
    ("72c24dd5-d70a-438b-8a42-98424b88afb8", "wscript.shell"),
    ("f935dc22-1cf0-11d0-adb9-00c04fd58a0b", "wscript.shell"),
    ("13709620-c279-11ce-a49e-444553540000", "shell.application"),
    ("9ba05972-f6a8-11cf-a442-00a0c90a8f39", "shell.application"),
    ("0d43fe01-f093-11cf-8940-00a0c9054228", "scripting.filesystemobject"),
    ("00000566-0000-0010-8000-00aa006d2ea4", "adodb.stream"),
    ("00000514-0000-0010-8000-00aa006d2ea4", "adodb.connection"),
    ("0e59f1d5-1fbe-11d0-8ff2-00a0d10038bc", "msscriptcontrol.scriptcontrol"),
    ("88d96a0a-f192-11d4-a65f-0040963251e5", "msxml2.xmlhttp"),
];

/// The class that a name stands for: lower case, without a version.
fn class_of(progid: &str) -> String {
    let mut name = progid.trim().to_ascii_lowercase();
    let id = name.trim_start_matches("clsid:").trim_start_matches("new:").trim_matches(['{', '}']);
    if let Some((_, known)) = CLASS_IDS.iter().find(|(known, _)| *known == id) {
        return (*known).to_owned();
    }
    while let Some((before, version)) = name.rsplit_once('.') {
        if version.is_empty() || !version.chars().all(|digit| digit.is_ascii_digit()) {
            break;
        }
        name = before.to_owned();
    }
    match name.as_str() {
        "microsoft.xmlhttp"
        | "msxml2.serverxmlhttp"
        | "msxml.xmlhttp"
        | "winhttp.winhttprequest"
        | "msxml2.xmlhttp"
        | "msxml3.serverxmlhttp"
        | "msxml.serverxmlhttp" => "xmlhttp".into(),
        "msxml2.domdocument"
        | "microsoft.xmldom"
        | "msxml.domdocument"
        | "msxml2.freethreadeddomdocument"
        | "msxml2.xsltemplate" => "xml document".into(),
        "scriptcontrol" | "mssscriptcontrol.scriptcontrol" => "msscriptcontrol.scriptcontrol".into(),
        "vbscript.regexp" => "regexp object".into(),
        "wbemscripting.swbemlocator" => "wmi".into(),
        "persits.upload" | "softartisans.fileup" | "dundas.upload" | "aspupload" | "lyfupload.uploadfile" | "chinaasp.upload" => {
            "upload component".into()
        }
        "cdo.message" | "cdonts.newmail" | "jmail.message" | "jmail.smtpmail" | "persits.mailsender" => "mail".into(),
        _ => name,
    }
}

/// An object by its name, as far as the name is known.
pub(crate) fn object_of(progid: &Value) -> Value {
    let class = match text(progid) {
        Some(name) if name.to_ascii_lowercase().starts_with("winmgmts") => "wmi".into(),
        Some(name) if ["winnt:", "iis:", "ldap:"].iter().any(|scheme| name.to_ascii_lowercase().starts_with(scheme)) => {
            "directory".into()
        }
        Some(name) => class_of(&name),
        None => "com".to_owned(),
    };
    let value = match class.as_str() {
        "scripting.dictionary" => object(&class, &[("items", &Value::list(Vec::new()))]),
        _ => object(&class, &[]),
    };
    if let Known::Object(place) = &value.known {
        place.set("progid", progid.clone());
    }
    value
}

/// `CreateObject` and its like.
pub(crate) fn create(it: &mut Interpreter<'_>, callee: &str, args: &Args, at: u32) -> Value {
    let progid = args.at(0);
    if progid.is_requested(Control::Whole) {
        it.hit(Capability::Invoke, callee, at, &progid, Facts { name_tainted: true, ..Facts::default() });
    }
    if progid.edges().prefix.to_ascii_lowercase().starts_with(b"script:") {
        it.hit(Capability::Code, callee, at, &progid, Facts::default());
    }
    object_of(&progid)
}

/// What the methods of one object need.
struct Call<'c> {
    object: &'c Value,
    args: &'c Args,
    at: u32,
    /// The object's name was computed.
    computed: bool,
}

impl Call<'_> {
    fn facts(&self) -> Facts {
        Facts { name_computed: self.computed, ..Facts::default() }
    }

    fn hit(&self, it: &mut Interpreter<'_>, capability: Capability, callee: &str, argument: &Value) {
        it.hit(capability, callee, self.at, argument, self.facts());
    }

    fn field(&self, name: &str) -> Value {
        field(self.object, name)
    }

    fn set(&self, name: &str, value: Value) {
        if let Known::Object(place) = &self.object.known {
            place.set(name, value);
        }
    }
}

pub(crate) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let call = Call { object: value, args, at, computed: !field(value, "progid").made.is_plain() };
    match class {
        "wscript.shell" | "wscript.exec" => shell(it, &call, name),
        "shell.application" | "shell.folder" => application(it, &call, class, name),
        "scripting.filesystemobject" | "scripting.file" | "scripting.folder" | "textstream" => files(it, &call, class, name),
        "adodb.stream" => stream(it, &call, name),
        "adodb.connection" | "adodb.recordset" | "adodb.command" | "adodb.field" | "adox.catalog" | "jro.jetengine" | "rows" => {
            database(it, &call, class, name)
        }
        "xmlhttp" => http(it, &call, name),
        "xml document" | "xml node" => xml(it, &call, name),
        "msscriptcontrol.scriptcontrol" | "htmlfile" => engine(it, &call, name),
        "regexp object" | "regexp" | "match" => expression(it, &call, class, name),
        "wmi" | "directory" | "wmi object" => management(it, &call, class, name),
        "upload component" if name.starts_with("save") => {
            let file = request::source(it, SourceKind::Upload, "", at);
            uploaded(it, "Upload.Save", &file, &args.at(0), at);
            Some(Value::unknown())
        }
        "upload component" => Some(request::source(it, SourceKind::Parameter, name, at)),
        "mail" if name.starts_with("send") => {
            call.hit(it, Capability::Mail, "Mail.Send", &blurred([value].into_iter().chain(args.all())));
            Some(Value::unknown())
        }
        "enumerator" => Some(match name {
            "item" => sequence::some_item(it, &call.field("inner"), at),
            _ => Value::unknown(),
        }),
        // Nobody knows what it is, but the method says it.
        "com" => match name {
            "run" | "exec" if !args.values.is_empty() => shell(it, &call, name),
            "shellexecute" => application(it, &call, "shell.application", name),
            "savetofile" | "loadfromfile" => stream(it, &call, name),
            "addcode" | "executestatement" => engine(it, &call, name),
            "createtextfile" | "opentextfile" | "deletefile" | "deletefolder" | "copyfile" | "movefile" => {
                files(it, &call, "scripting.filesystemobject", name)
            }
            _ => None,
        },
        _ => None,
    }
}

fn shell(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "run" | "exec" => {
            let callee = if name == "run" { "WScript.Shell.Run" } else { "WScript.Shell.Exec" };
            call.hit(it, Capability::Command, callee, &raised(&first));
            carrying("wscript.exec", &weaker(&first, Control::Weak))
        }
        "regwrite" | "regdelete" => {
            call.hit(it, Capability::Change, "WScript.Shell.RegWrite", &blurred(call.args.all()));
            Value::unknown()
        }
        "regread" => {
            if first.deep_taint().is_some() {
                call.hit(it, Capability::Read, "WScript.Shell.RegRead", &first);
            }
            Value::unknown()
        }
        "stdout" | "stderr" | "stdin" | "readall" | "readline" | "read" => call.object.clone(),
        "write" | "writeline" => {
            call.hit(it, Capability::Command, "WScript.Shell.Exec", &first);
            Value::unknown()
        }
        _ => Value::unknown(),
    })
}

fn application(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match (class, name) {
        ("shell.application", "shellexecute") => {
            start(it, "Shell.Application.ShellExecute", &first, call.args.get(1), call.at);
            Value::unknown()
        }
        ("shell.application", "open" | "explore" | "controlpanelitem") if first.deep_taint().is_some() => {
            call.hit(it, Capability::Command, "Shell.Application.Open", &first);
            Value::unknown()
        }
        ("shell.application", "namespace") => {
            call.hit(it, Capability::List, "Shell.Application.NameSpace", &first);
            object("shell.folder", &[("path", &first)])
        }
        ("shell.folder", "copyhere" | "movehere") => {
            let target = call.field("path");
            let argument = if target.deep_taint().is_some() { target } else { blurred([&first]) };
            call.hit(it, Capability::Change, "Folder.CopyHere", &argument);
            Value::unknown()
        }
        ("shell.folder", "newfolder") => {
            call.hit(it, Capability::Change, "Folder.NewFolder", &first.with_taint(call.field("path").taint));
            Value::unknown()
        }
        ("shell.folder", "invokeverb" | "invokeverbex") => {
            call.hit(it, Capability::Command, "FolderItem.InvokeVerb", &call.field("path"));
            Value::unknown()
        }
        ("shell.folder", "items" | "item" | "parsename" | "self") => {
            object("shell.folder", &[("path", &weaker(&call.field("path"), Control::Part))])
        }
        _ => Value::unknown(),
    })
}

/// Data that is written to a file: the body of the request is an uploaded file that the page takes apart itself.
fn saved(it: &mut Interpreter<'_>, call: &Call<'_>, callee: &str, path: &Value, data: &Value) {
    if data.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Body) {
        return uploaded(it, callee, data, path, call.at);
    }
    written(it, callee, path, data, call.at);
}

fn files(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
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

fn stream(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
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

fn database(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match (class, name) {
        ("adodb.connection", "open") => {
            if call.args.len() > 0 {
                call.set("connectionstring", first);
            }
            Value::unknown()
        }
        ("adodb.connection", "execute") => {
            let connection = call.field("connectionstring");
            query(it, "ADODB.Connection.Execute", &first, &connection, call.at)
        }
        ("adodb.connection", "openschema") => {
            call.hit(it, Capability::Sql, "ADODB.Connection.OpenSchema", &weaker(&call.field("connectionstring"), Control::Part));
            object("rows", &[])
        }
        ("adodb.recordset", "open") if call.args.len() > 0 => {
            let connection = match call.args.at(1).class() {
                "adodb.connection" => field(&call.args.at(1), "connectionstring"),
                _ => call.args.at(1),
            };
            query(it, "ADODB.Recordset.Open", &first, &connection, call.at)
        }
        ("adodb.recordset", "save") => {
            written(it, "ADODB.Recordset.Save", &first, &blurred([call.object]), call.at);
            Value::unknown()
        }
        ("adodb.recordset" | "rows", "fields" | "item" | "collect") => element_of(call.object),
        ("adodb.recordset" | "rows", _) => Value::unknown(),
        ("adodb.field", "appendchunk") => {
            if let Known::Object(set) = call.field("set").known {
                set.take(first.deep_taint());
            }
            Value::unknown()
        }
        ("adodb.field", _) => blurred([call.object]),
        ("adodb.command", "execute") => {
            let connection = call.field("activeconnection");
            query(it, "ADODB.Command.Execute", &call.field("commandtext"), &connection, call.at)
        }
        ("adox.catalog", "create") | ("jro.jetengine", "compactdatabase") => {
            let callee = if name == "create" { "ADOX.Catalog.Create" } else { "JRO.JetEngine.CompactDatabase" };
            call.hit(it, Capability::Change, callee, &blurred(call.args.all()));
            Value::unknown()
        }
        _ => Value::unknown(),
    })
}

/// A field of a row: what is put into it comes out of the same row again.
fn element_of(rows: &Value) -> Value {
    let taint = rows.deep_taint();
    object("adodb.field", &[("set", rows)]).with_taint(taint)
}

pub(super) fn element(object: &Rc<Object>) -> Option<Value> {
    matches!(&*object.class, "adodb.recordset" | "rows").then(|| element_of(&Known::Object(object.clone()).into()))
}

fn http(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    Some(match name {
        "open" => {
            call.set("url", call.args.at(1));
            Value::unknown()
        }
        "send" => {
            let (url, data) = (call.field("url"), call.args.at(0));
            let answer = match data.deep_taint() {
                Some(_) => exchanged(it, "XMLHTTP.Send", &url, &data, call.at),
                None => fetched(it, "XMLHTTP.Send", &url, call.at),
            };
            call.set("answer", answer);
            Value::unknown()
        }
        "responsetext" | "responsebody" | "responsestream" | "responsexml" => call.field("answer"),
        _ => Value::unknown(),
    })
}

/// XML documents carry what is put into them; their nodes decode base64 and hex.
fn xml(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "load" if matches!(first.known, Known::Request(_)) => {
            let body = request::source(it, SourceKind::Body, "", call.at);
            if let Known::Object(place) = &call.object.known {
                place.take(body.taint);
            }
            Value::unknown()
        }
        "load" if super::may_be_text(&first) && first.deep_taint().is_some() => {
            call.hit(it, Capability::Fetch, "DOMDocument.Load", &first);
            let data = request::source(it, SourceKind::Remote, "", call.at);
            if let Known::Object(place) = &call.object.known {
                place.take(data.taint);
            }
            Value::unknown()
        }
        "createelement" | "createnode" | "createtextnode" => object("xml node", &[]),
        "save" => {
            written(it, "DOMDocument.Save", &first, &blurred([call.object]), call.at);
            Value::unknown()
        }
        "transformnode" | "transformnodetoobject" => {
            if first.deep_taint().is_some() {
                call.hit(it, Capability::Code, "DOMDocument.TransformNode", &blurred([&first]));
            }
            blurred([call.object, &first])
        }
        _ => return None,
    })
}

fn engine(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "addcode" | "executestatement" | "eval" | "execscript" | "settimeout" => {
            let callee = match name {
                "addcode" => "ScriptControl.AddCode",
                "executestatement" => "ScriptControl.ExecuteStatement",
                _ => "ScriptControl.Eval",
            };
            call.hit(it, Capability::Code, callee, &first);
            if first.only_bytes().is_some() { it.run_code(&first, callee, call.at) } else { Value::unknown() }
        }
        "run" => match text(&first) {
            Some(name) => it.call_named(&name, call.args.skip(1), call.at),
            None => {
                call.hit(it, Capability::Invoke, "ScriptControl.Run", &first);
                Value::unknown()
            }
        },
        "parentwindow" | "document" | "script" => call.object.clone(),
        _ => Value::unknown(),
    })
}

fn expression(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let subject = call.args.at(0);
    let flags = lower(&call.field("flags"));
    let ignore_case = call.field("ignorecase").truth() == Some(true) || flags.contains('i');
    let all = call.field("global").truth() == Some(true) || flags.contains('g');
    let compiled = regex::compiled(&call.field("pattern"), ignore_case);
    Some(match (class, name) {
        ("match", _) => field(call.object, "value"),
        (_, "replace") => regex::replace(it, &subject, compiled.as_ref(), &call.args.at(1), all, call.at),
        (_, "execute") => regex::matches(&subject, compiled.as_ref()),
        (_, "exec") => match regex::matches(&subject, compiled.as_ref()).known {
            Known::Array(found) if found.rest.is_none() => match found.entries.values().next() {
                Some(first) => field(first, "groups"),
                None => Value::null(),
            },
            _ => sequence::unknown_list(blurred([&subject])),
        },
        (_, "test") => {
            it.checked(&subject);
            let known = compiled.zip(bytes(&subject)).filter(|_| subject.only_bytes().is_some());
            mark([&subject], known.map(|(regex, whole)| Known::Bool(regex.is_match(&whole))))
        }
        _ => return None,
    })
}

fn management(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let whole = blurred(call.args.all());
    Some(match (class, name) {
        ("wmi" | "wmi object", "create") => {
            let shown = Value { known: call.args.at(0).known, ..whole };
            call.hit(it, Capability::Command, "Win32_Process.Create", &raised(&shown));
            Value::unknown()
        }
        ("wmi" | "wmi object", "execmethod" | "execmethod_") => {
            call.hit(it, Capability::Command, "Win32_Process.Create", &whole);
            Value::unknown()
        }
        ("wmi" | "wmi object", "execquery" | "instancesof" | "execnotificationquery") => {
            sequence::unknown_list(carrying("wmi object", &Value::unknown()))
        }
        ("wmi" | "wmi object", "terminate" | "delete_" | "put_") => Value::unknown(),
        ("wmi" | "wmi object", _) => object("wmi object", &[]),
        ("directory", "create" | "setpassword" | "setinfo" | "delete" | "add" | "put") => {
            call.hit(it, Capability::Change, "ADSI", &whole.with_taint(call.field("progid").taint));
            call.object.clone()
        }
        _ => call.object.clone(),
    })
}

pub(crate) fn member(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
    let call = Call { object: value, args: &Args::default(), at, computed: !field(value, "progid").made.is_plain() };
    Some(match (class, name) {
        ("wscript.exec", "stdout" | "stderr" | "stdin") => value.clone(),
        ("wscript.shell", _) => Value::unknown(),
        ("shell.folder", "items" | "self") => object("shell.folder", &[("path", &weaker(&call.field("path"), Control::Part))]),
        ("shell.folder", "path" | "name") => weaker(&call.field("path"), Control::Part),
        ("scripting.filesystemobject", "drives") => return files(it, &call, class, name),
        ("scripting.folder", "files") => {
            sequence::unknown_list(object("scripting.file", &[("path", &weaker(&call.field("path"), Control::Part))]))
        }
        ("scripting.folder", "subfolders") => {
            sequence::unknown_list(object("scripting.folder", &[("path", &weaker(&call.field("path"), Control::Part))]))
        }
        ("scripting.file" | "scripting.folder", "name" | "shortpath" | "parentfolder") => {
            weaker(&call.field("path"), Control::Part)
        }
        ("scripting.file" | "scripting.folder", _) => weaker(value, Control::Mark),
        ("textstream", "atendofstream" | "line" | "column") => Value::unknown(),
        ("textstream", "readall" | "readline") => return files(it, &call, class, name),
        ("adodb.stream", "size" | "position" | "eos" | "state") => {
            let data = call.field("data");
            let known = bytes(&data).filter(|_| name == "size" && data.is_known()).map(|all| Known::Int(all.len() as i64));
            mark([&data], known)
        }
        ("adodb.stream", "read" | "readtext") => return stream(it, &call, name),
        ("adodb.recordset" | "rows", "fields") => value.clone(),
        ("adodb.field", "value") => blurred([value]),
        ("adodb.recordset" | "rows" | "adodb.connection", _) => Value::unknown(),
        ("xmlhttp", "responsetext" | "responsebody" | "responsestream" | "responsexml") => call.field("answer"),
        ("xmlhttp", _) => Value::unknown(),
        ("xml node", "nodetypedvalue") => typed(&call.field("text"), &lower(&call.field("datatype")), true),
        ("xml node", "text") => typed(&call.field("nodetypedvalue"), &lower(&call.field("datatype")), false),
        ("xml document", "documentelement") => object("xml node", &[]).with_taint(value.deep_taint()),
        ("htmlfile", _) => value.clone(),
        ("regexp object" | "regexp", _) => Value::unknown(),
        ("match", "submatches") => match field(value, "groups").known {
            Known::Array(groups) if groups.rest.is_none() => Value::list(groups.entries.values().skip(1).cloned().collect()),
            _ => field(value, "groups"),
        },
        ("upload component", _) => request::source(it, SourceKind::Parameter, name, at),
        _ => return None,
    })
}

/// A node with a type of data: its text is base64 or hex of its value.
fn typed(value: &Value, of: &str, decodes: bool) -> Value {
    computed([value], Made::DECODED, || {
        let all = bytes(value).filter(|_| value.is_known())?;
        known_text(match (of, decodes) {
            ("bin.base64", true) => decode::base64(&all),
            ("bin.base64", false) => decode::to_base64(&all),
            ("bin.hex", true) => decode::hex(&all)?,
            ("bin.hex", false) => decode::to_hex(&all),
            _ => all.to_vec(),
        })
    })
}

/// Writes a property. True if that is all there is to do.
pub(crate) fn set(it: &mut Interpreter<'_>, place: &Rc<Object>, name: &str, value: &Value, at: u32) -> bool {
    match (&*place.class, name) {
        ("scripting.file" | "scripting.folder", "attributes" | "name") => {
            let path = place.field("path").unwrap_or_default();
            it.hit(Capability::Change, "File.Attributes", at, &path.with_taint(value.deep_taint()), Facts::default());
            true
        }
        ("xml node", "text") => {
            place.fields.borrow_mut().shift_remove("nodetypedvalue");
            place.set("text", value.clone());
            true
        }
        ("xml node", "nodetypedvalue") => {
            place.fields.borrow_mut().shift_remove("text");
            place.set("nodetypedvalue", value.clone());
            true
        }
        ("adodb.recordset" | "rows", _) => {
            place.take(value.deep_taint());
            false
        }
        _ => false,
    }
}
