//! XPath and XSLT, whose expressions may call PHP's functions.

use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let Known::Object(place) = &object.known else { return None };
    let text = |value: &Value| match &value.known {
        Known::Object(document) => document.field("text").unwrap_or_default(),
        _ => Value::unknown(),
    };
    Some(match (class, name) {
        ("domxpath" | "xsltprocessor", "registerphpfunctions") => {
            place.set("functions", Value::bool(true));
            Value::unknown()
        }
        ("xsltprocessor", "importstylesheet") => {
            place.set("sheet", text(&args.at(0)));
            Value::bool(true)
        }
        ("xsltprocessor", "transformtoxml" | "transformtodoc" | "transformtouri") => {
            let sheet = place.field("sheet").unwrap_or_default();
            run(it, place.field("functions").is_some(), &sheet, &text(&args.at(0)), at)
        }
        ("domxpath", "query" | "evaluate") => {
            run(it, place.field("functions").is_some(), &args.at(0), &place.field("text").unwrap_or_default(), at)
        }
        _ => return None,
    })
}

/// Calls what an expression calls.
fn run(it: &mut Interpreter<'_>, may_call: bool, expression: &Value, document: &Value, at: u32) -> Value {
    if !may_call {
        return Value::unknown();
    }
    let start = expression.edges().prefix;
    if start.is_empty() && expression.is_requested(Control::Whole) {
        it.hit(Capability::Invoke, "registerPHPFunctions", at, expression, Facts { also: true, ..Facts::default() });
        return Value::unknown();
    }
    let mut value = Value::unknown();
    let mut rest = &start[..];
    for _ in 0..16 {
        let Some(found) = memchr::memmem::find(rest, b":function") else { break };
        rest = rest.get(found + 9..).unwrap_or_default();
        rest = rest.strip_prefix(b"String").unwrap_or(rest).trim_ascii_start();
        let Some(inside) = rest.strip_prefix(b"(") else { continue };
        let Some((name, behind)) = quoted(inside.trim_ascii_start()) else { continue };
        let given = behind.trim_ascii_start().strip_prefix(b",").unwrap_or_default().trim_ascii_start();
        let argument = match quoted(given) {
            Some((text, _)) => Value::bytes(text),
            // What follows is not known, or is a place in the document.
            None if given.is_empty() || expression.taint.is_some() => Value { known: Known::Unknown, ..expression.clone() },
            None => Value { known: document.only_bytes().map_or(Known::Unknown, |xml| content(xml)), ..document.clone() },
        };
        let name = String::from_utf8_lossy(name).into_owned();
        value = it.call_value(&Value::text(&name), Args::of(vec![argument]), at);
    }
    value
}

/// A text in quotes at the start, and what is behind it.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let quote = *text.first().filter(|byte| matches!(byte, b'\'' | b'"'))?;
    let inside = text.get(1..)?;
    let end = memchr::memchr(quote, inside)?;
    Some((inside.get(..end)?, inside.get(end + 1..)?))
}

/// What stands between the tags.
fn content(xml: &[u8]) -> Known {
    let mut out = Vec::new();
    let mut in_tag = false;
    for byte in xml {
        match byte {
            b'<' => in_tag = true,
            b'>' => in_tag = false,
            byte if !in_tag => out.push(*byte),
            _ => {}
        }
    }
    Known::Bytes(out.trim_ascii().into())
}
