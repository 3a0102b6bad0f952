//! What others may look for on their own systems: addresses, planted files and hashes of the attack, and which of them are sure.
//!
//! Who blocks an address because a report says so hurts whoever sits behind it. So an indicator is *sure* only when something that
//! nobody does by accident succeeded with it: a finding that stands alone, of high confidence, that got through, and that nobody
//! vouches for. Addresses that are not of the public internet mean something else in every network and are none at all.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use afterpatch_model::{Confidence, Finding, Grade, Report, Standing, Step, Thing, ThingKind, Timestamp};

use super::told::{Told, findings};

/// What is looked for. The order is the order of telling.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sought {
    /// An address of the public internet.
    Address(IpAddr),
    /// SHA-256 of a file, lower-case hex.
    Hash(String),
    /// The path of a planted file on its server.
    File(String),
}

/// One indicator with all that tells of it.
pub(crate) struct Indicator<'r> {
    pub(crate) sought: Sought,
    /// See the head of this file.
    pub(crate) sure: bool,
    /// At least one, in the order of the report.
    pub(crate) told: Vec<Told<'r>>,
}

impl<'r> Indicator<'r> {
    /// First time, UTC.
    pub(crate) fn first(&self) -> Option<Timestamp> {
        self.own().filter_map(|finding| finding.first).min()
    }

    /// Last time, UTC.
    pub(crate) fn last(&self) -> Option<Timestamp> {
        self.own().filter_map(|finding| finding.last).max()
    }

    /// How many records tell of it.
    pub(crate) fn count(&self) -> u64 {
        self.own().map(|finding| finding.count).fold(0, u64::saturating_add)
    }

    /// The findings whose times and counts are its own: one that names several addresses does not say which of them when. Only where
    /// there is no other it has to do.
    fn own(&self) -> impl Iterator<Item = &'r Finding> {
        let kind = match self.sought {
            Sought::Address(_) => ThingKind::Address,
            Sought::Hash(_) => ThingKind::Hash,
            Sought::File(_) => ThingKind::File,
        };
        let alone = move |finding: &Finding| finding.things_of(kind).count() == 1;
        let findings = || self.told.iter().map(|told| told.finding);
        let any_alone = findings().any(alone);
        findings().filter(move |finding| !any_alone || alone(finding))
    }
}

/// The indicators of a report, the sure ones first.
pub(crate) fn indicators(report: &Report) -> Vec<Indicator<'_>> {
    let mut known: BTreeMap<Sought, Indicator<'_>> = BTreeMap::new();
    for told in findings(report).filter(|told| of_an_attack(told.finding)) {
        for sought in told.finding.things.iter().filter_map(|thing| sought(told.finding, thing)) {
            let new = || Indicator { sought: sought.clone(), sure: false, told: Vec::new() };
            let indicator = known.entry(sought.clone()).or_insert_with(new);
            indicator.sure |= decides(told.finding);
            indicator.told.push(told);
        }
    }
    let mut all: Vec<Indicator<'_>> = known.into_values().collect();
    all.sort_by_key(|indicator| !indicator.sure);
    all
}

/// Whether a finding tells of an attack at all.
fn of_an_attack(finding: &Finding) -> bool {
    finding.acknowledged.is_none() && finding.grade >= Grade::Attempt
}

fn decides(finding: &Finding) -> bool {
    finding.standing == Standing::Alone && finding.confidence == Confidence::High && finding.grade >= Grade::Success
}

fn sought(finding: &Finding, thing: &Thing) -> Option<Sought> {
    let planted = matches!(finding.step, Step::FileWritten | Step::FilePresent);
    match thing.kind {
        ThingKind::Address => {
            thing.value.parse::<IpAddr>().ok().map(|ip| ip.to_canonical()).filter(is_public).map(Sought::Address)
        }
        ThingKind::Hash if is_sha256(&thing.value) => Some(Sought::Hash(thing.value.to_ascii_lowercase())),
        ThingKind::File if planted && !thing.value.is_empty() => Some(Sought::File(thing.value.clone())),
        _ => None,
    }
}

/// Whether a text is a SHA-256 in hex.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether an address means the same everywhere. Those that documents use for examples count as public: no other evidence has them.
pub(crate) fn is_public(address: &IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            let special = v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4 == Ipv4Addr::BROADCAST
                || a == 0
                || a >= 224
                // Shared by providers behind one address, protocols, measurements (RFC 6890).
                || (a == 100 && (64..128).contains(&b))
                || (a, b, c) == (192, 0, 0)
                || (a == 198 && (18..20).contains(&b));
            !special
        }
        // All that is routed is 2000::/3 today.
        IpAddr::V6(v6) => v6.segments().first().is_some_and(|first| first >> 13 == 1),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn addresses_that_mean_something_else_elsewhere_are_not_public() {
        for (address, public) in [
            ("203.0.113.22", true),
            ("8.8.8.8", true),
            ("2001:db8::1", true),
            ("2606:4700::1111", true),
            ("10.0.0.1", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("192.0.0.8", false),
            ("127.0.0.1", false),
            ("169.254.1.1", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("198.19.255.255", false),
            ("0.0.0.0", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("fe80::1", false),
            ("fc00::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
        ] {
            assert_eq!(is_public(&address.parse().unwrap()), public, "{address}");
        }
    }
}
