//! `web.config`: handlers, build providers, access and what stands between them. Elements are read as tags, since a file that
//! is to be run is often no sound XML.

use super::values::odd_extension;
use super::{ConfigEffect, Found};
use crate::page::tag::{self, Tag};

/// Programs and classes that run scripts, and how odd it is to give them an unknown extension.
const ENGINES: &[(&str, f32)] = &[
    ("asp.dll", 0.7),
    ("php-cgi", 0.6),
    ("php5isapi", 0.6),
    ("phpisapi", 0.6),
    ("aspnet_isapi.dll", 0.4),
    ("pagehandlerfactory", 0.5),
    ("simplehandlerfactory", 0.5),
    ("webservicehandlerfactory", 0.5),
    ("ssinc.dll", 0.4),
    ("cgimodule", 0.6),
];

/// Shells as script processors have no honest use.
const SHELLS: &[&str] = &["cmd.exe", "powershell", "cscript", "wscript", "mshta", "rundll32"];

/// Folders that visitors write to.
const UPLOADS: &[&str] = &["upload", "images", "img", "files", "media", "temp", "tmp", "userdata", "attachments", "photos"];

pub(super) fn read(text: &[u8], path: &str, found: &mut Found) {
    script(text, found);
    let mut file = File { text, found, sections: Vec::new(), is_upload: is_upload(path) };
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'<', text.get(at..).unwrap_or_default()) {
        let start = at + next;
        at = start + 1;
        let rest = text.get(start..).unwrap_or_default();
        if rest.starts_with(b"<!--") {
            at = memchr::memmem::find(rest, b"-->").map_or(text.len(), |end| start + end + 3);
        } else if rest.starts_with(b"</") {
            let name = rest.get(2..).unwrap_or_default();
            let end = name.iter().take(64).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or_default();
            file.close(&tag::lower(name.get(..end).unwrap_or_default()));
        } else if let Some(tag) = tag::read(text, start) {
            at = tag.end;
            file.element(start, tag);
        }
    }
}

/// Blocks of script. In a comment, too: it hides them from XML but not from ASP.
fn script(text: &[u8], found: &mut Found) {
    for start in memchr::memmem::find_iter(text, b"<%").take(20) {
        let block = text.get(start..).unwrap_or_default();
        let Some(end) = memchr::memmem::find(block, b"%>") else { return };
        found.add(ConfigEffect::ContainsScript, start, block.get(..end + 2).unwrap_or_default(), 0.95);
    }
    for mark in [b"<?php".as_slice(), b"<script runat"] {
        if let Some(start) = memchr::memmem::find(text, mark) {
            found.add(ConfigEffect::ContainsScript, start, text.get(start..).unwrap_or_default(), 0.9);
        }
    }
}

fn is_upload(path: &str) -> bool {
    path.split(['/', '\\', '_', '-', '.']).any(|folder| UPLOADS.iter().any(|upload| folder.starts_with(upload)))
}

struct File<'f> {
    text: &'f [u8],
    found: &'f mut Found,
    /// Open elements, by name.
    sections: Vec<String>,
    /// The folder that the present part is for is one that visitors write to.
    is_upload: bool,
}

const MAX_SECTIONS: usize = 64;

