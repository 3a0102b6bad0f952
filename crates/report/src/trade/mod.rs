//! The formats of the trade: what other tools read. One file is one format; docs/formats.md says what becomes of each field.
//!
//! They are machine output: the same in every language, UTC, the same bytes for the same report. JSON is written through
//! [`crate::json::write_value`], so that no hostile character reaches a reader as itself.

pub(crate) mod csv;
pub(crate) mod ecs;
pub(crate) mod misp;
pub(crate) mod ocsf;
pub(crate) mod sarif;
pub(crate) mod stix;
pub(crate) mod timesketch;

mod attack;
mod ids;
pub(crate) mod indicators;
mod told;
