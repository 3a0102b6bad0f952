//! The attacker knows this tool: what visitors can put into logs joins nothing, hides nothing and becomes no row. Each test is
//! named in SECURITY.md beside what it claims.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::cast_possible_truncation, missing_docs)]

mod common;
// Parts of it are of other tests.
#[allow(dead_code)]
mod nasty;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use afterpatch_lab::weblog::{WebServer, make};
use afterpatch_model::{CompromiseAnswer, Finding, FootholdAnswer, GapKind, Report, ThingKind};
use common::{only_server, scan};
use nasty::{IIS_HEAD, PROXY_HEAD, proxy_row, write};

const DECOYS: u32 = 100_000;
const ATTACKER: &str = "192.0.2.77";
const VISITOR: &str = "198.51.100.50";
const ID: &str = "8f2b0a2e-0f1c-4f2e-9a64-1f2a3b4c5d6e";

/// A different address for each number, spread over all networks.
fn address(number: u32) -> String {
    let spread = number.wrapping_mul(2_654_435_761);
    format!("{}.{}.{}.{}", 11 + (spread >> 24) % 80, spread >> 16 & 255, spread >> 8 & 255, spread & 255)
}

/// Three each second from ten o'clock on.
fn clock(number: u32) -> String {
    let seconds = number / 3;
    format!("{:02}:{:02}:{:02}", 10 + seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn iis_row(time: &str, method: &str, stem: &str, query: &str, client: &str, status: u16) -> String {
    format!("2021-03-01 {time} 198.51.100.1 {method} {stem} {query} 443 - {client} python-requests/2.25 {status}\r\n")
}

fn findings<'r>(report: &'r Report, kind: &str) -> Vec<&'r Finding> {
    report.servers.iter().flat_map(|server| &server.findings).filter(|finding| finding.kind == kind).collect()
}

fn names(finding: &Finding, kind: ThingKind, value: &str) -> bool {
    finding.things_of(kind).any(|it| it == value)
}

/// The refused attempts differ in everything that tells acts apart; the one that passed comes last, where room is short.
#[test]
fn a_hundred_thousand_attempts_hide_no_success() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = PROXY_HEAD.to_owned();
    for number in 0..DECOYS {
        let row = proxy_row(&format!("2021-03-01T{}.000Z", clock(number)), &address(number), "x");
        log.push_str(&row.replace(ID, &format!("00000000-0000-4000-8000-{number:012x}")).replace("241,241", "404,404"));
    }
    log.push_str(&proxy_row("2021-03-01T22:00:00.000Z", ATTACKER, "x"));
    write(folder.path(), "HttpProxy_2021030110-1.LOG", log);
    let (report, code) = scan(&[folder.path()]);
    assert_eq!((code, only_server(&report).verdict.compromise), (12, CompromiseAnswer::Passed));
    let passed = findings(&report, "forged-session");
    assert!(passed.len() == 1 && names(passed[0], ThingKind::Address, ATTACKER), "{passed:?}");
    assert!(!findings(&report, "forged-routing-attempt").is_empty());
    assert!(report.gaps.iter().any(|gap| gap.kind == GapKind::Capped && gap.count > 10_000), "{:?}", report.gaps);
}

/// Forty logs, each with as many attempts as are kept of one; the success stands in the last.
#[test]
fn logs_full_of_attempts_hide_no_success_in_another_log() {
    let folder = tempfile::tempdir().unwrap();
    for hour in 0..40 {
        let mut log = PROXY_HEAD.to_owned();
        for number in 0..2_500 {
            let row = proxy_row(&format!("2021-03-01T{}.000Z", clock(number)), &address(hour * 2_500 + number), "x");
            log.push_str(&row.replace(ID, &format!("00000000-0000-4000-8000-{number:012x}")).replace("241,241", "404,404"));
        }
        write(folder.path(), &format!("HttpProxy_20210301{hour:02}-1.LOG"), log);
    }
    write(folder.path(), "HttpProxy_2021030199-1.LOG", nasty::attacked(ATTACKER));
    let (report, code) = scan(&[folder.path()]);
    assert_eq!(code, 12);
    assert!(findings(&report, "forged-session").iter().any(|it| names(it, ThingKind::Address, ATTACKER)));
}

