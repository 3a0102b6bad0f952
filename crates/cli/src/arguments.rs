//! The command line.

use std::path::PathBuf;

use afterpatch_lab::Variant;
use afterpatch_model::Timestamp;
use afterpatch_report::{Format, Language};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

/// Exit codes, as shown by `--help`; the one list that [`crate::exit::Exit`] follows.
const EXIT_CODES: &str = "\
Exit codes of scan (the worst of all servers):
  0    nothing found in what was readable
  1    error
  2    wrong usage
  3    no evidence could be read
  4    nothing found, but too little was readable to say more
  10   exposed: a hole is open, nothing worse seen
  11   attempts seen, no success
  12   compromised, or the attack got through
  13   a foothold is in place or was used after the fix
  130  interrupted; the report holds what was read so far";

/// Exit codes of inspect.
const INSPECT_EXIT_CODES: &str = "\
Exit codes of inspect (the worst of all files):
  0    nothing found
  1    error
  2    wrong usage
  3    no file could be read
  10   an admin tool, or a file that cannot be judged
  11   a suspicious file
  12   a web shell";

/// Exit codes of check.
const CHECK_EXIT_CODES: &str = "\
Exit codes of check (the worst of all servers):
  0    every hole asked about is fixed here, or not one of this product
  1    error
  2    wrong usage
  3    no server was found in what was named
  4    cannot tell: a setting decides and was not seen, the build is newer than the table, or none was seen
  9    a hole may be open (only part of the build was seen), or is mitigated only
  10   a hole is open
  130  interrupted; what was written is whole, and --resume goes on from there";

