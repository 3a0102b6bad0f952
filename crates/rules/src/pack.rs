//! A set of rules, ready to be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use afterpatch_model::{Record, Standing};
use rsigma_eval::{CompiledRule, compile_rule, evaluate_rule};
use rsigma_parser::{Detections, SigmaRule, parse_sigma_yaml};

use crate::admitted::{Admission, Admitted, Sort};
use crate::line_filter::LineFilter;
use crate::need::{Need, Open, Rest};
use crate::rest::RestFilter;
use crate::slugs::{Slugs, of_path};
use crate::{
    Rule, RuleError, RuleFiles, RuleLanguage, RuleProblem, adapt, event::RecordEvent, prefilter::Prefilter, route::Route,
};

/// A set of rules, ready to be asked. May be shared between threads.
pub struct RulePack {
    rules: Vec<Rule>,
    compiled: Vec<Compiled>,
    needs: Vec<Need>,
    groups: Vec<Group>,
    /// By positions of groups.
    line_filters: Mutex<BTreeMap<Vec<usize>, Arc<LineFilter>>>,
    /// What each need of a field looks for in a line, by its number.
    pieces: Vec<Vec<String>>,
    rest_filters: Mutex<BTreeMap<Open, Arc<RestFilter>>>,
    admissions: Mutex<BTreeMap<Sort, Arc<Admission>>>,
    /// By numbers of rules.
    prefilters: Mutex<BTreeMap<Vec<usize>, Arc<Prefilter>>>,
}

/// Which rows with the face of another one the rules of a pack could match.
pub enum Likes {
    /// None.
    None,
    /// Those whose rest has what one of them needs.
    With(Arc<RestFilter>),
    /// Each.
    Each,
}

/// A rule as its engine evaluates it, compiled at the latest when it is first asked.
///
/// Most of a start was the regular expressions of rules that no record ever came to. Of a user's rule a fault must be told, so
/// it is compiled at once; that ours have none, a test rules out.
struct Compiled {
    source: Box<SigmaRule>,
    made: OnceLock<Option<CompiledRule>>,
}

impl Compiled {
    fn get(&self) -> Option<&CompiledRule> {
        self.made.get_or_init(|| compile_rule(&self.source).ok()).as_ref()
    }
}

/// The rules of one log source. Its filters are made when such a record is met.
struct Group {
    route: Route,
    rules: Vec<usize>,
    /// For records that have one: the rules of which nothing can be told from a line.
    others: OnceLock<Prefilter>,
}

impl Group {
    fn others(&self, needs: &[Need]) -> &Prefilter {
        let untold = |(_, need): &(usize, &Need)| !LineFilter::tells(need);
        self.others.get_or_init(|| Prefilter::new(self.with_needs(needs).filter(untold)))
    }

    fn with_needs<'n>(&self, needs: &'n [Need]) -> impl Iterator<Item = (usize, &'n Need)> {
        self.rules.iter().filter_map(|number| Some((*number, needs.get(*number)?)))
    }
}

impl RulePack {
    /// A rule text longer than this (bytes) is not a rule.
    const MAX_TEXT: usize = 1 << 20;
    /// Filters remembered for the rest of rows. Hostile rows may each leave something else open.
    const MOST_RESTS: usize = 256;
    /// Sorts of records, and filters, that are remembered. Who makes up event numbers does not fill the memory.
    const MOST_SORTS: usize = 1024;

    /// Our own rules, as they stood when the program was built.
    ///
    /// # Errors
    ///
    /// [`RuleError::Embedded`] when one of them is faulty, which a test of this crate rules out.
    pub fn embedded() -> Result<Self, RuleError> {
        let (pack, problems) = Self::of_ours(&RuleFiles::embedded()?);
        if problems.is_empty() { Ok(pack) } else { Err(RuleError::Embedded(problems)) }
    }

    /// Our own rules among these files: compiled when they are first asked.
    pub(crate) fn of_ours(files: &RuleFiles) -> (Self, Vec<RuleProblem>) {
        Loading { is_ours: true, ..Loading::default() }.files(files)
    }

