//! Statements.

use std::rc::Rc;

use super::lexer::{Sort, sign};
use super::{Parser, name};
use crate::ir::{Block, Each, Expr, Function, Kind, Literal, Loop, Name, Param, Stmt, Unary};
use crate::parse::bounds::{Arm, join_arms};

impl Parser<'_> {
    pub(super) fn statement(&mut self, out: &mut Block) {
        let before = self.bounds.begin();
        let cut = std::mem::take(&mut self.bounds.cut);
        let at = self.offset();
        self.labelled(out);
        if self.bounds.cut {
            out.push(Stmt::Unread(at));
        }
        self.bounds.cut = cut;
        self.label = None;
        self.bounds.end(before);
    }

    fn labelled(&mut self, out: &mut Block) {
        // `LABEL:`, but neither `a::b` nor `a ? b : c`.
        while self.sort() == Sort::Word && self.ahead(1) == sign(b":") && self.ahead(2) != sign(b":") {
            self.label = Some(name(self.bytes()));
            self.bump();
            self.bump();
        }
        match self.sort() {
            Sort::Sign([b';', 0, 0]) => {
                self.bump();
                return;
            }
            Sort::Sign([b'{', 0, 0]) => {
                // A bare block is a loop that runs once, as `last` sees it.
                let label = self.label.take();
                self.loops.push(label);
                let mut body = self.block();
                self.loops.pop();
                body.push(Stmt::Break(1));
                out.push(Stmt::Loop(Box::new(Loop {
                    init: Vec::new(),
                    condition: None,
                    step: Vec::new(),
                    body,
                    body_first: false,
                })));
                return;
            }
            Sort::Sign([b'}', 0, 0]) | Sort::Nothing => return,
            _ => {}
        }
        let fat = self.sort() == Sort::Word && self.is_string_word();
        match self.word() {
            _ if fat => self.simple(out),
            b"sub" if self.ahead(1) == Sort::Word => self.function(out),
            b"if" | b"unless" => self.if_block(out),
            b"while" | b"until" => self.while_block(out),
            b"for" | b"foreach" => self.for_block(out),
            b"package" => {
                self.bump();
                self.bump();
                // `package A {…}`.
                if self.is(b"{") {
                    out.append(&mut self.block());
                }
            }
            b"use" | b"no" => self.skip_statement(),
            b"BEGIN" | b"END" | b"INIT" | b"CHECK" | b"UNITCHECK" if self.ahead(1) == sign(b"{") => {
                self.bump();
                out.append(&mut self.block());
            }
            b"eval" if self.ahead(1) == sign(b"{") && self.block_is_all(1) => {
                self.bump();
                let body = self.block();
                out.push(Stmt::Try { body, catches: vec![(None, Block::new())], finally: Block::new() });
            }
            b"do" if self.ahead(1) == sign(b"{") => self.do_block(out),
            _ => self.simple(out),
        }
    }

    /// Whether the statement ends behind the block that begins so many tokens on. The look ahead is short: blocks that are
    /// longer mostly stand alone.
    fn block_is_all(&self, from: usize) -> bool {
        const FAR: usize = 200;
        let mut open = 0_u32;
        for ahead in from..from + FAR {
            match self.ahead(ahead) {
                Sort::Nothing => return true,
                Sort::Sign([b'{', 0, 0]) => open += 1,
                Sort::Sign([b'}', 0, 0]) => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return matches!(self.ahead(ahead + 1), Sort::Nothing | Sort::Sign([b';' | b'}', 0, 0]));
                    }
                }
                _ => {}
            }
        }
        true
    }

    /// `{…}`; stands at the brace.
    pub(super) fn block(&mut self) -> Block {
        let mut out = Block::new();
        if !self.bounds.enter() {
            return out;
        }
        let brackets = std::mem::take(&mut self.brackets);
        if self.eat(b"{") {
            while !self.is(b"}") && self.sort() != Sort::Nothing {
                let before = self.at;
                self.statement(&mut out);
                if self.at == before {
                    self.unread(&mut out);
                    self.bump();
                }
            }
            self.eat(b"}");
        }
        self.brackets = brackets;
        self.bounds.leave();
        out
    }

    fn loop_body(&mut self) -> Block {
        let label = self.label.take();
        self.loops.push(label);
        let body = self.block();
        self.loops.pop();
        body
    }

    pub(super) fn function_body(&mut self) -> Block {
        let before = self.bounds.begin();
        let loops = std::mem::take(&mut self.loops);
        let outer = std::mem::replace(&mut self.in_function, true);
        let body = self.declaring(|parser| returning(parser.block()));
        self.in_function = outer;
        self.loops = loops;
        self.bounds.end(before);
        body
    }

    fn function(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let name = name(self.bytes());
        self.bump();
        let params = self.params();
        // `sub a : method`.
        while self.eat(b":") {
            self.bump();
        }
        // A declaration only.
        if self.is(b";") {
            return;
        }
        let body = self.function_body();
        out.push(Stmt::Function(Rc::new(Function {
            name,
            params,
            body,
            uses: Vec::new(),
            captures: false,
            is_static: false,
            marks: Vec::new(),
            returns_name: false,
            at,
        })));
    }

    /// A signature; of a prototype nothing remains.
    pub(super) fn params(&mut self) -> Vec<Param> {
        let mut params = Vec::new();
        if !self.eat(b"(") {
            return params;
        }
        while !self.eat(b")") && !self.at_end() && !self.is(b"{") {
            let param = match self.sort() {
                Sort::Scalar => Some((name(self.bytes()), false)),
                Sort::Array => Some((super::sigiled('@', self.bytes()), true)),
                Sort::Hash => Some((super::sigiled('%', self.bytes()), true)),
                _ => None,
            };
            self.bump();
            // `$)` and `$;` of prototypes are read as variables.
            let Some((name, variadic)) = param else { continue };
            if !name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '@' | '%')) {
                if &*name == ")" {
                    return params;
                }
                continue;
            }
            let default = if self.eat(b"=") || self.eat(b"//=") { Some(self.element()) } else { None };
            params.push(Param { name, of_type: None, default, by_ref: false, variadic });
        }
        params
    }

    /// `(condition)`.
    fn condition(&mut self) -> Expr {
        let at = self.offset();
        if !self.eat(b"(") {
            return Expr::null(at);
        }
        let condition = if self.is(b")") { Expr::new(at, Kind::Literal(Literal::Bool(true))) } else { self.expression() };
        self.close(b")");
        condition
    }

    fn if_block(&mut self, out: &mut Block) {
        let not = self.word() == b"unless";
        self.bump();
        let condition = self.condition();
        let condition = if not { negated(condition) } else { condition };
        let mut arms = vec![Arm { condition, body: self.block(), nested: true }];
        let mut deeper = 0;
        while matches!(self.word(), b"elsif" | b"elseif") || self.word() == b"else" && self.word_ahead(1) == b"if" {
            self.at += if self.word() == b"else" { 2 } else { 1 };
            let before = self.bounds.begin();
            let condition = self.condition();
            self.bounds.end(before);
            let nested = self.bounds.roomy() && self.bounds.enter();
            deeper += usize::from(nested);
            arms.push(Arm { condition, body: self.block(), nested });
        }
        let otherwise = if self.eat_word(b"else") { self.block() } else { Block::new() };
        for _ in 0..deeper {
            self.bounds.leave();
        }
        out.append(&mut join_arms(arms, otherwise));
    }

    fn while_block(&mut self, out: &mut Block) {
        let not = self.word() == b"until";
        self.bump();
        let condition = reading(self.condition());
        let condition = Some(if not { negated(condition) } else { condition });
        let mut body = self.loop_body();
        if self.eat_word(b"continue") {
            body.append(&mut self.block());
        }
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
    }

    fn for_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let mut value = Expr::new(at, Kind::Var("_".into()));
        let declares = matches!(self.word(), b"my" | b"state");
        if declares || matches!(self.word(), b"our" | b"local") {
            self.bump();
        }
        if self.sort() == Sort::Scalar {
            value = Expr::new(self.offset(), Kind::Var(name(self.bytes())));
            self.bump();
            if declares {
                self.declare(&value);
            }
        }
        let subject = if self.eat(b"(") {
            let first = if self.is(b";") || self.is(b")") { None } else { Some(self.expression()) };
            if self.eat(b";") {
                let condition = if self.is(b";") { None } else { Some(reading(self.expression())) };
                self.eat(b";");
                let step = if self.is(b")") { None } else { Some(self.expression()) };
                self.close(b")");
                let body = self.loop_body();
                let (init, step) = (first.into_iter().collect(), step.into_iter().collect());
                out.push(Stmt::Loop(Box::new(Loop { init, condition, step, body, body_first: false })));
                return;
            }
            self.close(b")");
            first.unwrap_or_else(|| Expr::new(at, Kind::List(Vec::new())))
        } else {
            // `for my $a qw(b c) {`.
            self.element()
        };
        let mut body = self.loop_body();
        if self.eat_word(b"continue") {
            body.append(&mut self.block());
        }
        out.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: true, body, at })));
    }

    /// `do {…} while a`, `do {…}`.
    fn do_block(&mut self, out: &mut Block) {
        if !self.block_is_all(1) && !self.loop_follows() {
            return self.simple(out);
        }
        self.bump();
        let body = self.loop_body();
        let condition = match self.word() {
            b"while" | b"until" => {
                let not = self.word() == b"until";
                self.bump();
                let condition = self.expression();
                Some(if not { negated(condition) } else { condition })
            }
            _ => None,
        };
        if condition.is_none() {
            out.push(Stmt::Block(body));
        } else {
            out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: true })));
        }
    }

    /// Whether `while` follows the block of this `do`; looks only so far as [`block_is_all`](Self::block_is_all).
    fn loop_follows(&self) -> bool {
        let mut open = 0_u32;
        for ahead in 1..200 {
            match self.ahead(ahead) {
                Sort::Sign([b'{', 0, 0]) => open += 1,
                Sort::Sign([b'}', 0, 0]) => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return matches!(self.word_ahead(ahead + 1), b"while" | b"until");
                    }
                }
                Sort::Nothing => return false,
                _ => {}
            }
        }
        true
    }

    /// A statement without a block, and the condition behind it.
    fn simple(&mut self, out: &mut Block) {
        let at = self.offset();
        let mut inner = Block::new();
        if !self.control(&mut inner) {
            let declares = matches!(self.word(), b"my" | b"state");
            let from = self.at;
            let value = self.expression();
            if self.at == from {
                self.unread(out);
                self.skip_statement();
                self.eat(b";");
                return;
            }
            self.alternatives(value, declares, out, &mut inner);
        }
        self.modifiers(at, &mut inner);
        out.append(&mut inner);
        if !self.at_end() {
            self.unread(out);
            self.skip_statement();
        }
        self.eat(b";");
    }

    /// `return`, `next`, `last`: statements that may also stand behind `or`.
    fn control(&mut self, out: &mut Block) -> bool {
        if self.sort() == Sort::Word && self.is_string_word() {
            return false;
        }
        let word = self.word();
        match word {
            b"return" => {
                self.bump();
                let ends = self.at_end() || self.at_modifier();
                // Behind it even `or` is never reached.
                let value = if ends { None } else { Some(self.expression()) };
                out.push(Stmt::Return(value));
            }
            b"next" | b"last" | b"redo" => {
                self.bump();
                let mut count = 1;
                if self.sort() == Sort::Word && !self.at_modifier() {
                    let label = name(self.bytes());
                    let inner = self.loops.iter().rev().position(|each| each.as_ref() == Some(&label)).unwrap_or(0);
                    count = u32::try_from(inner).unwrap_or(u32::MAX).saturating_add(1);
                    self.bump();
                }
                out.push(if word == b"last" { Stmt::Break(count) } else { Stmt::Continue(count) });
            }
            _ => return false,
        }
        true
    }

    /// `… or next`, `… and return`.
    fn alternatives(&mut self, value: Expr, declares: bool, out: &mut Block, inner: &mut Block) {
        let and = match self.word() {
            b"and" => true,
            b"or" => false,
            _ => return declared(value, declares, out, inner),
        };
        self.bump();
        let mut then = Block::new();
        self.control(&mut then);
        let condition = if and { value } else { negated(value) };
        inner.push(Stmt::If(condition, then, Block::new()));
    }

    fn at_modifier(&self) -> bool {
        matches!(self.word(), b"if" | b"unless" | b"while" | b"until" | b"for" | b"foreach")
    }

    /// `… if a`, `… for @b`.
    fn modifiers(&mut self, at: u32, inner: &mut Block) {
        if !self.at_modifier() {
            return;
        }
        let word = self.word();
        self.bump();
        let condition = self.expression();
        let body = std::mem::take(inner);
        inner.push(match word {
            b"if" => Stmt::If(condition, body, Block::new()),
            b"unless" => Stmt::If(negated(condition), body, Block::new()),
            b"while" | b"until" => {
                let condition = Some(if word == b"until" { negated(condition) } else { reading(condition) });
                Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false }))
            }
            _ => {
                let value = Expr::new(at, Kind::Var("_".into()));
                Stmt::Each(Box::new(Each { subject: condition, key: None, value, by_ref: true, body, at }))
            }
        });
    }
}

