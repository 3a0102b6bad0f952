//! A set of rules, ready to be asked.

use std::collections::BTreeMap;

use afterpatch_model::{Record, Standing};
use rsigma_eval::{CompiledRule, compile_rule, evaluate_rule};
use rsigma_parser::{Detections, SigmaRule, parse_sigma_yaml};

use crate::slugs::{Slugs, of_path};
use crate::{
    Rule, RuleError, RuleFiles, RuleLanguage, RuleProblem, adapt, event::RecordEvent, prefilter::Prefilter, route::Route,
    route::meaning,
};

/// A set of rules, ready to be asked. May be shared between threads.
pub struct RulePack {
    rules: Vec<Rule>,
    compiled: Vec<CompiledRule>,
    groups: Vec<Group>,
}

/// The rules of one log source.
struct Group {
    route: Route,
    filter: Prefilter,
}

impl RulePack {
    /// A rule text longer than this (bytes) is not a rule.
    const MAX_TEXT: usize = 1 << 20;

    /// Our own rules, as they stood when the program was built.
    ///
    /// # Errors
    ///
    /// [`RuleError::Embedded`] when one of them is faulty, which a test of this crate rules out.
    pub fn embedded() -> Result<Self, RuleError> {
        let (pack, problems) = Self::from_files(&RuleFiles::embedded()?, []);
        if problems.is_empty() { Ok(pack) } else { Err(RuleError::Embedded(problems)) }
    }

    /// The Sigma rules among these files. `taken` are names that none of them may get, because something else has them.
    /// What cannot be used is named in the problems.
    pub fn from_files(files: &RuleFiles, taken: impl IntoIterator<Item = String>) -> (Self, Vec<RuleProblem>) {
        let mut loading = Loading { slugs: Slugs::taken(taken), ..Loading::default() };
        for (path, text) in files.of(RuleLanguage::Sigma) {
            loading.file(path, text);
        }
        loading.finish()
    }

    /// A pack of rule files, each given by its path (or any name) and its YAML text. What cannot be used is named in the
    /// problems; everything else is in the pack, in the order given.
    pub fn from_texts(texts: impl IntoIterator<Item = (String, String)>) -> (Self, Vec<RuleProblem>) {
        let mut loading = Loading::default();
        for (path, text) in texts {
            loading.file(&path, &text);
        }
        loading.finish()
    }

    /// The rules, in the order in which they were given.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Pushes the position (in [`RulePack::rules`]) of each rule that the record matches, in ascending order. Where one of
    /// them is general, the record is told once: by the finer ones if they stand alone, else by the general one.
    pub fn matches(&self, record: &Record<'_>, hits: &mut Vec<usize>) {
        self.matches_of(record, &mut Admitted::default(), hits);
    }

    /// As [`RulePack::matches`], for records one after the other of one artifact, which are mostly of one log source.
    pub fn matches_of(&self, record: &Record<'_>, admitted: &mut Admitted, hits: &mut Vec<usize>) {
        admitted.learn(record, &self.groups);
        let event = RecordEvent::new(record);
        let before = hits.len();
        for group in admitted.groups.iter().filter_map(|&group| self.groups.get(group)) {
            group.filter.candidates(&event, &mut |rule| hits.push(rule));
        }
        let mut candidates = hits.split_off(before);
        candidates.sort_unstable();
        candidates.dedup();
        hits.extend(
            candidates
                .into_iter()
                .filter(|rule| self.compiled.get(*rule).is_some_and(|compiled| evaluate_rule(compiled, &event).is_some())),
        );
        self.tell_once(hits, before);
    }

    fn tell_once(&self, hits: &mut Vec<usize>, before: usize) {
        let is = |hit: &usize, what: fn(&Rule) -> bool| self.rules.get(*hit).is_some_and(what);
        let found = hits.get(before..).unwrap_or_default();
        if found.iter().any(|hit| is(hit, |rule| rule.general)) {
            let fine = |rule: &Rule| !rule.general && rule.standing == Standing::Alone;
            let finer = found.iter().any(|hit| is(hit, fine));
            let kept =
                hits.split_off(before).into_iter().filter(|hit| if finer { is(hit, fine) } else { is(hit, |rule| rule.general) });
            hits.extend(kept);
        }
    }
}

