//! Tags, as calls with named arguments.

use super::files;
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::library::java;
use crate::value::{Known, Value};

pub(super) fn tag(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let named = |key: &str| args.named(key).cloned();
    let or_empty = |key: &str| named(key).unwrap_or_default();
    Some(match name {
        "cfexecute" => execute(it, args, at),
        "cffile" => return files::tag(it, args, at),
        "cfdirectory" => return files::directory(it, args, at),
        "cfzip" => return files::zip(it, args, at),
        "cfcontent" => {
            if let Some(file) = named("file") {
                files::read(it, "cfcontent", &file, at);
            }
            Value::unknown()
        }
        "cfquery" => {
            let sql = named("body").or_else(|| named("sql")).unwrap_or_default();
            query(it, "cfquery", &sql, &or_empty("datasource"), at)
        }
        "cfstoredproc" => query(it, "cfstoredproc", &or_empty("procedure"), &or_empty("datasource"), at),
        "cfinclude" | "cfmodule" => {
            let template = named("template").unwrap_or_default();
            included(it, name, &template, at)
        }
        "cfhttp" => fetched(it, args, at),
        "cfftp" => {
            let server = or_empty("server");
            let facts = Facts { also: or_empty("localfile").is_requested(Control::Weak), ..Facts::default() };
            it.hit(Capability::Tunnel, name, at, &server, facts);
            Value::unknown()
        }
        "cfregistry" => {
            let action = named("action").and_then(|action| action.as_text()).unwrap_or_default().to_ascii_lowercase();
            let capability = if action.starts_with("get") { Capability::Read } else { Capability::Change };
            let branch = or_empty("branch");
            if branch.is_requested(Control::Weak) || capability == Capability::Change {
                it.hit(capability, name, at, &branch, Facts::default());
            }
            Value::unknown()
        }
        // A task that fetches a page and writes it to a file.
        "cfschedule" => {
            let url = or_empty("url");
            if let Some(file) = named("file") {
                let spot = it.spot(at);
                let data = Value::tainted(Taint::source(SourceKind::Remote, &url.as_text().unwrap_or_default(), spot));
                let data = data.with_taint(url.taint.clone());
                java::files::written(it, name, &file, &data, at);
            } else if url.is_requested(Control::Weak) {
                it.hit(Capability::Fetch, name, at, &url, Facts::default());
            }
            Value::unknown()
        }
        "cfobject" => {
            let class = named("class").or_else(|| named("component")).or_else(|| named("webservice")).unwrap_or_default();
            let kind = named("type").unwrap_or_else(|| Value::text("component"));
            super::run::object(it, name, &kind, &class, at)
        }
        "cfinvoke" => {
            let component = or_empty("component");
            let method = or_empty("method");
            if component.is_requested(Control::Whole) {
                let facts = Facts { name_tainted: true, also: method.is_requested(Control::Weak), ..Facts::default() };
                it.hit(Capability::Invoke, name, at, &component, facts);
            }
            match (&component.known, method.as_text().filter(|_| method.is_known())) {
                (Known::Object(_) | Known::Type(_), Some(method)) => it.call_method(&component, &method, args.clone(), at),
                _ => Value::unknown().with_taint(component.taint.map(|taint| taint.at_most(Control::Weak))),
            }
        }
        "cfmail" => {
            let (to, body) = (or_empty("to"), or_empty("body"));
            let also = body.is_requested(Control::Part) && or_empty("subject").is_requested(Control::Part);
            it.hit(Capability::Mail, name, at, &to, Facts { also, ..Facts::default() });
            Value::unknown()
        }
        "cfdump" => {
            it.echoed(args);
            Value::unknown()
        }
        "cfthread"
        | "cflock"
        | "cftransaction"
        | "cfsetting"
        | "cfheader"
        | "cfcookie"
        | "cfflush"
        | "cflocation"
        | "cfsilent"
        | "cfapplication"
        | "cflog"
        | "cftimer"
        | "cfform"
        | "cfinput"
        | "cfselect"
        | "cfimport"
        | "cfprocessingdirective"
        | "cfinvokeargument"
        | "cfhttpparam"
        | "cfqueryparam"
        | "cfproperty"
        | "cfcache"
        | "cfassociate" => Value::unknown(),
        _ => return None,
    })
}

