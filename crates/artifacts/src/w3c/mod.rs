//! The grammar that IIS and HTTP.sys share: `#` lines, lists of columns that may change, rows of values between blanks.
//!
//! A kind of log adds its [`Columns`]: which column holds what, and what a row means.

mod row_time;

use std::borrow::Cow;

use afterpatch_model::{Fields, GapKind, Glance, LogSource, Place, Record, Unified};

use crate::lines::read_lines;
use crate::row::{Ends, FaceColumns, Side};
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

    /// The column of the server's own name.
    fn computer(&self) -> Option<usize>;

    /// What a row means.
    fn unified<'a>(&self, cells: Cells<'_, 'a>) -> Unified<'a>;

    /// For logs whose rows mostly say again what others said: the columns that do not belong to a row's face (see
    /// [`Glance::face`]), but for date and time.
    fn outside_face(&self) -> Option<OutsideFace> {
        None
    }
}

/// Columns that do not belong to a row's face.
pub(crate) struct OutsideFace {
    /// The query.
    pub(crate) query: Option<usize>,
    /// Bytes of the answer. One of ten million bytes and more is no everyday row.
    pub(crate) bytes_out: Option<usize>,
    /// What tells only how long, how much, and how it went in detail.
    pub(crate) others: Vec<usize>,
    /// Whether a query holds the id that the front end gave.
    pub(crate) is_routed: fn(&str) -> bool,
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
    if memchr::memchr(b'+', value.as_bytes()).is_none() {
        return Cow::Borrowed(value);
    }
    // All bytes in one go: `str::replace` copies word by word, and each browser's name has a dozen.
    let bytes = value.bytes().map(|byte| if byte == b'+' { b' ' } else { byte }).collect();
    String::from_utf8(bytes).map_or_else(|_| Cow::Owned(value.replace('+', " ")), Cow::Owned)
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
    ends: Ends,
}

impl<C> Default for Reader<C> {
    fn default() -> Self {
        Self { layout: None, time: RowTime::default(), ends: Ends::default() }
    }
}

impl<C: Columns> Reader<C> {
    fn line(&mut self, number: u64, line: &str, sink: &mut dyn Sink) -> Flow {
        if line.starts_with('#') {
            self.directive(number, line, sink);
            return Flow::Continue;
        }
        let Self { layout, time, ends } = self;
        let layout = layout.get_or_insert_with(|| {
            sink.gap(
                GapKind::Malformed,
                Place::Line(number),
                "rows before the first list of columns were read by the default list",
            );
            sink.rows_need(Some(&format!("#Fields: {}", C::DEFAULT)));
            Layout::of(C::DEFAULT)
        });
        // HTTP.sys ends some rows with a blank.
        let row = line.trim_end_matches(' ');
        let row = ends.cut(row, b' ');
        let value = |position: Option<usize>| row.value(position);
        let time = time.of_row(layout.date.is_some(), value(layout.date), value(layout.time));
        if let (Some(Face { outside, columns: face }), Some(time), true) = (&layout.face, time, row.len() == layout.names.0.len())
        {
            let text = |position: Option<usize>| value(position).filter(|text| *text != "-").unwrap_or_default();
            let server = text(layout.columns.computer());
            let is_routed = (outside.is_routed)(text(outside.query));
            let is_everyday = value(outside.bytes_out).is_none_or(|bytes| bytes.len() < 8);
            let is_counted = is_everyday
                && face.with(row, |face, rest| sink.glance(&Glance { face, rest, time, server, part: "", is_routed }));
            if is_counted {
                return Flow::Continue;
            }
        }
        let mut values = Vec::with_capacity(row.len());
        values.extend((0..row.len()).map(|position| Cow::Borrowed(value(Some(position)).unwrap_or_default())));
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
        let server = cells.text(layout.columns.computer());
        let unified = layout.columns.unified(cells);
        sink.record(&Record {
            place: Place::Line(number),
            time,
            server: (!server.is_empty()).then_some(Cow::Borrowed(server)),
            source: C::SOURCE,
            unified,
            fields: Fields::Columns { names: &layout.names.0, values, line },
        })
    }

    fn directive(&mut self, number: u64, text: &str, sink: &mut dyn Sink) {
        if let Some(fields) = value_of(text, "#fields") {
            let layout = Layout::of(fields);
            // Without a time such a list is damaged, and rows read by it would have no place in any story.
            if layout.time.is_some() {
                // Without a date in them, the day of rows is told from those before.
                sink.rows_need(layout.date.is_some().then_some(text));
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
    face: Option<Face>,
}

/// Where the face of a row stands.
struct Face {
    outside: OutsideFace,
    columns: FaceColumns,
}

impl Face {
    fn of(outside: OutsideFace, names: &Names, date: Option<usize>, time: Option<usize>) -> Option<Self> {
        let side = |column: usize| {
            if [date, time].contains(&Some(column)) {
                Side::Time
            } else if [outside.query, outside.bytes_out].contains(&Some(column)) || outside.others.contains(&column) {
                Side::Rest
            } else {
                Side::Face
            }
        };
        FaceColumns::of(&names.0, side).map(|columns| Self { outside, columns })
    }
}

impl<C: Columns> Layout<C> {
    fn of(fields: &str) -> Self {
        let names = Names::of(fields);
        let (date, time) = (names.at("date"), names.at("time"));
        let columns = C::of(&names);
        let face = columns.outside_face().and_then(|outside| Face::of(outside, &names, date, time));
        Self { date, time, columns, face, names }
    }
}
