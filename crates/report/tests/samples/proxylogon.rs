//! One server broken into through ProxyLogon: seven seconds of attack, three weeks of visitors, a fix in between, a removal.

use afterpatch_model::{
    ArtifactId, ArtifactKind, BuildPeriod, CompromiseAnswer, Confidence, Coverage, Doubt, DoubtKind, Episode, Evidence,
    ExposureAnswer, ExposureState, ExposureWindow, Finding, FootholdAnswer, Gap, GapKind, Grade, Incident, Join, Note, PageLife,
    Place, Pointer, Report, ServerReport, Severity, SourceCoverage, Standing, Step, Taken, Thing, ThingKind, TimelineStep,
    Verdict,
};

use super::{artifact, at, build, cve, empty, source};

const SERVER: &str = "MXS01.azsentinel.local";
const PAGE: &str = r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\owa\auth\ohyeah.aspx";

/// What a step of the sample is made of.
struct Told {
    time: &'static str,
    step: Step,
    kind: &'static str,
    title: &'static str,
    grade: Grade,
    severity: Severity,
    things: Vec<Thing>,
    artifact: ArtifactId,
    place: Place,
    text: String,
    count: u64,
    after_fix: bool,
}

/// The sample.
pub fn compromised() -> Report {
    let mut report = empty();
    report.inputs = vec!["MXS01-triage.zip".to_owned()];
    let events = artifact(
        &mut report,
        ArtifactKind::EventJson,
        "MXS01-triage.zip/winlogs/events_2021-03-14.json",
        7_412,
        "2021-03-14T06:39:02.100Z",
        "2021-03-14T06:41:58.004Z",
    );
    let iis = artifact(
        &mut report,
        ArtifactKind::IisW3c,
        "MXS01-triage.zip/uploads/auto/C/inetpub/logs/LogFiles/W3SVC1/u_ex210314.log",
        18_233,
        "2021-03-14T00:00:01Z",
        "2021-03-14T23:59:57Z",
    );
    let later = artifact(
        &mut report,
        ArtifactKind::IisW3c,
        "MXS01-triage.zip/uploads/auto/C/inetpub/logs/LogFiles/W3SVC1/u_ex210404.log",
        17_903,
        "2021-04-04T00:00:02Z",
        "2021-04-04T23:59:58Z",
    );
    let proxy = artifact(
        &mut report,
        ArtifactKind::ExchangeHttpproxy,
        "MXS01-triage.zip/uploads/auto/C/Program Files/Microsoft/Exchange Server/V15/Logging/HttpProxy/Ecp/HttpProxy_2021031406-1.LOG",
        611,
        "2021-03-14T06:00:00.412Z",
        "2021-03-14T06:59:59.901Z",
    );
    let told = story(events, iis, later, proxy);
    let findings: Vec<Finding> = told.iter().zip(1..).map(|(told, number)| finding(told, number)).collect();
    let timeline: Vec<TimelineStep> = told.iter().zip(&findings).map(|(told, finding)| step(told, finding)).collect();
    let mut things: Vec<Thing> = findings.iter().flat_map(|finding| finding.things.clone()).collect();
    things.sort();
    things.dedup();
    let episode = |range: std::ops::Range<usize>, addresses: &[&str]| Episode {
        first: timeline[range.start].first,
        last: timeline[range.end - 1].last,
        addresses: addresses.iter().map(|&address| address.to_owned()).collect(),
        grade: timeline[range.clone()].iter().map(|step| step.grade).max().unwrap(),
        steps: range.map(|at| u32::try_from(at).unwrap()).collect(),
    };
    let incident = Incident {
        id: "I1".to_owned(),
        campaign: "proxylogon".to_owned(),
        grade: Grade::PostPatchUse,
        first: timeline.iter().filter_map(|step| step.first).min(),
        last: timeline.iter().filter_map(|step| step.last).max(),
        episodes: vec![
            episode(0..8, &["203.0.113.24"]),
            episode(8..10, &["198.51.100.7"]),
            episode(10..12, &["192.0.2.190", "198.51.100.7"]),
            episode(12..13, &["192.0.2.190"]),
        ],
        pages: vec![PageLife {
            page: "ohyeah.aspx".to_owned(),
            path: Some(PAGE.to_owned()),
            written: Some(at("2021-03-14T06:40:13.659Z")),
            compiled: Some(at("2021-03-14T06:40:15.300Z")),
            first_answered: Some(at("2021-03-14T06:40:15Z")),
            last_answered: Some(at("2021-04-01T22:03:41Z")),
            gone: Some(at("2021-04-04T09:12:05Z")),
            requests: 37,
            visitors: vec!["203.0.113.24".to_owned(), "198.51.100.7".to_owned(), "192.0.2.190".to_owned()],
            file_present: false,
            deleted: false,
            after_fix: 9,
        }],
        closed: Some(at("2021-03-20T02:00:00.310Z")),
        taken: vec![Taken {
            what: Step::PageRequested,
            kind: "page-answered".to_owned(),
            title: "The page was requested and answered".to_owned(),
            from: vec!["ohyeah.aspx".to_owned()],
            who: vec!["192.0.2.190".to_owned(), "198.51.100.7".to_owned()],
            bytes: Some(41_288_004),
            count: 37,
            first: Some(at("2021-03-14T06:40:15Z")),
            last: Some(at("2021-04-01T22:03:41Z")),
            findings: vec!["F9".to_owned()],
        }],
        things,
        joined_by: vec![
            Join::SameThing(Thing::new(ThingKind::Page, "ohyeah.aspx")),
            Join::CloseInTime { seconds: 60 },
            Join::SameThing(Thing::new(ThingKind::Address, "198.51.100.7")),
        ],
        attack: vec!["T1059.003".to_owned(), "T1190".to_owned(), "T1505.003".to_owned()],
        cves: vec!["CVE-2021-26855".to_owned(), "CVE-2021-27065".to_owned()],
        timeline,
    };
    let because = vec![findings[3].evidence[0].clone(), findings[6].evidence[0].clone(), findings[11].evidence[0].clone()];
    let mut findings = findings;
    findings.push(scan(proxy));
    report.servers.push(ServerReport {
        name: SERVER.to_owned(),
        aliases: vec!["MXS01".to_owned()],
        verdict: Verdict {
            exposure: ExposureAnswer::Open,
            compromise: CompromiseAnswer::Compromised,
            foothold: FootholdAnswer::UsedAfterFix,
            because,
        },
        exposure: vec![
            cve("CVE-2021-26855", ExposureState::Fixed, Some("15.1.2176.9"), Some("2021-03-20T02:00:00.310Z")),
            cve("CVE-2021-27065", ExposureState::Fixed, Some("15.1.2176.9"), Some("2021-03-20T02:00:00.310Z")),
            cve("CVE-2021-34473", ExposureState::Open, Some("15.1.2176.9"), None),
            cve("CVE-2024-21410", ExposureState::FixedIf, Some("15.1.2176.9"), None),
            cve("CVE-2010-3190", ExposureState::NotAffected, Some("15.1.2176.9"), None),
        ],
        windows: vec![
            ExposureWindow {
                cves: vec!["CVE-2021-26855".to_owned(), "CVE-2021-27065".to_owned()],
                name: Some("ProxyLogon".to_owned()),
                exploited_from: at("2021-01-03T00:00:00Z"),
                until: Some(at("2021-03-20T02:00:00.310Z")),
                seen_until: at("2021-03-20T02:00:00.310Z"),
                days: 77,
                days_covered: 24,
            },
            ExposureWindow {
                cves: vec!["CVE-2021-34473".to_owned()],
                name: Some("ProxyShell".to_owned()),
                exploited_from: at("2021-08-01T00:00:00Z"),
                until: None,
                seen_until: at("2021-08-20T00:00:00Z"),
                days: 20,
                days_covered: 20,
            },
        ],
        builds: vec![
            BuildPeriod {
                build: build("15.1.2176.2"),
                first: at("2021-02-14T00:00:00.210Z"),
                last: at("2021-03-20T00:59:58.110Z"),
                seen_in: Pointer { artifact: proxy, place: Place::Line(2) },
            },
            BuildPeriod {
                build: build("15.1.2176.9"),
                first: at("2021-03-20T02:00:00.310Z"),
                last: at("2021-04-05T11:59:59.700Z"),
                seen_in: Pointer { artifact: proxy, place: Place::Line(2) },
            },
        ],
        incidents: vec![incident],
        findings,
        coverage: coverage(),
    });
    report.gaps = vec![
        Gap::new("MXS01-triage.zip/winlogs/Security.evtx", GapKind::Truncated, "chunk 214 of 320 is damaged")
            .at(Place::Record(88_120)),
        Gap {
            count: 14,
            ..Gap::new(
                "MXS01-triage.zip/uploads/auto/C/inetpub/logs/LogFiles/W3SVC1/u_ex210320.log",
                GapKind::Malformed,
                "row has 9 of 15 columns",
            )
            .at(Place::Line(5_512))
        },
    ];
    report.notes = vec![
        Note::ClockCorrected { artifact: events, offset_minutes: -300, proven_by: 2_214 },
        Note::ServersMerged { server: SERVER.to_owned(), alias: "MXS01".to_owned() },
        Note::WeakSignalsDropped { findings: 3 },
    ];
    report
}

