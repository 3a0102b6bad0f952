//! Values worked out elsewhere, and what must hold for any lists.
#![allow(clippy::unwrap_used, missing_docs)]

use afterpatch_census::{Lists, Refusal, chao1, chao2, chapman, lincoln_petersen, log_linear, merge, sample_coverage};
use proptest::prelude::*;

fn pair(m: u64, c: u64, r: u64) -> Lists {
    let mut lists = Lists::new(2).unwrap();
    lists.add([0, 1], r);
    lists.add([0], m - r);
    lists.add([1], c - r);
    lists
}

fn close(one: f64, other: f64, by: f64) {
    assert!((one - other).abs() <= by, "{one} is not {other}");
}

#[test]
fn two_lists_give_the_known_values() {
    let lists = pair(200, 150, 60);
    close(lincoln_petersen(&lists, 0, 1).unwrap(), 500.0, 1e-9);
    let told = chapman(&lists, 0, 1).unwrap();
    assert_eq!(told.seen, 290);
    close(told.all, 496.6, 0.05);
    close(told.error, 40.7, 0.05);
    // By hand: spread = exp(1.96 √ln(1 + (40.71/206.56)²)) = 1.466.
    close(told.interval.low, 430.9, 0.5);
    close(told.interval.high, 592.9, 0.7);
}

#[test]
fn four_lists_give_the_known_lower_bound() {
    let mut lists = Lists::new(4).unwrap();
    for list in 0..4 {
        lists.add([list], 30);
    }
    lists.add([0, 1], 60);
    lists.add([0, 1, 2], 70);
    close(chao2(&lists).unwrap().all, 337.8, 0.05);
    // Without the factor (t−1)/t: 250 + 120·119 / (2·61).
    close(chao1(250, 120, 60).unwrap().all, 367.05, 0.01);
}

/// Hepatitis A in northern Taiwan, 1995, three incomplete lists (Chao and others 2001, tables I and II): lists P, Q, E.
fn hepatitis() -> Lists {
    let mut lists = Lists::new(3).unwrap();
    for (on, units) in [(&[0, 1, 2][..], 28), (&[0, 1], 21), (&[0, 2], 17), (&[1, 2], 18), (&[0], 69), (&[1], 55), (&[2], 63)] {
        lists.add(on.iter().copied(), units);
    }
    lists
}

#[test]
fn three_lists_give_the_published_sample_coverage() {
    let told = sample_coverage(&hepatitis()).unwrap();
    close(told.coverage, 0.513, 0.001);
    assert!(told.one_step);
    close(told.estimate.all, 508.0, 0.5);
}

#[test]
fn well_covered_lists_give_their_number_whole() {
    // Expected numbers of 1,000 units on lists that find 70, 60 and 50 % and know nothing of each other.
    let mut lists = Lists::new(3).unwrap();
    for (on, units) in [(&[0, 1, 2][..], 210), (&[0, 1], 210), (&[0, 2], 140), (&[1, 2], 90), (&[0], 140), (&[1], 90), (&[2], 60)]
    {
        lists.add(on.iter().copied(), units);
    }
    let covered = sample_coverage(&lists).unwrap();
    assert!(!covered.one_step);
    close(covered.estimate.all, 1000.0, 1e-6);
    let modelled = log_linear(&lists).unwrap();
    assert!(modelled.pairs.is_empty());
    close(modelled.estimate.all, 1000.0, 1e-6);
    // For independent lists the variance is known (Darroch 1958): of 1,000 units 60 are on no list, and 300, 400, 500 not on each.
    let darroch = (1.0 / (1.0 / 60.0 + 2.0 / 1000.0 - 1.0 / 300.0 - 1.0 / 400.0 - 1.0 / 500.0_f64)).sqrt();
    close(modelled.estimate.error, darroch, 0.05 * darroch);
}

#[test]
fn log_linear_models_give_the_published_number() {
    let told = log_linear(&hepatitis()).unwrap();
    // All pairs: N is known in closed form, 271 + 28·69·55·63 / (21·17·18).
    assert_eq!(told.pairs.len(), 3);
    close(told.estimate.all, 271.0 + 28.0 * 69.0 * 55.0 * 63.0 / (21.0 * 17.0 * 18.0), 0.01);
    let unseen = told.estimate.all - 271.0;
    let of_logarithm = [28.0, 21.0, 17.0, 18.0, 69.0, 55.0, 63.0].map(|units: f64| 1.0 / units).iter().sum::<f64>();
    close(told.estimate.error, (unseen + unseen * unseen * of_logarithm).sqrt(), 0.1);
}

