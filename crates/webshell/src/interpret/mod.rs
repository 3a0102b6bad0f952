//! Walks a program as the runtime would, on values that may be unknown: constants are computed, data of the request is followed,
//! code that was decoded is walked again. Nothing of it ever leaves this process: no function here does what its namesake does
//! to the world.
//!
//! Where a condition is not known both ways are walked and what they leave is joined. Loops run while their condition is known,
//! within a budget of steps; else their body is walked twice. Functions that nothing calls are walked at the end.

mod args;
mod branch;
mod call;
mod cast;
mod element;
mod entry;
mod exception;
mod expression;
mod fields;
mod generator;
mod grow;
mod jump;
mod layer;
mod magic;
mod method;
mod name;
mod object;
mod operate;
mod own;
mod place;
mod reference;
mod release;
mod runtime;
mod statement;
mod world;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Instant;

use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

use crate::evidence::{Capability, Facts, Hit, Spot, Step, Taint};
use crate::ir::{Class, Function, Name, Offset};
use crate::language::Language;
use crate::library::Library;
use crate::limits::Limits;
use crate::value::{Known, Made, Object, Value};

pub(crate) use args::Args;
pub(crate) use layer::{Layer, Open};
pub(crate) use world::Drop;

/// A place that holds a value. References share it.
pub(crate) type Slot = Rc<Place>;

pub(crate) struct Place {
    value: RefCell<Value>,
    grown: grow::Grown,
    /// The branch in which its old value was last kept.
    kept_in: Cell<u64>,
}

impl Place {
    pub(crate) fn new(value: Value) -> Self {
        Self { value: value.into(), grown: grow::Grown::default(), kept_in: 0.into() }
    }

    pub(crate) fn borrow(&self) -> std::cell::Ref<'_, Value> {
        self.settle();
        self.value.borrow()
    }

    pub(crate) fn replace(&self, value: Value) -> Value {
        self.settle();
        self.value.replace(value)
    }

    fn settle(&self) {
        if self.grown.is_empty() {
            return;
        }
        let mut value = self.value.borrow_mut();
        let bytes = value.only_bytes().map(|bytes| self.grown.settled(bytes));
        value.known = bytes.map_or(Known::Unknown, |bytes| Known::Bytes(bytes.into()));
    }
}

/// Variables by name, and those around them that they see.
#[derive(Default)]
pub(crate) struct Scope {
    pub vars: RefCell<HashMap<Name, Slot>>,
    pub around: Option<Rc<Scope>>,
}

/// What can be called.
pub(crate) enum Callable {
    /// A function of this file.
    Own(Rc<FunctionOf>),
    /// A function by its name.
    Named(Name),
    /// A method of an object or class.
    Bound(Value, Name),
}

/// A function where it is defined.
pub(crate) struct FunctionOf {
    pub function: Rc<Function>,
    pub layer: u16,
    /// The variables that a closure sees or took along.
    pub scope: Option<Rc<Scope>>,
    pub this: Option<Value>,
    pub class: Option<Name>,
    pub called: Cell<u32>,
    /// How often it is being walked right now.
    active: Cell<u32>,
    /// The kinds of arguments of the walks that go on now.
    walking: RefCell<Vec<u64>>,
    /// It has conditions that were not known.
    unsure: Cell<bool>,
    /// Steps that walking it took, and how many were left when the walk began that goes on now.
    spent: Cell<u64>,
    begun: Cell<u64>,
    /// What calls with the same kind of arguments gave, and how often.
    results: RefCell<HashMap<u64, (u32, Value)>>,
}

/// A class where it is defined.
pub(crate) struct ClassOf {
    pub class: Rc<Class>,
    pub layer: u16,
    pub methods: HashMap<Name, Rc<FunctionOf>>,
    pub statics: Scope,
    pub made: Cell<bool>,
}

/// The variables of one call.
#[derive(Default)]
struct Frame {
    scope: Rc<Scope>,
    this: Option<Value>,
    class: Option<Name>,
    /// What it returns, as far as seen.
    result: Option<Value>,
    /// The arguments that it was called with.
    arguments: Vec<Value>,
    name: Name,
    /// The class that the call named, for `static`.
    named_class: Option<Name>,
    /// What a generator gave, and what is sent to it.
    yields: Option<generator::Yields>,
    sent: Option<Value>,
}

/// How a statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break(u32),
    Continue(u32),
    Return,
    /// It goes on at a label.
    Jump,
    /// The page or the exception ends it.
    Leave,
}

