//! A list of hosts, read as it is needed: names, addresses, networks, one a line.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, stdin};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use afterpatch_remote::{Target, TargetError, Targets};
use anyhow::Context;

/// No real line is longer.
const LONGEST: u64 = 16 << 10;

/// What a host of the list is known by.
pub struct Tag {
    /// Its number in the list, networks counted by their addresses; the first is 1.
    pub seq: u64,
    /// As it is called in the answer.
    pub text: String,
    /// Line of the file.
    pub line: u64,
}

/// The hosts of a file, those left out that are done.
pub struct Hosts {
    file: Box<dyn BufRead + Send>,
    line: u64,
    seq: u64,
    /// The rest of the network at hand.
    network: Option<(Targets, u64)>,
    is_done: Box<dyn Fn(u64) -> bool + Send>,
    /// What ended the reading early.
    failure: Arc<Mutex<Option<std::io::Error>>>,
}

impl Hosts {
    /// Opens a list; `-` is standard input.
    pub fn open(path: &Path, is_done: impl Fn(u64) -> bool + Send + 'static) -> anyhow::Result<Self> {
        let file: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::new(stdin()))
        } else {
            Box::new(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
        };
        Ok(Self { file, line: 0, seq: 0, network: None, is_done: Box::new(is_done), failure: Arc::default() })
    }

    /// Where an error of reading will stand.
    pub fn failure(&self) -> Arc<Mutex<Option<std::io::Error>>> {
        Arc::clone(&self.failure)
    }

    fn next_line(&mut self) -> Option<String> {
        loop {
            let mut bytes = Vec::new();
            self.line += 1;
            match self.file.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => {
                    let text = String::from_utf8_lossy(&bytes);
                    let text = text.trim_start_matches('\u{feff}').trim();
                    if !text.is_empty() && !text.starts_with('#') {
                        return Some(text.to_owned());
                    }
                }
                Err(error) => {
                    *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                    return None;
                }
            }
        }
    }
}

impl Iterator for Hosts {
    type Item = (Tag, Result<Target, TargetError>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((targets, at)) = &mut self.network {
                let next = targets.at(*at);
                *at += 1;
                let Some(target) = next else {
                    self.network = None;
                    continue;
                };
                self.seq += 1;
                if (self.is_done)(self.seq) {
                    continue;
                }
                let tag = Tag { seq: self.seq, text: target.text.clone(), line: self.line };
                return Some((tag, Ok(target)));
            }
            let text = self.next_line()?;
            match Targets::read(&text) {
                Ok(targets) => self.network = Some((targets, 0)),
                Err(error) => {
                    self.seq += 1;
                    if !(self.is_done)(self.seq) {
                        return Some((Tag { seq: self.seq, text, line: self.line }, Err(error)));
                    }
                }
            }
        }
    }
}
