//! Values that hold each other in a circle: a closure in a variable that it sees, an object that is its own parent. Counted
//! references never end such a circle, so it is opened when a file is done.

use std::rc::Rc;

use rustc_hash::FxHashSet as HashSet;

use super::{Callable, ClassOf, FunctionOf, Interpreter, Scope, Slot};
use crate::value::{Known, Object, Value};

impl std::ops::Drop for Interpreter<'_> {
    fn drop(&mut self) {
        let mut opened = Opened::default();
        let this = &mut *self;
        opened.scope(&this.globals);
        for frame in std::mem::take(&mut this.frames) {
            opened.scope(&frame.scope);
            opened.values.extend(frame.this);
            opened.values.extend(frame.arguments);
        }
        for function in this.functions.values().chain(&this.closures) {
            opened.function(function);
        }
        for class in this.classes.values() {
            opened.class(class);
        }
        for slot in this.statics.values().chain(this.links.iter().map(|(_, _, slot)| slot)) {
            opened.slot(slot);
        }
        for (object, slot) in &this.views {
            opened.object(object);
            opened.slot(slot);
        }
        let kept = [&mut this.constants, &mut this.attributes, &mut this.stand_ins].map(std::mem::take);
        opened.values.extend(kept.into_iter().flat_map(|kept| kept.into_values()));
        opened.values.append(&mut this.destructible);
        opened.values.extend(std::mem::take(&mut this.written).into_values());
        opened.values.extend(std::mem::take(&mut this.journal).into_iter().map(|(_, value)| value));
        opened.values.extend(std::mem::take(&mut this.members_here).into_iter().map(|(_, _, value)| value));
        for (value, args) in std::mem::take(&mut this.later) {
            opened.values.push(value);
            opened.values.extend(args.all().cloned());
        }
        opened.all();
    }
}

/// What is still to be opened, and what has been.
#[derive(Default)]
struct Opened {
    values: Vec<Value>,
    /// Arrays and functions cannot be emptied, so they are remembered, and kept that no other takes their place.
    seen: HashSet<usize>,
    kept: Vec<Value>,
}

impl Opened {
    fn all(&mut self) {
        while let Some(value) = self.values.pop() {
            match &value.known {
                Known::Object(object) => self.object(object),
                Known::Array(array) if self.seen.insert(Rc::as_ptr(array).addr()) => {
                    let parts = array.entries.values().chain(array.rest.as_deref());
                    self.values.extend(parts.filter(|part| may_hold(part)).cloned());
                    self.kept.push(value);
                }
                Known::Function(callable) => match &**callable {
                    Callable::Own(function) => self.function(function),
                    Callable::Bound(object, _) => self.values.push(object.clone()),
                    Callable::Named(_) => {}
                },
                _ => {}
            }
        }
    }

    fn object(&mut self, object: &Rc<Object>) {
        let fields = object.fields.try_borrow_mut().map(|mut fields| std::mem::take(&mut *fields)).unwrap_or_default();
        self.values.extend(fields.into_values().filter(may_hold));
        if let Some(class) = &object.declared {
            self.class(class);
        }
    }

    fn class(&mut self, class: &Rc<ClassOf>) {
        self.variables(&class.statics);
        for method in class.methods.values() {
            self.function(method);
        }
    }

    fn function(&mut self, function: &Rc<FunctionOf>) {
        if !self.seen.insert(Rc::as_ptr(function).addr()) {
            return;
        }
        self.kept.push(Known::Function(Rc::new(Callable::Own(function.clone()))).into());
        if let Some(scope) = &function.scope {
            self.scope(scope);
        }
        self.values.extend(function.this.clone());
        let results = function.results.try_borrow_mut().map(|mut results| std::mem::take(&mut *results)).unwrap_or_default();
        self.values.extend(results.into_values().map(|(_, value)| value).filter(may_hold));
    }

    fn scope(&mut self, scope: &Rc<Scope>) {
        let mut next = Some(scope);
        while let Some(scope) = next {
            self.variables(scope);
            next = scope.around.as_ref();
        }
    }

    fn variables(&mut self, scope: &Scope) {
        let slots = scope.vars.try_borrow_mut().map(|mut vars| std::mem::take(&mut *vars)).unwrap_or_default();
        for slot in slots.values() {
            self.slot(slot);
        }
    }

    fn slot(&mut self, slot: &Slot) {
        let value = slot.value.try_borrow_mut().map(|mut value| std::mem::take(&mut *value)).unwrap_or_default();
        if may_hold(&value) {
            self.values.push(value);
        }
    }
}

/// Whether a value can be part of a circle.
fn may_hold(value: &Value) -> bool {
    matches!(value.known, Known::Object(_) | Known::Array(_) | Known::Function(_))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::rc::{Rc, Weak};

    use crate::interpret::{Interpreter, Scope};
    use crate::language::Language;
    use crate::limits::Limits;
    use crate::value::{Known, Object};

    fn walked(language: Language, source: &str) -> Interpreter<'static> {
        let limits: &'static Limits = Box::leak(Box::default());
        let mut it = Interpreter::new(language, limits, &|_| None);
        let program = crate::parse::parse(language, source.as_bytes(), &[crate::parse::Piece::Code(0..source.len())]);
        it.run(source.as_bytes().into(), &program, &Default::default());
        it
    }

    #[test]
    fn objects_in_a_circle_end_with_the_file() {
        let it =
            walked(Language::Php, "class A { public $b; } $a = new A; $a->b = array($a, function () use ($a) { return $a; });");
        let value = it.globals.find("a").unwrap().borrow().clone();
        let Known::Object(object) = value.known else { panic!("an object") };
        let held: Weak<Object> = Rc::downgrade(&object);
        drop(object);
        drop(it);
        assert!(held.upgrade().is_none());
    }

    #[test]
    fn closures_end_with_the_file() {
        let it = walked(Language::Jscript, "var f = function () { return f; }; var o = { g: f };");
        let held: Weak<Scope> = Rc::downgrade(&it.globals);
        drop(it);
        assert!(held.upgrade().is_none());
    }
}
