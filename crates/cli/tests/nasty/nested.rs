//! What is nested too deep, refers to itself, or makes a parser begin again and again.

use std::fs;
use std::path::Path;

use afterpatch_model::GapKind;

use super::{Input, Told, write};

pub const INPUTS: &[Input] = &[
    Input {
        name: "JSON a hundred thousand deep",
        make: deep_json,
        told: &[
            Told::Gap("objects.json", GapKind::Malformed),
            Told::Gap("arrays.json", GapKind::Malformed),
            Told::Records("objects.json", 2),
            Told::Records("arrays.json", 2),
        ],
    },
    Input {
        name: "JSON objects that nobody closes",
        make: open_json,
        told: &[Told::Gap("events.json", GapKind::Malformed), Told::Gap("events.json", GapKind::Truncated)],
    },
    Input {
        name: "XML a hundred thousand deep",
        make: deep_xml,
        told: &[Told::Gap("events.xml", GapKind::Malformed), Told::Records("events.xml", 2)],
    },
    Input {
        name: "settings a hundred thousand deep",
        make: deep_settings,
        told: &[Told::Gap("web.config", GapKind::Capped), Told::Gap("Tasks/deep", GapKind::Capped)],
    },
    Input { name: "entities of entities", make: entities, told: &[Told::Records("web.config", 1)] },
    Input { name: "pages that never come to an end", make: endless_pages, told: &[Told::Finding("web-shell-code", "zzz.php")] },
    Input { name: "folders a thousand deep", make: deep_folders, told: &[Told::Gap("deep/", GapKind::Unreadable)] },
    #[cfg(unix)]
    Input {
        name: "links in circles, pipes and devices",
        make: links,
        told: &[Told::Gap("away", GapKind::NotRead), Told::Gap("u_ex210302.log", GapKind::NotRead)],
    },
];

const DEEP: usize = 100_000;

fn event(inside: &str) -> String {
    format!(
        "{{\"EventID\":11,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"Hostname\":\"EX01\",\"UtcTime\":\"2021-03-01 10:00:00.000\",\"Message\":{inside}}}"
    )
}

fn deep_json(folder: &Path) {
    let plain = event("\"a\"");
    for (name, open, close) in [("objects.json", "{\"a\":", "}"), ("arrays.json", "[", "]")] {
        let deep = event(&format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP)));
        write(folder, name, format!("{plain}\n{deep}\n{plain}\n"));
    }
}

fn open_json(folder: &Path) {
    let opened = "{\"EventID\":1,\"Channel\":\"System\",\"a\":".repeat(DEEP * 3);
    write(folder, "events.json", format!("[{}\n,{opened}", event("\"a\"")));
}

fn deep_xml(folder: &Path) {
    let event = |data: &str| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>11</EventID>\
             <TimeCreated SystemTime='2021-03-01T10:00:00.000Z'/><Computer>EX01</Computer><Channel>Microsoft-Windows-Sysmon/Operational</Channel></System>\
             <EventData>{data}</EventData></Event>\n"
        )
    };
    let deep = event(&format!("{}{}", "<a>".repeat(DEEP), "</a>".repeat(DEEP)));
    let plain = event("<Data Name='TargetFilename'>C:\\a.txt</Data>");
    write(folder, "events.xml", format!("<Events>\n{plain}{deep}{plain}</Events>"));
}

fn deep_settings(folder: &Path) {
    let deep = |name: &str| format!("<{name}>{}{}</{name}>", "<location path=\"a\">".repeat(DEEP), "</location>".repeat(DEEP));
    write(folder, "C/inetpub/wwwroot/web.config", deep("configuration"));
    let task = "<?xml version=\"1.0\"?><Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">";
    write(
        folder,
        "C/Windows/System32/Tasks/deep",
        format!("{task}{}{}</Task>", "<Actions>".repeat(DEEP), "</Actions>".repeat(DEEP)),
    );
}

