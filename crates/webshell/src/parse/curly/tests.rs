//! Each construct once, as a row: source and tree. Then what no one writes: garbage, and texts that are too long or too deep.

mod csharp;
mod java;
mod script;

use proptest::prelude::*;

use crate::ir::{Block, Stmt};
use crate::language::Language;
use crate::parse::{Piece, parse, show};

#[test]
fn sources_become_trees() {
    let tables = [
        (Language::CSharp, csharp::ROWS),
        (Language::Java, java::ROWS),
        (Language::Jscript, script::ROWS),
        (Language::JscriptNet, script::NET_ROWS),
    ];
    for (language, rows) in tables {
        for (source, tree) in rows {
            let pieces = [Piece::Code(0..source.len())];
            assert_eq!(show::program(&parse(language, source.as_bytes(), &pieces)), *tree, "{language:?} {source}");
        }
    }
}

/// Pages: `‹` and `›` stand around text, `«` and `»` around an echo.
#[test]
fn pieces_become_one_program() {
    let rows = [
        (Language::CSharp, "‹<p>›if (a) {‹yes›} else {‹no›}‹</p>›", "(text 3) (if a {(text 3)} {(text 2)}) (text 4)"),
        (Language::CSharp, "foreach (var x in y) {«x.Name»}", "(each x y {(call 'echo (. x Name))})"),
        (
            Language::CSharp,
            "«a»«b;»«c; d»«»«(e»f();",
            "(call 'echo a) (call 'echo b) (call 'echo c) (unread 6) (call 'echo e) (call f)",
        ),
        (Language::CSharp, "if (a)‹x›else‹y›", "(if a {(text 1)} {(text 1)})"),
        (Language::CSharp, "class A { void f() {‹x›} ‹y› int b; }", "(class A (b:int) (def f() {(text 1)}))"),
        (Language::CSharp, "f(a, ‹x›b); g();", "(call f a b) (text 1) (call g)"),
        (Language::CSharp, "«a)}»b();", "(call 'echo a) (unread 1) (call b)"),
        (Language::CSharp, "string s = \"a‹x›b();", "(let s:string \"a\") (text 1) (call b)"),
        (Language::CSharp, "a(); /* ‹x› b();", "(call a) (text 1) (call b)"),
        (Language::CSharp, "switch (a) {‹x›case 1:‹y›break; }", "(switch a (1 => {(text 1) (text 1) (break 1)}))"),
        (Language::Java, "for (String s : l) {‹x›«s»}‹y›", "(each s l {(text 1) (call 'echo s)}) (text 1)"),
        (Language::Java, "\\u0061();‹\\u0061›«\\u0062 )»}", "(call a) (text 6) (call 'echo b) (unread 22)"),
        (Language::Jscript, "a = b‹x›c = d«e»", "(= a b) (text 1) (= c d) (call 'echo e)"),
        (Language::JscriptNet, "function f() {‹x›}«f()»", "(def captures f() {(text 1)}) (call 'echo (call f))"),
        (Language::Jscript, "‹x›", "(text 1)"),
    ];
    for (language, page, tree) in rows {
        let (text, pieces) = split(page);
        assert_eq!(show::program(&parse(language, text.as_bytes(), &pieces)), tree, "{language:?} {page}");
    }
}

fn split(page: &str) -> (String, Vec<Piece>) {
    let mut text = String::new();
    let mut pieces = Vec::new();
    let mut start = 0;
    for character in page.chars() {
        let piece = match character {
            '‹' | '«' => Piece::Code(start..text.len()),
            '›' => Piece::Text(start..text.len()),
            '»' => Piece::Echo(start..text.len()),
            other => {
                text.push(other);
                continue;
            }
        };
        // An empty echo is a piece, empty code is none.
        if start < text.len() || character == '»' {
            pieces.push(piece);
        }
        start = text.len();
    }
    pieces.push(Piece::Code(start..text.len()));
    (text, pieces)
}

