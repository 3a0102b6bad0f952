//! The command line.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use afterpatch_model::Timestamp;
use afterpatch_report::{CensusFormat, Language, Tlp};
use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::census::Named;
use crate::rows::Format;

/// Exit codes of scan, as shown by `--help`; the list that [`crate::exit::Exit`] follows.
const SCAN_EXIT_CODES: &str = "\
Exit codes of scan (what was found is asked with query, and is no exit code):
  0    every package is in the lake
  1    error; what was committed until then is in the lake
  2    wrong usage
  3    there is nothing of the name of a package
  5    every package is in the lake, but some failed; the packages table says why
  130  interrupted; the same command goes on from there";

const QUERY_EXIT_CODES: &str = "\
Exit codes of all commands but scan:
  0    done
  1    error
  2    wrong usage";

/// Many servers, one table: scans evidence packages into a lake, and asks it.
#[derive(Debug, Parser)]
#[command(name = "afterpatch-fleet", version, about, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Scan evidence packages into a lake. What is there already is left alone, so the same command goes on where it was stopped.
    #[command(after_help = SCAN_EXIT_CODES)]
    Scan(ScanArguments),
    /// Ask a lake in SQL. Nothing that is asked can change it.
    #[command(after_help = QUERY_EXIT_CODES)]
    Query(QueryArguments),
    /// Write the whole report of one server, as `afterpatch scan` of its package would, in any format of `afterpatch report`.
    #[command(after_help = QUERY_EXIT_CODES)]
    Report(ReportArguments),
    /// List the tables and ready-made views that can be asked.
    #[command(after_help = QUERY_EXIT_CODES)]
    Views(ViewsArguments),
    /// Put the rows of many packages into few files, so that a lake of thousands of packages answers quickly.
    #[command(after_help = QUERY_EXIT_CODES)]
    Compact(CompactArguments),
    /// Count servers and organisations by their state, and estimate how many are hit that nobody has seen.
    #[command(after_help = QUERY_EXIT_CODES)]
    Census(CensusArguments),
    /// Write a file for each organisation of the inventory: what was seen of just its servers, and what to do. Nothing is sent.
    #[command(after_help = QUERY_EXIT_CODES)]
    Notify(NotifyArguments),
    /// Show a lake in the browser. Read-only, and for this computer alone unless told otherwise.
    #[command(after_help = QUERY_EXIT_CODES)]
    Serve(ServeArguments),
    /// Hand out packages to the executors of a cluster. Nothing is kept here: it may die and be started again.
    #[cfg(feature = "cluster")]
    Scheduler(SchedulerArguments),
    /// Read packages that a scheduler hands out, and commit them to their lake.
    #[cfg(feature = "cluster")]
    Executor(ExecutorArguments),
    /// Print what makes a shell complete the commands and options of afterpatch-fleet when the tab key is pressed.
    Completions {
        /// Which shell.
        #[arg(value_name = "SHELL")]
        shell: Shell,
    },
    /// Write the manual pages into a folder, one a command, for `man`.
    Manual {
        /// Where to; it is made when it is not there, and pages that lie there are written anew.
        #[arg(value_name = "FOLDER")]
        folder: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct ScanArguments {
    /// Packages: zip, tar or 7z files, collections of afterpatch, folders (each is one package); paths or patterns such as
    /// 'triage/*.zip'. Built with object stores, also s3://bucket/triage/*.zip, gs:// and az://.
    #[arg(value_name = "PACKAGE", required = true)]
    pub packages: Vec<String>,
    /// The lake: a folder of its own, which is made when it is not there, or s3://bucket/lake.
    #[arg(long, value_name = "LAKE")]
    pub to: String,
    /// Let the executors of a cluster read the packages: df://HOST:PORT of its scheduler.
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "URL", value_parser = crate::cluster::Address::parse, conflicts_with_all = ["rules", "threads"])]
    pub cluster: Option<crate::cluster::Address>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub tls: TlsArguments,
    /// How many packages are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// A package that takes longer has failed (90s, 30m, 2h).
    #[arg(long, value_name = "TIME", value_parser = length_of_time)]
    pub time_limit: Option<Duration>,
    /// Try packages again that have failed.
    #[arg(long)]
    pub retry_failed: bool,
    /// Leave out records before this time: 2021-03-01 or 2021-03-01T12:00:00Z (UTC).
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Leave out records after this time; a bare date means the end of that day (UTC).
    #[arg(long, value_name = "TIME", value_parser = until)]
    pub until: Option<Timestamp>,
    /// Use the Sigma and YARA rules in this folder, and in all folders below, beside the built-in ones. Repeatable.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,
    /// Keep a file that says how far the run is, for machines (JSON).
    #[arg(long, value_name = "FILE")]
    pub status: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
    /// The time handed to the engine instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub struct QueryArguments {
    /// A SELECT over the tables and views that `views` lists.
    #[arg(value_name = "SQL")]
    pub sql: String,
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// Write into this file; its name tells the format (.csv, .ndjson, .json, .parquet, .txt).
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format where the name tells none: table (default), csv, ndjson, json, parquet.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<Format>,
    /// Let the executors of a cluster find the answer: df://HOST:PORT of its scheduler.
    #[cfg(feature = "cluster")]
    #[arg(long, value_name = "URL", value_parser = crate::cluster::Address::parse)]
    pub cluster: Option<crate::cluster::Address>,
    #[cfg(feature = "cluster")]
    #[command(flatten)]
    pub tls: TlsArguments,
}

