//! Which units stand on which lists.

use std::collections::BTreeMap;

/// With fewer units on two lists or more, no number is told: it would be wild.
pub const LEAST_OVERLAP: u64 = 7;
/// So many lists at most.
pub const MOST_LISTS: usize = 32;

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There are not the lists that the method needs.
    #[error("{lists} lists, and the method needs {needed}")]
    FewLists {
        /// Lists there are.
        lists: usize,
        /// Lists it needs.
        needed: usize,
    },
    /// There are more lists than the method takes.
    #[error("{lists} lists, and the method takes {most}")]
    ManyLists {
        /// Lists there are.
        lists: usize,
        /// Lists it takes at most.
        most: usize,
    },
    /// A list has nobody on it, or there is no such list.
    #[error("list {list} is empty")]
    EmptyList {
        /// Its number, from 0.
        list: usize,
    },
    /// Too few units were seen more than once.
    #[error("only {overlap} were seen more than once, and {LEAST_OVERLAP} are needed")]
    SmallOverlap {
        /// Units seen more than once.
        overlap: u64,
    },
    /// The numbers contradict every model there is, or do not determine one.
    #[error("no model fits these numbers")]
    NoFit,
}

/// How many units stand on which lists. Each unit counts once; one that is on no list is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lists {
    lists: usize,
    /// Bit n of the key: on list n.
    cells: BTreeMap<u32, u64>,
}

impl Lists {
    /// That many lists with nobody on them.
    ///
    /// # Errors
    /// A [`Refusal`] with more than [`MOST_LISTS`].
    pub fn new(lists: usize) -> Result<Self, Refusal> {
        if lists > MOST_LISTS {
            return Err(Refusal::ManyLists { lists, most: MOST_LISTS });
        }
        Ok(Self { lists, cells: BTreeMap::new() })
    }

    /// Adds units that stand on exactly these lists, counted from 0. Units on none of our lists are left out.
    pub fn add(&mut self, on: impl IntoIterator<Item = usize>, units: u64) {
        let bits = on.into_iter().filter(|list| *list < self.lists).fold(0, |bits, list| bits | 1u32 << list);
        if bits != 0 && units > 0 {
            let cell = self.cells.entry(bits).or_insert(0);
            *cell = cell.saturating_add(units);
        }
    }

    /// How many lists there are.
    pub fn lists(&self) -> usize {
        self.lists
    }

    /// Units on at least one list.
    pub fn seen(&self) -> u64 {
        self.sum(|_| true)
    }

    /// Units on one list.
    pub fn on(&self, list: usize) -> u64 {
        self.sum(|bits| has(bits, list))
    }

    /// Units on both of two lists.
    pub fn on_both(&self, one: usize, other: usize) -> u64 {
        self.sum(|bits| has(bits, one) && has(bits, other))
    }

    /// Units on exactly so many lists.
    pub fn on_exactly(&self, lists: u32) -> u64 {
        self.sum(|bits| bits.count_ones() == lists)
    }

    /// Units on two lists or more.
    pub fn overlap(&self) -> u64 {
        self.sum(|bits| bits.count_ones() >= 2)
    }

    /// Units on exactly these lists; bit n: on list n.
    pub(crate) fn cell(&self, bits: u32) -> u64 {
        self.cells.get(&bits).copied().unwrap_or(0)
    }

    /// # Errors
    /// The first list that nobody is on.
    pub(crate) fn none_is_empty(&self) -> Result<(), Refusal> {
        (0..self.lists).find(|list| self.on(*list) == 0).map_or(Ok(()), |list| Err(Refusal::EmptyList { list }))
    }

    fn sum(&self, counts: impl Fn(u32) -> bool) -> u64 {
        let cells = self.cells.iter().filter(|(bits, _)| counts(**bits));
        cells.fold(0, |sum, (_, units)| sum.saturating_add(*units))
    }
}

fn has(bits: u32, list: usize) -> bool {
    list < MOST_LISTS && bits & (1 << list) != 0
}
