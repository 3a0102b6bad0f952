//! `.htaccess`: directives by lines, in sections that say which files they are for.

use super::values::{Prepended, odd_extension, odd_pattern, prepended, runs_script, script_in};
use super::{ConfigEffect, Found};

/// The file as Apache reads it: a backslash at the end of a line joins it with the next, also within a word.
struct Line {
    at: usize,
    text: String,
}

/// Longer files are no configuration of a folder.
const LONGEST: usize = 1 << 20;

pub(super) fn read(text: &[u8], found: &mut Found) {
    if let Some((at, sure)) = script_in(text) {
        let line = text.get(at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', line).unwrap_or(line.len());
        found.add(ConfigEffect::ContainsScript, at, line.get(..end).unwrap_or_default(), sure);
    }
    let lines = lines(text.get(..LONGEST).unwrap_or(text));
    let mut file = File {
        found,
        sections: Vec::new(),
        executes: executes(&lines),
        may_include: lines.iter().any(|line| includes(&line.text)),
    };
    for line in &lines {
        file.line(line);
    }
}

fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    let mut joined: Option<Line> = None;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let trimmed = line.strip_suffix(b"\n").unwrap_or(line);
        let trimmed = trimmed.strip_suffix(b"\r").unwrap_or(trimmed);
        let (content, goes_on) = match trimmed.strip_suffix(b"\\") {
            Some(content) => (content, true),
            None => (trimmed, false),
        };
        let current = joined.get_or_insert_with(|| Line { at, text: String::new() });
        current.text.push_str(&String::from_utf8_lossy(content));
        at += line.len();
        if !goes_on && let Some(line) = joined.take() {
            lines.push(line);
        }
    }
    lines.extend(joined);
    lines.retain(|line| !line.text.trim_start().is_empty());
    lines
}

/// Words of a line; quotes hold them together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, behind) = if matches!(first, '"' | '\'') {
            let inside = rest.get(1..).unwrap_or_default();
            inside.split_once(first).unwrap_or((inside, ""))
        } else {
            rest.split_once(char::is_whitespace).unwrap_or((rest, ""))
        };
        words.push(word.to_owned());
        rest = behind.trim_start();
    }
    words
}

/// Whether CGI is allowed here. Forbidding it and mapping scripts to it is how uploads are protected.
fn executes(lines: &[Line]) -> bool {
    let mut allowed = false;
    for line in lines {
        let words = words(&line.text);
        if words.first().is_some_and(|word| word.eq_ignore_ascii_case("options")) {
            for option in words.iter().skip(1) {
                match option.to_ascii_lowercase().as_str() {
                    "-execcgi" | "none" => return false,
                    "+execcgi" | "execcgi" | "all" | "+all" => allowed = true,
                    _ => {}
                }
            }
        }
    }
    allowed
}

fn includes(line: &str) -> bool {
    let words = words(line);
    words.first().is_some_and(|word| word.eq_ignore_ascii_case("options"))
        && words.iter().any(|word| matches!(word.to_ascii_lowercase().as_str(), "+includes" | "includes" | "all" | "+all"))
}

struct File<'f> {
    found: &'f mut Found,
    /// Patterns of the sections around the line; those that are not about files are `None`.
    sections: Vec<Option<String>>,
    executes: bool,
    may_include: bool,
}

/// Sections may be nested this deep.
const MAX_SECTIONS: usize = 64;

