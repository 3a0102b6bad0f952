//! Blocks of lines `Name:value` that tell of a scan with a result, or of what was done about a threat.
//!
//! ```text
//! Begin Resource Scan                        Beginning threat actions
//! Start Time:03-14-2021 06:40:13             Start time:03-14-2021 06:41:00
//! Resource Schema:file                       Threat Name:Backdoor:ASP/Example
//! Resource Path:C:\x.asp                     Action:quarantine
//! Result Count:1                             Path:\\?\C:\x.asp
//! Threat Name:Backdoor:ASP/Example           File to act on SHA1:…
//! Resource Schema:file                       File owner:EXAMPLE\user
//! Resource Path:C:\x.asp                     Resource action complete:Quarantine
//! End Scan                                   Finished threat actions
//! ```
//!
//! What stands before the first name of a threat is what was looked at, not what was found.

use super::{finding, present, record};
use crate::defender_resource::path_of;
use crate::{Flow, Sink};

/// A block that is open. It holds the values of one file at most.
pub(super) struct Block {
    event: &'static str,
    end: &'static str,
    start: String,
    threat: String,
    action: String,
    /// Of the resource that comes next.
    schema: String,
    /// The resource that is open, with its own schema; empty when none is.
    resource: String,
    sha1: String,
    owner: String,
    /// The line that names the file.
    line: u64,
}

/// What a line did to its block.
pub(super) enum Next {
    Open,
    Ended,
    Stop,
}

impl Block {
    /// The block that begins with this line.
    pub(super) fn begun_by(text: &str) -> Option<Self> {
        let (event, end) = match text {
            "Begin Resource Scan" => ("ResourceScan", "End Scan"),
            "Beginning threat actions" => ("ThreatActions", "Finished threat actions"),
            _ => return None,
        };
        let none = String::new;
        let block = Self {
            event,
            end,
            start: none(),
            threat: none(),
            action: none(),
            schema: none(),
            resource: none(),
            sha1: none(),
            owner: none(),
            line: 0,
        };
        Some(block)
    }

    /// Takes in a line, and hands on a file when the next one begins.
    pub(super) fn line(&mut self, number: u64, text: &str, sink: &mut dyn Sink) -> Next {
        if text == self.end {
            return if self.flush(sink) == Flow::Stop { Next::Stop } else { Next::Ended };
        }
        let Some((name, value)) = text.split_once(':') else { return Next::Open };
        let value = value.trim().to_owned();
        match name {
            "Start Time" | "Start time" => self.start = value,
            "Action" => self.action = value,
            "Resource Schema" | "Schema" => self.schema = value,
            "File to act on SHA1" => self.sha1 = value,
            "File owner" => self.owner = value,
            "Threat Name" => {
                if self.flush(sink) == Flow::Stop {
                    return Next::Stop;
                }
                self.threat = value;
                self.action.clear();
            }
            "Resource Path" | "Path" => {
                if self.flush(sink) == Flow::Stop {
                    return Next::Stop;
                }
                let schema = if self.schema.is_empty() { "file" } else { &self.schema };
                (self.resource, self.line) = (format!("{schema}:{value}"), number);
            }
            _ => {}
        }
        Next::Open
    }

    /// Hands on the file, if one was named for a threat; the next one begins empty.
    fn flush(&mut self, sink: &mut dyn Sink) -> Flow {
        let resource = std::mem::take(&mut self.resource);
        let (sha1, owner) = (std::mem::take(&mut self.sha1), std::mem::take(&mut self.owner));
        if resource.is_empty() || self.threat.is_empty() {
            return Flow::Continue;
        }
        let pairs = [
            ("Event", self.event),
            ("StartTimeLocal", &self.start),
            ("Sha1", &sha1),
            ("Owner", &owner),
            ("Resources", &resource),
        ];
        let path = resource.split_once(':').and_then(|(schema, at)| path_of(schema, at)).unwrap_or_default();
        record(self.line, None, present(&pairs), finding(&self.threat, path, "", &self.action), sink)
    }
}
