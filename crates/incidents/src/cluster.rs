//! Which findings belong together.
//!
//! Eight passes over one server's findings in order of time, each weaker than the one before:
//! 1. exact keys (request id, canary, page, file, hash, script): whenever;
//! 2. near keys (process, object, client address): within the key's own bound;
//! 3. a finding of a source that names no client (event log, control panel log) goes to the nearest act of a known client
//!    within 60 s (a request, or a visit to a planted page): one actor's steps close in time. It goes to one only, so two
//!    actors are not tied together by it;
//! 4. a weak signal of what follows a break-in (accounts, services, mail, logs) that names no client goes to the nearest act of
//!    an incident within 30 s, too: by itself an administrator's work, right after a planted page's command it is not;
//! 5. what is left without a client is tied to its neighbour within 60 s;
//! 6. commands of the web server that nothing ties to a page go to the only incident that had planted anything before; where
//!    there is none, or more than one, they are one incident of their own;
//! 7. clusters of attempts alone become one incident per attack: a list of a hundred knockers helps nobody;
//! 8. weak signs of attempts of an attack of which exactly one incident is known go to it;
//! 9. hits of the user's own rules, of which none of the passes before knows, go to what speaks of the same thing
//!    ([`guests`](crate::guests)).
//!
//! A cluster without a finding that opens an incident is no cluster.

use std::collections::{BTreeMap, HashMap, HashSet};

use afterpatch_model::{ArtifactId, ArtifactKind, Finding, Grade, Join, Standing, Step, ThingKind, Timestamp};

use crate::keys::{exact_keys, key, near_keys, remote_addresses};
use crate::{guests, opens};

/// One actor's steps are this close in time. A real run takes seven seconds from the first request to the first command.
pub const CLOSE_SECONDS: i64 = 60;

/// The kind of an artifact, by its number.
pub type KindOf<'k> = &'k dyn Fn(ArtifactId) -> Option<ArtifactKind>;

/// What a command does is written down this soon after it; an administrator's work falls into the same seconds by chance only.
const FOLLOW_SECONDS: i64 = 30;
/// The same for settings of defences: the system itself writes them down, at once.
const FOLLOW_AT_ONCE_SECONDS: i64 = 10;

/// Why a finding, by its position, was put to an earlier one.
pub type Reasons = Vec<(usize, Join)>;

/// Findings that belong together, as positions in the sorted list.
pub struct Cluster {
    /// Positions, rising.
    pub members: Vec<usize>,
    /// Why, without repeats.
    pub joined_by: Vec<Join>,
}

/// Clusters of the findings, which must be sorted by time.
pub fn cluster(findings: &[Finding], kind_of: KindOf<'_>) -> Vec<Cluster> {
    let mut sets = Sets::new(findings.len());
    let mut reasons = Reasons::new();
    join_exact(findings, &mut sets, &mut reasons);
    join_near(findings, &mut sets, &mut reasons);
    join_to_nearest_client(findings, &mut sets, &mut reasons);
    join_followers(findings, kind_of, &mut sets, &mut reasons);
    join_neighbours(findings, &mut sets, &mut reasons);
    join_commands(findings, &mut sets, &mut reasons);
    join_attempts(findings, &mut sets, &mut reasons);
    join_attempts_of_known_attacks(findings, &mut sets, &mut reasons);
    guests::join(findings, &mut sets, &mut reasons);

    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..findings.len() {
        members.entry(sets.find(index)).or_default().push(index);
    }
    let mut why: HashMap<usize, Vec<Join>> = HashMap::new();
    for (index, reason) in reasons {
        let list = why.entry(sets.find(index)).or_default();
        if !list.contains(&reason) {
            list.push(reason);
        }
    }
    members
        .into_iter()
        .filter(|(_, members)| {
            members.iter().any(|&index| findings.get(index).is_some_and(|it| opens(it) || guests::is_told_alone(it)))
        })
        .map(|(root, members)| {
            let mut joined_by = why.remove(&root).unwrap_or_default();
            joined_by.sort();
            joined_by.truncate(20);
            Cluster { members, joined_by }
        })
        .collect()
}

/// Findings that may tie others together.
fn own(findings: &[Finding]) -> impl Iterator<Item = (usize, &Finding)> {
    findings.iter().enumerate().filter(|(_, finding)| !guests::is_guest(finding))
}

fn join_exact(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let mut first_with: HashMap<(ThingKind, String), usize> = HashMap::new();
    for (index, finding) in own(findings) {
        for thing in exact_keys(finding) {
            match first_with.get(&key(thing)) {
                Some(&earlier) => {
                    sets.union(earlier, index);
                    reasons.push((index, Join::SameThing(thing.clone())));
                }
                None => {
                    first_with.insert(key(thing), index);
                }
            }
        }
    }
}

