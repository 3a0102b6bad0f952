//! Perl, as far as CGI scripts use it.
//!
//! Arrays and hashes keep their sigil in their names (`@a`, `%h`), scalars have none, so that the three do not mix. A reference
//! is the thing itself: `\@a` is `@a`, and `@$a` is `$a`. Functions are [`Kind::Name`](crate::ir::Kind::Name)s; `A->b` is a call
//! of [`Kind::Static`](crate::ir::Kind::Static), and so is `new A`.

mod call;
mod declare;
mod expression;
mod lexer;
mod operand;
mod quote;
mod statement;
mod string;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use lexer::{Sort, Token, Tokens, sign};
use quote::Quote;

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
    tokens: &'t Tokens,
    at: usize,
    bounds: Bounds,
    /// Strings within strings around this expression.
    holes: u8,
    /// Loops around this statement, outermost first, with their labels.
    loops: Vec<Option<Name>>,
    /// The label in front of the statement.
    label: Option<Name>,
    /// Brackets around this expression, within its statement.
    brackets: u32,
    /// Inside of a function, where `shift` takes its arguments.
    in_function: bool,
    /// Variables that the function around declares as its own: all others are the program's.
    declared: Vec<Name>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], tokens: &'t Tokens) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            bounds: Bounds::default(),
            holes: 0,
            loops: Vec::new(),
            label: None,
            brackets: 0,
            in_function: false,
            declared: Vec::new(),
        }
    }

    fn program(&mut self) -> Block {
        let mut out = Block::new();
        while self.sort() != Sort::Nothing {
            let before = self.at;
            self.statement(&mut out);
            if self.at == before {
                // A brace that closes nothing.
                self.unread(&mut out);
                self.bump();
            }
        }
        out
    }

    fn token(&self, ahead: usize) -> Option<&'t Token> {
        self.tokens.tokens.get(self.at + ahead)
    }

    fn ahead(&self, count: usize) -> Sort {
        self.token(count).map_or(Sort::Nothing, |token| token.sort)
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
        match self.token(count) {
            Some(token) if token.sort == Sort::Word => self.slice((token.at, token.end)),
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

    fn slice(&self, range: (u32, u32)) -> &'t [u8] {
        self.text.get(range.0 as usize..range.1 as usize).unwrap_or_default()
    }

    fn bytes(&self) -> &'t [u8] {
        self.token(0).map(|token| self.slice((token.at, token.end))).unwrap_or_default()
    }

    fn quote(&self) -> Option<Quote> {
        match self.sort() {
            Sort::Quote(index) => self.tokens.quotes.get(index as usize).copied(),
            _ => None,
        }
    }

    fn offset(&self) -> Offset {
        let tokens = &self.tokens.tokens;
        tokens.get(self.at).map(|token| token.at).or_else(|| tokens.last().map(|token| token.end)).unwrap_or(0)
    }

    /// Whether nothing stands between this token and the next one.
    fn touched(&self) -> bool {
        self.token(0).zip(self.token(1)).is_some_and(|(token, next)| token.end == next.at)
    }

    /// Whether a statement ends here.
    fn at_end(&self) -> bool {
        matches!(self.sort(), Sort::Nothing | Sort::Sign([b';' | b'}', 0, 0]))
    }

    fn unread(&mut self, out: &mut Block) {
        if !matches!(out.last(), Some(Stmt::Unread(_))) {
            out.push(Stmt::Unread(self.offset()));
        }
    }

    /// Skips the rest of a statement, with the blocks in it.
    fn skip_statement(&mut self) {
        let mut open = 0_u32;
        loop {
            match self.sort() {
                Sort::Nothing => return,
                Sort::Sign([b'{', 0, 0]) => open += 1,
                Sort::Sign([b'}', 0, 0]) if open == 0 => return,
                Sort::Sign([b'}', 0, 0]) => open -= 1,
                Sort::Sign([b';', 0, 0]) if open == 0 => return,
                _ => {}
            }
            self.bump();
        }
    }
}

/// A name, without the package `main`.
fn name(bytes: &[u8]) -> Name {
    let bytes = bytes.strip_prefix(b"main").filter(|rest| rest.starts_with(b"::")).unwrap_or(bytes);
    let bytes = bytes.strip_prefix(b"::").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Rc::from(text),
        Err(_) => Rc::from(&*String::from_utf8_lossy(bytes)),
    }
}

/// The name of an array or hash.
fn sigiled(sigil: char, bytes: &[u8]) -> Name {
    format!("{sigil}{}", name(bytes)).into()
}
