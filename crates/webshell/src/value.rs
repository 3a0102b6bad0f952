//! Values of the interpreter: what is known of them, where they come from, how they were made.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::evidence::{Control, SourceKind, Taint};
use crate::interpret::Callable;
use crate::ir::Name;

/// A map that keeps its order.
pub(crate) type Map<K, V> = indexmap::IndexMap<K, V, foldhash::fast::RandomState>;

/// Strings that grow longer than this are no longer known.
pub(crate) const MAX_BYTES: usize = 16 << 20;

/// So many names are kept of which a value is one.
const MAX_CHOICES: usize = 12;

/// So much is kept of a string that is known in part.
const KEPT: usize = 300;

#[derive(Clone, Default)]
pub(crate) struct Value {
    pub known: Known,
    pub taint: Option<Taint>,
    pub made: Made,
}

#[derive(Clone, Default)]
pub(crate) enum Known {
    /// Never set.
    Undefined,
    #[default]
    Unknown,
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Bytes(Rc<[u8]>),
    /// A string with something unknown in it.
    Partial(Rc<Partial>),
    Array(Rc<Array>),
    Object(Rc<Object>),
    Function(Rc<Callable>),
    /// A class, a namespace or a part of a qualified name, as written.
    Type(Name),
    /// The request or a part of it.
    Request(Part),
    /// PHP's `$GLOBALS`.
    Globals,
}

/// Parts of a request. What is taken out of them comes from the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The request as an object.
    All,
    Parameters,
    Cookies,
    Headers,
    Body,
    /// The uploaded files.
    Files,
    /// One uploaded file.
    File,
    /// Facts of the server and of the request in one (`$_SERVER`, `Request.ServerVariables`).
    Server,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Partial {
    pub prefix: Vec<u8>,
    pub suffix: Vec<u8>,
    /// What stands in front of the last unknown piece, where there are several.
    pub inner: Vec<u8>,
    /// It is one of these names, each on another way through the code. Empty if that is not known.
    pub choices: Vec<Rc<[u8]>>,
}

/// How a value was made, as a set of flags.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Made(u8);

impl Made {
    /// It was decoded: base64, compression, rotation, a home-made loop.
    pub(crate) const DECODED: Self = Self(1);
    /// It was put together from pieces or characters.
    pub(crate) const BUILT: Self = Self(2);
    /// It was read from an unlikely carrier: a comment, a picture's metadata, another file.
    pub(crate) const CARRIED: Self = Self(4);
    /// A loop changed it character by character.
    pub(crate) const LOOPED: Self = Self(8);
    /// It is one character, which some languages count with. Says nothing of how it was made.
    pub(crate) const CHARACTER: Self = Self(16);
    /// It is what it says on one way through the code; on another it is something else. Conditions must not count on it.
    pub(crate) const MAYBE: Self = Self(32);

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn has(self, flag: Self) -> bool {
        self.0 & flag.0 != 0
    }

    pub(crate) fn without(self, flag: Self) -> Self {
        Self(self.0 & !flag.0)
    }

    pub(crate) fn is_plain(self) -> bool {
        self.without(Self::CHARACTER).without(Self::MAYBE).0 == 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Int(i64),
    Bytes(Rc<[u8]>),
}

#[derive(Default)]
pub(crate) struct Array {
    pub entries: Map<Key, Value>,
    pub next: i64,
    /// What stands under keys that are not known.
    pub rest: Option<Box<Value>>,
}

/// An object of a class of this file or of the platform.
pub(crate) struct Object {
    /// Lower case, without namespace.
    pub class: Name,
    pub declared: Option<Rc<crate::interpret::ClassOf>>,
    pub fields: RefCell<Map<Name, Value>>,
    /// What was put into it.
    pub taint: RefCell<Option<Taint>>,
}

impl Value {
    pub(crate) fn unknown() -> Self {
        Self::default()
    }

    pub(crate) fn undefined() -> Self {
        Known::Undefined.into()
    }

