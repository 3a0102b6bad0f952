//! The true build of an Exchange server: the file version of `Bin\ExSetup.exe`.
//!
//! Security updates do not raise the versions in the registry, so this file is where Microsoft's own HealthChecker looks.
//! The version stands in the resource `VS_VERSION_INFO` as four numbers of 16 bits (`VS_FIXEDFILEINFO`, Windows SDK).
//!
//! It tells the build that the server had when the evidence was collected, so the record has no time: the file's own times
//! are those of Microsoft's build machine, or of the copy. Only the installed file counts (below a folder `Bin`, not in a
//! shadow copy): media that lie about on a disk are of builds that the server may never have had.

#[cfg(test)]
mod tests;
mod version_info;

use std::io::Read;

use afterpatch_model::{ArtifactKind, GapKind, Place};

use crate::delimited::build_record;
use crate::{Format, Input, Sink};

/// The format of Exchange's own program that tells its build.
pub struct PeVersion;

/// The real ones have some hundred KiB.
const LARGEST: u64 = 16 << 20;

impl Format for PeVersion {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::PeVersion
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_installed(input.entry().location()) && input.head().starts_with(b"MZ")
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        match input.reader() {
            Ok(reader) => read(reader, sink),
            Err(error) => sink.gap(error.gap_kind(), Place::Whole, &error.to_string()),
        }
    }
}

/// Whether the name is that of the program.
pub(crate) fn is_exsetup_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("ExSetup.exe")
}

/// Whether it is the installed one, as far as its place is known.
fn is_installed(location: &str) -> bool {
    let mut parts = location.rsplit(['/', '\\']);
    let is_named = parts.next().is_some_and(is_exsetup_name);
    let in_bin = parts.next().is_none_or(|folder| folder.eq_ignore_ascii_case("Bin"));
    is_named && in_bin && !parts.any(|folder| folder.starts_with("HarddiskVolumeShadowCopy"))
}

fn read(reader: impl Read, sink: &mut dyn Sink) {
    let mut bytes = Vec::new();
    let result = reader.take(LARGEST).read_to_end(&mut bytes);
    let version = version_info::file_version(&bytes).map(|build| build.to_string());
    match version.as_deref().and_then(|text| build_record(Place::Whole, None, "FileVersion", text)) {
        Some(record) => {
            sink.record(&record);
        }
        None => match result {
            Err(error) => sink.gap(afterpatch_evidence::gap_kind_of(&error), Place::Whole, &error.to_string()),
            Ok(_) => sink.gap(GapKind::Malformed, Place::Whole, "it tells no version of an Exchange"),
        },
    }
}
