//! The tables, read once.

use std::collections::BTreeMap;

use afterpatch_model::{Build, Timestamp};

use crate::{
    builds::{BuildFacts, Builds},
    cves::Cve,
    table::{At, FactsError, day},
};

const EMBEDDED_BUILDS: &str = include_str!("../data/builds.csv");
const EMBEDDED_CVES: &str = include_str!("../data/cves.csv");

/// What is known of builds and fixes.
#[derive(Clone, Debug)]
pub struct Facts {
    date: String,
    pub(crate) builds: Builds,
    pub(crate) cves: BTreeMap<String, Cve>,
}

impl Facts {
    /// The tables that this version of afterpatch brings along (sources and licences: `data/README.md`).
    ///
    /// # Errors
    /// When a table is malformed; the error names file and line. Tests keep the tables brought along from being so.
    pub fn embedded() -> Result<Self, FactsError> {
        Self::parse(include_str!("../data/date.txt"), EMBEDDED_BUILDS, EMBEDDED_CVES)
    }

    /// Tables of the user, in the form of `data/`, in place of ours: `None` keeps ours. Their date is that of the last release in
    /// the table of builds.
    ///
    /// # Errors
    /// When a table is malformed, or the table of fixes names a build that the table of builds does not have; the error names file
    /// and line.
    pub fn from_tables(builds: Option<&str>, cves: Option<&str>) -> Result<Self, FactsError> {
        let builds = Builds::parse("builds.csv", builds.unwrap_or(EMBEDDED_BUILDS))?;
        let Some(date) = builds.newest_release().map(str::to_owned) else {
            return Err(At { file: "builds.csv", line: 1 }.error("there is no build in it"));
        };
        let cves = Cve::parse_all("cves.csv", cves.unwrap_or(EMBEDDED_CVES), &builds)?;
        Ok(Self { date, builds, cves })
    }

    pub(crate) fn parse(date: &str, builds: &str, cves: &str) -> Result<Self, FactsError> {
        let date = day(date.trim_end(), At { file: "date.txt", line: 1 })?;
        let builds = Builds::parse("builds.csv", builds)?;
        let cves = Cve::parse_all("cves.csv", cves, &builds)?;
        Ok(Self { date, builds, cves })
    }

    /// The day of the last release in the table of builds, `YYYY-MM-DD`. Say it wherever an answer of this crate is shown: what
    /// was published later is not known here.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// Days from the table's date (a month is taken as its first day) to a time. Negative when that is before it.
    pub fn age_days(&self, now: Timestamp) -> i64 {
        let day = if self.date.len() == "YYYY-MM".len() { format!("{}-01", self.date) } else { self.date.clone() };
        let then: Option<Timestamp> = format!("{day}T00:00:00Z").parse().ok();
        then.map_or(0, |then| now.duration_since(then).as_secs().div_euclid(86_400))
    }