    pub(crate) fn null() -> Self {
        Known::Null.into()
    }

    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        Known::Bytes(bytes.into()).into()
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::bytes(text.as_bytes())
    }

    pub(crate) fn int(number: i64) -> Self {
        Known::Int(number).into()
    }

    pub(crate) fn bool(truth: bool) -> Self {
        Known::Bool(truth).into()
    }

    pub(crate) fn tainted(taint: Taint) -> Self {
        Self { known: Known::Unknown, taint: Some(taint), made: Made::default() }
    }

    pub(crate) fn list(values: Vec<Self>) -> Self {
        let mut array = Array::default();
        for value in values {
            array.push(value);
        }
        Known::Array(Rc::new(array)).into()
    }

    pub(crate) fn object(class: &str) -> Self {
        Known::Object(Rc::new(Object::new(class))).into()
    }

    /// Unknown, but from where its parts come from.
    pub(crate) fn from_all<'a>(values: impl IntoIterator<Item = &'a Self>, control: Control) -> Self {
        let mut taint = None;
        let mut made = Made::default();
        for value in values {
            taint = Taint::stronger(taint, value.deep_taint());
            made = made.and(value.made);
        }
        Self { known: Known::Unknown, taint: taint.map(|taint: Taint| taint.at_most(control)), made }
    }

    pub(crate) fn with(mut self, made: Made) -> Self {
        self.made = self.made.and(made);
        self
    }

    pub(crate) fn with_taint(mut self, taint: Option<Taint>) -> Self {
        self.taint = Taint::stronger(self.taint.take(), taint);
        self
    }

    /// The taint of the value or of anything in it.
    pub(crate) fn deep_taint(&self) -> Option<Taint> {
        self.taint_to(3)
    }

    fn taint_to(&self, depth: usize) -> Option<Taint> {
        if depth == 0 {
            return self.taint.clone();
        }
        let inner = match &self.known {
            Known::Array(array) => array
                .entries
                .values()
                .take(64)
                .chain(array.rest.as_deref())
                .fold(None, |taint, value| Taint::stronger(taint, value.taint_to(depth - 1))),
            Known::Object(object) => {
                let own = object.taint.borrow().clone();
                object
                    .fields
                    .borrow()
                    .values()
                    .take(64)
                    .fold(own, |taint, value| Taint::stronger(taint, value.taint_to(depth - 1)))
            }
            Known::Request(part) => {
                let taint = Taint::source(part.kind(), "", crate::evidence::Spot::default());
                // Of what the server says of itself and of a request, little is the visitor's.
                Some(if *part == Part::Server { taint.at_most(Control::Weak) } else { taint })
            }
            _ => None,
        };
        Taint::stronger(self.taint.clone(), inner)
    }

    /// Whether a visitor's request decides it, at least so much.
    pub(crate) fn is_requested(&self, control: Control) -> bool {
        self.deep_taint().is_some_and(|taint| taint.is_request() && taint.control >= control)
    }

    /// Whether it comes from a variable that nothing sets, at least so much.
    pub(crate) fn is_undefined(&self, control: Control) -> bool {
        self.deep_taint().is_some_and(|taint| taint.kind() == SourceKind::Undefined && taint.control >= control)
    }

    /// Whether a visitor decides it, be it with variables that only old PHP takes from his request.
    pub(crate) fn is_visitors(&self, control: Control) -> bool {
        self.is_requested(control) || self.is_undefined(control)
    }

    pub(crate) fn is_known(&self) -> bool {
        !matches!(self.known, Known::Unknown | Known::Undefined | Known::Partial(_) | Known::Request(_))
    }

    /// The string that it is, where it is one (numbers and truth values as PHP and JScript write them).
    pub(crate) fn as_bytes(&self) -> Option<Rc<[u8]>> {
        Some(match &self.known {
            Known::Bytes(bytes) => bytes.clone(),
            Known::Null => Rc::from(&b""[..]),
            Known::Bool(true) => Rc::from(&b"1"[..]),
            Known::Bool(false) => Rc::from(&b""[..]),
            Known::Int(number) => number.to_string().into_bytes().into(),
            Known::Float(number) => number.to_string().into_bytes().into(),
            Known::Array(_) => Rc::from(&b"Array"[..]),
            Known::Type(name) => name.as_bytes().into(),
            _ => return None,
        })
    }

    pub(crate) fn as_text(&self) -> Option<String> {
        self.as_bytes().map(|bytes| text_of(&bytes))
    }

    /// The code of the character that it is.
    pub(crate) fn code_of_character(&self) -> Option<i64> {
        let bytes = self.only_bytes()?;
        let mut characters = std::str::from_utf8(bytes).ok().map(str::chars);
        match (characters.as_mut().and_then(Iterator::next), characters.and_then(|mut rest| rest.next()), &bytes[..]) {
            (Some(one), None, _) => Some(i64::from(u32::from(one))),
            (None, None, [byte]) => Some(i64::from(*byte)),
            _ => None,
        }
    }

    /// A string only if it is a string.
    pub(crate) fn only_bytes(&self) -> Option<&Rc<[u8]>> {
        match &self.known {
            Known::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        Some(match &self.known {
            Known::Int(number) => *number,
            Known::Float(number) => *number as i64,
            Known::Bool(truth) => i64::from(*truth),
            Known::Null => 0,
            Known::Bytes(bytes) => number_of(bytes).map_or(0, |number| number as i64),
            _ => return None,
        })
    }

    pub(crate) fn as_float(&self) -> Option<f64> {
        Some(match &self.known {
            Known::Float(number) => *number,
            Known::Bytes(bytes) => number_of(bytes).unwrap_or(0.0),
            _ => self.as_int()? as f64,
        })
    }

    /// Its truth, as PHP and JScript see it.
    pub(crate) fn truth(&self) -> Option<bool> {
        if self.made.has(Made::MAYBE) {
            return None;
        }
        Some(match &self.known {
            Known::Null | Known::Undefined => return None,
            Known::Bool(truth) => *truth,
            Known::Int(number) => *number != 0,
            Known::Float(number) => *number != 0.0,
            Known::Bytes(bytes) => !bytes.is_empty() && &bytes[..] != b"0",
            Known::Array(array) if array.rest.is_none() => !array.entries.is_empty(),
            Known::Object(_) | Known::Function(_) => true,
            _ => return None,
        })
    }

    /// What is known of its beginning and end.
    pub(crate) fn edges(&self) -> Partial {
        match &self.known {
            Known::Partial(partial) => (**partial).clone(),
            Known::Type(_) => Partial::default(),
            _ => match self.as_bytes() {
                Some(bytes) => Partial { prefix: bytes.to_vec(), suffix: bytes.to_vec(), ..Partial::default() },
                None => Partial::default(),
            },
        }
    }

    /// The class of an object, lower case, or of a type; empty if it is neither.
    pub(crate) fn class(&self) -> &str {
        match &self.known {
            Known::Object(object) => &object.class,
            _ => "",
        }
    }

    /// Two values that a place may have, one way or the other.
    pub(crate) fn either(one: &Self, other: &Self) -> Self {
        let known = match (&one.known, &other.known) {
            (Known::Undefined, Known::Null) | (Known::Null, Known::Undefined) => Known::Undefined,
            // What old PHP takes from the request is still there on the way that does not clear it.
            (Known::Undefined, known) if one.taint.is_some() && known.is_empty() => Known::Undefined,
            (known, Known::Undefined) if other.taint.is_some() && known.is_empty() => Known::Undefined,
            (Known::Undefined, known) | (known, Known::Undefined) => known.clone(),
            (one, other) if one.same(other) => one.clone(),
            // An empty string, null or false is what stands there before something comes; what comes matters.
            (a, _) if one.taint.is_none() && a.is_empty() => other.known.clone(),
            (_, b) if other.taint.is_none() && b.is_empty() => one.known.clone(),
            (Known::Array(one), Known::Array(other)) => Known::Array(Rc::new(Array::either(one, other))),
            (Known::Object(object), _) | (_, Known::Object(object)) => Known::Object(object.clone()),
            (Known::Request(part), _) | (_, Known::Request(part)) => Known::Request(*part),
            (one_known, other_known) => {
                let taint = Taint::stronger(one.deep_taint(), other.deep_taint());
                let choices = Partial::choices_of(one_known, other_known);
                let known = choices.map_or(Known::Unknown, |partial| Known::Partial(partial.into()));
                return Self { known, taint, made: one.made.and(other.made).and(Made::MAYBE) };
            }
        };
        let mut made = one.made.and(other.made);
        if !one.known.same(&other.known) {
            made = made.and(Made::MAYBE);
        }
        Self { known, taint: Taint::stronger(one.taint.clone(), other.taint.clone()), made }
    }
}

