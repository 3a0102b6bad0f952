//! The memory of lsass, and archives of mail: made on the server, fetched from the web root.

use super::{
    super::{actor::Actor, shell},
    pause,
};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::events::sysmon::{self, Process},
    stage::{Hit, Stage},
    truth::Mark,
};

const WEB_ROOT: &str = r"C:\inetpub\wwwroot\aspnet_client";
const CABINET: &str = r"C:\Windows\System32\makecab.exe";

pub(super) fn memory_dump(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let folder = dice.pick(&[r"C:\Windows\Temp", WEB_ROOT, r"C:\root"]);
    let dump = format!(r"{folder}\{}.dmp", dice.word(5));
    let (image, line) = if dice.chance(60) {
        let line = format!(r"rundll32.exe C:\windows\system32\comsvcs.dll, MiniDump {} {dump} full", dice.between(500, 900));
        (r"C:\Windows\System32\rundll32.exe".to_owned(), line)
    } else {
        let tool = format!(r"C:\Windows\Temp\{}.exe", dice.word(4));
        let line = format!("{tool} -accepteula -ma lsass.exe {dump}");
        (tool, line)
    };
    let writer = shell::order(stage, actor, at, &image, &line, &Mark::telling("memory_dumped"));
    // Dumps are made every day; by what command, tells.
    created(stage, &writer, &dump, at + 3 * SECOND, "memory_dumped", false);

    let packed = format!("{}.dmp.zip", dice.word(6));
    let at = at + pause(dice);
    let line = format!(r"makecab {dump} {WEB_ROOT}\{packed}");
    let writer = shell::order(stage, actor, at, CABINET, &line, &Mark::telling("data_packed"));
    created(stage, &writer, &format!(r"{WEB_ROOT}\{packed}"), at + 9 * SECOND, "data_packed", true);
    let bytes = dice.between(18_000_000, 60_000_000);
    fetch(stage, actor, at + pause(dice), &packed, "memory_dump", bytes);
}

/// An archive alone is what vendors make every night; only whoever asked for it gives it away.
pub(super) fn archive(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let folder = r"C:\ProgramData\pst";
    let tool = format!(r"C:\ProgramData\{}.exe", dice.pick(&["7z", "7za", "rar"]));
    let packed = format!("{}.{}", dice.word(6), dice.pick(&["zip", "gif", "txt"]));
    let line = format!(r"{tool} a -t7z -p{} {folder}\{packed} {folder}\*.pst", dice.word(8));
    let writer = shell::order(stage, actor, at, &tool, &line, &Mark::beside("data_packed"));
    created(stage, &writer, &format!(r"{folder}\{packed}"), at + 40 * SECOND, "data_packed", false);
    let at = at + pause(dice);
    let line = format!(r"xcopy /y {folder}\{packed} {WEB_ROOT}\");
    shell::order(stage, actor, at, r"C:\Windows\System32\xcopy.exe", &line, &Mark::beside("data_packed"));
    let bytes = dice.between(120_000_000, 900_000_000);
    fetch(stage, actor, at + pause(dice), &packed, "archive", bytes);
}

fn created(stage: &mut Stage, writer: &Process, path: &str, at: Moment, step: &'static str, tells: bool) {
    let mark = if tells { Mark::telling(step) } else { Mark::beside(step) };
    stage.event(at + 2, sysmon::file_created(at, writer, path), Some(mark));
}

/// A visitor takes a file away: one answer, many megabytes.
fn fetch(stage: &mut Stage, actor: &Actor, at: Moment, name: &str, what: &str, bytes: i64) {
    stage.take(what, bytes, &actor.later[0]);
    let stem = format!("/aspnet_client/{name}");
    let mark = Mark::telling("data_fetched").by(&actor.later[0]);
    let hit = Hit { sent: Some(bytes), taken: bytes / 2_000, ..Hit::new("GET", &stem, &actor.later[0], actor.visitor_agent) };
    stage.hit(at, &hit.marked(&mark));
}
