//! Sample reports for the tests and for looking at: made in code, so that the form of the model and theirs cannot part.
#![allow(dead_code, clippy::unwrap_used)]

pub mod dashboard;
mod proxylogon;

use afterpatch_model::{
    ArtifactId, ArtifactInfo, ArtifactKind, Build, BuildPeriod, CompromiseAnswer, Confidence, Coverage, CveExposure, Evidence,
    ExposureAnswer, ExposureState, Finding, FootholdAnswer, Gap, GapKind, Grade, Note, Place, Pointer, Report, SCHEMA,
    ServerReport, Severity, SourceCoverage, Standing, Step, Thing, ThingKind, Timestamp, Tool, Verdict,
};

pub use proxylogon::compromised;

/// All samples with the names of their files.
pub fn all() -> Vec<(&'static str, Report)> {
    vec![
        ("compromised", compromised()),
        ("unknown", unknown()),
        ("three-servers", three_servers()),
        ("no-server", no_server()),
        ("long", long(300)),
    ]
}

pub fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

pub fn build(text: &str) -> Build {
    text.parse().unwrap()
}

pub fn empty() -> Report {
    Report {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "afterpatch".to_owned(), version: "0.1.0".to_owned(), rules: 42, facts_date: "2026-11-10".to_owned() },
        generated: at("2026-11-23T09:30:00Z"),
        inputs: Vec::new(),
        since: None,
        until: None,
        interrupted: false,
        servers: Vec::new(),
        artifacts: Vec::new(),
        gaps: Vec::new(),
        notes: Vec::new(),
    }
}

/// Adds an artifact and gives its number.
pub fn artifact(report: &mut Report, kind: ArtifactKind, path: &str, records: u64, first: &str, last: &str) -> ArtifactId {
    let id = ArtifactId(u32::try_from(report.artifacts.len()).unwrap());
    report.artifacts.push(ArtifactInfo {
        id,
        kind,
        path: path.to_owned(),
        windows_path: path.split_once("/C/").map(|(_, rest)| format!("C:\\{}", rest.replace('/', "\\"))),
        bytes: records * 412,
        records,
        first: Some(at(first)),
        last: Some(at(last)),
    });
    id
}

pub fn source(kind: ArtifactKind, part: &str, files: u64, records: u64, first: &str, last: &str) -> SourceCoverage {
    SourceCoverage {
        kind,
        part: part.to_owned(),
        files,
        records,
        first: Some(at(first)),
        last: Some(at(last)),
        missing_hours: None,
        unreadable: 0,
    }
}

pub fn cve(id: &str, state: ExposureState, on: Option<&str>, fixed_seen: Option<&str>) -> CveExposure {
    CveExposure {
        cve: id.to_owned(),
        state,
        build: on.map(build),
        fixed_seen: fixed_seen.map(at),
        condition: (state == ExposureState::FixedIf).then(|| "Extended Protection is switched on".to_owned()),
    }
}

/// One server of which too little was read: "cannot tell".
pub fn unknown() -> Report {
    let mut report = empty();
    report.inputs = vec!["triage-EX02.zip".to_owned()];
    artifact(
        &mut report,
        ArtifactKind::IisW3c,
        "triage-EX02.zip/C/inetpub/logs/LogFiles/W3SVC1/u_ex261122.log",
        4_210,
        "2026-11-22T00:00:03Z",
        "2026-11-22T05:12:44Z",
    );
    report.servers.push(ServerReport {
        name: "EX02".to_owned(),
        aliases: Vec::new(),
        verdict: Verdict {
            exposure: ExposureAnswer::CannotTell,
            compromise: CompromiseAnswer::CannotTell,
            foothold: FootholdAnswer::CannotTell,
            because: Vec::new(),
        },
        exposure: Vec::new(),
        windows: Vec::new(),
        builds: Vec::new(),
        incidents: Vec::new(),
        findings: Vec::new(),
        coverage: Coverage {
            sources: vec![SourceCoverage {
                unreadable: 1,
                ..source(ArtifactKind::IisW3c, "", 1, 4_210, "2026-11-22T00:00:03Z", "2026-11-22T05:12:44Z")
            }],
            missing: vec!["exchange_httpproxy".to_owned(), "exchange_ecp".to_owned(), "event:MSExchange Management".to_owned()],
            doubts: Vec::new(),
            sufficient: false,
        },
    });
    report.gaps = vec![
        Gap::new(
            "triage-EX02.zip/C/inetpub/logs/LogFiles/W3SVC1/u_ex261121.log",
            GapKind::NotWhatItSays,
            "97 % of its bytes are not text",
        ),
        Gap::new("triage-EX02.zip/C/Windows/System32/winevt/Logs/Security.evtx", GapKind::Encrypted, "ZipCrypto"),
    ];
    report.notes = vec![Note::ServerUnnamed { server: "EX02".to_owned() }];
    report
}

