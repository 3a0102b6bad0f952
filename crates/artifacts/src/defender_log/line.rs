//! Lines with a time, each read by its words.
//!
//! | words | fields beside `Event` and `Message` |
//! |---|---|
//! | `ProcessImageName: …, Pid: …, MaxTimeFile: …` | each under its own name |
//! | `[Exclusion] C:\x -> \Device\…\x` | `Path`, `DevicePath` |
//! | `command line reported as lowfi: C:\x.exe(x /y)` | `Path`, `CommandLine` |
//! | `SDN:Issuing SDN query for \Device\…\x (C:\x) (sha1=…, sha2=…)` | `Path`, `Sha1`, `Sha256` |

use afterpatch_model::{Timestamp, Unified};

use super::{Pairs, detection, finding, record};
use crate::{Flow, Sink};

/// Hands on what a line says.
pub(super) fn hand_on(number: u64, time: Timestamp, message: &str, sink: &mut dyn Sink) -> Flow {
    if let Some(flow) = detection::hand_on(number, time, message, sink) {
        return flow;
    }
    let (event, fields, unified) = known(message).unwrap_or(("", Vec::new(), Unified::Other));
    let mut all: Pairs<'_> = vec![("Event".into(), event.into())];
    all.extend(fields);
    all.push(("Message".into(), message.into()));
    all.retain(|(_, value)| !value.is_empty());
    record(number, Some(time), all, unified, sink)
}

/// The event's name, its fields, and what it means.
fn known(message: &str) -> Option<(&'static str, Pairs<'_>, Unified<'_>)> {
    if message.starts_with("ProcessImageName: ") {
        return Some(("ScanImpact", impact(message), Unified::Other));
    }
    if let Some((_, blocked)) = message.split_once("[Mini-filter] Blocked file") {
        // `(#74): path. Process: path, Status: …`, or without the number and the dot.
        let (path, rest) = blocked.split_once(": ")?.1.split_once(" Process: ")?;
        let process = rest.split_once(", Status:").map_or(rest, |(process, _)| process);
        let path = path.strip_suffix('.').unwrap_or(path);
        return Some(("Blocked file", vec![], finding("", path, process, "Blocked file")));
    }
    if let Some((_, excluded)) = message.split_once("[Exclusion] ") {
        let (path, device) = excluded.split_once(" -> ").unwrap_or((excluded, ""));
        return Some((
            "Exclusion",
            vec![("Path".into(), path.trim().into()), ("DevicePath".into(), device.into())],
            Unified::Other,
        ));
    }
    if let Some((_, reported)) = message.split_once("command line reported as ") {
        let (level, line) = reported.split_once(": ")?;
        let (path, command_line) = program_and_line(line);
        let fields = vec![("Path".into(), path.into()), ("CommandLine".into(), command_line.into())];
        // What is reported as `lowfi` runs on: it is a hint, and most are harmless.
        return Some(match level {
            "threat" => ("CommandLineThreat", fields, finding("", path, path, "command line reported as threat")),
            _ => ("CommandLineLowfi", fields, Unified::Other),
        });
    }
    if let Some((_, query)) = message.split_once("Issuing SDN query for ") {
        let hash = |name: &str| {
            let (_, value) = query.rsplit_once(name)?;
            value.split([',', ')']).next()
        };
        // The same path twice, the second time between brackets; a folder's name can hold brackets, too, but no backslash in them.
        let path = query.split(r" (\").next().and_then(|path| path.split(" (sha1=").next()).unwrap_or_default();
        let pairs = [("Path", Some(path)), ("Sha1", hash("sha1=")), ("Sha256", hash("sha2="))];
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.unwrap_or_default().into())).collect();
        return Some(("CloudQuery", pairs, Unified::Other));
    }
    None
}

/// `C:\x.exe(x /y)`. The bracket that opens the command line follows the program at once, that of `Program Files (x86)` a blank.
fn program_and_line(text: &str) -> (&str, &str) {
    let opens = |(at, _): &(usize, &str)| *at > 0 && !text.get(..*at).unwrap_or_default().ends_with(' ');
    match text.match_indices('(').find(opens).and_then(|(at, _)| text.split_at_checked(at)) {
        Some((program, line)) => {
            let line = line.strip_prefix('(').unwrap_or(line);
            (program, line.strip_suffix(')').unwrap_or(line))
        }
        None => (text, ""),
    }
}

/// The names in a line on the impact of scans, in their order (Microsoft Learn, "Performance troubleshooting").
const IMPACT: [&str; 7] = ["ProcessImageName", "Pid", "TotalTime", "Count", "MaxTime", "MaxTimeFile", "EstimatedImpact"];

/// `Name: value, Name: value`, where a value may hold commas and colons.
fn impact(message: &str) -> Pairs<'_> {
    let mut pairs = Pairs::new();
    let mut rest = message;
    for (index, name) in IMPACT.iter().enumerate() {
        let Some(value) = rest.strip_prefix(name).and_then(|rest| rest.strip_prefix(": ")) else { break };
        let next = IMPACT.get(index + 1).and_then(|next| value.rfind(&format!(", {next}: ")));
        let (value, behind) = next.and_then(|at| value.split_at_checked(at)).unwrap_or((value, ""));
        pairs.push(((*name).into(), value.into()));
        rest = behind.strip_prefix(", ").unwrap_or_default();
    }
    pairs
}
