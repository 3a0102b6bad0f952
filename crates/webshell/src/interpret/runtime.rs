//! What the runtime keeps while a page runs: exceptions on their way, what was registered for later, output that is held back.

use std::rc::Rc;

use rustc_hash::FxHashMap as HashMap;

use super::{Args, Interpreter, Place, Slot};
use crate::evidence::Control;
use crate::ir::Name;
use crate::value::{Array, Known, Value};

#[derive(Default)]
pub(crate) struct Runtime {
    /// The exception that is on its way, or may be.
    pub thrown: Option<Value>,
    /// Labels that `goto` names and at which nothing was walked yet, and how often each was gone on at.
    pub jumps: Vec<Name>,
    pub jumped: HashMap<(usize, Name), u32>,
    /// Functions that the page registers for exceptions, errors and missing classes.
    pub on_exception: Vec<Value>,
    pub on_error: Vec<Value>,
    pub on_class: Vec<Value>,
    /// Functions that get something of the request that the page had not read yet.
    pub for_request: Vec<(Value, u32)>,
    /// Output that is held back: what it goes through, and what came so far.
    outputs: Vec<(Option<Value>, Slot)>,
    /// What `strtok` has not given yet.
    pub token_rest: Value,
    /// What `extract` puts in front of the names of variables.
    pub flood_prefix: String,
    /// Arrays that were made with references in them, and the places of these.
    shared: Vec<(Rc<Array>, Vec<Option<Slot>>)>,
    /// Settings and variables of the environment that the page sets.
    pub settings: std::collections::HashMap<String, Value>,
    /// Files without a name that were opened.
    pub temporary: u32,
    /// The standard streams of the program lead to another machine.
    pub streams_are_connection: bool,
    /// Whether the program answers a web server, once that was asked.
    pub answers_server: Option<bool>,
}

/// So many arrays with references are remembered.
const MAX_SHARED: usize = 16;

/// Output is held back in at most so many buffers.
const MAX_OUTPUTS: usize = 32;

impl Interpreter<'_> {
    /// An exception leaves what runs.
    pub(crate) fn throw(&mut self, value: Value) {
        let value = match self.runtime.thrown.take() {
            Some(other) => Value::either(&other, &value),
            None => value,
        };
        self.runtime.thrown = Some(value);
        self.leaving = true;
    }

    /// A place of its own for a value, for functions that take a reference.
    pub(crate) fn place_of(&self, value: Value) -> Slot {
        Rc::new(Place::new(value))
    }

    /// Remembers the places that an array's elements refer to.
    pub(super) fn share(&mut self, array: &Rc<Array>, slots: Vec<Option<Slot>>) {
        if self.runtime.shared.len() >= MAX_SHARED {
            self.runtime.shared.remove(0);
        }
        self.runtime.shared.push((array.clone(), slots));
    }

    /// The places that an array's elements refer to, if it was made with references.
    pub(crate) fn shared(&self, array: &Rc<Array>) -> Vec<Option<Slot>> {
        let found = self.runtime.shared.iter().find(|(known, _)| Rc::ptr_eq(known, array));
        found.map(|(_, slots)| slots.clone()).unwrap_or_default()
    }

    /// Output is held back from now on.
    pub(crate) fn hold_output(&mut self, through: Option<Value>) {
        if self.runtime.outputs.len() < MAX_OUTPUTS {
            self.runtime.outputs.push((through, Rc::new(Place::new(Value::bytes(b"")))));
        }
    }

    /// Something is sent, or held back.
    pub(crate) fn send(&mut self, value: &Value, at: u32) {
        let value = self.as_string(value, at);
        let Some((_, slot)) = self.runtime.outputs.last() else { return };
        let slot = slot.clone();
        let before = slot.borrow().clone();
        let mut joined = self.join(&before, &value);
        // What was whole stays whole when it is only collected.
        joined.taint = crate::evidence::Taint::stronger(before.taint, value.taint).or(joined.taint);
        self.put(&slot, joined);
    }

    /// What is held back, if anything is.
    pub(crate) fn held_output(&self) -> Option<Value> {
        self.runtime.outputs.last().map(|(_, slot)| slot.borrow().clone())
    }

    /// Output is no longer held back; what was goes on its way if `sent`.
    pub(crate) fn release_output(&mut self, sent: bool, at: u32) {
        let Some((through, slot)) = self.runtime.outputs.pop() else { return };
        let value = slot.borrow().clone();
        if let Some(through) = through {
            let value = match self.output_taint() {
                Some(taint) if value.taint.is_none() && !value.is_known() => value.with_taint(Some(taint)),
                _ => value,
            };
            let value = self.call_value(&through, Args::of(vec![value, Value::unknown()]), at);
            if sent {
                self.send(&value, at);
            }
        } else if sent {
            self.send(&value, at);
        }
    }

    /// The end of a page: held back output goes, and an exception that nobody caught.
    pub(super) fn end_page(&mut self) {
        let thrown = self.runtime.thrown.take();
        for handler in std::mem::take(&mut self.runtime.on_exception) {
            self.call_value(&handler, Args::of(vec![thrown.clone().unwrap_or_default()]), 0);
            self.leaving = false;
        }
        for _ in 0..MAX_OUTPUTS {
            self.release_output(true, 0);
            self.leaving = false;
        }
    }

    /// A class is asked for that is not here.
    pub(crate) fn missing_class(&mut self, name: &Value, at: u32) {
        for handler in self.runtime.on_class.clone() {
            self.call_value(&handler, Args::of(vec![name.clone()]), at);
        }
    }

    /// An error with a text of the page's own.
    pub(crate) fn raise_error(&mut self, text: &Value, at: u32) {
        for handler in self.runtime.on_error.clone() {
            self.call_value(&handler, Args::of(vec![Value::unknown(), text.clone(), Value::unknown()]), at);
        }
    }

    /// The text that a value becomes where text is needed: an object with `__toString` is asked.
    pub(crate) fn as_string(&mut self, value: &Value, at: u32) -> Value {
        if let Known::Object(object) = &value.known
            && object.declared.is_some()
            && let Some(method) = self.own_method(&object.class.clone(), "__tostring")
        {
            let text = self.call_own(&method, Args::default(), Some(value.clone()), at);
            return match text.known {
                // Never what it is made from, else this would not end.
                Known::Object(_) => Value::from_all([&text], Control::Whole),
                _ => text,
            };
        }
        value.clone()
    }
}
