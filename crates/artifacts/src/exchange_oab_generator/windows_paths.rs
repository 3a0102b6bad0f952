//! Windows paths in running text.
//!
//! A path may hold blanks, so its end is a guess unless it stands in quotes: it ends before a character that no path holds,
//! before another path, and at the first blank of its last part behind that part's dot (`…\my shell.aspx because` ends
//! before ` because`), or at the first blank of a last part that has no dot.

/// All paths with a drive letter or a server name, in order.
pub(super) fn find(text: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    let mut rest = text;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        match path_at(rest, before) {
            Some(path) => {
                paths.push(path);
                rest = rest.get(path.len()..).unwrap_or_default();
                before = path.chars().next_back();
            }
            None => {
                rest = rest.get(character.len_utf8()..).unwrap_or_default();
                before = Some(character);
            }
        }
    }
    paths
}

fn path_at(text: &str, before: Option<char>) -> Option<&str> {
    let root = root_length(text, before)?;
    let (root, body) = text.split_at_checked(root)?;
    let quote = before.filter(|character| matches!(character, '\'' | '"'));
    let limit = body.find(|character| ends_path(character) || Some(character) == quote).unwrap_or(body.len());
    let limit = body.find("\\\\").map_or(limit, |at| at.min(limit));
    let body = body.get(..limit)?;
    let quoted = quote.is_some_and(|quote| text.get(root.len() + limit..).is_some_and(|behind| behind.starts_with(quote)));
    let length = if quoted { body.len() } else { guessed_length(body) };
    text.get(..root.len() + length).filter(|path| path.len() > root.len())
}

/// `C:\`, `C:/` or `\\` before a name; a drive letter must not be the end of a word (`http://`).
fn root_length(text: &str, before: Option<char>) -> Option<usize> {
    match text.as_bytes() {
        [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic() && !before.is_some_and(char::is_alphanumeric) => Some(3),
        [b'\\', b'\\', name, ..] if name.is_ascii_alphanumeric() && before != Some('\\') => Some(2),
        _ => None,
    }
}

fn ends_path(character: char) -> bool {
    matches!(character, '"' | '<' | '>' | '|' | '?' | '*' | ':' | ';' | ',') || character.is_control()
}

fn guessed_length(body: &str) -> usize {
    let last = body.rfind(['\\', '/']).map_or(0, |at| at + 1);
    let part = body.get(last..).unwrap_or_default();
    let blank_behind = |from: usize| part.get(from..).and_then(|rest| rest.find(' ')).map(|at| from + at);
    let dot = part.find('.');
    let end =
        dot.and_then(blank_behind).or_else(|| if dot.is_some_and(|dot| dot + 1 < part.len()) { None } else { blank_behind(0) });
    let part = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
    last + part.trim_end_matches(['.', '\'', ')', ' ']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_end_where_a_reader_would_end_them() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("nothing here: a/b, http://host/x, 12:30", &[]),
            (
                r"Removing C:\Program Files\Exchange\ClientAccess\OAB\1a\x.lzx",
                &[r"C:\Program Files\Exchange\ClientAccess\OAB\1a\x.lzx"],
            ),
            (
                r"file C:\inetpub\wwwroot\aspnet_client\my shell.aspx because it failed.",
                &[r"C:\inetpub\wwwroot\aspnet_client\my shell.aspx"],
            ),
            (r"file 'D:\a b\c d' remains", &[r"D:\a b\c d"]),
            (r#"x,"E:\a\b c",y"#, &[r"E:\a\b c"]),
            (r"from C:\a\b.tmp to \\server\C$\d.tmp.", &[r"C:\a\b.tmp", r"\\server\C$\d.tmp"]),
            (r"from C:\a\b.tmp to D:\c\d.tmp", &[r"C:\a\b.tmp", r"D:\c\d.tmp"]),
            (r"C:/Exchange/OAB/x.tmp;next", &["C:/Exchange/OAB/x.tmp"]),
            (r"folder C:\Temp must go", &[r"C:\Temp"]),
            (r"folder C:\Temp must go.", &[r"C:\Temp"]),
            (r"\\?\C:\Temp\x.aspx", &[r"C:\Temp\x.aspx"]),
            (r"C:\", &[]),
            (r"Ä:\x C:\ä ö.aspx ü", &[r"C:\ä ö.aspx"]),
        ];
        for (text, paths) in table {
            assert_eq!(find(text), *paths, "{text}");
        }
    }
}
