#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use proptest::prelude::*;

use super::ConfigEffect::*;
use super::*;

/// Effects and how sure at least.
fn check(name: &str, text: &str, expected: &[(ConfigEffect, f32)]) {
    let found = findings(name, text.as_bytes());
    let effects: Vec<_> = found.iter().map(|finding| finding.effect).collect();
    assert_eq!(effects, expected.iter().map(|(effect, _)| *effect).collect::<Vec<_>>(), "{name}: {text}\n{found:?}");
    for (finding, (_, least)) in found.iter().zip(expected) {
        assert!(finding.sure >= *least && finding.sure <= 1.0, "{name}: {text}: {finding:?}");
    }
}

#[test]
fn apache() {
    let table: &[(&str, &[(ConfigEffect, f32)])] = &[
        ("AddType application/x-httpd-php .jpg", &[(RunsFilesAsScript, 0.9)]),
        ("AddHandler application/x-httpd-php80 .php .txt", &[(RunsFilesAsScript, 0.9)]),
        ("AddHandler php5-script abc", &[(RunsFilesAsScript, 0.5)]),
        ("AddType application/x-httpd-php .htaccess\n# <?php demo(1); ?>", &[(RunsItself, 0.9), (ContainsScript, 0.9)]),
        ("<Files ~ \"^\\.ht\">\nSetHandler application/x-httpd-php\n</Files>", &[(RunsItself, 0.9)]),
        ("<FilesMatch \"logo\\.png$\">\n  SetHandler application/x-httpd-php\n</FilesMatch>", &[(RunsFilesAsScript, 0.9)]),
        ("SetHandler application/x-httpd-php", &[(RunsAllFilesAsScript, 0.7)]),
        ("SetHan\\\ndler application/x-httpd-php", &[(RunsAllFilesAsScript, 0.7)]),
        ("<IfModule mod_php.c>\nForceType application/x-httpd-php\n</IfModule>", &[(RunsAllFilesAsScript, 0.7)]),
        ("php_value auto_prepend_file \"data:text/plain;base64,AAAA\"", &[(RunsCodeWithEveryPage, 0.9)]),
        ("php_value auto_append_file .htaccess", &[(RunsItself, 0.9)]),
        ("php_value auto_prepend_file /var/www/images/a.jpg", &[(RunsFileWithEveryPage, 0.9)]),
        ("php_value auto_prepend_file /tmp/a.php", &[(RunsFileWithEveryPage, 0.6)]),
        ("Options +ExecCGI\nAddHandler cgi-script .jpg", &[(RunsFilesAsScript, 0.9)]),
        ("Options +Includes\nAddHandler server-parsed .jpg", &[(RunsFilesAsScript, 0.9)]),
        ("ErrorDocument 404 \"<!--#exec cmd='demo' -->\"", &[(ExecutesErrorPages, 0.8), (ContainsScript, 0.8)]),
        ("ErrorDocument 404 %{file:/etc/hostname}", &[(ReadsFiles, 0.8)]),
        ("FcgidWrapper \"/bin/sh\" .js", &[(RunsProgram, 0.7)]),
        ("RewriteRule \\.gif$ - [H=application/x-httpd-php]", &[(RunsFilesAsScript, 0.9)]),
        ("php_value zend.script_encoding \"UTF-7\"", &[(ChangesScriptEncoding, 0.8)]),
        ("php_value error_log /var/www/html/a.php", &[(LogsIntoScript, 0.7)]),
        ("php_flag allow_url_include on", &[(AllowsRemoteCode, 0.4)]),
    ];
    for (text, expected) in table {
        check("site/.htaccess", text, expected);
    }
}

#[test]
fn pages_with_includes() {
    let table: &[(&str, &[(ConfigEffect, f32)])] = &[
        ("<html><!--#exec cmd=\"$QUERY_STRING\" --></html>", &[(RunsProgram, 0.9)]),
        ("<!--#EXEC cmd='${HTTP_X_A}'-->", &[(RunsProgram, 0.9)]),
        ("<!--#exec cmd=\"date\" -->", &[(RunsProgram, 0.3)]),
        ("<!--#include virtual=\"$QUERY_STRING\" -->", &[(ReadsFiles, 0.5)]),
        ("<!--#include virtual=\"/head.html\" --><!--#echo var=\"QUERY_STRING\" --><!--#exec cgi=\"/cgi-bin/counter\" -->", &[]),
        ("<!--#exec cmd=\"$QUERY_STRING\"", &[]),
    ];
    for (text, expected) in table {
        check("site/a.shtml", text, expected);
    }
    assert!(findings("a.html", b"<!--#exec cmd=\"$QUERY_STRING\" -->").is_empty(), "sent as it is");
}

