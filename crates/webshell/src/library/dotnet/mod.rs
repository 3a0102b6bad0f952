//! ASP.NET: C#, VB.NET and JScript.NET.

mod controls;
mod convert;
mod data;
mod entry;
mod files;
mod load;
mod network;
mod objects;
#[cfg(test)]
mod page_tests;
pub(super) mod plain;
mod process;
pub(super) mod regex;
pub(super) mod request;
mod resident;
pub(super) mod sequence;
mod serial;
mod stream;
pub(super) mod stylesheet;
#[cfg(test)]
mod tests;
pub(super) mod text;

use std::rc::Rc;

use super::{Library, asp};
use crate::interpret::{Args, Interpreter};
use crate::ir::{Class, Function, Program};
use crate::language::Language;
use crate::parse::{self, Piece};
use crate::value::{Array, Key, Known, Made, Object, Part, Value};

pub(super) use convert::{replaced_without_case, reversed};
pub(super) use data::query;
pub(super) use files::{is_served, read, uploaded, written};
pub(super) use network::{exchanged, fetched};
pub(super) use process::{raised, start};

/// The object of a server control, by its tag in lower case (`asp:textbox`, `input`); none if no visitor fills it. Its field
/// `id` may be set: it is the name that a source gets.
pub(crate) fn control(tag: &str) -> Option<Value> {
    controls::control(tag)
}

pub(super) struct DotNet {
    pub language: Language,
}

impl Library for DotNet {
    fn global(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        match self.language {
            Language::VisualBasic => {
                let spelled =
                    ["Request", "Context", "Response", "Server", "Page", "Session", "Application", "Cache", "ViewState"];
                if let Some(name) = spelled.iter().find(|spelled| spelled.eq_ignore_ascii_case(name)) {
                    return request::global(it, name);
                }
                if let Some(value) = asp::basic_constant(name) {
                    return Some(value);
                }
            }
            Language::JscriptNet => {
                if let Some(value) = asp::script_global(name) {
                    return Some(value);
                }
            }
            _ => {}
        }
        if matches!(name, "this" | "me" | "mybase" | "base") {
            return Some(Value::object("page"));
        }
        request::global(it, name)
    }

    fn function(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        match (self.language, name) {
            (_, "echo") => {
                it.echoed(args);
                return Some(Value::unknown());
            }
            (_, "mappath") => return Some(args.at(0)),
            (_, "parsecontrol") => return Some(objects::parsed_control(it, args, at)),
            (_, "findcontrol" | "loadcontrol" | "resolveurl" | "resolveclienturl" | "registerstartupscript") => {
                return Some(Value::unknown());
            }
            (Language::JscriptNet, "eval") => return Some(load::eval(it, args, at)),
            (Language::CSharp, "eval" | "bind" | "xpath") => return Some(Value::unknown()),
            (Language::VisualBasic, "shell") => {
                start(it, "Interaction.Shell", &args.at(0), None, at);
                return Some(Value::unknown());
            }
            (Language::VisualBasic, "createobject" | "getobject") => {
                return Some(asp::create(it, "Interaction.CreateObject", args, at));
            }
            (Language::VisualBasic, "callbyname") => return process::function(it, "interaction", name, args, at),
            (Language::VisualBasic, "addhandler") => {
                let handler = args.at(1);
                it.call_value(&handler, Args::unknown(2), at);
                return Some(Value::unknown());
            }
            (Language::VisualBasic, "exit") => {
                it.leave_page();
                return Some(Value::unknown());
            }
            _ => {}
        }
        match self.language {
            Language::VisualBasic => files::visual_basic(it, name, args, at).or_else(|| asp::basic_function(it, name, args, at)),
            Language::JscriptNet => asp::script_function(it, name, args, at),
            _ => None,
        }
    }

