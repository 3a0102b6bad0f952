//! What starts again by itself: a task, a service, a module of the web server, an agent of transport.

use super::{
    super::{actor::Actor, shell},
    innocent_name, management, system,
};
use crate::{
    clock::{Moment, SECOND},
    dice::Dice,
    sources::{
        events::{
            accounts::{Subject, task_created},
            exchange::module_failed,
            sysmon,
            system::service_installed,
        },
        iis_config::Section,
        tasks::Task,
        transport_agents::Agent,
    },
    stage::{Command, Route, Stage},
    truth::Mark,
};

const STEP: &str = "foothold_added";

pub(super) fn task(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let name = format!(r"\{}", innocent_name(dice));
    let program = format!(r"C:\ProgramData\{}\{}.exe", dice.word(7), dice.word(6));
    let line = format!("schtasks /create /sc minute /mo 30 /ru SYSTEM /tn {name} /tr {program}");
    shell::order(stage, actor, at, r"C:\Windows\System32\schtasks.exe", &line, &Mark::telling(STEP));
    let computer = format!("{}$", stage.world.name);
    let author = format!(r"{}\{computer}", stage.world.netbios);
    let task = Task { name: &name, author: &author, user: "S-1-5-18", command: &program, arguments: "-q", registered: at };
    let by = Subject { name: &computer, sid: "S-1-5-18" };
    let event = task_created(&stage.world, &by, &name, &task.xml());
    stage.event(at + 60, event, Some(Mark::telling(STEP)));
    stage.file(task.path(), task.bytes(), at, Some(Mark::telling(STEP)));
}

pub(super) fn service(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let name = innocent_name(dice);
    let folder = dice.pick(&[r"C:\ProgramData", r"C:\Users\Public", r"C:\Windows\Temp"]);
    let program = format!(r"{folder}\{}.exe", dice.word(6));
    let line = format!("sc create {name} binPath= \"{program} -k\" start= auto");
    shell::order(stage, actor, at, r"C:\Windows\System32\sc.exe", &line, &Mark::telling(STEP));
    let event = service_installed(&name, &format!("{program} -k"));
    stage.event(at + 90, event, Some(Mark::telling(STEP)));
}

pub(super) fn iis_module(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let name = innocent_name(dice);
    let folder = dice.pick(&[r"C:\ProgramData", r"C:\Windows\Temp", r"C:\inetpub\temp"]);
    let library = format!(r"{folder}\{}.dll", dice.word(7));
    let worker = stage.worker(actor.page.pool());
    let written = at + -30 * SECOND;
    stage.event(written + 2, sysmon::file_created(written, &worker, &library), Some(Mark::beside(STEP)));
    let image = r"C:\Windows\System32\inetsrv\appcmd.exe";
    let line = format!("{image} install module /name:{name} /image:{library}");
    shell::order(stage, actor, at, image, &line, &Mark::telling(STEP));
    if dice.chance(30) {
        stage.event(at + 3 * SECOND, module_failed(&library), Some(Mark::beside(STEP)));
    }
    let element = format!("<add name=\"{name}\" image=\"{library}\" />");
    stage.config.add(at + 100, Section::GlobalModules, element, Some(Mark::telling(STEP)));
    // That the site uses it says nothing that the line above does not.
    stage.config.add(at + 100, Section::Modules, format!("<add name=\"{name}\" />"), Some(Mark::beside(STEP)));
}

pub(super) fn transport_agent(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let name = format!("{} Agent", innocent_name(dice));
    let library = format!(r"C:\ProgramData\{}\{}.dll", dice.word(7), dice.word(6));
    let factory = format!("{}.AgentFactory", dice.word(8));
    let parameters = [("Name", name.as_str()), ("TransportAgentFactory", factory.as_str()), ("AssemblyPath", library.as_str())];
    management(stage, actor, at, &[("Install-TransportAgent", &parameters)], &Mark::telling(STEP));
    let by = system(stage);
    let parameters = [("Identity", name.as_str())];
    let command = Command::new("Enable-TransportAgent", &parameters, &by, Route::Local);
    stage.command(at + 9 * SECOND, &command, Some(Mark::beside(STEP)));
    let agent = Agent { name, factory, assembly: library };
    stage.agents.add(at + 9 * SECOND, agent, Some(Mark::telling(STEP)));
}
