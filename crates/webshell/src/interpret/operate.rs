//! Operators.

use std::rc::Rc;

use super::{Gate, Interpreter};
use crate::evidence::{Control, Taint};
use crate::ir::{Binary, Unary};
use crate::value::{Known, Made, Partial, Value, number_of};

impl Interpreter<'_> {
    /// Two values joined to one string.
    pub(crate) fn join(&mut self, one: &Value, other: &Value) -> Value {
        let taint = match (&one.taint, &other.taint) {
            (None, None) => None,
            (one_taint, other_taint) => {
                // Next to nothing it stays whole, and next to something else of a visitor's.
                let is_whole = |taint: &Option<Taint>| taint.as_ref().is_some_and(|taint| taint.control == Control::Whole);
                let alone = one.as_bytes().is_some_and(|bytes| bytes.is_empty())
                    || other.as_bytes().is_some_and(|bytes| bytes.is_empty())
                    || is_whole(one_taint) && is_whole(other_taint);
                Taint::stronger(one_taint.clone(), other_taint.clone())
                    .map(|taint| if alone { taint } else { taint.at_most(Control::Part) })
            }
        };
        let made = one.made.and(other.made).and(Made::BUILT).without(Made::CHARACTER);
        let known = match (self.text_of(one), self.text_of(other)) {
            (Some(one), Some(other)) if self.may_make(one.len() + other.len()) => {
                let mut bytes = Vec::with_capacity(one.len() + other.len());
                bytes.extend_from_slice(&one);
                bytes.extend_from_slice(&other);
                Known::Bytes(bytes.into())
            }
            (None, _) | (_, None) => {
                let partial = Partial::joined(one, other);
                if partial.is_nothing() { Known::Unknown } else { Known::Partial(Rc::new(partial)) }
            }
            _ => Known::Unknown,
        };
        Value { known, taint, made }
    }

    /// The string that a value becomes when it is joined.
    pub(crate) fn text_of(&self, value: &Value) -> Option<Rc<[u8]>> {
        match &value.known {
            Known::Array(array) if !self.library.is_php() => {
                // JScript joins the elements with commas.
                let parts: Option<Vec<String>> = array.all()?.map(Value::as_text).collect();
                Some(parts?.join(",").into_bytes().into())
            }
            Known::Bool(truth) if !self.library.is_php() => Some(if *truth { b"true"[..].into() } else { b"false"[..].into() }),
            Known::Object(object) => object.field("value").and_then(|value| value.only_bytes().cloned()),
            Known::Type(_) => None,
            Known::Undefined => Some(b""[..].into()),
            _ => value.as_bytes(),
        }
    }

    pub(crate) fn unary(&mut self, operator: Unary, value: &Value) -> Value {
        let known = match operator {
            Unary::Same => return value.clone(),
            Unary::Not => value.truth().map_or(Known::Unknown, |truth| Known::Bool(!truth)),
            Unary::Minus => match (&value.known, value.as_int(), value.as_float()) {
                (Known::Float(number), ..) => Known::Float(-number),
                (Known::Bytes(bytes), _, Some(number)) if bytes.contains(&b'.') => Known::Float(-number),
                (_, Some(number), _) => Known::Int(number.wrapping_neg()),
                _ => Known::Unknown,
            },
            Unary::Plus => match &value.known {
                Known::Int(_) | Known::Float(_) => value.known.clone(),
                _ => value.as_int().map_or(Known::Unknown, Known::Int),
            },
            Unary::BitNot => match &value.known {
                Known::Bytes(bytes) if self.library.is_php() => {
                    let bytes: Vec<u8> = bytes.iter().map(|byte| !byte).collect();
                    return Value {
                        known: Known::Bytes(bytes.into()),
                        taint: value.taint.clone(),
                        made: value.made.and(Made::DECODED),
                    };
                }
                _ => value.as_int().map_or(Known::Unknown, |number| Known::Int(!number)),
            },
            Unary::TypeOf => match &value.known {
                Known::Type(_) => return value.clone(),
                _ => Known::Unknown,
            },
        };
        let taint = match operator {
            // What is left of it is a truth value or a number.
            Unary::Not | Unary::Minus | Unary::Plus => value.taint.as_ref().map(|taint| taint.at_most(Control::Mark)),
            _ => value.taint.clone(),
        };
        Value { known, taint, made: value.made }
    }

    pub(crate) fn binary(&mut self, operator: Binary, one: &Value, other: &Value, at: u32) -> Value {
        use Binary as B;
        if let Some((one, other)) = self.counted_characters(operator, one, other) {
            return self.binary(operator, &one, &other, at);
        }
        match operator {
            B::Join => return self.join(one, other),
            B::Add => {
                if self.adds_text(one, other) {
                    return self.join(one, other);
                }
                if let (Known::Array(array), Known::Request(_)) = (&one.known, &other.known) {
                    let mut sum = (**array).clone();
                    sum.set_somewhere(other.clone());
                    return Known::Array(Rc::new(sum)).into();
                }
                if let (Known::Request(_), Known::Array(_)) = (&one.known, &other.known) {
                    return one.clone();
                }
                if let (Known::Array(one_array), Known::Array(other_array)) = (&one.known, &other.known) {
                    let mut sum = (**one_array).clone();
                    for (key, value) in &other_array.entries {
                        if !sum.entries.contains_key(key) {
                            sum.set(key.clone(), value.clone());
                        }
                    }
                    if sum.rest.is_none() {
                        sum.rest.clone_from(&other_array.rest);
                    }
                    return Known::Array(Rc::new(sum)).into();
                }
            }
            B::BitXor | B::BitAnd | B::BitOr => {
                if let (Known::Bytes(one_bytes), Known::Bytes(other_bytes)) = (&one.known, &other.known)
                    && self.library.is_php()
                {
                    let bytes = bitwise(operator, one_bytes, other_bytes);
                    return Value {
                        known: Known::Bytes(bytes.into()),
                        taint: Taint::stronger(one.taint.clone(), other.taint.clone()),
                        made: one.made.and(other.made).and(Made::DECODED),
                    };
                }
            }
            B::Equal | B::NotEqual | B::Less | B::LessEqual | B::Greater | B::GreaterEqual | B::Compare => {
                return self.compare(operator, one, other, at);
            }
            B::Repeat => {
                if let (Some(bytes), Some(count)) = (one.as_bytes(), other.as_int())
                    && let Ok(count) = usize::try_from(count)
                    && self.may_make(bytes.len().saturating_mul(count))
                {
                    return Value { known: Known::Bytes(bytes.repeat(count).into()), taint: one.taint.clone(), made: one.made };
                }
                return Value::from_all([one, other], Control::Whole);
            }
            B::And | B::Or | B::Xor | B::Coalesce => {
                let known = match (operator, one.truth(), other.truth()) {
                    (B::And, Some(one), Some(other)) => Known::Bool(one && other),
                    (B::Or, Some(one), Some(other)) => Known::Bool(one || other),
                    (B::Xor, Some(one), Some(other)) => Known::Bool(one != other),
                    _ => Known::Unknown,
                };
                return known.into();
            }
            B::IsA | B::Test => return Value::from_all([one, other], Control::Mark),
            _ => {}
        }
        let (first, second) = (self.number_with_mark(one), self.number_with_mark(other));
        let (first, second) = (first.as_ref().unwrap_or(one), second.as_ref().unwrap_or(other));
        let whole = self.library.counts_characters();
        let operator = match (operator, &first.known, &second.known) {
            (B::Div, Known::Int(_), Known::Int(_)) if whole => B::IntDiv,
            _ => operator,
        };
        let known = arithmetic(operator, first, second).unwrap_or_default();
        // XOR with a key keeps what the visitor decides; sums of numbers do not carry text.
        let keeps =
            matches!(operator, B::BitXor | B::BitAnd | B::BitOr | B::Add | B::Sub | B::ShiftLeft | B::ShiftRight | B::Mod);
        let control = if keeps { Control::Whole } else { Control::Mark };
        let taint = Value::from_all([one, other], control).taint;
        Value { known, taint, made: one.made.and(other.made) }
    }

    /// Text that is a number with a mark in front, as VB and JScript take it: `&H41`, `0x41`.
    fn number_with_mark(&self, value: &Value) -> Option<Value> {
        let text = match &value.known {
            Known::Bytes(bytes) if !self.library.is_php() && bytes.len() < 20 => std::str::from_utf8(bytes).ok()?,
            _ => return None,
        };
        let rest = ["&h", "&H", "0x", "0X"].iter().find_map(|mark| text.trim().strip_prefix(mark))?;
        let number = i64::from_str_radix(rest.trim_end_matches('&'), 16).ok()?;
        Some(Value { known: Known::Int(number), taint: value.taint.clone(), made: value.made })
    }

    /// Characters as numbers, where the language counts with them.
    fn counted_characters(&self, operator: Binary, one: &Value, other: &Value) -> Option<(Value, Value)> {
        if !self.library.counts_characters() || matches!(operator, Binary::Join | Binary::And | Binary::Or | Binary::Coalesce) {
            return None;
        }
        let is_character = |value: &Value| value.made.has(Made::CHARACTER) && matches!(value.known, Known::Bytes(_));
        let (first, second) = (is_character(one), is_character(other));
        if !first && !second {
            return None;
        }
        let may_be_text = |value: &Value| matches!(value.known, Known::Bytes(_) | Known::Partial(_));
        if operator == Binary::Add && (!first && may_be_text(one) || !second && may_be_text(other)) {
            return None;
        }
        let number = |value: &Value| match value.code_of_character() {
            Some(code) if is_character(value) => {
                Value { known: Known::Int(code), taint: value.taint.clone(), made: value.made.without(Made::CHARACTER) }
            }
            _ => Value { made: value.made.without(Made::CHARACTER), ..value.clone() },
        };
        Some((number(one), number(other)))
    }

    /// Whether `+` joins here.
    fn adds_text(&self, one: &Value, other: &Value) -> bool {
        if !self.library.plus_joins() {
            return false;
        }
        let is_text = |value: &Value| matches!(value.known, Known::Bytes(_) | Known::Partial(_));
        let is_number = |value: &Value| matches!(value.known, Known::Int(_) | Known::Float(_));
        if is_text(one) || is_text(other) {
            return true;
        }
        // Unknown text and unknown text: the taint must not be lost; numbers would not carry any.
        !is_number(one) && !is_number(other) && (one.taint.is_some() || other.taint.is_some())
    }

    fn compare(&mut self, operator: Binary, one: &Value, other: &Value, at: u32) -> Value {
        if matches!(operator, Binary::Equal | Binary::NotEqual) {
            self.gate(one, other, at);
            let known = match self.equal(one, other) {
                Some(equal) => Known::Bool(equal == (operator == Binary::Equal)),
                None => Known::Unknown,
            };
            return Value { known, taint: Value::from_all([one, other], Control::Mark).taint, made: Made::default() };
        }
        let maybe = one.made.has(Made::MAYBE) || other.made.has(Made::MAYBE);
        let order = match (&one.known, &other.known) {
            _ if maybe => None,
            (Known::Bytes(a), Known::Bytes(b)) if number_of(a).is_none() || number_of(b).is_none() => Some(a.cmp(b)),
            _ => one.as_float().zip(other.as_float()).and_then(|(a, b)| a.partial_cmp(&b)),
        };
        let known = order.map_or(Known::Unknown, |order| match operator {
            Binary::Less => Known::Bool(order.is_lt()),
            Binary::LessEqual => Known::Bool(order.is_le()),
            Binary::Greater => Known::Bool(order.is_gt()),
            Binary::GreaterEqual => Known::Bool(order.is_ge()),
            _ => Known::Int(order as i64),
        });
        Value { known, taint: Value::from_all([one, other], Control::Mark).taint, made: Made::default() }
    }

    /// Whether two values are equal; none if nobody knows.
    pub(crate) fn equal(&self, one: &Value, other: &Value) -> Option<bool> {
        if !one.is_known() || !other.is_known() || one.made.has(Made::MAYBE) || other.made.has(Made::MAYBE) {
            return None;
        }
        match (&one.known, &other.known) {
            (Known::Bytes(a), Known::Bytes(b)) => Some(a == b),
            (Known::Object(a), Known::Object(b)) => Some(Rc::ptr_eq(a, b)),
            (Known::Null, Known::Null) => Some(true),
            (Known::Object(_) | Known::Array(_) | Known::Function(_) | Known::Type(_), _)
            | (_, Known::Object(_) | Known::Array(_) | Known::Function(_) | Known::Type(_)) => None,
            (Known::Bool(a), _) => other.truth().map(|b| *a == b),
            (_, Known::Bool(b)) => one.truth().map(|a| a == *b),
            (Known::Bytes(text), _) | (_, Known::Bytes(text)) if number_of(text).is_none() => {
                Some(one.as_bytes()? == other.as_bytes()?)
            }
            _ => Some(one.as_float()? == other.as_float()?),
        }
    }

    /// Notes a comparison of something of the request with a constant.
    pub(crate) fn gate(&mut self, one: &Value, other: &Value, at: u32) {
        for (asked, constant) in [(one, other), (other, one)] {
            if let (Some(taint), Known::Bytes(bytes)) = (&asked.taint, &constant.known)
                && taint.is_request()
                && !bytes.is_empty()
                && self.gates.len() < 200
            {
                let spot = self.spot(at);
                let hashed = taint.control == Control::Mark;
                self.gates.push(Gate { taint: taint.clone(), constant: bytes.clone(), spot, hashed });
            }
        }
    }
}

