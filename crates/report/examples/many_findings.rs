//! Measures a page of many findings in a headless Chromium:
//! `cargo run --release -p afterpatch-report --example many_findings -- [FINDINGS] [FILE.html]`. Writes the page to the file, if one is named.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/devtools/mod.rs"]
mod devtools;
#[path = "../tests/samples/mod.rs"]
mod samples;

use std::time::Instant;

use afterpatch_report::{Format, Options, write};

/// Runs in the page: the letters come one by one, as typed, and each is waited for until the page is drawn anew.
const TYPE: &str = "(async () => {
    const field = document.querySelector('.filter input');
    const drawn = () => new Promise(then => requestAnimationFrame(() => setTimeout(then)));
    const times = [];
    for (const text of ['1', '19', '198', '198.', '198.1', '198.18', '198.18.1', '198.18.17', '198.18.177', '198.18.177.', '198.18.177.9', '198.18.177', '198.', '', 'whoami', '']) {
        await drawn();
        const start = performance.now();
        field.value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        const script = performance.now() - start;
        document.body.getBoundingClientRect();
        const laid = performance.now() - start;
        await drawn();
        times.push([text, script, laid, performance.now() - start]);
    }
    return times;
})()";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count = arguments.next().map_or(Ok(50_000), |number| number.parse())?;
    let report = samples::flood(count);
    let start = Instant::now();
    let mut page = Vec::new();
    write(&report, Format::Html, &Options::default(), &mut page).unwrap();
    println!("{count} findings: a page of {:.1} MB, written in {:.2} s", page.len() as f64 / 1e6, start.elapsed().as_secs_f64());
    let page = String::from_utf8(page).unwrap();
    if let Some(file) = arguments.next() {
        std::fs::write(file, &page).unwrap();
    }
    for run in 1..=3 {
        let Some(mut tab) = devtools::Tab::open() else { return Ok(()) };
        tab.size(1280, 900);
        let loaded = tab.show(&page, "");
        let painted = tab.value("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0");
        println!(
            "run {run}: loaded in {:.2} s ({:.2} s of processor time), first painted at {:.2} s; {:.0} nodes, JavaScript holds {:.1} MB",
            loaded.as_secs_f64(),
            tab.metric("TaskDuration"),
            painted.as_f64().unwrap_or_default() / 1e3,
            tab.metric("Nodes"),
            tab.metric("JSHeapUsedSize") / 1e6
        );
        // Until the texts are made that the search looks through.
        tab.value("new Promise(then => setTimeout(then, 3000))");
        let before = tab.metric("TaskDuration");
        println!("  milliseconds from a letter to: done, laid out, drawn");
        let times = tab.value(TYPE);
        let used = tab.metric("TaskDuration") - before;
        let letters = times.as_array().unwrap().len();
        for time in times.as_array().unwrap() {
            let figure = |at: usize| time[at].as_f64().unwrap_or_default();
            println!("  {:>14} {:7.1} {:7.1} {:7.1}", time[0].as_str().unwrap_or_default(), figure(1), figure(2), figure(3));
        }
        println!("  processor time: {:.1} ms a letter", used * 1e3 / letters as f64);
        println!("  JavaScript holds {:.1} MB then", tab.metric("JSHeapUsedSize") / 1e6);
    }
    Ok(())
}
