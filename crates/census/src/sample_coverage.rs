//! Three lists, by how much of the whole they cover.

use crate::{Estimate, LEAST_OVERLAP, Lists, Refusal};

/// Above this coverage the full estimate is stable; below, the one-step estimate is told (Chao and others 2001).
const ENOUGH: f64 = 0.55;

/// What the method says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleCoverage {
    /// How many there are.
    pub estimate: Estimate,
    /// The share of the whole that the lists cover on average, each unit weighed by how easily it is found.
    pub coverage: f64,
    /// Whether little is covered, so that the estimate is the one-step one: rather too low when lists know of each other.
    pub one_step: bool,
}

/// Sample coverage of three incomplete lists that may know of each other (Chao, Tsay, Lin, Shau, Chao 2001, Statistics in Medicine
/// 20: 3123). The standard error is by the delta method, not by their bootstrap.
///
/// # Errors
/// A [`Refusal`] when there are not exactly three lists, one is empty, the overlap is too small, or the numbers give no estimate.
pub fn sample_coverage(lists: &Lists) -> Result<SampleCoverage, Refusal> {
    match lists.lists() {
        3 => {}
        few if few < 3 => return Err(Refusal::FewLists { lists: few, needed: 3 }),
        many => return Err(Refusal::ManyLists { lists: many, most: 3 }),
    }
    lists.none_is_empty()?;
    if lists.overlap() < LEAST_OVERLAP {
        return Err(Refusal::SmallOverlap { overlap: lists.overlap() });
    }
    let cells: [f64; 8] = std::array::from_fn(|bits| u32::try_from(bits).map_or(0.0, |bits| lists.cell(bits) as f64));
    let coverage = covered(&cells);
    let seen = lists.seen();
    let full = full(&cells).filter(|all| coverage >= ENOUGH && *all >= seen as f64);
    let of = |cells: &[f64; 8]| if full.is_some() { self::full(cells) } else { one_step(cells) };
    let all = of(&cells).filter(|all| all.is_finite()).ok_or(Refusal::NoFit)?;
    let variance = variance(&cells, all, of).ok_or(Refusal::NoFit)?;
    Ok(SampleCoverage { estimate: Estimate::new(seen, all, variance), coverage, one_step: full.is_none() })
}

/// Sum of the cells of which `counts` is true. Bit n of a cell: on list n.
fn sum(cells: &[f64; 8], counts: impl Fn(usize) -> bool) -> f64 {
    cells.iter().enumerate().filter(|(bits, _)| counts(*bits)).map(|(_, units)| units).sum()
}

/// 1 − ⅓ Σ (on this list alone) / (on this list).
fn covered(cells: &[f64; 8]) -> f64 {
    let alone = |list: usize| sum(cells, |bits| bits == 1 << list) / sum(cells, |bits| bits >> list & 1 == 1);
    1.0 - (alone(0) + alone(1) + alone(2)) / 3.0
}

/// A pair of lists.
struct Pair {
    /// On both.
    both: f64,
    /// Product of their sizes.
    product: f64,
    /// On the one and not on the third, plus on the other and not on the third.
    beside: f64,
}

fn pairs(cells: &[f64; 8]) -> [Pair; 3] {
    [(0, 1, 2), (0, 2, 1), (1, 2, 0)].map(|(one, other, third)| {
        let on = |bits: usize, list: usize| bits >> list & 1 == 1;
        let size = |list: usize| sum(cells, |bits| on(bits, list));
        let without = |list: usize| sum(cells, |bits| on(bits, list) && !on(bits, third));
        Pair {
            both: sum(cells, |bits| on(bits, one) && on(bits, other)),
            product: size(one) * size(other),
            beside: without(one) + without(other),
        }
    })
}

/// The estimate that solves for the dependence of the lists and the whole together.
fn full(cells: &[f64; 8]) -> Option<f64> {
    let (pairs, coverage) = (pairs(cells), covered(cells));
    let both = pairs.iter().map(|pair| pair.both).sum::<f64>();
    let lost = pairs.iter().map(|pair| pair.beside * pair.both / pair.product).sum::<f64>();
    let left = 1.0 - lost / (3.0 * coverage);
    (left > 0.0).then(|| both / (3.0 * coverage) / left)
}

/// The estimate that takes the dependence of the lists from an estimate without it, twice.
fn one_step(cells: &[f64; 8]) -> Option<f64> {
    let (pairs, coverage) = (pairs(cells), covered(cells));
    let alone = sum(cells, |bits| bits.count_ones() == 1);
    let plain = (sum(cells, |bits| bits != 0) - alone / 3.0) / coverage;
    let corrected = |all: f64| {
        let dependence = pairs.iter().map(|pair| pair.beside * (all * pair.both / pair.product - 1.0)).sum::<f64>();
        plain + dependence / (3.0 * coverage)
    };
    (coverage > 0.0).then(|| corrected(corrected(plain)))
}

/// Delta method: the cells are multinomial in `all` units, and each is moved a little to see what it does to the estimate.
fn variance(cells: &[f64; 8], all: f64, of: impl Fn(&[f64; 8]) -> Option<f64>) -> Option<f64> {
    let (mut squares, mut mean) = (0.0, 0.0);
    for at in 1..cells.len() {
        let units = *cells.get(at)?;
        let step = 0.01 * units.max(1.0);
        let moved = |by: f64| {
            let mut moved = *cells;
            *moved.get_mut(at)? += by;
            of(&moved)
        };
        let slope = (moved(step)? - of(cells)?) / step;
        squares += slope * slope * units;
        mean += slope * units;
    }
    Some((squares - mean * mean / all).max(0.0))
}
