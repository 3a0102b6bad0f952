//! What findings are put together, and what is answered from them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

use afterpatch_incidents::{Material, Names, Told, judge_coverage, tell};
use afterpatch_model::{
    ArtifactId, ArtifactKind, CompromiseAnswer, Confidence, Coverage, Evidence, ExposureAnswer, Finding, FootholdAnswer, Grade,
    Join, Origin, Place, Severity, Standing, Step, Thing, ThingKind, Timestamp,
};
use proptest::prelude::*;

use ThingKind::{Account, Address, Canary, Command, Mailbox, Object, Page, RequestId};

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A finding at a time of 2021-03-14 (`06:40:11.940`), told by a line whose number is made from the time.
fn finding(kind: &str, step: Step, grade: Grade, standing: Standing, clock: &str, things: &[(ThingKind, &str)]) -> Finding {
    let first = time(&format!("2021-03-14T{clock}Z"));
    let mut things: Vec<Thing> = things.iter().map(|(kind, value)| Thing::new(*kind, *value)).collect();
    things.sort();
    let line = Place::Line(u64::try_from(first.as_millisecond() % 86_400_000).unwrap());
    Finding {
        id: String::new(),
        kind: kind.to_owned(),
        title: kind.to_owned(),
        campaign: Some("proxylogon".to_owned()),
        step,
        grade,
        severity: Severity::High,
        confidence: Confidence::High,
        standing,
        server: "ex".to_owned(),
        first: Some(first),
        last: Some(first),
        count: 1,
        attack: vec!["T1190".to_owned()],
        cves: vec!["CVE-2021-26855".to_owned()],
        things,
        evidence: vec![Evidence::new(ArtifactId(0), line, Some(first), kind)],
        author: None,
        why: Vec::new(),
        origin: Origin::BuiltIn,
        acknowledged: None,
        bytes_out: None,
    }
}

fn alone(kind: &str, step: Step, grade: Grade, clock: &str, things: &[(ThingKind, &str)]) -> Finding {
    finding(kind, step, grade, Standing::Alone, clock, things)
}

fn beside(kind: &str, step: Step, clock: &str, things: &[(ThingKind, &str)]) -> Finding {
    finding(kind, step, Grade::Compromise, Standing::Beside, clock, things)
}

fn told_with(findings: Vec<Finding>, coverage: &Coverage, fixed_from: Option<Timestamp>) -> Told {
    let material =
        Material { findings, coverage, exposure: &[], closed: &|_, _| fixed_from, kind_of: &|_| Some(ArtifactKind::IisW3c) };
    tell(material, &mut Names::default())
}

fn told(findings: Vec<Finding>) -> Told {
    told_with(findings, &judge_coverage(Vec::new(), Vec::new()), None)
}

fn kinds(told: &Told, incident: usize) -> Vec<&str> {
    told.incidents[incident].timeline.iter().map(|step| step.kind.as_str()).collect()
}

/// The steps of a real run, each from the source that tells it; only the page's name and the time tie them.
fn chain() -> Vec<Finding> {
    vec![
        alone("forged", Step::ForgedRequest, Grade::Attempt, "06:40:11.940", &[]),
        alone("script", Step::ConfigurationChanged, Grade::Compromise, "06:40:12.987", &[(Object, "OabVirtualDirectory")]),
        alone("written", Step::FileWritten, Grade::Compromise, "06:40:13.659", &[(Page, "x.aspx")]),
        alone("share", Step::FileWritten, Grade::Compromise, "06:40:13.660", &[(Page, "x.aspx"), (Address, "127.0.0.1")]),
        beside("removed", Step::DirectoryReset, "06:40:14.768", &[(Object, "OabVirtualDirectory")]),
        beside("compiled", Step::PageCompiled, "06:40:15.315", &[(Page, "x.aspx")]),
        alone("command", Step::CommandRun, Grade::Compromise, "06:40:15.338", &[(Command, "cmd /c whoami")]),
        beside("created", Step::DirectoryReset, "06:40:17.518", &[(Object, "OabVirtualDirectory")]),
        beside("answered", Step::PageRequested, "09:00:00", &[(Page, "x.aspx"), (Address, "203.0.113.9")]),
    ]
}

