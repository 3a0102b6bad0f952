//! A folder that stands for a volume.

use super::percent;

/// A volume of a Windows host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Volume {
    /// A drive, as a capital letter.
    Drive(char),
    /// A shadow copy: the state of a volume at an earlier time.
    ShadowCopy(u32),
}

impl Volume {
    /// A single letter (`C`, or `C:` where an unpacker kept the colon).
    pub(super) fn letter(name: &str) -> Option<Self> {
        match name.as_bytes() {
            [letter] | [letter, b':'] if letter.is_ascii_alphabetic() => {
                Some(Self::Drive(char::from(*letter).to_ascii_uppercase()))
            }
            _ => None,
        }
    }

    /// A percent-encoded volume or device (`C%3A`, `%5C%5C.%5CC%3A`,
    /// `%5C%5C%3F%5CGLOBALROOT%5CDevice%5CHarddiskVolumeShadowCopy1`).
    pub(super) fn encoded(name: &str) -> Option<Self> {
        if !name.contains('%') {
            return None;
        }
        let name = percent::everything(name);
        let device = name.strip_prefix(r"\\.\").or_else(|| name.strip_prefix(r"\\?\")).unwrap_or(&name);
        if device.ends_with(':') {
            return Self::letter(device);
        }
        let number = device.rsplit('\\').next()?.strip_prefix("HarddiskVolumeShadowCopy")?;
        number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse().ok().map(Self::ShadowCopy))?
    }

    /// As Windows names it.
    pub(super) fn windows(self) -> String {
        match self {
            Self::Drive(letter) => format!("{letter}:"),
            Self::ShadowCopy(number) => format!(r"\\?\GLOBALROOT\Device\HarddiskVolumeShadowCopy{number}"),
        }
    }
}
