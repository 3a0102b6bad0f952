//! The cheap look: a script in which none of these words stands cannot do anything that the analysis would tell of, so it is not
//! walked. The scoreboard checks that it loses none (`--no-prefilter`).

use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::language::Language;

/// PHP: ways in for a visitor's data, ways to hide, and calls that are dangerous with nothing of a visitor in them.
const PHP: &[&str] = &[
    "_get",
    "_post",
    "_request",
    "_cookie",
    "_files",
    "_server",
    "_session",
    "globals",
    "http_",
    "php://",
    "filter_input",
    "allheaders",
    "request_headers",
    "getenv",
    "session_id",
    "extract",
    "parse_str",
    "import_request",
    "$$",
    "${",
    // A comment where there is hardly ever one: before what a name or a call goes on with.
    "$/*",
    "*/(",
    "get_defined",
    "eval",
    "assert",
    "create_function",
    "system(",
    "system (",
    "exec(",
    "exec (",
    "passthru",
    "popen",
    "proc_open",
    "`",
    "base64",
    "gzinflate",
    "gzuncompress",
    "rot13",
    "hex2bin",
    "__halt",
    "move_uploaded",
    "data:",
    "auto_prepend",
    "com(",
    "ffi",
    "unserialize",
    "reflectionf",
    "getdoccomment",
    "uudecode",
    "exif_",
    "yaml_parse",
    "stream_wrapper",
    "stream_filter",
    "phpinfo",
    "mail(",
    "fsockopen",
    "\\x",
    "\" ^",
    "'^",
    "\"^",
    ")^",
    "^ '",
    "^ \"",
    "~'",
    "~\"",
    "mb_ereg",
    "registerphpf",
    "goto ",
    "set_error_handler",
    "shell",
    "curl_",
    "file_get_contents",
    "include $",
    "include($",
    "include_once($",
    "require($",
    "require $",
    "require_once $",
    "mysql_",
    "file_put",
    "fwrite",
    "fputs",
    "mysqli",
    "opendir",
    "chmod",
    "copy(",
    "fopen",
];

/// ASP.NET.
const DOT_NET: &[&str] = &[
    "request",
    "process",
    "assembly",
    "eval",
    "posted",
    "upload",
    "shell",
    "createobject",
    "dllimport",
    "webmethod",
    "compile",
    "invoke",
    "deserialize",
    "activator",
    "socket",
    "tcpclient",
    "webclient",
    "marshal",
    "powershell",
    "runspace",
    "textbox",
    "input",
    "file.",
    "virtualpathprovider",
    "routetable",
    "xslcompiled",
    "xsltransform",
    "httplistener",
    "servicecontract",
    "operationcontract",
    "sqlcommand",
    "reflection",
    "base64",
    "registry",
    "management",
    "xamlreader",
    "formatter",
    "hidden",
    "\\u",
];

/// Classic ASP.
const ASP: &[&str] = &[
    "request",
    "eval",
    "execute",
    "createobject",
    "activexobject",
    "getobject",
    "function(",
    "clsid",
    "progid",
    "[\"",
    "constructor",
    "getref",
    "fromcharcode",
    "this[",
    "unescape",
];

/// JSP.
const JAVA: &[&str] = &[
    "request",
    "param",
    "header",
    "cookie",
    "runtime",
    "processbuilder",
    "classloader",
    "defineclass",
    "exec",
    "invoke",
    "eval",
    "socket",
    "forname",
    "getmethod",
    "objectinput",
    "xmldecoder",
    "script",
    "unsafe",
    "addfilter",
    "addservlet",
    "addlistener",
    "addvalve",
    "pipeline",
    "lookup",
    "loadclass",
    "\\u",
    "getreader",
    "inputstream",
    "expression",
    "statement",
    "pagecontext",
    "base64",
];

/// ColdFusion.
const COLD_FUSION: &[&str] = &[
    "form",
    "url",
    "cgi",
    "cookie",
    "evaluate",
    "execute",
    "httprequest",
    "createobject",
    "cfobject",
    "cffile",
    "fileupload",
    "filewrite",
    "iif",
    "de(",
    "cfinclude",
    "cfinvoke",
    "arguments",
];

fn words(language: Language) -> Option<&'static AhoCorasick> {
    static MACHINES: OnceLock<[Option<AhoCorasick>; 5]> = OnceLock::new();
    let build =
        |words: &[&str]| AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(words).ok();
    let machines = MACHINES.get_or_init(|| [build(PHP), build(DOT_NET), build(ASP), build(JAVA), build(COLD_FUSION)]);
    let index = match language {
        Language::Php => 0,
        Language::CSharp | Language::VisualBasic | Language::JscriptNet => 1,
        Language::VbScript | Language::Jscript => 2,
        Language::Java => 3,
        Language::ColdFusion => 4,
        Language::Perl | Language::Python | Language::ServerConfig => return None,
    };
    machines.get(index)?.as_ref()
}

/// Whether a script needs the full analysis.
pub(crate) fn may_matter(language: Language, text: &[u8]) -> bool {
    // A machine that could not be built dismisses nothing.
    words(language).is_none_or(|machine| machine.is_match(text)) || language == Language::Php && calls_a_value(text)
}

/// Whether something else than a name is called: `$a(`, `f()(`, `$a[0](`, `'a'(`.
fn calls_a_value(text: &[u8]) -> bool {
    memchr::memchr_iter(b'(', text).any(|at| {
        let before = text.get(..at).unwrap_or_default().trim_ascii_end();
        let Some((last, _)) = before.split_last() else { return false };
        match last {
            b')' | b']' | b'}' | b'\'' | b'"' => true,
            byte if is_name(*byte) => {
                let start = before.iter().rposition(|byte| !is_name(*byte));
                start.is_some_and(|start| before.get(start) == Some(&b'$'))
            }
            _ => false,
        }
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
