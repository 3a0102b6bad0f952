//! Statements.

use super::Parser;
use super::lexer::{Sort, sign};
use crate::ir::{Binary, Block, Each, Expr, Item, Kind, Literal, Loop, Stmt};
use crate::parse::bounds::{Arm, join_arms};

impl Parser<'_> {
    pub(super) fn statement(&mut self, out: &mut Block) {
        let before = self.bounds.begin();
        let cut = std::mem::take(&mut self.bounds.cut);
        let at = self.offset();
        match self.sort() {
            // Lines that stand deeper without a reason are read as if they did not.
            Sort::Newline | Sort::Sign([b';', 0, 0]) | Sort::Indent | Sort::Dedent => self.bump(),
            Sort::Sign([b'@', 0, 0]) => self.decorated(out),
            Sort::Word => self.statement_word(out),
            Sort::Nothing => {}
            _ => self.whole(out),
        }
        if self.bounds.cut {
            out.push(Stmt::Unread(at));
        }
        self.bounds.cut = cut;
        self.bounds.end(before);
    }

    fn statement_word(&mut self, out: &mut Block) {
        match self.word() {
            b"if" => self.if_block(out),
            b"for" => self.for_block(out),
            b"while" => self.while_block(out),
            b"try" => self.try_block(out),
            b"with" => self.with_block(out),
            b"def" => self.function(Vec::new(), out),
            b"class" => self.class(out),
            b"async" if matches!(self.word_ahead(1), b"def" | b"for" | b"with") => {
                self.bump();
                self.statement_word(out);
            }
            b"match" if self.begins_match() => self.match_block(out),
            // The block of what was not read.
            b"else" | b"elif" | b"except" | b"finally" => self.unread(out),
            _ => self.whole(out),
        }
    }

    /// A statement without a block, and the rest of its line if it could not be read.
    fn whole(&mut self, out: &mut Block) {
        let from = self.at;
        self.simple(out);
        if self.at == from {
            out.pop();
        }
        if !self.at_end() {
            self.unread(out);
        }
    }

    /// A colon and what belongs to it, on its line or on deeper ones.
    pub(super) fn block(&mut self) -> Block {
        let mut out = Block::new();
        if !self.eat(b":") {
            self.bounds.cut = true;
            while !self.at_end() && !self.eat(b":") {
                self.bump();
            }
        }
        if self.sort() != Sort::Newline {
            // The rest of the line.
            while !matches!(self.sort(), Sort::Newline | Sort::Indent | Sort::Dedent | Sort::Nothing) {
                let before = self.at;
                if self.bounds.enter() {
                    self.statement(&mut out);
                    self.bounds.leave();
                } else {
                    self.unread(&mut out);
                }
                if self.at == before {
                    self.bump();
                }
            }
            return out;
        }
        self.bump();
        if self.sort() != Sort::Indent {
            return out;
        }
        self.bump();
        if !self.bounds.enter() {
            self.skip_block();
            return out;
        }
        let mut deeper = 0_u32;
        loop {
            match self.sort() {
                Sort::Nothing => break,
                Sort::Dedent if deeper == 0 => {
                    self.bump();
                    break;
                }
                Sort::Dedent => {
                    deeper -= 1;
                    self.bump();
                }
                Sort::Indent => {
                    deeper += 1;
                    self.bump();
                }
                _ => {
                    let before = self.at;
                    self.statement(&mut out);
                    if self.at == before {
                        self.unread(&mut out);
                        self.bump();
                    }
                }
            }
        }
        self.bounds.leave();
        out
    }

    /// Skips the lines of a block whose first one is next.
    fn skip_block(&mut self) {
        let mut deeper = 0_u32;
        while self.sort() != Sort::Nothing {
            match self.sort() {
                Sort::Indent => deeper += 1,
                Sort::Dedent if deeper == 0 => {
                    self.bump();
                    return;
                }
                Sort::Dedent => deeper -= 1,
                _ => {}
            }
            self.bump();
        }
    }

    fn if_block(&mut self, out: &mut Block) {
        let mut arms = Vec::new();
        let mut deeper = 0;
        loop {
            self.bump();
            let before = self.bounds.begin();
            let condition = self.expression();
            self.bounds.end(before);
            let nested = arms.is_empty() || self.bounds.roomy() && self.bounds.enter();
            deeper += usize::from(nested && !arms.is_empty());
            let body = self.block();
            arms.push(Arm { condition, body, nested });
            self.skip_newline_before(&[b"elif", b"else"]);
            if self.word() != b"elif" {
                break;
            }
        }
        let otherwise = if self.eat_word(b"else") { self.block() } else { Block::new() };
        for _ in 0..deeper {
            self.bounds.leave();
        }
        out.append(&mut join_arms(arms, otherwise));
    }

    /// What follows a one-line block stands behind the end of its line.
    fn skip_newline_before(&mut self, words: &[&[u8]]) {
        if self.sort() == Sort::Newline && words.contains(&self.word_ahead(1)) {
            self.bump();
        }
    }

    fn for_block(&mut self, out: &mut Block) {
        let at = self.offset();
        self.bump();
        let value = self.target();
        self.eat_word(b"in");
        let subject = self.expressions();
        let body = self.block();
        out.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
        self.loop_else(out);
    }

    fn while_block(&mut self, out: &mut Block) {
        self.bump();
        let condition = Some(self.expression());
        let body = self.block();
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
        self.loop_else(out);
    }

    /// The `else` of a loop runs when nothing has left it.
    fn loop_else(&mut self, out: &mut Block) {
        self.skip_newline_before(&[b"else"]);
        if self.eat_word(b"else") {
            out.append(&mut self.block());
        }
    }

    fn try_block(&mut self, out: &mut Block) {
        self.bump();
        let mut body = self.block();
        let mut catches = Vec::new();
        let mut finally = Block::new();
        loop {
            self.skip_newline_before(&[b"except", b"else", b"finally"]);
            if self.eat_word(b"except") {
                self.eat(b"*");
                let mut variable = None;
                if !self.is(b":") {
                    self.expression();
                    // `except E as e`, in Python 2 `except E, e`.
                    if self.eat_word(b"as") || self.eat(b",") {
                        variable = self.name();
                    }
                }
                catches.push((variable, self.block()));
            } else if self.eat_word(b"else") {
                body.append(&mut self.block());
            } else if self.eat_word(b"finally") {
                finally.append(&mut self.block());
            } else {
                break;
            }
        }
        out.push(Stmt::Try { body, catches, finally });
    }

    fn with_block(&mut self, out: &mut Block) {
        self.bump();
        // Several in parentheses.
        let parenthesis = self.is(b"(") && self.parenthesis_is_all();
        if parenthesis {
            self.bump();
        }
        loop {
            let value = self.expression();
            if self.eat_word(b"as") {
                let target = self.expression();
                out.push(Stmt::Expr(assign(target, value)));
            } else {
                out.push(Stmt::Expr(value));
            }
            if !self.eat(b",") {
                break;
            }
        }
        if parenthesis {
            self.eat(b")");
        }
        out.append(&mut self.block());
    }

    /// Whether the parenthesis here closes in front of the colon.
    fn parenthesis_is_all(&self) -> bool {
        const FAR: usize = 100;
        let mut open = 0_u32;
        for ahead in 0..FAR {
            match self.ahead(ahead) {
                Sort::Sign([b'(', 0, 0]) => open += 1,
                Sort::Sign([b')', 0, 0]) => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return self.ahead(ahead + 1) == sign(b":");
                    }
                }
                Sort::Nothing => return false,
                _ => {}
            }
        }
        false
    }

    /// `match` is a name elsewhere.
    fn begins_match(&self) -> bool {
        const FAR: usize = 40;
        let subject = matches!(self.ahead(1), Sort::Word | Sort::String | Sort::Number | Sort::Sign([b'(' | b'[', 0, 0]));
        let line = (1..FAR).find(|&ahead| matches!(self.ahead(ahead), Sort::Newline | Sort::Nothing));
        subject && line.is_some_and(|end| self.ahead(end - 1) == sign(b":") && self.word_ahead(end + 2) == b"case")
    }

    fn match_block(&mut self, out: &mut Block) {
        self.bump();
        let subject = self.expressions();
        self.eat(b":");
        if self.sort() == Sort::Newline {
            self.bump();
        }
        let deeper = self.sort() == Sort::Indent;
        if deeper {
            self.bump();
        }
        let mut cases = Vec::new();
        loop {
            while self.sort() == Sort::Newline {
                self.bump();
            }
            if !self.eat_word(b"case") {
                break;
            }
            let default = self.word() == b"_" && self.ahead(1) == sign(b":");
            let pattern = self.expressions();
            let patterns = if default { Vec::new() } else { alternatives(pattern) };
            if self.eat_word(b"as") {
                self.name();
            }
            if self.eat_word(b"if") {
                self.expression();
            }
            let mut body = self.block();
            body.push(Stmt::Break(1));
            cases.push((patterns, body));
        }
        if deeper && self.sort() == Sort::Dedent {
            self.bump();
        }
        out.push(Stmt::Switch(subject, cases));
    }

    /// A statement without a block.
    fn simple(&mut self, out: &mut Block) {
        let at = self.offset();
        match self.word() {
            b"return" => {
                self.bump();
                let value = if self.at_end() { None } else { Some(self.expressions()) };
                out.push(Stmt::Return(value));
            }
            b"raise" => {
                self.bump();
                let value = if self.at_end() { Expr::null(at) } else { self.expressions() };
                if self.eat_word(b"from") {
                    self.expression();
                }
                out.push(Stmt::Throw(value));
            }
            b"break" => {
                self.bump();
                out.push(Stmt::Break(1));
            }
            b"continue" => {
                self.bump();
                out.push(Stmt::Continue(1));
            }
            b"pass" => self.bump(),
            b"global" | b"nonlocal" => {
                self.bump();
                let mut names = Vec::new();
                while let Some(name) = self.name() {
                    names.push(name);
                    if !self.eat(b",") {
                        break;
                    }
                }
                out.push(Stmt::Global(names));
            }
            b"del" => {
                self.bump();
                let targets = self.expressions();
                out.push(Stmt::Unset(match targets.kind {
                    Kind::List(items) => items.into_iter().map(|item| item.value).collect(),
                    kind => vec![Expr::new(targets.at, kind)],
                }));
            }
            b"assert" => {
                self.bump();
                let value = self.expressions();
                out.push(Stmt::Expr(value));
            }
            b"import" => self.import(out),
            b"from" => self.import_from(out),
            b"print" | b"exec" if self.begins_old_statement() => self.old_statement(out),
            _ => {
                let value = self.expressions();
                let value = self.assigned(value);
                if let Some(value) = value {
                    out.push(Stmt::Expr(value));
                }
            }
        }
    }

    /// `= b = c`, `+= b`, `: T = b` behind a target.
    fn assigned(&mut self, target: Expr) -> Option<Expr> {
        let at = target.at;
        if self.is(b":") && matches!(target.kind, Kind::Var(_) | Kind::Member(..) | Kind::Index(..)) {
            self.bump();
            self.expression();
            if !self.is(b"=") {
                return None;
            }
        }
        if self.is(b"=") {
            // `a = b = c` assigns from the right.
            let mut targets = vec![target];
            while self.eat(b"=") {
                targets.push(self.expressions());
            }
            let mut value = targets.pop()?;
            while let Some(target) = targets.pop() {
                if self.bounds.link() {
                    value = assign(target, value);
                }
            }
            return Some(value);
        }
        let op = match self.sort() {
            Sort::Sign(text) => match &text {
                b"+=\0" => Binary::Add,
                b"-=\0" => Binary::Sub,
                b"*=\0" | b"@=\0" => Binary::Mul,
                b"/=\0" => Binary::Div,
                b"%=\0" => Binary::Mod,
                b"&=\0" => Binary::BitAnd,
                b"|=\0" => Binary::BitOr,
                b"^=\0" => Binary::BitXor,
                b"**=" => Binary::Pow,
                b"//=" => Binary::IntDiv,
                b">>=" => Binary::ShiftRight,
                b"<<=" => Binary::ShiftLeft,
                _ => return Some(target),
            },
            _ => return Some(target),
        };
        self.bump();
        let value = self.expressions();
        Some(Expr::new(at, Kind::AssignOp(op, Box::new(target), Box::new(value))))
    }

    /// Whether `print` or `exec` is a statement, as in Python 2.
    fn begins_old_statement(&self) -> bool {
        match self.ahead(1) {
            Sort::Word => !matches!(self.word_ahead(1), b"in" | b"is" | b"and" | b"or" | b"if" | b"not" | b"for" | b"as"),
            Sort::String | Sort::Number | Sort::Sign([b'`', 0, 0]) | Sort::Sign([b'>', b'>', 0]) => true,
            Sort::Newline => self.word() == b"print",
            _ => false,
        }
    }

    /// `print a, b`, `print >>f, a`, `exec a in b`.
    fn old_statement(&mut self, out: &mut Block) {
        let at = self.offset();
        let callee = Expr::new(at, Kind::Var(super::name(self.word())));
        self.bump();
        let mut args = Vec::new();
        if self.eat(b">>") {
            let key = Some(Expr::bytes(at, b"file"));
            args.push(Item { key, ..Item::plain(self.expression()) });
            self.eat(b",");
        }
        // Behind `exec` the word `in` names the scope.
        let exec = matches!(&callee.kind, Kind::Var(name) if &**name == "exec");
        let targets = std::mem::replace(&mut self.targets, exec);
        while !self.at_end() {
            args.push(self.element());
            if !self.eat(b",") && !self.eat_word(b"in") {
                break;
            }
        }
        self.targets = targets;
        out.push(Stmt::Expr(Expr::new(at, Kind::Call(Box::new(callee), args))));
    }
}

pub(super) fn assign(target: Expr, value: Expr) -> Expr {
    Expr::new(target.at, Kind::Assign(Box::new(target), Box::new(value)))
}

/// `a | b` in a pattern.
fn alternatives(pattern: Expr) -> Vec<Expr> {
    let mut found = Vec::new();
    let mut rest = pattern;
    loop {
        match rest.kind {
            Kind::Binary(Binary::BitOr, left, right) => {
                found.push(*right);
                rest = *left;
            }
            Kind::Literal(Literal::Null) if !found.is_empty() => break,
            kind => {
                found.push(Expr::new(rest.at, kind));
                break;
            }
        }
    }
    found.reverse();
    found
}
