//! Offline address book generator logs (`Logging\OABGeneratorLog\*.log`, `OABGeneratorSimpleLog`).
//!
//! What is known: a line that says that a temporary file of a failed download must be removed names its path, and a path
//! outside `ClientAccess\OAB\` is the trace of CVE-2021-26858 (Microsoft, "HAFNIUM targeting Exchange Servers", 2021-03-02).
//!
//! What is not known to us: the columns. So nothing is addressed by a column's name: the time is the first value of a row
//! that is one, the message is the whole row, and every Windows path in it gives one record (two paths, two records of the
//! same line). A row without a path is a record without meaning of its own.

#[cfg(test)]
mod tests;
mod windows_paths;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, OabGeneration, Place, Record, Timestamp, Unified};

use crate::delimited::{Entry, ExchangeLog, Row, log_type, timestamp};
use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};

/// The format of offline address book generator logs.
pub struct ExchangeOabGenerator;

impl Format for ExchangeOabGenerator {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeOabGenerator
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_oab_generator(input.entry().location(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::new();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    }
}

/// By the type in its head, or by name or folder when it begins as an Exchange log and names no type of another.
fn is_oab_generator(path: &str, head: &[u8]) -> bool {
    let spoken = |text: &str| text.to_ascii_lowercase().replace([' ', '_'], "").contains("oabgenerator");
    match log_type(head) {
        Some(log_type) if spoken(&log_type) => true,
        Some(log_type) => spoken(path) && log_type.to_ascii_lowercase().contains("oab"),
        None => spoken(path) && first_lines(head, 1).first().is_some_and(|line| line.starts_with('#')),
    }
}

const TIME_COLUMNS: &[&str] = &["DateTime", "Date-Time", "TimeStamp", "Time"];
const SERVER_COLUMNS: &[&str] = &["ServerName", "ServerHostName", "Server", "MachineName"];

struct Reader {
    log: ExchangeLog,
    server: Option<usize>,
}

impl Reader {
    fn new() -> Self {
        Self { log: ExchangeLog::new(TIME_COLUMNS), server: None }
    }

    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        match self.log.line(text) {
            Entry::Version(_) | Entry::Date(_) | Entry::Head => Flow::Continue,
            Entry::Columns => {
                self.server = SERVER_COLUMNS.iter().find_map(|name| self.log.position(name));
                Flow::Continue
            }
            // Without knowing the columns, a list of strange ones is no damage; only their names are lost.
            Entry::DamagedColumns => Flow::Continue,
            Entry::Row(row) => self.row(number, text, &row, sink),
        }
    }

    fn row(&mut self, number: u64, text: &str, row: &Row<'_>, sink: &mut dyn Sink) -> Flow {
        let time = row.values.iter().find_map(|value| timestamp(value));
        if time.is_none() {
            // Such a line goes on from the row before (the trace of an exception); its paths are those of source files.
            sink.gap(GapKind::Malformed, Place::Line(number), "a row without a time");
            return Flow::Continue;
        }
        let paths = windows_paths::find(text);
        if paths.is_empty() {
            return sink.record(&self.record(number, time, row, Unified::Other));
        }
        for path in paths {
            let unified = Unified::OabGeneration(OabGeneration { path: path.into(), message: text.into() });
            if sink.record(&self.record(number, time, row, unified)) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    fn record<'a>(&'a self, number: u64, time: Option<Timestamp>, row: &'a Row<'_>, unified: Unified<'a>) -> Record<'a> {
        let borrowed = |value: &'a Cow<'_, str>| Cow::Borrowed(&**value);
        let server = self.server.and_then(|position| row.values.get(position)).filter(|server| !server.is_empty());
        Record {
            place: Place::Line(number),
            time,
            server: server.map(borrowed),
            source: LogSource::fixed("exchange", "", "oab-generator"),
            fields: Fields::Columns { names: self.log.columns(), values: row.values.iter().map(borrowed).collect(), line: "" },
            unified,
        }
    }
}
