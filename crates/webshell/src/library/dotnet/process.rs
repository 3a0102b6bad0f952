//! Processes, PowerShell, WMI and the shells of COM: commands of the operating system.

use super::plain::{bytes, carrying, field, lower, object, spread, text, weaker};
use crate::evidence::{Capability, Control, Facts, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

/// Programs that run a command that they get as an argument.
const SHELLS: &[&str] = &[
    "cmd",
    "powershell",
    "pwsh",
    "bash",
    "sh",
    "wscript",
    "cscript",
    "mshta",
    "rundll32",
    "regsvr32",
    "wmic",
    "comspec",
    "zsh",
    "dash",
    "ksh",
    "python",
    "perl",
    "php",
    "forfiles",
    "sudo",
    "env",
];

/// What may stand before a whole command.
const SWITCHES: &[&str] =
    &["/c", "/k", "/r", "-c", "-command", "-enc", "-encodedcommand", "-e", "-ec", "/q", "-lc", "&", ";", "|"];

fn is_shell(file: &Value) -> bool {
    let file = file.edges().suffix.to_ascii_lowercase();
    let file = String::from_utf8_lossy(&file).into_owned();
    let name = file.trim_end_matches('"').rsplit(['/', '\\']).next().unwrap_or_default();
    SHELLS.contains(&name.trim_end_matches(".exe"))
}

/// Whether what comes after a known start is a command of its own.
fn begins_command(start: &[u8]) -> bool {
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let start = start.trim_end_matches([' ', '"', '\'', '(', '\t']);
    SWITCHES.iter().any(|switch| {
        start.strip_suffix(switch).is_some_and(|before| before.is_empty() || !before.ends_with(|c: char| c.is_alphanumeric()))
    })
}

/// A command line of which a visitor decides all that a shell runs: `cmd /c ` and what he sent.
pub(crate) fn raised(value: &Value) -> Value {
    let start = value.edges().prefix;
    let taint = value.deep_taint().map(|taint| {
        if taint.control == Control::Part && begins_command(&start) { Taint { control: Control::Whole, ..taint } } else { taint }
    });
    Value { taint, ..value.clone() }
}

/// A program is started.
pub(crate) fn start(it: &mut Interpreter<'_>, callee: &str, file: &Value, arguments: Option<&Value>, at: u32) {
    let Some(arguments) = arguments else {
        it.hit(Capability::Command, callee, at, &raised(file), Facts::default());
        return;
    };
    let shown = it.join_all(vec![file.clone(), Value::bytes(b" "), arguments.clone()]);
    let given = arguments.deep_taint().filter(|taint| taint.control > Control::Mark);
    let taint = match (file.deep_taint().filter(|taint| taint.control > Control::Mark), given) {
        (Some(file), _) if file.is_request() => Some(file),
        (_, Some(given)) => {
            let raised = raised(arguments).taint;
            let is_whole = is_shell(file) && given.control == Control::Whole;
            Some(if is_whole { given } else { raised.unwrap_or(given) })
        }
        (file, None) => file,
    };
    let also = arguments.is_requested(Control::Weak);
    let argument = Value { taint, made: file.made.and(arguments.made), ..shown };
    it.hit(Capability::Command, callee, at, &argument, Facts { also, ..Facts::default() });
}

fn start_of(it: &mut Interpreter<'_>, info: &Value, at: u32) {
    let (file, arguments) = (field(info, "filename"), field(info, "arguments"));
    let list = field(info, "argumentlist");
    let arguments = if list.deep_taint().is_some() { Value { taint: list.deep_taint(), ..arguments } } else { arguments };
    let file = match (&file.known, info.deep_taint()) {
        (Known::Unknown, taint) if file.taint.is_none() && arguments.taint.is_none() => Value { taint, ..file },
        _ => file,
    };
    start(it, "Process.Start", &file, Some(&arguments), at);
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        "process" => object("process", &[("startinfo", &start_info(&Args::default()))]),
        "processstartinfo" => start_info(args),
        "managementclass" | "managementobject" => object(class, &[("path", &args.at(0))]),
        "runspaceinvoke" => Value::object("powershell"),
        "pscommand" | "command" => {
            if args.at(0).deep_taint().is_some() && class == "command" {
                it.hit(Capability::Command, "PowerShell.Command", at, &args.at(0), Facts::default());
            }
            Value::object("powershell")
        }
        _ => return None,
    })
}

