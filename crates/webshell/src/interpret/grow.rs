//! Text that a loop builds piece by piece, at either end: it is not copied in each round.

use std::cell::RefCell;

use super::Interpreter;
use crate::evidence::Taint;
use crate::ir::{Binary, Expr, Kind};
use crate::value::{Known, Made, Value};

/// What was put to a text's ends and is no part of it yet.
#[derive(Default)]
pub(super) struct Grown {
    /// Backwards.
    before: RefCell<Vec<u8>>,
    after: RefCell<Vec<u8>>,
}

impl Grown {
    pub(super) fn is_empty(&self) -> bool {
        self.before.borrow().is_empty() && self.after.borrow().is_empty()
    }

    /// The text with all of it.
    pub(super) fn settled(&self, text: &[u8]) -> Vec<u8> {
        let mut whole = self.before.take();
        whole.reverse();
        whole.extend_from_slice(text);
        whole.append(&mut self.after.borrow_mut());
        whole
    }

    fn put(&self, text: &[u8], end: End) {
        match end {
            End::Front => self.before.borrow_mut().extend(text.iter().rev()),
            End::Back => self.after.borrow_mut().extend_from_slice(text),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Front,
    Back,
}

/// A variable and what is put to one of its ends.
struct Growth<'e> {
    name: &'e str,
    parts: Vec<&'e Expr>,
    end: End,
    operator: Binary,
}

impl<'e> Growth<'e> {
    /// `a .= b`, `a += b`, `a = a & b & c`, `a = b & a`.
    fn of(expr: &'e Expr) -> Option<Self> {
        match &expr.kind {
            Kind::AssignOp(operator, target, value) if joins(*operator) => {
                let Kind::Var(name) = &target.kind else { return None };
                Some(Self { name, parts: vec![value], end: End::Back, operator: *operator })
            }
            Kind::Assign(target, value) => {
                let Kind::Var(name) = &target.kind else { return None };
                let (operator, mut parts) = match &value.kind {
                    Kind::Joined(parts) => (Binary::Join, parts.iter().collect()),
                    Kind::Binary(operator, ..) if joins(*operator) => (*operator, operands(value, *operator)),
                    _ => return None,
                };
                let is_itself = |operand: &Expr| matches!(&operand.kind, Kind::Var(other) if other == name);
                if parts.len() > 1 && parts.first().is_some_and(|first| is_itself(first)) {
                    parts.remove(0);
                    return Some(Self { name, parts, end: End::Back, operator });
                }
                // `1 + 2 + a` adds numbers first.
                let few = operator == Binary::Join || parts.len() == 2;
                parts.pop_if(|last| few && is_itself(last))?;
                Some(Self { name, parts, end: End::Front, operator })
            }
            _ => None,
        }
    }
}

fn joins(operator: Binary) -> bool {
    matches!(operator, Binary::Join | Binary::Add)
}

/// The operands of `a & b & c`, from the left.
fn operands(expr: &Expr, of: Binary) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut left = expr;
    while let Kind::Binary(operator, first, second) = &left.kind
        && *operator == of
    {
        found.push(&**second);
        left = first;
    }
    found.push(left);
    found.reverse();
    found
}

