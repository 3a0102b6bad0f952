//! The builds that are known, by product line and cumulative update.

use std::collections::BTreeMap;

use afterpatch_model::{Build, Product};
use serde::Deserialize;

use crate::table::{FactsError, day, filled, rows};

/// The table of builds.
#[derive(Clone, Debug)]
pub(crate) struct Builds(BTreeMap<Build, KnownBuild>);

#[derive(Clone, Debug)]
struct KnownBuild {
    product: Product,
    /// `RTM`, `CU23`, `SP3`.
    update: String,
    /// `Oct22SU`; `CU` for the cumulative update itself.
    label: String,
    /// `KB5019758`.
    kb: Option<String>,
    /// Day or month, see [`day`].
    released: String,
    /// Made for an update that was out of support, with the fixes of its own month alone.
    one_off: bool,
}

#[derive(Deserialize)]
struct Row {
    product: String,
    cu: String,
    #[serde(default)]
    update_label: String,
    kind: String,
    build_short: Build,
    build_long: Build,
    release_date: String,
    #[serde(default)]
    kb: String,
}

/// What the table says of one build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildFacts<'f> {
    /// Its cumulative update (`CU23`, `RTM`).
    pub update: &'f str,
    /// Its own update (`Oct22SU`); the cumulative update's own name when it is its first build.
    pub label: &'f str,
    /// Article of that update (`KB5019758`).
    pub kb: Option<&'f str>,
    /// Day or month of its release.
    pub released: &'f str,
}

/// The kind of a build that brings the fixes of its own month and none of the months before.
const ONE_OFF: &str = "one-off SU";

impl Builds {
    pub fn parse(file: &'static str, text: &str) -> Result<Self, FactsError> {
        let mut builds = BTreeMap::new();
        for (at, row) in rows::<Row>(file, text)? {
            let build = row.build_short;
            let product = row
                .product
                .strip_prefix("Exchange Server ")
                .and_then(product_named)
                .ok_or_else(|| at.error(format!("`{}` is no Exchange Server", row.product)))?;
            if build != row.build_long {
                return Err(at.error(format!("{build} and {} are two builds", row.build_long)));
            }
            // A preview may lie below the first number that counts as its product.
            if build.product() != Some(product) && row.kind != "Preview" {
                return Err(at.error(format!("{build} is no build of {}", row.product)));
            }
            let released = day(&row.release_date, at)?;
            let known = KnownBuild {
                product,
                // `CU`, `SP/RTM`: what stands for the update itself.
                label: if row.update_label == row.kind || row.update_label.is_empty() {
                    row.cu.clone()
                } else {
                    row.update_label
                },
                update: row.cu,
                kb: filled(&row.kb),
                released,
                one_off: row.kind == ONE_OFF,
            };
            if builds.insert(build, known).is_some() {
                return Err(at.error(format!("{build} stands here a second time")));
            }
        }
        Ok(Self(builds))
    }

    /// All that is known of a build.
    pub fn facts(&self, build: Build) -> Option<BuildFacts<'_>> {
        let known = self.0.get(&build)?;
        Some(BuildFacts { update: &known.update, label: &known.label, kb: known.kb.as_deref(), released: &known.released })
    }

    /// The day of the last release of any product.
    pub fn newest_release(&self) -> Option<&str> {
        self.0.values().map(|known| known.released.as_str()).max()
    }

    /// Every build of the table, in order.
    pub fn all(&self) -> impl Iterator<Item = Build> {
        self.0.keys().copied()
    }

    /// The day a build was released, if it is known.
    pub fn released(&self, build: Build) -> Option<&str> {
        self.0.get(&build).map(|known| known.released.as_str())
    }

    /// Whether this build has the fixes of its own month only, whatever the revision: those of March 2021 for updates that were
    /// out of support (Microsoft, KB5000871).
    pub fn is_one_off(&self, build: Build) -> bool {
        self.0.get(&build).is_some_and(|known| known.one_off)
    }

    /// Whether this build belongs to this update (`2016`, `CU23`).
    pub fn belongs(&self, build: Build, product: Product, update: &str) -> bool {
        self.0.get(&build).is_some_and(|known| known.product == product && known.update == update)
    }

    /// The first build of an update (`2016`, `CU23`).
    pub fn first_of(&self, product: Product, update: &str) -> Option<Build> {
        self.line(product).find(|(_, known)| known.update == update).map(|(build, _)| *build)
    }

    /// The first build of the newest cumulative update of a product.
    pub fn newest_update(&self, product: Product) -> Option<Build> {
        let (newest, _) = self.line(product).next_back()?;
        self.same_update(*newest).next()
    }

    /// The newest build known of the cumulative update that `build` belongs to.
    pub fn newest_of_same_update(&self, build: Build) -> Option<Build> {
        self.same_update(build).next_back()
    }

    /// Whether this is the first build of its cumulative update, without any security update.
    pub fn is_first_of_its_update(&self, build: Build) -> bool {
        self.same_update(build).next() == Some(build)
    }

    /// The day of a product's first release.
    pub fn began(&self, product: Product) -> Option<&str> {
        self.line(product).map(|(_, known)| known.released.as_str()).min()
    }

    /// The day of a product's last release.
    pub fn last_release(&self, product: Product) -> Option<&str> {
        self.line(product).map(|(_, known)| known.released.as_str()).max()
    }

    fn line(&self, product: Product) -> impl DoubleEndedIterator<Item = (&Build, &KnownBuild)> {
        self.0.iter().filter(move |(_, known)| known.product == product)
    }

    pub fn same_update(&self, build: Build) -> impl DoubleEndedIterator<Item = Build> {
        let (major, minor, update) = build.cumulative_update();
        let all = Build::new(major, minor, update, 0)..=Build::new(major, minor, update, u32::MAX);
        self.0.range(all).map(|(build, _)| *build)
    }
}

/// The product that the tables call `2016` or `SE`.
pub(crate) fn product_named(name: &str) -> Option<Product> {
    [Product::Exchange2010, Product::Exchange2013, Product::Exchange2016, Product::Exchange2019, Product::ExchangeSe]
        .into_iter()
        .find(|product| product.name() == name)
}
