//! The languages.

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
