//! From what was seen to a verdict.
//!
//! Each hit has a weight: how likely a file is a web shell of which only this is known. Weights of different capabilities are
//! joined as independent witnesses; of one capability only the strongest counts, since a big page has many of each.

use std::collections::BTreeMap;

use crate::evidence::{Capability, Control, Hit, SourceKind};
use crate::interpret::Interpreter;
use crate::report::{Reason, Severity, Verdict};
use crate::value::Made;

/// From here on a file is called a web shell.
pub(crate) const WEBSHELL: f64 = 0.85;

/// From here on it is suspicious.
pub(crate) const SUSPICIOUS: f64 = 0.5;

/// What is known of a script beside its hits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Surroundings {
    pub code_bytes: usize,
    pub disguised: bool,
    pub loader: bool,
}

/// What was found out about one script.
#[derive(Debug, Default)]
pub(crate) struct Judgement {
    pub score: f64,
    pub reasons: Vec<Reason>,
    /// The weight of each hit, in the interpreter's order.
    pub weights: Vec<f64>,
    pub opaque: bool,
}

pub(crate) fn judge(it: &Interpreter<'_>, around: Surroundings) -> Judgement {
    let mut reasons = Vec::new();
    // A page that stands alone is more likely made for what it does than one that is part of an application.
    let alone = it.notes.depends == 0 && around.code_bytes < 200_000;
    let small = alone && around.code_bytes < 6_000;
    let weights: Vec<f64> = it.hits.iter().map(|hit| weight(hit, alone, small)).collect();
    let mut best: BTreeMap<Capability, f64> = BTreeMap::new();
    for (hit, weight) in it.hits.iter().zip(&weights) {
        let entry = best.entry(hit.capability).or_default();
        *entry = entry.max(*weight);
        if hit.facts.name_computed && *weight >= SUSPICIOUS {
            reasons.push(Reason::HiddenNames);
        }
    }
    let mut chance: f64 = best.values().map(|weight| 1.0 - weight).product();
    let by = |capability: Capability, is_visitors: fn(SourceKind) -> bool| {
        it.hits.iter().any(|hit| {
            hit.capability == capability
                && !hit.facts.uncalled
                && hit.taint.as_ref().is_some_and(|taint| is_visitors(taint.kind()) && taint.control >= Control::Part)
        })
    };
    let wholly = |capability: Capability| {
        it.hits.iter().any(|hit| {
            hit.capability == capability
                && !hit.facts.uncalled
                && hit.taint.as_ref().is_some_and(|taint| taint.is_request() && taint.control == Control::Whole)
        })
    };
    let file_work = [Capability::Read, Capability::List, Capability::Change, Capability::Write, Capability::Upload];
    let kinds = |is_visitors: fn(SourceKind) -> bool| file_work.into_iter().filter(|one| by(*one, is_visitors)).count();
    if alone && kinds(SourceKind::is_request) >= 3 {
        reasons.push(Reason::FileManager);
        chance *= 0.25;
    } else if alone && kinds(SourceKind::is_visitors) >= 3 {
        // Of a page whose variables old PHP takes from the request, or that another page includes.
        reasons.push(Reason::FileManager);
        chance *= 0.4;
    } else if file_work.into_iter().filter(|capability| wholly(*capability)).count() == 2 && alone {
        // Lists every folder and shows every file that the visitor names.
        let shows_all = wholly(Capability::Read) && wholly(Capability::List);
        chance *= if shows_all { 0.3 } else { 0.75 };
    }
    // A console for the database that the visitor names.
    if alone && wholly(Capability::Sql) && wholly(Capability::Connect) {
        chance *= 0.4;
    }
    // A shell of its own, and a connection to where the visitor says.
    let runs_shell = it.hits.iter().any(|hit| hit.capability == Capability::Command && is_bare_shell(&hit.argument));
    if alone && runs_shell && wholly(Capability::Tunnel) {
        chance *= 0.3;
    }
    let witness = |reason: Reason, weight: f64, reasons: &mut Vec<Reason>, chance: &mut f64| {
        reasons.push(reason);
        *chance *= 1.0 - weight;
    };
    if !it.notes.unknown_callee_asked.is_empty() {
        witness(Reason::UnknownFunction, if alone { 0.87 } else { 0.8 }, &mut reasons, &mut chance);
    } else if !it.notes.unknown_callee.is_empty() {
        witness(Reason::UnknownFunction, 0.35, &mut reasons, &mut chance);
    }
    let hidden_layers = it
        .layers
        .iter()
        .skip(1)
        .filter(|layer| !layer.made.is_plain() && !layer.by.contains("include") && !layer.by.contains("require"))
        .count();
    if hidden_layers > 0 {
        let weight = if it.layers.iter().skip(1).any(|layer| layer.made.has(Made::DECODED)) { 0.4 } else { 0.2 };
        witness(Reason::HiddenCode, weight, &mut reasons, &mut chance);
    }
    if around.disguised && (chance < 0.7 || hidden_layers > 0) {
        witness(Reason::Disguised, 0.5, &mut reasons, &mut chance);
    }
    let unlikely = it.notes.unlikely_includes.iter().map(|(_, path, made)| {
        // A path that is put together of a folder and a name is usual.
        let is_plain = made.without(Made::BUILT).is_plain();
        if is_plain && !is_hidden_data(path) { 0.3 } else { 0.7 }
    });
    if let Some(weight) = unlikely.max_by(f64::total_cmp) {
        witness(Reason::UnlikelyInclude, weight, &mut reasons, &mut chance);
    }
    let unknown = it.notes.unknown_code.iter().any(|(_, made)| made.has(Made::DECODED));
    if unknown {
        let weight = if it.notes.keyed_code { 0.87 } else { 0.45 };
        witness(Reason::UnknownCode, weight, &mut reasons, &mut chance);
    }
    if around.loader {
        reasons.push(Reason::Loader);
    }
    reasons.sort_unstable();
    reasons.dedup();
    let score = (1.0 - chance).clamp(0.0, 0.999);
    Judgement { score, reasons, weights, opaque: unknown && score < SUSPICIOUS || around.loader }
}

