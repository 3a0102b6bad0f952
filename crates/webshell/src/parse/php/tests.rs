//! Source and tree, and that nothing makes the parser fail or hang.

mod show;

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{Piece, parse, parse_code};

fn check(table: &[(&str, &str)]) {
    for (source, expected) in table {
        assert_eq!(show::program(&parse_code(source.as_bytes())), *expected, "{source}");
    }
}

#[test]
fn variables_and_members() {
    check(&[
        ("$a;", "$a"),
        ("$$a;", "(dynamic $a)"),
        ("$$$a;", "(dynamic (dynamic $a))"),
        ("${'a' . 'b'};", "(dynamic (join \"a\" \"b\"))"),
        ("A::$b;", "(:: A \"$b\")"),
        ("A::b;", "(:: A \"b\")"),
        ("A::b(1);", "(call (:: A \"b\") 1)"),
        ("A::class;", "(:: A \"class\")"),
        ("A::$f(1);", "(call (:: A $f) 1)"),
        ("A::{'b'}();", "(call (:: A \"b\"))"),
        ("A::$$b;", "(:: A (join \"$\" $b))"),
        ("$a::b;", "(:: $a \"b\")"),
        ("static::make();", "(call (:: static \"make\"))"),
        ("$a->b;", "(-> $a \"b\")"),
        ("$a?->b(1);", "(call (-> $a \"b\") 1)"),
        ("$a->$b;", "(-> $a $b)"),
        ("$a->{'x' . $y}();", "(call (-> $a (join \"x\" $y)))"),
        ("$a->list->class;", "(-> (-> $a \"list\") \"class\")"),
        ("$a[1]['b'][] = 2;", "(= (append (index (index $a 1) \"b\")) 2)"),
        ("$s{0};", "(index $s 0)"),
        ("$a['b']{1}(2);", "(call (index (index $a \"b\") 1) 2)"),
        ("\\Foo\\bar(1);", "(call Foo\\bar 1)"),
        ("namespace\\bar(1);", "(call bar 1)"),
        ("\u{e9}\u{f0}($\u{e9});", "(call \u{e9}\u{f0} $\u{e9})"),
        ("TRUE; False; null; \\true; FOO;", "true false null true FOO"),
        ("$a->b()->c[0]();", "(call (index (-> (call (-> $a \"b\")) \"c\") 0))"),
    ]);
}

#[test]
fn names_that_are_no_utf8_stay_apart() {
    let shown = |source: &[u8]| show::program(&parse_code(source));
    assert_eq!(shown(b"$\xe9\xf0 = $\xe9\xf1;"), "(= $\u{e9}\u{f0} $\u{e9}\u{f1})");
}

