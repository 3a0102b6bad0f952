#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use crate::testing::{Written, golden, survives_damage};

fn read(name: &str, bytes: &[u8], sink: &mut Written) {
    let path = format!(r"C:\Windows\System32\Tasks\Microsoft\{}", name.trim_end_matches(".in"));
    task(&decode(bytes), &path, Some(Timestamp::UNIX_EPOCH), sink);
}

#[test]
fn golden_files() {
    golden("scheduled_task", read);
}

#[test]
fn utf_16_reads_the_same() {
    let utf8 = include_str!("testdata/two_actions.in");
    let utf16: Vec<u8> = "\u{feff}".encode_utf16().chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(is_task("anything", &utf16));
    let read = |bytes: &[u8]| Written::by(|sink| read("x", bytes, sink)).text;
    assert_eq!(read(&utf16), read(utf8.as_bytes()));
}

#[test]
fn recognised_by_the_schema_and_not_as_a_template() {
    let head = include_bytes!("testdata/two_actions.in").as_slice();
    let table = [
        (r"C:\Windows\System32\Tasks\Microsoft\Windows\x", head, true),
        ("C/Windows/System32/Tasks/odd name.xml", head, true),
        ("a file on its own", head, true),
        (r"C:\Program Files\Vendor\template.xml", head, false),
        (r"C:\Windows\System32\Tasks\x", b"<Task/>".as_slice(), false),
    ];
    for (location, head, ours) in table {
        assert_eq!(is_task(location, head), ours, "{location}");
    }
    assert_eq!(below_tasks("C/Windows/System32/Tasks/a/b"), Some("/a/b"));
    assert_eq!(below_tasks("Tasks/a"), None);
}

#[test]
fn more_actions_than_a_task_can_have_are_not_told() {
    // Each would tell all triggers.
    let many = |name: &str, one: &str, count| format!("<{name}>{}</{name}>", one.repeat(count));
    for (count, gaps) in [(MOST_ACTIONS, 0), (MOST_ACTIONS + 1, 1), (50_000, 1)] {
        let text = format!("<Task>{}{}</Task>", many("Triggers", "<BootTrigger/>", 50_000), many("Actions", "<Exec/>", count));
        let written = Written::by(|sink| read("x", text.as_bytes(), sink));
        assert_eq!((written.records.len(), written.gaps.len()), (MOST_ACTIONS, gaps), "{count}");
    }
}

#[test]
fn damaged_tasks_are_survived() {
    survives_damage(include_bytes!("testdata/two_actions.in"), |bytes, sink| read("x", bytes, sink));
}