/// Can they get in, did they get in, are they still in: one verdict per server from the evidence of an attacked mail server.
#[derive(Debug, Parser)]
#[command(name = "afterpatch", version, about, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// These, unless they contradict each other in a way that their descriptions cannot rule out: then the program ends as it does
    /// on every other wrong usage.
    pub fn sound(self) -> Self {
        if let Command::Scan(ScanArguments { since: Some(since), until: Some(until), .. }) = &self.command
            && since > until
        {
            let why = format!("--since {since} is after --until {until}: no record can lie between them; change one of the two");
            Self::command().error(ErrorKind::ArgumentConflict, why).exit();
        }
        self
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan evidence: folders, zip or tar.gz collections, single logs; several at once. Without any, this machine.
    #[command(after_help = EXIT_CODES)]
    Scan(ScanArguments),
    /// Write a report again in other formats: for spreadsheets, timelines, SIEMs and threat intelligence platforms.
    Report(ReportArguments),
    /// Take off this machine, or a mounted disk, exactly what a scan elsewhere needs, into one zip with a manifest.
    #[command(after_help = COLLECT_EXIT_CODES)]
    Collect(CollectArguments),
    /// Make realistic evidence of an attacked Exchange server, scan it, and show the report.
    Demo(DemoArguments),
    /// Can they get in? Which holes are open, mitigated or fixed on a server, since when, and what to do: by build, by evidence, by a
    /// list of servers, or by what a server shows every visitor.
    #[command(after_help = CHECK_EXIT_CODES)]
    Check(CheckArguments),
    /// Read the code of server-side scripts: does a file let a visitor run code, commands or file operations, and how?
    #[command(after_help = INSPECT_EXIT_CODES)]
    Inspect(InspectArguments),
    /// Get them out, with a way back: a plan from a report, its application, undo.
    Clean(CleanArguments),
    /// Stay: tell what changes in web roots, logs and event logs the moment it is seen.
    #[command(after_help = crate::watch::arguments::EXIT_CODES)]
    Watch(Box<crate::watch::arguments::WatchArguments>),
    /// Many servers, one table: scan evidence packages into a lake, and ask it. Runs the program afterpatch-fleet.
    #[command(disable_help_flag = true)]
    Fleet {
        /// What afterpatch-fleet is to do: scan, query, views, compact; --help tells.
        #[arg(value_name = "ARGUMENT", trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
    /// List, show and test rules.
    Rules(RulesArguments),
    /// Print the JSON schema of the report, of what check says, or of an alert of watch.
    Schema {
        /// Which form.
        #[arg(value_name = "FORM", default_value = "report")]
        form: SchemaForm,
    },
}

impl Command {
    /// The language that was asked for.
    pub fn language(&self) -> Option<Language> {
        match self {
            Self::Scan(it) => it.output.lang,
            Self::Collect(it) => it.shown.lang,
            Self::Demo(it) => it.lang,
            Self::Check(it) => it.lang,
            Self::Inspect(it) => it.lang,
            Self::Clean(it) => match &it.command {
                Some(CleanCommand::Undo { shown, .. } | CleanCommand::Status { shown, .. }) => shown.lang,
                None => it.shown.lang,
            },
            Self::Watch(_) | Self::Fleet { .. } | Self::Rules(_) | Self::Schema { .. } => None,
        }
    }
}

#[derive(Debug, Args)]
pub struct ScanArguments {
    /// A folder (mounted image or copied tree), a zip, tar or tar.gz, or a single log, event log or JSON file. Without any, this
    /// machine is scanned as it runs: the places where its web and mail servers keep pages, logs and settings.
    #[arg(value_name = "EVIDENCE")]
    pub evidence: Vec<PathBuf>,
    /// Scan those places of the system whose disk is mounted or copied below this folder, instead of every file there.
    #[arg(long, value_name = "FOLDER", conflicts_with = "evidence")]
    pub root: Option<PathBuf>,
    /// Of this machine as it runs: do not leave processor and disk to others first.
    #[arg(long)]
    pub full_speed: bool,
    #[command(flatten)]
    pub output: OutputArguments,
    /// Leave out records before this time: 2021-03-01 or 2021-03-01T12:00:00Z (UTC).
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Leave out records after this time; a bare date means the end of that day (UTC).
    #[arg(long, value_name = "TIME", value_parser = until)]
    pub until: Option<Timestamp>,
    /// Use the Sigma and YARA rules in this folder, and in all folders below, beside the built-in ones. Repeatable.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,
    /// Ask every rule of every record, also where a quick look at the line says that it cannot match. Many times slower; the
    /// report is the same, or please tell us.
    #[arg(long)]
    pub no_prefilter: bool,
    /// Leave the findings that this file vouches for out of the verdict; the report still lists them. A YAML list of
    /// entries: finding (its kind), why, who, and where wanted server, thing (page, file, address ...) and until (a day, UTC).
    #[arg(long, value_name = "FILE")]
    pub acknowledge: Option<PathBuf>,
    /// How many files are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// End with 0 whatever is found (errors still end with 1, 2 or 130).
    #[arg(long)]
    pub exit_zero: bool,
    /// The time written into the report instead of the current one, so that two runs give the same bytes.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

/// Exit codes of collect.
const COLLECT_EXIT_CODES: &str = "\
Exit codes of collect:
  0    done
  1    error
  2    wrong usage
  3    there was nothing to take
  5    done, but some files could not be read; the manifest names them
  130  interrupted; the collection is whole as far as it goes";

#[derive(Debug, Args)]
pub struct CollectArguments {
    /// Where the collection goes: a name that ends in .zip (.zip.age when it is encrypted). Nothing is overwritten.
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// The system whose disk is mounted or copied below this folder, instead of this machine.
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,
    /// Encrypt to this age recipient (age1...). Whoever has the key opens it elsewhere; nothing here can.
    #[arg(long, value_name = "RECIPIENT")]
    pub recipient: Option<String>,
    /// Take at most so much before packing (500M, 20G): pages and settings first, then the newest logs.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub max_size: Option<u64>,
    /// Cut it into pieces of this size (FILE.001, FILE.002 ...), which a scan reads by naming the first.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub split: Option<u64>,
    /// Leave out logs that were last changed before this time: 2021-03-01 or 2021-03-01T12:00:00Z (UTC).
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// How many files are looked at at the same time while choosing.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// Of this machine as it runs: do not leave processor and disk to others first.
    #[arg(long)]
    pub full_speed: bool,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// The time written into the manifest instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// A report as `scan -o report.json` writes it. `-` is standard input.
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    #[command(flatten)]
    pub output: OutputArguments,
}

#[derive(Debug, Args)]
pub struct OutputArguments {
    /// Write a report; the end of the name tells the format, as listed at --format. Repeatable. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Format where the name tells none. Without -o it goes to standard output.
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub format: Option<Format>,
    /// Say nothing but errors: no progress, no summary.
    #[arg(short, long)]
    pub quiet: bool,
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the report: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}

#[derive(Debug, Args)]
pub struct DemoArguments {
    /// Where to put the evidence and the reports.
    #[arg(long, value_name = "FOLDER", default_value = "afterpatch-demo")]
    pub folder: PathBuf,
    /// Another seed gives another server, other names, another day.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What happened to the server.
    #[arg(long, default_value = "proxylogon_post_patch", value_parser = variant)]
    pub variant: Variant,
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the report: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}

#[derive(Debug, Args)]
pub struct InspectArguments {
    /// Files, and folders with all below them.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// text for people, ndjson for programs: one object a file, sarif for code scanning.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: InspectFormat,
    /// Tell of clean files, too.
    #[arg(long)]
    pub all: bool,
    /// Tell the whole way of the data from the request to each dangerous call, and the decoded code.
    #[arg(long)]
    pub explain: bool,
    /// How many files are looked at at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// End with 0 whatever is found (errors still end with 1 or 2).
    #[arg(long)]
    pub exit_zero: bool,
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the text: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}

#[derive(Debug, Args)]
pub struct CheckArguments {
    /// A build (15.1.2507.66, 15.01.2507.066, or the first three numbers), evidence (a folder, an archive, a disk image), a list of
    /// servers (.csv, or a HealthChecker .xml), or an address (https://mail.example.org). Several at once.
    #[arg(value_name = "TARGET", required_unless_present = "targets")]
    pub targets_named: Vec<String>,
    /// Ask the hosts in this file over the network, one a line: names, addresses, host:port, https://..., networks (192.0.2.0/24).
    /// `-` is standard input. Result lines come as they are known.
    #[arg(long, value_name = "FILE", conflicts_with = "targets_named")]
    pub targets: Option<PathBuf>,
    /// Only this hole. Repeatable.
    #[arg(long, value_name = "ID")]
    pub cve: Vec<String>,
    /// Use this table in place of the built-in one: builds.csv or cves.csv, or a folder that holds them. Repeatable.
    #[arg(long, value_name = "FILE")]
    pub facts: Vec<PathBuf>,
    /// Tell every hole with its reasons, and for every open question what to type.
    #[arg(long)]
    pub all: bool,
    /// Write the answer to a file; the extension tells the format (.txt, .json, .ndjson, .csv). Repeatable. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Format where the name tells none.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<CheckFormatName>,
    /// How many evidence files are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    #[command(flatten)]
    pub network: NetworkArguments,
    /// Say nothing but errors: no progress, no summary.
    #[arg(short, long)]
    pub quiet: bool,
    /// End with 0 whatever is found (errors still end with 1, 2 or 130).
    #[arg(long)]
    pub exit_zero: bool,
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the text: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
    /// The time written into the answer instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

/// How check asks over the network. No host is asked more than three times.
#[derive(Debug, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArguments {
    /// At most so many requests a second, all hosts together.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub rate: u32,
    /// At most so many hosts at the same time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=512))]
    pub concurrency: u16,
    /// Give a host up after so many seconds without an answer.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=300))]
    pub timeout: u16,
    /// Keep in this file how far the list was worked off, and go on from there when it exists. Needs one -o FILE (.ndjson or .csv).
    #[arg(long, value_name = "STATE", requires = "targets", requires = "output")]
    pub resume: Option<PathBuf>,
    /// Do not try autodiscover.NAME where NAME itself shows no Exchange.
    #[arg(long)]
    pub no_autodiscover: bool,
}

/// The forms that have a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaForm {
    /// The report of scan.
    Report,
    /// The answer of check.
    Check,
    /// An alert of watch.
    Alert,
}

/// How check answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormatName {
    /// Plain words.
    Text,
    /// Everything, as one document.
    Json,
    /// One JSON object a server.
    Ndjson,
    /// One row a server.
    Csv,
}

