//! Functions, classes and imports.

use std::rc::Rc;

use super::lexer::Sort;
use super::operand::type_of;
use super::statement::assign;
use super::{Parser, name};
use crate::ir::{Block, Class, Expr, Field, Function, Kind, Literal, Name, Stmt};

/// Marks of one function or class.
const MAX_MARKS: usize = 12;

impl Parser<'_> {
    /// `@a.b(c)` in front of a function or class. More than its name does not matter.
    pub(super) fn decorated(&mut self, out: &mut Block) {
        let mut marks = Vec::new();
        while self.eat(b"@") {
            let decorator = self.expression();
            if let (Some(mark), true) = (dotted(&decorator), marks.len() < MAX_MARKS) {
                marks.push(mark);
            }
            while !self.at_end() {
                self.bump();
            }
            while self.sort() == Sort::Newline {
                self.bump();
            }
        }
        self.eat_word(b"async");
        match self.word() {
            b"def" => self.function(marks, out),
            b"class" => self.class(out),
            _ => {}
        }
    }

    pub(super) fn function(&mut self, marks: Vec<Name>, out: &mut Block) {
        if let Some(function) = self.function_of(marks) {
            out.push(Stmt::Function(Rc::new(function)));
        }
    }

    fn function_of(&mut self, marks: Vec<Name>) -> Option<Function> {
        let at = self.offset();
        self.bump();
        let name = self.name()?;
        // `def f[T](a)`.
        if self.is(b"[") {
            while !self.at_end() && !self.eat(b"]") {
                self.bump();
            }
        }
        let params = if self.eat(b"(") { self.params(b")") } else { Vec::new() };
        if self.eat(b"->") {
            self.expression();
        }
        let before = self.bounds.begin();
        let body = self.block();
        self.bounds.end(before);
        let is_static = marks.iter().any(|mark| &**mark == "staticmethod");
        Some(Function { name, params, body, uses: Vec::new(), captures: true, is_static, marks, returns_name: false, at })
    }

    pub(super) fn class(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let Some(name) = self.name() else { return };
        let mut extends = Vec::new();
        if self.is(b"(") {
            extends.extend(self.arguments().iter().filter(|item| item.key.is_none()).filter_map(|item| full(&item.value)));
        }
        let body = self.block();
        let mut class = Class { name, extends, fields: Vec::new(), methods: Vec::new(), init: Block::new(), at };
        for stmt in body {
            match stmt {
                Stmt::Function(function) => class.methods.push(function),
                Stmt::Expr(Expr { at, kind: Kind::Assign(target, value) }) => match target.kind {
                    Kind::Var(name) => {
                        class.fields.push(Field { name, of_type: None, default: Some(*value), is_static: true });
                    }
                    _ => class.init.push(Stmt::Expr(Expr::new(at, Kind::Assign(target, value)))),
                },
                // What a class says about itself.
                Stmt::Expr(Expr { kind: Kind::Literal(_), .. }) => {}
                other => class.init.push(other),
            }
        }
        out.push(Stmt::Class(Rc::new(class)));
    }

    /// `import a.b as c, d`: only other names have to be told.
    pub(super) fn import(&mut self, out: &mut Block) {
        self.bump();
        loop {
            let Some(module) = self.module() else { return };
            if self.eat_word(b"as") {
                let at = self.offset();
                if let Some(name) = self.name() {
                    out.push(Stmt::Expr(assign(Expr::new(at, Kind::Var(name)), module)));
                }
            }
            if !self.eat(b",") {
                return;
            }
        }
    }

    /// `a.b.c`.
    fn module(&mut self) -> Option<Expr> {
        let at = self.offset();
        let mut module = Expr::new(at, Kind::Var(self.name()?));
        while self.is(b".") && self.ahead(1) == Sort::Word {
            self.bump();
            let member = name(self.bytes());
            self.bump();
            if self.bounds.link() {
                module = Expr::member(at, module, &member);
            }
        }
        Some(module)
    }

    /// `from a.b import c as d, e`; everything of a module is a call of `import_all` with its name.
    pub(super) fn import_from(&mut self, out: &mut Block) {
        self.bump();
        while self.eat(b".") || self.eat(b"...") {}
        let at = self.offset();
        let mut path = Vec::new();
        if self.word() != b"import" {
            while let Some(name) = self.name() {
                path.push(name);
                if !self.eat(b".") {
                    break;
                }
            }
        }
        if !self.eat_word(b"import") {
            return;
        }
        if self.eat(b"*") {
            let name = Expr::bytes(at, path.join(".").as_bytes());
            out.push(Stmt::Expr(Expr::call(at, "import_all", vec![name])));
            return;
        }
        let parenthesis = self.eat(b"(");
        while self.sort() == Sort::Word {
            let at = self.offset();
            let Some(member) = self.name() else { break };
            let alias = if self.eat_word(b"as") { self.name() } else { None };
            let target = Expr::new(at, Kind::Var(alias.unwrap_or_else(|| member.clone())));
            if let Some(module) = path_of(at, &path) {
                out.push(Stmt::Expr(assign(target, Expr::member(at, module, &member))));
            }
            if !self.eat(b",") {
                break;
            }
        }
        if parenthesis {
            self.eat(b")");
        }
    }
}

/// Longer paths name no module.
const MAX_PATH: usize = 16;

fn path_of(at: u32, path: &[Name]) -> Option<Expr> {
    let (first, rest) = path.split_first()?;
    let module = Expr::new(at, Kind::Var(first.clone()));
    Some(rest.iter().take(MAX_PATH).fold(module, |module, name| Expr::member(at, module, name)))
}

/// A decorator's name, lower case.
fn dotted(value: &Expr) -> Option<Name> {
    match &value.kind {
        Kind::Call(callee, _) => dotted(callee),
        _ => full(value).map(|name| name.to_ascii_lowercase().into()),
    }
}

/// `a.b.c` as it is written.
fn full(value: &Expr) -> Option<Name> {
    let mut names = Vec::new();
    let mut value = value;
    loop {
        match &value.kind {
            Kind::Var(name) => {
                names.push(name.to_string());
                names.reverse();
                return Some(names.join(".").into());
            }
            Kind::Member(object, name) => {
                match &name.kind {
                    Kind::Literal(Literal::Bytes(bytes)) => names.push(String::from_utf8_lossy(bytes).into_owned()),
                    _ => return None,
                }
                value = object;
            }
            Kind::Index(object, _) => value = object,
            _ => return type_of(value),
        }
    }
}
