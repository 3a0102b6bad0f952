//! Methods of objects, tried by kind of object.

use std::rc::Rc;

use super::{
    DotNet, controls, convert, data, files, load, network, plain, process, regex, request, resident, sequence, serial, stream,
    text,
};
use crate::evidence::{Capability, Facts, SourceKind};
use crate::interpret::{Args, Callable, Interpreter};
use crate::language::Language;
use crate::library::{Library, asp};
use crate::value::{Known, Object, Value};

impl DotNet {
    /// A method of a value.
    pub(super) fn any_method(
        &self,
        it: &mut Interpreter<'_>,
        object: &Value,
        class: &str,
        name: &str,
        args: &Args,
        at: u32,
    ) -> Option<Value> {
        match &object.known {
            Known::Request(part) => return request::method(it, object, *part, name, args, at),
            Known::Object(place) => {
                let found = self.object_method(it, object, place, class, name, args, at);
                return found.or_else(|| self.indexed_member(it, object, class, name, args, at));
            }
            _ => {}
        }
        if self.language == Language::JscriptNet
            && let Some(value) = asp::script_method(it, object, name, args, at)
        {
            return Some(value);
        }
        let found = text::method(it, object, name, args, at);
        if found.is_some() || matches!(object.known, Known::Undefined | Known::Null) {
            return found;
        }
        sequence_method(it, object, name, args, at)
    }

    /// A static method.
    pub(super) fn any_static(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if name == "create"
            && let Some(class) = stream::cipher_class(class)
        {
            return Some(Value::object(class));
        }
        if self.language == Language::JscriptNet
            && let Some(value) = asp::script_static(it, class, name, args, at)
        {
            return Some(value);
        }
        if self.language == Language::VisualBasic
            && matches!(class, "strings" | "conversion" | "information" | "vbmath")
            && let Some(value) = asp::basic_function(it, name, args, at)
        {
            return Some(value);
        }
        convert::function(it, class, name, args, at)
            .or_else(|| process::function(it, class, name, args, at))
            .or_else(|| files::function(it, class, name, args, at))
            .or_else(|| sequence::function(it, class, name, args, at))
            .or_else(|| network::function(class, name, args))
            .or_else(|| stream::function(class, name, args))
            .or_else(|| serial::function(it, class, name, args, at))
            .or_else(|| resident::function(it, class, name, args, at))
            .or_else(|| load::function(it, class, name, args, at))
            .or_else(|| application_method(it, name, args, at))
    }

    #[expect(clippy::too_many_arguments, reason = "the place is the object's own, which is at hand")]
    pub(super) fn object_method(
        &self,
        it: &mut Interpreter<'_>,
        object: &Value,
        place: &Rc<Object>,
        class: &str,
        name: &str,
        args: &Args,
        at: u32,
    ) -> Option<Value> {
        if class == "global" {
            return self.function(it, name, args, at);
        }
        if class == "stringbuilder" {
            return Some(text::builder_method(it, object, place, name, args, at));
        }
        if class == "encoding" {
            let name_of = place.field("name").and_then(|name| plain::text(&name)).unwrap_or_default();
            let wide = name_of.to_ascii_lowercase();
            let class = if wide.contains("unicode") || wide == "utf-16" { "unicode" } else { "encoding" };
            return convert::function(it, class, name, args, at).or(Some(Value::unknown()));
        }
        if place.declared.is_some() {
            return match name {
                "mappath" => Some(args.at(0)),
                "equals" | "gettype" => Some(Value::unknown()),
                _ => request_of_page(it, object, name, args, at),
            };
        }
        if class == "page" {
            return match name {
                "mappath" => Some(args.at(0)),
                "parsecontrol" => Some(parsed_control(it, args, at)),
                _ => request_of_page(it, object, name, args, at).or(Some(Value::unknown())),
            };
        }
        if class == "regex" {
            return regex::method(it, object, name, args, at);
        }
        if class == "match" {
            return match name {
                "nextmatch" => Some(object.clone()),
                _ => Some(plain::field(object, "value")),
            };
        }
        stream::cipher(it, object, class, name, args, at)
            .or_else(|| sequence::collection_method(it, object, place, name, args, at))
            .or_else(|| request::context_method(it, object, class, name, args, at))
            .or_else(|| controls::method(it, class, name, args, at))
            .or_else(|| process::method(it, object, class, name, args, at))
            .or_else(|| network::method(it, object, class, name, args, at))
            .or_else(|| files::method(it, object, class, name, args, at))
            .or_else(|| stream::method(it, object, class, name, args, at))
            .or_else(|| data::method(it, object, class, name, args, at))
            .or_else(|| serial::method(it, object, class, name, args, at))
            .or_else(|| load::method(it, object, class, name, args, at))
            .or_else(|| resident::method(it, object, class, name, args, at))
            .or_else(|| asp::com_method(it, object, class, name, args, at))
            .or_else(|| application_method(it, name, args, at))
    }

