//! `afterpatch clean`, through the real program: scan, plan, apply, scan again, undo, scan again.
#![cfg(any(target_os = "linux", windows))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_folder};
use serde_json::Value;
use tempfile::TempDir;

/// A server's disk, and a folder to work in.
struct Desk {
    folder: TempDir,
}

/// Every file with its content and time of change, and every folder with its time.
type Tree = BTreeMap<PathBuf, (Option<Vec<u8>>, SystemTime)>;

impl Desk {
    fn new(variant: Variant) -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_folder(&make(&Scenario::small(5, variant)), &folder.path().join("disk"), Layout::Kape).unwrap();
        Self { folder }
    }

    fn disk(&self) -> PathBuf {
        self.folder.path().join("disk")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_afterpatch"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs what must end with this code, and gives what it said.
    fn expect(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn scan(&self, report: &str, evidence: &[&str]) -> Value {
        let mut arguments = vec!["scan", "-q", "--exit-zero", "--now", "2026-11-28T00:00:00Z", "-o", report];
        arguments.extend(evidence);
        self.expect(0, &arguments);
        serde_json::from_str(&self.read(report)).unwrap()
    }

    fn plan(&self, more: &[&str]) -> String {
        let mut arguments = vec!["clean", "--plan", "report.json", "--root", "disk"];
        arguments.extend(more);
        self.expect(0, &arguments);
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
        let (mut tree, mut waiting) = (Tree::new(), vec![self.disk()]);
        while let Some(path) = waiting.pop() {
            let metadata = fs::metadata(&path).unwrap();
            let content = metadata.is_file().then(|| fs::read(&path).unwrap());
            if content.is_none() {
                waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
            tree.insert(path, (content, metadata.modified().unwrap()));
        }
        tree
    }
}

fn lies_there(report: &Value) -> Vec<String> {
    let findings = report["servers"][0]["findings"].as_array().unwrap().iter();
    let present = findings.filter(|finding| finding["step"] == "file_present" && finding["grade"] == "compromise");
    present.map(|finding| finding["kind"].as_str().unwrap().to_owned()).collect()
}

fn outcomes(result: &Value) -> Vec<String> {
    let actions = result["actions"].as_array().unwrap().iter();
    actions.map(|action| format!("{} {}", action["what"].as_str().unwrap(), action["outcome"].as_str().unwrap())).collect()
}

#[test]
fn a_foothold_goes_and_comes_back_and_the_scan_says_so() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    let (before, report) = (desk.tree(), desk.scan("report.json", &["disk"]));
    let verdict = |report: &Value| report["servers"][0]["verdict"].clone();
    assert_eq!(verdict(&report)["foothold"], "in_place");
    assert!(!lies_there(&report).is_empty());

    let plan = desk.plan(&[]);
    assert!(plan.contains("do: quarantine_file") && plan.contains("do: remove_leftovers") && plan.contains("# N1:"));
    let shown = desk.expect(0, &["clean", "--apply", "plan.yaml"]);
    assert!(shown.contains("Nothing has been changed") && shown.contains("would be done"), "{shown}");
    assert!(desk.tree() == before, "a plan and a dry run change nothing");
    assert!(!desk.folder.path().join("afterpatch-vault").exists());

    let result = desk.apply(0);
    assert_eq!(result["schema"], "afterpatch.clean/1");
    assert_eq!(outcomes(&result), ["quarantine_file done", "remove_leftovers done"]);
    for file in result["actions"].as_array().unwrap().iter().flat_map(|action| action["files"].as_array().unwrap()) {
        assert_eq!((&file["verified"], &file["kept"]), (&Value::Bool(true), &Value::from("opened")));
    }
    let scanned = desk.scan("after.json", &["disk"]);
    assert_eq!(lies_there(&scanned), [""; 0]);
    assert_eq!(verdict(&scanned)["exposure"], verdict(&report)["exposure"]);
    assert_eq!(verdict(&scanned)["compromise"], "compromised");
    // With the vault as evidence the report knows that the page is gone, and since when.
    let scanned = desk.scan("with_vault.json", &["disk", "afterpatch-vault"]);
    assert_eq!(verdict(&scanned)["foothold"], "removed");
    assert_eq!(verdict(&scanned)["exposure"], verdict(&report)["exposure"]);
    assert_eq!(scanned["servers"].as_array().unwrap().len(), 1);

    let again = desk.expect(0, &["clean", "--apply", "plan.yaml", "--yes"]);
    assert!(again.contains("was done before"), "{again}");
    let status = desk.expect(0, &["clean", "status"]);
    assert!(status.contains("2 changes can be undone") && status.contains("right hash"), "{status}");

    desk.expect(0, &["clean", "undo"]);
    assert!(desk.tree() == before);
    desk.scan("undone.json", &["disk"]);
    assert_eq!(desk.read("undone.json"), desk.read("report.json"), "the same evidence gives the same bytes");
    let with_vault = desk.scan("undone_with_vault.json", &["disk", "afterpatch-vault"]);
    assert_eq!(verdict(&with_vault)["foothold"], "in_place");
    desk.expect(0, &["clean", "status", "afterpatch-vault/journal.jsonl", "--lang", "de"]);
}

#[test]
fn a_back_door_used_after_the_fix_is_no_foothold_any_more_once_it_was_taken_away() {
    let desk = Desk::new(Variant::ProxyLogonPostPatch);
    let report = desk.scan("report.json", &["disk"]);
    let told = |report: &Value| {
        let server = &report["servers"][0];
        (server["verdict"]["foothold"].as_str().unwrap().to_owned(), server["incidents"][0]["last"].clone())
    };
    let (foothold, last) = told(&report);
    assert_eq!(foothold, "used_after_fix");
    desk.plan(&[]);
    desk.apply(0);
    // Logs alone do not say that it has gone; the journal does. What we did is no sign of the attack.
    assert_eq!(told(&desk.scan("after.json", &["disk"])).0, "used_after_fix");
    assert_eq!(told(&desk.scan("with_vault.json", &["disk", "afterpatch-vault"])), ("removed".to_owned(), last));
    desk.expect(0, &["clean", "undo"]);
    assert_eq!(told(&desk.scan("undone.json", &["disk", "afterpatch-vault"])).0, "used_after_fix");
}

#[test]
fn rogue_elements_leave_the_configuration_and_every_other_byte_stays() {
    for (variant, taken, actions) in [(Variant::PostIisModule, 2, 4), (Variant::ProxyShellHiddenDirectory, 1, 5)] {
        let desk = Desk::new(variant);
        let report = desk.scan("report.json", &["disk"]);
        // The lab plants no library; the module's lies there as a file of any content.
        let mut files =
            report["servers"][0]["findings"].as_array().unwrap().iter().flat_map(|it| it["things"].as_array().unwrap());
        if let Some(library) = files.find_map(|thing| thing["value"].as_str().filter(|path| path.ends_with(".dll"))) {
            let path = desk.disk().join(library.replace(":\\", "/").replace('\\', "/"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "a library").unwrap();
        }
        let before = desk.tree();
        desk.plan(&[]);
        let result = desk.apply(0);
        assert_eq!(outcomes(&result)[0], "remove_configuration done", "{result}");
        assert_eq!(outcomes(&result).len(), actions, "{result}");
        let config = "C/Windows/System32/inetsrv/config/applicationHost.config";
        let (old, new) = (
            String::from_utf8(before[&desk.disk().join(config)].0.clone().unwrap()).unwrap(),
            desk.read(&format!("disk/{config}")),
        );
        let left: Vec<&str> = new.lines().collect();
        let gone: Vec<&str> = old.lines().filter(|line| !left.contains(line)).collect();
        assert_eq!(gone.len(), taken, "{gone:?}");
        assert_eq!(old.lines().filter(|line| !gone.contains(line)).collect::<Vec<_>>(), left);
        let scanned = desk.scan("after.json", &["disk"]);
        let findings = scanned["servers"][0]["findings"].as_array().unwrap();
        let artifact =
            |finding: &Value| scanned["artifacts"][finding["evidence"][0]["artifact"].as_u64().unwrap() as usize].clone();
        assert!(
            !findings.iter().any(|finding| artifact(finding)["path"] == config),
            "nothing is found in the configuration any more"
        );
        desk.expect(0, &["clean", "undo"]);
        assert!(desk.tree() == before);
    }
}

#[test]
fn a_service_that_the_journal_says_was_switched_off_is_no_foothold_any_more() {
    let desk = Desk::new(Variant::PostService);
    let foothold = |report: &Value| report["servers"][0]["verdict"]["foothold"].clone();
    let report = desk.scan("report.json", &["disk"]);
    desk.plan(&[]);
    desk.apply(0);
    // The pages are gone, and the service is not.
    assert_eq!(foothold(&desk.scan("pages.json", &["disk", "afterpatch-vault"])), "in_place");

    // What `clean` writes on the running Windows, where alone it can switch a service off. Reading checks no sums.
    let findings = report["servers"][0]["findings"].as_array().unwrap().iter();
    let things = findings
        .filter(|finding| finding["step"] == "persistence_added")
        .flat_map(|finding| finding["things"].as_array().unwrap());
    let name = things.filter(|thing| thing["kind"] == "autostart").map(|thing| thing["value"].as_str().unwrap()).next().unwrap();
    let server = report["servers"][0]["name"].as_str().unwrap();
    let journal = desk.folder.path().join("afterpatch-vault/journal.jsonl");
    let before = fs::read_to_string(&journal).unwrap();
    let with = |name: &str| {
        let intent = serde_json::json!({
            "time": "2026-11-28T00:00:00Z", "record": "intent", "change": 900, "undoes": null, "label": "1/A9",
            "notes": { "server": server }, "switch": { "kind": "service", "name": name }, "from": "auto", "to": "disabled",
        });
        let done = serde_json::json!({ "time": "2026-11-28T00:00:00Z", "record": "done", "change": 900 });
        fs::write(&journal, format!("{before}{:064x} {intent}\n{:064x} {done}\n", 0, 0)).unwrap();
        foothold(&desk.scan("switched.json", &["disk", "afterpatch-vault"]))
    };
    assert_eq!(with("SomethingElse"), "in_place");
    assert_eq!(with(name), "removed");
}

#[test]
fn a_tasks_file_goes_only_when_the_user_asks_for_less_sure_things() {
    let desk = Desk::new(Variant::PostTask);
    let before = desk.tree();
    desk.scan("report.json", &["disk"]);
    let sure = desk.plan(&[]);
    assert!(!sure.contains("do: remove_task") && sure.contains("what: remove_task") && sure.contains("Unregister-ScheduledTask"));
    assert!(sure.contains("Not sure enough"));
    fs::remove_file(desk.folder.path().join("plan.yaml")).unwrap();
    desk.plan(&["--confidence", "low"]);
    assert!(outcomes(&desk.apply(0)).contains(&"remove_task done".to_owned()));
    desk.expect(0, &["clean", "undo", "afterpatch-vault"]);
    assert!(desk.tree() == before);
}

#[test]
fn mitigations_are_added_when_asked_for_and_the_file_stays_readable() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    let before = desk.tree();
    let gaps = desk.scan("report.json", &["disk"])["gaps"].clone();
    assert!(!desk.plan(&[]).contains("add_mitigation"));
    fs::remove_file(desk.folder.path().join("plan.yaml")).unwrap();
    desk.plan(&["--mitigate"]);
    assert!(outcomes(&desk.apply(0)).contains(&"add_mitigation done".to_owned()));
    assert!(desk.read("disk/C/inetpub/wwwroot/web.config").contains("AbortRequest"));
    assert_eq!(desk.scan("after.json", &["disk"])["gaps"], gaps);
    desk.expect(0, &["clean", "undo"]);
    assert!(desk.tree() == before);
}

#[test]
fn what_changed_since_the_plan_is_refused_and_the_rest_is_done() {
    let desk = Desk::new(Variant::ProxyShellHiddenDirectory);
    desk.scan("report.json", &["disk"]);
    let plan = desk.plan(&[]);
    let page =
        plan.lines().find_map(|line| line.trim().strip_prefix("lies_at: ").filter(|path| path.contains("owa/auth"))).unwrap();
    let page = desk.disk().join(page.trim_matches('"'));
    fs::write(&page, "somebody else's").unwrap();
    let result = desk.apply(5);
    let refused: Vec<_> = outcomes(&result).into_iter().filter(|outcome| outcome.ends_with("refused")).collect();
    assert_eq!(refused, ["quarantine_file refused"]);
    assert!(outcomes(&result).iter().filter(|outcome| outcome.ends_with("done")).count() >= 3);
    assert_eq!(fs::read_to_string(&page).unwrap(), "somebody else's");
    assert!(result.to_string().contains("its content is not what was looked at"), "{result}");
}

#[test]
fn what_the_user_takes_out_of_a_plan_is_not_done_and_mistakes_are_told() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    desk.scan("report.json", &["disk"]);
    let (plan, before) = (desk.plan(&[]), desk.tree());
    let file = desk.folder.path().join("plan.yaml");
    fs::write(&file, plan.replacen("skip: false", "skiip: true", 1)).unwrap();
    let said = desk.expect(1, &["clean", "--apply", "plan.yaml", "--yes"]);
    assert!(said.contains("plan.yaml") && said.contains("actions[1].skiip"), "{said}");
    fs::write(&file, plan.replace("skip: false", "skip: true")).unwrap();
    assert_eq!(outcomes(&desk.apply(0)), ["quarantine_file skipped", "remove_leftovers skipped"]);
    assert!(desk.tree() == before);
    // Who changes a path finds that the file is another one.
    let other = plan.lines().find(|line| line.contains("lies_at")).unwrap();
    fs::write(&file, plan.replacen(other, "      lies_at: \"C/inetpub/wwwroot/web.config\"", 1)).unwrap();
    assert_eq!(outcomes(&desk.apply(5))[0], "quarantine_file refused");
    fs::write(&file, plan.replacen(other, "      lies_at: \"../../etc/passwd\"", 1)).unwrap();
    assert_eq!(outcomes(&desk.apply(5))[0], "quarantine_file refused");
    assert!(desk.disk().join("C/inetpub/wwwroot/web.config").exists());
}

