//! A server's patch history, and its exposure along it.

use afterpatch_model::{Build, BuildPeriod, CveExposure, ExposureState, Pointer, Timestamp};

use crate::Facts;

/// A server's patch history from what its logs name: when (UTC), which build, where it stands.
///
/// Sightings come in any order; periods go in order of time, neighbours of one build being one period. A build of no product that
/// we know is left out: some logs write `15.0.0.0` where the build belongs.
pub fn patch_history(sightings: impl IntoIterator<Item = (Timestamp, Build, Pointer)>) -> Vec<BuildPeriod> {
    let mut sightings: Vec<_> = sightings.into_iter().filter(|(_, build, _)| build.product().is_some()).collect();
    sightings.sort_unstable();
    let mut history: Vec<BuildPeriod> = Vec::new();
    for (time, build, seen_in) in sightings {
        match history.last_mut() {
            Some(period) if period.build == build => period.last = time,
            _ => history.push(BuildPeriod { build, first: time, last: time, seen_in }),
        }
    }
    history
}

/// The exposure of one server to these CVEs: the state at the last build seen, and since when the fix has been there.
///
/// `history` is in order of time, as [`patch_history`] gives it. Without any build the state is `Unknown`.
pub fn expose(facts: &Facts, cves: &[&str], history: &[BuildPeriod]) -> Vec<CveExposure> {
    let build = history.last().map(|period| period.build);
    let exposure = |cve: &&str| {
        let state = build.map_or(ExposureState::Unknown, |build| facts.assess(cve, build));
        let condition = facts.condition(cve).filter(|_| state == ExposureState::FixedIf);
        CveExposure {
            cve: (*cve).to_owned(),
            state,
            build,
            fixed_seen: fixed_from(facts, cve, history),
            condition: condition.map(str::to_owned),
        }
    };
    cves.iter().map(exposure).collect()
}