/// The command is the program and its arguments. What the visitor decides of it counts by itself.
fn execute(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let program = args.named("name").cloned().unwrap_or_else(|| args.at(0));
    let arguments = args.named("arguments").cloned().unwrap_or_default();
    let command = match &arguments.known {
        Known::Array(_) => {
            let words = java::as_string(&arguments);
            Value { known: Known::Unknown, ..words }
        }
        _ => arguments.clone(),
    };
    let command = match args.named("arguments") {
        Some(_) => {
            let start = it.join(&program, &Value::text(" "));
            it.join(&start, &command)
        }
        None => program,
    };
    it.hit(Capability::Command, "cfexecute", at, &command, Facts::default());
    // It may write what comes out to a file.
    if let Some(file) = args.named("outputfile").cloned() {
        let data = Value::unknown().with_taint(command.taint.clone().map(|taint| taint.at_most(Control::Weak)));
        java::files::written(it, "cfexecute", &file, &data, at);
    }
    Value::unknown().with_taint(command.taint.map(|taint| taint.at_most(Control::Weak)))
}

pub(super) fn query(it: &mut Interpreter<'_>, callee: &str, sql: &Value, source: &Value, at: u32) -> Value {
    let facts = Facts { also: source.is_requested(Control::Weak), ..Facts::default() };
    it.hit(Capability::Sql, callee, at, sql, facts);
    Value::unknown().with_taint(sql.deep_taint().map(|taint| taint.at_most(Control::Weak)))
}

/// Another page runs here.
pub(super) fn included(it: &mut Interpreter<'_>, name: &str, path: &Value, at: u32) -> Value {
    if path.taint.is_some() {
        let edges = path.edges();
        let rooted = !edges.prefix.is_empty() && edges.prefix != b"./" && edges.prefix != b"/";
        let path = match &path.taint {
            // A beginning or an end that the page gives keeps the visitor among the page's own files.
            Some(taint) if rooted || edges.suffix.len() > 1 => {
                Value { taint: Some(taint.at_most(Control::Weak)), ..path.clone() }
            }
            _ => path.clone(),
        };
        it.hit(Capability::Include, name, at, &path, Facts::default());
        return Value::unknown();
    }
    let Some(text) = path.as_text().filter(|_| path.is_known() && !matches!(path.known, Known::Null)) else {
        return Value::unknown();
    };
    if let Some(data) = it.kept_written(&text) {
        if data.taint.is_some() {
            it.hit(Capability::Code, name, at, &data, Facts::default());
        }
        if let Some(bytes) = data.only_bytes().cloned() {
            it.run_file(bytes, name, path.made.and(data.made), at);
        }
        return Value::unknown();
    }
    match it.open_file(&text) {
        Some(bytes) => {
            it.notes.included.push(text);
            it.run_file(bytes, name, path.made, at);
        }
        None => it.include_missing(&text, at, path.made),
    }
    Value::unknown()
}

fn fetched(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let url = args.named("url").cloned().unwrap_or_else(|| args.at(0));
    if url.is_requested(Control::Weak) {
        it.hit(Capability::Fetch, "cfhttp", at, &url, Facts::default());
    }
    let spot = it.spot(at);
    let name = String::from_utf8_lossy(&url.edges().prefix).into_owned();
    let data = Value::tainted(Taint::source(SourceKind::Remote, &name, spot));
    // `path` and `file`: what comes is written there.
    let path = args.named("path").cloned();
    let file = args.named("file").cloned();
    if path.is_some() || file.is_some() {
        let path = path.unwrap_or_else(|| Value::text("."));
        let path = it.join(&path, &Value::text("/"));
        let path = it.join(&path, &file.unwrap_or_default());
        java::files::written(it, "cfhttp", &path, &data, at);
    }
    data
}
