//! Texts that are put together from pieces and characters.

use super::{Made, Text, bytes, latin, literals, quoted, raw};
use crate::suite::dice::Dice;

#[rustfmt::skip]
pub(super) const TEXTS: &[Text] = &[
    Text { name: "joined", long: true, make: |dice, text| raw([joined(dice, text, ".")]), template: "(§x)" },
    Text { name: "joined with comments", long: true, make: |dice, text| raw([joined(dice, text, "/*x'*/./**/")]), template: "(§x)" },
    Text { name: "interpolated", long: true, make: halves, template: "§a = §1; §b = §2; ¦ \"§a§b\"" },
    Text { name: "interpolated in braces", long: true, make: halves, template: "§a = §1; §b = array('q' => §2); ¦ \"{§a}{§b['q']}\"" },
    Text { name: "heredoc with variables", long: true, make: halves, template: "§a = §1; §b = §2; §c = <<<EOT\n{§a}{§b}\nEOT; ¦ §c" },
    Text { name: "nowdoc", long: true, make: |_, text| raw([text.to_owned()]), template: "§a = <<<'EOT'\n§x\nEOT; ¦ §a" },
    Text { name: "appended", long: true, make: |dice, text| raw([appended(dice, text)]), template: "§a = '';§x ¦ §a" },
    Text { name: "appended one by one", long: true, make: one_by_one, template: "§a = '';§x ¦ §a" },
    Text { name: "prepended", long: true, make: |dice, text| { let (one, other) = cut(dice, text); literals([one, other]) }, template: "§a = §2; §a = §1 . §a; ¦ §a" },
    Text { name: "letters of a table", long: false, make: letters_of, template: "§a = §1; ¦ §x" },
    Text { name: "letters of a table from its end", long: false, make: letters_from_end, template: "§a = §1; ¦ §x" },
    Text { name: "elements of a list", long: true, make: elements_of, template: "§a = array(§x); ¦ §y" },
    Text { name: "elements of a hash", long: true, make: |dice, text| elements_of_hash(dice, text), template: "§a = [§x]; ¦ §y" },
    Text { name: "elements of a nested list", long: true, make: halves, template: "§a = [[§2, 'q'], ['q', [§1]]]; ¦ §a[1][1][0] . §a[0][0]" },
    Text { name: "escapes", long: true, make: |dice, text| raw([escapes(dice, text)]), template: "\"§x\"" },
    Text { name: "unicode escapes", long: true, make: |_, text| raw([text.chars().map(unicode_escape).collect()]), template: "\"§x\"" },
    Text { name: "chr", long: true, make: |dice, text| raw([chars(text, |byte| format!("chr({})", number(dice, byte)), ".")]), template: "(§x)" },
    Text { name: "chr of sums", long: true, make: |dice, text| raw([chars(text, |byte| sum(dice, byte), ".")]), template: "(§x)" },
    Text { name: "chr of ord", long: false, make: |dice, text| raw([chars(text, |byte| of_ord(dice, byte), ".")]), template: "(§x)" },
    Text { name: "chr and array_map", long: true, make: numbers, template: "implode('', array_map('chr', array(§x)))" },
    Text { name: "chr and a closure", long: true, make: numbers, template: "join(array_map(function (§a) { return chr(§a); }, [§x]))" },
    Text { name: "chr and an arrow function", long: true, make: numbers, template: "join('', array_map(fn(§a) => chr(§a), [§x]))" },
    Text { name: "chr with its name in a variable", long: false, make: |_, text| raw([chars(text, |byte| format!("§c({byte})"), ".")]), template: "§c = 'chr'; ¦ (§x)" },
    Text { name: "sprintf of characters", long: false, make: |_, text| raw(["%c".repeat(text.len()), list(text)]), template: "sprintf('§x', §y)" },
    Text { name: "vsprintf of characters", long: true, make: |_, text| raw([list(text), text.len().to_string()]), template: "vsprintf(str_repeat('%c', §y), array(§x))" },
    Text { name: "sprintf out of order", long: true, make: halves, template: "sprintf('%2$s%1$s', §2, §1)" },
    Text { name: "sprintf", long: true, make: halves, template: "sprintf('%s%s', §1, §2)" },
    Text { name: "pack of numbers", long: true, make: numbers, template: "pack('C*', §x)" },
    Text { name: "pack of hex", long: true, make: |_, text| literals([hex(text)]), template: "pack('H*', §1)" },
    Text { name: "pack with a length", long: false, make: |_, text| Made { literals: vec![hex(text)], raw: vec![(text.len() * 2).to_string()] }, template: "pack('H§x', §1)" },
    Text { name: "implode", long: true, make: |dice, text| raw([joined(dice, text, ",")]), template: "implode('', array(§x))" },
    Text { name: "implode with a function", long: true, make: |dice, text| raw([joined(dice, text, ",")]), template: "§a = 'implode'; ¦ §a('', [§x])" },
    Text { name: "exploded", long: false, make: |_, text| literals([format!("one|{text}|two")]), template: "§a = explode('|', §1); ¦ §a[1]" },
    Text { name: "exploded and indexed", long: false, make: |_, text| literals([format!("one.{text}.two")]), template: "explode('.', §1)[1]" },
    Text { name: "split and imploded", long: true, make: |_, text| literals([text.to_owned()]), template: "implode(str_split(§1, 3))" },
    Text { name: "split, turned, imploded", long: true, make: |_, text| literals([reversed(text)]), template: "implode('', array_reverse(str_split(§1)))" },
    Text { name: "strrev", long: true, make: |_, text| literals([reversed(text)]), template: "strrev(§1)" },
    Text { name: "strrev by name", long: true, make: |_, text| literals([reversed(text)]), template: "§a = 'str' . 'rev'; ¦ §a(§1)" },
    Text { name: "str_replace of junk", long: true, make: |dice, text| junk(dice, text, "#~"), template: "str_replace('#~', '', §1)" },
    Text { name: "str_replace of a letter", long: false, make: |_, text| literals([text.chars().map(|one| format!("{one}Q")).collect()]), template: "str_replace(\"Q\", \"\", §1)" },
    Text { name: "str_replace of lists", long: false, make: |_, text| literals([text.replace('e', "9").replace('d', "7")]), template: "str_replace(array('9', '7'), array('e', 'd'), §1)" },
    Text { name: "str_ireplace", long: true, make: |dice, text| junk(dice, text, "^Zz^"), template: "str_ireplace('^zZ^', '', §1)" },
    Text { name: "str_replace in its own name", long: true, make: |dice, text| junk(dice, text, "#~"), template: "§a = str_replace('b', '', 'bsbtr_brebplabce'); ¦ §a('#~', '', §1)" },
    Text { name: "strtr of letters", long: false, make: |_, text| literals([swapped(text)]), template: "strtr(§1, 'demo01', '10omed')" },
    Text { name: "strtr of pairs", long: false, make: |_, text| literals([text.replace('e', "<3>").replace('k', "<kk>")]), template: "strtr(§1, array('<3>' => 'e', '<kk>' => 'k'))" },
    Text { name: "preg_replace of junk", long: true, make: |dice, text| junk(dice, text, "#7#"), template: "preg_replace('/#[0-9]#/', '', §1)" },
    Text { name: "preg_replace of groups", long: false, make: |dice, text| { let (one, other) = cut(dice, text); literals([format!("{other}-{one}")]) }, template: "preg_replace('~^(.*)-(.*)$~s', '$2$1', §1)" },
    Text { name: "preg_replace_callback", long: true, make: |_, text| literals([hex(text)]), template: "preg_replace_callback('/../', function (§a) { return chr(hexdec(§a[0])); }, §1)" },
    Text { name: "preg_split", long: true, make: |dice, text| junk(dice, text, "#7#"), template: "implode('', preg_split('/#\\d#/', §1))" },
    Text { name: "preg_match", long: false, make: |_, text| literals([format!("ab<{text}>cd")]), template: "preg_match('/<(\\w+)>/', §1, §a); ¦ §a[1]" },
    Text { name: "preg_match_all", long: true, make: |_, text| literals([text.chars().map(|one| format!("{one}\0")).collect()]), template: "preg_match_all('/(.)\\0/s', §1, §a); ¦ implode('', §a[1])" },
    Text { name: "substr", long: true, make: |_, text| Made { literals: vec![format!("abc{text}xyz")], raw: vec![text.len().to_string()] }, template: "substr(§1, 3, §x)" },
    Text { name: "substr from the end", long: true, make: |_, text| literals([format!("abc{text}xyz")]), template: "substr(§1, 3, -3)" },
    Text { name: "substr_replace", long: true, make: |dice, text| { let (one, other) = cut(dice, text); Made { literals: vec![format!("{one}junk{other}")], raw: vec![one.len().to_string()] } }, template: "substr_replace(§1, '', §x, 4)" },
    Text { name: "strstr", long: false, make: |_, text| literals([format!("xx@{text}")]), template: "substr(strstr(§1, '@'), 1)" },
    Text { name: "strstr before", long: false, make: |_, text| literals([format!("{text}@xx")]), template: "strstr(§1, '@', true)" },
    Text { name: "strrchr", long: false, make: |_, text| literals([format!("xx/yy/{text}")]), template: "ltrim(strrchr(§1, '/'), '/')" },
    Text { name: "basename", long: false, make: |_, text| literals([format!("/var/{text}.txt")]), template: "basename(§1, '.txt')" },
    Text { name: "dirname", long: false, make: |_, text| literals([format!("{text}/x")]), template: "dirname(§1)" },
    Text { name: "pathinfo", long: false, make: |_, text| literals([format!("/var/x.{text}")]), template: "pathinfo(§1, PATHINFO_EXTENSION)" },
    Text { name: "parse_url", long: false, make: |_, text| literals([format!("http://host/a?{text}")]), template: "§a = parse_url(§1); ¦ §a['query']" },
    Text { name: "parse_str", long: false, make: |_, text| literals([format!("q={text}&r=1")]), template: "parse_str(§1, §a); ¦ §a['q']" },
    Text { name: "strtok", long: false, make: |_, text| literals([format!("{text};other")]), template: "strtok(§1, ';')" },
    Text { name: "strtok again", long: false, make: |_, text| literals([format!("other;{text};end")]), template: "strtok(§1, ';'); §a = strtok(';'); ¦ §a" },
    Text { name: "sscanf", long: false, make: |_, text| literals([format!("{text} rest")]), template: "sscanf(§1, '%s %s')[0]" },
    Text { name: "trim", long: true, make: |_, text| literals([format!("  {text}\t")]), template: "trim(§1)" },
    Text { name: "trim of a set", long: false, make: |_, text| literals([format!("XYX{text}YX")]), template: "trim(§1, 'XY')" },
    Text { name: "lower case", long: false, make: |_, text| literals([text.to_ascii_uppercase()]), template: "strtolower(§1)" },
    Text { name: "lower first, lower all", long: false, make: |_, text| literals([text.to_ascii_uppercase()]), template: "mb_strtolower(lcfirst(§1))" },
    Text { name: "wordwrap", long: false, make: |_, text| literals([text.to_owned()]), template: "str_replace('|', '', chunk_split(§1, 3, '|'))" },
    Text { name: "str_pad", long: false, make: |dice, text| { let (one, other) = cut(dice, text); Made { literals: vec![one, other], raw: vec![text.len().to_string()] } }, template: "str_pad(§1, §x, §2)" },
    Text { name: "increments", long: false, make: |_, text| raw([chars(text, increments, "")]), template: "§a = '';§x ¦ §a" },
    Text { name: "increments from Array", long: false, make: from_array, template: "§a = array(); §a = '' . @§a; §a = §a[3]; §c = '';§x ¦ §c" },
    Text { name: "range", long: false, make: |_, text| raw([chars(text, |byte| if byte.is_ascii_lowercase() { format!("§a[{}]", byte - b'a') } else { format!("chr({byte})") }, ".")]), template: "§a = range('a', 'z'); ¦ §x" },
    Text { name: "range of characters", long: false, make: |_, text| raw([chars(text, |byte| format!("§a[{}]", byte - 32), ".")]), template: "§a = array_map('chr', range(32, 126)); ¦ §x" },
];

