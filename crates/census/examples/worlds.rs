//! How often the intervals hold: worlds in which the truth is known, drawn at random, and asked with every method.
//!
//! `cargo run --release -p afterpatch-census --example worlds` prints the table of docs/census.md. Draws are seeded, so everybody gets
//! the same numbers.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a program for developers")]

use afterpatch_census::{Estimate, Lists, Refusal, chao2, chapman, log_linear, sample_coverage};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Worlds of each kind.
const WORLDS: u64 = 1000;

/// A kind of world.
struct Kind {
    name: &'static str,
    /// Units there are.
    truth: u64,
    lists: usize,
    /// Puts one unit on lists.
    find: fn(&mut ChaCha8Rng) -> Vec<usize>,
}

const KINDS: [Kind; 8] = [
    Kind {
        name: "two lists that know nothing of each other (30 %, 25 %)",
        truth: 1000,
        lists: 2,
        find: |dice| each(dice, &[0.3, 0.25]),
    },
    Kind { name: "three such lists (30 %, 25 %, 20 %)", truth: 1000, lists: 3, find: |dice| each(dice, &[0.3, 0.25, 0.2]) },
    Kind { name: "the same, few servers", truth: 100, lists: 3, find: |dice| each(dice, &[0.3, 0.25, 0.2]) },
    Kind {
        name: "five such lists (30, 25, 20, 15, 10 %)",
        truth: 1000,
        lists: 5,
        find: |dice| each(dice, &[0.3, 0.25, 0.2, 0.15, 0.1]),
    },
    Kind {
        name: "the second list copies half of the first",
        truth: 1000,
        lists: 3,
        find: |dice| {
            let mut on = each(dice, &[0.3, 0.15, 0.2]);
            if on.contains(&0) && dice.random_bool(0.5) {
                on.push(1);
            }
            on
        },
    },
    Kind {
        name: "the second list avoids half of the first",
        truth: 1000,
        lists: 3,
        find: |dice| {
            let mut on = each(dice, &[0.3, 0.3, 0.2]);
            if on.contains(&0) && dice.random_bool(0.5) {
                on.retain(|list| *list != 1);
            }
            on
        },
    },
    Kind {
        name: "three in ten are four times harder to find",
        truth: 1000,
        lists: 3,
        find: |dice| if dice.random_bool(0.3) { each(dice, &[0.1, 0.08, 0.07]) } else { each(dice, &[0.4, 0.32, 0.28]) },
    },
    Kind {
        name: "one in five can be found by none",
        truth: 1000,
        lists: 3,
        find: |dice| if dice.random_bool(0.2) { Vec::new() } else { each(dice, &[0.3, 0.25, 0.2]) },
    },
];

/// A method: its name, and what it says.
type Method = (&'static str, fn(&Lists) -> Result<Estimate, Refusal>);

const METHODS: [Method; 4] = [
    ("Chapman, first two lists", |lists| chapman(lists, 0, 1)),
    ("Chao2, a lower bound", chao2),
    ("log-linear", |lists| log_linear(lists).map(|told| told.estimate)),
    ("sample coverage", |lists| sample_coverage(lists).map(|told| told.estimate)),
];

fn main() {
    print!("{}", table());
}

/// The table, as Markdown.
fn table() -> String {
    let mut out = String::from(
        "| worlds | method | median of estimate / truth | interval holds | lower end holds | refused |\n|---|---|---|---|---|---|\n",
    );
    for (number, kind) in (0..).zip(&KINDS) {
        let mut told = METHODS.map(|_| Vec::new());
        for world in 0..WORLDS {
            let mut dice = ChaCha8Rng::seed_from_u64(number << 32 | world);
            let mut lists = Lists::new(kind.lists).unwrap();
            for _ in 0..kind.truth {
                lists.add((kind.find)(&mut dice), 1);
            }
            for ((_, method), told) in METHODS.iter().zip(&mut told) {
                told.extend(method(&lists));
            }
        }
        for ((method, _), told) in METHODS.iter().zip(&mut told).filter(|(_, told)| !told.is_empty()) {
            out += &line(kind, method, told);
        }
    }
    out
}

fn line(kind: &Kind, method: &str, told: &mut [Estimate]) -> String {
    let truth = kind.truth as f64;
    let share = |holds: fn(&Estimate, f64) -> bool| {
        100.0 * told.iter().filter(|told| holds(told, truth)).count() as f64 / told.len() as f64
    };
    let both = share(|told, truth| told.interval.low <= truth && truth <= told.interval.high);
    let low = share(|told, truth| told.interval.low <= truth);
    let refused = 100.0 * (WORLDS - told.len() as u64) as f64 / WORLDS as f64;
    told.sort_by(|one, other| one.all.total_cmp(&other.all));
    let median = told[told.len() / 2].all / truth;
    format!("| {} | {method} | {median:.2} | {both:.1} % | {low:.1} % | {refused:.1} % |\n", kind.name)
}

/// On each list by a throw of its own.
fn each(dice: &mut ChaCha8Rng, chances: &[f64]) -> Vec<usize> {
    let mut on = Vec::new();
    for (list, chance) in chances.iter().enumerate() {
        if dice.random_bool(*chance) {
            on.push(list);
        }
    }
    on
}
