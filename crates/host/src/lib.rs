//! Where a system keeps what a scan reads.
//!
//! A disk of a server holds a million files, of which a scan reads some thousand. On a machine that is at work the rest is better
//! not even listed, so this crate says where to look: well-known places (`windows`, `unix`), and those that the system's own
//! configuration names: the registry and IIS's `applicationHost.config` (`settings`), the configuration of other web servers
//! (`web_server`). It asks a running machine and a mounted disk the same questions, so that what is found on the one can be
//! checked on the other.

mod live;
mod settings;
#[cfg(test)]
mod tests;
mod tree;
mod unix;
mod web_server;
mod windows;

use std::path::{Path, PathBuf};

use afterpatch_evidence::{Evidence, Limits, Place};
use afterpatch_model::Timestamp;

pub use tree::System;
use tree::Tree;

/// A system whose disks can be read: this machine, or one whose disk is mounted here.
#[derive(Debug)]
pub struct Host {
    /// Empty when nothing tells it.
    name: String,
    /// Whether it is the machine that this program runs on.
    runs_here: bool,
    spots: Vec<Spot>,
}

/// A place of the system that a scan reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file or folder, and how deep.
    pub place: Place,
    /// What is looked for there.
    pub purpose: Purpose,
}

/// What is looked for in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Pages and scripts that a web server runs for visitors.
    Pages,
    /// Logs and event logs.
    Logs,
    /// How the system is set up: hives, tasks, configuration; and what was compiled of pages.
    State,
    /// Folders in which everybody may write and attackers leave their files.
    Drops,
}

/// The host cannot be examined at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// No folder lies there.
    #[error("{}: is no folder", .0.display())]
    NoFolder(PathBuf),
    /// It is none of the systems that are known here.
    #[error("{}: holds no system: neither Windows/System32 (at the top, or below a folder C) nor etc", .0.display())]
    NoSystem(PathBuf),
}

impl Host {
    /// This machine.
    pub fn here() -> Self {
        Self::of(&Tree::here())
    }

    /// This machine, and the earlier states of its drives that Windows keeps (shadow copies): what an attacker or a cleaner removed
    /// meanwhile, and older logs. Other systems keep none.
    pub fn here_and_before() -> Self {
        #[cfg_attr(not(windows), allow(unused_mut, reason = "only Windows keeps shadow copies"))]
        let mut tree = Tree::here();
        #[cfg(windows)]
        for (number, letter) in afterpatch_sys::computer::shadow_copies() {
            let device = format!(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy{number}\");
            tree.add_shadow_copy(number, letter, PathBuf::from(device));
        }
        Self::of(&tree)
    }

    /// A system whose disks lie below a folder: a mounted image, or a copied tree with a folder for each drive.
    ///
    /// # Errors
    /// See [`HostError`].
    pub fn mounted(root: &Path) -> Result<Self, HostError> {
        Ok(Self::of(&Tree::mounted(root)?))
    }

    fn of(tree: &Tree) -> Self {
        let (name, mut spots) = match tree.system() {
            System::Windows => windows::spots(tree),
            System::Unix => unix::spots(tree),
        };
        spots.sort_by(|one, two| (one.purpose, &one.place.shown).cmp(&(two.purpose, &two.place.shown)));
        spots.dedup_by(|one, two| {
            let same = one.purpose == two.purpose && one.place.shown == two.place.shown;
            if same {
                two.place.depth = two.place.depth.max(one.place.depth);
            }
            same
        });
        Self { name, runs_here: tree.runs_here, spots }
    }

    /// The system's own name, where its disk or the machine tells it.
    pub fn own_name(&self) -> Option<&str> {
        Some(&*self.name).filter(|name| !name.is_empty())
    }

    /// The system's own name; else `localhost`.
    pub fn name(&self) -> &str {
        self.own_name().unwrap_or("localhost")
    }

    /// The places, sorted by purpose and name.
    pub fn spots(&self) -> &[Spot] {
        &self.spots
    }

    /// Whether it is the machine that this program runs on.
    pub fn runs_here(&self) -> bool {
        self.runs_here
    }

    /// Lists the places as evidence. A running machine is asked what only it can say, beside; `now` is the time (UTC) of that.
    pub fn evidence(&self, now: Timestamp) -> Evidence {
        let places: Vec<Place> = self.spots.iter().map(|spot| spot.place.clone()).collect();
        let live = self.runs_here.then(|| live::state(self.own_name().unwrap_or_default(), now));
        Evidence::of_places(self.name(), &places, live.into_iter().collect(), Limits::of_running_system())
    }
}