#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The server; or a package, by its name or the id that the table `packages` has.
    #[arg(value_name = "SERVER")]
    pub server: String,
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// Write into this file; its name tells the format (.html, .json, .csv, .stix.json ...).
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Format where the name tells none: text (default), html, json, csv ...
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<afterpatch_report::Format>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Debug, Args)]
pub struct ViewsArguments {
    /// Of one table or view: its columns, and the SQL of a view.
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[derive(Debug, Args)]
pub struct CompactArguments {
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// Take away files that have not counted for so long, since a compact replaced them (1h and more: 12h, 7d). A question that was
    /// begun before that may fail.
    #[arg(long, value_name = "TIME", value_parser = grace)]
    pub remove_after: Option<Duration>,
    #[command(flatten)]
    pub shown: ShownArguments,
}

#[cfg(feature = "cluster")]
#[derive(Debug, Args)]
pub struct SchedulerArguments {
    /// Where to wait for executors and for `scan --cluster`. Whoever reaches it can have any file read that an executor can read.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:50050")]
    pub listen: std::net::SocketAddr,
    /// An executor that has not been heard of for so long is given up, and others do what it was to do (90s, 30m).
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = length_of_time)]
    pub lost_after: Duration,
    #[command(flatten)]
    pub tls: TlsArguments,
}

#[cfg(feature = "cluster")]
#[derive(Debug, Args)]
pub struct ExecutorArguments {
    /// The scheduler: df://HOST:PORT. It is waited for.
    #[arg(long, value_name = "URL", value_parser = crate::cluster::Address::parse)]
    pub cluster: crate::cluster::Address,
    /// Where the scheduler fetches what became of packages.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:50051")]
    pub listen: std::net::SocketAddr,
    /// How many packages are read at the same time.
    #[arg(long, value_name = "N", default_value_t = default_threads(), value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: u16,
    /// Use the Sigma and YARA rules in this folder, and in all folders below, beside the built-in ones. Repeatable. All executors
    /// should have the same.
    #[arg(long, value_name = "FOLDER")]
    pub rules: Vec<PathBuf>,
    /// The name or address by which the scheduler reaches it, where that is not the address that it is called from.
    #[arg(long, value_name = "HOST")]
    pub name: Option<String>,
    #[command(flatten)]
    pub tls: TlsArguments,
}