/// Ten times ten times ten ... letters, if somebody put them in.
fn entities(folder: &Path) {
    let definitions: String =
        (1..12).map(|number| format!("<!ENTITY e{number} \"{}\">", format!("&e{};", number - 1).repeat(10))).collect();
    let config = format!(
        "<!DOCTYPE c [<!ENTITY e0 \"lol\">{definitions}]><configuration><system.webServer><handlers><add name=\"&e11;\" path=\"*.x\" verb=\"*\" type=\"&e11;\"/></handlers></system.webServer></configuration>"
    );
    write(folder, "C/inetpub/wwwroot/web.config", config);
}

/// Each line of the table is repeated until it fills a page of a megabyte.
pub const PIECES: &[(&str, &str)] = &[
    ("blocks.aspx", "<%"),
    ("scripts.aspx", "<script runat=server>"),
    ("comments.aspx", "<%-- <!-- /* "),
    ("tags.aspx", "<asp:Label runat=\"server\" a"),
    ("quotes.aspx", "<a b=\"'"),
    ("brackets.aspx", "<% (((((((((([[[[[[[[[["),
    ("generics.aspx", "<% a<b<c<d<"),
    ("entities.jspx", "&#x26;amp;"),
    ("brackets.php", "<?php (((((((((([[[[[[[[[["),
    ("arrows.php", "<?php $a->a->a->$$$$a"),
    ("heredocs.php", "<?php <<<A\n"),
    ("templates.php", "<?php \"{$a[\"{$b["),
    ("attributes.php", "<?php #[A("),
    ("sums.php", "<?php $a = 'a'.'b'.'c'."),
    ("closures.php", "<?php fn() => fn() => function() {"),
    ("grows.php", "<?php $a .= $a . $a; "),
    ("patterns.php", "<?php preg_replace('/((a+)+)+$/', '', str_repeat('a', 9999)); "),
    ("blocks.asp", "<% If a Then If b Then "),
    ("joins.asp", "<% a = a & \"\"\"\" & _\r\n"),
    ("scriptlets.jsp", "<%! {{{{ <%= \"\\u005c\" "),
    ("lambdas.jsp", "<% a -> b -> c -> {"),
    ("tags.cfm", "<cfset a = \"#b#\"><cfif "),
    ("indents.py", "if a:\n \tif b:\n  \t"),
    ("quotes.pl", "s{a}{ q( m< y[ "),
];

fn endless_pages(folder: &Path) {
    for (name, piece) in PIECES {
        write(folder, &format!("C/inetpub/wwwroot/aspnet_client/{name}"), piece.repeat((1 << 20) / piece.len()));
    }
    // The analyser must still judge what comes behind: a page that runs a parameter as a command, put together here.
    let shell = ["<?php $a = $_GET['k']; ", "sys", "tem($a);"].concat();
    write(folder, "C/inetpub/wwwroot/aspnet_client/zzz.php", shell);
}

/// Deeper than a path may be long: each folder is made from within the one before.
fn deep_folders(folder: &Path) {
    let step = "d".repeat(200);
    let mut script = String::from("mkdir deep && cd deep || exit 0\n");
    script.push_str(&format!(
        "i=0; while [ $i -lt 100 ]; do mkdir {step} && cd -P {step} 2>/dev/null || exit 0; i=$((i+1)); done\n"
    ));
    let status = std::process::Command::new("sh").arg("-c").arg(script).current_dir(folder).status();
    assert!(status.unwrap().success());
}

#[cfg(unix)]
fn links(folder: &Path) {
    use std::os::unix::fs::symlink;
    for (name, target) in [("here", "."), ("up", ".."), ("own", "own"), ("away", "/proc/self/root"), ("gone", "not/there")] {
        symlink(target, folder.join(name)).unwrap();
    }
    symlink("/dev/zero", folder.join("u_ex210301.log")).unwrap();
    let pipe = std::process::Command::new("mkfifo").arg(folder.join("u_ex210302.log")).status();
    assert!(pipe.unwrap().success());
    fs::create_dir(folder.join("a")).unwrap();
    symlink("../b", folder.join("a/b")).unwrap();
    fs::create_dir(folder.join("b")).unwrap();
    symlink("../a", folder.join("b/a")).unwrap();
}
