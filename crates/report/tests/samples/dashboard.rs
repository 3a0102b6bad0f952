//! Pages of the dashboard with one text in every place that evidence or an inventory fills.

use afterpatch_model::{CompromiseAnswer, ExposureAnswer, FootholdAnswer};
use afterpatch_report::{
    DashboardCount, DashboardDay, DashboardFrame, DashboardGroup, DashboardIncident, DashboardLine, DashboardOverview,
    DashboardPackage, DashboardPage, DashboardRows, DashboardSelect, DashboardServer, DashboardServers, Language, NoticeStep,
    write_dashboard,
};

use super::at;

/// Every page, in one language, with its name.
pub fn pages(text: &str, language: Language) -> Vec<(&'static str, String)> {
    let count = |servers| ("/servers".to_owned(), servers);
    let group =
        DashboardGroup { name: text.to_owned(), link: "/servers".to_owned(), servers: 3, open: 2, compromised: 1, foothold: 1 };
    let day = |day: &str, hit, tried| DashboardDay { day: day.to_owned(), hit, tried };
    let overview = DashboardOverview {
        servers: 3,
        packages: 3,
        failed: 1,
        exposure: [ExposureAnswer::Open, ExposureAnswer::CannotTell]
            .map(|answer| DashboardCount { answer, servers: count(2).1, link: count(2).0 })
            .into(),
        compromise: vec![DashboardCount { answer: CompromiseAnswer::Compromised, servers: 1, link: count(1).0 }],
        foothold: vec![DashboardCount { answer: FootholdAnswer::InPlace, servers: 1, link: count(1).0 }],
        days: vec![day("2021-03-03", 3, 1), day("2021-03-04", 1, 0)],
        countries: vec![group.clone()],
        sectors: vec![group],
        worst: vec![line(text)],
        all: "/servers".to_owned(),
    };
    let servers = DashboardServers {
        selects: vec![DashboardSelect {
            name: "country",
            values: vec![(String::new(), false), (text.to_owned(), true)],
            words: None,
        }],
        search: text.to_owned(),
        total: 1,
        lines: vec![line(text)],
        page: 1,
        pages: 2,
        before: None,
        after: Some("/servers?page=2".to_owned()),
        exports: vec![("csv", "/servers.csv".to_owned())],
    };
    let rows = DashboardRows {
        name: "same_shell".to_owned(),
        about: "fleet-view-same_shell".to_owned(),
        columns: vec![text.to_owned()],
        rows: vec![vec![text.to_owned()]],
        total: 1,
        page: 1,
        pages: 1,
        ..DashboardRows::default()
    };
    let step = NoticeStep {
        first: None,
        last: None,
        kind: "of-a-user".to_owned(),
        title: text.to_owned(),
        addresses: vec![text.to_owned()],
        pages: vec![text.to_owned()],
    };
    let server = DashboardServer {
        line: line(text),
        packages: vec![
            DashboardPackage { uri: text.to_owned(), report: Some("/report?package=a".to_owned()) },
            DashboardPackage { uri: text.to_owned(), report: None },
        ],
        contact: Some(text.to_owned()),
        open_cves: vec![text.to_owned()],
        covered_first: None,
        covered_last: None,
        incidents: vec![DashboardIncident {
            package: Some(text.to_owned()),
            incident: "I1".to_owned(),
            campaign: text.to_owned(),
            steps: vec![step],
        }],
        tables: vec![rows.clone()],
    };
    [
        ("overview", DashboardPage::Overview(&overview)),
        ("servers", DashboardPage::Servers(&servers)),
        ("server", DashboardPage::Server(&server)),
        ("rows", DashboardPage::Rows(&rows)),
        ("not-found", DashboardPage::NotFound),
    ]
    .into_iter()
    .map(|(name, page)| (name, written(page, language)))
    .collect()
}

fn line(server: &str) -> DashboardLine {
    DashboardLine {
        server: server.to_owned(),
        link: "/server?package=a&server=b".to_owned(),
        organisation: Some("City <b>".to_owned()),
        country: Some("DE".to_owned()),
        sector: None,
        exposure: ExposureAnswer::Open,
        compromise: CompromiseAnswer::Compromised,
        foothold: FootholdAnswer::InPlace,
        build: Some("15.1.2106.2".to_owned()),
        first: Some(at("2021-03-03T06:40:00Z")),
        last: None,
    }
}

fn written(page: DashboardPage<'_>, language: Language) -> String {
    let frame = DashboardFrame {
        language,
        lake: "lake".to_owned(),
        made: at("2021-03-14T12:00:00Z"),
        other_language: "/?lang=de".to_owned(),
        pages: vec![("dashboard-overview", "/".to_owned())],
    };
    let mut out = Vec::new();
    write_dashboard(page, &frame, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
