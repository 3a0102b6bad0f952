//! Rows of one log, and how they become files with known line numbers.

use crate::{LabFile, Planted, clock::Moment, truth::Mark};

/// A row of a log before it has a place in a file.
pub(crate) struct Row {
    pub(crate) at: Moment,
    pub(crate) text: String,
    pub(crate) mark: Option<Mark>,
}

/// All rows of one log, in the order in which they were told.
#[derive(Default)]
pub(crate) struct Sheet(Vec<Row>);

impl Sheet {
    pub(crate) fn push(&mut self, at: Moment, text: String, mark: Option<Mark>) {
        self.0.push(Row { at, text, mark });
    }

    /// The rows but those of the moments that are lost.
    pub(crate) fn without(mut self, is_lost: impl Fn(Moment) -> bool) -> Self {
        self.0.retain(|row| !is_lost(row.at));
        self
    }

    /// The rows in order of time; rows of one moment keep the order in which they were told.
    pub(crate) fn sorted(mut self) -> Vec<Row> {
        self.0.sort_by_key(|row| row.at);
        self.0
    }
}

/// Files made so far, and what is planted in them.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) files: Vec<LabFile>,
    pub(crate) planted: Vec<Planted>,
}

impl Shelf {
    /// Puts a file that is one thing (not a log) on the shelf.
    pub(crate) fn whole(&mut self, windows_path: String, bytes: Vec<u8>, modified: Moment, mark: Option<Mark>) {
        if let Some(mark) = mark {
            self.planted.push(mark.planted(&windows_path, None, Some(modified.timestamp())));
        }
        self.files.push(LabFile { windows_path, bytes, modified: modified.timestamp() });
    }
}

/// One text file while its lines are written.
pub(crate) struct Page {
    windows_path: String,
    text: String,
    end_of_line: &'static str,
    lines: u64,
    last: Moment,
    planted: Vec<Planted>,
}

impl Page {
    pub(crate) fn new(windows_path: String, end_of_line: &'static str, first: Moment) -> Self {
        Self { windows_path, text: String::new(), end_of_line, lines: 0, last: first, planted: Vec::new() }
    }

    /// Puts a byte order mark before the first line, as the Exchange logs have it.
    pub(crate) fn with_byte_order_mark(mut self) -> Self {
        self.text.push('\u{feff}');
        self
    }

    pub(crate) fn windows_path(&self) -> &str {
        &self.windows_path
    }

    pub(crate) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push_str(self.end_of_line);
        self.lines += 1;
    }

    /// Writes a line that has no time of its own.
    pub(crate) fn marked_line(&mut self, text: &str, mark: Option<Mark>) {
        self.line(text);
        self.planted.extend(mark.map(|mark| mark.planted(&self.windows_path, Some(self.lines), None)));
    }

    /// Writes a row. `precision` is the step of the log's clock in milliseconds.
    pub(crate) fn row(&mut self, row: Row, precision: i64) {
        self.line(&row.text);
        self.last = row.at;
        if let Some(mark) = row.mark {
            let rest = row.at.timestamp().as_millisecond().rem_euclid(precision.max(1));
            let time = (row.at + -rest).timestamp();
            self.planted.push(mark.planted(&self.windows_path, Some(self.lines), Some(time)));
        }
    }

    /// Closes a file whose lines were written with [`Page::line`], the last of them at that time.
    pub(crate) fn close_at(mut self, last: Moment, shelf: &mut Shelf) {
        self.last = last;
        self.close(shelf);
    }

    /// Closes the file; the server wrote it for the last time a moment after its last line.
    pub(crate) fn close(self, shelf: &mut Shelf) {
        shelf.planted.extend(self.planted);
        let modified = (self.last + 900).timestamp();
        shelf.files.push(LabFile { windows_path: self.windows_path, bytes: self.text.into_bytes(), modified });
    }
}

/// Writes rows into pages: `path` names the file of a row, `open` begins a file with its head, `before` may write lines
/// between rows (a head that comes again after a restart). `precision` is the step of the log's clock in milliseconds.
pub(crate) fn into_pages(
    rows: Vec<Row>,
    precision: i64,
    shelf: &mut Shelf,
    path: impl Fn(&Row) -> String,
    open: impl Fn(String, Moment) -> Page,
    mut before: impl FnMut(&mut Page, &Row),
) {
    let mut page: Option<Page> = None;
    for row in rows {
        let path = path(&row);
        if page.as_ref().is_none_or(|page| page.windows_path() != path)
            && let Some(full) = page.replace(open(path, row.at))
        {
            full.close(shelf);
        }
        if let Some(page) = &mut page {
            before(page, &row);
            page.row(row, precision);
        }
    }
    if let Some(page) = page {
        page.close(shelf);
    }
}
