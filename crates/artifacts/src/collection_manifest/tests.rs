#![allow(clippy::unwrap_used)]
use super::*;
use crate::testing::Written;

const MANIFEST: &str = r#"{"record":"collection","schema":"afterpatch.collection/1","tool":"afterpatch 0.1.0","host":"EX01","time":"2026-11-28T00:00:00Z"}
{"record":"file","name":"C%3A/x.log","path":"C:\\x.log","kind":"iis_w3c","size":1,"sha256":"00","modified":null}
{"record":"gap","path":"C/Windows/System32/config/SAM","artifact":null,"place":null,"kind":"unreadable","detail":"denied","count":3}
{"record":"new in a later version"}
"#;

#[test]
fn what_the_collector_could_not_take_is_told_again() {
    assert!(is_manifest(MANIFEST.as_bytes()));
    assert!(!is_manifest(b"{\"record\":\"vault\"}\n"));
    let written = Written::by(|sink| {
        for (number, text) in (1..).zip(MANIFEST.lines()) {
            let _ = line(number, text, sink);
        }
    });
    assert_eq!(written.records.len(), 1);
    assert!(written.records[0].contains("server=EX01"), "{:?}", written.records);
    let told = "when the host was collected: C/Windows/System32/config/SAM: denied (3 times)".to_owned();
    let unknown = "no line of a collection's manifest".to_owned();
    assert_eq!(written.gaps, [(GapKind::Unreadable, Place::Line(3), told), (GapKind::Malformed, Place::Line(4), unknown)]);
}
