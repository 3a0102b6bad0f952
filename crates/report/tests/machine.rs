//! JSON and NDJSON: whole, valid by the schema's own names, the same in every language.
#![allow(clippy::unwrap_used)]

mod samples;

use afterpatch_model::Report;
use afterpatch_report::{FINDINGS_SCHEMA, Format, Language, Options, schema, write};
use serde_json::Value;

fn written(report: &Report, format: Format, language: Language) -> String {
    let mut out = Vec::new();
    write(report, format, &Options { language, ..Options::default() }, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn json_is_the_report_whole() {
    for (name, report) in samples::all() {
        let json = written(&report, Format::Json, Language::English);
        assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report, "{name}");
        assert_eq!(json, written(&report, Format::Json, Language::German));
        assert!(json.ends_with("}\n"));
    }
}

#[test]
fn the_schema_knows_every_field_of_the_json() {
    let schema = schema();
    let known = schema.to_string();
    fn fields(value: &Value, out: &mut Vec<String>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| {
                out.push(key.clone());
                fields(value, out);
            }),
            Value::Array(values) => values.iter().for_each(|value| fields(value, out)),
            _ => {}
        }
    }
    let mut names = Vec::new();
    fields(&serde_json::to_value(samples::compromised()).unwrap(), &mut names);
    names.sort();
    names.dedup();
    assert!(names.len() > 60);
    for name in names {
        assert!(known.contains(&format!("\"{name}\"")), "{name}");
    }
    assert_eq!(schema["title"], "Report");
}

#[test]
fn every_line_stands_for_itself() {
    let report = samples::three_servers();
    let lines: Vec<Value> =
        written(&report, Format::Ndjson, Language::German).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().all(|line| line["schema"] == FINDINGS_SCHEMA));
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    let count = |kind: &str| kinds.iter().filter(|own| **own == kind).count();
    assert_eq!((count("server"), count("finding"), count("gap")), (3, 15, 2));
    assert_eq!(kinds.len(), 20);

    let server = &lines[0];
    assert_eq!(server["type"], "server");
    assert_eq!(server["server"], "MXS01.azsentinel.local");
    assert_eq!(
        server["verdict"],
        serde_json::json!({ "exposure": "open", "compromise": "compromised", "foothold": "used_after_fix" })
    );
    assert_eq!(server["build"], "15.1.2176.9");

    let finding = &lines[1];
    assert_eq!(finding["type"], "finding");
    assert_eq!(finding["id"], "F1");
    assert_eq!(finding["incident"], "I1");
    assert_eq!(finding["server"], "MXS01.azsentinel.local");
    assert_eq!(finding["verdict"]["compromise"], "compromised");
    assert_eq!(finding["evidence"][0]["path"], "MXS01-triage.zip/winlogs/events_2021-03-14.json");
    assert_eq!(finding["evidence"][0]["place"], serde_json::json!({ "line": 2207 }));

    let scan = lines.iter().find(|line| line["id"] == "F14").unwrap();
    assert_eq!(scan["incident"], Value::Null);
    assert_eq!(
        scan["evidence"][0]["windows_path"],
        r"C:\Program Files\Microsoft\Exchange Server\V15\Logging\HttpProxy\Ecp\HttpProxy_2021031406-1.LOG"
    );
    let gap = lines.last().unwrap();
    assert_eq!((&gap["type"], &gap["gap"], &gap["count"]), (&"gap".into(), &"malformed".into(), &14.into()));
}

#[test]
fn a_report_without_servers_still_names_its_gaps() {
    let lines = written(&samples::no_server(), Format::Ndjson, Language::English);
    assert_eq!(lines.lines().count(), 3);
    assert!(lines.lines().all(|line| line.contains(r#""type":"gap""#)));
}

#[test]
fn a_closed_pipe_is_an_io_error() {
    struct Closed;
    impl std::io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in Format::ALL {
        let error = write(&samples::compromised(), format, &Options::default(), &mut Closed).unwrap_err();
        assert!(
            matches!(&error, afterpatch_report::ReportError::Io(error) if error.kind() == std::io::ErrorKind::BrokenPipe),
            "{format:?}: {error:?}"
        );
    }
}
