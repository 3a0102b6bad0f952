//! A disk in memory that can stop at any step, lose what was not synced, run full, be read-only, and let somebody else act
//! between two steps.
//!
//! What a loss of power may leave is drawn from what the vault has not synced: of a folder's names any number of the latest
//! changes are missing (in their order, as journaling file systems keep it); of a file's content and traits each may be as last
//! synced, as written, cut anywhere, or zeros of the right length.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses a part; a test may panic")]

mod disk;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};
use std::rc::Rc;

use afterpatch_vault::disk::{Times, Traits};
use jiff::Timestamp;

/// What is lost when the run stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The process was killed: the system goes on, nothing is lost.
    Kill,
    /// The power failed, and everything that was not synced is lost.
    Power,
    /// The power failed, and part of it is lost: which part comes from the seed.
    Part(u64),
}

#[derive(Clone)]
enum Op {
    Insert(String, u64),
    Remove(String),
    Rename(String, String),
    Exchange(String, String),
}

#[derive(Clone)]
enum Body {
    File { data: Vec<u8>, durable: Vec<u8> },
    Folder { entries: BTreeMap<String, u64>, durable: BTreeMap<String, u64>, pending: Vec<Op> },
    Link,
}

#[derive(Clone)]
struct Node {
    body: Body,
    traits: Traits,
    durable: Traits,
    links: u64,
}

type Hook = Box<dyn FnOnce(&Simulated)>;

struct State {
    nodes: BTreeMap<u64, Node>,
    next: u64,
    clock: i64,
    steps: u64,
    stop: Option<u64>,
    log: Vec<String>,
    dead: bool,
    room: Option<usize>,
    read_only: bool,
    exchanges: bool,
    locked: bool,
    /// Positions by the switch's name; turned at once, and on the medium when the call returns.
    switches: BTreeMap<String, String>,
    /// Turning one says that it was done, and does nothing.
    stuck: bool,
    hook: Option<(u64, Hook)>,
}

/// The disk.
#[derive(Clone)]
pub struct Simulated(Rc<RefCell<State>>);

/// An open file.
pub struct SimulatedFile {
    disk: Simulated,
    node: u64,
    at: u64,
    name: String,
    append: bool,
    holds_lock: Cell<bool>,
}

impl Simulated {
    pub fn new() -> Self {
        let root = Node {
            body: Body::Folder { entries: BTreeMap::new(), durable: BTreeMap::new(), pending: Vec::new() },
            traits: traits(0, 0o755),
            durable: traits(0, 0o755),
            links: 1,
        };
        Self(Rc::new(RefCell::new(State {
            nodes: BTreeMap::from([(0, root)]),
            next: 1,
            clock: 1000,
            steps: 0,
            stop: None,
            log: Vec::new(),
            dead: false,
            room: None,
            read_only: false,
            exchanges: true,
            locked: false,
            switches: BTreeMap::new(),
            stuck: false,
            hook: None,
        })))
    }

    /// The disk stops at its next `steps`-th step.
    pub fn stop_after(&self, steps: u64) {
        let mut state = self.0.borrow_mut();
        state.stop = Some(state.steps + steps);
    }

    /// Somebody else does something before the next `steps`-th step.
    pub fn at(&self, steps: u64, hook: impl FnOnce(&Self) + 'static) {
        let mut state = self.0.borrow_mut();
        let at = state.steps + steps;
        state.hook = Some((at, Box::new(hook)));
    }

    pub fn steps(&self) -> u64 {
        self.0.borrow().steps
    }

    pub fn log(&self) -> Vec<String> {
        self.0.borrow().log.clone()
    }

    pub fn limit(&self, room: Option<usize>) {
        self.0.borrow_mut().room = room;
    }

    pub fn read_only(&self, yes: bool) {
        self.0.borrow_mut().read_only = yes;
    }

    pub fn without_exchange(self) -> Self {
        self.0.borrow_mut().exchanges = false;
        self
    }

    pub fn used(&self) -> usize {
        self.0.borrow().used()
    }

