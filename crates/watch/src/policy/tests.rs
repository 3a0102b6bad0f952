#![allow(clippy::unwrap_used)]
use super::*;

fn known() -> Vec<String> {
    vec!["web-shell-code".to_owned(), "unknown-page-present".to_owned()]
}

const POLICY: &str = "\
quarantine:
  - kinds: [web-shell-code]
    confidence: high
    folders: [/srv/www]
most_per_hour: 2
";

#[test]
fn a_policy_is_used_as_a_whole_or_not_at_all() {
    Policy::parse(POLICY, &known()).unwrap();
    for (from, to) in [
        ("web-shell-code", "web-shel-code"),
        ("/srv/www", "www"),
        ("most_per_hour: 2", "most_per_hour: 0"),
        ("most_per_hour: 2", ""),
        ("confidence: high", "confidence: sure"),
        ("confidence: high", "confidence: high\n    severity: low"),
        ("folders: [/srv/www]", "folders: []"),
    ] {
        assert!(Policy::parse(&POLICY.replace(from, to), &known()).is_err(), "{from} -> {to}");
    }
}

fn alert(change: impl Fn(&mut serde_json::Value)) -> Alert {
    let mut alert = serde_json::json!({
        "schema": "afterpatch.alert/1", "id": "", "sequence": 1, "told": "2026-01-01T00:00:00Z",
        "finding": { "id": "", "kind": "web-shell-code", "title": "t", "campaign": null, "step": "file_present",
            "grade": "compromise", "severity": "critical", "confidence": "high", "standing": "alone", "server": "", "first": null,
            "last": null, "count": 1, "bytes_out": null, "attack": [], "cves": [], "things": [], "evidence": [], "why": [],
            "author": null, "origin": "built_in", "acknowledged": null },
        "artifact": { "id": 0, "kind": "served_script", "path": "/srv/www/x.php", "windows_path": null, "bytes": 1, "records": 1,
            "first": null, "last": null },
        "place": "whole", "story": "s", "beside": [], "repeats": null });
    change(&mut alert);
    serde_json::from_value(alert).unwrap()
}

#[test]
fn only_what_it_names_is_allowed_and_only_so_often() {
    let mut policy = Policy::parse(POLICY, &known()).unwrap();
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let path = Path::new("/srv/www/x.php");
    let plain = alert(|_| {});
    assert_eq!(policy.allows(&plain, path, now), Ok(()));
    assert_eq!(policy.allows(&plain, Path::new("/srv/www2/x.php"), now), Err(None));
    for (field, value) in [("kind", "unknown-page-present"), ("confidence", "medium"), ("grade", "unclear")] {
        let other = alert(|alert| alert["finding"][field] = value.into());
        assert_eq!(policy.allows(&other, path, now), Err(None), "{field}");
    }
    policy.took(now);
    policy.took(now);
    assert!(policy.allows(&plain, path, now).unwrap_err().is_some());
    assert_eq!(policy.allows(&plain, path, now + std::time::Duration::from_secs(3600)), Ok(()));
}
