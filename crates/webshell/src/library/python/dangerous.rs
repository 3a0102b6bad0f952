//! Functions that run code or commands, load libraries, open connections, query databases.

use super::command;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::connection;
use crate::value::{Known, Value};

/// Functions that need no module in front of them.
pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "eval" => {
            it.hit(Capability::Code, name, at, &first, Facts::default());
            // What an expression gives is what `eval` gives.
            let code = match first.only_bytes() {
                Some(bytes) => {
                    let source = [b"return ", bytes.trim_ascii()].concat();
                    Value { known: Known::Bytes(source.into()), ..first }
                }
                None => first,
            };
            it.run_code(&code, name, at)
        }
        "exec" => {
            it.hit(Capability::Code, name, at, &first, Facts::default());
            it.run_code(&first, name, at)
        }
        "execfile" => {
            it.hit(Capability::Include, name, at, &first, Facts::default());
            Value::unknown()
        }
        "compile" => first,
        "__import__" => imported(it, name, &first, at),
        "exit" | "quit" => {
            it.leave_page();
            Value::unknown()
        }
        "input" | "raw_input" => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Body, "", spot))
        }
        "import_all" => {
            let module = args.text(0)?;
            let names: &[&str] = match module.as_str() {
                "os" => {
                    &["system", "popen", "listdir", "remove", "rename", "getenv", "execv", "execl", "execvp", "chmod", "unlink"]
                }
                "subprocess" => &["Popen", "call", "check_output", "run", "getoutput", "check_call"],
                "commands" => &["getoutput", "getstatusoutput"],
                "base64" => &["b64decode", "b32decode", "b16decode", "decodestring"],
                "zlib" => &["decompress"],
                "socket" => &["socket", "create_connection"],
                "pickle" => &["loads"],
                _ => &[],
            };
            for name in names {
                it.set_variable(name, Known::Type(format!("{module}.{name}").into()).into());
            }
            if module == "os" {
                it.set_variable("environ", Known::Request(crate::value::Part::Server).into());
            }
            Value::unknown()
        }
        _ => return None,
    })
}

/// A module by its name.
fn imported(it: &mut Interpreter<'_>, name: &str, module: &Value, at: u32) -> Value {
    match module.as_text().filter(|_| module.is_known()) {
        Some(text) => Value::from(Known::Type(text.as_str().into())).with(module.made),
        None => {
            if module.is_requested(Control::Part) {
                it.hit(Capability::Load, name, at, module, Facts { name_tainted: true, ..Facts::default() });
            }
            Value::unknown().with_taint(module.taint.clone().map(|taint| taint.at_most(Control::Weak)))
        }
    }
}

fn remote(it: &mut Interpreter<'_>, name: &str, address: &Value, at: u32) -> Value {
    it.hit(Capability::Fetch, name, at, address, Facts::default());
    let spot = it.spot(at);
    let object = Interpreter::fresh_object("reply");
    object.set("address", address.clone());
    object.take(Some(Taint::source(SourceKind::Remote, &address.as_text().unwrap_or_default(), spot)));
    Interpreter::object_value(object)
}

