//! Objects of COM that scripts make by a name.

mod data;
mod files;
mod programs;

use std::rc::Rc;

use self::data::{database, element_of, http, typed, xml};
use self::files::{files, stream};
use self::programs::{application, engine, expression, management, shell};
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::library::dotnet::plain::{blurred, bytes, field, lower, mark, object, text, weaker};
use crate::library::dotnet::{request, sequence, uploaded, written};
use crate::value::{Known, Object, Value};

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
        // Fills a page in as a template says, and writes it.
        "mswc.tools" if name == "processform" => {
            written(it, "Tools.ProcessForm", &args.at(0), &args.at(1), at);
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

pub(crate) fn element(object: &Rc<Object>) -> Option<Value> {
    matches!(&*object.class, "adodb.recordset" | "rows").then(|| element_of(&Known::Object(object.clone()).into()))
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
        // Of a document that was loaded.
        ("xml node", "nodetypedvalue" | "text") if value.deep_taint().is_some() => blurred([value]),
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
