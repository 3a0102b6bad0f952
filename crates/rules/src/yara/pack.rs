//! A set of YARA rules behind [`FileScanner`].

use std::collections::HashMap;

use boreal::compiler::{CompilerBuilder, CompilerParams};
use boreal::module::{Dex, Dotnet, Elf, Hash, MachO, Math, Pe, String_};
use boreal::scanner::{ScanParams, StringMatches};
use boreal::{Compiler, MetadataValue, Scanner};

use super::meta::{Meta, MetaValue};
use super::{FileHit, FileScanner, FileToScan, FoundString};
use crate::slugs::{Slugs, of_path};
use crate::{Rule, RuleError, RuleFiles, RuleLanguage, RuleProblem};

/// External variables of LOKI and THOR that rules ask for, all texts.
const EXTERNALS: [&str; 5] = ["filename", "filepath", "extension", "filetype", "owner"];
/// Strings told of a hit.
const MAX_FOUND: usize = 5;
/// Bytes told of a found string.
const MAX_FOUND_BYTES: usize = 80;

/// A set of YARA rules, compiled.
///
/// What a rule says is taken from its meta: `title` (ours) or `description`, `author`, `id`, `reference`, `falsepositives`,
/// `tags` (ours, see [`Rule`]), `level` (Sigma's words) or `score` (0 to 100, as LOKI and THOR use it: from 40 low, from 60
/// medium, from 75 high and told by itself, from 90 critical; 75 when there is none).
pub struct YaraPack {
    rules: Vec<Rule>,
    scanner: Scanner,
    /// Namespace and name in the engine to the position in `rules`.
    positions: HashMap<(String, String), usize>,
}

impl YaraPack {
    /// Our own rules, as they stood when the program was built.
    ///
    /// # Errors
    ///
    /// [`RuleError::Embedded`] when one of them is faulty, which a test of this crate rules out.
    pub fn embedded() -> Result<Self, RuleError> {
        let (pack, problems) = Self::from_files(&RuleFiles::embedded()?, []);
        if problems.is_empty() { Ok(pack) } else { Err(RuleError::Embedded(problems)) }
    }

    /// The YARA rules among these files. `taken` are names that none of them may get, because something else has them.
    /// What cannot be used is named in the problems; of a file with a faulty rule, the rules before it are in the pack.
    pub fn from_files(files: &RuleFiles, taken: impl IntoIterator<Item = String>) -> (Self, Vec<RuleProblem>) {
        let mut compiler = compiler();
        let mut problems = Vec::new();
        // Each file is a namespace of its own: published files use each other's names.
        for (path, text) in files.of(RuleLanguage::Yara) {
            if let Err(error) = compiler.add_rules_str_in_namespace(text, path) {
                // The engine's line begins with a name of its own for the text.
                let reason = error.to_string();
                problems.push(RuleProblem::new(path, reason.strip_prefix("mem:").unwrap_or(&reason)));
            }
        }
        let mut scanner = compiler.finalize();
        scanner.set_scan_params(
            ScanParams::default().compute_full_matches(true).match_max_length(MAX_FOUND_BYTES).string_max_nb_matches(1_000),
        );
        let mut pack = Self { rules: Vec::new(), positions: HashMap::new(), scanner };
        pack.take_rules(Slugs::taken(taken), &mut problems);
        (pack, problems)
    }

    fn take_rules(&mut self, mut slugs: Slugs, problems: &mut Vec<RuleProblem>) {
        for details in self.scanner.rules().filter(|details| !details.is_private) {
            let path = details.namespace;
            let meta = Meta(
                details
                    .metadatas
                    .iter()
                    .map(|pair| {
                        (
                            self.scanner.get_string_symbol(pair.name).to_owned(),
                            match pair.value {
                                MetadataValue::Bytes(bytes) => {
                                    MetaValue::Text(String::from_utf8_lossy(self.scanner.get_bytes_symbol(bytes)).into_owned())
                                }
                                MetadataValue::Integer(number) => MetaValue::Number(number),
                                MetadataValue::Boolean(truth) => MetaValue::Number(i64::from(truth)),
                            },
                        )
                    })
                    .collect(),
            );
            // In our own pack the folder names the rule, as it does for Sigma.
            let file = of_path(path);
            let name = if file.replace('-', "_") == details.name { file } else { details.name };
            match meta.rule(slugs.free(name), path, details.name) {
                Ok(rule) => {
                    slugs.take(&rule.slug);
                    self.positions.insert((path.to_owned(), details.name.to_owned()), self.rules.len());
                    self.rules.push(rule);
                }
                Err(problem) => problems.push(RuleProblem::new(path, format_args!("rule `{}`: {problem}", details.name))),
            }
        }
    }
}

impl FileScanner for YaraPack {
    fn rules(&self) -> &[Rule] {
        &self.rules
    }

    fn scan(&self, file: &FileToScan<'_>) -> Vec<FileHit> {
        if self.rules.is_empty() {
            return Vec::new();
        }
        // A copy shares all that is compiled and has its own variables.
        let mut scanner = self.scanner.clone();
        let (folder, name) = file.folder_and_name();
        let extension = file.extension();
        for (variable, value) in EXTERNALS.into_iter().zip([name, folder, &extension, file.filetype(), ""]) {
            // All of them were defined as texts when the rules were compiled.
            let _ = scanner.define_symbol(variable, value);
        }
        let outcome = match scanner.scan_mem(file.content) {
            Ok(outcome) => outcome,
            // Without a time limit, a scan of bytes in memory does not end early; what was found counts.
            Err((_, outcome)) => outcome,
        };
        let position = |namespace: &str, name: &str| self.positions.get(&(namespace.to_owned(), name.to_owned())).copied();
        let mut hits: Vec<FileHit> = outcome
            .rules
            .iter()
            .filter_map(|rule| Some(FileHit { rule: position(rule.namespace, rule.name)?, found: found(&rule.matches) }))
            .collect();
        hits.sort_by_key(|hit| hit.rule);
        hits
    }
}

fn compiler() -> Compiler {
    // All modules but `time`, which reads a clock.
    let builder = CompilerBuilder::default()
        .add_module(Math)
        .add_module(String_)
        .add_module(Hash)
        .add_module(Elf)
        .add_module(MachO)
        .add_module(Pe)
        .add_module(Dotnet)
        .add_module(Dex);
    let mut compiler = builder.build();
    compiler.set_params(CompilerParams::default().disable_includes(true));
    for variable in EXTERNALS {
        compiler.define_symbol(variable, "");
    }
    compiler
}

fn found(matches: &[StringMatches<'_>]) -> Vec<FoundString> {
    let first = matches.iter().filter_map(|string| Some((string.name, string.matches.first()?)));
    let told = first.map(|(name, found)| FoundString {
        name: format!("${name}"),
        offset: found.offset,
        text: String::from_utf8_lossy(&found.data).into_owned().into(),
    });
    told.take(MAX_FOUND).collect()
}
