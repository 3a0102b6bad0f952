//! Which keys and values are handed on.
//!
//! Attackers' places are those of ATT&CK (T1037, T1053.005, T1090, T1112, T1543.003, T1546.012, T1547, T1556.002, T1562.001); the
//! others tell of the server: its name, its time zone, what is installed and where.

/// A key, or several, and what of it is handed on.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Names from the hive's root on, compared without case. `*` at the end of a name stands for anything.
    pub(super) key: &'static [&'static str],
    /// Names of values; empty means all.
    pub(super) values: &'static [&'static str],
    /// With all keys below it.
    pub(super) deep: bool,
}

const fn of(key: &'static [&'static str], values: &'static [&'static str]) -> Wanted {
    Wanted { key, values, deep: false }
}

const fn all_below(key: &'static [&'static str]) -> Wanted {
    Wanted { key, values: ALL, deep: true }
}

const ALL: &[&str] = &[];
const UNINSTALL: &[&str] = &["DisplayName", "DisplayVersion", "InstallDate", "InstallLocation", "Publisher"];
const IMAGE_OPTIONS: &[&str] = &["Debugger", "VerifierDlls", "GlobalFlag"];
const DEFENDER: &[&str] = &["DisableAntiSpyware", "DisableAntiVirus", "DisableRealtimeMonitoring", "DisableBehaviorMonitoring"];
const LSA: &[&str] = &[
    "Security Packages",
    "Authentication Packages",
    "Notification Packages",
    "RunAsPPL",
    "LmCompatibilityLevel",
    "DisableRestrictedAdmin",
    "DisableLoopbackCheck",
];
const SERVICE: &[&str] = &["ImagePath", "Start", "Type", "ObjectName", "DisplayName", "FailureCommand"];

/// In `SOFTWARE`.
pub(super) const SOFTWARE: &[Wanted] = &[
    of(&["Microsoft", "ExchangeServer", "*", "Setup"], ALL),
    of(&["Microsoft", "InetStp"], ALL),
    of(
        &["Microsoft", "Windows NT", "CurrentVersion"],
        &["ProductName", "CurrentBuildNumber", "UBR", "InstallDate", "RegisteredOwner"],
    ),
    of(&["Microsoft", "Windows", "CurrentVersion", "Uninstall", "*"], UNINSTALL),
    of(&["WOW6432Node", "Microsoft", "Windows", "CurrentVersion", "Uninstall", "*"], UNINSTALL),
    all_below(&["Microsoft", "Windows", "CurrentVersion", "Run*"]),
    all_below(&["WOW6432Node", "Microsoft", "Windows", "CurrentVersion", "Run*"]),
    of(&["Microsoft", "Windows", "CurrentVersion", "Policies", "Explorer", "Run"], ALL),
    all_below(&["Microsoft", "Windows NT", "CurrentVersion", "Schedule", "TaskCache", "Tree"]),
    of(
        &["Microsoft", "Windows NT", "CurrentVersion", "Schedule", "TaskCache", "Tasks", "*"],
        &["Path", "URI", "Author", "Date", "Actions"],
    ),
    of(&["Microsoft", "Windows NT", "CurrentVersion", "Winlogon"], &["Shell", "Userinit", "Taskman", "VmApplet", "System"]),
    of(&["Microsoft", "Windows NT", "CurrentVersion", "Windows"], &["AppInit_DLLs", "LoadAppInit_DLLs"]),
    of(&["Microsoft", "Windows NT", "CurrentVersion", "Image File Execution Options", "*"], IMAGE_OPTIONS),
    of(&["WOW6432Node", "Microsoft", "Windows NT", "CurrentVersion", "Image File Execution Options", "*"], IMAGE_OPTIONS),
    of(&["Microsoft", "Windows NT", "CurrentVersion", "SilentProcessExit", "*"], &["MonitorProcess", "ReportingMode"]),
    of(&["Microsoft", "Windows Defender"], DEFENDER),
    of(&["Microsoft", "Windows Defender", "Real-Time Protection"], DEFENDER),
    of(&["Microsoft", "Windows Defender", "Exclusions", "*"], ALL),
    of(&["Policies", "Microsoft", "Windows Defender"], DEFENDER),
    of(&["Policies", "Microsoft", "Windows Defender", "Real-Time Protection"], DEFENDER),
    of(&["Policies", "Microsoft", "Windows Defender", "Exclusions", "*"], ALL),
    of(&["Microsoft", "SystemCertificates", "REQUEST", "Certificates", "*"], ALL),
];

/// In `SYSTEM`.
pub(super) const SYSTEM: &[Wanted] = &[
    of(&["Select"], ALL),
    of(&["ControlSet*", "Control", "ComputerName", "ComputerName"], &["ComputerName"]),
    of(&["ControlSet*", "Control", "TimeZoneInformation"], &["Bias", "ActiveTimeBias", "DaylightBias", "TimeZoneKeyName"]),
    of(&["ControlSet*", "Control", "Lsa"], LSA),
    of(&["ControlSet*", "Control", "Lsa", "OSConfig"], &["Security Packages"]),
    of(&["ControlSet*", "Control", "SecurityProviders"], &["SecurityProviders"]),
    of(&["ControlSet*", "Control", "SecurityProviders", "WDigest"], &["UseLogonCredential"]),
    of(&["ControlSet*", "Control", "Session Manager", "AppCertDlls"], ALL),
    of(&["ControlSet*", "Control", "Print", "Monitors", "*"], &["Driver"]),
    of(&["ControlSet*", "Control", "Terminal Server"], &["fDenyTSConnections", "fSingleSessionPerUser"]),
    of(&["ControlSet*", "Control", "Terminal Server", "WinStations", "RDP-Tcp"], &["PortNumber", "UserAuthentication"]),
    of(&["ControlSet*", "Services", "*"], SERVICE),
    of(&["ControlSet*", "Services", "*", "Parameters"], &["ServiceDll"]),
    of(&["ControlSet*", "Services", "Tcpip", "Parameters"], &["Hostname", "Domain"]),
    // Addresses that a program may take from HTTP.sys: one that registers its own is seen by no log of IIS.
    of(&["ControlSet*", "Services", "HTTP", "Parameters", "UrlAclInfo"], ALL),
    all_below(&["ControlSet*", "Services", "PortProxy"]),
];

impl Wanted {
    /// Whether a value of that name is handed on.
    pub(super) fn takes(&self, value: &str) -> bool {
        self.values.is_empty() || self.values.iter().any(|own| own.eq_ignore_ascii_case(value))
    }
}

/// Whether a key's name is what a wanted key says.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)),
        None => pattern.eq_ignore_ascii_case(name),
    }
}