fn join_near(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let mut last_with: HashMap<(ThingKind, String), (usize, i64)> = HashMap::new();
    for (index, finding) in own(findings) {
        for (thing, bound) in near_keys(finding) {
            let key = key(thing);
            // The wider bound of the two counts: a role is given first and used later.
            if let Some(&(earlier, earlier_bound)) = last_with.get(&key)
                && let Some(gap) = findings.get(earlier).and_then(|earlier| gap(earlier, finding))
                && gap <= bound.max(earlier_bound)
            {
                sets.union(earlier, index);
                reasons.push((index, Join::SameThing(thing.clone())));
            }
            last_with.insert(key, (index, bound));
        }
    }
}

fn join_to_nearest_client(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let known = clients_known(findings, sets);
    // A visit to a planted page stands beside; once the page has put it into a cluster, it is an act like any other.
    let of_client: Vec<usize> = (0..findings.len()).filter(|&index| known.contains(&sets.find(index))).collect();
    for (index, finding) in findings.iter().enumerate() {
        if !opens(finding) || known.contains(&sets.find(index)) {
            continue;
        }
        let nearest = of_client
            .iter()
            .filter_map(|&other| {
                findings.get(other).and_then(|it| gap(it, finding).zip(distance(it, finding))).map(|far| (far, other))
            })
            .filter(|((gap, _), _)| *gap <= CLOSE_SECONDS)
            .min();
        if let Some((_, other)) = nearest {
            sets.union(other, index);
            reasons.push((index, Join::CloseInTime { seconds: CLOSE_SECONDS }));
        }
    }
}

/// Whoever did it: an account that was stolen acts beside commands of the system, so another name says nothing.
fn join_followers(findings: &[Finding], kind_of: KindOf<'_>, sets: &mut Sets, reasons: &mut Reasons) {
    let strong: HashSet<usize> =
        (0..findings.len()).filter(|&index| findings.get(index).is_some_and(opens)).map(|index| sets.find(index)).collect();
    let acts: Vec<usize> = (0..findings.len())
        .filter(|&index| findings.get(index).is_some_and(|it| it.grade >= Grade::Compromise && opens(it)))
        .collect();
    for (index, finding) in own(findings) {
        // The time of a setting is that of its file, which holds other settings, too; only what is switched off there is rare
        // enough to be what was changed last.
        let is_act = finding.step == Step::DefencesWeakened
            || finding.evidence.iter().any(|evidence| kind_of(evidence.artifact).is_none_or(ArtifactKind::is_log));
        if !follows(finding.step) || !is_act || strong.contains(&sets.find(index)) || remote_addresses(finding).next().is_some() {
            continue;
        }
        let bound = if finding.step == Step::DefencesWeakened { FOLLOW_AT_ONCE_SECONDS } else { FOLLOW_SECONDS };
        let nearest = acts
            .iter()
            .filter_map(|&other| {
                findings.get(other).and_then(|it| gap(it, finding).zip(distance(it, finding))).map(|far| (far, other))
            })
            .filter(|((gap, _), _)| *gap <= bound)
            .min();
        if let Some((_, other)) = nearest {
            sets.union(other, index);
            reasons.push((index, Join::CloseInTime { seconds: bound }));
        }
    }
}

/// Steps that follow a break-in and that administrators take, too.
fn follows(step: Step) -> bool {
    matches!(
        step,
        Step::CredentialsTaken
            | Step::MailTaken
            | Step::AccountChanged
            | Step::PersistenceAdded
            | Step::DefencesWeakened
            | Step::ConfigurationChanged
            | Step::Removed
    )
}

/// An attempt of an attack of which one incident is known belongs to it, weak as it is and whoever made it: it changed nothing.
fn join_attempts_of_known_attacks(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let mut roots_of: HashMap<&str, HashSet<usize>> = HashMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| opens(finding)) {
        if let Some(campaign) = finding.campaign.as_deref() {
            roots_of.entry(campaign).or_default().insert(sets.find(index));
        }
    }
    for (index, finding) in own(findings) {
        let weak = finding.standing == Standing::Beside && finding.grade <= Grade::Attempt;
        let known = finding.campaign.as_deref().and_then(|campaign| roots_of.get(campaign));
        if let Some(&root) = known.filter(|roots| weak && roots.len() == 1).and_then(|roots| roots.iter().next())
            && sets.find(index) != sets.find(root)
        {
            sets.union(root, index);
            reasons.push((index, Join::Attempts));
        }
    }
}

fn join_neighbours(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let known = clients_known(findings, sets);
    let mut previous: Option<usize> = None;
    for (index, finding) in findings.iter().enumerate() {
        if !opens(finding) || known.contains(&sets.find(index)) {
            continue;
        }
        if let Some(earlier) = previous
            && findings.get(earlier).and_then(|earlier| gap(earlier, finding)).is_some_and(|gap| gap <= CLOSE_SECONDS)
        {
            sets.union(earlier, index);
            reasons.push((index, Join::CloseInTime { seconds: CLOSE_SECONDS }));
        }
        previous = Some(index);
    }
}

