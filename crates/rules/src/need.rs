//! What a rule cannot match without, told from its text: which fields must be there, and which literals in them.
//!
//! Most records match no rule, and to find that out by evaluating every rule would cost more than reading them. What is said
//! here may be less than what a rule asks for, never more: whatever we do not understand of a rule means [`Need::Nothing`].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use afterpatch_model::{Fields, Glance};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use regex_syntax::hir::{Class, Hir, HirKind};
use rsigma_parser::{ConditionExpr, Detection, DetectionItem, Detections, Modifier, Quantifier, SigmaValue, StringPart};

use crate::event::RecordEvent;

/// Stands for all fields: what keywords are looked for in. No field has this name.
pub(crate) const ANY_FIELD: &str = "*";

/// Fields that come from the face of a request (see [`Glance::face`](afterpatch_model::Glance::face)) alone.
const OF_FACE: [&str; 9] =
    ["cs-method", "cs-uri-stem", "c-ip", "X-Forwarded-For", "cs-username", "cs-user-agent", "cs-referer", "s-port", "sc-status"];

/// The field that no face has anything of.
const QUERY: &str = "cs-uri-query";

/// A field and a literal (ASCII) that it contains, without regard to ASCII case; the empty one asks only for the field.
pub(crate) type Atom = (String, String);

/// Alternatives: a record that has none of them cannot match.
pub(crate) type Atoms = Vec<Atom>;

/// What a record must have for a rule to match.
#[derive(Debug)]
pub(crate) enum Need {
    /// Nothing is known.
    Nothing,
    /// A field with one of some literals.
    Field(FieldNeed),
    /// All of these.
    All(Vec<Need>),
    /// One of these.
    Any(Vec<Need>),
}

/// What is left of a need for the rest of a row.
pub(crate) enum Rest {
    /// Nothing; or nobody knows.
    Met,
    /// It cannot be met.
    Unmet,
    Open(Open),
}

/// What the rest of a row must have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Open {
    /// What the need of a field with this number looks for, anywhere.
    Field(usize),
    All(Vec<Open>),
    Any(Vec<Open>),
}

impl Open {
    /// Whether it is met where these needs of fields are.
    pub(crate) fn is_met(&self, found: &[usize]) -> bool {
        match self {
            Self::Field(number) => found.contains(number),
            Self::All(parts) => parts.iter().all(|part| part.is_met(found)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(found)),
        }
    }

    /// Needs of fields without one of which it is not met: where parts must all hold, those of the part that is worth most.
    pub(crate) fn cannot_do_without(&self, worth: &impl Fn(usize) -> usize) -> Vec<usize> {
        match self {
            Self::Field(number) => vec![*number],
            Self::All(parts) => {
                let of_parts = parts.iter().map(|part| part.cannot_do_without(worth));
                of_parts.max_by_key(|numbers| numbers.iter().map(|number| worth(*number)).min()).unwrap_or_default()
            }
            Self::Any(parts) => parts.iter().flat_map(|part| part.cannot_do_without(worth)).collect(),
        }
    }

    /// Calls `each` with the number of every need of a field.
    pub(crate) fn fields(&self, each: &mut impl FnMut(usize)) {
        match self {
            Self::Field(number) => each(*number),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.fields(each)),
        }
    }
}

/// A field with one of some literals; without any, the field alone.
#[derive(Debug)]
pub(crate) struct FieldNeed {
    pub(crate) field: String,
    /// ASCII, not empty, without regard to case.
    pub(crate) literals: Vec<String>,
    number: usize,
    /// Its field is one of [`OF_FACE`].
    is_of_face: bool,
    /// See [`Self::pieces`].
    pieces: OnceLock<Vec<String>>,
    /// Made when first asked for; nothing when there are too many literals.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Need {
    /// The needs of a rule, which matches when one of its conditions does.
    pub(crate) fn of(detections: &Detections) -> Self {
        any(detections.conditions.iter().map(|condition| Self::condition(condition, detections)))
    }

