//! An ordinary server: users, probes, administration, visitors, and the things that look bad and are not
//! (each met in a real report).

mod admin;
mod delegates;
mod mail;
mod monitoring_page;
mod noise;
mod probes;
mod remote_shells;
mod scans;
mod settings;
mod upkeep;
mod users;
mod visitors;

use crate::{
    Scenario, Variant,
    dice::{Dice, Stream},
    stage::Stage,
};

/// Plays everything but the attack.
pub(crate) fn play(stage: &mut Stage, scenario: &Scenario) {
    let mut dice = Dice::new(scenario.seed, Stream::Benign);
    users::play(stage, &mut dice, scenario.requests_per_day);
    probes::play(stage, &mut dice, scenario.requests_per_day);
    admin::play(stage, &mut dice);
    remote_shells::play(stage, &mut dice);
    mail::play(stage, &mut dice, scenario.requests_per_day);
    delegates::play(stage, &mut dice);
    settings::play(stage, &mut dice);
    upkeep::play(stage, &mut dice);
    monitoring_page::play(stage, &mut dice);
    noise::play(stage, &mut dice);
    visitors::play(stage, &mut dice);

    // Who is attacked is usually scanned as well, before and after.
    let mut dice = Dice::new(scenario.seed, Stream::Scan);
    let scanned = dice.chance(50);
    if scenario.variant == Variant::ScannedOnly || (scanned && scenario.variant != Variant::Benign) {
        scans::play(stage, &mut dice);
    }
}
