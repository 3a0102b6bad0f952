//! Other machines, databases, other pages of the server, mail.

use super::{as_string, field, is_unknown, made_object};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match class {
        "url" | "uri" | "httpget" | "httppost" | "urlresource" => {
            let url = if args.len() > 1 { Value::from_all(args.all(), Control::Part) } else { url_of(&first) };
            made_object("url", [("value", url)])
        }
        "inetsocketaddress" => made_object("address", [("host", first), ("port", args.at(1))]),
        "socket" | "sslsocket" => {
            if args.len() >= 2 {
                connected(it, "Socket", &first, &args.at(1), at);
            }
            made_object("socket", [("target", first)])
        }
        "serversocket" => {
            it.hit(Capability::Tunnel, "ServerSocket", at, &first, Facts::default());
            made_object("socket", [("target", first)])
        }
        _ => return None,
    })
}

fn connected(it: &mut Interpreter<'_>, callee: &str, host: &Value, port: &Value, at: u32) {
    let facts = Facts { also: port.is_requested(Control::Mark), ..Facts::default() };
    it.hit(Capability::Tunnel, callee, at, &as_string(host), facts);
}

/// The address that a value names.
pub(super) fn url_of(value: &Value) -> Value {
    match field(value, "value") {
        Some(url) => url,
        None => as_string(value),
    }
}

/// Data that comes from another machine.
fn remote(it: &mut Interpreter<'_>, url: &Value, at: u32) -> Value {
    if url.is_requested(Control::Weak) {
        it.hit(Capability::Fetch, "URL.openStream", at, url, Facts::default());
    }
    let spot = it.spot(at);
    let name = String::from_utf8_lossy(&url.edges().prefix).into_owned();
    Value::tainted(Taint::source(SourceKind::Remote, &name, spot)).with(url.made)
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("url", "openconnection") => made_object("urlconnection", [("value", url_of(object))]),
        ("url", "openstream" | "getcontent") => {
            let data = remote(it, &url_of(object), at);
            super::streams::input(data)
        }
        ("url", "tostring" | "toexternalform" | "tourl" | "touri") => {
            if name.starts_with("tou") {
                return Some(object.clone());
            }
            url_of(object)
        }
        ("url", "gethost" | "getpath" | "getfile" | "getport" | "getquery") => Value::from_all([&url_of(object)], Control::Part),
        ("urlconnection" | "httpurlconnection", _) => return connection(it, object, name, at),
        ("socket", "connect" | "bind") => {
            let host = field(&first, "host").unwrap_or_else(|| first.clone());
            connected(it, "Socket.connect", &host, &field(&first, "port").unwrap_or_default(), at);
            if let Known::Object(socket) = &object.known {
                socket.set("target", host);
            }
            object.clone()
        }
        ("socket", "getoutputstream") => made_object("outsocket", [("target", field(object, "target").unwrap_or_default())]),
        ("socket", "write") => {
            let target = field(object, "target").unwrap_or_default();
            let out = made_object("outsocket", [("target", target)]);
            it.call_method(&out, "write", args.clone(), at)
        }
        ("socket", "read") => {
            let spot = it.spot(at);
            super::write_to(it, args, 0, Value::tainted(Taint::source(SourceKind::Remote, "", spot)));
            Value::unknown()
        }
        ("socket", "getinputstream" | "accept") => {
            let spot = it.spot(at);
            let data = Value::tainted(Taint::source(SourceKind::Remote, "", spot));
            if name == "accept" { object.clone() } else { super::streams::input(data) }
        }
        ("socket", _) => Value::unknown(),
        ("resttemplate" | "httpclient" | "okhttpclient", "getforobject" | "exchange" | "execute" | "send" | "getforentity") => {
            let data = remote(it, &url_of(&first), at);
            super::streams::input(data)
        }
        ("dispatcher", "include" | "forward") => included(it, name, &field(object, "path").unwrap_or_default(), at),
        ("pagecontext", "include" | "forward") => included(it, name, &first, at),
        (_, "getrequestdispatcher" | "getnameddispatcher") => made_object("dispatcher", [("path", first)]),
        ("connection", "createstatement") => Interpreter::carrier("statement", std::slice::from_ref(object)),
        ("connection", "preparestatement" | "preparecall" | "nativesql") => {
            query(it, object, args, at);
            Interpreter::carrier("statement", std::slice::from_ref(object))
        }
        (
            "statement" | "preparedstatement" | "jdbctemplate" | "entitymanager" | "queryrunner",
            "execute" | "executequery" | "executeupdate" | "addbatch" | "executelargeupdate" | "query" | "update"
            | "createnativequery" | "createquery" | "queryforlist" | "queryformap" | "queryforobject",
        ) if args.len() > 0 => query(it, object, args, at),
        (_, "executequery" | "executeupdate") if is_unknown(object, class) && args.len() > 0 => query(it, object, args, at),
        _ => return None,
    })
}

fn connection(it: &mut Interpreter<'_>, object: &Value, name: &str, at: u32) -> Option<Value> {
    let url = url_of(object);
    Some(match name {
        "getinputstream" | "geterrorstream" | "getcontent" => {
            let data = remote(it, &url, at);
            super::streams::input(data)
        }
        "connect" | "getresponsecode" => {
            remote(it, &url, at);
            Value::unknown()
        }
        "getoutputstream" => made_object("outurl", [("target", url)]),
        _ => Value::unknown(),
    })
}

fn query(it: &mut Interpreter<'_>, connection: &Value, args: &Args, at: u32) -> Value {
    let sql = as_string(&args.at(0));
    let also = connection.is_requested(Control::Weak);
    it.hit(Capability::Sql, "Statement.execute", at, &sql, Facts { also, ..Facts::default() });
    Value::unknown().with_taint(sql.taint.map(|taint| taint.at_most(Control::Weak)))
}

/// Another page of the server runs in the place of this one. It stands there already, so who names it decides little.
pub(super) fn included(it: &mut Interpreter<'_>, callee: &str, path: &Value, at: u32) -> Value {
    let path = as_string(path);
    let path = Value { taint: path.taint.map(|taint| taint.at_most(Control::Weak)), ..path };
    let callee = if callee.contains(':') { callee.to_owned() } else { format!("RequestDispatcher.{callee}") };
    it.hit(Capability::Include, &callee, at, &path, Facts::default());
    Value::null()
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("drivermanager", "getconnection") => {
            if first.is_requested(Control::Part) {
                it.hit(Capability::Sql, "DriverManager.getConnection", at, &as_string(&first), Facts::default());
            }
            Interpreter::carrier("connection", &args.values)
        }
        ("socketchannel" | "asynchronoussocketchannel", "open") => {
            let socket = Value::object("socket");
            if args.len() > 0 {
                return Some(it.call_method(&socket, "connect", args.clone(), at));
            }
            socket
        }
        ("serversocketchannel", "open") => Value::object("socket"),
        ("uri", "create") => made_object("url", [("value", url_of(&first))]),
        ("inetaddress", "getbyname") => first,
        ("transport", "send") => {
            let all = Value::from_all(args.all(), Control::Whole);
            it.hit(Capability::Mail, "Transport.send", at, &all, Facts::default());
            Value::null()
        }
        ("httputil" | "httprequest", "get" | "post") => remote(it, &url_of(&first), at),
        _ => return None,
    })
}
