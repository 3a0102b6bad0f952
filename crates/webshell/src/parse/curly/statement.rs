//! Statements: which one stands here, blocks, branches and loops.

use std::mem::take;

use super::declaration::Declared;
use super::token::T;
use super::{Leaves, Parser, Target};
use crate::ir::{Block, Expr, Kind, Literal, Loop, Name, Offset, Stmt};

impl Parser<'_> {
    /// Reads a statement, or text that stands in its place. Goes on in any case, but not out of an echo.
    pub(super) fn statement(&mut self, out: &mut Block) {
        if self.text_is_next() {
            return self.take_texts(out);
        }
        if self.kind() == T::EchoEnd && self.in_echo {
            return;
        }
        let before = self.pos;
        let at = self.at();
        if let Some(outside) = self.enter() {
            self.any_statement(out);
            self.leave(outside);
        }
        self.labels.clear();
        let lost = self.lost.take();
        if self.pos == before {
            self.bump();
            unread(out, at);
        } else if let Some(lost) = lost {
            unread(out, lost);
        }
    }

    fn any_statement(&mut self, out: &mut Block) {
        let at = self.at();
        match self.kind() {
            T::Semi => self.bump(),
            T::LBrace => self.braces(out),
            T::EchoStart => self.echo(out),
            T::If => self.branches(out),
            T::While => self.while_loop(out),
            T::Do => self.do_loop(out),
            T::For => self.for_loop(out),
            T::Foreach => self.foreach(out),
            T::Switch => self.switch(out),
            T::Break | T::Continue | T::Return | T::Throw | T::Goto => self.jump(out),
            T::Try => self.try_statement(out),
            T::Using => self.using(out),
            T::Lock | T::With => self.with_head(out),
            T::Fixed | T::Synchronized if self.ahead(1) == T::LParen => self.with_head(out),
            T::Checked | T::Unsafe if self.ahead(1) == T::LBrace => self.bump(),
            T::Namespace | T::Import => self.namespace(out),
            T::Function if self.ahead(1).is_wordy() || self.ahead(1) == T::Star => {
                let function = self.function_with(Vec::new(), true);
                out.push(Stmt::Function(function));
            }
            T::Var => self.variables(out),
            T::Class if self.js => {
                let class = self.class();
                out.push(Stmt::Class(class));
            }
            T::Delete => {
                self.bump();
                let target = self.value();
                out.push(Stmt::Unset(vec![target]));
                if self.eat(T::Comma) {
                    return self.expressions(out);
                }
                self.end_statement();
            }
            T::Finally | T::Catch | T::Else | T::Case | T::RBrace | T::RParen | T::RBracket => {}
            T::Default if !matches!(self.ahead(1), T::LParen | T::Dot) && !self.java => {}
            kind if kind.is_word() && self.ahead(1) == T::Colon => {
                let name = self.name_at(self.pos);
                self.pos += 2;
                self.labels.push(name);
                if !matches!(self.kind(), T::RBrace | T::End | T::EchoEnd) {
                    self.any_statement_deeper(out);
                }
            }
            T::Word if self.starts_specially(out) => {}
            _ if self.js => self.in_script(out, at),
            _ => self.typed(out),
        }
    }

    fn any_statement_deeper(&mut self, out: &mut Block) {
        if let Some(outside) = self.enter() {
            self.any_statement(out);
            self.leave(outside);
        }
    }

    /// Statements that start with a word which is a keyword there only.
    fn starts_specially(&mut self, out: &mut Block) -> bool {
        let next = self.ahead(1);
        match self.raw(self.token()) {
            b"yield" if self.cs && next == T::Return => {
                self.pos += 2;
                let value = self.value();
                out.push(Stmt::Expr(value));
                self.end_statement();
            }
            b"yield" if self.cs && next == T::Break => {
                self.pos += 2;
                out.push(Stmt::Return(None));
                self.end_statement();
            }
            // The value of an arm of a switch expression.
            b"yield" if self.java && !matches!(next, T::Assign | T::Dot | T::LBracket | T::Increment | T::Decrement) => {
                self.bump();
                let value = self.value();
                out.push(Stmt::Return(Some(value)));
                self.end_statement();
            }
            b"await" if self.cs && matches!(next, T::Foreach | T::Using) => {
                self.bump();
                self.any_statement(out);
            }
            b"var" if self.cs && next == T::LParen && self.behind(self.pos + 1) == T::Assign => {
                self.bump();
                self.expressions(out);
            }
            b"assert" if self.java && (next.is_wordy() || matches!(next, T::LParen | T::Bang)) => {
                self.bump();
                out.extend(self.single().map(Stmt::Expr));
                if self.eat(T::Colon) {
                    out.extend(self.single().map(Stmt::Expr));
                }
                self.end_statement();
            }
            b"let" if self.js && (next.is_word() || matches!(next, T::LBracket | T::LBrace)) => self.variables(out),
            _ => return false,
        }
        true
    }

    /// A declaration or an expression of C# or Java.
    fn typed(&mut self, out: &mut Block) {
        let marks = self.marks();
        if self.cs {
            self.eat(T::ByRef);
        }
        let mut declared = Declared::default();
        if self.typed_member(None, &marks, &mut declared) {
            return declared.into_statements(out);
        }
        match self.kind() {
            T::LBrace | T::If | T::For | T::While | T::Using if !marks.is_empty() => self.any_statement_deeper(out),
            _ => self.expressions(out),
        }
    }

    fn in_script(&mut self, out: &mut Block, at: Offset) {
        if self.kind() == T::Modifier {
            let start = self.pos;
            if self.raw(self.token()) == b"export" {
                self.bump();
                self.eat(T::Default);
                return;
            }
            let marks = self.marks();
            match self.kind() {
                T::Function => {
                    let function = self.function_with(marks, true);
                    return out.push(Stmt::Function(function));
                }
                T::Class => {
                    let class = self.class();
                    return out.push(Stmt::Class(class));
                }
                T::Var => return self.variables(out),
                _ => self.pos = start,
            }
        }
        if self.is_word(b"async") && self.ahead(1) == T::Function {
            self.bump();
            let function = self.function_with(vec!["async".into()], true);
            return out.push(match function.name.is_empty() {
                true => Stmt::Expr(Expr::new(at, Kind::Closure(function))),
                false => Stmt::Function(function),
            });
        }
        // A class of another declaration word, `enum A { … }` of JScript.NET.
        if self.is_enumeration() {
            let class = self.class();
            return out.push(Stmt::Class(class));
        }
        self.expressions(out);
    }

    /// An expression as a statement; in JScript several.
    pub(super) fn expressions(&mut self, out: &mut Block) {
        while let Some(expr) = self.single() {
            out.push(Stmt::Expr(expr));
            if !self.js || !self.eat(T::Comma) {
                break;
            }
        }
        self.end_statement();
    }

    /// A semicolon, which may be missing.
    pub(super) fn end_statement(&mut self) {
        self.eat(T::Semi);
    }

    fn braces(&mut self, out: &mut Block) {
        let at = self.at();
        let labels = take(&mut self.labels);
        if labels.is_empty() {
            let block = self.block();
            return out.push(Stmt::Block(block));
        }
        // A labelled block can be left: a loop that runs once.
        let body = self.within(labels, Leaves::Block, Self::block);
        let condition = Some(Expr::new(at, Kind::Literal(Literal::Bool(false))));
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: true })));
    }

    /// Statements in braces.
    pub(super) fn block(&mut self) -> Block {
        let mut block = Block::new();
        self.eat(T::LBrace);
        loop {
            self.take_texts(&mut block);
            match self.kind() {
                T::RBrace => {
                    self.bump();
                    break;
                }
                T::End => break,
                T::EchoEnd if self.in_echo => break,
                _ => self.statement(&mut block),
            }
        }
        block
    }

    /// The statement that belongs to a head: its block, without braces.
    pub(super) fn body_statement(&mut self) -> Block {
        let mut block = Block::new();
        if self.text_is_next() {
            self.take_texts(&mut block);
            return block;
        }
        match self.kind() {
            T::LBrace => self.block(),
            T::RBrace | T::End | T::EchoEnd | T::Case => block,
            _ => {
                self.statement(&mut block);
                block
            }
        }
    }

    /// The body of something that `break` can leave.
    pub(super) fn within<R>(&mut self, labels: Vec<Name>, kind: Leaves, read: impl FnOnce(&mut Self) -> R) -> R {
        self.targets.push(Target { labels, kind });
        let result = read(self);
        self.targets.pop();
        result
    }

    /// An expression in parentheses behind a keyword.
    pub(super) fn condition(&mut self) -> Expr {
        let mate = self.mate(self.pos);
        if !self.eat(T::LParen) {
            let read = self.expression();
            return self.or_null(read);
        }
        let read = self.group(Self::expression);
        let value = self.or_null(read);
        if !self.eat(T::RParen) {
            self.recover(T::RParen, mate);
        }
        value
    }

    /// The closing parenthesis of a head.
    pub(super) fn close(&mut self, mate: Option<usize>) {
        if !self.eat(T::RParen) {
            self.recover(T::RParen, mate);
        }
    }

    fn echo(&mut self, out: &mut Block) {
        let at = self.at();
        let end = self.mate(self.pos).unwrap_or(self.pos);
        self.bump();
        let was_inside = std::mem::replace(&mut self.in_echo, true);
        if let Some(value) = self.expression() {
            out.push(Stmt::Expr(Expr::call(at, "echo", vec![value])));
        }
        self.eat(T::Semi);
        self.in_echo = was_inside;
        if self.pos < end {
            self.lose();
        }
        self.pos = self.pos.max(end + 1);
    }

    /// `if` with all its `else if`, read in a row since there may be many.
    fn branches(&mut self, out: &mut Block) {
        let mut arms = Vec::new();
        let mut otherwise = Block::new();
        loop {
            self.eat(T::If);
            let condition = self.condition();
            arms.push((condition, self.body_statement()));
            if !self.eat(T::Else) {
                break;
            }
            if self.kind() != T::If {
                otherwise = self.body_statement();
                break;
            }
            if !self.link() {
                break;
            }
        }
        for (condition, then) in arms.into_iter().rev() {
            otherwise = vec![Stmt::If(condition, then, otherwise)];
        }
        out.append(&mut otherwise);
    }
}

fn unread(out: &mut Block, at: Offset) {
    if !matches!(out.last(), Some(Stmt::Unread(_))) {
        out.push(Stmt::Unread(at));
    }
}

impl Declared {
    pub(super) fn into_statements(self, out: &mut Block) {
        for (field, at) in self.fields {
            out.push(Stmt::Let(field.name, field.of_type, field.default, at));
        }
        out.extend(self.methods.into_iter().map(Stmt::Function));
        out.extend(self.classes.into_iter().map(Stmt::Class));
        out.extend(self.body);
    }
}
