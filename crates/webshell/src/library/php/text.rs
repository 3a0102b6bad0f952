//! Functions that cut, turn and put together text.

use super::arrays::{cut, split};
use super::{array_value, as_array, computed, text};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};
use std::rc::Rc;

/// Functions that cut, turn and put together text.
pub(super) fn shaped(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let one =
        |change: fn(&[u8]) -> Vec<u8>| computed(&Args::of(vec![args.at(0)]), Made::default(), || text(change(&args.bytes(0)?)));
    Some(match name {
        "str_getcsv" => {
            let first = args.at(0);
            let (Some(line), separator) = (args.bytes(0), args.bytes(1)) else {
                return Some(Interpreter::array_of_unknown(Value { known: Known::Unknown, ..first }));
            };
            let separator = separator.and_then(|separator| separator.first().copied()).unwrap_or(b',');
            let fields = line.split(|byte| *byte == separator).map(|field| {
                let field = field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\"")).unwrap_or(field);
                Value { known: Known::Bytes(field.into()), ..first.clone() }.with(Made::BUILT)
            });
            Value::list(fields.collect())
        }
        "parse_ini_string" => settings(args)?,
        "strtolower" | "mb_strtolower" => one(|bytes| bytes.to_ascii_lowercase()),
        "strtoupper" | "mb_strtoupper" => one(|bytes| bytes.to_ascii_uppercase()),
        "ucfirst" => one(|bytes| first_changed(bytes, u8::to_ascii_uppercase)),
        "lcfirst" => one(|bytes| first_changed(bytes, u8::to_ascii_lowercase)),
        "ucwords" => one(|bytes| {
            let mut before = b' ';
            bytes
                .iter()
                .map(|byte| {
                    let now = if before == b' ' { byte.to_ascii_uppercase() } else { *byte };
                    before = *byte;
                    now
                })
                .collect()
        }),
        "stripslashes" => one(|bytes| {
            let mut out = Vec::with_capacity(bytes.len());
            let mut rest = bytes.iter();
            while let Some(byte) = rest.next() {
                match byte {
                    b'\\' => out.extend(rest.next().map(|next| if *next == b'0' { 0 } else { *next })),
                    byte => out.push(*byte),
                }
            }
            out
        }),
        "nl2br" | "strval" | "_" | "gettext" | "wordwrap" | "chunk_split" | "money_format" | "utf8_ensure" | "mb_scrub" => {
            one(<[u8]>::to_vec)
        }
        "trim" | "ltrim" | "rtrim" | "chop" => {
            let first = args.at(0);
            match args.bytes(0).filter(|_| args.get(1).is_none_or(Value::is_known)) {
                Some(bytes) => {
                    let set = trim_set(args.bytes(1).as_deref());
                    let is_in = |byte: &u8| set.contains(byte);
                    let start = if matches!(name, "trim" | "ltrim") {
                        bytes.iter().position(|byte| !is_in(byte)).unwrap_or(bytes.len())
                    } else {
                        0
                    };
                    let end = if name == "ltrim" {
                        bytes.len()
                    } else {
                        bytes.iter().rposition(|byte| !is_in(byte)).map_or(start, |last| last + 1)
                    };
                    Value { known: Known::Bytes(bytes.get(start..end.max(start)).unwrap_or_default().into()), ..first }
                }
                None => Value { known: Known::Unknown, ..first },
            }
        }
        "substr" | "mb_substr" | "mb_strcut" | "iconv_substr" => {
            let first = args.at(0);
            let known =
                args.bytes(0).zip(args.int(1)).filter(|_| args.get(2).is_none_or(Value::is_known)).map(|(bytes, start)| {
                    let count = args.get(2).filter(|count| !matches!(count.known, Known::Null)).and_then(Value::as_int);
                    bytes.get(cut(bytes.len(), start, count)).unwrap_or_default().to_vec()
                });
            let value = match known {
                Some(bytes) => Value { known: Known::Bytes(bytes.into()), ..first },
                None => Value { known: Known::Unknown, ..first },
            };
            value.with(Made::BUILT)
        }
        "substr_replace" => computed(args, Made::BUILT, || {
            let bytes = args.bytes(0)?;
            let range = cut(bytes.len(), args.int(2)?, args.int(3));
            let mut out = bytes.get(..range.start)?.to_vec();
            out.extend_from_slice(&args.bytes(1)?);
            out.extend_from_slice(bytes.get(range.end..)?);
            text(out)
        }),
        "strstr" | "stristr" | "strchr" | "strrchr" => computed(args, Made::BUILT, || {
            let (bytes, by) = (args.bytes(0)?, args.bytes(1)?);
            let at =
                if name == "strrchr" { memchr::memmem::rfind(&bytes, by.get(..1)?) } else { memchr::memmem::find(&bytes, &by) };
            let Some(at) = at else { return Some(Known::Bool(false)) };
            let before = args.get(2).and_then(Value::truth) == Some(true);
            text(if before { bytes.get(..at)? } else { bytes.get(at..)? }.to_vec())
        }),
        "str_replace" | "str_ireplace" => replaced(it, name, args),
        "strtr" => translated(args),
        "str_repeat" => {
            let count = args.int(1).and_then(|count| usize::try_from(count).ok());
            match (args.bytes(0), count) {
                (Some(bytes), Some(count)) if it.may_make(bytes.len().saturating_mul(count)) => {
                    Value { known: Known::Bytes(bytes.repeat(count).into()), ..args.at(0) }
                }
                _ => Value { known: Known::Unknown, ..args.at(0) },
            }
        }
        "str_pad" => computed(args, Made::default(), || {
            let (bytes, length) = (args.bytes(0)?, usize::try_from(args.int(1)?).ok()?);
            let pad = args.bytes(2).unwrap_or_else(|| b" "[..].into());
            let fill: Vec<u8> = pad.iter().copied().cycle().take(length.min(1 << 16).saturating_sub(bytes.len())).collect();
            text(if args.int(3) == Some(0) { [&fill[..], &bytes].concat() } else { [&bytes[..], &fill].concat() })
        }),
        "str_shuffle" => args.at(0),
        "sprintf" | "vsprintf" => {
            let inner = match (name, as_array(&args.at(1))) {
                ("vsprintf", Some(array)) if array.rest.is_none() => {
                    let mut values = vec![args.at(0)];
                    values.extend(array.entries.values().cloned());
                    Args::of(values)
                }
                _ => args.clone(),
            };
            formatted(it, &inner)
        }
        "base_convert" => computed(args, Made::BUILT, || {
            let number = u128::from_str_radix(
                &args.text(0)?.to_ascii_lowercase(),
                u32::try_from(args.int(1)?).ok().filter(|base| (2..=36).contains(base))?,
            )
            .ok()?;
            text(in_base(number, u32::try_from(args.int(2)?).ok()?)?)
        }),
        "dechex" => computed(args, Made::BUILT, || text(format!("{:x}", args.int(0)?).into_bytes())),
        "decbin" => computed(args, Made::BUILT, || text(format!("{:b}", args.int(0)?).into_bytes())),
        "decoct" => computed(args, Made::BUILT, || text(format!("{:o}", args.int(0)?).into_bytes())),
        "count_chars" => {
            let known = args.bytes(0).filter(|_| args.int(1) == Some(3)).map(|bytes| {
                let mut seen: Vec<u8> = bytes.to_vec();
                seen.sort_unstable();
                seen.dedup();
                Known::Bytes(seen.into())
            });
            Value { known: known.unwrap_or_default(), ..args.at(0) }.with(Made::BUILT)
        }
        _ => return None,
    })
}