    /// Alternatives that say less than the whole, for a search that starts from literals: where parts must all hold, those of
    /// one are enough, the one whose least telling atom tells most. `worth` is how telling an atom is.
    pub(crate) fn atoms(&self, worth: &impl Fn(&Atom) -> usize) -> Option<Atoms> {
        match self {
            Self::Nothing => None,
            Self::Field(need) if need.literals.is_empty() => Some(vec![(need.field.clone(), String::new())]),
            Self::Field(need) => Some(need.literals.iter().map(|literal| (need.field.clone(), literal.clone())).collect()),
            Self::All(parts) => {
                let least = |atoms: &Atoms| atoms.iter().map(worth).min();
                parts.iter().filter_map(|part| part.atoms(worth)).max_by_key(least)
            }
            Self::Any(parts) => Some(parts.iter().map(|part| part.atoms(worth)).collect::<Option<Vec<_>>>()?.concat()),
        }
    }

    /// Whether a record has what is needed. `answers` are those of the same record.
    pub(crate) fn is_met(&self, event: &RecordEvent<'_, '_>, answers: &mut Answers) -> bool {
        match self {
            Self::Nothing => true,
            Self::Field(need) => answers.of(need.number, || need.is_met(event)),
            Self::All(parts) => parts.iter().all(|part| part.is_met(event, answers)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(event, answers)),
        }
    }

    /// What of the need is left for the rest of a row (see [`Glance::rest`](afterpatch_model::Glance::rest)) with the same face
    /// as this one, whose line is `line`. `answers` are those of the same record.
    pub(crate) fn rest(&self, event: &RecordEvent<'_, '_>, line: &str, answers: &mut Answers) -> Rest {
        match self {
            Self::Nothing => Rest::Met,
            Self::Field(need) if need.is_of_face => {
                if answers.of(need.number, || need.is_met(event)) {
                    Rest::Met
                } else {
                    Rest::Unmet
                }
            }
            Self::Field(need) if need.pieces().is_empty() => Rest::Met,
            // What stands in the face may be what is needed, and then it always is. In the time nobody looks for it.
            Self::Field(need) if need.field != QUERY && need.pieces().iter().any(|it| contains(line, it) || is_of_times(it)) => {
                Rest::Met
            }
            Self::Field(need) => Rest::Open(Open::Field(need.number)),
            Self::All(parts) => {
                // Most are ruled out here.
                let mut is_unmet = |part: &Self| matches!(part, Self::Field(need) if need.is_of_face && !answers.of(need.number, || need.is_met(event)));
                if parts.iter().any(&mut is_unmet) {
                    return Rest::Unmet;
                }
                let mut open = Vec::new();
                for part in parts {
                    match part.rest(event, line, answers) {
                        Rest::Met => {}
                        Rest::Unmet => return Rest::Unmet,
                        Rest::Open(part) => open.push(part),
                    }
                }
                if open.is_empty() { Rest::Met } else { Rest::Open(Open::All(open)) }
            }
            Self::Any(parts) => {
                let mut open = Vec::new();
                for part in parts {
                    match part.rest(event, line, answers) {
                        Rest::Met => return Rest::Met,
                        Rest::Unmet => {}
                        Rest::Open(part) => open.push(part),
                    }
                }
                if open.is_empty() { Rest::Unmet } else { Rest::Open(Open::Any(open)) }
            }
        }
    }

