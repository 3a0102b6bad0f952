//! Operands: names, literals, lists, lambdas, comprehensions.

use std::rc::Rc;

use super::lexer::{Sort, sign};
use super::string::joined;
use super::{Parser, name};
use crate::ir::{Block, Each, Expr, Function, Item, Kind, Literal, Name, Param, Stmt};

/// `for a in b`, `if c`.
enum Clause {
    For(Expr, Expr, u32),
    If(Expr),
}

impl Parser<'_> {
    /// An operand and what is appended to it: members, indices, arguments.
    pub(super) fn postfix(&mut self) -> Expr {
        let mut left = self.primary();
        loop {
            match self.sort() {
                Sort::Sign([b'.', 0, 0]) if self.ahead(1) == Sort::Word => {
                    self.bump();
                    let at = self.offset();
                    let member = name(self.bytes());
                    self.bump();
                    if self.bounds.link() {
                        left = Expr::member(at, left, &member);
                    }
                }
                Sort::Sign([b'(', 0, 0]) => {
                    let args = self.arguments();
                    // `super()` is the object itself, as its parent sees it.
                    if !matches!(&left.kind, Kind::Var(name) if &**name == "super") && self.bounds.link() {
                        left = Expr::new(left.at, Kind::Call(Box::new(left), args));
                    }
                }
                Sort::Sign([b'[', 0, 0]) => left = self.index(left),
                _ => return left,
            }
        }
    }

    /// `(a, *b, c=d)`.
    pub(super) fn arguments(&mut self) -> Vec<Item> {
        self.bump();
        let mut args = Vec::new();
        let targets = std::mem::replace(&mut self.targets, false);
        while !self.eat(b")") && !self.at_end() {
            let before = self.at;
            if self.sort() == Sort::Word && self.ahead(1) == sign(b"=") {
                let key = Expr::bytes(self.offset(), self.bytes());
                self.bump();
                self.bump();
                args.push(Item { key: Some(key), ..Item::plain(self.expression()) });
            } else {
                let item = self.element();
                if self.at_comprehension() {
                    let value = self.comprehension(None, item.value);
                    args.push(Item::plain(value));
                } else {
                    args.push(item);
                }
            }
            if !self.eat(b",") && !self.is(b")") {
                self.skip_to(b")");
            }
            if self.at == before {
                self.bump();
            }
        }
        self.targets = targets;
        args
    }

    /// Skips what is unread in brackets, up to a comma or the bracket that closes.
    fn skip_to(&mut self, close: &[u8]) {
        while !self.is(close) && !self.at_end() && !self.eat(b",") {
            self.bump();
            self.bounds.cut = true;
        }
    }

    /// `[a]`, `[a:b]`, `[a, b]`.
    fn index(&mut self, base: Expr) -> Expr {
        let at = base.at;
        self.bump();
        let targets = std::mem::replace(&mut self.targets, false);
        let mut parts = Vec::new();
        let mut slice = false;
        while !self.is(b"]") && !self.at_end() {
            let here = self.offset();
            if self.is(b":") {
                parts.push(Expr::null(here));
            } else {
                parts.push(self.expressions());
            }
            if self.eat(b":") {
                slice = true;
            } else if !self.is(b"]") {
                self.skip_to(b"]");
            }
        }
        self.eat(b"]");
        self.targets = targets;
        if !self.bounds.link() {
            return base;
        }
        if slice {
            let mut args = vec![base];
            args.append(&mut parts);
            return Expr::call(at, "slice", args);
        }
        let index = parts.into_iter().next().map(Box::new);
        Expr::new(at, Kind::Index(Box::new(base), index.or_else(|| Some(Box::new(Expr::null(at))))))
    }

    fn primary(&mut self) -> Expr {
        let at = self.offset();
        let kind = match self.sort() {
            Sort::Word => match self.word() {
                b"None" => Kind::Literal(Literal::Null),
                b"True" => Kind::Literal(Literal::Bool(true)),
                b"False" => Kind::Literal(Literal::Bool(false)),
                word if is_reserved(word) => return Expr::null(at),
                word => Kind::Var(name(word)),
            },
            Sort::Number => Kind::Literal(number(self.bytes())),
            Sort::String => {
                let mut pieces = Vec::new();
                while self.sort() == Sort::String {
                    self.string_piece(&mut pieces);
                }
                return joined(at, pieces);
            }
            Sort::Sign([b'(' | b'[' | b'{', 0, 0]) => return self.bracketed(),
            Sort::Sign([b'`', 0, 0]) => {
                self.bump();
                let value = self.expressions();
                self.eat(b"`");
                return Expr::call(at, "repr", vec![value]);
            }
            Sort::Sign([b'.', b'.', b'.']) => Kind::Literal(Literal::Null),
            _ => return Expr::null(at),
        };
        self.bump();
        Expr::new(at, kind)
    }

    /// `(a)`, `(a, b)`, `[a, b]`, `{a: b}`, and what a loop makes of each.
    fn bracketed(&mut self) -> Expr {
        let at = self.offset();
        let close: &[u8] = match self.sort() {
            Sort::Sign([b'(', ..]) => b")",
            Sort::Sign([b'[', ..]) => b"]",
            _ => b"}",
        };
        self.bump();
        let targets = std::mem::replace(&mut self.targets, false);
        let mut items = Vec::new();
        let mut comma = false;
        while !self.is(close) && !self.at_end() {
            let before = self.at;
            let mut item = self.element();
            if close == b"}" && self.eat(b":") {
                item.key = Some(item.value);
                item.value = self.expression();
            }
            if self.at_comprehension() {
                let value = self.comprehension(item.key, item.value);
                self.skip_to(close);
                self.eat(close);
                self.targets = targets;
                return value;
            }
            items.push(item);
            if self.eat(b",") {
                comma = true;
            } else if !self.is(close) {
                self.skip_to(close);
            }
            if self.at == before {
                self.bump();
            }
        }
        self.eat(close);
        self.targets = targets;
        if close == b")" && !comma && items.len() == 1 {
            return items.pop().map_or_else(|| Expr::null(at), |item| item.value);
        }
        Expr::new(at, Kind::List(items))
    }

    fn at_comprehension(&self) -> bool {
        self.word() == b"for" || self.word() == b"async" && self.word_ahead(1) == b"for"
    }

    /// `a for b in c if d`: a function that is called at once fills a list in a loop.
    fn comprehension(&mut self, key: Option<Expr>, value: Expr) -> Expr {
        let at = value.at;
        let mut clauses = Vec::new();
        loop {
            self.eat_word(b"async");
            if self.eat_word(b"for") {
                let at = self.offset();
                let target = self.target();
                self.eat_word(b"in");
                clauses.push(Clause::For(target, self.condition(), at));
            } else if self.eat_word(b"if") {
                clauses.push(Clause::If(self.condition()));
            } else {
                break;
            }
        }
        self.made = self.made.saturating_add(1);
        let list: Name = format!("list {}", self.made).into();
        let variable = || Expr::new(at, Kind::Var(list.clone()));
        let place = Expr::new(at, Kind::Index(Box::new(variable()), key.map(Box::new)));
        let mut body = vec![Stmt::Expr(Expr::new(at, Kind::Assign(Box::new(place), Box::new(value))))];
        for clause in clauses.into_iter().rev() {
            // Many clauses nest as deep as they are many.
            if !self.bounds.link() {
                break;
            }
            body = vec![match clause {
                Clause::If(condition) => Stmt::If(condition, body, Block::new()),
                Clause::For(value, subject, at) => {
                    Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at }))
                }
            }];
        }
        body.insert(0, Stmt::Let(list.clone(), None, Some(Expr::new(at, Kind::List(Vec::new()))), at));
        body.push(Stmt::Return(Some(variable())));
        let closure = Expr::new(at, Kind::Closure(Rc::new(closure(at, Vec::new(), body))));
        Expr::new(at, Kind::Call(Box::new(closure), Vec::new()))
    }

    /// What a loop assigns to, up to `in`.
    pub(super) fn target(&mut self) -> Expr {
        let targets = std::mem::replace(&mut self.targets, true);
        let target = self.expressions();
        self.targets = targets;
        target
    }

    pub(super) fn lambda(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        let params = self.params(b":");
        let body = vec![Stmt::Return(Some(self.expression()))];
        Expr::new(at, Kind::Closure(Rc::new(closure(at, params, body))))
    }

    /// Parameters up to the sign, which is taken.
    pub(super) fn params(&mut self, close: &[u8]) -> Vec<Param> {
        let mut params = Vec::new();
        while !self.eat(close) && !self.at_end() {
            let before = self.at;
            let variadic = self.eat(b"*") || self.eat(b"**");
            if let Some(name) = self.name() {
                let of_type = if close != b":" && self.eat(b":") { type_of(&self.expression()) } else { None };
                let default = if self.eat(b"=") { Some(self.expression()) } else { None };
                params.push(Param { name, of_type, default, by_ref: false, variadic });
            } else if self.is(b"(") {
                // Python 2 takes tuples apart.
                self.bracketed();
            }
            self.eat(b",");
            if self.at == before {
                self.bump();
            }
        }
        params
    }
}

