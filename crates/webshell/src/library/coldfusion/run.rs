//! Functions that run code, make objects and reach into the server.

use super::tags;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::java::reflect::class_named;
use crate::library::java::{field, made_object};
use crate::value::{Array, Key, Known, Part, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "echo" | "writeoutput" | "writedump" | "dump" | "systemoutput" => {
            it.echoed(args);
            Value::unknown()
        }
        "exit" | "abort" => {
            it.leave_page();
            Value::unknown()
        }
        "evaluate" | "precisionevaluate" => {
            let mut last = Value::unknown();
            for code in args.values.clone() {
                last = evaluated(it, name, &code, at);
            }
            last
        }
        "iif" => {
            let (then, otherwise) = (args.at(1), args.at(2));
            match first.truth() {
                Some(true) => evaluated(it, name, &then, at),
                Some(false) => evaluated(it, name, &otherwise, at),
                None => {
                    let one = evaluated(it, name, &then, at);
                    let other = evaluated(it, name, &otherwise, at);
                    Value::either(&one, &other)
                }
            }
        }
        // Text that stays text when it is evaluated.
        "de" => made_object("de", [("value", first)]),
        "setvariable" => {
            match args.text(0) {
                Some(name) => {
                    let name = name.to_ascii_lowercase();
                    let slot = it.scope().slot(name.trim_start_matches("variables."));
                    it.put(&slot, args.at(1));
                }
                None => it.flood(first.taint),
            }
            args.at(1)
        }
        "createobject" => {
            let (kind, class) = if args.len() < 2 { (Value::text("component"), first) } else { (first, args.at(1)) };
            object(it, name, &kind, &class, at)
        }
        "javacast" => args.at(1),
        "createdynamicproxy" => first,
        "invoke" => {
            let method = args.at(1);
            match (&first.known, method.as_text().filter(|_| method.is_known())) {
                (Known::Object(_) | Known::Type(_), Some(method)) => it.call_method(&first, &method, args.skip(2), at),
                _ => {
                    if first.is_requested(Control::Whole) && method.is_requested(Control::Whole) {
                        let facts = Facts { name_tainted: true, also: true, ..Facts::default() };
                        it.hit(Capability::Invoke, name, at, &method, facts);
                    }
                    Value::from_all(args.all(), Control::Weak)
                }
            }
        }
        "objectload" => {
            it.hit(Capability::Deserialise, name, at, &first, Facts::default());
            Value { known: Known::Unknown, ..first }
        }
        "getpagecontext" => Value::object("pagecontext"),
        "gethttprequestdata" => {
            let spot = it.spot(at);
            let mut array = Array::default();
            array.set(Key::text("content"), Value::tainted(Taint::source(SourceKind::Body, "", spot)));
            array.set(Key::text("headers"), Known::Request(Part::Headers).into());
            array.set(Key::text("method"), Value::unknown());
            array.set(Key::text("protocol"), Value::unknown());
            super::array_value(array)
        }
        "queryexecute" => {
            let options = args.at(2);
            let source = it.index(&options, Some(&Value::text("datasource")), at);
            tags::query(it, name, &first, &source, at)
        }
        _ => return None,
    })
}

/// Text that is run as an expression.
fn evaluated(it: &mut Interpreter<'_>, name: &str, code: &Value, at: u32) -> Value {
    if let (Some(value), "de") = (field(code, "value"), code.class()) {
        return value;
    }
    // Numbers and truth values are themselves.
    if !matches!(code.known, Known::Bytes(_) | Known::Partial(_) | Known::Unknown | Known::Undefined) {
        return code.clone();
    }
    it.hit(Capability::Code, name, at, code, Facts::default());
    match code.only_bytes() {
        Some(_) if code.taint.is_none() => it.run_code(code, name, at),
        _ => Value::unknown().with_taint(code.taint.clone()),
    }
}

/// An object of Java, of Windows, or of a component.
pub(super) fn object(it: &mut Interpreter<'_>, callee: &str, kind: &Value, class: &Value, at: u32) -> Value {
    let kind = kind.as_text().unwrap_or_default().to_ascii_lowercase();
    match kind.as_str() {
        "java" | ".net" | "dotnet" => class_named(class),
        "com" => match class.as_text().filter(|_| class.is_known()) {
            Some(name) => Value::object(&name.to_ascii_lowercase()),
            None => class_named(class),
        },
        "webservice" => {
            if class.is_requested(Control::Weak) {
                it.hit(Capability::Fetch, callee, at, class, Facts::default());
            }
            Value::unknown()
        }
        _ => {
            if let Some(name) = class.as_text().filter(|_| class.is_known())
                && it.own_class(&name).is_some()
            {
                return it.instantiate(&name, Args::default(), at);
            }
            // A component is a file that runs.
            if class.is_requested(Control::Weak) {
                tags::included(it, callee, class, at);
            }
            Value::object("component")
        }
    }
}
