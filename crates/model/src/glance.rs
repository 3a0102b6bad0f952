//! A row of a log before it is taken for a record.

use crate::Timestamp;

/// A row of a log of requests before it is taken for a record: enough to see that it only says again what an earlier row of the
/// same log has said.
#[derive(Clone, Copy, Debug)]
pub struct Glance<'a> {
    /// The list of columns (any text that stands for it), and the parts of the line that hold every value but its time, its
    /// query, and what only tells how long and how much: who asked for what, and how it was answered.
    pub face: &'a [&'a str],
    /// The parts of the line that are not of its face. Together with the face, and with the time where that is written with
    /// [`Glance::OF_TIMES`] alone, it is the row; what [`Fields::Columns`](crate::Fields::Columns) says of a line holds.
    pub rest: &'a [&'a str],
    /// Its time (UTC).
    pub time: Timestamp,
    /// The server that it names as its own; empty when none.
    pub server: &'a str,
    /// The part of the log's source that it is counted in: an HttpProxy log's protocol.
    pub part: &'a str,
    /// The front end gave it an id, so that the HttpProxy log tells of it, too.
    pub is_routed: bool,
}

impl Glance<'_> {
    /// What a time may be written with that is not among the [`Glance::rest`].
    pub const OF_TIMES: &'static [u8] = b"0123456789-:W";
}
