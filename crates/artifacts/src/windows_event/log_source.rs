//! The log source of an event in Sigma's taxonomy, by which rules are routed.
//!
//! Source of both tables: the taxonomy appendix of the Sigma specification (log sources of product `windows`).

use afterpatch_model::LogSource;

use super::WindowsEvent;

/// Category and service of an event; both where both are known, so that rules on either are routed to it.
pub(super) fn log_source(event: &WindowsEvent<'_>) -> LogSource<'static> {
    let service = service(event);
    LogSource::fixed("windows", category(event, service), service)
}

/// The service by channel; by provider where the rendering lost the channel.
pub(super) fn service(event: &WindowsEvent<'_>) -> &'static str {
    let find = |table: &[(&str, &'static str)], name: &str| {
        table.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, service)| *service)
    };
    find(CHANNELS, &event.channel).or_else(|| find(PROVIDERS, &event.provider)).unwrap_or("")
}

/// The category by event number. A registry event is one of `registry_add`, `registry_delete`, `registry_set` and
/// `registry_rename`; Sigma's union of them, `registry_event`, cannot be named beside them.
fn category(event: &WindowsEvent<'_>, service: &str) -> &'static str {
    match (service, event.event_id) {
        ("security", 4688) | ("sysmon", 1) => "process_creation",
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
        ("sysmon", 23 | 26) => "file_delete",
        ("sysmon", 24) => "clipboard_capture",
        ("sysmon", 25) => "process_tampering",
        ("sysmon", 27) => "file_block_executable",
        ("sysmon", 28) => "file_block_shredding",
        ("sysmon", 29) => "file_executable_detected",
        ("sysmon", 255) => "sysmon_error",
        ("powershell", 4103) => "ps_module",
        ("powershell", 4104) => "ps_script",
        ("powershell-classic", 400) => "ps_classic_start",
        ("powershell-classic", 600) => "ps_classic_provider_start",
        _ => "",
    }
}

/// Channel to service.
const CHANNELS: &[(&str, &str)] = &[
    ("Application", "application"),
    ("Security", "security"),
    ("System", "system"),
    ("MSExchange Management", "msexchange-management"),
    ("Microsoft-Windows-Sysmon/Operational", "sysmon"),
    ("Windows PowerShell", "powershell-classic"),
    ("Microsoft-Windows-PowerShell/Operational", "powershell"),
    ("PowerShellCore/Operational", "powershell"),
    ("Microsoft-Windows-Windows Defender/Operational", "windefend"),
    ("Microsoft-Windows-TaskScheduler/Operational", "taskscheduler"),
    ("Microsoft-Windows-WMI-Activity/Operational", "wmi"),
    ("Microsoft-IIS-Configuration/Operational", "iis-configuration"),
    ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", "firewall-as"),
    ("Microsoft-Windows-Bits-Client/Operational", "bits-client"),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", "terminalservices-localsessionmanager"),
    ("Microsoft-Windows-NTLM/Operational", "ntlm"),
    ("Microsoft-Windows-LSA/Operational", "lsa-server"),
    ("Microsoft-Windows-CodeIntegrity/Operational", "codeintegrity-operational"),
    ("Microsoft-Windows-AppLocker/MSI and Script", "applocker"),
    ("Microsoft-Windows-AppLocker/EXE and DLL", "applocker"),
    ("Microsoft-Windows-AppLocker/Packaged app-Deployment", "applocker"),
    ("Microsoft-Windows-AppLocker/Packaged app-Execution", "applocker"),
    ("Microsoft-Windows-Security-Mitigations/Kernel Mode", "security-mitigations"),
    ("Microsoft-Windows-Security-Mitigations/User Mode", "security-mitigations"),
    ("Microsoft-Windows-DNS-Client/Operational", "dns-client"),
    ("DNS Server", "dns-server"),
    ("Microsoft-Windows-DNS-Server/Audit", "dns-server-audit"),
    ("Microsoft-Windows-DNS-Server/Analytical", "dns-server-analytic"),
    ("Microsoft-Windows-SmbClient/Security", "smbclient-security"),
    ("Microsoft-Windows-SmbClient/Connectivity", "smbclient-connectivity"),
    ("Microsoft-Windows-SMBServer/Connectivity", "smbserver-connectivity"),
    ("Microsoft-Windows-LDAP-Client/Debug", "ldap"),
    ("Microsoft-Windows-CAPI2/Operational", "capi2"),
    ("Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational", "certificateservicesclient-lifecycle-system"),
    ("Microsoft-Windows-PrintService/Admin", "printservice-admin"),
    ("Microsoft-Windows-PrintService/Operational", "printservice-operational"),
    ("Microsoft-Windows-DriverFrameworks-UserMode/Operational", "driver-framework"),
    ("Microsoft-Windows-Diagnosis-Scripted/Operational", "diagnosis-scripted"),
    ("Microsoft-Windows-Shell-Core/Operational", "shell-core"),
    ("Microsoft-Windows-AppXDeploymentServer/Operational", "appxdeployment-server"),
    ("Microsoft-Windows-AppxPackaging/Operational", "appxpackaging-om"),
    ("Microsoft-Windows-AppModel-Runtime/Admin", "appmodel-runtime"),
    ("Microsoft-Windows-VHDMP-Operational", "vhdmp"),
    ("OpenSSH/Operational", "openssh"),
    ("Microsoft-ServiceBus-Client", "microsoft-servicebus-client"),
];

/// Provider to service, for the channels that an answer depends on.
const PROVIDERS: &[(&str, &str)] = &[
    ("Microsoft-Windows-Sysmon", "sysmon"),
    ("Microsoft-Windows-Security-Auditing", "security"),
    ("MSExchange CmdletLogs", "msexchange-management"),
    ("Microsoft-Windows-PowerShell", "powershell"),
    ("Microsoft-Windows-Windows Defender", "windefend"),
    ("Microsoft-Windows-TaskScheduler", "taskscheduler"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_routed_by_category_and_service() {
        let sysmon = "Microsoft-Windows-Sysmon/Operational";
        for (channel, provider, event_id, category, service) in [
            (sysmon, "", 1, "process_creation", "sysmon"),
            (sysmon, "", 11, "file_event", "sysmon"),
            (sysmon, "", 9999, "", "sysmon"),
            ("", "Microsoft-Windows-Sysmon", 10, "process_access", "sysmon"),
            ("Security", "", 4688, "process_creation", "security"),
            ("security", "", 4624, "", "security"),
            ("MSExchange Management", "MSExchange CmdletLogs", 1, "", "msexchange-management"),
            ("Application", "MSExchange Control Panel", 4, "", "application"),
            ("Windows PowerShell", "PowerShell", 400, "ps_classic_start", "powershell-classic"),
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
