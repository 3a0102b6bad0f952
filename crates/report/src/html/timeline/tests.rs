#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::Language;

fn incident(steps: &[(Step, Option<i64>)]) -> Incident {
    let timeline = steps
        .iter()
        .map(|(step, second)| afterpatch_model::TimelineStep {
            step: *step,
            kind: "kind".to_owned(),
            title: "title".to_owned(),
            grade: afterpatch_model::Grade::Compromise,
            first: second.map(|second| Timestamp::from_second(second).unwrap()),
            last: None,
            count: 1,
            after_fix: false,
            findings: Vec::new(),
            things: Vec::new(),
            evidence: Vec::new(),
        })
        .collect();
    Incident {
        id: "I1".to_owned(),
        campaign: "unknown".to_owned(),
        grade: afterpatch_model::Grade::Compromise,
        first: None,
        last: None,
        timeline,
        episodes: Vec::new(),
        pages: Vec::new(),
        things: Vec::new(),
        joined_by: Vec::new(),
        closed: None,
        taken: Vec::new(),
        attack: Vec::new(),
        cves: Vec::new(),
    }
}

fn touching(labels: &[Label], middle: bool) -> bool {
    let spans = labels.iter().filter(|label| !label.text.is_empty()).map(|label| {
        let width = width_of(&label.text);
        let left = if middle { label.x - width / 2.0 } else { label.x };
        (left, left + width)
    });
    let spans: Vec<_> = spans.collect();
    spans.iter().zip(spans.iter().skip(1)).any(|(a, b)| a.1 > b.0)
}

#[test]
fn an_empty_story_is_an_empty_picture() {
    let texts = Texts::new(Language::English).unwrap();
    let picture = picture(&texts, &incident(&[]), WIDE, "s1-i1", 1000);
    assert!(picture.marks.is_empty() && picture.lanes.is_empty() && picture.path.is_empty());
}

#[test]
fn the_first_of_a_kind_keeps_its_own_column() {
    let mut steps = vec![(Step::ForgedRequest, Some(0)), (Step::FileWritten, Some(1)), (Step::CommandRun, Some(2))];
    steps.extend((0..500).map(|visit| (Step::PageRequested, Some(10_000 + visit * 7_000))));
    steps.push((Step::PageGone, Some(4_000_000)));
    let texts = Texts::new(Language::English).unwrap();
    let picture = picture(&texts, &incident(&steps), NARROW, "s1-i1", 1000);
    let labels: Vec<_> = picture.marks.iter().map(|mark| mark.label.as_str()).collect();
    assert_eq!(labels.get(..4), Some(["1", "2", "3", "4"].as_slice()));
    assert_eq!(labels.last(), Some(&"504"));
    assert!(labels.len() <= NARROW.most_columns, "{labels:?}");
}

#[test]
fn enlarging_ends_when_every_step_has_its_mark() {
    let texts = Texts::new(Language::English).unwrap();
    let told = |count: i64| (0..count).map(|visit| (Step::PageRequested, Some(visit * 7_000))).collect::<Vec<_>>();
    let marks =
        |count| enlarged(&texts, &incident(&told(count)), "s1-i1", 1000).iter().map(|it| it.marks.len()).collect::<Vec<_>>();
    assert!(marks(2).is_empty());
    assert_eq!(marks(20), [20]);
    assert_eq!(marks(60).last(), Some(&60));
    let long = marks(900);
    assert!(long.len() == 3 && long.is_sorted() && long.last() < Some(&900), "{long:?}");
    let pictures = enlarged(&texts, &incident(&told(60)), "s1-i1", 1000);
    assert!(pictures.iter().all(|picture| picture.lanes.iter().all(|lane| lane.name_xs.len() > 1)));
}

proptest! {
    #[test]
    fn nothing_touches_and_nothing_leaves_the_picture(
        mut steps in proptest::collection::vec((0_usize..9, 0_i64..8_000_000), 1..400),
        untimed in 0_usize..3,
        fix in proptest::option::of(0_i64..8_000_000),
    ) {
        use Step::{CommandRun, ConfigurationChanged, DirectoryReset, FilePresent, FileWritten, ForgedRequest, PageCompiled, PageGone, PageRequested};
        const KINDS: [Step; 9] = [ForgedRequest, ConfigurationChanged, FileWritten, DirectoryReset, PageCompiled, PageRequested, CommandRun, PageGone, FilePresent];
        steps.sort_by_key(|step| step.1);
        let mut told: Vec<_> = steps.iter().map(|(kind, second)| (KINDS[*kind], Some(*second))).collect();
        told.extend((0..untimed).map(|_| (FilePresent, None)));
        let mut incident = incident(&told);
        incident.closed = fix.map(|second| Timestamp::from_second(second).unwrap());
        for language in Language::ALL {
            let texts = Texts::new(language).unwrap();
            for layout in [WIDE, NARROW, enlarged_layout(2), enlarged_layout(8)] {
                let picture = picture(&texts, &incident, layout, "s1-i1", 1000);
                for mark in &picture.marks {
                    prop_assert!(mark.left >= 0.0 && mark.left + mark.width <= layout.width);
                }
                for (at, a) in picture.marks.iter().enumerate() {
                    for b in picture.marks.iter().skip(at + 1).filter(|b| b.top == a.top) {
                        prop_assert!(a.left + a.width <= b.left || b.left + b.width <= a.left, "{} and {}", a.label, b.label);
                    }
                }
                prop_assert!(!touching(&picture.times, true) && !touching(&picture.pauses, true) && !touching(&picture.days, false));
                for label in picture.times.iter().chain(&picture.pauses) {
                    let half = width_of(&label.text) / 2.0;
                    prop_assert!(label.x - half >= 0.0 && label.x + half <= layout.width);
                }
                // Every step is in one mark.
                let shown: usize = picture.marks.iter().map(|mark| match mark.label.split_once('–') {
                    Some((first, last)) => { let range = first.parse::<usize>().unwrap()..=last.parse().unwrap(); range.count() }
                    None => 1,
                }).sum();
                prop_assert!(shown >= picture.marks.len() && picture.marks.len() <= told.len());
            }
        }
    }
}