/// How likely a file is a web shell of which only this hit is known.
fn weight(hit: &Hit, alone: bool, small: bool) -> f64 {
    use Capability as C;
    let kind = hit.taint.as_ref().map(|taint| taint.kind());
    let control = match hit.taint.as_ref().map_or(Control::Mark, |taint| taint.control) {
        // A path that begins with what the visitor says leads everywhere.
        Control::Part if names_path(hit.capability) && hit.argument.starts_with('…') => Control::Whole,
        // What only leaves or opens PHP before the rest is no part of it.
        Control::Part if hit.capability == C::Code && matches!(&*hit.argument, "?>…" | "<?php …" | "?><?php …" | " ?>…") => {
            Control::Whole
        }
        control => control,
    };
    let request = kind.is_some_and(SourceKind::is_request);
    let remote = kind == Some(SourceKind::Remote);
    let undefined = kind == Some(SourceKind::Undefined);
    let by = |whole: f64, part: f64, weak: f64| match control {
        Control::Whole => whole,
        Control::Part => part,
        Control::Weak => weak,
        Control::Mark => 0.0,
    };
    // Work that many applications do in their own way.
    let usual = |weight: f64| if alone { weight } else { weight * 0.3 };
    let base = match hit.capability {
        C::Code if request => by(0.98, 0.9, 0.75),
        // A part of an application that runs what its own server sends.
        C::Code if remote && !alone && hit.facts.uncalled => by(0.55, 0.4, 0.2),
        C::Code if remote => by(0.93, 0.8, 0.5),
        C::Code if undefined => by(0.6, 0.4, 0.2),
        C::Code => 0.0,
        C::Command if request => {
            let checked = if hit.facts.checked { 0.4 } else { 1.0 };
            checked * by(0.96, if is_shell(&hit.argument) { 0.95 } else { 0.55 }, 0.3)
        }
        C::Command if remote => by(0.88, if is_shell(&hit.argument) { 0.87 } else { 0.5 }, 0.2),
        C::Command if undefined => by(0.6, if is_shell(&hit.argument) { 0.6 } else { 0.3 }, 0.2),
        C::Command if opens_shell(&hit.argument) => 0.9,
        // It runs a file that it wrote itself.
        C::Command if hit.facts.also => usual(0.87),
        C::Command if small && looks_around(&hit.argument) => 0.55,
        C::Command => 0.02,
        C::Invoke if undefined => by(if small { 0.6 } else { 0.2 }, 0.1, 0.0),
        // No page lets a header say what it calls.
        C::Invoke if hit.facts.also && kind == Some(SourceKind::Header) && small => by(0.93, 0.88, 0.2),
        C::Invoke if hit.facts.also => by(0.93, 0.5, 0.2),
        C::Invoke => by(if small { 0.6 } else { 0.4 }, 0.2, 0.05),
        C::Load if request => by(0.95, 0.7, 0.4),
        C::Load if remote => by(0.85, 0.6, 0.3),
        C::Load if hit.facts.decoded => 0.85,
        C::Load => 0.05,
        C::Include if kind == Some(SourceKind::Upload) => 0.97,
        // Sessions hold what the visitor sends.
        C::Include if request && hit.argument.contains("sess_") => 0.87,
        C::Include if request => usual(by(0.88, 0.25, 0.05)),
        C::Include if remote => by(0.88, 0.6, 0.2),
        C::Include if undefined => usual(by(0.4, 0.1, 0.0)),
        C::Include => 0.0,
        C::Deserialise if request && hit.facts.also && small => by(0.87, 0.5, 0.1),
        C::Deserialise if request => by(0.35, 0.2, 0.05),
        C::Deserialise => 0.0,
        C::Write if request && hit.facts.also && hit.facts.served => usual(by(0.9, 0.6, 0.15)),
        // What the visitor writes, under a name whose ending is his.
        C::Write if request && hit.facts.also && visitor_ends(&hit.argument) => usual(by(0.9, 0.87, 0.2)),
        C::Write if request && hit.facts.also => usual(by(0.75, 0.4, 0.1)),
        C::Write if request && hit.facts.served => usual(by(0.6, 0.2, 0.05)),
        C::Write if request => usual(by(if small { 0.6 } else { 0.3 }, 0.1, 0.03)),
        C::Write if undefined && hit.facts.also => usual(by(0.3, 0.15, 0.0)),
        C::Write if remote && hit.facts.served => by(0.85, 0.6, 0.2),
        // A download of data under a name of the page's own.
        C::Write if remote && has_ending(&hit.argument) => usual(by(0.15, 0.1, 0.05)),
        C::Write if remote => usual(by(0.4, 0.2, 0.1)),
        C::Write if hit.facts.decoded && hit.facts.served => 0.6,
        C::Write => 0.01,
        C::Upload if hit.facts.checked => usual(0.12),
        // An application keeps what it takes in a folder for it; a shell beside itself or where the visitor says.
        C::Upload if small => {
            if names_folder(&hit.argument) {
                0.45
            } else if hit.facts.served || request && matches!(hit.argument.trim_start_matches(['.', '/', '~', '\\']), "" | "…")
            {
                0.88
            } else {
                0.8
            }
        }
        C::Upload => usual(0.35),
        C::Read if is_accounts(&hit.argument) => usual(0.55),
        // A wrapper in front of the path is a way around what the server forbids.
        C::Read if request && hit.facts.also => usual(by(0.87, if visitor_ends(&hit.argument) { 0.87 } else { 0.6 }, 0.1)),
        C::Change if hit.facts.also && matches!(&*hit.callee, "symlink" | "link") => {
            usual(if hit.argument.starts_with('/') && &*hit.callee == "symlink" { 0.7 } else { 0.55 })
        }
        // From the visitor's path to the visitor's path.
        C::Change if request && hit.facts.also => usual(by(0.45, 0.2, 0.05)),
        C::Read | C::List | C::Change if request => usual(by(0.3, 0.1, 0.02)),
        C::Read | C::List | C::Change => 0.0,
        C::Sql if request && writes_file(&hit.argument) => usual(by(0.8, 0.7, 0.2)),
        C::Sql if request && hit.facts.also => usual(by(0.87, 0.6, 0.05)),
        C::Sql if request => usual(by(0.4, 0.03, 0.01)),
        C::Sql => 0.0,
        C::Tunnel if request && hit.facts.also => usual(by(0.88, 0.6, 0.2)),
        C::Tunnel if request => usual(by(0.6, 0.2, 0.05)),
        C::Tunnel => 0.02,
        C::Connect if request && hit.facts.also => usual(by(0.55, 0.3, 0.05)),
        C::Connect if request => usual(by(0.3, 0.2, 0.05)),
        C::Connect => 0.0,
        C::Fetch if request => usual(by(0.2, 0.05, 0.01)),
        C::Fetch => 0.0,
        C::Resident => 0.87,
        C::Native if runs_memory(&hit.callee) => 0.85,
        C::Native if request => by(0.9, 0.7, 0.3),
        C::Native => 0.15,
        C::Mail if (request || undefined) && hit.facts.also => usual(if request { 0.5 } else { 0.55 }),
        C::Mail => 0.0,
    };
    let hidden = match hit.capability {
        C::Code | C::Command | C::Invoke | C::Load if hit.facts.name_computed => 0.8,
        C::Include | C::Write | C::Upload if hit.facts.name_computed => 0.3,
        _ => 0.0,
    };
    let weight: f64 = 1.0 - (1.0 - base) * (1.0 - hidden);
    // What nothing calls may be part of a class that others use well.
    let uncalled = match hit.capability {
        C::Invoke => 0.5,
        // Little else stands in it.
        _ if small => 0.9,
        _ => 0.8,
    };
    if hit.facts.uncalled && !hit.facts.name_computed { weight * uncalled } else { weight }
}

