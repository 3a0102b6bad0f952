//! The registry of the running Windows: the keys and values that a hive's reader hands on.

use std::fmt::Write as _;
use std::io;

use afterpatch_artifacts::{WantedKey, wanted_registry};
use afterpatch_model::{LiveLine, LiveValue};
use afterpatch_sys::registry::{Key, Root, Value};

/// Keys below a wanted one are followed so far.
const DEEPEST: usize = 32;
/// Values taken at most: a server has some thousand tasks and services with a few each.
const MOST_VALUES: usize = 200_000;
/// Bytes of other data taken of a value: what is shown of a hive's, and what a task runs.
const MOST_BYTES: usize = 64 << 10;

pub(super) fn hand_on(lines: &mut Vec<LiveLine>) {
    for wanted in wanted_registry() {
        // The running system's own set is an alias of one of the others, which all would say the same again.
        let path: Vec<&str> =
            wanted.path().iter().map(|name| if *name == "ControlSet*" { "CurrentControlSet" } else { name }).collect();
        let name = format!(r"HKLM\{}", wanted.hive);
        match Key::open(Root::LocalMachine, wanted.hive) {
            Ok(Some(key)) => below(&key, &name, &path, &wanted, 0, lines),
            Ok(None) => {}
            Err(error) => refused(&name, &error, lines),
        }
    }
}

fn below(key: &Key, name: &str, path: &[&str], wanted: &WantedKey, beyond: usize, lines: &mut Vec<LiveLine>) {
    let Some((next, rest)) = path.split_first() else {
        values(key, name, wanted, lines);
        if wanted.is_deep() && beyond < DEEPEST {
            each(key, name, "*", &[], wanted, beyond + 1, lines);
        }
        return;
    };
    if next.contains('*') {
        each(key, name, next, rest, wanted, beyond, lines);
    } else {
        enter(key, name, next, rest, wanted, beyond, lines);
    }
}

fn each(key: &Key, name: &str, pattern: &str, rest: &[&str], wanted: &WantedKey, beyond: usize, lines: &mut Vec<LiveLine>) {
    match key.keys() {
        Ok(names) => {
            for child in names.iter().filter(|child| WantedKey::matches(pattern, child)) {
                enter(key, name, child, rest, wanted, beyond, lines);
            }
        }
        Err(error) => refused(name, &error, lines),
    }
}

fn enter(key: &Key, name: &str, child: &str, rest: &[&str], wanted: &WantedKey, beyond: usize, lines: &mut Vec<LiveLine>) {
    let name = format!(r"{name}\{child}");
    match key.below(child) {
        Ok(Some(key)) => below(&key, &name, rest, wanted, beyond, lines),
        Ok(None) => {}
        Err(error) => refused(&name, &error, lines),
    }
}

fn values(key: &Key, name: &str, wanted: &WantedKey, lines: &mut Vec<LiveLine>) {
    let values = match key.values() {
        Ok(values) => values,
        Err(error) => return refused(name, &error, lines),
    };
    for (own, value) in values.into_iter().filter(|(own, _)| wanted.takes(own)) {
        if lines.len() >= MOST_VALUES {
            return;
        }
        lines.push(LiveLine::Registry { key: name.to_owned(), name: own, value: told(value) });
    }
}

fn told(value: Value) -> LiveValue {
    match value {
        Value::Text(text) => LiveValue::Text(text),
        Value::Texts(texts) => LiveValue::Texts(texts),
        Value::Number(number) => u32::try_from(number).map_or(LiveValue::Long(number), LiveValue::Number),
        Value::Bytes(kind, bytes) => {
            let mut hex = String::new();
            for byte in bytes.iter().take(MOST_BYTES) {
                // Writing to a string cannot fail.
                let _ = write!(hex, "{byte:02x}");
            }
            LiveValue::Bytes(kind, hex)
        }
    }
}

fn refused(name: &str, error: &io::Error, lines: &mut Vec<LiveLine>) {
    lines.push(LiveLine::Gap { what: name.to_owned(), why: error.to_string() });
}
