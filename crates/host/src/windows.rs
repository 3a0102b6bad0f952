//! Places of a Windows server.
//!
//! Where Exchange, IIS and Windows keep their logs, pages and settings: facts as in the readers of each format
//! (`afterpatch-artifacts`). Where attackers left files: CISA AA21-062A, Microsoft (2021-03-02 ff.), ESET (2021-03-10).

use afterpatch_evidence::Place;

use crate::settings::Settings;
use crate::tree::Tree;
use crate::{Purpose, Spot};

/// All folders below.
const ALL: u32 = u32::MAX;

/// Files that say where the rest is.
const SETTINGS: &[&str] = &[
    r"?:\Windows\System32\config\SOFTWARE",
    r"?:\Windows\System32\config\SYSTEM",
    r"?:\Windows\System32\inetsrv\config\applicationHost.config",
];

/// Where Exchange is installed when nobody says otherwise; other drives are usual.
const EXCHANGE: &[&str] = &[r"?:\Program Files\Microsoft\Exchange Server\V1*"];

/// Below where Exchange is installed. Mailbox databases (`Mailbox`) hold nothing that a scan reads, and are large.
const IN_EXCHANGE: &[(&str, Purpose, u32)] = &[
    ("", Purpose::State, 0),
    (r"\Bin", Purpose::State, 0),
    (r"\ClientAccess", Purpose::Pages, ALL),
    (r"\FrontEnd", Purpose::Pages, ALL),
    (r"\ExchangeOAB", Purpose::Pages, ALL),
    (r"\Logging", Purpose::Logs, ALL),
    (r"\TransportRoles\Logs", Purpose::Logs, ALL),
    (r"\TransportRoles\Shared", Purpose::State, ALL),
    (r"\TransportRoles\agents", Purpose::State, ALL),
];

/// Of these places, those that hold hives and nothing else that is read.
const HIVES: &[&str] = &[r"?:\Windows\System32\config", r"?:\Users\*"];

const EVERYWHERE: &[(&str, Purpose, u32)] = &[
    (r"?:\inetpub", Purpose::Pages, ALL),
    (r"?:\inetpub\logs", Purpose::Logs, ALL),
    (r"?:\Windows\System32\LogFiles", Purpose::Logs, ALL),
    (r"?:\Windows\System32\winevt\Logs", Purpose::Logs, ALL),
    (r"?:\ExchangeSetupLogs", Purpose::Logs, ALL),
    (r"?:\ProgramData\Microsoft\Windows Defender\Support", Purpose::Logs, ALL),
    (r"?:\ProgramData\Microsoft\Windows Defender\Scans\History", Purpose::Logs, ALL),
    (r"?:\Windows\System32\config", Purpose::State, 0),
    (r"?:\Windows\System32\inetsrv", Purpose::State, ALL),
    (r"?:\Windows\System32\Tasks", Purpose::State, ALL),
    (r"?:\Windows\SysWOW64\Tasks", Purpose::State, ALL),
    (r"?:\Windows\Tasks", Purpose::State, ALL),
    (r"?:\Windows\Microsoft.NET\Framework*\v*\Temporary ASP.NET Files", Purpose::State, ALL),
    (r"?:\Windows\Microsoft.NET\Framework*\v*\Config", Purpose::State, 0),
    (r"?:\Users\*", Purpose::State, 0),
    (r"?:\", Purpose::Drops, 0),
    (r"?:\Windows", Purpose::Drops, 0),
    (r"?:\Windows\Temp", Purpose::Drops, ALL),
    (r"?:\Windows\Help", Purpose::Drops, ALL),
    (r"?:\Windows\Web", Purpose::Drops, ALL),
    (r"?:\Windows\debug", Purpose::Drops, ALL),
    (r"?:\Windows\PLA", Purpose::Drops, ALL),
    (r"?:\Temp", Purpose::Drops, ALL),
    (r"?:\PerfLogs", Purpose::Drops, ALL),
    (r"?:\ProgramData", Purpose::Drops, ALL),
    (r"?:\Users\Public", Purpose::Drops, ALL),
    (r"?:\Users\*\AppData\Local\Temp", Purpose::Drops, ALL),
    (r"?:\$Recycle.Bin", Purpose::Drops, ALL),
];

/// The system's name and its places.
pub(crate) fn spots(tree: &Tree) -> (String, Vec<Spot>) {
    let files: Vec<Place> =
        SETTINGS.iter().flat_map(|pattern| tree.spots(pattern, Purpose::State, 0)).map(|spot| spot.place).collect();
    #[cfg_attr(not(windows), allow(unused_mut, reason = "only a running Windows is asked"))]
    let mut settings = Settings::read(&files);
    #[cfg(windows)]
    if tree.runs_here {
        settings.ask();
    }
    let mut spots = Vec::new();
    // While a system runs, its hives are closed to others; it is asked itself (`live`).
    for (pattern, purpose, depth) in EVERYWHERE.iter().filter(|(pattern, ..)| !(tree.runs_here && HIVES.contains(pattern))) {
        spots.extend(tree.spots(pattern, *purpose, *depth));
    }
    let installed = settings.exchange.iter().map(String::as_str).chain(EXCHANGE.iter().copied());
    for install in installed {
        for (below, purpose, depth) in IN_EXCHANGE {
            spots.extend(tree.spots(&format!("{install}{below}"), *purpose, *depth));
        }
    }
    for folder in settings.served.iter().filter(|folder| !is_whole_drive(folder)) {
        spots.extend(tree.spots(folder, Purpose::Pages, ALL));
    }
    for folder in settings.logs.iter().filter(|folder| !is_whole_drive(folder)) {
        spots.extend(tree.spots(folder, Purpose::Logs, ALL));
    }
    (settings.computer, spots)
}

/// An attacker's virtual directory may lead to the root of a drive: its pages lie in the places above, and listing the whole drive
/// is what somebody can still ask for by naming it.
fn is_whole_drive(folder: &str) -> bool {
    folder.trim_end_matches('\\').len() <= 2
}
