//! What a line must hold to tell of a step.

/// What must stand in a line that tells this step, by the kind of its file.
pub fn of(step: &str, path: &str) -> &'static [&'static str] {
    let kinds = ["W3SVC1", "W3SVC2", r"\HttpProxy\", r"\ECP\Server\", "events.json", "OABGeneratorLog", ".compiled", ".aspx"];
    // The folder `FrontEnd\HttpProxy` is no log.
    let path = path.replace(r"FrontEnd\HttpProxy", "FrontEnd");
    let kind = kinds.into_iter().find(|kind| path.contains(kind)).unwrap_or_default();
    match (step, kind) {
        ("scan", r"\HttpProxy\") => &["ServerInfo~localhost", ":444/autodiscover/", ".aspx", "autodiscover.json"],
        ("scan", "W3SVC1") => &["/owa/auth/x.js", ".aspx", "autodiscover.json"],
        ("scan", "W3SVC2") => &["/owa/auth/x.js"],
        ("configuration_read", r"\HttpProxy\" | "W3SVC2") => &["GetObject"],
        ("configuration_read", r"\ECP\Server\") => &["S:CMD=Get-", "S:CMD=Pipeline"],
        ("configuration_changed", r"\ECP\Server\") => &["LabInertSink", "S:CMD=Get-"],
        ("directory_reset", r"\HttpProxy\" | "W3SVC2") => &["schema=ResetOABVirtualDirectory"],
        ("directory_reset", r"\ECP\Server\") => &["Remove-OABVirtualDirectory", "New-OABVirtualDirectory"],
        ("directory_reset", "events.json") => &["-OabVirtualDirectory", "MSExchangeOABAppPool", "[Oab]", "SetObject"],
        ("file_written", "OABGeneratorLog") => &["Download failed and temporary file"],
        ("file_present", ".aspx") => &["LabInertSink"],
        ("page_compiled", ".compiled") => &["virtualPath="],
        ("page_compiled", "events.json") => &["Temporary ASP.NET Files", "cvtres.exe"],
        ("removed", r"\ECP\Server\") => &["ExternalUrl=$null"],
        _ => elsewhere(step),
    }
}

/// Steps that many stories share, each with its own words.
fn elsewhere(step: &str) -> &'static [&'static str] {
    match step {
        "scan" => &["/autodiscover/autodiscover.json", ".aspx"],
        "forged_request" => FORGED,
        "session_opened" => &[
            "/ecp/proxyLogon.ecp",
            "X-Rps-CAT=",
            "/autodiscover/autodiscover.json",
            "owershell",
            r#""TargetUserName":"EXCH77$""#,
            "opened a proxy session",
        ],
        "configuration_read" => &["GetObject", "Get-OabVirtualDirectory", "Get-MailboxRegionalConfiguration"],
        "configuration_changed" => {
            &["SetObject", "LabInertSink", "Mailbox Import Export", "ApplicationImpersonation", "ManagePolicyFromISV"]
        }
        "directory_reset" => &["OabVirtualDirectory", "OABVirtualDirectory"],
        "file_written" => &[
            r#""EventID":5145"#,
            r#""EventID":5140"#,
            r#""EventID":11"#,
            "New-MailboxExportRequest",
            "New-ExchangeCertificate",
            "Mailbox Replication",
        ],
        "page_requested" => &[".aspx"],
        "page_gone" => &[".aspx"],
        "command_run" => &["cmd.exe", "whoami", "powershell"],
        "removed" => &[r#""EventID":23"#, "Remove-MailboxExportRequest", r#""EventID":1116"#, r#""EventID":1117"#],
        "directory_added" => &["appcmd", "<virtualDirectory path=\"/auth/"],
        "memory_dumped" => &["MiniDump", "-ma lsass", ".dmp"],
        "data_packed" => &["makecab", ".dmp.zip", "-t7z", "xcopy", r"C:\\ProgramData\\pst\\"],
        "data_fetched" => &["GET"],
        "mail_taken" => &["SyncFolderItems", "GetItem", "GetAttachment", "Exchange.asmx", "New-MailboxExportRequest"],
        "mail_redirected" => {
            &["InboxRules.svc/NewObject", "New-InboxRule", "ForwardingSmtpAddress", "BlindCopyTo", "Add-MailboxPermission"]
        }
        "account_added" => &["net user", "net localgroup", r#""EventID":47"#, "Organization Management"],
        "foothold_added" => &[
            "schtasks",
            r#""EventID":4698"#,
            "<Exec>",
            "sc create",
            r#""EventID":7045"#,
            "appcmd",
            ".dll",
            "<add name=",
            "TransportAgent",
        ],
        "defence_lowered" => &["Add-MpPreference", r#""EventID":5007"#],
        "trace_removed" => {
            &["wevtutil", r#""EventID":1102"#, r#""EventID":104"#, r#""EventID":23"#, "dontLog", "Remove-MailboxExportRequest"]
        }
        "other" => &[
            "System.InvalidCastException",
            "ServiceTopology",
            "CreateItem",
            "RECEIVE",
            "DELIVER",
            "Get-Mailbox",
            "RedirSuiteServiceProxy.aspx",
        ],
        _ => panic!("{step}"),
    }
}

const FORGED: &[&str] = &[
    "ServerInfo~a]@",
    "POST /ecp/",
    "POST /owa/auth/",
    "/mapi/",
    "autodiscover",
    "about.aspx?a=]:444",
    "/EWS/",
    "/RulesEditor/InboxRules.svc/NewObject",
    "/owa/auth/frowny.aspx",
    "/owa/",
    "VIEWSTATE",
    "Viewstate verification failed",
    "UserConfiguration",
    "GetFolder",
    "GetClientAccessToken",
    "Get-App",
    "/ecp/default.aspx",
];
