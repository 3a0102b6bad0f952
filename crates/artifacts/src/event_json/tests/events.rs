//! Events of every kind that has a meaning of its own, and what each means.

use afterpatch_model::{
    AccountChange, AntivirusFinding, Logon, ProcessStart, ScheduledTask, ScriptBlock, ServiceInstalled, Unified,
};
use serde_json::{Value, json};

/// Parameters of [`CMDLET`].
pub(super) const PARAMETERS: &str = r#"-ExternalUrl "http://f/#x, y" -Identity "OAB (Default Web Site)""#;

/// The data of a command of Exchange.
pub(super) const CMDLET: [&str; 7] =
    ["Set-OabVirtualDirectory", PARAMETERS, "corp/Users/eve", "S-1", "S-2", "Remote", "7 w3wp#MSExchangeECPAppPool"];

/// An event with named data.
pub(super) struct Event {
    pub(super) channel: &'static str,
    pub(super) provider: &'static str,
    pub(super) id: u32,
    pub(super) data: Value,
}

impl Event {
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.data.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
    }
}

pub(super) fn events() -> Vec<Event> {
    let security = |id, data| Event { channel: "Security", provider: "Microsoft-Windows-Security-Auditing", id, data };
    let task = r#"<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Author>CORP\eve</Author></RegistrationInfo>
  <Triggers><LogonTrigger><UserId>CORP\anna</UserId></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>S-1-5-18</UserId></Principal></Principals>
  <Actions Context="Author"><Exec><Command>C:\ProgramData\a.exe</Command><Arguments>/x "1 &amp; 2"</Arguments></Exec></Actions>
</Task>"#;
    vec![
        Event {
            channel: "Microsoft-Windows-Sysmon/Operational",
            provider: "Microsoft-Windows-Sysmon",
            id: 1,
            data: json!({
                "RuleName": "-", "UtcTime": "2021-03-14 06:40:15.338", "ProcessId": "23392",
                "Image": r"C:\Windows\System32\cmd.exe", "CommandLine": "cmd /c \"whoami\"", "User": r"NT AUTHORITY\SYSTEM",
                "ParentProcessId": "10844", "ParentImage": r"C:\Windows\System32\inetsrv\w3wp.exe",
                "ParentCommandLine": "w3wp.exe -ap \"MSExchangeOWAAppPool\"",
            }),
        },
        security(
            4688,
            json!({
                "SubjectUserName": "MXS01$", "SubjectDomainName": "CORP", "SubjectLogonId": "0x3e7", "NewProcessId": "0x5b60",
                "NewProcessName": r"C:\Windows\System32\cmd.exe", "ProcessId": "0x2a5c", "CommandLine": "cmd /c \"whoami\"",
                "TargetUserName": "-", "TargetDomainName": "-", "ParentProcessName": r"C:\Windows\System32\inetsrv\w3wp.exe",
                "MandatoryLabel": "S-1-16-16384",
            }),
        ),
        security(
            4720,
            json!({
                "TargetUserName": "support1", "TargetDomainName": "CORP", "SubjectUserName": "MXS01$",
                "SubjectDomainName": "CORP", "SamAccountName": "support1",
            }),
        ),
        security(
            4756,
            json!({
                "MemberName": "CN=eve,CN=Users,DC=corp,DC=example", "MemberSid": "S-1-5-21-1-2-3-1105",
                "TargetUserName": "Organization Management", "TargetDomainName": "CORP", "SubjectUserName": "anna",
                "SubjectDomainName": "CORP",
            }),
        ),
        Event {
            channel: "System",
            provider: "Service Control Manager",
            id: 7045,
            data: json!({
                "ServiceName": "helper", "ImagePath": r"C:\ProgramData\a.exe -s", "ServiceType": "user mode service",
                "StartType": "auto start", "AccountName": "LocalSystem",
            }),
        },
        security(
            4697,
            json!({
                "SubjectUserName": "anna", "SubjectDomainName": "CORP", "ServiceName": "helper",
                "ServiceFileName": r"C:\ProgramData\a.exe -s", "ServiceAccount": "LocalSystem",
            }),
        ),
        security(4698, json!({"SubjectUserName": "anna", "TaskName": r"\helper", "TaskContent": task})),
        security(4702, json!({"SubjectUserName": "anna", "TaskName": r"\helper", "TaskContentNew": task})),
        Event {
            channel: "Microsoft-Windows-TaskScheduler/Operational",
            provider: "Microsoft-Windows-TaskScheduler",
            id: 106,
            data: json!({"TaskName": r"\helper", "UserContext": r"CORP\anna"}),
        },
        Event {
            channel: "Microsoft-Windows-PowerShell/Operational",
            provider: "Microsoft-Windows-PowerShell",
            id: 4104,
            data: json!({
                "MessageNumber": "1", "MessageTotal": "1", "ScriptBlockText": "Get-Mailbox |\n  select Name", "Path": r"C:\a.ps1",
            }),
        },
        Event {
            channel: "Microsoft-Windows-Windows Defender/Operational",
            provider: "Microsoft-Windows-Windows Defender",
            id: 1117,
            data: json!({
                "Threat Name": "Backdoor:ASP/X", "Path": r"file:_C:\inetpub\wwwroot\x.aspx", "Process Name": "Unknown",
                "Action Name": "Quarantine",
            }),
        },
        security(
            4624,
            json!({
                "TargetUserName": "eve", "TargetDomainName": "CORP", "LogonType": "3", "AuthenticationPackageName": "NTLM",
                "WorkstationName": "LAPTOP", "IpAddress": "192.0.2.7",
            }),
        ),
    ]
}

