//! ColdFusion (Adobe's and Lucee): scopes, tags, functions, and the Java below.
//!
//! Objects of Java are those of [`super::java`]; what is asked of them goes there. Structures and arrays are arrays, of which the
//! first element has the number 1.

mod files;
mod functions;
mod lists;
mod run;
mod tags;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::Library;
use super::java::{Java, array_value, field, made_object};
use crate::evidence::{Capability, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::ir::{Class, Function, Program};
use crate::page::coldfusion;
use crate::parse::Piece;
use crate::value::{Array, Key, Known, Object, Part, Value};

pub(super) struct ColdFusion;

impl Library for ColdFusion {
    fn global(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        Some(match name {
            "form" | "url" => Known::Request(Part::Parameters).into(),
            "cookie" => Known::Request(Part::Cookies).into(),
            "cgi" => Known::Request(Part::Server).into(),
            "variables" => Known::Globals.into(),
            "session" | "application" | "request" | "server" | "client" => made_object("scope", [("scope", Value::text(name))]),
            "cffile" | "file" => Value::object("cffile"),
            "attributes" | "caller" | "thistag" | "cfcatch" | "thread" | "cfthread" | "this" | "super" | "arguments"
            | "local" => Value::unknown(),
            // What is not set is looked for in the request (`searchImplicitScopes`).
            _ if it.function_name().is_empty() && it.own_function(name).is_none() => {
                let spot = it.spot(0);
                let kind = if it.form_asks_for(name) { SourceKind::Parameter } else { SourceKind::Undefined };
                Value::tainted(Taint::source(kind, name, spot))
            }
            _ => return None,
        })
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        tags::tag(it, name, args, at)
            .or_else(|| run::function(it, name, args, at))
            .or_else(|| files::function(it, name, args, at))
            .or_else(|| lists::function(it, name, args, at))
            .or_else(|| functions::function(it, name, args, at))
    }

    fn construct(&self, it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
        match class {
            // Adobe's components for what tags do.
            "query" | "http" | "ftp" | "mail" | "storedproc" => Some(made_object("service", [("tag", Value::text(class))])),
            _ => Java.construct(it, class, args, at),
        }
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        match (class, name) {
            ("class", "init") => return Java.method(it, object, class, "newinstance", args, at),
            ("wscript.shell" | "shell.application", "exec" | "run" | "shellexecute") => {
                it.hit(Capability::Command, "WScript.Shell", at, &args.at(0), Facts::default());
                return Some(Value::unknown());
            }
            ("cffile", _) => return Some(Value::unknown()),
            ("service", _) => return service(it, object, name, args, at),
            _ => {}
        }
        // `a.reverse()` is `reverse(a)`.
        if !matches!(object.known, Known::Object(_) | Known::Request(_)) {
            let mut values = vec![object.clone()];
            values.extend(args.values.iter().cloned());
            let inner = Args::of(values);
            let kinds: &[&str] = match object.known {
                Known::Array(_) => &["array", "struct", ""],
                _ => &["", "list"],
            };
            for kind in kinds {
                let found = lists::function(it, &format!("{kind}{name}"), &inner, at)
                    .or_else(|| functions::function(it, &format!("{kind}{name}"), &inner, at));
                if found.is_some() {
                    return found;
                }
            }
        }
        Java.method(it, object, class, name, args, at)
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if name == "init" {
            return Some(it.instantiate(class, args.clone(), at));
        }
        if let ("process", "start") = (class, name) {
            return Some(super::java::commands::run(it, "Process.Start", args, at));
        }
        // A class of Java stands for an object of it until `init` is called.
        Java.static_method(it, class, name, args, at).or_else(|| {
            let object = Java.construct(it, class, &Args::default(), at)?;
            Some(it.call_method(&object, name, args.clone(), at))
        })
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        match (&object.known, class) {
            (Known::Globals, _) => Some(it.index(object, Some(&Value::text(name)), at)),
            (Known::Object(scope), "scope") => Some(it.attribute(&attribute(scope, name)).unwrap_or_default()),
            (_, "cffile") => {
                let spot = it.spot(at);
                let is_name = ["file", "name", "ext", "type"].iter().any(|end| name.ends_with(end));
                Some(match is_name {
                    true => Value::tainted(Taint::source(SourceKind::UploadName, name, spot)),
                    false => Value::unknown(),
                })
            }
            _ => Java.member(it, object, class, name, at),
        }
    }

    fn set_member(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, name: &str, value: &Value, _at: u32) -> bool {
        if &*object.class != "scope" {
            return false;
        }
        it.keep_attribute(&attribute(object, name), value.clone());
        true
    }

    fn element(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, at: u32) -> Option<Value> {
        if &*object.class == "scope" {
            let name = key.and_then(Value::as_text)?.to_ascii_lowercase();
            return Some(it.attribute(&attribute(object, &name)).unwrap_or_default());
        }
        Java.element(it, object, key, at)
    }

    fn put_element(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, value: &Value) {
        if &*object.class == "scope"
            && let Some(name) = key.and_then(Value::as_text)
        {
            it.keep_attribute(&attribute(object, &name.to_ascii_lowercase()), value.clone());
        }
    }

    fn elements(&self, object: &Object) -> Option<Rc<Array>> {
        Java.elements(object)
    }

    fn of_request(&self, it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
        if part != Part::Server {
            return None;
        }
        let spot = it.spot(at);
        let tainted = |kind| Some(Value::tainted(Taint::source(kind, name, spot)));
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "query_string" | "path_info" | "request_url" => tainted(SourceKind::Parameter),
            "" | "auth_user" | "auth_password" | "remote_user" => tainted(SourceKind::Header),
            "script_name" | "request_method" | "content_type" | "server_name" | "http_host" | "https" => {
                let taint = Taint::source(SourceKind::Header, name, spot);
                Some(Value::tainted(taint.at_most(crate::evidence::Control::Weak)))
            }
            "path_translated" | "cf_template_path" => Some(Value::text(&it.own_path())),
            _ if lower.starts_with("http_") => tainted(SourceKind::Header),
            _ => Some(Value::unknown()),
        }
    }

    fn typed(&self, _of: &str) -> Option<Known> {
        None
    }

    fn is_entry(&self, function: &Function) -> bool {
        self.is_handed(function)
            || matches!(
                &*function.name,
                "onrequest"
                    | "onrequeststart"
                    | "onrequestend"
                    | "onapplicationstart"
                    | "onsessionstart"
                    | "onsessionend"
                    | "onerror"
                    | "onmissingtemplate"
                    | "oncfcrequest"
                    | "onabort"
            )
    }

    fn is_entry_class(&self, _class: &Class) -> bool {
        true
    }

    /// Methods of components that are called by their address.
    fn is_handed(&self, function: &Function) -> bool {
        function.marks.iter().any(|mark| &**mark == "remote")
    }

    fn plus_joins(&self) -> bool {
        false
    }

    fn first_index(&self) -> i64 {
        1
    }

    fn elements_are_members(&self) -> bool {
        true
    }

    fn changed(&self, value: &mut Value, name: &str, args: &Args) -> Option<Value> {
        let Known::Array(array) = &mut value.known else { return None };
        if !matches!(name, "append" | "push" | "prepend" | "insert" | "update") {
            return None;
        }
        let array = Rc::make_mut(array);
        match (args.len(), args.get(0).and_then(Key::of)) {
            (2, Some(key)) => array.set(key, args.at(1)),
            _ => array.push(args.at(0)),
        }
        Some(Value::bool(true))
    }

    fn parse_code(&self, text: &[u8]) -> Program {
        coldfusion::parse_expression(text)
    }

    fn parse_file(&self, text: &[u8]) -> Program {
        coldfusion::parse(text, &[Piece::Code(0..text.len())])
    }
}

/// Under which name something in a scope is kept.
fn attribute(scope: &Object, name: &str) -> String {
    let scope = scope.field("scope").and_then(|scope| scope.as_text()).unwrap_or_default();
    format!("{scope}.{name}")
}

/// Components that do what a tag does: attributes are set one by one, then it runs.
fn service(it: &mut Interpreter<'_>, object: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let Known::Object(of) = &object.known else { return None };
    if let Some(attribute) = name.strip_prefix("set") {
        of.set(if attribute == "sql" { "body" } else { attribute }, args.at(0));
        return Some(object.clone());
    }
    if name == "addparam" || !matches!(name, "execute" | "send") {
        return Some(object.clone());
    }
    let tag = field(object, "tag").and_then(|tag| tag.as_text())?;
    let mut inner = Args::default();
    for (name, value) in of.fields.borrow().iter().filter(|(name, _)| &***name != "tag") {
        inner.values.push(value.clone());
        inner.slots.push(None);
        inner.names.push(Some(name.clone()));
    }
    if let Some(sql) = args.named("sql") {
        inner.values.push(sql.clone());
        inner.slots.push(None);
        inner.names.push(Some("body".into()));
    }
    tags::tag(it, &format!("cf{tag}"), &inner, at)
}
