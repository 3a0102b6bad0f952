//! Packages of the lab through the real binary: what the lake says is what was planted, whatever happens to the runs.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};

use afterpatch_lab::Variant;
use common::{Case, ask, code, command, everything, files, fleet, number, scan};
use serde_json::Value;

/// Stories, with the seed of each: attacked servers and others.
const STORIES: [(Variant, u64); 12] = [
    (Variant::ProxyLogonOab, 1),
    (Variant::ProxyLogonPostPatch, 2),
    (Variant::ProxyLogonOabRemoved, 3),
    (Variant::ProxyShellExport, 4),
    (Variant::TwoActors, 5),
    (Variant::ProxyNotShell, 6),
    (Variant::AttemptedRefused, 7),
    (Variant::ScannedOnly, 8),
    (Variant::Benign, 9),
    (Variant::Benign, 10),
    (Variant::Benign, 11),
    (Variant::Owassrf, 12),
];

/// Every row of the lake but those of `packages`, which say when and how often they were read.
fn rows_of(case: &Case) -> Vec<String> {
    let mut rows = everything(|sql| ask(case, sql));
    rows.retain(|row| !row.starts_with("packages "));
    rows
}

#[test]
fn what_was_planted_is_in_the_lake_and_a_second_run_adds_nothing() {
    let case = Case::empty();
    let labs: Vec<_> =
        STORIES.iter().map(|(variant, seed)| case.with(&format!("{seed:02}-{}", variant.slug()), *variant, *seed)).collect();
    fs::write(case.at("packages/broken.zip"), b"PK\x03\x04 and then nothing that a zip would have").unwrap();
    let status = case.path("status.json");
    let output = scan(&case, &["--threads", "2", "--status", &status]);
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(code(&output), 5, "{stderr}");
    assert!(stdout.contains("13 packages read") && stdout.contains("broken.zip"), "{stdout}");

    // The answers are those that were planted.
    for (lab, (variant, seed)) in labs.iter().zip(STORIES) {
        let name = format!("{seed:02}-{}.zip", variant.slug());
        let rows = ask(
            &case,
            &format!(
                "SELECT s.* FROM servers s JOIN packages p ON p.package = s.package WHERE p.name = '{name}' AND p.state = 'done'"
            ),
        );
        assert_eq!(rows.len(), 1, "{name}");
        assert!(rows[0]["server"].as_str().unwrap().eq_ignore_ascii_case(&lab.truth.server_fqdn), "{name}");
        assert_eq!(rows[0]["compromise"], lab.truth.verdict.compromise.as_str(), "{name}");
        assert_eq!(rows[0]["foothold"], lab.truth.verdict.foothold.as_str(), "{name}");
        // Every page of the attack is known.
        let pages: BTreeSet<String> = lab
            .truth
            .planted
            .iter()
            .filter(|planted| planted.telling && planted.step == "page_requested")
            .filter_map(|planted| planted.page.clone())
            .collect();
        let package = rows[0]["package"].as_str().unwrap();
        let told = ask(&case, &format!("SELECT value FROM things WHERE kind = 'page' AND package = '{package}'"));
        let told: BTreeSet<String> = told.iter().map(|row| row["value"].as_str().unwrap().to_owned()).collect();
        assert!(pages.is_subset(&told), "{name}: {pages:?} {told:?}");
    }
    let broken = ask(&case, "SELECT failure, reason, servers FROM packages WHERE state = 'failed'");
    assert_eq!(broken.len(), 1, "{broken:?}");
    assert_eq!((&broken[0]["failure"], &broken[0]["servers"]), (&Value::from("unreadable"), &Value::from(0)));
    assert!(broken[0]["reason"].as_str().unwrap().len() > 10, "{broken:?}");
    assert_eq!(number(&case, "SELECT count(*) FROM coverage_gaps WHERE gap = 'package_failed'"), 1);
    let shown: Value = serde_json::from_slice(&fs::read(&status).unwrap()).unwrap();
    assert_eq!((&shown["schema"], &shown["stage"]), (&Value::from("afterpatch.fleet-status/1"), &Value::from("finished")));
    assert_eq!((&shown["packages"]["done"], &shown["packages"]["failed"]), (&Value::from(12), &Value::from(1)));

    // The views say what the stories are.
    let after_fix = ask(&case, "SELECT DISTINCT p.name FROM post_patch_use v JOIN packages p ON p.package = v.package");
    assert_eq!(after_fix.len(), 1, "{after_fix:?}");
    assert_eq!(after_fix[0]["name"], "02-proxylogon_post_patch.zip");
    let unpatched = number(&case, "SELECT count(*) FROM unpatched");
    let open = labs.iter().filter(|lab| lab.truth.verdict.exposure == "open").count() as u64;
    assert_eq!(unpatched, open);

    // In the form of the trade it is the same findings, nested as that form wants it.
    let ocsf = ask(&case, "SELECT * FROM ocsf_findings");
    assert_eq!(ocsf.len() as u64, number(&case, "SELECT count(*) FROM findings"));
    assert_eq!(number(&case, "SELECT count(DISTINCT metadata['uid']) FROM ocsf_findings"), ocsf.len() as u64);
    let graded = ask(
        &case,
        "SELECT * FROM findings WHERE package || '/' || server || '/' || finding IN \
                             (SELECT metadata['uid'] FROM ocsf_findings WHERE array_length(vulnerabilities) > 1)",
    );
    assert!(!graded.is_empty());
    for row in &graded {
        let text = |name: &str| row[name].as_str().unwrap();
        let uid = format!("{}/{}/{}", text("package"), text("server"), text("finding"));
        let told = ocsf.iter().find(|told| told["metadata"]["uid"] == *uid).unwrap();
        assert_eq!((&told["finding_info"]["title"], &told["device"]["name"]), (&row["title"], &row["server"]));
        let listed = |list: &Value, pointer: &str| -> Vec<Value> {
            list.as_array().into_iter().flatten().map(|entry| entry.pointer(pointer).unwrap().clone()).collect()
        };
        let sorted = |name: &str| {
            let mut all: Vec<String> =
                row[name].as_array().into_iter().flatten().map(|it| it.as_str().unwrap().to_owned()).collect();
            all.sort();
            all.into_iter().map(Value::from).collect::<Vec<_>>()
        };
        assert_eq!(listed(&told["vulnerabilities"], "/cve/uid"), sorted("cves"));
        assert_eq!(listed(&told["finding_info"]["attacks"], "/technique/uid"), sorted("attack"));
        let first: afterpatch_model::Timestamp = text("first").parse().unwrap();
        assert_eq!(told["time"], first.as_millisecond());
        assert_eq!(
            told["severity_id"],
            ["info", "low", "medium", "high", "critical"].iter().position(|it| *it == text("severity")).unwrap() + 1
        );
    }
    let file = case.path("ocsf.parquet");
    assert_eq!(code(&fleet(&["query", "SELECT * FROM ocsf_findings", "--lake", &case.path("lake"), "-o", &file])), 0);
    assert_eq!(fs::read(&file).unwrap().get(..4), Some(&b"PAR1"[..]));

    // Again: nothing is read, nothing is added.
    let (before, objects) = (rows_of(&case), files(&case.at("lake")));
    let output = scan(&case, &[]);
    assert_eq!(code(&output), 5, "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 of those failed then"), "{output:?}");
    assert_eq!(files(&case.at("lake")), objects);
    // What failed is tried again only when asked, and then it is that try that counts.
    let output = scan(&case, &["--retry-failed"]);
    assert_eq!(code(&output), 5);
    assert_eq!(number(&case, "SELECT generation FROM packages WHERE state = 'failed'"), 1);
    assert_eq!(number(&case, "SELECT count(*) FROM packages"), 13);
    assert_eq!(rows_of(&case).len(), before.len());

    // In few files it says the same, and goes on saying it when packages are added and read again.
    let data = |case: &Case| number(case, "SELECT count(DISTINCT package) FROM servers");
    let output = fleet(&["compact", "--lake", &case.path("lake")]);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(rows_of(&case), before);
    case.with("13-late", Variant::Benign, 13);
    case.with("09-benign", Variant::ProxyLogonOab, 14);
    assert_eq!(code(&scan(&case, &[])), 5);
    assert_eq!(data(&case), 13);
    let changed = "SELECT s.foothold FROM servers s JOIN packages p ON p.package = s.package WHERE p.name = '09-benign.zip'";
    assert_eq!(ask(&case, changed), [serde_json::json!({ "foothold": "in_place" })]);
    let before = rows_of(&case);
    assert_eq!(code(&fleet(&["compact", "--lake", &case.path("lake")])), 0);
    assert_eq!(rows_of(&case), before);
}

