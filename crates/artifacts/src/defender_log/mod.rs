//! The support log of Microsoft Defender (`ProgramData\Microsoft\Windows Defender\Support\MPLog-*.log`, and `MPDetection-*.log`
//! beside it), UTF-16 with a byte order mark.
//!
//! Facts: Microsoft documents one kind of line (the performance of scans, which it says is in UTC). The others follow what
//! is published of them: artefacts.help ("Windows Defender support logs"), CrowdStrike ("Mind the MPLog", 2022), and public lines
//! of real logs. Their form has changed over the years, so a line is read by its words, not by its position.
//!
//! | line | record |
//! |---|---|
//! | `<time>Z DETECTIONEVENT`, `DETECTION_ADD#n`, `DETECTION`, `DETECTION_CLEANEVENT` | a finding for each file it names (see `detection`) |
//! | `<time>Z … [Mini-filter] Blocked file…` | a finding without the threat's name, but with the process that was kept from the file |
//! | `<time>Z Engine:command line reported as threat: …` | a finding with the command line |
//! | `<time>Z` anything else | `Other`, with the fields of the kinds that are known (see `line`) |
//! | blocks of a scan with a result, of the actions on a threat | a finding for each file (see `block`); their times are the server's local ones, so the record has none |
//! | lists of exclusions in the block of the real-time protection | `Other`, with `Exclusion` and `Path` |
//!
//! What is not known: the meaning of most other blocks, of the numbers behind `DETECTION_ADD#` and of the result codes. Such
//! lines without a time are passed over.

mod block;
mod detection;
mod line;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{AntivirusFinding, ArtifactKind, Fields, LogSource, Place, Record, Timestamp, Unified};

use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};
use block::Block;

/// The format of the support log.
pub struct DefenderLog;

impl Format for DefenderLog {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::DefenderLog
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_defender_log_name(input.entry().file_name()) && is_text(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::default();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    }
}

/// The names that Defender gives these files.
pub(crate) fn is_defender_log_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    (name.starts_with("mplog-") || name.starts_with("mpdetection-")) && name.ends_with(".log")
}

/// The log has no head of its own, and its first lines can be of any kind.
fn is_text(head: &[u8]) -> bool {
    let lines = first_lines(head, 5);
    let odd = |character: char| character == '\u{fffd}' || (character.is_control() && character != '\t');
    !lines.is_empty() && !lines.iter().any(|line| line.contains(odd))
}

/// Names and values.
type Pairs<'l> = Vec<(Cow<'l, str>, Cow<'l, str>)>;

#[derive(Default)]
struct Reader {
    block: Option<Block>,
    /// The kind of exclusions whose list is being read.
    exclusions: Option<&'static str>,
}

impl Reader {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        if let Some((time, message)) = timed(text) {
            self.exclusions = None;
            return line::hand_on(number, time, message, sink);
        }
        if let Some(kind) = exclusions(text) {
            self.exclusions = Some(kind);
            return Flow::Continue;
        }
        if let (Some(kind), true) = (self.exclusions, text.starts_with([' ', '\t'])) {
            let fields =
                vec![("Event".into(), "Exclusion".into()), ("Kind".into(), kind.into()), ("Path".into(), text.trim().into())];
            return record(number, None, fields, Unified::Other, sink);
        }
        self.exclusions = None;
        match &mut self.block {
            Some(block) => match block.line(number, text.trim(), sink) {
                block::Next::Stop => Flow::Stop,
                block::Next::Ended => {
                    self.block = None;
                    Flow::Continue
                }
                block::Next::Open => Flow::Continue,
            },
            None => {
                self.block = Block::begun_by(text.trim());
                Flow::Continue
            }
        }
    }
}

/// The time at the start of a line, and what follows it.
fn timed(text: &str) -> Option<(Timestamp, &str)> {
    let (time, message) = text.trim_start().split_once(' ')?;
    // Most lines without a time do not begin with a digit; a parse of each would cost more than the rest.
    let time = time.starts_with(|first: char| first.is_ascii_digit()).then(|| time.parse().ok())??;
    Some((time, message.trim()))
}

fn exclusions(text: &str) -> Option<&'static str> {
    [("Process Exclusions:", "Process"), ("Path Exclusions:", "Path"), ("Ext Exclusions:", "Extension")]
        .into_iter()
        .find(|(head, _)| text.trim() == *head)
        .map(|(_, kind)| kind)
}

/// The pairs that have a value.
fn present<'l>(pairs: &[(&'static str, &'l str)]) -> Pairs<'l> {
    pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| ((*name).into(), (*value).into())).collect()
}

fn finding<'l>(threat: &'l str, path: &'l str, process: &'l str, action: &'l str) -> Unified<'l> {
    Unified::AntivirusFinding(AntivirusFinding {
        threat: threat.into(),
        path: path.into(),
        process: process.into(),
        action: action.into(),
    })
}

fn record(number: u64, time: Option<Timestamp>, fields: Pairs<'_>, unified: Unified<'_>, sink: &mut dyn Sink) -> Flow {
    sink.record(&Record {
        place: Place::Line(number),
        time,
        server: None,
        source: LogSource::fixed("windows", "", "defender-log"),
        fields: Fields::Pairs(fields),
        unified,
    })
}
