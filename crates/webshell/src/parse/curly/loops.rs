//! Loops.

use std::mem::take;

use super::declaration::Declared;
use super::token::T;
use super::{Leaves, Parser};
use crate::ir::{Block, Each, Expr, Kind, Loop, Stmt};

impl Parser<'_> {
    pub(super) fn while_loop(&mut self, out: &mut Block) {
        let labels = take(&mut self.labels);
        self.bump();
        let condition = Some(self.condition());
        let body = self.within(labels, Leaves::Loop, Self::body_statement);
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
    }

    pub(super) fn do_loop(&mut self, out: &mut Block) {
        let labels = take(&mut self.labels);
        self.bump();
        let body = self.within(labels, Leaves::Loop, Self::body_statement);
        let condition = match self.eat(T::While) {
            true => Some(self.condition()),
            false => None,
        };
        self.end_statement();
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: true })));
    }

    pub(super) fn for_loop(&mut self, out: &mut Block) {
        let at = self.at();
        let labels = take(&mut self.labels);
        self.bump();
        // `for each (a in b)`, `for await (a of b)`.
        let each = self.js && (self.eat_word(b"each") || self.eat_word(b"await"));
        let mate = self.mate(self.pos);
        if self.kind() != T::LParen {
            return;
        }
        self.bump();
        let mut before = Block::new();
        let head = self.group(|parser| parser.for_head(&mut before));
        if let Head::Each { target, subject, values } = head {
            self.close(mate);
            // What `in` of JScript runs over are keys.
            let keys = !values && !each && self.language == crate::language::Language::Jscript;
            let (key, value) = match keys {
                true => (Some(target), Expr::new(at, Kind::Var("".into()))),
                false => (None, target),
            };
            let body = self.within(labels, Leaves::Loop, Self::body_statement);
            return out.push(Stmt::Each(Box::new(Each { subject, key, value, by_ref: false, body, at })));
        }
        let Head::Loop { init, condition, step } = head else { return };
        self.close(mate);
        let body = self.within(labels, Leaves::Loop, Self::body_statement);
        out.append(&mut before);
        out.push(Stmt::Loop(Box::new(Loop { init, condition, step, body, body_first: false })));
    }

    fn for_head(&mut self, before: &mut Block) -> Head {
        let mut init = Vec::new();
        self.marks();
        if let Some((target, values)) = self.each_target() {
            let subject = self.expression();
            let subject = self.or_null(subject);
            return Head::Each { target, subject, values };
        }
        if self.js {
            self.no_in = true;
            if self.kind() == T::Var || self.is_word(b"let") {
                let mut variables = Block::new();
                self.variables(&mut variables);
                init.extend(variables.into_iter().filter_map(assignment));
            } else {
                init.extend(self.comma_list());
                let values = self.is_word(b"of");
                if (values || self.kind() == T::In) && init.len() == 1 {
                    self.bump();
                    self.no_in = false;
                    let subject = self.expression();
                    let subject = self.or_null(subject);
                    let target = init.pop().unwrap_or_else(|| Expr::null(self.at()));
                    return Head::Each { target, subject, values };
                }
                self.eat(T::Semi);
            }
            self.no_in = false;
        } else if self.is_declared(self.pos) {
            let mut declared = Declared::default();
            self.declared(&[], &mut declared);
            let mut statements = Block::new();
            declared.into_statements(&mut statements);
            for statement in statements {
                match statement {
                    Stmt::Let(..) => init.extend(assignment(statement)),
                    other => before.push(other),
                }
            }
        } else {
            init.extend(self.comma_list());
            self.eat(T::Semi);
        }
        let condition = if self.kind() == T::Semi { None } else { self.expression() };
        self.eat(T::Semi);
        let step = self.comma_list();
        Head::Loop { init, condition, step }
    }

    fn comma_list(&mut self) -> Vec<Expr> {
        let mut list = Vec::new();
        while let Some(expr) = self.single() {
            list.push(expr);
            if !self.eat(T::Comma) {
                break;
            }
        }
        list
    }

    /// The variable of a loop over elements, up to `in`, `of` or `:`; whether it runs over values.
    fn each_target(&mut self) -> Option<(Expr, bool)> {
        let at = self.at();
        let mut pos = self.pos;
        if self.js {
            if self.kind() == T::Var || self.is_word(b"let") {
                pos += 1;
            }
            let name = pos;
            if !self.kind_at(name).is_wordy() {
                return None;
            }
            pos += 1;
            if self.kind_at(pos) == T::Colon {
                pos = self.scan_type(pos + 1)?;
            }
            let values = self.word_at(pos, b"of");
            if !values && self.kind_at(pos) != T::In {
                return None;
            }
            self.pos = pos + 1;
            return Some((Expr::new(at, Kind::Var(self.name_at(name))), values));
        }
        let end = self.scan_type(pos)?;
        if !self.java || !self.kind_at(end).is_word() || self.kind_at(end + 1) != T::Colon {
            return None;
        }
        self.pos = end + 2;
        Some((Expr::new(at, Kind::Var(self.name_at(end))), true))
    }

    pub(super) fn foreach(&mut self, out: &mut Block) {
        let at = self.at();
        let labels = take(&mut self.labels);
        self.bump();
        let mate = self.mate(self.pos);
        if !self.eat(T::LParen) {
            return;
        }
        let (value, subject) = self.group(|parser| {
            parser.eat(T::ByRef);
            if let Some(end) = parser.scan_type(parser.pos)
                && (parser.kind_at(end).is_word() || parser.kind_at(end) == T::LParen)
            {
                parser.pos = end;
            }
            let target = parser.binary(0);
            let target = parser.or_null(target);
            if !parser.eat(T::In) {
                parser.lose();
            }
            (target, parser.value())
        });
        self.close(mate);
        let body = self.within(labels, Leaves::Loop, Self::body_statement);
        out.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
    }
}

/// What stands in the parentheses of a `for`.
enum Head {
    Loop { init: Vec<Expr>, condition: Option<Expr>, step: Vec<Expr> },
    Each { target: Expr, subject: Expr, values: bool },
}

/// A declaration with a value as an assignment.
fn assignment(statement: Stmt) -> Option<Expr> {
    match statement {
        Stmt::Let(name, _, Some(value), at) => {
            Some(Expr::new(at, Kind::Assign(Box::new(Expr::new(at, Kind::Var(name))), Box::new(value))))
        }
        Stmt::Expr(expr) => Some(expr),
        _ => None,
    }
}
