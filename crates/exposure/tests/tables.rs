//! What must hold for every row of the tables, read here a second time and without the crate's own reader.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use afterpatch_exposure::{Facts, SeenBuild, Subject};
use afterpatch_model::{
    Basis, Build, ExposureAnswer,
    ExposureState::{Fixed, FixedIf, Open, PossiblyOpen},
};
use proptest::{prelude::*, sample::select};

fn table(text: &str) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    (reader.headers().unwrap().clone(), reader.records().map(Result::unwrap).collect())
}

fn column(text: &str, name: &str) -> Vec<String> {
    let (headers, rows) = table(text);
    let index = headers.iter().position(|header| header == name).unwrap();
    rows.iter().map(|row| row[index].to_owned()).collect()
}

fn builds() -> Vec<Build> {
    column(include_str!("../data/builds.csv"), "build_short").iter().map(|text| text.parse().unwrap()).collect()
}

/// CVE and build, for everything that looks like an Exchange build in the column of first fixed builds.
fn named_fixes() -> Vec<(String, Build)> {
    let text = include_str!("../data/cves.csv");
    let ids = column(text, "cve");
    let cells = column(text, "first_fixed_builds");
    let builds_of = |(id, cell): (String, String)| {
        let words = cell.split([' ', ';', '=']).filter_map(|word| word.parse::<Build>().ok()).collect::<Vec<_>>();
        words.into_iter().filter(|build| build.product().is_some()).map(move |build| (id.clone(), build)).collect::<Vec<_>>()
    };
    ids.into_iter().zip(cells).flat_map(builds_of).collect()
}

#[test]
fn every_first_fixed_build_is_a_known_build() {
    let known: BTreeSet<_> = builds().into_iter().collect();
    let fixes = named_fixes();
    assert!(fixes.len() > 700, "{}", fixes.len());
    for (cve, build) in fixes {
        assert!(known.contains(&build), "{cve} {build}");
    }
}

#[test]
fn fixed_from_the_named_build_on_and_open_below() {
    let facts = Facts::embedded().unwrap();
    for (cve, build) in named_fixes() {
        let state = facts.assess(&cve, build);
        let with_fix = if facts.condition(&cve).is_some() { FixedIf } else { Fixed };
        assert_eq!(state, with_fix, "{cve} {build}");
        // Named beside another build of the same update (sources differ), or not for the fix but for switching it on.
        let later = [(15, 1, 1415, 10), (15, 1, 1466, 16), (15, 2, 1544, 4)];
        if later.contains(&(build.major, build.minor, build.build, build.revision)) {
            continue;
        }
        if let Some(revision) = build.revision.checked_sub(1) {
            assert_eq!(facts.assess(&cve, Build { revision, ..build }), Open, "{cve} {build} - 1");
        }
    }
}

#[test]
fn no_release_is_later_than_the_tables_date() {
    let facts = Facts::embedded().unwrap();
    for released in column(include_str!("../data/builds.csv"), "release_date") {
        assert!(released.as_str() <= facts.date(), "{released}");
    }
}

/// The builds of March 2021 that bring the fixes of that month only.
fn one_off_builds() -> Vec<Build> {
    let kinds = column(include_str!("../data/builds.csv"), "kind");
    builds().into_iter().zip(kinds).filter(|(_, kind)| kind == "one-off SU").map(|(build, _)| build).collect()
}

fn ids() -> Vec<String> {
    column(include_str!("../data/cves.csv"), "cve")
}

proptest! {
    /// Once fixed, fixed in every later revision of the same update, known or not; but for the one-off builds.
    #[test]
    fn monotone_inside_an_update(
        (cve, near) in prop_oneof![select(named_fixes()), (select(ids()), select(builds()))],
        nearer in -3i64..4,
        more in prop_oneof![0u32..100, any::<u32>()],
    ) {
        let facts = Facts::embedded().unwrap();
        let revision = u32::try_from(i64::from(near.revision) + nearer).unwrap_or_default();
        let low = Build { revision, ..near };
        let high = Build { revision: revision.saturating_add(more), ..near };
        let state = facts.assess(&cve, low);
        if matches!(state, Fixed | FixedIf) && !one_off_builds().contains(&high) {
            prop_assert_eq!(facts.assess(&cve, high), state);
        }
    }

    /// Three numbers of a build say nothing that a build with them denies: what is called fixed or open is so for each, and what any
    /// build of it has open is at least possible.
    #[test]
    fn three_numbers_agree_with_every_build_of_the_update(cve in select(ids()), build in select(builds())) {
        let facts = Facts::embedded().unwrap();
        let told = facts.assess_update(&cve, build.cumulative_update());
        let one = facts.assess(&cve, build);
        match told {
            Fixed | Open => prop_assert_eq!(told, one),
            PossiblyOpen => {
                let of_update = builds().into_iter().filter(|it| it.cumulative_update() == build.cumulative_update());
                let any_open = of_update.into_iter().any(|it| facts.assess(&cve, it) == Open);
                prop_assert!(any_open);
            }
            _ => prop_assert!(one != Open, "{} {}: {:?} hides an open hole", cve, build, told),
        }
    }

    /// The whole answer is never better than its worst hole, and says what to do.
    #[test]
    fn the_answer_is_that_of_the_worst_hole(build in select(builds()), off in 0u32..3) {
        let facts = Facts::embedded().unwrap();
        let build = Build { revision: build.revision + off, ..build };
        let subject = Subject::of_builds(String::new(), Basis::Build, vec![SeenBuild::Whole(build)]);
        let judged = facts.judge(subject, &[], "2026-11-28");
        let any_open = judged.cves.iter().any(|cve| cve.state == Open);
        prop_assert_eq!(any_open, judged.answer == ExposureAnswer::Open);
        prop_assert!(!judged.next_steps.is_empty());
        for cve in &judged.cves {
            prop_assert!(cve.state == facts.assess(&cve.cve, build) || cve.condition.is_some());
        }
    }

    #[test]
    fn no_build_panics(cve in select(ids()), numbers in (14u32..17, 0u32..4, any::<u32>(), any::<u32>())) {
        let facts = Facts::embedded().unwrap();
        let build = Build::new(numbers.0, numbers.1, numbers.2, numbers.3);
        facts.assess(&cve, build);
        facts.newer_than_table(build);
    }
}
