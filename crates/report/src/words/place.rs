//! Where something stands, in the evidence's own words.

use afterpatch_model::{ArtifactId, ArtifactInfo, Place, Pointer, Report};

use crate::texts::Texts;

/// The artifact of a number, if the report has it.
pub(crate) fn artifact(report: &Report, id: ArtifactId) -> Option<&ArtifactInfo> {
    // The number is the position; a report read back from elsewhere may have broken that.
    let at_position = usize::try_from(id.0).ok().and_then(|at| report.artifacts.get(at)).filter(|artifact| artifact.id == id);
    at_position.or_else(|| report.artifacts.iter().find(|artifact| artifact.id == id))
}

/// The path of an artifact: the one it had on its server where that is known, else as the evidence names it. The page's list
/// of files and the JSON report have both.
pub(crate) fn path(report: &Report, id: ArtifactId) -> String {
    artifact(report, id)
        .map_or_else(|| format!("#{}", id.0), |artifact| artifact.windows_path.as_ref().unwrap_or(&artifact.path).clone())
}

/// `path:17` for machines, in one form for every language: `path#record`, `path@offset`.
pub(crate) fn of_pointer(artifacts: &[ArtifactInfo], pointer: Pointer) -> String {
    let own = artifacts.iter().find(|artifact| artifact.id == pointer.artifact);
    let path = own.map_or_else(|| format!("#{}", pointer.artifact.0), |it| it.windows_path.as_ref().unwrap_or(&it.path).clone());
    match pointer.place {
        Place::Whole => path,
        Place::Line(line) => format!("{path}:{line}"),
        Place::Record(record) => format!("{path}#{record}"),
        Place::Offset(offset) => format!("{path}@{offset}"),
    }
}

/// The last part of a path, whichever slashes it has.
pub(crate) fn file_name(path: &str) -> &str {
    path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or(path)
}

/// `path:17`, as editors and search tools write a place in a file.
pub(crate) fn pointer(texts: &Texts, path: &str, place: Place) -> String {
    match place {
        Place::Whole => path.to_owned(),
        Place::Line(line) => format!("{path}:{line}"),
        Place::Record(record) => format!("{path}, {} {record}", texts.get("place-record")),
        Place::Offset(offset) => format!("{path}, {} {offset}", texts.get("place-offset")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Language;

    #[test]
    fn places() {
        let texts = Texts::new(Language::English).unwrap();
        assert_eq!(pointer(&texts, "a/b.log", Place::Line(17)), "a/b.log:17");
        assert_eq!(pointer(&texts, "b.evtx", Place::Record(3)), "b.evtx, record 3");
        assert_eq!(pointer(&texts, "x.aspx", Place::Whole), "x.aspx");
        assert_eq!(file_name(r"C:\inetpub\x.aspx"), "x.aspx");
        assert_eq!(file_name("uploads/auto/"), "auto");
        assert_eq!(file_name(""), "");
    }
}
