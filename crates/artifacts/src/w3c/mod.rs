//! The grammar that IIS and HTTP.sys share: `#` lines, lists of columns that may change, rows of values between blanks.
//!
//! A kind of log adds its [`Columns`]: which column holds what, and what a row means.

mod row_time;

use std::borrow::Cow;

use afterpatch_model::{Fields, GapKind, LogSource, Place, Record, Unified};

use crate::lines::read_lines;
use crate::{Flow, Input, Sink};
pub(crate) use row_time::RowTime;

/// Where the columns of one kind of log stand in the rows at hand, and what such a row means.
pub(crate) trait Columns {
    /// The log source of the rows.
    const SOURCE: LogSource<'static>;
    /// The columns of a file that has lost its head.
    const DEFAULT: &'static str;

    /// The columns of a list.
    fn of(names: &Names) -> Self;

    /// The column that a damaged row must reach to tell something. Nobody can say which value of a row with too many grew;
    /// most likely this one or one behind it, so that nothing behind it is believed then.
    fn least(&self) -> Option<usize>;

    /// The server's own name in a row; empty when it has none.
    fn server<'a>(&self, cells: Cells<'_, 'a>) -> &'a str;

    /// What a row means.
    fn unified<'a>(&self, cells: Cells<'_, 'a>) -> Unified<'a>;
}

/// The names of a list of columns, as the file writes them.
pub(crate) struct Names(Vec<String>);

impl Names {
    /// The names after `#Fields:`.
    pub(crate) fn of(fields: &str) -> Self {
        Self(fields.split_ascii_whitespace().map(str::to_owned).collect())
    }

    /// The position of a column; names are compared without regard to ASCII case.
    pub(crate) fn at(&self, wanted: &str) -> Option<usize> {
        self.0.iter().position(|name| name.eq_ignore_ascii_case(wanted))
    }
}

/// The values of a row.
#[derive(Clone, Copy)]
pub(crate) struct Cells<'c, 'a>(&'c [Cow<'a, str>]);

impl<'a> Cells<'_, 'a> {
    /// The text of a column; empty when the file or the row has it not, or `-` stands there.
    pub(crate) fn text(self, position: Option<usize>) -> &'a str {
        match position.and_then(|position| self.0.get(position)) {
            Some(Cow::Borrowed(value)) if *value != "-" => value,
            _ => "",
        }
    }
}

/// The value of a `#` line of this name.
pub(crate) fn value_of<'l>(line: &'l str, directive: &str) -> Option<&'l str> {
    let (name, value) = line.split_once(':')?;
    name.eq_ignore_ascii_case(directive).then(|| value.trim())
}

/// A value with the log's `+` turned back to blanks.
pub(crate) fn blanks(value: &str) -> Cow<'_, str> {
    if memchr::memchr(b'+', value.as_bytes()).is_some() { Cow::Owned(value.replace('+', " ")) } else { Cow::Borrowed(value) }
}

/// Reads a whole artifact.
pub(crate) fn read<C: Columns>(input: &Input<'_>, sink: &mut dyn Sink) {
    let mut reader = Reader::<C>::default();
    read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
}

/// Reads bytes, for tests.
#[cfg(test)]
pub(crate) fn read_bytes<C: Columns>(bytes: &[u8], sink: &mut dyn Sink) {
    let mut reader = Reader::<C>::default();
    crate::lines::each_line(bytes, sink, |number, text, sink| reader.line(number, text, sink));
}

struct Reader<C> {
    /// `None` before the first list of columns.
    layout: Option<Layout<C>>,
    time: RowTime,
}

impl<C> Default for Reader<C> {
    fn default() -> Self {
        Self { layout: None, time: RowTime::default() }
    }
}

impl<C: Columns> Reader<C> {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        if text.starts_with('#') {
            self.directive(number, text, sink);
            return Flow::Continue;
        }
        let layout = self.layout.get_or_insert_with(|| {
            sink.gap(
                GapKind::Malformed,
                Place::Line(number),
                "rows before the first list of columns were read by the default list",
            );
            Layout::of(C::DEFAULT)
        });
        let mut values = Vec::with_capacity(layout.names.0.len());
        // HTTP.sys ends some rows with a blank.
        values.extend(Values(Some(text.trim_end_matches(' '))).map(Cow::Borrowed));
        let value = |position: Option<usize>| position.and_then(|position| values.get(position)).map(|value| &**value);
        let time = self.time.of_row(layout.date.is_some(), value(layout.date), value(layout.time));
        if values.len() != layout.names.0.len() || time.is_none() {
            sink.gap(GapKind::Malformed, Place::Line(number), "a row without a time, or with more or fewer values than columns");
            // Cut short or grown by a blank, a row with a time and a path still tells something.
            let least = layout.columns.least().filter(|least| time.is_some() && *least < values.len());
            let Some(least) = least else { return Flow::Continue };
            if values.len() > layout.names.0.len() {
                values.truncate(least + 1);
            }
        }
        let cells = Cells(&values);
        let server = layout.columns.server(cells);
        let unified = layout.columns.unified(cells);
        sink.record(&Record {
            place: Place::Line(number),
            time,
            server: (!server.is_empty()).then_some(Cow::Borrowed(server)),
            source: C::SOURCE,
            unified,
            fields: Fields::Columns { names: &layout.names.0, values },
        })
    }

    fn directive(&mut self, number: u64, text: &str, sink: &mut dyn Sink) {
        if let Some(fields) = value_of(text, "#fields") {
            let layout = Layout::of(fields);
            // Without a time such a list is damaged, and rows read by it would have no place in any story.
            if layout.time.is_some() {
                self.layout = Some(layout);
            } else {
                sink.gap(GapKind::Malformed, Place::Line(number), "a list of columns without a time was not taken over");
            }
        } else if let Some(date) = value_of(text, "#date") {
            self.time.opened(date);
        }
    }
}

/// Which column of the rows that follow a `#Fields` line holds what.
struct Layout<C> {
    names: Names,
    date: Option<usize>,
    time: Option<usize>,
    columns: C,
}

impl<C: Columns> Layout<C> {
    fn of(fields: &str) -> Self {
        let names = Names::of(fields);
        Self { date: names.at("date"), time: names.at("time"), columns: C::of(&names), names }
    }
}

/// The values between blanks. `memchr` beats `str::split` here, and this loop is where the time goes.
struct Values<'l>(Option<&'l str>);

impl<'l> Iterator for Values<'l> {
    type Item = &'l str;

    fn next(&mut self) -> Option<&'l str> {
        let rest = self.0?;
        let cut = memchr::memchr(b' ', rest.as_bytes()).and_then(|at| Some((rest.get(..at)?, rest.get(at + 1..)?)));
        let (value, behind) = cut.map_or((rest, None), |(value, behind)| (value, Some(behind)));
        self.0 = behind;
        Some(value)
    }
}