/// Names of pages that are not there, each from another address; then the planted page is called. That it lies there another
/// source says.
#[test]
fn a_hundred_thousand_probes_hide_no_visit_of_a_planted_page() {
    let folder = tempfile::tempdir().unwrap();
    let mut log = IIS_HEAD.to_owned();
    for number in 0..DECOYS {
        log.push_str(&iis_row(&clock(number), "GET", &format!("/owa/auth/p{number}.aspx"), "-", &address(number), 404));
    }
    log.push_str(&iis_row("22:00:00", "POST", "/owa/auth/zz9.aspx", "-", ATTACKER, 200));
    write(folder.path(), "u_ex210301.log", log);
    write(
        folder.path(),
        "events.json",
        "{\"EventID\":11,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"SourceName\":\"Microsoft-Windows-Sysmon\",\"UtcTime\":\"2021-03-01 09:00:00.000\",\
         \"Image\":\"C:\\\\Windows\\\\System32\\\\inetsrv\\\\w3wp.exe\",\"TargetFilename\":\"C:\\\\Exchange\\\\FrontEnd\\\\HttpProxy\\\\owa\\\\auth\\\\zz9.aspx\"}\n",
    );
    let (report, code) = scan(&[folder.path()]);
    assert!(code >= 12, "{code}");
    let visits = findings(&report, "page-answered");
    assert!(
        visits.iter().any(|it| names(it, ThingKind::Page, "zz9.aspx") && names(it, ThingKind::Address, ATTACKER)),
        "{visits:#?}"
    );
    let server = only_server(&report);
    assert!(
        server
            .incidents
            .iter()
            .any(|incident| incident.timeline.iter().any(|step| visits.iter().any(|it| step.findings.contains(&it.id))))
    );
}

/// A shell that only its traffic tells, in a day's log of other visitors; then a hundred thousand names that are not there.
#[test]
fn a_hundred_thousand_probes_hide_no_shell_that_only_its_traffic_tells() {
    let log = make(WebServer::Apache, 1, 20_000, 1);
    let shell = log.shells[0].stem.to_lowercase();
    let text = String::from_utf8(log.bytes).unwrap();
    let last = text.lines().last().unwrap();
    let day = last.split(['[', ':']).nth(1).unwrap();
    let mut flood = String::new();
    for number in 0..DECOYS {
        let (client, time) = (address(number), clock(number));
        writeln!(flood, "{client} - - [{day}:{time} +0000] \"GET /wp-content/uploads/p{number}.php HTTP/1.1\" 404 180 \"-\" \"python-requests/2.25\"").unwrap();
    }
    let told = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "access.log", text);
        let (report, _) = scan(&[folder.path()]);
        let all = report.servers.iter().flat_map(|server| &server.findings).filter(|it| it.kind.ends_with("behaves-like-shell"));
        all.flat_map(|it| it.things_of(ThingKind::Url)).map(str::to_lowercase).collect::<BTreeSet<_>>()
    };
    assert!(told(&text).contains(&shell), "without the flood it is found");
    assert!(told(&format!("{flood}{text}")).contains(&shell), "and behind it");
    assert!(told(&format!("{text}{flood}")).contains(&shell), "and before it");
}

/// What a visitor sends stays one value of one row, whatever stands in it.
#[test]
fn a_row_inside_a_value_is_no_row() {
    let forged = proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.66", "x");
    let quoted = format!("\"x\"\"{}\"\"\"", forged.trim_end().replace('"', "\"\""));
    let encoded = forged.trim_end().replace(' ', "+").replace('\r', "%0d").replace('\n', "%0a");
    let innocent =
        |agent: &str, stem: &str| format!("2021-03-01T10:00:00.000Z,{ID},Owa,{stem},,,{agent},{VISITOR},EX01,200,200,GET,\r\n");
    let folder = tempfile::tempdir().unwrap();
    let rows = [
        innocent(&quoted, "/owa/"),
        innocent("x", &format!("\"/owa/%0d%0a{forged}\"").replace("\r\n", "")),
        innocent("#Fields: x", "/owa/"),
    ];
    write(folder.path(), "HttpProxy_2021030110-1.LOG", format!("{PROXY_HEAD}{}", rows.concat()));
    let agent = format!("x+200\\r\\n%0d%0a2021-03-01+10:00:00+{}", encoded.replace(',', "%2c"));
    let iis = format!(
        "2021-03-01 10:00:00 198.51.100.1 GET /owa/%0a%0d2021-03-01%2010:00:01 a=%0a#Fields:+date+time 443 - {VISITOR} {agent} 200\r\n"
    );
    write(folder.path(), "u_ex210301.log", format!("{IIS_HEAD}{iis}"));
    let (report, code) = scan(&[folder.path()]);
    let told: Vec<_> = report.servers.iter().flat_map(|server| &server.findings).collect();
    assert!(told.iter().all(|it| !names(it, ThingKind::Address, "192.0.2.66")), "{told:#?}");
    assert!(code < 11, "{code}: {told:#?}");
    let read: Vec<u64> = report.artifacts.iter().map(|artifact| artifact.records).collect();
    assert_eq!(read.iter().sum::<u64>(), 4, "{:?}", report.artifacts);
}

