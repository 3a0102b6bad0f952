//! Reflection: classes by name, their methods, constructors and fields, and calls through them.

use super::{array_value, field, is_unknown, made_object, short};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Known, Made, Value};

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    match class {
        // `java.beans`: a call that is an object.
        "expression" | "statement" if args.len() == 3 => {
            Some(made_object("beancall", [("target", args.at(0)), ("name", args.at(1)), ("args", args.at(2))]))
        }
        "thread" | "timertask" => Some(made_object("thread", [("target", args.at(0))])),
        "object" => Some(Value::object("object")),
        _ => None,
    }
}

/// The class of an object.
pub(super) fn class_of(object: &Value) -> Value {
    match &object.known {
        Known::Object(of) if &*of.class == "class" => object.clone(),
        Known::Object(of) if !of.class.is_empty() => Known::Type(of.class.clone()).into(),
        Known::Bytes(_) | Known::Partial(_) => Known::Type("java.lang.String".into()).into(),
        Known::Type(_) => Known::Type("java.lang.Class".into()).into(),
        _ => Value::object("class"),
    }
}

/// The class that a value names.
pub(in crate::library) fn class_named(name: &Value) -> Value {
    match name.as_text().filter(|_| name.is_known()) {
        Some(text) => Value::from(Known::Type(text.into())).with(name.made),
        None => made_object("class", [("name", name.clone())]).with(name.made),
    }
}

/// What is asked of a class. `class` is a type or an object of class `class`.
fn of_class(it: &mut Interpreter<'_>, class: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let made = class.made.and(it.made_of_name());
    let member = |kind: &str| made_object(kind, [("class", class.clone()), ("name", args.at(0))]).with(made);
    Some(match name {
        "forname" | "loadclass" | "findclass" | "findloadedclass" | "findsystemclass" | "forname0" => {
            return super::loading::named(it, args, at);
        }
        "getmethod" | "getdeclaredmethod" | "getmethods" | "getdeclaredmethods" => {
            if name.ends_with('s') {
                let method = made_object("method", [("class", class.clone()), ("name", Value::unknown())]).with(made);
                return Some(Interpreter::array_of_unknown(method));
            }
            member("method")
        }
        "getfield" | "getdeclaredfield" => member("field"),
        "getfields" | "getdeclaredfields" => {
            Interpreter::array_of_unknown(made_object("field", [("class", class.clone()), ("name", Value::unknown())]))
        }
        "getconstructor" | "getdeclaredconstructor" => made_object("constructor", [("class", class.clone())]).with(made),
        "getconstructors" | "getdeclaredconstructors" => {
            Interpreter::array_of_unknown(made_object("constructor", [("class", class.clone())]).with(made))
        }
        "newinstance" => return Some(instance(it, class, made, args.clone(), at)),
        "getname" | "getsimplename" | "getcanonicalname" | "gettypename" => match &class.known {
            Known::Type(path) if name == "getsimplename" => {
                Value::text(path.rsplit(['.', '$']).next().unwrap_or(path)).with(made)
            }
            Known::Type(path) => Value::text(path).with(made),
            _ => field(class, "name").unwrap_or_default(),
        },
        "getclassloader" | "getsystemclassloader" | "getparent" => Value::object("classloader"),
        "getclass" => Known::Type("java.lang.Class".into()).into(),
        "getsuperclass" | "getenclosingclass" | "getcomponenttype" | "getdeclaringclass" => Value::object("class"),
        "isinstance" | "isassignablefrom" | "isinterface" | "isarray" => Value::unknown(),
        "cast" => args.at(0),
        "getresourceasstream" => super::files::open(it, "getResourceAsStream", &args.at(0), at),
        "getresource" => Value::unknown(),
        _ => return None,
    })
}

/// A new object of a class that may only be known while it runs.
fn instance(it: &mut Interpreter<'_>, class: &Value, made: Made, args: Args, at: u32) -> Value {
    let args = spread(args);
    if let Known::Type(path) = &class.known {
        return it.with_name_made(made, |it| it.instantiate(path, args, at));
    }
    let name = field(class, "name").unwrap_or_default();
    if name.is_requested(Control::Whole) {
        let also = args.all().any(|value| value.is_requested(Control::Weak));
        let facts = Facts { name_tainted: true, also, ..Facts::default() };
        it.hit(Capability::Invoke, "Class.newInstance", at, &name, facts);
    }
    Interpreter::carrier("", &args.values)
}

/// Arguments that came as one array.
fn spread(args: Args) -> Args {
    match args.values.as_slice() {
        [Value { known: Known::Array(array), taint, .. }] if array.rest.is_none() => {
            Args::of(array.entries.values().map(|value| value.clone().with_taint(taint.clone())).collect())
        }
        [Value { known: Known::Array(array), .. }] => Args { rest: array.rest.as_deref().cloned(), ..Args::default() },
        _ => args,
    }
}

