//! What a log tells of its server: since when, what it runs, which folders it has, who comes.

use std::collections::BTreeSet;

use super::super::shells::Ground;
use super::row::{Reader, Row};
use crate::{
    clock::{DAY, Moment},
    dice::Dice,
};

/// Endings of pages that run code; the first where a log shows none.
const SCRIPTS: [&str; 4] = ["php", "aspx", "jsp", "asp"];
/// Endings of files that are sent as they are: their folders exist.
const FILES: [&str; 10] = ["png", "jpg", "jpeg", "gif", "svg", "ico", "css", "js", "woff", "woff2"];
/// Fewer addresses than these are proxies, or one house: whoever comes, comes through them.
const FEW_ADDRESSES: usize = 10;
/// Folders of a kind that are looked at, and that pages can be put into.
const MAX_FOLDERS: usize = 20_000;
const SOME_FOLDERS: usize = 8;
const MAX_PATH: usize = 120;

pub(super) struct Survey<'l> {
    first: Moment,
    last: Moment,
    /// Answered requests to pages, by position in [`SCRIPTS`].
    scripts: [u64; SCRIPTS.len()],
    /// Folders of answered pages, with the position of their ending.
    page_folders: BTreeSet<(usize, &'l str)>,
    /// Folders of files that were sent.
    file_folders: BTreeSet<&'l str>,
    addresses: BTreeSet<&'l str>,
}

impl<'l> Survey<'l> {
    /// `None` without rows, or with less than a day of them: then nothing can come late.
    pub(super) fn of(log: &'l [u8]) -> Option<Self> {
        let mut reader = Reader::default();
        let mut survey: Option<Self> = None;
        for row in log.split_inclusive(|&byte| byte == b'\n').filter_map(|line| reader.read(line)) {
            survey.get_or_insert_with(|| Self::starting(row.at)).see(&row);
        }
        survey.filter(|survey| survey.last.since(survey.first) >= DAY)
    }

    fn starting(at: Moment) -> Self {
        Self {
            first: at,
            last: at,
            scripts: [0; SCRIPTS.len()],
            page_folders: BTreeSet::new(),
            file_folders: BTreeSet::new(),
            addresses: BTreeSet::new(),
        }
    }

    fn see(&mut self, row: &Row<'l>) {
        self.first = self.first.min(row.at);
        self.last = self.last.max(row.at);
        if self.addresses.len() < FEW_ADDRESSES {
            self.addresses.insert(row.client);
        }
        if !(200..=206).contains(&row.status) && row.status != 304 {
            return;
        }
        let Some((folder, name)) = folder_and_name(row.stem) else { return };
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
        if let Some(script) = SCRIPTS.iter().position(|script| *script == ending) {
            self.scripts[script] += 1;
            if self.page_folders.len() < MAX_FOLDERS {
                self.page_folders.insert((script, folder));
            }
        } else if FILES.contains(&ending.as_str()) && self.file_folders.len() < MAX_FOLDERS {
            self.file_folders.insert(folder);
        }
    }

    pub(super) fn ground(&self, dice: &mut Dice) -> Ground<'l> {
        // The first of equals, which a maximum would not give.
        let script = (0..SCRIPTS.len()).rev().max_by_key(|&script| self.scripts[script]).unwrap_or_default();
        let pages = self.page_folders.iter().filter(|(of, _)| *of == script).map(|(_, folder)| *folder);
        let mut folders = some(pages, dice);
        folders.extend(some(self.file_folders.iter().copied(), dice));
        if folders.is_empty() {
            folders.push("/");
        }
        let is_exchange = folders.iter().any(|folder| ["/owa/", "/ecp/"].iter().any(|of| folder.to_lowercase().starts_with(of)));
        let few = self.addresses.len() < FEW_ADDRESSES;
        let proxies = if few { some(self.addresses.iter().copied(), dice) } else { Vec::new() };
        Ground { start: self.first, end: self.last, ending: SCRIPTS[script], folders, runs_pictures: !is_exchange, proxies }
    }
}

/// A folder with its slash, and the name in it; only such folders as can be written into any log as they are.
fn folder_and_name(stem: &str) -> Option<(&str, &str)> {
    let (folder, name) = stem.split_at_checked(stem.rfind('/')? + 1)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    // A page in the middle of a path is no folder.
    let is_page = |part: &str| part.rsplit_once('.').is_some_and(|(_, ending)| SCRIPTS.contains(&ending));
    let fits = folder.starts_with('/') && folder.len() <= MAX_PATH && folder.bytes().all(is_plain);
    (fits && !folder.contains("//") && !folder.split('/').any(is_page)).then_some((folder, name))
}

/// Some of them.
fn some<'l>(all: impl Iterator<Item = &'l str>, dice: &mut Dice) -> Vec<&'l str> {
    let mut all: Vec<&str> = all.collect();
    let mut some = Vec::new();
    while !all.is_empty() && some.len() < SOME_FOLDERS {
        some.push(all.swap_remove(dice.index(all.len())));
    }
    some
}
