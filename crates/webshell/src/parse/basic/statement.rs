//! Statements that are no blocks.

use super::lexer::Sort;
use super::words::Word;
use super::{Around, Parser, lower};
use crate::ir::{Binary, Block, Expr, Item, Kind, Stmt};

impl Parser<'_> {
    /// The statements up to the next end of a line, or one block.
    pub(super) fn statements(&mut self, out: &mut Block) {
        while matches!(self.sort(), Sort::Newline | Sort::Sign(b':')) {
            self.bump();
        }
        if self.sort() == Sort::Nothing {
            return;
        }
        let before = self.at;
        if !self.at_stray_end() {
            self.statement(out);
        }
        if self.at_end() || self.open_here().is_some() || self.at_next_procedure() {
            return;
        }
        // Where only the end of the line was lost, the next statement can be read.
        if self.at > before && self.is(Word::Plain) {
            out.push(Stmt::Unread(self.offset()));
        } else {
            self.unread(out);
        }
    }

    /// Whether a procedure begins here because the one before it had no end.
    fn at_next_procedure(&self) -> bool {
        self.begins_line() && self.at_procedure()
    }

    fn begins_line(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).is_none_or(|token| token.sort == Sort::Newline)
    }

    pub(super) fn statement(&mut self, out: &mut Block) {
        let before = self.bounds.begin();
        let cut = std::mem::take(&mut self.bounds.cut);
        let at = self.offset();
        match self.sort() {
            Sort::Page => {
                let length = u32::try_from(self.bytes().len()).unwrap_or(u32::MAX);
                self.bump();
                out.push(Stmt::Text(length));
            }
            Sort::EchoBegin => self.echo(out),
            Sort::EchoEnd => self.bump(),
            Sort::Word(word) => self.statement_word(word, out),
            Sort::Sign(b'<') if self.net => self.attributes(out),
            // `<% =a %>`: a space in front of the sign.
            Sort::Sign(b'=') if self.begins_line() => {
                self.bump();
                let value = self.expression();
                out.push(Stmt::Expr(Expr::call(at, "echo", vec![value])));
            }
            Sort::Sign(b'.' | b'!') => self.plain(out),
            // Where VB.NET expects a statement an expression means nothing, but a lambda's caller may hand one on.
            Sort::Sign(b'(') => {
                let value = self.expression();
                out.push(Stmt::Expr(value));
            }
            // `?` prints in an immediate window; a number is a label.
            Sort::Number if self.ahead(1) == Sort::Sign(b':') => self.bump(),
            _ => {}
        }
        if self.bounds.cut {
            out.push(Stmt::Unread(at));
        }
        self.bounds.cut = cut;
        self.bounds.end(before);
    }

    fn statement_word(&mut self, word: Word, out: &mut Block) {
        let at = self.offset();
        // Words that are no keywords here: `default = 1`, `error.x`.
        if self.ahead(1) == Sort::Sign(b'=') || (self.ahead(1) == Sort::Sign(b'.') && self.touched()) {
            return self.plain(out);
        }
        match word {
            Word::If => self.if_block(out),
            Word::For => self.for_block(out),
            Word::Do => self.do_block(out),
            Word::While => self.while_block(out),
            Word::Select => self.select_block(out),
            Word::Try => self.try_block(out),
            Word::With => self.with_block(out),
            Word::Using => self.using_block(out),
            Word::SyncLock => self.sync_block(out),
            Word::Exit => self.exit(out),
            Word::Continue => {
                self.bump();
                let count = self.around_count();
                self.bump();
                out.push(Stmt::Continue(count));
            }
            Word::End if !self.at_stray_end() && self.open_here().is_none() => {
                self.bump();
                self.skip_statement();
                out.push(Stmt::Expr(Expr::call(at, "exit", Vec::new())));
            }
            Word::Return => {
                self.bump();
                let value = if self.at_end() { None } else { Some(self.expression()) };
                out.push(Stmt::Return(value));
            }
            Word::Throw => {
                self.bump();
                let value = if self.at_end() { Expr::null(at) } else { self.expression() };
                out.push(Stmt::Throw(value));
            }
            Word::Yield => {
                self.bump();
                let value = self.expression();
                out.push(Stmt::Expr(value));
            }
            Word::Call => {
                self.bump();
                self.plain(out);
            }
            Word::Set | Word::Let => {
                self.bump();
                self.plain(out);
            }
            Word::RaiseEvent => {
                self.bump();
                self.plain(out);
            }
            Word::AddHandler | Word::RemoveHandler => {
                let name = lower(self.bytes());
                self.bump();
                let args = self.bare_arguments();
                let callee = Expr::new(at, Kind::Name(name));
                out.push(Stmt::Expr(Expr::new(at, Kind::Call(Box::new(callee), args))));
            }
            Word::ReDim => self.redim(out),
            Word::Erase => {
                self.bump();
                while !self.at_end() {
                    let target = self.postfix();
                    out.push(Stmt::Expr(assign(target, Expr::new(at, Kind::List(Vec::new())))));
                    if !self.eat_sign(b',') {
                        break;
                    }
                }
            }
            Word::On | Word::GoTo | Word::Resume | Word::Option | Word::Imports | Word::Handles => self.skip_statement(),
            Word::Static if !self.net || !matches!(self.word_ahead(1), Some(Word::Sub | Word::Function)) => {
                self.static_variables(out)
            }
            _ if self.at_declaration() => self.declaration(out),
            _ if word.reserved() => {}
            // A label.
            Word::Plain if self.net && self.ahead(1) == Sort::Sign(b':') && self.label_follows() => self.bump(),
            _ => self.plain(out),
        }
    }

    /// Whether the colon behind this name touches it and ends its line, as labels are written.
    fn label_follows(&self) -> bool {
        let here = self.tokens.get(self.at).zip(self.tokens.get(self.at + 1));
        here.is_some_and(|(name, colon)| name.end == colon.at) && matches!(self.ahead(2), Sort::Newline | Sort::Nothing)
    }

    /// An assignment or a call.
    fn plain(&mut self, out: &mut Block) {
        let target = self.postfix();
        if let Some(value) = self.plain_from(target) {
            out.push(Stmt::Expr(value));
        }
    }

    fn plain_from(&mut self, target: Expr) -> Option<Expr> {
        let at = target.at;
        if self.eat_sign(b'=') {
            // `a = b = c` compares, and only the first `=` assigns.
            return Some(assign(target, self.expression()));
        }
        if let Some(op) = self.assigning_operator() {
            self.bump();
            self.bump();
            let value = self.expression();
            return Some(Expr::new(at, Kind::AssignOp(op, Box::new(target), Box::new(value))));
        }
        if self.at_end() || self.is(Word::Else) || self.is(Word::End) {
            return match target.kind {
                Kind::Call(..) | Kind::New(..) | Kind::Closure(_) => Some(target),
                Kind::Literal(_) => None,
                _ => Some(Expr::new(at, Kind::Call(Box::new(target), Vec::new()))),
            };
        }
        // `f (a) & b, c`: what looked like the arguments is the beginning of the first one.
        match target.kind {
            Kind::Call(callee, mut args) if args.len() == 1 && !self.begins_operand() => {
                let first = args.pop()?;
                let first = Item { value: self.binary_from(first.value, 1), ..first };
                let mut args = vec![first];
                if self.eat_sign(b',') {
                    args.append(&mut self.bare_arguments());
                }
                Some(Expr::new(at, Kind::Call(callee, args)))
            }
            Kind::Literal(_) => Some(self.binary_from(target, 1)),
            _ => {
                let args = self.bare_arguments();
                Some(Expr::new(at, Kind::Call(Box::new(target), args)))
            }
        }
    }

    fn begins_operand(&self) -> bool {
        match self.sort() {
            Sort::Word(word) => !word.reserved(),
            Sort::Number | Sort::String | Sort::Char | Sort::Interpolated | Sort::Date => true,
            _ => false,
        }
    }

    /// Arguments without parentheses, up to the end of the statement.
    pub(super) fn bare_arguments(&mut self) -> Vec<Item> {
        let mut args = Vec::new();
        while !self.at_end() {
            let before = self.at;
            args.push(self.item());
            if !self.eat_sign(b',') {
                break;
            }
            if self.at == before {
                break;
            }
        }
        args
    }

    /// `+=` and its like.
    fn assigning_operator(&self) -> Option<Binary> {
        let equals = self.tokens.get(self.at).zip(self.tokens.get(self.at + 1));
        let touch = equals.is_some_and(|(op, equals)| op.end == equals.at && equals.sort == Sort::Sign(b'='));
        if !touch {
            return None;
        }
        Some(match self.sort() {
            Sort::Sign(b'+') => Binary::Add,
            Sort::Sign(b'&') => Binary::Join,
            Sort::Sign(b'-') => Binary::Sub,
            Sort::Sign(b'*') => Binary::Mul,
            Sort::Sign(b'/') => Binary::Div,
            Sort::Sign(b'\\') => Binary::IntDiv,
            Sort::Sign(b'^') => Binary::Pow,
            Sort::ShiftLeft => Binary::ShiftLeft,
            Sort::ShiftRight => Binary::ShiftRight,
            _ => return None,
        })
    }

    /// `<%= … %>`.
    fn echo(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let mut values = Vec::new();
        while !matches!(self.sort(), Sort::EchoEnd | Sort::Nothing) {
            let before = self.at;
            if values.is_empty() {
                values.push(self.expression());
            }
            if self.at == before {
                self.bump();
            }
        }
        self.bump();
        out.push(Stmt::Expr(Expr::call(at, "echo", values)));
    }

    fn exit(&mut self, out: &mut Block) {
        self.bump();
        match self.word() {
            Some(Word::For | Word::Do | Word::While | Word::Select) => {
                let count = self.around_count();
                self.bump();
                out.push(Stmt::Break(count));
            }
            Some(Word::Try) => self.bump(),
            Some(Word::Sub | Word::Function | Word::Property | Word::Operator) => {
                let at = self.offset();
                self.bump();
                let value = self.property.clone().map(|name| Expr::new(at, Kind::Var(name)));
                out.push(Stmt::Return(value));
            }
            _ => {}
        }
    }

    /// How many loops the word here leaves.
    fn around_count(&self) -> u32 {
        let around = match self.word() {
            Some(Word::For) => Around::For,
            Some(Word::Do) => Around::Do,
            Some(Word::While) => Around::While,
            _ => Around::Select,
        };
        let inner = self.around.iter().rev().position(|&each| each == around).unwrap_or(0);
        u32::try_from(inner).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// `ReDim a(3)` makes an array anew; with `Preserve` it stays what it is.
    fn redim(&mut self, out: &mut Block) {
        self.bump();
        let keep = self.eat(Word::Preserve);
        loop {
            let target = self.postfix();
            let at = target.at;
            if self.eat(Word::As) {
                self.short_type();
            }
            if let (Kind::Call(target, _), false) = (target.kind, keep) {
                out.push(Stmt::Expr(assign(*target, Expr::new(at, Kind::List(Vec::new())))));
            }
            if !self.eat_sign(b',') {
                break;
            }
        }
    }
}

pub(super) fn assign(target: Expr, value: Expr) -> Expr {
    Expr::new(target.at, Kind::Assign(Box::new(target), Box::new(value)))
}
