//! Configuration that makes a web server run what is no script, or run code with every page: `.htaccess`, `.user.ini`,
//! `php.ini`, `web.config`, and pages with server-side includes.
//!
//! What hosting firms, content systems and security plug-ins write themselves is silent. How sure a finding is says how often
//! its line has an honest reason.

mod apache;
mod iis;
mod ini;
mod ssi;
#[cfg(test)]
mod tests;
mod values;

use serde::Serialize;

/// What a line of configuration does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfigEffect {
    /// Files of an extension that is none of scripts, or of a single such name, are run as scripts.
    RunsFilesAsScript,
    /// Every file of a folder is run as a script.
    RunsAllFilesAsScript,
    /// The configuration itself is run or served as a script.
    RunsItself,
    /// Code stands in the configuration.
    ContainsScript,
    /// Code from the line itself or from the network runs before or after every page.
    RunsCodeWithEveryPage,
    /// A file that is no usual script runs before or after every page.
    RunsFileWithEveryPage,
    /// Pages may include code from the network.
    AllowsRemoteCode,
    /// Scripts are read in another encoding, in which their code cannot be seen.
    ChangesScriptEncoding,
    /// The log of errors is written where it is run as a script.
    LogsIntoScript,
    /// A program is started for requests.
    RunsProgram,
    /// Pages of errors include or execute what their text says.
    ExecutesErrorPages,
    /// A file of the server is read into an answer or a decision.
    ReadsFiles,
    /// Files of an extension that is none of pages are compiled as pages.
    CompilesFilesAsPages,
    /// Source in a folder is compiled into the application.
    CompilesFolder,
    /// Visitors may write and run files in the same folder.
    AllowsScriptsWhereVisitorsWrite,
}

/// A line of configuration that makes code run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigFinding {
    /// What it does.
    pub effect: ConfigEffect,
    /// Where it stands in the text, which is UTF-8 when the file is UTF-16 or UTF-32.
    pub at: usize,
    /// The line or element, shortened.
    pub quote: String,
    /// From 0 to 1.
    pub sure: f32,
}

/// More are not worth reading.
const MAX_FINDINGS: usize = 200;
const LONGEST_QUOTE: usize = 300;

/// What a configuration makes run, in the order of its text. `name` may be a path; other files have no findings.
pub(crate) fn findings(name: &str, text: &[u8]) -> Vec<ConfigFinding> {
    let lower = name.to_ascii_lowercase();
    let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut found = Found::default();
    let has_includes = [".shtml", ".shtm", ".stm"].iter().any(|ending| file.ends_with(ending));
    if !has_includes && !matches!(file, ".htaccess" | ".user.ini" | "php.ini" | "web.config") {
        return Vec::new();
    }
    let text = crate::carrier::plain_text(text);
    let text = text.as_ref();
    match file {
        ".htaccess" => apache::read(text, &mut found),
        _ if has_includes => ssi::read(text, &mut found),
        ".user.ini" | "php.ini" => ini::read(text, &mut found),
        _ => iis::read(text, &lower, &mut found),
    }
    let mut findings = found.0;
    findings.sort_by_key(|finding| (finding.at, finding.effect));
    findings
}

#[derive(Default)]
struct Found(Vec<ConfigFinding>);

impl Found {
    fn add(&mut self, effect: ConfigEffect, at: usize, quote: &[u8], sure: f32) {
        let is_known = self.0.iter().any(|finding| finding.effect == effect && finding.at == at);
        if self.0.len() < MAX_FINDINGS && !is_known {
            let quote = quote.trim_ascii();
            let quote = quote.get(..LONGEST_QUOTE).unwrap_or(quote);
            self.0.push(ConfigFinding { effect, at, quote: String::from_utf8_lossy(quote).into_owned(), sure });
        }
    }
}
