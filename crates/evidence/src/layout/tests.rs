use proptest::prelude::*;

use super::*;

/// Path in the evidence; path shown (`=` when the same); host root; Windows path (empty when none).
type Row = (&'static str, &'static str, &'static str, &'static str);

fn check(rows: &[Row]) {
    let layout = Layout::learn(|| rows.iter().map(|row| row.0));
    for (path, shown, host, windows) in rows {
        let placed = layout.place(path);
        let own = placed.decoded.unwrap_or_else(|| (*path).to_owned());
        let spelled =
            placed.windows.map(|(volume, below)| format!(r"{volume}\{}", own.get(below..).unwrap_or("?").replace('/', r"\")));
        let shown = if *shown == "=" { path } else { shown };
        assert_eq!(
            (own.as_str(), &*placed.host_root, spelled.as_deref().unwrap_or_default()),
            (*shown, *host, *windows),
            "{path}"
        );
    }
}

#[test]
fn kape() {
    check(&[
        ("C/Windows/System32/winevt/Logs/System.evtx", "=", "", r"C:\Windows\System32\winevt\Logs\System.evtx"),
        ("E/Exchange2016/Logging/Ews/x.LOG", "=", "", r"E:\Exchange2016\Logging\Ews\x.LOG"),
        ("d/a.log", "=", "", r"D:\a.log"),
        ("C/$MFT", "=", "", r"C:\$MFT"),
        ("2021-03-14T064011_ConsoleLog.txt", "=", "", ""),
        ("modules/a/b.csv", "=", "", ""),
    ]);
}

#[test]
fn kape_of_several_hosts() {
    check(&[
        ("EX01/C/Program Files/Microsoft/x.log", "=", "EX01", r"C:\Program Files\Microsoft\x.log"),
        ("EX01/console.txt", "=", "EX01", ""),
        ("EX02/c/INETPUB/logs/x.log", "=", "EX02", r"C:\INETPUB\logs\x.log"),
        ("EX03/E/Exchange2016/Logging/x.log", "=", "EX03", r"E:\Exchange2016\Logging\x.log"),
        ("readme.txt", "=", "", ""),
        ("notes/b/c.txt", "=", "", ""),
    ]);
}

#[test]
fn hosts_that_are_called_by_a_letter() {
    check(&[
        ("A/C/Windows/x", "=", "A", r"C:\Windows\x"),
        ("B/D/Users/x", "=", "B", r"D:\Users\x"),
        ("B/console.txt", "=", "B", ""),
    ]);
}

#[test]
fn only_letters_and_no_windows_folder() {
    check(&[("E/Exchange2016/Logging/x.log", "=", "", r"E:\Exchange2016\Logging\x.log"), ("run.txt", "=", "", "")]);
    check(&[("E/Exchange2016/x.log", "=", "", ""), ("other/x.log", "=", "", "")]);
    check(&[("e/Exchange2016/x.log", "=", "", "")]);
}

#[test]
fn letters_deep_in_a_tree_are_folders() {
    check(&[
        ("C/Windows/a", "=", "", r"C:\Windows\a"),
        ("C/Data/D/Users/a", "=", "", r"C:\Data\D\Users\a"),
        ("logs/a/b/x.log", "=", "", ""),
    ]);
}

#[test]
fn velociraptor() {
    check(&[
        (
            "uploads/auto/C%3A/Program%20Files/Microsoft/M%C3%BCll%25er.log",
            "uploads/auto/C:/Program Files/Microsoft/Müll%er.log",
            "",
            r"C:\Program Files\Microsoft\Müll%er.log",
        ),
        (
            "uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J",
            r"uploads/ntfs/\\.\C:/$Extend/$UsnJrnl:$J",
            "",
            r"C:\$Extend\$UsnJrnl:$J",
        ),
        (
            "uploads/ntfs_vss/%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy3/inetpub/x%2Elog",
            r"uploads/ntfs_vss/\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3/inetpub/x.log",
            "",
            r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy3\inetpub\x.log",
        ),
        ("uploads/auto/d%3A/a%2Fb%ZZ.log", "uploads/auto/d:/a%2Fb%ZZ.log", "", r"D:\a%2Fb%ZZ.log"),
        ("results/Windows.KapeFiles.Targets%2FUploads.json", "=", "", ""),
        ("uploads.json", "=", "", ""),
    ]);
}

#[test]
fn velociraptor_of_several_hosts_and_its_parts() {
    check(&[
        (
            "Collection-EX01/uploads/auto/C%3A/Windows/x",
            "Collection-EX01/uploads/auto/C:/Windows/x",
            "Collection-EX01",
            r"C:\Windows\x",
        ),
        ("Collection-EX01/results/x.json", "=", "Collection-EX01", ""),
        ("Collection-EX02/uploads/auto/E%3A/x", "Collection-EX02/uploads/auto/E:/x", "Collection-EX02", r"E:\x"),
        // The colon kept by an unpacker that decodes.
        ("Collection-EX03/uploads/auto/C:/Windows/a%20b", "=", "Collection-EX03", r"C:\Windows\a%20b"),
    ]);
    check(&[("auto/C%3A/x", "auto/C:/x", "", r"C:\x")]);
    check(&[("C%3A/x", "C:/x", "", r"C:\x")]);
}

#[test]
fn mounted_image() {
    check(&[
        ("Windows/System32/config/SYSTEM", "=", "", r"C:\Windows\System32\config\SYSTEM"),
        ("inetpub/logs/LogFiles/W3SVC1/u_ex210303.log", "=", "", r"C:\inetpub\logs\LogFiles\W3SVC1\u_ex210303.log"),
        ("Users/a/kape/D/Windows/x", "=", "", r"C:\Users\a\kape\D\Windows\x"),
        ("pagefile.sys", "=", "", r"C:\pagefile.sys"),
    ]);
    check(&[("inetpub/logs/LogFiles/x.log", "=", "", ""), ("Windows/Temp/x", "=", "", "")]);
    check(&[
        ("EX01/windows/system32/a", "=", "EX01", r"C:\windows\system32\a"),
        ("EX01/hiberfil.sys", "=", "EX01", r"C:\hiberfil.sys"),
        ("EX02/a%20b", "=", "", ""),
    ]);
}

#[test]
fn volumes_of_one_disk() {
    check(&[
        ("partition2/Windows/System32/x", "=", "", r"C:\Windows\System32\x"),
        ("partition3/Exchange/Logging/x.log", "=", "", ""),
    ]);
    check(&[("EX01.vhdx!/partition1/Windows/System32/x", "=", "EX01.vhdx!", r"C:\Windows\System32\x")]);
    check(&[("partition/Windows/System32/x", "=", "partition", r"C:\Windows\System32\x")]);
}

#[test]
fn no_layout() {
    check(&[("a.log", "=", "", ""), ("100%25/b%20c.log", "=", "", ""), ("x/C%3/y", "=", "", "")]);
}

proptest! {
    #[test]
    fn never_panics_and_points_into_the_path(
        paths in prop::collection::vec(r"((C|e|C:|C%3A|%5C%5C.%5CC%3A|%|uploads|auto|Windows|System32|é|a%2F|%FF|HarddiskVolumeShadowCopy9%|)/){0,10}(x|%|)", 0..8)
    ) {
        let layout = Layout::learn(|| paths.iter().map(String::as_str));
        for path in &paths {
            let placed = layout.place(path);
            let own = placed.decoded.as_deref().unwrap_or(path);
            if let Some((_, below)) = placed.windows {
                prop_assert!(own.get(below..).is_some(), "{own:?} {below}");
            }
            prop_assert!(path.starts_with(&*placed.host_root));
        }
    }
}
