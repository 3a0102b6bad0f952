//! Where reports and messages go.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};

use afterpatch_model::Report;
use afterpatch_report::{Format, Language, Options, hostile};
use anyhow::{Context, bail};

use crate::arguments::{OutputArguments, SchemaForm, ShownArguments};
use crate::exit::Exit;

/// Where a report goes, and in which format.
pub struct Target {
    path: PathBuf,
    format: Format,
}

impl Target {
    fn is_stdout(&self) -> bool {
        self.path == Path::new("-")
    }
}

/// The targets that the arguments name. Fails before any work is done when a format is unclear or a report would be written
/// into the evidence.
pub fn targets(arguments: &OutputArguments, evidence: &[PathBuf]) -> anyhow::Result<Vec<Target>> {
    let mut targets = Vec::new();
    let stdout = PathBuf::from("-");
    // A format without a file is asked for to be seen.
    let implied = (arguments.output.is_empty() && arguments.format.is_some()).then_some(&stdout);
    for path in arguments.output.iter().chain(implied) {
        let target = if path == Path::new("-") {
            Target { path: path.clone(), format: arguments.format.unwrap_or(Format::Text) }
        } else {
            let Some(format) = Format::from_name(path).or(arguments.format) else {
                let endings = Format::ALL.iter().filter_map(|format| format.about().endings.first()).copied();
                let endings = endings.collect::<Vec<_>>().join(", ");
                bail!("{}: the name tells no format; end it in one of {endings}, or add --format", path.display());
            };
            must_not_lie_in(path, evidence)?;
            Target { path: path.clone(), format }
        };
        targets.push(target);
    }
    Ok(targets)
}

/// Fails for a file that would be written into the evidence.
pub fn must_not_lie_in(path: &Path, evidence: &[PathBuf]) -> anyhow::Result<()> {
    if let Some(inside) = evidence.iter().find(|evidence| lies_in(path, evidence)) {
        bail!("{}: lies in the evidence {}, which is never written to; name another place", path.display(), inside.display());
    }
    Ok(())
}

/// Whether a file would lie in a folder, or be it. Without resolving links: `canonicalize` fails on long Windows paths.
pub fn lies_in(path: &Path, evidence: &Path) -> bool {
    match (std::path::absolute(path), std::path::absolute(evidence)) {
        // Windows does not tell cases apart.
        (Ok(path), Ok(evidence)) if cfg!(windows) => {
            let folded = |path: &Path| PathBuf::from(path.to_string_lossy().to_lowercase());
            folded(&path).starts_with(folded(&evidence))
        }
        (Ok(path), Ok(evidence)) => path.starts_with(evidence),
        _ => false,
    }
}

/// Writes the report to every target, and shows it on the terminal when standard output is not a target.
pub fn write_all(report: &Report, targets: &[Target], arguments: &OutputArguments) -> anyhow::Result<()> {
    let options = options(&arguments.shown);
    for target in targets {
        if target.is_stdout() {
            let mut out = BufWriter::new(stdout().lock());
            afterpatch_report::write(report, target.format, &options, &mut out)?;
            out.flush()?;
        } else {
            write_file(report, &target.path, target.format, &options)?;
        }
    }
    if !arguments.quiet && !targets.iter().any(Target::is_stdout) {
        show(report, &options)?;
    }
    Ok(())
}

/// Writes one report file.
pub fn write_file(report: &Report, path: &Path, format: Format, options: &Options) -> anyhow::Result<()> {
    let place = || path.display().to_string();
    let mut out = BufWriter::new(File::create(path).with_context(place)?);
    afterpatch_report::write(report, format, options, &mut out).with_context(place)?;
    out.flush().with_context(place)
}

/// Shows the report on standard output.
pub fn show(report: &Report, options: &Options) -> anyhow::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    afterpatch_report::write(report, Format::Text, options, &mut out)?;
    Ok(out.flush()?)
}

/// How to show text here: colours on a terminal that does not refuse them (no-color.org), its width, the user's language.
pub fn options(shown: &ShownArguments) -> Options {
    let refused = shown.no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Options {
        language: shown.lang.unwrap_or_else(language_of_environment),
        color: !refused && stdout().is_terminal(),
        width: terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)),
    }
}

fn language_of_environment() -> Language {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .and_then(|value| Language::from_tag(value.split(['_', '.', '-']).next().unwrap_or_default()))
        .unwrap_or_default()
}

/// Prints a JSON schema.
pub fn schema(form: SchemaForm) -> anyhow::Result<Exit> {
    let mut out = stdout().lock();
    let schema = match form {
        SchemaForm::Report => afterpatch_report::schema(),
        SchemaForm::Check => afterpatch_report::check_schema(),
        SchemaForm::Alert => afterpatch_report::alert_schema(),
    };
    serde_json::to_writer_pretty(&mut out, &schema)?;
    writeln!(out)?;
    Ok(Exit::Nothing)
}

/// A line on standard output.
pub fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(stdout().lock(), "{text}")?)
}

/// A line on standard error.
pub fn note(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(stderr().lock(), "afterpatch: {text}");
}

/// An error on standard error, with what can be done about it. Its text may hold names from the evidence.
pub fn complain(error: &anyhow::Error, language: Option<Language>) {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        // Many errors tell their cause themselves.
        if !text.ends_with(&cause) {
            let between = if text.is_empty() { "" } else { ": " };
            text = format!("{text}{between}{cause}");
        }
    }
    note(&hostile::terminal(&format!("error: {text}")));
    // The first error of the system in the chain is what went wrong.
    let kind = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let language = language.unwrap_or_else(language_of_environment);
    if let Some(Ok(Some(advice))) = kind.map(|kind| afterpatch_report::system_error_advice(kind, language)) {
        note(&advice);
    }
}

/// Something that could not be done, while the rest goes on.
pub fn warn(text: &str) {
    note(&hostile::terminal(text));
}

/// Whether the reader of our output went away (`| head`), which is no error.
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