#[test]
fn calls() {
    check(&[
        ("f();", "(call f)"),
        ("F(1, $b, ...$c);", "(call F 1 $b ...$c)"),
        ("f(a: 1, b: $x ? A : B);", "(call f \"a\"=>1 \"b\"=>(? $x A B))"),
        ("f(&$x);", "(call f &$x)"),
        ("'f'(1);", "(call \"f\" 1)"),
        ("(\"f\")(1)(2);", "(call (call \"f\" 1) 2)"),
        ("[$a, 'b'](1);", "(call [$a \"b\"] 1)"),
        ("$f(1);", "(call $f 1)"),
        ("f(...);", "\"f\""),
        ("$g = f(...);", "(= $g \"f\")"),
        ("$a->b(...);", "(-> $a \"b\")"),
        ("eval ('x');", "(call eval \"x\")"),
        ("EVAL(f($x));", "(call eval (call f $x))"),
        ("echo 1, 2;", "(call echo 1 2)"),
        ("print $a . 'b';", "(call print (join $a \"b\"))"),
        ("include('a') . 'b';", "(call include (join \"a\" \"b\"))"),
        ("Include_Once 'a';", "(call include_once \"a\")"),
        ("$a = require 'x' ;", "(= $a (call require \"x\"))"),
        ("exit; die('x'); exit();", "(call exit) (call die \"x\") (call exit)"),
        ("isset($a, $b[1]) && empty($c);", "(And (call isset $a (index $b 1)) (call empty $c))"),
        ("`id $a`;", "(call shell_exec (join \"id \" $a))"),
        ("`id`;", "(call shell_exec \"id\")"),
        ("$x |> f(...);", "(call \"f\" $x)"),
        ("match($a, $b);", "(call match $a $b)"),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("$a + $b * $c - $d;", "(Sub (Add $a (Mul $b $c)) $d)"),
        ("-$a ** 2;", "(Minus (Pow $a 2))"),
        ("2 ** 3 ** 2;", "(Pow 2 (Pow 3 2))"),
        ("2 ** -1;", "(Pow 2 (Minus 1))"),
        ("$a . $b . 'c' . 1 + 2;", "(join $a $b \"c\" (Add 1 2))"),
        ("'a' . ('b' . 'c') . \"d$e\";", "(join \"a\" \"b\" \"c\" \"d\" $e)"),
        ("$a . 'x' == $b . 'y';", "(Equal (join $a \"x\") (join $b \"y\"))"),
        ("$a .= $b . 'c';", "(Join= $a (join $b \"c\"))"),
        ("$a ??= $b ?? $c ?? 1;", "(Coalesce= $a (Coalesce $b (Coalesce $c 1)))"),
        ("$a <=> $b;", "(Compare $a $b)"),
        ("$a = b() or die();", "(Or (= $a (call b)) (call die))"),
        ("$a = $b && $c;", "(= $a (And $b $c))"),
        ("$a and $b xor $c;", "(Xor (And $a $b) $c)"),
        ("!$a = b();", "(Not (= $a (call b)))"),
        ("$a && $b = c;", "(And $a (= $b c))"),
        ("@$a = f();", "(Same (= $a (call f)))"),
        ("$a = $b = 1;", "(= $a (= $b 1))"),
        ("$a = &$b; $c = & new D;", "(=& $a $b) (=& $c (new D))"),
        ("$a ? $b : $c ?: $d;", "(? (? $a $b $c) _ $d)"),
        ("$a ? $b ? 1 : 2 : 3;", "(? $a (? $b 1 2) 3)"),
        ("!$a instanceof B;", "(Not (IsA $a B))"),
        ("$a++ + --$b;", "(Add (post+1 $a) (pre-1 $b))"),
        ("(int)$a . (String) $b;", "(join (as int $a) (as string $b))"),
        ("( binary )$a; (double)$b; (unset)$c; (object)[];", "(as string $a) (as float $b) (as unset $c) (as object [])"),
        ("$a & $b | $c ^ ~$d;", "(BitOr (BitAnd $a $b) (BitXor $c (BitNot $d)))"),
        ("$a << 1 >= $b >> 2;", "(GreaterEqual (ShiftLeft $a 1) (ShiftRight $b 2))"),
        ("$a <> $b; $a !== $b; $a === $b;", "(NotEqual $a $b) (NotEqual $a $b) (Equal $a $b)"),
        ("$x = clone $a->b;", "(= $x (call clone (-> $a \"b\")))"),
        ("$a ^= $b; $a **= 2; $a >>= 1; $a %= 2;", "(BitXor= $a $b) (Pow= $a 2) (ShiftRight= $a 1) (Mod= $a 2)"),
        ("$a = $b ?? throw new E;", "(= $a (Coalesce $b (Same (new E))))"),
    ]);
}

