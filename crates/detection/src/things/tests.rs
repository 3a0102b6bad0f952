#![allow(clippy::unwrap_used)]
use afterpatch_model::{
    AccountChange, AntivirusFinding, Fields, FileEntry, HttpError, LogSource, MailboxAccess, Place, ProxyRequest, RegistryValue,
    RemoteShell, ScheduledTask, ScriptBlock, ServiceInstalled, Setting,
};

use super::*;

#[track_caller]
fn check(unified: Unified<'_>, fields: &[(&'static str, &'static str)], expected: &[(ThingKind, &str)]) {
    let fields = Fields::Pairs(fields.iter().map(|&(name, value)| (name.into(), value.into())).collect());
    let source = LogSource::fixed("windows", "", "");
    let record = Record { place: Place::Line(1), time: None, server: None, source, fields, unified };
    let things = things_of(&record, &KnownGood::embedded().unwrap());
    let mut found: Vec<(ThingKind, &str)> = things.iter().map(|thing| (thing.kind, thing.value.as_str())).collect();
    let mut expected = expected.to_vec();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn an_export_names_its_file_its_page_and_its_mailbox() {
    let parameters = r##"-Mailbox "ceo@corp.example" -IncludeFolders "#Drafts#" -FilePath "\\127.0.0.1\C$\inetpub\wwwroot\aspnet_client\x.aspx""##;
    let export = Cmdlet {
        name: "New-MailboxExportRequest".into(),
        parameters: parameters.into(),
        client: "192.0.2.7".into(),
        ..Cmdlet::default()
    };
    let file = r"C:\inetpub\wwwroot\aspnet_client\x.aspx";
    check(
        Unified::Cmdlet(export),
        &[],
        &[
            (ThingKind::Address, "192.0.2.7"),
            (ThingKind::File, file),
            (ThingKind::File, file),
            (ThingKind::Mailbox, "ceo@corp.example"),
            (ThingKind::Object, "MailboxExportRequest"),
            (ThingKind::Page, "x.aspx"),
        ],
    );
}

#[test]
fn mail_and_remote_shells() {
    let access = MailboxAccess {
        user: r"CORP\svc".into(),
        mailbox: "ceo@corp.example".into(),
        client: "192.0.2.7".into(),
        user_agent: "python-requests/2.25".into(),
        ..MailboxAccess::default()
    };
    check(
        Unified::MailboxAccess(access),
        &[],
        &[
            (ThingKind::Account, r"CORP\svc"),
            (ThingKind::Mailbox, "ceo@corp.example"),
            (ThingKind::Address, "192.0.2.7"),
            (ThingKind::UserAgent, "python-requests/2.25"),
        ],
    );
    let shell = RemoteShell { client: "192.0.2.7,10.0.0.1".into(), stem: "/powershell".into(), ..RemoteShell::default() };
    check(Unified::RemoteShell(shell), &[], &[(ThingKind::Address, "192.0.2.7"), (ThingKind::Url, "/powershell")]);
    let stem = "/autodiscover/autodiscover.json";
    let proxied = ProxyRequest { stem: stem.into(), query: "a=1&Email=ceo%40corp.example".into(), ..ProxyRequest::default() };
    check(Unified::ProxyRequest(proxied), &[], &[(ThingKind::Url, stem), (ThingKind::Mailbox, "ceo@corp.example")]);
}

#[test]
fn what_starts_by_itself() {
    let module = Setting { section: "system.webServer/globalModules".into(), element: "add".into(), location: "".into() };
    check(
        Unified::Setting(module),
        &[("name", "Sneaky"), ("image", r"C:\x\sneaky.dll")],
        &[(ThingKind::Autostart, "Sneaky"), (ThingKind::File, r"C:\x\sneaky.dll")],
    );
    let folder = Setting { section: "sites/site/application".into(), element: "virtualDirectory".into(), location: "".into() };
    for (application, url) in [("/", "/x"), ("/owa", "/owa/x")] {
        check(
            Unified::Setting(folder.clone()),
            &[("path", "/x"), ("Application", application), ("physicalPath", r"C:\ProgramData\COM\")],
            &[(ThingKind::Url, url), (ThingKind::File, r"C:\ProgramData\COM\")],
        );
    }
    let key = r"HKLM\SYSTEM\CurrentControlSet\Services\Sneaky\Parameters";
    let value = RegistryValue { key: key.into(), name: "ServiceDll".into(), data: r"C:\x.dll".into() };
    check(Unified::RegistryValue(value), &[], &[(ThingKind::Autostart, "Sneaky"), (ThingKind::Command, r"C:\x.dll")]);
    let task = ScheduledTask {
        name: r"\Winnet".into(),
        command: "cmd.exe".into(),
        arguments: "/c x".into(),
        ..ScheduledTask::default()
    };
    check(Unified::ScheduledTask(task), &[], &[(ThingKind::Autostart, r"\Winnet"), (ThingKind::Command, "cmd.exe /c x")]);
    let service = ServiceInstalled { name: "Sneaky".into(), command: "x.exe".into(), ..ServiceInstalled::default() };
    check(Unified::ServiceInstalled(service), &[], &[(ThingKind::Autostart, "Sneaky"), (ThingKind::Command, "x.exe")]);
}

#[test]
fn accounts_scripts_files_and_errors() {
    let change = AccountChange { account: "mallory".into(), group: "Organization Management".into(), by: "admin".into() };
    check(
        Unified::AccountChange(change),
        &[],
        &[(ThingKind::Account, "mallory"), (ThingKind::Account, "admin"), (ThingKind::Object, "Organization Management")],
    );
    let text = r"Copy-Item C:\Temp\a.txt D:\inetpub\wwwroot\b.aspx -Force";
    check(
        Unified::ScriptBlock(ScriptBlock { text: text.into(), path: "".into() }),
        &[],
        &[(ThingKind::File, r"D:\inetpub\wwwroot\b.aspx"), (ThingKind::Page, "b.aspx")],
    );
    let path = r"file:_C:\inetpub\wwwroot\aspnet_client\c.aspx; process:_pid:4";
    check(
        Unified::AntivirusFinding(AntivirusFinding { path: path.into(), ..AntivirusFinding::default() }),
        &[],
        &[(ThingKind::File, r"C:\inetpub\wwwroot\aspnet_client\c.aspx"), (ThingKind::Page, "c.aspx")],
    );
    let script = ServedFile { sha256: "ab".to_owned(), ..ServedFile::default() };
    let entry = FileEntry { path: r"C:\x\d.aspx".into(), script: Some(Box::new(script)), ..FileEntry::default() };
    check(
        Unified::FileEntry(Box::new(entry)),
        &[],
        &[(ThingKind::File, r"C:\x\d.aspx"), (ThingKind::Page, "d.aspx"), (ThingKind::Hash, "ab")],
    );
    let error = HttpError { url: "/owa/auth/e.aspx?x=1".into(), client: "192.0.2.7".into(), ..HttpError::default() };
    check(
        Unified::HttpError(error),
        &[],
        &[(ThingKind::Address, "192.0.2.7"), (ThingKind::Url, "/owa/auth/e.aspx"), (ThingKind::Page, "e.aspx")],
    );
}

#[test]
fn other_events_by_their_well_known_fields() {
    check(
        Unified::Other,
        &[
            ("TargetUserName", "mallory"),
            ("IpAddress", "LOCAL"),
            ("ClientAddress", "192.0.2.7"),
            ("ObjectName", r"\\127.0.0.1\c$\inetpub\wwwroot\f.aspx"),
            ("ServiceName", "-"),
        ],
        &[
            (ThingKind::Account, "mallory"),
            (ThingKind::Address, "192.0.2.7"),
            (ThingKind::File, r"C:\inetpub\wwwroot\f.aspx"),
            (ThingKind::Page, "f.aspx"),
        ],
    );
}
