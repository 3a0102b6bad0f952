//! Lines of detections.
//!
//! ```text
//! DETECTIONEVENT MPSOURCE_REALTIME Backdoor:ASP/Example file:C:\x.asp;process:pid:4,ProcessStart:1;
//! DETECTION_ADD#1 Backdoor:ASP/Example file:C:\x.asp PropBag [length: 0, data: (null)]
//! DETECTION Backdoor:ASP/Example file:C:\x.asp
//! DETECTION_CLEANEVENT MPSOURCE_REALTIME MP_THREAT_ACTION_QUARANTINE 0x80508033 Backdoor:ASP/Example file:C:\x.asp;
//! ```

use afterpatch_model::{GapKind, Place, Timestamp};

use super::{finding, present, record};
use crate::defender_resource::path_of;
use crate::{Flow, Sink};

/// Files told of one line, each with the whole line: fewer of a long one.
const MOST_FILES: usize = 64;
/// Bytes told of one line.
const MOST_BYTES: usize = 1 << 20;

/// Hands on a detection: a record for each file it names, one when it names none. `None` when the line is something else.
pub(super) fn hand_on(number: u64, time: Timestamp, message: &str, sink: &mut dyn Sink) -> Option<Flow> {
    let detection = read(message)?;
    let mut paths: Vec<&str> = detection
        .resources
        .split(';')
        .filter_map(|one| one.split_once(':'))
        .filter_map(|(schema, at)| path_of(schema.trim(), at))
        .collect();
    // An archive and a file in it have one path.
    paths.dedup();
    let most = (MOST_BYTES / message.len().max(1)).clamp(1, MOST_FILES);
    if paths.len() > most {
        sink.gap(GapKind::Capped, Place::Line(number), "more files in one line than are told");
        paths.truncate(most);
    }
    if paths.is_empty() {
        paths.push("");
    }
    let stopped = paths.into_iter().any(|path| {
        let pairs = [
            ("Event", detection.event),
            ("Source", detection.source),
            ("Result", detection.result),
            ("Resources", detection.resources),
            ("Message", message),
        ];
        record(number, Some(time), present(&pairs), finding(detection.threat, path, "", detection.action), sink) == Flow::Stop
    });
    Some(if stopped { Flow::Stop } else { Flow::Continue })
}

#[derive(Default)]
struct Detection<'l> {
    event: &'l str,
    source: &'l str,
    action: &'l str,
    result: &'l str,
    threat: &'l str,
    resources: &'l str,
}

fn read(message: &str) -> Option<Detection<'_>> {
    // Another part of the program may stand before it (`[RTP] `).
    let begin = message.split_inclusive(' ').try_fold(0, |at, word| match word.starts_with('[') {
        true => Ok(at + word.len()),
        false => Err(at),
    });
    let message = message.get(begin.err()?..)?;
    let mut words = Words(message);
    let event = words.next()?;
    if !(event == "DETECTION"
        || event == "DETECTIONEVENT"
        || event == "DETECTION_CLEANEVENT"
        || event.starts_with("DETECTION_ADD"))
    {
        return None;
    }
    let mut detection = Detection { event, ..Detection::default() };
    detection.threat = words.next()?;
    if detection.threat.starts_with("MPSOURCE_") {
        detection.source = std::mem::replace(&mut detection.threat, words.next()?);
    }
    if detection.threat.starts_with("MP_THREAT_ACTION_") {
        detection.action = detection.threat;
        detection.result = words.next()?;
        detection.threat = words.next()?;
    }
    // What Defender adds for itself comes last.
    detection.resources =
        [" PropBag [", " PidTid:"].iter().fold(words.0, |rest, mark| rest.split(mark).next().unwrap_or(rest)).trim();
    Some(detection)
}

/// Words divided by blanks; what is left of the line stays as it is.
struct Words<'l>(&'l str);

impl<'l> Words<'l> {
    fn next(&mut self) -> Option<&'l str> {
        let line = self.0.trim_start();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}
