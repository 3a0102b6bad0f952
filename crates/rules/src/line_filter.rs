//! Which rules a row could match at all, told from its raw line.
//!
//! To look into a row's fields costs more than most rows deserve. So before that its line is searched for the literals that
//! rules [need](crate::need). A literal counts wherever it stands in the line: that lets through more than a search by field
//! would, and needs no fields.

use crate::need::Need;
use crate::stretches::{Stretches, stretch_of};

/// Words of the table: it has to do for the literals of thousands of rules.
const WORDS: usize = 1024;

/// The filter of all rules that are for one log source.
pub(crate) struct LineFilter {
    stretches: Stretches<WORDS>,
    /// Rules and what their lines must have.
    rules: Vec<(usize, LineNeed)>,
}

/// What was seen in the lines of one artifact: most of them have the same few literals.
#[derive(Default)]
pub(crate) struct Seen {
    /// The stretches of the line at hand.
    found: Vec<usize>,
    /// Stretches that stood together, and the rules that could match.
    known: Vec<(Vec<usize>, Vec<usize>)>,
}

impl Seen {
    /// Combinations remembered.
    const MOST: usize = 64;
}

/// What a line must have for a rule to match.
enum LineNeed {
    /// One of these stretches.
    Stretches(Vec<usize>),
    All(Vec<LineNeed>),
    Any(Vec<LineNeed>),
}

impl LineFilter {
    /// Whether anything can be told from a line of a rule with this need.
    pub(crate) fn tells(need: &Need) -> bool {
        match need {
            Need::Nothing => false,
            Need::Field(need) => !need.literals.is_empty() && need.literals.iter().all(|literal| stretch_of(literal).is_some()),
            Need::All(parts) => parts.iter().any(Self::tells),
            Need::Any(parts) => parts.iter().all(Self::tells),
        }
    }

    /// A filter for rules by number and need; those of which nothing can be told are left out.
    pub(crate) fn new<'n>(rules: impl IntoIterator<Item = (usize, &'n Need)>) -> Self {
        let mut own = Self { stretches: Stretches::new(), rules: Vec::new() };
        for (rule, need) in rules {
            if let Some(need) = own.line_need(need) {
                own.rules.push((rule, need));
            }
        }
        own
    }

    fn line_need(&mut self, need: &Need) -> Option<LineNeed> {
        if !Self::tells(need) {
            return None;
        }
        match need {
            Need::Nothing => None,
            Need::Field(need) => {
                let stretches = need.literals.iter().filter_map(|literal| stretch_of(literal));
                Some(LineNeed::Stretches(stretches.map(|stretch| self.stretches.number(stretch)).collect()))
            }
            Need::All(parts) => Some(LineNeed::All(parts.iter().filter_map(|part| self.line_need(part)).collect())),
            Need::Any(parts) => Some(LineNeed::Any(parts.iter().filter_map(|part| self.line_need(part)).collect())),
        }
    }

    /// The rules that could match a row of this line, by number, in order. Never leaves out one that does; see
    /// [`Fields::Columns`](afterpatch_model::Fields::Columns) for what of the line a value may differ in.
    pub(crate) fn candidates<'s>(&self, line: &str, seen: &'s mut Seen) -> &'s [usize] {
        seen.found.clear();
        if !line.is_ascii() {
            // Engines fold case by Unicode, where some other letters become ASCII ones (the Kelvin sign becomes k).
            seen.found.extend(0..self.stretches.len());
        } else {
            self.stretches.find(line.as_bytes(), &mut seen.found);
        }
        if seen.found.is_empty() {
            return &[];
        }
        seen.found.sort_unstable();
        if let Some(position) = seen.known.iter().position(|(found, _)| *found == seen.found) {
            return seen.known.get(position).map_or(&[], |(_, rules)| rules);
        }
        if seen.known.len() >= Seen::MOST {
            seen.known.clear();
        }
        let met = self.rules.iter().filter(|(_, need)| need.is_met(&seen.found)).map(|(number, _)| *number);
        seen.known.push((seen.found.clone(), met.collect()));
        seen.known.last().map_or(&[], |(_, rules)| rules)
    }
}

impl LineNeed {
    fn is_met(&self, found: &[usize]) -> bool {
        match self {
            Self::Stretches(numbers) => numbers.iter().any(|number| found.contains(number)),
            Self::All(parts) => parts.iter().all(|part| part.is_met(found)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn need(condition: &str) -> Need {
        let rule = format!(
            "title: t\nlogsource:\n  category: x\ndetection:\n  a: {{U|contains: DDIService.svc/SetObject}}\n  \
             b: {{U|contains: [xabcdefg, 'q,rstuvw']}}\n  s: {{U|contains: short}}\n  condition: {condition}"
        );
        Need::of(&rsigma_parser::parse_sigma_yaml(&rule).unwrap().rules.first().unwrap().detection)
    }

    fn passes(condition: &str, line: &str) -> bool {
        let need = need(condition);
        assert!(LineFilter::tells(&need), "{condition}");
        let mut seen = Seen::default();
        let filter = LineFilter::new([(7, &need)]);
        let found = filter.candidates(line, &mut seen).to_vec();
        assert_eq!(filter.candidates(line, &mut seen), found);
        found == [7]
    }

    #[test]
    fn a_literal_is_found_wherever_it_stands_and_whatever_its_case() {
        for before in 0..9 {
            for (text, expected) in [
                ("ddiservice.svc/setobject", true),
                ("DDISERVICE.SVC/SETOBJECT tail", true),
                ("XAbcDefG", true),
                ("q,rstuvw", true),
                ("xabcde", false),
                ("xabcdexg", false),
                ("DDIService.svc/GetObject", false),
                ("", false),
                ("K\u{212A}", true),
            ] {
                let line = format!("{}{text}", "-".repeat(before));
                assert_eq!(passes("a or b", &line), expected, "{line}");
            }
        }
    }

    #[test]
    fn needs_are_weighed_as_the_rule_does() {
        let both = "/DDIService.svc/SetObject?xabcdefg";
        for (condition, line, expected) in [
            ("a and b", both, true),
            ("a and b", "/DDIService.svc/SetObject", false),
            ("a and s", "/DDIService.svc/SetObject", true),
            ("a and not b", both, true),
            ("(a or b) and s", "xabcdefg", true),
            ("1 of *", "x", true),
        ] {
            if condition == "1 of *" {
                assert!(!LineFilter::tells(&need(condition)));
            } else {
                assert_eq!(passes(condition, line), expected, "{condition}: {line}");
            }
        }
    }
}