    /// The Sigma rules among these files. `taken` are names that none of them may get, because something else has them.
    /// What cannot be used is named in the problems.
    pub fn from_files(files: &RuleFiles, taken: impl IntoIterator<Item = String>) -> (Self, Vec<RuleProblem>) {
        Loading { slugs: Slugs::taken(taken), ..Loading::default() }.files(files)
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
        let event = RecordEvent::new(record);
        let known = admitted.sorts.of(record, &event, |sort| self.admission(sort, record, &event));
        let before = hits.len();
        let groups = || known.admission.groups.iter().filter_map(|&group| self.groups.get(group));
        if admitted.all {
            hits.extend(groups().flat_map(|group| &group.rules));
        } else if let Some(line) = record.fields.line() {
            let lines = known.lines.get_or_insert_with(|| self.line_filter(&known.admission.groups));
            hits.extend(lines.candidates(line, &mut known.seen));
            groups().for_each(|group| group.others(&self.needs).candidates(&event, &mut |rule| hits.push(rule)));
        } else {
            let make = || known.admission.rules.iter().map(|rules| self.prefilter(rules)).collect();
            let filters = known.admission.by_fields.get_or_init(make);
            filters.iter().for_each(|filter| filter.candidates(&event, &mut |rule| hits.push(rule)));
        }
        if hits.len() == before {
            return;
        }
        let mut candidates = hits.split_off(before);
        candidates.sort_unstable();
        candidates.dedup();
        admitted.answers.next();
        let mut has_needs =
            |rule: &usize| admitted.all || self.needs.get(*rule).is_none_or(|need| need.is_met(&event, &mut admitted.answers));
        let matches =
            |rule: &usize| self.compiled.get(*rule).and_then(Compiled::get).is_some_and(|it| evaluate_rule(it, &event).is_some());
        hits.extend(candidates.into_iter().filter(|rule| has_needs(rule) && matches(rule)));
        self.tell_once(hits, before);
    }

    /// Which rows with the same face as this one (see [`Glance`](afterpatch_model::Glance)) rules could match.
    pub fn likes_of(&self, record: &Record<'_>, admitted: &mut Admitted) -> Likes {
        let Some(line) = record.fields.line().filter(|line| line.is_ascii()) else { return Likes::Each };
        let event = RecordEvent::new(record);
        let known = admitted.sorts.of(record, &event, |sort| self.admission(sort, record, &event));
        admitted.answers.next();
        let groups = known.admission.groups.iter().filter_map(|&group| self.groups.get(group));
        let mut open = BTreeSet::new();
        for (_, need) in groups.flat_map(|group| group.with_needs(&self.needs)) {
            match need.rest(&event, line, &mut admitted.answers) {
                Rest::Met => return Likes::Each,
                Rest::Unmet => {}
                Rest::Open(rest) => {
                    open.insert(rest);
                }
            }
        }
        if open.is_empty() {
            return Likes::None;
        }
        let open = Open::Any(open.into_iter().collect());
        let mut made = self.rest_filters.lock().unwrap_or_else(PoisonError::into_inner);
        if made.len() >= Self::MOST_RESTS {
            made.clear();
        }
        let filter = made.entry(open).or_insert_with_key(|open| Arc::new(RestFilter::new(open.clone(), &self.pieces)));
        Likes::With(Arc::clone(filter))
    }

