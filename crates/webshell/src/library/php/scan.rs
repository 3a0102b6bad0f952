//! Functions that take text apart: formats, addresses, paths, dates.

use std::rc::Rc;

use super::{array_value, computed, text, write_to};
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    Some(match name {
        "sscanf" => scanned(it, args),
        "strtok" => token(it, args),
        "parse_url" => parts(args, args.int(1).filter(|_| args.len() > 1), address_parts, ADDRESS),
        "pathinfo" => {
            let flag = args.int(1).filter(|_| args.len() > 1);
            let index = flag.map(|flag| i64::from(flag.trailing_zeros()));
            parts(args, index, path_parts, PATH)
        }
        "date" | "gmdate" => date(args),
        "date_format" => date(&args.skip(1)),
        "var_export" | "print_r" if args.get(1).and_then(Value::truth) == Some(true) => {
            let value = args.at(0);
            match &value.known {
                Known::Bytes(bytes) => {
                    let bytes = if name == "print_r" { bytes.clone() } else { exported(bytes) };
                    Value { known: Known::Bytes(bytes), ..value }
                }
                Known::Int(_) => Value { known: Known::Bytes(value.as_bytes()?), ..value },
                Known::Unknown if name == "print_r" => value,
                _ => Value::from_all([&value], Control::Part),
            }
        }
        "strpbrk" => computed(args, Made::BUILT, || {
            let (bytes, set) = (args.bytes(0)?, args.bytes(1)?);
            text(bytes.get(bytes.iter().position(|byte| set.contains(byte))?..)?.to_vec())
        }),
        _ => return None,
    })
}

fn exported(bytes: &[u8]) -> Rc<[u8]> {
    let mut out = vec![b'\''];
    for byte in bytes {
        if matches!(byte, b'\'' | b'\\') {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out.push(b'\'');
    out.into()
}

/// `sscanf`: `%s %d %c %x %[a-z]`, and text that has to stand there.
fn scanned(it: &mut Interpreter<'_>, args: &Args) -> Value {
    let subject = args.at(0);
    let (Some(bytes), Some(format)) = (args.bytes(0), args.bytes(1)) else {
        let element = Value { known: Known::Unknown, ..subject };
        for index in 2..args.len() {
            write_to(it, args, index, element.clone());
        }
        return array_value(Array { rest: Some(Box::new(element)), ..Array::default() });
    };
    let mut out = Vec::new();
    let mut rest = &bytes[..];
    let mut format = format.iter().copied().peekable();
    while let Some(byte) = format.next() {
        if byte != b'%' {
            if byte.is_ascii_whitespace() {
                rest = rest.trim_ascii_start();
            } else {
                rest = rest.strip_prefix(&[byte]).unwrap_or(rest);
            }
            continue;
        }
        let mut width = 0usize;
        while let Some(digit) = format.next_if(u8::is_ascii_digit) {
            width = width.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
        }
        let width = if width == 0 { usize::MAX } else { width };
        let kind = format.next().unwrap_or_default();
        let piece = match kind {
            b'c' => rest.split_first().map_or(&b""[..], |(first, after)| {
                rest = after;
                std::slice::from_ref(first)
            }),
            b'[' => {
                let mut set: Vec<u8> = Vec::new();
                while let Some(next) = format.next().filter(|next| *next != b']' || set.is_empty()) {
                    set.push(next);
                }
                take(&mut rest, width, &|byte| in_set(&set, byte))
            }
            b'd' | b'u' | b'x' | b'X' | b'f' => {
                rest = rest.trim_ascii_start();
                take(&mut rest, width, &|byte| byte.is_ascii_hexdigit() || matches!(byte, b'-' | b'.'))
            }
            _ => {
                rest = rest.trim_ascii_start();
                take(&mut rest, width, &|byte| !byte.is_ascii_whitespace())
            }
        };
        let piece = String::from_utf8_lossy(piece).into_owned();
        let known = match kind {
            b'd' | b'u' => piece.parse().map_or(Known::Null, Known::Int),
            b'x' | b'X' => i64::from_str_radix(&piece, 16).map_or(Known::Null, Known::Int),
            _ => Known::Bytes(piece.into_bytes().into()),
        };
        out.push(Value { known, ..subject.clone() }.with(Made::BUILT));
    }
    for (index, value) in out.iter().enumerate() {
        write_to(it, args, index + 2, value.clone());
    }
    Value::list(out)
}

fn take<'t>(rest: &mut &'t [u8], width: usize, is_in: &dyn Fn(u8) -> bool) -> &'t [u8] {
    let count = rest.iter().take(width).take_while(|byte| is_in(**byte)).count();
    let (piece, after) = rest.split_at_checked(count).unwrap_or((rest, b""));
    *rest = after;
    piece
}

/// Whether a byte is in a set like `^a-z_`.
fn in_set(set: &[u8], byte: u8) -> bool {
    let (negated, set) = match set.split_first() {
        Some((b'^', rest)) => (true, rest),
        _ => (false, set),
    };
    let in_range = set.windows(3).any(|three| matches!(three, [from, b'-', to] if (*from..=*to).contains(&byte)));
    (in_range || set.contains(&byte)) != negated
}

