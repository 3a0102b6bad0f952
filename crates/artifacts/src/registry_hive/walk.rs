//! From the hive's root to the wanted keys, each key read once.

use std::borrow::Cow;
use std::io::{Read, Seek};

use afterpatch_model::{Fields, GapKind, LogSource, Place, Record, RegistryValue, Unified};

use super::cells::{Cells, Damage, place};
use super::data;
use super::keys::{self, Key, Value};
use super::wanted::{SOFTWARE, SYSTEM, Wanted, matches};
use crate::{Flow, Sink};

/// Keys below a wanted one are followed so far; tasks nest deepest, and not half as deep.
const DEEPEST: usize = 32;

/// A longer server's name is none: DNS ends there (RFC 1035). All values are told with it.
const LONGEST_NAME: usize = 255;

/// The offset of the root key stands here in the base block.
pub(super) const ROOT_AT: usize = 36;

/// Hands on what is wanted of a hive, from its root key's offset.
pub(super) fn hand_on<R: Read + Seek>(hive: R, root: u32, sink: &mut dyn Sink) {
    let mut walk = Walk { cells: Cells::new(hive), root: "", current: String::new(), server: None, sink };
    if let Err(damage) = walk.all(root) {
        walk.damaged(&damage);
    }
}

struct Walk<'s, R> {
    cells: Cells<R>,
    /// The hive's name on a live server.
    root: &'static str,
    /// The control set that the server runs with (`ControlSet001`).
    current: String,
    server: Option<String>,
    sink: &'s mut dyn Sink,
}

/// A wanted key, and the rest of the way to it.
type Way = (&'static [&'static str], &'static Wanted);

