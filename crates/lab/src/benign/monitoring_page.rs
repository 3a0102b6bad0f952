//! A page that an administrator put into the web root: it shows that the site lives, and a wall display asks for it.

use crate::{
    clock::{DAY, HOUR, MINUTE, Moment, SECOND},
    dice::Dice,
    sources::events::sysmon,
    stage::{Hit, Stage},
};

const STEM: &str = "/monitor/status.aspx";

pub(super) fn play(stage: &mut Stage, dice: &mut Dice) {
    let written = stage.world.start + -dice.between(20, 200) * DAY;
    let text = "<%@ Page Language=\"C#\" %>\r\n<html><body>\r\n<h1>Mail server</h1>\r\n<p>Time: <%= \
                System.DateTime.UtcNow.ToString(\"u\") %></p>\r\n</body></html>\r\n";
    stage.file(r"C:\inetpub\wwwroot\monitor\status.aspx".to_owned(), text.as_bytes().to_vec(), written, None);
    let style = "h1 { font-family: sans-serif; }\r\n";
    stage.file(r"C:\inetpub\wwwroot\monitor\wall.css".to_owned(), style.as_bytes().to_vec(), written, None);

    let client = stage.world.address.rsplit_once('.').map_or_else(|| "10.0.0.9".to_owned(), |(subnet, _)| format!("{subnet}.9"));
    let host = stage.world.fqdn.to_ascii_lowercase();
    let referer = format!("https://{host}/monitor/wall.htm");
    let agent = stage.world.admin.browser;
    let mut at = stage.world.start + dice.between(1, 30) * MINUTE;
    compiled(stage, at);
    while at < stage.world.end {
        for stem in [STEM, "/monitor/wall.css"] {
            stage.hit(at, &Hit { host: &host, referer: &referer, ..Hit::new("GET", stem, &client, agent) });
        }
        at = at + 4 * HOUR;
    }
}

fn compiled(stage: &mut Stage, at: Moment) {
    let worker = stage.worker("DefaultAppPool");
    let [path, assembly] = stage.compile(at, 2, STEM, None);
    let dll = format!(r"{}\{assembly}.dll", stage.compiler[2]);
    for (file, after) in [(dll, 0), (path, SECOND)] {
        stage.event(at + after + 2, sysmon::file_created(at + after, &worker, &file), None);
    }
}
