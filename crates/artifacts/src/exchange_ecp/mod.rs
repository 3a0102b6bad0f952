//! Exchange control panel server logs (`Logging\ECP\Server\ECPServerYYYYMMDD-N.LOG`).
//!
//! Facts (seen in a real file of 2016 CU22 and in published lines of the 2021 attacks):
//! - `#Log-type: ECP Server Log`; columns `TimeStamp,ServerName,EventId,EventData` (`MyTimeStamp` in the sibling log of 2013).
//! - `#Version` is the constant `15.0.0.0` and no build; the build is `BLD` inside the data of each request.
//! - The data of an event is a bag of typed values (see `bag`); `CMD` of an `ECP.Request` is the pipeline of cmdlets it ran.
//! - A virtual directory that was given a script shows it here whole: values may hold any character.

mod bag;
mod pipeline;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Cmdlet, Fields, GapKind, LogSource, Place, Record, Timestamp, Unified};

use crate::delimited::{Entry, ExchangeLog, Row, build_record, log_type, timestamp};
use crate::lines::read_lines;
use crate::{Flow, Format, Input, Sink};
use bag::Pair;

/// The format of control panel server logs.
pub struct ExchangeEcp;

impl Format for ExchangeEcp {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeEcp
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_ecp(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::new();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    }
}

fn is_ecp(head: &[u8]) -> bool {
    log_type(head).is_some_and(|log_type| log_type.eq_ignore_ascii_case("ECP Server Log"))
}

/// The names that Exchange gives these logs.
pub(crate) fn is_ecp_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("ecpserver") && name.ends_with(".log")
}

const TIME_COLUMNS: &[&str] = &["TimeStamp", "MyTimeStamp"];

struct Reader {
    log: ExchangeLog,
    layout: Layout,
    /// The last `BLD` that was handed on.
    build: String,
}

impl Reader {
    fn new() -> Self {
        Self { log: ExchangeLog::new(TIME_COLUMNS), layout: Layout::default(), build: String::new() }
    }

    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        match self.log.line(text) {
            Entry::Version(_) | Entry::Date(_) | Entry::Head => Flow::Continue,
            Entry::Columns => {
                self.layout = Layout::of(&self.log);
                Flow::Continue
            }
            Entry::DamagedColumns => {
                sink.gap(GapKind::Malformed, Place::Line(number), "a list of columns without TimeStamp was not taken over");
                Flow::Continue
            }
            Entry::Row(row) => self.row(number, &row, sink),
        }
    }

    fn row(&mut self, number: u64, row: &Row<'_>, sink: &mut dyn Sink) -> Flow {
        let value = |position: Option<usize>| position.and_then(|position| row.values.get(position)).map_or("", |value| &**value);
        let time = timestamp(value(self.layout.time));
        let (pairs, whole) = bag::parse(value(self.layout.data));
        if time.is_none() || !row.sound || !whole {
            sink.gap(
                GapKind::Malformed,
                Place::Line(number),
                "a row without columns, time or closing quote, or with more or fewer values than columns",
            );
            // A row that was cut short may still hold the command.
            if time.is_none() || pairs.is_empty() {
                return Flow::Continue;
            }
        }
        if self.new_build(number, time, &pairs, sink) == Flow::Stop {
            return Flow::Stop;
        }
        sink.record(&record(number, time, value(self.layout.server), value(self.layout.event), pairs))
    }

    /// Hands on the build that the row names, when it is not the one of the row before.
    fn new_build(&mut self, number: u64, time: Option<Timestamp>, pairs: &[Pair<'_>], sink: &mut dyn Sink) -> Flow {
        let build = get(pairs, "BLD");
        if build.is_empty() || build == self.build {
            return Flow::Continue;
        }
        let Some(record) = build_record(Place::Line(number), time, "BLD", build) else { return Flow::Continue };
        let flow = sink.record(&record);
        self.build = build.to_owned();
        flow
    }
}

fn get<'p>(pairs: &'p [Pair<'_>], key: &str) -> &'p str {
    pairs.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map_or("", |(_, value)| value)
}

fn record<'a>(number: u64, time: Option<Timestamp>, server: &'a str, event: &'a str, pairs: Vec<Pair<'a>>) -> Record<'a> {
    let unified = if event.eq_ignore_ascii_case("ECP.Request") { cmdlet(&pairs) } else { Unified::Other };
    let mut fields = vec![("ServerName".into(), server.into()), ("EventId".into(), event.into())];
    fields.extend(pairs);
    Record {
        place: Place::Line(number),
        time,
        server: (!server.is_empty()).then_some(Cow::Borrowed(server)),
        source: LogSource::fixed("exchange", "", "ecp-server"),
        fields: Fields::Pairs(fields),
        unified,
    }
}

/// One record a row, whatever the length of its pipeline: the row is one act of the person who sent the request.
fn cmdlet<'a>(pairs: &[Pair<'a>]) -> Unified<'a> {
    let value = |key: &str| {
        pairs.iter().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let command = value("CMD");
    let Some(name) = pipeline::decisive_cmdlet(&command).map(str::to_owned) else { return Unified::Other };
    let exception = value("EX");
    Unified::Cmdlet(Cmdlet {
        name: name.into(),
        parameters: command,
        user: Cow::Borrowed(""),
        host: Cow::Borrowed(""),
        url: value("URL"),
        client: Cow::Borrowed(""),
        // An exception says failure; its absence does not say success.
        succeeded: (!matches!(&*exception, "" | "<null>")).then_some(false),
    })
}

/// Which column of the rows at hand holds what.
#[derive(Default)]
struct Layout {
    time: Option<usize>,
    server: Option<usize>,
    event: Option<usize>,
    data: Option<usize>,
}

impl Layout {
    fn of(log: &ExchangeLog) -> Self {
        Self {
            time: TIME_COLUMNS.iter().find_map(|name| log.position(name)),
            server: log.position("ServerName"),
            event: log.position("EventId"),
            data: log.position("EventData"),
        }
    }
}
