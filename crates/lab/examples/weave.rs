//! Plants pages that behave like shells into somebody's access log, and writes their truth beside it: to measure what is found
//! in real traffic.
//!
//! `cargo run --release -p afterpatch-lab --example weave -- IN_LOG OUT_LOG [seed] [shells]`

use std::{env, error::Error, fs};

use afterpatch_lab::weblog::weave;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut file = || arguments.next().ok_or("weave IN_LOG OUT_LOG [seed] [shells]");
    let (from, to) = (file()?, file()?);
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (seed, shells) = (number(1)?, number(2)?);
    let log = weave(&fs::read(&from)?, u64::try_from(seed)?, shells).ok_or("no access log of a day or more")?;
    fs::write(&to, &log.bytes)?;
    fs::write(format!("{to}.truth"), log.truth())?;
    Ok(())
}