/// How inspect answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum InspectFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Ndjson,
    /// One SARIF document, for code scanning and editors.
    Sarif,
}

/// Exit codes of clean.
const CLEAN_EXIT_CODES: &str = "\
Exit codes of clean:
  0    planned, shown, done or undone
  1    error
  2    wrong usage
  5    some of it was refused or not confirmed, and nothing was changed for that part; or a page that was asked still answers";

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = CLEAN_EXIT_CODES)]
pub struct CleanArguments {
    #[command(subcommand)]
    pub command: Option<CleanCommand>,
    /// Make a plan from a report (scan -o report.json). Looks at the server's disk, and changes nothing.
    #[arg(long, value_name = "REPORT", required_unless_present_any = ["apply", "scan"], conflicts_with = "apply")]
    pub plan: Option<PathBuf>,
    /// Scan this computer, or the system below --root, and make a plan from what is found there.
    #[arg(long, conflicts_with_all = ["plan", "apply"])]
    pub scan: bool,
    /// Show what a plan would do, and do it when you say so.
    #[arg(long, value_name = "PLAN")]
    pub apply: Option<PathBuf>,
    /// The folder on this machine below which the server's disk lies: where its folder C is, or the content of its system drive.
    /// For --apply, if it is elsewhere than when the plan was made. On Windows it can be left out: the drives of this computer.
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,
    /// Where the plan goes (default plan.yaml), or with --apply the result as JSON. `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The server, when the report speaks of several.
    #[arg(long, value_name = "NAME", conflicts_with = "apply")]
    pub server: Option<String>,
    /// Plan nothing from findings that are less sure: high, medium or low.
    #[arg(long, value_name = "HOW_SURE", default_value = "high")]
    pub confidence: HowSure,
    /// Install medium of the same cumulative update: genuine pages that were overwritten are put back from it, by hash.
    #[arg(long, value_name = "FOLDER", conflicts_with = "apply")]
    pub medium: Option<PathBuf>,
    /// Plan Microsoft's published mitigations for open holes, too.
    #[arg(long, conflicts_with = "apply")]
    pub mitigate: bool,
    /// The vault for what is taken (default: the folder afterpatch-vault beside the plan).
    #[arg(long, value_name = "FOLDER", conflicts_with = "plan")]
    pub vault: Option<PathBuf>,
    /// Encrypt a new vault to this age recipient (age1...), instead of to a key that is kept in the vault.
    #[arg(long, value_name = "RECIPIENT", conflicts_with = "plan")]
    pub recipient: Option<String>,
    /// Do it without asking. Without this, and where nobody can be asked, it is only shown.
    #[arg(long, conflicts_with = "plan")]
    pub yes: bool,
    /// Afterwards ask for this page of the server once, as a visitor would, and tell whether it still answers. Repeatable, at most
    /// three times a host. Nothing else of clean goes over the network.
    #[arg(long, value_name = "URL", requires = "apply")]
    pub ask: Vec<String>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Debug, Subcommand)]