#[test]
fn one_attacker_on_many_servers_is_one_row() {
    let case = Case::empty();
    // The same day with the same attacker, brought in by two organisations under two names.
    case.with("north", Variant::ProxyLogonOab, 21);
    let lab = afterpatch_lab::Scenario::small(21, Variant::ProxyLogonOab);
    let mut other = lab.clone();
    other.server.name = "OTHER01".to_owned();
    other.server.domain = "other.example".to_owned();
    let other = afterpatch_lab::make(&other);
    afterpatch_lab::write_zip(&other, &case.at("packages/south.zip"), afterpatch_lab::Layout::Kape).unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    let hit = ask(&case, "SELECT * FROM who_hit_many");
    assert!(!hit.is_empty());
    assert!(hit.iter().all(|row| row["servers"] == 2 && row["domains"] == 2 && row["packages"] == 2), "{hit:?}");
    let shells = ask(&case, "SELECT * FROM same_shell");
    assert!(shells.iter().any(|row| row["same"] == "page" && row["servers"] == 2), "{shells:?}");
}

/// Waits until something is so, as long as a slow machine may need.
fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < Duration::from_secs(120), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_run_that_is_killed_is_gone_on_with_and_nothing_is_there_twice() {
    let case = Case::empty();
    case.with_logs(40);
    let commits = || files(&case.at("lake/commits")).len();
    let mut kills = 0;
    // Killed again and again, at other moments each time.
    for at_least in [1, 7, 18, 29] {
        let mut run = command(&["scan", &case.path("packages/*"), "--to", &case.path("lake"), "--threads", "2", "--quiet"]);
        let mut run = run.spawn().unwrap();
        wait_until("nothing is committed", || commits() >= at_least || run.try_wait().unwrap().is_some());
        run.kill().unwrap();
        run.wait().unwrap();
        kills += usize::from(commits() < 40);
    }
    assert!(kills > 0);
    // What lies there without a commit does not count.
    let counted = number(&case, "SELECT count(*) FROM packages");
    assert_eq!(counted, commits() as u64);
    let output = scan(&case, &["--quiet"]);
    assert!([0, 5].contains(&code(&output)), "{}", String::from_utf8_lossy(&output.stderr));
    // A package that was being read twice when its run was killed is one that nobody can know to be innocent.
    if code(&output) == 5 {
        assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE failure <> 'killed'"), 0);
        assert_eq!(code(&scan(&case, &["--quiet", "--retry-failed"])), 0);
    }
    assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE state = 'done'"), 40);
    assert_eq!(number(&case, "SELECT count(DISTINCT package) FROM packages"), 40);
    assert_eq!(number(&case, "SELECT count(*) FROM servers"), 40);
    assert!(files(&case.at("lake/attempts")).is_empty());
    assert!(files(&case.at("lake/runs")).is_empty());
}

