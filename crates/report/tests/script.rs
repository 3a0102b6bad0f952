//! What the page's script does, in a real browser with the page's own policy: filter, links, timelines, print.
#![allow(clippy::unwrap_used)]

mod devtools;
mod samples;

use afterpatch_model::Report;
use afterpatch_report::{Format, Language, Options, write};
use devtools::Tab;

fn page(report: &Report, language: Language) -> String {
    let mut out = Vec::new();
    write(report, Format::Html, &Options { language, ..Options::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// Ids of what is seen of some elements.
fn seen(tab: &mut Tab, selector: &str) -> Vec<String> {
    let ids = format!("[...document.querySelectorAll('{selector}')].filter(it => it.checkVisibility()).map(it => it.id)");
    tab.value(&ids).as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

fn text(tab: &mut Tab, selector: &str) -> String {
    tab.value(&format!("document.querySelector('{selector}').textContent")).as_str().unwrap().to_owned()
}

/// Types into the search as a person does.
fn type_in(tab: &mut Tab, words: &str) {
    tab.value("document.activeElement.blur()");
    tab.key("/");
    for letter in words.chars() {
        tab.key(&letter.to_string());
    }
}

fn choose(tab: &mut Tab, name: &str, value: &str) {
    tab.value(&format!(
        "(field => {{ field.value = '{value}'; field.dispatchEvent(new Event('input', {{ bubbles: true }})); }})(document.querySelector('.filter [name={name}]'))"
    ));
}

const FINDINGS: &str = ".finding[data-grade]";
const STEPS: &str = "tr[data-grade]";

#[test]
fn the_filter_shows_what_fits_and_says_how_much() {
    let Some(mut tab) = Tab::open() else { return };
    tab.show(&page(&samples::compromised(), Language::English), "");
    assert_eq!(text(&mut tab, ".filter output"), "Steps: 13 of 13. Findings: 14 of 14.");
    // An address; several words must all be there, in any order and case.
    type_in(&mut tab, "192.0.2.190 OHYEAH");
    assert_eq!(seen(&mut tab, FINDINGS), ["s1-f11", "s1-f12", "s1-f13"]);
    assert_eq!(seen(&mut tab, STEPS), ["s1-i1-11", "s1-i1-12", "s1-i1-13"]);
    assert_eq!(text(&mut tab, ".filter output"), "Steps: 3 of 13. Findings: 3 of 14.");
    // A grade beside it, then nothing fits.
    choose(&mut tab, "grade", "5");
    assert_eq!(seen(&mut tab, FINDINGS), ["s1-f11", "s1-f12"]);
    type_in(&mut tab, "nobody has this");
    assert_eq!(seen(&mut tab, FINDINGS), [""; 0]);
    assert_eq!(seen(&mut tab, ".incident"), [""; 0]);
    assert!(tab.value("document.querySelector('.no-match').checkVisibility()").as_bool().unwrap());
    assert_eq!(text(&mut tab, ".filter output"), "Steps: 0 of 13. Findings: 0 of 14.");
    tab.key("Escape");
    assert_eq!((seen(&mut tab, FINDINGS).len(), seen(&mut tab, STEPS).len(), seen(&mut tab, ".incident").len()), (14, 13, 1));
    // The file that a finding stands in; what belongs to no incident.
    type_in(&mut tab, "u_ex210314.log");
    assert_eq!(seen(&mut tab, FINDINGS), ["s1-f9"]);
    tab.key("Escape");
    choose(&mut tab, "in", "alone");
    assert_eq!(seen(&mut tab, FINDINGS), ["s1-f14"]);
    choose(&mut tab, "in", "");
    choose(&mut tab, "sure", "2");
    assert_eq!(seen(&mut tab, FINDINGS).len(), 13);
}

#[test]
fn every_server_has_its_own_filter() {
    let Some(mut tab) = Tab::open() else { return };
    tab.show(&page(&samples::three_servers(), Language::German), "#s2");
    assert_eq!(text(&mut tab, "#s2 .filter output"), "Schritte: 0 von 0. Funde: 1 von 1.");
    // The one in view is meant.
    type_in(&mut tab, "nichts");
    assert_eq!(seen(&mut tab, &format!("#s2 {FINDINGS}")), [""; 0]);
    assert_eq!(seen(&mut tab, &format!("#s1 {FINDINGS}")).len(), 14);
    assert!(tab.value("document.querySelector('#s3 .filter') === null").as_bool().unwrap(), "nothing to filter, no filter");
}

#[test]
fn links_find_what_is_hidden() {
    let Some(mut tab) = Tab::open() else { return };
    let flood = page(&samples::flood(3_000), Language::English);
    // At the opening of the page: a finding far beyond those shown at once, open, in view.
    tab.show(&flood, "#s1-f2500");
    let in_view = |tab: &mut Tab, id: &str| {
        tab.value(&format!(
            "(it => it.checkVisibility() && it.getBoundingClientRect().top >= 0 && it.getBoundingClientRect().top < innerHeight)(document.getElementById('{id}'))"
        ))
        .as_bool()
        .unwrap()
    };
    assert!(in_view(&mut tab, "s1-f2500"));
    assert_eq!(seen(&mut tab, FINDINGS).len(), 101);
    // By a link, while a filter hides it.
    type_in(&mut tab, "nobody has this");
    tab.value("document.querySelector('#a0 a[href=\"#s1-f4\"]').click()");
    assert!(in_view(&mut tab, "s1-f4"));
    assert_eq!(seen(&mut tab, FINDINGS), ["s1-f4"]);
    assert!(tab.value("document.getElementById('s1-f4').open").as_bool().unwrap());
    // A step behind the fold of a long story.
    tab.show(&page(&samples::long(300), Language::English), "");
    assert!(!in_view(&mut tab, "s1-i1-200"));
    tab.value("location.hash = '#s1-i1-200'; new Promise(then => setTimeout(then, 100))");
    assert!(in_view(&mut tab, "s1-i1-200"));
}

#[test]
fn more_findings_come_when_asked_for() {
    let Some(mut tab) = Tab::open() else { return };
    tab.show(&page(&samples::flood(230), Language::German), "");
    let state = |tab: &mut Tab| (seen(tab, FINDINGS).len(), text(tab, ".more"));
    let press = "document.querySelector('.more').click()";
    assert_eq!(state(&mut tab), (100, "100 weitere zeigen (130 noch nicht gezeigt)".to_owned()));
    tab.value(press);
    assert_eq!(state(&mut tab), (200, "30 weitere zeigen (30 noch nicht gezeigt)".to_owned()));
    let went_on = tab.value("document.activeElement.closest('#s1-f101') !== null");
    assert!(went_on.as_bool().unwrap(), "the keyboard goes on from there");
    tab.value(press);
    assert_eq!(seen(&mut tab, FINDINGS).len(), 230);
    assert!(!tab.value("document.querySelector('.more').checkVisibility()").as_bool().unwrap());
}

#[test]
fn timelines_grow_and_keep_their_place() {
    let Some(mut tab) = Tab::open() else { return };
    tab.size(1280, 900);
    tab.show(&page(&samples::long(300), Language::English), "");
    let marks = |tab: &mut Tab| {
        let count = "[...document.querySelectorAll('.mark')].filter(it => it.checkVisibility()).length";
        tab.value(count).as_u64().unwrap()
    };
    let whole = marks(&mut tab);
    let press = |tab: &mut Tab, button: &str| tab.value(&format!("document.querySelector('[data-zoom=\"{button}\"]').click()"));
    press(&mut tab, "1");
    let twice = marks(&mut tab);
    press(&mut tab, "1");
    press(&mut tab, "1");
    let most = marks(&mut tab);
    assert!(whole < twice && twice < most, "{whole} {twice} {most}");
    assert!(tab.value("document.querySelector('[data-zoom=\"1\"]').disabled").as_bool().unwrap());
    // It moves inside of its own room, and the keyboard can move it.
    let room = tab.value("(it => [it.scrollWidth > it.clientWidth, it.tabIndex, document.documentElement.scrollWidth <= innerWidth])(document.querySelector('.pictures'))");
    assert_eq!(room.to_string(), "[true,0,true]");
    tab.value("document.querySelector('.pictures').focus()");
    tab.key("0");
    assert_eq!(marks(&mut tab), whole);
    // The wheel: what stands at the pointer stays there.
    let at = "(step => { const marks = [...document.querySelectorAll('.mark')].filter(it => it.checkVisibility() && it.dataset.step <= step);
        const box = marks.pop().getBoundingClientRect(); return Math.round(box.left + box.width / 2); })(200)";
    tab.value("document.querySelector('.pictures').scrollIntoView()");
    let before = tab.value(at).as_i64().unwrap();
    tab.value(&format!("document.querySelector('.pictures').dispatchEvent(new WheelEvent('wheel', {{ deltaY: -120, ctrlKey: true, clientX: {before}, cancelable: true }}))"));
    assert_eq!(marks(&mut tab), twice);
    let after = tab.value(at).as_i64().unwrap();
    assert!((before - after).abs() <= 3, "{before} {after}");
    // A mark leads to its step.
    tab.value("[...document.querySelectorAll('.enlarged .mark')].find(it => it.checkVisibility() && it.dataset.step == 5).dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))");
    assert_eq!(tab.value("location.hash"), "#s1-i1-5");
}

#[test]
fn paper_has_everything_and_no_controls() {
    let Some(mut tab) = Tab::open() else { return };
    tab.show(&page(&samples::flood(450), Language::English), "");
    type_in(&mut tab, "nobody has this");
    tab.value("document.querySelector('[data-zoom=\"1\"]').click()");
    tab.media("print", "dark");
    assert_eq!((seen(&mut tab, FINDINGS).len(), seen(&mut tab, STEPS).len()), (450, 13));
    assert_eq!(seen(&mut tab, ".needs-script, .skip").len(), 0);
    assert_eq!(seen(&mut tab, ".picture").len(), 1, "one picture, not enlarged");
    assert_eq!(tab.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(tab.value("getComputedStyle(document.body).color"), "rgb(0, 0, 0)");
    assert!(tab.value("document.querySelector('.finding pre').checkVisibility()").as_bool().unwrap(), "details are open");
}

#[test]
fn without_scripts_everything_is_there_and_nothing_needs_one() {
    let Some(mut tab) = Tab::open() else { return };
    tab.call("Emulation.setScriptExecutionDisabled", serde_json::json!({ "value": true }));
    tab.show(&page(&samples::flood(450), Language::English), "");
    assert_eq!((seen(&mut tab, FINDINGS).len(), seen(&mut tab, STEPS).len()), (450, 13));
    assert_eq!(seen(&mut tab, ".needs-script, .enlarged").len(), 0);
}

#[test]
fn no_markup_can_be_made_of_text() {
    let Some(mut tab) = Tab::open() else { return };
    tab.show(&page(&samples::hostile("<img src=x onerror=document.title='zzran'>"), Language::English), "");
    // Even if a fault of ours tried: the browser refuses it under the page's policy.
    let tried = "(() => { try { document.body.innerHTML = document.querySelector('pre').textContent; return 'made'; } catch (error) { return error.name; } })()";
    assert_eq!(tab.value(tried), "TypeError");
    type_in(&mut tab, "<img src=x>");
    assert!(!tab.value("document.title").as_str().unwrap().contains("zzran"));
    assert_eq!(tab.value("document.images.length"), 0);
}
