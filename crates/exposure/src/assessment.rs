//! The answer for one server: every hole, what decides it, and what to do.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{
    AssessedBuild, Assessment, Basis, Build, BuildPeriod, Condition, ConditionSeen, ConditionState, CveAssessment,
    ExposureAnswer, ExposureState, MitigationSeen, MitigationState, Product, Timestamp, Weakness, WeaknessKind,
};

use crate::{Cve, Facts, conditions, fixed_from, mitigations, next_steps, observed::Observed, weaknesses, windows};

/// A build, or as much of it as was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeenBuild {
    /// All four numbers.
    Whole(Build),
    /// The first three: the cumulative update, but not its security updates.
    Update(u32, u32, u32),
}

impl SeenBuild {
    /// Reads four or three numbers with dots between.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        match (text.parse(), format!("{text}.0").parse::<Build>()) {
            (Ok(build), _) => Some(Self::Whole(build)),
            (Err(_), Ok(Build { major, minor, build, .. })) => Some(Self::Update(major, minor, build)),
            _ => None,
        }
    }

    fn lowest(self) -> Build {
        match self {
            Self::Whole(build) => build,
            Self::Update(major, minor, build) => Build::new(major, minor, build, 0),
        }
    }
}

/// What an answer is asked for.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// What the user asked about.
    pub target: String,
    /// From what it is answered.
    pub basis: Basis,
    /// The builds seen. With several, the worst of them decides.
    pub builds: Vec<SeenBuild>,
    /// The builds that the server had, in order of time.
    pub history: Vec<BuildPeriod>,
    /// Its settings, where the evidence holds any.
    pub observed: Option<&'a Observed>,
    /// Days of which requests are logged (counted from 1970-01-01, UTC), for the windows.
    pub request_days: BTreeSet<i64>,
    /// The last record of the server.
    pub seen_until: Option<Timestamp>,
}

impl Subject<'_> {
    /// Builds alone.
    pub fn of_builds(target: String, basis: Basis, builds: Vec<SeenBuild>) -> Self {
        Self { target, basis, builds, history: Vec::new(), observed: None, request_days: BTreeSet::new(), seen_until: None }
    }
}

impl Facts {
    /// The answer for one server on a day (`YYYY-MM-DD`, UTC). `only` narrows it to these CVEs; empty means all of the table.
    pub fn judge(&self, subject: Subject<'_>, only: &[String], day: &str) -> Assessment {
        let builds: Vec<AssessedBuild> = subject.builds.iter().map(|seen| self.describe(*seen)).collect();
        let nothing = Observed::default();
        let observed = subject.observed.unwrap_or(&nothing);
        let chosen: Vec<&Cve> = match only {
            // Without a build nothing is known of any, which one word says better than a list of all.
            [] if builds.is_empty() => Vec::new(),
            [] => self.cves().collect(),
            ids => ids.iter().filter_map(|id| self.cve(id)).collect(),
        };
        let mitigations = mitigations::seen(observed);
        let states: Vec<ExposureState> = chosen.iter().map(|cve| self.state(cve, &subject.builds)).collect();
        let conditions = self.conditions(observed, &chosen, &states, &builds);
        let cves: Vec<CveAssessment> =
            chosen.iter().zip(states).map(|(cve, state)| self.one(cve, state, &subject, &conditions, &mitigations)).collect();
        let mut weaknesses = weaknesses::of_settings(observed);
        for product in builds.iter().filter_map(|build| build.product).collect::<BTreeSet<_>>() {
            weaknesses.extend(weaknesses::of_product(product, day));
        }
        weaknesses.extend(self.left_behind(&subject.builds, &builds));
        let ids: Vec<&str> = chosen.iter().map(|cve| cve.id.as_str()).collect();
        let windows = windows(self, &ids, &subject.history, subject.seen_until, &subject.request_days);
        let answer = self.answer(&cves, &builds, !only.is_empty());
        let mut assessment = Assessment {
            target: subject.target,
            basis: subject.basis,
            builds,
            answer,
            cves,
            conditions,
            mitigations,
            weaknesses,
            windows,
            history: subject.history,
            next_steps: Vec::new(),
            remote: None,
            remarks: Vec::new(),
        };
        assessment.next_steps = next_steps::of(self, &assessment, &subject.builds);
        assessment
    }

