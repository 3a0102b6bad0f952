//! Program code that is loaded while the page runs: byte code, libraries of classes, names that lead elsewhere.

use super::{as_string, bytes_of, field, is_unknown, made_object};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Value};

/// What a file of a class begins with.
const CLASS: &[u8] = &[0xca, 0xfe, 0xba, 0xbe];

/// Names that hold a class: BCEL's loader makes it of them.
const BCEL: &[u8] = b"$$BCEL$$";

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        // The platform's own is abstract, so this is BCEL's.
        "classloader" => Value::object("bcelclassloader"),
        "urlclassloader" | "mlet" | "privatemlet" => made_object("urlclassloader", [("urls", args.at(0))]),
        "groovyclassloader" => Value::object("groovyclassloader"),
        "templatesimpl" => Value::object("templatesimpl"),
        "initialcontext" | "initialdircontext" | "jnditemplate" => Value::object("initialcontext"),
        "trafficfilter" | "traxfilter" | "traxfilterimpl" => transformed(it, &args.at(0), at),
        _ => return None,
    })
}

/// Byte code becomes a class.
pub(super) fn define(it: &mut Interpreter<'_>, callee: &str, args: &Args, at: u32) -> Value {
    let code = byte_code(args);
    it.hit(Capability::Load, callee, at, &code, Facts::default());
    made_object("class", [("code", code)])
}

/// The argument that is the byte code: the one of the visitor, else the one that looks like it.
fn byte_code(args: &Args) -> Value {
    let candidates = || args.values.iter().take(3).filter(|value| !matches!(value.known, Known::Int(_) | Known::Null));
    let chosen = candidates()
        .find(|value| value.is_requested(Control::Weak))
        .or_else(|| candidates().find(|value| bytes_of(value).is_some_and(|bytes| is_class(&bytes))))
        .or_else(|| candidates().find(|value| value.deep_taint().is_some()))
        .or_else(|| candidates().max_by_key(|value| bytes_of(value).map_or(0, |bytes| bytes.len())))
        .or(args.rest.as_ref())
        .cloned()
        .unwrap_or_default();
    let code = as_string(&chosen);
    match code.only_bytes() {
        Some(bytes) if is_class(bytes) => Value { known: Known::Unknown, ..code }.with(Made::DECODED),
        _ => code,
    }
}

/// A class, bare or in base64 or hex.
fn is_class(bytes: &[u8]) -> bool {
    bytes.starts_with(CLASS)
        || bytes.starts_with(b"yv66vg")
        || bytes.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"cafebabe"))
}

/// `Class.forName` and its like.
pub(super) fn named(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Option<Value> {
    let name = args.all().find(|value| !matches!(value.known, Known::Bool(_) | Known::Object(_)))?.clone();
    if name.edges().prefix.starts_with(BCEL) {
        return Some(bcel(it, &name, at));
    }
    Some(super::reflect::class_named(&name))
}

fn bcel(it: &mut Interpreter<'_>, name: &Value, at: u32) -> Value {
    // The name is the code, but for the mark in front.
    let taint = name.deep_taint().map(|taint| if name.edges().prefix == BCEL { taint.whole() } else { taint });
    let code = Value { taint, ..name.clone() }.with(Made::DECODED);
    it.hit(Capability::Load, "bcel.ClassLoader.loadClass", at, &code, Facts::default());
    made_object("class", [("code", name.clone())])
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("unsafe", "defineclass" | "defineanonymousclass") => define(it, "Unsafe.defineClass", args, at),
        ("lookup", "defineclass" | "definehiddenclass") => define(it, "Lookup.defineClass", args, at),
        (_, "defineclass" | "defineanonymousclass" | "defineclass0" | "defineclass1" | "defineclass2" | "definehiddenclass") => {
            define(it, "ClassLoader.defineClass", args, at)
        }
        ("bcelclassloader", "loadclass" | "forname") => bcel(it, &args.at(0), at),
        ("urlclassloader", "getmbeansfromurl") => {
            let url = args.at(0);
            it.hit(
                Capability::Load,
                "MLet.getMBeansFromURL",
                at,
                &as_string(&url).with_taint(url.deep_taint()),
                Facts::default(),
            );
            Value::unknown()
        }
        ("urlclassloader", "addurl") => {
            if let Known::Object(loader) = &object.known {
                loader.set("urls", args.at(0));
            }
            Value::null()
        }
        ("urlclassloader", "loadclass") => {
            let urls = field(object, "urls").unwrap_or_default();
            let place = urls.deep_taint().or_else(|| of_another_machine(it, &urls, at));
            it.hit(Capability::Load, "URLClassLoader.loadClass", at, &as_string(&urls).with_taint(place), Facts::default());
            made_object("class", [("name", args.at(0))])
        }
        ("groovyclassloader", "parseclass" | "loadclass") => {
            it.hit(Capability::Code, "GroovyClassLoader.parseClass", at, &as_string(&args.at(0)), Facts::default());
            made_object("class", [("code", args.at(0))])
        }
        ("templatesimpl", "newtransformer" | "getoutputproperties") => transformed(it, object, at),
        ("initialcontext", "lookup" | "dolookup") => looked_up(it, args, at),
        ("classloader" | "thread" | "webappclassloader", "loadclass" | "findclass" | "forname") => return named(it, args, at),
        ("thread", "getcontextclassloader") => Value::object("classloader"),
        (_, "loadclass") if is_unknown(object, class) => return named(it, args, at),
        (_, "getclassloader" | "getsystemclassloader") if is_unknown(object, class) => Value::object("classloader"),
        ("javacompiler", "run" | "gettask") => compiled(it, args, at),
        ("compilationtask", "call") => Value::unknown(),
        _ => return None,
    })
}

