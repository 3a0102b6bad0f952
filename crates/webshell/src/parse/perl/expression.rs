//! Operators.

use super::Parser;
use super::call::takes_one;
use super::lexer::{Sort, sign};
use super::quote::{FAT_COMMA, Sense};
use crate::ir::{Binary, Expr, Item, Kind, Literal, Unary};
use crate::parse::bounds::binary;

/// How strongly operators bind.
pub(super) mod level {
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 2;
    pub(crate) const NOT: u8 = 3;
    pub(crate) const COMMA: u8 = 4;
    pub(crate) const ASSIGN: u8 = 5;
    pub(crate) const CHOOSE: u8 = 6;
    pub(crate) const RANGE: u8 = 7;
    pub(crate) const OR_OR: u8 = 8;
    pub(crate) const AND_AND: u8 = 9;
    pub(crate) const BIT_OR: u8 = 10;
    pub(crate) const BIT_AND: u8 = 11;
    pub(crate) const EQUAL: u8 = 12;
    pub(crate) const COMPARE: u8 = 13;
    /// Functions with one argument.
    pub(crate) const NAMED: u8 = 14;
    pub(crate) const SHIFT: u8 = 15;
    pub(crate) const ADD: u8 = 16;
    pub(crate) const MUL: u8 = 17;
    pub(crate) const BIND: u8 = 18;
    pub(crate) const UNARY: u8 = 19;
    pub(crate) const POW: u8 = 20;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Between {
    Plain(Binary),
    Assign,
    AssignOp(Binary),
    Choose,
    Range,
    Bind { not: bool },
}

impl Parser<'_> {
    /// Anything, with commas and the weakest operators.
    pub(super) fn expression(&mut self) -> Expr {
        self.expression_from(level::OR)
    }

    /// Anything that may stand between commas.
    pub(super) fn element(&mut self) -> Expr {
        self.expression_from(level::ASSIGN)
    }

    /// An expression of operators that bind at least so strongly.
    pub(super) fn expression_from(&mut self, least: u8) -> Expr {
        let at = self.offset();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let before = self.bounds.begin();
        let left = self.operand_from(least);
        let value = self.binary_from(left, least);
        self.bounds.end(before);
        self.bounds.leave();
        value
    }

    /// An operand: where commas are allowed, all that stand between them.
    fn operand_from(&mut self, least: u8) -> Expr {
        if least > level::COMMA || self.word() == b"not" {
            return self.unary();
        }
        let at = self.offset();
        let mut items = self.items();
        match items.pop() {
            Some(Item { key: None, value, spread: false, .. }) if items.is_empty() => value,
            Some(item) => {
                items.push(item);
                Expr::new(at, Kind::List(items))
            }
            None => Expr::null(at),
        }
    }

    /// Elements with commas between them, up to where an element cannot begin.
    pub(super) fn items(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        loop {
            while self.eat(b",") || self.sort() == FAT_COMMA {
                if self.sort() == FAT_COMMA {
                    self.bump();
                }
            }
            let closes = matches!(self.sort(), Sort::Nothing | Sort::Sign([b')' | b']' | b'}' | b';' | b':', 0, 0]));
            if closes || self.at_weak_word() {
                return items;
            }
            let before = self.at;
            let value = self.element();
            if self.sort() == FAT_COMMA {
                self.bump();
                let key = Some(value);
                items.push(Item { key, ..Item::plain(self.element()) });
            } else {
                items.push(Item::plain(value));
            }
            if self.at == before || !(self.is(b",") || self.sort() == FAT_COMMA) {
                return items;
            }
        }
    }

    /// Words that end a list.
    fn at_weak_word(&self) -> bool {
        matches!(self.word(), b"or" | b"and" | b"xor" | b"if" | b"unless" | b"while" | b"until" | b"for" | b"foreach" | b"x")
            && self.ahead(1) != FAT_COMMA
    }

