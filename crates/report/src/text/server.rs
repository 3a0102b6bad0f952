//! One server in plain words: verdict, what to do, story, pages, other findings, coverage.

use std::collections::{BTreeMap, HashSet};

use afterpatch_model::{
    Coverage, ExposureState, Finding, Incident, PageLife, Report, ServerReport, SourceCoverage, TimelineStep, Timestamp,
};

use crate::{
    ReportError, clock,
    ndjson::incident_of_finding,
    texts::Texts,
    words::{Tone, coverage, cut, extent, place, story, verdict},
};

use super::lines::{Lines, Style};

/// Steps of one incident beyond these are counted, except for the last ones.
const MOST_STEPS: usize = 30;
/// How many of the last steps are kept: the end of a story says whether it has ended.
const LAST_STEPS: usize = 5;
/// Kinds of other findings beyond these are counted.
const MOST_KINDS: usize = 15;

/// Writes one server.
pub(super) fn write(lines: &mut Lines<'_>, texts: &Texts, report: &Report, server: &ServerReport) -> Result<(), ReportError> {
    lines.title(&server.name)?;
    if !server.aliases.is_empty() {
        lines.paragraph(0, Style::Faint, &texts.with("report-also-known-as", &[("names", &server.aliases.join(", "))]))?;
    }
    answers(lines, texts, report, server)?;
    advice(lines, texts, server)?;
    for part in extent::parts(texts, server) {
        lines.heading(&part.heading)?;
        for line in &part.lines {
            lines.item("·", 2, Style::Plain, line)?;
        }
    }
    for incident in &server.incidents {
        self::incident(lines, texts, report, incident)?;
    }
    other_findings(lines, texts, report, server)?;
    exposure(lines, texts, server)?;
    self::coverage(lines, texts, &server.coverage)
}

fn answers(lines: &mut Lines<'_>, texts: &Texts, report: &Report, server: &ServerReport) -> Result<(), ReportError> {
    let (tone, headline) = verdict::headline(texts, &server.verdict);
    lines.blank()?;
    lines.item(sign(tone), 0, Style::from(tone), &headline)?;
    let answers = verdict::answers(texts, report, server);
    let longest = answers.iter().map(|answer| answer.question.chars().count()).max().unwrap_or_default();
    lines.blank()?;
    for answer in &answers {
        lines.item(&format!("{:longest$} ", answer.question), 2, Style::from(answer.tone), &answer.words)?;
        lines.item(&" ".repeat(longest + 1), 2, Style::Plain, &answer.basis)?;
    }
    if let Some(acknowledged) = verdict::acknowledged(texts, server) {
        lines.blank()?;
        lines.paragraph(2, Style::Warning, &acknowledged)?;
    }
    if server.verdict.because.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-because"))?;
    for evidence in &server.verdict.because {
        let time = evidence.time.map_or_else(|| texts.get("label-no-time"), clock::full);
        let meaning = verdict::meaning(texts, server, evidence).unwrap_or_else(|| cut(&evidence.text, 160));
        lines.item(&format!("{time:23}"), 2, Style::Plain, &meaning)?;
        lines.paragraph(6, Style::Faint, &place::pointer(texts, &place::path(report, evidence.artifact), evidence.place))?;
    }
    Ok(())
}

/// A sign for the tone, for readers without colour.
fn sign(tone: Tone) -> &'static str {
    match tone {
        Tone::Alarm => "[!!]",
        Tone::Warning => "[!]",
        Tone::Unknown => "[?]",
        Tone::Quiet | Tone::Good => "[-]",
    }
}

fn advice(lines: &mut Lines<'_>, texts: &Texts, server: &ServerReport) -> Result<(), ReportError> {
    lines.heading(&texts.get("heading-advice"))?;
    for (number, advice) in (1..).zip(verdict::advice(texts, server)) {
        lines.item(&format!("{number}."), 2, Style::Plain, &advice)?;
    }
    Ok(())
}

fn incident(lines: &mut Lines<'_>, texts: &Texts, report: &Report, incident: &Incident) -> Result<(), ReportError> {
    let number = texts.with("label-incident", &[("id", &incident.id)]);
    lines.heading(&format!(
        "{} – {number}: {}, {} UTC",
        texts.get("heading-story"),
        story::campaign(texts, &incident.campaign),
        clock::span(incident.first, incident.last)
    ))?;
    let skipped = skipped(incident.timeline.len());
    let mut day = None;
    for (at, step) in incident.timeline.iter().enumerate() {
        if at == skipped.start && !skipped.is_empty() {
            lines.paragraph(2, Style::Faint, &texts.count("label-more-steps", skipped.len() as u64))?;
        }
        if skipped.contains(&at) {
            continue;
        }
        if let Some(first) = step.first.filter(|first| day != Some(clock::day(*first))) {
            lines.paragraph(2, Style::Strong, &clock::day(first))?;
            day = Some(clock::day(first));
        }
        self::step(lines, texts, report, step)?;
    }
    pages(lines, texts, &incident.pages)
}

