//! Detection history of Microsoft Defender (`ProgramData\Microsoft\Windows Defender\Scans\History\Service\DetectionHistory\<nn>\<GUID>`),
//! one file for each detection, kept some thirty days; present since Windows 10 and Server 2016.
//!
//! Facts: the layout is not published by Microsoft. It follows the analyses of J. Klepser (DetectionHistory Parser) and of
//! Orange Cyberdefense (wddh), and was checked by hand against sixteen files that they publish. The words for the state are
//! those of `MPTHREAT_STATUS` (Microsoft Learn). A file is a row of items (see `items`):
//!
//! | items | what |
//! |---|---|
//! | number, GUID | threat and detection |
//! | text | `Magic.Version:…`, absent in files of Server 2016 |
//! | text | name of the threat |
//! | 6 numbers, a count, so many numbers | states; the sixth is that of the threat, the first is 4 when four unknown texts come later |
//! | a count, so many resources | each: version, schema, location, two numbers, a bag of names and values (see `bag`) |
//! | time … | last change of the state; first detection; remediation |
//! | text … | user, process, the account's group (the last two as their analysts read them) |
//!
//! One record for each resource: a detection in memory names several. What is not told is what was done in between: the file
//! has only the last state.

mod bag;
mod items;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use afterpatch_model::{AntivirusFinding, ArtifactKind, Fields, GapKind, LogSource, Place, Record, Timestamp, Unified};

use crate::defender_resource::path_of;
use crate::whole::read_whole;
use crate::{Flow, Format, Input, Sink};
use items::{Items, Value};

/// The format of the detection history.
pub struct DefenderHistory;

/// Real ones have some KiB for each resource.
const MOST_BYTES: u64 = 16 << 20;

impl Format for DefenderHistory {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::DefenderHistory
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_history(input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        detection(&read_whole(input, MOST_BYTES, sink), sink);
    }
}

/// A number of eight bytes, then a GUID, then a text: nothing else begins so.
fn is_history(head: &[u8]) -> bool {
    let mut items = Items::new(head);
    matches!(items.next(), Some(Value::Number(_)))
        && head.starts_with(&[8, 0, 0, 0, 8, 0, 0, 0])
        && matches!(items.next(), Some(Value::Guid(_)))
        && items.text().is_some()
}

/// Resources told of one detection, each with all that is told of the detection itself.
const MOST_RESOURCES: usize = 1_000;
/// Letters of a text that are told: no path is longer (Microsoft Learn, "Maximum Path Length Limitation").
const MOST_LETTERS: usize = 32_767;

/// Letters of those texts that are told with every resource.
const LETTERS_OF_ALL: usize = 1024;

/// What a file tells of one detection.
#[derive(Default)]
struct Detection {
    threat_id: u64,
    id: String,
    threat: String,
    status: u64,
    resources: Vec<Resource>,
    /// Last change of the state, first detection, remediation.
    times: Vec<Option<Timestamp>>,
    /// User, process, group.
    who: Vec<String>,
}

struct Resource {
    at: u64,
    schema: String,
    location: String,
    /// What Defender knew of it (`ThreatTrackingSha256` …).
    tracked: Vec<(String, String)>,
}

fn detection(bytes: &[u8], sink: &mut dyn Sink) {
    let mut items = Items::new(bytes);
    let mut detection = Detection::default();
    let whole = detection.read(&mut items).is_some();
    if !whole || items.broken {
        sink.gap(GapKind::Truncated, Place::Offset(items.at), "the rest is not what a detection history holds");
    }
    if let Some(first) = detection.resources.get(MOST_RESOURCES) {
        sink.gap(GapKind::Capped, Place::Offset(first.at), "more resources than are told of one detection");
        detection.resources.truncate(MOST_RESOURCES);
    }
    if detection.threat.is_empty() {
        return;
    }
    // A detection that names no resource is one all the same.
    if detection.resources.is_empty() {
        let nothing = Resource { at: 0, schema: String::new(), location: String::new(), tracked: Vec::new() };
        detection.resources.push(nothing);
    }
    for resource in &detection.resources {
        if detection.hand_on(resource, sink) == Flow::Stop {
            return;
        }
    }
}

