//! A registry hive with a few keys (layout: M. Suhanov, "Windows registry file format specification"; libregf's documentation): one
//! bin, lists of keys of the kind `lh`, short names.

use std::collections::BTreeMap;

/// A key: its values and the keys below it.
#[derive(Default)]
pub(crate) struct Key {
    values: Vec<(String, Value)>,
    keys: BTreeMap<String, Key>,
}

enum Value {
    Text(String),
    Number(u32),
}

impl Key {
    /// The key at a path below, made on the way.
    pub(crate) fn at(&mut self, path: &str) -> &mut Self {
        path.split('\\').fold(self, |key, name| key.keys.entry(name.to_owned()).or_default())
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) -> &mut Self {
        self.values.push((name.to_owned(), Value::Text(text.to_owned())));
        self
    }

    pub(crate) fn number(&mut self, name: &str, number: u32) -> &mut Self {
        self.values.push((name.to_owned(), Value::Number(number)));
        self
    }

    /// The hive's bytes, closed as a server leaves it when it shuts down.
    pub(crate) fn hive(&self) -> Vec<u8> {
        let mut bin = Bin(vec![0; 32]);
        let root = bin.key("ROOT", self, NONE, true);
        let used = bin.0.len();
        let length = (used + 8).next_multiple_of(4096);
        bin.0.resize(length, 0);
        bin.put(used, offset(length - used));
        bin.0.splice(..4, *b"hbin");
        bin.put(8, offset(length));

        let mut base = Bin(vec![0; 4096]);
        base.0.splice(..4, *b"regf");
        for (at, number) in [(4, 3), (8, 3), (20, 1), (24, 5), (32, 1), (36, root), (40, offset(length)), (44, 1)] {
            base.put(at, number);
        }
        let words = base.0.chunks(4).take(127).filter_map(|word| word.try_into().ok()).map(u32::from_le_bytes);
        let sum = words.fold(0, |sum, word| sum ^ word);
        base.put(508, sum);
        base.0.extend(bin.0);
        base.0
    }
}

/// Points nowhere.
const NONE: u32 = u32::MAX;

struct Bin(Vec<u8>);

impl Bin {
    fn put(&mut self, at: usize, number: u32) {
        self.0.splice(at..at + 4, number.to_le_bytes());
    }

    fn cell(&mut self, content: &[u8]) -> u32 {
        let at = self.0.len();
        let size = (content.len() + 4).next_multiple_of(8);
        // In use: the size is negative.
        self.0.extend(offset(size).wrapping_neg().to_le_bytes());
        self.0.extend(content);
        self.0.resize(at + size, 0);
        offset(at)
    }

    fn key(&mut self, name: &str, key: &Key, parent: u32, is_root: bool) -> u32 {
        let mut cell = b"nk".to_vec();
        cell.extend(if is_root { 0x2c_u16 } else { 0x20 }.to_le_bytes());
        // 2026-01-01T00:00:00Z
        cell.extend(134_116_992_000_000_000_u64.to_le_bytes());
        cell.resize(72, 0);
        cell.extend(u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
        cell.extend([0; 2]);
        cell.extend(name.as_bytes());
        let own = self.cell(&cell);
        let below: Vec<(u32, u32)> = key.keys.iter().map(|(name, key)| (self.key(name, key, own, false), hash(name))).collect();
        let keys = if below.is_empty() { NONE } else { self.list(&below) };
        let values: Vec<u32> = key.values.iter().map(|(name, value)| self.value(name, value)).collect();
        let values_list =
            if values.is_empty() { NONE } else { self.cell(&values.iter().flat_map(|it| it.to_le_bytes()).collect::<Vec<_>>()) };
        for (at, number) in [
            (16, parent),
            (20, offset(below.len())),
            (28, keys),
            (32, NONE),
            (36, offset(values.len())),
            (40, values_list),
            (44, NONE),
            (48, NONE),
        ] {
            self.put(own as usize + 4 + at, number);
        }
        own
    }

    fn list(&mut self, keys: &[(u32, u32)]) -> u32 {
        let mut cell = b"lh".to_vec();
        cell.extend(u16::try_from(keys.len()).unwrap_or_default().to_le_bytes());
        for (key, hash) in keys {
            cell.extend(key.to_le_bytes());
            cell.extend(hash.to_le_bytes());
        }
        self.cell(&cell)
    }

    fn value(&mut self, name: &str, value: &Value) -> u32 {
        let (kind, size, place) = match value {
            Value::Number(number) => (4, 4 | 1 << 31, *number),
            Value::Text(text) => {
                let data: Vec<u8> = text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
                (1, offset(data.len()), self.cell(&data))
            }
        };
        let mut cell = b"vk".to_vec();
        cell.extend(u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
        for number in [size, place, kind] {
            cell.extend(u32::to_le_bytes(number));
        }
        cell.extend(1_u16.to_le_bytes());
        cell.extend([0; 2]);
        cell.extend(name.as_bytes());
        self.cell(&cell)
    }
}

fn hash(name: &str) -> u32 {
    name.bytes().fold(0, |hash: u32, letter| hash.wrapping_mul(37).wrapping_add(letter.to_ascii_uppercase().into()))
}

fn offset(size: usize) -> u32 {
    u32::try_from(size).unwrap_or_default()
}
