//! One tolerant parser per family of languages, all into [`crate::ir`].
//!
//! A parser never fails: what it cannot read becomes [`Stmt::Unread`] and it goes on at the next place that looks like the start
//! of a statement. Depth is bounded ([`MAX_DEPTH`]), so that no text can exhaust the stack; time is linear in the text.

mod basic;
mod bounds;
mod curly;
mod perl;
mod php;
mod python;
#[cfg(test)]
mod sexp;
#[cfg(test)]
mod show;

use std::ops::Range;

use crate::ir::Program;
use crate::language::Language;

/// Expressions and blocks nest at most this deep; what is deeper is unread.
pub(crate) const MAX_DEPTH: usize = 200;

/// A chain of postfix operators or of left-associative operators that cannot be kept flat has at most this many links, since
/// each is one level of the tree.
pub(crate) const MAX_CHAIN: usize = 500;

/// A piece of a page's text, as byte ranges of it, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text that the server sends as it is.
    Text(Range<usize>),
    /// Statements (in C#, Java and VB also declarations of methods and classes: parsers accept both everywhere).
    Code(Range<usize>),
    /// An expression whose value is sent to the visitor: `<%= … %>`. It becomes a call of `echo`.
    Echo(Range<usize>),
}

/// Parses the pieces of a page as one program: a block may begin in one piece of code and end in another.
pub(crate) fn parse(language: Language, text: &[u8], pieces: &[Piece]) -> Program {
    match language {
        Language::Php => php::parse(text, pieces),
        Language::CSharp | Language::JscriptNet | Language::Jscript | Language::Java => curly::parse(language, text, pieces),
        Language::VbScript | Language::VisualBasic => basic::parse(language, text, pieces),
        Language::Perl => perl::parse(text, pieces),
        Language::Python => python::parse(text, pieces),
        Language::ColdFusion => crate::page::coldfusion::parse(text, pieces),
        Language::ServerConfig => Program::default(),
    }
}

/// Parses code as PHP's `eval` takes it.
pub(crate) fn php_code(text: &[u8]) -> Program {
    php::parse_code(text)
}

/// Parses a file as PHP includes it.
pub(crate) fn php_file(text: &[u8]) -> Program {
    match crate::carrier::scripts(text, "page.php").iter().find(|script| script.language == Language::Php) {
        Some(script) => php::parse(&script.text, &script.pieces),
        None => Program::default(),
    }
}
