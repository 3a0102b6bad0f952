//! Tags of ColdFusion as statements.

use std::rc::Rc;

use super::call_of_tag;
use super::cursor::{Cursor, comment_length};
use super::strings::{from_parts, offset};
use crate::ir::{Block, Class, Each, Expr, Function, Item, Kind, Param, Stmt};
use crate::page::{begins, tag};

/// Tags whose text is their argument, with expressions in it.
const WITH_TEXT: &[&str] = &["cfquery", "cfmail", "cfsavecontent", "cfxml", "cfhtmlhead", "cfmailpart"];

/// So far the end of a tag is looked for where quotes do not pair.
const LONGEST_BROKEN: usize = 4096;

/// Tags with text in each other's text: each reads it once more.
const MAX_TEXTS: usize = 3;

/// The head of a tag.
pub(super) struct Head {
    /// Lower case.
    pub(super) name: String,
    pub(super) at: usize,
    /// What stands between the name and the end.
    pub(super) inside: std::ops::Range<usize>,
    pub(super) is_empty: bool,
}

impl Cursor<'_> {
    /// A page of tags, up to the end of this part.
    pub(super) fn page(&mut self) -> Block {
        let mut block = Vec::new();
        while !self.is_done() {
            let (inner, _) = self.tags(&[], false);
            block.extend(inner);
        }
        block
    }

    /// Tags and text up to one of these ends, which is taken and named. Text is evaluated inside of `<cfoutput>`.
    pub(super) fn tags(&mut self, ends: &[&str], output: bool) -> (Block, Option<Head>) {
        let mut block = Vec::new();
        let mut text_at = self.at;
        while let Some(found) = memchr::memchr(b'<', self.rest()) {
            let lt = self.at + found;
            let rest = self.text.get(lt..self.end).unwrap_or_default();
            if rest.starts_with(b"<!---") {
                self.text_until(text_at, lt, output, &mut block);
                self.at = lt + comment_length(rest);
                text_at = self.at;
                continue;
            }
            let closing = begins(rest, "</cf");
            let head = if closing || begins(rest, "<cf") { self.head(lt, closing) } else { None };
            let Some(head) = head else {
                self.at = lt + 1;
                continue;
            };
            self.text_until(text_at, lt, output, &mut block);
            if ends.contains(&head.name.as_str()) {
                return (block, Some(head));
            }
            // An end without a beginning says nothing.
            if !closing {
                self.depth += 1;
                if self.depth < crate::parse::MAX_DEPTH {
                    self.tag(head, output, &mut block);
                } else {
                    block.push(Stmt::Unread(offset(lt)));
                }
                self.depth -= 1;
            }
            text_at = self.at;
        }
        self.text_until(text_at, self.end, output, &mut block);
        self.at = self.end;
        (block, None)
    }

    fn text_until(&mut self, from: usize, to: usize, output: bool, block: &mut Block) {
        if from >= to {
            return;
        }
        if !output {
            block.push(Stmt::Text(offset(to - from)));
            return;
        }
        for part in self.text_with_expressions(from..to, None) {
            match part.kind {
                Kind::Literal(crate::ir::Literal::Bytes(text)) => block.push(Stmt::Text(offset(text.len()))),
                kind => block.push(Stmt::Expr(Expr::call(part.at, "echo", vec![Expr::new(part.at, kind)]))),
            }
        }
    }

    /// Reads a tag and goes behind it. The name of an end tag keeps its slash.
    fn head(&mut self, lt: usize, closing: bool) -> Option<Head> {
        let name_at = lt + if closing { 2 } else { 1 };
        let rest = self.text.get(name_at..self.end)?;
        let length = rest.iter().take(64).position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_' && *byte != b':')?;
        let name = tag::lower(rest.get(..length)?);
        let start = name_at + length;
        let at = self.end_of_head(start);
        let ended = self.text.get(at) == Some(&b'>');
        let is_empty = ended && at > start && self.text.get(at - 1) == Some(&b'/');
        let inside = start..if is_empty { at - 1 } else { at };
        self.at = if ended { at + 1 } else { start };
        let name = if closing { format!("/{name}") } else { name };
        Some(Head { name, at: lt, inside, is_empty })
    }

    /// The place of the `>` of a tag, or the start where it never ends: what follows is then still looked at.
    fn end_of_head(&mut self, start: usize) -> usize {
        let mut at = start;
        while !self.is_broken {
            let found = self.text.get(at..self.end).and_then(|rest| memchr::memchr3(b'>', b'"', b'\'', rest));
            let quote = found.and_then(|found| self.text.get(at + found));
            match (found, quote) {
                (Some(found), Some(b'>')) => return at + found,
                (Some(found), Some(quote)) => at = self.end_of_string(at + found + 1, *quote) + 1,
                _ => self.is_broken = true,
            }
        }
        let rest = self.text.get(start..self.end).unwrap_or_default();
        memchr::memchr(b'>', rest.get(..LONGEST_BROKEN).unwrap_or(rest)).map_or(start, |end| start + end)
    }

    fn tag(&mut self, head: Head, output: bool, block: &mut Block) {
        let at = offset(head.at);
        let inside = head.inside.clone();
        match head.name.as_str() {
            "cfset" => block.push(self.set(inside, at)),
            "cfreturn" => {
                let value = self.inside(inside).expression();
                block.push(Stmt::Return(value));
            }
            "cfif" => {
                let condition = self.inside(inside).expression();
                let statement = self.branches(condition, at, output);
                block.push(statement);
            }
            "cfloop" | "cfwhile" | "cffor" => self.loop_tag(head, output, block),
            "cfoutput" => self.output(head, block),
            "cfscript" => {
                let end = self.closing("</cfscript");
                let mut script = self.inside(self.at..end);
                block.extend(script.statements());
                self.at = end;
            }
            "cfswitch" => {
                let statement = self.switch_tag(&head, output);
                block.push(statement);
            }
            "cftry" => {
                let statement = self.try_tag(output);
                block.push(statement);
            }
            "cffunction" => {
                let function = self.function_tag(&head);
                block.push(Stmt::Function(Rc::new(function)));
            }
            "cfcomponent" | "cfinterface" => self.component_tag(&head, block),
            "cfparam" => block.push(self.param_tag(&head)),
            "cfabort" | "cfexit" => block.push(Stmt::Expr(Expr::call(at, "exit", Vec::new()))),
            "cfbreak" => block.push(Stmt::Break(1)),
            "cfcontinue" => block.push(Stmt::Continue(1)),
            "cfthrow" | "cfrethrow" => {
                let items = self.attributes(inside);
                let value = items.into_iter().next().map_or_else(|| Expr::null(at), |item| item.value);
                block.push(Stmt::Throw(value));
            }
            name if WITH_TEXT.contains(&name) && !head.is_empty && self.texts < MAX_TEXTS => {
                self.texts += 1;
                self.text_tag(&head, block);
                self.texts -= 1;
            }
            name => {
                let items = self.attributes(inside);
                block.push(Stmt::Expr(call_of_tag(at, name, items, |target| self.target(target))));
            }
        }
    }

    fn set(&mut self, inside: std::ops::Range<usize>, at: u32) -> Stmt {
        let mut cursor = self.inside(inside);
        let is_local = cursor.take_word("var");
        match (cursor.expression(), is_local) {
            (Some(Expr { at, kind: Kind::Assign(target, value) }), true) => match target.kind {
                Kind::Var(name) => Stmt::Let(name, None, Some(*value), at),
                kind => Stmt::Expr(Expr::new(at, Kind::Assign(Box::new(Expr::new(at, kind)), value))),
            },
            (Some(expression), _) => Stmt::Expr(expression),
            (None, _) => Stmt::Unread(at),
        }
    }

    /// Attributes as named arguments; keys in lower case.
    pub(super) fn attributes(&mut self, inside: std::ops::Range<usize>) -> Vec<Item> {
        let mut cursor = self.inside(inside);
        let mut items = Vec::new();
        while items.len() < 100 {
            let Some(key) = cursor.word() else {
                if cursor.is_done() {
                    break;
                }
                // Stray signs between attributes; an expression stands for itself.
                if cursor.peek() == Some(b'#')
                    && let Some(value) = cursor.expression()
                {
                    items.push(Item::plain(value));
                } else {
                    cursor.at += 1;
                }
                continue;
            };
            let key_at = cursor.offset();
            cursor.take_any_word();
            let key = Some(Expr::bytes(key_at, key.as_bytes()));
            if !cursor.take("=") {
                items.push(Item { key, ..Item::plain(Expr::bytes(key_at, b"")) });
                continue;
            }
            cursor.space();
            let value_at = cursor.offset();
            let value = match cursor.peek() {
                Some(b'"' | b'\'') => cursor.string(),
                Some(b'#') => cursor.expression(),
                _ => {
                    let rest = cursor.rest();
                    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
                    let range = cursor.at..cursor.at + end;
                    let parts = cursor.text_with_expressions(range.clone(), None);
                    cursor.at = range.end;
                    Some(from_parts(value_at, parts))
                }
            };
            let value = value.unwrap_or_else(|| Expr::null(value_at));
            items.push(Item { key, ..Item::plain(value) });
        }
        items
    }

    fn branches(&mut self, condition: Option<Expr>, at: u32, output: bool) -> Stmt {
        let condition = condition.unwrap_or_else(|| Expr::null(at));
        let (then, end) = self.tags(&["cfelseif", "cfelse", "/cfif"], output);
        let otherwise = match end {
            Some(Head { name, inside, at, .. }) if name == "cfelseif" => {
                let condition = self.inside(inside).expression();
                self.depth += 1;
                let inner = if self.depth < crate::parse::MAX_DEPTH {
                    self.branches(condition, offset(at), output)
                } else {
                    Stmt::Unread(offset(at))
                };
                self.depth -= 1;
                vec![inner]
            }
            Some(Head { name, .. }) if name == "cfelse" => self.tags(&["/cfif"], output).0,
            _ => Vec::new(),
        };
        Stmt::If(condition, then, otherwise)
    }

    fn output(&mut self, head: Head, block: &mut Block) {
        let items = self.attributes(head.inside);
        if head.is_empty {
            return;
        }
        let (body, _) = self.tags(&["/cfoutput"], true);
        let query = Attributes(items).text("query").and_then(|query| self.target(&query));
        match query {
            Some(subject) => {
                let at = offset(head.at);
                let value = Expr::null(at);
                block.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
            }
            None => block.extend(body),
        }
    }

    /// Statements in the text run first; the text with its expressions is the argument `body`.
    fn text_tag(&mut self, head: &Head, block: &mut Block) {
        let at = offset(head.at);
        let mut items = self.attributes(head.inside.clone());
        let closing = format!("/{}", head.name);
        let start = self.at;
        let (inner, end) = self.tags(&[&closing], true);
        let text_end = end.map_or(self.at, |end| end.at);
        let has_tags = inner.iter().any(|statement| !is_text(statement));
        let mut parts = self.text_with_expressions(start..text_end, None);
        // Blanks around what the page puts there are not part of it.
        trim(parts.first_mut(), <[u8]>::trim_ascii_start);
        trim(parts.last_mut(), <[u8]>::trim_ascii_end);
        if has_tags {
            block.extend(inner);
        }
        let body = from_parts(offset(start), parts);
        if matches!(head.name.as_str(), "cfsavecontent" | "cfxml") {
            let target = Attributes(items).text("variable").and_then(|name| self.target(&name));
            if let Some(target) = target {
                block.push(Stmt::Expr(Expr::new(at, Kind::Assign(Box::new(target), Box::new(body)))));
            }
            return;
        }
        items.push(Item { key: Some(Expr::bytes(at, b"body")), ..Item::plain(body) });
        block.push(Stmt::Expr(call_of_tag(at, &head.name, items, |target| self.target(target))));
    }

    fn switch_tag(&mut self, head: &Head, output: bool) -> Stmt {
        let at = offset(head.at);
        let subject = Attributes(self.attributes(head.inside.clone())).take("expression");
        let mut cases = Vec::new();
        loop {
            let (_, end) = self.tags(&["cfcase", "cfdefaultcase", "/cfswitch"], output);
            let Some(end) = end.filter(|end| end.name != "/cfswitch") else { break };
            let values = if end.name == "cfcase" {
                Attributes(self.attributes(end.inside)).take("value").into_iter().collect()
            } else {
                Vec::new()
            };
            let (mut body, close) = self.tags(&["/cfcase", "/cfdefaultcase", "/cfswitch"], output);
            body.push(Stmt::Break(1));
            cases.push((values, body));
            if close.is_none_or(|close| close.name == "/cfswitch") {
                break;
            }
        }
        Stmt::Switch(subject.unwrap_or_else(|| Expr::null(at)), cases)
    }

    fn try_tag(&mut self, output: bool) -> Stmt {
        let mut body = Vec::new();
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        loop {
            let (inner, end) = self.tags(&["cfcatch", "cffinally", "/cftry"], output);
            body.extend(inner);
            match end {
                Some(end) if end.name == "cfcatch" => {
                    let name = Attributes(self.attributes(end.inside)).text("name").unwrap_or_else(|| "cfcatch".to_owned());
                    let inner = if end.is_empty { Vec::new() } else { self.tags(&["/cfcatch", "/cftry"], output).0 };
                    catches.push((Some(name.to_ascii_lowercase().into()), inner));
                }
                Some(end) if end.name == "cffinally" => finally.extend(self.tags(&["/cffinally", "/cftry"], output).0),
                _ => return Stmt::Try { body, catches, finally },
            }
        }
    }

    fn function_tag(&mut self, head: &Head) -> Function {
        let mut items = Attributes(self.attributes(head.inside.clone()));
        let (body, _) = self.tags(&["/cffunction"], false);
        let mut params = Vec::new();
        let mut rest = Vec::new();
        for statement in body {
            match argument(statement) {
                Ok(param) => params.push(param),
                Err(statement) => rest.push(statement),
            }
        }
        Function {
            name: items.text("name").unwrap_or_default().to_ascii_lowercase().into(),
            params,
            body: rest,
            uses: Vec::new(),
            captures: false,
            is_static: false,
            marks: items.text("access").map(|access| access.to_ascii_lowercase().into()).into_iter().collect(),
            returns_name: false,
            at: offset(head.at),
        }
    }

    fn component_tag(&mut self, head: &Head, block: &mut Block) {
        let mut items = Attributes(self.attributes(head.inside.clone()));
        let closing = format!("/{}", head.name);
        let (body, _) = self.tags(&[&closing], false);
        let mut methods = Vec::new();
        let mut init = Vec::new();
        for statement in body {
            match statement {
                Stmt::Function(function) => methods.push(function),
                Stmt::Text(_) => {}
                other => init.push(other),
            }
        }
        let extends = items.text("extends").map(|name| name.to_ascii_lowercase().into()).into_iter().collect();
        let class = Class { name: "".into(), extends, fields: Vec::new(), methods, init, at: offset(head.at) };
        block.push(Stmt::Class(Rc::new(class)));
    }

    /// It gives a variable a value if it has none.
    fn param_tag(&mut self, head: &Head) -> Stmt {
        let at = offset(head.at);
        let mut items = Attributes(self.attributes(head.inside.clone()));
        let target = items.text("name").and_then(|name| self.target(&name));
        let default = items.take("default");
        match (target, default) {
            (Some(target), Some(default)) => {
                let kind = Kind::AssignOp(crate::ir::Binary::Coalesce, Box::new(target), Box::new(default));
                Stmt::Expr(Expr::new(at, kind))
            }
            _ => Stmt::Expr(Expr::call(at, "cfparam", Vec::new())),
        }
    }

    /// The place of an end tag, or the end.
    fn closing(&self, mark: &str) -> usize {
        let rest = self.rest();
        memchr::memmem::find_iter(rest, b"</")
            .find(|at| rest.get(*at..).is_some_and(|rest| begins(rest, mark)))
            .map_or(self.end, |at| self.at + at)
    }
}

