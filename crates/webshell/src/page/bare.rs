//! PHP without a tag around it: what a collection, a database or a script that includes it keeps of a page.

use super::{Source, php, tag};
use crate::ir::{Kind, Stmt};

/// Larger texts are data.
const MAX_LENGTH: usize = 1 << 20;

/// Whether a text without any mark is PHP all the same: it begins as code does, and all of it can be read as code.
pub(crate) fn is_php(source: Source<'_>) -> bool {
    let text = source.text;
    if source.binary || text.len() > MAX_LENGTH || memchr::memchr(b'$', text).is_none() || memchr::memchr(b';', text).is_none() {
        return false;
    }
    let code = text.get(first_code(text)..).unwrap_or_default();
    let begins = match code {
        [b'@', rest @ ..] => rest.first().is_some_and(|byte| *byte == b'$' || byte.is_ascii_alphabetic()),
        [b'$', rest @ ..] => rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'{' | b'$')),
        _ => php::begins_with_word(code),
    };
    begins && is_read(code)
}

/// Behind white space and comments.
fn first_code(text: &[u8]) -> usize {
    let mut at = tag::skip_space(text, 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let end = match rest {
            [b'#', ..] | [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => return at,
        };
        at = tag::skip_space(text, at + end);
    }
}

/// Whether a parser of PHP finds statements and nothing that it cannot read. Words in a row, as prose has them, it cannot read.
fn is_read(code: &[u8]) -> bool {
    let program = crate::parse::php_code(code);
    let does = |statement: &Stmt| match statement {
        Stmt::Expr(expr) => matches!(
            expr.kind,
            Kind::Call(..) | Kind::Assign(..) | Kind::AssignOp(..) | Kind::AssignRef(..) | Kind::Unary(..) | Kind::Joined(..)
        ),
        Stmt::Unread(_) => false,
        _ => true,
    };
    program.body.iter().any(does) && !program.body.iter().any(|statement| matches!(statement, Stmt::Unread(_)))
}
