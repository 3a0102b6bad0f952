use proptest::prelude::*;

use crate::parse::{Piece, sexp};

fn read(text: &str) -> String {
    sexp::program(&super::parse(text.as_bytes(), &[Piece::Code(0..text.len())]))
}

fn check(rows: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (source, expected) in rows {
        let found = read(source);
        if found != *expected {
            wrong.push_str(&format!("{source}\n  expected {expected}\n  found    {found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn variables() {
    check(&[
        ("$a = 1;", "(= a 1)"),
        ("$h{x} = $h->{x};", r#"(= (index %h "x") (index h "x"))"#),
        ("$a[0] = $a->[1];", "(= (index @a 0) (index a 1))"),
        ("$h{a}{'b'}[$c];", r#"(index (index (index %h "a") "b") c)"#),
        ("@a = (1, 2); %h = (a => 1, 'b', 2);", r#"(= @a [1 2]) (= %h ["a": 1 "b" 2])"#),
        ("@h{'a', 'b'};", r#"(index %h ["a" "b"])"#),
        ("@{$x}; @$x; $$x[0]; ${$x}{a}; $$x; %$x;", r#"x x (index x 0) (index x "a") x x"#),
        ("${'na' . $b}; ${name};", r#"(dynamic (join "na" b)) name"#),
        ("\\@a; \\&f; $r->(1); &$r(2); &f(3); &f;", "@a `f (call r 1) (call r 2) (call `f 3) (call `f)"),
        ("$#a; $#{$x}; $ENV{PATH}; $main::a;", r#"(Sub (call `scalar @a) 1) (Sub (call `scalar x) 1) (index %ENV "PATH") a"#),
        ("my $a = 1; my ($b, @c) = @_; my $d;", "(let a 1) (let b _) (let @c _) (= [b @c] @_) (let d _)"),
        ("local $/ = undef; our $x = 1;", "(= / (call `undef)) (= x 1)"),
        ("$x = [1, [2]]; $y = {a => {b => 1}};", r#"(= x [1 [2]]) (= y ["a": ["b": 1]])"#),
        ("(stat $f)[7]; (f())[0];", "(index (call `stat f) 7) (index (call `f) 0)"),
    ]);
}

#[test]
fn strings() {
    check(&[
        (r#"'a\'b$c';"#, r#""a'b$c""#),
        (r#""a $b c\n";"#, r#"(join "a " b " c\n")"#),
        (
            r#""$a[0] $h{x} $h->{x}[1] @{[ f() ]} ${a}b $a::b me\@x";"#,
            r#"(join (index @a 0) " " (index %h "x") " " (index (index h "x") 1) " " [(call `f)] " " a "b " a::b " me@x")"#,
        ),
        (r#""\x41\x{42}\103$$a$"; "$a->b";"#, r#"(join "ABC" a "$") (join a "->b")"#),
        (
            "q(a(b)c); qq{a$b}; qw/a b/; `ls $a`; qx(id);",
            r#""a(b)c" (join "a" b) ["a" "b"] (call `qx (join "ls " a)) (call `qx "id")"#,
        ),
        (
            "print <<A . 'x'; f(<<'B');\na $b\nA\nc $d\nB\ng();",
            r#"(call `print (join "a " b "\n" "x")) (call `f "c $d\n") (call `g)"#,
        ),
        ("$x = 'a' . 'b' . $c . f($d);", r#"(= x (join "a" "b" c (call `f d)))"#),
        ("$x .= 'a' x 3;", r#"(=Join x (Repeat "a" 3))"#),
        ("{ s => 1 }", r#"(loop () _ () {["s": 1] (break 1)})"#),
        ("$h{s}; $h{y}; s => 1;", r#"(index %h "s") (index %h "y") ["s": 1]"#),
    ]);
}

#[test]
fn patterns() {
    check(&[
        ("$a =~ /b$c|d$/i;", r#"(call `match a (join "b" c "|d$") "i")"#),
        ("$a !~ m{x/y};", r#"(Not (call `match a "x/y" ""))"#),
        ("if (/x/) { f() }", r#"(if (call `match _ "x" "") {(call `f)} {})"#),
        ("$a =~ s/b/c$d/g;", r#"(call `subst a "b" (join "c" d) "g")"#),
        ("$a =~ s/(.)/chr(ord($1))/ge;", r#"(call `subst a "(.)" (call `chr (call `ord 1)) "ge")"#),
        ("$a =~ s{b} {c}x; tr/a-z/b-y/;", r#"(call `subst a "b" "c" "x") (call `tr _ "a-z" "b-y" "")"#),
        ("($a = $b) =~ tr/+/ /;", r#"(call `tr (= a b) "+" " " "")"#),
        ("split /,/, $a; $x = $a / $b / 2;", r#"(call `split (call `match _ "," "") a) (= x (Div (Div a b) 2))"#),
        ("$a =~ $re; $re = qr/a/;", r#"(call `match a re) (= re "a")"#),
    ]);
}

#[test]
fn calls() {
    check(&[
        ("system $x, $y;", "(call `system x y)"),
        ("print 'a', $b;", r#"(call `print "a" b)"#),
        (
            "print STDERR 'a'; print F; print {$f} 1; print $f 'a'; print($f, 1);",
            r#"(call `print `STDERR "a") (call `print `F _) (call `print "to": f 1) (call `print "to": f "a") (call `print f 1)"#,
        ),
        ("open(F, \"$a|\") or die 'x';", r#"(Or (call `open `F (join a "|")) (call `die "x"))"#),
        ("open(my $f, '<', $n) || die; close F;", r#"(Or (call `open f "<" n) (call `die)) (call `close `F)"#),
        (
            "$x = shift; sub f { my $y = shift; shift }",
            "(= x (call `shift @ARGV)) (fn f {(let y _) (let y (call `shift @_)) (return (call `shift @_))})",
        ),
        (
            "$q->param('a'); CGI->new(1); new CGI; A::b(1);",
            r#"(call (. q "param") "a") (call (:: `CGI "new") 1) (call (:: `CGI "new")) (call `A::b 1)"#,
        ),
        (
            "map { $_ + 1 } @a; grep /x/, @b; sort { $a <=> $b } keys %h;",
            concat!(
                "(call `map (fn _ _ {(return (Add _ 1))}) @a) (call `grep (call `match _ \"x\" \"\") @b) ",
                "(call `sort (fn _ _ {(return (Compare a b))}) (call `keys %h))"
            ),
        ),
        (
            "foo $a; lc $a eq 'b'; -e $f && f; f -1;",
            r#"(call `foo a) (Equal (call `lc a) "b") (And (call `-e f) (call `f)) (Sub (call `f) 1)"#,
        ),
        (
            "$l = <STDIN>; $l = <$f>; @l = <*.c>; <>;",
            r#"(= l (call `readline `STDIN)) (= l (call `readline f)) (= @l (call `glob "*.c")) (call `readline `ARGV)"#,
        ),
        (
            "do 'a.pl'; require \"a.pl\"; eval $x; eval;",
            r#"(call `do "a.pl") (call `require "a.pl") (call `eval x) (call `eval _)"#,
        ),
        ("$f = sub { $_[0] }; $x = do { 1; 2 };", "(= f (fn _ {(return (index @_ 0))})) (= x (call (fn _ {1 (return 2)})))"),
        ("$a ? $b : $c ? 1 : 2;", "(? a b (? c 1 2))"),
        ("$a = $b || 'c'; not $a and $b;", r#"(= a (Or b "c")) (And (Not a) b)"#),
        ("f({ -name => 'a', b => [1] });", r#"(call `f ["-name": "a" "b": [1]])"#),
        (
            "first { $_ } @a; f g $a; exec $a @b;",
            "(call `first (fn _ _ {(return _)}) @a) (call `f (call `g a)) (call `exec a @b)",
        ),
        ("1 .. 5; $i++; --$i; -$i;", "(call `range 1 5) (step 1 i) (step pre -1 i) (Minus i)"),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("if ($a) { b() } elsif ($c) { d() } else { e() }", "(if a {(call `b)} {(if c {(call `d)} {(call `e)})})"),
        (
            "f() if $a; g() unless $b; h() for @c; i() while $d;",
            "(if a {(call `f)} {}) (if (Not b) {(call `g)} {}) (each @c _ {(call `h)}) (loop () d () {(call `i)})",
        ),
        (
            "while (<F>) { chomp; last if /x/ }",
            r#"(loop () (= _ (call `readline `F)) () {(call `chomp _) (if (call `match _ "x" "") {(break 1)} {})})"#,
        ),
        ("while (my $l = <F>) { next }", "(loop () (= l (call `readline `F)) () {(continue 1)})"),
        ("for (my $i = 0; $i < 3; $i++) { f() }", "(loop ((= i 0)) (Less i 3) ((step 1 i)) {(call `f)})"),
        ("foreach my $a (@b) { f($a) } for (1..3) {}", "(each @b a {(call `f a)}) (each (call `range 1 3) _ {})"),
        ("A: for my $a (@b) { for (@c) { next A; } }", "(each @b a {(each @c _ {(continue 2)})})"),
        ("do { f() } while ($a);", "(do () a () {(call `f)})"),
        ("eval { f() }; print $@ if $@;", "(try {(call `f)} (catch _ {}) {}) (if @ {(call `print @)} {})"),
        ("my $x = eval { f() } || 2;", "(let x (Or (call (fn _ {(return (call `f))})) 2))"),
        ("$a or next; f($b) and return 1;", "(if (Not a) {(continue 1)} {}) (if (call `f b) {(return 1)} {})"),
        (
            "my $x = 1 if $a; return unless $b; return (1, 2);",
            "(if a {(let x 1)} {}) (if (Not b) {(return _)} {}) (return [1 2])",
        ),
        ("package A; use strict; BEGIN { f() } sub g($a, $b = 2) { $a } 1;", "(call `f) (fn g a b=2 {(return a)}) 1"),
        ("f();\n\n=pod\n\ng();\n\n=cut\n\nh();\n__END__\ni();", "(call `f) (call `h)"),
        ("sub f { if ($_[0]) { 1 } else { 2 } }", "(fn f {(if (index @_ 0) {(return 1)} {(return 2)})})"),
        ("# note\nf(); # more\ng()", "(call `f) (call `g)"),
        ("format STDOUT =\n@<<<\n$a\n.\nf();", "(call `f)"),
    ]);
}

#[test]
fn what_is_broken_is_read_as_far_as_it_goes() {
    check(&[
        ("} f();", "unread (call `f)"),
        ("f(1; g();", "(call `f 1) (call `g)"),
        ("if ($a) { f();", "(if a {(call `f)} {})"),
        ("$a = ; f();", "(= a null) (call `f)"),
        ("$a $b; f();", "a unread (call `f)"),
        ("print <<A;\nf();", r#"(call `print "") (call `f)"#),
        ("$x = \"abc", r#"(= x "abc")"#),
    ]);
}

#[test]
fn what_is_deep_does_not_exhaust_the_stack() {
    for (begin, end) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("$a = ", ""),
        ("$a ? $b : ", ""),
        ("if ($a) {", "}"),
        ("if ($a) {} elsif ($b) {", "}"),
        ("} elsif ($b) {", ""),
        ("!", ""),
        ("- ", ""),
        ("sub {", "}"),
        ("do {", "}"),
        ("eval {", "};"),
        ("map {", "} @a"),
        ("@{", "}"),
        ("$", ""),
        ("\\", ""),
        ("my ", ""),
        ("print ", ""),
        ("f $a, ", ""),
        ("\"@{[ ", ""),
        ("= ", ""),
        ("$a ** ", ""),
        ("return ", ""),
        ("not ", ""),
        ("<<A;\n", ""),
        ("package ", ""),
        ("A: ", ""),
    ] {
        read(&format!("{}{}", begin.repeat(20_000), end.repeat(20_000)));
    }
    read(&format!("$a{}", "->b".repeat(100_000)));
    read(&format!("$a{}", "[0]".repeat(100_000)));
    read(&format!("$a{}", " - 1".repeat(100_000)));
    read(&format!("$a{}", " =~ /b/".repeat(50_000)));
    read(&format!("if ($a) {{}}{}", " elsif ($b) { f() }".repeat(50_000)));
    let long = read(&format!("$x = $a{};", " . chr(65)".repeat(100_000)));
    assert!(long.len() > 1_000_000 && !long.contains("unread"));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in 0_usize..400) {
        let cut = cut.min(bytes.len());
        super::parse(&bytes, &[Piece::Code(0..cut), Piece::Echo(cut..bytes.len()), Piece::Text(0..9999), Piece::Code(cut..0)]);
    }

    #[test]
    fn any_words_are_read(words in prop::collection::vec(prop::sample::select(vec![
        "if", "unless", "elsif", "else", "while", "for", "foreach", "my", "sub", "f", "print", "return", "eval", "do", "map",
        "$a", "@a", "%h", "&f", "$", "@", "%", "&", "*", "{", "}", "(", ")", "[", "]", ";", ",", "=>", "->", "=", "=~", "!~",
        "/", "//", "?", ":", "::", "\"", "'", "`", "<<A", "\nA\n", "<F>", "<", ">", "q(", "qw(", "s/", "tr/", "m{", "x", ".", "..",
        "+", "-", "++", "!", "\\", "1", "or", "and", "not", "next", "last", "A:", "use", "package", "new", "A", "\n", "#", "\n=pod\n",
        "\n=cut\n", "$#", "@{", "${", "\"@{[", "]}\"", "-e", "sort", "shift", "local",
    ]), 0..80)) {
        read(&words.join(" "));
        read(&words.concat());
    }
}
