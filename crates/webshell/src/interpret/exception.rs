//! Exceptions: what is tried, what catches, what comes at the end in any case.

use super::{Flow, Interpreter};
use crate::ir::{Block, Name};

impl Interpreter<'_> {
    pub(super) fn try_catch(&mut self, body: &Block, catches: &[(Option<Name>, Block)], finally: &Block) -> Flow {
        self.declare(body);
        let around = self.runtime.thrown.take();
        let mut flow = self.block(body);
        let thrown = std::mem::take(&mut self.leaving);
        let exception = self.runtime.thrown.take();
        if let ([(name, block)], true, Some(exception)) = (catches, thrown, &exception) {
            if let Some(name) = name {
                let slot = self.scope().own(name);
                self.put(&slot, exception.clone());
            }
            self.declare(block);
            flow = self.block(block);
            self.runtime.thrown = self.runtime.thrown.take().or(around);
            return self.finally(finally, flow);
        }
        for (name, block) in catches {
            let mut caught = Flow::Next;
            self.ways(
                &mut [&mut |it| {
                    if let Some(name) = name {
                        let slot = it.scope().own(name);
                        it.put(&slot, exception.clone().unwrap_or_default());
                    }
                    it.way(block, &mut caught)
                }],
                true,
            );
        }
        if thrown && !catches.is_empty() {
            flow = Flow::Next;
            self.runtime.thrown = around;
        } else {
            self.leaving = thrown;
            self.runtime.thrown = if catches.is_empty() { exception.or(around) } else { around };
        }
        self.finally(finally, flow)
    }

    fn finally(&mut self, block: &Block, flow: Flow) -> Flow {
        if block.is_empty() {
            return flow;
        }
        let was = std::mem::take(&mut self.leaving);
        let last = self.block(block);
        self.leaving |= was;
        if last == Flow::Next { flow } else { last }
    }
}