#[test]
fn usual_configurations_are_silent() {
    let table = [
        (
            ".htaccess",
            "# BEGIN WordPress\n<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteBase /\nRewriteRule ^index\\.php$ - [L]\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule . /index.php [L]\n</IfModule>\n# END WordPress",
        ),
        (".htaccess", "AddHandler application/x-httpd-ea-php80 .php .php8 .phtml\nAddType application/x-httpd-php .php5"),
        (".htaccess", "<IfModule mime_module>\n AddHandler application/x-httpd-php74___lsphp .php .php7 .phtml\n</IfModule>"),
        (".htaccess", "AddType application/x-httpd-php .html .htm"),
        (".htaccess", "AddType application/x-httpd-php-source .phps"),
        (
            ".htaccess",
            "<FilesMatch \"\\.(php|phtml)$\">\nSetHandler \"proxy:unix:/run/php/php8.1-fpm.sock|fcgi://localhost\"\n</FilesMatch>",
        ),
        (".htaccess", "<FilesMatch \"\\.ph(p[2-6]?|tml)$\">\nSetHandler application/x-httpd-php\n</FilesMatch>"),
        (
            ".htaccess",
            "<FilesMatch \"\\.(engine|inc|install|module|profile|po|sh|.*sql|theme|twig|tpl(\\.php)?|xtmpl|yml)$\">\nRequire all denied\n</FilesMatch>\nSetHandler Drupal_Security_Do_Not_Remove_See_SA_2006_006\nOptions None",
        ),
        (".htaccess", "Options -ExecCGI\nAddHandler cgi-script .php .pl .py .jsp .asp .htm .shtml .sh .cgi .jpg"),
        (".htaccess", "AddHandler cgi-script .cgi .pl\nOptions +ExecCGI"),
        (".htaccess", "<Files *.php>\nSetHandler none\nForceType text/plain\n</Files>\nphp_flag engine off"),
        (".htaccess", "php_value auto_prepend_file '/var/www/wordfence-waf.php'\nphp_value auto_append_file none"),
        (".htaccess", "ErrorDocument 404 /404.php\nErrorDocument 500 \"Sorry\""),
        (".htaccess", "AddType image/webp .webp\nAddType text/html .shtml\nAddOutputFilter INCLUDES .shtml"),
        (".user.ini", "; comment\nauto_prepend_file = '/srv/wordfence-waf.php' ; waf\nmemory_limit = 64M"),
        ("php.ini", "auto_prepend_file =\nauto_append_file = \nallow_url_include = Off\nerror_log = php_errors.log"),
        (
            "web.config",
            "<configuration><system.webServer><handlers accessPolicy=\"Read, Script\"><add name=\"PHP\" path=\"*.php\" verb=\"*\" modules=\"FastCgiModule\" scriptProcessor=\"C:\\php\\php-cgi.exe\"/><add name=\"core\" path=\"*\" verb=\"*\" modules=\"AspNetCoreModuleV2\"/><add name=\"a\" path=\"*.aspx\" type=\"System.Web.UI.PageHandlerFactory\"/></handlers></system.webServer></configuration>",
        ),
        (
            "web.config",
            "<system.web><machineKey validationKey=\"x\"/><compilation><buildProviders><add extension=\".rdlc\" type=\"Microsoft.Reporting.RdlBuildProvider\"/></buildProviders></compilation></system.web>",
        ),
        ("web.config", "<!-- <handlers><add path=\"*.jpg\" scriptProcessor=\"asp.dll\"/></handlers> -->"),
        ("other.txt", "SetHandler application/x-httpd-php"),
    ];
    for (name, text) in table {
        check(name, text, &[]);
    }
}

