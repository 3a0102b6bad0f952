//! Shells whose input is a connection to another machine: whoever is at its other end gives the commands.

use crate::evidence::{SourceKind, Spot, Taint};
use crate::interpret::Interpreter;
use crate::value::{Known, Value};

/// Whether a value is a connection.
pub(super) fn is_connection(value: &Value) -> bool {
    matches!(&value.known, Known::Object(stream) if &*stream.class == "socket")
}

/// Whether a stream that takes the place of a standard one is a connection, or may be one as nobody knows where it leads.
pub(super) fn may_be_connection(value: &Value) -> bool {
    is_connection(value) || matches!(value.known, Known::Unknown | Known::Undefined)
}

/// The command of a process that gets `stream` as input or output: a connection decides what it does.
pub(super) fn commanded_by<'a>(command: Value, streams: impl IntoIterator<Item = &'a Value>) -> Value {
    if command.taint.is_none() && streams.into_iter().any(is_connection) { by_the_other_end(command) } else { command }
}

/// The command of a process that inherits the standard streams.
pub(super) fn commanded(it: &Interpreter<'_>, command: Value) -> Value {
    let opens = command.as_text().is_none_or(|text| ends_in_shell(&text));
    if command.taint.is_none() && it.runtime.streams_are_connection && opens { by_the_other_end(command) } else { command }
}

fn by_the_other_end(command: Value) -> Value {
    command.with_taint(Some(Taint::source(SourceKind::Remote, "", Spot::default())))
}

/// Whether the last of some commands is a shell.
pub(super) fn ends_in_shell(commands: &str) -> bool {
    commands.rsplit([';', '&', '|']).find(|last| !last.trim().is_empty()).is_some_and(crate::verdict::is_bare_shell)
}