/// `strtok` goes on where it ended if it is called with the separators alone.
fn token(it: &mut Interpreter<'_>, args: &Args) -> Value {
    let (subject, by) = if args.len() > 1 { (args.at(0), args.bytes(1)) } else { (it.runtime.token_rest.clone(), args.bytes(0)) };
    let (Some(bytes), Some(by)) = (subject.only_bytes().cloned(), by) else {
        let rest = Value { known: Known::Unknown, ..subject };
        it.runtime.token_rest = rest.clone();
        return rest;
    };
    let start = bytes.iter().position(|byte| !by.contains(byte)).unwrap_or(bytes.len());
    let rest = bytes.get(start..).unwrap_or_default();
    let end = rest.iter().position(|byte| by.contains(byte)).unwrap_or(rest.len());
    let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, b""));
    it.runtime.token_rest = Value { known: Known::Bytes(after.get(1..).unwrap_or_default().into()), ..subject.clone() };
    if piece.is_empty() {
        return Value::bool(false);
    }
    Value { known: Known::Bytes(piece.into()), ..subject }.with(Made::BUILT)
}

const ADDRESS: &[&str] = &["scheme", "host", "port", "user", "pass", "path", "query", "fragment"];
const PATH: &[&str] = &["dirname", "basename", "extension", "filename"];

type Parts = Vec<(&'static str, String)>;

/// A part of a text by its number, or all by their names.
fn parts(args: &Args, index: Option<i64>, make: fn(&str) -> Parts, names: &[&str]) -> Value {
    let subject = args.at(0);
    let wanted = index.and_then(|index| usize::try_from(index).ok()).and_then(|index| names.get(index));
    let Some(bytes) = args.bytes(0) else {
        let element = Value { known: Known::Unknown, ..subject }.at_most(Control::Part);
        return match wanted {
            Some(_) => element,
            None => array_value(Array { rest: Some(Box::new(element)), ..Array::default() }),
        };
    };
    let made = make(&String::from_utf8_lossy(&bytes));
    let of = |text: String| Value { known: Known::Bytes(text.into_bytes().into()), ..subject.clone() }.with(Made::BUILT);
    if let Some(wanted) = wanted {
        return made.into_iter().find(|(name, _)| name == wanted).map_or_else(Value::null, |(_, text)| of(text));
    }
    let mut array = Array::default();
    made.into_iter().for_each(|(name, text)| array.set(Key::text(name), of(text)));
    array_value(array)
}

fn address_parts(text: &str) -> Parts {
    let mut out = Parts::new();
    let (text, fragment) = text.split_once('#').map_or((text, None), |(text, fragment)| (text, Some(fragment)));
    let (text, query) = text.split_once('?').map_or((text, None), |(text, query)| (text, Some(query)));
    let mut path = text;
    if let Some((scheme, rest)) = text.split_once("://") {
        out.push(("scheme", scheme.to_owned()));
        let (authority, rest) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
        let (login, host) = authority.rsplit_once('@').map_or((None, authority), |(login, host)| (Some(login), host));
        let (host, port) = host.rsplit_once(':').map_or((host, None), |(host, port)| (host, Some(port)));
        out.push(("host", host.to_owned()));
        out.extend(port.map(|port| ("port", port.to_owned())));
        if let Some(login) = login {
            let (user, pass) = login.split_once(':').map_or((login, None), |(user, pass)| (user, Some(pass)));
            out.push(("user", user.to_owned()));
            out.extend(pass.map(|pass| ("pass", pass.to_owned())));
        }
        path = rest;
    }
    if !path.is_empty() {
        out.push(("path", path.to_owned()));
    }
    out.extend(query.map(|query| ("query", query.to_owned())));
    out.extend(fragment.map(|fragment| ("fragment", fragment.to_owned())));
    out
}

fn path_parts(text: &str) -> Parts {
    let (folder, name) = text.rsplit_once(['/', '\\']).unwrap_or((".", text));
    let mut out = vec![("dirname", folder.to_owned()), ("basename", name.to_owned())];
    let (stem, ending) = name.rsplit_once('.').map_or((name, None), |(stem, ending)| (stem, Some(ending)));
    out.extend(ending.map(|ending| ("extension", ending.to_owned())));
    out.push(("filename", stem.to_owned()));
    out
}

/// A date is not known, but letters of the format that are escaped or mean nothing are.
fn date(args: &Args) -> Value {
    const MEANS: &[u8] = b"dDjlNSwzWFmMntLoYyaABgGhHisuveIOPpTZcrUxX";
    let Some(format) = args.bytes(0) else { return Value::from_all(args.all(), Control::Part) };
    let mut out = Vec::with_capacity(format.len());
    let mut bytes = format.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => out.extend(bytes.next()),
            byte if MEANS.contains(byte) => return Value::unknown(),
            byte => out.push(*byte),
        }
    }
    Value { known: Known::Bytes(out.into()), ..args.at(0) }.with(Made::BUILT)
}
