//! Which known web shell a file behaves like. Told by what it does, never by its text.

use serde::Serialize;

use crate::evidence::{Capability, Hit, SourceKind};

/// Web shells with a behaviour of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// One line that runs what one parameter holds: China Chopper, AntSword and their like.
    Chopper,
    /// The body is decrypted and run: Behinder.
    Behinder,
    /// One parameter is decoded and decrypted with a key, then run or loaded: Godzilla.
    Godzilla,
    /// Connections are opened and handed through on request: reGeorg and its successors.
    Tunnel,
    /// C# source is decoded from the request and compiled: SharPyShell.
    #[serde(rename = "sharpyshell")]
    SharPyShell,
    /// A form that takes files.
    Uploader,
    /// A file manager with commands: ASPXSpy, b374k, WSO and their like.
    Console,
}

/// The family of a script whose hits are these, if it has one.
pub(crate) fn of(code_bytes: usize, hits: &[&Hit]) -> Option<Family> {
    let requested = |hit: &&&Hit| hit.taint.as_ref().is_some_and(|taint| taint.is_request());
    let has = |capability: Capability| hits.iter().filter(requested).any(|hit| hit.capability == capability);
    let runs: Vec<&&Hit> =
        hits.iter().filter(requested).filter(|hit| matches!(hit.capability, Capability::Code | Capability::Load)).collect();
    let count = |capabilities: &[Capability]| capabilities.iter().filter(|one| has(**one)).count();
    if count(&[Capability::Read, Capability::List, Capability::Change, Capability::Write, Capability::Upload]) >= 3
        && count(&[Capability::Code, Capability::Command]) >= 1
    {
        return Some(Family::Console);
    }
    if hits.iter().filter(requested).any(|hit| hit.capability == Capability::Tunnel && hit.facts.also) {
        // A console connects, too.
        let runs = has(Capability::Command) || has(Capability::Code);
        return Some(if runs { Family::Console } else { Family::Tunnel });
    }
    if let Some(hit) = runs.first() {
        let taint = hit.taint.as_ref()?;
        let decrypts = passes(hit, &["decrypt", "transformfinalblock", "dofinal"]);
        let decodes = passes(hit, &["base64", "frombase64string", "decodebuffer"]);
        if &*hit.callee == "compileassemblyfromsource" {
            return Some(Family::SharPyShell);
        }
        if taint.kind() == SourceKind::Body && (decrypts || decodes) {
            return Some(Family::Behinder);
        }
        if taint.kind() == SourceKind::Parameter && (decodes || decrypts) && (decrypts || hit.facts.decoded || runs.len() > 1) {
            return Some(Family::Godzilla);
        }
        if code_bytes < 600 && count(&[Capability::Code, Capability::Invoke]) >= 1 {
            return Some(Family::Chopper);
        }
    }
    if has(Capability::Upload)
        && hits.iter().filter(requested).all(|hit| matches!(hit.capability, Capability::Upload | Capability::Write))
    {
        return Some(Family::Uploader);
    }
    None
}

/// Whether the data of a hit goes through a function whose name has one of these in it.
fn passes(hit: &Hit, names: &[&str]) -> bool {
    let mut trail = hit.taint.as_ref().map(|taint| taint.trail.clone());
    while let Some(step) = trail {
        if let crate::evidence::Step::Through(name) = &step.step {
            let name = name.to_ascii_lowercase();
            if names.iter().any(|one| name.contains(one)) {
                return true;
            }
        }
        trail = step.before.clone();
    }
    false
}
