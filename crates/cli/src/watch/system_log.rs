//! Alerts for the system's own log: syslog, or the Windows event log.

use std::io;
use std::path::{Path, PathBuf};

use afterpatch_model::{Alert, Severity};
use afterpatch_report::Options;
use afterpatch_watch::{Outcome, Output};

/// What one message may hold: RFC 5424 asks receivers for 2 KiB, the event log takes more.
const MAX_BYTES: usize = 1_900;

/// The system's log.
pub struct SystemLog {
    options: Options,
    /// Where syslog listens; the Windows event log needs none.
    socket: PathBuf,
}

impl SystemLog {
    pub fn new(options: Options, socket: PathBuf) -> Self {
        Self { options, socket }
    }
}

impl Output for SystemLog {
    fn name(&self) -> &'static str {
        "system-log"
    }

    fn deliver(&mut self, alert: &Alert) -> Outcome {
        let sentence = match afterpatch_report::alert_sentence(alert, &self.options) {
            Ok(sentence) => sentence,
            Err(error) => return Outcome::Done(Some(error.to_string())),
        };
        let mut text = format!("alert={} story={} kind={} {sentence}", alert.id, alert.story, alert.finding.kind);
        text.truncate(text.floor_char_boundary(MAX_BYTES));
        match send(&text, alert.finding.severity, &self.socket) {
            Ok(()) => Outcome::Done(None),
            Err(error) => Outcome::Again(error.to_string()),
        }
    }
}

/// One datagram to the local socket, in the form that every syslog takes there: `<priority>tag[pid]: text`.
#[cfg(unix)]
fn send(text: &str, severity: Severity, socket: &Path) -> io::Result<()> {
    use std::os::unix::net::UnixDatagram;
    /// `authpriv`: what only administrators shall read.
    const FACILITY: u8 = 10;
    let level = match severity {
        Severity::Critical => 2,
        Severity::High => 3,
        Severity::Medium => 4,
        Severity::Low => 5,
        Severity::Info => 6,
    };
    let message = format!("<{}>afterpatch[{}]: {text}", FACILITY * 8 + level, std::process::id());
    UnixDatagram::unbound()?.send_to(message.as_bytes(), socket).map(|_| ())
}

/// By the system's own program: writing to the event log ourselves needs code that is not checked for memory safety.
#[cfg(windows)]
fn send(text: &str, severity: Severity, _socket: &Path) -> io::Result<()> {
    use std::process::{Command, Stdio};
    let kind = match severity {
        Severity::Critical | Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low | Severity::Info => "INFORMATION",
    };
    let done = Command::new("eventcreate.exe")
        .args(["/L", "APPLICATION", "/SO", "afterpatch", "/T", kind, "/ID", "100", "/D", text])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if done.success() { Ok(()) } else { Err(io::Error::other("eventcreate.exe refused the event")) }
}
