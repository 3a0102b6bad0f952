//! Regular expressions of .NET, VBScript and JScript: those that are known are applied to what is known.

use crate::library::pattern;
use ::regex::bytes::{Captures, Regex};

use super::plain::{array, blurred, bytes, computed, known_text, mark, object, text};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Known, Made, Value};

/// So many matches are looked at.
const MAX_MATCHES: usize = 10_000;

/// What compiling an expression costs, as bytes that are made.
const COMPILING: usize = 16 << 10;

/// A compiled expression, if it is known and no unusual one.
pub(crate) fn compiled(it: &mut Interpreter<'_>, pattern: &Value, ignore_case: bool) -> Option<Regex> {
    let pattern = text(pattern).filter(|_| it.may_make(COMPILING))?;
    pattern::compiled(&pattern, pattern::Flags { unicode: !pattern.is_ascii(), ignore_case, ..pattern::Flags::default() })
}

/// A replacement with `$1`, `${name}`, `$&`.
fn expanded(with: &[u8], found: &Captures<'_>, out: &mut Vec<u8>) {
    let with = super::plain::replaced(with, b"$&", b"${0}");
    // `$1x` is group 1 and then x, other than where names of groups may follow.
    let mut fixed = Vec::with_capacity(with.len());
    let mut rest = with.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        fixed.push(byte);
        if byte == b'$' && rest.peek().is_some_and(u8::is_ascii_digit) {
            fixed.push(b'{');
            while let Some(digit) = rest.next_if(u8::is_ascii_digit) {
                fixed.push(digit);
            }
            fixed.push(b'}');
        }
    }
    found.expand(&fixed, out);
}

/// Replaces matches in a subject; `with` is text or a function.
pub(crate) fn replace(
    it: &mut Interpreter<'_>,
    subject: &Value,
    regex: Option<&Regex>,
    with: &Value,
    all: bool,
    at: u32,
) -> Value {
    let is_function = matches!(with.known, Known::Function(_));
    let whole = subject.only_bytes().cloned().filter(|whole| whole.len() < 4096 || it.may_make(whole.len() / 4));
    let (Some(regex), Some(whole)) = (regex, whole) else {
        if is_function {
            let group = object("match", &[("value", &Value { known: Known::Unknown, ..subject.clone() })]);
            let argument = if it.library.elements_are_members() { blurred([subject]) } else { group };
            let result = it.call_value(with, Args::of(vec![argument]), at);
            return blurred([subject, &result]);
        }
        // What is put in decides no more than a part.
        return blurred([subject]).with_taint(super::plain::weaker(with, crate::evidence::Control::Part).taint);
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    for found in regex.captures_iter(&whole).take(if all { MAX_MATCHES } else { 1 }) {
        let Some(range) = found.get(0).map(|group| group.range()) else { break };
        pieces.push(Value::bytes(whole.get(from..range.start).unwrap_or_default()));
        from = range.end;
        if is_function {
            let groups = groups_of(&found, subject);
            let arguments = if it.library.elements_are_members() { groups } else { vec![match_of(&found, subject)] };
            pieces.push(it.call_value(with, Args::of(arguments), at));
        } else {
            let mut out = Vec::new();
            match bytes(with) {
                Some(with) => expanded(&with, &found, &mut out),
                None => {
                    pieces.push(with.clone());
                    continue;
                }
            }
            if !it.may_make(out.len()) {
                return blurred([subject]);
            }
            pieces.push(Value::bytes(&out));
        }
    }
    pieces.push(Value::bytes(whole.get(from..).unwrap_or_default()));
    pieces.retain(|piece| piece.taint.is_some() || piece.only_bytes().is_none_or(|bytes| !bytes.is_empty()));
    let joined = if pieces.is_empty() { Value::bytes(b"") } else { it.join_all(pieces) };
    joined.with_taint(subject.taint.clone()).with(subject.made).with(Made::BUILT)
}

fn groups_of(found: &Captures<'_>, subject: &Value) -> Vec<Value> {
    found
        .iter()
        .map(|group| {
            let known = group.and_then(|group| known_text(group.as_bytes())).unwrap_or(Known::Null);
            Value { known, taint: subject.taint.clone(), made: subject.made.and(Made::BUILT) }
        })
        .collect()
}

/// A match as an object: its value and its groups.
fn match_of(found: &Captures<'_>, subject: &Value) -> Value {
    let groups = groups_of(found, subject);
    let whole = groups.first().cloned().unwrap_or_default();
    object("match", &[("value", &whole), ("groups", &Value::list(groups)), ("success", &Value::bool(true))])
}

/// All matches of a subject, as a list.
pub(crate) fn matches(subject: &Value, regex: Option<&Regex>) -> Value {
    match regex.zip(subject.only_bytes()) {
        Some((regex, whole)) => {
            Value::list(regex.captures_iter(whole).take(MAX_MATCHES).map(|found| match_of(&found, subject)).collect())
        }
        None => {
            let element = unknown_match(subject);
            array(Array { rest: Some(Box::new(element)), ..Array::default() })
        }
    }
}

pub(crate) fn unknown_match(subject: &Value) -> Value {
    let group = blurred([subject]);
    let groups = array(Array { rest: Some(Box::new(group.clone())), ..Array::default() });
    object("match", &[("value", &group), ("groups", &groups), ("submatches", &groups)])
}

/// Static functions of `Regex`.
pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    let ignore_case = args.values.iter().any(|one| matches!(&one.known, Known::Type(of) if of.ends_with("IgnoreCase")));
    let subject = args.at(0);
    let regex = compiled(it, &args.at(1), ignore_case);
    Some(match name {
        "replace" => replace(it, &subject, regex.as_ref(), &args.at(2), true, at),
        "split" => split(&subject, regex.as_ref()),
        "match" => first(&subject, regex.as_ref()),
        "matches" => matches(&subject, regex.as_ref()),
        "ismatch" => tested(it, &subject, regex.as_ref()),
        "escape" | "unescape" => computed([&subject], Made::default(), || Some(subject.known.clone())),
        _ => return None,
    })
}

