//! Which language a file is counted under. The analyser has no say in it: by the ending where that tells, else by the first mark
//! of a language in the text.

use anyhow::Result;
use regex::bytes::Regex;
use serde::Serialize;

/// What a file is counted under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    Php,
    Asp,
    AspNet,
    Jsp,
    Cfml,
    Perl,
    Python,
    Configuration,
    Other,
}

impl Group {
    pub fn title(self) -> &'static str {
        match self {
            Self::Php => "PHP",
            Self::Asp => "ASP",
            Self::AspNet => "ASP.NET",
            Self::Jsp => "JSP",
            Self::Cfml => "CFML",
            Self::Perl => "Perl",
            Self::Python => "Python",
            Self::Configuration => "configuration",
            Self::Other => "other",
        }
    }
}

/// Bytes of a file in which marks are looked for.
const LOOKED_AT: usize = 1 << 20;

/// Marks that are enough: the first in the text decides.
const MARKS: &[(Group, &str)] = &[
    (Group::Php, r"<\?php|<\?=|<script[^>]{0,60}language\s*=\s*.?php"),
    (
        Group::Php,
        r"<\?\s*(?:@?\$|eval|assert|system|include|require|echo|if\s*\(|function\s|error_reporting|set_time_limit|/\*|//)",
    ),
    (Group::Jsp, r"<%@\s*page[^>]{0,200}(?:import\s*=|contenttype|pageencoding|language\s*=\s*.?java\b)|<jsp:|<%!"),
    (
        Group::AspNet,
        r"<%@\s*(?:page|webhandler|webservice|control|master|servicehost)[^>]{0,200}(?:language\s*=\s*.?(?:c#|vb\b|jscript)|class\s*=|inherits\s*=|codebehind)",
    ),
    (Group::AspNet, r"<%@\s*(?:import\s+namespace|assembly)|<script[^>]{0,60}language\s*=\s*.?c#|<asp:\w"),
    (
        Group::Asp,
        r"<%@\s*(?:language|codepage)\s*=|<%@[^>]{0,60}=\s*.?vbscript|<script[^>]{0,60}runat|<%\s*(?:eval|execute|executeglobal)\b",
    ),
    (Group::Asp, r"<%\s*(?:option\s+explicit|dim\s|on\s+error|sub\s|set\s)|<!--#include"),
    (Group::Cfml, r"<cf(?:set|if|execute|output|file|param|function|component|script|directory|query)\b"),
    (Group::Perl, r"^\s*#![^\n]{0,40}perl"),
    (Group::Python, r"^\s*#![^\n]{0,40}python"),
];

/// Words that tell the language where scripts are only known to stand between `<%` and `%>`.
const WORDS: &[(Group, &str)] = &[
    (
        Group::Jsp,
        r"request\.getparameter|runtime\.getruntime|java\.(?:io|util|lang|net)\b|pagecontext|classloader|processbuilder",
    ),
    (Group::AspNet, r"system\.(?:io|diagnostics|web|reflection)\b|request\.item\[|convert\.frombase64string"),
    (
        Group::Asp,
        r"server\.createobject|wscript\.|createobject\s*\(|execute|eval|response\.write|request(?:\.\w+)?\s*\(|end\s+(?:if|sub|function)",
    ),
];

/// The rules, made ready.
pub struct Languages {
    marks: Vec<(Group, Regex)>,
    words: Vec<(Group, Regex)>,
}

impl Languages {
    pub fn new() -> Result<Self> {
        let ready = |table: &[(Group, &str)]| -> Result<Vec<_>> {
            table.iter().map(|(group, mark)| Ok((*group, Regex::new(&format!("(?i-u){mark}"))?))).collect()
        };
        Ok(Self { marks: ready(MARKS)?, words: ready(WORDS)? })
    }

    /// What a file is counted under.
    pub fn of(&self, name: &str, content: &[u8]) -> Group {
        by_name(name).unwrap_or_else(|| self.by_content(content))
    }

