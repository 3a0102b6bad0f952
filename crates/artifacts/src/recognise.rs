//! Which format an artifact is of.
//!
//! Heads are asked before names: a log that was renamed is still read, and a file that only has a log's name is not taken
//! for one. What nobody reads but is known by its head, its first bytes or its name is named, so that a report can say what
//! was there and was not looked at.

mod known_unread;
#[cfg(test)]
mod tests;

use afterpatch_model::ArtifactKind;

use crate::access_log::{AccessLog, is_access_log_name};
use crate::aspnet_compiled::{AspnetCompiled, is_compiled_name};
use crate::collection_manifest::CollectionManifest;
use crate::defender_history::DefenderHistory;
use crate::defender_log::{DefenderLog, is_defender_log_name};
use crate::event_json::EventJson;
use crate::event_xml::EventXml;
use crate::evtx::Evtx;
use crate::exchange_audit::ExchangeAudit;
use crate::exchange_ecp::{ExchangeEcp, is_ecp_name};
use crate::exchange_ecp_activity::ExchangeEcpActivity;
use crate::exchange_ews::ExchangeEws;
use crate::exchange_httpproxy::{ExchangeHttpproxy, is_httpproxy_name};
use crate::exchange_message_tracking::ExchangeMessageTracking;
use crate::exchange_oab_generator::ExchangeOabGenerator;
use crate::exchange_rps_cmdlet::ExchangeRpsCmdlet;
use crate::exchange_rps_http::ExchangeRpsHttp;
use crate::exchange_setup::{ExchangeSetup, is_setup_name};
use crate::http_err::HttpErr;
use crate::iis_config::{IisConfig, is_iis_config_name};
use crate::iis_w3c::{IisW3c, is_iis_name};
use crate::live_state::LiveState;
use crate::ntfs_mft::{NtfsMft, is_table_name};
use crate::ntfs_usn::{NtfsUsn, is_journal_name};
use crate::pe_version::PeVersion;
use crate::registry_hive::RegistryHive;
use crate::scheduled_task::ScheduledTask;
use crate::served_script::{HiddenScript, ServedScript};
use crate::transport_agents::{TransportAgents, is_agents_name};
use crate::vault_journal::VaultJournal;
use crate::{Format, Input};

/// What an entry of the evidence was recognised as.
pub enum Recognised {
    /// An artifact that this format reads.
    Format(&'static dyn Format),
    /// A log or file of a known kind (named here for people) that this version does not read.
    KnownUnread(&'static str),
    /// Named like an artifact of this kind, but its content is something else.
    NotWhatItSays(ArtifactKind),
    /// Nothing to us.
    Nothing,
}

/// All formats, in the order in which they are asked: a served script is one by its name alone, so its name is asked before
/// contents that a visitor of the server could have shaped; then what a head proves; what path and head prove together last.
pub fn formats() -> &'static [&'static dyn Format] {
    &[
        &ServedScript,
        &VaultJournal,
        &CollectionManifest,
        &LiveState,
        &Evtx,
        &RegistryHive,
        &DefenderHistory,
        &AspnetCompiled,
        &ExchangeHttpproxy,
        &ExchangeEcp,
        &ExchangeEcpActivity,
        &ExchangeRpsHttp,
        &ExchangeRpsCmdlet,
        &ExchangeAudit,
        &ExchangeMessageTracking,
        &ExchangeEws,
        &ExchangeOabGenerator,
        &ExchangeSetup,
        &IisW3c,
        &HttpErr,
        &AccessLog,
        &EventJson,
        &EventXml,
        &IisConfig,
        &ScheduledTask,
        &TransportAgents,
        &DefenderLog,
        &PeVersion,
        &NtfsMft,
        &NtfsUsn,
        &HiddenScript,
    ]
}

/// Asks every format whether the input is its own.
pub fn recognise(input: &Input<'_>) -> Recognised {
    if let Some(format) = formats().iter().find(|format| format.recognise(input)) {
        return Recognised::Format(*format);
    }
    let (name, head) = (input.entry().file_name(), input.head());
    if let Some(kind) = known_unread::find(name, head) {
        return Recognised::KnownUnread(kind);
    }
    match named_kind(name) {
        Some(kind) if !head.is_empty() => Recognised::NotWhatItSays(kind),
        _ => Recognised::Nothing,
    }
}

/// The kind that a file name promises.
fn named_kind(name: &str) -> Option<ArtifactKind> {
    match name {
        name if is_iis_name(name) => Some(ArtifactKind::IisW3c),
        name if is_httpproxy_name(name) => Some(ArtifactKind::ExchangeHttpproxy),
        name if is_ecp_name(name) => Some(ArtifactKind::ExchangeEcp),
        name if is_iis_config_name(name) => Some(ArtifactKind::IisConfig),
        name if is_agents_name(name) => Some(ArtifactKind::TransportAgents),
        name if is_defender_log_name(name) => Some(ArtifactKind::DefenderLog),
        name if is_setup_name(name) => Some(ArtifactKind::ExchangeSetup),
        name if is_access_log_name(name) => Some(ArtifactKind::AccessLog),
        name if is_compiled_name(name) => Some(ArtifactKind::AspnetCompiled),
        name if is_table_name(name) => Some(ArtifactKind::NtfsMft),
        name if is_journal_name(name) => Some(ArtifactKind::NtfsUsn),
        name if name.to_ascii_lowercase().ends_with(".evtx") => Some(ArtifactKind::Evtx),
        name => NAMED_LIKE.iter().find(|(start, _)| is_log_named(name, start)).map(|(_, kind)| *kind),
    }
}

/// Beginnings of the names that Exchange and HTTP.sys give their logs, in lower case.
const NAMED_LIKE: &[(&str, ArtifactKind)] = &[
    ("ecpactivity_", ArtifactKind::ExchangeEcpActivity),
    ("rps_http_", ArtifactKind::ExchangeRpsHttp),
    ("rps_cmdlet_", ArtifactKind::ExchangeRpsCmdlet),
    ("msgtrk", ArtifactKind::ExchangeMessageTracking),
    ("ews_", ArtifactKind::ExchangeEws),
    ("httperr", ArtifactKind::HttpErr),
];

fn is_log_named(name: &str, start: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(start) && name.ends_with(".log")
}
