//! Calls: of functions of this file, of what the platform offers, of what only the running page knows.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::{Callable, FunctionOf, Interpreter, Scope, Slot};
use crate::evidence::{Capability, Control, Facts, SourceKind, Step, Taint};
use crate::ir::{Expr, Function, Item, Kind, Name};
use crate::value::{Array, Key, Known, Made, Object, Value};

/// Functions call each other at most this deep.
const MAX_FRAMES: usize = 48;

/// How often a function is walked with the same arguments, when not all are known.
const MAX_SAME: u32 = 3;

/// With how many different arguments, when not all are known.
const MAX_DIFFERENT: usize = 60;

/// How deep it may call itself if it counts.
const MAX_COUNTED: u32 = 8;

/// How often when they are.
const MAX_KNOWN: u32 = 50_000;

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

    fn is_requested(&self) -> bool {
        self.all().any(|value| value.is_requested(Control::Weak))
    }
}

/// Who is called, as far as it matters for what the call writes to.
enum Writes {
    Own(Rc<FunctionOf>),
    Platform(String),
}

impl Writes {
    fn writes(&self, library: &dyn crate::library::Library, index: usize) -> bool {
        match self {
            Self::Own(function) => {
                let params = &function.function.params;
                params.get(index).or(params.last().filter(|last| last.variadic)).is_some_and(|param| param.by_ref)
            }
            Self::Platform(name) => library.writes_to(name, index),
        }
    }
}

impl FunctionOf {
    pub(super) fn new(
        function: Rc<Function>,
        layer: u16,
        scope: Option<Rc<Scope>>,
        this: Option<Value>,
        class: Option<Name>,
    ) -> Self {
        Self {
            function,
            layer,
            scope,
            this,
            class,
            called: 0.into(),
            results: Default::default(),
            active: 0.into(),
            walking: Default::default(),
            unsure: false.into(),
            spent: 0.into(),
            begun: 0.into(),
        }
    }
}

