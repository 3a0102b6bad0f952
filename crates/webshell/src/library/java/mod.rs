//! Java in pages (JSP, JSPX): implicit objects, classes of the platform, and what reflection reaches of them.
//!
//! | value | stands for |
//! |---|---|
//! | bytes | a string, a character, an array of bytes or characters |
//! | type | a class that is known by its name |
//! | object `class` | a class whose name is not known |
//! | object `instream`, `outmem`, `outfile`, `outprocess`, `outurl`, `response` | streams, readers and writers by what is behind them |
//! | object `list`, `map`, `iterator` | all collections |
//!
//! Wrappers of streams give what they wrap.

mod code;
mod collections;
pub(super) mod commands;
mod compute;
mod decoders;
pub(super) mod files;
mod loading;
mod network;
#[cfg(test)]
mod page_tests;
mod platform;
pub(super) mod reflect;
mod request;
mod resident;
mod streams;
#[cfg(test)]
mod tests;
pub(super) mod text;

use std::rc::Rc;

use super::Library;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::ir::{Class, Function, Program};
use crate::language::Language;
use crate::parse::Piece;
use crate::value::{Array, Key, Known, Made, Object, Value};

pub(super) struct Java;

impl Library for Java {
    fn global(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        request::implicit(it, name)
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        Some(match name {
            "echo" => {
                it.echoed(args);
                Value::unknown()
            }
            "defineclass" => loading::define(it, "ClassLoader.defineClass", args, at),
            "getclass" => it.this().map_or_else(Value::unknown, |this| reflect::class_of(&this)),
            // `T(java.lang.Runtime)` of Spring's expressions.
            "t" if args.len() == 1 => args.at(0),
            "jsp:include" | "jsp:forward" | "c:import" => network::included(it, name, &args.at(0), at),
            _ => return None,
        })
    }

    fn construct(&self, it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
        commands::construct(it, class, args, at)
            .or_else(|| code::construct(class, args))
            .or_else(|| loading::construct(it, class, args, at))
            .or_else(|| files::construct(it, class, args, at))
            .or_else(|| streams::construct(it, class, args, at))
            .or_else(|| collections::construct(class, args))
            .or_else(|| text::construct(it, class, args))
            .or_else(|| decoders::construct(class, args))
            .or_else(|| reflect::construct(class, args))
            .or_else(|| network::construct(it, class, args, at))
            .or_else(|| resident::construct(it, class, args, at))
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        let class = platform_class(it, object, class);
        let class = class.as_str();
        if name == "getclass" && !matches!(object.known, Known::Function(_)) {
            return Some(reflect::class_of(object));
        }
        request::method(it, object, class, name, args, at)
            .or_else(|| commands::method(it, object, class, name, args, at))
            .or_else(|| streams::method(it, object, class, name, args, at))
            .or_else(|| collections::method(it, object, class, name, args, at))
            .or_else(|| files::method(it, object, class, name, args, at))
            .or_else(|| code::method(it, object, class, name, args, at))
            .or_else(|| loading::method(it, object, class, name, args, at))
            .or_else(|| reflect::method(it, object, class, name, args, at))
            .or_else(|| network::method(it, object, class, name, args, at))
            .or_else(|| decoders::method(it, object, class, name, args, at))
            .or_else(|| resident::method(it, class, name, args, at))
            .or_else(|| text::method(it, object, class, name, args, at))
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        commands::static_method(it, class, name, args, at)
            .or_else(|| decoders::static_method(it, class, name, args, at))
            .or_else(|| compute::static_method(it, class, name, args))
            .or_else(|| collections::static_method(class, name, args))
            .or_else(|| files::static_method(it, class, name, args, at))
            .or_else(|| streams::static_method(it, class, name, args, at))
            .or_else(|| code::static_method(it, class, name, args, at))
            .or_else(|| loading::static_method(it, class, name, args, at))
            .or_else(|| network::static_method(it, class, name, args, at))
            .or_else(|| resident::method(it, class, name, args, at))
            .or_else(|| reflect::static_method(it, class, name, args, at))
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        member(it, object, class, name, at)
    }

    fn element(&self, _it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, _at: u32) -> Option<Value> {
        collections::element(object, key)
    }

    fn elements(&self, object: &Object) -> Option<Rc<Array>> {
        collections::elements(object)
    }