#[test]
fn a_whole_run_is_one_incident_in_order() {
    let told = told(chain());
    assert_eq!(told.incidents.len(), 1);
    assert_eq!(kinds(&told, 0), ["forged", "script", "written", "removed", "compiled", "command", "created", "answered"]);
    let incident = &told.incidents[0];
    assert_eq!(incident.timeline[2].findings.len(), 2, "event log and share tell the same act");
    assert_eq!(incident.episodes.len(), 2, "the later visitor is an episode of his own");
    assert_eq!(incident.episodes[1].addresses, ["203.0.113.9"]);
    assert_eq!(told.verdict.compromise, CompromiseAnswer::Compromised);
    assert_eq!(told.verdict.foothold, FootholdAnswer::InPlace);
    assert_eq!(told.dropped, 0);
    let ids: Vec<_> = told.findings.iter().map(|finding| finding.id.clone()).collect();
    assert_eq!(ids.first().map(String::as_str), Some("F1"));
}

#[test]
fn an_administrators_reset_is_no_incident() {
    let told = told(vec![
        beside("removed", Step::DirectoryReset, "06:40:14", &[(Object, "OabVirtualDirectory")]),
        beside("created", Step::DirectoryReset, "06:40:17", &[(Object, "OabVirtualDirectory")]),
        beside("answered", Step::PageRequested, "06:41:00", &[(Page, "own.aspx")]),
    ]);
    assert!(told.incidents.is_empty() && told.findings.is_empty());
    assert_eq!(told.dropped, 3);
    assert_eq!(told.verdict.compromise, CompromiseAnswer::CannotTell);
}

#[test]
fn two_actors_are_two_incidents_and_a_nameless_source_goes_to_the_nearest() {
    let told = told(vec![
        alone("forged", Step::ForgedRequest, Grade::Success, "06:40:00", &[(Address, "192.0.2.1"), (RequestId, "a")]),
        alone("forged", Step::ForgedRequest, Grade::Success, "06:40:50", &[(Address, "198.51.100.2"), (RequestId, "b")]),
        alone("script", Step::ConfigurationChanged, Grade::Compromise, "06:40:52", &[(Object, "OabVirtualDirectory")]),
    ]);
    assert_eq!(told.incidents.len(), 2);
    assert_eq!(told.incidents[0].episodes[0].addresses, ["198.51.100.2"]);
    assert_eq!(kinds(&told, 0), ["forged", "script"]);
    assert_eq!(kinds(&told, 1), ["forged"]);
}

#[test]
fn a_canary_ties_request_and_command_of_one_session_whenever() {
    let told = told(vec![
        alone("forged", Step::ForgedRequest, Grade::Success, "06:40:00", &[(Address, "192.0.2.1"), (Canary, "Zq.")]),
        alone("script", Step::ConfigurationChanged, Grade::Compromise, "08:00:00", &[(Canary, "Zq.")]),
    ]);
    assert_eq!(told.incidents.len(), 1);
    assert_eq!(told.incidents[0].joined_by, [Join::SameThing(Thing::new(Canary, "Zq."))]);
}

#[test]
fn knockers_without_success_are_one_incident() {
    let knock = |clock, address| alone("forged", Step::ForgedRequest, Grade::Attempt, clock, &[(Address, address)]);
    let told = told(vec![knock("01:00:00", "192.0.2.1"), knock("05:00:00", "192.0.2.2"), knock("09:00:00", "192.0.2.3")]);
    assert_eq!(told.incidents.len(), 1);
    assert_eq!(told.verdict.compromise, CompromiseAnswer::Attempted);
    assert_eq!(told.verdict.foothold, FootholdAnswer::CannotTell);
}

