//! Calls of methods: of objects and classes of this file, of the platform, of what nobody knows.

use super::{Args, FunctionOf, Interpreter};
use crate::evidence::{Capability, Control, Facts};
use crate::value::{Key, Known, Made, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    /// A method of the class that runs now.
    pub(super) fn own_method_here(&self, name: &str) -> Option<Rc<FunctionOf>> {
        let class = self.frames.last()?.class.clone()?;
        self.own_method(&class, name)
    }

    /// A method of a class of this file or of a class that it extends.
    pub(crate) fn own_method(&self, class: &str, name: &str) -> Option<Rc<FunctionOf>> {
        let name = name.to_lowercase();
        let mut waiting = vec![self.own_class(class)?];
        for _ in 0..16 {
            let class = waiting.pop()?;
            if let Some(method) = class.methods.get(name.as_str()) {
                return Some(method.clone());
            }
            // A trait stands behind the parent and comes before it.
            waiting.extend(class.class.extends.iter().filter_map(|parent| self.own_class(parent)));
        }
        None
    }

    pub(super) fn call_unknown_method(&mut self, receiver: &Value, name: &Value, args: &Args, at: u32) -> Value {
        // Frameworks call the method that the address names on objects of their own; a class that the request names is another thing.
        if name.is_requested(Control::Whole) && receiver.is_requested(Control::Whole) {
            let facts = Facts { name_tainted: true, also: args.is_requested(), ..Facts::default() };
            self.hit(Capability::Invoke, "(method)", at, name, facts);
        }
        if let Known::Object(_) = receiver.known
            && self.library.is_php()
            && let Some(value) = self.magic(receiver, "__call", vec![name.clone(), Value::list(args.values.clone())], at)
        {
            return value;
        }
        Value::from_all(args.all().chain([receiver, name]), Control::Weak)
    }

    /// A call of a method whose name is a value: a computed name is remembered, a visitor's own is a finding.
    pub(crate) fn call_named_method(&mut self, receiver: &Value, name: &Value, args: Args, at: u32) -> Value {
        let Some(text) = name.as_text().filter(|_| name.is_known()) else {
            return self.call_unknown_method(receiver, name, &args, at);
        };
        let before = std::mem::replace(&mut self.callee_made, name.made);
        let value = self.call_method(receiver, &text, args, at);
        self.callee_made = before;
        value
    }

    pub(crate) fn call_static(&mut self, class: &str, name: &str, args: Args, this: Option<Value>, at: u32) -> Value {
        if let Some(method) = self.own_method(class, name) {
            self.named_class = Some(class.into());
            return self.call_own(&method, args, this, at);
        }
        if let Some(value) = self.call_static_otherwise(class, name, &args, this.as_ref(), at) {
            return value;
        }
        let class = class.rsplit(['\\', '.']).next().unwrap_or(class).to_lowercase();
        if let Some(value) = self.library.static_method(self, &class, &name.to_lowercase(), &args, at) {
            return value;
        }
        Value::from_all(args.all(), Control::Weak)
    }

    /// A call of a method of an object, a type, a part of the request or something unknown.
    pub(crate) fn call_method(&mut self, receiver: &Value, name: &str, args: Args, at: u32) -> Value {
        match &receiver.known {
            Known::Object(object) => {
                if self.is_page(object)
                    && let Some(function) = self.own_function(name)
                {
                    return self.call_own(&function, args, None, at);
                }
                if object.declared.is_some() {
                    if let Some(method) = self.own_method(&object.class.clone(), name) {
                        let class = object.class.to_string();
                        if !self.fits(&method, &args)
                            && let Some(value) = self.library.method(self, receiver, &class, &name.to_lowercase(), &args, at)
                        {
                            return value;
                        }
                        return self.call_own(&method, args, Some(receiver.clone()), at);
                    }
                    if let Some(method) = self.own_method(&object.class.clone(), "__call") {
                        let args = Args::of(vec![Value::text(name), Value::list(args.values)]);
                        return self.call_own(&method, args, Some(receiver.clone()), at);
                    }
                }
                if let Some(value @ Value { known: Known::Function(_), .. }) = object.field(&self.library.key(name)) {
                    return self.call_value(&value, args, at);
                }
                if let Some(value) = self.call_property(object, name, &args, at) {
                    return value;
                }
                if &*object.class == "generator"
                    && let Some(value) = self.generator_method(object, &name.to_ascii_lowercase(), &args, at)
                {
                    return value;
                }
            }
            Known::Array(list) if self.library.elements_are_members() => {
                if let Some(own) = list.entries.get(&Key::text(name))
                    && matches!(own.known, Known::Function(_) | Known::Type(_))
                {
                    let own = own.clone().with(Made::BUILT);
                    return self.call_value(&own, args, at);
                }
            }
            Known::Type(class) => {
                let class = class.clone();
                return self.with_name_made(receiver.made, |it| it.call_static(&class, name, args, None, at));
            }
            Known::Function(_) => {
                let lower = name.to_ascii_lowercase();
                match lower.as_str() {
                    "call" | "apply" | "test" | "applyasint" if self.library.has_overloads() => {
                        return self.call_value(receiver, args, at);
                    }
                    "call" => return self.call_value(receiver, args.skip(1), at),
                    "apply" => {
                        let inner = match args.at(1).known {
                            Known::Array(array) => Args::of(array.entries.values().cloned().collect()),
                            _ => Args { rest: args.get(1).cloned(), ..Args::default() },
                        };
                        return self.call_value(receiver, inner, at);
                    }
                    "invoke" | "begininvoke" | "dynamicinvoke" | "run" | "accept" | "get" | "bindto" | "__invoke" => {
                        return self.call_value(receiver, args, at);
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let class = self.platform_class(receiver);
        let lower = name.to_lowercase();
        if let Some(value) = self.library.method(self, receiver, &class, &lower, &args, at) {
            return value;
        }
        if let Known::Object(object) = &receiver.known {
            for value in args.all() {
                object.take(value.deep_taint());
            }
            // A carrier gives back what was put into it.
            if object.declared.is_none() {
                return self.through(Value::from_all([receiver], Control::Whole), at, name);
            }
        }
        let own = Value { known: Known::Unknown, ..receiver.clone() };
        let value = own.with_taint(Value::from_all(args.all(), Control::Weak).taint);
        self.through(value, at, name)
    }

    /// `super.a()`: not the method of the object's own class.
    pub(super) fn call_parents(&mut self, receiver: &Value, name: &str, args: Args, at: u32) -> Value {
        let here = self.frames.last().and_then(|frame| frame.class.clone()).and_then(|class| self.own_class(&class));
        let parent = here.and_then(|here| here.class.extends.iter().find_map(|parent| self.own_class(parent)));
        if let Some(method) = parent.and_then(|parent| self.own_method(&Self::class_key(&parent.class), name)) {
            return self.call_own(&method, args, Some(receiver.clone()), at);
        }
        let class = receiver.class().to_owned();
        match self.library.method(self, receiver, &class, &name.to_lowercase(), &args, at) {
            Some(value) => value,
            None => Value::from_all(args.all(), Control::Weak),
        }
    }
}
