//! The terminal's text of every sample, in both languages, as it was last found good.
#![allow(clippy::unwrap_used)]

mod samples;

use afterpatch_report::{Format, Language, Options, write};

fn text(report: &afterpatch_model::Report, options: &Options) -> String {
    let mut out = Vec::new();
    write(report, Format::Text, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn samples_read_well() {
    for (name, report) in samples::all() {
        for language in Language::ALL {
            let text = text(&report, &Options { language, ..Options::default() });
            insta::assert_snapshot!(format!("{name}.{}", language.tag()), text);
        }
    }
}

#[test]
fn every_line_fits_its_width() {
    for (name, report) in samples::all() {
        for width in [40, 80, 120] {
            // The table of coverage needs 70 columns.
            let most = width.max(72);
            for line in text(&report, &Options { width, ..Options::default() }).lines() {
                assert!(line.chars().count() <= most, "{name} at {width}: {line}");
            }
        }
    }
}

#[test]
fn colour_changes_no_word() {
    for (_, report) in samples::all() {
        let plain = text(&report, &Options::default());
        let mut coloured = text(&report, &Options { color: true, ..Options::default() });
        assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
        for code in ["0", "1", "2", "1;31", "32", "33"] {
            coloured = coloured.replace(&format!("\u{1b}[{code}m"), "");
        }
        assert_eq!(plain, coloured);
    }
}

#[test]
fn nothing_seen_is_never_said_without_what_was_looked_at() {
    for (language, nothing_seen, looked_at) in [
        (Language::English, "Nothing seen in what could be read", "Looked at: 2021-02-01"),
        (Language::German, "Nichts gesehen in dem, was lesbar war", "Angesehen: 2021-02-01"),
    ] {
        let text = text(&samples::three_servers(), &Options { language, width: 160, ..Options::default() });
        let (_, after) = text.split_once(nothing_seen).unwrap();
        let next_line = after.lines().nth(1).unwrap();
        assert!(next_line.trim_start().starts_with(looked_at), "{next_line}");
    }
}
