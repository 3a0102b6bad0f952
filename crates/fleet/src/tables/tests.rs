#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

/// A package that was read.
pub fn package() -> PackageRow {
    let time = At("2026-11-28T12:00:00Z".parse().unwrap());
    PackageRow {
        package: "0a".to_owned(),
        uri: "file:///a.zip".to_owned(),
        name: "a.zip".to_owned(),
        identity: "bytes=1".to_owned(),
        bytes: 1,
        generation: 0,
        state: State::Done,
        failure: None,
        reason: None,
        started: time,
        finished: time,
        servers: 1,
        findings: u64::MAX,
        artifacts: 0,
        records: 0,
        gaps: 0,
        version: "0",
        rules: 0,
        facts_date: None,
        run: "r".to_owned(),
    }
}

#[test]
fn names_are_unique_and_every_table_knows_its_package() {
    let mut names: Vec<&str> = TABLES.iter().map(|table| table.name).collect();
    for table in TABLES {
        assert_eq!(table.columns.first().map(|column| column.name), Some("package"), "{}", table.name);
        let mut columns: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
        columns.push(DAY);
        let count = columns.len();
        columns.sort_unstable();
        columns.dedup();
        assert_eq!(columns.len(), count, "{}", table.name);
        assert!(Table::named(table.name).is_some());
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), TABLES.len());
}

#[test]
fn a_package_without_a_report_has_its_own_row_and_no_other() {
    let package = package();
    let scanned = Scanned { package: &package, report: None };
    for table in TABLES {
        let rows = (table.rows)(table, &scanned).unwrap();
        assert_eq!(rows.num_rows(), usize::from(table.name == "packages"), "{}", table.name);
        assert_eq!(rows.schema(), table.schema());
    }
}

#[test]
fn the_documentation_has_every_column() {
    let docs = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fleet.md")).unwrap();
    for table in TABLES {
        let section =
            docs.split(&format!("### `{}`", table.name)).nth(1).unwrap_or_else(|| panic!("no section of {}", table.name));
        let section = section.split("\n#").next().unwrap();
        for column in table.columns {
            let row = format!("| `{}` | {} | {} |", column.name, column.kind.slug(), column.about);
            assert!(section.contains(&row), "{}: {row}", table.name);
        }
    }
}
