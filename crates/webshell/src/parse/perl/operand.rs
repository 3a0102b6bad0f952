//! Operands: variables, what they hold, literals, closures.

use std::rc::Rc;

use super::expression::level;
use super::lexer::{Sort, sign};
use super::quote::{FAT_COMMA, Sense};
use super::{Parser, name, sigiled};
use crate::ir::{Binary, Block, Expr, Function, Item, Kind, Literal, Param};

impl Parser<'_> {
    /// An operand and what is appended to it: indices, arguments, methods.
    pub(super) fn postfix(&mut self) -> Expr {
        let mut left = self.primary();
        loop {
            match self.sort() {
                Sort::Sign([b'[', 0, 0]) if holds(&left) => left = self.index(left),
                Sort::Sign([b'{', 0, 0]) if holds(&left) && !is_array(&left) => left = self.index(left),
                // `(list)[0]`.
                Sort::Sign([b'[', 0, 0]) if matches!(left.kind, Kind::List(_)) => left = self.index(left),
                Sort::Sign([b'(', 0, 0]) if holds(&left) => {
                    let args = self.arguments();
                    left = self.called(left, args);
                }
                Sort::Sign([b'-', b'>', 0]) => {
                    self.bump();
                    left = match self.sort() {
                        Sort::Sign([b'[' | b'{', 0, 0]) => self.index(left),
                        Sort::Sign([b'(', 0, 0]) => {
                            let args = self.arguments();
                            self.called(left, args)
                        }
                        // `$a->@*`.
                        Sort::Sign([b'@' | b'%' | b'$', ..]) | Sort::Array | Sort::Hash if self.ahead(1) == sign(b"*") => {
                            self.bump();
                            self.bump();
                            left
                        }
                        Sort::Word | Sort::Scalar => self.method(left),
                        _ => return left,
                    }
                }
                _ => return left,
            }
        }
    }

    fn called(&mut self, callee: Expr, args: Vec<Item>) -> Expr {
        if self.bounds.link() { Expr::new(callee.at, Kind::Call(Box::new(callee), args)) } else { callee }
    }

    /// `->name(…)`, `->$name(…)`; the object is a class if it is a name.
    fn method(&mut self, object: Expr) -> Expr {
        let at = self.offset();
        let member = match self.sort() {
            Sort::Word => Expr::bytes(at, self.bytes()),
            _ => Expr::new(at, Kind::Var(name(self.bytes()))),
        };
        self.bump();
        let args = if self.is(b"(") { self.arguments() } else { Vec::new() };
        let begin = object.at;
        if !self.bounds.link() {
            return object;
        }
        let callee = match &object.kind {
            Kind::Name(_) => Kind::Static(Box::new(object), Box::new(member)),
            _ => Kind::Member(Box::new(object), Box::new(member)),
        };
        self.called(Expr::new(begin, callee), args)
    }

    /// `(a, b)`.
    pub(super) fn arguments(&mut self) -> Vec<Item> {
        self.bump();
        let items = self.expression_list().unwrap_or_default();
        self.close(b")");
        items
    }

    /// What stands in brackets: a list, or an expression with the weakest operators as its only item.
    pub(super) fn expression_list(&mut self) -> Option<Vec<Item>> {
        if matches!(self.sort(), Sort::Sign([b')' | b']' | b'}', 0, 0])) {
            return None;
        }
        let at = self.offset();
        self.brackets += 1;
        let mut items = self.items();
        if matches!(self.word(), b"or" | b"and" | b"xor") {
            let left = match items.pop() {
                Some(Item { key: None, value, .. }) if items.is_empty() => value,
                last => {
                    items.extend(last);
                    Expr::new(at, Kind::List(items))
                }
            };
            items = vec![Item::plain(self.binary_from(left, level::OR))];
        }
        self.brackets -= 1;
        Some(items)
    }

    /// Takes a closing bracket, and what stands unread in front of it in this statement.
    pub(super) fn close(&mut self, bracket: &[u8]) {
        if !self.eat(bracket) && !self.at_end() && self.ahead(1) == sign(bracket) {
            self.bump();
            self.bump();
        }
    }

    /// `[a]`, `{a}`.
    fn index(&mut self, base: Expr) -> Expr {
        let list = self.is(b"[");
        self.bump();
        self.brackets += 1;
        let key = if list { self.expression() } else { self.hash_key() };
        self.brackets -= 1;
        self.close(if list { b"]" } else { b"}" });
        if self.bounds.link() { Expr::new(base.at, Kind::Index(Box::new(base), Some(Box::new(key)))) } else { base }
    }

    /// A name in braces is a string.
    fn hash_key(&mut self) -> Expr {
        if self.sort() == Sort::Word && self.ahead(1) == sign(b"}") {
            let key = Expr::bytes(self.offset(), self.bytes());
            self.bump();
            return key;
        }
        self.expression()
    }

    fn primary(&mut self) -> Expr {
        let at = self.offset();
        match self.sort() {
            Sort::Scalar => {
                let bytes = self.bytes();
                self.bump();
                // An element belongs to the array or hash of that name.
                let kind = match self.sort() {
                    Sort::Sign([b'[', 0, 0]) => Kind::Var(sigiled('@', bytes)),
                    Sort::Sign([b'{', 0, 0]) => Kind::Var(sigiled('%', bytes)),
                    _ => Kind::Var(name(bytes)),
                };
                Expr::new(at, kind)
            }
            Sort::Array => {
                let bytes = self.bytes();
                self.bump();
                let sigil = if self.is(b"{") && self.slice_follows() { '%' } else { '@' };
                Expr::new(at, Kind::Var(sigiled(sigil, bytes)))
            }
            Sort::Hash => {
                let hash = Expr::new(at, Kind::Var(sigiled('%', self.bytes())));
                self.bump();
                hash
            }
            Sort::LastIndex => {
                let array = Expr::new(at, Kind::Var(sigiled('@', self.bytes())));
                self.bump();
                last_index(array)
            }
            Sort::Glob => {
                let glob = Expr::new(at, Kind::Name(name(self.bytes())));
                self.bump();
                // `*STDOUT{IO}`.
                if self.is(b"{") && self.slice_follows() { self.index(glob) } else { glob }
            }
            Sort::Function => self.ampersand(),
            Sort::Deref(sigil) => self.dereferenced(sigil),
            Sort::Number => {
                let literal = number(self.bytes());
                self.bump();
                Expr::new(at, Kind::Literal(literal))
            }
            Sort::Quote(_) => self.quoted(),
            Sort::Word => self.word_operand(),
            Sort::Sign([b'(', 0, 0]) => {
                self.bump();
                let inner = self.expression_list();
                self.close(b")");
                match inner {
                    Some(mut items) if items.len() == 1 && items.first().is_some_and(|item| item.key.is_none()) => {
                        let only = items.pop().map_or_else(|| Expr::null(at), |item| item.value);
                        // What a call gives is the list itself.
                        if self.is(b"[") && matches!(only.kind, Kind::Call(..)) {
                            return self.index(only);
                        }
                        // In `my ($a) = …` and `($a)[0]` the parentheses matter.
                        let listed = self.is(b"=") || self.is(b"[");
                        if listed { Expr::new(at, Kind::List(vec![Item::plain(only)])) } else { only }
                    }
                    inner => Expr::new(at, Kind::List(inner.unwrap_or_default())),
                }
            }
            Sort::Sign([b'[', 0, 0]) => {
                self.bump();
                let items = self.expression_list().unwrap_or_default();
                self.close(b"]");
                Expr::new(at, Kind::List(items))
            }
            Sort::Sign([b'{', 0, 0]) => {
                self.bump();
                let items = self.expression_list().unwrap_or_default();
                self.close(b"}");
                Expr::new(at, Kind::List(items))
            }
            _ => Expr::null(at),
        }
    }

    /// Whether the brace behind an array begins the keys of a slice, and not a block: `for (@a) {` is told apart by the
    /// parenthesis, so that only a brace which touches counts.
    fn slice_follows(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.tokens.get(at));
        before.zip(self.token(0)).is_some_and(|(before, token)| before.end == token.at)
    }

    /// `&name`, `&name(…)`.
    fn ampersand(&mut self) -> Expr {
        let at = self.offset();
        let callee = Expr::new(at, Kind::Name(name(self.bytes())));
        let referred =
            self.at.checked_sub(1).and_then(|at| self.tokens.tokens.get(at)).is_some_and(|before| before.sort == sign(b"\\"));
        self.bump();
        if self.is(b"(") {
            let args = self.arguments();
            return self.called(callee, args);
        }
        if referred { callee } else { self.called(callee, Vec::new()) }
    }

    /// `@{…}`, `$$a`, `&$a(…)`: the reference is the thing.
    fn dereferenced(&mut self, sigil: u8) -> Expr {
        let at = self.offset();
        self.bump();
        if !self.bounds.enter() {
            return Expr::null(at);
        }
        let inner = if self.is(b"{") {
            self.bump();
            let value = self.block_value();
            self.close(b"}");
            value
        } else {
            match self.sort() {
                // `$$a[0]` is an element of what `$a` refers to.
                Sort::Scalar => {
                    let variable = Expr::new(self.offset(), Kind::Var(name(self.bytes())));
                    self.bump();
                    variable
                }
                Sort::Deref(sigil) => self.dereferenced(sigil),
                _ => Expr::null(at),
            }
        };
        self.bounds.leave();
        let inner = match &inner.kind {
            Kind::Literal(Literal::Bytes(_)) | Kind::Joined(_) => Expr::new(at, Kind::Dynamic(Box::new(inner))),
            _ => inner,
        };
        match sigil {
            b'#' => last_index(inner),
            b'&' => {
                let args = if self.is(b"(") { self.arguments() } else { Vec::new() };
                self.called(inner, args)
            }
            // An index follows it as it follows a variable.
            b'$' | b'@' | b'*' if self.is(b"[") || self.is(b"{") && (sigil == b'$' || self.slice_follows()) => self.index(inner),
            _ => inner,
        }
    }

    /// What is in the braces behind a sigil: mostly an expression. Of several statements the last one counts.
    fn block_value(&mut self) -> Expr {
        let at = self.offset();
        if self.is(b"}") {
            return Expr::null(at);
        }
        self.brackets += 1;
        let mut value = self.expression();
        while self.eat(b";") && !self.is(b"}") && self.sort() != Sort::Nothing {
            value = self.expression();
        }
        self.brackets -= 1;
        value
    }

    fn quoted(&mut self) -> Expr {
        let at = self.offset();
        let Some(quote) = self.quote() else { return Expr::null(at) };
        if matches!(quote.sense, Sense::Match | Sense::Substitution | Sense::Translation) {
            let subject = Expr::new(at, Kind::Var("_".into()));
            return self.applied(at, subject);
        }
        self.bump();
        match quote.sense {
            Sense::Plain => self.plain_string(quote.body),
            Sense::Words => self.words(quote.body),
            Sense::Command => {
                let command = if quote.raw { self.plain_string(quote.body) } else { self.interpolated(quote.body, false) };
                Expr::call(at, "qx", vec![command])
            }
            Sense::Angle => self.angle(at, quote.body),
            Sense::Pattern if quote.raw => self.plain_string(quote.body),
            Sense::Pattern => self.interpolated(quote.body, true),
            _ => self.interpolated(quote.body, false),
        }
    }

    /// `<F>` reads a line, `<*.txt>` lists files.
    fn angle(&mut self, at: u32, body: (u32, u32)) -> Expr {
        let bytes = self.slice(body);
        let variable = bytes.strip_prefix(b"$").filter(|rest| rest.iter().all(|&byte| super::lexer::is_word(byte)));
        let source = match variable {
            Some(variable) => Expr::new(at, Kind::Var(name(variable))),
            None if bytes.iter().all(|&byte| super::lexer::is_word(byte) || byte == b':') => {
                Expr::new(at, Kind::Name(name(if bytes.is_empty() { b"ARGV" } else { bytes })))
            }
            None => {
                let pattern = self.interpolated(body, false);
                return Expr::call(at, "glob", vec![pattern]);
            }
        };
        Expr::call(at, "readline", vec![source])
    }

    /// `sub {…}`; stands at the word.
    pub(super) fn closure(&mut self) -> Expr {
        let at = self.offset();
        self.bump();
        let params = self.params();
        let body = self.function_body();
        Expr::new(at, Kind::Closure(Rc::new(closure_of(at, params, body))))
    }

    /// A block whose value counts: `do {…}`, `eval {…}`. It is called where it stands.
    pub(super) fn called_block(&mut self) -> Expr {
        let at = self.offset();
        let before = self.bounds.begin();
        let body = self.block();
        self.bounds.end(before);
        let closure = Expr::new(at, Kind::Closure(Rc::new(closure_of(at, Vec::new(), super::statement::returning(body)))));
        self.called(closure, Vec::new())
    }

    /// The block of `map`, `grep`, `sort`: a function of `$_`.
    pub(super) fn block_of_each(&mut self) -> Expr {
        let at = self.offset();
        let before = self.bounds.begin();
        let body = super::statement::returning(self.block());
        self.bounds.end(before);
        let param = Param { name: "_".into(), of_type: None, default: None, by_ref: false, variadic: false };
        Expr::new(at, Kind::Closure(Rc::new(closure_of(at, vec![param], body))))
    }

    /// A word in front of a fat comma is a string.
    pub(super) fn is_string_word(&self) -> bool {
        self.ahead(1) == FAT_COMMA
    }
}

