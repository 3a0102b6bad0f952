//! One server, one span of days, one story.

use std::fmt;

use jiff::{Timestamp, tz::Offset};

use crate::{
    Variant,
    dice::{Dice, Stream},
};

/// What to make. Equal scenarios give equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Moves everything that is left to chance.
    pub seed: u64,
    /// The server.
    pub server: ServerProfile,
    /// Beginning of the evidence, UTC.
    pub start: Timestamp,
    /// Length of the evidence in days; taken as [`Scenario::MIN_DAYS`] if less.
    pub days: u32,
    /// Requests of users in a day, the server's own probes not counted.
    pub requests_per_day: u32,
    /// The story.
    pub variant: Variant,
}

impl Scenario {
    /// A story needs this many days: break-in, use, removal or update, use after that.
    pub const MIN_DAYS: u32 = 3;

    /// A server as one finds them, chosen by the seed, with ten days of evidence (some 30 to 50 megabytes).
    pub fn new(seed: u64, variant: Variant) -> Self {
        let mut dice = Dice::new(seed, Stream::World);
        let (server, start) = ServerProfile::by_chance(&mut dice, variant);
        Self { seed, server, start, days: 10, requests_per_day: 600, variant }
    }

    /// The same story in another size.
    pub fn sized(mut self, days: u32, requests_per_day: u32) -> Self {
        self.days = days;
        self.requests_per_day = requests_per_day;
        self
    }

    /// The same story told small (three days, 60 requests of users a day), for tests.
    pub fn small(seed: u64, variant: Variant) -> Self {
        Self::new(seed, variant).sized(Self::MIN_DAYS, 60)
    }
}

/// The server of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerProfile {
    /// Short name.
    pub name: String,
    /// Name of the Active Directory domain.
    pub domain: String,
    /// Product: decides log columns and which services run.
    pub product: Product,
    /// Build at the beginning of the evidence.
    pub build: LabBuild,
    /// Install folder with a backslash at the end, on any drive.
    pub install: String,
}

impl ServerProfile {
    /// `EXCH01.corp.contoso.example`.
    pub fn fqdn(&self) -> String {
        format!("{}.{}", self.name, self.domain)
    }

    /// A server that fits the story, and the day at which its evidence begins.
    fn by_chance(dice: &mut Dice, variant: Variant) -> (Self, Timestamp) {
        let name = dice.pick(&["EXCH01", "MAIL02", "MX-A", "SRVEX1", "POSTE3", "HERMES", "EX16-PRD", "OWA-FE2"]);
        let domain = dice.pick(&[
            "corp.contoso.example",
            "fabrikam.example",
            "ad.northwind.example",
            "intern.adatum.example",
            "hq.woodgrove.example",
            "tailspin.example",
        ]);
        let eras = variant.eras();
        let era = eras[dice.index(eras.len())];
        let updates = era.updates.iter().filter(|update| variant.fits(update.product)).collect::<Vec<_>>();
        let update = updates[dice.index(updates.len())];
        let open = variant.needs_open_server() || (!variant.needs_fixed_server() && dice.chance(50));
        let build = if open { update.before } else { update.fixed };
        let install = dice.pick(&[
            r"C:\Program Files\Microsoft\Exchange Server\V15\",
            r"C:\Program Files\Microsoft\Exchange Server\V15\",
            r"D:\Exchange\",
            r"E:\Exchange2016\V15\",
            r"D:\Program Files\Microsoft\Exchange Server\V15\",
        ]);
        let first = if open { era.first } else { era.first_fixed };
        let day = first.saturating_add(jiff::Span::new().days(dice.between(0, era.days)));
        let start = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap_or(Timestamp::UNIX_EPOCH);
        let product = update.product;
        (Self { name: name.to_owned(), domain: domain.to_owned(), product, build, install: install.to_owned() }, start)
    }
}

/// Product lines; 2010 writes other logs and is not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// Exchange Server 2013.
    Exchange2013,
    /// Exchange Server 2016.
    Exchange2016,
    /// Exchange Server 2019.
    Exchange2019,
    /// Exchange Server Subscription Edition.
    ExchangeSe,
}

/// Four numbers of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LabBuild(pub [u32; 4]);

impl fmt::Display for LabBuild {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(formatter, "{major}.{minor}.{build}.{revision}")
    }
}

impl LabBuild {
    /// `15.01.2176.002`, as Exchange writes it at the top of its logs.
    pub fn long(self) -> String {
        let [major, minor, build, revision] = self.0;
        format!("{major:02}.{minor:02}.{build:04}.{revision:03}")
    }

    /// The number by which servers tell each other their version (`BEVersion-1942063431` is 15.1.2375, seen in a real log).
    pub(crate) fn as_number(self) -> u32 {
        let [_, minor, build, _] = self.0;
        0x73c0_8000 + (minor << 16) + build
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds_as_the_logs_write_them() {
        assert_eq!(LabBuild([15, 1, 2375, 7]).long(), "15.01.2375.007");
        assert_eq!(LabBuild([15, 1, 2375, 7]).as_number(), 1_942_063_431);
    }

    #[test]
    fn a_story_that_needs_the_hole_gets_a_server_with_it() {
        for variant in Variant::all().filter(|variant| variant.needs_open_server()) {
            for seed in 0..50 {
                let build = Scenario::new(seed, variant).server.build;
                assert_ne!(build.fixed(), build, "{variant:?} {seed}");
            }
        }
    }
}
