//! Exchange management commands in the channel `MSExchange Management`.

use std::borrow::Cow;

use afterpatch_model::Cmdlet;

use super::WindowsEvent;

/// The command of an event 1 (done), 6 (failed) or 8 (failed unhandled) of the provider `MSExchange CmdletLogs`.
///
/// The raw data say more than the message, so they are asked first. Positions of the raw data: seen in a public event 6
/// of Exchange 2013 and later (`[0]` cmdlet, `[1]` parameters, `[2]` user, `[5]` host application, `[6]` process).
pub(super) fn cmdlet<'a>(event: &WindowsEvent<'a>) -> Cmdlet<'a> {
    let succeeded = Some(event.event_id == 1);
    if let [name, parameters, rest @ ..] = event.unnamed.as_slice() {
        let at = |index: usize| rest.get(index).cloned().unwrap_or_default();
        let process = without_pid(at(4));
        return Cmdlet {
            name: name.clone(),
            parameters: parameters.clone(),
            user: at(0),
            host: if process.is_empty() { at(3) } else { process },
            url: Cow::Borrowed(""),
            client: Cow::Borrowed(""),
            succeeded,
        };
    }
    let told = event.message.as_ref().and_then(|text| split(text, told_in_message));
    // Wazuh joins the data with commas. A name holds none; what follows it stays together.
    let joined = || event.unnamed.first().and_then(|text| split(text, |text| text.split_once(", ")));
    let (name, parameters) = told.or_else(joined).unwrap_or_default();
    Cmdlet { name, parameters, succeeded, ..Cmdlet::default() }
}

/// Name and parameters out of `Cmdlet suceeded. Cmdlet <name>, parameters <parameters>.`
///
/// The product misspells the first sentence, and translations differ; only the shape `<Verb-Noun>, parameters ` is relied on.
fn told_in_message(message: &str) -> Option<(&str, &str)> {
    let is_name = |word: &&str| word.contains('-') && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if let Some((before, after)) = message.split_once(", parameters ") {
        let name = before.split_whitespace().next_back().filter(is_name)?;
        let after = after.trim_end();
        return Some((name, after.strip_suffix('.').unwrap_or(after)));
    }
    let name = message.split(|char: char| char.is_whitespace() || char == ',' || char == '.').find(is_name)?;
    Some((name, ""))
}

/// `10696 w3wp#MSExchangeECPAppPool` without the process number.
fn without_pid(process: Cow<'_, str>) -> Cow<'_, str> {
    let bare = |text: &str| text.trim_start_matches(|char: char| char.is_ascii_digit()).trim_start().len();
    match process {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(text.len() - bare(text)..).unwrap_or(text)),
        Cow::Owned(mut text) => Cow::Owned(text.split_off(text.len() - bare(&text))),
    }
}

/// Splits a text in two with `how`, keeping it borrowed where it is.
fn split<'a>(
    text: &Cow<'a, str>,
    how: impl for<'t> Fn(&'t str) -> Option<(&'t str, &'t str)>,
) -> Option<(Cow<'a, str>, Cow<'a, str>)> {
    match text {
        Cow::Borrowed(text) => how(text).map(|(one, two)| (Cow::Borrowed(one), Cow::Borrowed(two))),
        Cow::Owned(text) => how(text).map(|(one, two)| (Cow::Owned(one.to_owned()), Cow::Owned(two.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_read_however_it_is_spelt() {
        let parameters = r#"-Identity "OAB (Default Web Site)" -Force "True""#;
        for message in [
            format!("Cmdlet suceeded. Cmdlet Remove-OabVirtualDirectory, parameters {parameters}."),
            format!("Cmdlet succeeded. Cmdlet Remove-OabVirtualDirectory, parameters {parameters}.\r\n"),
            format!("Cmdlet failed. Cmdlet Remove-OabVirtualDirectory, parameters {parameters}"),
            format!("Das Cmdlet Remove-OabVirtualDirectory, parameters {parameters}."),
        ] {
            assert_eq!(told_in_message(&message), Some(("Remove-OabVirtualDirectory", parameters)), "{message}");
        }
        assert_eq!(told_in_message("Cmdlet suceeded. Cmdlet Get-Mailbox."), Some(("Get-Mailbox", "")));
        assert_eq!(told_in_message("nothing of the kind"), None);
    }

    #[test]
    fn raw_data_say_more_than_the_message() {
        let texts = |list: &[&'static str]| list.iter().map(|text| Cow::Borrowed(*text)).collect();
        let raw = WindowsEvent {
            event_id: 6,
            unnamed: texts(&["Set-X", "-A \"1\"", "corp/Users/eve", "S-1", "S-2", "Remote", "12 w3wp#MSExchangeECPAppPool"]),
            message: Some("Cmdlet failed. Cmdlet Set-Y, parameters .".into()),
            ..WindowsEvent::default()
        };
        let expected = Cmdlet {
            name: "Set-X".into(),
            parameters: "-A \"1\"".into(),
            user: "corp/Users/eve".into(),
            host: "w3wp#MSExchangeECPAppPool".into(),
            url: "".into(),
            client: "".into(),
            succeeded: Some(false),
        };
        assert_eq!(cmdlet(&raw), expected);
        let mut without_process = raw.clone();
        without_process.unnamed.truncate(6);
        assert_eq!(cmdlet(&without_process).host, "Remote");
        let joined =
            WindowsEvent { event_id: 1, unnamed: texts(&["Set-X, -A \"1\", corp/Users/eve"]), ..WindowsEvent::default() };
        assert_eq!(cmdlet(&joined).name, "Set-X");
        assert_eq!(cmdlet(&joined).parameters, "-A \"1\", corp/Users/eve");
        assert_eq!(cmdlet(&WindowsEvent { event_id: 1, ..WindowsEvent::default() }).name, "");
    }
}