#[test]
fn what_somebody_vouches_for_is_not_touched() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    let report = desk.scan("report.json", &["disk"]);
    let page = report["servers"][0]["incidents"][0]["pages"][0]["page"].as_str().unwrap().to_owned();
    let kinds: std::collections::BTreeSet<&str> =
        report["servers"][0]["findings"].as_array().unwrap().iter().map(|finding| finding["kind"].as_str().unwrap()).collect();
    let known: String =
        kinds.iter().map(|kind| format!("- finding: {kind}\n  thing: {page}\n  why: test\n  who: test\n")).collect();
    fs::write(desk.folder.path().join("known.yml"), known).unwrap();
    desk.scan("report.json", &["disk", "--acknowledge", "known.yml"]);
    let plan = desk.plan(&[]);
    assert!(plan.contains("actions: []") && plan.contains("Somebody vouches for it"), "{plan}");
}

#[test]
fn wrong_use_is_told() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    desk.scan("report.json", &["disk"]);
    fs::write(desk.folder.path().join("other.json"), "{\"schema\": \"afterpatch.report/9\"}").unwrap();
    for (arguments, told) in [
        (vec!["clean", "--plan", "report.json"], "--root"),
        (vec!["clean", "--plan", "report.json", "--root", "none"], "is no folder"),
        (vec!["clean", "--plan", "report.json", "--root", "disk", "-o", "disk/plan.yaml"], "name another place"),
        (vec!["clean", "--plan", "report.json", "--root", "disk", "--server", "EX99"], "--server"),
        (vec!["clean", "--plan", "other.json", "--root", "disk"], "afterpatch.report/9"),
        (vec!["clean", "--plan", "none.json", "--root", "disk"], "none.json"),
        (vec!["clean", "--apply", "report.json"], "afterpatch.report/1"),
        (vec!["clean", "status"], "there is no vault here"),
        (vec!["clean", "undo"], "there is no vault here"),
    ] {
        let said = desk.expect(1, &arguments);
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
    desk.plan(&[]);
    let said = desk.expect(1, &["clean", "--plan", "report.json", "--root", "disk"]);
    assert!(said.contains("a plan is not overwritten"), "{said}");
    let said = desk.expect(1, &["clean", "--apply", "plan.yaml", "--vault", "disk/vault", "--yes"]);
    assert!(said.contains("--vault"), "{said}");
    let said = desk.expect(1, &["clean", "--apply", "plan.yaml", "--recipient", "nobody", "--yes"]);
    assert!(said.contains("age1"), "{said}");
    desk.expect(2, &["clean"]);
    desk.expect(2, &["clean", "--plan", "report.json", "--yes"]);
    desk.apply(0);
    let said = desk.expect(1, &["clean", "undo", "A9"]);
    assert!(said.contains("A9"), "{said}");
}