fn first_changed(bytes: &[u8], change: fn(&u8) -> u8) -> Vec<u8> {
    let mut out = bytes.to_vec();
    if let Some(first) = out.first_mut() {
        *first = change(first);
    }
    out
}

fn trim_set(set: Option<&[u8]>) -> Vec<u8> {
    let Some(set) = set else { return b" \t\n\r\0\x0b".to_vec() };
    let mut out = Vec::new();
    let mut index = 0;
    while let Some(byte) = set.get(index) {
        match (set.get(index + 1..index + 3), set.get(index + 3)) {
            (Some(b".."), Some(end)) if end >= byte => {
                out.extend(*byte..=*end);
                index += 4;
            }
            _ => {
                out.push(*byte);
                index += 1;
            }
        }
    }
    out
}

pub(super) fn url_encoded(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| {
            if byte.is_ascii_alphanumeric() || b"-_.".contains(byte) { vec![*byte] } else { format!("%{byte:02X}").into_bytes() }
        })
        .collect()
}

fn in_base(mut number: u128, base: u32) -> Option<Vec<u8>> {
    if !(2..=36).contains(&base) {
        return None;
    }
    let mut out = Vec::new();
    while number > 0 || out.is_empty() {
        out.push(char::from_digit((number % u128::from(base)) as u32, base)? as u8);
        number /= u128::from(base);
    }
    out.reverse();
    Some(out)
}

