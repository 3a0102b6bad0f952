#![allow(clippy::unwrap_used)]
//! Clock and notifications are made up here; the files are real.

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use afterpatch_lab::Live;
use afterpatch_model::Timestamp;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::*;

/// A page that runs a parameter as a command, stored encoded.
const SHELL: &str = "PD9waHAKJGFza2VkID0gJF9HRVRbJ2snXTsKc3lzdGVtKCRhc2tlZCk7Cg==";

fn shell() -> Vec<u8> {
    BASE64_STANDARD.decode(SHELL).unwrap()
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| Engine::load().unwrap())
}

fn live() -> &'static Live {
    static LIVE: OnceLock<Live> = OnceLock::new();
    LIVE.get_or_init(|| Live::new(1).unwrap())
}

type Act<'a> = Box<dyn FnOnce() -> Hint + Send + 'a>;

/// Time passes when the watch waits; when it has nothing left to do, the next act happens.
struct Scripted<'a> {
    elapsed: Duration,
    acts: VecDeque<Act<'a>>,
    stopped: bool,
    hints_late: bool,
}

impl World for Scripted<'_> {
    fn now(&self) -> Timestamp {
        // Later than any file of the test, so that files are not taken for being written.
        Timestamp::now() + Duration::from_secs(100) + self.elapsed
    }

    fn elapsed(&self) -> Duration {
        self.elapsed
    }

    fn wait(&mut self, most: Duration) -> Hint {
        self.elapsed += most;
        if most < Duration::from_secs(1) {
            return Hint::Nothing;
        }
        match self.acts.pop_front() {
            Some(act) => act(),
            None => {
                self.stopped = true;
                Hint::Nothing
            }
        }
    }

    fn hints_late(&self) -> bool {
        self.hints_late
    }

    fn is_stopped(&self) -> bool {
        self.stopped
    }
}

#[derive(Default)]
struct Heard {
    alerts: Vec<Alert>,
    gaps: Vec<Gap>,
}

impl Listener for Heard {
    fn alert(&mut self, alert: &Alert) {
        self.alerts.push(alert.clone());
    }