/// A call of a method that is an object.
fn invoke(it: &mut Interpreter<'_>, method: &Value, target: &Value, args: Args, at: u32) -> Value {
    let class = field(method, "class").unwrap_or_default();
    let name = field(method, "name").unwrap_or_default();
    let made = method.made.and(name.made).and(class.made);
    let args = spread(args);
    let text = match name.as_text().filter(|_| name.is_known()) {
        Some(text) => Some(text),
        // One of all methods of a class of which one matters.
        None => match &class.known {
            Known::Type(path) => main_method(&short(path)).map(str::to_owned),
            _ => None,
        },
    };
    let made = if name.is_known() { made } else { made.and(Made::BUILT) };
    if let Some(text) = text {
        return it.with_name_made(made, |it| call(it, &class, target, &text, args, at));
    }
    let requested_class = field(&class, "name").is_some_and(|name| name.is_requested(Control::Whole));
    let also = args.all().any(|value| value.is_requested(Control::Weak));
    if name.is_requested(Control::Whole) && (requested_class || also) {
        it.hit(Capability::Invoke, "Method.invoke", at, &name, Facts { name_tainted: true, also, ..Facts::default() });
    }
    Value::from_all(args.all().chain([target]), Control::Weak)
}

fn call(it: &mut Interpreter<'_>, class: &Value, target: &Value, name: &str, args: Args, at: u32) -> Value {
    let of_type = match &class.known {
        Known::Type(path) => Some(path.clone()),
        _ => None,
    };
    match (&target.known, of_type) {
        (Known::Object(_) | Known::Request(_) | Known::Bytes(_) | Known::Partial(_) | Known::Array(_), _) => {
            it.call_method(target, name, args, at)
        }
        (Known::Type(_), None) => it.call_method(target, name, args, at),
        // Without an object it is a static method; an object that nobody knows is of the method's class.
        (Known::Null | Known::Type(_), Some(path)) => it.call_static(&path, name, args, None, at),
        (_, Some(path)) if it.own_class(&path).is_none() && !short(&path).is_empty() => {
            let known = super::request::typed(&short(&path));
            let object = match known {
                Some(known) => Value { known, ..target.clone() },
                None => Value { taint: target.taint.clone(), ..Value::object(&short(&path)) },
            };
            it.call_method(&object, name, args, at)
        }
        _ => it.call_method(target, name, args, at),
    }
}

