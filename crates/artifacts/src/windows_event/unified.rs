//! What a Windows event means.

use std::borrow::Cow;

use afterpatch_model::{FileAction, FileChange, Logon, ProcessStart, ScriptBlock, ServiceInstalled, ShareAccess, Unified};

use super::{WindowsEvent, account, antivirus, cmdlet, log_source, task};

/// FILE_WRITE_DATA and FILE_APPEND_DATA of an access mask (Windows SDK, winnt.h).
const WRITES: u64 = 0x2 | 0x4;

/// Who tells of services in the channel `System`, where numbers are used by many.
const SERVICES: &str = "Service Control Manager";

/// The unified record of an event.
pub(super) fn unified<'a>(event: &WindowsEvent<'a>) -> Unified<'a> {
    match (log_source::service(event), event.event_id) {
        ("sysmon", 1) => Unified::ProcessStart(sysmon_process(event)),
        ("security", 4688) => Unified::ProcessStart(security_process(event)),
        ("sysmon", 11) => Unified::FileChange(file_change(event, FileAction::Created)),
        ("sysmon", 23 | 26) => Unified::FileChange(file_change(event, FileAction::Deleted)),
        ("security", 5145) => Unified::ShareAccess(share_access(event)),
        ("security", 4624) => Unified::Logon(logon(event)),
        ("security", id) if account::changes_account(id) => Unified::AccountChange(account::account_change(event)),
        ("security", id) if account::changes_group(id) => Unified::AccountChange(account::group_change(event)),
        ("security", 4697) => Unified::ServiceInstalled(audited_service(event)),
        ("system", 7045) if event.provider.eq_ignore_ascii_case(SERVICES) => Unified::ServiceInstalled(service(event)),
        ("security", 4698..=4702) => Unified::ScheduledTask(task::of_security(event)),
        ("taskscheduler", 106 | 140 | 141) => Unified::ScheduledTask(task::of_scheduler(event)),
        ("powershell", 4104) => Unified::ScriptBlock(script_block(event)),
        ("windefend", id) if antivirus::tells_finding(id) => Unified::AntivirusFinding(antivirus::finding(event)),
        ("msexchange-management", 1 | 6 | 8) => Unified::Cmdlet(cmdlet::cmdlet(event)),
        _ => Unified::Other,
    }
}

fn sysmon_process<'a>(event: &WindowsEvent<'a>) -> ProcessStart<'a> {
    ProcessStart {
        image: event.text("Image"),
        command_line: event.text("CommandLine"),
        pid: event.number("ProcessId"),
        parent_image: event.text("ParentImage"),
        parent_command_line: event.text("ParentCommandLine"),
        parent_pid: event.number("ParentProcessId"),
        user: event.text("User"),
    }
}

fn security_process<'a>(event: &WindowsEvent<'a>) -> ProcessStart<'a> {
    // The target is filled only when the process runs as somebody else than its creator.
    let target = account(event, "TargetDomainName", "TargetUserName");
    ProcessStart {
        image: event.text("NewProcessName"),
        command_line: event.text("CommandLine"),
        pid: event.number("NewProcessId"),
        parent_image: event.text("ParentProcessName"),
        parent_command_line: Cow::Borrowed(""),
        parent_pid: event.number("ProcessId"),
        user: if target.is_empty() { account(event, "SubjectDomainName", "SubjectUserName") } else { target },
    }
}

fn file_change<'a>(event: &WindowsEvent<'a>, action: FileAction) -> FileChange<'a> {
    FileChange { action, path: event.text("TargetFilename"), image: event.text("Image"), pid: event.number("ProcessId") }
}

fn share_access<'a>(event: &WindowsEvent<'a>) -> ShareAccess<'a> {
    ShareAccess {
        share: event.text("ShareName"),
        local_path: event.text("ShareLocalPath"),
        target: event.text("RelativeTargetName"),
        client: event.text("IpAddress"),
        // Bare, because this is Sigma's `SubjectUserName`.
        user: event.text("SubjectUserName"),
        write: event.number("AccessMask").is_some_and(|mask| mask & WRITES != 0),
    }
}

fn logon<'a>(event: &WindowsEvent<'a>) -> Logon<'a> {
    Logon {
        user: account(event, "TargetDomainName", "TargetUserName"),
        client: event.text("IpAddress"),
        logon_type: event.number("LogonType").and_then(|number| u32::try_from(number).ok()).unwrap_or_default(),
        package: event.text("AuthenticationPackageName"),
        workstation: event.text("WorkstationName"),
    }
}

fn service<'a>(event: &WindowsEvent<'a>) -> ServiceInstalled<'a> {
    ServiceInstalled {
        name: event.text("ServiceName"),
        command: event.text("ImagePath"),
        account: event.text("AccountName"),
        user: Cow::Borrowed(""),
    }
}

