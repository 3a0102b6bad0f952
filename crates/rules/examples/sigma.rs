//! Third-party Sigma packs as they are published: which rules load, what they hit, and where another tool disagrees.
//!
//! ```text
//! sigma load RULES...                 how many rules of these folders load, and why the others do not
//! sigma hits RULES EVIDENCE           every hit as a line of JSON: rule, title, path, record
//! sigma time RULES EVIDENCE           seconds to read the evidence without rules and with them
//! sigma compare OURS THEIRS ROOT      our hits and `chainsaw hunt --jsonl` on the folder ROOT, rule by rule
//! ```
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

use afterpatch_artifacts::{Flow, Input, Recognised, Sink, recognise};
use afterpatch_evidence::Evidence;
use afterpatch_model::{GapKind, Place, Record};
use afterpatch_rules::{Admitted, RuleFiles, RuleLanguage, RulePack, RuleProblem};
use rsigma_parser::{LogSource, parse_sigma_yaml};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["load", folders @ ..] if !folders.is_empty() => folders.iter().try_for_each(|folder| load(folder)),
        ["hits", rules, evidence] => hits(rules, evidence),
        ["time", rules, evidence] => time(rules, evidence),
        ["compare", ours, theirs, root] => compare(ours, theirs, root),
        _ => Err("sigma load RULES... | hits RULES EVIDENCE | time RULES EVIDENCE | compare OURS THEIRS ROOT".into()),
    }
}

fn load(folder: &str) -> Outcome<()> {
    let begun = Instant::now();
    let (pack, problems, files) = pack(folder)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!("{folder}: {} rules loaded, {} problems, {seconds:.2} s", pack.rules().len(), problems.len());
    problems.iter().for_each(|problem| println!("  {problem}"));
    let mut unreachable: BTreeMap<String, u64> = BTreeMap::new();
    for file in files.files.iter().filter(|file| file.language == RuleLanguage::Sigma) {
        for rule in parse_sigma_yaml(&file.text)?.rules {
            if let Some(source) = without_artifact(&rule.logsource) {
                *unreachable.entry(source).or_default() += 1;
            }
        }
    }
    println!("  loaded, but of no use on artifacts that afterpatch reads: {}", unreachable.values().sum::<u64>());
    unreachable.iter().for_each(|(source, count)| println!("    {count} {source}"));
    Ok(())
}

/// The log source of a rule, if no artifact that we read is of it.
fn without_artifact(source: &LogSource) -> Option<String> {
    let said = |part: &Option<String>| part.clone().unwrap_or_default().to_lowercase();
    let (product, category, service) = (said(&source.product), said(&source.category), said(&source.service));
    let foreign = !["", "windows", "exchange", "iis"].contains(&product.as_str());
    let unlogged = ["proxy", "dns", "firewall", "appliance", "file_access", "file_rename"].contains(&category.as_str());
    let errors = ["apache", "nginx"].contains(&service.as_str());
    (foreign || unlogged || errors).then(|| format!("{product}/{category}/{service}"))
}

fn hits(rules: &str, evidence: &str) -> Outcome<()> {
    let (pack, problems, _) = pack(rules)?;
    eprintln!("{} rules loaded, {} problems", pack.rules().len(), problems.len());
    let mut out = BufWriter::new(std::io::stdout().lock());
    read(evidence, &mut |path, record| {
        let mut hits = Vec::new();
        pack.matches(record, &mut hits);
        for rule in hits.iter().filter_map(|hit| pack.rules().get(*hit)) {
            // The event's own number; an exported log numbers its records anew.
            let number = record.fields.get("EventRecordID").and_then(|number| number.parse().ok());
            let number: u64 = number.unwrap_or_else(|| number_of(record.place));
            let event = ["Channel", "Provider_Name", "EventID"].map(|name| record.fields.get(name));
            let hit = json!({"rule": rule.rule_id, "title": rule.title, "path": path, "record": number, "event": event});
            // A closed pipe ends the listing, not the reading.
            let _ = writeln!(out, "{hit}");
        }
    })?;
    Ok(())
}

fn number_of(place: Place) -> u64 {
    match place {
        Place::Record(number) | Place::Line(number) | Place::Offset(number) => number,
        Place::Whole => 0,
    }
}

fn time(rules: &str, evidence: &str) -> Outcome<()> {
    let (pack, _, _) = pack(rules)?;
    let begun = Instant::now();
    let records = read(evidence, &mut |_, _| {})?;
    let without = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let (mut found, mut hits, mut admitted) = (0, Vec::new(), Admitted::default());
    read(evidence, &mut |_, record| {
        hits.clear();
        pack.matches_of(record, &mut admitted, &mut hits);
        found += hits.len();
    })?;
    let with = begun.elapsed().as_secs_f64();
    let speed = |seconds: f64| records as f64 / seconds;
    println!("{records} records, {} rules, {found} hits", pack.rules().len());
    println!(
        "without rules {without:.2} s, {:.0} records/s; with rules {with:.2} s, {:.0} records/s",
        speed(without),
        speed(with)
    );
    println!("the rules alone: {:.0} records/s", speed((with - without).max(f64::EPSILON)));
    Ok(())
}

