//! Statements that branch and loop, with braces and with `endif` and its like.

use super::expression::power;
use super::token::T;
use super::{MAX_CHAIN, Parser};
use crate::ir::{Block, Each, Expr, Loop, Name, Stmt};

impl Parser<'_> {
    /// An expression in brackets.
    fn condition(&mut self) -> Expr {
        if !self.expect(T::OpenParen) {
            return self.expr(power::LOWEST);
        }
        let value = self.expr(power::LOWEST);
        self.close_paren();
        value
    }

    /// The closing bracket of a statement's head; what is in front of it instead is skipped.
    fn close_paren(&mut self) {
        while self.kind() != T::CloseParen && self.kind() != T::Comma {
            let before = self.next;
            self.skip_operand();
            if self.next == before {
                break;
            }
        }
        self.expect(T::CloseParen);
    }

    /// One statement, or a block.
    fn body(&mut self) -> Block {
        if self.kind() == T::OpenBrace {
            return self.nested(Self::block).unwrap_or_default();
        }
        let mut body = Block::new();
        if !self.kind().is_wall() && self.kind() != T::CloseBrace {
            self.statement(&mut body);
        }
        body
    }

    /// The body of a loop: also `: … end;`.
    fn body_or_until(&mut self, end: T) -> Block {
        if !self.eat(T::Colon) {
            return self.body();
        }
        let mut body = Block::new();
        self.statements(&mut body, |kind| kind == end);
        if self.expect(end) {
            self.finish();
        }
        body
    }

    // A loop and not a recursion: pages that tell hundreds of actions apart have hundreds of `else if`.
    pub(super) fn if_statement(&mut self, out: &mut Block) {
        let mut branches = Vec::new();
        let mut otherwise = Block::new();
        self.bump();
        loop {
            let condition = self.condition();
            // Whether `endif` belongs to this one, or to one around it.
            let alternative = self.kind() == T::Colon;
            let block = self.branch();
            branches.push((condition, block));
            match self.kind() {
                T::Else if self.kind_ahead(1) == T::Colon && !alternative => break,
                T::ElseIf => {
                    self.bump();
                }
                T::Else if self.kind_ahead(1) == T::If => {
                    self.bump();
                    self.bump();
                }
                T::Else => {
                    self.bump();
                    otherwise = self.branch();
                    self.end_if(alternative);
                    break;
                }
                _ => {
                    self.end_if(alternative);
                    break;
                }
            }
        }
        // Each is one level of the tree more. Behind so many they stand one after another instead of in each other.
        let levels = MAX_CHAIN.saturating_sub(self.height).max(1);
        let too_many = branches.split_off(branches.len().min(levels));
        if !too_many.is_empty() {
            let after = std::mem::take(&mut otherwise);
            otherwise = too_many.into_iter().map(|(condition, block)| Stmt::If(condition, block, Block::new())).collect();
            otherwise.extend(after);
        }
        self.height += branches.len();
        while let Some((condition, block)) = branches.pop() {
            let statement = Stmt::If(condition, block, std::mem::take(&mut otherwise));
            if branches.is_empty() {
                out.push(statement);
            } else {
                otherwise = vec![statement];
            }
        }
    }

    fn branch(&mut self) -> Block {
        if !self.eat(T::Colon) {
            return self.body();
        }
        let mut body = Block::new();
        self.statements(&mut body, |kind| matches!(kind, T::ElseIf | T::Else | T::EndIf));
        body
    }

    fn end_if(&mut self, alternative: bool) {
        if alternative && self.expect(T::EndIf) {
            self.finish();
        }
    }

    pub(super) fn while_statement(&mut self, out: &mut Block) {
        self.bump();
        let condition = Some(self.condition());
        let body = self.body_or_until(T::EndWhile);
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
    }

    pub(super) fn do_statement(&mut self, out: &mut Block) {
        self.bump();
        let body = self.body();
        let condition = if self.expect(T::While) { Some(self.condition()) } else { None };
        self.finish();
        out.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: true })));
    }

    pub(super) fn for_statement(&mut self, out: &mut Block) {
        self.bump();
        self.expect(T::OpenParen);
        let mut init = self.expressions(T::Semicolon);
        let mut conditions = self.expressions(T::Semicolon);
        let step = self.expressions(T::CloseParen);
        // Of several conditions the last one decides. The others are run before each pass: close enough in front of the loop.
        let condition = conditions.pop();
        init.append(&mut conditions);
        let body = self.body_or_until(T::EndFor);
        out.push(Stmt::Loop(Box::new(Loop { init, condition, step, body, body_first: false })));
    }

    /// Expressions with commas up to an end, which is read.
    fn expressions(&mut self, end: T) -> Vec<Expr> {
        let mut values = Vec::new();
        while self.kind() != end && !self.kind().closes() && !matches!(self.kind(), T::End | T::Text | T::OpenBrace) {
            if end == T::CloseParen && self.kind() == T::Semicolon {
                break;
            }
            values.push(self.expr(power::LOWEST));
            if !self.eat(T::Comma) {
                break;
            }
        }
        if self.kind() != end && self.kind() != T::OpenBrace {
            self.skip_operand();
        }
        self.eat(end);
        values
    }

    pub(super) fn foreach_statement(&mut self, out: &mut Block) {
        let at = self.bump().at;
        self.expect(T::OpenParen);
        let subject = self.expr(power::LOWEST);
        self.expect(T::As);
        let mut by_ref = self.eat(T::Amp);
        let mut value = self.expr(power::LOWEST);
        let mut key = None;
        if self.eat(T::FatArrow) {
            by_ref = self.eat(T::Amp);
            key = Some(std::mem::replace(&mut value, self.expr(power::LOWEST)));
        }
        self.close_paren();
        let body = self.body_or_until(T::EndForeach);
        out.push(Stmt::Each(Box::new(Each { subject, key, value, by_ref, body, at })));
    }

    pub(super) fn switch_statement(&mut self, out: &mut Block) {
        self.bump();
        let subject = self.condition();
        let end = if self.eat(T::Colon) { T::EndSwitch } else { T::CloseBrace };
        if end == T::CloseBrace && !self.expect(T::OpenBrace) {
            out.push(Stmt::Expr(subject));
            return;
        }
        let mut cases: Vec<(Vec<Expr>, Block)> = Vec::new();
        loop {
            let kind = self.kind();
            if kind == end || kind == T::CloseBrace || kind.is_wall() {
                break;
            }
            let before = self.next;
            match kind {
                T::Case => {
                    self.bump();
                    let pattern = self.expr(power::LOWEST);
                    self.case_separator();
                    cases.push((vec![pattern], Block::new()));
                }
                T::Default => {
                    self.bump();
                    self.case_separator();
                    cases.push((Vec::new(), Block::new()));
                }
                // Blanks between closing and opening tags.
                T::Text | T::Semicolon if cases.is_empty() => {
                    self.bump();
                }
                _ => match cases.last_mut() {
                    Some((_, block)) => {
                        self.statements(block, |kind| matches!(kind, T::Case | T::Default) || kind == end);
                    }
                    None => self.finish(),
                },
            }
            if self.next == before {
                self.mark_unread();
                self.bump();
            }
        }
        if self.expect(end) && end == T::EndSwitch {
            self.finish();
        }
        out.push(Stmt::Switch(subject, cases));
    }

    fn case_separator(&mut self) {
        if !self.eat(T::Colon) && !self.eat(T::Semicolon) {
            self.mark_unread();
        }
    }

    pub(super) fn try_statement(&mut self, out: &mut Block) {
        self.bump();
        let body = self.block();
        let mut catches: Vec<(Option<Name>, Block)> = Vec::new();
        while self.eat(T::Catch) {
            let mut variable = None;
            if self.expect(T::OpenParen) {
                while self.kind().is_word() || self.kind() == T::Bar {
                    self.bump();
                }
                if self.kind() == T::Variable {
                    let token = self.bump();
                    variable = Some(self.name(token));
                }
                self.close_paren();
            }
            catches.push((variable, self.block()));
        }
        let finally = if self.eat(T::Finally) { self.block() } else { Block::new() };
        out.push(Stmt::Try { body, catches, finally });
    }
}
