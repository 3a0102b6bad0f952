//! Places that are written to: variables, elements, members.

use std::rc::Rc;

use super::{Interpreter, Slot};
use crate::evidence::Step;
use crate::ir::{Expr, Item, Kind, Literal};
use crate::value::{Array, Key, Known, Made, Object, Value};

/// Deeper nests of elements are not written to.
const MAX_PATH: usize = 32;

impl Interpreter<'_> {
    /// Gives a target a value.
    pub(crate) fn assign(&mut self, target: &Expr, value: Value) {
        match &target.kind {
            Kind::Var(name) => {
                let spot = self.spot(target.at);
                let value = Value { taint: value.taint.map(|taint| taint.step(spot, Step::Kept(name.clone()))), ..value };
                let value = self.library.stored(name, value);
                if let Some(setter) = self.own_setter(name) {
                    let this = self.this();
                    self.call_own(&setter, super::Args::of(vec![value]), this, target.at);
                } else if let Some(slot) = self.slot_of(target) {
                    self.put(&slot, value);
                }
            }
            Kind::Dynamic(_) => {
                if let Some(slot) = self.slot_of(target) {
                    self.put(&slot, value);
                } else {
                    // `$$name = $value` with a name of the request sets any variable.
                    self.flood(value.taint);
                }
            }
            Kind::Name(name) => {
                let slot = self.scope().slot(name);
                self.put(&slot, value);
            }
            Kind::Index(base, index) => {
                let key = index.as_ref().map(|index| self.eval(index));
                self.assign_element(base, key, value, 0);
            }
            Kind::Member(base, name) => {
                let object = self.eval(base);
                let name = self.eval(name);
                self.set_member(base, &object, &name, value, target.at);
            }
            Kind::Static(class, name) => {
                if let Some(slot) = self.static_slot(class, name) {
                    self.put(&slot, value);
                }
            }
            Kind::List(items) => self.destructure(items, &value),
            Kind::Unary(_, inner) | Kind::Cast(_, inner) => self.assign(inner, value),
            // VB: `a(1) = b` is an element; `Session("a") = b` too.
            Kind::Call(base, args) => {
                let key = args.first().map(|item| self.eval(&item.value));
                self.assign_element(base, key, value, 0);
            }
            Kind::Choose(_, then, otherwise) => {
                if let Some(then) = then {
                    self.assign(then, value.clone());
                }
                self.assign(otherwise, value);
            }
            _ => {}
        }
    }

    /// Calls the method of the file's own class that takes what is assigned to a property, if there is one.
    pub(super) fn set_property(&mut self, object: &Value, name: &str, value: &Value, at: u32) -> bool {
        let Known::Object(place) = &object.known else { return false };
        if place.declared.is_none() || self.library.is_php() {
            return false;
        }
        let setter = self.own_method(&place.class.clone(), &format!("set_{name}"));
        let Some(setter) = setter.filter(|setter| setter.active.get() == 0) else { return false };
        self.call_own(&setter, super::Args::of(vec![value.clone()]), Some(object.clone()), at);
        true
    }

    /// The method that a name stands for when it is written to, in the class around.
    fn own_setter(&self, name: &str) -> Option<Rc<super::FunctionOf>> {
        if self.library.is_php() || self.scope().find(name).is_some() {
            return None;
        }
        let setter = self.own_method_here(&format!("set_{name}"))?;
        (setter.active.get() == 0).then_some(setter)
    }

    fn destructure(&mut self, items: &[Item], value: &Value) {
        for (index, item) in items.iter().enumerate() {
            if let (Kind::Var(name), Known::Array(array)) = (&item.value.kind, &value.known)
                && self.library.is_spread(name)
            {
                let rest = array.entries.iter().skip(index).map(|(_, value)| value.clone().with_taint(value.taint.clone()));
                let rest = Value::list(rest.collect()).with_taint(value.taint.clone());
                self.assign(&item.value, rest);
                break;
            }
            let key = match &item.key {
                Some(key) => self.eval(key),
                None => Value::int(index as i64),
            };
            let element = self.index(value, Some(&key), item.value.at);
            self.assign(&item.value, element);
        }
    }

    fn assign_element(&mut self, base: &Expr, key: Option<Value>, value: Value, depth: usize) {
        if depth > MAX_PATH {
            return;
        }
        let Some(value) = self.write_in_place(base, key.as_ref(), value) else { return };
        let mut old = self.eval_quietly(base);
        let mut root = base;
        while let Kind::Index(inner, _) = &root.kind {
            root = inner;
        }
        if let (Kind::Var(name), Known::Unknown, Some(taint)) = (&root.kind, &old.known, &self.flooded)
            && self.scope().find(name).is_none()
        {
            // All but this element may still be the visitor's.
            let rest = Some(Box::new(Value::tainted(taint.clone())));
            old = Known::Array(Rc::new(Array { rest, ..Array::default() })).into();
        }
        if matches!(old.known, Known::Object(_)) {
            let args = vec![key.clone().unwrap_or_else(Value::null), value.clone()];
            if self.magic(&old, "offsetset", args, base.at).is_some() {
                return;
            }
        }
        let new = match &old.known {
            Known::Globals => {
                if let Some(name) = key.as_ref().and_then(Value::as_text) {
                    let slot = self.globals.own(&name);
                    self.put(&slot, value);
                }
                return;
            }
            Known::Object(object) => {
                self.library.put_element(self, object, key.as_ref(), &value);
                match key.as_ref().and_then(Value::as_text) {
                    Some(name) => {
                        object.take(value.deep_taint());
                        object.set(&format!("[{name}]"), value);
                    }
                    None => object.take(value.deep_taint()),
                }
                return;
            }
            Known::Array(array) => {
                let mut array = array.clone();
                let inner = Rc::make_mut(&mut array);
                match key.as_ref().map(Key::of) {
                    None => inner.push(value),
                    Some(Some(key)) => inner.set(key, value),
                    Some(None) => inner.set_somewhere(value),
                }
                Value { known: Known::Array(array), ..old }
            }
            Known::Bytes(bytes) if key.as_ref().is_some_and(|key| key.as_int().is_some()) && !bytes.is_empty() => {
                // `$text[3] = "a"`.
                let at = key.as_ref().and_then(Value::as_int).unwrap_or_default();
                let byte = match &value.known {
                    // An element of an array of bytes.
                    Known::Int(number) if !self.library.is_php() => Some(*number as u8),
                    _ => value.as_bytes().and_then(|bytes| bytes.first().copied()),
                };
                match (usize::try_from(at).ok(), byte) {
                    (Some(at), Some(byte)) if at < bytes.len() => {
                        let mut bytes = bytes.to_vec();
                        if let Some(place) = bytes.get_mut(at) {
                            *place = byte;
                        }
                        Value { known: Known::Bytes(bytes.into()), ..old }
                    }
                    _ => Value::unknown().with_taint(old.taint).with_taint(value.taint),
                }
            }
            Known::Unknown => Value::unknown().with_taint(old.taint.clone()).with_taint(value.deep_taint()),
            Known::Request(part) => {
                let mut array = Array { rest: Some(Box::new(Known::Request(*part).into())), ..Array::default() };
                if let Some(key) = key.as_ref().and_then(Key::of) {
                    array.set(key, value);
                }
                // On a way on which nothing is put into it, it is still the request.
                if let Some(slot) = self.slot_of(base)
                    && matches!(slot.borrow().known, Known::Undefined)
                {
                    slot.replace(old.clone());
                }
                Known::Array(Rc::new(array)).into()
            }
            _ => {
                let mut array = Array::default();
                match key.as_ref().map(Key::of) {
                    None => array.push(value),
                    Some(Some(key)) => array.set(key, value),
                    Some(None) => array.set_somewhere(value),
                }
                Value { known: Known::Array(Rc::new(array)), taint: old.taint, made: old.made }
            }
        };
        match &base.kind {
            Kind::Index(inner, index) => {
                let key = index.as_ref().map(|index| self.eval_quietly(index));
                self.assign_element(inner, key, new, depth + 1);
            }
            Kind::Var(_) => {
                // Without a step of its own: the element has one.
                if let Some(slot) = self.slot_of(base) {
                    self.put(&slot, new);
                }
            }
            Kind::Call(..) => {}
            _ => self.assign(base, new),
        }
    }

    /// Writes an element of an array in a variable, or of an array in it, without a copy of the array. Gives the value back if the
    /// place is not such a one.
    fn write_in_place(&mut self, base: &Expr, key: Option<&Value>, value: Value) -> Option<Value> {
        let mut keys = vec![key.cloned()];
        let mut root = base;
        while let Kind::Index(inner, index) = &root.kind {
            if keys.len() > MAX_PATH {
                return Some(value);
            }
            keys.push(index.as_ref().map(|index| self.eval_quietly(index)));
            root = inner;
        }
        let Kind::Var(name) = &root.kind else { return Some(value) };
        let Some(slot) = self.home(name).find(name) else { return Some(value) };
        if let [Some(key)] = &keys[..]
            && self.write_character(&slot, key, &value)
        {
            return None;
        }
        if !matches!(slot.borrow().known, Known::Array(_)) {
            return Some(value);
        }
        // An object or text on the way is written to in other ways.
        {
            let top = slot.borrow();
            let mut here: &Value = &top;
            for key in keys.iter().skip(1).rev() {
                let Known::Array(array) = &here.known else { return Some(value) };
                let Some(key) = key.as_ref().and_then(Key::of) else { break };
                match array.entries.get(&key) {
                    Some(inner) => here = inner,
                    None if array.rest.is_none() => break,
                    None => return Some(value),
                }
                if !matches!(here.known, Known::Array(_) | Known::Undefined | Known::Null) {
                    return Some(value);
                }
            }
        }
        self.keep_old(&slot);
        let mut top = slot.replace(Value::undefined());
        if let Known::Array(array) = &top.known
            && Rc::strong_count(array) > 1
        {
            self.charge(array.entries.len() * 4);
        }
        write_under(&mut top, &mut keys, value);
        slot.replace(top);
        self.written_under(Some(&slot), None);
        None
    }

    /// `$text[3] = "a"` without a copy of the text. False if it is something else; nothing is done then.
    fn write_character(&mut self, slot: &Slot, key: &Value, value: &Value) -> bool {
        let length = slot.borrow().only_bytes().map_or(0, |bytes| bytes.len());
        let at = key.as_int().and_then(|at| usize::try_from(at).ok()).filter(|at| *at < length && key.is_known());
        let byte = value.only_bytes().and_then(|bytes| bytes.first().copied());
        let (Some(at), Some(byte)) = (at, byte) else { return false };
        if !self.library.is_php() || value.taint.is_some() || !self.mirrors.is_empty() {
            return false;
        }
        self.keep_old(slot);
        let mut place = slot.value.borrow_mut();
        if let Known::Bytes(bytes) = &mut place.known {
            if Rc::strong_count(bytes) > 1 {
                self.charge(length);
            }
            if let Some(place) = Rc::make_mut(bytes).get_mut(at) {
                *place = byte;
            }
        }
        place.made = place.made.and(value.made.without(Made::CHARACTER));
        true
    }

    fn set_member(&mut self, base: &Expr, object: &Value, name: &Value, value: Value, at: u32) {
        let Some(name) = name.as_text() else {
            if let Known::Object(object) = &object.known {
                object.take(value.deep_taint());
            }
            return;
        };
        match &object.known {
            Known::Object(place) if self.is_page(place) => {
                let slot = self.globals.own(&name);
                self.put(&slot, value);
            }
            Known::Object(place) => {
                if self.library.set_member(self, place, &name, &value, at) {
                    return;
                }
                let key = self.library.key(&name);
                if self.set_property(object, &name, &value, at) {
                    return;
                }
                if place.field(&key).is_none()
                    && self.magic(object, "__set", vec![Value::text(&name), value.clone()], at).is_some()
                {
                    return;
                }
                let value = match place.field(&key) {
                    Some(old) if self.branches > 0 => {
                        self.put_member_here(place, &key, value.clone());
                        Value::either(&value, &old)
                    }
                    _ => value,
                };
                place.set(&key, value);
                let place = place.clone();
                self.written_under(None, Some(&place));
            }
            Known::Type(class) => {
                if let Some(class) = self.own_class(class) {
                    let slot = class.statics.own(&name);
                    self.put(&slot, value);
                }
            }
            Known::Globals => {
                let slot = self.globals.own(&name);
                self.put(&slot, value);
            }
            // An object of JScript.
            Known::Array(_) if self.library.elements_are_members() => {
                self.assign_element(base, Some(Value::text(&name)), value, 0);
            }
            Known::Undefined | Known::Null => {
                let new = Object::new("stdclass");
                new.set(&name, value);
                self.assign(base, Known::Object(Rc::new(new)).into());
            }
            _ => {
                let class = object.class().to_owned();
                let carrier = Object::new(&class);
                self.library.set_member(self, &Rc::new(carrier), &name, &value, at);
                if let Kind::Var(_) = base.kind {
                    let new = object.clone().with_taint(value.deep_taint());
                    if let Some(slot) = self.slot_of(base) {
                        self.put(&slot, new);
                    }
                }
            }
        }
    }

    /// The place that a reference to an expression shares.
    pub(super) fn referred(&mut self, expr: &Expr) -> Option<Slot> {
        let slot = match &expr.kind {
            // An element of `$GLOBALS` is a variable.
            Kind::Index(base, Some(index)) if matches!(self.eval_quietly(base).known, Known::Globals) => {
                let name = self.eval(index).as_text()?;
                let slot = self.globals.own(&name);
                self.fill_special(&slot, &name);
                return Some(slot);
            }
            Kind::Index(..) | Kind::Member(..) => return self.reference_to(expr),
            _ => self.slot_of(expr)?,
        };
        let name = match &expr.kind {
            Kind::Var(name) => Some(name.to_string()),
            Kind::Dynamic(name) => self.eval(name).as_text(),
            _ => None,
        };
        if let Some(name) = name {
            self.fill_special(&slot, &name);
        }
        Some(slot)
    }

    /// A place of a variable that the runtime sets, before anyone writes to it.
    fn fill_special(&mut self, slot: &Slot, name: &str) {
        if self.library.is_php()
            && matches!(slot.borrow().known, Known::Undefined)
            && let Some(value) = crate::library::global(self, name)
        {
            slot.replace(value);
        }
    }

    /// The place of a variable, for writing and for references.
    pub(crate) fn slot_of(&mut self, expr: &Expr) -> Option<Slot> {
        match &expr.kind {
            Kind::Var(name) => {
                if self.library.is_php() {
                    return Some(self.home(name).own(name));
                }
                let scope = self.scope();
                if let Some(slot) = scope.find(name) {
                    return Some(slot);
                }
                // A field of the object around, written without `this`.
                if let Some(Value { known: Known::Object(object), .. }) = self.this() {
                    let key = self.library.key(name);
                    if let Some(old) = object.field(&key) {
                        return Some(self.linked_place(&object, &key, name, old));
                    }
                }
                if let Some(class) = self.frames.last().and_then(|frame| frame.class.clone())
                    && let Some(class) = self.own_class(&class)
                    && let Some(slot) = class.statics.find(name)
                {
                    return Some(slot);
                }
                Some(self.globals.find(name).unwrap_or_else(|| self.undeclared_home(&scope).own(name)))
            }
            Kind::Dynamic(name) => {
                let name = self.eval(name);
                let text = name.as_text().filter(|_| name.is_known())?;
                Some(self.scope().own(&text))
            }
            Kind::Static(class, name) => self.static_slot(class, name),
            _ => None,
        }
    }

    /// A place for a field: the object keeps its own copy, which the place alone would not reach.
    pub(super) fn linked_place(&mut self, object: &Rc<Object>, key: &str, name: &str, value: Value) -> Slot {
        let slot = Rc::new(super::Place::new(value));
        self.linked(object, key, name, &slot);
        slot
    }

    /// Makes a field of an object and a place one: later reads of the field see what is written to the place.
    fn linked(&mut self, object: &Rc<Object>, key: &str, name: &str, slot: &Slot) {
        // Fields are values; the scope of the object's frame takes the place in, and the entry walk copies it back.
        self.links.push((object.clone(), key.into(), slot.clone()));
        self.scope().bind(name, slot.clone());
    }

    /// Copies what was written to fields by their bare names back into the objects.
    pub(super) fn write_back(&mut self, since: usize) {
        for (object, key, slot) in self.links.split_off(since) {
            let value = slot.borrow().clone();
            object.set(&key, value);
        }
    }

    /// Before a call: it may read the fields that were written to by their bare names.
    pub(super) fn hand_on_fields(&mut self) {
        for (object, key, slot) in &self.links {
            let value = slot.borrow().clone();
            object.set(key, value);
        }
    }

    /// After a call: it may have written to them.
    pub(super) fn take_up_fields(&mut self) {
        for (object, key, slot) in self.links.clone() {
            let Some(value) = object.field(&key) else { continue };
            let is_old = {
                let old = slot.borrow();
                old.known.same(&value.known) && old.taint.is_some() == value.taint.is_some()
            };
            if !is_old {
                self.put(&slot, value);
            }
        }
    }

    fn static_slot(&mut self, class: &Expr, name: &Expr) -> Option<Slot> {
        let class = self.eval_class(class)?;
        let name = self.eval(name).as_text()?;
        let class = self.own_class(&class)?;
        Some(class.statics.own(name.trim_start_matches('$')))
    }

    /// The name of the class that an expression names.
    pub(super) fn eval_class(&mut self, class: &Expr) -> Option<String> {
        if let Kind::Name(name) = &class.kind {
            let lower = name.to_lowercase();
            if matches!(lower.as_str(), "self" | "static" | "parent") {
                let own = self.frames.last().and_then(|frame| frame.class.clone());
                if lower == "static" {
                    let this = match self.this() {
                        Some(Value { known: Known::Object(object), .. }) => Some(object.class.to_string()),
                        _ => None,
                    };
                    let named = self.frames.last().and_then(|frame| frame.named_class.clone()).map(|name| name.to_string());
                    return this.or(named).or(own.map(|own| own.to_string()));
                }
                if lower == "parent" {
                    let class = own.and_then(|own| self.own_class(&own))?;
                    return class.class.extends.first().map(|name| name.to_string());
                }
                return own.map(|own| own.to_string());
            }
            return Some(name.to_string());
        }
        let value = self.eval(class);
        match &value.known {
            Known::Object(object) => Some(object.class.to_string()),
            _ => value.as_text().filter(|_| value.is_known()),
        }
    }

    pub(super) fn unset(&mut self, target: &Expr) {
        match &target.kind {
            Kind::Var(name) => {
                let scope = self.scope();
                if scope.vars.borrow().contains_key(name) {
                    let slot = scope.own(name);
                    self.put(&slot, Value::null());
                }
            }
            Kind::Index(base, Some(index)) => {
                let key = self.eval(index);
                if let (Known::Array(array), Some(key)) = (self.eval_quietly(base).known, Key::of(&key)) {
                    let mut array = (*array).clone();
                    array.entries.shift_remove(&key);
                    self.assign(base, Known::Array(Rc::new(array)).into());
                }
            }
            Kind::Member(base, name) => {
                let object = self.eval(base);
                let name = self.eval(name);
                self.magic(&object, "__unset", vec![name], target.at);
            }
            _ => {}
        }
    }

    /// The value of a place that is about to be changed: what is not set yet is nothing.
    pub(super) fn eval_quietly(&mut self, expr: &Expr) -> Value {
        match &expr.kind {
            Kind::Var(name) => {
                if let Some(slot) = self.home(name).find(name) {
                    let value = slot.borrow().clone();
                    if !matches!(value.known, Known::Undefined) {
                        return value;
                    }
                }
                // What is only collected into starts empty; what was asked for before may come from the request.
                let was_asked = self.asked.contains(name);
                let value = self.eval(expr);
                if !was_asked {
                    self.asked.remove(name);
                }
                match value {
                    Value { known: Known::Undefined | Known::Type(_), .. } if !was_asked => Value::undefined(),
                    Value { known: Known::Undefined, .. } => Value { known: Known::Unknown, ..value },
                    value if value.taint.as_ref().is_some_and(|taint| !taint.is_request()) => Value::undefined(),
                    value => value,
                }
            }
            // What is in nothing is nothing.
            Kind::Index(base, Some(index)) if self.library.is_php() => match self.eval_quietly(base).known {
                Known::Undefined | Known::Null => {
                    self.eval(index);
                    Value::undefined()
                }
                _ => self.eval(expr),
            },
            _ => self.eval(expr),
        }
    }

    /// The name of a member, where it is written out.
    pub(super) fn plain_name(expr: &Expr) -> Option<&[u8]> {
        match &expr.kind {
            Kind::Literal(Literal::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }
}

/// Puts a value under a path of keys, of which the last is the first to follow. None appends.
fn write_under(place: &mut Value, keys: &mut Vec<Option<Value>>, value: Value) {
    let Some(key) = keys.pop() else {
        *place = value;
        return;
    };
    if !matches!(place.known, Known::Array(_)) {
        place.known = Known::Array(Rc::default());
    }
    let Known::Array(array) = &mut place.known else { return };
    let array = Rc::make_mut(array);
    match key.as_ref().map(Key::of) {
        None => {
            let mut inner = Value::undefined();
            write_under(&mut inner, keys, value);
            array.push(inner);
        }
        Some(Some(key)) => match array.entries.get_mut(&key) {
            Some(inner) => write_under(inner, keys, value),
            None => {
                let mut inner = Value::undefined();
                write_under(&mut inner, keys, value);
                array.set(key, inner);
            }
        },
        Some(None) => {
            let mut inner = Value::undefined();
            write_under(&mut inner, keys, value);
            array.set_somewhere(inner);
        }
    }
}
