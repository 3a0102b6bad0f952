//! Loads Sigma and YARA rules and evaluates them on records and files.
//!
//! A [`RuleSet`] is our own rules ([`RuleSet::embedded`], the folder `rules/` of this repository) or the user's
//! ([`RuleSet::read`]). [`RulePack::matches`] says which Sigma rules a record matches, [`FileScanner::scan`] which YARA rules
//! a file matches; what a match means is in [`Rule`]. The engines behind it (rsigma, boreal) are an inner matter: none of
//! their types is seen outside, and `tests/conformance.rs` holds the meaning of Sigma that we rely on.
//!
//! Two things go beyond plain Sigma:
//!
//! - Tags of the namespace `afterpatch` carry what a finding needs (see [`Rule`]).
//! - The log source `category: exchange_cmdlet` stands for every record that is an Exchange management command, whichever
//!   log told it (event channel `MSExchange Management`, control panel server log), with the fields `Cmdlet`,
//!   `Parameters`, `CmdletUser`, `CmdletHost`, `CmdletUrl` and `Succeeded`.

mod adapt;
mod admitted;
mod event;
mod files;
mod line_filter;
mod need;
mod pack;
mod prefilter;
mod problem;
mod rest;
mod route;
mod rule;
mod sample;
mod sealed;
mod set;
mod slugs;
mod stretches;
mod yara;

pub use admitted::Admitted;
pub use files::{RuleFile, RuleFiles, RuleLanguage};
pub use pack::{Likes, RulePack};
pub use problem::{RuleError, RuleProblem};
pub use rest::RestFilter;
pub use rule::Rule;
pub use sample::{Expected, FileSample, RecordSample, Sample, SampleCheck, SampleFile};
pub use set::RuleSet;
pub use yara::{FileHit, FileScanner, FileToScan, FoundString, YaraPack};
