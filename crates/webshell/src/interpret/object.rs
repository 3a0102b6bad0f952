//! Objects: what their members are, and how they are made.

use super::call::MAX_FRAMES;
use super::{Args, Callable, Interpreter};
use crate::evidence::{Capability, Control, Facts};
use crate::ir::{Expr, Item, Kind};
use crate::value::{Key, Known, Object, Value};
use std::rc::Rc;

impl Interpreter<'_> {
    /// What a member of something is.
    pub(crate) fn member(&mut self, object: &Value, name: &str, at: u32) -> Value {
        let key = self.library.key(name);
        if let Known::Object(place) = &object.known {
            if self.is_page(place)
                && let Some(value) = self.global_value(name)
            {
                return value;
            }
            if let Some(value) = self.member_here(place, &key) {
                return value;
            }
            if let Some(value) = place.field(&key) {
                return value;
            }
            if place.declared.is_some() {
                for getter in [format!("get_{name}"), "__get".to_owned()] {
                    if let Some(method) = self.own_method(&place.class.clone(), &getter) {
                        return self.call_own(&method, Args::of(vec![Value::text(name)]), Some(object.clone()), at);
                    }
                }
                if let Some(class) = self.own_class(&place.class)
                    && let Some(slot) = class.statics.find(name)
                {
                    return slot.borrow().clone();
                }
                if let Some(method) = self.own_method(&place.class.clone(), name).filter(|_| !self.library.is_php()) {
                    return Known::Function(Rc::new(Callable::Bound(object.clone(), method.function.name.clone()))).into();
                }
            }
        }
        if let Known::Array(list) = &object.known
            && self.library.elements_are_members()
            && list.entries.contains_key(&Key::text(name))
        {
            return self.index(object, Some(&Value::text(name)), at);
        }
        if let Known::Type(class) = &object.known
            && let Some(own) = self.own_class(class)
        {
            if let Some(slot) = own.statics.find(name) {
                return slot.borrow().clone();
            }
            if let Some(method) = own.methods.get(name.to_lowercase().as_str()) {
                return Known::Function(Rc::new(Callable::Own(method.clone()))).into();
            }
        }
        let class = self.platform_class(object);
        if let Some(value) = self.library.member(self, object, &class, &name.to_lowercase(), at) {
            return value;
        }
        match &object.known {
            Known::Type(path) => Known::Type(format!("{path}.{name}").into()).into(),
            Known::Request(_) => self.index(object, Some(&Value::text(name)), at),
            Known::Array(_) if !self.library.is_php() => self.index(object, Some(&Value::text(name)), at),
            Known::Object(place) => Value::unknown().with_taint(place.taint.borrow().clone()).with_taint(object.taint.clone()),
            _ => Value { known: Known::Unknown, ..object.clone() },
        }
    }

    pub(super) fn new_object(&mut self, class: &Expr, items: &[Item], at: u32) -> Value {
        if let Kind::Class(declared) = &class.kind {
            self.declare_class(declared);
            let args = self.args(items);
            let name = Interpreter::class_key(declared);
            return self.instantiate(&name, args, at);
        }
        let args = self.args(items);
        let named = match &class.kind {
            Kind::Var(_) if self.library.is_php() => self.eval(class),
            Kind::Name(_) | Kind::Var(_) => match self.eval_class(class) {
                Some(name) => Value::text(&name),
                None => Value::unknown(),
            },
            _ => self.eval(class),
        };
        let before = std::mem::replace(&mut self.callee_made, named.made);
        let value = match (&named.known, named.as_text()) {
            (Known::Object(object), _) => self.instantiate(&object.class.clone(), args, at),
            (_, Some(name)) if named.is_known() => self.instantiate(&name, args, at),
            _ => {
                if named.is_requested(Control::Whole) {
                    let facts = Facts { name_tainted: true, also: args.is_requested(), ..Facts::default() };
                    self.hit(Capability::Invoke, "new", at, &named, facts);
                }
                Self::carrier("", &args.values)
            }
        };
        self.callee_made = before;
        value
    }

    /// A new object of a class by its name.
    pub(crate) fn instantiate(&mut self, class: &str, args: Args, at: u32) -> Value {
        let short = class.rsplit(['\\', '.']).next().unwrap_or(class).to_lowercase();
        let short = short.split('<').next().unwrap_or_default();
        if self.own_class(short).is_none() {
            self.missing_class(&Value::text(class), at);
        }
        let Some(own) = self.own_class(short) else {
            return match self.library.construct(self, short, &args, at) {
                Some(value) => value,
                None => Self::carrier(short, &args.values),
            };
        };
        own.made.set(true);
        let object = Rc::new(Object { declared: Some(own.clone()), ..Object::new(short) });
        let value: Value = Known::Object(object.clone()).into();
        self.fill_fields(&own, &object, &value);
        self.fill_platform_fields(&object, &value, &args, at);
        for constructor in ["__construct", short, ".ctor", "new", "class_initialize", "__init__"] {
            if let Some(method) = self.own_method(short, constructor) {
                self.call_own(&method, args.clone(), Some(value.clone()), at);
                break;
            }
        }
        self.destructible.push(value.clone());
        value
    }

    pub(super) fn fill_fields(&mut self, class: &Rc<super::ClassOf>, object: &Rc<Object>, value: &Value) {
        let parents: Vec<_> = class.class.extends.iter().take(16).filter_map(|parent| self.own_class(parent)).collect();
        for parent in parents {
            if Rc::ptr_eq(&parent, class) || self.frames.len() >= MAX_FRAMES {
                continue;
            }
            self.frames.push(super::Frame {
                this: Some(value.clone()),
                class: Some(parent.class.name.clone()),
                ..Default::default()
            });
            self.fill_fields(&parent, object, value);
            self.frames.pop();
        }
        for field in class.class.fields.iter().filter(|field| !field.is_static) {
            let initial = match &field.default {
                Some(default) => self.eval(default),
                None => self.library.blank(field.of_type.as_deref().unwrap_or_default()),
            };
            let initial = self.typed(initial, field.of_type.as_deref());
            object.set(&self.library.key(&field.name), initial);
        }
    }
}