#[test]
fn two_runs_at_once_share_the_work_and_each_package_is_there_once() {
    let case = Case::empty();
    case.with_logs(40);
    let run =
        || command(&["scan", &case.path("packages/*"), "--to", &case.path("lake"), "--threads", "2", "--quiet"]).spawn().unwrap();
    for mut run in [run(), run(), run()] {
        assert_eq!(run.wait().unwrap().code(), Some(0));
    }
    assert_eq!(number(&case, "SELECT count(*) FROM packages"), 40);
    assert_eq!(number(&case, "SELECT count(DISTINCT package) FROM servers"), 40);
    assert_eq!(number(&case, "SELECT count(*) FROM servers"), 40);
    assert!(files(&case.at("lake/attempts")).is_empty());
    assert_eq!(files(&case.at("lake/commits")).len(), 40);
}

#[test]
fn a_package_that_kills_the_process_is_left_alone_after_the_second_time() {
    let case = Case::empty();
    case.with_logs(3);
    case.with("deadly", Variant::Benign, 1);
    let (attempts, commits) = (|| files(&case.at("lake/attempts")).len(), || files(&case.at("lake/commits")).len());
    // What a run that dies while it reads leaves behind is the attempt, which is written before the reading begins.
    while attempts() < 2 {
        let before = attempts();
        let mut run = command(&["scan", &case.path("packages/deadly.zip"), "--to", &case.path("lake"), "--quiet"]);
        let mut run = run.spawn().unwrap();
        wait_until("no attempt is made", || attempts() > before || run.try_wait().unwrap().is_some());
        run.kill().unwrap();
        run.wait().unwrap();
        if commits() > 0 {
            // It was read before it could be killed.
            fs::remove_dir_all(case.at("lake")).unwrap();
        }
    }
    let output = scan(&case, &[]);
    assert_eq!(code(&output), 5, "{}", String::from_utf8_lossy(&output.stderr));
    let failed = ask(&case, "SELECT name, failure FROM packages WHERE state = 'failed'");
    assert_eq!(failed, [serde_json::json!({ "name": "deadly.zip", "failure": "killed" })]);
    assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE state = 'done'"), 3);
    // It is not tried again unless asked.
    assert_eq!(code(&scan(&case, &[])), 5);
    assert_eq!(code(&scan(&case, &["--retry-failed"])), 0);
    assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE state = 'done'"), 4);
}