fn story(events: ArtifactId, iis: ArtifactId, later: ArtifactId, proxy: ArtifactId) -> Vec<Told> {
    let thing = Thing::new;
    // Inert: the words of a planted script without anything that would run.
    let script =
        "http://f/<script language=\"JScript\" runat=\"server\">function Page_Load(){ /* runs Request[\"code\"] */ }</script>";
    let page = || thing(ThingKind::Page, "ohyeah.aspx");
    let file = || thing(ThingKind::File, PAGE);
    let url = || thing(ThingKind::Url, "/owa/auth/ohyeah.aspx");
    let from = |address: &str| Thing::new(ThingKind::Address, address);
    let object = || thing(ThingKind::Object, r"MXS01\OAB (Default Web Site)");
    let line = Place::Line;
    use Grade::{Attempt, Compromise, PostPatchUse, Success};
    use Severity::{Critical, High};
    let told = |time, step, kind, title, grade, severity, things, artifact, place, text: String| Told {
        time,
        step,
        kind,
        title,
        grade,
        severity,
        things,
        artifact,
        place,
        text,
        count: 1,
        after_fix: false,
    };
    vec![
        told("2021-03-14T06:40:11.940Z", Step::ForgedRequest, "control-panel-forged-error", "The control panel failed on a forged address",
            Success, High, vec![from("203.0.113.24"), thing(ThingKind::Url, "/ecp/y.js"), thing(ThingKind::Account, r"AZSENTINEL\MXS01$")],
            events, line(2_207), "MSExchange Control Panel 4: Request for URL 'https://mxs01.azsentinel.local:444/ecp/DDI/DDIService.svc/GetObject' failed".to_owned()),
        told("2021-03-14T06:40:12.402Z", Step::SessionOpened, "forged-session", "A control panel session was opened with a forged request",
            Success, Critical, vec![from("203.0.113.24"), thing(ThingKind::Url, "/ecp/proxyLogon.ecp")],
            proxy, line(318), "2021-03-14T06:40:12.402Z,…,/ecp/proxyLogon.ecp,,ServerInfo~…,POST,241".to_owned()),
        told("2021-03-14T06:40:12.987Z", Step::ConfigurationChanged, "virtual-directory-script", "A script was put into the address of a virtual directory",
            Compromise, Critical, vec![object(), thing(ThingKind::Script, script), thing(ThingKind::Account, "NT AUTHORITY\\SYSTEM")],
            events, line(2_411), format!("Set-OabVirtualDirectory -ExternalUrl \"{script}\" -Identity \"3f1a…\"")),
        told("2021-03-14T06:40:13.659Z", Step::FileWritten, "page-written", "A page was written into a web folder",
            Compromise, Critical, vec![file(), page(), thing(ThingKind::Process, "System")],
            events, line(2_566), format!("Sysmon 11 FileCreate: Image=System TargetFilename={PAGE}")),
        told("2021-03-14T06:40:14.768Z", Step::DirectoryReset, "virtual-directory-removed", "A virtual directory was removed",
            Compromise, High, vec![object()],
            events, line(2_744), "Remove-OabVirtualDirectory -Force \"True\" -Identity \"3f1a…\"".to_owned()),
        told("2021-03-14T06:40:15.300Z", Step::PageCompiled, "unknown-page-compiled", "The web server compiled a page that belongs to no build of Exchange, in a folder that anybody can reach",
            Compromise, High, vec![page(), file()],
            events, line(2_802), "Sysmon 11 FileCreate: TargetFilename=C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\Temporary ASP.NET Files\\owa\\…\\ohyeah.aspx.9a2e.compiled".to_owned()),
        told("2021-03-14T06:40:15.338Z", Step::CommandRun, "web-server-command", "The web server started a command",
            Compromise, Critical, vec![thing(ThingKind::Command, "cmd /c whoami"), thing(ThingKind::Process, "w3wp.exe (4312)")],
            events, line(2_815), "Sysmon 1: ParentImage=C:\\Windows\\System32\\inetsrv\\w3wp.exe CommandLine=cmd /c whoami".to_owned()),
        told("2021-03-14T06:40:17.518Z", Step::DirectoryReset, "virtual-directory-created", "A virtual directory was created",
            Compromise, High, vec![object()],
            events, line(3_040), "New-OabVirtualDirectory -WebSiteName \"Default Web Site\"".to_owned()),
        Told { count: 27, ..told("2021-03-15T02:11:09Z", Step::PageRequested, "page-answered", "The page was requested and answered",
            Compromise, Critical, vec![url(), page(), from("198.51.100.7")],
            iis, line(9_902), "2021-03-15 02:11:09 10.0.0.4 POST /owa/auth/ohyeah.aspx - 443 - 198.51.100.7 python-requests/2.25.1 - 200 0 0 41".to_owned()) },
        told("2021-03-15T02:11:10.120Z", Step::CommandRun, "web-server-command", "The web server started a command",
            Compromise, Critical, vec![thing(ThingKind::Command, "cmd /c \"net group \"Domain Admins\" /domain & nltest /domain_trusts /all_trusts & dir C:\\inetpub\\wwwroot\\aspnet_client /s\"")],
            events, line(5_001), "Sysmon 1: ParentImage=C:\\Windows\\System32\\inetsrv\\w3wp.exe CommandLine=cmd /c \"net group …\"".to_owned()),
        Told { count: 6, after_fix: true, ..told("2021-03-24T23:40:02Z", Step::PageRequested, "page-answered", "The page was requested and answered",
            PostPatchUse, Critical, vec![url(), page(), from("192.0.2.190"), from("198.51.100.7")],
            later, line(702), "2021-03-24 23:40:02 10.0.0.4 POST /owa/auth/ohyeah.aspx - 443 - 192.0.2.190 Mozilla/5.0 - 200 0 0 33".to_owned()) },
        Told { count: 3, after_fix: true, ..told("2021-04-01T22:03:41Z", Step::PageRequested, "page-answered", "The page was requested and answered",
            PostPatchUse, Critical, vec![url(), page(), from("192.0.2.190")],
            later, line(1_118), "2021-04-01 22:03:41 10.0.0.4 POST /owa/auth/ohyeah.aspx - 443 - 192.0.2.190 Mozilla/5.0 - 200 0 0 29".to_owned()) },
        Told { count: 2, after_fix: true, ..told("2021-04-04T09:12:05Z", Step::PageGone, "page-refused", "The page was requested and not found",
            Attempt, Severity::Info, vec![url(), page(), from("192.0.2.190")],
            later, line(6_440), "2021-04-04 09:12:05 10.0.0.4 POST /owa/auth/ohyeah.aspx - 443 - 192.0.2.190 Mozilla/5.0 - 302 0 0 12".to_owned()) },
    ]
}

