//! Ready-made views: one `.sql` file each.

use std::io::{BufWriter, Write, stdout};

use anyhow::{Context, bail};
use datafusion::prelude::SessionContext;

use crate::arguments::ViewsArguments;
use crate::exit::Exit;
use crate::output;
use crate::tables::{DAY, TABLES, Table};

/// Name and SQL of every view. A view may use those before it.
pub const VIEWS: [(&str, &str); 6] = [
    ("who_hit_many", include_str!("views/who_hit_many.sql")),
    ("same_shell", include_str!("views/same_shell.sql")),
    ("post_patch_use", include_str!("views/post_patch_use.sql")),
    ("unpatched", include_str!("views/unpatched.sql")),
    ("coverage_gaps", include_str!("views/coverage_gaps.sql")),
    ("ocsf_findings", include_str!("views/ocsf_findings.sql")),
];

/// Makes the views known to a session that has the tables.
///
/// # Errors
/// When one of them is wrong, which our tests rule out.
pub async fn register(context: &SessionContext) -> anyhow::Result<()> {
    for (name, sql) in VIEWS {
        let view = context.sql(sql).await.with_context(|| format!("view {name}"))?;
        context.register_table(name, view.into_view())?;
    }
    Ok(())
}

/// Lists views and tables, or shows one.
pub fn run(arguments: &ViewsArguments) -> anyhow::Result<Exit> {
    let mut out = BufWriter::new(stdout().lock());
    match &arguments.name {
        None => {
            let views = VIEWS.map(|(name, _)| name);
            let tables = TABLES.map(|table| table.name);
            afterpatch_report::write_fleet_views(&views, &tables, &output::options(&arguments.shown), &mut out)?;
        }
        Some(name) => {
            if let Some(table) = Table::named(name) {
                write_columns(table, &mut out)?;
            } else if let Some((_, sql)) = VIEWS.iter().find(|(view, _)| view == name) {
                out.write_all(sql.as_bytes())?;
            } else {
                bail!("{name}: is no view and no table; `afterpatch-fleet views` lists them");
            }
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn write_columns(table: &Table, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}: {}\n", table.name, table.about)?;
    let width = table.columns.iter().map(|column| column.name.len()).max().unwrap_or(0);
    for column in table.columns {
        writeln!(out, "{:width$}  {:5}  {}", column.name, column.kind.slug(), column.about)?;
    }
    writeln!(out, "{DAY:width$}  text   the day (UTC) on which the package was finished, by which files lie in folders")
}