/// Whether a path is that of a hidden file with an ending that is not one of code.
fn is_hidden_data(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    name.starts_with('.') && !name.to_ascii_lowercase().ends_with(".php")
}

/// Whether a path begins with a folder that the page names.
fn names_folder(argument: &str) -> bool {
    let before = argument.split('…').next().unwrap_or_default();
    // The root of what is served is no folder for uploads.
    before.trim_start_matches(['.', '/', '\\', '~']).contains(['/', '\\'])
}

/// Calls of an operating system that make memory run which the program filled itself.
fn runs_memory(callee: &str) -> bool {
    let callee = callee.to_ascii_lowercase();
    let calls = [
        "virtualalloc",
        "virtualprotect",
        "writeprocessmemory",
        "createremotethread",
        "createthread",
        "queueuserapc",
        "mprotect",
    ];
    calls.iter().any(|call| callee.starts_with(call)) || callee.starts_with("ntallocatevirtualmemory")
}

/// Whether a path ends with a name of the page's own that has an ending.
fn has_ending(argument: &str) -> bool {
    let name = argument.rsplit(['/', '\\', '…']).next().unwrap_or_default();
    name.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && (1..=5).contains(&ending.len()))
}

/// Whether the visitor decides how a path ends.
fn visitor_ends(argument: &str) -> bool {
    argument.is_empty() || argument.ends_with('…')
}

