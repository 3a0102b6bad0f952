//! A package for Debian and its relatives.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::pack::time;
use super::program::COMPLETIONS;
use super::{VERSION, copy, manifests, must, root, said_by};

/// How hard it is packed.
pub(super) enum Packed {
    /// As small as can be: what is given away.
    Small,
    /// Hardly: for a test.
    #[cfg(test)]
    Fast,
}

/// Where shells of Debian look for completions.
const SHELLS: [(&str, &str); 3] = [
    ("bash", "usr/share/bash-completion/completions/afterpatch"),
    ("zsh", "usr/share/zsh/vendor-completions/_afterpatch"),
    ("fish", "usr/share/fish/vendor_completions.d/afterpatch.fish"),
];

/// Makes the package of what lies in the folder for Linux. It has no scripts: nothing runs when it is installed or removed, and
/// nothing is started. `afterpatch watch install` does that where it is wanted.
pub(super) fn make(linux: &Path, to: &Path, packed: Packed) -> anyhow::Result<PathBuf> {
    let tree = to.join("deb");
    lay_out(linux, &tree)?;
    let size = kibibytes(&tree)?;
    write(
        &tree.join("DEBIAN/control"),
        &manifests::filled(&root().join("packaging/debian/control"), &[("size", size.to_string())])?,
    )?;
    let sums = said_by(
        Command::new("sh").args(["-c", "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum"]).current_dir(&tree),
    )?;
    write(&tree.join("DEBIAN/md5sums"), &String::from_utf8_lossy(&sums))?;
    // Whatever the umask of whoever makes it.
    must(Command::new("chmod").args(["-R", "u=rwX,go=rX"]).arg(&tree))?;
    let file = to.join(format!("afterpatch_{VERSION}_amd64.deb"));
    let mut command = Command::new("dpkg-deb");
    command.arg("--root-owner-group").args(match packed {
        Packed::Small => ["-Zxz", "-z9"],
        #[cfg(test)]
        Packed::Fast => ["-Zgzip", "-z1"],
    });
    must(command.arg("--build").arg(&tree).arg(&file).env("SOURCE_DATE_EPOCH", time()))?;
    fs::remove_dir_all(&tree)?;
    Ok(file)
}

fn lay_out(linux: &Path, tree: &Path) -> anyhow::Result<()> {
    let program = tree.join("usr/bin/afterpatch");
    copy(&linux.join("afterpatch"), &program)?;
    executable(&program)?;
    let manual = tree.join("usr/share/man/man1");
    for page in fs::read_dir(linux.join("man"))? {
        let page = page?;
        copy(&page.path(), &manual.join(page.file_name()))?;
    }
    must(Command::new("gzip").args(["-9", "-n", "-r"]).arg(&manual))?;
    for (shell, place) in SHELLS {
        if let Some((_, file)) = COMPLETIONS.iter().find(|(name, _)| *name == shell) {
            copy(&linux.join(file), &tree.join(place))?;
        }
    }
    let documents = tree.join("usr/share/doc/afterpatch");
    for name in ["README.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "third-party-licences.txt"] {
        copy(&linux.join(name), &documents.join(name))?;
    }
    copy(&root().join("packaging/debian/copyright"), &documents.join("copyright"))
}

#[cfg(unix)]
fn executable(program: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    Ok(fs::set_permissions(program, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn executable(_: &Path) -> anyhow::Result<()> {
    anyhow::bail!("a package for Debian is made on Debian")
}

/// What a tree takes on a disk, as a package says it.
fn kibibytes(tree: &Path) -> anyhow::Result<u64> {
    let mut sum = 0;
    for entry in fs::read_dir(tree)? {
        let entry = entry?;
        sum += if entry.file_type()?.is_dir() { 1 + kibibytes(&entry.path())? } else { entry.metadata()?.len().div_ceil(1024) };
    }
    Ok(sum)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(path, text)?)
}