    fn typed(&self, of: &str) -> Option<Known> {
        request::typed(of)
    }

    fn is_entry(&self, function: &Function) -> bool {
        let name = function.name.to_ascii_lowercase();
        let called = matches!(
            name.as_str(),
            "_jspservice"
                | "service"
                | "doget"
                | "dopost"
                | "doput"
                | "dodelete"
                | "dohead"
                | "dooptions"
                | "dotrace"
                | "dofilter"
                | "dofilterinternal"
                | "jspinit"
                | "jspdestroy"
                | "init"
                | "equals"
                | "hashcode"
                | "tostring"
                | "requestinitialized"
                | "requestdestroyed"
                | "contextinitialized"
                | "sessioncreated"
                | "main"
                | "premain"
                | "agentmain"
                | "run"
                | "call"
                | "get"
                | "accept"
                | "invoke"
                | "handle"
                | "handlerequest"
                | "prehandle"
                | "onmessage"
                | "onopen"
                | "transform"
                | "readobject"
                | "doaction"
                | "execute"
        );
        called || function.marks.iter().any(|mark| &**mark == "override" || is_mapping(mark))
    }

    fn is_entry_class(&self, _class: &Class) -> bool {
        true
    }

    fn is_platform_class(&self, name: &str) -> bool {
        platform::is_class(name)
    }

    fn is_handed(&self, function: &Function) -> bool {
        function.name.eq_ignore_ascii_case("onmessage") || function.marks.iter().any(|mark| is_mapping(mark))
    }

    fn counts_characters(&self) -> bool {
        true
    }

    fn character(&self, byte: u8) -> Value {
        Value::bytes(&[byte]).with(Made::CHARACTER)
    }

    fn has_overloads(&self) -> bool {
        true
    }

    /// What script engines and expressions of pages are given is read as JavaScript, which is close to all of them.
    fn parse_code(&self, text: &[u8]) -> Program {
        crate::parse::parse(Language::Jscript, text, &[Piece::Code(0..text.len())])
    }
}

/// Annotations of methods that get data of the request as arguments.
fn is_mapping(mark: &str) -> bool {
    mark.ends_with("mapping") || matches!(mark, "onmessage" | "path" | "action")
}

/// The class of an object as the platform knows it: of a class of the page, what it extends.
fn platform_class(it: &Interpreter<'_>, object: &Value, class: &str) -> String {
    let Known::Object(of) = &object.known else { return class.to_owned() };
    let mut declared = of.declared.clone();
    for _ in 0..16 {
        let Some(here) = declared else { break };
        let Some(parent) = here.class.extends.first() else { return String::new() };
        match it.own_class(parent) {
            Some(own) if !Rc::ptr_eq(&own, &here) => declared = Some(own),
            _ => return short(parent),
        }
    }
    class.to_owned()
}

/// The name of a class without its packages, lower case.
fn short(class: &str) -> String {
    let name = class.rsplit(['.', '$']).next().unwrap_or(class);
    name.split('<').next().unwrap_or_default().to_ascii_lowercase()
}

fn member(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
    match &object.known {
        Known::Array(array) if name == "length" => Some(match array.rest {
            None => Value::int(array.entries.len() as i64),
            Some(_) => Value::from_all([object], Control::Mark),
        }),
        Known::Bytes(bytes) if name == "length" => Some(Value::int(bytes.len() as i64)),
        Known::Unknown | Known::Partial(_) if name == "length" => Some(Value::from_all([object], Control::Mark)),
        Known::Type(path) => match (short(path).as_str(), name) {
            ("system", "out" | "err") => Some(Value::object("printstream")),
            ("system", "in") => Some(Value::unknown()),
            ("integer", "max_value") => Some(Value::int(i64::from(i32::MAX))),
            ("file", "separator" | "separatorchar") => Some(Value::text("/")),
            ("file", "pathseparator") => Some(Value::text(":")),
            ("standardcharsets", _) => Some(Value::text(name)),
            _ => None,
        },
        // Properties of beans, as expressions of pages write them.
        Known::Request(_) => {
            let getter = format!("get{name}");
            request::method(it, object, class, &getter, &Args::default(), at)
        }
        Known::Object(place) if place.declared.is_none() => {
            let getter = format!("get{name}");
            request::method(it, object, class, &getter, &Args::default(), at)
                .or_else(|| collections::element(place, Some(&Value::text(name))))
        }
        _ => None,
    }
}

