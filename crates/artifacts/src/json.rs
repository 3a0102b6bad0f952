//! JSON whose texts are borrowed from the text it was read from, where they stand there without escapes.
//!
//! An event has some fifty names and values. To own each of them cost more than everything else that is done with the event.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use afterpatch_model::same_text;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::{Number, Value};

/// A JSON value. Its methods are those of [`Value`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'t, str>),
    Array(Vec<Json<'t>>),
    Object(Members<'t>),
}

/// Members of an object in their order, no name twice.
pub(crate) type Members<'t> = Vec<(Cow<'t, str>, Json<'t>)>;

impl<'t> Json<'t> {
    /// Reads a text that is one value.
    pub(crate) fn parse(text: &'t str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The member of that name, if this is an object that has one.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.iter().find(|(own, _)| same_text(own, name)).map(|(_, value)| value)
    }

    /// The member below members: `/outer/inner`.
    pub(crate) fn pointer(&self, path: &str) -> Option<&Self> {
        path.strip_prefix('/')?.split('/').try_fold(self, |value, name| value.get(name))
    }

    pub(crate) fn as_object(&self) -> Option<&Members<'t>> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(crate) fn as_array(&self) -> Option<&Vec<Self>> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(number) => number.as_f64(),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// As compact JSON.
impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Array(items) => serializer.collect_seq(items),
            Self::Object(members) => serializer.collect_map(members.iter().map(|(name, value)| (name, value))),
        }
    }
}

impl From<Value> for Json<'static> {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text.into()),
            Value::Array(items) => Self::Array(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                Self::Object(members.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
            }
        }
    }
}

