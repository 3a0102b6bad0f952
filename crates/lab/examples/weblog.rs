//! Writes one big access log, and its truth beside it, for people to look at.
//!
//! `cargo run -p afterpatch-lab --example weblog -- FILE [exchange|iis|apache|nginx|tomcat] [seed] [requests] [shells]`

use std::{env, error::Error, fs, time::Instant};

use afterpatch_lab::weblog::{WebServer, make};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let file = arguments.next().ok_or("weblog FILE [exchange|iis|apache|nginx|tomcat] [seed] [requests] [shells]")?;
    let server = match arguments.next().as_deref() {
        Some("exchange") => WebServer::Exchange,
        Some("iis") => WebServer::Iis,
        None | Some("apache") => WebServer::Apache,
        Some("nginx") => WebServer::Nginx,
        Some("tomcat") => WebServer::Tomcat,
        Some(other) => return Err(format!("no server {other}").into()),
    };
    let mut number = |default: usize| arguments.next().map_or(Ok(default), |text| text.parse());
    let (seed, requests, shells) = (number(1)?, number(1_000_000)?, number(2)?);
    let started = Instant::now();
    let log = make(server, u64::try_from(seed)?, requests, shells);
    let took = started.elapsed();
    fs::write(&file, &log.bytes)?;
    let truth = format!("made in {took:.1?}, {} bytes\n{}", log.bytes.len(), log.truth());
    fs::write(format!("{file}.truth"), truth)?;
    Ok(())
}
