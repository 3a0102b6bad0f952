//! CVE-2021-26857: the voice mail service reads a prepared object, fails, and has run a command.

use super::shell::started;
use crate::{clock::Moment, dice::Dice, sources::events::exchange::unified_messaging, stage::Stage, truth::Mark};

pub(crate) fn play(stage: &mut Stage, dice: &mut Dice, at: Moment) {
    let text = "The Unified Messaging server encountered an error while processing the message with header file. More information: \
                System.InvalidCastException: Unable to cast object of type 'System.Collections.Generic.SortedSet`1[System.String]' to \
                type 'Microsoft.Exchange.UM.UMCore.PipelineContext'.";
    stage.event(at + 700, unified_messaging(2, text), Some(Mark::telling("other")));
    let image = stage.world.below(r"Bin\UMWorkerProcess.exe");
    let worker = stage.process(&image, &format!("\"{image}\" -startupMode:TLS"));
    let line = dice.pick(&["whoami", "hostname", "ipconfig"]);
    let shell = stage.process(r"C:\Windows\System32\cmd.exe", &format!("cmd /c {line}"));
    started(stage, at, &shell, &worker, || Some(Mark::telling("command_run")));
    let child = stage.process(&format!(r"C:\Windows\System32\{line}.exe"), line);
    started(stage, at + 31, &child, &shell, || Some(Mark::beside("command_run")));
}
