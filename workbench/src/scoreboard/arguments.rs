//! What the command is asked.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use regex::Regex;

/// For the usage text.
pub const OPTIONS: &str = "\
  --malicious DIR...      folders of web shells
  --benign DIR...         folders of harmless pages
  --clusters-are-folders  files of one folder are variants of one web shell; else variants are found by their text
  --only FILE             of the web shells, only those whose paths in DIR stand in this list
  --rules DIR             YARA rules to measure beside the analyser
  --rules-filter REGEX    of them, only files whose name matches
  --threads N             files that are looked at at once (2)
  --no-prefilter          walk every script, also those in which no word stands that could matter
  --list FILE             write misses and alarms, tab separated
  --json FILE             write the figures as JSON, too";

/// What the command is asked.
#[derive(Debug)]
pub struct Arguments {
    pub malicious: Vec<PathBuf>,
    pub benign: Vec<PathBuf>,
    pub clusters_are_folders: bool,
    pub only: Option<PathBuf>,
    pub rules: Option<PathBuf>,
    pub rules_filter: Option<Regex>,
    pub threads: usize,
    pub no_prefilter: bool,
    pub list: Option<PathBuf>,
    pub json: Option<PathBuf>,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            malicious: Vec::new(),
            benign: Vec::new(),
            clusters_are_folders: false,
            only: None,
            rules: None,
            rules_filter: None,
            threads: 2,
            no_prefilter: false,
            list: None,
            json: None,
        }
    }
}

impl Arguments {
    pub fn parse(given: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = Self::default();
        let mut given = given.peekable();
        while let Some(option) = given.next() {
            let mut value = || given.next().with_context(|| format!("{option} wants a value"));
            match option.as_str() {
                "--clusters-are-folders" => arguments.clusters_are_folders = true,
                "--no-prefilter" => arguments.no_prefilter = true,
                "--only" => arguments.only = Some(value()?.into()),
                "--rules" => arguments.rules = Some(value()?.into()),
                "--rules-filter" => arguments.rules_filter = Some(Regex::new(&value()?)?),
                "--threads" => arguments.threads = value()?.parse().context("--threads wants a number")?,
                "--list" => arguments.list = Some(value()?.into()),
                "--json" => arguments.json = Some(value()?.into()),
                "--malicious" | "--benign" => {
                    let folders = if option == "--benign" { &mut arguments.benign } else { &mut arguments.malicious };
                    let before = folders.len();
                    while let Some(folder) = given.next_if(|next| !next.starts_with("--")) {
                        folders.push(folder.into());
                    }
                    if folders.len() == before {
                        bail!("{option} wants a folder");
                    }
                }
                _ => bail!("{option} is not known; options:\n{OPTIONS}"),
            }
        }
        if arguments.malicious.is_empty() && arguments.benign.is_empty() {
            bail!("nothing to look at; options:\n{OPTIONS}");
        }
        if arguments.threads == 0 {
            bail!("--threads wants a number from 1");
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn parse(line: &str) -> Result<Arguments> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn folders_and_options() {
        let asked = parse("--malicious a b --benign c --threads 3 --rules r --rules-filter ^web --no-prefilter").unwrap();
        assert_eq!(asked.malicious, [PathBuf::from("a"), PathBuf::from("b")]);
        assert_eq!(asked.benign, [PathBuf::from("c")]);
        assert_eq!((asked.threads, asked.no_prefilter, asked.clusters_are_folders), (3, true, false));
        assert!(asked.rules_filter.unwrap().is_match("webshell.yar"));
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        for line in ["", "--malicious", "--benign --threads 1", "--malicious a --threads", "--malicious a --threads 0", "--what"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
