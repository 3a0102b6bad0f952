//! The zip, written from front to back.

use std::collections::HashSet;
use std::io::{self, Read, Write};

use afterpatch_engine::Progress;
use afterpatch_evidence::{Entry, ReadError};
use afterpatch_model::{ArtifactKind, COLLECTION_MANIFEST, CollectedFile, CollectionLine, Timestamp};
use jiff::tz::Offset;
use sha2::{Digest, Sha256};
use zip::write::{ExtendedFileOptions, FileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::names::name_of;

/// Files from this size on are announced as large: only then may they be larger than 4 GiB in the end, and a log grows.
const MAY_BE_LARGE: u64 = 3 << 30;

/// Between 1601 and 1970, in the units of NTFS (100 ns).
const NTFS_EPOCH: i128 = 116_444_736_000_000_000;

pub(crate) struct Archive<'o> {
    zip: ZipWriter<StreamWriter<&'o mut dyn Write>>,
    names: HashSet<String>,
}

/// What became of a file.
pub(crate) enum Taken {
    Whole(CollectedFile),
    /// Reading broke off; what was read until then was taken.
    Part(CollectedFile, io::Error),
    /// It could not be opened.
    Not(ReadError),
}

impl<'o> Archive<'o> {
    pub(crate) fn new(out: &'o mut dyn Write) -> Self {
        Self { zip: ZipWriter::new_stream(out), names: HashSet::new() }
    }

    /// Takes a file. Errors are those of the archive.
    pub(crate) fn take(&mut self, entry: &Entry, kind: ArtifactKind, progress: &Progress) -> io::Result<Taken> {
        let mut reader = match entry.reader() {
            Ok(reader) => reader,
            Err(error) => return Ok(Taken::Not(error)),
        };
        let mut name = name_of(entry);
        // Two folders of a mounted disk can stand for one drive.
        while !self.names.insert(name.clone()) {
            name.push_str(" (2)");
        }
        self.zip.start_file(&*name, options(entry.size() >= MAY_BE_LARGE, entry.modified())?)?;
        let (mut hash, mut size, mut buffer) = (Sha256::new(), 0_u64, vec![0; 128 << 10]);
        let broken = loop {
            let count = match reader.read(&mut buffer) {
                Ok(0) => break None,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => break Some(error),
            };
            let bytes = buffer.get(..count).unwrap_or_default();
            hash.update(bytes);
            self.zip.write_all(bytes)?;
            size = size.saturating_add(count as u64);
            progress.advance(count as u64);
        };
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let file = CollectedFile { name, path: entry.location().to_owned(), kind, size, sha256, modified: entry.modified() };
        Ok(match broken {
            None => Taken::Whole(file),
            Some(error) => Taken::Part(file, error),
        })
    }

    /// Writes the manifest and the end.
    pub(crate) fn finish(mut self, lines: impl Iterator<Item = CollectionLine>, now: Timestamp) -> io::Result<()> {
        self.zip.start_file(COLLECTION_MANIFEST, options(true, Some(now))?)?;
        for line in lines {
            serde_json::to_writer(&mut self.zip, &line)?;
            self.zip.write_all(b"\n")?;
        }
        self.zip.finish()?.into_inner().flush()
    }
}

fn options(large: bool, modified: Option<Timestamp>) -> io::Result<FileOptions<'static, 'static, ExtendedFileOptions>> {
    let options = FileOptions::<ExtendedFileOptions>::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(large)
        .unix_permissions(0o600);
    let Some(modified) = modified else { return Ok(options) };
    let mut options = options.last_modified_time(dos_time(modified));
    if let Some(field) = ntfs_times(modified) {
        options.add_extra_field(0x000a, field, false)?;
    }
    Ok(options)
}

/// The extra field with times of NTFS (APPNOTE 4.5.5): to 100 ns, UTC. Access and creation say the same, for want of them.
fn ntfs_times(modified: Timestamp) -> Option<Box<[u8]>> {
    let time = u64::try_from(modified.as_nanosecond() / 100 + NTFS_EPOCH).ok()?.to_le_bytes();
    let mut field = vec![0, 0, 0, 0, 1, 0, 24, 0];
    for _ in 0..3 {
        field.extend(time);
    }
    Some(field.into())
}

/// The format's own time, which has no zone: UTC, for programs that read nothing else.
fn dos_time(time: Timestamp) -> DateTime {
    let time = Offset::UTC.to_datetime(time);
    let small = |part: i8| u8::try_from(part).unwrap_or_default();
    let year = u16::try_from(time.year()).unwrap_or_default();
    DateTime::from_date_and_time(
        year,
        small(time.month()),
        small(time.day()),
        small(time.hour()),
        small(time.minute()),
        small(time.second()),
    )
    .unwrap_or_default()
}
