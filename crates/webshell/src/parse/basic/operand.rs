//! Operands: names, literals, objects, lambdas.

use std::rc::Rc;

use super::lexer::Sort;
use super::words::Word;
use super::{Open, Parser, lower};
use crate::ir::{Binary, Block, Expr, Function, Item, Kind, Literal, Name, Stmt, Unary};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Expr {
        let at = self.offset();
        match self.sort() {
            Sort::Word(word) => self.primary_word(word),
            Sort::Number => self.number(),
            Sort::String => self.string(),
            Sort::Char => self.char(),
            Sort::Date => self.date(),
            Sort::Interpolated => self.interpolated(),
            Sort::Sign(b'(') => {
                self.bump();
                let mut items = self.items(b')');
                match items.pop() {
                    Some(item) if items.is_empty() => item.value,
                    // A tuple.
                    Some(item) => {
                        items.push(item);
                        Expr::new(at, Kind::List(items))
                    }
                    None => Expr::null(at),
                }
            }
            Sort::Sign(b'{') => {
                self.bump();
                let items = self.items(b'}');
                Expr::new(at, Kind::List(items))
            }
            // The member of what a `With` is about. The point stays, and is read as of any other object.
            Sort::Sign(b'.' | b'!') if matches!(self.ahead(1), Sort::Word(_)) => {
                let object = self.with.last().cloned().unwrap_or_else(|| Rc::from("with"));
                Expr::new(at, Kind::Var(object))
            }
            _ => Expr::null(at),
        }
    }

    fn primary_word(&mut self, word: Word) -> Expr {
        let at = self.offset();
        let kind = match word {
            Word::True => Kind::Literal(Literal::Bool(true)),
            Word::False => Kind::Literal(Literal::Bool(false)),
            Word::Nothing | Word::Null | Word::Empty => Kind::Literal(Literal::Null),
            Word::Me | Word::MyClass => Kind::Var("this".into()),
            Word::MyBase => Kind::Var("base".into()),
            Word::New => return self.new_object(),
            Word::Function | Word::Sub if self.net && self.ahead(1) == Sort::Sign(b'(') => return self.lambda(),
            Word::Async | Word::Iterator if matches!(self.word_ahead(1), Some(Word::Function | Word::Sub)) => {
                self.bump();
                return self.lambda();
            }
            Word::If if self.ahead(1) == Sort::Sign(b'(') => return self.choice(),
            Word::CType | Word::DirectCast | Word::TryCast if self.ahead(1) == Sort::Sign(b'(') => return self.cast(),
            Word::GetType if self.ahead(1) == Sort::Sign(b'(') => {
                self.bump();
                self.bump();
                let of_type = self.type_name().unwrap_or_else(|| Rc::from(""));
                self.array_suffix();
                self.eat_sign(b')');
                let of_type = Expr::new(at, Kind::Name(of_type));
                return Expr::new(at, Kind::Unary(Unary::TypeOf, Box::new(of_type)));
            }
            Word::AddressOf => {
                self.bump();
                if !self.bounds.enter() {
                    return Expr::null(at);
                }
                let value = self.postfix();
                self.bounds.leave();
                return value;
            }
            Word::If | Word::Sub | Word::Function => return Expr::null(at),
            _ if word.reserved() => return Expr::null(at),
            _ => {
                let name = lower(self.bytes());
                self.bump();
                self.skip_generics();
                return Expr::new(at, Kind::Var(name));
            }
        };
        self.bump();
        Expr::new(at, kind)
    }

    /// `If(a, b, c)`, `If(a, b)`.
    fn choice(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        let mut values = self.arguments().into_iter().map(|item| Box::new(item.value));
        match (values.next(), values.next(), values.next()) {
            (Some(condition), Some(then), Some(otherwise)) => Expr::new(at, Kind::Choose(condition, Some(then), otherwise)),
            (Some(value), Some(otherwise), None) => Expr::new(at, Kind::Binary(Binary::Coalesce, value, otherwise)),
            _ => Expr::null(at),
        }
    }

    /// `CType(a, T)`.
    fn cast(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        self.bump();
        let value = self.expression();
        self.eat_sign(b',');
        let of_type = self.short_type();
        self.eat_sign(b')');
        match of_type {
            Some(of_type) => Expr::new(at, Kind::Cast(of_type, Box::new(value))),
            None => value,
        }
    }

    /// `New T(…)`, with what it is filled with.
    pub(super) fn new_object(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        let at_type = self.offset();
        let of_type = if self.is(Word::With) { None } else { self.type_name() };
        let named = of_type.is_some();
        let mut args = Vec::new();
        while self.is_sign(b'(') && named {
            args = self.arguments();
        }
        if self.is_sign(b'{') {
            return self.primary();
        }
        let class = Expr::new(at_type, Kind::Name(of_type.unwrap_or_else(|| Rc::from(""))));
        let object = Expr::new(at, Kind::New(Box::new(class), args));
        self.filled(object)
    }

    /// `… With {.a = b}`, `… From {a, b}`.
    pub(super) fn filled(&mut self, object: Expr) -> Expr {
        let at = object.at;
        let begins = self.ahead(1) == Sort::Sign(b'{');
        let items = match self.word() {
            Some(Word::With) if begins => {
                self.bump();
                self.bump();
                self.member_values()
            }
            Some(Word::From) if begins => {
                self.bump();
                self.bump();
                self.items(b'}')
            }
            _ => return object,
        };
        Expr::new(at, Kind::Initialised(Box::new(object), items))
    }

    /// `.a = b, .c = d}`; `Key` may stand in front in anonymous types.
    fn member_values(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        while !self.eat_sign(b'}') && !self.at_end() {
            while matches!(self.sort(), Sort::Word(_)) && self.ahead(1) == Sort::Sign(b'.') {
                self.bump();
            }
            let at = self.offset();
            if self.eat_sign(b'.') {
                let key = self.name().map(|name| Expr::bytes(at, name.as_bytes()));
                self.eat_sign(b'=');
                items.push(Item { key, ..Item::plain(self.expression()) });
            } else {
                let before = self.at;
                items.push(self.item());
                if self.at == before {
                    self.bump();
                }
            }
            self.eat_sign(b',');
        }
        items
    }

    /// `Function(a) b`, `Sub() c`, and both over several lines.
    fn lambda(&mut self) -> Expr {
        let at = self.offset();
        let function = self.is(Word::Function);
        self.bump();
        let params = self.params();
        if self.eat(Word::As) {
            self.short_type();
        }
        let body = if self.sort() == Sort::Newline {
            let body = self.procedure_body();
            self.end_of(Open::Procedure);
            body
        } else if function {
            vec![Stmt::Return(Some(self.expression()))]
        } else {
            let mut body = Block::new();
            if self.bounds.enter() {
                let before = self.bounds.begin();
                self.statement(&mut body);
                self.bounds.end(before);
                self.bounds.leave();
            }
            body
        };
        let function = Function {
            name: "".into(),
            params,
            body,
            uses: Vec::new(),
            captures: true,
            is_static: false,
            marks: Vec::new(),
            returns_name: false,
            at,
        };
        Expr::new(at, Kind::Closure(Rc::new(function)))
    }

    /// `(Of T)`.
    pub(super) fn skip_generics(&mut self) {
        if !(self.net && self.is_sign(b'(') && self.word_ahead(1) == Some(Word::Of)) {
            return;
        }
        let mut open = 0_u32;
        while !self.at_end() {
            match self.sort() {
                Sort::Sign(b'(') => open += 1,
                Sort::Sign(b')') => open = open.saturating_sub(1),
                _ => {}
            }
            self.bump();
            if open == 0 {
                return;
            }
        }
    }

    /// A type with its namespaces, without what makes it an array.
    pub(super) fn type_name(&mut self) -> Option<Name> {
        let mut name = self.name()?;
        self.skip_generics();
        if self.is_sign(b'.') {
            let mut full = name.to_string();
            while self.is_sign(b'.') && self.word_ahead(1).is_some() {
                self.bump();
                full.push('.');
                full.push_str(&lower(self.bytes()));
                self.bump();
                self.skip_generics();
            }
            name = full.into();
        }
        self.eat_sign(b'?');
        Some(name)
    }

    /// A type without namespaces: `byte[]` for `System.Byte()`.
    pub(super) fn short_type(&mut self) -> Option<Name> {
        let full = self.type_name()?;
        let short = full.rsplit('.').next().unwrap_or(&full);
        if self.array_suffix() { Some(format!("{short}[]").into()) } else { Some(short.into()) }
    }

    /// `()`, `(,)`.
    pub(super) fn array_suffix(&mut self) -> bool {
        let mut found = false;
        while self.is_sign(b'(') {
            let mut ahead = 1;
            while self.ahead(ahead) == Sort::Sign(b',') {
                ahead += 1;
            }
            if self.ahead(ahead) != Sort::Sign(b')') {
                break;
            }
            self.at += ahead + 1;
            found = true;
        }
        found
    }
}
