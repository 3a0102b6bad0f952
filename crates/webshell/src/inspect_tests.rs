//! One file whole: what it writes, what fails.

use super::*;

fn seen(text: &str) -> Report {
    inspect(&File { path: "page.php", bytes: text.as_bytes(), open: None }, &Limits { time: None, ..Limits::default() })
}

#[test]
fn a_page_that_writes_a_web_shell_is_one() {
    let written = "<?php file_put_contents('b.php', '<?php demo_code(demo_input(\"k\"));');";
    let report = seen(written);
    assert!(report.reasons.contains(&Reason::Drops), "{report:?}");
    assert_eq!(report.verdict, Verdict::Webshell);
    let harmless = seen("<?php file_put_contents('b.php', '<?php $a = 1;');");
    assert_eq!(harmless.verdict, Verdict::Clean, "{harmless:?}");
}

#[test]
fn an_analysis_that_fails_is_told() {
    assert_eq!(stack::on_deep_stack(|| -> Vec<Report> { panic!("on purpose") }).map(|seen| seen.len()), None);
    let report = failed();
    assert_ne!(report.verdict, Verdict::Clean);
    assert!(report.exhausted && report.reasons.contains(&Reason::Failed));
}
