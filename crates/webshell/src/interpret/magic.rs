//! Methods that PHP's runtime calls by itself, and what a class inherits from the platform.

use std::rc::Rc;

use super::{Args, Interpreter};
use crate::evidence::Taint;
use crate::ir::{Expr, Kind};
use crate::value::{Known, Object, Value};

impl Interpreter<'_> {
    /// Calls a method that the runtime calls on objects that have it.
    pub(crate) fn magic(&mut self, object: &Value, name: &str, args: Vec<Value>, at: u32) -> Option<Value> {
        let Known::Object(place) = &object.known else { return None };
        place.declared.as_ref()?;
        // Inside of itself it means the members themselves.
        if self.frames.last().is_some_and(|frame| frame.name.eq_ignore_ascii_case(name)) {
            return None;
        }
        let method = self.own_method(&place.class.clone(), name)?;
        Some(self.call_own(&method, Args::of(args), Some(object.clone()), at))
    }

    /// `isset` and `empty` ask objects.
    pub(super) fn asked_for(&mut self, expr: &Expr) {
        match &expr.kind {
            Kind::Member(base, name) => {
                let object = self.eval(base);
                if matches!(object.known, Known::Object(_)) {
                    let name = self.eval(name);
                    self.magic(&object, "__isset", vec![name], expr.at);
                }
            }
            Kind::Index(base, Some(key)) if !matches!(base.kind, Kind::Index(..)) => {
                let object = self.eval(base);
                if matches!(object.known, Known::Object(_)) {
                    let key = self.eval(key);
                    self.magic(&object, "offsetexists", vec![key], expr.at);
                }
            }
            _ => {}
        }
    }

    /// A copy of an object.
    pub(crate) fn copied(&mut self, value: &Value, at: u32) -> Value {
        let Known::Object(object) = &value.known else { return value.clone() };
        let copy = Object {
            class: object.class.clone(),
            declared: object.declared.clone(),
            fields: object.fields.clone(),
            taint: object.taint.clone(),
        };
        let copy = Value { known: Known::Object(Rc::new(copy)), ..value.clone() };
        self.magic(&copy, "__clone", Vec::new(), at);
        copy
    }

    /// An object that is made without its constructor, of members that were kept; `others` decides members that have no name here.
    pub(crate) fn revived(&mut self, class: &str, members: Vec<(String, Value)>, others: Option<Taint>, at: u32) -> Value {
        let short = short_name(class);
        let declared = self.own_class(&short);
        let object = Rc::new(Object { declared: declared.clone(), ..Object::new(&short) });
        object.take(others);
        let value: Value = Known::Object(object.clone()).into();
        if let Some(declared) = declared {
            declared.made.set(true);
            self.fill_fields(&declared, &object, &value);
        }
        for (name, value) in members {
            object.set(&self.library.key(&name), value);
        }
        self.destructible.push(value.clone());
        self.magic(&value, "__wakeup", Vec::new(), at);
        value
    }

    /// `($object->name)(…)`: the member is what is called. PHP's parser leaves no trace of the brackets.
    pub(super) fn call_property(&mut self, object: &Rc<Object>, name: &str, args: &Args, at: u32) -> Option<Value> {
        if !self.library.is_php() {
            return None;
        }
        let value = match object.field(name) {
            Some(value) => value,
            None => self.magic(&Known::Object(object.clone()).into(), "__get", vec![Value::text(name)], at)?,
        };
        let is_callable = match &value.known {
            Known::Bytes(_) | Known::Array(_) => true,
            Known::Object(inner) => inner.declared.is_some(),
            _ => object.declared.is_some() && value.taint.is_some(),
        };
        is_callable.then(|| self.call_value(&value, args.clone(), at))
    }

    /// What a call of a static method is when the class has no such method: `__callStatic`, a static property that is called, the
    /// constructor of a platform's class.
    pub(super) fn call_static_otherwise(
        &mut self,
        class: &str,
        name: &str,
        args: &Args,
        this: Option<&Value>,
        at: u32,
    ) -> Option<Value> {
        if let Some(property) = name.strip_prefix('$') {
            let slot = self.own_class(class)?.statics.find(property)?;
            let value = slot.borrow().clone();
            return Some(self.call_value(&value, args.clone(), at));
        }
        // `(A::B)(…)` calls what the constant names.
        if let Some(slot) = self.own_class(class).and_then(|own| own.statics.find(name)) {
            let value = slot.borrow().clone();
            return Some(self.call_value(&value, args.clone(), at));
        }
        if name.eq_ignore_ascii_case("__construct")
            && let Some(Value { known: Known::Object(object), .. }) = this
        {
            let made = self.library.construct(self, &short_name(class), args, at)?;
            take_fields(object, &made);
            return Some(Value::null());
        }
        let method = self.own_method(class, "__callstatic")?;
        let inner = Args::of(vec![Value::text(name), Value::list(args.values.clone())]);
        self.named_class = Some(class.into());
        Some(self.call_own(&method, inner, None, at))
    }

    /// The class under which the platform knows an object: its own, or the nearest that it extends and that is not of this file.
    pub(super) fn platform_class(&self, value: &Value) -> String {
        let Known::Object(object) = &value.known else { return String::new() };
        let Some(declared) = object.declared.as_ref().filter(|_| self.library.is_php()) else {
            return object.class.to_string();
        };
        let mut class = declared.clone();
        for _ in 0..16 {
            match class.class.extends.iter().find_map(|parent| self.own_class(parent)) {
                Some(parent) if !Rc::ptr_eq(&parent, &class) => class = parent,
                _ => break,
            }
        }
        class.class.extends.first().map_or_else(|| object.class.to_string(), |parent| short_name(parent))
    }

    /// What the constructor of a platform's class leaves in an object of a class that extends it.
    pub(super) fn fill_platform_fields(&mut self, object: &Rc<Object>, value: &Value, args: &Args, at: u32) {
        if !self.library.is_php() || self.own_method(&object.class.clone(), "__construct").is_some() {
            return;
        }
        let parent = self.platform_class(value);
        if *parent != *object.class
            && let Some(made) = self.library.construct(self, &parent, args, at)
        {
            take_fields(object, &made);
        }
    }
}

fn short_name(class: &str) -> String {
    class.rsplit(['\\', '.']).next().unwrap_or(class).to_lowercase()
}

fn take_fields(object: &Rc<Object>, made: &Value) {
    let Known::Object(made) = &made.known else { return };
    for (name, value) in made.fields.borrow().iter() {
        object.set(name, value.clone());
    }
    object.take(made.taint.borrow().clone());
}
