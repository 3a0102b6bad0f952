//! C#, Java and JScript (JScript.NET and JavaScript), whose pages look alike: braces, semicolons, classes.
//!
//! First [`lexer`] makes one row of tokens from all pieces of a page, then a parser that goes forward only reads them. Where it
//! must look ahead (is this a declaration, a cast, a lambda?) it does so over tokens without building anything, and no further
//! than a few dozen tokens or the mate of a bracket, so that time is linear in the text.

mod class;
mod declaration;
mod escapes;
mod expression;
mod lexer;
mod literal;
mod loops;
mod new;
mod operand;
mod pattern;
mod postfix;
mod sign;
mod simple;
mod statement;
mod strings;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod types;

use std::mem::take;

use crate::ir::{Block, Expr, Name, Offset, Program, Stmt};
use crate::language::Language;
use crate::parse::{MAX_CHAIN, MAX_DEPTH, Piece};
use escapes::Decoded;
use lexer::Tokens;
use token::{T, Token};

/// Chains make the tree at most this high, to which the levels of nesting around them are added. Chains inside of chains would
/// else multiply, and whoever walks the tree does so by recursion.
const MAX_HEIGHT: usize = MAX_DEPTH + MAX_CHAIN;

pub(crate) fn parse(language: Language, text: &[u8], pieces: &[Piece]) -> Program {
    let decoded = match language {
        Language::Java => Decoded::java(text, pieces),
        _ => Decoded::unchanged(text, pieces),
    };
    let tokens = lexer::lex(language, &decoded);
    let mut parser = Parser::new(language, &decoded.source, &tokens);
    let mut body = Block::new();
    while parser.kind() != T::End || parser.text_is_next() {
        parser.statement(&mut body);
    }
    Program { body }
}

struct Parser<'a> {
    source: &'a [u8],
    tokens: &'a Tokens,
    language: Language,
    cs: bool,
    java: bool,
    js: bool,
    pos: usize,
    /// How many of the texts have been passed.
    texts: usize,
    depth: usize,
    /// How high the tree is that was built since `enter`.
    height: usize,
    /// Where something had to be left out of the statement that is being read.
    lost: Option<Offset>,
    /// What `break` and `continue` can leave, innermost last.
    targets: Vec<Target>,
    labels: Vec<Name>,
    /// Names that the patterns of a switch give to its subject.
    bound: Vec<Name>,
    in_function: bool,
    in_echo: bool,
    /// In front of an arrow that is not a lambda's: labels and patterns of switches.
    no_arrow: bool,
    /// In the head of a `for` of JScript, where `in` is not an operator.
    no_in: bool,
}

/// A statement around this one.
struct Target {
    labels: Vec<Name>,
    kind: Leaves,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Leaves {
    Loop,
    Switch,
    /// A block with a label, which only a `break` with that label leaves.
    Block,
}

impl<'a> Parser<'a> {
    fn new(language: Language, source: &'a [u8], tokens: &'a Tokens) -> Self {
        let (cs, java) = (language == Language::CSharp, language == Language::Java);
        Self {
            source,
            tokens,
            language,
            cs,
            java,
            js: !cs && !java,
            pos: 0,
            texts: 0,
            depth: 0,
            height: 0,
            lost: None,
            targets: Vec::new(),
            labels: Vec::new(),
            bound: Vec::new(),
            in_function: false,
            in_echo: false,
            no_arrow: false,
            no_in: false,
        }
    }

    fn token_at(&self, pos: usize) -> Token {
        self.tokens.list.get(pos).copied().unwrap_or(Token::END)
    }

    fn token(&self) -> Token {
        self.token_at(self.pos)
    }

    fn kind_at(&self, pos: usize) -> T {
        self.tokens.list.get(pos).map_or(T::End, |token| token.kind)
    }

    fn kind(&self) -> T {
        self.kind_at(self.pos)
    }

    /// The kind of the token that comes so many later.
    fn ahead(&self, by: usize) -> T {
        self.kind_at(self.pos + by)
    }

    fn at(&self) -> Offset {
        match self.tokens.list.get(self.pos) {
            Some(token) => token.at,
            None => self.tokens.list.last().map_or(0, |token| token.at),
        }
    }

    fn bump(&mut self) {
        self.pos += 1;
    }

    fn eat(&mut self, kind: T) -> bool {
        let found = self.kind() == kind;
        self.pos += usize::from(found);
        found
    }

