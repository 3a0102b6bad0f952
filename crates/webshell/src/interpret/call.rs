//! Calls: of functions of this file, of what the platform offers, of what only the running page knows.

use super::args::Writes;
use super::{Args, Callable, Interpreter};
use crate::evidence::{Capability, Control, Facts, SourceKind};
use crate::ir::{Expr, Item, Kind, Name};
use crate::value::{Key, Known, Made, Value};

/// Functions call each other at most this deep.
pub(super) const MAX_FRAMES: usize = 48;

impl Interpreter<'_> {
    pub(super) fn call(&mut self, callee: &Expr, items: &[Item], at: u32) -> Value {
        match &callee.kind {
            Kind::Name(name) => {
                if let Some(value) = self.construct_of_language(name, items, at) {
                    return value;
                }
                let args = self.args_for(items, Some(self.writes_of(name)));
                self.call_named(name, args, at)
            }
            Kind::Var(name) if !self.library.is_php() => {
                if let Some(value) = self.construct_of_language(name, items, at) {
                    return value;
                }
                let writes = self.own_function(name).map(Writes::Own);
                let args = self.args_for(items, writes);
                self.call_identifier(name, args, at)
            }
            Kind::Member(object, name) => {
                let receiver = self.eval(object);
                let is_parents = (self.library.has_overloads() || self.library.passes_object())
                    && matches!(&object.kind, Kind::Var(name) if matches!(&**name, "super" | "base" | "mybase"));
                let name = self.eval(name);
                let args = self.args(items);
                if is_parents && let Some(text) = name.as_text() {
                    return self.call_parents(&receiver, &text, args, at);
                }
                if matches!(name.known, Known::Function(_)) {
                    return self.call_value(&name, args, at);
                }
                if let (Known::Array(_), Some(text)) = (&receiver.known, name.as_text())
                    && self.library.methods_change_lists()
                {
                    let mut receiver = receiver;
                    if let Some(value) = self.change(object, &mut receiver, &text.to_lowercase(), &args) {
                        return value;
                    }
                    return self.call_named_method(&receiver, &name, args, at);
                }
                self.call_named_method(&receiver, &name, args, at)
            }
            // `object["method"](…)`.
            Kind::Index(object, Some(name)) if self.library.elements_are_members() => {
                let receiver = self.eval(object);
                let name = self.eval(name);
                let own = self.index(&receiver, Some(&name), at);
                let args = self.args(items);
                let is_method = matches!(name.known, Known::Bytes(_)) && !matches!(receiver.known, Known::Array(_));
                let is_function = match &own.known {
                    Known::Function(_) => true,
                    Known::Type(_) => !matches!(receiver.known, Known::Type(_) | Known::Object(_)),
                    _ => false,
                };
                if is_function || !is_method {
                    return self.call_value(&own, args, at);
                }
                self.call_named_method(&receiver, &name, args, at)
            }
            Kind::Static(class, name) => {
                let class_name = self.eval_class(class);
                let name = self.eval(name);
                let args = self.args(items);
                let (Some(class_name), Some(text)) = (class_name, name.as_text().filter(|_| name.is_known())) else {
                    let receiver = self.eval(class);
                    return self.call_unknown_method(&receiver, &name, &args, at);
                };
                let this = if matches!(&class.kind, Kind::Name(name) if ["parent", "self", "static"].iter().any(|own| name.eq_ignore_ascii_case(own)))
                {
                    self.this()
                } else {
                    None
                };
                self.call_static(&class_name, &text, args, this, at)
            }
            _ => {
                let value = self.eval(callee);
                let writes = match &value.known {
                    Known::Function(callable) => match &**callable {
                        Callable::Own(function) => Some(Writes::Own(function.clone())),
                        _ => None,
                    },
                    Known::Bytes(bytes) if self.library.is_php() => Some(self.writes_of(&crate::value::text_of(bytes))),
                    _ => None,
                };
                let args = self.args_for(items, writes);
                self.call_value(&value, args, at)
            }
        }
    }

    /// A method that changes the array it is called on. Its place lets go of it meanwhile, so that it is not copied.
    fn change(&mut self, object: &Expr, receiver: &mut Value, name: &str, args: &Args) -> Option<Value> {
        let length = match &receiver.known {
            Known::Array(list) => list.entries.len(),
            _ => 0,
        };
        if !matches!(name, "push" | "pop") && length > 256 && !self.may_make(length.saturating_mul(16)) {
            return None;
        }
        let slot = matches!(object.kind, Kind::Var(_)).then(|| self.slot_of(object)).flatten();
        if let Some(slot) = &slot {
            self.put(slot, Value::undefined());
        }
        let value = self.library.changed(receiver, name, args);
        match slot {
            Some(slot) => drop(slot.replace(receiver.clone())),
            None if value.is_some() => self.assign(object, receiver.clone()),
            None => {}
        }
        value
    }

    /// `isset`, `empty` and what else looks at places without needing them.
    fn construct_of_language(&mut self, name: &str, items: &[Item], at: u32) -> Option<Value> {
        if !self.library.is_php() {
            return self.library.special_form(self, name, items, at);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "yield" || lower == "yield_from" {
            return Some(self.yielded(&lower, items));
        }
        if lower != "isset" && lower != "empty" {
            return None;
        }
        let mut all = Some(true);
        for item in items {
            self.asked_for(&item.value);
            let value = self.eval(&item.value);
            let here = match value.known {
                Known::Null if value.taint.is_none() => Some(false),
                Known::Unknown | Known::Undefined | Known::Request(_) | Known::Partial(_) => None,
                _ if lower == "empty" => value.truth(),
                _ if value.taint.is_some() => None,
                _ => Some(true),
            };
            all = all.and_then(|all| here.map(|here| all && here));
        }
        let truth = if lower == "empty" { all.map(|all| !all) } else { all };
        Some(truth.map_or_else(Value::unknown, Value::bool))
    }

    /// A call of a function by a name that is written in the code.
    pub(crate) fn call_named(&mut self, name: &str, args: Args, at: u32) -> Value {
        let name = name.rsplit('\\').next().unwrap_or(name);
        if let Some(function) = self.own_function(name) {
            return self.call_own(&function, args, None, at);
        }
        // `(A)(…)` calls what the constant names.
        if let Some(constant) = self.constants.get(name).cloned().filter(|value| value.is_known()) {
            return self.call_value(&constant, args, at);
        }
        let lower = name.to_ascii_lowercase();
        let lower = self.aliases.get(lower.as_str()).map_or(lower, |alias| alias.to_string());
        self.call_platform(&lower, &args, at)
    }

    fn call_platform(&mut self, lower: &str, args: &Args, at: u32) -> Value {
        if let Some(value) = crate::library::function(self, lower, args, at) {
            return value;
        }
        if let Some(function) = self.in_branch(lower) {
            return self.call_own(&function, args.clone(), None, at);
        }
        // Nobody here knows what it does: what it gives may come from what it took.
        let value = Value::from_all(args.all(), Control::Weak);
        self.through(value, at, lower)
    }

    /// A call of an identifier that may be a local function, a method beside, an array (VB) or a function of the platform.
    fn call_identifier(&mut self, name: &Name, args: Args, at: u32) -> Value {
        let local = self.scope().find(name).map(|slot| slot.borrow().clone());
        match local {
            Some(Value { known: Known::Undefined, .. }) | None => {}
            Some(value @ Value { known: Known::Function(_), .. }) => return self.call_value(&value, args, at),
            // In a function of VB its own name with arguments is a call.
            Some(value) if self.own_function(name).is_none() && self.own_method_here(name).is_none() => {
                if self.library.is_caseless() {
                    return self.index(&value, args.get(0), at);
                }
                return self.call_value(&value, args, at);
            }
            Some(_) => {}
        }
        if let Some(function) = self.own_method_here(name) {
            let this = self.this();
            if !self.fits(&function, &args)
                && let Some(value) = crate::library::function(self, &name.to_ascii_lowercase(), &args, at)
            {
                return value;
            }
            return self.call_own(&function, args, this, at);
        }
        if let Some(function) = self.own_function(name) {
            let this = self.this();
            return self.call_own(&function, args, this, at);
        }
        if let Some(value) = crate::library::function(self, &name.to_ascii_lowercase(), &args, at) {
            return value;
        }
        if let Some(value) = self.special_value(name) {
            return match &value.known {
                Known::Function(_) => self.call_value(&value, args, at),
                _ => self.index(&value, args.get(0), at),
            };
        }
        if let Some(this) = self.this()
            && let Some(value) = self.library.method(self, &this, "", &name.to_ascii_lowercase(), &args, at)
        {
            return value;
        }
        let value = Value::from_all(args.all(), Control::Weak);
        self.through(value, at, name)
    }

    fn special_value(&mut self, name: &str) -> Option<Value> {
        if let Some(slot) = self.globals.find(name) {
            let value = slot.borrow().clone();
            if !matches!(value.known, Known::Undefined) {
                return Some(value);
            }
        }
        crate::library::global(self, name)
    }

    /// A call of whatever a value is: a closure, the name of a function, an object and a method.
    pub(crate) fn call_value(&mut self, callee: &Value, args: Args, at: u32) -> Value {
        match &callee.known {
            Known::Function(callable) => match &**callable {
                Callable::Own(function) => {
                    let this = function.this.clone();
                    self.call_own(function, args, this, at)
                }
                Callable::Named(name) => {
                    let before = std::mem::replace(&mut self.callee_made, callee.made);
                    let value = self.call_named(name, args, at);
                    self.callee_made = before;
                    value
                }
                Callable::Bound(object, name) => self.call_named_method(object, &Value::text(name).with(callee.made), args, at),
            },
            // The platform's own function, as a value.
            Known::Type(name) if !self.library.is_php() => {
                let before = std::mem::replace(&mut self.callee_made, callee.made);
                let value = self.call_named(name, args, at);
                self.callee_made = before;
                value
            }
            // An element of something that is not known, in languages where that looks like a call.
            Known::Unknown | Known::Partial(_) | Known::Null | Known::Undefined if self.library.is_caseless() => {
                self.index(callee, args.get(0), at)
            }
            Known::Bytes(bytes) => {
                let name = crate::value::text_of(bytes);
                let before = std::mem::replace(&mut self.callee_made, callee.made);
                let value = match name.split_once("::") {
                    Some((class, method)) => self.call_static(class, method, args, None, at),
                    None => {
                        self.computed_call(&name, callee, &args, at);
                        self.call_named(name.trim_start_matches('\\'), args, at)
                    }
                };
                self.callee_made = before;
                value
            }
            Known::Partial(partial) if !partial.choices.is_empty() => {
                let each = partial.choices.iter().map(|name| Value { known: Known::Bytes(name.clone()), ..callee.clone() });
                let results: Vec<Value> = each.map(|one| self.call_value(&one, args.clone(), at)).collect();
                results.into_iter().reduce(|one, other| Value::either(&one, &other)).unwrap_or_default()
            }
            Known::Array(_) if self.library.is_caseless() => self.index(callee, args.get(0), at),
            Known::Array(array) => {
                let target = array.get(&Key::Int(0)).cloned().unwrap_or_default();
                let method = array.get(&Key::Int(1)).cloned().unwrap_or_default().with_taint(callee.taint.clone());
                match method.as_text().filter(|_| method.is_known()) {
                    Some(name) => match (&target.known, target.as_text()) {
                        (Known::Object(_), _) => self.call_method(&target, &name, args, at),
                        (_, Some(class)) if target.is_known() => self.call_static(&class, &name, args, None, at),
                        _ => self.call_unknown_method(&target, &method, &args, at),
                    },
                    None => self.call_unknown_method(&target, &method, &args, at),
                }
            }
            Known::Object(object) => {
                for name in ["__invoke", "invoke"] {
                    if let Some(method) = self.own_method(&object.class.clone(), name) {
                        return self.call_own(&method, args, Some(callee.clone()), at);
                    }
                }
                // VB and ColdFusion: an object with an index.
                self.index(callee, args.get(0), at)
            }
            Known::Request(_) => self.index(callee, args.get(0), at),
            _ => self.call_unknown(callee, &args, at),
        }
    }

    /// A platform's function whose name was put together out of pieces.
    fn computed_call(&mut self, name: &str, callee: &Value, args: &Args, at: u32) {
        // A name that is none: the computation went another way than it will on the server.
        let is_name = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\') || byte >= 0x80);
        if !self.is_platforms(name) && is_name && name.len() > 2 && self.own_path.contains(name) && args.is_requested() {
            // What the file is called decides what it calls.
            let spot = self.spot(at);
            self.notes.unknown_callee_asked.push(spot);
            return;
        }
        let odd = callee.made.has(Made::DECODED) || callee.made.has(Made::CARRIED) || !is_name;
        if !callee.made.is_plain()
            && odd
            && !self.is_platforms(name)
            && args.all().any(|value| value.is_requested(Control::Whole))
        {
            let spot = self.spot(at);
            self.notes.unknown_callee_asked.push(spot);
        }
    }

    /// Whether the file or the platform has a function of this name.
    fn is_platforms(&mut self, name: &str) -> bool {
        self.own_function(name).is_some() || self.library.has_function(&name.to_ascii_lowercase())
    }

    /// A call of something that nobody can name here.
    fn call_unknown(&mut self, callee: &Value, args: &Args, at: u32) -> Value {
        let is_page = self.language == crate::language::Language::Php;
        if callee.is_requested(Control::Whole) {
            let facts = Facts { name_tainted: true, also: args.is_requested(), ..Facts::default() };
            self.hit(Capability::Invoke, "(function)", at, callee, facts);
        } else if callee.taint.as_ref().is_some_and(|taint| {
            taint.control >= Control::Part
                && (taint.kind() >= SourceKind::Remote || is_page && taint.kind() == SourceKind::Undefined)
        }) && args
            .all()
            .any(|value| value.is_requested(Control::Whole) || is_page && value.is_undefined(Control::Whole))
            && callee.edges().prefix.is_empty()
        {
            // A name that someone else decides in part, with the visitor's data.
            let facts = Facts { name_tainted: true, also: true, ..Facts::default() };
            self.hit(Capability::Invoke, "(function)", at, callee, facts);
        } else if !callee.made.is_plain() {
            let spot = self.spot(at);
            if args.all().any(|value| value.is_requested(Control::Whole)) {
                self.notes.unknown_callee_asked.push(spot);
            } else if callee.taint.is_none() {
                self.notes.unknown_callee.push(spot);
            }
        }
        let value = Value::from_all(args.all().chain([callee]), Control::Weak);
        self.through(value, at, "(function)")
    }
}

impl Interpreter<'_> {
    /// Whether the call that runs now has a computed name.
    pub(crate) fn name_computed(&self) -> bool {
        !self.callee_made.is_plain()
    }

    /// Makes calls whose name was made like this, too.
    pub(crate) fn with_name_made<R>(&mut self, made: Made, calls: impl FnOnce(&mut Self) -> R) -> R {
        let before = self.callee_made;
        self.callee_made = before.and(made);
        let result = calls(self);
        self.callee_made = before;
        result
    }

    pub(crate) fn made_of_name(&self) -> Made {
        self.callee_made
    }
}