#[test]
fn literals() {
    check(&[
        ("0x1F; 017; 0o17; 0b101; 1_000; 08;", "31 15 15 5 1000 0"),
        ("1.5; .5; 1.; 1e3; 1E-2; 1_0.5;", "1.5 0.5 1.0 1000.0 0.01 10.5"),
        ("9223372036854775807; 9223372036854775808;", "9223372036854775807 9.223372036854776e18"),
        ("0xFFFFFFFFFFFFFFFF;", "1.8446744073709552e19"),
        (r"'a\'b\\c\n';", r#""a\'b\\c\\n""#),
        (r#""\x41\101\u{e9}\n\$\q\"";"#, r#""AA\xc3\xa9\n$\\q\"""#),
        (r#""\0\400\x4";"#, r#""\x00\x00\x04""#),
        (r#""plain {a} $ $1";"#, r#""plain {a} $ $1""#),
        ("b'x' . B\"y\";", r#"(join "x" "y")"#),
        ("[1, 'a' => 2, ...$b, &$c, 'k' => &$d,];", r#"[1 "a"=>2 ...$b &$c "k"=>&$d]"#),
        ("array(1, array(2));", "[1 [2]]"),
        ("list($a, , $b) = f();", "(= [$a null $b] (call f))"),
        ("[$a, ['k' => $b]] = f();", r#"(= [$a ["k"=>$b]] (call f))"#),
        ("list('a' => list($x)) = f();", r#"(= ["a"=>[$x]] (call f))"#),
    ]);
}

#[test]
fn interpolation() {
    check(&[
        (r#""$a";"#, "(join $a)"),
        (
            r#""x $a[b] $a[0] $a[-1] $a[01] $a[$b] y";"#,
            r#"(join "x " (index $a "b") " " (index $a 0) " " (index $a -1) " " (index $a "01") " " (index $a $b) " y")"#,
        ),
        (r#""$a->b->c $a?->b";"#, r#"(join (-> $a "b") "->c " (-> $a "b"))"#),
        (r#""{$a['b']} {$a->b(1)}";"#, r#"(join (index $a "b") " " (call (-> $a "b") 1))"#),
        (r#""${a} ${a['x']} ${'a' . 'b'}";"#, r#"(join $a " " (index $a "x") " " (dynamic (join "a" "b")))"#),
        (r#""\{$a} {\$a} \$a";"#, r#"(join "\\{" $a "} {$a} $a")"#),
        (r#""{$a["x {$b["y"]} z"]}";"#, r#"(join (index $a (join "x " (index $b "y") " z")))"#),
        (r#""{$f(function() { return "}"; })}";"#, r#"(join (call $f (fn () {(return "}")})))"#),
        (r#""$a[ x";"#, r#"(join $a "[ x")"#),
        ("<<<X\na $b\n\\x41 \"q\" \\\"\nX;", r#"(join "a " $b "\nA \"q\" \\\"")"#),
        ("<<<'X'\na $b\\n\nX;", r#""a $b\\n""#),
        ("f(<<<\"X\"\n    a\n      b $c\n    X, 2);", r#"(call f (join "a\n  b " $c) 2)"#),
        ("<<<X\nX;", r#""""#),
        ("<<<X\r\na\r\nX;\r\n$b;", r#""a" $b"#),
        ("<<<X\nXY {$a[<<<Y\nq\nY\n]}\nX . 'z';", r#"(join "XY " (index $a "q") "z")"#),
    ]);
}

#[test]
fn objects_and_closures() {
    check(&[
        ("new A; new A(1); new \\A\\B;", "(new A) (new A 1) (new A\\B)"),
        ("new $a['x']->y(1);", "(new (-> (index $a \"x\") \"y\") 1)"),
        ("new ('A' . $b)(1);", "(new (join \"A\" $b) 1)"),
        ("(new A(1))->b();", "(call (-> (new A 1) \"b\"))"),
        ("new A::$b(1);", "(new (:: A \"$b\") 1)"),
        ("new class(1) extends A { function b() { return 2; } };", "(new (class  <A> [] (fn b() {(return 2)})) 1)"),
        ("function($a, &$b = 1) use ($c, &$d): int { return $a; };", "(fn (a &b=1) use(c &d) {(return $a)})"),
        ("static fn(int ...$x) => $x . 'a';", "(fn static captures (int:...x) {(return (join $x \"a\"))})"),
        ("$f = #[A] fn&($x) => $x;", "(= $f (fn #a captures (x) {(return $x)}))"),
        (
            "match(true) { 1, 2 => 'a', $b => f(), default => throw new E };",
            "(match true ([1 2] \"a\") ([$b] (call f)) ([] (Same (new E))))",
        ),
        ("$x = yield $a => $b; yield from f(); yield;", "(= $x (call yield $b $a)) (call yield_from (call f)) (call yield)"),
    ]);
}

#[test]
fn branches_and_loops() {
    check(&[
        (
            "if ($a) b(); elseif ($c) { d(); } else if ($e) f(); else g();",
            "(if $a {(call b)} {(if $c {(call d)} {(if $e {(call f)} {(call g)})})})",
        ),
        ("if ($a): b(); elseif ($c): d(); else: e(); endif; f();", "(if $a {(call b)} {(if $c {(call d)} {(call e)})}) (call f)"),
        ("if ($a): if ($b) { c(); } endif; d();", "(if $a {(if $b {(call c)})}) (call d)"),
        ("if ($a): if ($b) c(); else: d(); endif; e();", "(if $a {(if $b {(call c)})} {(call d)}) (call e)"),
        ("if ($a): ?>\n<?php if ($b) { ?>x<?php } ?>\n<?php else: ?>y<?php endif ?>", "(if $a {(if $b {(text 1)})} {(text 1)})"),
        ("while ($a) { break 2; continue; }", "(loop [] $a [] {(break 2) (continue 1)})"),
        ("while ($a): b(); endwhile;", "(loop [] $a [] {(call b)})"),
        ("do b(); while ($a); c();", "(do [] $a [] {(call b)}) (call c)"),
        (
            "for ($i = 0, $j = 1; $i < 3; $i++, $j--) c();",
            "(loop [(= $i 0) (= $j 1)] (Less $i 3) [(post+1 $i) (post-1 $j)] {(call c)})",
        ),
        ("for (;;): c(); endfor;", "(loop [] _ [] {(call c)})"),
        ("foreach ($a as $b) c();", "(each $a _ $b {(call c)})"),
        ("foreach ($a as $k => &$v): c(); endforeach;", "(each $a $k &$v {(call c)})"),
        ("foreach (f() as [$x, list($y)]) { }", "(each (call f) _ [$x [$y]] {})"),
        (
            "switch ($a) { case 1: case 'b'; c(); break; default: d(); }",
            "(switch $a ([1] {}) ([\"b\"] {(call c) (break 1)}) ([] {(call d)}))",
        ),
        ("switch ($a): case 1: b(); endswitch; c();", "(switch $a ([1] {(call b)})) (call c)"),
        (
            "try { a(); } catch (A | \\B $e) { b(); } catch (C) { } finally { d(); }",
            "(try {(call a)} (catch e {(call b)}) (catch _ {}) {(call d)})",
        ),
        ("throw new E('x');", "(throw (new E \"x\"))"),
        (
            "declare(strict_types=1); a(); declare(ticks=1) { b(); } declare(ticks=1): c(); enddeclare;",
            "(call a) {(call b)} (call c)",
        ),
        ("goto x; a(); x: b();", "(goto x) (call a) (label x) (call b)"),
    ]);
}

#[test]
fn declarations() {
    check(&[
        (
            "function &f(?int $a, \\A\\B|null $b = null, A&B &$c, array ...$d): ?string { return 1; }",
            "(fn f(int:a b:b=null a:&c array:...d) {(return 1)})",
        ),
        ("#[Foo(1, 'x'), \\A\\Bar] function f() {}", "(fn #foo #bar f() {})"),
        ("#[ made by someone ]\nf();", "(call f)"),
        ("#[made by] f();\ng();", "(call g)"),
        (
            "abstract class A extends B implements C, \\D { use T, U { T::x as y; } const X = 1, Y = 'b'; \
          public static $s = [1], $t; protected ?int $i = 5; var $old; abstract public function m($a); \
          final static function n() { return self::$s; } }",
            "(class A <B C D T U> [static X=1, static Y=\"b\", static $s=[1], static $t, int:i=5, old] \
          (fn #abstract #public m(a) {}) (fn static n() {(return (:: self \"$s\"))}))",
        ),
        (
            "class A { function __construct(private readonly string $a = 'x', $b = 1) { f(); } }",
            "(class A <> [string:a] (fn __construct(string:a=\"x\" b=1) {(= (-> $this \"a\") $a) (call f)}))",
        ),
        (
            "enum E: string implements F { case A = 'a'; case B; const C = self::A; function g() {} }",
            "(class E <F> [static A=(as object [\"name\"=>\"A\" \"value\"=>\"a\"]), static B=\"B\", static C=(:: self \"A\")] (fn g() {}))",
        ),
        ("interface I extends J, K { const int X = 1; function f(); }", "(class I <J K> [static int:X=1] (fn f() {}))"),
        (
            "class P { public string $x = 'a' { get => f($this->x); set(string $v) { g($v); } } public $y; }",
            "(class P <> [string:x=\"a\", y] (fn x::get() {(return (call f (-> $this \"x\")))}) (fn x::set(string:v) {(call g $v)}))",
        ),
        ("final readonly class R { public private(set) int $a; }", "(class R <> [int:a] )"),
        ("trait T { function list() {} }", "(class T <> [] (fn list() {}))"),
        ("namespace A\\B; f(); namespace C { g(); } namespace { h(); }", "(call f) {(call g)} {(call h)}"),
        (
            "use A\\B; use A\\B as C; use function strlen as x; use function A\\{b, c as d}; use const X as Y;",
            "(call use_class \"A\\\\B\" \"C\") (call use_function \"strlen\" \"x\") \
          (call use_function \"A\\\\b\" \"b\") (call use_function \"A\\\\c\" \"d\")",
        ),
        ("const A = 1, B = 'b'; define('C', 2);", "(call define \"A\" 1) (call define \"B\" \"b\") (call define \"C\" 2)"),
        ("function f() { global $a, $$c; }", "(fn f() {(global a) (=& (dynamic $c) (index $GLOBALS $c))})"),
        (
            "function f() { global $a, $b; static $c = 1, $d; unset($a, $b[1]); }",
            "(fn f() {(global a b) (static c 1) (static d _) (unset $a (index $b 1))})",
        ),
        ("a(); __halt_compiler(); \x01 $b;", "(call a) (text 6)"),
        ("class enum {} enum(1); readonly(2);", "(class enum <> [] ) (call enum 1) (call readonly 2)"),
    ]);
}

#[test]
fn comments_and_tags() {
    check(&[
        ("a(); # b();\nc(); // d();\n/* e(); **/ f();", "(call a) (call c) (call f)"),
        ("a(/*x*/1);\x00\x0b b\x00();", "(call a 1) (call b)"),
        ("a(); // x ?>text<?php b();", "(call a) (text 4) (call b)"),
        ("if ($a) { ?>\nx <?= $b, 2 ?> y<? } c();", "(if $a {(text 2) (call echo $b 2) (text 2)}) (call c)"),
        ("?><?xml version='1.0'?>\n<?PHP a();", "(text 22) (call a)"),
        ("<?php a() ?>", "(call a)"),
        ("switch ($a) { ?>\n  <?php case 1: ?>x<?php }", "(switch $a ([1] {(text 1)}))"),
    ]);
}

#[test]
fn pieces() {
    let text = b"abc<?php if ($a) { ?>de<?= $b ?>f<?php } ?>g";
    let at = |part: &str| {
        let start = text.windows(part.len()).position(|window| window == part.as_bytes()).unwrap_or(0);
        start..start + part.len()
    };
    let pieces = [
        Piece::Text(0..3),
        Piece::Code(at(" if ($a) { ")),
        Piece::Text(at("de")),
        Piece::Echo(at(" $b ?>")),
        Piece::Text(at("f<").start..at("f<").start + 1),
        Piece::Code(at(" } ")),
        Piece::Text(text.len() - 1..text.len() + 5),
    ];
    let expected = "(text 3) (if $a {(text 2) (call echo $b) (text 1)}) (text 1)";
    assert_eq!(show::program(&parse(text, &pieces)), expected);
}

#[test]
fn broken_code() {
    check(&[
        ("a(); } b();", "(call a) (unread) (call b)"),
        ("a() b(); c();", "(call a) (unread) (call b) (call c)"),
        ("$a = ; b();", "(= $a null) (unread) (call b)"),
        ("a(1, b(2", "(call a 1 (call b 2)) (unread)"),
        ("if ($a) { b();", "(if $a {(call b)}) (unread)"),
        ("f(] ); g();", "(call f) (unread) (call g)"),
        ("function f( { a(); } b();", "(fn f() {(call a) (unread)}) (call b)"),
        ("class A { junk; function b() { c(); } } d();", "(class A <> [] (fn b() {(call c)}) {(unread)}) (call d)"),
        ("\"a {$b", "(join \"a \" $b)"),
        ("<<<X\nabc $d", "(join \"abc \" $d)"),
        ("'abc", "\"abc\""),
        ("if ($a { b(); } c();", "(if (index $a (call b)) {}) (unread) (unread) (call c)"),
        ("* 5; a();", "5 (unread) (call a)"),
        ("foreach ($a as ) b(); c();", "(each $a _ null {(call b)}) (unread) (call c)"),
        ("\"{$a b c} d\"; e();", "(join $a \" d\") (unread) (call e)"),
    ]);
}

fn quick(source: &[u8]) -> String {
    let start = Instant::now();
    let shown = show::program(&parse_code(source));
    assert!(start.elapsed() < Duration::from_secs(5), "{}", source.len());
    shown
}

#[test]
fn deep_and_long_code() {
    let times = 20_000;
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("f(", "1", ")"),
        ("!", "1", ""),
        ("$a=", "1", ""),
        ("$", "$a", ""),
        ("${", "$a", "}"),
        ("{", "a();", "}"),
        ("if(1)", "a();", ""),
        ("if(1){", "a();", "}else{}"),
        ("\"{$a[", "1", "]}\""),
        ("function(){", "1", "};"),
        ("new class{function a(){", "1", "}};"),
        ("$x{", "1", "}"),
        ("1?", "1", ":1"),
        ("1?1:(", "1", ")"),
        ("$a->{", "1", "}"),
        ("match(1){1=>", "1", "}"),
        ("(int)", "1", ""),
        ("new ", "a", ""),
        ("clone ", "$a", ""),
        ("fn()=>", "1", ""),
        ("#[A(", "1", ")] f();"),
        ("<<<A\n{$a[", "1", ""),
        ("function(int", "1", ""),
        ("if(1){}else ", "1;", ""),
        ("switch(1){case 1:", "1;", "}"),
        ("2**", "2", ""),
    ] {
        let source = [open.repeat(times), middle.to_owned(), close.repeat(times), ";last();".to_owned()].concat();
        quick(source.as_bytes());
        quick(open.repeat(times).as_bytes());
        quick(close.repeat(times).as_bytes());
    }
    for link in ["->a()", "[0]", "+1", "?1:1", "::a", "(1)", " instanceof A", "|>f", "?->a"] {
        let shown = quick(format!("$a{};last();", link.repeat(times)).as_bytes());
        assert!(shown.ends_with("(unread) (call last)"), "{link}");
    }
    // Chains in each other have one bound together.
    let mut nested = "1".to_owned();
    for _ in 0..100 {
        nested = format!("({nested}){}", "+1".repeat(400));
    }
    quick(nested.as_bytes());
    let branches = format!("if($a){{{}}}", "}elseif($b){a();".repeat(5000));
    quick(branches.as_bytes());
}

#[test]
fn long_chains_stay_flat() {
    let source = format!("$a = 'x'{};", ".chr(1)".repeat(50_000));
    let shown = quick(source.as_bytes());
    assert!(!shown.contains("unread"));
    assert_eq!(shown.matches("(join").count(), 1);
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        quick(&bytes);
    }

    #[test]
    fn any_tokens(tokens in proptest::collection::vec(proptest::sample::select(TOKENS), 0..120)) {
        quick(tokens.concat().as_bytes());
        quick(tokens.join(" ").as_bytes());
    }

    #[test]
    fn any_pieces(
        bytes in proptest::collection::vec(proptest::sample::select(TOKENS), 0..60),
        ranges in proptest::collection::vec((0..3, 0..400_usize, 0..400_usize), 0..8),
    ) {
        let pieces: Vec<_> = ranges.into_iter().map(|(kind, start, end)| match kind {
            0 => Piece::Text(start..end),
            1 => Piece::Code(start..end),
            _ => Piece::Echo(start..end),
        }).collect();
        show::program(&parse(bytes.concat().as_bytes(), &pieces));
    }
}

#[rustfmt::skip]
const TOKENS: &[&str] = &[
    "$a", "$", "${", "f", "A\\b", "\\", "1", "0x", ".5", "1e", "'", "'a'", "\"", "\"a\"", "`", "<<<X\n", "\nX", "<<<'X'\n", "{$", "{", "}",
    "(", ")", "[", "]", ";", ",", ":", "::", "->", "?->", "=>", "...", "?", "=", "+=", ".=", "??=", "+", "-", ".", "*", "**", "&", "|",
    "!", "@", "<", ">", "<=>", "++", "--", "??", "|>", "#[", "#", "//", "/*", "*/", "?>", "<?php ", "<?=", "<?", "\n", " ", "\0", "\u{e9}",
    "(int)", "abstract ", "and ", "array", "as ", "break ", "case ", "catch", "class ", "clone ", "const ", "continue ", "declare", "default",
    "die", "do ", "echo ", "else ", "elseif", "empty", "enddeclare", "endfor", "endforeach", "endif", "endswitch", "endwhile", "enum ", "eval",
    "exit", "extends ", "final ", "finally", "fn", "for", "foreach", "function ", "global ", "goto ", "__halt_compiler", "if", "implements ",
    "include ", "instanceof ", "interface ", "isset", "list", "match", "namespace ", "new ", "or ", "print ", "private ", "public ",
    "readonly ", "require ", "return ", "static ", "switch", "throw ", "trait ", "try", "unset", "use ", "var ", "while", "xor ", "yield ",
];
