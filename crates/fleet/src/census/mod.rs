//! `afterpatch-fleet census`: how many servers and organisations are hit, in which state, and how many were perhaps seen by nobody.
//!
//! | module | what |
//! |---|---|
//! | `server` | rows of the lake that speak of one server, as one |
//! | `units` | which rows and entries of lists speak of one server |
//! | `list` | a list of victims that somebody else made |
//! | `ways` | by which way a server was seen: logs or files |
//! | `unseen` | the lists beside each other, and what the methods say |

mod list;
mod server;
mod units;
mod unseen;
mod ways;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write, stdout};

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use afterpatch_report::{CensusCountry, CensusFormat, CensusMerging, CensusPackages, CensusQuiet, CensusState, FleetCensus};
use anyhow::Context;
use serde::Deserialize;

use crate::arguments::CensusArguments;
use crate::ask::ask;
use crate::exit::Exit;
use crate::identity::is_public;
use crate::inventory::Inventory;
use crate::lake::Lake;
use crate::tables::{State, slug};
use crate::{output, read};

pub use list::Named;

use list::List;
use server::{Row, Server};
use ways::Seen;

/// The days that are asked for. Both ends are included.
#[derive(Clone, Copy, Debug, Default)]
struct Window {
    since: Option<Timestamp>,
    until: Option<Timestamp>,
}

impl Window {
    /// Whether something that lasted so long touches it. What has no time is taken to.
    fn holds(self, first: Option<Timestamp>, last: Option<Timestamp>) -> bool {
        let ended_before = self.since.zip(last.or(first)).is_some_and(|(since, last)| last < since);
        let began_after = self.until.zip(first.or(last)).is_some_and(|(until, first)| first > until);
        !ended_before && !began_after
    }

    /// Which share of it lies between two times.
    fn share(self, first: Option<Timestamp>, last: Option<Timestamp>) -> Option<f64> {
        let (since, until) = self.since.zip(self.until)?;
        let length = since.duration_until(until).as_secs_f64();
        let covered =
            first.zip(last).map_or(0.0, |(first, last)| first.max(since).duration_until(last.min(until)).as_secs_f64().max(0.0));
        (length > 0.0).then(|| covered / length)
    }
}

/// Counts, and writes what was counted.
pub async fn run(arguments: &CensusArguments) -> anyhow::Result<Exit> {
    let lists = arguments.lists.iter().map(List::read).collect::<anyhow::Result<Vec<_>>>()?;
    let inventory = arguments.inventory.as_deref().map(Inventory::read).transpose()?.unwrap_or_default();
    let lake = Lake::open(&arguments.lake).await?;
    let context = read::session(&lake, &lake.told(None).await?)?;
    let packages = packages(&context).await?;
    let rows: Vec<Row> = ask(&context, server::ROWS).await?;
    let window = Window { since: arguments.since, until: arguments.until };
    let seen = Seen::of(&context, window, arguments.possible).await?;

    let strict = units::units(&rows, &lists, &inventory, CensusMerging::Strict);
    let servers = server::merged(&rows, &strict.of_rows, &inventory, window);
    let mut unseen = unseen::told(&rows, &lists, &seen, &strict, CensusMerging::Strict);
    let by_name = units::units(&rows, &lists, &inventory, CensusMerging::ByName);
    if by_name != strict {
        unseen.extend(unseen::told(&rows, &lists, &seen, &by_name, CensusMerging::ByName));
    }
    let census = FleetCensus {
        lake: &arguments.lake,
        taken: arguments.now.unwrap_or_else(Timestamp::now),
        since: arguments.since,
        until: arguments.until,
        possible: arguments.possible,
        packages,
        rows: rows.len() as u64,
        servers: servers.len() as u64,
        organisations: organisations(servers.iter()),
        of_nobody: servers.iter().filter(|server| server.organisation.is_none()).count() as u64,
        names_alone: rows.iter().filter(|row| !is_public(&row.server)).count() as u64,
        exposure: states(&servers, |server| slug(server.judged.exposure), |_| (None, None)),
        compromise: states(&servers, |server| slug(server.judged.compromise), |server| (server.first, server.last)),
        foothold: states(&servers, |server| slug(server.judged.foothold), |server| (server.first, server.last)),
        countries: countries(&servers),
        quiet: quiet(&servers, window),
        unseen,
    };
    let named = arguments.output.as_deref();
    let ending = named.and_then(|path| path.extension()).map(|ending| ending.to_string_lossy().to_lowercase());
    let format = arguments.format.unwrap_or(match ending.as_deref() {
        Some("json") => CensusFormat::Json,
        Some("svg") => CensusFormat::Picture,
        _ => CensusFormat::Text,
    });
    let out: Box<dyn Write> = match named {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(stdout().lock()),
    };
    let mut out = BufWriter::new(out);
    let mut options = output::options(&arguments.shown);
    options.color &= named.is_none();
    afterpatch_report::write_census(&census, format, &options, &mut out)?;
    out.flush()?;
    Ok(Exit::Done)
}

