//! Functions that run code or commands, query databases, reach into the engine.

use super::{Part, write_to};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::connection;
use crate::value::{Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if let Some((capability, index)) = simple(name) {
        let also = args.all().skip(index + 1).any(|value| value.is_requested(Control::Weak));
        let argument = args.at(index);
        it.hit(capability, name, at, &argument, Facts { also, ..Facts::default() });
        let mut out = Value::unknown();
        // What a command prints is not what the visitor sent, but decided by it.
        out.taint = argument.deep_taint().map(|taint| taint.at_most(Control::Weak));
        if name == "exec" {
            write_to(it, args, 1, out.clone());
        }
        return Some(out);
    }
    Some(match name {
        "eval" => {
            let code = args.at(0);
            it.hit(Capability::Code, name, at, &code, Facts::default());
            it.run_code(&code, name, at)
        }
        "assert" => {
            let code = args.at(0);
            // An expression that is a truth value is no code.
            let is_code = matches!(code.known, Known::Bytes(_) | Known::Partial(_) | Known::Unknown);
            if is_code
                && code.deep_taint().is_none_or(|taint| taint.control > Control::Mark)
                && !matches!(code.known, Known::Bool(_))
            {
                if code.taint.is_some() || code.only_bytes().is_some() {
                    it.hit(Capability::Code, name, at, &code, Facts::default());
                }
                if let Some(bytes) = code.only_bytes() {
                    let mut statement = bytes.to_vec();
                    statement.push(b';');
                    let statement = Value { known: Known::Bytes(statement.into()), ..code.clone() };
                    return Some(it.run_code(&statement, name, at));
                }
            }
            Value::unknown()
        }
        "create_function" => {
            let body = args.at(1);
            let params = args.at(0);
            let joined = if params.is_requested(Control::Weak) { &params } else { &body };
            it.hit(Capability::Code, name, at, joined, Facts::default());
            let source = match (args.bytes(0), args.bytes(1)) {
                (Some(params), Some(body)) => {
                    let mut source = b"return function(".to_vec();
                    source.extend_from_slice(&params);
                    source.extend_from_slice(b"){");
                    source.extend_from_slice(&body);
                    source.extend_from_slice(b"\n};");
                    Value { known: Known::Bytes(source.into()), taint: None, made: body_made(args) }
                }
                _ => return Some(it.run_code(&Value { known: Known::Unknown, ..body }, name, at)),
            };
            it.run_code(&source, name, at)
        }
        "include" | "include_once" | "require" | "require_once" | "virtual" => include(it, name, args, at),
        "unserialize" | "igbinary_unserialize" | "msgpack_unpack" | "wddx_deserialize" => {
            let data = args.at(0);
            it.hit(Capability::Deserialise, name, at, &data, Facts::default());
            super::hooks::revive_any(it, &data, at);
            match super::serial::unserialized(it, &data, at) {
                Some(value) => value.with_taint(data.taint.clone()).with(data.made.and(Made::DECODED)),
                None => Value { known: Known::Unknown, ..data },
            }
        }
        "mysql_connect" | "mysql_pconnect" | "mysqli_connect" | "mssql_connect" | "pg_connect" | "oci_connect" | "ocilogon"
        | "sybase_connect" | "odbc_connect" | "ibase_connect" | "sqlsrv_connect" | "ftp_connect" | "ftp_ssl_connect"
        | "ftp_login" | "ssh2_connect" | "ssh2_auth_password" | "imap_open" | "ldap_connect" | "ldap_bind" => {
            // To a server, or as a user, that the visitor names.
            let asked = args.all().take(4).find(|value| value.is_visitors(Control::Part)).cloned();
            let also = args.all().filter(|value| value.is_visitors(Control::Part)).count() > 1;
            if let Some(asked) = asked {
                it.hit(Capability::Connect, name, at, &asked, Facts { also, ..Facts::default() });
            }
            // The client is a program whose options may name another one.
            if name == "imap_open" && memchr::memmem::find(&args.at(0).edges().prefix, b"ProxyCommand").is_some() {
                it.hit(Capability::Command, name, at, &args.at(0), Facts::default());
            }
            // `imap_open` reads files where its server is none.
            if name == "imap_open" && args.at(0).is_visitors(Control::Whole) {
                it.hit(Capability::Read, name, at, &args.at(0), Facts { also: true, ..Facts::default() });
            }
            Interpreter::carrier("connection", &args.values)
        }
        "rename" if args.at(0).taint.as_ref().is_some_and(|taint| taint.kind() == SourceKind::Upload) => {
            super::files::moved(it, name, args, at)
        }
        "rename" => {
            let also = args.at(0).is_requested(Control::Weak);
            it.hit(Capability::Change, name, at, &args.at(1), Facts { also, ..Facts::default() });
            Value::unknown()
        }
        "pcntl_exec" | "proc_open" => {
            let command = match &args.at(0).known {
                Known::Array(array) => Value::from_all(array.entries.values(), Control::Whole),
                _ => args.at(0),
            };
            let command = if command.taint.is_none() && name == "pcntl_exec" {
                Value { taint: args.at(1).deep_taint(), ..command }
            } else {
                command
            };
            let streams = args.at(1);
            let command = match &streams.known {
                Known::Array(streams) => connection::commanded_by(command, streams.entries.values()),
                _ => command,
            };
            it.hit(Capability::Command, name, at, &command, Facts::default());
            // What is written to a shell's input are commands.
            if name == "proc_open" && command.as_text().is_some_and(|command| connection::ends_in_shell(&command)) {
                let pipes = (0..3).map(|_| Value::object("process")).collect();
                super::write_to(it, args, 2, Value::list(pipes));
            }
            Value::unknown()
        }
        "mail" | "mb_send_mail" => {
            let fifth = args.at(4);
            if fifth.is_requested(Control::Part) {
                it.hit(Capability::Command, name, at, &fifth, Facts::default());
            }
            let to = args.at(0);
            // A mailer for everybody: address, subject and text are the visitor's.
            let is_visitors = |value: &&Value| {
                value.taint.as_ref().is_some_and(|taint| taint.control >= Control::Weak && taint.kind() != SourceKind::Storage)
            };
            let all = args.all().take(4).filter(is_visitors).count();
            it.hit(Capability::Mail, name, at, &to, Facts { also: all >= 3, ..Facts::default() });
            Value::unknown()
        }
        "extract" => {
            let value = args.at(0);
            let prefix = if args.int(1) == Some(3) { args.text(2).unwrap_or_default() } else { String::new() };
            let prefix = if prefix.is_empty() { prefix } else { prefix + "_" };
            it.take_variables(&value, &prefix, at);
            Value::unknown()
        }
        "parse_str" | "mb_parse_str" => {
            let value = args.at(0);
            let parsed = match value.only_bytes() {
                Some(bytes) => super::encoding::parse_query(bytes).with_taint(value.taint.clone()),
                None => {
                    let element = Value::unknown().with_taint(value.taint.clone());
                    let array = crate::value::Array { rest: Some(Box::new(element)), ..Default::default() };
                    super::array_value(array)
                }
            };
            if args.len() > 1 {
                write_to(it, args, 1, parsed);
            } else {
                it.take_variables(&parsed, "", at);
            }
            Value::unknown()
        }
        "import_request_variables" => {
            let spot = it.spot(at);
            it.flood(Some(Taint::source(SourceKind::Parameter, "", spot)));
            Value::unknown()
        }
        "symlink" | "link" => {
            // A link into the rest of the server shows there what the server may not show.
            let target = args.at(0);
            let away = target.edges().prefix.first() == Some(&b'/') || target.is_visitors(Control::Whole);
            let argument = if target.is_visitors(Control::Weak) { target } else { args.at(1) };
            it.hit(Capability::Change, name, at, &argument, Facts { also: away, ..Facts::default() });
            Value::unknown()
        }
        "putenv" => {
            let value = args.at(0);
            if value.edges().prefix.starts_with(b"LD_PRELOAD") || value.is_requested(Control::Whole) {
                it.hit(Capability::Native, name, at, &value, Facts::default());
            }
            Value::unknown()
        }
        "exit" | "die" => {
            it.leave_page();
            Value::unknown()
        }
        "exit_quietly" => Value::unknown(),
        "filter_input" | "filter_input_array" => filter_input(it, name, args, at),
        "getallheaders" | "apache_request_headers" => Known::Request(Part::Headers).into(),
        "session_id" => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Cookie, "session id", spot))
        }
        "getenv" | "apache_getenv" if args.len() == 0 => Known::Request(Part::Server).into(),
        "getenv" | "apache_getenv" => {
            let key = args.at(0);
            it.of_request(Part::Server, Some(&key), at)
        }
        _ => return None,
    })
}

