//! Functions and closures, their parameters, types and attributes.

use std::rc::Rc;

use super::Parser;
use super::expression::power;
use super::token::T;
use crate::ir::{Block, Expr, Field, Function, Kind, Name, Param, Stmt};

/// A function's parameters, and which of them are fields of its object as well.
#[derive(Default)]
pub(super) struct Params {
    pub params: Vec<Param>,
    pub promoted: Vec<Field>,
}

impl Parser<'_> {
    /// Whether a function or class with a name is declared here, rather than an expression begun.
    pub(super) fn declares(&self) -> bool {
        let next = self.kind_ahead(1);
        match self.kind() {
            T::Function => next.is_word() || (next == T::Amp && self.kind_ahead(2).is_word()),
            T::Class | T::Interface | T::Trait => next.is_word(),
            T::Abstract | T::Final => true,
            T::Readonly => matches!(next, T::Class | T::Final | T::Abstract | T::Readonly),
            T::Word => next == T::Word && self.is_word(self.token(), "enum"),
            T::Attribute => true,
            _ => false,
        }
    }

    pub(super) fn declaration(&mut self, out: &mut Block) {
        let marks = self.attributes();
        while matches!(self.kind(), T::Abstract | T::Final | T::Readonly) {
            self.bump();
        }
        if !self.declares() {
            // An attribute in front of a closure, or of nothing.
            if !marks.is_empty() && !matches!(self.kind(), T::CloseBrace | T::End) {
                self.statement(out);
            }
            return;
        }
        let at = self.bump();
        if at.kind == T::Function {
            self.eat(T::Amp);
            let token = self.bump();
            let name = self.name(token);
            let (function, _) = self.function(name, at.at, marks, false);
            out.push(Stmt::Function(Rc::new(function)));
            return;
        }
        let token = self.bump();
        let name = self.name(token);
        let class = self.class_body(name, at.at);
        out.push(Stmt::Class(class));
    }

    /// From the parameters on. The body of an abstract one is empty.
    pub(super) fn function(&mut self, name: Name, at: u32, marks: Vec<Name>, is_static: bool) -> (Function, Vec<Field>) {
        let Params { params, promoted } = self.params();
        let uses = self.uses();
        self.return_type();
        let mut body: Block = promoted.iter().map(|field| assign_field(&field.name, at)).collect();
        if self.kind() == T::OpenBrace {
            body.append(&mut self.nested(Self::block).unwrap_or_default());
        } else {
            self.finish();
        }
        (Function { name, params, body, uses, captures: false, is_static, marks, returns_name: false, at }, promoted)
    }

    /// `function (…) use (…) { … }`, `fn (…) => …`.
    pub(super) fn closure(&mut self) -> Expr {
        let marks = self.attributes();
        let at = self.at();
        let is_static = self.eat(T::Static);
        let kind = self.kind();
        if !matches!(kind, T::Function | T::Fn) {
            return self.expr(power::UNARY);
        }
        self.bump();
        self.eat(T::Amp);
        if self.kind().is_word() {
            // A name has no place here, but tells nothing either.
            self.bump();
        }
        if kind == T::Function {
            let Params { params, .. } = self.params();
            let uses = self.uses();
            self.return_type();
            let body = self.block();
            let function =
                Function { name: "".into(), params, body, uses, captures: false, is_static, marks, returns_name: false, at };
            return Expr::new(at, Kind::Closure(Rc::new(function)));
        }
        let Params { params, .. } = self.params();
        self.return_type();
        let mut body = Block::new();
        if self.expect(T::FatArrow) {
            body.push(Stmt::Return(Some(self.expr(power::LOWEST))));
        }
        let uses = Vec::new();
        let function =
            Function { name: "".into(), params, body, uses, captures: true, is_static, marks, returns_name: false, at };
        Expr::new(at, Kind::Closure(Rc::new(function)))
    }

    fn uses(&mut self) -> Vec<(Name, bool)> {
        let mut uses = Vec::new();
        if !self.eat(T::Use) || !self.expect(T::OpenParen) {
            return uses;
        }
        loop {
            let by_ref = self.eat(T::Amp);
            if self.kind() != T::Variable {
                break;
            }
            let token = self.bump();
            uses.push((self.name(token), by_ref));
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.expect(T::CloseParen);
        uses
    }

    pub(super) fn return_type(&mut self) {
        if self.eat(T::Colon) {
            self.type_name();
        }
    }

    pub(super) fn params(&mut self) -> Params {
        let mut found = Params::default();
        if !self.expect(T::OpenParen) {
            return found;
        }
        loop {
            let kind = self.kind();
            if kind == T::CloseParen {
                self.bump();
                return found;
            }
            if kind.closes() || matches!(kind, T::End | T::Semicolon | T::Text | T::OpenBrace) {
                self.mark_unread();
                return found;
            }
            self.param(&mut found);
            if !self.eat(T::Comma) && self.kind() != T::CloseParen {
                self.skip_operand();
                self.eat(T::Comma);
            }
        }
    }

    fn param(&mut self, found: &mut Params) {
        self.attributes();
        let mut promoted = false;
        while matches!(self.kind(), T::Public | T::Private | T::Protected | T::Readonly | T::Final) {
            promoted = true;
            self.modifier();
        }
        let of_type = self.type_name();
        let by_ref = self.eat(T::Amp);
        let variadic = self.eat(T::Ellipsis);
        if self.kind() != T::Variable {
            return;
        }
        let token = self.bump();
        let name = self.name(token);
        let default = if self.eat(T::Assign) { Some(self.expr(power::LOWEST)) } else { None };
        if self.kind() == T::OpenBrace {
            // Hooks of a promoted property.
            self.skip_balanced();
        }
        if promoted {
            found.promoted.push(Field { name: name.clone(), of_type: of_type.clone(), default: None, is_static: false });
        }
        found.params.push(Param { name, of_type, default, by_ref, variadic });
    }

    /// `public`, `private(set)`.
    pub(super) fn modifier(&mut self) -> T {
        let kind = self.bump().kind;
        if self.kind() == T::OpenParen && self.kind_ahead(2) == T::CloseParen && self.is_word(self.token_ahead(1), "set") {
            self.bump();
            self.bump();
            self.bump();
        }
        kind
    }

    /// A type, if one stands here: the first name of it that is not null.
    pub(super) fn type_name(&mut self) -> Option<Name> {
        let mut found: Option<Name> = None;
        let mut brackets = 0_u32;
        loop {
            let token = self.token();
            match token.kind {
                T::Question | T::Bar => {}
                T::OpenParen => brackets += 1,
                T::CloseParen if brackets > 0 => brackets -= 1,
                // By reference, or one more type?
                T::Amp if self.kind_ahead(1).is_word() || self.kind_ahead(1) == T::OpenParen => {}
                kind if kind.is_word() => {
                    let name = self.name(token);
                    let last = name.rsplit('\\').next().unwrap_or_default().to_ascii_lowercase();
                    if found.is_none() && last != "null" {
                        found = Some(last.into());
                    }
                    self.bump();
                    // Two words are no type; the second belongs to what follows.
                    match self.kind() {
                        T::Bar | T::Amp => continue,
                        T::CloseParen if brackets > 0 => continue,
                        _ => return found,
                    }
                }
                _ => return found,
            }
            self.bump();
        }
    }

    /// The names of attributes, lower case, without namespace.
    pub(super) fn attributes(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while self.kind() == T::Attribute {
            let mut open = 0_usize;
            let mut expects_name = true;
            loop {
                let token = self.token();
                let kind = token.kind;
                if kind == T::End {
                    self.mark_unread();
                    return names;
                }
                if kind.opens() {
                    open += 1;
                } else if kind.closes() {
                    open = open.saturating_sub(1);
                } else if open == 1 && kind.is_word() && expects_name {
                    let name = self.name(token);
                    names.push(name.rsplit('\\').next().unwrap_or_default().to_ascii_lowercase().into());
                }
                expects_name = matches!(kind, T::Comma | T::Attribute);
                self.bump();
                if open == 0 {
                    break;
                }
            }
        }
        names
    }
}

/// `$this->name = $name`, which a promoted parameter does.
fn assign_field(name: &Name, at: u32) -> Stmt {
    let field = Expr::member(at, Expr::new(at, Kind::Var("this".into())), name);
    let value = Expr::new(at, Kind::Var(name.clone()));
    Stmt::Expr(Expr::new(at, Kind::Assign(Box::new(field), Box::new(value))))
}
