//! Which servers a page is about, and the links between pages.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use afterpatch_report::{DashboardSelect, Language};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::snapshot::{Line, Snapshot};
use crate::tables::slug;

/// What the address of a page says. An empty choice is none.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(default)]
pub(super) struct Filter {
    pub(super) q: String,
    pub(super) foothold: String,
    pub(super) compromise: String,
    pub(super) exposure: String,
    pub(super) country: String,
    pub(super) sector: String,
    pub(super) sort: String,
    pub(super) page: Option<usize>,
}

/// Answers, the worst first, as the tables spell them.
const FOOTHOLDS: [&str; 5] = ["used_after_fix", "in_place", "removed", "nothing_seen", "cannot_tell"];
const COMPROMISES: [&str; 5] = ["compromised", "passed", "attempted", "nothing_seen", "cannot_tell"];
const EXPOSURES: [&str; 7] = ["open", "possibly_open", "mitigated", "newer_than_table", "fixed_if", "fixed", "cannot_tell"];
const SORTS: [&str; 4] = ["worst", "name", "first", "last"];

impl Filter {
    /// Places of the servers that it chooses, in the order that it wants.
    pub(super) fn chosen(&self, snapshot: &Snapshot) -> Vec<usize> {
        let wanted = self.q.trim().to_lowercase();
        let lines = snapshot.lines.iter().enumerate();
        let mut chosen = lines.filter(|(_, line)| self.takes(line, &wanted)).map(|(at, _)| at).collect::<Vec<_>>();
        let line = |at: &usize| snapshot.lines.get(*at);
        let name = |at: &usize| line(at).map(|line| line.server.to_lowercase());
        match self.sort.as_str() {
            "name" => chosen.sort_by_cached_key(name),
            "first" => chosen.sort_by_cached_key(|at| {
                (line(at).and_then(|line| line.first).map_or((true, None), |first| (false, Some(first))), name(at))
            }),
            "last" => chosen.sort_by_cached_key(|at| (Reverse(line(at).and_then(|line| line.last)), name(at))),
            _ => chosen.sort_by_cached_key(|at| {
                (Reverse(line(at).map(|line| (line.judged.foothold, line.judged.compromise, line.judged.exposure))), name(at))
            }),
        }
        chosen
    }

    fn takes(&self, line: &Line, wanted: &str) -> bool {
        let is = |chosen: &str, value: &str| chosen.is_empty() || chosen == value;
        let said = |value: &Option<String>| value.clone().unwrap_or_default();
        is(&self.foothold, &slug(line.judged.foothold))
            && is(&self.compromise, &slug(line.judged.compromise))
            && is(&self.exposure, &slug(line.judged.exposure))
            && is(&self.country, &said(&line.said.country))
            && is(&self.sector, &said(&line.said.sector))
            && (wanted.is_empty()
                || line.parts.iter().any(|part| part.server.to_lowercase().contains(wanted))
                || said(&line.said.organisation).to_lowercase().contains(wanted)
                || line.open_cves.iter().any(|cve| cve.to_lowercase() == wanted))
    }

    /// The choices of the page.
    pub(super) fn selects(&self, snapshot: &Snapshot) -> Vec<DashboardSelect> {
        let words = |name, chosen: &str, values: &[&str], words| DashboardSelect {
            name,
            values: std::iter::once("").chain(values.iter().copied()).map(|value| (value.to_owned(), value == chosen)).collect(),
            words: Some(words),
        };
        let said = |name, chosen: &str, said: fn(&Line) -> Option<&String>| {
            let values = snapshot.lines.iter().filter_map(said).collect::<BTreeSet<_>>();
            let all = std::iter::once(String::new()).chain(values.into_iter().cloned());
            DashboardSelect { name, values: all.map(|value| (value.clone(), value == chosen)).collect(), words: None }
        };
        let mut sort = words("sort", &self.sort, &SORTS, "dashboard-sort");
        sort.values.retain(|(value, _)| !value.is_empty());
        let mut selects = vec![
            words("foothold", &self.foothold, &FOOTHOLDS, "census-foothold"),
            words("compromise", &self.compromise, &COMPROMISES, "census-compromise"),
            words("exposure", &self.exposure, &EXPOSURES, "census-exposure"),
        ];
        // Without an inventory there is nothing to choose.
        let named = [
            said("country", &self.country, |line| line.said.country.as_ref()),
            said("sector", &self.sector, |line| line.said.sector.as_ref()),
        ];
        selects.extend(named.into_iter().filter(|select| select.values.len() > 1));
        selects.push(sort);
        selects
    }

    /// A page of these servers.
    pub(super) fn link(&self, path: &str, language: Language) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let fields = value.as_object().into_iter().flatten().filter_map(|(name, value)| match value {
            Value::String(text) if !text.is_empty() => Some((name.as_str(), text.clone())),
            Value::Number(number) => Some((name.as_str(), number.to_string())),
            _ => None,
        });
        let mut fields = fields.collect::<Vec<_>>();
        // One address for one page, whatever order the fields come in.
        fields.sort_unstable();
        let fields = fields.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>();
        link(path, &fields, language)
    }
}

/// An address on this server.
pub(super) fn link(path: &str, fields: &[(&str, &str)], language: Language) -> String {
    let query = Serializer::new(String::new()).extend_pairs(fields).append_pair("lang", language.tag()).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer};

    use super::*;

    #[test]
    fn every_answer_can_be_chosen() {
        // A word that is none of the model's would choose nobody.
        for word in FOOTHOLDS {
            assert_eq!(slug(serde_json::from_value::<FootholdAnswer>(word.into()).unwrap()), word);
        }
        for word in COMPROMISES {
            assert_eq!(slug(serde_json::from_value::<CompromiseAnswer>(word.into()).unwrap()), word);
        }
        for word in EXPOSURES {
            assert_eq!(slug(serde_json::from_value::<ExposureAnswer>(word.into()).unwrap()), word);
        }
    }

    #[test]
    fn links_carry_the_filter_and_nothing_breaks_out_of_them() {
        let filter = Filter { q: "a&b=\"<x>".to_owned(), country: "DE".to_owned(), page: Some(2), ..Filter::default() };
        let link = filter.link("/servers", Language::German);
        assert_eq!(link, "/servers?country=DE&page=2&q=a%26b%3D%22%3Cx%3E&lang=de");
    }
}
