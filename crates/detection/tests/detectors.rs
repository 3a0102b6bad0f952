//! What each detector says of single records: tables.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use std::sync::Arc;

use afterpatch_detection::{Detectors, KnownGood, Watched, settle};
use afterpatch_model::{
    AntivirusFinding, ArtifactId, Build, CompiledPage, Fields, FileAction, FileChange, FileEntry, FileShape, Finding, LogSource,
    MailboxAccess, Place, Record, ServedFile, Standing, ThingKind, Timestamp, Unified, WebRequest,
};
use afterpatch_rules::RulePack;

const LOGON: &str = r"D:\Ex\FrontEnd\HttpProxy\owa\auth\";

fn detectors() -> Detectors {
    let (no_rules, problems) = RulePack::from_texts([]);
    assert!(problems.is_empty());
    Detectors::new(Arc::new(no_rules), Arc::new(KnownGood::embedded().unwrap()))
}

fn findings_of(records: impl IntoIterator<Item = (Option<Timestamp>, Unified<'static>)>) -> Vec<Finding> {
    let detectors = detectors();
    let mut watch = detectors.watch(ArtifactId(0), 1 << 20);
    for (line, (time, unified)) in (1..).zip(records) {
        let source = LogSource::fixed("windows", "", "");
        watch.record(&Record { place: Place::Line(line), time, server: None, source, fields: Fields::default(), unified });
    }
    watch.finish().findings
}

fn found(unified: Unified<'static>) -> Option<(String, Standing)> {
    let mut findings = findings_of([(None, unified)]);
    assert!(findings.len() < 2, "{findings:?}");
    findings.pop().map(|finding| (finding.kind, finding.standing))
}

#[track_caller]
fn check(unified: Unified<'static>, expected: Option<(&str, Standing)>) {
    assert_eq!(found(unified.clone()), expected.map(|(kind, standing)| (kind.to_owned(), standing)), "{unified:?}");
}

#[test]
fn served_files() {
    let file = |path: String, sha256: &str, shapes: Vec<FileShape<'static>>| {
        Unified::ServedFile(Box::new(ServedFile {
            path: path.into(),
            sha256: sha256.to_owned(),
            shapes,
            ..ServedFile::default()
        }))
    };
    // The genuine log-on page of every 2016 and 2019 build in the table.
    let genuine = KnownGood::embedded().unwrap();
    let table = include_str!("../data/known_good_web_scripts.csv");
    let (hash, _) =
        table.lines().find(|line| line.contains(r",FrontEnd\HttpProxy\owa\auth\logon.aspx,")).unwrap().split_once(',').unwrap();
    assert!(genuine.has_hash(hash));

    check(file(format!("{LOGON}logon.aspx"), hash, vec![]), None);
    check(file(format!("{LOGON}logon.aspx"), "00", vec![]), Some(("genuine-page-changed", Standing::Beside)));
    check(file(format!("{LOGON}ohyeah.aspx"), "00", vec![]), Some(("unknown-page-present", Standing::Alone)));
    check(file(r"C:\inetpub\wwwroot\shop\cart.aspx".to_owned(), "00", vec![]), Some(("unjudged-page-present", Standing::Beside)));
    let dump = || FileShape::DirectoryDump(afterpatch_model::DirectoryDump::default());
    check(file(r"C:\x\cart.aspx".to_owned(), "00", vec![dump()]), Some(("virtual-directory-shell", Standing::Alone)));
    check(file(format!("{LOGON}logon.aspx"), "00", vec![FileShape::OutlookData]), Some(("outlook-data-page", Standing::Alone)));
    check(
        file(r"C:\x\a.aspx".to_owned(), "00", vec![FileShape::CertificateRequest]),
        Some(("certificate-request-page", Standing::Alone)),
    );
    check(
        file(r"C:\x\a.aspx".to_owned(), "00", vec![FileShape::ServerScript]),
        Some(("unjudged-page-present", Standing::Beside)),
    );
}

