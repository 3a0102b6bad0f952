//! What `compact` takes away: only what has not counted for long enough, and never what could still come to count.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use common::{Case, ask, code, everything, files, fleet, scan};

/// Makes everything in the lake older.
fn let_pass(case: &Case, time: Duration) {
    for file in files(&case.at("lake")) {
        let changed = fs::metadata(&file).unwrap().modified().unwrap();
        fs::File::options().write(true).open(&file).unwrap().set_modified(changed - time).unwrap();
    }
}

fn compact(case: &Case, more: &[&str]) -> String {
    let lake = case.path("lake");
    let output = fleet(&[&["compact", "--lake", &lake], more].concat());
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// All but reports, which no compact replaces.
fn data(case: &Case) -> Vec<PathBuf> {
    files(&case.at("lake/data")).into_iter().filter(|file| !file.to_string_lossy().ends_with(".json.gz")).collect()
}

fn reports(case: &Case) -> usize {
    files(&case.at("lake/data/reports")).len()
}

#[test]
fn old_files_go_when_they_have_not_counted_for_long_enough() {
    let (case, day) = (Case::empty(), Duration::from_secs(86_400));
    case.with_logs(3);
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    let expected = everything(|sql| ask(&case, sql));
    let of_packages = data(&case).len();
    // What a run left that lost a race by dying: of a package that is in the lake, and of one that may still come.
    let one = data(&case)[0].clone();
    let (package, rest) = one.file_name().unwrap().to_str().unwrap().split_once('-').unwrap();
    let lost = one.with_file_name(format!("{package}-{}", rest.replace("20", "19")));
    let coming = one.with_file_name(format!("{}-{rest}", "0".repeat(32)));
    for file in [&lost, &coming] {
        fs::copy(&one, file).unwrap();
    }
    let_pass(&case, 2 * day);

    // Nothing has been replaced for long yet: whoever is reading still finds it.
    let said = compact(&case, &["--remove-after", "1d", "--lang", "en"]);
    assert!(!said.contains("taken away"), "{said}");
    let merged = data(&case).len() - of_packages - 2;
    assert!(merged > 0);
    let_pass(&case, 2 * day);
    case.with("late", afterpatch_lab::Variant::Benign, 1);
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    let (late, with_late) = (data(&case).len() - of_packages - 2 - merged, everything(|sql| ask(&case, sql)));
    assert!(with_late.len() > expected.len());

    // Without being asked nothing goes. What a compact replaced two days ago goes, and nothing else.
    compact(&case, &[]);
    assert!(data(&case).len() > of_packages + 2 + merged + late);
    let said = compact(&case, &["--remove-after", "1d", "--lang", "en"]);
    assert!(said.contains(&format!("{} old files taken away", of_packages + 1)), "{said}");
    assert!(coming.exists() && !lost.exists() && !one.exists());
    assert_eq!(everything(|sql| ask(&case, sql)), with_late);
    // What was written since is there: the first checkpoint's, the late package's, and those that replaced them.
    assert!(
        data(&case).iter().filter(|file| file.metadata().unwrap().modified().unwrap() > SystemTime::now() - day).count() >= late
    );

    // In the end only what counts is left, beside what may still come.
    let_pass(&case, 2 * day);
    compact(&case, &["--remove-after", "1h"]);
    let_pass(&case, 2 * day);
    compact(&case, &["--remove-after", "1h"]);
    assert_eq!(everything(|sql| ask(&case, sql)), with_late);
    assert_eq!(files(&case.at("lake/checkpoints")).len(), 2);
    assert_eq!(files(&case.at("lake/commits")).len(), 4);
    assert_eq!(reports(&case), 4);
    // A package that changes is read again as ever.
    case.with("late", afterpatch_lab::Variant::ProxyLogonOab, 2);
    assert_eq!(code(&scan(&case, &["--quiet"])), 0);
    assert_ne!(everything(|sql| ask(&case, sql)), with_late);
    // The report of its earlier state goes as old rows do.
    assert_eq!(reports(&case), 5);
    for _ in 0..2 {
        let_pass(&case, 2 * day);
        compact(&case, &["--remove-after", "1h"]);
    }
    assert_eq!(reports(&case), 4);
    assert_eq!(code(&fleet(&["compact", "--lake", &case.path("lake"), "--remove-after", "5m"])), 2);
}
