//! Connections to other machines, and mail.

use super::plain::{blurred, carrying, field, object, write_to};
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

/// What comes from another machine.
pub(crate) fn received(it: &Interpreter<'_>, at: u32) -> Value {
    super::request::source(it, SourceKind::Remote, "", at)
}

fn remote(it: &Interpreter<'_>, url: &Value, at: u32) -> Value {
    super::request::source(it, SourceKind::Remote, &super::plain::text(url).unwrap_or_default(), at)
}

/// Something is fetched.
pub(crate) fn fetched(it: &mut Interpreter<'_>, callee: &str, url: &Value, at: u32) -> Value {
    it.hit(Capability::Fetch, callee, at, url, Facts::default());
    remote(it, url, at)
}

/// Something is sent to another machine and an answer comes.
pub(crate) fn exchanged(it: &mut Interpreter<'_>, callee: &str, url: &Value, data: &Value, at: u32) -> Value {
    let also = data.is_requested(Control::Part);
    let argument = if url.deep_taint().is_some() { url.clone() } else { Value { taint: data.deep_taint(), ..url.clone() } };
    it.hit(Capability::Tunnel, callee, at, &argument, Facts { also, ..Facts::default() });
    remote(it, url, at)
}

/// A connection that is open is written to.
pub(super) fn sent(it: &mut Interpreter<'_>, callee: &str, connection: &Value, data: &Value, at: u32) {
    let host = field(connection, "host");
    let argument = if host.deep_taint().is_some() { host } else { data.clone() };
    let also = data.is_requested(Control::Part);
    if argument.deep_taint().is_some() {
        it.hit(Capability::Tunnel, callee, at, &argument, Facts { also, ..Facts::default() });
    }
}

/// A connection is opened to a host and a port, or to both in one.
fn connected(it: &mut Interpreter<'_>, callee: &str, connection: &Value, args: &Args, at: u32) {
    let host = args.at(0);
    let port = if host.class().ends_with("endpoint") { field(&host, "port") } else { args.at(1) };
    let taint = host.deep_taint().or_else(|| port.deep_taint());
    let host = Value { taint, ..host };
    if let Known::Object(place) = &connection.known {
        place.set("host", host.clone());
    }
    // Whoever chooses both chooses the service.
    let also = port.is_requested(Control::Mark);
    it.hit(Capability::Tunnel, callee, at, &host, Facts { also, ..Facts::default() });
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        "tcpclient" | "udpclient" => {
            let connection = object(class, &[]);
            if args.len() >= 2 {
                connected(it, "TcpClient", &connection, args, at);
            }
            connection
        }
        "socket" => object(class, &[]),
        "ipendpoint" | "dnsendpoint" => object(class, &[("address", &args.at(0)), ("port", &args.at(1))]),
        "webclient" | "httpclient" | "smtpclient" => object(class, &[]),
        "networkstream" => object(class, &[("host", &field(&args.at(0), "host"))]),
        "mailmessage" => object(class, &[("from", &args.at(0)), ("to", &args.at(1)), ("body", &args.at(3))]),
        "httprequestmessage" => object("webrequest", &[("url", &args.at(1))]),
        "stringcontent" | "formurlencodedcontent" => carrying("content", &args.at(0)),
        _ => return None,
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    Some(match of {
        "webclient" | "httpclient" | "socket" | "tcpclient" | "networkstream" | "udpclient" => Value::object(of).known,
        "httpwebrequest" | "webrequest" | "ftpwebrequest" => Value::object("webrequest").known,
        "httpwebresponse" | "webresponse" => Value::object("webresponse").known,
        _ => return None,
    })
}

