//! `.user.ini` and `php.ini`, and the same settings in `.htaccess`.

use super::apache::prepend;
use super::values::script_in;
use super::{ConfigEffect, Found};

pub(super) fn read(text: &[u8], found: &mut Found) {
    let mut at = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let line_at = at;
        at += line.len();
        // Both signs begin a comment here, so code in one is as harmless as the file that runs it is usual.
        let content = line.trim_ascii();
        if let Some((script, sure)) = script_in(content) {
            found.add(ConfigEffect::ContainsScript, line_at + script, content, sure);
        }
        if content.starts_with(b";") || content.starts_with(b"#") || content.starts_with(b"[") {
            continue;
        }
        let content = content.get(..4096).unwrap_or(content);
        let text = String::from_utf8_lossy(content);
        if let Some((name, value)) = text.split_once('=') {
            setting(&name.trim().to_ascii_lowercase(), without_comment(value.trim()), line_at, content, found);
        }
    }
}

/// Behind a value in quotes, or behind `;`, the rest of the line is a comment.
fn without_comment(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = value.get(1..).unwrap_or_default();
            inside.split_once(quote).map_or(inside, |(inside, _)| inside)
        }
        // `data:text/plain;base64,…` is written without quotes, too.
        _ if value.to_ascii_lowercase().starts_with("data:") => value,
        _ => value.split_once(';').map_or(value, |(value, _)| value).trim(),
    }
}

/// A setting of PHP. The name is in lower case.
pub(super) fn setting(name: &str, value: &str, at: usize, quote: &[u8], found: &mut Found) {
    let is_on = matches!(value.to_ascii_lowercase().as_str(), "on" | "1" | "true" | "yes");
    match name {
        "auto_prepend_file" | "auto_append_file" => {
            if let Some((effect, sure)) = prepend(value) {
                found.add(effect, at, quote, sure);
            }
        }
        "allow_url_include" if is_on => found.add(ConfigEffect::AllowsRemoteCode, at, quote, 0.5),
        "zend.script_encoding" | "mbstring.script_encoding" => {
            let plain = value.to_ascii_lowercase();
            if ["utf-7", "utf7", "utf-16", "utf-32", "ucs", "base64", "html", "qprint", "iso-2022"]
                .iter()
                .any(|odd| plain.contains(odd))
            {
                found.add(ConfigEffect::ChangesScriptEncoding, at, quote, 0.85);
            }
        }
        "error_log" => {
            let file = value.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
            if [".php", ".phtml", ".phar", ".pht", ".php5", ".inc"].iter().any(|end| file.ends_with(end)) {
                found.add(ConfigEffect::LogsIntoScript, at, quote, 0.75);
            }
        }
        "error_prepend_string" | "error_append_string" if value.contains("<?") => {
            found.add(ConfigEffect::ContainsScript, at, quote, 0.9);
        }
        "extension" | "zend_extension" if value.contains("/tmp/") || value.contains("upload") => {
            found.add(ConfigEffect::RunsProgram, at, quote, 0.85);
        }
        _ => {}
    }
}