/// What each of [`events`] means: category, service and unified record.
pub(super) fn meanings() -> Vec<(&'static str, &'static str, Unified<'static>)> {
    let process = ProcessStart {
        image: r"C:\Windows\System32\cmd.exe".into(),
        command_line: "cmd /c \"whoami\"".into(),
        pid: Some(23392),
        parent_image: r"C:\Windows\System32\inetsrv\w3wp.exe".into(),
        parent_command_line: "w3wp.exe -ap \"MSExchangeOWAAppPool\"".into(),
        parent_pid: Some(10844),
        user: r"NT AUTHORITY\SYSTEM".into(),
    };
    let of_security = ProcessStart { parent_command_line: "".into(), user: r"CORP\MXS01$".into(), ..process.clone() };
    let service = ServiceInstalled {
        name: "helper".into(),
        command: r"C:\ProgramData\a.exe -s".into(),
        account: "LocalSystem".into(),
        user: "".into(),
    };
    let task = ScheduledTask {
        name: r"\helper".into(),
        command: r"C:\ProgramData\a.exe".into(),
        arguments: r#"/x "1 & 2""#.into(),
        author: r"CORP\eve".into(),
        user: "S-1-5-18".into(),
    };
    vec![
        ("process_creation", "sysmon", Unified::ProcessStart(process)),
        ("process_creation", "security", Unified::ProcessStart(of_security)),
        (
            "",
            "security",
            Unified::AccountChange(AccountChange {
                account: r"CORP\support1".into(),
                group: "".into(),
                by: r"CORP\MXS01$".into(),
            }),
        ),
        (
            "",
            "security",
            Unified::AccountChange(AccountChange {
                account: "CN=eve,CN=Users,DC=corp,DC=example".into(),
                group: r"CORP\Organization Management".into(),
                by: r"CORP\anna".into(),
            }),
        ),
        ("", "system", Unified::ServiceInstalled(service.clone())),
        ("", "security", Unified::ServiceInstalled(ServiceInstalled { user: r"CORP\anna".into(), ..service })),
        ("", "security", Unified::ScheduledTask(task.clone())),
        ("", "security", Unified::ScheduledTask(task)),
        (
            "",
            "taskscheduler",
            Unified::ScheduledTask(ScheduledTask {
                name: r"\helper".into(),
                user: r"CORP\anna".into(),
                ..ScheduledTask::default()
            }),
        ),
        (
            "ps_script",
            "powershell",
            Unified::ScriptBlock(ScriptBlock { text: "Get-Mailbox |\n  select Name".into(), path: r"C:\a.ps1".into() }),
        ),
        (
            "",
            "windefend",
            Unified::AntivirusFinding(AntivirusFinding {
                threat: "Backdoor:ASP/X".into(),
                path: r"C:\inetpub\wwwroot\x.aspx".into(),
                process: "".into(),
                action: "Quarantine".into(),
            }),
        ),
        (
            "",
            "security",
            Unified::Logon(Logon {
                user: r"CORP\eve".into(),
                client: "192.0.2.7".into(),
                logon_type: 3,
                package: "NTLM".into(),
                workstation: "LAPTOP".into(),
            }),
        ),
    ]
}
