//! Classic ASP: VBScript and JScript.

mod basic;
mod com;
mod jscript;
#[cfg(test)]
mod tests;

use std::rc::Rc;

pub(super) use basic::{constant as basic_constant, function as basic_function};
pub(super) use com::{create, member as com_member, method as com_method, set as com_set};
pub(super) use jscript::{
    changed as script_changed, construct as script_construct, function as script_function, global as script_global,
    member as script_member, method as script_method, returning, static_method as script_static,
};

use super::Library;
use super::dotnet::plain::{bounded, bytes, may_be_text, may_look};
use super::dotnet::{request, sequence, text};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Callable, Interpreter};
use crate::ir::{Function, Program};
use crate::language::Language;
use crate::parse::{self, Piece};
use crate::value::{Array, Known, Object, Part, Value};

/// The object of a `<object runat=server progid=…>` element.
pub(crate) fn object_of(progid: &str) -> Value {
    com::object_of(&Value::text(progid))
}

pub(super) struct Asp {
    pub language: Language,
}

impl Asp {
    fn is_script(&self) -> bool {
        self.language == Language::Jscript
    }
}

impl Library for Asp {
    fn global(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        if self.is_script() {
            if let Some(value) = jscript::global(name) {
                return Some(value);
            }
        } else if let Some(value) = basic::constant(name) {
            return Some(value);
        }
        Some(match name.to_ascii_lowercase().as_str() {
            "request" => Known::Request(Part::All).into(),
            "response" => Value::object("response"),
            "server" => Value::object("server"),
            "session" => request::kept(it, "session"),
            "application" => request::kept(it, "application"),
            "objectcontext" | "scriptingcontext" => Value::object("scripting context"),
            _ => return None,
        })
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        if !may_look(it, args.all()) {
            return None;
        }
        let value = self.any_function(it, name, args, at)?;
        Some(bounded(it, value))
    }

    fn construct(&self, it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
        Some(match class {
            "activexobject" => create(it, "ActiveXObject", args, at),
            "regexp" if !self.is_script() => com::object_of(&Value::text("vbscript.regexp")),
            _ if self.is_script() => return jscript::construct(it, class, args, at),
            _ => return None,
        })
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if !may_look(it, [object].into_iter().chain(args.all())) {
            return None;
        }
        let value = self.any_method(it, object, class, name, args, at)?;
        Some(bounded(it, value))
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if self.is_script() { jscript::static_method(it, class, name, args, at) } else { None }
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        let place = match &object.known {
            Known::Request(part) => return Some(request::member(it, *part, name, at)),
            Known::Object(place) => place.clone(),
            _ if self.is_script() => return jscript::member(object, name),
            _ => return text::member(object, name),
        };
        if name == "contents" && sequence::is_collection(class) {
            return Some(object.clone());
        }
        if class == "global" {
            return Some(global_name(it, name));
        }
        match (class, name) {
            ("scripting context", _) => return self.global(it, name),
            ("response" | "server" | "err", _) => return Some(Value::unknown()),
            _ => {}
        }
        sequence::collection_member(&place, name).or_else(|| com::member(it, object, class, name, at))
    }

    fn set_member(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, name: &str, value: &Value, at: u32) -> bool {
        com::set(it, object, &name.to_ascii_lowercase(), value, at)
    }

    fn element(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, _at: u32) -> Option<Value> {
        match (&*object.class, key.and_then(Value::as_text)) {
            ("global", Some(name)) => Some(global_name(it, &name)),
            _ => sequence::element(object, key).or_else(|| com::element(object)),
        }
    }

    fn put_element(&self, _it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, value: &Value) {
        sequence::put(object, key, value);
    }

    fn elements(&self, object: &Object) -> Option<Rc<Array>> {
        match sequence::items(object)?.known {
            Known::Array(list) => Some(list),
            _ => None,
        }
    }

    fn of_request(&self, it: &mut Interpreter<'_>, part: Part, name: &str, at: u32) -> Option<Value> {
        request::of_request(it, part, name, at)
    }

    fn unknown_name(&self, name: &str) -> Value {
        if self.is_script() { Known::Type(name.into()).into() } else { Value::undefined() }
    }

    fn is_entry(&self, function: &Function) -> bool {
        let name = function.name.to_ascii_lowercase();
        matches!(&*name, "class_initialize" | "class_terminate")
            || ["session_onstart", "session_onend", "application_onstart", "application_onend"].contains(&&*name)
    }

    fn is_caseless(&self) -> bool {
        !self.is_script()
    }

    fn elements_are_members(&self) -> bool {
        self.is_script()
    }

    fn changed(&self, value: &mut Value, name: &str, args: &Args) -> Option<Value> {
        jscript::changed(value, name, args)
    }

    fn parse_code(&self, text: &[u8]) -> Program {
        let program = parse::parse(self.language, text, &[Piece::Code(0..text.len())]);
        if self.is_script() { returning(program) } else { program }
    }

    fn parse_file(&self, text: &[u8]) -> Program {
        let scripts = crate::carrier::scripts(text, "page.asp");
        match scripts.iter().find(|script| script.language == self.language) {
            Some(script) => parse::parse(script.language, &script.text, &script.pieces),
            None => Program::default(),
        }
    }
}