#[test]
fn the_life_of_a_page_ends_with_the_first_refusal_after_the_last_answer() {
    let visit = |clock| beside("answered", Step::PageRequested, clock, &[(Page, "x.aspx"), (Address, "203.0.113.9")]);
    let refused = |clock| beside("refused", Step::PageGone, clock, &[(Page, "x.aspx"), (Address, "203.0.113.9")]);
    let mut findings = chain();
    findings.extend([refused("06:30:00"), visit("10:00:00"), refused("11:00:00"), refused("12:00:00")]);
    let told = told(findings);
    let page = &told.incidents[0].pages[0];
    assert_eq!(page.gone, Some(time("2021-03-14T11:00:00Z")));
    assert_eq!(page.last_answered, Some(time("2021-03-14T10:00:00Z")));
    assert_eq!((page.requests, page.after_fix), (2, 0));
    assert_eq!(told.verdict.foothold, FootholdAnswer::Removed);
}

#[test]
fn a_page_whose_entry_is_deleted_is_gone_unless_it_is_there_again() {
    let entry_deleted =
        Finding { first: None, last: None, ..beside("entry-deleted", Step::Removed, "00:00:00", &[(Page, "x.aspx")]) };
    let with = |more: Vec<Finding>| told([chain(), vec![entry_deleted.clone()], more].concat());
    let gone = with(Vec::new());
    assert_eq!(gone.incidents[0].pages[0].gone, None);
    assert!(gone.incidents[0].pages[0].deleted);
    assert_eq!(gone.verdict.foothold, FootholdAnswer::Removed);
    let again = with(vec![alone("present", Step::FilePresent, Grade::Compromise, "12:00:00", &[(Page, "x.aspx")])]);
    // The log in this test's material only saw it then.
    assert_eq!(again.verdict.foothold, FootholdAnswer::Removed);
    let material = Material {
        findings: again.findings,
        coverage: &judge_coverage(Vec::new(), Vec::new()),
        exposure: &[],
        closed: &|_, _| None,
        kind_of: &|_| Some(ArtifactKind::NtfsMft),
    };
    assert_eq!(tell(material, &mut Names::default()).verdict.foothold, FootholdAnswer::InPlace);
}

#[test]
fn what_starts_by_itself_is_in_place_until_we_switched_all_of_it_off() {
    let (service, task) = ((ThingKind::Autostart, "WinSync"), (ThingKind::Autostart, r"\Updater"));
    let added = |clock: &str, thing| beside("service-added", Step::PersistenceAdded, clock, &[thing, (Page, "x.aspx")]);
    let off = |clock: &str, thing| beside("autostart-switched-off", Step::Removed, clock, &[thing]);
    let gone = Finding { first: None, last: None, ..beside("deleted", Step::Removed, "00:00:00", &[(Page, "x.aspx")]) };
    let foothold = |more: Vec<Finding>| told([chain(), vec![gone.clone()], more].concat()).verdict.foothold;
    let in_another_case = (ThingKind::Autostart, "winsync");
    for (more, expected) in [
        (vec![], FootholdAnswer::Removed),
        (vec![added("07:10:00", service)], FootholdAnswer::InPlace),
        (vec![added("07:10:00", service), off("20:00:00", in_another_case)], FootholdAnswer::Removed),
        (vec![added("07:10:00", service), added("07:11:00", task), off("20:00:00", service)], FootholdAnswer::InPlace),
        (
            vec![added("07:10:00", service), added("07:11:00", task), off("20:00:00", service), off("20:00:00", task)],
            FootholdAnswer::Removed,
        ),
        // It was added again.
        (vec![off("07:05:00", service), added("07:10:00", service)], FootholdAnswer::InPlace),
    ] {
        let shown = format!("{more:?}");
        assert_eq!(foothold(more), expected, "{shown}");
    }
    // A command line has the name among its words.
    for (line, expected) in [
        (r"sc create WinSync binPath= C:\x.exe", FootholdAnswer::Removed),
        ("sc create \"winsync\" binPath= x", FootholdAnswer::Removed),
        ("sc create WinSync2 binPath= x", FootholdAnswer::InPlace),
        ("", FootholdAnswer::InPlace),
    ] {
        let by_command = |line| beside("by-command", Step::PersistenceAdded, "07:09:00", &[(Command, line), (Page, "x.aspx")]);
        let told = foothold(vec![by_command(line), added("07:10:00", service), off("20:00:00", service)]);
        assert_eq!(told, expected, "{line}");
    }
    // Our own act is no sign of the attack: it does not make it last longer.
    let told = told([chain(), vec![added("07:10:00", service), off("20:00:00", service)]].concat());
    assert_eq!(told.incidents[0].last, Some(time("2021-03-14T09:00:00Z")));
}

