//! Two lists.

use crate::{Estimate, LEAST_OVERLAP, Lists, Refusal};

/// Lincoln-Petersen, M·C / R: the plain ratio, too high when the overlap is small. Chapman is better; this one is what others tell.
///
/// # Errors
/// A [`Refusal`] when the overlap of the two lists is too small.
pub fn lincoln_petersen(lists: &Lists, one: usize, other: usize) -> Result<f64, Refusal> {
    let (m, c, r) = sizes(lists, one, other)?;
    Ok(m * c / r)
}

/// Chapman (1951): (M+1)(C+1)/(R+1) − 1, with the variance (M+1)(C+1)(M−R)(C−R) / ((R+1)²(R+2)).
///
/// # Errors
/// A [`Refusal`] when the overlap of the two lists is too small.
pub fn chapman(lists: &Lists, one: usize, other: usize) -> Result<Estimate, Refusal> {
    let (m, c, r) = sizes(lists, one, other)?;
    let product = (m + 1.0) * (c + 1.0);
    let variance = product * (m - r) * (c - r) / ((r + 1.0).powi(2) * (r + 2.0));
    let seen = lists.on(one).saturating_add(lists.on(other)).saturating_sub(lists.on_both(one, other));
    Ok(Estimate::new(seen, product / (r + 1.0) - 1.0, variance))
}

fn sizes(lists: &Lists, one: usize, other: usize) -> Result<(f64, f64, f64), Refusal> {
    if one == other || lists.lists() < 2 {
        return Err(Refusal::FewLists { lists: 1, needed: 2 });
    }
    if let Some(list) = [one, other].into_iter().find(|list| lists.on(*list) == 0) {
        return Err(Refusal::EmptyList { list });
    }
    let overlap = lists.on_both(one, other);
    if overlap < LEAST_OVERLAP {
        return Err(Refusal::SmallOverlap { overlap });
    }
    Ok((lists.on(one) as f64, lists.on(other) as f64, overlap as f64))
}
