//! What keeps a tree from growing higher than the stack of those who walk it.

use super::{MAX_CHAIN, MAX_DEPTH};
use crate::ir::{Binary, Block, Expr, Kind, Stmt};

/// From so many operands on a chain becomes a balanced tree.
const LONG: usize = 16;

/// How deep a parser is in its own calls, and how high the tree is that it has built at this level.
///
/// Recursion alone does not bound a tree: `a.b.c` and `a - b - c` grow to the left without recursion, and such chains may stand
/// in each other. So every node that a loop wraps around another counts as well ([`Bounds::link`]).
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    depth: usize,
    height: usize,
    /// Something was left out because it was too deep.
    pub cut: bool,
}

impl Bounds {
    /// Steps down one level; on false the caller has to give up, and must not [`leave`](Self::leave).
    pub(crate) fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            self.cut = true;
            return false;
        }
        self.depth += 1;
        true
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// For chains that nest to the right (`else if`): whether half of the depth is left.
    pub(crate) fn roomy(&self) -> bool {
        self.depth < MAX_DEPTH / 2
    }

    /// Begins an expression whose height does not depend on its elder siblings'; hand the result to [`end`](Self::end).
    pub(crate) fn begin(&mut self) -> usize {
        std::mem::take(&mut self.height)
    }

    pub(crate) fn end(&mut self, before: usize) {
        self.height = self.height.max(before);
    }

    /// Counts a node around the one built last; on false it must not be built.
    pub(crate) fn link(&mut self) -> bool {
        if self.height >= MAX_CHAIN {
            self.cut = true;
            return false;
        }
        self.height += 1;
        true
    }

    /// `a op b op c …` of an operator that may be regrouped: to the left as usual, or balanced when it is long.
    pub(crate) fn chain(&mut self, op: Binary, operands: Vec<Expr>) -> Option<Expr> {
        if operands.len() < LONG {
            let mut operands = operands.into_iter();
            let mut left = operands.next()?;
            for right in operands {
                if self.link() {
                    left = binary(op, left, right);
                }
            }
            return Some(left);
        }
        let mut row = operands;
        while row.len() > 1 {
            if !self.link() {
                row.truncate(1);
                break;
            }
            let mut next = Vec::with_capacity(row.len() / 2 + 1);
            let mut operands = row.into_iter();
            while let Some(left) = operands.next() {
                match operands.next() {
                    Some(right) => next.push(binary(op, left, right)),
                    None => next.push(left),
                }
            }
            row = next;
        }
        row.pop()
    }
}

pub(crate) fn binary(op: Binary, left: Expr, right: Expr) -> Expr {
    Expr::new(left.at, Kind::Binary(op, Box::new(left), Box::new(right)))
}

/// The arms of an `if`, each one in the `else` of the arm before it. An arm that is not to be nested any deeper stands behind
/// its elder sister instead of in its `else`.
pub(crate) struct Arm {
    pub condition: Expr,
    pub body: Block,
    pub nested: bool,
}

pub(crate) fn join_arms(arms: Vec<Arm>, otherwise: Block) -> Block {
    let mut rest = otherwise;
    let mut flat: Vec<Stmt> = Vec::new();
    for arm in arms.into_iter().rev() {
        if arm.nested {
            if !flat.is_empty() {
                flat.reverse();
                flat.append(&mut rest);
                rest = std::mem::take(&mut flat);
            }
            rest = vec![Stmt::If(arm.condition, arm.body, rest)];
        } else {
            flat.push(Stmt::If(arm.condition, arm.body, Vec::new()));
        }
    }
    flat.reverse();
    flat.append(&mut rest);
    flat
}
