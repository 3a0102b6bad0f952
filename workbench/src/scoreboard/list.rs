//! Misses and alarms, to be looked into.

use std::fmt::Write;

use afterpatch_webshell::Verdict;

use super::Side;
use super::examine::Seen;
use super::tally::{is_found, is_hit_by_peer};

/// What the columns are.
const HEAD: &str = "kind\tlanguage\tcluster\tverdict\tscore\tpath\tfirst finding\trule\n";

/// A row for each file that is not what it should be: `miss` is a web shell that is not found; of harmless files, `alarm` is one
/// that is told of, `aside` one that is said to be a tool or unreadable, and `rule alarm` one that only a rule matches.
pub fn rows(malicious: &Side, benign: &Side) -> String {
    let mut text = HEAD.to_owned();
    for (index, seen) in malicious.seen.iter().enumerate().filter(|(_, seen)| !is_found(seen)) {
        let cluster = malicious.clusters.get(index).map(ToString::to_string).unwrap_or_default();
        row(&mut text, "miss", &cluster, malicious, index, seen);
    }
    for (index, seen) in benign.seen.iter().enumerate() {
        let kind = match seen.verdict {
            Verdict::Webshell | Verdict::Suspicious => "alarm",
            Verdict::DualUse | Verdict::Opaque => "aside",
            Verdict::Clean if is_hit_by_peer(seen) => "rule alarm",
            Verdict::Clean => continue,
        };
        row(&mut text, kind, "", benign, index, seen);
    }
    text
}

fn row(text: &mut String, kind: &str, cluster: &str, side: &Side, index: usize, seen: &Seen) {
    let path = side.samples.get(index).map(|sample| sample.path.display().to_string()).unwrap_or_default();
    let rule = seen.peer.as_ref().and_then(|peer| peer.rules.first()).map_or("", String::as_str);
    let language = seen.group.title();
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "{kind}\t{language}\t{cluster}\t{:?}\t{:.2}\t{}\t{}\t{rule}",
        seen.verdict,
        seen.score,
        plain(&path),
        plain(&seen.first)
    );
}

/// Names and findings come from hostile files: nothing in them may break a row or steer a terminal.
pub fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).take(300).collect()
}
