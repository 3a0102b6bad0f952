//! Java pages, in the syntax of JSP and in that of XML (JSPX), which may be mixed.
//!
//! | mark | block |
//! |---|---|
//! | `<% … %>`, `<%! … %>`, `<%= … %>` | code, declarations (code, too), echo |
//! | `<%@ … %>`, `<jsp:directive.… />` | directive |
//! | `<%-- … --%>`, in XML `<!-- … -->` | comment |
//! | `<jsp:scriptlet>`, `<jsp:declaration>`, `<jsp:expression>` under any prefix of JSP's namespace | code, echo |
//! | `${ … }`, `#{ … }` | echo |
//! | `<c:set var="a" value="${ … }">` of JSTL, whose prefix is free | code: `Object a = …;` |
//! | `<jsp:useBean>`, `<jsp:setProperty>`, `<jsp:include>`, `<jsp:forward>`, `<c:import>` | control |

use std::ops::Range;

use super::asp::read_directive;
use super::builder::{BlockKind, Builder};
use super::references::{self, Entities};
use super::tag;
use super::{Control, Directive, Page, PageKind, Source, begins};
use crate::language::Language::Java;

/// The namespace of JSP's own elements (JSP 2.3, section 6.3.1). Jakarta kept it.
const NAMESPACE: &[u8] = b"http://java.sun.com/JSP/Page";

/// Elements that are handed on as controls. `import` is JSTL's, whose prefix is free.
const CONTROLS: &[&str] = &["usebean", "setproperty", "include", "forward", "param", "plugin", "import"];

const LONGEST_EXPRESSION: usize = 4096;

/// Prefixes that stand for JSP's namespace.
#[derive(Debug)]
pub(crate) struct Prefixes(Vec<Vec<u8>>);

impl Prefixes {
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut prefixes = vec![b"jsp".to_vec()];
        for at in memchr::memmem::find_iter(text, NAMESPACE).take(100) {
            let before = text.get(at.saturating_sub(200)..at).unwrap_or_default();
            let Some(before) = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")) else { continue };
            let Some(before) = before.trim_ascii_end().strip_suffix(b"=") else { continue };
            let name = before.trim_ascii_end().rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
            if let Some(prefix) = name.strip_prefix(b"xmlns:").filter(|prefix| !prefix.is_empty()) {
                prefixes.push(prefix.to_vec());
            } else if name == b"xmlns" {
                prefixes.push(Vec::new());
            }
        }
        prefixes.sort();
        prefixes.dedup();
        Self(prefixes)
    }

    /// The local name, lower case, of an element that begins with this `<`, if it is JSP's.
    pub(crate) fn element(&self, text: &[u8]) -> Option<String> {
        let name = text.get(1..)?;
        let name = name.get(..name.iter().take(100).position(|byte| is_end_of_name(*byte))?)?;
        self.0
            .iter()
            .find_map(|prefix| match prefix.as_slice() {
                [] => Some(name).filter(|name| !name.contains(&b':')),
                prefix => name.strip_prefix(prefix)?.strip_prefix(b":"),
            })
            .map(tag::lower)
    }
}

fn is_end_of_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')
}

/// Whether the page is an XML document, in which comments hide code and characters may be references. A server decides by the
/// name and by a root element of JSP, not by the declaration of XML; without a name that tells, the declaration counts.
pub(crate) fn is_document(text: &[u8], name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    match extension.as_str() {
        "jspx" | "tagx" => true,
        "jsp" | "jspf" | "tag" | "jspa" | "jsw" | "jsv" => has_root(text),
        _ => text.trim_ascii_start().starts_with(b"<?xml") || has_root(text),
    }
}

fn has_root(text: &[u8]) -> bool {
    let prefixes = Prefixes::of(text);
    memchr::memmem::find_iter(text, b":root").take(100).any(|colon| {
        let before = text.get(colon.saturating_sub(100)..colon).unwrap_or_default();
        let tag = memchr::memrchr(b'<', before).map(|at| colon - before.len() + at);
        tag.and_then(|tag| text.get(tag..)).and_then(|tag| prefixes.element(tag)).is_some_and(|name| name == "root")
    })
}

