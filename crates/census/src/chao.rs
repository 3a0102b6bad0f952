//! Lower bounds that allow for units that are harder to find than others (Chao 1987, in the form corrected for bias).

use crate::{Estimate, LEAST_OVERLAP, Lists, Refusal};

/// Chao2: at least so many there are, from how many stand on exactly one and exactly two of t lists.
///
/// # Errors
/// A [`Refusal`] with fewer than two lists, or when too few stand on two or more.
pub fn chao2(lists: &Lists) -> Result<Estimate, Refusal> {
    if lists.lists() < 2 {
        return Err(Refusal::FewLists { lists: lists.lists(), needed: 2 });
    }
    let t = lists.lists() as f64;
    bound(lists.seen(), lists.overlap(), lists.on_exactly(1), lists.on_exactly(2), (t - 1.0) / t)
}

/// Chao1: the same from how often each was sighted: of `seen` units `once` were sighted once and `twice` twice.
///
/// # Errors
/// A [`Refusal`] when too few were sighted more than once.
pub fn chao1(seen: u64, once: u64, twice: u64) -> Result<Estimate, Refusal> {
    bound(seen, seen.saturating_sub(once), once, twice, 1.0)
}

fn bound(seen: u64, overlap: u64, once: u64, twice: u64, factor: f64) -> Result<Estimate, Refusal> {
    if overlap < LEAST_OVERLAP {
        return Err(Refusal::SmallOverlap { overlap });
    }
    let (q1, q2) = (once as f64, twice as f64);
    let others = (q1 - 1.0).max(0.0);
    let unseen = factor * q1 * others / (2.0 * (q2 + 1.0));
    let variance = unseen
        + factor.powi(2) * q1 * (2.0 * q1 - 1.0).max(0.0).powi(2) / (4.0 * (q2 + 1.0).powi(2))
        + factor.powi(2) * q1.powi(2) * q2 * others.powi(2) / (4.0 * (q2 + 1.0).powi(4));
    Ok(Estimate::new(seen, seen as f64 + unseen, variance))
}
