//! Sysmon: processes started (1), files created (11) and deleted (23).

use super::{Event, Provider};
use crate::{clock::Moment, dice::Dice};

const SYSMON: Provider = Provider {
    source: "Microsoft-Windows-Sysmon",
    guid: Some("{5770385F-C22A-43E0-BF4C-06F5698FFBD9}"),
    channel: "Microsoft-Windows-Sysmon/Operational",
    keywords: "0x8000000000000000",
};

/// A running program.
#[derive(Clone)]
pub(crate) struct Process {
    pub(crate) image: String,
    pub(crate) command_line: String,
    pub(crate) guid: String,
    pub(crate) pid: i64,
}

impl Process {
    pub(crate) fn new(dice: &mut Dice, image: &str, command_line: &str) -> Self {
        let guid = format!("{{{}}}", dice.guid().to_ascii_uppercase());
        Self { image: image.to_owned(), command_line: command_line.to_owned(), guid, pid: dice.between(400, 6_000) * 4 }
    }

    /// The kernel, in whose name writes over a share are done.
    pub(crate) fn kernel(dice: &mut Dice) -> Self {
        Self { pid: 4, ..Self::new(dice, "System", "") }
    }
}

pub(crate) fn process_start(dice: &mut Dice, at: Moment, process: &Process, parent: &Process, folder: &str) -> Event {
    let program = process.image.rsplit('\\').next().unwrap_or(&process.image).to_owned();
    event(
        1,
        "Process Create:",
        vec![
            ("RuleName", "-".to_owned()),
            ("UtcTime", at.sysmon()),
            ("ProcessGuid", process.guid.clone()),
            ("ProcessId", process.pid.to_string()),
            ("Image", process.image.clone()),
            ("FileVersion", "10.0.14393.0 (rs1_release.160715-1616)".to_owned()),
            ("Description", program.clone()),
            ("Product", "Microsoft® Windows® Operating System".to_owned()),
            ("Company", "Microsoft Corporation".to_owned()),
            ("OriginalFileName", program),
            ("CommandLine", process.command_line.clone()),
            ("CurrentDirectory", folder.to_owned()),
            ("User", r"NT AUTHORITY\SYSTEM".to_owned()),
            ("LogonGuid", format!("{{{}}}", dice.guid().to_ascii_uppercase())),
            ("LogonId", "0x3e7".to_owned()),
            ("TerminalSessionId", "0".to_owned()),
            ("IntegrityLevel", "System".to_owned()),
            ("Hashes", format!("SHA256={}", dice.hex(64).to_ascii_uppercase())),
            ("ParentProcessGuid", parent.guid.clone()),
            ("ParentProcessId", parent.pid.to_string()),
            ("ParentImage", parent.image.clone()),
            ("ParentCommandLine", parent.command_line.clone()),
        ],
    )
}

pub(crate) fn file_created(at: Moment, process: &Process, path: &str) -> Event {
    event(
        11,
        "File created:",
        vec![
            ("RuleName", "-".to_owned()),
            ("UtcTime", at.sysmon()),
            ("ProcessGuid", process.guid.clone()),
            ("ProcessId", process.pid.to_string()),
            ("Image", process.image.clone()),
            ("TargetFilename", path.to_owned()),
            ("CreationUtcTime", at.sysmon()),
        ],
    )
}

pub(crate) fn file_deleted(dice: &mut Dice, at: Moment, process: &Process, path: &str) -> Event {
    event(
        23,
        "File Delete archived:",
        vec![
            ("RuleName", "-".to_owned()),
            ("UtcTime", at.sysmon()),
            ("ProcessGuid", process.guid.clone()),
            ("ProcessId", process.pid.to_string()),
            ("User", r"NT AUTHORITY\SYSTEM".to_owned()),
            ("Image", process.image.clone()),
            ("TargetFilename", path.to_owned()),
            ("Hashes", format!("SHA256={}", dice.hex(64).to_ascii_uppercase())),
            ("IsExecutable", "false".to_owned()),
            ("Archived", "true".to_owned()),
        ],
    )
}

fn event(id: u32, title: &str, data: Vec<(&'static str, String)>) -> Event {
    let lines = data.iter().map(|(name, value)| format!("\r\n{name}: {value}")).collect::<String>();
    Event { provider: &SYSMON, id, level: 4, task: id, message: format!("{title}{lines}"), data }
}
