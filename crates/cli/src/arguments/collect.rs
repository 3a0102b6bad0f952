//! The arguments of `afterpatch collect`.

use std::path::PathBuf;

use afterpatch_model::Timestamp;
use clap::Args;

use super::ShownArguments;
use super::values::{default_threads, since, size};

/// Exit codes of collect.
pub const EXIT_CODES: &str = "\
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
    /// Of this machine as it runs: read the earlier states of its drives, too, that Windows keeps (volume shadow copies). Takes as
    /// much longer as there are of them.
    #[arg(long, conflicts_with = "root")]
    pub shadow_copies: bool,
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
