//! The page in a real browser, if one is there: nothing of the evidence comes alive, and a phone need not scroll sideways.
//!
//! A page around it measures it: it holds the report in a frame as wide as the window to be tried and writes what it sees into
//! itself. The frame's page keeps its own policy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod devtools;
mod samples;

use std::{fs, path::PathBuf, process::Command};

use afterpatch_report::{Format, Language, Options, write};

const PAYLOAD: &str =
    "</pre><script>document.title='zzran'</script>\"><img src=x onerror=\"document.title='zzran'\"><svg/onload=zz>";

/// The document as the browser has it after loading.
fn dumped(browser: &PathBuf, page: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    fs::write(&file, page).unwrap();
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-sync", "--window-size=1400,1000"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn page(report: &afterpatch_model::Report, language: Language) -> String {
    let mut out = Vec::new();
    write(report, Format::Html, &Options { language, ..Options::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn evidence_stays_text() {
    let Some(browser) = devtools::browser() else { return };
    let dom = dumped(&browser, &page(&samples::hostile(PAYLOAD), Language::English));
    assert!(dom.contains("</html>") && dom.contains("class=\"headline\""), "the browser showed nothing: {dom:.200}");
    assert!(dom.matches("<script").count() == 1 && !dom.contains("<img"), "our own script and nothing else");
    assert!(!dom.contains("<title>zzran"));
}

#[test]
fn the_policy_lets_the_style_in_and_no_page_scrolls_sideways() {
    let Some(browser) = devtools::browser() else { return };
    let samples =
        samples::all().into_iter().chain([("hostile", samples::hostile(PAYLOAD)), ("wide", samples::hostile(&"W".repeat(400)))]);
    let mut frames = String::new();
    let mut count = 0;
    for (name, report) in samples {
        for language in Language::ALL {
            // `srcdoc` needs the same escapes as any attribute.
            let escaped = page(&report, language).replace('&', "&amp;").replace('"', "&quot;");
            for width in [320, 390, 768, 1280] {
                frames.push_str(&format!(
                    "<iframe title='{name}.{}' width={width} height=800 srcdoc=\"{escaped}\"></iframe>",
                    language.tag()
                ));
                count += 1;
            }
        }
    }
    let script = "onload = () => {
        const seen = [...document.querySelectorAll('iframe')].map(frame => {
            const page = frame.contentDocument.documentElement;
            const styled = frame.contentWindow.getComputedStyle(page.querySelector('.headline')).display == 'flex';
            return `${frame.title} ${frame.width} ${page.scrollWidth} ${page.clientWidth} ${styled}`;
        });
        document.body.textContent = 'SEEN\\n' + seen.join('\\n') + '\\nEND';
    };";
    let dom = dumped(&browser, &format!("<!DOCTYPE html><meta charset=utf-8><script>{script}</script><body>{frames}"));
    let seen = dom.split_once("SEEN\n").and_then(|(_, rest)| rest.split_once("\nEND")).expect("the browser measured nothing").0;
    assert_eq!(seen.lines().count(), count);
    for line in seen.lines() {
        let [_, _, scroll, client, styled] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert_eq!(styled, "true", "the style was refused: {line}");
        assert!(scroll.parse::<u32>().unwrap() <= client.parse::<u32>().unwrap(), "wider than its window: {line}");
    }
}
