//! Builds and fixes: is this build open to this CVE, and since when not.
//!
//! * [`Facts`] holds the tables of `data/`: every build that could be proven, and per CVE the first build with the fix in each
//!   cumulative update. [`Facts::assess`] puts the rule "is this build fixed for this CVE" to them.
//! * [`patch_history`] turns the builds that a server's logs name into its history; [`expose`] and [`fixed_from`] ask the
//!   tables along it.
//!
//! The answer is by build only. A fix that needs something beside the build is told as
//! [`FixedIf`](afterpatch_model::ExposureState::FixedIf) with its condition; whether the condition holds is not looked at.
//!
//! # What a build number does not tell
//! The update of March 2021 for cumulative updates that were already out of support holds only that month's fixes (`note` in
//! `data/builds.csv`). Its revision is nevertheless higher than those of earlier updates of the same cumulative update, so that
//! the rule calls their holes fixed too.

mod builds;
mod cves;
mod facts;
mod history;
mod rule;
mod table;

pub use cves::Cve;
pub use facts::Facts;
pub use history::{expose, fixed_from, patch_history};
pub use table::FactsError;