/// `str_replace` with texts or lists of them.
fn replaced(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Value {
    let subject = args.at(2);
    let inherited = Value::from_all([&args.at(1), &subject], Control::Whole).with(Made::BUILT);
    let list = |value: &Value| -> Option<Vec<Rc<[u8]>>> {
        match as_array(value) {
            Some(array) => array.all()?.map(|value| value.as_bytes().filter(|_| value.is_known())).collect(),
            None => Some(vec![value.as_bytes().filter(|_| value.is_known())?]),
        }
    };
    if let Some(array) = as_array(&subject).filter(|array| array.rest.is_none()) {
        let mut out = Array::default();
        for (key, value) in &array.entries {
            out.set(key.clone(), replaced(it, name, &Args::of(vec![args.at(0), args.at(1), value.clone()])));
        }
        return array_value(out);
    }
    let (Some(search), Some(with), Some(bytes)) = (list(&args.at(0)), list(&args.at(1)), subject.only_bytes()) else {
        return Value { known: Known::Unknown, ..inherited };
    };
    let many = as_array(&args.at(1)).is_some();
    let mut bytes = bytes.to_vec();
    for (index, search) in search.iter().enumerate().filter(|(_, search)| !search.is_empty()) {
        let with = if many {
            with.get(index).map(|with| &with[..]).unwrap_or_default()
        } else {
            with.first().map(|with| &with[..]).unwrap_or_default()
        };
        let times = memchr::memmem::find_iter(&bytes, search).count();
        it.charge(bytes.len());
        // Before it is made: it may be far too long.
        if !it.may_make(times.saturating_mul(with.len())) || !it.may_make(bytes.len()) {
            return Value { known: Known::Unknown, ..inherited };
        }
        if times == 0 && name != "str_ireplace" {
            continue;
        }
        bytes = if name == "str_ireplace" {
            replace_caseless(&bytes, search, with)
        } else {
            split(&bytes, search).collect::<Vec<_>>().join(with)
        };
    }
    Value { known: Known::Bytes(bytes.into()), ..inherited }
}

fn replace_caseless(bytes: &[u8], search: &[u8], with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        if bytes.get(index..index + search.len()).is_some_and(|here| here.eq_ignore_ascii_case(search)) {
            out.extend_from_slice(with);
            index += search.len();
        } else {
            out.extend(bytes.get(index));
            index += 1;
        }
    }
    out
}

fn translated(args: &Args) -> Value {
    let subject = args.at(0);
    let inherited = Value { known: Known::Unknown, ..Value::from_all(args.all(), Control::Whole) }.with(Made::BUILT);
    let Some(bytes) = subject.only_bytes() else { return inherited };
    let out = if let (Some(from), Some(to)) = (args.bytes(1), args.bytes(2)) {
        let mut table: [u8; 256] = std::array::from_fn(|index| index as u8);
        for (from, to) in from.iter().zip(to.iter()) {
            if let Some(place) = table.get_mut(usize::from(*from)) {
                *place = *to;
            }
        }
        bytes.iter().map(|byte| table.get(usize::from(*byte)).copied().unwrap_or(*byte)).collect()
    } else {
        let second = args.at(1);
        let Some(pairs) = as_array(&second).and_then(|array| {
            array.rest.is_none().then(|| {
                #[allow(clippy::type_complexity, reason = "pairs of texts")]
                let mut pairs: Vec<(Rc<[u8]>, Rc<[u8]>)> = array
                    .entries
                    .iter()
                    .filter_map(|(key, value)| Some((key.value().as_bytes()?, value.as_bytes()?)))
                    .filter(|(key, _)| !key.is_empty())
                    .collect();
                pairs.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
                pairs
            })
        }) else {
            return inherited;
        };
        let mut out = Vec::with_capacity(bytes.len());
        let mut index = 0;
        while let Some(rest) = bytes.get(index..).filter(|rest| !rest.is_empty()) {
            match pairs.iter().find(|(key, _)| rest.starts_with(key)) {
                Some((key, value)) => {
                    out.extend_from_slice(value);
                    index += key.len();
                }
                None => {
                    out.extend(rest.first());
                    index += 1;
                }
            }
        }
        out
    };
    Value { known: Known::Bytes(out.into()), ..inherited }
}