#[test]
fn visits_are_as_grave_as_what_found_the_page() {
    let visit = || beside("answered", Step::PageRequested, "10:00:00", &[(Page, "x.aspx"), (Address, "203.0.113.9")]);
    let behaves = |confidence| Finding {
        confidence,
        ..alone("behaves", Step::PageRequested, Grade::Success, "10:00:00", &[(Page, "x.aspx"), (Address, "203.0.113.9")])
    };
    let unsure = told(vec![visit(), behaves(Confidence::Medium)]);
    assert_eq!(unsure.verdict.compromise, CompromiseAnswer::Passed);
    assert_eq!(unsure.incidents[0].pages[0].requests, 1, "two detectors tell of the same request");
    let sure = told(vec![visit(), behaves(Confidence::High)]);
    assert_eq!(sure.verdict.compromise, CompromiseAnswer::Compromised);
    let written = beside("written", Step::FileWritten, "09:00:00", &[(Page, "x.aspx")]);
    let backed = told(vec![visit(), behaves(Confidence::Medium), written]);
    assert_eq!(backed.verdict.compromise, CompromiseAnswer::Compromised);
}

#[test]
fn use_after_the_fix_is_told_and_a_knock_after_it_is_not_use() {
    let fixed = Some(time("2021-03-14T08:00:00Z"));
    let with_use = told_with(chain(), &judge_coverage(Vec::new(), Vec::new()), fixed);
    assert_eq!(with_use.verdict.foothold, FootholdAnswer::UsedAfterFix);
    assert_eq!(with_use.incidents[0].grade, Grade::PostPatchUse);
    assert_eq!(with_use.incidents[0].pages[0].after_fix, 1);

    let knock = vec![alone("forged", Step::ForgedRequest, Grade::Attempt, "09:00:00", &[(Address, "192.0.2.1")])];
    let knocked = told_with(knock, &judge_coverage(Vec::new(), Vec::new()), fixed);
    assert_eq!(knocked.verdict.compromise, CompromiseAnswer::Attempted);
    assert!(!knocked.incidents[0].timeline[0].after_fix);
}

#[test]
fn without_findings_the_answer_depends_on_what_was_seen() {
    let unseen = told(Vec::new());
    assert_eq!(unseen.verdict.compromise, CompromiseAnswer::CannotTell);
    assert_eq!(unseen.verdict.exposure, ExposureAnswer::CannotTell);

    let source = |kind, last: &str| afterpatch_model::SourceCoverage {
        kind,
        part: String::new(),
        files: 1,
        records: 10,
        first: Some(time("2021-03-01T00:00:00Z")),
        last: Some(time(last)),
        missing_hours: None,
        unreadable: 0,
    };
    let judged =
        |last| judge_coverage(vec![source(ArtifactKind::IisW3c, last), source(ArtifactKind::ExchangeEcp, last)], Vec::new());
    assert!(!judged("2021-03-01T23:00:00Z").sufficient);
    let enough = judged("2021-03-03T00:00:00Z");
    assert!(enough.sufficient);
    assert_eq!(told_with(Vec::new(), &enough, None).verdict.compromise, CompromiseAnswer::NothingSeen);
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let steps =
        [Step::Scan, Step::ForgedRequest, Step::ConfigurationChanged, Step::FileWritten, Step::PageRequested, Step::CommandRun];
    let grades = [Grade::Scan, Grade::Attempt, Grade::Success, Grade::Compromise];
    (0..6usize, 0..4usize, any::<bool>(), 0..3600u32, 0..3u8, 0..3u8).prop_map(
        move |(step, grade, strong, second, page, address)| {
            let clock = format!("06:{:02}:{:02}", second / 60, second % 60);
            let (page, address) = (format!("p{page}.aspx"), format!("192.0.2.{address}"));
            let standing = if strong { Standing::Alone } else { Standing::Beside };
            finding("any", steps[step], grades[grade], standing, &clock, &[(Page, &page), (Address, &address)])
        },
    )
}

