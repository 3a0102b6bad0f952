//! Statements without loops: jumps, `switch`, `try`, `using`, variables of JScript, imports.

use super::declaration::Declared;
use super::token::T;
use super::{Leaves, Parser};
use crate::ir::{Block, Expr, Kind, Name, Stmt};

impl Parser<'_> {
    /// `break`, `continue`, `return`, `throw`, `goto`.
    pub(super) fn jump(&mut self, out: &mut Block) {
        let at = self.at();
        let kind = self.kind();
        self.bump();
        let token = self.token();
        // JScript ends these at the end of their line.
        let alone = self.js && token.line;
        match kind {
            T::Break | T::Continue => {
                let label = if token.kind.is_word() && !token.line { self.name() } else { None };
                let levels = self.levels(kind == T::Continue, label.as_ref());
                out.push(if kind == T::Break { Stmt::Break(levels) } else { Stmt::Continue(levels) });
            }
            T::Return => {
                let value = if alone || token.kind == T::Semi { None } else { self.expression() };
                out.push(Stmt::Return(value));
            }
            T::Throw => {
                let value = if alone { None } else { self.expression() };
                let value = self.or_null(value);
                out.push(Stmt::Throw(value));
            }
            _ => {
                while !matches!(self.kind(), T::Semi | T::RBrace | T::End | T::EchoEnd) {
                    self.bump();
                }
                out.push(Stmt::Unread(at));
            }
        }
        self.end_statement();
    }

    /// How many loops and switches are left.
    fn levels(&self, continues: bool, label: Option<&Name>) -> u32 {
        let found = self.targets.iter().rev().position(|target| match label {
            Some(label) => target.labels.contains(label),
            None if continues => target.kind == Leaves::Loop,
            None => target.kind != Leaves::Block,
        });
        u32::try_from(found.unwrap_or(0)).unwrap_or(0).saturating_add(1)
    }

    pub(super) fn switch(&mut self, out: &mut Block) {
        let labels = std::mem::take(&mut self.labels);
        self.bump();
        let subject = self.condition();
        if !self.eat(T::LBrace) {
            return out.push(Stmt::Expr(subject));
        }
        let bound = std::mem::take(&mut self.bound);
        let cases = self.within(labels, Leaves::Switch, Self::cases);
        let subject = self.with_bound(subject, bound);
        out.push(Stmt::Switch(subject, cases));
    }

    fn cases(&mut self) -> Vec<(Vec<Expr>, Block)> {
        let mut cases: Vec<(Vec<Expr>, Block)> = Vec::new();
        loop {
            // Text and statements in front of the first case belong to none.
            match self.kind() {
                T::RBrace => {
                    self.bump();
                    break;
                }
                T::End => break,
                T::EchoEnd if self.in_echo => break,
                T::Case | T::Default => {
                    let patterns = self.arm_patterns();
                    if self.eat(T::ThinArrow) {
                        let mut body = self.body_statement();
                        body.push(Stmt::Break(1));
                        cases.push((patterns, body));
                    } else {
                        self.eat(T::Colon);
                        cases.push((patterns, Block::new()));
                    }
                }
                _ => match cases.last_mut() {
                    Some((_, body)) => self.statement(body),
                    None => self.statement(&mut Block::new()),
                },
            }
        }
        cases
    }

    pub(super) fn try_statement(&mut self, out: &mut Block) {
        self.bump();
        let mut body = Block::new();
        // `try (A a = b; c)` of Java.
        if self.kind() == T::LParen {
            let mate = self.mate(self.pos);
            self.bump();
            self.group(|parser| parser.resources(&mut body));
            self.close(mate);
        }
        body.extend(self.body_statement());
        let mut catches = Vec::new();
        let mut finally = Block::new();
        loop {
            match self.kind() {
                T::Catch => {
                    self.bump();
                    let name = if self.kind() == T::LParen { self.caught() } else { None };
                    if self.eat_word(b"when") {
                        // Whether it is caught here says little.
                        self.condition();
                    }
                    catches.push((name, self.body_statement()));
                }
                T::Finally => {
                    self.bump();
                    finally.extend(self.body_statement());
                }
                _ => break,
            }
        }
        out.push(Stmt::Try { body, catches, finally });
    }

    fn resources(&mut self, out: &mut Block) {
        while !matches!(self.kind(), T::RParen | T::End | T::EchoEnd | T::RBrace) {
            let before = self.pos;
            self.marks();
            let mut declared = Declared::default();
            if self.is_declared(self.pos) {
                self.declared(&[], &mut declared);
                declared.into_statements(out);
            } else {
                self.expressions(out);
            }
            if self.pos == before {
                self.lose();
                self.bump();
            }
        }
    }

    /// The name of the exception in the parentheses here: the last word that is not a type's.
    fn caught(&mut self) -> Option<Name> {
        let mate = self.mate(self.pos);
        let from = self.pos + 1;
        let end = mate.unwrap_or(from).min(from + 64);
        let last = end.max(1) - 1;
        let typed = last > from && self.kind_at(last - 1) != T::Dot;
        let name = match self.js {
            true => from,
            false => last,
        };
        self.pos = match mate {
            Some(mate) => mate + 1,
            None => from,
        };
        (self.kind_at(name).is_word() && (self.js || typed)).then(|| self.name_at(name))
    }

    /// `using` of C#: an import, an alias, a resource.
    pub(super) fn using(&mut self, out: &mut Block) {
        self.bump();
        if self.kind() == T::LParen {
            let mate = self.mate(self.pos);
            self.bump();
            let mut block = Block::new();
            self.group(|parser| parser.resources(&mut block));
            self.close(mate);
            block.extend(self.body_statement());
            return out.push(Stmt::Block(block));
        }
        if self.kind().is_word() && self.ahead(1) == T::Assign {
            let at = self.at();
            let name = self.name_at(self.pos);
            self.pos += 2;
            let value = self.single();
            out.push(Stmt::Let(name, None, value, at));
            return self.end_statement();
        }
        if self.is_declared(self.pos) {
            let mut declared = Declared::default();
            self.declared(&[], &mut declared);
            return declared.into_statements(out);
        }
        self.eat(T::Modifier);
        self.pos = self.scan_type(self.pos).unwrap_or(self.pos);
        self.end_statement();
    }

    /// A head in parentheses that is evaluated, and a body: `lock`, `synchronized`, `with`, `fixed`.
    pub(super) fn with_head(&mut self, out: &mut Block) {
        self.bump();
        let mate = self.mate(self.pos);
        let mut block = Block::new();
        if self.eat(T::LParen) {
            self.group(|parser| match parser.js {
                true => block.extend(parser.expression().map(Stmt::Expr)),
                false => parser.resources(&mut block),
            });
            self.close(mate);
        }
        block.extend(self.body_statement());
        out.push(Stmt::Block(block));
    }

    /// `namespace A.B { … }`, `package a.b;`, `import a.b.*;`.
    pub(super) fn namespace(&mut self, out: &mut Block) {
        let imports = self.kind() == T::Import;
        if imports && matches!(self.ahead(1), T::LParen | T::Dot) {
            return self.expressions(out);
        }
        self.bump();
        let start = self.pos;
        loop {
            match self.kind() {
                T::LBrace if !imports => {
                    let block = self.block();
                    return out.push(Stmt::Block(block));
                }
                T::LBrace => self.skip_one(),
                T::Semi => return self.bump(),
                T::RBrace | T::RParen | T::End | T::EchoStart | T::EchoEnd => return,
                // JScript needs no semicolon.
                _ if imports && self.pos > start && self.token().line => return,
                _ => self.bump(),
            }
        }
    }

    /// `var a : T = b, c;` of JScript, also `let` and `const`.
    pub(super) fn variables(&mut self, out: &mut Block) {
        self.bump();
        loop {
            let at = self.at();
            match self.kind() {
                T::LBracket | T::LBrace => {
                    let target = self.operand();
                    let target = self.or_null(target);
                    if self.eat(T::Assign) {
                        let value = self.value();
                        out.push(Stmt::Expr(Expr::new(at, Kind::Assign(Box::new(target), Box::new(value)))));
                    }
                }
                kind if kind.is_wordy() => {
                    let Some(name) = self.name() else { break };
                    let of_type = if self.eat(T::Colon) { self.read_type() } else { None };
                    let value = if self.eat(T::Assign) { self.single() } else { None };
                    out.push(Stmt::Let(name, of_type, value, at));
                }
                _ => break,
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.end_statement();
    }
}
