//! Weak findings of one act: told again and again, they may be told together.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_model::{Finding, Standing, Thing, ThingKind};

use crate::collect::{MAX_EVIDENCE, MAX_THINGS, sum, tells_acts_apart};
use crate::page_requested::{ANSWERED, REFUSED};

/// Things of one kind kept when findings are put together.
const MAX_OF_KIND: usize = 20;

/// What findings of one act have in common, on one server and in one kind of log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Act {
    /// Somebody tried names of pages that are not there, of which there may be thousands.
    pub is_in_vain: bool,
    /// Kind of the findings.
    pub kind: String,
    /// Actor and target; of requests of a page, the page.
    pub things: Vec<Thing>,
}

/// The act of a finding that means something only beside others; `None` of one that stands alone.
pub fn act_of(finding: &Finding) -> Option<Act> {
    if finding.standing != Standing::Beside {
        return None;
    }
    let is_in_vain = finding.kind == REFUSED.0;
    let is_visit = is_in_vain || finding.kind == ANSWERED.0;
    let is_of_act = |thing: &&Thing| if is_visit { thing.kind == ThingKind::Page } else { tells_acts_apart(thing.kind) };
    let things = finding.things.iter().filter(is_of_act).cloned().collect();
    Some(Act { is_in_vain, kind: finding.kind.clone(), things })
}

/// Takes another finding of the same act in. In whatever order findings are put together, it gives the same.
pub fn join(own: &mut Finding, other: Finding) {
    own.count += other.count;
    own.first = [own.first, other.first].into_iter().flatten().min();
    own.last = own.last.max(other.last);
    own.bytes_out = sum(own.bytes_out, other.bytes_out);
    let things: BTreeSet<Thing> = std::mem::take(&mut own.things).into_iter().chain(other.things).collect();
    let mut of_kind: BTreeMap<ThingKind, usize> = BTreeMap::new();
    let is_kept = |thing: &Thing| {
        let known = of_kind.entry(thing.kind).or_default();
        *known += 1;
        *known <= MAX_OF_KIND
    };
    own.things = things.into_iter().filter(is_kept).take(MAX_THINGS).collect();
    own.evidence.extend(other.evidence);
    own.evidence.sort_by(|a, b| a.time.cmp(&b.time).then_with(|| a.cmp(b)));
    // Both ends can be followed.
    let last = own.evidence.pop();
    own.evidence.truncate(MAX_EVIDENCE - 1);
    own.evidence.extend(last);
}
