//! Shells, script engines, regular expressions, management of the machine.

use super::Call;
use crate::evidence::{Capability, Control};
use crate::interpret::Interpreter;
use crate::library::dotnet::plain::{blurred, bytes, carrying, field, lower, mark, object, text, weaker};
use crate::library::dotnet::{raised, regex, sequence, start};
use crate::value::{Known, Value};

pub(super) fn shell(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "run" | "exec" => {
            let callee = if name == "run" { "WScript.Shell.Run" } else { "WScript.Shell.Exec" };
            call.hit(it, Capability::Command, callee, &raised(&first));
            carrying("wscript.exec", &weaker(&first, Control::Weak))
        }
        "regwrite" | "regdelete" => {
            call.hit(it, Capability::Change, "WScript.Shell.RegWrite", &blurred(call.args.all()));
            Value::unknown()
        }
        "regread" => {
            if first.deep_taint().is_some() {
                call.hit(it, Capability::Read, "WScript.Shell.RegRead", &first);
            }
            Value::unknown()
        }
        "stdout" | "stderr" | "stdin" | "readall" | "readline" | "read" => call.object.clone(),
        "write" | "writeline" => {
            call.hit(it, Capability::Command, "WScript.Shell.Exec", &first);
            Value::unknown()
        }
        _ => Value::unknown(),
    })
}

pub(super) fn application(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match (class, name) {
        ("shell.application", "shellexecute") => {
            start(it, "Shell.Application.ShellExecute", &first, call.args.get(1), call.at);
            Value::unknown()
        }
        ("shell.application", "open" | "explore" | "controlpanelitem") if first.deep_taint().is_some() => {
            call.hit(it, Capability::Command, "Shell.Application.Open", &first);
            Value::unknown()
        }
        ("shell.application", "namespace") => {
            call.hit(it, Capability::List, "Shell.Application.NameSpace", &first);
            object("shell.folder", &[("path", &first)])
        }
        ("shell.folder", "copyhere" | "movehere") => {
            let target = call.field("path");
            let argument = if target.deep_taint().is_some() { target } else { blurred([&first]) };
            call.hit(it, Capability::Change, "Folder.CopyHere", &argument);
            Value::unknown()
        }
        ("shell.folder", "newfolder") => {
            call.hit(it, Capability::Change, "Folder.NewFolder", &first.with_taint(call.field("path").taint));
            Value::unknown()
        }
        ("shell.folder", "invokeverb" | "invokeverbex") => {
            call.hit(it, Capability::Command, "FolderItem.InvokeVerb", &call.field("path"));
            Value::unknown()
        }
        ("shell.folder", "items" | "item" | "parsename" | "self") => {
            object("shell.folder", &[("path", &weaker(&call.field("path"), Control::Part))])
        }
        _ => Value::unknown(),
    })
}

pub(super) fn engine(it: &mut Interpreter<'_>, call: &Call<'_>, name: &str) -> Option<Value> {
    let first = call.args.at(0);
    Some(match name {
        "addcode" | "executestatement" | "eval" | "execscript" | "settimeout" => {
            let callee = match name {
                "addcode" => "ScriptControl.AddCode",
                "executestatement" => "ScriptControl.ExecuteStatement",
                _ => "ScriptControl.Eval",
            };
            call.hit(it, Capability::Code, callee, &first);
            if first.only_bytes().is_some() { it.run_code(&first, callee, call.at) } else { Value::unknown() }
        }
        "run" => match text(&first) {
            Some(name) => it.call_named(&name, call.args.skip(1), call.at),
            None => {
                call.hit(it, Capability::Invoke, "ScriptControl.Run", &first);
                Value::unknown()
            }
        },
        "parentwindow" | "document" | "script" => call.object.clone(),
        _ => Value::unknown(),
    })
}

pub(super) fn expression(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let subject = call.args.at(0);
    let flags = lower(&call.field("flags"));
    let ignore_case = call.field("ignorecase").truth() == Some(true) || flags.contains('i');
    let all = call.field("global").truth() == Some(true) || flags.contains('g');
    let compiled = regex::compiled(it, &call.field("pattern"), ignore_case);
    Some(match (class, name) {
        ("match", _) => field(call.object, "value"),
        (_, "replace") => regex::replace(it, &subject, compiled.as_ref(), &call.args.at(1), all, call.at),
        (_, "execute") => regex::matches(&subject, compiled.as_ref()),
        (_, "exec") => match regex::matches(&subject, compiled.as_ref()).known {
            Known::Array(found) if found.rest.is_none() => match found.entries.values().next() {
                Some(first) => field(first, "groups"),
                None => Value::null(),
            },
            _ => sequence::unknown_list(blurred([&subject])),
        },
        (_, "test") => {
            it.checked(&subject);
            let known = compiled.zip(bytes(&subject)).filter(|_| subject.only_bytes().is_some());
            mark([&subject], known.map(|(regex, whole)| Known::Bool(regex.is_match(&whole))))
        }
        _ => return None,
    })
}

pub(super) fn management(it: &mut Interpreter<'_>, call: &Call<'_>, class: &str, name: &str) -> Option<Value> {
    let whole = blurred(call.args.all());
    Some(match (class, name) {
        ("wmi" | "wmi object", "create") => {
            let shown = Value { known: call.args.at(0).known, ..whole };
            call.hit(it, Capability::Command, "Win32_Process.Create", &raised(&shown));
            Value::unknown()
        }
        ("wmi" | "wmi object", "execmethod" | "execmethod_") => {
            call.hit(it, Capability::Command, "Win32_Process.Create", &whole);
            Value::unknown()
        }
        ("wmi" | "wmi object", "execquery" | "instancesof" | "execnotificationquery") => {
            sequence::unknown_list(carrying("wmi object", &Value::unknown()))
        }
        ("wmi" | "wmi object", "terminate" | "delete_" | "put_") => Value::unknown(),
        ("wmi" | "wmi object", _) => object("wmi object", &[]),
        ("directory", "create" | "setpassword" | "setinfo" | "delete" | "add" | "put") => {
            call.hit(it, Capability::Change, "ADSI", &whole.with_taint(call.field("progid").taint));
            call.object.clone()
        }
        _ => call.object.clone(),
    })
}
