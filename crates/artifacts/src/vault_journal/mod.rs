//! Journal of one of our own quarantine vaults (`journal.jsonl`): which files `afterpatch clean` took away, and which services and
//! tasks it switched off, and when. Scanned beside the server's evidence, it lets a report say that these are gone, and since when.
//!
//! Facts: docs/vault.md of this project. A line is a checksum, a blank, and a JSON object; `intent` says what is about to be
//! done to which file (`notes.windows_path` on `notes.server`), `done` that it was done, and an intent that `undoes` another is
//! the way back. Only a removal that was done and not undone is a change of a file to us: what was put back is as it was, and
//! what got another content is still there. A service or task that was switched off (`switch`, `to`) and not on again is a record of
//! its name. The checksums are not checked here; the vault does that before it changes anything.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use afterpatch_model::{ArtifactKind, Fields, FileAction, FileChange, GapKind, LogSource, Place, Record, Timestamp, Unified};
use serde::Deserialize;

use crate::lines::{first_lines, read_lines};
use crate::{Flow, Format, Input, Sink};

/// The format of vault journals.
pub struct VaultJournal;

/// Removals kept in mind until the journal ends; a vault with more is no clean-up of one server.
const MOST: usize = 100_000;

const SCHEMA: &str = "afterpatch.vault/";

impl Format for VaultJournal {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::VaultJournal
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_journal(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let mut reader = Reader::default();
        read_lines(input, sink, |number, text, sink| reader.line(number, text, sink));
        reader.finish(sink);
    }
}

/// By its first line under any name.
fn is_journal(head: &[u8]) -> bool {
    first_lines(head, 1).iter().any(|line| {
        parse(line).is_some_and(|line| line.schema.is_some_and(|schema| schema.starts_with(SCHEMA)) && line.record == "vault")
    })
}

fn parse(line: &str) -> Option<Line> {
    let (sum, json) = line.split_once(' ')?;
    let is_sum = sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sum { serde_json::from_str(json).ok() } else { None }
}

#[derive(Deserialize)]
struct Line {
    time: Timestamp,
    record: String,
    #[serde(default)]
    schema: Option<String>,
    #[serde(default)]
    change: u64,
    #[serde(default)]
    undoes: Option<u64>,
    #[serde(default)]
    label: String,
    #[serde(default)]
    notes: BTreeMap<String, String>,
    #[serde(default)]
    before: Option<serde_json::Value>,
    #[serde(default)]
    after: Option<serde_json::Value>,
    #[serde(default)]
    switch: Option<Switch>,
    #[serde(default)]
    to: String,
}

/// A service or task.
#[derive(Deserialize)]
struct Switch {
    kind: String,
    name: String,
}

/// How a switch stands that is off.
const OFF: &str = "disabled";

impl Line {
    /// What was taken away or switched off: a field, its value, and what that means.
    fn told(&self) -> Option<(&'static str, &str, Unified<'_>)> {
        if let Some(switch) = self.switch.as_ref().filter(|_| self.to == OFF) {
            let field = if switch.kind == "task" { "TaskName" } else { "ServiceName" };
            return Some((field, &switch.name, Unified::Other));
        }
        let path = self.notes.get("windows_path").filter(|path| !path.is_empty())?;
        let (action, image) = (FileAction::Deleted, "afterpatch".into());
        let removed = Unified::FileChange(FileChange { action, path: path.into(), image, pid: None });
        (self.before.is_some() && self.after.is_none()).then_some(("TargetFilename", path, removed))
    }
}

/// What the journal has said so far.
#[derive(Default)]
struct Reader {
    intents: BTreeMap<u64, (u64, Line)>,
    done: BTreeMap<u64, Timestamp>,
}

impl Reader {
    fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Flow {
        let Some(line) = parse(text) else {
            sink.gap(GapKind::Malformed, Place::Line(number), "no line of a vault's journal");
            return Flow::Continue;
        };
        match &*line.record {
            "intent" if self.intents.len() < MOST => {
                self.intents.insert(line.change, (number, line));
            }
            "intent" => {
                sink.gap(GapKind::Capped, Place::Line(number), "more changes than a vault has; the rest was not read");
                return Flow::Stop;
            }
            "done" => {
                self.done.insert(line.change, line.time);
            }
            _ => {}
        }
        Flow::Continue
    }

    fn finish(self, sink: &mut dyn Sink) {
        let undone: Vec<u64> = self
            .intents
            .values()
            .filter(|(_, line)| self.done.contains_key(&line.change))
            .filter_map(|(_, line)| line.undoes)
            .collect();
        for (number, line) in self.intents.values() {
            let Some(time) = self.done.get(&line.change) else { continue };
            if line.undoes.is_some() || undone.contains(&line.change) {
                continue;
            }
            let Some((field, value, unified)) = line.told() else { continue };
            let record = Record {
                place: Place::Line(*number),
                time: Some(*time),
                server: line.notes.get("server").map(|server| server.as_str().into()),
                source: LogSource::fixed("afterpatch", "", "vault"),
                fields: Fields::Pairs(vec![("Action".into(), line.label.as_str().into()), (field.into(), value.into())]),
                unified,
            };
            if sink.record(&record) == Flow::Stop {
                return;
            }
        }
    }
}
