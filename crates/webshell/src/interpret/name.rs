//! What names mean: variables, what the runtime sets, fields of the object around, constants.

use super::{Callable, Interpreter};
use crate::evidence::{SourceKind, Taint};
use crate::value::{Known, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    pub(super) fn variable(&mut self, name: &str, at: u32) -> Value {
        if let Some(slot) = self.home(name).find(name) {
            let value = slot.borrow().clone();
            if !matches!(value.known, Known::Undefined) {
                return value;
            }
        }
        if let Some(value) = self.special(name) {
            return value;
        }
        if let Some(taint) = &self.flooded
            && self.library.is_php()
        {
            return Value::tainted(taint.of_parameter(name.strip_prefix(&*self.runtime.flood_prefix).unwrap_or(name)));
        }
        if !self.library.is_php() {
            return match self.around(name, at) {
                // In VB a name without parentheses is a call, too.
                Some(Value { known: Known::Function(callable), .. }) if self.library.is_caseless() => match &*callable {
                    Callable::Own(function) if !function.function.name.is_empty() => {
                        let this = self.this();
                        self.call_own(function, super::Args::default(), this, at)
                    }
                    _ => Known::Function(callable).into(),
                },
                Some(value) => value,
                None => match &self.flooded {
                    Some(taint) => Value::tainted(taint.clone()),
                    None => self.library.unknown_name(name),
                },
            };
        }
        // Old PHP sets variables of the page from the request.
        let is_global = |it: &Self| {
            let slot = it.scope().find(name);
            slot.is_some_and(|slot| it.globals.find(name).is_some_and(|global| Rc::ptr_eq(&slot, &global)))
        };
        if self.frames.len() <= 1 || is_global(self) {
            let spot = self.spot(at);
            self.asked.insert(name.into());
            let kind = if self.form_asks_for(name) { SourceKind::Parameter } else { SourceKind::Undefined };
            let value = Value { known: Known::Undefined, ..Value::tainted(Taint::source(kind, name, spot)) };
            // Where a branch sets it the other way still has what the request gave.
            let slot = self.scope().slot(name);
            if slot.borrow().taint.is_none() {
                slot.replace(value.clone());
            }
            return value;
        }
        Value::undefined()
    }

    /// Names that the runtime sets: `this`, superglobals, `Request`.
    pub(super) fn special(&mut self, name: &str) -> Option<Value> {
        match name {
            "this" | "me" | "self" => {
                if let Some(this) = self.this() {
                    return Some(this);
                }
            }
            "base" | "super" | "mybase" => return self.this(),
            "arguments" if !self.library.is_php() => return Some(Value::list(self.arguments())),
            _ => {}
        }
        crate::library::global(self, name)
    }

    /// What an identifier means when it is no variable: a field, a static, a function, a global.
    fn around(&mut self, name: &str, at: u32) -> Option<Value> {
        if let Some(Value { known: Known::Object(object), .. }) = self.this()
            && let Some(value) = object.field(&self.library.key(name))
        {
            return Some(value);
        }
        if let Some(class) = self.frames.last().and_then(|frame| frame.class.clone())
            && let Some(class) = self.own_class(&class)
            && let Some(slot) = class.statics.find(name)
        {
            let value = slot.borrow().clone();
            return Some(value);
        }
        if let Some(slot) = self.globals.find(name) {
            let value = slot.borrow().clone();
            if !matches!(value.known, Known::Undefined) {
                return Some(value);
            }
        }
        // A property of the object around, whose getter is a method.
        let getter = format!("get_{name}");
        if let Some(function) = self.own_method_here(&getter).or_else(|| self.own_function(&getter)) {
            let this = self.this();
            return Some(self.call_own(&function, super::Args::default(), this, at));
        }
        if let Some(function) = self.own_method_here(name).or_else(|| self.own_function(name)) {
            return Some(Known::Function(Rc::new(Callable::Own(function))).into());
        }
        if let Some(Value { known: Known::Object(object), .. }) = self.this()
            && object.declared.is_some()
            && let Some(value) = self.library.inherited(self, name)
        {
            return Some(value);
        }
        None
    }

    pub(super) fn bare_name(&mut self, name: &str) -> Value {
        if let Some(value) = self.constants.get(name) {
            return value.clone();
        }
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "true" => return Value::bool(true),
            "false" => return Value::bool(false),
            "null" | "nil" | "none" | "nothing" => return Value::null(),
            _ => {}
        }
        if let Some(value) = self.library.constant(self, name) {
            return value;
        }
        if self.library.is_php() {
            // What is not defined is its own name: old PHP, and many who count on it.
            return Value::text(name);
        }
        Known::Type(name.into()).into()
    }
}
