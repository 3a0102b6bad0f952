//! Functions that only compute: text, numbers, encodings. What they give is known if their arguments are.

use std::rc::Rc;

use super::arrays::{cut, split};
use super::{array_value, as_array, computed, text};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Array, Key, Known, Made, Value};

pub(super) fn function(it: &mut Interpreter<'_>, name: &str, args: &Args, at: u32) -> Option<Value> {
    if let Some(value) = decoded(it, name, args) {
        return Some(it.through(value, at, name));
    }
    if let Some(value) = shaped(it, name, args) {
        return Some(value);
    }
    Some(match name {
        // What is left of the argument is a number, a truth value or a hash.
        "md5" | "sha1" | "crc32" | "hash" | "hash_hmac" | "crypt" | "password_hash" | "password_verify" | "hash_equals"
        | "md5_file" | "sha1_file" | "strlen" | "mb_strlen" | "intval" | "floatval" | "doubleval" | "boolval" | "is_array"
        | "is_string" | "is_int" | "is_numeric" | "is_object" | "is_null" | "is_bool" | "is_callable" | "is_file" | "is_dir"
        | "is_readable" | "is_writable" | "is_writeable" | "is_executable" | "is_link" | "is_uploaded_file" | "file_exists"
        | "function_exists" | "class_exists" | "method_exists" | "defined" | "extension_loaded" | "strcmp" | "strcasecmp"
        | "strncmp" | "strncasecmp" | "strnatcmp" | "substr_count" | "similar_text" | "levenshtein" | "ctype_alpha"
        | "ctype_digit" | "ctype_alnum" | "ctype_xdigit" | "ctype_upper" | "ctype_lower" | "ctype_space" | "ctype_punct"
        | "checkdate" | "version_compare" | "strpos" | "stripos" | "strrpos" | "mb_strpos" | "str_contains"
        | "str_starts_with" | "str_ends_with" | "abs" | "floor" | "ceil" | "round" | "max" | "min" | "pow" | "sqrt"
        | "bindec" | "hexdec" | "octdec" | "rand" | "mt_rand" | "random_int" | "time" | "microtime" | "mktime" | "strtotime"
        | "ip2long" | "long2ip" | "fileperms" | "filemtime" | "getmypid" | "settype" | "gettype" | "number_format"
        | "ord_unknown" | "spl_object_hash" | "checkdnsrr" | "connection_status" | "disk_free_space" | "disk_total_space" => {
            numbers(it, name, args)
        }
        // What is left is harmless for most uses.
        "htmlspecialchars"
        | "htmlentities"
        | "addslashes"
        | "addcslashes"
        | "strip_tags"
        | "escapeshellarg"
        | "escapeshellcmd"
        | "mysql_real_escape_string"
        | "mysqli_real_escape_string"
        | "mysql_escape_string"
        | "pg_escape_string"
        | "urlencode"
        | "rawurlencode"
        | "json_encode"
        | "serialize"
        | "var_export"
        | "print_r"
        | "var_dump"
        | "quotemeta"
        | "http_build_query" => {
            if name == "escapeshellarg" || name == "escapeshellcmd" {
                it.checked(&args.at(0));
            }
            let value = Value::from_all(args.all(), Control::Weak);
            match (name, args.bytes(0)) {
                ("urlencode" | "rawurlencode", Some(bytes)) => Value { known: Known::Bytes(url_encoded(&bytes).into()), ..value },
                ("addslashes" | "htmlspecialchars" | "strip_tags", Some(bytes))
                    if !bytes.iter().any(|byte| b"'\"\\<>&".contains(byte)) =>
                {
                    Value { known: Known::Bytes(bytes), ..value }
                }
                _ => value,
            }
        }
        "realpath" | "getcwd" => Value::from_all(args.all(), Control::Part),
        "dirname" => {
            let first = args.at(0);
            match first.as_text().filter(|_| first.is_known()) {
                Some(path) => {
                    let parent = path.rsplit_once(['/', '\\']).map_or(".", |(parent, _)| parent);
                    Value { known: Known::Bytes(parent.as_bytes().into()), ..first }
                }
                None => Value::from_all(args.all(), Control::Weak),
            }
        }
        "basename" => {
            let first = args.at(0);
            match first.as_text().filter(|_| first.is_known()) {
                Some(path) => {
                    let name = path.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
                    let name = args.text(1).map_or(name, |ending| name.strip_suffix(&*ending).unwrap_or(name));
                    Value { known: Known::Bytes(name.as_bytes().into()), ..first }
                }
                None => Value { known: Known::Unknown, ..first },
            }
        }
        "constant" => {
            let first = args.at(0);
            match first.as_text().filter(|_| first.is_known()) {
                Some(name) => it.constant(&name).unwrap_or_else(Value::unknown).with(first.made),
                None => Value { known: Known::Unknown, ..first },
            }
        }
        "define" => {
            if let Some(name) = args.text(0) {
                it.define(&name, args.at(1));
            }
            Value::bool(true)
        }
        "use_function" => {
            if let (Some(original), Some(alias)) = (args.text(0), args.text(1)) {
                it.alias(&original, &alias);
            }
            Value::null()
        }
        // Gone since PHP 5.4.
        "get_magic_quotes_gpc" | "get_magic_quotes_runtime" => Value::unknown(),
        "error_reporting"
        | "ini_set"
        | "set_time_limit"
        | "ignore_user_abort"
        | "header"
        | "session_start"
        | "ob_end_clean"
        | "ob_get_clean"
        | "ob_get_contents"
        | "date_default_timezone_set"
        | "setcookie"
        | "flush"
        | "usleep"
        | "sleep"
        | "phpinfo"
        | "phpversion"
        | "php_uname"
        | "php_sapi_name"
        | "get_current_user"
        | "ini_get"
        | "headers_sent"
        | "date"
        | "uniqid"
        | "gethostbyname"
        | "php_ini_loaded_file"
        | "sys_get_temp_dir"
        | "get_cfg_var"
        | "posix_getuid"
        | "umask" => Value::unknown(),
        _ => return None,
    })
}

