//! The rows of the control panel's two logs: `TimeStamp,ServerName,EventId,EventData`, the data a bag of typed values.
//!
//! `#Version` is the constant `15.0.0.0` and no build; the build is `BLD` inside the data.

mod bag;
#[cfg(test)]
mod tests;

use afterpatch_model::{Fields, Unified};

use crate::delimited::ExchangeLog;
use crate::exchange_table::{Cells, Told};
pub(crate) use bag::Pair;

/// `MyTimeStamp` was seen in a log of 2013.
pub(crate) const TIME_COLUMNS: &[&str] = &["TimeStamp", "MyTimeStamp"];

/// Which column of the rows at hand holds what.
#[derive(Default)]
pub(crate) struct Columns {
    server: Option<usize>,
    event: Option<usize>,
    data: Option<usize>,
}

impl Columns {
    /// The columns of the list that was met last.
    pub(crate) fn of(log: &ExchangeLog) -> Self {
        Self { server: log.position("ServerName"), event: log.position("EventId"), data: log.position("EventData") }
    }

    /// The column without which a row tells nothing.
    pub(crate) fn least(&self) -> Option<usize> {
        self.data
    }

    /// What a row says; `unified` tells the meaning of an event (its `EventId`) from its data.
    pub(crate) fn told<'a>(&self, cells: Cells<'a>, unified: impl Fn(&str, &[Pair<'a>]) -> Unified<'a>) -> Told<'a> {
        let event = cells.text(self.event);
        let (pairs, whole) = bag::parse(cells.text(self.data));
        let build = pairs.iter().find(|(key, value)| key.eq_ignore_ascii_case("BLD") && !value.is_empty()).cloned();
        let unified = unified(event, &pairs);
        let mut fields = vec![("ServerName".into(), cells.value(self.server)), ("EventId".into(), event.into())];
        fields.extend(pairs);
        Told { server: cells.value(self.server), build, unified, fields: Fields::Pairs(fields), whole }
    }
}