    /// What the table says of a build; `None` when it does not have it.
    pub fn build(&self, build: Build) -> Option<BuildFacts<'_>> {
        self.builds.facts(build)
    }

    /// Every build of the table, in order.
    pub fn builds(&self) -> impl Iterator<Item = Build> {
        self.builds.all()
    }

    /// One CVE of the table.
    pub fn cve(&self, id: &str) -> Option<&Cve> {
        self.cves.get(id)
    }

    /// Every CVE of the table, in order of id.
    pub fn cves(&self) -> impl Iterator<Item = &Cve> {
        self.cves.values()
    }

    /// Whether the table has this CVE.
    pub fn knows(&self, cve_id: &str) -> bool {
        self.cves.contains_key(cve_id)
    }

    /// What must hold beside the build for the fix of this CVE to work, in the table's words.
    pub fn condition(&self, cve_id: &str) -> Option<&str> {
        self.cves.get(cve_id)?.condition.as_deref()
    }

    /// Since when this CVE was exploited, in the table's words (`since 2021-01-03..06 (zero-day)`); `None` when the table does
    /// not have it or knows of no exploitation.
    pub fn first_exploited(&self, cve_id: &str) -> Option<&str> {
        self.cves.get(cve_id)?.exploited.as_deref()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use afterpatch_model::Product;
    use proptest::prelude::*;

    use super::*;

    const DATE: &str = "2026-10-02";
    const BUILDS: &str = "\
product,cu,update_label,kind,build_short,build_long,release_date,kb,sources,note
Exchange Server 2016,CU19,CU,CU,15.1.2176.2,15.01.2176.002,2020-12-15,,,
Exchange Server 2016,CU19,Mar21SU,SU,15.1.2176.9,15.01.2176.009,2021-03-02,,,
";
    const CVES: &str = "\
cve,name,affected_products,fixed_by,fix_release_date,first_fixed_builds,extra_condition,exploited_in_wild
CVE-2021-26855,ProxyLogon,2016/2019,Mar21SU,2021-03-02,2016 CU19>=15.1.2176.9,,yes: since 2021-01
";

    /// Each row: file, text in it, what stands in its place, and the error that must come of it.
    #[test]
    fn malformed_tables_are_told_with_file_and_line() {
        let cases = [
            ("date", DATE, "", "date.txt, line 1: `` is not a date: YYYY-MM-DD or YYYY-MM is needed"),
            ("date", DATE, "2026-13-02", "date.txt, line 1: `2026-13-02` is not a date"),
            ("date", DATE, "20261002", "date.txt, line 1: `20261002` is not a date"),
            ("builds", ",kind,", ",sort,", "builds.csv, line 2: missing field `kind`"),
            ("builds", ",15.1.2176.9,", ",15.1.2176,", "builds.csv, line 3: `15.1.2176` is not a build"),
            ("builds", "15.01.2176.009", "15.01.2176.008", "builds.csv, line 3: 15.1.2176.9 and 15.1.2176.8 are two builds"),
            (
                "builds",
                "Server 2016,CU19,CU",
                "Server 2015,CU19,CU",
                "builds.csv, line 2: `Exchange Server 2015` is no Exchange Server",
            ),
            (
                "builds",
                "Server 2016,CU19,Mar",
                "Server 2019,CU19,Mar",
                "builds.csv, line 3: 15.1.2176.9 is no build of Exchange Server 2019",
            ),
            ("builds", "2021-03-02", "02.03.2021", "builds.csv, line 3: `02.03.2021` is not a date"),
            ("builds", ",2021-03-02,,,", ",2021-03-02", "builds.csv, line 3: "),
            (
                "builds",
                "15.1.2176.9,15.01.2176.009",
                "15.1.2176.2,15.01.2176.002",
                "builds.csv, line 3: 15.1.2176.2 stands here a second time",
            ),
            ("cves", "CVE-2021-26855", "", "cves.csv, line 2: no CVE is named"),
            ("cves", "CVE-2021-26855,ProxyLogon", "CVE-2021-26855", "cves.csv, line 2: "),
            ("cves", "first_fixed_builds", "fixed", "cves.csv, line 2: missing field `first_fixed_builds`"),
            ("cves", "2016/2019", "2016,2019", "cves.csv, line 2: "),
            ("cves", "2016/2019", "2016/2018", "cves.csv, line 2: `2018` is no product"),
            ("cves", "2021-03-02", "2021-02-30", "cves.csv, line 2: `2021-02-30` is not a date"),
            ("cves", "15.1.2176.9", "15.1.2176.8", "cves.csv, line 2: `2016 CU19>=15.1.2176.8`: is not in the table of builds"),
            ("cves", "2016 CU19>=", "2016 CU18>=", "cves.csv, line 2: `2016 CU18>=15.1.2176.9`: is not in the table of builds"),
            ("cves", "2016 CU19>=", "2019 CU19>=", "cves.csv, line 2: `2019 CU19>=15.1.2176.9`: is not in the table of builds"),
            ("cves", ">=15.1.2176.9", ">=15.1.x.9", "cves.csv, line 2: `2016 CU19>=15.1.x.9`: `15.1.x.9` is not a build"),
            ("cves", ">=15.1.2176.9", "", "cves.csv, line 2: `2016 CU19`: names no build"),
            ("cves", ">=15.1.2176.9", "+; 2016 CU20+", "cves.csv, line 2: `2016 CU20+`: no build of it is known"),
            ("cves", ">=15.1.2176.9", "+; 16 CU19+", "cves.csv, line 2: `16 CU19+`: does not begin with a product"),
            ("cves", ">=15.1.2176.9", "+;", "cves.csv, line 2: ``: does not begin with a product"),
            ("cves", "yes: since 2021-01", "perhaps", "cves.csv, line 2: `perhaps` says neither"),
            (
                "cves",
                "2021-01\n",
                "2021-01\nCVE-2021-26855,,2016,,,,,no\n",
                "cves.csv, line 3: CVE-2021-26855 stands here a second time",
            ),
        ];
        Facts::parse(DATE, BUILDS, CVES).expect("the tables before the change are sound");
        for (file, found, instead, expected) in cases {
            let change = |name: &str, text: &str| {
                if name != file {
                    return text.to_owned();
                }
                assert!(text.contains(found), "{found}");
                text.replacen(found, instead, 1)
            };
            let error = Facts::parse(&change("date", DATE), &change("builds", BUILDS), &change("cves", CVES))
                .expect_err(expected)
                .to_string();
            assert!(error.starts_with(expected), "{error}\ninstead of\n{expected}");
        }
    }

    #[test]
    fn the_line_is_right_whichever_way_lines_end() {
        for end in ["\n", "\r\n"] {
            let broken = BUILDS.replace("15.01.2176.009", "15.01.2176.008").replace('\n', end);
            assert_eq!(Facts::parse(DATE, &broken, CVES).unwrap_err().line, 3, "{end:?}");
            let broken = BUILDS.replace(",2021-03-02,,,", ",2021-03-02").replace('\n', end);
            assert_eq!(Facts::parse(DATE, &broken, CVES).unwrap_err().line, 3, "{end:?}");
        }
    }

    #[test]
    fn the_tables_brought_along_are_sound() {
        let facts = Facts::embedded().unwrap();
        assert_eq!(facts.date(), DATE);
        assert_eq!(facts.cves().count(), 163);
        let last = [Product::Exchange2016, Product::Exchange2019, Product::ExchangeSe]
            .map(|product| facts.builds.last_release(product).unwrap().to_owned());
        assert_eq!(last, [DATE; 3], "the date is that of the last release");
        assert_eq!(facts.builds.began(Product::ExchangeSe), Some("2025-07-01"));
    }

    /// What is not read as a fix must be a remark indeed, not a slip of the pen.
    #[test]
    fn only_known_cells_list_no_build() {
        let facts = Facts::embedded().unwrap();
        let without: Vec<_> = facts.cves().filter(|cve| cve.first_fixed().next().is_none()).map(|cve| cve.id.as_str()).collect();
        assert_eq!(without, ["CVE-2018-0986", "CVE-2018-8581", "CVE-2019-0686", "CVE-2019-0724", "CVE-2023-36434"]);
    }

    #[test]
    fn conditions_and_exploitation_are_told_in_the_tables_words() {
        let facts = Facts::embedded().unwrap();
        assert_eq!(facts.first_exploited("CVE-2021-26855"), Some("since 2021-01-03..06 (zero-day)"));
        assert_eq!(facts.first_exploited("CVE-2026-62911"), None);
        assert_eq!(facts.first_exploited("CVE-2025-53786"), None);
        assert_eq!(facts.first_exploited("CVE-1999-0001"), None);
        assert_eq!(facts.condition("CVE-2024-21410"), Some("Extended Protection enabled on front and back end"));
        assert_eq!(facts.condition("CVE-2021-26855"), None);
    }

    proptest! {
        #[test]
        fn no_text_panics(cells in proptest::collection::vec("[ -~\n]{0,12}|2016 CU19(>=|\\+)[0-9.;+ (]{0,9}", 8)) {
            let line = cells.join(",");
            let head = |table: &str| table.lines().next().unwrap().to_owned();
            let _ = Facts::parse(DATE, &format!("{}\n{line}", head(BUILDS)), CVES);
            let _ = Facts::parse(DATE, BUILDS, &format!("{}\n{line}", head(CVES)));
            let _ = Facts::parse(&line, &line, &line);
        }
    }
}