/// A comparison of something of the request with a constant: a password, or the name of an action.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    pub taint: Taint,
    pub constant: Rc<[u8]>,
    pub spot: Spot,
    /// The request's side is a hash of what came.
    pub hashed: bool,
}

pub(crate) struct Interpreter<'a> {
    pub language: Language,
    pub library: &'static dyn Library,
    pub limits: &'a Limits,
    pub layers: Vec<Layer>,
    pub layer: u16,
    pub hits: Vec<Hit>,
    pub gates: Vec<Gate>,
    pub notes: Notes,
    /// Opens a file that the page includes or reads, by the path that it gives.
    open: Open<'a>,
    globals: Rc<Scope>,
    frames: Vec<Frame>,
    functions: HashMap<Name, Rc<FunctionOf>>,
    /// Functions that are declared in branches, for calls before these are walked.
    branch_functions: HashMap<Name, Rc<Function>>,
    classes: HashMap<Name, Rc<ClassOf>>,
    statics: HashMap<(usize, Name), Slot>,
    links: Vec<(Rc<Object>, Name, Slot)>,
    /// Objects that are views of a variable: what is written to them is written to it.
    views: Vec<(Rc<Object>, Slot)>,
    mirrors: Vec<reference::Mirror>,
    /// What the way that is walked now has put into members: after it they may be so or not.
    members_here: Vec<(Rc<Object>, Name, Value)>,
    pub(crate) runtime: runtime::Runtime,
    /// What is sent to the generator that is walked next.
    sent: Option<Value>,
    /// The class that the call which is made next names.
    named_class: Option<Name>,
    closures: Vec<Rc<FunctionOf>>,
    /// Objects that may have a destructor.
    destructible: Vec<Value>,
    /// Functions that run at the end of the page.
    later: Vec<(Value, Args)>,
    aliases: HashMap<Name, Name>,
    stand_ins: HashMap<Name, Value>,
    /// The name of some parameter that was read.
    read_request: Option<Rc<str>>,
    echo_taint: Option<Taint>,
    /// Sources that were looked at by a check.
    checks: HashSet<usize>,
    pub upload_checked: bool,
    /// Variables that were read before anything was put into them.
    asked: HashSet<Name>,
    /// What the page's own form and links send, once somebody wants to know.
    fields: Option<HashSet<Box<[u8]>>>,
    written: HashMap<String, Value>,
    /// Pages that the page writes.
    pub drops: Vec<Drop>,
    /// PHP's pointers into arrays, by the place of the array.
    pointers: HashMap<usize, usize>,
    /// How the name of the call that runs now was made.
    callee_made: Made,
    constants: HashMap<Name, Value>,
    /// What the page keeps under names from one request to the next.
    attributes: HashMap<Name, Value>,
    journal: Vec<(Slot, Value)>,
    branches: u32,
    /// How many ways that may or may not be walked ended what is around them.
    maybe_left: u32,
    /// The branch that is walked now, and how many were.
    branch: u64,
    last_branch: u64,
    /// The page or an exception is ending what runs.
    leaving: bool,
    steps: u64,
    /// Steps that each loop took, by its place in the tree.
    loops: HashMap<usize, u64>,
    depth: u32,
    bytes_made: usize,
    deadline: Option<Instant>,
    /// Walking what nothing calls.
    uncalled: bool,
    /// Set by `extract($_GET)` and its like: every variable may come from there.
    flooded: Option<Taint>,
    /// The page's own path, as it may ask for it.
    own_path: String,
}

/// What was seen on the way that is no call.
#[derive(Debug, Default, Clone)]
pub(crate) struct Notes {
    /// The budget of steps, time or memory was used up.
    pub exhausted: bool,
    /// A value that nobody can know is run as code (a decoding that failed, a file that is not here).
    pub unknown_code: Vec<(Spot, Made)>,
    /// Such code is decoded with a key that the visitor sends.
    pub keyed_code: bool,
    /// The name of a function that is called could not be computed, although it is made of constants.
    pub unknown_callee: Vec<Spot>,
    /// The same, with something of the request as an argument.
    pub unknown_callee_asked: Vec<Spot>,
    /// Statements that no parser could read.
    pub unread: u32,
    /// Files that were included.
    pub included: Vec<String>,
    /// Files that are included although their names are not those of code.
    pub unlikely_includes: Vec<(Spot, String, Made)>,
    /// Includes or extends something that is not here.
    pub depends: u32,
    /// Text that is sent as it is.
    pub text_bytes: u64,
}

