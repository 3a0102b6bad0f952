//! Code that PHP calls when data goes by: parsers of YAML and XML, stream filters and wrappers, functions of a database.

use std::rc::Rc;

use super::as_array;
use crate::evidence::{Control, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Object, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "yaml_parse" | "yaml_parse_file" | "yaml_parse_url" => {
            let text = if name == "yaml_parse" { first } else { super::files::opened_any(it, &first, at) };
            let handed = Value { known: Known::Unknown, ..text };
            if let Some(callbacks) = as_array(&args.at(3)).cloned() {
                for callback in callbacks.entries.values() {
                    it.call_value(callback, Args::of(vec![handed.clone(), Value::unknown(), Value::unknown()]), at);
                }
            }
            handed
        }
        "simplexml_load_string" => super::classes::simple_xml(args),
        "xml_parser_create" | "xml_parser_create_ns" => Interpreter::object_value(Interpreter::fresh_object("xml parser")),
        "xml_set_object" => {
            place(&first)?.set("object", args.at(1));
            Value::bool(true)
        }
        "xml_set_character_data_handler"
        | "xml_set_default_handler"
        | "xml_set_processing_instruction_handler"
        | "xml_set_element_handler" => {
            let parser = place(&first)?;
            for (index, callback) in args.values.iter().enumerate().skip(1) {
                parser.set(&format!("{name} {index}"), callback.clone());
            }
            Value::bool(true)
        }
        "xml_parse" | "xml_parse_into_struct" => {
            let parser = place(&first)?;
            let data = Value { known: Known::Unknown, ..args.at(1) };
            let object = parser.field("object");
            let handlers: Vec<Value> = parser
                .fields
                .borrow()
                .iter()
                .filter(|(name, _)| name.starts_with("xml_set"))
                .map(|(_, value)| value.clone())
                .collect();
            for handler in handlers {
                let handler = match (&object, &handler.known) {
                    (Some(object), Known::Bytes(_)) => Value::list(vec![object.clone(), handler]),
                    _ => handler,
                };
                it.call_in_passing(&handler, Args::of(vec![first.clone(), data.clone(), data.clone()]), at);
            }
            Value::int(1)
        }
        "sqlite_create_function" | "sqlite_create_aggregate" => {
            it.call_with_request(&args.at(2), at);
            Value::bool(true)
        }
        "stream_filter_register" | "stream_wrapper_register" | "stream_register_wrapper" => {
            let kind = if name == "stream_filter_register" { "filter" } else { "wrapper" };
            it.runtime.settings.insert(format!("{kind} {}", args.text(0)?), args.at(1));
            Value::bool(true)
        }
        "stream_filter_append" | "stream_filter_prepend" => {
            place(&first)?.set("filter", args.at(1));
            Value::unknown()
        }
        // A filter takes the one piece that is there.
        "stream_bucket_make_writeable" => {
            let pieces = place(&first)?;
            let piece = pieces.field("piece")?;
            pieces.set("piece", Value::null());
            piece
        }
        _ => return None,
    })
}

fn place(value: &Value) -> Option<Rc<Object>> {
    match &value.known {
        Known::Object(object) => Some(object.clone()),
        _ => None,
    }
}

/// What is written to a stream goes through the page's own filter.
pub(super) fn filtered(it: &mut Interpreter<'_>, stream: &Object, data: &Value, at: u32) {
    if let Some(class) = stream.field("filter").and_then(|name| registered(it, "filter", &name.as_text()?)) {
        filter(it, &class, data, at);
    }
}

/// What is read or written by a path that names filters goes through those of the page.
pub(super) fn filtered_by_path(it: &mut Interpreter<'_>, path: &Value, data: &Value, at: u32) {
    let start = path.edges().prefix;
    let Some(filters) = start.strip_prefix(b"php://filter/") else { return };
    let filters = String::from_utf8_lossy(filters).into_owned();
    let filters = filters.split_once("resource=").map_or(&*filters, |(filters, _)| filters);
    for name in filters.split(['/', '|', '=']) {
        if let Some(class) = registered(it, "filter", name) {
            filter(it, &class, data, at);
        }
    }
}

fn filter(it: &mut Interpreter<'_>, class: &str, data: &Value, at: u32) {
    let bucket = Interpreter::fresh_object("bucket");
    bucket.set("data", data.clone());
    let pieces = Interpreter::fresh_object("bucket brigade");
    pieces.set("piece", Interpreter::object_value(bucket));
    let filter = it.instantiate(class, Args::default(), at);
    let args = Args::of(vec![Interpreter::object_value(pieces), Value::unknown(), Value::unknown(), Value::bool(false)]);
    it.call_method(&filter, "filter", args, at);
}

/// What a path of the page's own kind of stream gives.
pub(super) fn wrapped(it: &mut Interpreter<'_>, path: &str, at: u32) -> Option<Value> {
    let (scheme, _) = path.split_once("://")?;
    let class = registered(it, "wrapper", scheme)?;
    let wrapper = it.instantiate(&class, Args::default(), at);
    let opening = vec![Value::text(path), Value::text("r"), Value::int(0), Value::null()];
    it.call_method(&wrapper, "stream_open", Args::of(opening), at);
    Some(it.call_method(&wrapper, "stream_read", Args::of(vec![Value::int(8192)]), at))
}

fn registered(it: &Interpreter<'_>, kind: &str, name: &str) -> Option<String> {
    it.runtime.settings.get(&format!("{kind} {name}"))?.as_text()
}

/// Serialised data of the visitor becomes an object of any class of the page, with members as he likes.
pub(super) fn revive_any(it: &mut Interpreter<'_>, data: &Value, at: u32) {
    const MAGIC: &[&str] = &["__wakeup", "__unserialize", "__destruct"];
    if !data.is_requested(Control::Whole) || data.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::UploadName) {
        return;
    }
    for class in it.classes_with(MAGIC) {
        let Some(own) = it.own_class(&class) else { continue };
        let fields = own.class.fields.iter().filter(|field| !field.is_static);
        let member = Value { known: Known::Unknown, ..data.clone() };
        let members = fields.map(|field| (field.name.to_string(), member.clone())).collect();
        it.revived(&class, members, member.taint, at);
    }
}
