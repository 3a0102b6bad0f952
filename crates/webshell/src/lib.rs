//! Static analysis of server-side scripts: whether a file lets a visitor run code, commands or file operations, and how.
#![allow(dead_code)]

mod carrier;
mod config;
mod decode;
mod ir;
mod language;
mod page;
mod parse;

pub use language::Language;
