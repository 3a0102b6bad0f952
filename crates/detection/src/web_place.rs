//! Places that a web server serves, and names of pages that it would run.

/// Extensions that IIS with ASP.NET, classic ASP, PHP, ColdFusion or a servlet container runs for a visitor. `.config` is not among
/// them: it is never served.
const PAGE_EXTENSIONS: [&str; 25] = [
    "aspx", "ashx", "asmx", "ascx", "asax", "asp", "asa", "cer", "cfc", "cfm", "cshtml", "master", "svc", "soap", "phar", "php",
    "php3", "php4", "php5", "php7", "pht", "phtml", "jsp", "jspx", "vbhtml",
];

/// How telling it is that a page lies in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WebPlace {
    /// Below a site's root: sites have pages of their own.
    SiteRoot,
    /// A web folder of Exchange: only setup writes there.
    ExchangeWeb,
    /// A folder that is served without log-on and that attackers used (indicators: log-on folders of OWA and ECP, the OAB
    /// folder, `aspnet_client`). No build adds pages there.
    Open,
}

/// The web place that a Windows path lies in.
pub fn web_place(windows_path: &str) -> Option<WebPlace> {
    let path = windows_path.to_ascii_lowercase().replace('/', "\\");
    let holds = |folder: &str| path.contains(folder);
    if holds("\\temporary asp.net files\\") {
        return None;
    }
    let exchange = holds("\\frontend\\httpproxy\\") || holds("\\clientaccess\\");
    if holds("\\aspnet_client\\")
        || exchange && (holds("\\owa\\auth\\") || holds("\\ecp\\auth\\"))
        || holds("\\frontend\\httpproxy\\oab\\")
    {
        Some(WebPlace::Open)
    } else if exchange {
        Some(WebPlace::ExchangeWeb)
    } else if holds("\\wwwroot\\") || holds("\\inetpub\\") {
        Some(WebPlace::SiteRoot)
    } else {
        None
    }
}

/// The file name of a Windows path or URL path, in lower case, when it is that of a page.
pub fn page_name(path: &str) -> Option<String> {
    let name = path.rsplit(['\\', '/']).next()?;
    // NTFS stream names and trailing dots or blanks name the same file.
    let name = name.split(':').next()?.trim_end_matches(['.', ' ']);
    let (stem, extension) = name.rsplit_once('.')?;
    let is_page = !stem.is_empty() && PAGE_EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension));
    is_page.then(|| name.to_lowercase())
}

/// The page of a compiler result's name: `ohyeah.aspx.f5dba9b9.compiled` is that of `ohyeah.aspx`.
pub fn compiled_page_name(path: &str) -> Option<String> {
    let name = path.rsplit('\\').next()?;
    let (rest, extension) = name.rsplit_once('.')?;
    let (page, hash) = rest.rsplit_once('.')?;
    let is_hash = (4..=16).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    if extension.eq_ignore_ascii_case("compiled") && is_hash { page_name(page) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        for (path, place) in [
            (r"C:\Program Files\Microsoft\Exchange Server\V15\FrontEnd\HttpProxy\owa\auth\x.aspx", Some(WebPlace::Open)),
            (r"E:\Ex\FrontEnd\HttpProxy\OAB\x.aspx", Some(WebPlace::Open)),
            (r"E:\Ex\frontend\httpproxy\owa\AUTH\Current\themes\resources\x.aspx", Some(WebPlace::Open)),
            (r"C:\inetpub\wwwroot\aspnet_client\system_web\x.aspx", Some(WebPlace::Open)),
            (r"E:\Ex\ClientAccess\ecp\x.aspx", Some(WebPlace::ExchangeWeb)),
            (r"C:\inetpub\wwwroot\shop\x.aspx", Some(WebPlace::SiteRoot)),
            (r"C:\Windows\Microsoft.NET\Framework64\v4.0.30319\Temporary ASP.NET Files\owa\auth\x", None),
            (r"C:\Users\Public\x.aspx", None),
        ] {
            assert_eq!(web_place(path), place, "{path}");
        }
    }

    #[test]
    fn page_names() {
        for (path, name) in [
            (r"C:\a\OhYeah.ASPX", Some("ohyeah.aspx")),
            ("/owa/auth/x.ashx", Some("x.ashx")),
            (r"C:\a\x.aspx:stream", Some("x.aspx")),
            (r"C:\a\x.aspx. ", Some("x.aspx")),
            (r"C:\a\web.config", None),
            (r"C:\a\.aspx", None),
            ("/owa/", None),
            ("", None),
        ] {
            assert_eq!(page_name(path).as_deref(), name, "{path}");
        }
    }

    #[test]
    fn compiled_names() {
        assert_eq!(compiled_page_name(r"C:\t\ohyeah.aspx.f5dba9b9.compiled").as_deref(), Some("ohyeah.aspx"));
        assert_eq!(compiled_page_name(r"C:\t\App_Web_llfrjg0v.dll"), None);
        assert_eq!(compiled_page_name(r"C:\t\global.asax.compiled"), None);
    }
}
