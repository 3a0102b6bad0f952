//! Findings of rules that the user brought along.
//!
//! How good such a rule is nobody here can know, and a folder of thousands hits something on every server. So unless its author
//! says more in the rule's own tags, a hit goes to the one incident of ours that speaks of the same thing, and ties nothing
//! together: it opens no incident of ours and decides no verdict beyond "attempted". Weak signals of ours that speak of the very
//! file or page that it hit are told with it, but as no more than it claims. What is left over is told as one incident, each
//! rule once, however often it hit.

use std::collections::{BTreeMap, HashMap, HashSet};

use afterpatch_model::{Finding, Grade, Join, Origin, Standing, Thing, ThingKind};

use crate::cluster::{Cluster, Reasons, Sets, gap};
use crate::keys::{exact_keys, key, near_keys};
use crate::opens;

/// Records kept of a rule's hits together.
const MAX_EVIDENCE: usize = 10;
/// Things kept of a rule's hits together.
const MAX_THINGS: usize = 64;

/// A hit of a rule of the user that claims no more than an attempt.
pub fn is_guest(finding: &Finding) -> bool {
    finding.origin == Origin::User && finding.grade <= Grade::Attempt
}

/// A hit that is told even when nothing of ours speaks of it.
pub fn is_told_alone(finding: &Finding) -> bool {
    is_guest(finding) && finding.standing == Standing::Alone && finding.grade > Grade::Scan
}

/// Puts every hit to the incident that speaks of the same thing; those that are told and belong to none go together.
pub fn join(findings: &[Finding], sets: &mut Sets, reasons: &mut Reasons) {
    if !findings.iter().any(is_guest) {
        return;
    }
    let opened = (0..findings.len()).filter(|&index| findings.get(index).is_some_and(opens)).map(|index| sets.find(index));
    let opened: HashSet<usize> = opened.collect();
    let own = Own::of(findings, |index| opened.contains(&sets.find(index)));
    let mut left_over = None;
    for (index, guest) in findings.iter().enumerate().filter(|(_, finding)| is_guest(finding)) {
        if let Some((host, thing)) = own.host(findings, guest) {
            sets.union(host, index);
            reasons.push((index, Join::SameThing(thing.clone())));
        } else if is_told_alone(guest) {
            let first = *left_over.get_or_insert(index);
            if first != index {
                sets.union(first, index);
                reasons.push((index, Join::UserRules));
            }
        }
    }
}

/// Our findings by their things.
#[derive(Default)]
struct Own {
    exact: HashMap<(ThingKind, String), usize>,
    /// Of incidents alone: what a mailbox or an account is part of is most often somebody's daily work. Positions, rising: so is
    /// the time.
    near: HashMap<(ThingKind, String), Vec<usize>>,
}

impl Own {
    fn of(findings: &[Finding], mut is_of_incident: impl FnMut(usize) -> bool) -> Self {
        let mut own = Self::default();
        for (index, finding) in findings.iter().enumerate().filter(|(_, finding)| !is_guest(finding)) {
            for thing in exact_keys(finding) {
                own.exact.entry(key(thing)).or_insert(index);
            }
            let near = is_of_incident(index).then(|| near_keys(finding));
            for (thing, _) in near.into_iter().flatten() {
                own.near.entry(key(thing)).or_default().push(index);
            }
        }
        own
    }

    /// The finding of ours that a hit goes to, and the thing that both speak of.
    fn host<'g>(&self, findings: &[Finding], guest: &'g Finding) -> Option<(usize, &'g Thing)> {
        if let Some(found) = exact_keys(guest).find_map(|thing| self.exact.get(&key(thing)).map(|&host| (host, thing))) {
            return Some(found);
        }
        near_keys(guest)
            .filter_map(|(thing, bound)| {
                let of_thing = self.near.get(&key(thing))?;
                let after = of_thing.partition_point(|&it| findings.get(it).is_some_and(|it| it.first <= guest.first));
                let neighbours = of_thing.get(after.saturating_sub(1)..(after + 1).min(of_thing.len()))?;
                let gap_to = |&host: &usize| findings.get(host).and_then(|host| gap(host, guest)).map(|gap| (gap, host));
                let (gap, host) = neighbours.iter().filter_map(gap_to).min()?;
                (gap <= bound).then_some((gap, host, thing))
            })
            .min_by_key(|(gap, host, _)| (*gap, *host))
            .map(|(_, host, thing)| (host, thing))
    }
}

/// Weak signals of ours in an incident that only such hits opened are as grave as those.
pub fn temper(findings: &mut [Finding], clusters: &[Cluster]) {
    for cluster in clusters {
        if cluster.members.iter().any(|&index| findings.get(index).is_some_and(opens)) {
            continue;
        }
        for &index in &cluster.members {
            if let Some(finding) = findings.get_mut(index) {
                finding.grade = finding.grade.min(Grade::Attempt);
            }
        }
    }
}

/// Makes one finding of all hits of a rule that no incident of ours speaks of. Gives how many findings went into others.
pub fn tell_once(findings: &mut [Finding], clusters: &mut [Cluster]) -> u64 {
    let mut merged = 0;
    for cluster in clusters {
        if !cluster.members.iter().all(|&index| findings.get(index).is_some_and(is_guest)) {
            continue;
        }
        let mut first_of: BTreeMap<String, usize> = BTreeMap::new();
        cluster.members.retain(|&index| {
            let Some(kind) = findings.get(index).map(|finding| finding.kind.clone()) else { return false };
            let first = *first_of.entry(kind).or_insert(index);
            if first == index {
                return true;
            }
            merged += 1;
            let Some(hit) = findings.get(index).cloned() else { return false };
            findings.get_mut(first).into_iter().for_each(|finding| merge(finding, &hit));
            false
        });
    }
    merged
}

fn merge(finding: &mut Finding, hit: &Finding) {
    finding.count += hit.count;
    finding.first = [finding.first, hit.first].into_iter().flatten().min();
    finding.last = finding.last.max(hit.last);
    let room = MAX_EVIDENCE.saturating_sub(finding.evidence.len());
    finding.evidence.extend(hit.evidence.iter().take(room).cloned());
    for thing in &hit.things {
        if finding.things.len() < MAX_THINGS
            && let Err(position) = finding.things.binary_search(thing)
        {
            finding.things.insert(position, thing.clone());
        }
    }
}
