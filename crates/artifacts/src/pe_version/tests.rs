#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::*;
use crate::testing::Written;

/// The least program that has a version: DOS header, PE header of 32 or 64 bits, one section with the resources.
fn program(wide: bool, version: [u16; 4]) -> Vec<u8> {
    let mut info = vec![0; 40];
    info[0..2].copy_from_slice(&92_u16.to_le_bytes());
    info[2..4].copy_from_slice(&52_u16.to_le_bytes());
    for (at, letter) in "VS_VERSION_INFO".encode_utf16().enumerate() {
        info[6 + at * 2..8 + at * 2].copy_from_slice(&letter.to_le_bytes());
    }
    info.extend(0xfeef_04bd_u32.to_le_bytes());
    info.extend(0x10000_u32.to_le_bytes());
    for at in [1, 0, 3, 2] {
        info.extend(version[at].to_le_bytes());
    }
    info.extend([0; 36]);

    // Resources at address 0x1000: kind, name, language, place, content.
    let table = |id: u32, offset: u32| {
        [vec![0; 14], 1_u16.to_le_bytes().to_vec(), id.to_le_bytes().to_vec(), offset.to_le_bytes().to_vec()].concat()
    };
    let mut resources = [table(16, 1 << 31 | 24), table(1, 1 << 31 | 48), table(1033, 72)].concat();
    resources.extend([0x1000 + 88, info.len() as u32, 0, 0].iter().flat_map(|number| number.to_le_bytes()));
    resources.extend(info);

    let mut bytes = b"MZ".to_vec();
    bytes.resize(0x3c, 0);
    bytes.extend(0x40_u32.to_le_bytes());
    bytes.extend(b"PE\0\0");
    let machine: u16 = if wide { 0x8664 } else { 0x14c };
    let optional: u16 = if wide { 112 + 128 } else { 96 + 128 };
    for number in [machine, 1, 0, 0, 0, 0, 0, 0, optional, 2].into_iter().enumerate().filter(|(at, _)| *at != 6 && *at != 7) {
        bytes.extend(number.1.to_le_bytes());
    }
    bytes.resize(0x40 + 4 + 20, 0);
    let header = 0x40 + 4;
    bytes[header + 16..header + 18].copy_from_slice(&optional.to_le_bytes());
    let start = bytes.len();
    bytes.resize(start + usize::from(optional), 0);
    let magic: u16 = if wide { 0x20b } else { 0x10b };
    bytes[start..start + 2].copy_from_slice(&magic.to_le_bytes());
    let directories = start + usize::from(optional) - 128;
    bytes[directories - 4..directories].copy_from_slice(&16_u32.to_le_bytes());
    bytes[directories + 16..directories + 20].copy_from_slice(&0x1000_u32.to_le_bytes());
    bytes[directories + 20..directories + 24].copy_from_slice(&(resources.len() as u32).to_le_bytes());
    let size = resources.len() as u32;
    bytes.extend(b".rsrc\0\0\0");
    for number in [size, 0x1000, size, 0x200, 0, 0, 0, 0] {
        bytes.extend(u32::to_le_bytes(number));
    }
    bytes.resize(0x200, 0);
    bytes.extend(resources);
    bytes
}

#[test]
fn the_version_of_both_widths() {
    for wide in [true, false] {
        let bytes = program(wide, [15, 1, 2176, 9]);
        assert_eq!(version_info::file_version(&bytes).map(|build| build.to_string()).as_deref(), Some("15.1.2176.9"));
        let written = Written::by(|sink| read(bytes.as_slice(), sink));
        assert_eq!((written.records.len(), written.gaps.len(), &written.times[..]), (1, 0, &[None][..]));
        assert!(written.text.contains("FileVersion=15.1.2176.9"), "{}", written.text);
    }
}

#[test]
fn without_a_version_there_is_a_gap() {
    for bytes in [b"MZ".to_vec(), Vec::new(), program(true, [15, 1, 2176, 9])[..0x280].to_vec()] {
        let written = Written::by(|sink| read(bytes.as_slice(), sink));
        assert_eq!((written.records.len(), written.gaps.len()), (0, 1));
    }
}

#[test]
fn only_the_installed_one() {
    let table = [
        (r"C:\Program Files\Microsoft\Exchange Server\V15\Bin\ExSetup.exe", true),
        ("E/Exchange2016/bin/exsetup.EXE", true),
        ("ExSetup.exe", true),
        (r"C:\ExchangeCU\Setup\ServerRoles\Common\ExSetup.exe", false),
        (r"C:\ExchangeCU\ExSetup.exe", false),
        (r"C:\Exchange\Bin\ExSetupUI.exe", false),
        (r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3\Exchange\Bin\ExSetup.exe", false),
    ];
    for (location, ours) in table {
        assert_eq!(is_installed(location), ours, "{location}");
    }
}

proptest! {
    #[test]
    fn damage_never_panics(
        wide in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        length in any::<prop::sample::Index>(),
    ) {
        let mut bytes = program(wide, [15, 2, 1118, 40]);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(length.index(bytes.len()) + 1);
        let written = Written::by(|sink| read(bytes.as_slice(), sink));
        prop_assert_eq!(written.records.len() + written.gaps.len(), 1);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(version_info::file_version(&bytes), None);
    }
}
