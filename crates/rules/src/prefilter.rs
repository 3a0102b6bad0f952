//! Which rules a record could match at all, told from literals in its fields.
//!
//! Most records match no rule, and to find that out by evaluating every rule would cost more than reading them. So from
//! each rule we take alternatives from its [needs](crate::need). All literals of one field are searched in one pass; where
//! there is no literal, that the field is there at all is asked for. The filter may let a rule through in vain; it never holds
//! one back that would match.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

use crate::event::RecordEvent;
use crate::need::{ANY_FIELD, Atom, Need};
use crate::stretches::is_usual;

/// The filter of a group of rules.
pub(crate) struct Prefilter {
    fields: Vec<FieldFilter>,
    /// Rules without atoms.
    always: Vec<usize>,
}

struct FieldFilter {
    name: String,
    /// Rules that ask only for the field.
    present: Vec<usize>,
    literals: AhoCorasick,
    /// For each literal, the rules that have it.
    rules: Vec<Vec<usize>>,
}

impl Prefilter {
    /// A filter for rules, given by number and needs.
    pub(crate) fn new<'n>(rules: impl IntoIterator<Item = (usize, &'n Need)>) -> Self {
        // The longer a literal, the rarer, but for words that every other request has.
        let worth = |(_, literal): &Atom| if is_usual(literal) { literal.len().min(2) } else { literal.len() };
        let mut always = Vec::new();
        let mut by_field: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (rule, need) in rules {
            match need.atoms(&worth) {
                None => always.push(rule),
                Some(atoms) => {
                    for (field, literal) in atoms {
                        by_field.entry(field).or_default().entry(literal).or_default().push(rule);
                    }
                }
            }
        }
        let mut fields = Vec::new();
        for (name, mut literals) in by_field {
            let present = literals.remove("").unwrap_or_default();
            let built = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(literals.keys());
            match built {
                Ok(automaton) => {
                    fields.push(FieldFilter { name, present, literals: automaton, rules: literals.into_values().collect() });
                }
                // Too many literals for the automaton: evaluate those rules always, which is slow and right.
                Err(_) => always.extend(literals.into_values().flatten().chain(present)),
            }
        }
        always.sort_unstable();
        always.dedup();
        Self { fields, always }
    }

    /// Calls `rule` for every rule that the record could match; a rule may be called more than once.
    pub(crate) fn candidates(&self, event: &RecordEvent<'_, '_>, rule: &mut impl FnMut(usize)) {
        self.always.iter().copied().for_each(&mut *rule);
        for field in &self.fields {
            if field.name == ANY_FIELD {
                event.texts(&mut |text| field.candidates(text, rule));
            } else if let Some(text) = event.text(&field.name) {
                field.present.iter().copied().for_each(&mut *rule);
                field.candidates(&text, rule);
            }
        }
    }
}

impl FieldFilter {
    fn candidates(&self, text: &str, rule: &mut impl FnMut(usize)) {
        if !text.is_ascii() {
            // The engine folds case by Unicode, where some other letters become ASCII ones (the Kelvin sign becomes k).
            self.rules.iter().flatten().copied().for_each(&mut *rule);
        } else if text.len() >= self.literals.min_pattern_len() && self.literals.is_match(text) {
            for found in self.literals.find_overlapping_iter(text) {
                self.rules.get(found.pattern().as_usize()).into_iter().flatten().copied().for_each(&mut *rule);
            }
        }
    }
}