    fn by_content(&self, content: &[u8]) -> Group {
        // Text of two bytes for each character is as good as any other without its zeros.
        let beginning = content.get(..content.len().min(LOOKED_AT)).unwrap_or_default();
        let text: Vec<u8> = beginning.iter().copied().filter(|byte| *byte != 0).collect();
        let first = self.marks.iter().filter_map(|(group, mark)| Some((mark.find(&text)?.start(), *group))).min();
        if let Some((_, group)) = first {
            return group;
        }
        if !text.windows(2).any(|pair| pair == b"<%") {
            return Group::Other;
        }
        let word = self.words.iter().find(|(_, word)| word.is_match(&text));
        word.map_or(Group::Other, |(group, _)| *group)
    }
}

fn by_name(path: &str) -> Option<Group> {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    Some(match ending {
        _ if name.ends_with(".user.ini") => Group::Configuration,
        "htaccess" | "config" => Group::Configuration,
        "phtml" | "inc" => Group::Php,
        _ if ending.starts_with("php") => Group::Php,
        "asp" | "asa" | "cer" | "cdx" => Group::Asp,
        "aspx" | "ashx" | "asmx" | "ascx" | "asax" | "master" | "cshtml" | "vbhtml" | "soap" | "svc" => Group::AspNet,
        "jsp" | "jspx" | "jspf" => Group::Jsp,
        "cfm" | "cfc" => Group::Cfml,
        "pl" | "pm" | "cgi" => Group::Perl,
        "py" => Group::Python,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_ending_comes_first() {
        let languages = Languages::new().unwrap();
        let table = [
            ("a/b.PHP", Group::Php),
            ("b.php5", Group::Php),
            ("b.inc", Group::Php),
            ("b.cer", Group::Asp),
            ("b.cshtml", Group::AspNet),
            ("b.jspx", Group::Jsp),
            ("b.cfc", Group::Cfml),
            ("b.cgi", Group::Perl),
            ("b.py", Group::Python),
            (".htaccess", Group::Configuration),
            ("collection__.user.ini", Group::Configuration),
            ("Web.config", Group::Configuration),
        ];
        for (name, group) in table {
            assert_eq!(languages.of(name, b"<%@ page import='x' %>"), group, "{name}");
        }
    }

    #[test]
    fn else_the_first_mark_in_the_text() {
        let languages = Languages::new().unwrap();
        let table: [(&[u8], Group); 16] = [
            (b"GIF89a <?php echo 1;", Group::Php),
            (b"<?= 1 ?> <%@ page import=\"x\"%>", Group::Php),
            (b"<? $a = 1; ?>", Group::Php),
            (b"<%@ Page Import=\"java.util.*\" %> <?php", Group::Jsp),
            (b"<jsp:root/>", Group::Jsp),
            (b"<%@ Page Language=\"C#\" %>", Group::AspNet),
            (b"<%@ WebHandler Language=\"VB\" Class=\"A\" %>", Group::AspNet),
            (b"<%@ LANGUAGE = VBScript %>", Group::Asp),
            (b"<% response.write 1 %>", Group::Asp),
            (b"<% out.print(request.getParameter(\"a\")); %>", Group::Jsp),
            (b"<\0%\0 \0R\0e\0s\0p\0o\0n\0s\0e\0.\0W\0r\0i\0t\0e\0", Group::Asp),
            (b"<cfset a = 1>", Group::Cfml),
            (b"#!/usr/bin/perl -w\n", Group::Perl),
            (b"#!/usr/bin/env python3\n", Group::Python),
            (b"<?xml version='1.0'?>", Group::Other),
            (b"", Group::Other),
        ];
        for (content, group) in table {
            assert_eq!(languages.of("a.txt", content), group, "{}", String::from_utf8_lossy(content));
        }
    }
}
