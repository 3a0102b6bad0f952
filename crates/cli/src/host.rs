//! The host that a command means when it names no evidence: this machine, or one whose disk is mounted.

use std::path::Path;

use afterpatch_host::{Host, Purpose};
use anyhow::bail;

use crate::output;

/// The host below a folder, or this machine.
pub fn of(root: Option<&Path>) -> anyhow::Result<Host> {
    Ok(match root {
        Some(root) => Host::mounted(&std::path::absolute(root)?)?,
        None => Host::here(),
    })
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
