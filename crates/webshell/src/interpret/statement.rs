//! Statements.

use std::rc::Rc;

use super::{Flow, Interpreter};
use crate::evidence::{Step, Taint};
use crate::ir::{Block, Each, Expr, Kind, Loop, Stmt};
use crate::value::{Array, Key, Known, Value};

/// Iterations of a loop that is known to go on.
const MAX_ROUNDS: u32 = 400_000;

/// Steps of a loop in which conditions are not known.
const MAX_UNSURE: u64 = 100_000;

impl Interpreter<'_> {
    /// Makes known what a block declares, which may be used before.
    pub(super) fn declare(&mut self, block: &Block) {
        for statement in block {
            match statement {
                Stmt::Function(function) => self.declare_function(function),
                Stmt::Class(class) => self.declare_class(class),
                Stmt::Block(block) => self.declare(block),
                _ => {}
            }
        }
    }

    pub(super) fn block(&mut self, block: &Block) -> Flow {
        let flow = self.statements(block);
        if self.runtime.jumps.is_empty() { flow } else { self.follow_jumps(block, flow) }
    }

    pub(super) fn statements(&mut self, block: &[Stmt]) -> Flow {
        for statement in block {
            let flow = self.one(statement);
            if flow != Flow::Next {
                return flow;
            }
        }
        Flow::Next
    }

    /// Walks statements up to the one that leaves them: its place.
    pub(super) fn block_from(&mut self, block: &[Stmt]) -> Option<usize> {
        block.iter().position(|statement| self.one(statement) != Flow::Next)
    }

    fn one(&mut self, statement: &Stmt) -> Flow {
        if !self.step() {
            return Flow::Leave;
        }
        match self.statement(statement) {
            Flow::Next if self.leaving => Flow::Leave,
            flow => flow,
        }
    }

    fn statement(&mut self, statement: &Stmt) -> Flow {
        match statement {
            Stmt::Expr(expr) => {
                self.effect(expr);
                self.ended()
            }
            Stmt::Let(name, of_type, value, at) => {
                let value = match value {
                    Some(value) => self.eval(value),
                    None => self.library.blank(of_type.as_deref().unwrap_or_default()),
                };
                let spot = self.spot(*at);
                let value = Value { taint: value.taint.map(|taint| taint.step(spot, Step::Kept(name.clone()))), ..value };
                let value = self.typed(value, of_type.as_deref());
                let value = self.library.stored(name, value);
                let slot = self.scope().own(name);
                self.put(&slot, value);
                self.ended()
            }
            Stmt::If(condition, then, otherwise) => self.if_else(condition, then, otherwise),
            Stmt::Loop(of) => self.loop_while(of),
            Stmt::Each(of) => self.each(of),
            Stmt::Switch(subject, cases) => self.switch(subject, cases),
            Stmt::Try { body, catches, finally } => self.try_catch(body, catches, finally),
            Stmt::Return(value) => {
                let value = value.as_ref().map_or_else(Value::null, |value| self.eval(value));
                self.returns(value);
                Flow::Return
            }
            Stmt::Throw(value) => {
                let value = self.eval(value);
                self.throw(value);
                Flow::Leave
            }
            Stmt::Break(count) => Flow::Break(*count),
            Stmt::Continue(count) => Flow::Continue(*count),
            Stmt::Block(block) => {
                self.declare(block);
                self.block(block)
            }
            Stmt::Function(function) => {
                self.declare_function(function);
                Flow::Next
            }
            Stmt::Class(class) => {
                self.declare_class(class);
                Flow::Next
            }
            Stmt::Global(names) => {
                let scope = self.scope();
                for name in names {
                    scope.bind(name, self.globals.own(name));
                }
                Flow::Next
            }
            Stmt::StaticVar(name, value) => {
                let key = (Rc::as_ptr(&self.frame().name).cast::<u8>() as usize, name.clone());
                let slot = match self.statics.get(&key) {
                    Some(slot) => slot.clone(),
                    None => {
                        let value = value.as_ref().map_or_else(Value::null, |value| self.eval(value));
                        let slot = Rc::new(super::Place::new(value));
                        self.statics.insert(key, slot.clone());
                        slot
                    }
                };
                self.scope().bind(name, slot);
                Flow::Next
            }
            Stmt::Unset(targets) => {
                for target in targets {
                    self.unset(target);
                }
                Flow::Next
            }
            Stmt::Label(_) => Flow::Next,
            Stmt::Goto(label) => {
                self.runtime.jumps.push(label.clone());
                Flow::Jump
            }
            Stmt::Text(length) => {
                self.notes.text_bytes = self.notes.text_bytes.saturating_add(u64::from(*length));
                Flow::Next
            }
            Stmt::Unread(_) => {
                self.notes.unread = self.notes.unread.saturating_add(1);
                Flow::Next
            }
        }
    }

    fn ended(&self) -> Flow {
        if self.leaving { Flow::Leave } else { Flow::Next }
    }

    fn returns(&mut self, value: Value) {
        let value = match self.frame().result.take() {
            Some(before) => Value::either(&before, &value),
            None => value,
        };
        self.frame().result = Some(value);
    }

    /// A block that may be left by something that ends the page: in a branch that ends only the branch.
    pub(super) fn way(&mut self, block: &Block, flow: &mut Flow) -> bool {
        self.declare(block);
        *flow = self.block(block);
        self.leaving = false;
        if self.notes.exhausted && self.steps == 0 {
            return true;
        }
        self.maybe_left += u32::from(matches!(*flow, Flow::Break(_) | Flow::Return | Flow::Jump | Flow::Leave));
        // A break or continue leaves values behind for what comes after the loop.
        !matches!(*flow, Flow::Return | Flow::Jump | Flow::Leave)
    }

    fn if_else(&mut self, condition: &Expr, then: &Block, otherwise: &Block) -> Flow {
        let value = self.eval(condition);
        if self.leaving {
            return Flow::Leave;
        }
        match value.truth() {
            Some(true) => {
                self.declare(then);
                return self.block(then);
            }
            Some(false) => {
                self.declare(otherwise);
                return self.block(otherwise);
            }
            None => {}
        }
        let (mut one, mut other) = (Flow::Next, Flow::Next);
        let out = self.ways(&mut [&mut |it| it.way(then, &mut one), &mut |it| it.way(otherwise, &mut other)], false);
        if out {
            // If both ways end the round of a loop, so does the statement.
            return if one == other && one != Flow::Next { one } else { Flow::Next };
        }
        if one == Flow::Jump || other == Flow::Jump {
            return Flow::Jump;
        }
        if one == Flow::Return || other == Flow::Return { Flow::Return } else { self.leave() }
    }

    fn leave(&mut self) -> Flow {
        self.leaving = true;
        Flow::Leave
    }

    /// An expression whose value nobody uses.
    fn effect(&mut self, expr: &Expr) {
        if self.grow(expr) {
            return;
        }
        // A variable alone asks for nothing.
        if matches!(expr.kind, Kind::Var(_)) && self.library.is_php() {
            return;
        }
        self.eval(expr);
    }

    /// How many steps a loop may still take: one may not use up what all the rest of the page needs.
    fn left_for(&self, of: &Loop) -> u64 {
        let spent = self.loops.get(&std::ptr::from_ref(of).addr()).copied().unwrap_or_default();
        (self.limits.steps / 3).saturating_sub(spent)
    }

    fn loop_while(&mut self, of: &Loop) -> Flow {
        for expr in &of.init {
            self.eval(expr);
        }
        let begun = self.steps;
        let flow = self.rounds(of);
        let spent = self.loops.entry(std::ptr::from_ref(of).addr()).or_default();
        *spent = spent.saturating_add(begun.saturating_sub(self.steps));
        flow
    }

    fn rounds(&mut self, of: &Loop) -> Flow {
        let left = self.left_for(of);
        let spent = (self.limits.steps / 3).saturating_sub(left);
        let mut unsure = 0;
        let mut rounds = 0;
        let mut first = of.body_first;
        let is_endless = of.condition.as_ref().is_none_or(|condition| matches!(condition.kind, Kind::Literal(_)));
        let mut may_end = 0;
        let begun = self.steps;
        loop {
            if self.leaving {
                return Flow::Leave;
            }
            // An endless loop that some condition leaves which is not known: walked through twice, like others of that kind.
            if is_endless && may_end > 2 {
                return self.ended();
            }
            let maybe_left = self.maybe_left;
            // What a loop computes in which conditions are not known is not known either, however often it is walked.
            if unsure > 2 && spent.saturating_add(begun.saturating_sub(self.steps)) > MAX_UNSURE {
                return self.rounds_unknown(&of.body, of.condition.as_ref(), &of.step);
            }
            let branch = self.last_branch;
            if begun.saturating_sub(self.steps) > left {
                return self.rounds_unknown(&of.body, of.condition.as_ref(), &of.step);
            }
            let truth = match &of.condition {
                _ if std::mem::take(&mut first) => Some(true),
                Some(condition) => self.eval(condition).truth(),
                None => Some(true),
            };
            match truth {
                Some(false) => return self.ended(),
                Some(true) if rounds < MAX_ROUNDS => {
                    rounds += 1;
                    match self.block(&of.body) {
                        Flow::Break(count) if count <= 1 => return Flow::Next,
                        Flow::Break(count) => return Flow::Break(count - 1),
                        Flow::Continue(count) if count > 1 => return Flow::Continue(count - 1),
                        Flow::Next | Flow::Continue(_) => {}
                        flow => return flow,
                    }
                    for expr in &of.step {
                        self.eval(expr);
                    }
                    // An endless loop that is left by a condition which is not known was walked through once.
                    if is_endless && rounds > 1000 || !self.step() {
                        return self.ended();
                    }
                    may_end += u32::from(self.maybe_left != maybe_left);
                    unsure += u32::from(self.last_branch != branch);
                }
                _ => return self.rounds_unknown(&of.body, of.condition.as_ref(), &of.step),
            }
        }
    }

    /// A loop that runs nobody knows how often: twice, so that what one round leaves comes into the next.
    fn rounds_unknown(&mut self, body: &Block, condition: Option<&Expr>, step: &[Expr]) -> Flow {
        for _ in 0..2 {
            let mut flow = Flow::Next;
            self.ways(
                &mut [&mut |it| {
                    let out = it.way(body, &mut flow);
                    for expr in step {
                        it.eval(expr);
                    }
                    if let Some(condition) = condition {
                        it.eval(condition);
                    }
                    out
                }],
                true,
            );
        }
        Flow::Next
    }

    fn each(&mut self, of: &Each) -> Flow {
        let mut subject = self.eval(&of.subject);
        if self.leaving {
            return Flow::Leave;
        }
        if self.library.is_php() && matches!(subject.known, Known::Object(_)) {
            subject.known = Known::Array(Rc::new(self.elements(&subject)));
        }
        let known = match &subject.known {
            Known::Array(array) if array.rest.is_none() => Some(array.clone()),
            // Strings are walked by their characters where the language does so.
            Known::Bytes(bytes) if !self.library.is_php() && bytes.len() < 100_000 => {
                let mut array = Array::default();
                for byte in bytes.iter() {
                    array.push(self.library.character(*byte));
                }
                Some(Rc::new(array))
            }
            Known::Object(object) => self.library.elements(object).filter(|array| array.rest.is_none()),
            _ => None,
        };
        if let Some(array) = known {
            for (key, value) in &array.entries {
                if !self.step() {
                    return Flow::Leave;
                }
                let value = value.clone().with_taint(subject.taint.clone()).with(subject.made);
                if let Some(target) = &of.key {
                    self.assign(target, key.value());
                }
                self.assign(&of.value, value);
                match self.block(&of.body) {
                    Flow::Break(count) if count <= 1 => return Flow::Next,
                    Flow::Break(count) => return Flow::Break(count - 1),
                    Flow::Continue(count) if count > 1 => return Flow::Continue(count - 1),
                    Flow::Next | Flow::Continue(_) => {}
                    flow => return flow,
                }
                if of.by_ref {
                    let value = self.eval(&of.value);
                    if let (Kind::Var(_), Some(now)) = (&of.subject.kind, self.array_of(&of.subject)) {
                        let mut now = (*now).clone();
                        now.set(key.clone(), value);
                        self.assign(&of.subject, Known::Array(Rc::new(now)).into());
                    }
                }
            }
            return Flow::Next;
        }
        let (key, value) = self.element_of(&subject, of.at);
        for _ in 0..2 {
            let mut flow = Flow::Next;
            self.ways(
                &mut [&mut |it| {
                    if let Some(target) = &of.key {
                        it.assign(target, key.clone());
                    }
                    it.assign(&of.value, value.clone());
                    let out = it.way(&of.body, &mut flow);
                    if of.by_ref {
                        let value = it.eval(&of.value);
                        let whole = it.eval(&of.subject).with_taint(value.taint);
                        it.assign(&of.subject, whole);
                    }
                    out
                }],
                true,
            );
        }
        Flow::Next
    }

    fn array_of(&mut self, expr: &Expr) -> Option<Rc<Array>> {
        match self.eval(expr).known {
            Known::Array(array) => Some(array),
            _ => None,
        }
    }

    /// Key and value of some element of something that is not wholly known.
    fn element_of(&mut self, subject: &Value, at: u32) -> (Value, Value) {
        let spot = self.spot(at);
        match &subject.known {
            Known::Request(part) => {
                let taint = Taint::source(part.kind(), "", spot);
                let value = match part {
                    crate::value::Part::Files => Known::Request(crate::value::Part::File).into(),
                    _ => Value::tainted(taint.clone()),
                };
                (Value::tainted(taint), value)
            }
            Known::Array(array) => {
                // What was the request has its elements behind those that were written.
                let mut some: Option<Value> = array.rest.as_deref().map(|rest| match &rest.known {
                    Known::Request(part) => self.of_request(*part, None, at),
                    _ => rest.clone(),
                });
                for value in array.entries.values() {
                    some = Some(some.map_or_else(|| value.clone(), |some| Value::either(&some, value)));
                }
                // A key that is not known may be what the array's own taint comes from.
                (Value::unknown().with_taint(subject.taint.clone()), some.unwrap_or_default().with_taint(subject.taint.clone()))
            }
            Known::Object(object) => {
                let some = self.library.element(self, object, None, at);
                (Value::unknown(), some.unwrap_or_else(|| Value::unknown().with_taint(subject.deep_taint())))
            }
            _ => {
                let value = Value { known: Known::Unknown, taint: subject.taint.clone(), made: subject.made };
                (Value::unknown().with_taint(subject.taint.clone()), value)
            }
        }
    }

    fn switch(&mut self, subject: &Expr, cases: &[(Vec<Expr>, Block)]) -> Flow {
        let subject = self.eval(subject);
        let mut chosen = None;
        let mut certain = subject.is_known();
        for (index, (patterns, _)) in cases.iter().enumerate() {
            for pattern in patterns {
                let pattern = self.eval(pattern);
                match self.equal(&subject, &pattern) {
                    Some(true) if certain && chosen.is_none() => chosen = Some(index),
                    Some(_) => {}
                    None => certain = false,
                }
                self.gate(&subject, &pattern, 0);
            }
        }
        if certain {
            let start = chosen.or_else(|| cases.iter().position(|(patterns, _)| patterns.is_empty()));
            let Some(start) = start else { return Flow::Next };
            for (_, block) in cases.iter().skip(start) {
                match self.block(block) {
                    Flow::Break(count) if count <= 1 => return Flow::Next,
                    Flow::Break(count) => return Flow::Break(count - 1),
                    Flow::Next => {}
                    flow => return flow,
                }
            }
            return Flow::Next;
        }
        let has_default = cases.iter().any(|(patterns, _)| patterns.is_empty());
        #[allow(clippy::type_complexity, reason = "a list of ways, as `ways` takes them")]
        let mut ways: Vec<Box<dyn FnMut(&mut Self) -> bool>> = Vec::new();
        for index in 0..cases.len() {
            ways.push(Box::new(move |it: &mut Self| {
                // An empty case falls into the next.
                for (_, block) in cases.iter().skip(index) {
                    let mut flow = Flow::Next;
                    let out = it.way(block, &mut flow);
                    if !out || flow != Flow::Next || !block.is_empty() {
                        return out;
                    }
                }
                true
            }));
        }
        let mut borrowed: Vec<&mut dyn FnMut(&mut Self) -> bool> = ways.iter_mut().map(|way| &mut **way as _).collect();
        // Whether all ways return is not followed: what comes after is walked in any case.
        self.ways(&mut borrowed, !has_default);
        Flow::Next
    }

    /// What walking an array's keys gives, for callers in libraries.
    pub(crate) fn keys(array: &Array) -> Vec<Value> {
        array.entries.keys().map(Key::value).collect()
    }
}
