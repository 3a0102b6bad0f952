//! Clocks that jump, and days that never were.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime};

use afterpatch_model::GapKind;

use super::{IIS_HEAD, Input, PROXY_HEAD, Told, iis_row, proxy_row, write};

pub const INPUTS: &[Input] = &[
    Input {
        name: "days that never were",
        make: impossible,
        told: &[
            Told::Gap("HttpProxy_2021030111-1.LOG", GapKind::Malformed),
            Told::Gap("u_ex210301.log", GapKind::Malformed),
            Told::Finding("forged-session", "192.0.2.91"),
        ],
    },
    Input {
        name: "the years 1, 1601, 1969 and 9999",
        make: far,
        told: &[
            Told::Finding("forged-session", "192.0.2.91"),
            Told::Finding("forged-session", "192.0.2.92"),
            Told::Finding("forged-session", "192.0.2.93"),
        ],
    },
    Input { name: "a clock that jumps", make: jumping, told: &[Told::Records("u_ex210301.log", 4000)] },
    Input { name: "files changed in 1602 and in 9999", make: changed, told: &[Told::Finding("forged-session", "192.0.2.91")] },
    Input { name: "events of odd times", make: events, told: &[Told::Records("events.json", 9)] },
];

const PROXY: &str = "HttpProxy_2021030111-1.LOG";

fn impossible(folder: &Path) {
    const TIMES: &[&str] = &[
        "2021-02-30T10:00:00.000Z",
        "2021-03-01T25:00:00.000Z",
        "2021-13-01T10:00:00.000Z",
        "-2021-03-01T10:00:00.000Z",
        "-009999-01-01T00:00:00Z",
        "99999-03-01T10:00:00.000Z",
        "+292277026596-12-04T15:30:08Z",
        "0000-00-00T00:00:00.000Z",
        "2021-03-01T10:00:00.999999999999999999999Z",
        "2021-03-01T10:00:00.000+99:99",
        "9223372036854775807",
        "",
        "now",
    ];
    let rows: String = TIMES.iter().map(|time| proxy_row(time, "192.0.2.90", "x")).collect();
    write(folder, PROXY, format!("{PROXY_HEAD}{rows}{}", proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.91", "x")));
    let rows: String = TIMES.iter().map(|time| iis_row(&time.replace('T', " "), "192.0.2.90", "/a", "-")).collect();
    write(folder, "u_ex210301.log", format!("{IIS_HEAD}{rows}"));
}

fn far(folder: &Path) {
    let row = |time, address| proxy_row(time, address, "x");
    let rows = [
        row("0001-01-01T00:00:00.000Z", "192.0.2.91"),
        row("1601-01-01T00:00:00.000Z", "192.0.2.92"),
        row("1969-12-31T23:59:59.999Z", "192.0.2.92"),
        row("9999-12-31T23:59:59.999Z", "192.0.2.93"),
        row("2016-12-31T23:59:60.000Z", "192.0.2.93"),
    ];
    write(folder, PROXY, format!("{PROXY_HEAD}{}", rows.concat()));
}

/// Forth and back by hours, days and centuries, again and again.
fn jumping(folder: &Path) {
    let days = ["2021-03-01", "2021-02-28", "1999-12-31", "2038-01-20", "2021-03-28", "1970-01-01", "2106-02-08", "2021-10-31"];
    let rows: String = (0..4000)
        .map(|number| {
            iis_row(&format!("{} {:02}:{:02}:00", days[number % 8], 23 - number % 24, number % 60), "192.0.2.9", "/a", "-")
        })
        .collect();
    write(folder, "u_ex210301.log", format!("{IIS_HEAD}{rows}"));
}

fn changed(folder: &Path) {
    let seconds = |number: u64| Duration::from_secs(number);
    let early = SystemTime::UNIX_EPOCH.checked_sub(seconds(11_612_678_400));
    let late = SystemTime::UNIX_EPOCH.checked_add(seconds(253_402_300_799));
    for (name, time) in [
        ("1/HttpProxy_1.LOG", early),
        ("2/HttpProxy_1.LOG", late),
        ("C/inetpub/wwwroot/a.aspx", early),
        ("C/inetpub/wwwroot/b.aspx", late),
    ] {
        write(folder, name, format!("{PROXY_HEAD}{}", proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.91", "x")));
        // What a file system cannot keep it cuts off.
        let _ = File::options().write(true).open(folder.join(name)).unwrap().set_modified(time.unwrap());
    }
}

fn events(folder: &Path) {
    let times = [
        "\"1601-01-01T00:00:00Z\"",
        "\"9999-12-31T23:59:59Z\"",
        "-1",
        "9e999",
        "1e30",
        "null",
        "[]",
        "\"/Date(99999999999999999)/\"",
        "\"\"",
    ];
    let events: String = times
        .iter()
        .filter(|time| **time != "9e999")
        .chain(&["0"])
        .map(|time| format!("{{\"EventID\":1,\"Channel\":\"System\",\"SourceName\":\"x\",\"Hostname\":\"EX01\",\"@timestamp\":{time},\"TimeCreated\":{time}}}\n"))
        .collect();
    write(folder, "events.json", events);
}