#[test]
fn a_changed_genuine_page_alarms_only_where_the_table_knows_the_build() {
    let known_good = KnownGood::embedded().unwrap();
    let file = ServedFile { path: format!("{LOGON}logon.aspx").into(), sha256: "00".to_owned(), ..ServedFile::default() };
    let changed = findings_of([(None, Unified::ServedFile(Box::new(file)))]).pop().unwrap();
    for (build, standing) in [
        (None, Standing::Beside),
        (Some(Build::new(15, 1, 2106, 2)), Standing::Alone),
        (Some(Build::new(15, 2, 2562, 17)), Standing::Beside),
    ] {
        let mut finding = changed.clone();
        settle(&mut finding, build, &known_good);
        assert_eq!(finding.standing, standing, "{build:?}");
    }
}

#[test]
fn written_and_deleted_pages() {
    let change = |action, path: String, image: &'static str| {
        Unified::FileChange(FileChange { action, path: path.into(), image: image.into(), pid: Some(4) })
    };
    let created = |path: &str, image| change(FileAction::Created, path.to_owned(), image);
    // The kernel writes for a share's client; a rule that wants the web server as writer misses this.
    check(created(&format!("{LOGON}x.aspx"), "System"), Some(("page-written", Standing::Alone)));
    check(created(&format!("{LOGON}x.aspx"), r"C:\Windows\explorer.exe"), Some(("page-written", Standing::Alone)));
    check(created(&format!("{LOGON}new.aspx"), r"C:\Windows\System32\msiexec.exe"), Some(("page-written", Standing::Beside)));
    check(created(&format!("{LOGON}x.png"), "System"), None);
    check(created(&format!("{LOGON}logon.aspx"), r"C:\Windows\System32\msiexec.exe"), None);
    check(
        created(&format!("{LOGON}logon.aspx"), r"C:\Windows\System32\inetsrv\w3wp.exe"),
        Some(("genuine-page-overwritten", Standing::Alone)),
    );
    check(created(r"D:\Ex\ClientAccess\ecp\new.aspx", r"D:\Setup\ExSetupUI.exe"), Some(("page-written", Standing::Beside)));
    check(created(r"C:\inetpub\wwwroot\shop\cart.aspx", r"C:\Windows\explorer.exe"), Some(("page-written", Standing::Beside)));
    check(created(r"C:\Users\dev\cart.aspx", "System"), None);
    check(change(FileAction::Deleted, format!("{LOGON}x.aspx"), "System"), Some(("page-deleted", Standing::Beside)));
    check(change(FileAction::Deleted, format!("{LOGON}x.aspx"), "afterpatch"), Some(("page-taken-away", Standing::Beside)));
    check(change(FileAction::Deleted, format!("{LOGON}logon.aspx"), "System"), None);
    let temporary = r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\owa\8e05b027\e164d61b\";
    check(created(&format!("{temporary}x.aspx.f5dba9b9.compiled"), "w3wp.exe"), Some(("page-compiled", Standing::Beside)));
    check(created(&format!("{temporary}errorfe.aspx.f5dba9b9.compiled"), "w3wp.exe"), None);
}

#[test]
fn what_we_switched_off_is_told_and_nothing_else_of_ours() {
    let of = |product: &'static str, service: &'static str, field: &'static str| {
        let detectors = detectors();
        let mut watch = detectors.watch(ArtifactId(0), 1 << 20);
        let fields = Fields::Pairs(vec![("Action".into(), "1/A1".into()), (field.into(), "WinSync".into())]);
        let source = LogSource::fixed(product, "", service);
        watch.record(&Record { place: Place::Line(1), time: None, server: None, source, fields, unified: Unified::Other });
        watch.finish().findings
    };
    for field in ["ServiceName", "TaskName"] {
        let found = of("afterpatch", "vault", field);
        assert_eq!((&*found[0].kind, found[0].standing), ("autostart-switched-off", Standing::Beside));
        assert_eq!(found[0].things_of(ThingKind::Autostart).collect::<Vec<_>>(), ["WinSync"]);
    }
    assert!(of("windows", "system", "ServiceName").is_empty());
}

