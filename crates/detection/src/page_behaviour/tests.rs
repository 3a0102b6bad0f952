//! Sites with and without shells: what is told of them, and that it does not depend on how their logs were split.
#![allow(clippy::unwrap_used)]

use afterpatch_model::{Fields, LogSource, Place, Standing, WebRequest};

use super::*;

const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/88.0 Safari/537.36";
const DAY: i64 = 86_400;

/// One request of a made-up log.
#[derive(Clone, Debug)]
struct Row {
    second: i64,
    client: String,
    method: &'static str,
    stem: String,
    referer: String,
    agent: String,
    bytes: u64,
}

impl Row {
    fn get(second: i64, client: &str, stem: &str) -> Self {
        let (client, stem, agent) = (client.to_owned(), stem.to_owned(), BROWSER.to_owned());
        Self { second, client, method: "GET", stem, referer: String::new(), agent, bytes: 4_000 + second as u64 % 7 }
    }

    fn post(second: i64, client: &str, stem: &str, bytes: u64) -> Self {
        Self { method: "POST", bytes, ..Self::get(second, client, stem) }
    }

    fn from(self, page: &str) -> Self {
        Self { referer: format!("https://site.example{page}"), ..self }
    }
}

/// Ten days of thirty visitors who read pages, load what belongs to them, and send forms.
fn visitors(pages: &[&str], form: &str) -> Vec<Row> {
    let mut rows = Vec::new();
    for visit in 0..600_i64 {
        let client = format!("198.51.100.{}", visit % 30);
        let second = visit * DAY / 60;
        for (step, page) in (0..).zip(pages) {
            rows.push(Row::get(second + step * 20, &client, page));
            rows.push(Row::get(second + step * 20 + 1, &client, "/style.css").from(page));
        }
        if visit % 5 == 0 {
            rows.push(Row::get(second + 90, &client, form).from(pages[0]));
            rows.push(Row::post(second + 100, &client, form, 900 + visit as u64).from(form));
        }
    }
    rows
}

/// A shell, used on two evenings near the end by one who comes from nowhere.
fn shell(stem: &str) -> Vec<Row> {
    let times = (0..12).map(|n| 7 * DAY + n * 40).chain((0..9).map(|n| 8 * DAY + n * 55));
    times.map(|second| Row::post(second, "203.0.113.66", stem, 180 + (second % 13) as u64 * 211)).collect()
}

fn gather<'r>(rows: impl IntoIterator<Item = &'r Row>, artifact: u32) -> Traffic {
    let mut watch = TrafficWatch::new(ArtifactId(artifact), Arc::new(KnownGood::embedded().unwrap()));
    for row in rows {
        let request = WebRequest {
            method: row.method.into(),
            stem: row.stem.as_str().into(),
            client: row.client.as_str().into(),
            referer: row.referer.as_str().into(),
            user_agent: row.agent.as_str().into(),
            status: 200,
            bytes_out: Some(row.bytes),
            ..WebRequest::default()
        };
        watch.record(&Record {
            place: Place::Line(row.second as u64),
            time: Some(Timestamp::from_second(1_614_556_800 + row.second).unwrap()),
            server: None,
            source: LogSource::fixed("iis", "webserver", ""),
            fields: Fields::default(),
            unified: Unified::WebRequest(request),
        });
    }
    watch.finish().remove("").unwrap_or_default()
}

/// Pages told by themselves, most telling first.
fn told(rows: &[Row]) -> Vec<String> {
    let judged = judge(&gather(rows, 0), "SERVER");
    let alone = judged.findings.into_iter().filter(|finding| finding.standing == Standing::Alone);
    alone.map(|finding| finding.things_of(afterpatch_model::ThingKind::Url).collect::<String>()).collect()
}

const EXCHANGE: [&str; 3] = ["/owa/auth/logon.aspx", "/owa/", "/ecp/default.aspx"];

