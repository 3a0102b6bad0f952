//! A census of many servers: how many are hit, in which state, and how many were perhaps seen by nobody.
//!
//! A number alone misleads, so unit, days, way of seeing, rule of merging and assumptions stand beside every one.

use std::io::Write;

use afterpatch_census::{Estimate, LEAST_OVERLAP, Refusal};
use afterpatch_model::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::json;
use serde_json::ser::PrettyFormatter;

use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::{Language, Options, ReportError, clock};

/// Name and version of the census in JSON. The number grows with every breaking change.
pub const CENSUS_SCHEMA: &str = "afterpatch.fleet-census/1";

/// A form of a census.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CensusFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A census.
#[derive(Clone, Debug, Serialize)]
pub struct FleetCensus<'c> {
    /// The lake that was counted.
    pub lake: &'c str,
    /// When, UTC.
    pub taken: Timestamp,
    /// What happened before does not count, UTC.
    pub since: Option<Timestamp>,
    /// What happened later does not count, UTC.
    pub until: Option<Timestamp>,
    /// Whether an attack that got through counts as a break-in, also where no change was seen.
    pub possible: bool,
    /// Packages it rests on.
    pub packages: CensusPackages,
    /// Servers as packages name them, before merging.
    pub rows: u64,
    /// Servers, each once.
    pub servers: u64,
    /// Organisations that own them.
    pub organisations: u64,
    /// Servers of which no owner is known.
    pub of_nobody: u64,
    /// Rows whose server has no full public name.
    pub names_alone: u64,
    /// Can they get in.
    pub exposure: Vec<CensusState>,
    /// Did they get in.
    pub compromise: Vec<CensusState>,
    /// Are they still in.
    pub foothold: Vec<CensusState>,
    /// The same by country, as far as the inventory names countries.
    pub countries: Vec<CensusCountry>,
    /// Servers of which nothing was seen.
    pub quiet: CensusQuiet,
    /// Lists beside each other.
    pub unseen: Vec<CensusUnseen>,
}

/// Packages of a lake.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CensusPackages {
    /// That were read.
    pub done: u64,
    /// That could not be.
    pub failed: u64,
}

/// Those of one state.
#[derive(Clone, Debug, Serialize)]
pub struct CensusState {
    /// The state's word in machine output.
    pub state: String,
    /// Servers in it.
    pub servers: u64,
    /// Their organisations.
    pub organisations: u64,
    /// First thing that happened to one of them, UTC.
    pub first: Option<Timestamp>,
    /// The last, UTC.
    pub last: Option<Timestamp>,
}

/// One country. Sure and possible stand apart.
#[derive(Clone, Debug, Serialize)]
pub struct CensusCountry {
    /// As the inventory has it; `None` for servers of which it names none.
    pub country: Option<String>,
    /// Servers.
    pub servers: u64,
    /// Their organisations.
    pub organisations: u64,
    /// Servers with an open hole.
    pub open: u64,
    /// Servers that were broken into.
    pub compromised: u64,
    /// Servers to which an attack got through, and no change was seen.
    pub passed: u64,
    /// Servers on which a back door is, or nothing says that it has gone.
    pub foothold: u64,
}

/// Servers of which nothing was seen: no proof that nothing happened.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CensusQuiet {
    /// Enough was read of them to say so.
    pub enough: u64,
    /// Too little was.
    pub too_little: u64,
    /// How much of the days asked for their logs cover on average, 0 to 1. `None` without days.
    pub share_of_window: Option<f64>,
}

/// Lists beside each other, and what the methods say of those on none.
#[derive(Clone, Debug, Serialize)]
pub struct CensusUnseen {
    /// Whom the estimate is about.
    pub universe: CensusUniverse,
    /// When two names were taken for one server.
    pub merging: CensusMerging,
    /// The lists.
    pub lists: Vec<CensusList>,
    /// Servers on at least one.
    pub seen: u64,
    /// Servers on two or more.
    pub overlap: u64,
    /// What each method says.
    pub estimates: Vec<CensusEstimate>,
}

