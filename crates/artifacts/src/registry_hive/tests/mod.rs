#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod builder;

use std::io::Cursor;

use super::*;
use crate::testing::{Written, kept};
use builder::{Lists, NewKey, hive, utf16};

const ALL_LISTS: [Lists; 4] = [Lists::Lf, Lists::Lh, Lists::Li, Lists::Ri];

fn read(bytes: &[u8]) -> Written {
    Written::by(|sink| read_hive(Cursor::new(bytes), bytes.get(..4096).unwrap_or(bytes), sink))
}

fn system() -> NewKey {
    let mut root = NewKey::root();
    root.at("Select").number("Current", 2).number("Default", 2);
    for set in ["ControlSet001", "ControlSet002"] {
        root.at(set).at(r"Control\ComputerName\ComputerName").text("ComputerName", "EX01");
        root.at(set)
            .at(r"Control\TimeZoneInformation")
            .number("Bias", (-60_i32) as u32)
            .text("TimeZoneKeyName", "W. Europe Standard Time");
    }
    let set = root.at("ControlSet002");
    set.at(r"Services\Odd")
        .value("ImagePath", 2, &utf16("%windir%\\odd.exe -k\0"))
        .number("Start", 2)
        .text("ObjectName", "LocalSystem");
    set.at(r"Services\Odd").text("Description", "not handed on");
    set.at(r"Services\Odd\Parameters").text("ServiceDll", r"C:\ProgramData\odd.dll");
    set.at(r"Services\PortProxy\v4tov4\tcp").text("0.0.0.0/8443", "192.0.2.1/3389");
    set.at(r"Services\W32Time").text("DisplayName", "ä");
    set.at(r"Control\Lsa").value("Security Packages", 7, &utf16("kerberos\0odd\0\0")).number("RunAsPPL", 0);
    set.at(r"Control\SecurityProviders\WDigest").number("UseLogonCredential", 1);
    root
}

