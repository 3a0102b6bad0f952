//! Generators: functions that give one value after the other. They are walked to their end at once, and what they gave is kept.

use std::rc::Rc;

use super::{Args, Callable, FunctionOf, Interpreter};
use crate::evidence::Control;
use crate::ir::Item;
use crate::value::{Array, Key, Known, Object, Value};

/// So many values of one generator are looked at.
const MAX_YIELDS: usize = 10_000;

/// So many rounds of one that only takes values.
const MAX_EMPTY: usize = 8;

/// What a function that is walked has given so far.
#[derive(Default)]
pub(super) struct Yields {
    given: Array,
    empty: usize,
}

impl Interpreter<'_> {
    /// `yield a`, `yield a => b`, `yield from a`. What it gives is what was sent.
    pub(super) fn yielded(&mut self, name: &str, items: &[Item]) -> Value {
        let values: Vec<Value> = items.iter().map(|item| self.eval(&item.value)).collect();
        let all = if name == "yield_from" { values.first().map(|from| self.elements(from)) } else { None };
        let frame = self.frame();
        let yields = frame.yields.get_or_insert_default();
        match (all, values.get(1), values.first()) {
            (Some(array), ..) => {
                for (key, value) in &array.entries {
                    match key {
                        Key::Int(_) => yields.given.push(value.clone()),
                        Key::Bytes(_) => yields.given.set(key.clone(), value.clone()),
                    }
                }
                if let Some(rest) = &array.rest {
                    yields.given.set_somewhere((**rest).clone());
                }
            }
            (None, Some(key), Some(value)) => match Key::of(key) {
                Some(key) => yields.given.set(key, value.clone()),
                None => yields.given.set_somewhere(value.clone()),
            },
            (None, None, Some(value)) => yields.given.push(value.clone()),
            _ => {
                yields.empty += 1;
                yields.given.push(Value::null());
            }
        }
        let full = yields.given.entries.len() >= MAX_YIELDS || yields.empty >= MAX_EMPTY;
        let sent = frame.sent.clone();
        self.leaving |= full;
        sent.unwrap_or_else(Value::null)
    }

    /// What a call of a generator gives: an object with all that it gave.
    pub(super) fn generator(&mut self, of: &Rc<FunctionOf>, args: Args, yields: Yields, result: Value) -> Value {
        // Only the generator is full, not the page at its end.
        self.leaving = self.leaving && self.runtime.thrown.is_some();
        let object = Object::new("generator");
        object.set("value", Known::Array(Rc::new(yields.given)).into());
        object.set("return", result);
        object.set("position", Value::int(0));
        object.set("function", Known::Function(Rc::new(Callable::Own(of.clone()))).into());
        object.set("arguments", Value::list(args.values));
        Known::Object(Rc::new(object)).into()
    }

    /// Methods of a generator.
    pub(super) fn generator_method(&mut self, object: &Rc<Object>, name: &str, args: &Args, at: u32) -> Option<Value> {
        let value = object.field("value")?;
        let position = object.field("position")?.as_int().and_then(|at| usize::try_from(at).ok())?;
        let entry = match &value.known {
            Known::Array(array) => array.entries.get_index(position).map(|(key, value)| (key.value(), value.clone())),
            _ => None,
        };
        let forward = || object.set("position", Value::int(position as i64 + 1));
        Some(match name {
            "current" => entry.map_or_else(|| self.index(&value, None, at), |(_, value)| value),
            "key" => entry.map_or_else(Value::unknown, |(key, _)| key),
            "next" => {
                forward();
                Value::null()
            }
            "rewind" => {
                object.set("position", Value::int(0));
                Value::null()
            }
            "valid" => Value::bool(entry.is_some()),
            "getreturn" => object.field("return")?,
            "send" => {
                self.sent = Some(args.at(0));
                let function = object.field("function")?;
                let arguments = object.field("arguments").map(|list| self.elements(&list)).unwrap_or_default();
                let again = Args::of(arguments.entries.values().cloned().collect());
                if let Known::Function(callable) = &function.known
                    && let Callable::Own(of) = &**callable
                {
                    of.forget();
                    self.call_own(&of.clone(), again, of.this.clone(), at);
                }
                self.sent = None;
                forward();
                let next = object.field("position").and_then(|at| at.as_int()).and_then(|at| usize::try_from(at).ok());
                match (&value.known, next) {
                    (Known::Array(array), Some(next)) => array.entries.get_index(next).map(|(_, value)| value.clone()),
                    _ => None,
                }
                .unwrap_or_default()
            }
            _ => return None,
        })
    }

    /// What a loop over a value walks through: elements of an array, of a generator, of an iterator, members of an object.
    pub(crate) fn elements(&mut self, value: &Value) -> Array {
        match &value.known {
            Known::Array(array) => (**array).clone(),
            Known::Object(object) => self.object_elements(object, value, 0),
            _ => {
                let element = self.index(value, None, 0);
                Array { rest: Some(Box::new(element)), ..Array::default() }
            }
        }
    }

    fn object_elements(&mut self, object: &Rc<Object>, value: &Value, depth: usize) -> Array {
        let class = object.class.clone();
        if object.declared.is_some() && depth < 4 {
            if let Some(method) = self.own_method(&class, "getiterator") {
                let inner = self.call_own(&method, Args::default(), Some(value.clone()), 0);
                return match &inner.known {
                    Known::Array(array) => (**array).clone(),
                    Known::Object(inner_object) => self.object_elements(inner_object, &inner, depth + 1),
                    _ => Array { rest: Some(Box::new(Value::from_all([&inner], Control::Whole))), ..Array::default() },
                };
            }
            if self.own_method(&class, "current").is_some() {
                return self.iterated(&class, value);
            }
        }
        match object.field("value") {
            Some(Value { known: Known::Array(array), .. }) => (*array).clone(),
            Some(Value { known: Known::Object(inner), .. }) if depth < 4 => {
                let inner_value = Known::Object(inner.clone()).into();
                self.object_elements(&inner, &inner_value, depth + 1)
            }
            Some(inner) if object.declared.is_none() => {
                let element = self.index(&inner, None, 0);
                Array { rest: Some(Box::new(element)), ..Array::default() }
            }
            _ => {
                let mut array = Array::default();
                for (name, value) in object.fields.borrow().iter() {
                    array.set(Key::text(name), value.clone());
                }
                if let Some(taint) = object.taint.borrow().clone() {
                    array.set_somewhere(Value::tainted(taint));
                }
                array
            }
        }
    }

    /// Walks an iterator of the page's own.
    fn iterated(&mut self, class: &str, value: &Value) -> Array {
        let mut array = Array::default();
        let ask = |it: &mut Self, name: &str| {
            let method = it.own_method(class, name)?;
            method.forget();
            Some(it.call_own(&method, Args::default(), Some(value.clone()), 0))
        };
        ask(self, "rewind");
        for _ in 0..MAX_YIELDS {
            let goes_on = ask(self, "valid").and_then(|valid| valid.truth());
            if goes_on == Some(false) || !self.step() {
                break;
            }
            let current = ask(self, "current").unwrap_or_default();
            match ask(self, "key").as_ref().and_then(Key::of) {
                Some(key) if goes_on.is_some() => array.set(key, current),
                _ => array.set_somewhere(current),
            }
            ask(self, "next");
            if goes_on.is_none() {
                break;
            }
        }
        array
    }
}

impl FunctionOf {
    /// Calls with the same arguments give something else from now on.
    pub(super) fn forget(&self) {
        self.results.borrow_mut().clear();
    }
}
