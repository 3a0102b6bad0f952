//! What the rest of a row must have, so that a rule could match it, when its face is known.
//!
//! Most rows have nothing of it, and that is seen without searching for each literal: those of seven bytes and more would show
//! themselves by [`Stretches`], shorter ones by a character that is rare.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use crate::need::Open;
use crate::stretches::{Stretches, stretch_of};

/// Words of the table: a face leaves few literals open, and many faces take turns.
const WORDS: usize = 256;
/// Characters that an everyday query, time or number seldom has, the rarest first.
const RARE: &[u8] = b"@%$~#!{}|^`'*()[],/<>";

/// Searches what is not of a row's face (see [`Glance::rest`](afterpatch_model::Glance::rest)) for what rules need that could
/// match a row with this face. May let a row through in vain; never holds one back that a rule matches.
pub struct RestFilter {
    open: Open,
    /// Of the literals without one of which nothing is met: those of seven bytes and more.
    stretches: Stretches<WORDS>,
    /// Each of the shorter ones has one of these, of which there are at most three; nothing when that is not so.
    rare: Option<Vec<u8>>,
    /// Nothing when there are too many literals: every row is let through.
    literals: Option<AhoCorasick>,
    /// For each literal, the needs of fields that look for it.
    needs: Vec<Vec<usize>>,
}

impl RestFilter {
    /// A filter for what is left. `pieces` are what each need of a field looks for, by its number.
    pub(crate) fn new(open: Open, pieces: &[Vec<String>]) -> Self {
        let mut numbers = BTreeSet::new();
        open.fields(&mut |number| {
            numbers.insert(number);
        });
        let mut by_literal: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for number in numbers {
            for piece in pieces.get(number).into_iter().flatten() {
                by_literal.entry(piece.to_ascii_lowercase()).or_default().push(number);
            }
        }
        let mut stretches = Stretches::new();
        let mut short = Vec::new();
        let worth = |number: usize| pieces.get(number).into_iter().flatten().map(|piece| worth(piece)).min().unwrap_or_default();
        for number in open.cannot_do_without(&worth) {
            for literal in pieces.get(number).into_iter().flatten() {
                match stretch_of(literal) {
                    Some(stretch) => {
                        stretches.number(stretch);
                    }
                    None => short.push(literal),
                }
            }
        }
        let literals = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(by_literal.keys()).ok();
        Self { open, stretches, rare: rare_of(&short), literals, needs: by_literal.into_values().collect() }
    }

    /// Whether a rule could match a row of which these are the parts that are not of its face.
    pub fn lets_through(&self, rest: &[&str]) -> bool {
        // Engines fold case by Unicode, where some other letters become ASCII ones (the Kelvin sign becomes k).
        let may_have = |text: &&str| !text.is_ascii() || self.may_stand_in(text.as_bytes());
        rest.iter().any(may_have) && self.has_what_is_needed(rest)
    }

    fn may_stand_in(&self, text: &[u8]) -> bool {
        let has_short = match self.rare.as_deref() {
            Some([]) => false,
            Some([one]) => memchr::memchr(*one, text).is_some(),
            Some([one, other]) => memchr::memchr2(*one, *other, text).is_some(),
            Some([one, other, third]) => memchr::memchr3(*one, *other, *third, text).is_some(),
            _ => true,
        };
        has_short || self.stretches.stand_in(text)
    }

    #[cold]
    fn has_what_is_needed(&self, rest: &[&str]) -> bool {
        let Some(literals) = self.literals.as_ref().filter(|_| rest.iter().all(|text| text.is_ascii())) else { return true };
        let found = rest.iter().flat_map(|text| literals.find_overlapping_iter(text));
        let found: Vec<usize> =
            found.flat_map(|found| self.needs.get(found.pattern().as_usize()).into_iter().flatten().copied()).collect();
        self.open.is_met(&found)
    }
}

/// How soon it is seen that a literal is not there.
fn worth(literal: &str) -> usize {
    if stretch_of(literal).is_some() {
        return RARE.len() + 1;
    }
    RARE.iter().position(|byte| literal.as_bytes().contains(byte)).map_or(0, |place| RARE.len() - place)
}

/// At most three rare characters, one of which each of the literals has.
fn rare_of(literals: &[&String]) -> Option<Vec<u8>> {
    let mut rare = Vec::new();
    for literal in literals {
        let has = |byte: &&u8| literal.as_bytes().contains(byte);
        if !rare.iter().any(|byte| has(&byte)) {
            rare.push(*RARE.iter().find(has)?);
        }
    }
    (rare.len() <= 3).then_some(rare)
}
