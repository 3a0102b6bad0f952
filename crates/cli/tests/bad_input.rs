//! Bad input: a clear message or a gap, and the rest is still scanned.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;

use afterpatch_model::{CompromiseAnswer, Gap, GapKind, Report};
use common::{afterpatch, code, scan};
use zip::write::SimpleFileOptions;

/// A log whose only row is a forged request that an attacker's session came out of.
const ATTACKED: &str = "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: HttpProxy Logs\r\n\
    #Date: 2021-03-01T10:00:00.000Z\r\n\
    #Fields: DateTime,RequestId,Protocol,UrlStem,AuthenticatedUser,AnchorMailbox,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,Method,UrlQuery\r\n\
    2021-03-01T10:00:01.000Z,8f2b0a2e-0f1c-4f2e-9a64-1f2a3b4c5d6e,Ecp,/ecp/y.js,,ServerInfo~a]@ex01.corp.example:444/ecp/proxyLogon.ecp?#,x,192.0.2.77,EX01,241,241,POST,\r\n";

fn gaps(report: &Report, name: &str) -> Vec<Gap> {
    report.gaps.iter().filter(|gap| gap.path.contains(name)).cloned().collect()
}

fn has_gap(report: &Report, name: &str, kind: GapKind) -> bool {
    let found = gaps(report, name);
    assert!(found.iter().all(|gap| !gap.detail.is_empty()), "{found:?}");
    found.iter().any(|gap| gap.kind == kind)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn one_good_log_among_bad_files_is_still_found() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "Logging/HttpProxy/Ecp/HttpProxy_2021030110-1.LOG", ATTACKED.as_bytes());
    let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    write(root, "W3SVC1/u_ex210301.log", &noise);
    write(root, "logs/Security.evtx", &noise);
    write(root, "logs/Application.evtx", &[b"ElfFile\0".as_slice(), &noise].concat());
    let mut endless = b"#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem sc-status\n2021-03-01 10:00:00 GET /a 200\n".to_vec();
    endless.extend(std::iter::repeat_n(b'x', 40 << 20));
    endless.extend(b"\n2021-03-01 10:00:01 GET /b 200\n");
    write(root, "W3SVC1/u_ex210302.log", &endless);
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(ATTACKED.replace("192.0.2.77", "192.0.2.78").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    write(root, "Logging/HttpProxy/Owa/HttpProxy_2021030110-1.LOG", &utf16);
    write(root, "inner.zip", b"PK\x03\x04 not really");
    fs::create_dir(root.join("empty")).unwrap();

    let (report, code) = scan(&[root]);
    assert_eq!(code, 12);
    assert!(report.servers.iter().any(|server| server.name == "EX01" && server.verdict.compromise == CompromiseAnswer::Passed));
    let addresses: Vec<&str> =
        report.servers[0].findings.iter().flat_map(|it| it.things_of(afterpatch_model::ThingKind::Address)).collect();
    assert!(addresses.contains(&"192.0.2.77") && addresses.contains(&"192.0.2.78"), "UTF-16 is read, too: {addresses:?}");
    assert!(has_gap(&report, "u_ex210301.log", GapKind::NotWhatItSays), "{:?}", report.gaps);
    assert!(has_gap(&report, "Security.evtx", GapKind::NotWhatItSays), "{:?}", report.gaps);
    assert!(!gaps(&report, "Application.evtx").is_empty(), "{:?}", report.gaps);
    assert!(has_gap(&report, "u_ex210302.log", GapKind::TooLong), "{:?}", report.gaps);
    assert!(has_gap(&report, "inner.zip", GapKind::Truncated), "{:?}", report.gaps);
    let iis = report.artifacts.iter().find(|artifact| artifact.path.contains("u_ex210302")).unwrap();
    assert_eq!(iis.records, 2, "rows around the endless line are read");
}

