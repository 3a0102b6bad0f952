//! The lines of a log's head that say how to read what follows: `#Fields`, `#Version`, a bare list of columns.

use afterpatch_model::ArtifactKind;
use serde::{Deserialize, Serialize};

use crate::manner::has_head;

/// Real heads have five lines, HttpProxy's columns two thousand letters.
const MAX_LINES: usize = 12;
const MAX_LINE: usize = 16 << 10;

/// The last line of each kind, in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head(Vec<String>);

impl Head {
    /// How many lines.
    pub fn lines(&self) -> u64 {
        self.0.len() as u64
    }

    /// The lines as they are put before a piece of the log. `at_start`: the piece is the log's beginning and has its own mark of
    /// the encoding.
    pub fn bytes(&self, wide: bool, at_start: bool) -> Vec<u8> {
        if wide {
            return if at_start { Vec::new() } else { vec![0xff, 0xfe] };
        }
        self.0.iter().flat_map(|line| [line.as_bytes(), b"\r\n"]).flatten().copied().collect()
    }

    /// Learns from lines that were read.
    pub fn learn(&mut self, kind: ArtifactKind, bytes: &[u8], wide: bool) {
        if wide || !has_head(kind) {
            return;
        }
        let is_table = kind != ArtifactKind::IisW3c && kind != ArtifactKind::HttpErr;
        let starts = std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at + 1));
        for start in starts {
            let rest = bytes.get(start..).unwrap_or_default();
            let rest = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
            // Rows begin with a time; padding may stand before a head.
            match rest.first() {
                Some(b'#' | 0) => {}
                Some(first) if is_table && first.is_ascii_alphabetic() => {}
                _ => continue,
            }
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest.get(..end).unwrap_or_default();
            let padding = line.iter().position(|byte| *byte != 0).unwrap_or(line.len());
            let line = line.get(padding..).unwrap_or_default();
            if line.len() <= MAX_LINE
                && let Ok(line) = std::str::from_utf8(line)
            {
                self.line(line.trim_end_matches('\r'), is_table);
            }
        }
    }

    fn line(&mut self, line: &str, is_table: bool) {
        let Some(name) = name_of(line, is_table) else { return };
        self.0.retain(|known| name_of(known, true) != Some(name));
        if self.0.len() < MAX_LINES {
            self.0.push(line.to_owned());
        }
    }
}

/// What kind of line of a head it is; `None` when it is none.
fn name_of(line: &str, is_table: bool) -> Option<&str> {
    if line.starts_with('#') {
        return line.split(':').next();
    }
    // A list of columns begins with that of the time, in each of Exchange's tables.
    let first = line.split(',').next()?;
    let is_time = || ["time", "date"].iter().any(|word| first.to_ascii_lowercase().contains(word));
    (is_table && line.contains(',') && first.len() < 40 && first.starts_with(|c: char| c.is_ascii_alphabetic()) && is_time())
        .then_some("columns")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_of_each_kind_is_kept() {
        let mut head = Head::default();
        let log = b"\xef\xbb\xbfDateTime,RequestId\r\n#Version: 1\r\n#Fields: DateTime,A\r\n2021,x\r\n\0\0#Fields: DateTime,B\r\nnot a list\r\n";
        head.learn(ArtifactKind::ExchangeHttpproxy, log, false);
        assert_eq!(head.bytes(false, false), b"DateTime,RequestId\r\n#Version: 1\r\n#Fields: DateTime,B\r\n");
        assert_eq!(head.lines(), 3);
    }

    #[test]
    fn logs_without_a_head_have_none() {
        let mut head = Head::default();
        head.learn(ArtifactKind::AccessLog, b"# comment\n", false);
        assert_eq!(head.lines(), 0);
    }
}
