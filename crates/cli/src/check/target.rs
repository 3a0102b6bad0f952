//! What the user asks about.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use afterpatch_exposure::SeenBuild;
use anyhow::bail;

/// One target of the command line.
pub enum Target {
    /// A build, and how it was written.
    Build(String, SeenBuild),
    /// A list of servers.
    List(PathBuf),
    /// Evidence of servers.
    Evidence(PathBuf),
    /// A server to ask over the network: only what begins with `http://` or `https://`, so that nobody asks by a slip of the pen.
    Address(String),
}

impl Target {
    /// Tells what a word of the command line is: a build by its form, everything else by what lies there.
    pub fn read(text: &str) -> anyhow::Result<Self> {
        if let Some(build) = SeenBuild::read(text) {
            return Ok(Self::Build(text.trim().to_owned(), build));
        }
        if ["http://", "https://"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|own| own.eq_ignore_ascii_case(scheme)))
        {
            return Ok(Self::Address(text.to_owned()));
        }
        let path = Path::new(text);
        if path.is_file() && is_list(path) {
            return Ok(Self::List(path.to_path_buf()));
        }
        if path.exists() {
            return Ok(Self::Evidence(path.to_path_buf()));
        }
        bail!("{text}: neither a build (15.1.2507.66), nor a file or folder that is there, nor an address (https://{text})")
    }
}

impl Target {
    /// Its path, when it is evidence.
    pub fn evidence(&self) -> Option<PathBuf> {
        match self {
            Self::Evidence(path) => Some(path.clone()),
            _ => None,
        }
    }
}

/// A table by its name; an export of the shell by its name and beginning, as Windows events come as XML, too.
fn is_list(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "csv" | "tsv" => true,
        "xml" => {
            let mut head = Vec::new();
            let read = File::open(path).and_then(|file| file.take(512).read_to_end(&mut head));
            // UTF-16 or UTF-8: without the zeros it is the same.
            head.retain(|byte| *byte != 0);
            // What cannot be read is told by whoever reads it.
            read.is_err() || !head.windows(7).any(|word| word == b"<Events" || word == b"<Event ")
        }
        _ => false,
    }
}