    fn operator(&self) -> Option<(Between, u8)> {
        use Between::{AssignOp, Plain};
        let of_sign = |text: [u8; 3]| {
            Some(match &text {
                b"=\0\0" => (Between::Assign, level::ASSIGN),
                b"+=\0" => (AssignOp(Binary::Add), level::ASSIGN),
                b"-=\0" => (AssignOp(Binary::Sub), level::ASSIGN),
                b"*=\0" => (AssignOp(Binary::Mul), level::ASSIGN),
                b"/=\0" => (AssignOp(Binary::Div), level::ASSIGN),
                b".=\0" => (AssignOp(Binary::Join), level::ASSIGN),
                b"%=\0" => (AssignOp(Binary::Mod), level::ASSIGN),
                b"&=\0" => (AssignOp(Binary::BitAnd), level::ASSIGN),
                b"|=\0" => (AssignOp(Binary::BitOr), level::ASSIGN),
                b"^=\0" => (AssignOp(Binary::BitXor), level::ASSIGN),
                b"**=" => (AssignOp(Binary::Pow), level::ASSIGN),
                b"||=" => (AssignOp(Binary::Or), level::ASSIGN),
                b"&&=" => (AssignOp(Binary::And), level::ASSIGN),
                b"//=" => (AssignOp(Binary::Coalesce), level::ASSIGN),
                b"<<=" => (AssignOp(Binary::ShiftLeft), level::ASSIGN),
                b">>=" => (AssignOp(Binary::ShiftRight), level::ASSIGN),
                b"?\0\0" => (Between::Choose, level::CHOOSE),
                b"..\0" | b"..." => (Between::Range, level::RANGE),
                b"||\0" => (Plain(Binary::Or), level::OR_OR),
                b"//\0" => (Plain(Binary::Coalesce), level::OR_OR),
                b"&&\0" => (Plain(Binary::And), level::AND_AND),
                b"|\0\0" => (Plain(Binary::BitOr), level::BIT_OR),
                b"^\0\0" => (Plain(Binary::BitXor), level::BIT_OR),
                b"&\0\0" => (Plain(Binary::BitAnd), level::BIT_AND),
                b"==\0" => (Plain(Binary::Equal), level::EQUAL),
                b"!=\0" => (Plain(Binary::NotEqual), level::EQUAL),
                b"<=>" => (Plain(Binary::Compare), level::EQUAL),
                b"~~\0" => (Plain(Binary::Test), level::EQUAL),
                b"<\0\0" => (Plain(Binary::Less), level::COMPARE),
                b">\0\0" => (Plain(Binary::Greater), level::COMPARE),
                b"<=\0" => (Plain(Binary::LessEqual), level::COMPARE),
                b">=\0" => (Plain(Binary::GreaterEqual), level::COMPARE),
                b"<<\0" => (Plain(Binary::ShiftLeft), level::SHIFT),
                b">>\0" => (Plain(Binary::ShiftRight), level::SHIFT),
                b"+\0\0" => (Plain(Binary::Add), level::ADD),
                b"-\0\0" => (Plain(Binary::Sub), level::ADD),
                b".\0\0" => (Plain(Binary::Join), level::ADD),
                b"*\0\0" => (Plain(Binary::Mul), level::MUL),
                b"/\0\0" => (Plain(Binary::Div), level::MUL),
                b"%\0\0" => (Plain(Binary::Mod), level::MUL),
                b"=~\0" => (Between::Bind { not: false }, level::BIND),
                b"!~\0" => (Between::Bind { not: true }, level::BIND),
                b"**\0" => (Plain(Binary::Pow), level::POW),
                _ => return None,
            })
        };
        match self.sort() {
            Sort::Sign(text) => of_sign(text),
            Sort::Word => Some(match self.word() {
                b"or" => (Plain(Binary::Or), level::OR),
                b"xor" => (Plain(Binary::Xor), level::OR),
                b"and" => (Plain(Binary::And), level::AND),
                b"eq" => (Plain(Binary::Equal), level::EQUAL),
                b"ne" => (Plain(Binary::NotEqual), level::EQUAL),
                b"cmp" => (Plain(Binary::Compare), level::EQUAL),
                b"lt" => (Plain(Binary::Less), level::COMPARE),
                b"gt" => (Plain(Binary::Greater), level::COMPARE),
                b"le" => (Plain(Binary::LessEqual), level::COMPARE),
                b"ge" => (Plain(Binary::GreaterEqual), level::COMPARE),
                b"isa" => (Plain(Binary::IsA), level::COMPARE),
                b"x" if self.ahead(1) == sign(b"=") && self.touched() => (AssignOp(Binary::Repeat), level::ASSIGN),
                b"x" => (Plain(Binary::Repeat), level::MUL),
                _ => return None,
            }),
            _ => None,
        }
    }

