//! A census as a picture (SVG), to be put into a situation report.
//!
//! Whatever the picture shows it also says in words, and days, unit, rule of merging and assumptions stand in it: pictures are
//! passed on without the text around them.

use std::io::Write;

use askama::Template;

use super::{CensusState, CensusUnseen, FleetCensus, words};
use crate::texts::Texts;
use crate::{ReportError, clock};

/// Everything in the units of the picture.
const WIDTH: f64 = 820.0;
const MARGIN: f64 = 24.0;
/// Where bars begin, and how long the longest is; its number stands behind it.
const BAR: f64 = 24.0;
const LONGEST: f64 = 640.0;
const LINE: f64 = 18.0;
const ROW: f64 = 36.0;
const GAP: f64 = 20.0;
/// Letters in a line: the widest of usual fonts still fits.
const LETTERS: usize = 112;
/// An interval may be endless; beyond so many times the estimate it is cut, and its number says how far it goes.
const FURTHEST: f64 = 4.0;

/// States that call for action, and those that may.
const ALARMS: [&str; 4] = ["open", "compromised", "in_place", "used_after_fix"];
const WARNINGS: [&str; 4] = ["possibly_open", "mitigated", "passed", "removed"];

pub(super) fn write(census: &FleetCensus<'_>, texts: &Texts, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut page = Page { y: MARGIN, parts: Vec::new() };
    let title = texts.with("census-head", &[("lake", census.lake), ("taken", &clock::minute(census.taken))]);
    page.lines("title", &title);
    page.lines("plain", &words::counted(texts, census));
    page.lines("faint", &words::window(texts, census));
    for (prefix, states) in
        [("census-exposure", &census.exposure), ("census-compromise", &census.compromise), ("census-foothold", &census.foothold)]
    {
        page.states(texts, prefix, states, census.servers);
    }
    for unseen in &census.unseen {
        page.unseen(texts, unseen, census.possible);
    }
    page.heading(&texts.get("census-assumptions"));
    for assumption in words::assumptions(texts) {
        page.lines("faint", &format!("– {assumption}"));
    }
    let language = texts.language().tag();
    let picture = Picture { language, width: WIDTH, height: page.y + MARGIN, title, parts: page.parts };
    let mut buffered = std::io::BufWriter::new(out);
    picture.write_into(&mut buffered)?;
    Ok(buffered.flush()?)
}

#[derive(Template)]
#[template(path = "picture.svg")]
struct Picture {
    language: &'static str,
    width: f64,
    height: f64,
    title: String,
    parts: Vec<Part>,
}

/// One thing in the picture; `y` is its middle, of texts the base line.
enum Part {
    Text {
        class: &'static str,
        x: f64,
        y: f64,
        text: String,
    },
    Bar {
        class: &'static str,
        x: f64,
        y: f64,
        length: f64,
    },
    /// An interval with its estimate.
    Whisker {
        y: f64,
        low: f64,
        high: f64,
        middle: f64,
        goes_on: bool,
    },
}

/// The picture from the top down.
struct Page {
    y: f64,
    parts: Vec<Part>,
}

impl Page {
    /// A text, broken into as many lines as it needs.
    fn lines(&mut self, class: &'static str, text: &str) {
        let mut line = String::new();
        let mut letters = 0;
        for word in text.split_whitespace() {
            let more = word.chars().count();
            if letters > 0 && letters + 1 + more > LETTERS {
                self.line(class, std::mem::take(&mut line));
                letters = 0;
            }
            if letters > 0 {
                line.push(' ');
            }
            line.push_str(word);
            letters += 1 + more;
        }
        self.line(class, line);
    }

    fn line(&mut self, class: &'static str, text: String) {
        self.y += LINE;
        self.parts.push(Part::Text { class, x: MARGIN, y: self.y, text });
    }

    fn heading(&mut self, text: &str) {
        self.y += GAP;
        self.lines("heading", text);
    }

    /// A bar for each state; the longest would be all servers.
    fn states(&mut self, texts: &Texts, prefix: &str, states: &[CensusState], servers: u64) {
        self.heading(&texts.get(prefix));
        let most = servers.max(1) as f64;
        for state in states {
            let class = match &*state.state {
                word if ALARMS.contains(&word) => "alarm",
                word if WARNINGS.contains(&word) => "warning",
                _ => "quiet",
            };
            let servers = texts.count("census-servers", state.servers);
            let organisations = texts.count("census-organisations", state.organisations);
            let word = words::state(texts, prefix, state);
            let told = [("state", &*word), ("servers", &servers), ("organisations", &organisations)];
            self.lines("plain", &texts.with("census-state", &told));
            let length = (state.servers as f64 / most).min(1.0) * LONGEST;
            self.parts.push(Part::Bar { class, x: BAR, y: self.y + LINE / 2.0, length });
            self.y += ROW - LINE;
        }
    }

    /// Those on the lists as a bar, and behind it what each method says of all.
    fn unseen(&mut self, texts: &Texts, unseen: &CensusUnseen, possible: bool) {
        self.heading(&words::universe(texts, unseen.universe));
        self.lines("faint", &words::hit(texts, possible));
        self.lines("faint", &words::merging(texts, unseen.merging));
        for list in &unseen.lists {
            let servers = texts.count("census-servers", list.servers);
            let told = [("name", &*words::list(texts, &list.name)), ("servers", &servers)];
            self.lines("faint", &texts.with("census-list", &told));
        }
        self.lines("plain", &words::overlap(texts, unseen));
        let told = || unseen.estimates.iter().filter_map(|estimate| estimate.told.as_ref().ok());
        let widest = told().map(|told| told.interval.high.min(told.all * FURTHEST)).fold(unseen.seen as f64, f64::max).max(1.0);
        let at = |number: f64| BAR + (number / widest).clamp(0.0, 1.0) * LONGEST;
        self.parts.push(Part::Bar { class: "seen", x: BAR, y: self.y + LINE / 2.0, length: at(unseen.seen as f64) - BAR });
        self.y += ROW - LINE;
        for estimate in &unseen.estimates {
            self.lines("plain", &words::estimate(texts, estimate));
            let Ok(told) = &estimate.told else { continue };
            let (low, high, middle) = (at(told.interval.low), at(told.interval.high), at(told.all));
            self.parts.push(Part::Whisker { y: self.y + LINE / 2.0, low, high, middle, goes_on: told.interval.high > widest });
            self.y += ROW - LINE;
        }
    }
}

/// Filters of the template.
mod filters {
    /// A coordinate with one decimal: the same bytes on every machine.
    #[askama::filter_fn]
    pub(super) fn coordinate(value: &f64, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(format!("{value:.1}"))
    }
}