#[test]
fn offsets_are_those_of_the_text() {
    let source = "\\u0061 = 1; /* \\u00e9 */ ); int b;";
    let program = parse(Language::Java, source.as_bytes(), &[Piece::Code(0..source.len())]);
    let offsets: Vec<u32> = program
        .body
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Unread(at) | Stmt::Let(_, _, _, at) => Some(*at),
            _ => None,
        })
        .collect();
    assert_eq!(offsets, [25, 32]);
}

/// A long chain of strings stays flat; one of other operators is cut, and said to be.
#[test]
fn chains_do_not_make_the_tree_high() {
    let rows = [
        ("\"a\"", " + b", true),
        ("a", " + b", true),
        ("a", " - b", false),
        ("a", ".b()", false),
        ("a", "[0]", false),
        ("a", " as b", false),
        ("a", "..b", false),
        ("a ? b : c", " ?? d", false),
    ];
    for (first, link, whole) in rows {
        let source = format!("x = {first}{}; y = 1;", link.repeat(5000));
        let program = parse(Language::CSharp, source.as_bytes(), &[Piece::Code(0..source.len())]);
        assert_eq!(!has_unread(&program.body), whole, "{first}{link}");
        let shown = show::program(&program);
        assert!(shown.ends_with("(= y 1)"), "{first}{link}");
        assert!(height(&shown) < 2000, "{first}{link} {}", height(&shown));
    }
}

fn has_unread(block: &Block) -> bool {
    block.iter().any(|stmt| matches!(stmt, Stmt::Unread(_)))
}

fn height(shown: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in shown.bytes() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// Texts that are long in one way each: a time that grows faster than the text would show here, and depth without a bound would
/// end the test.
#[test]
fn long_texts_take_linear_time_and_bounded_depth() {
    for language in LANGUAGES {
        for part in PARTS {
            for (before, behind) in [("", ""), ("class A { int f(", ""), ("f(a, ", ");"), ("a\n{", "}")] {
                let source = format!("{before}{}{behind}", part.repeat(40_000 / part.len()));
                let started = std::time::Instant::now();
                drop(parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]));
                let took = started.elapsed();
                assert!(took.as_secs() < 3, "{language:?} {before}{part}{behind} took {took:?}");
            }
        }
    }
}

const LANGUAGES: [Language; 4] = [Language::CSharp, Language::Java, Language::Jscript, Language::JscriptNet];

/// Words and signs that mean something to one of the parsers.
const TOKENS: &[&str] = &[
    "a",
    "b.c",
    "1",
    "\"s\"",
    "'c'",
    "$\"x{",
    "}\"",
    "`x${",
    "}`",
    "@\"v\"",
    "\"\"\"",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ">>",
    "=",
    "=>",
    "->",
    "::",
    "?",
    ":",
    "?.",
    "??",
    ";",
    ",",
    ".",
    "..",
    "...",
    "+",
    "-",
    "*",
    "/",
    "!",
    "~",
    "&",
    "&&",
    "|",
    "^",
    "@",
    "#",
    "\\u0022",
    "\\u0061",
    "\n",
    "\n#if\n",
    "/*",
    "*/",
    "//",
    "if",
    "else",
    "for",
    "foreach",
    "while",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "new",
    "class",
    "enum",
    "interface",
    "record",
    "struct",
    "namespace",
    "using",
    "import",
    "package",
    "function",
    "delegate",
    "var",
    "let",
    "in",
    "of",
    "is",
    "as",
    "ref",
    "out",
    "typeof",
    "async",
    "await",
    "yield",
    "static",
    "public",
    "override",
    "operator",
    "this",
    "base",
    "super",
    "get",
    "set",
    "when",
    "where",
    "from",
    "select",
    "with",
    "lock",
    "unsafe",
    "checked",
    "goto",
    "event",
    "extends",
    "implements",
    "throws",
    "int x",
    "T<U> v",
    "(a)",
    "f(b)",
    "x => y",
    "int[]",
    "[A]",
    "@A",
    "label:",
    "delete",
    "void",
    "++",
    "--",
    "+=",
    "not",
    "or",
    "_",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), language in prop::sample::select(&LANGUAGES[..])) {
        let middle = bytes.len() / 2;
        parse(language, &bytes, &[Piece::Code(0..middle), Piece::Echo(middle..bytes.len())]);
    }

    #[test]
    fn repetitions_take_no_time(
        parts in prop::collection::vec(prop::sample::select(PARTS), 1..4),
        more in prop::collection::vec(prop::sample::select(PARTS), 1..4),
        language in prop::sample::select(&LANGUAGES[..]),
    ) {
        let (parts, more) = (parts.concat(), more.concat());
        let source = parts.repeat(3000 / parts.len()) + &more.repeat(3000 / more.len());
        let started = std::time::Instant::now();
        drop(parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]));
        prop_assert!(started.elapsed().as_secs() < 3);
    }

    #[test]
    fn tokens_do_not_panic(
        words in prop::collection::vec(prop::sample::select(TOKENS), 0..80),
        language in prop::sample::select(&LANGUAGES[..]),
        cuts in prop::collection::vec((0usize..4, 0usize..300), 0..6),
        glue in prop::sample::select(&[" ", ""][..]),
    ) {
        let source = words.join(glue);
        parse(language, source.as_bytes(), &cut(source.len(), &cuts));
    }
}

