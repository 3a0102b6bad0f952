//! Static analysis of server-side scripts: whether a file lets a visitor run code, commands or file operations, and how.
#![cfg_attr(test, allow(clippy::useless_concat, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr))]

mod carrier;
mod config;
mod decode;
mod evidence;
mod family;
mod inspect;
mod interpret;
mod ir;
mod language;
mod lexical;
mod library;
mod limits;
mod page;
mod parse;
mod product;
mod report;
mod stack;
#[cfg(test)]
mod suite;
mod value;
mod verdict;

pub use carrier::Disguise;
pub use config::ConfigEffect;
pub use evidence::{Capability, SourceKind};
pub use family::Family;
pub use inspect::{File, Opener, inspect, inspect_from};
pub use language::Language;
pub use limits::Limits;
pub use report::{Finding, Gate, LayerShown, Reason, Report, Setting, Severity, SourceShown, Spot, StepKind, StepShown, Verdict};
pub use stack::on_deep_stack;
