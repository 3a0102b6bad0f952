//! `afterpatch collect`.

use std::io::{BufWriter, Write, stdout};

use afterpatch_collect::{Outcome, Wishes};
use afterpatch_model::{Gap, GapKind, Timestamp};
use afterpatch_report::Collected;
use anyhow::bail;

use crate::arguments::CollectArguments;
use crate::exit::Exit;
use crate::scan::watched;
use crate::{host, output};

/// Collects.
pub fn run(arguments: &CollectArguments) -> anyhow::Result<Exit> {
    let name = arguments.output.to_string_lossy().to_lowercase();
    let ending = if arguments.recipient.is_some() { ".zip.age" } else { ".zip" };
    if !name.ends_with(ending) {
        bail!("{}: end the name in {ending}, so that everybody sees what it is", arguments.output.display());
    }
    let host = host::of(arguments.root.as_deref(), arguments.shadow_copies)?;
    host::must_not_hold(&host, arguments.root.as_deref(), &arguments.output)?;
    let wishes = Wishes {
        host: host.own_name().map(str::to_owned),
        now: arguments.now.unwrap_or_else(Timestamp::now),
        budget: arguments.max_size,
        since: arguments.since,
        recipient: arguments.recipient.clone(),
        threads: usize::from(arguments.threads),
    };
    host::stand_back(&host, arguments.full_speed);
    let outcome = watched(arguments.quiet, |progress| {
        afterpatch_collect::collect(&host.evidence(wishes.now), &arguments.output, arguments.split, &wishes, progress)
    })??;
    if !arguments.quiet {
        show(arguments, host.name(), &outcome)?;
    }
    Ok(exit_of(&outcome))
}

fn show(arguments: &CollectArguments, host: &str, outcome: &Outcome) -> anyhow::Result<()> {
    let written: Vec<String> = outcome.written.iter().map(|path| path.display().to_string()).collect();
    let collected = Collected {
        host,
        files: outcome.files,
        bytes: outcome.bytes,
        gaps: &outcome.gaps,
        written: &written,
        encrypted: arguments.recipient.is_some(),
        interrupted: outcome.interrupted,
    };
    let options = output::options(&arguments.shown);
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write_collected(&collected, &options, &mut out)?;
    Ok(out.flush()?)
}

fn exit_of(outcome: &Outcome) -> Exit {
    let is_loss =
        |gap: &Gap| matches!(gap.kind, GapKind::Unreadable | GapKind::Vanished | GapKind::HeldByAntivirus | GapKind::Truncated);
    match outcome {
        outcome if outcome.interrupted => Exit::Interrupted,
        outcome if outcome.files == 0 => Exit::NoEvidence,
        outcome if outcome.gaps.iter().any(is_loss) => Exit::NotAllDone,
        _ => Exit::Nothing,
    }
}
