//! What the tests of all formats share: a sink that writes down what it is given, and golden files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::path::Path;

use afterpatch_model::{Fields, GapKind, Glance, Place, Record, Timestamp};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use crate::{Flow, Sink};

/// Writes down what it is given, one piece of text for each record and gap.
#[derive(Default)]
pub(crate) struct Written {
    pub(crate) records: Vec<String>,
    pub(crate) times: Vec<Option<Timestamp>>,
    pub(crate) gaps: Vec<(GapKind, Place, String)>,
    /// Everything in the order in which it came.
    pub(crate) text: String,
    /// The face of each row that was offered at a glance.
    pub(crate) faces: Vec<Vec<String>>,
    /// The parts of the row that was offered last, until its record comes.
    pub(crate) offered: Option<Vec<String>>,
    /// Stop after so many records.
    pub(crate) stop_after: Option<usize>,
}

impl Sink for Written {
    fn glance(&mut self, glance: &Glance<'_>) -> bool {
        let owned = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        self.faces.push(owned(glance.face));
        self.offered = Some([owned(glance.face.get(1..).unwrap_or_default()), owned(glance.rest)].concat());
        false
    }

    fn record(&mut self, record: &Record<'_>) -> Flow {
        if let Some(line) = record.fields.line() {
            assert_said_by(&[line], b"", record);
        }
        if let Some(parts) = self.offered.take() {
            assert_said_by(&parts.iter().map(String::as_str).collect::<Vec<_>>(), Glance::OF_TIMES, record);
        }
        let time = record.time.map_or("no time".to_owned(), |time| time.to_string());
        let server = record.server.as_deref().unwrap_or("-");
        let source = format!("{}/{}/{}", record.source.product, record.source.category, record.source.service);
        let fields: Vec<String> =
            record.fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
        let written = format!(
            "{:?} {time} server={server} source={source}\n  {:?}\n  {}\n",
            record.place,
            record.unified,
            fields.join(" ¦ ")
        );
        self.text.push_str(&written);
        self.records.push(written);
        self.times.push(record.time);
        if self.stop_after.is_some_and(|count| self.records.len() >= count) { Flow::Stop } else { Flow::Continue }
    }

    fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
        writeln!(self.text, "GAP {kind:?} {place:?} {detail}").unwrap();
        self.gaps.push((kind, place, detail.to_owned()));
    }

    fn clock_corrected(&mut self, offset_minutes: i32, proven_by: u64) {
        writeln!(self.text, "CLOCK {offset_minutes} proven by {proven_by}").unwrap();
    }
}

/// What [`Fields::Columns`] promises of a line, and [`Glance`] of the parts of one: filters of rules rely on it.
/// What is made of `but` alone need not stand there.
fn assert_said_by(parts: &[&str], but: &[u8], record: &Record<'_>) {
    const FIELDS: [&str; 16] = [
        "cs-method",
        "cs-uri-stem",
        "cs-uri-query",
        "c-ip",
        "X-Forwarded-For",
        "cs-username",
        "cs-user-agent",
        "cs-referer",
        "AnchorMailbox",
        "RoutingHint",
        "BackEndCookie",
        "Protocol",
        "Errors",
        "Reason",
        "QueueName",
        "SiteId",
    ];
    let unified = FIELDS.iter().filter_map(|name| record.unified.field(name)).map(|value| value.into_owned());
    for value in unified.chain(record.fields.iter().map(|(_, value)| value.to_owned())) {
        let is_changed = |letter: char| u8::try_from(letter).is_ok_and(|byte| Fields::CHANGED_IN_LINE.contains(&byte));
        for piece in value.split(is_changed).filter(|piece| !piece.bytes().all(|byte| but.contains(&byte))) {
            assert!(parts.iter().any(|part| part.contains(piece)), "{piece:?} of {value:?} does not stand in {parts:?}");
        }
    }
}

impl Written {
    /// What a reader wrote down.
    pub(crate) fn by(read: impl FnOnce(&mut Written)) -> Self {
        let mut written = Self::default();
        read(&mut written);
        written
    }
}