    /// Calls `each` with every need of a field and its number.
    pub(crate) fn fields<'n>(&'n self, each: &mut impl FnMut(usize, &'n FieldNeed)) {
        match self {
            Self::Nothing => {}
            Self::Field(need) => each(need.number, need),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.fields(each)),
        }
    }

    /// Whether a record like this one could have what is needed, whatever stands in other fields than those that `is_known`
    /// names.
    pub(crate) fn could_be_met(&self, event: &RecordEvent<'_, '_>, is_known: &impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Nothing => true,
            Self::Field(need) => !is_known(&need.field) || need.is_met(event),
            Self::All(parts) => parts.iter().all(|part| part.could_be_met(event, is_known)),
            Self::Any(parts) => parts.iter().any(|part| part.could_be_met(event, is_known)),
        }
    }

    /// Puts what `is_told` holds for behind what it does not, wherever all parts must hold.
    pub(crate) fn put_last(&mut self, is_told: &impl Fn(&Self) -> bool) {
        if let Self::All(parts) | Self::Any(parts) = self {
            parts.iter_mut().for_each(|part| part.put_last(is_told));
        }
        if let Self::All(parts) = self {
            parts.sort_by_key(is_told);
        }
    }

    /// Gives the same number to the same needs of fields.
    pub(crate) fn number(&mut self, known: &mut BTreeMap<(String, Vec<String>), usize>) {
        match self {
            Self::Nothing => {}
            Self::Field(need) => {
                let next = known.len();
                need.number = *known.entry((need.field.clone(), need.literals.clone())).or_insert(next);
            }
            Self::All(parts) | Self::Any(parts) => parts.iter_mut().for_each(|part| part.number(known)),
        }
    }

    fn field(name: &str, literals: Vec<String>) -> Self {
        let literals = if literals.iter().any(String::is_empty) { Vec::new() } else { literals };
        Self::Field(FieldNeed {
            field: name.to_owned(),
            literals,
            number: 0,
            is_of_face: OF_FACE.contains(&name),
            pieces: OnceLock::new(),
            automaton: OnceLock::new(),
        })
    }

    fn condition(condition: &ConditionExpr, detections: &Detections) -> Self {
        match condition {
            ConditionExpr::And(parts) => all(parts.iter().map(|part| Self::condition(part, detections))),
            ConditionExpr::Or(parts) => any(parts.iter().map(|part| Self::condition(part, detections))),
            ConditionExpr::Not(_) => Self::Nothing,
            ConditionExpr::Identifier(name) => detections.named.get(name).map_or(Self::Nothing, Self::detection),
            ConditionExpr::Selector { quantifier, pattern } => {
                let parts = detections.named.iter().filter(|(name, _)| pattern.matches_detection_name(name));
                let parts = parts.map(|(_, detection)| Self::detection(detection));
                match quantifier {
                    Quantifier::All => all(parts),
                    Quantifier::Count(0) => Self::Nothing,
                    Quantifier::Any | Quantifier::Count(_) => any(parts),
                }
            }
        }
    }

    fn detection(detection: &Detection) -> Self {
        match detection {
            Detection::AllOf(items) => all(items.iter().map(Self::item)),
            Detection::And(parts) => all(parts.iter().map(Self::detection)),
            Detection::AnyOf(parts) => any(parts.iter().map(Self::detection)),
            Detection::Keywords(words) => any(words.iter().map(keyword)),
            Detection::ArrayMatch { .. } | Detection::Conditional { .. } => Self::Nothing,
        }
    }

    fn item(item: &DetectionItem) -> Self {
        use Modifier::{All, Cased, Cidr, Contains, EndsWith, IgnoreCase, Re, StartsWith, WindAsh};
        let only = |known: fn(&Modifier) -> bool| item.field.modifiers.iter().all(known);
        let all_or_any =
            |values: &mut dyn Iterator<Item = Self>| if item.field.has_modifier(All) { all(values) } else { any(values) };
        let Some(field) = item.field.name.as_ref() else {
            let known = only(|modifier| matches!(modifier, Contains | All));
            return if known { all_or_any(&mut item.values.iter().map(keyword)) } else { Self::Nothing };
        };
        if only(|modifier| matches!(modifier, Re | Cidr | IgnoreCase | All)) && !item.field.modifiers.is_empty() {
            // A pattern may match the empty text, but never a field that is not there.
            let is_expression = item.field.has_modifier(Re);
            let one = |value: &SigmaValue| {
                let lists = if is_expression { expression(value) } else { Vec::new() };
                let present = lists.is_empty().then(|| Self::field(field, Vec::new()));
                all(present.into_iter().chain(lists.into_iter().map(|literals| Self::field(field, literals))))
            };
            return all_or_any(&mut item.values.iter().map(one));
        }
        if !only(|modifier| matches!(modifier, Contains | StartsWith | EndsWith | All | Cased | WindAsh)) {
            return Self::Nothing;
        }
        let any_dash = item.field.has_modifier(WindAsh);
        let one = |value| literal(field, value, any_dash).map_or(Self::Nothing, |literal| Self::field(field, vec![literal]));
        all_or_any(&mut item.values.iter().map(one))
    }
}

