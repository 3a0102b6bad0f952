//! The analyser's reasons as evidence: what the script does, then the lines of the file that the visitor's data goes through.

use afterpatch_model::{Place, ServedFile};
use afterpatch_webshell::{Finding, Report, SourceShown, Spot};

/// Calls named in the first line; the rest is counted.
const MOST_CALLS: usize = 6;
/// Lines shown of the way to the worst call.
const MOST_LINES: usize = 8;

/// Places and texts. Where the script is the artifact, a line of it is a place; in a file table the record is.
pub(super) fn of(report: &Report, file: &ServedFile<'_>, whole: Place, is_own_file: bool) -> Vec<(Place, String)> {
    let mut shown = vec![(whole, summary(report, file))];
    let mut lines: Vec<(Spot, &str)> = Vec::new();
    for finding in report.findings.iter().take(1) {
        let way = finding.path.iter().map(|step| (step.place, step.excerpt.as_str()));
        lines.extend(way.chain([(finding.place, finding.excerpt.as_str())]));
    }
    lines.dedup_by_key(|(spot, _)| *spot);
    // The end of the way is the call itself.
    let from = lines.len().saturating_sub(MOST_LINES);
    for (spot, excerpt) in lines.split_off(from) {
        let place = if is_own_file { Place::Line(u64::from(spot_line(report, spot))) } else { whole };
        shown.push((place, format!("{}{excerpt}", layer(spot))));
    }
    for setting in &report.settings {
        let place = if is_own_file { Place::Line(u64::from(setting.line)) } else { whole };
        shown.push((place, setting.quote.clone()));
    }
    shown
}

/// A line of decoded code stands nowhere in the file; what runs it does.
fn spot_line(report: &Report, mut spot: Spot) -> u32 {
    // Each layer is run in one with a lower number.
    while let Some(layer) = report.layers.iter().find(|layer| layer.layer == spot.layer && layer.run_at.layer < spot.layer) {
        spot = layer.run_at;
    }
    spot.line
}

fn layer(spot: Spot) -> String {
    if spot.layer == 0 { String::new() } else { format!("decoded {}, line {}: ", spot.layer, spot.line) }
}

/// `Name=value` pairs, as the other readers' evidence has them.
fn summary(report: &Report, file: &ServedFile<'_>) -> String {
    let mut text = format!("Path={}  SHA256={}  Score={:.2}", file.path, file.sha256, report.score);
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {name}={value}"));
        }
    };
    let mut calls: Vec<String> = report.findings.iter().take(MOST_CALLS).map(call).collect();
    let left = report.findings.len().saturating_sub(MOST_CALLS);
    if left > 0 {
        calls.push(format!("+{left}"));
    }
    put("Calls", &calls.join(", "));
    put("Family", &report.family.map(afterpatch_webshell::Family::slug).unwrap_or_default());
    put("Product", report.product.unwrap_or_default());
    if let Some(gate) = report.gates.first() {
        put("ComparedWith", &format!("{} == {}", source(&gate.source), gate.constant));
    }
    put("Decoded", &report.layers.iter().map(|layer| layer.by.as_str()).collect::<Vec<_>>().join(", "));
    text
}

/// `system (command) line 3 <- parameter cmd`.
fn call(finding: &Finding) -> String {
    let mut text = format!("{} ({}) line {}", finding.call, finding.capability.slug(), finding.place.line);
    if let Some(from) = &finding.source {
        text.push_str(&format!(" <- {}", source(from)));
    }
    text
}

fn source(from: &SourceShown) -> String {
    format!("{} {}", from.kind.slug(), from.name).trim_end().to_owned()
}
