//! One source and one sink a row; inert fragments that no server would run.

use crate::interpret::Interpreter;
use crate::language::Language;
use crate::limits::Limits;
use crate::parse::{Piece, parse};

/// What is found in a page, in order: capability, callee, kind and name of the source, control.
fn found(source: &str) -> Vec<String> {
    let limits = Limits { time: None, ..Limits::default() };
    let mut it = Interpreter::new(Language::Java, &limits, &|_| None);
    let (source, piece) = match source.strip_prefix("<EL>") {
        Some(expression) => (expression, Piece::Echo(0..expression.len())),
        None => (source, Piece::Code(0..source.len())),
    };
    let program = parse(Language::Java, source.as_bytes(), &[piece]);
    it.run(source.as_bytes().into(), &program);
    it.hits
        .iter()
        .map(|hit| {
            let taint = match &hit.taint {
                Some(taint) => {
                    let source = &taint.trail.source;
                    format!(" {:?} {} {:?}", source.kind, source.name, taint.control)
                }
                None => String::new(),
            };
            let facts = [
                (hit.facts.name_computed, " computed"),
                (hit.facts.decoded, " decoded"),
                (hit.facts.uncalled, " uncalled"),
                (hit.facts.also, " also"),
                (hit.facts.served, " served"),
                (hit.facts.name_tainted, " name"),
            ];
            let facts: String = facts.iter().filter(|(is, _)| *is).map(|(_, fact)| *fact).collect();
            format!("{:?} {}{taint}{facts}", hit.capability, hit.callee)
        })
        .collect()
}