#[test]
fn php_settings() {
    check(".user.ini", "auto_prepend_file=a.gif", &[(RunsFileWithEveryPage, 0.9)]);
    check(".user.ini", "auto_append_file = \"php://input\"", &[(RunsCodeWithEveryPage, 0.9)]);
    check(".user.ini", "auto_append_file=data:;base64,AAAA", &[(RunsCodeWithEveryPage, 0.9)]);
    check(".user.ini", ";<?php demo(1); ?>\nauto_prepend_file=.user.ini", &[(ContainsScript, 0.9), (RunsItself, 0.9)]);
    check("php.ini", "auto_prepend_file = lib/start.php", &[(RunsFileWithEveryPage, 0.2)]);
}

#[test]
fn iis() {
    let handlers = |inside: &str| {
        format!("<configuration><system.webServer><handlers>{inside}</handlers></system.webServer></configuration>")
    };
    check(
        "web.config",
        &handlers(
            "<add name=\"a\" path=\"*.jpg\" verb=\"*\" modules=\"IsapiModule\" scriptProcessor=\"%windir%\\system32\\inetsrv\\asp.dll\"/>",
        ),
        &[(RunsFilesAsScript, 0.9)],
    );
    check(
        "web.config",
        &handlers("<add path=\"*.txt\" verb=\"*\" type=\"System.Web.UI.PageHandlerFactory\"/>"),
        &[(RunsFilesAsScript, 0.9)],
    );
    check(
        "web.config",
        &handlers("<add path=\"*.xyz\" verb=\"*\" type=\"System.Web.UI.PageHandlerFactory\"/>"),
        &[(RunsFilesAsScript, 0.4)],
    );
    check(
        "web.config",
        &handlers("<add path=\"*.x\" verb=\"*\" modules=\"CgiModule\" scriptProcessor=\"C:\\Windows\\System32\\cmd.exe\"/>"),
        &[(RunsProgram, 0.9)],
    );
    check(
        "web.config",
        "<configuration><system.webServer><handlers accessPolicy=\"Read, Script, Write\"><add path=\"*.config\" scriptProcessor=\"asp.dll\"/></handlers><security><requestFiltering><fileExtensions><remove fileExtension=\".config\" /></fileExtensions><hiddenSegments><remove segment=\"web.config\" /></hiddenSegments></requestFiltering></security></system.webServer></configuration><!-- <% demo 1 %> -->",
        &[(AllowsScriptsWhereVisitorsWrite, 0.4), (RunsItself, 0.9), (RunsItself, 0.8), (RunsItself, 0.8), (ContainsScript, 0.9)],
    );
    check(
        "web.config",
        "<compilation><buildProviders><add extension=\".jpg\" type=\"System.Web.Compilation.PageBuildProvider\"/></buildProviders><codeSubDirectories><add directoryName=\"uploads\"/></codeSubDirectories></compilation>",
        &[(CompilesFilesAsPages, 0.9), (CompilesFolder, 0.6)],
    );
    check("site/uploads/web.config", "<handlers accessPolicy=\"Read, Script\"/>", &[(AllowsScriptsWhereVisitorsWrite, 0.3)]);
}

const HOSTILE: &[&str] = &[
    "<",
    "<add ",
    "<handlers>",
    "<%",
    "%>",
    "<!--",
    "</",
    "<Files ",
    "\\\n",
    "\n",
    "\"",
    "SetHandler application/x-httpd-php\n",
    "AddType php .jpg\n",
    "auto_prepend_file=",
    "=",
    "<?php",
    "[H=php]",
    "%{file:",
];

#[test]
fn hostile_configurations_take_linear_time() {
    for name in [".htaccess", ".user.ini", "web.config"] {
        for piece in HOSTILE {
            let text = piece.repeat((1 << 18) / piece.len());
            let begun = std::time::Instant::now();
            let _ = findings(name, text.as_bytes());
            assert!(begun.elapsed().as_secs() < 5, "{name} {piece:?} {:?}", begun.elapsed());
        }
    }
}

proptest! {
    #[test]
    fn no_configuration_panics(
        pieces in prop::collection::vec(prop_oneof![prop::sample::select(HOSTILE).prop_map(str::to_owned), "\\PC{0,12}"], 0..30),
        name in prop::sample::select(vec![".htaccess", ".user.ini", "web.config"]),
    ) {
        let text = pieces.concat();
        for finding in findings(name, text.as_bytes()) {
            prop_assert!(finding.at <= text.len());
        }
    }
}