#[test]
fn shells_of_unknown_names_are_found_on_every_kind_of_server() {
    for (pages, form, stem) in [
        (EXCHANGE, "/owa/auth.owa", "/owa/auth/qwpz.aspx"),
        (EXCHANGE, "/owa/auth.owa", "/aspnet_client/system_web/lgn.png"),
        (EXCHANGE, "/owa/auth.owa", "/aspnet_client/system_web/t1.aspx"),
        (EXCHANGE, "/owa/auth.owa", "/ews/pxh4.aspx"),
        (["/default.aspx", "/products.aspx", "/about.aspx"], "/order.aspx", "/scripts/menu.ashx"),
        (["/default.aspx", "/products.aspx", "/about.aspx"], "/order.aspx", "/archive2.aspx"),
        (["/index.php", "/blog.php", "/shop.php"], "/checkout.php", "/wp-content/uploads/2021/02/thumb.php"),
        (["/index.php", "/blog.php", "/shop.php"], "/checkout.php", "/wp-includes/class-feed.phtml/x"),
        (["/app/index.jsp", "/app/list.do", "/app/view.do"], "/app/save.do", "/app/help9.jsp"),
    ] {
        let benign = visitors(&pages, form);
        assert_eq!(told(&benign), [""; 0], "{pages:?}");
        let mut rows = benign;
        rows.extend(shell(stem));
        rows.sort_by_key(|row| row.second);
        let expected = Target::of(stem).path;
        assert_eq!(told(&rows), [expected], "{stem}");
    }
}

#[test]
fn programs_that_talk_to_programs_are_not_told_alone() {
    let pages = ["/default.aspx", "/products.aspx", "/about.aspx"];
    let program = |stem: &str, agent: &str, bytes: fn(i64) -> u64| -> Vec<Row> {
        let calls = (0..480).map(|n| Row::post(n * DAY / 48 + 11, "192.0.2.40", stem, bytes(n)));
        calls.map(|row| Row { agent: agent.to_owned(), ..row }).collect()
    };
    for (stem, agent) in [
        ("/orders/import.ashx", "Apache-HttpClient/4.5"),
        ("/services/stock.asmx", "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)"),
        ("/api/v2/stock", "python-requests/2.25"),
        ("/wp-cron.php", "WordPress/5.6; https://site.example"),
        ("/payment/callback.php", "Mozilla/5.0"),
    ] {
        for bytes in [(|_| 17) as fn(i64) -> u64, |n| 100 + n as u64 % 50] {
            let mut rows = visitors(&pages, "/order.aspx");
            rows.extend(program(stem, agent, bytes));
            rows.sort_by_key(|row| row.second);
            assert_eq!(told(&rows), [""; 0], "{stem}");
        }
    }
    // Apache and Tomcat answer a POST to a picture with the picture.
    let mut rows = visitors(&pages, "/order.aspx");
    rows.extend((0..20).map(|n| Row::post(5 * DAY + n, "203.0.113.66", "/logo.png", 5_120)));
    assert_eq!(told(&rows), [""; 0]);
    // One who tries every name, on a site that answers every name.
    let mut rows = visitors(&pages, "/order.aspx");
    rows.extend((0..120).map(|n| Row::post(5 * DAY + n, "203.0.113.66", &format!("/c{}.php", n % 30), 812)));
    assert_eq!(told(&rows), [""; 0]);
}

/// A shell whose user sits down twice a day for three months.
fn long_lived_shell(stem: &str) -> Vec<Row> {
    let sittings = (0..180).map(|sitting| 30 * DAY + sitting * DAY / 2 + sitting * 1_700);
    let seconds = sittings.flat_map(|start| (0..7).map(move |order| start + order * 50));
    seconds.map(|second| Row::post(second, "203.0.113.66", stem, 180 + (second % 13) as u64 * 211)).collect()
}

#[test]
fn sittings_are_seen_however_long_a_page_is_used() {
    let mut rows = visitors(&["/index.php", "/blog.php", "/shop.php"], "/checkout.php");
    rows.extend(long_lived_shell("/archive.php"));
    let finding = judge(&gather(&rows, 0), "SERVER").findings.remove(0);
    assert!(finding.why.iter().any(|reason| reason.sign == "used-in-sessions"), "{:?}", finding.why);
    // A program does not sit down: it calls all day long.
    let calls = (0..4_000).map(|n| Row::post(n * 1_900, "203.0.113.66", "/archive.php", 180 + n as u64 % 13));
    let mut rows = visitors(&["/index.php", "/blog.php", "/shop.php"], "/checkout.php");
    rows.extend(calls);
    let judged = judge(&gather(&rows, 0), "SERVER");
    let mut why = judged.findings.iter().flat_map(|finding| &finding.why);
    assert!(why.all(|reason| reason.sign != "used-in-sessions"), "{:?}", judged.findings);
}

/// The same requests as a server sees them behind a proxy with that address, which tells nobody's own.
fn behind(proxy: &str, rows: Vec<Row>) -> Vec<Row> {
    let agent = |row: &Row| if row.client.starts_with("203.") { row.agent.clone() } else { format!("{BROWSER} {}", row.client) };
    rows.into_iter().map(|row| Row { agent: agent(&row), client: proxy.to_owned(), ..row }).collect()
}

