//! Ways that may or may not be walked: each is walked on the same values, then what they leave is joined.

use std::collections::HashMap;
use std::rc::Rc;

use super::{Interpreter, Slot};
use crate::value::{Object, Value};

impl Interpreter<'_> {
    /// Puts a value into a place. In a branch the old value is kept for the other way.
    pub(crate) fn put(&mut self, slot: &Slot, value: Value) {
        self.keep_old(slot);
        slot.replace(value);
        self.written_through(slot);
    }

    /// In a branch the value that a place had before is kept, once.
    pub(super) fn keep_old(&mut self, slot: &Slot) {
        if self.branches > 0 && slot.kept_in.replace(self.branch) != self.branch {
            let old = slot.borrow().clone();
            self.journal.push((slot.clone(), old));
        }
    }

    /// What a member is on the way that is walked now, if that way has set it.
    pub(super) fn member_here(&self, object: &Rc<Object>, key: &str) -> Option<Value> {
        let found = self.members_here.iter().rev().find(|(one, name, _)| Rc::ptr_eq(one, object) && **name == *key);
        found.map(|(_, _, value)| value.clone())
    }

    pub(super) fn put_member_here(&mut self, object: &Rc<Object>, key: &str, value: Value) {
        if self.members_here.len() < 64 {
            self.members_here.push((object.clone(), key.into(), value));
        } else {
            self.may_be_member(object, key, &value);
        }
    }

    fn may_be_member(&mut self, object: &Rc<Object>, key: &str, value: &Value) {
        for (one, name, here) in &mut self.members_here {
            if Rc::ptr_eq(one, object) && **name == *key {
                *here = Value::either(here, value);
            }
        }
    }

    /// A way has ended: what it has set may be so or not, also for what is around it.
    fn leave_members(&mut self, start: usize) {
        for (object, key, value) in self.members_here.split_off(start.min(self.members_here.len())) {
            self.may_be_member(&object, &key, &value);
        }
    }

    /// Walks each way from the same start. A way says whether it comes out at its end; one that does not leaves nothing.
    /// True if any did, or if `or_none` and so no way need be taken.
    pub(super) fn ways(&mut self, ways: &mut [&mut dyn FnMut(&mut Self) -> bool], or_none: bool) -> bool {
        let mut ends: Vec<HashMap<*const super::Place, Value>> = Vec::new();
        self.branches += 1;
        let mut changed: Vec<(Slot, Value)> = Vec::new();
        for way in ways.iter_mut() {
            let start = self.journal.len();
            self.last_branch += 1;
            let around = std::mem::replace(&mut self.branch, self.last_branch);
            let members = self.members_here.len();
            let comes_out = way(self);
            self.leave_members(members);
            self.branch = around;
            let mut firsts: Vec<(Slot, Value)> = Vec::new();
            for (slot, old) in self.journal.drain(start..) {
                // A way has few changes as a rule; many are found by address.
                firsts.push((slot, old));
            }
            let firsts = first_of_each(firsts);
            let mut left = HashMap::with_capacity(firsts.len());
            for (slot, old) in firsts {
                let new = slot.replace(old.clone());
                left.insert(Rc::as_ptr(&slot), new);
                changed.push((slot, old));
            }
            if comes_out {
                ends.push(left);
            }
        }
        self.branches -= 1;
        let out = or_none || !ends.is_empty();
        let ways_out = ends.len() + usize::from(or_none);
        for (slot, old) in first_of_each(changed) {
            let mut joined: Option<Value> = None;
            let mut seen = 0;
            for left in &ends {
                if let Some(new) = left.get(&Rc::as_ptr(&slot)) {
                    seen += 1;
                    joined = Some(match joined {
                        Some(value) => Value::either(&value, new),
                        None => new.clone(),
                    });
                }
            }
            let Some(mut value) = joined else { continue };
            if seen < ways_out {
                value = Value::either(&old, &value);
            }
            self.put(&slot, value);
        }
        out
    }
}

/// The first entry of each slot.
fn first_of_each(entries: Vec<(Slot, Value)>) -> Vec<(Slot, Value)> {
    if entries.len() < 2 {
        return entries;
    }
    let mut seen = rustc_hash::FxHashSet::default();
    entries.into_iter().filter(|(slot, _)| seen.insert(Rc::as_ptr(slot))).collect()
}
