//! Safe names for entries of archives, whose names are whatever somebody wrote.

/// A longer path is cut. Windows paths end at 32,767 characters, real collections stay far below this.
const LONGEST: usize = 4096;

/// A name of an archive entry, made safe to show and to sort.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SafeName {
    /// Relative, separators `/`, no `.` and `..`, never empty.
    pub(crate) path: String,
    /// The name ended in a separator.
    pub(crate) folder: bool,
    /// What was wrong with it.
    pub(crate) flaws: Vec<Flaw>,
}

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Backslashes stand as separators. Old .NET Framework tools write such zips, so it says little by itself.
    Backslash,
    /// Starts at a root.
    Absolute,
    /// Starts with a drive.
    Drive,
    /// Climbs with `..`.
    Parent,
    /// Holds a NUL.
    Nul,
    /// Too long to be a path.
    TooLong,
    /// Nothing is left of it.
    Nameless,
}

impl Flaw {
    /// The flaw in words.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Backslash => "backslashes as separators in the archive",
            Self::Absolute => "the archive names an absolute path",
            Self::Drive => "the archive names a drive",
            Self::Parent => "the archive names a place outside itself",
            Self::Nul => "the name holds a NUL",
            Self::TooLong => "the name is longer than any path and was cut",
            Self::Nameless => "the entry has no name",
        }
    }
}

/// Makes a name safe. What made it unsafe stays visible: `..` becomes `__`, and `C:\x` becomes `C/x`.
pub(crate) fn safe_name(raw: &str) -> SafeName {
    let mut flaws = Vec::new();
    let mut note = |flaw: Flaw, yes: bool| {
        if yes && !flaws.contains(&flaw) {
            flaws.push(flaw);
        }
    };
    note(Flaw::Backslash, raw.contains('\\'));
    note(Flaw::Nul, raw.contains('\0'));
    let name = raw.replace('\\', "/").replace('\0', "_");
    note(Flaw::Absolute, name.starts_with('/'));
    let name = name.strip_prefix("//?/").or_else(|| name.strip_prefix("//./")).unwrap_or(&name).trim_start_matches('/');
    let (drive, name) = match name.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => (name.get(..1), name.get(2..).unwrap_or_default()),
        _ => (None, name),
    };
    note(Flaw::Drive, drive.is_some());
    note(Flaw::Parent, name.split('/').any(|part| part == ".."));

    let below = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<&str> = drive.into_iter().chain(below.map(|part| if part == ".." { "__" } else { part })).collect();
    note(Flaw::Nameless, parts.is_empty());
    let mut path = if parts.is_empty() { "_".to_owned() } else { parts.join("/") };
    if path.len() > LONGEST {
        note(Flaw::TooLong, true);
        path = shortened(&path);
    }
    SafeName { path, folder: raw.ends_with(['/', '\\']), flaws }
}

/// Start and end of a path: the end because the file's name tells its kind.
fn shortened(path: &str) -> String {
    let half = LONGEST / 2 - 8;
    let start = path.get(..path.floor_char_boundary(half)).unwrap_or_default();
    let end = path.get(path.ceil_char_boundary(path.len().saturating_sub(half))..).unwrap_or_default();
    format!("{start}\u{2026}{end}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        use Flaw::*;
        let cases: &[(&str, &str, &[Flaw])] = &[
            ("C/Windows/a.log", "C/Windows/a.log", &[]),
            ("./C/Windows//a.log", "C/Windows/a.log", &[]),
            ("C/Windows/", "C/Windows", &[]),
            (r"C\Windows\a.log", "C/Windows/a.log", &[Backslash]),
            ("/etc/passwd", "etc/passwd", &[Absolute]),
            ("../../a.log", "__/__/a.log", &[Parent]),
            (r"..\a.log", "__/a.log", &[Backslash, Parent]),
            ("C:/Windows/a.log", "C/Windows/a.log", &[Drive]),
            ("C:a.log", "C/a.log", &[Drive]),
            ("C:", "C", &[Drive]),
            (r"\\?\C:\a.log", "C/a.log", &[Backslash, Absolute, Drive]),
            (r"\\server\share\a.log", "server/share/a.log", &[Backslash, Absolute]),
            ("a/b:stream", "a/b:stream", &[]),
            ("é:x", "é:x", &[]),
            ("a\0.log", "a_.log", &[Nul]),
            ("", "_", &[Nameless]),
            ("/", "_", &[Absolute, Nameless]),
            ("C:..", "C/__", &[Drive, Parent]),
            ("...", "...", &[]),
        ];
        for (raw, path, flaws) in cases {
            let safe = safe_name(raw);
            assert_eq!((safe.path.as_str(), safe.flaws.as_slice()), (*path, *flaws), "{raw:?}");
        }
        assert!(safe_name("a/").folder && safe_name(r"a\").folder && !safe_name("a").folder);
    }

    #[test]
    fn long_names_keep_their_ends() {
        let safe = safe_name(&format!("C/{}/u_ex210303.log", "ä".repeat(40_000)));
        assert!(safe.path.len() <= LONGEST && safe.path.starts_with("C/ä") && safe.path.ends_with("/u_ex210303.log"));
        assert_eq!(safe.flaws, [Flaw::TooLong]);
    }

    proptest! {
        #[test]
        fn always_relative(raw in r"[a-cA-C/\\.:\x00é%]{0,40}") {
            let safe = safe_name(&raw);
            prop_assert!(!safe.path.is_empty() && safe.path.len() <= LONGEST);
            for part in safe.path.split('/') {
                prop_assert!(!matches!(part, "" | "." | ".."), "{:?}", safe.path);
            }
            prop_assert!(!safe.path.contains(['\\', '\0']));
        }
    }
}
