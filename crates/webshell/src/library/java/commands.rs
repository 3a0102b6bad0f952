//! Commands of the operating system.

use super::{bytes_of, field, is_unknown, made_object};
use crate::evidence::{Capability, Control, Facts, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    match class {
        "processbuilder" => Some(made_object("processbuilder", [("command", command(args))])),
        // What stands behind `Runtime.exec`, for those who reach it by reflection.
        "unixprocess" | "processimpl" => Some(run(it, "ProcessImpl", args, at)),
        _ => None,
    }
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        ("runtime", "exec") => Some(it.with_name_made(object.made, |it| run(it, "Runtime.exec", args, at))),
        ("runtime", "load" | "loadlibrary") => Some(native(it, "Runtime.load", args, at)),
        ("processbuilder", "command") => {
            if args.len() > 0
                && let Known::Object(builder) = &object.known
            {
                builder.set("command", command(args));
                return Some(object.clone());
            }
            field(object, "command")
        }
        ("processbuilder", "start") => {
            let command = field(object, "command").unwrap_or_default().with_taint(object.deep_taint());
            Some(start(it, "ProcessBuilder.start", &command, at))
        }
        ("processbuilder", "environment") => Some(Value::object("map")),
        ("processbuilder", "startpipeline") => Some(run(it, "ProcessBuilder.startPipeline", args, at)),
        ("processbuilder", _) => Some(object.clone()),
        ("unixprocess" | "processimpl", "forkandexec" | "start") => Some(run(it, "ProcessImpl", args, at)),
        ("process", "getoutputstream" | "outputwriter") => Some(made_object("outprocess", [("process", object.clone())])),
        ("process", "getinputstream" | "geterrorstream" | "inputreader" | "errorreader") => {
            Some(super::streams::input(Value::unknown().with_taint(object.deep_taint())))
        }
        ("process", "waitfor" | "exitvalue" | "isalive" | "destroy" | "destroyforcibly") => Some(Value::unknown()),
        // Commands of Groovy are strings, or lists of them.
        (_, "execute") if matches!(object.known, Known::Bytes(_) | Known::Partial(_)) && args.len() == 0 => {
            Some(start(it, "String.execute", object, at))
        }
        (_, "exec") if is_unknown(object, class) && object.taint.is_none() && args.len() > 0 => {
            // A runtime that came on a way that nobody followed.
            let known_so = args.get(0).is_some_and(|first| first.deep_taint().is_some());
            known_so.then(|| run(it, "Runtime.exec", args, at))
        }
        _ => None,
    }
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        // How the class was named stays with the object.
        ("runtime", "getruntime") => Some(Value::object("runtime").with(it.made_of_name())),
        ("unixprocess" | "processimpl", "start" | "forkandexec") => Some(run(it, "ProcessImpl", args, at)),
        ("system", "load" | "loadlibrary") => Some(native(it, "System.load", args, at)),
        _ => None,
    }
}

fn native(it: &mut Interpreter<'_>, callee: &str, args: &Args, at: u32) -> Value {
    let library = super::files::path_of(&args.at(0));
    it.hit(Capability::Native, callee, at, &library, Facts::default());
    Value::null()
}

/// The words of a command in one value: given one by one, as an array or as a list.
fn command(args: &Args) -> Value {
    let mut words = Vec::new();
    for value in args.all() {
        let items = match &value.known {
            Known::Array(array) => Some(array.clone()),
            Known::Object(object) => super::collections::elements(object),
            _ => None,
        };
        match items {
            Some(array) if array.rest.is_none() => words.extend(array.entries.values().cloned()),
            _ => words.push(value.clone()),
        }
    }
    joined(&words, args)
}

/// Words with blanks between them. What the visitor decides of them counts by itself: a shell runs it, or it is a program.
fn joined(words: &[Value], args: &Args) -> Value {
    let inherited = Value::from_all(words.iter().chain(&args.rest), Control::Whole);
    let texts: Option<Vec<_>> = words.iter().map(bytes_of).collect();
    match texts {
        Some(texts) if args.rest.is_none() => Value { known: Known::Bytes(texts.join(&b' ').into()), ..inherited },
        _ => {
            let known: Vec<_> = words.iter().map_while(bytes_of).collect();
            let partial = crate::value::Partial { prefix: known.join(&b' '), ..Default::default() };
            match words.first().map(|word| &word.known) {
                Some(known @ Known::Partial(_)) if words.len() == 1 => Value { known: known.clone(), ..inherited },
                _ if partial.prefix.is_empty() => inherited,
                _ => Value { known: Known::Partial(partial.into()), ..inherited },
            }
        }
    }
}

/// `exec(command, environment, folder)`: the command is the first argument, a string or an array.
pub(in crate::library) fn run(it: &mut Interpreter<'_>, callee: &str, args: &Args, at: u32) -> Value {
    let mut command = command(&Args { rest: args.rest.clone(), ..Args::of(args.values.iter().take(1).cloned().collect()) });
    // Arguments that reflection spread, and the bytes that `ProcessImpl` gets for words.
    let others = args.values.iter().skip(1).fold(None, |taint, value| Taint::stronger(taint, value.deep_taint()));
    if command.taint.is_none() {
        command.taint = others;
    }
    start(it, callee, &command, at)
}

fn start(it: &mut Interpreter<'_>, callee: &str, command: &Value, at: u32) -> Value {
    it.hit(Capability::Command, callee, at, command, Facts::default());
    let process = Value::object("process");
    if let Known::Object(object) = &process.known {
        object.take(command.deep_taint().map(|taint| taint.at_most(Control::Weak)));
    }
    process
}

/// Something is written to a process that runs: commands, if it is a shell.
pub(super) fn fed(it: &mut Interpreter<'_>, data: &Value, at: u32) {
    it.hit(Capability::Command, "Process.getOutputStream", at, data, Facts::default());
}
