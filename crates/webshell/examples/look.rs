//! Prints one line for each file below the paths given: verdict, score, languages, what weighs most.
#![allow(clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use afterpatch_webshell::{File, Limits, Verdict, inspect};

fn files(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.iter().for_each(|entry| files(entry, out));
    } else if path.is_file() {
        out.push(path.to_owned());
    }
}

fn main() {
    let all = std::env::args().any(|argument| argument == "--all");
    let every = std::env::args().any(|argument| argument == "--no-prefilter");
    let long = std::env::args().any(|argument| argument == "--long");
    let mut paths = Vec::new();
    std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .for_each(|argument| files(Path::new(&argument), &mut paths));
    let queue = Mutex::new(paths.into_iter());
    let work = || loop {
        let Some(path) = queue.lock().ok().and_then(|mut queue| queue.next()) else { break };
        let Ok(bytes) = fs::read(&path) else { continue };
        let begun = std::time::Instant::now();
        let name = path.display().to_string();
        let report = inspect(&File { path: &name, bytes: &bytes, open: None }, &Limits { walk_all: every, ..Limits::default() });
        if !all && report.verdict == Verdict::Clean {
            continue;
        }
        if long {
            println!("{name}\n{report:#?}");
            continue;
        }
        let first = report.findings.first().map(|finding| {
            let source = finding.source.as_ref().map(|source| format!("{:?} {}", source.kind, source.name)).unwrap_or_default();
            format!("{:?} {} line {}/{} <- {source}", finding.capability, finding.call, finding.place.line, finding.place.layer)
        });
        println!(
            "{:?}\t{:.2}\t{}\t{name}\t{:?}\t{}\t{:?}\t{} ms",
            report.verdict,
            report.score,
            if report.exhausted { "EXHAUSTED" } else { "" },
            report.languages,
            first.unwrap_or_default(),
            report.reasons,
            begun.elapsed().as_millis()
        );
    };
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let _ = std::thread::Builder::new().stack_size(512 << 20).spawn_scoped(scope, work);
        }
    });
}
