//! Script blocks that PowerShell ran (4104).

use super::{Event, Provider};
use crate::dice::Dice;

const POWERSHELL: Provider = Provider {
    source: "Microsoft-Windows-PowerShell",
    guid: Some("{A0C1853B-5C40-4B15-8766-3CF1C58F985A}"),
    channel: "Microsoft-Windows-PowerShell/Operational",
    keywords: "0x0",
};

/// `path` is the script's file, empty when it was typed.
pub(crate) fn script_block(dice: &mut Dice, text: &str, path: &str) -> Event {
    let id = dice.guid();
    let message = format!("Creating Scriptblock text (1 of 1):\r\n{text}\r\n\r\nScriptBlock ID: {id}\r\nPath: {path}");
    let data = vec![
        ("MessageNumber", "1".to_owned()),
        ("MessageTotal", "1".to_owned()),
        ("ScriptBlockText", text.to_owned()),
        ("ScriptBlockId", id),
        ("Path", path.to_owned()),
    ];
    Event { provider: &POWERSHELL, id: 4104, level: 5, task: 2, message, data }
}
