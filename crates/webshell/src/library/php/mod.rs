//! PHP: superglobals, functions and classes.

mod arrays;
mod callbacks;
mod classes;
mod containers;
mod dangerous;
mod encoding;
mod files;
#[cfg(test)]
mod flow_tests;
mod hooks;
mod pure;
pub(super) mod regex;
mod scan;
mod serial;
mod sets;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod xml;

use std::rc::Rc;

use super::Library;
use crate::evidence::{Control, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::ir::Program;
use crate::value::{Array, Known, Made, Object, Part, Value};

pub(super) struct Php;

impl Library for Php {
    fn global(&self, _it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        let part = match name {
            "_GET" | "_POST" | "_REQUEST" | "HTTP_GET_VARS" | "HTTP_POST_VARS" | "HTTP_REQUEST_VARS" => Part::Parameters,
            "_COOKIE" | "HTTP_COOKIE_VARS" => Part::Cookies,
            "_FILES" | "HTTP_POST_FILES" => Part::Files,
            "_SERVER" | "HTTP_SERVER_VARS" | "_ENV" | "HTTP_ENV_VARS" => Part::Server,
            "HTTP_RAW_POST_DATA" => {
                let spot = _it.spot(0);
                return Some(Value::tainted(Taint::source(SourceKind::Body, "", spot)));
            }
            "GLOBALS" => return Some(Known::Globals.into()),
            // What earlier requests left.
            "_SESSION" | "HTTP_SESSION_VARS" => {
                let spot = _it.spot(0);
                return Some(Value::tainted(Taint::source(SourceKind::Storage, name, spot)));
            }
            "argv" | "argc" | "php_errormsg" | "http_response_header" => {
                return Some(Value::unknown());
            }
            "this" => return Some(Value::unknown()),
            _ => return None,
        };
        Some(Known::Request(part).into())
    }

    fn constant(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        let text = match name {
            "PHP_EOL" => "\n",
            "DIRECTORY_SEPARATOR" => "/",
            "PATH_SEPARATOR" => ":",
            "__FILE__" => return Some(Value::text(&it.own_path())),
            "__DIR__" => ".",
            "__CLASS__" => return Some(it.class_name().map_or_else(Value::unknown, |class| Value::text(&class))),
            "__METHOD__" => {
                let method = it.function_name();
                let class = it.class_name().map(|class| format!("{class}::")).unwrap_or_default();
                return Some(Value::text(&format!("{class}{method}")));
            }
            "__NAMESPACE__" => return Some(Value::unknown()),
            "__FUNCTION__" => return Some(Value::text(&it.function_name())),
            "__COMPILER_HALT_OFFSET__" => return Some(it.halt_offset().map_or_else(Value::unknown, Value::int)),
            "PHP_OS" | "PHP_OS_FAMILY" | "PHP_VERSION" | "PHP_SAPI" | "PHP_VERSION_ID" | "PHP_MAJOR_VERSION" | "PHP_BINARY"
            | "PHP_INT_SIZE" | "SID" => return Some(Value::unknown()),
            _ => {
                return match pure::constant_number(name) {
                    Some(number) => Some(Value::int(number)),
                    // A constant of a library that is not here. Bare words without capitals are text.
                    None if name.contains('_')
                        && !name.starts_with('_')
                        && name.chars().all(|c| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit()) =>
                    {
                        Some(Value::unknown())
                    }
                    None => None,
                };
            }
        };
        Some(Value::text(text))
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        state::function(it, name, args, at)
            .or_else(|| hooks::function(it, name, args, at))
            .or_else(|| dangerous::function(it, name, args, at))
            .or_else(|| sets::function(it, name, args, at))
            .or_else(|| scan::function(it, name, args))
            .or_else(|| files::function(it, name, args, at))
            .or_else(|| callbacks::function(it, name, args, at))
            .or_else(|| regex::function(it, name, args, at))
            .or_else(|| arrays::function(it, name, args, at))
            .or_else(|| pure::function(it, name, args, at))
    }

    fn construct(&self, it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
        classes::construct(it, class, args, at)
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        classes::method(it, object, class, name, args, at)
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        classes::static_method(it, class, name, args, at)
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        classes::member(it, object, class, name, at)
    }

    fn element(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, at: u32) -> Option<Value> {
        containers::element(it, object, key, at)
    }

    fn put_element(&self, _it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, value: &Value) {
        containers::put(object, key, value);
    }

    fn writes_to(&self, function: &str, index: usize) -> bool {
        writes_to(function, index)
    }

    fn of_request(&self, it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
        let spot = it.spot(at);
        let tainted = |kind| Some(Value::tainted(Taint::source(kind, name, spot)));
        match part {
            Part::Server => match name {
                "argv" | "argc" => Some(Value::unknown()),
                "QUERY_STRING" | "REQUEST_URI" | "PATH_INFO" | "ORIG_PATH_INFO" | "HTTP_RAW_POST_DATA" => {
                    tainted(SourceKind::Parameter)
                }
                "PHP_AUTH_USER" | "PHP_AUTH_PW" | "PHP_AUTH_DIGEST" => tainted(SourceKind::Header),
                "PHP_SELF" | "REQUEST_METHOD" | "CONTENT_TYPE" | "REMOTE_USER" => {
                    Some(Value::tainted(Taint::source(SourceKind::Header, name, spot).at_most(Control::Weak)))
                }
                "HTTP_HOST" | "SERVER_NAME" | "HTTPS" | "HTTP_X_FORWARDED_PROTO" => {
                    Some(Value::tainted(Taint::source(SourceKind::Header, name, spot).at_most(Control::Weak)))
                }
                "SCRIPT_FILENAME" | "PATH_TRANSLATED" => Some(Value::text(&it.own_path())),
                "" => tainted(SourceKind::Header),
                _ if name.starts_with("HTTP_") => tainted(SourceKind::Header),
                _ => Some(Value::unknown()),
            },
            Part::File => Some(match name {
                "name" | "type" | "full_path" => Value::tainted(Taint::source(SourceKind::UploadName, name, spot)),
                "size" | "error" => Value::unknown(),
                _ => Value::tainted(Taint::source(SourceKind::Upload, name, spot)),
            }),
            _ => None,
        }
    }

    fn is_php(&self) -> bool {
        true
    }

    fn is_everywhere(&self, name: &str) -> bool {
        name.starts_with('_')
            && matches!(name, "_GET" | "_POST" | "_REQUEST" | "_COOKIE" | "_FILES" | "_SERVER" | "_ENV" | "_SESSION")
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
        crate::parse::php_code(text)
    }

    fn parse_file(&self, text: &[u8]) -> Program {
        crate::parse::php_file(text)
    }
}

/// What a function gives that computes something of its arguments: known if they are.
fn computed(args: &Args, made: Made, make: impl FnOnce() -> Option<Known>) -> Value {
    let mut value = Value::from_all(args.all(), Control::Whole);
    if args.all().all(Value::is_known)
        && let Some(known) = make()
    {
        value.known = known;
    }
    value.with(made)
}

fn text(bytes: Vec<u8>) -> Option<Known> {
    Some(Known::Bytes(bytes.into()))
}

/// What a function gives that only computes, for other languages with the same functions under other names.
pub(super) fn compute(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    sets::function(it, name, args, at)
        .or_else(|| scan::function(it, name, args))
        .or_else(|| arrays::function(it, name, args, at))
        .or_else(|| pure::function(it, name, args, at))
}

/// Whether a function takes an argument by reference.
fn writes_to(function: &str, index: usize) -> bool {
    match index {
        0 => matches!(
            function,
            "array_push"
                | "array_pop"
                | "array_shift"
                | "array_unshift"
                | "array_splice"
                | "array_walk"
                | "array_walk_recursive"
                | "array_multisort"
                | "sort"
                | "rsort"
                | "ksort"
                | "krsort"
                | "asort"
                | "arsort"
                | "usort"
                | "uasort"
                | "uksort"
                | "shuffle"
                | "settype"
                | "end"
                | "reset"
                | "next"
                | "prev"
                | "current"
                | "key"
                | "each"
        ),
        1 => matches!(function, "parse_str" | "mb_parse_str" | "exec" | "array_multisort" | "openssl_pkcs12_export"),
        2 => matches!(function, "preg_match" | "preg_match_all" | "exec" | "ereg" | "eregi" | "openssl_public_decrypt"),
        _ => false,
    }
}

/// Writes to an argument that the function takes by reference.
fn write_to(it: &mut Interpreter<'_>, args: &Args, index: usize, value: Value) {
    if let Some(Some(slot)) = args.slots.get(index) {
        let slot = slot.clone();
        if let Known::Array(array) = &value.known {
            it.charge(array.entries.len() * 4);
        }
        it.put(&slot, value);
    }
}

fn array_value(array: Array) -> Value {
    Known::Array(Rc::new(array)).into()
}

fn as_array(value: &Value) -> Option<&Rc<Array>> {
    match &value.known {
        Known::Array(array) => Some(array),
        _ => None,
    }
}
