//! Objects: what `bless` makes of a hash is one thing, wherever it is kept.

use std::rc::Rc;

use crate::interpret::Interpreter;
use crate::value::{Key, Known, Object, Value};

/// The class of all of them: packages are not told apart, their functions have one name each.
const CLASS: &str = "perl object";

/// The field that holds what stands under keys that nobody knows.
const REST: &str = "rest";

/// `bless {…}, "Package"`. What is no hash stays what it is.
pub(super) fn blessed(what: &Value, _package: &str) -> Value {
    let Known::Array(hash) = &what.known else { return what.clone() };
    let object = Object::new(CLASS);
    for (key, value) in &hash.entries {
        if let Some(name) = key.value().as_text() {
            object.set(&field(&name), value.clone());
        }
    }
    if let Some(rest) = &hash.rest {
        object.set(REST, (**rest).clone());
    }
    object.take(what.taint.clone());
    Interpreter::object_value(Rc::new(object))
}

/// `$object->{key}`.
pub(super) fn element(object: &Object, key: Option<&Value>) -> Option<Value> {
    if &*object.class != CLASS {
        return None;
    }
    let known = key.filter(|key| key.is_known()).and_then(Key::of).and_then(|key| key.value().as_text());
    match known {
        Some(name) => object.field(&field(&name)).or_else(|| object.field(REST)).or_else(|| Some(Value::undefined())),
        None => Some(Value::unknown().with_taint(object.taint.borrow().clone())),
    }
}

/// How the interpreter keeps elements of an object.
fn field(key: &str) -> String {
    format!("[{key}]")
}
