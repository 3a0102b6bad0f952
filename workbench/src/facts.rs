//! `cargo xtask facts`: whether tables of builds and fixes are as `datapackage.json` beside them says (a Frictionless data package),
//! and can be used.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use afterpatch_exposure::Facts;
use anyhow::{Context, bail};
use regex::Regex;
use serde::Deserialize;

use crate::say;

/// Faults told; a table that is wrong throughout needs no list of all.
const MOST_TOLD: usize = 50;

#[derive(Deserialize)]
struct Package {
    version: String,
    sources: Vec<Source>,
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Source {
    title: String,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    schema: Schema,
}

#[derive(Deserialize)]
struct Schema {
    fields: Vec<Field>,
}

#[derive(Deserialize)]
struct Field {
    name: String,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Constraints {
    required: bool,
    unique: bool,
    pattern: Option<String>,
    #[serde(rename = "enum")]
    words: Vec<String>,
}

/// Checks the tables in a folder; tells every fault with file and line.
///
/// # Errors
/// When the folder cannot be read, or any fault was found.
pub(crate) fn check(folder: &Path) -> anyhow::Result<()> {
    let package: Package = serde_json::from_str(&read(folder, "datapackage.json")?)
        .with_context(|| folder.join("datapackage.json").display().to_string())?;
    let mut faults = Vec::new();
    let mut rows = 0;
    for resource in &package.resources {
        rows += columns(&resource.path, &read(folder, &resource.path)?, &resource.schema, &package.sources, &mut faults)?;
    }
    let (builds, cves) = (read(folder, "builds.csv")?, read(folder, "cves.csv")?);
    match Facts::from_tables(Some(&builds), Some(&cves)) {
        Err(error) => faults.push(error.to_string()),
        Ok(facts) => {
            let dates =
                [("date.txt", read(folder, "date.txt")?.trim_end().to_owned()), ("datapackage.json", package.version.clone())];
            for (file, date) in dates.iter().filter(|(_, date)| date != facts.date()) {
                faults.push(format!("{file}: {date}, but the last release in builds.csv is of {}", facts.date()));
            }
        }
    }
    for fault in faults.iter().take(MOST_TOLD) {
        say(fault);
    }
    match faults.len() {
        0 => say(&format!("{rows} rows of {} are sound, as of {}", folder.display(), package.version)),
        count => bail!("{count} faults in {}", folder.display()),
    }
    Ok(())
}

fn read(folder: &Path, name: &str) -> anyhow::Result<String> {
    let path = folder.join(name);
    fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// Checks each cell against its column; gives the number of rows.
fn columns(file: &str, text: &str, schema: &Schema, sources: &[Source], faults: &mut Vec<String>) -> anyhow::Result<usize> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let wanted: Vec<&String> = schema.fields.iter().map(|field| &field.name).collect();
    if names.iter().collect::<Vec<_>>() != wanted {
        bail!("{file}, line 1: columns are {names:?}, and should be {wanted:?}");
    }
    let patterns = schema
        .fields
        .iter()
        .map(|field| field.constraints.pattern.as_ref().map(|pattern| Regex::new(&format!("^(?:{pattern})$"))).transpose())
        .collect::<Result<Vec<_>, _>>()?;
    let mut seen: Vec<BTreeSet<String>> = vec![BTreeSet::new(); schema.fields.len()];
    let mut rows = 0;
    let crlf = u64::from(text.contains("\r\n"));
    for record in reader.records() {
        let record = record.with_context(|| file.to_owned())?;
        rows += 1;
        // The reader takes the second half of a CRLF for the beginning of the next line.
        let line = record.position().map_or(0, |at| at.line() + crlf);
        for (index, (field, cell)) in schema.fields.iter().zip(&record).enumerate() {
            let constraints = &field.constraints;
            let pattern = patterns.get(index).and_then(Option::as_ref);
            let wrong = match cell {
                "" => constraints.required.then(|| "is empty".to_owned()),
                _ if pattern.is_some_and(|pattern| !pattern.is_match(cell)) => Some(format!("`{cell}` has not the form")),
                _ if !constraints.words.is_empty() && !constraints.words.iter().any(|word| word == cell) => {
                    Some(format!("`{cell}` is none of {}", constraints.words.join(", ")))
                }
                _ if cell.trim() != cell => Some(format!("`{cell}` has blanks at an end")),
                _ if field.name == "sources"
                    && !sources.iter().any(|source| cell.contains(&source.title))
                    && !cell.contains('.') =>
                {
                    Some(format!("`{cell}` names no source of datapackage.json and no page"))
                }
                _ if constraints.unique && !seen.get_mut(index).is_some_and(|seen| seen.insert(cell.to_owned())) => {
                    Some(format!("`{cell}` stands here a second time"))
                }
                _ => None,
            };
            faults.extend(wrong.map(|wrong| format!("{file}, line {line}: {} {wrong}", field.name)));
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::PathBuf;

    use super::*;

    fn ours() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/exposure/data")
    }

    #[test]
    fn the_tables_brought_along_are_sound() {
        check(&ours()).unwrap();
    }

    #[test]
    fn each_kind_of_fault_is_told_with_its_line() {
        let schema: Package = serde_json::from_str(&read(&ours(), "datapackage.json").unwrap()).unwrap();
        let builds = schema.resources.iter().find(|it| it.path == "builds.csv").unwrap();
        let text = read(&ours(), "builds.csv").unwrap();
        let first = text.lines().nth(1).unwrap();
        for (from, to, expected) in [
            (",2009-11-09,", ",,", "builds.csv, line 2: release_date is empty"),
            (",2009-11-09,", ",9.11.2009,", "builds.csv, line 2: release_date `9.11.2009` has not the form"),
            (",SP/RTM,14", ",What,14", "builds.csv, line 2: kind `What` is none of"),
            (",RV+MD,", ",hearsay,", "builds.csv, line 2: sources `hearsay` names no source"),
            ("Exchange Server 2010,RTM", "Exchange Server 2010,RTM ", "builds.csv, line 2: cu `RTM ` has not the form"),
            (
                "14.0.639.21,14.00.0639.021",
                "14.0.682.1,14.00.0639.021",
                "builds.csv, line 3: build_short `14.0.682.1` stands here",
            ),
        ] {
            let changed = first.replacen(from, to, 1);
            assert_ne!(changed, first, "{from}");
            let mut faults = Vec::new();
            columns("builds.csv", &text.replacen(first, &changed, 1), &builds.schema, &schema.sources, &mut faults).unwrap();
            assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected}: {faults:?}");
        }
    }
}