#[derive(Deserialize)]
struct PackageCount {
    state: State,
    packages: u64,
}

async fn packages(context: &datafusion::prelude::SessionContext) -> anyhow::Result<CensusPackages> {
    let counted: Vec<PackageCount> = ask(context, "SELECT state, count(*) AS packages FROM packages GROUP BY state").await?;
    let of = |state| counted.iter().filter(|row| row.state == state).map(|row| row.packages).sum();
    Ok(CensusPackages { done: of(State::Done), failed: of(State::Failed) })
}

fn organisations<'s>(servers: impl Iterator<Item = &'s Server>) -> u64 {
    servers.filter_map(|server| server.organisation.as_deref()).collect::<BTreeSet<_>>().len() as u64
}

/// Servers and organisations of each state, in the order of the states' words.
fn states(
    servers: &[Server],
    state: impl Fn(&Server) -> String,
    times: impl Fn(&Server) -> (Option<Timestamp>, Option<Timestamp>),
) -> Vec<CensusState> {
    let mut of_state = BTreeMap::<String, Vec<&Server>>::new();
    for server in servers {
        of_state.entry(state(server)).or_default().push(server);
    }
    let count = |(state, servers): (String, Vec<&Server>)| CensusState {
        state,
        servers: servers.len() as u64,
        organisations: organisations(servers.iter().copied()),
        first: servers.iter().filter_map(|server| times(server).0).min(),
        last: servers.iter().filter_map(|server| times(server).1).max(),
    };
    of_state.into_iter().map(count).collect()
}

/// Servers by country; those of which none is known last.
fn countries(servers: &[Server]) -> Vec<CensusCountry> {
    let mut of_country = BTreeMap::<_, Vec<&Server>>::new();
    for server in servers {
        of_country.entry((server.country.is_none(), server.country.as_deref())).or_default().push(server);
    }
    let count = |servers: &[&Server], counts: fn(&Server) -> bool| servers.iter().filter(|server| counts(server)).count() as u64;
    let counted = of_country.into_iter().map(|((_, country), servers)| CensusCountry {
        country: country.map(str::to_owned),
        servers: servers.len() as u64,
        organisations: organisations(servers.iter().copied()),
        open: count(&servers, |server| server.judged.exposure == ExposureAnswer::Open),
        compromised: count(&servers, |server| server.judged.compromise == CompromiseAnswer::Compromised),
        passed: count(&servers, |server| server.judged.compromise == CompromiseAnswer::Passed),
        foothold: count(&servers, |server| {
            matches!(server.judged.foothold, FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix)
        }),
    });
    counted.collect()
}

/// Those of whom nothing was seen, by how much was there to see it in.
fn quiet(servers: &[Server], window: Window) -> CensusQuiet {
    let quiet = servers.iter().filter(|server| server.is_quiet()).collect::<Vec<_>>();
    let shares = quiet.iter().filter_map(|server| window.share(server.coverage_first, server.coverage_last)).collect::<Vec<_>>();
    CensusQuiet {
        enough: quiet.iter().filter(|server| server.coverage_sufficient).count() as u64,
        too_little: quiet.iter().filter(|server| !server.coverage_sufficient).count() as u64,
        share_of_window: (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64),
    }
}

/// Package and name: how a table names a server.
type Key = (String, String);

/// Which rows of `servers` have which number.
fn numbers(rows: &[Row]) -> HashMap<(&str, &str), usize> {
    rows.iter().enumerate().map(|(number, row)| ((row.package.as_str(), row.server.as_str()), number)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_window_holds_what_touches_it_and_what_has_no_time() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let (early, first, last, late) =
            (at("2021-02-01T00:00:00Z"), at("2021-03-01T00:00:00Z"), at("2021-03-05T00:00:00Z"), at("2021-04-01T00:00:00Z"));
        let window = Window { since: first, until: last };
        for (begun, ended, held) in [
            (early, early, false),
            (early, first, true),
            (early, late, true),
            (last, late, true),
            (late, late, false),
            (early, None, false),
            (None, late, false),
            (None, None, true),
        ] {
            assert_eq!(window.holds(begun, ended), held, "{begun:?} {ended:?}");
            assert!(Window::default().holds(begun, ended));
        }
        assert_eq!(window.share(early, late), Some(1.0));
        assert_eq!(window.share(at("2021-03-03T00:00:00Z"), late), Some(0.5));
        assert_eq!(window.share(None, None), Some(0.0));
        assert_eq!(window.share(late, late), Some(0.0));
        assert_eq!(Window { since: first, until: None }.share(early, late), None);
    }
}
