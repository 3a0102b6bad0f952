//! What a report says, in words of one language: shared by the formats that people read.
//!
//! Nothing here is escaped; the strings may hold evidence. Each format's writer escapes all it is given.

pub(crate) mod coverage;
pub(crate) mod extent;
pub(crate) mod notes;
pub(crate) mod place;
pub(crate) mod story;
pub(crate) mod verdict;

/// How an answer is to be felt. A format shows it by colour *and* by a sign or word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Act now.
    Alarm,
    /// Look closer.
    Warning,
    /// Not known.
    Unknown,
    /// Nothing seen: calm, but no all-clear.
    Quiet,
    /// A good thing is known.
    Good,
}

impl Tone {
    /// The tone's one name, for classes of a page.
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Warning => "warning",
            Self::Unknown => "unknown",
            Self::Quiet => "quiet",
            Self::Good => "good",
        }
    }
}

/// At most `max` characters, the cut marked.
pub(crate) fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// About `max` characters: the beginning and, twice as long, the end.
pub(crate) fn cut_middle(text: &str, max: usize) -> String {
    let length = text.chars().count();
    if length <= max {
        return text.to_owned();
    }
    let head: String = text.chars().take(max / 3).collect();
    let tail: String = text.chars().skip(length - (max - max / 3)).collect();
    format!("{head}…{tail}")
}
