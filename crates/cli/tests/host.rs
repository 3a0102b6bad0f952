//! A host as it runs, what `collect` takes off it, and its mounted disk: three ways, one result.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod told;

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use serde_json::Value;
use told::same;

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_afterpatch"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn expect(folder: &Path, code: i32, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    said
}

fn scan(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = vec!["scan", "-q", "--exit-zero", "--now", "2026-11-28T00:00:00Z", "-o", "report.json"];
    all.extend(arguments);
    expect(folder, 0, &all);
    serde_json::from_slice(&fs::read(folder.join("report.json")).unwrap()).unwrap()
}

/// The lab's server, without the files that somebody put where no server keeps any.
fn server(variant: Variant, seed: u64, folder: &Path) {
    let mut lab = make(&Scenario::small(seed, variant));
    lab.files.retain(|file| !["C:\\Collected\\", "C:\\Scripts\\"].iter().any(|start| file.windows_path.starts_with(start)));
    write_folder(&lab, &folder.join("disk"), Layout::Kape).unwrap();
}

#[test]
fn live_collected_and_mounted_say_the_same() {
    let variants = [Variant::ProxyLogonOab, Variant::ProxyShellHiddenDirectory, Variant::ProxyNotShell, Variant::Benign];
    for (seed, variant) in (1..).zip(variants) {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        server(variant, seed, at);
        let mounted = scan(at, &["disk"]);
        let live = scan(at, &["--root", "disk"]);
        assert!(mounted["artifacts"].as_array().unwrap().len() > 50);
        same(&mounted, &live, &format!("{variant:?}: mounted and live"));
        let said = expect(at, 0, &["collect", "--root", "disk", "-o", "case.zip", "--now", "2026-11-28T00:00:00Z"]);
        assert!(said.contains("afterpatch scan case.zip"), "{said}");
        same(&live, &scan(at, &["case.zip"]), &format!("{variant:?}: live and collected"));
        if seed == 1 {
            expect(at, 0, &["collect", "--root", "disk", "-o", "cut.zip", "--split", "100K", "-q"]);
            assert!(at.join("cut.zip.004").exists());
            same(&live, &scan(at, &["cut.zip.001"]), "live and collected in pieces");
        }
    }
}

#[test]
fn a_collection_can_be_checked_with_its_manifest_and_standard_tools() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    server(Variant::ProxyLogonOab, 3, at);
    let key = age::x25519::Identity::generate();
    let recipient = key.to_public().to_string();
    expect(at, 0, &["collect", "--root", "disk", "-o", "case.zip.age", "--recipient", &recipient, "-q"]);
    let sealed = fs::read(at.join("case.zip.age")).unwrap();
    let mut plain = Vec::new();
    let decryptor = age::Decryptor::new(&*sealed).unwrap();
    decryptor.decrypt(std::iter::once(&key as &dyn age::Identity)).unwrap().read_to_end(&mut plain).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(plain)).unwrap();
    let mut manifest = String::new();
    archive.by_name("afterpatch-collection.jsonl").unwrap().read_to_string(&mut manifest).unwrap();
    let lines: Vec<Value> = manifest.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["schema"], "afterpatch.collection/1");
    let files: Vec<&Value> = lines.iter().filter(|line| line["record"] == "file").collect();
    assert_eq!(files.len() + 1, archive.len(), "each file of the archive stands in the manifest");
    for file in files {
        let mut content = Vec::new();
        archive.by_name(file["name"].as_str().unwrap()).unwrap().read_to_end(&mut content).unwrap();
        use sha2::Digest as _;
        let hash: String = sha2::Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(file["sha256"], *hash);
        let below = file["path"].as_str().unwrap().replace(":\\", "/").replace('\\', "/");
        assert_eq!(fs::read(at.join("disk").join(below)).unwrap(), content);
    }
    // Sealed, it says so.
    let report = scan(at, &["case.zip.age"]);
    assert!(report["gaps"].as_array().unwrap().iter().any(|gap| gap["kind"] == "encrypted"), "{}", report["gaps"]);
}

