//! A report that somebody hands us: written in a format, and planned from.
//!
//! Nobody vouches for it: it may come from a server that an attacker had, and a plan made from it is carried out as administrator.

use std::sync::LazyLock;

use afterpatch_model::{Confidence, Report, Timestamp};
use afterpatch_remediation::{Host, Wishes, plan, read_plan};
use afterpatch_report::Format;
use tempfile::TempDir;

/// A disk with nothing on it but the beginning of a Windows.
static DISK: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::create_dir_all(folder.path().join("C/Windows/System32")).expect("a temporary folder");
    folder
});

/// Runs one input.
pub fn run(data: &[u8]) {
    let Ok(report) = serde_json::from_slice::<Report>(data) else { return };
    // Any of the formats: to write all of them would take most of the time.
    let format = Format::ALL[data.len() % Format::ALL.len()];
    let mut out = Vec::new();
    afterpatch_report::write(&report, format, &afterpatch_report::Options::default(), &mut out).expect("memory takes it");
    let host = Host::new(DISK.path()).expect("a folder");
    let wishes = Wishes { now: Timestamp::UNIX_EPOCH, server: None, confidence: Confidence::Low, medium: None, mitigate: true };
    if let Ok(plan) = plan(&report, &host, &wishes) {
        let text = serde_json::to_string(&plan).expect("plain data");
        read_plan(&text).expect("what we write, we read");
    }
}
