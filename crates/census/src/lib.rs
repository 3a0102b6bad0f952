//! How many were seen by nobody: lists of victims are *captures*, and their overlap tells of those on none of them.
//!
//! A leaf, useful alone: it knows neither servers nor files. [`Lists`] says how many units stand on which lists, [`chapman`],
//! [`lincoln_petersen`], [`chao1`] and [`chao2`] estimate, [`merge`] decides which entries speak of one unit.
//!
//! Every estimate rests on assumptions: nobody comes or goes meanwhile, the lists know nothing of each other, everybody is as easy
//! to find as everybody else, and equal units are known as equal. Where the overlap is below [`LEAST_OVERLAP`] there is a
//! [`Refusal`] instead of a number.

mod chao;
mod interval;
mod lists;
mod merge;
mod pair;

pub use chao::{chao1, chao2};
pub use interval::{Estimate, Interval};
pub use lists::{LEAST_OVERLAP, Lists, MOST_LISTS, Refusal};
pub use merge::merge;
pub use pair::{chapman, lincoln_petersen};
