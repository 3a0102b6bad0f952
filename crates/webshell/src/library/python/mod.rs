//! Python: CGI scripts, handlers of the usual frameworks.

mod builtins;
mod dangerous;
mod files;
mod modules;
mod text;

use std::rc::Rc;

use super::Library;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::ir::{Function, Program};
use crate::language::Language;
use crate::library::connection;
use crate::value::{Known, Part, Value};

pub(super) struct Python;

impl Library for Python {
    fn global(&self, _it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        Some(match name {
            "request" => Known::Request(Part::All).into(),
            "environ" => Known::Request(Part::Server).into(),
            "__file__" => Value::unknown(),
            "__name__" => Value::text("__main__"),
            _ => return None,
        })
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        if let Some((module, short)) = name.rsplit_once('.') {
            let module = module.rsplit('.').next().unwrap_or(module);
            return self.static_method(it, module, short, args, at);
        }
        // A class of the file is called to make an object.
        if it.own_class(name).is_some() {
            return Some(it.instantiate(name, args.clone(), at));
        }
        dangerous::function(it, name, args, at)
            .or_else(|| files::function(it, name, args, at))
            .or_else(|| builtins::function(it, name, args, at))
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if let Known::Request(part) = &object.known {
            return of_request(it, *part, name, args, at);
        }
        if let Known::Object(place) = &object.known
            && place.declared.is_some()
        {
            return handler_method(it, name, args, at);
        }
        dangerous::method(it, object, class, name, args, at)
            .or_else(|| files::method(it, object, class, name, args, at))
            .or_else(|| text::method(it, object, name, args, at))
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        dangerous::of_module(it, class, name, args, at)
            .or_else(|| files::of_module(it, class, name, args, at))
            .or_else(|| modules::function(it, class, name, args, at))
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        match &object.known {
            Known::Request(part) => request_member(it, *part, name, at),
            Known::Type(path) => match (&**path, name) {
                ("os", "environ" | "environb") => Some(Known::Request(Part::Server).into()),
                ("flask" | "bottle" | "sanic", "request") => Some(Known::Request(Part::All).into()),
                ("sys", "argv") => Some(Value::unknown()),
                ("string", "ascii_letters" | "letters") => {
                    Some(Value::text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
                }
                ("string", "ascii_lowercase" | "lowercase") => Some(Value::text("abcdefghijklmnopqrstuvwxyz")),
                _ => None,
            },
            Known::Object(place) if place.declared.is_some() => handler_member(it, object, name, at),
            Known::Object(place) => match (class, name) {
                ("process" | "file", "stdout" | "stderr" | "stdin" | "buffer" | "raw") => Some(object.clone()),
                (_, "text" | "content") if place.field("address").is_some() => {
                    Some(Value { known: Known::Unknown, ..Value::from_all([object], Control::Whole) })
                }
                _ => None,
            },
            // A field of a form has its text as a member.
            Known::Unknown if matches!(name, "value" | "file" | "filename") => Some(object.clone()),
            _ => None,
        }
    }

    fn of_request(&self, it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
        let spot = it.spot(at);
        let tainted = |kind| Some(Value::tainted(Taint::source(kind, name, spot)));
        match part {
            Part::Server => match name {
                "QUERY_STRING" | "REQUEST_URI" | "PATH_INFO" => tainted(SourceKind::Parameter),
                "HTTP_COOKIE" => tainted(SourceKind::Cookie),
                "wsgi.input" => tainted(SourceKind::Body),
                "HTTP_HOST" | "REQUEST_METHOD" | "CONTENT_TYPE" => {
                    Some(Value::tainted(Taint::source(SourceKind::Header, name, spot).at_most(Control::Weak)))
                }
                _ if name.starts_with("HTTP_") || name.is_empty() => tainted(SourceKind::Header),
                _ => Some(Value::unknown()),
            },
            _ => None,
        }
    }

    fn param(&self, _of: &str, name: &str) -> Option<Value> {
        Some(match name {
            "request" | "req" => Known::Request(Part::All).into(),
            "environ" => Known::Request(Part::Server).into(),
            _ => return None,
        })
    }

    fn is_entry(&self, function: &Function) -> bool {
        let name = function.name.to_ascii_lowercase();
        matches!(&*name, "do_get" | "do_post" | "do_head" | "do_put" | "application") || is_route(function)
    }

    fn is_handed(&self, function: &Function) -> bool {
        is_route(function)
    }

    fn changed(&self, object: &mut Value, name: &str, args: &Args) -> Option<Value> {
        let (changed, result) = builtins::changed(object, name, args)?;
        *object = changed;
        Some(result)
    }

    fn methods_change_lists(&self) -> bool {
        true
    }

    fn passes_object(&self) -> bool {
        true
    }

    fn encode_char(&self, number: i64) -> Vec<u8> {
        vec![number as u8]
    }

    fn key(&self, name: &str) -> String {
        name.to_owned()
    }

    fn parse_code(&self, text: &[u8]) -> Program {
        let whole = crate::parse::Piece::Code(0..text.len());
        crate::parse::parse(Language::Python, text, &[whole])
    }
}

/// Whether a framework calls it with parts of the address.
fn is_route(function: &Function) -> bool {
    let ends = [".route", ".get", ".post", ".put", ".expose", ".websocket"];
    function.marks.iter().any(|mark| ends.iter().any(|end| mark.ends_with(end)) || &**mark == "route" || &**mark == "expose")
}

fn request_member(it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
    if part != Part::All {
        // `request.query.name`.
        return (part == Part::Parameters).then(|| it.of_request(part, Some(&Value::text(name)), at));
    }
    let body = |it: &mut Interpreter<'_>| {
        let spot = it.spot(at);
        Value::tainted(Taint::source(SourceKind::Body, "", spot))
    };
    Some(match name {
        "args" | "form" | "values" | "get" | "post" | "query" | "forms" | "params" | "arguments" | "query_params"
        | "match_info" => Known::Request(Part::Parameters).into(),
        "json" => Known::Request(Part::Body).into(),
        "cookies" => Known::Request(Part::Cookies).into(),
        "headers" => Known::Request(Part::Headers).into(),
        "meta" | "environ" => Known::Request(Part::Server).into(),
        "files" => Known::Request(Part::Files).into(),
        "data" | "body" | "stream" | "raw" => body(it),
        "query_string" | "path" | "url" | "full_path" | "uri" => {
            it.of_request(Part::Server, Some(&Value::text("QUERY_STRING")), at)
        }
        "method" | "remote_addr" | "host" | "scheme" | "user" | "session" => Value::unknown(),
        _ => return None,
    })
}

