//! `afterpatch-fleet query`.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write, stdout};

use anyhow::{Context, bail};
use datafusion::execution::context::SQLOptions;
use futures::StreamExt;

use crate::arguments::QueryArguments;
use crate::exit::Exit;
use crate::lake::Lake;
use crate::rows::{Format, Rows};
use crate::{read, views};

/// Asks a lake, and writes the answer.
pub async fn run(arguments: &QueryArguments) -> anyhow::Result<Exit> {
    let named = arguments.output.as_deref().and_then(Format::from_extension);
    let format = match (&arguments.output, arguments.format.or(named)) {
        (Some(path), None) => {
            bail!(
                "{}: the name tells no format; end it in .csv, .ndjson, .json, .parquet or .txt, or add --format",
                path.display()
            )
        }
        (_, format) => format.unwrap_or(Format::Table),
    };
    if arguments.output.is_none() && format == Format::Parquet && stdout().is_terminal() {
        bail!("Parquet is nothing for a terminal; name a file with -o");
    }
    let lake = Lake::open(&arguments.lake).await?;
    let told = lake.told(None).await?;
    #[cfg(feature = "cluster")]
    let context = match &arguments.cluster {
        Some(_) => {
            let tls = crate::cluster::Tls::read(&arguments.tls)?;
            read::session_with(crate::cluster::question::settings(tls.as_ref()), &lake, &told)?
        }
        None => read::session(&lake, &told)?,
    };
    #[cfg(not(feature = "cluster"))]
    let context = read::session(&lake, &told)?;
    views::register(&context).await?;
    // A question may only read: nothing is made, written or set by it.
    let only_reading = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    let answer = context.sql_with_options(&arguments.sql, only_reading).await?;
    let out: Box<dyn Write + Send> = match &arguments.output {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(stdout()),
    };
    let mut out = BufWriter::new(out);
    #[cfg(feature = "cluster")]
    let mut stream = match &arguments.cluster {
        Some(address) => crate::cluster::question::answer(address, answer).await?,
        None => answer.execute_stream().await?,
    };
    #[cfg(not(feature = "cluster"))]
    let mut stream = answer.execute_stream().await?;
    let mut rows = Rows::begin(format, &stream.schema(), &mut out)?;
    while let Some(batch) = stream.next().await {
        rows.write(&batch?)?;
    }
    rows.end()?;
    out.flush()?;
    Ok(Exit::Done)
}
