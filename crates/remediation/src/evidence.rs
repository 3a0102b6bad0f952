//! Which findings may lead to an action, and what they speak of.

use afterpatch_model::{
    ArtifactInfo, ArtifactKind, Confidence, Evidence, Finding, Grade, Origin, Place, PlanReason, Report, ServerReport, ThingKind,
};

/// What is known of one server, and how sure somebody wants to be before anything is planned.
pub(crate) struct Evident<'r> {
    pub(crate) report: &'r Report,
    pub(crate) server: &'r ServerReport,
    pub(crate) sure: Confidence,
}

impl<'r> Evident<'r> {
    /// Findings that say that something was done to the server, in order.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &'r Finding> {
        self.server.findings.iter().filter(|finding| finding.grade >= Grade::Compromise)
    }

    /// Whether a finding may lead to an action at all, however sure it is: nobody vouches for it, and it is ours.
    pub(crate) fn may_act(finding: &Finding) -> bool {
        finding.acknowledged.is_none() && finding.origin == Origin::BuiltIn
    }

    /// The artifact in which a finding's first record stands.
    pub(crate) fn artifact(&self, finding: &Finding) -> Option<(&'r ArtifactInfo, &'r Evidence)> {
        let evidence = self.server.findings.iter().find(|other| other.id == finding.id)?.evidence.first()?;
        let at = usize::try_from(evidence.artifact.0).ok()?;
        Some((self.report.artifacts.get(at).filter(|artifact| artifact.id == evidence.artifact)?, evidence))
    }

    /// The artifact, when it is of that kind, with its path on the server.
    pub(crate) fn artifact_of(&self, finding: &Finding, kind: ArtifactKind) -> Option<(&'r str, Place)> {
        let (artifact, evidence) = self.artifact(finding)?;
        let path = artifact.windows_path.as_deref()?;
        (artifact.kind == kind).then_some((path, evidence.place))
    }

    /// A finding as a reason in a plan.
    pub(crate) fn reason(&self, finding: &Finding) -> PlanReason {
        let artifact = self.artifact(finding);
        PlanReason {
            finding: finding.id.clone(),
            kind: finding.kind.clone(),
            title: finding.title.clone(),
            confidence: finding.confidence,
            path: artifact
                .map_or_else(String::new, |(artifact, _)| artifact.windows_path.as_ref().unwrap_or(&artifact.path).clone()),
            place: artifact.map_or(Place::Whole, |(_, evidence)| evidence.place),
            time: finding.first,
        }
    }

    /// How sure the surest of them is that may lead to an action.
    pub(crate) fn surest(findings: &[&Finding]) -> Option<Confidence> {
        findings.iter().filter(|finding| Self::may_act(finding)).map(|finding| finding.confidence).max()
    }
}

/// The path of a file as the server itself has it: a write over the server's own share (`\\localhost\c$\...`) is one to `C:\...`.
pub(crate) fn local_path(path: &str) -> String {
    let shared = path.strip_prefix(r"\\").and_then(|rest| rest.split_once('\\'));
    match shared.and_then(|(_, rest)| rest.split_once(r"$\")) {
        Some((drive, rest)) if drive.len() == 1 => format!(r"{}:\{rest}", drive.to_uppercase()),
        _ => path.to_owned(),
    }
}

/// Paths of Windows are the same whatever their case.
pub(crate) fn same_path(one: &str, other: &str) -> bool {
    local_path(one).to_lowercase() == local_path(other).to_lowercase()
}

/// The files that a finding speaks of.
pub(crate) fn files_of(finding: &Finding) -> impl Iterator<Item = String> {
    finding.things_of(ThingKind::File).map(local_path)
}