/// Whom an estimate is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CensusUniverse {
    /// Servers of the lake of which both logs and files were there to look at: how many of these did both miss?
    Examined {
        /// How many these are.
        servers: u64,
    },
    /// Everybody who could have been on the lists.
    All,
}

/// When two names are taken for one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CensusMerging {
    /// The same full name in a public domain; or the same other name in the same organisation.
    Strict,
    /// The same name, whatever it is.
    ByName,
}

/// One list.
#[derive(Clone, Debug, Serialize)]
pub struct CensusList {
    /// Its name (hostile text).
    pub name: String,
    /// Servers on it.
    pub servers: u64,
    /// Rows of it that name no server, and are left out.
    pub nameless: u64,
}

/// What a method says.
#[derive(Clone, Debug, Serialize)]
pub struct CensusEstimate {
    /// The method.
    pub method: CensusMethod,
    /// Pairs of lists that it is about (Chapman), or lets depend on each other (log-linear).
    pub pairs: Vec<[String; 2]>,
    /// How many there are, or why that is not told.
    #[serde(flatten, serialize_with = "told")]
    pub told: Result<Estimate, Refusal>,
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CensusMethod {
    /// Chapman, two lists.
    Chapman,
    /// Chao2, a lower bound.
    Chao2,
    /// Log-linear models with pairs, chosen by Akaike's criterion.
    LogLinear,
    /// Sample coverage of three lists.
    SampleCoverage,
}

fn told<S: Serializer>(told: &Result<Estimate, Refusal>, serializer: S) -> Result<S::Ok, S::Error> {
    match told {
        Ok(estimate) => json!({
            "all": estimate.all, "standard_error": estimate.error, "low": estimate.interval.low, "high": estimate.interval.high
        }),
        Err(refusal) => json!({ "refused": refusal.to_string() }),
    }
    .serialize(serializer)
}

/// Writes a census.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write(census: &FleetCensus<'_>, format: CensusFormat, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    match format {
        CensusFormat::Json => {
            #[derive(Serialize)]
            struct Versioned<'c> {
                schema: &'static str,
                #[serde(flatten)]
                census: &'c FleetCensus<'c>,
            }
            crate::json::write_value(&Versioned { schema: CENSUS_SCHEMA, census }, &mut *out, PrettyFormatter::new())?;
            Ok(writeln!(out)?)
        }
        CensusFormat::Text => Text { texts: &Texts::new(options.language)?, lines: Lines::new(out, options) }.write(census),
    }
}

struct Text<'t> {
    texts: &'t Texts,
    lines: Lines<'t>,
}

