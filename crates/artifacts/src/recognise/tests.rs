#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
use std::path::Path;
use std::sync::atomic::AtomicU64;

use afterpatch_evidence::Evidence;

use super::*;
use crate::testing::Written;

/// What each file of a folder was recognised as (slug, words, `not …` or `nothing`), with what was read of it.
fn recognised(folder: &Path) -> Vec<(String, String, Written)> {
    let evidence = Evidence::open(folder).unwrap();
    let done = AtomicU64::new(0);
    let all = evidence.entries().iter().map(|entry| {
        let input = Input::open(entry, &done).unwrap();
        let mut written = Written::default();
        let what = match recognise(&input) {
            Recognised::Format(format) => {
                format.read(&input, &mut written);
                format.kind().slug().to_owned()
            }
            Recognised::KnownUnread(words) => words.to_owned(),
            Recognised::NotWhatItSays(kind) => format!("not {}", kind.slug()),
            Recognised::Nothing => "nothing".to_owned(),
        };
        (entry.path().to_owned(), what, written)
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

#[test]
fn heads_before_names() {
    const TASK: &[u8] = b"<Task xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\"/>";
    const EXCHANGE: &str = "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2375.007\r\n";
    let log = |log_type: &str| format!("{EXCHANGE}#Log-type: {log_type}\r\n#Fields: DateTime,x\r\n").into_bytes();
    let iis = b"#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-uri-stem\r\n".to_vec();
    let access = br#"198.51.100.7 - - [14/Mar/2021:07:40:11 +0100] "GET / HTTP/1.1" 200 5"#;
    // A task that an event tells of is no task.
    let event = format!(
        "<Event><System><EventID>4698</EventID></System><EventData><Data>{}</Data></EventData></Event>",
        String::from_utf8_lossy(TASK).replace('<', "&lt;")
    );
    let noise = b"\x01\xfe\x80noise".to_vec();
    let table: &[(&str, Vec<u8>, &str)] = &[
        ("u_ex210314.log", iis.clone(), "iis_w3c"),
        ("flat name", iis.clone(), "iis_w3c"),
        ("ECPServer20210314-1.LOG", iis, "iis_w3c"),
        ("a.txt", log("HttpProxy Logs"), "exchange_httpproxy"),
        ("b.txt", log("ECP Server Log"), "exchange_ecp"),
        ("OABGeneratorLog/c.log", log("OAB Log"), "exchange_oab_generator"),
        ("d.log", log("ECP Activity Context Log"), "exchange_ecp_activity"),
        ("g.log", log("Rps Http Logs"), "exchange_rps_http"),
        ("h.log", log("Rps Cmdlet Logs"), "exchange_rps_cmdlet"),
        ("i.log", log("audit"), "exchange_audit"),
        ("j.log", log("Message Tracking Log"), "exchange_message_tracking"),
        ("k.log", log("EWS Logs"), "exchange_ews"),
        ("l.log", log("Agent Log"), "Exchange transport agent log"),
        ("e.log", log("A log of tomorrow"), "Exchange log of another kind"),
        ("f.csv", b"DateTime,RequestId,MajorVersion,MinorVersion,SoapAction,HttpStatus\n".to_vec(), "exchange_ews"),
        ("u_ex210315.log", noise.clone(), "not iis_w3c"),
        ("HttpProxy_2021031406-1.LOG", noise.clone(), "not exchange_httpproxy"),
        ("ECPServer20210315-1.LOG", noise.clone(), "not exchange_ecp"),
        ("x.aspx.1a2b.compiled", noise.clone(), "not aspnet_compiled"),
        ("y.aspx.1a2b.compiled", b"<preserve virtualPath=\"/y.aspx\"/>".to_vec(), "aspnet_compiled"),
        ("Security.evtx", noise.clone(), "not evtx"),
        ("u_ex210316.log", Vec::new(), "nothing"),
        ("noise.txt", noise.clone(), "nothing"),
        ("events.txt", event.clone().into_bytes(), "event_xml"),
        ("Windows/System32/Tasks/events", event.into_bytes(), "event_xml"),
        ("shell.aspx", noise.clone(), "served_script"),
        ("wwwroot/logo.gif", b"GIF89a<?php demo_of_a_page(); ?>".to_vec(), "served_script"),
        ("wwwroot/plain.gif", b"GIF89a".to_vec(), "nothing"),
        ("elsewhere/logo.gif", b"GIF89a<?php demo_of_a_page(); ?>".to_vec(), "nothing"),
        ("Temporary ASP.NET Files/copy.aspx", noise.clone(), "nothing"),
        ("web.config", b"<configuration/>".to_vec(), "iis_config"),
        ("backup/applicationHost.config", b"<configuration/>".to_vec(), "iis_config"),
        ("Windows/System32/Tasks/update.exe", TASK.to_vec(), "scheduled_task"),
        ("agents.config", b"<configuration><mexRuntime/></configuration>".to_vec(), "transport_agents"),
        ("odd/agents.config", noise.clone(), "not transport_agents"),
        ("odd/web.config", noise.clone(), "not iis_config"),
        ("MPLog-20210314-064000.log", noise.clone(), "not defender_log"),
        ("Support/MPLog-20210314-064000.log", b"2021-03-14T06:40:13.659Z x\r\n".to_vec(), "defender_log"),
        (
            "DetectionHistory/01/94BBE9CF-CDEB-4885-9178-CC93FB10822D",
            [
                &[8, 0, 0, 0, 8, 0, 0, 0][..],
                &[1; 8],
                &[16, 0, 0, 0, 0x1e, 0, 0, 0],
                &[1; 16],
                &[4, 0, 0, 0, 0x15, 0, 0, 0],
                &[b'x', 0, 0, 0],
            ]
            .concat(),
            "defender_history",
        ),
        ("SYSTEM", b"regf\0\0".to_vec(), "registry_hive"),
        ("SYSTEM.LOG1", [b"regf".as_slice(), &[0; 24], &[6, 0, 0, 0]].concat(), "log of a registry hive"),
        ("httperr1.log", b"#Software: Microsoft HTTP API 2.0\r\n#Fields: date time c-ip cs-method\r\n".to_vec(), "http_err"),
        ("httperr2.log", noise.clone(), "not http_err"),
        ("u_ex210318.log", b"#Software: Microsoft HTTP API 2.0\r\n".to_vec(), "http_err"),
        ("localhost_access_log.2021-03-14.txt", access.to_vec(), "access_log"),
        ("flat access", access.to_vec(), "access_log"),
        ("u_nc210314.log", access.to_vec(), "access_log"),
        ("access.log", noise.clone(), "not access_log"),
        ("u_in210314.log", b"192.0.2.1, -, 03/20/21, 7:55:20, W3SVC2, EX01".to_vec(), "IIS log in the IIS format"),
        ("Rps_Http_2021031406-1.LOG", noise.clone(), "not exchange_rps_http"),
        ("Rps_Cmdlet_2021031406-1.LOG", noise.clone(), "not exchange_rps_cmdlet"),
        ("MSGTRKMS2021031406-1.LOG", noise.clone(), "not exchange_message_tracking"),
        ("Ews_2021031406-1.LOG", noise.clone(), "not exchange_ews"),
        ("ECPActivity_1_20210314-1.LOG", noise.clone(), "not exchange_ecp_activity"),
        ("ExchangeSetup-2.log", noise.clone(), "not exchange_setup"),
        ("ExchangeSetup.log", b"[03/14/2021 06:40:00.0000] [0] x".to_vec(), "exchange_setup"),
        ("$MFT", b"FILE0\0".to_vec(), "not ntfs_mft"),
        ("old.evt", b"\x30\0\0\0LfLe".to_vec(), "event log of Windows XP and 2003 (.evt)"),
        ("disk.bin", b"vhdxfile".to_vec(), "virtual disk (VHDX)"),
        ("a/b/c/inner.zip", b"PK\x03\x04".to_vec(), "zip inside the evidence"),
        ("letter.docx", b"PK\x03\x04".to_vec(), "nothing"),
        ("a/b/c/x.tar.gz", b"\x1f\x8b\x08".to_vec(), "gzip inside the evidence"),
        ("a/b/c/inner.7z", b"7z\xbc\xaf\x27\x1c".to_vec(), "7z archive"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for (name, bytes, what) in table {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
        expected.push((*name, *what));
    }
    expected.sort_unstable();
    let recognised = recognised(folder.path());
    assert_eq!(recognised.iter().map(|(name, what, _)| (name.as_str(), what.as_str())).collect::<Vec<_>>(), expected);
}

#[test]
fn real_logs_of_living_servers_are_all_known_and_read_without_a_gap() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/evidence/normal");
    if !folder.is_dir() {
        println!("skipped: the real logs are not here");
        return;
    }
    // Rows, and one record for the build that each head or its rows name.
    let expected = [
        ("kinesis_exchange_log_1.txt", "exchange_message_tracking", 2),
        ("kinesis_exchange_log_2.txt", "exchange_ews", 8),
        ("kinesis_exchange_log_3.txt", "exchange_ecp_activity", 3),
        ("normal_agentlog20220913_1_log.txt", "Exchange transport agent log", 0),
        ("normal_audit20230111_1_log.txt", "exchange_audit", 1),
        ("normal_autodiscover_httpproxy_2023010919_1_log.txt", "exchange_httpproxy", 2),
        ("normal_eas_httpproxy_2023011116_1_log.txt", "exchange_httpproxy", 2),
        ("normal_ecp_httpproxy_2023010611_1_log.txt", "exchange_httpproxy", 2),
        ("normal_ecpactivity_11500_20230111_1_log.txt", "exchange_ecp_activity", 3),
        ("normal_ecpserver20230111_1_log.txt", "exchange_ecp", 2),
        ("normal_ews_2023010616_1_log.txt", "exchange_ews", 2),
        ("normal_ews_httpproxy_2023010601_1_log.txt", "exchange_httpproxy", 2),
        ("normal_mapi_httpproxy_2023010601_1_log.txt", "exchange_httpproxy", 4),
        ("normal_msgtrkms2022091915_1_log.txt", "exchange_message_tracking", 2),
        ("normal_owa_httpproxy_2023010602_1_log.txt", "exchange_httpproxy", 2),
        ("normal_powershell_httpproxy_2023011116_1_log.txt", "exchange_httpproxy", 3),
        ("normal_recv2023011116_1_log.txt", "Exchange SMTP receive log", 0),
        ("normal_rpchttp_httpproxy_2023010708_1_log.txt", "exchange_httpproxy", 2),
        ("normal_rps_cmdlet_2023011116_1_log.txt", "exchange_rps_cmdlet", 2),
    ];
    let recognised = recognised(&folder);
    let found: Vec<_> =
        recognised.iter().map(|(name, what, written)| (name.as_str(), what.as_str(), written.records.len())).collect();
    assert_eq!(found, expected);
    for (name, _, written) in &recognised {
        // One file was taken out of a program's text, where every quote of a field with commas stood twice.
        let gaps = usize::from(name == "kinesis_exchange_log_1.txt");
        assert_eq!(written.gaps.len(), gaps, "{name}: {:?}", written.gaps);
        assert!(written.times.iter().all(Option::is_some), "{name}");
    }
    // What a row of each kind means.
    let told = [
        ("kinesis_exchange_log_1.txt", r#"event: "AGENTINFO", source: "AGENT""#),
        ("kinesis_exchange_log_2.txt", r#"action: "GetStreamingEvents""#),
        ("kinesis_exchange_log_3.txt", "Build { major: 15, minor: 0, build: 1104, revision: 5 }"),
        ("normal_audit20230111_1_log.txt", r#"name: "Set-Mailbox", parameters: "-Identity \"DOMAIN.TEST/Microsoft Exchange"#),
        ("normal_ecpactivity_11500_20230111_1_log.txt", "PSA=HealthMailboxXXX@domain.com ¦ URL=https://localhost:444/ecp/"),
        ("normal_ews_2023010616_1_log.txt", r#"action: "GetFolder", user: "HealthMailboxXXX@domain.test""#),
        ("normal_msgtrkms2022091915_1_log.txt", r#"subject: "MAIL SUBJECT", client: "95.11.22.33""#),
        (
            "normal_rps_cmdlet_2023011116_1_log.txt",
            r#"name: "Get-Mailbox", parameters: "-ResultSize \"1\"", user: "HealthMailboxXXX""#,
        ),
    ];
    for (file, meaning) in told {
        let written = recognised.iter().find(|(name, ..)| name == file).map(|(_, _, written)| written).unwrap();
        assert!(written.text.contains(meaning), "{file}: {}", written.text);
    }
}
