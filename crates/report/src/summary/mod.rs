//! An incident in plain words, to paste into a mail or the form of an authority: in the order in which such forms ask (BSI, CISA,
//! NIS 2), with what only the people there know left open in brackets, and with what is not sure told apart from what is.
//!
//! Always of one width and without colour: it is pasted.

mod defang;

use std::io::Write;

use afterpatch_model::{Confidence, Grade, Incident, Report, ServerReport, Timestamp};

use self::defang::defanged;
use crate::text::lines::{Lines, Style};
use crate::trade::indicators::{Indicator, Sought, indicators};
use crate::words::{coverage, extent, story, verdict};
use crate::{Options, ReportError, clock, texts::Texts};

/// Mail programs break longer lines.
const WIDTH: usize = 78;
/// Indicators of one sort beyond these are counted; the machine formats have all.
const MOST_INDICATORS: usize = 40;

/// Writes the summary.
pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, &Options { color: false, width: WIDTH, ..*options });
    Summary { report, texts: &texts, lines: &mut lines }.write()
}

struct Summary<'s, 'o> {
    report: &'s Report,
    texts: &'s Texts,
    lines: &'s mut Lines<'o>,
}

impl Summary<'_, '_> {
    fn write(&mut self) -> Result<(), ReportError> {
        self.head()?;
        self.who()?;
        self.in_short()?;
        self.systems()?;
        self.when()?;
        self.sure()?;
        self.not_sure()?;
        self.taken()?;
        self.holes()?;
        self.indicators()?;
        self.measures()
    }

    fn plain(&mut self, text: &str) -> Result<(), ReportError> {
        self.lines.paragraph(2, Style::Plain, text)
    }

    fn item(&mut self, text: &str) -> Result<(), ReportError> {
        self.lines.item("-", 2, Style::Plain, text)
    }

    fn section(&mut self, key: &str) -> Result<(), ReportError> {
        self.lines.heading(&self.texts.get(key))
    }

    /// `NAME: text` where the report speaks of several servers.
    fn of(&self, server: &ServerReport, text: &str) -> String {
        if self.report.servers.len() > 1 { format!("{}: {text}", server.name) } else { text.to_owned() }
    }

    fn head(&mut self) -> Result<(), ReportError> {
        let (report, texts) = (self.report, self.texts);
        self.lines.title(&texts.get("summary-title"))?;
        let (time, tool) = (clock::minute(report.generated), &report.tool);
        let made = texts.with("report-of", &[("time", &time), ("tool", &tool.name), ("version", &tool.version)]);
        self.lines.paragraph(0, Style::Plain, &format!("{made}. {}", texts.get("report-all-times")))?;
        self.lines.paragraph(0, Style::Plain, &texts.get("summary-fill-in"))?;
        if report.interrupted {
            self.lines.paragraph(0, Style::Plain, &texts.get("report-interrupted"))?;
        }
        Ok(())
    }

    fn who(&mut self) -> Result<(), ReportError> {
        self.section("summary-who")?;
        for key in ["summary-who-organisation", "summary-who-contact", "summary-who-noticed", "summary-who-told"] {
            let text = self.texts.get(key);
            self.plain(&text)?;
        }
        Ok(())
    }

    fn in_short(&mut self) -> Result<(), ReportError> {
        self.section("summary-short")?;
        if self.report.servers.is_empty() {
            let text = self.texts.get("report-no-server");
            return self.plain(&text);
        }
        for server in &self.report.servers {
            let headline = verdict::headline(self.texts, &server.verdict).1;
            self.item(&self.of(server, &headline))?;
            for answer in verdict::answers(self.texts, self.report, server) {
                self.lines.paragraph(4, Style::Plain, &format!("{} {}", answer.question, answer.words))?;
            }
        }
        Ok(())
    }

