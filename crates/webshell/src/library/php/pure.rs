//! Functions that only compute: text, numbers, encodings. What they give is known if their arguments are.

use super::as_array;
use super::encoding::decoded;
use super::text::{shaped, url_encoded};
use crate::decode;
use crate::evidence::Control;
use crate::interpret::{Args, Interpreter};
use crate::value::{Known, Made, Value};

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
            if name == "escapeshellarg" {
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
        // The program stays whose it was; only what would begin a second one is gone.
        "escapeshellcmd" => {
            let first = args.at(0);
            let is_his = first.is_requested(Control::Whole);
            if !is_his {
                it.checked(&first);
            }
            let known = match &first.known {
                known @ (Known::Bytes(_) | Known::Partial(_)) => known.clone(),
                _ => Known::Unknown,
            };
            let control = if is_his { Control::Whole } else { Control::Weak };
            Value { known, taint: first.deep_taint().map(|taint| taint.at_most(control)), made: first.made }
        }
        "imagecolorat" | "imagecolorsforindex" | "getpixel" => Value::unknown().with(Made::CARRIED).with(Made::DECODED),
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
