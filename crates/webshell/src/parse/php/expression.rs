//! Operators, by precedence.

use super::Parser;
use super::token::T;
use crate::ir::{Binary, Expr, Item, Kind, Unary};

/// How strongly operators bind; left-associative ones read their right side one higher.
pub(super) mod power {
    pub(in super::super) const LOWEST: u8 = 0;
    pub(super) const OR: u8 = 2;
    pub(super) const XOR: u8 = 4;
    pub(super) const AND: u8 = 6;
    pub(in super::super) const PRINT: u8 = 8;
    pub(in super::super) const ASSIGN: u8 = 10;
    pub(super) const CHOOSE: u8 = 12;
    pub(super) const COALESCE: u8 = 14;
    pub(super) const BAR_BAR: u8 = 16;
    pub(super) const AMP_AMP: u8 = 18;
    pub(super) const BAR: u8 = 20;
    pub(super) const CARET: u8 = 22;
    pub(super) const AMP: u8 = 24;
    pub(super) const EQUAL: u8 = 26;
    pub(super) const LESS: u8 = 28;
    pub(super) const PIPE: u8 = 30;
    // As in PHP 8. Before, it was as strong as `+`, which matters for sums in a chain without brackets only.
    pub(super) const JOIN: u8 = 32;
    pub(super) const SHIFT: u8 = 34;
    pub(super) const SUM: u8 = 36;
    pub(super) const PRODUCT: u8 = 38;
    pub(in super::super) const NOT: u8 = 40;
    pub(super) const INSTANCE_OF: u8 = 42;
    pub(in super::super) const UNARY: u8 = 44;
    pub(super) const POW: u8 = 46;
    pub(in super::super) const CLONE: u8 = 48;
}

/// A joined string inside a chain is taken apart into the chain when it has at most so many pieces; longer ones stay, so that no
/// nesting makes pieces move again and again.
const MAX_SPLICED: usize = 16;

impl Parser<'_> {
    /// An expression of operators that bind at least this strongly. There always is a result, if only null.
    pub(super) fn expr(&mut self, least: u8) -> Expr {
        let at = self.at();
        let read = self.nested(|parser| {
            let left = parser.prefix();
            parser.infix(left, least)
        });
        read.unwrap_or_else(|| Expr::null(at))
    }

    pub(super) fn boxed(&mut self, least: u8) -> Box<Expr> {
        Box::new(self.expr(least))
    }

    fn infix(&mut self, mut left: Expr, least: u8) -> Expr {
        loop {
            let kind = self.kind();
            if let Some((binding, right, op)) = binary(kind) {
                if binding < least || !self.link() {
                    return left;
                }
                self.bump();
                let (at, right) = (left.at, self.boxed(right));
                left = Expr::new(at, Kind::Binary(op, Box::new(left), right));
                continue;
            }
            left = match kind {
                T::Dot if power::JOIN >= least => self.join(left),
                T::Question if power::CHOOSE >= least && self.link() => self.choose(left),
                T::Pipe if power::PIPE >= least && self.link() => {
                    self.bump();
                    let (at, function) = (left.at, self.boxed(power::PIPE + 1));
                    Expr::new(at, Kind::Call(function, vec![Item::plain(left)]))
                }
                _ => match assignment(kind) {
                    // The left side of an assignment is a variable whatever stands in front of it: `!$a = b()` is `!($a = b())`.
                    Some(op) if (least <= power::ASSIGN || is_assignable(&left)) && self.link() => self.assign(left, op),
                    _ => return left,
                },
            };
        }
    }

    /// A chain of `.` as one node, since it may have thousands of links.
    fn join(&mut self, left: Expr) -> Expr {
        let at = left.at;
        let mut pieces = match left.kind {
            Kind::Joined(pieces) => pieces,
            _ => vec![left],
        };
        while self.eat(T::Dot) {
            let piece = self.expr(power::JOIN + 1);
            match piece.kind {
                Kind::Joined(inner) if inner.len() <= MAX_SPLICED => pieces.extend(inner),
                _ => pieces.push(piece),
            }
        }
        Expr::new(at, Kind::Joined(pieces))
    }

    fn choose(&mut self, condition: Expr) -> Expr {
        self.bump();
        let at = condition.at;
        let yes = if self.kind() == T::Colon { None } else { Some(self.boxed(power::ASSIGN)) };
        self.expect(T::Colon);
        let no = self.boxed(power::CHOOSE + 1);
        Expr::new(at, Kind::Choose(Box::new(condition), yes, no))
    }

    fn assign(&mut self, target: Expr, op: Option<Binary>) -> Expr {
        self.bump();
        let (at, target) = (target.at, Box::new(target));
        let by_ref = op.is_none() && self.eat(T::Amp);
        let value = self.boxed(power::ASSIGN);
        let kind = match op {
            Some(op) => Kind::AssignOp(op, target, value),
            None if by_ref => Kind::AssignRef(target, value),
            None => Kind::Assign(target, value),
        };
        Expr::new(at, kind)
    }

    pub(super) fn unary(&mut self, op: Unary, least: u8) -> Expr {
        let at = self.bump().at;
        let operand = self.boxed(least);
        Expr::new(at, Kind::Unary(op, operand))
    }
}

