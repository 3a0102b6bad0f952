//! Exchange build numbers: four integers, never decimals.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An Exchange build, for example `15.1.2176.2` (also written `15.01.2176.002`).
///
/// Builds are ordered as integers, but "newer" says nothing about "fixed" across cumulative updates:
/// compare inside one [`Build::cumulative_update`] only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Build {
    /// Always 15 for Exchange 2013 and later, 14 for 2010.
    pub major: u32,
    /// 0 = 2013, 1 = 2016, 2 = 2019 and SE.
    pub minor: u32,
    /// Names the cumulative update.
    pub build: u32,
    /// Grows with each security update of one cumulative update.
    pub revision: u32,
}

/// Product line of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Product {
    /// Exchange Server 2010 (14.x).
    #[serde(rename = "2010")]
    Exchange2010,
    /// Exchange Server 2013 (15.0).
    #[serde(rename = "2013")]
    Exchange2013,
    /// Exchange Server 2016 (15.1).
    #[serde(rename = "2016")]
    Exchange2016,
    /// Exchange Server 2019 (15.2 below 15.2.2562).
    #[serde(rename = "2019")]
    Exchange2019,
    /// Exchange Server Subscription Edition (15.2.2562 and up).
    #[serde(rename = "SE")]
    ExchangeSe,
}

impl Product {
    /// The year or letters by which people name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exchange2010 => "2010",
            Self::Exchange2013 => "2013",
            Self::Exchange2016 => "2016",
            Self::Exchange2019 => "2019",
            Self::ExchangeSe => "SE",
        }
    }
}

impl Build {
    /// A build from its four numbers.
    pub const fn new(major: u32, minor: u32, build: u32, revision: u32) -> Self {
        Self { major, minor, build, revision }
    }

    /// The first three numbers: builds are comparable only when these agree.
    pub fn cumulative_update(self) -> (u32, u32, u32) {
        (self.major, self.minor, self.build)
    }

    /// The product line, or `None` when the numbers are of no Exchange we know (for example `15.0.0.0`, which
    /// some logs write instead of the build).
    pub fn product(self) -> Option<Product> {
        match (self.major, self.minor) {
            (14, _) => Some(Product::Exchange2010),
            // 15.0.0.0 is a constant that some log writers print; the first real 2013 build is 15.0.516.32.
            (15, 0) if self.build >= 516 => Some(Product::Exchange2013),
            (15, 1) if self.build >= 225 => Some(Product::Exchange2016),
            (15, 2) if self.build >= 2562 => Some(Product::ExchangeSe),
            (15, 2) if self.build >= 196 => Some(Product::Exchange2019),
            _ => None,
        }
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.major, self.minor, self.build, self.revision)
    }
}

/// The text is not a build: not four integers with dots between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildParseError(pub String);

impl fmt::Display for BuildParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a build: four integers with dots between are needed, such as 15.1.2176.2", self.0)
    }
}

impl std::error::Error for BuildParseError {}

impl FromStr for Build {
    type Err = BuildParseError;

    /// Reads the short (`15.1.2507.66`) and the long form (`15.01.2507.066`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || BuildParseError(text.to_owned());
        let mut parts = text.trim().split('.');
        let mut number = || -> Result<u32, BuildParseError> {
            let part = parts.next().ok_or_else(wrong)?;
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(wrong());
            }
            part.parse().map_err(|_| wrong())
        };
        let build = Self::new(number()?, number()?, number()?, number()?);
        if parts.next().is_some() { Err(wrong()) } else { Ok(build) }
    }
}

impl Serialize for Build {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Build {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Build {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Build".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": r"^\d+\.\d+\.\d+\.\d+$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_form_are_the_same_build() {
        assert_eq!("15.01.2507.066".parse(), "15.1.2507.66".parse::<Build>());
    }

    #[test]
    fn only_four_integers_are_a_build() {
        for text in ["", "15", "15.1.2507", "15.1.2507.66.1", "15.1.2507.", "15.1.-1.2", "15.1.2507.x", "15.1.99999999999.1"] {
            assert!(text.parse::<Build>().is_err(), "{text}");
        }
    }

    #[test]
    fn product_lines() {
        let product = |text: &str| text.parse::<Build>().ok().and_then(Build::product).map(Product::name);
        assert_eq!(product("15.0.0.0"), None);
        assert_eq!(product("15.0.1497.12"), Some("2013"));
        assert_eq!(product("15.1.2176.2"), Some("2016"));
        assert_eq!(product("15.2.1748.53"), Some("2019"));
        assert_eq!(product("15.2.2562.53"), Some("SE"));
        assert_eq!(product("14.3.123.4"), Some("2010"));
    }
}
