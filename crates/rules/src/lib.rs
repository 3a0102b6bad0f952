//! Loads Sigma rules and evaluates them on records.
//!
//! A [`RulePack`] is our own pack ([`RulePack::embedded`], the folder `rules/sigma` of this repository) or any other
//! ([`RulePack::from_texts`]). [`RulePack::matches`] says which of its rules a record matches; what a match means is in
//! [`Rule`]. The Sigma engine behind it (rsigma) is an inner matter: none of its types is seen outside, and
//! `tests/conformance.rs` holds the meaning of Sigma that we rely on.
//!
//! Two things go beyond plain Sigma:
//!
//! - Tags of the namespace `afterpatch` carry what a finding needs (see [`Rule`]).
//! - The log source `category: exchange_cmdlet` stands for every record that is an Exchange management command, whichever
//!   log told it (event channel `MSExchange Management`, control panel server log), with the fields `Cmdlet`,
//!   `Parameters`, `CmdletUser`, `CmdletHost`, `CmdletUrl` and `Succeeded`.

mod event;
mod pack;
mod prefilter;
mod problem;
mod route;
mod rule;

pub use pack::RulePack;
pub use problem::{RuleError, RuleProblem};
pub use rule::Rule;
