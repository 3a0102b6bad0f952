//! Types, which are looked at but not kept: where one ends, and what it is called.

use super::Parser;
use super::token::T;
use crate::ir::Name;

/// A list of type arguments, and a dotted name, is looked through for so many tokens.
const MAX_TYPE: usize = 96;

impl Parser<'_> {
    /// The place behind a type that starts at `pos`, if one does.
    pub(super) fn scan_type(&self, pos: usize) -> Option<usize> {
        let mut pos = pos;
        let limit = pos + MAX_TYPE;
        if self.cs && self.kind_at(pos) == T::LParen {
            pos = self.scan_tuple(pos)?;
        } else {
            loop {
                if pos > limit || !(self.kind_at(pos).is_word() || (self.js && self.kind_at(pos) == T::Void)) {
                    return None;
                }
                pos += 1;
                if self.kind_at(pos) == T::Lt {
                    pos = self.scan_type_arguments(pos)?;
                }
                match self.kind_at(pos) {
                    T::Dot => pos += 1,
                    T::ColonColon if self.cs => pos += 1,
                    _ => break,
                }
            }
        }
        loop {
            match self.kind_at(pos) {
                T::Question | T::Star if self.cs => pos += 1,
                T::LBracket => {
                    let mut end = pos + 1;
                    while self.kind_at(end) == T::Comma && end < limit {
                        end += 1;
                    }
                    if self.kind_at(end) != T::RBracket {
                        break;
                    }
                    pos = end + 1;
                }
                T::Ellipsis if self.java => pos += 1,
                _ => break,
            }
        }
        Some(pos)
    }

    /// `(int a, string b)`.
    fn scan_tuple(&self, pos: usize) -> Option<usize> {
        let mate = self.mate(pos).filter(|mate| mate - pos < MAX_TYPE)?;
        let inside = pos + 1..mate;
        let mut commas = 0;
        for index in inside {
            match self.kind_at(index) {
                T::Comma => commas += 1,
                T::Lt | T::Gt | T::Dot | T::LBracket | T::RBracket | T::Question => {}
                kind if kind.is_word() => {}
                _ => return None,
            }
        }
        (commas > 0 && self.kind_at(pos + 1).is_word()).then_some(mate + 1)
    }

    /// The place behind the `>` that closes the `<` at `pos`, if types stand between them.
    pub(super) fn scan_type_arguments(&self, pos: usize) -> Option<usize> {
        let mut open = 0usize;
        for index in pos..pos + MAX_TYPE {
            match self.kind_at(index) {
                T::Lt => open += 1,
                T::Gt => {
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return Some(index + 1);
                    }
                }
                T::Comma | T::Dot | T::Question | T::LBracket | T::RBracket | T::ColonColon => {}
                T::LParen | T::RParen | T::In | T::ByRef if self.cs => {}
                T::Amp | T::Extends | T::Base | T::At if self.java => {}
                kind if kind.is_word() => {}
                _ => return None,
            }
        }
        None
    }

    /// The type between two places as it is kept: lower case, without namespace and type arguments; `[]` for each rank.
    pub(super) fn type_name(&self, from: usize, to: usize) -> Option<Name> {
        let mut last = None;
        let mut ranks = 0;
        let mut open = 0usize;
        for pos in from..to {
            match self.kind_at(pos) {
                T::Lt => open += 1,
                T::Gt => open = open.saturating_sub(1),
                T::LBracket | T::Ellipsis if open == 0 => ranks += 1,
                kind if kind.is_wordy() && open == 0 => last = Some(pos),
                T::LParen => return None,
                _ => {}
            }
        }
        let name = self.lower_at(last?);
        if &*name == "var" {
            return None;
        }
        Some(if ranks == 0 { name } else { format!("{name}{}", "[]".repeat(ranks)).into() })
    }

    /// Reads a type and gives its name.
    pub(super) fn read_type(&mut self) -> Option<Name> {
        let from = self.pos;
        let to = self.scan_type(from)?;
        self.pos = to;
        self.type_name(from, to)
    }

    /// The qualified name between two places as it is written, without type arguments.
    pub(super) fn dotted(&self, from: usize, to: usize) -> Name {
        let mut out = String::new();
        let mut open = 0usize;
        for pos in from..to {
            match self.kind_at(pos) {
                T::Lt => open += 1,
                T::Gt => open = open.saturating_sub(1),
                T::Dot if open == 0 => out.push('.'),
                // `global::System`.
                T::ColonColon => out.clear(),
                T::LBracket if open == 0 => out.push_str("[]"),
                kind if kind.is_wordy() && open == 0 => out.push_str(&self.name_at(pos)),
                _ => {}
            }
        }
        out.into()
    }

    /// Whether a declaration starts at `pos`: a type and a name, and behind them what belongs there.
    pub(super) fn is_declared(&self, pos: usize) -> bool {
        let Some(end) = self.scan_type(pos) else { return false };
        if !self.kind_at(end).is_word() || self.word_at(pos, b"await") {
            return false;
        }
        match self.kind_at(end + 1) {
            T::Assign | T::Semi | T::Comma | T::LParen | T::Lt | T::End | T::EchoEnd => true,
            T::LBracket | T::Colon => self.java,
            T::LBrace | T::FatArrow | T::Dot | T::In => self.cs,
            _ => false,
        }
    }
}
