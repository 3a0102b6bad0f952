//! The kinds of `<cfloop>`.

use super::cursor::Cursor;
use super::strings::offset;
use super::tags::{Attributes, Head};
use crate::ir::{Binary, Block, Each, Expr, Kind, Literal, Loop, Stmt};

impl Cursor<'_> {
    pub(super) fn loop_tag(&mut self, head: Head, output: bool, block: &mut Block) {
        let at = offset(head.at);
        let mut items = Attributes(self.attributes(head.inside));
        let closing = format!("/{}", head.name);
        let body = if head.is_empty { Vec::new() } else { self.tags(&[&closing], output).0 };
        let variable = items.text("item").or_else(|| items.text("index")).or_else(|| items.text("key"));
        let value = variable.as_ref().and_then(|name| self.target(name)).unwrap_or_else(|| Expr::null(at));
        if let Some(condition) = items.text("condition").and_then(|condition| self.target(&condition)) {
            let condition = Some(condition);
            block.push(Stmt::Loop(Box::new(Loop { init: Vec::new(), condition, step: Vec::new(), body, body_first: false })));
            return;
        }
        if let (Some(from), Some(to), Some(name)) = (items.take("from"), items.take("to"), &variable) {
            let step = items.take("step");
            block.push(self.counting(name, [from, to], step, body, at));
            return;
        }
        let subject = match (items.take("list"), items.take("file")) {
            (Some(list), _) => {
                let by = items.take("delimiters");
                Some(Expr::call(at, "listtoarray", [Some(list), by].into_iter().flatten().collect()))
            }
            (None, Some(file)) => Some(Expr::call(at, "fileread", vec![file])),
            _ => ["array", "collection", "struct", "times"].iter().find_map(|name| items.take(name)),
        };
        let subject = match (subject, items.text("query")) {
            (Some(subject), _) => subject,
            // A query is named; its columns are read through that name.
            (None, Some(query)) => self.target(&query).unwrap_or_else(|| Expr::null(at)),
            (None, None) => Expr::new(at, Kind::List(Vec::new())),
        };
        block.push(Stmt::Each(Box::new(Each { subject, key: None, value, by_ref: false, body, at })));
    }

    /// `from="1" to="9"`.
    fn counting(&mut self, name: &str, [from, to]: [Expr; 2], step: Option<Expr>, body: Block, at: u32) -> Stmt {
        let index = || Box::new(self.target(name).unwrap_or_else(|| Expr::null(at)));
        let is_down = matches!(
            step.as_ref().map(|step| &step.kind),
            Some(Kind::Literal(Literal::Bytes(text))) if text.starts_with(b"-")
        );
        let order = if is_down { Binary::GreaterEqual } else { Binary::LessEqual };
        let step = step.unwrap_or_else(|| Expr::new(at, Kind::Literal(Literal::Int(1))));
        Stmt::Loop(Box::new(Loop {
            init: vec![Expr::new(at, Kind::Assign(index(), Box::new(from)))],
            condition: Some(Expr::new(at, Kind::Binary(order, index(), Box::new(to)))),
            step: vec![Expr::new(at, Kind::AssignOp(Binary::Add, index(), Box::new(step)))],
            body,
            body_first: false,
        }))
    }
}
