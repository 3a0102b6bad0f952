//! Values as the functions of .NET and COM take them: text, bytes, numbers, lists.

use std::rc::Rc;

use crate::evidence::{Control, Step, Taint};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Object, Value};

/// Text: strings, characters and numbers, but no names of types.
pub(crate) fn text(value: &Value) -> Option<String> {
    bytes(value).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The bytes of a string or of a list of bytes or characters.
pub(crate) fn bytes(value: &Value) -> Option<Rc<[u8]>> {
    match &value.known {
        Known::Bytes(bytes) => Some(bytes.clone()),
        Known::Int(_) | Known::Float(_) => value.as_bytes(),
        Known::Bool(truth) => Some(if *truth { b"True"[..].into() } else { b"False"[..].into() }),
        Known::Null => Some(b""[..].into()),
        Known::Array(array) => list_bytes(array).map(Into::into),
        _ => None,
    }
}

/// A list of numbers is bytes, one of characters is their text.
fn list_bytes(array: &Array) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for value in array.all()? {
        match &value.known {
            Known::Int(number) => out.push(*number as u8),
            Known::Bytes(bytes) => out.extend_from_slice(bytes),
            _ => return None,
        }
    }
    Some(out)
}

/// Lower-case text.
pub(crate) fn lower(value: &Value) -> String {
    text(value).unwrap_or_default().to_ascii_lowercase()
}

pub(crate) fn int(value: &Value) -> Option<i64> {
    match &value.known {
        Known::Int(_) | Known::Float(_) | Known::Bool(_) => value.as_int(),
        Known::Bytes(bytes) if bytes.first().is_some_and(|first| first.is_ascii_digit() || b"-+ &".contains(first)) => {
            value.as_int()
        }
        _ => None,
    }
}

pub(crate) fn index(value: &Value) -> Option<usize> {
    usize::try_from(int(value)?).ok()
}

/// What a function gives that computes something of values: known if `make` can tell.
pub(crate) fn computed<'a>(
    values: impl IntoIterator<Item = &'a Value>,
    made: Made,
    make: impl FnOnce() -> Option<Known>,
) -> Value {
    let mut value = Value::from_all(values, Control::Whole);
    if let Some(known) = make() {
        value.known = known;
    }
    value.made = value.made.without(Made::CHARACTER);
    value.with(made)
}

pub(crate) fn known_text(text: impl Into<Vec<u8>>) -> Option<Known> {
    Some(Known::Bytes(text.into().into()))
}

/// A number or truth value that is computed of values: nothing of a visitor's text is left.
pub(crate) fn mark<'a>(values: impl IntoIterator<Item = &'a Value>, known: Option<Known>) -> Value {
    let value = Value::from_all(values, Control::Mark);
    Value { known: known.unwrap_or_default(), taint: value.taint, made: Made::default() }
}

/// Unknown, but from where all of it comes from.
pub(crate) fn blurred<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    Value::from_all(values, Control::Whole)
}

/// The same source with less control.
pub(crate) fn weaker(value: &Value, control: Control) -> Value {
    Value::unknown().with_taint(value.deep_taint().map(|taint| taint.at_most(control)))
}

pub(crate) fn through(it: &Interpreter<'_>, value: Value, at: u32, name: &str) -> Value {
    let spot = it.spot(at);
    Value { taint: value.taint.map(|taint: Taint| taint.step(spot, Step::Through(name.into()))), ..value }
}

/// Writes to an argument that is a variable.
pub(crate) fn write_to(it: &mut Interpreter<'_>, args: &Args, index: usize, value: Value) {
    if let Some(Some(slot)) = args.slots.get(index) {
        let slot = slot.clone();
        it.put(&slot, value);
    } else if let Some(Value { known: Known::Object(object), .. }) = args.get(index) {
        object.take(value.deep_taint());
    }
}

/// A new object with fields.
pub(crate) fn object(class: &str, fields: &[(&str, &Value)]) -> Value {
    let object = Object::new(class);
    for (name, value) in fields {
        object.set(name, (*value).clone());
    }
    Known::Object(Rc::new(object)).into()
}

/// A new object that carries what something carries.
pub(crate) fn carrying(class: &str, value: &Value) -> Value {
    let object = Object::new(class);
    object.take(value.deep_taint());
    Value { known: Known::Object(Rc::new(object)), taint: None, made: value.made }
}