impl Interpreter<'_> {
    pub(super) fn args(&mut self, items: &[Item]) -> Args {
        self.args_for(items, None)
    }

    /// The place of a field or of a variable of the page, written without anything before it.
    fn own_place(&mut self, name: &str) -> Option<Slot> {
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
    fn args_for(&mut self, items: &[Item], callee: Option<Writes>) -> Args {
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
                let args = self.args(items);
                self.call_identifier(name, args, at)
            }
            Kind::Member(object, name) => {
                let receiver = self.eval(object);
                let is_parents = self.library.has_overloads()
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
                    && self.library.elements_are_members()
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

    fn writes_of(&self, name: &str) -> Writes {
        match self.own_function(name.rsplit('\\').next().unwrap_or(name)) {
            Some(function) => Writes::Own(function),
            None => Writes::Platform(name.to_ascii_lowercase()),
        }
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

    /// A method of the class that runs now.
    pub(super) fn own_method_here(&self, name: &str) -> Option<Rc<FunctionOf>> {
        let class = self.frames.last()?.class.clone()?;
        self.own_method(&class, name)
    }

    /// A method of a class of this file or of a class that it extends.
    pub(crate) fn own_method(&self, class: &str, name: &str) -> Option<Rc<FunctionOf>> {
        let name = name.to_lowercase();
        let mut class = self.own_class(class)?;
        for _ in 0..16 {
            if let Some(method) = class.methods.get(name.as_str()) {
                return Some(method.clone());
            }
            class = class.class.extends.iter().find_map(|parent| self.own_class(parent))?;
        }
        None
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

    fn call_unknown_method(&mut self, receiver: &Value, name: &Value, args: &Args, at: u32) -> Value {
        // Frameworks call the method that the address names on objects of their own; a class that the request names is another thing.
        if name.is_requested(Control::Whole) && receiver.is_requested(Control::Whole) {
            let facts = Facts { name_tainted: true, also: args.is_requested(), ..Facts::default() };
            self.hit(Capability::Invoke, "(method)", at, name, facts);
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
    fn call_parents(&mut self, receiver: &Value, name: &str, args: Args, at: u32) -> Value {
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

    /// What a member of something is.
    pub(crate) fn member(&mut self, object: &Value, name: &str, at: u32) -> Value {
        let key = self.library.key(name);
        if let Known::Object(place) = &object.known {
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
        if let Some(parent) = class.class.extends.iter().find_map(|parent| self.own_class(parent))
            && !Rc::ptr_eq(&parent, class)
            && self.frames.len() < MAX_FRAMES
        {
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

    /// Walks a function of this file.
    pub(crate) fn call_own(&mut self, of: &Rc<FunctionOf>, args: Args, this: Option<Value>, at: u32) -> Value {
        let of = &self.overload(of, &args);
        of.called.set(of.called.get().saturating_add(1));
        if self.frames.len() > MAX_FRAMES || self.depth > 1200 || !self.step() {
            return Value::from_all(args.all(), Control::Weak);
        }
        let (signature, all_known) = signature(&args);
        if let Some((count, value)) = of.results.borrow_mut().get_mut(&signature) {
            *count += 1;
            let writes = of.function.params.iter().any(|param| param.by_ref);
            if *count > if all_known || writes && of.active.get() == 0 { MAX_KNOWN } else { MAX_SAME } {
                return value.clone();
            }
        }
        // A function that calls itself on what nobody knows says nothing new the third time, nor one with ever new arguments.
        // One that counts may be at its end before.
        let counts = args.values.iter().any(|value| matches!(value.known, Known::Int(_)));
        if !all_known && (of.active.get() >= if counts { MAX_COUNTED } else { 2 } || of.results.borrow().len() >= MAX_DIFFERENT)
            || of.active.get() >= 30
        {
            return Value::from_all(args.all(), Control::Weak);
        }
        // The same call within itself would not end; on the server something that is not known here ends it.
        if of.walking.borrow().iter().filter(|one| **one == signature).count() >= 2 {
            return Value::from_all(args.all(), Control::Weak);
        }
        // One function may not use up what all the rest of the page needs; what it computes is worth more than what it does.
        let now = if of.active.get() > 0 { of.begun.get().saturating_sub(self.steps) } else { 0 };
        let share = if all_known && !of.unsure.get() { 3 } else { 20 };
        if of.spent.get().saturating_add(now) > self.limits.steps / share {
            return Value::from_all(args.all(), Control::Weak);
        }
        let function = of.function.clone();
        if function.marks.iter().any(|mark| &**mark == "dllimport" || &**mark == "native") {
            self.hit(Capability::Native, &function.name, at, &Value::from_all(args.all(), Control::Whole), Facts::default());
            return Value::from_all(args.all(), Control::Whole);
        }
        let scope = Rc::new(match &of.scope {
            Some(around) if function.captures => Scope::inside(around.clone()),
            Some(taken) => {
                let scope = Scope::default();
                for (name, slot) in taken.vars.borrow().iter() {
                    scope.bind(name, slot.clone());
                }
                scope
            }
            None => Scope::default(),
        });
        let before = self.layer;
        let args = self.with_object(of, args, this.as_ref());
        if let Some(name) = self.library.arguments_name() {
            scope.own(name).replace(Value::list(args.values.clone()));
        }
        self.bind_params(&function, &args, &scope, at);
        self.layer = of.layer;
        let this = this.filter(|_| !function.is_static).or_else(|| of.this.clone());
        let class = match (&this, &of.class) {
            (_, Some(class)) => Some(class.clone()),
            (Some(Value { known: Known::Object(object), .. }), None) => Some(object.class.clone()),
            _ => None,
        };
        self.frames.push(super::Frame {
            scope: scope.clone(),
            this,
            class,
            arguments: args.values.clone(),
            name: function.name.clone(),
            named_class: self.named_class.take(),
            sent: self.sent.take(),
            ..Default::default()
        });
        self.hand_on_fields();
        if function.returns_name {
            // Inside of it its name is what it is going to give.
            scope.own(&function.name).replace(Value::null());
        }
        let links = self.links.len();
        let made = std::mem::take(&mut self.callee_made);
        self.depth += 3;
        if of.active.get() == 0 {
            of.begun.set(self.steps);
        }
        let branch = self.last_branch;
        of.walking.borrow_mut().push(signature);
        of.active.set(of.active.get() + 1);
        self.declare(&function.body);
        self.block(&function.body);
        of.active.set(of.active.get().saturating_sub(1));
        of.walking.borrow_mut().pop();
        if self.last_branch != branch {
            of.unsure.set(true);
        }
        if of.active.get() == 0 {
            of.spent.set(of.spent.get().saturating_add(of.begun.get().saturating_sub(self.steps)));
        }
        self.depth -= 3;
        self.callee_made = made;
        self.write_back(links);
        self.take_up_fields();
        let mut frame = self.frames.pop();
        self.layer = before;
        let yields = frame.as_mut().and_then(|frame| frame.yields.take());
        let mut value = frame.and_then(|frame| frame.result);
        if function.returns_name
            && let Some(slot) = scope.vars.borrow().get(&function.name)
        {
            value = Some(slot.borrow().clone());
        }
        let value = value.unwrap_or_else(Value::null);
        if let Some(yields) = yields {
            return self.generator(of, args, yields, value);
        }
        let value = Value { taint: self.named_step(value.taint, at, &function.name), ..value };
        of.results.borrow_mut().entry(signature).or_insert((1, Value::unknown())).1 = value.clone();
        value
    }

    /// Whether a method may be meant by a call with these arguments: else it is one of the same name that the class inherits from
    /// a class of the platform.
    fn fits(&self, of: &Rc<FunctionOf>, args: &Args) -> bool {
        let params = &of.function.params;
        if !self.library.has_overloads()
            || params.len() == args.len()
            || args.rest.is_some()
            || params.iter().any(|param| param.variadic || param.default.is_some())
        {
            return true;
        }
        let class = of.class.as_ref().and_then(|class| self.own_class(class));
        let inherits = class.is_some_and(|class| class.class.extends.iter().any(|parent| self.own_class(parent).is_none()));
        !inherits || self.overload(of, args).function.params.len() == args.len()
    }

    /// Of functions with the same name the one with as many parameters as there are arguments.
    fn overload(&self, of: &Rc<FunctionOf>, args: &Args) -> Rc<FunctionOf> {
        if of.function.params.len() == args.len() || !self.library.has_overloads() || args.rest.is_some() {
            return of.clone();
        }
        let name = of.function.name.to_lowercase();
        let others = match &of.class {
            Some(class) => self.own_class(class).map(|class| class.methods.get(&*format!("{name}/{}", args.len())).cloned()),
            None => Some(self.functions.get(&*format!("{name}/{}", args.len())).cloned()),
        };
        others.flatten().unwrap_or_else(|| of.clone())
    }

    /// The arguments of a method with its object in front, where the language hands it over so.
    fn with_object(&self, of: &FunctionOf, args: Args, this: Option<&Value>) -> Args {
        let (Some(class), true) = (&of.class, self.library.passes_object()) else { return args };
        let is_of_class = of.function.marks.iter().any(|mark| &**mark == "classmethod");
        let object = match this {
            _ if is_of_class => Known::Type(class.clone()).into(),
            Some(object) if !of.function.is_static => object.clone(),
            _ => return args,
        };
        let mut all = Args::of(vec![object]);
        all.values.extend(args.values);
        all.slots = std::iter::once(None).chain(args.slots).collect();
        all.names = std::iter::once(None).chain(args.names).collect();
        all.rest = args.rest;
        all
    }

    fn bind_params(&mut self, function: &Function, args: &Args, scope: &Rc<Scope>, at: u32) {
        let spot = self.spot(at);
        for (index, param) in function.params.iter().enumerate() {
            if param.variadic {
                let mut array = Array::default();
                for value in args.values.iter().skip(index) {
                    array.push(value.clone());
                }
                if let Some(rest) = &args.rest {
                    array.set_somewhere(rest.clone());
                }
                scope.own(&param.name).replace(Known::Array(Rc::new(array)).into());
                break;
            }
            if param.by_ref
                && let Some(Some(slot)) = args.slots.get(index)
            {
                if matches!(slot.borrow().known, Known::Undefined) {
                    // What the runtime sets is there before anyone writes to it.
                    let set = args.get(index).filter(|value| matches!(value.known, Known::Request(_)));
                    slot.replace(set.cloned().unwrap_or_else(Value::null));
                }
                scope.bind(&param.name, slot.clone());
                continue;
            }
            let given = args.named(&param.name).cloned().or_else(|| {
                let positional = args.names.get(index).is_none_or(Option::is_none);
                args.get(index).filter(|_| positional).cloned()
            });
            let value = match (given, &param.default) {
                (Some(value), _) => value,
                (None, Some(default)) => self.eval(default),
                (None, None) => Value::unknown(),
            };
            let handed = Step::Handed(if function.name.is_empty() { "(function)".into() } else { function.name.clone() });
            let value = Value { taint: value.taint.map(|taint: Taint| taint.step(spot, handed)), ..value };
            let value = self.typed(value, param.of_type.as_deref());
            scope.own(&param.name).replace(value);
        }
    }
}

/// What makes two calls the same, and whether all arguments are known.
fn signature(args: &Args) -> (u64, bool) {
    let mut hasher = DefaultHasher::new();
    let mut all_known = true;
    for value in args.all() {
        std::mem::discriminant(&value.known).hash(&mut hasher);
        match &value.known {
            Known::Bytes(bytes) => bytes.hash(&mut hasher),
            Known::Int(number) => number.hash(&mut hasher),
            Known::Bool(truth) => truth.hash(&mut hasher),
            Known::Float(number) => number.to_bits().hash(&mut hasher),
            Known::Array(array) => {
                array.entries.len().hash(&mut hasher);
                for (key, value) in array.entries.iter().take(16) {
                    key.hash(&mut hasher);
                    std::mem::discriminant(&value.known).hash(&mut hasher);
                    match &value.known {
                        Known::Bytes(bytes) => bytes.hash(&mut hasher),
                        Known::Int(number) => number.hash(&mut hasher),
                        _ => {}
                    }
                }
                all_known &= array.rest.is_none() && array.entries.values().all(Value::is_known);
            }
            Known::Object(object) => {
                Rc::as_ptr(object).hash(&mut hasher);
                all_known = false;
            }
            Known::Function(function) => Rc::as_ptr(function).hash(&mut hasher),
            Known::Null | Known::Type(_) => {}
            _ => all_known = false,
        }
        if let Some(taint) = &value.taint {
            Rc::as_ptr(&taint.trail.source).hash(&mut hasher);
            taint.control.hash(&mut hasher);
        }
    }
    (hasher.finish(), all_known)
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
