//! Statements of CFScript.

use std::rc::Rc;

use super::call_of_tag;
use super::cursor::Cursor;
use crate::ir::{Block, Class, Expr, Function, Item, Kind, Loop, Param, Stmt};

/// Tags that script has under their name without `cf`, with attributes like a tag.
const TAGS: &[&str] = &[
    "execute",
    "http",
    "file",
    "directory",
    "query",
    "mail",
    "module",
    "object",
    "location",
    "content",
    "header",
    "setting",
    "cookie",
    "savecontent",
    "lock",
    "thread",
    "transaction",
    "registry",
    "schedule",
    "ftp",
    "param",
    "invoke",
    "zip",
    "dump",
    "property",
    "wddx",
];

impl Cursor<'_> {
    /// Up to the end of this part.
    pub(super) fn statements(&mut self) -> Block {
        let mut block = Vec::new();
        loop {
            self.space();
            if self.is_done() {
                return block;
            }
            let before = self.at;
            match self.statement() {
                Some(statement) => block.extend(statement),
                None => {
                    block.push(Stmt::Unread(super::strings::offset(before)));
                    self.skip_statement();
                }
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// Over what could not be read. The end of a statement or block is a place to go on.
    pub(super) fn skip_statement(&mut self) {
        let rest = self.rest();
        let length = rest.iter().position(|byte| matches!(byte, b';' | b'{' | b'}' | b'\n')).map_or(rest.len(), |end| end + 1);
        self.at += length;
    }

    /// `{ … }`.
    pub(super) fn block(&mut self) -> Option<Block> {
        if !self.take("{") {
            return None;
        }
        self.deeper(|cursor| {
            let mut block = Vec::new();
            loop {
                cursor.space();
                if cursor.is_done() || cursor.take("}") {
                    return Some(block);
                }
                let before = cursor.at;
                match cursor.statement() {
                    Some(statement) => block.extend(statement),
                    None => {
                        block.push(Stmt::Unread(super::strings::offset(before)));
                        cursor.at = cursor.at.max(before);
                        let rest = cursor.rest();
                        let end = rest.iter().position(|byte| matches!(byte, b';' | b'}' | b'\n')).unwrap_or(rest.len());
                        cursor.at += end + usize::from(rest.get(end) != Some(&b'}'));
                    }
                }
                if cursor.at == before {
                    cursor.at += 1;
                }
            }
        })
    }

    /// One statement or a block of them.
    pub(super) fn body(&mut self) -> Option<Block> {
        self.space();
        if self.peek() == Some(b'{') { self.block() } else { self.statement() }
    }

    pub(super) fn statement(&mut self) -> Option<Block> {
        self.deeper(Self::shallow_statement)
    }

    fn shallow_statement(&mut self) -> Option<Block> {
        self.space();
        let at = self.offset();
        match self.peek() {
            Some(b';') => {
                self.at += 1;
                return Some(Vec::new());
            }
            Some(b'{') => return Some(vec![Stmt::Block(self.block()?)]),
            Some(b'@') => {
                // An annotation.
                self.at += 1;
                self.take_any_word();
                return Some(Vec::new());
            }
            _ => {}
        }
        let before = self.at;
        let word = self.word().unwrap_or_default();
        let statement = match word.as_str() {
            "if" => {
                self.at += 2;
                let condition = self.condition()?;
                let then = self.body()?;
                let otherwise = if self.take_word("else") { self.body()? } else { Vec::new() };
                Stmt::If(condition, then, otherwise)
            }
            "while" => {
                self.at += 5;
                let condition = Some(self.condition()?);
                let body = self.body()?;
                Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false }))
            }
            "do" => {
                self.at += 2;
                let body = self.body()?;
                let condition = if self.take_word("while") { Some(self.condition()?) } else { None };
                Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: true }))
            }
            "for" => self.for_loop()?,
            "switch" => self.switch()?,
            "try" => self.try_catch()?,
            "break" | "continue" => {
                self.at += word.len();
                self.take(";");
                if word == "break" { Stmt::Break(1) } else { Stmt::Continue(1) }
            }
            "return" | "throw" | "rethrow" => {
                self.at += word.len();
                self.space();
                let value = if matches!(self.peek(), Some(b';' | b'}') | None) { None } else { Some(self.expression()?) };
                self.take(";");
                match word.as_str() {
                    "return" => Stmt::Return(value),
                    _ => Stmt::Throw(value.unwrap_or_else(|| Expr::null(at))),
                }
            }
            "abort" | "exit" => {
                self.at += word.len();
                self.skip_attributes();
                Stmt::Expr(Expr::call(at, "exit", Vec::new()))
            }
            "include" => {
                self.at += word.len();
                if self.attributes_follow() {
                    return self.tag_statement(at, "cfinclude");
                }
                let template = self.expression()?;
                self.take(";");
                let key = Some(Expr::bytes(at, b"template"));
                let callee = Box::new(Expr::new(at, Kind::Name("cfinclude".into())));
                Stmt::Expr(Expr::new(at, Kind::Call(callee, vec![Item { key, ..Item::plain(template) }])))
            }
            "component" | "interface" => self.component(at)?,
            "import" => {
                self.skip_statement();
                return Some(Vec::new());
            }
            "var" => {
                self.at += 3;
                let name = self.take_any_word()?;
                if self.take("=") {
                    let value = self.expression()?;
                    self.take(";");
                    Stmt::Let(name.into(), None, Some(value), at)
                } else if matches!(self.peek(), Some(b'.' | b'[')) {
                    self.at = before + 3;
                    return self.expression_statement();
                } else {
                    self.take(";");
                    Stmt::Let(name.into(), None, None, at)
                }
            }
            _ => {
                if let Some((name, marks)) = self.function_head() {
                    return Some(vec![Stmt::Function(Rc::new(self.function(name, marks)?))]);
                }
                self.at = before;
                if TAGS.contains(&word.as_str()) || word.starts_with("cf") {
                    self.at += word.len();
                    if self.attributes_follow() {
                        let name = if word.starts_with("cf") { word } else { format!("cf{word}") };
                        return self.tag_statement(at, &name);
                    }
                    self.at = before;
                }
                return self.expression_statement();
            }
        };
        Some(vec![statement])
    }

    fn expression_statement(&mut self) -> Option<Block> {
        let expression = self.expression()?;
        self.take(";");
        let at = expression.at;
        // `cfexecute(name = …)` is a tag, too.
        let expression = match expression.kind {
            Kind::Call(callee, items) => match &callee.kind {
                Kind::Name(name) if name.starts_with("cf") => call_of_tag(at, &name.clone(), items, |target| self.target(target)),
                _ => Expr::new(at, Kind::Call(callee, items)),
            },
            kind => Expr::new(at, kind),
        };
        let mut block = vec![Stmt::Expr(expression)];
        self.space();
        if self.peek() == Some(b'{')
            && matches!(block.first(), Some(Stmt::Expr(Expr { kind: Kind::Call(..) | Kind::Assign(..), .. })))
        {
            block.extend(self.block()?);
        }
        Some(block)
    }

    /// The variable that a text names.
    pub(super) fn target(&self, name: &str) -> Option<Expr> {
        let mut cursor = Cursor::new(name.as_bytes(), 0..name.len());
        cursor.depth = self.depth;
        let mut expression = cursor.expression()?;
        expression.at = self.offset();
        cursor.is_done().then_some(expression)
    }

    /// Whether `name =` comes next. Looking ahead instead of trying keeps reading linear.
    fn attributes_follow(&mut self) -> bool {
        let before = self.at;
        let found = self.take_any_word().is_some() && self.take("=") && !matches!(self.peek(), Some(b'=' | b'>'));
        self.at = before;
        found
    }

    /// `execute name="…" variable="a";` and `savecontent variable="a" { … }`. The name was taken.
    fn tag_statement(&mut self, at: u32, name: &str) -> Option<Block> {
        let mut items = Vec::new();
        while let Some(key) = self.word() {
            let key_at = self.offset();
            self.take_any_word();
            self.space();
            if self.peek() != Some(b'=') || self.nth(1) == Some(b'=') {
                return None;
            }
            self.at += 1;
            self.space();
            let value = if matches!(self.peek(), Some(b'"' | b'\'')) { self.string()? } else { self.expression()? };
            items.push(Item { key: Some(Expr::bytes(key_at, key.as_bytes())), ..Item::plain(value) });
            self.take(",");
        }
        if items.is_empty() {
            return None;
        }
        let mut block = vec![Stmt::Expr(call_of_tag(at, name, items, |target| self.target(target)))];
        self.space();
        if self.peek() == Some(b'{') {
            block.extend(self.block()?);
        }
        self.take(";");
        Some(block)
    }

    fn skip_attributes(&mut self) {
        let rest = self.rest();
        self.at += rest.iter().position(|byte| matches!(byte, b';' | b'}' | b'\n')).unwrap_or(rest.len());
        self.take(";");
    }

    pub(super) fn condition(&mut self) -> Option<Expr> {
        if !self.take("(") {
            return None;
        }
        let condition = self.expression()?;
        self.take(")").then_some(condition)
    }

    /// `remote string function a`: the name and what stands before `function`, if a parenthesis follows.
    fn function_head(&mut self) -> Option<(String, Vec<String>)> {
        let mut marks = Vec::new();
        for _ in 0..6 {
            let word = self.take_any_word()?;
            if word == "function" {
                let name = self.take_any_word()?;
                self.space();
                return (self.peek() == Some(b'(')).then_some((name, marks));
            }
            marks.push(word);
            while matches!(self.peek(), Some(b'.' | b'[' | b']')) {
                self.at += 1;
                self.take_any_word();
            }
        }
        None
    }

    /// From the parenthesis on.
    pub(super) fn function(&mut self, name: String, mut marks: Vec<String>) -> Option<Function> {
        let at = self.offset();
        let params = self.params()?;
        // Attributes of the function.
        self.space();
        let rest = self.rest();
        let head = rest.get(..512).unwrap_or(rest);
        let brace = memchr::memchr2(b'{', b';', head)?;
        if crate::page::tag::lower(head.get(..brace)?).contains("remote") {
            marks.push("remote".to_owned());
        }
        self.at += brace;
        let body = if self.take(";") { Vec::new() } else { self.block()? };
        Some(Function {
            captures: name.is_empty(),
            name: name.into(),
            params,
            body,
            uses: Vec::new(),
            is_static: marks.iter().any(|mark| mark == "static"),
            marks: marks.into_iter().map(Into::into).collect(),
            returns_name: false,
            at,
        })
    }

    /// `(required string a = 1, b)`.
    pub(super) fn params(&mut self) -> Option<Vec<Param>> {
        if !self.take("(") {
            return None;
        }
        let mut params = Vec::new();
        loop {
            if self.take(")") {
                return Some(params);
            }
            let mut words = Vec::new();
            while let Some(word) = self.take_any_word() {
                words.push(word);
                while matches!(self.peek(), Some(b'.' | b'[' | b']')) {
                    self.at += 1;
                    self.take_any_word();
                }
            }
            let mut param = param(&words.pop()?);
            param.of_type = words.into_iter().rfind(|word| word != "required").map(Into::into);
            if self.take("=") {
                param.default = Some(self.expression()?);
            }
            params.push(param);
            self.take(",");
        }
    }

    fn component(&mut self, at: u32) -> Option<Stmt> {
        self.take_any_word();
        let mut extends = Vec::new();
        while let Some(key) = self.take_any_word() {
            self.space();
            if self.peek() != Some(b'=') {
                continue;
            }
            self.at += 1;
            self.space();
            let start = self.at + 1;
            if let Some(quote @ (b'"' | b'\'')) = self.peek() {
                let end = self.end_of_string(start, quote);
                if key == "extends" {
                    extends.push(crate::page::tag::lower(self.text.get(start..end).unwrap_or_default()).into());
                }
                self.at = (end + 1).min(self.end);
            } else {
                self.take_any_word();
            }
        }
        let mut methods = Vec::new();
        let mut init = Vec::new();
        for statement in self.block()? {
            match statement {
                Stmt::Function(function) => methods.push(function),
                other => init.push(other),
            }
        }
        Some(Stmt::Class(Rc::new(Class { name: "".into(), extends, fields: Vec::new(), methods, init, at })))
    }
}

pub(super) fn param(name: &str) -> Param {
    Param { name: name.into(), of_type: None, default: None, by_ref: false, variadic: false }
}