/// Puts an expression into statements; one that begins with `my` declares variables, in front of any condition.
fn declared(value: Expr, declares: bool, out: &mut Block, inner: &mut Block) {
    let at = value.at;
    if !declares {
        inner.push(Stmt::Expr(value));
        return;
    }
    let mut declare = |target: &Expr| {
        if let Kind::Var(name) = &target.kind {
            out.push(Stmt::Let(name.clone(), None, None, target.at));
        }
    };
    let mut each = |target: &Expr| match &target.kind {
        Kind::List(items) => items.iter().for_each(|item| declare(&item.value)),
        _ => declare(target),
    };
    match value.kind {
        Kind::Var(_) | Kind::List(_) => each(&value),
        Kind::Assign(target, assigned) => match target.kind {
            Kind::Var(name) => inner.push(Stmt::Let(name, None, Some(*assigned), at)),
            _ => {
                each(&target);
                inner.push(Stmt::Expr(Expr::new(at, Kind::Assign(target, assigned))));
            }
        },
        _ => inner.push(Stmt::Expr(value)),
    }
}

/// A function returns what its last statement yields.
pub(super) fn returning(mut body: Block) -> Block {
    match body.pop() {
        Some(Stmt::Expr(value)) => body.push(Stmt::Return(Some(value))),
        Some(Stmt::If(condition, then, otherwise)) => {
            body.push(Stmt::If(condition, returning(then), returning(otherwise)));
        }
        Some(last) => body.push(last),
        None => {}
    }
    body
}

fn negated(value: Expr) -> Expr {
    Expr::new(value.at, Kind::Unary(Unary::Not, Box::new(value)))
}

/// A loop that reads a file puts the line into `$_`.
fn reading(condition: Expr) -> Expr {
    let reads = match &condition.kind {
        Kind::Call(callee, _) => matches!(&callee.kind, Kind::Name(name) if is_reader(name)),
        _ => false,
    };
    if !reads {
        return condition;
    }
    let line = Expr::new(condition.at, Kind::Var("_".into()));
    Expr::new(condition.at, Kind::Assign(Box::new(line), Box::new(condition)))
}

fn is_reader(name: &Name) -> bool {
    matches!(&**name, "readline" | "readdir" | "glob")
}
