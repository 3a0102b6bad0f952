//! What extensions, patterns and paths in a configuration are.

/// Extensions that servers run as scripts by themselves, without a dot. Mapping them is what configurations are for.
const SCRIPTS: &[&str] = &[
    "php", "php2", "php3", "php4", "php5", "php6", "php7", "php8", "php52", "php53", "php54", "php55", "php56", "phtml", "pht",
    "phar", "inc", "module", "asp", "asa", "cer", "aspx", "ashx", "asmx", "ascx", "asax", "axd", "svc", "master", "soap", "rem",
    "cshtml", "vbhtml", "cshtm", "vbhtm", "jsp", "jspx", "jspf", "cfm", "cfc", "cfml", "cgi", "pl", "py", "rb", "fcgi", "lua",
    "rules", "xamlx", "xoml", "aspq", "do", "shtml", "shtm", "stm",
];

/// Extensions of pages that some sites have run as scripts: their look stays when the site becomes dynamic.
const PAGES: &[&str] = &["html", "htm", "xhtml", "xml", "rss", "js", "css", "json", "svg", "tpl"];

/// Extensions of files that visitors upload or that nobody looks into.
const HARMLESS: &[&str] = &[
    "jpg", "jpeg", "jpe", "png", "gif", "bmp", "ico", "webp", "tif", "tiff", "txt", "log", "csv", "pdf", "doc", "docx", "xls",
    "xlsx", "zip", "rar", "gz", "tar", "7z", "mp3", "mp4", "avi", "wav", "swf", "woff", "woff2", "ttf", "eot", "ini", "md",
    "dat", "bak", "old", "tmp", "cache", "db", "config", "htaccess", "yml", "lock", "po", "mo",
];

/// How sure it is that nobody honest runs files of this extension as scripts; `None` if it is usual.
pub(super) fn odd_extension(extension: &str) -> Option<f32> {
    let extension = extension.trim_matches(['.', '*', '"', '\'']).to_ascii_lowercase();
    let last = extension.rsplit('.').next().unwrap_or_default();
    if last.is_empty() || SCRIPTS.contains(&last) {
        None
    } else if HARMLESS.contains(&last) {
        Some(0.95)
    } else if PAGES.contains(&last) {
        (!matches!(last, "html" | "htm" | "xhtml")).then_some(0.3)
    } else {
        Some(0.6)
    }
}

/// The same for the pattern of a section: a name, a wildcard or a regular expression. The second value says that the
/// configuration itself is meant.
pub(super) fn odd_pattern(pattern: &str) -> Option<(f32, bool)> {
    let lower = pattern.to_ascii_lowercase();
    let words: Vec<&str> =
        lower.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_itself =
        words.iter().any(|word| matches!(*word, "htaccess" | "ht")) || words.windows(2).any(|pair| pair == ["user", "ini"]);
    if is_itself {
        return Some((0.97, true));
    }
    if words.iter().any(|word| HARMLESS.contains(word)) {
        return Some((0.95, false));
    }
    // `\.ph(p[3-8]?|tml)$` and its like.
    if words.iter().any(|word| SCRIPTS.contains(word) || word.starts_with("php"))
        || lower.contains(".ph")
        || lower.contains("p[h")
    {
        return None;
    }
    if words.iter().any(|word| PAGES.contains(word)) {
        let only_html = words.iter().all(|word| matches!(*word, "html" | "htm" | "xhtml") || !PAGES.contains(word));
        return (!only_html).then_some((0.3, false));
    }
    // A name without an extension was a way to hide which language a site is written in.
    let is_plain_name = lower.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'));
    Some((if is_plain_name { 0.4 } else { 0.65 }, false))
}

/// Security plug-ins and hosting panels that run a file before every page by themselves.
const KNOWN_PREPENDS: &[&str] = &[
    "wordfence-waf.php",
    "malcare-waf.php",
    "blogvault-waf.php",
    "mcwaf.php",
    "ninjafirewall.php",
    "firewall.php",
    "aios-bootstrap.php",
    "sucuri-waf.php",
    "bpsprotect.php",
    "patchstack-waf.php",
    "gotmls.php",
    "waf.php",
    "pre_prepend.php",
    "prepend.php",
];

/// What runs before or after every page.
pub(super) enum Prepended {
    Usual,
    /// The value holds code, or an address of it.
    Code,
    Itself,
    File(f32),
}

pub(super) fn prepended(value: &str) -> Prepended {
    let value = value.trim().trim_matches(['"', '\'']).trim().to_ascii_lowercase().replace('\\', "/");
    let file = value.rsplit('/').next().unwrap_or_default();
    if value.is_empty() || matches!(value.as_str(), "none" | "off" | "null" | "no value") {
        return Prepended::Usual;
    }
    let schemes = [
        "data:",
        "php:",
        "http:",
        "https:",
        "ftp:",
        "ftps:",
        "phar:",
        "zip:",
        "compress.",
        "expect:",
        "glob:",
        "ogg:",
        "rar:",
        "//",
        "ssh2.",
    ];
    if schemes.iter().any(|scheme| value.starts_with(scheme)) || value.contains("<?") {
        return Prepended::Code;
    }
    if matches!(file, ".htaccess" | ".user.ini" | "php.ini") {
        return Prepended::Itself;
    }
    if KNOWN_PREPENDS.contains(&file) {
        return Prepended::Usual;
    }
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    let is_script = SCRIPTS.contains(&extension);
    let is_placed_oddly = ["/tmp/", "/dev/shm/", "/var/tmp/", "/upload", "/images/", "/img/", "/css/", "/js/", "/cache/"]
        .iter()
        .any(|folder| value.contains(folder));
    Prepended::File(match odd_extension(extension) {
        Some(sure) => sure,
        None if !is_script => 0.7,
        None if is_placed_oddly || file.starts_with('.') => 0.7,
        None => 0.25,
    })
}

/// Whether a handler or type of Apache runs PHP, CGI or another language. What shows source or is no handler does not.
pub(super) fn runs_script(handler: &str) -> bool {
    let handler = handler.trim_matches(['"', '\'']).to_ascii_lowercase();
    if handler.contains("source") || handler.contains("text/") {
        return false;
    }
    handler.contains("php")
        || handler.starts_with("proxy:fcgi")
        || handler.starts_with("proxy:unix:")
        || matches!(
            handler.as_str(),
            "fcgid-script"
                | "fastcgi-script"
                | "lua-script"
                | "perl-script"
                | "modperl"
                | "mod_python"
                | "python-program"
                | "ruby-object"
                | "isapi-handler"
                | "isapi-isa"
        )
}

/// Script code in a configuration, wherever it stands.
pub(super) fn script_in(text: &[u8]) -> Option<(usize, f32)> {
    const MARKS: [(&[u8], f32); 6] =
        [(b"<?php", 0.95), (b"<?=", 0.9), (b"<? ", 0.8), (b"<?eval", 0.95), (b"<!--#exec", 0.95), (b"<!--#include", 0.7)];
    MARKS.iter().filter_map(|(mark, sure)| Some((memchr::memmem::find(text, mark)?, *sure))).min_by_key(|(at, _)| *at)
}
