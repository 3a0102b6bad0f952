//! The values of arguments: how they are read, and what is said of those that cannot be.

use afterpatch_lab::Variant;
use afterpatch_model::Timestamp;
use afterpatch_report::{Format, Language};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// The formats with their file names and purposes, as `--help` lists them.
pub(super) fn format_parser() -> impl TypedValueParser<Value = Format> {
    let value = |format: Format| {
        let about = format.about();
        PossibleValue::new(about.slug).help(format!("{} ({})", about.purpose, about.endings.join(", ")))
    };
    PossibleValuesParser::new(Format::ALL.map(value)).try_map(|name| name.parse::<Format>())
}

pub(super) fn default_threads() -> u16 {
    std::thread::available_parallelism().ok().and_then(|count| u16::try_from(count.get()).ok()).unwrap_or(1)
}

pub(super) fn since(text: &str) -> Result<Timestamp, String> {
    time(text, "T00:00:00Z")
}

pub(super) fn until(text: &str) -> Result<Timestamp, String> {
    time(text, "T23:59:59.999999999Z")
}

fn time(text: &str, of_bare_date: &str) -> Result<Timestamp, String> {
    text.parse()
        .or_else(|_| format!("{text}{of_bare_date}").parse())
        .map_err(|_| "a time such as 2021-03-01 or 2021-03-01T12:00:00Z is needed".to_owned())
}

/// Bytes: a number, with K, M, G or T for powers of 1000.
pub(super) fn size(text: &str) -> Result<u64, String> {
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

pub(super) fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "en or de is needed".to_owned())
}

pub(super) fn variant(slug: &str) -> Result<Variant, String> {
    Variant::from_slug(slug).ok_or_else(|| {
        let known: Vec<&str> = Variant::all().map(Variant::slug).collect();
        format!("known are {}", known.join(", "))
    })
}
