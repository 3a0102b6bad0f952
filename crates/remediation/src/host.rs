//! Where the paths of a report lie on this machine.

use std::path::{Path, PathBuf};

use afterpatch_model::PlannedFile;
use afterpatch_vault::disk::{Disk, Kind, RealDisk};
use afterpatch_vault::{Look, Place, Switch, THIS_COMPUTER, VaultError, look_at};

use crate::RemediationError;

/// The examined server's disk, as it is mounted or copied on this machine. Looking at it changes nothing.
pub struct Host {
    root: PathBuf,
}

/// What a path of the server leads to here.
#[derive(Debug)]
pub(crate) enum Found {
    /// A file.
    File(Box<PlannedFile>),
    /// Nothing.
    Nothing,
    /// It cannot be told which, or cannot be taken safely; why (English).
    Refused(String),
}

/// Files larger than this are not read into memory: configuration files and pages are far smaller.
const LARGEST_TEXT: u64 = 4 << 20;

impl Host {
    /// The server's disk below a folder, or [`THIS_COMPUTER`] on Windows: with a folder per drive (`C`, as collectors and mounted images have it), or the
    /// content of its system drive directly.
    ///
    /// # Errors
    /// [`RemediationError::NoRoot`].
    pub fn new(root: &Path) -> Result<Self, RemediationError> {
        if cfg!(windows) && root == Path::new(THIS_COMPUTER) {
            return Ok(Self::this_computer());
        }
        if !root.is_dir() {
            return Err(RemediationError::NoRoot(root.to_owned()));
        }
        Ok(Self { root: root.to_owned() })
    }

    /// The drives of this very computer, which runs Windows.
    #[must_use]
    pub fn this_computer() -> Self {
        Self { root: PathBuf::from(THIS_COMPUTER) }
    }

