//! Our own rules against the samples that lie beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use afterpatch_model::{Fields, Grade, LogSource, Place, ProxyRequest, Record, Standing, Unified, WebRequest};
use afterpatch_rules::{Expected, RuleFiles, RulePack, RuleSet, SampleFile};
use proptest::prelude::*;

/// Folders of techniques that every campaign uses: their rules name none.
const TECHNIQUES: [&str; 8] = ["accounts", "credentials", "defences", "mail", "persistence", "ransomware", "relay", "webserver"];

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::embedded().unwrap());
static PACK: LazyLock<&RulePack> = LazyLock::new(|| &RULES.sigma);

#[test]
fn every_rule_hits_its_hits_and_only_those() {
    for folder in rule_folders("sigma").iter().chain(&rule_folders("yara")) {
        let slug = folder.file_name().unwrap().to_str().unwrap();
        let samples = SampleFile::beside(folder);
        assert_eq!(samples.len() + 1, children(folder).len(), "{slug}: a sample is hit-*.json or miss-*.json");
        let (mut hit_samples, mut miss_samples) = (0, 0);
        for SampleFile { name, expected, sample } in samples {
            let sample = sample.unwrap_or_else(|error| panic!("{slug}/{name}: {error}"));
            let told = sample.told_by(&RULES);
            match expected {
                Expected::Hit => {
                    hit_samples += 1;
                    assert_eq!(told, [slug], "{slug}/{name} must hit its rule and no other");
                }
                Expected::Miss => {
                    miss_samples += 1;
                    assert!(!told.contains(&slug), "{slug}/{name} must not hit");
                }
            }
        }
        assert!(hit_samples >= 1, "{slug} has no hit sample");
        assert!(miss_samples >= 2, "{slug} has fewer than two miss samples");
    }
}

#[test]
fn every_rule_compiles() {
    // Built in, they are compiled when they are first asked, and a fault would only be silence.
    let (pack, problems) = RulePack::from_files(&RuleFiles::embedded().unwrap(), []);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(pack.rules(), PACK.rules());
}

#[test]
fn every_rule_says_all_that_a_reader_needs() {
    let folders = rule_folders("sigma");
    assert_eq!(PACK.rules().len(), folders.len(), "one rule a folder, and every folder embedded");

    let (mut slugs, mut ids, mut titles) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (rule, folder) in PACK.rules().iter().zip(&folders) {
        let slug = folder.file_name().unwrap().to_str().unwrap();
        assert_eq!(rule.slug, slug);
        assert!(slugs.insert(slug.to_owned()), "{slug}: slug used twice");
        assert!(is_uuid(&rule.rule_id), "{slug}: id is no UUID");
        assert!(ids.insert(rule.rule_id.clone()), "{slug}: id used twice");
        assert!(titles.insert(rule.title.clone()), "{slug}: title used twice");
        assert!(!rule.attack.is_empty(), "{slug}: no ATT&CK technique");
        assert!(rule.description.len() > 80, "{slug}: the description does not say why it is a sign");

        let text = fs::read_to_string(folder.join("rule.yml")).unwrap();
        let mut collection = rsigma_parser::parse_sigma_yaml(&text).unwrap();
        let sigma = collection.rules.remove(0);
        assert!(sigma.level.is_some() && sigma.author.is_some(), "{slug}: level or author missing");
        assert!(!sigma.references.is_empty() && !sigma.falsepositives.is_empty(), "{slug}: references or falsepositives missing");
        for needed in ["step", "grade", "standing", "confidence"] {
            let prefix = format!("afterpatch.{needed}.");
            assert_eq!(
                sigma.tags.iter().filter(|tag| tag.starts_with(&prefix)).count(),
                1,
                "{slug}: one tag {prefix}* is needed"
            );
        }
        let campaign = folder.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let expected = (!TECHNIQUES.contains(&campaign)).then_some(campaign);
        assert_eq!(rule.campaign.as_deref(), expected, "{slug}");
    }
}

#[test]
fn what_an_administrator_does_too_never_stands_alone() {
    for slug in [
        "account-created",
        "account-created-by-command",
        "administrator-added",
        "antivirus-exclusion-added",
        "antivirus-switched-off",
        "computer-account-ntlm-logon",
        "event-log-emptied",
        "exchange-administrator-added",
        "export-right-granted",
        "external-url-cleared",
        "impersonation-right-granted",
        "inbox-rule-forwards",
        "log-file-deleted",
        "mail-forwarded",
        "mailbox-export-removed",
        "mailbox-exported",
        "mailbox-move-requested",
        "mailbox-opened-to-others",
        "outlook-add-in-installed",
        "policy-template-uploaded",
        "remote-control-tool",
        "shadow-copy-created",
        "task-created-by-command",
        "transport-agent-installed",
        "view-state-check-failed",
        "virtual-directory-created",
        "virtual-directory-of-data-folder",
        "virtual-directory-removed",
        "web-log-off",
        "web-module-installed",
        "web-server-unusual-child",
    ] {
        let rule = PACK.rules().iter().find(|rule| rule.slug == slug).unwrap();
        assert_eq!(rule.standing, Standing::Beside, "{slug}");
    }
}