/// Three servers: one broken into, one tried, one where nothing was seen.
pub fn three_servers() -> Report {
    let mut report = compromised();
    let proxy = artifact(
        &mut report,
        ArtifactKind::ExchangeHttpproxy,
        "EX03.zip/C/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/HttpProxy_2021031208-1.LOG",
        812,
        "2021-03-12T08:00:01Z",
        "2021-03-12T08:59:58Z",
    );
    report.inputs.extend(["EX03.zip".to_owned(), "EX04.zip".to_owned()]);
    let text = "2021-03-12T08:14:22.118Z,…,/ecp/y.js,ServerInfo~localhost/autodiscover/autodiscover.xml?a=~1942062522,,POST,403";
    let evidence = Evidence::new(proxy, Place::Line(301), Some(at("2021-03-12T08:14:22.118Z")), text);
    report.servers.push(ServerReport {
        name: "EX03.corp.example".to_owned(),
        aliases: vec!["EX03".to_owned()],
        verdict: Verdict {
            exposure: ExposureAnswer::Open,
            compromise: CompromiseAnswer::Attempted,
            foothold: FootholdAnswer::NothingSeen,
            because: vec![evidence.clone()],
        },
        exposure: vec![
            cve("CVE-2021-26855", ExposureState::Open, Some("15.2.721.2"), None),
            cve("CVE-2021-27065", ExposureState::Open, Some("15.2.721.2"), None),
            cve("CVE-2020-0688", ExposureState::Fixed, Some("15.2.721.2"), Some("2021-02-01T00:00:00Z")),
        ],
        windows: Vec::new(),
        builds: vec![BuildPeriod {
            build: build("15.2.721.2"),
            first: at("2021-02-01T00:00:00Z"),
            last: at("2021-03-21T07:59:58Z"),
            seen_in: Pointer { artifact: proxy, place: Place::Line(1) },
        }],
        incidents: Vec::new(),
        findings: vec![Finding {
            id: "F1".to_owned(),
            kind: "forged-routing-attempt".to_owned(),
            campaign: Some("proxylogon".to_owned()),
            title: "A forged routing cookie was used to reach the back end".to_owned(),
            step: Step::ForgedRequest,
            grade: Grade::Attempt,
            severity: Severity::High,
            confidence: Confidence::High,
            standing: Standing::Alone,
            server: "EX03.corp.example".to_owned(),
            first: evidence.time,
            last: Some(at("2021-03-12T08:14:29Z")),
            count: 4,
            attack: vec!["T1190".to_owned()],
            cves: vec!["CVE-2021-26855".to_owned()],
            things: vec![Thing::new(ThingKind::Address, "198.51.100.77"), Thing::new(ThingKind::Url, "/ecp/y.js")],
            evidence: vec![evidence],
            author: None,
            why: Vec::new(),
            origin: afterpatch_model::Origin::BuiltIn,
            acknowledged: None,
            bytes_out: None,
        }],
        coverage: Coverage {
            sources: vec![
                source(ArtifactKind::IisW3c, "", 48, 1_204_118, "2021-02-01T00:00:00Z", "2021-03-21T07:59:58Z"),
                SourceCoverage {
                    missing_hours: Some(0),
                    ..source(
                        ArtifactKind::ExchangeHttpproxy,
                        "Ecp",
                        1_160,
                        912_004,
                        "2021-02-01T00:00:00Z",
                        "2021-03-21T07:59:58Z",
                    )
                },
            ],
            missing: Vec::new(),
            doubts: Vec::new(),
            sufficient: true,
        },
    });
    report.servers.push(ServerReport {
        name: "EX04.corp.example".to_owned(),
        aliases: Vec::new(),
        verdict: Verdict {
            exposure: ExposureAnswer::Fixed,
            compromise: CompromiseAnswer::NothingSeen,
            foothold: FootholdAnswer::NothingSeen,
            because: Vec::new(),
        },
        exposure: vec![
            cve("CVE-2021-26855", ExposureState::Fixed, Some("15.2.792.10"), Some("2021-03-03T02:00:00Z")),
            cve("CVE-2022-41080", ExposureState::NotAffected, Some("15.2.792.10"), None),
        ],
        windows: Vec::new(),
        builds: vec![BuildPeriod {
            build: build("15.2.792.10"),
            first: at("2021-03-03T02:00:00Z"),
            last: at("2021-03-21T07:00:00Z"),
            seen_in: Pointer { artifact: proxy, place: Place::Whole },
        }],
        incidents: Vec::new(),
        findings: Vec::new(),
        coverage: Coverage {
            sources: vec![source(ArtifactKind::IisW3c, "", 48, 804_533, "2021-02-01T00:00:00Z", "2021-03-21T07:00:00Z")],
            missing: Vec::new(),
            doubts: Vec::new(),
            sufficient: true,
        },
    });
    report
}

