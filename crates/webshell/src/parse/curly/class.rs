//! Classes and their like, and the marks (attributes, annotations, modifiers) in front of members.

use std::rc::Rc;

use super::Parser;
use super::declaration::Declared;
use super::token::T;
use crate::ir::{Block, Class, Expr, Field, Function, Item, Kind, Name, Offset, Stmt};

/// A class that is being read.
#[derive(Default)]
struct Members {
    fields: Vec<Field>,
    methods: Vec<Rc<Function>>,
    init: Block,
}

impl Parser<'_> {
    /// From `class`, `struct`, `interface`, `enum` (or `record`) on.
    pub(super) fn class(&mut self) -> Rc<Class> {
        let at = self.at();
        let is_enum = self.kind() == T::Enum;
        let is_record = self.is_word(b"record");
        self.bump();
        if is_record || is_enum {
            // `record struct`, `enum class`.
            self.eat(T::Class);
        }
        let named = self.kind().is_wordy() && self.kind() != T::Extends;
        let name = if named { self.name() } else { None };
        let name = name.unwrap_or_else(|| "".into());
        if self.kind() == T::Lt {
            self.pos = self.scan_type_arguments(self.pos).unwrap_or(self.pos + 1);
        }
        let mut members = Members::default();
        if self.kind() == T::LParen {
            for param in self.params(T::RParen) {
                members.fields.push(Field { name: param.name, of_type: param.of_type, default: param.default, is_static: false });
            }
        }
        let extends = self.extends();
        if is_enum && self.kind() == T::LBrace {
            return self.enumeration(name, extends, at);
        }
        self.class_members(name, extends, members, at)
    }

    /// What a class extends, up to its body.
    fn extends(&mut self) -> Vec<Name> {
        let mut extends = Vec::new();
        loop {
            match self.kind() {
                T::LBrace | T::Semi | T::End | T::EchoEnd | T::RBrace => break,
                _ if self.is_word(b"where") => {
                    // Constraints of type arguments.
                    while !matches!(self.kind(), T::LBrace | T::Semi | T::End | T::EchoEnd | T::RBrace) {
                        self.bump();
                    }
                }
                _ if self.is_word(b"permits") => self.bump(),
                // Arguments for the base's constructor.
                T::LParen => self.skip_one(),
                _ => match self.scan_type(self.pos) {
                    Some(end) => {
                        extends.push(self.dotted(self.pos, end));
                        self.pos = end;
                    }
                    None => self.bump(),
                },
            }
        }
        extends
    }

    /// Whether `enum` is the word of a declaration here; old Java knows it as a name.
    pub(super) fn is_enumeration(&self) -> bool {
        self.kind() == T::Enum && self.ahead(1).is_wordy()
    }

    pub(super) fn class_body(&mut self, name: Name, extends: Vec<Name>, fields: Vec<Field>, at: Offset) -> Rc<Class> {
        self.class_members(name, extends, Members { fields, ..Members::default() }, at)
    }

    fn class_members(&mut self, name: Name, extends: Vec<Name>, mut members: Members, at: Offset) -> Rc<Class> {
        if !self.eat(T::LBrace) {
            self.eat(T::Semi);
        } else if let Some(outside) = self.enter() {
            self.group(|parser| parser.members(&name, &mut members));
            self.leave(outside);
        }
        let Members { fields, methods, init } = members;
        Rc::new(Class { name, extends, fields, methods, init, at })
    }

    /// Members up to the closing brace.
    fn members(&mut self, class: &Name, members: &mut Members) {
        loop {
            // Text between members is sent by no one.
            self.take_texts(&mut Vec::new());
            match self.kind() {
                T::RBrace => break self.bump(),
                T::End => break,
                T::EchoEnd if self.in_echo => break,
                T::Semi | T::Comma => self.bump(),
                _ => {
                    let before = self.pos;
                    self.member_of(class, members);
                    if let Some(lost) = self.lost.take() {
                        members.init.push(Stmt::Unread(lost));
                    }
                    if self.pos == before {
                        members.init.push(Stmt::Unread(self.at()));
                        self.bump();
                    }
                }
            }
        }
    }

    fn member_of(&mut self, class: &Name, members: &mut Members) {
        let start = self.pos;
        let marks = self.marks();
        let mut declared = Declared::default();
        if self.js {
            if !self.script_member(&marks, &mut declared) {
                self.pos = start;
                self.statement(&mut members.init);
            }
        } else if !self.typed_member(Some(class), &marks, &mut declared) {
            // `static { … }` and code where none belongs.
            self.statement(&mut members.init);
        }
        members.fields.extend(declared.fields.into_iter().map(|(field, _)| field));
        members.methods.extend(declared.methods);
        members.init.extend(declared.classes.into_iter().map(Stmt::Class));
        members.init.extend(declared.body);
    }

    /// A member of C# or Java, or a declaration outside of a class; its marks have been read. False if it is none.
    pub(super) fn typed_member(&mut self, class: Option<&Name>, marks: &[Name], out: &mut Declared) -> bool {
        while self.eat(T::Event) {}
        // `<T> void f()` of Java.
        if self.java && self.kind() == T::Lt {
            let Some(end) = self.scan_type_arguments(self.pos) else { return false };
            self.pos = end;
        }
        let at = self.at();
        match self.kind() {
            T::Class => out.classes.push(self.class()),
            T::Enum if self.is_enumeration() => out.classes.push(self.class()),
            T::Word if self.is_word(b"record") && self.is_record() => out.classes.push(self.class()),
            T::At if self.java && self.ahead(1) == T::Class => {
                self.bump();
                out.classes.push(self.class());
            }
            // A type of functions.
            T::Delegate if self.ahead(1) != T::LParen && self.ahead(1) != T::LBrace => {
                while !matches!(self.kind(), T::Semi | T::End | T::EchoEnd | T::RBrace | T::LBrace) {
                    self.skip_one();
                }
                self.eat(T::Semi);
            }
            // A destructor.
            T::Tilde if self.cs && self.ahead(1).is_word() && self.ahead(2) == T::LParen => {
                self.bump();
                self.bump();
                out.methods.push(self.function_rest("Finalize".into(), marks.to_vec(), at, false));
            }
            // `implicit operator T(…)`.
            T::Word if self.ahead(1) == T::Operator && (self.is_word(b"implicit") || self.is_word(b"explicit")) => {
                self.pos += 2;
                self.pos = self.scan_type(self.pos).unwrap_or(self.pos);
                out.methods.push(self.function_rest("operator".into(), marks.to_vec(), at, false));
            }
            kind if kind.is_word() && self.is_constructor(class, marks) => {
                let Some(name) = self.name() else { return false };
                out.methods.push(self.function_rest(name, marks.to_vec(), at, false));
            }
            // `record A { A { … } }`: a constructor without parameters of its own.
            kind if self.java && kind.is_word() && self.ahead(1) == T::LBrace && self.is_named(class) => {
                let Some(name) = self.name() else { return false };
                out.methods.push(self.function_rest(name, marks.to_vec(), at, false));
            }
            _ if self.is_declared(self.pos) || self.is_special(self.pos) => self.declared(marks, out),
            _ if !marks.is_empty() && self.scan_type(self.pos).is_some_and(|end| self.kind_at(end).is_word()) => {
                self.declared(marks, out);
            }
            _ => return false,
        }
        true
    }

    fn is_named(&self, class: Option<&Name>) -> bool {
        class.is_some_and(|class| *class == self.name_at(self.pos))
    }

    fn is_record(&self) -> bool {
        let name = if self.ahead(1) == T::Class { 2 } else { 1 };
        self.ahead(name).is_word() && matches!(self.ahead(name + 1), T::LParen | T::LBrace | T::Colon | T::Semi | T::Lt)
    }

    /// An indexer or an operator.
    fn is_special(&self, pos: usize) -> bool {
        let Some(end) = self.scan_type(pos) else { return false };
        self.cs && (self.kind_at(end) == T::Operator || (self.kind_at(end) == T::This && self.kind_at(end + 1) == T::LBracket))
    }

    fn is_constructor(&self, class: Option<&Name>, marks: &[Name]) -> bool {
        if self.ahead(1) != T::LParen || (class.is_none() && marks.is_empty()) {
            return false;
        }
        match self.behind(self.pos + 1) {
            T::LBrace | T::FatArrow | T::Extends => true,
            T::Colon => self.cs,
            _ => self.is_named(class),
        }
    }

    /// Attributes and modifiers, in lower case.
    pub(super) fn marks(&mut self) -> Vec<Name> {
        let mut marks = Vec::new();
        loop {
            self.attributes(&mut marks);
            let is_mark = match self.kind() {
                // Who reads the marks of JScript may have to come back.
                _ if self.js && marks.len() >= MAX_MARKS => false,
                T::Modifier if self.js => self.ahead(1).is_wordy() || self.ahead(1) == T::LBrace,
                T::Modifier => self.ahead(1) != T::Dot,
                T::Unsafe => self.ahead(1) != T::LBrace,
                T::Synchronized => self.ahead(1) != T::LParen,
                T::Fixed => self.ahead(1) != T::LParen,
                T::Default if self.java => !matches!(self.ahead(1), T::Colon | T::ThinArrow),
                T::New if self.cs => self.is_new_modifier(),
                // Attributes of JScript.NET stand bare in front of what they are of.
                T::Word if self.js && self.is_script_attribute() => true,
                T::Word => {
                    let next = self.ahead(1);
                    MARKS.contains(&self.raw(self.token()))
                        && (next.is_wordy() && next != T::In && next != T::Is && next != T::As)
                        && (marks.is_empty() || self.ahead(2) != T::Assign)
                        && !(self.js && self.token_at(self.pos + 1).line)
                }
                _ => false,
            };
            if !is_mark {
                // `non-sealed` of Java.
                if self.java && self.is_word(b"non") && self.ahead(1) == T::Minus && self.word_at(self.pos + 2, b"sealed") {
                    self.pos += 3;
                    continue;
                }
                return marks;
            }
            marks.push(self.lower_at(self.pos));
            self.bump();
            if self.js && self.kind() == T::LParen {
                self.skip_one();
            }
        }
    }

    /// Whether a word, perhaps with arguments, is an attribute: a function or a modifier follows on the same line.
    fn is_script_attribute(&self) -> bool {
        let next = match self.ahead(1) {
            T::LParen => self.mate(self.pos + 1).map_or(self.pos, |mate| mate + 1),
            _ => self.pos + 1,
        };
        matches!(self.kind_at(next), T::Function | T::Modifier) && !self.token_at(next).line
    }

    /// `new` in front of a member that hides another.
    fn is_new_modifier(&self) -> bool {
        match self.ahead(1) {
            T::Modifier | T::Class | T::Event | T::Enum | T::Delegate => true,
            kind => kind.is_word() && self.is_declared(self.pos + 1),
        }
    }

    /// `[A, B(c)]` of C#, `@A(b)` of Java.
    pub(super) fn attributes(&mut self, marks: &mut Vec<Name>) {
        loop {
            if self.cs && self.kind() == T::LBracket {
                let Some(mate) = self.mate(self.pos) else { return };
                let mut pos = self.pos + 1;
                while pos < mate {
                    // `assembly:`.
                    if self.kind_at(pos).is_wordy() && self.kind_at(pos + 1) == T::Colon {
                        pos += 2;
                    }
                    let Some(end) = self.scan_type(pos) else { break };
                    marks.extend(self.type_name(pos, end));
                    pos = match self.kind_at(end) {
                        T::LParen => self.mate(end).unwrap_or(mate) + 1,
                        _ => end,
                    };
                    if self.kind_at(pos) != T::Comma {
                        break;
                    }
                    pos += 1;
                }
                self.pos = mate + 1;
            } else if self.java && self.kind() == T::At && self.ahead(1).is_word() {
                let from = self.pos + 1;
                let mut end = from + 1;
                while self.kind_at(end) == T::Dot && self.kind_at(end + 1).is_word() {
                    end += 2;
                }
                marks.extend(self.type_name(from, end));
                self.pos = end;
                if self.kind() == T::LParen {
                    self.skip_one();
                }
            } else {
                return;
            }
        }
    }

    /// A member of a class of JScript.NET or JavaScript.
    fn script_member(&mut self, marks: &[Name], out: &mut Declared) -> bool {
        let at = self.at();
        match self.kind() {
            T::Function => out.methods.push(self.function_with(marks.to_vec(), false)),
            T::Var => {
                let is_static = marks.iter().any(|mark| &**mark == "static");
                self.bump();
                while self.kind().is_wordy() {
                    let at = self.at();
                    let Some(name) = self.name() else { break };
                    let of_type = if self.eat(T::Colon) { self.read_type() } else { None };
                    let default = if self.eat(T::Assign) { self.single() } else { None };
                    out.fields.push((Field { name, of_type, default, is_static }, at));
                    if !self.eat(T::Comma) {
                        break;
                    }
                }
            }
            T::Class => out.classes.push(self.class()),
            T::Enum if self.is_enumeration() => out.classes.push(self.class()),
            // `static { … }`.
            T::LBrace if !marks.is_empty() => out.body = self.block(),
            // `[a]() { … }`.
            T::LBracket if self.behind(self.pos) == T::LParen => {
                self.skip_one();
                out.methods.push(self.function_rest("".into(), marks.to_vec(), at, false));
            }
            _ => {
                self.eat(T::Star);
                let mut prefix = "";
                if matches!(self.raw(self.token()), b"get" | b"set") && self.ahead(1).is_wordy() {
                    prefix = if self.is_word(b"get") { "get_" } else { "set_" };
                    self.bump();
                }
                if !self.kind().is_wordy() {
                    return false;
                }
                match self.ahead(1) {
                    T::LParen if self.behind(self.pos + 1) == T::LBrace => {
                        let Some(name) = self.name() else { return false };
                        let name = format!("{prefix}{name}").into();
                        out.methods.push(self.function_rest(name, marks.to_vec(), at, false));
                    }
                    T::Assign | T::Semi => {
                        let Some(name) = self.name() else { return false };
                        let default = if self.eat(T::Assign) { self.single() } else { None };
                        let is_static = marks.iter().any(|mark| &**mark == "static");
                        out.fields.push((Field { name, of_type: None, default, is_static }, at));
                    }
                    _ => return false,
                }
            }
        }
        true
    }

    /// The constants of an enumeration, and what Java allows behind them.
    fn enumeration(&mut self, name: Name, extends: Vec<Name>, at: Offset) -> Rc<Class> {
        let mut members = Members::default();
        self.bump();
        let Some(outside) = self.enter() else {
            return Rc::new(Class { name, extends, fields: Vec::new(), methods: Vec::new(), init: Block::new(), at });
        };
        loop {
            self.attributes(&mut Vec::new());
            let at = self.at();
            if !self.kind().is_word() {
                break;
            }
            let Some(constant) = self.name() else { break };
            let mut default = if self.eat(T::Assign) { self.single() } else { None };
            if self.java {
                let items: Vec<Item> = if self.kind() == T::LParen { self.items() } else { Vec::new() };
                let class = match self.kind() {
                    T::LBrace => Kind::Class(self.class_body("".into(), vec![name.clone()], Vec::new(), at)),
                    _ => Kind::Name(name.clone()),
                };
                default = Some(Expr::new(at, Kind::New(Box::new(Expr::new(at, class)), items)));
            }
            let of_type = self.java.then(|| name.to_ascii_lowercase().into());
            members.fields.push(Field { name: constant, of_type, default, is_static: true });
            if !self.eat(T::Comma) {
                break;
            }
        }
        self.group(|parser| parser.members(&name, &mut members));
        self.leave(outside);
        let Members { fields, methods, init } = members;
        Rc::new(Class { name, extends, fields, methods, init, at })
    }
}

/// A member of JScript has at most so many marks.
const MAX_MARKS: usize = 16;

/// Words that mark a member when another word follows.
const MARKS: [&[u8]; 7] = [b"async", b"partial", b"required", b"file", b"sealed", b"scoped", b"abstract"];