#[derive(Debug, Args)]
pub struct CensusArguments {
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// A list of victims that somebody else made: a CSV file with a column server (or hostname, fqdn), perhaps one organisation.
    /// Repeatable.
    #[arg(long = "list", value_name = "NAME=FILE")]
    pub lists: Vec<Named>,
    /// Whose server is whose (CSV: server,domain,organisation,country,sector,contact,language). Without it a domain is taken for an
    /// organisation, and servers with short names cannot be told apart by their owners.
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// Count what happened from this time on: 2021-03-01 or 2021-03-01T12:00:00Z (UTC). A short window is best: people clean up.
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<Timestamp>,
    /// Count what happened until this time; a bare date means the end of that day (UTC).
    #[arg(long, value_name = "TIME", value_parser = until)]
    pub until: Option<Timestamp>,
    /// Take an attack that got through for a break-in, also where no change was seen.
    #[arg(long)]
    pub possible: bool,
    /// Write into this file; .json makes it JSON, .svg a picture.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// text (default), json, or svg: a picture.
    #[arg(long, value_name = "FORMAT", value_parser = census_format)]
    pub format: Option<CensusFormat>,
    #[command(flatten)]
    pub shown: ShownArguments,
    /// The time of the census instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub struct NotifyArguments {
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// Whose server is whose, whom to tell, and in which language (CSV: server,domain,organisation,country,sector,contact,language).
    #[arg(long, value_name = "FILE")]
    pub inventory: PathBuf,
    /// A folder that is made, or empty.
    #[arg(long, value_name = "FOLDER")]
    pub to: String,
    /// Who may pass the notices on, in the Traffic Light Protocol: clear, green, amber, amber+strict, red.
    #[arg(long, value_name = "COLOUR", default_value = "amber")]
    pub tlp: Tlp,
    /// Also tell owners of servers with nothing to tell.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub shown: ShownArguments,
    /// The date of the notices instead of the current one.
    #[arg(long, value_name = "TIME", hide = true, value_parser = since)]
    pub now: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The lake.
    #[arg(long, value_name = "LAKE")]
    pub lake: String,
    /// Whose server is whose (CSV: server,domain,organisation,country,sector,contact,language).
    #[arg(long, value_name = "FILE")]
    pub inventory: Option<PathBuf>,
    /// Address and port. Port 0 takes a free one. Beyond this computer, --token-file or --trust-header is needed.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8750")]
    pub listen: SocketAddr,
    /// Whoever asks must know the text in this file (as the password of any user, or as Bearer token). It travels in the open: put TLS
    /// in front.
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// A reverse proxy in front (OIDC, SAML ...) says in this header who asks; requests without it are refused.
    #[arg(long, value_name = "NAME", requires = "proxy")]
    pub trust_header: Option<String>,
    /// The address of that proxy. What comes from elsewhere is refused.
    #[arg(long, value_name = "ADDRESS", requires = "trust_header")]
    pub proxy: Option<IpAddr>,
    /// How often it is looked whether the lake has changed.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = length_of_time)]
    pub refresh: Duration,
    #[command(flatten)]
    pub shown: ShownArguments,
}

/// Who this process of a cluster is to the others.
#[cfg(feature = "cluster")]
#[derive(Debug, Args)]
pub struct TlsArguments {
    /// Speak TLS with the cluster, by this certificate (PEM), which names the host that others reach this process by. All processes of a
    /// cluster must have one of the same authority.
    #[arg(long, value_name = "FILE", requires_all = ["tls_key", "tls_ca"])]
    pub tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// The certificate (PEM) of the cluster's own authority: nobody else's certificates are believed.
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_ca: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct ShownArguments {
    /// No colours.
    #[arg(long)]
    pub no_color: bool,
    /// Language of what is told: en or de.
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    pub lang: Option<Language>,
}

fn default_threads() -> u16 {
    std::thread::available_parallelism().ok().and_then(|threads| u16::try_from(threads.get()).ok()).unwrap_or(1).min(256)
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

fn length_of_time(text: &str) -> Result<Duration, String> {
    let wrong = || "a time such as 90s, 30m, 2h or 7d is needed".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).filter(|seconds| *seconds > 0).map(Duration::from_secs).ok_or_else(wrong)
}

fn census_format(text: &str) -> Result<CensusFormat, String> {
    match text {
        "text" => Ok(CensusFormat::Text),
        "json" => Ok(CensusFormat::Json),
        "svg" => Ok(CensusFormat::Picture),
        _ => Err("text, json or svg is needed".to_owned()),
    }
}

fn grace(text: &str) -> Result<Duration, String> {
    length_of_time(text)
        .and_then(|grace| (grace >= Duration::from_secs(3600)).then_some(grace).ok_or_else(|| "at least 1h is needed".to_owned()))
}

fn language(text: &str) -> Result<Language, String> {
    Language::from_tag(text).ok_or_else(|| "en or de is needed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn lengths_of_time() {
        for (text, seconds) in [
            ("90s", Some(90)),
            ("30m", Some(1800)),
            ("2h", Some(7200)),
            ("7d", Some(604_800)),
            ("0s", None),
            ("5", None),
            ("", None),
            ("ü", None),
        ] {
            assert_eq!(length_of_time(text).ok(), seconds.map(Duration::from_secs), "{text}");
        }
    }
}