/// Every story: what a plan changes comes back exactly, and harmless servers give no reason for any action.
#[test]
fn every_story_goes_there_and_back() {
    let mut done = 0;
    for variant in Variant::all() {
        let desk = Desk::new(variant);
        let before = desk.tree();
        desk.scan("report.json", &["disk"]);
        let plan = desk.plan(&[]);
        if matches!(variant, Variant::Benign | Variant::ScannedOnly | Variant::AttemptedRefused | Variant::ProxyShellRefused) {
            assert!(plan.contains("actions: []"), "{}: {plan}", variant.slug());
            continue;
        }
        let result = desk.apply(0);
        done += outcomes(&result).iter().filter(|outcome| outcome.ends_with(" done")).count();
        let changed = desk.tree() != before;
        if changed {
            desk.expect(0, &["clean", "undo"]);
        }
        assert!(desk.tree() == before, "{}", variant.slug());
    }
    println!("{done} actions done and undone");
    assert!(done > 40);
}

/// A real process, really killed at some moment: the next run always gets there, and back.
#[test]
fn a_killed_run_can_go_on_and_back() {
    let desk = Desk::new(Variant::ProxyShellHiddenDirectory);
    let before = desk.tree();
    desk.scan("report.json", &["disk"]);
    desk.plan(&[]);
    let plan = desk.read("plan.yaml");
    let mut stopped = 0;
    for run in 0..24 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
            .args(["clean", "--apply", "plan.yaml", "--yes"])
            .current_dir(desk.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(6 * run));
        if child.try_wait().unwrap().is_none() {
            child.kill().unwrap();
            stopped += 1;
        }
        child.wait().unwrap();
        let result = desk.apply(0);
        assert!(
            outcomes(&result).iter().all(|outcome| outcome.ends_with("done") || outcome.ends_with("done_before")),
            "{result}"
        );
        desk.expect(0, &["clean", "undo"]);
        // Of a folder only the names: the time at which a run was interrupted in it stays its time of change.
        let files = |tree: &Tree| {
            tree.iter()
                .map(|(path, (content, time))| (path.clone(), content.clone().map(|content| (content, *time))))
                .collect::<Vec<_>>()
        };
        assert!(files(&desk.tree()) == files(&before), "run {run}");
        // What was put back has new numbers: a new plan looks at it again.
        fs::remove_file(desk.folder.path().join("plan.yaml")).unwrap();
        let again = desk.plan(&[]);
        assert_eq!(again.matches("- id: A").count(), plan.matches("- id: A").count());
    }
    println!("{stopped} of 24 runs were killed");
}

