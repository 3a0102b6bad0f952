//! `afterpatch watch`.

#[cfg(unix)]
mod install_unix;
#[cfg(windows)]
mod install_windows;
mod quarantine;
mod system_log;
mod webhook;

use std::io::{self, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::time::Duration;

use afterpatch_engine::{Engine, on_deep_stack};
use afterpatch_model::{Alert, Severity};
use afterpatch_report::Options;
use afterpatch_watch::{Follower, Listener, Notice, Notified, Output, Policy, Settings, Stop, watch};
use anyhow::{Context, bail};

use crate::arguments::watch::{Least, RunArguments, WatchArguments, WatchCommand};
use crate::exit::Exit;
use crate::{host, output};

#[cfg(unix)]
use self::install_unix as system;
#[cfg(windows)]
use self::install_windows as system;

/// Does what the arguments say.
pub fn run(arguments: &WatchArguments) -> anyhow::Result<Exit> {
    match &arguments.command {
        Some(WatchCommand::Install(install)) => {
            check(&install.run)?;
            system::install(install)
        }
        Some(WatchCommand::Uninstall(uninstall)) => system::uninstall(uninstall),
        Some(WatchCommand::Service(run)) => system::serve(run),
        None => {
            let stop = Stop::default();
            let on_signal = stop.clone();
            ctrlc::set_handler(move || on_signal.stop()).context("interrupts cannot be watched")?;
            until_stopped(&arguments.run, &stop)
        }
    }
}

/// What can be wrong with the arguments, found before anything is started or installed.
fn check(arguments: &RunArguments) -> anyhow::Result<Vec<PathBuf>> {
    if arguments.places.is_empty() {
        return of_this_host();
    }
    let own = own(arguments)?;
    let mut places = Vec::new();
    for place in &arguments.places {
        // What notifications name and what is listed must be called the same.
        let place = place.canonicalize().with_context(|| place.display().to_string())?;
        if let Some(own) = own.iter().find(|own| own.starts_with(&place)) {
            bail!("{}: lies in {}, which is watched; name another place", own.display(), place.display());
        }
        places.push(place);
    }
    Ok(places)
}

/// What the watch writes, by the true paths that places have, too.
fn own(arguments: &RunArguments) -> anyhow::Result<Vec<PathBuf>> {
    let own = [Some(&arguments.state), arguments.ndjson.as_ref(), arguments.vault.as_ref()];
    own.into_iter().flatten().map(|path| Ok(real(&std::path::absolute(path)?))).collect()
}

/// The true path of what may not be there yet.
fn real(path: &Path) -> PathBuf {
    match (path.canonicalize(), path.parent(), path.file_name()) {
        (Ok(real), ..) => real,
        (Err(_), Some(parent), Some(name)) => real(parent).join(name),
        (Err(_), ..) => path.to_owned(),
    }
}

/// The folders of this machine in which pages, logs and drops come to lie.
fn of_this_host() -> anyhow::Result<Vec<PathBuf>> {
    let host = host::of(None, false)?;
    let mut places: Vec<PathBuf> = Vec::new();
    // A folder whose own files only matter (the root of a drive) would have to be watched with all below it.
    for place in host.spots().iter().map(|spot| &spot.place).filter(|place| place.depth > 0) {
        places.extend(place.real.canonicalize().ok().filter(|real| real.is_dir()));
    }
    places.sort();
    places.dedup_by(|inner, outer| inner.starts_with(&*outer));
    if places.is_empty() {
        bail!("no web root and no folder of logs was found on this machine; name the folders to watch");
    }
    Ok(places)
}

/// Watches until it is told to stop.
fn until_stopped(arguments: &RunArguments, stop: &Stop) -> anyhow::Result<Exit> {
    let places = check(arguments)?;
    let state = std::path::absolute(&arguments.state)?;
    let mut engine = Engine::load()?.with_rules(&arguments.rules)?;
    if let Some(file) = &arguments.acknowledge {
        engine = engine.with_acknowledgements(file)?;
    }
    let options = output::options(&arguments.shown);
    let log = arguments.ndjson.clone().unwrap_or_else(|| state.join("alerts.ndjson"));
    let settings = Settings {
        places: places.clone(),
        own: own(arguments)?,
        state: state.clone(),
        log: log.clone(),
        encode: |alert| afterpatch_report::alert_line(alert).map_err(io::Error::other),
        from_start: arguments.from_start,
        least: severity(arguments.least),
        look_every: Duration::from_secs(u64::from(arguments.look_every)),
    };
    let followers = outputs(arguments, &engine, &state, &options)?
        .into_iter()
        .map(|output| Follower::start(&log, &state, output, Box::new(|name, text| output::warn(&format!("{name}: {text}")))))
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| state.display().to_string())?;
    let poll = arguments.poll.map(|seconds| Duration::from_secs(u64::from(seconds)));
    let (mut world, why_not) = Notified::new(&places, poll, stop);
    if let Some(why_not) = why_not {
        output::warn(&why_not);
    }
    let mut console = Console { options, quiet: arguments.quiet, followers };
    // The code of pages is read on a deep stack; one for the whole run is enough.
    let ended = on_deep_stack(|| watch(&engine, &settings, &mut world, &mut console));
    match ended {
        Some(result) => result?,
        None => bail!("there is no memory for the stack that reading code needs"),
    }
    Ok(Exit::Nothing)
}

fn outputs(arguments: &RunArguments, engine: &Engine, state: &Path, options: &Options) -> anyhow::Result<Vec<Box<dyn Output>>> {
    let mut outputs: Vec<Box<dyn Output>> = Vec::new();
    if arguments.system_log {
        outputs.push(Box::new(system_log::SystemLog::new(*options, arguments.system_log_socket.clone())));
    }
    if let Some(url) = &arguments.webhook {
        outputs.push(Box::new(webhook::Webhook::new(url, arguments.webhook_ca.as_deref())?));
    }
    if let Some(file) = &arguments.quarantine {
        let kinds: Vec<String> = engine.kinds().into_iter().map(|(slug, _)| slug).collect();
        let policy = Policy::read(file, &kinds)?;
        let vault = std::path::absolute(arguments.vault.clone().unwrap_or_else(|| state.join("vault")))?;
        outputs.push(Box::new(quarantine::Quarantine::new(policy, vault, *options)));
    }
    Ok(outputs)
}

fn severity(least: Least) -> Severity {
    match least {
        Least::Info => Severity::Info,
        Least::Low => Severity::Low,
        Least::Medium => Severity::Medium,
        Least::High => Severity::High,
        Least::Critical => Severity::Critical,
    }
}

/// Shows alerts on standard output, and what is to be said of the watch on standard error.
struct Console {
    options: Options,
    quiet: bool,
    followers: Vec<Follower>,
}

impl Listener for Console {
    fn alert(&mut self, alert: &Alert) {
        if !self.quiet {
            let mut text = Vec::new();
            // The alert stands in the alert log; a terminal that has gone changes nothing.
            let _ = afterpatch_report::write_alert(alert, &self.options, &mut text);
            let _ = stdout().lock().write_all(&text);
        }
        for follower in &self.followers {
            follower.wake();
        }
    }

    fn notice(&mut self, notice: &Notice) {
        let options = Options { color: false, ..self.options };
        let mut text = Vec::new();
        let _ = match notice {
            Notice::Watching { pages, logs } => afterpatch_report::write_watching(*pages, *logs, &options, &mut text),
            Notice::Gap(gap) => afterpatch_report::write_watch_gap(gap, &options, &mut text),
            _ => Ok(()),
        };
        let _ = stderr().lock().write_all(&text);
    }
}
