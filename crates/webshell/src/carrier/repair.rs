//! Pages that lost signs on their way: a copy in the wrong character set takes a quote along, and from there on text is code and
//! code is text. Hardly any string runs over a line's end, so that in such a page each ends there.

/// The page with every string closed at the end of its line; none if that changes nothing. Lines stay lines.
pub(crate) fn with_closed_strings(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() + 64);
    let mut comment = false;
    let mut changed = false;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let code = line.strip_suffix(b"\n").unwrap_or(line);
        let code = code.strip_suffix(b"\r").unwrap_or(code);
        out.extend_from_slice(code);
        if let Some(quote) = open_quote(code, &mut comment) {
            out.push(quote);
            changed = true;
        }
        out.extend_from_slice(line.get(code.len()..).unwrap_or_default());
    }
    changed.then_some(out)
}

/// The quote that a line leaves open. `comment` says whether the line begins in a comment, and then whether the next one does.
fn open_quote(line: &[u8], comment: &mut bool) -> Option<u8> {
    let mut quote = None;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        let next = line.get(at + 1);
        match (quote, byte, next) {
            _ if *comment => *comment = !(*byte == b'*' && next == Some(&b'/')),
            (Some(_), b'\\', _) => at += 1,
            (Some(open), byte, _) if open == *byte => quote = None,
            (Some(_), ..) => {}
            (None, b'\'' | b'"', _) => quote = Some(*byte),
            (None, b'/', Some(b'*')) => *comment = true,
            (None, b'/', Some(b'/')) | (None, b'#', _) => return None,
            _ => {}
        }
        at += 1;
    }
    quote
}

#[cfg(test)]
mod tests {
    use super::with_closed_strings;

    #[test]
    fn strings_end_with_their_line() {
        let cases: &[(&str, Option<&str>)] = &[
            ("$a = 'b';\n", None),
            ("'x => 'y',\r\n$b = \"c\";", Some("'x => 'y','\r\n$b = \"c\";")),
            ("echo \"a\n\\\";\nb\";", Some("echo \"a\"\n\\\";\"\nb\";\"")),
            ("// don't\n# don't\n/* don't\ndon't */ 'x", Some("// don't\n# don't\n/* don't\ndon't */ 'x'")),
            ("'it\\'s'", None),
            ("", None),
        ];
        for (page, expected) in cases {
            let found = with_closed_strings(page.as_bytes()).map(|found| String::from_utf8(found).unwrap_or_default());
            assert_eq!(found.as_deref(), *expected, "{page}");
        }
    }
}
