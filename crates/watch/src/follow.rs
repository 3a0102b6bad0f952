//! Outputs that may be slow or away: each reads the alert log at its own pace, in a thread of its own, and remembers how far it
//! came. So they need no memory for what waits, and cannot hold up the watch or each other. After a crash an output may get an
//! alert a second time; its id says so.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use afterpatch_model::Alert;

use crate::walk::{Identity, Stamp};

/// The log is looked at that often even when nobody says that it grew.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// The first and the longest pause after a failure.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
/// No alert is longer.
const MAX_LINE: u64 = 4 << 20;

/// Hears of failures and of what outputs have to say: the output's name and a text (English).
pub type Say = Box<dyn Fn(&str, &str) + Send>;

/// Takes alerts.
pub trait Output: Send {
    /// A short word; what is remembered goes by it.
    fn name(&self) -> &'static str;

    /// Takes one alert.
    fn deliver(&mut self, alert: &Alert) -> Outcome;
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Taken. The text (English) is something to say about it.
    Done(Option<String>),
    /// Not now; it is tried again, and nothing else before.
    Again(String),
}

/// An output that follows the alert log.
pub struct Follower {
    wake: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Begins, where the output came to before; at the first time at the log's present end. `say` hears of what goes wrong.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub fn start(log: &Path, state: &Path, output: Box<dyn Output>, say: Say) -> io::Result<Self> {
        fs::create_dir_all(state)?;
        let remembered = state.join(format!("output.{}", output.name()));
        let position = match fs::read_to_string(&remembered) {
            Ok(text) => Position::parse(&text).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let offset = fs::metadata(log).map(|metadata| metadata.len()).unwrap_or(0);
                let position = Position { sequence: 0, offset };
                position.save(&remembered)?;
                position
            }
            Err(error) => return Err(error),
        };
        let (wake, woken) = channel();
        let following = Following { log: log.to_owned(), remembered, position, opened: None, output, say, woken };
        let thread = std::thread::Builder::new().name("output".to_owned()).spawn(move || following.run())?;
        Ok(Self { wake: Some(wake), thread: Some(thread) })
    }

    /// The log has grown.
    pub fn wake(&self) {
        if let Some(wake) = &self.wake {
            // A thread that has ended said why.
            let _ = wake.send(());
        }
    }
}

impl Drop for Follower {
    /// Ends it; what it has not taken yet it takes when it runs again.
    fn drop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// How far an output came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Position {
    /// The last alert that was taken.
    sequence: u64,
    /// Where the next begins in the log.
    offset: u64,
}

impl Position {
    fn parse(text: &str) -> Option<Self> {
        let (sequence, offset) = text.trim().split_once(' ')?;
        Some(Self { sequence: sequence.parse().ok()?, offset: offset.parse().ok()? })
    }

    fn save(self, path: &Path) -> io::Result<()> {
        let new = path.with_extension("new");
        fs::write(&new, format!("{} {}\n", self.sequence, self.offset))?;
        fs::rename(&new, path)
    }
}

struct Following {
    log: PathBuf,
    remembered: PathBuf,
    position: Position,
    opened: Option<(BufReader<File>, Identity)>,
    output: Box<dyn Output>,
    say: Say,
    woken: Receiver<()>,
}

impl Following {
    fn run(mut self) {
        loop {
            match self.next() {
                Ok(Some(alert)) => {
                    if !self.hand_on(&alert) {
                        return;
                    }
                }
                Ok(None) => {
                    if !self.wait(LOOK_EVERY) {
                        // What came last still goes out, if it goes at once.
                        self.take_rest();
                        return;
                    }
                }
                Err(error) => {
                    self.opened = None;
                    (self.say)(self.output.name(), &error.to_string());
                    if !self.wait(PAUSES.1) {
                        return;
                    }
                }
            }
        }
    }

    /// The next alert that was not taken yet.
    fn next(&mut self) -> io::Result<Option<Alert>> {
        loop {
            if self.opened.is_none() && !self.open()? {
                return Ok(None);
            }
            let Some((reader, identity)) = &mut self.opened else { return Ok(None) };
            let mut line = Vec::new();
            let read = Read::take(&mut *reader, MAX_LINE).read_until(b'\n', &mut line)? as u64;
            if read > 0 && line.ends_with(b"\n") {
                self.position.offset += read;
                match serde_json::from_slice::<Alert>(&line) {
                    Ok(alert) if alert.sequence > self.position.sequence => return Ok(Some(alert)),
                    _ => continue,
                }
            }
            if read == MAX_LINE {
                self.position.offset += read;
                continue;
            }
            // Half a line is not told yet.
            reader.seek(SeekFrom::Start(self.position.offset))?;
            let is_same = fs::metadata(&self.log).is_ok_and(|metadata| Stamp::of(&metadata).identity == *identity);
            if is_same || !self.log.exists() {
                return Ok(None);
            }
            // The log was rotated, and the old one is read to its end.
            self.opened = None;
            self.position.offset = 0;
        }
    }

    fn open(&mut self) -> io::Result<bool> {
        let mut file = match File::open(&self.log) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        let metadata = file.metadata()?;
        if metadata.len() < self.position.offset {
            self.position.offset = 0;
        }
        file.seek(SeekFrom::Start(self.position.offset))?;
        self.opened = Some((BufReader::new(file), Stamp::of(&metadata).identity));
        Ok(true)
    }

    /// Hands an alert on until it is taken; `false` when the watch ends before.
    fn hand_on(&mut self, alert: &Alert) -> bool {
        let mut pause = PAUSES.0;
        loop {
            match self.output.deliver(alert) {
                Outcome::Done(text) => {
                    if let Some(text) = text {
                        (self.say)(self.output.name(), &text);
                    }
                    self.position.sequence = alert.sequence;
                    if let Err(error) = self.position.save(&self.remembered) {
                        (self.say)(self.output.name(), &error.to_string());
                    }
                    return true;
                }
                Outcome::Again(why) => {
                    (self.say)(self.output.name(), &why);
                    if !self.pause(pause) {
                        return false;
                    }
                    pause = (pause * 2).min(PAUSES.1);
                }
            }
        }
    }

    fn take_rest(&mut self) {
        while let Ok(Some(alert)) = self.next() {
            match self.output.deliver(&alert) {
                Outcome::Done(_) => {
                    self.position.sequence = alert.sequence;
                    let _ = self.position.save(&self.remembered);
                }
                Outcome::Again(_) => return,
            }
        }
    }

    /// Waits for the whole time, however often it is woken; `false` when the watch ends.
    fn pause(&self, most: Duration) -> bool {
        let until = Instant::now() + most;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            if !self.wait(left) {
                return false;
            }
        }
    }

    /// Waits until it is woken or the time is over; `false` when the watch ends.
    fn wait(&self, most: Duration) -> bool {
        match self.woken.recv_timeout(most) {
            Err(RecvTimeoutError::Disconnected) => false,
            Ok(()) => {
                while self.woken.try_recv().is_ok() {}
                true
            }
            Err(RecvTimeoutError::Timeout) => true,
        }
    }
}

#[cfg(test)]
mod tests;
