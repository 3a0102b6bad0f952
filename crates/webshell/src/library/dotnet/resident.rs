//! What changes the server or the machine: registrations in the running application, listeners, the registry.

use std::rc::Rc;

use super::plain::{blurred, carrying, field, object};
use crate::evidence::{Capability, Facts};
use crate::interpret::{Args, Callable, Interpreter};
use crate::value::{Known, Value};

/// Where applications register what belongs to them.
const STARTS: &[&str] = &[
    "application_start",
    "application_onstart",
    "registerroutes",
    "registerglobalfilters",
    "register",
    "configure",
    "configuration",
    "initialize",
    "onapplicationstarted",
];

fn resident(it: &mut Interpreter<'_>, callee: &str, what: &Value, at: u32) -> Value {
    if STARTS.contains(&it.function_name().to_ascii_lowercase().as_str()) {
        return Value::unknown();
    }
    it.hit(Capability::Resident, callee, at, what, Facts::default());
    Value::unknown()
}

pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("hostingenvironment", "registervirtualpathprovider" | "registerobject") => {
            resident(it, "HostingEnvironment.RegisterVirtualPathProvider", &args.at(0), at)
        }
        ("hostingenvironment", "mappath") => args.at(0),
        ("httpapplication" | "dynamicmoduleutility", "registermodule") => {
            resident(it, "HttpApplication.RegisterModule", &args.at(0), at)
        }
        ("registry", "setvalue") => {
            it.hit(Capability::Change, "Registry.SetValue", at, &blurred(args.all()), Facts::default());
            Value::unknown()
        }
        ("registry", "getvalue") => {
            it.hit(Capability::Read, "Registry.GetValue", at, &args.at(0), Facts::default());
            Value::unknown()
        }
        _ => return None,
    })
}

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    Some(match class {
        "httplistener" => {
            let prefixes = object("list", &[("items", &Value::list(Vec::new()))]);
            object(class, &[("prefixes", &prefixes)])
        }
        "directoryentry" => object(class, &[("path", &args.at(0))]),
        "servicecontroller" => carrying(class, &args.at(0)),
        _ => return None,
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    matches!(of, "httplistener" | "registrykey")
        .then(|| construct(of, &Args::default()).unwrap_or_else(|| Value::object(of)).known)
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let whole = blurred(args.all());
    Some(match (class, name) {
        ("httplistener", "start") => {
            let prefixes = field(&field(value, "prefixes"), "items");
            let first = it.index(&prefixes, Some(&Value::int(0)), at);
            let shown = if matches!(first.known, Known::Null) { Value::unknown() } else { first };
            resident(it, "HttpListener.Start", &shown.with_taint(prefixes.deep_taint()), at)
        }
        ("httplistener", "getcontext" | "getcontextasync" | "endgetcontext") => Value::object("httpcontext"),
        ("httplistener", _) => Value::unknown(),
        ("routes" | "filters", "add" | "insert") => {
            resident(it, if class == "routes" { "RouteTable.Routes.Add" } else { "GlobalFilters.Filters.Add" }, &args.at(0), at)
        }
        ("routes" | "filters", _) => Value::unknown(),
        ("registrykey", "setvalue" | "deletevalue" | "createsubkey" | "deletesubkey" | "deletesubkeytree") => {
            it.hit(Capability::Change, "RegistryKey.SetValue", at, &whole.with_taint(value.deep_taint()), Facts::default());
            carrying("registrykey", value)
        }
        ("registrykey", "opensubkey" | "getvalue" | "getvaluenames" | "getsubkeynames") => {
            if whole.deep_taint().is_some() {
                it.hit(Capability::Read, "RegistryKey.OpenSubKey", at, &whole, Facts::default());
            }
            carrying("registrykey", &whole)
        }
        ("registrykey", _) => Value::unknown(),
        ("directoryentry", "invoke" | "invokeset") => {
            it.hit(Capability::Change, "DirectoryEntry.Invoke", at, &whole, Facts::default());
            Value::unknown()
        }
        ("servicecontroller", "start" | "stop") if value.deep_taint().is_some() => {
            it.hit(Capability::Change, "ServiceController.Start", at, &blurred([value]), Facts::default());
            Value::unknown()
        }
        _ => return None,
    })
}

/// Members of types that are collections of the application.
pub(super) fn type_member(path: &str, name: &str) -> Option<Value> {
    let class = path.rsplit('.').next().unwrap_or(path).to_ascii_lowercase();
    Some(match (class.as_str(), name) {
        ("routetable", "routes") => Value::object("routes"),
        ("globalfilters", "filters") => Value::object("filters"),
        ("registry", "localmachine" | "currentuser" | "classesroot" | "users" | "currentconfig") => Value::object("registrykey"),
        ("appdomain", "currentdomain") => Value::object("appdomain"),
        ("assemblyloadcontext", "default") => Value::object("appdomain"),
        ("httpcontext", "current") => Value::object("httpcontext"),
        ("httpruntime", "cache") => return None,
        // A method that is handed on as a delegate.
        ("process", "start") | ("assembly", "load" | "loadfile" | "loadfrom") => {
            let of = Known::Type(path.into()).into();
            Known::Function(Rc::new(Callable::Bound(of, name.into()))).into()
        }
        _ => return None,
    })
}
