//! YARA rules: what the content of a file tells.
//!
//! The engine behind it (boreal) is an inner matter like that of Sigma; outside, a set of YARA rules is a [`FileScanner`].
//!
//! Rules written for the scanners LOKI and THOR ask for facts of the file by external variables (`filename`, `filepath`,
//! `extension`, `filetype`, `owner`); see [`FileToScan`] for what they get. Left out on purpose: the module `time` (the same
//! evidence must give the same answer on every day), and `include` (a rule file reads nothing but itself; whatever lies in
//! the folder is loaded anyway).

mod meta;
mod pack;

use std::borrow::Cow;

pub use pack::YaraPack;

use crate::Rule;

/// A set of rules on the content of files. May be shared between threads.
pub trait FileScanner: Send + Sync {
    /// The rules, in the order in which they were given.
    fn rules(&self) -> &[Rule];

    /// Which of them the file matches, in the order of the rules.
    fn scan(&self, file: &FileToScan<'_>) -> Vec<FileHit>;
}

/// A file for rules to look at.
#[derive(Clone, Copy, Debug)]
pub struct FileToScan<'a> {
    /// Its path, with backslashes or slashes. Rules see its name in `filename`, its folder in `filepath`, and its ending with
    /// the dot and in lower case in `extension`.
    pub path: &'a str,
    /// Its content, or the beginning of it.
    pub content: &'a [u8],
}

impl FileToScan<'_> {
    fn folder_and_name(&self) -> (&str, &str) {
        self.path.rsplit_once(['\\', '/']).unwrap_or(("", self.path))
    }

    fn extension(&self) -> String {
        let (_, name) = self.folder_and_name();
        name.rsplit_once('.').map(|(_, ending)| format!(".{}", ending.to_ascii_lowercase())).unwrap_or_default()
    }

    /// The word that LOKI and THOR have for such a file, as far as rules ask for it; empty otherwise.
    fn filetype(&self) -> &'static str {
        match self.content {
            [b'M', b'Z', ..] => return "EXE",
            [0x7f, b'E', b'L', b'F', ..] => return "ELF",
            [b'G', b'I', b'F', b'8', ..] => return "GIF",
            [b'%', b'P', b'D', b'F', ..] => return "PDF",
            [b'M', b'D', b'M', b'P', ..] => return "MDMP",
            [b'{', b'\\', b'r', b't', ..] => return "RTF",
            _ => {}
        }
        match self.extension().as_str() {
            ".asp" | ".aspx" | ".ashx" | ".asmx" | ".asax" | ".ascx" | ".asa" | ".svc" | ".cshtml" => "ASP",
            ".jsp" | ".jspx" => "JSP",
            ".php" | ".phtml" => "PHP",
            ".bat" | ".cmd" => "BATCH",
            ".vbs" => "VBS",
            _ => "",
        }
    }
}

/// A rule that a file matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHit {
    /// Position of the rule in [`FileScanner::rules`].
    pub rule: usize,
    /// The first places of strings of the rule that were found; none when the rule decides by something else.
    pub found: Vec<FoundString>,
}

/// A string of a rule, found in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundString {
    /// Its name in the rule (`$eval`).
    pub name: String,
    /// Where it begins, in bytes from the start of the file.
    pub offset: usize,
    /// What stands there (hostile), shortened.
    pub text: Cow<'static, str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_external_variables_get() {
        let table = [
            (r"C:\inetpub\wwwroot\A.ASPX", &b"<%"[..], (r"C:\inetpub\wwwroot", "A.ASPX"), ".aspx", "ASP"),
            ("var/www/x.php", b"", ("var/www", "x.php"), ".php", "PHP"),
            ("x.aspx", b"MZ\x90", ("", "x.aspx"), ".aspx", "EXE"),
            ("noending", b"", ("", "noending"), "", ""),
            ("", b"", ("", ""), "", ""),
        ];
        for (path, content, parts, extension, filetype) in table {
            let file = FileToScan { path, content };
            assert_eq!((file.folder_and_name(), file.extension().as_str(), file.filetype()), (parts, extension, filetype));
        }
    }
}