#[test]
fn what_is_not_taken_is_told_there_and_again_where_it_is_scanned() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    server(Variant::ProxyLogonOab, 4, at);
    fs::create_dir_all(at.join("disk/C/Windows/System32/winevt/Logs")).unwrap();
    let mut evtx = fs::File::create(at.join("disk/C/Windows/System32/winevt/Logs/Own.evtx")).unwrap();
    evtx.write_all(b"no event log").unwrap();
    let gaps = |evidence: &str| {
        let report = scan(at, &[evidence]);
        report["gaps"].as_array().unwrap().iter().filter_map(|gap| Some(gap["detail"].as_str()?.to_owned())).collect::<Vec<_>>()
    };
    expect(at, 0, &["collect", "--root", "disk", "-o", "case.zip", "-q"]);
    expect(at, 0, &["collect", "--root", "disk", "-o", "small.zip", "-q", "--max-size", "1M"]);
    for (evidence, name, why) in
        [("case.zip", "Own.evtx", "the content is something else"), ("small.zip", "", "more than the size asked for")]
    {
        let told = gaps(evidence);
        assert!(told.iter().any(|told| told.contains(name) && told.contains(why)), "{name} {why}: {told:?}");
    }
}

/// Packed logs and archives are taken as they lie there, the collection of another host among them.
#[test]
fn what_is_packed_on_the_host_is_taken_packed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    server(Variant::ProxyLogonOab, 6, at);
    let other = make(&Scenario::small(7, Variant::ProxyShellHiddenDirectory));
    fs::create_dir_all(at.join("disk/C/Temp")).unwrap();
    afterpatch_lab::write_zip(&other, &at.join("disk/C/Temp/other.zip"), Layout::Kape).unwrap();
    let logs = fs::read_dir(at.join("disk/C/inetpub/logs/LogFiles/W3SVC1"));
    let log = logs.unwrap().map(|log| log.unwrap().path()).min().unwrap();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&fs::read(&log).unwrap()).unwrap();
    let packed = packed.finish().unwrap();
    let packed_log = log.with_extension("log.gz");
    fs::write(&packed_log, &packed).unwrap();
    fs::remove_file(&log).unwrap();
    let live = scan(at, &["--root", "disk"]);
    assert!(live["servers"].as_array().unwrap().len() >= 2, "{}", live["servers"]);
    expect(at, 0, &["collect", "--root", "disk", "-o", "case.zip", "-q"]);
    // Beside another host's records, those without a name go by what the evidence is called.
    let collected = scan(at, &["case.zip"]).to_string().replace("\"case.zip\"", "\"localhost\"");
    same(&live, &serde_json::from_str(&collected).unwrap(), "live and collected");
    let mut archive = zip::ZipArchive::new(fs::File::open(at.join("case.zip")).unwrap()).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for (name, content) in [
        ("C%3A/Temp/other.zip".to_owned(), fs::read(at.join("disk/C/Temp/other.zip")).unwrap()),
        (format!("C%3A/inetpub/logs/LogFiles/W3SVC1/{}", packed_log.file_name().unwrap().to_str().unwrap()), packed),
    ] {
        let mut taken = Vec::new();
        archive.by_name(&name).unwrap_or_else(|error| panic!("{name}: {error} {names:?}")).read_to_end(&mut taken).unwrap();
        assert!(taken == content, "{name} is taken as it lies there");
    }
}

#[test]
fn wrong_use_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    server(Variant::Benign, 5, at);
    fs::create_dir(at.join("empty")).unwrap();
    for (code, arguments, why) in [
        (1, &["scan", "--root", "empty"][..], "holds no system"),
        (1, &["scan", "--root", "disk", "-o", "disk/C/report.html"], "never written to"),
        (1, &["collect", "--root", "disk", "-o", "case.tar"], ".zip"),
        (1, &["collect", "--root", "disk", "-o", "case.zip", "--recipient", "age1x"], ".zip.age"),
        (1, &["collect", "--root", "disk", "-o", "case.zip.age", "--recipient", "age1x"], "no age recipient"),
        (1, &["collect", "--root", "disk", "-o", "disk/case.zip"], "never written to"),
        (1, &["collect", "--root", "disk", "-o", "no/such/case.zip"], "case.zip"),
        (2, &["scan", "--root", "disk", "disk"], "cannot be used with"),
        (2, &["collect", "--root", "disk", "-o", "case.zip", "--split", "much"], "500M"),
        (2, &["collect"], "--output"),
    ] {
        let said = expect(at, code, arguments);
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert!(!at.join("disk/case.zip").exists() && !at.join("case.zip.age").exists(), "{arguments:?}");
    }
    fs::write(at.join("mine.zip"), "mine").unwrap();
    expect(at, 1, &["collect", "--root", "disk", "-o", "mine.zip"]);
    assert_eq!(fs::read(at.join("mine.zip")).unwrap(), b"mine");
}
