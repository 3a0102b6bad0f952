//! Functions that keep something in the running page: output, handlers, settings, names of classes and functions.

use super::{array_value, as_array};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let first = args.at(0);
    Some(match name {
        "echo" | "print" => {
            it.echoed(args);
            args.values.iter().for_each(|value| it.send(value, at));
            Value::int(1)
        }
        "printf" | "vprintf" => {
            it.echoed(args);
            let formatted = super::pure::function(it, if name == "printf" { "sprintf" } else { "vsprintf" }, args, at)?;
            it.send(&formatted, at);
            Value::unknown()
        }
        "ob_start" => {
            let through = args.get(0).filter(|callback| !matches!(callback.known, Known::Null | Known::Undefined));
            it.hold_output(through.cloned());
            Value::bool(true)
        }
        "ob_get_contents" => it.held_output()?,
        "ob_get_clean" | "ob_get_flush" => {
            let held = it.held_output()?;
            it.release_output(name == "ob_get_flush", at);
            held
        }
        "ob_end_clean" | "ob_end_flush" | "ob_flush" | "ob_clean" => {
            it.held_output()?;
            it.release_output(name.ends_with("flush"), at);
            if matches!(name, "ob_flush" | "ob_clean") {
                it.hold_output(None);
            }
            Value::bool(true)
        }
        "var_dump" => {
            args.values.iter().for_each(|value| {
                it.magic(value, "__debuginfo", Vec::new(), at);
            });
            return None;
        }
        "json_encode" | "serialize" => {
            let method = if name == "serialize" { "__sleep" } else { "jsonserialize" };
            it.magic(&first, method, Vec::new(), at);
            return None;
        }
        "count" | "sizeof" => it.magic(&first, "count", Vec::new(), at)?,
        "clone" => it.copied(&first, at),
        "set_exception_handler" => {
            it.runtime.on_exception.push(first);
            Value::null()
        }
        "set_error_handler" => {
            it.runtime.on_error.push(first.clone());
            // Errors come by themselves, too.
            it.call_in_passing(&first, Args::unknown(4), at);
            Value::null()
        }
        "trigger_error" | "user_error" => {
            it.raise_error(&first, at);
            Value::bool(true)
        }
        "spl_autoload_register" if args.len() > 0 => {
            it.runtime.on_class.push(first.clone());
            it.call_in_passing(&first, Args::unknown(1), at);
            Value::bool(true)
        }
        "class_exists" | "interface_exists" | "spl_autoload_call" | "get_parent_class" | "is_subclass_of"
            if first.as_text().is_none_or(|class| it.own_class(&class).is_none()) =>
        {
            it.missing_class(&first, at);
            return None;
        }
        "ini_set" | "ini_alter" => {
            it.runtime.settings.insert(format!("ini {}", args.text(0)?.to_ascii_lowercase()), args.at(1));
            return None;
        }
        "ini_get" => it.runtime.settings.get(&format!("ini {}", args.text(0)?.to_ascii_lowercase()))?.clone(),
        "putenv" => {
            let edges = first.edges();
            let end = edges.prefix.iter().position(|byte| *byte == b'=')?;
            let variable = String::from_utf8_lossy(edges.prefix.get(..end)?).into_owned();
            let value = match first.only_bytes() {
                Some(bytes) => Value { known: Known::Bytes(bytes.get(end + 1..)?.into()), ..first },
                None => Value { known: Known::Unknown, ..first },
            };
            it.runtime.settings.insert(format!("env {variable}"), value);
            return None;
        }
        "getenv" => it.runtime.settings.get(&format!("env {}", args.text(0)?))?.clone(),
        "constant" => class_constant(it, &first)?,
        "get_class" | "get_called_class" => match &first.known {
            Known::Object(object) => Value::text(&written_name(it, &object.class)),
            _ => it.class_name().map_or_else(Value::unknown, |class| Value::text(&class)),
        },
        "get_class_methods" => {
            let class = class_of(&first)?;
            let names = it.own_class(&class)?.class.methods.iter().map(|method| Value::text(&method.name)).collect();
            Value::list(names)
        }
        "get_object_vars" | "get_class_vars" => {
            let mut array = Array::default();
            match &first.known {
                Known::Object(object) => {
                    for (name, value) in object.fields.borrow().iter() {
                        array.set(Key::text(name), value.clone());
                    }
                }
                _ => {
                    let object = it.instantiate(&class_of(&first)?, Args::default(), at);
                    array = it.elements(&object);
                }
            }
            array_value(array)
        }
        "iterator_to_array" => {
            let elements = it.elements(&first);
            if args.get(1).and_then(Value::truth) == Some(false) {
                let values = Value::list(elements.entries.into_values().collect());
                return Some(match elements.rest {
                    Some(rest) => array_value(Array { rest: Some(rest), ..Array::default() }),
                    None => values,
                });
            }
            array_value(elements)
        }
        "settype" => {
            let known = it.cast(&args.text(1)?.to_ascii_lowercase(), first);
            super::write_to(it, args, 0, known);
            Value::bool(true)
        }
        "filter_var_array" if as_array(&args.at(1)).is_some() => {
            let mut out = Array::default();
            let definition = args.at(1);
            for (key, value) in it.elements(&first).entries {
                let how = it.index(&definition, Some(&key.value()), at);
                let filter = it.index(&how, Some(&Value::text("filter")), at);
                let value = super::callbacks::filtered(it, value, Some(&filter), Some(&how), at);
                out.set(key, value);
            }
            array_value(out).with_taint(first.taint)
        }
        "stream_get_meta_data" => {
            let Known::Object(stream) = &first.known else { return None };
            let mut array = Array::default();
            array.set(Key::text("uri"), stream.field("path")?);
            array_value(array)
        }
        "is_callable" | "function_exists" => {
            it.own_function(&first.as_text()?)?;
            Value::bool(true)
        }
        _ => return None,
    })
}

fn class_of(value: &Value) -> Option<String> {
    match &value.known {
        Known::Object(object) => Some(object.class.to_string()),
        _ => value.as_text().filter(|_| value.is_known()),
    }
}

/// A class's name as it is written where it is declared.
pub(super) fn written_name(it: &Interpreter<'_>, class: &str) -> String {
    it.own_class(class).map_or_else(|| class.to_owned(), |own| own.class.name.to_string())
}

/// `A::B` as a text.
fn class_constant(it: &mut Interpreter<'_>, name: &Value) -> Option<Value> {
    let text = name.as_text().filter(|_| name.is_known())?;
    let (class, constant) = text.split_once("::")?;
    let value = it.own_class(class)?.statics.find(constant)?.borrow().clone();
    Some(value.with(name.made))
}

/// What a visitor decides of a value that a function gives back in part.
impl Value {
    pub(super) fn at_most(mut self, control: Control) -> Self {
        self.taint = self.taint.map(|taint| taint.at_most(control));
        self
    }
}
