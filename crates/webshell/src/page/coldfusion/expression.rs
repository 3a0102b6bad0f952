//! Expressions of ColdFusion, in tags and script alike. Names ignore case and are handed on in lower case.

use std::rc::Rc;

use super::cursor::Cursor;
use super::strings::from_parts;
use crate::ir::{Binary, Expr, Function, Item, Kind, Literal, Stmt, Unary};
use crate::parse::MAX_CHAIN;

/// Operators in words and signs, by how strongly they bind. Longer signs stand before their beginnings.
const OPERATORS: &[(&str, Binary, u8)] = &[
    ("||", Binary::Or, 2),
    ("or", Binary::Or, 2),
    ("xor", Binary::Xor, 2),
    ("&&", Binary::And, 3),
    ("and", Binary::And, 3),
    ("===", Binary::Equal, 5),
    ("!==", Binary::NotEqual, 5),
    ("==", Binary::Equal, 5),
    ("!=", Binary::NotEqual, 5),
    ("<=", Binary::LessEqual, 5),
    (">=", Binary::GreaterEqual, 5),
    ("<>", Binary::NotEqual, 5),
    ("<", Binary::Less, 5),
    (">", Binary::Greater, 5),
    ("eq", Binary::Equal, 5),
    ("is", Binary::Equal, 5),
    ("equal", Binary::Equal, 5),
    ("neq", Binary::NotEqual, 5),
    ("lte", Binary::LessEqual, 5),
    ("le", Binary::LessEqual, 5),
    ("lt", Binary::Less, 5),
    ("gte", Binary::GreaterEqual, 5),
    ("ge", Binary::GreaterEqual, 5),
    ("gt", Binary::Greater, 5),
    ("contains", Binary::Test, 5),
    ("&", Binary::Join, 6),
    ("+", Binary::Add, 7),
    ("-", Binary::Sub, 7),
    ("mod", Binary::Mod, 8),
    ("%", Binary::Mod, 8),
    ("\\", Binary::IntDiv, 9),
    ("*", Binary::Mul, 10),
    ("/", Binary::Div, 10),
    ("^", Binary::Pow, 11),
];

const ASSIGNMENTS: &[(&str, Binary)] = &[
    ("&=", Binary::Join),
    ("+=", Binary::Add),
    ("-=", Binary::Sub),
    ("*=", Binary::Mul),
    ("/=", Binary::Div),
    ("%=", Binary::Mod),
];

