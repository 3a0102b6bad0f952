//! The pipeline of cmdlets in `CMD`: `Verb-Noun.Param1='value'.Param2='value'|Verb-Noun…`.

/// Verbs that only look (Microsoft Learn, "Approved Verbs for PowerShell Commands").
const LOOKING: &[&str] = &[
    "Get", "Test", "Search", "Find", "Select", "Sort", "Where", "ForEach", "Measure", "Group", "Format", "Compare", "Out",
    "Write",
];

/// The first cmdlet that changes something, else the first; `None` when there is none.
pub(super) fn decisive_cmdlet(command: &str) -> Option<&str> {
    let mut first = None;
    for cmdlet in stages(command).filter_map(name) {
        if !LOOKING.iter().any(|verb| cmdlet.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(verb))) {
            return Some(cmdlet);
        }
        first.get_or_insert(cmdlet);
    }
    first
}

/// The stages between `|` outside quotes.
fn stages(command: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    command.split(move |character| {
        quoted ^= character == '\'';
        character == '|' && !quoted
    })
}

/// `Verb-Noun` at the start of a stage.
fn name(stage: &str) -> Option<&str> {
    let stage = stage.trim_start();
    let end = stage.find(|character: char| !character.is_ascii_alphanumeric() && character != '-').unwrap_or(stage.len());
    let name = stage.get(..end)?;
    let (verb, noun) = name.split_once('-')?;
    (!verb.is_empty() && !noun.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cmdlet_that_changes_something_names_the_row() {
        let table = [
            ("Get-InboxRule", Some("Get-InboxRule")),
            (
                "Get-OabVirtualDirectory.Identity='x'|Set-OabVirtualDirectory.ExternalUrl='a|Remove-Mailbox b'",
                Some("Set-OabVirtualDirectory"),
            ),
            ("Get-A|Get-B", Some("Get-A")),
            ("Remove-OabVirtualDirectory.Force=$true.Identity='x'", Some("Remove-OabVirtualDirectory")),
            (" New-OabVirtualDirectory ", Some("New-OabVirtualDirectory")),
            ("", None),
            ("<null>", None),
            ("-", None),
            ("'Get-A", None),
        ];
        for (command, cmdlet) in table {
            assert_eq!(decisive_cmdlet(command), cmdlet, "{command}");
        }
    }
}