/// Attributes of which some are looked at.
pub(super) struct Attributes(pub(super) Vec<Item>);

impl Attributes {
    fn position(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|item| match item.key.as_ref().map(|key| &key.kind) {
            Some(Kind::Literal(crate::ir::Literal::Bytes(key))) => key.as_ref() == name.as_bytes(),
            _ => false,
        })
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Expr> {
        self.position(name).map(|at| self.0.swap_remove(at).value)
    }

    /// The value, if it is plain text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        let item = self.0.get(self.position(name)?)?;
        match &item.value.kind {
            Kind::Literal(crate::ir::Literal::Bytes(text)) => Some(String::from_utf8_lossy(text).into_owned()),
            // `query="#a#"` and the like name what they are.
            Kind::Var(name) => Some(name.to_string()),
            _ => None,
        }
    }
}

/// Text and expressions in it.
fn is_text(statement: &Stmt) -> bool {
    match statement {
        Stmt::Text(_) => true,
        Stmt::Expr(Expr { kind: Kind::Call(callee, _), .. }) => matches!(&callee.kind, Kind::Name(name) if &**name == "echo"),
        _ => false,
    }
}

fn trim(part: Option<&mut Expr>, cut: fn(&[u8]) -> &[u8]) {
    if let Some(Expr { kind: Kind::Literal(crate::ir::Literal::Bytes(text)), .. }) = part {
        *text = cut(text).into();
    }
}

/// `<cfargument>` was read as a call.
fn argument(statement: Stmt) -> Result<Param, Stmt> {
    match statement {
        Stmt::Expr(Expr { kind: Kind::Call(callee, items), .. }) if matches!(&callee.kind, Kind::Name(name) if name.as_ref() == "cfargument") =>
        {
            let mut items = Attributes(items);
            let name = items.text("name").unwrap_or_default().to_ascii_lowercase();
            let of_type = items.text("type").map(|of_type| of_type.to_ascii_lowercase().into());
            Ok(Param { name: name.into(), of_type, default: items.take("default"), by_ref: false, variadic: false })
        }
        other => Err(other),
    }
}
