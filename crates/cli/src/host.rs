//! The host that a command means when it names no evidence: this machine, or one whose disk is mounted.

use std::path::Path;

use afterpatch_host::{Host, Purpose};
use anyhow::bail;

use crate::output;

/// The host below a folder, or this machine, with the earlier states that it keeps or without.
pub fn of(root: Option<&Path>, shadow_copies: bool) -> anyhow::Result<Host> {
    Ok(match root {
        Some(root) => Host::mounted(&std::path::absolute(root)?)?,
        None if !shadow_copies => Host::here(),
        None if cfg!(windows) => Host::here_and_before(),
        None => bail!("--shadow-copies: only a running Windows keeps them"),
    })
}

/// Leaves processor and disk to whoever the machine is there for, where it is at work, unless the user is in a hurry.
pub fn stand_back(host: &Host, full_speed: bool) {
    if host.runs_here() && !full_speed {
        let stood_back = afterpatch_sys::priority::stand_back();
        if !(stood_back.processor && stood_back.disk) {
            output::warn("this process could not be given a low priority everywhere; use --threads 1 on a busy server");
        }
    }
}

/// Fails when a file would be written where it must not: on an examined disk, or where this machine's visitors would be served it.
pub fn must_not_hold(host: &Host, root: Option<&Path>, path: &Path) -> anyhow::Result<()> {
    if path == Path::new("-") {
        return Ok(());
    }
    if let Some(root) = root.filter(|root| output::lies_in(path, root)) {
        bail!("{}: lies in the evidence {}, which is never written to; name another place", path.display(), root.display());
    }
    let served = host.spots().iter().filter(|spot| spot.purpose == Purpose::Pages);
    if let Some(spot) = served.into_iter().find(|spot| output::lies_in(path, &spot.place.real)) {
        bail!(
            "{}: lies in {}, whose files are served to visitors; name another place",
            path.display(),
            spot.place.real.display()
        );
    }
    Ok(())
}