/// The steps in the middle of a long story that are only counted.
fn skipped(steps: usize) -> std::ops::Range<usize> {
    if steps <= MOST_STEPS { 0..0 } else { MOST_STEPS - LAST_STEPS..steps - LAST_STEPS }
}

fn step(lines: &mut Lines<'_>, texts: &Texts, report: &Report, step: &TimelineStep) -> Result<(), ReportError> {
    let time = step.first.map_or_else(|| texts.get("label-no-time"), clock::of_day);
    let mut what = story::title(texts, &step.kind, &step.title);
    if step.count > 1 {
        what.push_str(&format!(" (× {})", texts.number(step.count)));
    }
    if step.after_fix {
        what.push_str(&format!(" [{}]", texts.get("label-after-fix")));
    }
    let style = if step.after_fix { Style::Alarm } else { Style::Plain };
    // All titles begin in one column, whether a record has milliseconds or not.
    lines.marked(&format!("{time:12}"), Style::Faint, 4, style, &what)?;
    let who_where = story::who_where(texts, step, 100).join(" · ");
    if !who_where.is_empty() {
        lines.paragraph(17, Style::Plain, &who_where)?;
    }
    if let Some(evidence) = step.evidence.first() {
        let pointer = place::pointer(texts, &place::path(report, evidence.artifact), evidence.place);
        lines.paragraph(17, Style::Faint, &pointer)?;
    }
    Ok(())
}

fn pages(lines: &mut Lines<'_>, texts: &Texts, pages: &[PageLife]) -> Result<(), ReportError> {
    if pages.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-pages"))?;
    for page in pages {
        lines.paragraph(2, Style::Strong, page.path.as_deref().unwrap_or(&page.page))?;
        let times = [
            ("label-written", page.written),
            ("label-compiled", page.compiled),
            ("label-first-answered", page.first_answered),
            ("label-last-answered", page.last_answered),
            ("label-gone", page.gone),
        ];
        let mut facts: Vec<(String, String)> =
            times.into_iter().filter_map(|(label, time)| Some((texts.get(label), clock::full(time?)))).collect();
        if page.requests > 0 {
            facts.push((texts.get("label-requests"), texts.number(page.requests)));
        }
        if page.after_fix > 0 {
            facts.push((texts.get("label-after-fix-requests"), texts.number(page.after_fix)));
        }
        if !page.visitors.is_empty() {
            facts.push((texts.get("label-visitors"), few(&page.visitors, 6)));
        }
        facts.push((texts.get("label-file-present"), verdict::there(texts, page)));
        let longest = facts.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
        for (label, value) in facts {
            lines.item(&format!("{label:longest$}"), 4, Style::Plain, &value)?;
        }
    }
    Ok(())
}

fn other_findings(lines: &mut Lines<'_>, texts: &Texts, report: &Report, server: &ServerReport) -> Result<(), ReportError> {
    let told: HashSet<&str> = incident_of_finding(server).into_keys().collect();
    // Grouped by kind and by who vouches for them: a hundred scans are one line.
    let mut groups: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
    for finding in server.findings.iter().filter(|finding| !told.contains(finding.id.as_str())) {
        let acknowledged = story::acknowledged(texts, finding);
        groups.entry((std::cmp::Reverse(finding.grade), &finding.kind, acknowledged)).or_default().push(finding);
    }
    if groups.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-findings-text"))?;
    for ((grade, _, acknowledged), findings) in groups.iter().take(MOST_KINDS) {
        let Some(finding) = findings.first() else { continue };
        let first: Option<Timestamp> = findings.iter().filter_map(|finding| finding.first).min();
        let last = findings.iter().filter_map(|finding| finding.last).max();
        let records = findings.iter().map(|finding| finding.count).fold(0, u64::saturating_add);
        let mut what = format!("{} ({})", story::finding_title(texts, finding), texts.count("records", records));
        let span = clock::span(first, last);
        if !span.is_empty() {
            what.push_str(&format!(", {span}"));
        }
        lines.item(&format!("{}:", texts.word("grade", grade.0)), 2, Style::Plain, &what)?;
        if let Some(acknowledged) = acknowledged {
            lines.paragraph(6, Style::Strong, acknowledged)?;
        }
        let who_where = story::finding_who_where(texts, finding, 100).join(" · ");
        if !who_where.is_empty() {
            lines.paragraph(6, Style::Plain, &who_where)?;
        }
        if let Some(evidence) = finding.evidence.first() {
            lines.paragraph(6, Style::Faint, &place::pointer(texts, &place::path(report, evidence.artifact), evidence.place))?;
        }
    }
    match groups.len().saturating_sub(MOST_KINDS) {
        0 => Ok(()),
        more => lines.paragraph(2, Style::Faint, &format!("… + {}", texts.number(more as u64))),
    }
}

