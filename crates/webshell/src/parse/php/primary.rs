//! What operators join: variables, literals, calls, lists, and what stands behind them (`[…]`, `->…`, `(…)`).

use super::Parser;
use super::expression::{is_assignable, power};
use super::lexer::cast_type;
use super::string;
use super::token::T;
use crate::ir::{Expr, Item, Kind, Literal, Offset, Unary};

/// Constants of PHP's own, which may be written in any case.
fn is_magic(name: &str) -> bool {
    let known = ["__file__", "__dir__", "__function__", "__class__", "__method__", "__namespace__", "__compiler_halt_offset__"];
    known.iter().any(|known| known.eq_ignore_ascii_case(name))
}

impl Parser<'_> {
    /// An operand with the operators in front of it and the links behind it.
    pub(super) fn prefix(&mut self) -> Expr {
        let token = self.token();
        let at = token.at;
        match token.kind {
            T::Variable | T::Dollar => {
                let variable = self.variable();
                self.postfix(variable, true)
            }
            T::Single | T::Double | T::Template | T::Heredoc | T::Nowdoc => {
                let text = self.text_literal();
                self.postfix(text, true)
            }
            T::Number => {
                self.bump();
                Expr::new(at, Kind::Literal(string::number(self.bytes(token))))
            }
            T::OpenParen => {
                self.bump();
                let inner = self.expr(power::LOWEST);
                self.expect(T::CloseParen);
                self.postfix(inner, true)
            }
            T::OpenBracket => {
                self.bump();
                let list = self.items(T::CloseBracket);
                self.postfix(Expr::new(at, Kind::List(list)), true)
            }
            T::Array | T::List if self.kind_ahead(1) == T::OpenParen => {
                self.bump();
                self.bump();
                let list = self.items(T::CloseParen);
                self.postfix(Expr::new(at, Kind::List(list)), true)
            }
            T::Backtick => {
                let command = self.text_literal();
                Expr::call(at, "shell_exec", vec![command])
            }
            T::Cast => {
                self.bump();
                let name = cast_type(self.bytes(token)).unwrap_or_default();
                let operand = self.boxed(power::UNARY);
                Expr::new(at, Kind::Cast(name.into(), operand))
            }
            T::Not => self.unary(Unary::Not, power::NOT),
            T::Minus => self.unary(Unary::Minus, power::UNARY),
            T::Plus => self.unary(Unary::Plus, power::UNARY),
            T::Tilde => self.unary(Unary::BitNot, power::UNARY),
            T::At => self.unary(Unary::Same, power::UNARY),
            T::Clone => self.cloned(),
            T::Throw => self.unary(Unary::Same, power::LOWEST),
            // A reference where only a value makes sense: the value.
            T::Amp => {
                self.bump();
                self.expr(power::UNARY)
            }
            T::Increment | T::Decrement => {
                self.bump();
                let target = self.boxed(power::UNARY);
                Expr::new(at, Kind::Step { target, by: if token.kind == T::Increment { 1 } else { -1 }, prefix: true })
            }
            T::Print => self.operator_call("print", power::PRINT),
            T::Include => self.operator_call("include", power::LOWEST),
            T::IncludeOnce => self.operator_call("include_once", power::LOWEST),
            T::Require => self.operator_call("require", power::LOWEST),
            T::RequireOnce => self.operator_call("require_once", power::LOWEST),
            T::Isset => self.bracket_call("isset"),
            T::Empty => self.bracket_call("empty"),
            T::Eval => self.bracket_call("eval"),
            T::Exit => self.bracket_call("exit"),
            T::Die => self.bracket_call("die"),
            T::Yield => self.yielded(),
            T::New => self.instance(),
            T::Match if self.kind_ahead(1) == T::OpenParen => self.match_or_call(),
            T::Fn | T::Function | T::Attribute => self.closure(),
            T::Static if matches!(self.kind_ahead(1), T::Fn | T::Function) => self.closure(),
            _ => self.named(),
        }
    }

    /// A bare name, or what cannot be read.
    fn named(&mut self) -> Expr {
        let token = self.token();
        let scope = matches!(token.kind, T::Static | T::Namespace | T::Array | T::Match | T::Readonly | T::Class | T::List);
        if matches!(token.kind, T::Word | T::Qualified) || scope || (token.kind.is_word() && self.kind_ahead(1) == T::DoubleColon)
        {
            self.bump();
            let name = self.name(token);
            let kind = match &*name {
                _ if self.kind() == T::OpenParen => Kind::Name(name),
                name if name.eq_ignore_ascii_case("true") => Kind::Literal(Literal::Bool(true)),
                name if name.eq_ignore_ascii_case("false") => Kind::Literal(Literal::Bool(false)),
                name if name.eq_ignore_ascii_case("null") => Kind::Literal(Literal::Null),
                name if name.eq_ignore_ascii_case("__line__") => Kind::Literal(Literal::Int(self.line_of(token.at))),
                name if is_magic(name) => Kind::Name(name.to_ascii_uppercase().into()),
                _ => Kind::Name(name),
            };
            return self.postfix(Expr::new(token.at, kind), true);
        }
        self.mark_unread();
        // What may end the construct around it is left to it; an operator without its left side is skipped.
        let ends = token.kind.closes()
            || token.kind.is_word()
            || matches!(token.kind, T::End | T::Semicolon | T::Comma | T::Colon | T::FatArrow | T::Text | T::OpenBrace);
        if ends {
            return Expr::null(token.at);
        }
        self.bump();
        self.expr(power::UNARY)
    }

    fn line_of(&self, at: Offset) -> i64 {
        let before = self.text.get(..at as usize).unwrap_or(self.text);
        memchr::memchr_iter(b'\n', before).count() as i64 + 1
    }

    /// `$a`, `$$a`, `${…}`.
    pub(super) fn variable(&mut self) -> Expr {
        let token = self.bump();
        if token.kind == T::Variable {
            return Expr::new(token.at, Kind::Var(self.name(token)));
        }
        let inner = if self.eat(T::OpenBrace) {
            let inner = self.expr(power::LOWEST);
            self.expect(T::CloseBrace);
            inner
        } else if matches!(self.kind(), T::Variable | T::Dollar) {
            self.nested(Self::variable).unwrap_or_else(|| Expr::null(token.at))
        } else {
            self.mark_unread();
            Expr::null(token.at)
        };
        Expr::new(token.at, Kind::Dynamic(Box::new(inner)))
    }

    /// The links behind an operand. Behind `new` a call's brackets belong to the whole.
    pub(super) fn postfix(&mut self, mut left: Expr, calls: bool) -> Expr {
        loop {
            let at = left.at;
            let kind = self.kind();
            let found = match kind {
                T::OpenBracket | T::Arrow | T::NullArrow | T::DoubleColon => true,
                T::OpenParen => calls,
                // `$s{0}`, up to PHP 7.
                T::OpenBrace => is_brace_indexable(&left),
                T::Increment | T::Decrement => calls && is_assignable(&left),
                _ => false,
            };
            if !found || !self.link() {
                return left;
            }
            self.bump();
            let target = Box::new(left);
            let next = match kind {
                T::OpenBracket if self.eat(T::CloseBracket) => Kind::Index(target, None),
                T::OpenBracket | T::OpenBrace => {
                    let index = self.boxed(power::LOWEST);
                    self.expect(if kind == T::OpenBracket { T::CloseBracket } else { T::CloseBrace });
                    Kind::Index(target, Some(index))
                }
                T::Arrow | T::NullArrow => {
                    let member = Box::new(self.member_name());
                    Kind::Member(target, member)
                }
                T::DoubleColon => {
                    let member = Box::new(self.static_name(calls));
                    Kind::Static(target, member)
                }
                T::OpenParen if self.kind() == T::Ellipsis && self.kind_ahead(1) == T::CloseParen => {
                    self.bump();
                    self.bump();
                    left = callable(*target);
                    continue;
                }
                T::OpenParen => Kind::Call(target, self.items(T::CloseParen)),
                _ => Kind::Step { target, by: if kind == T::Increment { 1 } else { -1 }, prefix: false },
            };
            left = Expr::new(at, next);
        }
    }

    /// What stands behind `->`.
    fn member_name(&mut self) -> Expr {
        let token = self.token();
        match token.kind {
            kind if kind.is_word() => {
                self.bump();
                Expr::bytes(token.at, self.bytes(token))
            }
            T::Variable | T::Dollar => self.variable(),
            T::OpenBrace => {
                self.bump();
                let name = self.expr(power::LOWEST);
                self.expect(T::CloseBrace);
                name
            }
            _ => {
                self.mark_unread();
                Expr::null(token.at)
            }
        }
    }

    /// What stands behind `::`. A property keeps its `$`; a variable in front of brackets holds a method's name.
    fn static_name(&mut self, calls: bool) -> Expr {
        let token = self.token();
        match token.kind {
            T::Variable if !calls || self.kind_ahead(1) != T::OpenParen => {
                self.bump();
                Expr::bytes(token.at, self.bytes(token))
            }
            T::Dollar => {
                let variable = self.variable();
                match variable.kind {
                    Kind::Dynamic(name) if !calls || self.kind() != T::OpenParen => {
                        Expr::new(token.at, Kind::Joined(vec![Expr::bytes(token.at, b"$"), *name]))
                    }
                    _ => variable,
                }
            }
            _ => self.member_name(),
        }
    }

    /// Items up to a closing bracket: arguments, or elements of a list. Elements that a destructuring leaves out are null.
    pub(super) fn items(&mut self, close: T) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            let kind = self.kind();
            if kind == close {
                self.bump();
                return items;
            }
            // `f(...)` where it makes no callable: `exit(...)`, `new A(...)`.
            if kind == T::Ellipsis && self.kind_ahead(1) == close {
                self.bump();
                continue;
            }
            if kind == T::Comma {
                items.push(Item::plain(self.null()));
                self.bump();
                continue;
            }
            if matches!(kind, T::Semicolon | T::Text) || kind.closes() || kind == T::End {
                self.mark_unread();
                return items;
            }
            items.push(self.item());
            if !matches!(self.kind(), T::Comma) && self.kind() != close {
                self.skip_operand();
            }
            self.eat(T::Comma);
        }
    }

    fn item(&mut self) -> Item {
        let spread = self.eat(T::Ellipsis);
        if self.eat(T::Amp) {
            return Item { key: None, value: self.expr(power::LOWEST), spread, by_ref: true };
        }
        let token = self.token();
        if token.kind.is_word() && self.kind_ahead(1) == T::Colon {
            self.bump();
            self.bump();
            let key = Some(Expr::bytes(token.at, self.bytes(token)));
            return Item { key, value: self.expr(power::LOWEST), spread, by_ref: false };
        }
        let value = self.expr(power::LOWEST);
        if !self.eat(T::FatArrow) {
            return Item { key: None, value, spread, by_ref: false };
        }
        let by_ref = self.eat(T::Amp);
        Item { key: Some(value), value: self.expr(power::LOWEST), spread, by_ref }
    }

    /// `print …`, `include …`: a call without brackets.
    fn operator_call(&mut self, name: &str, least: u8) -> Expr {
        let at = self.bump().at;
        let operand = self.expr(least);
        Expr::call(at, name, vec![operand])
    }

    /// `isset(…)`, `exit`: a call of what is no function.
    fn bracket_call(&mut self, name: &str) -> Expr {
        let at = self.bump().at;
        let items = if self.eat(T::OpenParen) { self.items(T::CloseParen) } else { Vec::new() };
        let callee = Box::new(Expr::new(at, Kind::Name(name.into())));
        self.postfix(Expr::new(at, Kind::Call(callee, items)), true)
    }

    fn cloned(&mut self) -> Expr {
        let at = self.bump().at;
        let value = self.expr(power::CLONE);
        Expr::call(at, "clone", vec![value])
    }

    /// A call of `yield` with the value and the key, or of `yield_from`.
    fn yielded(&mut self) -> Expr {
        let at = self.bump().at;
        let mut name = "yield";
        if self.is_word(self.token(), "from") {
            self.bump();
            name = "yield_from";
        }
        if self.kind().closes() || matches!(self.kind(), T::Semicolon | T::Comma | T::End) {
            return Expr::call(at, name, Vec::new());
        }
        let value = self.expr(power::PRINT);
        if !self.eat(T::FatArrow) {
            return Expr::call(at, name, vec![value]);
        }
        let key = value;
        let value = self.expr(power::PRINT);
        Expr::call(at, name, vec![value, key])
    }

    fn instance(&mut self) -> Expr {
        let at = self.bump().at;
        if self.kind() == T::Attribute {
            self.attributes();
        }
        self.eat(T::Readonly);
        if self.kind() == T::Class {
            self.bump();
            let items = if self.eat(T::OpenParen) { self.items(T::CloseParen) } else { Vec::new() };
            let class = Expr::new(at, Kind::Class(self.class_body("".into(), at)));
            return self.postfix(Expr::new(at, Kind::New(Box::new(class), items)), true);
        }
        let token = self.token();
        let class = match token.kind {
            T::Variable | T::Dollar => {
                let variable = self.variable();
                self.postfix(variable, false)
            }
            T::OpenParen => {
                self.bump();
                let inner = self.expr(power::LOWEST);
                self.expect(T::CloseParen);
                inner
            }
            T::Word | T::Qualified | T::Static => {
                self.bump();
                let name = Expr::new(token.at, Kind::Name(self.name(token)));
                if self.kind() == T::DoubleColon { self.postfix(name, false) } else { name }
            }
            _ => self.expr(power::CLONE),
        };
        let items = if self.eat(T::OpenParen) { self.items(T::CloseParen) } else { Vec::new() };
        self.postfix(Expr::new(at, Kind::New(Box::new(class), items)), true)
    }

    /// `match (…) { … }`; before PHP 8 `match` was a name like others.
    fn match_or_call(&mut self) -> Expr {
        let token = self.bump();
        self.bump();
        let mut items = self.items(T::CloseParen);
        if self.kind() != T::OpenBrace || items.len() != 1 {
            let callee = Box::new(Expr::new(token.at, Kind::Name(self.name(token))));
            return self.postfix(Expr::new(token.at, Kind::Call(callee, items)), true);
        }
        self.bump();
        let subject = items.pop().map_or_else(|| self.null(), |item| item.value);
        let mut arms = Vec::new();
        while !self.eat(T::CloseBrace) {
            if self.kind().is_wall() || self.kind() == T::Semicolon {
                self.mark_unread();
                break;
            }
            let before = self.next;
            let mut patterns = Vec::new();
            while !matches!(self.kind(), T::FatArrow | T::Semicolon) && !self.kind().closes() && self.kind() != T::End {
                if self.kind() == T::Default && matches!(self.kind_ahead(1), T::FatArrow | T::Comma) {
                    self.bump();
                } else {
                    patterns.push(self.expr(power::LOWEST));
                }
                if !self.eat(T::Comma) {
                    break;
                }
            }
            if self.expect(T::FatArrow) {
                arms.push((patterns, self.expr(power::LOWEST)));
            }
            if !self.eat(T::Comma) && self.kind() != T::CloseBrace {
                self.skip_operand();
                self.eat(T::Comma);
            }
            if self.next == before {
                self.bump();
            }
        }
        Expr::new(token.at, Kind::Match(Box::new(subject), arms))
    }
}

fn is_brace_indexable(left: &Expr) -> bool {
    match &left.kind {
        Kind::Var(_) | Kind::Dynamic(_) | Kind::Index(..) | Kind::Member(..) => true,
        Kind::Static(_, name) => matches!(&name.kind, Kind::Literal(Literal::Bytes(name)) if name.starts_with(b"$")),
        _ => false,
    }
}

/// `f(...)`: a callable, for which PHP takes the function's name as well.
fn callable(callee: Expr) -> Expr {
    match callee.kind {
        Kind::Name(name) => Expr::bytes(callee.at, name.as_bytes()),
        kind => Expr { at: callee.at, kind },
    }
}
