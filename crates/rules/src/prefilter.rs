//! Which rules a record could match at all, told from literals.
//!
//! Most rows match no rule, and to find that out by evaluating every rule would cost more than reading the row. So from
//! each rule we take an [`Atoms`] set: field and literal pairs of which at least one must be there for the rule to match.
//! All literals of one field are searched in one pass; where there is no literal, such as in a regular expression, that the
//! field is there at all is asked for. The filter may let a rule through in vain; it never holds one back
//! that would match, so whatever we do not understand of a rule means "no atoms, always evaluate".

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use rsigma_parser::{ConditionExpr, Detection, DetectionItem, Detections, Modifier, Quantifier, SigmaValue, StringPart};

use crate::event::RecordEvent;

/// Stands for all fields: what keywords are looked for in. No field has this name.
const ANY_FIELD: &str = "*";

/// A field and a literal (ASCII) that it contains, without regard to ASCII case; the empty one asks only for the field.
type Atom = (String, String);

/// Alternatives: a record that has none of them cannot match.
type Atoms = Vec<Atom>;

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
    /// A filter for rules, given by number and detections.
    pub(crate) fn new<'d>(rules: impl IntoIterator<Item = (usize, &'d Detections)>) -> Self {
        let mut always = Vec::new();
        let mut by_field: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (rule, detections) in rules {
            match rule_atoms(detections) {
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
        } else if self.literals.is_match(text) {
            for found in self.literals.find_overlapping_iter(text) {
                self.rules.get(found.pattern().as_usize()).into_iter().flatten().copied().for_each(&mut *rule);
            }
        }
    }
}

/// A rule matches when one of its conditions does.
fn rule_atoms(detections: &Detections) -> Option<Atoms> {
    any(detections.conditions.iter().map(|condition| condition_atoms(condition, detections)))
}

fn condition_atoms(condition: &ConditionExpr, detections: &Detections) -> Option<Atoms> {
    match condition {
        ConditionExpr::And(parts) => best(parts.iter().map(|part| condition_atoms(part, detections))),
        ConditionExpr::Or(parts) => any(parts.iter().map(|part| condition_atoms(part, detections))),
        ConditionExpr::Not(_) => None,
        ConditionExpr::Identifier(name) => detections.named.get(name).and_then(detection_atoms),
        ConditionExpr::Selector { quantifier, pattern } => {
            let parts = detections.named.iter().filter(|(name, _)| pattern.matches_detection_name(name));
            let parts = parts.map(|(_, detection)| detection_atoms(detection));
            match quantifier {
                Quantifier::All => best(parts),
                Quantifier::Count(0) => None,
                Quantifier::Any | Quantifier::Count(_) => any(parts),
            }
        }
    }
}

fn detection_atoms(detection: &Detection) -> Option<Atoms> {
    match detection {
        Detection::AllOf(items) => best(items.iter().map(item_atoms)),
        Detection::And(parts) => best(parts.iter().map(detection_atoms)),
        Detection::AnyOf(parts) => any(parts.iter().map(detection_atoms)),
        Detection::Keywords(words) => any(words.iter().map(keyword_atoms)),
        Detection::ArrayMatch { .. } | Detection::Conditional { .. } => None,
    }
}

fn item_atoms(item: &DetectionItem) -> Option<Atoms> {
    use Modifier::{All, Cased, Cidr, Contains, EndsWith, IgnoreCase, Re, StartsWith, WindAsh};
    let only = |known: fn(&Modifier) -> bool| item.field.modifiers.iter().all(known);
    let all_or_any = |values: &mut dyn Iterator<Item = Option<Atoms>>| {
        if item.field.has_modifier(All) { best(values) } else { any(values) }
    };
    let Some(field) = item.field.name.as_ref() else {
        let known = only(|modifier| matches!(modifier, Contains | All));
        return if known { all_or_any(&mut item.values.iter().map(keyword_atoms)) } else { None };
    };
    if only(|modifier| matches!(modifier, Re | Cidr | IgnoreCase | All)) && !item.field.modifiers.is_empty() {
        // A pattern may match the empty text, but never a field that is not there.
        return Some(vec![(field.clone(), String::new())]);
    }
    if !only(|modifier| matches!(modifier, Contains | StartsWith | EndsWith | All | Cased | WindAsh)) {
        return None;
    }
    let any_dash = item.field.has_modifier(WindAsh);
    all_or_any(&mut item.values.iter().map(|value| Some(vec![(field.clone(), literal(field, value, any_dash)?)])))
}

/// A keyword is looked for in every field. One without a literal says nothing.
fn keyword_atoms(word: &SigmaValue) -> Option<Atoms> {
    let literal = matches!(word, SigmaValue::String(_)).then(|| literal(ANY_FIELD, word, false))??;
    (!literal.is_empty()).then(|| vec![(ANY_FIELD.to_owned(), literal)])
}