pub(crate) fn split(source: Source<'_>, is_document: bool) -> Page {
    let entities = if is_document { Entities::of(source.text) } else { Entities::default() };
    let mut splitter = Splitter {
        source,
        is_document,
        prefixes: Prefixes::of(source.text),
        entities,
        at: 0,
        builder: Builder::new(source.text),
    };
    splitter.run();
    splitter.builder.finish(PageKind::Page, Java)
}

struct Splitter<'s> {
    source: Source<'s>,
    is_document: bool,
    prefixes: Prefixes,
    entities: Entities,
    at: usize,
    builder: Builder<'s>,
}

impl Splitter<'_> {
    fn run(&mut self) {
        let len = self.source.text.len();
        while let Some(found) = memchr::memchr3(b'<', b'$', b'#', self.source.at(self.at)) {
            let at = self.at + found;
            self.at = at + 1;
            let rest = self.source.at(at);
            match rest.get(..2) {
                Some(b"<%") => self.percent(at),
                Some(b"<!") if self.is_document && rest.starts_with(b"<!--") => {
                    let end = self.source.find(at, b"-->").map_or(len, |end| end + 3);
                    self.leave(at, end);
                }
                // A document's text in sections is text.
                Some([b'<', letter]) if letter.is_ascii_alphabetic() || *letter == b'_' => self.element(at),
                Some(b"${" | b"#{") => self.expression(at),
                _ => {}
            }
        }
    }

    fn percent(&mut self, at: usize) {
        let inside = self.source.at(at + 2);
        let len = self.source.text.len();
        if inside.starts_with(b"--") {
            let end = self.source.find(at + 4, b"--%>").map_or(len, |end| end + 4);
            self.leave(at, end);
            return;
        }
        if inside.starts_with(b"@") {
            let (directive, Some(end)) = read_directive(self.source.text, at + 3) else { return };
            self.builder.text_until(at);
            self.builder.directive(directive);
            self.leave(at, end + 2);
            return;
        }
        // `<\%` is how text says `<%`.
        if at > 0 && self.source.text.get(at - 1) == Some(&b'\\') || !self.source.is_credible(at + 2, b"%>") {
            return;
        }
        let close = self.source.find(at + 2, b"%>");
        let end = close.unwrap_or(len);
        let (kind, skip) = match inside.first() {
            Some(b'=') => (BlockKind::Echo, 1),
            Some(b'!') => (BlockKind::Code, 1),
            _ => (BlockKind::Code, 0),
        };
        self.builder.text_until(at);
        self.builder.code(kind, (at + 2 + skip).min(end)..end, Java);
        self.leave(at, close.map_or(end, |close| close + 2));
    }

    fn element(&mut self, at: usize) {
        let rest = self.source.at(at);
        if let Some(name) = self.prefixes.element(rest) {
            match name.as_str() {
                "scriptlet" | "declaration" => self.code_element(at, BlockKind::Code),
                "expression" => self.code_element(at, BlockKind::Echo),
                name if name.starts_with("directive.") => self.directive_element(at, name),
                name if CONTROLS.contains(&name) => self.control(at),
                _ => {}
            }
            return;
        }
        match rest.get(..24).unwrap_or(rest).split(|byte| *byte == b':').nth(1) {
            Some(name) if begins(name, "import") => self.control(at),
            Some(name) if begins(name, "set") => self.assignment(at),
            _ => {}
        }
    }

    /// `<c:set var="a" value="${…}"/>`: later expressions know the name.
    fn assignment(&mut self, at: usize) {
        let Some(tag) = tag::read(self.source.text, at) else { return };
        let (Some(name), Some(value)) = (tag.attribute("var"), tag.attribute("value")) else { return };
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
        let inside = value.trim_ascii().strip_prefix(b"${").or_else(|| value.trim_ascii().strip_prefix(b"#{"));
        let Some(inside) = inside.and_then(|inside| inside.strip_suffix(b"}")) else { return };
        if name.is_empty() || !name.iter().all(is_name) {
            return;
        }
        let code = [b"Object ".as_slice(), name, b" = ", inside, b";"].concat();
        self.builder.text_until(at);
        self.builder.replaced(BlockKind::Code, at..tag.end, &code, Java);
        self.leave(at, tag.end);
    }

    fn code_element(&mut self, at: usize, kind: BlockKind) {
        let Some(tag) = tag::read(self.source.text, at) else { return };
        if tag.is_empty {
            return;
        }
        let (end, after) = self.closing(tag.end, &tag.name);
        self.builder.text_until(at);
        let xml = self.source.slice(tag.end..end);
        if self.is_document || memchr::memmem::find(xml, b"<![CDATA[").is_some() {
            let (code, seen) = references::decode(xml, &self.entities);
            self.builder.had_references |= seen.hidden || seen.sections > 1;
            if code.as_ref() == xml {
                self.builder.code(kind, tag.end..end, Java);
            } else {
                self.builder.replaced(kind, tag.end..end, &code, Java);
            }
        } else {
            self.builder.code(kind, tag.end..end, Java);
        }
        self.leave(at, after);
    }

    /// The end tag that is not in a CDATA section, and the place behind it.
    fn closing(&self, start: usize, name: &str) -> (usize, usize) {
        let len = self.source.text.len();
        let mut at = start;
        while let Some(lt) = self.source.next_lt(at) {
            let rest = self.source.at(lt);
            if rest.starts_with(b"<![CDATA[") {
                at = self.source.find(lt, b"]]>").map_or(len, |end| end + 3);
            } else if rest.starts_with(b"<!--") {
                at = self.source.find(lt, b"-->").map_or(len, |end| end + 3);
            } else if rest.starts_with(b"</") && begins(rest.get(2..).unwrap_or_default(), name) {
                let after = self.source.find(lt, b">").map_or(len, |end| end + 1);
                return (lt, after);
            } else {
                at = lt + 1;
            }
        }
        (len, len)
    }

    fn directive_element(&mut self, at: usize, name: &str) {
        let Some(tag) = tag::read(self.source.text, at) else { return };
        let name = name.trim_start_matches("directive.").to_owned();
        self.builder.text_until(at);
        self.builder.directive(Directive { name, attributes: tag.attributes, at });
        self.leave(at, tag.end);
    }

    fn control(&mut self, at: usize) {
        let Some(tag) = tag::read(self.source.text, at) else { return };
        self.builder.text_until(at);
        if tag.name.ends_with(":include") {
            let attributes = tag.attributes.clone();
            self.builder.directive(Directive { name: "jsp:include".to_owned(), attributes, at });
        }
        let id = tag.attribute("id").map(<[u8]>::to_vec);
        // The tag is walked on: its attributes may hold expressions.
        self.builder.control(Control { tag: tag.name, id, attributes: tag.attributes, at });
    }

    fn expression(&mut self, at: usize) {
        let before = at.checked_sub(1).and_then(|before| self.source.text.get(before));
        if before == Some(&b'\\') || !self.source.is_credible(at + 2, b"}") {
            return;
        }
        let Some(end) = self.expression_end(at + 2) else { return };
        self.builder.text_until(at);
        self.echo(at + 2..end);
        self.leave(at, end + 1);
    }

    fn echo(&mut self, range: Range<usize>) {
        if !self.is_document {
            self.builder.code(BlockKind::Echo, range, Java);
            return;
        }
        let xml = self.source.slice(range.clone());
        let (code, seen) = references::decode(xml, &self.entities);
        self.builder.had_references |= seen.hidden;
        if code.as_ref() == xml {
            self.builder.code(BlockKind::Echo, range, Java);
        } else {
            self.builder.replaced(BlockKind::Echo, range, &code, Java);
        }
    }

    /// The `}` that is not in a string or inner braces.
    fn expression_end(&self, start: usize) -> Option<usize> {
        let text = self.source.at(start);
        let text = text.get(..LONGEST_EXPRESSION).unwrap_or(text);
        let mut depth = 0_u32;
        let mut quote = None;
        let mut escaped = false;
        for (at, &byte) in text.iter().enumerate() {
            match (quote, byte) {
                _ if escaped => escaped = false,
                (Some(_), b'\\') => escaped = true,
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'{') => depth += 1,
                (None, b'}') if depth == 0 => return Some(start + at),
                (None, b'}') => depth -= 1,
                // Neither begins inside an expression; searching on for each would take long.
                (None, b'<') if text.get(at + 1) == Some(&b'%') => return None,
                (None, b'$' | b'#') if text.get(at + 1) == Some(&b'{') => return None,
                _ => {}
            }
        }
        None
    }

    fn leave(&mut self, at: usize, end: usize) {
        self.builder.text_until(at);
        self.builder.skip_until(end);
        self.at = end.max(at + 1);
    }
}