fn names_path(capability: Capability) -> bool {
    matches!(capability, Capability::Read | Capability::List | Capability::Change | Capability::Write)
}

/// Files that hold the accounts of a system.
fn is_accounts(path: &str) -> bool {
    matches!(path, "/etc/passwd" | "/etc/shadow" | "/etc/master.passwd")
}

/// Whether a query writes a file (MySQL).
fn writes_file(query: &str) -> bool {
    let query = query.to_ascii_lowercase();
    query.contains("into outfile") || query.contains("into dumpfile")
}

/// Whether a command that nobody else decides hands a shell to another machine, or runs what it fetches.
fn opens_shell(command: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| command.contains(word));
    // A shell that reads from a descriptor which the page opened.
    let reads_descriptor = command.split_once("<&").is_some_and(|(before, _)| {
        let shell = before.trim_end_matches(|one: char| one.is_ascii_digit()).rsplit([';', '|', '&']).next().unwrap_or_default();
        is_bare_shell(shell)
    });
    reads_descriptor
        || has(&["/dev/tcp/", "/dev/udp/"])
        || has(&["socket"]) && has(&["/bin/sh", "/bin/bash"]) && has(&["python", "perl", "ruby", "php", "lua"])
        || has(&["mkfifo ", "mknod "]) && has(&["/bin/sh", "/bin/bash", "sh -i"]) && has(&["nc ", "telnet ", "openssl "])
        || has(&["nc ", "ncat ", "netcat "]) && has(&["-e /bin/", "-e cmd", "-c /bin/", "|/bin/sh", "| /bin/sh", "|/bin/bash"])
        || has(&["wget ", "curl ", "fetch "]) && has(&["| sh", "|sh", "| bash", "|bash", "| perl", "|perl", "| php", "|php"])
}

