//! Pages of PHP: what stands between its tags. The closing tag counts outside of strings, heredocs and block comments, but also
//! inside of line comments.

use super::builder::{BlockKind, Builder};
use super::{Page, PageKind, Source, begins, tag};
use crate::language::Language::Php;

/// Words that code behind `<?` may begin with. `<?xml`, `<?import` and other instructions of XML begin with others.
const FIRST_WORDS: &[&str] = &[
    "echo",
    "print",
    "if",
    "for",
    "foreach",
    "while",
    "switch",
    "function",
    "class",
    "eval",
    "assert",
    "include",
    "include_once",
    "require",
    "require_once",
    "else",
    "elseif",
    "endif",
    "endforeach",
    "endfor",
    "endwhile",
    "return",
    "exit",
    "die",
    "session_start",
    "error_reporting",
    "ini_set",
    "set_time_limit",
    "header",
    "namespace",
    "use",
    "global",
    "static",
    "const",
    "define",
    "isset",
    "system",
    "passthru",
    "do",
    "try",
    "abstract",
    "final",
    "declare",
    "goto",
    "unset",
];

/// How the names and marks of the file let tags be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tags {
    /// The file's name is one of PHP.
    pub named: bool,
    /// Nothing else claims `<% … %>`.
    pub asp: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    Question,
    Percent,
    Script,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    /// Behind the mark.
    pub end: usize,
    kind: BlockKind,
    close: Close,
}

/// The opening tag at this `<`, if there is one.
pub(crate) fn opening(source: &Source<'_>, at: usize, tags: Tags) -> Option<Opening> {
    let rest = source.at(at);
    let opening = |length: usize, kind, close| Opening { end: at + length, kind, close };
    match rest.get(1)? {
        b'?' => {
            if begins(rest, "<?php") && rest.get(5).is_none_or(|byte| byte.is_ascii_whitespace() || *byte == 0x0b) {
                return Some(opening(5, BlockKind::Code, Close::Question));
            }
            if rest.get(2) == Some(&b'=') {
                return source.is_credible(at + 3, b"?>").then(|| opening(3, BlockKind::Echo, Close::Question));
            }
            let is_short = is_short_tag(rest.get(2..)?, tags.named) && source.is_credible(at + 2, b"?>");
            is_short.then(|| opening(2, BlockKind::Code, Close::Question))
        }
        b'%' if tags.asp => {
            let is_echo = rest.get(2) == Some(&b'=');
            let length = if is_echo { 3 } else { 2 };
            let inside = rest.get(length..)?;
            let inside = inside.get(..end_of_percent(inside)?)?;
            let is_code = memchr::memchr(b'$', inside).is_some() || begins_with_word(inside);
            let kind = if is_echo { BlockKind::Echo } else { BlockKind::Code };
            (is_code && !inside.starts_with(b"@")).then(|| opening(length, kind, Close::Percent))
        }
        b's' | b'S' if begins(rest, "<script") => {
            let tag = tag::read(source.text, at)?;
            let is_php = tag.attribute("language").is_some_and(|value| value.trim_ascii().eq_ignore_ascii_case(b"php"));
            is_php.then(|| opening(tag.end - at, BlockKind::Code, Close::Script))
        }
        _ => None,
    }
}

/// Place of the `%>` before another block begins, so that blocks without an end are not searched again and again.
fn end_of_percent(inside: &[u8]) -> Option<usize> {
    for at in memchr::memchr_iter(b'%', inside) {
        if inside.get(at + 1) == Some(&b'>') {
            return Some(at);
        }
        if at > 0 && inside.get(at - 1) == Some(&b'<') {
            return None;
        }
    }
    None
}

/// `inside` begins behind `<?`.
fn is_short_tag(inside: &[u8], named: bool) -> bool {
    let Some(first) = inside.first() else { return false };
    if first.is_ascii_alphabetic() {
        return begins_with_word(inside);
    }
    let code = inside.get(..2048).unwrap_or(inside);
    let code = memchr::memmem::find(code, b"?>").and_then(|end| code.get(..end)).unwrap_or(code);
    let looks_like_code = memchr::memchr3(b'$', b';', b'(', code).is_some();
    match first {
        first if first.is_ascii_whitespace() => named || looks_like_code,
        b'$' | b'@' | b'(' | b'/' | b'#' | b'"' | b'\'' | b'`' | b'{' | b';' | b'\\' => named || looks_like_code,
        _ => false,
    }
}

pub(super) fn begins_with_word(inside: &[u8]) -> bool {
    let code = inside.trim_ascii_start();
    let end = code.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(code.len());
    let word = code.get(..end.min(24)).unwrap_or_default();
    FIRST_WORDS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}

pub(crate) fn split(source: Source<'_>, tags: Tags) -> Page {
    let mut builder = Builder::new(source.text);
    let mut at = 0;
    while let Some(lt) = source.next_lt(at) {
        at = lt + 1;
        let Some(opening) = opening(&source, lt, tags) else { continue };
        builder.text_until(lt);
        let block = read_block(source.text, opening);
        if opening.kind == BlockKind::Echo {
            builder.code(BlockKind::Echo, opening.end..block.echo_end, Php);
            builder.skip_until(block.echo_end.saturating_add(1).min(block.end));
            builder.code_until(block.end, Php);
        } else {
            builder.code(BlockKind::Code, opening.end..block.end, Php);
        }
        builder.skip_until(block.after);
        if block.halted {
            break;
        }
        at = block.after.max(at);
    }
    builder.finish(PageKind::Script, Php)
}

