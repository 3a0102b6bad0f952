//! The texts of one language, by key. Every sentence a report says of its own stands in `locales/`.

use std::fmt::Write as _;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use serde::Serialize;

use crate::{Language, ReportError};

/// The texts of one language.
pub(crate) struct Texts {
    bundle: FluentBundle<FluentResource>,
    language: Language,
}

impl Texts {
    /// Loads a language.
    ///
    /// # Errors
    /// [`ReportError::Texts`] when our own file does not parse; a test holds this off.
    pub(crate) fn new(language: Language) -> Result<Self, ReportError> {
        let resource = FluentResource::try_new(source(language).to_owned())
            .map_err(|(_, errors)| ReportError::Texts(format!("{}: {errors:?}", language.tag())))?;
        let tag = language.tag().parse().map_err(|error| ReportError::Texts(format!("{error}")))?;
        let mut bundle = FluentBundle::new(vec![tag]);
        // Isolation marks are direction marks, which we show as hostile; our texts run in one direction.
        bundle.set_use_isolating(false);
        bundle.add_resource(resource).map_err(|errors| ReportError::Texts(format!("{}: {errors:?}", language.tag())))?;
        Ok(Self { bundle, language })
    }

    /// The language spoken.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The text of a key. A key that is missing shows itself, so that a fault of ours never costs a report.
    pub(crate) fn get(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| key.to_owned())
    }

    /// The text of a key, if there is one.
    pub(crate) fn find(&self, key: &str) -> Option<String> {
        self.format(key, None)
    }

    /// The text of a key with its places filled.
    pub(crate) fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            args.set(*name, *value);
        }
        self.format(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }

    /// The text of a key that counts something: `$n` chooses the plural, `$shown` is the number as this language writes it.
    pub(crate) fn count(&self, key: &str, n: u64) -> String {
        self.count_with(key, n, &[])
    }

    /// The same with further places filled.
    pub(crate) fn count_with(&self, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        args.set("n", FluentValue::from(n));
        args.set("shown", self.number(n));
        for (name, value) in values {
            args.set(*name, *value);
        }
        self.format(key, Some(&args)).unwrap_or_else(|| key.to_owned())
    }

    /// The text of one value of a model enum: key `<prefix>-<slug>`. A value without a text shows its slug.
    pub(crate) fn word(&self, prefix: &str, value: impl Serialize) -> String {
        let slug = slug(value);
        self.find(&format!("{prefix}-{slug}")).unwrap_or(slug)
    }

    /// A number with this language's separator of thousands.
    pub(crate) fn number(&self, n: u64) -> String {
        let separator = match self.language {
            Language::English => ',',
            Language::German => '.',
        };
        let digits = n.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push(separator);
            }
            out.push(digit);
        }
        out
    }

    /// A size in bytes in words (`18.5 MB`), decimal units.
    pub(crate) fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
        if bytes < 1000 {
            return format!("{bytes} B");
        }
        let mut value = bytes as f64;
        let mut unit = "";
        for name in UNITS {
            unit = name;
            value /= 1000.0;
            if value < 999.5 {
                break;
            }
        }
        let mut shown = String::new();
        let decimals = usize::from(value < 99.5);
        // Writing to a string does not fail.
        let _ = write!(shown, "{value:.decimals$} {unit}");
        match self.language {
            Language::English => shown,
            Language::German => shown.replace('.', ","),
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        // A place that is not filled shows its name; nothing better could be done with the error here.
        Some(self.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned())
    }
}

/// The one name of a value of a model enum: the word it has in JSON, so that the two cannot part.
pub(crate) fn slug(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(slug)) => slug,
        // Values with content are named by their tag.
        Ok(serde_json::Value::Object(fields)) => {
            fields.get("note").and_then(|tag| tag.as_str()).map(str::to_owned).unwrap_or_default()
        }
        _ => String::new(),
    }
}

/// The one name of a next step: its tag in JSON.
pub(crate) fn slug_of_step(step: &afterpatch_model::NextStep) -> String {
    let value = serde_json::to_value(step).unwrap_or_default();
    value.get("do").and_then(|tag| tag.as_str()).map(str::to_owned).unwrap_or_default()
}

