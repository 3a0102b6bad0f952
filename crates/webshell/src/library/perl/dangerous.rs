//! Functions and methods that run code or commands, query databases, open connections; `CGI.pm`.

use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::connection;
use crate::value::{Known, Part, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "system" | "exec" | "qx" | "readpipe" => {
            let command = connection::commanded(it, decisive(args, 0));
            it.hit(Capability::Command, name, at, &command, Facts::default());
            decided_by(&command)
        }
        "open2" | "open3" | "run3" | "run" | "capture" | "safe_open" | "start" if args.len() > 0 => {
            let command = decisive(
                args,
                if name == "open2" {
                    2
                } else if name == "open3" {
                    3
                } else {
                    0
                },
            );
            it.hit(Capability::Command, name, at, &command, Facts::default());
            decided_by(&command)
        }
        "eval" => {
            it.hit(Capability::Code, name, at, &first, Facts::default());
            it.run_code(&first, name, at)
        }
        "do" | "require" => {
            if first.is_requested(Control::Weak) {
                it.hit(Capability::Include, name, at, &first, Facts::default());
            } else if let Some(path) = first.as_text().filter(|_| matches!(first.known, Known::Bytes(_))) {
                return Some(match it.kept_written(&path) {
                    Some(Value { known: Known::Bytes(bytes), made, .. }) => it.run_file(bytes, name, made, at),
                    Some(written) => {
                        it.hit(Capability::Code, name, at, &written, Facts::default());
                        Value::unknown()
                    }
                    None => {
                        it.include_missing(&path, at, first.made);
                        Value::unknown()
                    }
                });
            }
            Value::unknown()
        }
        // `cgi-lib.pl`: `ReadParse(*name)` fills the hash of that name, else `%in`.
        "readparse" | "ReadParse" => {
            let hash = match &first.known {
                Known::Type(name) => name.to_string(),
                _ => "in".to_owned(),
            };
            it.set_variable(&format!("%{hash}"), Known::Request(Part::Parameters).into());
            Value::bool(true)
        }
        "syscall" => {
            it.hit(Capability::Native, name, at, &first, Facts::default());
            Value::unknown()
        }
        "param" | "url_param" | "multi_param" | "vars" | "cookie" | "raw_cookie" | "upload" | "http" | "path_info"
        | "query_string" | "user_agent" | "referer" => of_cgi(it, name, args, at)?,
        "connect" => {
            let address = args.at(1);
            it.hit(Capability::Tunnel, name, at, &address, Facts::default());
            Value::unknown()
        }
        "sockaddr_in" | "inet_aton" | "pack_sockaddr_in" | "gethostbyname" => Value::from_all(args.all(), Control::Whole),
        "get" | "getstore" | "getprint" | "mirror" | "head" if args.len() > 0 && is_address(&first) => {
            it.hit(Capability::Fetch, name, at, &first, Facts::default());
            if matches!(name, "getstore" | "mirror") {
                let spot = it.spot(at);
                let data = Value::tainted(Taint::source(SourceKind::Remote, "", spot));
                super::files::written(it, name, &args.at(1), &data, at);
            }
            remote(it, &first, at)
        }
        "exit" | "die" | "croak" | "confess" => {
            it.leave_page();
            Value::unknown()
        }
        _ => return None,
    })
}

fn is_address(value: &Value) -> bool {
    value.taint.is_some() || value.edges().prefix.starts_with(b"http") || value.edges().prefix.starts_with(b"ftp")
}

fn remote(it: &mut Interpreter<'_>, address: &Value, at: u32) -> Value {
    let spot = it.spot(at);
    Value::tainted(Taint::source(SourceKind::Remote, &address.as_text().unwrap_or_default(), spot))
}

/// The argument that decides most.
fn decisive(args: &Args, from: usize) -> Value {
    let first = args.at(from);
    if first.taint.is_some() || args.len() <= from + 1 {
        return match &first.known {
            Known::Array(_) => Value { known: Known::Unknown, ..Value::from_all([&first], Control::Whole) },
            _ => first,
        };
    }
    let taint = Value::from_all(args.all().skip(from), Control::Part).taint;
    Value { taint, ..first }
}

/// What a command prints is decided by it, but is not what the visitor sent.
fn decided_by(command: &Value) -> Value {
    Value::unknown().with_taint(command.deep_taint().map(|taint| taint.at_most(Control::Weak)))
}

