//! What only the running system can say of itself: its processes, and on Windows the registry, whose hives are closed to everybody
//! else while it runs, and what worker processes of the web server have loaded.

use std::collections::HashMap;

use afterpatch_evidence::MemoryFile;
use afterpatch_model::{LIVE_SCHEMA, LIVE_STATE, LiveLine, Timestamp};

mod modules;
#[cfg(windows)]
mod registry;

/// Asks the system, now. `host` is its name.
pub(crate) fn state(host: &str, now: Timestamp) -> MemoryFile {
    let system = if cfg!(windows) { "windows" } else { "linux" };
    let (schema, host, system) = (LIVE_SCHEMA.to_owned(), host.to_owned(), system.to_owned());
    let mut lines = vec![LiveLine::Live { schema, host, system, time: now, elevated: afterpatch_sys::computer::is_elevated() }];
    #[cfg(windows)]
    registry::hand_on(&mut lines);
    processes(&mut lines);
    let mut bytes = Vec::new();
    for line in &lines {
        // Plain data, into memory: it cannot fail.
        if serde_json::to_writer(&mut bytes, line).is_ok() {
            bytes.push(b'\n');
        }
    }
    MemoryFile { path: LIVE_STATE.to_owned(), bytes, modified: Some(now) }
}

fn processes(lines: &mut Vec<LiveLine>) {
    let all = match afterpatch_sys::process::processes() {
        Ok(all) => all,
        Err(error) => {
            lines.push(LiveLine::Gap { what: "processes".to_owned(), why: error.to_string() });
            return;
        }
    };
    let by_id: HashMap<u32, _> = all.iter().map(|process| (process.id, process)).collect();
    #[cfg(windows)]
    modules::of_workers(&all, lines);
    let own = std::process::id();
    for process in all.iter().filter(|process| process.id != own) {
        let image = |process: &afterpatch_sys::process::Process| process.program.clone().unwrap_or_else(|| process.name.clone());
        let parent = by_id.get(&process.parent).filter(|parent| parent.id != process.id);
        lines.push(LiveLine::Process {
            pid: process.id,
            image: image(process),
            command_line: process.command_line.clone().unwrap_or_default(),
            parent_pid: process.parent,
            parent_image: parent.map(|parent| image(parent)).unwrap_or_default(),
            parent_command_line: parent.and_then(|parent| parent.command_line.clone()).unwrap_or_default(),
        });
    }
}
