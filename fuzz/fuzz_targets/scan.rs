//! The whole line on hostile bytes: open, recognise, read, detect, join, and write every report.
//!
//! The first byte chooses the file's name, since names decide what some files are taken for; the rest is its content.
//! libFuzzer stops at any panic, also at one that the engine would catch.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_model::{GapKind, Timestamp};
use afterpatch_report::Format;
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 19] = [
    "u_ex210301.log",
    "HttpProxy_2021030110-1.LOG",
    "ECPServer20210301-1.LOG",
    "OABGeneratorLog/OABGenerator.log",
    "Security.evtx",
    "events.json",
    "x.aspx.f5dba9b9.compiled",
    "owa/auth/x.aspx",
    "case.zip",
    "case.tar",
    "case.tar.gz",
    "web.config",
    "agents.config",
    "Windows/System32/Tasks/task",
    "MPLog-20210301-100000.log",
    "anything",
    "access.log",
    "ExchangeSetup.log",
    "events.xml",
];

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::load().expect("the built-in data is sound"));

fuzz_target!(|data: &[u8]| {
    let Some((&first, content)) = data.split_first() else { return };
    let name = NAMES[usize::from(first) % NAMES.len()];
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: PathBuf = folder.path().join(name);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a temporary folder");
    fs::write(&path, content).expect("a temporary file");
    // A folder shows the format's reader, the file itself the kind of evidence.
    let input = if name.starts_with("case.") { path } else { folder.path().to_path_buf() };
    let options = Options { inputs: vec![input], since: None, until: None, now: Timestamp::UNIX_EPOCH, threads: 1 };
    let report = ENGINE.run(&options, &Progress::default());
    assert!(report.gaps.iter().all(|gap| gap.kind != GapKind::InternalError), "{:?}", report.gaps);
    for format in Format::ALL {
        let mut out = Vec::new();
        afterpatch_report::write(&report, format, &afterpatch_report::Options::default(), &mut out).expect("memory takes it");
    }
});
