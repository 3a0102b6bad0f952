//! Shows what `afterpatch watch` promises: logs that grow and rotate, thousands of changes of files, planted pages and attack lines
//! among them, two `kill -9`. Counts what was told and what was told twice, measures how long each took and how much memory the
//! watch had, and draws both. Linux only (it reads /proc).
//!
//! ```text
//! cargo run -p afterpatch --example watch_soak -- target/debug/afterpatch docs/watch-soak.svg [MEGABYTES] [EVENTS] [PLANTED] [SECONDS]
//! ```
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs, reason = "a measurement, run by hand")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use afterpatch_lab::Live;
use afterpatch_model::{Alert, ThingKind, Timestamp};

const TICK: Duration = Duration::from_millis(100);
/// Seconds that the watch is away after each kill.
const AWAY: f64 = 3.0;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u64| arguments.get(at).map_or(usual, |text| text.parse().unwrap());
    let (binary, picture) = (PathBuf::from(&arguments[0]), PathBuf::from(&arguments[1]));
    let wanted = Wanted {
        bytes: number(2, 1000) * 1_000_000,
        events: number(3, 10_000),
        planted: number(4, 500),
        seconds: number(5, 300),
    };
    let folder = tempfile::tempdir().unwrap();
    let mut run = Run::new(folder.path(), binary);
    run.play(&wanted);
    let result = run.judge(&wanted);
    println!("{}", result.text);
    fs::write(&picture, result.picture).unwrap();
    println!("{}", picture.display());
}

struct Wanted {
    bytes: u64,
    events: u64,
    planted: u64,
    seconds: u64,
}

struct Run {
    began: Instant,
    began_at: Timestamp,
    watched: PathBuf,
    state: PathBuf,
    binary: PathBuf,
    live: Live,
    child: Option<Child>,
    /// Seconds, resident kilobytes.
    memory: Vec<(f64, u64)>,
    /// Processor seconds of all processes.
    processor: f64,
    /// Seconds in which it was away.
    away: Vec<(f64, f64)>,
    /// What was planted, and when: a page's path or an attacker's address.
    planted: BTreeMap<String, f64>,
    written: u64,
    events: u64,
}

const ECP: &str = "C/Exchange/Logging/HttpProxy/Ecp";
const IIS: &str = "C/inetpub/logs/LogFiles/W3SVC1";
const SITE: &str = "C/inetpub/wwwroot";

impl Run {
    fn new(folder: &Path, binary: PathBuf) -> Self {
        let watched = folder.join("watched");
        for name in [ECP, IIS, "C/inetpub/wwwroot/aspnet_client"] {
            fs::create_dir_all(watched.join(name)).unwrap();
        }
        Self {
            began: Instant::now(),
            began_at: Timestamp::now(),
            watched: watched.canonicalize().unwrap(),
            state: folder.join("state"),
            binary,
            live: Live::new(1).unwrap(),
            child: None,
            memory: Vec::new(),
            processor: 0.0,
            away: Vec::new(),
            planted: BTreeMap::new(),
            written: 0,
            events: 0,
        }
    }

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    fn start(&mut self) {
        let child = Command::new(&self.binary)
            .args(["watch", "--quiet", "--state"])
            .arg(&self.state)
            .arg(&self.watched)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.child = Some(child.unwrap());
    }

    fn kill(&mut self) {
        self.sample();
        let Some(mut child) = self.child.take() else { return };
        self.processor += processor_seconds(child.id());
        child.kill().unwrap();
        child.wait().unwrap();
        self.away.push((self.now(), f64::INFINITY));
    }

    fn sample(&mut self) {
        if let Some(child) = &self.child
            && let Ok(text) = fs::read_to_string(format!("/proc/{}/statm", child.id()))
        {
            let pages: u64 = text.split(' ').nth(1).unwrap().parse().unwrap();
            self.memory.push((self.now(), pages * 4));
        }
    }

