//! Which files there are.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A file to look at.
#[derive(Debug)]
pub struct Sample {
    /// Where it lies.
    pub path: PathBuf,
    /// Which of the folders that were named it lies in.
    pub root: usize,
    /// Its path in that folder, with slashes.
    pub name: String,
}

/// All files below the folders, in the order of their names. Links are not followed.
pub fn below(folders: &[PathBuf]) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    for (root, folder) in folders.iter().enumerate() {
        let mut found = Vec::new();
        walk(folder, &mut found)?;
        samples.extend(found.into_iter().map(|path| {
            let inner = path.strip_prefix(folder).unwrap_or(&path);
            let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
            Sample { root, name: parts.join("/"), path }
        }));
    }
    Ok(samples)
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let mut entries = entries.collect::<Result<Vec<_>, _>>().with_context(|| folder.display().to_string())?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), found)?;
        } else if kind.is_file() {
            found.push(entry.path());
        }
    }
    Ok(())
}

/// The paths in a list, one a line.
pub fn listed(list: &Path) -> Result<HashSet<String>> {
    let bytes = fs::read(list).with_context(|| list.display().to_string())?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
}

/// Leaves what stands in the list; says how many of its paths are not there.
pub fn keep(samples: &mut Vec<Sample>, only: &HashSet<String>) -> usize {
    samples.retain(|sample| only.contains(&sample.name));
    let names: HashSet<&str> = samples.iter().map(|sample| sample.name.as_str()).collect();
    only.len() - names.len()
}