#[test]
fn a_zip_with_hostile_names_and_an_encrypted_member_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["/abs/HttpProxy_2021030110-1.LOG", "../../up/HttpProxy_2021030111-1.LOG", "secret/HttpProxy_2021030112-1.LOG"] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(ATTACKED.as_bytes()).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    encrypt_flag(&mut bytes, b"secret/");
    let path = folder.path().join("case.zip");
    fs::write(&path, bytes).unwrap();
    let (report, code) = scan(&[&path]);
    assert_eq!(code, 12);
    assert!(has_gap(&report, "up/", GapKind::UnsafeName), "{:?}", report.gaps);
    assert!(has_gap(&report, "abs/", GapKind::UnsafeName), "{:?}", report.gaps);
    assert!(has_gap(&report, "secret/", GapKind::Encrypted), "{:?}", report.gaps);
    assert_eq!(report.artifacts.len(), 2);
}

/// Sets the encryption bit of the member whose name begins so, in both its headers.
fn encrypt_flag(zip: &mut [u8], name: &[u8]) {
    for (signature, flags_at, name_at) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
        let starts: Vec<usize> = (0..zip.len().saturating_sub(name_at + name.len()))
            .filter(|&at| zip[at..].starts_with(signature) && zip[at + name_at..].starts_with(name))
            .collect();
        for at in starts {
            zip[at + flags_at] |= 1;
        }
    }
}

#[test]
fn a_damaged_archive_and_a_missing_one_do_not_stop_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("HttpProxy_2021030110-1.LOG");
    fs::write(&good, ATTACKED).unwrap();
    let damaged = folder.path().join("damaged.zip");
    fs::write(&damaged, b"PK\x03\x04\0\0\0\0 and then nothing").unwrap();
    let missing = folder.path().join("missing.zip");
    let (report, code) = scan(&[&damaged, &missing, &good]);
    assert_eq!(code, 12);
    assert!(!gaps(&report, "damaged.zip").is_empty() && !gaps(&report, "missing.zip").is_empty(), "{:?}", report.gaps);
}

#[test]
fn nothing_readable_ends_with_3_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let output = afterpatch(&["scan", folder.path().to_str().unwrap()]);
    assert_eq!(code(&output), 3);
    let (report, _) = scan(&[folder.path()]);
    assert!(report.gaps.iter().any(|gap| gap.kind == GapKind::Empty), "{:?}", report.gaps);
    assert!(report.servers.is_empty());
    let missing = folder.path().join("missing");
    assert_eq!(code(&afterpatch(&["scan", "--quiet", missing.to_str().unwrap()])), 3);
}

#[test]
fn wrong_usage_ends_with_2_and_an_impossible_output_with_1() {
    assert_eq!(code(&afterpatch(&["scan", "--threads", "0", "x"])), 2);
    assert_eq!(code(&afterpatch(&["scan", "--since", "yesterday", "x"])), 2);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "evidence/HttpProxy_2021030110-1.LOG", ATTACKED.as_bytes());
    let evidence = folder.path().join("evidence");
    let into = |name: &str| {
        afterpatch(&["scan", "--quiet", evidence.to_str().unwrap(), "-o", folder.path().join(name).to_str().unwrap()])
    };
    assert_eq!(code(&into("no/such/folder/report.html")), 1);
    assert_eq!(code(&into("report.unknown")), 1);
    let inside = into("evidence/report.html");
    assert_eq!(code(&inside), 1, "evidence is never written to");
    assert!(String::from_utf8_lossy(&inside.stderr).contains("never written to"));
    assert_eq!(fs::read_dir(&evidence).unwrap().count(), 1);
}

#[test]
fn time_bounds_leave_records_out_and_say_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("HttpProxy_2021030110-1.LOG");
    fs::write(&file, ATTACKED).unwrap();
    let file = file.to_str().unwrap();
    let run = |bound: &[&str]| code(&afterpatch(&[&["scan", "--quiet", file], bound].concat()));
    assert_eq!(run(&["--since", "2021-03-01", "--until", "2021-03-01"]), 12);
    assert_ne!(run(&["--until", "2021-02-28"]), 12);
    assert_ne!(run(&["--since", "2021-03-01T10:00:02Z"]), 12);
    assert_eq!(run(&["--exit-zero"]), 0);
    let text = afterpatch(&["scan", file, "--until", "2021-02-28"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("2021-02-28"), "{}", String::from_utf8_lossy(&text.stdout));
}
