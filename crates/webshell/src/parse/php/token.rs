//! The tokens of PHP: a kind and a range of the text. Nothing is decoded here, so that a megabyte of strings costs nothing yet.

use crate::ir::Offset;

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub kind: T,
    pub at: Offset,
    /// End of the range; for [`T::Heredoc`] and [`T::Nowdoc`] the indentation of the closing label instead.
    pub end: Offset,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[rustfmt::skip]
pub(super) enum T {
    /// Behind the last token.
    End,
    /// Text outside of code.
    Text,
    /// `$name`, the `$` is part of the range.
    Variable,
    /// `$` in front of another `$` or a `{`.
    Dollar,
    /// A word that is no keyword.
    Word,
    /// A word with namespaces.
    Qualified,
    Number,
    /// The inside of `'…'`.
    Single,
    /// The inside of `"…"` when nothing is interpolated.
    Double,
    /// `(int)`: the range is the type's name.
    Cast,
    /// `#[`.
    Attribute,

    // A string with interpolation: an opening token, pieces, `TemplateEnd`. The lexer makes sure that they are balanced.
    Template, Backtick, Heredoc, Nowdoc,
    TemplateEnd,
    /// Raw text of a template.
    Chunk,
    /// `[name]` or `[-1]` behind a variable of a template; the range is what is between the brackets.
    ChunkKey,
    /// `[$name]` likewise.
    ChunkKeyVariable,
    /// `->name` likewise; the range is the name.
    ChunkMember,
    /// `{` in front of a `$`.
    Interpolation,
    /// `${`.
    InterpolationDollar,
    /// The name in `${name}` and `${name[…]}`.
    InterpolationName,
    InterpolationEnd,

    Semicolon, Comma, Colon, DoubleColon, Arrow, NullArrow, FatArrow, Ellipsis, Question,
    OpenParen, CloseParen, OpenBracket, CloseBracket, OpenBrace, CloseBrace,

    Assign, PlusAssign, MinusAssign, StarAssign, SlashAssign, PercentAssign, PowAssign, DotAssign, AmpAssign, BarAssign,
    CaretAssign, ShiftLeftAssign, ShiftRightAssign, CoalesceAssign,

    Plus, Minus, Star, Slash, Percent, Pow, Dot, Amp, Bar, Caret, Tilde, Not, At, ShiftLeft, ShiftRight, AmpAmp, BarBar, Coalesce,
    Equal, NotEqual, Identical, NotIdentical, Less, LessEqual, Greater, GreaterEqual, Spaceship, Pipe, Increment, Decrement,

    // Keywords.
    Abstract, And, Array, As, Break, Case, Catch, Class, Clone, Const, Continue, Declare, Default, Die, Do, Echo, Else, ElseIf, Empty,
    EndDeclare, EndFor, EndForeach, EndIf, EndSwitch, EndWhile, Eval, Exit, Extends, Final, Finally, Fn, For, Foreach, Function,
    Global, Goto, HaltCompiler, If, Implements, Include, IncludeOnce, InstanceOf, Interface, Isset, List, Match, Namespace, New, Or,
    Print, Private, Protected, Public, Readonly, Require, RequireOnce, Return, Static, Switch, Throw, Trait, Try, Unset, Use, Var,
    While, Xor, Yield,
}

impl T {
    /// Whether it may be the name of a member, which keywords may as well.
    pub(super) fn is_word(self) -> bool {
        matches!(self, T::Word | T::Qualified) || self as u8 >= T::Abstract as u8
    }

    /// Whether it opens something that [`T::closes`] closes.
    pub(super) fn opens(self) -> bool {
        matches!(
            self,
            T::OpenParen
                | T::OpenBracket
                | T::OpenBrace
                | T::Attribute
                | T::Template
                | T::Backtick
                | T::Heredoc
                | T::Nowdoc
                | T::Interpolation
                | T::InterpolationDollar
        )
    }

