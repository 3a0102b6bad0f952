//! The arguments of a call, and their places where the call may write to them.

use super::{FunctionOf, Interpreter, Slot};
use crate::evidence::Control;
use crate::ir::{Item, Kind, Name};
use crate::value::{Known, Value};
use std::rc::Rc;

/// The arguments of a call.
#[derive(Default, Clone)]
pub(crate) struct Args {
    pub values: Vec<Value>,
    /// The places of arguments that are variables, for functions that write to them.
    pub slots: Vec<Option<Slot>>,
    pub names: Vec<Option<Name>>,
    /// Arguments that nobody can count come after (`...$args`): what each of them may be.
    pub rest: Option<Value>,
}

impl Args {
    pub(crate) fn of(values: Vec<Value>) -> Self {
        Self { values, ..Self::default() }
    }

    pub(crate) fn unknown(count: usize) -> Self {
        Self::of(vec![Value::unknown(); count])
    }

    /// The argument at a position; unknown if there is none.
    pub(crate) fn at(&self, index: usize) -> Value {
        self.values.get(index).cloned().or_else(|| self.rest.clone()).unwrap_or_default()
    }

    pub(crate) fn get(&self, index: usize) -> Option<&Value> {
        self.values.get(index).or(self.rest.as_ref())
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Value> {
        let index = self.names.iter().position(|one| one.as_deref().is_some_and(|one| one.eq_ignore_ascii_case(name)))?;
        self.values.get(index)
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn text(&self, index: usize) -> Option<String> {
        self.get(index).filter(|value| value.is_known()).and_then(Value::as_text)
    }

    pub(crate) fn bytes(&self, index: usize) -> Option<Rc<[u8]>> {
        self.get(index).filter(|value| value.is_known()).and_then(Value::as_bytes)
    }

    pub(crate) fn int(&self, index: usize) -> Option<i64> {
        self.get(index).filter(|value| value.is_known()).and_then(Value::as_int)
    }

    /// All of them and what may come after.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.values.iter().chain(&self.rest)
    }

    /// Without the first ones.
    pub(crate) fn skip(&self, count: usize) -> Self {
        Self {
            values: self.values.iter().skip(count).cloned().collect(),
            slots: self.slots.iter().skip(count).cloned().collect(),
            names: self.names.iter().skip(count).cloned().collect(),
            rest: self.rest.clone(),
        }
    }

    pub(crate) fn is_requested(&self) -> bool {
        self.all().any(|value| value.is_requested(Control::Weak))
    }
}

/// Who is called, as far as it matters for what the call writes to.
pub(super) enum Writes {
    Own(Rc<FunctionOf>),
    Platform(String),
}

impl Writes {
    pub(super) fn writes(&self, library: &dyn crate::library::Library, index: usize) -> bool {
        match self {
            Self::Own(function) => {
                let params = &function.function.params;
                params.get(index).or(params.last().filter(|last| last.variadic)).is_some_and(|param| param.by_ref)
            }
            Self::Platform(name) => library.writes_to(name, index),
        }
    }
}

impl Interpreter<'_> {
    pub(super) fn args(&mut self, items: &[Item]) -> Args {
        self.args_for(items, None)
    }

    /// The place of a field or of a variable of the page, written without anything before it.
    pub(super) fn own_place(&mut self, name: &str) -> Option<Slot> {
        if self.library.is_php() {
            return None;
        }
        if let Some(Value { known: Known::Object(object), .. }) = self.this() {
            let key = self.library.key(name);
            if let Some(old) = object.field(&key) {
                return Some(self.linked_place(&object, &key, name, old));
            }
        }
        let class = self.frames.last().and_then(|frame| frame.class.clone());
        let own = class.and_then(|class| self.own_class(&class)).and_then(|class| class.statics.find(name));
        own.or_else(|| self.globals.find(name))
    }

    /// The arguments of a call of a function that may write to some of them.
    pub(super) fn args_for(&mut self, items: &[Item], callee: Option<Writes>) -> Args {
        let mut args = Args::default();
        for (index, item) in items.iter().enumerate() {
            let is_spread = matches!(callee, Some(Writes::Own(_)))
                && matches!(&item.value.kind, Kind::Var(name) if self.library.is_spread(name));
            if item.spread || is_spread {
                let value = self.eval(&item.value);
                match &value.known {
                    Known::Array(array) if array.rest.is_none() => {
                        for inner in array.entries.values() {
                            args.values.push(inner.clone().with_taint(value.taint.clone()));
                            args.slots.push(None);
                            args.names.push(None);
                        }
                    }
                    _ => args.rest = Some(self.index(&value, None, item.value.at)),
                }
                continue;
            }
            let value = self.eval(&item.value);
            let slot = match &item.value.kind {
                Kind::Var(name) => self.home(name).find(name).or_else(|| {
                    let may_be_written = self.library.is_php()
                        || item.by_ref
                        || callee.as_ref().is_some_and(|callee| callee.writes(self.library, index));
                    match self.own_place(name) {
                        Some(place) => Some(place),
                        None => may_be_written.then(|| self.home(name).own(name)),
                    }
                }),
                Kind::Index(..) | Kind::Member(..) | Kind::Static(..)
                    if item.by_ref || callee.as_ref().is_some_and(|callee| callee.writes(self.library, index)) =>
                {
                    self.referred(&item.value)
                }
                _ => None,
            };
            args.values.push(value);
            args.slots.push(slot);
            args.names.push(item.key.as_ref().and_then(|key| match &key.kind {
                Kind::Var(name) | Kind::Name(name) => Some(name.clone()),
                _ => Self::plain_name(key).map(|bytes| String::from_utf8_lossy(bytes).as_ref().into()),
            }));
        }
        args
    }

    pub(super) fn writes_of(&self, name: &str) -> Writes {
        match self.own_function(name.rsplit('\\').next().unwrap_or(name)) {
            Some(function) => Writes::Own(function),
            None => Writes::Platform(name.to_ascii_lowercase()),
        }
    }
}
