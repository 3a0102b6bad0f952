//! Walks functions of this file with the arguments of a call, as often as that may say something new.

use super::call::MAX_FRAMES;
use super::{Args, FunctionOf, Interpreter, Scope};
use crate::evidence::{Capability, Control, Facts, Step, Taint};
use crate::ir::{Function, Name};
use crate::value::{Array, Known, Value};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// How often a function is walked with the same arguments, when not all are known.
const MAX_SAME: u32 = 3;

/// With how many different arguments, when not all are known.
const MAX_DIFFERENT: usize = 60;

/// How deep it may call itself if it counts.
const MAX_COUNTED: u32 = 8;

/// How often when they are.
const MAX_KNOWN: u32 = 50_000;

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
        let jumps = std::mem::take(&mut self.runtime.jumps);
        self.declare(&function.body);
        self.block(&function.body);
        self.runtime.jumps = jumps;
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
    pub(super) fn fits(&self, of: &Rc<FunctionOf>, args: &Args) -> bool {
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
    pub(super) fn overload(&self, of: &Rc<FunctionOf>, args: &Args) -> Rc<FunctionOf> {
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
