//! Conversions: what a value is as another type.

use super::Interpreter;
use crate::evidence::{Control, Step, Taint};
use crate::value::{Known, Made, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    pub(crate) fn cast(&mut self, of: &str, value: Value) -> Value {
        match of {
            "int" | "integer" | "long" | "short" | "byte" | "int32" | "int64" | "float" | "double" | "decimal" | "real"
            | "bool" | "boolean" | "uint" | "ulong" | "sbyte" | "single" => {
                let known = match (&value.known, of) {
                    (Known::Unknown | Known::Undefined, _) => Known::Unknown,
                    (_, "float" | "double" | "real" | "decimal" | "single") => {
                        value.as_float().map_or(Known::Unknown, Known::Float)
                    }
                    (_, "bool" | "boolean") => value.truth().map_or(Known::Unknown, Known::Bool),
                    // A character is a number here.
                    (Known::Bytes(_), "byte") if !self.library.is_php() && value.code_of_character().is_some() => {
                        value.code_of_character().map_or(Known::Unknown, |code| Known::Int(code & 0xff))
                    }
                    (Known::Bytes(_), _) if !self.library.is_php() && value.code_of_character().is_some() => {
                        value.code_of_character().map_or(Known::Unknown, Known::Int)
                    }
                    (_, "byte") => value.as_int().map_or(Known::Unknown, |number| Known::Int(number & 0xff)),
                    _ => value.as_int().map_or(Known::Unknown, Known::Int),
                };
                // Bytes and characters that are turned one by one stay the visitor's; numbers for a query do not.
                let turns = of == "byte" || self.library.counts_characters() && matches!(of, "int" | "short" | "long");
                let control = if turns { Control::Whole } else { Control::Mark };
                Value { known, taint: value.taint.map(|taint| taint.at_most(control)), made: value.made }
            }
            "char" => {
                let known = match &value.known {
                    Known::Int(number) => Known::Bytes(self.library.encode_char(*number).into()),
                    known => known.clone(),
                };
                Value { known, ..value }.with(Made::CHARACTER)
            }
            "string" if matches!(value.known, Known::Object(_)) => self.as_string(&value, 0),
            "string" if self.library.is_php() => match value.as_bytes() {
                Some(bytes) => Value { known: Known::Bytes(bytes), ..value },
                None => value,
            },
            "array" if matches!(value.known, Known::Object(_)) && self.library.is_php() => {
                let array = self.elements(&value);
                Known::Array(Rc::new(array)).into()
            }
            "array" if self.library.is_php() => match &value.known {
                Known::Array(_) | Known::Request(_) => value,
                Known::Null | Known::Undefined => Known::Array(Rc::default()).into(),
                Known::Unknown => value,
                _ => Value::list(vec![value]),
            },
            // Its members are the request's, like the elements.
            "object" if self.library.is_php() && matches!(value.known, Known::Request(_)) => value,
            "object" if self.library.is_php() && matches!(value.known, Known::Object(_)) => value,
            "object" if self.library.is_php() => {
                let object = crate::value::Object::new("stdclass");
                if let Known::Array(array) = &value.known {
                    for (key, value) in &array.entries {
                        if let Some(name) = key.value().as_text() {
                            object.set(&name, value.clone());
                        }
                    }
                }
                object.take(value.taint.clone());
                Known::Object(Rc::new(object)).into()
            }
            _ => self.typed(value, Some(of)),
        }
    }

    /// A value that is said to be of a type: what is unknown becomes an object of it.
    pub(super) fn typed(&mut self, value: Value, of: Option<&str>) -> Value {
        let Some(of) = of.filter(|of| !of.is_empty()) else { return value };
        match value.known {
            Known::Unknown => {
                let Some(known) = self.library.typed(of) else { return value };
                if let Known::Object(object) = &known {
                    object.take(value.taint.clone());
                }
                Value { known, ..value }
            }
            _ => value,
        }
    }

    pub(crate) fn named_step(&self, taint: Option<Taint>, at: u32, name: &str) -> Option<Taint> {
        let spot = self.spot(at);
        taint.map(|taint| taint.step(spot, Step::Through(name.into())))
    }
}
