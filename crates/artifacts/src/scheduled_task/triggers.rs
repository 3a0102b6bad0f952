//! When a task runs, in short words: `Boot`, `Time 2021-03-14T06:00:00 every PT5M`, `Logon (off)`, joined by `; `.

use crate::xml::Element;

/// All triggers of a task.
pub(super) fn in_words(task: &Element) -> String {
    let triggers = task.below(&["Triggers"]).map(|triggers| triggers.children.as_slice()).unwrap_or_default();
    triggers.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn one(trigger: &Element) -> String {
    let mut words = vec![trigger.name.strip_suffix("Trigger").unwrap_or(&trigger.name)];
    // How a calendar repeats: ScheduleByDay, ScheduleByWeek ...
    words.extend(trigger.children.iter().filter_map(|child| child.name.strip_prefix("ScheduleBy")));
    words.extend(Some(trigger.text_below(&["StartBoundary"])).filter(|start| !start.is_empty()));
    let interval = trigger.text_below(&["Repetition", "Interval"]);
    if !interval.is_empty() {
        words.extend(["every", interval]);
    }
    if trigger.text_below(&["Enabled"]) == "false" {
        words.push("(off)");
    }
    words.join(" ")
}
