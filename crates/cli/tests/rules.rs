//! `afterpatch rules` and `scan --rules`: our rules can be listed and shown, a user's are checked and used, none of ours stands
//! readable in the program.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use afterpatch_model::{CompromiseAnswer, Note, Origin};
use common::{afterpatch, code, only_server, scan};
use serde_json::Value;

const GOOD_SIGMA: &str = "title: Somebody asked for the zebra
id: 6f0a5c3e-7d1b-4c8e-9f52-0b6f0e7a1d34
status: test
description: A page that only this test knows.
author: Jane Doe
logsource:
    category: webserver
detection:
    selection:
        cs-uri-stem|endswith: /zebra.aspx
    condition: selection
level: critical
";

const GOOD_YARA: &str = "rule zebra_inside { strings: $a = \"a zebra of this test\" condition: $a }\n";

fn run(arguments: &[&str]) -> (String, i32) {
    let output = afterpatch(arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!said.contains("panicked"), "{said}");
    (said, code(&output))
}

fn listed() -> Vec<Value> {
    let (list, code) = run(&["rules", "list", "--json"]);
    assert_eq!(code, 0);
    serde_json::from_str(&list).unwrap()
}

#[test]
fn the_list_names_every_rule_as_text_and_as_json() {
    let json = listed();
    let (text, code) = run(&["rules", "list"]);
    assert_eq!(code, 0);
    assert!(json.len() > 100 && text.ends_with(&format!("{} rules\n", json.len())), "{}", json.len());
    for rule in &json {
        let slug = rule["slug"].as_str().unwrap();
        assert!(text.lines().any(|line| line.split_whitespace().next() == Some(slug)), "{slug}");
        assert_eq!(rule["source"], "built-in", "{slug}");
        assert!(rule["title"].as_str().is_some_and(|title| !title.is_empty()), "{slug}");
    }
    for language in ["sigma", "yara"] {
        assert!(json.iter().any(|rule| rule["language"] == language), "{language}");
    }
}

#[test]
fn a_rule_is_shown_by_its_name_or_id_with_what_else_it_matches() {
    for language in ["sigma", "yara"] {
        let rules = listed();
        let rule = rules.iter().find(|rule| rule["language"] == language).unwrap();
        let (slug, id) = (rule["slug"].as_str().unwrap(), rule["id"].as_str().unwrap());
        let (shown, code) = run(&["rules", "show", slug]);
        assert_eq!(code, 0);
        let mut paragraphs = shown.split("\n\n");
        assert_eq!(paragraphs.next(), rule["title"].as_str());
        assert!(paragraphs.next().is_some_and(|description| description.len() > 80), "{shown}");
        let also = shown.split_once("\nalso matches:\n  ").unwrap().1.lines().next().unwrap();
        assert!(!also.trim().is_empty(), "{shown}");
        assert_eq!(run(&["rules", "show", &id.to_uppercase()]), (shown, 0));
    }
    let (said, code) = run(&["rules", "show", "no-such-rule"]);
    assert!(code == 1 && said.contains("no rule has the name or id no-such-rule"), "{said}");
}

#[test]
fn a_folder_is_tested_and_every_fault_named_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let test = || run(&["rules", "test", folder.path().to_str().unwrap()]);
    write("good.yml", GOOD_SIGMA);
    write("good.yar", GOOD_YARA);
    let (said, code) = test();
    assert_eq!(code, 0, "{said}");

    write("bad.yml", &GOOD_SIGMA.replace("condition: selection", "condition: selection and nothing_of_that_name"));
    write("broken.yar", "rule broken { condition: ");
    let (said, code) = test();
    assert_eq!(code, 1, "{said}");
    let count = |of: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(of)).unwrap_or_default();
        line.trim().parse::<usize>().ok()
    };
    assert_eq!(
        (count("rule files"), count("Sigma rules"), count("YARA rules"), count("not usable")),
        (Some(4), Some(1), Some(1), Some(2)),
        "{said}"
    );
    for name in ["bad.yml", "broken.yar"] {
        let reason = said.lines().find_map(|line| line.split_once(&format!("{name}: "))).unwrap().1;
        assert!(reason.len() > 10, "{said}");
    }
    assert!(!said.contains("good.y"), "{said}");
}

#[test]
fn a_users_rule_finds_and_alone_makes_nobody_compromised() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("rules/below");
    let evidence = folder.path().join("evidence/W3SVC1");
    fs::create_dir_all(&rules).unwrap();
    fs::create_dir_all(&evidence).unwrap();
    fs::write(rules.join("zebra.yml"), GOOD_SIGMA).unwrap();
    fs::write(rules.join("zebra.yar"), GOOD_YARA).unwrap();
    fs::write(rules.join("broken.yar"), "rule broken { condition: ").unwrap();
    fs::write(
        evidence.join("u_ex210301.log"),
        "#Software: Microsoft Internet Information Services 10.0\r\n\
         #Fields: date time s-computername cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status\r\n\
         2021-03-01 10:00:00 EX01 GET /zebra.aspx - 443 - 192.0.2.7 Mozilla/5.0 200\r\n",
    )
    .unwrap();
    let evidence = folder.path().join("evidence");
    let (without, _) = scan(&[&evidence]);
    assert!(without.servers.iter().all(|server| server.findings.is_empty()));

    let (report, exit) = scan(&[Path::new("--rules"), &folder.path().join("rules"), &evidence]);
    let server = only_server(&report);
    // Ours tells beside it that an unknown page was answered.
    let of_the_user: Vec<_> = server.findings.iter().filter(|finding| finding.origin == Origin::User).collect();
    let [finding] = of_the_user.as_slice() else { unreachable!("{of_the_user:?}") };
    assert_eq!(finding.title, "Somebody asked for the zebra");
    assert_eq!(finding.author.as_deref(), Some("Jane Doe"));
    assert_eq!((server.verdict.compromise, exit), (CompromiseAnswer::Attempted, 11));
    assert!(report.notes.contains(&Note::RulesLoaded { sigma: 1, yara: 1 }), "{:?}", report.notes);
    assert!(
        report.notes.iter().any(|note| matches!(note, Note::RulesNotUsed { count: 1, first } if first[0].contains("broken.yar"))),
        "{:?}",
        report.notes
    );
    assert_eq!(report.tool.rules, without.tool.rules + 2);
}

#[test]
fn no_rule_of_ours_stands_readable_in_the_program() {
    let program = fs::read(env!("CARGO_BIN_EXE_afterpatch")).unwrap().to_ascii_lowercase();
    let holds = |text: &str| {
        let text = text.to_ascii_lowercase();
        program.windows(text.len()).any(|window| window == text.as_bytes())
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    for (file, telling) in [
        ("sigma/persistence/reverse-shell-script/rule.yml", "Invoke-PowerShellTcp"),
        ("sigma/credentials/lsass-memory-dumped/rule.yml", "fullmemdmp"),
        ("yara/webshell/request-evaluated-aspx/rule.yar", r"[^;\n]{0,160}\bRequest\s{0,4}"),
    ] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        assert!(text.contains(telling), "{file} says something else by now");
        assert!(!holds(telling), "{file}: {telling}");
    }
    // The search finds what is there.
    assert!(holds("no rule has the name or id"));
}