pub(super) fn is_assignable(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Var(_) | Kind::Dynamic(_) | Kind::Index(..) | Kind::Member(..) | Kind::Static(..) | Kind::List(_))
}

/// How strongly an operator binds on its left and on its right.
fn binary(kind: T) -> Option<(u8, u8, Binary)> {
    let left = |binding: u8, op| Some((binding, binding + 1, op));
    let right = |binding: u8, op| Some((binding, binding, op));
    match kind {
        T::Or => left(power::OR, Binary::Or),
        T::Xor => left(power::XOR, Binary::Xor),
        T::And => left(power::AND, Binary::And),
        T::Coalesce => right(power::COALESCE, Binary::Coalesce),
        T::BarBar => left(power::BAR_BAR, Binary::Or),
        T::AmpAmp => left(power::AMP_AMP, Binary::And),
        T::Bar => left(power::BAR, Binary::BitOr),
        T::Caret => left(power::CARET, Binary::BitXor),
        T::Amp => left(power::AMP, Binary::BitAnd),
        T::Equal | T::Identical => left(power::EQUAL, Binary::Equal),
        T::NotEqual | T::NotIdentical => left(power::EQUAL, Binary::NotEqual),
        T::Spaceship => left(power::EQUAL, Binary::Compare),
        T::Less => left(power::LESS, Binary::Less),
        T::LessEqual => left(power::LESS, Binary::LessEqual),
        T::Greater => left(power::LESS, Binary::Greater),
        T::GreaterEqual => left(power::LESS, Binary::GreaterEqual),
        T::ShiftLeft => left(power::SHIFT, Binary::ShiftLeft),
        T::ShiftRight => left(power::SHIFT, Binary::ShiftRight),
        T::Plus => left(power::SUM, Binary::Add),
        T::Minus => left(power::SUM, Binary::Sub),
        T::Star => left(power::PRODUCT, Binary::Mul),
        T::Slash => left(power::PRODUCT, Binary::Div),
        T::Percent => left(power::PRODUCT, Binary::Mod),
        T::InstanceOf => left(power::INSTANCE_OF, Binary::IsA),
        // Its right side may have a sign.
        T::Pow => right(power::POW, Binary::Pow),
        _ => None,
    }
}

/// The operator of an assignment; none for a plain one.
fn assignment(kind: T) -> Option<Option<Binary>> {
    Some(match kind {
        T::Assign => None,
        T::PlusAssign => Some(Binary::Add),
        T::MinusAssign => Some(Binary::Sub),
        T::StarAssign => Some(Binary::Mul),
        T::SlashAssign => Some(Binary::Div),
        T::PercentAssign => Some(Binary::Mod),
        T::PowAssign => Some(Binary::Pow),
        T::DotAssign => Some(Binary::Join),
        T::AmpAssign => Some(Binary::BitAnd),
        T::BarAssign => Some(Binary::BitOr),
        T::CaretAssign => Some(Binary::BitXor),
        T::ShiftLeftAssign => Some(Binary::ShiftLeft),
        T::ShiftRightAssign => Some(Binary::ShiftRight),
        T::CoalesceAssign => Some(Binary::Coalesce),
        _ => return None,
    })
}
