//! Which entries are worth opening at all.

use afterpatch_evidence::Entry;

use crate::pe_version::is_exsetup_name;
use crate::scheduled_task::below_tasks;
use crate::served_script::may_hide_script;

/// Files that no format reads whatever their head, and of which a mounted image holds hundreds of thousands. Only kinds that
/// nobody renames a log to; scripts and configuration that a browser runs are among them, as no server runs them.
const NEVER: [&str; 44] = [
    "avi", "bmp", "cab", "cat", "css", "cur", "dll", "drv", "eot", "exe", "fon", "gif", "ico", "inf", "jpeg", "jpg", "lib",
    "lnk", "manifest", "mof", "mp3", "mp4", "msi", "msp", "msu", "mui", "mum", "nls", "ocx", "pdb", "pf", "png", "pnf", "pri",
    "ps1xml", "resx", "svg", "sys", "tlb", "ttc", "ttf", "wav", "woff", "woff2",
];

/// Whether a look at the entry's head can tell anything: opening every file of an image would take longer than the scan.
/// The one program that is worth it tells Exchange's build.
pub fn worth_opening(entry: &Entry) -> bool {
    // A task can be called anything, and `update.exe` is what an attacker would call it.
    if below_tasks(entry.location()).is_some() || is_exsetup_name(entry.file_name()) {
        return true;
    }
    if may_hide_script(entry) {
        return true;
    }
    let extension = entry.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
    !NEVER.iter().any(|never| never.eq_ignore_ascii_case(extension))
}
