//! How many were seen by nobody: lists of victims are *captures*, and their overlap tells of those on none of them.
//!
//! A leaf, useful alone: it knows neither servers nor files. [`Lists`] says how many units stand on which lists, [`chapman`],
//! [`lincoln_petersen`], [`chao1`], [`chao2`], [`log_linear`] and [`sample_coverage`] estimate, [`merge`] decides which entries speak of one unit.
//!
//! Every estimate rests on assumptions: nobody comes or goes meanwhile, the lists know nothing of each other, everybody is as easy
//! to find as everybody else, and equal units are known as equal. Where the overlap is below [`LEAST_OVERLAP`] there is a
//! [`Refusal`] instead of a number.

mod chao;
mod interval;
mod linear;
mod lists;
mod log_linear;
mod merge;
mod pair;
mod sample_coverage;

pub use chao::{chao1, chao2};
pub use interval::{Estimate, Interval};
pub use lists::{LEAST_OVERLAP, Lists, MOST_LISTS, Refusal};
pub use log_linear::{LogLinear, MOST_MODELLED, log_linear};
pub use merge::merge;
pub use pair::{chapman, lincoln_petersen};
pub use sample_coverage::{SampleCoverage, sample_coverage};
