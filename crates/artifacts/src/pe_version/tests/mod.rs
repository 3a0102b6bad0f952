#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod builder;

use proptest::prelude::*;

use super::*;
use crate::testing::Written;
use builder::program;

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
