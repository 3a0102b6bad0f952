//! How far a list was worked off, kept beside the answers so that a run that was cut off goes on where it was: no host is left out,
//! none answered twice.
//!
//! The state is written every second or so, always behind the answers that it counts. What was answered after it is found in the file
//! of answers itself, whose rows begin with their numbers; half a row at its end is cut off.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use afterpatch_report::CheckFormat;
use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const SCHEMA: &str = "afterpatch.check-state/1";
const EVERY: Duration = Duration::from_secs(1);

/// Which hosts are answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// All of a smaller or equal number.
    up_to: u64,
    /// Single ones above, as answers do not come in order.
    above: BTreeSet<u64>,
}

impl Done {
    /// Whether a host is.
    pub fn has(&self, seq: u64) -> bool {
        seq <= self.up_to || self.above.contains(&seq)
    }

    /// How many are.
    pub fn count(&self) -> u64 {
        self.up_to + self.above.len() as u64
    }

    fn add(&mut self, seq: u64) {
        if seq > self.up_to {
            self.above.insert(seq);
        }
        while self.above.remove(&(self.up_to + 1)) {
            self.up_to += 1;
        }
    }
}

/// The file.
#[derive(Serialize, Deserialize)]
struct State {
    schema: String,
    /// Size of the list and hash of its beginning: another list has other numbers.
    list: (u64, String),
    /// What was asked for: answers to another question do not belong into the same file.
    question: String,
    /// File of answers, and how much of it is counted here.
    output: PathBuf,
    bytes: u64,
    up_to: u64,
    above: BTreeSet<u64>,
    /// The worst answer so far, as an exit code.
    worst: u8,
}

/// Keeps the state of one run.
pub struct Journal {
    path: PathBuf,
    state: State,
    done: Done,
    written: Instant,
}

impl Journal {
    /// Takes up the state in `path` when there is one, else begins it. The file of answers is made ready to go on with.
    pub fn open(path: &Path, list: &Path, question: &str, (output, format): (&Path, CheckFormat)) -> anyhow::Result<Self> {
        if !matches!(format, CheckFormat::Ndjson | CheckFormat::Csv) {
            bail!("{}: --resume needs answers in .ndjson or .csv, whose rows have numbers", output.display());
        }
        if list == Path::new("-") {
            bail!("--resume needs a list in a file: standard input cannot be read again");
        }
        let own = mark(list).with_context(|| list.display().to_string())?;
        let mut state = if path.exists() {
            let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
            let state: State = serde_json::from_str(&text).with_context(|| format!("{}: no state of a check", path.display()))?;
            if state.schema != SCHEMA {
                bail!("{}: a state of another version ({})", path.display(), state.schema);
            }
            if state.list != own {
                bail!("{}: belongs to another list than {}", path.display(), list.display());
            }
            if state.question != question {
                bail!("{}: belongs to another question ({}), not {question}", path.display(), state.question);
            }
            if state.output != output {
                bail!("{}: its answers are in {}, not in {}", path.display(), state.output.display(), output.display());
            }
            state
        } else {
            if fs::metadata(output).is_ok_and(|it| it.len() > 0) {
                bail!("{}: there already, and {} is not; move one of them away", output.display(), path.display());
            }
            State {
                schema: SCHEMA.to_owned(),
                list: own,
                question: question.to_owned(),
                output: output.to_path_buf(),
                bytes: 0,
                up_to: 0,
                above: BTreeSet::new(),
                worst: 0,
            }
        };
        let mut done = Done { up_to: state.up_to, above: std::mem::take(&mut state.above) };
        state.bytes = take_up(output, state.bytes, &mut done)?;
        let mut journal = Self { path: path.to_path_buf(), state, done, written: Instant::now() };
        journal.write()?;
        Ok(journal)
    }

    /// The hosts that are answered already.
    pub fn done(&self) -> &Done {
        &self.done
    }

    /// Whether the file of answers is still empty.
    pub fn is_new(&self) -> bool {
        self.state.bytes == 0
    }

    /// The worst answer of this and earlier runs.
    pub fn worst(&self) -> u8 {
        self.state.worst
    }

