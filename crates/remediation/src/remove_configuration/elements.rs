//! Elements of an XML configuration file and where they stand in its bytes, so that one can be taken out and everything else
//! stays as it is, byte for byte.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Deeper nesting is no configuration, and its paths would fill the memory.
const DEEPEST: usize = 64;

/// One element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Names of the elements around it and its own, with `/` between them.
    pub(crate) path: String,
    /// Its bytes in the text, from `<` to the `>` of its end.
    pub(crate) bytes: Range<usize>,
    /// Its attributes.
    pub(crate) attributes: Vec<(String, String)>,
    /// Where its content ends: the `<` of its end tag, or `None` when it has none (`<add ... />`).
    pub(crate) content_end: Option<usize>,
}

impl Element {
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// All elements of a text in the order of their starts; an error (English) when it is not well-formed.
pub(crate) fn elements(text: &str) -> Result<Vec<Element>, String> {
    let whole = text.trim_start_matches('\u{feff}');
    // The reader does not count a byte order mark.
    let skipped = text.len() - whole.len();
    let mut reader = Reader::from_str(whole);
    let (mut all, mut open): (Vec<Element>, Vec<usize>) = (Vec::new(), Vec::new());
    loop {
        let at = |reader: &Reader<&[u8]>| usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX).saturating_add(skipped);
        let before = at(&reader);
        let event = reader.read_event().map_err(|error| format!("is no well-formed XML at byte {before}: {error}"))?;
        let after = at(&reader);
        match event {
            Event::Start(_) if open.len() >= DEEPEST => return Err("nests deeper than any configuration".to_owned()),
            Event::Start(tag) => {
                open.push(all.len());
                all.push(element(&all, open.get(..open.len() - 1).unwrap_or_default(), &tag, before..after)?);
            }
            Event::Empty(tag) => all.push(element(&all, &open, &tag, before..after)?),
            Event::End(_) => {
                if let Some(element) = open.pop().and_then(|index| all.get_mut(index)) {
                    element.content_end = Some(before);
                    element.bytes.end = after;
                }
            }
            Event::Eof if open.is_empty() => return Ok(all),
            Event::Eof => return Err("ends before all its elements do".to_owned()),
            _ => {}
        }
    }
}

fn element(all: &[Element], open: &[usize], tag: &BytesStart<'_>, bytes: Range<usize>) -> Result<Element, String> {
    let own = tag.name().as_ref().to_owned();
    let path = match open.last().and_then(|index| all.get(*index)) {
        Some(parent) => format!("{}/{own}", parent.path),
        None => own,
    };
    let attributes = tag.attributes().map(|attribute| {
        let attribute = attribute.map_err(|error| format!("has a damaged attribute in {path}: {error}"))?;
        let name = attribute.key.as_ref().to_owned();
        let value = quick_xml::escape::unescape(&attribute.value)
            .map_err(|error| format!("has a damaged attribute in {path}: {error}"))?;
        Ok((name, value.into_owned()))
    });
    Ok(Element { attributes: attributes.collect::<Result<_, String>>()?, path: path.clone(), bytes, content_end: None })
}

/// The number of the line (from 1) that a byte stands in.
pub(crate) fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    u64::try_from(before.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u64::MAX).saturating_add(1)
}

/// The text without some of its bytes, and without the line when nothing else stood in it.
pub(crate) fn without(text: &str, range: &Range<usize>) -> String {
    let blank = |c: char| c == ' ' || c == '\t';
    let before = text.get(..range.start).unwrap_or(text);
    let after = text.get(range.end..).unwrap_or_default();
    let (line_start, line_rest) = (before.trim_end_matches(blank), after.trim_start_matches(blank));
    let rest = line_rest.strip_prefix("\r\n").or_else(|| line_rest.strip_prefix('\n'));
    match rest {
        Some(rest) if line_start.is_empty() || line_start.ends_with('\n') => format!("{line_start}{rest}"),
        _ => format!("{before}{after}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const TEXT: &str = "\u{feff}<?xml version=\"1.0\"?>\r\n<configuration>\r\n  <!-- <add name=\"no\"/> -->\r\n  <modules>\r\n    <add name=\"a>b\" x='&lt;' />\r\n    <rule name=\"r\">\r\n      <match url=\".*\" />\r\n    </rule>\r\n  </modules>\r\n</configuration>\r\n";

    #[test]
    fn elements_are_found_with_all_their_bytes() {
        let all = elements(TEXT).unwrap();
        let told: Vec<_> = all.iter().map(|element| (&*element.path, &TEXT[element.bytes.clone()])).collect();
        assert_eq!(told[0].0, "configuration");
        assert!(told[0].1.starts_with("<configuration>") && told[0].1.ends_with("</configuration>"));
        assert_eq!(told[2], ("configuration/modules/add", "<add name=\"a>b\" x='&lt;' />"));
        assert_eq!(told[3].1, "<rule name=\"r\">\r\n      <match url=\".*\" />\r\n    </rule>");
        assert_eq!(told.len(), 5);
        assert_eq!((all[2].attribute("name"), all[2].attribute("x"), all[2].name()), (Some("a>b"), Some("<"), "add"));
        assert_eq!(line_of(TEXT, all[2].bytes.start), 5);
        assert_eq!(&TEXT[all[3].content_end.unwrap()..][..7], "</rule>");
    }

    #[test]
    fn taking_one_out_leaves_everything_else() {
        let all = elements(TEXT).unwrap();
        let left = without(TEXT, &all[3].bytes);
        assert_eq!(left, TEXT.replace("    <rule name=\"r\">\r\n      <match url=\".*\" />\r\n    </rule>\r\n", ""));
        assert_eq!(without("<a><b/></a>", &(3..7)), "<a></a>");
        assert_eq!(without("<a>\n  <b/>", &(6..10)), "<a>\n  ");
    }

    #[test]
    fn no_text_makes_it_panic_or_loses_other_bytes() {
        let mut runner = proptest::test_runner::TestRunner::default();
        let text = "[<>/a-c =\"'\n\u{feff}é!\\-]{0,60}|(<a( b=\"c\")?/?>|</a>|\n| |é){0,30}";
        runner
            .run(&text, |text| {
                for element in elements(&text).unwrap_or_default() {
                    assert!(text[element.bytes.clone()].starts_with('<') && text[element.bytes.clone()].ends_with('>'));
                    let left = without(&text, &element.bytes);
                    assert!(left.len() < text.len());
                }
                Ok(())
            })
            .unwrap();
        assert!(elements(&"<a>".repeat(1000)).unwrap_err().contains("deeper"));
    }

    #[test]
    fn damage_is_told() {
        for text in ["<a><b></a>", "<a", "<a>", "<a b=c/>", "<a b=\"&x;\"/>"] {
            assert!(elements(text).is_err(), "{text}");
        }
    }
}
