//! Shows how far a run is: one line on a terminal that is written again and again, else a line now and then, and the status file.

use std::io::{IsTerminal, stderr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use afterpatch_report::{Language, fleet_line, hostile};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::arguments::ScanArguments;
use crate::tally::Tally;
use crate::{output, status};

/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(200);
/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(15);
/// How often the status file is written.
const STATUS_EVERY: Duration = Duration::from_secs(1);

pub use crate::status::Stage;

/// A display that ends when it is told to.
pub struct Display {
    end: Sender<Stage>,
    thread: JoinHandle<()>,
}

impl Display {
    /// Begins to show progress from a thread of its own.
    ///
    /// # Errors
    /// When the status file cannot be written.
    pub fn start(tally: &Arc<Tally>, run: &str, arguments: &ScanArguments) -> anyhow::Result<Self> {
        let shower = Shower {
            tally: Arc::clone(tally),
            language: output::options(&arguments.shown).language,
            quiet: arguments.quiet,
            status: arguments.status.clone(),
            run: run.to_owned(),
        };
        shower.write_status(Stage::Running)?;
        let (end, ended) = channel();
        let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(move || shower.show(&ended))?;
        Ok(Self { end, thread })
    }

    /// Shows nothing any more; the status file says how it ended.
    pub fn end(self, stage: Stage) {
        // A display that failed is no reason to fail a scan.
        let _ = self.end.send(stage);
        let _ = self.thread.join();
    }
}

struct Shower {
    tally: Arc<Tally>,
    language: Language,
    quiet: bool,
    status: Option<PathBuf>,
    run: String,
}

impl Shower {
    fn show(&self, ended: &Receiver<Stage>) {
        let bar = (!self.quiet && stderr().is_terminal()).then(bar);
        let (mut last_line, mut last_status) = (Instant::now(), Instant::now());
        let stage = loop {
            match ended.recv_timeout(TICK) {
                Ok(stage) => break stage,
                Err(RecvTimeoutError::Disconnected) => break Stage::Failed,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(bar) = &bar {
                bar.set_message(self.line());
                bar.tick();
            } else if !self.quiet && last_line.elapsed() >= LINE_EVERY {
                last_line = Instant::now();
                output::note(&self.line());
            }
            if last_status.elapsed() >= STATUS_EVERY {
                last_status = Instant::now();
                let stage = if self.tally.is_stopped() { Stage::Stopping } else { Stage::Running };
                // It may be possible the next time.
                let _ = self.write_status(stage);
            }
        };
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
        if let Err(error) = self.write_status(stage) {
            output::complain(&error);
        }
    }

    /// One line: how many, how fast, how long still, and what is read now (hostile text).
    fn line(&self) -> String {
        let numbers = self.tally.numbers();
        let line = fleet_line(&numbers, self.language).unwrap_or_default();
        let current = numbers.running.first().map(|name| format!(" · {}", hostile::terminal(name)));
        format!("{line}{}", current.unwrap_or_default())
    }

    fn write_status(&self, stage: Stage) -> anyhow::Result<()> {
        match &self.status {
            Some(path) => status::write(path, &self.run, stage, &self.tally.numbers()),
            None => Ok(()),
        }
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar
}