impl File<'_> {
    fn close(&mut self, name: &str) {
        if let Some(at) = self.sections.iter().rposition(|open| open == name) {
            self.sections.truncate(at);
        }
    }

    fn element(&mut self, at: usize, tag: Tag) {
        let attribute = |name: &str| tag.attribute(name).map(tag::lower).unwrap_or_default();
        let inside = self.sections.last().map(String::as_str).unwrap_or_default();
        let quote = self.text.get(at..tag.end).unwrap_or_default();
        match (tag.name.as_str(), inside) {
            ("add", "handlers" | "httphandlers" | "scriptmaps" | "globalmodules" | "isapifilters") => {
                let value = attribute("path");
                let processor = attribute("scriptprocessor") + " " + &attribute("type") + " " + &attribute("modules");
                if SHELLS.iter().any(|shell| processor.contains(shell)) {
                    self.found.add(ConfigEffect::RunsProgram, at, quote, 0.95);
                } else {
                    self.handler(at, quote, &value, &processor);
                }
            }
            ("add", "buildproviders") => {
                let kind = attribute("type");
                let is_page = [
                    "pagebuildprovider",
                    "webhandlerbuildprovider",
                    "webservicebuildprovider",
                    "usercontrolbuildprovider",
                    "masterpagebuildprovider",
                    "razorbuildprovider",
                ]
                .iter()
                .any(|page| kind.contains(page));
                if let (true, Some(sure)) = (is_page, odd_extension(&attribute("extension"))) {
                    self.found.add(ConfigEffect::CompilesFilesAsPages, at, quote, sure);
                }
            }
            ("add", "codesubdirectories") => {
                let sure = if is_upload(&attribute("directoryname")) { 0.7 } else { 0.3 };
                self.found.add(ConfigEffect::CompilesFolder, at, quote, sure);
            }
            ("remove", "fileextensions") if attribute("fileextension") == ".config" => {
                self.found.add(ConfigEffect::RunsItself, at, quote, 0.85);
            }
            ("remove", "hiddensegments") if attribute("segment") == "web.config" => {
                self.found.add(ConfigEffect::RunsItself, at, quote, 0.85);
            }
            ("add", "fastcgi") | ("application", "fastcgi") => {
                let program = attribute("fullpath");
                if SHELLS.iter().any(|shell| program.contains(shell)) {
                    self.found.add(ConfigEffect::RunsProgram, at, quote, 0.95);
                }
            }
            ("aspnetcore" | "httpplatform", _) => {
                let program = attribute("processpath");
                if SHELLS.iter().any(|shell| program.contains(shell)) {
                    self.found.add(ConfigEffect::RunsProgram, at, quote, 0.9);
                }
            }
            _ => {}
        }
        if tag.name == "handlers" {
            self.access(at, quote, &attribute("accesspolicy"));
        }
        if tag.name == "location" {
            self.is_upload |= is_upload(&attribute("path"));
        }
        if !tag.is_empty && self.sections.len() < MAX_SECTIONS {
            self.sections.push(tag.name);
        }
    }

    fn handler(&mut self, at: usize, quote: &[u8], path: &str, processor: &str) {
        let Some((_, odd)) = ENGINES.iter().find(|(engine, _)| processor.contains(engine)) else { return };
        for path in path.split(',').map(str::trim) {
            let file = path.rsplit('/').next().unwrap_or_default();
            if matches!(file, "*" | "*.*") {
                // ASP.NET is often given all requests, to route them.
                if *odd >= 0.6 {
                    self.found.add(ConfigEffect::RunsAllFilesAsScript, at, quote, 0.6);
                }
            } else if matches!(file, "web.config" | "*.config") {
                self.found.add(ConfigEffect::RunsItself, at, quote, 0.97);
            } else if let Some((_, extension)) = file.rsplit_once('.') {
                match odd_extension(extension) {
                    Some(sure) if sure > 0.9 => self.found.add(ConfigEffect::RunsFilesAsScript, at, quote, sure),
                    Some(sure) => self.found.add(ConfigEffect::RunsFilesAsScript, at, quote, sure.min(*odd)),
                    None => {}
                }
            }
        }
    }

    fn access(&mut self, at: usize, quote: &[u8], policy: &str) {
        let has = |right: &str| policy.split(',').any(|part| part.trim() == right);
        let runs = has("script") || has("execute");
        // An application that takes uploads may say so itself: alone it is a hint.
        if runs && (has("write") || self.is_upload) {
            self.found.add(ConfigEffect::AllowsScriptsWhereVisitorsWrite, at, quote, 0.4);
        }
    }
}