impl Text<'_> {
    fn write(mut self, census: &FleetCensus<'_>) -> Result<(), ReportError> {
        let texts = self.texts;
        let taken = clock::minute(census.taken);
        self.lines.paragraph(0, Style::Strong, &texts.with("census-head", &[("lake", census.lake), ("taken", &taken)]))?;
        self.counted(census)?;
        for (heading, prefix, states) in [
            ("census-exposure", "census-exposure", &census.exposure),
            ("census-compromise", "census-compromise", &census.compromise),
            ("census-foothold", "census-foothold", &census.foothold),
        ] {
            self.lines.heading(&texts.get(heading))?;
            for state in states {
                self.state(prefix, state)?;
            }
        }
        self.countries(&census.countries)?;
        self.quiet(&census.quiet)?;
        for unseen in &census.unseen {
            self.unseen(unseen, census.possible)?;
        }
        self.lines.heading(&texts.get("census-assumptions"))?;
        for assumption in ["closed", "dependent", "equal", "matched", "days"] {
            self.lines.item("-", 2, Style::Plain, &texts.get(&format!("census-assumption-{assumption}")))?;
        }
        Ok(())
    }

    /// What was counted, and how.
    fn counted(&mut self, census: &FleetCensus<'_>) -> Result<(), ReportError> {
        let texts = self.texts;
        let packages = texts.count("fleet-packages", census.packages.done);
        let servers = texts.count("census-servers", census.servers);
        let organisations = texts.count("census-organisations", census.organisations);
        let told = [("packages", &*packages), ("servers", &servers), ("organisations", &organisations)];
        self.lines.paragraph(2, Style::Plain, &texts.with("census-counted", &told))?;
        for (key, count) in [
            ("census-failed", census.packages.failed),
            ("census-merged", census.rows.saturating_sub(census.servers)),
            ("census-names-alone", census.names_alone),
            ("census-of-nobody", census.of_nobody),
        ] {
            if count > 0 {
                self.lines.paragraph(2, Style::Plain, &texts.count(key, count))?;
            }
        }
        let window = match (census.since, census.until) {
            (None, None) => texts.get("census-window-all"),
            (since, until) => {
                let open = || "…".to_owned();
                let (since, until) = (since.map_or_else(open, clock::minute), until.map_or_else(open, clock::minute));
                texts.with("census-window", &[("since", &since), ("until", &until)])
            }
        };
        self.lines.paragraph(2, Style::Plain, &window)
    }

    fn state(&mut self, prefix: &str, state: &CensusState) -> Result<(), ReportError> {
        let texts = self.texts;
        let key = format!("{prefix}-{}", state.state);
        let word = texts.find(&key).unwrap_or_else(|| state.state.clone());
        let servers = texts.count("census-servers", state.servers);
        let organisations = texts.count("census-organisations", state.organisations);
        let told = [("state", &*word), ("servers", &servers), ("organisations", &organisations)];
        let mut line = texts.with("census-state", &told);
        let span = clock::day_span(state.first, state.last);
        if !span.is_empty() {
            line = format!("{line} · {span}");
        }
        self.lines.paragraph(2, Style::Plain, &line)
    }

    fn countries(&mut self, countries: &[CensusCountry]) -> Result<(), ReportError> {
        if countries.iter().all(|country| country.country.is_none()) {
            return Ok(());
        }
        let texts = self.texts;
        self.lines.heading(&texts.get("census-countries"))?;
        for country in countries {
            let name = country.country.clone().unwrap_or_else(|| texts.get("census-country-unknown"));
            let servers = texts.count("census-servers", country.servers);
            let organisations = texts.count("census-organisations", country.organisations);
            let number = |count| texts.number(count);
            let (open, compromised) = (number(country.open), number(country.compromised));
            let (passed, foothold) = (number(country.passed), number(country.foothold));
            let values = [
                ("country", &*name),
                ("servers", &servers),
                ("organisations", &organisations),
                ("open", &open),
                ("compromised", &compromised),
                ("passed", &passed),
                ("foothold", &foothold),
            ];
            self.lines.paragraph(2, Style::Plain, &texts.with("census-country", &values))?;
        }
        Ok(())
    }

    fn quiet(&mut self, quiet: &CensusQuiet) -> Result<(), ReportError> {
        if quiet.enough + quiet.too_little == 0 {
            return Ok(());
        }
        let texts = self.texts;
        self.lines.heading(&texts.get("census-quiet"))?;
        self.lines.paragraph(2, Style::Plain, &texts.count("census-quiet-enough", quiet.enough))?;
        self.lines.paragraph(2, Style::Plain, &texts.count("census-quiet-too-little", quiet.too_little))?;
        if let Some(share) = quiet.share_of_window {
            let share = decimal(texts, share * 100.0, 0);
            self.lines.paragraph(2, Style::Plain, &texts.with("census-quiet-share", &[("share", &share)]))?;
        }
        Ok(())
    }

    fn unseen(&mut self, unseen: &CensusUnseen, possible: bool) -> Result<(), ReportError> {
        let texts = self.texts;
        let heading = match unseen.universe {
            CensusUniverse::Examined { servers } => texts.count("census-unseen-examined", servers),
            CensusUniverse::All => texts.get("census-unseen-all"),
        };
        self.lines.heading(&heading)?;
        self.lines.paragraph(2, Style::Faint, &texts.get(if possible { "census-hit-possible" } else { "census-hit-sure" }))?;
        let merging = match unseen.merging {
            CensusMerging::Strict => "census-merging-strict",
            CensusMerging::ByName => "census-merging-by-name",
        };
        self.lines.paragraph(2, Style::Faint, &texts.get(merging))?;
        for list in &unseen.lists {
            let name = self.list(&list.name);
            let servers = texts.count("census-servers", list.servers);
            let mut line = texts.with("census-list", &[("name", &name), ("servers", &servers)]);
            if list.nameless > 0 {
                line = format!("{line} ({})", texts.count("census-nameless", list.nameless));
            }
            self.lines.paragraph(2, Style::Plain, &line)?;
        }
        let seen = texts.count("census-servers", unseen.seen);
        let overlap = texts.count("census-servers", unseen.overlap);
        self.lines.paragraph(2, Style::Plain, &texts.with("census-overlap", &[("seen", &seen), ("overlap", &overlap)]))?;
        for estimate in &unseen.estimates {
            self.estimate(estimate, unseen.universe)?;
        }
        Ok(())
    }

    fn estimate(&mut self, estimate: &CensusEstimate, universe: CensusUniverse) -> Result<(), ReportError> {
        let texts = self.texts;
        let method = texts.word("census-method", estimate.method);
        match &estimate.told {
            Ok(told) => {
                let number = |value: f64| texts.number(value.round().max(0.0) as u64);
                let (all, low, high) = (number(told.all), number(told.interval.low), number(told.interval.high));
                let unseen = number(told.all - told.seen as f64);
                let values = [("method", &*method), ("all", &all), ("low", &low), ("high", &high), ("unseen", &unseen)];
                self.lines.paragraph(2, Style::Strong, &texts.with("census-estimate", &values))?;
                if told.interval.high <= told.interval.low {
                    self.lines.paragraph(4, Style::Plain, &texts.get("census-no-width"))?;
                }
                if let CensusUniverse::Examined { servers } = universe
                    && told.interval.high > servers as f64
                {
                    self.lines.paragraph(4, Style::Plain, &texts.count("census-not-more", servers))?;
                }
                if estimate.method == CensusMethod::LogLinear {
                    let pairs = estimate.pairs.iter().map(|[one, other]| format!("{} + {}", self.list(one), self.list(other)));
                    let pairs = pairs.collect::<Vec<_>>().join(", ");
                    let key = if pairs.is_empty() { "census-no-pairs" } else { "census-pairs" };
                    self.lines.paragraph(4, Style::Plain, &texts.with(key, &[("pairs", &pairs)]))?;
                }
                Ok(())
            }
            Err(refusal) => {
                let why = self.refusal(*refusal);
                self.lines.paragraph(2, Style::Strong, &texts.with("census-refused", &[("method", &method), ("why", &why)]))
            }
        }
    }

    fn refusal(&self, refusal: Refusal) -> String {
        let texts = self.texts;
        match refusal {
            Refusal::SmallOverlap { overlap } => {
                let (overlap, least) = (texts.number(overlap), texts.number(LEAST_OVERLAP));
                texts.with("census-refusal-overlap", &[("overlap", &overlap), ("least", &least)])
            }
            Refusal::EmptyList { .. } => texts.get("census-refusal-empty"),
            Refusal::FewLists { needed, .. } => texts.with("census-refusal-few", &[("needed", &needed.to_string())]),
            Refusal::ManyLists { most, .. } => texts.with("census-refusal-many", &[("most", &most.to_string())]),
            _ => texts.get("census-refusal-no-fit"),
        }
    }

    /// The name of a list; our own ones have a name in each language.
    fn list(&self, name: &str) -> String {
        match name {
            "logs" => self.texts.get("census-list-logs"),
            "files" => self.texts.get("census-list-files"),
            "lake" => self.texts.get("census-list-lake"),
            name => name.to_owned(),
        }
    }
}