fn halves(dice: &mut Dice, text: &str) -> Made {
    let (one, other) = cut(dice, text);
    literals([one, other])
}

/// A text in two.
pub(super) fn cut(dice: &mut Dice, text: &str) -> (String, String) {
    let at = dice.below(text.len()).max(text.len().min(1));
    let (one, other) = bytes(text).split_at_checked(at).map(|(one, other)| (latin(one), latin(other))).unwrap_or_default();
    (one, other)
}

fn pieces(dice: &mut Dice, text: &str) -> Vec<String> {
    let text = bytes(text);
    let longest = 1 + dice.below(4) + text.len() / 40;
    let mut out = Vec::new();
    let mut rest = &text[..];
    while !rest.is_empty() {
        let count = (1 + dice.below(longest)).min(rest.len());
        out.push(latin(&rest[..count]));
        rest = &rest[count..];
    }
    out
}

fn joined(dice: &mut Dice, text: &str, by: &str) -> String {
    let pieces = pieces(dice, text);
    pieces.iter().map(|piece| quoted(dice, piece)).collect::<Vec<_>>().join(by)
}

fn appended(dice: &mut Dice, text: &str) -> String {
    pieces(dice, text).iter().map(|piece| format!(" §a .= {};", quoted(dice, piece))).collect()
}

