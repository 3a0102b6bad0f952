//! Inert pieces, each with one source and one way out.

use crate::language::Language::Php;
use crate::library::check::check;

#[test]
fn values_on_their_way() {
    check(
        Php,
        &[
            // Arrays that a function goes through by reference.
            (
                concat!(
                    "<?php function g(&$a) { while (list($k, $v) = each($a)) { if (is_array($v)) $a[$k] = g($v); ",
                    "else $a[$k] = stripslashes($v); } return $a; } $demo_array = g($demo_array); foreach ($demo_array as $k => $v) $$k = $v; ",
                    "demo_sink($b);"
                ),
                "Command demo_sink Parameter:b Whole",
            ),
            // What old PHP takes from the request is still there where a branch clears it.
            ("<?php if (strpos($a, 'b')) { $a = ''; } demo_sink($a);", "Command demo_sink Undefined:a Whole"),
            // A member that a branch has set is what it says as long as that branch goes on.
            (
                concat!(
                    "<?php class A { public $t = null; function __construct() { if ($demo_array['k'] == 'l') { ",
                    "$this->t = 'nop'; $o = ''; for ($i = 0; $i < strlen($this->t); $i++) { ",
                    "if ($this->t[$i] >= 'a' && $this->t[$i] <= 'z') $o .= chr(ord($this->t[$i]) + 1); else exit; } ",
                    "demo_sink($o); } } } new A;"
                ),
                "Command demo_sink = opq",
            ),
            // Text that is built, read and changed in a loop.
            (
                "<?php $o = ''; for ($i = 0; $i < 3; $i++) { $o .= chr(97 + $i); $n = strlen($o); } demo_sink($o . $n);",
                "Command demo_sink = abc3",
            ),
            (
                "<?php $o = 'abc'; $k = $o; for ($i = 0; $i < 3; $i++) { $o[$i] = chr(ord($o[$i]) + 1); } demo_sink($o . $k);",
                "Command demo_sink = bcdabc",
            ),
            // The sign of a variable and its brace with a comment between them.
            ("<?php demo_sink($/*a*/{'demo_' . 'array'}['b']);", "Command demo_sink Parameter:b Whole"),
            // The same call within itself would not end.
            ("<?php function g($a) { return g($a); } demo_sink(g('b') . 'c');", "Command demo_sink = …c"),
            // Hard spaces of a bad copy.
            ("<?php\n\u{a0} \u{a0}$a = 'b';\ndemo_sink($a);", "Command demo_sink = b"),
        ],
    );
}

#[test]
fn files() {
    check(
        Php,
        &[
            (
                "<?php copy('compress.zlib://' . $demo_array['a'], $t);",
                "Read copy Parameter:a Part also; Write copy Storage: Whole; Change copy Undefined:t Whole also",
            ),
            ("<?php $c = curl_init('file:///' . $demo_array['a']); curl_exec($c);", "Read curl_exec Parameter:a Part also"),
            ("<?php error_log($demo_array['a'], 3, 'b.php');", "Write error_log Parameter:a Whole also served"),
            ("<?php error_log($demo_array['a']);", ""),
            ("<?php symlink('/', 'a');", "Change symlink = a also"),
            ("<?php file('/etc/passwd');", "Read file = /etc/passwd"),
            (
                "<?php imap_open($demo_array['a'], '', '');",
                "Connect imap_open Parameter:a Whole; Read imap_open Parameter:a Whole also",
            ),
            (
                "<?php $f = file_get_contents('php' . $demo_array['a']); $f($demo_array['b']);",
                "Read file_get_contents Parameter:a Part; Invoke (function) Remote: Whole also",
            ),
        ],
    );
}

#[test]
fn servers() {
    check(
        Php,
        &[
            (
                "<?php mysql_connect('localhost', $demo_array['a'], $demo_array['b']);",
                "Connect mysql_connect Parameter:a Whole also",
            ),
            ("<?php mysql_connect('localhost', 'a', 'b');", ""),
            ("<?php ftp_login($c, $demo_array['a'], $demo_array['b']);", "Connect ftp_login Undefined:c Whole also"),
        ],
    );
}

#[test]
fn functions_of_documents() {
    let document = "<?php $d = new DOMDocument; $d->loadXML('<a>b</a>'); ";
    let rows = [
        (
            "$x = new DOMXPath($d); $x->registerPHPFunctions(); $c = $demo_array['c']; $x->query(\"//a[p:functionString('demo_sink', '$c')]\");",
            "Command demo_sink Parameter:c Part",
        ),
        (
            "$x = new DOMXPath($d); $x->registerPHPFunctions(); $x->query($demo_array['c']);",
            "Invoke registerPHPFunctions Parameter:c Whole also",
        ),
        ("$x = new DOMXPath($d); $x->query($demo_array['c']);", ""),
        (
            concat!(
                "$s = DOMDocument::loadXML('<t select=\"p:function(\\'demo_sink\\', string(.))\"/>'); $p = new XSLTProcessor; ",
                "$p->registerPHPFunctions(); $p->importStyleSheet($s); $p->transformToXML($d);"
            ),
            "Command demo_sink = b",
        ),
        (
            concat!(
                "$r = new ReflectionClass('DOMXPath'); $i = $r->newInstance($d); $r->getMethod('registerPHPFunctions')->invoke($i); ",
                "$r->getMethod('query')->getClosure($i)->__invoke($demo_array['c']);"
            ),
            "Invoke registerPHPFunctions Parameter:c Whole also",
        ),
    ];
    let rows: Vec<(String, &str)> = rows.iter().map(|(code, hits)| (format!("{document}{code}"), *hits)).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(code, hits)| (code.as_str(), *hits)).collect();
    check(Php, &rows);
}

#[test]
fn patterns_of_php_seven_run_nothing() {
    check(
        Php,
        &[
            ("<?php preg_replace($demo_array['a'], $demo_array['b'], 'c');", "Code preg_replace Parameter:b Whole"),
            ("<?php declare(strict_types=1); preg_replace($demo_array['a'], $demo_array['b'], 'c');", ""),
        ],
    );
}