    fn systems(&mut self) -> Result<(), ReportError> {
        self.section("summary-systems")?;
        for server in &self.report.servers {
            let mut parts = vec![server.name.clone()];
            if !server.aliases.is_empty() {
                parts.push(self.texts.with("report-also-known-as", &[("names", &server.aliases.join(", "))]));
            }
            if let Some(period) = server.builds.last() {
                let product = period.build.product().map(|product| format!("Exchange {}, ", product.name())).unwrap_or_default();
                parts.push(format!("{product}{}", period.build));
            }
            self.item(&parts.join("; "))?;
        }
        let text = self.texts.get("summary-systems-more");
        self.plain(&text)
    }

    fn when(&mut self) -> Result<(), ReportError> {
        self.section("summary-when")?;
        for server in &self.report.servers {
            let first = server.incidents.iter().filter_map(|incident| incident.first).min();
            let last = server.incidents.iter().filter_map(|incident| incident.last).max();
            let signs = match (first, last) {
                (Some(first), Some(last)) => {
                    self.texts.with("basis-signs", &[("first", &clock::full(first)), ("last", &clock::full(last))])
                }
                _ => self.texts.get("summary-when-none"),
            };
            self.item(&self.of(server, &signs))?;
            for line in extent::open_time(self.texts, &server.windows) {
                self.item(&self.of(server, &line))?;
            }
        }
        let text = self.texts.get("summary-when-ongoing");
        self.plain(&text)
    }

    fn sure(&mut self) -> Result<(), ReportError> {
        self.section("summary-sure")?;
        let lines = self.acts(|act| act.sure && act.grade >= Grade::Success);
        self.listed(lines, "summary-sure-none")
    }

    /// What speaks less clearly, what was only tried, and what could not be seen.
    fn not_sure(&mut self) -> Result<(), ReportError> {
        self.section("summary-unsure")?;
        let mut lines = self.acts(|act| !act.sure || act.grade < Grade::Success);
        for server in &self.report.servers {
            let own = std::iter::once(coverage::looked_at(self.texts, &server.coverage));
            let own = own.chain(coverage::not_there(self.texts, &server.coverage));
            let own = own.chain(coverage::doubts(self.texts, &server.coverage));
            lines.extend(own.map(|line| self.of(server, &line)));
        }
        let gaps = self.report.gaps.len() as u64;
        if gaps > 0 {
            lines.push(self.texts.count("summary-gaps", gaps));
        }
        self.listed(lines, "summary-unsure-none")?;
        let text = self.texts.get("limits");
        self.plain(&text)
    }

    fn acts(&self, wanted: impl Fn(&Act) -> bool) -> Vec<String> {
        let of_server = |server: &ServerReport| {
            let acts: Vec<Act> = server.incidents.iter().flat_map(|incident| acts(server, incident)).collect();
            acts.into_iter().filter(&wanted).map(|act| self.of(server, &act.told(self.texts))).collect::<Vec<_>>()
        };
        self.report.servers.iter().flat_map(of_server).collect()
    }

    fn listed(&mut self, lines: Vec<String>, none: &str) -> Result<(), ReportError> {
        if lines.is_empty() {
            let text = self.texts.get(none);
            return self.plain(&text);
        }
        lines.iter().try_for_each(|line| self.item(line))
    }

    fn taken(&mut self) -> Result<(), ReportError> {
        self.section("summary-taken")?;
        let of_server = |server: &ServerReport| {
            extent::taken(self.texts, server).into_iter().map(|line| self.of(server, &line)).collect::<Vec<_>>()
        };
        let lines: Vec<String> = self.report.servers.iter().flat_map(of_server).map(|line| defanged(&line)).collect();
        self.listed(lines, "summary-taken-none")?;
        let text = self.texts.get("summary-taken-more");
        self.plain(&text)
    }