/// Nothing but gaps.
pub fn no_server() -> Report {
    let mut report = empty();
    report.inputs = vec!["E:\\backup".to_owned()];
    report.interrupted = true;
    report.gaps = vec![
        Gap::new("E:\\backup\\logs.zip", GapKind::Encrypted, "AES-256"),
        Gap::new("E:\\backup\\u_ex210314.log", GapKind::Empty, ""),
        Gap::new("E:\\backup\\Security.evtx", GapKind::Truncated, "chunk 12 of 340 is damaged").at(Place::Offset(790_528)),
    ];
    report
}

/// The compromised server with hundreds of visits over three months: the picture and the tables must stay readable.
pub fn long(visits: i32) -> Report {
    let mut report = compromised();
    let server = &mut report.servers[0];
    let incident = &mut server.incidents[0];
    let template = incident.timeline.iter().find(|step| step.step == Step::PageRequested).unwrap().clone();
    let start = at("2021-03-15T01:00:00Z");
    let mut steps = Vec::new();
    for number in 0..visits {
        let time = start + jiff::SignedDuration::from_mins(i64::from(number) * 431 + i64::from(number * number % 97));
        let mut visit = template.clone();
        visit.first = Some(time);
        visit.last = Some(time);
        visit.after_fix = false;
        if number % 3 == 0 {
            visit.step = Step::CommandRun;
            visit.kind = "web-server-command".to_owned();
            visit.title = "The web server started a command".to_owned();
            visit.things = vec![Thing::new(ThingKind::Command, format!("cmd /c dir C:\\backup\\{number}"))];
        }
        steps.push(visit);
    }
    let gone = incident.timeline.iter().position(|step| step.step == Step::PageGone).unwrap();
    incident.timeline.splice(gone..gone, steps);
    incident.timeline.sort_by_key(|step| (step.first.is_none(), step.first));
    incident.last = incident.timeline.iter().filter_map(|step| step.last).max();
    report
}

/// The compromised server with so many findings in all, most of them scans of many visitors.
pub fn flood(findings: u32) -> Report {
    let mut report = compromised();
    let server = &mut report.servers[0];
    let template = server.findings.iter().find(|finding| finding.grade == Grade::Scan).unwrap().clone();
    let start = at("2021-03-16T00:00:00Z");
    let first = u32::try_from(server.findings.len()).unwrap() + 1;
    for number in first..=findings {
        let time = Some(start + jiff::SignedDuration::from_secs(i64::from(number) * 31));
        let mut finding = template.clone();
        finding.id = format!("F{number}");
        finding.first = time;
        finding.last = time;
        finding.grade = if number.is_multiple_of(50) { Grade::Attempt } else { Grade::Scan };
        finding.confidence = if number.is_multiple_of(3) { Confidence::Low } else { Confidence::Medium };
        let [a, b] = [number / 250 % 250, number % 250 + 1];
        let page = format!("/owa/auth/{:x}.aspx", u64::from(number) * 2_654_435_761 % 99_991);
        finding.things = vec![Thing::new(ThingKind::Address, format!("198.18.{a}.{b}")), Thing::new(ThingKind::Url, &page)];
        let text = format!("2021-03-16 02:11:09 10.0.0.4 GET {page} - 443 - 198.18.{a}.{b} Mozilla/5.0 - 404 0 2 31");
        finding.evidence = vec![Evidence::new(finding.evidence[0].artifact, Place::Line(u64::from(number)), time, text)];
        server.findings.push(finding);
    }
    report
}

