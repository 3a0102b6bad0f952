//! Where answers go: standard output and files, each in its format.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use afterpatch_model::{Assessment, Check, CheckTool, Timestamp};
use afterpatch_report::{CheckFormat, CheckRows, Detail, Options, write_check};
use anyhow::{Context, bail};

use crate::arguments::{CheckArguments, CheckFormatName};
use crate::output;

/// All places of one run.
pub struct Sinks {
    sinks: Vec<Sink>,
    options: Options,
    detail: Detail,
}

struct Sink {
    path: PathBuf,
    format: CheckFormat,
    /// Rows that are written one by one, once they have begun.
    rows: Option<(CheckRows, Box<dyn Write>)>,
}

impl Sink {
    fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }

    /// `append`: go on behind what is there.
    fn open(&self, append: bool) -> anyhow::Result<Box<dyn Write>> {
        if self.is_stdout() {
            return Ok(Box::new(BufWriter::new(stdout())));
        }
        let place = || self.path.display().to_string();
        let file = match append {
            true => OpenOptions::new().append(true).create(true).open(&self.path),
            false => File::create(&self.path),
        };
        Ok(Box::new(BufWriter::new(file.with_context(place)?)))
    }
}

impl Sinks {
    /// The places that the arguments name. Text goes to standard output as well, unless that is taken or nothing is to be said.
    pub fn of(arguments: &CheckArguments) -> anyhow::Result<Self> {
        let named = arguments.format.map(format_of);
        let mut sinks = Vec::new();
        for path in &arguments.output {
            let format = match path == Path::new("-") {
                true => named.unwrap_or(CheckFormat::Text),
                false => match of_extension(path).or(named) {
                    Some(format) => format,
                    None => bail!(
                        "{}: the name tells no format; end it in .txt, .json, .ndjson or .csv, or add --format",
                        path.display()
                    ),
                },
            };
            for target in &arguments.targets_named {
                if Path::new(target).exists() && output::lies_in(path, Path::new(target)) {
                    bail!("{}: lies in the evidence {target}, which is never written to; name another place", path.display());
                }
            }
            sinks.push(Sink { path: path.clone(), format, rows: None });
        }
        if !sinks.iter().any(Sink::is_stdout) && (sinks.is_empty() || !arguments.quiet) {
            let format = if sinks.is_empty() { named.unwrap_or(CheckFormat::Text) } else { CheckFormat::Text };
            sinks.push(Sink { path: PathBuf::from("-"), format, rows: None });
        }
        let options = output::options(&arguments.shown);
        let height = terminal_size::terminal_size().map_or(24, |(_, height)| usize::from(height.0).max(10));
        Ok(Self { sinks, options, detail: Detail { all: arguments.all, height } })
    }

    /// Whether any place wants this format.
    pub fn any(&self, format: CheckFormat) -> bool {
        self.sinks.iter().any(|sink| sink.format == format)
    }

    /// The one file that rows go to, where there is exactly one.
    pub fn only_file(&self) -> Option<(&Path, CheckFormat)> {
        let mut files = self.sinks.iter().filter(|sink| !sink.is_stdout());
        match (files.next(), files.next()) {
            (Some(one), None) => Some((&one.path, one.format)),
            _ => None,
        }
    }

    /// Writes a whole answer everywhere.
    pub fn whole(&mut self, check: &Check) -> anyhow::Result<()> {
        for sink in &self.sinks {
            let mut out = sink.open(false)?;
            let options = if sink.is_stdout() { self.options } else { Options { color: false, ..self.options } };
            write_check(check, sink.format, &options, self.detail, &mut out)?;
            out.flush()?;
        }
        Ok(())
    }

    /// Begins rows. Without `new`, files are continued and have their head already.
    pub fn begin(&mut self, tool: &CheckTool, now: Timestamp, new: bool) -> anyhow::Result<()> {
        for sink in &mut self.sinks {
            let out = sink.open(!new)?;
            let options = if sink.is_stdout() { self.options } else { Options { color: false, ..self.options } };
            let head = new || sink.is_stdout();
            sink.rows = Some((CheckRows::new(sink.format, tool.clone(), now, options, head)?, out));
        }
        Ok(())
    }

    /// Writes one row everywhere, so that whoever watches sees it at once.
    pub fn row(&mut self, seq: u64, assessment: &Assessment) -> anyhow::Result<()> {
        for (rows, out) in self.sinks.iter_mut().filter_map(|sink| sink.rows.as_mut()) {
            rows.write(seq, assessment, &[], out)?;
            out.flush()?;
        }
        Ok(())
    }

    /// Ends the rows.
    pub fn end(&mut self) -> anyhow::Result<()> {
        for (rows, out) in self.sinks.iter_mut().filter_map(|sink| sink.rows.as_mut()) {
            rows.end(out)?;
            out.flush()?;
        }
        Ok(())
    }
}

fn format_of(name: CheckFormatName) -> CheckFormat {
    match name {
        CheckFormatName::Text => CheckFormat::Text,
        CheckFormatName::Json => CheckFormat::Json,
        CheckFormatName::Ndjson => CheckFormat::Ndjson,
        CheckFormatName::Csv => CheckFormat::Csv,
    }
}

fn of_extension(path: &Path) -> Option<CheckFormat> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "txt" => Some(CheckFormat::Text),
        "json" => Some(CheckFormat::Json),
        "ndjson" | "jsonl" => Some(CheckFormat::Ndjson),
        "csv" => Some(CheckFormat::Csv),
        _ => None,
    }
}
