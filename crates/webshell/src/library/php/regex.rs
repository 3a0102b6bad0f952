//! Regular expressions: those that are known are applied, those with PHP's old `e` run their replacement.

use crate::library::pattern;
use ::regex::bytes::{Captures, Regex};

use super::{array_value, computed, text, write_to};
use crate::evidence::{Capability, Control, Facts};
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    Some(match name {
        "preg_replace" | "preg_filter" => replace(it, name, args, at),
        "ereg_replace" | "eregi_replace" => Value::from_all(args.all(), Control::Whole),
        "mb_ereg_replace" | "mb_eregi_replace" | "mbereg_replace" | "mberegi_replace" => {
            let runs =
                args.get(3).is_some_and(|options| options.edges().prefix.contains(&b'e') || options.is_requested(Control::Whole));
            if runs {
                run(it, name, &args.at(1), &args.at(2), at);
            }
            Value::from_all(args.all(), Control::Whole)
        }
        "preg_replace_callback" | "preg_replace_callback_array" | "mb_ereg_replace_callback" => callback(it, name, args, at),
        "preg_match" | "preg_match_all" | "ereg" | "eregi" | "mb_ereg" => matches(it, name, args),
        "preg_split" | "split" | "explode_regex" | "mb_split" => {
            let pieces = compiled(&args.at(0)).zip(args.bytes(1)).map(|((regex, _), subject)| {
                let no_empty = args.int(3).unwrap_or_default() & 1 != 0;
                let pieces = regex.split(&subject).filter(|piece| !(no_empty && piece.is_empty()));
                Value::list(pieces.map(|piece| Value::bytes(piece).with(args.at(1).made)).collect())
            });
            match pieces {
                Some(pieces) => pieces.with_taint(args.at(1).taint),
                None => Value::unknown().with_taint(args.at(1).taint),
            }
        }
        "preg_quote" => computed(args, Made::default(), || {
            let bytes = args.bytes(0)?;
            let special = b".\\+*?[^]$(){}=!<>|:-#/";
            text(bytes.iter().flat_map(|byte| if special.contains(byte) { vec![b'\\', *byte] } else { vec![*byte] }).collect())
        }),
        _ => return None,
    })
}

/// A pattern with PHP's delimiters: the expression and its modifiers.
fn parts(pattern: &[u8]) -> Option<(String, String)> {
    let text: String = pattern.iter().map(|byte| char::from(*byte)).collect();
    let text = text.trim_start();
    let open = text.chars().next()?;
    let close = match open {
        '(' => ')',
        '{' => '}',
        '[' => ']',
        '<' => '>',
        other => other,
    };
    let end = text.rfind(close).filter(|end| *end > 0)?;
    Some((text.get(open.len_utf8()..end)?.to_owned(), text.get(end + close.len_utf8()..)?.to_owned()))
}

fn compiled(pattern: &Value) -> Option<(Regex, String)> {
    let bytes = pattern.only_bytes()?;
    let (expression, modifiers) = parts(bytes)?;
    Some((built(&expression, &modifiers)?, modifiers))
}

/// An expression with modifiers as Perl and PHP write them.
pub(in crate::library) fn built(expression: &str, modifiers: &str) -> Option<Regex> {
    let flags = pattern::Flags {
        ignore_case: modifiers.contains('i'),
        multi_line: modifiers.contains('m'),
        dot_all: modifiers.contains('s'),
        ignore_space: modifiers.contains('x'),
        unicode: false,
    };
    pattern::compiled(&expression.replace("\\0", "\\x00"), flags)
}