fn split(subject: &Value, regex: Option<&Regex>) -> Value {
    match regex.zip(subject.only_bytes()) {
        Some((regex, whole)) => {
            let pieces = regex.split(whole).map(|piece| Value { known: Known::Bytes(piece.into()), ..subject.clone() });
            Value::list(pieces.collect())
        }
        None => array(Array { rest: Some(Box::new(blurred([subject]))), ..Array::default() }),
    }
}

fn first(subject: &Value, regex: Option<&Regex>) -> Value {
    match regex.zip(subject.only_bytes()) {
        Some((regex, whole)) => match regex.captures(whole) {
            Some(found) => match_of(&found, subject),
            None => object("match", &[("success", &Value::bool(false)), ("value", &Value::bytes(b""))]),
        },
        None => unknown_match(subject),
    }
}

fn tested(it: &mut Interpreter<'_>, subject: &Value, regex: Option<&Regex>) -> Value {
    it.checked(subject);
    let known = regex.zip(subject.only_bytes()).map(|(regex, whole)| Known::Bool(regex.is_match(whole)));
    mark([subject], known)
}

/// Methods of a `Regex` object, whose pattern is its field.
pub(super) fn method(it: &mut Interpreter<'_>, object: &Value, name: &str, args: &Args, at: u32) -> Option<Value> {
    let options = super::plain::field(object, "options");
    let ignore_case = matches!(&options.known, Known::Type(of) if of.ends_with("IgnoreCase"));
    let regex = compiled(it, &super::plain::field(object, "pattern"), ignore_case);
    let subject = args.at(0);
    Some(match name {
        "replace" => replace(it, &subject, regex.as_ref(), &args.at(1), true, at),
        "split" => split(&subject, regex.as_ref()),
        "match" => first(&subject, regex.as_ref()),
        "matches" => matches(&subject, regex.as_ref()),
        "ismatch" => tested(it, &subject, regex.as_ref()),
        _ => return None,
    })
}
