//! Notes and gaps as sentences.

use afterpatch_model::{Gap, Note, Report};

use crate::{
    clock,
    texts::{Texts, slug},
};

use super::place;

/// What was assumed or corrected, as a sentence.
pub(crate) fn note(texts: &Texts, report: &Report, note: &Note) -> String {
    let key = format!("note-{}", slug(note));
    match note {
        Note::ClockCorrected { artifact, offset_minutes, proven_by } => texts.with(
            &key,
            &[
                ("path", &place::path(report, *artifact)),
                ("offset", &offset(*offset_minutes)),
                ("records", &texts.count("records", *proven_by)),
            ],
        ),
        Note::ServersMerged { server, alias } => texts.with(&key, &[("server", server), ("alias", alias)]),
        Note::ServerAssumed { server, artifacts } => {
            texts.with(&key, &[("server", server), ("files", &texts.count("files", *artifacts))])
        }
        Note::ServerUnnamed { server } => texts.with(&key, &[("server", server)]),
        Note::TimeFilter { records } => texts.with(&key, &[("records", &texts.count("records", *records))]),
        Note::Resumed { artifacts } => texts.with(&key, &[("files", &texts.count("files", *artifacts))]),
        Note::WeakSignalsDropped { findings } => texts.count(&key, *findings),
        Note::RulesLoaded { sigma, yara } => {
            texts.with(&key, &[("sigma", &texts.count("rules-sigma", *sigma)), ("yara", &texts.count("rules-yara", *yara))])
        }
        Note::RulesNotUsed { count, first } => {
            let mut out = texts.count(&key, *count);
            for reason in first {
                out.push_str(" · ");
                out.push_str(reason);
            }
            let more = count.saturating_sub(first.len() as u64);
            if more > 0 {
                out.push_str(&format!(" … + {}", texts.number(more)));
            }
            out
        }
        Note::AcknowledgementExpired { what, who, until } => {
            texts.with(&key, &[("what", what), ("who", who), ("until", &clock::day(*until))])
        }
        Note::AcknowledgementUnused { what, who } => texts.with(&key, &[("what", what), ("who", who)]),
        _ => texts.get(&key),
    }
}

/// A gap's place and reason: kind in words, then the reader's own detail.
pub(crate) fn gap(texts: &Texts, gap: &Gap) -> String {
    let mut out = texts.word("gap", gap.kind);
    if gap.count > 1 {
        out.push_str(&format!(" (× {})", texts.number(gap.count)));
    }
    if !gap.detail.is_empty() {
        out.push_str(": ");
        out.push_str(&gap.detail);
    }
    out
}

/// Where a gap is.
pub(crate) fn gap_place(texts: &Texts, gap: &Gap) -> String {
    gap.place.map_or_else(|| gap.path.clone(), |at| place::pointer(texts, &gap.path, at))
}

/// `UTC-5`, `UTC+5:30`.
fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, rest) = (minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60);
    if rest == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{rest:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        assert_eq!(offset(-300), "UTC-5");
        assert_eq!(offset(330), "UTC+5:30");
        assert_eq!(offset(i32::MIN), "UTC-35791394:08");
    }
}
