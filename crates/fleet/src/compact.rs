//! `afterpatch-fleet compact`: the rows of all packages in few files, and a checkpoint that names them.

use std::collections::BTreeSet;
use std::io::{Write, stdout};

use afterpatch_model::Timestamp;
use anyhow::bail;
use datafusion::prelude::{SessionContext, col, lit};
use futures::StreamExt;
use object_store::path::Path;

use crate::arguments::CompactArguments;
use crate::exit::Exit;
use crate::lake::{Checkpoint, DataFile, Lake, MERGED, Told, unique_name};
use crate::tables::{DAY, TABLES};
use crate::{output, read};

/// Rows of one file, as large as they are in memory, where so many are held.
const BYTES_OF_A_FILE: usize = 64 * 1024 * 1024;

/// Compacts a lake.
pub async fn run(arguments: &CompactArguments) -> anyhow::Result<Exit> {
    let lake = Lake::open(&arguments.lake).await?;
    let told = lake.told(None).await?;
    let name = unique_name(Timestamp::now());
    let context = read::session(&lake, &told)?;
    let mut files = Vec::new();
    for table in TABLES {
        for day in days(&told, table.name) {
            merge(&lake, &context, table.name, &day, &name, &mut files).await?;
        }
    }
    let checkpoint = Checkpoint::after(&told, files.clone());
    if !lake.check_point(&checkpoint).await? {
        for file in &files {
            lake.remove(&Path::from(file.path.as_str())).await;
        }
        bail!("{}: somebody else compacted this lake meanwhile; nothing was changed", lake.name);
    }
    let removed = match arguments.remove_after {
        Some(grace) => lake.remove_old(grace).await?,
        None => 0,
    };
    let mut out = stdout().lock();
    let rows = files.iter().map(|file| file.rows).sum();
    let (packages, files) = (checkpoint.commits.len() as u64, files.len() as u64);
    afterpatch_report::write_fleet_compacted(packages, files, rows, removed, &output::options(&arguments.shown), &mut out)?;
    out.flush()?;
    Ok(Exit::Done)
}

fn days(told: &Told, table: &str) -> BTreeSet<String> {
    told.files.iter().chain(&told.merged).filter(|file| file.table == table).map(|file| file.day.clone()).collect()
}

/// Writes the rows of one table and day into few files, as they come: to sort them, all would have to be held.
async fn merge(
    lake: &Lake,
    context: &SessionContext,
    table: &str,
    day: &str,
    name: &str,
    files: &mut Vec<DataFile>,
) -> anyhow::Result<()> {
    let rows = context.table(table).await?.filter(col(DAY).eq(lit(day)))?.drop_columns(&[DAY])?;
    let mut stream = rows.execute_stream().await?;
    let (mut batches, mut held) = (Vec::new(), 0);
    loop {
        let batch = stream.next().await.transpose()?;
        let ended = batch.is_none();
        if let Some(batch) = batch.filter(|batch| batch.num_rows() > 0) {
            held += batch.get_array_memory_size();
            batches.push(batch);
        }
        if held >= BYTES_OF_A_FILE || (ended && !batches.is_empty()) {
            // Two that compact at once write different files, of which only one's count.
            let name = format!("{MERGED}-{name}-{:04}", files.len());
            files.push(DataFile::write(lake, table, day, &name, &batches).await?);
            (batches, held) = (Vec::new(), 0);
        }
        if ended {
            return Ok(());
        }
    }
}
