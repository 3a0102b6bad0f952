//! Code that a page loads or makes: assemblies, compilers, reflection, native calls.

use super::plain::{blurred, bytes, carrying, field, may_be_text, object, spread, text};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Callable, Interpreter};
use crate::value::{Known, Value};
use std::rc::Rc;

/// An assembly is loaded.
fn assembly(it: &mut Interpreter<'_>, callee: &str, from: &Value, at: u32) -> Value {
    it.hit(Capability::Load, callee, at, from, Facts::default());
    carrying("assembly", from)
}

/// Code of the page's language is compiled and run.
fn compiled(it: &mut Interpreter<'_>, callee: &str, code: &Value, at: u32) {
    it.hit(Capability::Code, callee, at, code, Facts::default());
    if code.only_bytes().is_some() {
        it.run_code(code, callee, at);
    }
}

/// Something that a visitor names is called or made.
fn invoked(it: &mut Interpreter<'_>, callee: &str, what: &Value, args: &Args, at: u32) {
    let also = args.all().any(|value| value.is_requested(Control::Weak));
    it.hit(Capability::Invoke, callee, at, what, Facts { name_tainted: true, also, ..Facts::default() });
}

pub(super) fn function(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("assembly", "load" | "loadfile" | "loadfrom" | "unsafeloadfrom" | "loadwithpartialname" | "loadmodule") => {
            let callee = match name {
                "loadfile" => "Assembly.LoadFile",
                "loadfrom" => "Assembly.LoadFrom",
                "unsafeloadfrom" => "Assembly.UnsafeLoadFrom",
                _ => "Assembly.Load",
            };
            assembly(it, callee, &first, at)
        }
        ("assembly", "getexecutingassembly" | "getcallingassembly" | "getentryassembly" | "getassembly") => {
            Value::object("assembly")
        }
        ("assemblyloadcontext", _) => Value::object("appdomain"),
        ("appdomain", "createdomain") => Value::object("appdomain"),
        ("type", "gettype") => named_type(it, "Type.GetType", &first, at),
        ("type", "gettypefromprogid" | "gettypefromclsid") => object("com type", &[("progid", &first)]),
        ("buildmanager", "gettype") => named_type(it, "BuildManager.GetType", &first, at),
        ("buildmanager", "createinstancefromvirtualpath" | "getcompiledtype") => {
            if first.deep_taint().is_some() {
                it.hit(Capability::Include, "BuildManager.CreateInstanceFromVirtualPath", at, &first, Facts::default());
            }
            carrying("loaded", &first)
        }
        ("activator", "createinstance") => created(it, args, at),
        ("activator", _) => {
            it.hit(Capability::Load, "Activator.CreateInstanceFrom", at, &first, Facts::default());
            carrying("loaded", &blurred(args.all()))
        }
        ("delegate", "createdelegate") => {
            let target = args.at(args.len().saturating_sub(1));
            match (target.class(), args.len()) {
                ("methodinfo", _) => bound(&target),
                (_, 3) => match text(&args.at(2)) {
                    Some(name) => Known::Function(Rc::new(Callable::Bound(args.at(1), name.as_str().into()))).into(),
                    None => {
                        invoked(it, "Delegate.CreateDelegate", &args.at(2), args, at);
                        Value::unknown()
                    }
                },
                _ => blurred(args.all()),
            }
        }
        ("codedomprovider", "createprovider" | "createcompiler") => Value::object("codedomprovider"),
        ("csharpscript" | "visualbasicscript", "evaluateasync" | "runasync" | "create") => {
            compiled(it, "CSharpScript.EvaluateAsync", &first, at);
            Value::unknown()
        }
        ("csharpsyntaxtree" | "syntaxfactory" | "syntaxtree", "parsetext" | "parsesyntaxtree" | "parsecompilationunit") => {
            compiled(it, "CSharpSyntaxTree.ParseText", &first, at);
            carrying("syntax", &first)
        }
        ("eval", "jscriptevaluate") => {
            compiled(it, "Eval.JScriptEvaluate", &first, at);
            Value::unknown()
        }
        ("vsaengine" | "scriptengine", _) => Value::object("vsaengine"),
        ("marshal", "getdelegateforfunctionpointer") => {
            it.hit(Capability::Native, "Marshal.GetDelegateForFunctionPointer", at, &first, Facts::default());
            Value::unknown()
        }
        ("marshal", "copy") => {
            // Bytes into memory outside of the runtime's.
            let is_out = args.len() == 4 && !matches!(args.at(1).known, Known::Array(_) | Known::Bytes(_) | Known::Object(_));
            if is_out && (bytes(&first).is_some() || first.deep_taint().is_some()) {
                let code = Value { known: Known::Unknown, ..first.clone() };
                it.hit(Capability::Native, "Marshal.Copy", at, &code, Facts::default());
            }
            Value::unknown()
        }
        ("marshal", "getactiveobject") => crate::library::asp::create(it, "Marshal.GetActiveObject", args, at),
        ("nativelibrary", _) => {
            it.hit(Capability::Native, "NativeLibrary.Load", at, &first, Facts::default());
            Value::unknown()
        }
        (_, "getmethod" | "getruntimemethod" | "getconstructor" | "invokemember" | "getproperty" | "getfield") => {
            return reflected(it, &Known::Type(class.into()).into(), name, args, at);
        }
        _ => return None,
    })
}

