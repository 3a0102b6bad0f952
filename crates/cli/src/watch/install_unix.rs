//! Lets systemd run the watch: a unit that may read everything, write nothing but its state, and speak to nobody.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::arguments::watch::{InstallArguments, Least, RunArguments, UninstallArguments};
use crate::exit::Exit;
use crate::output;

const UNIT: &str = "/etc/systemd/system/afterpatch-watch.service";
const NAME: &str = "afterpatch-watch.service";
/// Where systemd keeps the state of services that have no user of their own.
const STATES: &str = "/var/lib";

/// Writes the unit, and starts it when it is in its place.
pub fn install(arguments: &InstallArguments) -> anyhow::Result<Exit> {
    let program = std::env::current_exe().context("the program's own place cannot be told")?;
    let text = unit(&program, &arguments.run)?;
    match arguments.unit.as_deref() {
        Some(to) if to == Path::new("-") => output::say(text.trim_end())?,
        Some(to) => fs::write(to, text).with_context(|| to.display().to_string())?,
        None => {
            if !Path::new("/run/systemd/system").is_dir() {
                bail!("systemd does not run here; --unit FILE writes the unit for another machine");
            }
            fs::write(UNIT, text).with_context(|| UNIT.to_owned())?;
            systemctl(&["daemon-reload"])?;
            systemctl(&["enable", "--now", NAME])?;
            output::note(&format!("{NAME} runs; its alerts: journalctl -u {NAME}, and alerts.ndjson in its state folder"));
        }
    }
    Ok(Exit::Nothing)
}

/// Takes the unit away.
pub fn uninstall(arguments: &UninstallArguments) -> anyhow::Result<Exit> {
    let unit = arguments.unit.clone().unwrap_or_else(|| PathBuf::from(UNIT));
    if arguments.unit.is_none() {
        systemctl(&["disable", "--now", NAME])?;
    }
    fs::remove_file(&unit).with_context(|| unit.display().to_string())?;
    if arguments.unit.is_none() {
        systemctl(&["daemon-reload"])?;
    }
    Ok(Exit::Nothing)
}

/// systemd starts the ordinary command.
pub fn serve(_arguments: &RunArguments) -> anyhow::Result<Exit> {
    bail!("only Windows starts a watch this way")
}

fn systemctl(arguments: &[&str]) -> anyhow::Result<()> {
    let done = Command::new("systemctl").args(arguments).status().context("systemctl")?;
    if done.success() { Ok(()) } else { bail!("systemctl {} failed", arguments.join(" ")) }
}

/// The unit file.
fn unit(program: &Path, run: &RunArguments) -> anyhow::Result<String> {
    if run.places.is_empty() {
        bail!("name the folders to watch: what the service may see and write is cut to them");
    }
    let folder = state_folder(&run.state)?;
    if let Some(file) = [&run.ndjson, &run.vault].into_iter().flatten().find(|path| !path.starts_with(&run.state)) {
        bail!("{}: the service can write below its state folder {} alone; leave this out", file.display(), run.state.display());
    }
    let mut named = vec![program.to_path_buf()];
    for path in &run.places {
        named.push(path.canonicalize().with_context(|| path.display().to_string())?);
    }
    if let Some(hidden) = named.iter().find(|path| path.starts_with("/tmp") || path.starts_with("/var/tmp")) {
        bail!("{}: the service has temporary folders of its own and would not see it; put it elsewhere", hidden.display());
    }
    let mut text = String::from(HEAD);
    // Writing to a string does not fail.
    let _ = writeln!(text, "ExecStart={}", command(program, run)?);
    let _ = writeln!(text, "StateDirectory={folder}\nStateDirectoryMode=0700");
    text.push_str(SERVICE);
    let network = if run.webhook.is_some() { WITH_NETWORK } else { WITHOUT_NETWORK };
    text.push_str(network);
    match &run.quarantine {
        None => text.push_str("CapabilityBoundingSet=CAP_DAC_READ_SEARCH\nAmbientCapabilities=CAP_DAC_READ_SEARCH\n"),
        Some(_) => {
            text.push_str(
                "# Taking files away needs the right to write where they lie; only the watched folders are open for it.\n\
                 CapabilityBoundingSet=CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_FOWNER CAP_CHOWN\n\
                 AmbientCapabilities=CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE CAP_FOWNER CAP_CHOWN\n\
                 SystemCallFilter=@chown\n",
            );
            for place in &run.places {
                let place = place.canonicalize().with_context(|| place.display().to_string())?;
                let _ = writeln!(text, "ReadWritePaths={}", quoted(&place.to_string_lossy())?);
            }
        }
    }
    text.push_str("\n[Install]\nWantedBy=multi-user.target\n");
    Ok(text)
}

