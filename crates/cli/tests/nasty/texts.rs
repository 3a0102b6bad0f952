//! Lines that are too long, too many, or in the wrong letters.

use std::fmt::Write as _;
use std::path::Path;

use afterpatch_model::GapKind;

use super::{IIS_HEAD, Input, PROXY_HEAD, Told, attacked, find, iis_row, patch, proxy_row, write};

pub const INPUTS: &[Input] = &[
    Input {
        name: "a line without end in every kind of log",
        make: giant_lines,
        told: &[
            Told::Gap("u_ex210301.log", GapKind::TooLong),
            Told::Gap("HttpProxy_2021030111-1.LOG", GapKind::TooLong),
            Told::Gap("access.log", GapKind::TooLong),
            Told::Gap("events.json", GapKind::TooLong),
            Told::Gap("events.xml", GapKind::TooLong),
            Told::Gap("MPLog-20210301-100000.log", GapKind::TooLong),
        ],
    },
    Input { name: "fields of 900 kB", make: giant_fields, told: &[Told::Records("u_ex210301.log", 20)] },
    Input {
        name: "rows of quotes that nobody closes",
        make: open_quotes,
        told: &[Told::Gap("HttpProxy_2021030111-1.LOG", GapKind::Malformed)],
    },
    Input { name: "a hundred thousand columns", make: many_columns, told: &[Told::Gap("u_ex210301.log", GapKind::Malformed)] },
    Input { name: "a list of columns before every row", make: many_lists, told: &[Told::Records("u_ex210301.log", 100_000)] },
    Input { name: "backslashes before quotes", make: backslashes, told: &[Told::Gap("access.log", GapKind::Malformed)] },
    Input { name: "every control character", make: controls, told: &[Told::Finding("forged-session", "192.0.2.81")] },
    Input { name: "UTF-16 without its mark", make: utf16_bare, told: &[Told::Finding("forged-session", "192.0.2.82")] },
    Input { name: "UTF-16 the other way round", make: utf16_big, told: &[Told::Finding("forged-session", "192.0.2.83")] },
    Input { name: "half of a pair in UTF-16", make: half_pair, told: &[Told::Finding("forged-session", "192.0.2.84")] },
    Input {
        name: "letters that change in the middle",
        make: changing_letters,
        told: &[Told::Gap("HttpProxy_2021030111-1.LOG", GapKind::Malformed), Told::Finding("forged-session", "192.0.2.85")],
    },
    Input { name: "bytes that are no UTF-8", make: no_utf8, told: &[Told::Finding("forged-session", "192.0.2.86")] },
    Input { name: "markup in UTF-7", make: utf7, told: &[Told::Finding("forged-session", "192.0.2.87")] },
    Input { name: "NULs around and between", make: nuls, told: &[Told::Finding("forged-session", "192.0.2.88")] },
    Input { name: "line ends of old systems", make: line_ends, told: &[Told::Finding("forged-session", "192.0.2.89")] },
];

const PROXY: &str = "HttpProxy_2021030111-1.LOG";
const IIS: &str = "u_ex210301.log";

fn giant_lines(folder: &Path) {
    let long = "x".repeat(3 << 20);
    for (name, before, after) in [
        (IIS, IIS_HEAD.to_owned(), ""),
        (PROXY, PROXY_HEAD.to_owned(), ""),
        ("access.log", "192.0.2.9 - - [01/Mar/2021:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 5\n".repeat(4), ""),
        ("events.json", "{\"EventID\":1,\"Channel\":\"System\",\"Hostname\":\"EX01\",\"Message\":\"a\"}\n{\"Message\":\"".to_owned(), "\"}"),
        ("events.xml", "<Events><Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><EventID>1</EventID></System></Event>\n<Event><Data>".to_owned(), "</Data></Event></Events>"),
        ("MPLog-20210301-100000.log", "2021-03-01T10:00:00.000Z Service started\r\n".repeat(4), ""),
    ] {
        write(folder, name, format!("{before}{long}{after}\r\n"));
    }
}

fn giant_fields(folder: &Path) {
    let agent = "A".repeat(900_000);
    let rows: String =
        (0..20).map(|number| iis_row(&format!("2021-03-01 10:00:{number:02}"), "192.0.2.9", "/a", &agent)).collect();
    write(folder, IIS, format!("{IIS_HEAD}{rows}"));
}