#[test]
fn all_four_proxylogon_cves_are_covered() {
    let rules = PACK.rules().iter().filter(|rule| rule.campaign.as_deref() == Some("proxylogon"));
    let cves: BTreeSet<_> = rules.flat_map(|rule| rule.cves.iter().map(String::as_str)).collect();
    assert_eq!(cves.into_iter().collect::<Vec<_>>(), ["CVE-2021-26855", "CVE-2021-26857", "CVE-2021-26858", "CVE-2021-27065"]);
}

proptest! {
    /// What is hidden behind Autodiscover belongs to exactly one rule, whatever the way, the answer and the visitor.
    #[test]
    fn no_hidden_path_falls_between_the_rules(
        (stem, query) in prop_oneof![
            Just(("/autodiscover/autodiscover.json", "@x.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3f@x.example")),
            Just(("/autodiscover/autodiscover.json", "?%40x.example%2fMAPI%2femsmdb")),
            Just(("/autodiscover/autodiscover.json", "@x.example/ews/exchange.asmx?a=/mapi/nspi/")),
            Just(("/Autodiscover/Autodiscover.json", "%2540x.example%252fews%252fexchange.asmx")),
            Just(("/autodiscover/autodiscover.json", "@x.example/p%6fwershell")),
            Just(("/autodiscover/autodiscover.json", "x/owa/?&Email=autodiscover/autodiscover.json?x&FooProtocol=Powershell")),
            Just(("/autodiscover/x@x.example/powershell/autodiscover.json", "x=a")),
            Just(("/powershell", "Email=autodiscover/autodiscover.json%3F@x.example")),
        ],
        token in prop_oneof![Just(""), Just("&X-Rps-CAT=VgEA")],
        user in prop_oneof![Just(""), Just("CORP\\anna")],
        status in prop_oneof![Just(0_u16), Just(200), Just(302), Just(401), Just(403), Just(404), Just(500), Just(503)],
    ) {
        let record = Record {
            place: Place::Line(1),
            time: None,
            server: None,
            source: LogSource::fixed("windows", "webserver", "iis"),
            fields: Fields::default(),
            unified: Unified::WebRequest(WebRequest {
                method: "GET".into(),
                stem: stem.into(),
                query: format!("{query}{token}").into(),
                user: user.into(),
                status,
                port: 443,
                ..WebRequest::default()
            }),
        };
        let mut hits = Vec::new();
        PACK.matches(&record, &mut hits);
        prop_assert_eq!(hits.len(), 1, "{:?}", hits.iter().map(|hit| &PACK.rules()[*hit].slug).collect::<Vec<_>>());
        let rule = &PACK.rules()[hits[0]];
        prop_assert_eq!(rule.grade >= Grade::Success, status == 200, "{}", &rule.slug);
    }

    /// The rules on the forged anchor divide the matter among themselves: no path, host or status may fall between them.
    #[test]
    fn no_forged_anchor_falls_between_the_rules(
        host in prop_oneof!["localhost", "localhost:444", "[a-z]{1,8}", "x\\]@[a-z]{1,8}:444", Just(String::new())],
        path in prop_oneof![
            Just("/autodiscover/autodiscover.xml?#"), Just("/mapi/emsmdb/?#"), Just("/mapi/nspi/"), Just("/mapi/other"),
            Just("/ecp/proxyLogon.ecp?#"), Just("/proxylogon.ecp"), Just("//ecp/DDI/DDIService.svc/GetObject?schema=x#"),
            Just("/ecp/DDI/DDIService.svc/SetObject?schema=x#"), Just("/ecp/DDI/DDIService.svc/GetList"), Just("/"), Just("/owa/"),
        ],
        status in prop_oneof![Just(0_u16), Just(200), Just(241), Just(302), Just(400), Just(440), Just(441), Just(500)],
        back_end_status in prop_oneof![Just(0_u16), Just(200), Just(241), Just(441), Just(500)],
        method in prop_oneof![Just("GET"), Just("POST")],
        user in prop_oneof![Just(""), Just("CORP\\anna")],
    ) {
            let record = Record {
            place: Place::Line(1),
            time: None,
            server: None,
            source: LogSource::fixed("exchange", "webserver", "httpproxy"),
            fields: Fields::default(),
            unified: Unified::ProxyRequest(ProxyRequest {
                method: method.into(),
                stem: "/ecp/y.js".into(),
                user: user.into(),
                anchor_mailbox: format!("ServerInfo~{host}{path}").into(),
                status,
                back_end_status,
                ..ProxyRequest::default()
            }),
        };
        let mut hits = Vec::new();
        PACK.matches(&record, &mut hits);
        let told: Vec<_> = hits.iter().map(|hit| PACK.rules()[*hit].slug.as_str()).collect();
        if user.is_empty() {
            prop_assert!(matches!(told[..], [one] if one.starts_with("forged-")), "{:?}", told);
        } else {
            // What somebody with a log-on does is none of the forged ones; the static name still is what it is.
            prop_assert_eq!(told, if method == "POST" { vec!["static-page-posted"] } else { vec![] });
        }
    }
}

/// The rule folders of a language, in the order of the pack.
fn rule_folders(language: &str) -> Vec<PathBuf> {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules").join(language);
    children(&pack).iter().flat_map(|campaign| children(campaign)).collect()
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
}
