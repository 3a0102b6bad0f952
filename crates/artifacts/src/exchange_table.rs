//! The reader that the tables of Exchange share: a head, rows by the last list of columns, builds, and what is damaged.
//!
//! A kind of log adds its [`Layout`]: which column holds what, and what a row means.

use std::borrow::Cow;
use std::str::FromStr;

use afterpatch_model::{Fields, GapKind, Glance, LogSource, Place, Record, Timestamp, Unified};

use crate::delimited::{Entry, ExchangeLog, Row, build_record, log_type, timestamp};
use crate::lines::{first_lines, read_lines};
use crate::row::{Ends, FaceColumns, Side};
use crate::{Flow, Input, Sink};

/// Where the columns of one kind of log stand in the file at hand, and what its rows mean.
pub(crate) trait Layout: Default {
    /// Names of the column that holds a row's time (UTC).
    const TIME: &'static [&'static str];
    /// The log source of the rows.
    const SOURCE: LogSource<'static>;
    /// Whether `#Version` is the server's build. Some writers put a constant there, or the version of one of their parts.
    const BUILD_IN_HEAD: bool = false;
    /// Whether what a row says is made of its values as they are, so that a filter may look at the line in their place (see
    /// [`Fields::Columns`]).
    const SAID_IN_LINE: bool = false;

    /// The columns of the list that was met last.
    fn of(log: &ExchangeLog) -> Self;

    /// The column that a damaged row must reach to tell something; `None` when the file has it not.
    fn least(&self) -> Option<usize>;

    /// For logs whose rows mostly say again what others said.
    fn face(&self) -> Option<Face> {
        None
    }

    /// What a row says.
    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a>;
}

/// Columns of a log of requests that the front end routed.
pub(crate) struct Face {
    /// Those that belong to a row's face (see [`Glance::face`]): who asked for what, and how it was answered.
    pub(crate) columns: Vec<usize>,
    /// Bytes of the answer. One of ten million bytes and more is no everyday row.
    pub(crate) bytes_out: Option<usize>,
    /// The server's own name.
    pub(crate) server: Option<usize>,
    /// The part of the source that a row is counted in.
    pub(crate) part: Option<usize>,
}

/// What a row says.
pub(crate) struct Told<'a> {
    /// The server that the row names as its own; empty when none.
    pub(crate) server: Cow<'a, str>,
    /// The server's build, under the name that the row gives it.
    pub(crate) build: Option<(Cow<'a, str>, Cow<'a, str>)>,
    /// What it means.
    pub(crate) unified: Unified<'a>,
    /// Its own fields.
    pub(crate) fields: Fields<'a>,
    /// Nothing inside a value is cut short.
    pub(crate) whole: bool,
}

/// The values of a row.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'a> {
    names: &'a [String],
    values: &'a [Cow<'a, str>],
}

impl<'a> Cells<'a> {
    /// The text of a column; empty when the file or the row has it not.
    pub(crate) fn text(self, position: Option<usize>) -> &'a str {
        position.and_then(|position| self.values.get(position)).map_or("", |value| &**value)
    }

    /// As [`Self::text`], as records take it.
    pub(crate) fn value(self, position: Option<usize>) -> Cow<'a, str> {
        Cow::Borrowed(self.text(position))
    }

    /// The number in a column.
    pub(crate) fn number<N: FromStr>(self, position: Option<usize>) -> Option<N> {
        self.text(position).trim().parse().ok()
    }

    /// Whether there are more values than columns, so that nobody knows which value grew and which stands where.
    pub(crate) fn are_too_many(self) -> bool {
        self.values.len() > self.names.len()
    }

    /// Names and values as they stand.
    pub(crate) fn fields(self) -> Fields<'a> {
        Fields::Columns { names: self.names, values: self.pairs().map(|(_, value)| value.into()).collect(), line: "" }
    }

    /// Names and values, for a log whose values hold more fields.
    pub(crate) fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        // A row may have more values than columns; the names end then, the values do not.
        let names = self.names.iter().map(String::as_str).chain(std::iter::repeat(""));
        names.zip(self.values.iter().map(|value| &**value))
    }
}

/// The columns of the server's build that the request logs have in every row.
#[derive(Default)]
pub(crate) struct BuildColumns([Option<usize>; 4]);

impl BuildColumns {
    /// The columns of the list that was met last.
    pub(crate) fn of(log: &ExchangeLog) -> Self {
        Self(["MajorVersion", "MinorVersion", "BuildVersion", "RevisionVersion"].map(|name| log.position(name)))
    }

    /// The build that a row names, if it names one.
    pub(crate) fn read<'a>(&self, cells: Cells<'a>) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
        let parts = self.0.map(|position| cells.text(position));
        parts.iter().all(|part| !part.is_empty()).then(|| ("Version".into(), parts.join(".").into()))
    }
}

/// Whether an artifact begins as a log of this `#Log-type`, or with the bare list of its columns alone: `columns` are some
/// that stand together in no other log.
pub(crate) fn begins_as(head: &[u8], own_type: &str, columns: &[&str]) -> bool {
    if let Some(own) = log_type(head) {
        return own.eq_ignore_ascii_case(own_type);
    }
    first_lines(head, 1).first().is_some_and(|line| {
        let has = |name: &&str| line.split(',').any(|column| column.trim().eq_ignore_ascii_case(name));
        !columns.is_empty() && columns.iter().all(has)
    })
}

