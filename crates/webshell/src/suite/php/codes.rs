//! Ways to run a program's text, and files that carry it.

use super::encode::{base64, deflate, percent, zlib};
use super::texts::{hex, reversed};
use super::{Carrier, Made, latin, literals, quoted};
use crate::decode;
use crate::suite::dice::Dice;

/// A way to run a text as code.
pub(super) struct Code {
    pub name: &'static str,
    pub make: fn(&mut Dice, &str) -> Made,
    pub template: &'static str,
}

fn same(_: &mut Dice, code: &str) -> Made {
    literals([code.to_owned()])
}

/// As a file.
fn file(_: &mut Dice, code: &str) -> Made {
    literals([format!("<?php {code}")])
}

#[rustfmt::skip]
pub(super) const CODES: &[Code] = &[
    Code { name: "run", make: same, template: "demo_code(§1);" },
    Code { name: "run from a variable", make: same, template: "§a = §1; demo_code(§a);" },
    Code { name: "run, silenced", make: same, template: "@demo_code(§1) or print('');" },
    Code { name: "run behind a closing tag", make: file, template: "demo_code('?>' . §1);" },
    Code { name: "run behind a closing tag, with text", make: file, template: "demo_code(' ?><b>x</b>' . §1 . ' ?>');" },
    Code { name: "run with a comment", make: same, template: "demo_code('/*' . 'x' . '*/' . §1 . '//');" },
    Code { name: "run by name", make: same, template: "§a = 'demo_' . 'code'; §a(§1);" },
    Code { name: "run in a run", make: same, template: "demo_code('demo_code(' . var_export(§1, true) . ');');" },
    Code { name: "run of a decoder", make: |_, code| literals([base64(code)]), template: "demo_code('demo_code(base64_decode(\"' . §1 . '\"));');" },
    Code { name: "run of base64", make: |_, code| literals([base64(code)]), template: "demo_code(base64_decode(§1));" },
    Code { name: "run of gz", make: |_, code| literals([base64(&deflate(code))]), template: "demo_code(gzinflate(base64_decode(§1)));" },
    Code { name: "run of gz turned", make: |_, code| literals([reversed(&base64(&zlib(code)))]), template: "demo_code(gzuncompress(base64_decode(strrev(§1))));" },
    Code { name: "run of many rounds", make: rounds, template: "§a = §1; for (§b = 0; §b < 4; §b++) { §a = gzinflate(base64_decode(str_rot13(§a))); } demo_code(§a);" },
    Code { name: "run in layers", make: layers, template: "demo_code(gzinflate(base64_decode(§1)));" },
    Code { name: "run of hex", make: |_, code| literals([hex(code)]), template: "demo_code(pack('H*', §1));" },
    Code { name: "run of an address", make: |_, code| literals([percent(code)]), template: "demo_code(urldecode(§1));" },
    Code { name: "run of an array", make: same, template: "§a = array('x', §1); demo_code(end(§a));" },
    Code { name: "run of pieces", make: halves, template: "§a = §1; §a .= §2; demo_code(§a);" },
    Code { name: "run in a function", make: same, template: "function §g($x) { demo_code($x); } §g(§1);" },
    Code { name: "run in a function that decodes", make: |_, code| literals([base64(code)]), template: "function §g($x) { return base64_decode($x); } function §h($x) { return demo_code(§g($x)); } §h(§1);" },
    Code { name: "run in a class", make: |_, code| literals([base64(code)]), template: "class §A { private $c; function __construct($c) { $this->c = base64_decode($c); } function __destruct() { demo_code($this->c); } } §a = new §A(§1);" },
    Code { name: "run of a property", make: same, template: "class §A { public $c; function run() { return demo_code($this->c); } } §a = new §A; §a->c = §1; §a->run();" },
    Code { name: "run by __toString", make: same, template: "class §A { public $c; function __toString() { demo_code($this->c); return ''; } } §a = new §A; §a->c = §1; echo §a;" },
    Code { name: "run by array_map", make: same, template: "array_map('demo_code', array(§1));" },
    Code { name: "run by call_user_func", make: same, template: "call_user_func('demo_code', §1);" },
    Code { name: "run by array_filter", make: same, template: "@array_filter((array) §1, 'demo_' . 'code');" },
    Code { name: "run by usort", make: same, template: "§a = array(§1, ''); usort(§a, function ($x, $y) { demo_code($x . $y); return 0; });" },
    Code { name: "run at the end", make: same, template: "register_shutdown_function('demo_code', §1);" },
    Code { name: "run of the output", make: same, template: "ob_start(); echo §1; §a = ob_get_clean(); demo_code(§a);" },
    Code { name: "run of an exception", make: same, template: "try { throw new Exception(§1); } catch (Exception §a) { demo_code(§a->getMessage()); }" },
    Code { name: "run of a constant", make: same, template: "define('§A', §1); demo_code(constant('§A'));" },
    Code { name: "run of a function's result", make: |_, code| literals([format!("return function ($q) {{ {code} }};")]), template: "§a = demo_code(§1); §a(1);" },
    Code { name: "run of a function's declaration", make: |_, code| literals([format!("function later_run() {{ {} }}", code.replace("$demo_array", "$GLOBALS['demo_array']"))]), template: "demo_code(§1); later_run();" },
    Code { name: "run of a class's declaration", make: |_, code| literals([format!("class LaterRun {{ static function go() {{ {} }} }}", code.replace("$demo_array", "$GLOBALS['demo_array']"))]), template: "demo_code(§1); LaterRun::go();" },
    Code { name: "file of data", make: |_, code| literals([base64(&format!("<?php {code}"))]), template: "include 'data:text/plain;base64,' . §1;" },
    Code { name: "file of data, in brackets", make: |_, code| literals([base64(&format!("<?php {code}"))]), template: "@require_once('data://text/plain;base64,' . §1);" },
    Code { name: "file of data, as an address", make: |_, code| literals([percent(&format!("<?php {code}"))]), template: "include(\"data:,\" . §1);" },
    Code { name: "file of data through a filter", make: |_, code| literals([base64(&base64(&format!("<?php {code}")))]), template: "include 'php://filter/read=convert.base64-decode/resource=data:text/plain;base64,' . §1;" },
    Code { name: "file of data through rot13", make: |_, code| literals([base64(&latin(&decode::rot13(&super::bytes(&format!("<?php {code}")))))]), template: "include 'php://filter/read=string.rot13/resource=data:text/plain;base64,' . §1;" },
    Code { name: "file that is written", make: file, template: "file_put_contents('/tmp/qqa.php', §1); include '/tmp/qqa.php';" },
    Code { name: "file that is written and deleted", make: file, template: "§a = './' . 'qqs.txt'; file_put_contents(§a, §1); require(§a); unlink(§a);" },
    Code { name: "file that is written by a handle", make: file, template: "§a = fopen('/tmp/qqd.php', 'w'); fwrite(§a, §1); fclose(§a); include_once('/tmp/qqd.php');" },
    Code { name: "file that is written in pieces", make: |dice, code| halves(dice, &format!("<?php {code}")), template: "file_put_contents('/tmp/qqf.php', §1); file_put_contents('/tmp/qqf.php', §2, FILE_APPEND); include '/tmp/qqf.php'; unlink('/tmp/qqf.php');" },
    Code { name: "file of a temporary name", make: file, template: "§a = tempnam(sys_get_temp_dir(), 'q'); file_put_contents(§a, §1); include §a; unlink(§a);" },
    Code { name: "temporary file", make: file, template: "§a = tmpfile(); fwrite(§a, §1); §b = stream_get_meta_data(§a); include §b['uri'];" },
    Code { name: "temporary file, by array_search", make: file, template: "§a = tmpfile(); fputs(§a, §1); include(stream_get_meta_data(§a)['uri']);" },
    Code { name: "file that is read and run", make: same, template: "file_put_contents('/tmp/qqg.txt', §1); demo_code(file_get_contents('/tmp/qqg.txt'));" },
    Code { name: "compressed file", make: same, template: "§a = gzopen('/tmp/qqh.gz', 'w'); gzwrite(§a, §1); gzclose(§a); demo_code(implode('', gzfile('/tmp/qqh.gz')));" },
    Code { name: "memory", make: same, template: "§a = fopen('php://memory', 'r+'); fwrite(§a, §1); rewind(§a); demo_code(fread(§a, 99999));" },
    Code { name: "xor in a function", make: |_, code| literals([super::encode::bits(code, &"pw".repeat(code.len()), |one, other| one ^ other)]), template: "function §g($x, $y) { $r = ''; for ($i = 0; $i < strlen($x); $i++) $r .= $x[$i] ^ $y[$i % strlen($y)]; return $r; } demo_code(§g(§1, 'pw'));" },
];

