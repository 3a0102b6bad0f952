//! A rule pack as a detector: what a rule can say is a rule.

use std::sync::Arc;

use afterpatch_model::{Origin, Record, Thing};
use afterpatch_rules::{Admitted, Likes, Rule, RulePack};

use crate::{Detector, Draft, Findings, KnownGood, Watch, Wish, things::things_of};

/// A rule pack as a detector.
pub struct RulePackDetector {
    pack: Arc<RulePack>,
    origin: Origin,
    known_good: Arc<KnownGood>,
    is_filtered: bool,
}

impl RulePackDetector {
    pub fn new(pack: Arc<RulePack>, origin: Origin, known_good: Arc<KnownGood>) -> Self {
        Self { pack, origin, known_good, is_filtered: true }
    }
}

impl Detector for RulePackDetector {
    fn kinds(&self) -> Vec<(String, String)> {
        self.pack.rules().iter().map(|rule| (rule.slug.clone(), rule.title.clone())).collect()
    }

    fn watch(&self) -> Box<dyn Watch + '_> {
        let admitted = if self.is_filtered { Admitted::default() } else { Admitted::without_prefilter() };
        Box::new(RuleWatch { detector: self, admitted, hits: Vec::new() })
    }

    fn without_prefilter(&mut self) {
        self.is_filtered = false;
    }
}

struct RuleWatch<'d> {
    detector: &'d RulePackDetector,
    admitted: Admitted,
    hits: Vec<usize>,
}

impl Watch for RuleWatch<'_> {
    fn record(&mut self, record: &Record<'_>, findings: &mut Findings) {
        self.hits.clear();
        let RulePackDetector { pack, origin, known_good, .. } = self.detector;
        pack.matches_of(record, &mut self.admitted, &mut self.hits);
        for rule in self.hits.iter().filter_map(|&index| pack.rules().get(index)) {
            findings.add(draft(rule, *origin, things_of(record, known_good)), record);
        }
    }

    fn wants_like(&mut self, record: &Record<'_>) -> Wish {
        match self.detector.pack.likes_of(record, &mut self.admitted) {
            Likes::None => Wish::Nothing,
            Likes::With(filter) => Wish::Rest(filter),
            Likes::Each => Wish::Each,
        }
    }
}

/// What a rule says of a match.
pub fn draft(rule: &Rule, origin: Origin, things: Vec<Thing>) -> Draft {
    Draft {
        kind: rule.slug.clone(),
        title: rule.title.clone(),
        campaign: rule.campaign.clone(),
        step: rule.step,
        grade: rule.grade,
        severity: rule.severity,
        confidence: rule.confidence,
        standing: rule.standing,
        attack: rule.attack.clone(),
        cves: rule.cves.clone(),
        author: rule.author.clone(),
        origin,
        things,
        bytes_out: None,
    }
}
