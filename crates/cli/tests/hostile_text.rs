//! Evidence is hostile: whatever text an attacker puts into a request, a name or an event is shown inert in every output.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod common;

use std::fs;

use common::{afterpatch, code};

/// Script, markup, terminal control, spreadsheet formula, text direction, in one string.
const PAYLOAD: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>=cmd|'/c calc'!A0\u{1b}[31m\u{1b}]0;t\u{7}\u{202e}\u{2066}\u{200f}\u{9b}1m]]></pre>";

fn evidence(folder: &std::path::Path) {
    let quoted = format!("\"{}\"", PAYLOAD.replace('"', "\"\""));
    let mut row: Vec<String> = vec![quoted; 9];
    row[0] = "2021-03-01T10:00:01.000Z".to_owned();
    row[3] = format!("\"ServerInfo~{}/ecp/proxyLogon.ecp\"", PAYLOAD.replace('"', "\"\""));
    row[2] = String::new();
    row.extend(["241".to_owned(), "241".to_owned(), "POST".to_owned()]);
    let log = format!(
        "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: HttpProxy Logs\r\n#Date: 2021-03-01T10:00:00Z\r\n\
         #Fields: DateTime,RequestId,AuthenticatedUser,AnchorMailbox,UrlStem,UrlQuery,UserAgent,ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,Method\r\n{}\r\n",
        row.join(",")
    );
    fs::write(folder.join("HttpProxy_2021030110-1.LOG"), log).unwrap();
    let text = |value: &str| serde_json::to_string(value).unwrap();
    let event = |channel: &str, id: u32, rest: &str| {
        format!(
            "{{\"SourceName\":{0},\"Channel\":{channel},\"EventID\":{id},\"Hostname\":{0},\"@timestamp\":\"2021-03-01T10:00:02.000Z\",{rest}}}\n",
            text(PAYLOAD)
        )
    };
    let set = format!("Cmdlet suceeded. Cmdlet Set-OabVirtualDirectory, parameters -ExternalUrl \"http://f/#{PAYLOAD}\".");
    let sysmon = text("Microsoft-Windows-Sysmon/Operational");
    let events = [
        event(&text("MSExchange Management"), 1, &format!("\"Message\":{}", text(&set))),
        event(
            &sysmon,
            1,
            &format!(
                "\"UtcTime\":\"2021-03-01 10:00:02.000\",\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\",\"ParentImage\":\"C:\\\\x\\\\w3wp.exe\",\"CommandLine\":{},\"User\":{},\"Message\":{}",
                text(PAYLOAD),
                text(PAYLOAD),
                text(PAYLOAD)
            ),
        ),
        event(
            &sysmon,
            11,
            &format!(
                "\"UtcTime\":\"2021-03-01 10:00:03.000\",\"Image\":\"System\",\"TargetFilename\":{}",
                text(&format!("C:\\X\\FrontEnd\\HttpProxy\\owa\\auth\\{}.aspx", PAYLOAD.replace(['/', ':'], "_")))
            ),
        ),
        "{\"EventID\": broken <script>alert(2)</script>\u{1b}[31m\n".to_owned(),
    ];
    fs::write(folder.join("events.json"), events.concat()).unwrap();
    // A file name may hold almost anything on Linux.
    fs::write(folder.join("=1+1 <script>alert(3)<_script>\u{1b}[31m\u{202e}.evtx"), b"nothing").unwrap();
}

#[test]
fn every_output_shows_hostile_text_inert() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("case\u{202e}<script>");
    fs::create_dir(&case).unwrap();
    evidence(&case);
    for format in afterpatch_report::Format::ALL.map(afterpatch_report::Format::slug) {
        for lang in ["en", "de"] {
            let output = afterpatch(&[
                "scan",
                "--quiet",
                "--no-color",
                "-o",
                "-",
                "--format",
                format,
                "--lang",
                lang,
                case.to_str().unwrap(),
            ]);
            assert_eq!(code(&output), 13, "{}", String::from_utf8_lossy(&output.stderr));
            let shown = String::from_utf8(output.stdout).unwrap();
            for c in shown.chars() {
                let harmless = matches!(c, '\n' | '\t')
                    || !(c.is_control()
                        || ('\u{200e}'..='\u{200f}').contains(&c)
                        || ('\u{202a}'..='\u{202e}').contains(&c)
                        || ('\u{2066}'..='\u{2069}').contains(&c));
                assert!(harmless, "{format}: {:?} reaches the reader", c);
            }
            // The payload must be there, or this test proves nothing.
            assert!(shown.contains("alert(1)") && shown.contains("calc"), "{format}: the evidence is shown");
            if format == "html" {
                // The one script is ours; what it may be is tested in `report`.
                let (before, own) = shown.rsplit_once("<script>").unwrap();
                let lower = format!("{before}{}", own.split_once("</script>").unwrap().1).to_lowercase();
                for markup in ["<script", "<img", "javascript:", "onerror=alert(1)>"] {
                    assert!(!lower.contains(markup), "{markup} is live");
                }
                assert!(lower.contains("content-security-policy") && lower.contains("default-src &#39;none&#39;"));
            }
        }
    }
}

/// What a name in a log can do to a report it can do to a check.
#[test]
fn the_check_shows_hostile_text_inert_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let case = folder.path().join("=case\u{202e}<script>");
    fs::create_dir(&case).unwrap();
    evidence(&case);
    let web = format!(
        "<configuration><system.webServer><rewrite><rules><rule name=\"PowerShell - inbound {}\"><match url=\".*\"/><action type=\"None\"/></rule></rules></rewrite></system.webServer></configuration>",
        PAYLOAD.replace(['<', '>', '&', '"', '\u{1b}', '\u{7}'], " ")
    );
    fs::write(case.join("web.config"), &web).unwrap();
    let list = folder.path().join("list.csv");
    fs::write(&list, format!("Server,Build\n\"{}\",15.1.2176.2\n", PAYLOAD.replace('"', "\"\""))).unwrap();
    for target in [&case, &list] {
        for format in ["text", "json", "ndjson", "csv"] {
            for more in [&["--all"][..], &[]] {
                let arguments = ["check", "--quiet", "--no-color", "--format", format, target.to_str().unwrap()];
                let output = afterpatch(&[&arguments, more].concat());
                let shown = String::from_utf8(output.stdout).unwrap();
                for c in shown.chars() {
                    assert!(c == '\n' || !afterpatch_report::hostile::is_hostile(c), "{format}: {c:?} reaches the reader");
                }
                assert!(shown.contains("alert(1)") || shown.contains("=case"), "{format}: the evidence is shown: {shown}");
                if format == "csv" {
                    assert!(!shown.contains(",=") && !shown.contains(",\"="), "{shown}");
                }
            }
        }
    }
}
