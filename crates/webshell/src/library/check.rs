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
            let facts = [
                (hit.facts.also, " also"),
                (hit.facts.served, " served"),
                (hit.facts.name_computed, " computed"),
                (hit.facts.decoded, " decoded"),
            ];
            let facts: String = facts.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
            format!("{:?} {} {source}{facts}", hit.capability, hit.callee)
        })
        .collect()
}

fn walk<'a>(language: Language, source: &str, limits: &'a Limits) -> Interpreter<'a> {
    let program = parse::parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]);
    let mut it = Interpreter::new(language, limits, &|_| None);
    it.run(Rc::from(source.as_bytes()), &program, &Default::default());
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
