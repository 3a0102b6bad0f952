//! Texts that a function of the runtime decodes, and texts made by operators on bits.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::texts::{chars, cut, hex, list, reversed};
use super::{Made, Text, bytes, latin, literals, raw};
use crate::decode;
use crate::suite::dice::Dice;

#[rustfmt::skip]
pub(super) const TEXTS: &[Text] = &[
    Text { name: "base64", long: true, make: |_, text| literals([base64(text)]), template: "base64_decode(§1)" },
    Text { name: "base64 by name", long: true, make: |_, text| literals([base64(text)]), template: "§a = 'base' . (128 / 2) . '_de' . 'code'; ¦ §a(§1)" },
    Text { name: "base64 without padding", long: true, make: |_, text| literals([base64(text).trim_end_matches('=').to_owned()]), template: "base64_decode(§1)" },
    Text { name: "base64 in lines", long: true, make: |_, text| literals([in_lines(&base64(text))]), template: "base64_decode(§1)" },
    Text { name: "base64 for addresses", long: true, make: |_, text| literals([base64(text).replace('+', "-").replace('/', "_")]), template: "base64_decode(strtr(§1, '-_', '+/'))" },
    Text { name: "base64 twice", long: true, make: |_, text| literals([base64(&base64(text))]), template: "base64_decode(base64_decode(§1))" },
    Text { name: "base64 turned", long: true, make: |_, text| literals([reversed(&base64(text))]), template: "base64_decode(strrev(§1))" },
    Text { name: "base64 called back", long: true, make: |_, text| literals([base64(text)]), template: "call_user_func('base64_decode', §1)" },
    Text { name: "base64 mapped", long: true, make: |dice, text| { let (one, other) = cut(dice, text); literals([base64(&one), base64(&other)]) }, template: "implode('', array_map('base64_decode', array(§1, §2)))" },
    Text { name: "hex2bin", long: true, make: |_, text| literals([hex(text)]), template: "hex2bin(§1)" },
    Text { name: "hex by hand", long: true, make: |_, text| Made { literals: vec![hex(text)], raw: Vec::new() }, template: "§a = ''; §b = §1; for (§c = 0; §c < strlen(§b) - 1; §c += 2) { §a .= chr(hexdec(§b[§c] . §b[§c + 1])); } ¦ §a" },
    Text { name: "rot13", long: true, make: |_, text| literals([rot13(text)]), template: "str_rot13(§1)" },
    Text { name: "rot13 of base64", long: true, make: |_, text| literals([rot13(&base64(text))]), template: "base64_decode(str_rot13(§1))" },
    Text { name: "gzinflate", long: true, make: |_, text| literals([base64(&deflate(text))]), template: "gzinflate(base64_decode(§1))" },
    Text { name: "gzinflate of bytes", long: true, make: |_, text| literals([deflate(text)]), template: "gzinflate(§1)" },
    Text { name: "gzuncompress", long: true, make: |_, text| literals([base64(&zlib(text))]), template: "gzuncompress(base64_decode(§1))" },
    Text { name: "gzdecode", long: true, make: |_, text| literals([base64(&gzip(text))]), template: "gzdecode(base64_decode(§1))" },
    Text { name: "zlib_decode", long: true, make: |_, text| literals([base64(&zlib(text))]), template: "zlib_decode(base64_decode(§1))" },
    Text { name: "gz, rot13 and base64", long: true, make: |_, text| literals([rot13(&base64(&deflate(&rot13(text))))]), template: "str_rot13(gzinflate(base64_decode(str_rot13(§1))))" },
    Text { name: "gz of base64 of gz", long: true, make: |_, text| literals([base64(&deflate(&base64(&deflate(text))))]), template: "gzinflate(base64_decode(gzinflate(base64_decode(§1))))" },
    Text { name: "uuencode", long: true, make: |_, text| literals([uuencode(text)]), template: "convert_uudecode(§1)" },
    Text { name: "quoted printable", long: true, make: |_, text| literals([chars(text, |byte| format!("={byte:02X}"), "")]), template: "quoted_printable_decode(§1)" },
    Text { name: "entities", long: false, make: |_, text| literals([chars(text, |byte| format!("&#{byte};"), "")]), template: "html_entity_decode(§1)" },
    Text { name: "entities in hex", long: false, make: |_, text| literals([chars(text, |byte| format!("&#x{byte:x};"), "")]), template: "html_entity_decode(§1)" },
    Text { name: "htmlspecialchars_decode", long: true, make: |_, text| literals([text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")]), template: "htmlspecialchars_decode(§1)" },
    Text { name: "urldecode", long: true, make: |_, text| literals([percent(text)]), template: "urldecode(§1)" },
    Text { name: "rawurldecode", long: true, make: |_, text| literals([percent(text)]), template: "rawurldecode(§1)" },
    Text { name: "urldecode twice", long: true, make: |_, text| literals([percent(text).replace('%', "%25")]), template: "urldecode(urldecode(§1))" },
    Text { name: "stripcslashes", long: true, make: |_, text| literals([chars(text, |byte| format!("\\x{byte:02x}"), "")]), template: "stripcslashes(§1)" },
    Text { name: "stripslashes", long: true, make: |_, text| literals([text.chars().map(|one| if one == '\0' { "\\0".to_owned() } else { format!("\\{one}").replace("\\0", "0") }).collect()]), template: "stripslashes(§1)" },
    Text { name: "utf-16", long: false, make: |_, text| literals([chars(text, |byte| format!("{}\0", char::from(byte & 0x7f)), "")]), template: "iconv('UTF-16LE', 'ASCII', §1)" },
    Text { name: "json", long: false, make: |_, text| literals([format!("\"{}\"", chars(text, |byte| format!("\\u{byte:04x}"), ""))]), template: "json_decode(§1)" },
    Text { name: "json object", long: false, make: |_, text| literals([format!("{{\"q\":[1,\"{text}\"]}}")]), template: "§a = json_decode(§1); ¦ §a->q[1]" },
    Text { name: "json hash", long: false, make: |_, text| literals([format!("{{\"q\":[1,\"{text}\"]}}")]), template: "json_decode(§1, true)['q'][1]" },
    Text { name: "unserialize", long: true, make: |_, text| literals([format!("a:2:{{i:0;s:{}:\"{text}\";s:1:\"q\";i:7;}}", bytes(text).len())]), template: "§a = unserialize(§1); ¦ §a[0]" },
    Text { name: "unserialize of an object", long: false, make: |_, text| literals([format!("O:8:\"stdClass\":1:{{s:1:\"q\";s:{}:\"{text}\";}}", text.len())]), template: "unserialize(§1)->q" },
    Text { name: "base_convert", long: false, make: |dice, text| raw([converted(dice, text)]), template: "(§x)" },
    Text { name: "unpack", long: true, make: |_, text| literals([text.to_owned()]), template: "implode('', array_map('chr', unpack('C*', §1)))" },
    Text { name: "unpack with a name", long: false, make: |_, text| literals([text.to_owned()]), template: "§a = unpack('a*q', §1); ¦ §a['q']" },
    Text { name: "xor of texts", long: true, make: |dice, text| { let key = key(dice, text.chars().count()); literals([bits(text, &key, |a, b| a ^ b), key]) }, template: "(§1 ^ §2)" },
    Text { name: "xor of bytes", long: true, make: |dice, text| raw([chars(text, |byte| letter_xor(dice, byte), ".")]), template: "(§x)" },
    Text { name: "or of texts", long: true, make: |dice, text| { let mask = noise(dice, text); literals([bits(text, &mask, |a, b| a & b), bits(text, &mask, |a, b| a & !b)]) }, template: "(§1 | §2)" },
    Text { name: "and of texts", long: true, make: |dice, text| { let mask = noise(dice, text); literals([bits(text, &mask, |a, b| a | b), bits(text, &mask, |a, b| a | !b)]) }, template: "(§1 & §2)" },
    Text { name: "not of a text", long: true, make: |_, text| literals([chars(text, |byte| char::from(!byte).to_string(), "")]), template: "(~ (§1))" },
    Text { name: "not in brackets", long: true, make: |_, text| literals([chars(text, |byte| char::from(!byte).to_string(), "")]), template: "(~(§1))" },
    Text { name: "not of a bare word", long: false, make: |_, text| raw([chars(text, |byte| char::from(!byte).to_string(), "")]), template: "§a = '§x'; ¦ (~§a)" },
    Text { name: "xor with a repeated key", long: true, make: |_, text| literals([bits(text, &"keyword".repeat(text.len() / 7 + 1), |a, b| a ^ b)]), template: "§a = §1; ¦ (§a ^ str_repeat('keyword', strlen(§a)))" },
    Text { name: "xor with itself turned", long: false, make: |_, text| { let turned = reversed(text); literals([bits(text, &turned, |a, b| a ^ b), turned]) }, template: "§a = §1; §a ^= §2; ¦ §a" },
    Text { name: "base64 by a function of two", long: true, make: |_, text| literals([base64(&deflate(text))]), template: "§a = array('gzinflate', 'base64_decode'); §b = §1; foreach (array_reverse(§a) as §c) { §b = §c(§b); } ¦ §b" },
    Text { name: "decoders in a string", long: true, make: |_, text| literals([base64(&reversed(text))]), template: "§a = explode(',', 'strrev,base64_decode'); ¦ §a[0](§a[1](§1))" },
    Text { name: "list of numbers in a text", long: true, make: |_, text| literals([list(text)]), template: "§a = ''; foreach (explode(',', §1) as §b) { §a .= chr((int) §b); } ¦ §a" },
];

pub(super) fn base64(text: &str) -> String {
    latin(&decode::to_base64(&bytes(text)))
}

fn rot13(text: &str) -> String {
    latin(&decode::rot13(&bytes(text)))
}

fn in_lines(text: &str) -> String {
    bytes(text).chunks(20).map(latin).collect::<Vec<_>>().join("\n")
}

pub(super) fn deflate(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes(text)).unwrap();
    latin(&encoder.finish().unwrap())
}

pub(super) fn zlib(text: &str) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes(text)).unwrap();
    latin(&encoder.finish().unwrap())
}

