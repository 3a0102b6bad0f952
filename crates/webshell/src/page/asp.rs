//! Pages of classic ASP and ASP.NET.
//!
//! | mark | block |
//! |---|---|
//! | `<% … %>` | code, also inside HTML comments and attributes; the first `%>` closes, even in a string |
//! | `<%= … %>`, in ASP.NET also `<%: … %>`, `<%# … %>` | echo |
//! | `<%@ … %>` | directive |
//! | `<%-- … --%>` | comment (ASP.NET) |
//! | `<%$ … %>` | a resource, not code (ASP.NET) |
//! | `<script runat=server>` | code |
//! | `<!--#include … -->` | directive |
//! | a tag with `runat=server` | control |
//!
//! Behind the directive of a handler or service the whole file is code.

use std::ops::Range;

use super::builder::{BlockKind, Builder};
use super::tag::{self, Near};
use super::{Control, Directive, Page, PageKind, Source, begins};
use crate::decode::vbscript_encode;
use crate::language::Language;

/// Directives that say what kind of file an ASP.NET file is (Microsoft Learn, "ASP.NET directive syntax"), and `ServiceHost`
/// of WCF.
const KINDS: &[(&str, PageKind)] = &[
    ("page", PageKind::Page),
    ("webhandler", PageKind::Handler),
    ("webservice", PageKind::Service),
    ("servicehost", PageKind::Service),
    ("control", PageKind::Control),
    ("master", PageKind::Master),
    ("application", PageKind::Application),
];

/// The other directives of ASP.NET.
const OTHER_DIRECTIVES: &[&str] =
    &["import", "assembly", "register", "implements", "reference", "outputcache", "mastertype", "previouspagetype", "class"];

/// Whether a directive of this name is one of ASP.NET. `page` is also one of JSP.
pub(crate) fn is_net_directive(name: &str) -> bool {
    KINDS.iter().any(|(known, _)| *known == name) || OTHER_DIRECTIVES.contains(&name)
}

/// `at` is behind `<%@`; the second value is the place of `%>`. A directive whose first word has a value has no name.
pub(crate) fn read_directive(text: &[u8], at: usize) -> (Directive, Option<usize>) {
    let (mut attributes, end) = tag::directive(text, at, b"%>");
    let has_name = attributes.first().is_some_and(|first| first.value.is_empty() && !is_assigned(text, first.at));
    let name = match has_name {
        true => attributes.remove(0).name,
        // Without a name it is that of the file's kind, and only handlers and services name their class.
        false if attributes.iter().any(|attribute| attribute.name == "class") => "webhandler".to_owned(),
        false => "language".to_owned(),
    };
    (Directive { name, attributes, at }, end)
}

fn is_assigned(text: &[u8], at: usize) -> bool {
    at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|byte| matches!(byte, b'=' | b'"' | b'\''))
}

/// `language` is that of code which names none.
pub(crate) fn split(source: Source<'_>, net: bool, language: Language, kind: PageKind) -> Page {
    let mut splitter = Splitter {
        source,
        net,
        language,
        kind,
        at: 0,
        whole: false,
        runat: Near::new(source.text, "runat"),
        builder: Builder::new(source.text),
    };
    splitter.run();
    splitter.builder.finish(splitter.kind, language)
}

struct Splitter<'s> {
    source: Source<'s>,
    net: bool,
    language: Language,
    kind: PageKind,
    at: usize,
    /// The file is a handler or service: what is no directive is code.
    whole: bool,
    runat: Near<'s>,
    builder: Builder<'s>,
}