    /// The state of one CVE by three numbers of a build: what all builds that the table knows of that cumulative update agree on,
    /// else [`ExposureState::PossiblyOpen`] when any of them is open.
    pub fn assess_update(&self, cve_id: &str, (major, minor, update): (u32, u32, u32)) -> ExposureState {
        let first = Build::new(major, minor, update, 0);
        let states: BTreeSet<ExposureState> = self.builds.same_update(first).map(|build| self.assess(cve_id, build)).collect();
        match states.len() {
            // A cumulative update that the table does not have is judged as its first build would be.
            0 => self.assess(cve_id, first),
            1 => states.first().copied().unwrap_or(ExposureState::Unknown),
            _ if states.contains(&ExposureState::Open) => ExposureState::PossiblyOpen,
            _ if states.contains(&ExposureState::FixedIf) => ExposureState::FixedIf,
            _ => ExposureState::Unknown,
        }
    }

    /// What the table says of a build.
    pub fn describe(&self, seen: SeenBuild) -> AssessedBuild {
        let lowest = seen.lowest();
        let first = self.builds.same_update(lowest).next();
        let (build, known, shown) = match seen {
            SeenBuild::Whole(build) => (Some(build), self.build(build), build.to_string()),
            SeenBuild::Update(major, minor, update) => (None, None, format!("{major}.{minor}.{update}")),
        };
        AssessedBuild {
            shown,
            build,
            product: lowest.product(),
            update: first.and_then(|first| self.build(first)).map(|facts| facts.update.to_owned()),
            label: known.map(|facts| facts.label.to_owned()),
            released: known.map(|facts| facts.released.to_owned()),
            newer_than_table: self.newer_than_table(lowest),
            newest: self.builds.newest_of_same_update(lowest),
        }
    }

    /// The worst state of all builds seen.
    fn state(&self, cve: &Cve, builds: &[SeenBuild]) -> ExposureState {
        let of = |seen: &SeenBuild| match *seen {
            SeenBuild::Whole(build) => self.assess(&cve.id, build),
            SeenBuild::Update(major, minor, update) => self.assess_update(&cve.id, (major, minor, update)),
        };
        builds.iter().map(of).max_by_key(|state| gravity(*state)).unwrap_or(ExposureState::Unknown)
    }

    /// The conditions that matter on this server, each looked for once; setting overrides one by one, as each is its own.
    fn conditions(
        &self,
        observed: &Observed,
        chosen: &[&Cve],
        states: &[ExposureState],
        builds: &[AssessedBuild],
    ) -> Vec<ConditionSeen> {
        let mut wanted: BTreeMap<(Condition, &str), Vec<String>> = BTreeMap::new();
        for (cve, state) in chosen.iter().zip(states) {
            let (Some(kind), Some(words)) = (cve.condition_kind, cve.condition.as_deref()) else { continue };
            let matters = *state == ExposureState::FixedIf || (is_by_setting_alone(cve) && affects(cve, builds));
            if matters {
                let words = if matches!(kind, Condition::SettingOverride | Condition::Other) { words } else { "" };
                wanted.entry((kind, words)).or_default().push(cve.id.clone());
            }
        }
        wanted.into_iter().map(|((kind, words), cves)| conditions::look(observed, kind, cves, words)).collect()
    }

    fn one(
        &self,
        cve: &Cve,
        by_build: ExposureState,
        subject: &Subject<'_>,
        conditions: &[ConditionSeen],
        mitigations: &[MitigationSeen],
    ) -> CveAssessment {
        let condition = conditions.iter().find(|it| it.cves.contains(&cve.id)).map(|it| it.state);
        let by_condition = match (by_build, condition) {
            (ExposureState::FixedIf, Some(ConditionState::Holds)) => ExposureState::Fixed,
            (ExposureState::FixedIf, Some(ConditionState::Fails)) => ExposureState::Open,
            (ExposureState::Unknown, Some(ConditionState::Holds)) if is_by_setting_alone(cve) => ExposureState::Fixed,
            (ExposureState::Unknown, Some(ConditionState::Fails)) if is_by_setting_alone(cve) => ExposureState::Open,
            (ExposureState::Unknown, Some(ConditionState::NotSeen)) if is_by_setting_alone(cve) => ExposureState::FixedIf,
            (state, _) => state,
        };
        let in_force = mitigations.iter().filter(|it| it.state == MitigationState::InForce && it.cves.contains(&cve.id));
        let mitigated_by: Vec<String> = in_force.map(|it| it.slug.clone()).collect();
        let state = match by_condition {
            ExposureState::Open if !mitigated_by.is_empty() => ExposureState::Mitigated,
            state => state,
        };
        let lowest = subject.builds.iter().map(|seen| seen.lowest()).next();
        let needs = cve.condition.as_deref().filter(|_| condition.is_some() || state == ExposureState::FixedIf);
        CveAssessment {
            cve: cve.id.clone(),
            name: cve.name.clone(),
            kind: cve.kind.clone(),
            cvss: cve.cvss.clone(),
            state,
            fixed_by: cve.fixed_by.clone(),
            fix_released: cve.fix_released.clone(),
            fixed_in: lowest.and_then(|build| self.fix_for(cve, build)),
            exploited: cve.exploited.clone(),
            exploited_from: self.exploited_from(&cve.id),
            since: self.since(cve, state, &subject.history),
            condition: needs.and(cve.condition_kind),
            condition_words: needs.map(str::to_owned),
            mitigated_by: if state == ExposureState::Mitigated { mitigated_by } else { Vec::new() },
        }
    }