    fn play(&mut self, wanted: &Wanted) {
        self.start();
        std::thread::sleep(Duration::from_secs(3));
        (self.began, self.began_at) = (Instant::now(), Timestamp::now());
        let ticks = wanted.seconds * 10;
        let (mut proxy, mut iis) = (Log::default(), Log::default());
        for tick in 0..ticks {
            let began = Instant::now();
            let part = |all: u64| all * (tick + 1) / ticks;
            self.write_logs(part(wanted.bytes), &mut proxy, &mut iis);
            self.change_files(part(wanted.events));
            while (self.planted.len() as u64) < part(wanted.planted) {
                self.plant(&proxy);
            }
            if tick % 5 == 0 {
                self.sample();
            }
            if tick == ticks / 3 || tick == ticks * 2 / 3 {
                self.kill();
            }
            if self.child.is_none() && self.away.last().is_some_and(|(from, _)| self.now() - from > AWAY) {
                self.start();
                let now = self.now();
                self.away.last_mut().unwrap().1 = now;
            }
            std::thread::sleep(TICK.saturating_sub(began.elapsed()));
        }
        let until = Instant::now() + Duration::from_secs(120);
        while self.told().len() < self.planted.len() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(500));
            self.sample();
        }
        // Whatever would come twice comes now.
        std::thread::sleep(Duration::from_secs(5));
        self.sample();
        if let Some(mut child) = self.child.take() {
            self.processor += processor_seconds(child.id());
            Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
            child.wait().unwrap();
        }
    }

    fn write_logs(&mut self, bytes: u64, proxy: &mut Log, iis: &mut Log) {
        let Some(due) = bytes.checked_sub(self.written).filter(|due| *due > 0) else { return };
        // A new file for every "hour": 20 MB.
        if proxy.file.is_none() || proxy.bytes > 20_000_000 {
            proxy.number += 1;
            let (day, hour) = (1 + proxy.number / 24, proxy.number % 24);
            proxy.path = self.watched.join(ECP).join(format!("HttpProxy_202103{day:02}{hour:02}-1.LOG"));
            proxy.begin(self.live.head());
        }
        if iis.file.is_none() || iis.bytes > 60_000_000 {
            if iis.file.is_some() {
                iis.number += 1;
                let to = self.watched.join(IIS).join(format!("u_ex210301.log.{}", iis.number));
                fs::rename(&iis.path, to).unwrap();
            }
            iis.path = self.watched.join(IIS).join("u_ex210301.log");
            iis.begin(self.live.iis_head());
        }
        let mut count = 0;
        while count < due {
            let row = self.live.quiet_row(proxy.rows);
            count += proxy.write(&row);
            for _ in 0..4 {
                let row = self.live.iis_quiet_row(iis.rows);
                count += iis.write(&row);
            }
        }
        proxy.flush();
        iis.flush();
        self.written += count;
    }

    fn change_files(&mut self, events: u64) {
        let site = self.watched.join(SITE);
        while self.events < events {
            let number = self.events / 4;
            let path = site.join(format!("page{number}.aspx"));
            let renamed = site.join(format!("renamed{number}.aspx"));
            match self.events % 4 {
                0 => fs::write(path, self.live.harmless_page(usize::try_from(number).unwrap())).unwrap(),
                1 => fs::write(path, self.live.harmless_page(usize::try_from(number + 1).unwrap())).unwrap(),
                2 => fs::rename(path, renamed).unwrap(),
                _ if number.is_multiple_of(2) => fs::remove_file(renamed).unwrap(),
                _ => fs::write(renamed, self.live.harmless_page(1)).unwrap(),
            }
            self.events += 1;
        }
    }

    fn plant(&mut self, proxy: &Log) {
        let number = u32::try_from(self.planted.len()).unwrap();
        let what = if number.is_multiple_of(2) {
            let path = self.watched.join(SITE).join(format!("aspnet_client/p{number}.aspx"));
            fs::write(&path, self.live.planted_page()).unwrap();
            path.to_string_lossy().into_owned()
        } else {
            let (row, address) = self.live.forged_row(number);
            OpenOptions::new().append(true).open(&proxy.path).unwrap().write_all(row.as_bytes()).unwrap();
            address
        };
        let now = self.now();
        self.planted.insert(what, now);
    }

    /// What was told of what was planted: when, each time.
    fn told(&self) -> BTreeMap<String, Vec<f64>> {
        let text = fs::read_to_string(self.state.join("alerts.ndjson")).unwrap_or_default();
        let mut told: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let alert: Alert = serde_json::from_str(line).unwrap();
            let when = self.began_at.duration_until(alert.told).as_secs_f64();
            let names: Vec<String> = match alert.finding.kind.as_str() {
                "virtual-directory-shell" => vec![alert.artifact.path.clone()],
                "forged-session" => alert.finding.things_of(ThingKind::Address).map(str::to_owned).collect(),
                _ => continue,
            };
            for name in names {
                told.entry(name).or_default().push(when);
            }
        }
        told
    }

    fn judge(&self, wanted: &Wanted) -> Judged {
        let told = self.told();
        let missing = self.planted.keys().filter(|name| !told.contains_key(*name)).count();
        let unknown = told.keys().filter(|name| !self.planted.contains_key(*name)).count();
        let twice = told.values().filter(|times| times.len() > 1).count();
        // What came while it was away waits for its return and for what else had gathered.
        let was_away = |planted: f64| self.away.iter().any(|(from, to)| planted > from - 0.5 && planted < to + 10.0);
        let (mut latencies, mut dots, mut late) = (Vec::new(), Vec::new(), Vec::new());
        for (name, planted) in &self.planted {
            let Some(first) = told.get(name).and_then(|times| times.first()) else { continue };
            let latency = (first - planted).max(0.0);
            dots.push((*planted, latency));
            if was_away(*planted) { late.push(latency) } else { latencies.push(latency) }
        }
        latencies.sort_by(f64::total_cmp);
        late.sort_by(f64::total_cmp);
        let of = |list: &[f64], share: f64| {
            list.get(((list.len() as f64 - 1.0) * share).max(0.0) as usize).copied().unwrap_or(f64::NAN)
        };
        let most = self.memory.iter().map(|(_, kilobytes)| *kilobytes).max().unwrap_or(0);
        let last = self.memory.last().map_or(0, |(_, kilobytes)| *kilobytes);
        let in_time = latencies.iter().filter(|latency| **latency <= 2.0).count();
        let mut text = String::new();
        let _ = writeln!(
            text,
            "{} MB of logs, {} file events, {} s, kills: {}",
            self.written / 1_000_000,
            self.events,
            wanted.seconds,
            self.away.len()
        );
        let _ = writeln!(
            text,
            "planted {}, told {}, missing {missing}, told twice {twice}, told and not planted {unknown}",
            self.planted.len(),
            told.len()
        );
        let _ = writeln!(
            text,
            "seconds until told: median {:.2}, 90 % {:.2}, 99 % {:.2}, most {:.2}; within two seconds {in_time} of {}",
            of(&latencies, 0.5),
            of(&latencies, 0.9),
            of(&latencies, 0.99),
            of(&latencies, 1.0),
            latencies.len()
        );
        let _ = writeln!(
            text,
            "planted while it was killed or caught up: {}, median {:.2} s, most {:.2} s",
            late.len(),
            of(&late, 0.5),
            of(&late, 1.0)
        );
        let _ =
            writeln!(text, "memory: most {} MB, at the end {} MB; processor {:.1} s", most / 1000, last / 1000, self.processor);
        Judged { picture: draw(&self.memory, &dots, &self.away, &text), text }
    }
}

