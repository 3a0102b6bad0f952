//! A second page in a folder that nobody looks into, and a virtual directory that leads there (Huntress, August 2021).

use super::{
    actor::{Actor, Page},
    shell::{self, End},
};
use crate::{
    clock::{MINUTE, Moment},
    dice::Dice,
    sources::{events::sysmon, http_proxy::Protocol, iis_config::Section, vdir_dump::inert_script},
    stage::Stage,
    truth::Mark,
};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, actor: &Actor, at: Moment) {
    let folder = format!(r"C:\ProgramData\{}", dice.pick(&["COM", "WHO", "ZING", "ZOO", "XYZ", "AUX"]));
    let path = format!("/auth/{}", dice.word(5));
    let name = format!("{}.aspx", dice.word(6));
    let page = Page {
        stem: format!("/owa{path}/{name}"),
        path: format!(r"{folder}\{name}"),
        application: 0,
        protocol: Some(Protocol::Owa),
        name,
    };
    let element = format!("<virtualDirectory path=\"{path}\" physicalPath=\"{folder}\\\" />");
    let image = r"C:\Windows\System32\inetsrv\appcmd.exe";
    let line = format!("{image} add vdir /app.name:\"Default Web Site/owa\" /path:{path} /physicalPath:{folder}\\");
    shell::order(stage, actor, at, image, &line, &Mark::telling("directory_added"));
    stage.config.add(at + 200, Section::OwaDirectories, element, Some(Mark::telling("directory_added")));

    let hidden = Actor { page, ..actor.clone() };
    let page = &hidden.page;
    let worker = stage.worker(page.pool());
    let written = at + MINUTE;
    let event = sysmon::file_created(written, &worker, &page.path);
    stage.event(written + 2, event, Some(Mark::telling("file_written").on(&page.name)));
    let text = inert_script(&hidden.parameter) + "\r\n";
    stage.file(page.path.clone(), text.into_bytes(), written, Some(Mark::telling("file_present").on(&page.name)));
    shell::first_use(stage, &hidden, written + MINUTE);
    shell::play(stage, dice, &hidden, written, End::Stays);
}
