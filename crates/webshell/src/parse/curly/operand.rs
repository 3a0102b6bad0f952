//! Operands: names, literals, parentheses, lists, lambdas.

use super::Parser;
use super::literal;
use super::token::T;
use crate::ir::{Expr, Item, Kind, Literal, Unary};

impl Parser<'_> {
    pub(super) fn operand(&mut self) -> Option<Expr> {
        let at = self.at();
        let token = self.token();
        let literal = |value| Some(Expr::new(at, Kind::Literal(value)));
        let kind = match token.kind {
            T::Word => return self.word(),
            T::Str | T::Verbatim | T::Raw | T::TextBlock => {
                self.bump();
                Kind::Literal(Literal::Bytes(self.text(token.kind, self.raw(token))))
            }
            T::Number => {
                self.bump();
                return literal(literal::number(self.raw(token), self.language));
            }
            T::Char => {
                self.bump();
                let raw = self.raw(token);
                // Expressions of pages (`${…}`) have text in such quotes.
                if self.java && literal::is_text(raw) {
                    return literal(Literal::Bytes(literal::unescaped(raw, self.language).into()));
                }
                let code = literal::character(raw, self.language);
                Kind::Cast("char".into(), Box::new(Expr::new(at, Kind::Literal(Literal::Int(code)))))
            }
            T::Null | T::True | T::False => {
                self.bump();
                return literal(match token.kind {
                    T::Null => Literal::Null,
                    kind => Literal::Bool(kind == T::True),
                });
            }
            T::This | T::Base => {
                self.bump();
                Kind::Var(if token.kind == T::This { "this".into() } else { self.name_at(self.pos - 1) })
            }
            T::LParen => return self.parenthesis(),
            T::TemplateStart => self.template(),
            T::Regex => self.regex(),
            T::New => return self.new_object(),
            T::LBracket => Kind::List(self.bracketed()),
            T::LBrace if self.js => Kind::List(self.object()),
            T::LBrace => Kind::List(self.braced()),
            T::Function => Kind::Closure(self.function_expression()),
            T::Delegate => Kind::Closure(self.anonymous_method()),
            T::Class => {
                let class = self.class();
                Kind::Class(class)
            }
            T::Typeof => {
                self.bump();
                match self.type_in_parentheses() {
                    Some(name) => Kind::Unary(Unary::TypeOf, Box::new(Expr::new(at, Kind::Name(name)))),
                    None => Kind::Literal(Literal::Null),
                }
            }
            T::Default if !self.js && matches!(self.ahead(1), T::Colon | T::ThinArrow) => return None,
            T::Default => {
                self.bump();
                self.type_in_parentheses();
                Kind::Literal(Literal::Null)
            }
            T::Checked if self.ahead(1) == T::LParen => {
                self.bump();
                return self.parenthesis();
            }
            T::Switch if self.java => {
                self.bump();
                let subject = self.parenthesis();
                let subject = self.or_null(subject);
                self.switch_expression(subject)
            }
            T::EscapedWord => Kind::Var(self.name()?),
            // Words that are keywords elsewhere only.
            T::Modifier | T::Params | T::Operator | T::Event if self.js || self.ahead(1) == T::Dot => Kind::Var(self.name()?),
            T::Import | T::Namespace if self.js => Kind::Var(self.name()?),
            // `async` in front of a lambda was eaten; `static` says nothing.
            T::Modifier if self.cs => {
                self.bump();
                return self.single();
            }
            _ => return None,
        };
        Some(Expr::new(at, kind))
    }

    fn text(&self, kind: T, raw: &[u8]) -> std::rc::Rc<[u8]> {
        match kind {
            T::Str if memchr::memchr(b'\\', raw).is_none() => raw.into(),
            T::Verbatim if memchr::memchr(b'"', raw).is_none() => raw.into(),
            _ => literal::string(kind, raw, self.language).into(),
        }
    }

    fn word(&mut self) -> Option<Expr> {
        let at = self.at();
        // `global::System`.
        while self.cs && self.ahead(1) == T::ColonColon && self.ahead(2).is_word() {
            self.pos += 2;
        }
        let next = self.ahead(1);
        if self.cs && next.is_word() && self.is_query() {
            return Some(self.query());
        }
        if next == T::LParen && self.cs && self.is_word(b"sizeof") {
            self.bump();
            let name = self.type_in_parentheses().unwrap_or_else(|| "".into());
            return Some(Expr::call(at, "sizeof", vec![Expr::new(at, Kind::Name(name))]));
        }
        if next == T::Function && self.is_word(b"async") {
            self.bump();
            return Some(Expr::new(at, Kind::Closure(self.function_expression())));
        }
        let name = self.name()?;
        Some(Expr::new(at, Kind::Var(name)))
    }

    fn type_in_parentheses(&mut self) -> Option<crate::ir::Name> {
        if self.kind() != T::LParen {
            return None;
        }
        let from = self.pos + 1;
        self.pos = match self.mate(self.pos) {
            Some(mate) => mate + 1,
            None => self.scan_type(from).unwrap_or(from),
        };
        Some(self.dotted(from, self.pos.min(from + 96)))
    }

    /// `(a)`, and in C# `(a, b)`.
    pub(super) fn parenthesis(&mut self) -> Option<Expr> {
        let at = self.at();
        let mate = self.mate(self.pos);
        if self.kind() != T::LParen {
            return None;
        }
        if self.js {
            self.bump();
            let inner = self.group(Self::expression);
            if !self.eat(T::RParen) {
                self.recover(T::RParen, mate);
            }
            return Some(self.or_null(inner));
        }
        let mut items = self.group(|parser| parser.list_until(T::RParen, mate));
        if items.len() == 1 && items.first().is_some_and(|item| item.key.is_none()) {
            return items.pop().map(|item| item.value);
        }
        Some(Expr::new(at, Kind::List(items)))
    }

    /// Skips to a closing bracket that should have stood here.
    pub(super) fn recover(&mut self, close: T, mate: Option<usize>) {
        if let Some(mate) = mate.filter(|mate| *mate >= self.pos && self.kind_at(*mate) == close) {
            self.lose();
            self.pos = mate + 1;
        }
    }

    /// Arguments, with their parentheses.
    pub(super) fn items(&mut self) -> Vec<Item> {
        let mate = self.mate(self.pos);
        self.group(|parser| parser.list_until(T::RParen, mate))
    }

    fn bracketed(&mut self) -> Vec<Item> {
        let mate = self.mate(self.pos);
        self.group(|parser| parser.list_until(T::RBracket, mate))
    }

    /// Elements from the bracket that stands here to its closing one.
    pub(super) fn list_until(&mut self, close: T, mate: Option<usize>) -> Vec<Item> {
        let mut items = Vec::new();
        self.bump();
        while self.kind() != close {
            if self.kind() == T::Comma {
                // `[, a]`: what is left out is nothing.
                if self.js {
                    items.push(Item::plain(Expr::null(self.at())));
                }
                self.bump();
                continue;
            }
            if let Some(item) = self.item() {
                items.push(item);
            }
            if !self.more(close, mate) {
                break;
            }
        }
        self.eat(close);
        items
    }

    fn item(&mut self) -> Option<Item> {
        let at = self.at();
        let mut key = None;
        if self.cs && self.kind() == T::Word && self.ahead(1) == T::Colon {
            key = Some(Expr::bytes(at, self.name_at(self.pos).as_bytes()));
            self.pos += 2;
        }
        match self.kind() {
            T::ByRef | T::In if self.cs => {
                self.bump();
                // `out var a`, `out int a`.
                if let Some(end) = self.scan_type(self.pos)
                    && self.kind_at(end).is_word()
                {
                    self.pos = end;
                }
                return Some(Item { key, by_ref: true, ..Item::plain(self.single()?) });
            }
            T::Ellipsis | T::DotDot if self.js || self.cs && self.ahead(1).is_wordy() => {
                self.bump();
                return Some(Item { spread: true, ..Item::plain(self.single()?) });
            }
            // A declaration inside of a deconstruction: `(var a, int b) = …`.
            T::Word if self.cs && self.ahead(1).is_word() && matches!(self.ahead(2), T::Comma | T::RParen) => self.bump(),
            _ => {}
        }
        Some(Item { key, ..Item::plain(self.single()?) })
    }

    fn template(&mut self) -> Kind {
        let mut pieces = Vec::new();
        self.bump();
        loop {
            let at = self.at();
            let token = self.token();
            match token.kind {
                T::Chunk | T::ChunkVerbatim | T::ChunkRaw => {
                    self.bump();
                    pieces.push(Expr::new(at, Kind::Literal(Literal::Bytes(self.text(token.kind, self.raw(token))))));
                }
                T::HoleStart => {
                    self.bump();
                    if let Some(value) = self.group(Self::expression) {
                        pieces.push(value);
                    }
                    // `{a,10}`: the width says nothing.
                    self.end_hole();
                }
                T::TemplateEnd => {
                    self.bump();
                    break;
                }
                _ => break,
            }
        }
        Kind::Joined(pieces)
    }

    fn end_hole(&mut self) {
        while !matches!(self.kind(), T::HoleEnd | T::TemplateEnd | T::End | T::EchoEnd) {
            self.skip_one();
        }
        self.eat(T::HoleEnd);
    }

    fn regex(&mut self) -> Kind {
        let at = self.at();
        let raw = self.raw(self.token());
        self.bump();
        let close = memchr::memrchr(b'/', raw).unwrap_or(0);
        let pattern = raw.get(1..close).unwrap_or_default();
        let flags = raw.get(close + 1..).unwrap_or_default();
        let class = Expr::new(at, Kind::Name("RegExp".into()));
        let items = vec![Item::plain(Expr::bytes(at, pattern)), Item::plain(Expr::bytes(at, flags))];
        Kind::New(Box::new(class), items)
    }

    /// The members of an object in braces.
    fn object(&mut self) -> Vec<Item> {
        let mate = self.mate(self.pos);
        self.group(|parser| {
            let mut items = Vec::new();
            parser.bump();
            while parser.kind() != T::RBrace {
                if let Some(item) = parser.property() {
                    items.push(item);
                }
                if !parser.more(T::RBrace, mate) {
                    break;
                }
            }
            parser.eat(T::RBrace);
            items
        })
    }

    fn property(&mut self) -> Option<Item> {
        let at = self.at();
        if self.eat(T::Ellipsis) {
            return Some(Item { spread: true, ..Item::plain(self.single()?) });
        }
        // `get a() {…}`, `async a() {…}`, `*a() {…}`.
        while self.eat(T::Star)
            || (self.kind() == T::Word
                && [&b"get"[..], b"set", b"async"].contains(&self.raw(self.token()))
                && !matches!(self.ahead(1), T::Colon | T::LParen | T::Comma | T::RBrace | T::Assign)
                && self.eat(T::Word))
        {}
        let token = self.token();
        let key = match token.kind {
            T::LBracket => {
                let mate = self.mate(self.pos);
                self.bump();
                let key = self.single()?;
                if !self.eat(T::RBracket) {
                    self.recover(T::RBracket, mate);
                }
                key
            }
            T::Str | T::Number => self.operand()?,
            kind if kind.is_wordy() => Expr::bytes(at, self.name()?.as_bytes()),
            _ => return None,
        };
        let value = match self.kind() {
            T::Colon => {
                self.bump();
                self.single()?
            }
            T::LParen => {
                let function = self.function_rest("".into(), Vec::new(), at, true);
                Expr::new(at, Kind::Closure(function))
            }
            // `{a}` and, as a target, `{a = 1}`.
            kind => {
                let name = String::from_utf8_lossy(self.raw(token)).into();
                if kind == T::Assign {
                    self.bump();
                    self.single();
                }
                Expr::new(at, Kind::Var(name))
            }
        };
        Some(Item { key: Some(key), ..Item::plain(value) })
    }
}
