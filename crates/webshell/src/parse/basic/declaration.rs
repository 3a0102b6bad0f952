//! Variables and procedures.

use std::rc::Rc;

use super::lexer::Sort;
use super::words::Word;
use super::{Open, Parser, lower};
use crate::ir::{Block, Expr, Function, Kind, Name, Param, Stmt};

/// Words in front of one declaration.
const MAX_MODIFIERS: usize = 12;

impl Parser<'_> {
    /// How many modifiers stand here, and the word behind them.
    fn declared(&self) -> (usize, Option<Word>) {
        let mut count = 0;
        while count < MAX_MODIFIERS && self.word_ahead(count).is_some_and(Word::modifier) {
            count += 1;
        }
        (count, self.word_ahead(count))
    }

    /// Whether a declaration of anything begins here.
    pub(super) fn at_declaration(&self) -> bool {
        let (count, word) = self.declared();
        let named = self.word_ahead(count + 1).is_some();
        match word {
            Some(Word::Dim | Word::Const) => named,
            Some(
                Word::Sub
                | Word::Function
                | Word::Class
                | Word::Structure
                | Word::Interface
                | Word::Module
                | Word::Namespace
                | Word::Enum
                | Word::Property
                | Word::Declare
                | Word::Delegate
                | Word::Event
                | Word::Operator,
            ) => named || (self.net && count > 0),
            Some(Word::Inherits | Word::Implements) => named,
            Some(_) => count > 0,
            None => false,
        }
    }

    /// Whether a procedure begins here that cannot stand in another one.
    pub(super) fn at_procedure(&self) -> bool {
        let (count, word) = self.declared();
        match word {
            Some(Word::Sub | Word::Function) => self.word_ahead(count + 1).is_some(),
            Some(Word::Property) if self.net => count > 0,
            Some(Word::Property) => matches!(self.word_ahead(count + 1), Some(Word::Get | Word::Let | Word::Set)),
            Some(Word::Class) => self.word_ahead(count + 1).is_some() && self.ahead(count + 2) == Sort::Newline,
            _ => false,
        }
    }

    /// Takes modifiers: what they are called elsewhere, if it matters who calls what is declared.
    pub(super) fn modifiers(&mut self) -> Vec<Name> {
        let mut marks = Vec::new();
        while let Some(word) = self.word().filter(|word| word.modifier()) {
            let mark = if word == Word::Overrides { "override".into() } else { lower(self.bytes()) };
            if marks.len() < MAX_MODIFIERS {
                marks.push(mark);
            }
            self.bump();
        }
        marks
    }

    /// Attributes in front of a declaration.
    pub(super) fn attributes(&mut self, out: &mut Block) {
        let marks = self.marks();
        while self.sort() == Sort::Newline {
            self.bump();
        }
        if self.at_declaration() {
            self.marked_declaration(marks, out);
        }
    }

    /// `<A(), B.C(1)>`: names, lower case.
    pub(super) fn marks(&mut self) -> Vec<Name> {
        let mut marks = Vec::new();
        while self.eat_sign(b'<') {
            while !self.at_end() && !self.is_sign(b'>') {
                let before = self.at;
                // `Assembly:` is a separator's business and ends the line.
                if let Some(name) = self.type_name() {
                    let short = name.rsplit('.').next().unwrap_or(&name);
                    if marks.len() < MAX_MODIFIERS {
                        marks.push(short.strip_suffix("attribute").unwrap_or(short).into());
                    }
                    if self.is_sign(b'(') {
                        self.arguments();
                    }
                }
                self.eat_sign(b',');
                if self.at == before {
                    self.bump();
                }
            }
            self.eat_sign(b'>');
        }
        marks
    }

    pub(super) fn declaration(&mut self, out: &mut Block) {
        self.marked_declaration(Vec::new(), out);
    }

    fn marked_declaration(&mut self, mut marks: Vec<Name>, out: &mut Block) {
        marks.append(&mut self.modifiers());
        match self.word() {
            Some(Word::Sub | Word::Function | Word::Operator | Word::Declare) => {
                if let Some(function) = self.procedure(marks, false) {
                    out.push(Stmt::Function(Rc::new(function)));
                }
            }
            Some(Word::Property) => self.loose_property(marks, out),
            Some(Word::Class | Word::Structure | Word::Interface | Word::Enum) => self.class(out),
            // What modules and namespaces hold can be named without them.
            Some(Word::Module | Word::Namespace) => {
                self.skip_line();
                out.append(&mut self.block(Open::Class));
                self.end_of(Open::Class);
            }
            Some(Word::Delegate | Word::Event | Word::Inherits | Word::Implements) => self.skip_statement(),
            Some(Word::Dim | Word::Const) => {
                self.bump();
                self.variables(out);
            }
            _ => self.variables(out),
        }
    }

    /// A `Sub` or `Function`, an operator, or a function of a library. `bodiless` in interfaces.
    pub(super) fn procedure(&mut self, mut marks: Vec<Name>, bodiless: bool) -> Option<Function> {
        let at = self.offset();
        let foreign = self.eat(Word::Declare);
        if foreign {
            marks.push("dllimport".into());
            // `Auto`, `Ansi`, `Unicode`.
            while self.is(Word::Plain) {
                self.bump();
            }
        }
        let returns_name = !self.is(Word::Sub);
        self.bump();
        let name = match self.name() {
            Some(name) => name,
            // The sign of an operator.
            None if !self.at_end() => {
                self.bump();
                "operator".into()
            }
            None => return None,
        };
        self.skip_generics();
        while foreign && !self.at_end() && !self.is_sign(b'(') {
            self.bump();
        }
        let params = self.params();
        if self.eat(Word::As) {
            self.marks();
            self.short_type();
        }
        if self.is(Word::Handles) {
            marks.push("handles".into());
        }
        if self.is(Word::Handles) || self.is(Word::Implements) {
            self.skip_statement();
        }
        let abstract_one = bodiless || foreign || marks.iter().any(|mark| &**mark == "mustoverride");
        let body = if abstract_one {
            Block::new()
        } else {
            let body = self.procedure_body();
            self.end_of(Open::Procedure);
            body
        };
        let is_static = marks.iter().any(|mark| &**mark == "shared");
        Some(Function { name, params, body, uses: Vec::new(), captures: false, is_static, marks, returns_name, at })
    }

    pub(super) fn params(&mut self) -> Vec<Param> {
        let mut params = Vec::new();
        if !self.eat_sign(b'(') {
            return params;
        }
        while !self.eat_sign(b')') && !self.at_line_end() {
            let before = self.at;
            if self.is_sign(b'<') {
                self.marks();
            }
            // Without a word VBScript hands on the variable itself, VB.NET its value.
            let mut by_ref = !self.net;
            let mut variadic = false;
            loop {
                match self.word() {
                    Some(Word::ByRef) => by_ref = true,
                    Some(Word::ByVal) => by_ref = false,
                    Some(Word::ParamArray) => {
                        variadic = true;
                        by_ref = false;
                    }
                    Some(Word::Optional) => {}
                    _ => break,
                }
                self.bump();
            }
            if let Some(name) = self.name() {
                self.eat_sign(b'?');
                let array = self.array_suffix();
                let of_type = if self.eat(Word::As) { self.short_type() } else { None };
                let of_type = of_type.map(|name| if array { format!("{name}[]").into() } else { name });
                let default = if self.eat_sign(b'=') { Some(self.expression()) } else { None };
                params.push(Param { name, of_type, default, by_ref, variadic });
            }
            self.eat_sign(b',');
            if self.at == before {
                self.bump();
            }
        }
        params
    }

    /// `a, b(3), c As New T(d), e As T = f`.
    pub(super) fn variables(&mut self, out: &mut Block) {
        self.each_variable(&mut |name, of_type, value, at| out.push(Stmt::Let(name, of_type, value, at)));
    }

    /// `Static a` in a procedure.
    pub(super) fn static_variables(&mut self, out: &mut Block) {
        self.bump();
        self.each_variable(&mut |name, _, value, _| out.push(Stmt::StaticVar(name, value)));
    }

    pub(super) fn each_variable(&mut self, take: &mut dyn FnMut(Name, Option<Name>, Option<Expr>, u32)) {
        loop {
            while self.word().is_some_and(Word::modifier) && self.word_ahead(1).is_some_and(|word| word != Word::As) {
                self.bump();
            }
            let at = self.offset();
            let Some(name) = self.name() else { return };
            self.eat_sign(b'?');
            // `a, b As T` gives both the type.
            let mut names = vec![(name, at)];
            let mut array = self.array_suffix();
            let mut value = None;
            if self.is_sign(b'(') {
                let at = self.offset();
                self.arguments();
                array = true;
                value = Some(Expr::new(at, Kind::List(Vec::new())));
            } else if array && !self.net {
                value = Some(Expr::new(at, Kind::List(Vec::new())));
            }
            while self.net && self.is_sign(b',') && value.is_none() && self.word_ahead(1).is_some() {
                self.bump();
                let at = self.offset();
                if let Some(name) = self.name() {
                    names.push((name, at));
                }
                if !matches!(self.sort(), Sort::Sign(b',') | Sort::Word(Word::As)) {
                    break;
                }
            }
            let mut of_type = None;
            if self.is_sign(b'(') {
                let at = self.offset();
                self.arguments();
                value = Some(Expr::new(at, Kind::List(Vec::new())));
            }
            if self.eat(Word::As) {
                if self.is(Word::New) {
                    let object = self.new_object();
                    of_type = class_of(&object);
                    value = Some(object);
                } else {
                    of_type = self.short_type();
                }
            }
            if array {
                of_type = of_type.map(|name| format!("{name}[]").into());
            }
            if self.eat_sign(b'=') {
                value = Some(self.expression());
            }
            let last = names.len().saturating_sub(1);
            for (index, (name, at)) in names.into_iter().enumerate() {
                let value = if index == last { value.take() } else { None };
                take(name, of_type.clone(), value, at);
            }
            if !self.eat_sign(b',') {
                return;
            }
        }
    }
}

/// The short name of the class of which an object was made.
fn class_of(object: &Expr) -> Option<Name> {
    match &object.kind {
        Kind::New(class, _) => match &class.kind {
            Kind::Name(name) => Some(name.rsplit('.').next().unwrap_or(name).into()),
            _ => None,
        },
        Kind::Initialised(object, _) => match &object.kind {
            Kind::New(..) => class_of(object),
            _ => None,
        },
        _ => None,
    }
}
