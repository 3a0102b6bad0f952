//! What a user hands in: rules and acknowledgements. The first byte chooses which.
#![no_main]

use std::io::Write;

use afterpatch_engine::Acknowledgements;
use afterpatch_rules::{RuleFile, RuleFiles, RuleLanguage, RulePack, YaraPack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&first, content)) = data.split_first() else { return };
    let Ok(text) = str::from_utf8(content) else { return };
    let rules = |path: &str, language| {
        let files = vec![RuleFile { path: path.to_owned(), text: text.to_owned(), language }];
        RuleFiles { files, ..RuleFiles::default() }
    };
    match first % 3 {
        0 => drop(RulePack::from_files(&rules("a.yml", RuleLanguage::Sigma), [])),
        1 => drop(YaraPack::from_files(&rules("a.yar", RuleLanguage::Yara), [])),
        _ => {
            let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
            file.write_all(content).expect("a temporary file");
            let _ = Acknowledgements::read(file.path());
        }
    }
});
