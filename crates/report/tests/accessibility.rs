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
    let mut of_hostile = samples::hostile(hostile);
    // In a report no two servers have one name.
    for (server, number) in of_hostile.servers.iter_mut().zip(1..) {
        server.name.push_str(&format!(" {number}"));
    }
    let more = [("hostile", of_hostile), ("flood", samples::flood(2_050)), ("longer", samples::long(40))];
    let shown = samples::all().into_iter().filter(|(name, _)| *name != "long").chain(more);
    for (name, report) in shown {
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
    // Of thousands of findings a dozen are as good.
    if (document.querySelectorAll('.finding[data-grade]').length > 100) {
        const search = document.querySelector('.filter input');
        search.value = 'F204';
        search.dispatchEvent(new Event('input', { bubbles: true }));
        for (const row of document.querySelectorAll('.finding[hidden]')) row.remove();
    }
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const button of document.querySelectorAll('[data-zoom=\"1\"]')) button.click();
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    const first = node => `${node.target.join(' ')} ${node.html.slice(0, 160)} ${node.any.map(it => it.message).join(' ')}`;
    return violations.map(({ id, impact, help, nodes }) => `${impact} ${id}: ${help}; ${nodes.length}, e.g. ${first(nodes[0])}`);
})()";

#[test]
fn axe_finds_nothing_serious_on_any_page() {
    let Some(axe) = axe() else { return };
    let Some(mut tab) = devtools::Tab::open() else { return };
    let (mut seen, mut found) = (0, BTreeMap::<String, Vec<String>>::new());
    for (name, page) in pages() {
        tab.show(&page, "");
        tab.value(&axe);
        // Both schemes and both widths; all four pairs where there is time for it.
        let every = std::env::var_os("AFTERPATCH_AXE_ALL").is_some();
        let rest: &[_] = if every { &[("light", 360), ("dark", 1280)] } else { &[] };
        for &(scheme, width) in [("light", 1280), ("dark", 360)].iter().chain(rest) {
            tab.media("screen", scheme);
            tab.size(width, 900);
            let violations = tab.value(RUN);
            for violation in violations.as_array().unwrap() {
                found.entry(violation.as_str().unwrap().to_owned()).or_default().push(format!("{name} {scheme} {width}"));
            }
            seen += 1;
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
