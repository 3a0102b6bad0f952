//! Traces are removed: event logs cleared, the proxy's files of the break-in's hours deleted, the site told not to log.

use super::{
    super::{actor::Actor, shell},
    pause,
};
use crate::{
    clock::{HOUR, Moment},
    dice::Dice,
    sources::{
        events::{
            accounts::{self, Subject},
            sysmon, system,
        },
        iis_config::Section,
    },
    stage::Stage,
    truth::Mark,
};

const STEP: &str = "trace_removed";

pub(super) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let utility = r"C:\Windows\System32\wevtutil.exe";
    let computer = format!("{}$", stage.world.name);
    let domain = stage.world.netbios.clone();
    shell::order(stage, actor, at, utility, "wevtutil cl Security", &Mark::telling(STEP));
    let event = accounts::log_cleared(&stage.world, &Subject { name: &computer, sid: "S-1-5-18" });
    stage.event(at + 80, event, Some(Mark::telling(STEP)));
    let at = at + pause(dice);
    shell::order(stage, actor, at, utility, "wevtutil cl Application", &Mark::telling(STEP));
    stage.event(at + 80, system::log_cleared("Application", &computer, &domain), Some(Mark::telling(STEP)));

    let at = at + pause(dice);
    delete_hours(stage, actor, at);

    let at = at + pause(dice);
    let image = r"C:\Windows\System32\inetsrv\appcmd.exe";
    let line = format!("{image} set config \"Default Web Site\" /section:httpLogging /dontLog:true /commit:apphost");
    shell::order(stage, actor, at, image, &line, &Mark::telling(STEP));
    let element = "<httpLogging dontLog=\"true\" />".to_owned();
    stage.config.add(at + 100, Section::FrontEnd, element, Some(Mark::telling(STEP)));
    stage.unlogged = Some([at + 200, stage.world.end]);
}

/// The hours around the break-in are missing from every folder of `HttpProxy`.
fn delete_hours(stage: &mut Stage, actor: &Actor, at: Moment) {
    let first = at + -(4 * HOUR);
    let hours = [first, first + HOUR, first + 2 * HOUR];
    let folder = stage.world.below(r"Logging\HttpProxy");
    let line = format!(r"del /q /s {folder}\*_{}*.LOG", hours[0].hour_code());
    let shell = shell::order_processor(stage, actor, at, &line);
    for hour in hours {
        for protocol in ["Autodiscover", "Ecp", "Ews", "Owa"] {
            let path = format!(r"{folder}\{protocol}\HttpProxy_{}-1.LOG", hour.hour_code());
            let event = sysmon::file_deleted(&mut stage.dice, at + 300, &shell, &path);
            stage.event(at + 302, event, Some(Mark::telling(STEP)));
        }
    }
    let begin = hours[0].start_of_hour();
    stage.deleted = Some([begin, begin + 3 * HOUR]);
}