/// The longest run of ASCII in a text value, which may be empty. A number has none, as `200` also matches the text `200.0`;
/// only the number of an event is always written the same way. `None` for values that a field which is not there can match.
fn literal(field: &str, value: &SigmaValue, any_dash: bool) -> Option<String> {
    let text = match value {
        SigmaValue::String(text) => text,
        SigmaValue::Integer(number) if field.eq_ignore_ascii_case("EventID") => return Some(number.to_string()),
        SigmaValue::Integer(_) | SigmaValue::Float(_) => return Some(String::new()),
        _ => return None,
    };
    let plain = text.parts.iter().filter_map(|part| match part {
        StringPart::Plain(plain) => Some(plain.as_str()),
        StringPart::Special(_) => None,
    });
    let runs = plain.flat_map(|plain| plain.split(|c: char| !c.is_ascii() || (any_dash && c == '-')));
    Some(runs.max_by_key(|run| run.len()).unwrap_or_default().to_owned())
}

/// One of the parts must hold: all their atoms are alternatives, and a part without atoms spoils it.
fn any(parts: impl Iterator<Item = Option<Atoms>>) -> Option<Atoms> {
    let mut all = Vec::new();
    for part in parts {
        all.extend(part?);
    }
    // No part at all: nothing is known.
    (!all.is_empty()).then_some(all)
}

/// All parts must hold: the atoms of one are enough, and the longer its shortest literal, the rarer it is.
fn best(parts: impl Iterator<Item = Option<Atoms>>) -> Option<Atoms> {
    let shortest = |atoms: &Atoms| atoms.iter().map(|(_, literal)| literal.len()).min();
    parts.flatten().max_by_key(shortest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn atoms_of(detection: &str) -> Option<Vec<(String, String)>> {
        let rule = format!("title: t\nlogsource:\n  category: x\ndetection:\n{detection}");
        let collection = rsigma_parser::parse_sigma_yaml(&rule).unwrap();
        let mut atoms = rule_atoms(&collection.rules.first().unwrap().detection)?;
        atoms.sort();
        Some(atoms)
    }

    #[test]
    fn atoms_are_what_a_match_cannot_do_without() {
        let atom = |field: &str, literal: &str| (field.to_owned(), literal.to_owned());
        let table = [
            // The longest literal of parts that must all hold.
            ("  s: {A|contains: abc, B|endswith: abcdef}\n  condition: s", Some(vec![atom("B", "abcdef")])),
            // All of those of which one must hold.
            ("  s: {A|contains: [abc, de]}\n  condition: s", Some(vec![atom("A", "abc"), atom("A", "de")])),
            ("  s: {A|contains|all: [abc, de]}\n  condition: s", Some(vec![atom("A", "abc")])),
            ("  s1: {A: ab}\n  s2: {B: cd}\n  condition: 1 of s*", Some(vec![atom("A", "ab"), atom("B", "cd")])),
            ("  s1: {A: ab}\n  s2: {B: cde}\n  condition: all of s*", Some(vec![atom("B", "cde")])),
            ("  s: {A: ab}\n  f: {B: cde}\n  condition: s and not f", Some(vec![atom("A", "ab")])),
            ("  s: {A: 'x*longer?y'}\n  condition: s", Some(vec![atom("A", "longer")])),
            ("  s: {A: 'grüße-aus'}\n  condition: s", Some(vec![atom("A", "e-aus")])),
            ("  s: {A|contains|windash: ' -abc'}\n  condition: s", Some(vec![atom("A", "abc")])),
            ("  s: {EventID: 4624}\n  condition: s", Some(vec![atom("EventID", "4624")])),
            // Keywords may be in any field.
            (
                "  s: {A: abc}\n  k: [word, longer]\n  condition: s or k",
                Some(vec![atom("*", "longer"), atom("*", "word"), atom("A", "abc")]),
            ),
            ("  k: {'|all': [word, longer]}\n  condition: k", Some(vec![atom("*", "longer")])),
            ("  k: ['*']\n  condition: k", None),
            // No literal, but the field must be there.
            ("  s: {A: 200}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A: ''}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re: abc}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re|i: abc}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|cidr: 10.0.0.0/8}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re: abc, B: de}\n  condition: s", Some(vec![atom("B", "de")])),
            ("  s1: {A|re: abc}\n  s2: {B: de}\n  condition: 1 of s*", Some(vec![atom("A", ""), atom("B", "de")])),
            // Nothing that could be relied on.
            ("  s: {A: null}\n  condition: s", None),
            ("  s: {A: [ab, null]}\n  condition: s", None),
            ("  s: {A|neq: abc}\n  condition: s", None),
            ("  s: {A|base64: abc}\n  condition: s", None),
            ("  f: {A: abc}\n  condition: not f", None),
        ];
        for (detection, expected) in table {
            assert_eq!(atoms_of(detection), expected, "{detection}");
        }
    }
}
