//! `afterpatch-fleet report`: the whole report of a server, as the engine wrote it when its package was read.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::Path;

use afterpatch_report::Format;
use anyhow::{Context, bail};
use serde::Deserialize;

use crate::arguments::ReportArguments;
use crate::ask::ask;
use crate::exit::Exit;
use crate::lake::Lake;
use crate::{output, read};

/// A server of a package, or a package that has none.
#[derive(Deserialize)]
struct Row {
    package: String,
    name: String,
    server: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
}

const ROWS: &str = "\
SELECT packages.package, packages.name, server, aliases FROM packages LEFT JOIN servers ON packages.package = servers.package \
ORDER BY packages.package";

/// Writes it.
pub async fn run(arguments: &ReportArguments) -> anyhow::Result<Exit> {
    let named = arguments.output.as_deref().and_then(Format::from_name);
    let format = match (&arguments.output, arguments.format.or(named)) {
        (Some(path), None) => {
            bail!("{}: the name tells no format; end it in .html, .json, .stix.json ..., or add --format", path.display())
        }
        (_, format) => format.unwrap_or(Format::Text),
    };
    let lake = Lake::open(&arguments.lake).await?;
    let told = lake.told(None).await?;
    let rows: Vec<Row> = ask(&read::session(&lake, &told)?, ROWS).await?;
    let package = chosen(&rows, &arguments.server).with_context(|| arguments.lake.clone())?;
    let Some(path) = told.report_of(&package.package) else {
        bail!(
            "{}: of {} there is no report: it could not be read, or an older version read it, which kept none",
            arguments.lake,
            package.name
        );
    };
    let report = lake.report(path).await?;
    let options = output::options(&arguments.shown);
    let out: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path).with_context(|| path.display().to_string())?),
        None => Box::new(stdout().lock()),
    };
    let mut out = BufWriter::new(out);
    let place = || arguments.output.as_deref().unwrap_or(Path::new("-")).display().to_string();
    afterpatch_report::write(&report, format, &options, &mut out).with_context(place)?;
    out.flush().with_context(place)?;
    Ok(Exit::Done)
}

/// The one package that is meant by the name of a server, or by its own id or name.
fn chosen<'r>(rows: &'r [Row], wanted: &str) -> anyhow::Result<&'r Row> {
    let is = |name: &str| name.eq_ignore_ascii_case(wanted);
    let is_meant =
        |row: &&Row| is(&row.package) || is(&row.name) || row.server.iter().chain(&row.aliases).any(|name| is(name.as_str()));
    let mut found: Vec<&Row> = rows.iter().filter(is_meant).collect();
    found.dedup_by(|one, other| one.package == other.package);
    match found.as_slice() {
        [one] => Ok(one),
        [] => bail!("nothing is called {wanted} there, neither a server nor a package"),
        several => {
            let names: Vec<String> = several.iter().map(|row| format!("{} ({})", row.package, row.name)).collect();
            bail!("{wanted} is of several packages; name one of them: {}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(package: &str, name: &str, server: Option<&str>, aliases: &[&str]) -> Row {
        Row {
            package: package.to_owned(),
            name: name.to_owned(),
            server: server.map(str::to_owned),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        }
    }

    #[test]
    fn a_package_is_meant_by_its_own_names_and_by_those_of_its_servers() {
        let rows = [
            row("0a", "one.zip", Some("EX01"), &["mail.city.example"]),
            row("0b", "two.zip", Some("EX01"), &[]),
            row("0b", "two.zip", Some("EX02"), &[]),
            row("0c", "broken.zip", None, &[]),
        ];
        for (wanted, package) in
            [("ex02", "0b"), ("MAIL.city.example", "0a"), ("0b", "0b"), ("Broken.zip", "0c"), ("one.zip", "0a")]
        {
            assert_eq!(chosen(&rows, wanted).unwrap().package, package, "{wanted}");
        }
        let several = chosen(&rows, "ex01").map(|row| row.package.clone()).unwrap_err().to_string();
        assert!(several.contains("0a (one.zip), 0b (two.zip)"), "{several}");
        assert!(chosen(&rows, "EX").is_err());
    }
}