/// First time (UTC) from which on every build seen has the fix, with or without a condition; `None` when the last has it not.
///
/// The fix came at this time or before it: what is later is after the fix, of what is earlier that cannot be said.
/// A fix that was taken off again does not count, and neither does a product that never had the hole.
pub fn fixed_from(facts: &Facts, cve_id: &str, history: &[BuildPeriod]) -> Option<Timestamp> {
    let has_fix =
        |period: &&BuildPeriod| matches!(facts.assess(cve_id, period.build), ExposureState::Fixed | ExposureState::FixedIf);
    history.iter().rev().take_while(has_fix).last().map(|period| period.first)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use afterpatch_model::{ArtifactId, Place};
    use proptest::prelude::*;

    use super::*;

    const RTM: Build = Build::new(15, 1, 2176, 2);
    const FIXED: Build = Build::new(15, 1, 2176, 9);
    const NONE: Build = Build::new(15, 0, 0, 0);

    fn hour(hour: i64) -> Timestamp {
        Timestamp::from_second(1_614_556_800 + hour * 3600).unwrap()
    }

    fn sightings(rows: &[(i64, Build)]) -> Vec<(Timestamp, Build, Pointer)> {
        let seen = |(index, &(at, build)): (usize, &(i64, Build))| {
            (hour(at), build, Pointer { artifact: ArtifactId(index as u32), place: Place::Line(2) })
        };
        rows.iter().enumerate().map(seen).collect()
    }

    /// Each row: sightings, periods they make (build, first, last, index of the first sighting), hour of the fix of ProxyLogon.
    #[test]
    #[allow(clippy::type_complexity)]
    fn histories() {
        let cases: &[(&str, &[(i64, Build)], &[(Build, i64, i64, u32)], Option<i64>)] = &[
            ("nothing seen", &[], &[], None),
            ("only a constant seen", &[(1, NONE)], &[], None),
            ("seen once", &[(1, RTM)], &[(RTM, 1, 1, 0)], None),
            ("fixed from the first sighting", &[(1, FIXED), (2, FIXED)], &[(FIXED, 1, 2, 0)], Some(1)),
            ("patched", &[(1, RTM), (2, RTM), (5, FIXED), (9, FIXED)], &[(RTM, 1, 2, 0), (FIXED, 5, 9, 2)], Some(5)),
            ("out of order", &[(9, FIXED), (2, RTM), (5, FIXED), (1, RTM)], &[(RTM, 1, 2, 3), (FIXED, 5, 9, 2)], Some(5)),
            ("a constant between", &[(1, FIXED), (2, NONE), (3, FIXED)], &[(FIXED, 1, 3, 0)], Some(1)),
            (
                "patched, then restored from a backup",
                &[(1, RTM), (2, FIXED), (3, RTM)],
                &[(RTM, 1, 1, 0), (FIXED, 2, 2, 1), (RTM, 3, 3, 2)],
                None,
            ),
            (
                "restored, then patched again",
                &[(1, RTM), (2, FIXED), (3, RTM), (4, FIXED)],
                &[(RTM, 1, 1, 0), (FIXED, 2, 2, 1), (RTM, 3, 3, 2), (FIXED, 4, 4, 3)],
                Some(4),
            ),
            (
                "patched twice",
                &[(1, RTM), (2, FIXED), (3, Build::new(15, 1, 2242, 4))],
                &[(RTM, 1, 1, 0), (FIXED, 2, 2, 1), (Build::new(15, 1, 2242, 4), 3, 3, 2)],
                Some(2),
            ),
        ];
        let facts = Facts::embedded().unwrap();
        for (name, seen, expected, fixed) in cases {
            let history = patch_history(sightings(seen));
            let periods: Vec<_> = history.iter().map(|it| (it.build, it.first, it.last, it.seen_in.artifact.0)).collect();
            let expected: Vec<_> =
                expected.iter().map(|&(build, first, last, from)| (build, hour(first), hour(last), from)).collect();
            assert_eq!(periods, expected, "{name}");
            assert_eq!(fixed_from(&facts, "CVE-2021-26855", &history), fixed.map(hour), "{name}");
        }
    }

    #[test]
    fn exposure_is_that_of_the_last_build() {
        let facts = Facts::embedded().unwrap();
        let history = patch_history(sightings(&[(1, RTM), (5, Build::new(15, 1, 2507, 12))]));
        let last = Some(Build::new(15, 1, 2507, 12));
        let row = |cve: &str, state, fixed_seen: Option<i64>, condition: Option<&str>| CveExposure {
            cve: cve.to_owned(),
            state,
            build: last,
            fixed_seen: fixed_seen.map(hour),
            condition: condition.map(str::to_owned),
        };
        let expected = [
            row("CVE-2021-26855", ExposureState::Fixed, Some(5), None),
            row("CVE-2022-41082", ExposureState::Open, None, None),
            row("CVE-2024-21410", ExposureState::FixedIf, Some(5), Some("Extended Protection enabled on front and back end")),
            row("CVE-2026-55007", ExposureState::NotAffected, None, None),
            row("CVE-2023-36434", ExposureState::Unknown, None, None),
            row("CVE-1999-0001", ExposureState::Unknown, None, None),
        ];
        let ids: Vec<_> = expected.iter().map(|it| it.cve.as_str()).collect();
        assert_eq!(expose(&facts, &ids, &history), expected);
    }

    #[test]
    fn without_a_build_nothing_is_known() {
        let facts = Facts::embedded().unwrap();
        let expected = CveExposure {
            cve: "CVE-2021-26855".to_owned(),
            state: ExposureState::Unknown,
            build: None,
            fixed_seen: None,
            condition: None,
        };
        assert_eq!(expose(&facts, &["CVE-2021-26855"], &[]), [expected]);
    }

    proptest! {
        #[test]
        fn order_of_sightings_does_not_matter(
            rows in proptest::collection::vec((0i64..20, proptest::sample::select(vec![RTM, FIXED, NONE])), 0..30),
            shuffle in any::<proptest::sample::Index>(),
        ) {
            let seen = sightings(&rows);
            let history = patch_history(seen.clone());
            let mut other = seen.clone();
            if !other.is_empty() {
                let middle = shuffle.index(other.len());
                other.rotate_left(middle);
                other[..middle].reverse();
            }
            prop_assert_eq!(&history, &patch_history(other));
            for period in &history {
                prop_assert!(period.first <= period.last && period.build != NONE);
            }
            for pair in history.windows(2) {
                prop_assert!(pair[0].build != pair[1].build && pair[0].last <= pair[1].first);
            }
            for (time, build, _) in seen.iter().filter(|(_, build, _)| *build != NONE) {
                prop_assert!(history.iter().any(|it| it.build == *build && it.first <= *time && *time <= it.last));
            }
        }
    }
}