fn finding(told: &Told, number: u32) -> Finding {
    let mut things = told.things.clone();
    things.sort();
    Finding {
        id: format!("F{number}"),
        kind: told.kind.to_owned(),
        campaign: Some("proxylogon".to_owned()),
        title: told.title.to_owned(),
        step: told.step,
        grade: told.grade,
        severity: told.severity,
        confidence: Confidence::High,
        standing: Standing::Alone,
        server: SERVER.to_owned(),
        first: Some(at(told.time)),
        last: Some(at(told.time)),
        count: told.count,
        attack: vec![
            match told.step {
                Step::ForgedRequest | Step::SessionOpened => "T1190",
                Step::CommandRun => "T1059.003",
                _ => "T1505.003",
            }
            .to_owned(),
        ],
        cves: if told.step == Step::ForgedRequest { vec!["CVE-2021-26855".to_owned()] } else { Vec::new() },
        things,
        evidence: vec![Evidence::new(told.artifact, told.place, Some(at(told.time)), &*told.text)],
        author: (told.kind == "web-server-command").then(|| "afterpatch".to_owned()),
        why: Vec::new(),
        origin: afterpatch_model::Origin::BuiltIn,
        acknowledged: None,
        bytes_out: None,
    }
}

fn step(told: &Told, finding: &Finding) -> TimelineStep {
    TimelineStep {
        step: told.step,
        kind: finding.kind.clone(),
        title: finding.title.clone(),
        grade: finding.grade,
        first: finding.first,
        last: finding.last,
        count: finding.count,
        after_fix: told.after_fix,
        findings: vec![finding.id.clone()],
        things: finding.things.clone(),
        evidence: finding.evidence.clone(),
    }
}