/// Where classes come from that the page fetches itself.
fn of_another_machine(it: &Interpreter<'_>, urls: &Value, at: u32) -> Option<Taint> {
    let starts_so = |value: &Value| {
        let address = field(value, "value").unwrap_or_else(|| value.clone()).edges().prefix.to_ascii_lowercase();
        [&b"http://"[..], b"https://", b"ftp://"].iter().any(|scheme| address.starts_with(scheme))
    };
    let is_remote = match &urls.known {
        Known::Array(array) => array.entries.values().any(starts_so),
        _ => starts_so(urls),
    };
    is_remote.then(|| Taint::source(SourceKind::Remote, "", it.spot(at)))
}

fn transformed(it: &mut Interpreter<'_>, templates: &Value, at: u32) -> Value {
    let code = field(templates, "_bytecodes").unwrap_or_else(|| Value::unknown().with_taint(templates.deep_taint()));
    let is_class = match &code.known {
        Known::Array(array) => array.entries.values().any(|value| bytes_of(value).is_some_and(|bytes| is_class(&bytes))),
        _ => bytes_of(&code).is_some_and(|bytes| is_class(&bytes)),
    };
    let made = if is_class { Made::DECODED } else { Made::default() };
    let argument = Value { known: Known::Unknown, taint: code.deep_taint(), made: code.made.and(made) };
    it.hit(Capability::Load, "TemplatesImpl.newTransformer", at, &argument, Facts::default());
    Value::unknown()
}

/// Names that lead to other machines bring code from there.
fn looked_up(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let name = as_string(&args.at(0));
    let prefix = name.edges().prefix.to_ascii_lowercase();
    let remote = [&b"ldap:"[..], b"ldaps:", b"rmi:", b"iiop:", b"corbaname:", b"dns:"].iter().any(|one| prefix.starts_with(one));
    if remote || name.is_requested(Control::Weak) {
        it.hit(Capability::Load, "InitialContext.lookup", at, &name, Facts::default());
    }
    Value::unknown().with_taint(name.taint.map(|taint| taint.at_most(Control::Weak)))
}

fn compiled(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let all = Value::from_all(args.all(), Control::Whole);
    it.hit(Capability::Load, "JavaCompiler.run", at, &all, Facts::default());
    Value::object("compilationtask")
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match (class, name) {
        ("toolprovider", "getsystemjavacompiler") => Value::object("javacompiler"),
        ("toolprovider", _) => Value::unknown(),
        ("main", "compile") => compiled(it, args, at),
        ("initialcontext", "dolookup") => looked_up(it, args, at),
        ("urlclassloader", "newinstance") => made_object("urlclassloader", [("urls", args.at(0))]),
        ("classloader", "getsystemclassloader" | "getplatformclassloader") => Value::object("classloader"),
        ("classloader" | "unsafe" | "defineclasshelper" | "reflectutils", "defineclass" | "defineclass0" | "defineclass1") => {
            define(it, "ClassLoader.defineClass", args, at)
        }
        _ => return None,
    })
}