/// A deleted entry says that the page was written, and that it was deleted at a time that nobody knows.
#[track_caller]
fn deleted(entry: Unified<'static>, standing: Standing) {
    let created = Timestamp::from_second(1_615_000_000).unwrap();
    let findings = findings_of([(Some(created), entry)]);
    let mut told: Vec<_> = findings.iter().map(|it| (it.kind.as_str(), it.standing, it.first, it.evidence[0].time)).collect();
    told.sort();
    let written = ("deleted-page-in-file-table", standing, Some(created), Some(created));
    assert_eq!(told, [written, ("page-entry-deleted", Standing::Beside, None, None)]);
}

#[test]
fn pages_in_the_file_table_and_the_journal() {
    let entry = |path: String, deleted, shapes: Option<Vec<FileShape<'static>>>| {
        let script = shapes.map(|shapes| Box::new(ServedFile { sha256: "00".to_owned(), shapes, ..ServedFile::default() }));
        Unified::FileEntry(Box::new(FileEntry { path: path.into(), deleted, script, ..FileEntry::default() }))
    };
    let script = || Some(vec![FileShape::ServerScript]);
    check(entry(format!("{LOGON}x.aspx"), false, script()), Some(("page-in-file-table", Standing::Alone)));
    deleted(entry(format!("{LOGON}x.aspx"), true, None), Standing::Alone);
    check(entry(format!("{LOGON}logon.aspx"), true, None), None);
    check(entry(format!("{LOGON}x.png"), true, None), None);
    let shop = || r"C:\inetpub\wwwroot\shop\cart.aspx".to_owned();
    deleted(entry(shop(), true, script()), Standing::Beside);
    deleted(entry(shop(), true, Some(vec![FileShape::OutlookData])), Standing::Alone);
    check(entry(r"C:\Users\dev\cart.aspx".to_owned(), false, script()), None);

    let journal =
        |action, name: &'static str| Unified::FileChange(FileChange { action, path: name.into(), image: "".into(), pid: None });
    check(journal(FileAction::Created, "x.aspx"), Some(("page-name-in-journal", Standing::Beside)));
    check(journal(FileAction::Deleted, "x.aspx"), Some(("page-name-in-journal", Standing::Beside)));
    check(journal(FileAction::Deleted, "Logon.aspx"), None);
    check(journal(FileAction::Created, "x.txt"), None);
}

#[test]
fn what_the_antivirus_found_in_web_folders() {
    let found = |path: String| Unified::AntivirusFinding(AntivirusFinding { path: path.into(), ..AntivirusFinding::default() });
    let alarm = Some(("antivirus-found-in-web-folder", Standing::Alone));
    check(found(format!("file:_{LOGON}x.aspx")), alarm);
    check(
        found(r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\owa\1\2\App_Web_x.dll".to_owned()),
        alarm,
    );
    check(found(r"C:\Users\dev\Downloads\tool.exe".to_owned()), None);
    check(found(String::new()), None);
}

#[test]
fn compiled_pages() {
    let page = |virtual_path: &'static str| {
        Unified::CompiledPage(CompiledPage { virtual_path: virtual_path.into(), ..CompiledPage::default() })
    };
    check(page("/owa/auth/x.aspx"), Some(("unknown-page-compiled", Standing::Alone)));
    check(page("/aspnet_client/system_web/x.aspx"), Some(("unknown-page-compiled", Standing::Alone)));
    check(page("/owa/auth/logon.aspx"), None);
    check(page("/ecp/auth/TimeoutLogout.aspx"), None);
    check(page("/shop/cart.aspx"), Some(("page-compiled", Standing::Beside)));
    check(page("/global.asax"), None);

    let source = |path: String| Unified::CompiledPage(CompiledPage { source_path: path.into(), ..CompiledPage::default() });
    check(source(format!("{LOGON}ohyeah.aspx")), Some(("unknown-page-compiled", Standing::Alone)));
    check(source(format!("{LOGON}logon.aspx")), None);
    check(source(r"D:\sites\wwwroot\shop\cart.aspx".to_owned()), Some(("page-compiled", Standing::Beside)));
    check(source(String::new()), None);
}

