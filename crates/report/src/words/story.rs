//! One step of a story: what, who and where.

use afterpatch_model::{Acknowledgement, Finding, Join, Step, Thing, ThingKind, TimelineStep};

use crate::{Language, clock, texts::Texts};

use super::{cut, cut_middle};

/// The title of a step or finding: in English as the detector gave it, else by its kind where the language has it.
pub(crate) fn title(texts: &Texts, kind: &str, english: &str) -> String {
    texts.find(&format!("finding-{kind}")).unwrap_or_else(|| english.to_owned())
}

/// The language of a title where it is not that of the texts: rules have English titles.
pub(crate) fn title_language(texts: &Texts, kind: &str) -> Option<&'static str> {
    let own = texts.language() == Language::English || texts.find(&format!("finding-{kind}")).is_some();
    (!own).then_some(Language::English.tag())
}

/// Title of a finding.
pub(crate) fn finding_title(texts: &Texts, finding: &Finding) -> String {
    title(texts, &finding.kind, &finding.title)
}

/// Who vouches for a finding, until when, and why; `None` where nobody does.
pub(crate) fn acknowledged(texts: &Texts, finding: &Finding) -> Option<String> {
    let Acknowledgement { why, who, until } = finding.acknowledged.as_ref()?;
    Some(match until {
        Some(until) => texts.with("acknowledged-until", &[("who", who), ("why", why), ("until", &clock::day(*until))]),
        None => texts.with("acknowledged", &[("who", who), ("why", why)]),
    })
}

/// The attack's name; `unknown` and names that the language does not have are said in their own way.
pub(crate) fn campaign(texts: &Texts, slug: &str) -> String {
    texts.find(&format!("campaign-{slug}")).unwrap_or_else(|| slug.to_owned())
}

/// Who and where of a step, most telling first: `from 203.0.113.7`, `C:\…\ohyeah.aspx`, `cmd /c whoami`.
pub(crate) fn who_where(texts: &Texts, step: &TimelineStep, max_chars: usize) -> Vec<String> {
    phrases(texts, step.step, &step.things, max_chars)
}

/// The same of a finding.
pub(crate) fn finding_who_where(texts: &Texts, finding: &Finding, max_chars: usize) -> Vec<String> {
    phrases(texts, finding.step, &finding.things, max_chars)
}

fn phrases(texts: &Texts, step: Step, things: &[Thing], max_chars: usize) -> Vec<String> {
    /// More of one kind than these are counted, not named.
    const SHOWN: usize = 3;
    let mut out = Vec::new();
    for kind in telling(step) {
        // A page is named again by its file or URL.
        let mut values: Vec<&str> = Vec::new();
        for thing in things.iter().filter(|thing| thing.kind == *kind) {
            // Sources write the same Windows name in different case.
            if !values.iter().any(|value| value.eq_ignore_ascii_case(&thing.value)) {
                values.push(&thing.value);
            }
        }
        if values.is_empty() || (*kind == ThingKind::Page && !out.is_empty() && named_already(things, &values)) {
            continue;
        }
        // The program that ran is the first word of its command.
        if *kind == ThingKind::Process && things.iter().any(|thing| thing.kind == ThingKind::Command) {
            continue;
        }
        let shortened = |value: &&str| match kind {
            // The end of a path says most.
            ThingKind::File | ThingKind::Url => cut_middle(value.trim(), max_chars),
            _ => cut(value.trim(), max_chars),
        };
        let mut named = values.iter().take(SHOWN).map(shortened).collect::<Vec<_>>().join(", ");
        if values.len() > SHOWN {
            named.push_str(&format!(" + {}", values.len() - SHOWN));
        }
        out.push(match kind {
            ThingKind::Address => texts.with("who-address", &[("value", &named)]),
            ThingKind::Account => texts.with("who-account", &[("value", &named)]),
            ThingKind::Mailbox => texts.with("who-mailbox", &[("value", &named)]),
            ThingKind::Process => texts.with("who-process", &[("value", &named)]),
            ThingKind::Script => texts.with("who-script", &[("value", &named)]),
            _ => named,
        });
    }
    out
}

/// Whether every page is the end of a file's path or a URL among the things.
fn named_already(things: &[Thing], pages: &[&str]) -> bool {
    pages.iter().all(|page| {
        things
            .iter()
            .filter(|thing| matches!(thing.kind, ThingKind::File | ThingKind::Url))
            .any(|thing| thing.value.to_lowercase().ends_with(&page.to_lowercase()))
    })
}

/// The kinds of things that tell a step, in the order of telling.
fn telling(step: Step) -> &'static [ThingKind] {
    use ThingKind::{Account, Address, Command, File, Mailbox, Object, Page, Process, Script, Url};
    match step {
        Step::Scan | Step::PageRequested | Step::PageGone => &[Url, Page, Address, Account],
        Step::ForgedRequest | Step::SessionOpened | Step::ConfigurationRead => &[Url, Address, Account, Mailbox, Object],
        Step::ConfigurationChanged | Step::DirectoryReset => &[Object, Script, Address, Account],
        Step::FileWritten | Step::FilePresent | Step::Removed => &[File, Page, Script, Address, Account, Process],
        Step::PageCompiled => &[File, Url, Page],
        Step::CommandRun => &[Command, Account, Process],
        _ => &[Url, File, Page, Command, Object, Address, Account, Process],
    }
}

/// Why two findings were put together.
pub(crate) fn join(t: &Texts, join: &Join) -> String {
    match join {
        Join::SameThing(thing) => t.with("join-same_thing", &[("kind", &t.word("thing", thing.kind)), ("value", &thing.value)]),
        Join::CloseInTime { seconds } => t.with("join-close_in_time", &[("seconds", &seconds.to_string())]),
        Join::Attempts => t.get("join-attempts"),
        Join::OnlyFoothold => t.get("join-only_foothold"),
        Join::UntiedCommands => t.get("join-untied_commands"),
        Join::UserRules => t.get("join-user_rules"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::Language;

    #[test]
    fn a_page_is_not_named_twice_and_long_rows_are_counted() {
        let texts = Texts::new(Language::English).unwrap();
        let things = [
            Thing::new(ThingKind::Page, "x.aspx"),
            Thing::new(ThingKind::Url, "/aspnet_client/X.aspx"),
            Thing::new(ThingKind::Url, "/aspnet_client/x.aspx"),
            Thing::new(ThingKind::Address, "192.0.2.1"),
            Thing::new(ThingKind::Address, "192.0.2.2"),
            Thing::new(ThingKind::Address, "192.0.2.3"),
            Thing::new(ThingKind::Address, "192.0.2.4"),
        ];
        assert_eq!(
            phrases(&texts, Step::PageRequested, &things, 80),
            ["/aspnet_client/X.aspx", "from 192.0.2.1, 192.0.2.2, 192.0.2.3 + 1"]
        );
        assert_eq!(phrases(&texts, Step::PageRequested, &things[..1], 80), ["x.aspx"]);
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let texts = Texts::new(Language::English).unwrap();
        let things = [Thing::new(ThingKind::Command, "ä".repeat(50))];
        assert_eq!(phrases(&texts, Step::CommandRun, &things, 3), ["äää…"]);
        let things = [Thing::new(ThingKind::File, r"C:\inetpub\wwwroot\aspnet_client\x.aspx")];
        assert_eq!(phrases(&texts, Step::FileWritten, &things, 18), [r"C:\ine…lient\x.aspx"]);
        assert_eq!(phrases(&texts, Step::FileWritten, &things, 1), ["…x"]);
    }
}
