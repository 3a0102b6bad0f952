//! Classes, structures, interfaces, enumerations and properties.

use std::rc::Rc;

use super::lexer::Sort;
use super::words::Word;
use super::{Open, Parser};
use crate::ir::{Block, Class, Expr, Field, Function, Kind, Literal, Name, Param, Stmt};

impl Parser<'_> {
    pub(super) fn class(&mut self, out: &mut Block) {
        let at = self.offset();
        let word = self.word();
        self.bump();
        let name = self.name().unwrap_or_else(|| "".into());
        self.skip_generics();
        let mut class = Class { name, extends: Vec::new(), fields: Vec::new(), methods: Vec::new(), init: Block::new(), at };
        if self.eat(Word::As) {
            self.type_name();
        }
        if !self.bounds.enter() {
            return;
        }
        self.opened(Open::Class);
        let bodiless = word == Some(Word::Interface);
        loop {
            while matches!(self.sort(), Sort::Newline | Sort::Sign(b':')) {
                self.bump();
            }
            if self.sort() == Sort::Nothing || self.open_here().is_some() {
                break;
            }
            let before = self.at;
            if word == Some(Word::Enum) {
                self.constant(&mut class);
            } else {
                self.class_member(&mut class, bodiless);
            }
            if !self.at_end() && self.open_here().is_none() || self.at == before {
                self.unread(&mut class.init);
            }
        }
        self.closed(Open::Class);
        self.bounds.leave();
        self.end_of(Open::Class);
        out.push(Stmt::Class(Rc::new(class)));
    }

    /// A name of an enumeration.
    fn constant(&mut self, class: &mut Class) {
        self.marks();
        let Some(name) = self.name() else { return };
        let default = if self.eat_sign(b'=') { Some(self.expression()) } else { None };
        let ordinal = i64::try_from(class.fields.len()).unwrap_or(i64::MAX);
        let default = default.or_else(|| Some(Expr::new(class.at, Kind::Literal(Literal::Int(ordinal)))));
        class.fields.push(Field { name, of_type: None, default, is_static: true });
    }

    fn class_member(&mut self, class: &mut Class, bodiless: bool) {
        let mut marks = self.marks();
        while self.sort() == Sort::Newline {
            self.bump();
        }
        let static_local = self.is(Word::Static);
        if static_local {
            self.bump();
        }
        let begins = self.at;
        marks.append(&mut self.modifiers());
        let modified = self.at > begins || static_local;
        match self.word() {
            Some(Word::Sub | Word::Function | Word::Operator | Word::Declare) => {
                if let Some(function) = self.procedure(marks, bodiless) {
                    class.methods.push(Rc::new(function));
                }
            }
            Some(Word::Property) => self.property(marks, bodiless, class),
            Some(Word::Inherits | Word::Implements) => {
                self.bump();
                while let Some(name) = self.type_name() {
                    class.extends.push(name);
                    if !self.eat_sign(b',') {
                        break;
                    }
                }
            }
            Some(Word::Class | Word::Structure | Word::Interface | Word::Enum) => self.class(&mut class.init),
            Some(Word::Event | Word::Delegate) => self.skip_statement(),
            Some(Word::Dim | Word::Const) => {
                let is_static = self.eat(Word::Const) || shared(&marks);
                self.eat(Word::Dim);
                self.fields(is_static, class);
            }
            Some(_) if modified => self.fields(shared(&marks), class),
            _ => self.statement(&mut class.init),
        }
    }

    fn fields(&mut self, is_static: bool, class: &mut Class) {
        let fields = &mut class.fields;
        self.each_variable(&mut |name, of_type, default, _| fields.push(Field { name, of_type, default, is_static }));
    }

    /// A property outside of a class, as it stands in the body of an ASP.NET page.
    pub(super) fn loose_property(&mut self, marks: Vec<Name>, out: &mut Block) {
        let at = self.offset();
        let mut class =
            Class { name: "".into(), extends: Vec::new(), fields: Vec::new(), methods: Vec::new(), init: Block::new(), at };
        self.property(marks, false, &mut class);
        out.extend(class.fields.into_iter().map(|field| Stmt::Let(field.name, field.of_type, field.default, at)));
        out.extend(class.methods.into_iter().map(Stmt::Function));
    }

    /// A property becomes methods named `get_…` and `set_…`, as .NET itself does it; one without bodies a field.
    fn property(&mut self, marks: Vec<Name>, bodiless: bool, class: &mut Class) {
        let at = self.offset();
        self.bump();
        // VBScript has one block for each direction.
        let direction = self.word().filter(|word| !self.net && matches!(word, Word::Get | Word::Let | Word::Set));
        if direction.is_some() {
            self.bump();
        }
        let Some(name) = self.name() else { return };
        let params = self.params();
        let is_static = shared(&marks);
        if let Some(direction) = direction {
            let get = direction == Word::Get;
            let outer = std::mem::replace(&mut self.property, get.then(|| name.clone()));
            let mut body = self.procedure_body();
            self.property = outer;
            self.end_of(Open::Procedure);
            // Its value is what was assigned to its name, which is not the name of the method.
            if get {
                body.insert(0, Stmt::Let(name.clone(), None, None, at));
                body.push(Stmt::Return(Some(Expr::new(at, Kind::Var(name.clone())))));
            }
            let function = accessor(&name, get, params, body, marks, at);
            class.methods.push(Rc::new(function));
            return;
        }
        let mut of_type = None;
        let mut default = None;
        if self.eat(Word::As) {
            if self.is(Word::New) {
                default = Some(self.new_object());
            } else {
                of_type = self.short_type();
            }
        }
        if self.eat_sign(b'=') {
            default = Some(self.expression());
        }
        if self.is(Word::Implements) {
            self.skip_statement();
        }
        if bodiless || !self.accessor_follows() {
            class.fields.push(Field { name, of_type, default, is_static });
            return;
        }
        self.opened(Open::Procedure);
        loop {
            while matches!(self.sort(), Sort::Newline | Sort::Sign(b':')) {
                self.bump();
            }
            self.modifiers();
            let get = self.is(Word::Get);
            if !get && !self.is(Word::Set) {
                break;
            }
            let at = self.offset();
            self.bump();
            let mut own = self.params();
            if own.is_empty() && !get {
                own.push(Param { name: "value".into(), of_type: None, default: None, by_ref: false, variadic: false });
            }
            let mut body = Block::new();
            if !marks.iter().any(|mark| &**mark == "mustoverride") {
                self.opened(Open::Accessor);
                body = self.procedure_body();
                self.closed(Open::Accessor);
                self.end_of(Open::Accessor);
            }
            let function = accessor(&name, get, own, body, marks.clone(), at);
            class.methods.push(Rc::new(function));
        }
        self.closed(Open::Procedure);
        self.end_of(Open::Procedure);
    }

    /// Whether `Get` or `Set` begins the next line.
    fn accessor_follows(&self) -> bool {
        let mut ahead = 0;
        while self.ahead(ahead) == Sort::Newline {
            ahead += 1;
        }
        while self.word_ahead(ahead).is_some_and(|word| matches!(word, Word::Private | Word::Protected | Word::Friend)) {
            ahead += 1;
        }
        let ends = matches!(self.ahead(ahead + 1), Sort::Newline | Sort::Sign(b'('));
        ahead > 0 && ends && matches!(self.word_ahead(ahead), Some(Word::Get | Word::Set))
    }
}

fn shared(marks: &[Name]) -> bool {
    marks.iter().any(|mark| &**mark == "shared")
}

fn accessor(name: &str, get: bool, params: Vec<Param>, body: Block, mut marks: Vec<Name>, at: u32) -> Function {
    let is_static = shared(&marks);
    marks.push(if get { "get".into() } else { "set".into() });
    Function {
        name: format!("{}_{name}", if get { "get" } else { "set" }).into(),
        params,
        body,
        uses: Vec::new(),
        captures: false,
        is_static,
        marks,
        returns_name: false,
        at,
    }
}
