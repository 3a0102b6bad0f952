//! Which rows speak of one server, and what several rows say of it together. Everybody who counts or tells servers asks here.

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer, Timestamp};
use serde::Deserialize;

/// Ends of names that mean something else in every network.
const PRIVATE: [&str; 9] = ["local", "localdomain", "localhost", "lan", "intern", "internal", "corp", "home", "arpa"];

/// Whether it is a full name that means the same server everywhere.
pub fn is_public(name: &str) -> bool {
    let name = normal(name);
    match name.rsplit_once('.') {
        Some((_, last)) => !PRIVATE.contains(&last) && !last.chars().all(|letter| letter.is_ascii_digit()),
        None => false,
    }
}

/// The names by which a server can be known: its full public ones; if it has none, its own alone. A short name beside a full one says
/// nothing more: `mail` is in many domains, of one organisation and of others.
pub fn names<'n>(server: &'n str, aliases: &'n [String]) -> Vec<&'n str> {
    let all = std::iter::once(server).chain(aliases.iter().map(String::as_str));
    let public = all.filter(|name| is_public(name)).collect::<Vec<_>>();
    if public.is_empty() { vec![server] } else { public }
}

/// What two rows must share to be of one server: a full public name; or another name in the same organisation. None when the name says
/// too little.
pub fn keys(server: &str, aliases: &[String], organisation: Option<&str>) -> Vec<String> {
    let key = |name: &str| match (normal(name), organisation) {
        (name, _) if name.is_empty() => None,
        (name, _) if is_public(&name) => Some(name),
        // No name holds a line feed, so keys of the two kinds cannot be mistaken.
        (name, Some(organisation)) => Some(format!("{name}\n{}", organisation.to_lowercase())),
        (_, None) => None,
    };
    names(server, aliases).into_iter().filter_map(key).collect()
}

/// As names are compared.
pub fn normal(name: &str) -> String {
    name.trim().trim_matches('.').to_lowercase()
}

/// The answers of one row, or of several of one server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Judged {
    /// Of the newest build.
    pub exposure: ExposureAnswer,
    /// The gravest.
    pub compromise: CompromiseAnswer,
    /// The gravest: that a newer package saw nothing does not say that the back door has gone.
    pub foothold: FootholdAnswer,
    /// When the newest build was last seen.
    pub build_seen: Option<Timestamp>,
}

impl Judged {
    /// Takes in another row. Whether its build is the one that counts now.
    pub fn join(&mut self, other: &Self) -> bool {
        let newer = (other.build_seen, other.exposure) > (self.build_seen, self.exposure);
        if newer {
            (self.build_seen, self.exposure) = (other.build_seen, other.exposure);
        }
        self.compromise = self.compromise.max(other.compromise);
        self.foothold = self.foothold.max(other.foothold);
        newer
    }
}

/// The first of two times; `None` is later than everything.
pub fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    one.into_iter().chain(other).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_public_when_it_means_the_same_everywhere() {
        for (name, public) in [
            ("mail.city.example", true),
            ("Mail.City.Example.", true),
            ("EX01", false),
            ("ex01.city.local", false),
            ("ex01.corp", false),
            ("192.0.2.7", false),
            ("", false),
        ] {
            assert_eq!(is_public(name), public, "{name}");
        }
    }

    #[test]
    fn short_names_are_one_server_only_inside_an_organisation_and_never_beside_full_ones() {
        let aliases = ["MAIL".to_owned(), "owa.city.example".to_owned()];
        for (server, aliases, organisation, expected) in [
            ("Mail.city.example.", &[][..], None, &["mail.city.example"][..]),
            ("mail.city.example", &aliases, Some("City"), &["mail.city.example", "owa.city.example"]),
            ("EX01", &[], None, &[]),
            ("EX01", &aliases[..1], Some("Bank"), &["ex01\nbank"]),
            ("EX01", &aliases, None, &["owa.city.example"]),
            ("ex01.bank.local", &[], Some("BANK"), &["ex01.bank.local\nbank"]),
            (" ", &[], Some("Bank"), &[]),
        ] {
            assert_eq!(keys(server, aliases, organisation), expected, "{server}");
        }
    }

    #[test]
    fn the_newest_build_and_the_gravest_answers_count() {
        let judged = |day: Option<i64>, exposure, compromise, foothold| Judged {
            exposure,
            compromise,
            foothold,
            build_seen: day.and_then(|day| Timestamp::from_second(day * 86_400).ok()),
        };
        let mut one = judged(Some(3), ExposureAnswer::Open, CompromiseAnswer::Compromised, FootholdAnswer::InPlace);
        assert!(one.join(&judged(Some(9), ExposureAnswer::Fixed, CompromiseAnswer::NothingSeen, FootholdAnswer::Removed)));
        assert!(!one.join(&judged(None, ExposureAnswer::Open, CompromiseAnswer::Attempted, FootholdAnswer::CannotTell)));
        assert_eq!(one, judged(Some(9), ExposureAnswer::Fixed, CompromiseAnswer::Compromised, FootholdAnswer::InPlace));
    }
}