    /// Takes note of an answer that stands in the file.
    pub fn answered(&mut self, seq: u64, worst: u8) -> anyhow::Result<()> {
        self.done.add(seq);
        self.state.worst = self.state.worst.max(worst);
        if self.written.elapsed() >= EVERY { self.write() } else { Ok(()) }
    }

    /// Writes the state now.
    pub fn write(&mut self) -> anyhow::Result<()> {
        let place = || self.path.display().to_string();
        if let Ok(answers) = File::open(&self.state.output) {
            // The answers must be on the disk before they are counted.
            answers.sync_data().with_context(place)?;
            self.state.bytes = answers.metadata().with_context(place)?.len();
        }
        (self.state.up_to, self.state.above) = (self.done.up_to, self.done.above.clone());
        let new = beside(&self.path, ".new");
        let mut file = File::create(&new).with_context(place)?;
        file.write_all(serde_json::to_string(&self.state)?.as_bytes()).with_context(place)?;
        file.sync_data().with_context(place)?;
        fs::rename(&new, &self.path).with_context(place)?;
        self.written = Instant::now();
        Ok(())
    }
}

/// A file that belongs to a state: its name with something behind it.
pub fn beside(state: &Path, ending: &str) -> PathBuf {
    let mut name = state.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Counts the answers behind `from`, cuts off half a row, and gives the length that is left.
fn take_up(output: &Path, from: u64, done: &mut Done) -> anyhow::Result<u64> {
    let place = || output.display().to_string();
    if !output.exists() {
        if from > 0 {
            bail!("{}: gone, but its state counts answers in it", output.display());
        }
        return Ok(0);
    }
    let mut file = OpenOptions::new().read(true).write(true).open(output).with_context(place)?;
    if file.metadata().with_context(place)?.len() < from {
        bail!("{}: shorter than its state says", output.display());
    }
    file.seek(SeekFrom::Start(from)).with_context(place)?;
    let mut whole = from;
    let mut reader = BufReader::new(&mut file);
    let mut row = Vec::new();
    loop {
        row.clear();
        let length = reader.by_ref().take(64 << 20).read_until(b'\n', &mut row).with_context(place)?;
        if !row.ends_with(b"\n") {
            break;
        }
        whole += length as u64;
        if let Some(seq) = number(&String::from_utf8_lossy(&row)) {
            done.add(seq);
        }
    }
    drop(reader);
    file.set_len(whole).with_context(place)?;
    Ok(whole)
}

/// The number of a row: its first cell, or the field `seq`.
fn number(row: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Numbered {
        seq: u64,
    }
    match row.starts_with('{') {
        true => serde_json::from_str::<Numbered>(row).ok().map(|it| it.seq),
        false => row.split(',').next()?.parse().ok(),
    }
}

fn mark(list: &Path) -> std::io::Result<(u64, String)> {
    let mut head = Vec::new();
    File::open(list)?.take(1 << 20).read_to_end(&mut head)?;
    let hash = Sha256::digest(&head).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((fs::metadata(list)?.len(), hash))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn numbers_in_any_order_are_kept_in_little_room() {
        let mut done = Done::default();
        for seq in [2, 3, 5, 1] {
            done.add(seq);
        }
        assert_eq!(done, Done { up_to: 3, above: [5].into() });
        assert!(done.has(1) && done.has(5) && !done.has(4) && done.count() == 4);
    }

    #[test]
    fn rows_behind_the_state_are_found_and_half_a_row_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        for (rows, half) in [("seq,target\n1,a\n3,b\n", "4,c"), ("{\"seq\":1}\n{\"seq\":3,\"x\":{}}\n", "{\"seq\":4")] {
            let path = folder.path().join("answers");
            fs::write(&path, format!("{rows}{half}")).unwrap();
            let mut done = Done::default();
            assert_eq!(take_up(&path, 0, &mut done).unwrap(), rows.len() as u64);
            assert_eq!(fs::read_to_string(&path).unwrap(), rows);
            assert_eq!(done, Done { up_to: 1, above: [3].into() });
        }
    }
}
