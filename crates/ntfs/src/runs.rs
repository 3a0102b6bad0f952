//! Where on the volume content lies: runs of clusters, told as differences.

/// Clusters that lie side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first cluster on the volume; `None` for a hole, which reads as zeros.
    pub start: Option<u64>,
    /// How many clusters.
    pub length: u64,
}

/// The runs of an attribute, up to the first damage.
#[derive(Clone, Debug)]
pub struct Runs<'b> {
    bytes: &'b [u8],
    start: i64,
}

impl<'b> Runs<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, start: 0 }
    }
}

impl Iterator for Runs<'_> {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        let (head, rest) = self.bytes.split_first().filter(|(head, _)| **head != 0)?;
        let (length, rest) = rest.split_at_checked((head & 0xf).into())?;
        let (distance, rest) = rest.split_at_checked((head >> 4).into())?;
        self.bytes = rest;
        let length = u64::try_from(signed(length)?).ok().filter(|length| *length > 0)?;
        if distance.is_empty() {
            return Some(Run { start: None, length });
        }
        self.start = self.start.checked_add(signed(distance)?)?;
        Some(Run { start: Some(u64::try_from(self.start).ok()?), length })
    }
}

/// A signed number of up to eight bytes.
fn signed(bytes: &[u8]) -> Option<i64> {
    let last = *bytes.last()?;
    let mut wide = [if last & 0x80 == 0 { 0 } else { 0xff }; 8];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(i64::from_le_bytes(wide))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_and_holes() {
        let bytes = [0x21, 0x18, 0x34, 0x56, 0x01, 0x08, 0x11, 0x04, 0xf0, 0];
        let runs: Vec<Run> = Runs::new(&bytes).collect();
        let run = |start, length| Run { start, length };
        assert_eq!(runs, [run(Some(0x5634), 0x18), run(None, 8), run(Some(0x5624), 4)]);
        // Before the volume's start, a length of zero, and an end in the middle.
        for bytes in [&[0x11, 1, 0x80][..], &[0x11, 0, 1], &[0x21, 1, 1], &[0xff; 40]] {
            assert_eq!(Runs::new(bytes).count(), 0, "{bytes:x?}");
        }
    }
}
