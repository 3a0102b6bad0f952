//! What a page has to do with the world, as libraries tell it: files that it writes and reads again, variables that the request
//! sets, what it sends.

use std::rc::Rc;

use super::{Args, Interpreter, Slot};
use crate::evidence::{Capability, Control, Facts, SourceKind, Taint};
use crate::value::{Array, Key, Known, Made, Object, Value};

impl Interpreter<'_> {
    pub(crate) fn function_name(&self) -> String {
        self.frames.last().map(|frame| frame.name.to_string()).unwrap_or_default()
    }

    /// Whether the code that runs now is written for PHP 7 or newer.
    pub(crate) fn is_strict(&self) -> bool {
        let text = self.layers.get(usize::from(self.layer)).map(|layer| layer.text.clone()).unwrap_or_else(|| Rc::from(&b""[..]));
        let head = text.get(..text.len().min(8192)).unwrap_or_default();
        memchr::memmem::find(head, b"declare(strict_types=1)").is_some()
    }

    /// Whether an object is the page itself, whose members are the functions and variables that stand outside of classes.
    pub(super) fn is_page(&self, object: &Object) -> bool {
        object.declared.is_none() && &*object.class == "page" && !self.library.is_php()
    }

    /// What a variable of the page holds.
    pub(crate) fn global_value(&self, name: &str) -> Option<Value> {
        let value = self.globals.find(name)?.borrow().clone();
        (!matches!(value.known, Known::Undefined)).then_some(value)
    }

    /// Gives a variable that the code around sees a value.
    pub(crate) fn set_variable(&mut self, name: &str, value: Value) {
        let scope = self.scope();
        let slot = scope.find(name).or_else(|| self.globals.find(name)).unwrap_or_else(|| self.undeclared_home(&scope).own(name));
        self.put(&slot, value);
    }

    /// Where a variable belongs that is written to and that nothing declares.
    pub(super) fn undeclared_home<'s>(&'s self, scope: &'s Rc<super::Scope>) -> &'s Rc<super::Scope> {
        if self.library.undeclared_is_global() { &self.globals } else { scope }
    }

    /// The class whose code runs, as it is written.
    pub(crate) fn class_name(&self) -> Option<String> {
        let class = self.frames.last()?.class.clone()?;
        Some(self.own_class(&class).map_or_else(|| class.to_string(), |own| own.class.name.to_string()))
    }

    /// The page ends here.
    pub(crate) fn leave_page(&mut self) {
        self.leaving = true;
    }

    /// Where the data begins that follows `__halt_compiler();`.
    pub(crate) fn halt_offset(&self) -> Option<i64> {
        let text = &self.layers.get(usize::from(self.layer))?.text;
        let lower = text.to_ascii_lowercase();
        let at = memchr::memmem::find(&lower, b"__halt_compiler")?;
        let rest = text.get(at..)?;
        let end = rest
            .iter()
            .position(|byte| *byte == b';')
            .map(|end| end + 1)
            .or_else(|| memchr::memmem::find(rest, b"?>").map(|end| end + 2))?;
        i64::try_from(at + end).ok()
    }

    /// A call that happens at another time, if at all: what it ends is not what runs now.
    pub(crate) fn call_in_passing(&mut self, callback: &Value, args: Args, at: u32) -> Value {
        let mut value = Value::unknown();
        self.ways(
            &mut [&mut |it| {
                value = it.call_value(callback, args.clone(), at);
                it.leaving = false;
                true
            }],
            true,
        );
        value
    }

    /// `extract` and its like: each element becomes a variable, with a prefix in its name.
    pub(crate) fn take_variables(&mut self, value: &Value, prefix: &str, at: u32) {
        self.runtime.flood_prefix = prefix.into();
        match &value.known {
            Known::Array(array) => {
                let scope = self.scope();
                for (key, value) in array.entries.clone() {
                    if let Key::Bytes(name) = key {
                        let slot = scope.own(&format!("{prefix}{}", crate::value::text_of(&name)));
                        self.put(&slot, value);
                    }
                }
                if let Some(rest) = &array.rest {
                    let taint = self.index(rest, None, at).deep_taint();
                    self.flood(taint);
                }
            }
            Known::Request(part) => {
                let spot = self.spot(at);
                self.flood(Some(Taint::source(part.kind(), "", spot)));
            }
            _ => {
                let taint = value.taint.clone().filter(|taint| taint.is_request() && taint.control > Control::Weak);
                self.flood(taint);
            }
        }
    }

    /// Data of the request in general, for callbacks that get it on roundabout ways.
    pub(crate) fn any_request(&mut self, at: u32) -> Option<Taint> {
        let spot = self.spot(at);
        let seen = self.read_request.clone();
        seen.map(|name| Taint::source(SourceKind::Parameter, &name, spot).at_most(Control::Part))
    }

    /// Calls a function that a database calls with what a query says: something of the request, if the page reads any.
    pub(crate) fn call_with_request(&mut self, callback: &Value, at: u32) {
        match self.any_request(at) {
            Some(taint) => drop(self.call_value(callback, Args::of(vec![Value::tainted(taint)]), at)),
            None => self.runtime.for_request.push((callback.clone(), at)),
        }
    }

    /// Classes of this file that have a method of one of these names, in order.
    pub(crate) fn classes_with(&self, methods: &[&str]) -> Vec<String> {
        let mut names: Vec<String> = self.classes.keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names.retain(|name| methods.iter().any(|method| self.own_method(name, method).is_some()));
        names
    }

    /// Something was sent to the visitor.
    pub(crate) fn echoed(&mut self, args: &Args) {
        for value in args.all() {
            let taint = value.deep_taint().filter(|taint| taint.is_request());
            self.echo_taint = Taint::stronger(self.echo_taint.take(), taint);
        }
    }

    /// What the visitor sent of what was sent to him.
    pub(crate) fn output_taint(&mut self) -> Option<Taint> {
        self.echo_taint.clone()
    }

    /// A value was looked at by something that decides on it: a list of what is allowed, a search.
    pub(crate) fn checked(&mut self, value: &Value) {
        if let Some(taint) = value.deep_taint() {
            self.checks.insert(Rc::as_ptr(&taint.trail.source) as usize);
            if matches!(taint.kind(), SourceKind::UploadName | SourceKind::Upload) {
                self.upload_checked = true;
            }
        }
    }

    /// An uploaded file is put somewhere.
    pub(crate) fn uploaded(&mut self, name: &str, source: &Value, target: &Value, facts: Facts, at: u32) {
        let facts = Facts { checked: self.upload_checked, ..facts };
        let argument = Value { taint: target.deep_taint().or_else(|| source.deep_taint()), ..target.clone() };
        self.hit(Capability::Upload, name, at, &argument, facts);
    }

    /// Keeps what is written to a file, for the case that it is read or included again.
    pub(crate) fn keep_written(&mut self, path: &str, data: &Value) {
        let path = plain_path(path);
        if self.written.len() < 64 || self.written.contains_key(path) {
            let data = match self.written.get(path) {
                Some(before) => self.join(&before.clone(), data),
                None => data.clone(),
            };
            self.written.insert(path.into(), data);
        }
    }

    pub(crate) fn kept_written(&self, path: &str) -> Option<Value> {
        self.written.get(plain_path(path)).cloned()
    }

    /// Whether a command is the path of a file that the page wrote, alone or behind what runs files.
    pub(super) fn runs_what_it_wrote(&self, command: &Value) -> bool {
        if self.written.is_empty() {
            return false;
        }
        let Some(text) = command.as_text() else { return false };
        let is_written = |word: &str| {
            let word = plain_path(word.trim_matches(['"', '\'']));
            !word.is_empty() && self.written.keys().any(|path| path.eq_ignore_ascii_case(word))
        };
        text.split([';', '&', '|', '\n']).any(|one| {
            let mut words = one.split_whitespace();
            let first = words.next().unwrap_or_default();
            is_written(first) || runs_files(first) && words.find(|word| !word.starts_with('-')).is_some_and(is_written)
        })
    }

    /// A page is written: what it would do is part of what this page does.
    pub(crate) fn dropped(&mut self, bytes: Rc<[u8]>, path: &Value) {
        let path = path.as_text().unwrap_or_default();
        if self.drops.len() < 16 {
            self.drops.push(Drop { path, bytes });
        }
    }

    /// A file is included that is not here.
    pub(crate) fn include_missing(&mut self, path: &str, at: u32, made: Made) {
        self.notes.depends = self.notes.depends.saturating_add(1);
        if super::layer::is_unlikely(path) || path.contains("://") {
            let spot = self.spot(at);
            self.notes.unlikely_includes.push((spot, path.to_owned(), made));
        }
    }

    /// Keeps something under a name in the session or the application, where other requests find it.
    pub(crate) fn keep_attribute(&mut self, name: &str, value: Value) {
        if self.attributes.len() < 1000 || self.attributes.contains_key(name) {
            let value = match self.attributes.get(name) {
                Some(old) => Value::either(old, &value),
                None => value,
            };
            self.attributes.insert(name.into(), value);
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<Value> {
        self.attributes.get(name).cloned()
    }

    pub(crate) fn pointer(&self, slot: Option<usize>) -> usize {
        slot.and_then(|slot| self.pointers.get(&slot).copied()).unwrap_or(0)
    }

    pub(crate) fn set_pointer(&mut self, slot: Option<usize>, index: usize) {
        if let Some(slot) = slot {
            self.pointers.insert(slot, index);
        }
    }

    /// A variable that everything on the page sees.
    pub(crate) fn set_global(&mut self, name: &str, value: Value) {
        self.globals.own(name).replace(value);
    }

    pub(crate) fn global_variable(&self, name: &str) -> Option<Value> {
        self.globals.find(name).map(|slot| slot.borrow().clone())
    }

    /// Makes an object a view of a variable.
    pub(crate) fn view(&mut self, object: &Rc<Object>, slot: &Slot) {
        if self.views.len() < 256 {
            self.views.push((object.clone(), slot.clone()));
        }
    }

    /// Writes to the variable that an object is a view of.
    pub(crate) fn write_through(&mut self, object: &Rc<Object>, value: Value) {
        if let Some((_, slot)) = self.views.iter().rev().find(|(view, _)| Rc::ptr_eq(view, object)) {
            let slot = slot.clone();
            self.put(&slot, value);
        }
    }

    /// The `/** … */` before a class or function of this name.
    pub(crate) fn doc_comment(&self, name: &Value) -> Value {
        let name = match &name.known {
            Known::Object(object) => object.class.to_string(),
            _ => name.as_text().unwrap_or_default(),
        };
        let at = self
            .own_class(&name)
            .map(|class| (class.layer, class.class.at))
            .or_else(|| self.own_function(&name).map(|function| (function.layer, function.function.at)));
        let Some((layer, at)) = at else { return Value::unknown() };
        let text = self.layers.get(usize::from(layer)).map(|layer| layer.text.clone()).unwrap_or_else(|| Rc::from(&b""[..]));
        let before = text.get(..at as usize).unwrap_or_default();
        match memchr::memmem::rfind(before, b"/**") {
            Some(start) => {
                let comment = before.get(start..).unwrap_or_default();
                let end = memchr::memmem::find(comment, b"*/").map_or(comment.len(), |end| end + 2);
                Value::bytes(comment.get(..end).unwrap_or_default())
            }
            None => Value::unknown(),
        }
    }

    /// An array with something under unknown keys.
    pub(crate) fn array_of_unknown(element: Value) -> Value {
        Known::Array(Rc::new(Array { rest: Some(Box::new(element)), ..Array::default() })).into()
    }
}

/// A page that a page writes.
pub(crate) struct Drop {
    /// The path that it is written to, as far as it is known.
    pub path: String,
    pub bytes: Rc<[u8]>,
}

/// Whether a program runs the file that is named behind it.
fn runs_files(program: &str) -> bool {
    let name = program.trim_matches(['"', '\'']).rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    let name = name.strip_suffix(".exe").unwrap_or(&name);
    matches!(name, "sh" | "bash" | "perl" | "php" | "wscript" | "cscript" | "mshta" | "regsvr32" | "rundll32" | "start" | "nohup")
        || name.starts_with("python")
}

fn plain_path(path: &str) -> &str {
    path.trim_start_matches("./")
}
