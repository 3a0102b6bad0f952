//! Hostile text in every field that evidence or a rule pack can fill, in every format and language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod samples;

use afterpatch_report::{Format, Language, Options, hostile, write};

/// Each shows itself by a mark that no text of ours holds.
const PAYLOADS: [&str; 16] = [
    "<script>zzmark()</script>",
    "\"><img src=x onerror=zzmark()>",
    "'><svg onload=zzmark()>",
    "</pre></title></style><script>zzmark</script>",
    "]]><!--zzmark-->",
    "&lt;zzmark&#60;script&#62;",
    "zzmark\u{1b}[2J\u{1b}]0;owned\u{7}",
    "zzmark\u{9b}31m\u{90}\u{9c}",
    "zzmark\0\r\n\tnext",
    "=cmd|' /C zzmark'!A0",
    "zzmark\u{202e}xslx.exe\u{2066}\u{2069}\u{61c}",
    "zzmark\u{200b}\u{feff}\u{2060}\u{ad}",
    "zzmark\u{2028}\u{2029}line",
    "zzmark\u{e0041}\u{e0042}",
    "{{ zzmark }}{% raw %}{ $zzmark }\\u0041%s%n",
    "javascript:zzmark() url(http://zzmark/) style=x",
];

fn written(payload: &str, format: Format, options: &Options) -> String {
    let mut out = Vec::new();
    write(&samples::hostile(payload), format, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_payload_reaches_every_kind_of_field() {
    let json = serde_json::to_string(&samples::hostile("zzmark")).unwrap();
    // Fields in which a payload must stand, or the other tests prove less than they say.
    for field in [
        "name",
        "path",
        "windows_path",
        "title",
        "text",
        "value",
        "author",
        "condition",
        "page",
        "detail",
        "cve",
        "server",
        "kind",
        "part",
    ] {
        assert!(json.contains(&format!("\"{field}\":\"zzmark\"")), "{field}");
    }
    for list in ["aliases", "inputs", "visitors", "addresses", "attack", "cves", "missing"] {
        assert!(json.contains(&format!("\"{list}\":[\"zzmark\"")), "{list}");
    }
}

#[test]
fn no_output_holds_a_hostile_character() {
    for payload in PAYLOADS {
        for format in Format::ALL {
            for language in Language::ALL {
                let out = written(payload, format, &Options { language, ..Options::default() });
                assert!(out.contains("zzmark"), "{format:?} does not show {payload:?}");
                let tab = |c: char| c == '\t' && format == Format::Html;
                let bad = out.chars().find(|&c| hostile::is_hostile(c) && c != '\n' && !tab(c));
                assert_eq!(bad, None, "{format:?} of {payload:?}");
            }
        }
    }
}

#[test]
fn a_line_stays_a_line() {
    let lines = |payload: &str, format| written(payload, format, &Options { width: 160, ..Options::default() }).lines().count();
    for payload in PAYLOADS {
        assert_eq!(lines(payload, Format::Ndjson), lines("x", Format::Ndjson), "{payload:?}");
        assert_eq!(lines(payload, Format::Json), lines("x", Format::Json), "{payload:?}");
    }
    assert_eq!(lines("a\nb\r\nc", Format::Text), lines("a b  c", Format::Text));
}

#[test]
fn json_means_what_the_evidence_said() {
    for payload in PAYLOADS {
        let json = written(payload, Format::Json, &Options::default());
        assert_eq!(serde_json::from_str::<afterpatch_model::Report>(&json).unwrap(), samples::hostile(payload));
    }
}

/// Other tools read what we write: whatever the evidence says, each output parses and has as many rows as one of harmless text.
#[test]
fn what_other_tools_read_parses() {
    let long = "zzmark;=1+1,\"\u{202e}".repeat(3_000);
    let rows = |payload: &str, format: Format| -> usize {
        let out = written(payload, format, &Options::default());
        match format {
            Format::Json | Format::Stix | Format::Sarif | Format::Misp => {
                serde_json::from_str::<serde_json::Value>(&out).unwrap_or_else(|error| panic!("{format:?}: {error}"));
                1
            }
            Format::Ndjson | Format::Timesketch | Format::Ecs | Format::Ocsf => {
                let value =
                    |line| serde_json::from_str::<serde_json::Value>(line).unwrap_or_else(|error| panic!("{format:?}: {error}"));
                out.lines().map(value).filter(serde_json::Value::is_object).count()
            }
            Format::Csv => csv::Reader::from_reader(out.as_bytes()).records().map(Result::unwrap).count(),
            _ => 0,
        }
    };
    for payload in PAYLOADS.into_iter().chain([long.as_str()]) {
        for format in Format::ALL {
            assert_eq!(rows(payload, format), rows("zzmark", format), "{format:?} of {payload:.40?}");
        }
    }
}

/// Neither where the comma separates cells nor where the semicolon does and quotes in the middle of a cell mean nothing.
#[test]
fn no_cell_opens_a_formula() {
    const OPENS: [char; 4] = ['=', '+', '-', '@'];
    for payload in PAYLOADS.into_iter().chain(["=1", " @a", "\t-1", "a;=b", "a; \"+1", "\"=1", ";=1", "=zzmark\n=zzmark"]) {
        let out = written(payload, Format::Csv, &Options::default());
        for record in csv::Reader::from_reader(out.as_bytes()).records() {
            for cell in record.unwrap().iter() {
                assert!(!cell.trim_start().starts_with(OPENS), "{cell}");
                assert!(cell.chars().count() <= 32_767);
            }
        }
        for line in out.lines() {
            assert!(!line.starts_with(OPENS), "{line}");
            for cell in line.split(';').skip(1) {
                assert!(!cell.trim_start_matches([' ', '"']).starts_with(OPENS), "{cell}");
            }
        }
    }
}

/// An address of a place is made of the evidence's own name: none of these may lead anywhere but to a file.
#[test]
fn no_address_in_sarif_has_another_scheme_than_file() {
    for payload in PAYLOADS {
        let out: serde_json::Value = serde_json::from_str(&written(payload, Format::Sarif, &Options::default())).unwrap();
        let mut seen = 0;
        let mut waiting = vec![&out["runs"]];
        while let Some(value) = waiting.pop() {
            if let Some(uri) = value.get("uri").and_then(serde_json::Value::as_str) {
                seen += 1;
                let scheme = uri.split_once(':').map(|(scheme, _)| scheme);
                assert!(matches!(scheme, None | Some("file")), "{uri}");
                assert!(uri.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'<' | b'>')), "{uri}");
            }
            match value {
                serde_json::Value::Array(values) => waiting.extend(values),
                serde_json::Value::Object(fields) => waiting.extend(fields.values()),
                _ => {}
            }
        }
        assert!(seen > 10, "{seen}");
    }
}

