//! What is written beside the oldest logs: rows fit their heads, every product is seen, and an ordinary day has every trap.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use afterpatch_lab::{Lab, LabFile, Product, Scenario, Variant, make};

fn text(file: &LabFile) -> &str {
    std::str::from_utf8(&file.bytes).unwrap()
}

/// Everything of the files whose path holds `part`.
fn all(lab: &Lab, part: &str) -> String {
    lab.files.iter().filter(|file| file.windows_path.contains(part)).map(text).collect()
}

/// Log folders of Exchange, and some columns that each must have.
const LOGS: [(&str, &[&str]); 8] = [
    (r"\CmdletInfra\Powershell-Proxy\Http\Rps_Http_", &["ClientInfo", "UrlQuery", "CommandName"]),
    (r"\CmdletInfra\Powershell-Proxy\Cmdlet\Rps_Cmdlet_", &["Cmdlet", "Parameters", "AuthenticatedUser"]),
    (r"\CmdletInfra\LocalPowerShell\Cmdlet\", &["Cmdlet", "Parameters"]),
    (r"\LocalQueue\Exchange\audit", &["Operation", "Data"]),
    (r"\ECP\Activity\ECPActivity_", &["EventData"]),
    (r"\Logging\Ews\Ews_", &["SoapAction", "ResponseSize"]),
    (r"\MessageTracking\MSGTRKMS", &["event-id", "sender-address"]),
    (r"\MessageTracking\MSGTRK2", &["event-id", "total-bytes"]),
];

#[test]
fn rows_of_exchange_logs_have_the_columns_of_their_head() {
    for seed in 0..12 {
        let lab = make(&Scenario::small(seed, Variant::Benign));
        for (part, needed) in LOGS {
            let files = lab.files.iter().filter(|file| file.windows_path.contains(part)).collect::<Vec<_>>();
            assert!(!files.is_empty(), "{seed} {part}");
            for file in files {
                let body = text(file).strip_prefix('\u{feff}').unwrap();
                let fields = body.lines().find_map(|line| line.strip_prefix("#Fields: ")).unwrap();
                let columns = fields.split(',').collect::<Vec<_>>();
                assert!(needed.iter().all(|column| columns.contains(column)), "{part}: {fields}");
                for line in body.lines().filter(|line| !line.starts_with('#')) {
                    assert_eq!(csv_fields(line).len(), columns.len(), "{}\n{line}", file.windows_path);
                }
            }
        }
    }
}

/// Fields of an RFC 4180 row.
fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for character in line.chars() {
        match character {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().unwrap().push(character),
        }
    }
    assert!(!quoted, "{line}");
    fields
}

#[test]
fn the_audit_queue_holds_json() {
    let lab = make(&Scenario::small(3, Variant::ProxyShellExport));
    let mut operations = BTreeSet::new();
    for line in all(&lab, r"\LocalQueue\").lines().filter(|line| line.contains("ExchangeAdmin")) {
        let (_, data) = line.split_once(",\"").unwrap();
        let (data, _) = data.rsplit_once("\",").unwrap();
        let data: serde_json::Value = serde_json::from_str(&data.replace("\"\"", "\"")).unwrap();
        operations.insert(data["Operation"].as_str().unwrap().to_owned());
    }
    assert!(operations.contains("New-MailboxExportRequest") && operations.contains("Set-Mailbox"));
    assert!(operations.iter().all(|operation| !operation.starts_with("Get-")));
}

#[test]
fn every_product_is_seen_and_fits_its_time() {
    let mut products = Vec::new();
    for seed in 0..60 {
        let scenario = Scenario::small(seed, Variant::Benign);
        let product = scenario.server.product;
        assert!(product != Product::ExchangeSe || scenario.start.to_string().as_str() > "2025-07");
        if !products.contains(&product) {
            products.push(product);
        }
    }
    assert_eq!(products.len(), 4);
    let scenarios = (0..30).map(|seed| Scenario::small(seed, Variant::Relay62911));
    assert!(scenarios.into_iter().all(|scenario| scenario.start.to_string().starts_with("2026-")));
}

#[test]
fn exposure_is_closed_by_the_builds_from_august_2026_on_alone() {
    // Aug26SU, Sep26SU and its second version, for every product that a scenario of that time runs.
    let closed = [
        ["15.2.2562.46", "15.2.1748.49", "15.2.1544.44", ""],
        ["15.2.2562.49", "15.2.1748.51", "15.2.1544.46", "15.1.2507.73"],
        ["15.2.2562.53", "15.2.1748.53", "15.2.1544.48", "15.1.2507.75"],
    ];
    let words = (0..60).map(|seed| make(&Scenario::small(seed, Variant::Benign)).truth).map(|truth| {
        let last = truth.builds.last().unwrap().as_str();
        assert_eq!(closed.as_flattened().contains(&last), truth.verdict.exposure == "fixed", "{last}");
        truth.verdict.exposure
    });
    // Holes that came out after the end of 2013 were never looked at there.
    assert_eq!(words.collect::<BTreeSet<_>>(), ["cannot_tell", "fixed", "open"].map(str::to_owned).into());
}

