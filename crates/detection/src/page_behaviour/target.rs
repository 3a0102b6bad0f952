//! What the path of a request is: a script, a file that should never run, or a route of an application.

use serde::{Deserialize, Serialize};

/// Extensions that a web server runs, beside those of IIS also those of PHP, ColdFusion, Perl and servlet containers.
const SCRIPTS: [&str; 25] = [
    "aspx", "ashx", "asp", "asa", "cer", "cdx", "cshtml", "vbhtml", "asmx", "svc", "soap", "php", "php3", "php4", "php5", "php7",
    "pht", "phtml", "phar", "jsp", "jspx", "jspf", "cfm", "cgi", "pl",
];
/// Of these, the ones made for programs, not for browsers.
const SERVICES: [&str; 3] = ["asmx", "svc", "soap"];
/// Extensions of files that are only ever sent as they are. `.html`, `.json` and `.xml` are not among them: applications
/// answer under those names.
const STATIC: [&str; 20] = [
    "png", "jpg", "jpeg", "gif", "bmp", "ico", "svg", "webp", "css", "js", "map", "txt", "woff", "woff2", "ttf", "eot", "otf",
    "pdf", "mp4", "flt",
];
/// Words for folders that hold what visitors sent or what pages are made up with; no script is installed there.
const ASSET_FOLDERS: [&str; 31] = [
    "upload",
    "uploads",
    "uploadfiles",
    "uploaded",
    "userfiles",
    "attachment",
    "attachments",
    "avatar",
    "avatars",
    "image",
    "images",
    "img",
    "pics",
    "photo",
    "photos",
    "css",
    "fonts",
    "static",
    "assets",
    "media",
    "files",
    "file",
    "tmp",
    "temp",
    "cache",
    "backup",
    "backups",
    "logs",
    "aspnet_client",
    "resources",
    "themes",
];
/// Folders of Exchange that are served without log-on; no build adds pages there.
const OPEN_FOLDERS: [&str; 3] = ["/owa/auth/", "/ecp/auth/", "/aspnet_client/"];
/// Words in a path by which applications call what other programs talk to.
const SERVICE_WORDS: [&str; 22] = [
    "api",
    "rest",
    "soap",
    "rpc",
    "xmlrpc",
    "jsonrpc",
    "service",
    "services",
    "webservice",
    "webservices",
    "ws",
    "webhook",
    "webhooks",
    "hook",
    "hooks",
    "callback",
    "callbacks",
    "notify",
    "notification",
    "ipn",
    "sync",
    "gateway",
];
/// Pages through which well-known applications take every form or call (WordPress, Joomla, Drupal, phpBB, TYPO3, Magento,
/// Nextcloud, phpMyAdmin, Roundcube), by their documentation.
const ENTRY_POINTS: [&str; 23] = [
    "wp-login.php",
    "wp-cron.php",
    "xmlrpc.php",
    "admin-ajax.php",
    "admin-post.php",
    "async-upload.php",
    "wp-comments-post.php",
    "wp-trackback.php",
    "wp-signup.php",
    "cron.php",
    "ajax.php",
    "remote.php",
    "ocs.php",
    "login.php",
    "login.aspx",
    "login.jsp",
    "login.asp",
    "postback.aspx",
    "ucp.php",
    "posting.php",
    "contact.php",
    "search.php",
    "comment.php",
];
/// The virtual folders of Exchange.
const EXCHANGE: [&str; 14] = [
    "owa",
    "ecp",
    "ews",
    "mapi",
    "microsoft-server-activesync",
    "powershell",
    "powershell-proxy",
    "autodiscover",
    "rpc",
    "rpcwithcert",
    "oab",
    "pushnotifications",
    "api",
    "reportingwebservice",
];

/// What kind of path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A script that the server runs.
    Script,
    /// A name that no server runs.
    Static,
    /// A path of an application, without a file.
    Route,
}

/// The path of a request, in lower case, without what stands behind the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub path: String,
    pub kind: Kind,
    /// Something stood behind the page's name (`/a.php/x`).
    pub path_info: bool,
}

impl Target {
    pub fn of(stem: &str) -> Self {
        // A servlet container's session stands behind a semicolon; NTFS names the same file with a stream's name.
        let stem = stem.split([';', '?']).next().unwrap_or_default();
        let stem = stem.strip_suffix("::$DATA").unwrap_or(stem).trim_end_matches(['.', ' ']);
        let mut path = if stem.is_ascii() { stem.to_ascii_lowercase() } else { stem.to_lowercase() };
        // Asked of every request, of which hardly any has them.
        if path.contains("//") {
            path = with_single_slashes(&path);
        }
        let mut end = 0;
        let mut script = None;
        for segment in path.split('/') {
            end += segment.len();
            if extension(segment).is_some_and(|it| SCRIPTS.contains(&it)) {
                script = Some(end);
                break;
            }
            end += 1;
        }
        let (kind, path_info) = match script {
            Some(end) => {
                let info = path.get(end..).is_some_and(|rest| rest.len() > 1);
                path.truncate(end);
                (Kind::Script, info)
            }
            None if extension(&path).is_some_and(|it| STATIC.contains(&it)) => (Kind::Static, false),
            None => (Kind::Route, false),
        };
        Self { path, kind, path_info }
    }
}