    fn construct(&self, it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
        if class == "stringbuilder" {
            return Some(text::builder(args));
        }
        if class == "regex" {
            return Some(plain::object("regex", &[("pattern", &args.at(0)), ("options", &args.at(1))]));
        }
        if let Some(class) = stream::cipher_class(class) {
            return Some(Value::object(class));
        }
        if sequence::is_collection(class) {
            return Some(sequence::collection(it, class, args, at));
        }
        if matches!(class, "utf8encoding" | "asciiencoding" | "unicodeencoding") {
            return Some(plain::object("encoding", &[("name", &Value::text(class))]));
        }
        if controls::is_field(class) {
            return Some(Value::object(class));
        }
        if self.language == Language::JscriptNet
            && let Some(value) = asp::script_construct(it, class, args, at)
        {
            return Some(value);
        }
        sequence::construct(class, args)
            .or_else(|| process::construct(it, class, args, at))
            .or_else(|| files::construct(it, class, args, at))
            .or_else(|| stream::construct(it, class, args, at))
            .or_else(|| data::construct(class, args))
            .or_else(|| network::construct(it, class, args, at))
            .or_else(|| serial::construct(class, args))
            .or_else(|| load::construct(it, class, args, at))
            .or_else(|| resident::construct(class, args))
            .or_else(|| objects::of_function(it, class, args, at))
    }

    fn method(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if !plain::may_look(it, [object].into_iter().chain(args.all())) {
            return None;
        }
        let value = self.any_method(it, object, class, name, args, at)?;
        Some(plain::bounded(it, value))
    }

    fn static_method(&self, it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
        if !plain::may_look(it, args.all()) {
            return None;
        }
        let value = self.any_static(it, class, name, args, at)?;
        Some(plain::bounded(it, value))
    }

