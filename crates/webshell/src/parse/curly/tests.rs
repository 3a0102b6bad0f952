//! Each construct once, as a row: source and tree.

use proptest::prelude::*;

use crate::language::Language;
use crate::parse::{MAX_CHAIN, Piece, parse, show};

fn shown(language: Language, source: &str) -> String {
    let pieces = [Piece::Code(0..source.len())];
    show::program(&parse(language, source.as_bytes(), &pieces))
}

fn probe(language: Language, rows: &[&str]) {
    for source in rows {
        eprintln!("        (r##\"{source}\"##, r##\"{}\"##),", shown(language, source));
    }
}

#[test]
fn dump() {
    let text = std::fs::read_to_string("/tmp/rows.txt").unwrap();
    let mut language = Language::CSharp;
    for row in text.split("\n%%\n") {
        let row = row.trim_end_matches('\n');
        match row {
            "#cs" => language = Language::CSharp,
            "#java" => language = Language::Java,
            "#js" => language = Language::Jscript,
            "#net" => language = Language::JscriptNet,
            _ => {}
        }
        if row.starts_with("#") && row.len() < 7 {
            eprintln!("{row}");
            continue;
        }
        probe(language, &[row]);
    }
}

#[test]
fn speed() {
    let text = std::fs::read_to_string("/tmp/rows.txt").unwrap();
    for (language, tag) in [(Language::CSharp, "#cs"), (Language::Java, "#java"), (Language::Jscript, "#js")] {
        let from = text.find(&format!("{tag}\n%%\n")).unwrap() + tag.len() + 4;
        let part = &text[from..];
        let part = &part[..part.find("\n%%\n#").unwrap_or(part.len())];
        let rows: Vec<&str> = part.split("\n%%\n").collect();
        let one = rows[..rows.len().min(40)].join("\n");
        let mut source = String::new();
        while source.len() < 20_000_000 {
            source.push_str(&one);
            source.push('\n');
        }
        let started = std::time::Instant::now();
        let program = parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]);
        let took = started.elapsed();
        eprintln!("{tag} {:.1} MB/s, {} statements", source.len() as f64 / 1e6 / took.as_secs_f64(), program.body.len());
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
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), language in prop::sample::select(&LANGUAGES[..])) {
        let middle = bytes.len() / 2;
        parse(language, &bytes, &[Piece::Code(0..middle), Piece::Echo(middle..bytes.len())]);
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

/// Texts that are long in one way each: what took a time that grows faster than the text would show here, and what recursed
/// without a bound would end the test.
#[test]
fn long_texts_take_linear_time_and_bounded_depth() {
    let parts = [
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
    for language in LANGUAGES {
        for part in parts {
            let source = part.repeat(200_000 / part.len());
            let started = std::time::Instant::now();
            let program = parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]);
            drop(program);
            let took = started.elapsed();
            if took.as_millis() > 100 {
                eprintln!("{language:?} {part} {took:?}");
            }
            assert!(took.as_secs() < 5, "{language:?} {part:?} took {took:?}");
        }
    }
    let _ = MAX_CHAIN;
}