fn bitwise(operator: Binary, one: &[u8], other: &[u8]) -> Vec<u8> {
    let pairs = one.iter().zip(other);
    match operator {
        Binary::BitXor => pairs.map(|(a, b)| a ^ b).collect(),
        Binary::BitAnd => pairs.map(|(a, b)| a & b).collect(),
        // The longer one's tail stays.
        _ => {
            let mut bytes: Vec<u8> = pairs.map(|(a, b)| a | b).collect();
            let longer = if one.len() > other.len() { one } else { other };
            bytes.extend_from_slice(longer.get(bytes.len()..).unwrap_or_default());
            bytes
        }
    }
}

fn arithmetic(operator: Binary, one: &Value, other: &Value) -> Option<Known> {
    use Binary as B;
    let is_whole = |value: &Value| match &value.known {
        Known::Float(_) => false,
        Known::Bytes(bytes) => number_of(bytes).is_none_or(|number| number.fract() == 0.0 && number.abs() < 9e18),
        _ => true,
    };
    let whole = is_whole(one) && is_whole(other);
    if !whole && matches!(operator, B::Add | B::Sub | B::Mul | B::Div | B::Pow) {
        let (a, b) = (one.as_float()?, other.as_float()?);
        return Some(Known::Float(match operator {
            B::Add => a + b,
            B::Sub => a - b,
            B::Mul => a * b,
            B::Div => a / b,
            _ => a.powf(b),
        }));
    }
    let (a, b) = (one.as_int()?, other.as_int()?);
    Some(match operator {
        B::Add => Known::Int(a.wrapping_add(b)),
        B::Sub => Known::Int(a.wrapping_sub(b)),
        B::Mul => Known::Int(a.wrapping_mul(b)),
        B::Div => {
            if b == 0 {
                return None;
            }
            if a.checked_rem(b)? == 0 { Known::Int(a.checked_div(b)?) } else { Known::Float(a as f64 / b as f64) }
        }
        B::IntDiv => Known::Int(a.checked_div(b)?),
        B::Mod => Known::Int(a.checked_rem(b)?),
        B::Pow => match u32::try_from(b).ok().and_then(|b| a.checked_pow(b)) {
            Some(power) => Known::Int(power),
            None => Known::Float((a as f64).powf(b as f64)),
        },
        B::BitAnd => Known::Int(a & b),
        B::BitOr => Known::Int(a | b),
        B::BitXor => Known::Int(a ^ b),
        B::ShiftLeft => Known::Int(a.checked_shl(u32::try_from(b).ok()?).unwrap_or(0)),
        B::ShiftRight => Known::Int(a.checked_shr(u32::try_from(b).ok()?).unwrap_or(0)),
        _ => return None,
    })
}
