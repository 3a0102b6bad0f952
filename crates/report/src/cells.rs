//! A row of a table for spreadsheets (RFC 4180): the one door for cells.

use std::io::Write;

use crate::{ReportError, hostile};

/// Spreadsheets take no more characters in a cell than 32,767 and put the rest where it does not belong.
const MOST_CHARS: usize = 32_000;

/// Writes one row. Every cell is text for a spreadsheet whatever it holds, and is quoted where it must be.
pub(crate) fn row(cells: impl IntoIterator<Item = impl AsRef<str>>, out: &mut dyn Write) -> Result<(), ReportError> {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            write!(out, ",")?;
        }
        let safe = hostile::csv(cell.as_ref());
        let end = safe.char_indices().nth(MOST_CHARS).map(|(end, _)| end);
        let (shown, mark) = end.and_then(|end| safe.get(..end)).map_or((&*safe, ""), |cut| (cut, "…"));
        if shown.contains(['"', ',', '\'', ';', ' ']) {
            write!(out, "\"{}{mark}\"", shown.replace('"', "\"\""))?;
        } else {
            write!(out, "{shown}{mark}")?;
        }
    }
    Ok(writeln!(out)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        row(cells, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be_and_never_longer_than_a_spreadsheet_takes() {
        assert_eq!(written(&["a", "b c", "d\"e", "f,g", "=1", ""]), "a,\"b c\",\"d\"\"e\",\"f,g\",\"'=1\",\n");
        let long = written(&[&"ä".repeat(40_000), "next"]);
        assert_eq!(long.chars().count(), MOST_CHARS + "…,next\n".chars().count());
    }
}
