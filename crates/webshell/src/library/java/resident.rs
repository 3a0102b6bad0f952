//! Ways to stay in a running server: filters, servlets, listeners, valves, handlers and agents that are added while it runs.

use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    let callee = match class {
        "filterdef" => "FilterDef",
        "filtermap" => "FilterMap",
        "applicationfilterconfig" => "ApplicationFilterConfig",
        _ => return None,
    };
    Some(stays(it, callee, class, args, at))
}

fn stays(it: &mut Interpreter<'_>, callee: &str, class: &str, args: &Args, at: u32) -> Value {
    let what = Value::from_all(args.all(), Control::Weak);
    it.hit(Capability::Resident, callee, at, &what, Facts::default());
    Interpreter::carrier(class, &args.values)
}

pub(super) fn method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    // On an object that nobody knows the names of these say little; what they are given says more.
    let is_context = matches!(class, "application" | "standardcontext" | "servletcontext");
    let given = args.values.iter().any(|value| matches!(value.known, Known::Object(_) | Known::Type(_)));
    if matches!(name, "addfilter" | "addservlet" | "addlistener" | "addendpoint") && !is_context && (!class.is_empty() || !given)
    {
        let is_container = name == "addendpoint" && args.len() == 1;
        if !is_container {
            return None;
        }
    }
    let callee = match name {
        "addfilter" => "addFilter",
        "addfilterdef" => "addFilterDef",
        "addfiltermap" | "addfiltermapbefore" => "addFilterMap",
        "addservlet" => "addServlet",
        "addservletmapping" | "addservletmappingdecoded" => "addServletMapping",
        "addapplicationeventlistener" | "setapplicationeventlisteners" => "addApplicationEventListener",
        "addvalve" => "addValve",
        "addendpoint" => "addEndpoint",
        "registermapping" | "registerhandler" | "detecthandlermethods" | "registerhandlermethod" => "registerMapping",
        "addtransformer" | "redefineclasses" | "retransformclasses" => "Instrumentation",
        "loadagent" | "loadagentpath" | "loadagentlibrary" => "VirtualMachine.loadAgent",
        "addlistener" => "addListener",
        "addhandler" if matches!(class, "server" | "handlercollection") => "addHandler",
        "addupgradeprotocol" => "addUpgradeProtocol",
        "attach" if class == "virtualmachine" => "VirtualMachine.attach",
        _ => return None,
    };
    Some(stays(it, callee, if name == "attach" { class } else { "" }, args, at))
}