    fn member(&self, it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, at: u32) -> Option<Value> {
        match &object.known {
            Known::Request(part) => return Some(request::member(it, *part, name, at)),
            Known::Type(path) => {
                if name == "request" && path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("current")) {
                    return Some(Known::Request(Part::All).into());
                }
                return resident::type_member(path, name)
                    .or_else(|| convert::member(path, name))
                    .or_else(|| serial::member(path, name));
            }
            _ => {}
        }
        let Known::Object(place) = &object.known else {
            if self.language == Language::JscriptNet
                && let Some(value) = asp::script_member(object, name)
            {
                return Some(value);
            }
            return text::member(object, name);
        };
        controls::member(it, place, name, at)
            .or_else(|| sequence::collection_member(place, name))
            .or_else(|| process::member(object, class, name))
            .or_else(|| files::member(object, class, name))
            .or_else(|| stream::member(it, object, class, name, at))
            .or_else(|| data::member(object, class, name))
            .or_else(|| network::member(object, class, name))
            .or_else(|| load::member(object, class, name))
            .or_else(|| asp::com_member(it, object, class, name, at))
            .or_else(|| {
                let is_context =
                    place.declared.is_some() || matches!(class, "httpcontext" | "page" | "websocketcontext" | "global");
                is_context.then(|| request::context(it, object, name).or_else(|| it.global_variable(name))).flatten()
            })
            .or_else(|| match (class, name) {
                ("websocketcontext", "websocket") => Some(Value::object("websocket")),
                ("stringbuilder", "length") => {
                    let whole = text::built(it, place);
                    text::member(&whole, "length")
                }
                ("response", "outputstream" | "output" | "body") => Some(object.clone()),
                ("response" | "httpserver" | "page" | "httpcontext", _) => Some(Value::unknown()),
                ("match", "success") => Some(Value::unknown()),
                _ => None,
            })
    }

    fn set_member(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, name: &str, value: &Value, at: u32) -> bool {
        let name = name.to_ascii_lowercase();
        if controls::keeps_source(&object.class, &name) {
            return true;
        }
        if sequence::is_keyed(&object.class) {
            sequence::put(object, Some(&Value::text(&name)), value);
            return true;
        }
        if data::set(it, object, &name, value, at) {
            return true;
        }
        match (&*object.class, name.as_str()) {
            ("memorystream", "position") => {
                object.fields.borrow_mut().shift_remove("consumed");
            }
            ("vsaengine", "sourcetext") => {
                it.hit(crate::evidence::Capability::Code, "VsaEngine.SourceText", at, value, Default::default());
            }
            _ => return asp::com_set(it, object, &name, value, at),
        }
        true
    }

    fn element(&self, it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, at: u32) -> Option<Value> {
        match &*object.class {
            "global" => key.and_then(Value::as_text).map(|name| asp::global_name(it, &name)),
            "stringbuilder" => {
                let whole = text::built(it, object);
                Some(it.index(&whole, key, at))
            }
            "rows" => Some(Value::unknown()),
            "json" => Some(Value::unknown().with_taint(object.taint.borrow().clone())),
            _ => sequence::element(object, key),
        }
    }

    fn put_element(&self, _it: &mut Interpreter<'_>, object: &Rc<Object>, key: Option<&Value>, value: &Value) {
        if let (None, Known::Array(pair)) = (key, &value.known)
            && let (Some(key), Some(value), 2) = (pair.get(&Key::Int(0)), pair.get(&Key::Int(1)), pair.entries.len())
            && sequence::is_keyed(&object.class)
        {
            return sequence::put(object, Some(key), value);
        }
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

    fn inherited(&self, it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
        self.global(it, name)
    }

    fn typed(&self, of: &str) -> Option<Known> {
        request::of_type(of)
            .or_else(|| controls::of_type(of))
            .or_else(|| process::of_type(of))
            .or_else(|| stream::of_type(of))
            .or_else(|| load::of_type(of))
            .or_else(|| data::of_type(of))
            .or_else(|| files::of_type(of))
            .or_else(|| network::of_type(of))
            .or_else(|| serial::of_type(of))
            .or_else(|| resident::of_type(of))
    }

    fn blank(&self, of: &str) -> Value {
        match request::of_type(of).or_else(|| controls::of_type(of)) {
            Some(known) => known.into(),
            None => Value::undefined(),
        }
    }

    fn param(&self, of: &str, name: &str) -> Option<Value> {
        if matches!(name.to_ascii_lowercase().as_str(), "eventargument" | "postbackargument") {
            let spot = crate::evidence::Spot::default();
            return Some(Value::tainted(crate::evidence::Taint::source(crate::evidence::SourceKind::Parameter, name, spot)));
        }
        self.typed(of).map(Into::into)
    }

    fn is_entry(&self, function: &Function) -> bool {
        entry::is_entry(function)
    }

    fn is_handed(&self, function: &Function) -> bool {
        function
            .marks
            .iter()
            .any(|mark| ["webmethod", "operationcontract", "http", "route"].iter().any(|own| mark.starts_with(own)))
    }

    fn is_platform_class(&self, name: &str) -> bool {
        entry::PLATFORM_CLASSES.contains(&name.split('<').next().unwrap_or(name))
    }

    fn is_entry_class(&self, _class: &Class) -> bool {
        true
    }

    fn is_caseless(&self) -> bool {
        self.language == Language::VisualBasic
    }

    fn has_overloads(&self) -> bool {
        self.language != Language::JscriptNet
    }

    fn counts_characters(&self) -> bool {
        self.language == Language::CSharp
    }

    fn elements_are_members(&self) -> bool {
        self.language == Language::JscriptNet
    }

    fn changed(&self, value: &mut Value, name: &str, args: &Args) -> Option<Value> {
        asp::script_changed(value, name, args)
    }

    fn character(&self, byte: u8) -> Value {
        Value::bytes(&[byte]).with(Made::CHARACTER)
    }

    fn parse_code(&self, text: &[u8]) -> Program {
        let program = parse::parse(self.language, text, &[Piece::Code(0..text.len())]);
        if self.language == Language::JscriptNet { asp::returning(program) } else { program }
    }
}
