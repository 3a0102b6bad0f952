//! `afterpatch clean` on the computer itself: the exe under Wine, an attacked server laid out on its drive C, there and back.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr, missing_docs)]

mod wine;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::MutexGuard;
use std::time::{Instant, SystemTime};

use afterpatch_lab::{Lab, Scenario, Variant, make};
use serde_json::Value;
use tempfile::TempDir;
use wine::Wine;

/// An attacked server on drive C, and a folder to work in.
struct Desk {
    wine: &'static Wine,
    lab: Lab,
    folder: TempDir,
    _held: MutexGuard<'static, ()>,
}

/// Files of the server with their content, time of change and rights, as far as this side sees them.
type Tree = BTreeMap<PathBuf, (Vec<u8>, SystemTime, u32)>;

impl Desk {
    fn new(variant: Variant) -> Option<Self> {
        let wine = Wine::get()?;
        let (_, held) = wine.drive_c();
        let lab = make(&Scenario::small(5, variant));
        wine.lay_out(&lab);
        Some(Self { wine, lab, folder: tempfile::tempdir().unwrap(), _held: held })
    }

    /// Runs what must end with this code, and gives what it said.
    fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.wine.run(self.folder.path(), arguments);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn scan(&self, more: &[&str]) -> Value {
        let common = ["scan", "-q", "--exit-zero", "--now", "2026-11-28T00:00:00Z", "-o", "report.json", r"C:\"];
        self.expect(0, &[&common[..], more].concat());
        serde_json::from_str(&self.read("report.json")).unwrap()
    }

    fn plan(&self, more: &[&str]) -> String {
        let _ = fs::remove_file(self.folder.path().join("plan.yaml"));
        self.expect(0, &[&["clean", "--plan", "report.json", "--root", r"\\.\"][..], more].concat());
        self.read("plan.yaml")
    }

    fn apply(&self, code: i32) -> Value {
        self.expect(code, &["clean", "--apply", "plan.yaml", "--yes", "-o", "result.json"]);
        serde_json::from_str(&self.read("result.json")).unwrap()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap()
    }

    fn tree(&self) -> Tree {
        let folders: std::collections::BTreeSet<PathBuf> =
            self.lab.files.iter().map(|file| self.wine.place(&file.windows_path).parent().unwrap().to_owned()).collect();
        let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
        let told = |path: PathBuf| {
            let metadata = fs::symlink_metadata(&path).unwrap();
            (path.clone(), (fs::read(&path).unwrap(), metadata.modified().unwrap(), metadata.mode()))
        };
        entries.filter(|path| path.is_file()).map(told).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.wine.clear(&self.lab);
    }
}

fn outcomes(result: &Value) -> Vec<String> {
    let actions = result["actions"].as_array().unwrap().iter();
    actions.map(|action| format!("{} {}", action["what"].as_str().unwrap(), action["outcome"].as_str().unwrap())).collect()
}

fn foothold(report: &Value) -> &str {
    report["servers"][0]["verdict"]["foothold"].as_str().unwrap()
}

#[test]
fn a_foothold_goes_from_the_running_computer_and_comes_back() {
    let Some(desk) = Desk::new(Variant::ProxyLogonOab) else { return };
    let (before, report) = (desk.tree(), desk.scan(&[]));
    assert_eq!(foothold(&report), "in_place");
    let plan = desk.plan(&["--mitigate"]);
    assert!(plan.contains("do: quarantine_file") && plan.contains("do: add_mitigation"), "{plan}");
    let shown = desk.expect(0, &["clean", "--apply", "plan.yaml", "--lang", "de"]);
    assert!(shown.contains(r"C:\"), "{shown}");
    assert!(desk.tree() == before, "a plan and a dry run change nothing");

    let result = desk.apply(0);
    assert!(outcomes(&result).iter().all(|outcome| outcome.ends_with(" done")), "{result}");
    for file in result["actions"].as_array().unwrap().iter().flat_map(|action| action["files"].as_array().unwrap()) {
        assert_eq!((&file["verified"], &file["kept"]), (&Value::Bool(true), &Value::from("opened")));
    }
    assert!(desk.tree().len() < before.len());
    assert_eq!(foothold(&desk.scan(&["afterpatch-vault"])), "removed");
    assert!(desk.expect(0, &["clean", "--apply", "plan.yaml", "--yes"]).contains("was done before"));
    assert!(desk.expect(0, &["clean", "status"]).contains("right hash"));

    desk.expect(0, &["clean", "undo"]);
    assert!(desk.tree() == before, "undo gives back content, times and rights");
    assert_eq!(foothold(&desk.scan(&[])), "in_place");
}

#[test]
fn configuration_is_replaced_and_given_back() {
    let Some(desk) = Desk::new(Variant::ProxyShellHiddenDirectory) else { return };
    let before = desk.tree();
    desk.scan(&[]);
    assert!(desk.plan(&[]).contains("do: remove_configuration"));
    assert_eq!(outcomes(&desk.apply(0))[0], "remove_configuration done");
    assert!(desk.tree() != before);
    desk.expect(0, &["clean", "undo"]);
    assert!(desk.tree() == before);
}

#[test]
fn a_service_that_is_not_there_any_more_is_left_to_a_person() {
    let Some(desk) = Desk::new(Variant::PostService) else { return };
    desk.scan(&[]);
    let plan = desk.plan(&["--confidence", "low"]);
    assert!(!plan.contains("do: switch_off") && plan.contains("It was not found where the plan looked"), "{plan}");
    assert!(plan.contains("sc.exe delete"), "{plan}");
}

#[test]
fn a_task_of_which_windows_does_not_tell_what_it_starts_is_left_alone() {
    let Some(desk) = Desk::new(Variant::PostTask) else { return };
    desk.scan(&[]);
    // Wine 8 has the task and forgets what it starts, so it may be anybody's. That tasks are switched off and on is tested in the
    // vault.
    let plan = desk.plan(&["--confidence", "low"]);
    assert!(!plan.contains("do: switch_off") && !plan.contains("do: remove_task"), "{plan}");
    assert!(plan.contains("Unregister-ScheduledTask"), "{plan}");
}

#[test]
fn what_would_go_wrong_is_refused_and_linux_reads_the_vault_too() {
    let Some(desk) = Desk::new(Variant::ProxyLogonOab) else { return };
    desk.scan(&[]);
    let said = desk.expect(1, &["clean", "--plan", "report.json"]);
    assert!(said.contains("does not speak of this computer"), "{said}");
    let plan = desk.plan(&[]);
    let said = desk.expect(1, &["clean", "--apply", "plan.yaml", "--yes", "--vault", r"C:\InetPub\vault"]);
    assert!(said.contains("--vault"), "{said}");

    let page = plan.lines().find_map(|line| line.trim().strip_prefix("lies_at: ")).unwrap().trim_matches('"').to_owned();
    let page = desk.wine.place(&page.replace('/', "\\"));
    let content = fs::read(&page).unwrap();
    fs::write(&page, "somebody else's").unwrap();
    assert!(outcomes(&desk.apply(5))[0].ends_with("refused"));
    assert_eq!(fs::read_to_string(&page).unwrap(), "somebody else's");

    fs::write(&page, content).unwrap();
    desk.plan(&[]);
    desk.apply(0);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_afterpatch"))
        .args(["clean", "status", "afterpatch-vault"])
        .current_dir(desk.folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("right hash"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// Each takes some seconds under Wine.
const RUNS: u32 = 5;

/// A real process, really killed at some moment: the next run always gets there, and back.
#[test]
fn a_killed_run_can_go_on_and_back() {
    let Some(desk) = Desk::new(Variant::ProxyShellHiddenDirectory) else { return };
    let before = desk.tree();
    desk.scan(&[]);
    // How long a whole run takes, so that the stops fall into it.
    desk.plan(&[]);
    let started = Instant::now();
    desk.apply(0);
    let whole = started.elapsed();
    desk.expect(0, &["clean", "undo"]);
    let (mut stopped, mut half) = (0, 0);
    for run in 1..=RUNS {
        desk.plan(&[]);
        let mut child = desk.wine.afterpatch(desk.folder.path(), &["clean", "--apply", "plan.yaml", "--yes"]).spawn().unwrap();
        std::thread::sleep(whole * run / (RUNS + 1));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            stopped += 1;
        }
        child.wait().unwrap();
        half += usize::from(desk.tree() != before);
        let result = desk.apply(0);
        let ended = |outcome: &String| outcome.ends_with("done") || outcome.ends_with("done_before");
        assert!(outcomes(&result).iter().all(ended), "{result}");
        desk.expect(0, &["clean", "undo"]);
        assert!(desk.tree() == before, "run {run}");
    }
    eprintln!("{stopped} of {RUNS} runs were killed, {half} of them with something changed");
}