fn of_request(it: &mut Interpreter<'_>, part: Part, name: &str, args: &Args, at: u32) -> Option<Value> {
    let part = match (part, name) {
        (Part::All, "get_data" | "get_json" | "read") => Part::Body,
        (Part::All, "get" | "get_argument") => Part::Parameters,
        (Part::All, "get_cookie") => Part::Cookies,
        (Part::All, "get_header") => Part::Headers,
        (part, _) => part,
    };
    Some(match name {
        "get" | "getvalue" | "getfirst" | "getlist" | "pop" | "get_argument" | "getone" | "getall" | "get_cookie"
        | "get_header" | "getunicode" => it.of_request(part, args.get(0), at),
        "get_data" | "get_json" | "read" | "items" | "values" | "to_dict" | "dict" | "copy" | "keys" | "decode" => {
            if matches!(name, "get_json" | "to_dict" | "dict" | "copy") {
                return Some(Known::Request(part).into());
            }
            it.of_request(part, Some(&Value::text("")), at)
        }
        "save" if matches!(part, Part::File | Part::Files) => {
            let spot = it.spot(at);
            let data = Value::tainted(Taint::source(SourceKind::Upload, "", spot));
            files::written(it, "save", &args.at(0), &data, at);
            Value::unknown()
        }
        "has_key" | "__contains__" => Value::unknown(),
        _ => return None,
    })
}

/// Members that an object of the page inherits from a framework's handler.
fn handler_member(it: &mut Interpreter<'_>, object: &Value, name: &str, at: u32) -> Option<Value> {
    let Known::Object(place) = &object.known else { return None };
    let parents = place.declared.as_ref().map(|class| class.class.extends.join(" ")).unwrap_or_default();
    if !["Handler", "View", "Resource", "Controller"].iter().any(|part| parents.contains(part)) {
        return None;
    }
    let spot = it.spot(at);
    Some(match name {
        "path" | "requestline" | "raw_requestline" => Value::tainted(Taint::source(SourceKind::Parameter, "QUERY_STRING", spot)),
        "headers" => Known::Request(Part::Headers).into(),
        "rfile" => Value::tainted(Taint::source(SourceKind::Body, "", spot)),
        "request" => Known::Request(Part::All).into(),
        "wfile" => Interpreter::carrier("reply", &[]),
        _ => return None,
    })
}

/// Methods that an object of the page inherits from a framework's handler.
fn handler_method(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "get_argument" | "get_query_argument" | "get_body_argument" | "get_arguments" => {
            it.of_request(Part::Parameters, args.get(0), at)
        }
        "get_cookie" => it.of_request(Part::Cookies, args.get(0), at),
        _ => return None,
    })
}

/// What a function gives that computes something of its first argument.
fn computed(value: &Value, decode: impl FnOnce(&[u8]) -> Option<Vec<u8>>) -> Value {
    let known = value.only_bytes().and_then(|bytes| decode(bytes)).map(|bytes| Known::Bytes(bytes.into()));
    Value { known: known.unwrap_or_default(), ..value.clone() }
}

fn list_of(value: &Value) -> Option<Vec<Value>> {
    match &value.known {
        Known::Array(array) if array.rest.is_none() => {
            Some(array.entries.values().map(|element| element.clone().with_taint(value.taint.clone())).collect())
        }
        Known::Bytes(bytes) if bytes.len() <= 1 << 20 => {
            Some(bytes.iter().map(|byte| Value { known: Known::Bytes(Rc::new([*byte])), ..value.clone() }).collect())
        }
        _ => None,
    }
}

/// A command: a text, or a list of its words.
fn command(it: &mut Interpreter<'_>, name: &str, value: &Value, at: u32) -> Value {
    let shown = match &value.known {
        Known::Array(array) => {
            let is_his = value.taint.as_ref().is_some_and(|taint| taint.control == Control::Whole);
            let mut words = array.entries.values().chain(array.rest.as_deref());
            let whole = is_his || words.any(|word| word.is_requested(Control::Whole));
            let first = array.entries.values().next().cloned().unwrap_or_default();
            let taint = Value::from_all([value], if whole { Control::Whole } else { Control::Part }).taint;
            Value { known: first.known, taint, made: value.made }
        }
        _ => value.clone(),
    };
    let shown = connection::commanded(it, shown);
    it.hit(Capability::Command, name, at, &shown, Facts::default());
    let object = Interpreter::fresh_object("process");
    object.take(shown.taint.map(|taint| taint.at_most(Control::Weak)));
    Interpreter::object_value(object)
}

#[cfg(test)]
mod tests;