/// What costs about as much as a step does.
const BYTES_A_STEP: u64 = 16;
const ELEMENTS_A_STEP: u64 = 4;

impl<'a> Interpreter<'a> {
    pub(crate) fn new(language: Language, limits: &'a Limits, open: Open<'a>) -> Self {
        let globals = Rc::new(Scope::default());
        // What another file handled counts for that file.
        crate::value::elements_handled(1);
        let main = Frame { scope: globals.clone(), ..Frame::default() };
        Self {
            language,
            library: crate::library::of(language),
            limits,
            layers: Vec::new(),
            layer: 0,
            hits: Vec::new(),
            gates: Vec::new(),
            notes: Notes::default(),
            open,
            globals,
            frames: vec![main],
            functions: HashMap::default(),
            branch_functions: HashMap::default(),
            classes: HashMap::default(),
            statics: HashMap::default(),
            links: Vec::new(),
            views: Vec::new(),
            mirrors: Vec::new(),
            members_here: Vec::new(),
            runtime: Default::default(),
            sent: None,
            named_class: None,
            closures: Vec::new(),
            destructible: Vec::new(),
            later: Vec::new(),
            aliases: HashMap::default(),
            stand_ins: HashMap::default(),
            read_request: None,
            echo_taint: None,
            checks: Default::default(),
            upload_checked: false,
            asked: Default::default(),
            fields: None,
            written: HashMap::default(),
            drops: Vec::new(),
            pointers: HashMap::default(),
            callee_made: Made::default(),
            constants: HashMap::default(),
            attributes: HashMap::default(),
            journal: Vec::new(),
            branches: 0,
            maybe_left: 0,
            branch: 0,
            last_branch: 0,
            leaving: false,
            steps: limits.steps,
            loops: HashMap::default(),
            depth: 0,
            bytes_made: 0,
            deadline: limits.time.map(|time| Instant::now() + time),
            uncalled: false,
            flooded: None,
            own_path: String::new(),
        }
    }

    pub(crate) fn spot(&self, at: Offset) -> Spot {
        Spot { layer: self.layer, at }
    }

    /// Writes down a dangerous call, if anything decides its argument.
    pub(crate) fn hit(&mut self, capability: Capability, callee: &str, at: Offset, argument: &Value, facts: Facts) {
        let facts = Facts {
            uncalled: self.uncalled,
            decoded: facts.decoded || argument.made.has(Made::DECODED),
            name_computed: facts.name_computed || self.name_computed(),
            also: facts.also || capability == Capability::Command && self.runs_what_it_wrote(argument),
            ..facts
        };
        let taint = argument.deep_taint().filter(|taint| taint.control > crate::evidence::Control::Mark);
        let spot = self.spot(at);
        let shown = shown(argument);
        if let Some(old) = self.hits.iter_mut().find(|hit| hit.spot == spot && hit.capability == capability) {
            let better = Taint::stronger(old.taint.clone(), taint);
            old.taint = better;
            old.facts.also |= facts.also;
            old.facts.served |= facts.served;
            old.facts.name_computed |= facts.name_computed;
            old.facts.name_tainted |= facts.name_tainted;
            old.facts.decoded |= facts.decoded;
            old.facts.uncalled &= facts.uncalled;
            old.facts.checked &= facts.checked;
            return;
        }
        if self.hits.len() < 4000 {
            self.hits.push(Hit { capability, callee: callee.into(), spot, taint, facts, argument: shown });
        }
    }

    /// One step of work. False when the budget is used up.
    fn step(&mut self) -> bool {
        if self.steps == 0 {
            self.notes.exhausted = true;
            return false;
        }
        self.spend(1 + crate::value::elements_handled(ELEMENTS_A_STEP));
        true
    }

    /// Work that grows with the size of a value.
    pub(crate) fn charge(&mut self, size: usize) {
        self.spend(size as u64 / BYTES_A_STEP);
    }

    fn spend(&mut self, steps: u64) {
        let before = self.steps / 4096;
        self.steps = self.steps.saturating_sub(steps);
        if self.steps / 4096 != before && self.deadline.is_some_and(|deadline| Instant::now() > deadline) {
            self.steps = 0;
        }
        self.notes.exhausted |= self.steps == 0;
    }

    /// Counts what a function makes, so that doubling a string in a loop ends.
    pub(crate) fn may_make(&mut self, bytes: usize) -> bool {
        self.bytes_made = self.bytes_made.saturating_add(bytes);
        let fine = bytes <= crate::value::MAX_BYTES && self.bytes_made <= self.limits.made_bytes;
        self.notes.exhausted |= !fine;
        fine
    }

