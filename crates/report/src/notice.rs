//! A notice to the owner of servers, in plain text that can be sent: what was seen of just these servers, and what to do.

use std::fmt::{self, Display};
use std::io::Write;
use std::str::FromStr;

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp, Verdict};
use serde::Serialize;

use crate::text::lines::{Lines, Style};
use crate::texts::Texts;
use crate::words::{story, verdict};
use crate::{Language, Options, ReportError, clock};

/// Columns of a mail.
const WIDTH: usize = 76;
/// Steps of one server that are told.
const MOST_STEPS: usize = 40;

/// Who may pass a notice on (Traffic Light Protocol 2.0, FIRST).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tlp {
    /// Everybody.
    Clear,
    /// The community.
    Green,
    /// The organisation and its clients.
    #[default]
    Amber,
    /// The organisation.
    AmberStrict,
    /// Nobody.
    Red,
}

impl Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        })
    }
}

impl FromStr for Tlp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];
        let wanted = text.to_uppercase();
        let wanted = wanted.trim_start_matches("TLP:");
        all.into_iter()
            .find(|tlp| tlp.to_string().trim_start_matches("TLP:") == wanted)
            .ok_or_else(|| "clear, green, amber, amber+strict or red is needed".to_owned())
    }
}

/// A notice to one organisation.
#[derive(Clone, Debug)]
pub struct Notice<'n> {
    /// Whose servers these are, as the inventory has it.
    pub organisation: &'n str,
    /// Whom to tell.
    pub contact: Option<&'n str>,
    /// Who may pass it on.
    pub tlp: Tlp,
    /// When it was made, UTC.
    pub taken: Timestamp,
    /// The servers, the worst first.
    pub servers: &'n [NoticeServer],
}

/// One server, whatever packages spoke of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeServer {
    /// Its name.
    pub name: String,
    /// Can they get in.
    pub exposure: ExposureAnswer,
    /// Did they get in.
    pub compromise: CompromiseAnswer,
    /// Are they still in.
    pub foothold: FootholdAnswer,
    /// Last build seen.
    pub build: Option<String>,
    /// When, UTC.
    pub build_seen: Option<Timestamp>,
    /// Open holes.
    pub open_cves: Vec<String>,
    /// First record read, UTC.
    pub first: Option<Timestamp>,
    /// Last record read, UTC.
    pub last: Option<Timestamp>,
    /// What was seen, in order of time.
    pub steps: Vec<NoticeStep>,
}

/// One step of what happened.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NoticeStep {
    /// When it began, UTC.
    pub first: Option<Timestamp>,
    /// When it was last seen, UTC.
    pub last: Option<Timestamp>,
    /// Slug of the leading finding.
    pub kind: String,
    /// One line in English.
    pub title: String,
    /// Client addresses (hostile text).
    pub addresses: Vec<String>,
    /// Pages (hostile text).
    pub pages: Vec<String>,
}

impl NoticeServer {
    fn verdict(&self) -> Verdict {
        Verdict { exposure: self.exposure, compromise: self.compromise, foothold: self.foothold, because: Vec::new() }
    }
}

/// What was written.
#[derive(Clone, Debug)]
pub struct NoticesWritten<'w> {
    /// Into which folder.
    pub folder: &'w str,
    /// Notices.
    pub notices: u64,
    /// Organisations without a contact.
    pub without_contact: u64,
    /// Servers of no organisation.
    pub unassigned: u64,
    /// Servers left out because there is nothing to tell.
    pub quiet: u64,
}

/// Writes a notice.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_notice(notice: &Notice<'_>, language: Language, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = &Texts::new(language)?;
    let mut lines = Lines::new(out, &Options { language, color: false, width: WIDTH });
    let line = |lines: &mut Lines<'_>, text: &str| lines.paragraph(0, Style::Plain, text);
    line(&mut lines, &notice.tlp.to_string())?;
    line(&mut lines, &texts.word("notice-tlp", notice.tlp))?;
    lines.blank()?;
    if let Some(contact) = notice.contact {
        line(&mut lines, &texts.with("notice-to", &[("contact", contact)]))?;
    }
    let count = notice.servers.len() as u64;
    let subject = texts.count_with("notice-subject", count, &[("organisation", notice.organisation)]);
    line(&mut lines, &subject)?;
    line(&mut lines, &texts.with("notice-date", &[("taken", &clock::minute(notice.taken))]))?;
    lines.blank()?;
    line(&mut lines, &texts.get("notice-greeting"))?;
    lines.blank()?;
    line(&mut lines, &texts.count("notice-intro", count))?;
    for server in notice.servers {
        tell(&mut lines, texts, server)?;
    }
    lines.heading(&texts.get("notice-limits"))?;
    line(&mut lines, &texts.get("notice-limits-text"))
}

/// Writes the list of servers that nobody can be told of.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_unassigned(servers: &[NoticeServer], language: Language, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = &Texts::new(language)?;
    let mut lines = Lines::new(out, &Options { language, color: false, width: WIDTH });
    lines.paragraph(0, Style::Plain, &texts.get("notice-unassigned-head"))?;
    for server in servers {
        tell(&mut lines, texts, server)?;
    }
    Ok(())
}