/// A report in which every string that comes from evidence or from a rule pack is `payload`.
pub fn hostile(payload: &str) -> Report {
    let mut report = three_servers();
    report.interrupted = true;
    report.since = Some(at("2021-01-01T00:00:00Z"));
    report.until = Some(at("2027-01-01T00:00:00Z"));
    report.gaps = [GapKind::Unreadable, GapKind::Truncated, GapKind::UnsafeName]
        .map(|kind| Gap { artifact: Some(ArtifactId(0)), ..Gap::new(payload, kind, payload).at(Place::Record(9)) })
        .into();
    report.notes = vec![
        Note::ClockCorrected { artifact: ArtifactId(0), offset_minutes: -300, proven_by: 12 },
        Note::ServersMerged { server: String::new(), alias: String::new() },
        Note::ServerAssumed { server: String::new(), artifacts: 3 },
        Note::ServerUnnamed { server: String::new() },
        Note::TimeFilter { records: 1 },
        Note::WeakSignalsDropped { findings: 2 },
    ];
    for server in &mut report.servers {
        server.aliases = vec![String::new()];
        server.coverage.missing = vec![String::new(), "event:".to_owned()];
        for cve in &mut server.exposure {
            cve.condition = Some(String::new());
        }
        for finding in &mut server.findings {
            finding.author = Some(String::new());
        }
    }
    fill(&report, payload)
}

/// Puts `payload` into every string that is not a word of the model itself. Works on the JSON, so that a string field added to
/// the model later is filled without being listed here.
fn fill(report: &Report, payload: &str) -> Report {
    let mut value = serde_json::to_value(report).unwrap();
    fill_value(&mut value, "", payload);
    serde_json::from_value(value).unwrap()
}

fn fill_value(value: &mut serde_json::Value, key: &str, payload: &str) {
    /// Names of the fields whose values are words of the model, builds or times; ids must go on joining what they join.
    const OWN: [&str; 33] = [
        "origin",
        "source",
        "sign",
        "what",
        "exploited_from",
        "until",
        "seen_until",
        "closed",
        "by",
        "step",
        "grade",
        "severity",
        "confidence",
        "standing",
        "exposure",
        "compromise",
        "foothold",
        "state",
        "note",
        "build",
        "first",
        "last",
        "time",
        "written",
        "compiled",
        "first_answered",
        "last_answered",
        "gone",
        "fixed_seen",
        "generated",
        "since",
        "findings",
        "place",
    ];
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let model_word = OWN.contains(&key) && !text.is_empty();
            let kind_word = key == "kind" && is_kind(text);
            let id = key == "id" && text.starts_with(['F', 'I']);
            if !model_word && !kind_word && !id {
                let prefix = if text.starts_with("event:") { "event:" } else { "" };
                *text = format!("{prefix}{payload}");
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| fill_value(value, key, payload)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| fill_value(value, key, payload)),
        _ => {}
    }
}

/// Whether a text is a word of one of the model's kinds (the kind of a finding is a rule's slug and may be anything).
fn is_kind(text: &str) -> bool {
    fn reads<T: serde::de::DeserializeOwned>(text: &str) -> bool {
        serde_json::from_value::<T>(serde_json::Value::String(text.to_owned())).is_ok()
    }
    reads::<ArtifactKind>(text)
        || reads::<ThingKind>(text)
        || reads::<GapKind>(text)
        || reads::<afterpatch_model::DoubtKind>(text)
}
