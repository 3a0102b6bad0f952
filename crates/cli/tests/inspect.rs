//! `afterpatch inspect` through the real binary: verdicts, ways, exit codes, both formats, both languages.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use common::{afterpatch, code};
use serde_json::Value;

/// A page that runs a parameter as a command, stored encoded.
const COMMAND: &str = "PD9waHAKJGFza2VkID0gJF9HRVRbJ2snXTsKc3lzdGVtKCRhc2tlZCk7Cg==";

const HARMLESS: &str = "<?php echo htmlspecialchars($_GET['k']);";

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    fs::write(folder.join(name), bytes).unwrap();
}

fn objects(output: &[u8]) -> Vec<Value> {
    std::str::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_page_that_runs_commands_is_told_with_the_way_of_the_data() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.php", &BASE64_STANDARD.decode(COMMAND).unwrap());
    write(folder.path(), "b.php", HARMLESS.as_bytes());
    let path = folder.path().to_str().unwrap();

    let output = afterpatch(&["inspect", path, "--format", "ndjson"]);
    assert_eq!(code(&output), 12);
    let told = objects(&output.stdout);
    assert_eq!(told.len(), 1, "only what is not harmless is told");
    let object = told.first().unwrap();
    assert_eq!(object["schema"], "afterpatch.inspect/1");
    assert_eq!(object["verdict"], "webshell");
    assert_eq!(object["severity"], "critical");
    assert_eq!(object["language"], "php");
    assert_eq!(object["capabilities"], serde_json::json!(["command"]));
    assert_eq!(object["sha256"].as_str().unwrap().len(), 64);
    let finding = &object["findings"][0];
    assert_eq!((&finding["call"], &finding["place"]["line"]), (&Value::from("system"), &Value::from(3)));
    assert_eq!((&finding["source"]["kind"], &finding["source"]["name"]), (&Value::from("parameter"), &Value::from("k")));
    let steps: Vec<&str> = finding["path"].as_array().unwrap().iter().map(|step| step["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["read", "kept"]);
    assert!(object["explanation"].as_str().unwrap().contains("line 3: system"));

    let all = afterpatch(&["inspect", path, "--format", "ndjson", "--all", "--exit-zero"]);
    assert_eq!(code(&all), 0);
    let verdicts: Vec<Value> = objects(&all.stdout).into_iter().map(|object| object["verdict"].clone()).collect();
    assert_eq!(verdicts, ["webshell", "clean"], "in the order of the paths");
}

#[test]
fn people_are_told_in_their_language() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.php", &BASE64_STANDARD.decode(COMMAND).unwrap());
    let path = folder.path().to_str().unwrap();
    let english = afterpatch(&["inspect", path, "--explain"]);
    let english = String::from_utf8(english.stdout).unwrap();
    for part in ["WEB SHELL", "runs a command that the visitor decides", "read from k", "Web shells: 1"] {
        assert!(english.contains(part), "{part}: {english}");
    }
    let german = afterpatch(&["inspect", path, "--lang", "de"]);
    let german = String::from_utf8(german.stdout).unwrap();
    for part in ["führt einen Befehl aus", "kritisch", "Webshells: 1"] {
        assert!(german.contains(part), "{part}: {german}");
    }
}

#[test]
fn what_cannot_be_read_is_named_and_the_rest_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.php", HARMLESS.as_bytes());
    let missing = folder.path().join("missing");
    let (path, missing) = (folder.path().to_str().unwrap(), missing.to_str().unwrap());
    let output = afterpatch(&["inspect", missing, path]);
    assert_eq!(code(&output), 0);
    assert!(String::from_utf8_lossy(&output.stderr).contains("missing"));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 file could not be read"));
    assert_eq!(code(&afterpatch(&["inspect", missing])), 3);
    assert_eq!(code(&afterpatch(&["inspect"])), 2);
}

#[test]
fn a_large_file_is_read_to_a_bound_and_hashed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut large = BASE64_STANDARD.decode(COMMAND).unwrap();
    large.extend_from_slice(b"?>");
    large.resize(40 << 20, b' ');
    write(folder.path(), "a.php", &large);
    let output = afterpatch(&["inspect", folder.path().to_str().unwrap(), "--format", "ndjson"]);
    let told = objects(&output.stdout);
    let object = told.first().unwrap();
    assert_eq!(object["verdict"], "webshell");
    assert_eq!(object["exhausted"], true);
    assert_eq!(object["size"], 40 << 20);
    let hash: String = {
        use sha2::Digest as _;
        sha2::Sha256::digest(&large).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(object["sha256"], Value::from(hash));
}

#[cfg(unix)]
#[test]
fn a_hostile_name_drives_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a\u{1b}[31m.php", &BASE64_STANDARD.decode(COMMAND).unwrap());
    let output = afterpatch(&["inspect", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 12);
    assert!(!output.stdout.contains(&0x1b), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn code_scanning_is_told_in_sarif() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a b.php", &BASE64_STANDARD.decode(COMMAND).unwrap());
    write(folder.path(), "c.php", HARMLESS.as_bytes());
    let path = folder.path().to_str().unwrap();
    let output = afterpatch(&["inspect", path, "--format", "sarif"]);
    assert_eq!(code(&output), 12);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let run = &document["runs"][0];
    assert_eq!((&document["version"], &run["tool"]["driver"]["name"]), (&"2.1.0".into(), &"afterpatch".into()));
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    let result = &results[0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"webshell".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    assert!(place["artifactLocation"]["uri"].as_str().unwrap().ends_with("/a%20b.php"));
    assert_eq!(place["region"]["startLine"], 3);
    let flow = result["codeFlows"][0]["threadFlows"][0]["locations"].as_array().unwrap();
    let lines: Vec<u64> =
        flow.iter().map(|it| it["location"]["physicalLocation"]["region"]["startLine"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 2, 3], "read, kept, called");

    let nothing = afterpatch(&["inspect", folder.path().join("c.php").to_str().unwrap(), "--format", "sarif"]);
    let document: Value = serde_json::from_slice(&nothing.stdout).unwrap();
    assert_eq!(document["runs"][0]["results"], serde_json::json!([]));
}
