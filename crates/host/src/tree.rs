//! The folders of a system, by the names that the system itself gives them.

use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_evidence::Place;

use crate::{HostError, Purpose, Spot};

/// Links followed in one path at most: more is a circle.
const MOST_LINKS: u32 = 16;
/// Folders that a pattern stands for, at most.
const MOST_FOLDERS: usize = 4096;

/// A kind of operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Windows: drives, `\`, no cases.
    Windows,
    /// Linux and its like: one tree.
    Unix,
}

/// Where the folders of a system lie on this machine.
#[derive(Debug)]
pub(crate) struct Tree {
    system: System,
    /// Whether it is the machine that this program runs on.
    pub(crate) runs_here: bool,
    drives: Vec<Drive>,
}

/// A drive of Windows, an earlier state of one, or the root of another system.
#[derive(Debug)]
struct Drive {
    /// `C`; empty for the root of another system.
    letter: String,
    real: PathBuf,
    /// The name under which it is listed.
    shown: String,
}

/// A file or folder that was found.
#[derive(Clone, Debug)]
struct Found {
    real: PathBuf,
    /// Names from the drive on, as they are written on the disk.
    shown: Vec<String>,
}

impl Tree {
    pub(crate) fn here() -> Self {
        if !cfg!(windows) {
            return Self { system: System::Unix, runs_here: true, drives: vec![Drive::root(PathBuf::from("/"))] };
        }
        #[cfg(windows)]
        let letters = afterpatch_sys::computer::fixed_drives();
        #[cfg(not(windows))]
        let letters = Vec::<char>::new();
        let drive = |letter: char| Drive::of(letter.into(), PathBuf::from(format!(r"{letter}:\")));
        Self { system: System::Windows, runs_here: true, drives: letters.into_iter().map(drive).collect() }
    }

    pub(crate) fn mounted(root: &Path) -> Result<Self, HostError> {
        if !root.is_dir() {
            return Err(HostError::NoFolder(root.to_owned()));
        }
        let folders = folders_in(root);
        let drives: Vec<Drive> = folders
            .iter()
            .filter_map(|name| {
                let letter = name.strip_suffix(':').unwrap_or(name);
                let is_letter = letter.len() == 1 && letter.bytes().all(|byte| byte.is_ascii_alphabetic());
                is_letter.then(|| Drive::of(letter.to_uppercase(), root.join(name)))
            })
            .collect();
        let is_windows = |folder: &Path| {
            let windows = folders_in(folder).into_iter().find(|name| name.eq_ignore_ascii_case("windows"));
            windows.is_some_and(|name| folders_in(&folder.join(name)).iter().any(|name| name.eq_ignore_ascii_case("system32")))
        };
        let (system, drives) = if drives.iter().any(|drive| is_windows(&drive.real)) {
            (System::Windows, drives)
        } else if is_windows(root) {
            (System::Windows, vec![Drive::of("C".to_owned(), root.to_owned())])
        } else if folders.iter().any(|name| name == "etc") {
            (System::Unix, vec![Drive::root(root.to_owned())])
        } else {
            return Err(HostError::NoSystem(root.to_owned()));
        };
        Ok(Self { system, runs_here: false, drives })
    }

    /// With an earlier state of a drive, in which the same is looked for.
    #[cfg(any(windows, test))]
    pub(crate) fn add_shadow_copy(&mut self, number: u32, letter: char, real: PathBuf) {
        // As Velociraptor names it: `evidence` knows it by that.
        let shown = format!("%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy{number}");
        self.drives.push(Drive { letter: letter.into(), real, shown });
    }

    pub(crate) fn system(&self) -> System {
        self.system
    }

    /// The files and folders that a pattern stands for: a path as the system writes it, in which `*` in a name stands for any
    /// letters and a drive `?` for each drive.
    pub(crate) fn spots(&self, pattern: &str, purpose: Purpose, depth: u32) -> Vec<Spot> {
        let spot = |found: Found| Spot { place: Place { real: found.real, shown: found.shown.join("/"), depth }, purpose };
        self.find(pattern).into_iter().map(spot).collect()
    }

    fn find(&self, pattern: &str) -> Vec<Found> {
        let (letter, rest) = match self.system {
            System::Windows => match pattern.split_once(':') {
                Some((letter, rest)) if rest.is_empty() || rest.starts_with('\\') => (letter, rest),
                // A share, a device, or a name without a drive: not of these disks.
                _ => return Vec::new(),
            },
            System::Unix => ("", pattern),
        };
        let names: Vec<&str> = rest.split(['/', '\\']).filter(|name| !name.is_empty() && *name != ".").collect();
        if names.contains(&"..") {
            return Vec::new();
        }
        let of_letter = |drive: &&Drive| letter == "?" || drive.letter.eq_ignore_ascii_case(letter);
        let mut found: Vec<Found> = self.drives.iter().filter(of_letter).map(Drive::found).collect();
        for name in names {
            found = found.iter().flat_map(|folder| self.step(folder, name, 0)).take(MOST_FOLDERS).collect();
        }
        found
    }

    /// What a folder holds under a name.
    fn step(&self, folder: &Found, name: &str, links: u32) -> Vec<Found> {
        let names: Vec<String> = match list(&folder.real) {
            Some(names) => names.into_iter().filter(|other| self.matches(name, other)).collect(),
            // A folder that may be passed through and not be listed.
            None if !name.contains('*') && folder.real.join(name).symlink_metadata().is_ok() => vec![name.to_owned()],
            None => Vec::new(),
        };
        names.into_iter().flat_map(|name| self.enter(folder, name, links)).collect()
    }

    fn enter(&self, folder: &Found, name: String, links: u32) -> Vec<Found> {
        let real = folder.real.join(&name);
        if !real.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            let shown = folder.shown.iter().cloned().chain([name]).collect();
            return vec![Found { real, shown }];
        }
        // A junction could lead anywhere, and Windows sets none where we look. On other systems web roots are often links: they
        // are followed on the system's own tree, whatever this machine has under that name.
        let target = match (self.system, fs::read_link(&real)) {
            (System::Unix, Ok(target)) if links < MOST_LINKS => target,
            _ => return Vec::new(),
        };
        let above = if target.is_absolute() { Vec::new() } else { folder.shown.clone() };
        let mut names: Vec<String> = above;
        for part in target.components() {
            match part {
                std::path::Component::Normal(name) => names.push(name.to_string_lossy().into_owned()),
                std::path::Component::ParentDir => {
                    names.pop();
                }
                _ => {}
            }
        }
        let mut found: Vec<Found> = self.drives.iter().map(Drive::found).collect();
        for name in names {
            found = found.iter().flat_map(|folder| self.step(folder, &name, links + 1)).collect();
        }
        found
    }

    fn matches(&self, pattern: &str, name: &str) -> bool {
        match self.system {
            System::Windows => is_like(&pattern.to_lowercase(), &name.to_lowercase()),
            System::Unix => is_like(pattern, name),
        }
    }

    /// The content of a small file, from its start.
    pub(crate) fn text(path: &Path, most: u64) -> Option<String> {
        use std::io::Read as _;
        let mut bytes = Vec::new();
        if !path.is_file() {
            return None;
        }
        fs::File::open(path).ok()?.take(most).read_to_end(&mut bytes).ok()?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl Drive {
    fn root(real: PathBuf) -> Self {
        Self::of(String::new(), real)
    }

    fn of(letter: String, real: PathBuf) -> Self {
        Self { shown: letter.clone(), letter, real }
    }

    fn found(&self) -> Found {
        let shown = if self.shown.is_empty() { Vec::new() } else { vec![self.shown.clone()] };
        Found { real: self.real.clone(), shown }
    }
}

/// Whether a name is what a pattern says, in which `*` stands for any letters.
fn is_like(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(start) else { return false };
    name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| name.get(at..).is_some_and(|name| is_like(rest, name)))
}

/// The names in a folder, sorted; `None` when it cannot be listed.
fn list(folder: &Path) -> Option<Vec<String>> {
    let mut names: Vec<String> =
        fs::read_dir(folder).ok()?.filter_map(|child| child.ok()?.file_name().into_string().ok()).collect();
    names.sort_unstable();
    Some(names)
}

fn folders_in(folder: &Path) -> Vec<String> {
    list(folder).unwrap_or_default().into_iter().filter(|name| folder.join(name).is_dir()).collect()
}
