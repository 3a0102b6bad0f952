#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use std::path::Path;
use std::sync::atomic::AtomicU64;

use afterpatch_evidence::Evidence;
use proptest::prelude::*;

use super::*;
use crate::testing::Written;

/// The table of a small volume made by mkntfs and filled through ntfs-3g (see `crates/evidence/tests/data/README.md`).
fn table() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ntfs_mft/testdata/mft.xz");
    let evidence = Evidence::open(&path).unwrap();
    let mut bytes = Vec::new();
    evidence.entries()[0].reader().unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

fn read(bytes: &[u8], sink: &mut Written) {
    files(bytes, USUAL_SIZE, &folders(bytes, USUAL_SIZE), "C:", sink);
}

#[test]
fn pages_of_a_real_table() {
    let bytes = table();
    let written = Written::by(|sink| read(&bytes, sink));
    assert_eq!(written.gaps, []);
    let told: Vec<&String> = written.records.iter().filter(|record| record.contains("FileEntry")).collect();
    assert_eq!(told.len(), 3, "{told:?}");
    let page = told.iter().find(|record| record.contains("page.aspx")).unwrap();
    assert!(page.contains(r#"path: "C:\\inetpub\\wwwroot\\aspnet_client\\page.aspx", size: 59, deleted: false"#), "{page}");
    assert!(page.contains("modified: Some(2021-03-03T04:00:00Z)") && page.contains("shapes: [ServerScript]"), "{page}");
    assert!(page.contains(r#"script: "<% Response.Write(\"inert\"); %>""#), "{page}");
    let gone = told.iter().find(|record| record.contains("gone.aspx")).unwrap();
    assert!(gone.contains("deleted: true") && gone.contains(r#"Response.Write(\"deleted\")"#), "{gone}");
    // Its folder was deleted with it.
    let deep = told.iter().find(|record| record.contains("deep.ashx")).unwrap();
    assert!(deep.contains(r#"path: "C:\\inetpub\\wwwroot\\aspnet_client\\gone\\deep.ashx""#), "{deep}");
}

#[test]
fn a_table_without_end_and_damaged_entries() {
    let mut bytes = table();
    let whole = Written::by(|sink| read(&bytes, sink)).records.len();
    // One torn write, one entry of noise.
    bytes[30 * 1024 + 510] ^= 1;
    bytes[31 * 1024..32 * 1024].fill(0xab);
    bytes.truncate(bytes.len() - 100);
    let written = Written::by(|sink| read(&bytes, sink));
    let gaps: Vec<(GapKind, Place)> = written.gaps.iter().map(|(kind, place, _)| (*kind, *place)).collect();
    assert!(
        gaps.contains(&(GapKind::Malformed, Place::Record(31))) && gaps.contains(&(GapKind::Truncated, Place::Whole)),
        "{gaps:?}"
    );
    assert!(written.records.len() >= whole - 3);
}

#[test]
fn known_by_its_head_whatever_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = table();
    let mut damaged = bytes.clone();
    damaged[..4].fill(0);
    for (name, bytes, ours) in
        [("volume.bin", &bytes, true), ("C_$MFT", &damaged, true), ("other", &damaged, false), ("$MFTMirr", &damaged, false)]
    {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let evidence = Evidence::open(&folder.path().join(name)).unwrap();
        let done = AtomicU64::new(0);
        let input = Input::open(&evidence.entries()[0], &done).unwrap();
        assert_eq!(NtfsMft.recognise(&input), ours, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn damage_never_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..400)) {
        let mut bytes = table();
        // Entries of files only, where there is much to damage.
        bytes.drain(..24 * 1024);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read(&bytes, &mut Written::default());
    }

    #[test]
    fn any_entry(mut entry in prop::collection::vec(any::<u8>(), 1024)) {
        // Noise behind a head that is sound, so that it is looked at.
        entry[..8].copy_from_slice(b"FILE\x30\0\x03\0");
        let mark = [entry[0x30], entry[0x31]];
        for end in [510, 1022] {
            entry[end..end + 2].copy_from_slice(&mark);
        }
        entry[20..22].copy_from_slice(&56_u16.to_le_bytes());
        entry[56..60].copy_from_slice(&[0x30, 0, 0, 0]);
        read(&entry, &mut Written::default());
    }
}
