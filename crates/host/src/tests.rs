#![allow(clippy::unwrap_used)]
use std::fs;
use std::path::Path;

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};

use super::*;

fn shown(host: &Host, purpose: Purpose) -> Vec<&str> {
    host.spots().iter().filter(|spot| spot.purpose == purpose).map(|spot| &*spot.place.shown).collect()
}

fn write(root: &Path, path: &str, content: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// In both layouts, each file that the lab's server has and a scan can use is listed, and under the path it had there.
#[test]
fn a_mounted_server_is_listed_whole() {
    for seed in 0..12 {
        let lab = make(&Scenario::small(seed, Variant::ProxyShellHiddenDirectory));
        for layout in [Layout::Plain, Layout::Kape] {
            let folder = tempfile::tempdir().unwrap();
            write_folder(&lab, folder.path(), layout).unwrap();
            if layout == Layout::Plain && lab.files.iter().any(|file| !file.windows_path.starts_with("C:")) {
                // Without drives one tree stands for one drive.
                continue;
            }
            let host = Host::mounted(folder.path()).unwrap();
            let evidence = host.evidence(Timestamp::UNIX_EPOCH);
            assert_eq!(evidence.gaps(), [], "{seed}");
            let mut listed: Vec<&str> = evidence.entries().iter().filter_map(|entry| entry.windows_path()).collect();
            listed.sort_unstable();
            let mut made: Vec<&str> = lab.files.iter().map(|file| &*file.windows_path).collect();
            made.sort_unstable();
            // Files that somebody put beside, for the lab to show that a scan of a whole disk finds them, too.
            let elsewhere = [r"C:\Collected\", r"C:\Scripts\"];
            let missing: Vec<&&str> = made
                .iter()
                .filter(|path| !listed.contains(path) && !elsewhere.iter().any(|start| path.starts_with(start)))
                .take(5)
                .collect();
            assert_eq!(missing, Vec::<&&str>::new(), "{seed} {layout:?}");
        }
    }
}

#[test]
fn what_configuration_names_is_listed_wherever_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let config = r#"<configuration><system.applicationHost><sites><siteDefaults>
        <logFile directory="E:\weblogs" /></siteDefaults><site name="x" id="1"><application path="/">
        <virtualDirectory path="/" physicalPath="D:\Sites\own" /><virtualDirectory path="/a" physicalPath="D:\" />
        <virtualDirectory path="/b" physicalPath="\\share\x" /></application></site></sites></system.applicationHost></configuration>"#;
    write(folder.path(), "C/WINDOWS/system32/inetsrv/Config/ApplicationHost.config", config);
    write(folder.path(), "D/sites/Own/deep/shell.aspx", "x");
    write(folder.path(), "D/databases/mail.edb", "x");
    write(folder.path(), "E/WebLogs/W3SVC1/u_ex.log", "x");
    let host = Host::mounted(folder.path()).unwrap();
    assert_eq!((host.own_name(), host.name()), (None, "localhost"));
    // As they are written on the disk, not as the configuration spells them.
    assert!(shown(&host, Purpose::Pages).contains(&"D/sites/Own"), "{host:?}");
    assert!(shown(&host, Purpose::Logs).contains(&"E/WebLogs"));
    let evidence = host.evidence(Timestamp::UNIX_EPOCH);
    let listed: Vec<&str> = evidence.entries().iter().map(|entry| entry.location()).collect();
    assert!(listed.contains(&r"D:\sites\Own\deep\shell.aspx") && listed.contains(&r"E:\WebLogs\W3SVC1\u_ex.log"));
    assert!(!listed.iter().any(|path| path.contains("mail.edb")), "{listed:?}");
}

/// Earlier states of a drive are looked through for the same, under their own names.
#[test]
fn shadow_copies_are_further_evidence() {
    let folder = tempfile::tempdir().unwrap();
    for (root, page) in [("now/C", "index.aspx"), ("before", "shell.aspx")] {
        write(folder.path(), &format!("{root}/Windows/System32/x"), "x");
        write(folder.path(), &format!("{root}/inetpub/wwwroot/{page}"), "x");
        write(folder.path(), &format!("{root}/Databases/mail.edb"), "x");
    }
    let mut tree = Tree::mounted(&folder.path().join("now")).unwrap();
    tree.add_shadow_copy(7, 'C', folder.path().join("before"));
    let host = Host::of(&tree);
    let evidence = host.evidence(Timestamp::UNIX_EPOCH);
    assert_eq!(evidence.gaps(), []);
    let listed: Vec<&str> = evidence.entries().iter().map(|entry| entry.location()).collect();
    assert!(listed.contains(&r"C:\inetpub\wwwroot\index.aspx"), "{listed:?}");
    assert!(listed.contains(&r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy7\inetpub\wwwroot\shell.aspx"), "{listed:?}");
    assert!(evidence.entries().iter().all(|entry| entry.host_root().is_empty()), "{:?}", evidence.entries());
    assert!(!listed.iter().any(|path| path.contains("mail.edb")));
}

#[test]
fn a_linux_server() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "etc/hostname", "web01\n");
    write(root, "etc/nginx/sites-enabled/own", "server { root /data/site; access_log /data/logs/own.log; }");
    write(root, "data/site/index.php", "<?php");
    write(root, "data/logs/own.log.1", "x");
    write(root, "data/private/x", "x");
    write(root, "var/log/nginx/access.log", "x");
    write(root, "real/www/page.php", "<?php");
    #[cfg(unix)]
    {
        // Links are those of the examined system: absolute ones lead into it, not out of it; circles end.
        std::os::unix::fs::symlink("/real/www", root.join("var/www")).unwrap();
        std::os::unix::fs::symlink("../srv/http", root.join("circle")).unwrap();
        fs::create_dir_all(root.join("srv")).unwrap();
        std::os::unix::fs::symlink("/circle", root.join("srv/http")).unwrap();
    }
    let host = Host::mounted(root).unwrap();
    assert_eq!(host.name(), "web01");
    let evidence = host.evidence(Timestamp::UNIX_EPOCH);
    let listed: Vec<&str> = evidence.entries().iter().map(|entry| entry.path()).collect();
    let expected = ["data/logs/own.log.1", "data/site/index.php", "real/www/page.php", "var/log/nginx/access.log"];
    assert_eq!(listed, if cfg!(unix) { &expected[..] } else { &expected[..2] });
}

#[test]
fn what_is_no_system_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Host::mounted(folder.path()), Err(HostError::NoSystem(_))));
    assert!(matches!(Host::mounted(&folder.path().join("x")), Err(HostError::NoFolder(_))));
}

#[test]
fn this_machine_has_places() {
    let host = Host::here();
    assert!(host.runs_here() && !host.name().is_empty() && !host.spots().is_empty());
    let state = live::state("here", Timestamp::UNIX_EPOCH);
    let lines: Vec<afterpatch_model::LiveLine> =
        String::from_utf8(state.bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let processes = lines.iter().filter(|line| matches!(line, afterpatch_model::LiveLine::Process { .. })).count();
    assert!(processes > 0, "{lines:?}");
}