fn audited_service<'a>(event: &WindowsEvent<'a>) -> ServiceInstalled<'a> {
    ServiceInstalled {
        name: event.text("ServiceName"),
        command: event.text("ServiceFileName"),
        account: event.text("ServiceAccount"),
        user: account(event, "SubjectDomainName", "SubjectUserName"),
    }
}

fn script_block<'a>(event: &WindowsEvent<'a>) -> ScriptBlock<'a> {
    ScriptBlock { text: event.text("ScriptBlockText"), path: event.text("Path") }
}

/// `DOMAIN\user`, or `user` when there is no domain; empty when there is no user.
pub(super) fn account<'a>(event: &WindowsEvent<'a>, domain: &str, user: &str) -> Cow<'a, str> {
    match (event.text(domain), event.text(user)) {
        (_, user) if user.is_empty() => user,
        (domain, user) if domain.is_empty() => user,
        (domain, user) => Cow::Owned(format!("{domain}\\{user}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event<'a>(channel: &'a str, event_id: u32, named: &[(&'a str, &'a str)]) -> WindowsEvent<'a> {
        let named = named.iter().map(|(name, value)| (Cow::Borrowed(*name), Cow::Borrowed(*value))).collect();
        WindowsEvent { channel: channel.into(), event_id, named, ..WindowsEvent::default() }
    }

    #[test]
    fn a_process_of_security_has_hexadecimal_numbers_and_the_account_it_runs_as() {
        let data = [
            ("SubjectUserName", "MXS01$"),
            ("SubjectDomainName", "CORP"),
            ("NewProcessId", "0x5b60"),
            ("NewProcessName", r"C:\Windows\System32\cmd.exe"),
            ("ProcessId", "0x2a5c"),
            ("CommandLine", "cmd /c whoami"),
            ("TargetUserName", "-"),
            ("TargetDomainName", "-"),
            ("ParentProcessName", r"C:\Windows\System32\inetsrv\w3wp.exe"),
        ];
        let mut event = event("Security", 4688, &data);
        let expected = ProcessStart {
            image: r"C:\Windows\System32\cmd.exe".into(),
            command_line: "cmd /c whoami".into(),
            pid: Some(23392),
            parent_image: r"C:\Windows\System32\inetsrv\w3wp.exe".into(),
            parent_command_line: "".into(),
            parent_pid: Some(10844),
            user: r"CORP\MXS01$".into(),
        };
        assert_eq!(unified(&event), Unified::ProcessStart(expected.clone()));
        for (name, value) in &mut event.named {
            match &**name {
                "TargetUserName" => *value = "LOCAL SERVICE".into(),
                "TargetDomainName" => *value = "NT AUTHORITY".into(),
                _ => {}
            }
        }
        assert_eq!(
            unified(&event),
            Unified::ProcessStart(ProcessStart { user: r"NT AUTHORITY\LOCAL SERVICE".into(), ..expected })
        );
    }

    #[test]
    fn only_writing_data_to_a_share_is_a_write() {
        for (mask, write) in
            [("0x2", true), ("0x4", true), ("0x12019f", true), ("2", true), ("0x80", false), ("0x1", false), ("", false)]
        {
            let Unified::ShareAccess(access) =
                unified(&event("Security", 5145, &[("AccessMask", mask), ("IpAddress", "127.0.0.1")]))
            else {
                unreachable!("5145 is a share access")
            };
            assert_eq!(access.write, write, "{mask}");
            assert_eq!(access.client, "127.0.0.1");
        }
    }

    #[test]
    fn files_and_logons() {
        let data = [("Image", "System"), ("ProcessId", "4"), ("TargetFilename", r"C:\x.aspx")];
        let change = |action| FileChange { action, path: r"C:\x.aspx".into(), image: "System".into(), pid: Some(4) };
        let sysmon = "Microsoft-Windows-Sysmon/Operational";
        assert_eq!(unified(&event(sysmon, 11, &data)), Unified::FileChange(change(FileAction::Created)));
        assert_eq!(unified(&event(sysmon, 23, &data)), Unified::FileChange(change(FileAction::Deleted)));
        assert_eq!(unified(&event(sysmon, 26, &data)), Unified::FileChange(change(FileAction::Deleted)));
        assert_eq!(unified(&event("Application", 11, &data)), Unified::Other);
        let data = [("TargetUserName", "eve"), ("TargetDomainName", "CORP"), ("LogonType", "3"), ("IpAddress", "-")];
        let logon = Logon { user: r"CORP\eve".into(), client: "".into(), logon_type: 3, ..Logon::default() };
        assert_eq!(unified(&event("Security", 4624, &data)), Unified::Logon(logon));
    }
}