    /// The rules for records of this sort, of which this is one.
    fn admission(&self, sort: &Sort, record: &Record<'_>, event: &RecordEvent<'_, '_>) -> Arc<Admission> {
        let mut known = self.admissions.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(admission) = known.get(sort) {
            return Arc::clone(admission);
        }
        let admitting = self.groups.iter().enumerate().filter(|(_, group)| group.route.admits(record));
        let groups: Vec<usize> = admitting.map(|(position, _)| position).collect();
        let is_known = |field: &str| !sort.event_id.is_empty() && field.eq_ignore_ascii_case("EventID");
        let of_group = |group: &Group| -> Vec<usize> {
            let could_match = group.with_needs(&self.needs).filter(|(_, need)| need.could_be_met(event, &is_known));
            could_match.map(|(number, _)| number).collect()
        };
        let rules =
            groups.iter().filter_map(|&group| self.groups.get(group)).map(of_group).filter(|rules| !rules.is_empty()).collect();
        let admission = Arc::new(Admission { groups, rules, by_fields: OnceLock::new() });
        if known.len() < Self::MOST_SORTS {
            known.insert(sort.clone(), Arc::clone(&admission));
        }
        admission
    }

    fn prefilter(&self, rules: &[usize]) -> Arc<Prefilter> {
        let mut made = self.prefilters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(filter) = made.get(rules) {
            return Arc::clone(filter);
        }
        let with_needs = rules.iter().filter_map(|number| Some((*number, self.needs.get(*number)?)));
        let filter = Arc::new(Prefilter::new(with_needs));
        if made.len() < Self::MOST_SORTS {
            made.insert(rules.to_vec(), Arc::clone(&filter));
        }
        filter
    }

    fn line_filter(&self, groups: &[usize]) -> Arc<LineFilter> {
        let mut made = self.line_filters.lock().unwrap_or_else(PoisonError::into_inner);
        let filter = made.entry(groups.to_vec()).or_insert_with(|| {
            let rules = groups.iter().filter_map(|&group| self.groups.get(group)).flat_map(|group| group.with_needs(&self.needs));
            Arc::new(LineFilter::new(rules))
        });
        Arc::clone(filter)
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

/// A pack in the making.
#[derive(Default)]
struct Loading {
    /// Built in: a fault is ours, and tests have looked for it.
    is_ours: bool,
    rules: Vec<Rule>,
    compiled: Vec<Compiled>,
    /// What each rule's filter is made from.
    sources: Vec<(Route, Detections)>,
    slugs: Slugs,
    /// Rule id to slug.
    ids: BTreeMap<String, String>,
    problems: Vec<RuleProblem>,
}

impl Loading {
    fn files(mut self, files: &RuleFiles) -> (RulePack, Vec<RuleProblem>) {
        for (path, text) in files.of(RuleLanguage::Sigma) {
            self.file(path, text);
        }
        self.finish()
    }

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
        let made = OnceLock::new();
        if !self.is_ours {
            let _ = made.set(Some(compile_rule(&rule).map_err(|error| error.to_string())?));
        }
        self.slugs.take(&own.slug);
        if let Some(id) = &rule.id {
            self.ids.insert(id.clone(), own.slug.clone());
        }
        self.rules.push(own);
        self.sources.push((Route::of(&rule.logsource), literal));
        self.compiled.push(Compiled { source: Box::new(rule), made });
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
        let mut needs: Vec<Need> = self.sources.iter().map(|(_, detections)| Need::of(detections)).collect();
        let mut numbers = BTreeMap::new();
        for need in &mut needs {
            need.number(&mut numbers);
            // When a row's fields are looked into, its line has already said what it can. That a field is there says least.
            need.put_last(&LineFilter::tells);
            need.put_last(&|need| matches!(need, Need::Field(need) if need.literals.is_empty()));
        }
        let mut pieces = vec![Vec::new(); numbers.len()];
        for need in &needs {
            need.fields(&mut |number, need| {
                if let Some(slot) = pieces.get_mut(number) {
                    *slot = need.pieces().to_vec();
                }
            });
        }
        let group = |(route, rules)| Group { route, rules, others: OnceLock::new() };
        let pack = RulePack {
            rules: self.rules,
            compiled: self.compiled,
            needs,
            groups: routed.into_iter().map(group).collect(),
            line_filters: Mutex::default(),
            pieces,
            rest_filters: Mutex::default(),
            admissions: Mutex::default(),
            prefilters: Mutex::default(),
        };
        (pack, self.problems)
    }
}