    /// The first build with the fix: of the same cumulative update, else of the newest of the product that has one.
    fn fix_for(&self, cve: &Cve, build: Build) -> Option<Build> {
        cve.first_fixed_beside(build).or_else(|| cve.newest_fix(build.product()?))
    }

    fn since(&self, cve: &Cve, state: ExposureState, history: &[BuildPeriod]) -> Option<Timestamp> {
        match state {
            ExposureState::Fixed | ExposureState::FixedIf => fixed_from(self, &cve.id, history),
            ExposureState::Open | ExposureState::Mitigated => history
                .iter()
                .rev()
                .take_while(|period| self.assess(&cve.id, period.build) == ExposureState::Open)
                .last()
                .map(|period| period.first),
            _ => None,
        }
    }

    /// The cumulative update is given no updates any more: the product's last came without one for it.
    fn left_behind(&self, seen: &[SeenBuild], builds: &[AssessedBuild]) -> Option<Weakness> {
        let behind = seen.iter().zip(builds).find_map(|(seen, described)| {
            let product = described.product?;
            let newest = described.newest?;
            let last_here = self.builds.released(newest)?;
            let last = self.builds.last_release(product)?;
            let is_older = self.builds.newest_update(product)?.cumulative_update() > seen.lowest().cumulative_update();
            (last_here < last && is_older)
                .then(|| format!("{} {}: {last_here}", product.name(), described.update.as_deref().unwrap_or_default()))
        })?;
        Some(Weakness { kind: WeaknessKind::UpdateUnsupported, details: vec![behind], evidence: Vec::new() })
    }

    /// The worst of all. What no build can tell counts only when it was asked for by name: else no server could ever be answered for.
    fn answer(&self, cves: &[CveAssessment], builds: &[AssessedBuild], asked: bool) -> ExposureAnswer {
        if builds.is_empty() {
            return ExposureAnswer::CannotTell;
        }
        let can_be_told = |it: &&CveAssessment| {
            asked || it.state != ExposureState::Unknown || self.cve(&it.cve).is_some_and(|cve| cve.first_fixed().next().is_some())
        };
        let worst = cves.iter().filter(can_be_told).map(|it| it.state).max_by_key(|state| gravity(*state));
        let answer = match worst {
            Some(ExposureState::Open) => ExposureAnswer::Open,
            Some(ExposureState::PossiblyOpen) => ExposureAnswer::PossiblyOpen,
            Some(ExposureState::Mitigated) => ExposureAnswer::Mitigated,
            Some(ExposureState::NewerThanTable) => ExposureAnswer::NewerThanTable,
            Some(ExposureState::Unknown) | None => ExposureAnswer::CannotTell,
            Some(ExposureState::FixedIf) => ExposureAnswer::FixedIf,
            Some(ExposureState::Fixed | ExposureState::NotAffected) => ExposureAnswer::Fixed,
        };
        let is_newer = builds.iter().any(|build| build.newer_than_table);
        if is_newer && matches!(answer, ExposureAnswer::Fixed | ExposureAnswer::FixedIf) && !asked {
            return ExposureAnswer::NewerThanTable;
        }
        answer
    }
}

/// Whether a setting decides and no build: the fix is one of Windows (CVE-2023-36434), or the setting is the hole (CVE-2018-8581).
fn is_by_setting_alone(cve: &Cve) -> bool {
    cve.first_fixed().next().is_none()
        && matches!(cve.condition_kind, Some(Condition::TokenCacheModule | Condition::LoopbackCheck))
}

fn affects(cve: &Cve, builds: &[AssessedBuild]) -> bool {
    let inherits = |product: Product| product == Product::ExchangeSe && cve.affected.contains(&Product::Exchange2019);
    builds.iter().filter_map(|build| build.product).any(|product| cve.affected.contains(&product) || inherits(product))
}

/// How bad a state is, the worst last.
pub fn gravity(state: ExposureState) -> u8 {
    match state {
        ExposureState::NotAffected => 0,
        ExposureState::Fixed => 1,
        ExposureState::FixedIf => 2,
        ExposureState::Unknown => 3,
        ExposureState::NewerThanTable => 4,
        ExposureState::Mitigated => 5,
        ExposureState::PossiblyOpen => 6,
        ExposureState::Open => 7,
    }
}
