//! Classes of PHP and its usual extensions.

use std::rc::Rc;

use super::files::{is_served, opened_any, written};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Key, Known, Made, Object, Value};

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let object = Object::new(class);
    object.take(Value::from_all(args.all(), Control::Whole).taint);
    match class {
        "reflectionfunction" | "reflectionmethod" | "reflectionclass" | "reflectionobject" => {
            let target = if class == "reflectionmethod" && args.len() > 1 {
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
        "arrayobject" | "arrayiterator" | "recursivearrayiterator" | "iteratoriterator" | "recursiveiteratoriterator" => {
            object.set("value", args.at(0))
        }
        "callbackfilteriterator" | "recursivecallbackfilteriterator" => {
            let source = match &args.at(0).known {
                Known::Object(inner) => inner.field("value").unwrap_or_default(),
                _ => args.at(0),
            };
            let element = it.index(&source, None, at);
            it.call_value(&args.at(1), Args::of(vec![element.clone(), Value::unknown(), element]), at);
        }
        "domxpath" => {
            if let Known::Object(document) = &args.at(0).known {
                object.set("text", document.field("text").unwrap_or_default());
            }
        }
        "xsltprocessor" => {}
        "simplexmlelement" | "domdocument" => object.set("text", args.at(0)),
        "pdo" | "mysqli" | "sqlite3" | "sqlitedatabase" => {
            let connection = Value::from_all(args.all(), Control::Whole);
            object.take(connection.taint);
        }
        "exception" | "errorexception" | "error" | "runtimeexception" => object.set("message", args.at(0)),
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
            let given = match (name, given.get(0).map(|value| &value.known)) {
                ("invokeargs", Some(Known::Array(array))) => Args::of(array.entries.values().cloned().collect()),
                ("invokeargs", Some(_)) => Args { rest: Some(it.index(&given.at(0), None, at)), ..Args::default() },
                _ => given,
            };
            it.call_value(&target, given, at)
        }
        ("reflectionclass" | "reflectionobject", "newinstance" | "newinstanceargs" | "newinstancewithoutconstructor") => {
            let target = field("target");
            match target.as_text().filter(|_| target.is_known()) {
                Some(class) => it.instantiate(&class, args.clone(), at),
                None => {
                    if target.is_requested(Control::Whole) {
                        it.hit(Capability::Invoke, "newInstance", at, &target, Facts { name_tainted: true, ..Facts::default() });
                    }
                    Value::unknown()
                }
            }
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
        ("ziparchive", "extractto") => {
            it.hit(Capability::Write, "ZipArchive.extractTo", at, &args.at(0), Facts::default());
            Value::unknown()
        }
        ("splfileobject" | "spltempfileobject", "fwrite" | "fputcsv") => {
            written(it, "SplFileObject.fwrite", &field("path"), &args.at(0), at);
            Value::unknown()
        }
        ("splfileobject" | "spltempfileobject", "fgets" | "fread" | "current" | "fgetcsv") => field("data"),
        ("arrayobject" | "arrayiterator", "uasort" | "uksort") => {
            let inner = Args::of(vec![field("value"), args.at(0)]);
            it.call_named(name, inner, at)
        }
        ("arrayobject" | "arrayiterator", "getarraycopy" | "current" | "offsetget") => {
            if name == "getarraycopy" {
                field("value")
            } else {
                it.index(&field("value"), args.get(0).filter(|_| name == "offsetget"), at)
            }
        }
        ("domxpath" | "xsltprocessor", _) => return super::xml::method(it, object, class, name, args, at),
        // A pair of object and method, called.
        (_, "__invoke") if matches!(object.known, Known::Array(_)) => it.call_value(object, args.clone(), at),
        ("reflectionclass" | "reflectionobject", "getmethod") => {
            return construct(it, "reflectionmethod", &Args::of(vec![field("target"), args.at(0)]), at);
        }
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
            let taint = it.any_request(at);
            it.call_value(&args.at(1), Args::of(vec![Value::unknown().with_taint(taint)]), at)
        }
        ("exception" | "errorexception" | "error", "getmessage") => field("message"),
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
        ("com output", "stdout" | "readall") => Value::unknown(),
        ("closure", "fromcallable") => args.at(0),
        (_, "moveto" | "move" | "store")
            if object.taint.as_ref().is_some_and(|taint| taint.kind() == crate::evidence::SourceKind::Upload) =>
        {
            it.uploaded(name, object, &args.at(0), Facts { also: true, served: is_served(&args.at(0)), ..Facts::default() }, at);
            Value::unknown()
        }
        _ => return None,
    })
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("domdocument", "loadxml" | "loadhtml" | "load") => {
            let object = Object::new(class);
            object.set("text", args.at(0));
            object.take(args.at(0).taint);
            Interpreter::object_value(Rc::new(object))
        }
        ("closure", "fromcallable") => args.at(0),
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