    /// Goes on with what stands behind a left operand.
    pub(super) fn binary_from(&mut self, mut left: Expr, least: u8) -> Expr {
        while let Some((op, level)) = self.operator() {
            if level < least || self.statement_follows(level) {
                break;
            }
            let at = left.at;
            self.bump();
            match op {
                Between::Assign => {
                    let value = self.element();
                    if self.bounds.link() {
                        left = Expr::new(at, Kind::Assign(Box::new(left), Box::new(value)));
                    }
                }
                Between::AssignOp(op) => {
                    // The sign behind the word in `x=`.
                    if op == Binary::Repeat {
                        self.bump();
                    }
                    let value = self.element();
                    if self.bounds.link() {
                        left = Expr::new(at, Kind::AssignOp(op, Box::new(left), Box::new(value)));
                    }
                }
                Between::Choose => {
                    let then = self.element();
                    self.eat(b":");
                    let otherwise = self.element();
                    if self.bounds.link() {
                        left = Expr::new(at, Kind::Choose(Box::new(left), Some(Box::new(then)), Box::new(otherwise)));
                    }
                }
                Between::Range => {
                    let end = self.operand(level);
                    if self.bounds.link() {
                        left = Expr::call(at, "range", vec![left, end]);
                    }
                }
                Between::Bind { not } => left = self.bound(left, not),
                Between::Plain(Binary::Pow) => {
                    let right = self.expression_from(level::POW);
                    if self.bounds.link() {
                        left = binary(Binary::Pow, left, right);
                    }
                }
                Between::Plain(op) => {
                    let first = self.operand(level);
                    // What may be regrouped is gathered, so that chains of thousands stay flat.
                    if matches!(op, Binary::Join | Binary::Add | Binary::And | Binary::Or) {
                        let mut operands = vec![left, first];
                        while self.operator().is_some_and(|(next, of)| next == Between::Plain(op) && of == level)
                            && !self.statement_follows(level)
                        {
                            self.bump();
                            operands.push(self.operand(level));
                        }
                        left = if op == Binary::Join {
                            joined(at, operands)
                        } else {
                            self.bounds.chain(op, operands).unwrap_or_else(|| Expr::null(at))
                        };
                    } else if self.bounds.link() {
                        left = binary(op, left, first);
                    }
                }
            }
        }
        left
    }

    /// Whether `or` and its like are followed by something that is a statement here: `… or next`.
    fn statement_follows(&self, level: u8) -> bool {
        level <= level::AND && self.brackets == 0 && matches!(self.word_ahead(1), b"next" | b"last" | b"redo" | b"return")
    }

    /// The right operand of an operator of this level.
    fn operand(&mut self, level: u8) -> Expr {
        let before = self.bounds.begin();
        let mut operand = self.operand_from(level);
        if self.operator().is_some_and(|(_, next)| next > level) && self.bounds.enter() {
            operand = self.binary_from(operand, level + 1);
            self.bounds.leave();
        }
        self.bounds.end(before);
        operand
    }

    pub(super) fn unary(&mut self) -> Expr {
        let at = self.offset();
        let (unary, level) = match self.sort() {
            Sort::Sign([b'!', 0, 0]) => (Unary::Not, level::UNARY),
            Sort::Sign([b'~', 0, 0]) => (Unary::BitNot, level::UNARY),
            Sort::Sign([b'\\', 0, 0]) => (Unary::Same, level::UNARY),
            Sort::Sign([b'+', 0, 0]) => (Unary::Plus, level::UNARY),
            Sort::Sign([b'-', 0, 0]) if self.ahead(1) == Sort::Word && self.touched() => return self.dashed(),
            Sort::Sign([b'-', 0, 0]) => (Unary::Minus, level::UNARY),
            Sort::Sign([b'+', b'+', 0] | [b'-', b'-', 0]) => {
                let by = if self.is(b"++") { 1 } else { -1 };
                self.bump();
                let target = self.expression_from(level::POW);
                return Expr::new(at, Kind::Step { target: Box::new(target), by, prefix: true });
            }
            Sort::Word if self.word() == b"not" && self.ahead(1) != FAT_COMMA => (Unary::Not, level::NOT + 2),
            _ => return self.stepped(),
        };
        self.bump();
        let inner = self.expression_from(level);
        match inner.kind {
            // What it refers to is all that matters; and a plus only tells a hash from a block.
            _ if matches!(unary, Unary::Same | Unary::Plus) => inner,
            Kind::Literal(Literal::Int(value)) if unary == Unary::Minus => {
                Expr::new(at, Kind::Literal(Literal::Int(value.wrapping_neg())))
            }
            _ if !self.bounds.link() => inner,
            _ => Expr::new(at, Kind::Unary(unary, Box::new(inner))),
        }
    }