    fn frame(&mut self) -> &mut Frame {
        if self.frames.is_empty() {
            self.frames.push(Frame { scope: self.globals.clone(), ..Frame::default() });
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    pub(crate) fn scope(&self) -> Rc<Scope> {
        self.frames.last().map_or_else(|| self.globals.clone(), |frame| frame.scope.clone())
    }

    /// The scope that a variable of this name belongs to.
    pub(super) fn home(&self, name: &str) -> Rc<Scope> {
        if self.library.is_everywhere(name) { self.globals.clone() } else { self.scope() }
    }

    pub(crate) fn this(&self) -> Option<Value> {
        self.frames.last().and_then(|frame| frame.this.clone())
    }

    /// Every variable that is not set may come from this from now on.
    pub(crate) fn flood(&mut self, taint: Option<Taint>) {
        self.flooded = Taint::stronger(self.flooded.take(), taint);
    }

    /// The page's own path.
    pub(crate) fn own_path(&self) -> String {
        self.own_path.clone()
    }

    pub(crate) fn set_own_path(&mut self, path: &str) {
        self.own_path = path.to_owned();
    }

    pub(crate) fn constant(&self, name: &str) -> Option<Value> {
        self.constants.get(name).cloned()
    }

    pub(crate) fn define(&mut self, name: &str, value: Value) {
        self.constants.insert(name.into(), value);
    }

    pub(crate) fn own_function(&self, name: &str) -> Option<Rc<FunctionOf>> {
        self.functions.get(name.to_lowercase().as_str()).cloned()
    }

    pub(crate) fn own_class(&self, name: &str) -> Option<Rc<ClassOf>> {
        let name = name.rsplit(['\\', '.']).next().unwrap_or(name);
        self.classes.get(name.to_lowercase().as_str()).cloned()
    }

    pub(crate) fn arguments(&self) -> Vec<Value> {
        self.frames.last().map(|frame| frame.arguments.clone()).unwrap_or_default()
    }

    /// A new object of a platform's class that carries what its arguments carry.
    pub(crate) fn carrier(class: &str, args: &[Value]) -> Value {
        let object = Object::new(class);
        for value in args {
            object.take(value.deep_taint());
        }
        Known::Object(Rc::new(object)).into()
    }

    pub(crate) fn through(&self, value: Value, at: Offset, name: &str) -> Value {
        let spot = self.spot(at);
        Value { taint: value.taint.map(|taint| taint.step(spot, Step::Through(name.into()))), ..value }
    }
}

/// A value as it is told to people: known text, or text with a mark where something unknown stands.
fn shown(value: &Value) -> Rc<str> {
    let cut = |bytes: &[u8]| String::from_utf8_lossy(bytes.get(..bytes.len().min(160)).unwrap_or_default()).into_owned();
    match &value.known {
        Known::Bytes(bytes) => cut(bytes).into(),
        Known::Partial(partial) if !partial.prefix.is_empty() || !partial.suffix.is_empty() => {
            let inner = if partial.inner.is_empty() { String::new() } else { format!("{}…", cut(&partial.inner)) };
            format!("{}…{inner}{}", cut(&partial.prefix), cut(&partial.suffix)).into()
        }
        _ => "".into(),
    }
}

impl Scope {
    pub(crate) fn inside(around: Rc<Self>) -> Self {
        Self { vars: RefCell::default(), around: Some(around) }
    }

    pub(crate) fn find(&self, name: &str) -> Option<Slot> {
        if let Some(slot) = self.vars.borrow().get(name) {
            return Some(slot.clone());
        }
        let mut scope = self.around.clone();
        for _ in 0..32 {
            let here = scope?;
            if let Some(slot) = here.vars.borrow().get(name) {
                return Some(slot.clone());
            }
            scope = here.around.clone();
        }
        None
    }

    /// The place of a name, made if it is new.
    pub(crate) fn slot(&self, name: &str) -> Slot {
        self.find(name).unwrap_or_else(|| self.own(name))
    }

    /// The place of a name in this very scope.
    pub(crate) fn own(&self, name: &str) -> Slot {
        if let Some(slot) = self.vars.borrow().get(name) {
            return slot.clone();
        }
        let slot = Rc::new(Place::new(Value::undefined()));
        self.vars.borrow_mut().insert(name.into(), slot.clone());
        slot
    }

    pub(crate) fn bind(&self, name: &str, slot: Slot) {
        self.vars.borrow_mut().insert(name.into(), slot);
    }
}
