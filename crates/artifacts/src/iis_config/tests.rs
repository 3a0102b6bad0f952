#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden, survives_damage};

fn read(bytes: &[u8], sink: &mut Written) {
    configuration(&decode(bytes), r"C:\x\y.config", Some(Timestamp::UNIX_EPOCH), sink);
}

#[test]
fn golden_files() {
    golden("iis_config", |_, bytes, sink| read(bytes, sink));
}

#[test]
fn utf_16_reads_the_same() {
    let utf8 = include_str!("testdata/application_host.in");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let read = |bytes: &[u8]| Written::by(|sink| read(bytes, sink)).text;
    assert_eq!(read(&utf16), read(utf8.as_bytes()));
}

#[test]
fn no_key_and_no_password_is_told() {
    for secret in ["validationKey", "ValidationKey", "decryptionKey"] {
        let text = format!("<configuration><system.web><machineKey {secret}='5ec4e7,IsolateApps'/></system.web></configuration>");
        let written = Written::by(|sink| read(text.as_bytes(), sink));
        assert!(!written.text.to_lowercase().contains("5ec4e7") && written.text.contains("Sha256="), "{}", written.text);
    }
    let share = "<configuration><system.applicationHost><sites><site><application><virtualDirectory password='5ec4e7'/>";
    let written = Written::by(|sink| read(share.as_bytes(), sink));
    assert!(!written.text.contains("5ec4e7") && written.text.contains("password=present"), "{}", written.text);
}

#[test]
fn the_static_key_is_known_by_its_hash() {
    // Put together here: the repository need not hold it in one piece.
    let key = ["cb2721abdaf8e9dc", "516d621d8b8bf13a", "2c9e8689a25303bf"].concat();
    for (key, known) in [(key.clone(), "true"), (key.to_uppercase(), "true"), (format!("{key}00"), "false")] {
        let text = format!("<configuration><system.web><machineKey validationKey='{key}'/></system.web></configuration>");
        let written = Written::by(|sink| read(text.as_bytes(), sink));
        assert!(written.text.contains(&format!("KnownStaticKey={known}")), "{}", written.text);
    }
}

#[test]
fn recognised_by_name_and_head_or_by_the_section_of_the_server() {
    let host = b"<?xml version=\"1.0\"?>\r\n<configuration><configSections/><system.applicationHost>".as_slice();
    let bare = b"\xef\xbb\xbf<configuration>".as_slice();
    let table = [
        ("web.config", bare, true),
        (r"C:\inetpub\history\CFGHISTORY_0000000001\applicationHost.config", host, true),
        ("x/Web.config.bak", bare, true),
        ("renamed.txt", host, true),
        ("web.config", b"PK\x03\x04".as_slice(), false),
        ("MSExchangeTransport.exe.config", bare, false),
        (r"C:\inetpub\temp\apppools\MSExchangeOWAAppPool\MSExchangeOWAAppPool.config", host, false),
    ];
    for (location, head, ours) in table {
        assert_eq!(is_iis_config(location, head), ours, "{location}");
    }
}

#[test]
fn script_in_a_configuration_is_told_as_that_of_a_page() {
    use std::sync::atomic::AtomicU64;
    let folder = tempfile::tempdir().unwrap();
    let page = "<configuration><system.webServer><handlers><add name='x' path='web.config'/></handlers></system.webServer>\
        </configuration><!-- <% inert() %> -->";
    for (name, content, records) in [("plain", page.replace("<%", ""), 1), ("page", page.to_owned(), 2)] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("web.config"), content).unwrap();
        let evidence = afterpatch_evidence::Evidence::open(&folder.path().join(name)).unwrap();
        let done = AtomicU64::new(0);
        let input = Input::open(&evidence.entries()[0], &done).unwrap();
        let written = Written::by(|sink| IisConfig.read(&input, sink));
        assert_eq!((written.records.len(), written.gaps.len()), (records, 0), "{}", written.text);
        assert_eq!(written.text.contains("shapes: [ServerScript]"), records == 2, "{}", written.text);
    }
}

#[test]
fn what_is_told_with_every_element_is_short() {
    let (long, many) = ("a".repeat(2_000_000), "<extendedProtection/>".repeat(100_000));
    for text in [
        format!("<configuration><location path='{long}'><system.webServer>{many}"),
        format!("<configuration><{long}>{many}"),
        format!("<configuration><system.applicationHost><sites><site name='{long}' id='{long}'><application>{many}"),
    ] {
        let written = Written::by(|sink| read(text.as_bytes(), &mut *sink));
        assert!(written.records.len() >= 100_000 && written.records.iter().all(|record| record.len() < 6_000));
    }
}

#[test]
fn damaged_configurations_are_survived() {
    survives_damage(include_bytes!("testdata/application_host.in"), read);
}
