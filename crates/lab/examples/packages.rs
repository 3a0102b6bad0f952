//! Writes many packages, as a national team gets them, and beside them what was planted in each.
//!
//! `cargo run --release -p afterpatch-lab --example packages -- DIR [COUNT] [THREADS]`
//!
//! Each is a zip of one server's three days (5 MB of evidence unpacked); every tenth server was attacked, by one story after
//! the other; the others are quiet, were scanned or attempted in vain. `DIR/truth.csv` has one line a package.

use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::{env, fs, thread};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_zip};

/// One of so many servers was attacked.
const ATTACKED: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("packages DIR [COUNT] [THREADS]")?);
    let count: usize = arguments.next().map_or(Ok(2_000), |count| count.parse())?;
    let threads: usize = arguments.next().map_or(Ok(2), |threads| threads.parse())?;
    fs::create_dir_all(folder.join("packages"))?;

    let is_quiet = |variant: &Variant| matches!(variant, Variant::Benign | Variant::ScannedOnly | Variant::AttemptedRefused);
    let (quiet, attacks): (Vec<Variant>, Vec<Variant>) = Variant::all().partition(is_quiet);
    let variant = |number: usize| {
        let (variants, turn) =
            if number.is_multiple_of(ATTACKED) { (&attacks, number / ATTACKED) } else { (&quiet, number % ATTACKED) };
        variants.get(turn % variants.len()).copied().unwrap_or(Variant::Benign)
    };

    let (next, lines, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()), Mutex::new(None));
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let variant = variant(number);
                    let lab = make(&Scenario::small(number as u64, variant));
                    let name = format!("{number:05}.zip");
                    if let Err(error) = write_zip(&lab, &folder.join("packages").join(&name), Layout::Kape) {
                        *failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        break;
                    }
                    let (server, verdict) = (&lab.truth.server_fqdn, &lab.truth.verdict);
                    let (compromise, foothold, exposure) = (&verdict.compromise, &verdict.foothold, &verdict.exposure);
                    let line = format!("{name},{},{server},{compromise},{foothold},{exposure}", variant.slug());
                    lines.lock().unwrap_or_else(PoisonError::into_inner).push(line);
                }
            });
        }
    });
    if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error.into());
    }
    let mut lines = lines.into_inner().unwrap_or_else(PoisonError::into_inner);
    lines.sort();
    let mut truth = fs::File::create(folder.join("truth.csv"))?;
    writeln!(truth, "package,story,server,compromise,foothold,exposure")?;
    lines.iter().try_for_each(|line| writeln!(truth, "{line}"))?;
    Ok(())
}
