//! Places of a Linux web server, as its distribution and the usual packages lay them out (Filesystem Hierarchy Standard 3.0; the
//! packages of Debian, Red Hat, Alpine and Apache's and nginx's own).

use crate::tree::Tree;
use crate::{Purpose, Spot, web_server};

const ALL: u32 = u32::MAX;

const EVERYWHERE: &[(&str, Purpose, u32)] = &[
    ("/var/www", Purpose::Pages, ALL),
    ("/srv/www", Purpose::Pages, ALL),
    ("/srv/http", Purpose::Pages, ALL),
    ("/usr/share/nginx/html", Purpose::Pages, ALL),
    ("/usr/local/nginx/html", Purpose::Pages, ALL),
    ("/usr/local/apache2/htdocs", Purpose::Pages, ALL),
    ("/usr/lib/cgi-bin", Purpose::Pages, ALL),
    ("/var/lib/tomcat*/webapps", Purpose::Pages, ALL),
    ("/opt/tomcat*/webapps", Purpose::Pages, ALL),
    ("/home/*/public_html", Purpose::Pages, ALL),
    ("/var/log", Purpose::Logs, ALL),
    ("/usr/local/apache2/logs", Purpose::Logs, ALL),
    ("/usr/local/nginx/logs", Purpose::Logs, ALL),
    ("/opt/tomcat*/logs", Purpose::Logs, ALL),
    ("/tmp", Purpose::Drops, 4),
    ("/var/tmp", Purpose::Drops, 4),
    ("/dev/shm", Purpose::Drops, 4),
];

/// The system's name and its places.
pub(crate) fn spots(tree: &Tree) -> (String, Vec<Spot>) {
    let mut spots: Vec<Spot> =
        EVERYWHERE.iter().flat_map(|(pattern, purpose, depth)| tree.spots(pattern, *purpose, *depth)).collect();
    let named = web_server::folders(tree);
    // Not a whole tree, whatever a configuration serves (`root /;`).
    let some = |folder: &&String| folder.trim_matches('/').contains('/') || folder.starts_with("/srv");
    for folder in named.served.iter().filter(some) {
        spots.extend(tree.spots(folder, Purpose::Pages, ALL));
    }
    for file in &named.logs {
        // The log with those before it, which are called nearly the same.
        if let Some((folder, _)) = file.rsplit_once('/').filter(|(folder, _)| !folder.is_empty()) {
            spots.extend(tree.spots(folder, Purpose::Logs, 0));
        }
    }
    let hostname = tree.spots("/etc/hostname", Purpose::State, 0);
    let name = hostname.first().and_then(|spot| Tree::text(&spot.place.real, 256)).unwrap_or_default();
    let name = name.trim();
    let asked = if name.is_empty() && tree.runs_here { afterpatch_sys::computer::name() } else { None };
    (asked.unwrap_or_else(|| name.to_owned()), spots)
}
