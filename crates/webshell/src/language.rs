//! The languages, and what a file's name promises of them.

pub(crate) mod tokens;

use serde::{Deserialize, Serialize};

/// The language of a script, in the finest sense that matters for what its names mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// PHP 4 to 8.
    Php,
    /// C# in an ASP.NET page, handler, service or Razor page.
    CSharp,
    /// VB.NET in an ASP.NET page.
    VisualBasic,
    /// JScript.NET in an ASP.NET page.
    JscriptNet,
    /// VBScript in a classic ASP page.
    VbScript,
    /// JScript in a classic ASP page.
    Jscript,
    /// Java in a JSP or JSPX page.
    Java,
    /// CFML, tags or CFScript.
    ColdFusion,
    /// Perl CGI.
    Perl,
    /// Python CGI.
    Python,
    /// Configuration of a web server that can make code run: `.htaccess`, `.user.ini`, `web.config`.
    ServerConfig,
}

impl Language {
    /// The language of a `language` attribute, in a page of ASP.NET (`net`) or of classic ASP. The names of ASP.NET are those
    /// that its machine configuration registers (Microsoft Learn, `<compilers>` element).
    pub(crate) fn of_attribute(value: &[u8], net: bool) -> Option<Self> {
        let name = value.trim_ascii().to_ascii_lowercase();
        let name = name.strip_suffix(b".encode").unwrap_or(&name);
        Some(match name {
            b"c#" | b"cs" | b"csharp" => Self::CSharp,
            b"vb" | b"visualbasic" => Self::VisualBasic,
            b"vbs" | b"vbscript" if net => Self::VisualBasic,
            b"vbs" | b"vbscript" => Self::VbScript,
            b"js" | b"jscript" | b"javascript" if net => Self::JscriptNet,
            b"js" | b"jscript" | b"javascript" | b"ecmascript" | b"livescript" => Self::Jscript,
            b"java" | b"vj#" | b"vjs" | b"vjsharp" => Self::Java,
            b"php" | b"php3" | b"phpscript" => Self::Php,
            b"perl" | b"perlscript" => Self::Perl,
            b"python" => Self::Python,
            _ => return None,
        })
    }
}

/// What a file's name promises of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    Php,
    ClassicAsp,
    AspNet,
    RazorCSharp,
    RazorVisualBasic,
    Java,
    ColdFusion,
    /// CGI, Perl unless its first line says otherwise.
    Perl,
    /// Runs only when its first line says so.
    Cgi,
    Python,
    /// Source that ASP.NET compiles beside a page.
    CSharpSource,
    VisualBasicSource,
    Config,
    /// Pictures, sounds, archives and documents: never a script.
    Media,
    /// Notes, logs, data: never a script.
    Text,
    /// What a browser reads, and templates, which may have tags of their own.
    Client,
    Unknown,
}

impl Promise {
    /// `name` may be a path. What Windows and IIS drop from the end of a name does not count.
    pub(crate) fn of(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
        let file = file.split([';', '\0']).next().unwrap_or_default();
        let file = file.strip_suffix("::$data").unwrap_or(file).trim_end_matches(['.', ' ']);
        if matches!(file, "web.config" | ".htaccess" | ".user.ini" | "php.ini") {
            return Self::Config;
        }
        let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
        match extension {
            "php" | "php2" | "php3" | "php4" | "php5" | "php6" | "php7" | "php8" | "phtml" | "phtm" | "pht" | "phps" | "phar"
            | "inc" | "module" | "install" | "theme" | "engine" | "profile" => Self::Php,
            "asp" | "asa" | "cer" | "cdx" => Self::ClassicAsp,
            "aspx" | "ashx" | "asmx" | "ascx" | "asax" | "master" | "svc" | "soap" | "rem" | "aspq" | "axd" => Self::AspNet,
            "cshtml" | "cshtm" | "razor" => Self::RazorCSharp,
            "vbhtml" | "vbhtm" => Self::RazorVisualBasic,
            "jsp" | "jspx" | "jspf" | "jspa" | "jsw" | "jsv" | "jtml" | "tag" | "tagx" | "xhtml" | "jsf" => Self::Java,
            "cfm" | "cfc" | "cfml" | "cfr" => Self::ColdFusion,
            "pl" | "plx" => Self::Perl,
            "cgi" => Self::Perl,
            "pm" | "fcgi" | "sh" => Self::Cgi,
            "py" | "pyw" | "wsgi" => Self::Python,
            "cs" if is_page_source(&lower, stem) => Self::CSharpSource,
            "vb" if is_page_source(&lower, stem) => Self::VisualBasicSource,
            "jpg" | "jpeg" | "jpe" | "png" | "gif" | "bmp" | "ico" | "webp" | "tif" | "tiff" | "svg" | "mp3" | "mp4" | "avi"
            | "wav" | "pdf" | "doc" | "docx" | "xls" | "xlsx" | "ppt" | "pptx" | "zip" | "rar" | "7z" | "gz" | "tar" | "woff"
            | "woff2" | "ttf" | "eot" | "swf" | "exe" | "dll" => Self::Media,
            "txt" | "log" | "csv" | "dat" | "bak" | "old" | "tmp" | "md" | "rst" | "json" | "xml" | "ini" | "yml" | "yaml" => {
                Self::Text
            }
            "html" | "htm" | "shtml" | "js" | "ts" | "mjs" | "jsx" | "tsx" | "css" | "scss" | "vue" | "ejs" | "erb" | "rhtml"
            | "tpl" | "tmpl" | "hbs" | "mustache" | "eco" | "jst" | "map" | "cs" | "vb" | "java" | "rb" | "go" => Self::Client,
            _ => Self::Unknown,
        }
    }

    /// A name that no server runs as a script by default.
    pub(crate) fn is_inert(self) -> bool {
        matches!(self, Self::Media | Self::Text)
    }

    /// Whether a server would give a file of this name to the engine of this language.
    pub(crate) fn keeps(self, language: Language) -> bool {
        use Language as L;
        match self {
            Self::Php => language == L::Php,
            Self::ClassicAsp => matches!(language, L::VbScript | L::Jscript | L::Perl | L::Python),
            Self::AspNet => matches!(language, L::CSharp | L::VisualBasic | L::JscriptNet | L::Java),
            Self::RazorCSharp | Self::CSharpSource => language == L::CSharp,
            Self::RazorVisualBasic | Self::VisualBasicSource => language == L::VisualBasic,
            Self::Java => language == L::Java,
            Self::ColdFusion => language == L::ColdFusion,
            Self::Perl | Self::Cgi => matches!(language, L::Perl | L::Python),
            Self::Python => language == L::Python,
            Self::Media | Self::Text => false,
            Self::Config | Self::Client | Self::Unknown => true,
        }
    }
}

/// Source behind a page, made from one, or compiled because of its folder. Other C# and VB is not run by a web server.
fn is_page_source(path: &str, stem: &str) -> bool {
    let of_page = stem.rsplit_once('.').is_some_and(|(_, inner)| {
        matches!(inner, "aspx" | "ashx" | "asmx" | "ascx" | "asax" | "master" | "svc" | "cshtml" | "vbhtml")
    });
    of_page || stem.starts_with("app_web_") || path.split(['/', '\\']).any(|folder| folder == "app_code")
}
