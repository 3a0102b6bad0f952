//! One self-contained page: no network, nothing of the evidence alive, and whole without scripts.
//!
//! The page's policy (CSP) allows nothing but the one style block and our one script, each by its hash. The script hides and shows
//! what stands there; it makes no markup, and what it adds (filter, enlarged pictures) is seen only with it. Every `{{ … }}` of a template passes
//! [`Visible`] (see `askama.toml`): markup is escaped and hostile characters are made visible, without a template asking for it.

mod actors;
pub(crate) mod csp;
mod fact_list;
mod facts;
mod findings;
mod limits;
mod links;
mod pointers;
mod server;
mod story;
mod timeline;

use std::{fmt, io::Write};

use afterpatch_model::Report;
use askama::Template;

use crate::{
    Options, ReportError, clock, hostile,
    texts::Texts,
    words::{Tone, notes},
};

/// Gaps beyond these are counted; the JSON report has them all.
const MOST_GAPS: usize = 500;

/// Writes the page.
pub(crate) fn write(report: &Report, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let page = Page::of(&texts, report);
    // A template writes in small pieces.
    let mut buffered = std::io::BufWriter::with_capacity(1 << 16, out);
    page.write_into(&mut buffered)?;
    Ok(buffered.flush()?)
}

/// The page's style, one block. Browsers hash it with plain line feeds, whatever a checkout made of them.
pub(crate) fn style() -> String {
    include_str!("style.css").replace('\r', "")
}

/// The page's script, for the same reason with plain line feeds.
fn script() -> String {
    include_str!("script.js").replace('\r', "")
}

/// What the page says of itself to browsers.
pub(crate) fn policy() -> String {
    csp::policy(&style(), &script())
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'t> {
    t: &'t Texts,
    style: String,
    script: String,
    policy: String,
    /// What the browser's tab says.
    title: String,
    made: String,
    inputs: Vec<String>,
    warnings: Vec<String>,
    servers: Vec<server::ServerView>,
    servers_heading: String,
    gaps: Vec<GapView>,
    more_gaps: String,
    notes: Vec<String>,
    artifacts: Vec<facts::ArtifactView>,
    glossary: Vec<(String, String)>,
    about: String,
}

struct GapView {
    place: String,
    what: String,
}

impl<'t> Page<'t> {
    fn of(t: &'t Texts, report: &Report) -> Self {
        let (style, script) = (style(), script());
        let tool = &report.tool;
        let made =
            t.with("report-of", &[("time", &clock::minute(report.generated)), ("tool", &tool.name), ("version", &tool.version)]);
        let mut pointers = pointers::Pointers::new(t, report);
        let limits = limits::Limits::of(report);
        let servers = (1..)
            .zip(&report.servers)
            .map(|(number, server)| server::view(t, report, &mut pointers, limits, server, number))
            .collect();
        let title = match report.servers.as_slice() {
            [only] => format!("{} – {}", only.name, t.get("report-title")),
            several => format!("{} – {}", t.count("report-servers", several.len() as u64), t.get("report-title")),
        };
        Self {
            t,
            policy: csp::policy(&style, &script),
            style,
            script,
            title,
            made: format!("{made}. {}", t.get("report-all-times")),
            inputs: report.inputs.clone(),
            warnings: warnings(t, report),
            servers,
            servers_heading: t.count("report-servers", report.servers.len() as u64),
            gaps: report
                .gaps
                .iter()
                .take(MOST_GAPS)
                .map(|gap| GapView { place: notes::gap_place(t, gap), what: notes::gap(t, gap) })
                .collect(),
            more_gaps: facts::more(t, report.gaps.len(), MOST_GAPS),
            notes: report.notes.iter().map(|note| notes::note(t, report, note)).collect(),
            artifacts: facts::artifacts(t, report, &pointers),
            glossary: glossary(t),
            about: format!(
                "{} {}. {}. {}.",
                tool.name,
                tool.version,
                t.count("report-rules", u64::from(tool.rules)),
                t.with("report-facts", &[("date", &tool.facts_date)])
            ),
        }
    }
}

/// What makes the whole report less than whole.
fn warnings(t: &Texts, report: &Report) -> Vec<String> {
    let mut out = Vec::new();
    if report.interrupted {
        out.push(t.get("report-interrupted"));
    }
    if let Some(since) = report.since {
        out.push(t.with("report-filter-since", &[("time", &clock::full(since))]));
    }
    if let Some(until) = report.until {
        out.push(t.with("report-filter-until", &[("time", &clock::full(until))]));
    }
    out
}

fn glossary(t: &Texts) -> Vec<(String, String)> {
    ["back-door", "incident", "finding", "coverage", "gap", "fix", "virtual-directory", "compiled", "cve", "attack"]
        .map(|word| (t.get(&format!("glossary-{word}")), t.get(&format!("glossary-{word}-is"))))
        .into()
}

/// Whether an excerpt may be taller than the room it has, so that the keyboard must be able to move it. On a phone a line has some
/// forty characters, and there is room for sixteen lines.
fn is_tall(text: &str) -> bool {
    text.len() > 500 || text.lines().count() > 14
}

/// Filters of the templates.
mod filters {
    /// A coordinate of a picture with one decimal: the same bytes on every machine.
    #[askama::filter_fn]
    pub(super) fn coordinate(value: &f64, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(format!("{value:.1}"))
    }
}

/// The escaper of every template: markup escaped, hostile characters visible.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Visible;

impl askama::filters::Escaper for Visible {
    fn write_escaped_str<W: fmt::Write>(&self, mut out: W, text: &str) -> fmt::Result {
        let text = hostile::html(text);
        let mut rest = &*text;
        while let Some(at) = rest.find(['<', '>', '&', '"', '\'']) {
            let (before, after) = rest.split_at(at);
            out.write_str(before)?;
            let mut after = after.chars();
            out.write_str(match after.next() {
                Some('<') => "&lt;",
                Some('>') => "&gt;",
                Some('&') => "&amp;",
                Some('"') => "&quot;",
                _ => "&#39;",
            })?;
            rest = after.as_str();
        }
        out.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use askama::filters::Escaper;

    use super::*;

    #[test]
    fn markup_is_escaped_and_marks_are_visible() {
        let mut out = String::new();
        Visible.write_escaped_str(&mut out, "a<b>&\"'\u{202e}\u{0}\n</pre>]]>é").unwrap();
        assert_eq!(out, "a&lt;b&gt;&amp;&quot;&#39;⟨U+202E⟩⟨U+0000⟩\n&lt;/pre&gt;]]&gt;é");
    }
}
