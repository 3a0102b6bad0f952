//! Security 4657 (a registry value was changed) in the words of Sysmon's registry events, which rules are written in.
//!
//! Sources: Microsoft's page on event 4657 (operation and value types are message numbers: 1904 created, 1905 modified,
//! 1906 deleted; 1873 `REG_SZ` ... 1876 `REG_DWORD`, 1883 `REG_QWORD`), and how Sysmon renders keys and data (`HKLM`,
//! `CurrentControlSet`, `DWORD (0x00000001)`, `Binary Data`).

use std::borrow::Cow;

use super::{WindowsEvent, number};

/// Sigma's category of a 4657.
pub(super) fn audited_category(event: &WindowsEvent<'_>) -> &'static str {
    if is_deletion(event) { "registry_delete" } else { "registry_set" }
}

/// The fields of Sysmon's event that a 4657 tells: name and value.
pub(super) fn as_sysmon<'a>(event: &WindowsEvent<'a>) -> Vec<(&'static str, Cow<'a, str>)> {
    let kind = if is_deletion(event) { "DeleteValue" } else { "SetValue" };
    let value = event.text("ObjectValueName");
    let target = match (&*value, key(&event.text("ObjectName"))) {
        ("", key) => key,
        (value, key) => format!(r"{key}\{value}"),
    };
    vec![
        ("EventType", Cow::Borrowed(kind)),
        ("TargetObject", Cow::Owned(target)),
        ("Details", details(event)),
        ("Image", event.text("ProcessName")),
    ]
}

fn is_deletion(event: &WindowsEvent<'_>) -> bool {
    event.data("OperationType").is_some_and(|kind| kind.contains("1906") || kind.to_ascii_lowercase().contains("deleted"))
}

/// `\REGISTRY\MACHINE\SYSTEM\ControlSet001\x` is `HKLM\System\CurrentControlSet\x`: names are compared without case.
fn key(object: &str) -> String {
    let roots = [(r"\REGISTRY\MACHINE", "HKLM"), (r"\REGISTRY\USER", "HKU")];
    let short = roots.iter().find_map(|(long, short)| {
        let (head, rest) = object.split_at_checked(long.len())?;
        (head.eq_ignore_ascii_case(long) && (rest.is_empty() || rest.starts_with('\\'))).then(|| format!("{short}{rest}"))
    });
    let key = short.unwrap_or_else(|| object.to_owned());
    let set = r"HKLM\SYSTEM\ControlSet";
    match key.split_at_checked(set.len()) {
        Some((head, rest)) if head.eq_ignore_ascii_case(set) => {
            let rest = rest.trim_start_matches(|digit: char| digit.is_ascii_digit());
            format!(r"HKLM\System\CurrentControlSet{rest}")
        }
        _ => key,
    }
}

fn details<'a>(event: &WindowsEvent<'a>) -> Cow<'a, str> {
    let value = event.text("NewValue");
    let kind = event.data("NewValueType").unwrap_or_default();
    match (kind.trim_start_matches('%'), number(&value)) {
        ("1875", _) => Cow::Borrowed("Binary Data"),
        ("1876", Some(number)) => Cow::Owned(format!("DWORD (0x{number:08x})")),
        ("1883", Some(number)) => Cow::Owned(format!("QWORD (0x{:08x}-0x{:08x})", number >> 32, number & 0xffff_ffff)),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_sysmon_names_them() {
        for (object, expected) in [
            (r"\REGISTRY\MACHINE\SOFTWARE\A", r"HKLM\SOFTWARE\A"),
            (r"\registry\machine\system\ControlSet001\Services\X", r"HKLM\System\CurrentControlSet\Services\X"),
            (r"\REGISTRY\USER\S-1-5-21-1\Software", r"HKU\S-1-5-21-1\Software"),
            (r"\REGISTRY\MACHINES", r"\REGISTRY\MACHINES"),
            (r"\REGISTRY\MACHIN\u{c9}\x", r"\REGISTRY\MACHIN\u{c9}\x"),
            ("", ""),
        ] {
            assert_eq!(key(object), expected);
        }
    }

    #[test]
    fn an_audited_change_reads_like_a_change_of_sysmon() {
        let event = |operation: &'static str, kind: &'static str, value: &'static str| WindowsEvent {
            channel: "Security".into(),
            event_id: 4657,
            named: [
                ("ObjectName", r"\REGISTRY\MACHINE\SOFTWARE\Policies\Microsoft\Windows Defender"),
                ("ObjectValueName", "DisableAntiSpyware"),
                ("OperationType", operation),
                ("NewValueType", kind),
                ("NewValue", value),
                ("ProcessName", r"C:\Windows\regedit.exe"),
            ]
            .map(|(name, value)| (name.into(), value.into()))
            .to_vec(),
            ..WindowsEvent::default()
        };
        for (operation, kind, value, category, expected) in [
            ("%%1904", "%%1876", "1", "registry_set", ["SetValue", "DWORD (0x00000001)"]),
            ("%%1905", "%%1873", "text", "registry_set", ["SetValue", "text"]),
            ("%%1905", "%%1875", "00 01", "registry_set", ["SetValue", "Binary Data"]),
            ("%%1905", "%%1883", "0x100000002", "registry_set", ["SetValue", "QWORD (0x00000001-0x00000002)"]),
            ("%%1906", "-", "-", "registry_delete", ["DeleteValue", ""]),
        ] {
            let event = event(operation, kind, value);
            assert_eq!(audited_category(&event), category);
            let fields = as_sysmon(&event);
            let of = |name: &str| fields.iter().find(|(own, _)| *own == name).map(|(_, value)| &**value);
            assert_eq!([of("EventType"), of("Details")], expected.map(Some));
            assert_eq!(of("TargetObject"), Some(r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender\DisableAntiSpyware"));
            assert_eq!(of("Image"), Some(r"C:\Windows\regedit.exe"));
        }
    }
}
