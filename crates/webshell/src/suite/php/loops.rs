//! Texts that code of the page's own decodes.

use super::encode::{base64, bits};
use super::texts::{chars, list, reversed};
use super::{Made, Text, bytes, latin, literals, raw};
use crate::suite::dice::Dice;

#[rustfmt::skip]
pub(super) const TEXTS: &[Text] = &[
    Text { name: "xor with a number", long: true, make: |_, text| literals([each(text, |_, byte| byte ^ 42)]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c++) { §b .= chr(ord(§a[§c]) ^ 42); } ¦ §b" },
    Text { name: "xor with a key", long: true, make: with_key, template: "§a = §1; §b = §2; §c = ''; for (§d = 0; §d < strlen(§a); §d++) { §c .= §a[§d] ^ §b[§d % strlen(§b)]; } ¦ §c" },
    Text { name: "xor with a key and ord", long: true, make: with_key, template: "function §g(§a, §b) { §c = \"\"; §e = strlen(§b); for (§d = 0; §d < strlen(§a); ++§d) §c .= chr(ord(substr(§a, §d, 1)) ^ ord(substr(§b, §d % §e, 1))); return §c; } ¦ §g(§1, §2)" },
    Text { name: "xor with a key in nested loops", long: true, make: with_key, template: "§a = §1; §b = §2; §c = ''; for (§d = 0; §d < strlen(§a);) { for (§e = 0; §e < strlen(§b) && §d < strlen(§a); §e++, §d++) { §c .= §a[§d] ^ §b[§e]; } } ¦ §c" },
    Text { name: "xor with a key, counted by while", long: true, make: with_key, template: "§a = §1; §b = §2; §c = ''; §d = 0; while (isset(§a[§d])) { §c = §c . (§a[§d] ^ §b[§d % strlen(§b)]); §d++; } ¦ §c" },
    Text { name: "xor in place", long: true, make: |_, text| literals([each(text, |_, byte| byte ^ 7)]), template: "§a = §1; for (§b = 0, §c = strlen(§a); §b < §c; §b++) { §a[§b] = chr(ord(§a[§b]) ^ 7); } ¦ §a" },
    Text { name: "shift of letters", long: true, make: |_, text| literals([each(text, |_, byte| byte.wrapping_add(3))]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c++) { §b .= chr(ord(§a[§c]) - 3); } ¦ §b" },
    Text { name: "shift by place", long: true, make: |_, text| literals([each(text, |at, byte| byte.wrapping_add(at as u8))]), template: "§a = §1; §b = ''; foreach (str_split(§a) as §c => §d) { §b .= chr((ord(§d) - §c + 25600) % 256); } ¦ §b" },
    Text { name: "shift down by while", long: true, make: |_, text| literals([each(text, |_, byte| byte.wrapping_sub(1))]), template: "§a = §1; §b = ''; §c = -1; while (++§c < strlen(§a)) §b .= chr(ord(§a[§c]) + 1); ¦ §b" },
    Text { name: "shift and turn", long: true, make: |_, text| literals([reversed(&each(text, |_, byte| byte.wrapping_add(1)))]), template: "§a = §1; §b = ''; for (§c = strlen(§a) - 1; §c >= 0; §c--) { §b .= chr(ord(§a[§c]) - 1); } ¦ §b" },
    Text { name: "turn by for", long: true, make: |_, text| literals([reversed(text)]), template: "§a = §1; §b = ''; for (§c = strlen(§a); §c > 0; §c--) { §b .= substr(§a, §c - 1, 1); } ¦ §b" },
    Text { name: "turn by do", long: true, make: |_, text| literals([reversed(text)]), template: "§a = §1; §b = ''; §c = 0; do { §b = §a[§c] . §b; §c++; } while (§c < strlen(§a)); ¦ §b" },
    Text { name: "every second", long: true, make: |_, text| literals([chars(text, |byte| format!("{}z", char::from(byte)), "")]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c += 2) { §b .= §a[§c]; } ¦ §b" },
    Text { name: "even and odd", long: true, make: interleaved, template: "§a = §1; §b = §2; §c = ''; for (§d = 0; §d < strlen(§a); §d++) { §c .= §a[§d]; if (isset(§b[§d])) §c .= §b[§d]; } ¦ §c" },
    Text { name: "without digits", long: false, make: |_, text| literals([chars(text, |byte| format!("{}3", char::from(byte)), "")]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c++) { if (is_numeric(§a[§c])) continue; §b .= §a[§c]; } ¦ §b" },
    Text { name: "until a mark", long: false, make: |_, text| literals([format!("{text}!rest")]), template: "§a = §1; §b = ''; for (§c = 0; ; §c++) { if (§a[§c] == '!') break; §b .= §a[§c]; } ¦ §b" },
    Text { name: "places in an alphabet", long: false, make: |_, text| literals([caesar(text)]), template: "§a = 'abcdefghijklmnopqrstuvwxyz_'; §b = ''; foreach (str_split(§1) as §c) { §d = strpos(§a, §c); §b .= §a[(§d + 22) % 27]; } ¦ §b" },
    Text { name: "numbers of letters", long: false, make: |_, text| raw([chars(text, |byte| ALPHABET.find(char::from(byte)).unwrap_or_default().to_string(), ",")]), template: "§a = 'abcdefghijklmnopqrstuvwxyz_'; §b = ''; foreach (array(§x) as §c) { §b .= substr(§a, §c, 1); } ¦ §b" },
    Text { name: "numbers less a key", long: true, make: |_, text| raw([chars(text, |byte| (u32::from(byte) * 3 + 11).to_string(), ",")]), template: "§a = ''; foreach ([§x] as §b) { §a .= chr((§b - 11) / 3); } ¦ §a" },
    Text { name: "numbers of a text", long: true, make: |_, text| literals([chars(text, |byte| format!("{:03}", byte), "")]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c += 3) { §b .= chr(intval(substr(§a, §c, 3))); } ¦ §b" },
    Text { name: "binary numbers", long: true, make: |_, text| literals([chars(text, |byte| format!("{byte:b}"), " ")]), template: "§a = ''; foreach (explode(' ', §1) as §b) { §a .= chr(bindec(§b)); } ¦ §a" },
    Text { name: "octal numbers", long: true, make: |_, text| literals([chars(text, |byte| format!("{byte:o}"), " ")]), template: "§a = ''; foreach (explode(' ', §1) as §b) §a .= chr(octdec(§b)); ¦ §a" },
    Text { name: "spaces and tabs", long: false, make: |_, text| literals([chars(text, |byte| format!("{byte:08b}").replace('0', " ").replace('1', "\t"), "")]), template: "§a = ''; foreach (str_split(§1, 8) as §b) { §a .= chr(bindec(str_replace(array(' ', \"\\t\"), array('0', '1'), §b))); } ¦ §a" },
    Text { name: "lengths", long: false, make: |_, text| raw([chars(text, |byte| format!("'{}'", "x".repeat(usize::from(byte - 90))), ",")]), template: "§a = ''; foreach (array(§x) as §b) { §a .= chr(strlen(§b) + 90); } ¦ §a" },
    Text { name: "swapped halves of bytes", long: true, make: |_, text| literals([each(text, |_, byte| byte.rotate_left(4))]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c++) { §d = ord(§a[§c]); §b .= chr(((§d << 4) & 0xf0) | (§d >> 4)); } ¦ §b" },
    Text { name: "rotated bits", long: true, make: |_, text| literals([each(text, |at, byte| byte.rotate_left(at as u32 % 8))]), template: "§a = §1; §b = ''; for (§c = 0; §c < strlen(§a); §c++) { §d = ord(§a[§c]); §e = §c % 8; §b .= chr(((§d >> §e) | (§d << (8 - §e))) & 255); } ¦ §b" },
    Text { name: "not by xor", long: true, make: |_, text| literals([each(text, |_, byte| !byte)]), template: "§a = ''; foreach (str_split(§1) as §b) §a .= chr(ord(§b) ^ 0xff); ¦ §a" },
    Text { name: "a key that moves on", long: true, make: |_, text| literals([rolling(text)]), template: "§a = §1; §b = ''; §c = 77; for (§d = 0; §d < strlen(§a); §d++) { §e = ord(§a[§d]); §b .= chr(§e ^ §c); §c = §e; } ¦ §b" },
    Text { name: "a generator of keys", long: true, make: |_, text| literals([congruent(text)]), template: "§a = §1; §b = ''; §c = 5; for (§d = 0; §d < strlen(§a); §d++) { §c = (§c * 17 + 43) % 256; §b .= chr(ord(§a[§d]) ^ §c); } ¦ §b" },
    Text { name: "rc4", long: true, make: |_, text| literals([base64(&rc4(text, "secret"))]), template: "function §g(§a, §b) { §c = range(0, 255); §d = 0; for (§e = 0; §e < 256; §e++) { §d = (§d + §c[§e] + ord(§b[§e % strlen(§b)])) % 256; $t = §c[§e]; §c[§e] = §c[§d]; §c[§d] = $t; } §e = §d = 0; $o = ''; for ($n = 0; $n < strlen(§a); $n++) { §e = (§e + 1) % 256; §d = (§d + §c[§e]) % 256; $t = §c[§e]; §c[§e] = §c[§d]; §c[§d] = $t; $o .= §a[$n] ^ chr(§c[(§c[§e] + §c[§d]) % 256]); } return $o; } ¦ §g(base64_decode(§1), 'secret')" },
    Text { name: "table of pairs", long: true, make: in_pairs, template: "§a = array(§x); §b = ''; foreach (str_split(§1, 2) as §c) { §b .= §a[§c]; } ¦ §b" },
    Text { name: "order of places", long: true, make: shuffled, template: "§a = §1; §b = array(§x); §c = ''; for (§d = 0; §d < count(§b); §d++) { §c .= §a[§b[§d]]; } ¦ §c" },
    Text { name: "order of places, put in place", long: true, make: shuffled_back, template: "§a = §1; §b = array(); foreach (array(§x) as §c => §d) { §b[§d] = §a[§c]; } ksort(§b); ¦ implode('', §b)" },
    Text { name: "recursion", long: false, make: |_, text| literals([reversed(text)]), template: "function §g(§a) { if (§a === '') return ''; return §g(substr(§a, 1)) . §a[0]; } ¦ §g(§1)" },
    Text { name: "recursion with a counter", long: false, make: |_, text| literals([each(text, |_, byte| byte - 1)]), template: "function §g(§a, §b = 0) { return §b < strlen(§a) ? chr(ord(§a[§b]) + 1) . §g(§a, §b + 1) : ''; } ¦ §g(§1)" },
    Text { name: "two functions of each other", long: false, make: |_, text| literals([text.to_owned()]), template: "function §g(§a, §b) { return §b >= strlen(§a) ? '' : §a[§b] . §h(§a, §b + 1); } function §h(§a, §b) { return §b >= strlen(§a) ? '' : §a[§b] . §g(§a, §b + 1); } ¦ §g(§1, 0)" },
    Text { name: "a function in a function", long: true, make: |_, text| literals([base64(&reversed(text))]), template: "function §g(§a) { function §h(§b) { return strrev(§b); } return §h(base64_decode(§a)); } ¦ §g(§1)" },
    Text { name: "array_walk by reference", long: true, make: |_, text| raw([chars(text, |byte| (u32::from(byte) + 5).to_string(), ",")]), template: "§a = array(§x); array_walk(§a, function (&§b) { §b = chr(§b - 5); }); ¦ implode('', §a)" },
    Text { name: "foreach by reference", long: true, make: |_, text| raw([chars(text, |byte| (u32::from(byte) ^ 9).to_string(), ",")]), template: "§a = [§x]; foreach (§a as &§b) { §b = chr(§b ^ 9); } unset(§b); ¦ join('', §a)" },
    Text { name: "array_reduce", long: true, make: |_, text| raw([list(text)]), template: "array_reduce(array(§x), function (§a, §b) { return §a . chr(§b); }, '')" },
    Text { name: "array_filter", long: true, make: |_, text| raw([chars(text, |byte| format!("'-', chr({byte})"), ",")]), template: "implode('', array_filter(array(§x), function (§a) { return §a != '-'; }))" },
    Text { name: "array_pop in a loop", long: true, make: |_, text| raw([list(&reversed(text))]), template: "§a = array(§x); §b = ''; while (count(§a) > 0) { §b .= chr(array_pop(§a)); } ¦ §b" },
    Text { name: "array_shift in a loop", long: false, make: |_, text| raw([list(text)]), template: "§a = array(§x); §b = ''; while ((§c = array_shift(§a)) !== null) §b .= chr(§c); ¦ §b" },
    Text { name: "a machine of states", long: false, make: |_, text| literals([text.to_owned()]), template: "§a = 1; §b = ''; §c = 0; while (§a != 9) { switch (§a) { case 1: §b = ''; §a = 4; break; case 4: §b .= substr(§1, §c++, 1); §a = §c < strlen(§1) ? 4 : 7; break; case 7: §b = trim(§b); §a = 9; break; } } ¦ §b" },
    Text { name: "a machine of letters", long: false, make: machine, template: "§a = 0; §b = ''; while (true) { switch (§a) { §x default: break 2; } } ¦ §b" },
    Text { name: "generator", long: true, make: |_, text| raw([list(text)]), template: "function §g() { foreach (array(§x) as §a) { yield chr(§a); } } §b = ''; foreach (§g() as §c) { §b .= §c; } ¦ §b" },
    Text { name: "generator of keys", long: false, make: |dice, text| raw([super::quoted(dice, text)]), template: "§a = (function () { yield 'q' => 1; yield 'w' => §x; })(); §b = []; foreach (§a as §c => §d) { §b[§c] = §d; } ¦ §b['w']" },
    Text { name: "iterator_to_array", long: true, make: |_, text| raw([list(text)]), template: "function §g() { foreach ([§x] as §a) yield chr(§a); } ¦ implode('', iterator_to_array(§g(), false))" },
];

const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz_";

fn each(text: &str, change: impl Fn(usize, u8) -> u8) -> String {
    latin(&bytes(text).into_iter().enumerate().map(|(at, byte)| change(at, byte)).collect::<Vec<_>>())
}

fn with_key(dice: &mut Dice, text: &str) -> Made {
    let key = *dice.pick(&["key", "z", "Pass", "longer_key"]);
    literals([bits(text, &key.repeat(text.len() / key.len() + 1), |one, other| one ^ other), key.to_owned()])
}

fn interleaved(_: &mut Dice, text: &str) -> Made {
    let of = |odd: usize| text.chars().enumerate().filter(|(at, _)| at % 2 == odd).map(|(_, one)| one).collect::<String>();
    literals([of(0), of(1)])
}

fn caesar(text: &str) -> String {
    text.chars().map(|one| ALPHABET.chars().nth((ALPHABET.find(one).unwrap_or_default() + 5) % 27).unwrap_or(one)).collect()
}

fn rolling(text: &str) -> String {
    let mut key = 77;
    let mut turn = |byte: u8| {
        key ^= byte;
        key
    };
    latin(&bytes(text).into_iter().map(&mut turn).collect::<Vec<_>>())
}

fn congruent(text: &str) -> String {
    let mut key = 5u32;
    let mut turn = |byte: u8| {
        key = (key * 17 + 43) % 256;
        byte ^ key as u8
    };
    latin(&bytes(text).into_iter().map(&mut turn).collect::<Vec<_>>())
}

fn rc4(text: &str, key: &str) -> String {
    let key = bytes(key);
    let mut box_of: Vec<usize> = (0..256).collect();
    let mut at = 0;
    for index in 0..256 {
        at = (at + box_of[index] + usize::from(key[index % key.len()])) % 256;
        box_of.swap(index, at);
    }
    let (mut one, mut other) = (0, 0);
    let mut turn = |byte: u8| {
        one = (one + 1) % 256;
        other = (other + box_of[one]) % 256;
        box_of.swap(one, other);
        byte ^ box_of[(box_of[one] + box_of[other]) % 256] as u8
    };
    latin(&bytes(text).into_iter().map(&mut turn).collect::<Vec<_>>())
}

/// Each letter is a state, and the states stand in any order.
fn machine(dice: &mut Dice, text: &str) -> Made {
    let mut cases: Vec<String> = bytes(text)
        .into_iter()
        .enumerate()
        .map(|(at, byte)| format!("case {}: §b .= chr({byte}); §a = {}; break; ", at * 3, at * 3 + 3))
        .collect();
    dice.shuffle(&mut cases);
    raw([cases.concat()])
}

/// Two letters stand for each byte.
fn in_pairs(_: &mut Dice, text: &str) -> Made {
    let pair = |byte: u8| format!("{}{}", char::from(b'a' + byte / 20), char::from(b'A' + byte % 20));
    let mut used = bytes(text);
    used.sort_unstable();
    used.dedup();
    let table = used.iter().map(|byte| format!("'{}' => \"\\x{byte:02x}\"", pair(*byte))).collect::<Vec<_>>().join(",");
    Made { literals: vec![chars(text, pair, "")], raw: vec![table] }
}

fn order(dice: &mut Dice, text: &str) -> (String, Vec<usize>) {
    let text = bytes(text);
    let mut order: Vec<usize> = (0..text.len()).collect();
    dice.shuffle(&mut order);
    (latin(&order.iter().map(|at| text[*at]).collect::<Vec<_>>()), order)
}

fn numbers(of: impl Iterator<Item = usize>) -> String {
    of.map(|number| number.to_string()).collect::<Vec<_>>().join(",")
}

fn shuffled(dice: &mut Dice, text: &str) -> Made {
    let (mixed, order) = order(dice, text);
    let places = (0..order.len()).map(|at| order.iter().position(|one| *one == at).unwrap_or_default());
    Made { literals: vec![mixed], raw: vec![numbers(places)] }
}

fn shuffled_back(dice: &mut Dice, text: &str) -> Made {
    let (mixed, order) = order(dice, text);
    Made { literals: vec![mixed], raw: vec![numbers(order.into_iter())] }
}
