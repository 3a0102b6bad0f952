//! A stack that is deep enough: the interpreter calls itself as deep as code nests.

use std::cell::Cell;
use std::thread::Builder;

/// Reserved, not used, as long as code nests as people write it.
const BYTES: usize = 256 << 20;

thread_local! {
    static IS_DEEP: Cell<bool> = const { Cell::new(false) };
}

/// Runs work on a deep stack. Who looks at many files does all of it in there, so that no thread is started for each; inside,
/// this only runs the work. None if no thread could be had or the work panicked in one of its own.
pub fn on_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    if IS_DEEP.get() {
        return Some(work());
    }
    let work = || {
        IS_DEEP.set(true);
        work()
    };
    std::thread::scope(|scope| Builder::new().stack_size(BYTES).spawn_scoped(scope, work).ok()?.join().ok())
}