/// A field of an object, or unknown.
pub(crate) fn field(value: &Value, name: &str) -> Value {
    match &value.known {
        Known::Object(object) => object.field(name).unwrap_or_default(),
        _ => Value::unknown(),
    }
}

/// The elements of an argument that is an array of arguments.
pub(crate) fn spread(it: &mut Interpreter<'_>, value: &Value, at: u32) -> Args {
    match &value.known {
        Known::Array(array) if array.rest.is_none() => {
            Args::of(array.entries.values().map(|inner| inner.clone().with_taint(value.taint.clone())).collect())
        }
        Known::Null | Known::Undefined => Args::default(),
        _ => Args { rest: Some(it.index(value, None, at)), ..Args::default() },
    }
}

pub(crate) fn array(array: Array) -> Value {
    Known::Array(Rc::new(array)).into()
}

/// A key of a collection, whose names are the same in upper and lower case.
pub(crate) fn key(value: &Value) -> Option<Key> {
    match &value.known {
        Known::Bytes(bytes) => Some(Key::Bytes(bytes.to_ascii_lowercase().into())),
        Known::Int(number) => Some(Key::Int(*number)),
        _ => None,
    }
}

/// The proper spelling of a name that came in lower case.
pub(crate) fn spelled<T: Copy>(table: &[(&'static str, T)], name: &str) -> Option<(&'static str, T)> {
    table.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(name)).copied()
}

/// Whether a value is text, as far as anybody knows: no object, list, function or part of the request.
pub(crate) fn may_be_text(value: &Value) -> bool {
    matches!(value.known, Known::Bytes(_) | Known::Partial(_) | Known::Unknown | Known::Int(_) | Known::Float(_) | Known::Bool(_))
}

/// A text is split into so many pieces or characters.
pub(crate) const MAX_PIECES: usize = 1 << 18;

/// Longer texts and lists are not made by one call.
const MAX_MADE: usize = 8 << 20;

/// Texts that are so long cost what looking at them takes.
const LONG: usize = 1 << 20;

/// Something repeated, unless it becomes too long.
pub(crate) fn repeated(bytes: &[u8], count: usize) -> Option<Vec<u8>> {
    (bytes.len().saturating_mul(count) <= MAX_MADE).then(|| bytes.repeat(count))
}

/// Whether a call may look at its arguments: work on long texts in a loop has an end.
pub(crate) fn may_look<'a>(it: &mut Interpreter<'_>, values: impl IntoIterator<Item = &'a Value>) -> bool {
    let all = values.into_iter().map(weight).fold(0, usize::saturating_add);
    all < LONG || it.may_make(all / 8)
}

/// About how much memory a value takes.
fn weight(value: &Value) -> usize {
    match &value.known {
        Known::Bytes(bytes) => bytes.len(),
        Known::Array(list) => list.entries.len().saturating_mul(64),
        Known::Object(object) => match object.fields.borrow().get("items") {
            Some(Value { known: Known::Array(list), .. }) => list.entries.len().saturating_mul(64),
            _ => 0,
        },
        _ => 0,
    }
}

/// What a call gives, if all calls together have not made too much.
pub(crate) fn bounded(it: &mut Interpreter<'_>, value: Value) -> Value {
    let made = match &value.known {
        Known::Bytes(_) | Known::Array(_) => weight(&value),
        _ => 0,
    };
    if made < 256 || it.may_make(made) {
        value
    } else {
        Value { known: Known::Unknown, taint: value.deep_taint(), made: value.made }
    }
}

/// Every occurrence of something replaced. What would become too long stays as it is.
pub(crate) fn replaced(bytes: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let count = if what.is_empty() { 0 } else { memchr::memmem::find_iter(bytes, what).count() };
    if count == 0 || count.saturating_mul(with.len()).saturating_add(bytes.len()) > MAX_MADE {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, what) {
        out.extend_from_slice(bytes.get(from..at).unwrap_or_default());
        out.extend_from_slice(with);
        from = at + what.len();
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    out
}

/// The pieces between separators. The last one is the rest when there are too many.
pub(crate) fn split(bytes: &[u8], by: &[u8]) -> Vec<Vec<u8>> {
    if by.is_empty() {
        return vec![bytes.to_vec()];
    }
    let mut out = Vec::new();
    let mut from = 0;
    for at in memchr::memmem::find_iter(bytes, by).take(MAX_PIECES) {
        out.push(bytes.get(from..at).unwrap_or_default().to_vec());
        from = at + by.len();
    }
    out.push(bytes.get(from..).unwrap_or_default().to_vec());
    out
}