#[test]
fn what_a_method_cannot_take_is_refused() {
    assert_eq!(Lists::new(33), Err(Refusal::ManyLists { lists: 33, most: 32 }));
    assert_eq!(log_linear(&pair(50, 50, 9)), Err(Refusal::FewLists { lists: 2, needed: 3 }));
    assert_eq!(sample_coverage(&Lists::new(4).unwrap()), Err(Refusal::ManyLists { lists: 4, most: 3 }));
    assert_eq!(log_linear(&Lists::new(9).unwrap()), Err(Refusal::ManyLists { lists: 9, most: 8 }));
    let mut lists = Lists::new(3).unwrap();
    lists.add([0, 1], 20);
    assert_eq!(log_linear(&lists), Err(Refusal::EmptyList { list: 2 }));
    assert_eq!(sample_coverage(&lists), Err(Refusal::EmptyList { list: 2 }));
}

#[test]
fn too_little_is_refused() {
    assert_eq!(chapman(&pair(200, 150, 6), 0, 1), Err(Refusal::SmallOverlap { overlap: 6 }));
    assert!(chapman(&pair(200, 150, 7), 0, 1).is_ok());
    assert_eq!(lincoln_petersen(&pair(9, 0, 0), 0, 1), Err(Refusal::EmptyList { list: 1 }));
    assert_eq!(chapman(&pair(9, 9, 9), 0, 0), Err(Refusal::FewLists { lists: 1, needed: 2 }));
    assert_eq!(chao2(&Lists::new(1).unwrap()), Err(Refusal::FewLists { lists: 1, needed: 2 }));
    assert_eq!(chao2(&pair(50, 50, 3)), Err(Refusal::SmallOverlap { overlap: 3 }));
}

#[test]
fn entries_that_share_a_key_are_one() {
    let entries = [vec!["a"], vec!["b"], vec![], vec!["a", "c"], vec!["c", "b"], vec!["d"]];
    assert_eq!(merge(&entries.map(|keys| keys.to_vec())), [0, 0, 2, 0, 0, 5]);
}

proptest! {
    #[test]
    fn no_estimate_is_below_what_was_seen(only_one in 0u64..5000, only_other in 0u64..5000, both in 7u64..5000) {
        let lists = pair(only_one + both, only_other + both, both);
        for told in [chapman(&lists, 0, 1).unwrap(), chao2(&lists).unwrap()] {
            let seen = lists.seen() as f64;
            prop_assert!(told.interval.low >= seen && told.interval.low <= told.all && told.all <= told.interval.high);
            prop_assert!(told.interval.high.is_finite() && told.error.is_finite());
        }
    }

    #[test]
    fn the_order_of_lists_says_nothing_and_more_overlap_means_fewer_unseen(m in 50u64..500, c in 50u64..500, r in 7u64..49) {
        let told = |m, c, r| chapman(&pair(m, c, r), 0, 1).unwrap().all;
        prop_assert_eq!(told(m, c, r), told(c, m, r));
        prop_assert!(told(m, c, r + 1) < told(m, c, r));
    }

    #[test]
    fn three_lists_of_any_numbers_give_a_sound_estimate_or_a_refusal(cells in prop::collection::vec(0u64..3000, 7)) {
        let mut lists = Lists::new(3).unwrap();
        for (bits, units) in (1usize..).zip(&cells) {
            lists.add((0..3).filter(|list| bits >> list & 1 == 1), *units);
        }
        let seen = lists.seen() as f64;
        let told = [log_linear(&lists).map(|told| told.estimate), sample_coverage(&lists).map(|told| told.estimate)];
        for told in told.into_iter().flatten() {
            prop_assert!(told.all.is_finite() && told.error.is_finite() && told.interval.high.is_finite(), "{told:?}");
            prop_assert!(told.interval.low >= seen && told.interval.low <= told.all && told.all <= told.interval.high, "{told:?}");
        }
    }

    #[test]
    fn merging_finds_what_walking_from_entry_to_entry_finds(entries in prop::collection::vec(prop::collection::vec(0u8..20, 0..4), 0..20)) {
        let mut slow: Vec<usize> = (0..entries.len()).collect();
        for _ in 0..entries.len() {
            for one in 0..entries.len() {
                for other in 0..entries.len() {
                    if entries[one].iter().any(|key| entries[other].contains(key)) {
                        slow[one] = slow[one].min(slow[other]);
                    }
                }
            }
        }
        prop_assert_eq!(merge(&entries), slow);
    }
}
