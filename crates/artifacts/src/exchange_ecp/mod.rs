//! Exchange control panel server logs (`Logging\ECP\Server\ECPServerYYYYMMDD-N.LOG`).
//!
//! Facts (seen in a real file of 2016 CU22 and in published lines of the 2021 attacks):
//! - `#Log-type: ECP Server Log`; columns and data as `ecp_event` says.
//! - `CMD` of an `ECP.Request` is the pipeline of cmdlets it ran.
//! - A virtual directory that was given a script shows it here whole: values may hold any character.

mod pipeline;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Cmdlet, LogSource, Unified};

use crate::delimited::ExchangeLog;
use crate::ecp_event::{self, Pair};
use crate::exchange_table::{self, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

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
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_ecp(head: &[u8]) -> bool {
    begins_as(head, "ECP Server Log", &[])
}

/// The names that Exchange gives these logs.
pub(crate) fn is_ecp_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("ecpserver") && name.ends_with(".log")
}

#[derive(Default)]
struct Columns(ecp_event::Columns);

impl Layout for Columns {
    const TIME: &'static [&'static str] = ecp_event::TIME_COLUMNS;
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "ecp-server");

    fn of(log: &ExchangeLog) -> Self {
        Self(ecp_event::Columns::of(log))
    }

    fn least(&self) -> Option<usize> {
        self.0.least()
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        self.0.told(cells, |event, pairs| if event.eq_ignore_ascii_case("ECP.Request") { cmdlet(pairs) } else { Unified::Other })
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