proptest! {
    /// Threads hand findings over in any order; the story must not depend on it, and nothing strong may be lost.
    #[test]
    fn order_does_not_matter_and_nothing_strong_is_lost(findings in proptest::collection::vec(any_finding(), 0..30), seed in any::<u64>()) {
        let strong = findings.iter().filter(|finding| finding.standing == Standing::Alone).count();
        let mut shuffled = findings.clone();
        let mut state = seed;
        for index in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            shuffled.swap(index, usize::try_from(state >> 33).unwrap() % (index + 1));
        }
        let (a, b) = (told(findings.clone()), told(shuffled));
        prop_assert_eq!(&a.incidents, &b.incidents);
        prop_assert_eq!(&a.findings, &b.findings);
        prop_assert!(a.findings.len() >= strong);
        prop_assert_eq!(a.findings.len() as u64 + a.dropped, findings.len() as u64);
        for incident in &a.incidents {
            let times: Vec<_> = incident.timeline.iter().filter_map(|step| step.first).collect();
            prop_assert!(times.is_sorted());
        }
    }
}

#[test]
fn what_decides_is_one_record_of_each_telling_act_and_the_first_use_after_the_fix() {
    let fixed = Some(time("2021-03-14T08:00:00Z"));
    let visits = ["10:00:00", "11:00:00", "12:00:00", "13:00:00", "14:00:00"];
    let mut findings = chain();
    findings.extend(visits.map(|clock| beside("answered", Step::PageRequested, clock, &[(Page, "x.aspx")])));
    let told = told_with(findings, &judge_coverage(Vec::new(), Vec::new()), fixed);
    let because: Vec<&str> = told.verdict.because.iter().map(|evidence| evidence.text.as_str()).collect();
    assert_eq!(because, ["script", "written", "compiled", "command", "answered"]);
}

#[test]
fn a_command_run_during_a_visit_to_the_planted_page_belongs_to_it() {
    let mut findings = chain();
    findings.push(alone("later", Step::CommandRun, Grade::Compromise, "08:59:59.700", &[(Command, "cmd /c hostname")]));
    let told = told(findings);
    assert_eq!(told.incidents.len(), 1);
    assert!(kinds(&told, 0).contains(&"later"));
}

#[test]
fn commands_without_a_tie_go_to_the_only_foothold_or_stand_together() {
    let command = |clock, text| alone("command", Step::CommandRun, Grade::Compromise, clock, &[(Command, text)]);
    let late = [command("15:00:00", "cmd /c a"), command("18:00:00", "cmd /c b")];

    let one_foothold = told([chain(), late.to_vec()].concat());
    assert_eq!(one_foothold.incidents.len(), 1);
    assert!(one_foothold.incidents[0].joined_by.contains(&Join::OnlyFoothold));

    let before_it = told([chain(), vec![command("01:00:00", "cmd /c c")]].concat());
    assert_eq!(before_it.incidents.len(), 2, "what ran before anything was planted came another way");

    let no_foothold = told(late.to_vec());
    assert_eq!(no_foothold.incidents.len(), 1);
    assert_eq!(no_foothold.incidents[0].joined_by, [Join::UntiedCommands]);
}