fn software() -> NewKey {
    let mut root = NewKey::root();
    root.at("Classes").text("not", "wanted");
    let microsoft = root.at("Microsoft");
    microsoft.at(r"ExchangeServer\v15\Setup").text("MsiInstallPath", r"E:\Exchange\").number("MsiProductMajor", 15);
    microsoft.at(r"Windows\CurrentVersion\RunOnce").text("", "default value").text("x", "cmd.exe /c inert");
    microsoft.at(r"Windows Defender\Exclusions\Paths").number(r"C:\inetpub", 0);
    microsoft.at(r"SystemCertificates\REQUEST\Certificates\00AA").value("Blob", 3, &[0xab; 1000]);
    microsoft.at(r"SystemCertificates\REQUEST\Certificates\00BB");
    let cache = microsoft.at(r"Windows NT\CurrentVersion\Schedule\TaskCache");
    cache.at(r"Tree\Microsoft\Exchange\odd").text("Id", "{1}");
    let actions =
        [b"\x03\0".as_slice(), b"\x0c\0\0\0", &utf16("Author"), b"\x66\x66", &utf16("cmd.exe"), b"\x01", &utf16("/c inert")];
    cache.at(r"Tasks\{1}").text("Path", r"\Microsoft\Exchange\odd").value("Actions", 3, &actions.concat());
    let options = microsoft.at(r"Windows NT\CurrentVersion\Image File Execution Options");
    options.at("sethc.exe").text("Debugger", "cmd.exe").number("MitigationOptions", 1);
    root
}

#[test]
fn what_is_wanted_of_system() {
    kept("registry_hive", "system", &read(&hive(&system(), Lists::Lh)).text);
}

#[test]
fn what_is_wanted_of_software() {
    kept("registry_hive", "software", &read(&hive(&software(), Lists::Lh)).text);
}

#[test]
fn every_kind_of_list_reads_the_same() {
    let without_places = |written: Written| {
        assert!(written.gaps.is_empty(), "{:?}", written.gaps);
        written.records.iter().map(|record| record.split_once(") ").unwrap().1.to_owned()).collect::<Vec<_>>()
    };
    for root in [system(), software()] {
        let [first, others @ ..] = ALL_LISTS.map(|lists| without_places(read(&hive(&root, lists))));
        assert!(first.len() > 5);
        assert!(others.iter().all(|other| *other == first));
    }
}

#[test]
fn large_data_in_segments_is_put_together() {
    let mut root = software();
    root.at(r"Microsoft\InetStp").text("Long", &"x".repeat(20_000)).value("Longer", 3, &vec![7; 200_000]);
    let written = read(&hive(&root, Lists::Lh));
    assert!(written.gaps.is_empty(), "{:?}", written.gaps);
    assert!(written.text.contains(&format!("data: \"{}\"", "x".repeat(20_000))));
    assert!(written.text.contains(&format!("data: \"{}…\"", "07".repeat(256))) && written.text.contains("Size=200000"));
}

#[test]
fn a_hive_in_use_and_one_of_a_user_are_gaps() {
    let mut open = hive(&system(), Lists::Lh);
    open[4] = 8;
    assert_eq!(read(&open).gaps.iter().map(|gap| gap.0).collect::<Vec<_>>(), [GapKind::NotRead]);
    let mut user = NewKey::root();
    user.at(r"Software\Microsoft\Windows\CurrentVersion\Run").text("x", "y");
    let written = read(&hive(&user, Lists::Lh));
    assert!(written.records.is_empty() && written.gaps[0].0 == GapKind::NotRead, "{}", written.text);
}

#[test]
fn a_hive_that_points_back_to_itself_ends() {
    let mut root = software();
    let tree = r"Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree";
    for number in 0..100 {
        root.at(tree).at("loop").at(&number.to_string());
    }
    let mut bytes = hive(&root, Lists::Li);
    // Every key in `loop` shall be `loop` itself: its list is that of a hundred entries.
    let list = bytes.windows(4).position(|mark| mark == b"li\x64\0").unwrap();
    let name = bytes.windows(4).position(|mark| mark == b"loop").unwrap();
    let offset = (name - 76 - 4 - 4096) as u32;
    for entry in 0..100 {
        bytes[list + 4 + entry * 4..][..4].copy_from_slice(&offset.to_le_bytes());
    }
    let mut written = Written { stop_after: Some(20_000), ..Written::default() };
    read_hive(Cursor::new(&bytes), &bytes[..4096], &mut written);
    assert!(written.gaps.iter().any(|gap| gap.0 == GapKind::Capped), "{:?}", written.gaps.first());
}

#[test]
fn reading_ends_with_the_budget() {
    let bytes = hive(&system(), Lists::Lh);
    let root = u32_at(&bytes, walk::ROOT_AT);
    let mut cells = cells::Cells::new(Cursor::new(&bytes));
    let mut reads = 0_u64;
    let end = loop {
        match cells.read(root, 1 << 20) {
            Ok(cell) => reads += cell.len() as u64,
            Err(damage) => break damage,
        }
    };
    assert_eq!(end.kind, GapKind::Capped);
    assert!(reads < 1 << 30);
}

#[test]
fn damage_costs_what_it_hits() {
    let sound = hive(&system(), Lists::Lh);
    let all = read(&sound).records.len();
    let at = sound.windows(5).position(|name| name == b"Start").unwrap() - 20;
    let mut bytes = sound.clone();
    bytes[at] = b'x';
    let written = read(&bytes);
    assert_eq!((written.records.len(), written.gaps[0].0), (all - 1, GapKind::Malformed), "{}", written.text);
}

#[test]
fn any_bytes_are_survived() {
    use proptest::prelude::*;
    let sounds = [hive(&system(), Lists::Ri), hive(&software(), Lists::Lf)];
    let change = (any::<prop::sample::Index>(), any::<u8>());
    proptest!(|(which in 0..2_usize, changes in prop::collection::vec(change, 1..40), end in any::<prop::sample::Index>(), bytes in prop::collection::vec(any::<u8>(), 0..5000))| {
        let mut damaged = sounds[which].clone();
        for (at, byte) in changes {
            // Not the base block, which is mostly padding.
            let at = 4096 + at.index(damaged.len() - 4096);
            damaged[at] = byte;
        }
        let mut sink = Written { stop_after: Some(1000), ..Written::default() };
        read_hive(Cursor::new(&damaged), &damaged[..4096], &mut sink);
        let cut = &damaged[..end.index(damaged.len())];
        read(cut);
        read(&[b"regf".as_slice(), &bytes].concat());
    });
}