    fn raw(&self, token: Token) -> &'a [u8] {
        self.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    /// Whether a word that is no keyword stands there.
    fn word_at(&self, pos: usize, word: &[u8]) -> bool {
        let token = self.token_at(pos);
        token.kind == T::Word && self.raw(token) == word
    }

    fn is_word(&self, word: &[u8]) -> bool {
        self.word_at(self.pos, word)
    }

    fn eat_word(&mut self, word: &[u8]) -> bool {
        let found = self.is_word(word);
        self.pos += usize::from(found);
        found
    }

    fn name_at(&self, pos: usize) -> Name {
        let token = self.token_at(pos);
        let raw = self.raw(token);
        match token.kind {
            T::EscapedWord => String::from_utf8_lossy(&literal::unescaped(raw, self.language)).into(),
            _ => String::from_utf8_lossy(raw).into(),
        }
    }

    /// Reads a word of any kind as a name.
    fn name(&mut self) -> Option<Name> {
        if !self.kind().is_wordy() {
            return None;
        }
        self.pos += 1;
        Some(self.name_at(self.pos - 1))
    }

    /// The name in lower case, as types and marks are kept.
    fn lower_at(&self, pos: usize) -> Name {
        self.name_at(pos).to_ascii_lowercase().into()
    }

    /// Where the bracket at a place ends, if it does.
    fn mate(&self, pos: usize) -> Option<usize> {
        match self.token_at(pos).mate {
            0 => None,
            mate => Some(mate as usize),
        }
    }

    /// What comes behind the closing bracket of the one at a place.
    fn behind(&self, pos: usize) -> T {
        self.mate(pos).map_or(T::End, |mate| self.kind_at(mate + 1))
    }

    /// One level deeper; `None` is too deep, and what is too deep has been skipped.
    fn enter(&mut self) -> Option<usize> {
        if self.depth >= MAX_DEPTH {
            self.skip_group();
            return None;
        }
        self.depth += 1;
        Some(take(&mut self.height))
    }

    fn leave(&mut self, outside: usize) {
        self.depth -= 1;
        self.height = outside.max(self.height + 1);
    }

    /// One more link in a chain: false if the tree is too high for it.
    fn link(&mut self) -> bool {
        if self.height >= MAX_HEIGHT {
            self.lose();
            return false;
        }
        self.height += 1;
        true
    }

    fn lose(&mut self) {
        if self.lost.is_none() {
            self.lost = Some(self.at());
        }
    }

    /// Skips up to the end of the group of brackets around this place.
    fn skip_group(&mut self) {
        self.lose();
        loop {
            match self.kind() {
                T::End | T::EchoEnd | T::RParen | T::RBracket | T::RBrace | T::HoleEnd | T::TemplateEnd => break,
                _ => self.skip_one(),
            }
        }
    }

    /// Skips a token, or all in its brackets.
    fn skip_one(&mut self) {
        self.pos = self.mate(self.pos).unwrap_or(self.pos).max(self.pos) + 1;
    }

    /// Reads something inside of brackets, where what is special around them is not.
    fn group<R>(&mut self, read: impl FnOnce(&mut Self) -> R) -> R {
        let (no_in, no_arrow) = (take(&mut self.no_in), take(&mut self.no_arrow));
        let result = read(self);
        (self.no_in, self.no_arrow) = (no_in, no_arrow);
        result
    }

    fn text_is_next(&self) -> bool {
        self.tokens.texts.get(self.texts).is_some_and(|(before, _)| *before <= self.pos)
    }

    /// The text outside of code that stands here.
    fn take_texts(&mut self, out: &mut Block) {
        while let Some((_, length)) = self.tokens.texts.get(self.texts).filter(|(before, _)| *before <= self.pos) {
            out.push(Stmt::Text(*length));
            self.texts += 1;
        }
    }

    /// An expression that must follow; when it does not, nothing was meant.
    fn or_null(&mut self, expr: Option<Expr>) -> Expr {
        expr.unwrap_or_else(|| Expr::null(self.at()))
    }

    /// Whether a list (arguments, elements) goes on. Skips what fits in no element, but not out of the brackets.
    fn more(&mut self, close: T, mate: Option<usize>) -> bool {
        if self.eat(T::Comma) {
            return true;
        }
        if self.kind() == close {
            return false;
        }
        match self.kind() {
            T::End | T::EchoEnd | T::HoleEnd | T::TemplateEnd => false,
            T::Semi | T::RBrace | T::RParen | T::RBracket if mate.is_none_or(|mate| mate <= self.pos) => false,
            _ => {
                self.lose();
                self.bump();
                true
            }
        }
    }
}