pub(super) fn function(class: &str, name: &str, args: &Args) -> Option<Value> {
    match (class, name) {
        ("webrequest" | "httpwebrequest" | "ftpwebrequest", "create" | "createhttp" | "createdefault") => {
            Some(object("webrequest", &[("url", &args.at(0))]))
        }
        ("dns", _) => Some(Value::from_all(args.all(), Control::Whole)),
        ("filewebrequest", _) => Some(object("webrequest", &[("url", &args.at(0))])),
        _ => None,
    }
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let url = args.at(0);
    Some(match class {
        "webclient" => match name {
            "downloadstring" | "downloaddata" | "downloadstringtaskasync" | "downloaddatataskasync" | "downloadstringasync" => {
                fetched(it, "WebClient.DownloadString", &url, at)
            }
            "openread" | "openreadtaskasync" => {
                let data = fetched(it, "WebClient.OpenRead", &url, at);
                carrying("stream", &data)
            }
            "downloadfile" | "downloadfileasync" | "downloadfiletaskasync" => {
                let data = fetched(it, "WebClient.DownloadFile", &url, at);
                super::files::written(it, "WebClient.DownloadFile", &args.at(1), &data, at);
                Value::unknown()
            }
            "uploadstring" | "uploaddata" | "uploadvalues" | "uploadfile" | "uploadstringtaskasync" | "uploaddatataskasync" => {
                let data = blurred(args.values.iter().skip(1));
                exchanged(it, "WebClient.UploadData", &url, &data, at)
            }
            _ => Value::unknown(),
        },
        "httpclient" => match name {
            "getstringasync" | "getbytearrayasync" | "getasync" | "getstreamasync" => {
                let data = fetched(it, "HttpClient.GetAsync", &url, at);
                carrying("content", &data)
            }
            "postasync" | "putasync" | "sendasync" | "send" => {
                let url = if url.class() == "webrequest" { field(&url, "url") } else { url };
                let data = exchanged(it, "HttpClient.SendAsync", &url, &blurred(args.all()), at);
                carrying("content", &data)
            }
            _ => Value::unknown(),
        },
        "content" => match name {
            "readasstringasync" | "readasbytearrayasync" | "tostring" => blurred([value]),
            "readasstreamasync" => carrying("stream", value),
            "copytoasync" => {
                super::stream::write(it, "HttpContent.CopyToAsync", &args.at(0), &blurred([value]), at);
                Value::unknown()
            }
            _ => value.clone(),
        },
        "webrequest" => match name {
            "getrequeststream" | "getrequeststreamasync" => object("requeststream", &[("request", value)]),
            "getresponse" | "getresponseasync" | "begingetresponse" => {
                let (url, data) = (field(value, "url"), field(value, "sent"));
                let answer = match data.deep_taint() {
                    Some(_) => exchanged(it, "HttpWebRequest.GetResponse", &url, &data, at),
                    None => fetched(it, "HttpWebRequest.GetResponse", &url, at),
                };
                carrying("webresponse", &answer)
            }
            _ => Value::unknown(),
        },
        "webresponse" => match name {
            "getresponsestream" => carrying("stream", value),
            _ => blurred([value]),
        },
        "tcpclient" | "udpclient" | "socket" | "networkstream" => match name {
            "connect" | "connectasync" | "beginconnect" => {
                connected(it, if class == "socket" { "Socket.Connect" } else { "TcpClient.Connect" }, value, args, at);
                Value::unknown()
            }
            "getstream" | "accept" | "accepttcpclient" => object("networkstream", &[("host", &field(value, "host"))]),
            "send" | "sendto" | "sendasync" => {
                sent(it, "Socket.Send", value, &url, at);
                Value::unknown()
            }
            "receive" | "receivefrom" | "receiveasync" | "beginreceive" => {
                let data = received(it, at);
                super::request::fill_segment(it, &url, &data);
                write_to(it, args, 0, data.clone());
                super::plain::mark([&data], None)
            }
            _ if class == "networkstream" => return None,
            _ => Value::unknown(),
        },
        "smtpclient" if name.starts_with("send") => {
            let message = if args.len() > 1 { args.at(1) } else { url };
            let whole = blurred([&message]);
            it.hit(Capability::Mail, "SmtpClient.Send", at, &whole, Facts::default());
            Value::unknown()
        }
        _ => return None,
    })
}

pub(super) fn member(value: &Value, class: &str, name: &str) -> Option<Value> {
    Some(match (class, name) {
        ("webrequest" | "webclient" | "httpclient", "headers" | "defaultrequestheaders" | "credentials" | "proxy") => {
            Value::unknown()
        }
        ("content" | "webresponse", _) => value.clone(),
        ("tcpclient", "client") => value.clone(),
        ("socket" | "tcpclient", _) => Value::unknown(),
        _ => return None,
    })
}