/// A rule and a record that it hit, as file below the root and number.
type Hit = (String, u64);

/// Rule id to title and hits.
type Hits = BTreeMap<String, (String, BTreeSet<Hit>)>;

fn compare(ours: &str, theirs: &str, root: &str) -> Outcome<()> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let ours =
        listed(ours, |line| Some((text(&line["rule"]), text(&line["title"]), (text(&line["path"]), line["record"].as_u64()?))))?;
    let theirs = listed(theirs, |line| {
        let document = &line["document"];
        let path = document["path"].as_str()?;
        let path = Path::new(path).strip_prefix(root).ok()?.to_string_lossy().replace('\\', "/");
        let record = &document["data"]["Event"]["System"]["EventRecordID"];
        // Files that are XML inside have texts for numbers.
        let record = record.as_u64().or_else(|| record.as_str()?.parse().ok())?;
        Some((text(&line["id"]), text(&line["name"]), (path, record)))
    })?;
    let (mut both, mut only_ours, mut only_theirs, mut rules) = (0, 0, 0, 0);
    let ids: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let none = (String::new(), BTreeSet::new());
    for id in ids {
        let (own, other) = (ours.get(id).unwrap_or(&none), theirs.get(id).unwrap_or(&none));
        let (more, less): (Vec<&Hit>, Vec<&Hit>) = (own.1.difference(&other.1).collect(), other.1.difference(&own.1).collect());
        both += own.1.intersection(&other.1).count();
        only_ours += more.len();
        only_theirs += less.len();
        if let (false, title) = (more.is_empty() && less.is_empty(), if own.0.is_empty() { &other.0 } else { &own.0 }) {
            rules += 1;
            let example = more.first().or(less.first()).map(|(path, record)| format!("{path} #{record}")).unwrap_or_default();
            println!("{}\t{}\t{}\t{id}\t{title}\t{example}", own.1.len(), more.len(), less.len());
        }
    }
    println!("both {both}, only ours {only_ours}, only theirs {only_theirs}; {rules} rules differ");
    Ok(())
}

/// The hits of a listing; a line that `of` cannot read is an error, because a comparison must not be silent about it.
fn listed(file: &str, of: impl Fn(&Value) -> Option<(String, String, Hit)>) -> Outcome<Hits> {
    let mut hits = Hits::new();
    for line in BufReader::new(fs::File::open(file)?).lines() {
        let line: Value = serde_json::from_str(&line?)?;
        let (id, title, hit) = of(&line).ok_or_else(|| format!("{file}: not a hit: {line:.200}"))?;
        hits.entry(id).or_insert_with(|| (title, BTreeSet::new())).1.insert(hit);
    }
    Ok(hits)
}

/// Reads all Windows events and logs of the evidence; gives their number.
fn read(evidence: &str, each: &mut dyn FnMut(&str, &Record<'_>)) -> Outcome<u64> {
    struct Reader<'a> {
        path: &'a str,
        records: u64,
        each: &'a mut dyn FnMut(&str, &Record<'_>),
    }
    impl Sink for Reader<'_> {
        fn record(&mut self, record: &Record<'_>) -> Flow {
            self.records += 1;
            (self.each)(self.path, record);
            Flow::Continue
        }
        fn gap(&mut self, kind: GapKind, place: Place, detail: &str) {
            eprintln!("gap: {} {kind:?} {place:?} {detail}", self.path);
        }
        fn clock_corrected(&mut self, _: i32, _: u64) {}
    }
    let evidence = Evidence::open(Path::new(evidence))?;
    let (done, mut records) = (AtomicU64::new(0), 0);
    for entry in evidence.entries() {
        let input = Input::open(entry, &done)?;
        if let Recognised::Format(format) = recognise(&input) {
            let mut reader = Reader { path: entry.path(), records: 0, each };
            format.read(&input, &mut reader);
            records += reader.records;
        }
    }
    Ok(records)
}

/// The Sigma rules below a folder: the pack, its problems, and the files.
fn pack(folder: &str) -> Outcome<(RulePack, Vec<RuleProblem>, RuleFiles)> {
    let files = RuleFiles::read(Path::new(folder))?;
    let (pack, problems) = RulePack::from_files(&files, []);
    Ok((pack, problems, files))
}