/// A block of code, from behind its opening tag.
struct Read {
    /// Where `<?=` ends: at its first `;`, if code follows.
    echo_end: usize,
    end: usize,
    /// Behind the closing tag and the line break that belongs to it.
    after: usize,
    /// `__halt_compiler();` ended it.
    halted: bool,
}

fn read_block(text: &[u8], opening: Opening) -> Read {
    let mut at = opening.end;
    let mut depth = 0_i32;
    let mut echo_end = None;
    let close = match opening.close {
        Close::Question => b"?>".as_slice(),
        Close::Percent => b"%>",
        Close::Script => b"</script",
    };
    let closes = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let length = rest.get(..close.len()).filter(|start| start.eq_ignore_ascii_case(close)).map(|_| close.len())?;
        // `?>` also closes what `<script>` or `<%` opened.
        Some(length)
    };
    let read = |end: usize, length: usize, echo_end: Option<usize>| {
        let mut after = end + length;
        if opening.close == Close::Script {
            after = memchr::memchr(b'>', text.get(after..).unwrap_or_default()).map_or(after, |end| after + end + 1);
        }
        match text.get(after..) {
            Some([b'\r', b'\n', ..]) => after += 2,
            Some([b'\n' | b'\r', ..]) => after += 1,
            _ => {}
        }
        Read { echo_end: echo_end.unwrap_or(end), end, after, halted: false }
    };
    while let Some(&byte) = text.get(at) {
        match byte {
            b'?' | b'%' | b'<' if closes(at).is_some() => return read(at, close.len(), echo_end),
            b'\'' | b'"' | b'`' => at = end_of_string(text, at + 1, byte),
            b'#' if text.get(at + 1) == Some(&b'[') => at += 2,
            b'#' => at = end_of_line_comment(text, at, close),
            b'/' if text.get(at + 1) == Some(&b'/') => at = end_of_line_comment(text, at, close),
            b'/' if text.get(at + 1) == Some(&b'*') => {
                at = find(text, at + 2, b"*/").map_or(text.len(), |end| end + 2);
            }
            b'<' if text.get(at..).is_some_and(|rest| rest.starts_with(b"<<<")) => at = end_of_heredoc(text, at),
            b'(' | b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b')' | b']' | b'}' => {
                depth -= 1;
                at += 1;
            }
            b';' if depth <= 0 && echo_end.is_none() => {
                echo_end = Some(at);
                at += 1;
            }
            b'_' if begins(text.get(at..).unwrap_or_default(), "__halt_compiler") => {
                let end = end_of_halt(text, at + "__halt_compiler".len());
                return Read { echo_end: echo_end.unwrap_or(at), end: at, after: end, halted: true };
            }
            _ => at += 1,
        }
    }
    let end = text.len();
    Read { echo_end: echo_end.unwrap_or(end), end, after: end, halted: false }
}

fn find(text: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    memchr::memmem::find(text.get(from..)?, mark).map(|at| from + at)
}

/// Behind the closing quote.
fn end_of_string(text: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(quote, b'\\', rest)) {
        at += found;
        if text.get(at) == Some(&quote) {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// The line break, or the closing tag.
fn end_of_line_comment(text: &[u8], start: usize, close: &[u8]) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let line = memchr::memchr2(b'\n', b'\r', rest).and_then(|end| rest.get(..end)).unwrap_or(rest);
    // `</script` may be written in any case, the other marks have none.
    let end = match close.first() {
        Some(b'<') => memchr::memchr_iter(b'<', line).find(|at| line.get(*at..).is_some_and(|rest| begins(rest, "</script"))),
        _ => memchr::memmem::find(line, close),
    };
    start + end.unwrap_or(line.len()).max(1)
}

/// Behind the closing name, or behind `<<<` if this is no heredoc.
fn end_of_heredoc(text: &[u8], at: usize) -> usize {
    let rest = text.get(at + 3..).unwrap_or_default();
    let rest = rest.get(..256).unwrap_or(rest);
    let inside =
        rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).and_then(|start| rest.get(start..)).unwrap_or_default();
    let (quote, name) = match inside.split_first() {
        Some((quote @ (b'"' | b'\''), name)) => (Some(*quote), name),
        _ => (None, inside),
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
    let length = name.iter().position(|byte| !is_name(*byte)).unwrap_or(name.len());
    let (name, after) = name.split_at_checked(length).unwrap_or_default();
    let after = match quote {
        Some(quote) => after.strip_prefix(&[quote]),
        None => Some(after),
    };
    let is_heredoc = !name.is_empty() && after.is_some_and(|after| after.starts_with(b"\n") || after.starts_with(b"\r"));
    if !is_heredoc {
        return at + 3;
    }
    let mut line = at + 3;
    while let Some(end) = text.get(line..).and_then(|rest| memchr::memchr2(b'\n', b'\r', rest)) {
        line += end + 1;
        let start = text.get(line..).unwrap_or_default();
        let indent = start.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(start.len());
        let closes = start
            .get(indent..)
            .is_some_and(|rest| rest.starts_with(name) && rest.get(name.len()).is_none_or(|byte| !is_name(*byte)));
        if closes {
            return line + indent + name.len();
        }
    }
    text.len()
}

/// Behind `();` or `()` and a closing tag.
fn end_of_halt(text: &[u8], mut at: usize) -> usize {
    for mark in [b'(', b')', b';'] {
        let next = tag::skip_space(text, at);
        if text.get(next) == Some(&mark) {
            at = next + 1;
        }
    }
    at
}
