//! Loops, `switch` and `try` of CFScript.

use super::cursor::Cursor;
use crate::ir::{Block, Each, Expr, Kind, Loop, Stmt};

impl Cursor<'_> {
    pub(super) fn for_loop(&mut self) -> Option<Stmt> {
        let at = self.offset();
        self.at += 3;
        if !self.take("(") {
            return None;
        }
        let before = self.at;
        self.take_word("var");
        let value = self.deeper(|cursor| cursor.loop_variable());
        if let Some(value) = value
            && self.take_word("in")
        {
            let subject = self.expression()?;
            if !self.take(")") {
                return None;
            }
            let body = self.body()?;
            return Some(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
        }
        self.at = before;
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        for (index, part) in parts.iter_mut().enumerate() {
            loop {
                self.space();
                if matches!(self.peek(), Some(b';' | b')')) {
                    break;
                }
                part.push(self.expression()?);
                if !self.take(",") {
                    break;
                }
            }
            if !self.take(if index < 2 { ";" } else { ")" }) {
                return None;
            }
        }
        let [init, condition, step] = parts;
        let condition = condition.into_iter().next_back();
        let body = self.body()?;
        Some(Stmt::Loop(Box::new(Loop { init, condition, step, body, body_first: false })))
    }

    /// `a` or `a.b` in front of `in`.
    fn loop_variable(&mut self) -> Option<Expr> {
        let at = self.offset();
        let mut value = Expr::new(at, Kind::Var(self.take_any_word()?.into()));
        for _ in 0..8 {
            if self.peek() != Some(b'.') {
                break;
            }
            self.at += 1;
            value = Expr::member(at, value, &self.take_any_word()?);
        }
        Some(value)
    }

    pub(super) fn switch(&mut self) -> Option<Stmt> {
        self.at += "switch".len();
        let subject = self.condition()?;
        if !self.take("{") {
            return None;
        }
        let mut cases: Vec<(Vec<Expr>, Block)> = Vec::new();
        loop {
            self.space();
            if self.is_done() || self.take("}") {
                return Some(Stmt::Switch(subject, cases));
            }
            let before = self.at;
            if self.take_word("case") {
                let value = self.deeper(|cursor| cursor.case_value())?;
                self.take(":");
                cases.push((vec![value], Vec::new()));
            } else if self.take_word("default") {
                self.take(":");
                cases.push((Vec::new(), Vec::new()));
            } else {
                let statement = self.statement();
                if statement.is_none() {
                    self.skip_statement();
                }
                if let Some((_, body)) = cases.last_mut() {
                    body.extend(statement.unwrap_or_else(|| vec![Stmt::Unread(super::strings::offset(before))]));
                }
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// A literal or name; the `:` behind it must not be taken for part of it.
    fn case_value(&mut self) -> Option<Expr> {
        self.space();
        let colon = {
            let rest = self.rest();
            let rest = rest.get(..1024).unwrap_or(rest);
            match rest.first()? {
                quote @ (b'"' | b'\'') => self.end_of_string(self.at + 1, *quote) + 1,
                _ => self.at + memchr::memchr(b':', rest)?,
            }
        };
        let value = self.inside(self.at..colon).expression();
        self.at = colon.min(self.end);
        value
    }

    pub(super) fn try_catch(&mut self) -> Option<Stmt> {
        self.at += 3;
        let body = self.block()?;
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        loop {
            if self.take_word("catch") {
                if !self.take("(") {
                    return None;
                }
                let rest = self.rest();
                let close = memchr::memchr(b')', rest.get(..512).unwrap_or(rest))?;
                let name = rest.get(..close)?.trim_ascii().rsplit(u8::is_ascii_whitespace).next().map(crate::page::tag::lower);
                self.at += close + 1;
                catches.push((name.map(Into::into), self.block()?));
            } else if self.take_word("finally") {
                finally = self.block()?;
            } else {
                return Some(Stmt::Try { body, catches, finally });
            }
        }
    }
}