impl File<'_> {
    fn line(&mut self, line: &Line) {
        let text = line.text.trim();
        if text.starts_with('#') {
            return;
        }
        if text.starts_with("</") {
            self.sections.pop();
            return;
        }
        if let Some(section) = text.strip_prefix('<') {
            let words = words(section.trim_end_matches('>'));
            let is_files = words.first().is_some_and(|name| {
                matches!(
                    name.to_ascii_lowercase().as_str(),
                    "files" | "filesmatch" | "location" | "locationmatch" | "directorymatch" | "if"
                )
            });
            let pattern: Vec<&str> = words.iter().skip(1).map(String::as_str).filter(|word| *word != "~").collect();
            if self.sections.len() < MAX_SECTIONS && !section.starts_with(['?', '%', '!']) {
                self.sections.push(is_files.then(|| pattern.join(" ")));
            }
            return;
        }
        let words = words(text);
        let Some((name, values)) = words.split_first() else { return };
        let name = name.to_ascii_lowercase();
        match name.as_str() {
            "addhandler" | "addtype" => self.add_handler(line, values),
            "sethandler" | "forcetype" | "defaulttype" => self.set_handler(line, values),
            "addoutputfilter" => self.add_filter(line, values),
            "php_value" | "php_flag" | "php_admin_value" | "php_admin_flag" => self.php_value(line, values),
            "rewriterule" => self.rewrite(line, values),
            "fcgidwrapper" | "fcgiwrapper" | "fastcgiwrapper" => self.wrapper(line, values),
            "errordocument" => self.error_document(line, values),
            "luamaphandler" | "luahookfixups" | "luahooktranslatename" => {
                self.add(ConfigEffect::RunsProgram, line, 0.6);
            }
            _ => {}
        }
        if ["%{file:", "%{filesize:"].iter().any(|read| text.to_ascii_lowercase().contains(read)) || text.contains("file('/") {
            self.add(ConfigEffect::ReadsFiles, line, 0.85);
        }
    }

    fn add(&mut self, effect: ConfigEffect, line: &Line, sure: f32) {
        self.found.add(effect, line.at, line.text.as_bytes(), sure);
    }

    /// `AddHandler handler .a .b`.
    fn add_handler(&mut self, line: &Line, values: &[String]) {
        let Some((handler, extensions)) = values.split_first() else { return };
        let lower = handler.to_ascii_lowercase();
        let is_cgi = matches!(lower.as_str(), "cgi-script" | "application/x-httpd-cgi");
        let is_parsed = matches!(lower.as_str(), "server-parsed" | "text/x-server-parsed-html");
        if !(runs_script(&lower) || (is_cgi && self.executes) || (is_parsed && self.may_include)) {
            return;
        }
        let extensions = extensions.iter().filter(|extension| !extension.starts_with('#'));
        if extensions.clone().any(|extension| extension.to_ascii_lowercase().ends_with("htaccess")) {
            self.add(ConfigEffect::RunsItself, line, 0.97);
        } else if let Some(sure) = extensions.filter_map(|extension| odd_extension(extension)).reduce(f32::max) {
            self.add(ConfigEffect::RunsFilesAsScript, line, sure);
        }
    }

    fn set_handler(&mut self, line: &Line, values: &[String]) {
        let Some(handler) = values.first().map(|handler| handler.to_ascii_lowercase()) else { return };
        let is_cgi = handler == "cgi-script" && self.executes;
        if !runs_script(&handler) && !is_cgi {
            return;
        }
        let pattern = self.sections.iter().rev().find_map(Clone::clone);
        match pattern.as_deref() {
            None => self.add(ConfigEffect::RunsAllFilesAsScript, line, if is_cgi { 0.5 } else { 0.7 }),
            Some("*" | ".*" | "." | "^.*$" | "(.*)") => self.add(ConfigEffect::RunsAllFilesAsScript, line, 0.75),
            Some(pattern) => match odd_pattern(pattern) {
                Some((sure, true)) => self.add(ConfigEffect::RunsItself, line, sure),
                Some((sure, false)) => self.add(ConfigEffect::RunsFilesAsScript, line, sure),
                None => {}
            },
        }
    }

    fn add_filter(&mut self, line: &Line, values: &[String]) {
        let Some((filter, extensions)) = values.split_first() else { return };
        let is_include = filter.split(';').any(|filter| matches!(filter.to_ascii_lowercase().as_str(), "includes" | "php"));
        let sure = extensions.iter().filter_map(|extension| odd_extension(extension)).reduce(f32::max);
        if let (true, Some(sure)) = (is_include, sure) {
            self.add(ConfigEffect::RunsFilesAsScript, line, sure);
        }
    }

    fn php_value(&mut self, line: &Line, values: &[String]) {
        let (Some(name), Some(value)) = (values.first(), values.get(1)) else { return };
        super::ini::setting(&name.to_ascii_lowercase(), value, line.at, line.text.as_bytes(), self.found);
    }

    /// The flags `H=` and `T=` set a handler or type.
    fn rewrite(&mut self, line: &Line, values: &[String]) {
        let (Some(pattern), Some(flags)) = (values.first(), values.last()) else { return };
        let Some(flags) = flags.strip_prefix('[').and_then(|flags| flags.strip_suffix(']')) else { return };
        let handler = flags.split(',').find_map(|flag| {
            let (name, value) = flag.trim().split_once('=')?;
            matches!(name.to_ascii_lowercase().as_str(), "h" | "handler" | "t" | "type").then_some(value)
        });
        if handler.is_some_and(runs_script)
            && let Some((sure, _)) = odd_pattern(pattern)
        {
            self.add(ConfigEffect::RunsFilesAsScript, line, sure);
        }
    }

    /// A program that answers for files of an extension. PHP's own is usual.
    fn wrapper(&mut self, line: &Line, values: &[String]) {
        let Some(program) = values.first().map(|program| program.to_ascii_lowercase()) else { return };
        let odd = values.iter().skip(1).filter_map(|extension| odd_extension(extension)).reduce(f32::max);
        if !program.contains("php") {
            self.add(ConfigEffect::RunsProgram, line, 0.8);
        } else if let Some(sure) = odd {
            self.add(ConfigEffect::RunsFilesAsScript, line, sure);
        }
    }

    fn error_document(&mut self, line: &Line, values: &[String]) {
        let Some(document) = values.get(1) else { return };
        if script_in(document.as_bytes()).is_some() {
            self.add(ConfigEffect::ExecutesErrorPages, line, 0.9);
        }
    }
}

/// Also used by `php.ini` and `.user.ini`, which have the same settings.
pub(super) fn prepend(value: &str) -> Option<(ConfigEffect, f32)> {
    match prepended(value) {
        Prepended::Usual => None,
        Prepended::Code => Some((ConfigEffect::RunsCodeWithEveryPage, 0.97)),
        Prepended::Itself => Some((ConfigEffect::RunsItself, 0.97)),
        Prepended::File(sure) => Some((ConfigEffect::RunsFileWithEveryPage, sure)),
    }
}