    /// The disk after a stop.
    pub fn restart(&self, loss: Loss) -> Self {
        let state = self.0.borrow();
        let mut chance = Chance(if let Loss::Part(seed) = loss { seed } else { 0 });
        let mut nodes = state.nodes.clone();
        for node in nodes.values_mut().filter(|_| loss != Loss::Kill) {
            match &mut node.body {
                Body::File { data, durable } => {
                    if data != durable && matches!(loss, Loss::Part(_)) {
                        // What was synced and not written again stays.
                        let kept = data.iter().zip(&*durable).take_while(|(new, old)| new == old).count();
                        let new = data.len() - kept;
                        *durable = match chance.below(4) {
                            0 => durable.clone(),
                            1 => data.clone(),
                            2 => data[..kept + chance.below(new as u64 + 1) as usize].to_vec(),
                            _ => [&data[..kept], &vec![0; new]].concat(),
                        };
                    }
                    *data = durable.clone();
                }
                Body::Folder { entries, durable, pending } => {
                    let kept = if let Loss::Part(_) = loss { chance.below(pending.len() as u64 + 1) } else { 0 };
                    for op in pending.drain(..).take(kept as usize) {
                        apply(durable, &op);
                    }
                    *entries = durable.clone();
                }
                Body::Link => {}
            }
            if loss == Loss::Power || chance.below(2) == 0 {
                node.traits = node.durable.clone();
            }
            node.durable = node.traits.clone();
        }
        let names: Vec<u64> = nodes
            .values()
            .filter_map(|node| if let Body::Folder { entries, .. } = &node.body { Some(entries.values().copied()) } else { None })
            .flatten()
            .collect();
        for (number, node) in &mut nodes {
            node.links = names.iter().filter(|named| *named == number).count() as u64;
        }
        Self(Rc::new(RefCell::new(State {
            nodes,
            next: state.next,
            clock: state.clock + 10,
            steps: 0,
            stop: None,
            log: Vec::new(),
            dead: false,
            room: state.room,
            read_only: false,
            exchanges: state.exchanges,
            locked: false,
            switches: state.switches.clone(),
            stuck: state.stuck,
            hook: None,
        })))
    }

    /// Every file below a path with its content and traits.
    pub fn tree(&self, path: &str) -> BTreeMap<String, (Vec<u8>, Traits)> {
        let mut all = BTreeMap::new();
        let state = self.0.borrow();
        let mut waiting = vec![(path.to_owned(), state.find(Path::new(path)).unwrap())];
        while let Some((path, number)) = waiting.pop() {
            let node = &state.nodes[&number];
            match &node.body {
                Body::Folder { entries, .. } => {
                    waiting.extend(entries.iter().map(|(name, number)| (format!("{path}/{name}"), *number)));
                }
                Body::File { data, .. } => {
                    all.insert(path, (data.clone(), node.traits.clone()));
                }
                Body::Link => {
                    all.insert(path, (b"link".to_vec(), node.traits.clone()));
                }
            }
        }
        all
    }

    /// Puts a switch there, or turns it, without counting steps; `None` takes it away.
    pub fn plant_switch(&self, name: &str, position: Option<&str>) {
        let switches = &mut self.0.borrow_mut().switches;
        match position {
            Some(position) => switches.insert(name.to_owned(), position.to_owned()),
            None => switches.remove(name),
        };
    }

    /// From now on no switch can be turned, and nobody says so.
    pub fn jam_switches(&self) {
        self.0.borrow_mut().stuck = true;
    }

    /// Where a switch stands.
    pub fn switch(&self, name: &str) -> Option<String> {
        self.0.borrow().switches.get(name).cloned()
    }

    /// When a folder was last changed.
    pub fn folder_modified(&self, path: &str) -> Timestamp {
        let state = self.0.borrow();
        state.nodes[&state.find(Path::new(path)).unwrap()].traits.times.modified
    }

    /// Puts a folder there, synced, without counting steps.
    pub fn plant_folder(&self, path: &str) {
        self.plant(path, Body::Folder { entries: BTreeMap::new(), durable: BTreeMap::new(), pending: Vec::new() }, 0o755);
    }

    /// Puts a file there, synced, without counting steps; what was there under that name is forgotten.
    pub fn plant_file(&self, path: &str, content: &[u8]) {
        self.plant(path, Body::File { data: content.to_vec(), durable: content.to_vec() }, 0o640);
    }

    pub fn plant_link(&self, path: &str) {
        self.plant(path, Body::Link, 0o777);
    }

    /// Writes into the file that is there.
    pub fn scribble(&self, path: &str, content: &[u8]) {
        let mut state = self.0.borrow_mut();
        state.clock += 1;
        let (Some(number), now) = (state.find(Path::new(path)), time(state.clock)) else { return };
        let node = state.nodes.get_mut(&number).unwrap();
        node.body = Body::File { data: content.to_vec(), durable: content.to_vec() };
        node.traits.times.modified = now;
        node.durable = node.traits.clone();
    }

