//! Three lists or more, that may know of each other.

use crate::linear::Normal;
use crate::{Estimate, LEAST_OVERLAP, Lists, Refusal};

/// So many lists at most: with t lists there are 2^t − 1 cells, and with many lists nearly all of them are empty.
pub const MOST_MODELLED: usize = 8;
/// Steps within which a fit must settle.
const MOST_STEPS: usize = 100;
/// A coefficient beyond this belongs to a cell that the model takes for empty: there is no fit then.
const WILDEST: f64 = 25.0;

/// What the chosen model says.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLinear {
    /// How many there are. The interval takes the chosen model for the true one, so it is rather too narrow.
    pub estimate: Estimate,
    /// The pairs of lists that the model lets depend on each other, each counted from 0.
    pub pairs: Vec<(usize, usize)>,
    /// Akaike's criterion, up to a constant that is the same for all models of the same lists.
    pub aic: f64,
}

/// Poisson log-linear models with terms for pairs of lists (Fienberg 1972): begins with lists that know nothing of each other, and
/// adds the pair that lowers Akaike's criterion most for as long as one does. A pair without anybody on both lists is not offered:
/// its term has no finite value.
///
/// # Errors
/// A [`Refusal`] with fewer than three lists or more than [`MOST_MODELLED`], with an empty one, with too small an overlap, or when no
/// model fits.
pub fn log_linear(lists: &Lists) -> Result<LogLinear, Refusal> {
    let t = lists.lists();
    if t < 3 {
        return Err(Refusal::FewLists { lists: t, needed: 3 });
    }
    if t > MOST_MODELLED {
        return Err(Refusal::ManyLists { lists: t, most: MOST_MODELLED });
    }
    lists.none_is_empty()?;
    if lists.overlap() < LEAST_OVERLAP {
        return Err(Refusal::SmallOverlap { overlap: lists.overlap() });
    }
    let cells = (1..1u32 << t).map(|bits| (bits, lists.cell(bits) as f64)).collect::<Vec<_>>();
    let mut offered = (0..t).flat_map(|one| (one + 1..t).map(move |other| (one, other))).collect::<Vec<_>>();
    offered.retain(|(one, other)| lists.on_both(*one, *other) > 0);
    let mut best = fit(&cells, t, &[]);
    loop {
        let chosen = best.as_ref().map_or(&[][..], |fit| &fit.pairs);
        let tried = offered.iter().filter(|pair| !chosen.contains(pair)).filter_map(|pair| {
            let pairs = chosen.iter().copied().chain([*pair]).collect::<Vec<_>>();
            fit(&cells, t, &pairs)
        });
        let next = tried.min_by(|one, other| one.aic.total_cmp(&other.aic));
        match (next, &best) {
            (Some(next), Some(before)) if next.aic < before.aic => best = Some(next),
            (Some(next), None) => best = Some(next),
            _ => break,
        }
    }
    let Fit { pairs, aic, unseen, unseen_variance } = best.ok_or(Refusal::NoFit)?;
    let seen = lists.seen();
    Ok(LogLinear { estimate: Estimate::new(seen, seen as f64 + unseen, unseen_variance), pairs, aic })
}

struct Fit {
    pairs: Vec<(usize, usize)>,
    aic: f64,
    unseen: f64,
    unseen_variance: f64,
}

/// Iteratively reweighted least squares. `None` when it does not settle, or settles nowhere near the data.
fn fit(cells: &[(u32, f64)], lists: usize, pairs: &[(usize, usize)]) -> Option<Fit> {
    let has = |bits: u32, list: usize| f64::from(bits >> list & 1);
    let row = |bits: u32| {
        let of_lists = (0..lists).map(move |list| has(bits, list));
        let of_pairs = pairs.iter().map(move |(one, other)| has(bits, *one) * has(bits, *other));
        std::iter::once(1.0).chain(of_lists).chain(of_pairs).collect::<Vec<_>>()
    };
    let rows = cells.iter().map(|(bits, count)| (row(*bits), *count)).collect::<Vec<_>>();
    let terms = 1 + lists + pairs.len();
    let mut means = rows.iter().map(|(_, count)| count + 0.5).collect::<Vec<_>>();
    let mut before = f64::NEG_INFINITY;
    for _ in 0..MOST_STEPS {
        let mut normal = Normal::new(terms);
        for ((row, count), mean) in rows.iter().zip(&means) {
            normal.add(row, *mean, mean.ln() + (count - mean) / mean);
        }
        let solved = normal.solve()?;
        if solved.solution.iter().any(|value| !value.is_finite() || value.abs() > WILDEST) {
            return None;
        }
        for ((row, _), mean) in rows.iter().zip(&mut means) {
            let exponent = row.iter().zip(&solved.solution).map(|(x, beta)| x * beta).sum::<f64>();
            *mean = exponent.clamp(-WILDEST, 2.0 * WILDEST).exp();
        }
        let likelihood = rows.iter().zip(&means).map(|((_, count), mean)| count * mean.ln() - mean).sum::<f64>();
        if (likelihood - before).abs() < 1e-9 * (1.0 + likelihood.abs()) {
            let unseen = solved.solution.first()?.exp();
            let unseen_variance = unseen + unseen * unseen * solved.first_variance;
            return Some(Fit { pairs: pairs.to_vec(), aic: 2.0 * (terms as f64 - likelihood), unseen, unseen_variance });
        }
        before = likelihood;
    }
    None
}