    /// Whether it is a Windows that runs: what it keeps elsewhere than in files is in use.
    pub fn is_running(&self) -> bool {
        self.root == Path::new(THIS_COMPUTER)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The position of a switch of the running Windows; `None` when there is no such switch.
    pub(crate) fn position(&self, switch: &Switch) -> Result<Option<String>, VaultError> {
        RealDisk.position(switch).map_err(|source| VaultError::Switch { switch: switch.clone(), source })
    }

    /// The commands that it starts.
    pub(crate) fn commands(&self, switch: &Switch) -> Result<Vec<String>, VaultError> {
        running::commands(switch).map_err(|source| VaultError::Switch { switch: switch.clone(), source })
    }

    /// Ends what it started.
    pub(crate) fn end(&self, switch: &Switch) -> Result<(), VaultError> {
        running::end(switch).map_err(|source| VaultError::Switch { switch: switch.clone(), source })
    }

    /// Looks for a file by its path on the server. Windows does not tell cases apart: the exact name goes first, else the only
    /// one that differs in case.
    pub(crate) fn find(&self, windows_path: &str) -> Found {
        let lies_at = match self.locate(windows_path) {
            Ok(Some(lies_at)) => lies_at,
            Ok(None) => return Found::Nothing,
            Err(why) => return Found::Refused(why),
        };
        match self.look(&lies_at) {
            Ok(look) => Found::File(Box::new(PlannedFile {
                path: windows_path.to_owned(),
                lies_at,
                sha256: look.sha256,
                size: look.stat.size,
                volume: look.stat.identity.device,
                number: look.stat.identity.number,
            })),
            Err(VaultError::Gone(_)) => Found::Nothing,
            Err(error) => Found::Refused(error.to_string()),
        }
    }

    /// The names of the files in the folder of a file, with the file's own path on the server in front.
    pub(crate) fn neighbours(&self, file: &PlannedFile) -> Vec<String> {
        let below: Vec<&str> = file.lies_at.split('/').collect();
        let Some((_, folders)) = below.split_last() else { return Vec::new() };
        let (folder, _) = split_windows(&file.path);
        let names = RealDisk.folder(&self.root, folders).and_then(|folder| RealDisk.list(&folder)).unwrap_or_default();
        names.into_iter().map(|name| format!("{folder}\\{name}")).collect()
    }

    /// The content of a file that was looked at before, if it is still that file.
    pub(crate) fn content(&self, file: &PlannedFile) -> Result<Vec<u8>, RemediationError> {
        let wrong = |why: &str| RemediationError::Content { path: file.path.clone(), why: why.to_owned() };
        if file.size > LARGEST_TEXT {
            return Err(wrong("is larger than any file of its kind"));
        }
        let place = self.place(&file.lies_at)?;
        let (below, name) = place.below.rsplit_once('/').unwrap_or(("", &place.below));
        let below: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        let io = |source| VaultError::Io { path: place.path(), doing: "reading", source };
        let folder = RealDisk.folder(&self.root, &below).map_err(io)?;
        let mut content = Vec::new();
        let mut opened = RealDisk.open(&folder, name).map_err(io)?;
        std::io::Read::read_to_end(&mut std::io::Read::take(&mut opened, LARGEST_TEXT + 1), &mut content).map_err(io)?;
        if afterpatch_vault::sha256(&content) != file.sha256 {
            return Err(wrong("has another content than when the plan was made; make a new plan"));
        }
        Ok(content)
    }

    pub(crate) fn look(&self, lies_at: &str) -> Result<Look, VaultError> {
        look_at(&RealDisk, &self.place(lies_at)?)
    }

    pub(crate) fn place(&self, lies_at: &str) -> Result<Place, VaultError> {
        Place::new(&self.root, lies_at)
    }

    /// Where a path of the server lies below the root.
    fn locate(&self, windows_path: &str) -> Result<Option<String>, String> {
        let Some((drive, rest)) = windows_path.split_once(":\\") else {
            return Err("has no drive, so that nobody can say where it lies here".to_owned());
        };
        let parts: Vec<&str> = rest.split('\\').filter(|part| !part.is_empty()).collect();
        if self.is_running() {
            return self.walk(vec![format!("{}:", drive.to_uppercase())], &parts);
        }
        for start in [drive.to_owned(), format!("{drive}:")] {
            if let Some(found) = self.step(&[], &start, true)? {
                return self.walk(vec![found], &parts);
            }
        }
        // Without a folder per drive, the root is the system drive.
        if drive.eq_ignore_ascii_case("c") { self.walk(Vec::new(), &parts) } else { Ok(None) }
    }

    fn walk(&self, mut below: Vec<String>, parts: &[&str]) -> Result<Option<String>, String> {
        for (at, part) in parts.iter().enumerate() {
            match self.step(&below, part, at + 1 < parts.len())? {
                Some(name) => below.push(name),
                None => return Ok(None),
            }
        }
        Ok(Some(below.join("/")))
    }

    /// The name in a folder that is meant.
    fn step(&self, below: &[String], name: &str, must_be_folder: bool) -> Result<Option<String>, String> {
        let below: Vec<&str> = below.iter().map(String::as_str).collect();
        let shown = || format!("{}/{}", self.root.display(), below.join("/"));
        let folder = match RealDisk.folder(&self.root, &below) {
            Ok(folder) => folder,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{}: {error} (links are never followed)", shown())),
        };
        let names = RealDisk.list(&folder).map_err(|error| format!("{}: {error}", shown()))?;
        let same = |other: &&String| other.to_lowercase() == name.to_lowercase();
        let alike: Vec<&String> = names.iter().filter(same).collect();
        match &*alike {
            [] => Ok(None),
            [only] => {
                let kind = RealDisk.look(&folder, only).map_err(|error| format!("{}: {error}", shown()))?.map(|stat| stat.kind);
                if must_be_folder && kind == Some(Kind::Link) {
                    return Err(format!("{}/{only}: is a link; links are never followed", shown()));
                }
                Ok(Some((*only).clone()))
            }
            several => {
                let names: Vec<&str> = several.iter().map(|name| name.as_str()).collect();
                Err(format!(
                    "{}: has names that differ only in case ({}); it cannot be told which is meant",
                    shown(),
                    names.join(", ")
                ))
            }
        }
    }
}

/// What a Windows is asked that runs.
#[cfg(windows)]
mod running {
    use std::io;

