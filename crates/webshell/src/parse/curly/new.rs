//! `new`: objects, arrays, anonymous classes, and what stands in braces behind them.

use std::rc::Rc;

use super::Parser;
use super::expression::sequence;
use super::postfix::path;
use super::token::T;
use crate::ir::{Expr, Item, Kind, Name};

impl Parser<'_> {
    pub(super) fn new_object(&mut self) -> Option<Expr> {
        let at = self.at();
        self.bump();
        let kind = if self.js { self.new_in_script() } else { self.new_of_type(at) };
        Some(Expr::new(at, kind))
    }

    fn new_in_script(&mut self) -> Kind {
        let at = self.at();
        let outside = self.enter();
        let mut class = match (self.kind(), outside) {
            // `new.target`.
            (T::Dot, _) | (_, None) => None,
            _ => self.operand(),
        };
        if let Some(outside) = outside {
            self.leave(outside);
        }
        while let Some(object) = class.take() {
            class = Some(match self.kind() {
                T::Dot if self.ahead(1).is_wordy() && self.link() => {
                    let name = self.name_at(self.pos + 1);
                    self.pos += 2;
                    Expr::member(at, object, &name)
                }
                T::LBracket if self.link() => {
                    let items = self.items_in(T::RBracket);
                    if self.is_net_array() {
                        let name: Name = format!("{}[]", path(&object).unwrap_or_default()).into();
                        return Kind::New(Box::new(Expr::new(at, Kind::Name(name))), items);
                    }
                    let index = sequence_or_one(at, items);
                    Expr::new(at, Kind::Index(Box::new(object), index.map(Box::new)))
                }
                _ => {
                    class = Some(object);
                    break;
                }
            });
        }
        let class = match class {
            Some(class) => named(class),
            None => Expr::null(at),
        };
        let items = if self.kind() == T::LParen { self.items() } else { Vec::new() };
        Kind::New(Box::new(class), items)
    }

    /// Whether what was read as an index is the length of an array of JScript.NET: it has no arguments behind it.
    fn is_net_array(&self) -> bool {
        self.language == crate::language::Language::JscriptNet && self.kind() != T::LParen
    }

    fn items_in(&mut self, close: T) -> Vec<Item> {
        let mate = self.mate(self.pos);
        self.group(|parser| parser.list_until(close, mate))
    }

    fn new_of_type(&mut self, at: u32) -> Kind {
        // Annotations, type arguments of a constructor.
        match self.kind() {
            // `new { A = b }`.
            T::LBrace => return Kind::List(self.braced()),
            // `new[] { … }`, `new(…)`.
            T::LBracket => {
                self.skip_one();
                return Kind::List(if self.kind() == T::LBrace { self.braced() } else { Vec::new() });
            }
            T::Lt if self.java => self.pos = self.scan_type_arguments(self.pos).unwrap_or(self.pos + 1),
            _ => {}
        }
        let from = self.pos;
        let end = self.scan_class(from);
        self.pos = end;
        let name = self.dotted(from, end);
        if name.ends_with("[]") {
            if self.kind() == T::LBrace {
                return Kind::List(self.braced());
            }
            return Kind::New(Box::new(Expr::new(at, Kind::Name(name))), Vec::new());
        }
        match self.kind() {
            T::LBracket => return self.new_array(at, &name),
            T::LParen | T::LBrace => {}
            // Cut off.
            _ => return Kind::New(Box::new(Expr::new(at, Kind::Name(name))), Vec::new()),
        }
        let items = if self.kind() == T::LParen { self.items() } else { Vec::new() };
        if self.kind() != T::LBrace {
            return Kind::New(Box::new(Expr::new(at, Kind::Name(name))), items);
        }
        if self.java {
            let class = self.anonymous_class(name, at);
            return Kind::New(Box::new(Expr::new(at, Kind::Class(class))), items);
        }
        let object = Expr::new(at, Kind::New(Box::new(Expr::new(at, Kind::Name(name))), items));
        Kind::Initialised(Box::new(object), self.braced())
    }

    /// The end of a type behind `new`; a length in brackets does not belong to it.
    fn scan_class(&self, from: usize) -> usize {
        let mut end = self.scan_type(from).unwrap_or(from);
        // `new a? b : c` cannot be; `new T?[n]` can.
        if end > from && self.kind_at(end - 1) == T::Question && self.kind_at(end) != T::LBracket {
            end -= 1;
        }
        end
    }

    /// `new T[n]`, also `new T[n] { … }`, `new T[n][]`, `new T[n, m]`.
    fn new_array(&mut self, at: u32, name: &Name) -> Kind {
        let lengths = self.items_in(T::RBracket);
        let mut ranks = 1;
        let mut more = Vec::new();
        while self.kind() == T::LBracket && ranks < 16 {
            more.extend(self.items_in(T::RBracket));
            ranks += 1;
        }
        if self.kind() == T::LBrace {
            return Kind::List(self.braced());
        }
        let name: Name = format!("{name}{}", "[]".repeat(ranks)).into();
        let lengths = lengths.into_iter().chain(more).collect();
        Kind::New(Box::new(Expr::new(at, Kind::Name(name))), lengths)
    }

    /// Elements in braces: an array, or assignments to members of an object.
    pub(super) fn braced(&mut self) -> Vec<Item> {
        let mate = self.mate(self.pos);
        let Some(outside) = self.enter() else { return Vec::new() };
        let items = self.group(|parser| {
            let mut items = Vec::new();
            parser.bump();
            while parser.kind() != T::RBrace {
                if let Some(item) = parser.element() {
                    items.push(item);
                }
                if !parser.more(T::RBrace, mate) {
                    break;
                }
            }
            parser.eat(T::RBrace);
            items
        });
        self.leave(outside);
        items
    }

    fn element(&mut self) -> Option<Item> {
        let at = self.at();
        let key = match self.kind() {
            // `["k"] = v`, but not a list of C# 12.
            T::LBracket if self.behind(self.pos) == T::Assign => {
                let items = self.items_in(T::RBracket);
                sequence_or_one(at, items)
            }
            kind if kind.is_word() && self.ahead(1) == T::Assign => {
                let name = self.name()?;
                Some(Expr::bytes(at, name.as_bytes()))
            }
            _ => None,
        };
        if key.is_some() {
            self.bump();
        }
        let at = self.at();
        let value = match self.kind() {
            T::LBrace => Expr::new(at, Kind::List(self.braced())),
            _ => self.single()?,
        };
        Some(Item { key, ..Item::plain(value) })
    }

    fn anonymous_class(&mut self, name: Name, at: u32) -> Rc<crate::ir::Class> {
        self.class_body("".into(), vec![name], Vec::new(), at)
    }
}

/// A class that is named stays a name.
fn named(class: Expr) -> Expr {
    match path(&class) {
        Some(name) => Expr::new(class.at, Kind::Name(name.into())),
        None => class,
    }
}

fn sequence_or_one(at: u32, mut items: Vec<Item>) -> Option<Expr> {
    match items.len() {
        0 | 1 => items.pop().map(|item| item.value),
        _ => Some(sequence(at, items)),
    }
}
