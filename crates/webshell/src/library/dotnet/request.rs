//! What a visitor sends: the request and its parts, the context around it, web sockets.

use super::plain::{carrying, mark, object, write_to};
use super::{sequence, stream};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Part, Value};

/// Something of the request.
pub(crate) fn source(it: &Interpreter<'_>, kind: SourceKind, name: &str, at: u32) -> Value {
    Value::tainted(Taint::source(kind, name, it.spot(at)))
}

/// A part of the request, which used as text gives all of it.
pub(crate) fn part(it: &Interpreter<'_>, part: Part, at: u32) -> Value {
    Value { known: Known::Request(part), ..source(it, part.kind(), "", at) }
}

/// The body as a stream.
fn body(it: &Interpreter<'_>, at: u32) -> Value {
    carrying("stream", &source(it, SourceKind::Body, "", at))
}

/// What the runtime hands to code under a type.
pub(super) fn of_type(of: &str) -> Option<Known> {
    Some(match of {
        "httprequest"
        | "httprequestbase"
        | "httplistenerrequest"
        | "iowinrequest"
        | "owinrequest"
        | "httprequestmessage"
        | "httprequestwrapper"
        | "httprequestdata" => Known::Request(Part::All),
        "httppostedfile" | "httppostedfilebase" | "iformfile" | "httppostedfilewrapper" => Known::Request(Part::File),
        "httpfilecollection" | "httpfilecollectionbase" | "iformfilecollection" => Known::Request(Part::Files),
        "iformcollection" | "formcollection" | "iquerycollection" => Known::Request(Part::Parameters),
        "httpcookiecollection" | "irequestcookiecollection" => Known::Request(Part::Cookies),
        "iheaderdictionary" => Known::Request(Part::Headers),
        "httpcontext"
        | "httpcontextbase"
        | "httplistenercontext"
        | "iowincontext"
        | "owincontext"
        | "httpcontextwrapper"
        | "actionexecutingcontext"
        | "authorizationcontext"
        | "controllercontext"
        | "requestcontext" => {
            return object_of("httpcontext");
        }
        "aspnetwebsocketcontext" | "websocketcontext" | "httplistenerwebsocketcontext" => return object_of("websocketcontext"),
        "websocket" | "clientwebsocket" => return object_of("websocket"),
        _ => return None,
    })
}

fn object_of(class: &str) -> Option<Known> {
    Some(Value::object(class).known)
}

/// A name that every page sees. In lower case only VB has them.
pub(super) fn global(it: &mut Interpreter<'_>, name: &str) -> Option<Value> {
    Some(match name {
        "Request" => Known::Request(Part::All).into(),
        "Context" | "HttpContext" => Value::object("httpcontext"),
        "Response" => Value::object("response"),
        "Server" => Value::object("httpserver"),
        "Page" | "Master" => Value::object("page"),
        "Session" => kept(it, "session"),
        "Application" => kept(it, "application"),
        "Cache" => kept(it, "cache"),
        "ViewState" => kept(it, "viewstate"),
        "TempData" => kept(it, "tempdata"),
        _ => return None,
    })
}

/// The one object of a name, which keeps what is put into it.
pub(crate) fn kept(it: &mut Interpreter<'_>, name: &str) -> Value {
    let key = format!("({name})");
    if let Some(value) = it.constant(&key) {
        return value;
    }
    let value = object(name, &[("items", &super::plain::array(crate::value::Array::default()))]);
    it.define(&key, value.clone());
    value
}

/// Members of the context, of a page and of a handler.
pub(super) fn context(it: &mut Interpreter<'_>, object: &Value, name: &str) -> Option<Value> {
    Some(match name {
        "request" => Known::Request(Part::All).into(),
        "response" => Value::object("response"),
        "server" => Value::object("httpserver"),
        "current" | "context" | "httpcontext" => Value::object("httpcontext"),
        "page" | "master" | "parent" | "namingcontainer" | "handler" => Value::object("page"),
        "session" | "application" | "cache" | "viewstate" | "tempdata" => return Some(kept(it, name)),
        "items" => return Some(kept(it, "context items")),
        "websockets" if object.class() == "httpcontext" => object.clone(),
        "user" | "identity" | "timestamp" | "error" | "trace" | "ispostback" | "isvalid" | "form" => Value::unknown(),
        _ => return None,
    })
}