/// Killed between the change and its last line in the journal: the file is gone, and nobody has said so yet.
#[test]
fn a_change_without_its_last_line_is_no_obstacle() {
    let desk = Desk::new(Variant::ProxyShellHiddenDirectory);
    desk.scan("report.json", &["disk"]);
    desk.plan(&[]);
    desk.apply(0);
    let journal = desk.folder.path().join("afterpatch-vault/journal.jsonl");
    let whole = fs::read_to_string(&journal).unwrap();
    let last = whole.trim_end().rfind('\n').unwrap() + 1;
    assert!(whole[last..].contains("\"done\""));
    fs::write(&journal, &whole[..last]).unwrap();
    desk.expect(0, &["clean", "--apply", "plan.yaml", "-o", "preview.json"]);
    let preview: Value = serde_json::from_str(&desk.read("preview.json")).unwrap();
    assert_eq!(outcomes(&preview).iter().filter(|outcome| outcome.ends_with("would_be_done")).count(), 1, "{preview}");
    assert_eq!(fs::read_to_string(&journal).unwrap(), whole[..last], "a preview changes nothing");
    desk.apply(0);
    desk.expect(0, &["clean", "undo"]);
}

#[test]
fn a_plan_directly_from_a_scan_and_pages_that_are_asked_afterwards() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    assert!(desk.expect(1, &["clean", "--scan"]).contains("--root"));
    desk.expect(0, &["clean", "--scan", "--root", "disk"]);
    let plan = desk.read("plan.yaml");
    assert!(plan.contains("do: quarantine_file") && plan.contains("do: remove_leftovers"), "{plan}");
    // A server of ours on loopback: one page is still there, the other is not.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let count = std::io::Read::read(&mut stream, &mut request).unwrap();
            let line = String::from_utf8_lossy(&request[..count]).lines().next().unwrap().to_owned();
            let status = if line.contains("/gone.aspx") { "404 Not Found" } else { "200 OK" };
            std::io::Write::write_all(&mut stream, format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).unwrap();
            asked.push(line);
        }
        asked
    });
    let gone = format!("http://127.0.0.1:{port}/owa/auth/gone.aspx");
    let there = format!("http://127.0.0.1:{port}/owa/auth/there.aspx");
    desk.expect(1, &["clean", "--apply", "plan.yaml", "--yes", "--ask", "127.0.0.1/x.aspx"]);
    assert!(!desk.folder.path().join("afterpatch-vault").exists(), "a wrong address is found before anything is done");
    let said = desk.expect(5, &["clean", "--apply", "plan.yaml", "--yes", "--ask", &gone, "--ask", &there, "-o", "result.json"]);
    assert!(
        said.contains("gives a visitor nothing any more (status 404)") && said.contains("STILL answers (status 200)"),
        "{said}"
    );
    let result: Value = serde_json::from_str(&desk.read("result.json")).unwrap();
    assert_eq!(result["asked"][0]["status"], 404);
    assert_eq!(server.join().unwrap(), ["GET /owa/auth/gone.aspx HTTP/1.1", "GET /owa/auth/there.aspx HTTP/1.1"]);
}

#[test]
fn hostile_names_in_a_plan_stay_text() {
    let desk = Desk::new(Variant::ProxyLogonOab);
    desk.scan("report.json", &["disk"]);
    let report = desk.read("report.json");
    let hostile = report.replace("directory-dump-script", "x\\nactions: []\\u001b[31m\\u202e");
    fs::write(desk.folder.path().join("report.json"), hostile).unwrap();
    let plan = desk.plan(&["--lang", "de"]);
    assert!(!plan.contains('\u{1b}') && !plan.contains('\u{202e}') && !plan.contains("\nactions: []"));
    assert_eq!(outcomes(&desk.apply(0)).len(), 2);
}
