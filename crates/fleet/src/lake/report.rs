//! The whole report of each package, as `afterpatch scan -o report.json` writes it, packed with gzip. It is no table: nobody asks all of
//! them at once, and `compact` leaves each where it lies.

use std::collections::{HashMap, HashSet};

use afterpatch_model::Report;
use afterpatch_report::Format;
use anyhow::Context;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use super::{DataFile, Lake, Told};

/// What stands in place of a table's name.
const REPORTS: &str = "reports";

impl DataFile {
    pub(super) async fn write_report(lake: &Lake, day: &str, name: &str, report: &Report) -> anyhow::Result<Self> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        afterpatch_report::write(report, Format::Json, &afterpatch_report::Options::default(), &mut packed)?;
        Self::put(lake, REPORTS, day, &format!("{name}.json.gz"), packed.finish()?, 1).await
    }

    fn is_report(&self) -> bool {
        self.table == REPORTS
    }
}

impl Told {
    /// The reports that count.
    pub(super) fn reports(&self) -> impl Iterator<Item = &DataFile> {
        let outdated: HashSet<&str> = self.outdated.iter().map(String::as_str).collect();
        let merged = self.merged.iter().filter(move |file| !outdated.contains(file.package()));
        self.files.iter().chain(merged).filter(|file| file.is_report())
    }

    /// Where the report of each package lies.
    pub fn reports_by_package(&self) -> HashMap<&str, &str> {
        self.reports().map(|file| (file.package(), file.path.as_str())).collect()
    }

    /// Where the report of a package lies; `None` where it has none, as those have none that an older version read.
    pub fn report_of(&self, package: &str) -> Option<&str> {
        self.reports().find(|file| file.package() == package).map(|file| file.path.as_str())
    }
}

impl Lake {
    /// Reads a report.
    ///
    /// # Errors
    /// When it is not there, or none of this version.
    pub async fn report(&self, path: &str) -> anyhow::Result<Report> {
        let place = || format!("{}/{path}", self.name);
        let packed = self.store.get(&Path::from(path)).await.with_context(place)?.bytes().await.with_context(place)?;
        let read = tokio::task::spawn_blocking(move || afterpatch_report::read(GzDecoder::new(packed.as_ref())));
        read.await?.with_context(place)
    }
}