impl Cursor<'_> {
    pub(super) fn expression(&mut self) -> Option<Expr> {
        self.deeper(Self::assignment)
    }

    fn assignment(&mut self) -> Option<Expr> {
        let at = self.offset();
        let left = self.choice()?;
        self.space();
        for (sign, binary) in ASSIGNMENTS {
            if self.take(sign) {
                let right = self.expression()?;
                return Some(Expr::new(at, Kind::AssignOp(*binary, Box::new(left), Box::new(right))));
            }
        }
        let is_assignment = self.peek() == Some(b'=') && !matches!(self.nth(1), Some(b'=' | b'>'));
        if is_assignment {
            self.at += 1;
            let right = self.expression()?;
            return Some(Expr::new(at, Kind::Assign(Box::new(target(left)), Box::new(right))));
        }
        Some(left)
    }

    fn choice(&mut self) -> Option<Expr> {
        let at = self.offset();
        let condition = self.binary(0)?;
        self.space();
        if self.peek() != Some(b'?') || self.nth(1) == Some(b'.') {
            return Some(condition);
        }
        self.at += 1;
        if self.take(":") {
            let otherwise = self.expression()?;
            return Some(Expr::new(at, Kind::Choose(Box::new(condition), None, Box::new(otherwise))));
        }
        let then = self.expression()?;
        if !self.take(":") {
            return None;
        }
        let otherwise = self.expression()?;
        Some(Expr::new(at, Kind::Choose(Box::new(condition), Some(Box::new(then)), Box::new(otherwise))))
    }

    fn binary(&mut self, least: u8) -> Option<Expr> {
        self.deeper(|cursor| {
            let at = cursor.offset();
            let mut left = cursor.unary()?;
            for _ in 0..MAX_CHAIN {
                let before = cursor.at;
                let Some((binary, strength, negated)) = cursor.operator().filter(|(_, strength, _)| *strength >= least) else {
                    cursor.at = before;
                    return Some(left);
                };
                let right = cursor.binary(strength + 1)?;
                left = match (binary, left) {
                    (Binary::Join, Expr { kind: Kind::Joined(mut parts), .. }) => {
                        parts.push(right);
                        Expr::new(at, Kind::Joined(parts))
                    }
                    (Binary::Join, left) => Expr::new(at, Kind::Joined(vec![left, right])),
                    (binary, left) => Expr::new(at, Kind::Binary(binary, Box::new(left), Box::new(right))),
                };
                if negated {
                    left = Expr::new(at, Kind::Unary(Unary::Not, Box::new(left)));
                }
            }
            Some(left)
        })
    }

    /// The operator that comes next, how strongly it binds, and whether it is negated.
    fn operator(&mut self) -> Option<(Binary, u8, bool)> {
        if let Some(word) = self.word() {
            let (mut word, mut negated) = (word, false);
            if matches!(word.as_str(), "not" | "does" | "greater" | "less") {
                return self.long_operator(&word);
            }
            let &(_, binary, strength) = OPERATORS.iter().find(|(name, _, _)| *name == word)?;
            self.at += word.len();
            if word == "is" && self.take_word("not") {
                negated = true;
                word.clear();
            }
            return Some((binary, strength, negated));
        }
        if ASSIGNMENTS.iter().any(|(sign, _)| self.rest().starts_with(sign.as_bytes())) {
            return None;
        }
        let rest = self.rest();
        let signs =
            |name: &str| rest.starts_with(name.as_bytes()) && !name.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
        let &(sign, binary, strength) = OPERATORS.iter().find(|(name, _, _)| signs(name))?;
        // In a tag, what looks like an operator may be its end.
        if sign == "/" && rest.get(1) == Some(&b'>') {
            return None;
        }
        self.at += sign.len();
        Some((binary, strength, false))
    }

    /// `does not contain`, `not equal`, `greater than or equal to`, `less than`.
    fn long_operator(&mut self, first: &str) -> Option<(Binary, u8, bool)> {
        self.at += first.len();
        match first {
            "does" => (self.take_word("not") && self.take_word("contain")).then_some((Binary::Test, 5, true)),
            "not" => self.take_word("equal").then_some((Binary::NotEqual, 5, false)),
            _ => {
                if !self.take_word("than") {
                    return None;
                }
                let or_equal = self.take_word("or");
                if or_equal {
                    self.take_word("equal");
                    self.take_word("to");
                }
                let binary = match (first, or_equal) {
                    ("greater", true) => Binary::GreaterEqual,
                    ("greater", false) => Binary::Greater,
                    (_, true) => Binary::LessEqual,
                    _ => Binary::Less,
                };
                Some((binary, 5, false))
            }
        }
    }

    fn unary(&mut self) -> Option<Expr> {
        self.space();
        let at = self.offset();
        if self.take_word("not") || (self.peek() == Some(b'!') && self.nth(1) != Some(b'=') && self.take("!")) {
            let inner = self.binary(5)?;
            return Some(Expr::new(at, Kind::Unary(Unary::Not, Box::new(inner))));
        }
        for (sign, by) in [("++", 1), ("--", -1)] {
            if self.take(sign) {
                let inner = Box::new(self.deeper(Self::unary)?);
                return Some(Expr::new(at, Kind::Step { target: inner, by, prefix: true }));
            }
        }
        for (sign, unary) in [("-", Unary::Minus), ("+", Unary::Plus)] {
            if self.take(sign) {
                let inner = self.deeper(Self::unary)?;
                return Some(Expr::new(at, Kind::Unary(unary, Box::new(inner))));
            }
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Option<Expr> {
        let mut left = self.operand()?;
        for _ in 0..MAX_CHAIN {
            let before = self.at;
            self.space();
            let at = self.offset();
            match (self.peek(), self.nth(1)) {
                (Some(b'('), _) => {
                    let items = self.arguments(b')')?;
                    left = Expr::new(at, Kind::Call(Box::new(callee(left)), items));
                }
                (Some(b'['), _) => {
                    self.at += 1;
                    let index = self.expression()?;
                    if !self.take("]") {
                        return None;
                    }
                    left = Expr::new(at, Kind::Index(Box::new(left), Some(Box::new(index))));
                }
                (Some(b'.'), _) | (Some(b'?'), Some(b'.')) | (Some(b':'), Some(b':')) => {
                    self.at += if self.peek() == Some(b'.') { 1 } else { 2 };
                    let name = match self.take_any_word() {
                        Some(name) => name,
                        None => self.number_name()?,
                    };
                    // Scopes of the function that runs: its variables.
                    left = match &left.kind {
                        Kind::Var(scope) if matches!(&**scope, "local" | "arguments") => Expr::new(at, Kind::Var(name.into())),
                        _ => Expr::member(at, left, &name),
                    };
                }
                (Some(b'+'), Some(b'+')) | (Some(b'-'), Some(b'-')) => {
                    let by = if self.peek() == Some(b'+') { 1 } else { -1 };
                    self.at += 2;
                    left = Expr::new(at, Kind::Step { target: Box::new(left), by, prefix: false });
                }
                _ => {
                    self.at = before;
                    return Some(left);
                }
            }
        }
        Some(left)
    }

    /// `a.1` is an index in all but spelling.
    fn number_name(&mut self) -> Option<String> {
        let rest = self.rest();
        let length = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let name = String::from_utf8_lossy(rest.get(..length)?).into_owned();
        self.at += length;
        (length > 0).then_some(name)
    }

    fn operand(&mut self) -> Option<Expr> {
        self.space();
        let at = self.offset();
        match self.peek()? {
            b'"' | b'\'' => self.string(),
            b'#' => {
                // `#a#` stands for `a` wherever an expression may stand.
                self.at += 1;
                let inner = self.expression()?;
                self.take("#").then_some(inner)
            }
            b'(' => {
                if self.arrow_follows() {
                    let params = self.params()?;
                    return if self.take("=>") { self.arrow_body(at, params) } else { None };
                }
                self.at += 1;
                let inner = self.expression()?;
                self.take(")").then_some(inner)
            }
            b'[' => Some(Expr::new(at, Kind::List(self.arguments(b']')?))),
            b'{' => Some(Expr::new(at, Kind::List(self.arguments(b'}')?))),
            byte if byte.is_ascii_digit() || byte == b'.' => self.number(),
            _ => self.name(),
        }
    }

    fn number(&mut self) -> Option<Expr> {
        let at = self.offset();
        let rest = self.rest();
        let length = rest.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.').unwrap_or(rest.len());
        let text = std::str::from_utf8(rest.get(..length)?).ok()?;
        self.at += length;
        let literal = match text.parse() {
            Ok(number) => Literal::Int(number),
            Err(_) => Literal::Float(text.parse().ok()?),
        };
        Some(Expr::new(at, Kind::Literal(literal)))
    }

    fn name(&mut self) -> Option<Expr> {
        let at = self.offset();
        let name = self.take_any_word()?;
        let literal = |literal| Some(Expr::new(at, Kind::Literal(literal)));
        match name.as_str() {
            "true" | "yes" => literal(Literal::Bool(true)),
            "false" | "no" => literal(Literal::Bool(false)),
            "null" => literal(Literal::Null),
            "var" | "local" if self.word().is_some() => self.name(),
            "new" => self.new_object(at),
            "function" => {
                let function = self.function(String::new(), Vec::new())?;
                Some(Expr::new(at, Kind::Closure(Rc::new(function))))
            }
            _ => {
                let before = self.at;
                if self.take("=>") {
                    return self.arrow_body(at, vec![super::script::param(&name)]);
                }
                self.at = before;
                Some(Expr::new(at, Kind::Var(name.into())))
            }
        }
    }

    fn new_object(&mut self, at: u32) -> Option<Expr> {
        self.space();
        let class = if matches!(self.peek(), Some(b'"' | b'\'')) {
            self.string()?
        } else {
            let mut name = self.take_any_word()?;
            while self.peek() == Some(b'.') || self.peek() == Some(b':') {
                self.at += 1;
                name.push('.');
                name.push_str(&self.take_any_word().unwrap_or_default());
            }
            Expr::new(at, Kind::Name(name.into()))
        };
        self.space();
        let items = if self.peek() == Some(b'(') { self.arguments(b')')? } else { Vec::new() };
        Some(Expr::new(at, Kind::New(Box::new(class), items)))
    }

    /// Whether this is `(a, b) =>`. Only a list without further parentheses is looked through, since each is looked at again.
    fn arrow_follows(&self) -> bool {
        let inside = self.rest().get(1..).unwrap_or_default();
        let inside = inside.get(..512).unwrap_or(inside);
        let Some(close) = memchr::memchr2(b')', b'(', inside) else { return false };
        let behind = inside.get(close + 1..).unwrap_or_default();
        inside.get(close) == Some(&b')') && behind.trim_ascii_start().starts_with(b"=>")
    }

    fn arrow_body(&mut self, at: u32, params: Vec<crate::ir::Param>) -> Option<Expr> {
        self.space();
        let body = if self.peek() == Some(b'{') { self.block()? } else { vec![Stmt::Return(Some(self.expression()?))] };
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
        Some(Expr::new(at, Kind::Closure(Rc::new(function))))
    }

    /// From an opening bracket to this closing one: `a, b = c, d: e, ...f`.
    pub(super) fn arguments(&mut self, close: u8) -> Option<Vec<Item>> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            match self.peek()? {
                byte if byte == close => {
                    self.at += 1;
                    return Some(items);
                }
                b',' => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let spread = self.take("...");
            let value = self.expression()?;
            // A named value was read as an assignment to its name.
            let mut item = match value {
                Expr { at, kind: Kind::Assign(key, value) } => Item { key: Some(name_of(at, *key)), ..Item::plain(*value) },
                key if matches!(self.after_space(), Some(b':')) => {
                    self.space();
                    self.at += 1;
                    let value = self.expression()?;
                    Item { key: Some(name_of(key.at, key)), ..Item::plain(value) }
                }
                value => Item::plain(value),
            };
            item.spread = spread;
            items.push(item);
        }
    }

    fn after_space(&mut self) -> Option<u8> {
        self.space();
        self.peek()
    }
}

/// A name in front of `=` in a list of arguments is a key.
fn name_of(at: u32, key: Expr) -> Expr {
    match key.kind {
        Kind::Var(name) => Expr::bytes(at, name.as_bytes()),
        kind => Expr { at: key.at, kind },
    }
}

/// A string on the left of `=` names a variable.
fn target(left: Expr) -> Expr {
    match left.kind {
        Kind::Literal(Literal::Bytes(name))
            if !name.is_empty() && name.iter().all(|byte| super::cursor::is_letter(*byte) || byte.is_ascii_digit()) =>
        {
            Expr::new(left.at, Kind::Var(crate::page::tag::lower(&name).into()))
        }
        kind @ (Kind::Joined(_) | Kind::Literal(Literal::Bytes(_))) => {
            Expr::new(left.at, Kind::Dynamic(Box::new(from_parts(left.at, vec![Expr::new(left.at, kind)]))))
        }
        kind => Expr::new(left.at, kind),
    }
}

/// A bare name in front of a parenthesis is a function's.
fn callee(left: Expr) -> Expr {
    match left.kind {
        Kind::Var(name) => Expr::new(left.at, Kind::Name(name)),
        kind => Expr::new(left.at, kind),
    }
}
