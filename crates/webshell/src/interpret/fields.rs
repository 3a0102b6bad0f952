//! The names that a page's own form and links send. Old PHP made variables of them (`register_globals`), so that a variable which
//! nothing sets and which the page's form asks for is what the visitor sends.

use rustc_hash::FxHashSet as HashSet;

use super::Interpreter;

/// From a tag to its attribute there is no more.
const LONGEST_TAG: usize = 400;

/// A page has so many; more are no form.
const MAX_FIELDS: usize = 4_000;

impl Interpreter<'_> {
    /// Whether the page's own text asks the visitor for a value of this name.
    pub(crate) fn form_asks_for(&mut self, name: &str) -> bool {
        let layers = &self.layers;
        let fields = self.fields.get_or_insert_with(|| layers.first().map(|page| fields_of(&page.text)).unwrap_or_default());
        fields.contains(name.as_bytes())
    }
}

/// Names of input fields (`name="cmd"`) and of parameters in links (`?cmd=`, `&cmd=`).
fn fields_of(page: &[u8]) -> HashSet<Box<[u8]>> {
    let mut fields = HashSet::default();
    for at in memchr::memchr3_iter(b'=', b'?', b'&', page) {
        if fields.len() >= MAX_FIELDS {
            break;
        }
        let Some((before, after)) = page.split_at_checked(at) else { break };
        let name = match page.get(at) {
            Some(b'=') if is_name_attribute(before) => {
                let value = after.get(1..).unwrap_or_default();
                word(without_quotes(value.trim_ascii_start()))
            }
            Some(b'=') => continue,
            _ => {
                let link = after.get(1..).unwrap_or_default();
                let name = word(link.strip_prefix(b"amp;").unwrap_or(link));
                let rest = link.strip_prefix(b"amp;").unwrap_or(link).get(name.len()..).unwrap_or_default();
                if rest.first() != Some(&b'=') || matches!(rest.get(1), Some(b'=' | b'>')) {
                    continue;
                }
                name
            }
        };
        if !name.is_empty() {
            fields.insert(name.into());
        }
    }
    fields
}

/// Whether text ends with the attribute's name, as a word of its own.
fn is_name_attribute(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    let Some(rest) = before.len().checked_sub(4).and_then(|at| before.split_at_checked(at)) else { return false };
    let is_word = rest.0.last().is_some_and(|last| last.is_ascii_whitespace() || matches!(last, b'"' | b'\''));
    is_word && rest.1.eq_ignore_ascii_case(b"name") && is_in_field(rest.0)
}

/// Whether the tag that is open at the end of a text is that of an input field. Other elements have names, too.
fn is_in_field(before: &[u8]) -> bool {
    let near = before.get(before.len().saturating_sub(LONGEST_TAG)..).unwrap_or_default();
    let Some(tag) = memchr::memrchr(b'<', near).and_then(|at| near.get(at + 1..)) else { return false };
    let is_tag = |name: &&[u8]| tag.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    [&b"input"[..], b"select", b"textarea", b"button"].iter().any(is_tag)
}

fn word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn without_quotes(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !matches!(byte, b'\\' | b'"' | b'\'')).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::fields_of;

    #[test]
    fn fields_and_links_have_names() {
        let page = br#"<input type="text" name="one"><INPUT NAME = two size=3> echo "<select name=\"three\">";
            <a href="?four=1&five=2&amp;six=3"> $a&&$b == 3; if ($x ?y: $z) f(&$seven=1); rename='eight' $q?nine=>1
            <cfchart name="ten"><input type=hidden value="x" NAME='eleven'>"#;
        let mut names: Vec<_> = fields_of(page).iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        names.sort();
        assert_eq!(names, ["eleven", "five", "four", "one", "six", "three", "two"]);
    }
}
