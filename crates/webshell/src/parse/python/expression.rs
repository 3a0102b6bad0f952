//! Operators.

use super::Parser;
use super::lexer::Sort;
use super::string::joined;
use crate::ir::{Binary, Expr, Item, Kind, Literal, Unary};
use crate::parse::bounds::binary;

/// How strongly operators bind.
mod level {
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const BIT_OR: u8 = 5;
    pub(super) const BIT_XOR: u8 = 6;
    pub(super) const BIT_AND: u8 = 7;
    pub(super) const SHIFT: u8 = 8;
    pub(super) const ADD: u8 = 9;
    pub(super) const MUL: u8 = 10;
    pub(super) const UNARY: u8 = 11;
    pub(super) const POW: u8 = 12;
}

impl Parser<'_> {
    /// Expressions with commas between them: one, or a tuple.
    pub(super) fn expressions(&mut self) -> Expr {
        let at = self.offset();
        let first = self.element();
        if !self.is(b",") && !first.spread {
            return first.value;
        }
        let mut items = vec![first];
        while self.eat(b",") {
            let closes = matches!(self.sort(), Sort::Sign([b'=' | b')' | b']' | b'}' | b':', 0, 0]));
            if self.at_end() || closes {
                break;
            }
            items.push(self.element());
        }
        Expr::new(at, Kind::List(items))
    }

    /// `a`, `*a`.
    pub(super) fn element(&mut self) -> Item {
        let spread = self.eat(b"*") || self.eat(b"**");
        Item { spread, ..Item::plain(self.expression()) }
    }

    /// One expression, with what may stand around its operators: `a if b else c`, `a := b`.
    pub(super) fn expression(&mut self) -> Expr {
        let at = self.offset();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let before = self.bounds.begin();
        let mut value = match self.word() {
            b"lambda" => self.lambda(),
            b"yield" | b"await" => {
                self.bump();
                self.eat_word(b"from");
                if self.at_end() || self.is(b")") { Expr::null(at) } else { self.expressions() }
            }
            _ => self.operands(level::OR),
        };
        if self.is(b":=") {
            self.bump();
            let assigned = self.expression();
            if self.bounds.link() {
                value = Expr::new(at, Kind::Assign(Box::new(value), Box::new(assigned)));
            }
        }
        if !self.targets && self.word() == b"if" {
            self.bump();
            let condition = self.expression_from(level::OR);
            // Without an `else` it means nothing here: the conditions of comprehensions are read elsewhere.
            if self.eat_word(b"else") {
                let otherwise = self.expression();
                if self.bounds.link() {
                    value = Expr::new(at, Kind::Choose(Box::new(condition), Some(Box::new(value)), Box::new(otherwise)));
                }
            }
        }
        self.bounds.end(before);
        self.bounds.leave();
        value
    }

    /// An expression without `if`: the subject of a comprehension, and its conditions.
    pub(super) fn condition(&mut self) -> Expr {
        self.expression_from(level::OR)
    }

    fn expression_from(&mut self, least: u8) -> Expr {
        let at = self.offset();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let before = self.bounds.begin();
        let value = self.operands(least);
        self.bounds.end(before);
        self.bounds.leave();
        value
    }

    fn operands(&mut self, least: u8) -> Expr {
        let left = self.unary();
        self.binary_from(left, least)
    }

    /// The operator here: whether its result is negated, its level, and how many tokens it takes.
    fn operator(&self) -> Option<(Binary, bool, u8, usize)> {
        let of = |op, level| Some((op, false, level, 1));
        match self.sort() {
            Sort::Sign(text) => match &text {
                b"|\0\0" => of(Binary::BitOr, level::BIT_OR),
                b"^\0\0" => of(Binary::BitXor, level::BIT_XOR),
                b"&\0\0" => of(Binary::BitAnd, level::BIT_AND),
                b"<<\0" => of(Binary::ShiftLeft, level::SHIFT),
                b">>\0" => of(Binary::ShiftRight, level::SHIFT),
                b"+\0\0" => of(Binary::Add, level::ADD),
                b"-\0\0" => of(Binary::Sub, level::ADD),
                b"*\0\0" | b"@\0\0" => of(Binary::Mul, level::MUL),
                b"/\0\0" => of(Binary::Div, level::MUL),
                b"//\0" => of(Binary::IntDiv, level::MUL),
                b"%\0\0" => of(Binary::Mod, level::MUL),
                b"**\0" => of(Binary::Pow, level::POW),
                b"==\0" => of(Binary::Equal, level::COMPARE),
                b"!=\0" | b"<>\0" => of(Binary::NotEqual, level::COMPARE),
                b"<\0\0" => of(Binary::Less, level::COMPARE),
                b"<=\0" => of(Binary::LessEqual, level::COMPARE),
                b">\0\0" => of(Binary::Greater, level::COMPARE),
                b">=\0" => of(Binary::GreaterEqual, level::COMPARE),
                _ => None,
            },
            Sort::Word => match self.word() {
                b"or" => of(Binary::Or, level::OR),
                b"and" => of(Binary::And, level::AND),
                b"in" if !self.targets => of(Binary::Test, level::COMPARE),
                b"not" if self.word_ahead(1) == b"in" => Some((Binary::Test, true, level::COMPARE, 2)),
                b"is" if self.word_ahead(1) == b"not" => Some((Binary::NotEqual, false, level::COMPARE, 2)),
                b"is" => of(Binary::Equal, level::COMPARE),
                _ => None,
            },
            _ => None,
        }
    }

    fn binary_from(&mut self, mut left: Expr, least: u8) -> Expr {
        while let Some((op, not, level, length)) = self.operator() {
            if level < least {
                break;
            }
            let at = left.at;
            self.at += length;
            if op == Binary::Pow {
                let right = self.expression_from(level::UNARY);
                if self.bounds.link() {
                    left = binary(op, left, right);
                }
                continue;
            }
            let first = self.operand(level);
            // What may be regrouped is gathered, so that chains of thousands stay flat.
            if matches!(op, Binary::Add | Binary::And | Binary::Or) {
                let mut operands = vec![left, first];
                while self.operator().is_some_and(|(next, ..)| next == op) {
                    self.bump();
                    operands.push(self.operand(level));
                }
                left = if op == Binary::Add && operands.iter().any(is_text) {
                    flat(at, operands)
                } else {
                    self.bounds.chain(op, operands).unwrap_or_else(|| Expr::null(at))
                };
                continue;
            }
            if !self.bounds.link() {
                continue;
            }
            left = match op {
                Binary::Mod if is_text(&left) => formatted(left, first),
                Binary::Mul if is_text(&left) || is_text(&first) => binary(Binary::Repeat, left, first),
                _ => binary(op, left, first),
            };
            if not {
                left = Expr::new(at, Kind::Unary(Unary::Not, Box::new(left)));
            }
        }
        left
    }

    fn operand(&mut self, level: u8) -> Expr {
        let before = self.bounds.begin();
        let mut operand = self.unary();
        if self.operator().is_some_and(|(_, _, next, _)| next > level) && self.bounds.enter() {
            operand = self.binary_from(operand, level + 1);
            self.bounds.leave();
        }
        self.bounds.end(before);
        operand
    }

    fn unary(&mut self) -> Expr {
        let at = self.offset();
        let (unary, level) = match self.sort() {
            Sort::Sign([b'-', 0, 0]) => (Unary::Minus, level::UNARY),
            Sort::Sign([b'+', 0, 0]) => (Unary::Plus, level::UNARY),
            Sort::Sign([b'~', 0, 0]) => (Unary::BitNot, level::UNARY),
            Sort::Word if self.word() == b"not" => (Unary::Not, level::NOT),
            Sort::Word if self.word() == b"await" => (Unary::Same, level::POW),
            Sort::Word if self.word() == b"lambda" => return self.expression(),
            _ => return self.postfix(),
        };
        self.bump();
        let inner = self.expression_from(level);
        match inner.kind {
            Kind::Literal(Literal::Int(value)) if unary == Unary::Minus => {
                Expr::new(at, Kind::Literal(Literal::Int(value.wrapping_neg())))
            }
            _ if unary == Unary::Same || !self.bounds.link() => inner,
            _ => Expr::new(at, Kind::Unary(unary, Box::new(inner))),
        }
    }
}

fn is_text(value: &Expr) -> bool {
    matches!(value.kind, Kind::Literal(Literal::Bytes(_)) | Kind::Joined(_))
}

fn flat(at: u32, operands: Vec<Expr>) -> Expr {
    let mut pieces = Vec::with_capacity(operands.len());
    for operand in operands {
        match operand.kind {
            Kind::Joined(mut inner) => pieces.append(&mut inner),
            _ => pieces.push(operand),
        }
    }
    joined(at, pieces)
}

/// `"…%s…" % (a, b)`.
fn formatted(format: Expr, values: Expr) -> Expr {
    let at = format.at;
    let mut args = vec![Item::plain(format)];
    match values.kind {
        Kind::List(mut items) if items.iter().all(|item| item.key.is_none()) => args.append(&mut items),
        _ => args.push(Item::plain(values)),
    }
    let callee = Expr::new(at, Kind::Name("sprintf".into()));
    Expr::new(at, Kind::Call(Box::new(callee), args))
}
