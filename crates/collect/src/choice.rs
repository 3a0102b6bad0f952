//! What is taken, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use afterpatch_evidence::Entry;
use afterpatch_model::{ArtifactKind, Gap, GapKind};

use crate::Wishes;

/// What of this is taken within the budget: what is no log first, in order of its path, then the newest logs. What stays is a gap.
pub(crate) fn choose<'e>(
    mut found: Vec<(&'e Entry, ArtifactKind)>,
    wishes: &Wishes,
    gaps: &mut Vec<Gap>,
) -> Vec<(&'e Entry, ArtifactKind)> {
    let mut met = BTreeSet::new();
    for (entry, _) in &mut found {
        *entry = entry.unpacked_from().unwrap_or(entry);
    }
    found.retain(|(entry, _)| met.insert(entry.path()));
    found.sort_by_key(|(entry, kind)| {
        let newest = Reverse(entry.modified().filter(|_| kind.is_log()));
        (kind.is_log(), newest, entry.path())
    });
    let mut left = wishes.budget.unwrap_or(u64::MAX);
    let (mut too_old, mut too_much) = (None::<Gap>, None::<Gap>);
    found.retain(|(entry, kind)| {
        let is_old = kind.is_log() && wishes.since.zip(entry.modified()).is_some_and(|(since, modified)| modified < since);
        let stays = if is_old {
            Some((&mut too_old, "logs that were last changed before the time asked for were not taken: this one and others"))
        } else if entry.size() > left {
            Some((&mut too_much, "more than the size asked for: this file was not taken, nor were others"))
        } else {
            None
        };
        match stays {
            Some((gap, why)) => match gap {
                Some(gap) => gap.count += 1,
                None => *gap = Some(Gap::new(entry.path(), GapKind::Capped, why)),
            },
            None => {
                left = left.saturating_sub(entry.size());
                return true;
            }
        }
        false
    });
    gaps.extend(too_old);
    gaps.extend(too_much);
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_evidence::{Evidence, MemoryFile};
    use afterpatch_model::Timestamp;

    use super::*;

    #[test]
    fn what_says_much_comes_first_and_what_stays_is_told() {
        let file = |path: &str, size: usize, day: i64| MemoryFile {
            path: path.to_owned(),
            bytes: vec![b'x'; size],
            modified: Some(Timestamp::from_second(day * 86_400).unwrap()),
        };
        let evidence = Evidence::of_memory(
            "host",
            vec![file("a/old.log", 10, 1), file("a/new.log", 10, 9), file("b/page.aspx", 5, 1), file("b/mid.log", 10, 5)],
        );
        let found = || {
            let kind = |entry: &Entry| {
                if entry.path().ends_with(".aspx") { ArtifactKind::ServedScript } else { ArtifactKind::IisW3c }
            };
            evidence.entries().iter().map(|entry| (entry, kind(entry))).collect::<Vec<_>>()
        };
        let wishes = |budget, since: Option<i64>| Wishes {
            host: None,
            now: Timestamp::UNIX_EPOCH,
            budget,
            since: since.map(|day| Timestamp::from_second(day * 86_400).unwrap()),
            recipient: None,
            threads: 1,
        };
        for (budget, since, expected, kept) in [
            (None, None, &["b/page.aspx", "a/new.log", "b/mid.log", "a/old.log"][..], 0),
            (Some(25), None, &["b/page.aspx", "a/new.log", "b/mid.log"], 1),
            (Some(16), None, &["b/page.aspx", "a/new.log"], 2),
            // A page stays a page however old it is.
            (None, Some(6), &["b/page.aspx", "a/new.log"], 2),
            (Some(0), None, &[], 4),
        ] {
            let mut gaps = Vec::new();
            let chosen = choose(found(), &wishes(budget, since), &mut gaps);
            let paths: Vec<&str> = chosen.iter().map(|(entry, _)| entry.path()).collect();
            assert_eq!(paths, expected);
            assert_eq!(gaps.iter().map(|gap| gap.count).sum::<u64>(), kept);
        }
    }
}