impl Known {
    fn is_empty(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Array(array) => array.entries.is_empty() && array.rest.is_none(),
            _ => false,
        }
    }

    /// Whether both are known and the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) | (Self::Globals, Self::Globals) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one == other,
            (Self::Bytes(one), Self::Bytes(other)) => Rc::ptr_eq(one, other) || one == other,
            (Self::Partial(one), Self::Partial(other)) => one == other,
            (Self::Array(one), Self::Array(other)) => Rc::ptr_eq(one, other),
            (Self::Object(one), Self::Object(other)) => Rc::ptr_eq(one, other),
            (Self::Function(one), Self::Function(other)) => Rc::ptr_eq(one, other),
            (Self::Type(one), Self::Type(other)) => one == other,
            (Self::Request(one), Self::Request(other)) => one == other,
            _ => false,
        }
    }
}

impl From<Known> for Value {
    fn from(known: Known) -> Self {
        Self { known, taint: None, made: Made::default() }
    }
}

thread_local! {
    static HANDLED: Cell<u64> = const { Cell::new(0) };
}

/// How often so many elements of arrays were copied or put in on this thread; what is left over waits for the next time. It is
/// counted where it happens, as whoever copies an array that grows with each round of a loop does not see that.
pub(crate) fn elements_handled(lot: u64) -> u64 {
    let handled = HANDLED.get();
    HANDLED.set(handled % lot);
    handled / lot
}