/// A number with decimals as the language writes it.
fn decimal(texts: &Texts, value: f64, decimals: usize) -> String {
    let shown = format!("{value:.decimals$}");
    match texts.language() {
        Language::English => shown,
        Language::German => shown.replace('.', ","),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_census::{Lists, chapman};

    use super::*;

    fn census() -> FleetCensus<'static> {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut lists = Lists::new(2).unwrap();
        lists.add([0, 1], 60);
        lists.add([0], 140);
        lists.add([1], 90);
        let state = |state: &str, servers| CensusState {
            state: state.to_owned(),
            servers,
            organisations: 1,
            first: Some(at("2021-03-03T06:40:00Z")),
            last: Some(at("2021-03-09T06:40:00Z")),
        };
        FleetCensus {
            lake: "lake",
            taken: at("2021-03-14T12:00:00Z"),
            since: Some(at("2021-02-26T00:00:00Z")),
            until: None,
            possible: false,
            packages: CensusPackages { done: 1000, failed: 3 },
            rows: 1004,
            servers: 1000,
            organisations: 700,
            of_nobody: 5,
            names_alone: 6,
            exposure: vec![state("open", 400)],
            compromise: vec![state("compromised", 290)],
            foothold: vec![state("in_place", 200), state("of_the_future", 1)],
            countries: vec![
                CensusCountry {
                    country: Some("DE".to_owned()),
                    servers: 900,
                    organisations: 650,
                    open: 350,
                    compromised: 280,
                    passed: 7,
                    foothold: 190,
                },
                CensusCountry {
                    country: None,
                    servers: 100,
                    organisations: 50,
                    open: 50,
                    compromised: 10,
                    passed: 0,
                    foothold: 10,
                },
            ],
            quiet: CensusQuiet { enough: 300, too_little: 1, share_of_window: Some(0.31) },
            unseen: vec![
                CensusUnseen {
                    universe: CensusUniverse::Examined { servers: 550 },
                    merging: CensusMerging::Strict,
                    lists: ["logs", "files"].map(|name| CensusList { name: name.to_owned(), servers: 200, nameless: 0 }).to_vec(),
                    seen: 290,
                    overlap: 60,
                    estimates: vec![CensusEstimate {
                        method: CensusMethod::Chapman,
                        pairs: vec![["logs".to_owned(), "files".to_owned()]],
                        told: chapman(&lists, 0, 1),
                    }],
                },
                CensusUnseen {
                    universe: CensusUniverse::All,
                    merging: CensusMerging::ByName,
                    lists: vec![CensusList { name: "their \u{1b}[31mlist".to_owned(), servers: 3, nameless: 2 }],
                    seen: 3,
                    overlap: 0,
                    estimates: vec![CensusEstimate {
                        method: CensusMethod::LogLinear,
                        pairs: Vec::new(),
                        told: Err(Refusal::SmallOverlap { overlap: 3 }),
                    }],
                },
            ],
        }
    }

    fn text(language: Language) -> String {
        let mut out = Vec::new();
        write(&census(), CensusFormat::Text, &Options { language, width: 100, color: false }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_number_has_its_unit_its_days_and_its_assumptions_in_both_languages() {
        insta::assert_snapshot!("census_en", text(Language::English));
        insta::assert_snapshot!("census_de", text(Language::German));
    }

    #[test]
    fn machines_get_the_same_numbers_and_refusals() {
        let mut out = Vec::new();
        write(&census(), CensusFormat::Json, &Options::default(), &mut out).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["schema"], CENSUS_SCHEMA);
        assert_eq!(value["unseen"][0]["universe"]["examined"]["servers"], 550);
        assert!((value["unseen"][0]["estimates"][0]["all"].as_f64().unwrap() - 496.6).abs() < 0.1);
        assert!(value["unseen"][1]["estimates"][0]["refused"].as_str().unwrap().contains("only 3"));
    }
}
