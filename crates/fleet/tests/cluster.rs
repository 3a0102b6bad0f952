//! A cluster of processes on this machine, through the real binary: whatever dies, the lake says what it says without one.
#![cfg(all(feature = "cluster", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, missing_docs)]

mod common;
#[cfg(feature = "cloud")]
mod moto;

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use afterpatch_lab::{Layout, Scenario, Variant, make, write_zip};
use common::{Case, ask, code, command, everything, files, fleet, number, rows, scan};
use serde_json::{Value, json};

/// As long as a slow machine may need.
const AT_MOST: Duration = Duration::from_secs(300);

const STORIES: [(Variant, u64); 8] = [
    (Variant::ProxyLogonOab, 1),
    (Variant::ProxyLogonPostPatch, 2),
    (Variant::ProxyShellExport, 4),
    (Variant::TwoActors, 5),
    (Variant::ProxyNotShell, 6),
    (Variant::ScannedOnly, 8),
    (Variant::Benign, 9),
    (Variant::Owassrf, 12),
];

/// A process that is ended with the test.
struct Node {
    child: Child,
    arguments: Vec<String>,
    environment: Environment,
    log: std::path::PathBuf,
}

/// What a process is told beside its arguments.
type Environment = Vec<(&'static str, String)>;

impl Node {
    fn start(case: &Case, name: &str, arguments: &[&str], environment: &Environment) -> Self {
        let log = case.at(&format!("{name}.log"));
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let child = Self::spawn(&log, &arguments, environment);
        Self { child, arguments, environment: environment.clone(), log }
    }

    fn spawn(log: &std::path::Path, arguments: &[String], environment: &Environment) -> Child {
        let log = fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let mut command = command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        command.env("RUST_LOG", "info").envs(environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
    }

    /// `kill -9`.
    fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn start_again(&mut self) {
        self.child = Self::spawn(&self.log, &self.arguments, &self.environment);
    }

    /// Waits for its own end.
    fn end(&mut self) -> ExitStatus {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < AT_MOST, "it does not end: {}", self.said());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A scheduler and executors that read one package at a time.
struct Cluster {
    url: String,
    scheduler: Node,
    executors: Vec<Node>,
    environment: Environment,
    /// What every process of it is told of certificates.
    tls: Vec<String>,
}

impl Cluster {
    fn start(case: &Case, executors: usize) -> Self {
        Self::start_with(case, executors, Environment::new(), Vec::new())
    }

    fn start_with(case: &Case, executors: usize, environment: Environment, tls: Vec<String>) -> Self {
        let with_tls = |arguments: &[&str]| arguments.iter().map(|&it| it.to_owned()).chain(tls.clone()).collect::<Vec<_>>();
        let port = free_port();
        let (address, url) = (format!("127.0.0.1:{port}"), format!("df://127.0.0.1:{port}"));
        let scheduler = with_tls(&["scheduler", "--listen", &address, "--lost-after", "10s"]);
        let scheduler = Node::start(case, "scheduler", &texts(&scheduler), &environment);
        let executor = |number: usize| {
            let listen = format!("127.0.0.1:{}", free_port());
            let arguments = with_tls(&["executor", "--cluster", &url, "--listen", &listen, "--threads", "1"]);
            Node::start(case, &format!("executor-{number}"), &texts(&arguments), &environment)
        };
        let executors = (0..executors).map(executor).collect();
        let cluster = Self { url, scheduler, executors, environment, tls };
        cluster.wait_for_executors();
        cluster
    }

    /// Waits until all executors ask for work.
    fn wait_for_executors(&self) {
        // Who has no certificate gets no answer, and no probe has one.
        wait_until("the scheduler is not there", || !self.tls.is_empty() || self.is("healthz"));
        wait_until("the executors are not there", || {
            self.executors.iter().all(|node| node.said().contains("Starting poll work loop"))
        });
    }

    /// What the scheduler's probe of that name says.
    fn is(&self, probe: &str) -> bool {
        let address = self.url.trim_start_matches("df://");
        let Ok(mut server) = TcpStream::connect(address) else { return false };
        // Who wants a certificate hangs up.
        let asked = write!(server, "GET /{probe} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        let mut answer = Vec::new();
        asked.and_then(|()| server.read_to_end(&mut answer)).is_ok() && answer.starts_with(b"HTTP/1.1 200")
    }

    /// `scan --cluster` into a lake.
    fn scan(&self, case: &Case, lake: &str, more: &[&str]) -> Node {
        self.scan_into(case, &case.path("packages/*"), &case.path(lake), more)
    }

    fn scan_into(&self, case: &Case, packages: &str, lake: &str, more: &[&str]) -> Node {
        let arguments = ["scan", packages, "--to", lake, "--cluster", &self.url];
        Node::start(case, "scan", &[&arguments, texts(&self.tls).as_slice(), more].concat(), &self.environment)
    }
}

fn texts(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

fn wait_until(what: &str, mut so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !so() {
        assert!(begun.elapsed() < AT_MOST, "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn query(case: &Case, lake: &str, sql: &str) -> Vec<Value> {
    rows(&fleet(&["query", sql, "--lake", &case.path(lake), "--format", "ndjson"]))
}

/// Whether two lakes say the same, and hold each package once.
fn assert_same(case: &Case, lake: &str) {
    assert_eq!(everything(|sql| query(case, lake, sql)), everything(|sql| ask(case, sql)));
    assert_eq!(
        query(case, lake, "SELECT count(*) AS rows, count(DISTINCT package) AS packages FROM packages"),
        ask(case, "SELECT count(*) AS rows, count(DISTINCT package) AS packages FROM packages")
    );
}

/// Whether nothing is left of what was begun. Who is killed between a commit and the end of its attempt leaves that to the next run.
fn assert_tidy(case: &Case, lake: &str, cluster: &Cluster) {
    let mut run = cluster.scan(case, lake, &["--quiet"]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert!(files(&case.at(&format!("{lake}/attempts"))).is_empty(), "{lake}: attempts are left");
}

/// Packages, one of them broken, and a lake that this program made alone.
fn case_with_stories() -> Case {
    let case = Case::empty();
    for (variant, seed) in STORIES {
        case.with(&format!("{seed:02}-{}", variant.slug()), variant, seed);
    }
    fs::write(case.at("packages/broken.zip"), b"PK\x03\x04 and then nothing that a zip would have").unwrap();
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    case
}

fn commits(case: &Case, lake: &str) -> usize {
    files(&case.at(&format!("{lake}/commits"))).len()
}

#[test]
fn a_cluster_says_what_one_process_says() {
    let case = case_with_stories();
    let cluster = Cluster::start(&case, 2);
    let status = case.path("status.json");
    let mut run = cluster.scan(&case, "lake-2", &["--status", &status]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert!(run.said().contains("9 packages read") && run.said().contains("broken.zip"), "{}", run.said());
    assert_same(&case, "lake-2");
    // Each package was one task: both executors had some, and none was read twice.
    assert_eq!(query(&case, "lake-2", "SELECT count(DISTINCT run) AS runs FROM packages"), [json!({ "runs": 2 })]);
    assert_eq!(query(&case, "lake-2", "SELECT count(*) AS again FROM packages WHERE generation > 0"), [json!({ "again": 0 })]);
    let shown: Value = serde_json::from_slice(&fs::read(&status).unwrap()).unwrap();
    assert_eq!((&shown["packages"]["done"], &shown["packages"]["failed"]), (&json!(8), &json!(1)), "{shown}");
    // Again: nothing is handed out, nothing is added.
    let before = files(&case.at("lake-2/data"));
    let mut run = cluster.scan(&case, "lake-2", &["--quiet"]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_eq!(files(&case.at("lake-2/data")), before);
}

#[test]
fn a_cluster_answers_what_one_process_answers() {
    let case = case_with_stories();
    let lake = case.path("lake");
    let cluster = Cluster::start(&case, 2);
    let answers = |sql: &str, more: &[&str]| {
        let answer = fleet(&[&["query", sql, "--lake", &lake, "--format", "ndjson"], more].concat());
        rows(&answer).iter().map(Value::to_string).collect::<Vec<_>>()
    };
    let same = |is_sorted: bool| {
        let (lake, url) = (&answers, &cluster.url);
        move |sql: &str| {
            let (mut one, mut many) = (lake(sql, &[]), lake(sql, &["--cluster", url]));
            if !is_sorted {
                one.sort();
                many.sort();
            }
            assert_eq!(one, many, "{sql}");
            one.len()
        }
    };
    for table in common::TABLES {
        same(false)(&format!("SELECT * FROM {table}"));
    }
    for view in ["who_hit_many", "same_shell", "post_patch_use", "unpatched", "coverage_gaps", "ocsf_findings"] {
        same(false)(&format!("SELECT * FROM {view}"));
    }
    let sorted = same(true);
    assert!(sorted("SELECT kind, count(*) AS count FROM findings GROUP BY kind ORDER BY count DESC, kind") > 3);
    assert!(
        sorted(
            "SELECT p.name, s.server, (SELECT count(*) FROM findings f WHERE f.package = s.package) AS findings FROM servers s \
             JOIN packages p ON p.package = s.package ORDER BY p.name LIMIT 5"
        ) == 5
    );
    assert_eq!(sorted("SELECT value, count(DISTINCT package) FROM things WHERE kind = 'no such' GROUP BY value"), 0);
    // In few files it is the same, with later ones beside them; and what went wrong is told.
    assert_eq!(code(&fleet(&["compact", "--lake", &lake])), 0);
    assert!(same(false)("SELECT * FROM findings") > 10);
    case.with("09-benign", Variant::ProxyLogonOab, 14);
    assert_eq!(code(&scan(&case, &["--quiet"])), 5);
    assert!(same(false)("SELECT * FROM findings") > 10);
    assert!(same(false)("SELECT * FROM who_hit_many") > 0);
    assert!(same(false)("SELECT server FROM servers UNION SELECT value FROM things UNION ALL SELECT kind FROM findings") > 10);
    let wrong = fleet(&["query", "SELECT 1/0 FROM packages", "--lake", &lake, "--cluster", &cluster.url]);
    assert_eq!(code(&wrong), 1);
    assert!(String::from_utf8_lossy(&wrong.stderr).to_lowercase().contains("zero"), "{wrong:?}");
}

/// The sums of joined rows take both executors some seconds, in two stages: the last one adds up what the others have left for it.
#[test]
fn an_executor_that_is_killed_in_the_middle_of_a_question_makes_no_wrong_answer() {
    let case = case_with_stories();
    let (lake, mut cluster) = (case.path("lake"), Cluster::start(&case, 2));
    let sql = "SELECT a.kind, count(*) AS many, sum(length(concat(a.title, b.title, c.kind))) AS length FROM findings a \
               CROSS JOIN findings b CROSS JOIN (SELECT kind FROM findings ORDER BY kind LIMIT 10) c GROUP BY a.kind ORDER BY a.kind";
    let alone = fleet(&["query", sql, "--lake", &lake, "--format", "ndjson"]);
    assert!(rows(&alone).len() > 3);
    let out = case.path("answer.ndjson");
    let arguments = ["query", sql, "--lake", &lake, "--cluster", &cluster.url, "-o", &out];
    let mut asked = Node::start(&case, "query", &arguments, &cluster.environment);
    wait_until("no executor begins", || cluster.executors[1].said().contains("Received task"));
    std::thread::sleep(Duration::from_millis(300));
    assert!(asked.child.try_wait().unwrap().is_none(), "the question is too easy");
    cluster.executors[1].kill();
    if asked.end().code() == Some(0) {
        assert_eq!(fs::read_to_string(&out).unwrap(), String::from_utf8_lossy(&alone.stdout));
    } else {
        assert!(asked.said().contains("came twice; ask again"), "{}", asked.said());
    }
}

/// An authority of its own, and a certificate of it for this computer: what a process is told of them.
fn certificates(case: &Case, name: &str) -> Vec<String> {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let own = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let written = [("--tls-cert", own.pem()), ("--tls-key", key.serialize_pem()), ("--tls-ca", authority.pem())];
    let write = |(option, text): (&str, String)| {
        let file = case.path(&format!("{name}{option}.pem"));
        fs::write(&file, text).unwrap();
        [option.to_owned(), file]
    };
    written.map(write).concat()
}

#[test]
fn with_certificates_a_cluster_does_the_same_and_nobody_else_is_heard() {
    let case = case_with_stories();
    let (ours, others) = (certificates(&case, "ours"), certificates(&case, "others"));
    let cluster = Cluster::start_with(&case, 2, Environment::new(), ours.clone());
    let mut run = cluster.scan(&case, "tls", &["--quiet"]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_same(&case, "tls");
    // Both executors took part, and gave each other and the scheduler what they had.
    let sql = "SELECT kind, count(*) AS many FROM findings GROUP BY kind ORDER BY many DESC, kind";
    let lake = case.path("tls");
    let query = |tls: &[String]| {
        let arguments = ["query", sql, "--lake", &lake, "--format", "ndjson", "--cluster", &cluster.url];
        fleet(&[&arguments, texts(tls).as_slice()].concat())
    };
    assert_eq!(rows(&query(&ours)), self::query(&case, "tls", sql));
    for executor in &cluster.executors {
        assert!(executor.said().contains("Received task"), "{}", executor.said());
    }

    // Without a certificate, and with one of somebody else's authority.
    for stranger in [&[][..], &others] {
        let refused = query(stranger);
        assert_eq!((code(&refused), refused.stdout.len()), (1, 0), "{stranger:?}");
    }
    assert!(!cluster.is("healthz"));
    // What does not fit together is told before anything is asked.
    let mixed = [&ours[..2], &others[2..]].concat();
    assert_eq!(code(&query(&mixed)), 1);
    let missing = [&ours[..2], &["--tls-key".to_owned(), case.path("none.pem")], &ours[4..]].concat();
    let refused = query(&missing);
    assert!(code(&refused) == 1 && String::from_utf8_lossy(&refused.stderr).contains("none.pem"), "{refused:?}");
    assert_eq!(code(&query(&ours[..2])), 2);
}

#[cfg(feature = "cloud")]
#[test]
fn a_cluster_works_in_an_object_store() {
    let Some(moto) = moto::Moto::start() else { return };
    let case = case_with_stories();
    moto.make_bucket("bucket");
    for package in files(&case.at("packages")) {
        moto.put("bucket", &format!("triage/{}", package.file_name().unwrap().to_str().unwrap()), fs::read(&package).unwrap());
    }
    let environment = moto.environment().map(|(name, value)| (name, value.to_owned())).to_vec();
    let mut cluster = Cluster::start_with(&case, 2, environment, Vec::new());
    let mut run = cluster.scan_into(&case, "s3://bucket/triage/*.zip", "s3://bucket/lake", &["--quiet"]);
    wait_until("nothing is committed", || moto.list("bucket", "lake/commits").len() >= 2);
    cluster.executors[1].kill();
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    let query = |sql: &str| rows(&moto.fleet(&["query", sql, "--lake", "s3://bucket/lake", "--format", "ndjson"]));
    assert_eq!(everything(query), everything(|sql| ask(&case, sql)));
}

#[test]
fn an_executor_that_is_killed_costs_time_only() {
    let case = case_with_stories();
    let mut cluster = Cluster::start(&case, 2);
    let mut run = cluster.scan(&case, "lake-2", &["--quiet"]);
    wait_until("nothing is committed", || commits(&case, "lake-2") >= 2);
    cluster.executors[0].kill();
    assert!(commits(&case, "lake-2") < STORIES.len(), "all was done before it was killed");
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_same(&case, "lake-2");
    assert_tidy(&case, "lake-2", &cluster);
}

#[test]
fn a_scheduler_that_is_killed_and_started_again_loses_nothing() {
    let case = case_with_stories();
    let mut cluster = Cluster::start(&case, 2);
    let mut run = cluster.scan(&case, "lake-2", &["--quiet"]);
    wait_until("nothing is committed", || commits(&case, "lake-2") >= 2);
    cluster.scheduler.kill();
    assert!(commits(&case, "lake-2") < STORIES.len(), "all was done before it was killed");
    std::thread::sleep(Duration::from_secs(3));
    cluster.scheduler.start_again();
    // The run that had asked asks again.
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_same(&case, "lake-2");

    // Both are killed, who asks and who is asked: the same command goes on.
    let mut run = cluster.scan(&case, "lake-3", &["--quiet"]);
    wait_until("nothing is committed", || commits(&case, "lake-3") >= 2);
    run.kill();
    cluster.scheduler.kill();
    cluster.scheduler.start_again();
    let mut run = cluster.scan(&case, "lake-3", &["--quiet"]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_same(&case, "lake-3");
    assert_tidy(&case, "lake-3", &cluster);
}

#[test]
fn an_interrupt_lets_the_packages_end() {
    let case = case_with_stories();
    let cluster = Cluster::start(&case, 2);
    let mut run = cluster.scan(&case, "lake-2", &["--quiet"]);
    wait_until("nothing is committed", || commits(&case, "lake-2") >= 1);
    let interrupted = std::process::Command::new("kill").args(["-INT", &run.child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    let ended = run.end().code();
    assert!(matches!(ended, Some(130 | 5)), "{ended:?} {}", run.said());
    assert!(files(&case.at("lake-2/attempts")).is_empty());
    let mut run = cluster.scan(&case, "lake-2", &["--quiet"]);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_same(&case, "lake-2");
}

/// Kills the executor that reads a package, as reading it would if it were deadly: that one, and only then.
fn kill_who_reads(case: &Case, package: &str, executors: &mut [Node]) {
    let parsed = |path: &std::path::Path| serde_json::from_slice::<Value>(&fs::read(path).ok()?).ok();
    wait_until("nobody reads the deadly package", || {
        let attempts = files(&case.at("lake-2/attempts"));
        let of_package = |path: &&std::path::PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(package);
        attempts.iter().filter(of_package).filter_map(|path| parsed(path)).any(|attempt| {
            let sign = case.at(&format!("lake-2/runs/{}.json", attempt["run"].as_str().unwrap()));
            let process = parsed(&sign).and_then(|sign| sign["process"]["number"].as_u64());
            let Some(node) = executors.iter_mut().find(|node| Some(u64::from(node.child.id())) == process) else { return false };
            node.kill();
            // As whatever watches over it would do.
            node.start_again();
            true
        })
    });
}

#[test]
fn a_package_that_kills_its_executors_is_left_alone_after_the_second_time() {
    let case = case_with_stories();
    // Big enough that nobody has read it before it is seen that somebody reads it.
    let lab = make(&Scenario::new(77, Variant::Benign));
    write_zip(&lab, &case.at("packages/deadly.zip"), Layout::Kape).unwrap();
    let mut cluster = Cluster::start(&case, 2);
    let mut run = cluster.scan(&case, "lake-2", &[]);
    let uri = url::Url::from_file_path(case.at("packages/deadly.zip")).unwrap();
    let id = package_id(uri.as_str());
    kill_who_reads(&case, &id, &mut cluster.executors);
    kill_who_reads(&case, &id, &mut cluster.executors);
    assert_eq!(run.end().code(), Some(5), "{}", run.said());
    assert_eq!(
        query(&case, "lake-2", "SELECT name, failure FROM packages WHERE state = 'failed' ORDER BY name"),
        [json!({ "name": "broken.zip", "failure": "unreadable" }), json!({ "name": "deadly.zip", "failure": "killed" })]
    );
    // It has cost nobody else anything.
    fs::remove_file(case.at("packages/deadly.zip")).unwrap();
    let without = |rows: Vec<String>| rows.into_iter().filter(|row| !row.contains("deadly.zip")).collect::<Vec<_>>();
    assert_eq!(without(everything(|sql| query(&case, "lake-2", sql))), everything(|sql| ask(&case, sql)));
    assert!(files(&case.at("lake-2/attempts")).is_empty());
}

fn package_id(uri: &str) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(uri).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_cannot_go_on_is_said() {
    let case = Case::empty();
    case.with_logs(1);
    let wrong = fleet(&["scan", &case.path("packages/*"), "--to", &case.path("lake"), "--cluster", "localhost:50050"]);
    assert_eq!(code(&wrong), 2);
    let both = fleet(&[
        "scan",
        &case.path("packages/*"),
        "--to",
        &case.path("lake"),
        "--cluster",
        "df://localhost:1",
        "--rules",
        "rules",
    ]);
    assert_eq!(code(&both), 2);
    // The scheduler's port is a web server's, too: its health is asked without anything of ours.
    let alone = Cluster::start(&case, 0);
    assert!(alone.is("healthz") && !alone.is("readyz"));
    let cluster = Cluster::start(&case, 1);
    wait_until("it does not get ready", || cluster.is("readyz"));
    let mut run = cluster.scan(&case, "lake", &["--quiet"]);
    assert_eq!(run.end().code(), Some(0), "{}", run.said());
    assert_eq!(number(&case, "SELECT count(*) FROM packages WHERE state = 'done'"), 1);
}
