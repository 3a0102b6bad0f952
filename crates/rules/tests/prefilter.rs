//! The filters before the rules hold back no rule that matches: every row is asked with and without them.
#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::LazyLock;

use afterpatch_model::{Fields, LogSource, Place, Record, Unified, WebRequest};
use afterpatch_rules::{Admitted, Likes, RuleFiles, RulePack};
use proptest::prelude::*;

static PACK: LazyLock<RulePack> = LazyLock::new(|| RulePack::from_files(&RuleFiles::embedded().unwrap(), []).0);
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| {
    ["cs-method", "cs-uri-stem", "cs-uri-query", "cs-username", "cs(User-Agent)", "sc-status"].map(str::to_owned).into()
});

/// Pieces of which addresses are made that our rules look for, and some that almost are.
const PIECES: [&str; 40] = [
    "/owa/",
    "/ecp/",
    "/autodiscover/",
    "autodiscover.json",
    "/powershell",
    "powershell",
    "POWERSHELL",
    "/mapi/nspi",
    "/ews/",
    "Exchange.asmx",
    "@",
    "%40",
    "%2540",
    "a@b.example",
    "?",
    "&",
    "=",
    "Email=autodiscover/autodiscover.json",
    "X-Rps-CAT=",
    "RulesEditor/InboxRules.svc/NewObject",
    "SecurityToken=",
    "__VIEWSTATE=",
    "__VIEWSTATE%3d",
    "/owa/auth/frowny.aspx",
    "/owa/auth/webcccsd/",
    "/owa/calendar/a",
    "/mrsproxy.svc",
    "/DDI/DDIService.svc/SetObject",
    "y.js",
    "x.png",
    "<script>",
    "document.",
    "/",
    "%2f",
    "p%6fwershell",
    "\u{212A}",
    "ſ",
    "po\u{0}wershell",
    "-",
    "x",
];
const AGENTS: [&str; 6] =
    ["Mozilla/5.0 (Windows NT 10.0)", "python-requests/2.25", "Go-http-client/1.1", "", "curl/7.1", "Java/1.8"];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..7).prop_map(|pieces| pieces.concat())
}

fn row<'a>(fields: Fields<'a>, request: WebRequest<'a>) -> Record<'a> {
    Record {
        place: Place::Line(1),
        time: None,
        server: None,
        source: LogSource::fixed("windows", "webserver", "iis"),
        fields,
        unified: Unified::WebRequest(request),
    }
}

