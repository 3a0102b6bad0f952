//! What a rule says about a record that it matches.

use std::fmt;

use afterpatch_model::{Confidence, Grade, Severity, Standing, Step};
use rsigma_parser::{Level, SigmaRule};
use serde_json::Value;

use crate::RuleLanguage;

/// What a rule says about a record that it matches.
///
/// Our own rules say it in tags of the namespace `afterpatch`: `afterpatch.step.command-run`,
/// `afterpatch.grade.compromise`, `afterpatch.standing.alone`, `afterpatch.confidence.high`,
/// `afterpatch.campaign.proxylogon`. The last word is the name of a variant of the model's enum, with hyphens for its
/// underscores. A rule without such a tag (a third party's) gets the default named at each field.
///
/// The defaults never call a server compromised: how good a third party's rule is we cannot know, so a match of it is an
/// attempt until somebody has looked. Who knows better says so in the rule's tags. A YARA rule carries the same tags in its
/// meta `tags`, separated by blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its one name: the name of its folder in our pack. Elsewhere the file's name (Sigma) or the rule's name (YARA), with a
    /// number when that is taken.
    pub slug: String,
    /// Its language.
    pub language: RuleLanguage,
    /// The file it stands in, as it was named when it was handed in.
    pub path: String,
    /// One line that says what it is.
    pub title: String,
    /// A few sentences: what is seen, and why it is a sign.
    pub description: String,
    /// Its id (a UUID); empty when the rule has none.
    pub rule_id: String,
    /// Its author, if named.
    pub author: Option<String>,
    /// Where to read more.
    pub references: Vec<String>,
    /// What harmless things it matches, too.
    pub false_positives: Vec<String>,
    /// What part of the story a match tells. By default what the log source suggests: `process_creation` is
    /// [`Step::CommandRun`], `file_event` is [`Step::FileWritten`], anything else [`Step::Other`]. Of a YARA rule
    /// [`Step::FilePresent`]: it sees a file, not how it came.
    pub step: Step,
    /// How far the act got. By default [`Grade::Attempt`]: a rule that does not say so itself proves no more.
    pub grade: Grade,
    /// Whether a match may be told by itself. By default yes when the rule's level is high or critical.
    pub standing: Standing,
    /// How bad: Sigma's `level`, or the meta `level` or `score` of a YARA rule (see [`crate::YaraPack`]). Without any,
    /// [`Severity::Medium`] for Sigma and [`Severity::High`] for YARA.
    pub severity: Severity,
    /// How sure. By default [`Confidence::Medium`].
    pub confidence: Confidence,
    /// ATT&CK technique ids (`T1190`, `T1505.003`), from the tags `attack.t...`.
    pub attack: Vec<String>,
    /// CVE ids (`CVE-2021-26855`), from the tags `cve....`.
    pub cves: Vec<String>,
    /// The attack campaign that a match belongs to by itself; `None` for techniques that many campaigns use.
    pub campaign: Option<String>,
    /// It tells of anything of a sort (the web server started a command), and finer rules tell what it was. Of the rules that
    /// match a record together with such a one, [`RulePack::matches`](crate::RulePack::matches) names only the strongest.
    pub general: bool,
}

impl Rule {
    /// The rule's sayings, or why one of its tags cannot be understood: a misspelt word would silently weaken the rule.
    pub(crate) fn new(slug: String, path: &str, rule: &SigmaRule) -> Result<Self, TagProblem> {
        let severity = match rule.level {
            Some(Level::Informational) => Severity::Info,
            Some(Level::Low) => Severity::Low,
            Some(Level::Medium) | None => Severity::Medium,
            Some(Level::High) => Severity::High,
            Some(Level::Critical) => Severity::Critical,
        };
        let step = match rule.logsource.category.as_deref() {
            Some("process_creation") => Step::CommandRun,
            Some("file_event") => Step::FileWritten,
            _ => Step::Other,
        };
        let mut own = Self {
            slug,
            language: RuleLanguage::Sigma,
            path: path.to_owned(),
            references: rule.references.clone(),
            false_positives: rule.falsepositives.clone(),
            title: rule.title.clone(),
            description: rule.description.clone().unwrap_or_default(),
            rule_id: rule.id.clone().unwrap_or_default(),
            author: rule.author.clone(),
            step,
            grade: Grade::Attempt,
            standing: if severity >= Severity::High { Standing::Alone } else { Standing::Beside },
            severity,
            confidence: Confidence::Medium,
            attack: Vec::new(),
            cves: Vec::new(),
            campaign: None,
            general: false,
        };
        for tag in &rule.tags {
            own.take(tag)?;
        }
        Ok(own)
    }

    /// Takes in what a tag says; tags that say nothing to us are left alone.
    pub(crate) fn take(&mut self, tag: &str) -> Result<(), TagProblem> {
        let Some((namespace, rest)) = tag.split_once('.') else { return Ok(()) };
        match namespace.to_ascii_lowercase().as_str() {
            "attack" if is_technique(rest) => self.attack.push(rest.to_ascii_uppercase()),
            // Older rules write a dot for the hyphen.
            "cve" => self.cves.push(format!("CVE-{}", rest.replace('.', "-").to_ascii_uppercase())),
            "afterpatch" => {
                let wrong = || TagProblem(tag.to_owned());
                let (key, word) = rest.split_once('.').ok_or_else(wrong)?;
                match key {
                    "step" => self.step = variant(word).ok_or_else(wrong)?,
                    "grade" => self.grade = variant(word).ok_or_else(wrong)?,
                    "standing" => self.standing = variant(word).ok_or_else(wrong)?,
                    "confidence" => self.confidence = variant(word).ok_or_else(wrong)?,
                    "scope" if word == "general" => self.general = true,
                    "campaign" if !word.is_empty() => self.campaign = Some(word.to_owned()),
                    _ => return Err(wrong()),
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Whether the second part of an `attack.` tag names a technique (`t1190`), not a tactic or a group.
fn is_technique(text: &str) -> bool {
    text.strip_prefix(['t', 'T']).is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The variant of a model enum by its snake_case name, in which a tag writes hyphens.
fn variant<T: serde::de::DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.replace('-', "_"))).ok()
}

/// A tag of our namespace that means nothing.
#[derive(Debug)]
pub(crate) struct TagProblem(String);

impl fmt::Display for TagProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the tag `{}` is none that afterpatch knows", self.0)
    }
}
