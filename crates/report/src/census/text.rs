//! A census for the terminal.

use super::{
    CensusCountry, CensusEstimate, CensusMethod, CensusQuiet, CensusState, CensusUniverse, CensusUnseen, FleetCensus, words,
};
use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::{Language, ReportError, clock};

/// A census in lines.
pub(super) struct Text<'t> {
    pub(super) texts: &'t Texts,
    pub(super) lines: Lines<'t>,
}

impl Text<'_> {
    pub(super) fn write(mut self, census: &FleetCensus<'_>) -> Result<(), ReportError> {
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
        for assumption in words::assumptions(texts) {
            self.lines.item("-", 2, Style::Plain, &assumption)?;
        }
        Ok(())
    }

    /// What was counted, and how.
    fn counted(&mut self, census: &FleetCensus<'_>) -> Result<(), ReportError> {
        let texts = self.texts;
        self.lines.paragraph(2, Style::Plain, &words::counted(texts, census))?;
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
        self.lines.paragraph(2, Style::Plain, &words::window(texts, census))
    }

    fn state(&mut self, prefix: &str, state: &CensusState) -> Result<(), ReportError> {
        let texts = self.texts;
        let word = words::state(texts, prefix, state);
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
        self.lines.heading(&words::universe(texts, unseen.universe))?;
        self.lines.paragraph(2, Style::Faint, &words::hit(texts, possible))?;
        self.lines.paragraph(2, Style::Faint, &words::merging(texts, unseen.merging))?;
        for list in &unseen.lists {
            let name = words::list(texts, &list.name);
            let servers = texts.count("census-servers", list.servers);
            let mut line = texts.with("census-list", &[("name", &name), ("servers", &servers)]);
            if list.nameless > 0 {
                line = format!("{line} ({})", texts.count("census-nameless", list.nameless));
            }
            self.lines.paragraph(2, Style::Plain, &line)?;
        }
        self.lines.paragraph(2, Style::Plain, &words::overlap(texts, unseen))?;
        for estimate in &unseen.estimates {
            self.estimate(estimate, unseen.universe)?;
        }
        Ok(())
    }

    fn estimate(&mut self, estimate: &CensusEstimate, universe: CensusUniverse) -> Result<(), ReportError> {
        let texts = self.texts;
        self.lines.paragraph(2, Style::Strong, &words::estimate(texts, estimate))?;
        match &estimate.told {
            Ok(told) => {
                if told.interval.high <= told.interval.low {
                    self.lines.paragraph(4, Style::Plain, &texts.get("census-no-width"))?;
                }
                if let CensusUniverse::Examined { servers } = universe
                    && told.interval.high > servers as f64
                {
                    self.lines.paragraph(4, Style::Plain, &texts.count("census-not-more", servers))?;
                }
                if estimate.method == CensusMethod::LogLinear {
                    let pairs = estimate
                        .pairs
                        .iter()
                        .map(|[one, other]| format!("{} + {}", words::list(texts, one), words::list(texts, other)));
                    let pairs = pairs.collect::<Vec<_>>().join(", ");
                    let key = if pairs.is_empty() { "census-no-pairs" } else { "census-pairs" };
                    self.lines.paragraph(4, Style::Plain, &texts.with(key, &[("pairs", &pairs)]))?;
                }
                Ok(())
            }
            Err(_) => Ok(()),
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
