//! Every format of the trade through the real binary, from the demo's server: the fields that its readers require are there and say
//! what the report says. Other people's validators look at the same output in `cargo xtask formats`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use afterpatch_model::{Report, Timestamp};
use afterpatch_report::Format;
use common::{afterpatch, code};
use serde_json::Value;

/// The demo's report, made once for all tests.
static DEMO: LazyLock<(tempfile::TempDir, PathBuf, Report)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let output = afterpatch(&["demo", "--folder", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let path = folder.path().join("report.json");
    let report = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    (folder, path, report)
});

/// What `afterpatch report` writes into a file of this name.
fn written(name: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join(name);
    let output = afterpatch(&["report", DEMO.1.to_str().unwrap(), "-o", to.to_str().unwrap(), "--quiet"]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    fs::read_to_string(to).unwrap()
}

fn lines(name: &str) -> Vec<Value> {
    written(name).lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[test]
fn a_file_name_and_a_format_name_give_the_same_bytes_every_time() {
    for format in Format::ALL {
        let about = format.about();
        let by_name = written(&format!("case{}", about.endings[0]));
        assert!(!by_name.is_empty(), "{format:?}");
        let output = afterpatch(&["report", DEMO.1.to_str().unwrap(), "--format", about.slug, "--no-color"]);
        // The width of a terminal decides how text is broken.
        if format != Format::Text {
            assert_eq!(by_name, String::from_utf8(output.stdout).unwrap(), "{format:?}");
        }
    }
}

#[test]
fn a_scan_writes_what_report_writes() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = DEMO.1.with_file_name("evidence.zip");
    let mut arguments = vec!["scan".to_owned(), evidence.to_str().unwrap().to_owned(), "--quiet".to_owned()];
    arguments.extend(["--now".to_owned(), DEMO.2.generated.to_string()]);
    let files: Vec<PathBuf> =
        Format::ALL.iter().map(|format| folder.path().join(format!("a{}", format.about().endings[0]))).collect();
    for file in &files {
        arguments.extend(["-o".to_owned(), file.to_str().unwrap().to_owned()]);
    }
    let output = afterpatch(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code(&output), 13, "{}", String::from_utf8_lossy(&output.stderr));
    for (format, file) in Format::ALL.into_iter().zip(files) {
        let name = format!("case{}", format.about().endings[0]);
        assert_eq!(fs::read_to_string(file).unwrap(), written(&name), "{format:?}");
    }
}

#[test]
fn the_help_names_every_format_and_its_file_names() {
    for command in ["scan", "report"] {
        let help = String::from_utf8(afterpatch(&[command, "--help"]).stdout).unwrap();
        for about in Format::ALL.map(Format::about) {
            assert!(help.contains(&format!("- {}:", about.slug)), "{command} --help lacks {}", about.slug);
            assert!(help.contains(about.endings[0]), "{command} --help lacks {}", about.endings[0]);
        }
    }
}

#[test]
fn what_is_no_report_is_refused_and_a_report_is_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.json");
    for (content, said) in
        [("{}", "is no report"), ("[1", "is no JSON"), (r#"{"schema":"afterpatch.report/9"}"#, "this version reads")]
    {
        fs::write(&file, content).unwrap();
        let output = afterpatch(&["report", file.to_str().unwrap()]);
        assert_eq!(code(&output), 1);
        assert!(String::from_utf8_lossy(&output.stderr).contains(said), "{content}");
    }
    let own = DEMO.1.to_str().unwrap();
    let output = afterpatch(&["report", own, "-o", own]);
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("name another file"));
    assert_eq!(code(&afterpatch(&["report", own, "-o", folder.path().join("a.pdf").to_str().unwrap()])), 1);
    assert_eq!(code(&afterpatch(&["report", own, "--format", "pdf"])), 2);
}

#[test]
fn csv_has_one_row_a_finding() {
    let table = written("case.csv");
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let head: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    for column in
        ["server", "finding", "first_utc", "severity", "grade", "kind", "addresses", "files", "attack", "cves", "evidence"]
    {
        assert!(head.iter().any(|own| own == column), "{column}");
    }
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let findings: Vec<_> = DEMO.2.servers.iter().flat_map(|server| &server.findings).collect();
    assert_eq!(rows.len(), findings.len());
    for (row, finding) in rows.iter().zip(findings) {
        assert_eq!((&row[2], &row[5], &row[11]), (&*finding.id, &*finding.count.to_string(), &*finding.kind));
    }
}

#[test]
fn timesketch_has_its_required_fields_in_order_of_time() {
    let events = lines("case.timesketch.jsonl");
    let mut last = String::new();
    for event in &events {
        for field in ["message", "datetime", "timestamp_desc", "hostname", "data_type"] {
            assert!(!text(&event[field]).is_empty(), "{field}: {event}");
        }
        let datetime = text(&event["datetime"]);
        assert!(datetime.ends_with("+00:00"), "{datetime}");
        let time: Timestamp = datetime.parse().unwrap();
        assert_eq!(event["timestamp"], time.as_microsecond());
        assert!(last.as_str() <= datetime, "{last} before {datetime}");
        last = datetime.to_owned();
        assert!(event["tag"].as_array().unwrap().contains(&"afterpatch".into()));
    }
    let told: BTreeSet<&str> = events.iter().filter_map(|event| event["finding"].as_str()).collect();
    let timed = DEMO
        .2
        .servers
        .iter()
        .flat_map(|server| &server.findings)
        .filter(|finding| finding.first.is_some() || finding.evidence.iter().any(|evidence| evidence.time.is_some()));
    assert_eq!(told, timed.map(|finding| finding.id.as_str()).collect());
    assert!(events.iter().any(|event| event["source_ip"].is_string() && event["url"].is_array()));
    assert!(events.iter().any(|event| event["data_type"] == "afterpatch:build"));
}

#[test]
fn ecs_has_an_alert_a_finding_and_a_state_a_server() {
    let documents = lines("case.ecs.ndjson");
    let of_kind = |kind: &str| documents.iter().filter(|it| it["event"]["kind"] == kind).collect::<Vec<_>>();
    let findings: Vec<_> = DEMO.2.servers.iter().flat_map(|server| &server.findings).collect();
    assert_eq!((of_kind("state").len(), of_kind("alert").len()), (DEMO.2.servers.len(), findings.len()));
    for document in &documents {
        for field in ["@timestamp", "message"] {
            assert!(!text(&document[field]).is_empty(), "{field}: {document}");
        }
        text(&document["@timestamp"]).parse::<Timestamp>().unwrap();
        for (set, field) in [("ecs", "version"), ("event", "dataset"), ("host", "name"), ("observer", "product")] {
            assert!(!text(&document[set][field]).is_empty(), "{set}.{field}: {document}");
        }
    }
    let mut ids = BTreeSet::new();
    for (document, finding) in of_kind("alert").into_iter().zip(findings) {
        assert!(ids.insert(text(&document["event"]["id"])), "an id twice: {document}");
        assert_eq!(document["rule"]["id"], finding.kind);
        assert_eq!(document["rule"]["name"], finding.title);
        for ip in document["related"]["ip"].as_array().into_iter().flatten().chain(document["source"].get("ip")) {
            text(ip).parse::<std::net::IpAddr>().unwrap();
        }
        let subs = document["threat"]["technique"]["subtechnique"]["id"].as_array().into_iter().flatten();
        let techniques = document["threat"]["technique"]["id"].as_array().into_iter().flatten();
        let told: BTreeSet<&str> = techniques.chain(subs).map(text).collect();
        assert!(finding.attack.iter().all(|id| told.contains(id.as_str())), "{document}");
    }
    assert_eq!(of_kind("state")[0]["afterpatch"]["verdict"]["foothold"], "used_after_fix");
    assert!(of_kind("alert").iter().any(|it| it["source"]["ip"].is_string() && it["url"]["path"].is_string()));
    assert!(of_kind("alert").iter().any(|it| it["file"]["path"].is_string() && it["threat"]["tactic"]["id"].is_array()));
}

#[test]
fn ocsf_has_a_detection_finding_with_all_that_is_required() {
    let events = lines("case.ocsf.ndjson");
    let findings: Vec<_> = DEMO.2.servers.iter().flat_map(|server| &server.findings).collect();
    assert_eq!(events.len(), findings.len());
    for (event, finding) in events.iter().zip(findings) {
        for (field, value) in
            [("class_uid", 2004), ("category_uid", 2), ("activity_id", 1), ("type_uid", 200_401), ("status_id", 1)]
        {
            assert_eq!(event[field], value, "{field}: {event}");
        }
        assert!(event["severity_id"].is_u64() && event["confidence_id"].is_u64());
        assert_eq!(event["time"], finding.first.unwrap_or(DEMO.2.generated).as_millisecond());
        assert_eq!(event["metadata"]["version"], "1.5.0");
        assert_eq!(event["metadata"]["product"]["name"], "afterpatch");
        assert_eq!(event["finding_info"]["title"], finding.title);
        assert_eq!(event["finding_info"]["analytic"]["uid"], finding.kind);
        assert!(!text(&event["finding_info"]["uid"]).is_empty());
        assert!(!event["evidences"].as_array().unwrap().is_empty());
        let cves: Vec<&str> =
            event["vulnerabilities"].as_array().into_iter().flatten().map(|it| text(&it["cve"]["uid"])).collect();
        assert_eq!(cves, finding.cves);
    }
}

#[test]
fn stix_is_a_bundle_in_which_every_reference_leads_somewhere() {
    let bundle: Value = serde_json::from_str(&written("case.stix.json")).unwrap();
    assert_eq!(bundle["type"], "bundle");
    let objects = bundle["objects"].as_array().unwrap();
    let mut ids = BTreeSet::new();
    for object in objects {
        let (kind, id) = (text(&object["type"]), text(&object["id"]));
        assert!(id.starts_with(&format!("{kind}--")) && ids.insert(id), "{id}");
        assert_eq!(object["spec_version"], "2.1");
    }
    for object in objects {
        for (field, value) in object.as_object().unwrap() {
            let refs: Vec<&Value> = match value {
                Value::Array(values) if field.ends_with("_refs") => values.iter().collect(),
                value if field.ends_with("_ref") => vec![value],
                _ => continue,
            };
            assert!(!refs.is_empty() && refs.iter().all(|id| ids.contains(text(id))), "{field} of {object}");
        }
    }
    let of_kind = |kind: &str| objects.iter().filter(|object| object["type"] == kind).collect::<Vec<_>>();
    for (kind, required) in [
        ("identity", &["name", "created", "modified"][..]),
        ("note", &["content", "object_refs"]),
        ("observed-data", &["first_observed", "last_observed", "number_observed", "object_refs"]),
        ("indicator", &["pattern", "pattern_type", "valid_from"]),
        ("sighting", &["sighting_of_ref", "where_sighted_refs", "observed_data_refs"]),
        ("relationship", &["relationship_type", "source_ref", "target_ref"]),
        ("attack-pattern", &["name", "external_references", "kill_chain_phases"]),
        ("vulnerability", &["name", "external_references"]),
        ("report", &["name", "published", "object_refs"]),
        ("ipv4-addr", &["value"]),
        ("file", &["name"]),
    ] {
        let found = of_kind(kind);
        assert!(!found.is_empty(), "no {kind}");
        for (object, field) in found.iter().flat_map(|object| required.iter().map(move |field| (object, field))) {
            assert!(object.get(*field).is_some(), "{kind} lacks {field}: {object}");
        }
    }
    assert_eq!(of_kind("report").len(), DEMO.2.servers.iter().map(|server| server.incidents.len()).sum::<usize>());
    let patterns: Vec<&str> = of_kind("indicator").iter().map(|indicator| text(&indicator["pattern"])).collect();
    assert!(patterns.iter().any(|pattern| pattern.starts_with("[ipv4-addr:value = '203.0.113.")), "{patterns:?}");
    assert!(patterns.iter().any(|pattern| pattern.starts_with("[file:hashes.'SHA-256' = '")), "{patterns:?}");
    assert!(!patterns.iter().any(|pattern| pattern.contains("127.0.0.1") || pattern.contains("'10.")), "{patterns:?}");
    assert!(text(&of_kind("note")[0]["content"]).contains("Looked at: "), "a verdict never goes without its coverage");
}

/// A visitor of a planted page may be the one who found it, an address inside means another machine elsewhere.
#[test]
fn misp_lets_nobody_block_what_is_not_sure() {
    let whole = written("case.misp.json");
    let event: Value = serde_json::from_str(&whole).unwrap();
    let event = &event["Event"];
    for field in ["info", "date", "uuid", "threat_level_id", "analysis", "distribution", "timestamp"] {
        assert!(!text(&event[field]).is_empty(), "{field}");
    }
    let attributes = event["Attribute"].as_array().unwrap();
    let sure: BTreeSet<(&str, &str)> =
        attributes.iter().filter(|it| it["to_ids"] == true).map(|it| (text(&it["type"]), text(&it["value"]))).collect();
    for attribute in attributes {
        for field in ["uuid", "type", "category", "value", "timestamp"] {
            assert!(!text(&attribute[field]).is_empty(), "{field}: {attribute}");
        }
        assert!(attribute["to_ids"].is_boolean());
    }
    let kinds: BTreeSet<&str> = sure.iter().map(|it| it.0).collect();
    assert_eq!(kinds, BTreeSet::from(["filename", "ip-src", "sha256"]));
    // The attacker's first address forged requests; the others only asked for the page.
    assert_eq!(sure.iter().filter(|it| it.0 == "ip-src").count(), 1, "{sure:?}");
    assert!(attributes.iter().any(|it| it["type"] == "ip-src" && it["to_ids"] == false));
    assert!(!attributes.iter().any(|it| text(&it["value"]).starts_with("127.") || text(&it["value"]).starts_with("10.")));
    assert!(attributes.iter().any(|it| it["type"] == "vulnerability" && it["value"] == "CVE-2021-26855"));
    for server in &DEMO.2.servers {
        assert!(std::iter::once(&server.name).chain(&server.aliases).all(|name| !whole.contains(name.as_str())));
    }
}

#[test]
fn sarif_has_a_result_a_finding_with_its_rule_and_place() {
    let document: Value = serde_json::from_str(&written("case.sarif")).unwrap();
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let findings: Vec<_> = DEMO.2.servers.iter().flat_map(|server| &server.findings).collect();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), findings.len());
    for (result, finding) in results.iter().zip(findings) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!((&result["ruleId"], &rules[index]["id"]), (&finding.kind.as_str().into(), &finding.kind.as_str().into()));
        assert!(text(&result["message"]["text"]).contains(&finding.title));
        let place = &result["locations"][0]["physicalLocation"];
        assert!(!text(&place["artifactLocation"]["uri"]).contains([' ', '\\']));
    }
    assert!(results.iter().any(|it| it["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64() > Some(1)));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
}

#[test]
fn the_summary_asks_and_answers_what_a_form_does_in_both_languages() {
    for (lang, sections) in [
        (
            "en",
            [
                "Who reports",
                "In short",
                "Systems concerned",
                "When",
                "What is sure",
                "What is not sure",
                "Holes",
                "Indicators",
                "Measures",
            ],
        ),
        (
            "de",
            [
                "Wer meldet",
                "In Kürze",
                "Betroffene Systeme",
                "Wann",
                "Was sicher ist",
                "Was nicht sicher ist",
                "Lücken",
                "Indikatoren",
                "Maßnahmen",
            ],
        ),
    ] {
        let output = afterpatch(&["report", DEMO.1.to_str().unwrap(), "--format", "summary", "--lang", lang]);
        let shown = String::from_utf8(output.stdout).unwrap();
        let mut rest = shown.as_str();
        for section in sections {
            let (_, after) =
                rest.split_once(&format!("\n{section}")).unwrap_or_else(|| panic!("{lang}: {section} is missing: {shown}"));
            rest = after;
        }
        assert!(shown.lines().all(|line| line.chars().count() <= 78 || !line.trim().contains(' ')), "{shown}");
        assert!(shown.contains("203[.]0[.]113[.]") && shown.contains("CVE-2021-26855") && shown.contains("2021-03-"), "{shown}");
        // An address that a mail program would make a link of.
        assert!(!shown.contains("203.0.113."), "{shown}");
        assert!(shown.contains(&DEMO.2.servers[0].name));
        let lower = shown.to_lowercase();
        assert!(!lower.contains("clean") && !lower.contains("sauber"), "{shown}");
    }
}

/// Techniques without a name in our table are named by their id alone; those of our own rules all have one.
#[test]
fn every_technique_of_our_rules_has_a_name() {
    let table = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../report/data/attack.csv")).unwrap();
    let rules: Value = serde_json::from_slice(&afterpatch(&["rules", "list", "--json"]).stdout).unwrap();
    let rules = rules.to_string();
    let mut seen = 0;
    for id in rules
        .split('"')
        .filter(|word| word.len() > 4 && word.starts_with(['T', 't']) && word[1..5].bytes().all(|it| it.is_ascii_digit()))
    {
        seen += 1;
        assert!(table.lines().any(|line| line.starts_with(&format!("{},", id.to_uppercase()))), "{id} has no name in attack.csv");
    }
    assert!(seen > 50, "{seen}: the rules name no techniques?");
}
