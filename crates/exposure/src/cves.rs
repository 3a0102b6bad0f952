//! CVEs and the first builds without them.

use std::collections::BTreeMap;

use afterpatch_model::{Build, Condition, Product};
use serde::Deserialize;

use crate::{
    builds::{Builds, product_named},
    table::{At, FactsError, day, filled, rows},
};

/// What the table says of one CVE (or of an advisory without a CVE, `ADV190018`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cve {
    /// Its id.
    pub id: String,
    /// The name it is known by, such as `ProxyLogon`.
    pub name: Option<String>,
    /// What kind of hole it is, in the table's words.
    pub kind: Option<String>,
    /// Base score (CVSS 3), as written.
    pub cvss: Option<String>,
    /// Product lines that its publisher calls affected.
    pub affected: Vec<Product>,
    /// The update that fixes it, such as `Mar21SU`.
    pub fixed_by: Option<String>,
    /// The day its first fix was released: `YYYY-MM-DD`, or `YYYY-MM` when only the month is known.
    pub fix_released: Option<String>,
    /// What must hold beside the build for the fix to work.
    pub condition: Option<String>,
    /// Which of the conditions that we can look for that is; [`Condition::Other`] when the table names none.
    pub condition_kind: Option<Condition>,
    /// Since when it was exploited, in the table's words; `None` when the table knows of no exploitation.
    pub exploited: Option<String>,
    /// First build with the fix, per cumulative update.
    first_fixed: BTreeMap<(u32, u32, u32), Build>,
}

#[derive(Deserialize)]
struct Row {
    cve: String,
    name: String,
    // Columns that a table may go without.
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    cvss: String,
    affected_products: String,
    fixed_by: String,
    fix_release_date: String,
    first_fixed_builds: String,
    extra_condition: String,
    #[serde(default)]
    condition: String,
    exploited_in_wild: String,
}

impl Cve {
    /// The builds from which on it is fixed, one for each cumulative update that was given the fix, the oldest first. Empty when
    /// the table knows of no build that fixes it.
    pub fn first_fixed(&self) -> impl Iterator<Item = Build> {
        self.first_fixed.values().copied()
    }

    /// All rows of the table by id. Every build that it names must be known.
    pub(crate) fn parse_all(file: &'static str, text: &str, builds: &Builds) -> Result<BTreeMap<String, Self>, FactsError> {
        let mut cves = BTreeMap::new();
        for (at, row) in rows::<Row>(file, text)? {
            let cve = Self::parse(&row, at, builds)?;
            if cves.insert(cve.id.clone(), cve).is_some() {
                return Err(at.error(format!("{} stands here a second time", row.cve)));
            }
        }
        Ok(cves)
    }

    fn parse(row: &Row, at: At, builds: &Builds) -> Result<Self, FactsError> {
        if row.cve.is_empty() {
            return Err(at.error("no CVE is named"));
        }
        let affected = row
            .affected_products
            .split('/')
            .map(|name| product_named(name).ok_or_else(|| at.error(format!("`{name}` is no product"))));
        let affected = affected.collect::<Result<_, _>>()?;
        let first_fixed = first_fixed(&row.first_fixed_builds, at, builds)?;
        let fix_released = if row.fix_release_date.is_empty() {
            first_fixed.values().filter_map(|build| builds.released(*build)).min().map(str::to_owned)
        } else {
            Some(day(&row.fix_release_date, at)?)
        };
        Ok(Self {
            id: row.cve.clone(),
            name: filled(&row.name),
            kind: filled(&row.kind),
            cvss: filled(&row.cvss),
            affected,
            fixed_by: filled(&row.fixed_by),
            fix_released,
            condition: filled(&row.extra_condition),
            condition_kind: condition_kind(row, at)?,
            exploited: exploited(&row.exploited_in_wild, at)?,
            first_fixed,
        })
    }

    /// The first build with the fix in the same cumulative update as `build`.
    pub(crate) fn first_fixed_beside(&self, build: Build) -> Option<Build> {
        self.first_fixed.get(&build.cumulative_update()).copied()
    }

    /// The first build with the fix in the newest cumulative update of `product` that the table lists.
    pub(crate) fn newest_fix(&self, product: Product) -> Option<Build> {
        self.first_fixed.values().rev().copied().find(|build| build.product() == Some(product))
    }
}

/// The condition by its slug; a row with words of one and no slug has one that we cannot look for.
fn condition_kind(row: &Row, at: At) -> Result<Option<Condition>, FactsError> {
    let wrong = |why: &str| at.error(format!("`{}` {why}", row.condition));
    match (row.condition.as_str(), row.extra_condition.is_empty()) {
        ("", true) => Ok(None),
        ("", false) => Ok(Some(Condition::Other)),
        (_, true) => Err(wrong("is a condition of which `extra_condition` says nothing")),
        (slug, false) => {
            let word = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(slug);
            Condition::deserialize(word).map(Some).map_err(|_| wrong("is no condition"))
        }
    }
}

/// Since when it was exploited (`yes: since when`), or that there is no report (`no ...`).
fn exploited(cell: &str, at: At) -> Result<Option<String>, FactsError> {
    match cell.strip_prefix("yes: ") {
        Some(since) => Ok(Some(since.to_owned())),
        None if cell.starts_with("no") => Ok(None),
        None => Err(at.error(format!("`{cell}` says neither `yes: since when` nor `no`"))),
    }
}

/// Reads `2016 CU19>=15.1.2176.9; 2016 CU20+`: from this build on, and from the first build of this update on.
///
/// A cell that does not begin with a product is a remark (a fix that is not an Exchange build): it lists no build.
fn first_fixed(cell: &str, at: At, builds: &Builds) -> Result<BTreeMap<(u32, u32, u32), Build>, FactsError> {
    let mut from_build = BTreeMap::new();
    let mut from_update = BTreeMap::new();
    let first_word = cell.split(' ').next().unwrap_or_default();
    if product_named(first_word).is_none() {
        return Ok(from_build);
    }
    for entry in cell.split(';').map(str::trim) {
        let wrong = |why: &str| at.error(format!("`{entry}`: {why}"));
        let (product, fix) = entry
            .split_once(' ')
            .and_then(|(name, fix)| Some((product_named(name)?, fix)))
            .ok_or_else(|| wrong("does not begin with a product"))?;
        if let Some(update) = fix.strip_suffix('+') {
            let build = builds.first_of(product, update).ok_or_else(|| wrong("no build of it is known"))?;
            from_update.insert(build.cumulative_update(), build);
            continue;
        }
        let (update, rest) = fix.split_once(">=").ok_or_else(|| wrong("names no build"))?;
        let (number, remark) = rest.split_once(' ').unwrap_or((rest, ""));
        let build: Build = number.parse().map_err(|error| wrong(&format!("{error}")))?;
        if !builds.belongs(build, product, update) {
            return Err(wrong("is not in the table of builds"));
        }
        // Brackets hold another name of the same build. Other words tell what else that build brings: its cumulative update is
        // later than the fix, and listing it would make those between look as if they had been left without.
        if remark.is_empty() || remark.starts_with('(') {
            // Sources may differ on the build of one update (2016 CU8 and CU9, March 2021): either is the fix.
            let first = from_build.entry(build.cumulative_update()).or_insert(build);
            *first = build.min(*first);
        }
    }
    // Where a cell names both a build and the whole update (CVE-2021-34470), the build is the safer reading.
    for (update, build) in from_update {
        from_build.entry(update).or_insert(build);
    }
    Ok(from_build)
}
