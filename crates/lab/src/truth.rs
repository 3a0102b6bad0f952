//! What was really done: the answers against which a finder is measured.

use jiff::Timestamp;
use serde::Serialize;

/// Everything that was planted in one server's evidence, and what is right to say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Slug of the variant.
    pub variant: String,
    /// Full name of the server.
    pub server_fqdn: String,
    /// Builds that ran on it while the logs were written, in order of time (`15.1.2176.2`).
    pub builds: Vec<String>,
    /// When the fix was installed, UTC; `None` when it was there from the beginning or never came.
    pub fixed_at: Option<Timestamp>,
    /// Every record of the attack and of scans that lies in the evidence, in order of file and line.
    pub planted: Vec<Planted>,
    /// What left the server, as far as its logs can tell.
    pub taken: Vec<Taken>,
    /// The right answers to the three questions.
    pub verdict: TruthVerdict,
}

/// Data that left the server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// `memory_dump`, `archive` or `mail`.
    pub what: String,
    /// Bytes that the web server sent.
    pub bytes: u64,
    /// Address that they went to.
    pub actor: String,
}

/// One record of the attack (or of a scan) that lies in the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Planted {
    /// Which part of the story it tells.
    ///
    /// The way in: `scan`, `forged_request`, `session_opened`, `configuration_read`, `configuration_changed`,
    /// `directory_reset`, `directory_added`, `file_written`. The page: `file_present`, `page_compiled`, `page_requested`,
    /// `command_run`, `removed` (with what made it), `page_gone`. Afterwards: `memory_dumped`, `data_packed`, `data_fetched`,
    /// `mail_taken`, `mail_redirected`, `account_added`, `foothold_added`, `defence_lowered`, `trace_removed`. And `other`.
    pub step: String,
    /// When it happened, UTC, at the precision of its log.
    pub time: Option<Timestamp>,
    /// Where it stands.
    pub source: Source,
    /// Address of the actor, when this record names it.
    pub actor: Option<String>,
    /// File name of the planted page, in lower case, that it speaks of or (a command) that it came through.
    pub page: Option<String>,
    /// Whether it can be told by itself, so that a finder must point to it.
    ///
    /// `false` for a record that the attack caused but that an ordinary day causes as well (a pool that starts anew, a
    /// compiler run, the later lines of a sweep): a finder may point to it or not, and neither is wrong.
    pub telling: bool,
}

/// A place in the evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Source {
    /// Path on the server.
    pub windows_path: String,
    /// Line, the first is 1; `None` for the file as a whole.
    pub line: Option<u64>,
}

/// The right answers to the three questions, in the words of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TruthVerdict {
    /// Can they get in, by any hole that is used in the wild or belongs to one of the stories, as known in October 2026?
    /// `open`, `fixed` or `cannot_tell` (no source names the build).
    pub exposure: String,
    /// Did they get in? `nothing_seen`, `attempted`, `passed` or `compromised`.
    pub compromise: String,
    /// Are they still in? `nothing_seen`, `removed`, `in_place` or `used_after_fix`.
    pub foothold: String,
}

/// What a record has to do with the attack; kept beside the record until its line is known.
#[derive(Clone, Debug)]
pub(crate) struct Mark {
    step: &'static str,
    actor: Option<String>,
    page: Option<String>,
    telling: bool,
}

impl Mark {
    /// A record that tells its step by itself.
    pub(crate) fn telling(step: &'static str) -> Self {
        Self { step, actor: None, page: None, telling: true }
    }

    /// A record of the attack that says nothing by itself.
    pub(crate) fn beside(step: &'static str) -> Self {
        Self { telling: false, ..Self::telling(step) }
    }

    /// The same step told once more, in a place that a finder may leave aside.
    pub(crate) fn repeated(mut self) -> Self {
        self.telling = false;
        self
    }

    pub(crate) fn by(mut self, actor: &str) -> Self {
        self.actor = Some(actor.to_owned());
        self
    }

    pub(crate) fn on(mut self, page: &str) -> Self {
        self.page = Some(page.to_ascii_lowercase());
        self
    }

    pub(crate) fn planted(self, windows_path: &str, line: Option<u64>, time: Option<Timestamp>) -> Planted {
        let source = Source { windows_path: windows_path.to_owned(), line };
        Planted { step: self.step.to_owned(), time, source, actor: self.actor, page: self.page, telling: self.telling }
    }
}