/// A scan that belongs to no incident.
fn scan(proxy: ArtifactId) -> Finding {
    let time = Some(at("2021-03-11T19:02:44.018Z"));
    Finding {
        id: "F14".to_owned(),
        kind: "forged-routing-scan".to_owned(),
        campaign: Some("proxylogon".to_owned()),
        title: "A forged routing cookie touched a path that scanners use".to_owned(),
        step: Step::Scan,
        grade: Grade::Scan,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        standing: Standing::Alone,
        server: SERVER.to_owned(),
        first: time,
        last: Some(at("2021-03-13T04:20:00.500Z")),
        count: 12,
        attack: vec!["T1595.002".to_owned()],
        cves: vec!["CVE-2021-26855".to_owned()],
        things: vec![Thing::new(ThingKind::Address, "198.51.100.201"), Thing::new(ThingKind::Url, "/owa/auth/x.js")],
        evidence: vec![Evidence::new(
            proxy,
            Place::Line(44),
            time,
            "2021-03-11T19:02:44.018Z,…,/owa/auth/x.js,,ServerInfo~localhost/autodiscover/autodiscover.xml?a=~3,GET,200",
        )],
        author: None,
        why: Vec::new(),
        origin: afterpatch_model::Origin::BuiltIn,
        acknowledged: None,
        bytes_out: None,
    }
}

