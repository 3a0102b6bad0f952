//! YARA rules as a second opinion: what published rules find in the same files.

use std::fs;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use boreal::compiler::CompilerParams;
use boreal::{Compiler, Scanner};
use regex::Regex;
use serde::Serialize;

use super::examine::PeerSeen;
use super::files;

/// Variables that rules written for LOKI and THOR ask for, all texts.
const EXTERNALS: [&str; 5] = ["filename", "filepath", "extension", "filetype", "owner"];

/// What of a folder of rules could be used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// Rule files.
    pub files: usize,
    /// Of them, those in which something does not compile.
    pub faulty_files: usize,
    /// Rules in use.
    pub rules: usize,
    /// Rules of the faulty files that do not compile.
    pub faulty_rules: usize,
}

/// Rules, compiled.
pub struct Peer {
    pub loaded: Loaded,
    scanner: Scanner,
}

impl Peer {
    /// The rules of a folder; what does not compile is counted and left out.
    pub fn load(folder: &Path, filter: Option<&Regex>) -> Result<Self> {
        let mut loaded = Loaded::default();
        let mut compiler = compiler();
        for file in files::below(&[folder.to_owned()])? {
            let name = file.name.rsplit('/').next().unwrap_or(&file.name);
            let is_rule = name.ends_with(".yar") || name.ends_with(".yara");
            if !is_rule || filter.is_some_and(|filter| !filter.is_match(name)) {
                continue;
            }
            let bytes = fs::read(&file.path).with_context(|| file.path.display().to_string())?;
            let text = String::from_utf8_lossy(&bytes);
            loaded.files += 1;
            // A fault leaves what stands before it in the compiler, so it is looked for in one that is thrown away.
            if self::compiler().add_rules_str(&*text).is_ok() {
                // Each file is a namespace of its own: published files use each other's names.
                let _ = compiler.add_rules_str_in_namespace(&*text, &file.name);
                continue;
            }
            loaded.faulty_files += 1;
            let (imports, rules) = apart(&text);
            for rule in rules {
                if compiler.add_rules_str_in_namespace(format!("{imports}{rule}"), &file.name).is_err() {
                    loaded.faulty_rules += 1;
                }
            }
        }
        let scanner = compiler.finalize();
        loaded.rules = scanner.rules().filter(|rule| !rule.is_private).count();
        Ok(Self { loaded, scanner })
    }

    /// For one thread: a copy shares all that is compiled and has its own variables.
    pub fn scanner(&self) -> PeerScanner {
        PeerScanner(self.scanner.clone())
    }
}

/// Rules, ready to look at files.
pub struct PeerScanner(Scanner);

impl PeerScanner {
    pub fn scan(&mut self, path: &str, content: &[u8]) -> PeerSeen {
        let begun = Instant::now();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let extension = name.rsplit_once('.').map(|(_, ending)| format!(".{}", ending.to_ascii_lowercase())).unwrap_or_default();
        let filetype = match extension.as_str() {
            _ if content.starts_with(b"GIF8") => "GIF",
            _ if content.starts_with(b"MZ") => "EXE",
            ".asp" | ".aspx" | ".ashx" | ".asmx" | ".asax" | ".ascx" | ".asa" | ".svc" | ".cshtml" => "ASP",
            ".jsp" | ".jspx" => "JSP",
            ".php" | ".phtml" => "PHP",
            _ => "",
        };
        for (variable, value) in EXTERNALS.into_iter().zip([name, folder, &extension, filetype, ""]) {
            // All of them were defined as texts when the rules were compiled.
            let _ = self.0.define_symbol(variable, value);
        }
        let outcome = match self.0.scan_mem(content) {
            Ok(outcome) | Err((_, outcome)) => outcome,
        };
        let mut rules: Vec<String> = outcome.rules.iter().map(|rule| rule.name.to_owned()).collect();
        let took = begun.elapsed();
        rules.sort_unstable();
        PeerSeen { rules, took }
    }
}

fn compiler() -> Compiler {
    let mut compiler = Compiler::new();
    compiler.set_params(CompilerParams::default().disable_includes(true));
    for variable in EXTERNALS {
        compiler.define_symbol(variable, "");
    }
    compiler
}

/// The imports of a rule file, and its rules each by itself, by lines that begin one.
fn apart(text: &str) -> (String, Vec<String>) {
    let (mut imports, mut rules) = (String::new(), Vec::<String>::new());
    for line in text.split_inclusive('\n') {
        let begins = line.split_whitespace().find(|word| !matches!(*word, "private" | "global")) == Some("rule");
        if line.starts_with("import") {
            imports.push_str(line);
        } else if begins {
            rules.push(line.to_owned());
        } else if let Some(rule) = rules.last_mut() {
            rule.push_str(line);
        }
    }
    (imports, rules)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_does_not_compile_is_left_out_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        write("good.yar", "rule a { strings: $a = \"alpha\" condition: $a and filename == \"x.php\" and extension == \".php\" }");
        write(
            "bad.yara",
            "import \"math\"\nrule b {\ncondition: nonsense\n}\nprivate rule p { condition: true }\nrule c {\ncondition: p and filesize > 3 }\n",
        );
        write("other.yar", "rule d { condition: true }");
        write("read.me", "rule e { condition: true }");
        let peer = Peer::load(folder.path(), Some(&Regex::new("good|bad|read").unwrap())).unwrap();
        assert_eq!(peer.loaded, Loaded { files: 2, faulty_files: 1, rules: 2, faulty_rules: 1 });
        let mut scanner = peer.scanner();
        assert_eq!(scanner.scan("f/x.php", b"alpha").rules, ["a", "c"]);
        assert_eq!(scanner.scan("f/x.php", b"alp").rules, [""; 0]);
        assert_eq!(scanner.scan("f/y.php", b"alpha").rules, ["c"]);
    }
}