fn request(second: i64, client: &'static str, stem: &'static str, status: u16) -> (Option<Timestamp>, Unified<'static>) {
    let time = Timestamp::from_second(1_614_600_000 + second).unwrap();
    let request = WebRequest { stem: stem.into(), client: client.into(), status, method: "GET".into(), ..WebRequest::default() };
    (Some(time), Unified::WebRequest(request))
}

#[test]
fn requests_of_a_page_are_told_as_runs() {
    let page = "/owa/auth/x.aspx";
    let findings = findings_of([
        request(0, "192.0.2.1", page, 302),
        request(10, "192.0.2.1", page, 200),
        request(20, "192.0.2.2", page, 200),
        request(10_000, "192.0.2.3", page, 200),
        request(10_100, "192.0.2.3", page, 302),
        request(10_110, "192.0.2.3", "/owa/auth/logon.aspx", 200),
        request(10_120, "192.0.2.3", page, 401),
    ]);
    let runs: Vec<_> = findings.iter().map(|finding| (finding.kind.as_str(), finding.count)).collect();
    assert_eq!(runs, [("page-refused", 1), ("page-answered", 2), ("page-answered", 1), ("page-refused", 1)]);
    assert!(findings.iter().all(|finding| finding.standing == Standing::Beside));
}

#[test]
fn a_sweep_of_names_is_one_line() {
    let names: Vec<&'static str> = (0..30).map(|n| &*format!("/owa/auth/n{n}.aspx").leak()).collect();
    let sweep = || names.iter().zip(0..).map(|(name, second)| request(second, "192.0.2.9", name, 302));
    let lines = |findings: Vec<Finding>| {
        findings.into_iter().filter(|it| it.kind == "shell-name-sweep").map(|it| it.count).collect::<Vec<_>>()
    };
    assert_eq!(lines(findings_of(sweep())), [30]);
    // One answer, and it is not in vain any more.
    assert!(lines(findings_of(sweep().chain([request(40, "192.0.2.9", "/owa/auth/n3.aspx", 200)]))).is_empty());
    // A visitor who tries a few is not sweeping.
    assert!(lines(findings_of(sweep().take(5))).is_empty());
}

#[test]
fn findings_are_bounded_and_the_rest_is_counted() {
    let detectors = detectors();
    let mut watch = detectors.watch(ArtifactId(0), 20_000);
    for n in 0..50_u64 {
        let path = format!(r"{LOGON}n{n}.aspx").into();
        let unified = Unified::FileChange(FileChange { action: FileAction::Created, path, image: "System".into(), pid: None });
        let source = LogSource::fixed("windows", "", "");
        watch.record(&Record { place: Place::Line(n), time: None, server: None, source, fields: Fields::default(), unified });
    }
    let Watched { findings, not_kept, .. } = watch.finish();
    assert!((5..25).contains(&findings.len()), "{}", findings.len());
    assert_eq!(findings.len() as u64 + not_kept, 50);
}

#[test]
fn pages_beyond_the_bound_are_counted_not_forgotten() {
    let detectors = detectors();
    let mut watch = detectors.watch(ArtifactId(0), 1 << 30);
    let page = "/owa/auth/x.aspx";
    // Every request another outcome: each begins a run of its own.
    for n in 0..1_000_u16 {
        let (time, unified) = request(n.into(), "192.0.2.1", page, if n % 2 == 0 { 200 } else { 302 });
        let source = LogSource::fixed("windows", "", "");
        watch.record(&Record { place: Place::Line(n.into()), time, server: None, source, fields: Fields::default(), unified });
    }
    let Watched { findings, not_kept, .. } = watch.finish();
    assert_eq!(findings.iter().map(|finding| finding.count).sum::<u64>() + not_kept, 1_000);
    assert!(not_kept > 0);
}