struct Judged {
    text: String,
    picture: String,
}

#[derive(Default)]
struct Log {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    bytes: u64,
    rows: usize,
    number: u64,
}

impl Log {
    fn begin(&mut self, head: &str) {
        let file = OpenOptions::new().create(true).append(true).open(&self.path).unwrap();
        (self.file, self.bytes) = (Some(BufWriter::new(file)), 0);
        self.write(head);
    }

    fn write(&mut self, text: &str) -> u64 {
        self.file.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
        self.bytes += text.len() as u64;
        self.rows += 1;
        text.len() as u64
    }

    fn flush(&mut self) {
        self.file.as_mut().unwrap().flush().unwrap();
    }
}

fn processor_seconds(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let after = text.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = after.split(' ').skip(11).take(2).filter_map(|number| number.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Two diagrams over the same time.
fn draw(memory: &[(f64, u64)], dots: &[(f64, f64)], away: &[(f64, f64)], text: &str) -> String {
    const WIDE: f64 = 760.0;
    let end = memory.last().map_or(1.0, |(time, _)| *time);
    let top_memory = memory.iter().map(|(_, kilobytes)| *kilobytes as f64 / 1000.0).fold(50.0, f64::max) * 1.2;
    let top_latency = dots.iter().map(|(_, latency)| *latency).fold(2.5, f64::max) * 1.1;
    let x = |time: f64| 60.0 + WIDE * time / end;
    let y_memory = |megabytes: f64| 200.0 - 160.0 * megabytes / top_memory;
    let y_latency = |seconds: f64| 440.0 - 180.0 * seconds / top_latency;
    let mut svg = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 560\" font-family=\"sans-serif\" font-size=\"12\">\
         <rect width=\"860\" height=\"560\" fill=\"#fff\"/>\n",
    );
    for (from, to) in away {
        let (left, right) = (x(*from), x(to.min(end)));
        let _ = writeln!(svg, "<rect x=\"{left:.1}\" y=\"40\" width=\"{:.1}\" height=\"400\" fill=\"#f6d5d0\"/>", right - left);
    }
    for (title, y, lines) in
        [("resident memory, MB", 30, [0.0, top_memory / 2.0, top_memory]), ("seconds until told", 250, [0.0, 2.0, top_latency])]
    {
        let _ = writeln!(svg, "<text x=\"60\" y=\"{y}\" font-weight=\"bold\">{title}</text>");
        for line in lines {
            let at = if y == 30 { y_memory(line) } else { y_latency(line) };
            let _ = writeln!(
                svg,
                "<path d=\"M60 {at:.1}h{WIDE}\" stroke=\"#ccc\"/><text x=\"8\" y=\"{:.1}\">{line:.1}</text>",
                at + 4.0
            );
        }
    }
    let mut path = String::new();
    let mut before = f64::NEG_INFINITY;
    for (time, kilobytes) in memory {
        // A new process begins a new line.
        let pen = if time - before > 2.0 { 'M' } else { 'L' };
        let _ = write!(path, "{pen}{:.1} {:.1}", x(*time), y_memory(*kilobytes as f64 / 1000.0));
        before = *time;
    }
    let _ = writeln!(svg, "<path d=\"{path}\" fill=\"none\" stroke=\"#1f5fa8\" stroke-width=\"1.5\"/>");
    for (time, latency) in dots {
        let _ = writeln!(svg, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"1.8\" fill=\"#1f5fa8\"/>", x(*time), y_latency(*latency));
    }
    for (at, line) in text.lines().enumerate() {
        let _ = writeln!(svg, "<text x=\"60\" y=\"{}\">{line}</text>", 475 + at * 17);
    }
    svg.push_str("<text x=\"600\" y=\"30\" fill=\"#a33\">red: killed with kill -9 and not yet started again</text></svg>\n");
    svg
}
