//! PHP's own serialised form: strings, numbers, arrays, objects.

use crate::interpret::Interpreter;
use crate::value::{Array, Key, Known, Value};

/// What a serialised text stands for. If only its beginning is known, an object of the class that it names.
pub(super) fn unserialized(it: &mut Interpreter<'_>, data: &Value, at: u32) -> Option<Value> {
    match data.only_bytes().cloned() {
        Some(bytes) => {
            let mut rest = &bytes[..];
            read(it, &mut rest, 0, at)
        }
        None => {
            let prefix = data.edges().prefix;
            let class = prefix.strip_prefix(b"O:")?;
            let quote = class.iter().position(|byte| *byte == b'"')?;
            let class = class.get(quote + 1..)?;
            let end = class.iter().position(|byte| *byte == b'"')?;
            let class = String::from_utf8_lossy(class.get(..end)?).into_owned();
            let own = it.own_class(&class)?;
            let member = Value { known: Known::Unknown, ..data.clone() };
            let members = own.class.fields.iter().filter(|field| !field.is_static);
            let members = members.map(|field| (field.name.to_string(), member.clone())).collect();
            Some(it.revived(&class, members, None, at))
        }
    }
}

fn until(rest: &mut &[u8], stop: u8) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == stop)?;
    let part = rest.get(..end)?.to_vec();
    *rest = rest.get(end + 1..)?;
    Some(part)
}

fn number(rest: &mut &[u8], stop: u8) -> Option<i64> {
    std::str::from_utf8(&until(rest, stop)?).ok()?.parse().ok()
}

fn read(it: &mut Interpreter<'_>, rest: &mut &[u8], depth: u32, at: u32) -> Option<Value> {
    if depth > 30 {
        return None;
    }
    let kind = *rest.first()?;
    *rest = rest.get(2..)?;
    match kind {
        b'N' => Some(Value::null()),
        b'i' => Some(Value::int(number(rest, b';')?)),
        b'b' => Some(Value::bool(number(rest, b';')? != 0)),
        b'd' => {
            let part = until(rest, b';')?;
            Some(Known::Float(std::str::from_utf8(&part).ok()?.parse().ok()?).into())
        }
        b's' => {
            let length = usize::try_from(number(rest, b':')?).ok()?;
            let text = rest.get(1..length.checked_add(1)?)?.to_vec();
            *rest = rest.get(length.checked_add(3)?..)?;
            Some(Value::bytes(&text))
        }
        b'a' => Some(super::array_value(entries(it, rest, depth, at)?)),
        b'O' => {
            let length = usize::try_from(number(rest, b':')?).ok()?;
            let class = String::from_utf8_lossy(rest.get(1..length.checked_add(1)?)?).into_owned();
            *rest = rest.get(length.checked_add(3)?..)?;
            let members = entries(it, rest, depth, at)?;
            let members = members.entries.into_iter().filter_map(|(name, value)| {
                // Private and protected members have the class or a star between zeros in front.
                let name = name.value().as_text()?;
                Some((name.rsplit('\0').next()?.to_owned(), value))
            });
            Some(it.revived(&class, members.collect(), None, at))
        }
        _ => None,
    }
}

fn entries(it: &mut Interpreter<'_>, rest: &mut &[u8], depth: u32, at: u32) -> Option<Array> {
    let count = number(rest, b':')?;
    *rest = rest.get(1..)?;
    let mut out = Array::default();
    for _ in 0..count.clamp(0, 100_000) {
        let key = read(it, rest, depth + 1, at)?;
        let value = read(it, rest, depth + 1, at)?;
        out.set(Key::of(&key)?, value);
    }
    *rest = rest.get(1..)?;
    Some(out)
}