/// Whether an index or arguments may follow directly.
fn holds(value: &Expr) -> bool {
    match &value.kind {
        Kind::Var(name) => name.starts_with(['@', '%']),
        Kind::Index(..) => true,
        Kind::Call(callee, _) => !matches!(callee.kind, Kind::Name(_) | Kind::Member(..) | Kind::Static(..)),
        _ => false,
    }
}

fn is_array(value: &Expr) -> bool {
    matches!(&value.kind, Kind::Var(name) if name.starts_with('@'))
}

fn last_index(array: Expr) -> Expr {
    let at = array.at;
    let one = Expr::new(at, Kind::Literal(Literal::Int(1)));
    let count = Expr::call(at, "scalar", vec![array]);
    Expr::new(at, Kind::Binary(Binary::Sub, Box::new(count), Box::new(one)))
}

pub(super) fn closure_of(at: u32, params: Vec<Param>, body: Block) -> Function {
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

fn number(bytes: &[u8]) -> Literal {
    let text: String = bytes.iter().filter(|byte| byte.is_ascii() && **byte != b'_').map(|&byte| char::from(byte)).collect();
    let lower = text.to_ascii_lowercase();
    let parsed = if let Some(digits) = lower.strip_prefix("0x") {
        i64::from_str_radix(digits, 16)
    } else if let Some(digits) = lower.strip_prefix("0b") {
        i64::from_str_radix(digits, 2)
    } else if lower.len() > 1 && lower.starts_with('0') && lower.bytes().all(|byte| byte.is_ascii_digit()) {
        i64::from_str_radix(&lower, 8)
    } else {
        lower.parse()
    };
    parsed.map_or_else(|_| Literal::Float(text.parse().unwrap_or(0.0)), Literal::Int)
}
