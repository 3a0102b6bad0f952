//! Scheduled tasks (XML below `%windir%\System32\Tasks`, UTF-16 with a byte order mark, no extension).
//!
//! Facts: element names of the Task Scheduler schema (Microsoft, MS-TSCH section 2.5). The program trusts nothing of it but
//! what the scheduler acts on: author, date and URI are what the creator wrote, and the date is the local time of whoever
//! wrote it, so the file's time of change is the records' time.
//!
//! One record for each action; a task without any is one record, too. What starts no program (a COM handler) has no command
//! and the field `ClassId`. `TaskFile` is the file's own path, which can contradict the name in it.
//!
//! Old tasks in binary form (`Windows\Tasks\*.job`) are not read.

#[cfg(test)]
mod tests;
mod triggers;

use std::borrow::Cow;

use afterpatch_model::{ArtifactKind, Fields, GapKind, LogSource, Place, Record, ScheduledTask as Task, Timestamp, Unified};

use crate::lines::decode;
use crate::whole::read_whole;
use crate::xml::{self, Element};
use crate::{Flow, Format, Input, Sink};

/// The format of scheduled tasks.
pub struct ScheduledTask;

/// A real one has some KiB.
const MOST_BYTES: u64 = 4 << 20;

/// Actions that a task can have (Microsoft Learn, "Task Actions"). Each is told together with the whole task.
const MOST_ACTIONS: usize = 32;

/// Every version of the schema has it; the scheduler writes it into every file.
const NAMESPACE: &str = "http://schemas.microsoft.com/windows/2004/02/mit/task";

impl Format for ScheduledTask {
    fn kind(&self) -> ArtifactKind {
        ArtifactKind::ScheduledTask
    }

    fn recognise(&self, input: &Input<'_>) -> bool {
        is_task(input.entry().location(), input.head())
    }

    fn read(&self, input: &Input<'_>, sink: &mut dyn Sink) {
        let bytes = read_whole(input, MOST_BYTES, sink);
        task(&decode(&bytes), &input.entry().location().replace('/', r"\"), input.entry().modified(), sink);
    }
}

/// By its head; not what lies elsewhere as `.xml`, which is a template or an export and was perhaps never registered.
fn is_task(location: &str, head: &[u8]) -> bool {
    let template = location.to_ascii_lowercase().ends_with(".xml") && below_tasks(location).is_none();
    !template && xml::head_text(head).is_some_and(|text| text.contains(NAMESPACE))
}

/// The part of a path below the folder of the scheduler's tasks, from its `\` on.
pub(crate) fn below_tasks(location: &str) -> Option<&str> {
    const FOLDER: &str = r"\system32\tasks\";
    let at = location.to_ascii_lowercase().replace('/', r"\").rfind(FOLDER)?;
    location.get(at + FOLDER.len() - 1..)
}

fn task(text: &str, path: &str, modified: Option<Timestamp>, sink: &mut dyn Sink) {
    let document = xml::read(text, sink);
    let Some(task) = document.below(&["Task"]) else {
        return sink.gap(GapKind::Malformed, Place::Whole, "no element <Task>");
    };
    let actions = task.below(&["Actions"]);
    let each = actions.map(|actions| actions.children.as_slice()).unwrap_or_default();
    if each.is_empty() {
        hand_on(task, actions.unwrap_or(task), path, modified, sink);
    }
    if let Some(first) = each.get(MOST_ACTIONS) {
        sink.gap(GapKind::Capped, Place::Line(first.line), "more actions than a task can have; the rest was not read");
    }
    for action in each.iter().take(MOST_ACTIONS) {
        if hand_on(task, action, path, modified, sink) == Flow::Stop {
            return;
        }
    }
}

fn hand_on(task: &Element, action: &Element, path: &str, modified: Option<Timestamp>, sink: &mut dyn Sink) -> Flow {
    let principal = principal(task);
    let of_principal = |name| principal.map_or("", |principal| principal.text_below(&[name]));
    let user = Some(of_principal("UserId")).filter(|user| !user.is_empty()).unwrap_or(of_principal("GroupId"));
    let uri = task.text_below(&["RegistrationInfo", "URI"]);
    let author = task.text_below(&["RegistrationInfo", "Author"]);
    let name = if uri.is_empty() { below_tasks(path).unwrap_or(path) } else { uri };
    let fields: [(&'static str, Cow<'_, str>); 11] = [
        ("Author", author.into()),
        ("Date", task.text_below(&["RegistrationInfo", "Date"]).into()),
        ("URI", uri.into()),
        ("Hidden", task.text_below(&["Settings", "Hidden"]).into()),
        ("Enabled", task.text_below(&["Settings", "Enabled"]).into()),
        ("UserId", user.into()),
        ("RunLevel", of_principal("RunLevel").into()),
        ("Triggers", triggers::in_words(task).into()),
        ("WorkingDirectory", action.text_below(&["WorkingDirectory"]).into()),
        ("ClassId", action.text_below(&["ClassId"]).into()),
        ("TaskFile", path.into()),
    ];
    let present = fields.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name.into(), value));
    sink.record(&Record {
        place: Place::Line(action.line),
        time: modified,
        server: None,
        source: LogSource::fixed("windows", "", "task-file"),
        fields: Fields::Pairs(present.collect()),
        unified: Unified::ScheduledTask(Task {
            name: name.into(),
            command: action.text_below(&["Command"]).into(),
            arguments: action.text_below(&["Arguments"]).into(),
            author: author.into(),
            user: user.into(),
        }),
    })
}

/// The principal that the actions run as: the one that they name, else the first.
fn principal(task: &Element) -> Option<&Element> {
    let context = task.below(&["Actions"]).and_then(|actions| actions.attribute("Context"));
    let principals = || task.below(&["Principals"]).into_iter().flat_map(|all| all.children("Principal"));
    principals().find(|principal| context.is_some() && principal.attribute("id") == context).or_else(|| principals().next())
}