fn hits(record: &Record<'_>, admitted: &mut Admitted) -> Vec<&'static str> {
    let mut hits = Vec::new();
    PACK.matches_of(record, admitted, &mut hits);
    hits.into_iter().map(|rule| PACK.rules()[rule].slug.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_row_is_told_by_the_same_rules_with_filters_and_without(
        rows in prop::collection::vec(
            (
                prop::sample::select(&["GET", "POST", "post"][..]),
                text(),
                text(),
                prop::sample::select(&["", "user", "HOST$", "a@b.example"][..]),
                prop::sample::select(&AGENTS[..]),
                prop::sample::select(&[200_u16, 302, 404, 500, 503][..]),
                prop::sample::select(&[443_u16, 444][..]),
            ),
            1..6,
        )
    ) {
        let (mut filtered, mut by_fields, mut all) =
            (Admitted::default(), Admitted::default(), Admitted::without_prefilter());
        for (method, stem, query, user, agent, status, port) in &rows {
            let status_text = status.to_string();
            let raw = [*method, stem, query, user, &agent.replace(' ', "+"), &status_text];
            let line = raw.join(" ");
            let request = WebRequest {
                method: (*method).into(),
                stem: stem.into(),
                query: query.into(),
                user: (*user).into(),
                user_agent: (*agent).into(),
                status: *status,
                port: *port,
                ..WebRequest::default()
            };
            let values = || raw.iter().map(|value| (*value).into()).collect();
            let record = |line| row(Fields::Columns { names: &NAMES, values: values(), line }, request.clone());
            let told = hits(&record(&line), &mut all);
            prop_assert_eq!(&hits(&record(&line), &mut filtered), &told, "by line: {}", line);
            prop_assert_eq!(&hits(&record(""), &mut by_fields), &told, "by fields: {}", line);
            // Rows that differ in nothing but their query.
            let likes = PACK.likes_of(&record(&line), &mut filtered);
            for (_, _, other, ..) in &rows {
                let mut raw = raw;
                raw[2] = other;
                let (line, mut request) = (raw.join(" "), request.clone());
                request.query = other.into();
                let values = raw.iter().map(|value| (*value).into()).collect();
                let told = hits(&row(Fields::Columns { names: &NAMES, values, line: &line }, request), &mut all);
                let lets_through = match &likes {
                    Likes::None => false,
                    Likes::With(filter) => filter.lets_through(&[other.as_str()]),
                    Likes::Each => true,
                };
                prop_assert!(told.is_empty() || lets_through, "{:?}: {} after {}", told, other, query);
            }
        }
    }
}

/// That the property above is not about rows which no rule tells.
#[test]
fn rules_of_many_kinds_are_met_by_such_rows() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..20_000 {
        use proptest::strategy::ValueTree;
        let (stem, query) = (text(), text()).new_tree(&mut runner).unwrap().current();
        let request = WebRequest {
            method: "POST".into(),
            stem: stem.into(),
            query: query.into(),
            status: 200,
            port: 444,
            ..WebRequest::default()
        };
        met.extend(hits(&row(Fields::default(), request), &mut Admitted::default()));
    }
    assert!(met.len() >= 8, "{met:?}");
}

/// Rules on events as they are published: by number, by a number and more, by a text alone, by what is not there.
const ON_EVENTS: [(&str, &str, &str); 9] = [
    ("number", "service: security", "  s: {EventID: 4624}\n  condition: s"),
    ("numbers", "service: security", "  s: {EventID: [4625, 1102]}\n  t: {A|contains: ab}\n  condition: s and t"),
    ("part", "service: security", "  s: {EventID|contains: 62}\n  condition: s"),
    ("text", "service: security", "  s: {A|contains: ab}\n  condition: s"),
    ("keyword", "service: security", "  keywords: [abba]\n  condition: keywords"),
    ("not", "service: security", "  s: {EventID: 4624}\n  t: {A|contains: ab}\n  condition: t and not s"),
    ("any", "service: system", "  s: {EventID: 7}\n  t: {A|contains: ab}\n  condition: s or t"),
    ("category", "category: process_creation", "  s: {A|endswith: b}\n  f: {EventID: 1}\n  condition: s and not f"),
    ("empty", "service: security", "  s: {EventID: ''}\n  condition: s"),
];

static ON_EVENTS_PACK: LazyLock<RulePack> = LazyLock::new(|| {
    let rule = |(name, source, detection): &(&str, &str, &str)| {
        (format!("{name}.yml"), format!("title: {name}\nlogsource:\n  product: windows\n  {source}\ndetection:\n{detection}\n"))
    };
    let (pack, problems) = RulePack::from_texts(ON_EVENTS.iter().map(rule));
    assert!(problems.is_empty(), "{problems:?}");
    pack
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_event_is_told_by_the_same_rules_whatever_sorts_of_events_were_before(
        events in prop::collection::vec(
            (
                prop::sample::select(&["4624", "4625", "1102", "7", "1", "62", "04624", "46240", "", "12345678901", "4624.0"][..]),
                prop::sample::select(&[("", "security"), ("", "system"), ("process_creation", "security"), ("", "")][..]),
                prop::sample::select(&["", "ab", "xabx", "abba", "AB", "\u{212A}ab", "b"][..]),
                prop::sample::select(&["EventID", "eventid", "Other"][..]),
            ),
            1..20,
        )
    ) {
        let (mut filtered, mut all) = (Admitted::default(), Admitted::without_prefilter());
        for (number, (category, service), text, name) in &events {
            let pairs = [(*name, *number), ("Channel", "X"), ("A", *text)];
            let record = Record {
                place: Place::Record(1),
                time: None,
                server: None,
                source: LogSource::fixed("windows", category, service),
                fields: Fields::Pairs(pairs.map(|(name, value)| (name.into(), value.into())).to_vec()),
                unified: Unified::Other,
            };
            let [mut with, mut without] = [Vec::new(), Vec::new()];
            ON_EVENTS_PACK.matches_of(&record, &mut filtered, &mut with);
            ON_EVENTS_PACK.matches_of(&record, &mut all, &mut without);
            prop_assert_eq!(with, without, "{:?}", record);
        }
    }
}

#[test]
fn a_made_up_number_for_every_event_is_no_harm() {
    let mut admitted = Admitted::default();
    for number in 0..3_000 {
        let number = if number % 3 == 0 { "4624".to_owned() } else { number.to_string() };
        let pairs = vec![("EventID".into(), number.clone().into()), ("Channel".into(), "Security".into())];
        let record = Record {
            place: Place::Record(1),
            time: None,
            server: None,
            source: LogSource::fixed("windows", "", "security"),
            fields: Fields::Pairs(pairs),
            unified: Unified::Other,
        };
        let mut hits = Vec::new();
        ON_EVENTS_PACK.matches_of(&record, &mut admitted, &mut hits);
        let names: Vec<&str> = hits.into_iter().map(|rule| ON_EVENTS_PACK.rules()[rule].slug.as_str()).collect();
        assert_eq!(names.contains(&"number"), number == "4624", "{number}: {names:?}");
    }
}
