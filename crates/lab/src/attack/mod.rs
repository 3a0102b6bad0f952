//! What was done to the server, told as traces in its logs. Nothing here can do it: these are lines, not requests.

mod actor;
mod afterwards;
mod autodiscover;
mod cve_2021_42321;
mod dlp_template;
mod hidden_directory;
mod oab_file_write;
mod owassrf;
mod powershell_back_end;
mod proxylogon;
mod proxynotshell;
mod proxyoracle;
mod proxyshell;
mod proxyshell_refused;
mod proxytoken;
mod refused;
mod relay_62911;
mod shell;
mod um_deserialization;
mod viewstate_rce;

use crate::{
    Scenario, Variant,
    clock::HOUR,
    dice::{Dice, Stream},
    stage::Stage,
};
use actor::Actor;
use proxylogon::Reach;
use proxyshell::Way;
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
        Variant::ProxyShellExport | Variant::ProxyShellHiddenDirectory => {
            proxyshell::play(stage, dice, &actor, at, Way::Export);
            shell::play(stage, dice, &actor, at, End::Stays);
            if scenario.variant == Variant::ProxyShellHiddenDirectory {
                hidden_directory::play(stage, dice, &actor, at + HOUR);
            }
        }
        Variant::ProxyShellCertificate => {
            proxyshell::play(stage, dice, &actor, at, Way::Certificate);
            shell::play(stage, dice, &actor, at, End::Stays);
        }
        Variant::ProxyNotShell => proxynotshell::play(stage, dice, &actor, at),
        Variant::Owassrf => owassrf::play(stage, dice, &actor, at),
        Variant::ProxyToken => proxytoken::play(stage, dice, &actor, at),
        Variant::ProxyOracle => proxyoracle::play(stage, dice, &actor, at),
        Variant::ViewstateRce => viewstate_rce::play(stage, dice, &actor, at),
        Variant::DlpTemplate => dlp_template::play(stage, dice, &actor, at),
        Variant::Cve202142321 => cve_2021_42321::play(stage, dice, &actor, at),
        Variant::PowerShellBackEnd => powershell_back_end::play(stage, dice, &actor, at),
        Variant::Relay62911 => {
            relay_62911::play(stage, dice, &actor, at);
            shell::play(stage, dice, &actor, at, End::Stays);
        }
        Variant::ProxyShellRefused => proxyshell_refused::play(stage, dice, &actor, at),
        Variant::TwoActors => {
            let other = Actor::by_chance(stage, dice, 130);
            for (actor, at) in [(actor, at), (other, at + HOUR + dice.between(-60_000, 60_000))] {
                proxylogon::play(stage, dice, &actor, at, Reach::File);
                shell::play(stage, dice, &actor, at, End::Stays);
            }
        }
        variant => {
            // Whatever hole the server has is the one they came through.
            let end = if variant == Variant::PostPageDeleted { End::Removed } else { End::Stays };
            actor.page = actor::Page::below_owa(stage, &actor.page.name);
            if stage.world.build_at(at).lacks_march_2021() {
                proxylogon::play(stage, dice, &actor, at, Reach::File);
            } else {
                proxyshell::play(stage, dice, &actor, at, Way::Export);
            }
            shell::play(stage, dice, &actor, at, end);
            afterwards::play(stage, dice, &actor, at, variant);
        }
    }
}
