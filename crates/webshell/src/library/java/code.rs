//! Code in other languages that the platform runs, and objects of serialised data.

use super::streams::data_of;
use super::{as_string, field, made_object};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Value};

pub(super) fn construct(class: &str, args: &Args) -> Option<Value> {
    Some(match class {
        "scriptenginemanager" | "nashornscriptenginefactory" => Value::object("scriptenginemanager"),
        "groovyshell"
        | "elprocessor"
        | "spelexpressionparser"
        | "jexlengine"
        | "jellycontext"
        | "velocityengine"
        | "pythoninterpreter"
        | "yaml"
        | "xstream"
        | "jexlbuilder"
        | "gstringtemplateengine"
        | "simpletemplateengine" => Value::object(class),
        // BeanShell's.
        "interpreter" => Value::object("interpreter"),
        "xmldecoder" | "objectinputstream" => {
            made_object("objectstream", [("data", data_of(&args.at(0))), ("class", Value::text(class))])
        }
        // Stylesheets may call any method, templates any that they are given.
        "streamsource" | "domsource" | "saxsource" if args.len() > 0 => {
            made_object("stylesheet", [("code", data_of(&args.at(0)))])
        }
        "template" if args.len() > 1 => made_object("template", [("code", data_of(&args.at(1)))]),
        "script" | "javascript" if args.len() > 0 => made_object("expression", [("code", args.at(0))]),
        _ => return None,
    })
}

/// Whether the page itself names classes that run commands, in beans of which the visitor fills in the rest.
fn names_commands(beans: &Value) -> bool {
    let edges = beans.edges();
    [&edges.prefix, &edges.suffix].into_iter().any(|text| {
        [&b"java.lang.ProcessBuilder"[..], b"java.lang.Runtime"].iter().any(|class| memchr::memmem::find(text, class).is_some())
    })
}

/// Runs code that is given as text or as a stream.
fn run(it: &mut Interpreter<'_>, callee: &str, code: &Value, at: u32) -> Value {
    let code = match &code.known {
        Known::Object(object) if &*object.class == "expression" => object.field("code").unwrap_or_default(),
        _ => data_of(code),
    };
    it.hit(Capability::Code, callee, at, &code, Facts::default());
    if code.taint.is_none() && code.only_bytes().is_some() {
        return it.run_code(&code, callee, at);
    }
    Value::unknown().with_taint(code.taint.map(|taint| taint.at_most(Control::Weak)))
}

pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("scriptenginemanager", "getenginebyname" | "getenginebyextension" | "getenginebymimetype" | "getscriptengine") => {
            Value::object("scriptengine")
        }
        ("scriptengine", "eval") => run(it, "ScriptEngine.eval", &first, at),
        ("scriptengine", "compile") => made_object("expression", [("code", data_of(&first))]),
        ("scriptengine" | "groovyshell" | "interpreter" | "map", "put" | "setvariable" | "set") if class != "map" => {
            if let Some(variable) = args.text(0) {
                let slot = it.scope().slot(&variable);
                it.put(&slot, args.at(1));
            }
            Value::null()
        }
        // A function of the code that was run before.
        ("scriptengine", "invokefunction" | "invokemethod") if args.is_requested() => {
            let asked = args.all().find(|value| value.is_requested(Control::Weak)).cloned().unwrap_or_default();
            it.hit(Capability::Invoke, "Invocable.invokeFunction", at, &asked, Facts { also: true, ..Facts::default() });
            Value::unknown()
        }
        ("scriptengine", "getbindings" | "createbindings" | "getcontext") => Value::object("map"),
        ("groovyshell", "evaluate" | "run") => run(it, "GroovyShell.evaluate", &first, at),
        ("groovyshell", "parse") => made_object("expression", [("code", data_of(&first))]),
        ("elprocessor", "eval" | "getvalue" | "setvalue") => run(it, "ELProcessor.eval", &first, at),
        ("interpreter", "eval") => run(it, "Interpreter.eval", &first, at),
        ("pythoninterpreter", "exec" | "eval") => run(it, "PythonInterpreter.exec", &first, at),
        ("jshell", "eval") => run(it, "JShell.eval", &first, at),
        ("jshell", _) => object.clone(),
        ("spelexpressionparser" | "jexlengine", "parseexpression" | "createexpression" | "createscript" | "parseraw") => {
            made_object("expression", [("code", as_string(&first))])
        }
        ("expression", "getvalue" | "setvalue" | "evaluate" | "execute" | "eval" | "run" | "invoke") => {
            run(it, "Expression.getValue", object, at)
        }
        (_, "newtransformer" | "newtemplates") if first.class() == "stylesheet" => {
            let code = field(&first, "code").unwrap_or_default();
            it.hit(Capability::Code, "TransformerFactory.newTransformer", at, &code, Facts::default());
            Value::unknown()
        }
        ("template", "process" | "merge") => {
            let code = field(object, "code").unwrap_or_default();
            it.hit(Capability::Code, "Template.process", at, &code, Facts::default());
            Value::unknown()
        }
        ("jellycontext", "runscript" | "compilescript") => run(it, "JellyContext.runScript", &first, at),
        ("jexlbuilder", "create") => Value::object("jexlengine"),
        ("velocityengine", "evaluate") => run(it, "Velocity.evaluate", &args.at(3), at),
        ("gstringtemplateengine" | "simpletemplateengine", "createtemplate") => {
            run(it, "TemplateEngine.createTemplate", &first, at)
        }
        (_, "createvalueexpression" | "createmethodexpression") => {
            let code = if args.len() > 2 { args.at(1) } else { first };
            made_object("expression", [("code", as_string(&code))])
        }
        (_, "evaluateexpressionget") => run(it, "evaluateExpressionGet", &args.at(1), at),
        ("objectstream", "readobject" | "readunshared") => {
            let data = field(object, "data").unwrap_or_default();
            let of = field(object, "class").and_then(|class| class.as_text());
            let callee =
                if of.as_deref() == Some("xmldecoder") { "XMLDecoder.readObject" } else { "ObjectInputStream.readObject" };
            it.hit(Capability::Deserialise, callee, at, &data, Facts { also: true, ..Facts::default() });
            if callee == "XMLDecoder.readObject" && names_commands(&data) {
                it.hit(Capability::Command, callee, at, &Value { known: Known::Unknown, ..data.clone() }, Facts::default());
            }
            Value { known: Known::Unknown, ..data }
        }
        ("objectstream", "read" | "readutf" | "readline" | "readallbytes" | "readfully") => {
            let stream = super::streams::input(field(object, "data").unwrap_or_default());
            it.call_method(&stream, name, args.clone(), at)
        }
        ("yaml", "load" | "loadas") | ("xstream", "fromxml") => {
            let data = data_of(&first);
            it.hit(
                Capability::Deserialise,
                if class == "yaml" { "Yaml.load" } else { "XStream.fromXML" },
                at,
                &data,
                Facts { also: true, ..Facts::default() },
            );
            Value { known: Known::Unknown, ..data }
        }
        _ => return None,
    })
}

pub(super) fn static_method(it: &mut Interpreter<'_>, class: &str, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match (class, name) {
        ("mvel", "eval" | "evaltostring" | "evaltoboolean" | "executeexpression") => run(it, "MVEL.eval", &first, at),
        ("mvel", "compileexpression") => made_object("expression", [("code", as_string(&first))]),
        ("ognl", "getvalue" | "setvalue") => run(it, "Ognl.getValue", &first, at),
        ("ognl", "parseexpression") => made_object("expression", [("code", as_string(&first))]),
        ("eval", "me" | "x" | "xy") => run(it, "Eval.me", &args.at(args.len().saturating_sub(1)), at),
        ("jshell", "create" | "builder") => Value::object("jshell"),
        ("velocity", "evaluate") => run(it, "Velocity.evaluate", &args.at(3), at),
        ("pagecontextimpl", "proprietaryevaluate") => run(it, "proprietaryEvaluate", &first, at),
        ("serializationutils", "deserialize") => {
            let data = data_of(&first);
            let facts = Facts { also: true, ..Facts::default() };
            it.hit(Capability::Deserialise, "SerializationUtils.deserialize", at, &data, facts);
            Value { known: Known::Unknown, ..data }
        }
        _ => return None,
    })
}