/// A type by a name that is a value.
fn named_type(it: &mut Interpreter<'_>, callee: &str, name: &Value, at: u32) -> Value {
    if let Some(known) = text(name).filter(|_| name.taint.is_none()) {
        let path = known.split(',').next().unwrap_or_default().trim().to_owned();
        return Value::from(Known::Type(path.as_str().into())).with(name.made);
    }
    if name.is_requested(Control::Whole) {
        invoked(it, callee, name, &Args::default(), at);
    }
    carrying("type", name)
}

/// `Activator.CreateInstance`.
fn created(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let of = args.at(0);
    match &of.known {
        Known::Type(name) => {
            let name = name.to_string();
            let given = match &args.at(1).known {
                Known::Array(_) if args.len() == 2 => spread(it, &args.at(1), at),
                _ => args.skip(1),
            };
            it.instantiate(&name, given, at)
        }
        Known::Object(object) if &*object.class == "com type" => {
            let progid = Args::of(vec![field(&of, "progid")]);
            crate::library::asp::create(it, "Activator.CreateInstance", &progid, at)
        }
        _ => {
            let all = blurred(args.all());
            if all.is_requested(Control::Part) {
                invoked(it, "Activator.CreateInstance", &all, &args.skip(1), at);
            }
            carrying("loaded", &all)
        }
    }
}

fn bound(method: &Value) -> Value {
    let target = field(method, "target");
    match text(&field(method, "name")) {
        Some(name) => Known::Function(Rc::new(Callable::Bound(target, name.as_str().into()))).into(),
        None => Value::unknown().with_taint(method.deep_taint()),
    }
}

/// Methods of a type: `GetMethod`, `InvokeMember`.
fn reflected(it: &mut Interpreter<'_>, of: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "getmethod" | "getruntimemethod" => {
            if args.at(0).is_requested(Control::Whole) {
                invoked(it, "Type.GetMethod", &args.at(0), args, at);
            }
            object("methodinfo", &[("target", of), ("name", &args.at(0))])
        }
        "getmethods" | "getmembers" => super::sequence::unknown_list(object("methodinfo", &[("target", of)])),
        "getconstructor" => object("methodinfo", &[("target", of), ("name", &Value::text(".ctor"))]),
        "getconstructors" => {
            super::sequence::unknown_list(object("methodinfo", &[("target", of), ("name", &Value::text(".ctor"))]))
        }
        "getproperty" | "getfield" => object("propertyinfo", &[("target", of), ("name", &args.at(0))]),
        "invokemember" => {
            let (target, given) = (args.at(3), args.at(4));
            let target = if matches!(target.known, Known::Null | Known::Unknown) { of.clone() } else { target };
            let given = spread(it, &given, at);
            if args.at(0).is_requested(Control::Whole) {
                invoked(it, "Type.InvokeMember", &args.at(0), &given, at);
                return Some(Value::unknown());
            }
            it.call_named_method(&target, &args.at(0), given, at)
        }
        "createinstance" => created(it, &Args::of(vec![of.clone()]), at),
        _ => return None,
    })
}

