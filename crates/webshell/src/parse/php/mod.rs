//! PHP 4 to 8.
//!
//! A page's pieces become one list of tokens, which a parser of operator precedence reads. Both are tolerant: pages are cut off,
//! have stray bytes, or are made for another version. Two bounds keep the tree shallow: [`MAX_DEPTH`] for what is nested in the
//! text, and [`MAX_CHAIN`] for the height of what grows to the left without nesting (`$a->b()->c()…`).

mod class;
mod control;
mod declaration;
mod expression;
mod lexer;
mod primary;
mod statement;
mod string;
mod template;
mod text;
mod token;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::{MAX_CHAIN, MAX_DEPTH, Piece};
use crate::ir::{Block, Expr, Name, Offset, Program, Stmt};
use token::{T, Token};

/// Parses the pieces of a page.
pub(crate) fn parse(text: &[u8], pieces: &[Piece]) -> Program {
    Parser::new(text, lexer::lex(text, pieces)).program()
}

/// Parses code as `eval` gets it: it begins in code, and may leave it with `?>`.
pub(crate) fn parse_code(text: &[u8]) -> Program {
    let whole: Range<usize> = 0..text.len();
    parse(text, &[Piece::Code(whole)])
}

/// A name's bytes as a [`Name`]: obfuscated code has names that are no UTF-8, and they must stay apart, so their bytes become the
/// characters of the same number. Whoever looks up a variable or function by a string has to go the same way.
pub(crate) fn name_of(bytes: &[u8]) -> Name {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into(),
    }
}

struct Parser<'t> {
    text: &'t [u8],
    tokens: Vec<Token>,
    next: usize,
    /// How deep expressions and statements are nested here.
    depth: usize,
    /// Height of the highest tree that the node being read has as a child so far.
    height: usize,
    /// Where the statement being read could not be read first.
    unread: Option<Offset>,
    names: Names<'t>,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], tokens: Vec<Token>) -> Self {
        let names = Names::new(tokens.len());
        Self { text, tokens, next: 0, depth: 0, height: 0, unread: None, names }
    }

    fn program(mut self) -> Program {
        let mut body = Block::new();
        while self.kind() != T::End {
            self.statements(&mut body, |_| false);
            // A closing brace that closes nothing.
            if self.kind() != T::End {
                body.push(Stmt::Unread(self.at()));
                self.bump();
            }
        }
        Program { body }
    }

    fn token(&self) -> Token {
        self.token_ahead(0)
    }

    fn token_ahead(&self, ahead: usize) -> Token {
        // Behind the last token the end of the text, so that what is missing there is said to be missing there.
        let end = || self.tokens.last().map_or(0, |token| token.end);
        let token = self.tokens.get(self.next.saturating_add(ahead));
        token.copied().unwrap_or_else(|| Token { kind: T::End, at: end(), end: end() })
    }

    fn kind(&self) -> T {
        self.kind_ahead(0)
    }

    fn kind_ahead(&self, ahead: usize) -> T {
        self.tokens.get(self.next.saturating_add(ahead)).map_or(T::End, |token| token.kind)
    }

    fn at(&self) -> Offset {
        self.token().at
    }

    fn bump(&mut self) -> Token {
        let token = self.token();
        self.next = (self.next + 1).min(self.tokens.len());
        token
    }

    fn eat(&mut self, kind: T) -> bool {
        let found = self.kind() == kind;
        if found {
            self.bump();
        }
        found
    }

    fn expect(&mut self, kind: T) -> bool {
        let found = self.eat(kind);
        if !found {
            self.mark_unread();
        }
        found
    }

    fn mark_unread(&mut self) {
        self.unread = Some(self.unread.unwrap_or(self.at()));
    }

    fn bytes(&self, token: Token) -> &'t [u8] {
        self.text.get(token.at as usize..token.end as usize).unwrap_or_default()
    }

    fn is_word(&self, token: Token, word: &str) -> bool {
        token.kind == T::Word && self.bytes(token).eq_ignore_ascii_case(word.as_bytes())
    }

    /// The name of a variable, function or class: without `$`, without a `\` in front and `namespace\`.
    fn name(&mut self, token: Token) -> Name {
        let mut bytes = self.bytes(token);
        match token.kind {
            T::Variable => bytes = bytes.get(1..).unwrap_or_default(),
            T::Qualified => {
                bytes = bytes.strip_prefix(b"\\").unwrap_or(bytes);
                if let Some((first, rest)) = bytes.split_at_checked(10)
                    && first.eq_ignore_ascii_case(b"namespace\\")
                {
                    bytes = rest;
                }
            }
            _ => {}
        }
        self.names.intern(bytes)
    }

    /// Reads one level deeper, or gives up on what is there. The height of what is read counts for the node around it.
    fn nested<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> Option<R> {
        if self.depth >= MAX_DEPTH {
            self.skip_operand();
            return None;
        }
        self.depth += 1;
        let outer = std::mem::take(&mut self.height);
        let result = read(self);
        self.height = outer.max(self.height + 1);
        self.depth -= 1;
        Some(result)
    }

    /// Makes room for one more link of a chain. If there is none, what is left of the chain is skipped.
    fn link(&mut self) -> bool {
        if self.height >= MAX_CHAIN {
            self.skip_operand();
            return false;
        }
        self.height += 1;
        true
    }

    /// Skips what could be the rest of an expression, with all brackets in it.
    fn skip_operand(&mut self) {
        self.mark_unread();
        loop {
            let kind = self.kind();
            match kind {
                T::End | T::Semicolon | T::Comma | T::Text => return,
                _ if kind.closes() => return,
                _ if kind.opens() => self.skip_balanced(),
                _ => {
                    self.bump();
                }
            }
        }
    }

    /// Skips a bracket or template and all up to its end.
    fn skip_balanced(&mut self) {
        let mut open = 0_usize;
        loop {
            let kind = self.kind();
            if kind == T::End {
                return;
            }
            if kind.opens() {
                open += 1;
            } else if kind.closes() {
                open = open.saturating_sub(1);
            }
            self.bump();
            if open == 0 {
                return;
            }
        }
    }

    fn null(&self) -> Expr {
        Expr::null(self.at())
    }
}

/// Names that were seen, so that the same one is not made thousands of times. A table of fixed size in which a newer name takes
/// an older one's place: no text can make it slow.
struct Names<'t> {
    slots: Vec<Option<(&'t [u8], Name)>>,
}

impl<'t> Names<'t> {
    fn new(tokens: usize) -> Self {
        // Code that is evaluated is often one call; a large table would cost more than it.
        Self { slots: vec![None; (tokens / 8).next_power_of_two().clamp(16, 1024)] }
    }

    fn intern(&mut self, bytes: &'t [u8]) -> Name {
        let hash = bytes.iter().fold(bytes.len(), |hash, byte| hash.wrapping_mul(31).wrapping_add(usize::from(*byte)));
        let mask = self.slots.len().wrapping_sub(1);
        let Some(slot) = self.slots.get_mut((hash ^ (hash >> 10)) & mask) else { return name_of(bytes) };
        match slot {
            Some((known, name)) if *known == bytes => name.clone(),
            _ => {
                let name = name_of(bytes);
                *slot = Some((bytes, name.clone()));
                name
            }
        }
    }
}
