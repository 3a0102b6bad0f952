//! Classes of PHP and its usual extensions.

use std::rc::Rc;

use super::files::{is_served, opened_any, written};
use crate::decode;
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::{Args, Callable, Interpreter};
use crate::value::{Key, Known, Made, Object, Value};

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    if let Some(container) = super::containers::construct(class, args) {
        return Some(container);
    }
    let object = Object::new(class);
    object.take(Value::from_all(args.all(), Control::Whole).taint);
    match class {
        "reflectionfunction" | "reflectionmethod" | "reflectionclass" | "reflectionobject" | "reflectionproperty" => {
            let target = if matches!(class, "reflectionmethod" | "reflectionproperty") && args.len() > 1 {
                Value::list(vec![args.at(0), args.at(1)])
            } else {
                args.at(0)
            };
            object.set("target", target);
            object.set("name", args.at(0));
        }
        "com" => {
            object.set("class", args.at(0));
            let name = args.text(0).unwrap_or_default().to_ascii_lowercase();
            if args.at(0).is_requested(Control::Whole) {
                it.hit(Capability::Invoke, "COM", at, &args.at(0), Facts { name_tainted: true, ..Facts::default() });
            }
            let kind = match name.as_str() {
                "wscript.shell" | "wscript.shell.1" => "com shell",
                "shell.application" | "shell.application.1" => "com application",
                _ => "com",
            };
            return Some(Interpreter::object_value(Rc::new(Object { class: kind.into(), ..object })));
        }
        "splfileobject" | "spltempfileobject" | "splfileinfo" => {
            object.set("path", args.at(0));
            let mode = args.text(1).unwrap_or_default();
            if !mode.contains(['w', 'a', 'x', 'c', '+']) {
                if args.at(0).is_requested(Control::Weak) {
                    it.hit(Capability::Read, class, at, &args.at(0), Facts::default());
                }
                let data = opened_any(it, &args.at(0), at);
                object.set("data", data);
            }
        }
        "directoryiterator" | "recursivedirectoryiterator" | "filesystemiterator" | "globiterator" => {
            it.hit(Capability::List, class, at, &args.at(0), Facts::default());
        }
        "callbackfilteriterator" | "recursivecallbackfilteriterator" => {
            let source = match &args.at(0).known {
                Known::Object(inner) => inner.field("value").unwrap_or_default(),
                _ => args.at(0),
            };
            let element = it.index(&source, None, at);
            it.call_value(&args.at(1), Args::of(vec![element.clone(), Value::unknown(), element]), at);
        }
        "simplexmlelement" => return Some(simple_xml(args)),
        "domdocument" => object.set("text", args.at(0)),
        "domxpath" => {
            if let Known::Object(document) = &args.at(0).known {
                object.set("text", document.field("text").unwrap_or_default());
            }
        }
        "xsltprocessor" => {}
        "pdo" | "mysqli" | "sqlite3" | "sqlitedatabase" => {
            let connection = Value::from_all(args.all(), Control::Whole);
            object.take(connection.taint);
        }
        _ if class.ends_with("exception") || class.ends_with("error") => object.set("message", args.at(0)),
        "soapclient" => it.hit(Capability::Fetch, class, at, &args.at(0), Facts::default()),
        _ => return None,
    }
    Some(Interpreter::object_value(Rc::new(object)))
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let place = match &object.known {
        Known::Object(place) => Some(place.clone()),
        _ => None,
    };
    if let Some(place) = &place
        && let Some(value) = super::containers::method(it, place, class, name, args, at)
    {
        return Some(value);
    }
    let field = |name: &str| place.as_ref().and_then(|place| place.field(name)).unwrap_or_default();
    Some(match (class, name) {
        ("reflectionfunction" | "reflectionmethod", "invoke" | "invokeargs" | "getclosure") => {
            let target = match (&field("target").known, &args.at(0).known) {
                (Known::Array(pair), Known::Object(_)) if class == "reflectionmethod" => {
                    Value::list(vec![args.at(0), pair.get(&Key::Int(1)).cloned().unwrap_or_default()])
                }
                _ => field("target"),
            };
            if name == "getclosure" {
                return Some(target);
            }
            let given = if class == "reflectionmethod" { args.skip(1) } else { args.clone() };
            let given = if name == "invokeargs" { spread(it, &given.at(0), at) } else { given };
            // The method is called on the object that is given.
            let target = match (&target.known, &args.at(0).known) {
                (Known::Array(pair), Known::Object(_)) if class == "reflectionmethod" => {
                    Value::list(vec![args.at(0), pair.get(&Key::Int(1)).cloned().unwrap_or_default()])
                }
                _ => target,
            };
            it.call_value(&target, given, at)
        }
        ("reflectionclass" | "reflectionobject", "newinstance" | "newinstanceargs" | "newinstancewithoutconstructor") => {
            let target = field("target");
            let given = if name == "newinstanceargs" { spread(it, &args.at(0), at) } else { args.clone() };
            match target.as_text().filter(|_| target.is_known()) {
                Some(class) => it.instantiate(&class, given, at),
                None => {
                    if target.is_requested(Control::Whole) {
                        it.hit(Capability::Invoke, "newInstance", at, &target, Facts { name_tainted: true, ..Facts::default() });
                    }
                    Value::unknown()
                }
            }
        }
        ("reflectionclass" | "reflectionobject", "getconstant" | "getstaticpropertyvalue" | "getreflectionconstant") => {
            let class = field("name").as_text()?;
            let slot = it.own_class(&class)?.statics.find(&args.text(0)?)?;

            slot.borrow().clone()
        }
        ("reflectionclass" | "reflectionobject", "getconstants" | "getstaticproperties") => {
            let class = it.own_class(&field("name").as_text()?)?;
            let fields = class.class.fields.iter().filter(|field| field.is_static);
            let mut array = crate::value::Array::default();
            for field in fields.filter(|field| field.name.starts_with('$') == (name == "getstaticproperties")) {
                let name = field.name.trim_start_matches('$');
                array.set(Key::text(name), class.statics.find(name)?.borrow().clone());
            }
            super::array_value(array)
        }
        ("reflectionclass" | "reflectionobject", "getmethod" | "getproperty") => {
            let inner = Args::of(vec![field("name"), args.at(0)]);
            construct(it, if name == "getmethod" { "reflectionmethod" } else { "reflectionproperty" }, &inner, at)?
        }
        ("reflectionproperty", "getvalue") => {
            let Known::Array(pair) = field("target").known else { return None };
            let name = pair.get(&Key::Int(1)).and_then(Value::as_text)?;
            it.member(&args.at(0), &name, at)
        }
        ("reflectionclass" | "reflectionmethod" | "reflectionfunction" | "reflectionobject", "getdoccomment") => {
            it.doc_comment(&field("name")).with(Made::CARRIED)
        }
        ("reflectionclass" | "reflectionobject" | "reflectionfunction" | "reflectionmethod", "getname" | "getshortname") => {
            match &field("name").known {
                Known::Object(object) => Value::text(&object.class),
                _ => field("name"),
            }
        }
        ("com shell", "run" | "exec") => {
            it.hit(Capability::Command, "WScript.Shell", at, &args.at(0), Facts::default());
            Interpreter::carrier("com output", &[])
        }
        ("com application", "shellexecute") => {
            let both = Value::from_all(args.all(), Control::Whole);
            let both = if args.at(0).taint.is_some() { args.at(0) } else { both };
            it.hit(Capability::Command, "Shell.Application", at, &both, Facts::default());
            Value::unknown()
        }
        ("ziparchive", "open") => {
            if let Some(place) = &place {
                place.take(args.at(0).taint);
            }
            Value::bool(true)
        }
        // Names and content of all files are the visitor's.
        ("ziparchive", "extractto") if object.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Upload) => {
            it.uploaded("ZipArchive.extractTo", object, &args.at(0), Facts { also: true, ..Facts::default() }, at);
            Value::unknown()
        }
        ("ziparchive", "extractto") => {
            it.hit(Capability::Write, "ZipArchive.extractTo", at, &args.at(0), Facts::default());
            Value::unknown()
        }
        ("splfileobject" | "spltempfileobject", "fwrite" | "fputcsv") => {
            written(it, "SplFileObject.fwrite", &field("path"), &args.at(0), at);
            Value::unknown()
        }
        ("splfileobject" | "spltempfileobject", "fgets" | "fread" | "current" | "fgetcsv") => field("data"),
        ("domxpath" | "xsltprocessor", _) => return super::xml::method(it, object, class, name, args, at),
        // A pair of object and method, called.
        (_, "__invoke") if matches!(object.known, Known::Array(_)) => it.call_value(object, args.clone(), at),
        (
            "pdo" | "mysqli" | "sqlite3" | "sqlitedatabase",
            "query" | "exec" | "multi_query" | "real_query" | "prepare" | "querysingle" | "queryexec" | "unbufferedquery"
            | "arrayquery",
        ) => {
            let also = place.as_ref().is_some_and(|place| place.taint.borrow().is_some());
            it.hit(Capability::Sql, name, at, &args.at(0), Facts { also, ..Facts::default() });
            Interpreter::carrier("rows", &[])
        }
        ("pdo" | "sqlite3", "sqlitecreatefunction" | "createfunction" | "sqlitecreateaggregate") => {
            it.call_with_request(&args.at(1), at);
            Value::bool(true)
        }
        (_, "getmessage") if place.as_ref().is_some_and(|place| place.field("message").is_some()) => field("message"),
        ("domdocument", "save" | "savehtmlfile" | "savexml") if name != "savexml" => {
            let data = field("text");
            written(it, "DOMDocument.save", &args.at(0), &data, at);
            Value::unknown()
        }
        ("domdocument" | "simplexmlelement", "loadxml" | "loadhtml" | "load") => {
            if let Some(place) = &place {
                place.set("text", args.at(0));
                place.take(args.at(0).taint);
            }
            Value::bool(true)
        }
        ("ffi", "system" | "popen" | "execl" | "execv" | "execve") => {
            it.hit(Capability::Command, "FFI", at, &Value::from_all(args.all(), Control::Whole), Facts::default());
            Value::unknown()
        }
        ("com output", "stdout" | "readall") => Value::unknown(),
        ("closure", "fromcallable") => args.at(0),
        (_, "moveto" | "move" | "store") if object.taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) => {
            it.uploaded(name, object, &args.at(0), Facts { also: true, served: is_served(&args.at(0)), ..Facts::default() }, at);
            Value::unknown()
        }
        _ => return None,
    })
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("closure", "fromcallable") => match args.text(0).filter(|_| args.at(0).taint.is_none()) {
            Some(name) => Value::from(Known::Function(Rc::new(Callable::Named(name.as_str().into())))).with(args.at(0).made),
            None => args.at(0),
        },
        ("closure", "bind") => args.at(0),
        ("domdocument", "loadxml" | "loadhtml" | "load") => {
            let object = Object::new(class);
            object.set("text", args.at(0));
            object.take(args.at(0).taint);
            Interpreter::object_value(Rc::new(object))
        }
        ("ffi", "cdef" | "load" | "scope") => {
            let code = Value { taint: args.at(0).taint.or_else(|| it.any_request(at)), ..args.at(0) };
            it.hit(Capability::Native, "FFI::cdef", at, &code, Facts::default());
            Interpreter::carrier("ffi", &args.values)
        }
        _ => return None,
    })
}

