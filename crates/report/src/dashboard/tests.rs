#![allow(clippy::unwrap_used)]
use super::*;

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
