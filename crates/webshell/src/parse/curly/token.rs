//! Tokens of the curly languages, and which words are keywords in which of them.

use crate::language::Language;

/// A token: bytes `start..end` of the source (of a string only what is between the quotes).
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: T,
    /// A line ended between the token before and this one, which ends statements in JScript.
    pub line: bool,
    pub start: u32,
    pub end: u32,
    /// Where it stands in the text that was given, which differs from `start` where Java's escapes were decoded.
    pub at: u32,
    /// For an opening bracket the index of its closing one, so that looking ahead takes no time. 0 is none.
    pub mate: u32,
}

impl Token {
    pub(super) const END: Token = Token { kind: T::End, line: true, start: 0, end: 0, at: 0, mate: 0 };
}

/// What a token is. Everything from `Word` on is spelled like an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum T {
    End,
    EchoStart,
    EchoEnd,
    Number,
    /// A string with escapes.
    Str,
    /// `@"…"`: quotes are doubled, nothing else is special.
    Verbatim,
    /// `"""…"""` of C#.
    Raw,
    /// `"""…"""` of Java.
    TextBlock,
    Char,
    Regex,
    /// `$"` and a backtick: chunks and holes follow up to `TemplateEnd`.
    TemplateStart,
    TemplateEnd,
    HoleStart,
    HoleEnd,
    Chunk,
    ChunkVerbatim,
    ChunkRaw,
    LParen,
    RParen,
    LBrace,
    RBrace,
    LBracket,
    RBracket,
    Semi,
    Comma,
    Dot,
    QuestionDot,
    DotDot,
    Ellipsis,
    Colon,
    ColonColon,
    Question,
    Coalesce,
    FatArrow,
    ThinArrow,
    Assign,
    PlusAssign,
    MinusAssign,
    StarAssign,
    SlashAssign,
    PercentAssign,
    AmpAssign,
    PipeAssign,
    CaretAssign,
    ShlAssign,
    CoalesceAssign,
    AndAssign,
    OrAssign,
    PowAssign,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Pow,
    Increment,
    Decrement,
    Equal,
    NotEqual,
    Lt,
    /// Always alone: `>>` is two of them, since it may close two lists of type arguments.
    Gt,
    Le,
    Ge,
    Shl,
    AndAnd,
    OrOr,
    Amp,
    Pipe,
    Caret,
    Tilde,
    Bang,
    At,
    Stray,
    // From here on words.
    Word,
    /// A word with unicode escapes in it: never a keyword.
    EscapedWord,
    Modifier,
    If,
    Else,
    While,
    Do,
    For,
    Foreach,
    Switch,
    Case,
    Default,
    Break,
    Continue,
    Return,
    Throw,
    Try,
    Catch,
    Finally,
    Using,
    Lock,
    Fixed,
    Checked,
    Unsafe,
    Synchronized,
    With,
    Function,
    Var,
    Class,
    Enum,
    Namespace,
    Import,
    Delegate,
    Event,
    Goto,
    New,
    This,
    Base,
    Null,
    True,
    False,
    Typeof,
    Instanceof,
    Is,
    As,
    In,
    ByRef,
    Params,
    Operator,
    Delete,
    Void,
    Extends,
}

impl T {
    /// Whether it is spelled like an identifier, so that it may name a member.
    pub(super) fn is_wordy(self) -> bool {
        self >= T::Word
    }

    pub(super) fn is_word(self) -> bool {
        matches!(self, T::Word | T::EscapedWord)
    }
}

const CS: u8 = 1;
const JAVA: u8 = 2;
const JS: u8 = 4;
const ALL: u8 = CS | JAVA | JS;

pub(super) fn mask(language: Language) -> u8 {
    match language {
        Language::CSharp => CS,
        Language::Java => JAVA,
        _ => JS,
    }
}