/// Functions of modules.
pub(super) fn of_module(it: &mut Interpreter<'_>, module: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (module, name) {
        ("os" | "posix" | "nt" | "platform", "system" | "popen" | "popen2" | "popen3" | "popen4" | "startfile") => {
            command(it, name, &first, at)
        }
        ("os" | "posix" | "nt", _)
            if name.starts_with("exec") || name.starts_with("spawn") || name.starts_with("posix_spawn") =>
        {
            let words: Vec<Value> = args.values.iter().skip(usize::from(name.starts_with("spawn"))).cloned().collect();
            let words: Vec<Value> = words
                .into_iter()
                .flat_map(|word| {
                    super::list_of(&word).filter(|_| matches!(word.known, Known::Array(_))).unwrap_or_else(|| vec![word])
                })
                .collect();
            command(it, name, &Value::list(words), at)
        }
        ("subprocess", "call" | "run" | "popen" | "check_output" | "check_call" | "getoutput" | "getstatusoutput")
        | ("commands", "getoutput" | "getstatusoutput")
        | ("popen2" | "pexpect", "popen2" | "popen3" | "popen4" | "spawn" | "run")
        | ("pty", "spawn")
        | ("asyncio", "create_subprocess_shell" | "create_subprocess_exec") => {
            let given = args.named("args").cloned().unwrap_or(first);
            let streams = ["stdin", "stdout"].into_iter().filter_map(|stream| args.named(stream));
            command(it, name, &connection::commanded_by(given, streams), at)
        }
        ("os", "dup2") => {
            let is_standard = args.int(1).is_none_or(|number| number < 2);
            it.runtime.streams_are_connection |= is_standard && connection::may_be_connection(&first);
            Value::unknown()
        }
        ("builtins" | "__builtin__" | "__builtins__", _) => return super::Python.builtin(it, name, args, at),
        ("importlib" | "imp", "import_module" | "find_module") => imported(it, name, &first, at),
        (
            "importlib" | "imp" | "runpy" | "machinery",
            "load_source" | "run_path" | "run_module" | "sourcefileloader" | "load_module",
        ) => {
            let path = if name == "load_source" && args.len() > 1 { args.at(1) } else { first };
            it.hit(Capability::Load, name, at, &path, Facts::default());
            Value::unknown()
        }
        ("code" | "codeop", "interact" | "runsource" | "compile_command" | "runcode") => {
            it.hit(Capability::Code, name, at, &first, Facts::default());
            Value::unknown()
        }
        (
            "pickle" | "cpickle" | "_pickle" | "dill" | "marshal" | "jsonpickle" | "yaml" | "shelve",
            "loads" | "load" | "decode" | "unsafe_load" | "full_load" | "open" | "load_all",
        ) => {
            it.hit(Capability::Deserialise, name, at, &first, Facts::default());
            Value { known: Known::Unknown, ..first }
        }
        ("socket", "create_connection") => {
            it.hit(Capability::Tunnel, name, at, &first, Facts::default());
            Interpreter::carrier("socket", &[])
        }
        ("socket", "socket") => Interpreter::carrier("socket", &[]),
        ("request" | "urllib" | "urllib2", "urlopen" | "urlretrieve" | "request") => remote(it, name, &first, at),
        ("requests" | "httpx" | "urllib3", "get" | "post" | "put" | "head" | "request" | "delete" | "patch") => {
            let address = if name == "request" { args.at(1) } else { first };
            remote(it, name, &address, at)
        }
        (
            "httplib" | "client" | "ftplib" | "telnetlib" | "paramiko",
            "httpconnection" | "httpsconnection" | "ftp" | "telnet" | "sshclient",
        ) => {
            if first.taint.is_some() {
                it.hit(Capability::Tunnel, name, at, &first, Facts::default());
            }
            Interpreter::carrier("connection", &args.values)
        }
        ("ctypes" | "cdll" | "windll" | "oledll" | "kernel32" | "cffi", _) => {
            let code = Value::from_all(args.all(), Control::Whole);
            it.hit(Capability::Native, &format!("{module}.{name}"), at, &code, Facts::default());
            Interpreter::carrier("native", &args.values)
        }
        ("sqlite3" | "mysqldb" | "pymysql" | "psycopg2" | "connector" | "cx_oracle" | "pyodbc", "connect") => {
            Interpreter::carrier("database", &args.values)
        }
        ("smtplib", "smtp" | "smtp_ssl") => Interpreter::carrier("mailer", &args.values),
        ("sys" | "os", "exit" | "_exit") => {
            it.leave_page();
            Value::unknown()
        }
        _ => return None,
    })
}

/// Methods of objects.
pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("socket", "connect" | "connect_ex" | "sendto") => {
            it.hit(Capability::Tunnel, name, at, &first, Facts::default());
            Value::unknown()
        }
        ("socket", "send" | "sendall") => {
            it.hit(Capability::Tunnel, name, at, &first, Facts { also: true, ..Facts::default() });
            Value::unknown()
        }
        ("socket", "recv" | "recvfrom" | "makefile") => {
            let spot = it.spot(at);
            Value::tainted(Taint::source(SourceKind::Remote, "", spot))
        }
        ("socket", "fileno" | "detach") => object.clone(),
        ("socket", "accept" | "dup") => Value::list(vec![object.clone(), Value::unknown()]),
        ("database" | "rows", "execute" | "executescript" | "executemany") => {
            let also = object.deep_taint().is_some();
            it.hit(Capability::Sql, name, at, &first, Facts { also, ..Facts::default() });
            Interpreter::carrier("rows", &[])
        }
        ("database", "cursor") => object.clone(),
        ("mailer", "sendmail") => {
            let all = args.all().take(3).filter(|value| value.is_requested(Control::Weak)).count();
            it.hit(Capability::Mail, name, at, &args.at(1), Facts { also: all >= 3, ..Facts::default() });
            Value::unknown()
        }
        ("native", _) => {
            let all = Value::from_all(args.all(), Control::Whole);
            it.hit(Capability::Native, name, at, &all, Facts::default());
            Value::unknown()
        }
        ("process", "communicate" | "read" | "readlines" | "readline") => {
            Value { known: Known::Unknown, ..Value::from_all([object], Control::Weak) }
        }
        ("process", "write") => {
            it.hit(Capability::Command, name, at, &first, Facts::default());
            Value::unknown()
        }
        ("reply", "read" | "json" | "decode" | "getvalue") => {
            Value { known: Known::Unknown, ..Value::from_all([object], Control::Whole) }
        }
        ("reply", "write" | "send") => {
            it.echoed(args);
            Value::unknown()
        }
        _ => return None,
    })
}

impl super::Python {
    /// A function that needs no module, by its name in the module of these.
    fn builtin(&self, it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
        use crate::library::Library as _;
        self.function(it, name, args, at)
    }
}