fn join_commands(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let mut only_commands: BTreeMap<usize, bool> = BTreeMap::new();
    // Of each cluster that planted something, when it did so first; without a time it may have been any time.
    let mut planted: BTreeMap<usize, Option<Timestamp>> = BTreeMap::new();
    for (index, finding) in own(findings) {
        let root = sets.find(index);
        *only_commands.entry(root).or_insert(true) &= opens(finding) && finding.step == Step::CommandRun;
        if finding.grade >= Grade::Compromise && plants(finding.step) {
            planted.entry(root).and_modify(|first| *first = (*first).min(finding.first)).or_insert(finding.first);
        }
    }
    let roots_that_opened: HashSet<usize> =
        (0..findings.len()).filter(|&index| findings.get(index).is_some_and(opens)).map(|index| sets.find(index)).collect();
    planted.retain(|root, _| roots_that_opened.contains(root));
    let mut untied: Option<usize> = None;
    for root in only_commands.into_iter().filter_map(|(root, only)| only.then_some(root)) {
        let began = findings.get(root).and_then(|finding| finding.first);
        let mut before = planted.iter().filter(|(_, first)| first.is_none() || **first <= began);
        match (before.next(), before.next()) {
            (Some((&foothold, _)), None) => {
                sets.union(foothold, root);
                reasons.push((root, Join::OnlyFoothold));
            }
            _ => {
                let first = *untied.get_or_insert(root);
                if first != root {
                    sets.union(first, root);
                    reasons.push((root, Join::UntiedCommands));
                }
            }
        }
    }
}

/// Steps that leave something behind through which commands can be run.
fn plants(step: Step) -> bool {
    matches!(step, Step::ConfigurationChanged | Step::FileWritten | Step::FilePresent | Step::PageCompiled)
}

fn join_attempts(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    let mut grades: HashMap<usize, Grade> = HashMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| opens(finding)) {
        let grade = grades.entry(sets.find(index)).or_insert(finding.grade);
        *grade = (*grade).max(finding.grade);
    }
    let mut first_of: HashMap<Option<&str>, usize> = HashMap::new();
    for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| opens(finding)) {
        if grades.get(&sets.find(index)) != Some(&Grade::Attempt) {
            continue;
        }
        match first_of.get(&finding.campaign.as_deref()) {
            Some(&earlier) => {
                if sets.find(earlier) != sets.find(index) {
                    sets.union(earlier, index);
                    grades.insert(sets.find(index), Grade::Attempt);
                    reasons.push((index, Join::Attempts));
                }
            }
            None => {
                first_of.insert(finding.campaign.as_deref(), index);
            }
        }
    }
}

/// Roots of the sets that opened an incident and of which a client is known.
fn clients_known(findings: &[Finding], sets: &mut Sets) -> HashSet<usize> {
    let mut roots_of = |wanted: fn(&Finding) -> bool| -> HashSet<usize> {
        findings.iter().enumerate().filter(|(_, finding)| wanted(finding)).map(|(index, _)| sets.find(index)).collect()
    };
    let strong = roots_of(opens);
    let addressed = roots_of(|finding| remote_addresses(finding).next().is_some());
    strong.intersection(&addressed).copied().collect()
}

/// Seconds between two findings, 0 when they overlap; `None` when one has no time.
pub fn gap(a: &Finding, b: &Finding) -> Option<i64> {
    let seconds = |time: Timestamp| time.as_second();
    let ((a_first, a_last), (b_first, b_last)) = ((a.first?, a.last?), (b.first?, b.last?));
    Some((seconds(b_first) - seconds(a_last)).max(seconds(a_first) - seconds(b_last)).max(0))
}

/// Milliseconds from the records of one finding to the beginning of another: tells overlapping visits apart.
fn distance(of: &Finding, to: &Finding) -> Option<i64> {
    let to = to.first?.as_millisecond();
    of.evidence.iter().filter_map(|evidence| evidence.time).map(|time| (time.as_millisecond() - to).abs()).min()
}

/// Disjoint sets with path halving, of positions in the sorted list of findings.
pub struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { parent: (0..count).collect() }
    }

    pub fn find(&mut self, mut index: usize) -> usize {
        while let Some(&parent) = self.parent.get(index)
            && parent != index
        {
            let grandparent = self.parent.get(parent).copied().unwrap_or(parent);
            if let Some(slot) = self.parent.get_mut(index) {
                *slot = grandparent;
            }
            index = grandparent;
        }
        index
    }

    /// The smaller position becomes the root, so the outcome does not depend on the order of joins.
    pub fn union(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        if let Some(slot) = self.parent.get_mut(a.max(b)) {
            *slot = a.min(b);
        }
    }
}
