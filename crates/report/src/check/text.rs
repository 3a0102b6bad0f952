//! Plain words: the screen for one server, a table for many.

use std::io::Write;

use afterpatch_model::{Assessment, Check, CheckTool, ExposureAnswer, ExposureState};

use super::{CheckFormat, Detail, Rows, screen, words};
use crate::{
    Options, ReportError, hostile,
    text::lines::{Lines, Style},
    texts::Texts,
    words::{cut_middle, notes},
};

/// Gaps beyond these are counted; JSON has them all.
const MOST_GAPS: usize = 5;

pub(super) fn write(check: &Check, options: &Options, detail: Detail, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    if check.interrupted {
        Lines::new(out, options).paragraph(0, Style::Warning, &texts.get("report-interrupted"))?;
    }
    match check.targets.as_slice() {
        [] => Lines::new(out, options).paragraph(0, Style::Strong, &texts.get("check-nothing"))?,
        [one] => screen::write(&texts, check, one, options, detail, out)?,
        many => {
            let mut rows = Rows::new(CheckFormat::Text, check.tool.clone(), check.generated, *options, true)?;
            for (seq, one) in (1..).zip(many) {
                rows.write(seq, one, &check.artifacts, out)?;
            }
            if detail.all {
                for one in many {
                    Lines::new(out, options).title(&one.target)?;
                    screen::write(&texts, check, one, options, detail, out)?;
                }
            } else {
                Lines::new(out, options).paragraph(0, Style::Faint, &texts.get("check-all-for-details"))?;
            }
        }
    }
    gaps(&texts, check, options, detail, out)
}

fn gaps(texts: &Texts, check: &Check, options: &Options, detail: Detail, out: &mut dyn Write) -> Result<(), ReportError> {
    if check.gaps.is_empty() {
        return Ok(());
    }
    let mut lines = Lines::new(out, options);
    if !detail.all {
        return lines.paragraph(0, Style::Warning, &texts.count("check-gaps", check.gaps.len() as u64));
    }
    lines.heading(&texts.get("heading-gaps"))?;
    for gap in check.gaps.iter().take(if detail.all { usize::MAX } else { MOST_GAPS }) {
        lines.paragraph(2, Style::Plain, &notes::gap_place(texts, gap))?;
        lines.paragraph(6, Style::Faint, &notes::gap(texts, gap))?;
    }
    Ok(())
}

/// What a table begins with: which facts it rests on, and its columns.
pub(super) fn head(texts: &Texts, options: &Options, tool: &CheckTool, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut lines = Lines::new(out, options);
    lines.paragraph(0, Style::Faint, &words::facts(texts, tool))?;
    let columns = ["check-column-answer", "check-column-build", "check-column-target"].map(|key| texts.get(key));
    let [answer, build, target] = &columns;
    lines.paragraph(0, Style::Strong, &format!("{answer:ANSWER$} {build:BUILD$} {target}"))
}

const ANSWER: usize = 16;
const BUILD: usize = 15;

/// One target on one line.
pub(super) fn row(texts: &Texts, options: &Options, one: &Assessment, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut lines = Lines::new(out, options);
    let answer = match &one.remote {
        Some(look) if one.builds.is_empty() => texts.word("check-outcome", look.outcome),
        _ => texts.word("check-short", one.answer),
    };
    let build: Vec<&str> = one.builds.iter().map(|build| build.shown.as_str()).collect();
    let build = build.join(",");
    // Made safe before it is padded, or the columns would shift.
    let room = lines.width().saturating_sub(ANSWER + BUILD + 3).max(20);
    let open: Vec<&str> = one
        .cves
        .iter()
        .filter(|cve| cve.state == ExposureState::Open && cve.exploited.is_some())
        .map(|cve| cve.cve.as_str())
        .collect();
    let target = cut_middle(&hostile::terminal(&one.target), room);
    let mut text = format!("{:ANSWER$} {:BUILD$} {target}", cut(&answer), hostile::terminal(&build));
    if let [first, rest @ ..] = open.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!(" + {}", rest.len()) };
        let note = texts.with("check-row-exploited", &[("cves", &format!("{first}{more}"))]);
        if text.chars().count() + note.chars().count() + 2 <= lines.width() {
            text.push_str(&format!("  {note}"));
        }
    }
    lines.paragraph(0, style(one.answer), &text)?;
    // A row that could not be read says why.
    match one.remarks.first().filter(|_| one.builds.is_empty()) {
        Some(remark) => lines.paragraph(ANSWER + 1, Style::Faint, remark),
        None => Ok(()),
    }
}

fn cut(text: &str) -> String {
    crate::words::cut(text, ANSWER)
}

pub(super) fn style(answer: ExposureAnswer) -> Style {
    match answer {
        ExposureAnswer::Open => Style::Alarm,
        ExposureAnswer::PossiblyOpen | ExposureAnswer::Mitigated | ExposureAnswer::FixedIf => Style::Warning,
        ExposureAnswer::CannotTell | ExposureAnswer::NewerThanTable => Style::Warning,
        ExposureAnswer::Fixed => Style::Strong,
    }
}
