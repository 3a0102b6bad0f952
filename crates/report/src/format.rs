//! The formats and the names by which they are asked for.

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
}

impl Format {
    /// All formats, in the order in which help texts name them.
    pub const ALL: [Self; 4] = [Self::Html, Self::Json, Self::Ndjson, Self::Text];

    /// The format's one name, as on the command line.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Text => "text",
        }
    }

    /// The format that a file of this name should have; `None` when its extension tells nothing.
    pub fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Html),
            "json" => Some(Self::Json),
            // Timesketch and others call the same thing JSON lines.
            "ndjson" | "jsonl" => Some(Self::Ndjson),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }
}

/// The name is of no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no format; there are html, json, ndjson and text")]
pub struct UnknownFormat(pub String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|format| format.slug() == name).ok_or_else(|| UnknownFormat(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_its_extension() {
        for format in Format::ALL {
            assert_eq!(format.slug().parse(), Ok(format));
        }
        for (name, format) in [
            ("a/report.html", Some(Format::Html)),
            ("report.HTM", Some(Format::Html)),
            ("report.json", Some(Format::Json)),
            ("findings.ndjson", Some(Format::Ndjson)),
            ("findings.jsonl", Some(Format::Ndjson)),
            ("report.txt", Some(Format::Text)),
            ("report", None),
            ("report.pdf", None),
            ("-", None),
        ] {
            assert_eq!(Format::from_extension(Path::new(name)), format, "{name}");
        }
        assert_eq!("pdf".parse::<Format>(), Err(UnknownFormat("pdf".to_owned())));
    }
}
