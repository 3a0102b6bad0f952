//! The answers against an independent table: which cumulative updates Microsoft's Security Update Guide called affected on the day it
//! published a CVE (`data/msrc_affected.csv`, from righel/ms-exchange-version-nse, commit c5a7ccf, Apache-2.0, reduced to three columns).
//!
//! The last build that such an update had before that day lacks the fix. Where we say something else, the reason stands here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_exposure::Facts;
use afterpatch_model::{
    Build,
    ExposureState::{self, Fixed, FixedIf, Open, Unknown},
};

/// CVE, what is said instead of open, and why.
const DIFFERENCES: &[(&str, ExposureState, &str)] = &[
    ("CVE-2018-0924", Unknown, "2010, which the sources of that row do not cover"),
    ("CVE-2018-0940", Unknown, "2010"),
    ("CVE-2018-0986", Unknown, "fixed by an engine, not by a build"),
    ("CVE-2018-8151", Unknown, "2010"),
    ("CVE-2018-8154", Unknown, "2010"),
    ("CVE-2018-8302", Unknown, "2010"),
    ("CVE-2018-8581", Unknown, "the fix is a registry value, not a build"),
    ("CVE-2019-0588", Unknown, "2010"),
    ("CVE-2019-0686", Unknown, "no build is listed as the fix"),
    ("CVE-2019-0724", Unknown, "no build is listed as the fix"),
    ("CVE-2019-0817", Unknown, "2010"),
    ("CVE-2019-1084", Unknown, "2010"),
    ("CVE-2019-1136", Unknown, "2010"),
    ("CVE-2020-0688", Unknown, "2010"),
    ("CVE-2020-17144", Fixed, "14.3.509.0 came out a week before the CVE"),
    ("CVE-2021-1730", FixedIf, "the builds had it for months; a setting switches it on"),
    ("CVE-2021-33766", Fixed, "fixed in April 2021, told in July"),
    ("CVE-2021-34473", Fixed, "fixed in April 2021, told in July"),
    ("CVE-2021-34523", Fixed, "fixed in April 2021, told in July"),
    ("CVE-2023-36744", Fixed, "fixed in August 2023, told in September"),
    ("CVE-2023-36745", Fixed, "fixed in August 2023, told in September"),
    ("CVE-2023-36756", Fixed, "fixed in August 2023, told in September"),
    ("CVE-2023-36757", Fixed, "fixed in August 2023, told in September"),
    ("CVE-2023-36777", Fixed, "fixed in August 2023, told in September"),
    ("CVE-2024-21410", FixedIf, "the builds had it since August 2022; a setting switches it on"),
    ("CVE-2025-53786", FixedIf, "the builds had it since April 2025; a setting switches it on"),
];

#[test]
fn what_microsoft_called_affected_is_open_here() {
    let facts = Facts::embedded().unwrap();
    let mut updates: BTreeMap<(u32, u32, u32), Vec<Build>> = BTreeMap::new();
    for build in facts.builds() {
        updates.entry(build.cumulative_update()).or_default().push(build);
    }
    let mut rows = csv::Reader::from_reader(include_bytes!("data/msrc_affected.csv").as_slice());
    let mut met = BTreeSet::new();
    let mut open = 0;
    for row in rows.records().map(Result::unwrap) {
        let (cve, published) = (&row[0], &row[2]);
        let first: Build = format!("{}.0", &row[1]).parse().unwrap();
        let of_update = updates.get(&first.cumulative_update()).expect("every update is in the table of builds");
        // Where only the month of a build is known, one of the same month is not before.
        let is_before = |build: &&Build| {
            let released = facts.build(**build).unwrap().released;
            released < &published[..released.len()]
        };
        let before = of_update.iter().rev().find(is_before);
        let build = *before.unwrap_or_else(|| of_update.first().unwrap());
        match facts.assess(cve, build) {
            Open => open += 1,
            state => {
                let known = DIFFERENCES.iter().find(|(own, other, _)| own == &cve && *other == state);
                met.insert(known.unwrap_or_else(|| panic!("{cve} {build}: {state:?}, and nobody says why")));
            }
        }
    }
    assert!(open > 600, "{open}");
    assert_eq!(met.len(), DIFFERENCES.len(), "an explanation that explains nothing");
}