fn handle(elements: usize) {
    HANDLED.set(HANDLED.get() + elements as u64);
}

impl Clone for Array {
    fn clone(&self) -> Self {
        handle(self.entries.len());
        Self { entries: self.entries.clone(), next: self.next, rest: self.rest.clone() }
    }
}

impl Array {
    pub(crate) fn push(&mut self, value: Value) {
        handle(1);
        self.entries.insert(Key::Int(self.next), value);
        self.next = self.next.saturating_add(1);
    }

    pub(crate) fn set(&mut self, key: Key, value: Value) {
        if let Key::Int(number) = key {
            self.next = self.next.max(number.saturating_add(1));
        }
        handle(1);
        self.entries.insert(key, value);
    }

    /// Puts something under a key that is not known.
    pub(crate) fn set_somewhere(&mut self, value: Value) {
        let rest = match &self.rest {
            Some(rest) => Value::either(rest, &value),
            None => value,
        };
        self.rest = Some(Box::new(rest));
    }

    pub(crate) fn get(&self, key: &Key) -> Option<&Value> {
        self.entries.get(key).or(self.rest.as_deref())
    }

    /// The values in order, if all are known.
    pub(crate) fn all(&self) -> Option<impl Iterator<Item = &Value>> {
        self.rest.is_none().then(|| self.entries.values())
    }

