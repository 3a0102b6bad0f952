//! Script files that a web server would run for a visitor: name, place, hash and the structures that tell what they are.
//!
//! Which files belong where, and which hashes are genuine, is for detectors to say; what the code does is for an analyser
//! of code. This reader hands on the content (up to a bound) and sees three things in the first MiB, whatever the file's name:
//! - the dump of a virtual directory object, which a reset writes to the path it is told (see `directory_dump`);
//! - the heads of an Outlook data file (`!BDN`) and of a DER certificate request (`30 82`), which are what a mailbox export
//!   or a certificate request leaves when it is told to write to a page's name;
//! - a block of server-side script (see `server_script`).
//!
//! The copies that ASP.NET keeps in its temporary folder are not served and are left to `aspnet_compiled`.

mod directory_dump;
mod hidden;
mod server_script;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Read};

use afterpatch_model::{
    ArtifactKind, Content as FileContent, Fields, FileShape, GapKind, LogSource, Place, Record, ServedFile, Timestamp, Unified,
};
use sha2::{Digest, Sha256};

pub use hidden::HiddenScript;
pub(crate) use hidden::may_hide_script;

use crate::hex::hex;
use crate::lines::decode;
use crate::{Format, Input, Sink};

/// The format of script files that a web server runs.
pub struct ServedScript;

/// ASP.NET, classic ASP, PHP, ColdFusion and Java pages, what may stand in their place, and the settings by which a folder makes
/// other files run. `web.config` is configuration, not a page; `iis_config` reads it and hands it on when script stands in it
/// (see [`holds_script`]).
const EXTENSIONS: &[&str] = &[
    "asa", "asax", "ascx", "ashx", "asmx", "asp", "aspx", "cfc", "cfm", "cfml", "cshtml", "htaccess", "jsp", "jspa", "jspf",
    "jspx", "master", "phar", "php", "php3", "php4", "php5", "php7", "php8", "pht", "phtml", "svc", "vbhtml",
];
/// Scripts that are programs like any other, unless they lie in a web server's folder.
const CGI_EXTENSIONS: &[&str] = &["cgi", "pl", "py"];
/// Names that web servers and their users give the folders they serve.
const WEB_FOLDERS: &[&str] =
    &["cgi-bin", "htdocs", "html", "httpdocs", "inetpub", "public_html", "webapps", "webroot", "www", "wwwroot"];

/// Structures are looked for in this many bytes from the start.
const SEEN_BYTES: usize = 1 << 20;

/// So much of the script is handed on.
const SCRIPT_BYTES: usize = 2 * 1024;

impl Format for ServedScript {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ServedScript
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_served_script(input.entry().location())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut content = Content::of_size(input.entry().size());
        let result = input.reader().map_err(|error| (error.gap_kind(), error.to_string())).and_then(|reader| {
            content.read(reader).map_err(|error| (afterpatch_evidence::gap_kind_of(&error), error.to_string()))
        });
        if let Err((kind, detail)) = result {
            sink.gap(kind, Place::Whole, &detail);
        }
        if content.size > content.start.len() as u64 {
            sink.gap(GapKind::Capped, Place::Whole, "only the beginning of the file was looked at for what is in it");
        }
        emit(&input.entry().location().replace('/', r"\"), input.entry().modified(), &content, sink);
    }
}

/// Whether a block of server-side script stands in this text, for a file that is no page by its name.
pub(crate) fn holds_script(text: &str) -> bool {
    server_script::first(text, "").is_some()
}

/// Whether a web server runs a file that lies here, for its name.
fn is_served_script(location: &str) -> bool {
    let lies_in = |folders: &[&str]| location.split(['/', '\\']).any(|part| is_one_of(part, folders));
    let name = location.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_cgi = || is_one_of(extension(name), CGI_EXTENSIONS) && lies_in(WEB_FOLDERS);
    (is_script_name(name) || is_cgi()) && !lies_in(&["temporary asp.net files"])
}

fn is_one_of(text: &str, known: &[&str]) -> bool {
    known.iter().any(|one| one.eq_ignore_ascii_case(text))
}

fn extension(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, extension)| extension)
}

/// Whether a file of this name is a script that a web server runs.
pub(crate) fn is_script_name(name: &str) -> bool {
    is_one_of(extension(name), EXTENSIONS) || name.eq_ignore_ascii_case(".user.ini")
}

/// What was read of a file.
#[derive(Default)]
pub(crate) struct Content {
    /// At most [`FileContent::MAX_BYTES`].
    start: Vec<u8>,
    size: u64,
    /// Empty when the file could not be read to its end: the hash of a part would pass for the hash of a file.
    sha256: String,
}

impl Content {
    /// With room for a file of this size, as the evidence claims.
    fn of_size(bytes: u64) -> Self {
        let room = usize::try_from(bytes).unwrap_or(usize::MAX).min(FileContent::MAX_BYTES);
        Self { start: Vec::with_capacity(room), ..Self::default() }
    }

    pub(crate) fn read(&mut self, mut reader: impl Read) -> io::Result<()> {
        let mut hash = Sha256::new();
        let result = reader.by_ref().take(FileContent::MAX_BYTES as u64).read_to_end(&mut self.start);
        self.size = self.start.len() as u64;
        result?;
        hash.update(&self.start);
        // Hardly any script goes on here.
        let mut buffer = vec![0; if self.start.len() < FileContent::MAX_BYTES { 0 } else { 64 * 1024 }];
        while !buffer.is_empty() {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            hash.update(buffer.get(..count).unwrap_or_default());
            self.size = self.size.saturating_add(count as u64);
        }
        self.sha256 = hex(&hash.finalize());
        Ok(())
    }

    /// The part in which structures are looked for, as text.
    pub(crate) fn text(&self) -> Cow<'_, str> {
        decode(self.start.get(..SEEN_BYTES).unwrap_or(&self.start))
    }

    /// What the file is. `text` is what [`Content::text`] gives.
    pub(crate) fn file<'t>(&'t self, path: &'t str, modified: Option<Timestamp>, text: &'t str) -> ServedFile<'t> {
        let script = server_script::first(text, path).unwrap_or_default();
        let mut shapes = Vec::new();
        if let Some(dump) = directory_dump::find(text) {
            shapes.push(FileShape::DirectoryDump(dump));
        }
        if self.start.starts_with(b"!BDN") {
            shapes.push(FileShape::OutlookData);
        }
        if self.start.starts_with(&[0x30, 0x82]) {
            shapes.push(FileShape::CertificateRequest);
        }
        if !script.is_empty() {
            shapes.push(FileShape::ServerScript);
        }
        ServedFile {
            path: path.into(),
            sha256: self.sha256.clone(),
            size: self.size,
            modified,
            runs_by_name: is_served_script(path),
            shapes,
            script: Cow::Borrowed(shortened(script, SCRIPT_BYTES)),
            content: FileContent(Cow::Borrowed(&self.start)),
        }
    }
}

fn emit(path: &str, modified: Option<Timestamp>, content: &Content, sink: &mut dyn Sink) {
    let text = content.text();
    sink.record(&Record {
        place: Place::Whole,
        time: modified,
        // A dump names a server, but a file is no witness of where it lies.
        server: None,
        source: LogSource::fixed("windows", "", "served-script"),
        fields: Fields::default(),
        unified: Unified::ServedFile(Box::new(content.file(path, modified, &text))),
    });
}

/// At most so many bytes, not cutting a character.
fn shortened(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}
