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

#[test]
fn an_array_that_grows_in_each_round_uses_up_the_steps() {
    let report = seen("<?php demo_output(demo_input('k')); $a = []; for ($i = 0; $i < 900000; $i++) { $a = array_merge($a, [$i]); }");
    assert!(report.exhausted, "each round copies all that is there");
}
