#![allow(clippy::unwrap_used)]
use afterpatch_model::{ArtifactId, ArtifactKind, Confidence, Evidence, Step, Thing};

use super::*;

fn artifact() -> ArtifactInfo {
    ArtifactInfo {
        id: ArtifactId(0),
        kind: ArtifactKind::IisW3c,
        path: "/logs/u_ex.log".to_owned(),
        windows_path: None,
        bytes: 1,
        records: 1,
        first: None,
        last: None,
    }
}

fn finding(kind: &str, standing: Standing, things: &[(ThingKind, &str)], line: u64) -> Finding {
    let things: Vec<Thing> = things.iter().map(|(kind, value)| Thing::new(*kind, *value)).collect();
    let text = format!("line {line}");
    Finding {
        id: String::new(),
        kind: kind.to_owned(),
        title: kind.to_owned(),
        campaign: None,
        step: Step::Other,
        grade: Grade::Attempt,
        severity: Severity::High,
        confidence: Confidence::High,
        standing,
        server: String::new(),
        first: None,
        last: None,
        count: 1,
        bytes_out: None,
        attack: Vec::new(),
        cves: Vec::new(),
        things,
        evidence: vec![Evidence::new(ArtifactId(0), Place::Line(line), None, text)],
        why: Vec::new(),
        author: None,
        origin: Origin::BuiltIn,
        acknowledged: None,
    }
}

fn at(seconds: u64) -> Now {
    Now { time: Timestamp::UNIX_EPOCH, elapsed: Duration::from_secs(seconds) }
}

fn tell(teller: &mut Teller, findings: Vec<Finding>, seconds: u64) -> Vec<Alert> {
    teller.tell(findings, &In { artifact: &artifact(), page: None }, 0, at(seconds))
}

#[test]
fn a_weak_sign_waits_for_something_strong_and_is_told_with_it() {
    let mut teller = Teller::new(Severity::Low, &[]);
    let page = [(ThingKind::Page, "x.aspx")];
    assert!(tell(&mut teller, vec![finding("page-answered", Standing::Beside, &page, 1)], 0).is_empty());
    let strong = tell(&mut teller, vec![finding("web-shell-code", Standing::Alone, &page, 2)], 1);
    assert_eq!(strong[0].beside[0].kind, "page-answered");
    let later = tell(&mut teller, vec![finding("page-answered", Standing::Beside, &page, 3)], 2);
    assert_eq!(later[0].story, strong[0].id, "from now on its use is told");
    assert!(tell(&mut teller, vec![finding("page-answered", Standing::Beside, &[(ThingKind::Page, "y.aspx")], 4)], 3).is_empty());
}

#[test]
fn the_same_bytes_tell_nothing_again_even_after_a_restart() {
    let mut teller = Teller::new(Severity::Low, &[]);
    let one = || vec![finding("a", Standing::Alone, &[(ThingKind::Page, "x.aspx")], 1)];
    let told = tell(&mut teller, one(), 0);
    assert_eq!(told.len(), 1);
    assert!(tell(&mut teller, one(), 10_000).is_empty());
    let mut again = Teller::new(Severity::Low, &told);
    assert!(tell(&mut again, one(), 0).is_empty());
}

#[test]
fn ten_thousand_decoys_are_a_few_alerts_and_hide_nothing() {
    let mut teller = Teller::new(Severity::Low, &[]);
    let source = (ThingKind::Address, "203.0.113.9");
    let decoys: Vec<Finding> = (0..10_000)
        .map(|number| {
            let page = format!("decoy{number}.aspx");
            finding("probe", Standing::Alone, &[source, (ThingKind::Page, &page)], number)
        })
        .collect();
    let mut all = tell(&mut teller, decoys, 0);
    assert_eq!(all.len(), 20);
    // Another source, another kind, and somebody who got somewhere are told at once.
    all = tell(&mut teller, vec![finding("probe", Standing::Alone, &[(ThingKind::Address, "192.0.2.1")], 1)], 1);
    assert_eq!(all.len(), 1);
    let real = Finding { grade: Grade::Compromise, ..finding("shell", Standing::Alone, &[source], 2) };
    assert_eq!(tell(&mut teller, vec![real], 2).len(), 1);
    let repeats = teller.repeats(0, at(700), false);
    let count: u64 = repeats.iter().filter_map(|alert| alert.repeats.as_ref()).map(|repeats| repeats.count).sum();
    assert_eq!((repeats.len(), count), (1, 9_980));
}

#[test]
fn many_sources_are_bounded_for_attempts_and_told_for_what_succeeded() {
    let mut teller = Teller::new(Severity::Low, &[]);
    let of = |grade: Grade, number: u64| {
        let address = format!("10.0.{}.{}", number / 256, number % 256);
        Finding { grade, ..finding("k", Standing::Alone, &[(ThingKind::Address, &address)], number) }
    };
    assert_eq!(tell(&mut teller, (0..5_000).map(|number| of(Grade::Attempt, number)).collect(), 0).len(), 300);
    let mut teller = Teller::new(Severity::Low, &[]);
    let told = tell(&mut teller, (0..5_000).map(|number| of(Grade::Success, number)).collect(), 0);
    assert_eq!(told.iter().filter(|alert| alert.repeats.is_none()).count(), 5_000);
}

#[test]
fn what_is_vouched_for_or_too_small_is_not_told() {
    let mut teller = Teller::new(Severity::Medium, &[]);
    let small = Finding { severity: Severity::Low, ..finding("a", Standing::Alone, &[], 1) };
    let acknowledgement = afterpatch_model::Acknowledgement { why: "w".to_owned(), who: "w".to_owned(), until: None };
    let known = Finding { acknowledged: Some(acknowledgement), ..finding("b", Standing::Alone, &[], 2) };
    let guest = Finding { origin: Origin::User, ..finding("c", Standing::Alone, &[], 3) };
    assert!(tell(&mut teller, vec![small, known, guest], 0).is_empty());
}