/// A member of the request or of a part of it.
pub(crate) fn member(it: &mut Interpreter<'_>, of: Part, name: &str, at: u32) -> Value {
    use SourceKind as S;
    let whole = |it: &Interpreter<'_>, kind| source(it, kind, name, at);
    let weak = |it: &Interpreter<'_>, kind| Value::tainted(Taint::source(kind, name, it.spot(at)).at_most(Control::Weak));
    match (of, name) {
        (Part::All, "form" | "querystring" | "params" | "query" | "item" | "routevalues" | "routedata" | "values" | "uri") => {
            part(it, Part::Parameters, at)
        }
        (Part::All, "headers" | "clientcertificate") => part(it, Part::Headers, at),
        (Part::All, "cookies") => part(it, Part::Cookies, at),
        (Part::All, "servervariables") => part(it, Part::Server, at),
        (_, "files" | "requestfiles") => part(it, Part::Files, at),
        (Part::All, "inputstream" | "body" | "bodyreader" | "filter") => body(it, at),
        (Part::All, "content") => part(it, Part::Body, at),
        (Part::All, "unvalidated") => Known::Request(Part::All).into(),
        (Part::All, "useragent" | "userlanguages" | "urlreferrer" | "accepttypes" | "urlreferer") => whole(it, S::Header),
        (Part::All, "url" | "rawurl" | "pathinfo" | "requesturi" | "unescapedrequesturi") => whole(it, S::Parameter),
        (Part::All, "path" | "filepath" | "currentexecutionfilepath" | "apprelativecurrentexecutionfilepath") => {
            weak(it, S::Parameter)
        }
        (Part::All, "httpmethod" | "method" | "requesttype" | "contenttype" | "browser" | "host") => weak(it, S::Header),
        (Part::All, "httpcontext" | "requestcontext") => Value::object("httpcontext"),
        (Part::All, "totalbytes" | "contentlength") | (_, "count" | "length" | "haskeys") => {
            mark([&source(it, S::Header, name, at)], None)
        }
        (Part::All, _) => Value::unknown(),
        (Part::File, "filename" | "contenttype" | "name") => whole(it, S::UploadName),
        (Part::File, "contentlength") => mark([&source(it, S::Upload, name, at)], None),
        (Part::File, "headers") => part(it, Part::Headers, at),
        (Part::File, _) => carrying("stream", &source(it, S::Upload, "", at)),
        (Part::Parameters | Part::Cookies | Part::Headers | Part::Server, "item" | "values" | "unvalidated") => part(it, of, at),
        (_, "keys" | "allkeys") => whole(it, of.kind()),
        (Part::Headers, "useragent" | "referer" | "authorization" | "referrer") => whole(it, S::Header),
        (_, _) => source(it, of.kind(), name, at),
    }
}

/// A method of the request or of a part of it.
pub(crate) fn method(it: &mut Interpreter<'_>, value: &Value, of: Part, name: &str, args: &Args, at: u32) -> Option<Value> {
    let element = |it: &mut Interpreter<'_>| it.of_request(of, args.get(0), at);
    Some(match (of, name) {
        (Part::All, "binaryread") => source(it, SourceKind::Body, "", at),
        (Part::All, "mappath") => args.at(0),
        (Part::All, "getbufferlessinputstream" | "getbufferedinputstream" | "getrequeststream") => body(it, at),
        (Part::All, "readformasync" | "readform" | "getquerynamevaluepairs" | "readasformdataasync") => {
            part(it, Part::Parameters, at)
        }
        (Part::All, "saveas") => {
            let data = source(it, SourceKind::Body, "", at);
            super::files::written(it, "HttpRequest.SaveAs", &args.at(0), &data, at);
            Value::unknown()
        }
        (Part::All, "readfromjsonasync" | "getbodyasync") => source(it, SourceKind::Body, "", at),
        (Part::File, "saveas" | "saveasasync") => {
            let file = source(it, SourceKind::Upload, "", at);
            super::files::uploaded(it, "HttpPostedFile.SaveAs", &file, &args.at(0), at);
            Value::unknown()
        }
        (Part::File, "copyto" | "copytoasync") => {
            let file = source(it, SourceKind::Upload, "", at);
            stream::write(it, "IFormFile.CopyTo", &args.at(0), &file, at);
            Value::unknown()
        }
        (Part::File, "openreadstream") => carrying("stream", &source(it, SourceKind::Upload, "", at)),
        (Part::Files, "get" | "item" | "getfile") => Known::Request(Part::File).into(),
        (Part::Files, "getfiles" | "getmultiple" | "where" | "tolist" | "toarray") => value.clone(),
        (Part::Files, "first" | "firstordefault" | "elementat" | "single") => Known::Request(Part::File).into(),
        (Part::Body, _) => {
            let data = source(it, SourceKind::Body, "", at);
            if name.contains("stream") { carrying("stream", &data) } else { data }
        }
        (_, "get" | "getvalues" | "item" | "getkey" | "getvalue" | "getfirst") => element(it),
        (_, "trygetvalue" | "trygetvalues") => {
            let found = element(it);
            write_to(it, args, 1, found);
            Value::unknown()
        }
        (_, "contains" | "containskey" | "any" | "count" | "haskeys" | "equals") => mark([value], None),
        (_, "tostring" | "keys" | "getallkeys") if args.len() == 0 => source(it, of.kind(), "", at),
        (Part::All, "form" | "querystring" | "cookies" | "servervariables" | "params" | "headers" | "query" | "files") => {
            let inner = member(it, of, name, at);
            it.index(&inner, args.get(0), at)
        }
        (Part::All, _) => return None,
        _ => {
            let element = element(it);
            return sequence::of_unknown(it, &element, name, args, at).or(Some(element));
        }
    })
}

