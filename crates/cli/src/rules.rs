//! `afterpatch rules`: which rules there are, what one of them says, and whether a folder of them can be used.

use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use afterpatch_engine::Engine;
use afterpatch_model::{Confidence, Grade, Severity, Standing, Step};
use afterpatch_report::hostile::terminal;
use afterpatch_rules::{FileScanner, Rule, RuleSet, SampleCheck, SampleFile};
use anyhow::bail;
use serde::Serialize;

use crate::arguments::{RulesArguments, RulesCommand};
use crate::exit::Exit;

/// What stands for the source of our own rules.
const BUILT_IN: &str = "built-in";

/// Lists, shows or tests rules.
pub fn run(arguments: &RulesArguments) -> anyhow::Result<Exit> {
    match &arguments.command {
        RulesCommand::List { rules, json } => list(rules, *json),
        RulesCommand::Show { rule, rules } => show(rule, rules),
        RulesCommand::Test { folder } => test(folder),
    }
}

/// What is told of a rule in a list.
#[derive(Serialize)]
struct Listed<'r> {
    slug: &'r str,
    id: &'r str,
    title: &'r str,
    language: &'r str,
    level: Severity,
    grade: Grade,
    standing: Standing,
    confidence: Confidence,
    step: Step,
    campaign: Option<&'r str>,
    attack: &'r [String],
    cves: &'r [String],
    author: Option<&'r str>,
    source: &'r str,
    path: &'r str,
}

impl<'r> Listed<'r> {
    fn of(rule: &'r Rule, built_in: bool) -> Self {
        Self {
            slug: &rule.slug,
            id: &rule.rule_id,
            title: &rule.title,
            language: rule.language.slug(),
            level: rule.severity,
            grade: rule.grade,
            standing: rule.standing,
            confidence: rule.confidence,
            step: rule.step,
            campaign: rule.campaign.as_deref(),
            attack: &rule.attack,
            cves: &rule.cves,
            author: rule.author.as_deref(),
            source: if built_in { BUILT_IN } else { &rule.path },
            path: &rule.path,
        }
    }
}

/// Our rules and those of the user; his get no name that is taken, so that a name always means one rule.
fn sets(folders: &[PathBuf]) -> anyhow::Result<(RuleSet, RuleSet)> {
    let taken: Vec<String> = Engine::load()?.kinds().into_iter().map(|(slug, _)| slug).collect();
    Ok((RuleSet::embedded()?, RuleSet::read(folders, &taken)?))
}

fn list(folders: &[PathBuf], json: bool) -> anyhow::Result<Exit> {
    let (own, users) = sets(folders)?;
    let all: Vec<Listed<'_>> =
        own.rules().map(|rule| Listed::of(rule, true)).chain(users.rules().map(|rule| Listed::of(rule, false))).collect();
    let mut out = BufWriter::new(stdout().lock());
    if json {
        serde_json::to_writer_pretty(&mut out, &all)?;
        writeln!(out)?;
    } else {
        let widest = all.iter().map(|rule| rule.slug.chars().count()).max().unwrap_or_default().min(60);
        for rule in &all {
            let (slug, level) = (terminal(rule.slug), word(rule.level));
            let campaign = terminal(rule.campaign.unwrap_or("-"));
            writeln!(
                out,
                "{slug:widest$}  {:5}  {level:8}  {campaign:12}  {}  [{}]",
                rule.language,
                terminal(rule.title),
                terminal(rule.source)
            )?;
        }
        writeln!(out, "{} rules", all.len())?;
    }
    out.flush()?;
    tell_problems(&users);
    Ok(Exit::Nothing)
}