/// The last name of an annotation, lower case.
pub(super) fn type_of(annotation: &Expr) -> Option<Name> {
    match &annotation.kind {
        Kind::Var(name) => Some(name.to_ascii_lowercase().into()),
        Kind::Member(_, name) => match &name.kind {
            Kind::Literal(Literal::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).to_ascii_lowercase().into()),
            _ => None,
        },
        _ => None,
    }
}

fn closure(at: u32, params: Vec<Param>, body: Block) -> Function {
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

/// Words that cannot be names. `print` and `exec` can.
fn is_reserved(word: &[u8]) -> bool {
    matches!(
        word,
        b"and"
            | b"as"
            | b"assert"
            | b"break"
            | b"class"
            | b"continue"
            | b"def"
            | b"del"
            | b"elif"
            | b"else"
            | b"except"
            | b"finally"
            | b"for"
            | b"from"
            | b"global"
            | b"if"
            | b"import"
            | b"in"
            | b"is"
            | b"not"
            | b"or"
            | b"pass"
            | b"raise"
            | b"return"
            | b"try"
            | b"while"
            | b"with"
    )
}

fn number(bytes: &[u8]) -> Literal {
    let text: String = bytes.iter().filter(|byte| byte.is_ascii() && **byte != b'_').map(|&byte| char::from(byte)).collect();
    let lower = text.to_ascii_lowercase();
    let parsed = if let Some(digits) = lower.strip_prefix("0x") {
        i64::from_str_radix(digits, 16)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        i64::from_str_radix(digits, 2)
    } else if let Some(digits) = lower.strip_prefix("0o") {
        i64::from_str_radix(digits, 8)
    } else if lower.len() > 1 && lower.starts_with('0') && lower.bytes().all(|byte| byte.is_ascii_digit()) {
        i64::from_str_radix(&lower, 8)
    } else {
        lower.parse()
    };
    parsed.map_or_else(|_| Literal::Float(text.parse().unwrap_or(0.0)), Literal::Int)
}