pub(super) fn member(_it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, _at: u32) -> Option<Value> {
    let Known::Object(place) = &object.known else { return None };
    Some(match (class, name) {
        ("com output", "stdout") => object.clone(),
        ("reflectionclass" | "reflectionfunction" | "reflectionmethod", "name") => place.field("name")?,
        _ => return None,
    })
}

/// The elements of an array as arguments.
fn spread(it: &mut Interpreter<'_>, list: &Value, at: u32) -> Args {
    match &list.known {
        Known::Array(array) if array.rest.is_none() => {
            Args::of(array.entries.values().map(|value| value.clone().with_taint(list.taint.clone())).collect())
        }
        _ => Args { rest: Some(it.index(list, None, at)), ..Args::default() },
    }
}

/// An element of XML: its children's text by their names, if they are simple.
pub(super) fn simple_xml(args: &Args) -> Value {
    let object = Object::new("simplexmlelement");
    let text = args.at(0);
    object.take(text.taint.clone());
    if let Some(bytes) = text.only_bytes() {
        let source = String::from_utf8_lossy(bytes);
        let mut rest = &*source;
        for _ in 0..256 {
            let Some((_, after)) = rest.split_once('<') else { break };
            rest = after;
            let Some((tag, after)) = after.split_once('>') else { break };
            let name = tag.split_ascii_whitespace().next().unwrap_or_default();
            if let Some((inner, _)) = after.split_once(&format!("</{name}>"))
                && !inner.contains('<')
            {
                let inner = Value { known: Known::Bytes(decode::entities(inner.as_bytes()).into()), ..text.clone() };
                object.set(name, inner.with(Made::CARRIED));
            }
        }
    }
    object.set("text", text);
    Interpreter::object_value(Rc::new(object))
}