/// The method for which a class is reached by reflection, when its name is not known.
fn main_method(class: &str) -> Option<&'static str> {
    Some(match class {
        "runtime" => "exec",
        "processbuilder" | "processimpl" | "unixprocess" => "start",
        "classloader" | "unsafe" => "defineClass",
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    match (class, name) {
        ("class", _) => return of_class(it, object, name, args, at),
        ("method", "invoke") => return Some(invoke(it, object, &first, args.skip(1), at)),
        ("method" | "field" | "constructor" | "methodhandle", "setaccessible" | "trysetaccessible" | "bindto" | "astype") => {
            if name == "bindto" {
                let class = field(object, "class").unwrap_or_default();
                let named = field(object, "name").unwrap_or_default();
                let bound = [("class", class), ("name", named), ("bound", first)];
                return Some(made_object("methodhandle", bound).with(object.made));
            }
            return Some(object.clone());
        }
        ("method" | "field", "getname") => return field(object, "name"),
        ("constructor", "newinstance") => {
            let of = field(object, "class").unwrap_or_default();
            return Some(instance(it, &of, object.made.and(of.made), args.clone(), at));
        }
        ("field", "get") => return Some(field_of(it, object, &first, at)),
        ("field", "set") => {
            if let (Known::Object(target), Some(name)) = (&first.known, field(object, "name").and_then(|name| name.as_text())) {
                target.set(&name.to_ascii_lowercase(), args.at(1));
            }
            return Some(Value::null());
        }
        ("lookup", "findvirtual" | "findstatic" | "findspecial" | "bind") => {
            let kind = if name == "findstatic" { Value::null() } else { Value::unknown() };
            let fields = [("class", first), ("name", args.at(1)), ("target", kind)];
            return Some(made_object("methodhandle", fields));
        }
        ("lookup", "findconstructor") => return Some(made_object("constructor", [("class", first)])),
        ("lookup", "unreflect" | "in" | "unreflectconstructor") => {
            return Some(if name == "in" { object.clone() } else { first });
        }
        ("constructor", "invoke" | "invokeexact" | "invokewitharguments") => {
            let of = field(object, "class").unwrap_or_default();
            return Some(instance(it, &of, object.made, args.clone(), at));
        }
        ("methodhandle" | "method", "invokeexact" | "invokewitharguments" | "invoke") => {
            let args = if name == "invokewitharguments" { spread(args.clone()) } else { args.clone() };
            if let Some(bound) = field(object, "bound") {
                return Some(invoke(it, object, &bound, args, at));
            }
            let is_static = field(object, "target").is_some_and(|target| matches!(target.known, Known::Null));
            return Some(match is_static {
                true => invoke(it, object, &Value::null(), args, at),
                false => invoke(it, object, &args.at(0), args.skip(1), at),
            });
        }
        ("beancall", "getvalue" | "execute") => {
            let target = field(object, "target").unwrap_or_default();
            let name = field(object, "name").unwrap_or_default();
            let inner = spread(Args::of(vec![field(object, "args").unwrap_or_default()]));
            return Some(bean_call(it, &target, &name, inner, at));
        }
        _ => {}
    }
    runs(it, object, class, name, args, at).or_else(|| {
        // A class that came on a way that nobody followed.
        let asked = matches!(
            name,
            "forname" | "getmethod" | "getdeclaredmethod" | "getdeclaredfield" | "getconstructor" | "getdeclaredconstructor"
        );
        (is_unknown(object, class) && asked).then(|| of_class(it, &Value::object("class"), name, args, at)).flatten()
    })
}

fn bean_call(it: &mut Interpreter<'_>, target: &Value, name: &Value, args: Args, at: u32) -> Value {
    match (name.as_text().filter(|_| name.is_known()), &target.known) {
        (Some(text), Known::Type(path)) if text == "new" => {
            it.with_name_made(name.made.and(target.made), |it| it.instantiate(path, args, at))
        }
        (Some(text), _) => it.with_name_made(name.made.and(target.made), |it| it.call_method(target, &text, args, at)),
        _ => {
            let method = made_object("method", [("class", Value::object("class")), ("name", name.clone())]);
            invoke(it, &method, target, args, at)
        }
    }
}

/// What stands in a field that was reached by reflection.
fn field_of(it: &mut Interpreter<'_>, of: &Value, target: &Value, at: u32) -> Value {
    let name = field(of, "name").unwrap_or_default().as_text().unwrap_or_default();
    let class = match field(of, "class").unwrap_or_default().known {
        Known::Type(path) => short(&path),
        _ => String::new(),
    };
    if class == "unsafe" || name.eq_ignore_ascii_case("theunsafe") {
        return Value::object("unsafe");
    }
    match (&target.known, class.as_str()) {
        (Known::Object(_), _) if !name.is_empty() => it.member(target, &name, at),
        (_, "lookup" | "methodhandles$lookup") => Value::object("lookup"),
        _ => Value::unknown().with_taint(target.taint.clone()),
    }
}

/// What is handed over to be run: threads, tasks, actions.
fn runs(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match name {
        "start" | "run" => {
            let target = match class {
                "thread" => match field(object, "target") {
                    Some(target) if !matches!(target.known, Known::Unknown) => target,
                    _ => object.clone(),
                },
                _ => object.clone(),
            };
            callback(it, &target, at)
        }
        "submit"
        | "execute"
        | "schedule"
        | "scheduleatfixedrate"
        | "doprivileged"
        | "runasync"
        | "supplyasync"
        | "invokelater" => callback(it, &args.at(0), at),
        _ => None,
    }
}

fn callback(it: &mut Interpreter<'_>, target: &Value, at: u32) -> Option<Value> {
    match &target.known {
        Known::Function(_) => Some(it.call_value(target, Args::default(), at)),
        Known::Object(of) if of.declared.is_some() => {
            let name = ["run", "call", "get"].into_iter().find(|name| it.own_method(&of.class, name).is_some())?;
            Some(it.call_method(target, name, Args::default(), at))
        }
        _ => None,
    }
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    match (class, name) {
        ("methodhandles", "lookup" | "publiclookup" | "privatelookupin") => return Some(Value::object("lookup")),
        ("unsafe", "getunsafe") => return Some(Value::object("unsafe")),
        ("thread", "currentthread") => return Some(Value::object("thread")),
        ("array", "newinstance") => return Some(super::text::array_of(&args.at(1))),
        ("array", "set") => return Some(Value::null()),
        ("array", "get") => return Some(it.index(&args.at(0), args.get(1), at)),
        ("accesscontroller" | "completablefuture" | "swingutilities", _) => {
            return runs(it, &Value::unknown(), class, name, args, at);
        }
        ("methodutil" | "methodutils", "invoke" | "invokemethod" | "invokestaticmethod" | "invokeexactmethod") => {
            if args.at(0).class() == "method" {
                return Some(invoke(it, &args.at(0), &args.at(1), args.skip(2), at));
            }
            return Some(bean_call(it, &args.at(0), &args.at(1), spread(args.skip(2)), at));
        }
        ("reflectutils" | "reflectionutils", "findmethod") => {
            return Some(made_object("method", [("class", args.at(0)), ("name", args.at(1))]));
        }
        ("reflectionutils", "invokemethod") => return Some(invoke(it, &args.at(0), &args.at(1), args.skip(2), at)),
        ("java", "type") | ("packages", "type") => return Some(class_named(&args.at(0))),
        _ => {}
    }
    // Everything else is asked of the class itself: `String.class.getMethod(…)`.
    let known: Value = Known::Type(class.into()).into();
    let made = it.made_of_name();
    of_class(it, &known.with(made), name, args, at)
}

/// An array with one kind of element.
pub(super) fn array_with(value: Value) -> Value {
    let mut array = Array::default();
    array.push(value);
    array_value(array)
}
