//! Pages of the dashboard: nothing of the evidence comes alive, and every text is there.
#![allow(clippy::unwrap_used)]

mod samples;

use afterpatch_report::Language;

#[test]
fn hostile_names_are_inert_on_every_page() {
    for language in Language::ALL {
        for (name, page) in samples::dashboard::pages("x\u{202e}<script>alert(1)</script>\u{1b}", language) {
            assert!(!page.contains("<script") && !page.contains('\u{202e}') && !page.contains('\u{1b}'), "{page}");
            let shows = page.contains("&lt;script&gt;") && page.contains("⟨U+202E⟩");
            assert_eq!(shows, name != "not-found", "{page}");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
            // Every key found its text.
            assert!(!page.contains(">dashboard-") && !page.contains(">census-"), "{page}");
        }
    }
    let (_, page) = samples::dashboard::pages("x", Language::German).pop().unwrap();
    assert!(page.contains("Diese Seite gibt es nicht"));
}