fn start_info(args: &Args) -> Value {
    let list = object("list", &[("items", &Value::list(Vec::new()))]);
    let arguments = if args.len() > 1 { args.at(1) } else { Value::bytes(b"") };
    let file = if args.len() > 0 { args.at(0) } else { Value::bytes(b"") };
    object("processstartinfo", &[("filename", &file), ("arguments", &arguments), ("argumentlist", &list)])
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    Some(match of {
        "process" => object("process", &[("startinfo", &start_info(&Args::default()))]).known,
        "processstartinfo" => start_info(&Args::default()).known,
        "powershell" | "pipeline" | "runspace" | "runspaceinvoke" => Value::object("powershell").known,
        _ => return None,
    })
}

pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("process", "start") => {
            match &args.at(0).known {
                Known::Object(info) if &*info.class == "processstartinfo" => start_of(it, &args.at(0), at),
                _ => start(it, "Process.Start", &args.at(0), args.get(1), at),
            }
            object("process", &[("startinfo", &start_info(args))])
        }
        ("process", "kill" | "getprocesses" | "getprocessesbyname" | "getcurrentprocess" | "getprocessbyid") => {
            object("process", &[("startinfo", &start_info(&Args::default()))])
        }
        ("powershell" | "runspacefactory", _) => Value::object("powershell"),
        ("interaction" | "microsoft", "shell") => {
            start(it, "Interaction.Shell", &args.at(0), None, at);
            Value::unknown()
        }
        ("interaction", "createobject" | "getobject") => crate::library::asp::create(it, "Interaction.CreateObject", args, at),
        ("interaction", "callbyname") => {
            let given = Args::of(args.values.iter().skip(3).cloned().collect());
            let given = match &given.at(0).known {
                Known::Array(_) if given.len() == 1 => spread(it, &given.at(0), at),
                _ => given,
            };
            it.call_named_method(&args.at(0), &args.at(1), given, at)
        }
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("process", "start") => {
            if args.len() > 0 {
                return function(it, class, name, args, at);
            }
            start_of(it, &field(value, "startinfo"), at);
            Value::unknown()
        }
        ("process", "kill" | "closemainwindow") => Value::unknown(),
        ("process", _) => Value::unknown(),
        ("powershell", "addscript" | "invokescript" | "createpipeline" | "createnestedpipeline" | "createcommand") => {
            if args.len() > 0 {
                it.hit(Capability::Command, "PowerShell.AddScript", at, &args.at(0), Facts::default());
            }
            value.clone()
        }
        ("powershell", "addcommand" | "add" | "addstatement" | "addargument" | "addparameter" | "addparameters") => {
            let given = super::plain::blurred(args.all());
            if given.deep_taint().is_some() {
                let shown = if args.at(0).taint.is_some() { args.at(0) } else { given };
                it.hit(Capability::Command, "PowerShell.AddCommand", at, &shown, Facts::default());
            }
            value.clone()
        }
        ("powershell", "invoke" | "begininvoke" | "invokeasync") => {
            if args.len() > 0 && super::plain::may_be_text(&args.at(0)) {
                it.hit(Capability::Command, "RunspaceInvoke.Invoke", at, &args.at(0), Facts::default());
            }
            Value::unknown()
        }
        ("powershell", "tostring") => Value::unknown(),
        ("powershell", _) => value.clone(),
        ("managementclass" | "managementobject", "invokemethod") => {
            let path = lower(&field(value, "path"));
            let given = Value::from_all(args.values.iter().skip(1), Control::Whole);
            if path.contains("win32_process") || given.deep_taint().is_some() {
                let first = args.at(1);
                let first = it.index(&first, Some(&Value::int(0)), at);
                let known = text(&first).map_or(Known::Unknown, |text| Known::Bytes(text.into_bytes().into()));
                let argument = Value { known, ..given };
                it.hit(Capability::Command, "Win32_Process.Create", at, &raised(&argument), Facts::default());
            }
            Value::unknown()
        }
        ("managementclass" | "managementobject", "getmethodparameters") => {
            object("dictionary", &[("items", &Value::list(Vec::new()))])
        }
        _ => return None,
    })
}

pub(super) fn member(value: &Value, class: &str, name: &str) -> Option<Value> {
    Some(match (class, name) {
        ("process", "standardinput") => object("processinput", &[("process", value)]),
        ("process", "standardoutput" | "standarderror") => {
            let info = field(value, "startinfo");
            carrying("reader", &weaker(&info, Control::Weak))
        }
        ("process", _) => Value::unknown(),
        ("powershell", "commands" | "sessionstateproxy" | "invokecommand" | "runspace") => value.clone(),
        ("powershell", _) => Value::unknown(),
        _ => return None,
    })
}

/// Something is written to a program's input.
pub(super) fn typed_in(it: &mut Interpreter<'_>, data: &Value, at: u32) {
    if data.deep_taint().is_some() || bytes(data).is_some_and(|bytes| bytes.len() > 4) {
        it.hit(Capability::Command, "Process.StandardInput", at, data, Facts::default());
    }
}
