//! The tables: those that the program brings along, or the user's.

use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_exposure::Facts;
use anyhow::{Context, bail};

/// No table is larger: ours have 40 KB each.
const LARGEST: u64 = 64 << 20;

/// The built-in tables, with the user's in the place of those that he names.
pub fn load(paths: &[PathBuf]) -> anyhow::Result<Facts> {
    if paths.is_empty() {
        return Ok(Facts::embedded()?);
    }
    let (mut builds, mut cves) = (None, None);
    for path in paths {
        let named = |name: &str| path.join(name);
        if path.is_dir() {
            let found = [named("builds.csv"), named("cves.csv")];
            if !found.iter().any(|file| file.is_file()) {
                bail!("{}: neither builds.csv nor cves.csv is in this folder", path.display());
            }
            for (file, table) in found.iter().zip([&mut builds, &mut cves]) {
                if file.is_file() {
                    *table = Some(read(file)?);
                }
            }
        } else {
            let text = read(path)?;
            let head = text.lines().next().unwrap_or_default();
            if head.contains("build_short") {
                builds = Some(text);
            } else if head.contains("first_fixed_builds") {
                cves = Some(text);
            } else {
                bail!(
                    "{}, line 1: neither a table of builds (build_short ...) nor of fixes (first_fixed_builds ...)",
                    path.display()
                );
            }
        }
    }
    let place = || paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
    Facts::from_tables(builds.as_deref(), cves.as_deref()).with_context(place)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let place = || path.display().to_string();
    if fs::metadata(path).with_context(place)?.len() > LARGEST {
        bail!("{}: no table is that large", path.display());
    }
    let text = fs::read_to_string(path).with_context(place)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