/// What was found out about one record: rules share many needs.
#[derive(Default)]
pub(crate) struct Answers {
    /// By number: the record that was asked about last, and the answer.
    all: Vec<(u64, bool)>,
    record: u64,
}

impl Answers {
    /// The next record.
    pub(crate) fn next(&mut self) {
        self.record += 1;
    }

    fn of(&mut self, number: usize, find_out: impl FnOnce() -> bool) -> bool {
        if self.all.len() <= number {
            self.all.resize(number + 1, (0, false));
        }
        match self.all.get_mut(number) {
            Some((record, answer)) if *record == self.record => *answer,
            Some(slot) => {
                *slot = (self.record, find_out());
                slot.1
            }
            None => find_out(),
        }
    }
}

impl FieldNeed {
    /// Of each literal, what stands in a row's line as it stands in its values; none when that is nothing of one of them.
    pub(crate) fn pieces(&self) -> &[String] {
        self.pieces.get_or_init(|| {
            let stands_as_it_is = |byte: u8| byte.is_ascii_graphic() && !Fields::CHANGED_IN_LINE.contains(&byte);
            let pieces = self.literals.iter().map(|literal| {
                let pieces = literal.split(|letter| !u8::try_from(letter).is_ok_and(stands_as_it_is));
                pieces.max_by_key(|piece| piece.len()).filter(|piece| !piece.is_empty()).map(str::to_owned)
            });
            pieces.collect::<Option<Vec<_>>>().unwrap_or_default()
        })
    }

    fn same_as(&self, other: &Self) -> bool {
        self.field == other.field && self.literals == other.literals
    }

    fn is_met(&self, event: &RecordEvent<'_, '_>) -> bool {
        if self.field == ANY_FIELD {
            let mut met = false;
            event.texts(&mut |text| met = met || self.is_in(text));
            return met;
        }
        event.text(&self.field).is_some_and(|text| self.is_in(&text))
    }

    fn is_in(&self, text: &str) -> bool {
        // One word in a method or a path is found sooner by hand than the automaton is entered.
        if let ([word], true) = (self.literals.as_slice(), text.len() <= 64 && text.is_ascii()) {
            return contains(text, word);
        }
        let automaton = self.automaton.get_or_init(|| {
            let is_wanted = !self.literals.is_empty();
            is_wanted.then(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&self.literals).ok()).flatten()
        });
        // The engine folds case by Unicode, where some other letters become ASCII ones (the Kelvin sign becomes k).
        automaton.as_ref().is_none_or(|automaton| automaton.is_match(text) || !text.is_ascii())
    }
}

/// Whether a text has this one in it, without regard to ASCII case.
fn contains(text: &str, piece: &str) -> bool {
    let (text, piece) = (text.as_bytes(), piece.as_bytes());
    let Some(first) = piece.first() else { return true };
    let mut starts = memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), text);
    starts.any(|start| text.get(start..start + piece.len()).is_some_and(|part| part.eq_ignore_ascii_case(piece)))
}

/// All parts must hold; those of which nothing is known say nothing.
fn all(parts: impl Iterator<Item = Need>) -> Need {
    let mut known: Vec<Need> = parts.filter(|part| !matches!(part, Need::Nothing)).collect();
    match known.len() {
        0 => Need::Nothing,
        1 => known.swap_remove(0),
        _ => Need::All(known),
    }
}

/// One of the parts must hold: one of which nothing is known spoils it. Literals of the same field are put together.
fn any(parts: impl Iterator<Item = Need>) -> Need {
    let mut known: Vec<Need> = Vec::new();
    for part in parts {
        match part {
            Need::Nothing => return Need::Nothing,
            Need::Field(part) if !part.literals.is_empty() => {
                let same = known.iter_mut().find_map(|other| match other {
                    Need::Field(other) if other.field == part.field && !other.literals.is_empty() => Some(other),
                    _ => None,
                });
                match same {
                    Some(other) => other.literals.extend(part.literals),
                    None => known.push(Need::Field(part)),
                }
            }
            // Numbers, mostly: the field must be there, once said.
            Need::Field(part) if known.iter().any(|other| matches!(other, Need::Field(other) if other.same_as(&part))) => {}
            part => known.push(part),
        }
    }
    match known.len() {
        // No part at all: nothing is known.
        0 => Need::Nothing,
        1 => known.swap_remove(0),
        _ => Need::Any(known),
    }
}