/// Decoders. What was known comes out decoded.
fn decoded(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let one = |decode: fn(&[u8]) -> Option<Vec<u8>>| {
        computed(&Args::of(vec![args.at(0)]), Made::DECODED, || text(decode(&args.bytes(0)?)?))
    };
    let value = match name {
        "base64_decode" => one(|bytes| Some(decode::base64(bytes))),
        "base64_encode" => one(|bytes| Some(decode::to_base64(bytes))),
        "hex2bin" => one(decode::hex),
        "bin2hex" => one(|bytes| Some(decode::to_hex(bytes))),
        "str_rot13" => one(|bytes| Some(decode::rot13(bytes))),
        "strrev" => one(|bytes| Some(bytes.iter().rev().copied().collect())),
        "urldecode" => one(|bytes| Some(decode::url(bytes, true))),
        "rawurldecode" => one(|bytes| Some(decode::url(bytes, false))),
        "gzinflate" | "gzuncompress" | "gzdecode" | "zlib_decode" => one(decode::inflate),
        "convert_uudecode" => one(|bytes| Some(decode::uu(bytes))),
        "quoted_printable_decode" => one(|bytes| Some(decode::quoted_printable(bytes))),
        "html_entity_decode" | "htmlspecialchars_decode" => one(|bytes| Some(decode::entities(bytes))),
        "stripcslashes" => one(|bytes| Some(decode::c_escapes(bytes))),
        "utf8_decode" => one(|bytes| {
            Some(String::from_utf8_lossy(bytes).chars().map(|one| u8::try_from(u32::from(one)).unwrap_or(b'?')).collect())
        }),
        "utf8_encode" => one(|bytes| Some(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())),
        "bzdecompress"
        | "bzcompress"
        | "gzdeflate"
        | "gzcompress"
        | "gzencode"
        | "lzf_decompress"
        | "openssl_decrypt"
        | "openssl_encrypt"
        | "mcrypt_decrypt"
        | "mcrypt_encrypt"
        | "mcrypt_cbc"
        | "mcrypt_ecb"
        | "mdecrypt_generic"
        | "sodium_crypto_secretbox_open"
        | "openssl_private_decrypt"
        | "openssl_public_decrypt"
        | "convert_uuencode" => {
            Value { known: Known::Unknown, ..Value::from_all(args.all(), Control::Whole) }.with(Made::DECODED)
        }
        "pack" => computed(args, Made::DECODED, || pack(args)),
        "unpack" => {
            let data = args.at(if args.len() > 1 { 1 } else { 0 });
            match (args.text(0), args.bytes(1)) {
                (Some(format), Some(bytes)) => unpack(&format, &bytes).with_taint(data.taint).with(Made::DECODED),
                _ => Value { known: Known::Unknown, ..data }.with(Made::DECODED),
            }
        }
        "iconv" | "mb_convert_encoding" => {
            let index = if name == "iconv" { 2 } else { 0 };
            let value = args.at(index);
            let named = [args.text(1), if name == "iconv" { args.text(0) } else { args.text(2) }];
            let encodings = named.map(Option::unwrap_or_default).join(" ").to_ascii_lowercase();
            match value.only_bytes() {
                Some(bytes) if encodings.contains("base64") => {
                    Value { known: Known::Bytes(decode::base64(bytes).into()), ..value.clone() }.with(Made::DECODED)
                }
                Some(bytes) if encodings.contains("html") => {
                    Value { known: Known::Bytes(decode::entities(bytes).into()), ..value.clone() }.with(Made::DECODED)
                }
                Some(bytes) if encodings.contains("utf-16") || encodings.contains("ucs-2") || encodings.contains("utf-32") => {
                    // Which of the two is the source hardly matters: zeros go, text stays.
                    let bytes: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
                    Value { known: Known::Bytes(bytes.into()), ..value.clone() }.with(Made::DECODED)
                }
                _ => value,
            }
        }
        "json_decode" => match args.bytes(0).and_then(|bytes| json(&bytes, args.at(1).truth() == Some(true))) {
            Some(value) => value.with_taint(args.at(0).taint),
            None => Value { known: Known::Unknown, ..args.at(0) },
        },
        _ => return None,
    };
    if let Some(bytes) = value.only_bytes()
        && !it.may_make(bytes.len())
    {
        return Some(Value { known: Known::Unknown, ..value });
    }
    Some(value)
}

