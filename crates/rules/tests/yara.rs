//! Our own YARA rules: what each must say, and that nothing of ours looks like what it looks for.
#![allow(clippy::print_stderr, clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use afterpatch_model::{Grade, Severity, Standing, Step};
use afterpatch_rules::{FileScanner, FileToScan, RuleFiles, RuleSet, YaraPack};

fn yara(text: &str) -> (YaraPack, Vec<String>) {
    let folder = std::env::temp_dir().join(format!("afterpatch-yara-{}-{:x}", std::process::id(), text.len()));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("user.yar"), text).unwrap();
    let files = RuleFiles::read(&folder).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    let (pack, problems) = YaraPack::from_files(&files, []);
    (pack, problems.into_iter().map(|problem| problem.reason).collect())
}

fn told(pack: &YaraPack, path: &str, content: &[u8]) -> Vec<String> {
    let hits = pack.scan(&FileToScan { path, content });
    hits.into_iter().map(|hit| pack.rules()[hit.rule].slug.clone()).collect()
}

#[test]
fn our_rules_say_all_that_a_reader_needs() {
    let rules = RuleSet::embedded().unwrap();
    assert!(rules.yara.rules().len() >= 4);
    let mut seen = BTreeSet::new();
    for rule in rules.rules() {
        assert!(
            seen.insert(rule.rule_id.clone()) && seen.insert(rule.slug.clone()) && seen.insert(rule.title.clone()),
            "{}",
            rule.slug
        );
    }
    for rule in rules.yara.rules() {
        let slug = &rule.slug;
        assert_eq!(rule.path, format!("yara/webshell/{slug}/rule.yar"));
        assert!(rule.rule_id.len() == 36 && rule.description.len() > 80 && rule.author.is_some(), "{slug}");
        assert!(!rule.references.is_empty() && !rule.false_positives.is_empty() && !rule.attack.is_empty(), "{slug}");
        assert_eq!(rule.grade, Grade::Compromise, "{slug}");
        // A heuristic on the text of a page is told only beside something stronger.
        assert_eq!(rule.standing == Standing::Beside, rule.severity < Severity::Critical, "{slug}");
    }
}

#[test]
fn no_rule_or_sample_of_ours_looks_like_a_web_shell() {
    let pack = YaraPack::embedded().unwrap();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let content = fs::read(&path).unwrap();
            // Whatever name it may be copied to.
            for name in ["x.aspx", "x.asp", "x.php", "x.jsp"] {
                assert_eq!(told(&pack, name, &content), <[String; 0]>::default(), "{} as {name}", path.display());
            }
        }
    }
    assert!(files > 100, "{files}");
}

#[test]
fn nothing_of_a_rule_stands_readable_in_what_the_program_carries() {
    let pack = fs::read(Path::new(env!("OUT_DIR")).join("pack.bin")).unwrap();
    let holds = |text: &str| pack.windows(text.len()).any(|window| window.eq_ignore_ascii_case(text.as_bytes()));
    let mut looked_for = 0;
    for file in RuleFiles::embedded().unwrap().files {
        for line in file.text.lines().map(str::trim).filter(|line| line.len() >= 8) {
            looked_for += 1;
            assert!(!holds(line), "{}: {line}", file.path);
        }
    }
    assert!(looked_for > 500, "{looked_for}");
    for word in ["proxylogon", "webshell", "ServerInfo~", "w3wp.exe", "whoami", "rule ", "title:", "eval"] {
        assert!(!holds(word), "{word}");
    }
}

