//! Patterns of C# and Java (`is`, `instanceof`, arms of switch expressions) and queries of C#, which are read roughly: what they
//! name and compute is kept, their shape is not.

use std::rc::Rc;

use super::Parser;
use super::expression::SHIFT;
use super::token::T;
use crate::ir::{Binary, Block, Expr, Function, Kind, Literal, Name, Param, Stmt, Unary};

impl Parser<'_> {
    /// What follows `is`.
    pub(super) fn pattern_of(&mut self, value: Expr, at: u32) -> Expr {
        let negated = self.eat_word(b"not");
        if self.java && self.kind() == T::Modifier {
            self.bump();
        }
        let tested = self.pattern_test(value, at);
        // `is A or B`: the further ones say nothing more.
        while self.eat_word(b"or") || self.eat_word(b"and") {
            self.eat_word(b"not");
            self.skip_pattern();
        }
        match negated {
            true => Expr::new(at, Kind::Unary(Unary::Not, Box::new(tested))),
            false => tested,
        }
    }

    fn pattern_test(&mut self, value: Expr, at: u32) -> Expr {
        let from = self.pos;
        if let Some(mut end) = self.scan_type(from) {
            if self.kind_at(end - 1) == T::Question {
                end -= 1;
            }
            self.pos = end;
            let name = self.dotted(from, end);
            let of = Box::new(Expr::new(at, Kind::Name(name)));
            // `is A { B: c }`, `is A(var b)`.
            if matches!(self.kind(), T::LBrace | T::LParen) {
                self.skip_one();
            }
            let token = self.token();
            let binds = token.kind.is_word() && !JOINERS.contains(&self.raw(token));
            let tested = match binds {
                true => {
                    let target = Box::new(Expr::new(at, Kind::Var(self.name_at(self.pos))));
                    self.bump();
                    Expr::new(at, Kind::Assign(target, Box::new(value)))
                }
                false => value,
            };
            return Expr::new(at, Kind::Binary(Binary::IsA, Box::new(tested), of));
        }
        match self.kind() {
            T::LBrace | T::LBracket => {
                self.skip_one();
                if self.kind().is_word() && !JOINERS.contains(&self.raw(self.token())) {
                    let target = Box::new(Expr::new(at, Kind::Var(self.name_at(self.pos))));
                    self.bump();
                    return Expr::new(at, Kind::Assign(target, Box::new(value)));
                }
                value
            }
            T::Lt | T::Gt | T::Le | T::Ge => {
                self.bump();
                let other = self.constant();
                Expr::new(at, Kind::Binary(Binary::Test, Box::new(value), Box::new(other)))
            }
            _ => {
                let other = self.constant();
                Expr::new(at, Kind::Binary(Binary::Equal, Box::new(value), Box::new(other)))
            }
        }
    }

    fn constant(&mut self) -> Expr {
        let Some(outside) = self.enter() else { return Expr::null(self.at()) };
        let value = self.binary(SHIFT);
        self.leave(outside);
        self.or_null(value)
    }

    fn skip_pattern(&mut self) {
        match self.scan_type(self.pos) {
            Some(end) => {
                self.pos = end;
                if matches!(self.kind(), T::LBrace | T::LParen) {
                    self.skip_one();
                }
                if self.kind().is_word() && !JOINERS.contains(&self.raw(self.token())) {
                    self.bump();
                }
            }
            None if matches!(self.kind(), T::LBrace | T::LBracket) => self.skip_one(),
            None => {
                if matches!(self.kind(), T::Lt | T::Gt | T::Le | T::Ge) {
                    self.bump();
                }
                self.constant();
            }
        }
    }

    /// The arms of a switch expression: of C# behind the subject and `switch`, of Java behind the head.
    pub(super) fn switch_expression(&mut self, subject: Expr) -> Kind {
        self.eat(T::Switch);
        let mate = self.mate(self.pos);
        if !self.eat(T::LBrace) {
            return subject.kind;
        }
        let Some(outside) = self.enter() else { return subject.kind };
        let bound = std::mem::take(&mut self.bound);
        let arms = self.group(|parser| {
            let mut arms = Vec::new();
            while parser.kind() != T::RBrace {
                let before = parser.pos;
                arms.push(parser.arm());
                if parser.java && parser.pos > before && (parser.eat(T::Semi) || parser.kind() != T::RBrace) {
                    if parser.kind() == T::End {
                        break;
                    }
                    continue;
                }
                if !parser.more(T::RBrace, mate) {
                    break;
                }
            }
            parser.eat(T::RBrace);
            arms
        });
        let subject = self.with_bound(subject, bound);
        self.leave(outside);
        Kind::Match(Box::new(subject), arms)
    }

    /// A subject, assigned to the names that its patterns gave it since `outer` was put aside.
    pub(super) fn with_bound(&mut self, subject: Expr, outer: Vec<Name>) -> Expr {
        let names = std::mem::replace(&mut self.bound, outer);
        names.into_iter().fold(subject, |value, name| {
            if !self.link() {
                return value;
            }
            let at = value.at;
            Expr::new(at, Kind::Assign(Box::new(Expr::new(at, Kind::Var(name))), Box::new(value)))
        })
    }

    fn arm(&mut self) -> (Vec<Expr>, Expr) {
        let patterns = self.arm_patterns();
        let at = self.at();
        let colon = self.kind() == T::Colon;
        if !self.eat(T::FatArrow) && !self.eat(T::ThinArrow) && !self.eat(T::Colon) {
            return (patterns, Expr::null(at));
        }
        if self.java && (colon || self.kind() == T::LBrace) {
            return (patterns, self.arm_block(colon));
        }
        if self.eat(T::Throw) {
            let thrown = self.value();
            return (patterns, Expr::new(at, Kind::Unary(Unary::Same, Box::new(thrown))));
        }
        let value = self.value();
        (patterns, value)
    }

    /// An arm of statements, which gives its value with `yield`: a function that is called at once.
    fn arm_block(&mut self, colon: bool) -> Expr {
        let at = self.at();
        let mut body = Block::new();
        if colon {
            while !matches!(self.kind(), T::Case | T::Default | T::RBrace | T::End | T::EchoEnd) {
                self.statement(&mut body);
            }
        } else {
            self.statement(&mut body);
        }
        let function = Rc::new(closure(at, Vec::new(), body));
        Expr::new(at, Kind::Call(Box::new(Expr::new(at, Kind::Closure(function))), Vec::new()))
    }

    /// Patterns up to the arrow; none is the default.
    pub(super) fn arm_patterns(&mut self) -> Vec<Expr> {
        let mut patterns = Vec::new();
        if self.eat(T::Default) || (self.is_word(b"_") && self.ahead(1) == T::FatArrow) {
            self.eat_word(b"_");
            return patterns;
        }
        self.eat(T::Case);
        let outer = std::mem::replace(&mut self.no_arrow, true);
        loop {
            if let Some(pattern) = self.single() {
                patterns.push(pattern);
            }
            if !(self.eat(T::Comma) || self.eat_word(b"or")) {
                break;
            }
        }
        // Guards and the shapes of objects.
        if self.kind().is_word() && !JOINERS.contains(&self.raw(self.token())) && !patterns.is_empty() {
            let name = self.name();
            self.bound.extend(name);
        }
        while !matches!(
            self.kind(),
            T::FatArrow | T::ThinArrow | T::Colon | T::End | T::EchoEnd | T::RBrace | T::Semi | T::Comma | T::Case
        ) {
            if self.eat_word(b"when") {
                patterns.extend(self.single());
            } else {
                self.skip_one();
            }
        }
        self.no_arrow = outer;
        patterns
    }

    /// `from a in b`, `from T a in b`.
    pub(super) fn is_query(&self) -> bool {
        self.is_word(b"from")
            && (self.ahead(2) == T::In || self.scan_type(self.pos + 1).is_some_and(|end| self.kind_at(end + 1) == T::In))
    }

    /// A query: a call of `linq` with what its clauses compute, in order.
    pub(super) fn query(&mut self) -> Expr {
        let at = self.at();
        let mut parts = Vec::new();
        while self.kind() == T::Word && CLAUSES.contains(&self.raw(self.token())) {
            let at = self.at();
            let binds = [&b"from"[..], b"join", b"let"].contains(&self.raw(self.token()));
            let into = self.is_word(b"into");
            self.bump();
            if binds {
                if self.ahead(1) != T::In && self.ahead(1) != T::Assign {
                    self.pos = self.scan_type(self.pos).unwrap_or(self.pos);
                }
                let Some(name) = self.name() else { continue };
                let each = self.eat(T::In);
                if !each {
                    self.eat(T::Assign);
                }
                let value = self.value();
                let value = if each { first_of(value, at) } else { value };
                let target = Box::new(Expr::new(at, Kind::Var(name)));
                parts.push(Expr::new(at, Kind::Assign(target, Box::new(value))));
            } else if into {
                self.name();
            } else {
                // Behind `descending`.
                self.eat(T::Comma);
                while let Some(part) = self.single() {
                    parts.push(part);
                    if !self.eat(T::Comma) {
                        break;
                    }
                }
            }
        }
        Expr::call(at, "linq", parts)
    }
}

/// A function without a name that sees what is around it.
pub(super) fn closure(at: u32, params: Vec<Param>, body: Block) -> Function {
    Function {
        name: "".into(),
        params,
        body,
        uses: Vec::new(),
        captures: true,
        is_static: false,
        marks: Vec::new(),
        returns_name: false,
        at,
    }
}

/// The body of a function that is an expression.
pub(super) fn returning(value: Expr) -> Block {
    vec![Stmt::Return(Some(value))]
}

/// The variable of a query runs over a list: one element stands for all.
fn first_of(list: Expr, at: u32) -> Expr {
    let first = Box::new(Expr::new(at, Kind::Literal(Literal::Int(0))));
    Expr::new(at, Kind::Index(Box::new(list), Some(first)))
}

const JOINERS: [&[u8]; 6] = [b"and", b"or", b"when", b"where", b"select", b"orderby"];

const CLAUSES: [&[u8]; 13] = [
    b"from",
    b"where",
    b"select",
    b"orderby",
    b"group",
    b"let",
    b"join",
    b"into",
    b"on",
    b"equals",
    b"by",
    b"ascending",
    b"descending",
];