/// Whether a command that nobody else decides asks who and where it is, as only somebody does who has just come.
fn looks_around(command: &str) -> bool {
    let word = |word: &str| command.split([';', '|', '&', ' ', '\n', '`']).any(|one| one == word);
    let asks = ["id", "whoami", "uname"].iter().filter(|name| word(name)).count();
    asks >= 2 || command.contains("/etc/passwd") || command.contains("/etc/shadow")
}

/// Whether a command begins with a shell that takes the rest as its command.
fn is_shell(argument: &str) -> bool {
    let lower = argument.to_ascii_lowercase();
    let before: Vec<&str> = lower.split('…').collect();
    // What stands before something of the visitor's, of which there may be several.
    before.iter().take(before.len().saturating_sub(1).max(1)).enumerate().any(|(index, before)| {
        let before = before.trim_end().trim_end_matches(['"', '\'', '(']).trim_end();
        before.is_empty() && index == 0 || takes_command(before)
    })
}

/// Whether what follows in a shell's line is a command.
fn takes_command(before: &str) -> bool {
    before.ends_with("/c")
        || before.ends_with(" -c")
        || before.ends_with("/bin/sh")
        || before.ends_with("cmd.exe")
        || before.ends_with("&&")
        || before.ends_with([';', '|', '`'])
}

/// Whether a command is a shell and nothing else.
pub(crate) fn is_bare_shell(argument: &str) -> bool {
    let mut words = argument.split_ascii_whitespace();
    let program = words.next().unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    matches!(program.as_str(), "sh" | "bash" | "ksh" | "csh" | "zsh" | "cmd" | "cmd.exe" | "powershell" | "powershell.exe")
        && words.all(|word| word.starts_with('-'))
}

/// The verdict that goes with a score.
pub(crate) fn of(score: f64, product: bool, opaque: bool) -> Verdict {
    if product && score >= 0.2 {
        return Verdict::DualUse;
    }
    if score >= WEBSHELL {
        Verdict::Webshell
    } else if score >= SUSPICIOUS {
        Verdict::Suspicious
    } else if opaque {
        Verdict::Opaque
    } else {
        Verdict::Clean
    }
}

/// How bad a capability is.
pub(crate) fn severity(capability: Capability) -> Severity {
    use Capability as C;
    match capability {
        C::Code | C::Command | C::Load | C::Invoke | C::Native | C::Resident | C::Include | C::Deserialise => Severity::Critical,
        C::Write | C::Upload | C::Sql | C::Tunnel | C::Change | C::Connect => Severity::High,
        C::Read | C::List | C::Fetch | C::Mail => Severity::Medium,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_bare_shell, is_shell};

    #[test]
    fn commands_that_begin_with_what_the_visitor_says() {
        for argument in ["…", "(…) 2>&1", "cmd.exe /c …", "sh -c \"…\"", "cd /a; (…)", "cd /a && …", "cd …&&…"] {
            assert!(is_shell(argument), "{argument}");
        }
        for argument in ["ping …", "convert (a) …", "tar -x -f …", "ping … …", "cd …; ls", "ls"] {
            assert!(!is_shell(argument), "{argument}");
        }
    }

    #[test]
    fn shells_and_nothing_else() {
        for argument in ["/bin/sh", "/bin/sh -i", "bash -i", "C:\\Windows\\cmd.exe", "powershell"] {
            assert!(is_bare_shell(argument), "{argument}");
        }
        for argument in ["", "/bin/sh a.sh", "bash -c ls", "ls", "cmd /c dir"] {
            assert!(!is_bare_shell(argument), "{argument}");
        }
    }
}