/// Functions that cut, turn and put together text.
fn shaped(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Option<Value> {
    let one =
        |change: fn(&[u8]) -> Vec<u8>| computed(&Args::of(vec![args.at(0)]), Made::default(), || text(change(&args.bytes(0)?)));
    Some(match name {
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

fn numbers(it: &mut Interpreter<'_>, name: &str, args: &Args) -> Value {
    let mark = Value::from_all(args.all(), Control::Mark);
    if matches!(name, "strcmp" | "strcasecmp" | "hash_equals" | "password_verify") {
        it.gate(&args.at(0), &args.at(1), 0);
    }
    if matches!(
        name,
        "strpos" | "stripos" | "strrpos" | "str_contains" | "str_ends_with" | "str_starts_with" | "is_numeric" | "ctype_alnum"
    ) {
        it.checked(&args.at(0));
    }
    if !args.all().all(Value::is_known) {
        return mark;
    }
    let known = (|| {
        Some(match name {
            "strlen" | "mb_strlen" => Known::Int(args.bytes(0)?.len() as i64),
            "intval" => match args.int(1) {
                Some(base @ 2..=36) if base != 10 => {
                    Known::Int(i64::from_str_radix(args.text(0)?.trim_start_matches("0x"), base as u32).ok()?)
                }
                _ => Known::Int(args.int(0)?),
            },
            "bindec" => Known::Int(i64::from_str_radix(&args.text(0)?, 2).ok()?),
            "hexdec" => Known::Int(i64::from_str_radix(args.text(0)?.trim_start_matches("0x"), 16).ok()?),
            "octdec" => Known::Int(i64::from_str_radix(&args.text(0)?, 8).ok()?),
            "md5" | "sha1" if args.get(1).and_then(Value::truth) != Some(true) => {
                let bytes = args.bytes(0)?;
                Known::Bytes(decode::to_hex(&if name == "md5" { decode::md5(&bytes) } else { decode::sha1(&bytes) }).into())
            }
            "crc32" => Known::Int(i64::from(crc32(&args.bytes(0)?))),
            "strpos" | "mb_strpos" => position(
                memchr::memmem::find(args.bytes(0)?.get(usize::try_from(args.int(2).unwrap_or(0)).ok()?..)?, &args.bytes(1)?)
                    .map(|at| at + args.int(2).unwrap_or(0) as usize),
            ),
            "stripos" => {
                position(memchr::memmem::find(&args.bytes(0)?.to_ascii_lowercase(), &args.bytes(1)?.to_ascii_lowercase()))
            }
            "strrpos" => position(memchr::memmem::rfind(&args.bytes(0)?, &args.bytes(1)?)),
            "abs" => Known::Int(args.int(0)?.wrapping_abs()),
            "floor" => Known::Float(args.get(0)?.as_float()?.floor()),
            "ceil" => Known::Float(args.get(0)?.as_float()?.ceil()),
            "round" => Known::Float(args.get(0)?.as_float()?.round()),
            "sqrt" => Known::Float(args.get(0)?.as_float()?.sqrt()),
            "pow" => Known::Int(args.int(0)?.checked_pow(u32::try_from(args.int(1)?).ok()?)?),
            "min" | "max" if args.len() > 1 => {
                let numbers: Option<Vec<i64>> = (0..args.len()).map(|index| args.int(index)).collect();
                Known::Int(if name == "min" { numbers?.into_iter().min()? } else { numbers?.into_iter().max()? })
            }
            "is_array" => Known::Bool(as_array(&args.at(0)).is_some()),
            "is_string" => Known::Bool(args.at(0).only_bytes().is_some()),
            "is_numeric" => Known::Bool(args.at(0).only_bytes().is_none() || crate::value::number_of(&args.bytes(0)?).is_some()),
            // So that what hides behind it is walked, too.
            "function_exists" | "class_exists" | "is_callable" | "file_exists" | "extension_loaded" | "defined" => return None,
            "strcmp" => Known::Int(args.bytes(0)?.cmp(&args.bytes(1)?) as i64),
            "str_contains" => Known::Bool(memchr::memmem::find(&args.bytes(0)?, &args.bytes(1)?).is_some()),
            "substr_count" => Known::Int(memchr::memmem::find_iter(&args.bytes(0)?, &args.bytes(1)?[..]).count() as i64),
            _ => return None,
        })
    })();
    match known {
        Some(known) => Value { known, ..mark },
        None => mark,
    }
}

fn position(found: Option<usize>) -> Known {
    found.map_or(Known::Bool(false), |at| Known::Int(at as i64))
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
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

fn url_encoded(bytes: &[u8]) -> Vec<u8> {
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

fn pack(args: &Args) -> Option<Known> {
    let format = args.text(0)?;
    let mut out = Vec::new();
    let mut next = 1;
    let mut rest = format.chars().peekable();
    while let Some(kind) = rest.next() {
        let mut count = String::new();
        while let Some(digit) = rest.next_if(|next| next.is_ascii_digit() || *next == '*') {
            count.push(digit);
        }
        match kind {
            'H' | 'h' => {
                let mut digits = args.bytes(next)?.to_vec();
                next += 1;
                if !digits.len().is_multiple_of(2) {
                    digits.push(b'0');
                }
                if kind == 'h' {
                    digits.chunks_exact_mut(2).for_each(|pair| pair.reverse());
                }
                out.extend(decode::hex(&digits)?);
            }
            'C' | 'c' => {
                let times = if count == "*" { args.len().saturating_sub(next) } else { count.parse().unwrap_or(1) };
                for _ in 0..times.min(1 << 16) {
                    out.push(args.int(next)? as u8);
                    next += 1;
                }
            }
            'a' | 'A' => {
                out.extend_from_slice(&args.bytes(next)?);
                next += 1;
            }
            'N' | 'n' | 'V' | 'v' => {
                let times = if count == "*" { args.len().saturating_sub(next) } else { count.parse().unwrap_or(1) };
                for _ in 0..times.min(1 << 16) {
                    let number = args.int(next)?;
                    next += 1;
                    match kind {
                        'N' => out.extend_from_slice(&(number as u32).to_be_bytes()),
                        'n' => out.extend_from_slice(&(number as u16).to_be_bytes()),
                        'V' => out.extend_from_slice(&(number as u32).to_le_bytes()),
                        _ => out.extend_from_slice(&(number as u16).to_le_bytes()),
                    }
                }
            }
            'x' => out.push(0),
            _ => return None,
        }
    }
    text(out)
}

fn unpack(format: &str, bytes: &[u8]) -> Value {
    let kind = format.chars().next().unwrap_or_default();
    let name = format
        .trim_start_matches(|c: char| !c.is_ascii_digit() && c != '*')
        .trim_start_matches(|c: char| c.is_ascii_digit() || c == '*');
    let mut out = Array::default();
    match kind {
        'C' | 'c' => {
            bytes.iter().enumerate().for_each(|(index, byte)| out.set(Key::Int(index as i64 + 1), Value::int(i64::from(*byte))))
        }
        'H' => out.set(if name.is_empty() { Key::Int(1) } else { Key::text(name) }, Value::bytes(&decode::to_hex(bytes))),
        'a' | 'A' => out.set(if name.is_empty() { Key::Int(1) } else { Key::text(name) }, Value::bytes(bytes)),
        _ => return Value::unknown(),
    }
    array_value(out)
}

/// `a=1&b[]=2`.
pub(super) fn parse_query(bytes: &[u8]) -> Value {
    let mut out = Array::default();
    for pair in bytes.split(|byte| *byte == b'&').take(10_000) {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let key = decode::url(halves.next().unwrap_or_default(), true);
        let value = Value::bytes(&decode::url(halves.next().unwrap_or_default(), true)).with(Made::DECODED);
        let Some(open) = key.iter().position(|byte| *byte == b'[') else {
            if let Some(key) = Key::of(&Value::bytes(&key)) {
                out.set(key, value);
            }
            continue;
        };
        let base = Key::Bytes(key.get(..open).unwrap_or_default().into());
        let inner = key.get(open + 1..).unwrap_or_default();
        let inner = inner.get(..inner.len().saturating_sub(1)).unwrap_or_default();
        let mut array = match out.entries.get(&base) {
            Some(Value { known: Known::Array(array), .. }) => (**array).clone(),
            _ => Array::default(),
        };
        match Key::of(&Value::bytes(inner)) {
            Some(key) if !inner.is_empty() => array.set(key, value),
            _ => array.push(value),
        }
        out.set(base, array_value(array));
    }
    array_value(out)
}

fn json(bytes: &[u8], as_arrays: bool) -> Option<Value> {
    let parsed: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    Some(of_json(parsed, as_arrays))
}

fn of_json(value: serde_json::Value, as_arrays: bool) -> Value {
    match value {
        serde_json::Value::Null => Value::null(),
        serde_json::Value::Bool(truth) => Value::bool(truth),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::int(number),
            None => Known::Float(number.as_f64().unwrap_or_default()).into(),
        },
        serde_json::Value::String(text) => Value::text(&text).with(Made::DECODED),
        serde_json::Value::Array(values) => Value::list(values.into_iter().map(|value| of_json(value, as_arrays)).collect()),
        serde_json::Value::Object(entries) if as_arrays => {
            let mut out = Array::default();
            entries.into_iter().for_each(|(key, value)| out.set(Key::text(&key), of_json(value, as_arrays)));
            array_value(out)
        }
        serde_json::Value::Object(entries) => {
            let object = Interpreter::fresh_object("stdclass");
            entries.into_iter().for_each(|(key, value)| object.set(&key, of_json(value, as_arrays)));
            Interpreter::object_value(object)
        }
    }
}

/// Constants of PHP that decide something here.
pub(super) fn constant_number(name: &str) -> Option<i64> {
    Some(match name {
        "INPUT_POST" => 0,
        "INPUT_GET" => 1,
        "INPUT_COOKIE" => 2,
        "INPUT_ENV" => 4,
        "INPUT_SERVER" => 5,
        "FILTER_CALLBACK" => 1024,
        "FILTER_VALIDATE_INT" => 257,
        "FILTER_VALIDATE_BOOLEAN" | "FILTER_VALIDATE_BOOL" => 258,
        "FILTER_VALIDATE_FLOAT" => 259,
        "FILTER_VALIDATE_URL" => 273,
        "FILTER_VALIDATE_EMAIL" => 274,
        "FILTER_VALIDATE_IP" => 275,
        "FILTER_SANITIZE_NUMBER_INT" => 519,
        "FILTER_SANITIZE_STRING" | "FILTER_SANITIZE_STRIPPED" => 513,
        "FILTER_SANITIZE_SPECIAL_CHARS" => 515,
        "FILTER_UNSAFE_RAW" | "FILTER_DEFAULT" => 516,
        "CURLOPT_URL" => 10002,
        "PREG_SPLIT_NO_EMPTY" | "PREG_PATTERN_ORDER" => 1,
        "PREG_SET_ORDER" => 2,
        "SEEK_SET" | "EXTR_OVERWRITE" => 0,
        "PATHINFO_DIRNAME" => 1,
        "PATHINFO_BASENAME" => 2,
        "PATHINFO_EXTENSION" => 4,
        "PATHINFO_FILENAME" => 8,
        "PHP_URL_SCHEME" => 0,
        "PHP_URL_HOST" => 1,
        "PHP_URL_PORT" => 2,
        "PHP_URL_USER" => 3,
        "PHP_URL_PASS" => 4,
        "PHP_URL_PATH" => 5,
        "PHP_URL_QUERY" => 6,
        "PHP_URL_FRAGMENT" => 7,
        "ARRAY_FILTER_USE_BOTH" => 1,
        "ARRAY_FILTER_USE_KEY" => 2,
        "FILE_USE_INCLUDE_PATH" | "EXTR_SKIP" => 1,
        "FILE_IGNORE_NEW_LINES" | "EXTR_PREFIX_SAME" => 2,
        "EXTR_PREFIX_ALL" => 3,
        "FILE_SKIP_EMPTY_LINES" => 4,
        "M_PI" => 3,
        "PHP_INT_MAX" => i64::MAX,
        "E_ALL" => 32767,
        "STR_PAD_LEFT" => 0,
        "STR_PAD_RIGHT" => 1,
        _ => return None,
    })
}
