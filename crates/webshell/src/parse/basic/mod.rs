//! VBScript of classic ASP and VB.NET of ASP.NET pages.
//!
//! Both are read by one parser, which accepts what either allows. Names are lower case. `a(b)` stays a call: only who runs the
//! program knows whether `a` is an array.

mod block;
mod class;
mod declaration;
mod expression;
mod lexer;
mod literal;
mod operand;
mod statement;
#[cfg(test)]
mod tests;
mod words;

use std::rc::Rc;

use lexer::{Sort, Token};
use words::Word;

use super::Piece;
use super::bounds::Bounds;
use crate::ir::{Block, Name, Offset, Program, Stmt};
use crate::language::Language;

pub(crate) fn parse(language: Language, text: &[u8], pieces: &[Piece]) -> Program {
    let net = language == Language::VisualBasic;
    let tokens = lexer::lex(text, pieces, net);
    let mut parser = Parser::new(text, &tokens, net);
    let body = parser.program();
    Program { body }
}

/// Blocks that wait for their end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    If,
    For,
    Do,
    While,
    Select,
    Try,
    With,
    Using,
    SyncLock,
    Procedure,
    Accessor,
    Class,
}

/// How many kinds of [`Open`] there are.
const OPEN: usize = Open::Class as usize + 1;

/// Statements that `Exit` and `Continue` can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Around {
    For,
    Do,
    While,
    Select,
}

struct Parser<'t> {
    text: &'t [u8],
    tokens: &'t [Token],
    at: usize,
    net: bool,
    bounds: Bounds,
    /// How many blocks of each kind are open.
    open: [u32; OPEN],
    /// Loops and `Select`s around this statement, outermost first.
    around: Vec<Around>,
    /// Hidden variables for the objects of the `With`s around this statement.
    with: Vec<Name>,
    /// The name of the VBScript property that is read here.
    property: Option<Name>,
    /// Hidden variables made so far.
    hidden: u32,
    /// Interpolated strings around this expression.
    holes: u8,
}

impl<'t> Parser<'t> {
    fn new(text: &'t [u8], tokens: &'t [Token], net: bool) -> Self {
        Self {
            text,
            tokens,
            at: 0,
            net,
            bounds: Bounds::default(),
            open: [0; OPEN],
            around: Vec::new(),
            with: Vec::new(),
            property: None,
            hidden: 0,
            holes: 0,
        }
    }

    fn program(&mut self) -> Block {
        let mut out = Block::new();
        while self.sort() != Sort::Nothing {
            let before = self.at;
            self.statements(&mut out);
            if self.at == before {
                self.unread(&mut out);
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

    /// The keyword that stands here.
    fn word(&self) -> Option<Word> {
        self.word_ahead(0)
    }

    fn word_ahead(&self, count: usize) -> Option<Word> {
        match self.ahead(count) {
            Sort::Word(word) => Some(word),
            _ => None,
        }
    }

    fn is(&self, word: Word) -> bool {
        self.sort() == Sort::Word(word)
    }

    fn is_sign(&self, sign: u8) -> bool {
        self.sort() == Sort::Sign(sign)
    }

    fn bump(&mut self) {
        self.at += 1;
    }

    fn eat(&mut self, word: Word) -> bool {
        let here = self.is(word);
        self.at += usize::from(here);
        here
    }

    fn eat_sign(&mut self, sign: u8) -> bool {
        let here = self.is_sign(sign);
        self.at += usize::from(here);
        here
    }

    /// Where this token begins; behind the last one, where that ended.
    fn offset(&self) -> Offset {
        self.tokens.get(self.at).map(|token| token.at).or_else(|| self.tokens.last().map(|token| token.end)).unwrap_or(0)
    }

    fn slice(&self, at: u32, end: u32) -> &'t [u8] {
        self.text.get(at as usize..end as usize).unwrap_or_default()
    }

    /// The bytes of this token.
    fn bytes(&self) -> &'t [u8] {
        self.bytes_ahead(0)
    }

    fn bytes_ahead(&self, count: usize) -> &'t [u8] {
        self.tokens.get(self.at + count).map(|token| self.slice(token.at, token.end)).unwrap_or_default()
    }

    /// Whether nothing stands between this token and the next one.
    fn touched(&self) -> bool {
        let next = self.tokens.get(self.at + 1);
        self.tokens.get(self.at).zip(next).is_some_and(|(token, next)| token.end == next.at)
    }

    /// Whether there is something between this token and the one in front of it.
    fn stands_off(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.zip(self.tokens.get(self.at)).is_some_and(|(before, token)| before.end < token.at)
    }

    /// Takes an identifier, or a keyword in its place.
    fn name(&mut self) -> Option<Name> {
        self.word()?;
        let name = lower(self.bytes());
        self.bump();
        Some(name)
    }

    /// Whether a statement ends here.
    fn at_end(&self) -> bool {
        matches!(self.sort(), Sort::Newline | Sort::Sign(b':') | Sort::Page | Sort::EchoBegin | Sort::EchoEnd | Sort::Nothing)
    }

    /// Whether a line ends here.
    fn at_line_end(&self) -> bool {
        self.at_end() && !self.is_sign(b':')
    }

    /// Skips the rest of the statement. Braces do not matter: nothing that they hold is worth losing the next line.
    fn skip_statement(&mut self) {
        while !self.at_end() {
            self.bump();
        }
    }

    fn skip_line(&mut self) {
        while !self.at_line_end() {
            self.bump();
        }
    }

    /// Gives up the statement that begins here.
    fn unread(&mut self, out: &mut Block) {
        let at = self.offset();
        if !matches!(out.last(), Some(Stmt::Unread(_))) {
            out.push(Stmt::Unread(at));
        }
        self.bump();
        self.skip_statement();
    }

    /// A variable that no program can name.
    fn hidden(&mut self, what: &str) -> Name {
        self.hidden = self.hidden.saturating_add(1);
        Rc::from(format!("{what} {}", self.hidden))
    }

    fn is_open(&self, open: Open) -> bool {
        self.open.get(open as usize).is_some_and(|&count| count > 0)
    }

    fn opened(&mut self, open: Open) {
        if let Some(count) = self.open.get_mut(open as usize) {
            *count += 1;
        }
    }

    fn closed(&mut self, open: Open) {
        if let Some(count) = self.open.get_mut(open as usize) {
            *count = count.saturating_sub(1);
        }
    }
}

fn lower(bytes: &[u8]) -> Name {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.iter().any(u8::is_ascii_uppercase) => Rc::from(text.to_ascii_lowercase()),
        Ok(text) => Rc::from(text),
        Err(_) => Rc::from(String::from_utf8_lossy(bytes).to_ascii_lowercase()),
    }
}
