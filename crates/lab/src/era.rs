//! Which builds ran when: each wave of attacks has its time, its products, and a build before and after the update against it.
//!
//! Builds and dates from Microsoft's build table and the security updates' release notes.

use jiff::civil::Date;

use crate::{LabBuild, Product};

/// A stretch of time with the builds that ran in it.
pub(crate) struct Era {
    /// First day at which evidence may begin on a server that lacks the update.
    pub(crate) first: Date,
    /// As before, on a server that has it.
    pub(crate) first_fixed: Date,
    /// The beginning lies at most this many days later.
    pub(crate) days: i64,
    pub(crate) updates: &'static [Update],
}

/// One cumulative update and the security update that matters in its era.
pub(crate) struct Update {
    pub(crate) product: Product,
    /// The cumulative update itself, as the setup log names it.
    pub(crate) cumulative: LabBuild,
    /// Without the security update.
    pub(crate) before: LabBuild,
    /// With it.
    pub(crate) fixed: LabBuild,
}

use Product::{Exchange2013, Exchange2016, Exchange2019, ExchangeSe};

/// CVE-2020-0688: Feb20SU of 2020-02-11.
pub(crate) const SPRING_2020: Era = Era {
    first: Date::constant(2020, 2, 26),
    first_fixed: Date::constant(2020, 2, 26),
    days: 60,
    updates: &[
        update(Exchange2013, [15, 0, 1497], [2, 4, 6]),
        update(Exchange2016, [15, 1, 1847], [3, 5, 7]),
        update(Exchange2016, [15, 1, 1913], [5, 5, 7]),
        update(Exchange2019, [15, 2, 464], [5, 7, 11]),
        update(Exchange2019, [15, 2, 529], [5, 5, 8]),
    ],
};

/// CVE-2020-16875: Sep20SU of 2020-09-08; 2013 is not affected.
pub(crate) const AUTUMN_2020: Era = Era {
    first: Date::constant(2020, 9, 10),
    first_fixed: Date::constant(2020, 9, 10),
    days: 50,
    updates: &[
        update(Exchange2016, [15, 1, 1979], [3, 3, 6]),
        update(Exchange2016, [15, 1, 2044], [4, 4, 6]),
        update(Exchange2019, [15, 2, 595], [3, 3, 6]),
        update(Exchange2019, [15, 2, 659], [4, 4, 6]),
    ],
};

/// ProxyLogon: Mar21SU of 2021-03-02 (KB5000871).
pub(crate) const SPRING_2021: Era = Era {
    first: Date::constant(2021, 3, 1),
    first_fixed: Date::constant(2021, 3, 8),
    days: 18,
    updates: &[
        update(Exchange2013, [15, 0, 1497], [2, 2, 12]),
        update(Exchange2013, [15, 0, 1497], [2, 10, 12]),
        update(Exchange2016, [15, 1, 2106], [2, 2, 13]),
        update(Exchange2016, [15, 1, 2176], [2, 2, 9]),
        update(Exchange2016, [15, 1, 2176], [2, 4, 9]),
        update(Exchange2019, [15, 2, 721], [2, 2, 13]),
        update(Exchange2019, [15, 2, 792], [3, 3, 10]),
    ],
};

/// ProxyShell, ProxyToken and ProxyOracle: Apr21SU and May21SU, and Jul21SU for the last of them.
pub(crate) const SUMMER_2021: Era = Era {
    first: Date::constant(2021, 7, 20),
    first_fixed: Date::constant(2021, 8, 6),
    days: 45,
    updates: &[
        update(Exchange2013, [15, 0, 1497], [2, 12, 23]),
        update(Exchange2016, [15, 1, 2176], [2, 9, 14]),
        update(Exchange2016, [15, 1, 2242], [4, 4, 12]),
        update(Exchange2019, [15, 2, 792], [3, 10, 15]),
        update(Exchange2019, [15, 2, 858], [5, 5, 15]),
    ],
};

/// CVE-2021-42321: Nov21SU of 2021-11-09; 2013 is not affected.
pub(crate) const AUTUMN_2021: Era = Era {
    first: Date::constant(2021, 11, 4),
    first_fixed: Date::constant(2021, 11, 11),
    days: 30,
    updates: &[
        update(Exchange2016, [15, 1, 2308], [8, 15, 20]),
        update(Exchange2016, [15, 1, 2375], [7, 12, 17]),
        update(Exchange2019, [15, 2, 922], [7, 14, 19]),
        update(Exchange2019, [15, 2, 986], [5, 9, 14]),
    ],
};

/// ProxyNotShell: in use since August, closed by Nov22SU of 2022-11-08.
pub(crate) const AUTUMN_2022: Era =
    Era { first: Date::constant(2022, 8, 15), first_fixed: Date::constant(2022, 11, 10), days: 70, updates: &NOV22 };

/// OWASSRF: used against servers that still lacked Nov22SU.
pub(crate) const WINTER_2022: Era =
    Era { first: Date::constant(2022, 11, 20), first_fixed: Date::constant(2022, 11, 20), days: 30, updates: &NOV22 };

const NOV22: [Update; 5] = [
    update(Exchange2013, [15, 0, 1497], [2, 40, 44]),
    update(Exchange2016, [15, 1, 2375], [7, 31, 37]),
    update(Exchange2016, [15, 1, 2507], [6, 12, 16]),
    update(Exchange2019, [15, 2, 986], [5, 29, 36]),
    update(Exchange2019, [15, 2, 1118], [7, 12, 20]),
];