    /// Its elements as bytes, if it is a plain list of numbers or characters.
    pub(crate) fn to_bytes(&self) -> Option<Vec<u8>> {
        self.all()?.map(|value| value.as_int().map(|number| number as u8)).collect()
    }

    fn either(one: &Self, other: &Self) -> Self {
        let mut joined = one.clone();
        handle(other.entries.len());
        // What one has under a key the other may have under a key that is not known.
        for (key, value) in &other.entries {
            let value = match one.get(key) {
                Some(mine) => Value::either(mine, value),
                None => value.clone(),
            };
            joined.entries.insert(key.clone(), value);
        }
        if let Some(rest) = other.rest.as_deref() {
            let only_mine = joined.entries.iter_mut().filter(|(key, _)| !other.entries.contains_key(*key));
            for (_, value) in only_mine {
                *value = Value::either(value, rest);
            }
        }
        if let Some(rest) = &other.rest {
            joined.set_somewhere((**rest).clone());
        }
        joined.next = one.next.max(other.next);
        joined
    }
}

impl Key {
    pub(crate) fn text(text: &str) -> Self {
        Self::Bytes(text.as_bytes().into())
    }

    /// The key that a value is, as PHP's arrays see it. None if it is not known.
    pub(crate) fn of(value: &Value) -> Option<Self> {
        Some(match &value.known {
            Known::Int(number) => Self::Int(*number),
            Known::Bool(truth) => Self::Int(i64::from(*truth)),
            Known::Float(number) => Self::Int(*number as i64),
            Known::Null => Self::Bytes(Rc::from(&b""[..])),
            Known::Bytes(bytes) => match std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<i64>().ok()) {
                Some(number) if number.to_string().as_bytes() == &bytes[..] => Self::Int(number),
                _ => Self::Bytes(bytes.clone()),
            },
            _ => return None,
        })
    }

    pub(crate) fn value(&self) -> Value {
        match self {
            Self::Int(number) => Value::int(*number),
            Self::Bytes(bytes) => Known::Bytes(bytes.clone()).into(),
        }
    }
}

impl Object {
    pub(crate) fn new(class: &str) -> Self {
        Self { class: class.into(), declared: None, fields: RefCell::default(), taint: RefCell::default() }
    }

    pub(crate) fn field(&self, name: &str) -> Option<Value> {
        self.fields.borrow().get(name).cloned()
    }

    pub(crate) fn set(&self, name: &str, value: Value) {
        if let Some(old) = self.fields.borrow_mut().get_mut(name) {
            *old = value;
            return;
        }
        self.fields.borrow_mut().insert(name.into(), value);
    }

    /// Something was put into it.
    pub(crate) fn take(&self, taint: Option<Taint>) {
        if taint.is_some() {
            let old = self.taint.borrow_mut().take();
            *self.taint.borrow_mut() = Taint::stronger(old, taint);
        }
    }
}

impl Partial {
    /// `one` and then `other`, of which at least one is not wholly known.
    pub(crate) fn joined(one: &Value, other: &Value) -> Self {
        let nothing = Self::default();
        let partial = |value: &Value| match &value.known {
            Known::Partial(partial) => Some(Rc::clone(partial)),
            _ => None,
        };
        let (before, behind) = (partial(one), partial(other));
        let (before, behind) = (before.as_deref().unwrap_or(&nothing), behind.as_deref().unwrap_or(&nothing));
        let is_type = |value: &Value| matches!(value.known, Known::Type(_));
        let (first, last) = (one.as_bytes().filter(|_| !is_type(one)), other.as_bytes().filter(|_| !is_type(other)));
        let head = |bytes: &[u8]| bytes.get(..bytes.len().min(KEPT)).unwrap_or_default().to_vec();
        let tail = |bytes: &[u8]| bytes.get(bytes.len().saturating_sub(KEPT)..).unwrap_or_default().to_vec();
        let prefix = match &first {
            Some(bytes) => head(&[head(bytes), last.as_deref().map_or_else(|| head(&behind.prefix), head)].concat()),
            None => head(&before.prefix),
        };
        let suffix = match &last {
            Some(bytes) => tail(&[first.as_deref().map_or_else(|| tail(&before.suffix), tail), tail(bytes)].concat()),
            None => tail(&behind.suffix),
        };
        let inner = match (&first, &last) {
            (_, Some(_)) => before.inner.clone(),
            (Some(_), None) => behind.inner.clone(),
            (None, None) if !behind.inner.is_empty() => behind.inner.clone(),
            (None, None) => tail(&[&before.suffix[..], &behind.prefix].concat()),
        };
        Self { prefix, suffix, inner, choices: Vec::new() }
    }