impl Splitter<'_> {
    fn run(&mut self) {
        while let Some(at) = self.source.next_lt(self.at) {
            self.at = at + 1;
            let rest = self.source.at(at);
            if rest.starts_with(b"<%") {
                self.percent(at);
            } else if self.whole {
                continue;
            } else if begins(rest, "<!--") {
                self.include(at);
            } else if rest.get(1).is_some_and(u8::is_ascii_alphabetic) && self.runat.is_near(at) {
                self.tag(at);
            }
        }
        if self.whole {
            self.builder.code_until(self.source.text.len(), self.language);
        }
    }

    fn percent(&mut self, at: usize) {
        let inside = self.source.at(at + 2);
        if self.net && !self.whole && inside.starts_with(b"--") {
            let end = self.source.find(at + 4, b"--%>").map_or(self.source.text.len(), |end| end + 4);
            self.leave(at, end);
            return;
        }
        if inside.starts_with(b"@") {
            self.directive(at);
            return;
        }
        if self.whole || !self.source.is_credible(at + 2, b"%>") {
            return;
        }
        let close = self.source.find(at + 2, b"%>");
        let end = close.unwrap_or(self.source.text.len());
        let encoded = inside.starts_with(b"#@~^");
        let (kind, skip) = match inside.first() {
            Some(b'=') => (Some(BlockKind::Echo), 1),
            Some(b':') if self.net => (Some(BlockKind::Echo), 1),
            Some(b'#') if self.net && !encoded => (Some(BlockKind::Echo), if inside.get(1) == Some(&b':') { 2 } else { 1 }),
            Some(b'$') if self.net => (None, 0),
            _ => (Some(BlockKind::Code), 0),
        };
        self.builder.text_until(at);
        if let Some(kind) = kind {
            self.block(kind, (at + 2 + skip).min(end)..end, self.language);
        }
        self.leave(at, close.map_or(end, |close| close + 2));
    }

    fn directive(&mut self, at: usize) {
        let (directive, end) = read_directive(self.source.text, at + 3);
        let Some(end) = end else { return };
        if !is_net_directive(&directive.name) && directive.attributes.is_empty() {
            return;
        }
        if self.whole && !self.builder.is_blank_until(at) {
            // Only what stands before the code is a directive.
            return;
        }
        let known = KINDS.iter().find(|(name, _)| *name == directive.name);
        if let (true, Some((_, kind))) = (self.net, known) {
            self.kind = *kind;
            self.whole |= matches!(kind, PageKind::Handler | PageKind::Service);
        }
        self.builder.text_until(at);
        self.builder.directive(directive);
        self.leave(at, end + 2);
    }

    /// `<!--#include file="…" -->`. Other comments of HTML hide nothing from ASP.
    fn include(&mut self, at: usize) {
        let start = tag::skip_space(self.source.text, at + 4);
        if !begins(self.source.at(start), "#include") {
            return;
        }
        let (mut attributes, Some(end)) = tag::directive(self.source.text, start + 8, b"-->") else { return };
        attributes.truncate(4);
        self.builder.text_until(at);
        self.builder.directive(Directive { name: "include".to_owned(), attributes, at });
        self.leave(at, end + 3);
    }

    fn tag(&mut self, at: usize) {
        let Some(tag) = tag::read(self.source.text, at).filter(tag::Tag::runs_at_server) else { return };
        if tag.name == "script" {
            self.script(at, tag);
            return;
        }
        let id = tag.attribute("id").map(<[u8]>::to_vec);
        let is_object = tag.name == "object";
        self.builder.text_until(at);
        self.builder.control(Control { tag: tag.name, id, attributes: tag.attributes, at });
        // Attributes may hold expressions, so the tag itself is walked on. An object is not sent.
        if is_object {
            self.leave(at, tag.end);
        }
    }

    fn script(&mut self, at: usize, tag: tag::Tag) {
        self.builder.text_until(at);
        let language =
            tag.attribute("language").and_then(|value| Language::of_attribute(value, self.net)).unwrap_or(self.language);
        if tag.attribute("src").is_some() {
            let directive = Directive { name: "script".to_owned(), attributes: tag.attributes, at };
            self.builder.directive(directive);
        }
        if tag.is_empty {
            self.leave(at, tag.end);
            return;
        }
        if language == Language::Php {
            // The reader of PHP finds it, too.
            self.leave(at, tag.end);
            return;
        }
        let len = self.source.text.len();
        let (end, after) = self.source.end_tag(tag.end, "script").unwrap_or((len, len));
        self.block(BlockKind::Code, without_comment(self.source.text, tag.end..end), language);
        self.leave(at, after);
    }

    fn block(&mut self, kind: BlockKind, range: Range<usize>, language: Language) {
        match vbscript_encode::decode(self.source.slice(range.clone())) {
            Some(decoded) => {
                self.builder.was_encoded = true;
                self.builder.replaced(kind, range, &decoded, language);
            }
            None => self.builder.code(kind, range, language),
        }
    }

    /// What stands between here and there, and is not yet part of a block, is not sent.
    fn leave(&mut self, at: usize, end: usize) {
        self.builder.text_until(at);
        self.builder.skip_until(end);
        self.at = end.max(at + 1);
    }
}

/// Code of `<script>` may stand in an HTML comment for the sake of old browsers.
fn without_comment(text: &[u8], range: Range<usize>) -> Range<usize> {
    let inside = text.get(range.clone()).unwrap_or_default();
    let start = inside.len() - inside.trim_ascii_start().len();
    if !inside.get(start..).unwrap_or_default().starts_with(b"<!--") {
        return range;
    }
    let body = inside.trim_ascii_end();
    let end = body.strip_suffix(b"-->").map_or(inside.len(), <[u8]>::len);
    // `'-->` and `//-->` hide the end from the language; it is then a comment and may stay.
    range.start + start + 4..range.start + end.max(start + 4)
}
