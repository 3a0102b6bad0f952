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
fn expressions() {
    check(&[
        ("x = 1", "(= x 1)"),
        ("a = b = c", "(= a (= b c))"),
        ("a, b = c, d", "(= [a b] [c d])"),
        ("x = a + b * -c ** 2", "(= x (Add a (Mul b (Minus (Pow c 2)))))"),
        ("x = a + 'b' + c", r#"(= x (join a "b" c))"#),
        ("x = 'a' * 3; y = a % b", r#"(= x (Repeat "a" 3)) (= y (Mod a b))"#),
        ("x = 'a %s' % b; y = 'a %s %s' % (b, c)", r#"(= x (call `sprintf "a %s" b)) (= y (call `sprintf "a %s %s" b c))"#),
        ("x = 'a' \"b\" u'c'", r#"(= x (join "a" "b" "c"))"#),
        (r#"x = 'a\n\x41\q' + r'\n'"#, r#"(= x (join "a\nA\\q" "\\n"))"#),
        ("x = '''a\n'b''' ; y = \"\"", r#"(= x "a\n'b") (= y "")"#),
        (r#"x = f"a {b} {c['d']!r:>3}{{}}""#, r#"(= x (join "a " b " " (index c "d") "{}"))"#),
        ("x = a if b else c if d else e", "(= x (? b a (? d c e)))"),
        ("x = not a in b and c is not d or e not in f", "(= x (Or (And (Not (Test a b)) (NotEqual c d)) (Not (Test e f))))"),
        ("x = a.b(c, *d, e=f, **g)[0]", r#"(= x (index (call (. a "b") c ...d "e": f ...g) 0))"#),
        (
            "x = a[1:], a[:2], a[1:2:3], a[b, c]",
            "(= x [(call `slice a 1) (call `slice a null 2) (call `slice a 1 2 3) (index a [b c])])",
        ),
        (
            "x = {'a': b, **c}; y = {1, 2}; z = [1, [2]]; t = (1,); u = ()",
            r#"(= x ["a": b ...c]) (= y [1 2]) (= z [1 [2]]) (= t [1]) (= u [])"#,
        ),
        ("x = lambda a, b=1: a + b", "(= x (fn _ a b=1 {(return (Add a b))}))"),
        (
            "x = [a(b) for b in c if d]",
            concat!(
                "(= x (call (fn _ {(let list 1 []) (each c b {(if d {(= (index list 1 _) (call a b))} {})}) (return list 1)})))"
            ),
        ),
        (
            "x = ''.join(chr(b) for b in c)",
            concat!(
                r#"(= x (call (. "" "join") (call (fn _ {(let list 1 []) (each c b {(= (index list 1 _) (call chr b))}) (return list 1)}))))"#
            ),
        ),
        (
            "x = {a: b for a, b in c}",
            concat!("(= x (call (fn _ {(let list 1 []) (each c [a b] {(= (index list 1 a) b)}) (return list 1)})))"),
        ),
        ("x = `a`", "(= x (call `repr a))"),
        ("x = 0x10 + 0o17 + 1_000 + 10L + 1.5", "(= x (Add (Add (Add (Add 16 15) 1000) 10) 1.5))"),
        ("x += 1; x //= 2; x.y[0] -= 1", r#"(=Add x 1) (=IntDiv x 2) (=Sub (index (. x "y") 0) 1)"#),
        ("x: int = 1\ny: str", "(= x 1)"),
        ("x = (a\n  + b)\ny = a \\\n + b", "(= x (Add a b)) (= y (Add a b))"),
        ("if (n := f()) > 1: pass", "(if (Greater (= n (call f)) 1) {} {})"),
        ("x = yield y; await z", "(= x y) z"),
    ]);
}

#[test]
fn statements() {
    check(&[
        ("if a:\n  b()\nelif c:\n  d()\nelse:\n  e()\nf()", "(if a {(call b)} {(if c {(call d)} {(call e)})}) (call f)"),
        ("if a: b(); c()\nelse: d()\ne()", "(if a {(call b) (call c)} {(call d)}) (call e)"),
        ("for a, b in c:\n\td()\nelse:\n\te()", "(each c [a b] {(call d)}) (call e)"),
        ("while a:\n  break\n  continue", "(loop () a () {(break 1) (continue 1)})"),
        (
            "try:\n  a()\nexcept E as e:\n  b()\nexcept (F, G), h:\n  c()\nexcept:\n  d()\nelse:\n  i()\nfinally:\n  j()",
            concat!("(try {(call a) (call i)} (catch e {(call b)}) (catch h {(call c)}) (catch _ {(call d)}) {(call j)})"),
        ),
        ("with open(a) as f, b:\n  c()", "(= f (call open a)) b (call c)"),
        ("def f(a, b=1, *c, **d) -> int:\n  return a", "(fn f a b=1 ...c ...d {(return a)})"),
        ("@app.route('/x')\n@staticmethod\ndef f(a: str): pass\n", "(fn f [app.route staticmethod] a:str {})"),
        (
            "class A(B, c.D):\n  'doc'\n  x = 1\n  def f(self):\n    self.y = 2\n  g()\n",
            concat!(r#"(class A <B <c.D (static x 1) (fn f self {(= (. self "y") 2)}) {(call g)})"#),
        ),
        (
            "import os, a.b as c\nfrom os import system as s, popen\nfrom a.b import (c,\n d)\nfrom e import *",
            concat!(
                r#"(= c (. a "b")) (= s (. os "system")) (= popen (. os "popen")) (= c (. (. a "b") "c")) (= d (. (. a "b") "d")) "#,
                r#"(call `import_all "e")"#
            ),
        ),
        (
            "print 'a', b\nprint >>f, a\nprint\nprint(a)\nexec a in b\nexec(a)\neval(a)",
            concat!(
                r#"(call print "a" b) (call print "file": f a) (call print) (call print a) (call exec a b) (call exec a) (call eval a)"#
            ),
        ),
        (
            "raise E('a') from b\nraise\nassert a, b\ndel a, b[0]\nglobal c, d",
            concat!(r#"(throw (call E "a")) (throw null) [a b] (unset a (index b 0)) (global c d)"#),
        ),
        (
            "match a:\n  case 1 | 2:\n    b()\n  case _:\n    c()\nd()",
            "(switch a (case 1 2 {(call b) (break 1)}) (case {(call c) (break 1)})) (call d)",
        ),
        ("match = 1\nmatch(a)", "(= match 1) (call match a)"),
        ("async def f():\n  async with a as b:\n    await c()", "(fn f {(= b a) (call c)})"),
        ("# note\n\nif a:\n    # deeper\n  # less\n    b()\n", "(if a {(call b)} {})"),
        ("def f():\n  if a:\n    b()\n\nc()", "(fn f {(if a {(call b)} {})}) (call c)"),
    ]);
}

#[test]
fn what_is_broken_is_read_as_far_as_it_goes() {
    check(&[
        ("x = (1,\n\ndef f():\n  a()", "(= x [1]) (fn f {(call a)})"),
        ("x = 'abc\ny()", r#"(= x "abc") (call y)"#),
        ("if a\n  b()\nc()", "(if a {(call b)} {}) unread (call c)"),
        ("a b c\nd()", "a unread (call d)"),
        ("  a()\n    b()\n c()", "(call a) (call b) (call c)"),
        ("else:\n  a()", "unread (call a)"),
        ("f(a b, c)\nd()", "(call f a c) unread (call d)"),
        (") = ]\na()", "unread (call a)"),
    ]);
}

#[test]
fn what_is_deep_does_not_exhaust_the_stack() {
    for (begin, end) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("f(", ")"),
        ("a = ", ""),
        ("a if b else ", ""),
        ("not ", ""),
        ("- ", ""),
        ("lambda: ", ""),
        ("await ", ""),
        ("yield ", ""),
        ("a ** ", ""),
        ("a[", "]"),
        ("`", ""),
        ("f'{", "}'"),
        ("if a: ", ""),
        ("@a\n", ""),
        ("[a for a in ", "]"),
        ("x for a in b if c ", ""),
        ("a := ", ""),
        ("class A: ", ""),
        ("print ", ""),
        ("async ", ""),
        ("* ", ""),
    ] {
        read(&format!("{}{}", begin.repeat(20_000), end.repeat(20_000)));
    }
    read(&format!("a{}", ".b".repeat(100_000)));
    read(&format!("a{}", "[0]".repeat(100_000)));
    read(&format!("a{}", " - 1".repeat(100_000)));
    read(&format!("import a{}", ".b".repeat(100_000)));
    read(&format!("from a{} import b", ".b".repeat(100_000)));
    read(&format!("match a:\n case 1{}:\n  b", " | 1".repeat(100_000)));
    read(&format!("[a{}]", " for a in b if c".repeat(100_000)));
    read(&format!("if a: b\n{}", "elif a: b\n".repeat(50_000)));
    let deep: String = (0..3000).map(|depth| format!("{}if a:\n", " ".repeat(depth))).collect();
    read(&deep);
    let long = read(&format!("x = a{}", " + chr(65)".repeat(100_000)));
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
        "if", "elif", "else", "for", "in", "while", "try", "except", "finally", "with", "as", "def", "class", "lambda", "return",
        "a", "f", "(", ")", "[", "]", "{", "}", ":", ";", ",", ".", "=", "==", ":=", "+=", "+", "-", "*", "**", "%", "@", "`", "->",
        "'", "\"", "'''", "f'{", "}'", "\n", "\n  ", "\n    ", "\n\t", "\\\n", "#", "1", "not", "and", "is", "import", "from", "print",
        "exec", "match", "case", "async", "await", "yield", "global", "del", "raise", "...", "if a:\n  ",
    ]), 0..80)) {
        read(&words.join(" "));
        read(&words.concat());
    }
}
