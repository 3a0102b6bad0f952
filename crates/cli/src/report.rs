//! `afterpatch report`: a report again, in other formats. And reading one, for whoever needs it.

use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::Path;

use afterpatch_model::Report;
use anyhow::{Context, bail};

use crate::arguments::ReportArguments;
use crate::exit::Exit;
use crate::output;

/// Writes the report in every format that is asked for.
pub fn run(arguments: &ReportArguments) -> anyhow::Result<Exit> {
    let path = &arguments.report;
    if let Some(own) = arguments.output.output.iter().find(|output| *output != Path::new("-") && output::lies_in(output, path)) {
        bail!("{}: is the report that is read; name another file", own.display());
    }
    let targets = output::targets(&arguments.output, &[])?;
    let report = read(path)?;
    output::write_all(&report, &targets, &arguments.output)?;
    Ok(Exit::Nothing)
}

/// Reads a report of this version; `-` is standard input.
pub fn read(path: &Path) -> anyhow::Result<Report> {
    let place = || path.display().to_string();
    let bytes: Box<dyn Read> = match path == Path::new("-") {
        true => Box::new(stdin().lock()),
        false => Box::new(BufReader::new(File::open(path).with_context(place)?)),
    };
    afterpatch_report::read(bytes).with_context(place)
}