/// Reads a whole artifact.
pub(crate) fn read<L: Layout>(input: &Input<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader::<L>::new();
    read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    reader.end(sink);
}

/// Reads bytes, for tests.
#[cfg(test)]
pub(crate) fn read_bytes<L: Layout>(bytes: &[u8], sink: &mut dyn Sink) {
    let mut reader = Reader::<L>::new();
    crate::lines::each_line(bytes, sink, |number, text, sink| reader.line(number, text, sink));
    reader.end(sink);
}

struct Reader<L> {
    log: ExchangeLog,
    layout: L,
    time: Option<usize>,
    /// A `#Version` line whose `#Date` has not come yet.
    version: Option<(u64, String)>,
    /// The last build that a row named.
    build: String,
    face: Option<(Face, FaceColumns)>,
    ends: Ends,
}

impl<L: Layout> Reader<L> {
    fn new() -> Self {
        Self {
            log: ExchangeLog::new(L::TIME),
            layout: L::default(),
            time: None,
            version: None,
            build: String::new(),
            face: None,
            ends: Ends::default(),
        }
    }

    /// Whether a row says again what an earlier one said, and was counted.
    fn is_counted(&mut self, text: &str, sink: &mut dyn Sink) -> bool {
        let Some((face, columns)) = &self.face else { return false };
        // A head without a date waits for the time of a row; a value in quotes may have commas in it.
        if self.version.is_some() || text.starts_with('#') || memchr::memchr(b'"', text.as_bytes()).is_some() {
            return false;
        }
        let row = self.ends.cut(text, b',');
        let time = row.value(self.time).and_then(timestamp);
        let Some(time) = time.filter(|_| row.len() == self.log.columns().len()) else { return false };
        let text = |position| row.value(position).unwrap_or_default();
        let is_everyday = text(face.bytes_out).len() < 8;
        let (server, part) = (text(face.server), text(face.part));
        is_everyday && columns.with(row, |face, rest| sink.glance(&Glance { face, rest, time, server, part, is_routed: true }))
    }

    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        if self.is_counted(text, sink) {
            return Flow::Continue;
        }
        match self.log.line(text) {
            Entry::Version(version) if L::BUILD_IN_HEAD => {
                let flow = build_of_head(&mut self.version, None, sink);
                self.version = Some((number, version.to_owned()));
                flow
            }
            // Without a date that can be read, the time of the first row stands in.
            Entry::Date(date) => {
                timestamp(date).map_or(Flow::Continue, |time| build_of_head(&mut self.version, Some(time), sink))
            }
            Entry::Columns => {
                sink.rows_need(Some(text));
                self.layout = L::of(&self.log);
                self.time = L::TIME.iter().find_map(|name| self.log.position(name));
                self.face = self.layout.face().and_then(|face| {
                    let side = |column| if face.columns.contains(&column) { Side::Face } else { Side::Rest };
                    FaceColumns::of(self.log.columns(), side).map(|columns| (face, columns))
                });
                Flow::Continue
            }
            Entry::Version(_) | Entry::Head => Flow::Continue,
            Entry::DamagedColumns => {
                let time = L::TIME.first().copied().unwrap_or_default();
                let detail = format!("a list of columns without {time} was not taken over");
                sink.gap(GapKind::Malformed, Place::Line(number), &detail);
                Flow::Continue
            }
            Entry::Row(row) => self.row(number, text, &row, sink),
        }
    }

    fn end(&mut self, sink: &mut dyn Sink) {
        build_of_head(&mut self.version, None, sink);
    }

    fn row(&mut self, number: u64, text: &str, row: &Row<'_>, sink: &mut dyn Sink) -> Flow {
        let place = Place::Line(number);
        let time = self.time.and_then(|position| row.values.get(position)).and_then(|text| timestamp(text));
        let told = self.layout.told(Cells { names: self.log.columns(), values: &row.values });
        if time.is_none() || !row.sound || !told.whole {
            sink.gap(
                GapKind::Malformed,
                place,
                "a row without columns, time or closing quote, or with more or fewer values than columns",
            );
            // A row that was cut short behind what matters still tells something.
            if time.is_none() || self.layout.least().is_none_or(|least| least >= row.values.len()) {
                return Flow::Continue;
            }
        }
        if build_of_head(&mut self.version, time, sink) == Flow::Stop {
            return Flow::Stop;
        }
        if let Some((name, build)) = &told.build
            && **build != *self.build
            && let Some(record) = build_record(place, time, name, build)
        {
            let flow = sink.record(&record);
            self.build = build.clone().into_owned();
            if flow == Flow::Stop {
                return Flow::Stop;
            }
        }
        let Told { server, unified, mut fields, .. } = told;
        if let (Fields::Columns { line, .. }, true) = (&mut fields, L::SAID_IN_LINE && row.in_line) {
            *line = text;
        }
        let server = (!server.is_empty()).then_some(server);
        sink.record(&Record { place, time, server, source: L::SOURCE, fields, unified })
    }
}

/// Hands on the build of a head, once.
fn build_of_head(version: &mut Option<(u64, String)>, time: Option<Timestamp>, sink: &mut dyn Sink) -> Flow {
    let Some((number, version)) = version.take() else { return Flow::Continue };
    build_record(Place::Line(number), time, "#Version", &version).map_or(Flow::Continue, |record| sink.record(&record))
}
