//! Perl: CGI scripts, with or without `CGI.pm`.

mod dangerous;
mod files;
mod object;
mod patterns;
mod server;
mod text;

use std::rc::Rc;

use super::Library;
use crate::evidence::{Control, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::ir::{Item, Program};
use crate::language::Language;
use crate::value::{Array, Key, Known, Object, Part, Value};

pub(super) struct Perl;

impl Library for Perl {
    fn global(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        Some(match name {
            "%ENV" => Known::Request(Part::Server).into(),
            "@ARGV" => {
                // A query without `=` comes as arguments, to a page; a tool has them from who starts it.
                let spot = it.spot(0);
                let control = if server::answers(it) { Control::Whole } else { Control::Weak };
                let argument = Value::tainted(Taint::source(SourceKind::Parameter, "QUERY_STRING", spot).at_most(control));
                Interpreter::array_of_unknown(argument)
            }
            "@_" => Value::list(it.arguments()),
            _ => match it.global_value(name) {
                Some(value) => value,
                None if name.starts_with('%') || name.starts_with('@') => Known::Array(Default::default()).into(),
                None => Value::undefined(),
            },
        })
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        if let Some((package, short)) = name.rsplit_once("::") {
            if let Some(function) = it.own_function(short) {
                return Some(it.call_own(&function, args.clone(), None, at));
            }
            return self
                .static_method(it, package, short, &unshifted(package, args), at)
                .or_else(|| self.function(it, short, args, at));
        }
        dangerous::function(it, name, args, at)
            .or_else(|| files::function(it, name, args, at))
            .or_else(|| text::function(it, name, args, at))
    }

    fn special_form(&self, it: &mut Interpreter<'_>, name: &str, items: &[Item], at: u32) -> Option<Value> {
        patterns::special_form(it, name, items, at)
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if let Some(value) = dangerous::method(it, object, class, name, args, at) {
            return Some(value);
        }
        // Methods are functions that get their object first.
        let function = it.own_function(name)?;
        let mut all = Args::of(vec![object.clone()]);
        all.values.extend(args.values.iter().cloned());
        Some(it.call_own(&function, all, None, at))
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if let Some(value) = dangerous::static_method(it, class, name, args, at) {
            return Some(value);
        }
        let function = it.own_function(name)?;
        let all = unshifted(class, args);
        Some(it.call_own(&function, all, None, at))
    }

    fn element(&self, _it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, _at: u32) -> Option<Value> {
        object::element(object, key)
    }

    fn of_request(&self, it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
        let spot = it.spot(at);
        let tainted = |kind| Some(Value::tainted(Taint::source(kind, name, spot)));
        match part {
            Part::Server => match name {
                "QUERY_STRING" | "REQUEST_URI" | "PATH_INFO" => tainted(SourceKind::Parameter),
                "HTTP_COOKIE" | "COOKIE" => tainted(SourceKind::Cookie),
                "HTTP_HOST" | "REQUEST_METHOD" | "CONTENT_TYPE" => {
                    Some(Value::tainted(Taint::source(SourceKind::Header, name, spot).at_most(Control::Weak)))
                }
                _ if name.starts_with("HTTP_") => tainted(SourceKind::Header),
                _ => Some(Value::unknown()),
            },
            _ => None,
        }
    }

    fn stored(&self, name: &str, value: Value) -> Value {
        match name.as_bytes().first() {
            Some(b'%') => as_hash(value),
            Some(b'@') => match &value.known {
                Known::Array(_) | Known::Request(_) | Known::Undefined => value,
                Known::Unknown | Known::Partial(_) => {
                    let element = Value { known: Known::Unknown, ..value };
                    Interpreter::array_of_unknown(element)
                }
                _ => Value::list(vec![value]),
            },
            _ => value,
        }
    }

    fn is_spread(&self, name: &str) -> bool {
        name.starts_with(['@', '%'])
    }

    fn arguments_name(&self) -> Option<&'static str> {
        Some("@_")
    }

    fn writes_to(&self, function: &str, index: usize) -> bool {
        match index {
            0 => matches!(
                function,
                "open" | "sysopen" | "opendir" | "socket" | "chomp" | "chop" | "shift" | "pop" | "push" | "unshift" | "splice"
            ),
            1 => matches!(function, "read" | "sysread" | "recv"),
            _ => false,
        }
    }

    fn undeclared_is_global(&self) -> bool {
        true
    }

    fn is_everywhere(&self, name: &str) -> bool {
        name == "%ENV"
    }

    fn plus_joins(&self) -> bool {
        false
    }

    fn encode_char(&self, number: i64) -> Vec<u8> {
        vec![number as u8]
    }

    fn key(&self, name: &str) -> String {
        name.to_owned()
    }

    fn parse_code(&self, text: &[u8]) -> Program {
        let whole = crate::parse::Piece::Code(0..text.len());
        crate::parse::parse(Language::Perl, text, &[whole])
    }
}

fn unshifted(class: &str, args: &Args) -> Args {
    let mut all = Args::of(vec![Value::text(class)]);
    all.values.extend(args.values.iter().cloned());
    all
}

/// A list as a hash: keys and values in turn.
fn as_hash(value: Value) -> Value {
    let Known::Array(array) = &value.known else { return value };
    if array.entries.keys().all(|key| matches!(key, Key::Bytes(_))) {
        return value;
    }
    let mut out = Array { rest: array.rest.clone(), ..Array::default() };
    let mut waiting: Option<Value> = None;
    for (key, element) in &array.entries {
        match (key, waiting.take()) {
            (Key::Bytes(_), _) => out.set(key.clone(), element.clone()),
            (Key::Int(_), None) => waiting = Some(element.clone()),
            (Key::Int(_), Some(name)) => match Key::of(&name) {
                Some(name) => out.set(name, element.clone()),
                None => out.set_somewhere(element.clone()),
            },
        }
    }
    Value { known: Known::Array(Rc::new(out)), ..value }
}

/// The elements of all arguments from a position on, in one list. None if nobody knows how many they are.
fn flat(args: &Args, from: usize) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for value in args.values.iter().skip(from) {
        match &value.known {
            Known::Array(array) if array.rest.is_none() => {
                out.extend(array.entries.values().map(|element| element.clone().with_taint(value.taint.clone())));
            }
            Known::Array(_) | Known::Request(_) => return None,
            _ => out.push(value.clone()),
        }
    }
    args.rest.is_none().then_some(out)
}

/// The name of a file handle that is written as a bare word.
fn handle_name(value: &Value) -> Option<String> {
    match &value.known {
        Known::Type(name) => Some(name.to_string()),
        Known::Bytes(bytes) if bytes.iter().all(|byte| byte.is_ascii_uppercase() || *byte == b'_') && !bytes.is_empty() => {
            Some(crate::value::text_of(bytes))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
