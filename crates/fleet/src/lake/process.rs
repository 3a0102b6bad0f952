//! Which process this is, so that another run on the same machine can tell at once that it has gone.

use std::fs;

use serde::{Deserialize, Serialize};

/// A process, so exactly that no other one is taken for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The running system: a number that each start of it draws anew.
    boot: String,
    /// The namespace in which its number means something (containers have their own).
    namespace: String,
    /// Its number.
    number: u32,
    /// When it was started, in the system's own ticks: numbers are used again.
    started: String,
}

impl Process {
    /// This one. `None` where the system does not tell (all but Linux).
    pub fn this() -> Option<Self> {
        let number = std::process::id();
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned();
        let namespace = fs::read_link("/proc/self/ns/pid").ok()?.to_string_lossy().into_owned();
        Some(Self { boot, namespace, number, started: start_of(number)? })
    }

    /// Whether it has ended, as far as `this` process can tell; `None` when it cannot.
    pub fn has_ended(&self, this: Option<&Self>) -> Option<bool> {
        let this = this?;
        if (&self.boot, &self.namespace) != (&this.boot, &this.namespace) {
            return None;
        }
        Some(start_of(self.number).as_ref() != Some(&self.started))
    }
}

/// When a process was started; `None` when there is none of that number.
fn start_of(number: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{number}/stat")).ok()?;
    // The program's name stands in brackets and may hold anything; after it, the start is the 20th field.
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace();
    // A zombie is only waiting for its parent to look.
    let is_zombie = fields.next()? == "Z";
    (!is_zombie).then(|| fields.nth(18).map(str::to_owned))?
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn this_process_runs_and_one_that_ended_does_not() {
        let this = Process::this().unwrap();
        assert_eq!(this.has_ended(Some(&this)), Some(false));
        let mut other = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let other_process = Process { number: other.id(), started: start_of(other.id()).unwrap(), ..this.clone() };
        assert_eq!(other_process.has_ended(Some(&this)), Some(false));
        other.kill().unwrap();
        // Before anybody has waited for it, too.
        while other_process.has_ended(Some(&this)) != Some(true) {
            std::thread::yield_now();
        }
        other.wait().unwrap();
        assert_eq!(other_process.has_ended(Some(&this)), Some(true));
        // The number is there, but it is another process.
        assert_eq!(Process { started: "0".to_owned(), ..this.clone() }.has_ended(Some(&this)), Some(true));
        // Of another machine, nothing can be said.
        assert_eq!(Process { boot: "elsewhere".to_owned(), ..this.clone() }.has_ended(Some(&this)), None);
        assert_eq!(this.has_ended(None), None);
    }
}
