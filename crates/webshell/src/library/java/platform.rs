//! Classes and interfaces of Java and its servers that classes of pages extend. A page with such a class stands alone.

/// By the end of their names: there are many of them.
const ENDINGS: &[&str] = &[
    "exception",
    "error",
    "listener",
    "adapter",
    "stream",
    "reader",
    "writer",
    "classloader",
    "servlet",
    "filter",
    "map",
    "list",
    "set",
    "trustmanager",
    "visitor",
    "handler",
];

const CLASSES: &[&str] = &[
    "abstracttranslet",
    "bodytagsupport",
    "callable",
    "classfiletransformer",
    "cloneable",
    "comparable",
    "comparator",
    "consumer",
    "dictionary",
    "endpoint",
    "enumeration",
    "function",
    "hashtable",
    "hostnameverifier",
    "httpservletrequestwrapper",
    "httpservletresponsewrapper",
    "httpsessionbindinglistener",
    "iterable",
    "iterator",
    "object",
    "predicate",
    "privilegedaction",
    "privilegedexceptionaction",
    "properties",
    "runnable",
    "serializable",
    "simpletagsupport",
    "supplier",
    "tagsupport",
    "thread",
    "throwable",
    "timertask",
    "valve",
    "valvebase",
    "vector",
    // `MessageHandler.Whole<String>` of web sockets.
    "whole",
    "zipentry",
];

/// The name in lower case, without packages.
pub(super) fn is_class(name: &str) -> bool {
    let name = name.split('<').next().unwrap_or(name);
    CLASSES.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}