/// The keyword that a word is in a language, else `Word`.
pub(super) fn keyword(word: &[u8], mask: u8) -> T {
    let Some(first @ b'a'..=b'y') = word.first().copied() else { return T::Word };
    if word.len() < 2 || word.len() > 12 {
        return T::Word;
    }
    let list = KEYWORDS.get(usize::from(first - b'a')).copied().unwrap_or_default();
    let found = list.iter().find(|(text, languages, _)| *languages & mask != 0 && text.as_bytes() == word);
    found.map_or(T::Word, |(_, _, kind)| *kind)
}

type Keywords = &'static [(&'static str, u8, T)];

/// By first letter, from `a` to `y`.
const KEYWORDS: [Keywords; 25] = [
    &[("as", CS, T::As), ("abstract", ALL, T::Modifier)],
    &[("break", ALL, T::Break), ("base", CS, T::Base)],
    &[
        ("case", ALL, T::Case),
        ("catch", ALL, T::Catch),
        ("class", ALL, T::Class),
        ("const", CS, T::Modifier),
        ("const", JS, T::Var),
        ("continue", ALL, T::Continue),
        ("checked", CS, T::Checked),
    ],
    &[("do", ALL, T::Do), ("default", ALL, T::Default), ("delegate", CS, T::Delegate), ("delete", JS, T::Delete)],
    &[
        ("else", ALL, T::Else),
        ("enum", ALL, T::Enum),
        ("extern", CS, T::Modifier),
        ("event", CS, T::Event),
        ("extends", JAVA | JS, T::Extends),
        ("export", JS, T::Modifier),
        ("expando", JS, T::Modifier),
    ],
    &[
        ("for", ALL, T::For),
        ("false", ALL, T::False),
        ("foreach", CS, T::Foreach),
        ("function", JS, T::Function),
        ("finally", ALL, T::Finally),
        ("final", JAVA | JS, T::Modifier),
        ("fixed", CS, T::Fixed),
    ],
    &[("goto", CS, T::Goto)],
    &[("hide", JS, T::Modifier)],
    &[
        ("if", ALL, T::If),
        ("in", CS | JS, T::In),
        ("is", CS, T::Is),
        ("import", JAVA | JS, T::Import),
        ("interface", ALL, T::Class),
        ("internal", CS | JS, T::Modifier),
        ("instanceof", JAVA | JS, T::Instanceof),
        ("implements", JAVA | JS, T::Extends),
    ],
    &[],
    &[],
    &[("lock", CS, T::Lock)],
    &[],
    &[("new", ALL, T::New), ("null", ALL, T::Null), ("namespace", CS, T::Namespace), ("native", JAVA, T::Modifier)],
    &[("out", CS, T::ByRef), ("override", CS | JS, T::Modifier), ("operator", CS, T::Operator)],
    &[
        ("public", ALL, T::Modifier),
        ("private", ALL, T::Modifier),
        ("protected", ALL, T::Modifier),
        ("package", JAVA | JS, T::Namespace),
        ("params", CS, T::Params),
    ],
    &[],
    &[("return", ALL, T::Return), ("ref", CS, T::ByRef), ("readonly", CS, T::Modifier)],
    &[
        ("static", ALL, T::Modifier),
        ("switch", ALL, T::Switch),
        ("struct", CS, T::Class),
        ("super", JAVA | JS, T::Base),
        ("sealed", CS, T::Modifier),
        ("synchronized", JAVA, T::Synchronized),
        ("strictfp", JAVA, T::Modifier),
        ("stackalloc", CS, T::New),
    ],
    &[
        ("this", ALL, T::This),
        ("true", ALL, T::True),
        ("try", ALL, T::Try),
        ("throw", ALL, T::Throw),
        ("typeof", CS | JS, T::Typeof),
        ("throws", JAVA, T::Extends),
        ("transient", JAVA, T::Modifier),
    ],
    &[("using", CS, T::Using), ("unsafe", CS, T::Unsafe), ("unchecked", CS, T::Checked)],
    &[("var", JS, T::Var), ("void", JS, T::Void), ("virtual", CS, T::Modifier), ("volatile", CS | JAVA, T::Modifier)],
    &[("while", ALL, T::While), ("with", JS, T::With)],
    &[],
    &[],
];
