//! The lake's tables as DataFusion sees them: exactly the files that commits name, never a listing of folders.

use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use datafusion::arrow::datatypes::{DataType, Field, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::ScalarValue;
use datafusion::common::project_schema;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableType, col, lit};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::empty::EmptyExec;
use datafusion::prelude::{SessionConfig, SessionContext};

use crate::lake::{DataFile, Lake, Told};
use crate::tables::{DAY, TABLES, Table};

/// How the name begins by which DataFusion knows a lake, wherever it lies; the lake's own name follows in hexadecimal digits.
const STORE: &str = "lake://";
/// So much is read of a file's end at first: more than the foot of any of our small files.
const FOOT: usize = 64 * 1024;

/// A session in which every table of the lake is registered, as far as `told` says.
pub fn session(lake: &Lake, told: &Told) -> anyhow::Result<SessionContext> {
    session_with(SessionConfig::new(), lake, told)
}

/// The same, with other settings.
pub fn session_with(config: SessionConfig, lake: &Lake, told: &Told) -> anyhow::Result<SessionContext> {
    let mut config = config.with_information_schema(true);
    // Of rows that a question leaves out only the columns are read that it leaves them out by.
    config.options_mut().execution.parquet.pushdown_filters = true;
    // DataFusion 55 trips over its own names when it moves the reading of a nested field (`metadata['uid']`) below a join.
    config.options_mut().optimizer.enable_leaf_expression_pushdown = false;
    let context = SessionContext::new_with_config(config);
    let url = url(&lake.name)?;
    context.register_object_store(url.as_ref(), Arc::clone(&lake.store));
    for table in TABLES {
        let of_table = |files: &[DataFile]| files.iter().filter(|file| file.table == table.name).cloned().collect::<Vec<_>>();
        let files = LakeTable::new(table, &url, of_table(&told.files));
        let merged = of_table(&told.merged);
        if merged.is_empty() {
            context.register_table(table.name, Arc::new(files))?;
            continue;
        }
        let mut rows = context.read_table(Arc::new(LakeTable::new(table, &url, merged)))?;
        if !told.outdated.is_empty() {
            rows = rows.filter(col("package").in_list(told.outdated.iter().map(lit).collect(), true))?;
        }
        let rows = rows.union(context.read_table(Arc::new(files))?)?;
        context.register_table(table.name, rows.into_view())?;
    }
    Ok(context)
}

fn url(lake: &str) -> anyhow::Result<ObjectStoreUrl> {
    let digits: String = Lake::full_name(lake)?.bytes().map(|byte| format!("{byte:02x}")).collect();
    ObjectStoreUrl::parse(format!("{STORE}{digits}")).context("the lake has no name")
}

/// The lake that DataFusion knows by a URL; `None` when it is the URL of something else.
#[cfg(feature = "cluster")]
pub fn lake_of(url: &url::Url) -> Option<String> {
    let digits = url.as_str().strip_prefix(STORE)?.trim_end_matches('/');
    let byte = |pair: &[u8]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let name: Vec<u8> = digits.as_bytes().chunks(2).map(byte).collect::<Option<_>>()?;
    String::from_utf8(name).ok()
}

/// Files of one table.
#[derive(Debug)]
struct LakeTable {
    schema: TableSchema,
    store: ObjectStoreUrl,
    files: Vec<DataFile>,
}

impl LakeTable {
    fn new(table: &Table, store: &ObjectStoreUrl, files: Vec<DataFile>) -> Self {
        let day = Arc::new(Field::new(DAY, DataType::Utf8, false));
        let schema = TableSchema::builder(table.schema()).with_table_partition_cols(vec![day]).build();
        Self { schema, store: store.clone(), files }
    }
}

#[async_trait]
impl TableProvider for LakeTable {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.schema.table_schema())
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if self.files.is_empty() {
            return Ok(Arc::new(EmptyExec::new(project_schema(&TableProvider::schema(self), projection)?)));
        }
        let files = self.files.iter().map(|file| {
            PartitionedFile::new(file.path.clone(), file.bytes)
                .with_partition_values(vec![ScalarValue::from(file.day.as_str())])
                .with_metadata_size_hint(FOOT)
        });
        let groups = FileGroup::new(files.collect()).split_files(state.config().target_partitions());
        let source = Arc::new(ParquetSource::new(self.schema.clone()));
        let config = FileScanConfigBuilder::new(self.store.clone(), source)
            .with_file_groups(groups)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::tables::State;
    use crate::tables::tests::package;

    #[test]
    fn rows_that_were_written_before_a_column_came_have_nothing_there() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let lake = Lake::open_or_make(folder.path().join("lake").to_str().unwrap()).await.unwrap();
            let table = Table::named("packages").unwrap();
            let rows = crate::tables::batch(table.schema(), &[package()]).unwrap();
            let older = rows.project(&[0, 1, 2]).unwrap();
            let files = vec![
                DataFile::write(&lake, table.name, "2026-11-28", "older", &[older]).await.unwrap(),
                DataFile::write(&lake, table.name, "2026-11-29", "newer", &[rows]).await.unwrap(),
            ];
            let context = session(&lake, &Told { files, ..Told::default() }).unwrap();
            #[derive(serde::Deserialize)]
            struct Row {
                name: String,
                state: Option<State>,
                day: String,
            }
            let asked = "SELECT name, state, day FROM packages ORDER BY day";
            let rows: Vec<Row> = crate::ask::ask(&context, asked).await.unwrap();
            let told = rows.iter().map(|row| (row.name.as_str(), row.state, row.day.as_str())).collect::<Vec<_>>();
            assert_eq!(told, [("a.zip", None, "2026-11-28"), ("a.zip", Some(State::Done), "2026-11-29")]);
            // What a question leaves rows out by may be a column that they lack.
            let asked = "SELECT name, state, day FROM packages WHERE state = 'done'";
            assert_eq!(crate::ask::ask::<Row>(&context, asked).await.unwrap().len(), 1);
        });
    }
}