#[cfg(unix)]
#[test]
fn an_interrupt_lets_the_packages_end_and_the_next_run_goes_on() {
    let case = Case::empty();
    case.with_logs(40);
    let status = case.path("status.json");
    let mut run = command(&["scan", &case.path("packages/*"), "--to", &case.path("lake"), "--threads", "1", "--status", &status]);
    let mut run = run.spawn().unwrap();
    wait_until("nothing is committed", || !files(&case.at("lake/commits")).is_empty() || run.try_wait().unwrap().is_some());
    let interrupted = std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let ended = run.wait().unwrap();
    let shown: Value = serde_json::from_slice(&fs::read(&status).unwrap()).unwrap();
    if ended.code() == Some(130) {
        assert_eq!(shown["stage"], "interrupted");
        assert!(files(&case.at("lake/commits")).len() < 40);
    }
    // Nothing is left half done.
    assert!(files(&case.at("lake/attempts")).is_empty() && files(&case.at("lake/runs")).is_empty());
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE state = 'done'"), 40);
}

#[test]
fn a_lake_of_another_form_and_other_folders_are_refused() {
    let case = Case::empty();
    case.with_logs(1);
    fs::create_dir(case.at("lake")).unwrap();
    fs::write(case.at("lake/letter.txt"), "dear").unwrap();
    let output = scan(&case, &[]);
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("something else"), "{output:?}");
    fs::remove_file(case.at("lake/letter.txt")).unwrap();
    fs::write(case.at("lake/afterpatch-lake.json"), r#"{"schema":"afterpatch.lake/7","version":"9.1"}"#).unwrap();
    for output in [scan(&case, &[]), fleet(&["query", "SELECT 1", "--lake", &case.path("lake")])] {
        assert_eq!(code(&output), 1);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("afterpatch.lake/7") && stderr.contains("9.1"), "{stderr}");
    }
    // The evidence is never written to.
    let inside = case.path("packages/web00/lake");
    let output = fleet(&["scan", &case.path("packages/*"), "--to", &inside]);
    assert_eq!(code(&output), 1);
    assert!(String::from_utf8_lossy(&output.stderr).contains("never written to"), "{output:?}");
    assert!(!case.at("packages/web00/lake").exists());
    // A lake beside the packages is none of them, also the second time.
    for _ in 0..2 {
        let output = fleet(&["scan", &case.path("packages/*"), "--to", &case.path("packages/lake"), "--quiet"]);
        assert_eq!(code(&output), 0, "{output:?}");
    }
    assert_eq!(code(&fleet(&["scan", &case.path("packages/none*"), "--to", &case.path("new")])), 3);
    assert!(!case.at("new").exists());
}
