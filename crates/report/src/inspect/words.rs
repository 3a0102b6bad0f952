//! The analyser's answer in sentences.

use afterpatch_webshell::{Disguise, Finding, LayerShown, Reason, Report, SourceShown, Spot, StepKind, StepShown, Verdict};

use crate::texts::Texts;

/// The verdict, how sure, how bad, and what kind of file it is.
pub(crate) fn verdict(texts: &Texts, report: &Report) -> String {
    let word = texts.word("inspect-verdict", report.verdict);
    if report.verdict == Verdict::Clean {
        return word;
    }
    let percent = format!("{:.0}", (report.score * 100.0).floor());
    let severity = texts.word("severity", report.severity);
    let languages: Vec<String> = report.languages.iter().map(|one| texts.word("inspect-language", one)).collect();
    texts.with(
        "inspect-headline",
        &[("verdict", &word), ("percent", &percent), ("severity", &severity), ("language", &languages.join(", "))],
    )
}

/// The dangerous calls in sentences, at most so many.
pub(crate) fn calls(texts: &Texts, report: &Report, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = report.findings.iter().take(most).map(|finding| call(texts, finding)).collect();
    let left = report.findings.len().saturating_sub(most);
    if left > 0 {
        lines.push(texts.count("inspect-more", left as u64));
    }
    lines
}

/// Everything that is said of the file beside its dangerous calls.
pub(crate) fn facts(texts: &Texts, report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(product) = report.product {
        lines.push(texts.with("inspect-product", &[("product", product)]));
    }
    if let Some(family) = report.family {
        lines.push(texts.with("inspect-family", &[("family", &texts.word("inspect-family", family))]));
    }
    for setting in &report.settings {
        let effect = texts.word("inspect-setting", setting.effect);
        lines.push(
            texts.with("inspect-setting", &[("line", &setting.line.to_string()), ("effect", &effect), ("quote", &setting.quote)]),
        );
    }
    for reason in report.reasons.iter().filter(|reason| **reason != Reason::Configuration) {
        lines.push(texts.word("inspect-reason", reason));
    }
    for disguise in report.disguises.iter().filter(|_| report.verdict != Verdict::Clean) {
        lines.push(disguise_words(texts, disguise));
    }
    let gates = report.gates.iter().filter(|gate| gate.hashed || is_password(&gate.source.name)).take(3);
    for gate in gates {
        let key = if gate.hashed { "inspect-gate-hashed" } else { "inspect-gate" };
        let source = source(texts, &gate.source);
        lines.push(texts.with(key, &[("source", &source), ("constant", &gate.constant), ("place", &place(texts, gate.place))]));
    }
    if report.verdict != Verdict::Clean && !report.layers.is_empty() {
        lines.push(texts.count("inspect-layers", report.layers.len() as u64));
    }
    if report.exhausted {
        lines.push(texts.get("inspect-exhausted"));
    }
    lines
}

/// A dangerous call or a decoded piece of code, and the lines that show it.
pub(super) struct Way {
    pub title: String,
    pub lines: Vec<String>,
}

/// The way of the data to each dangerous call, and the code that was decoded.
pub(super) fn ways(texts: &Texts, report: &Report) -> Vec<Way> {
    let of_call = |finding: &Finding| {
        let mut lines: Vec<String> = finding
            .path
            .iter()
            .map(|shown| format!("{}: {}    {}", place(texts, shown.place), step(texts, shown), shown.excerpt))
            .collect();
        lines.push(format!("{}: {}    {}", place(texts, finding.place), finding.call, finding.excerpt));
        Way { title: call(texts, finding), lines }
    };
    let of_layer = |layer: &LayerShown| {
        let (number, size) = (layer.layer.to_string(), texts.number(layer.size));
        let place = place(texts, layer.run_at);
        let values = [("layer", number.as_str()), ("by", &layer.by), ("place", &place), ("size", &size)];
        Way { title: texts.with("inspect-layer", &values), lines: vec![layer.excerpt.clone()] }
    };
    report.findings.iter().map(of_call).chain(report.layers.iter().map(of_layer)).collect()
}

/// What happens to the data in one step of its way.
pub(crate) fn step(texts: &Texts, step: &StepShown) -> String {
    let key = match step.step {
        StepKind::Read => "inspect-step-read",
        StepKind::Kept => "inspect-step-kept",
        StepKind::Through => "inspect-step-through",
        StepKind::Handed => "inspect-step-handed",
    };
    texts.with(key, &[("name", &step.name)])
}

/// One dangerous call in a sentence.
pub(crate) fn call(texts: &Texts, finding: &Finding) -> String {
    let what = texts.word("inspect-capability", finding.capability);
    let place = place(texts, finding.place);
    let mut said = match &finding.source {
        Some(from) => {
            let from = source(texts, from);
            texts.with("inspect-call", &[("place", &place), ("call", &finding.call), ("what", &what), ("source", &from)])
        }
        None => texts.with("inspect-call-own", &[("place", &place), ("call", &finding.call), ("what", &what)]),
    };
    if finding.hidden_name {
        said.push_str(&texts.get("inspect-hidden-name"));
    }
    if finding.decoded && finding.source.is_none() {
        said.push_str(&texts.get("inspect-decoded"));
    }
    said
}

fn source(texts: &Texts, source: &SourceShown) -> String {
    let kind = texts.word("inspect-source", source.kind);
    if source.name.is_empty() { kind } else { format!("{kind} “{}”", source.name) }
}

fn place(texts: &Texts, spot: Spot) -> String {
    let line = spot.line.to_string();
    if spot.layer == 0 {
        texts.with("inspect-line", &[("line", &line)])
    } else {
        texts.with("inspect-line-layer", &[("line", &line), ("layer", &spot.layer.to_string())])
    }
}

fn disguise_words(texts: &Texts, disguise: &Disguise) -> String {
    let (key, value) = match disguise {
        Disguise::Encoding(name) => ("encoding", (*name).to_owned()),
        Disguise::Padding(bytes) => ("padding", texts.number(*bytes as u64)),
        Disguise::Junk(bytes) => ("junk", texts.number(*bytes as u64)),
        Disguise::Image(name) => ("image", (*name).to_owned()),
        Disguise::Document(name) => ("document", (*name).to_owned()),
        Disguise::OutlookData => ("outlook_data", String::new()),
        Disguise::CertificateRequest => ("certificate_request", String::new()),
        Disguise::DirectoryDump => ("directory_dump", String::new()),
        Disguise::WrongExtension { extension } => ("wrong_extension", extension.clone()),
        Disguise::EncodedScript => ("encoded_script", String::new()),
        Disguise::CharacterReferences => ("character_references", String::new()),
    };
    texts.with(&format!("inspect-disguise-{key}"), &[("value", &value)])
}

/// Names that parameters of passwords have; a comparison of others mostly chooses an action.
fn is_password(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "pwd", "key", "auth", "token", "login", "user"].iter().any(|word| name.contains(word))
}