fn exposure(lines: &mut Lines<'_>, texts: &Texts, server: &ServerReport) -> Result<(), ReportError> {
    if server.exposure.is_empty() {
        return Ok(());
    }
    lines.heading(&texts.get("heading-exposure"))?;
    use ExposureState::{Fixed, FixedIf, Mitigated, NewerThanTable, NotAffected, Open, PossiblyOpen, Unknown};
    for (state, style) in [
        (Open, Style::Alarm),
        (PossiblyOpen, Style::Warning),
        (Mitigated, Style::Warning),
        (FixedIf, Style::Warning),
        (Fixed, Style::Plain),
        (NotAffected, Style::Plain),
        (NewerThanTable, Style::Plain),
        (Unknown, Style::Plain),
    ] {
        let cves = verdict::cves_in(&server.exposure, state);
        if !cves.is_empty() {
            lines.marked(&format!("{}:", texts.word("exposure-state", state)), style, 2, Style::Plain, &cves.join(", "))?;
        }
    }
    Ok(())
}

fn coverage(lines: &mut Lines<'_>, texts: &Texts, coverage: &Coverage) -> Result<(), ReportError> {
    lines.heading(&texts.get("heading-coverage"))?;
    if coverage.sources.is_empty() {
        lines.paragraph(2, Style::Warning, &texts.get("heading-coverage-none"))?;
    } else {
        let labels = ["label-source", "label-files", "label-records", "label-span"].map(|label| texts.get(label));
        // The source takes what the other columns leave; a span needs 24.
        let [source, files, records, span] = &labels;
        let name_width = lines.width().clamp(70, 100) - 47;
        lines.paragraph(2, Style::Faint, &format!("{source:name_width$} {files:>7} {records:>10}  {span}"))?;
        for source in &coverage.sources {
            source_lines(lines, texts, source, name_width)?;
        }
    }
    if let Some(missing) = coverage::not_there(texts, coverage) {
        lines.paragraph(2, Style::Warning, &missing)?;
    }
    for (at, doubt) in coverage::doubts(texts, coverage).iter().enumerate() {
        match at {
            0 => lines.paragraph(2, Style::Warning, doubt)?,
            _ => lines.item("·", 4, Style::Plain, doubt)?,
        }
    }
    let sufficient = if coverage.sufficient { "label-coverage-enough" } else { "label-coverage-small" };
    lines.paragraph(2, Style::Plain, &texts.get(sufficient))
}

fn source_lines(lines: &mut Lines<'_>, texts: &Texts, source: &SourceCoverage, name_width: usize) -> Result<(), ReportError> {
    let mut name = coverage::source(texts, source);
    if name.chars().count() > name_width {
        lines.paragraph(2, Style::Plain, &name)?;
        name.clear();
    }
    let (files, records) = (texts.number(source.files), texts.number(source.records));
    let span = clock::day_span(source.first, source.last);
    // The name may hold evidence: made safe before it is padded, or the columns would shift.
    let name = crate::hostile::terminal(&name);
    lines.paragraph(2, Style::Plain, &format!("{name:name_width$} {files:>7} {records:>10}  {span}"))?;
    let mut lacks = Vec::new();
    if let Some(hours) = source.missing_hours.filter(|hours| *hours > 0) {
        lacks.push(texts.count("label-hours-missing", hours));
    }
    if source.unreadable > 0 {
        lacks.push(texts.count("label-unreadable-files", source.unreadable));
    }
    if lacks.is_empty() { Ok(()) } else { lines.paragraph(6, Style::Warning, &lacks.join(", ")) }
}

/// The first few values; the others are counted.
fn few(values: &[String], most: usize) -> String {
    let mut out = values.iter().take(most).map(String::as_str).collect::<Vec<_>>().join(", ");
    if values.len() > most {
        out.push_str(&format!(" + {}", values.len() - most));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_story_keeps_its_beginning_and_its_end() {
        assert!(skipped(30).is_empty());
        assert_eq!(skipped(31), 25..26);
        assert_eq!(skipped(1000), 25..995);
    }
}
