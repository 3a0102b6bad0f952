//! `afterpatch inspect`: what the code of single files lets a visitor do.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use afterpatch_report::{InspectSarif, Inspected, Tally, write_inspected_object, write_inspected_tally, write_inspected_text};
use afterpatch_webshell::{Limits, Verdict, inspect_from, on_deep_stack};

use crate::arguments::{InspectArguments, InspectFormat};
use crate::exit::Exit;
use crate::output;

/// Looks at every file and tells of it in the order of the paths.
pub fn run(arguments: &InspectArguments) -> anyhow::Result<Exit> {
    let mut tally = Tally::default();
    let files = files_of(&arguments.paths, &mut tally);
    let options = output::options(&arguments.shown);
    let mut out = BufWriter::new(stdout().lock());
    let mut worst = Verdict::Clean;
    let mut sarif = InspectSarif::new()?;
    each(&files, usize::from(arguments.threads), |path, answer| {
        let report = match answer {
            Ok(report) => report,
            Err(error) => {
                tally.unread += 1;
                output::warn(&format!("{}: {error}", path.display()));
                sarif.add_unread(&path.display().to_string(), &error.to_string());
                return Ok(());
            }
        };
        tally.add(&report);
        worst = worst.max(report.verdict);
        if report.verdict == Verdict::Clean && !arguments.all && !report.exhausted {
            return Ok(());
        }
        let inspected = Inspected { path: path.display().to_string(), report };
        match arguments.format {
            InspectFormat::Ndjson => write_inspected_object(&inspected, &mut out)?,
            InspectFormat::Sarif => sarif.add(&inspected),
            InspectFormat::Text => write_inspected_text(&inspected, arguments.explain, &options, &mut out)?,
        }
        Ok(())
    })?;
    match arguments.format {
        InspectFormat::Text => write_inspected_tally(&tally, &options, &mut out)?,
        InspectFormat::Sarif => sarif.write(&mut out)?,
        InspectFormat::Ndjson => {}
    }
    out.flush()?;
    if tally.files == 0 {
        return Ok(Exit::NoEvidence);
    }
    Ok(exit_of(worst).or_zero(arguments.exit_zero))
}

fn exit_of(worst: Verdict) -> Exit {
    match worst {
        Verdict::Webshell => Exit::Compromised,
        Verdict::Suspicious => Exit::Attempted,
        Verdict::DualUse | Verdict::Opaque => Exit::Exposed,
        Verdict::Clean => Exit::Nothing,
    }
}

/// All files that the paths name, each once, in order. Links are not followed: they may lead in circles or out of the place.
fn files_of(paths: &[PathBuf], tally: &mut Tally) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut waiting: Vec<PathBuf> = paths.iter().rev().cloned().collect();
    while let Some(path) = waiting.pop() {
        let kind = if paths.contains(&path) { fs::metadata(&path) } else { fs::symlink_metadata(&path) };
        match kind {
            Ok(kind) if kind.is_file() => files.push(path),
            Ok(kind) if kind.is_dir() => match fs::read_dir(&path) {
                Ok(entries) => {
                    let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
                    inside.sort_unstable();
                    waiting.extend(inside.into_iter().rev());
                }
                Err(error) => {
                    tally.unread += 1;
                    output::warn(&format!("{}: {error}", path.display()));
                }
            },
            Ok(_) => {}
            Err(error) => {
                tally.unread += 1;
                output::warn(&format!("{}: {error}", path.display()));
            }
        }
    }
    files
}

/// What is said of one file, or why nothing can be.
type Answer = Result<afterpatch_webshell::Report, std::io::Error>;

/// Looks at the files on several threads and hands on the answers in order.
fn each(files: &[PathBuf], threads: usize, mut tell: impl FnMut(&Path, Answer) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, answers) = channel();
        for _ in 0..threads.min(files.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                let work = || work(files, next, &sender);
                on_deep_stack(work).unwrap_or_else(work);
            });
        }
        drop(sender);
        // Answers that came before their turn.
        let mut early = BTreeMap::new();
        let mut turn = 0;
        for (index, answer) in answers {
            early.insert(index, answer);
            while let Some(answer) = early.remove(&turn) {
                if let Some(path) = files.get(turn) {
                    tell(path, answer)?;
                }
                turn += 1;
            }
        }
        Ok(())
    })
}

fn work(files: &[PathBuf], next: &AtomicUsize, sender: &Sender<(usize, Answer)>) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(path) = files.get(index) else { break };
        let open = |asked: &str| beside(path.parent().unwrap_or(Path::new("")), asked);
        let answer = fs::File::open(path)
            .and_then(|mut file| inspect_from(&path.display().to_string(), &mut file, Some(&open), &Limits::default()));
        if sender.send((index, answer)).is_err() {
            break;
        }
    }
}

/// Included files are read up to this size.
const MAX_INCLUDED: u64 = 1 << 20;

/// A file that a page includes, if it lies in the page's folder or below: a path in a page leads nowhere else here.
fn beside(folder: &Path, asked: &str) -> Option<Vec<u8>> {
    let asked = asked.replace('\\', "/");
    let relative = Path::new(asked.trim_start_matches("./").trim_start_matches('/'));
    if relative.components().any(|part| !matches!(part, std::path::Component::Normal(_))) {
        return None;
    }
    let path = folder.join(relative);
    let kind = fs::symlink_metadata(&path).ok()?;
    (kind.is_file() && kind.len() <= MAX_INCLUDED).then(|| fs::read(&path).ok()).flatten()
}