/// Servers find the same file behind `//a.php` and `/a.php`. A whole address keeps the slashes before its host.
fn with_single_slashes(path: &str) -> String {
    if !path.starts_with('/') {
        return path.to_owned();
    }
    let mut last = None;
    path.chars().filter(|&own| last.replace(own) != Some('/') || own != '/').collect()
}

/// Is this a path that Exchange itself answers, so that nothing can be said of it by traffic? `is_genuine` knows its pages.
pub fn is_of_exchange(target: &Target, is_genuine: impl Fn(&str) -> bool) -> bool {
    let folder = target.path.trim_start_matches('/').split('/').next().unwrap_or_default();
    EXCHANGE.contains(&folder) && (target.kind == Kind::Route || has_service_extension(&target.path) || is_genuine(&target.path))
}

/// A page made for programs, by its extension or by a word in its path. What is written about an interface (Tomcat brings
/// `/docs/api/` along) is none.
pub fn is_service(path: &str) -> bool {
    let words = || path.split(['/', '.', '-', '_']).take_while(|word| !["doc", "docs"].contains(word));
    has_service_extension(path) || words().any(|word| SERVICE_WORDS.contains(&word))
}

fn has_service_extension(path: &str) -> bool {
    extension(path).is_some_and(|it| SERVICES.contains(&it))
}

/// A page through which a well-known application takes its forms or calls, or the first page of a site.
pub fn is_entry_point(path: &str) -> bool {
    let name = file_name(path);
    ENTRY_POINTS.contains(&name) || matches!(path, "/index.php" | "/default.aspx" | "/index.jsp" | "/default.asp" | "/index.aspx")
}

/// Lies in a folder that holds no scripts.
pub fn is_in_asset_folder(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    folders.pop();
    folders.iter().any(|folder| ASSET_FOLDERS.contains(folder))
}

/// Lies in a folder of Exchange that anybody reaches.
pub fn is_in_open_folder(path: &str) -> bool {
    OPEN_FOLDERS.iter().any(|folder| path.starts_with(folder))
}

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn extension(path: &str) -> Option<&str> {
    file_name(path).rsplit_once('.').filter(|(name, _)| !name.is_empty()).map(|(_, extension)| extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_paths() {
        for (stem, path, kind, path_info) in [
            ("/Uploads/X.PHP", "/uploads/x.php", Kind::Script, false),
            ("/a.php/b/c.png", "/a.php", Kind::Script, true),
            ("/a.php/", "/a.php", Kind::Script, false),
            ("/app/x.jsp;jsessionid=1", "/app/x.jsp", Kind::Script, false),
            ("/x.aspx::$DATA", "/x.aspx", Kind::Script, false),
            ("/owa/auth/x.png", "/owa/auth/x.png", Kind::Static, false),
            ("/api/orders", "/api/orders", Kind::Route, false),
            ("/.php", "/.php", Kind::Route, false),
            ("//wp-login.php", "/wp-login.php", Kind::Script, false),
            ("/a///b//C.php//d", "/a/b/c.php", Kind::Script, true),
            ("//", "/", Kind::Route, false),
            ("http://site.example/a.php", "http://site.example/a.php", Kind::Script, false),
            ("/", "/", Kind::Route, false),
            ("", "", Kind::Route, false),
        ] {
            assert_eq!(Target::of(stem), Target { path: path.to_owned(), kind, path_info }, "{stem}");
        }
    }

    #[test]
    fn what_exchange_answers_itself() {
        for (stem, expected) in [
            ("/EWS/Exchange.asmx", true),
            ("/mapi/emsmdb/", true),
            ("/Microsoft-Server-ActiveSync/default.eas", true),
            ("/owa/service.svc", true),
            ("/owa/auth.owa", true),
            ("/ecp/DDI/DDIService.svc/SetObject", true),
            ("/powershell", true),
            ("/autodiscover/autodiscover.xml", true),
            ("/owa/auth/logon.aspx", true),
            ("/owa/auth/x.aspx", false),
            ("/owa/auth/x.png", false),
            ("/ews/x.aspx", false),
            ("/shop/logon.aspx", false),
            ("/api/x.aspx", false),
        ] {
            assert_eq!(is_of_exchange(&Target::of(stem), |path| path.ends_with("/logon.aspx")), expected, "{stem}");
        }
    }
}
