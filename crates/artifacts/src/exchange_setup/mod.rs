//! Exchange setup logs (`C:\ExchangeSetupLogs\ExchangeSetup.log`).
//!
//! Facts (logs in the tests of CSS-Exchange's SetupLogReviewer, 2016 CU18 and later; a published log of a German server;
//! published decompiled code of the writer):
//! - Every run is added to the same file, so it is the oldest history of the server's cumulative updates. Security updates
//!   do not write here.
//! - A line is `[MM/DD/YYYY hh:mm:ss.ffff] [depth] text`, always English. Month stands before day everywhere, but the sign
//!   between them is the account's (`[11.14.2022 …]`). `ffff` is the milliseconds, padded to four digits.
//! - **Times are UTC**: the writer asks for UTC. `Local time zone:` in the head of a run is for information.
//! - Lines that do not begin so belong to the text before (scripts, exceptions). They are no records.
//! - `Setup version:` is what shall be installed; `The locally installed version is` what the installer's registry says,
//!   which no security update raises; `Server Name=` the server.
//!
//! **Only a run that installed something and came to its good end tells a build**, at the time of that end: before it the
//! server is still (or again) what it was, and its last security update is not named here. Runs that only prepare the
//! directory install no role.

mod line;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Fields, LogSource, Place, Record, Unified};

use crate::delimited::build_record;
use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};
use line::Line;

/// The format of setup logs.
pub struct ExchangeSetup;

impl Format for ExchangeSetup {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ExchangeSetup
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_setup(input.entry().file_name(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::default();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    }
}

/// By what its first lines say under any name; by its name when they only have the shape (a file whose beginning was cut off).
fn is_setup(name: &str, head: &[u8]) -> bool {
    let lines = first_lines(head, 16);
    let mut lines = lines.iter().filter_map(|line| Line::read(line)).peekable();
    let is_shaped = lines.peek().is_some();
    lines.any(|line| line.text.starts_with(STARTED)) || (is_shaped && is_setup_name(name))
}

/// The name that Exchange gives this log, also where a number was added.
pub(crate) fn is_setup_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("exchangesetup") && name.ends_with(".log")
}

const STARTED: &str = "Starting Microsoft Exchange Server";
const COMPLETED: &str = "The Exchange Server setup operation completed successfully";

/// A longer server's name is none: DNS ends there (RFC 1035).
const LONGEST_NAME: usize = 255;

/// What is known of the run at hand.
#[derive(Default)]
struct Reader {
    version: String,
    server: String,
    installs: bool,
    uninstalls: bool,
}

impl Reader {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        let Some(line) = Line::read(text) else { return Flow::Continue };
        self.learn(line.text);
        let place = Place::Line(number);
        if line.text.starts_with(COMPLETED)
            && self.installs
            && !self.uninstalls
            && let Some(record) = build_record(place, Some(line.time), "Setup version", &self.version)
            && sink.record(&Record { server: self.server(), ..record }) == Flow::Stop
        {
            return Flow::Stop;
        }
        let fields = vec![("Depth".into(), line.depth.into()), ("Message".into(), line.text.into())];
        sink.record(&Record {
            place,
            time: Some(line.time),
            server: self.server(),
            source: LogSource::fixed("exchange", "", "setup"),
            fields: Fields::Pairs(fields),
            unified: Unified::Other,
        })
    }

    fn learn(&mut self, text: &str) {
        if text.starts_with(STARTED) {
            *self = Self::default();
        } else if let Some(version) = text.strip_prefix("Setup version: ") {
            version.trim().trim_end_matches('.').clone_into(&mut self.version);
        } else if let Some(server) = text.strip_prefix("Server Name=") {
            // Every line that follows is told with it.
            if server.len() <= LONGEST_NAME {
                server.trim().clone_into(&mut self.server);
            }
        } else if let Some(roles) = text.strip_prefix("Validating options for the ") {
            self.installs |= !roles.starts_with("0 ");
        } else if text.starts_with("The installation mode is set to: 'Uninstall'") {
            self.uninstalls = true;
        }
    }

    fn server(&self) -> Option<Cow<'_, str>> {
        (!self.server.is_empty()).then_some(Cow::Borrowed(&*self.server))
    }
}
