#![allow(clippy::unwrap_used)]
use super::*;

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
        first: Some("2021-03-03T06:40:00Z".parse().unwrap()),
        last: None,
    }
}

fn page(page: DashboardPage<'_>, language: Language) -> String {
    let frame = DashboardFrame {
        language,
        lake: "lake".to_owned(),
        made: "2021-03-14T12:00:00Z".parse().unwrap(),
        other_language: "/?lang=de".to_owned(),
        pages: vec![("dashboard-overview", "/".to_owned())],
    };
    let mut out = Vec::new();
    write(page, &frame, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn hostile_names_are_inert_on_every_page() {
    let hostile = "x\u{202e}<script>alert(1)</script>\u{1b}";
    let overview = DashboardOverview { worst: vec![line(hostile)], ..DashboardOverview::default() };
    let servers = DashboardServers {
        selects: vec![DashboardSelect {
            name: "country",
            values: vec![(String::new(), false), (hostile.to_owned(), true)],
            words: None,
        }],
        search: hostile.to_owned(),
        total: 1,
        lines: vec![line(hostile)],
        page: 1,
        pages: 2,
        before: None,
        after: Some("/servers?page=2".to_owned()),
        exports: vec![("csv", "/servers.csv".to_owned())],
    };
    let rows = DashboardRows {
        name: "same_shell".to_owned(),
        about: "fleet-view-same_shell".to_owned(),
        columns: vec![hostile.to_owned()],
        rows: vec![vec![hostile.to_owned()]],
        total: 1,
        page: 1,
        pages: 1,
        ..DashboardRows::default()
    };
    let server = DashboardServer {
        line: line(hostile),
        package: hostile.to_owned(),
        contact: Some(hostile.to_owned()),
        open_cves: vec![hostile.to_owned()],
        covered_first: None,
        covered_last: None,
        incidents: vec![DashboardIncident {
            incident: "I1".to_owned(),
            campaign: hostile.to_owned(),
            steps: vec![NoticeStep {
                first: None,
                last: None,
                kind: "of-a-user".to_owned(),
                title: hostile.to_owned(),
                addresses: vec![hostile.to_owned()],
                pages: vec![hostile.to_owned()],
            }],
        }],
        tables: vec![rows.clone()],
    };
    for shown in [
        DashboardPage::Overview(&overview),
        DashboardPage::Servers(&servers),
        DashboardPage::Server(&server),
        DashboardPage::Rows(&rows),
    ] {
        for language in Language::ALL {
            let page = page(shown, language);
            assert!(!page.contains("<script") && !page.contains('\u{202e}') && !page.contains('\u{1b}'), "{page}");
            assert!(page.contains("&lt;script&gt;") && page.contains("⟨U+202E⟩"), "{page}");
            assert!(page.contains(&format!("<html lang=\"{}\">", language.tag())));
            // Every key found its text.
            assert!(!page.contains(">dashboard-") && !page.contains(">census-"), "{page}");
        }
    }
    assert!(page(DashboardPage::NotFound, Language::German).contains("Diese Seite gibt es nicht"));
}

#[test]
fn the_policy_allows_the_style_of_every_page_and_nothing_else() {
    let policy = policy();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    let page = page(DashboardPage::NotFound, Language::English);
    let style = page.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    assert_eq!(csp::policy_with(style, "form-action 'self'; frame-ancestors 'none'"), policy);
    assert!(!page.contains(" style=") && !page.contains("<script"));
}

#[test]
fn bars_are_as_high_as_their_numbers() {
    let texts = Texts::new(Language::English).unwrap();
    let day = |day: &str, hit, tried| DashboardDay { day: day.to_owned(), hit, tried };
    let chart = Chart::of(&texts, &[day("2021-03-03", 3, 1), day("2021-03-04", 1, 0)]);
    assert_eq!(chart.most, "4");
    let [one, other] = chart.bars.as_slice() else { unreachable!("two bars") };
    assert_eq!((one.tried_y, one.hit_height, other.hit_height), (0.0, 105.0, 35.0));
    assert!(Chart::of(&texts, &[]).bars.is_empty());
}