/// The rules that the latest record's log source admits, so that they need not be looked for again. Of one pack.
#[derive(Default)]
pub struct Admitted {
    /// What decides: product, category, service and meaning. `None` before the first record.
    of: Option<([String; 3], &'static str)>,
    /// Positions of groups.
    groups: Vec<usize>,
}

impl Admitted {
    fn learn(&mut self, record: &Record<'_>, groups: &[Group]) {
        let source = [&record.source.product, &record.source.category, &record.source.service];
        let meaning = meaning(&record.unified);
        if self.of.as_ref().is_some_and(|(known, of)| *of == meaning && known.iter().zip(source).all(|(a, b)| a == b)) {
            return;
        }
        self.of = Some((source.map(|text| text.to_string()), meaning));
        let admitting = groups.iter().enumerate().filter(|(_, group)| group.route.admits(record));
        self.groups = admitting.map(|(position, _)| position).collect();
    }
}

/// A pack in the making.
#[derive(Default)]
struct Loading {
    rules: Vec<Rule>,
    compiled: Vec<CompiledRule>,
    /// What each rule's filter is made from.
    sources: Vec<(Route, Detections)>,
    slugs: Slugs,
    /// Rule id to slug.
    ids: BTreeMap<String, String>,
    problems: Vec<RuleProblem>,
}

impl Loading {
    fn file(&mut self, path: &str, text: &str) {
        if text.len() > RulePack::MAX_TEXT {
            return self.problem(path, "longer than any rule");
        }
        let collection = match parse_sigma_yaml(text) {
            Ok(collection) => collection,
            Err(error) => return self.problem(path, error),
        };
        for error in &collection.errors {
            self.problem(path, error);
        }
        for correlation in &collection.correlations {
            self.problem(path, format_args!("`{}` is a correlation, which is not evaluated", correlation.title));
        }
        for filter in &collection.filters {
            self.problem(path, format_args!("`{}` is a filter, which is not applied", filter.title));
        }
        if collection.is_empty() && collection.errors.is_empty() {
            self.problem(path, "no rule in it");
        }
        for rule in collection.rules {
            if let Err(reason) = self.rule(path, rule) {
                self.problem(path, reason);
            }
        }
    }

    fn rule(&mut self, path: &str, mut rule: SigmaRule) -> Result<(), String> {
        if let Some(first) = rule.id.as_ref().and_then(|id| self.ids.get(id)) {
            return Err(format!("its id is already that of the rule `{first}`"));
        }
        let own = Rule::new(self.slugs.free(of_path(path)), path, &rule).map_err(|problem| problem.to_string())?;
        adapt::adapt(&mut rule)?;
        let literal = rule.detection.clone();
        adapt::without_wildcards(&mut rule);
        let compiled = compile_rule(&rule).map_err(|error| error.to_string())?;
        self.slugs.take(&own.slug);
        if let Some(id) = rule.id {
            self.ids.insert(id, own.slug.clone());
        }
        self.rules.push(own);
        self.compiled.push(compiled);
        self.sources.push((Route::of(&rule.logsource), literal));
        Ok(())
    }

    fn problem(&mut self, path: &str, reason: impl std::fmt::Display) {
        self.problems.push(RuleProblem::new(path, reason));
    }

    fn finish(self) -> (RulePack, Vec<RuleProblem>) {
        let mut routed: Vec<(Route, Vec<usize>)> = Vec::new();
        for (number, (route, _)) in self.sources.iter().enumerate() {
            match routed.iter_mut().find(|(known, _)| known == route) {
                Some((_, rules)) => rules.push(number),
                None => routed.push((route.clone(), vec![number])),
            }
        }
        let groups = routed
            .into_iter()
            .map(|(route, numbers)| {
                let rules = numbers.into_iter().filter_map(|number| Some((number, &self.sources.get(number)?.1)));
                Group { route, filter: Prefilter::new(rules) }
            })
            .collect();
        (RulePack { rules: self.rules, compiled: self.compiled, groups }, self.problems)
    }
}
