//! Gathers the findings of one artifact: repeats are counted, not listed, and memory is bounded.

use std::collections::{BTreeSet, HashMap};

use afterpatch_model::{
    ArtifactId, Confidence, Evidence, Finding, Grade, Origin, Place, Record, Severity, Standing, Step, Thing, ThingKind,
    Timestamp,
};

use crate::excerpt::excerpt;

/// Repeats of the same finding by the same actor within this many seconds are one finding. A real ProxyLogon run takes
/// seven seconds (OTRF SDWIN-210314014019), so one actor's burst is well inside.
const SAME_BURST_SECONDS: i64 = 60;
/// What a finding costs the budget, about, without its things and evidence; kept twice, as it is its own key.
const FINDING_BYTES: usize = 1_000;
/// Records kept per finding: the first ones and the latest.
pub const MAX_EVIDENCE: usize = 10;
/// Things kept per finding.
pub const MAX_THINGS: usize = 64;

/// What a detector says of one record, before it is gathered.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Slug.
    pub kind: String,
    /// English title.
    pub title: String,
    /// Attack.
    pub campaign: Option<String>,
    /// Part of the story.
    pub step: Step,
    /// How far.
    pub grade: Grade,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// Whether it opens an incident.
    pub standing: Standing,
    /// ATT&CK ids.
    pub attack: Vec<String>,
    /// CVE ids.
    pub cves: Vec<String>,
    /// Rule author.
    pub author: Option<String>,
    /// Whose rule.
    pub origin: Origin,
    /// Things.
    pub things: Vec<Thing>,
    /// Bytes sent to the visitor or taken out, where the log counts them.
    pub bytes_out: Option<u64>,
}

impl Draft {
    /// A change of state that no harmless explanation is known for, told beside others: what most detectors of pages say.
    /// `technique` is its ATT&CK id.
    pub fn of((kind, title): (&str, &str), step: Step, technique: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            title: title.to_owned(),
            campaign: None,
            step,
            grade: Grade::Compromise,
            severity: Severity::High,
            confidence: Confidence::High,
            standing: Standing::Beside,
            attack: vec![technique.to_owned()],
            cves: Vec::new(),
            author: None,
            origin: Origin::BuiltIn,
            things: Vec::new(),
            bytes_out: None,
        }
    }

    /// The finding, of a time from and to, `count` records and sorted things.
    pub(crate) fn into_finding(
        self,
        server: &str,
        (first, last): (Option<Timestamp>, Option<Timestamp>),
        count: u64,
        things: Vec<Thing>,
        evidence: Vec<Evidence>,
    ) -> Finding {
        Finding {
            id: String::new(),
            kind: self.kind,
            title: self.title,
            campaign: self.campaign,
            step: self.step,
            grade: self.grade,
            severity: self.severity,
            confidence: self.confidence,
            standing: self.standing,
            server: server.to_owned(),
            first,
            last,
            count,
            attack: self.attack,
            cves: self.cves,
            things,
            evidence,
            why: Vec::new(),
            author: self.author,
            origin: self.origin,
            bytes_out: self.bytes_out,
            acknowledged: None,
        }
    }
}

/// What findings of the same act have in common: kind, server, actor and target.
type Key = (String, String, Vec<Thing>);

/// The key of a finding of these things, which come in order.
fn key_of<'t>(kind: &str, server: &str, things: impl IntoIterator<Item = &'t Thing>) -> Key {
    let actor_and_target = things.into_iter().filter(|thing| tells_acts_apart(thing.kind)).cloned().collect();
    (kind.to_owned(), server.to_owned(), actor_and_target)
}

/// Bytes that may still be kept. What was done in vain may take no more than half of them: everybody can knock a hundred thousand
/// times from as many addresses, and the one time that the door opened must find room behind that.
pub(crate) struct Budget {
    left: usize,
    /// How much of it is left for what was done in vain.
    left_in_vain: usize,
}

impl Budget {
    pub(crate) fn new(bytes: usize) -> Self {
        Self { left: bytes, left_in_vain: bytes / 2 }
    }

    /// Takes so many bytes; `false` when they are not there.
    pub(crate) fn take(&mut self, bytes: usize, in_vain: bool) -> bool {
        let of_vain = if in_vain { bytes } else { 0 };
        match (self.left.checked_sub(bytes), self.left_in_vain.checked_sub(of_vain)) {
            (Some(left), Some(left_in_vain)) => {
                *self = Self { left, left_in_vain };
                true
            }
            _ => false,
        }
    }

    pub(crate) fn give_back(&mut self, bytes: usize, in_vain: bool) {
        self.left = self.left.saturating_add(bytes);
        self.left_in_vain = self.left_in_vain.saturating_add(if in_vain { bytes } else { 0 });
    }
}