pub enum CleanCommand {
    /// Put back what was taken and changed: all of it, or one action.
    #[command(after_help = CLEAN_EXIT_CODES)]
    Undo {
        /// The vault, or its journal (default: afterpatch-vault).
        #[arg(value_name = "JOURNAL")]
        vault: Option<PathBuf>,
        /// One action (A1), or plan and action (1a2b3c4d/A1).
        #[arg(value_name = "ACTION")]
        action: Option<String>,
        /// Where the server's disk lies now, if elsewhere than then.
        #[arg(long, value_name = "FOLDER")]
        root: Option<PathBuf>,
        /// The key file, when the vault was encrypted to a recipient.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        shown: ShownArguments,
    },
    /// Show what was done, how it stands, and whether what was taken can be read. Changes nothing.
    Status {
        /// The vault, or its journal (default: afterpatch-vault).
        #[arg(value_name = "JOURNAL")]
        vault: Option<PathBuf>,
        /// The key file, when the vault was encrypted to a recipient.
        #[arg(long, value_name = "FILE")]
        identity: Option<PathBuf>,
        #[command(flatten)]
        shown: ShownArguments,
    },
}

/// How text is shown.
#[derive(Clone, Debug, Args)]
pub struct ShownArguments {
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of the text: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}

/// How sure a finding must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HowSure {
    /// No harmless explanation is known.
    High,
    /// Probably.
    Medium,
    /// Could well be something harmless.
    Low,
}

