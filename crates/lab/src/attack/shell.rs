//! The life of a planted page: first use, visitors, and its end.

use super::actor::{Actor, Page};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::events::{
        defender, security,
        sysmon::{self, Process},
    },
    stage::{Hit, Stage},
    truth::Mark,
    world::LOST_PAGE,
};

const PROCESSOR: &str = r"C:\Windows\System32\cmd.exe";

/// How it ends with the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It lies there when the evidence is taken.
    Stays,
    /// A virus scanner deletes it.
    Removed,
}

/// The first request: the page is compiled, and a command run.
pub(crate) fn first_use(stage: &mut Stage, actor: &Actor, at: Moment) {
    let page = &actor.page;
    let worker = stage.worker(page.pool());
    // A genuine page is compiled now and then; that it is another one now, the compiler does not say.
    let is_genuine = page.name == LOST_PAGE;
    let compiled = if is_genuine { Mark::beside("page_compiled") } else { Mark::telling("page_compiled") };
    let compiled = compiled.on(&page.name);
    let beside = || Some(Mark::beside("page_compiled").on(&page.name));
    let [path, assembly] = stage.compile(at + 15, page.application, &page.stem, Some(compiled.clone()));
    let folder = stage.compiler[page.application].clone();

    let framework = r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319";
    let temporary = stage.dice.hex(4).to_ascii_uppercase();
    let cvtres = format!(
        "{framework}\\cvtres.exe /NOLOGO /READONLY /MACHINE:IX86 \"/OUT:C:\\Windows\\TEMP\\RES{temporary}.tmp\" \
         \"C:\\Windows\\TEMP\\RES{temporary}0.tmp\""
    );
    let cvtres = stage.process(&format!(r"{framework}\cvtres.exe"), &cvtres);
    started(stage, at + -30, &cvtres, &worker, beside);
    for file in [format!("{assembly}.0.js"), format!("{assembly}.dll")] {
        stage.event(at + -10, sysmon::file_created(at + -11, &worker, &format!(r"{folder}\{file}")), beside());
    }
    stage.event(at + 20, sysmon::file_created(at + 15, &worker, &path), Some(compiled));
    command(stage, page, &worker, at + 38, "whoami");
    request(stage, actor, at + 90, &actor.address, actor.agent, 200);
}

/// Visits after the break-in, over the rest of the span.
pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment, end: End) {
    let page = &actor.page;
    let worker = stage.worker(page.pool());
    let removed_at = stage.world.at_share(720) + dice.between(0, 20) * MINUTE;
    let mut visits = vec![(at + dice.between(4, 25) * MINUTE, &actor.address, "ipconfig /all")];
    let mut share = 450;
    while share < 980 {
        let visitor = &actor.later[dice.index(2)];
        visits.push((
            stage.world.at_share(share) + dice.between(0, 59_999),
            visitor,
            dice.pick(&["net user", "tasklist /svc", "hostname"]),
        ));
        share += dice.between(70, 150);
    }
    let patched = stage.world.patch.map(|patch| patch.to);
    // Whoever waits for the update comes back after it for sure.
    visits.extend(patched.map(|patched| (patched + dice.between(70, 300) * MINUTE, &actor.later[0], "whoami")));

    for (at, visitor, line) in visits {
        if stage.world.is_down(at) || at + MINUTE >= stage.world.end {
            continue;
        }
        if end == End::Removed && at >= removed_at {
            gone(stage, actor, at, visitor);
        } else {
            command(stage, page, &worker, at + -40, line);
            request(stage, actor, at, visitor, actor.visitor_agent, 200);
        }
    }
    if end == End::Removed {
        remove(stage, actor, removed_at);
        gone(stage, actor, removed_at + 3 * MINUTE, &actor.later[1]);
    }
}

pub(crate) fn request(stage: &mut Stage, actor: &Actor, at: Moment, client: &str, agent: &str, status: u16) {
    let step = if status == 200 { "page_requested" } else { "page_gone" };
    let mark = Mark::telling(step).by(client).on(&actor.page.name);
    let hit = Hit {
        status,
        taken: 60,
        protocol: actor.page.protocol,
        authentication: if actor.page.protocol.is_some() { "FBA" } else { "" },
        ..Hit::new(if status == 200 { "POST" } else { "GET" }, &actor.page.stem, client, agent)
    };
    stage.hit(at, &hit.marked(&mark));
}

