//! Operators: assignments, choices, binary chains, prefixes and postfixes.

use std::mem::{replace, take};

use super::Parser;
use super::token::T;
use crate::ir::{Binary, Expr, Item, Kind, Literal, Unary};
use crate::parse::MAX_CHAIN;

/// An operator between two operands.
#[derive(Clone, Copy)]
enum Infix {
    Binary(Binary),
    As,
    Is,
    Range,
}

const RANGE: u8 = 1;
const COALESCE: u8 = 2;
const RELATION: u8 = 9;
pub(super) const SHIFT: u8 = 10;
const SUM: u8 = 11;

impl Parser<'_> {
    /// An expression; in JScript also several with commas between them, whose value is the last one's.
    pub(super) fn expression(&mut self) -> Option<Expr> {
        let first = self.single()?;
        if !self.js || self.kind() != T::Comma {
            return Some(first);
        }
        let at = first.at;
        let mut all = vec![Item::plain(first)];
        while self.eat(T::Comma) {
            match self.single() {
                Some(next) => all.push(Item::plain(next)),
                None => break,
            }
        }
        Some(sequence(at, all))
    }

    /// An expression without commas.
    pub(super) fn single(&mut self) -> Option<Expr> {
        let outside = self.enter()?;
        let result = self.assignment();
        self.leave(outside);
        result
    }

    /// An expression that must stand here.
    pub(super) fn value(&mut self) -> Expr {
        let read = self.single();
        self.or_null(read)
    }

    fn assignment(&mut self) -> Option<Expr> {
        if let Some(lambda) = self.lambda() {
            return Some(lambda);
        }
        let left = self.binary(0)?;
        let at = self.at();
        let op = match self.kind() {
            T::Assign => {
                self.bump();
                let by_ref = self.cs && self.eat(T::ByRef);
                let right = Box::new(self.value());
                let left = Box::new(left);
                return Some(Expr::new(at, if by_ref { Kind::AssignRef(left, right) } else { Kind::Assign(left, right) }));
            }
            T::Question => return Some(self.choose(left)),
            T::PlusAssign => Binary::Add,
            T::MinusAssign => Binary::Sub,
            T::StarAssign => Binary::Mul,
            T::SlashAssign => Binary::Div,
            T::PercentAssign => Binary::Mod,
            T::AmpAssign => Binary::BitAnd,
            T::PipeAssign => Binary::BitOr,
            T::CaretAssign => Binary::BitXor,
            T::ShlAssign => Binary::ShiftLeft,
            T::CoalesceAssign => Binary::Coalesce,
            T::AndAssign => Binary::And,
            T::OrAssign => Binary::Or,
            T::PowAssign => Binary::Pow,
            T::Gt => match self.shift_right() {
                Some((width, true)) => {
                    self.pos += width - 1;
                    Binary::ShiftRight
                }
                _ => return Some(left),
            },
            _ => return Some(left),
        };
        self.bump();
        let right = self.value();
        Some(Expr::new(at, Kind::AssignOp(op, Box::new(left), Box::new(right))))
    }

    fn choose(&mut self, condition: Expr) -> Expr {
        let at = self.at();
        self.bump();
        let yes = self.group(Self::value);
        if !self.eat(T::Colon) {
            self.lose();
        }
        let no = self.value();
        Expr::new(at, Kind::Choose(Box::new(condition), Some(Box::new(yes)), Box::new(no)))
    }

    /// Operands and operators that bind at least so tight.
    pub(super) fn binary(&mut self, power: u8) -> Option<Expr> {
        let left = self.unary()?;
        Some(self.chain(left, power))
    }

    fn chain(&mut self, mut left: Expr, least: u8) -> Expr {
        let mut additions = 0;
        let mut tallest = self.height;
        while let Some((op, power, width)) = self.infix()
            && power >= least
        {
            let at = self.at();
            self.pos += width;
            let binary = match op {
                Infix::Binary(binary) => binary,
                Infix::Range => {
                    let right = self.binary(RANGE + 1);
                    let right = self.or_null(right);
                    if self.link() {
                        left = Expr::call(at, "range", vec![left, right]);
                    }
                    continue;
                }
                Infix::As | Infix::Is => {
                    let fits = self.link();
                    let value = if fits { replace(&mut left, Expr::null(at)) } else { Expr::null(at) };
                    let tested = match op {
                        Infix::As => self.conversion(value),
                        _ => self.pattern_of(value, at),
                    };
                    if fits {
                        left = tested;
                    }
                    continue;
                }
            };
            let spine = take(&mut self.height);
            let mut right = self.unary();
            while let Some(operand) = right.take() {
                let tighter = self.infix().filter(|(_, next, _)| *next > power);
                let Some((_, next, _)) = tighter else {
                    right = Some(operand);
                    break;
                };
                if self.depth >= crate::parse::MAX_DEPTH {
                    self.skip_group();
                    right = Some(operand);
                    break;
                }
                self.depth += 1;
                right = Some(self.chain(operand, next));
                self.depth -= 1;
            }
            let right = self.or_null(right);
            tallest = tallest.max(self.height);
            self.height = self.height.max(spine);
            if binary == Binary::Add {
                match add(left, right) {
                    Ok(joined) => {
                        left = joined;
                        self.height = self.height.max(tallest + 1);
                        continue;
                    }
                    Err((l, r)) => {
                        additions += 1;
                        if additions < MAX_CHAIN && self.height + 1 < super::MAX_HEIGHT {
                            self.height += 1;
                            left = Expr::new(at, Kind::Binary(Binary::Add, Box::new(l), Box::new(r)));
                        } else {
                            // So many are added of strings only, and text is what matters here.
                            left = flat(l, r, at);
                            self.height = tallest + 1;
                        }
                        continue;
                    }
                }
            }
            if self.link() {
                left = Expr::new(at, Kind::Binary(binary, Box::new(left), Box::new(right)));
            }
        }
        left
    }

    fn infix(&self) -> Option<(Infix, u8, usize)> {
        let (op, power) = match self.kind() {
            T::DotDot if self.cs => return Some((Infix::Range, RANGE, 1)),
            T::Coalesce => (Binary::Coalesce, COALESCE),
            T::OrOr => (Binary::Or, 3),
            T::AndAnd => (Binary::And, 4),
            T::Pipe => (Binary::BitOr, 5),
            T::Caret => (Binary::BitXor, 6),
            T::Amp => (Binary::BitAnd, 7),
            T::Equal => (Binary::Equal, 8),
            T::NotEqual => (Binary::NotEqual, 8),
            T::Lt => (Binary::Less, RELATION),
            T::Le => (Binary::LessEqual, RELATION),
            T::Ge => (Binary::GreaterEqual, RELATION),
            T::Gt => match self.shift_right() {
                None => (Binary::Greater, RELATION),
                Some((width, false)) => return Some((Infix::Binary(Binary::ShiftRight), SHIFT, width)),
                Some((_, true)) => return None,
            },
            T::As => return Some((Infix::As, RELATION, 1)),
            T::Is => return Some((Infix::Is, RELATION, 1)),
            T::Instanceof if self.java => return Some((Infix::Is, RELATION, 1)),
            T::Instanceof => (Binary::IsA, RELATION),
            T::In if self.js && !self.no_in => (Binary::Test, RELATION),
            T::Shl => (Binary::ShiftLeft, SHIFT),
            T::Plus => (Binary::Add, SUM),
            T::Minus => (Binary::Sub, SUM),
            T::Star => (Binary::Mul, 12),
            T::Slash => (Binary::Div, 12),
            T::Percent => (Binary::Mod, 12),
            T::Pow => (Binary::Pow, 13),
            _ => return None,
        };
        Some((Infix::Binary(op), power, 1))
    }

    /// `>>`, `>>>`, `>>=`, `>>>=` are several tokens: how many, and whether it assigns.
    fn shift_right(&self) -> Option<(usize, bool)> {
        let next = |by: usize| {
            let (one, two) = (self.token_at(self.pos + by - 1), self.token_at(self.pos + by));
            if one.end == two.start { two.kind } else { T::End }
        };
        match (next(1), next(2)) {
            (T::Gt, T::Gt) => Some((3, false)).filter(|_| next(3) != T::Ge),
            (T::Gt, T::Ge) => Some((3, true)),
            (T::Gt, _) => Some((2, false)),
            (T::Ge, _) => Some((2, true)),
            _ => None,
        }
    }

    /// The type behind `as`.
    fn conversion(&mut self, value: Expr) -> Expr {
        let at = self.at();
        let from = self.pos;
        let mut end = self.scan_type(from).unwrap_or(from);
        // `a as string ? b : c`: the question is not the type's.
        if end > from && self.kind_at(end - 1) == T::Question {
            end -= 1;
        }
        self.pos = end;
        match self.type_name(from, end) {
            Some(name) => Expr::new(at, Kind::Cast(name, Box::new(value))),
            None => value,
        }
    }

    pub(super) fn unary(&mut self) -> Option<Expr> {
        let at = self.at();
        let op = match self.kind() {
            T::Bang => Unary::Not,
            T::Minus => Unary::Minus,
            T::Plus => Unary::Plus,
            T::Tilde => Unary::BitNot,
            // An index from the end.
            T::Caret if self.cs => Unary::Minus,
            T::Amp | T::Star | T::Throw | T::ByRef if self.cs => Unary::Same,
            T::Typeof if self.js => Unary::TypeOf,
            T::Delete => Unary::Same,
            T::Void if self.js => return self.void(),
            T::Increment => return self.step(1),
            T::Decrement => return self.step(-1),
            T::Word if self.is_await() => Unary::Same,
            T::DotDot if self.cs => {
                self.bump();
                let end = self.prefixed();
                let end = self.or_null(end);
                return Some(Expr::call(at, "range", vec![Expr::null(at), end]));
            }
            T::LParen if !self.js => match self.scan_cast() {
                Some(end) => return self.cast(end),
                None => return self.postfixed(),
            },
            _ => return self.postfixed(),
        };
        self.bump();
        if self.js && op == Unary::Same {
            // `yield* a`.
            self.eat(T::Star);
        }
        let operand = self.prefixed();
        let operand = self.or_null(operand);
        Some(Expr::new(at, Kind::Unary(op, Box::new(operand))))
    }

    /// The operand of a prefix.
    fn prefixed(&mut self) -> Option<Expr> {
        let outside = self.enter()?;
        let operand = self.unary();
        self.leave(outside);
        operand
    }

    fn step(&mut self, by: i64) -> Option<Expr> {
        let at = self.at();
        self.bump();
        let target = self.prefixed()?;
        Some(Expr::new(at, Kind::Step { target: Box::new(target), by, prefix: true }))
    }

    fn void(&mut self) -> Option<Expr> {
        let at = self.at();
        self.bump();
        let operand = self.prefixed()?;
        match operand.kind {
            Kind::Literal(_) => Some(Expr::null(at)),
            _ => Some(sequence(at, vec![Item::plain(operand), Item::plain(Expr::null(at))])),
        }
    }

    fn is_await(&self) -> bool {
        let word = self.raw(self.token());
        let next = self.token_at(self.pos + 1);
        match word {
            b"await" => next.kind.is_wordy() || next.kind == T::LParen,
            b"yield" if self.js => (next.kind.is_wordy() || next.kind == T::Star) && !next.line,
            _ => false,
        }
    }

    /// Whether the parenthesis here is a cast: then the place of the closing one.
    fn scan_cast(&self) -> Option<usize> {
        let end = self.scan_type(self.pos + 1)?;
        // `(A & B) x` of Java.
        let end = match self.kind_at(end) {
            T::Amp if self.java => self.scan_type(end + 1)?,
            _ => end,
        };
        if self.kind_at(end) != T::RParen {
            return None;
        }
        let next = self.token_at(end + 1);
        let certain = self.kind_at(end - 1) != T::Word
            || (end == self.pos + 2 && PRIMITIVES.contains(&self.raw(self.token_at(self.pos + 1))));
        let follows = match next.kind {
            T::LParen | T::Bang | T::Tilde | T::Number | T::Str | T::Verbatim | T::Raw | T::TextBlock | T::Char => true,
            T::TemplateStart | T::New | T::This | T::Base | T::Null | T::True | T::False | T::Typeof => true,
            T::Default | T::Checked | T::Delegate => self.cs,
            T::Switch => self.java,
            T::EscapedWord => true,
            T::Word => !QUERY.contains(&self.raw(next)),
            T::Minus | T::Plus | T::Increment | T::Decrement | T::Amp | T::Star | T::LBracket | T::LBrace => certain,
            _ => false,
        };
        follows.then_some(end)
    }

    fn cast(&mut self, end: usize) -> Option<Expr> {
        let at = self.at();
        let name = self.type_name(self.pos + 1, end);
        self.pos = end + 1;
        let operand = if self.behind(self.pos) == T::ThinArrow || self.ahead(1) == T::ThinArrow {
            // `(Runnable) () -> …` of Java.
            self.single()
        } else {
            self.prefixed()
        };
        let operand = self.or_null(operand);
        match name {
            Some(name) => Some(Expr::new(at, Kind::Cast(name, Box::new(operand)))),
            None => Some(operand),
        }
    }
}

