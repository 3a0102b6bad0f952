//! Folders that the configuration of Apache, nginx, lighttpd and Tomcat names.
//!
//! Directives: Apache HTTP Server 2.4 (`DocumentRoot`, `Alias`, `ScriptAlias`, `CustomLog`, `ErrorLog`, `TransferLog`), nginx
//! (`root`, `alias`, `access_log`, `error_log`), lighttpd (`server.document-root`, `accesslog.filename`). Their files are read line
//! by line: where a directive is set does not matter here, only which folder it names.

use crate::Purpose;
use crate::tree::Tree;

/// Where they keep their configuration, and how deep.
const CONFIGURATION: &[&str] = &[
    "/etc/apache2/*.conf",
    "/etc/apache2/*/*",
    "/etc/httpd/conf/*",
    "/etc/httpd/conf.d/*",
    "/usr/local/apache2/conf/*",
    "/usr/local/apache2/conf/*/*",
    "/etc/nginx/*.conf",
    "/etc/nginx/*/*",
    "/usr/local/nginx/conf/*",
    "/etc/lighttpd/*.conf",
    "/etc/lighttpd/*/*",
];

const SERVED: &[&str] = &["documentroot", "alias", "scriptalias", "root", "server.document-root"];
const LOGS: &[&str] =
    &["customlog", "errorlog", "transferlog", "access_log", "error_log", "accesslog.filename", "server.errorlog"];

/// No configuration of a web server is larger.
const MOST_BYTES: u64 = 1 << 20;
/// Folders that are kept at most.
const MOST_NAMED: usize = 2048;

/// What the configuration names.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Folders that are served.
    pub(crate) served: Vec<String>,
    /// Log files.
    pub(crate) logs: Vec<String>,
}

pub(crate) fn folders(tree: &Tree) -> Named {
    let mut named = Named::default();
    for pattern in CONFIGURATION {
        for spot in tree.spots(pattern, Purpose::State, 0) {
            if let Some(text) = Tree::text(&spot.place.real, MOST_BYTES) {
                named.learn(&text);
            }
        }
    }
    named
}

impl Named {
    fn learn(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            // nginx: several directives may stand in one line.
            for directive in line.split([';', '{', '}']) {
                let words = words(directive);
                let Some((name, words)) = words.split_first() else { continue };
                let name = name.to_lowercase();
                let list = match name.as_str() {
                    name if SERVED.contains(&name) => &mut self.served,
                    name if LOGS.contains(&name) => &mut self.logs,
                    _ => continue,
                };
                let is_path = |word: &&String| word.starts_with('/') && !word.contains(['$', '*']);
                // `Alias /path /folder`, but `root /folder`.
                let mut paths = words.iter().filter(is_path);
                let path = if name.contains("alias") { paths.next_back() } else { paths.next() };
                if let Some(path) = path.filter(|path| list.len() < MOST_NAMED && !list.contains(path)) {
                    list.push(path.clone());
                }
            }
        }
    }
}

/// Words of a directive; quotes hold one together.
fn words(directive: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in directive.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter.is_whitespace() || letter == '=' => words.push(String::new()),
            (_, letter) => {
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_directives_name() {
        let mut named = Named::default();
        named.learn(
            "# DocumentRoot /no\n  DocumentRoot \"/srv/site one\"\nDocumentRoot '/data/www'\nScriptAlias /cgi-bin/ /usr/lib/own-cgi/\n\
             CustomLog ${APACHE_LOG_DIR}/access.log combined\nCustomLog /data/logs/access.log combined\nErrorLog syslog:local1\n\
             server { listen 80; root /data/nginx; access_log /data/n/a.log main; location /x { alias /data/x/; } error_log off; }\n\
             server.document-root = \"/data/lighttpd\"\nroot $root;\n",
        );
        assert_eq!(
            named.served,
            ["/srv/site one", "/data/www", "/usr/lib/own-cgi/", "/data/nginx", "/data/x/", "/data/lighttpd"]
        );
        assert_eq!(named.logs, ["/data/logs/access.log", "/data/n/a.log"]);
    }
}
