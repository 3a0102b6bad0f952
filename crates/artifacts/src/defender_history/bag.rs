//! Names and values that Defender keeps of a resource (`ThreatTrackingSha256`, `ThreatTrackingSize` …).
//!
//! A name is a length and a text, a value is a type and a content. Before the first name stand 4 or 24 bytes of other things.

use super::items::{number, utf16};

/// More pairs are not looked at; real bags have some twenty.
const MOST_PAIRS: usize = 256;

/// All pairs, up to the first that does not read.
pub(super) fn read(bytes: &[u8]) -> Vec<(String, String)> {
    let from = |start: usize| Pairs { rest: bytes.get(start..).unwrap_or_default() }.take(MOST_PAIRS).collect::<Vec<_>>();
    let short = from(4);
    if short.is_empty() { from(24) } else { short }
}

struct Pairs<'b> {
    rest: &'b [u8],
}

impl Iterator for Pairs<'_> {
    type Item = (String, String);

    fn next(&mut self) -> Option<Self::Item> {
        let name = utf16(self.sized()?);
        // Whatever else stands here is no name.
        let plausible = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plausible {
            return None;
        }
        let value = match number(self.take(4)?) {
            3 => number(self.take(4)?).to_string(),
            4 => number(self.take(8)?).to_string(),
            5 => if number(self.take(1)?) == 0 { "false" } else { "true" }.to_owned(),
            6 => utf16(self.sized()?),
            7 => String::from_utf8_lossy(self.sized()?).trim_end_matches('\0').to_owned(),
            _ => return None,
        };
        Some((name, value))
    }
}

impl<'b> Pairs<'b> {
    fn take(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn sized(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(number(self.take(4)?)).ok()?;
        self.take(length)
    }
}