/// What stands under a name in a part of the request, where it is not simply the visitor's.
pub(crate) fn of_request(it: &mut Interpreter<'_>, of: Part, name: &str, at: u32) -> Option<Value> {
    let tainted = |kind| Some(source(it, kind, name, at));
    let weak = |kind| Some(Value::tainted(Taint::source(kind, name, it.spot(at)).at_most(Control::Weak)));
    match of {
        Part::All if name.get(..5).is_some_and(|head| head.eq_ignore_ascii_case("HTTP_")) => tainted(SourceKind::Header),
        Part::Server => match name.to_ascii_uppercase().as_str() {
            "QUERY_STRING" | "PATH_INFO" | "HTTP_URL" | "UNENCODED_URL" | "HTTP_X_ORIGINAL_URL" => tainted(SourceKind::Parameter),
            "URL" | "SCRIPT_NAME" | "REQUEST_METHOD" | "CONTENT_TYPE" | "SERVER_NAME" | "HTTP_HOST" | "AUTH_USER" | "HTTPS" => {
                weak(SourceKind::Header)
            }
            "AUTH_PASSWORD" | "ALL_HTTP" | "ALL_RAW" | "" => tainted(SourceKind::Header),
            upper if upper.starts_with("HTTP_") => tainted(SourceKind::Header),
            _ => Some(Value::unknown()),
        },
        Part::Cookies => Some(Value::tainted(Taint::source(SourceKind::Cookie, name, it.spot(at)))),
        _ => None,
    }
}

/// Methods of the context, of servers and of responses.
pub(super) fn context_method(
    it: &mut Interpreter<'_>,
    object: &Value,
    class: &str,
    name: &str,
    args: &Args,
    at: u32,
) -> Option<Value> {
    Some(match (class, name) {
        ("response", "transmitfile" | "writefile" | "sendfileasync" | "sendfile") => {
            if args.at(0).deep_taint().is_some() {
                it.hit(Capability::Read, "Response.TransmitFile", at, &args.at(0), Facts::default());
            }
            Value::unknown()
        }
        ("response", "write" | "binarywrite" | "writeasync" | "output") => {
            it.echoed(args);
            Value::unknown()
        }
        ("response", "end" | "redirectpermanent") => {
            it.leave_page();
            Value::unknown()
        }
        ("response", _) => Value::unknown(),
        ("httpserver", "mappath") => return Some(args.at(0)),
        ("httpserver", "execute" | "transfer" | "transferrequest") => {
            if args.at(0).deep_taint().is_some() {
                let callee = if name == "execute" { "Server.Execute" } else { "Server.Transfer" };
                it.hit(Capability::Include, callee, at, &args.at(0), Facts::default());
            }
            Value::unknown()
        }
        ("httpserver", "urldecode" | "htmldecode" | "htmlencode" | "urlencode" | "urlpathencode" | "urltokendecode") => {
            return super::convert::function(it, "httputility", name, args, at);
        }
        ("httpserver", "createobject") => return Some(crate::library::asp::create(it, "Server.CreateObject", args, at)),
        ("httpserver", _) => Value::unknown(),
        ("httpcontext", "acceptwebsocketrequest" | "acceptwebsocketasync") => {
            if let Some(Value { known: Known::Function(_), .. }) = args.get(0) {
                it.call_value(&args.at(0), Args::of(vec![Value::object("websocketcontext")]), at);
            }
            Value::object("websocket")
        }
        ("httpcontext", "getcontext" | "getowincontext") => object.clone(),
        ("httpcontext", "mappath") => args.at(0),
        ("httpcontext", _) => Value::unknown(),
        ("websocket", "receiveasync") => {
            let received = source(it, SourceKind::Body, "web socket", at);
            fill_segment(it, &args.at(0), &received);
            write_to(it, args, 0, received.clone());
            object_with_count(&received)
        }
        ("websocket", _) => Value::unknown(),
        _ => return None,
    })
}

fn object_with_count(received: &Value) -> Value {
    object("receiveresult", &[("count", &mark([received], None))])
}

/// Writes what came in to the array that a segment is a view of.
pub(super) fn fill_segment(it: &mut Interpreter<'_>, segment: &Value, received: &Value) {
    let Known::Object(view) = &segment.known else { return };
    it.write_through(view, received.clone());
    view.set("array", received.clone());
}
