//! What the runtime calls and what it brings: handlers of events, methods of services, classes that pages extend.

use crate::ir::Function;

/// Whether the runtime calls a function.
pub(super) fn is_entry(function: &Function) -> bool {
    let name = function.name.to_ascii_lowercase();
    let is_handler = match &function.params[..] {
        [sender, event] => {
            sender.of_type.as_deref().is_some_and(|of| of == "object")
                && event.of_type.as_deref().is_some_and(|of| of.ends_with("eventargs"))
        }
        _ => false,
    };
    is_handler
        || ENTRY_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || ENTRY_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
        || ENTRIES.contains(&name.as_str())
        || function.marks.iter().any(|mark| {
            ["webmethod", "operationcontract", "override", "overrides", "handles", "http", "route", "scriptmethod"]
                .iter()
                .any(|entry| mark.starts_with(entry))
        })
}

const ENTRY_PREFIXES: &[&str] = &["page_", "application_", "session_"];

const ENTRY_SUFFIXES: &[&str] = &[
    "_click",
    "_load",
    "_init",
    "_prerender",
    "_command",
    "_textchanged",
    "_selectedindexchanged",
    "_checkedchanged",
    "_itemcommand",
    "_rowcommand",
    "_serverclick",
    "_tick",
];

const ENTRIES: &[&str] = &[
    "processrequest",
    "beginprocessrequest",
    "endprocessrequest",
    "processrequestasync",
    "main",
    "invoke",
    "invokeasync",
    "raisepostbackevent",
    "raisecallbackevent",
    "getcallbackresult",
    "oninit",
    "onload",
    "onprerender",
    "onget",
    "onpost",
    "ongetasync",
    "onpostasync",
    "configure",
];

/// Classes and interfaces of .NET that pages extend.
pub(super) const PLATFORM_CLASSES: &[&str] = &[
    "page",
    "usercontrol",
    "masterpage",
    "control",
    "webcontrol",
    "webservice",
    "httpapplication",
    "ihttphandler",
    "ihttpasynchandler",
    "httptaskasynchandler",
    "ihttphandlerfactory",
    "ihttpmodule",
    "irequiressessionstate",
    "ireadonlysessionstate",
    "ipostbackeventhandler",
    "icallbackeventhandler",
    "virtualpathprovider",
    "virtualfile",
    "virtualdirectory",
    "route",
    "routebase",
    "iroutehandler",
    "iactionfilter",
    "iauthorizationfilter",
    "websockethandler",
    "marshalbyrefobject",
    "object",
    "exception",
    "attribute",
    "idisposable",
    "icomparable",
    "icomparer",
    "ienumerable",
    "ienumerator",
    "itemplate",
    "collectionbase",
    "stream",
    "soapheader",
    // What enumerations are made of.
    "byte",
    "sbyte",
    "short",
    "ushort",
    "int",
    "uint",
    "long",
    "ulong",
];