impl Interpreter<'_> {
    /// Puts to the text in a variable without a copy of it. False if that is not what the expression does or the variable holds
    /// something else; nothing is done then.
    pub(super) fn grow(&mut self, expr: &Expr) -> bool {
        let Some(growth) = Growth::of(expr) else { return false };
        let Some(slot) = self.home(growth.name).find(growth.name) else { return false };
        let is_text = |it: &Self| {
            let value = slot.value.borrow();
            let adds = it.library.plus_joins() && !value.made.has(Made::CHARACTER);
            matches!(value.known, Known::Bytes(_)) && (growth.operator == Binary::Join || adds)
        };
        if !is_text(self) || !self.mirrors.is_empty() {
            return false;
        }
        let mut parts = Vec::with_capacity(growth.parts.len());
        for part in &growth.parts {
            let value = self.eval(part);
            parts.push(if growth.operator == Binary::Join { self.as_string(&value, 0) } else { value });
        }
        let is_plain = |value: &Value| !matches!(value.known, Known::Function(_) | Known::Object(_) | Known::Array(_));
        let texts: Option<Vec<_>> =
            parts.iter().map(|part| self.text_of(part).filter(|_| growth.operator == Binary::Join || is_plain(part))).collect();
        // Another name for a value keeps the step in the data's way.
        let is_named = matches!(expr.kind, Kind::Assign(..)) && parts.iter().any(|part| part.taint.is_some());
        let length = texts.iter().flatten().map(|text| text.len()).sum::<usize>();
        // Text that is read in between is copied each time.
        let copied = match &slot.value.borrow().known {
            Known::Bytes(bytes) if slot.grown.is_empty() => bytes.len(),
            _ => 0,
        };
        self.charge(copied);
        match texts.filter(|_| is_text(self) && !is_named && self.may_make(copied + length)) {
            Some(texts) => {
                self.keep_old(&slot);
                let mut place = slot.value.borrow_mut();
                let mut made = place.made.and(Made::BUILT).without(Made::CHARACTER);
                for part in &parts {
                    made = made.and(part.made.without(Made::CHARACTER));
                    place.taint = Taint::stronger(place.taint.take(), part.taint.clone());
                }
                place.made = if length <= 2 { made.and(Made::LOOPED) } else { made };
                // In the order in which they come to stand next to what is there.
                let in_order = texts.iter();
                match growth.end {
                    End::Back => in_order.for_each(|text| slot.grown.put(text, End::Back)),
                    End::Front => in_order.rev().for_each(|text| slot.grown.put(text, End::Front)),
                }
            }
            None => self.grow_unknown(expr, &growth, &parts, &slot),
        }
        true
    }

    /// What is put there, or what is there, is not known.
    fn grow_unknown(&mut self, expr: &Expr, growth: &Growth<'_>, parts: &[Value], slot: &super::Slot) {
        let old = slot.borrow().clone();
        match (&expr.kind, growth.end) {
            (Kind::AssignOp(Binary::Join, ..), _) => {
                let joined = parts.iter().fold(old, |old, part| self.joined_on(&old, part));
                self.put(slot, joined);
            }
            (Kind::AssignOp(operator, target, _), _) => {
                let Some(part) = parts.first() else { return };
                let new = self.operated_on(*operator, &old, part, expr.at);
                self.assign(target, new);
            }
            (Kind::Assign(target, _), end) => {
                let operator = growth.operator;
                let mut all = parts.to_vec();
                match end {
                    End::Back => all.insert(0, old),
                    End::Front => all.push(old),
                }
                let mut all = all.into_iter();
                let Some(first) = all.next() else { return };
                let new = all.fold(first, |left, right| self.binary(operator, &left, &right, expr.at));
                self.assign(target, new);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::interpret::Interpreter;
    use crate::language::Language;
    use crate::limits::Limits;
    use crate::parse::Piece;

    fn built(language: Language, source: &str) -> (usize, bool) {
        let limits = Limits { steps: 1_000_000, time: None, ..Limits::default() };
        let mut it = Interpreter::new(language, &limits, &|_| None);
        let program = crate::parse::parse(language, source.as_bytes(), &[Piece::Code(0..source.len())]);
        it.run(source.as_bytes().into(), &program, &Default::default());
        let length = it.globals.find("r").and_then(|slot| slot.borrow().as_bytes().map(|text| text.len())).unwrap_or_default();
        (length, it.notes.exhausted)
    }

    /// A copy in each of these rounds would be 400 million bytes.
    #[test]
    fn text_grows_at_both_ends_without_copies() {
        let cases = [
            (Language::VbScript, "r = \"a\" : for i = 1 to 20000 : r = r & \"x\" & \"y\" : next"),
            (Language::VbScript, "r = \"a\" : for i = 1 to 20000 : r = \"x\" & \"y\" & r : next"),
            (Language::VbScript, "r = \"a\" : for i = 1 to 20000 : r = r + \"xy\" : next"),
            (Language::Jscript, "r = 'a'; for (i = 0; i < 20000; i++) { r += 'xy'; }"),
            (Language::Jscript, "r = 'a'; for (i = 0; i < 20000; i++) { r = 'xy' + r; }"),
            (Language::Php, "$r = 'a'; for ($i = 0; $i < 20000; $i++) { $r .= 'xy'; }"),
            (Language::Php, "$r = 'a'; for ($i = 0; $i < 20000; $i++) { $r = 'x' . 'y' . $r; }"),
        ];
        for (language, source) in cases {
            assert_eq!(built(language, source), (40_001, false), "{source}");
        }
    }
}
