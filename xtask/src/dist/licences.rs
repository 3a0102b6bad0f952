//! The licences of the libraries that are part of the program: most ask that their text goes along.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context;
use serde::Deserialize;

use super::{root, said_by};

/// Names of such texts, in upper case.
const TEXTS: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "NOTICE", "COPYRIGHT", "UNLICENSE"];

/// What `cargo metadata` says of a package.
#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    source: Option<String>,
    manifest_path: String,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// Writes `third-party-licences.txt`: which libraries there are, and each text once with those that it is for.
pub(super) fn write(folder: &Path) -> anyhow::Result<()> {
    let packages = packages()?;
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut out = String::from("afterpatch holds these libraries. Their licences follow.\n\n");
    for package in &packages {
        let (name, licence) =
            (format!("{} {}", package.name, package.version), package.license.as_deref().unwrap_or("see its text"));
        writeln!(out, "{name}: {licence} ({})", package.repository.as_deref().unwrap_or("crates.io"))?;
        for text in texts_of(package)? {
            texts.entry(text).or_default().insert(name.clone());
        }
    }
    for (text, names) in &texts {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        write!(out, "\n{}\n{}\n\n{}\n", "=".repeat(78), names.join(", "), text.trim())?;
    }
    fs::write(folder.join("third-party-licences.txt"), out).context("third-party-licences.txt")
}

/// Those of others that are built into the program for Linux or Windows, by name.
fn packages() -> anyhow::Result<Vec<Package>> {
    let cargo = || Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let said = said_by(cargo().args(["metadata", "--locked", "--format-version", "1"]).current_dir(root()))?;
    let metadata: Metadata = serde_json::from_slice(&said)?;
    let mut tree = cargo();
    tree.args(["tree", "--locked", "-p", "afterpatch", "-e", "normal", "--target", "all", "--prefix", "none", "--format", "{p}"]);
    let said = said_by(tree.current_dir(root()))?;
    let said = String::from_utf8_lossy(&said);
    // `name v1.2.3`, and what else is told behind it.
    let used: BTreeSet<(&str, &str)> = said
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(name, rest)| Some((name, rest.split_whitespace().next()?.strip_prefix('v')?)))
        .collect();
    let mut packages = metadata.packages;
    packages.retain(|package| package.source.is_some() && used.contains(&(&*package.name, &*package.version)));
    packages.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(packages)
}

fn texts_of(package: &Package) -> anyhow::Result<Vec<String>> {
    let folder = Path::new(&package.manifest_path).parent().context("a package lies in a folder")?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if entry.file_type()?.is_file() && TEXTS.iter().any(|text| name.starts_with(text)) {
            found.push(String::from_utf8_lossy(&fs::read(entry.path())?).replace("\r\n", "\n"));
        }
    }
    found.sort();
    Ok(found)
}