    /// VB: `object.Member(key)`.
    pub(super) fn indexed_member(
        &self,
        it: &mut Interpreter<'_>,
        object: &Value,
        class: &str,
        name: &str,
        args: &Args,
        at: u32,
    ) -> Option<Value> {
        if !self.is_caseless() {
            return None;
        }
        let member = match &object.known {
            Known::Object(place) => place.field(name),
            _ => None,
        };
        let member = member.or_else(|| self.member(it, object, class, name, at))?;
        if args.len() == 0 {
            return Some(member);
        }
        Some(it.index(&member, args.get(0), at))
    }
}

/// `Page.Request("x")` and its like in VB, methods that a page inherits.
/// Text becomes a part of a page, whose elements may make and call what they name.
pub(super) fn parsed_control(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    it.hit(Capability::Code, "Page.ParseControl", at, &args.at(0), Facts::default());
    Value::unknown()
}

fn request_of_page(it: &mut Interpreter<'_>, object: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let member = request::context(it, object, name)?;
    Some(if args.len() == 0 { member } else { it.index(&member, args.get(0), at) })
}

/// Functions that are handed to the platform. Middleware and routes of ASP.NET Core get the context.
pub(super) fn application_method(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let handler = args.values.iter().find(|value| matches!(value.known, Known::Function(_)))?.clone();
    if !(matches!(name, "run" | "use" | "startnew" | "queueuserworkitem" | "invoke" | "begininvoke") || name.starts_with("map")) {
        return None;
    }
    let mut given = vec![Value::object("httpcontext"), Value::unknown()];
    if let (true, Known::Function(callable)) = (name.starts_with("map"), &handler.known)
        && let Callable::Own(function) = &**callable
    {
        // Parameters of a route come from the request.
        let values = function.function.params.iter().map(|param| match param.of_type.as_deref() {
            Some(of) if request::of_type(of).is_some() => request::of_type(of).map_or_else(Value::unknown, Into::into),
            None => Value::object("httpcontext"),
            Some(_) => request::source(it, SourceKind::Parameter, &param.name, at),
        });
        given = values.collect();
    }
    Some(it.call_value(&handler, Args::of(given), at))
}

/// Delegates are the function that they are made of; threads run it.
pub(super) fn of_function(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let function = args.get(0).filter(|value| matches!(value.known, Known::Function(_)))?.clone();
    if matches!(class, "thread" | "task" | "timer") {
        it.call_value(&function, Args::of(vec![args.at(1)]), at);
        return Some(Value::object("thread"));
    }
    (args.len() == 1).then_some(function)
}

pub(super) fn sequence_method(it: &mut Interpreter<'_>, value: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    if matches!(value.known, Known::Function(_) | Known::Type(_)) {
        return None;
    }
    sequence::sequence_of(it, value, name, args, at)
}
