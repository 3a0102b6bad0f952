#![allow(clippy::unwrap_used)]
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use super::*;

/// Takes what it is given, but fails at first.
struct Taking {
    taken: Arc<Mutex<Vec<u64>>>,
    failures: u32,
}

impl Output for Taking {
    fn name(&self) -> &'static str {
        "test"
    }

    fn deliver(&mut self, alert: &Alert) -> Outcome {
        if self.failures > 0 {
            self.failures -= 1;
            return Outcome::Again("away".to_owned());
        }
        self.taken.lock().unwrap().push(alert.sequence);
        Outcome::Done(None)
    }
}

fn line(sequence: u64) -> String {
    let alert = serde_json::json!({
        "schema": "afterpatch.alert/1", "id": format!("{sequence:032x}"), "sequence": sequence, "told": "2026-01-01T00:00:00Z",
        "finding": { "id": "", "kind": "k", "title": "t", "campaign": null, "step": "other", "grade": "attempt",
            "severity": "low", "confidence": "low", "standing": "alone", "server": "", "first": null, "last": null, "count": 1,
            "bytes_out": null, "attack": [], "cves": [], "things": [], "evidence": [], "why": [], "author": null,
            "origin": "built_in", "acknowledged": null },
        "artifact": { "id": 0, "kind": "iis_w3c", "path": "/l", "windows_path": null, "bytes": 1, "records": 1, "first": null,
            "last": null },
        "place": "whole", "story": "s", "beside": [], "repeats": null });
    format!("{alert}\n")
}

fn append(path: &Path, text: &str) {
    fs::OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
}

fn wait_for(taken: &Mutex<Vec<u64>>, count: usize) -> Vec<u64> {
    let until = Instant::now() + Duration::from_secs(20);
    while taken.lock().unwrap().len() < count && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
    }
    taken.lock().unwrap().clone()
}

#[test]
fn an_output_that_was_away_gets_everything_in_order_and_goes_on_after_a_restart_and_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let (log, state) = (folder.path().join("log"), folder.path().join("state"));
    append(&log, &line(1));
    let taken = Arc::new(Mutex::new(Vec::new()));
    let start = |failures| {
        let output = Box::new(Taking { taken: Arc::clone(&taken), failures });
        Follower::start(&log, &state, output, Box::new(|_, _| {})).unwrap()
    };
    let follower = start(1);
    append(&log, &line(2));
    append(&log, &line(3));
    follower.wake();
    assert_eq!(wait_for(&taken, 2), [2, 3], "what was told before it was asked for is not repeated");
    drop(follower);
    append(&log, &line(4));
    let follower = start(0);
    assert_eq!(wait_for(&taken, 3), [2, 3, 4]);
    append(&log, &line(5));
    fs::rename(&log, folder.path().join("log.1")).unwrap();
    append(&log, &line(6));
    let whole = line(7);
    append(&log, &whole[..50]);
    follower.wake();
    assert_eq!(wait_for(&taken, 5), [2, 3, 4, 5, 6]);
    append(&log, &whole[50..]);
    follower.wake();
    assert_eq!(wait_for(&taken, 6), [2, 3, 4, 5, 6, 7]);
}
