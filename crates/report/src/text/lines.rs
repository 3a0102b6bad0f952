//! Lines on a terminal: the one door through which every string of the text format passes.

use std::io::Write;

use crate::{Options, ReportError, hostile, words::Tone};

/// How a line looks, if colour is wanted. Nothing is said by colour alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// Less important.
    Faint,
    /// More important.
    Strong,
    /// Act now.
    Alarm,
    /// Look closer.
    Warning,
    /// Something good is known.
    Good,
}

impl From<Tone> for Style {
    fn from(tone: Tone) -> Self {
        match tone {
            Tone::Alarm => Self::Alarm,
            Tone::Warning | Tone::Unknown => Self::Warning,
            Tone::Quiet => Self::Strong,
            Tone::Good => Self::Good,
        }
    }
}

impl Style {
    /// The terminal's code (SGR): the eight old colours only, which every theme keeps readable.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Faint => Some("2"),
            Self::Strong => Some("1"),
            Self::Alarm => Some("1;31"),
            Self::Warning => Some("33"),
            Self::Good => Some("32"),
        }
    }
}

/// Writes wrapped, safe lines.
pub(crate) struct Lines<'o> {
    out: &'o mut dyn Write,
    width: usize,
    color: bool,
}

impl<'o> Lines<'o> {
    pub(crate) fn new(out: &'o mut dyn Write, options: &Options) -> Self {
        Self { out, width: options.width.clamp(40, 160), color: options.color }
    }

    /// Columns of a line.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn blank(&mut self) -> Result<(), ReportError> {
        Ok(writeln!(self.out)?)
    }

    /// A heading with a blank line before it.
    pub(crate) fn heading(&mut self, text: &str) -> Result<(), ReportError> {
        self.blank()?;
        self.paragraph(0, Style::Strong, text)
    }

    /// A server's name, underlined.
    pub(crate) fn title(&mut self, text: &str) -> Result<(), ReportError> {
        self.blank()?;
        self.paragraph(0, Style::Strong, text)?;
        let length = hostile::terminal(text).chars().count().min(self.width);
        self.paragraph(0, Style::Strong, &"=".repeat(length))
    }

    /// Text wrapped at blanks, each line indented.
    pub(crate) fn paragraph(&mut self, indent: usize, style: Style, text: &str) -> Result<(), ReportError> {
        self.item("", indent, style, text)
    }

    /// Text with a mark before its first line (`1.`, `06:40:11.940`); the further lines hang behind the mark.
    pub(crate) fn item(&mut self, mark: &str, indent: usize, style: Style, text: &str) -> Result<(), ReportError> {
        self.marked(mark, Style::Plain, indent, style, text)
    }

    /// The same with a style for the mark.
    pub(crate) fn marked(
        &mut self,
        mark: &str,
        mark_style: Style,
        indent: usize,
        style: Style,
        text: &str,
    ) -> Result<(), ReportError> {
        let mark = hostile::terminal(mark);
        let hang = match mark.chars().count() {
            0 => indent,
            length => indent + length + 1,
        };
        let text = hostile::terminal(text);
        let mut first = true;
        for line in wrap(&text, self.width.saturating_sub(hang).max(20)) {
            write!(self.out, "{:indent$}", "")?;
            if hang > indent {
                if first {
                    self.styled(mark_style, &mark)?;
                    write!(self.out, " ")?;
                } else {
                    write!(self.out, "{:1$}", "", hang - indent)?;
                }
            }
            self.styled(style, line)?;
            writeln!(self.out)?;
            first = false;
        }
        Ok(())
    }

    fn styled(&mut self, style: Style, safe: &str) -> Result<(), ReportError> {
        match style.code().filter(|_| self.color) {
            Some(code) => write!(self.out, "\u{1b}[{code}m{safe}\u{1b}[0m")?,
            None => write!(self.out, "{safe}")?,
        }
        Ok(())
    }
}

/// Cuts text into lines of at most `width` characters: at a blank where one is near, else behind a slash, else anywhere
/// (paths and script text have no blanks).
fn wrap(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text.trim_end();
    while let Some((end, _)) = rest.char_indices().nth(width) {
        let head = rest.get(..end).unwrap_or_default();
        // A blank just behind the full line is as good as one in it.
        let blank = if rest.get(end..).is_some_and(|tail| tail.starts_with(' ')) { Some(end) } else { head.rfind(' ') };
        let slash = head.rfind(['/', '\\']).map(|at| at + 1);
        // Blanks part words; a slash is better only where the line would be left half empty.
        let cut = blank.filter(|at| *at * 3 > end * 2).or(slash.max(blank)).filter(|at| *at * 3 > end).unwrap_or(end);
        let (line, tail) = rest.split_at(cut);
        lines.push(line.trim_end());
        rest = tail.trim_start_matches(' ');
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest);
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;
    use crate::Language;

    #[test]
    fn wraps_at_blanks_then_slashes_then_anywhere() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("aaaa/bbbb/cccc", 11), ["aaaa/bbbb/", "cccc"]);
        assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("äöü äöü", 3), ["äöü", "äöü"]);
    }

    #[test]
    fn colour_only_if_wanted() {
        let written = |color| {
            let mut out = Vec::new();
            Lines::new(&mut out, &Options { language: Language::English, color, width: 80 })
                .marked("1.", Style::Strong, 2, Style::Alarm, "text\u{1b}[0m")
                .unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written(false), "  1. text⟨U+001B⟩[0m\n");
        assert_eq!(written(true), "  \u{1b}[1m1.\u{1b}[0m \u{1b}[1;31mtext⟨U+001B⟩[0m\u{1b}[0m\n");
    }

    proptest! {
        #[test]
        fn lines_fit_and_lose_nothing_but_blanks(text in "[a-zäß /\\\\]{0,200}", width in 1_usize..60) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.chars().count() <= width));
            let bare = |text: &str| text.replace(' ', "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