/// Each character is an operation of its own, among thousands that add nothing.
fn one_by_one(dice: &mut Dice, text: &str) -> Made {
    let mut out = String::new();
    for one in text.chars() {
        for _ in 0..1500 / text.len().max(1) {
            out += " §a .= '';";
        }
        out += &format!(" §a .= {};", quoted(dice, &one.to_string()));
    }
    raw([out])
}

fn alphabet(dice: &mut Dice, text: &str) -> Vec<u8> {
    let mut letters = bytes(text);
    letters.extend(b"abcdefghijklmnopqrstuvwxyz0123456789_;");
    letters.sort_unstable();
    letters.dedup();
    dice.shuffle(&mut letters);
    letters
}

fn place(of: u8, table: &[u8]) -> usize {
    table.iter().position(|one| *one == of).unwrap_or_default()
}

fn letters_of(dice: &mut Dice, text: &str) -> Made {
    let table = alphabet(dice, text);
    let raw = chars(text, |byte| format!("§a[{}]", place(byte, &table)), ".");
    Made { literals: vec![latin(&table)], raw: vec![raw] }
}

fn letters_from_end(dice: &mut Dice, text: &str) -> Made {
    let table = alphabet(dice, text);
    let raw = chars(text, |byte| format!("§a[-{}]", table.len() - place(byte, &table)), ".");
    Made { literals: vec![latin(&table)], raw: vec![raw] }
}

