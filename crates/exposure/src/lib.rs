//! Builds and fixes: is this build open to this CVE, and since when not.
//!
//! * [`Facts`] holds the tables of `data/`: every build that could be proven, and per CVE the first build with the fix in each
//!   cumulative update. [`Facts::assess`] puts the rule "is this build fixed for this CVE" to them.
//! * [`windows`] tells how long a server stood open to what was known to be exploited, and how much of that its logs cover.
//! * [`patch_history`] turns the builds that a server's logs name into its history; [`expose`] and [`fixed_from`] ask the
//!   tables along it.
//!
//! * [`Observed`] gathers what the evidence says of settings; [`Facts::judge`] weighs build, conditions, mitigations and weaknesses
//!   into the [`Assessment`](afterpatch_model::Assessment) of one server.
//!
//! [`Facts::assess`] answers by build only: a fix that needs something beside the build is
//! [`FixedIf`](afterpatch_model::ExposureState::FixedIf) there. Nothing here reads a file, a clock or the network.
//!
//! # What a build number does not tell
//! The update of March 2021 for cumulative updates that were already out of support holds only that month's fixes (kind
//! `one-off SU` in `data/builds.csv`). Whether an earlier update of the same cumulative update was there before it cannot be seen, so
//! that the holes which that closed are called open.

mod assessment;
mod builds;
mod chain;
mod conditions;
mod cves;
mod facts;
mod history;
mod life;
mod mitigations;
mod next_steps;
mod observed;
mod rule;
mod table;
mod weaknesses;
mod window;

pub use assessment::{SeenBuild, Subject, gravity};
pub use builds::BuildFacts;
pub use cves::Cve;
pub use facts::Facts;
pub use history::{expose, fixed_from, patch_history};
pub use life::{Life, Support, life, support};
pub use next_steps::of_hidden;
pub use observed::Observed;
pub use table::FactsError;
pub use weaknesses::shared_keys;
pub use window::windows;