/// The faces that were offered, their lists of columns by the order in which they came.
pub(crate) fn faces_by_list(written: &Written) -> Vec<(usize, Vec<&str>)> {
    let mut lists = Vec::new();
    let mut number = |list| {
        let known = lists.iter().position(|known| *known == list);
        known.unwrap_or_else(|| {
            lists.push(list);
            lists.len() - 1
        })
    };
    let numbers: Vec<usize> = written.faces.iter().filter_map(|face| face.first()).map(&mut number).collect();
    let parts = written.faces.iter().map(|face| face.iter().skip(1).map(String::as_str).collect());
    numbers.into_iter().zip(parts).collect()
}

/// Reads every `testdata/*.in` of a format's folder and compares what came out with the snapshot beside it.
pub(crate) fn golden(format: &str, read: impl Fn(&str, &[u8], &mut Written)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(format).join("testdata");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".in"))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no golden file in {format}");
    for name in names {
        let bytes = std::fs::read(folder.join(&name)).unwrap();
        let written = Written::by(|sink| read(&name, &bytes, sink));
        kept(format, name.trim_end_matches(".in"), &written.text);
    }
}

/// Compares a text with the snapshot of that name in a format's `testdata`.
pub(crate) fn kept(format: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(format).join("testdata"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A junk line anywhere in a sound log loses no other row, and no damage makes the reader panic.
pub(crate) fn survives(log: &'static str, read: fn(&[u8], &mut Written)) {
    let sound = Written::by(|sink| read(log.as_bytes(), sink));
    assert!(!sound.records.is_empty() && sound.gaps.is_empty(), "{:?}", sound.gaps);
    let without_place = |record: &String| record.split_once(") ").map(|(_, rest)| rest.to_owned()).unwrap();
    let lines: Vec<&str> = log.lines().collect();
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() });

    let junk = (0..=lines.len(), "[^#\r\n]{0,200}");
    let loses_nothing = |(at, junk): (usize, String)| {
        let mut lines = lines.clone();
        lines.insert(at, &junk);
        let written = Written::by(|sink| read(lines.join("\r\n").as_bytes(), sink));
        let rest: Vec<String> = written.records.iter().map(without_place).collect();
        for record in sound.records.iter().map(without_place) {
            prop_assert!(rest.contains(&record), "{record} is lost");
        }
        Ok(())
    };
    runner.run(&junk, loses_nothing).unwrap();

    let any_bytes = prop::collection::vec(any::<u8>(), 0..2000);
    let ends = |bytes: Vec<u8>| {
        read(&bytes, &mut Written::default());
        Ok(())
    };
    runner.run(&any_bytes, ends).unwrap();

    let changes = (prop::collection::vec((any::<Index>(), any::<u8>()), 1..20), any::<Index>());
    let damaged = |(changes, end): (Vec<(Index, u8)>, Index)| {
        let mut bytes = log.as_bytes().to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(end.index(log.len()) + 1);
        ends(bytes)
    };
    runner.run(&changes, damaged).unwrap();
}

/// No bytes and no damage to a sound file make the reader panic: a byte changed, an end cut off, and what is none at all.
pub(crate) fn survives_damage(sound: &[u8], read: impl Fn(&[u8], &mut Written)) {
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() });
    let changes = prop::collection::vec((any::<Index>(), any::<u8>()), 0..10);
    let cases = (changes, any::<Index>(), prop::collection::vec(any::<u8>(), 0..500));
    let ends = |(changes, end, bytes): (Vec<(Index, u8)>, Index, Vec<u8>)| {
        read(&bytes, &mut Written::default());
        let mut damaged = sound.to_vec();
        for (at, byte) in changes {
            let at = at.index(damaged.len());
            damaged[at] = byte;
        }
        read(&damaged, &mut Written::default());
        damaged.truncate(end.index(sound.len()));
        read(&damaged, &mut Written::default());
        Ok(())
    };
    runner.run(&cases, ends).unwrap();
}