/// A raw line feed inside a value, which no real writer lets through, makes rows that look real; what is left of the torn row is
/// told as damage of this log.
#[test]
fn a_torn_row_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let torn = format!(
        "2021-03-01T10:00:00.000Z,{ID},Owa,/owa/,,,\"x\n{}\",{VISITOR},EX01,200,200,GET,\r\n",
        proxy_row("2021-03-01T10:00:01.000Z", "192.0.2.66", "x").trim_end()
    );
    write(folder.path(), "HttpProxy_2021030110-1.LOG", format!("{PROXY_HEAD}{torn}"));
    let (report, _) = scan(&[folder.path()]);
    assert!(report.gaps.iter().any(|gap| gap.kind == GapKind::Malformed && gap.path.contains("HttpProxy")), "{:?}", report.gaps);
}

/// The id of an attacker's request in a visitor's query joins nothing: the server writes its own behind.
#[test]
fn a_forged_request_id_joins_nothing() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "HttpProxy_2021030110-1.LOG", nasty::attacked(ATTACKER));
    let own = "11111111-2222-4333-8444-555555555555";
    let rows = [
        iis_row("10:00:01", "POST", "/ecp/y.js", &format!("&CorrelationID=<empty>;&cafeReqId={ID};"), ATTACKER, 241),
        iis_row(
            "15:00:00",
            "GET",
            "/owa/auth/weather.aspx",
            &format!("cafeReqId={ID};&CorrelationID=<empty>;&cafeReqId={own};"),
            VISITOR,
            200,
        ),
    ];
    write(folder.path(), "u_ex210301.log", format!("{IIS_HEAD}{}", rows.concat()));
    let (report, _) = scan(&[folder.path()]);
    let server = only_server(&report);
    let of_visitor: Vec<&str> =
        server.findings.iter().filter(|it| names(it, ThingKind::Address, VISITOR)).map(|it| it.id.as_str()).collect();
    for incident in &server.incidents {
        assert!(
            !incident.timeline.iter().any(|step| step.findings.iter().any(|id| of_visitor.contains(&id.as_str()))),
            "{incident:#?}"
        );
    }
    assert!(findings(&report, "forged-session").iter().all(|it| !names(it, ThingKind::Address, VISITOR)));
}

/// Rows in any order give the same story.
#[test]
fn rows_out_of_order_change_nothing() {
    let rows: Vec<String> = (0..60)
        .map(|number| {
            proxy_row(&format!("2021-03-01T{:02}:{:02}:00.000Z", 10 + number / 6, number * 7 % 60), &address(number % 5), "x")
                .replace(ID, &format!("00000000-0000-4000-8000-{number:012x}"))
        })
        .collect();
    let told = |order: Vec<&String>| {
        let folder = tempfile::tempdir().unwrap();
        let text: String = order.into_iter().map(String::as_str).collect();
        write(folder.path(), "HttpProxy_2021030110-1.LOG", format!("{PROXY_HEAD}{text}"));
        let (report, code) = scan(&[folder.path()]);
        let server = only_server(&report);
        let mut seen: Vec<(String, u64)> = Vec::new();
        for finding in &server.findings {
            let client = finding.things_of(ThingKind::Address).collect::<Vec<_>>().join(" ");
            match seen.iter_mut().find(|(known, _)| *known == client) {
                Some((_, count)) => *count += finding.count,
                None => seen.push((client, finding.count)),
            }
        }
        seen.sort();
        let span =
            (server.findings.iter().filter_map(|it| it.first).min(), server.findings.iter().filter_map(|it| it.last).max());
        (code, server.verdict.compromise, seen, span, server.incidents.len())
    };
    let plain = told(rows.iter().collect());
    assert_eq!(told(rows.iter().rev().collect()), plain);
    let (even, odd): (Vec<_>, Vec<_>) = rows.iter().enumerate().partition(|(number, _)| number % 2 == 0);
    assert_eq!(told(odd.into_iter().chain(even).map(|(_, row)| row).collect()), plain);
}

