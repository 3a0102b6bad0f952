//! What a user hands in, and what we kept and find changed: rules, acknowledgements, plans, journals, tables. The first byte chooses
//! which.

use std::fs;
use std::io::Write;

use afterpatch_engine::Acknowledgements;
use afterpatch_exposure::Facts;
use afterpatch_remediation::read_plan;
use afterpatch_rules::{RuleFile, RuleFiles, RuleLanguage, RulePack, YaraPack};
use afterpatch_vault::History;
use afterpatch_vault::disk::RealDisk;
use afterpatch_watch::Policy;

/// Runs one input.
pub fn run(data: &[u8]) {
    let Some((&first, content)) = data.split_first() else { return };
    let Ok(text) = str::from_utf8(content) else { return };
    let rules = |path: &str, language| {
        let files = vec![RuleFile { path: path.to_owned(), text: text.to_owned(), language }];
        RuleFiles { files, ..RuleFiles::default() }
    };
    match first % 8 {
        0 => drop(RulePack::from_files(&rules("a.yml", RuleLanguage::Sigma), [])),
        1 => drop(YaraPack::from_files(&rules("a.yar", RuleLanguage::Yara), [])),
        2 => drop(Acknowledgements::read(file_of(content).path())),
        3 => drop(read_plan(text)),
        4 => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            fs::write(folder.path().join("journal.jsonl"), content).expect("a temporary file");
            let _ = History::read(&RealDisk, folder.path());
        }
        5 => drop(Facts::from_tables(Some(text), None)),
        6 => drop(Facts::from_tables(None, Some(text))),
        _ => drop(Policy::read(file_of(content).path(), &["web-shell-code".to_owned()])),
    }
}

fn file_of(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(content).expect("a temporary file");
    file
}