    pub(super) fn closes(self) -> bool {
        matches!(self, T::CloseParen | T::CloseBracket | T::CloseBrace | T::TemplateEnd | T::InterpolationEnd)
    }

    /// Whether nothing that began before it goes on behind it: the end of the text or of an interpolation.
    pub(super) fn is_wall(self) -> bool {
        matches!(self, T::End | T::InterpolationEnd | T::TemplateEnd)
    }

    /// Whether it can only be the first word of a statement.
    pub(super) fn starts_statement(self) -> bool {
        matches!(
            self,
            T::Abstract
                | T::Break
                | T::Class
                | T::Const
                | T::Continue
                | T::Declare
                | T::Do
                | T::Echo
                | T::Final
                | T::For
                | T::Foreach
                | T::Global
                | T::Goto
                | T::If
                | T::Interface
                | T::Return
                | T::Switch
                | T::Trait
                | T::Try
                | T::While
        )
    }
}

/// The keyword that a word is, in any case of letters, or [`T::Word`].
pub(super) fn keyword(word: &[u8]) -> T {
    let mut lower = [0; 15];
    let Some(lower) = lower.get_mut(..word.len()) else { return T::Word };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    by_length(lower)
}

// By length first: a comparison with each of seventy words would cost more than all else that is done with a word.
#[rustfmt::skip]
fn by_length(word: &[u8]) -> T {
    match word.len() {
        2 => match word {
            b"if" => T::If, b"as" => T::As, b"do" => T::Do, b"or" => T::Or, b"fn" => T::Fn, _ => T::Word,
        },
        3 => match word {
            b"for" => T::For, b"new" => T::New, b"and" => T::And, b"xor" => T::Xor, b"try" => T::Try, b"use" => T::Use,
            b"var" => T::Var, b"die" => T::Die, _ => T::Word,
        },
        4 => match word {
            b"echo" => T::Echo, b"else" => T::Else, b"case" => T::Case, b"list" => T::List, b"eval" => T::Eval, b"exit" => T::Exit,
            b"goto" => T::Goto, _ => T::Word,
        },
        5 => match word {
            b"array" => T::Array, b"isset" => T::Isset, b"empty" => T::Empty, b"while" => T::While, b"break" => T::Break,
            b"class" => T::Class, b"catch" => T::Catch, b"clone" => T::Clone, b"const" => T::Const, b"endif" => T::EndIf,
            b"final" => T::Final, b"match" => T::Match, b"print" => T::Print, b"throw" => T::Throw, b"trait" => T::Trait,
            b"unset" => T::Unset, b"yield" => T::Yield, _ => T::Word,
        },
        6 => match word {
            b"return" => T::Return, b"static" => T::Static, b"public" => T::Public, b"switch" => T::Switch, b"elseif" => T::ElseIf,
            b"global" => T::Global, b"endfor" => T::EndFor, _ => T::Word,
        },
        7 => match word {
            b"foreach" => T::Foreach, b"include" => T::Include, b"require" => T::Require, b"private" => T::Private,
            b"default" => T::Default, b"declare" => T::Declare, b"extends" => T::Extends, b"finally" => T::Finally, _ => T::Word,
        },
        8 => match word {
            b"function" => T::Function, b"abstract" => T::Abstract, b"continue" => T::Continue, b"endwhile" => T::EndWhile,
            b"readonly" => T::Readonly, _ => T::Word,
        },
        9 => match word {
            b"protected" => T::Protected, b"namespace" => T::Namespace, b"interface" => T::Interface, b"endswitch" => T::EndSwitch,
            _ => T::Word,
        },
        10 => match word {
            b"instanceof" => T::InstanceOf, b"implements" => T::Implements, b"endforeach" => T::EndForeach,
            b"enddeclare" => T::EndDeclare, _ => T::Word,
        },
        12 => match word {
            b"include_once" => T::IncludeOnce, b"require_once" => T::RequireOnce, _ => T::Word,
        },
        15 => match word {
            b"__halt_compiler" => T::HaltCompiler, _ => T::Word,
        },
        _ => T::Word,
    }
}