/// Pieces of all kinds, in order.
fn cut(length: usize, cuts: &[(usize, usize)]) -> Vec<Piece> {
    let mut ends: Vec<(usize, usize)> = cuts.iter().map(|(kind, at)| (*at % (length + 1), *kind)).collect();
    ends.push((length, 0));
    ends.sort_unstable();
    let mut start = 0;
    let mut pieces = Vec::new();
    for (end, kind) in ends {
        pieces.push(match kind {
            1 => Piece::Text(start..end),
            2 => Piece::Echo(start..end),
            _ => Piece::Code(start..end),
        });
        start = end;
    }
    pieces
}

const PARTS: &[&str] = &[
    "event ",
    "a::",
    "a: ",
    "(",
    "[",
    "{",
    "<",
    "a<",
    "a(",
    "a[",
    "a.",
    "a+",
    "a=",
    "a?",
    "a?b:",
    "!",
    "-",
    "(a)",
    "(string)",
    "new ",
    "new a{",
    "if(",
    "if(a)",
    "else if(a)b;",
    "if(a)b;else ",
    "while(a)",
    "for(;;)",
    "switch(a){case 1:",
    "a switch{_=>",
    "x=>",
    "(x)=>",
    "x->",
    "function f(){",
    "(function(){",
    "class A{",
    "class A<",
    "[a(",
    "@A(",
    "a:",
    "try{",
    "catch(",
    "do ",
    "using(",
    "lock(",
    "$\"{",
    "`${",
    "/[=",
    "\"",
    "'",
    "\"\"\"",
    "@\"",
    "/*",
    "//",
    "a b",
    "a<b,",
    "from a in b ",
    "a as b ",
    "a is b ",
    "a is not ",
    "a..",
    "..",
    "a,",
    "a;",
    "int a,",
    "(int a,",
    "a{get{",
    "\\u0061",
    "@if",
    "}",
    ")",
    "]",
    ">",
    "?",
    ":",
    "=",
    "a.b().c[0]",
    "a&&",
    "case a:",
    "namespace a{",
    "async ",
    "static ",
    "await ",
    "delete ",
    "a`",
    "a::b",
    "a!",
    "a++",
    "public int a{get;}",
    "enum A{a{",
    "var {a:",
    "return ",
    "/a/",
    "#",
    "\\",
    "goto ",
    "a b(c)",
    "a<b>c(",
    "new a<b>(",
    "new a[",
    "a?[",
    "a?.[",
    "delegate{",
    "operator ",
    "a operator ",
    "throw ",
];
