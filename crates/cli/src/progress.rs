//! Shows on standard error how far a run is: a bar on a terminal, else a line now and then. Never silence.

use std::io::{IsTerminal, stderr};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use afterpatch_engine::Progress;
use afterpatch_report::hostile;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar is drawn.
const TICK: Duration = Duration::from_millis(120);
/// How often a line is written where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// A display that ends when it is dropped.
pub struct Display<'scope> {
    end: Option<Sender<()>>,
    thread: Option<ScopedJoinHandle<'scope, ()>>,
}

impl<'scope> Display<'scope> {
    /// Begins to show progress from a thread of its own.
    pub fn start<'env>(scope: &'scope Scope<'scope, 'env>, progress: &'env Progress) -> Self {
        let (end, ended) = channel();
        let thread =
            scope.spawn(move || if stderr().is_terminal() { draw(progress, &ended) } else { write_lines(progress, &ended) });
        Self { end: Some(end), thread: Some(thread) }
    }
}

impl Drop for Display<'_> {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            // A display that failed is no reason to fail a scan.
            let _ = thread.join();
        }
    }
}

fn draw(progress: &Progress, ended: &Receiver<()>) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = "{spinner} {bytes}/{total_bytes} [{wide_bar}] {percent}% eta {eta} {prefix}\n  {wide_msg}";
    if let Ok(style) = ProgressStyle::with_template(style) {
        bar.set_style(style.progress_chars("█▉▊▋▌▍▎▏ "));
    }
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_length(progress.total().max(progress.done()));
        bar.set_position(progress.done());
        bar.set_prefix(format!("findings {}", progress.findings()));
        bar.set_message(format!("{}{}", held_back(), hostile::terminal(&progress.current())));
        bar.tick();
    }
    bar.finish_and_clear();
}

fn write_lines(progress: &Progress, ended: &Receiver<()>) {
    let mut last = Instant::now();
    while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        if last.elapsed() >= LINE_EVERY {
            last = Instant::now();
            let (done, total) = (progress.done() / 1_000_000, progress.total() / 1_000_000);
            let current = progress.current();
            super::output::note(&format!(
                "{done} of {total} MB, {} findings, {}reading {}",
                progress.findings(),
                held_back(),
                hostile::terminal(&current)
            ));
        }
    }
}

/// Why it goes so slowly, when it does: others on this machine want the processor.
fn held_back() -> &'static str {
    if afterpatch_sys::priority::is_held_back() { "slowly, as the machine is busy (--full-speed); " } else { "" }
}
