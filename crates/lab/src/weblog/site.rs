//! What a site consists of: tables, so that one crowd can visit any of them.

use super::WebServer;

/// A site.
pub(super) struct Site {
    /// Ending of pages that run code.
    pub(super) ending: &'static str,
    /// Pages that everybody visits; `#` stands for a number that makes many pages of one line.
    pub(super) pages: &'static [&'static str],
    /// What a page brings along.
    pub(super) assets: &'static [&'static str],
    /// Forms that visitors send, from the page that shows them.
    pub(super) forms: &'static [&'static str],
    /// What applications call, without a referrer.
    pub(super) interfaces: &'static [&'static str],
    /// A partner's machines call this, and nobody else.
    pub(super) callback: &'static str,
    /// The server itself calls this, all day.
    pub(super) job: &'static str,
    /// Another machine sends its night's work here, from the middle of the log on.
    pub(super) nightly: &'static str,
    /// Somebody's monitoring asks for this.
    pub(super) status: &'static str,
    /// An administrator's pages.
    pub(super) administration: &'static [&'static str],
    /// What an administrator uses once in a while.
    pub(super) rare: &'static str,
    /// Put there in the middle of the log.
    pub(super) new: &'static str,
    /// Folders in which pages of others turn up; some hold no code else.
    pub(super) odd_folders: &'static [&'static str],
    /// Files that lie around and that only scanners ask for.
    pub(super) leftovers: &'static [&'static str],
}

pub(super) fn of(server: WebServer) -> &'static Site {
    match server {
        WebServer::Apache | WebServer::Nginx => &PHP,
        WebServer::Tomcat => &JSP,
        WebServer::Iis | WebServer::Exchange => &ASPX,
    }
}

const PHP: Site = Site {
    ending: "php",
    pages: &[
        "/",
        "/index.php",
        "/blog/article-#/",
        "/shop/product.php?id=#",
        "/shop/category.php?c=#",
        "/about/",
        "/news/#.html",
    ],
    assets: &[
        "/wp-content/themes/lit/style.css",
        "/wp-content/themes/lit/app.js",
        "/wp-includes/js/jquery/jquery.min.js",
        "/wp-content/uploads/2024/01/picture-#.jpg",
        "/favicon.ico",
    ],
    forms: &["/contact/send.php", "/shop/cart.php", "/wp-comments-post.php", "/search.php", "/shop/checkout.php"],
    interfaces: &["/wp-json/lit/v1/orders", "/api/v2/stock.php", "/api/v2/login.php"],
    callback: "/shop/payment/notify.php",
    job: "/wp-cron.php",
    nightly: "/shop/stock/import.php",
    status: "/server-health.php",
    administration: &["/wp-login.php", "/wp-admin/admin-ajax.php", "/wp-admin/post.php", "/wp-admin/async-upload.php"],
    rare: "/tools/import.php",
    new: "/spring-sale/form.php",
    odd_folders: &[
        "/wp-content/uploads/2023/11/",
        "/wp-includes/fonts/",
        "/images/",
        "/wp-content/plugins/akismet/img/",
        "/shop/",
    ],
    leftovers: &["/readme.html", "/license.txt", "/wp-includes/wlwmanifest.xml", "/xmlrpc.php", "/wp-admin/install.php"],
};

const JSP: Site = Site {
    ending: "jsp",
    pages: &[
        "/",
        "/portal/home.jsp",
        "/portal/course.jsp?id=#",
        "/portal/list.jsp?page=#",
        "/portal/view.do?doc=#",
        "/help/index.jsp",
    ],
    assets: &["/portal/css/main.css", "/portal/js/app.js", "/portal/img/photo-#.png", "/favicon.ico"],
    forms: &["/portal/login.do", "/portal/enrol.jsp", "/portal/feedback.jsp", "/portal/search.do"],
    interfaces: &["/rest/v1/grades", "/rest/v1/session", "/services/SyncService"],
    callback: "/portal/sso/callback.jsp",
    job: "/portal/internal/tick.jsp",
    nightly: "/portal/enrolment/load.jsp",
    status: "/portal/ping.jsp",
    administration: &["/manager/html", "/manager/html/list", "/portal/admin/users.jsp", "/portal/admin/upload.jsp"],
    rare: "/portal/admin/reindex.jsp",
    new: "/portal/survey.jsp",
    odd_folders: &["/portal/img/", "/portal/upload/files/", "/examples/", "/portal/WEB-RES/", "/docs/api/"],
    leftovers: &["/docs/", "/examples/jsp/snp/snoop.jsp", "/host-manager/html", "/RELEASE-NOTES.txt"],
};

const ASPX: Site = Site {
    ending: "aspx",
    pages: &["/", "/default.aspx", "/products.aspx?id=#", "/article.aspx?n=#", "/about.aspx", "/careers/job.aspx?id=#"],
    assets: &[
        "/css/site.css",
        "/js/site.js",
        "/WebResource.axd?d=#",
        "/ScriptResource.axd?d=#",
        "/images/photo-#.jpg",
        "/favicon.ico",
    ],
    forms: &["/contact.aspx", "/search.aspx", "/account/login.aspx", "/basket.aspx"],
    interfaces: &["/api/orders.ashx", "/services/stock.asmx", "/api/token"],
    callback: "/payment/notify.ashx",
    job: "/internal/tick.ashx",
    nightly: "/warehouse/import.aspx",
    status: "/health.aspx",
    administration: &["/admin/default.aspx", "/admin/upload.aspx", "/admin/news.aspx", "/admin/service.asmx"],
    rare: "/admin/import.aspx",
    new: "/campaign/form.aspx",
    odd_folders: &["/uploads/avatars/", "/aspnet_client/system_web/4_0_30319/", "/images/", "/fonts/", "/careers/"],
    leftovers: &["/iisstart.htm", "/trace.axd", "/elmah.axd", "/web.config.bak"],
};

/// Folders of Exchange's front end.
pub(super) const EXCHANGE_FOLDERS: [&str; 6] = [
    "/owa/auth/",
    "/owa/auth/Current/themes/resources/",
    "/ecp/auth/",
    "/aspnet_client/",
    "/aspnet_client/system_web/",
    "/owa/auth/15.1.2507/scripts/premium/",
];
