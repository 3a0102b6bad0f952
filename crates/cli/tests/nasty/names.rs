//! Names that want to be elsewhere, or somebody else.

use std::path::Path;

use afterpatch_model::GapKind;

use super::archives::zip_of;
use super::{Input, Told, attacked, write};

pub const INPUTS: &[Input] = &[
    Input { name: "members named to be elsewhere", make: elsewhere, told: &[Told::Gap("case.zip", GapKind::UnsafeName)] },
    Input { name: "names that differ in case or make of letters", make: colliding, told: &[Told::NoGap] },
    Input { name: "names of controls and marks", make: controls, told: &[Told::NoGap] },
    Input { name: "names of 60 kB", make: long, told: &[Told::Gap("case.zip", GapKind::UnsafeName)] },
    #[cfg(target_os = "linux")]
    Input { name: "names that are no text", make: no_text, told: &[Told::NoGap] },
];

/// Every name holds a log with an attack of its own, so that each can be seen to have been read.
pub const ELSEWHERE: &[&str] = &[
    "../../../../../../tmp/HttpProxy_1.LOG",
    "/etc/cron.d/HttpProxy_2.LOG",
    "C:/Windows/HttpProxy_3.LOG",
    "C:HttpProxy_4.LOG",
    "\\\\?\\C:\\HttpProxy_5.LOG",
    "\\\\192.0.2.1\\share\\HttpProxy_6.LOG",
    "a/./b/..//HttpProxy_7.LOG",
    "HttpProxy_8.LOG:hidden.LOG",
    "CON/HttpProxy_9.LOG",
    "%2e%2e/%2e%2e/HttpProxy_10.LOG",
    "..\u{2215}..\u{ff0f}HttpProxy_11.LOG",
    "a. /b./HttpProxy_12.LOG",
    "$(touch x)`touch x`;HttpProxy_13.LOG",
    "-rf HttpProxy_14.LOG",
];

/// Pairs that are one file on a server, or look like one.
pub const COLLIDING: &[&str] = &[
    "a/HttpProxy_1.LOG",
    "A/HTTPPROXY_1.log",
    "\u{e9}/HttpProxy_1.LOG",
    "e\u{301}/HttpProxy_1.LOG",
    "\u{430}/HttpProxy_1.LOG",
    "K/HttpProxy_1.LOG",
    "\u{212a}/HttpProxy_1.LOG",
    "\u{df}/HttpProxy_1.LOG",
    "ss/HttpProxy_1.LOG",
];

const CONTROLS: &[&str] =
    &["a\nb/HttpProxy_1.LOG", "\u{1b}]0;x\u{7}/HttpProxy_2.LOG", "\u{202e}GOL.x/HttpProxy_3.LOG", "=cmd/HttpProxy_4.LOG"];

/// The client of the log with this number.
pub fn address(number: usize) -> String {
    format!("203.0.113.{}", number + 1)
}

fn save(folder: &Path, names: &[&str]) {
    let logs: Vec<String> = (0..names.len()).map(|number| attacked(&address(number))).collect();
    let files: Vec<(&str, &[u8])> = names.iter().copied().zip(logs.iter().map(String::as_bytes)).collect();
    write(folder, "case.zip", zip_of(&files, zip::CompressionMethod::Deflated));
}

fn elsewhere(folder: &Path) {
    save(folder, ELSEWHERE);
}

fn colliding(folder: &Path) {
    save(folder, COLLIDING);
}

fn controls(folder: &Path) {
    save(folder, CONTROLS);
}

fn long(folder: &Path) {
    save(folder, &[&format!("{}/HttpProxy_1.LOG", "n".repeat(60_000))]);
}

#[cfg(target_os = "linux")]
fn no_text(folder: &Path) {
    use std::os::unix::ffi::OsStrExt;
    let name = std::ffi::OsStr::from_bytes(b"HttpProxy_\xff\xfe\xc0_1.LOG");
    // Some file systems take no such names.
    let _ = std::fs::write(folder.join(name), attacked(&address(0)));
}
