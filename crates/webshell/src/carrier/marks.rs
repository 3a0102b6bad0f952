//! The marks of scripts in a text: which engines would find something to run in it.

use crate::language::Language;
use crate::page::asp::{is_net_directive, read_directive};
use crate::page::{Source, begins, jsp, php, tag};

/// Tags of ColdFusion that stand in no other language.
const COLD_FUSION: &[&str] = &[
    "cfset",
    "cfif",
    "cfoutput",
    "cfscript",
    "cfexecute",
    "cffile",
    "cfquery",
    "cfinclude",
    "cfparam",
    "cfloop",
    "cffunction",
    "cfcomponent",
    "cfinvoke",
    "cfobject",
    "cfhttp",
    "cfdirectory",
    "cfregistry",
    "cfsetting",
    "cfapplication",
    "cftry",
    "cfdump",
    "cfsavecontent",
    "cfmodule",
    "cfcontent",
    "cfheader",
    "cfswitch",
    "cfabort",
    "cflocation",
    "cfform",
];

/// Attributes of `<%@ page %>` that only JSP knows.
const JAVA_ATTRIBUTES: &[&str] = &[
    "import",
    "pageencoding",
    "session",
    "iserrorpage",
    "isthreadsafe",
    "iselignored",
    "autoflush",
    "extends",
    "info",
    "trimdirectivewhitespaces",
    "deferredsyntaxallowedasliteral",
];
/// And those that only ASP.NET knows.
const NET_ATTRIBUTES: &[&str] = &[
    "inherits",
    "codebehind",
    "codefile",
    "src",
    "autoeventwireup",
    "validaterequest",
    "debug",
    "trace",
    "aspcompat",
    "enableviewstate",
    "masterpagefile",
    "title",
    "async",
    "theme",
    "culture",
    "uiculture",
    "enablesessionstate",
    "codepage",
    "responseencoding",
    "classname",
    "enableeventvalidation",
    "viewstateencryptionmode",
    "enableviewstatemac",
    "explicit",
    "strict",
    "compileroptions",
    "warninglevel",
    "targetschema",
    "clienttarget",
    "lcid",
    "maintainscrollpositiononpostback",
];

/// A file full of marks must not fill the memory.
const MAX_BLOCKS: usize = 10_000;
/// So much code is gathered to tell languages apart.
const MAX_CODE: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Marks {
    pub php: bool,
    /// `<%` that opens code, and `<script runat=server>`.
    pub percent: bool,
    pub server_script: bool,
    /// Marks of one engine alone.
    pub net: bool,
    pub classic: bool,
    pub java: bool,
    pub cold_fusion: bool,
    /// A directive that ASP.NET or JSP may mean.
    pub page_directive: bool,
    /// A handler or service, whose code has no marks.
    pub whole: bool,
    /// What the directives or the first `<script>` call their language.
    pub language: Option<Vec<u8>>,
    pub has_script_language: bool,
    /// The language of the first script element; in ASP.NET it is that of the page, too.
    pub script_language: Option<Vec<u8>>,
    /// The beginning of the code, joined.
    pub code: Vec<u8>,
}

/// One pass over the text.
pub(super) fn find(source: Source<'_>, php_tags: php::Tags) -> Marks {
    let mut marks = Marks::default();
    let prefixes = jsp::Prefixes::of(source.text);
    let mut blocks = 0;
    for at in memchr::memchr_iter(b'<', source.text) {
        let rest = source.at(at);
        match rest.get(1) {
            Some(b'?') => marks.php = marks.php || php::opening(&source, at, php::Tags { asp: false, ..php_tags }).is_some(),
            Some(b'%') if blocks < MAX_BLOCKS => {
                blocks += 1;
                marks.percent_at(source, at);
            }
            Some(b's' | b'S') if begins(rest, "<script") && blocks < MAX_BLOCKS => {
                blocks += 1;
                marks.script_at(source, at);
            }
            Some(b'c' | b'C') if begins(rest, "<cf") => marks.cold_fusion = marks.cold_fusion || is_cold_fusion(source, at),
            Some(b'a' | b'A') if begins(rest, "<asp:") => marks.page_directive = true,
            Some(letter) if letter.is_ascii_alphabetic() && !marks.java => {
                let element = prefixes.element(rest);
                marks.java = element.is_some_and(|name| {
                    matches!(
                        name.as_str(),
                        "scriptlet" | "expression" | "declaration" | "root" | "usebean" | "setproperty" | "include" | "forward"
                    ) || name.starts_with("directive.")
                });
            }
            _ => {}
        }
    }
    marks
}

