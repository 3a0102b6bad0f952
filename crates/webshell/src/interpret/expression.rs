//! Expressions.

use std::rc::Rc;

use super::{Callable, FunctionOf, Interpreter};
use crate::evidence::{Control, Taint};
use crate::ir::{Binary, Expr, Function, Item, Kind, Literal};
use crate::value::{Array, Key, Known, Made, Value};

/// Calls and expressions nest at most this deep.
const MAX_DEPTH: u32 = 1500;

impl Interpreter<'_> {
    pub(crate) fn eval(&mut self, expr: &Expr) -> Value {
        if self.depth > MAX_DEPTH || !self.step() {
            return Value::unknown();
        }
        self.depth += 1;
        let value = self.eval_kind(expr);
        self.depth -= 1;
        value
    }

    fn eval_kind(&mut self, expr: &Expr) -> Value {
        let at = expr.at;
        match &expr.kind {
            Kind::Literal(literal) => match literal {
                Literal::Null => Value::null(),
                Literal::Bool(truth) => Value::bool(*truth),
                Literal::Int(number) => Value::int(*number),
                Literal::Float(number) => Known::Float(*number).into(),
                Literal::Bytes(bytes) => Known::Bytes(bytes.clone()).into(),
            },
            Kind::Joined(pieces) => self.joined(pieces),
            Kind::Var(name) => self.variable(name, at),
            Kind::Name(name) => self.bare_name(name),
            Kind::Dynamic(inner) => {
                let name = self.eval(inner);
                match name.as_text().filter(|_| name.is_known()) {
                    Some(text) => self.variable(&text, at).with(name.made),
                    None => Value::unknown().with_taint(name.taint.map(|taint| taint.at_most(Control::Weak))),
                }
            }
            Kind::Index(base, index) => {
                let value = self.eval(base);
                let key = index.as_ref().map(|index| self.eval(index));
                self.index(&value, key.as_ref(), at)
            }
            Kind::Member(base, name) => {
                let object = self.eval(base);
                let name = self.eval(name);
                match name.as_text().filter(|_| name.is_known()) {
                    Some(name) => self.member(&object, &name, at),
                    None if self.library.is_php() && matches!(object.known, Known::Object(_)) => {
                        let asked = self.magic(&object, "__get", vec![name.clone()], at);
                        asked.unwrap_or_else(|| Value::from_all([&object, &name], Control::Weak))
                    }
                    None => Value::from_all([&object, &name], Control::Weak),
                }
            }
            Kind::Static(class, name) => self.static_member(class, name, at),
            Kind::Call(callee, args) => self.call(callee, args, at),
            Kind::New(class, args) => self.new_object(class, args, at),
            Kind::Initialised(object, items) => {
                let object = self.eval(object);
                self.initialise(&object, items);
                object
            }
            Kind::Unary(operator, inner) => {
                let value = self.eval(inner);
                self.unary(*operator, &value)
            }
            Kind::Binary(operator, one, other) => self.binary_of(*operator, one, other, at),
            Kind::Assign(target, value) => {
                let value = self.eval(value);
                self.assign(target, value.clone());
                value
            }
            Kind::AssignRef(target, value) => {
                if let Some(slot) = self.referred(value) {
                    let now = slot.borrow().clone();
                    match (&target.kind, &value.kind) {
                        (Kind::Var(name), _) => self.scope().bind(name, slot),
                        // The variable's place from now on is the element's.
                        (_, Kind::Var(name)) if matches!(target.kind, Kind::Index(..) | Kind::Member(..)) => {
                            self.assign(target, now.clone());
                            if let Some(slot) = self.reference_to(target) {
                                self.scope().bind(name, slot);
                            }
                        }
                        _ => self.assign(target, now.clone()),
                    }
                    return now;
                }
                let value = self.eval(value);
                self.assign(target, value.clone());
                value
            }
            Kind::AssignOp(operator, target, value) => self.assign_op(*operator, target, value, at),
            Kind::Step { target, by, prefix } => {
                let old = self.eval(target);
                let new = match &old.known {
                    Known::Bytes(_) if old.made.has(Made::CHARACTER) && self.library.counts_characters() => {
                        let next = old.code_of_character().map(|code| code.wrapping_add(*by));
                        next.map_or(Known::Unknown, |next| Known::Bytes(self.library.encode_char(next).into()))
                    }
                    Known::Int(number) => Known::Int(number.wrapping_add(*by)),
                    Known::Float(number) => Known::Float(*number + *by as f64),
                    Known::Null | Known::Undefined if *by > 0 => Known::Int(1),
                    Known::Bytes(bytes) if self.library.is_php() && *by > 0 => next_text(bytes),
                    _ => old.as_int().map_or(Known::Unknown, |number| Known::Int(number.wrapping_add(*by))),
                };
                let new = Value { known: new, taint: old.taint.clone(), made: old.made };
                self.assign(target, new.clone());
                if *prefix { new } else { old }
            }
            Kind::Choose(condition, then, otherwise) => self.choose(condition, then.as_deref(), otherwise),
            Kind::List(items) => self.list(items, at),
            Kind::Closure(function) => self.closure(function),
            Kind::Class(class) => {
                self.declare_class(class);
                Known::Type(class.name.clone()).into()
            }
            Kind::Cast(of, inner) => {
                let value = self.eval(inner);
                self.cast(of, value)
            }
            Kind::Match(subject, arms) => self.match_of(subject, arms),
        }
    }

    fn joined(&mut self, pieces: &[Expr]) -> Value {
        let mut values = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let value = self.eval(piece);
            values.push(self.as_string(&value, piece.at));
        }
        self.join_all(values)
    }

    /// Values joined to one string.
    pub(crate) fn join_all(&mut self, values: Vec<Value>) -> Value {
        // Thousands of known pieces are put together at once.
        let texts: Option<Vec<Rc<[u8]>>> = values.iter().map(|value| self.text_of(value)).collect();
        if let Some(texts) = texts {
            let length = texts.iter().map(|text| text.len()).sum();
            if !self.may_make(length) {
                return Value::unknown();
            }
            let mut bytes = Vec::with_capacity(length);
            texts.iter().for_each(|text| bytes.extend_from_slice(text));
            let mut made = values.iter().fold(Made::default(), |made, value| made.and(value.made));
            if values.len() > 1 {
                made = made.and(Made::BUILT).without(Made::CHARACTER);
            }
            let taint = values.iter().fold(None, |taint, value| Taint::stronger(taint, value.taint.clone()));
            let taint = if values.len() > 1 { taint.map(|taint| taint.at_most(Control::Part)) } else { taint };
            return Value { known: Known::Bytes(bytes.into()), taint, made };
        }
        let mut values = values.into_iter();
        let first = values.next().unwrap_or_default();
        values.fold(first, |sum, value| self.join(&sum, &value))
    }

    fn binary_of(&mut self, operator: Binary, one: &Expr, other: &Expr, at: u32) -> Value {
        if !matches!(operator, Binary::And | Binary::Or | Binary::Coalesce) {
            let one = self.eval(one);
            let other = self.eval(other);
            return self.binary(operator, &one, &other, at);
        }
        let first = self.eval(one);
        let decided = match operator {
            Binary::Coalesce => match &first.known {
                Known::Null if first.taint.is_none() && !first.made.has(Made::MAYBE) => return self.eval(other),
                Known::Null | Known::Undefined => None,
                Known::Unknown | Known::Partial(_) | Known::Request(_) => None,
                _ => Some(true),
            },
            Binary::Or => first.truth(),
            _ => first.truth().map(|truth| !truth),
        };
        if decided == Some(true) {
            return match operator {
                Binary::Coalesce => first,
                // JScript and Perl give the value itself.
                _ if !self.library.is_php() => first,
                _ => Value::bool(operator == Binary::Or),
            };
        }
        if decided == Some(false) {
            let second = self.eval(other);
            return if self.library.is_php() { second.truth().map_or_else(Value::unknown, Value::bool) } else { second };
        }
        let mut second = Value::unknown();
        self.ways(
            &mut [&mut |it| {
                second = it.eval(other);
                !std::mem::take(&mut it.leaving)
            }],
            true,
        );
        match operator {
            Binary::Coalesce => Value::either(&first, &second),
            _ if !self.library.is_php() => Value::either(&first, &second),
            _ => Value::unknown(),
        }
    }

    fn assign_op(&mut self, operator: Binary, target: &Expr, value: &Expr, at: u32) -> Value {
        if operator == Binary::Coalesce {
            let old = self.eval(target);
            let new = self.eval(value);
            let new = match old.known {
                Known::Null | Known::Undefined => new,
                _ => Value::either(&old, &new),
            };
            self.assign(target, new.clone());
            return new;
        }
        let old = self.eval_quietly(target);
        let value = self.eval(value);
        if operator == Binary::Join {
            let new = self.joined_on(&old, &value);
            self.assign(target, new.clone());
            return new;
        }
        // An event handler: `Load += Page_Load`.
        if operator == Binary::Add && matches!(value.known, Known::Function(_)) && !matches!(old.known, Known::Undefined) {
            self.call_value(&value, super::Args::unknown(2), at);
            return value;
        }
        let new = self.operated_on(operator, &old, &value, at);
        self.assign(target, new.clone());
        new
    }

    /// `a += b` and its like.
    pub(super) fn operated_on(&mut self, operator: Binary, old: &Value, value: &Value, at: u32) -> Value {
        if operator != Binary::Add {
            return self.binary(operator, old, value, at);
        }
        let mut new = match &old.known {
            Known::Undefined => Value { made: value.made.and(old.made), ..value.clone() },
            _ => self.binary(operator, old, value, at),
        };
        // What was whole stays whole when it is only collected.
        new.taint = Taint::stronger(old.taint.clone(), value.taint.clone()).or(new.taint);
        new
    }

    /// A text and what is appended to it.
    pub(super) fn joined_on(&mut self, old: &Value, value: &Value) -> Value {
        let mut new = match &old.known {
            Known::Undefined => Value { made: value.made.and(old.made), ..value.clone() },
            _ => self.join(old, value),
        };
        // Text that is built character by character.
        if value.as_bytes().is_some_and(|bytes| bytes.len() <= 2) {
            new.made = new.made.and(Made::LOOPED);
        }
        // What was whole stays whole when it is only collected.
        new.taint = Taint::stronger(old.taint.clone(), value.taint.clone()).or(new.taint);
        new
    }

    fn choose(&mut self, condition: &Expr, then: Option<&Expr>, otherwise: &Expr) -> Value {
        let condition = self.eval(condition);
        match condition.truth() {
            Some(true) => return then.map_or(condition, |then| self.eval(then)),
            Some(false) => return self.eval(otherwise),
            None => {}
        }
        let mut one = condition;
        let mut other = Value::unknown();
        let mut first = |it: &mut Self| {
            if let Some(then) = then {
                one = it.eval(then);
            }
            !std::mem::take(&mut it.leaving)
        };
        let mut second = |it: &mut Self| {
            other = it.eval(otherwise);
            !std::mem::take(&mut it.leaving)
        };
        self.ways(&mut [&mut first, &mut second], true);
        Value::either(&one, &other)
    }

    fn list(&mut self, items: &[Item], at: u32) -> Value {
        let mut array = Array { next: self.library.first_index(), ..Array::default() };
        let mut taint = None;
        let mut slots = Vec::new();
        for item in items {
            if item.by_ref && self.library.is_php() {
                slots.resize(array.entries.len(), None);
                slots.push(self.referred(&item.value));
            }
            let key = item.key.as_ref().map(|key| match &key.kind {
                // In an object literal a name is the key itself.
                Kind::Var(name) if !self.library.is_php() => Value::text(name),
                _ => self.eval(key),
            });
            let value = self.eval(&item.value);
            if item.spread || matches!(&item.value.kind, Kind::Var(name) if self.library.is_spread(name)) {
                match &value.known {
                    Known::Array(inner) if inner.rest.is_none() => {
                        for (key, value) in &inner.entries {
                            match key {
                                Key::Int(_) => array.push(value.clone()),
                                Key::Bytes(_) => array.set(key.clone(), value.clone()),
                            }
                        }
                    }
                    _ => {
                        let (_, element) = (0, self.index(&value, None, at));
                        array.set_somewhere(element);
                    }
                }
                continue;
            }
            match key {
                None => array.push(value),
                Some(key) => match Key::of(&key) {
                    Some(key) => array.set(key, value),
                    None => {
                        taint = Taint::stronger(taint, key.taint.clone());
                        array.set_somewhere(value);
                    }
                },
            }
        }
        let array = Rc::new(array);
        if !slots.is_empty() {
            self.share(&array, slots);
        }
        Value::from(Known::Array(array)).with_taint(taint)
    }

    fn initialise(&mut self, object: &Value, items: &[Item]) {
        for item in items {
            let value = self.eval(&item.value);
            let Known::Object(place) = &object.known else { continue };
            match &item.key {
                Some(key) => {
                    let name = match &key.kind {
                        Kind::Var(name) | Kind::Name(name) => Some(name.to_string()),
                        _ => self.eval(key).as_text(),
                    };
                    let Some(name) = name else { continue };
                    if !self.library.set_member(self, place, &name, &value, item.value.at)
                        && !self.set_property(object, &name, &value, item.value.at)
                    {
                        place.set(&self.library.key(&name), value);
                    }
                }
                None => {
                    self.library.put_element(self, place, None, &value);
                    place.take(value.deep_taint());
                }
            }
        }
    }

    fn closure(&mut self, function: &Rc<Function>) -> Value {
        let scope = if function.captures {
            Some(self.scope())
        } else if function.uses.is_empty() {
            None
        } else {
            let scope = super::Scope::default();
            let here = self.scope();
            for (name, by_ref) in &function.uses {
                if *by_ref {
                    scope.bind(name, here.own(name));
                } else if let Some(slot) = here.find(name) {
                    let value = slot.borrow().clone();
                    scope.own(name).replace(value);
                }
            }
            Some(Rc::new(scope))
        };
        let class = self.frames.last().and_then(|frame| frame.class.clone());
        let of = FunctionOf::new(function.clone(), self.layer, scope, self.this(), class);
        let of = Rc::new(of);
        if !function.name.is_empty() && !self.library.is_php() {
            self.functions.insert(function.name.to_lowercase().into(), of.clone());
        }
        self.closures.push(of.clone());
        Known::Function(Rc::new(Callable::Own(of))).into()
    }

    fn match_of(&mut self, subject: &Expr, arms: &[(Vec<Expr>, Expr)]) -> Value {
        let subject = self.eval(subject);
        let mut certain = subject.is_known();
        for (patterns, result) in arms {
            for pattern in patterns {
                let pattern = self.eval(pattern);
                self.gate(&subject, &pattern, result.at);
                match self.equal(&subject, &pattern) {
                    Some(true) if certain => return self.eval(result),
                    Some(_) => {}
                    None => certain = false,
                }
            }
            if patterns.is_empty() && certain {
                return self.eval(result);
            }
        }
        let mut any: Option<Value> = None;
        for (_, result) in arms {
            let mut value = Value::unknown();
            self.ways(
                &mut [&mut |it| {
                    value = it.eval(result);
                    !std::mem::take(&mut it.leaving)
                }],
                true,
            );
            any = Some(any.map_or_else(|| value.clone(), |any| Value::either(&any, &value)));
        }
        any.unwrap_or_default()
    }
}

/// PHP's `++` on text: `a` to `b`, `Az` to `Ba`.
fn next_text(bytes: &[u8]) -> Known {
    if let Some(number) = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<i64>().ok()) {
        return Known::Int(number.wrapping_add(1));
    }
    let mut next = bytes.to_vec();
    for index in (0..next.len()).rev() {
        let Some(byte) = next.get_mut(index) else { break };
        let (again, first) = match *byte {
            b'z' => (true, b'a'),
            b'Z' => (true, b'A'),
            b'9' => (true, b'0'),
            byte if byte.is_ascii_alphanumeric() => (false, byte.wrapping_add(1)),
            _ => return Known::Bytes(next.into()),
        };
        *byte = first;
        if !again {
            return Known::Bytes(next.into());
        }
        if index == 0 {
            next.insert(0, if first == b'0' { b'1' } else { first });
        }
    }
    if next.is_empty() { Known::Bytes(b"1"[..].into()) } else { Known::Bytes(next.into()) }
}