/// Types whose name in parentheses is a cast whatever follows.
const PRIMITIVES: [&[u8]; 20] = [
    b"byte", b"sbyte", b"char", b"short", b"ushort", b"int", b"uint", b"long", b"ulong", b"float", b"double", b"decimal",
    b"bool", b"boolean", b"string", b"object", b"nint", b"nuint", b"String", b"Object",
];

/// Words of queries and patterns, which follow an operand in parentheses and are none themselves.
const QUERY: [&[u8]; 18] = [
    b"where",
    b"select",
    b"orderby",
    b"group",
    b"join",
    b"let",
    b"from",
    b"on",
    b"equals",
    b"by",
    b"into",
    b"ascending",
    b"descending",
    b"and",
    b"or",
    b"when",
    b"with",
    b"instanceof",
];

/// Values one after the other, the last of which counts.
pub(super) fn sequence(at: u32, all: Vec<Item>) -> Expr {
    let last = i64::try_from(all.len()).unwrap_or(1) - 1;
    let last = Expr::new(at, Kind::Literal(Literal::Int(last)));
    Expr::new(at, Kind::Index(Box::new(Expr::new(at, Kind::List(all))), Some(Box::new(last))))
}

/// Joins where one side is certainly a string; else gives both back.
fn add(mut left: Expr, right: Expr) -> Result<Expr, (Expr, Expr)> {
    if let Kind::Joined(pieces) = &mut left.kind {
        pieces.push(right);
        return Ok(left);
    }
    let text = |expr: &Expr| matches!(expr.kind, Kind::Literal(Literal::Bytes(_)) | Kind::Joined(_));
    if text(&left) || text(&right) {
        return Ok(Expr::new(left.at, Kind::Joined(vec![left, right])));
    }
    Err((left, right))
}

/// A chain of additions as pieces of one string.
fn flat(mut left: Expr, right: Expr, at: u32) -> Expr {
    let mut pieces = vec![right];
    while let Kind::Binary(Binary::Add, ..) = left.kind {
        let Kind::Binary(_, l, r) = replace(&mut left.kind, Kind::Literal(Literal::Null)) else { break };
        pieces.push(*r);
        left = *l;
    }
    pieces.push(left);
    pieces.reverse();
    Expr::new(at, Kind::Joined(pieces))
}
