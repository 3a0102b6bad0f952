//! Text from evidence is hostile wherever it is shown: what may harm or deceive is made visible here, and nowhere else.
//!
//! A character is hostile when it can drive a terminal (controls, ESC), turn the reading direction around (so that `exe.txt`
//! is read for `txt.exe`), break a line where none is expected, or stand in a text without being seen.

use std::borrow::Cow;

/// Whether a character must never be shown as itself. Line feed and tab are hostile too; a format that can show them harmlessly
/// makes its own exception.
pub fn is_hostile(c: char) -> bool {
    matches!(c,
        // C0, DEL and C1: terminal control, NUL.
        '\u{0}'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        // Soft hyphen, combining grapheme joiner, Hangul and Khmer fillers, Mongolian separators: seen as nothing.
        | '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{3164}'
        | '\u{FFA0}'
        // Arabic letter mark; zero-width characters; direction marks, embeddings, overrides, isolates.
        | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Variation selectors, byte order mark, annotation marks, noncharacters of the first plane.
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}'
        // Musical format controls; tags and variation selectors of plane 14, in which whole texts can be hidden.
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// The text on one line, safe for a terminal: line breaks and tabs become blanks, hostile characters `⟨U+001B⟩`.
pub fn terminal(text: &str) -> Cow<'_, str> {
    replace(text, |c| match c {
        '\n' | '\t' | '\r' => Some(Cow::Borrowed(" ")),
        _ => visible(c),
    })
}

/// The text safe for a page: hostile characters become `⟨U+001B⟩`, line feeds and tabs stay (they do nothing there but stand in
/// a `<pre>`), a carriage return before a line feed goes. Markup is *not* escaped here; the page's escaper does that.
pub fn html(text: &str) -> Cow<'_, str> {
    let mut rest = text.chars().peekable();
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if rest.peek() == Some(&'\n') => {}
            _ => match visible(c) {
                Some(shown) => out.push_str(&shown),
                None => out.push(c),
            },
        }
    }
    Cow::Owned(out)
}

/// The text as a cell that a spreadsheet takes as text: a leading `'` where it would see a formula, hostile characters visible.
/// Quoting of delimiters is the CSV writer's business.
pub fn csv(text: &str) -> Cow<'_, str> {
    // Spreadsheets look past blanks.
    let opens_formula = text.starts_with(['\t', '\r', '\n']) || text.trim_start().starts_with(FORMULA);
    let shown = after_semicolons(terminal(text));
    if opens_formula { Cow::Owned(format!("'{shown}")) } else { shown }
}

/// What a spreadsheet takes for the begin of a formula; some locales take the full-width signs for the plain ones.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}'];

/// Where the comma is the decimal sign, spreadsheets take the semicolon for the separator, and a quote that does not stand at the
/// begin of what they see as the cell for nothing: behind each semicolon a cell may begin.
fn after_semicolons(text: Cow<'_, str>) -> Cow<'_, str> {
    let ends_in_formula = |rest: &str| rest.trim_start_matches(|c: char| c.is_whitespace() || c == '"').starts_with(FORMULA);
    if !text.match_indices(';').any(|(at, _)| text.get(at + 1..).is_some_and(ends_in_formula)) {
        return text;
    }
    let mut parts = text.split(';');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(if ends_in_formula(part) { ";'" } else { ";" });
        out.push_str(part);
    }
    Cow::Owned(out)
}

/// How a hostile character is shown; `None` for any other.
fn visible(c: char) -> Option<Cow<'static, str>> {
    is_hostile(c).then(|| Cow::Owned(format!("⟨U+{:04X}⟩", u32::from(c))))
}

fn replace(text: &str, with: impl Fn(char) -> Option<Cow<'static, str>>) -> Cow<'_, str> {
    if !text.chars().any(is_hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match with(c) {
            Some(shown) => out.push_str(&shown),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_family_is_shown() {
        for (text, shown) in [
            ("plain text, Grüße, 日本, 🙂", "plain text, Grüße, 日本, 🙂"),
            ("\u{1b}[31mred", "⟨U+001B⟩[31mred"),
            ("a\u{0}b", "a⟨U+0000⟩b"),
            ("a\u{9b}31m", "a⟨U+009B⟩31m"),
            ("invoice\u{202e}xslx.exe", "invoice⟨U+202E⟩xslx.exe"),
            ("\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}", "⟨U+2066⟩⟨U+2069⟩⟨U+200E⟩⟨U+200F⟩⟨U+061C⟩"),
            ("zero\u{200b}width\u{feff}", "zero⟨U+200B⟩width⟨U+FEFF⟩"),
            ("line\u{2028}sep\u{2029}", "line⟨U+2028⟩sep⟨U+2029⟩"),
            ("tag\u{e0041}", "tag⟨U+E0041⟩"),
            ("two\r\nlines\tand tab", "two  lines and tab"),
        ] {
            assert_eq!(terminal(text), shown);
        }
    }

    #[test]
    fn a_page_keeps_line_feeds_and_tabs_only() {
        assert_eq!(html("a\r\n\tb\rc\u{1b}"), "a\n\tb⟨U+000D⟩c⟨U+001B⟩");
    }

    #[test]
    fn cells_never_open_a_formula() {
        for (text, cell) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "' =1"),
            ("\r=1", "' =1"),
            (" =1", "' =1"),
            ("\u{FF1D}1", "'\u{FF1D}1"),
            ("1=1", "1=1"),
            ("", ""),
            ("a;=1;b; +2;c;\"@x", "a;'=1;b;' +2;c;'\"@x"),
            ("a;b=1", "a;b=1"),
        ] {
            assert_eq!(csv(text), cell, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn nothing_hostile_is_left(text in "\\PC*|[\\x00-\\x1f\\u{7f}-\\u{9f}\\u{200b}-\\u{206f}\\u{e0000}-\\u{e01ff}]*|(?s:.*)") {
            prop_assert!(!terminal(&text).chars().any(is_hostile));
            prop_assert!(!csv(&text).chars().any(is_hostile));
            prop_assert!(html(&text).chars().all(|c| !is_hostile(c) || c == '\n' || c == '\t'));
        }
    }
}
