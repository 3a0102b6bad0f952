//! What was done to the server, told as traces in its logs. Nothing here can do it: these are lines, not requests.

mod actor;
mod oab_file_write;
mod proxylogon;
mod refused;
mod shell;
mod um_deserialization;

use crate::{
    Scenario, Variant,
    clock::HOUR,
    dice::{Dice, Stream},
    stage::Stage,
};
use actor::Actor;
use proxylogon::Reach;
use shell::End;

/// Plays the attack of the scenario's variant.
pub(crate) fn play(stage: &mut Stage, scenario: &Scenario) {
    let mut dice = Dice::new(scenario.seed, Stream::Attack);
    let dice = &mut dice;
    // Between 30 and 38 of a hundred parts of the span: logs before it, room for use, removal and update after it.
    let at = stage.world.at_share(dice.between(300, 380)) + dice.between(0, 59_999);
    let mut actor = Actor::by_chance(stage, dice, 10);
    match scenario.variant {
        Variant::Benign | Variant::ScannedOnly => {}
        Variant::AttemptedRefused => refused::play(stage, dice, &actor, at),
        Variant::ProxyLogonSessionOnly => proxylogon::play(stage, dice, &actor, at, Reach::Session),
        Variant::UmDeserialization => um_deserialization::play(stage, dice, at),
        Variant::OabFileWrite => {
            oab_file_write::play(stage, dice, &actor, at);
            shell::play(stage, dice, &actor, at, End::Stays);
        }
        Variant::ProxyLogonOabRemoved => {
            // Only here does the log have to show the page's end: as 302 of the front end.
            actor.page = actor::Page::below_owa(stage, &actor.page.name);
            proxylogon::play(stage, dice, &actor, at, Reach::File);
            shell::play(stage, dice, &actor, at, End::Removed);
        }
        Variant::ProxyLogonOab | Variant::ProxyLogonPostPatch | Variant::ProxyLogonEcpOnly | Variant::ProxyLogonEventsOnly => {
            proxylogon::play(stage, dice, &actor, at, Reach::File);
            shell::play(stage, dice, &actor, at, End::Stays);
        }
        Variant::TwoActors => {
            let other = Actor::by_chance(stage, dice, 130);
            for (actor, at) in [(actor, at), (other, at + HOUR + dice.between(-60_000, 60_000))] {
                proxylogon::play(stage, dice, &actor, at, Reach::File);
                shell::play(stage, dice, &actor, at, End::Stays);
            }
        }
    }
}