    use afterpatch_sys::{service, task};
    use afterpatch_vault::{Switch, SwitchKind};

    use crate::switch_off::commands_of_task;

    pub(super) fn commands(switch: &Switch) -> io::Result<Vec<String>> {
        match switch.kind {
            SwitchKind::Service => Ok(service::command_line(&switch.name)?.into_iter().collect()),
            SwitchKind::Task => Ok(task::task(&switch.name)?.map(|task| commands_of_task(&task.xml)).unwrap_or_default()),
        }
    }

    pub(super) fn end(switch: &Switch) -> io::Result<()> {
        match switch.kind {
            SwitchKind::Service => service::stop(&switch.name).map(|_| ()),
            SwitchKind::Task => task::stop(&switch.name),
        }
    }
}

/// Elsewhere no Windows runs.
#[cfg(not(windows))]
mod running {
    use std::io;

    use afterpatch_vault::Switch;

    pub(super) fn commands(_: &Switch) -> io::Result<Vec<String>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn end(_: &Switch) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Folder and name of a path of Windows.
pub(crate) fn split_windows(path: &str) -> (&str, &str) {
    path.rsplit_once('\\').unwrap_or(("", path))
}

// Elsewhere no disk can be looked at.
#[cfg(all(test, any(target_os = "linux", windows)))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn tree(files: &[&str]) -> (tempfile::TempDir, Host) {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let host = Host::new(folder.path()).unwrap();
        (folder, host)
    }

    #[test]
    fn paths_are_found_in_each_layout_and_without_regard_to_case() {
        let (_folder, host) = tree(&["C/inetpub/wwwroot/A.aspx", "D/x.aspx"]);
        for (path, lies_at) in [
            (r"C:\inetpub\wwwroot\A.aspx", "C/inetpub/wwwroot/A.aspx"),
            (r"c:\InetPub\WWWROOT\a.ASPX", "C/inetpub/wwwroot/A.aspx"),
            (r"D:\x.aspx", "D/x.aspx"),
        ] {
            assert!(matches!(host.find(path), Found::File(file) if file.lies_at == lies_at), "{path}");
        }
        for path in [r"C:\inetpub\b.aspx", r"E:\x.aspx", r"C:\inetpub\wwwroot\A.aspx\b"] {
            assert!(!matches!(host.find(path), Found::File(_)), "{path}");
        }
        let (_folder, host) = tree(&["inetpub/a.aspx"]);
        assert!(matches!(host.find(r"C:\inetpub\a.aspx"), Found::File(file) if file.lies_at == "inetpub/a.aspx"));
        assert!(matches!(host.find(r"D:\inetpub\a.aspx"), Found::Nothing));
    }

    #[cfg(unix)]
    #[test]
    fn twins_links_and_paths_that_climb_are_refused() {
        let (folder, host) = tree(&["C/web/twin.aspx", "C/web/TWIN.ASPX", "C/real/a.aspx"]);
        std::os::unix::fs::symlink(folder.path().join("C/real"), folder.path().join("C/linked")).unwrap();
        for (path, why) in [
            (r"C:\web\Twin.aspx", "differ only in case"),
            (r"C:\web\twin.aspx", "differ only in case"),
            (r"C:\linked\a.aspx", "link"),
            (r"\\server\share\a.aspx", "no drive"),
        ] {
            match host.find(path) {
                Found::Refused(found) => assert!(found.contains(why), "{found}"),
                found => unreachable!("{path}: {found:?}"),
            }
        }
        assert!(matches!(host.find(r"C:\web\..\real\a.aspx"), Found::Nothing));
    }
}
