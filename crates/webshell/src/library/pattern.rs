//! Regular expressions of scripts. A loop asks for the same one again and again, and building one costs more than most uses.

use std::cell::RefCell;

use regex::bytes::{Regex, RegexBuilder};
use rustc_hash::FxHashMap;

/// Longer expressions are not built.
const MAX_LENGTH: usize = 4096;
/// A larger program than this is not built.
const MAX_SIZE: usize = 1 << 20;
/// So many are kept on each thread.
const KEPT: usize = 64;

/// How an expression is meant.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Flags {
    pub ignore_case: bool,
    pub multi_line: bool,
    pub dot_all: bool,
    pub ignore_space: bool,
    pub unicode: bool,
}

thread_local! {
    static BUILT: RefCell<FxHashMap<(String, Flags), Option<Regex>>> = RefCell::default();
}

/// The expression, if it is one that is understood here.
pub(crate) fn compiled(expression: &str, flags: Flags) -> Option<Regex> {
    if expression.len() > MAX_LENGTH {
        return None;
    }
    BUILT.with_borrow_mut(|built| {
        let key = (expression.to_owned(), flags);
        if let Some(known) = built.get(&key) {
            return known.clone();
        }
        if built.len() >= KEPT {
            built.clear();
        }
        let new = RegexBuilder::new(expression)
            .unicode(flags.unicode)
            .case_insensitive(flags.ignore_case)
            .multi_line(flags.multi_line)
            .dot_matches_new_line(flags.dot_all)
            .ignore_whitespace(flags.ignore_space)
            .size_limit(MAX_SIZE)
            .build()
            .ok();
        built.insert(key, new.clone());
        new
    })
}
