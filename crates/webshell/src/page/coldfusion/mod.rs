//! Pages of ColdFusion: tags (`<cfset>`), script (`<cfscript>`, components in script), and their parser.
//!
//! Tags are statements, so the whole file is one piece of code. A tag that does something becomes a call of its name with its
//! attributes as named arguments; a tag that puts its result into a variable becomes an assignment of the call.

mod blocks;
mod cursor;
mod expression;
mod loops;
mod script;
mod strings;
mod tags;
#[cfg(test)]
mod tests;

use super::builder::Builder;
use super::{Page, PageKind, Source};
use crate::ir::{Expr, Item, Kind, Program, Stmt};
use crate::language::Language::ColdFusion;
use crate::parse::Piece;
use cursor::Cursor;

pub(crate) fn split(source: Source<'_>) -> Page {
    let mut builder = Builder::new(source.text);
    builder.code_until(source.text.len(), ColdFusion);
    builder.finish(PageKind::Script, ColdFusion)
}

pub(crate) fn parse(text: &[u8], pieces: &[Piece]) -> Program {
    let mut program = Program::default();
    for piece in pieces {
        let (Piece::Code(range) | Piece::Echo(range) | Piece::Text(range)) = piece;
        let mut cursor = Cursor::new(text, range.clone());
        program.body.extend(if is_script(cursor.rest()) { cursor.statements() } else { cursor.page() });
    }
    program
}

/// Parses text as `evaluate` takes it: an expression, whose value it gives.
pub(crate) fn parse_expression(text: &[u8]) -> Program {
    let mut cursor = Cursor::new(text, 0..text.len());
    let value = cursor.expression();
    match value {
        Some(value) => Program { body: vec![Stmt::Return(Some(value))] },
        None => Program { body: vec![Stmt::Unread(0)] },
    }
}

/// A component or interface may be written in script alone.
fn is_script(text: &[u8]) -> bool {
    let mut rest = text.trim_ascii_start();
    loop {
        let end = match rest.get(..2) {
            Some(b"/*") => memchr::memmem::find(rest, b"*/").map(|end| end + 2),
            Some(b"//") => memchr::memchr(b'\n', rest),
            _ => break,
        };
        let Some(behind) = end.and_then(|end| rest.get(end..)) else { return false };
        rest = behind.trim_ascii_start();
    }
    ["component", "interface", "abstract component", "final component", "import "]
        .iter()
        .any(|word| crate::page::begins(rest, word) && memchr::memchr(b'{', rest.get(..4096).unwrap_or(rest)).is_some())
}

/// Attributes in which a tag takes the name of the variable that gets its result.
const RESULTS: &[&str] = &["variable", "returnvariable", "result", "outputvariable"];
/// Tags whose result goes to the variable of their `name`.
const NAMED_RESULTS: &[&str] =
    &["cfquery", "cfdirectory", "cfobject", "cfldap", "cfpop", "cfftp", "cfstoredproc", "cfcollection", "cfsearch", "cfwddx"];

/// The call that a tag is, and the assignment of its result.
fn call_of_tag(at: u32, name: &str, items: Vec<Item>, target: impl FnOnce(&str) -> Option<Expr>) -> Expr {
    let literal = |wanted: &str| {
        items.iter().find_map(|item| match (&item.key.as_ref()?.kind, &item.value.kind) {
            (Kind::Literal(crate::ir::Literal::Bytes(key)), Kind::Literal(crate::ir::Literal::Bytes(value)))
                if key.as_ref() == wanted.as_bytes() =>
            {
                Some(String::from_utf8_lossy(value).into_owned())
            }
            _ => None,
        })
    };
    let mut result = RESULTS.iter().find_map(|name| literal(name));
    if result.is_none() && NAMED_RESULTS.contains(&name) {
        result = literal("name");
    }
    if result.is_none() && name == "cfhttp" {
        result = Some("cfhttp".to_owned());
    }
    let callee = Expr::new(at, Kind::Name(name.into()));
    let call = Expr::new(at, Kind::Call(Box::new(callee), items));
    match result.as_deref().and_then(target) {
        Some(target) => Expr::new(at, Kind::Assign(Box::new(target), Box::new(call))),
        None => call,
    }
}
