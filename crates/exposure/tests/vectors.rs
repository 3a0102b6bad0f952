//! The rule against pairs of build and CVE whose answers were worked out by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use afterpatch_exposure::Facts;
use afterpatch_model::{
    Build,
    ExposureState::{self, Fixed, FixedIf, NewerThanTable, NotAffected, Open, Unknown},
};

#[test]
fn verdict_vectors() {
    let facts = Facts::embedded().unwrap();
    let mut rows = csv::Reader::from_reader(include_bytes!("data/verdict_vectors.csv").as_slice());
    let mut seen = 0;
    for row in rows.records().map(Result::unwrap) {
        let build: Build = row[1].parse().unwrap();
        let expected = match &row[3] {
            "NOT fixed" => Open,
            text if text.starts_with("not affected") => NotAffected,
            text if text.starts_with("fixed") => Fixed,
            text => panic!("{text}"),
        };
        assert_eq!(build.product().unwrap().name(), &row[2], "{row:?}");
        assert_eq!(facts.assess(&row[0], build), expected, "{row:?}");
        seen += 1;
    }
    assert_eq!(seen, 25);
}

/// Corners of the rule that the vectors above leave out.
#[test]
fn corners() {
    let cases: &[(&str, &str, ExposureState, &str)] = &[
        ("CVE-2021-26855", "15.0.0.0", Unknown, "a constant that logs write instead of a build"),
        ("CVE-2021-26855", "16.0.1.1", Unknown, "a product we do not know"),
        ("CVE-1999-0001", "15.1.2507.75", Unknown, "a CVE we do not know"),
        ("CVE-2021-26855", "15.0.913.22", Open, "2013 CU5 was given no fix, though the older CU4 was"),
        ("CVE-2021-26855", "15.1.1415.8", Fixed, "sources differ on the March 2021 build of CU8: this one"),
        ("CVE-2021-26855", "15.1.1415.10", Fixed, "or this one"),
        ("CVE-2021-26855", "15.1.1415.7", Open, "neither"),
        ("CVE-2018-8151", "15.1.1415.7", Fixed, "the fix of May 2018 for CU8"),
        ("CVE-2018-8151", "15.1.1415.8", Open, "the one-off update of March 2021 for CU8 does not bring it along"),
        ("CVE-2020-0688", "15.1.1847.12", Open, "nor for CU14"),
        ("CVE-2020-0688", "15.1.2044.13", Fixed, "CU17 has it from its first build on"),
        ("CVE-2021-34473", "15.1.2044.13", Open, "what was fixed later"),
        ("CVE-2021-26857", "14.3.509.0", Open, "2010: each rollup has its own third number"),
        ("CVE-2021-26857", "14.3.513.0", Fixed, "2010 SP3 RU32"),
        ("CVE-2020-0688", "14.3.496.0", Unknown, "the sources of this row do not cover 2010"),
        ("CVE-2021-42321", "15.0.1497.12", NotAffected, "2013 was still looked at and is not named"),
        ("CVE-2023-36745", "15.0.1497.48", Unknown, "2013 was no longer looked at in August 2023"),
        ("CVE-2018-8581", "15.1.2507.75", Unknown, "affected, and no build is known to fix it"),
        ("CVE-2018-8604", "15.2.1748.10", NotAffected, "2016 only"),
        ("CVE-2019-0686", "15.1.1713.5", Unknown, "affected, no build listed"),
        ("CVE-2019-0686", "15.2.2562.17", Unknown, "SE inherits what 2019 had, and its fix is not listed"),
        ("CVE-2023-36434", "15.2.2562.17", Unknown, "fixed by Windows, not by an Exchange build"),
        ("CVE-2025-53786", "15.2.2562.17", FixedIf, "2019 was fixed in April 2025, before SE began"),
        ("CVE-2021-1730", "15.2.2562.17", FixedIf, "SE is called affected; 2019 CU7 came before it"),
        ("CVE-2021-1730", "15.1.2106.2", FixedIf, "`CU18+`: from its first build on"),
        ("CVE-2021-1730", "15.1.2044.13", Open, "`CU18+`: CU17 is older"),
        ("CVE-2021-34470", "15.1.2308.8", Open, "`CU21>=15.1.2308.14` and `CU21+`: the safer reading"),
        ("CVE-2021-34470", "15.1.2375.7", FixedIf, "a later update"),
        ("CVE-2024-21410", "15.2.1118.7", Open, "below the fix of August 2022"),
        ("CVE-2024-21410", "15.2.1258.12", FixedIf, "CU13 came between the fix and the update that switches it on"),
        ("CVE-2024-21410", "15.2.1544.4", FixedIf, "the update that switches it on"),
        ("CVE-2024-21410", "15.2.2562.17", FixedIf, "SE"),
    ];
    let facts = Facts::embedded().unwrap();
    for (cve, build, expected, why) in cases {
        assert_eq!(facts.assess(cve, build.parse().unwrap()), *expected, "{cve} {build}: {why}");
    }
}

#[test]
fn newer_than_the_table_is_not_open() {
    let cases: &[(&str, &str, ExposureState, &str)] = &[
        ("CVE-2026-96940", "15.2.2562.60", Fixed, "a later revision of an update with a fix"),
        ("CVE-2026-96940", "15.2.1544.99", Fixed, "also of one that is not the newest"),
        ("CVE-2026-96940", "15.2.3000.1", NewerThanTable, "an update to come may have been cut before this fix"),
        ("CVE-2022-41082", "15.2.3000.1", Fixed, "but not before the first build of SE"),
        ("CVE-2025-25005", "15.2.3000.1", NewerThanTable, "a condition does not matter where the fix is not sure"),
        ("CVE-2024-49040", "15.1.2600.1", NewerThanTable, "fixed only late in the newest update of 2016"),
        ("CVE-2021-34473", "15.1.2600.1", Fixed, "fixed in the newest update of 2016 from its first build on"),
        ("CVE-2022-41082", "15.1.2308.99", NewerThanTable, "an old update with a revision that we do not know"),
        ("CVE-2026-55007", "15.1.2600.1", NotAffected, "2016 has not that hole"),
        ("CVE-2022-41082", "15.1.2400.1", Open, "between known updates: older than the fix, not newer than the table"),
    ];
    let facts = Facts::embedded().unwrap();
    for (cve, build, expected, why) in cases {
        let build: Build = build.parse().unwrap();
        assert_eq!(facts.assess(cve, build), *expected, "{cve} {build}: {why}");
        assert_eq!(facts.newer_than_table(build), build.cumulative_update() != (15, 1, 2400), "{build}");
    }
    for (build, newer) in [("15.2.2562.53", false), ("15.2.1544.48", false), ("15.2.1544.49", true), ("15.0.0.0", false)] {
        assert_eq!(facts.newer_than_table(build.parse().unwrap()), newer, "{build}");
    }
}