/// The file of a language.
fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../locales/en.ftl"),
        Language::German => include_str!("../locales/de.ftl"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        collections::BTreeMap,
        path::{Path, PathBuf},
    };

    use afterpatch_model::{
        ArtifactKind, CompromiseAnswer, Condition, ConditionState, Confidence, ExposureAnswer, ExposureState, FootholdAnswer,
        GapKind, Grade, InstructionKind, Join, MitigationState, NextStep, Note, Outcome, RemoteOutcome, Severity, Step,
        ThingKind, WeaknessKind, What,
    };
    use schemars::{JsonSchema, schema_for};

    use super::*;

    /// Keys of a language, each with the names of the places in its text.
    fn keys(language: Language) -> BTreeMap<String, Vec<String>> {
        let mut keys = BTreeMap::<String, Vec<String>>::new();
        let mut current = String::new();
        for line in source(language).lines().filter(|line| !line.starts_with('#')) {
            if let Some((key, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_alphabetic())) {
                current = key.to_owned();
                assert!(keys.insert(current.clone(), Vec::new()).is_none(), "{current} stands twice");
            }
            for place in line.split('$').skip(1) {
                let name = place.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap().to_owned();
                let places = keys.get_mut(&current).unwrap();
                if !places.contains(&name) {
                    places.push(name);
                    places.sort();
                }
            }
        }
        // English titles of findings come with the finding.
        keys.retain(|key, _| !key.starts_with("finding-"));
        keys
    }

    /// Every word of an enum, read from its schema: a variant added to the model is found here without being listed.
    fn slugs<T: JsonSchema>() -> Vec<String> {
        fn collect(value: &serde_json::Value, out: &mut Vec<String>) {
            let tagged = ["note", "by", "do"].iter().find_map(|tag| value.pointer(&format!("/properties/{tag}/const")));
            if let Some(word) = value.get("const").or(tagged).and_then(|word| word.as_str()) {
                out.push(word.to_owned());
            }
            out.extend(
                value
                    .get("enum")
                    .into_iter()
                    .flat_map(|words| words.as_array().unwrap())
                    .map(|word| word.as_str().unwrap().to_owned()),
            );
            for variant in value.get("oneOf").into_iter().flat_map(|variants| variants.as_array().unwrap()) {
                collect(variant, out);
            }
        }
        let mut out = Vec::new();
        collect(&schema_for!(T).to_value(), &mut out);
        assert!(!out.is_empty());
        out
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_places() {
        assert_eq!(keys(Language::English), keys(Language::German));
        assert!(keys(Language::English).len() > 100);
    }

    #[test]
    fn every_word_of_the_model_has_a_text() {
        let words = [
            ("exposure-answer", slugs::<ExposureAnswer>()),
            ("compromise-answer", slugs::<CompromiseAnswer>()),
            ("foothold-answer", slugs::<FootholdAnswer>()),
            ("exposure-state", slugs::<ExposureState>()),
            ("step", slugs::<Step>()),
            ("grade", slugs::<Grade>()),
            ("grade-meaning", slugs::<Grade>()),
            ("severity", slugs::<Severity>()),
            ("confidence", slugs::<Confidence>()),
            ("gap", slugs::<GapKind>()),
            ("note", slugs::<Note>()),
            ("join", slugs::<Join>()),
            ("artifact-kind", slugs::<ArtifactKind>()),
            ("thing", slugs::<ThingKind>()),
            ("check-short", slugs::<ExposureAnswer>()),
            ("check-condition", slugs::<Condition>()),
            ("check-question", slugs::<Condition>()),
            ("check-remedy", slugs::<Condition>()),
            ("check-condition-state", slugs::<ConditionState>()),
            ("check-mitigation-state", slugs::<MitigationState>()),
            ("check-weakness", slugs::<WeaknessKind>()),
            ("check-step", slugs::<NextStep>()),
            ("check-outcome", slugs::<RemoteOutcome>()),
            ("plan-instruction", slugs::<InstructionKind>()),
            ("clean-outcome", slugs::<Outcome>()),
            ("plan-do", slugs::<What>()),
            ("plan-what", slugs::<What>()),
            ("plan-risk", slugs::<What>()),
            ("plan-notice", slugs::<What>()),
            ("clean-action", slugs::<What>()),
        ];
        for language in Language::ALL {
            let keys = keys(language);
            for (prefix, slugs) in &words {
                for slug in slugs {
                    assert!(keys.contains_key(&format!("{prefix}-{slug}")), "{}: {prefix}-{slug}", language.tag());
                }
            }
        }
    }

    #[test]
    fn every_key_the_code_asks_for_exists() {
        let keys = keys(Language::English);
        let texts = Texts::new(Language::English).unwrap();
        let mut asked = 0;
        for file in sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
            let file = std::fs::read_to_string(file).unwrap();
            // Calls may be broken over lines.
            let file = file.split_whitespace().collect::<String>();
            for call in [".get(\"", ".with(\"", ".count(\"", ".count_with(\""] {
                for rest in file.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    // The test's own words, and names of JSON fields.
                    if key.contains('-') {
                        assert!(keys.contains_key(key) && texts.find(key).is_some(), "no text for {key}");
                        asked += 1;
                    }
                }
            }
        }
        assert!(asked > 100);
    }

    #[test]
    fn every_text_is_used() {
        // Keys that are put together: from words of the model, of a finding's kind, or from a list of words beside the call.
        const MADE: [&str; 56] = [
            "census-exposure",
            "census-compromise",
            "census-foothold",
            "census-method",
            "census-assumption",
            "notice-tlp",
            "dashboard",
            "doubt",
            "fleet-view",
            "fleet-table",
            "exposure-answer",
            "compromise-answer",
            "foothold-answer",
            "exposure-state",
            "step",
            "grade",
            "severity",
            "confidence",
            "gap",
            "note",
            "artifact-kind",
            "thing",
            "campaign",
            "glossary",
            "length",
            "why",
            "inspect-verdict",
            "inspect-language",
            "inspect-family",
            "inspect-capability",
            "inspect-source",
            "inspect-setting",
            "inspect-reason",
            "inspect-disguise",
            "check-condition",
            "check-condition-state",
            "check-question",
            "check-remedy",
            "check-mitigation",
            "check-mitigation-state",
            "check-weakness",
            "check-step",
            "check-outcome",
            "check-short",
            "plan-do",
            "plan-what",
            "plan-risk",
            "plan-notice",
            "plan-instruction",
            "plan-actions",
            "plan-instructions",
            "plan-left-out",
            "clean-outcome",
            "clean-action",
            "clean-change",
            "clean-state",
        ];
        let code: String = sources(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
            .iter()
            .map(|file| std::fs::read_to_string(file).unwrap())
            .collect();
        for key in keys(Language::English).keys() {
            let made = MADE.iter().any(|prefix| key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-')));
            assert!(made || code.contains(&format!("\"{key}\"")), "nobody says {key}");
        }
    }

    /// Every file below a folder.
    fn sources(folder: PathBuf) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| if path.is_dir() { sources(path) } else { vec![path] }).collect()
    }

    #[test]
    fn every_german_title_is_of_a_rule_or_detector_that_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let detectors: String =
            sources(root.join("crates/detection/src")).iter().filter_map(|file| std::fs::read_to_string(file).ok()).collect();
        let campaigns: Vec<PathBuf> = ["rules/sigma", "rules/yara"]
            .into_iter()
            .flat_map(|language| std::fs::read_dir(root.join(language)).unwrap())
            .map(|entry| entry.unwrap().path())
            .collect();
        let mut titles = 0;
        for kind in source(Language::German).lines().filter_map(|line| line.strip_prefix("finding-")?.split(' ').next()) {
            let is_rule = campaigns.iter().any(|campaign| campaign.join(kind).is_dir());
            assert!(is_rule || detectors.contains(&format!("\"{kind}\"")), "{kind}");
            titles += 1;
        }
        assert!(titles > 20);
    }

    #[test]
    fn nothing_is_ever_called_clean() {
        for language in Language::ALL {
            // What is said, not the keys: the analyser's word for a file without findings is one of its machine output.
            let lines = source(language).lines().filter(|line| !line.starts_with('#'));
            let texts: Vec<&str> = lines.map(|line| line.split_once(" = ").map_or(line, |(_, text)| text)).collect();
            let said = texts.join("\n").to_lowercase();
            for word in ["clean", "sauber", "\u{2068}", "\u{2069}", "\u{ad}"] {
                assert!(!said.contains(word), "{}: {word}", language.tag());
            }
        }
    }

    #[test]
    fn numbers_and_sizes_are_written_as_the_language_does() {
        let english = Texts::new(Language::English).unwrap();
        let german = Texts::new(Language::German).unwrap();
        for (n, en, de) in [(0, "0", "0"), (999, "999", "999"), (1000, "1,000", "1.000"), (1234567, "1,234,567", "1.234.567")] {
            assert_eq!((english.number(n).as_str(), german.number(n).as_str()), (en, de));
        }
        for (n, en, de) in [
            (999, "999 B", "999 B"),
            (1500, "1.5 kB", "1,5 kB"),
            (19_346_820, "19.3 MB", "19,3 MB"),
            (999_999, "1.0 MB", "1,0 MB"),
        ] {
            assert_eq!((english.size(n).as_str(), german.size(n).as_str()), (en, de));
        }
    }
}
