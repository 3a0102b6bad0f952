//! The lists beside each other, and what the methods say of those who are on none.

use std::collections::{BTreeMap, BTreeSet};

use afterpatch_census::{Lists, chao2, chapman, log_linear, sample_coverage};
use afterpatch_report::{CensusEstimate, CensusList, CensusMerging, CensusMethod, CensusUniverse, CensusUnseen};

use super::list::List;
use super::numbers;
use super::server::Row;
use super::units::Units;
use super::ways::{Seen, Way};

/// Two looks: the two ways of seeing inside of the lake, and the lake beside the lists of others.
pub(super) fn told(rows: &[Row], lists: &[List], seen: &Seen, units: &Units, merging: CensusMerging) -> Vec<CensusUnseen> {
    let numbers = numbers(rows);
    let units_of = |way: Option<Way>, of: &std::collections::HashSet<(super::Key, Way)>| {
        let of_way = of.iter().filter(|(_, at)| way.is_none_or(|way| way == *at));
        let rows = of_way.filter_map(|((package, server), _)| numbers.get(&(package.as_str(), server.as_str())));
        rows.filter_map(|row| units.of_rows.get(*row).copied()).collect::<BTreeSet<_>>()
    };
    let both = &units_of(Some(Way::Logs), &seen.examined) & &units_of(Some(Way::Files), &seen.examined);
    let ways = [("logs", Way::Logs), ("files", Way::Files)]
        .map(|(name, way)| (name.to_owned(), 0, &units_of(Some(way), &seen.hit) & &both));
    let mut told = vec![estimated(CensusUniverse::Examined { servers: both.len() as u64 }, merging, &ways)];
    if !lists.is_empty() {
        let lake = ("lake".to_owned(), 0, units_of(None, &seen.hit));
        let others = lists
            .iter()
            .zip(&units.of_lists)
            .map(|(list, units)| (list.name.clone(), list.nameless, units.iter().copied().collect()));
        let all = std::iter::once(lake).chain(others).collect::<Vec<_>>();
        told.push(estimated(CensusUniverse::All, merging, &all));
    }
    told
}

type Listed = (String, u64, BTreeSet<usize>);

fn estimated(universe: CensusUniverse, merging: CensusMerging, listed: &[Listed]) -> CensusUnseen {
    let mut on = BTreeMap::<usize, Vec<usize>>::new();
    for (list, (_, _, units)) in listed.iter().enumerate() {
        for unit in units {
            on.entry(*unit).or_default().push(list);
        }
    }
    let lists = Lists::new(listed.len()).map(|mut lists| {
        for of_unit in on.values() {
            lists.add(of_unit.iter().copied(), 1);
        }
        lists
    });
    let mut estimates = Vec::new();
    let mut tell = |method, pairs: Vec<(usize, usize)>, told| {
        let name = |list: usize| listed.get(list).map(|(name, ..)| name.clone()).unwrap_or_default();
        let pairs = pairs.into_iter().map(|(one, other)| [name(one), name(other)]).collect();
        estimates.push(CensusEstimate { method, pairs, told });
    };
    match &lists {
        Err(refusal) => tell(CensusMethod::Chao2, Vec::new(), Err(*refusal)),
        Ok(lists) if lists.lists() == 2 => tell(CensusMethod::Chapman, vec![(0, 1)], chapman(lists, 0, 1)),
        Ok(lists) => {
            tell(CensusMethod::Chao2, Vec::new(), chao2(lists));
            match log_linear(lists) {
                Ok(told) => tell(CensusMethod::LogLinear, told.pairs, Ok(told.estimate)),
                Err(refusal) => tell(CensusMethod::LogLinear, Vec::new(), Err(refusal)),
            }
            if lists.lists() == 3 {
                tell(CensusMethod::SampleCoverage, Vec::new(), sample_coverage(lists).map(|told| told.estimate));
            }
        }
    }
    CensusUnseen {
        universe,
        merging,
        lists: listed
            .iter()
            .map(|(name, nameless, units)| CensusList { name: name.clone(), servers: units.len() as u64, nameless: *nameless })
            .collect(),
        seen: on.len() as u64,
        overlap: on.values().filter(|of_unit| of_unit.len() > 1).count() as u64,
        estimates,
    }
}
