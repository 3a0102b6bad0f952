//! A page is split into text and code, as the engine that runs it would split it. One module per kind of page.

pub(crate) mod asp;
pub(crate) mod bare;
mod builder;
pub(crate) mod coldfusion;
pub(crate) mod jsp;
pub(crate) mod php;
pub(crate) mod razor;
pub(crate) mod razor_basic;
mod references;
pub(crate) mod tag;

use std::ops::Range;

pub(crate) use builder::{Block, BlockKind, Builder, Rewrite};
use serde::Serialize;
pub(crate) use tag::Attribute;

use crate::language::Language;

/// What a page is to the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// An ASP.NET or JSP page.
    Page,
    /// `.ashx`: a class that answers requests.
    Handler,
    /// `.asmx`, `.svc`: a class whose methods answer requests.
    Service,
    /// `.ascx`: a part of a page.
    Control,
    /// A frame around pages.
    Master,
    /// `global.asax`, `global.asa`: code that runs for every request.
    Application,
    /// A Razor page.
    Razor,
    /// A script in PHP, classic ASP, ColdFusion, Perl or Python.
    Script,
    /// Script in a file of configuration.
    Config,
}

/// `<%@ … %>`, `<jsp:directive.… />`, `<!--#include … -->`, `<script src runat=server>`, and lines like `@using` in Razor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Directive {
    /// Lower case. A directive of ASP.NET without a name is `page`, of classic ASP `language`.
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub at: usize,
}

/// An element that the server makes an object of, or acts on: `<asp:… runat=server>`, `<object runat=server>`, `<jsp:useBean>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Control {
    /// Lower case, with its prefix.
    pub tag: String,
    /// As written.
    pub id: Option<Vec<u8>>,
    pub attributes: Vec<Attribute>,
    pub at: usize,
}

impl Directive {
    pub(crate) fn attribute(&self, name: &str) -> Option<&[u8]> {
        tag::value(&self.attributes, name)
    }
}

impl Control {
    /// Events and the methods that the server calls for them: `onclick`, `Go_Click`.
    #[cfg_attr(not(test), allow(dead_code, reason = "methods are found as entries by their names"))]
    pub(crate) fn events(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.attributes.iter().filter_map(|attribute| {
            let event = attribute.name.strip_prefix("on").filter(|event| event.len() > 2).map(|_| attribute.name.as_str())?;
            let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
            let method = attribute.value.trim_ascii();
            (!method.is_empty() && method.iter().all(is_name)).then_some((event, method))
        })
    }
}

/// A page as its engine sees it.
#[derive(Debug)]
pub(crate) struct Page {
    pub kind: PageKind,
    /// Of code that names none.
    pub language: Language,
    /// The source with decoded parts in place of encoded ones; `None` if nothing was replaced.
    pub text: Option<Vec<u8>>,
    pub rewrites: Vec<Rewrite>,
    pub blocks: Vec<Block>,
    pub directives: Vec<Directive>,
    pub controls: Vec<Control>,
    /// A block was encoded by Microsoft's script encoder.
    pub was_encoded: bool,
    /// Code was written in character references or in pieces, which no author needs.
    pub had_references: bool,
}

/// A page's bytes and how far its marks are trusted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'s> {
    pub text: &'s [u8],
    /// Among random bytes a mark of two or three bytes is chance, unless text follows it.
    pub binary: bool,
}

/// In a binary file so many bytes behind a mark must be text.
const CREDIBLE: usize = 24;

impl<'s> Source<'s> {
    pub(crate) fn at(&self, at: usize) -> &'s [u8] {
        self.text.get(at..).unwrap_or_default()
    }

    pub(crate) fn slice(&self, range: Range<usize>) -> &'s [u8] {
        self.text.get(range).unwrap_or_default()
    }

    pub(crate) fn next_lt(&self, from: usize) -> Option<usize> {
        memchr::memchr(b'<', self.at(from)).map(|at| from + at)
    }

    pub(crate) fn find(&self, from: usize, mark: &[u8]) -> Option<usize> {
        memchr::memmem::find(self.at(from), mark).map(|at| from + at)
    }

    /// Whether code may begin here, right behind its opening mark. `close` ends the window early.
    pub(crate) fn is_credible(&self, at: usize, close: &[u8]) -> bool {
        if !self.binary {
            return true;
        }
        let window = self.at(at);
        let window = window.get(..CREDIBLE).unwrap_or(window);
        let window = memchr::memmem::find(window, close).and_then(|end| window.get(..end)).unwrap_or(window);
        let is_text = |byte: &&u8| matches!(**byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
        window.len() >= 4 && window.iter().filter(is_text).count() + window.len() / 12 >= window.len()
    }

    /// Position of the end tag, and the position behind it.
    pub(crate) fn end_tag(&self, from: usize, name: &str) -> Option<(usize, usize)> {
        for at in memchr::memmem::find_iter(self.at(from), b"</") {
            let at = from + at;
            if begins(self.at(at + 2), name) {
                let after = at + 2 + name.len();
                let end = memchr::memchr(b'>', self.at(after).get(..64).unwrap_or(self.at(after)));
                return Some((at, end.map_or(after, |end| after + end + 1)));
            }
        }
        None
    }
}

/// Whether the text begins so, whatever the case.
pub(crate) fn begins(text: &[u8], word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}
