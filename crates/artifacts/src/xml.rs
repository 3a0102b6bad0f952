//! A small XML document as a tree, from text that may break off or be made to hurt.
//!
//! Nothing is expanded but character references and the five entities of XML itself, so no entity can grow; depth and number
//! of elements are bounded. A document that breaks gives what stood before the break, and a gap with the line.

use std::borrow::Cow;

use afterpatch_model::{GapKind, Place};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::Sink;
use crate::lines::decode;

/// No configuration, task or event nests deeper than a third of this.
const DEEPEST: usize = 64;
/// The configuration of a large server has some ten thousand.
const MOST_ELEMENTS: usize = 200_000;
/// More attributes of one element are not looked at.
const MOST_ATTRIBUTES: usize = 256;

/// An element with everything in it.
#[derive(Debug, Default)]
pub(crate) struct Element {
    /// Name without a prefix.
    pub(crate) name: String,
    /// The line that it begins in; the first is 1.
    pub(crate) line: u64,
    /// Attributes in the document's order, references resolved.
    pub(crate) attributes: Vec<(String, String)>,
    /// The text between its tags, without that of its children, untrimmed.
    pub(crate) text: String,
    /// Elements in it.
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The children of that name.
    pub(crate) fn children<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element below this one by the names on the way to it.
    pub(crate) fn below(&self, path: &[&str]) -> Option<&Element> {
        let (name, rest) = path.split_first()?;
        let child = self.children.iter().find(|child| child.name == *name)?;
        if rest.is_empty() { Some(child) } else { child.below(rest) }
    }

    /// The trimmed text of an element below this one; empty when it is not there.
    pub(crate) fn text_below(&self, path: &[&str]) -> &str {
        self.below(path).map_or("", |element| element.text.trim())
    }
}

/// The text of an artifact's head when it begins as XML does. Every file of an image is asked, so this looks before it decodes.
pub(crate) fn head_text(head: &[u8]) -> Option<Cow<'_, str>> {
    let before = |byte: &&u8| matches!(**byte, 0xef | 0xbb | 0xbf | 0xfe | 0xff | 0) || byte.is_ascii_whitespace();
    (head.iter().find(|byte| !before(byte)) == Some(&b'<')).then(|| decode(head))
}

/// Reads a document. The outcome is a nameless element with the document's root in it.
pub(crate) fn read(text: &str, sink: &mut dyn Sink) -> Element {
    let mut tree = Tree::new(text);
    if let Err(Broken { kind, why }) = tree.grow() {
        sink.gap(kind, Place::Line(tree.line), &why);
    }
    tree.into_root()
}

/// As [`read`], of a document that is worth nothing unless it is whole; else why it is not.
pub(crate) fn read_sound(text: &str) -> Result<Element, String> {
    let mut tree = Tree::new(text);
    tree.grow().map_err(|broken| broken.why)?;
    Ok(tree.into_root())
}

/// A document while it is read.
struct Tree<'t> {
    text: &'t str,
    /// Line ends before this byte are counted in `line`.
    counted_to: usize,
    line: u64,
    elements: usize,
    /// The elements that are not closed yet, the nameless one first.
    open: Vec<Element>,
}

struct Broken {
    kind: GapKind,
    why: String,
}

impl<'t> Tree<'t> {
    fn new(text: &'t str) -> Self {
        Tree { text, counted_to: 0, line: 1, elements: 0, open: vec![Element::default()] }
    }

    fn grow(&mut self) -> Result<(), Broken> {
        let mut reader = Reader::from_str(self.text);
        reader.config_mut().expand_empty_elements = true;
        loop {
            self.count_lines(reader.buffer_position());
            let event = reader.read_event().map_err(|error| {
                self.count_lines(reader.error_position());
                Broken { kind: GapKind::Truncated, why: format!("not XML from here on: {error}") }
            })?;
            match event {
                Event::Start(start) => self.begin(&start)?,
                Event::End(_) => self.end(),
                Event::Text(text) => self.write(&text),
                Event::CData(text) => self.write(&text),
                Event::GeneralRef(reference) => self.write(&resolved(&reference)),
                Event::Eof if self.open.len() > 1 => {
                    let inside = self.open.last().map_or("", |element| &element.name);
                    return Err(Broken { kind: GapKind::Truncated, why: format!("ends inside the element {inside}") });
                }
                Event::Eof => return Ok(()),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<(), Broken> {
        self.elements += 1;
        if self.open.len() > DEEPEST || self.elements > MOST_ELEMENTS {
            return Err(Broken { kind: GapKind::Capped, why: "more or deeper elements than any real file has".to_owned() });
        }
        // The check for equal names compares each attribute with all before it.
        let mut unchecked = start.attributes();
        let attributes = unchecked.with_checks(false).take(MOST_ATTRIBUTES).flatten().map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).unwrap_or(attribute.value.clone());
            (attribute.key.as_ref().to_owned(), value.into_owned())
        });
        self.open.push(Element {
            name: start.local_name().as_ref().to_owned(),
            line: self.line,
            attributes: attributes.collect(),
            ..Element::default()
        });
        Ok(())
    }

