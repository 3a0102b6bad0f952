//! The bodies of classes, interfaces, traits and enumerations.
//!
//! Constants and cases of enumerations are static fields. Static properties keep their `$` in the field's name, as they do where
//! they are used (`A::$b`), so that a constant of the same name stays another thing.

use std::rc::Rc;

use super::Parser;
use super::expression::power;
use super::token::T;
use crate::ir::{Class, Expr, Field, Function, Item, Kind, Name, Stmt};

impl Parser<'_> {
    /// From behind the name on.
    pub(super) fn class_body(&mut self, name: Name, at: u32) -> Rc<Class> {
        let mut class = Class { name, extends: Vec::new(), fields: Vec::new(), methods: Vec::new(), init: Vec::new(), at };
        // The type of an enumeration's values.
        self.return_type();
        while matches!(self.kind(), T::Extends | T::Implements) {
            self.bump();
            self.parents(&mut class);
        }
        if self.expect(T::OpenBrace) {
            self.nested(|parser| parser.members(&mut class));
            self.expect(T::CloseBrace);
        }
        Rc::new(class)
    }

    fn parents(&mut self, class: &mut Class) {
        while matches!(self.kind(), T::Word | T::Qualified) {
            let token = self.bump();
            class.extends.push(self.name(token));
            if !self.eat(T::Comma) {
                break;
            }
        }
    }

    fn members(&mut self, class: &mut Class) {
        while self.kind() != T::CloseBrace && !self.kind().is_wall() {
            let before = self.next;
            self.member(class);
            if self.next == before {
                self.mark_unread();
                self.bump();
            }
            if let Some(at) = self.unread.take() {
                class.init.push(Stmt::Unread(at));
            }
        }
    }

    fn member(&mut self, class: &mut Class) {
        let mut marks = self.attributes();
        let mut is_static = false;
        while let T::Public | T::Protected | T::Private | T::Static | T::Abstract | T::Final | T::Readonly | T::Var = self.kind()
        {
            let token = self.token();
            match self.modifier() {
                T::Static => is_static = true,
                T::Public | T::Protected | T::Private | T::Abstract => {
                    marks.push(self.name(token).to_ascii_lowercase().into());
                }
                _ => {}
            }
        }
        match self.kind() {
            T::Semicolon | T::Text => {
                self.bump();
            }
            T::Use => self.traits(class),
            T::Const => self.class_constants(class),
            T::Case => self.enum_case(class),
            T::Function => {
                let at = self.bump().at;
                self.eat(T::Amp);
                let token = self.bump();
                let name = self.name(token);
                let (function, promoted) = self.function(name, at, marks, is_static);
                class.fields.extend(promoted);
                class.methods.push(Rc::new(function));
            }
            _ => self.properties(class, is_static),
        }
    }

    /// A trait's methods are the class's own, much like those of a parent.
    fn traits(&mut self, class: &mut Class) {
        self.bump();
        self.parents(class);
        if self.kind() == T::OpenBrace {
            self.skip_balanced();
        } else {
            self.finish();
        }
    }

    fn class_constants(&mut self, class: &mut Class) {
        self.bump();
        // A type in front of the name.
        let of_type = if self.kind_ahead(1) == T::Assign { None } else { self.type_name() };
        while self.kind().is_word() {
            let token = self.bump();
            let name = self.name(token);
            let default = if self.eat(T::Assign) { Some(self.expr(power::LOWEST)) } else { None };
            class.fields.push(Field { name, of_type: of_type.clone(), default, is_static: true });
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.finish();
    }

    fn enum_case(&mut self, class: &mut Class) {
        self.bump();
        let token = self.bump();
        let name = self.name(token);
        let bytes = Expr::bytes(token.at, self.bytes(token));
        let value = if self.eat(T::Assign) { case_object(bytes, self.expr(power::LOWEST)) } else { bytes };
        class.fields.push(Field { name, of_type: None, default: Some(value), is_static: true });
        self.finish();
    }

    fn properties(&mut self, class: &mut Class, is_static: bool) {
        let of_type = self.type_name();
        if self.kind() != T::Variable {
            self.mark_unread();
        }
        while self.kind() == T::Variable {
            let token = self.bump();
            let name = self.name(token);
            let default = if self.eat(T::Assign) { Some(self.expr(power::LOWEST)) } else { None };
            let hooks = self.kind() == T::OpenBrace;
            if hooks {
                self.hooks(class, &name);
            }
            let name = if is_static { format!("${name}").into() } else { name };
            class.fields.push(Field { name, of_type: of_type.clone(), default, is_static });
            if hooks {
                return;
            }
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.finish();
    }

    /// `{ get => …; set(…) { … } }`: methods `name::get` and `name::set`.
    fn hooks(&mut self, class: &mut Class, property: &Name) {
        self.bump();
        while self.kind() != T::CloseBrace && !self.kind().is_wall() {
            let before = self.next;
            let marks = self.attributes();
            while matches!(self.kind(), T::Final | T::Amp) {
                self.bump();
            }
            if self.kind().is_word() {
                let token = self.bump();
                let name: Name = format!("{property}::{}", self.name(token)).into();
                let params = if self.kind() == T::OpenParen { self.params().params } else { Vec::new() };
                let mut body = Vec::new();
                if self.eat(T::FatArrow) {
                    body.push(Stmt::Return(Some(self.expr(power::LOWEST))));
                    self.finish();
                } else if self.kind() == T::OpenBrace {
                    body = self.block();
                } else {
                    self.finish();
                }
                let function = Function {
                    name,
                    params,
                    body,
                    uses: Vec::new(),
                    captures: false,
                    is_static: false,
                    marks,
                    returns_name: false,
                    at: token.at,
                };
                class.methods.push(Rc::new(function));
            }
            if self.next == before {
                self.mark_unread();
                self.bump();
            }
        }
        self.expect(T::CloseBrace);
    }
}

/// A case of an enumeration that has a value.
fn case_object(name: Expr, value: Expr) -> Expr {
    let at = name.at;
    let member = |key: &str, value: Expr| Item { key: Some(Expr::bytes(at, key.as_bytes())), ..Item::plain(value) };
    let members = Expr::new(at, Kind::List(vec![member("name", name), member("value", value)]));
    Expr::new(at, Kind::Cast("object".into(), Box::new(members)))
}
