//! The antivirus of Windows: found (1116), acted (1117), settings changed (5007), signatures updated (2000).

use super::{Event, Provider};
use crate::{clock::Moment, dice::Dice};

const DEFENDER: Provider = Provider {
    source: "Microsoft-Windows-Windows Defender",
    guid: Some("{11CD958A-C507-4EF3-B3F2-5FD9DFBD2C78}"),
    channel: "Microsoft-Windows-Windows Defender/Operational",
    keywords: "0x8000000000000000",
};

const PRODUCT: &str = "Microsoft Defender Antivirus";

/// `id` is 1116 (found) or 1117 (acted: into quarantine).
pub(crate) fn found(dice: &mut Dice, at: Moment, id: u32, threat: &str, path: &str, process: &str) -> Event {
    let action = if id == 1116 { "Not Applicable" } else { "Quarantine" };
    let title = if id == 1116 {
        "has detected malware or other potentially unwanted software."
    } else {
        "has taken action to protect this machine from malware or other potentially unwanted software."
    };
    let message = format!(
        "{PRODUCT} {title}\r\n Name: {threat}\r\n Severity: Severe\r\n Category: Backdoor\r\n Path: file:_{path}\r\n Detection \
         Origin: Local machine\r\n Detection Source: Real-Time Protection\r\n User: NT AUTHORITY\\SYSTEM\r\n Process Name: \
         {process}\r\n Action: {action}"
    );
    let data = vec![
        ("Product Name", PRODUCT.to_owned()),
        ("Product Version", "4.18.2102.4".to_owned()),
        ("Detection ID", format!("{{{}}}", dice.guid().to_ascii_uppercase())),
        ("Detection Time", at.iso()),
        ("Threat ID", "2147770971".to_owned()),
        ("Threat Name", threat.to_owned()),
        ("Severity Name", "Severe".to_owned()),
        ("Category Name", "Backdoor".to_owned()),
        ("Source Name", "Real-Time Protection".to_owned()),
        ("Process Name", process.to_owned()),
        ("Detection User", r"NT AUTHORITY\SYSTEM".to_owned()),
        ("Path", format!("file:_{path}")),
        ("Action Name", action.to_owned()),
        ("Error Code", "0x00000000".to_owned()),
    ];
    Event { provider: &DEFENDER, id, level: if id == 1116 { 3 } else { 4 }, task: 0, message, data }
}

/// A setting: its place below `HKLM\SOFTWARE\Microsoft\Windows Defender\`, and its new value.
pub(crate) fn setting(place: &str, value: &str) -> Event {
    let new = format!(r"HKLM\SOFTWARE\Microsoft\Windows Defender\{place} = {value}");
    let message = format!(
        "{PRODUCT} Configuration has changed. If this is an unexpected event you should review the settings as this may be the \
         result of malware.\r\n Old value: \r\n New value: {new}"
    );
    let data = vec![
        ("Product Name", PRODUCT.to_owned()),
        ("Product Version", "4.18.2102.4".to_owned()),
        ("Old Value", String::new()),
        ("New Value", new),
    ];
    Event { provider: &DEFENDER, id: 5007, level: 4, task: 0, message, data }
}

pub(crate) fn signatures(version: &str) -> Event {
    let message = format!("{PRODUCT} signature version has been updated.\r\n Current signature Version: {version}");
    let data = vec![("Product Name", PRODUCT.to_owned()), ("Current signature Version", version.to_owned())];
    Event { provider: &DEFENDER, id: 2000, level: 4, task: 0, message, data }
}