/// The state folder's name below [`STATES`].
fn state_folder(state: &Path) -> anyhow::Result<String> {
    let name = state.strip_prefix(STATES).ok().map(|name| name.to_string_lossy().into_owned());
    let is_plain =
        |name: &String| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_/".contains(&byte));
    name.filter(is_plain).with_context(|| format!("{}: a service's state lies below {STATES}", state.display()))
}

fn command(program: &Path, run: &RunArguments) -> anyhow::Result<String> {
    let mut words = vec![program.to_string_lossy().into_owned(), "watch".to_owned(), "--no-color".to_owned()];
    let mut option = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            words.extend([name.to_owned(), value]);
        }
    };
    let full = |path: &Path| std::path::absolute(path).map(|path| path.to_string_lossy().into_owned());
    let maybe = |path: &Option<PathBuf>| path.as_deref().map(full).transpose();
    option("--state", Some(full(&run.state)?));
    option("--ndjson", maybe(&run.ndjson)?);
    option("--webhook", run.webhook.clone());
    option("--webhook-ca", maybe(&run.webhook_ca)?);
    option("--quarantine", maybe(&run.quarantine)?);
    option("--vault", maybe(&run.vault)?);
    option("--poll", run.poll.map(|seconds| seconds.to_string()));
    option("--look-every", Some(run.look_every.to_string()));
    option("--least", Some(least(run.least).to_owned()));
    option("--acknowledge", maybe(&run.acknowledge)?);
    option("--lang", run.shown.lang.map(|language| language.tag().to_owned()));
    for folder in &run.rules {
        option("--rules", Some(full(folder)?));
    }
    for (name, wanted) in [("--system-log", run.system_log), ("--from-start", run.from_start), ("--quiet", run.quiet)] {
        if wanted {
            words.push(name.to_owned());
        }
    }
    for place in &run.places {
        words.push(place.canonicalize().with_context(|| place.display().to_string())?.to_string_lossy().into_owned());
    }
    let words: anyhow::Result<Vec<String>> = words.iter().map(|word| quoted(word)).collect();
    Ok(words?.join(" "))
}

fn least(least: Least) -> &'static str {
    match least {
        Least::Info => "info",
        Least::Low => "low",
        Least::Medium => "medium",
        Least::High => "high",
        Least::Critical => "critical",
    }
}

/// A word as systemd takes it: `%` and `$` would be replaced, a line's end would begin another setting.
fn quoted(word: &str) -> anyhow::Result<String> {
    if word.chars().any(char::is_control) {
        bail!("{}: holds control characters", word.escape_debug());
    }
    let word = word.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%").replace('$', "$$");
    Ok(if word.contains([' ', '\'', '"', ';', '\\']) { format!("\"{word}\"") } else { word })
}

const HEAD: &str = "\
# Made by `afterpatch watch install`; `afterpatch watch uninstall` takes it away.
[Unit]
Description=afterpatch: tell what changes in web roots and logs
Documentation=https://github.com/afterpatch/afterpatch
After=local-fs.target

[Service]
Type=exec
";

const SERVICE: &str = "\
# It ends softly when it is interrupted; a kill costs nothing either.
KillSignal=SIGINT
Restart=on-failure
RestartSec=5
# A user of its own that may read everything and owns nothing.
DynamicUser=yes
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
KeyringMode=private
LockPersonality=yes
MemoryDenyWriteExecute=yes
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
# The server's own work goes first.
Nice=10
CPUWeight=20
IOWeight=20
IOSchedulingClass=best-effort
IOSchedulingPriority=7
MemoryMax=1G
TasksMax=64
LimitNOFILE=4096
";

const WITHOUT_NETWORK: &str = "\
PrivateNetwork=yes
IPAddressDeny=any
RestrictAddressFamilies=AF_UNIX
";

const WITH_NETWORK: &str = "\
# For the webhook.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_cannot_break_out_of_their_line() {
        assert_eq!(quoted("/var/www").unwrap(), "/var/www");
        assert_eq!(quoted("/srv/my site/100%").unwrap(), "\"/srv/my site/100%%\"");
        assert_eq!(quoted("a\"b\\c$d").unwrap(), "\"a\\\"b\\\\c$$d\"");
        assert!(quoted("a\nExecStartPre=/bin/x").is_err());
    }

    #[test]
    fn a_services_state_lies_where_systemd_keeps_it() {
        assert_eq!(state_folder(Path::new("/var/lib/afterpatch")).unwrap(), "afterpatch");
        for wrong in ["/srv/state", "/var/lib", "/var/lib/a b", "/var/lib/../x"] {
            assert!(state_folder(Path::new(wrong)).is_err(), "{wrong}");
        }
    }
}