    fn stepped(&mut self) -> Expr {
        let value = self.postfix();
        let by = match self.sort() {
            Sort::Sign([b'+', b'+', 0]) => 1,
            Sort::Sign([b'-', b'-', 0]) => -1,
            _ => return value,
        };
        self.bump();
        Expr::new(value.at, Kind::Step { target: Box::new(value), by, prefix: false })
    }

    /// `-e $file` asks about a file; `-name` is a string.
    fn dashed(&mut self) -> Expr {
        let at = self.offset();
        let word = self.word_ahead(1);
        let quoted = self.ahead(2) == FAT_COMMA || self.ahead(2) == sign(b"}");
        let test = matches!(word, [byte] if byte.is_ascii_alphabetic());
        if !quoted && (test || self.ahead(2) == sign(b"(") || takes_one(word)) {
            self.bump();
            if !test {
                let inner = self.expression_from(level::UNARY);
                return Expr::new(at, Kind::Unary(Unary::Minus, Box::new(inner)));
            }
            let name = format!("-{}", String::from_utf8_lossy(word));
            self.bump();
            let operand = if self.at_end() || self.is(b")") { None } else { Some(self.expression_from(level::UNARY)) };
            return Expr::call(at, &name, operand.into_iter().collect());
        }
        self.bump();
        self.bump();
        let mut bytes = vec![b'-'];
        bytes.extend_from_slice(word);
        Expr::bytes(at, &bytes)
    }

    /// `a =~ b`.
    fn bound(&mut self, target: Expr, not: bool) -> Expr {
        let at = target.at;
        let plain =
            self.quote().is_none_or(|quote| !matches!(quote.sense, Sense::Match | Sense::Substitution | Sense::Translation));
        let value = if plain {
            let pattern = self.operand(level::BIND);
            if self.bounds.link() { Expr::call(at, "match", vec![target, pattern]) } else { pattern }
        } else {
            self.applied(at, target)
        };
        if not && self.bounds.link() { Expr::new(at, Kind::Unary(Unary::Not, Box::new(value))) } else { value }
    }

    /// A match, substitution or translation of a value.
    pub(super) fn applied(&mut self, at: u32, target: Expr) -> Expr {
        let Some(quote) = self.quote() else { return target };
        self.bump();
        if !self.bounds.link() {
            return target;
        }
        let flags = self.slice(quote.flags);
        let body = if quote.raw || quote.sense == Sense::Translation {
            Expr::bytes(quote.body.0, self.slice(quote.body))
        } else {
            self.interpolated(quote.body, true)
        };
        match quote.sense {
            Sense::Substitution => {
                let mut replacement = if flags.contains(&b'e') {
                    self.inner(quote.second.0 as usize, quote.second.1 as usize, |parser| parser.expression())
                } else if quote.raw {
                    Expr::bytes(quote.second.0, self.slice(quote.second))
                } else {
                    self.interpolated(quote.second, false)
                };
                if flags.iter().filter(|&&flag| flag == b'e').count() > 1 {
                    replacement = Expr::call(replacement.at, "eval", vec![replacement]);
                }
                Expr::call(at, "subst", vec![target, body, replacement, Expr::bytes(quote.flags.0, flags)])
            }
            Sense::Translation => {
                let second = Expr::bytes(quote.second.0, self.slice(quote.second));
                Expr::call(at, "tr", vec![target, body, second, Expr::bytes(quote.flags.0, flags)])
            }
            _ => Expr::call(at, "match", vec![target, body, Expr::bytes(quote.flags.0, flags)]),
        }
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
