//! Files that the server puts into a page before it runs: includes, and the source behind an ASP.NET page.

use std::rc::Rc;

use crate::carrier::{self, Script};
use crate::language::Language;
use crate::page::Directive;

/// Files that are put into one page, and how deep they stand in each other.
const MAX_FILES: usize = 16;
const MAX_DEPTH: usize = 4;

/// A file's content by the path that a page gives.
type Open<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// What is put into a page.
#[derive(Default)]
pub(crate) struct Included {
    /// The scripts, each before the one that includes it, and the directives that name them.
    pub scripts: Vec<(Script, &'static str)>,
    /// How many files are not here.
    pub missing: u32,
}

impl Included {
    /// All that the script `of` of a file with this name includes.
    pub(crate) fn of(script: &Script, name: &str, open: Open<'_>) -> Self {
        let mut included = Self::default();
        included.follow(script, name, open, &mut vec![name.to_owned()]);
        included
    }

    fn follow(&mut self, script: &Script, name: &str, open: Open<'_>, around: &mut Vec<String>) {
        for (path, by) in script.directives.iter().flat_map(|directive| named(directive, script.language)) {
            if around.len() > MAX_DEPTH || self.scripts.len() >= MAX_FILES || around.contains(&path) {
                continue;
            }
            let Some(bytes) = open(&path) else {
                self.missing = self.missing.saturating_add(1);
                continue;
            };
            // What is included is a page of the same kind whatever its name; what is compiled with it is source.
            let read_as = if by == "include" { name } else { path.as_str() };
            for inner in carrier::scripts(&bytes, read_as).into_iter().filter(|inner| inner.language == script.language) {
                around.push(path.clone());
                self.follow(&inner, name, open, around);
                around.pop();
                self.scripts.push((inner, by));
            }
        }
    }
}

/// Whether a page has anything to put into it.
pub(crate) fn has_any(script: &Script) -> bool {
    script.directives.iter().any(|directive| named(directive, script.language).next().is_some())
}

/// The files that a directive names.
fn named(directive: &Directive, language: Language) -> impl Iterator<Item = (String, &'static str)> {
    let is_net = matches!(language, Language::CSharp | Language::VisualBasic | Language::JscriptNet);
    let attributes: &[(&str, &'static str)] = match directive.name.as_str() {
        "include" => &[("file", "include"), ("virtual", "include")],
        "script" => &[("src", "script src")],
        "page" | "control" | "master" | "webhandler" | "webservice" | "servicehost" | "application" if is_net => {
            &[("codefile", "CodeFile"), ("codebehind", "CodeBehind"), ("src", "Src")]
        }
        _ => &[],
    };
    let given = attributes.iter().filter_map(|(name, by)| Some((directive.attribute(name)?, *by)));
    let paths: Vec<_> = given.map(|(path, by)| (String::from_utf8_lossy(path.trim_ascii()).into_owned(), by)).collect();
    paths.into_iter().filter(|(path, _)| !path.is_empty())
}

impl crate::interpret::Interpreter<'_> {
    /// Walks what is put into the page, which the page's own code then finds declared.
    pub(crate) fn run_included(&mut self, included: &Included) {
        self.notes.depends = self.notes.depends.saturating_add(included.missing);
        for (script, by) in &included.scripts {
            let text: Rc<[u8]> = script.text.clone();
            for control in &script.controls {
                crate::library::declare_control(self, control);
            }
            let program = crate::parse::parse(script.language, &text, &script.pieces);
            self.run_program(text, by, &program);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{File, Limits, Verdict, inspect};

    /// The verdict on the first of these files, which may include the others.
    fn verdict(files: &[(&str, &str)]) -> Verdict {
        let open = |asked: &str| files.iter().find(|(name, _)| *name == asked).map(|(_, text)| text.as_bytes().to_vec());
        let (path, text) = files[0];
        let limits = Limits { time: None, ..Limits::default() };
        inspect(&File { path, bytes: text.as_bytes(), open: Some(&open) }, &limits).verdict
    }

    #[test]
    fn included_files_are_walked_with_the_page() {
        let java = r#"<%! void go(String a) throws Exception { Runtime.getRuntime().exec(a); } %>"#;
        let page = r#"<%@ include file="a.txt" %><% go(request.getParameter("b")); %>"#;
        assert_eq!(verdict(&[("page.jsp", page), ("a.txt", java)]), Verdict::Webshell);
        let document = r#"<jsp:root xmlns:jsp="http://java.sun.com/JSP/Page"><jsp:directive.include file="a.txt"/><jsp:scriptlet>go(request.getParameter("b"));</jsp:scriptlet></jsp:root>"#;
        assert_eq!(verdict(&[("page.jspx", document), ("a.txt", java)]), Verdict::Webshell);
        let net = r#"<script runat="server">void Go(string a) { System.Diagnostics.Process.Start("cmd", "/c " + a); }</script>"#;
        let page = r#"<%@ Page Language="C#" %><!--#include file="a.inc"--><% Go(Request["b"]); %>"#;
        assert_eq!(verdict(&[("page.aspx", page), ("a.inc", net)]), Verdict::Webshell);
        // In two steps, and around in a circle.
        let page = r#"<%@ include file="b.txt" %><% go(request.getParameter("b")); %>"#;
        let between = r#"<%@ include file="a.txt" %><%@ include file="b.txt" %>"#;
        assert_eq!(verdict(&[("page.jsp", page), ("a.txt", java), ("b.txt", between)]), Verdict::Webshell);
    }

    #[test]
    fn a_page_alone_is_what_it_was() {
        let page = r#"<%@ include file="a.txt" %><% go(request.getParameter("b")); %>"#;
        assert_eq!(verdict(&[("page.jsp", page)]), Verdict::Clean);
        let harmless = r#"<%! void go(String a) throws Exception { a.trim(); } %>"#;
        assert_eq!(verdict(&[("page.jsp", page), ("a.txt", harmless)]), Verdict::Clean);
    }

    #[test]
    fn the_source_behind_a_page_knows_its_controls() {
        let page = r#"<%@ Page Language="C#" CodeFile="page.aspx.cs" Inherits="P" %><asp:TextBox id="t" runat="server"/>"#;
        let source = r#"public partial class P : System.Web.UI.Page { void Page_Load(object s, EventArgs e) { System.Diagnostics.Process.Start("cmd", "/c " + t.Text); } }"#;
        assert_eq!(verdict(&[("page.aspx", page), ("page.aspx.cs", source)]), Verdict::Webshell);
    }
}