/// Whether an act that got so far changed nothing.
pub fn is_in_vain(grade: Grade) -> bool {
    matches!(grade, Grade::Scan | Grade::Attempt)
}

/// The findings of one artifact.
pub struct Findings {
    artifact: ArtifactId,
    budget: Budget,
    list: Vec<Finding>,
    /// Latest finding of each (kind, server, actor and target).
    latest: HashMap<Key, usize>,
    not_kept: u64,
}

impl Findings {
    /// No findings yet; at most about `budget` bytes of them will be kept.
    pub fn new(artifact: ArtifactId, budget: usize) -> Self {
        Self { artifact, budget: Budget::new(budget), list: Vec::new(), latest: HashMap::new(), not_kept: 0 }
    }

    /// How many findings are kept.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Evidence from a record of this artifact.
    pub fn evidence(&self, record: &Record<'_>) -> Evidence {
        self.evidence_at(record.place, record.time, excerpt(record))
    }

    /// Evidence from its parts.
    pub fn evidence_at(&self, place: Place, time: Option<Timestamp>, text: String) -> Evidence {
        fitted(Evidence::new(self.artifact, place, time, text))
    }

    /// Adds what a detector says of one record.
    pub fn add(&mut self, draft: Draft, record: &Record<'_>) {
        let server = record.server.as_deref().unwrap_or_default().to_owned();
        let evidence = self.evidence(record);
        self.add_run(draft, server, record.time, record.time, 1, vec![evidence]);
    }

    /// Adds what a detector says of several records, which it has gathered itself.
    pub fn add_run(
        &mut self,
        draft: Draft,
        server: String,
        first: Option<Timestamp>,
        last: Option<Timestamp>,
        count: u64,
        evidence: Vec<Evidence>,
    ) {
        let mut draft = draft;
        let things: BTreeSet<Thing> = std::mem::take(&mut draft.things).into_iter().collect();
        let key = key_of(&draft.kind, &server, &things);
        if let Some(earlier) = self.latest.get(&key).and_then(|&index| self.list.get_mut(index))
            && (draft.grade == Grade::Scan || close(earlier.last, first))
        {
            earlier.bytes_out = sum(earlier.bytes_out, draft.bytes_out);
            repeat(earlier, first, last, count, evidence, things, &mut self.budget);
            return;
        }
        if !self.budget.take(cost(&things, &evidence), is_in_vain(draft.grade)) {
            self.not_kept += count;
            return;
        }
        self.latest.insert(key, self.list.len());
        self.list.push(draft.into_finding(
            &server,
            (first, last),
            count,
            things.into_iter().take(MAX_THINGS).collect(),
            evidence.into_iter().take(MAX_EVIDENCE).map(fitted).collect(),
        ));
    }

    /// Takes over the findings of a section of the same artifact that follows, as if they had been added here: as far as the
    /// budget of this one goes.
    pub fn append(&mut self, later: Self) {
        self.not_kept += later.not_kept;
        for finding in later.list {
            let key = key_of(&finding.kind, &finding.server, &finding.things);
            if let Some(earlier) = self.latest.get(&key).and_then(|&index| self.list.get_mut(index))
                && (finding.grade == Grade::Scan || close(earlier.last, finding.first))
            {
                earlier.bytes_out = sum(earlier.bytes_out, finding.bytes_out);
                let Finding { first, last, count, evidence, things, .. } = finding;
                repeat(earlier, first, last, count, evidence, things, &mut self.budget);
            } else if self.budget.take(kept_bytes(&finding), is_in_vain(finding.grade)) {
                self.latest.insert(key, self.list.len());
                self.list.push(finding);
            } else {
                self.not_kept += finding.count;
            }
        }
    }

    /// Counts records that would have told something and are not kept, because a bound was reached.
    pub fn leave_out(&mut self, records: u64) {
        self.not_kept += records;
    }

    /// The findings, and how many records more would have made findings beyond the bound.
    pub fn into_parts(self) -> (Vec<Finding>, u64) {
        (self.list, self.not_kept)
    }
}

/// Things by which two acts differ. The rest (request ids, process numbers, user agents) differ between repeats of one act.
pub fn tells_acts_apart(kind: ThingKind) -> bool {
    !matches!(kind, ThingKind::RequestId | ThingKind::Canary | ThingKind::UserAgent | ThingKind::Process | ThingKind::Url)
}

fn close(earlier: Option<Timestamp>, later: Option<Timestamp>) -> bool {
    match (earlier, later) {
        (Some(earlier), Some(later)) => (later.as_second() - earlier.as_second()).abs() <= SAME_BURST_SECONDS,
        (None, None) => true,
        _ => false,
    }
}

