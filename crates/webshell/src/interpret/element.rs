//! Elements: of arrays, text, objects, the request, and members of classes.

use super::Interpreter;
use crate::evidence::Taint;
use crate::ir::Expr;
use crate::value::{Key, Known, Made, Part, Value};

impl Interpreter<'_> {
    /// An element of something.
    pub(crate) fn index(&mut self, value: &Value, key: Option<&Value>, at: u32) -> Value {
        let is_name = |key: &&Value| matches!(key.known, Known::Bytes(_));
        let named = |found: Value, key: Option<&Value>| match (&found.taint, key.filter(is_name).and_then(Value::as_text)) {
            (Some(taint), Some(name)) => Value { taint: Some(taint.of_parameter(&name)), ..found },
            _ => found,
        };
        let inherit = |found: Value| found.with_taint(value.taint.clone()).with(value.made);
        if let Some(member) = self.element_as_member(value, key, at) {
            return member;
        }
        match &value.known {
            Known::Request(part) => self.of_request(*part, key, at),
            Known::Globals => match key.and_then(Value::as_text) {
                Some(name) => {
                    if let Some(slot) = self.globals.find(&name) {
                        return slot.borrow().clone();
                    }
                    self.special(&name).unwrap_or_default()
                }
                None => Value::unknown().with_taint(key.and_then(|key| key.taint.clone())),
            },
            Known::Array(array) => match key.and_then(Key::of) {
                Some(name) => match array.entries.get(&name) {
                    Some(found) => inherit(found.clone()),
                    None => match array.rest.as_deref() {
                        Some(Value { known: Known::Request(part), .. }) => self.of_request(*part, key, at),
                        Some(rest) => named(inherit(rest.clone()), key),
                        None => Value::null().with_taint(value.taint.clone()),
                    },
                },
                None => {
                    let mut some = Value::unknown();
                    for found in array.entries.values().chain(array.rest.as_deref()) {
                        let taint = match found.known {
                            Known::Request(part) => self.of_request(part, None, at).deep_taint(),
                            _ => found.taint.clone(),
                        };
                        some.taint = Taint::stronger(some.taint.take(), taint);
                    }
                    // One of some names.
                    if (2..=16).contains(&array.entries.len()) && array.rest.is_none() {
                        let either = array.entries.values().cloned().reduce(|one, other| Value::either(&one, &other));
                        some.known =
                            either.map(|one| one.known).filter(|known| matches!(known, Known::Partial(_))).unwrap_or_default();
                    }
                    inherit(some)
                }
            },
            Known::Bytes(bytes) => match key.map(|key| (key, key.as_int())) {
                Some((key, Some(at))) if key.is_known() => {
                    let at = if at < 0 { at.saturating_add(bytes.len() as i64) } else { at };
                    let byte = usize::try_from(at).ok().and_then(|at| bytes.get(at));
                    match byte {
                        Some(byte) => inherit(self.library.character(*byte)).with(Made::BUILT),
                        None => Value::null().with_taint(value.taint.clone()),
                    }
                }
                _ => Value { known: Known::Unknown, taint: value.taint.clone(), made: value.made },
            },
            Known::Object(object) => {
                if let Some(found) = self.library.element(self, object, key, at) {
                    return found;
                }
                if let Some(found) = self.magic(value, "offsetget", key.cloned().into_iter().collect(), at) {
                    return found;
                }
                if let Some(found) = key.and_then(Value::as_text).and_then(|name| object.field(&format!("[{name}]"))) {
                    return inherit(found);
                }
                Value::unknown().with_taint(value.deep_taint())
            }
            _ => Value { known: Known::Unknown, taint: value.taint.clone(), made: value.made },
        }
    }

    /// `a["b"]` where that is `a.b`, as in JScript.
    fn element_as_member(&mut self, value: &Value, key: Option<&Value>, at: u32) -> Option<Value> {
        let key = key.filter(|key| self.library.elements_are_members() && matches!(key.known, Known::Bytes(_)))?;
        let name = key.as_text().filter(|name| !name.starts_with(|first: char| first.is_ascii_digit()))?;
        let found = match &value.known {
            Known::Request(_) | Known::Globals | Known::Unknown | Known::Partial(_) | Known::Undefined => return None,
            Known::Array(array) if Key::of(key).is_some_and(|key| array.entries.contains_key(&key)) => return None,
            Known::Array(_) => self.library.member(self, value, "", &name.to_lowercase(), at)?,
            Known::Object(object) => match self.library.element(self, object, Some(key), at) {
                Some(found) => found,
                None => object.field(&format!("[{name}]")).unwrap_or_else(|| self.member(value, &name, at)),
            },
            _ => self.member(value, &name, at),
        };
        Some(found.with(key.made))
    }

    /// What a visitor sent under a name.
    pub(crate) fn of_request(&mut self, part: Part, key: Option<&Value>, at: u32) -> Value {
        let name = key.and_then(Value::as_text).unwrap_or_default();
        self.read_request = Some(name.as_str().into());
        if part == Part::Files {
            return Known::Request(Part::File).into();
        }
        if let Some(value) = self.library.of_request(self, part, &name, at) {
            return value;
        }
        let spot = self.spot(at);
        Value::tainted(Taint::source(part.kind(), &name, spot))
    }

    pub(super) fn static_member(&mut self, class: &Expr, name: &Expr, at: u32) -> Value {
        let Some(class) = self.eval_class(class) else { return Value::unknown() };
        let Some(name) = self.eval(name).as_text() else { return Value::unknown() };
        if name.eq_ignore_ascii_case("class") {
            return Value::text(&class);
        }
        if let Some(own) = self.own_class(&class) {
            if let Some(slot) = own.statics.find(name.trim_start_matches('$')) {
                let value = slot.borrow().clone();
                return value;
            }
            if let Some(parent) = own.class.extends.first().and_then(|parent| self.own_class(parent))
                && let Some(slot) = parent.statics.find(name.trim_start_matches('$'))
            {
                let value = slot.borrow().clone();
                return value;
            }
        }
        let class = Known::Type(class.as_str().into()).into();
        self.member(&class, &name, at)
    }
}