/// `sprintf`: `%s %d %c %x %05d %1$s %%`.
fn formatted(it: &mut Interpreter<'_>, args: &Args) -> Value {
    let Some(format) = args.bytes(0) else { return Value::from_all(args.all(), Control::Part) };
    let mut pieces: Vec<Value> = Vec::new();
    let mut plain = Vec::new();
    let mut next = 1;
    let mut index = 0;
    while let Some(byte) = format.get(index) {
        index += 1;
        if *byte != b'%' {
            plain.push(*byte);
            continue;
        }
        if format.get(index) == Some(&b'%') {
            plain.push(b'%');
            index += 1;
            continue;
        }
        let start = index;
        while format.get(index).is_some_and(|byte| !byte.is_ascii_alphabetic()) {
            index += 1;
        }
        let flags = String::from_utf8_lossy(format.get(start..index).unwrap_or_default()).into_owned();
        let kind = format.get(index).copied().unwrap_or_default();
        index += 1;
        let value = match flags.split_once('$').and_then(|(number, _)| number.parse::<usize>().ok()) {
            Some(number) => args.at(number),
            None => {
                next += 1;
                args.at(next - 1)
            }
        };
        pieces.push(Value::bytes(&std::mem::take(&mut plain)));
        let number = value.as_int().filter(|_| value.is_known());
        let width = flags.rsplit('$').next().unwrap_or_default();
        pieces.push(match (kind, number) {
            (b's', _) => value,
            (b'c', Some(number)) => Value { known: Known::Bytes([number as u8][..].into()), ..value },
            (b'x', Some(number)) => Value { known: Known::Bytes(padded(format!("{number:x}"), width).into()), ..value },
            (b'X', Some(number)) => Value { known: Known::Bytes(padded(format!("{number:X}"), width).into()), ..value },
            (b'd' | b'u', Some(number)) => Value { known: Known::Bytes(padded(number.to_string(), width).into()), ..value },
            (b'o', Some(number)) => Value { known: Known::Bytes(padded(format!("{number:o}"), width).into()), ..value },
            (b'b', Some(number)) => Value { known: Known::Bytes(padded(format!("{number:b}"), width).into()), ..value },
            _ => Value { known: Known::Unknown, taint: value.taint.map(|taint| taint.at_most(Control::Mark)), made: value.made },
        });
    }
    pieces.push(Value::bytes(&plain));
    let mut pieces = pieces.into_iter();
    let first = pieces.next().unwrap_or_default();
    pieces.fold(first, |sum, piece| it.join(&sum, &piece)).with(Made::BUILT)
}

fn padded(text: String, width: &str) -> Vec<u8> {
    let fill = if width.starts_with('0') { '0' } else { ' ' };
    let width: usize = width.trim_start_matches(['0', '-', '+']).parse().unwrap_or(0).min(64);
    let missing = width.saturating_sub(text.len());
    std::iter::repeat_n(fill, missing).collect::<String>().into_bytes().into_iter().chain(text.into_bytes()).collect()
}

/// `name = value` in lines, with or without sections.
fn settings(args: &Args) -> Option<Value> {
    let source = args.bytes(0)?;
    let mut all = Array::default();
    let mut section: Option<(Key, Array)> = None;
    let by_section = args.get(1).and_then(Value::truth) == Some(true);
    for line in source.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
        if let Some(name) = line.strip_prefix(b"[").and_then(|line| line.strip_suffix(b"]")).filter(|_| by_section) {
            all.extend_by(section.replace((Key::Bytes(name.into()), Array::default())));
            continue;
        }
        let Some(equals) = memchr::memchr(b'=', line).filter(|_| !line.starts_with(b";")) else { continue };
        let (name, value) = line.split_at(equals);
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let quoted = value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\""));
        let value = Value { known: Known::Bytes(quoted.unwrap_or(value).into()), ..args.at(0) }.with(Made::BUILT);
        let name = Key::Bytes(name.trim_ascii().into());
        section.as_mut().map_or(&mut all, |(_, inside)| inside).set(name, value);
    }
    all.extend_by(section);
    Some(array_value(all))
}

impl Array {
    fn extend_by(&mut self, section: Option<(Key, Self)>) {
        if let Some((name, inside)) = section {
            self.set(name, array_value(inside));
        }
    }
}