impl<R: Read + Seek> Walk<'_, R> {
    fn all(&mut self, root: u32) -> Result<(), Damage> {
        let root = keys::key(&mut self.cells, root)?;
        let wanted = if self.child(&root, &["Select"]).is_some() {
            self.root = r"HKLM\SYSTEM";
            self.learn_names(&root);
            SYSTEM
        } else if self.child(&root, &["Microsoft", "Windows", "CurrentVersion"]).is_some() {
            self.root = r"HKLM\SOFTWARE";
            SOFTWARE
        } else {
            let why = "a registry hive that is neither SOFTWARE nor SYSTEM".to_owned();
            return Err(Damage { kind: GapKind::NotRead, place: Place::Whole, why });
        };
        let ways: Vec<Way> = wanted.iter().map(|wanted| (wanted.key, wanted)).collect();
        self.below(&root, self.root, &ways, 0);
        Ok(())
    }

    /// The current control set and the server's name, by which everything else is told.
    fn learn_names(&mut self, root: &Key) {
        let current = self.child(root, &["Select"]).and_then(|select| self.value(&select, "Current")).unwrap_or_default();
        self.current = format!("ControlSet{current:0>3}");
        let set = self.current.clone();
        let key = self.child(root, &[&set, "Control", "ComputerName", "ComputerName"]);
        let name = key.and_then(|key| self.value(&key, "ComputerName"));
        self.server = name.filter(|name| !name.is_empty() && name.len() <= LONGEST_NAME);
    }

    /// Visits the keys in `key` that lead on to something wanted. As deep as [`DEEPEST`] below the longest way.
    fn below(&mut self, key: &Key, path: &str, ways: &[Way], beyond: usize) -> Flow {
        let offsets = match keys::subkeys(&mut self.cells, key) {
            Ok(offsets) => offsets,
            Err(damage) => return self.damaged(&damage),
        };
        for offset in offsets {
            let child = match keys::key(&mut self.cells, offset) {
                Ok(child) => child,
                Err(damage) => match self.damaged(&damage) {
                    Flow::Continue => continue,
                    Flow::Stop => return Flow::Stop,
                },
            };
            let on = |(rest, wanted): &Way| match rest.split_first() {
                Some((name, rest)) => matches(name, &child.name).then_some((rest, *wanted)),
                None => wanted.deep.then_some((*rest, *wanted)),
            };
            let ways: Vec<Way> = ways.iter().filter_map(on).collect();
            if !ways.is_empty() && self.visit(&child, &self.path_of(path, &child), &ways, beyond) == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    fn visit(&mut self, key: &Key, path: &str, ways: &[Way], beyond: usize) -> Flow {
        let here: Vec<&Wanted> = ways.iter().filter(|(rest, _)| rest.is_empty()).map(|(_, wanted)| *wanted).collect();
        if !here.is_empty() && self.values_of(key, path, &here) == Flow::Stop {
            return Flow::Stop;
        }
        let beyond = if here.iter().any(|wanted| wanted.deep) { beyond + 1 } else { beyond };
        if beyond > DEEPEST {
            let why = "keys nested deeper than any real ones".to_owned();
            return self.damaged(&Damage { kind: GapKind::Capped, place: place(key.offset), why });
        }
        if ways.iter().any(|(rest, wanted)| !rest.is_empty() || wanted.deep) {
            return self.below(key, path, ways, beyond);
        }
        Flow::Continue
    }

    fn values_of(&mut self, key: &Key, path: &str, wanted: &[&Wanted]) -> Flow {
        let values = match keys::values(&mut self.cells, key) {
            Ok(values) => values,
            Err(damage) => return self.damaged(&damage),
        };
        // A key whose every value is wanted is told even when it has none, but a folder of further keys is not: a certificate
        // request that was emptied, a task without values.
        if values.is_empty() && !key.has_subkeys() && wanted.iter().any(|wanted| wanted.values.is_empty()) {
            return self.record(key, path, None, "");
        }
        for offset in values {
            let told = match keys::value(&mut self.cells, offset) {
                Ok(value) if wanted.iter().any(|wanted| wanted.takes(&value.name)) => self.tell(key, path, &value),
                Ok(_) => Flow::Continue,
                Err(damage) => self.damaged(&damage),
            };
            if told == Flow::Stop {
                return Flow::Stop;
            }
        }
        Flow::Continue
    }

    fn tell(&mut self, key: &Key, path: &str, value: &Value) -> Flow {
        match keys::data(&mut self.cells, value, data::MOST_BYTES) {
            Ok(data) => {
                // What a task runs stands in binary data.
                let texts = if value.name == "Actions" { data::texts_in(&data) } else { String::new() };
                self.record(key, path, Some((value, &data)), &texts)
            }
            Err(damage) => self.damaged(&damage),
        }
    }

    fn record(&mut self, key: &Key, path: &str, value: Option<(&Value, &[u8])>, texts: &str) -> Flow {
        let mut fields: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        let mut unified = RegistryValue { key: path.into(), ..RegistryValue::default() };
        let mut at = key.offset;
        if let Some((value, data)) = value {
            at = value.offset;
            unified.name = value.name.as_str().into();
            unified.data = data::text(&value.name, value.kind, data, value.size).into();
            fields.push(("Type".into(), data::kind_name(value.kind).into()));
            fields.push(("Size".into(), value.size.to_string().into()));
        }
        if !texts.is_empty() {
            fields.push(("Text".into(), texts.into()));
        }
        self.sink.record(&Record {
            place: place(at),
            time: key.written,
            server: self.server.as_deref().map(Cow::Borrowed),
            source: LogSource::fixed("windows", "", "registry-hive"),
            fields: Fields::Pairs(fields),
            unified: Unified::RegistryValue(unified),
        })
    }

    /// A key's path as a live server names it.
    fn path_of(&self, above: &str, key: &Key) -> String {
        let name = if key.name.eq_ignore_ascii_case(&self.current) { "CurrentControlSet" } else { &key.name };
        format!(r"{above}\{name}")
    }

    /// The key below another by its names. Damage is told when the walk comes by, not here.
    fn child(&mut self, key: &Key, path: &[&str]) -> Option<Key> {
        let (name, rest) = path.split_first()?;
        for offset in keys::subkeys(&mut self.cells, key).ok()? {
            if let Ok(child) = keys::key(&mut self.cells, offset)
                && child.name.eq_ignore_ascii_case(name)
            {
                return if rest.is_empty() { Some(child) } else { self.child(&child, rest) };
            }
        }
        None
    }

    fn value(&mut self, key: &Key, name: &str) -> Option<String> {
        let values = keys::values(&mut self.cells, key).ok()?;
        let mut values = values.into_iter().filter_map(|offset| keys::value(&mut self.cells, offset).ok());
        let value = values.find(|value| value.name.eq_ignore_ascii_case(name))?;
        drop(values);
        let data = keys::data(&mut self.cells, &value, data::MOST_BYTES).ok()?;
        Some(data::text(name, value.kind, &data, value.size))
    }

    /// Tells of damage; only a bound that is reached ends the walk.
    fn damaged(&mut self, damage: &Damage) -> Flow {
        self.sink.gap(damage.kind, damage.place, &damage.why);
        if damage.kind == GapKind::Capped { Flow::Stop } else { Flow::Continue }
    }
}
