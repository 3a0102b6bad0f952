//! Take away the file of a scheduled task, below `System32\Tasks`.
//!
//! On the disk of a server that does not run, Windows forgets the task with its file. On a running one the task scheduler keeps
//! it in the registry (`TaskCache`) and in memory, too; there it is switched off (`switch_off`).

use afterpatch_model::{ArtifactKind, Finding, PlannedFile, ThingKind, What, WhyNot};

use crate::evidence::Evident;
use crate::host::{Found, Host};
use crate::plan::Drafts;
use crate::steps::Step;

/// Tasks whose own file was judged.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, drafts: &mut Drafts<'_>) {
    if host.is_running() {
        return;
    }
    for finding in evident.findings() {
        let Some((path, _)) = evident.artifact_of(finding, ArtifactKind::ScheduledTask) else { continue };
        let Some(task) = finding.things_of(ThingKind::Autostart).next() else { continue };
        let same: Vec<&Finding> =
            evident.findings().filter(|other| other.things_of(ThingKind::Autostart).any(|other| other == task)).collect();
        match Evident::surest(&same) {
            None => drafts.leave(path, WhyNot::Acknowledged, &same),
            Some(surest) if surest < evident.sure => drafts.leave(path, WhyNot::NotSure(surest), &same),
            Some(_) => match host.find(path) {
                Found::File(file) => {
                    drafts.act(What::RemoveTask { task: task.to_owned(), file: *file }, &same);
                }
                Found::Nothing => drafts.leave(path, WhyNot::NotThere, &same),
                Found::Refused(why) => drafts.leave(path, WhyNot::Refused(why), &same),
            },
        }
    }
}

/// The file goes.
pub(crate) fn steps(file: &PlannedFile) -> Vec<Step> {
    vec![Step { file: file.clone(), after: None }]
}