fn show(wanted: &str, folders: &[PathBuf]) -> anyhow::Result<Exit> {
    let (own, users) = sets(folders)?;
    let is_wanted = |rule: &&Rule| rule.slug.eq_ignore_ascii_case(wanted) || rule.rule_id.eq_ignore_ascii_case(wanted);
    let Some((rule, set, built_in)) = own
        .rules()
        .find(is_wanted)
        .map(|rule| (rule, &own, true))
        .or_else(|| users.rules().find(is_wanted).map(|rule| (rule, &users, false)))
    else {
        bail!("no rule has the name or id {wanted}; `afterpatch rules list` names all");
    };
    let listed = Listed::of(rule, built_in);
    let mut out = BufWriter::new(stdout().lock());
    writeln!(out, "{}\n", terminal(&rule.title))?;
    for paragraph in rule.description.split("\n\n").filter(|text| !text.trim().is_empty()) {
        writeln!(out, "{}\n", terminal(paragraph.trim()))?;
    }
    let campaign = rule.campaign.clone().unwrap_or_default();
    for (name, value) in [
        ("name", listed.slug.to_owned()),
        ("id", listed.id.to_owned()),
        ("language", listed.language.to_owned()),
        ("level", word(listed.level)),
        ("grade", word(listed.grade)),
        ("standing", word(listed.standing)),
        ("confidence", word(listed.confidence)),
        ("step", word(listed.step)),
        ("campaign", campaign),
        ("ATT&CK", rule.attack.join(", ")),
        ("CVE", rule.cves.join(", ")),
        ("author", rule.author.clone().unwrap_or_default()),
        ("source", if built_in { format!("{BUILT_IN} (rules/{})", rule.path) } else { rule.path.clone() }),
    ] {
        if !value.is_empty() {
            writeln!(out, "{name:11} {}", terminal(&value))?;
        }
    }
    let folder = Path::new(&rule.path).parent().filter(|_| !built_in);
    let samples: Vec<String> = folder.map(SampleFile::beside).unwrap_or_default().into_iter().map(|sample| sample.name).collect();
    for (heading, lines) in [("references", &rule.references), ("also matches", &rule.false_positives), ("samples", &samples)] {
        if !lines.is_empty() {
            writeln!(out, "\n{heading}:")?;
            for line in lines {
                writeln!(out, "  {}", terminal(line))?;
            }
        }
    }
    if let Some(file) = set.file_of(rule) {
        writeln!(out, "\nthe rule:")?;
        for line in file.text.lines() {
            writeln!(out, "  {}", terminal(line))?;
        }
    }
    out.flush()?;
    Ok(Exit::Nothing)
}

fn test(folder: &Path) -> anyhow::Result<Exit> {
    let rules = RuleSet::read(&[folder.to_path_buf()], &[])?;
    let check = SampleCheck::of(&rules);
    let mut out = BufWriter::new(stdout().lock());
    let others: Vec<String> = rules
        .files
        .others
        .iter()
        .map(|(ending, count)| format!("{count} {}", if ending.is_empty() { "without an ending" } else { ending }))
        .collect();
    writeln!(out, "rule files       {}", rules.files.files.len())?;
    writeln!(out, "Sigma rules      {}", rules.sigma.rules().len())?;
    writeln!(out, "YARA rules       {}", rules.yara.rules().len())?;
    if !others.is_empty() {
        writeln!(out, "other files      {}", terminal(&others.join(", ")))?;
    }
    if check.hits + check.misses > 0 {
        writeln!(out, "samples          {} matched, {} not matched, as they must", check.hits, check.misses)?;
    }
    writeln!(out, "not usable       {}", rules.problems.len())?;
    for problem in &rules.problems {
        writeln!(out, "  {}", terminal(&problem.to_string()))?;
    }
    if !check.wrong.is_empty() {
        writeln!(out, "wrong samples    {}", check.wrong.len())?;
        for problem in &check.wrong {
            writeln!(out, "  {}", terminal(&problem.to_string()))?;
        }
    }
    out.flush()?;
    let good = rules.problems.is_empty() && check.wrong.is_empty() && rules.rules().next().is_some();
    Ok(if good { Exit::Nothing } else { Exit::Error })
}

/// What could not be used is said, but what was asked for has been given.
fn tell_problems(rules: &RuleSet) {
    if !rules.problems.is_empty() {
        crate::output::note(&format!("{} files or rules cannot be used; see `afterpatch rules test`", rules.problems.len()));
    }
}

/// The one name of a value of a model enum.
fn word(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
