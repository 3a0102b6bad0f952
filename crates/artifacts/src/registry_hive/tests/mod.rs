#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod builder;

use std::io::Cursor;

use super::*;
use crate::testing::{Written, kept};
use builder::{Lists, NewKey, hive, software, system};

const ALL_LISTS: [Lists; 4] = [Lists::Lf, Lists::Lh, Lists::Li, Lists::Ri];

fn read(bytes: &[u8]) -> Written {
    Written::by(|sink| read_hive(Cursor::new(bytes), bytes.get(..4096).unwrap_or(bytes), sink))
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
    assert!(reads < 1 << 20);
}

#[test]
fn a_list_that_names_one_value_again_and_again_ends() {
    let mut root = system();
    let run = root.at(r"ControlSet002\Services\Odd");
    for number in 0..20_000 {
        run.number(&format!("{number}"), number);
    }
    run.value(&"n".repeat(16_000), 3, &[7; 60_000]);
    let mut bytes = hive(&root, Lists::Lh);
    // The list of values follows the last of them.
    let name = bytes.windows(100).position(|name| name == [b'n'; 100]).unwrap();
    let value = name - 20 - 4;
    let list = value + (4_usize + 20 + 16_000).next_multiple_of(8);
    assert_eq!(bytes[value + 4..value + 6], *b"vk");
    for entry in 0..20_000 {
        bytes[list + 4 + entry * 4..][..4].copy_from_slice(&((value - 4096) as u32).to_le_bytes());
    }
    let written = read(&bytes);
    assert_eq!(written.gaps.last().map(|gap| gap.0), Some(GapKind::Capped), "{:?}", written.gaps.first());
    assert!(written.records.len() < 2_000);
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