#[test]
fn what_follows_a_command_in_the_same_minute_belongs_to_it_and_another_day_it_is_an_administrators_work() {
    let with = |clock: &str| {
        let mut findings = chain();
        findings.push(beside("account-created", Step::AccountChanged, clock, &[(Account, r"CORP\helper")]));
        findings.sort_by_key(|finding| finding.first);
        told(findings)
    };
    let soon = with("06:40:40");
    assert!(kinds(&soon, 0).contains(&"account-created"));
    assert_eq!(soon.verdict.foothold, FootholdAnswer::InPlace);
    let later = with("11:00:00");
    assert!(!kinds(&later, 0).contains(&"account-created"));
    assert_eq!(later.dropped, 1);
}

#[test]
fn acts_of_one_account_close_in_time_are_one_story_but_not_those_of_the_system() {
    let acts = |account: &str| {
        told(vec![
            alone("export", Step::FileWritten, Grade::Compromise, "06:40:00", &[(Account, account), (Page, "x.aspx")]),
            beside("role-given", Step::AccountChanged, "06:38:00", &[(Account, account)]),
        ])
    };
    assert_eq!(acts("corp.example/Users/Eve").incidents[0].timeline.len(), 2);
    for system in [r"NT AUTHORITY\SYSTEM", r"CORP\EX01$", "S-1-5-18", r"corp.example/Monitoring Mailboxes/HealthMailbox0a1b"] {
        assert_eq!(acts(system).incidents[0].timeline.len(), 1, "{system}");
    }
}

#[test]
fn what_was_taken_is_told_in_numbers_and_not_twice() {
    let mut answered = beside("answered", Step::PageRequested, "09:00:00", &[(Page, "x.aspx"), (Address, "203.0.113.9")]);
    answered.bytes_out = Some(1_000);
    let mut again = beside("answered", Step::PageRequested, "10:00:00", &[(Page, "x.aspx"), (Address, "203.0.113.10")]);
    again.bytes_out = Some(500);
    // The same request, as another log counts it.
    let mut proxy = beside("answered", Step::PageRequested, "09:00:01", &[(Page, "x.aspx"), (Address, "203.0.113.9")]);
    proxy.bytes_out = Some(900);
    proxy.evidence[0].artifact = ArtifactId(7);
    let export =
        alone("mailbox-exported", Step::MailTaken, Grade::Compromise, "06:50:00", &[(Mailbox, "boss"), (Page, "x.aspx")]);
    let findings: Vec<Finding> = chain().into_iter().take(8).chain([answered, again, proxy, export]).collect();
    let material = Material {
        findings,
        coverage: &judge_coverage(Vec::new(), Vec::new()),
        exposure: &[],
        closed: &|_, _| None,
        kind_of: &|id| Some(if id.0 == 7 { ArtifactKind::ExchangeHttpproxy } else { ArtifactKind::IisW3c }),
    };
    let told = tell(material, &mut Names::default());
    let taken: Vec<_> =
        told.incidents[0].taken.iter().map(|it| (it.kind.as_str(), it.from.join(" "), it.bytes, it.count)).collect();
    assert_eq!(
        taken,
        [("answered", "x.aspx".to_owned(), Some(1_500), 2), ("mailbox-exported", "boss".to_owned(), None, 1)],
        "the log that saw more counts"
    );
    assert_eq!(told.incidents[0].taken[0].who, ["203.0.113.10", "203.0.113.9"]);
}

/// A hit of a rule that the user brought along.
fn hit(rule: &str, step: Step, clock: &str, things: &[(ThingKind, &str)]) -> Finding {
    let ours = alone(rule, step, Grade::Attempt, clock, things);
    Finding { origin: Origin::User, campaign: None, cves: Vec::new(), ..ours }
}