pub(super) fn construct(it: &mut Interpreter<'_>, class: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match class {
        "csharpcodeprovider" | "vbcodeprovider" | "jscriptcodeprovider" | "csharpcompiler" => Value::object("codedomprovider"),
        "vsaengine" => Value::object("vsaengine"),
        "assemblyloadcontext" => Value::object("appdomain"),
        "activexobject" => return Some(crate::library::asp::create(it, "ActiveXObject", args, at)),
        _ => return None,
    })
}

pub(super) fn of_type(of: &str) -> Option<Known> {
    Some(match of {
        "assembly" | "appdomain" | "codedomprovider" | "compilerresults" | "vsaengine" | "methodinfo" => Value::object(of).known,
        "csharpcodeprovider" | "vbcodeprovider" | "icodecompiler" => Value::object("codedomprovider").known,
        "methodbase" | "constructorinfo" => Value::object("methodinfo").known,
        "type" => Value::object("type").known,
        _ => return None,
    })
}

pub(super) fn method(it: &mut Interpreter<'_>, value: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let from_visitor = |value: &Value| value.is_requested(Control::Weak);
    Some(match class {
        "appdomain" => match name {
            "load" | "loadfromstream" | "loadfromassemblypath" | "executeassembly" | "executeassemblybyname" => {
                assembly(it, "AppDomain.Load", &args.at(0), at)
            }
            "createinstance" | "createinstanceandunwrap" | "createinstancefrom" | "createinstancefromandunwrap" => {
                let all = blurred(args.all());
                if all.deep_taint().is_some() {
                    it.hit(Capability::Load, "AppDomain.CreateInstance", at, &all, Facts::default());
                }
                carrying("loaded", &all)
            }
            "docallback" => it.call_value(&args.at(0), Args::default(), at),
            _ => Value::unknown(),
        },
        "assembly" | "module" => match name {
            "createinstance" => {
                if let Some(known) = text(&args.at(0)).filter(|name| it.own_class(name).is_some()) {
                    return Some(it.instantiate(&known, Args::default(), at));
                }
                if from_visitor(value) {
                    it.hit(Capability::Invoke, "Assembly.CreateInstance", at, &blurred([value]), Facts::default());
                }
                carrying("loaded", &blurred([value].into_iter().chain(args.all())))
            }
            "gettype" => match text(&args.at(0)).filter(|_| !from_visitor(value) && args.len() > 0) {
                Some(_) => named_type(it, "Assembly.GetType", &args.at(0), at),
                None => carrying("type", &blurred([value].into_iter().chain(args.all()))),
            },
            "gettypes" | "getexportedtypes" | "getmodules" => super::sequence::unknown_list(carrying("type", value)),
            "getname" | "getmanifestresourcenames" | "tostring" => Value::unknown(),
            "getmanifestresourcestream" => carrying("stream", &blurred([value]).with(crate::value::Made::CARRIED)),
            _ => Value::unknown(),
        },
        "type" | "com type" => match reflected(it, value, name, args, at) {
            Some(result) => result,
            None => blurred([value]),
        },
        // A COM object's type calls its methods by their names.
        _ if name == "gettype" && !matches!(field(value, "progid").known, Known::Undefined | Known::Null | Known::Unknown) => {
            object("com type", &[("progid", &field(value, "progid"))])
        }
        "loaded" => {
            // An object of a class that was loaded: whatever is called on it runs that class's code.
            let given = blurred(args.all());
            if let Known::Object(place) = &value.known {
                place.take(given.deep_taint().filter(|_| from_visitor(value)));
            }
            let facts = Facts { also: from_visitor(&given), ..Facts::default() };
            if from_visitor(value) {
                it.hit(Capability::Invoke, &format!("(loaded).{name}"), at, &blurred([value]), facts);
            }
            if name == "gettype" { carrying("type", value) } else { blurred([value]) }
        }
        "methodinfo" => match name {
            "invoke" => return Some(invoke(it, value, args, at)),
            "createdelegate" => bound(value),
            _ => Value::unknown(),
        },
        "propertyinfo" => match name {
            "getvalue" => {
                let target = match &args.at(0).known {
                    Known::Null | Known::Unknown => field(value, "target"),
                    _ => args.at(0),
                };
                match text(&field(value, "name")) {
                    Some(name) => it.member(&target, &name, at),
                    None => blurred([value]),
                }
            }
            _ => Value::unknown(),
        },
        "codedomprovider" => match name {
            "compileassemblyfromsource"
            | "compileassemblyfromfile"
            | "compileassemblyfromdom"
            | "compileassemblyfromsourcebatch"
            | "compileassemblyfromfilebatch" => {
                let code = args.at(1);
                let code = match &code.known {
                    Known::Array(_) => {
                        let one = it.index(&code, Some(&Value::int(0)), at);
                        one.with_taint(code.deep_taint())
                    }
                    _ => code,
                };
                compiled(it, "CodeDomProvider.CompileAssemblyFromSource", &code, at);
                carrying("compilerresults", &code)
            }
            "createcompiler" => value.clone(),
            _ => Value::unknown(),
        },
        "compilerresults" => blurred([value]),
        "vsaengine" => match name {
            "eval" | "execute" | "evaluate" | "parse" | "executefile" | "createscriptsourcefromstring" | "addcode" => {
                compiled(it, "VsaEngine.Eval", &args.at(0), at);
                value.clone()
            }
            _ => value.clone(),
        },
        _ => return None,
    })
}

