//! Whether two texts are the same command, written down by different parts of Windows.

/// Quotes, case and blanks are written this way here and that way there; everything else must be the same. The report cuts very
/// long commands, which `…` at their end tells.
pub(crate) fn same_command(told: &str, here: &str) -> bool {
    let (told, here) = (plain(told), plain(here));
    match told.strip_suffix('…') {
        _ if told.is_empty() => false,
        Some(beginning) => !beginning.is_empty() && here.starts_with(beginning.trim_end()),
        None => told == here,
    }
}

fn plain(command: &str) -> String {
    let unquoted = command.to_lowercase().replace('"', " ");
    unquoted.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The commands that a task's definition (XML) starts: program and arguments of each action.
#[cfg(any(windows, test))]
pub(crate) fn of_task(xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut all, mut element) = (Vec::new(), String::new());
    let (mut command, mut arguments) = (String::new(), String::new());
    loop {
        let text = match reader.read_event() {
            Ok(Event::Start(start)) => {
                start.local_name().as_ref().clone_into(&mut element);
                continue;
            }
            Ok(Event::End(end)) => {
                if end.local_name().as_ref() == "Exec" {
                    all.push(format!("{} {}", std::mem::take(&mut command), std::mem::take(&mut arguments)).trim().to_owned());
                }
                element.clear();
                continue;
            }
            Ok(Event::Text(text)) => text.into_inner().into_owned(),
            Ok(Event::GeneralRef(reference)) => match reference.resolve_char_ref() {
                Ok(Some(character)) => character.to_string(),
                _ => quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or_default().to_owned(),
            },
            Ok(Event::Eof) | Err(_) => return all,
            Ok(_) => continue,
        };
        match &*element {
            "Command" => command.push_str(&text),
            "Arguments" => arguments.push_str(&text),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_case_and_blanks_make_no_difference_and_all_else_does() {
        for (told, here, same) in [
            (r#""C:\Windows\x.exe"  -k"#, r"c:\windows\X.EXE -k", true),
            (r"C:\x.exe", r"C:\x.exe -k netsvcs", false),
            (r"C:\x.exe -k netsvcs", r"C:\x.exe", false),
            (r"C:\x.exe aaaa…", r"C:\x.exe aaaabbbb", true),
            (r"C:\x.exe aaaa…", r"C:\x.exe aaa", false),
            ("", "", false),
            ("…", r"C:\x.exe", false),
        ] {
            assert_eq!(same_command(told, here), same, "{told} / {here}");
        }
    }

    #[test]
    fn a_tasks_commands_are_read_with_their_references() {
        let xml = r#"<?xml version="1.0"?><Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
            <RegistrationInfo><Description>Command</Description></RegistrationInfo>
            <Actions Context="Author"><Exec><Command>cmd.exe</Command><Arguments>/c a &amp;&amp; b &#x3e; c</Arguments></Exec>
            <Exec><Command>C:\b.exe</Command></Exec></Actions>
        </Task>"#;
        assert_eq!(of_task(xml), ["cmd.exe /c a && b > c", r"C:\b.exe"]);
        assert!(of_task("<Task><Actions><ComHandler/></Actions></Task>").is_empty());
        assert!(of_task("<Task><Exec><Command>x").is_empty());
    }
}
