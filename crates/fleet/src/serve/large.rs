//! A lake of 30,000 servers to measure with, made of a handful of reports of the lab under other names:
//! `AFTERPATCH_LARGE_LAKE=lake cargo test --release -p afterpatch-fleet --bin afterpatch-fleet large -- --ignored`, then
//! `afterpatch-fleet serve --lake lake --inventory lake.csv`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use afterpatch_engine::{Engine, Options, Progress};
use afterpatch_lab::{Layout, Scenario, Variant, make, write_zip};
use afterpatch_model::{Report, Timestamp};
use datafusion::arrow::array::RecordBatch;
use jiff::SignedDuration;

use crate::answers::Answers;
use crate::lake::{Brief, Checkpoint, Commit, DataFile, Key, LAKE_SCHEMA, Lake, Told};
use crate::tables::tests::package;
use crate::tables::{At, PackageRow, Scanned, State, TABLES};

const SERVERS: u32 = 30_000;
/// Servers of one organisation.
const OF_ONE: u32 = 3;
/// Packages whose rows go into one file.
const A_FILE: u32 = 5_000;
const STORIES: [(Variant, u64); 8] = [
    (Variant::Benign, 60),
    (Variant::Benign, 61),
    (Variant::Benign, 62),
    (Variant::ScannedOnly, 63),
    (Variant::AttemptedRefused, 64),
    (Variant::ProxyLogonOab, 21),
    (Variant::ProxyLogonOabRemoved, 22),
    (Variant::ProxyLogonPostPatch, 23),
];

fn reports() -> Vec<Report> {
    let engine = Engine::load().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let read = |(variant, seed): (Variant, u64)| {
        let zip = folder.path().join(format!("{seed}.zip"));
        write_zip(&make(&Scenario::small(seed, variant)), &zip, Layout::Kape).unwrap();
        let options = Options { inputs: vec![zip], since: None, until: None, now: Timestamp::now(), threads: 1 };
        engine.run(&options, &Progress::default())
    };
    STORIES.map(read).into()
}

/// The report of a story as that of server `number`, some days later.
fn of_server(report: &Report, number: u32) -> Report {
    let mut report = report.clone();
    let later = SignedDuration::from_hours(24 * i64::from(number % 40));
    for server in &mut report.servers {
        server.name = format!("mail{}.org{}.example", number % OF_ONE, number / OF_ONE);
        for incident in &mut server.incidents {
            incident.first = incident.first.map(|first| first + later);
            incident.last = incident.last.map(|last| last + later);
        }
    }
    report
}

fn row(number: u32, report: &Report) -> PackageRow {
    PackageRow {
        package: format!("{number:032x}"),
        uri: format!("file:///triage/{number}.zip"),
        name: format!("{number}.zip"),
        servers: report.servers.len() as u64,
        finished: At(Timestamp::now()),
        ..package()
    }
}

#[test]
#[ignore = "makes a lake of 30,000 servers to measure with"]
fn a_large_lake() {
    let Ok(place) = std::env::var("AFTERPATCH_LARGE_LAKE") else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let reports = reports();
    runtime.block_on(async {
        let lake = Lake::open_or_make(&place).await.unwrap();
        let day = Timestamp::now().strftime("%Y-%m-%d").to_string();
        let (mut files, mut told) = (Vec::new(), Told::default());
        let mut inventory = "domain,organisation,country,sector,contact,language\n".to_owned();
        let mut held = BTreeMap::<&str, Vec<RecordBatch>>::new();
        for number in 0..SERVERS {
            // Nine in ten are not broken into.
            let story = if number % 10 == 0 { 5 + number / 10 % 3 } else { number % 5 };
            let report = of_server(reports.get(story as usize).unwrap(), number);
            let row = row(number, &report);
            for table in TABLES {
                let rows = (table.rows)(table, &Scanned { package: &row, report: Some(&report) }).unwrap();
                if rows.num_rows() > 0 {
                    held.entry(table.name).or_default().push(rows);
                }
            }
            let key = Key { package: row.package.clone(), generation: 0 };
            let commit = Commit {
                schema: LAKE_SCHEMA.to_owned(),
                key: key.clone(),
                uri: row.uri,
                identity: row.identity.clone(),
                state: State::Done,
                failure: None,
                reason: None,
                finished: row.finished.0,
                run: row.run,
                answers: Answers::default(),
                files: Vec::new(),
            };
            lake.create(&key.path(), &commit).await.unwrap();
            told.last.insert(row.package, Brief { key, identity: row.identity, state: State::Done, failure: None });
            if number % OF_ONE == 0 {
                let organisation = number / OF_ONE;
                let country = ["DE", "AT", "CH", "FR", "NL"][organisation as usize % 5];
                let sector = ["Health", "Administration", "Finance", "Energy"][organisation as usize % 4];
                writeln!(
                    inventory,
                    "org{organisation}.example,Organisation {organisation},{country},{sector},abuse@org{organisation}.example,"
                )
                .unwrap();
            }
            if (number + 1) % A_FILE == 0 || number + 1 == SERVERS {
                for (table, batches) in std::mem::take(&mut held) {
                    files.push(DataFile::write(&lake, table, &day, &format!("large-{number}"), &batches).await.unwrap());
                }
            }
        }
        assert!(lake.check_point(&Checkpoint::after(&told, files)).await.unwrap());
        std::fs::write(format!("{place}.csv"), inventory).unwrap();
    });
}