fn elements_of(dice: &mut Dice, text: &str) -> Made {
    let pieces = pieces(dice, text);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    dice.shuffle(&mut order);
    let items: Vec<String> = order.iter().map(|index| quoted(dice, &pieces[*index])).collect();
    let read: Vec<String> = (0..pieces.len())
        .map(|index| format!("§a[{}]", order.iter().position(|one| *one == index).unwrap_or_default()))
        .collect();
    raw([items.join(","), read.join(".")])
}

fn elements_of_hash(dice: &mut Dice, text: &str) -> Made {
    let pieces = pieces(dice, text);
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    dice.shuffle(&mut order);
    let items: Vec<String> = order.iter().map(|index| format!("'n{}' => {}", index * 7, quoted(dice, &pieces[*index]))).collect();
    let read: Vec<String> = (0..pieces.len()).map(|index| format!("§a['n' . {}]", index * 7)).collect();
    raw([items.join(","), read.join(".")])
}

fn escapes(dice: &mut Dice, text: &str) -> String {
    let one = |byte: u8| match dice.below(4) {
        0 => format!("\\x{byte:02x}"),
        1 => format!("\\{byte:03o}"),
        2 => format!("\\x{byte:02X}"),
        _ if byte.is_ascii_alphabetic() => char::from(byte).to_string(),
        _ => format!("\\{byte:03o}"),
    };
    chars(text, one, "")
}