/// What a function gives that computes something of its arguments: known if they are.
pub(super) fn computed(args: &Args, made: Made, make: impl FnOnce() -> Option<Known>) -> Value {
    let mut value = Value::from_all(args.all(), Control::Whole);
    if args.all().all(Value::is_known)
        && let Some(known) = make()
    {
        value.known = known;
    }
    value.with(made)
}

pub(super) fn known_bytes(bytes: Vec<u8>) -> Known {
    Known::Bytes(bytes.into())
}

/// Writes to an argument that is a buffer.
pub(super) fn write_to(it: &mut Interpreter<'_>, args: &Args, index: usize, value: Value) {
    if let Some(Some(slot)) = args.slots.get(index) {
        let slot = slot.clone();
        it.put(&slot, value);
    }
}

pub(super) fn array_value(array: Array) -> Value {
    Known::Array(Rc::new(array)).into()
}

/// A new object with fields.
pub(super) fn made_object<const N: usize>(class: &str, fields: [(&str, Value); N]) -> Value {
    let object = Object::new(class);
    for (name, value) in fields {
        object.set(name, value);
    }
    Known::Object(Rc::new(object)).into()
}

pub(super) fn field(object: &Value, name: &str) -> Option<Value> {
    match &object.known {
        Known::Object(object) => object.field(name),
        _ => None,
    }
}

/// The bytes of a string, an array of bytes or characters, or an object that holds them.
pub(super) fn bytes_of(value: &Value) -> Option<Rc<[u8]>> {
    match &value.known {
        Known::Bytes(bytes) => Some(bytes.clone()),
        Known::Array(array) => {
            let mut out = Vec::with_capacity(array.entries.len());
            for value in array.all()? {
                match &value.known {
                    Known::Int(number @ -128..=255) => out.push(*number as u8),
                    Known::Int(number) => {
                        let character = u32::try_from(*number).ok().and_then(char::from_u32)?;
                        out.extend_from_slice(character.to_string().as_bytes());
                    }
                    Known::Bytes(bytes) => out.extend_from_slice(bytes),
                    Known::Null => out.push(0),
                    _ => return None,
                }
            }
            Some(out.into())
        }
        Known::Object(object) => object.field("value").and_then(|value| value.only_bytes().cloned()),
        Known::Int(_) | Known::Float(_) | Known::Bool(_) | Known::Type(_) => value.as_bytes(),
        _ => None,
    }
}

/// A value as a string of its own: what an array or a builder holds.
pub(super) fn as_string(value: &Value) -> Value {
    let known = match bytes_of(value) {
        Some(bytes) => Known::Bytes(bytes),
        None => match field(value, "value").map(|value| value.known) {
            Some(known @ Known::Partial(_)) => known,
            _ => match &value.known {
                Known::Partial(_) => value.known.clone(),
                _ => Known::Unknown,
            },
        },
    };
    let inner = field(value, "value").map(|value| value.made).unwrap_or_default();
    let mut made = value.made.and(inner);
    if let Known::Array(array) = &value.known {
        made = made.and(Made::BUILT);
        made = array.entries.values().take(64).fold(made, |made, value| made.and(value.made));
    }
    Value { known, taint: value.deep_taint(), made: made.without(Made::CHARACTER) }
}

/// A part of a string or an array, as `(value, start, length)`.
fn sliced(value: &Value, start: Option<i64>, length: Option<i64>) -> Value {
    let whole = as_string(value);
    let range = whole.only_bytes().zip(start).zip(length).and_then(|((bytes, start), length)| {
        let start = usize::try_from(start).ok()?;
        let end = start.checked_add(usize::try_from(length).ok()?)?;
        bytes.get(start..end.min(bytes.len()))
    });
    match range {
        Some(bytes) => Value { known: Known::Bytes(bytes.into()), ..whole },
        None => whole,
    }
}

fn key_of(value: &Value) -> Option<Key> {
    Key::of(value).filter(|_| value.is_known())
}

/// A class of objects whose methods are only told by their names: nobody knows what it is.
fn is_unknown(object: &Value, class: &str) -> bool {
    class.is_empty() && matches!(object.known, Known::Unknown | Known::Undefined | Known::Null | Known::Object(_))
}
