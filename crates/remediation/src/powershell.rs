//! Names from the evidence inside commands that an administrator will paste.

/// A name as a quoted PowerShell string; `None` when it holds what no real name does, and what somebody may have put there to
/// have it run.
pub(crate) fn quoted(name: &str) -> Option<String> {
    const LONGEST: usize = 260;
    let plain = |c: char| {
        !c.is_control()
            && !matches!(c, '"' | '`' | '\u{2000}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..)
    };
    if name.is_empty() || name.chars().count() > LONGEST || !name.chars().all(plain) {
        return None;
    }
    Some(format!("'{}'", name.replace('\'', "''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_can_end_its_quotes() {
        for (name, shown) in [
            ("WindowsSync14", Some("'WindowsSync14'")),
            (r"C:\Pro gram\x.exe", Some(r"'C:\Pro gram\x.exe'")),
            ("x'; Remove-Item C:\\ -Recurse; '", Some("'x''; Remove-Item C:\\ -Recurse; '''")),
            // PowerShell takes the typographic quotes for quotes, too.
            ("x\u{2019}; calc; \u{2018}", None),
            ("x\u{201B}", None),
            ("two\nlines", None),
            ("x\" & calc", None),
            ("$(calc)", Some("'$(calc)'")),
            ("`calc", None),
            ("", None),
        ] {
            assert_eq!(quoted(name).as_deref(), shown, "{name:?}");
        }
    }
}