/// Each opens a value that may go on over the next line.
fn open_quotes(folder: &Path) {
    let mut log = PROXY_HEAD.to_owned();
    for _ in 0..200_000 {
        log.push_str("2021-03-01T10:00:01.000Z,\"a,b\r\n");
    }
    log.push_str(&"\"".repeat(900_000));
    write(folder, PROXY, log);
}

fn many_columns(folder: &Path) {
    let names = "c ".repeat(100_000);
    let row = format!("2021-03-01 10:00:00 {}\r\n", "- ".repeat(100_000)).repeat(40);
    write(folder, IIS, format!("{IIS_HEAD}#Fields: date time cs-uri-stem {names}\r\n{row}"));
}

fn many_lists(folder: &Path) {
    let mut log = IIS_HEAD.to_owned();
    for number in 0..100_000 {
        writeln!(log, "#Fields: date time cs-method cs-uri-stem sc-status x-{number}\r\n2021-03-01 10:00:00 GET /a 200 -\r")
            .unwrap();
    }
    write(folder, IIS, log);
}

fn backslashes(folder: &Path) {
    let row = "192.0.2.9 - - [01/Mar/2021:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \"x\"\n";
    write(
        folder,
        "access.log",
        format!("{}192.0.2.9 - - [01/Mar/2021:10:00:00 +0000] \"{}\n", row.repeat(5), "\\\"".repeat(450_000)).repeat(20),
    );
}

fn controls(folder: &Path) {
    let letters: String =
        (0..0xfe0f_u32).filter_map(char::from_u32).filter(|letter| afterpatch_report::hostile::is_hostile(*letter)).collect();
    // A line feed ends the row, and a quote would end the value.
    let agent = format!("\"begin {} end\"", letters.replace('\n', ""));
    write(folder, PROXY, format!("{PROXY_HEAD}{}", proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.81", &agent)));
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

fn utf16_bare(folder: &Path) {
    write(folder, PROXY, utf16(&attacked("192.0.2.82"), u16::to_le_bytes));
}

fn utf16_big(folder: &Path) {
    write(folder, PROXY, utf16(&format!("\u{feff}{}", attacked("192.0.2.83")), u16::to_be_bytes));
}

fn half_pair(folder: &Path) {
    let mut bytes = utf16(&format!("\u{feff}{}", attacked("192.0.2.84").replace(",x,", ",\u{2713},")), u16::to_le_bytes);
    let mark = find(&bytes, &0x2713_u16.to_le_bytes());
    patch(&mut bytes, mark, 0xd800_u16.to_le_bytes());
    write(folder, PROXY, bytes);
}

/// As when a second program, or an editor, goes on with the file.
fn changing_letters(folder: &Path) {
    let wide = utf16(&proxy_row("2021-03-01T10:00:02.000Z", "192.0.2.90", "x"), u16::to_le_bytes);
    let log =
        [PROXY_HEAD.as_bytes(), &wide, b"\r\n", proxy_row("2021-03-01T10:00:03.000Z", "192.0.2.85", "x").as_bytes()].concat();
    write(folder, PROXY, log);
}

/// Overlong forms, lone continuations, a surrogate, a letter cut short.
fn no_utf8(folder: &Path) {
    let row = proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.86", "AGENT");
    let (before, after) = row.split_once("AGENT").unwrap();
    let bytes =
        [PROXY_HEAD.as_bytes(), before.as_bytes(), b"\xc0\xaf\x80\xbf\xed\xa0\x80\xf8\x88\xff\xfe\xe2\x82", after.as_bytes()];
    write(folder, PROXY, bytes.concat());
}

fn utf7(folder: &Path) {
    let row = proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.87", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-");
    write(folder, PROXY, format!("{PROXY_HEAD}{row}"));
}

fn nuls(folder: &Path) {
    let row = proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.88", "a\0b");
    write(folder, PROXY, format!("{PROXY_HEAD}{}{row}{}", "\0".repeat(3 << 20), "\0".repeat(3 << 20)));
}

fn line_ends(folder: &Path) {
    write(folder, PROXY, attacked("192.0.2.89").replace("\r\n", "\n\r\u{85}\n\n"));
}
