//! Databases, connections and documents.

use super::Call;
use crate::decode;
use crate::evidence::{Capability, Control, SourceKind};
use crate::interpret::Interpreter;
use crate::library::dotnet::plain::{blurred, bytes, computed, field, known_text, object, weaker};
use crate::library::dotnet::{exchanged, fetched, query, request, stylesheet, written};
use crate::value::{Known, Made, Value};

pub(super) fn database(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match (class, name) {
        ("adodb.connection", "open") => {
            if call.args.len() > 0 {
                call.set("connectionstring", first);
            }
            Value::unknown()
        }
        ("adodb.connection", "execute") => {
            let connection = call.field("connectionstring");
            query(it, "ADODB.Connection.Execute", &first, &connection, call.at)
        }
        ("adodb.connection", "openschema") => {
            call.hit(it, Capability::Sql, "ADODB.Connection.OpenSchema", &weaker(&call.field("connectionstring"), Control::Part));
            object("rows", &[])
        }
        ("adodb.recordset", "open") if call.args.len() > 0 => {
            let connection = match call.args.at(1).class() {
                "adodb.connection" => field(&call.args.at(1), "connectionstring"),
                _ => call.args.at(1),
            };
            query(it, "ADODB.Recordset.Open", &first, &connection, call.at)
        }
        ("adodb.recordset", "save") => {
            written(it, "ADODB.Recordset.Save", &first, &blurred([call.object]), call.at);
            Value::unknown()
        }
        ("adodb.recordset" | "rows", "fields" | "item" | "collect") => element_of(call.object),
        ("adodb.recordset" | "rows", _) => Value::unknown(),
        ("adodb.field", "appendchunk") => {
            if let Known::Object(set) = call.field("set").known {
                set.take(first.deep_taint());
            }
            Value::unknown()
        }
        ("adodb.field", _) => blurred([call.object]),
        ("adodb.command", "execute") => {
            let connection = call.field("activeconnection");
            query(it, "ADODB.Command.Execute", &call.field("commandtext"), &connection, call.at)
        }
        ("adox.catalog", "create") | ("jro.jetengine", "compactdatabase") => {
            let callee = if name == "create" { "ADOX.Catalog.Create" } else { "JRO.JetEngine.CompactDatabase" };
            call.hit(it, Capability::Change, callee, &blurred(call.args.all()));
            Value::unknown()
        }
        _ => Value::unknown(),
    })
}

/// A field of a row: what is put into it comes out of the same row again.
pub(super) fn element_of(rows: &Value) -> Value {
    let taint = rows.deep_taint();
    object("adodb.field", &[("set", rows)]).with_taint(taint)
}

pub(super) fn http(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    Some(match name {
        "open" => {
            call.set("url", call.args.at(1));
            Value::unknown()
        }
        "send" => {
            let (url, data) = (call.field("url"), call.args.at(0));
            let answer = match data.deep_taint() {
                Some(_) => exchanged(it, "XMLHTTP.Send", &url, &data, call.at),
                None => fetched(it, "XMLHTTP.Send", &url, call.at),
            };
            call.set("answer", answer);
            Value::unknown()
        }
        "responsetext" | "responsebody" | "responsestream" | "responsexml" => call.field("answer"),
        _ => Value::unknown(),
    })
}

/// XML documents carry what is put into them; their nodes decode base64 and hex.
pub(super) fn xml(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "load" if matches!(first.known, Known::Request(_)) => {
            let body = request::source(it, SourceKind::Body, "", call.at);
            if let Known::Object(place) = &call.object.known {
                place.take(body.taint);
            }
            Value::unknown()
        }
        "load" if crate::library::dotnet::plain::may_be_text(&first) && first.deep_taint().is_some() => {
            call.hit(it, Capability::Fetch, "DOMDocument.Load", &first);
            let data = request::source(it, SourceKind::Remote, "", call.at);
            if let Known::Object(place) = &call.object.known {
                place.take(data.taint);
            }
            Value::unknown()
        }
        "loadxml" => {
            call.set("text", first);
            Value::unknown()
        }
        "createelement" | "createnode" | "createtextnode" => object("xml node", &[]),
        "save" => {
            written(it, "DOMDocument.Save", &first, &blurred([call.object]), call.at);
            Value::unknown()
        }
        "transformnode" | "transformnodetoobject" => {
            if first.deep_taint().is_some() {
                call.hit(it, Capability::Code, "DOMDocument.TransformNode", &blurred([&first]));
            }
            stylesheet::run(it, "DOMDocument.TransformNode", &field(&first, "text"), call.at);
            blurred([call.object, &first])
        }
        _ => return None,
    })
}

/// A node with a type of data: its text is base64 or hex of its value.
pub(super) fn typed(value: &Value, of: &str, decodes: bool) -> Value {
    computed([value], Made::DECODED, || {
        let all = bytes(value).filter(|_| value.is_known())?;
        known_text(match (of, decodes) {
            ("bin.base64", true) => decode::base64(&all),
            ("bin.base64", false) => decode::to_base64(&all),
            ("bin.hex", true) => decode::hex(&all)?,
            ("bin.hex", false) => decode::to_hex(&all),
            _ => all.to_vec(),
        })
    })
}
