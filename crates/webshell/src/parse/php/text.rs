//! Strings as expressions: literals, and templates with what they interpolate.

use super::Parser;
use super::expression::power;
use super::string;
use super::token::{T, Token};
use crate::ir::{Expr, Kind};

impl Parser<'_> {
    /// A string of any kind, with what it interpolates.
    pub(super) fn text_literal(&mut self) -> Expr {
        let token = self.bump();
        let quote = match token.kind {
            T::Single => return Expr::bytes(token.at, &string::single(self.bytes(token))),
            T::Double => return Expr::bytes(token.at, &string::escaped(self.bytes(token), Some(b'"'))),
            T::Template => Some(b'"'),
            T::Backtick => Some(b'`'),
            _ => None,
        };
        let mut pieces = Vec::new();
        loop {
            let piece = self.token();
            match piece.kind {
                T::TemplateEnd => {
                    self.bump();
                    break;
                }
                T::End => break,
                T::Chunk => {
                    self.bump();
                    pieces.push(self.chunk(token, piece, quote, pieces.is_empty()));
                }
                T::Variable => pieces.push(self.simple_interpolation()),
                T::Interpolation | T::InterpolationDollar => pieces.push(self.interpolation()),
                _ => {
                    self.bump();
                }
            }
        }
        match pieces.as_slice() {
            [] => Expr::bytes(token.at, b""),
            [Expr { kind: Kind::Literal(_), .. }] => pieces.pop().unwrap_or_else(|| self.null()),
            _ => Expr::new(token.at, Kind::Joined(pieces)),
        }
    }

    fn chunk(&self, open: Token, chunk: Token, quote: Option<u8>, first: bool) -> Expr {
        let raw = self.bytes(chunk);
        let indent = if matches!(open.kind, T::Heredoc | T::Nowdoc) { open.end as usize } else { 0 };
        let raw = string::without_indent(raw, indent, first);
        if open.kind == T::Nowdoc {
            return Expr::bytes(chunk.at, &raw);
        }
        Expr::bytes(chunk.at, &string::escaped(&raw, quote))
    }

    fn simple_interpolation(&mut self) -> Expr {
        let variable = self.variable();
        let (at, link) = (variable.at, self.token());
        let target = Box::new(variable);
        let kind = match link.kind {
            T::ChunkKey => {
                let key = Expr::new(link.at, Kind::Literal(string::key(self.bytes(link))));
                Kind::Index(target, Some(Box::new(key)))
            }
            T::ChunkKeyVariable => {
                let name = self.name(Token { kind: T::Variable, ..link });
                Kind::Index(target, Some(Box::new(Expr::new(link.at, Kind::Var(name)))))
            }
            T::ChunkMember => Kind::Member(target, Box::new(Expr::bytes(link.at, self.bytes(link)))),
            _ => return *target,
        };
        self.bump();
        Expr::new(at, kind)
    }

    /// `{$…}` or `${…}`.
    fn interpolation(&mut self) -> Expr {
        let open = self.bump();
        let name = self.token();
        let value = if name.kind == T::InterpolationName {
            self.bump();
            let variable = Expr::new(name.at, Kind::Var(self.name(name)));
            self.postfix(variable, true)
        } else {
            let inner = self.expr(power::LOWEST);
            if open.kind == T::Interpolation { inner } else { Expr::new(open.at, Kind::Dynamic(Box::new(inner))) }
        };
        while self.kind() != T::InterpolationEnd && self.kind() != T::End {
            self.mark_unread();
            if self.kind().opens() {
                self.skip_balanced();
            } else if self.kind() == T::TemplateEnd {
                break;
            } else {
                self.bump();
            }
        }
        self.eat(T::InterpolationEnd);
        value
    }
}