    /// Whether it says no more than that something is unknown.
    pub(crate) fn is_nothing(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty() && self.inner.is_empty() && self.choices.is_empty()
    }

    /// One name or another. None if they are none, or too many to look at each.
    fn choices_of(one: &Known, other: &Known) -> Option<Self> {
        let names = |known: &Known| match known {
            Known::Bytes(bytes) if is_name(bytes) => Some(vec![bytes.clone()]),
            Known::Partial(partial) if !partial.choices.is_empty() => Some(partial.choices.clone()),
            _ => None,
        };
        let mut choices = names(one)?;
        for name in names(other)? {
            if !choices.contains(&name) {
                choices.push(name);
            }
        }
        (choices.len() <= MAX_CHOICES).then_some(Self { choices, ..Self::default() })
    }
}

/// Whether a text may be the name of a function or class.
fn is_name(bytes: &[u8]) -> bool {
    (2..=64).contains(&bytes.len())
        && !bytes[0].is_ascii_digit()
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'\\' | b':'))
}

impl Part {
    /// The kind of what is taken out of it.
    pub(crate) fn kind(self) -> SourceKind {
        match self {
            Self::All | Self::Parameters => SourceKind::Parameter,
            Self::Cookies => SourceKind::Cookie,
            Self::Headers | Self::Server => SourceKind::Header,
            Self::Body => SourceKind::Body,
            Self::Files | Self::File => SourceKind::Upload,
        }
    }
}

/// Bytes as text. What is no UTF-8 is read as Latin-1, as parsers do with names, so that different bytes stay different.
pub(crate) fn text_of(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The number at the start of a string, as PHP reads it.
pub(crate) fn number_of(bytes: &[u8]) -> Option<f64> {
    let text: String = bytes.iter().take(32).map(|byte| char::from(*byte)).collect();
    let text = text.trim_start();
    let mut end = 0;
    let mut seen = (false, false, false);
    for (index, character) in text.char_indices() {
        match character {
            '0'..='9' => seen.0 = true,
            '+' | '-' if index == 0 => {}
            '.' if !seen.1 && !seen.2 => seen.1 = true,
            'e' | 'E' if seen.0 && !seen.2 => {
                let after = text.get(index + 1..).unwrap_or_default();
                if !after.trim_start_matches(['+', '-']).starts_with(|next: char| next.is_ascii_digit()) {
                    break;
                }
                seen.2 = true;
            }
            '+' | '-' if text.get(..index).is_some_and(|before| before.ends_with(['e', 'E'])) => {}
            _ => break,
        }
        end = index + character.len_utf8();
    }
    if !seen.0 {
        return None;
    }
    text.get(..end)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_copy_of_an_array_counts() {
        let list = |length: i64| Value::list((0..length).map(Value::int).collect());
        elements_handled(1);
        let (one, other) = (list(10), list(20));
        assert_eq!(elements_handled(1), 30, "put in");
        assert_eq!(elements_handled(1), 0, "asked once");
        let shared = one.clone();
        assert_eq!(elements_handled(1), 0, "the same array is no copy");
        Value::either(&shared, &other);
        assert_eq!(elements_handled(8), 3, "ten are copied, twenty are put in: three lots of eight");
        assert_eq!(elements_handled(1), 6, "and the rest");
    }
}
