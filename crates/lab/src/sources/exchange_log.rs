//! The shape that most logs of Exchange share: five head lines, then rows of comma-separated values, a file an hour or a day.

use crate::{
    Product,
    clock::Moment,
    sheet::{Page, Row, Sheet, Shelf, into_pages},
    truth::Mark,
    world::World,
};

/// What is different from one log to the next.
pub(crate) struct Kind {
    /// Path below the install folder up to the date in the file's name.
    pub(crate) path: &'static str,
    /// A file an hour, else a file a day.
    pub(crate) hourly: bool,
    pub(crate) software: &'static str,
    /// `None`: the server's build.
    pub(crate) version: Option<&'static str>,
    pub(crate) log_type: &'static str,
    pub(crate) columns: &'static str,
    /// Columns that came after 2013.
    pub(crate) not_in_2013: &'static [&'static str],
}

/// One log.
pub(crate) struct Log {
    kind: &'static Kind,
    columns: Vec<&'static str>,
    sheet: Sheet,
}

impl Log {
    pub(crate) fn new(kind: &'static Kind, world: &World) -> Self {
        let is_kept = |column: &&str| world.product != Product::Exchange2013 || !kind.not_in_2013.contains(column);
        Self { kind, columns: kind.columns.split(',').filter(is_kept).collect(), sheet: Sheet::default() }
    }

    /// Writes a row; a column without a value is left empty.
    pub(crate) fn push(&mut self, at: Moment, values: &[(&str, &str)], mark: Option<Mark>) {
        let mut text = String::with_capacity(600);
        for (position, column) in self.columns.iter().enumerate() {
            if position > 0 {
                text.push(',');
            }
            if let Some((_, value)) = values.iter().find(|(name, _)| name == column) {
                push_field(&mut text, value);
            }
        }
        self.sheet.push(at, text, mark);
    }

    pub(crate) fn shelve(self, world: &World, shelf: &mut Shelf) {
        let Self { kind, columns, sheet } = self;
        let columns = columns.join(",");
        let path = |row: &Row| {
            let code = if kind.hourly { row.at.hour_code() } else { row.at.day_code() };
            let number = if kind.hourly { world.file_number(row.at) } else { 1 };
            world.below(&format!("{}{code}-{number}.LOG", kind.path))
        };
        let open = |path: String, at: Moment| {
            let mut page = Page::new(path, "\r\n", at).with_byte_order_mark();
            page.line(&format!("#Software: {}", kind.software));
            page.line(&format!("#Version: {}", kind.version.map_or_else(|| world.build_at(at).long(), str::to_owned)));
            page.line(&format!("#Log-type: {}", kind.log_type));
            page.line(&format!("#Date: {}", at.iso()));
            page.line(&format!("#Fields: {columns}"));
            page
        };
        into_pages(sheet.sorted(), 1, shelf, path, open, |_, _| {});
    }
}

/// RFC 4180.
fn push_field(text: &mut String, value: &str) {
    if value.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}
