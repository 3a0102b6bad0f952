//! A census of many servers: how many are hit, in which state, and how many were perhaps seen by nobody.
//!
//! A number alone misleads, so unit, days, way of seeing, rule of merging and assumptions stand beside every one.

mod picture;
mod text;
mod words;

use std::io::Write;

use afterpatch_census::{Estimate, Refusal};
use afterpatch_model::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::json;
use serde_json::ser::PrettyFormatter;

use crate::text::lines::Lines;
use crate::texts::Texts;
use crate::{Options, ReportError};

/// Name and version of the census in JSON. The number grows with every breaking change.
pub const CENSUS_SCHEMA: &str = "afterpatch.fleet-census/1";

/// A form of a census.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CensusFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// A picture (SVG).
    Picture,
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
        CensusFormat::Picture => picture::write(census, &Texts::new(options.language)?, out),
        CensusFormat::Text => text::Text { texts: &Texts::new(options.language)?, lines: Lines::new(out, options) }.write(census),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_census::{Lists, chapman};

    use super::*;
    use crate::Language;

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

    fn picture(census: &FleetCensus<'_>, language: Language) -> String {
        let mut out = Vec::new();
        write(census, CensusFormat::Picture, &Options { language, ..Options::default() }, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_picture_says_in_words_what_it_shows() {
        insta::assert_snapshot!("picture_en", picture(&census(), Language::English));
        let german = picture(&census(), Language::German);
        // A name from a list is foreign text.
        let mut hostile = census();
        hostile.unseen[1].lists[0].name = "</text><script>zz</script>\u{202e}".to_owned();
        hostile.lake = "<image href='x'/>";
        let hostile = picture(&hostile, Language::English);
        for picture in [&german, &hostile] {
            let mut reader = quick_xml::Reader::from_str(picture);
            loop {
                match reader.read_event().unwrap() {
                    quick_xml::events::Event::Eof => break,
                    quick_xml::events::Event::Start(start) => {
                        let known: [&[u8]; 6] = [b"svg", b"title", b"style", b"text", b"g", b"rect"];
                        assert!(known.contains(&start.name().as_ref()), "{start:?}");
                    }
                    _ => {}
                }
            }
        }
        assert!(!hostile.contains('\u{202e}') && hostile.contains("&lt;script&gt;"));
    }

    #[test]
    fn an_endless_interval_is_cut_and_bars_stay_in_the_picture() {
        let mut endless = census();
        let estimate = endless.unseen[0].estimates[0].told.as_mut().unwrap();
        estimate.interval.high = f64::INFINITY;
        let cut = picture(&endless, Language::English);
        assert!(cut.contains("H664.0m-6 -4l6 4l-6 4"), "{cut}");
        endless.exposure.clear();
        endless.compromise[0].servers = 0;
        assert!(picture(&endless, Language::English).contains("width=\"0.0\""));
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
