//! What the parameters of a management command, a script or a query name.

/// The first server-side script in a parameter text.
pub fn script_in(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    for (open, close) in [("<script", "</script>"), ("<%", "%>")] {
        if let Some(start) = lower.find(open) {
            let end = lower.get(start..)?.find(close).map_or(text.len(), |at| start + at + close.len());
            return text.get(start..end);
        }
    }
    None
}

/// Windows paths inside a text: what a quote opens goes to the next quote, what none opens ends at a blank or sign.
pub fn paths_in(text: &str) -> Vec<&str> {
    let mut paths = Vec::new();
    for (index, part) in text.split(['"', '\'']).enumerate() {
        if index > 0 && is_path(part.trim()) {
            paths.push(part.trim());
        } else {
            let words = part.split(|c: char| c.is_whitespace() || "=,;(){}<>|".contains(c));
            paths.extend(words.filter(|word| is_path(word)));
        }
    }
    paths
}

/// Does the text begin as a path on a drive or a share?
fn is_path(text: &str) -> bool {
    text.starts_with("\\\\") || matches!(text.as_bytes(), [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
}

/// The path as the server itself names it: `\\127.0.0.1\C$\x` is `C:\x`, whichever of its names a server is called by.
pub fn local(path: &str) -> String {
    let share = path.strip_prefix("\\\\").and_then(|rest| rest.split_once('\\')).map(|(_, share)| share);
    match share.and_then(|share| share.split_once('$')) {
        Some((drive, below)) if matches!(drive.as_bytes(), [letter] if letter.is_ascii_alphabetic()) => {
            format!("{}:{below}", drive.to_ascii_uppercase())
        }
        _ => path.to_owned(),
    }
}

/// The value of a command's parameter, whatever way the source writes it: `-Name "value"`, `-Name value`, `Name='value'`,
/// `Name=value`.
pub fn value_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let lower = text.to_ascii_lowercase();
    let wanted = name.to_ascii_lowercase();
    lower.match_indices(&wanted).find_map(|(at, _)| {
        let begins = !lower.get(..at)?.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let rest = text.get(at + wanted.len()..)?;
        let value = rest.trim_start_matches([' ', '=', ':']);
        if !begins || value.len() == rest.len() || value.starts_with('-') {
            return None;
        }
        let value = value.trim_start_matches('(');
        let end = match value.chars().next().filter(|first| ['"', '\''].contains(first)) {
            Some(quote) => return value.get(1..)?.split(quote).next(),
            None => value.find([' ', ',', ';', ')', '&']).unwrap_or(value.len()),
        };
        value.get(..end)
    })
}

/// The mailbox that a query of Autodiscover names in `Email=`. ProxyShell writes a path there, which names none.
pub fn mailbox_in_query(query: &str) -> Option<String> {
    let address = value_of(query, "Email")?.replace("%40", "@");
    let (user, domain) = address.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(['/', '?', '%', '@', '\\']);
    (plain(user) && plain(domain)).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_both_spellings_are_found() {
        assert_eq!(
            script_in("-ExternalUrl \"http://f/#<SCRIPT runat=server>x</Script>\""),
            Some("<SCRIPT runat=server>x</Script>")
        );
        assert_eq!(script_in("'http://f/<% x %>'"), Some("<% x %>"));
        assert_eq!(script_in("http://f/<% cut off"), Some("<% cut off"));
        assert_eq!(script_in("https://mail.example.org/OAB"), None);
    }

    #[test]
    fn paths_are_found_between_quotes_and_without() {
        let text = r#"-FilePath "\\127.0.0.1\c$\a b\x.aspx" -A 'D:\y.aspx' -B "text" -C E:\z.aspx; copy F:\v.aspx"#;
        assert_eq!(paths_in(text), [r"\\127.0.0.1\c$\a b\x.aspx", r"D:\y.aspx", r"E:\z.aspx", r"F:\v.aspx"]);
    }

    #[test]
    fn shares_of_drives_are_local_paths() {
        for (path, expected) in [
            (r"\\127.0.0.1\C$\inetpub\x.aspx", r"C:\inetpub\x.aspx"),
            (r"\\localhost\d$\x.pst", r"D:\x.pst"),
            (r"\\files\leavers\x.pst", r"\\files\leavers\x.pst"),
            (r"\\files\data$\x.pst", r"\\files\data$\x.pst"),
            (r"C:\x", r"C:\x"),
            (r"\\", r"\\"),
        ] {
            assert_eq!(local(path), expected, "{path}");
        }
    }

    #[test]
    fn parameters_of_every_writing() {
        for (text, expected) in [
            (r#"-Name "x" -Mailbox "a@b.example" -FilePath "y""#, Some("a@b.example")),
            ("-Mailbox a@b.example -FilePath y", Some("a@b.example")),
            ("New-MailboxExportRequest.Mailbox='a@b.example'.FilePath='y'", Some("a@b.example")),
            (r#"-SourceMailbox "other" -Mailbox "a@b.example""#, Some("a@b.example")),
            ("-Mailbox -FilePath y", None),
            ("-Mailbox", None),
            ("", None),
        ] {
            assert_eq!(value_of(text, "Mailbox"), expected, "{text}");
        }
    }

    #[test]
    fn a_path_in_email_is_no_mailbox() {
        for (query, expected) in [
            ("Email=ceo%40corp.example&Protocol=ActiveSync", Some("ceo@corp.example")),
            ("a=1&email=ceo@corp.example", Some("ceo@corp.example")),
            ("@evil.example/mapi/nspi?&Email=autodiscover/autodiscover.json%3F@evil.example", None),
            ("Email=", None),
        ] {
            assert_eq!(mailbox_in_query(query).as_deref(), expected, "{query}");
        }
    }
}
