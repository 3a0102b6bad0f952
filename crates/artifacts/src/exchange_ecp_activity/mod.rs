//! Exchange control panel activity logs (`Logging\ECP\Activity\ECPActivity_<pid>_YYYYMMDD-N.LOG`).
//!
//! Facts (seen in real files of 2013 and of 2016 CU22):
//! - `#Log-type: ECP Activity Context Log`; columns and data as `ecp_event` says, the time column `MyTimeStamp` on 2013.
//! - `EventId` is `Request` or `GlobalActivity`. A request has `URL` with scheme, host and the back end's port
//!   (`https://localhost:444/ecp/…`) and, when somebody is logged on, `PSA`: who. An anonymised `PSA` stands in
//!   `<PII>…</PII>`, which is taken off.
//! - Rows are written when their activity ends, so they are not in the order of their times.
//! - No method, status or client: a row says that a page was called and by whom, no more. So it has no unified record.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Fields, LogSource, Unified};

use crate::delimited::ExchangeLog;
use crate::ecp_event;
use crate::exchange_table::{self, Cells, Layout, Told, begins_as};
use crate::{Format, Input, Sink};

/// The format of control panel activity logs.
pub struct ExchangeEcpActivity;

impl Format for ExchangeEcpActivity {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeEcpActivity
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_ecp_activity(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        exchange_table::read::<Columns>(input, sink);
    }
}

fn is_ecp_activity(head: &[u8]) -> bool {
    begins_as(head, "ECP Activity Context Log", &[])
}

#[derive(Default)]
struct Columns(ecp_event::Columns);

impl Layout for Columns {
    const TIME: &'static [&'static str] = ecp_event::TIME_COLUMNS;
    const SOURCE: LogSource<'static> = LogSource::fixed("exchange", "", "ecp-activity");

    fn of(log: &ExchangeLog) -> Self {
        Self(ecp_event::Columns::of(log))
    }

    fn least(&self) -> Option<usize> {
        self.0.least()
    }

    fn told<'a>(&self, cells: Cells<'a>) -> Told<'a> {
        let mut told = self.0.told(cells, |_, _| Unified::Other);
        if let Fields::Pairs(pairs) = &mut told.fields {
            for (_, user) in pairs.iter_mut().filter(|(key, _)| key.eq_ignore_ascii_case("PSA")) {
                *user = bare(user);
            }
        }
        told
    }
}

fn bare<'a>(user: &Cow<'a, str>) -> Cow<'a, str> {
    let inner = |text: &str| text.strip_prefix("<PII>").and_then(|text| text.strip_suffix("</PII>")).map(str::to_owned);
    inner(user).map_or_else(|| user.clone(), Cow::Owned)
}
