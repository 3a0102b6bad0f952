//! Commits: what counts.

use afterpatch_model::Timestamp;
use datafusion::arrow::array::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::properties::WriterProperties;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use serde::{Deserialize, Serialize};

use super::{LAKE_SCHEMA, Lake};
use crate::answers::Answers;
use crate::tables::{DAY, Failure, Scanned, State, TABLES};

/// Digits of a generation in names, so that they sort.
const DIGITS: usize = 6;

/// Which package, and the how manieth commit of it: of all commits of a package the last one counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The package's id.
    pub package: String,
    /// 0 for the first.
    pub generation: u32,
}

impl Key {
    /// `PACKAGE-000000`.
    pub fn name(&self) -> String {
        format!("{}-{:0DIGITS$}", self.package, self.generation)
    }

    /// Where the commit lies.
    pub fn path(&self) -> Path {
        Path::from(format!("commits/{}.json", self.name()))
    }

    /// The key that a path names, if it is one of a commit.
    pub fn of(path: &Path) -> Option<Self> {
        let (package, generation) = path.filename()?.strip_suffix(".json")?.rsplit_once('-')?;
        Some(Self { package: package.to_owned(), generation: generation.parse().ok()? })
    }
}

/// One package is done, or has failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Commit {
    /// [`LAKE_SCHEMA`].
    pub schema: String,
    /// Which package.
    #[serde(flatten)]
    pub key: Key,
    /// Where it lies.
    pub uri: String,
    /// What content it had.
    pub identity: String,
    /// Whether it was read.
    pub state: State,
    /// If not, why not.
    pub failure: Option<Failure>,
    /// And why in words.
    #[serde(default)]
    pub reason: Option<String>,
    /// When it was done.
    pub finished: Timestamp,
    /// By which run.
    pub run: String,
    /// What it said, in numbers.
    #[serde(default)]
    pub answers: Answers,
    /// Its rows, tables of which it has none being left out, and its report.
    pub files: Vec<DataFile>,
}

/// A Parquet file with rows of one table, or a package's report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataFile {
    /// The table, or `reports`.
    pub table: String,
    /// The day that its folder is called by (`2026-11-28`).
    pub day: String,
    /// Where it lies in the lake.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its rows.
    pub rows: u64,
}

impl DataFile {
    /// Writes rows of a table under a name that nobody else writes.
    ///
    /// # Errors
    /// When the lake does not take it.
    pub(crate) async fn write(lake: &Lake, table: &str, day: &str, name: &str, batches: &[RecordBatch]) -> anyhow::Result<Self> {
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        Self::put(lake, table, day, &format!("{name}.parquet"), parquet(batches)?, rows).await
    }

    /// Writes a file of these bytes.
    pub(super) async fn put(lake: &Lake, table: &str, day: &str, name: &str, bytes: Vec<u8>, rows: u64) -> anyhow::Result<Self> {
        let path = format!("data/{table}/{DAY}={day}/{name}");
        let file = Self { table: table.to_owned(), day: day.to_owned(), bytes: bytes.len() as u64, rows, path };
        let path = Path::from(file.path.as_str());
        lake.write(&path, bytes).await?;
        lake.keep(&path).await?;
        Ok(file)
    }

    /// The package whose file it is; of a file with rows of many, a word that is none.
    pub(super) fn package(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.split('-').next().unwrap_or_default()
    }
}

/// Batches of one schema as a Parquet file.
pub(crate) fn parquet(batches: &[RecordBatch]) -> anyhow::Result<Vec<u8>> {
    let Some(first) = batches.first() else { anyhow::bail!("a file of no rows") };
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, first.schema(), Some(properties()?))?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.close()?;
    Ok(bytes)
}

/// How all our Parquet files are written.
pub fn properties() -> anyhow::Result<WriterProperties> {
    Ok(WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build())
}

impl Lake {
    /// Keeps what a package gave: its rows first, then the commit. `false` when another run was first; then nothing of this stays.
    ///
    /// # Errors
    /// When the lake does not take it.
    pub async fn commit(&self, key: &Key, scanned: &Scanned<'_>) -> anyhow::Result<bool> {
        let package = scanned.package;
        let day = package.finished.0.strftime("%Y-%m-%d").to_string();
        let name = format!("{}-{}", key.name(), package.run);
        let mut files = Vec::new();
        for table in TABLES {
            let rows = (table.rows)(table, scanned)?;
            if rows.num_rows() > 0 {
                files.push(DataFile::write(self, table.name, &day, &name, &[rows]).await?);
            }
        }
        if let Some(report) = scanned.report.filter(|report| !report.servers.is_empty()) {
            files.push(DataFile::write_report(self, &day, &name, report).await?);
        }
        let commit = Commit {
            schema: LAKE_SCHEMA.to_owned(),
            key: key.clone(),
            uri: package.uri.clone(),
            identity: package.identity.clone(),
            state: package.state,
            failure: package.failure,
            reason: package.reason.clone(),
            finished: package.finished.0,
            run: package.run.clone(),
            answers: scanned.answers(),
            files,
        };
        let won = self.create(&key.path(), &commit).await?;
        if won {
            self.keep(&key.path()).await?;
        } else {
            for file in &commit.files {
                self.remove(&Path::from(file.path.as_str())).await;
            }
        }
        Ok(won)
    }

    /// Whether there is a commit of that key.
    ///
    /// # Errors
    /// When the lake cannot be read.
    pub async fn is_committed(&self, key: &Key) -> anyhow::Result<bool> {
        match self.store.head(&key.path()).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_is_found_by_its_path() {
        let key = Key { package: "0a1b".to_owned(), generation: 12 };
        assert_eq!(key.path().as_ref(), "commits/0a1b-000012.json");
        assert_eq!(Key::of(&key.path()), Some(key));
        for path in ["commits/x.json", "commits/a-b.json", "commits/a-1.txt"] {
            assert_eq!(Key::of(&Path::from(path)), None, "{path}");
        }
    }
}