/// What `CGI.pm` gives, as a function or as a method.
fn of_cgi(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let key = args.named("-name").or_else(|| args.get(0));
    let part = match name {
        "cookie" | "raw_cookie" => Part::Cookies,
        "upload" => {
            let spot = it.spot(at);
            let name = key.and_then(Value::as_text).unwrap_or_default();
            return Some(Value::tainted(Taint::source(SourceKind::Upload, &name, spot)));
        }
        "http" | "user_agent" | "referer" => Part::Headers,
        "vars" => return Some(Known::Request(Part::Parameters).into()),
        _ => Part::Parameters,
    };
    let all = Value::text(if name == "query_string" { "QUERY_STRING" } else { "" });
    Some(it.of_request(part, Some(key.unwrap_or(&all)), at))
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    if matches!(object.known, Known::Request(Part::All)) {
        return of_cgi_object(it, name, args, at);
    }
    let place = match &object.known {
        Known::Object(place) => Some(place.clone()),
        _ => None,
    };
    Some(match (class, name) {
        (_, "do" | "prepare" | "selectall_arrayref" | "selectrow_array" | "selectall_hashref" | "selectrow_hashref")
            if class == "dbi" || class.is_empty() && args.at(0).taint.is_some() =>
        {
            let also = place.is_some_and(|place| place.taint.borrow().is_some());
            it.hit(Capability::Sql, name, at, &args.at(0), Facts { also, ..Facts::default() });
            Interpreter::carrier("rows", &[])
        }
        ("lwp", "get" | "post" | "request" | "mirror") => {
            it.hit(Capability::Fetch, name, at, &args.at(0), Facts::default());
            remote(it, &args.at(0), at)
        }
        ("lwp request", "uri") => object.clone(),
        ("socket", "print" | "send" | "syswrite" | "write" | "printf") => {
            it.hit(Capability::Tunnel, name, at, &args.at(0), Facts { also: true, ..Facts::default() });
            Value::unknown()
        }
        ("socket", "accept") => object.clone(),
        ("socket", "recv" | "sysread" | "read" | "getline" | "getlines") => remote(it, &Value::text(""), at),
        ("stream", "print" | "printf" | "say" | "syswrite" | "write") => {
            let all: Vec<Value> = args.values.clone();
            super::files::put(it, name, object, &all, at);
            Value::unknown()
        }
        ("stream", "getline" | "getlines" | "slurp") => {
            let all = Args::of(vec![object.clone()]);
            super::files::function(it, "readline", &all, at)?
        }
        (_, "content" | "decoded_content" | "as_string") => {
            Value { known: Known::Unknown, ..Value::from_all([object], Control::Whole) }
        }
        _ => return None,
    })
}

fn of_cgi_object(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    match name {
        "header" | "start_html" | "end_html" | "redirect" | "charset" | "start_form" | "textfield" | "submit" => {
            Some(Value::unknown())
        }
        "tmpfilename" => Some(args.at(0)),
        _ => of_cgi(it, name, args, at),
    }
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("stdin" | "stdout", "fdopen") => {
            it.runtime.streams_are_connection |= connection::is_connection(&args.at(0));
            super::files::takes_over(it, &class.to_ascii_uppercase(), args.at(0));
            Value::bool(true)
        }
        ("cgi" | "cgi::simple" | "cgi::fast" | "cgi::minimal" | "apache2::request", "new") => Known::Request(Part::All).into(),
        (_, "new") if class.starts_with("io::socket") => {
            let address = args.named("PeerAddr").or_else(|| args.named("PeerHost")).or_else(|| args.named("Proto"));
            let address = match address {
                Some(address) if address.taint.is_some() => address.clone(),
                _ => decisive(args, 0),
            };
            if args.named("LocalPort").is_none() {
                let also = args.named("PeerPort").is_some_and(|port| port.is_requested(Control::Part));
                it.hit(Capability::Tunnel, "IO::Socket", at, &address, Facts { also, ..Facts::default() });
            }
            Interpreter::carrier("socket", &args.values)
        }
        ("dbi", "connect" | "connect_cached") => Interpreter::carrier("dbi", &args.values),
        ("lwp::useragent" | "http::tiny" | "www::mechanize", "new") => Interpreter::carrier("lwp", &[]),
        ("http::request", "new") => Interpreter::carrier("lwp request", &args.values),
        (_, "new" | "open") if matches!(class, "io::file" | "filehandle" | "io::handle") => {
            if args.len() == 0 {
                return Some(Interpreter::carrier("stream", &[]));
            }
            super::files::opened(it, name, args, at)
        }
        ("mime::base64", "decode" | "encode") => super::text::function(it, &format!("{name}_base64"), &args.skip(1), at)?,
        _ => return None,
    })
}