    fn notice(&mut self, notice: &Notice) {
        if let Notice::Gap(gap) = notice {
            self.gaps.push(gap.clone());
        }
    }
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("watched/www")).unwrap();
        fs::create_dir_all(folder.path().join("watched/HttpProxy/Ecp")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("watched").join(name)
    }

    fn append(&self, name: &str, text: &str) {
        let path = self.path(name);
        OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// An HttpProxy log with a head.
    fn begin_log(&self, name: &str) {
        fs::write(self.path(name), live().head()).unwrap();
        self.append(name, &live().quiet_row(0));
    }

    fn attack(&self, name: &str, number: u32) {
        self.append(name, &live().quiet_row(usize::try_from(number).unwrap()));
        self.append(name, &live().forged_row(number).0);
    }

    fn run(&self, acts: Vec<Act<'_>>) -> Heard {
        self.run_where(false, acts)
    }

    fn run_where(&self, hints_late: bool, acts: Vec<Act<'_>>) -> Heard {
        let settings = Settings {
            places: vec![self.folder.path().join("watched")],
            own: vec![self.path("own")],
            state: self.folder.path().join("state"),
            log: self.folder.path().join("alerts"),
            encode: |alert| serde_json::to_vec(alert).map_err(io::Error::other),
            from_start: false,
            least: Severity::Low,
            look_every: Duration::from_secs(60),
        };
        let mut heard = Heard::default();
        let mut world = Scripted { elapsed: Duration::ZERO, acts: acts.into(), stopped: false, hints_late };
        afterpatch_engine::on_deep_stack(|| watch(engine(), &settings, &mut world, &mut heard).unwrap());
        heard
    }

    fn logged(&self) -> Vec<Alert> {
        let text = fs::read_to_string(self.folder.path().join("alerts")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn act<'a>(act: impl FnOnce() + Send + 'a) -> Act<'a> {
    Box::new(move || {
        act();
        Hint::Everything
    })
}

/// What is heard of forged sessions: the attackers' numbers, sorted.
fn attackers(alerts: &[Alert]) -> Vec<u32> {
    let number = |address: &str| address.rsplit('.').next().unwrap().parse::<u32>().unwrap();
    let sessions = alerts.iter().filter(|alert| alert.finding.kind == "forged-session");
    let mut numbers: Vec<u32> =
        sessions.flat_map(|alert| alert.finding.things_of(afterpatch_model::ThingKind::Address).map(number)).collect();
    numbers.sort_unstable();
    numbers
}

fn pages(alerts: &[Alert]) -> Vec<&str> {
    alerts
        .iter()
        .filter(|alert| alert.finding.kind == "web-shell-code")
        .map(|it| it.artifact.path.rsplit('/').next().unwrap())
        .collect()
}

#[test]
fn a_planted_page_is_told_once_for_each_content() {
    let place = Place::new();
    fs::write(place.path("www/harmless.php"), "<?php echo 1;").unwrap();
    let shell_path = place.path("www/a.php");
    let heard = place.run(vec![
        act(|| fs::write(&shell_path, shell()).unwrap()),
        // Touched, not changed.
        act(|| fs::write(&shell_path, shell()).unwrap()),
        act(|| fs::create_dir_all(place.path("www/new/deep")).unwrap()),
        act(|| fs::write(place.path("www/new/deep/b.php"), shell()).unwrap()),
        act(|| fs::write(&shell_path, [shell(), b"// changed\n".to_vec()].concat()).unwrap()),
        act(|| fs::remove_file(&shell_path).unwrap()),
        act(|| fs::write(&shell_path, shell()).unwrap()),
    ]);
    assert_eq!(pages(&heard.alerts), ["a.php", "b.php", "a.php", "a.php"]);
    assert_eq!(heard.alerts, place.logged());
    let sequences: Vec<u64> = heard.alerts.iter().map(|alert| alert.sequence).collect();
    assert_eq!(sequences, (1..=sequences.len() as u64).collect::<Vec<_>>());
}

#[test]
fn what_is_our_own_is_not_looked_at() {
    let place = Place::new();
    fs::create_dir_all(place.path("own")).unwrap();
    fs::write(place.path("own/quarantined.php"), shell()).unwrap();
    let heard = place.run(vec![
        act(|| fs::write(place.path("own/another.php"), shell()).unwrap()),
        act(|| fs::write(place.path("owner.php"), shell()).unwrap()),
    ]);
    assert_eq!(pages(&heard.alerts), ["owner.php"]);
}

#[test]
fn what_was_there_at_the_first_run_is_judged_and_logs_are_read_from_their_end() {
    let place = Place::new();
    fs::write(place.path("www/old.php"), shell()).unwrap();
    let log = "HttpProxy/Ecp/HttpProxy_2021030100-1.LOG";
    place.begin_log(log);
    place.attack(log, 1);
    let heard = place.run(vec![act(|| place.attack(log, 2))]);
    assert_eq!((pages(&heard.alerts), attackers(&heard.alerts)), (vec!["old.php"], vec![2]));
    let alert = heard.alerts.iter().find(|alert| alert.finding.kind == "forged-session").unwrap();
    let line = fs::read_to_string(place.path(log)).unwrap().lines().count() as u64;
    assert_eq!(alert.place, afterpatch_model::Place::Line(line), "the line is that of the log");
}

#[test]
fn rotations_of_every_kind_lose_and_repeat_nothing() {
    let place = Place::new();
    let (one, two) = ("HttpProxy/Ecp/HttpProxy_2021030100-1.LOG", "HttpProxy/Ecp/HttpProxy_2021030101-1.LOG");
    let old = "HttpProxy/Ecp/old.LOG";
    place.begin_log(one);
    let heard = place.run(vec![
        act(|| place.attack(one, 1)),
        // A new file every hour.
        act(|| {
            place.attack(one, 2);
            place.begin_log(two);
            place.attack(two, 3);
        }),
        // Renamed, with lines that were not read yet, and a new one in its place.
        act(|| {
            place.attack(two, 4);
            fs::rename(place.path(two), place.path(old)).unwrap();
            place.begin_log(two);
            place.attack(two, 5);
        }),
        // The renamed one still grows: its writer had it open.
        act(|| place.attack(old, 6)),
        // Copied and cut short.
        act(|| {
            place.attack(two, 7);
            fs::copy(place.path(two), place.path("HttpProxy/Ecp/copy.LOG")).unwrap();
            fs::write(place.path(two), "").unwrap();
        }),
        act(|| {
            place.begin_log(two);
            place.attack(two, 8);
        }),
        // Gone before the last lines were read.
        act(|| {
            place.attack(two, 9);
            fs::remove_file(place.path(two)).unwrap();
        }),
    ]);
    assert_eq!(attackers(&heard.alerts), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
}

#[test]
fn where_hints_come_late_open_logs_are_asked() {
    let place = Place::new();
    let (one, two) = ("HttpProxy/Ecp/HttpProxy_2021030100-1.LOG", "HttpProxy/Ecp/HttpProxy_2021030101-1.LOG");
    place.begin_log(one);
    // Nothing is hinted at, and everything is looked at only once a minute.
    let unheard = |act: &'static str, number| -> Act<'_> {
        let place = &place;
        Box::new(move || {
            place.attack(act, number);
            Hint::Nothing
        })
    };
    let wait = || -> Act<'static> { Box::new(|| Hint::Nothing) };
    let acts =
        vec![unheard(one, 1), wait(), act(|| place.begin_log(two)), wait(), unheard(two, 2), unheard(one, 3), wait(), wait()];
    let heard = place.run_where(true, acts);
    assert_eq!(attackers(&heard.alerts), [1, 2, 3]);
}

#[test]
fn a_restart_repeats_nothing_and_reads_what_was_written_in_between() {
    let place = Place::new();
    let log = "HttpProxy/Ecp/HttpProxy_2021030100-1.LOG";
    place.begin_log(log);
    let heard = place.run(vec![act(|| place.attack(log, 1))]);
    assert_eq!(attackers(&heard.alerts), [1]);
    place.attack(log, 2);
    let second = "HttpProxy/Ecp/HttpProxy_2021030101-1.LOG";
    place.begin_log(second);
    place.attack(second, 3);
    fs::write(place.path("www/a.php"), shell()).unwrap();
    let heard = place.run(vec![]);
    assert_eq!((attackers(&heard.alerts), pages(&heard.alerts)), (vec![2, 3], vec!["a.php"]));
    assert!(place.run(vec![]).alerts.is_empty());
    assert_eq!((attackers(&place.logged()), pages(&place.logged())), (vec![1, 2, 3], vec!["a.php"]));
}

/// Cuts the journal behind its last batch, as if the crash had come before the alert log was known to be written.
fn forget_that_it_was_told(state: &Path) {
    let journal = state.join("journal");
    let text = fs::read_to_string(&journal).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().rposition(|line| line.contains("\"batch\"")).unwrap();
    fs::write(&journal, lines[..=last].iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

#[test]
fn a_crash_between_state_and_alert_log_neither_loses_nor_repeats() {
    for cut in [None, Some(0), Some(1), Some(40)] {
        let place = Place::new();
        let heard = place.run(vec![act(|| fs::write(place.path("www/a.php"), shell()).unwrap())]);
        assert_eq!(heard.alerts.len(), 1);
        forget_that_it_was_told(&place.folder.path().join("state"));
        let log = place.folder.path().join("alerts");
        let text = fs::read(&log).unwrap();
        // All of it written, none, a byte less, half.
        match cut {
            None => {}
            Some(0) => fs::write(&log, "").unwrap(),
            Some(cut) => fs::write(&log, &text[..text.len() - cut]).unwrap(),
        }
        place.run(vec![]);
        assert_eq!(place.logged(), heard.alerts, "{cut:?}");
        assert!(place.run(vec![]).alerts.is_empty());
        assert_eq!(place.logged().len(), 1);
    }
}

#[test]
fn a_flood_is_folded_and_its_first_is_told() {
    let place = Place::new();
    let log = "HttpProxy/Ecp/HttpProxy_2021030100-1.LOG";
    place.begin_log(log);
    let row = live().forged_row(7).0;
    let heard = place.run(vec![
        act(|| place.append(log, &row)),
        act(|| {
            // The same attacker again and again, an hour apart in the log's own time.
            for hour in 0..23 {
                place.append(log, &row.replacen("T", &format!("T{hour:02}"), 1).replacen(&row[11..13], "", 1));
            }
            place.attack(log, 8);
        }),
    ]);
    let told: Vec<&Alert> = heard.alerts.iter().filter(|alert| alert.finding.kind == "forged-session").collect();
    assert!(told.len() <= 3, "{}", told.len());
    assert!(attackers(&heard.alerts).contains(&8));
}

#[test]
fn a_page_does_not_wait_behind_a_large_log() {
    let place = Place::new();
    let log = "HttpProxy/Ecp/HttpProxy_2021030100-1.LOG";
    place.begin_log(log);
    let heard = place.run(vec![act(|| {
        let row = live().quiet_row(1);
        place.append(log, &row.repeat(3 * crate::cursor::PIECE_BYTES / row.len()));
        place.attack(log, 1);
        fs::write(place.path("www/a.php"), shell()).unwrap();
    })]);
    let kinds: Vec<&str> = heard.alerts.iter().map(|alert| alert.finding.kind.as_str()).collect();
    let at = |kind: &str| kinds.iter().position(|other| *other == kind).unwrap();
    assert!(at("web-shell-code") < at("forged-session"), "{kinds:?}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_and_what_cannot_be_read_is_told_once() {
    let place = Place::new();
    let outside = place.folder.path().join("outside.php");
    fs::write(&outside, shell()).unwrap();
    let heard = place.run(vec![act(|| std::os::unix::fs::symlink(&outside, place.path("www/link.php")).unwrap()), act(|| {})]);
    assert!(heard.alerts.is_empty());
}

#[test]
fn a_place_that_cannot_be_looked_at_is_not_gone() {
    let place = Place::new();
    let (log, watched, away) = ("HttpProxy/Ecp/HttpProxy_2021030100-1.LOG", place.path(""), place.folder.path().join("away"));
    place.begin_log(log);
    let heard = place.run(vec![
        act(|| place.attack(log, 1)),
        act(|| fs::rename(&watched, &away).unwrap()),
        act(|| {}),
        act(|| fs::rename(&away, &watched).unwrap()),
        act(|| place.attack(log, 2)),
    ]);
    assert_eq!(attackers(&heard.alerts), [1, 2]);
    assert_eq!(heard.gaps.len(), 1, "{:?}", heard.gaps);
}