/// What a regular expression cannot match without: of each list a text has one.
fn expression(value: &SigmaValue) -> Vec<Vec<String>> {
    let SigmaValue::String(text) = value else { return Vec::new() };
    let Ok(hir) = regex_syntax::parse(&text.original) else { return Vec::new() };
    let mut search = Search::default();
    search.feed(&hir);
    search.end_run();
    search.found.retain(|literals| literals.iter().all(|literal| rarity(literal) > 2));
    search.found
}

/// How rare a short text is in rows of a log, about: letters and digits stand everywhere, in numbers of requests first of all.
fn rarity(literal: &str) -> usize {
    literal.bytes().map(|byte| if b"@%~$#!<>{}|^`\\".contains(&byte) { 3 } else { 1 }).sum()
}

/// Looks for what an expression cannot match without.
#[derive(Default)]
struct Search {
    /// The letters that stand next to one another so far.
    run: String,
    /// A text in which these do not stand has one of those.
    instead: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Search {
    fn feed(&mut self, hir: &Hir) {
        match hir.kind() {
            HirKind::Literal(literal) => match str::from_utf8(&literal.0) {
                Ok(text) => text.chars().for_each(|letter| self.letter(letter.is_ascii().then_some(letter))),
                Err(_) => self.end_run(),
            },
            HirKind::Class(class) => self.letter(letter(class)),
            // A place between two characters takes none.
            HirKind::Look(_) | HirKind::Empty => {}
            HirKind::Capture(group) => self.feed(&group.sub),
            HirKind::Concat(parts) => parts.iter().for_each(|part| self.feed(part)),
            HirKind::Repetition(repetition) => {
                self.end_run();
                if repetition.min > 0 {
                    self.feed(&repetition.sub);
                    self.end_run();
                }
            }
            HirKind::Alternation(parts) if self.feed_letter_or_more(parts) => {}
            HirKind::Alternation(parts) => {
                // What stands before stands before each; of each alternative the most telling list will do.
                let (before, instead) = (self.run.clone(), self.instead.clone());
                self.end_run();
                let best = |part: &Hir| {
                    let mut inner = Self { run: before.clone(), instead: instead.clone(), found: Vec::new() };
                    inner.feed(part);
                    inner.end_run();
                    most_telling(inner.found)
                };
                if let Some(all) = parts.iter().map(best).collect::<Option<Vec<_>>>() {
                    self.found.push(all.concat());
                }
            }
        }
    }

    /// A letter, or something else in its place: its code, mostly. Says whether it was such an alternation.
    fn feed_letter_or_more(&mut self, parts: &[Hir]) -> bool {
        let mut letters = parts.iter().filter_map(one_letter);
        let (Some(letter), None) = (letters.next(), letters.next()) else { return false };
        let best = |part: &Hir| {
            let mut inner = Self::default();
            inner.feed(part);
            inner.end_run();
            most_telling(inner.found)
        };
        let others = parts.iter().filter(|part| one_letter(part).is_none());
        let Some(others) = others.map(best).collect::<Option<Vec<_>>>() else { return false };
        self.run.push(letter);
        self.instead.extend(others.concat());
        true
    }

    fn letter(&mut self, letter: Option<char>) {
        match letter {
            Some(letter) => self.run.push(letter),
            None => self.end_run(),
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        let mut texts = std::mem::take(&mut self.instead);
        if run.is_empty() {
            return;
        }
        texts.push(run);
        texts.sort();
        texts.dedup();
        // Where the shorter one is not, the longer one is not.
        let shorter = texts.clone();
        texts.retain(|text| !shorter.iter().any(|other| other.len() < text.len() && text.contains(other.as_str())));
        self.found.push(texts);
    }
}

/// Whether a time may have this in it.
fn is_of_times(piece: &str) -> bool {
    piece.bytes().all(|byte| Glance::OF_TIMES.contains(&byte.to_ascii_uppercase()))
}

/// The list whose least telling text tells most.
fn most_telling(lists: Vec<Vec<String>>) -> Option<Vec<String>> {
    lists.into_iter().max_by_key(|literals| literals.iter().map(|literal| rarity(literal)).min())
}

/// The one ASCII letter that an expression stands for without regard to case.
fn one_letter(hir: &Hir) -> Option<char> {
    match hir.kind() {
        HirKind::Literal(literal) => match *literal.0 {
            [byte] => byte.is_ascii().then_some(char::from(byte)),
            _ => None,
        },
        HirKind::Class(class) => letter(class),
        HirKind::Capture(group) => one_letter(&group.sub),
        _ => None,
    }
}

/// The one ASCII letter that a class stands for without regard to case. Other writings of it (the Kelvin sign) are no ASCII,
/// and texts with such characters are never held back.
fn letter(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let mut found = None;
    for range in class.ranges().iter().filter(|range| range.start().is_ascii()) {
        let (start, end) = (range.start().to_ascii_lowercase(), range.end().to_ascii_lowercase());
        if range.start() != range.end() || start != end || found.is_some_and(|found| found != start) {
            return None;
        }
        found = Some(start);
    }
    found
}

/// A keyword is looked for in every field. One without a literal says nothing.
fn keyword(word: &SigmaValue) -> Need {
    let literal = matches!(word, SigmaValue::String(_)).then(|| literal(ANY_FIELD, word, false)).flatten();
    let literal = literal.filter(|literal| !literal.is_empty());
    literal.map_or(Need::Nothing, |literal| Need::field(ANY_FIELD, vec![literal]))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn atoms_of(detection: &str) -> Option<Vec<(String, String)>> {
        let rule = format!("title: t\nlogsource:\n  category: x\ndetection:\n{detection}");
        let collection = rsigma_parser::parse_sigma_yaml(&rule).unwrap();
        let mut atoms = Need::of(&collection.rules.first().unwrap().detection).atoms(&|(_, literal)| literal.len())?;
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
            ("  s: {A|re: '[a-z]+x?'}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re: '(a.c|)x?'}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|cidr: 10.0.0.0/8}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re: '.', B: de}\n  condition: s", Some(vec![atom("B", "de")])),
            ("  s1: {A|re: '.'}\n  s2: {B: de}\n  condition: 1 of s*", Some(vec![atom("A", ""), atom("B", "de")])),
            // Literals of an expression: the longest run, whatever its case; all of an alternation; none that may be missing.
            ("  s: {A|re: abc}\n  condition: s", Some(vec![atom("A", "abc")])),
            ("  s: {A|re|i: '(?i)^ask\\.+bus?'}\n  condition: s", Some(vec![atom("A", "ask")])),
            ("  s: {A|re: '/(ecp|owa)/.*[.](js|css)$'}\n  condition: s", Some(vec![atom("A", "/ecp"), atom("A", "/owa")])),
            ("  s: {A|re: 'x[.](jpe?g|y*css)$'}\n  condition: s", Some(vec![atom("A", "css"), atom("A", "x.jp")])),
            ("  s: {A|re: 'x(abc)y(long)*'}\n  condition: s", Some(vec![atom("A", "xabcy")])),
            ("  s: {A|re: '(abc){2,}'}\n  condition: s", Some(vec![atom("A", "abc")])),
            // A letter or its code.
            ("  s: {A|re: '(?i)x(/|%(25)*2f)(p|%70)(q|%71).*z'}\n  condition: s", Some(vec![atom("A", "%"), atom("A", "x/pq")])),
            ("  s: {A|re: '(a|b)(c|longer|x.)d'}\n  condition: s", Some(vec![atom("A", "")])),
            ("  s: {A|re: 'straße|welt'}\n  condition: s", Some(vec![atom("A", "stra"), atom("A", "welt")])),
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
