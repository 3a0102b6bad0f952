//! Static analysis of server-side scripts: whether a file lets a visitor run code, commands or file operations, and how.
#![allow(dead_code)]

mod carrier;
mod config;
mod decode;
mod evidence;
mod interpret;
mod ir;
mod language;
mod library;
mod limits;
mod page;
mod parse;
#[cfg(test)]
mod suite;
mod value;

pub use evidence::{Capability, SourceKind};
pub use language::Language;
pub use limits::Limits;
