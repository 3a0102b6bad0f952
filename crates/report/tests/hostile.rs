//! Hostile text in every field that evidence or a rule pack can fill, in every format and language.
#![allow(clippy::unwrap_used, clippy::expect_used)]

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
    let mut tags = Vec::new();
    for text in [head, body] {
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
