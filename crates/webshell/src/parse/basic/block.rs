//! Statements that hold others.

use super::lexer::Sort;
use super::statement::assign;
use super::words::Word;
use super::{Around, OPEN, Open, Parser};
use crate::ir::{Binary, Block, Each, Expr, Kind, Literal, Loop, Name, Stmt, Unary};
use crate::parse::bounds::{Arm, binary, join_arms};

/// What a `Case` compares with.
enum Test {
    Value(Expr),
    /// `Is > a`.
    Is(Binary, Expr),
    /// `a To b`.
    Range(Expr, Expr),
    Else,
}

impl Parser<'_> {
    /// The block that the words here end or split, if it is open.
    pub(super) fn open_here(&self) -> Option<Open> {
        let open = self.ends()?;
        self.is_open(open).then_some(open)
    }

    /// Whether the words here end a block that is not open.
    pub(super) fn at_stray_end(&self) -> bool {
        self.ends().is_some_and(|open| !self.is_open(open))
    }

    /// The block that the words here would end or split.
    fn ends(&self) -> Option<Open> {
        let word = match self.sort() {
            // The rest of `Next j, i`.
            Sort::Sign(b',') => return Some(Open::For),
            Sort::Word(word) => word,
            _ => return None,
        };
        Some(match word {
            Word::Else | Word::ElseIf | Word::EndIf => Open::If,
            Word::Case => Open::Select,
            Word::Next => Open::For,
            Word::Loop => Open::Do,
            Word::Wend => Open::While,
            Word::Catch | Word::Finally => Open::Try,
            Word::End => return self.ends_after(1),
            _ => return None,
        })
    }

    /// What `End` ends, by the word so many tokens on.
    fn ends_after(&self, count: usize) -> Option<Open> {
        Some(match self.word_ahead(count)? {
            Word::If => Open::If,
            Word::Select => Open::Select,
            Word::While => Open::While,
            Word::With => Open::With,
            Word::Try => Open::Try,
            Word::Using => Open::Using,
            Word::SyncLock => Open::SyncLock,
            Word::Sub | Word::Function | Word::Property | Word::Operator | Word::Event => Open::Procedure,
            Word::Get | Word::Set | Word::AddHandler | Word::RemoveHandler | Word::RaiseEvent => Open::Accessor,
            Word::Class | Word::Structure | Word::Interface | Word::Enum | Word::Module | Word::Namespace => Open::Class,
            _ => return None,
        })
    }

    /// Takes the end of a block, if it stands here. Another block's end is left to that block.
    pub(super) fn end_of(&mut self, open: Open) {
        if self.ends() != Some(open) {
            return;
        }
        self.eat(Word::End);
        if !self.is_sign(b',') {
            self.bump();
        }
    }

    /// Statements up to the end of the block, which is left.
    pub(super) fn block(&mut self, open: Open) -> Block {
        let mut out = Block::new();
        if !self.bounds.enter() {
            return out;
        }
        self.opened(open);
        loop {
            while matches!(self.sort(), Sort::Newline | Sort::Sign(b':')) {
                self.bump();
            }
            if self.sort() == Sort::Nothing || self.open_here().is_some() {
                break;
            }
            // Procedures do not nest: the end of the one before is missing.
            if self.is_open(Open::Procedure) && self.at_procedure() {
                break;
            }
            let before = self.at;
            self.statements(&mut out);
            if self.at == before {
                self.unread(&mut out);
            }
        }
        self.closed(open);
        self.bounds.leave();
        out
    }

    /// The body of a procedure. The blocks around it do not end in it, but for classes.
    pub(super) fn procedure_body(&mut self) -> Block {
        let before = self.bounds.begin();
        let mut open = [0; OPEN];
        for kind in [Open::Procedure, Open::Accessor, Open::Class] {
            if let (Some(new), Some(old)) = (open.get_mut(kind as usize), self.open.get(kind as usize)) {
                *new = *old;
            }
        }
        let open = std::mem::replace(&mut self.open, open);
        let around = std::mem::take(&mut self.around);
        let with = std::mem::take(&mut self.with);
        let body = self.block(Open::Procedure);
        self.open = open;
        self.around = around;
        self.with = with;
        self.bounds.end(before);
        body
    }

    fn loop_body(&mut self, open: Open, around: Around) -> Block {
        self.around.push(around);
        let body = self.block(open);
        self.around.pop();
        body
    }

    /// Statements on one line, up to its end or `Else`.
    fn line(&mut self) -> Block {
        let mut out = Block::new();
        if !self.bounds.enter() {
            return out;
        }
        self.opened(Open::If);
        loop {
            while self.eat_sign(b':') {}
            if self.at_line_end() || self.open_here().is_some() {
                break;
            }
            let before = self.at;
            self.statement(&mut out);
            if !self.at_end() && self.open_here().is_none() {
                self.unread(&mut out);
            }
            if self.at == before {
                break;
            }
        }
        self.closed(Open::If);
        self.bounds.leave();
        out
    }

    pub(super) fn if_block(&mut self, out: &mut Block) {
        self.bump();
        let condition = self.expression();
        self.eat(Word::Then);
        let line_ends = self.at_line_end() || self.is_sign(b':') && self.ahead(1) == Sort::Newline;
        if !line_ends {
            let then = self.line();
            let otherwise = if self.eat(Word::Else) { self.line() } else { Block::new() };
            if matches!(self.word(), Some(Word::End | Word::EndIf)) {
                self.end_of(Open::If);
            }
            out.push(Stmt::If(condition, then, otherwise));
            return;
        }
        let mut arms = vec![Arm { condition, body: self.block(Open::If), nested: true }];
        let mut deeper = 0;
        let mut otherwise = Block::new();
        loop {
            let split = match self.word() {
                Some(Word::ElseIf) => 1,
                // In VBScript this begins another `If` within the `Else`, with an end of its own.
                Some(Word::Else) if self.net && self.word_ahead(1) == Some(Word::If) => 2,
                Some(Word::Else) => {
                    self.bump();
                    otherwise.append(&mut self.block(Open::If));
                    // A second `Else`.
                    if self.is(Word::Else) || self.is(Word::ElseIf) {
                        continue;
                    }
                    break;
                }
                _ => break,
            };
            self.at += split;
            let before = self.bounds.begin();
            let condition = self.expression();
            self.bounds.end(before);
            self.eat(Word::Then);
            let nested = self.bounds.roomy() && self.bounds.enter();
            deeper += usize::from(nested);
            arms.push(Arm { condition, body: self.block(Open::If), nested });
        }
        for _ in 0..deeper {
            self.bounds.leave();
        }
        self.end_of(Open::If);
        out.append(&mut join_arms(arms, otherwise));
    }

    pub(super) fn for_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        if self.eat(Word::Each) {
            let value = self.loop_variable();
            self.eat(Word::In);
            let subject = self.expression();
            let body = self.loop_body(Open::For, Around::For);
            self.end_of_for();
            out.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
            return;
        }
        let at_name = self.offset();
        let target = self.loop_variable();
        let name = match &target.kind {
            Kind::Var(name) => Some(name.clone()),
            _ => None,
        };
        self.eat_sign(b'=');
        let from = self.expression();
        let to = if self.eat(Word::To) { Some(self.expression()) } else { None };
        let by = if self.eat(Word::Step) { Some(self.expression()) } else { None };
        let body = self.loop_body(Open::For, Around::For);
        self.end_of_for();
        let variable = |name: &Option<Name>| Expr::new(at_name, Kind::Var(name.clone().unwrap_or_else(|| "".into())));
        let down = matches!(&by, Some(Expr { kind: Kind::Literal(Literal::Int(value)), .. }) if *value < 0);
        let compare = if down { Binary::GreaterEqual } else { Binary::LessEqual };
        let step = match by {
            None => Expr::new(at_name, Kind::Step { target: Box::new(variable(&name)), by: 1, prefix: true }),
            Some(by) => Expr::new(at_name, Kind::AssignOp(Binary::Add, Box::new(variable(&name)), Box::new(by))),
        };
        out.push(Stmt::Loop(Box::new(Loop {
            condition: to.map(|to| binary(compare, variable(&name), to)),
            init: vec![assign(target, from)],
            step: vec![step],
            body,
            body_first: false,
        })));
    }

    fn loop_variable(&mut self) -> Expr {
        let variable = self.postfix();
        if self.eat(Word::As) {
            self.short_type();
        }
        variable
    }

    /// `Next`, `Next i`, `Next j, i`: the comma and what follows are the end of the loop around this one.
    fn end_of_for(&mut self) {
        if self.ends() != Some(Open::For) {
            return;
        }
        self.bump();
        if !self.at_end() && self.word().is_some() {
            self.postfix();
        }
    }

    /// `While a`, `Until a`.
    fn loop_condition(&mut self) -> Option<Expr> {
        let until = match self.word() {
            Some(Word::While) => false,
            Some(Word::Until) => true,
            _ => return None,
        };
        self.bump();
        let condition = self.expression();
        Some(if until { Expr::new(condition.at, Kind::Unary(Unary::Not, Box::new(condition))) } else { condition })
    }

    pub(super) fn do_block(&mut self, out: &mut Block) {
        self.bump();
        let before = self.loop_condition();
        let body = self.loop_body(Open::Do, Around::Do);
        let ended = self.is(Word::Loop);
        self.end_of(Open::Do);
        let after = if ended { self.loop_condition() } else { None };
        let body_first = before.is_none() && after.is_some();
        let condition = before.or(after);
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first })));
    }

    pub(super) fn while_block(&mut self, out: &mut Block) {
        self.bump();
        let condition = Some(self.expression());
        let body = self.loop_body(Open::While, Around::While);
        self.end_of(Open::While);
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
    }

    pub(super) fn select_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        self.eat(Word::Case);
        let subject = self.expression();
        self.around.push(Around::Select);
        // Nothing but empty lines stands before the first case.
        let mut lead = self.block(Open::Select);
        out.append(&mut lead);
        let mut cases = Vec::new();
        while self.eat(Word::Case) {
            let tests = self.tests();
            let mut body = self.block(Open::Select);
            body.push(Stmt::Break(1));
            cases.push((tests, body));
        }
        self.around.pop();
        self.end_of(Open::Select);
        out.append(&mut self.switch(at, subject, cases));
    }

    /// What one `Case` lists.
    fn tests(&mut self) -> Vec<Test> {
        if self.eat(Word::Else) {
            return vec![Test::Else];
        }
        let mut tests = Vec::new();
        while !self.at_end() {
            let is = self.eat(Word::Is);
            let op = match self.sort() {
                Sort::Sign(b'=') => Some(Binary::Equal),
                Sort::Sign(b'<') => Some(Binary::Less),
                Sort::Sign(b'>') => Some(Binary::Greater),
                Sort::LessEqual => Some(Binary::LessEqual),
                Sort::GreaterEqual => Some(Binary::GreaterEqual),
                Sort::NotEqual => Some(Binary::NotEqual),
                _ => None,
            };
            if let Some(op) = op {
                self.bump();
                tests.push(Test::Is(op, self.expression()));
            } else if !is {
                let value = self.expression();
                tests.push(if self.eat(Word::To) { Test::Range(value, self.expression()) } else { Test::Value(value) });
            }
            if !self.eat_sign(b',') {
                break;
            }
        }
        tests
    }

    /// A switch knows equality only: with other tests it is one on `True`.
    fn switch(&mut self, at: u32, subject: Expr, cases: Vec<(Vec<Test>, Block)>) -> Block {
        let plain = cases.iter().all(|(tests, _)| tests.iter().all(|test| matches!(test, Test::Value(_) | Test::Else)));
        let mut out = Block::new();
        let mut name: Name = "".into();
        let subject = if plain {
            subject
        } else {
            name = self.hidden("select");
            out.push(Stmt::Let(name.clone(), None, Some(subject), at));
            Expr::new(at, Kind::Literal(Literal::Bool(true)))
        };
        let variable = |at| Expr::new(at, Kind::Var(name.clone()));
        let mut lowered = Vec::with_capacity(cases.len());
        for (tests, body) in cases {
            let mut values = Vec::with_capacity(tests.len());
            for test in tests {
                values.push(match test {
                    Test::Else => continue,
                    Test::Value(value) if plain => value,
                    Test::Value(value) => binary(Binary::Equal, variable(value.at), value),
                    Test::Is(op, value) => binary(op, variable(value.at), value),
                    Test::Range(from, to) => {
                        let low = binary(Binary::GreaterEqual, variable(from.at), from);
                        binary(Binary::And, low, binary(Binary::LessEqual, variable(to.at), to))
                    }
                });
            }
            lowered.push((values, body));
        }
        out.push(Stmt::Switch(subject, lowered));
        out
    }

    pub(super) fn try_block(&mut self, out: &mut Block) {
        self.bump();
        let body = self.block(Open::Try);
        let mut catches = Vec::new();
        let mut finally = Block::new();
        loop {
            if self.eat(Word::Catch) {
                let mut variable = None;
                if !self.at_end() && self.word() != Some(Word::Plain) {
                    self.skip_statement();
                } else if !self.at_end() {
                    // `When` is a plain name here.
                    variable = self.name().filter(|name| &**name != "when");
                    if self.eat(Word::As) {
                        self.type_name();
                    }
                    self.skip_statement();
                }
                catches.push((variable, self.block(Open::Try)));
            } else if self.eat(Word::Finally) {
                finally.append(&mut self.block(Open::Try));
            } else {
                break;
            }
        }
        self.end_of(Open::Try);
        out.push(Stmt::Try { body, catches, finally });
    }

    pub(super) fn with_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let subject = self.expression();
        let name = self.hidden("with");
        out.push(Stmt::Let(name.clone(), None, Some(subject), at));
        self.with.push(name);
        let mut body = self.block(Open::With);
        self.with.pop();
        self.end_of(Open::With);
        out.append(&mut body);
    }

    pub(super) fn using_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let mut body = Block::new();
        if self.word().is_some() && (self.word_ahead(1) == Some(Word::As) || self.ahead(1) == Sort::Sign(b'=')) {
            self.variables(&mut body);
        } else {
            let subject = self.expression();
            body.push(Stmt::Let(self.hidden("using"), None, Some(subject), at));
        }
        body.append(&mut self.block(Open::Using));
        self.end_of(Open::Using);
        out.append(&mut body);
    }

    pub(super) fn sync_block(&mut self, out: &mut Block) {
        self.bump();
        let subject = self.expression();
        out.push(Stmt::Expr(subject));
        out.append(&mut self.block(Open::SyncLock));
        self.end_of(Open::SyncLock);
    }
}