    fn plant(&self, path: &str, body: Body, mode: u32) {
        let mut state = self.0.borrow_mut();
        let path = Path::new(path);
        let parent = state.find(path.parent().unwrap()).unwrap();
        let (number, now) = (state.next, state.clock);
        state.next += 1;
        state.clock += 1;
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        state.nodes.insert(number, Node { body, traits: traits(now, mode), durable: traits(now, mode), links: 1 });
        let parent = state.nodes.get_mut(&parent).unwrap();
        if let Body::Folder { entries, durable, .. } = &mut parent.body {
            entries.insert(name.clone(), number);
            durable.insert(name, number);
        }
        parent.traits.times.modified = time(now);
        parent.durable = parent.traits.clone();
    }

    fn alive(&self) -> io::Result<()> {
        if self.0.borrow().dead { Err(io::Error::other("the run has stopped")) } else { Ok(()) }
    }

    /// One step that changes something: here the run may stop.
    fn step(&self, label: String) -> io::Result<()> {
        self.alive()?;
        let hook = {
            let mut state = self.0.borrow_mut();
            if state.hook.as_ref().is_some_and(|(at, _)| *at == state.steps) { state.hook.take() } else { None }
        };
        if let Some((_, hook)) = hook {
            hook(self);
        }
        let mut state = self.0.borrow_mut();
        if state.stop == Some(state.steps) {
            state.dead = true;
            return Err(io::Error::other("the run has stopped"));
        }
        state.steps += 1;
        state.clock += 1;
        state.log.push(label);
        if state.read_only {
            return Err(ErrorKind::ReadOnlyFilesystem.into());
        }
        Ok(())
    }

    fn change_entries<T>(
        &self,
        folder: u64,
        work: impl FnOnce(&mut State, &mut BTreeMap<String, u64>) -> io::Result<(Op, T)>,
    ) -> io::Result<T> {
        let mut state = self.0.borrow_mut();
        let Some(Node { body: Body::Folder { entries, .. }, .. }) = state.nodes.get(&folder) else {
            return Err(ErrorKind::NotADirectory.into());
        };
        let mut changed = entries.clone();
        let (op, value) = work(&mut state, &mut changed)?;
        let now = time(state.clock);
        let node = state.nodes.get_mut(&folder).unwrap();
        node.traits.times.modified = now;
        if let Body::Folder { entries, pending, .. } = &mut node.body {
            *entries = changed;
            pending.push(op);
        }
        Ok(value)
    }

    fn open_node(&self, folder: u64, name: &str, append: bool) -> io::Result<SimulatedFile> {
        self.alive()?;
        let state = self.0.borrow();
        let number = state.entry(folder, name).ok_or(ErrorKind::NotFound)?;
        match state.nodes[&number].body {
            Body::File { .. } => Ok(SimulatedFile {
                disk: self.clone(),
                node: number,
                at: 0,
                name: name.to_owned(),
                append,
                holds_lock: Cell::new(false),
            }),
            _ => Err(io::Error::other("not a plain file")),
        }
    }
}

impl State {
    fn find(&self, path: &Path) -> Option<u64> {
        path.components().try_fold(0, |at, part| match part {
            Component::Normal(name) => self.entry(at, name.to_str()?),
            _ => Some(at),
        })
    }

    fn entry(&self, folder: u64, name: &str) -> Option<u64> {
        match &self.nodes[&folder].body {
            Body::Folder { entries, .. } => entries.get(name).copied(),
            _ => None,
        }
    }

    fn used(&self) -> usize {
        let size = |node: &Node| if let Body::File { data, .. } = &node.body { data.len() } else { 0 };
        self.nodes.values().filter(|node| node.links > 0).map(size).sum()
    }
}

fn apply(entries: &mut BTreeMap<String, u64>, op: &Op) -> bool {
    match op {
        Op::Insert(name, number) => {
            entries.insert(name.clone(), *number);
            true
        }
        Op::Remove(name) => entries.remove(name).is_some(),
        Op::Rename(from, to) => entries.remove(from).is_some_and(|number| {
            entries.insert(to.clone(), number);
            true
        }),
        Op::Exchange(one, other) => {
            let (first, second) = (entries.remove(one), entries.remove(other));
            entries.extend(second.map(|number| (one.clone(), number)));
            entries.extend(first.map(|number| (other.clone(), number)));
            true
        }
    }
}

fn traits(clock: i64, mode: u32) -> Traits {
    let times = Times { accessed: time(clock), modified: time(clock) };
    Traits { mode, owner: 33, group: 33, times, extended: Vec::new() }
}

fn time(clock: i64) -> Timestamp {
    Timestamp::new(clock, 123_456_789).unwrap()
}

/// Numbers that look drawn by lot, the same for the same seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}
