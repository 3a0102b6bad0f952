//! What a running system said of itself when it was scanned or collected (`afterpatch-live.jsonl`): the values of its registry that
//! a hive's reader hands on, of which the hives themselves are closed to everybody while the system runs; its processes, and what the
//! web server's have loaded.
//!
//! Facts: docs/collect.md of this project. One JSON object a line; the first says what it is. Values of the registry are told as
//! `registry_hive` tells them. A process is told as one that was started, at the time when it was seen running: when it really
//! started is earlier.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{
    ArtifactKind, Fields, GapKind, LIVE_SCHEMA, LiveLine, LiveValue, LogSource, Place, ProcessStart, Record, RegistryValue,
    Timestamp, Unified,
};

use crate::lines::{first_lines, read_lines};
use crate::registry_hive::data;
use crate::{Flow, Format, Input, Sink};

/// The format of the file.
pub struct LiveState;

impl Format for LiveState {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::LiveState
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_live_state(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::default();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
    }
}

/// By its first line under any name.
fn is_live_state(head: &[u8]) -> bool {
    let start = LIVE_SCHEMA.trim_end_matches(|letter: char| letter.is_ascii_digit());
    first_lines(head, 1)
        .iter()
        .any(|line| matches!(serde_json::from_str(line), Ok(LiveLine::Live { schema, .. }) if schema.starts_with(start)))
}

#[derive(Default)]
struct Reader {
    host: String,
    is_windows: bool,
    time: Option<Timestamp>,
}

impl Reader {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        let place = Place::Line(number);
        match serde_json::from_str(text) {
            Ok(LiveLine::Live { host, system, time, elevated, .. }) => {
                if !elevated {
                    sink.gap(GapKind::Unreadable, place, "the system was asked without administrator rights");
                }
                self.host = host;
                self.is_windows = system == "windows";
                self.time = Some(time);
                Flow::Continue
            }
            Ok(LiveLine::Registry { key, name, value }) => self.registry(place, &key, &name, &value, sink),
            Ok(LiveLine::Process { pid, image, command_line, parent_pid, parent_image, parent_command_line }) => {
                let start = ProcessStart {
                    image: image.into(),
                    command_line: command_line.into(),
                    pid: Some(pid.into()),
                    parent_image: parent_image.into(),
                    parent_command_line: parent_command_line.into(),
                    parent_pid: Some(parent_pid.into()),
                    user: Cow::Borrowed(""),
                };
                let product = if self.is_windows { "windows" } else { "linux" };
                let source = LogSource::fixed(product, "process_creation", "");
                sink.record(&self.record(place, self.time, source, Vec::new(), Unified::ProcessStart(start)))
            }
            Ok(LiveLine::Module { pid, image, module, signed }) => {
                let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = vec![
                    ("Image".into(), image.into()),
                    ("ImageLoaded".into(), module.into()),
                    ("ProcessId".into(), pid.to_string().into()),
                ];
                fields.extend(signed.map(|signed| ("Signed".into(), signed.to_string().into())));
                let source = LogSource::fixed("windows", "image_load", "");
                sink.record(&self.record(place, self.time, source, fields, Unified::Other))
            }
            Ok(LiveLine::Gap { what, why }) => {
                sink.gap(GapKind::Unreadable, place, &format!("{what} could not be asked of the running system: {why}"));
                Flow::Continue
            }
            Err(_) => {
                sink.gap(GapKind::Malformed, place, "no line of a running system's state");
                Flow::Continue
            }
        }
    }

    fn registry(&self, place: Place, key: &str, name: &str, value: &LiveValue, sink: &mut dyn Sink) -> Flow {
        let (kind, bytes) = raw(value);
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let mut fields = vec![("Type".into(), data::kind_name(kind).into()), ("Size".into(), Cow::from(size.to_string()))];
        let texts = if name == "Actions" { data::texts_in(&bytes) } else { String::new() };
        if !texts.is_empty() {
            fields.push(("Text".into(), texts.into()));
        }
        let value = RegistryValue { key: key.into(), name: name.into(), data: data::text(name, kind, &bytes, size).into() };
        // When it was written the system does not say.
        let source = LogSource::fixed("windows", "", "registry-hive");
        sink.record(&self.record(place, None, source, fields, Unified::RegistryValue(value)))
    }

    fn record<'r>(
        &'r self,
        place: Place,
        time: Option<Timestamp>,
        source: LogSource<'static>,
        fields: Vec<(Cow<'r, str>, Cow<'r, str>)>,
        unified: Unified<'r>,
    ) -> Record<'r> {
        let server = Some(Cow::from(&*self.host)).filter(|host| !host.is_empty());
        Record { place, time, server, source, fields: Fields::Pairs(fields), unified }
    }
}

/// A value as a hive holds it: Windows' number for its type, and its bytes.
fn raw(value: &LiveValue) -> (u32, Vec<u8>) {
    let utf16 = |text: &str| text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    match value {
        LiveValue::Text(text) => (1, utf16(text)),
        LiveValue::Texts(texts) => (7, texts.iter().flat_map(|text| utf16(text)).chain([0, 0]).collect()),
        LiveValue::Number(number) => (4, number.to_le_bytes().to_vec()),
        LiveValue::Long(number) => (11, number.to_le_bytes().to_vec()),
        LiveValue::Bytes(kind, hex) => {
            let digits: Vec<u8> = hex.chars().filter_map(|digit| digit.to_digit(16)?.try_into().ok()).collect();
            (*kind, digits.as_chunks::<2>().0.iter().map(|[high, low]| high << 4 | low).collect())
        }
    }
}
