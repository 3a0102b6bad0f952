//! Scheduled tasks that were registered, updated or deleted (Security, task scheduler).

use std::borrow::Cow;

use afterpatch_model::ScheduledTask;

use super::WindowsEvent;
use crate::xml_text::{elements, unescape};

/// Security 4698 and 4702 hold the whole task as XML; 4699, 4700 and 4701 may.
pub(super) fn of_security<'a>(event: &WindowsEvent<'a>) -> ScheduledTask<'a> {
    let new = event.text("TaskContentNew");
    let xml = if new.is_empty() { event.text("TaskContent") } else { new };
    let first = |xml: &str, open| elements(xml, open).next().map(|(_, text)| unescape(text.trim()).into_owned());
    let principals = xml.split("<Principals").nth(1).unwrap_or_default();
    ScheduledTask {
        name: event.text("TaskName"),
        command: first(&xml, "<Command").unwrap_or_default().into(),
        arguments: first(&xml, "<Arguments").unwrap_or_default().into(),
        author: first(&xml, "<Author").unwrap_or_default().into(),
        user: first(principals, "<UserId").or_else(|| first(principals, "<GroupId")).unwrap_or_default().into(),
    }
}

/// The task scheduler's own 106 (registered), 140 (updated) and 141 (deleted) name the task and the user only.
pub(super) fn of_scheduler<'a>(event: &WindowsEvent<'a>) -> ScheduledTask<'a> {
    let user = event.text("UserContext");
    ScheduledTask {
        name: event.text("TaskName"),
        command: Cow::Borrowed(""),
        arguments: Cow::Borrowed(""),
        author: Cow::Borrowed(""),
        user: if user.is_empty() { event.text("UserName") } else { user },
    }
}
