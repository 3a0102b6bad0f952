//! `afterpatch watch` through the real binary: some thousand changes of files and some megabytes of logs that grow and rotate, with
//! planted pages and attack lines among them, while it is killed twice. Every planted thing is told, and none twice.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use afterpatch_lab::Live;
use afterpatch_model::{Alert, ThingKind};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// A page that runs a parameter as a command, stored encoded.
const SHELL: &str = "PD9waHAKJGFza2VkID0gJF9HRVRbJ2snXTsKc3lzdGVtKCRhc2tlZCk7Cg==";

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["C/inetpub/wwwroot/aspnet_client", "C/Exchange/Logging/HttpProxy/Ecp", "C/inetpub/logs/LogFiles/W3SVC1", "www"]
        {
            fs::create_dir_all(folder.path().join("watched").join(name)).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("watched").join(name)
    }

    fn append(&self, name: &str, text: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn start(&self, arguments: &[&str]) -> Watch {
        let said = self.folder.path().join("said");
        let child = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", "C")
            .arg("watch")
            .arg(self.folder.path().join("watched"))
            .arg("--state")
            .arg(self.folder.path().join("state"))
            .args(arguments)
            .stdout(OpenOptions::new().create(true).append(true).open(self.folder.path().join("shown")).unwrap())
            .stderr(File::create(&said).unwrap())
            .spawn()
            .unwrap();
        let watch = Watch { child, said };
        watch.wait_for(if arguments.contains(&"de") { "Beobachtet" } else { "Watching" });
        watch
    }

    fn alerts(&self) -> Vec<Alert> {
        let text = fs::read_to_string(self.folder.path().join("state/alerts.ndjson")).unwrap_or_default();
        // The last line may be half written.
        text.split_inclusive('\n').filter(|line| line.ends_with('\n')).map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Waits until so many alerts of a kind are there.
    fn wait_for(&self, kind: &str, count: usize) -> Vec<Alert> {
        let until = Instant::now() + Duration::from_secs(30);
        loop {
            let alerts = self.alerts();
            if alerts.iter().filter(|alert| alert.finding.kind == kind).count() >= count {
                return alerts;
            }
            assert!(Instant::now() < until, "{kind}: {} of {count}", alerts.len());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

struct Watch {
    child: Child,
    said: PathBuf,
}

impl Watch {
    fn said(&self) -> String {
        fs::read_to_string(&self.said).unwrap()
    }

    fn wait_for(&self, text: &str) {
        let until = Instant::now() + Duration::from_secs(30);
        while !self.said().contains(text) {
            assert!(Instant::now() < until, "{text}: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// `kill -9`.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn end(mut self) {
        assert!(Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{}", self.said());
        assert!(!self.said().contains("panicked"), "{}", self.said());
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn shell() -> Vec<u8> {
    BASE64_STANDARD.decode(SHELL).unwrap()
}

/// How often each page and each attacker was told.
fn told(alerts: &[Alert]) -> (BTreeMap<String, usize>, BTreeMap<String, usize>) {
    let (mut pages, mut attackers) = (BTreeMap::new(), BTreeMap::new());
    for alert in alerts {
        match alert.finding.kind.as_str() {
            "virtual-directory-shell" => *pages.entry(alert.artifact.path.clone()).or_default() += 1,
            "forged-session" => {
                for address in alert.finding.things_of(ThingKind::Address) {
                    *attackers.entry(address.to_owned()).or_default() += 1;
                }
            }
            _ => {}
        }
    }
    (pages, attackers)
}

#[test]
fn everything_planted_is_told_once_through_rotations_and_two_kills() {
    let live = Live::new(1).unwrap();
    let place = Place::new();
    let iis = "C/inetpub/logs/LogFiles/W3SVC1/u_ex210301.log";
    fs::write(place.path(iis), live.iis_head()).unwrap();
    let (mut pages, mut attackers) = (Vec::new(), Vec::new());
    let log = |hour: usize| format!("C/Exchange/Logging/HttpProxy/Ecp/HttpProxy_2021030{}{:02}-1.LOG", 1 + hour / 24, hour % 24);
    let mut watch = Some(place.start(&["--quiet"]));
    for round in 0..60_usize {
        let current = log(round / 5);
        if round % 5 == 0 {
            place.append(&current, live.head());
        }
        for number in 0..100 {
            place.append(&current, &live.quiet_row(round * 100 + number));
            place.append(iis, &live.iis_quiet_row(round * 100 + number).repeat(4));
            if number == 50 {
                let (row, address) = live.forged_row(u32::try_from(round).unwrap());
                place.append(&current, &row);
                attackers.push(address);
            }
        }
        for number in 0..30 {
            fs::write(place.path(&format!("C/inetpub/wwwroot/{round}-{number}.aspx")), live.harmless_page(number)).unwrap();
        }
        let name = format!("C/inetpub/wwwroot/aspnet_client/p{round}.aspx");
        fs::write(place.path(&name), live.planted_page()).unwrap();
        pages.push(place.path(&name).canonicalize().unwrap().to_string_lossy().into_owned());
        match round {
            // A storm of renames.
            10 => (0..30).for_each(|number| {
                fs::rename(
                    place.path(&format!("C/inetpub/wwwroot/9-{number}.aspx")),
                    place.path(&format!("C/inetpub/wwwroot/renamed-{number}.aspx")),
                )
                .unwrap();
            }),
            // The log is renamed away, and a new one begins.
            17 | 41 => fs::rename(place.path(iis), place.path(&format!("{iis}.{round}"))).unwrap(),
            20 | 40 => watch.take().unwrap().kill(),
            23 | 42 => watch = Some(place.start(&["--quiet"])),
            _ => {}
        }
        if round == 17 || round == 41 {
            fs::write(place.path(iis), live.iis_head()).unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    place.wait_for("virtual-directory-shell", pages.len());
    place.wait_for("forged-session", attackers.len());
    watch.take().unwrap().end();
    let alerts = place.alerts();
    let (told_pages, told_attackers) = told(&alerts);
    let once = |names: &[String]| names.iter().map(|name| (name.clone(), 1)).collect::<BTreeMap<_, _>>();
    assert_eq!(told_pages, once(&pages));
    assert_eq!(told_attackers, once(&attackers));
    assert!(alerts.iter().all(|alert| !alert.artifact.path.contains("/wwwroot/renamed-")), "nothing harmless is told");
    let sequences: Vec<u64> = alerts.iter().map(|alert| alert.sequence).collect();
    assert_eq!(sequences, (1..=alerts.len() as u64).collect::<Vec<_>>(), "no number is left out or given twice");
    let windows = alerts.iter().find(|alert| alert.finding.kind == "virtual-directory-shell").unwrap();
    assert!(windows.artifact.windows_path.as_deref().unwrap().starts_with(r"C:\inetpub\wwwroot\aspnet_client\p"));
}

#[test]
fn kills_at_any_moment_lose_and_repeat_nothing() {
    let place = Place::new();
    let mut watch = place.start(&["--quiet"]);
    let (mut planted, mut kills) = (Vec::new(), 0_u64);
    let began = Instant::now();
    while kills < 10 {
        // At another moment of its work each time.
        let until = Instant::now() + Duration::from_millis(150 + 137 * kills % 900);
        while Instant::now() < until {
            let path = place.path(&format!("www/p{}.php", planted.len()));
            fs::write(&path, [shell(), format!("// {}\n", planted.len()).into_bytes()].concat()).unwrap();
            planted.push(path.canonicalize().unwrap().to_string_lossy().into_owned());
            std::thread::sleep(Duration::from_millis(15));
        }
        watch.kill();
        kills += 1;
        watch = place.start(&["--quiet"]);
        assert!(began.elapsed() < Duration::from_secs(120));
    }
    place.wait_for("web-shell-code", planted.len());
    watch.end();
    let alerts = place.alerts();
    let mut told: Vec<String> =
        alerts.iter().filter(|alert| alert.finding.kind == "web-shell-code").map(|alert| alert.artifact.path.clone()).collect();
    told.sort_unstable();
    planted.sort_unstable();
    assert_eq!(told, planted);
}

#[test]
fn an_alert_comes_within_two_seconds_in_words_and_without_control_characters() {
    let place = Place::new();
    let watch = place.start(&["--lang", "de"]);
    let hostile = place.path("www/a\u{1b}[31m.php");
    let began = Instant::now();
    fs::write(&hostile, shell()).unwrap();
    place.wait_for("web-shell-code", 1);
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    watch.end();
    let shown = fs::read_to_string(place.folder.path().join("shown")).unwrap();
    assert!(
        shown.starts_with("[!!] ") && shown.contains("Ein Skript, dessen Code seinem Besucher Macht über den Server gibt"),
        "{shown}"
    );
    assert!(!shown.contains('\u{1b}') && shown.contains("⟨U+001B⟩"), "{shown}");
    let line = fs::read_to_string(place.folder.path().join("state/alerts.ndjson")).unwrap();
    assert!(!line.contains('\u{1b}'));
}

#[test]
fn polling_finds_the_same() {
    let place = Place::new();
    let watch = place.start(&["--poll", "1"]);
    fs::create_dir_all(place.path("www/new")).unwrap();
    fs::write(place.path("www/new/a.php"), shell()).unwrap();
    place.wait_for("web-shell-code", 1);
    watch.end();
}

#[test]
fn outputs_are_told_and_a_policy_takes_a_planted_page_away_and_back() {
    let place = Place::new();
    let (state, socket) = (place.folder.path().join("state"), place.folder.path().join("syslog"));
    let syslog = std::os::unix::net::UnixDatagram::bind(&socket).unwrap();
    syslog.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (address, posted) = receiver();
    let policy = place.folder.path().join("policy.yaml");
    let www = place.path("www").canonicalize().unwrap();
    let rule = format!(
        "quarantine:\n  - kinds: [web-shell-code]\n    confidence: high\n    folders: [{}]\nmost_per_hour: 2\n",
        www.display()
    );
    fs::write(&policy, rule).unwrap();
    let hook = format!("http://{address}/in");
    let socket = socket.to_string_lossy().into_owned();
    let watch = place.start(&[
        "--system-log",
        "--system-log-socket",
        &socket,
        "--webhook",
        &hook,
        "--quarantine",
        policy.to_str().unwrap(),
    ]);
    let (page, other) = (place.path("www/a.php"), place.path("C/inetpub/wwwroot/b.php"));
    fs::write(&other, [shell(), b"// another\n".to_vec()].concat()).unwrap();
    fs::write(&page, shell()).unwrap();
    place.wait_for("web-shell-code", 2);
    let mut message = [0; 4096];
    let count = syslog.recv(&mut message).unwrap();
    let message = String::from_utf8_lossy(&message[..count]).into_owned();
    assert!(message.starts_with("<82>afterpatch[") && message.contains("kind=web-shell-code"), "{message}");
    watch.wait_for("taken into the vault");
    assert!(!page.exists() && other.exists(), "only where the policy says so");
    let until = Instant::now() + Duration::from_secs(20);
    while posted.lock().unwrap().len() < 2 && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    let bodies = posted.lock().unwrap().clone();
    let ids: Vec<String> = bodies.iter().map(|body| serde_json::from_str::<Alert>(body).unwrap().id).collect();
    let logged: Vec<String> = place.alerts().into_iter().map(|alert| alert.id).collect();
    assert_eq!(ids, logged);
    watch.end();
    let vault = state.join("vault");
    let undone =
        Command::new(env!("CARGO_BIN_EXE_afterpatch")).args(["clean", "undo", vault.to_str().unwrap()]).output().unwrap();
    assert!(undone.status.success(), "{undone:?}");
    assert_eq!(fs::read(&page).unwrap(), shell());
}

/// A receiver of POSTs that refuses the first one.
fn receiver() -> (std::net::SocketAddr, Arc<Mutex<Vec<String>>>) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, posted) = (server.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let taken = Arc::clone(&posted);
    std::thread::spawn(move || {
        for (number, stream) in server.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let body = loop {
                let mut part = [0; 4096];
                let count = stream.read(&mut part).unwrap();
                request.extend(&part[..count]);
                let text = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
                if body.len() >= length.parse().unwrap() {
                    break body.to_owned();
                }
            };
            let status = if number == 0 { "503 Service Unavailable" } else { "204 No Content" };
            stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes()).unwrap();
            if number > 0 {
                taken.lock().unwrap().push(body);
            }
        }
    });
    (address, posted)
}

#[test]
fn wrong_arguments_are_refused_before_anything_starts() {
    let folder = tempfile::tempdir().unwrap();
    let watched = folder.path().join("watched");
    fs::create_dir(&watched).unwrap();
    let run = |arguments: &[&str]| {
        let state =
            if arguments.contains(&"--state") { vec![] } else { vec!["--state".to_owned(), path(folder.path(), "state")] };
        Command::new(env!("CARGO_BIN_EXE_afterpatch")).arg("watch").args(arguments).args(state).output().unwrap()
    };
    let policy = path(folder.path(), "policy.yaml");
    fs::write(&policy, "quarantine: []\n").unwrap();
    let (watched, inside) = (path(folder.path(), "watched"), path(folder.path(), "watched/state"));
    for (arguments, says) in [
        (&["/does/not/exist"][..], "/does/not/exist"),
        (&[&*watched, "--state", &inside], "which is watched"),
        (&[&*watched, "--webhook", "http://hooks.example.org/"], "without TLS"),
        (&[&*watched, "--quarantine", &policy], "most_per_hour"),
    ] {
        let output = run(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(1) && stderr.contains(says), "{arguments:?}: {stderr}");
    }
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

#[test]
fn the_unit_is_as_small_in_rights_as_it_can_be() {
    let folder = tempfile::Builder::new().tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let unit = |arguments: &[&str]| {
        let place = folder.path().to_str().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_afterpatch"))
            .args(["watch", "install", "--unit", "-", place])
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let without = Command::new(env!("CARGO_BIN_EXE_afterpatch")).args(["watch", "install", "--unit", "-"]).output().unwrap();
    assert!(String::from_utf8_lossy(&without.stderr).contains("name the folders"), "{without:?}");
    let plain = unit(&[]);
    for line in ["DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "IPAddressDeny=any", "PrivateNetwork=yes"] {
        assert!(plain.lines().any(|own| own == line), "{line}: {plain}");
    }
    assert!(plain.contains("CapabilityBoundingSet=CAP_DAC_READ_SEARCH\n") && !plain.contains("ReadWritePaths"));
    let hook = unit(&["--webhook", "https://hooks.example.org/100%"]);
    assert!(!hook.contains("IPAddressDeny") && hook.contains("https://hooks.example.org/100%%"));
}
