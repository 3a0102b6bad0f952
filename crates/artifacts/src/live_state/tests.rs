#![allow(clippy::unwrap_used)]
use super::*;
use crate::testing::Written;

const STATE: &str = r#"{"record":"live","schema":"afterpatch.live/1","host":"EX01","system":"windows","time":"2026-11-28T10:00:00Z","elevated":false}
{"record":"registry","key":"HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run","name":"x","value":{"text":"C:\\ProgramData\\x.exe"}}
{"record":"registry","key":"HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa","name":"Security Packages","value":{"texts":["a","b"]}}
{"record":"registry","key":"HKLM\\SYSTEM\\CurrentControlSet\\Control\\TimeZoneInformation","name":"Bias","value":{"number":4294967236}}
{"record":"registry","key":"HKLM\\X","name":"Actions","value":{"bytes":[3,"0300630061006c0063002e00650078006500"]}}
{"record":"process","pid":7,"image":"C:\\Windows\\System32\\cmd.exe","command_line":"cmd /c whoami","parent_pid":5,"parent_image":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","parent_command_line":"w3wp.exe -ap \"MSExchangeOWAAppPool\""}
{"record":"module","pid":5,"image":"C:\\Windows\\System32\\inetsrv\\w3wp.exe","module":"C:\\PerfLogs\\log.dll","signed":false}
{"record":"gap","what":"HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths","why":"Access is denied. (os error 5)"}
{"record":"of a later version"}
"#;

#[test]
fn values_are_told_as_a_hive_tells_them() {
    assert!(is_live_state(STATE.as_bytes()));
    assert!(!is_live_state(b"{\"record\":\"collection\"}\n"));
    let mut reader = Reader::default();
    let written = Written::by(|sink| {
        for (number, text) in (1..).zip(STATE.lines()) {
            let _ = reader.line(number, text, sink);
        }
    });
    assert_eq!(written.records.len(), 6, "{}", written.text);
    for expected in [
        r#"name: "x", data: "C:\\ProgramData\\x.exe""#,
        r#"data: "a; b""#,
        r#"data: "-60""#,
        "Text=calc.exe",
        r#"parent_image: "C:\\Windows\\System32\\inetsrv\\w3wp.exe""#,
        "2026-11-28T10:00:00Z server=EX01 source=windows/process_creation/",
        "source=windows/image_load/",
        r"ImageLoaded=C:\PerfLogs\log.dll",
        "Signed=false",
    ] {
        assert!(written.text.contains(expected), "{expected}: {}", written.text);
    }
    let gaps: Vec<&str> = written.gaps.iter().map(|gap| &*gap.2).collect();
    assert!(matches!(&*gaps, [rights, denied, _] if rights.contains("rights") && denied.contains("Exclusions")), "{gaps:?}");
}
