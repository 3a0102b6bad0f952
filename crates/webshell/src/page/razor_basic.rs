//! Razor pages in VB.NET (`.vbhtml`), by lines: `@Code … End Code`, `@If … End If`, `@expression`.

use super::builder::{BlockKind, Builder};
use super::{Page, PageKind, Source, begins, tag};
use crate::language::Language::VisualBasic;

/// Words that begin a block, and the line that ends it.
const BLOCKS: &[(&str, &str)] = &[
    ("code", "end code"),
    ("functions", "end functions"),
    ("if", "end if"),
    ("for", "next"),
    ("while", "end while"),
    ("using", "end using"),
    ("with", "end with"),
    ("select", "end select"),
    ("try", "end try"),
    ("synclock", "end synclock"),
    ("do", "loop"),
    ("helper", "end helper"),
];

pub(crate) fn split(source: Source<'_>) -> Page {
    let text = source.text;
    let mut builder = Builder::new(text);
    // The line that ends the present block of code, and how often the block's word was met inside.
    let mut block: Option<(&str, &str, u32)> = None;
    let mut at = 0;
    while at < text.len() {
        let rest = text.get(at..).unwrap_or_default();
        let end = at + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        let line_at = tag::skip_space(text.get(..end).unwrap_or_default(), at);
        let line = text.get(line_at..end).unwrap_or_default();
        if let Some((word, last, depth)) = block {
            if line.starts_with(b"<") || line.starts_with(b"@<") || line.starts_with(b"@:") {
                expressions(&mut builder, text, line_at + 1, end);
                builder.text_until(end);
            } else if begins(line, last) && depth == 0 {
                // `End If` belongs to the statement, `End Code` to the page.
                let is_statement = !matches!(word, "code" | "functions");
                if is_statement {
                    builder.code(BlockKind::Code, line_at..end, VisualBasic);
                }
                builder.skip_until(end);
                block = None;
            } else {
                let depth = if begins(line, last) { depth - 1 } else { depth + u32::from(opens(line, word)) };
                builder.code(BlockKind::Code, at..end, VisualBasic);
                block = Some((word, last, depth));
            }
        } else if let Some((word, last)) = BLOCKS.iter().find(|(word, _)| line.starts_with(b"@") && is_word(line, word)) {
            builder.text_until(line_at);
            let is_statement = !matches!(*word, "code" | "functions");
            let start = line_at + 1 + if is_statement { 0 } else { word.len() };
            if !text.get(start..end).unwrap_or_default().trim_ascii().is_empty() {
                builder.code(BlockKind::Code, start..end, VisualBasic);
            }
            builder.skip_until(end);
            block = Some((word, last, 0));
        } else {
            expressions(&mut builder, text, at, end);
            builder.text_until(end);
        }
        at = end;
    }
    builder.finish(PageKind::Razor, VisualBasic)
}

/// Whether a line inside a block opens one of the same kind.
fn opens(line: &[u8], word: &str) -> bool {
    let is_one_line = word == "if" && !line.trim_ascii_end().to_ascii_lowercase().ends_with(b"then");
    begins(line, word) && line.get(word.len()).is_none_or(u8::is_ascii_whitespace) && !is_one_line
}

fn is_word(line: &[u8], word: &str) -> bool {
    let line = line.get(1..).unwrap_or_default();
    begins(line, word) && line.get(word.len()).is_none_or(u8::is_ascii_whitespace)
}

/// `@name` and `@(…)` in a line of markup.
fn expressions(builder: &mut Builder<'_>, text: &[u8], from: usize, end: usize) {
    let mut at = from;
    while let Some(found) = text.get(at..end).and_then(|rest| memchr::memchr(b'@', rest)) {
        let mark = at + found;
        at = mark + 1;
        let before = mark.checked_sub(1).and_then(|before| text.get(before));
        let next = text.get(at).copied().unwrap_or_default();
        if before.is_some_and(u8::is_ascii_alphanumeric) || !(next.is_ascii_alphabetic() || next == b'(') {
            at += usize::from(next == b'@');
            continue;
        }
        let stop = super::razor::end_of_expression(text, at).min(end);
        builder.text_until(mark);
        builder.code(BlockKind::Echo, at..stop, VisualBasic);
        builder.skip_until(stop);
        at = stop.max(at);
    }
}
