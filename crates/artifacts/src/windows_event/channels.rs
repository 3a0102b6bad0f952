//! Channels and providers of Windows, and the service of Sigma's taxonomy that each belongs to.
//!
//! Sources: the taxonomy appendix of the Sigma specification (log sources of product `windows`), the log source definitions
//! that SigmaHQ tests its rules with, and the channel names as Windows itself writes them where those two differ.

/// The service by channel; by provider where the rendering lost the channel. Empty when Sigma has no word for it.
pub(super) fn service(channel: &str, provider: &str) -> &'static str {
    let find = |table: &[(&str, &'static str)], name: &str| {
        table.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, service)| *service)
    };
    find(CHANNELS, channel).or_else(|| find(PROVIDERS, provider).filter(|_| channel.is_empty())).unwrap_or("")
}

/// Channel to service. The frequent ones stand first: the table is searched from its start for every event.
const CHANNELS: &[(&str, &str)] = &[
    ("Security", "security"),
    ("Microsoft-Windows-Sysmon/Operational", "sysmon"),
    ("System", "system"),
    ("Application", "application"),
    ("Microsoft-Windows-PowerShell/Operational", "powershell"),
    ("Windows PowerShell", "powershell-classic"),
    ("MSExchange Management", "msexchange-management"),
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
    ("Microsoft-Windows-Security-Mitigations/KernelMode", "security-mitigations"),
    ("Microsoft-Windows-Security-Mitigations/User Mode", "security-mitigations"),
    ("Microsoft-Windows-Security-Mitigations/UserMode", "security-mitigations"),
    ("Microsoft-Windows-DNS-Client/Operational", "dns-client"),
    ("Microsoft-Windows-DNS Client Events/Operational", "dns-client"),
    ("DNS Server", "dns-server"),
    ("Microsoft-Windows-DNS-Server/Audit", "dns-server-audit"),
    ("Microsoft-Windows-DNS-Server/Analytical", "dns-server-analytic"),
    ("Microsoft-Windows-DNSServer/Audit", "dns-server-audit"),
    ("Microsoft-Windows-DNSServer/Analytical", "dns-server-analytic"),
    ("Microsoft-Windows-DHCP-Server/Operational", "dhcp"),
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
    ("Microsoft-Windows-VHDMP/Operational", "vhdmp"),
    ("Microsoft-Windows-BitLocker/BitLocker Management", "bitlocker"),
    ("Microsoft-Windows-Kernel-ShimEngine/Operational", "kernel-shimengine"),
    ("Microsoft-Windows-Kernel-ShimEngine/Diagnostic", "kernel-shimengine"),
    ("Microsoft-Windows-Kernel-EventTracing/Admin", "kernel-event-tracing"),
    ("Microsoft-Windows-Kernel-EventTracing", "kernel-event-tracing"),
    ("Microsoft-Windows-Application-Experience/Program-Telemetry", "application-experience"),
    ("Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant", "application-experience"),
    ("Microsoft-Windows-Ntfs/Operational", "ntfs"),
    ("Microsoft-Windows-Hyper-V-Worker", "hyper-v-worker"),
    ("Microsoft-Windows-Hyper-V-Worker-Admin", "hyper-v-worker"),
    ("Microsoft-Windows-SENSE/Operational", "sense"),
    ("OpenSSH/Operational", "openssh"),
    ("Microsoft-ServiceBus-Client", "microsoft-servicebus-client"),
    ("Microsoft-ServiceBus-Client/Admin", "microsoft-servicebus-client"),
    ("Microsoft-ServiceBus-Client/Operational", "microsoft-servicebus-client"),
];

/// Provider to service, for events that come without a channel. Providers that log to several channels are left out.
const PROVIDERS: &[(&str, &str)] = &[
    ("Microsoft-Windows-Sysmon", "sysmon"),
    ("Microsoft-Windows-Security-Auditing", "security"),
    ("Service Control Manager", "system"),
    ("Microsoft-Windows-PowerShell", "powershell"),
    ("PowerShellCore", "powershell"),
    ("PowerShell", "powershell-classic"),
    ("MSExchange CmdletLogs", "msexchange-management"),
    ("Microsoft-Windows-Windows Defender", "windefend"),
    ("Microsoft-Windows-TaskScheduler", "taskscheduler"),
    ("Microsoft-Windows-WMI-Activity", "wmi"),
    ("Microsoft-Windows-IIS-Configuration", "iis-configuration"),
    ("Microsoft-Windows-Windows Firewall With Advanced Security", "firewall-as"),
    ("Microsoft-Windows-Bits-Client", "bits-client"),
    ("Microsoft-Windows-TerminalServices-LocalSessionManager", "terminalservices-localsessionmanager"),
    ("Microsoft-Windows-NTLM", "ntlm"),
    ("LsaSrv", "lsa-server"),
    ("Microsoft-Windows-CodeIntegrity", "codeintegrity-operational"),
    ("Microsoft-Windows-AppLocker", "applocker"),
    ("Microsoft-Windows-Security-Mitigations", "security-mitigations"),
    ("Microsoft-Windows-DNS-Client", "dns-client"),
    ("Microsoft-Windows-DNS-Server-Service", "dns-server"),
    ("Microsoft-Windows-DHCP-Server", "dhcp"),
    ("Microsoft-Windows-LDAP-Client", "ldap"),
    ("Microsoft-Windows-CAPI2", "capi2"),
    ("Microsoft-Windows-CertificateServicesClient-Lifecycle-System", "certificateservicesclient-lifecycle-system"),
    ("Microsoft-Windows-DriverFrameworks-UserMode", "driver-framework"),
    ("Microsoft-Windows-Diagnosis-Scripted", "diagnosis-scripted"),
    ("Microsoft-Windows-Shell-Core", "shell-core"),
    ("Microsoft-Windows-AppXDeployment-Server", "appxdeployment-server"),
    ("Microsoft-Windows-AppxPackagingOM", "appxpackaging-om"),
    ("Microsoft-Windows-AppModel-Runtime", "appmodel-runtime"),
    ("Microsoft-Windows-VHDMP", "vhdmp"),
    ("Microsoft-Windows-Kernel-ShimEngine", "kernel-shimengine"),
    ("Microsoft-Windows-SENSE", "sense"),
    ("OpenSSH", "openssh"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_that_is_known_or_not_goes_before_the_provider() {
        for (channel, provider, expected) in [
            ("security", "", "security"),
            ("", "Microsoft-Windows-Sysmon", "sysmon"),
            ("MICROSOFT-windows-sysmon/operational", "x", "sysmon"),
            ("Somebody/Else", "PowerShell", ""),
            ("System", "LsaSrv", "system"),
            ("", "", ""),
        ] {
            assert_eq!(service(channel, provider), expected, "{channel} {provider}");
        }
    }

    #[test]
    fn no_name_stands_twice() {
        for table in [CHANNELS, PROVIDERS] {
            for (at, (name, _)) in table.iter().enumerate() {
                assert!(table.iter().skip(at + 1).all(|(other, _)| !other.eq_ignore_ascii_case(name)), "{name}");
            }
        }
    }
}
