//! Statements that do not branch, and lists of statements.

use super::Parser;
use super::expression::power;
use super::token::T;
use crate::ir::{Block, Expr, Item, Kind, Literal, Stmt};

impl Parser<'_> {
    /// Statements up to a closing brace, a wall, or what the caller says; that is left there.
    pub(super) fn statements(&mut self, out: &mut Block, stop: impl Fn(T) -> bool) {
        loop {
            let kind = self.kind();
            if kind == T::CloseBrace || kind.is_wall() || stop(kind) {
                return;
            }
            let before = self.next;
            self.statement(out);
            if self.next == before {
                self.mark_unread();
                self.bump();
            }
            // Here rather than in each statement: a loop in a function in an argument says what it could not read at its own place.
            if let Some(at) = self.unread.take() {
                out.push(Stmt::Unread(at));
            }
        }
    }

    /// `{ … }`.
    pub(super) fn block(&mut self) -> Block {
        let mut body = Block::new();
        if self.expect(T::OpenBrace) {
            self.statements(&mut body, |_| false);
            self.expect(T::CloseBrace);
        }
        body
    }

    pub(super) fn statement(&mut self, out: &mut Block) {
        self.nested(|parser| parser.one_statement(out));
    }

    fn one_statement(&mut self, out: &mut Block) {
        match self.kind() {
            T::Semicolon => {
                self.bump();
            }
            T::Text => {
                let token = self.bump();
                out.push(Stmt::Text(token.end.saturating_sub(token.at)));
            }
            T::OpenBrace => {
                let block = self.block();
                out.push(Stmt::Block(block));
            }
            T::If => self.if_statement(out),
            T::While => self.while_statement(out),
            T::Do => self.do_statement(out),
            T::For => self.for_statement(out),
            T::Foreach => self.foreach_statement(out),
            T::Switch => self.switch_statement(out),
            T::Try => self.try_statement(out),
            T::Echo => self.echo(out),
            T::Return => {
                self.bump();
                let value = self.optional_value();
                out.push(Stmt::Return(value));
                self.finish();
            }
            T::Break | T::Continue => self.leave(out),
            T::Throw => {
                self.bump();
                let value = self.expr(power::LOWEST);
                out.push(Stmt::Throw(value));
                self.finish();
            }
            T::Global => self.global(out),
            T::Static if self.kind_ahead(1) == T::Variable => self.static_variables(out),
            T::Unset if self.kind_ahead(1) == T::OpenParen => {
                self.bump();
                self.bump();
                let items = self.items(T::CloseParen);
                out.push(Stmt::Unset(items.into_iter().map(|item| item.value).collect()));
                self.finish();
            }
            T::Goto => {
                self.bump();
                let token = self.bump();
                out.push(Stmt::Goto(self.name(token)));
                self.finish();
            }
            T::Declare => self.declare(out),
            T::Namespace => self.namespace(out),
            T::Use => self.imports(out),
            T::Const => self.constants(out),
            T::HaltCompiler => {
                self.bump();
                self.finish();
            }
            T::Word if self.kind_ahead(1) == T::Colon => {
                let token = self.bump();
                out.push(Stmt::Label(self.name(token)));
                self.bump();
            }
            T::Class | T::Abstract | T::Final | T::Readonly | T::Interface | T::Trait | T::Function | T::Attribute | T::Word
                if self.declares() =>
            {
                self.declaration(out);
            }
            _ => {
                let value = self.expr(power::LOWEST);
                out.push(Stmt::Expr(value));
                self.finish();
            }
        }
    }

    /// The end of a statement. What stands there instead is skipped up to where the next one could begin.
    pub(super) fn finish(&mut self) {
        if self.eat(T::Semicolon) {
            return;
        }
        let start = self.next;
        loop {
            let kind = self.kind();
            match kind {
                T::CloseBrace | T::Text => return,
                _ if kind.is_wall() => return,
                _ => self.mark_unread(),
            }
            match kind {
                T::Semicolon => {
                    self.bump();
                    return;
                }
                T::OpenBrace => return,
                _ if kind.starts_statement() => return,
                // A word or variable behind a whole expression is the next statement, of which only a `;` in between is missing.
                T::Variable | T::Word | T::EndIf | T::EndFor | T::EndForeach | T::EndWhile | T::EndSwitch | T::EndDeclare
                    if self.next == start =>
                {
                    return;
                }
                T::Template | T::Backtick | T::Heredoc | T::Nowdoc | T::Interpolation | T::InterpolationDollar => {
                    self.skip_balanced();
                }
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// A value, if one stands in front of the end of the statement.
    fn optional_value(&mut self) -> Option<Expr> {
        let kind = self.kind();
        let ends = kind.closes() || matches!(kind, T::Semicolon | T::Text | T::End);
        if ends { None } else { Some(self.expr(power::LOWEST)) }
    }

    fn echo(&mut self, out: &mut Block) {
        let at = self.bump().at;
        let mut values = Vec::new();
        while let Some(value) = self.optional_value() {
            values.push(value);
            if !self.eat(T::Comma) {
                break;
            }
        }
        if !values.is_empty() {
            out.push(Stmt::Expr(Expr::call(at, "echo", values)));
        }
        self.finish();
    }

    fn leave(&mut self, out: &mut Block) {
        let kind = self.bump().kind;
        let levels = match self.optional_value() {
            Some(Expr { kind: Kind::Literal(Literal::Int(levels)), .. }) => u32::try_from(levels).unwrap_or(1).max(1),
            _ => 1,
        };
        out.push(if kind == T::Break { Stmt::Break(levels) } else { Stmt::Continue(levels) });
        self.finish();
    }

    fn global(&mut self, out: &mut Block) {
        self.bump();
        let mut names = Vec::new();
        let mut dynamic = Vec::new();
        loop {
            match self.kind() {
                T::Variable => {
                    let token = self.bump();
                    names.push(self.name(token));
                }
                // `global $$a` is `$$a = &$GLOBALS[$a]`.
                T::Dollar if self.kind_ahead(1) == T::Variable => {
                    let at = self.bump().at;
                    let token = self.bump();
                    let name = self.name(token);
                    let key = || Box::new(Expr::new(token.at, Kind::Var(name.clone())));
                    let globals = Box::new(Expr::new(at, Kind::Var("GLOBALS".into())));
                    let global = Expr::new(at, Kind::Index(globals, Some(key())));
                    let local = Expr::new(at, Kind::Dynamic(key()));
                    dynamic.push(Stmt::Expr(Expr::new(at, Kind::AssignRef(Box::new(local), Box::new(global)))));
                }
                T::Dollar => {
                    self.mark_unread();
                    self.variable();
                }
                _ => break,
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        if !names.is_empty() {
            out.push(Stmt::Global(names));
        }
        out.append(&mut dynamic);
        self.finish();
    }

    fn static_variables(&mut self, out: &mut Block) {
        self.bump();
        while self.kind() == T::Variable {
            let token = self.bump();
            let name = self.name(token);
            let value = if self.eat(T::Assign) { Some(self.expr(power::LOWEST)) } else { None };
            out.push(Stmt::StaticVar(name, value));
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.finish();
    }

    fn declare(&mut self, out: &mut Block) {
        self.bump();
        if self.eat(T::OpenParen) {
            self.items(T::CloseParen);
        }
        if self.eat(T::Colon) {
            self.statements(out, |kind| kind == T::EndDeclare);
            self.expect(T::EndDeclare);
            self.finish();
        }
        // Else a block or `;`, which the caller's loop reads.
    }

    fn namespace(&mut self, out: &mut Block) {
        self.bump();
        if self.kind().is_word() {
            self.bump();
        }
        if self.kind() == T::OpenBrace {
            // No scope of variables.
            let body = self.block();
            out.push(Stmt::Block(body));
        } else {
            self.finish();
        }
    }

    fn constants(&mut self, out: &mut Block) {
        self.bump();
        while self.kind().is_word() {
            let name = self.bump();
            let text = Expr::bytes(name.at, self.bytes(name));
            if !self.expect(T::Assign) {
                break;
            }
            let value = self.expr(power::LOWEST);
            out.push(Stmt::Expr(Expr::call(name.at, "define", vec![text, value])));
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.finish();
    }

    /// `use` outside of classes. Other names for functions and classes become calls of `use_function` and `use_class` with the
    /// original and the new name; constants and names that stay what they are need nothing.
    fn imports(&mut self, out: &mut Block) {
        self.bump();
        let kind = self.import_kind(T::Class);
        loop {
            let prefix = self.token();
            if !prefix.kind.is_word() {
                break;
            }
            self.bump();
            let prefix_name = self.name(prefix);
            if self.kind() == T::OpenBrace {
                self.bump();
                while self.kind().is_word() {
                    let kind = self.import_kind(kind);
                    let token = self.bump();
                    let name = format!("{}\\{}", prefix_name, self.name(token));
                    self.import(out, kind, token.at, &name);
                    if !self.eat(T::Comma) {
                        break;
                    }
                }
                self.expect(T::CloseBrace);
            } else {
                self.import(out, kind, prefix.at, &prefix_name);
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.finish();
    }

    fn import_kind(&mut self, default: T) -> T {
        match self.kind() {
            kind @ (T::Function | T::Const) if self.kind_ahead(1).is_word() => {
                self.bump();
                kind
            }
            _ => default,
        }
    }

    fn import(&mut self, out: &mut Block, kind: T, at: u32, name: &str) {
        // A group's prefix ends in a separator that is no part of a word.
        let name = name.replace("\\\\", "\\");
        let last = name.rsplit('\\').next().unwrap_or_default();
        let alias = if self.eat(T::As) {
            let token = self.bump();
            self.name(token).to_string()
        } else {
            last.to_owned()
        };
        let function = match kind {
            T::Function => "use_function",
            T::Class if alias != last => "use_class",
            _ => return,
        };
        let names = [&name, &alias].map(|name| Item::plain(Expr::bytes(at, name.as_bytes())));
        let callee = Box::new(Expr::new(at, Kind::Name(function.into())));
        out.push(Stmt::Expr(Expr::new(at, Kind::Call(callee, names.into()))));
    }
}