/// CVE-2023-21529, the first of the year's holes in the PowerShell back end: Feb23SU of 2023-02-14.
pub(crate) const SPRING_2023: Era = Era {
    first: Date::constant(2023, 2, 16),
    first_fixed: Date::constant(2023, 2, 20),
    days: 40,
    updates: &[
        update(Exchange2013, [15, 0, 1497], [2, 45, 47]),
        update(Exchange2016, [15, 1, 2507], [6, 17, 21]),
        update(Exchange2019, [15, 2, 986], [5, 37, 41]),
        update(Exchange2019, [15, 2, 1118], [7, 21, 25]),
    ],
};

/// The Subscription Edition's first months: Aug25SU of 2025-08-12.
pub(crate) const AUTUMN_2025: Era = Era {
    first: Date::constant(2025, 9, 1),
    first_fixed: Date::constant(2025, 9, 1),
    days: 18,
    updates: &[update(ExchangeSe, [15, 2, 2562], [17, 17, 20]), update(Exchange2019, [15, 2, 1748], [10, 26, 36])],
};

/// CVE-2026-62911: Aug26SU of 2026-08-11.
pub(crate) const AUTUMN_2026: Era = Era {
    first: Date::constant(2026, 9, 1),
    first_fixed: Date::constant(2026, 9, 1),
    days: 25,
    updates: &[
        update(ExchangeSe, [15, 2, 2562], [17, 45, 46]),
        update(Exchange2019, [15, 2, 1544], [4, 43, 44]),
        update(Exchange2019, [15, 2, 1748], [10, 48, 49]),
    ],
};

/// The newest updates: Sep26SUv2 of 2026-10-02.
pub(crate) const OCTOBER_2026: Era =
    Era { first: Date::constant(2026, 10, 3), first_fixed: Date::constant(2026, 10, 3), days: 2, updates: &NEWEST };

const NEWEST: [Update; 4] = [
    update(ExchangeSe, [15, 2, 2562], [17, 49, 53]),
    update(Exchange2019, [15, 2, 1748], [10, 51, 53]),
    update(Exchange2019, [15, 2, 1544], [4, 46, 48]),
    update(Exchange2016, [15, 1, 2507], [6, 73, 75]),
];

/// All of them, in order of time.
pub(crate) const ALL: [&Era; 11] = [
    &SPRING_2020,
    &AUTUMN_2020,
    &SPRING_2021,
    &SUMMER_2021,
    &AUTUMN_2021,
    &AUTUMN_2022,
    &WINTER_2022,
    &SPRING_2023,
    &AUTUMN_2025,
    &AUTUMN_2026,
    &OCTOBER_2026,
];

/// The update that ends on, or begins with, that build.
fn update_of(build: LabBuild) -> Option<&'static Update> {
    let updates = || ALL.iter().flat_map(|era| era.updates);
    updates().find(|update| update.before == build).or_else(|| updates().find(|update| update.fixed == build))
}

impl LabBuild {
    /// The build with the security update of its time, for the same cumulative update; itself if it has it already.
    pub fn fixed(self) -> Self {
        update_of(self).map_or(self, |update| update.fixed)
    }

    /// Whether every hole that was known on 2026-10-08 and belongs to one of our campaigns, or was used in the wild, is
    /// closed: only the builds from August 2026 on have all of these fixes.
    pub fn is_closed(self) -> bool {
        let last = AUTUMN_2026.updates.iter().map(|update| update.fixed);
        last.chain(NEWEST.iter().flat_map(|update| [update.before, update.fixed])).any(|build| build == self)
    }

    /// Whether it has every fix that 2013 was ever given: later holes were never looked at there, as support ended in April 2023.
    pub(crate) fn is_last_of_2013(self) -> bool {
        self == Self([15, 0, 1497, 47])
    }

    /// The cumulative update that it belongs to.
    pub(crate) fn cumulative(self) -> Self {
        update_of(self).map_or(self, |update| update.cumulative)
    }

    /// Whether it answers the forged requests of March 2021.
    pub(crate) fn lacks_march_2021(self) -> bool {
        let older = [&SPRING_2020, &AUTUMN_2020].into_iter().flat_map(|era| era.updates);
        let mut builds = older.flat_map(|update| [update.before, update.fixed]);
        builds.any(|build| build == self) || SPRING_2021.updates.iter().any(|update| update.before == self)
    }
}

/// `revisions`: of the cumulative update, before the security update, with it.
const fn update(product: Product, [major, minor, build]: [u32; 3], [cumulative, before, fixed]: [u32; 3]) -> Update {
    Update {
        product,
        cumulative: LabBuild([major, minor, build, cumulative]),
        before: LabBuild([major, minor, build, before]),
        fixed: LabBuild([major, minor, build, fixed]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_builds_are_closed() {
        for update in ALL.iter().filter(|era| era.first < OCTOBER_2026.first).flat_map(|era| era.updates) {
            assert!(!update.before.is_closed() && update.before < update.fixed && update.cumulative <= update.before);
        }
        assert!(LabBuild([15, 2, 2562, 53]).is_closed());
        assert!(!LabBuild([15, 1, 2176, 9]).is_closed());
    }

    #[test]
    fn an_update_goes_from_one_build_to_the_next() {
        assert_eq!(LabBuild([15, 1, 2176, 2]).fixed(), LabBuild([15, 1, 2176, 9]));
        assert_eq!(LabBuild([15, 1, 2176, 14]).cumulative(), LabBuild([15, 1, 2176, 2]));
        assert!(LabBuild([15, 1, 2176, 4]).lacks_march_2021());
        assert!(!LabBuild([15, 1, 2176, 9]).lacks_march_2021() && !LabBuild([15, 2, 2562, 17]).lacks_march_2021());
    }
}
