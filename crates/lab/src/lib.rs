//! Makes realistic evidence of an attacked Exchange server, with ground truth, from a seed.
//!
//! For demo, tests, benches and training. The crate writes *log lines and inert text only*: no request is ever sent, and the
//! planted page calls functions that exist in no runtime.
//!
//! It depends on none of our other crates on purpose: it writes what the real servers write, as far as that is known, and not
//! what our readers happen to read.
//!
//! One happening is told once (`stage`) and lands in every log that would tell of it (`sources`); `benign` and `attack` tell
//! what happens; `truth` remembers which line is which.

mod attack;
mod benign;
mod clock;
mod dice;
mod era;
mod live;
mod posture;
mod scenario;
mod sheet;
mod sources;
mod stage;
mod truth;
mod variant;
pub mod weblog;
mod world;
mod write;

pub use live::Live;
pub use posture::{Pairs, Posture, PostureTruth, make_posture};
pub use scenario::{LabBuild, Product, Scenario, ServerProfile};
pub use truth::{Planted, Source, Taken, Truth, TruthVerdict};
pub use variant::Variant;
pub use write::{Collection, Layout, WriteError, write_folder, write_tar_gz, write_zip};

use jiff::Timestamp;
use sheet::Shelf;
use stage::Stage;

/// The evidence of one server and what is true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lab {
    /// Short name of the server.
    pub server: String,
    /// Its files, sorted by path.
    pub files: Vec<LabFile>,
    /// What was really done.
    pub truth: Truth,
}

/// One file of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabFile {
    /// Path on the server, with drive letter.
    pub windows_path: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// Last change, UTC.
    pub modified: Timestamp,
}

/// Makes the evidence of a scenario. Equal scenarios give equal bytes.
pub fn make(scenario: &Scenario) -> Lab {
    let mut stage = Stage::new(scenario);
    benign::play(&mut stage, scenario);
    attack::play(&mut stage, scenario);
    let builds = [stage.world.start, stage.world.end].map(|at| stage.world.build_at(at));
    let fixed_at = stage.world.patch.map(|patch| patch.to.timestamp());
    let taken = std::mem::take(&mut stage.taken);
    let Shelf { mut files, mut planted } = stage.shelve();

    files.retain(|file| is_collected(scenario.variant, &file.windows_path));
    files.sort_by(|one, other| one.windows_path.cmp(&other.windows_path));
    planted.retain(|planted| is_collected(scenario.variant, &planted.source.windows_path));
    planted.sort_by(|one, other| one.source.cmp(&other.source));

    let exposure = match builds[1].is_closed() {
        _ if scenario.variant == Variant::ProxyLogonEventsOnly || builds[1].is_last_of_2013() => "cannot_tell",
        true => "fixed",
        false => "open",
    };
    let mut builds = builds.map(|build| build.to_string()).to_vec();
    builds.dedup();
    let truth = Truth {
        variant: scenario.variant.slug().to_owned(),
        server_fqdn: scenario.server.fqdn(),
        builds,
        fixed_at,
        planted,
        taken,
        verdict: TruthVerdict {
            exposure: exposure.to_owned(),
            compromise: scenario.variant.compromise().to_owned(),
            foothold: scenario.variant.foothold().to_owned(),
        },
    };
    Lab { server: scenario.server.name.clone(), files, truth }
}

/// Whether the collector of that story took the file along.
fn is_collected(variant: Variant, windows_path: &str) -> bool {
    match variant {
        Variant::ProxyLogonEcpOnly => windows_path.contains(r"\Logging\HttpProxy\") || windows_path.contains(r"\Logging\ECP\"),
        Variant::ProxyLogonEventsOnly => windows_path.ends_with(".json"),
        _ => true,
    }
}