fn gzip(text: &str) -> String {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes(text)).unwrap();
    latin(&encoder.finish().unwrap())
}

fn uuencode(text: &str) -> String {
    let digit = |bits: u32| if bits == 0 { '`' } else { char::from(bits as u8 + 32) };
    let mut out = String::new();
    for line in bytes(text).chunks(45) {
        out.push(digit(line.len() as u32));
        for three in line.chunks(3) {
            let at = |index: usize| u32::from(three.get(index).copied().unwrap_or_default());
            let bits = at(0) << 16 | at(1) << 8 | at(2);
            (0..4).for_each(|index| out.push(digit(bits >> (18 - 6 * index) & 63)));
        }
        out.push('\n');
    }
    out + "`\n"
}

pub(super) fn percent(text: &str) -> String {
    chars(text, |byte| format!("%{byte:02X}"), "")
}

/// Numbers that are words in base 36, which has no underscore.
fn converted(_: &mut Dice, text: &str) -> String {
    let words = text.split('_').map(|word| match u64::from_str_radix(word, 36) {
        // More would lose digits.
        Ok(number) if word.len() <= 9 => format!("base_convert('{number}', 10, 36)"),
        _ => format!("'{word}'"),
    });
    words.collect::<Vec<_>>().join(".'_'.")
}

fn key(dice: &mut Dice, length: usize) -> String {
    (0..length).map(|_| char::from(33 + dice.below(90) as u8)).collect()
}

fn noise(dice: &mut Dice, text: &str) -> String {
    text.chars().map(|_| char::from(dice.below(256) as u8)).collect()
}

pub(super) fn bits(one: &str, other: &str, operator: fn(u8, u8) -> u8) -> String {
    latin(&bytes(one).iter().zip(bytes(other)).map(|(one, other)| operator(*one, other)).collect::<Vec<u8>>())
}

fn letter_xor(dice: &mut Dice, byte: u8) -> String {
    let other = 0x20 + dice.below(0x60) as u8;
    let show = |byte: u8| format!("\"\\x{byte:02x}\"");
    format!("({}^{})", show(byte ^ other), show(other))
}
