//! What the code of a page does, in a scan: the web shell and its visits are one incident, and what only may be one is told and
//! says nothing of an attack.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use std::fs;
use std::path::Path;

use afterpatch_model::{ArtifactKind, CompromiseAnswer, Finding, FootholdAnswer, Grade, Place, Report, ServerReport, Step};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use common::{only_server, scan};

/// A page that runs a parameter as a command, stored encoded.
const COMMAND: &str = "PD9waHAKJGFza2VkID0gJF9HRVRbJ2snXTsKc3lzdGVtKCRhc2tlZCk7Cg==";
/// Visits to a harmless page and to the other one, on a Linux server.
const VISITS: &str = "198.51.100.4 - - [03/Mar/2021:10:00:00 +0000] \"GET /shop/cart.php?id=4 HTTP/1.1\" 200 5120 \"-\" \"Mozilla/5.0\"\n\
    203.0.113.9 - - [04/Mar/2021:11:00:00 +0000] \"GET /shop/img/ab12.php?k=x HTTP/1.1\" 200 180 \"-\" \"python-requests/2.25\"\n\
    203.0.113.9 - - [04/Mar/2021:11:00:09 +0000] \"GET /shop/img/ab12.php?k=y HTTP/1.1\" 200 95 \"-\" \"python-requests/2.25\"\n";

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn of_kind<'r>(server: &'r ServerReport, kind: &str) -> Vec<&'r Finding> {
    server.findings.iter().filter(|finding| finding.kind == kind).collect()
}

/// Artifact path and place of a finding's evidence, and its text.
fn evidence<'r>(report: &'r Report, finding: &'r Finding) -> Vec<(&'r str, Place, &'r str)> {
    let path = |it: &afterpatch_model::Evidence| report.artifacts.iter().find(|artifact| artifact.id == it.artifact).unwrap();
    finding.evidence.iter().map(|it| (path(it).path.as_str(), it.place, it.text.as_str())).collect()
}

#[test]
fn a_web_shell_is_told_by_its_code_with_its_visits() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "var/log/apache2/access.log", VISITS.as_bytes());
    write(folder.path(), "var/www/html/shop/cart.php", b"<?php echo htmlspecialchars($_GET['id']);");
    write(folder.path(), "var/www/html/shop/img/ab12.php", &BASE64_STANDARD.decode(COMMAND).unwrap());

    let (report, code) = scan(&[folder.path()]);
    assert_eq!(code, 13);
    let server = only_server(&report);
    assert_eq!(server.verdict.compromise, CompromiseAnswer::Compromised);
    assert_eq!(server.verdict.foothold, FootholdAnswer::InPlace);
    let [found] = of_kind(server, "web-shell-code")[..] else { panic!("{:#?}", server.findings) };
    let shown = evidence(&report, found);
    assert!(shown.iter().all(|(path, ..)| path.ends_with("img/ab12.php")), "{shown:?}");
    let (_, whole, summary) = shown[0];
    assert_eq!(whole, Place::Whole);
    assert!(summary.contains("Calls=system (command) line 3 <- parameter k"), "{summary}");
    let lines: Vec<(Place, &str)> = shown.iter().skip(1).map(|(_, place, text)| (*place, *text)).collect();
    assert_eq!(lines, [(Place::Line(2), "$asked = $_GET['k'];"), (Place::Line(3), "system($asked);")]);

    let [incident] = &server.incidents[..] else { panic!("{:#?}", server.incidents) };
    assert!(incident.timeline.iter().any(|step| step.findings.contains(&found.id)));
    let visit = incident.timeline.iter().find(|step| step.step == Step::PageRequested).unwrap();
    let first = visit.evidence.first().unwrap();
    let log = report.artifacts.iter().find(|artifact| artifact.kind == ArtifactKind::AccessLog).unwrap();
    assert_eq!((first.artifact, first.place), (log.id, Place::Line(2)), "the first visit, not the harmless page's");
}

#[test]
fn what_may_be_harmless_is_told_and_opens_no_incident() {
    let folder = tempfile::tempdir().unwrap();
    let page = "<?php\n$host = $_GET['host'];\nexec('ping -c 1 ' . $host);\n";
    write(folder.path(), "var/www/html/ping.php", page.as_bytes());
    write(folder.path(), "var/log/apache2/access.log", VISITS.lines().next().unwrap().as_bytes());
    let (report, _) = scan(&[folder.path()]);
    let server = only_server(&report);
    let [found] = of_kind(server, "suspicious-script-code")[..] else { panic!("{:#?}", server.findings) };
    assert_eq!(found.grade, Grade::Unclear);
    assert!(server.incidents.is_empty(), "{:#?}", server.incidents);
    assert_eq!(server.verdict.compromise, CompromiseAnswer::CannotTell);
    assert_eq!(server.verdict.foothold, FootholdAnswer::CannotTell);

    // No page of others belongs among those of Exchange.
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "C/Program Files/Microsoft/Exchange Server/V15/ClientAccess/ecp/ping.php", page.as_bytes());
    let (report, code) = scan(&[folder.path()]);
    assert_eq!(code, 13);
    assert_eq!(of_kind(only_server(&report), "suspicious-script-code")[0].grade, Grade::Compromise);
}

#[test]
fn a_tool_of_the_trade_and_encoded_code_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let encoded =
        format!("<?php //0046a\nif(!extension_loaded('ionCube Loader')){{die('needs a loader');}}\n?>\n{}", "HR+cP".repeat(400));
    write(folder.path(), "var/www/html/app.php", encoded.as_bytes());
    let (report, _) = scan(&[folder.path()]);
    let server = only_server(&report);
    let [found] = of_kind(server, "opaque-script-code")[..] else { panic!("{:#?}", server.findings) };
    assert_eq!(found.grade, Grade::Unclear);
    assert!(server.incidents.is_empty());
}

/// Nothing runs a picture for its name, so that it is told and opens no incident; elsewhere a picture is not looked at.
#[test]
fn script_in_a_picture_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let picture = [b"GIF89a".as_slice(), &BASE64_STANDARD.decode(COMMAND).unwrap()].concat();
    write(folder.path(), "inetpub/wwwroot/img/logo.gif", &picture);
    write(folder.path(), "inetpub/wwwroot/img/plain.gif", b"GIF89a\x01\x02<%\x80\x81");
    write(folder.path(), "Users/Public/logo.gif", &picture);
    let (report, _) = scan(&[folder.path()]);
    let server = only_server(&report);
    let [found] = of_kind(server, "hidden-script-code")[..] else { panic!("{:#?}", server.findings) };
    assert_eq!(found.grade, Grade::Unclear);
    assert!(evidence(&report, found).iter().all(|(path, ..)| path.ends_with("wwwroot/img/logo.gif")));
    assert_eq!(report.artifacts.iter().filter(|artifact| artifact.kind == ArtifactKind::ServedScript).count(), 1);
    assert!(server.incidents.is_empty(), "{:#?}", server.incidents);
    assert_eq!(server.verdict.foothold, FootholdAnswer::CannotTell);
}