fn body_made(args: &Args) -> Made {
    args.at(0).made.and(args.at(1).made)
}

/// Functions that need no more than a look at one argument: which capability, and which argument.
fn simple(name: &str) -> Option<(Capability, usize)> {
    use Capability as C;
    Some(match name {
        "system" | "exec" | "passthru" | "shell_exec" | "w32api_invoke_function" | "expect_popen" | "w32_system" | "qx" => {
            (C::Command, 0)
        }
        "ssh2_exec" => (C::Command, 1),
        "dl" => (C::Load, 0),
        "mysql_query"
        | "mysql_unbuffered_query"
        | "mssql_query"
        | "sybase_query"
        | "sqlite_query"
        | "ifx_query"
        | "ibase_query"
        | "fbsql_query"
        | "msql_query"
        | "ingres_query"
        | "mysqli_multi_query" => (C::Sql, 0),
        "mysqli_query" | "mysqli_real_query" | "odbc_exec" | "odbc_do" | "oci_parse" | "ociparse" | "ora_parse"
        | "sqlsrv_query" | "db2_exec" | "mysql_db_query" | "sqlite_exec" | "maxdb_query" => (C::Sql, 1),
        "pg_query" | "pg_exec" | "pg_send_query" => (C::Sql, 1),
        "socket_connect" => (C::Tunnel, 1),
        "curl_multi_exec" => (C::Fetch, 0),
        "show_source" | "highlight_file" | "readfile" | "php_strip_whitespace" | "readlink" => (C::Read, 0),
        "scandir" | "opendir" | "glob" | "dir" => (C::List, 0),
        "unlink" | "rmdir" | "chmod" | "chown" | "chgrp" | "mkdir" | "touch" => (C::Change, 0),
        _ => return None,
    })
}

