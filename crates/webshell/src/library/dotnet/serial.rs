//! Objects made of serialised data, and stylesheets that may hold code.

use super::plain::{blurred, carrying, field, object};
use crate::evidence::{Capability, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

/// Classes that make whatever object the data names.
const FORMATTERS: &[(&str, &str)] = &[
    ("binaryformatter", "BinaryFormatter.Deserialize"),
    ("losformatter", "LosFormatter.Deserialize"),
    ("objectstateformatter", "ObjectStateFormatter.Deserialize"),
    ("soapformatter", "SoapFormatter.Deserialize"),
    ("netdatacontractserializer", "NetDataContractSerializer.Deserialize"),
    ("iformatter", "IFormatter.Deserialize"),
    ("fastjson", "JSON.ToObject"),
];

fn formatter(class: &str) -> Option<&'static str> {
    FORMATTERS.iter().find(|(name, _)| *name == class).map(|(_, callee)| *callee)
}

fn deserialised(it: &mut Interpreter<'_>, callee: &str, data: &Value, at: u32) -> Value {
    let whole = blurred([data]);
    // The platform's own classes are enough to run code.
    it.hit(Capability::Deserialise, callee, at, &whole, Facts { also: true, ..Facts::default() });
    whole
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    (formatter(of).is_some() || of == "xslcompiledtransform").then(|| Value::object(of).known)
}

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    Some(match class {
        "javascriptserializer" if args.len() > 0 => object("javascriptserializer", &[("resolver", &args.at(0))]),
        "javascriptserializer" | "xslcompiledtransform" | "xsltransform" | "xamlreader" => Value::object(class),
        "xmlserializer" | "datacontractserializer" | "datacontractjsonserializer" => {
            object("typed serializer", &[("of", &args.at(0))])
        }
        "xsltsettings" => object("xsltsettings", &[("enablescript", &args.at(1))]),
        class if formatter(class).is_some() => Value::object(class),
        _ => return None,
    })
}

pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        ("xamlreader" | "xamlservices", "parse" | "load") => Some(deserialised(it, "XamlReader.Parse", &args.at(0), at)),
        _ => None,
    }
}

pub(super) fn method(it: &mut Interpreter<'_>, _value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let reads = matches!(
        name,
        "deserialize" | "deserializeobject" | "unsafedeserialize" | "readobject" | "deserializemethodresponse" | "toobject"
    );
    Some(match class {
        class if formatter(class).is_some() => match formatter(class).filter(|_| reads) {
            Some(callee) => deserialised(it, callee, &args.at(0), at),
            None => Value::unknown(),
        },
        "xamlreader" if matches!(name, "load" | "loadasync" | "parse") => deserialised(it, "XamlReader.Load", &args.at(0), at),
        "javascriptserializer" => {
            let has_resolver =
                field(_value, "resolver").class() != "" || matches!(field(_value, "resolver").known, Known::Object(_));
            if reads && has_resolver {
                return Some(deserialised(it, "JavaScriptSerializer.Deserialize", &args.at(0), at));
            }
            blurred(args.all())
        }
        "typed serializer" => {
            if reads && field(_value, "of").deep_taint().is_some() {
                return Some(deserialised(
                    it,
                    "XmlSerializer.Deserialize",
                    &args.at(0).with_taint(field(_value, "of").taint),
                    at,
                ));
            }
            blurred(args.all())
        }
        "xsltransform" | "xslcompiledtransform" if name == "load" => {
            let settings = args.at(1);
            let runs = class == "xsltransform" || field(&settings, "enablescript").truth() == Some(true);
            let sheet = super::stream::content(it, &args.at(0), at);
            if runs {
                it.hit(Capability::Code, "XslCompiledTransform.Load", at, &sheet, Facts::default());
                super::stylesheet::run(it, "XslCompiledTransform.Load", &sheet, at);
            }
            Value::unknown()
        }
        "xsltransform" | "xslcompiledtransform" => Value::unknown(),
        _ => return None,
    })
}

/// `XsltSettings.TrustedXslt`.
pub(super) fn member(path: &str, name: &str) -> Option<Value> {
    let is_settings = path.rsplit('.').next().is_some_and(|class| class.eq_ignore_ascii_case("xsltsettings"));
    (is_settings && name == "trustedxslt").then(|| object("xsltsettings", &[("enablescript", &Value::bool(true))]))
}

/// `JsonConvert.DeserializeObject`: with `TypeNameHandling` the data names the classes.
pub(super) fn json(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let names_types = args.values.iter().skip(1).any(|settings| match &settings.known {
        Known::Object(settings) => settings.field("typenamehandling").is_some_and(|handling| match &handling.known {
            Known::Type(kind) => !kind.to_ascii_lowercase().ends_with("none"),
            Known::Int(kind) => *kind != 0,
            _ => false,
        }),
        _ => false,
    });
    if names_types {
        return deserialised(it, "JsonConvert.DeserializeObject", &args.at(0), at);
    }
    let data = blurred([&args.at(0)]);
    carrying("json", &data).with_taint(data.taint)
}