#[test]
fn a_third_partys_rule_is_careful_by_default() {
    let (pack, problems) = yara(
        r#"
        rule Strong { meta: description = "Found\n something" author = "Somebody" score = 80 reference = "https://a.example" reference2 = "https://b.example" condition: true }
        rule Weak { meta: score = 60 condition: true }
        rule Unscored { condition: true }
        rule Sure { meta: score = "95" tags = "afterpatch.grade.compromise, afterpatch.confidence.high" condition: true }
        private rule Hidden { condition: true }
        "#,
    );
    assert_eq!(problems, <[String; 0]>::default());
    let said: Vec<_> = pack.rules().iter().map(|rule| (rule.slug.as_str(), rule.standing, rule.grade, rule.severity)).collect();
    assert_eq!(
        said,
        [
            ("Strong", Standing::Alone, Grade::Attempt, Severity::High),
            ("Weak", Standing::Beside, Grade::Attempt, Severity::Medium),
            ("Unscored", Standing::Alone, Grade::Attempt, Severity::High),
            ("Sure", Standing::Alone, Grade::Compromise, Severity::Critical),
        ]
    );
    let strong = &pack.rules()[0];
    assert_eq!(
        (strong.title.as_str(), strong.author.as_deref(), strong.step),
        ("Found something", Some("Somebody"), Step::FilePresent)
    );
    assert_eq!(strong.references, ["https://a.example", "https://b.example"]);
    assert_eq!(told(&pack, "x", b""), ["Strong", "Weak", "Unscored", "Sure"]);
}

#[test]
fn rules_see_name_folder_and_kind_of_the_file() {
    let (pack, problems) = yara(
        r#"
        import "math"
        import "hash"
        rule Facts { strings: $a = "inert" condition: filename == "A.aspx" and filepath == "C:\\web" and extension == ".aspx" and filetype == "ASP" and owner == "" and $a and filesize < 100 and math.entropy(0, filesize) > 1.0 and hash.md5(0, filesize) != "" }
        "#,
    );
    assert_eq!(problems, <[String; 0]>::default());
    assert_eq!(told(&pack, r"C:\web\A.aspx", b"an inert text"), ["Facts"]);
    assert_eq!(told(&pack, r"C:\web\B.aspx", b"an inert text"), <[String; 0]>::default());
    let hits = pack.scan(&FileToScan { path: r"C:\web\A.aspx", content: b"an inert text" });
    let found = &hits[0].found[0];
    assert_eq!((found.name.as_str(), found.offset, &*found.text), ("$a", 3, "inert"));
}

#[test]
fn what_cannot_be_used_is_named_and_costs_nothing_else() {
    let (pack, problems) =
        yara("rule Good { condition: true }\nrule Bad { condition: no_such_variable }\nrule After { condition: true }");
    assert_eq!(pack.rules().len(), 1);
    assert!(matches!(&problems[..], [reason] if reason.contains("no_such_variable")), "{problems:?}");
    for (text, why) in [
        ("rule Clock { condition: time.now() > 0 }", "time"),
        ("import \"time\" rule Clock { condition: time.now() > 0 }", "time"),
        ("include \"/etc/passwd\"", "include"),
        ("rule Tag { meta: tags = \"afterpatch.grade.terrible\" condition: true }", "afterpatch.grade.terrible"),
        ("no rule at all", ""),
    ] {
        let (pack, problems) = yara(text);
        assert!(pack.rules().is_empty(), "{text}");
        assert!(matches!(&problems[..], [reason] if reason.contains(why)), "{text}: {problems:?}");
    }
}

#[test]
fn hostile_content_is_survived() {
    let pack = YaraPack::embedded().unwrap();
    for piece in [&b"<script runat="[..], b"eval(", b"\nName : ", b"<%", b"$_GET[", b"\0", b"request."] {
        let content: Vec<u8> = piece.iter().copied().cycle().take(4 << 20).collect();
        for name in ["x.aspx", "x.php", "x.jsp", "x.asp"] {
            pack.scan(&FileToScan { path: name, content: &content });
        }
    }
}

#[test]
fn signature_base_compiles_to_the_last_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence/rules/signature-base");
    let folders: Vec<PathBuf> = vec![folder.clone()];
    if !folder.exists() {
        eprintln!("skipped: no {}", folder.display());
        return;
    }
    let rules = RuleSet::read(&folders, &[]).unwrap();
    assert!(rules.yara.rules().len() > 5_000, "{}", rules.yara.rules().len());
    assert!(rules.problems.is_empty(), "{:?}", rules.problems);
}