impl<'t> Deserialize<'t> for Json<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'t> Visitor<'t> for AnyValue {
    type Value = Json<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any valid JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json<'t>, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json<'t>, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json<'t>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json<'t>, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json<'t>, E> {
        Ok(Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Json<'t>, E> {
        Ok(Json::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'t>, E> {
        Ok(Json::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut items: A) -> Result<Json<'t>, A::Error> {
        let mut all = Vec::new();
        while let Some(item) = items.next_element()? {
            all.push(item);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'t>>(self, mut members: A) -> Result<Json<'t>, A::Error> {
        let mut all = Vec::new();
        while let Some((Name(name), value)) = members.next_entry()? {
            if all.len() == GROWS_AT {
                all.reserve_exact(GROWS_TO - GROWS_AT);
            }
            all.push((name, value));
        }
        Ok(Json::Object(if repeat(&all) { without_repeats(all) } else { all }))
    }
}

/// An object of more members than a few has about as many as an event has. Room for them all at once is still a small piece of
/// memory, which is had faster than a larger one.
const GROWS_AT: usize = 4;
const GROWS_TO: usize = 18;

/// The name of a member.
struct Name<'t>(Cow<'t, str>);

impl<'t> Deserialize<'t> for Name<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyName;
        impl<'t> Visitor<'t> for AnyName {
            type Value = Name<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string key")
            }

            fn visit_borrowed_str<E>(self, text: &'t str) -> Result<Name<'t>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Name<'t>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyName)
    }
}

/// Whether a name is there twice, or may be where there are many.
fn repeat(members: &Members<'_>) -> bool {
    const FEW: usize = 64;
    // Names of the same length and the same last letters are rare in an event.
    let mut seen = [0_u64; FEW];
    let is_repeated = |(at, (name, _)): (usize, &(Cow<'_, str>, _))| {
        let mut letters = name.bytes().rev();
        let [last, before] = [letters.next().unwrap_or_default(), letters.next().unwrap_or_default()];
        let bit = 1_u64 << ((last ^ before.rotate_left(3)) % 64);
        let Some(of_length) = seen.get_mut(name.len() % FEW) else { return true };
        let is_seen = *of_length & bit != 0;
        *of_length |= bit;
        is_seen && members.iter().take(at).any(|(other, _)| same_text(other, name))
    };
    members.len() > FEW || (members.len() > 1 && members.iter().enumerate().any(is_repeated))
}

/// Of members with the same name the last counts; it stands where the first stood.
fn without_repeats(members: Members<'_>) -> Members<'_> {
    let mut places = HashMap::new();
    let mut all: Members<'_> = Vec::new();
    for (name, value) in members {
        let place = *places.entry(name.clone()).or_insert(all.len());
        match all.get_mut(place) {
            Some((_, own)) => *own = value,
            None => all.push((name, value)),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_are_borrowed_where_they_can_be() {
        let json = Json::parse(r#"{"a": "b", "c\n": "d\\e"}"#).unwrap();
        let borrowed = |text: &Cow<'_, str>| matches!(text, Cow::Borrowed(_));
        let [(a, Json::Text(b)), (c, Json::Text(d))] = json.as_object().unwrap().as_slice() else { unreachable!() };
        assert_eq!([borrowed(a), borrowed(b), borrowed(c), borrowed(d)], [true, true, false, false]);
        assert_eq!(json.get("c\n").and_then(Json::as_str), Some(r"d\e"));
    }

    #[test]
    fn members_are_found_through_others() {
        let json = Json::parse(r#"{"a": {"b": [1, null]}, "": true}"#).unwrap();
        assert_eq!(json.pointer("/a/b").and_then(Json::as_array).map(Vec::len), Some(2));
        assert!(json.pointer("/a/c").is_none() && json.pointer("a").is_none());
        assert_eq!(json.get(""), Some(&Json::Bool(true)));
    }

    fn text() -> impl Strategy<Value = String> {
        let any = prop::collection::vec(
            prop::sample::select(
                &[
                    "{",
                    "}",
                    "[",
                    "]",
                    ":",
                    ",",
                    "\"a\"",
                    "\"b\\n\"",
                    "\"\"",
                    "\"ab\"",
                    "\"\\ud800\"",
                    "1",
                    "-7",
                    "1.5",
                    "1e999",
                    "null",
                    "true",
                    "\"x\":",
                ][..],
            ),
            0..24,
        );
        let name = prop::sample::select(&["a", "b", "ab", "ba", "", "a\\n", "é"][..]);
        let value = prop::sample::select(&["1", "\"a\"", "{}", "[1]", "{\"a\":1,\"a\":2}", "1.50", "18446744073709551615"][..]);
        let object = prop::collection::vec((name, value), 0..12).prop_map(|members| {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", members.join(","))
        });
        prop_oneof![any.prop_map(|pieces| pieces.concat()), object]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2_000, ..ProptestConfig::default() })]

        #[test]
        fn it_is_what_the_library_reads(text in text()) {
            match (Json::parse(&text), text.parse::<Value>()) {
                (Ok(own), Ok(other)) => {
                    prop_assert_eq!(own.to_string(), other.to_string());
                    prop_assert_eq!(own, Json::from(other));
                }
                (Err(own), Err(other)) => prop_assert_eq!(own.to_string(), other.to_string()),
                (own, other) => prop_assert!(false, "{:?} {:?}", own, other),
            }
        }
    }

    #[test]
    fn of_many_members_too_the_last_of_a_name_counts() {
        for members in [2, 64, 65, 300] {
            let text: Vec<String> = (0..members).map(|at| format!("\"n{:03}\":{at}", at % (members - 1))).collect();
            let text = format!("{{{}}}", text.join(","));
            let own = Json::parse(&text).unwrap();
            assert_eq!(own, Json::from(text.parse::<Value>().unwrap()), "{members}");
            assert_eq!(own.as_object().map(Vec::len), Some(members - 1));
        }
    }

    #[test]
    fn depth_is_bounded() {
        let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(Json::parse(&deep(127)).is_ok());
        assert!(Json::parse(&deep(128)).is_err());
    }
}
