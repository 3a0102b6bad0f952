//! The rule "is this build fixed for this CVE".
//!
//! Fixes are compared inside one cumulative update only. A later one brings everything fixed before it; an older one that no fix
//! was made for stays open, however high its revision.

use afterpatch_model::{Build, ExposureState, Product};

use crate::{Cve, Facts};

impl Facts {
    /// Whether this build is open to this CVE (an id of the table, `CVE-2021-26855`).
    ///
    /// 1. A fix is listed for the build's cumulative update: fixed from its revision on, open below. This holds for builds newer
    ///    than the table too, as security updates of one cumulative update are cumulative. A one-off update (March 2021, for
    ///    updates out of support) is the exception: it has the fixes of its own month only.
    /// 2. The build's cumulative update is later than every one listed for the product: fixed.
    /// 3. It is older and not listed: open.
    /// 4. No fix is listed for the product. SE began as the code of 2019 CU15, so that it never had a hole that 2019 was fixed of
    ///    before SE began. Else `NotAffected` is said only when it is sure: the product is not called affected, was still given
    ///    updates when the fix came out, and is not 2010, which the table's sources do not cover (a row without it says nothing
    ///    of it). Everything else, as well as an id or a product that the table does not have, is `Unknown`.
    /// 5. Fixed under a condition is `FixedIf`.
    ///
    /// A build [newer than the table](Self::newer_than_table) is never called open for being unknown. It is fixed where the rule
    /// is sure of it: by (1), or because the first build of the newest cumulative update that is known already has the fix.
    /// Else it is `NewerThanTable`.
    pub fn assess(&self, cve_id: &str, build: Build) -> ExposureState {
        let (Some(cve), Some(product)) = (self.cves.get(cve_id), build.product()) else {
            return ExposureState::Unknown;
        };
        match self.by_build(cve, product, build) {
            ExposureState::Fixed if cve.condition.is_some() => ExposureState::FixedIf,
            // An old cumulative update may have been given a fix after all, as happened in March 2021.
            ExposureState::Open if self.newer_than_table(build) => ExposureState::NewerThanTable,
            state => state,
        }
    }

    /// Whether a build is newer than the newest that the table has of its cumulative update, or belongs to a later cumulative
    /// update than the table has of its product. CVEs published after [`Facts::date`] may concern it.
    pub fn newer_than_table(&self, build: Build) -> bool {
        match self.builds.newest_of_same_update(build) {
            Some(newest) => build > newest,
            None => self.in_unknown_update(build),
        }
    }

    fn by_build(&self, cve: &Cve, product: Product, build: Build) -> ExposureState {
        let Some(newest_fix) = cve.newest_fix(product) else {
            return self.without_listed_fix(cve, product);
        };
        match cve.first_fixed_beside(build) {
            // What came with the update itself stays; what a security update brought does not come with a one-off one.
            Some(first_fixed) if self.builds.is_one_off(build) && !self.comes_with(first_fixed) => ExposureState::Open,
            Some(first_fixed) if build >= first_fixed => ExposureState::Fixed,
            Some(_) => ExposureState::Open,
            None if build < newest_fix => ExposureState::Open,
            None if self.in_unknown_update(build) && !self.in_newest_update(cve, product) => ExposureState::NewerThanTable,
            None => ExposureState::Fixed,
        }
    }

    /// Whether every build of the cumulative update has a fix whose first build is this one, even a one-off.
    fn comes_with(&self, first_fixed: Build) -> bool {
        self.builds.is_one_off(first_fixed) || self.builds.is_first_of_its_update(first_fixed)
    }

    /// Whether the newest cumulative update of a product had the fix from its first build on.
    fn in_newest_update(&self, cve: &Cve, product: Product) -> bool {
        self.builds.newest_update(product).is_some_and(|build| self.by_build(cve, product, build) == ExposureState::Fixed)
    }

    /// Whether a build belongs to a later cumulative update than the table has of its product.
    fn in_unknown_update(&self, build: Build) -> bool {
        build
            .product()
            .and_then(|product| self.builds.newest_update(product))
            .is_some_and(|newest| build.cumulative_update() > newest.cumulative_update())
    }

    fn without_listed_fix(&self, cve: &Cve, product: Product) -> ExposureState {
        let affected = |product| cve.affected.contains(&product);
        let inherited = product == Product::ExchangeSe && affected(Product::Exchange2019);
        if inherited && self.fixed_before_se(cve) {
            return ExposureState::Fixed;
        }
        let looked_at = product != Product::Exchange2010
            && cve.fix_released.as_deref().is_some_and(|fix| self.builds.last_release(product).is_some_and(|last| fix <= last));
        if looked_at && !affected(product) && !inherited { ExposureState::NotAffected } else { ExposureState::Unknown }
    }

    fn fixed_before_se(&self, cve: &Cve) -> bool {
        let fixed = cve.newest_fix(Product::Exchange2019).and_then(|build| self.builds.released(build));
        fixed.zip(self.builds.began(Product::ExchangeSe)).is_some_and(|(fixed, began)| fixed < began)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::{prelude::*, sample::Index};

    use super::*;

    const BUILDS: &str = include_str!("../data/builds.csv");
    const CVES: &str = include_str!("../data/cves.csv");

    /// The row of a later revision of an update, by the row of a build that is in the table.
    fn later_revision(row: &str, build: Build, more: u32) -> String {
        let later = Build { revision: build.revision + more, ..build };
        let mut cells: Vec<_> = row.split(',').map(str::to_owned).collect();
        cells[4] = later.to_string();
        cells[5] = later.to_string();
        cells.join(",")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// An update that becomes known says nothing of builds of other updates.
        #[test]
        fn a_build_of_another_update_changes_no_answer(added in any::<Index>(), more in 100u32..200, asked in any::<Index>()) {
            let before = Facts::parse("2026-10-02", BUILDS, CVES).unwrap();
            let rows: Vec<_> = BUILDS.lines().skip(1).filter(|row| !row.contains('"')).collect();
            let build_of = |row: &str| row.split(',').nth(4).unwrap().parse::<Build>().unwrap();
            let row = rows[added.index(rows.len())];
            let added = build_of(row);
            let after = Facts::parse("2026-10-02", &format!("{BUILDS}{}\n", later_revision(row, added, more)), CVES).unwrap();
            let asked = build_of(rows[asked.index(rows.len())]);
            prop_assume!(asked.cumulative_update() != added.cumulative_update());
            for cve in before.cves() {
                prop_assert_eq!(before.assess(&cve.id, asked), after.assess(&cve.id, asked), "{} {} {}", &cve.id, asked, added);
            }
        }
    }
}