/// Once the file has gone, the front end sends everybody to the log-on page.
fn gone(stage: &mut Stage, actor: &Actor, at: Moment, client: &str) {
    request(stage, actor, at, client, actor.visitor_agent, 302);
}

/// The worker starts a command.
fn command(stage: &mut Stage, page: &Page, worker: &Process, at: Moment, line: &str) {
    let mark = || Some(Mark::telling("command_run").on(&page.name));
    let child = stage.process(&program(line), line);
    spawned(stage, worker, at, line, mark, (&child, || Some(Mark::beside("command_run"))));
}

/// The page is asked to run a program that matters by itself; `mark` is what the program's own start tells.
pub(crate) fn order(stage: &mut Stage, actor: &Actor, at: Moment, image: &str, line: &str, mark: &Mark) -> Process {
    let worker = stage.worker(actor.page.pool());
    let by_page = || Some(Mark::telling("command_run").on(&actor.page.name));
    let child = stage.process(image, line);
    spawned(stage, &worker, at + -40, line, by_page, (&child, || Some(mark.clone())));
    request(stage, actor, at, &actor.later[0], actor.visitor_agent, 200);
    child
}

/// The page is asked for something that the command processor does itself.
pub(crate) fn order_processor(stage: &mut Stage, actor: &Actor, at: Moment, line: &str) -> Process {
    let worker = stage.worker(actor.page.pool());
    let shell = stage.process(PROCESSOR, &format!("cmd /c {line}"));
    started(stage, at + -40, &shell, &worker, || Some(Mark::telling("command_run").on(&actor.page.name)));
    request(stage, actor, at, &actor.later[0], actor.visitor_agent, 200);
    shell
}

/// A pool's worker starts a command by itself: something that it read made it do so.
pub(crate) fn by_worker(stage: &mut Stage, pool: &str, at: Moment, line: &str) {
    let worker = stage.worker(pool);
    let child = stage.process(&program(line), line);
    let mark = || Some(Mark::telling("command_run"));
    spawned(stage, &worker, at, line, mark, (&child, || Some(Mark::beside("command_run"))));
}

fn program(line: &str) -> String {
    format!(r"C:\Windows\System32\{}.exe", line.split(' ').next().unwrap_or(line))
}

/// The worker starts the command processor, and that the program.
fn spawned(
    stage: &mut Stage,
    worker: &Process,
    at: Moment,
    line: &str,
    mark: impl Fn() -> Option<Mark>,
    (child, child_mark): (&Process, impl Fn() -> Option<Mark>),
) {
    let shell = stage.process(PROCESSOR, &format!("cmd /c {line}"));
    started(stage, at, &shell, worker, mark);
    started(stage, at + 29, child, &shell, child_mark);
}

/// The scanner's service finds the file and deletes it.
fn remove(stage: &mut Stage, actor: &Actor, at: Moment) {
    let page = &actor.page;
    let image = r"C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.2102.3-0\MsMpEng.exe";
    let scanner = stage.process(image, "MsMpEng.exe");
    let mark = || Some(Mark::telling("removed").on(&page.name));
    for (after, id) in [(-2_000, 1116), (400, 1117)] {
        let worker = r"C:\Windows\System32\inetsrv\w3wp.exe";
        let event = defender::found(&mut stage.dice, at + after, id, "Backdoor:ASP/Chopper.F!dha", &page.path, worker);
        stage.event(at + after, event, mark());
    }
    let event = sysmon::file_deleted(&mut stage.dice, at, &scanner, &page.path);
    stage.event(at + 2, event, mark());
    stage.take_away(&page.path);
}

/// A process start in both logs that tell of it.
pub(crate) fn started(stage: &mut Stage, at: Moment, process: &Process, parent: &Process, mark: impl Fn() -> Option<Mark>) {
    let event = sysmon::process_start(&mut stage.dice, at, process, parent, r"c:\windows\system32\inetsrv\");
    stage.event(at + 4, event, mark());
    let event = security::process_start(&stage.world, process, parent);
    stage.event(at, event, mark());
}
