//! Operators.

use super::lexer::Sort;
use super::words::Word;
use super::{Parser, lower};
use crate::ir::{Binary, Expr, Item, Kind, Literal, Unary};
use crate::parse::bounds::binary;

/// An operator between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Imp,
    Eqv,
    Xor,
    Or,
    And,
    OrElse,
    AndAlso,
    Is,
    IsNot,
    Plain(Binary),
}

/// How strongly operators bind.
mod level {
    pub(super) const IMP: u8 = 1;
    pub(super) const EQV: u8 = 2;
    pub(super) const XOR: u8 = 3;
    pub(super) const OR: u8 = 4;
    pub(super) const AND: u8 = 5;
    pub(super) const COMPARE: u8 = 7;
    pub(super) const SHIFT: u8 = 8;
    pub(super) const JOIN: u8 = 9;
    pub(super) const ADD: u8 = 10;
    pub(super) const MOD: u8 = 11;
    pub(super) const INT_DIV: u8 = 12;
    pub(super) const MUL: u8 = 13;
    pub(super) const NEGATE: u8 = 14;
    pub(super) const POW: u8 = 15;
}

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Expr {
        self.expression_from(1)
    }

    /// An expression of operators that bind at least so strongly.
    fn expression_from(&mut self, level: u8) -> Expr {
        let at = self.offset();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let before = self.bounds.begin();
        let left = self.unary();
        let value = self.binary_from(left, level);
        self.bounds.end(before);
        self.bounds.leave();
        value
    }

    fn operator(&self) -> Option<(Between, u8)> {
        use Between::Plain;
        Some(match self.sort() {
            Sort::Sign(sign) => match sign {
                b'&' => (Plain(Binary::Join), level::JOIN),
                b'+' => (Plain(Binary::Add), level::ADD),
                b'-' => (Plain(Binary::Sub), level::ADD),
                b'*' => (Plain(Binary::Mul), level::MUL),
                b'/' => (Plain(Binary::Div), level::MUL),
                b'\\' => (Plain(Binary::IntDiv), level::INT_DIV),
                b'^' => (Plain(Binary::Pow), level::POW),
                b'=' => (Plain(Binary::Equal), level::COMPARE),
                b'<' => (Plain(Binary::Less), level::COMPARE),
                b'>' => (Plain(Binary::Greater), level::COMPARE),
                _ => return None,
            },
            Sort::LessEqual => (Plain(Binary::LessEqual), level::COMPARE),
            Sort::GreaterEqual => (Plain(Binary::GreaterEqual), level::COMPARE),
            Sort::NotEqual => (Plain(Binary::NotEqual), level::COMPARE),
            Sort::ShiftLeft => (Plain(Binary::ShiftLeft), level::SHIFT),
            Sort::ShiftRight => (Plain(Binary::ShiftRight), level::SHIFT),
            Sort::Word(word) => match word {
                Word::Imp => (Between::Imp, level::IMP),
                Word::Eqv => (Between::Eqv, level::EQV),
                Word::Xor => (Between::Xor, level::XOR),
                Word::Or => (Between::Or, level::OR),
                Word::OrElse => (Between::OrElse, level::OR),
                Word::And => (Between::And, level::AND),
                Word::AndAlso => (Between::AndAlso, level::AND),
                Word::Is => (Between::Is, level::COMPARE),
                Word::IsNot => (Between::IsNot, level::COMPARE),
                Word::Like => (Plain(Binary::Test), level::COMPARE),
                Word::Mod => (Plain(Binary::Mod), level::MOD),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Goes on with what stands behind a left operand.
    pub(super) fn binary_from(&mut self, mut left: Expr, least: u8) -> Expr {
        while let Some((op, level)) = self.operator() {
            if level < least {
                break;
            }
            self.bump();
            let first = self.operand(level);
            // What may be regrouped is gathered, so that chains of thousands stay flat.
            if matches!(
                op,
                Between::Plain(Binary::Join | Binary::Add) | Between::And | Between::Or | Between::AndAlso | Between::OrElse
            ) {
                let mut operands = vec![left, first];
                while self.operator().is_some_and(|(next, _)| next == op) {
                    self.bump();
                    operands.push(self.operand(level));
                }
                left = self.gathered(op, operands);
            } else if self.bounds.link() {
                left = combined(op, left, first);
            }
        }
        left
    }

    /// The right operand of an operator of this level.
    fn operand(&mut self, level: u8) -> Expr {
        let before = self.bounds.begin();
        let mut operand = self.unary();
        if self.operator().is_some_and(|(_, next)| next > level) && self.bounds.enter() {
            operand = self.binary_from(operand, level + 1);
            self.bounds.leave();
        }
        self.bounds.end(before);
        operand
    }

    fn gathered(&mut self, op: Between, operands: Vec<Expr>) -> Expr {
        let at = operands.first().map_or(0, |operand| operand.at);
        let is_text = |operand: &Expr| matches!(operand.kind, Kind::Literal(Literal::Bytes(_)) | Kind::Joined(_));
        let op = match op {
            Between::Plain(Binary::Join) => return joined(at, operands),
            Between::Plain(Binary::Add) if operands.iter().any(is_text) => return joined(at, operands),
            Between::Plain(op) => op,
            Between::Or if operands.iter().any(is_number) => Binary::BitOr,
            Between::And if operands.iter().any(is_number) => Binary::BitAnd,
            Between::Or | Between::OrElse => Binary::Or,
            _ => Binary::And,
        };
        self.bounds.chain(op, operands).unwrap_or_else(|| Expr::null(at))
    }

    fn unary(&mut self) -> Expr {
        let at = self.offset();
        let (unary, level) = match self.sort() {
            Sort::Sign(b'-') => (Unary::Minus, level::NEGATE),
            Sort::Sign(b'+') => (Unary::Plus, level::NEGATE),
            Sort::Word(Word::Not) => (Unary::Not, level::COMPARE),
            Sort::Word(Word::Await) => (Unary::Same, level::POW),
            Sort::Word(Word::TypeOf) => return self.type_of(),
            _ => return self.postfix(),
        };
        self.bump();
        let inner = self.expression_from(level);
        let unary = if unary == Unary::Not && is_number(&inner) { Unary::BitNot } else { unary };
        match inner.kind {
            // `-1` is a number, and so is a negative step.
            Kind::Literal(Literal::Int(value)) if unary == Unary::Minus => {
                Expr::new(at, Kind::Literal(Literal::Int(value.wrapping_neg())))
            }
            _ if !self.bounds.link() => inner,
            _ => Expr::new(at, Kind::Unary(unary, Box::new(inner))),
        }
    }

    /// `TypeOf a Is T`.
    fn type_of(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let value = self.postfix();
        self.bounds.leave();
        let not = self.is(Word::IsNot);
        if !not && !self.is(Word::Is) {
            return value;
        }
        self.bump();
        let at_type = self.offset();
        let Some(of_type) = self.type_name() else { return value };
        let of_type = Expr::new(at_type, Kind::Name(of_type));
        if !self.bounds.link() {
            return value;
        }
        let is = Expr::new(at, Kind::Binary(Binary::IsA, Box::new(value), Box::new(of_type)));
        if not { Expr::new(at, Kind::Unary(Unary::Not, Box::new(is))) } else { is }
    }

    /// An operand and what is appended to it: members, arguments.
    pub(super) fn postfix(&mut self) -> Expr {
        let start = self.at;
        let mut left = self.primary();
        loop {
            let at = self.offset();
            match self.sort() {
                // `execute .form("x")` hands on a member of what the `With` around it is about.
                Sort::Sign(b'.') if self.at > start && !self.with.is_empty() && self.stands_off() && self.touched() => {
                    return left;
                }
                Sort::Sign(b'.') => {
                    self.bump();
                    match self.sort() {
                        Sort::Word(_) => left = self.member(left),
                        // `a.@b` and `a...b` of XML.
                        Sort::Sign(b'.' | b'@') => {}
                        // `a.(b)` means nothing.
                        _ => return left,
                    }
                }
                Sort::Sign(b'(') => {
                    let args = self.arguments();
                    if self.bounds.link() {
                        left = Expr::new(left.at, Kind::Call(Box::new(left), args));
                    }
                }
                Sort::Sign(b'!') if matches!(self.ahead(1), Sort::Word(_)) => {
                    self.bump();
                    let key = Expr::bytes(at, self.bytes());
                    self.bump();
                    if self.bounds.link() {
                        left = Expr::new(left.at, Kind::Index(Box::new(left), Some(Box::new(key))));
                    }
                }
                Sort::Sign(b'?') if matches!(self.ahead(1), Sort::Sign(b'.' | b'(' | b'!')) => self.bump(),
                _ => return left,
            }
        }
    }

    /// The member whose name stands here.
    pub(super) fn member(&mut self, object: Expr) -> Expr {
        let at = self.offset();
        let name = lower(self.bytes());
        self.bump();
        self.skip_generics();
        if self.bounds.link() { Expr::member(at, object, &name) } else { object }
    }

    /// `(a, , name:=b)`.
    pub(super) fn arguments(&mut self) -> Vec<Item> {
        self.bump();
        self.items(b')')
    }

    /// Expressions with commas between them, up to the sign, which is taken.
    pub(super) fn items(&mut self, close: u8) -> Vec<Item> {
        let mut items = Vec::new();
        if self.eat_sign(close) {
            return items;
        }
        loop {
            self.skip_newlines_within(close);
            items.push(self.item());
            self.skip_newlines_within(close);
            if self.eat_sign(b',') {
                continue;
            }
            self.eat_sign(close);
            return items;
        }
    }

    /// One argument; none between two commas is nothing.
    pub(super) fn item(&mut self) -> Item {
        let at = self.offset();
        if matches!(self.sort(), Sort::Sign(b',' | b')' | b'}')) {
            return Item::plain(Expr::null(at));
        }
        if self.word().is_some() && self.ahead(1) == Sort::Names {
            let key = Expr::bytes(at, lower(self.bytes()).as_bytes());
            self.bump();
            self.bump();
            return Item { key: Some(key), ..Item::plain(self.expression()) };
        }
        // VBScript's `f(ByVal x)` is a mistake that is read over.
        if matches!(self.word(), Some(Word::ByVal | Word::ByRef)) {
            self.bump();
        }
        let value = self.expression();
        // Bounds of an array: `a(0 To 3)`.
        if self.eat(Word::To) {
            return Item::plain(self.expression());
        }
        Item::plain(value)
    }

    /// In VB.NET lines may end within parentheses where the lexer does not see it.
    fn skip_newlines_within(&mut self, close: u8) {
        if self.net && self.sort() == Sort::Newline && matches!(self.ahead(1), Sort::Sign(sign) if sign == close || sign == b',')
        {
            self.bump();
        }
    }
}

fn combined(op: Between, left: Expr, right: Expr) -> Expr {
    let not = |inner: Expr| Expr::new(inner.at, Kind::Unary(Unary::Not, Box::new(inner)));
    match op {
        Between::Imp => binary(Binary::Or, not(left), right),
        Between::Eqv => not(combined(Between::Xor, left, right)),
        // Scripts that decode themselves use it on numbers; `And` and `Or` mostly stand in conditions.
        Between::Xor if is_truth(&left) || is_truth(&right) => binary(Binary::Xor, left, right),
        Between::Xor => binary(Binary::BitXor, left, right),
        Between::Is => binary(Binary::Equal, left, right),
        Between::IsNot => binary(Binary::NotEqual, left, right),
        Between::Or | Between::OrElse => binary(Binary::Or, left, right),
        Between::And | Between::AndAlso => binary(Binary::And, left, right),
        Between::Plain(op) => binary(op, left, right),
    }
}

fn joined(at: u32, operands: Vec<Expr>) -> Expr {
    let mut flat = Vec::with_capacity(operands.len());
    for operand in operands {
        match operand.kind {
            Kind::Joined(mut inner) => flat.append(&mut inner),
            _ => flat.push(operand),
        }
    }
    Expr::new(at, Kind::Joined(flat))
}

/// Whether an expression can only be a number, so that `And` means its bits.
fn is_number(value: &Expr) -> bool {
    use Binary::*;
    match &value.kind {
        Kind::Literal(Literal::Int(_)) => true,
        Kind::Binary(op, ..) => {
            matches!(op, Sub | Mul | Div | IntDiv | Mod | Pow | BitAnd | BitOr | BitXor | ShiftLeft | ShiftRight)
        }
        _ => false,
    }
}

fn is_truth(value: &Expr) -> bool {
    use Binary::*;
    match &value.kind {
        Kind::Literal(Literal::Bool(_)) | Kind::Unary(Unary::Not, _) => true,
        Kind::Binary(op, ..) => {
            matches!(op, And | Or | Xor | Equal | NotEqual | Less | LessEqual | Greater | GreaterEqual | IsA | Test)
        }
        _ => false,
    }
}