/// Found by the validators of others: a text that is no CVE id was called one, and a tag stood twice.
#[test]
fn what_a_standard_forbids_of_a_name_is_left_out() {
    for payload in PAYLOADS {
        let stix: serde_json::Value = serde_json::from_str(&written(payload, Format::Stix, &Options::default())).unwrap();
        let holes = stix["objects"].as_array().unwrap().iter().filter(|object| object["type"] == "vulnerability");
        assert!(holes.clone().count() > 0 && holes.into_iter().all(|hole| hole.get("external_references").is_none()));
        let sarif: serde_json::Value = serde_json::from_str(&written(payload, Format::Sarif, &Options::default())).unwrap();
        for rule in sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
            let tags: Vec<&str> =
                rule["properties"]["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
            assert!(!tags.is_empty() && tags.is_sorted_by(|a, b| a < b), "{tags:?}");
        }
    }
}

/// A line of a log may name any year.
#[test]
fn times_of_any_year_can_be_written_in_every_format() {
    for year in ["-9998", "0001", "1601", "2300", "9998"] {
        for (name, report) in samples::all() {
            let sign = if year.starts_with('-') { "-00" } else { "" };
            let year = format!("\"{sign}{}-", year.trim_start_matches('-'));
            let text = serde_json::to_string(&report).unwrap().replace("\"2021-", &year);
            let report: afterpatch_model::Report = serde_json::from_str(&text).unwrap();
            for format in Format::ALL {
                write(&report, format, &Options::default(), &mut Vec::new())
                    .unwrap_or_else(|error| panic!("{name} {year}: {error}"));
            }
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        let once = written("zzmark", format, &Options::default());
        assert_eq!(once, written("zzmark", format, &Options::default()), "{format:?}");
    }
}

/// The page's elements and attributes are the same whatever the evidence says: a payload never becomes markup.
#[test]
fn the_page_of_a_payload_has_the_elements_of_a_harmless_page() {
    let harmless = skeleton(&written("zzmark", Format::Html, &Options::default()));
    assert!(harmless.iter().any(|tag| tag.starts_with("pre")));
    for payload in PAYLOADS {
        let tags = skeleton(&written(payload, Format::Html, &Options::default()));
        assert_eq!(tags, harmless, "{payload:?}");
    }
}

/// Names of the page's tags with the names of their attributes, in order.
///
/// Reads what our own writer makes: attribute values are quoted and hold neither quotes nor angle brackets.
fn skeleton(page: &str) -> Vec<String> {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    // Ours, whatever the evidence says: `page.rs`.
    let (body, script) = body.rsplit_once("<script>").unwrap();
    let (_, foot) = script.split_once("</script>").unwrap();
    let mut tags = Vec::new();
    for text in [head, body, foot] {
        for tag in text.split('<').skip(1) {
            let (tag, after) = tag.split_once('>').expect("every < opens a tag");
            assert!(!after.contains('>'), "a raw > in {after:?}");
            let names: Vec<&str> = tag.split('"').step_by(2).map(str::trim).collect();
            let names = names.join(" ");
            assert!(!names.contains("zzmark"), "evidence outside an attribute's quotes: {tag}");
            tags.push(names);
        }
    }
    tags
}