fn coverage() -> Coverage {
    Coverage {
        sources: vec![
            SourceCoverage {
                unreadable: 1,
                ..source(ArtifactKind::IisW3c, "", 51, 912_440, "2021-02-14T00:00:01Z", "2021-04-05T11:58:02Z")
            },
            SourceCoverage {
                missing_hours: Some(5),
                ..source(
                    ArtifactKind::ExchangeHttpproxy,
                    "Ecp",
                    1_204,
                    702_118,
                    "2021-02-14T00:00:00.2Z",
                    "2021-04-05T11:59:59.7Z",
                )
            },
            SourceCoverage {
                missing_hours: Some(0),
                ..source(
                    ArtifactKind::ExchangeHttpproxy,
                    "Autodiscover",
                    1_204,
                    2_204_090,
                    "2021-02-14T00:00:02Z",
                    "2021-04-05T11:59:58Z",
                )
            },
            source(ArtifactKind::ExchangeEcp, "", 50, 60_233, "2021-03-06T00:00:41Z", "2021-04-05T11:20:00Z"),
            source(
                ArtifactKind::EventJson,
                "Microsoft-Windows-Sysmon/Operational",
                1,
                5_204,
                "2021-03-14T06:39:02.1Z",
                "2021-03-14T06:41:58Z",
            ),
            source(ArtifactKind::EventJson, "MSExchange Management", 1, 2_208, "2021-03-14T06:39:10Z", "2021-03-14T06:41:50Z"),
            SourceCoverage {
                records: 12,
                first: None,
                last: None,
                ..source(ArtifactKind::ServedScript, "", 12, 12, "2021-03-14T00:00:00Z", "2021-03-14T00:00:00Z")
            },
        ],
        missing: vec!["exchange_oab_generator".to_owned(), "event:Security".to_owned()],
        doubts: vec![
            Doubt {
                kind: DoubtKind::HoursMissing,
                source: ArtifactKind::ExchangeHttpproxy,
                part: String::new(),
                count: 3,
                first: Some(at("2021-03-15T01:00:00Z")),
                last: Some(at("2021-03-15T03:00:00Z")),
                artifact: None,
            },
            Doubt {
                kind: DoubtKind::NumbersMissing,
                source: ArtifactKind::Evtx,
                part: "Security".to_owned(),
                count: 41,
                first: Some(at("2021-03-14T00:00:00Z")),
                last: Some(at("2021-03-16T00:00:00Z")),
                artifact: Some(ArtifactId(0)),
            },
        ],
        sufficient: true,
    }
}
