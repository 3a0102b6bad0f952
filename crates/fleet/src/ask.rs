//! Questions of our own to the lake, answered as plain structs.

use anyhow::Context;
use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::json::LineDelimitedWriter;
use datafusion::prelude::{DataFrame, SessionContext};
use serde::de::DeserializeOwned;

/// The rows of a question whose text is our own. What comes from the user or the evidence is never put into it.
///
/// # Errors
/// When the lake cannot be read.
pub async fn ask<T: DeserializeOwned>(context: &SessionContext, sql: &'static str) -> anyhow::Result<Vec<T>> {
    collect(context.sql(sql).await?).await
}

/// The rows of a frame. Columns are the fields' names; what is missing there is left out.
///
/// # Errors
/// When the lake cannot be read.
pub async fn collect<T: DeserializeOwned>(frame: DataFrame) -> anyhow::Result<Vec<T>> {
    let mut rows = Vec::new();
    for batch in frame.collect().await? {
        read(&batch, &mut rows).context("a table of the lake holds what it should not")?;
    }
    Ok(rows)
}

/// Adds the rows of a batch.
///
/// # Errors
/// When they are no such structs.
pub fn read<T: DeserializeOwned>(batch: &RecordBatch, rows: &mut Vec<T>) -> anyhow::Result<()> {
    let mut writer = LineDelimitedWriter::new(Vec::new());
    writer.write(batch)?;
    writer.finish()?;
    for row in serde_json::Deserializer::from_slice(&writer.into_inner()).into_iter() {
        rows.push(row?);
    }
    Ok(())
}
