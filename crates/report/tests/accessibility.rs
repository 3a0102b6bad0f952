//! The pages under axe-core, in a real browser: every sample in both languages, light and dark, wide and narrow, with everything
//! open. Skipped, with a line that says so, where no Chromium or no axe-core is there; `cargo xtask test` fetches both.
#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod devtools;
mod samples;

use std::{collections::BTreeMap, fs, path::Path};

use afterpatch_report::{Format, Language, Options, write};

/// The text of axe-core, from the file that `AFTERPATCH_AXE` names or from where `cargo xtask test` puts it.
fn axe() -> Option<String> {
    let usual = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/axe/axe.min.js");
    let file = std::env::var_os("AFTERPATCH_AXE").map_or(usual, Into::into);
    let text = fs::read_to_string(&file).ok();
    if text.is_none() {
        eprintln!("skipped: no axe-core at {}", file.display());
    }
    text
}

fn pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let hostile = "</pre><script>x</script>\u{202e}\"'";
    let more = [("hostile", samples::hostile(hostile)), ("flood", samples::flood(2_050))];
    for (name, report) in samples::all().into_iter().chain(more) {
        for language in Language::ALL {
            let mut out = Vec::new();
            write(&report, Format::Html, &Options { language, ..Options::default() }, &mut out).unwrap();
            pages.push((format!("{name}.{}", language.tag()), String::from_utf8(out).unwrap()));
        }
    }
    for language in Language::ALL {
        for (name, page) in samples::dashboard::pages("MXS01.corp.example", language) {
            pages.push((format!("dashboard {name}.{}", language.tag()), page));
        }
    }
    pages
}

/// Runs in the page: what axe finds, one line each.
const RUN: &str = "(async () => {
    for (const part of document.querySelectorAll('details')) part.open = part.closest('.finding') ? !part.matches('.found .finding:nth-of-type(n + 12)') : true;
    for (const button of document.querySelectorAll('[data-zoom=\"1\"]')) button.click();
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, impact, help, nodes }) =>
        [impact, `${id}: ${help}; ${nodes.length}, e.g. ${nodes[0].target.join(' ')} ${nodes[0].html.slice(0, 160)} ${nodes[0].any.map(it => it.message).join(' ')}`]);
})()";

#[test]
fn axe_finds_nothing_serious_on_any_page() {
    let Some(axe) = axe() else { return };
    let Some(mut tab) = devtools::Tab::open() else { return };
    let (mut seen, mut found) = (0, BTreeMap::<String, Vec<String>>::new());
    for (name, page) in pages() {
        let start = std::time::Instant::now();
        tab.show(&page, "");
        tab.value(&axe);
        for (scheme, width) in [("light", 1280), ("light", 360), ("dark", 1280), ("dark", 360)] {
            tab.media("screen", scheme);
            tab.size(width, 900);
            let violations = tab.value(RUN);
            for violation in violations.as_array().unwrap() {
                let [impact, what] = [0, 1].map(|at| violation[at].as_str().unwrap_or_default().to_owned());
                found.entry(format!("{impact} {what}")).or_default().push(format!("{name} {scheme} {width}"));
            }
            seen += 1;
            eprintln!("TIMING {name} {scheme} {width} {:?}", start.elapsed());
        }
    }
    eprintln!("axe-core looked at {seen} pages");
    let all: Vec<String> = found.iter().map(|(what, pages)| format!("{what}\n    {}", pages.join(", "))).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// The test can fail: axe sees what is wrong with a page through the policy and all.
#[test]
fn axe_finds_what_is_wrong() {
    let Some(axe) = axe() else { return };
    let Some(mut tab) = devtools::Tab::open() else { return };
    let (_, page) = pages().swap_remove(0);
    let page =
        page.replace("<main id=\"main\">", "<main id=\"main\"><button></button>").replace("--muted: #59636e", "--muted: #d9d3de");
    tab.show(&page, "");
    tab.media("screen", "light");
    tab.value(&axe);
    let violations = tab.value(RUN).to_string();
    assert!(violations.contains("button-name"), "{violations}");
}
