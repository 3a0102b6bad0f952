//! What `my` says: a variable of the function. All others are the program's, wherever they are written to.

use super::Parser;
use crate::ir::{Block, Expr, Kind, Stmt};

/// Variables of one function that are told from the program's.
const MAX_DECLARED: usize = 200;

impl Parser<'_> {
    /// A function's body, which begins with the declarations of its variables.
    pub(super) fn declaring(&mut self, body: impl FnOnce(&mut Self) -> Block) -> Block {
        let around = std::mem::take(&mut self.declared);
        let at = self.offset();
        let mut body = body(self);
        let own = std::mem::replace(&mut self.declared, around);
        body.splice(0..0, own.into_iter().map(|name| Stmt::Let(name, None, None, at)));
        body
    }

    /// Variables behind `my` are the function's own.
    pub(super) fn declare(&mut self, what: &Expr) {
        match &what.kind {
            Kind::Var(name) if self.in_function && self.declared.len() < MAX_DECLARED && !self.declared.contains(name) => {
                self.declared.push(name.clone());
            }
            Kind::List(items) => items.iter().for_each(|item| self.declare(&item.value)),
            _ => {}
        }
    }
}
