//! Whether a program answers a web server. What a tool reads from its input or its arguments is not a visitor's.

use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::interpret::Interpreter;

/// What only a program for a web server says: a header of the answer, what the server hands it, a module for it.
static SIGNS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const SIGNS: &str = concat!(
        r#"(?im)^[^#\n]*(?:content-type:|\bENV\s*\{\s*["']?(?:QUERY_STRING|REQUEST_METHOD|CONTENT_LENGTH|CONTENT_TYPE|HTTP_)"#,
        r"|\b(?:use|require)\s+(?:CGI|Apache2|Plack|Dancer|Mojolicious)\b|\bCGI(?:->|::)\w|\bnew\s+CGI\b|cgi-lib\.pl)",
    );
    Regex::new(SIGNS).ok()
});

/// Whether a program shows that it is one for a web server.
pub(super) fn answers(it: &mut Interpreter<'_>) -> bool {
    if let Some(known) = it.runtime.answers_server {
        return known;
    }
    let text = it.layers.first().map(|layer| layer.text.clone()).unwrap_or_default();
    let answers = SIGNS.as_ref().is_some_and(|signs| signs.is_match(&text));
    it.runtime.answers_server = Some(answers);
    answers
}
