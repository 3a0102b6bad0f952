//! What lies in `deploy/`: files for other people's tools have the keys that those know, call the program as it is, and take what a
//! scan needs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use common::{afterpatch, code, only_server, scan};
use regex::Regex;
use yaml_serde::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy").join(name)
}

fn yaml(path: &Path) -> Value {
    yaml_serde::from_str(&fs::read_to_string(path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn files(name: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = entries.filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    assert!(!files.is_empty(), "{name} has no {ending}");
    files
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect()
}

fn known(value: &Value, required: &[&str], optional: &[&str], place: &str) {
    let keys = keys(value);
    for key in required {
        assert!(keys.contains(*key), "{place} lacks {key}");
    }
    for key in &keys {
        assert!(required.contains(&key.as_str()) || optional.contains(&key.as_str()), "{place}: {key} is no key of this format");
    }
}

fn is_guid(text: &str) -> bool {
    Regex::new("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$").unwrap().is_match(text)
}

/// Keys: github.com/EricZimmerman/KapeFiles, TargetGuide.guide and ModuleGuide.guide.
#[test]
fn kape_knows_every_key() {
    let mut ids = BTreeSet::new();
    for path in files("kape", ".tkape") {
        let (target, place) = (yaml(&path), path.display().to_string());
        known(&target, &["Description", "Author", "Version", "Id", "RecreateDirectories", "Targets"], &[], &place);
        assert!(is_guid(target["Id"].as_str().unwrap()) && ids.insert(target["Id"].as_str().unwrap().to_owned()));
        for each in target["Targets"].as_sequence().unwrap() {
            let optional = ["Recursive", "AlwaysAddToQueue", "SaveAsFileName", "Comment"];
            known(each, &["Name", "Category", "Path", "FileMask"], &optional, &place);
            let path = each["Path"].as_str().unwrap();
            assert!(path.starts_with(r"C:\") && path.ends_with('\\'), "{path}");
        }
    }
    for path in files("kape", ".mkape") {
        let (module, place) = (yaml(&path), path.display().to_string());
        let required = ["Description", "Category", "Author", "Version", "Id", "BinaryUrl", "ExportFormat", "Processors"];
        known(&module, &required, &[], &place);
        assert!(is_guid(module["Id"].as_str().unwrap()) && ids.insert(module["Id"].as_str().unwrap().to_owned()));
        let processors = module["Processors"].as_sequence().unwrap();
        assert!(processors.iter().any(|each| each["ExportFormat"] == module["ExportFormat"]), "{place}");
        for each in processors {
            known(each, &["Executable", "CommandLine", "ExportFormat"], &[], &place);
        }
    }
}

/// What a module calls is what the program understands: the real one is called with its own words.
#[test]
fn kape_modules_call_the_program_as_it_is() {
    let evidence = tempfile::tempdir().unwrap();
    // A system that was mounted has such a folder.
    fs::create_dir(evidence.path().join("etc")).unwrap();
    fs::write(
        evidence.path().join("u_ex210303.log"),
        "#Fields: date time cs-uri-stem sc-status\r\n2021-03-03 00:00:01 / 200\r\n",
    )
    .unwrap();
    for path in files("kape", ".mkape") {
        for each in yaml(&path)["Processors"].as_sequence().unwrap() {
            let out = tempfile::tempdir().unwrap();
            let line = each["CommandLine"].as_str().unwrap().replace('\\', "/");
            let live = !line.contains("%sourceDirectory%");
            let line = line
                .replace("%sourceDirectory%", evidence.path().to_str().unwrap())
                .replace("%destinationDirectory%", out.path().to_str().unwrap());
            let mut arguments: Vec<&str> = line.split(' ').collect();
            // A test must not look at the machine that it runs on.
            if live {
                arguments.extend(["--root", evidence.path().to_str().unwrap()]);
            }
            let output = afterpatch(&arguments);
            assert!(matches!(code(&output), 0 | 3 | 4), "{line}: {}", String::from_utf8_lossy(&output.stderr));
            assert_eq!(fs::read_dir(out.path()).unwrap().count(), line.matches("-o ").count(), "{line}");
        }
    }
}

/// A path of a target as KAPE reads it: `*` stands for a part of one name.
fn takes(target: &Value, path: &str) -> bool {
    let pattern = |text: &str| text.split('*').map(regex::escape).collect::<Vec<_>>().join(r"[^\\]*");
    let (below, name) = path.rsplit_once('\\').unwrap();
    let deeper = if target["Recursive"].as_bool() == Some(true) { r"([^\\]+\\)*" } else { "" };
    let place = format!("(?i)^{}{deeper}$", pattern(target["Path"].as_str().unwrap()));
    let mask = target["FileMask"].as_str().unwrap();
    let mask = mask.strip_prefix("regex:").map_or_else(|| pattern(mask), str::to_owned);
    Regex::new(&place).unwrap().is_match(&format!("{below}\\")) && Regex::new(&format!("(?i)^{mask}$")).unwrap().is_match(name)
}

#[test]
fn what_the_kape_target_takes_tells_the_same_verdict() {
    let folder_of_demo = tempfile::tempdir().unwrap();
    let output = afterpatch(&["demo", "--folder", folder_of_demo.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let archive = folder_of_demo.path().join("evidence.zip");
    let (whole, _) = scan(&[&archive]);

    let target = yaml(&files("kape", ".tkape")[0]);
    let targets = target["Targets"].as_sequence().unwrap();
    let taken = tempfile::tempdir().unwrap();
    let mut zip = zip::ZipArchive::new(fs::File::open(&archive).unwrap()).unwrap();
    let (mut kept, mut left) = (0, Vec::new());
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        // Once a drive: the target's C: stands for the drive that KAPE is told.
        let Some((_, below)) = name.split_once('/').filter(|(drive, _)| drive.len() == 1) else { continue };
        let path = format!(r"C:\{}", below.replace('/', r"\"));
        // The demo brings its events as one JSON file, which no server has.
        if targets.iter().any(|target| takes(target, &path)) || name.ends_with("events.json") {
            let to = taken.path().join(&name);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            fs::write(to, bytes).unwrap();
            kept += 1;
        } else if !name.ends_with('/') {
            left.push(name);
        }
    }
    assert!(kept > 50, "{kept} taken, left: {left:?}");
    let (part, _) = scan(&[taken.path()]);
    let (whole, part) = (only_server(&whole), only_server(&part));
    assert_eq!(part.verdict.compromise, whole.verdict.compromise, "left: {left:?}");
    assert_eq!(part.verdict.foothold, whole.verdict.foothold, "left: {left:?}");
    assert_eq!(part.verdict.exposure, whole.verdict.exposure, "left: {left:?}");
    let kinds = |server: &afterpatch_model::ServerReport| -> BTreeSet<String> {
        server.findings.iter().map(|finding| finding.kind.clone()).collect()
    };
    assert_eq!(kinds(part), kinds(whole), "left: {left:?}");
}

/// Keys: github.com/Velocidex/velociraptor, artifacts/proto/artifact.proto.
#[test]
fn velociraptor_knows_every_key() {
    for path in files("velociraptor", ".yaml") {
        let (artifact, place) = (yaml(&path), path.display().to_string());
        let optional = [
            "author",
            "reference",
            "resources",
            "implied_permissions",
            "required_permissions",
            "tools",
            "precondition",
            "parameters",
        ];
        known(&artifact, &["name", "description", "type", "sources"], &optional, &place);
        assert_eq!(path.file_stem().unwrap().to_str(), artifact["name"].as_str(), "the file is named as the artifact");
        assert_eq!(artifact["type"], "CLIENT");
        known(&artifact["resources"], &[], &["timeout", "max_upload_bytes", "max_rows", "cpu_limit"], &place);
        for parameter in artifact["parameters"].as_sequence().unwrap() {
            known(parameter, &["name"], &["type", "default", "choices", "description", "validating_regex"], &place);
            if let Some(regex) = parameter.get("validating_regex").and_then(Value::as_str) {
                let regex = Regex::new(regex).unwrap();
                assert!(regex.is_match("") && regex.is_match("2026-01-01") && !regex.is_match("2026-01-01; calc"));
            }
        }
        for source in artifact["sources"].as_sequence().unwrap() {
            known(source, &["query"], &["name", "precondition", "description"], &place);
            let query = source["query"].as_str().unwrap();
            for mode in ["scan", "collect"] {
                called_as_in(query, mode);
            }
            for tool in artifact["tools"].as_sequence().unwrap() {
                assert!(query.contains(tool["name"].as_str().unwrap()), "{place}: a tool that nobody asks for");
            }
        }
    }
}

/// Calls the program with the words that the query has for a mode, and looks for every file that it names.
fn called_as_in(query: &str, mode: &str) {
    let (_, from) = query.split_once(&format!("('{mode}', ")).unwrap();
    // Up to the bracket that closes the list: those inside belong to `at(name='...')`.
    let words: Vec<&str> = from.split("))").next().unwrap().split('\'').skip(1).step_by(2).collect();
    let (host, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::create_dir_all(host.path().join("etc")).unwrap();
    fs::create_dir_all(host.path().join("var/log/nginx")).unwrap();
    fs::write(
        host.path().join("var/log/nginx/access.log"),
        "192.0.2.1 - - [01/Mar/2026:00:00:01 +0000] \"GET / HTTP/1.1\" 200 5\n",
    )
    .unwrap();
    let mut arguments = vec![mode.to_owned(), "--root".to_owned(), host.path().to_str().unwrap().to_owned()];
    let mut files = Vec::new();
    for word in words {
        // What is no option is a file's name.
        let file = out.path().join(word);
        let is_option = word.starts_with('-');
        arguments.push(if is_option { word.to_owned() } else { file.to_str().unwrap().to_owned() });
        files.extend((!is_option).then_some(file));
    }
    let more = ["--since", "2026-01-01", "--full-speed"].map(str::to_owned);
    assert!(more.iter().step_by(2).all(|option| query.contains(&format!("'{option}'"))));
    arguments.extend(more);
    let output = afterpatch(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(matches!(code(&output), 0 | 4), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(!files.is_empty() && files.iter().all(|file| file.exists()), "{arguments:?}: {files:?}");
}
