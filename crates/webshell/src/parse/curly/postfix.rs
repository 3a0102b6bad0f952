//! What may stand behind an operand: members, calls, indexes, steps.

use super::Parser;
use super::expression::sequence;
use super::token::T;
use crate::ir::{Expr, Item, Kind, Literal, Unary};

impl Parser<'_> {
    pub(super) fn postfixed(&mut self) -> Option<Expr> {
        let first = self.operand()?;
        Some(self.postfixes(first))
    }

    /// Members, calls, indexes behind an operand.
    pub(super) fn postfixes(&mut self, mut left: Expr) -> Expr {
        loop {
            let at = self.at();
            let token = self.token();
            let fits = self.height < super::MAX_HEIGHT;
            let kind = match token.kind {
                T::Dot | T::QuestionDot => {
                    self.bump();
                    match self.after_dot(left, at) {
                        Ok(kind) => kind,
                        Err(unchanged) => {
                            left = unchanged;
                            continue;
                        }
                    }
                }
                T::ThinArrow if self.cs && self.ahead(1).is_word() => {
                    self.bump();
                    self.member(left)
                }
                T::ColonColon if self.java => {
                    self.bump();
                    let name = self.name().unwrap_or_else(|| "".into());
                    Kind::Static(Box::new(left), Box::new(Expr::bytes(at, name.as_bytes())))
                }
                T::LParen => {
                    let items = self.items();
                    Kind::Call(Box::new(left), items)
                }
                T::LBracket => {
                    let index = self.index();
                    Kind::Index(Box::new(left), index.map(Box::new))
                }
                T::Question if self.cs && self.ahead(1) == T::LBracket && self.token_at(self.pos + 1).start == token.end => {
                    self.bump();
                    continue;
                }
                T::Increment | T::Decrement if !(self.js && token.line) => {
                    self.bump();
                    let by = if token.kind == T::Increment { 1 } else { -1 };
                    Kind::Step { target: Box::new(left), by, prefix: false }
                }
                T::Bang if self.cs && !token.line => {
                    self.bump();
                    continue;
                }
                T::Lt if !self.js => match self.scan_generic_call() {
                    Some(end) => {
                        self.pos = end;
                        continue;
                    }
                    None => break,
                },
                T::TemplateStart if self.js && !token.line => {
                    let text = self.operand();
                    let text = self.or_null(text);
                    Kind::Call(Box::new(left), vec![Item::plain(text)])
                }
                T::Switch if self.cs && self.ahead(1) == T::LBrace => self.switch_expression(left),
                _ => break,
            };
            // A chain that is too long is read to its end and kept up to here.
            left = if fits {
                self.height += 1;
                Expr::new(at, kind)
            } else {
                self.lose();
                innermost(kind, at)
            };
        }
        left
    }

    /// The place behind `<T>` if that belongs to a call or a name of a type.
    fn scan_generic_call(&self) -> Option<usize> {
        if !self.kind_at(self.pos.wrapping_sub(1)).is_wordy() {
            return None;
        }
        let end = self.scan_type_arguments(self.pos)?;
        let fits = match self.kind_at(end) {
            T::LParen | T::ColonColon => true,
            T::RParen | T::RBracket | T::Colon | T::Semi | T::Comma | T::Dot | T::Equal | T::NotEqual => self.cs,
            _ => false,
        };
        fits.then_some(end)
    }

    fn after_dot(&mut self, left: Expr, at: u32) -> Result<Kind, Expr> {
        match self.kind() {
            // `a?.[b]` and `a?.(b)`.
            T::LBracket | T::LParen if self.js => Err(left),
            // `a.<T>b()`.
            T::Lt if self.java => {
                self.pos = self.scan_type_arguments(self.pos).unwrap_or(self.pos + 1);
                Ok(self.member(left))
            }
            T::Class if self.java => {
                self.bump();
                Ok(match path(&left) {
                    Some(name) => Kind::Unary(Unary::TypeOf, Box::new(Expr::new(at, Kind::Name(name.into())))),
                    None => Kind::Unary(Unary::TypeOf, Box::new(left)),
                })
            }
            T::New if self.java => Ok(match self.operand() {
                Some(made) => made.kind,
                None => Kind::Literal(Literal::Null),
            }),
            kind if kind.is_wordy() => Ok(self.member(left)),
            _ => Err(left),
        }
    }

    fn member(&mut self, left: Expr) -> Kind {
        let at = self.at();
        let token = self.token();
        let name = match token.kind {
            T::EscapedWord => Expr::bytes(at, self.name_at(self.pos).as_bytes()),
            kind if kind.is_wordy() => Expr::bytes(at, self.raw(token)),
            _ => return Kind::Member(Box::new(left), Box::new(Expr::bytes(at, b""))),
        };
        self.bump();
        Kind::Member(Box::new(left), Box::new(name))
    }

    fn index(&mut self) -> Option<Expr> {
        let at = self.at();
        let mate = self.mate(self.pos);
        let mut items = self.group(|parser| parser.list_until(T::RBracket, mate));
        match items.len() {
            0 | 1 => items.pop().map(|item| item.value),
            _ if self.js => Some(sequence(at, items)),
            _ => Some(Expr::new(at, Kind::List(items))),
        }
    }
}

/// The dotted name that an expression is.
pub(super) fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Var(name) => Some(name.to_string()),
        Kind::Index(object, None) => Some(path(object)? + "[]"),
        Kind::Member(object, member) => {
            let Kind::Literal(Literal::Bytes(name)) = &member.kind else { return None };
            let mut out = path(object)?;
            out.push('.');
            out.push_str(&String::from_utf8_lossy(name));
            Some(out)
        }
        _ => None,
    }
}

/// The object of a postfix, without it.
fn innermost(kind: Kind, at: u32) -> Expr {
    match kind {
        Kind::Member(left, _) | Kind::Static(left, _) | Kind::Call(left, _) | Kind::Index(left, _) => *left,
        Kind::Step { target, .. } | Kind::Unary(_, target) => *target,
        other => Expr::new(at, other),
    }
}
