//! Scripts inside of stylesheets (`<msxsl:script language="…">`).

use crate::decode;
use crate::interpret::Interpreter;
use crate::language::Language;
use crate::value::{Known, Value};

/// A stylesheet is applied: what its scripts would do.
pub(crate) fn run(it: &mut Interpreter<'_>, callee: &str, sheet: &Value, at: u32) {
    let Some(text) = sheet.only_bytes().cloned() else { return };
    for (language, code) in scripts(&text, it.language) {
        let code = Value { known: Known::Bytes(code.into()), taint: sheet.taint.clone(), made: sheet.made };
        it.run_other(language, &code, callee, at);
    }
}

/// The scripts in a stylesheet, with their languages.
fn scripts(sheet: &[u8], host: Language) -> Vec<(Language, Vec<u8>)> {
    let is_net = !matches!(host, Language::VbScript | Language::Jscript);
    let lower = sheet.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(lower.get(from..).unwrap_or_default(), b":script").map(|at| at + from) {
        from = at + 7;
        if found.len() >= 16
            || lower.get(..at).and_then(|before| before.iter().rposition(|byte| *byte == b'<')).is_none_or(|open| at - open > 40)
        {
            continue;
        }
        let Some(end) = memchr::memchr(b'>', lower.get(from..).unwrap_or_default()).map(|end| end + from) else { break };
        let head = String::from_utf8_lossy(lower.get(from..end).unwrap_or_default()).into_owned();
        if lower.get(at.saturating_sub(1)).is_some_and(|before| *before == b'/') || head.contains('<') {
            continue;
        }
        let name = head.split("language").nth(1).and_then(|rest| rest.split(['"', '\'']).nth(1)).unwrap_or("jscript").to_owned();
        let language = match (name.as_str(), is_net) {
            ("c#" | "csharp", _) => Language::CSharp,
            ("vb" | "visualbasic", _) => Language::VisualBasic,
            ("vbscript", _) => Language::VbScript,
            (_, true) => Language::JscriptNet,
            _ => Language::Jscript,
        };
        let rest = lower.get(end + 1..).unwrap_or_default();
        let length = memchr::memmem::find_iter(rest, b":script").find_map(|close| {
            let open = rest.get(..close)?.iter().rposition(|byte| *byte == b'<')?;
            (rest.get(open + 1) == Some(&b'/') && close - open < 40).then_some(open)
        });
        let body = sheet.get(end + 1..).and_then(|body| body.get(..length.unwrap_or(body.len()))).unwrap_or_default();
        found.push((language, code_of(body)));
        from = end + 1 + body.len() + usize::from(length.is_some());
    }
    found
}

/// The text of an element: sections as they are, references decoded, other elements left out.
fn code_of(body: &[u8]) -> Vec<u8> {
    match memchr::memmem::find(body, b"<![CDATA[") {
        Some(start) => {
            let inside = body.get(start + 9..).unwrap_or_default();
            let end = memchr::memmem::rfind(inside, b"]]>").unwrap_or(inside.len());
            inside.get(..end).unwrap_or_default().to_vec()
        }
        None => decode::entities(body),
    }
}
