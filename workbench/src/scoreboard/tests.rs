//! The whole way, over small harmless files.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::*;

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn a_small_tree_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    // Nothing in these is a web shell: all of them are misses.
    write(folder.path(), "bad/one/a.php", "<?php echo 'alpha';");
    write(folder.path(), "bad/one/b.php", "<?php echo 'beta';");
    write(folder.path(), "bad/two/c.txt", "<%@ page import=\"java.util.Date\" %><%= new Date() %>");
    write(folder.path(), "bad/two/left-out.txt", "words");
    write(folder.path(), "good/d.asp", "<% Response.Write \"alpha\" %>");
    write(folder.path(), "rules/alpha.yar", "rule alpha { strings: $a = \"alpha\" condition: $a }");
    write(folder.path(), "only", "one/a.php\none/b.php\ntwo/c.txt\nnowhere.php\n");
    let line = [
        "--malicious".into(),
        at("bad"),
        "--benign".into(),
        at("good"),
        "--rules".into(),
        at("rules"),
        "--only".into(),
        at("only"),
        "--list".into(),
        at("list"),
    ];
    let arguments = Arguments::parse(line.iter().map(|one| one.display().to_string())).unwrap();
    let board = measure(&arguments).unwrap();

    let found: Vec<_> = board.malicious.iter().map(|row| (row.language, row.files, row.clusters, row.found, row.peer)).collect();
    let (php, jsp) = (Some(language::Group::Php), Some(language::Group::Jsp));
    // The two PHP files differ in a string only: one cluster, of which the rule finds half.
    assert_eq!(found, [(php, 2, 1, 0.0, Some(0.5)), (jsp, 1, 1, 0.0, Some(0.0)), (None, 3, 2, 0.0, Some(0.25))]);
    assert_eq!(board.benign.last().unwrap().peer, Some(1));
    assert_eq!(board.speed.len(), 4);
    assert!(board.notes.iter().any(|note| note.starts_with("1 paths of the list")));

    let list = fs::read_to_string(at("list")).unwrap();
    let kinds: Vec<&str> = list.lines().filter_map(|row| row.split('\t').next()).collect();
    assert_eq!(kinds, ["kind", "miss", "miss", "miss", "rule alarm"]);
    assert!(list.lines().all(|row| row.split('\t').count() == 8), "{list}");
    assert!(list.lines().nth(1).unwrap().ends_with("\talpha"));
}
