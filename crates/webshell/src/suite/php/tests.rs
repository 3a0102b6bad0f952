//! The suite's demand on the interpreter.

use std::collections::BTreeMap;

use super::{Technique, Variant, techniques, variant};
use crate::evidence::Hit;
use crate::interpret::Interpreter;
use crate::language::Language;
use crate::limits::Limits;
use crate::suite::dice::Dice;
use crate::suite::{is_resolved, is_tainted};

/// Each technique leads so many programs.
const ROUNDS: usize = 12;

/// Of a hundred programs so many must be seen through.
const DEMAND: usize = 99;

#[test]
fn hidden_calls_are_found() {
    let all = techniques();
    let mut unresolved: BTreeMap<String, Vec<Variant>> = BTreeMap::new();
    let mut made = 0;
    for variant in variants(&all, ROUNDS, false) {
        made += 1;
        if !is_resolved(&hits(&variant.file), variant.takes_all()) {
            unresolved.entry(variant.techniques[0].clone()).or_default().push(variant);
        }
    }
    let failed: usize = unresolved.values().map(Vec::len).sum();
    let told: Vec<String> = unresolved.iter().map(|(lead, variants)| told(lead, variants)).collect();
    assert!(made >= 2000, "only {made} programs");
    assert!(failed * 100 <= made * (100 - DEMAND), "{failed} of {made} programs hide their call:\n{}", told.join("\n"));
}

#[test]
fn constants_are_nobodys() {
    let all = techniques();
    for variant in variants(&all, 1, true) {
        let file = String::from_utf8_lossy(&variant.file);
        assert!(!is_tainted(&hits(&variant.file)), "{:?}: a visitor decides nothing in\n{file}", variant.techniques);
    }
}

fn told(lead: &str, variants: &[Variant]) -> String {
    let first = &variants[0];
    format!("{} {lead} ({})\n{}\n", variants.len(), first.techniques.join(", "), String::from_utf8_lossy(&first.file))
}

/// Programs that each technique leads: alone, then with one or two others.
fn variants(all: &[Technique], rounds: usize, twins: bool) -> impl Iterator<Item = Variant> {
    (0..rounds).flat_map(move |round| {
        all.iter().enumerate().map(move |(index, lead)| {
            let seed = (round * all.len() + index) as u64;
            let mut dice = Dice::new(seed ^ 0xabcdef);
            let others: Vec<Technique> = (0..round.min(1 + round % 2)).map(|_| *dice.pick(all)).collect();
            variant(*lead, &others, seed, twins)
        })
    })
}

fn hits(file: &[u8]) -> Vec<Hit> {
    let limits = Limits { time: None, ..Limits::default() };
    let program = crate::parse::php_file(file);
    // The page may read itself.
    let open = |path: &str| path.ends_with("page.php").then(|| file.to_vec());
    let mut it = Interpreter::new(Language::Php, &limits, &open);
    it.set_own_path("/srv/page.php");
    it.run(file.into(), &program, &Default::default());
    std::mem::take(&mut it.hits)
}