fn halves(dice: &mut Dice, code: &str) -> Made {
    let (one, other) = super::texts::cut(dice, code);
    literals([one, other])
}

fn rounds(_: &mut Dice, code: &str) -> Made {
    let mut text = code.to_owned();
    for _ in 0..4 {
        text = latin(&decode::rot13(&super::bytes(&base64(&deflate(&text)))));
    }
    literals([text])
}

fn layers(dice: &mut Dice, code: &str) -> Made {
    let mut text = code.to_owned();
    for _ in 0..4 + dice.below(8) {
        text = format!("demo_code(gzinflate(base64_decode('{}')));", base64(&deflate(&text)));
    }
    literals([base64(&deflate(&text))])
}

#[rustfmt::skip]
pub(super) const CARRIERS: &[Carrier] = &[
    Carrier { name: "short tag", make: |_, code| format!("<? {code} ?>") },
    Carrier { name: "echo tag", make: |_, code| format!("<?php {code} ?>\n<?= 'x' ?>") },
    Carrier { name: "text around", make: |_, code| format!("<html><b>x</b>\n<?php {code} ?>\n</html>") },
    Carrier { name: "behind a picture", make: |_, code| format!("GIF89a\u{1}\0\u{1}\0<?php {code} ?>") },
    Carrier { name: "bytes behind the end", make: |_, code| format!("<?php\n{code}\n__halt_compiler();\0\u{1}\u{ff}garbage <?php nothing(") },
    Carrier { name: "behind __halt_compiler", make: |_, code| format!("<?php $w = file_get_contents(__FILE__); demo_code(substr($w, __COMPILER_HALT_OFFSET__)); __halt_compiler();{code}") },
    Carrier { name: "behind __halt_compiler, encoded", make: |_, code| format!("<?php $w = fopen(__FILE__, 'r'); fseek($w, __COMPILER_HALT_OFFSET__); demo_code(base64_decode(stream_get_contents($w))); __halt_compiler();{}", base64(code)) },
    Carrier { name: "behind __halt_compiler, compressed", make: |_, code| format!("<?php demo_code(gzinflate(file_get_contents(__FILE__, false, null, __COMPILER_HALT_OFFSET__))); __halt_compiler();{}", deflate(code)) },
    Carrier { name: "in the last line", make: |_, code| format!("<?php $w = file(__FILE__); demo_code(base64_decode(trim(end($w)))); exit; ?>\n{}", base64(code)) },
    Carrier { name: "in a comment", make: |_, code| format!("<?php /*{}*/ preg_match('~/\\*(.*?)\\*/~', file_get_contents(__FILE__), $w); demo_code(base64_decode($w[1]));", base64(code)) },
    Carrier { name: "behind a mark", make: |_, code| format!("<?php $w = explode('#' . 'DATA#', file_get_contents($_SERVER['SCRIPT_FILENAME'])); demo_code(hex2bin(trim($w[1]))); die; ?>\n#DATA#{}", hex(code)) },
    Carrier { name: "behind its own length", make: own_length },
    Carrier { name: "in a nowdoc", make: |_, code| format!("<?php\ndemo_code(<<<'QQQ'\n{code}\nQQQ\n);\n") },
    Carrier { name: "in a heredoc, encoded", make: |_, code| format!("<?php\n$w = <<<QQQ\n{}\nQQQ;\ndemo_code(base64_decode($w));\n", base64(code)) },
    Carrier { name: "in a namespace", make: |dice, code| format!("<?php namespace N {{ function run($x) {{ return \\demo_code($x); }} run({}); }}", quoted(dice, code)) },
    Carrier { name: "in a block", make: |_, code| format!("<?php if (true): ?>\n<?php {code} ?>\n<?php endif; ?>") },
    Carrier { name: "behind an unknown condition", make: |_, code| format!("<?php if (date('j') > 0) {{ {code} }} else {{ echo 1; }}") },
    Carrier { name: "in an endless loop", make: |_, code| format!("<?php while (true) {{ {code} break; }}") },
    Carrier { name: "in a try", make: |_, code| format!("<?php try {{ {code} }} catch (Exception $w) {{ echo 1; }}") },
    Carrier { name: "behind dead code", make: |_, code| format!("<?php if (1 > 2) {{ exit; }} for ($w = 0; $w < 50; $w++) {{ $w2[] = md5($w); }} function dead($x) {{ return dead($x . 'x'); }} {code}") },
    Carrier { name: "with a byte order mark", make: |_, code| format!("\u{ef}\u{bb}\u{bf}<?php {code}") },
    Carrier { name: "with carriage returns", make: |_, code| format!("<?php\r\n{code}\r\n") },
    Carrier { name: "with a capital tag", make: |_, code| format!("<?PHP\t{code}\n?>") },
];

/// The file reads itself from behind its first statement.
fn own_length(_: &mut Dice, code: &str) -> String {
    let head =
        |length: usize| format!("<?php demo_code(base64_decode(substr(file_get_contents(__FILE__), {length:04}))); exit; ?>\n");
    let length = head(0).len();
    // A number with zeros in front would be octal.
    let head = head(length).replace(&format!("{length:04}"), &format!("{length:>4}"));
    head + &base64(code)
}
