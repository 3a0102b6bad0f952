//! Where a record stands, as one text.

use afterpatch_model::{ArtifactInfo, ArtifactKind, Evidence, Place, Report};

/// The artifact of a record.
fn artifact<'r>(report: &'r Report, evidence: &Evidence) -> Option<&'r ArtifactInfo> {
    // The number is the position in every report that the engine makes.
    report.artifacts.get(usize::try_from(evidence.artifact.0).ok()?).filter(|artifact| artifact.id == evidence.artifact)
}

/// The path that the artifact had on its server where that is known, else as the evidence names it.
pub(super) fn path<'r>(report: &'r Report, evidence: &Evidence) -> Option<&'r str> {
    artifact(report, evidence).map(|artifact| artifact.windows_path.as_ref().unwrap_or(&artifact.path).as_str())
}

/// The kind of the artifact.
pub(super) fn kind(report: &Report, evidence: &Evidence) -> Option<ArtifactKind> {
    artifact(report, evidence).map(|artifact| artifact.kind)
}

/// `line 17`, `record 3`, `offset 512`; nothing for a file as a whole.
pub(super) fn place(evidence: &Evidence) -> Option<String> {
    match evidence.place {
        Place::Whole => None,
        Place::Line(line) => Some(format!("line {line}")),
        Place::Record(record) => Some(format!("record {record}")),
        Place::Offset(offset) => Some(format!("offset {offset}")),
    }
}