#[test]
fn bytes_that_a_page_sent_are_added_up() {
    let visit = |second: i64, bytes| {
        let (time, unified) = request(second, "192.0.2.1", "/owa/auth/x.aspx", 200);
        let Unified::WebRequest(request) = unified else { unreachable!() };
        (time, Unified::WebRequest(WebRequest { bytes_out: Some(bytes), ..request }))
    };
    let findings = findings_of([visit(0, 1_000), visit(10, 250), visit(10_000, 7)]);
    assert_eq!(findings.iter().map(|finding| finding.bytes_out).collect::<Vec<_>>(), [Some(1_250), Some(7)]);
}

#[test]
fn downloads_of_archives_are_told_beside() {
    let download = |stem: &'static str, status, bytes_out| {
        Unified::WebRequest(WebRequest {
            stem: stem.into(),
            status,
            bytes_out,
            client: "192.0.2.1".into(),
            ..WebRequest::default()
        })
    };
    let told = Some(("archive-downloaded", Standing::Beside));
    check(download("/aspnet_client/b.pst", 200, Some(80_000_000)), told);
    check(download("/owa/auth/lsass.dmp", 206, None), told);
    check(download("/a.ZIP", 200, Some(1_000_000)), told);
    check(download("/a.zip", 200, Some(900)), None);
    check(download("/a.zip", 404, Some(1_000_000)), None);
    check(download("/zip", 200, Some(1_000_000)), None);
}

#[test]
fn a_burst_at_the_log_on_page() {
    let tries = |count: i64, every_seconds: i64, status| {
        let kinds = findings_of((0..count).map(|n| request(n * every_seconds, "192.0.2.1", "/owa/", status)));
        kinds.into_iter().map(|finding| (finding.kind, finding.count, finding.standing)).collect::<Vec<_>>()
    };
    assert_eq!(tries(400, 1, 302), [("padding-burst".to_owned(), 400, Standing::Beside)]);
    assert_eq!(tries(400, 60, 440), []);
    assert_eq!(tries(400, 1, 200), []);
    assert_eq!(tries(40, 1, 302), []);
}

/// Calls of web services by one program within an hour: `count` reads, spread over `mailboxes`.
fn mailbox_reads(user: &str, agent: &str, count: usize, mailboxes: usize) -> Vec<(Option<Timestamp>, Unified<'static>)> {
    let access = |n: usize| MailboxAccess {
        action: "GetItem".into(),
        user: user.to_owned().into(),
        mailbox: format!("m{}@corp.example", n % mailboxes).into(),
        client: "192.0.2.1".into(),
        user_agent: agent.to_owned().into(),
        status: 200,
        bytes_out: Some(1_000),
    };
    let time = |n: usize| Timestamp::from_second(1_614_600_000 + n as i64).ok();
    (0..count).map(|n| (time(n), Unified::MailboxAccess(access(n)))).collect()
}

#[test]
fn mail_read_in_bulk() {
    let outlook = "MacOutlook/16.43";
    let told = |rows: Vec<_>| {
        let findings = findings_of(rows);
        findings.into_iter().map(|finding| (finding.standing, finding.count, finding.bytes_out)).collect::<Vec<_>>()
    };
    let python = "python-requests/2.25.1";
    assert_eq!(told(mailbox_reads("svc", python, 60, 6)), [(Standing::Alone, 60, Some(60_000))]);
    assert_eq!(told(mailbox_reads("svc", python, 60, 1)), [(Standing::Beside, 60, Some(60_000))]);
    assert_eq!(told(mailbox_reads("svc", python, 4, 1)), [(Standing::Beside, 4, Some(4_000))]);
    // A backup: told beside, whatever its size.
    assert_eq!(told(mailbox_reads("backup", "ExchangeServicesClient/15.0.913.22", 900, 30))[0].0, Standing::Beside);
    // People at work.
    let mut people: Vec<_> = (0..9).flat_map(|n| mailbox_reads(&format!("user{n}"), outlook, 40, 1)).collect();
    assert_eq!(told(people.clone()), []);
    people.extend(mailbox_reads("mallory", outlook, 700, 1));
    assert_eq!(told(people), [(Standing::Beside, 700, Some(700_000))]);
    assert_eq!(told(mailbox_reads("HealthMailbox12@corp.example", "Ews_AM_Probe", 900, 30)), []);
}
