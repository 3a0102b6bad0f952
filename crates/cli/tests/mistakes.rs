//! The mistakes that people make most, and what the tool answers: the exit code, and words that name the place and what to do next.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod common;
// Parts of it are of other tests.
#[allow(dead_code)]
mod nasty;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Arguments between blanks, exit code, and what is said (on either channel, line breaks taken for blanks).
type Mistake = (&'static str, i32, &'static [&'static str]);

const MISTAKES: &[Mistake] = &[
    // Evidence that is not there, or is none.
    ("scan nowhere", 3, &["nowhere", "no such file or folder", "Collect more and run this again"]),
    ("scan nowhere --lang de", 3, &["nowhere", "kein Exchange-Server gefunden"]),
    ("scan empty", 3, &["empty", "Collect more and run this again"]),
    ("scan notes.txt", 3, &["Collect more and run this again"]),
    ("scan damaged.zip", 3, &["damaged.zip", "directory of the zip is damaged"]),
    ("scan locked.zip", 3, &["encrypted in the zip, no password is known"]),
    ("scan --root empty", 1, &["empty: holds no system: neither Windows/System32"]),
    ("scan --root nowhere", 1, &["nowhere: is no folder"]),
    // Outputs.
    ("scan ev -o report", 1, &["report: the name tells no format; end it in one of .html"]),
    ("scan ev -o report.docx", 1, &["report.docx: the name tells no format; end it in one of .html"]),
    ("scan ev -o no/report.html", 1, &["no/report.html", "Check how it is written, and that its folder exists"]),
    ("scan ev -o no/report.html --lang de", 1, &["no/report.html", "Dort liegt nichts", "es den Ordner gibt"]),
    ("scan ev -o folder.html", 1, &["folder.html", "That is a folder. Name a file"]),
    ("scan ev -o ev/report.html", 1, &["ev/report.html: lies in the evidence ev, which is never written to; name another place"]),
    ("scan ev -o notes.txt/report.html", 1, &["notes.txt/report.html", "is a file and no folder"]),
    ("scan ev -o - --format docx", 2, &["--format", "possible values: html, json, ndjson, text"]),
    // Options.
    ("scan ev --since yesterday", 2, &["--since", "a time such as 2021-03-01 or 2021-03-01T12:00:00Z is needed"]),
    (
        "scan ev --since 2021-05-01 --until 2021-04-01",
        2,
        &["--since 2021-05-01", "is after --until 2021-04-01", "change one of the two"],
    ),
    ("scan ev --threads 0", 2, &["--threads", "1..=256"]),
    ("scan ev --lang fr", 2, &["--lang", "en or de is needed"]),
    ("scna ev", 2, &["unrecognized subcommand 'scna'", "scan"]),
    ("scan ev --rules norules", 1, &["rules cannot be read from norules"]),
    ("scan ev --rules empty", 12, &["0 Sigma rules, 0 YARA rules"]),
    ("scan ev --rules badrules", 12, &["could not be used", "a.yml"]),
    ("scan ev --acknowledge nothere.yml", 1, &["acknowledgements cannot be read from nothere.yml"]),
    ("scan ev --acknowledge notes.txt", 1, &["notes.txt: not a list of acknowledgements (finding, why, who ...)"]),
    // check.
    ("check 99.99", 1, &["99.99: neither a build (15.1.2507.66), nor a file or folder that is there, nor an address"]),
    ("check nonsense", 1, &["nonsense: neither a build", "https://nonsense"]),
    ("check https://", 1, &["`https://`: no name of a host and no address"]),
    ("check 15.1.2507.66 --cve CVE-1", 1, &["CVE-1: not in the table of", "--facts takes a newer one"]),
    ("check 15.1.2507.66 --facts nofacts", 1, &["nofacts", "Check how it is written"]),
    ("check 15.1.2507.66 --facts bad.csv", 1, &["bad.csv, line 1: neither a table of builds (build_short ...) nor of fixes"]),
    ("check --targets nohosts.txt", 1, &["nohosts.txt", "Check how it is written"]),
    (
        "check --targets hosts.txt",
        4,
        &["hosts.txt, line 1: `http://`: no name of a host", "hosts.txt, line 2: `::::`: the port is no number"],
    ),
    ("check empty", 3, &["Nothing was found that could be checked"]),
    // inspect.
    ("inspect nowhere", 3, &["nowhere", "1 file could not be read: nothing is said of it"]),
    ("inspect empty --lang de", 3, &["0 Dateien"]),
    // clean.
    ("clean", 2, &["--plan <REPORT>"]),
    ("clean --plan nowhere.json --root ev", 1, &["nowhere.json", "Check how it is written"]),
    (
        "clean --plan cut.json --root ev",
        1,
        &["cut.json: is no JSON report, or is cut short (write it with scan -o report.json)", "line"],
    ),
    (
        "clean --plan newer.json --root ev",
        1,
        &["newer.json: is of form afterpatch.report/9; this version reads afterpatch.report/1", "Write it anew"],
    ),
    ("clean --plan notes.json --root ev", 1, &["notes.json: is no report of afterpatch scan -o report.json"]),
    ("clean --plan report.json", 1, &["--root FOLDER"]),
    (
        "clean --plan report.json --root nowhere",
        1,
        &["nowhere: is no folder; name the folder below which the server's disk lies"],
    ),
    ("clean --plan report.json --root ev --server EX99", 1, &["the report speaks of EX01; name one of them with --server"]),
    (
        "clean --plan report.json --root disk -o notes.json",
        1,
        &["notes.json: a plan is not overwritten; name another file with -o"],
    ),
    ("clean --apply noplan.yaml", 1, &["noplan.yaml", "Check how it is written"]),
    ("clean --apply form.yaml", 1, &["form.yaml: the plan is of form x; this version reads afterpatch.plan/1"]),
    ("clean --apply edited.yaml", 1, &["edited.yaml: the plan cannot be understood", "line 3"]),
    ("clean undo", 1, &["there is no vault here; name the folder that clean --apply made"]),
    ("clean undo foreign", 1, &["foreign: there is no vault here"]),
    // A journal is named by its file, too; this one is none.
    ("clean undo foreign.jsonl", 1, &["there is no vault here; name the folder that clean --apply made"]),
    // report.
    ("report nowhere.json", 1, &["nowhere.json", "Check how it is written"]),
    ("report cut.json", 1, &["cut.json: is no JSON report, or is cut short", "line"]),
    ("report newer.json --lang de", 1, &["newer.json: is of form afterpatch.report/9", "Write it anew"]),
    ("report report.json -o report.json", 1, &["report.json: is the report that is read; name another file"]),
    // collect.
    ("collect -o c.rar --root disk", 1, &["c.rar: end the name in .zip"]),
    ("collect -o c.zip --root empty", 1, &["empty: holds no system"]),
    ("collect -o disk/c.zip --root disk", 1, &["disk/c.zip: lies in", "name another place"]),
    ("collect -o no/c.zip --root disk", 1, &["no/c.zip", "its folder exists"]),
    ("collect -o there.zip --root disk", 1, &["there.zip", "nothing is overwritten. Name another place"]),
    ("collect -o there.zip --root disk --lang de", 1, &["there.zip", "Einen anderen Ort nennen"]),
    ("collect -o c.zip --root disk --max-size many", 2, &["--max-size", "a size such as 500M or 20G is needed"]),
    ("collect -o c.zip.age --root disk --recipient age1x", 1, &["age1x"]),
    // The rest.
    ("rules show norule", 1, &["no rule has the name or id norule; `afterpatch rules list` names all"]),
    ("rules test nowhere", 1, &["rules cannot be read from nowhere"]),
    ("demo --variant x", 2, &["--variant", "known are benign"]),
    ("demo --folder notes.txt", 1, &["notes.txt", "Name another place"]),
    ("schema nothing", 2, &["possible values: report, check, alert"]),
];

/// Runs in a folder, with nobody to answer questions.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "C").env("COLUMNS", "400");
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn said(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr].concat();
    let text = String::from_utf8_lossy(&text).replace('\\', "/");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn prepare(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| nasty::write(folder, name, bytes);
    for name in ["empty", "folder.html", "disk/Windows/System32"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    write("ev/HttpProxy_2021030110-1.LOG", nasty::attacked("192.0.2.77").as_bytes());
    write("disk/inetpub/logs/LogFiles/W3SVC1/u_ex210301.log", nasty::IIS_HEAD.as_bytes());
    write("notes.txt", b"just a note");
    write("notes.json", b"{\"note\": 1}");
    write("there.zip", b"");
    write("bad.csv", b"a,b\n1,2\n");
    write("hosts.txt", b"http://\n::::\n");
    write("badrules/a.yml", b"title: [");
    write("form.yaml", b"schema: x\n");
    write("edited.yaml", b"schema: afterpatch.plan/1\nactions: [\n");
    write("foreign/something.txt", b"of somebody else");
    write("foreign.jsonl", b"{\"not\": \"ours\"}\n");
    let zip = nasty::archives::zip_of(&[("HttpProxy_1.LOG", &[b'x'; 500])], zip::CompressionMethod::Stored);
    write("damaged.zip", &zip[..zip.len() - 60]);
    let mut locked = zip;
    for (mark, at) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let place = nasty::find(&locked, mark);
        locked[place + at] |= 1;
    }
    write("locked.zip", &locked);
    assert_eq!(run(folder, &["scan", "-q", "-o", "report.json", "ev"]).status.code(), Some(12));
    let report = fs::read_to_string(folder.join("report.json")).unwrap();
    write("cut.json", &report.as_bytes()[..300]);
    write("newer.json", report.replace("afterpatch.report/1", "afterpatch.report/9").as_bytes());
}

#[test]
fn every_mistake_is_answered_with_the_place_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let mut wrong = Vec::new();
    for (arguments, code, phrases) in MISTAKES {
        let output = run(folder.path(), &arguments.split(' ').collect::<Vec<_>>());
        let said = said(&output);
        let missing: Vec<_> = phrases.iter().filter(|phrase| !said.contains(**phrase)).collect();
        if output.status.code() != Some(*code) || !missing.is_empty() || said.contains("panicked") {
            wrong.push(format!("{arguments}: {:?}, without {missing:?}: {said:.900}", output.status.code()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// A full disk: the report is not whole, and nobody takes it for one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let into = |arguments: &[&str]| {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_afterpatch"));
        command.args(arguments).current_dir(folder.path()).env("LANG", "C").stdin(Stdio::null()).stdout(full);
        command.output().unwrap()
    };
    let file = run(folder.path(), &["scan", "-q", "ev", "-o", "/dev/full", "--format", "json"]);
    for output in [
        file,
        into(&["scan", "-q", "ev", "-o", "-", "--format", "json"]),
        into(&["scan", "-q", "ev", "-o", "-", "--format", "html"]),
        into(&["inspect", "ev"]),
        into(&["check", "15.1.2507.66"]),
    ] {
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("There is no room left on that disk, and what was written is not whole"), "{said}");
        assert_eq!(said.matches("No space left on device").count(), 1, "{said}");
    }
}

/// What may not be read is a gap; what may not be written an error. Who is root may do both.
#[cfg(unix)]
#[test]
fn missing_rights_are_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let shut = folder.path().join("shut");
    nasty::write(&shut, "HttpProxy_1.LOG", nasty::attacked("192.0.2.1"));
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(&shut).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let read = run(folder.path(), &["scan", "shut"]);
    assert_eq!(read.status.code(), Some(3));
    assert!(said(&read).contains("shut"), "{}", said(&read));
    let written = run(folder.path(), &["scan", "ev", "-o", "shut/report.html"]);
    assert_eq!(written.status.code(), Some(1));
    assert!(said(&written).contains("This user may not do that there"), "{}", said(&written));
    fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
}