#[test]
fn a_users_rule_goes_to_what_speaks_of_the_same_thing_and_changes_no_answer() {
    let fixed = Some(time("2021-03-14T08:00:00Z"));
    let coverage = judge_coverage(Vec::new(), Vec::new());
    let mut ours = chain();
    // No use after the fix.
    ours.pop();
    let with = |hits: Vec<Finding>| told_with([ours.clone(), hits].concat(), &coverage, fixed);
    let plain = with(Vec::new());

    let same_page = with(vec![hit("webshell", Step::FilePresent, "09:30:00", &[(Page, "x.aspx")])]);
    assert_eq!(same_page.incidents.len(), 1);
    assert!(kinds(&same_page, 0).contains(&"webshell"));

    // Close in time is not enough, and a command after the fix is no use of anything.
    let noise = with(vec![
        hit("noise", Step::CommandRun, "06:40:12", &[(Command, "net view")]),
        hit("noise", Step::CommandRun, "09:40:12", &[(Command, "net view /all")]),
    ]);
    assert_eq!(noise.incidents.len(), 2);
    assert_eq!(kinds(&noise, 1), ["noise"]);
    assert_eq!(noise.incidents[1].timeline[0].count, 2, "a rule that hits everywhere is told once");
    for told in [same_page, noise] {
        assert_eq!(told.verdict.foothold, plain.verdict.foothold);
        assert_eq!(told.verdict.compromise, plain.verdict.compromise);
        assert_eq!(told.verdict.because, plain.verdict.because);
    }
}

#[test]
fn a_users_rule_makes_no_break_in_of_an_administrators_work() {
    let file = (ThingKind::File, r"\\fs01\leavers$\a.pst");
    let work = vec![
        beside("mailbox-exported", Step::MailTaken, "06:00:00", &[file, (Object, "MailboxExportRequest")]),
        beside("export-removed", Step::Removed, "09:00:00", &[(Object, "MailboxExportRequest")]),
    ];
    let hits = vec![
        hit("export", Step::Other, "06:00:00", &[file, (Object, "MailboxExportRequest")]),
        hit("removed", Step::Other, "09:00:00", &[(Object, "MailboxExportRequest")]),
    ];
    let told = told([work, hits].concat());
    assert_eq!(told.verdict.compromise, CompromiseAnswer::Attempted);
    assert_eq!(told.incidents.len(), 2);
    assert_eq!(kinds(&told, 0), ["mailbox-exported", "export"]);
    assert_eq!(kinds(&told, 1), ["removed"]);
    assert_eq!(told.dropped, 1);
}

#[test]
fn a_users_rule_ties_no_two_incidents_together() {
    let ours = vec![
        alone("forged", Step::ForgedRequest, Grade::Success, "06:00:00", &[(Address, "192.0.2.1"), (Page, "a.aspx")]),
        alone("forged", Step::ForgedRequest, Grade::Success, "06:30:00", &[(Address, "192.0.2.2"), (Page, "b.aspx")]),
    ];
    let hits = vec![
        hit("both", Step::Other, "06:10:00", &[(Page, "a.aspx"), (Page, "b.aspx")]),
        hit("near", Step::Other, "06:20:00", &[(Address, "192.0.2.1"), (Address, "192.0.2.2")]),
    ];
    let told = told([ours, hits].concat());
    assert_eq!(told.incidents.len(), 2);
    let steps: usize = told.incidents.iter().map(|incident| incident.timeline.len()).sum();
    assert_eq!(steps, 4, "each hit is told once");
}

#[test]
fn a_users_rule_that_claims_more_is_a_rule_like_ours() {
    let claims = Finding { grade: Grade::Compromise, ..hit("sure", Step::CommandRun, "06:00:00", &[(Command, "cmd /c a")]) };
    assert_eq!(told(vec![claims]).verdict.compromise, CompromiseAnswer::Compromised);
    let weak = Finding { standing: Standing::Beside, ..hit("weak", Step::Other, "06:00:00", &[]) };
    let alone = told(vec![weak]);
    assert!(alone.incidents.is_empty());
    assert_eq!(alone.dropped, 1);
}