/// Says what was written, and what was not.
///
/// # Errors
/// [`ReportError::Io`] when `out` does not take it.
pub fn write_notices_written(written: &NoticesWritten<'_>, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
    let texts = Texts::new(options.language)?;
    let mut lines = Lines::new(out, options);
    let told = texts.count_with("notices-written", written.notices, &[("folder", written.folder)]);
    lines.paragraph(0, Style::Strong, &told)?;
    if written.notices > 0 {
        lines.paragraph(2, Style::Plain, &texts.get("notices-index"))?;
    }
    for (key, count, style) in [
        ("notices-without-contact", written.without_contact, Style::Warning),
        ("notices-unassigned", written.unassigned, Style::Warning),
        ("notices-quiet", written.quiet, Style::Plain),
    ] {
        if count > 0 {
            lines.paragraph(2, style, &texts.count(key, count))?;
        }
    }
    Ok(())
}

fn tell(lines: &mut Lines<'_>, texts: &Texts, server: &NoticeServer) -> Result<(), ReportError> {
    lines.title(&server.name)?;
    let (_, headline) = verdict::headline(texts, &server.verdict());
    lines.paragraph(0, Style::Strong, &headline)?;
    lines.blank()?;
    for (question, answer) in [
        ("notice-exposure", texts.word("exposure-answer", server.exposure)),
        ("notice-compromise", texts.word("compromise-answer", server.compromise)),
        ("notice-foothold", texts.word("foothold-answer", server.foothold)),
    ] {
        lines.item(&texts.get(question), 0, Style::Plain, &answer)?;
    }
    if let Some(build) = &server.build {
        let seen = server.build_seen.map(clock::minute).unwrap_or_default();
        lines.paragraph(0, Style::Plain, &texts.with("notice-build", &[("build", build), ("seen", &seen)]))?;
    }
    if !server.open_cves.is_empty() {
        lines.paragraph(0, Style::Plain, &texts.with("notice-holes", &[("cves", &server.open_cves.join(", "))]))?;
    }
    if !server.steps.is_empty() {
        lines.heading(&texts.get("notice-steps"))?;
        for step in server.steps.iter().take(MOST_STEPS) {
            lines.item("-", 0, Style::Plain, &told(texts, step))?;
        }
        let more = server.steps.len().saturating_sub(MOST_STEPS);
        if more > 0 {
            lines.item("-", 0, Style::Plain, &texts.count("notice-more-steps", more as u64))?;
        }
    }
    lines.blank()?;
    let covered = match (server.first, server.last) {
        (Some(first), Some(last)) => {
            texts.with("notice-covered", &[("first", &clock::minute(first)), ("last", &clock::minute(last))])
        }
        _ => texts.get("notice-covered-none"),
    };
    lines.paragraph(0, Style::Plain, &covered)?;
    lines.heading(&texts.get("notice-advice"))?;
    for (number, advice) in (1..).zip(verdict::advice_for(texts, &server.verdict())) {
        lines.item(&format!("{number}."), 0, Style::Plain, &advice)?;
    }
    Ok(())
}

fn told(texts: &Texts, step: &NoticeStep) -> String {
    /// More than so many of one kind are not named.
    const SHOWN: usize = 5;
    let shortened = |values: &[String]| {
        let more = if values.len() > SHOWN { ", …" } else { "" };
        format!("{}{more}", values.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", "))
    };
    let mut parts = Vec::new();
    let span = clock::span(step.first, step.last);
    if !span.is_empty() {
        parts.push(span);
    }
    parts.push(story::title(texts, &step.kind, &step.title));
    if !step.addresses.is_empty() {
        parts.push(texts.with("notice-addresses", &[("addresses", &shortened(&step.addresses))]));
    }
    if !step.pages.is_empty() {
        parts.push(texts.with("notice-pages", &[("pages", &shortened(&step.pages))]));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn server() -> NoticeServer {
        let at = |text: &str| Some(text.parse().unwrap());
        NoticeServer {
            name: "mail.city.example".to_owned(),
            exposure: ExposureAnswer::Open,
            compromise: CompromiseAnswer::Compromised,
            foothold: FootholdAnswer::InPlace,
            build: Some("15.1.2106.2".to_owned()),
            build_seen: at("2021-03-14T06:00:00Z"),
            open_cves: vec!["CVE-2021-26855".to_owned(), "CVE-2021-27065".to_owned()],
            first: at("2021-02-26T00:00:00Z"),
            last: at("2021-03-14T12:00:00Z"),
            steps: vec![NoticeStep {
                first: at("2021-03-03T06:40:11Z"),
                last: at("2021-03-03T06:40:11Z"),
                kind: "of-a-user".to_owned(),
                title: "Something of a user's rule \u{1b}[31m".to_owned(),
                addresses: (1..8).map(|number| format!("192.0.2.{number}")).collect(),
                pages: vec!["a\u{202e}.aspx".to_owned()],
            }],
        }
    }

    fn text(language: Language) -> String {
        let servers = [server()];
        let notice = Notice {
            organisation: "City of Example",
            contact: Some("abuse@city.example"),
            tlp: Tlp::AmberStrict,
            taken: "2021-03-15T08:00:00Z".parse().unwrap(),
            servers: &servers,
        };
        let mut out = Vec::new();
        write_notice(&notice, language, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_notice_can_be_sent_in_both_languages() {
        insta::assert_snapshot!("notice_en", text(Language::English));
        insta::assert_snapshot!("notice_de", text(Language::German));
    }

    #[test]
    fn colours_of_the_traffic_light_are_read_as_people_write_them() {
        for (text, tlp) in
            [("amber", Tlp::Amber), ("TLP:RED", Tlp::Red), ("amber+strict", Tlp::AmberStrict), ("tlp:Clear", Tlp::Clear)]
        {
            assert_eq!(text.parse::<Tlp>().unwrap(), tlp);
        }
        assert!("white".parse::<Tlp>().is_err());
    }
}
