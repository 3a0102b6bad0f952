//! Python 2 and 3, as far as CGI scripts use it.
//!
//! Every name is a [`Kind::Var`](crate::ir::Kind::Var), modules and functions included. What is imported under another name is
//! an assignment: `from os import system as s` is `s = os.system`. Methods have their object as first parameter, as written.

mod definition;
mod expression;
mod lexer;
mod operand;
mod statement;
mod string;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use lexer::{Sort, Token, sign};

use super::Piece;
use super::bounds::Bounds;
use crate::ir::{Block, Name, Offset, Program, Stmt};

pub(crate) fn parse(text: &[u8], pieces: &[Piece]) -> Program {
    let mut body = Block::new();
    for piece in pieces {
        let (Piece::Text(range) | Piece::Code(range) | Piece::Echo(range)) = piece;
        if matches!(piece, Piece::Text(_)) {
            body.push(Stmt::Text(u32::try_from(range.len()).unwrap_or(u32::MAX)));
            continue;
        }
        let tokens = lexer::lex(text, range.start, range.end);
        body.append(&mut Parser::new(text, &tokens).program());
    }
    Program { body }
}

struct Parser<'t> {
    text: &'t [u8],
    tokens: &'t [Token],
    at: usize,
    bounds: Bounds,
    /// Strings within strings around this expression.
    holes: u8,
    /// Lists that are made by loops, so far.
    made: u32,
    /// In front of `in`, where it is no operator: `for a in b`.
    targets: bool,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], tokens: &'t [Token]) -> Self {
        Self { text, tokens, at: 0, bounds: Bounds::default(), holes: 0, made: 0, targets: false }
    }

    fn program(&mut self) -> Block {
        let mut out = Block::new();
        while self.sort() != Sort::Nothing {
            let before = self.at;
            self.statement(&mut out);
            if self.at == before {
                self.bump();
            }
        }
        out
    }

    fn ahead(&self, count: usize) -> Sort {
        self.tokens.get(self.at + count).map_or(Sort::Nothing, |token| token.sort)
    }

    fn sort(&self) -> Sort {
        self.ahead(0)
    }

    fn is(&self, text: &[u8]) -> bool {
        self.sort() == sign(text)
    }

    fn eat(&mut self, text: &[u8]) -> bool {
        let here = self.is(text);
        self.at += usize::from(here);
        here
    }

    fn bump(&mut self) {
        self.at += 1;
    }

    /// The word so many tokens on; empty if there is none.
    fn word_ahead(&self, count: usize) -> &'t [u8] {
        match self.tokens.get(self.at + count) {
            Some(token) if token.sort == Sort::Word => self.slice(token.at, token.end),
            _ => &[],
        }
    }

    fn word(&self) -> &'t [u8] {
        self.word_ahead(0)
    }

    fn eat_word(&mut self, word: &[u8]) -> bool {
        let here = self.word() == word;
        self.at += usize::from(here);
        here
    }

    fn slice(&self, at: u32, end: u32) -> &'t [u8] {
        self.text.get(at as usize..end as usize).unwrap_or_default()
    }

    fn bytes(&self) -> &'t [u8] {
        self.tokens.get(self.at).map(|token| self.slice(token.at, token.end)).unwrap_or_default()
    }

    fn offset(&self) -> Offset {
        self.tokens.get(self.at).map(|token| token.at).or_else(|| self.tokens.last().map(|token| token.end)).unwrap_or(0)
    }

    /// Takes an identifier.
    fn name(&mut self) -> Option<Name> {
        if self.sort() != Sort::Word {
            return None;
        }
        let name = name(self.bytes());
        self.bump();
        Some(name)
    }

    /// Whether a statement ends here.
    fn at_end(&self) -> bool {
        matches!(self.sort(), Sort::Newline | Sort::Indent | Sort::Dedent | Sort::Nothing | Sort::Sign([b';', 0, 0]))
    }

    fn unread(&mut self, out: &mut Block) {
        if !matches!(out.last(), Some(Stmt::Unread(_))) {
            out.push(Stmt::Unread(self.offset()));
        }
        while !self.at_end() {
            self.bump();
        }
    }
}

fn name(bytes: &[u8]) -> Name {
    match std::str::from_utf8(bytes) {
        Ok(text) => Rc::from(text),
        Err(_) => Rc::from(&*String::from_utf8_lossy(bytes)),
    }
}
