//! What the standard library does not ask the system for, behind functions that are safe to call.
//!
//! This is the one crate with `unsafe` code: each block is one call of the system, and says why it is sound. A leaf that knows no
//! nouns of ours. All calls exist since Windows 7 (Server 2008 R2), or are asked for by a number that an older system refuses, so
//! that the exe starts on every server that Exchange 2010 to SE runs on.

pub mod computer;
#[cfg(windows)]
pub mod file;
pub mod priority;
#[cfg(windows)]
pub mod privilege;
pub mod process;
#[cfg(windows)]
pub mod registry;
#[cfg(windows)]
pub mod service;
pub mod streams;
#[cfg(windows)]
pub mod task;
#[cfg(windows)]
mod wide;