fn repeat(
    earlier: &mut Finding,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    count: u64,
    evidence: Vec<Evidence>,
    things: impl IntoIterator<Item = Thing>,
    budget: &mut Budget,
) {
    let in_vain = is_in_vain(earlier.grade);
    earlier.count += count;
    earlier.first = [earlier.first, first].into_iter().flatten().min();
    earlier.last = [earlier.last, last].into_iter().flatten().max();
    for one in evidence {
        // Keep the first ones and let the last place move on, so that both ends of a long row can be followed.
        if earlier.evidence.len() >= MAX_EVIDENCE
            && let Some(given_back) = earlier.evidence.pop()
        {
            budget.give_back(evidence_bytes(&given_back), in_vain);
        }
        if budget.take(evidence_bytes(&one), in_vain) {
            earlier.evidence.push(fitted(one));
        }
    }
    for thing in things {
        if earlier.things.len() >= MAX_THINGS {
            break;
        }
        if let Err(position) = earlier.things.binary_search(&thing)
            && budget.take(thing_bytes(&thing), in_vain)
        {
            earlier.things.insert(position, thing);
        }
    }
}

/// The sum of bytes, as far as logs count them.
pub(crate) fn sum(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    }
}

/// Without the room that its text was put together in: of hostile rows that is as much as the text.
fn fitted(mut evidence: Evidence) -> Evidence {
    evidence.text.shrink_to_fit();
    evidence
}

/// What a finding costs the budget, about.
pub fn kept_bytes(finding: &Finding) -> usize {
    cost(&finding.things, &finding.evidence)
}

fn cost<'t>(things: impl IntoIterator<Item = &'t Thing>, evidence: &[Evidence]) -> usize {
    FINDING_BYTES + things.into_iter().map(thing_bytes).sum::<usize>() + evidence.iter().map(evidence_bytes).sum::<usize>()
}

/// What a thing costs the budget, about.
fn thing_bytes(thing: &Thing) -> usize {
    32 + thing.value.len()
}

/// What a record kept as evidence costs the budget, about.
pub(crate) fn evidence_bytes(evidence: &Evidence) -> usize {
    64 + evidence.text.len()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn findings(budget: usize, at: &[(&str, i64)]) -> Findings {
        let mut findings = Findings::new(ArtifactId(0), budget);
        for (page, second) in at {
            let draft =
                Draft { things: vec![Thing::new(ThingKind::Page, *page)], ..Draft::of(("x", "X"), Step::PageRequested, "T1") };
            let time = Timestamp::from_second(*second).ok();
            let evidence = findings.evidence_at(Place::Whole, time, String::new());
            findings.add_run(draft, String::new(), time, time, 1, vec![evidence]);
        }
        findings
    }

    #[test]
    fn what_was_done_in_vain_leaves_room() {
        let mut findings = Findings::new(ArtifactId(0), 40_000);
        let mut add = |page: String, grade| {
            let kind = if grade == Grade::Success { "passed" } else { "tried" };
            let things = vec![Thing::new(ThingKind::Page, page)];
            let draft = Draft { things, grade, ..Draft::of((kind, "X"), Step::PageRequested, "T1") };
            findings.add_run(draft, String::new(), None, None, 1, Vec::new());
        };
        (0..1000).for_each(|number| add(number.to_string(), Grade::Attempt));
        (0..10).for_each(|number| add(number.to_string(), Grade::Success));
        let (list, not_kept) = findings.into_parts();
        assert_eq!(list.iter().filter(|it| it.grade == Grade::Success).count(), 10);
        assert_eq!(list.len() as u64 + not_kept, 1010);
    }

    #[test]
    fn sections_are_put_together_as_one_and_within_one_budget() {
        let seen = [("a", 0), ("b", 10), ("a", 50), ("c", 60), ("a", 500), ("d", 510)];
        let budget = findings(usize::MAX, &seen).into_parts().0.iter().map(kept_bytes).sum();
        let told = |findings: Findings| {
            let (list, not_kept) = findings.into_parts();
            (list.into_iter().map(|it| (it.things, it.first, it.last, it.count)).collect::<Vec<_>>(), not_kept)
        };
        for cut in 0..=seen.len() {
            let mut first = findings(budget, &seen[..cut]);
            first.append(findings(budget, &seen[cut..]));
            assert_eq!(told(first), told(findings(budget, &seen)), "cut at {cut}");
        }
        let mut first = findings(budget / 2, &seen[..3]);
        first.append(findings(budget, &seen[3..]));
        let (kept, not_kept) = told(first);
        assert_eq!(kept.iter().map(|(.., count)| count).sum::<u64>() + not_kept, 6);
        assert!((1..4).contains(&not_kept));
    }
}