    /// Closes the innermost element. The reader has seen to it that there is one.
    fn end(&mut self) {
        if self.open.len() > 1
            && let (Some(element), Some(parent)) = (self.open.pop(), self.open.last_mut())
        {
            parent.children.push(element);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(element) = self.open.last_mut() {
            element.text.push_str(text);
        }
    }

    fn count_lines(&mut self, to: u64) {
        let to = usize::try_from(to).unwrap_or(usize::MAX).min(self.text.len());
        let passed = self.text.as_bytes().get(self.counted_to..to).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.counted_to = self.counted_to.max(to);
    }

    fn into_root(mut self) -> Element {
        while self.open.len() > 1 {
            self.end();
        }
        self.open.pop().unwrap_or_default()
    }
}

/// What a reference stands for; what is none of XML's own stays as it stands.
fn resolved(reference: &BytesRef<'_>) -> String {
    match (reference.resolve_char_ref(), quick_xml::escape::resolve_predefined_entity(reference)) {
        (Ok(Some(character)), _) => character.to_string(),
        (_, Some(text)) => text.to_owned(),
        _ => format!("&{};", &**reference),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::testing::Written;

    fn parsed(text: &str) -> (Element, Vec<(GapKind, Place)>) {
        let mut written = Written::default();
        let root = read(text, &mut written);
        (root, written.gaps.into_iter().map(|(kind, place, _)| (kind, place)).collect())
    }

    #[test]
    fn elements_have_lines_attributes_and_text() {
        let (root, gaps) =
            parsed("<?xml version='1.0'?>\r\n<a\n x='1&amp;2'>\n <p:b y=\"&#x41;\"/>t&lt;&#33;&odd;<![CDATA[<c>]]></a>");
        assert!(gaps.is_empty());
        let a = root.below(&["a"]).unwrap();
        assert_eq!((a.line, a.attribute("x"), a.text.trim()), (2, Some("1&2"), "t<!&odd;<c>"));
        let b = a.below(&["b"]).unwrap();
        assert_eq!((b.line, b.attribute("y")), (4, Some("A")));
    }

    #[test]
    fn a_break_costs_only_what_comes_after_it() {
        for (text, line) in [("<a>\n<b/>\n<c", 3), ("<a>\n<b/>\n", 3), ("<a>\n<b/>\n</wrong>\n<d/>", 3)] {
            let (root, gaps) = parsed(text);
            assert!(root.below(&["a", "b"]).is_some(), "{text}");
            assert_eq!(gaps, [(GapKind::Truncated, Place::Line(line))], "{text}");
        }
    }

    #[test]
    fn depth_number_and_entities_are_bounded() {
        let (root, gaps) = parsed(&"<a>".repeat(100_000));
        assert!(root.below(&["a", "a"]).is_some());
        assert_eq!(gaps, [(GapKind::Capped, Place::Line(1))]);
        let (_, gaps) = parsed(&format!("<r>{}</r>", "<a/>".repeat(MOST_ELEMENTS)));
        assert_eq!(gaps, [(GapKind::Capped, Place::Line(1))]);
        let bomb = "<!DOCTYPE r [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><r x='&b;'>&b;</r>";
        let (root, _) = parsed(bomb);
        let r = root.below(&["r"]).unwrap();
        assert_eq!((r.attribute("x"), r.text.as_str()), (Some("&b;"), "&b;"));
        let many = format!("<r {}/>", "a='1' ".repeat(300_000));
        assert_eq!(parsed(&many).0.below(&["r"]).unwrap().attributes.len(), MOST_ATTRIBUTES);
    }

    #[test]
    fn any_text_is_survived() {
        use proptest::prelude::*;
        proptest!(|(text in "(<|>|/|a|b|=|'|\"|!|-|\\?|\\[|\\]|CDATA|DOCTYPE|&|;|#x|\n| |ä){0,60}")| {
            read(&text, &mut Written::default());
        });
    }
}
