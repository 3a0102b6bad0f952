//! Small inert pieces, each with one source and one way out, and computations.

use std::rc::Rc;

use crate::interpret::Interpreter;
use crate::language::Language;
use crate::limits::Limits;
use crate::parse::{self, Piece};

/// Each hit as `capability callee kind:name control`, as a line.
pub(crate) fn hits(language: Language, source: &str) -> Vec<String> {
    let limits = Limits { time: None, ..Limits::default() };
    let it = walk(language, source, &limits);
    it.hits
        .iter()
        .map(|hit| {
            let source = match &hit.taint {
                Some(taint) => format!("{:?}:{} {:?}", taint.kind(), taint.trail.source.name, taint.control),
                None => format!("= {}", hit.argument),
            };
            let facts = [(hit.facts.also, " also"), (hit.facts.served, " served"), (hit.facts.name_computed, " computed"), (hit.facts.decoded, " decoded")];
            let facts: String = facts.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
            format!("{:?} {} {source}{facts}", hit.capability, hit.callee)
        })
        .collect()
}

fn walk<'a>(language: Language, source: &str, limits: &'a Limits) -> Interpreter<'a> {
    let program = parse::parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]);
    let mut it = Interpreter::new(language, limits, &|_| None);
    it.run(Rc::from(source.as_bytes()), &program);
    it
}

/// Walks a text for the walk's own sake.
pub(crate) fn walked(language: Language, source: &str) {
    let limits = Limits { steps: 300_000, time: None, ..Limits::default() };
    walk(language, source, &limits);
}

pub(crate) fn check(language: Language, rows: &[(&str, &str)]) {
    let mut wrong = Vec::new();
    for (source, expected) in rows {
        let found = hits(language, source).join("; ");
        if found != *expected {
            wrong.push(format!("{source}\n     expected {expected}\n     found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
#[ignore]
fn probe() {
    let text = std::fs::read_to_string("/tmp/probe").unwrap();
    for part in text.split("\n====\n") {
        let (language, source) = part.split_once('\n').unwrap();
        let language = match language {
            "cs" => Language::CSharp,
            "vb" => Language::VisualBasic,
            "jsn" => Language::JscriptNet,
            "vbs" => Language::VbScript,
            _ => Language::Jscript,
        };
        eprintln!("--- {}", source.chars().take(100).collect::<String>());
        for hit in hits(language, source) {
            eprintln!("    {hit}");
        }
    }
}

#[test]
#[ignore]
fn probe_files() {
    for path in std::fs::read_to_string("/tmp/probe_files").unwrap().lines() {
        let bytes = std::fs::read(path).unwrap();
        eprintln!("--- {path}");
        for script in crate::carrier::scripts(&bytes, path) {
            let limits = Limits { time: None, ..Limits::default() };
            let own = script.text.clone();
            let open = move |asked: &str| -> Option<Vec<u8>> { asked.is_empty().then(|| own.to_vec()) };
            let mut it = Interpreter::new(script.language, &limits, &open);
            for control in &script.controls {
                crate::library::declare_control(&mut it, control);
            }
            let program = parse::parse(script.language, &script.text, &script.pieces);
            if std::env::var_os("DUMP").is_some() {
                std::fs::write("/tmp/dump.txt", &script.text[..]).unwrap();
            }
            it.run(script.text.clone(), &program);
            eprintln!("    {:?} {} bytes, {} pieces, unread {} exhausted {} unknown code {}", script.language, script.text.len(), script.pieces.len(), it.notes.unread, it.notes.exhausted, it.notes.unknown_code.len());
            for (index, layer) in it.layers.iter().enumerate().skip(1) {
                eprintln!("    layer {index} by {} {}", layer.by, String::from_utf8_lossy(&layer.text).chars().take(200).collect::<String>().replace('\n', " "));
            }
            for hit in &it.hits {
                let line = it.layers.get(usize::from(hit.spot.layer)).map_or(0, |layer| layer.text[..(hit.spot.at as usize).min(layer.text.len())].iter().filter(|b| **b == b'\n').count() + 1);
                let source = hit.taint.as_ref().map(|t| format!("{:?}:{} {:?}", t.kind(), t.trail.source.name, t.control));
                eprintln!("    {}/{line} {:?} {} {:?} [{}] {}", hit.spot.layer, hit.capability, hit.callee, source, hit.argument.chars().take(60).collect::<String>(), if hit.facts.uncalled { "uncalled" } else { "" });
            }
        }
    }
}
