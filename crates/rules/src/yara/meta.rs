//! What a YARA rule says of itself in its meta, as our rules and published packs write it.

use afterpatch_model::{Confidence, Grade, Severity, Standing, Step};

use crate::rule::TagProblem;
use crate::{Rule, RuleLanguage};

/// A third party's title is cut behind this many bytes: it is one line in a report.
const MAX_TITLE: usize = 200;
/// A rule without a score has this one. LOKI, for which signature-base is written, takes it so (its `DEFAULT_SCORE`).
const USUAL_SCORE: i64 = 75;
/// From this score on a match may be told by itself.
const ALONE_FROM: i64 = 75;

/// The pairs of a rule's meta, in their order.
pub(super) struct Meta(pub Vec<(String, MetaValue)>);

/// A value in a rule's meta.
pub(super) enum MetaValue {
    Text(String),
    Number(i64),
}

impl Meta {
    /// The rule's sayings; see [`crate::YaraPack`] for the keys.
    pub(super) fn rule(&self, slug: String, path: &str, name: &str) -> Result<Rule, TagProblem> {
        let severity = self.severity();
        let description = self.text("description").unwrap_or_default();
        let mut rule = Rule {
            slug,
            language: RuleLanguage::Yara,
            path: path.to_owned(),
            title: one_line(self.text("title").or(self.text("description")).unwrap_or(name)),
            description: description.to_owned(),
            rule_id: self.text("id").unwrap_or_default().to_owned(),
            author: self.text("author").map(str::to_owned),
            references: self.all(&["reference", "references"]),
            false_positives: self.all(&["falsepositives", "false_positives"]),
            step: Step::FilePresent,
            grade: Grade::Attempt,
            standing: if self.stands_alone() { Standing::Alone } else { Standing::Beside },
            severity,
            confidence: Confidence::Medium,
            attack: Vec::new(),
            cves: Vec::new(),
            campaign: None,
            general: false,
        };
        for tag in self.text("tags").unwrap_or_default().split([' ', ',']).filter(|tag| !tag.is_empty()) {
            rule.take(tag)?;
        }
        Ok(rule)
    }

    fn score(&self) -> i64 {
        let score = self.0.iter().find(|(name, _)| name == "score").and_then(|(_, value)| match value {
            MetaValue::Number(number) => Some(*number),
            MetaValue::Text(text) => text.trim().parse().ok(),
        });
        score.unwrap_or(USUAL_SCORE)
    }

    fn stands_alone(&self) -> bool {
        match self.text("level") {
            Some(_) => self.severity() >= Severity::High,
            None => self.score() >= ALONE_FROM,
        }
    }

    fn severity(&self) -> Severity {
        match self.text("level").map(str::to_ascii_lowercase).as_deref() {
            Some("informational") => Severity::Info,
            Some("low") => Severity::Low,
            Some("medium") => Severity::Medium,
            Some("high") => Severity::High,
            Some("critical") => Severity::Critical,
            _ => match self.score() {
                90.. => Severity::Critical,
                75..90 => Severity::High,
                60..75 => Severity::Medium,
                40..60 => Severity::Low,
                _ => Severity::Info,
            },
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.iter().find_map(|(name, value)| match value {
            MetaValue::Text(text) if name == key => Some(text.as_str()),
            _ => None,
        })
    }

    /// All values of keys that may stand more than once, or with a number behind (`reference2`).
    fn all(&self, keys: &[&str]) -> Vec<String> {
        let wanted = |name: &str| keys.contains(&name.trim_end_matches(|c: char| c.is_ascii_digit()));
        let texts = self.0.iter().filter_map(|(name, value)| match value {
            MetaValue::Text(text) if wanted(name) && !text.is_empty() => Some(text.clone()),
            _ => None,
        });
        texts.collect()
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.get(..line.floor_char_boundary(MAX_TITLE)) {
        Some(cut) if cut.len() < line.len() => format!("{cut}…"),
        _ => line,
    }
}