fn replace(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    let (pattern, replacement, subject) = (args.at(0), args.at(1), args.at(2));
    if let (Known::Array(patterns), Known::Array(_) | Known::Bytes(_)) = (&pattern.known, &replacement.known)
        && patterns.rest.is_none()
    {
        let mut value = subject;
        for (key, one) in patterns.entries.clone() {
            let with = match &replacement.known {
                Known::Array(array) => array.get(&key).cloned().unwrap_or_else(|| Value::text("")),
                _ => replacement.clone(),
            };
            value = replace(it, name, &Args::of(vec![one, with, value]), at);
        }
        return value;
    }
    let runs = match pattern.as_bytes().filter(|_| pattern.is_known()) {
        Some(bytes) => parts(&bytes).is_some_and(|(_, modifiers)| modifiers.contains('e')),
        None => {
            // The pattern's end is what counts: `… . "/e"`.
            let suffix = pattern.edges().suffix;
            let modifiers: Vec<u8> = suffix.iter().rev().copied().take_while(u8::is_ascii_alphabetic).collect();
            let is_open = suffix.is_empty() && pattern.is_requested(Control::Part);
            let is_anyones = is_open || pattern.is_requested(Control::Whole) || pattern.made.has(Made::CARRIED);
            if modifiers.len() < suffix.len() { modifiers.contains(&b'e') } else { is_anyones }
        }
    };
    // PHP 7 has no such modifier any more; who counts on PHP 7 cannot mean it.
    if runs && !it.is_strict() {
        run(it, name, &replacement, &subject, at);
        if let (Some((regex, _)), Some(with), Some(subject_bytes)) =
            (compiled(&pattern), replacement.only_bytes(), subject.only_bytes())
        {
            // What the replacement becomes for the first match is what runs.
            if let Some(found) = regex.captures(subject_bytes) {
                let code = expanded(with, &found);
                let mut code = code;
                code.push(b';');
                let code = Value { known: Known::Bytes(code.into()), taint: None, made: replacement.made.and(subject.made) };
                return it.run_code(&code, name, at);
            }
        }
        return Value::from_all([&replacement, &subject], Control::Whole);
    }
    let taint = Value::from_all([&replacement, &subject], Control::Whole).taint;
    let made = replacement.made.and(subject.made).and(Made::BUILT);
    if let (Some((regex, _)), Some(with), Some(subject_bytes)) =
        (compiled(&pattern), replacement.as_bytes(), subject.only_bytes())
    {
        let limit = args.int(3).and_then(|limit| usize::try_from(limit).ok()).unwrap_or_default();
        let out = regex.replacen(subject_bytes, limit, |found: &Captures<'_>| expanded(&with, found)).into_owned();
        if it.may_make(out.len()) {
            return Value { known: Known::Bytes(out.into()), taint, made };
        }
    }
    Value { known: Known::Unknown, taint, made }
}

/// A replacement with `$1`, `\1` filled in.
fn expanded(with: &[u8], found: &Captures<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(with.len());
    let mut index = 0;
    while let Some(byte) = with.get(index) {
        index += 1;
        if !matches!(byte, b'$' | b'\\') {
            out.push(*byte);
            continue;
        }
        let mut at = index;
        let braced = *byte == b'$' && with.get(at) == Some(&b'{');
        at += usize::from(braced);
        let digits = with.iter().skip(at).take(2).take_while(|byte| byte.is_ascii_digit()).count();
        let number =
            with.get(at..at + digits).and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| digits.parse().ok());
        match number {
            Some(number) => {
                out.extend_from_slice(found.get(number).map(|group| group.as_bytes()).unwrap_or_default());
                index = at + digits + usize::from(braced);
            }
            None => out.push(*byte),
        }
    }
    out
}

/// The replacement runs as code, with parts of the subject in it.
fn run(it: &mut Interpreter<'_>, name: &str, replacement: &Value, subject: &Value, at: u32) {
    let takes_subject = replacement
        .as_bytes()
        .is_none_or(|bytes| bytes.windows(2).any(|pair| matches!(pair, [b'\\' | b'$', b'0'..=b'9' | b'{'])));
    let argument = if replacement.taint.is_none() && takes_subject {
        Value { taint: subject.taint.clone(), ..replacement.clone() }
    } else {
        replacement.clone()
    };
    it.hit(Capability::Code, name, at, &argument, Facts::default());
    if replacement.made.has(Made::CARRIED) && !replacement.is_known() {
        // The code lies where no code belongs.
        let spot = it.spot(at);
        it.notes.unlikely_includes.push((spot, name.to_owned(), replacement.made));
    }
    if replacement.taint.is_none() && replacement.only_bytes().is_some() && subject.only_bytes().is_none() {
        let mut code = replacement.only_bytes().map(|bytes| bytes.to_vec()).unwrap_or_default();
        code.push(b';');
        it.run_code(&Value { known: Known::Bytes(code.into()), ..replacement.clone() }, name, at);
    }
}

