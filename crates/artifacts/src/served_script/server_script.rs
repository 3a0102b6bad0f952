//! The first block of server-side script in a page, found by its marks alone.
//!
//! | mark | block |
//! |---|---|
//! | `<script … runat=server …>` | up to `</script>` |
//! | `<%` | up to `%>`; not directives (`<%@`), comments (`<%--`) and resource expressions (`<%$`) |
//! | `<%@ WebHandler/WebService/ServiceHost … %>` | the text behind the directive |
//! | `<?php`, `<?=` in a PHP file | up to `?>` |
//!
//! Razor pages have no such mark and give none.

/// No real tag is longer; a page full of unclosed tags must not be searched to its end for each.
const LONGEST_TAG: usize = 1024;

/// The block with its marks, or `None`. `path` tells PHP from XML, which begins alike.
pub(super) fn first<'t>(text: &'t str, path: &str) -> Option<&'t str> {
    let path = path.to_ascii_lowercase();
    let is_php = path.ends_with(".php") || path.ends_with(".phtml");
    let mut rest = text;
    loop {
        rest = rest.get(memchr::memchr(b'<', rest.as_bytes())?..)?;
        if let Some(comment) = rest.strip_prefix("<%--") {
            // A comment that never closes ends the page: nothing behind it runs.
            rest = comment.split_once("--%>")?.1;
            continue;
        }
        if let Some(block) = block_at(rest, is_php) {
            return Some(block);
        }
        rest = rest.get(1..)?;
    }
}

fn block_at(rest: &str, is_php: bool) -> Option<&str> {
    if let Some(inside) = rest.strip_prefix("<%") {
        return percent_block(rest, inside);
    }
    if begins(rest, "<script") {
        return script_block(rest);
    }
    let is_block = is_php && (begins(rest, "<?php") || rest.starts_with("<?="));
    is_block.then(|| through(rest, "?>"))
}

fn percent_block<'t>(block: &'t str, inside: &'t str) -> Option<&'t str> {
    if inside.starts_with('$') {
        return None;
    }
    let Some(directive) = inside.strip_prefix('@') else { return Some(through(block, "%>")) };
    if !["WebHandler", "WebService", "ServiceHost"].iter().any(|name| begins(directive.trim_start(), name)) {
        return None;
    }
    let end =
        directive.as_bytes().get(..LONGEST_TAG).unwrap_or(directive.as_bytes()).windows(2).position(|mark| mark == b"%>")?;
    directive.get(end + 2..).map(str::trim).filter(|code| !code.is_empty())
}

fn script_block(block: &str) -> Option<&str> {
    let tag = block.get(..block.floor_char_boundary(LONGEST_TAG)).unwrap_or(block);
    let tag = tag.split('>').next().unwrap_or_default().to_ascii_lowercase();
    let (_, value) = tag.split_once("runat")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value.starts_with("server").then(|| {
        let end = memchr::memmem::find_iter(block.as_bytes(), "</")
            .find(|at| block.get(*at..).is_some_and(|end| begins(end, "</script>")));
        end.and_then(|end| block.get(..end + "</script>".len())).unwrap_or(block)
    })
}

fn begins(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The text up to and with the mark, or all of it.
fn through<'t>(text: &'t str, mark: &str) -> &'t str {
    text.find(mark).and_then(|at| text.get(..at + mark.len())).unwrap_or(text)
}