impl Marks {
    /// Whether anything here may run.
    pub(super) fn any(&self) -> bool {
        self.php
            || self.percent
            || self.server_script
            || self.net
            || self.classic
            || self.java
            || self.cold_fusion
            || self.page_directive
    }

    fn percent_at(&mut self, source: Source<'_>, at: usize) {
        let inside = source.at(at + 2);
        if inside.starts_with(b"@") {
            self.directive_at(source, at);
            return;
        }
        if inside.starts_with(b"--") || !source.is_credible(at + 2, b"%>") {
            return;
        }
        if inside.starts_with(b"!") && !inside.starts_with(b"!-") {
            self.java = true;
        }
        self.percent = true;
        let room = MAX_CODE.saturating_sub(self.code.len());
        let inside = inside.get(..room).unwrap_or(inside);
        let end = memchr::memmem::find(inside, b"%>").unwrap_or(inside.len());
        self.code.extend_from_slice(inside.get(..end).unwrap_or_default());
        self.code.push(b'\n');
    }

    fn directive_at(&mut self, source: Source<'_>, at: usize) {
        let (directive, Some(end)) = read_directive(source.text, at + 3) else { return };
        let has = |names: &[&str]| directive.attributes.iter().any(|attribute| names.contains(&attribute.name.as_str()));
        let language = directive.attribute("language");
        let is_java = language.is_some_and(|language| language.trim_ascii().eq_ignore_ascii_case(b"java"));
        let is_net = language.is_some_and(|language| {
            let language = Language::of_attribute(language, false);
            matches!(language, Some(Language::CSharp | Language::VisualBasic))
        });
        match directive.name.as_str() {
            "page" if is_java || (has(JAVA_ATTRIBUTES) && !is_net && language.is_none()) => self.java = true,
            "page" if language.is_some() || has(NET_ATTRIBUTES) => self.net = true,
            "page" => self.page_directive = true,
            "include" | "taglib" | "tag" | "variable" | "attribute" => self.java = true,
            "language" if is_java => self.java = true,
            "language" if is_net => self.net = true,
            "language" if has(&["language", "codepage", "lcid", "enablesessionstate", "transaction"]) => self.classic = true,
            name if is_net_directive(name) => {
                self.net = true;
                self.whole |= matches!(name, "webhandler" | "webservice" | "servicehost");
            }
            _ => return,
        }
        if self.whole && self.code.is_empty() {
            let code = source.at(end + 2);
            self.code.extend_from_slice(code.get(..MAX_CODE).unwrap_or(code));
        }
        if self.language.is_none() {
            self.language = language.map(<[u8]>::to_vec);
        }
    }

    fn script_at(&mut self, source: Source<'_>, at: usize) {
        let Some(tag) = tag::read(source.text, at) else { return };
        let language = tag.attribute("language");
        if language.is_some_and(|language| language.trim_ascii().eq_ignore_ascii_case(b"php")) {
            self.php = true;
            return;
        }
        if !tag.runs_at_server() {
            return;
        }
        self.server_script = true;
        match language.and_then(|language| Language::of_attribute(language, false)) {
            Some(Language::CSharp | Language::VisualBasic) => self.net = true,
            Some(_) => self.has_script_language = true,
            None => {}
        }
        if self.script_language.is_none() {
            self.script_language = language.map(<[u8]>::to_vec);
        }
        let code = source.at(tag.end);
        let room = MAX_CODE.saturating_sub(self.code.len());
        let code = code.get(..room).unwrap_or(code);
        let end = memchr::memmem::find(code, b"</").unwrap_or(code.len());
        self.code.extend_from_slice(code.get(..end).unwrap_or_default());
        self.code.push(b'\n');
    }
}

/// In a string of another language a quote or letter stands before the tag.
fn is_cold_fusion(source: Source<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| source.text.get(before));
    if before.is_some_and(|before| !before.is_ascii_whitespace() && *before != b'>') {
        return false;
    }
    let rest = source.at(at);
    let name = rest.get(1..).unwrap_or_default();
    let end = name.iter().take(24).position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or_default();
    let is_end = name.get(end).is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    let name = tag::lower(name.get(..end).unwrap_or_default());
    is_end && COLD_FUSION.contains(&name.as_str())
}
