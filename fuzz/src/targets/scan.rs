//! The whole line on hostile bytes: open, recognise, read, detect, join, and write a report.
//!
//! The first byte chooses the file's name, since names decide what some files are taken for; the rest is its content (see
//! `inputs.rs`). Nothing is written anywhere: archives and disk images are opened inside of evidence that is in memory.
//! libFuzzer stops at any panic, also at one that the engine would catch.
use std::sync::LazyLock;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_evidence::{Evidence, Limits, MemoryFile};
use afterpatch_model::{GapKind, Timestamp};
use afterpatch_report::Format;

use crate::inputs::{NAMES, is_folded, unfold};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::load().expect("the built-in data is sound"));

/// Runs one input.
pub fn run(data: &[u8]) {
    let Some((&first, content)) = data.split_first() else { return };
    let name = NAMES[usize::from(first) % NAMES.len()];
    let mut bytes = if is_folded(name) { unfold(content) } else { content.to_vec() };
    if name.ends_with(".7z") {
        let _ = sum_up_7z(&mut bytes);
    } else if name.ends_with(".tar") {
        bytes.as_chunks_mut().0.iter_mut().for_each(sum_up_tar);
    }
    let files = vec![MemoryFile { path: name.to_owned(), bytes, modified: None }];
    let evidence = [Evidence::of_memory_with("case", files, limits())];
    let options = Options { inputs: vec!["case".into()], since: None, until: None, now: Timestamp::UNIX_EPOCH, threads: 1 };
    let report = ENGINE.run_on(&evidence, &options, &Progress::default());
    assert!(report.gaps.iter().all(|gap| gap.kind != GapKind::InternalError), "{:?}", report.gaps);
    // Any of the formats: to write all of them would take most of the time.
    let format = Format::ALL[data.len() % Format::ALL.len()];
    let mut out = Vec::new();
    afterpatch_report::write(&report, format, &afterpatch_report::Options::default(), &mut out).expect("memory takes it");
}

/// Narrow, so that what reaches them does not take all the time.
fn limits() -> Limits {
    Limits {
        bomb_bytes: 1 << 20,
        bomb_ratio: 20,
        entries: 10_000,
        path_bytes: 1 << 20,
        spool_bytes: 64 << 10,
        archives: 16,
        unpacked_bytes: 16 << 20,
        ..Limits::default()
    }
}

/// Sets the two check sums of a 7z archive right, behind which everything in it hides.
fn sum_up_7z(bytes: &mut [u8]) -> Option<()> {
    let number = |at: usize| Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?) as usize);
    let start = number(12)?.checked_add(32)?;
    let list = bytes.get(start..start.checked_add(number(20)?)?)?;
    let sum = crc32fast::hash(list);
    bytes.get_mut(28..32)?.copy_from_slice(&sum.to_le_bytes());
    let sum = crc32fast::hash(bytes.get(12..32)?);
    bytes.get_mut(8..12)?.copy_from_slice(&sum.to_le_bytes());
    Some(())
}

/// As [`sum_up_7z`], of a block that may be the header of a tar.
fn sum_up_tar(block: &mut [u8; 512]) {
    if block[257..262] == *b"ustar" {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    }
}