impl Asp {
    fn any_function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        let first = args.at(0);
        Some(match name {
            "echo" => {
                it.echoed(args);
                Value::unknown()
            }
            "exit" => {
                it.leave_page();
                Value::unknown()
            }
            "createobject" => create(it, "CreateObject", args, at),
            "getobject" => create(it, "GetObject", args, at),
            "execute" | "executeglobal" if !self.is_script() => {
                it.hit(
                    Capability::Code,
                    if name == "execute" { "Execute" } else { "ExecuteGlobal" },
                    at,
                    &first,
                    Facts::default(),
                );
                // `Execute name & "=Request(…)"` sets whatever variable the visitor names.
                let edges = first.edges();
                let ends = [&b"\")"[..], b"')"].contains(&&edges.suffix[..])
                    || memchr::memmem::find(&edges.suffix.to_ascii_lowercase(), b"request").is_some();
                if first.only_bytes().is_none() && edges.prefix.is_empty() && ends {
                    it.flood(first.deep_taint().filter(|taint| taint.is_request()));
                }
                if may_be_text(&first) { it.run_code(&first, name, at) } else { Value::unknown() }
            }
            "eval" if !self.is_script() => evaluated(it, &first, at),
            _ if self.is_script() => return jscript::function(it, name, args, at),
            _ => return basic::function(it, name, args, at),
        })
    }

    fn any_method(
        &self,
        it: &mut Interpreter<'_>,
        object: &Value,
        class: &str,
        name: &str,
        args: &Args,
        at: u32,
    ) -> Option<Value> {
        let place = match &object.known {
            Known::Request(part) => return request::method(it, object, *part, name, args, at),
            Known::Object(place) => place.clone(),
            _ if self.is_script() => {
                return jscript::method(it, object, name, args, at).or_else(|| plain_method(it, object, name, args, at));
            }
            _ => return plain_method(it, object, name, args, at),
        };
        if class == "global" {
            return self.function(it, name, args, at);
        }
        if name == "contents" && sequence::is_collection(class) && args.len() == 0 {
            return Some(object.clone());
        }
        sequence::collection_method(it, object, &place, name, args, at)
            .or_else(|| intrinsic(it, class, name, args, at))
            .or_else(|| com::method(it, object, class, name, args, at))
            .or_else(|| {
                let member = place.field(name).or_else(|| self.member(it, object, class, name, at))?;
                Some(if args.len() == 0 { member } else { it.index(&member, args.get(0), at) })
            })
    }
}

/// What a name stands for at the top of a script.
pub(super) fn global_name(it: &mut Interpreter<'_>, name: &str) -> Value {
    if let Some(slot) = it.scope().find(name) {
        let value = slot.borrow().clone();
        if !matches!(value.known, Known::Undefined) {
            return value;
        }
    }
    if let Some(function) = it.own_function(name) {
        return Known::Function(Rc::new(Callable::Own(function))).into();
    }
    match it.library.global(it, name) {
        Some(value) => value,
        None => Known::Type(name.into()).into(),
    }
}

/// `Eval` of VBScript: an expression, whose value is kept under a name that no code can write.
fn evaluated(it: &mut Interpreter<'_>, code: &Value, at: u32) -> Value {
    const RESULT: &str = "evaluated_expression";
    it.hit(Capability::Code, "Eval", at, code, Facts::default());
    let Some(expression) = bytes(code).filter(|_| may_be_text(code)) else {
        return it.run_code(code, "Eval", at);
    };
    let mut statement = format!("{RESULT} = ").into_bytes();
    statement.extend_from_slice(&expression);
    let statement = Value { known: Known::Bytes(statement.into()), taint: code.taint.clone(), made: code.made };
    it.run_code(&statement, "Eval", at);
    let found = it.scope().find(RESULT).map(|slot| slot.borrow().clone());
    found.unwrap_or_default().with_taint(code.taint.clone())
}

/// Methods of what is no object: strings of COM have none, but arrays and unknown values may be asked.
fn plain_method(it: &mut Interpreter<'_>, value: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (&value.known, name) {
        (Known::Array(_), "item") => Some(it.index(value, args.get(0), at)),
        (Known::Unknown | Known::Undefined, _) => com::method(it, value, "com", name, args, at).filter(|_| value.taint.is_none()),
        _ => None,
    }
}

/// `Response` and `Server`.
fn intrinsic(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("response", "write" | "binarywrite" | "appendtolog") => {
            it.echoed(args);
            Value::unknown()
        }
        ("response", "end" | "redirect") => {
            it.leave_page();
            Value::unknown()
        }
        ("response", _) => Value::unknown(),
        ("server", "createobject") => create(it, "Server.CreateObject", args, at),
        ("server", "mappath") => args.at(0),
        ("server", "execute" | "transfer") => {
            let path = args.at(0);
            if path.deep_taint().is_some() {
                it.hit(
                    Capability::Include,
                    if name == "execute" { "Server.Execute" } else { "Server.Transfer" },
                    at,
                    &path,
                    Facts::default(),
                );
            }
            Value::unknown()
        }
        ("server", "urlencode" | "htmlencode") => Value::from_all(args.all(), Control::Weak),
        ("server" | "err", _) => Value::unknown(),
        _ => return None,
    })
}
