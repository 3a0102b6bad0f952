//! A headless browser, if one is there, driven by its own protocol (DevTools) through two named pipes.
//!
//! What is evaluated this way stands outside the page's policy; the page itself keeps it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

use std::{
    fs::{File, OpenOptions},
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// Nothing that the tests ask for takes longer, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(240);

/// The first browser on the path that can be driven; says so when there is none.
pub fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|file| file.is_file());
    if found.is_none() {
        eprintln!("skipped: no Chromium on the path");
    }
    found
}

/// A running browser with one tab.
pub struct Tab {
    process: Child,
    commands: File,
    answers: Receiver<Value>,
    /// What came unasked.
    events: Vec<Value>,
    session: Option<String>,
    sent: u64,
    folder: tempfile::TempDir,
}

impl Tab {
    /// A tab of the browser, if one is there.
    pub fn open() -> Option<Self> {
        let browser = browser()?;
        let folder = tempfile::tempdir().unwrap();
        let [to, from] = ["to", "from"].map(|name| folder.path().join(name));
        assert!(Command::new("mkfifo").args([&to, &from]).status().unwrap().success());
        let process = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<\"$TO\" 4>\"$FROM\"", "sh"])
            .arg(browser)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-pipe"])
            .arg("--enable-precise-memory-info")
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .envs([("TO", &to), ("FROM", &from)])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let commands = OpenOptions::new().write(true).open(to).unwrap();
        let mut reader = BufReader::new(File::open(from).unwrap());
        let (sender, answers) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while reader.read_until(0, &mut message).is_ok_and(|read| read > 0) {
                message.pop();
                let Ok(value) = serde_json::from_slice(&message) else { break };
                if sender.send(value).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut tab = Self { process, commands, answers, events: Vec::new(), session: None, sent: 0, folder };
        let target = tab.call("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let attached = tab.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        tab.session = attached["sessionId"].as_str().map(str::to_owned);
        tab.call("Page.enable", json!({}));
        // Processor time of the page: what others do on the machine is not in it.
        tab.call("Performance.enable", json!({ "timeDomain": "threadTicks" }));
        Some(tab)
    }

    /// One command and its answer.
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        self.sent += 1;
        let mut message = json!({ "id": self.sent, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        self.commands.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let answer = self.next(method);
            if answer["id"] == self.sent {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.events.push(answer);
        }
    }

    fn next(&mut self, what: &str) -> Value {
        self.answers.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{what}: the browser is silent: {error}"))
    }

    /// Shows a page and waits until it has loaded, with an anchor if one is given (`#s1-f3`). Gives the time that took.
    pub fn show(&mut self, page: &str, anchor: &str) -> Duration {
        let file = self.folder.path().join("page.html");
        std::fs::write(&file, page).unwrap();
        // The same file with another anchor would not be loaded again.
        self.call("Page.navigate", json!({ "url": "about:blank" }));
        self.wait("Page.loadEventFired");
        let start = Instant::now();
        self.call("Page.navigate", json!({ "url": format!("file://{}{anchor}", file.display()) }));
        self.wait("Page.loadEventFired");
        start.elapsed()
    }

    fn wait(&mut self, event: &str) {
        while self.events.iter().all(|it| it["method"] != event) {
            let next = self.next(event);
            self.events.push(next);
        }
        self.events.clear();
    }

    /// The value of an expression in the page; a promise is awaited.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer["exceptionDetails"].is_null(), "{expression:.200}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Size of the window in CSS pixels.
    pub fn size(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// `screen` or `print`, and `light` or `dark`.
    pub fn media(&mut self, media: &str, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.call("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }));
    }

    /// A key, as pressed on a keyboard.
    pub fn key(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyDown", "key": key, "text": text }));
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key }));
    }

    /// A number that the browser counts (`Nodes`, `JSHeapUsedSize`), or seconds of processor time (`TaskDuration`).
    pub fn metric(&mut self, name: &str) -> f64 {
        let metrics = self.call("Performance.getMetrics", json!({}))["metrics"].clone();
        metrics.as_array().unwrap().iter().find(|metric| metric["name"] == name).unwrap()["value"].as_f64().unwrap()
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        // Its profile is removed with the folder, so it must be gone before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