#[test]
fn a_proxy_is_no_visitor() {
    // Forms that a few visitors send make the proxy a visitor of many rare pages.
    let forms = (0..12).map(|form| Row::post(DAY + form * 900, &format!("198.51.100.{form}"), &format!("/form{form}.php"), 900));
    let forms: Vec<Row> = forms.map(|row| row.from("/index.php")).collect();
    for proxy in ["192.0.2.9", "127.0.0.1", "0:0:0:0:0:0:0:1"] {
        let mut rows = visitors(&["/index.php", "/blog.php", "/shop.php"], "/checkout.php");
        rows.extend(forms.clone());
        assert_eq!(told(&behind(proxy, rows.clone())), [""; 0], "{proxy}");
        rows.extend(shell("/q7.php").into_iter().map(|row| Row { agent: "Mozilla/4.0".to_owned(), ..row }));
        assert_eq!(told(&behind(proxy, rows)), ["/q7.php"], "{proxy}");
        // One who tries every name, on a site that answers every name.
        let mut rows = visitors(&["/index.php", "/blog.php", "/shop.php"], "/checkout.php");
        rows.extend(
            (0..120).map(|n| Row::post(5 * DAY + n, "203.0.113.66", &format!("/images/c{}.php", n % 30), 812 + n as u64)),
        );
        assert_eq!(told(&behind(proxy, rows)), [""; 0], "{proxy}");
    }
}

#[test]
fn the_own_address_is_known_in_every_spelling() {
    for (address, expected) in [
        ("127.0.0.1", true),
        ("127.1.2.3", true),
        ("::1", true),
        ("0:0:0:0:0:0:0:1", true),
        ("::ffff:127.0.0.1", true),
        ("", true),
        ("127.example", false),
        ("128.0.0.1", false),
        ("::2", false),
    ] {
        assert_eq!(is_own(address), expected, "{address}");
    }
}

#[test]
fn a_finding_says_why() {
    let mut rows = visitors(&EXCHANGE, "/owa/auth.owa");
    rows.extend(shell("/owa/auth/x.aspx"));
    rows.sort_by_key(|row| row.second);
    let finding = judge(&gather(&rows, 0), "SERVER").findings.remove(0);
    let signs: Vec<&str> = finding.why.iter().map(|reason| reason.sign.as_str()).collect();
    for sign in ["one-visitor", "only-posts", "no-referrer", "appeared-late", "answers-vary", "in-open-folder"] {
        assert!(signs.contains(&sign), "{sign}: {signs:?}");
    }
    assert_eq!(finding.count, 21);
    assert_eq!(finding.evidence.len(), 8);
    assert_eq!(finding.bytes_out, Some(shell("").iter().map(|row| row.bytes).sum()));
    assert!(finding.things_of(afterpatch_model::ThingKind::Page).eq(["x.aspx"]));
    assert!(finding.evidence[0].text.starts_with("cs-method=POST  cs-uri-stem=/owa/auth/x.aspx  c-ip=203.0.113.66"));
}

#[test]
fn the_same_is_told_however_the_log_was_split_and_in_whatever_order() {
    let mut rows = visitors(&["/index.php", "/blog.php", "/shop.php"], "/checkout.php");
    rows.extend(shell("/uploads/x.php"));
    rows.sort_by_key(|row| row.second);
    let whole = judge(&gather(&rows, 0), "SERVER").findings;
    assert!(!whole.is_empty());
    for size in [50, 333, 1000] {
        let mut parts: Vec<Traffic> = rows.chunks(size).map(|part| gather(part, 0)).collect();
        for reversed in [false, true] {
            if reversed {
                parts = rows.chunks(size).map(|part| gather(part, 0)).rev().collect();
            }
            let mut sum = Traffic::default();
            for part in parts.drain(..) {
                sum.merge(part);
            }
            assert_eq!(judge(&sum, "SERVER").findings, whole, "{size} {reversed}");
        }
    }
}

#[test]
fn every_sign_has_a_text() {
    let german = include_str!("../../../report/locales/de.ftl");
    let english = include_str!("../../../report/locales/en.ftl");
    for sign in &signs::SIGNS {
        for texts in [german, english] {
            assert!(texts.lines().any(|line| line.starts_with(&format!("why-{} =", sign.slug))), "{}", sign.slug);
        }
    }
}
