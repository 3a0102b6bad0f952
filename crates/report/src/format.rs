//! The formats, the names by which they are asked for, and what each is for: the one table from which the help of the command line
//! and docs/formats.md are made.

use std::{path::Path, str::FromStr};

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// One self-contained page without scripts or network.
    Html,
    /// The report whole, indented.
    Json,
    /// One JSON object a line: servers, their findings, gaps.
    Ndjson,
    /// Plain words for a terminal.
    Text,
    /// One row a finding.
    Csv,
    /// One event a record, for Timesketch.
    Timesketch,
    /// One document a finding and a server, in the fields of the Elastic Common Schema.
    Ecs,
    /// One OCSF Detection Finding a finding.
    Ocsf,
    /// A STIX bundle.
    Stix,
    /// SARIF results.
    Sarif,
    /// A MISP event.
    Misp,
    /// An incident in plain words, to paste into a mail or form.
    Summary,
}

/// What is known of a format beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The format's one name, as on the command line.
    pub slug: &'static str,
    /// Ends of file names that mean this format, lower case, the usual one first.
    pub endings: &'static [&'static str],
    /// What it is for: half a sentence.
    pub purpose: &'static str,
}

impl Format {
    /// All formats, in the order in which help texts name them.
    pub const ALL: [Self; 12] = [
        Self::Html,
        Self::Json,
        Self::Ndjson,
        Self::Text,
        Self::Csv,
        Self::Timesketch,
        Self::Ecs,
        Self::Ocsf,
        Self::Stix,
        Self::Sarif,
        Self::Misp,
        Self::Summary,
    ];

    /// Name, file names and purpose.
    pub fn about(self) -> About {
        let (slug, endings, purpose): (_, &'static [&'static str], _) = match self {
            Self::Html => ("html", &[".html", ".htm"], "one page to read and hand on"),
            Self::Json => ("json", &[".json"], "the report whole; clean and report read it"),
            // Timesketch and others call the same thing JSON lines.
            Self::Ndjson => {
                ("ndjson", &[".ndjson", ".jsonl"], "one JSON object a server, finding and gap, for databases and pipes")
            }
            Self::Text => ("text", &[".txt"], "plain words, as on the terminal"),
            Self::Csv => ("csv", &[".csv"], "one row a finding, for spreadsheets"),
            Self::Timesketch => ("timesketch", &[".timesketch.jsonl"], "one event a record, for a timeline in Timesketch"),
            Self::Ecs => ("ecs", &[".ecs.ndjson"], "Elastic Common Schema, for Elasticsearch and OpenSearch"),
            Self::Ocsf => ("ocsf", &[".ocsf.ndjson", ".ocsf.jsonl"], "OCSF Detection Findings, for security lakes and SIEMs"),
            Self::Stix => ("stix", &[".stix.json"], "a STIX 2.1 bundle, for threat intelligence platforms"),
            Self::Sarif => ("sarif", &[".sarif", ".sarif.json"], "SARIF 2.1.0, for code scanning and editors"),
            Self::Misp => ("misp", &[".misp.json"], "a MISP event of the indicators, without naming the server"),
            Self::Summary => {
                ("summary", &[".summary.txt"], "the incident in plain words, to paste into a mail or an authority's form")
            }
        };
        About { slug, endings, purpose }
    }

    /// The format's one name, as on the command line.
    pub fn slug(self) -> &'static str {
        self.about().slug
    }

    /// The format that a file of this name should have; `None` when its end tells nothing. The longest end decides, so
    /// `a.ecs.ndjson` is not taken for `.ndjson`.
    pub fn from_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let ending = |format: Self| {
            let fits = |ending: &&&str| name.len() > ending.len() && name.ends_with(**ending);
            format.about().endings.iter().filter(fits).map(|ending| ending.len()).max()
        };
        Self::ALL
            .into_iter()
            .filter_map(|format| Some((ending(format)?, format)))
            .max_by_key(|(length, _)| *length)
            .map(|it| it.1)
    }
}

/// The name is of no format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(pub String);

impl std::fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no format; there are {}", self.0, Format::ALL.map(Format::slug).join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.slug() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_its_endings() {
        let mut known = BTreeSet::new();
        for format in Format::ALL {
            assert_eq!(format.slug().parse(), Ok(format));
            for ending in format.about().endings {
                assert_eq!(Format::from_name(Path::new(&format!("a.b/case{}", ending.to_uppercase()))), Some(format), "{ending}");
                assert!(known.insert(*ending), "{ending} means two formats");
            }
        }
        for (name, format) in [
            ("a/report.html", Some(Format::Html)),
            ("report.HTM", Some(Format::Html)),
            ("findings.jsonl", Some(Format::Ndjson)),
            ("my.findings.ndjson", Some(Format::Ndjson)),
            ("ecs.ndjson", Some(Format::Ndjson)),
            ("report", None),
            ("report.pdf", None),
            (".json", None),
            ("-", None),
        ] {
            assert_eq!(Format::from_name(Path::new(name)), format, "{name}");
        }
        let unknown = "pdf".parse::<Format>().unwrap_err().to_string();
        assert!(unknown.starts_with("`pdf` is no format; there are html, json, ndjson, text, csv,"), "{unknown}");
    }

    #[test]
    fn the_docs_table_is_this_table() {
        let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats.md")).unwrap();
        let told: Vec<&str> = docs.lines().filter(|line| line.starts_with("| `") && line.contains("| `.")).collect();
        let rows = Format::ALL.map(|format| {
            let About { slug, endings, purpose } = format.about();
            let endings = endings.iter().map(|ending| format!("`{ending}`")).collect::<Vec<_>>().join(", ");
            format!("| `{slug}` | {endings} | {purpose} |")
        });
        assert_eq!(told.len(), rows.len());
        for (told, row) in told.iter().zip(&rows) {
            assert!(told.starts_with(row.as_str()), "{told}\nshould begin with\n{row}");
        }
    }
}