fn callback(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Value {
    if name == "preg_replace_callback_array" {
        if let Known::Array(pairs) = &args.at(0).known {
            for (key, callback) in pairs.entries.clone() {
                let inner = Args::of(vec![key.value(), callback, args.at(1)]);
                self::callback(it, "preg_replace_callback", &inner, at);
            }
        }
        return Value::from_all(args.all(), Control::Whole);
    }
    let (pattern, function, subject) = (args.at(0), args.at(1), args.at(2));
    if let (Some((regex, _)), Some(bytes)) = (compiled(&pattern), subject.only_bytes().cloned()) {
        let mut out = Vec::new();
        let mut last = 0;
        let mut known = true;
        let mut taint = None;
        for found in regex.captures_iter(&bytes).take(20_000) {
            let groups = found
                .iter()
                .map(|group| Value::bytes(group.map(|group| group.as_bytes()).unwrap_or_default()).with(subject.made));
            let groups = Value::list(groups.collect()).with_taint(subject.taint.clone());
            let result = it.call_value(&function, Args::of(vec![groups]), at);
            if let Some(whole) = found.get(0) {
                out.extend_from_slice(bytes.get(last..whole.start()).unwrap_or_default());
                last = whole.end();
            }
            taint = crate::evidence::Taint::stronger(taint, result.taint.clone());
            match result.as_bytes().filter(|_| result.is_known()) {
                Some(text) => out.extend_from_slice(&text),
                None => known = false,
            }
        }
        out.extend_from_slice(bytes.get(last..).unwrap_or_default());
        let known = if known { Known::Bytes(out.into()) } else { Known::Unknown };
        return Value {
            known,
            taint: crate::evidence::Taint::stronger(taint, subject.taint.clone()),
            made: subject.made.and(Made::DECODED),
        };
    }
    let groups = Value::unknown().with_taint(subject.taint.clone());
    let groups = Value::list(vec![groups.clone(), groups.clone(), groups]);
    let result = it.call_value(&function, Args::of(vec![groups]), at);
    Value::unknown().with_taint(result.taint).with_taint(subject.taint)
}

fn matches(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Value {
    let subject = args.at(1);
    let mark = Value::from_all([&subject], Control::Mark);
    if let (Some((regex, _)), Some(bytes)) = (compiled(&args.at(0)), subject.only_bytes()) {
        let group = |group: Option<::regex::bytes::Match<'_>>| {
            Value::bytes(group.map(|group| group.as_bytes()).unwrap_or_default())
                .with(subject.made.and(Made::BUILT))
                .with_taint(subject.taint.clone())
        };
        if name == "preg_match_all" {
            let all: Vec<Vec<Value>> =
                regex.captures_iter(bytes).take(20_000).map(|found| found.iter().map(group).collect()).collect();
            let by_set = args.int(3).unwrap_or_default() & 2 != 0;
            let out = if by_set {
                Value::list(all.iter().map(|groups| Value::list(groups.clone())).collect())
            } else {
                let groups = regex.captures_len();
                Value::list(
                    (0..groups)
                        .map(|index| Value::list(all.iter().filter_map(|one| one.get(index).cloned()).collect()))
                        .collect(),
                )
            };
            write_to(it, args, 2, out);
            return Value::int(all.len() as i64);
        }
        let found = regex.captures(bytes);
        let truth = found.is_some();
        let mut out = Array::default();
        if let Some(found) = found {
            for (value, name) in found.iter().map(group).zip(regex.capture_names()) {
                if let Some(name) = name {
                    out.set(crate::value::Key::text(name), value.clone());
                }
                out.push(value);
            }
        }
        write_to(it, args, 2, array_value(out));
        return Value { known: Known::Int(i64::from(truth)), ..mark };
    }
    let inner = Value::unknown().with_taint(subject.taint.clone());
    let inner = if name == "preg_match_all" {
        let list = array_value(Array { rest: Some(Box::new(inner)), ..Array::default() });
        array_value(Array { rest: Some(Box::new(list)), ..Array::default() })
    } else {
        array_value(Array { rest: Some(Box::new(inner)), ..Array::default() })
    };
    write_to(it, args, 2, inner);
    mark
}