/// The false alarms that were met in real reports, each by a word of its own, as some file of some ordinary servers has it.
#[test]
fn ordinary_days_have_every_trap() {
    let labs = (0..10).map(|seed| make(&Scenario::small(seed, Variant::Benign))).collect::<Vec<_>>();
    let traps = [
        ("own probes", r"\HttpProxy\", "AMProbe/Local"),
        ("own probes of remote PowerShell", "Rps_Http_", "Exchange BackEnd Probes"),
        ("load balancer", "W3SVC1", "healthcheck.htm"),
        ("scanner of the whole net", "W3SVC1", "zgrab"),
        ("version hunter", r"\HttpProxy\Ecp", "exporttool"),
        ("vendor's archive", "events.json", "7z.exe"),
        ("dump of a service", "events.json", ".dmp"),
        ("genuine page on a list", "W3SVC1", "/ecp/auth/TimeoutLogout.aspx"),
        ("genuine page on a list", "W3SVC1", "/owa/auth/RedirSuiteServiceProxy.aspx"),
        ("genuine page on a list", "W3SVC1", "/owa/auth/frowny.aspx"),
        ("crawler", "W3SVC1", "DuckDuckBot"),
        ("export for a leaver", "events.json", "leavers$"),
        ("words of attacks in a check", "events.json", "Test-ProxyLogon.ps1"),
        ("own rules", r"inetpub\wwwroot\web.config", "root to webmail"),
        ("mitigation", r"inetpub\wwwroot\web.config", "X-BEResource Abort - inbound"),
        ("health after mitigation", "HealthChecker-report", "OWACalendar.Proxy"),
        ("agent of a product", "agents.config", "Mail Security"),
        ("module of a product", "applicationHost.config", "requestRouter.dll"),
        ("service of a product", "events.json", "Monitoring Agent"),
        ("assistant", "events.json", "Add-MailboxPermission"),
        ("group", "events.json", "\"EventID\":4756"),
        ("backup of mailboxes", r"\Logging\Ews\", "MailBackup"),
        ("rule of a user", r"\ECP\Server\", "New-InboxRule"),
        ("move to the cloud", "W3SVC1", "/EWS/mrsproxy.svc"),
        ("page of an administrator", "W3SVC1", "/monitor/status.aspx"),
        ("refused by the kernel", "HTTPERR", "Timer_ConnectionIdle"),
        ("setup", "ExchangeSetup.log", "Setup version: 15."),
    ];
    for (trap, part, word) in traps {
        assert!(labs.iter().any(|lab| all(lab, part).contains(word)), "{trap}: {word} in {part}");
    }
    assert!(labs.iter().all(|lab| lab.truth.planted.is_empty()));
}

#[test]
fn what_was_deleted_is_missing_and_what_was_fetched_is_big() {
    for seed in 0..6 {
        let lab = make(&Scenario::small(seed, Variant::PostLogTampering));
        let hours = lab.files.iter().filter(|file| file.windows_path.contains(r"\HttpProxy\Owa\")).count();
        assert!((69..=71).contains(&hours), "{seed}: {hours}");
        let lab = make(&Scenario::small(seed, Variant::PostMemoryDump));
        let line = all(&lab, "W3SVC1").lines().find(|line| line.contains(".dmp.zip")).unwrap().to_owned();
        let sent = line.rsplit(' ').nth(2).unwrap().parse::<u64>().unwrap();
        assert_eq!(lab.truth.taken[0].bytes, sent, "{line}");
        assert!(sent > 10_000_000 && line.contains(&lab.truth.taken[0].actor), "{line}");
    }
}

#[test]
fn a_rogue_module_is_in_the_configuration_and_in_its_later_copies() {
    let lab = make(&Scenario::small(5, Variant::PostIisModule));
    let planted = lab.truth.planted.iter().find(|planted| planted.source.windows_path.contains(r"inetsrv\config")).unwrap();
    let present = all(&lab, r"inetsrv\config\applicationHost.config");
    let line = present.lines().nth(usize::try_from(planted.source.line.unwrap()).unwrap() - 1).unwrap().to_owned();
    assert!(line.contains("image="), "{line}");
    let copies = lab.files.iter().filter(|file| file.windows_path.contains("CFGHISTORY")).map(text);
    assert_eq!(copies.map(|copy| copy.contains(&line)).collect::<Vec<_>>(), [false, true]);
}