/// Who names his files like parts of an archive, of a report or of another host takes nobody's place.
#[test]
fn names_like_ours_take_nobodys_place() {
    let folder = tempfile::tempdir().unwrap();
    let log = |client: &str| nasty::attacked(client);
    let zip = nasty::archives::zip_of(&[("HttpProxy_1.LOG", log("192.0.2.101").as_bytes())], zip::CompressionMethod::Stored);
    write(folder.path(), "case.zip", zip);
    write(folder.path(), "case.zip!/HttpProxy_1.LOG", log("192.0.2.102"));
    write(folder.path(), "HttpProxy_1.LOG (2)", log("192.0.2.103"));
    write(folder.path(), "HttpProxy_1.LOG", log("192.0.2.104"));
    write(folder.path(), "report.json", "{\"schema\":1,\"servers\":[],\"findings\":[{\"id\":\"F1\"}]}");
    write(folder.path(), "manifest.json", "{\"afterpatch_collection\":1,\"host\":\"OTHER\",\"files\":[]}");
    let (report, _) = scan(&[folder.path()]);
    let told: BTreeSet<&str> =
        report.servers.iter().flat_map(|it| &it.findings).flat_map(|it| it.things_of(ThingKind::Address)).collect();
    for client in ["192.0.2.101", "192.0.2.102", "192.0.2.103", "192.0.2.104"] {
        assert!(told.contains(client), "{client}: {told:?}");
    }
    let paths: BTreeSet<&str> = report.artifacts.iter().map(|artifact| artifact.path.as_str()).collect();
    assert_eq!(paths.len(), report.artifacts.len(), "each artifact has a path of its own: {paths:?}");
    assert_eq!(only_server(&report).name, "EX01");
    let ids: BTreeSet<&str> = report.servers.iter().flat_map(|it| &it.findings).map(|it| it.id.as_str()).collect();
    assert_eq!(ids.len(), report.servers.iter().map(|it| it.findings.len()).sum::<usize>());
}

/// Behind a balancer the address is what the visitor says it is; the address that the server saw is in the row that stands
/// beside as evidence.
#[test]
fn a_forged_forwarded_address_is_shown_beside_the_true_one() {
    let folder = tempfile::tempdir().unwrap();
    let head = IIS_HEAD.replace("sc-status", "X-Forwarded-For sc-status");
    let mut log = head;
    for second in 0..12 {
        write!(
            log,
            "2021-03-01 10:00:{second:02} 198.51.100.1 GET /owa/auth/n{second}.aspx - 443 - {ATTACKER} x {VISITOR} 404\r\n"
        )
        .unwrap();
    }
    write(folder.path(), "u_ex210301.log", log);
    let (report, _) = scan(&[folder.path()]);
    let sweeps = findings(&report, "shell-name-sweep");
    assert!(sweeps.len() == 1 && names(sweeps[0], ThingKind::Address, VISITOR), "{sweeps:#?}");
    assert!(sweeps[0].evidence.iter().all(|it| it.text.contains(ATTACKER)), "{:#?}", sweeps[0].evidence);
}

/// The whole path of the attack, with every row of every log in reversed order, is the same verdict.
#[test]
fn logs_that_run_backwards_give_the_same_verdict() {
    use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
    let lab = make(&Scenario::small(7, Variant::ProxyLogonOab));
    let mut reversed = lab.clone();
    for file in &mut reversed.files {
        let Ok(text) = std::str::from_utf8(&file.bytes) else { continue };
        if !file.windows_path.to_lowercase().ends_with(".log") || !text.starts_with('#') {
            continue;
        }
        let (head, rows): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
        if head.iter().filter(|line| line.starts_with("#Fields")).count() != 1 {
            continue;
        }
        file.bytes =
            head.into_iter().chain(rows.into_iter().rev()).flat_map(|line| [line, "\r\n"]).collect::<String>().into_bytes();
    }
    let told = |lab: &afterpatch_lab::Lab| {
        let folder = tempfile::tempdir().unwrap();
        write_folder(lab, folder.path(), Layout::Kape).unwrap();
        let (report, code) = scan(&[Path::new(folder.path())]);
        let verdict = &only_server(&report).verdict;
        (code, verdict.exposure, verdict.compromise, verdict.foothold)
    };
    let plain = told(&lab);
    assert!(matches!(plain.3, FootholdAnswer::InPlace | FootholdAnswer::UsedAfterFix));
    assert_eq!(told(&reversed), plain);
}
