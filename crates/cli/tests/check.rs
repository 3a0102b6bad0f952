//! `afterpatch check` through the real binary: builds, lists, tables of the user, formats, languages, exit codes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use common::{afterpatch, code};
use serde_json::Value;

const NOW: &str = "2026-11-28T00:00:00Z";

fn check(arguments: &[&str]) -> (String, i32) {
    let output = afterpatch(&[&["check", "--now", NOW, "--no-color"], arguments].concat());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
    let exit = code(&output);
    (String::from_utf8(output.stdout).unwrap(), exit)
}

fn failed(arguments: &[&str]) -> String {
    let output = afterpatch(&[&["check", "--now", NOW], arguments].concat());
    assert_eq!(code(&output), 1, "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let (text, _) = check(&[arguments, &["--format", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

/// Each row: what is asked, exit code, a part of what is said.
#[test]
fn builds_are_answered_with_the_next_step() {
    let cases: &[(&[&str], i32, &[&str])] = &[
        (
            &["15.1.2507.27"],
            10,
            &["Yes: at least one hole is open", "Install Sep26SUv2 (15.1.2507.75", "2026-10-02", "57 days old"],
        ),
        (&["15.01.2507.027"], 10, &["15.1.2507.27", "CVE-2026-42897"]),
        (
            &["15.1.2176.2"],
            10,
            &["Go to 2016 CU23 with Sep26SUv2", "exploited since 2021-01-03", "gets no security updates any more"],
        ),
        (&["15.2.2562.53"], 4, &["some work only if", "Extended Protection"]),
        (&["15.0.1497.48"], 4, &["Cannot tell", "Leave Exchange 2013"]),
        (&["15.2.3000.1"], 4, &["newer than this table", "--facts"]),
        (&["15.1.2507"], 9, &["Perhaps", "the last number was not seen", "Get-Command ExSetup.exe"]),
        (&["15.1.2176.9", "--cve", "CVE-2021-26855"], 0, &["CVE-2021-26855: fixed"]),
        (&["15.1.2176.9", "--cve", "cve-2021-34473"], 10, &["CVE-2021-34473: open"]),
        (&["15.1.2507.75", "--cve", "CVE-2026-55007"], 0, &["not affected"]),
        (
            &["15.1.2176.2", "--lang", "de"],
            10,
            &["Können sie hinein? Ja", "Was jetzt zu tun ist", "Ausgenutzt wird das seit 2021-01-03"],
        ),
        (&["15.1.2176.2", "--exit-zero"], 0, &["Yes"]),
    ];
    for (arguments, exit, parts) in cases {
        let (text, code) = check(arguments);
        assert_eq!(code, *exit, "{arguments:?}: {text}");
        for part in *parts {
            assert!(text.contains(part), "{arguments:?}: `{part}` is not in\n{text}");
        }
        assert!(!text.to_lowercase().contains("clean") && !text.to_lowercase().contains("sauber"), "{text}");
    }
}

#[test]
fn what_is_no_target_is_an_error_that_says_so() {
    for (arguments, part) in [
        (vec!["15.1.x"], "neither a build"),
        (vec!["15.1.2507.66", "--cve", "CVE-1999-0001"], "CVE-1999-0001: not in the table of 2026-10-02"),
        (vec!["15.1.2507.66", "--facts", "/missing/builds.csv"], "/missing/builds.csv"),
        (vec!["15.1.2507.66", "-o", "answer"], "answer: the name tells no format"),
    ] {
        let error = failed(&arguments);
        assert!(error.contains(part), "{arguments:?}: {error}");
    }
    assert_eq!(code(&afterpatch(&["check"])), 2);
}

#[test]
fn machines_get_every_hole_with_its_reasons() {
    let told = json(&["15.1.2176.2"]);
    assert_eq!(told["schema"], "afterpatch.check/1");
    assert_eq!((&told["tool"]["facts_date"], &told["tool"]["facts_age_days"]), (&Value::from("2026-10-02"), &Value::from(57)));
    let target = &told["targets"][0];
    assert_eq!((&target["answer"], &target["basis"]), (&Value::from("open"), &Value::from("build")));
    assert_eq!(target["builds"][0]["update"], "CU19");
    let cves = target["cves"].as_array().unwrap();
    assert_eq!(cves.len(), 163);
    let proxylogon = cves.iter().find(|cve| cve["cve"] == "CVE-2021-26855").unwrap();
    assert_eq!((&proxylogon["state"], &proxylogon["fixed_in"]), (&Value::from("open"), &Value::from("15.1.2176.9")));
    assert_eq!(proxylogon["exploited_from"], "2021-01-03T00:00:00Z");
    assert_eq!(target["next_steps"][0]["do"], "install_cumulative_update");
    let schema: Value = serde_json::from_slice(&afterpatch(&["schema", "check"]).stdout).unwrap();
    assert_eq!(schema["title"], "Check");
}

const LIST: &str = "\u{feff}#TYPE Selected\r\nServer;ExSetupVersion;Site\r\nEX01;15.01.2176.002;A\r\n\"=cmd|x\u{1b}[31m\";15.2.2562.53;B\r\nEX03;;C\r\n";

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn lists_are_told_row_by_row_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let list = written(folder.path(), "servers.csv", LIST);
    let (text, exit) = check(&[&list]);
    assert_eq!(exit, 10, "{text}");
    for part in ["OPEN             15.1.2176.2     EX01", "fixed if …", "cannot tell", "exploited: ", "line 5: `` is no build"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let (csv, _) = check(&[&list, "--format", "csv"]);
    let rows: Vec<&str> = csv.lines().collect();
    assert_eq!(rows.len(), 4, "{csv}");
    assert!(rows[0].starts_with("seq,target,basis,product,build,update,label,newer_than_table,answer,open,"), "{csv}");
    assert!(rows[1].starts_with("1,EX01,list,2016,15.1.2176.2,CU19,CU19,false,open,"), "{csv}");
    assert!(rows[2].starts_with("2,\"'=cmd|x⟨U+001B⟩[31m\",list,SE,"), "a formula is no formula any more: {csv}");
    assert!(rows[3].contains("line 5: `` is no build"), "{csv}");
    let (lines, _) = check(&[&list, "--format", "ndjson"]);
    let objects: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(objects.iter().map(|it| it["answer"].as_str().unwrap()).collect::<Vec<_>>(), ["open", "fixed_if", "cannot_tell"]);
    assert!(objects[0]["states"]["open"].as_array().unwrap().contains(&Value::from("CVE-2021-26855")));
    assert!(!lines.contains('\u{1b}') && !text.contains('\u{1b}'));
    // Files are written beside what is shown.
    let out = folder.path().join("answer.ndjson");
    check(&[&list, "-o", out.to_str().unwrap(), "--quiet"]);
    assert_eq!(fs::read_to_string(out).unwrap(), lines);
}

#[test]
fn what_the_display_version_says_is_believed_to_its_third_number() {
    let folder = tempfile::tempdir().unwrap();
    let list = written(folder.path(), "servers.csv", "Name,AdminDisplayVersion\nEX01,Version 15.1 (Build 2507.6)\n");
    let (lines, exit) = check(&[&list, "--format", "ndjson"]);
    assert_eq!(exit, 9);
    let object: Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!((&object["builds"][0]["shown"], &object["builds"][0]["build"]), (&Value::from("15.1.2507"), &Value::Null));
}

#[test]
fn an_export_of_health_checker_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let server = |name: &str, build: &str| {
        format!(
            "<Obj RefId=\"0\"><ToString>HealthChecker</ToString><Props><S N=\"ServerName\">{name}</S><Obj N=\"ExchangeInformation\" RefId=\"1\"><Props>\
             <Obj N=\"BuildInformation\"><Props><Obj N=\"ExchangeSetup\"><Props><S N=\"FileVersion\">{build}</S></Props></Obj></Props></Obj></Props></Obj></Props></Obj>"
        )
    };
    let text = format!(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">{}{}</Objs>",
        server("EX-A", "15.02.1118.007"),
        server("EX-B", "15.02.2562.053")
    );
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let path = folder.path().join("HealthChecker-EX.xml");
    fs::write(&path, utf16).unwrap();
    let (csv, _) = check(&[path.to_str().unwrap(), "--format", "csv"]);
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert!(rows[0].starts_with("1,EX-A,list,2019,15.2.1118.7,CU12,"), "{csv}");
    assert!(rows[1].starts_with("2,EX-B,list,SE,15.2.2562.53,"), "{csv}");
}

#[test]
fn a_broken_list_names_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text, part) in [
        ("a.csv", "Server,Colour\nEX01,red\n", "a.csv, line 1: no column of builds"),
        ("b.csv", "", "b.csv: empty"),
        ("c.xml", "<html></html>", "c.xml: no export of HealthChecker"),
        ("x.xml", "", "x.xml: no export"),
        ("d.xml", "<Objs><Obj>", "d.xml: no server is named"),
        ("e.xml", "<Objs>\n<Obj></S></Objs>", "e.xml, line 2"),
    ] {
        let error = failed(&[&written(folder.path(), name, text)]);
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn a_newer_table_takes_the_place_of_ours() {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exposure/data");
    let builds = fs::read_to_string(data.join("builds.csv")).unwrap();
    let more = "Exchange Server SE,RTM,Nov26SU,SU,15.2.2562.60,15.02.2562.060,2026-11-10,KB5999999,page,made up for a test\r\n";
    let newer = written(folder.path(), "builds.csv", &format!("{}\r\n{more}", builds.trim_end()));
    for facts in [newer.as_str(), folder.path().to_str().unwrap()] {
        let (text, _) = check(&["15.2.2562.60", "--facts", facts]);
        assert!(text.contains("SE RTM Nov26SU") && text.contains("2026-11-10"), "{text}");
    }
    let (text, exit) = check(&["15.2.2562.60"]);
    assert!(exit == 4 && text.contains("newer than this table"), "{text}");
    let broken = written(folder.path(), "broken.csv", &builds.replace("15.01.2507.075", "15.01.2507.076"));
    let error = failed(&["15.1.2507.75", "--facts", &broken]);
    assert!(error.contains("broken.csv") && error.contains("builds.csv, line 2"), "{error}");
}

/// The answer for one server fits a terminal of 80 columns and 24 lines, whichever build it is, and says what to do.
#[test]
fn every_answer_fits_one_screen() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exposure/data/builds.csv");
    let builds: Vec<String> =
        fs::read_to_string(data).unwrap().lines().skip(1).filter_map(|line| line.split(',').nth(4).map(str::to_owned)).collect();
    let facts = afterpatch_exposure::Facts::embedded().unwrap();
    let mut told = 0;
    for language in [afterpatch_report::Language::English, afterpatch_report::Language::German] {
        let options = afterpatch_report::Options { language, color: false, width: 80 };
        for build in &builds {
            let Some(seen) = afterpatch_exposure::SeenBuild::read(build) else { continue };
            let subject = afterpatch_exposure::Subject::of_builds(build.clone(), afterpatch_model::Basis::Build, vec![seen]);
            let check = afterpatch_model::Check {
                schema: String::new(),
                tool: afterpatch_model::CheckTool {
                    name: String::new(),
                    version: String::new(),
                    facts_date: facts.date().to_owned(),
                    facts_age_days: 57,
                },
                generated: NOW.parse().unwrap(),
                interrupted: false,
                targets: vec![facts.judge(subject, &[], "2026-11-28")],
                artifacts: Vec::new(),
                gaps: Vec::new(),
                notes: Vec::new(),
            };
            let mut out = Vec::new();
            let detail = afterpatch_report::Detail::default();
            afterpatch_report::write_check(&check, afterpatch_report::CheckFormat::Text, &options, detail, &mut out).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.lines().count() < 24, "{}:\n{text}", text.lines().count());
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
            assert!(text.contains("  1. "), "{text}");
            told += 1;
        }
    }
    assert!(told > 780, "{told}");
}
