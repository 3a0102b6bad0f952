//! The log source of an event in Sigma's taxonomy, by which rules are routed.
//!
//! Source: the taxonomy appendix of the Sigma specification (log sources of product `windows`).

use afterpatch_model::LogSource;

use super::{WindowsEvent, channels, registry};

/// Category and service of an event; both where both are known, so that rules on either are routed to it.
pub(super) fn log_source(event: &WindowsEvent<'_>) -> LogSource<'static> {
    let service = service(event);
    LogSource::fixed("windows", category(event, service), service)
}

/// The service of an event.
pub(super) fn service(event: &WindowsEvent<'_>) -> &'static str {
    channels::service(&event.channel, &event.provider)
}

/// The category by event number, the narrowest that fits: a rule on a category that holds several (`registry_event`,
/// `file_delete`) is led to them by its route.
///
/// Not here, because no Windows channel tells it: `file_access` and `file_rename` (traces of the kernel, never logged). Not
/// here on purpose: Security 5156 as `network_connection`. It names programs by device (`\device\harddiskvolume2\...`), so
/// that every exception for `C:\Program Files` in a rule would fail.
fn category(event: &WindowsEvent<'_>, service: &str) -> &'static str {
    match (service, event.event_id) {
        ("security", 4688) | ("sysmon", 1) => "process_creation",
        ("security", 4657) => registry::audited_category(event),
        ("sysmon", 2) => "file_change",
        ("sysmon", 3) => "network_connection",
        ("sysmon", 4 | 16) => "sysmon_status",
        ("sysmon", 5) => "process_termination",
        ("sysmon", 6) => "driver_load",
        ("sysmon", 7) => "image_load",
        ("sysmon", 8) => "create_remote_thread",
        ("sysmon", 9) => "raw_access_thread",
        ("sysmon", 10) => "process_access",
        ("sysmon", 11) => "file_event",
        ("sysmon", 12) if event.data("EventType").is_some_and(|kind| kind.starts_with("Delete")) => "registry_delete",
        ("sysmon", 12) => "registry_add",
        ("sysmon", 13) => "registry_set",
        ("sysmon", 14) => "registry_rename",
        ("sysmon", 15) => "create_stream_hash",
        ("sysmon", 17 | 18) => "pipe_created",
        ("sysmon", 19..=21) => "wmi_event",
        ("sysmon", 22) => "dns_query",
        ("sysmon", 23) => "file_delete",
        ("sysmon", 24) => "clipboard_capture",
        ("sysmon", 25) => "process_tampering",
        ("sysmon", 26) => "file_delete_detected",
        ("sysmon", 27) => "file_block_executable",
        ("sysmon", 28) => "file_block_shredding",
        ("sysmon", 29) => "file_executable_detected",
        ("sysmon", 255) => "sysmon_error",
        ("powershell", 4103) => "ps_module",
        ("powershell", 4104) => "ps_script",
        ("powershell-classic", 400) => "ps_classic_start",
        ("powershell-classic", 600) => "ps_classic_provider_start",
        ("powershell-classic", 800) => "ps_classic_script",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_routed_by_category_and_service() {
        let sysmon = "Microsoft-Windows-Sysmon/Operational";
        for (channel, provider, event_id, category, service) in [
            (sysmon, "", 1, "process_creation", "sysmon"),
            (sysmon, "", 11, "file_event", "sysmon"),
            (sysmon, "", 26, "file_delete_detected", "sysmon"),
            (sysmon, "", 9999, "", "sysmon"),
            ("", "Microsoft-Windows-Sysmon", 10, "process_access", "sysmon"),
            ("Security", "", 4688, "process_creation", "security"),
            ("security", "", 4624, "", "security"),
            ("MSExchange Management", "MSExchange CmdletLogs", 1, "", "msexchange-management"),
            ("Application", "MSExchange Control Panel", 4, "", "application"),
            ("Windows PowerShell", "PowerShell", 400, "ps_classic_start", "powershell-classic"),
            ("PowerShellCore/Operational", "PowerShellCore", 4104, "ps_script", "powershell"),
            ("Somebody/Else", "X", 1, "", ""),
        ] {
            let event = WindowsEvent { channel: channel.into(), provider: provider.into(), event_id, ..WindowsEvent::default() };
            assert_eq!(log_source(&event), LogSource::fixed("windows", category, service), "{channel} {provider} {event_id}");
        }
    }

    #[test]
    fn a_deleted_key_is_not_an_added_one() {
        for (kind, category) in
            [("CreateKey", "registry_add"), ("DeleteKey", "registry_delete"), ("DeleteValue", "registry_delete")]
        {
            let named = vec![("EventType".into(), kind.into())];
            let event =
                WindowsEvent { provider: "Microsoft-Windows-Sysmon".into(), event_id: 12, named, ..WindowsEvent::default() };
            assert_eq!(log_source(&event).category, category);
        }
    }
}