impl Detection {
    /// Takes in as much as there is; `None` when it breaks off.
    fn read(&mut self, items: &mut Items<'_>) -> Option<()> {
        self.threat_id = items.number()?;
        self.id = items.guid()?;
        let first = items.text()?;
        self.threat = short(if is_version(&first) { items.text()? } else { first });
        let kind = items.number()?;
        for _ in 0..4 {
            items.number()?;
        }
        self.status = items.number()?;
        for _ in 0..items.number()? {
            items.number()?;
        }
        for _ in 0..items.number()? {
            items.text()?;
            self.resource(items)?;
        }
        self.rest(items, if kind == 4 { 4 } else { 0 })
    }

    /// A resource behind its version.
    fn resource(&mut self, items: &mut Items<'_>) -> Option<()> {
        let at = items.at;
        let (schema, location) = (items.text()?, items.text()?);
        self.resources.push(Resource { at, schema, location, tracked: Vec::new() });
        items.number()?;
        items.number()?;
        let tracked = bag::read(items.bytes()?);
        self.resources.last_mut()?.tracked = tracked;
        Some(())
    }

    /// Times and texts behind the resources, which are told apart by their order alone; then resources again.
    fn rest(&mut self, items: &mut Items<'_>, mut unknown_texts: usize) -> Option<()> {
        while let Some(value) = items.next() {
            match value {
                Value::Time(time) => self.times.push(time),
                Value::Text(text) if is_version(&text) => self.resource(items)?,
                Value::Text(_) if unknown_texts > 0 => unknown_texts -= 1,
                Value::Text(text) => self.who.push(short(text)),
                _ => {}
            }
        }
        // The last change of the state and the user come in every file.
        (!self.times.is_empty() && !self.who.is_empty()).then_some(())
    }

    fn hand_on(&self, resource: &Resource, sink: &mut dyn Sink) -> Flow {
        let who = |index: usize| self.who.get(index).map_or("", String::as_str);
        let time = |index: usize| self.times.get(index).copied().flatten();
        let as_text = |time: Option<Timestamp>| time.map_or(Cow::Borrowed(""), |time| Cow::Owned(time.to_string()));
        let status = status_name(self.status);
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = vec![
            ("DetectionId".into(), self.id.as_str().into()),
            ("ThreatId".into(), self.threat_id.to_string().into()),
            ("StatusId".into(), self.status.to_string().into()),
            ("Status".into(), status.into()),
            ("Schema".into(), resource.schema.as_str().into()),
            ("Resource".into(), resource.location.as_str().into()),
            ("User".into(), who(0).into()),
            ("Group".into(), who(2).into()),
            ("StatusChanged".into(), as_text(time(0))),
            ("Remediation".into(), as_text(time(2))),
        ];
        // `ThreatTrackingSha256` and its siblings, in their own order.
        fields.extend(resource.tracked.iter().map(|(name, value)| {
            let name = name.strip_prefix("ThreatTracking").unwrap_or(name);
            (Cow::Borrowed(name), Cow::Borrowed(value.as_str()))
        }));
        fields.retain(|(_, value)| !value.is_empty());
        sink.record(&Record {
            place: Place::Offset(resource.at),
            time: time(1).or(time(0)),
            server: None,
            source: LogSource::fixed("windows", "", "defender-history"),
            fields: Fields::Pairs(fields),
            unified: Unified::AntivirusFinding(AntivirusFinding {
                threat: self.threat.as_str().into(),
                path: path_of(&resource.schema, &resource.location).unwrap_or_default().into(),
                // Defender writes this word where it knows none.
                process: Some(who(1)).filter(|process| *process != "Unknown").unwrap_or_default().into(),
                action: status.into(),
            }),
        })
    }
}

/// A text that is told with every resource.
fn short(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LETTERS_OF_ALL));
    text
}

fn is_version(text: &str) -> bool {
    text.starts_with("Magic.Version:")
}

/// `MPTHREAT_STATUS` in words. The page on `MSFT_MpThreatDetection` gives the failures other numbers, so the number is told, too.
fn status_name(status: u64) -> &'static str {
    match status {
        1 => "Detected",
        2 => "Cleaned",
        3 => "Quarantined",
        4 => "Removed",
        5 => "Allowed",
        6 => "Blocked",
        102 => "CleanFailed",
        103 => "QuarantineFailed",
        104 => "RemoveFailed",
        105 => "AllowFailed",
        106 => "Abandoned",
        107 => "BlockFailed",
        _ => "",
    }
}