fn unicode_escape(one: char) -> String {
    if one.is_ascii() { format!("\\u{{{:x}}}", one as u32) } else { format!("\\x{:02x}", one as u32) }
}

pub(super) fn chars(text: &str, one: impl FnMut(u8) -> String, by: &str) -> String {
    bytes(text).into_iter().map(one).collect::<Vec<_>>().join(by)
}

fn number(dice: &mut Dice, byte: u8) -> String {
    match dice.below(4) {
        0 => format!("0x{byte:X}"),
        1 => format!("0{byte:o}"),
        2 => format!("0b{byte:b}"),
        _ => byte.to_string(),
    }
}

fn sum(dice: &mut Dice, byte: u8) -> String {
    let other = dice.below(90) as i64 + 1;
    let byte = i64::from(byte);
    match dice.below(6) {
        0 => format!("chr({other}+{})", byte - other),
        1 => format!("chr({}-{other})", byte + other),
        2 => format!("chr({}/{other})", byte * other),
        3 => format!("chr({}^{other})", byte ^ other),
        4 => format!("chr(({}<<2)+{})", byte >> 2, byte & 3),
        _ => format!("chr({}%256)", byte + 512),
    }
}

fn of_ord(dice: &mut Dice, byte: u8) -> String {
    let letter = b'a' + dice.below(26) as u8;
    format!("chr(ord('{}') + {})", char::from(letter), i64::from(byte) - i64::from(letter))
}

pub(super) fn numbers(_: &mut Dice, text: &str) -> Made {
    raw([list(text)])
}

pub(super) fn list(text: &str) -> String {
    chars(text, |byte| byte.to_string(), ",")
}

pub(super) fn hex(text: &str) -> String {
    chars(text, |byte| format!("{byte:02x}"), "")
}

pub(super) fn reversed(text: &str) -> String {
    text.chars().rev().collect()
}

fn junk(dice: &mut Dice, text: &str, mark: &str) -> Made {
    literals([pieces(dice, text).join(mark)])
}

fn swapped(text: &str) -> String {
    let turn = |one| match "10omed".find(one) {
        Some(at) => "demo01".chars().nth(at).unwrap_or(one),
        None => one,
    };
    text.chars().map(turn).collect()
}

fn increments(byte: u8) -> String {
    match byte {
        b'a'..=b'z' => format!(" §b = 'a';{} §a .= §b;", " §b++;".repeat(usize::from(byte - b'a'))),
        _ => format!(" §a .= '{}';", char::from(byte)),
    }
}

/// `$a` is `a`, out of the word that an array becomes.
fn from_array(_: &mut Dice, text: &str) -> Made {
    let one = |byte: u8| match byte {
        b'a'..=b'z' => format!(" §b = §a;{} §c .= §b;", " ++§b;".repeat(usize::from(byte - b'a'))),
        _ => format!(" §c .= '{}';", char::from(byte)),
    };
    raw([chars(text, one, "")])
}
