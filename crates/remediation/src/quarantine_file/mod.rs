//! Take a file away: a planted page, a dropped program, a stolen file that waits to be fetched.

use std::collections::BTreeMap;

use afterpatch_detection::KnownGood;
use afterpatch_model::{Finding, PlannedFile, Step as StoryStep, ThingKind, What, WhyNot};

use crate::evidence::{Evident, files_of, local_path, same_path};
use crate::host::{Found, Host, split_windows};
use crate::plan::Drafts;
use crate::steps::Step;

/// Files of which taking the whole would stop the site or the server: what is bad in them is taken out of them.
const NEEDED_NAMES: [&str; 8] = [
    "web.config",
    "applicationhost.config",
    "administration.config",
    "redirection.config",
    "machine.config",
    "agents.config",
    "global.asax",
    "sharedwebconfig.config",
];
/// Folders of Windows itself.
const NEEDED_FOLDERS: [&str; 3] = [r"\windows\system32\", r"\windows\syswow64\", r"\windows\winsxs\"];

/// Files that the report says lie there, each with everything that speaks of it.
pub(crate) fn plan(evident: &Evident<'_>, host: &Host, known_good: &KnownGood, drafts: &mut Drafts<'_>) {
    let mut present: BTreeMap<String, (String, Vec<&Finding>)> = BTreeMap::new();
    for finding in evident.server.findings.iter().filter(|finding| finding.step == StoryStep::FilePresent) {
        for path in files_of(finding) {
            present.entry(path.to_lowercase()).or_insert_with(|| (path, Vec::new())).1.push(finding);
        }
    }
    for (path, lies_there) in present.into_values() {
        let speak_of_it: Vec<&Finding> = evident.findings().filter(|finding| speaks_of(finding, &path, known_good)).collect();
        if speak_of_it.is_empty() {
            continue;
        }
        match judge(evident, host, known_good, &path, &lies_there, &speak_of_it) {
            Ok(file) => {
                drafts.act(What::QuarantineFile { file }, &speak_of_it);
            }
            Err(why) => drafts.leave(&path, why, &speak_of_it),
        }
    }
}

/// Whether a finding is about the file: it names its path, or at least the page, when no genuine page has that name.
fn speaks_of(finding: &Finding, path: &str, known_good: &KnownGood) -> bool {
    if finding.things_of(ThingKind::File).any(|other| same_path(other, path)) {
        return true;
    }
    let name = split_windows(path).1.to_lowercase();
    // A compiled or requested page is known by its name and its address only.
    finding.things_of(ThingKind::File).next().is_none()
        && !known_good.has_name(&name)
        && finding.things_of(ThingKind::Page).any(|page| page == name)
}

fn judge(
    evident: &Evident<'_>,
    host: &Host,
    known_good: &KnownGood,
    path: &str,
    lies_there: &[&Finding],
    speak_of_it: &[&Finding],
) -> Result<PlannedFile, WhyNot> {
    match Evident::surest(speak_of_it) {
        None if speak_of_it.iter().all(|finding| finding.acknowledged.is_some()) => return Err(WhyNot::Acknowledged),
        None => return Err(WhyNot::UserRule),
        Some(surest) if surest < evident.sure => return Err(WhyNot::NotSure(surest)),
        Some(_) => {}
    }
    // Somebody vouches for the very file.
    if lies_there.iter().any(|finding| finding.acknowledged.is_some()) {
        return Err(WhyNot::Acknowledged);
    }
    if is_needed(path) {
        return Err(WhyNot::Needed);
    }
    let file = match host.find(path) {
        Found::File(file) => *file,
        Found::Nothing => return Err(WhyNot::NotThere),
        Found::Refused(why) => return Err(WhyNot::Refused(why)),
    };
    if known_good.has_hash(&file.sha256) {
        return Err(WhyNot::Genuine);
    }
    let mut told = lies_there.iter().flat_map(|finding| finding.things_of(ThingKind::Hash)).peekable();
    if told.peek().is_some() && !told.any(|hash| hash.eq_ignore_ascii_case(&file.sha256)) {
        return Err(WhyNot::Changed);
    }
    Ok(file)
}

/// Whether taking it whole would stop the site or the server.
pub(crate) fn is_needed(path: &str) -> bool {
    let lower = local_path(path).to_lowercase();
    let is_task = lower.contains(r"\system32\tasks\");
    NEEDED_NAMES.contains(&split_windows(&lower).1) || (!is_task && NEEDED_FOLDERS.iter().any(|folder| lower.contains(folder)))
}

/// The file goes.
pub(crate) fn steps(file: &PlannedFile) -> Vec<Step> {
    vec![Step { file: file.clone(), after: None }]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_windows_and_of_the_configuration_are_never_taken_whole() {
        for path in
            [r"C:\inetpub\wwwroot\web.config", r"C:\WINDOWS\System32\inetsrv\x.dll", r"\\localhost\c$\windows\syswow64\a.exe"]
        {
            assert!(is_needed(path), "{path}");
        }
        for path in [r"C:\inetpub\wwwroot\shell.aspx", r"C:\Windows\Temp\a.exe", r"C:\Windows\System32\Tasks\x"] {
            assert!(!is_needed(path), "{path}");
        }
    }
}
