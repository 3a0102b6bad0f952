//! Functions, methods, lambdas, parameters, and declarations with a type in front.

use std::mem::{replace, take};
use std::rc::Rc;

use super::Parser;
use super::pattern::{closure, returning};
use super::token::T;
use crate::ir::{Block, Class, Expr, Field, Function, Kind, Name, Offset, Param, Stmt};

/// What a declaration declared.
#[derive(Default)]
pub(super) struct Declared {
    pub fields: Vec<(Field, Offset)>,
    pub methods: Vec<Rc<Function>>,
    pub classes: Vec<Rc<Class>>,
    pub body: Block,
}

impl Parser<'_> {
    /// Reads a method, a property, a field or local variables: a type, a name and what follows. `is_declared` was asked before.
    pub(super) fn declared(&mut self, marks: &[Name], out: &mut Declared) {
        let from = self.pos;
        let Some(end) = self.scan_type(from) else { return };
        self.pos = end;
        let of_type = self.type_name(from, end);
        let at = self.at();
        let is_static = marks.iter().any(|mark| &**mark == "static");
        // `public T this[int i] { … }`.
        if self.kind() == T::This {
            self.bump();
            let params = if self.kind() == T::LBracket { self.params(T::RBracket) } else { Vec::new() };
            return self.accessors("item", of_type, params, marks, at, out);
        }
        if self.eat(T::Operator) {
            let name = self.operator_name();
            return out.methods.push(self.function_rest(name, marks.to_vec(), at, false));
        }
        let mut name = self.name().unwrap_or_else(|| "".into());
        // `void IHandler.Run(…)`.
        loop {
            if self.kind() == T::Lt && !self.js {
                match self.scan_type_arguments(self.pos) {
                    Some(end) => self.pos = end,
                    None => break,
                }
            }
            if self.kind() == T::Dot && self.ahead(1) == T::This {
                self.bump();
                self.bump();
                let params = if self.kind() == T::LBracket { self.params(T::RBracket) } else { Vec::new() };
                return self.accessors("item", of_type, params, marks, at, out);
            }
            if self.kind() != T::Dot || !self.ahead(1).is_wordy() {
                break;
            }
            self.bump();
            name = self.name().unwrap_or(name);
        }
        match self.kind() {
            T::LParen => {
                let captures = self.in_function && marks.is_empty();
                out.methods.push(self.function_rest(name, marks.to_vec(), at, captures));
            }
            T::LBrace | T::FatArrow if self.cs => self.accessors(&name, of_type, Vec::new(), marks, at, out),
            _ => self.declarators(name, of_type, is_static, at, out),
        }
    }

    fn operator_name(&mut self) -> Name {
        let from = self.pos;
        while !matches!(self.kind(), T::LParen | T::End | T::LBrace | T::Semi | T::EchoEnd) || self.pos == from {
            if self.kind() == T::End {
                break;
            }
            self.bump();
        }
        format!("operator {}", self.dotted(from, self.pos)).trim_end().into()
    }

    /// `= a, b = c;` behind the first name.
    fn declarators(&mut self, name: Name, of_type: Option<Name>, is_static: bool, at: Offset, out: &mut Declared) {
        let (mut name, mut at) = (name, at);
        loop {
            let mut own_type = of_type.clone();
            // `int a[]` of Java, `char a[10]` of C#.
            while self.kind() == T::LBracket {
                own_type = own_type.map(|of| format!("{of}[]").into());
                self.skip_one();
            }
            let default = match self.eat(T::Assign) {
                true => {
                    self.eat(T::ByRef);
                    self.initial()
                }
                false => None,
            };
            out.fields.push((Field { name, of_type: own_type, default, is_static }, at));
            if self.kind() != T::Comma || !self.ahead(1).is_word() {
                break;
            }
            self.bump();
            at = self.at();
            name = self.name().unwrap_or_else(|| "".into());
        }
        self.end_statement();
    }

    /// The value behind `=`, which may be an array in braces.
    pub(super) fn initial(&mut self) -> Option<Expr> {
        self.single()
    }

    /// The body of a property or an event.
    fn accessors(
        &mut self,
        name: &str,
        of_type: Option<Name>,
        params: Vec<Param>,
        marks: &[Name],
        at: Offset,
        out: &mut Declared,
    ) {
        let is_static = marks.iter().any(|mark| &**mark == "static");
        let mut names = params.into_iter();
        let method = |prefix: &str, body: Block, params: Vec<Param>| {
            Rc::new(Function {
                name: format!("{prefix}_{name}").into(),
                marks: marks.to_vec(),
                is_static,
                captures: false,
                ..closure(at, params, body)
            })
        };
        if self.kind() == T::FatArrow {
            let body = self.body();
            return out.methods.push(method("get", body, names.by_ref().collect()));
        }
        let mut automatic = true;
        self.eat(T::LBrace);
        loop {
            self.attributes(&mut Vec::new());
            while self.eat(T::Modifier) {}
            if !self.kind().is_word() {
                break;
            }
            let accessor = self.name_at(self.pos);
            self.bump();
            if matches!(self.kind(), T::LBrace | T::FatArrow) {
                automatic = false;
                let body = self.body();
                let prefix = if &*accessor == "init" { "set" } else { &accessor };
                let mut params: Vec<Param> = names.clone_params();
                if &*accessor != "get" {
                    params.push(Param { of_type: of_type.clone(), ..param("value".into()) });
                }
                out.methods.push(method(prefix, body, params));
            }
            self.eat(T::Semi);
        }
        if !self.eat(T::RBrace) {
            self.lose();
        }
        let default = if self.eat(T::Assign) { self.initial() } else { None };
        if default.is_some() {
            self.eat(T::Semi);
        }
        if automatic {
            out.fields.push((Field { name: name.into(), of_type, default, is_static }, at));
        }
    }

    /// Parameters and body behind a name.
    pub(super) fn function_rest(&mut self, name: Name, marks: Vec<Name>, at: Offset, captures: bool) -> Rc<Function> {
        let params = if self.kind() == T::LParen { self.params(T::RParen) } else { Vec::new() };
        let base = self.constructor_base();
        // `: Type` of JScript.NET, `throws A, B`, `where T : A`.
        if self.js && self.eat(T::Colon) {
            self.pos = self.scan_type(self.pos).unwrap_or(self.pos);
        }
        if self.kind() == T::Extends || self.is_word(b"where") {
            while !matches!(self.kind(), T::LBrace | T::FatArrow | T::Semi | T::End | T::EchoEnd | T::RBrace) {
                self.bump();
            }
        }
        // `int f()[]` of old Java, `default x` of an annotation.
        if self.java && self.eat(T::Default) {
            self.single();
        }
        let mut body = base;
        let rest = self.body();
        body.extend(rest);
        let is_static = marks.iter().any(|mark| &**mark == "static");
        Rc::new(Function { name, marks, is_static, captures, ..closure(at, params, body) })
    }

    /// `: base(a)` of a constructor of C#.
    fn constructor_base(&mut self) -> Block {
        let called =
            self.cs && self.kind() == T::Colon && matches!(self.ahead(1), T::Base | T::This) && self.ahead(2) == T::LParen;
        if !called {
            return Block::new();
        }
        self.bump();
        self.single().map(Stmt::Expr).into_iter().collect()
    }

    /// The body of a function: a block, `=> a`, or nothing.
    pub(super) fn body(&mut self) -> Block {
        let targets = take(&mut self.targets);
        let labels = take(&mut self.labels);
        let inside = replace(&mut self.in_function, true);
        let block = self.group(|parser| match parser.kind() {
            T::LBrace => parser.block(),
            T::FatArrow => {
                parser.bump();
                let value = parser.single();
                parser.eat(T::Semi);
                value.map(returning).unwrap_or_default()
            }
            _ => {
                parser.eat(T::Semi);
                Block::new()
            }
        });
        (self.targets, self.labels, self.in_function) = (targets, labels, inside);
        block
    }

    /// Parameters in the brackets that open here.
    pub(super) fn params(&mut self, close: T) -> Vec<Param> {
        let mate = self.mate(self.pos);
        self.group(|parser| {
            let mut params = Vec::new();
            parser.bump();
            while parser.kind() != close {
                if let Some(param) = parser.param() {
                    params.push(param);
                }
                if !parser.more(close, mate) {
                    break;
                }
            }
            parser.eat(close);
            params
        })
    }

    fn param(&mut self) -> Option<Param> {
        self.attributes(&mut Vec::new());
        let (mut by_ref, mut variadic) = (false, false);
        loop {
            match self.kind() {
                T::ByRef => by_ref = true,
                T::Params | T::Ellipsis => variadic = true,
                T::This | T::Modifier | T::In => {}
                _ => break,
            }
            self.bump();
        }
        let from = self.pos;
        let mut of_type = None;
        if !self.js
            && let Some(end) = self.scan_type(from)
            && self.kind_at(end).is_word()
        {
            variadic |= self.kind_at(end - 1) == T::Ellipsis;
            of_type = self.type_name(from, end);
            self.pos = end;
        }
        // Patterns of JavaScript have no name.
        let name = match self.kind() {
            T::LBracket | T::LBrace if self.js => {
                self.skip_one();
                "".into()
            }
            kind if kind.is_word() || self.js => self.name()?,
            _ => return None,
        };
        while self.kind() == T::LBracket {
            of_type = of_type.map(|of| format!("{of}[]").into());
            self.skip_one();
        }
        if self.js && self.eat(T::Colon) {
            of_type = self.read_type();
        }
        let default = if self.eat(T::Assign) { self.initial() } else { None };
        Some(Param { name, of_type, default, by_ref, variadic })
    }

    /// A lambda, if one starts here.
    pub(super) fn lambda(&mut self) -> Option<Expr> {
        let arrow = if self.java { T::ThinArrow } else { T::FatArrow };
        let mut start = self.pos;
        while (self.kind_at(start) == T::Modifier && self.cs || self.word_at(start, b"async") && !self.java)
            && self.kind_at(start + 1) != arrow
            && start < self.pos + 2
        {
            start += 1;
        }
        let is_lambda = !self.no_arrow
            && match self.kind_at(start) {
                T::LParen => self.behind(start) == arrow,
                kind => kind.is_word() && self.kind_at(start + 1) == arrow,
            };
        if !is_lambda {
            return None;
        }
        let at = self.at();
        self.pos = start;
        let params = match self.kind() {
            T::LParen => self.params(T::RParen),
            _ => vec![param(self.name()?)],
        };
        // What could not be read of the parameters.
        while self.kind() != arrow && self.kind() != T::End {
            self.bump();
        }
        self.bump();
        let body = match self.kind() {
            T::LBrace => self.body(),
            _ => {
                let targets = take(&mut self.targets);
                let value = self.single();
                self.targets = targets;
                value.map(returning).unwrap_or_default()
            }
        };
        Some(Expr::new(at, Kind::Closure(Rc::new(closure(at, params, body)))))
    }

    /// `function a(b) {…}` of JScript.
    pub(super) fn function_expression(&mut self) -> Rc<Function> {
        self.function_with(Vec::new(), true)
    }

    /// From `function` on.
    pub(super) fn function_with(&mut self, marks: Vec<Name>, captures: bool) -> Rc<Function> {
        let at = self.at();
        self.bump();
        self.eat(T::Star);
        let mut name = self.name().unwrap_or_else(|| "".into());
        // `function get a() {…}` of JScript.NET.
        if matches!(&*name, "get" | "set") && self.kind().is_wordy() {
            let member = self.name().unwrap_or_else(|| "".into());
            name = format!("{name}_{member}").into();
        }
        while self.kind() == T::Dot && self.ahead(1).is_wordy() {
            self.bump();
            name = self.name().unwrap_or(name);
        }
        self.function_rest(name, marks, at, captures)
    }

    /// `delegate (A a) {…}`, `delegate {…}`.
    pub(super) fn anonymous_method(&mut self) -> Rc<Function> {
        let at = self.at();
        self.bump();
        self.function_rest("".into(), Vec::new(), at, true)
    }
}

/// A parameter of which only the name is known.
fn param(name: Name) -> Param {
    Param { name, of_type: None, default: None, by_ref: false, variadic: false }
}

/// The parameters of an indexer belong to each of its accessors.
trait CloneParams {
    fn clone_params(&self) -> Vec<Param>;
}

impl CloneParams for std::vec::IntoIter<Param> {
    fn clone_params(&self) -> Vec<Param> {
        self.as_slice().iter().map(|known| Param { of_type: known.of_type.clone(), ..param(known.name.clone()) }).collect()
    }
}