/// `MethodInfo.Invoke(object, arguments)`.
fn invoke(it: &mut Interpreter<'_>, method: &Value, args: &Args, at: u32) -> Value {
    let (target, name) = (field(method, "target"), field(method, "name"));
    let list = args.at(args.len().saturating_sub(1));
    let given = if args.len() > 1 || matches!(list.known, Known::Array(_)) { spread(it, &list, at) } else { Args::default() };
    if target.is_requested(Control::Part) || name.is_requested(Control::Part) || method.taint.is_some() {
        let all = blurred([&name, &target, method]);
        invoked(it, "MethodInfo.Invoke", &all, &given, at);
        return Value::unknown().with_taint(all.taint);
    }
    if text(&name).as_deref() == Some(".ctor") {
        return match &target.known {
            Known::Type(class) => it.instantiate(class.as_ref(), given, at),
            _ => Value::unknown(),
        };
    }
    let object = args.at(0);
    let receiver = match &object.known {
        Known::Null | Known::Unknown | Known::Undefined => target,
        _ => object,
    };
    if text(&name).is_none() {
        return blurred(given.all());
    }
    it.call_named_method(&receiver, &name, given, at)
}

pub(super) fn member(value: &Value, class: &str, name: &str) -> Option<Value> {
    Some(match (class, name) {
        ("compilerresults", "compiledassembly") => carrying("assembly", value),
        ("compilerresults", _) => Value::unknown(),
        ("assembly", "entrypoint") => object("methodinfo", &[("target", value)]),
        ("assembly", "definedtypes" | "exportedtypes") => super::sequence::unknown_list(carrying("type", value)),
        ("assembly", _) => Value::unknown(),
        ("type", "assembly") => carrying("assembly", value),
        ("type", _) => blurred([value]),
        ("vsaengine", _) => value.clone(),
        _ => return None,
    })
}

/// `eval` of JScript.NET.
pub(super) fn eval(it: &mut Interpreter<'_>, args: &Args, at: u32) -> Value {
    let code = args.at(0);
    it.hit(Capability::Code, "eval", at, &code, Facts::default());
    if !may_be_text(&code) {
        return code;
    }
    it.run_code(&code, "eval", at)
}
