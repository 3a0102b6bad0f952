//! `goto`: a block goes on behind the label. Code is hidden by cutting it into pieces that stand in any order.

use super::{Flow, Interpreter};
use crate::ir::{Block, Name, Stmt};

/// How often a block goes on at the same label while all conditions on the way are known.
const MAX_KNOWN: u32 = 10_000;

/// How often when some are not.
const MAX_UNSURE: u32 = 2;

impl Interpreter<'_> {
    /// A block ended like this, and labels were named on the way: those that stand in it are gone on at. The last jump is the
    /// one that ended it; others stand in branches that may or may not be taken.
    pub(super) fn follow_jumps(&mut self, block: &Block, mut flow: Flow) -> Flow {
        while self.steps > 0
            && let Some((index, place)) = self.next_jump(block)
        {
            self.charge(block.len());
            let label = self.runtime.jumps.remove(index);
            let is_sure = flow == Flow::Jump && index == self.runtime.jumps.len();
            let count = self.runtime.jumped.entry((std::ptr::from_ref(block).addr(), label)).or_default();
            *count += 1;
            if *count > if self.runtime.jumps.is_empty() && is_sure { MAX_KNOWN } else { MAX_UNSURE } {
                if is_sure {
                    flow = Flow::Next;
                }
                continue;
            }
            let rest = block.get(place..).unwrap_or_default();
            if is_sure {
                flow = self.statements(rest);
                continue;
            }
            let leaving = std::mem::take(&mut self.leaving);
            self.ways(
                &mut [&mut |it| {
                    let way = it.statements(rest);
                    it.leaving = false;
                    !matches!(way, Flow::Return | Flow::Jump | Flow::Leave)
                }],
                true,
            );
            self.leaving = leaving;
        }
        flow
    }

    /// The last jump whose label stands in this block, and where it goes on.
    fn next_jump(&self, block: &Block) -> Option<(usize, usize)> {
        let place = |label: &Name| block.iter().position(|statement| matches!(statement, Stmt::Label(here) if here == label));
        let jumps = self.runtime.jumps.iter().enumerate().rev();
        jumps.take(16).find_map(|(index, label)| Some((index, place(label)? + 1)))
    }
}
