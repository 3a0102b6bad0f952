//! Builds and fixes: is this build open to this CVE, and since when not.
//!
//! * [`Facts`] holds the tables of `data/`: every build that could be proven, and per CVE the first build with the fix in each
//!   cumulative update. [`Facts::assess`] puts the rule "is this build fixed for this CVE" to them.
//! * [`windows`] tells how long a server stood open to what was known to be exploited, and how much of that its logs cover.
//! * [`patch_history`] turns the builds that a server's logs name into its history; [`expose`] and [`fixed_from`] ask the
//!   tables along it.
//!
//! The answer is by build only. A fix that needs something beside the build is told as
//! [`FixedIf`](afterpatch_model::ExposureState::FixedIf) with its condition; whether the condition holds is not looked at.
//!
//! # What a build number does not tell
//! The update of March 2021 for cumulative updates that were already out of support holds only that month's fixes (kind
//! `one-off SU` in `data/builds.csv`). Whether an earlier update of the same cumulative update was there before it cannot be seen, so
//! that the holes which that closed are called open.

mod builds;
mod cves;
mod facts;
mod history;
mod rule;
mod table;
mod window;

pub use cves::Cve;
pub use facts::Facts;
pub use history::{expose, fixed_from, patch_history};
pub use table::FactsError;
pub use window::windows;