    fn holes(&mut self) -> Result<(), ReportError> {
        self.section("summary-holes")?;
        let mut lines = Vec::new();
        for server in &self.report.servers {
            let mut used: Vec<&str> = server.incidents.iter().flat_map(|incident| &incident.cves).map(String::as_str).collect();
            used.sort_unstable();
            used.dedup();
            if !used.is_empty() {
                lines.push(self.of(server, &self.texts.with("summary-holes-used", &[("cves", &used.join(", "))])));
            }
            let open = verdict::cves_in(&server.exposure, afterpatch_model::ExposureState::Open);
            if !open.is_empty() {
                lines.push(self.of(server, &self.texts.with("summary-holes-open", &[("cves", &open.join(", "))])));
            }
        }
        self.listed(lines, "summary-holes-none")
    }

    fn indicators(&mut self) -> Result<(), ReportError> {
        self.section("summary-indicators")?;
        let all = indicators(self.report);
        let (sure, others): (Vec<_>, Vec<_>) = all.iter().partition(|indicator| indicator.sure);
        if all.is_empty() {
            let text = self.texts.get("summary-indicators-none");
            return self.plain(&text);
        }
        for (key, indicators) in [("summary-indicators-sure", sure), ("summary-indicators-others", others)] {
            if indicators.is_empty() {
                continue;
            }
            let text = self.texts.get(key);
            self.plain(&text)?;
            for indicator in indicators.iter().take(MOST_INDICATORS) {
                self.lines.item("-", 4, Style::Plain, &shown(self.texts, indicator))?;
            }
            let more = indicators.len().saturating_sub(MOST_INDICATORS);
            if more > 0 {
                self.lines.paragraph(4, Style::Plain, &format!("… + {}", self.texts.number(more as u64)))?;
            }
        }
        Ok(())
    }

    fn measures(&mut self) -> Result<(), ReportError> {
        self.section("summary-measures")?;
        let text = self.texts.get("summary-measures-taken");
        self.plain(&text)?;
        let text = self.texts.get("summary-measures-advised");
        self.plain(&text)?;
        let mut told: Vec<String> = Vec::new();
        for advice in self.report.servers.iter().flat_map(|server| verdict::advice(self.texts, server)) {
            if !told.contains(&advice) {
                self.item(&advice)?;
                told.push(advice);
            }
        }
        Ok(())
    }
}

/// All steps of one kind in an incident.
struct Act {
    kind: String,
    title: String,
    grade: Grade,
    /// A finding behind it is of high confidence.
    sure: bool,
    count: u64,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Act {
    fn told(&self, texts: &Texts) -> String {
        let records = texts.count("records", self.count);
        let grade = texts.word("grade", self.grade);
        let span = clock::span(self.first, self.last);
        let span = if span.is_empty() { span } else { format!(", {span} UTC") };
        format!("{} ({grade}; {records}{span})", story::title(texts, &self.kind, &self.title))
    }
}

/// The acts of an incident, in the order in which they began.
fn acts(server: &ServerReport, incident: &Incident) -> Vec<Act> {
    let mut acts: Vec<Act> = Vec::new();
    for step in &incident.timeline {
        let behind = |id: &String| server.findings.iter().find(|finding| finding.id == *id);
        let sure = step.findings.iter().filter_map(behind).any(|finding| finding.confidence == Confidence::High);
        match acts.iter_mut().find(|act| act.kind == step.kind && act.grade == step.grade && act.sure == sure) {
            Some(act) => {
                act.count = act.count.saturating_add(step.count);
                act.last = act.last.max(step.last);
            }
            None => acts.push(Act {
                kind: step.kind.clone(),
                title: step.title.clone(),
                grade: step.grade,
                sure,
                count: step.count,
                first: step.first,
                last: step.last,
            }),
        }
    }
    acts
}

fn shown(texts: &Texts, indicator: &Indicator<'_>) -> String {
    let what = match &indicator.sought {
        Sought::Address(address) => defanged(&address.to_string()),
        Sought::Hash(hash) => format!("SHA-256 {hash}"),
        Sought::File(path) => path.clone(),
    };
    let span = clock::span(indicator.first(), indicator.last());
    let records = texts.count("records", indicator.count());
    if span.is_empty() { format!("{what} ({records})") } else { format!("{what} ({records}, {span} UTC)") }
}
