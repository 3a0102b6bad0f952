//! References to elements and members. Arrays and objects hold values, not places; a reference gets a place of its own, which is
//! kept the same as what it stands for.

use std::rc::Rc;

use super::{Interpreter, Place, Slot};
use crate::ir::{Expr, Kind};
use crate::value::{Array, Key, Known, Object, Value};

/// So many references are followed; the oldest is forgotten.
const MAX_MIRRORS: usize = 64;

/// A place, and what it stands for.
pub(super) struct Mirror {
    slot: Slot,
    of: Of,
}

enum Of {
    /// An element of an array in a variable, by its keys from the outside in.
    Element(Slot, Vec<Key>),
    Field(Rc<Object>, String),
}

impl Interpreter<'_> {
    /// A place that stands for an element or a member.
    pub(super) fn reference_to(&mut self, expr: &Expr) -> Option<Slot> {
        let of = match &expr.kind {
            Kind::Index(..) => {
                let (root, keys) = self.path_of(expr)?;
                Of::Element(root, keys)
            }
            Kind::Member(base, name) => {
                let name = self.eval(name).as_text()?;
                let Known::Object(object) = self.eval(base).known else { return None };
                Of::Field(object, self.library.key(&name))
            }
            _ => return None,
        };
        if let Some(known) = self.mirrors.iter().find(|mirror| mirror.of.is(&of)) {
            return Some(known.slot.clone());
        }
        let value = match of.read() {
            Some(value) => value,
            // What a property of the platform's own objects gives is nobody's place.
            None if matches!(of, Of::Field(..)) && !self.library.is_php() => return None,
            None => Value::null(),
        };
        let slot = Rc::new(Place::new(value));
        if self.mirrors.len() >= MAX_MIRRORS {
            self.mirrors.remove(0);
        }
        self.mirrors.push(Mirror { slot: slot.clone(), of });
        Some(slot)
    }

    /// The variable and the keys of an element, if all are known. An element of `$GLOBALS` is a variable.
    fn path_of(&mut self, expr: &Expr) -> Option<(Slot, Vec<Key>)> {
        let mut keys = Vec::new();
        let mut root = expr;
        while let Kind::Index(inner, Some(index)) = &root.kind {
            if keys.len() > 16 {
                return None;
            }
            let key = self.eval(index);
            keys.push(Key::of(&key)?);
            root = inner;
        }
        keys.reverse();
        let slot = match &root.kind {
            Kind::Var(_) | Kind::Dynamic(_) | Kind::Static(..) => self.slot_of(root)?,
            _ => return None,
        };
        let is_plain = matches!(slot.borrow().known, Known::Array(_) | Known::Undefined | Known::Null);
        is_plain.then_some((slot, keys))
    }

    /// A place was written to: what it stands for is, too.
    pub(super) fn written_through(&mut self, slot: &Slot) {
        if self.mirrors.is_empty() {
            return;
        }
        let value = slot.borrow().clone();
        for index in 0..self.mirrors.len() {
            let Some(mirror) = self.mirrors.get(index) else { break };
            if !Rc::ptr_eq(&mirror.slot, slot) {
                continue;
            }
            match &mirror.of {
                Of::Element(root, keys) => {
                    let (root, keys) = (root.clone(), keys.clone());
                    self.keep_old(&root);
                    let mut top = root.replace(Value::undefined());
                    set_under(&mut top, &keys, value.clone());
                    root.replace(top);
                }
                Of::Field(object, name) => object.set(name, value.clone()),
            }
        }
    }

    /// An element of a variable or a member of an object was written to: references to it see it.
    pub(super) fn written_under(&mut self, slot: Option<&Slot>, object: Option<&Rc<Object>>) {
        if self.mirrors.is_empty() {
            return;
        }
        for index in 0..self.mirrors.len() {
            let Some(mirror) = self.mirrors.get(index) else { break };
            let concerned = match &mirror.of {
                Of::Element(root, _) => slot.is_some_and(|slot| Rc::ptr_eq(root, slot)),
                Of::Field(of, _) => object.is_some_and(|object| Rc::ptr_eq(of, object)),
            };
            if concerned && let Some(value) = mirror.of.read() {
                let slot = mirror.slot.clone();
                self.keep_old(&slot);
                slot.replace(value);
            }
        }
    }
}

impl Of {
    fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Element(one, one_keys), Self::Element(other, other_keys)) => Rc::ptr_eq(one, other) && one_keys == other_keys,
            (Self::Field(one, one_name), Self::Field(other, other_name)) => Rc::ptr_eq(one, other) && one_name == other_name,
            _ => false,
        }
    }

    fn read(&self) -> Option<Value> {
        match self {
            Self::Element(root, keys) => {
                let mut here = root.borrow().clone();
                for key in keys {
                    let Known::Array(array) = &here.known else { return None };
                    let inner = array.entries.get(key)?.clone();
                    here = inner;
                }
                Some(here)
            }
            Self::Field(object, name) => object.field(name),
        }
    }
}

fn set_under(top: &mut Value, keys: &[Key], value: Value) {
    let Some((first, rest)) = keys.split_first() else {
        *top = value;
        return;
    };
    if !matches!(top.known, Known::Array(_)) {
        top.known = Known::Array(Rc::default());
    }
    let Known::Array(array) = &mut top.known else { return };
    let array: &mut Array = Rc::make_mut(array);
    let mut inner = array.entries.get_mut(first).map(|inner| std::mem::replace(inner, Value::undefined())).unwrap_or_default();
    set_under(&mut inner, rest, value);
    array.set(first.clone(), inner);
}