fn include(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let path = args.at(0);
    let edges = path.edges();
    // The path is the code.
    if edges.prefix.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"data:")) && path.taint.is_some() {
        it.hit(Capability::Code, name, at, &path, Facts::default());
        return Value::unknown();
    }
    if path.is_requested(Control::Weak) || path.taint.as_ref().is_some_and(|taint| taint.kind() != SourceKind::Storage) {
        // A beginning that the page gives keeps the visitor among the page's own files.
        let rooted = !edges.prefix.is_empty() && !edges.prefix.ends_with(b"://") && edges.prefix != b"./" && edges.prefix != b"/";
        let suffixed = edges.suffix.len() > 1;
        // Code out of an archive: which one, or which file of it.
        let is_packed = [&b"zip://"[..], b"phar://"].iter().any(|wrapper| edges.prefix.starts_with(wrapper));
        let path = match &path.taint {
            Some(taint) if is_packed && path.is_requested(Control::Part) => Value { taint: Some(taint.whole()), ..path.clone() },
            Some(taint) if rooted || suffixed => Value { taint: Some(taint.at_most(Control::Weak)), ..path.clone() },
            _ => path.clone(),
        };
        it.hit(Capability::Include, name, at, &path, Facts::default());
        return Value::unknown();
    }
    let Some(text) = path.as_text().filter(|_| path.is_known()) else {
        return Value::unknown();
    };
    if let Some(data) = super::files::opened(it, &text, at) {
        if data.taint.is_some() {
            it.hit(Capability::Code, name, at, &data, Facts::default());
            return Value::unknown();
        }
        if let Some(bytes) = data.only_bytes().cloned() {
            if !text.contains(':') {
                it.notes.included.push(text);
            }
            return it.run_file(bytes, name, path.made.and(data.made), at);
        }
        return Value::unknown();
    }
    it.include_missing(&text, at, path.made);
    Value::unknown()
}

fn filter_input(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let part = match args.int(0) {
        Some(2) => Part::Cookies,
        Some(4 | 5) => Part::Server,
        _ => Part::Parameters,
    };
    if name == "filter_input_array" {
        return Known::Request(part).into();
    }
    let key = args.at(1);
    let value = it.of_request(part, Some(&key), at);
    super::callbacks::filtered(it, value, args.get(2), args.get(3), at)
}