#[derive(Debug, Args)]
pub struct RulesArguments {
    #[command(subcommand)]
    pub command: RulesCommand,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// List the built-in rules, and yours.
    List {
        /// List the rules in this folder, too. Repeatable.
        #[arg(long, value_name = "FOLDER")]
        rules: Vec<PathBuf>,
        /// As JSON, with everything that is known of each rule but its text.
        #[arg(long)]
        json: bool,
    },
    /// Show all of one rule.
    Show {
        /// Its name or its id, as `rules list` gives them.
        #[arg(value_name = "RULE")]
        rule: String,
        /// Look in this folder, too. Repeatable.
        #[arg(long, value_name = "FOLDER")]
        rules: Vec<PathBuf>,
    },
    /// Load the Sigma and YARA rules in a folder, name every file that cannot be used and why, and show the rules the samples
    /// (hit-*.json, miss-*.json) beside them. Ends with 1 when anything is wrong.
    Test {
        /// The folder.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

/// The formats with their file names and purposes, as `--help` lists them.
fn format_parser() -> impl TypedValueParser<Value = Format> {
    let value = |format: Format| {
        let about = format.about();
        PossibleValue::new(about.slug).help(format!("{} ({})", about.purpose, about.endings.join(", ")))
    };
    PossibleValuesParser::new(Format::ALL.map(value)).try_map(|name| name.parse::<Format>())
}

fn default_threads() -> u16 {
    std::thread::available_parallelism().ok().and_then(|count| u16::try_from(count.get()).ok()).unwrap_or(1)
}

fn since(text: &str) -> Result<Timestamp, String> {
    time(text, "T00:00:00Z")
}

fn until(text: &str) -> Result<Timestamp, String> {
    time(text, "T23:59:59.999999999Z")
}

fn time(text: &str, of_bare_date: &str) -> Result<Timestamp, String> {
    text.parse()
        .or_else(|_| format!("{text}{of_bare_date}").parse())
        .map_err(|_| "a time such as 2021-03-01 or 2021-03-01T12:00:00Z is needed".to_owned())
}

/// Bytes: a number, with K, M, G or T for powers of 1000.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "a size such as 500M or 20G is needed".to_owned();
    let number = text.trim_end_matches(['k', 'K', 'm', 'M', 'g', 'G', 't', 'T', 'b', 'B']);
    let unit = text.get(number.len()..).unwrap_or_default().to_uppercase();
    let factor = match unit.trim_end_matches('B') {
        "" => 1,
        "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        _ => return Err(wrong()),
    };
    let bytes = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "en or de is needed".to_owned())
}

fn variant(slug: &str) -> Result<Variant, String> {
    Variant::from_slug(slug).ok_or_else(|| {
        let known: Vec<&str> = Variant::all().map(Variant::slug).collect();
        format!("known are {}", known.join(", "))
    })
}
